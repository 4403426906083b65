"""Findings as a table: one row each, for a spreadsheet, a data frame, or the next program.

The same columns in every form. A cell that a spreadsheet would run as a formula is defused by an apostrophe in CSV, and
a character that a screen would obey is shown by its name in every form.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from importlib import import_module
from typing import Any, Final

from subsidy_rules.finding import Finding, Source
from subsidy_rules.own_reports import PARQUET_MARK
from subsidy_rules.reading import MissingExtra
from subsidy_rules.safe_text import formula_free, visible
from subsidy_rules.showing import repair_text, unreadable_text
from subsidy_rules.wording import Language

__all__ = ["COLUMNS", "to_arrow", "to_csv", "to_parquet", "to_rows"]

COLUMNS: Final = (
    "code", "name", "severity", "confidence", "state", "path", "sheet", "cell", "row", "line", "column", "quote",
    "message", "working", "repair", "rows", "values", "fingerprint",
)  # fmt: skip
"""Names of the columns. ``rows`` are the rows of a finding about several; ``values`` is JSON."""


def to_rows(
    findings: Iterable[Finding], language: Language = "fr", *, unreadable: Iterable[Source] = ()
) -> list[dict[str, Any]]:
    """One dictionary a finding, with the keys ``COLUMNS``; messages in ``language``.

    A source that could not be read has a row too, without a code, so that its absence is not taken for silence.
    """
    rows = [
        {
            "code": finding.code,
            "name": finding.name,
            "severity": finding.severity,
            "confidence": finding.confidence,
            "state": finding.state,
            "path": finding.place.path,
            "sheet": finding.place.sheet,
            "cell": finding.place.cell,
            "row": finding.place.row,
            "line": finding.place.line,
            "column": finding.place.column,
            "quote": finding.place.quote,
            "message": finding.say(language),
            "working": None if finding.working is None else finding.working.say(language),
            "repair": " ; ".join(repair_text(repair, language) for repair in finding.repairs) or None,
            "rows": list(finding.values.get("rows", ())),
            "values": json.dumps(dict(finding.values), ensure_ascii=False, default=str),
            "fingerprint": finding.fingerprint,
        }
        for finding in findings
    ]
    rows += [
        {
            **dict.fromkeys(COLUMNS),
            "state": "unknown",
            "path": source.path,
            "message": unreadable_text(source, language),
            "rows": [],
        }
        for source in unreadable
    ]
    return [{name: _shown(value) for name, value in row.items()} for row in rows]


def _shown(value: Any) -> Any:
    return visible(value, lines=True) if isinstance(value, str) else value


def _harmless(value: Any) -> Any:
    if isinstance(value, list):
        return " ".join(map(str, value))
    return formula_free(value) if isinstance(value, str) else value


def to_csv(findings: Iterable[Finding], language: Language = "fr") -> str:
    """The table as CSV text: a header, then one row a finding."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in to_rows(findings, language):
        writer.writerow([_harmless(row[column]) for column in COLUMNS])
    return out.getvalue()


def to_arrow(findings: Iterable[Finding], language: Language = "fr", *, unreadable: Iterable[Source] = ()) -> Any:
    """The table as a ``pyarrow.Table``. Raises ``MissingExtra`` without pyarrow."""
    try:
        pyarrow: Any = import_module("pyarrow")
    except ImportError:
        raise MissingExtra(extra="tables", library="pyarrow") from None
    numbers = {"row", "line", "column"}
    schema = pyarrow.schema(
        [
            (
                name,
                pyarrow.list_(pyarrow.int64()) if name == "rows" else pyarrow.int64() if name in numbers else "string",
            )
            for name in COLUMNS
        ],
        # What tells our own files from the tables to be checked, in a folder that is checked again.
        metadata={PARQUET_MARK: "1"},
    )
    return pyarrow.Table.from_pylist(to_rows(findings, language, unreadable=unreadable), schema=schema)


def to_parquet(
    findings: Iterable[Finding], target: Any, language: Language = "fr", *, unreadable: Iterable[Source] = ()
) -> None:
    """Writes the table to ``target`` (a path or a file opened for writing) as Parquet. Raises ``MissingExtra``."""
    table = to_arrow(findings, language, unreadable=unreadable)
    import_module("pyarrow.parquet").write_table(table, target)
