"""One JSON object a line: each finding as it stands in the JSON report, then each source, then the summary.

Every line has ``type``: ``finding``, ``source`` or ``summary``. A reader that wants findings only keeps the first.
"""

from __future__ import annotations

import json
from typing import Any

from subsidy_rules import __version__
from subsidy_rules.finding import SCHEMA, Report
from subsidy_rules.safe_text import escape_json_text
from subsidy_rules.wording import Language

__all__ = ["render"]


def render(report: Report, *, language: Language | None = None) -> str:
    """The lines, each ended by a line feed."""
    said = language or report.language
    lines: list[dict[str, Any]] = [{"type": "finding", **finding.to_json(said)} for finding in report.findings]
    lines += [{"type": "source", **source.to_json(said)} for source in report.sources]
    lines.append(
        {
            "type": "summary",
            "schema": SCHEMA,
            "tool": {"name": "subsidy-rules", "version": __version__},
            "language": said,
            **report.summary,
        }
    )
    return "".join(escape_json_text(json.dumps(line, ensure_ascii=False)) + "\n" for line in lines)
