"""``path:line:column: CODE message``, one finding a line, nothing at all when there is none: for hooks and editors."""

from __future__ import annotations

from subsidy_rules.finding import Report
from subsidy_rules.safe_text import visible
from subsidy_rules.showing import locator
from subsidy_rules.wording import Language

__all__ = ["render"]


def render(report: Report, *, language: Language | None = None) -> str:
    """One line for each finding. What could not be read is told apart, on standard error and by the exit code."""
    said = language or report.language
    return "".join(f"{locator(f.place)}: {f.code} {visible(f.say(said))}\n" for f in report.findings)
