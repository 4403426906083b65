"""Workflow commands of GitHub Actions: each finding becomes an annotation on the changed lines.

Source: « Workflow commands for GitHub Actions », setting a notice, warning or error message.
"""

from __future__ import annotations

from typing import Final

from subsidy_rules.finding import Finding, Report
from subsidy_rules.place import Place
from subsidy_rules.rulebook import Severity
from subsidy_rules.safe_text import github_data, github_property
from subsidy_rules.showing import place_words, repair_text, rule_titles, unreadable_text, working_text
from subsidy_rules.wording import Language

__all__ = ["render"]

_LEVELS: Final[dict[Severity, str]] = {"error": "error", "warning": "warning", "note": "notice"}


def render(report: Report, *, language: Language | None = None) -> str:
    """One command a line; nothing when there is nothing to tell."""
    said = language or report.language
    titles = rule_titles(report, said)
    lines = [_finding(finding, titles.get(finding.code, ""), said) for finding in report.findings]
    lines += [
        f"::error file={github_property(source.path)}::{github_data(unreadable_text(source, said))}"
        for source in report.unreadable
    ]
    return "".join(f"{line}\n" for line in lines)


def _finding(finding: Finding, title: str, language: Language) -> str:
    properties = [f"{name}={github_property(str(value))}" for name, value in _where(finding.place)]
    properties.append(f"title={github_property(f'{finding.code} {title}'.strip())}")
    told = [finding.say(language)]
    where = place_words(finding.place, language, path=False, line=False)
    if where:
        told.append(where)
    working = working_text(finding, language)
    if working is not None:
        told.append(working)
    told += [repair_text(repair, language) for repair in finding.repairs]
    return f"::{_LEVELS[finding.severity]} {','.join(properties)}::{github_data(chr(10).join(told))}"


def _where(place: Place) -> list[tuple[str, object]]:
    known: list[tuple[str, object]] = [("file", place.path or "-")]
    if place.line is not None:
        known.append(("line", place.line))
        if place.end_line is not None:
            known.append(("endLine", place.end_line))
        if place.column is not None and place.end_line in (None, place.line):
            known.append(("col", place.column))
            if place.end_column is not None:
                known.append(("endColumn", place.end_column))
    return known
