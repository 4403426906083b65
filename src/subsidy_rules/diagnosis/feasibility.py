"""Can all claims about one set of figures be true together? Decided exactly, with the proof either way.

Cheapest first: each relation alone over the bounds of its figures; then, figures of a single value put in place, each
connected group of the others by propagation when it is a tree of totals and by an exact simplex when it has cycles.
The answer is *cannot tell* only where a limit of size is met, where the sign of the whole of a rounded rate is open,
or where a rounded rate is multiplied by a rounded figure in more than one relation and no witness is found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product as combinations
from typing import Final

from subsidy_rules.bounds import Bounds
from subsidy_rules.diagnosis.propagation import is_tree, propagate
from subsidy_rules.diagnosis.relations import Product, Relation, System, Terms
from subsidy_rules.diagnosis.rows import Conflict, End, Row, Undecided, near
from subsidy_rules.diagnosis.simplex import solve
from subsidy_rules.wording import Message

__all__ = [
    "SIGN_OPEN",
    "TOO_LARGE",
    "TWO_ROUNDINGS",
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
TWO_ROUNDINGS: Final = Message(
    fr="un taux arrondi s’applique à plusieurs montants arrondis",
    en="a rounded rate applies to several rounded figures",
)


@dataclass(frozen=True, slots=True)
class Multiplier:
    """One end of one relation, times a positive number, in a contradiction."""

    relation: int
    end: End
    by: Fraction
    by_factor: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """``feasible`` with a ``witness``, not feasible with ``multipliers``, or ``None`` with a ``reason``."""

    feasible: bool | None
    witness: Mapping[str, Fraction] | None = None
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
    if outcome.reason in (SIGN_OPEN, TWO_ROUNDINGS):
        # With its rates at one value each, the set is linear: a witness there is a witness of the whole.
        rates = {product.factor for relation in relations for product in relation.products}
        for side in ("printed", "lower", "upper"):
            held = {**bounds, **{name: _held(bounds[name], side, printed.get(name)) for name in rates}}
            attempt = _settled(held, relations, printed)
            if attempt.feasible:
                return attempt
    return outcome


def _settled(bounds: Mapping[str, Bounds], relations: Sequence[Relation], printed: Mapping[str, Fraction]) -> Outcome:
    for number, relation in enumerate(relations):
        reached = reach(relation, bounds)
        if not reached.meets(relation.bounds):
            end: End = "upper" if relation.bounds.is_below(reached) else "lower"
            row = _row(number, relation, bounds)
            if not row:
                return Outcome(None, reason=SIGN_OPEN)
            # One relation alone: the row end that its reach misses, times one.
            return Outcome(False, multipliers=(Multiplier(number, end, Fraction(1), row[0].by_factor),))
    return _jointly(bounds, relations, printed)


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
    loose = [product for product in relation.products if not bounds[product.factor].is_point]
    outside = {name for name, _ in relation.terms}
    entangled = any(not bounds[name].is_point and name in outside for product in loose for name, _ in product.terms)
    endless = any(bounds[product.factor].lower is None or bounds[product.factor].upper is None for product in loose)
    if not entangled or endless:
        total = weighted(relation.terms, bounds)
        for product in relation.products:
            total = total + bounds[product.factor] * weighted(product.terms, bounds)
        return total
    # Linear in each rate for given figures, and in each figure for given rates: the extremes are at ends of rates.
    hull: Bounds | None = None
    for ends in combinations(("lower", "upper"), repeat=len(loose)):
        chosen = dict(zip((product.factor for product in loose), ends, strict=True))
        weights, closed = _at_ends(relation, bounds, chosen)
        one = weighted(tuple(weights.items()), bounds)
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

    With rates of one value, or with products over figures of one value each, the row says the same as the relation.
    Otherwise the rate is put at the end that gives it most room: ``terms + low · whole <= upper end`` when the
    whole is not negative. For that relation alone the two rows lose nothing.
    """
    if all(bounds[product.factor].is_point for product in relation.products):
        weights, _ = _at_ends(relation, bounds, {})
        return [Row(number, weights, relation.bounds)]
    if all(bounds[name].is_point for product in relation.products for name, _ in product.terms):
        weights = dict(relation.terms)
        for product in relation.products:
            value = weighted(product.terms, bounds).lower or Fraction(0)
            weights[product.factor] = weights.get(product.factor, Fraction(0)) + value
        return [Row(number, {name: weight for name, weight in weights.items() if weight}, relation.bounds, True)]
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


