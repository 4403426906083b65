"""Rows of a table as a reader gives them: numbered, located, with no meaning added.

Whatever reads tables (CSV here, a workbook, a data frame) gives a `RowSource`, and the judgement of tables is written
once over it. A reader of a new format needs four things: the rows in order, the same rows again by their number (a
row is judged with the other rows of its decision, which may stand anywhere), the place of a cell, and what it had
to guess.

A cell is text, as a person would read it: a workbook reader writes a number in full without exponent (`24975.5`), a
date as `2018-03-22`, a boolean as `oui` or `non`, an empty cell as ``""``, and tells in ``kinds`` what the cell was,
because a spreadsheet that holds a SIRET as a number has already lost its first zero.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal, Protocol

from subsidy_rules.place import Place
from subsidy_rules.wording import Message

__all__ = ["CellKind", "Row", "RowSource", "cell_name"]

CellKind = Literal["number", "percent", "date", "boolean", "formula", "error", "merged"]
"""What a cell is in its source, where that is known: a number, a number shown in per cent (its text is the plain
number: `0.35`), a date, a boolean, a formula without a cached value (its text is empty), an error value (`#N/A`), the
rest of a merged cell (its text is that of the first)."""

PLAIN: Final[Mapping[int, CellKind]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Row:
    """One row. ``number`` counts from 1 as a spreadsheet shows it, empty rows included; ``line`` is the line of the
    file where it starts, when the source is text. ``kinds`` says, by index from 0, which cells are more than text."""

    number: int
    cells: tuple[str, ...]
    line: int | None = None
    kinds: Mapping[int, CellKind] = field(default_factory=lambda: PLAIN)
    text: str | None = None


class RowSource(Protocol):
    """Where rows come from. ``rows`` may be called several times; a source that changed meanwhile raises ``ReadError``
    (see ``reading``), as does one that cannot be read to its end."""

    @property
    def path(self) -> str:
        """How messages name the source."""

    @property
    def format(self) -> str:
        """``csv``, ``xlsx``…"""

    @property
    def sheet(self) -> str | None:
        """The sheet of a workbook."""

    @property
    def remarks(self) -> Sequence[Message]:
        """What was guessed or could not be read, so far: read it when the rows have been read."""

    def rows(self) -> Iterator[Row]:
        """Every row from the first of the file, titles and header included."""

    def again(self, numbers: Sequence[int]) -> Iterator[Row]:
        """The rows with these numbers, which are in ascending order."""

    def place(self, row: Row, column: int | None = None) -> Place:
        """Where a row is, or its cell at index ``column`` (from 0), with what is written there as its quote."""


def cell_name(column: int, row: int) -> str:
    """The name that spreadsheets give a cell: column 0, row 1 is ``A1``, column 27 is ``AB``."""
    letters = ""
    left = column + 1
    while left:
        left, digit = divmod(left - 1, 26)
        letters = chr(65 + digit) + letters
    return f"{letters}{row}"
