"""The code quality report of GitLab: a JSON list, shown in the merge request.

Source: GitLab documentation, « Code Quality report format »: description, check_name, fingerprint, severity (info,
minor, major, critical, blocker), location.path (relative, without ./), location.lines.begin. GitLab keeps only one of
two entries with the same fingerprint, so a repeated one is numbered.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from hashlib import sha256
from typing import Any, Final

from subsidy_rules.finding import Report
from subsidy_rules.rulebook import Severity
from subsidy_rules.safe_text import escape_json_text, visible
from subsidy_rules.showing import json_indent, unreadable_text
from subsidy_rules.wording import Language

__all__ = ["render"]

_LEVELS: Final[dict[Severity, str]] = {"error": "major", "warning": "minor", "note": "info"}


def render(report: Report, *, language: Language | None = None) -> str:
    """The list; ``[]`` when there is nothing to tell."""
    said = language or report.language
    seen: Counter[str] = Counter()
    entries: list[dict[str, Any]] = []
    for finding in report.findings:
        place = finding.place
        lines: dict[str, int] = {"begin": place.line or place.row or 1}
        if place.end_line is not None and place.end_line >= lines["begin"]:
            lines["end"] = place.end_line
        entries.append(
            {
                "type": "issue",
                "description": visible(f"{finding.code} {finding.say(said)}"),
                "check_name": finding.name,
                "categories": ["Bug Risk"],
                "fingerprint": _unique(finding.fingerprint, seen),
                "severity": _LEVELS[finding.severity],
                "location": {"path": _path(place.path), "lines": lines},
            }
        )
    for source in report.unreadable:
        mark = sha256(f"unreadable\0{source.path}".encode("utf-8", "replace")).hexdigest()[:16]
        entries.append(
            {
                "type": "issue",
                "description": unreadable_text(source, said),
                "check_name": "unreadable-source",
                "categories": ["Bug Risk"],
                "fingerprint": _unique(mark, seen),
                "severity": "critical",
                "location": {"path": _path(source.path), "lines": {"begin": 1}},
            }
        )
    return escape_json_text(json.dumps(entries, ensure_ascii=False, indent=json_indent(report))) + "\n"


def _unique(fingerprint: str, seen: Counter[str]) -> str:
    seen[fingerprint] += 1
    again = seen[fingerprint]
    return fingerprint if again == 1 else sha256(f"{fingerprint}\0{again}".encode()).hexdigest()[:16]


def _path(path: str | None) -> str:
    """The path from the working folder, which is that of the repository in a job: a full one is shown nowhere."""
    given = path or "-"
    if os.path.isabs(given) and "\0" not in given:
        inside = os.path.relpath(given)
        given = given if inside.startswith("..") else inside
    return visible(given).replace("\\", "/").removeprefix("./")
