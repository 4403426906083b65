"""Linear rows over figures, and the two small things that every exact method needs of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from subsidy_rules.bounds import Bounds

__all__ = ["Conflict", "End", "Row", "Undecided", "near"]

End = Literal["lower", "upper"]


@dataclass(frozen=True, slots=True)
class Row:
    """``Σ weight · figure`` lies in ``bounds``. ``relation`` is the number of the relation it was made from."""

    relation: int
    weights: Mapping[str, Fraction]
    bounds: Bounds


@dataclass(frozen=True, slots=True)
class Conflict:
    """Rows (by number) and ends with positive multipliers that, with the figures' own bounds, contradict."""

    multipliers: Mapping[tuple[int, End], Fraction]


@dataclass(frozen=True, slots=True)
class Undecided:
    """The method stopped at its limit."""


def near(bounds: Bounds, preferred: Fraction | None) -> Fraction:
    """A value of ``bounds``: ``preferred`` (0 when there is none) if it is one, else close to it."""
    wanted = Fraction(0) if preferred is None else preferred
    if bounds.contains(wanted):
        return wanted
    lower, upper = bounds.lower, bounds.upper
    if lower is not None and wanted <= lower:
        if bounds.lower_closed:
            return lower
        return (lower + upper) / 2 if upper is not None and upper < lower + 2 else lower + 1
    assert upper is not None
    if bounds.upper_closed:
        return upper
    return (lower + upper) / 2 if lower is not None and lower > upper - 2 else upper - 1
