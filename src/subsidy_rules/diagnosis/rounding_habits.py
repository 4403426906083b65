"""How the percentages of a document were made: which rounding explains them all, and which habit the odd ones show.

Four habits are recognised beside plain rounding. *Double rounding*: to more decimals first, and from there to those
printed (5,2449 → 5,245 → 5,25). *Percentages of rounded amounts*: worked out from thousands or millions. *Largest
remainder*: the shares of one whole are cut, and the units still missing to 100 go to those that lost most. *Plug*: one
share of a column was adjusted so that the column adds to 100. All is exact; nothing is guessed from a few cases
without saying how many speak for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Final, Literal

from subsidy_rules.claims import share_modes
from subsidy_rules.figures import Figure, Percentage
from subsidy_rules.rounding import MODES, Mode
from subsidy_rules.wording import Message

__all__ = ["Conventions", "Habit", "HabitKind", "Stated", "conventions"]

Stated = tuple[Percentage, Figure, Figure]
"""A printed percentage, the part and the whole it is said of."""

HabitKind = Literal[
    "nearest", "truncated", "rounded_up", "double_rounding", "rounded_amounts", "largest_remainder", "plug"
]

_NEAREST: Final = Message("les pourcentages sont arrondis au plus proche", "the percentages are rounded to the nearest")
_TRUNCATED: Final = Message("les pourcentages sont tronqués", "the percentages are cut, not rounded")
_ROUNDED_UP: Final = Message("les pourcentages sont arrondis par excès", "the percentages are rounded up")
_DOUBLE: Final = Message(
    "les pourcentages sont arrondis deux fois : à {places} {places:décimale|décimales}, puis à celles qui sont "
    "imprimées",
    "the percentages are rounded twice: to {places} {places:decimal|decimals}, then to those printed",
)
_OF_ROUNDED: Final = Message(
    "les pourcentages sont calculés sur des montants arrondis à {unit}",
    "the percentages are worked out from amounts rounded to {unit}",
)
_REMAINDER: Final = Message(
    "les pourcentages d’un même total sont ajustés à 100 par les plus forts restes",
    "the percentages of one total are made to add to 100 by largest remainders",
)
_PLUG: Final = Message(
    "un pourcentage ({printed}, au lieu de {right}) est ajusté pour que la colonne fasse 100",
    "one percentage ({printed} instead of {right}) is adjusted so that its column adds to 100",
)

_PLACES: Final = (1, 2, 3)
_UNITS: Final = (10, 100, 1_000, 10_000, 100_000, 1_000_000)


@dataclass(frozen=True, slots=True)
class Habit:
    """A way of making percentages that explains all of them (or, for ``plug``, one column).

    ``tells`` are the numbers of the percentages that plain rounding leaves unexplained and this habit explains.
    """

    kind: HabitKind
    message: Message
    tells: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Conventions:
    """``modes`` explain every percentage; ``by_figure`` those that explain each; ``habits`` the recognised ways.

    ``unexplained`` are the numbers of the percentages that neither plain rounding nor a habit explains, ``unknown``
    those that cannot be judged (the whole is not above zero).
    """

    modes: frozenset[Mode]
    by_figure: tuple[frozenset[Mode], ...]
    habits: tuple[Habit, ...]
    unexplained: tuple[int, ...]
    unknown: tuple[int, ...]


def conventions(percentages: Sequence[Stated]) -> Conventions:
    """What is common to the percentages of one document."""
    by_figure: list[frozenset[Mode]] = []
    unknown: list[int] = []
    for number, (stated, part, whole) in enumerate(percentages):
        base = whole.bounds()
        if base.lower is None or base.lower <= 0:
            unknown.append(number)
            by_figure.append(frozenset(MODES))
        else:
            by_figure.append(share_modes(stated, part.bounds(), base))
    judged = [number for number in range(len(percentages)) if number not in unknown]
    modes = frozenset(MODES)
    for number in judged:
        modes &= by_figure[number]
    odd = tuple(number for number in judged if "nearest" not in by_figure[number])
    habits = list(_habits(percentages, judged, modes, odd))
    explained = {number for habit in habits for number in habit.tells}
    shown = tuple(frozenset[Mode]() if number in unknown else one for number, one in enumerate(by_figure))
    return Conventions(
        modes if judged else frozenset(),
        shown,
        tuple(habits),
        tuple(number for number in odd if number not in explained),
        tuple(unknown),
    )


def _habits(
    percentages: Sequence[Stated], judged: Sequence[int], modes: frozenset[Mode], odd: tuple[int, ...]
) -> Iterable[Habit]:
    if not judged:
        return
    if not odd:
        yield Habit("nearest", _NEAREST)
    elif modes & {"truncate", "floor"}:
        yield Habit("truncated", _TRUNCATED, odd)
    elif modes & {"ceiling", "away_from_zero"}:
        yield Habit("rounded_up", _ROUNDED_UP, odd)
    exact = [number for number in judged if _is_exact(percentages[number])]
    if odd and len(exact) == len(judged):
        for places in _PLACES:
            if _all(percentages, judged, partial(_twice, places=places)):
                yield Habit("double_rounding", _DOUBLE.having(places=percentages[odd[0]][0].decimals + places), odd)
                break
        for unit in _UNITS:
            if _all(percentages, judged, partial(_of_rounded, unit=unit)):
                yield Habit("rounded_amounts", _OF_ROUNDED.having(unit=unit), odd)
                break
    for column in _columns(percentages, exact):
        off = tuple(number for number in column if number in odd)
        if not off:
            continue
        if _largest_remainders([percentages[number] for number in column]):
            yield Habit("largest_remainder", _REMAINDER, off)
        elif len(off) == 1 and sum(percentages[number][0].fraction for number in column) == 100:
            stated = percentages[off[0]][0]
            right = _as_printed(_ratio(percentages[off[0]]), stated)
            yield Habit("plug", _PLUG.having(printed=stated, right=right), off)


def _all(percentages: Sequence[Stated], numbers: Iterable[int], makes: Callable[[Stated], int | None]) -> bool:
    return all(makes(percentages[number]) == percentages[number][0].n for number in numbers)


def _is_exact(one: Stated) -> bool:
    stated, part, whole = one
    return part.is_exact and whole.is_exact and stated.qualifier is None


def _ratio(one: Stated) -> Fraction:
    _, part, whole = one
    return 100 * part.fraction / whole.fraction


def _nearest(value: Fraction, unit: Fraction) -> int:
    """``value`` counted in ``unit``, ties away from zero."""
    whole, left = divmod(abs(value) / unit, 1)
    count = int(whole) + (2 * left >= 1)
    return -count if value < 0 else count


def _as_printed(value: Fraction, like: Percentage) -> Percentage:
    return Percentage(n=_nearest(value, like.unit), decimals=like.decimals, exponent=like.exponent)


def _twice(one: Stated, places: int) -> int:
    stated = one[0]
    finer = stated.unit / 10**places
    return _nearest(_nearest(_ratio(one), finer) * finer, stated.unit)


def _of_rounded(one: Stated, unit: int) -> int | None:
    stated, part, whole = one
    base = _nearest(whole.fraction, Fraction(unit))
    if base <= 0:
        return None
    return _nearest(Fraction(100 * _nearest(part.fraction, Fraction(unit)), base), stated.unit)


def _columns(percentages: Sequence[Stated], exact: Sequence[int]) -> list[list[int]]:
    """Percentages of one whole, printed alike, whose parts make up that whole: three or more."""
    groups: dict[tuple[Fraction, Fraction], list[int]] = {}
    for number in exact:
        stated, _, whole = percentages[number]
        groups.setdefault((whole.fraction, stated.unit), []).append(number)
    return [
        numbers
        for (whole, _), numbers in groups.items()
        if len(numbers) > 2 and sum(percentages[number][1].fraction for number in numbers) == whole
    ]


def _largest_remainders(column: Sequence[Stated]) -> bool:
    """True when the printed shares are the cut ones, with the missing units given to the largest remainders."""
    cut: list[int] = []
    remainders: list[Fraction] = []
    for one in column:
        whole, left = divmod(_ratio(one) / one[0].unit, 1)
        cut.append(int(whole))
        remainders.append(left)
    given = [one[0].n - floor for one, floor in zip(column, cut, strict=True)]
    if any(units not in (0, 1) for units in given) or sum(one[0].fraction for one in column) != 100:
        return False
    raised = [left for left, units in zip(remainders, given, strict=True) if units]
    kept = [left for left, units in zip(remainders, given, strict=True) if not units]
    return not raised or not kept or min(raised) >= max(kept)