def _jointly(bounds: Mapping[str, Bounds], relations: Sequence[Relation], printed: Mapping[str, Fraction]) -> Outcome:
    values: dict[str, Fraction] = {
        name: one.lower for name, one in bounds.items() if one.is_point and one.lower is not None
    }
    rows: list[Row] = []
    eliminated: list[int] = []
    open_signs = False
    for number, relation in enumerate(relations):
        if all(name in values for name in relation.names()):
            continue
        made = _row(number, relation, bounds)
        if made is None:
            open_signs = True
            eliminated.append(number)
            continue
        if not (made and made[0].by_factor) and any(product.factor not in values for product in relation.products):
            eliminated.append(number)
        for row in made:
            rest = row.bounds
            weights: dict[str, Fraction] = {}
            for name, weight in row.weights.items():
                if name in values:
                    rest = rest - weight * values[name]
                else:
                    weights[name] = weight
            if weights:
                rows.append(Row(row.relation, weights, rest, row.by_factor))
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
                Multiplier(group[number].relation, end, by, group[number].by_factor)
                for (number, end), by in sorted(answer.multipliers.items())
            )
            return Outcome(False, multipliers=_scaled(multipliers))
        values.update(answer)
    return _completed(values, bounds, relations, eliminated, printed, SIGN_OPEN if open_signs else TWO_ROUNDINGS)


def _scaled(multipliers: tuple[Multiplier, ...]) -> tuple[Multiplier, ...]:
    """The same contradiction with the smallest whole multipliers."""
    common = 1
    for one in multipliers:
        common = common * one.by.denominator // _gcd(common, one.by.denominator)
    divisor = 0
    for one in multipliers:
        divisor = _gcd(divisor, int(one.by * common))
    by = Fraction(common, divisor or 1)
    return tuple(Multiplier(one.relation, one.end, one.by * by, one.by_factor) for one in multipliers)


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


def _completed(
    values: dict[str, Fraction],
    bounds: Mapping[str, Bounds],
    relations: Sequence[Relation],
    eliminated: Sequence[int],
    printed: Mapping[str, Fraction],
    reason: Message,
) -> Outcome:
    """Gives the rates that were left out of the rows a value, and those figures that no row holds."""
    left = dict(bounds)
    for name, value in values.items():
        left[name] = Bounds.point(value)
    rates = {product.factor for number in eliminated for product in relations[number].products}
    for name, one in bounds.items():
        if name not in values and name not in rates:
            values[name] = near(one, printed.get(name))
            left[name] = Bounds.point(values[name])
    for number in eliminated:
        relation = relations[number]
        if len(relation.products) == 1:
            narrowed = _room_of_rate(relation, relation.products[0], left)
            if narrowed is None:
                return Outcome(None, reason=reason)
            left[relation.products[0].factor] = narrowed
            continue
        for product in relation.products:
            narrowed = _room_of_rate(relation, product, left)
            if narrowed is None:
                return Outcome(None, reason=reason)
            left[product.factor] = Bounds.point(near(narrowed, printed.get(product.factor)))
    for name in rates:
        if name not in values:
            values[name] = near(left[name], printed.get(name))
    points = {name: Bounds.point(value) for name, value in values.items()}
    if not all(reach(relations[number], points).meets(relations[number].bounds) for number in eliminated):
        return Outcome(None, reason=reason)
    return Outcome(True, witness=values)


def _room_of_rate(relation: Relation, product: Product, bounds: Mapping[str, Bounds]) -> Bounds | None:
    """The values of a rate that its relation allows, the figures being given; ``None`` when there is none."""
    rest = weighted(relation.terms, bounds)
    for other in relation.products:
        if other is not product:
            rest = rest + bounds[other.factor] * weighted(other.terms, bounds)
    whole = weighted(product.terms, bounds)
    if not whole.is_point or whole.lower is None:
        return None
    room = relation.bounds - rest
    if whole.lower == 0:
        return bounds[product.factor] if room.contains(0) else None
    return bounds[product.factor].intersection(room * (1 / whole.lower))
