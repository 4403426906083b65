"""The findings as a CSV file that a French Excel opens by a double click: ``;``, a byte order mark, CRLF.

One line for each finding, then one for each source that could not be read. Every cell goes through ``formula_free``.
"""

from __future__ import annotations

import csv
import io
from typing import Final

from subsidy_rules.finding import Finding, Report
from subsidy_rules.safe_text import formula_free
from subsidy_rules.showing import CONFIDENCES, SEVERITY_NAMES, STATES, repair_text, rule_titles, unreadable_text
from subsidy_rules.wording import Language, Message

__all__ = ["render"]

_COLUMNS: Final = (
    Message("fichier", "file"),
    Message("ligne", "line"),
    Message("colonne", "column"),
    Message("feuille", "sheet"),
    Message("cellule", "cell"),
    Message("page", "page"),
    Message("code", "code"),
    Message("règle", "rule"),
    Message("gravité", "severity"),
    Message("confiance", "confidence"),
    Message("état", "state"),
    Message("constat", "finding"),
    Message("calcul", "working"),
    Message("extrait", "quote"),
    Message("correction possible", "possible repair"),
    Message("empreinte", "fingerprint"),
)


def render(report: Report, *, language: Language | None = None) -> bytes:
    """The file, in UTF-8 with its byte order mark."""
    said = language or report.language
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow([column.say(said) for column in _COLUMNS])
    titles = rule_titles(report, said)
    for finding in report.findings:
        writer.writerow([formula_free(cell) for cell in _row(finding, titles.get(finding.code, ""), said)])
    for source in report.unreadable:
        row = [source.path, *[""] * 9, STATES["unknown"].say(said), unreadable_text(source, said), *[""] * 4]
        writer.writerow([formula_free(cell) for cell in row])
    return stream.getvalue().encode("utf-8-sig", "backslashreplace")


def _row(finding: Finding, title: str, language: Language) -> list[str]:
    place = finding.place
    in_record = place.pointer is not None and place.line is not None  # the line of a file, not the row of a table
    line = place.row if place.row is not None and not in_record else place.line
    return [
        place.path or "",
        "" if line is None else str(line),
        "" if place.column is None else str(place.column),
        place.sheet or "",
        place.cell or "",
        "" if place.page is None else str(place.page),
        finding.code,
        title,
        SEVERITY_NAMES[finding.severity].say(language),
        CONFIDENCES[finding.confidence].say(language),
        STATES[finding.state].say(language),
        finding.say(language),
        "" if finding.working is None else finding.working.say(language),
        place.quote or "",
        " ; ".join(repair_text(repair, language) for repair in finding.repairs),
        finding.fingerprint,
    ]
