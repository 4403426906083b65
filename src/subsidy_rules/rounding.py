"""What a printed figure may stand for, by rounding mode.

One table, read by everything: a mode says, for a printed figure ``n`` units of the last place, how many half
units its true value may lie below and above, and whether those ends belong to it. Positive, negative and zero
figures are separate columns, because modes that go by magnitude mirror at zero.

Source: IEEE 754-2019 §4.3 for the nearest and directed modes; the French practice (the spreadsheet's ARRONDI) rounds
half away from zero.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final, Literal

from subsidy_rules.bounds import Bounds

__all__ = ["DEFAULT_MODE", "MODES", "Mode", "accepts", "bounds_of", "half_units"]

Mode = Literal[
    "nearest",
    "half_away_from_zero",
    "half_to_positive",
    "half_to_even",
    "half_to_zero",
    "truncate",
    "floor",
    "ceiling",
    "away_from_zero",
    "exact",
]

Ends = tuple[int, bool, int, bool]
"""(half units below, closed, half units above, closed), relative to the printed figure."""

_BOTH: Final[Ends] = (-1, True, 1, True)
_NONE: Final[Ends] = (-1, False, 1, False)
_UP: Final[Ends] = (-1, True, 1, False)
_DOWN: Final[Ends] = (-1, False, 1, True)
_AFTER: Final[Ends] = (0, True, 2, False)
_BEFORE: Final[Ends] = (-2, False, 0, True)
_AROUND: Final[Ends] = (-2, False, 2, False)
_SELF: Final[Ends] = (0, True, 0, True)

# mode -> (n > 0, n < 0, n = 0). `half_to_even` is the odd row: an even figure attracts both of its ties.
_TABLE: Final[dict[Mode, tuple[Ends, Ends, Ends]]] = {
    "nearest": (_BOTH, _BOTH, _BOTH),
    "half_away_from_zero": (_UP, _DOWN, _NONE),
    "half_to_positive": (_UP, _UP, _UP),
    "half_to_even": (_NONE, _NONE, _BOTH),
    "half_to_zero": (_DOWN, _UP, _BOTH),
    "truncate": (_AFTER, _BEFORE, _AROUND),
    "floor": (_AFTER, _AFTER, _AFTER),
    "ceiling": (_BEFORE, _BEFORE, _BEFORE),
    "away_from_zero": (_BEFORE, _AFTER, _SELF),
    "exact": (_SELF, _SELF, _SELF),
}

MODES: Final[tuple[Mode, ...]] = tuple(_TABLE)
"""Every mode, in the order of the table."""

DEFAULT_MODE: Final[Mode] = "nearest"


def half_units(n: int, mode: Mode) -> Ends:
    """The ends of a figure of ``n`` last-place units, in half units relative to ``n``.

    Raises ``KeyError`` for a mode that is not in ``MODES``.
    """
    row = _TABLE[mode]
    if mode == "half_to_even" and n % 2 == 0:
        return _BOTH
    return row[0] if n > 0 else row[1] if n < 0 else row[2]


def bounds_of(n: int, unit: Fraction, mode: Mode = DEFAULT_MODE) -> Bounds:
    """The values that ``n · unit`` may stand for when it was printed under ``mode`` (``unit`` > 0)."""
    below, below_closed, above, above_closed = half_units(n, mode)
    half = unit / 2
    return Bounds((2 * n + below) * half, (2 * n + above) * half, below_closed, above_closed)


def accepts(n: int, mode: Mode, numerator: int, denominator: int) -> bool:
    """True when the value ``numerator / denominator`` (in last-place units, ``denominator`` > 0) prints as ``n``.

    Integers only: (2n + below) · denominator <= 2 · numerator <= (2n + above) · denominator, each side strict
    where the mode's end is open.
    """
    below, below_closed, above, above_closed = half_units(n, mode)
    twice = 2 * numerator
    low = (2 * n + below) * denominator
    if twice < low or (twice == low and not below_closed):
        return False
    high = (2 * n + above) * denominator
    return twice < high or (twice == high and above_closed)
