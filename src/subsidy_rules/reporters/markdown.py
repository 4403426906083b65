"""The report in Markdown, for a merge request's comment, a wiki or a job summary."""

from __future__ import annotations

from itertools import groupby
from typing import Final

from subsidy_rules.finding import Finding, Report
from subsidy_rules.safe_text import markdown
from subsidy_rules.showing import (
    SEVERITY_NAMES,
    STATES,
    place_words,
    repair_text,
    summary_lines,
    unreadable_text,
    working_text,
)
from subsidy_rules.wording import Language, Message

__all__ = ["render"]

_TITLE: Final = Message("Vérification des chiffres", "Check of the figures")
_SUMMARY: Final = Message("Résumé", "Summary")
_FINDINGS: Final = Message("Constats", "Findings")
_UNREADABLE: Final = Message("Sources illisibles", "Unreadable sources")
_NONE: Final = Message("Aucun constat.", "No finding.")
_WORKING: Final = Message("calcul : {working}", "working: {working}")
_REPAIR: Final = Message("correction possible : {repair}", "possible repair: {repair}")
_NOWHERE: Final = Message("sans emplacement", "no place")


def render(report: Report, *, language: Language | None = None) -> str:
    """The document, ended by a line feed."""
    said = language or report.language
    lines = [f"# {_TITLE.say(said)}", "", f"## {_SUMMARY.say(said)}", "", "| | |", "|---|---|"]
    lines += [f"| {label} | {markdown(text)} |" for label, text in summary_lines(report, said)]
    lines += ["", f"## {_FINDINGS.say(said)}", ""]
    if not report.findings:
        lines += [_NONE.say(said), ""]
    for path, findings in groupby(report.findings, key=lambda finding: finding.place.path or ""):
        lines += [f"### {markdown(path) or _NOWHERE.say(said)}", ""]
        for finding in findings:
            lines += _finding(finding, said)
        lines.append("")
    if report.unreadable:
        lines += [f"## {_UNREADABLE.say(said)}", ""]
        for source in report.unreadable:
            lines.append(f"- {markdown(source.path)} — {markdown(unreadable_text(source, said))}")
        lines.append("")
    return "\n".join(lines).rstrip("\n") + "\n"


def _finding(finding: Finding, language: Language) -> list[str]:
    where = place_words(finding.place, language, path=False)
    severity = SEVERITY_NAMES[finding.severity].say(language)
    doubt = f" ({STATES['unknown'].say(language)})" if finding.state == "unknown" else ""
    head = f"- **{severity} {finding.code}**{doubt} {markdown(finding.say(language))}"
    lines = [f"{head} — {markdown(where)}" if where else head]
    if finding.place.quote:
        lines.append(f"  > {markdown(finding.place.excerpt or finding.place.quote)}")
        lines.append("")
    working = working_text(finding, language)
    if working is not None:
        lines.append(f"  {markdown(_WORKING.having(working=working).say(language))}  ")
    lines += [
        f"  {markdown(_REPAIR.having(repair=repair_text(repair, language)).say(language))}  "
        for repair in finding.repairs
    ]
    return lines
