"""How much a claim that holds proves, and how often rounded shares miss their total by chance.

A percentage printed with no decimals agrees with thousands of amounts: that it agrees with the one printed beside it
says little. ``strength`` counts what else would have passed, and how many of the slips that people make would have
been noticed. ``gap_probability`` gives the exact chance that rounded shares miss 100 by so many units, without any
mistake at all (F. Mosteller, C. Youtz and D. Zahn, *The distribution of sums of rounded percentages*, Demography 4,
1967).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from math import comb, factorial

from subsidy_rules.bounds import Bounds
from subsidy_rules.diagnosis.slips import slips
from subsidy_rules.figures import Figure, Percentage
from subsidy_rules.rounding import DEFAULT_MODE, Mode
from subsidy_rules.wording import Message

__all__ = ["Strength", "gap_probability", "strength"]


@dataclass(frozen=True, slots=True)
class Strength:
    """What else would have passed beside a percentage, its part and its whole.

    ``rates``, ``parts``, ``wholes``: how many other values printed in the same form (as many decimals, the same
    unit) would have been accepted in that place; ``None`` when without end. ``noticed``: the share of likely slips
    in one of the three that the claim would have shown.
    """

    rates: int | None
    parts: int | None
    wholes: int | None
    noticed: Fraction

    @property
    def message(self) -> Message:
        """The strength in one sentence."""
        return Message(
            "autres montants compatibles avec ce taux : {parts} ; fautes de frappe qui se seraient vues : {noticed} %",
            "other amounts that agree with this rate: {parts}; slips that would have shown: {noticed}%",
        ).having(parts=self.parts, noticed=int(100 * self.noticed))


def strength(stated: Percentage, part: Figure, whole: Figure, mode: Mode = DEFAULT_MODE) -> Strength:
    """How strong it is that ``part`` is ``stated`` per cent of ``whole``. ``ValueError`` unless the claim holds
    and the whole is above zero."""
    rate, piece, base = stated.bounds(mode), part.bounds(mode), whole.bounds(mode)
    if base.lower is None or base.lower <= 0:
        raise ValueError("the whole is not above zero")
    if not _holds(rate, piece, base):
        raise ValueError("the claim does not hold")
    quotient = piece / base * 100
    # What each figure may be beside the two others; for the whole, only when the rate does not touch zero.
    allowed: list[Bounds | None] = [quotient, rate * base * Fraction(1, 100), None]
    if (rate.lower is not None and rate.lower > 0) or (rate.upper is not None and rate.upper < 0):
        allowed[2] = piece / rate * 100
    figures = (stated, part, whole)
    rates, parts, wholes = (
        None if within is None else _others(figure, within, mode)
        for figure, within in zip(figures, allowed, strict=True)
    )
    return Strength(rates, parts, wholes, _noticed(figures, allowed, mode))


def _holds(rate: Bounds, part: Bounds, whole: Bounds) -> bool:
    return (rate * whole * Fraction(1, 100)).meets(part)


def _others(figure: Figure, allowed: Bounds, mode: Mode) -> int | None:
    """How many other figures printed like ``figure`` may stand for a value of ``allowed``."""
    passing = _passing(figure, allowed, mode)
    if passing is None:
        return None
    first, last = passing
    count = last - first + 1
    return count - 1 if first <= figure.n <= last else count


def _passing(figure: Figure, allowed: Bounds, mode: Mode) -> tuple[int, int] | None:
    """The first and the last figure printed like ``figure`` that may stand for a value of ``allowed``."""
    if allowed.lower is None or allowed.upper is None:
        return None
    unit = figure.unit
    if figure.qualifier is None and (figure.is_exact or mode == "nearest"):
        return _outermost(allowed, unit, 0 if figure.is_exact else 1)
    # Ends are at most one unit away from the printed value, so only the outermost few need looking at.
    first, last = int(allowed.lower // unit - 2), int(allowed.upper // unit + 2)
    while first <= last and not _printed(figure, first, mode).meets(allowed):
        first += 1
    while first <= last and not _printed(figure, last, mode).meets(allowed):
        last -= 1
    return first, last


def _outermost(allowed: Bounds, unit: Fraction, room: int) -> tuple[int, int]:
    """The first and the last ``n`` such that some value of ``allowed`` is within ``room`` half units of ``n`` units,
    in whole numbers; the last is the one before the first when there is none. ``allowed`` has two ends."""
    assert allowed.lower is not None
    assert allowed.upper is not None
    # n units, less or more the room, against each end: 2·n·c·b >= 2·a·d - room·c·b, and so for the other end.
    c, d = unit.numerator, unit.denominator
    a, b = allowed.lower.numerator, allowed.lower.denominator
    at, step = 2 * a * d - room * c * b, 2 * c * b
    first = -(-at // step) if allowed.lower_closed else at // step + 1
    a, b = allowed.upper.numerator, allowed.upper.denominator
    at, step = 2 * a * d + room * c * b, 2 * c * b
    return first, at // step if allowed.upper_closed else -(-at // step) - 1


def _printed(figure: Figure, n: int, mode: Mode) -> Bounds:
    return replace(figure, n=n).bounds(mode)


def _noticed(figures: tuple[Figure, Figure, Figure], allowed: list[Bounds | None], mode: Mode) -> Fraction:
    noticed = total = 0
    for place, (figure, within) in enumerate(zip(figures, allowed, strict=True)):
        printed = (figure.n, figure.decimals)
        passing: dict[int, tuple[int, int] | None] = {}
        for n, decimals, weight, _ in slips(figure):
            if (n, decimals) == printed:
                continue
            total += weight
            if decimals not in passing:
                # « environ 70 000 » is as wide as its zeros: those that pass do not follow one another.
                passing[decimals] = (
                    _passing(replace(figure, decimals=decimals), within, mode)
                    if within is not None and figure.qualifier is None
                    else None
                )
            ends = passing[decimals]
            if ends is not None:
                passes = ends[0] <= n <= ends[1]
            else:
                slipped = replace(figure, n=n, decimals=decimals).bounds(mode)
                bounds = [slipped if index == place else one.bounds(mode) for index, one in enumerate(figures)]
                passes = _holds(*bounds)
            if not passes:
                noticed += weight
    return Fraction(noticed, total) if total else Fraction(0)


def gap_probability(parts: int, gap: int, *, rounded_total: bool = False) -> Fraction:
    """The exact chance that ``parts`` shares, each rounded, add to ``gap`` last-place units above their total.

    The total is 100 % (a table of percentages), or a sum that is itself rounded (``rounded_total``). The shares'
    remainders are taken as spread evenly. Negative gaps have the chance of the positive ones.
    """
    if parts < 1:
        raise ValueError("at least one part")
    free = parts if rounded_total else parts - 1
    if free == 0:
        return Fraction(int(gap == 0))
    # The errors of the free parts, each even on [-1/2, 1/2], add to within half a unit of the gap.
    centre = Fraction(free, 2) + gap
    return _sum_of_even(free, centre + Fraction(1, 2)) - _sum_of_even(free, centre - Fraction(1, 2))


def _sum_of_even(count: int, at: Fraction) -> Fraction:
    """The chance that the sum of ``count`` numbers, even on [0, 1], is at most ``at`` (Irwin 1927, Hall 1927)."""
    if at <= 0:
        return Fraction(0)
    if at >= count:
        return Fraction(1)
    total = Fraction(0)
    for j in range(int(at) + 1):
        total += (-1) ** j * comb(count, j) * (at - j) ** count
    return total / factorial(count)
