"""The geometry of the report's pictures, as plain numbers: how a total divides, where a rate falls.

Nothing is drawn here and no colour is chosen; an output turns these into shapes. Every position is computed from
exact values and only written as a decimal at the end, so a picture never shows an order that the figures do not have.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from subsidy_rules.claims import Change, Judgement, Share, Sum
from subsidy_rules.figures import Figure
from subsidy_rules.frozen import dataclass
from subsidy_rules.rounding import bounds_of

__all__ = ["Division", "Piece", "Rate", "division", "rate"]

MOST_PIECES: Final = 24
"""A division into more parts than this is not drawn: its bars could not be told apart."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One part: where it begins and how wide it is, in thousandths of the picture's width."""

    figure: Figure
    start: int
    width: int


@dataclass(frozen=True, slots=True)
class Division:
    """A stated total and its parts, on one scale. ``total`` is where the stated total ends, in thousandths.

    ``missing``/``excess`` is the stretch between the sum of the parts and the stated total, when they differ.
    """

    stated: Figure
    pieces: tuple[Piece, ...]
    total: int
    missing: tuple[int, int] | None = None
    excess: tuple[int, int] | None = None


def division(judged: Judgement) -> Division | None:
    """The picture of a sum of positive parts that was decided; ``None`` for any other claim."""
    claim = judged.claim
    if not isinstance(claim, Sum) or judged.state == "unknown" or claim.total is None:
        return None
    parts = [part for part in claim.parts if part is not None]
    if not 2 <= len(parts) <= MOST_PIECES or any(part.n <= 0 for part in parts) or claim.total.n <= 0:
        return None
    added = sum((part.fraction for part in parts), Fraction(0))
    scale = max(added, claim.total.fraction)
    pieces: list[Piece] = []
    at = Fraction(0)
    for part in parts:
        start = _thousandths(at, scale)
        at += part.fraction
        pieces.append(Piece(part, start, _thousandths(at, scale) - start))
    end, total = _thousandths(added, scale), _thousandths(claim.total.fraction, scale)
    broken = judged.state == "broken"
    return Division(
        stated=claim.total,
        pieces=tuple(pieces),
        total=total,
        missing=(end, total) if broken and end < total else None,
        excess=(total, end) if broken and total < end else None,
    )


@dataclass(frozen=True, slots=True)
class Rate:
    """A stated percentage as the band of values that it may stand for, and the recomputed rate beside it.

    ``low`` and ``high`` are the ends of the band and ``at`` the place of the recomputed rate, in thousandths of the
    picture's width; ``off`` is -1 or 1 when the rate falls so far on one side that it is drawn at the edge.
    """

    stated: Figure
    recomputed: Fraction
    low: int
    high: int
    at: int
    off: int = 0


BAND: Final = (400, 600)
"""Every band is drawn in the middle of its picture, at the same width, whatever the decimals of the rate."""


def rate(judged: Judgement) -> Rate | None:
    """The picture of a percentage or a change that was decided; ``None`` for any other claim."""
    claim = judged.claim
    match claim:
        case Share(stated=stated, part=part, whole=whole) if stated and part and whole and whole.n > 0:
            recomputed = 100 * part.fraction / whole.fraction
        case Change(stated=stated, start=start, end=end) if stated and start and end and start.n > 0:
            recomputed = 100 * (end.fraction - start.fraction) / start.fraction
            if claim.falling and stated.n > 0:
                recomputed = -recomputed
        case _:
            return None
    if judged.state == "unknown" or stated is None:
        return None
    band = bounds_of(stated.n, stated.unit, "nearest")
    if band.lower is None or band.upper is None:
        return None
    low, high = BAND
    place = low + (recomputed - band.lower) / (band.upper - band.lower) * (high - low)
    off = -1 if place < 20 else 1 if place > 980 else 0
    at = 20 if off < 0 else 980 if off > 0 else int(place)
    return Rate(stated=stated, recomputed=recomputed, low=low, high=high, at=at, off=off)


def _thousandths(value: Fraction, scale: Fraction) -> int:
    return int(1000 * value / scale) if scale else 0
