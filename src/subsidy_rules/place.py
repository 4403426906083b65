"""Where something is written.

A place is data, never an open file: it can be printed, compared, sorted and sent as JSON long after the
document is closed. Every coordinate is optional, because a record, a spreadsheet and a page of PDF do not
have the same ones; the ones that are absent are absent, never zero.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from subsidy_rules.frozen import dataclass

__all__ = ["Place"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One stretch of one source.

    ``line`` and ``column`` count from 1, in characters (not bytes); ``end_column`` is one past the last
    character, as in SARIF. ``row`` counts as a spreadsheet shows it (the header is row 1). ``quote`` is what is
    written there, to the character; ``excerpt`` is the whole line around it, for showing.
    """

    path: str | None = None
    line: int | None = None
    column: int | None = None
    end_line: int | None = None
    end_column: int | None = None
    pointer: str | None = None
    sheet: str | None = None
    cell: str | None = None
    row: int | None = None
    page: int | None = None
    paragraph: int | None = None
    quote: str | None = None
    excerpt: str | None = None

    def but(self, **changes: Any) -> Place:
        """A copy with some coordinates changed."""
        return replace(self, **changes)

    @property
    def sort_key(self) -> tuple[Any, ...]:
        """Reading order: path, then sheet, then row or line, then column, then pointer."""
        return (
            self.path or "",
            self.sheet or "",
            self.page or 0,
            self.line or self.row or 0,
            self.column or 0,
            self.cell or "",
            self.pointer or "",
        )

    def to_json(self) -> dict[str, Any]:
        """The place as the JSON report writes it (DESIGN: path … quote always there, the others where they apply)."""
        out: dict[str, Any] = {
            "path": self.path,
            "line": self.line,
            "column": self.column,
            "end_line": self.end_line,
            "end_column": self.end_column,
            "pointer": self.pointer,
            "quote": self.quote,
        }
        for name in ("sheet", "cell", "row", "page", "paragraph", "excerpt"):
            value = getattr(self, name)
            if value is not None:
                out[name] = value
        return out
