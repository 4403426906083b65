"""The whole report as one JSON object, ``subsidy-rules/report/1``."""

from __future__ import annotations

from subsidy_rules.finding import Report
from subsidy_rules.safe_text import escape_json_text
from subsidy_rules.showing import json_indent
from subsidy_rules.wording import Language

__all__ = ["render"]


def render(report: Report, *, language: Language | None = None) -> str:
    """``Report.dumps``, with the characters that a terminal would obey written as JSON escapes (the same data)."""
    return escape_json_text(report.dumps(indent=json_indent(report), language=language)) + "\n"
