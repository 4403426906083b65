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

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from decimal import ROUND_HALF_UP, Context, Decimal
from types import MappingProxyType
from typing import Final, Literal, Protocol

from subsidy_rules.frozen import dataclass
from subsidy_rules.place import Place
from subsidy_rules.wording import Message

__all__ = ["CellKind", "Hidden", "Row", "RowSource", "cell_name", "in_full", "number_text"]

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


@dataclass(frozen=True, slots=True)
class Hidden:
    """A number of which the source shows fewer decimals than it holds: ``stored`` in full, and how many are shown."""

    stored: str
    decimals: int


class RowSource(Protocol):
    """Where rows come from. ``rows`` may be called several times; a source that changed meanwhile raises ``ReadError``
    (see ``reading``), as does one that cannot be read to its end.

    A source of formatted numbers also has ``hidden(number, column)``, which gives the `Hidden` of a cell that has been
    read, or ``None``."""

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
        """The rows with these numbers, in the order in which they are asked."""

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


# -- numbers that a program keeps in binary ---------------------------------------------------------------------------

_FIFTEEN: Final = Context(prec=15, rounding=ROUND_HALF_UP)
_PLAIN: Final = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,14})?")


def number_text(raw: str) -> str | None:
    """A binary number in full, as a spreadsheet shows it: 15 significant digits, no exponent, a point, no idle
    zero. ``None`` when it is no number.

    >>> number_text("0.34999999999999998"), number_text("5.2499120500013E13"), number_text("35.0")
    ('0.35', '52499120500013', '35')
    """
    if _PLAIN.fullmatch(raw) and len(raw) <= 15:
        if "." in raw:
            raw = raw.rstrip("0").rstrip(".")
        if raw[0] == "0" and len(raw) > 1 and raw[1] != ".":
            raw = raw.lstrip("0") or "0"
            return "0" + raw if raw[0] == "." else raw
        return raw if raw != "-0" else "0"
    if len(raw) > 400 or not raw.isascii() or "_" in raw:
        return None
    try:
        value = _FIFTEEN.create_decimal(raw)
    except ArithmeticError:
        return None
    if not value.is_finite() or not -400 < value.adjusted() < 400:
        return None
    return in_full(value)


def in_full(value: Decimal) -> str:
    """A number without exponent and without idle zeros."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
