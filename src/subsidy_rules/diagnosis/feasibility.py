"""Can all claims about one set of figures be true together? Decided exactly, with the proof either way.

Cheapest first: each relation alone over the bounds of its figures; then, figures of a single value put in place, each
connected group of the others by propagation when it is a tree of totals and by an exact simplex when it has cycles.
A printed rate says of each ratio it is given for that this ratio rounds to it; it is not a quantity of its own.
« 33,3 % de chacun des deux budgets » is true of 333 out of 1 000 and of 334 out of 1 003, whose ratios differ. So each
relation that multiplies by a rounded rate takes its own value of it.

The answer is *cannot tell* only where a limit of size is met, or where the sign of the whole of a rounded rate is open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product as combinations
from typing import Final

from subsidy_rules.bounds import Bounds
from subsidy_rules.diagnosis.propagation import is_tree, propagate
from subsidy_rules.diagnosis.relations import Relation, System, Terms
from subsidy_rules.diagnosis.rows import Conflict, End, Row, Undecided, near
from subsidy_rules.diagnosis.simplex import solve
from subsidy_rules.wording import Message

__all__ = [
    "RATE_OPEN",
    "SIGN_OPEN",
    "TOO_LARGE",
    "Multiplier",
    "Outcome",
    "reach",
    "settle",
    "settle_bounds",
    "weighted",
]

TOO_LARGE: Final = Message(
    fr="trop de montants arrondis se tiennent entre eux pour conclure",
    en="too many rounded figures depend on one another to tell",
)
SIGN_OPEN: Final = Message(
    fr="la base d’un pourcentage peut être positive ou négative",
    en="the whole of a percentage may be positive or negative",
)
RATE_OPEN: Final = Message(
    fr="l’arrondi d’un taux ne permet pas de conclure",
    en="the rounding of a rate does not let one tell",
)


@dataclass(frozen=True, slots=True)
class Multiplier:
    """One end of one relation, times a positive number, in a contradiction."""

    relation: int
    end: End
    by: Fraction


@dataclass(frozen=True, slots=True)
class Outcome:
    """``feasible`` with a ``witness``, not feasible with ``multipliers``, or ``None`` with a ``reason``.

    ``rates`` gives, by relation, the value that each rounded rate takes in it.
    """

    feasible: bool | None
    witness: Mapping[str, Fraction] | None = None
    rates: Mapping[int, Mapping[str, Fraction]] = field(default_factory=dict)
    multipliers: tuple[Multiplier, ...] = ()
    reason: Message | None = None


def settle(system: System, bounds: Mapping[str, Bounds] | None = None) -> Outcome:
    """The outcome for all relations of ``system`` together (its ``all_relations``, in that order)."""
    known = system.all_bounds() if bounds is None else bounds
    printed = {name: figure.fraction for name, figure in system.figures.items()}
    return settle_bounds(known, system.all_relations(), printed)


def settle_bounds(
    bounds: Mapping[str, Bounds], relations: Sequence[Relation], printed: Mapping[str, Fraction]
) -> Outcome:
    """The same for bounds by name; a witness keeps to ``printed`` values where it can."""
    outcome = _settled(bounds, relations, printed)
    if outcome.reason in (SIGN_OPEN, RATE_OPEN):
        # With its rates at one value each, the set is linear: a witness there is a witness of the whole.
        rates = {product.factor for relation in relations for product in relation.products}
        for side in ("printed", "lower", "upper"):
            held = {**bounds, **{name: _held(bounds[name], side, printed.get(name)) for name in rates}}
            attempt = _settled(held, relations, printed)
            if attempt.feasible and attempt.witness is not None:
                chosen = {
                    number: {product.factor: attempt.witness[product.factor] for product in relation.products}
                    for number, relation in enumerate(relations)
                    if relation.products
                }
                return Outcome(True, attempt.witness, chosen)
    return outcome


def _settled(bounds: Mapping[str, Bounds], relations: Sequence[Relation], printed: Mapping[str, Fraction]) -> Outcome:
    values = _points(bounds)
    for number, relation in enumerate(relations):
        total = _total(relation, values)
        if total is not None and relation.bounds.contains(total):
            continue
        reached = reach(relation, bounds)
        if not reached.meets(relation.bounds):
            end: End = "upper" if relation.bounds.is_below(reached) else "lower"
            rows = _row(number, relation, bounds) or ()
            if not any((row.bounds.upper if end == "upper" else row.bounds.lower) is not None for row in rows):
                return Outcome(None, reason=SIGN_OPEN)
            # One relation alone: the row end that its reach misses, times one.
            return Outcome(False, multipliers=(Multiplier(number, end, Fraction(1)),))
    return _jointly(bounds, relations, printed, values)


def _points(bounds: Mapping[str, Bounds]) -> dict[str, Fraction]:
    """The figures of one value."""
    return {name: one.lower for name, one in bounds.items() if one.lower is not None and one.lower == one.upper}


def _total(relation: Relation, values: Mapping[str, Fraction]) -> int | Fraction | None:
    """The value of a sum of figures of one value each, whole numbers added as such; ``None`` for anything else."""
    if relation.products:
        return None
    total: int | Fraction = 0
    for name, weight in relation.terms:
        value = values.get(name)
        if value is None:
            return None
        if value.denominator == weight.denominator == 1:
            total += weight.numerator * value.numerator
        else:
            total += weight * value
    return total


def _held(bounds: Bounds, side: str, printed: Fraction | None) -> Bounds:
    end = {"lower": bounds.lower, "upper": bounds.upper}.get(side, printed)
    return Bounds.point(near(bounds, end))


# -- one relation -----------------------------------------------------------------------------------------------------


def weighted(terms: Terms, bounds: Mapping[str, Bounds]) -> Bounds:
    """The values of a weighted sum of figures, each within its bounds."""
    points = Fraction(0)
    spread: Bounds | None = None
    for name, weight in terms:
        one = bounds[name]
        if one.is_point and one.lower is not None:
            points += weight * one.lower
        else:
            spread = one * weight if spread is None else spread + one * weight
    return Bounds.point(points) if spread is None else spread + points


def reach(relation: Relation, bounds: Mapping[str, Bounds]) -> Bounds:
    """The values that the left side of ``relation`` can take, each figure within its bounds.

    Exact, but for one case that errs on the wide side: a rate without an end (« plus de 20 % ») of a figure that
    also stands outside the product.
    """
    if not relation.products:
        return weighted(relation.terms, bounds)
    weights = dict(relation.terms)
    loose = []
    for product in relation.products:
        rate = bounds[product.factor]
        if rate.is_point and rate.lower is not None:
            for name, weight in product.terms:
                weights[name] = weights.get(name, Fraction(0)) + rate.lower * weight
        else:
            loose.append(product)
    entangled = any(not bounds[name].is_point and weights.get(name) for one in loose for name, _ in one.terms)
    endless = any(bounds[one.factor].lower is None or bounds[one.factor].upper is None for one in loose)
    if not entangled or endless:
        total = weighted(tuple(weights.items()), bounds)
        for product in loose:
            total = total + bounds[product.factor] * weighted(product.terms, bounds)
        return total
    # Linear in each rate for given figures, and in each figure for given rates: the extremes are at ends of rates.
    hull: Bounds | None = None
    for ends in combinations(("lower", "upper"), repeat=len(loose)):
        chosen = dict(zip((product.factor for product in loose), ends, strict=True))
        at_ends, closed = _at_ends(relation, bounds, chosen)
        one = weighted(tuple(at_ends.items()), bounds)
        if not closed:
            one = Bounds(one.lower, one.upper, one.lower_closed and one.is_point, one.upper_closed and one.is_point)
        hull = one if hull is None else _hull(hull, one)
    assert hull is not None
    return hull


def _hull(one: Bounds, two: Bounds) -> Bounds:
    if one.lower is None or two.lower is None:
        lower, lower_closed = None, False
    else:
        lower = min(one.lower, two.lower)
        lower_closed = (one.lower == lower and one.lower_closed) or (two.lower == lower and two.lower_closed)
    if one.upper is None or two.upper is None:
        upper, upper_closed = None, False
    else:
        upper = max(one.upper, two.upper)
        upper_closed = (one.upper == upper and one.upper_closed) or (two.upper == upper and two.upper_closed)
    return Bounds(lower, upper, lower_closed, upper_closed)


def _at_ends(
    relation: Relation, bounds: Mapping[str, Bounds], chosen: Mapping[str, str]
) -> tuple[dict[str, Fraction], bool]:
    """The weights of the figures, each rate at its value or its chosen end; and whether those ends are closed."""
    weights = dict(relation.terms)
    closed = True
    for product in relation.products:
        rate = bounds[product.factor]
        if chosen.get(product.factor, "lower") == "lower":
            value, is_closed = rate.lower, rate.lower_closed
        else:
            value, is_closed = rate.upper, rate.upper_closed
        assert value is not None
        closed = closed and is_closed
        for name, weight in product.terms:
            weights[name] = weights.get(name, Fraction(0)) + value * weight
    return {name: weight for name, weight in weights.items() if weight}, closed


# -- rows -------------------------------------------------------------------------------------------------------------


def _row(number: int, relation: Relation, bounds: Mapping[str, Bounds]) -> list[Row] | None:
    """The relation as linear rows over all its figures, or ``None`` when the sign of a rate's whole is open.

    With rates of one value the row says the same as the relation. Otherwise each rate is put at the end that gives it
    most room: ``terms + low · whole <= upper end`` when the whole is not negative. As the relation has its own value
    of the rate, the two rows lose nothing.
    """
    if all(bounds[product.factor].is_point for product in relation.products):
        weights, _ = _at_ends(relation, bounds, {})
        return [Row(number, weights, relation.bounds)]
    rows: list[Row] = []
    sides: tuple[tuple[End, Bounds], ...] = (
        ("upper", Bounds(None, relation.bounds.upper, False, relation.bounds.upper_closed)),
        ("lower", Bounds(relation.bounds.lower, None, relation.bounds.lower_closed, False)),
    )
    for end, limit in sides:
        if limit.lower is None and limit.upper is None:
            continue
        chosen: dict[str, str] = {}
        endless = strict = False
        for product in relation.products:
            whole = weighted(product.terms, bounds)
            rate = bounds[product.factor]
            if whole.lower is not None and whole.lower >= 0:
                side = "lower" if end == "upper" else "upper"
            elif whole.upper is not None and whole.upper <= 0:
                side = "upper" if end == "upper" else "lower"
            else:
                return None
            chosen[product.factor] = side
            endless = endless or (rate.lower if side == "lower" else rate.upper) is None
            is_open = not (rate.lower_closed if side == "lower" else rate.upper_closed)
            strict = strict or (is_open and not whole.contains(0))
        if endless:
            continue
        weights, _ = _at_ends(relation, bounds, chosen)
        if strict:
            limit = Bounds(limit.lower, limit.upper, False, False)
        rows.append(Row(number, weights, limit))
    return rows


# -- all together -----------------------------------------------------------------------------------------------------


def _jointly(
    bounds: Mapping[str, Bounds],
    relations: Sequence[Relation],
    printed: Mapping[str, Fraction],
    values: dict[str, Fraction],
) -> Outcome:
    rows: list[Row] = []
    with_rates: list[int] = []
    reason = RATE_OPEN
    for number, relation in enumerate(relations):
        if all(name in values for name in relation.names()):
            continue
        if any(product.factor not in values for product in relation.products):
            with_rates.append(number)
        made = _row(number, relation, bounds)
        if made is None:
            reason = SIGN_OPEN
            continue
        rows.extend(_reduced(made, values))
    for group in _groups(rows):
        names = {name for row in group for name in row.weights}
        answer: dict[str, Fraction] | Conflict | Undecided
        if len(group) == 1 or is_tree(group, len(names)):
            answer = propagate(group, bounds, printed)
        else:
            answer = solve(group, bounds, printed)
        if isinstance(answer, Undecided):
            return Outcome(None, reason=TOO_LARGE)
        if isinstance(answer, Conflict):
            multipliers = tuple(
                Multiplier(group[number].relation, end, by) for (number, end), by in sorted(answer.multipliers.items())
            )
            return Outcome(False, multipliers=_scaled(multipliers))
        values.update(answer)
    for name, one in bounds.items():
        if name not in values:
            values[name] = near(one, printed.get(name))
    rates: dict[int, dict[str, Fraction]] = {}
    for number in with_rates:
        chosen = _rates(relations[number], values, bounds, printed)
        if chosen is None:
            return Outcome(None, reason=reason)
        rates[number] = chosen
    return Outcome(True, values, rates)


def _reduced(made: Sequence[Row], values: Mapping[str, Fraction]) -> list[Row]:
    """The rows over the figures of more than one value; two that then weigh the same are one."""
    reduced: list[Row] = []
    for row in made:
        rest = row.bounds
        weights: dict[str, Fraction] = {}
        for name, weight in row.weights.items():
            if name in values:
                rest = rest - weight * values[name]
            else:
                weights[name] = weight
        if weights:
            reduced.append(Row(row.relation, weights, rest))
    if len(reduced) == 2 and reduced[0].weights == reduced[1].weights:
        both = reduced[0].bounds.intersection(reduced[1].bounds)
        if both is not None:
            return [Row(reduced[0].relation, reduced[0].weights, both)]
    return reduced


def _scaled(multipliers: tuple[Multiplier, ...]) -> tuple[Multiplier, ...]:
    """The same contradiction with the smallest whole multipliers."""
    common = 1
    for one in multipliers:
        common = common * one.by.denominator // _gcd(common, one.by.denominator)
    divisor = 0
    for one in multipliers:
        divisor = _gcd(divisor, int(one.by * common))
    by = Fraction(common, divisor or 1)
    return tuple(Multiplier(one.relation, one.end, one.by * by) for one in multipliers)


def _gcd(a: int, b: int) -> int:
    while b:
        a, b = b, a % b
    return a


def _groups(rows: Sequence[Row]) -> list[list[Row]]:
    """Rows that share figures, directly or through others."""
    leader: dict[str, str] = {}

    def find(name: str) -> str:
        while leader[name] != name:
            leader[name] = leader[leader[name]]
            name = leader[name]
        return name

    for row in rows:
        first: str | None = None
        for name in row.weights:
            leader.setdefault(name, name)
            top = find(name)
            if first is None:
                first = top
            elif top != first:
                leader[top] = first
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(find(next(iter(row.weights))), []).append(row)
    return list(groups.values())


def _rates(
    relation: Relation, values: Mapping[str, Fraction], bounds: Mapping[str, Bounds], printed: Mapping[str, Fraction]
) -> dict[str, Fraction] | None:
    """A value of each rounded rate with which the relation holds for ``values``; ``None`` when there is none."""
    points = {name: Bounds.point(values[name]) for name in relation.names()}
    room = relation.bounds - weighted(relation.terms, points)
    wholes = [weighted(product.terms, points).lower or Fraction(0) for product in relation.products]
    # Room that the products after each one can still take, from the last to the first.
    later = [Bounds.point(0)]
    for product, whole in zip(reversed(relation.products[1:]), reversed(wholes[1:]), strict=True):
        later.append(later[-1] + bounds[product.factor] * whole)
    chosen: dict[str, Fraction] = {}
    for product, whole in zip(relation.products, wholes, strict=True):
        rate: Bounds | None = bounds[product.factor]
        left = room - later.pop()
        if whole == 0:
            rate = rate if left.contains(0) else None
        elif rate is not None:
            rate = rate.intersection(left * (1 / whole))
        if rate is None:
            return None
        chosen[product.factor] = near(rate, printed.get(product.factor))
        room = room - whole * chosen[product.factor]
    return chosen
