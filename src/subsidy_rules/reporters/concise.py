"""``path:line:column: CODE message``, one finding a line, nothing at all when there is none: for hooks and editors."""

from __future__ import annotations

from subsidy_rules.finding import Report
from subsidy_rules.safe_text import visible
from subsidy_rules.showing import locator
from subsidy_rules.wording import Language

__all__ = ["render"]


def render(report: Report, *, language: Language | None = None) -> str:
    """One line for each finding, then one for each source that could not be read."""
    said = language or report.language
    lines = [f"{locator(f.place)}: {f.code} {visible(f.say(said))}" for f in report.findings]
    lines += [
        f"{visible(source.path)}: {visible(source.reason.say(said))}"
        for source in report.unreadable
        if source.reason is not None
    ]
    return "".join(f"{line}\n" for line in lines)
