"""The findings as a Parquet file: one row each, and one for each source that could not be read."""

from __future__ import annotations

import io

from subsidy_rules.finding import Report
from subsidy_rules.findings_table import to_parquet
from subsidy_rules.wording import Language

__all__ = ["render"]


def render(report: Report, *, language: Language | None = None) -> bytes:
    """The file. Raises ``MissingExtra`` without pyarrow."""
    out = io.BytesIO()
    to_parquet(report.findings, out, language or report.language, unreadable=report.unreadable)
    return out.getvalue()
