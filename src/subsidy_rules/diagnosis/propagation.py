"""Trees of totals: bounds carried from the leaves to a root and values carried back.

When no two ways lead from one figure to another (a total of totals, a balance under it), the bounds that reach a
figure from its branches are exactly the values it can take, so one pass up decides and one pass down gives a witness.
The cost is linear in the number of terms. Systems with cycles go to ``simplex``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from subsidy_rules.bounds import Bounds
from subsidy_rules.diagnosis.rows import Conflict, End, Row, near

__all__ = ["is_tree", "propagate"]


def is_tree(rows: Sequence[Row], figures: int) -> bool:
    """True when connected ``rows`` over that many figures hold no cycle."""
    return sum(len(row.weights) for row in rows) == len(rows) + figures - 1


@dataclass(slots=True)
class _Known:
    """What is known of a figure from its branches, and the row that gave each end (``None``: its own bounds)."""

    bounds: Bounds
    lower_row: int | None = None
    upper_row: int | None = None


def propagate(
    rows: Sequence[Row], bounds: Mapping[str, Bounds], printed: Mapping[str, Fraction]
) -> dict[str, Fraction] | Conflict:
    """A value for each figure, as near to the printed one as the rows let it be, or the rows that contradict."""
    around: dict[str, list[int]] = {}
    for number, row in enumerate(rows):
        for name in row.weights:
            around.setdefault(name, []).append(number)
    known = {name: _Known(bounds[name]) for name in around}
    root = next(iter(around))
    order, parent = _order(rows, around, root)
    for name in reversed(order):
        here = known[name]
        for number in around[name]:
            if number == parent[name]:
                continue
            clash = _tighten(here, name, rows[number], number, known)
            if clash:
                return Conflict(_clash_of(clash, name, rows, known))
    values: dict[str, Fraction] = {root: near(known[root].bounds, printed.get(root))}
    for name in order:
        for number in around[name]:
            if number != parent[name]:
                _spread(rows[number], name, values, known, printed)
    return values


def _order(rows: Sequence[Row], around: Mapping[str, list[int]], root: str) -> tuple[list[str], dict[str, int | None]]:
    """The figures from the root outwards, and for each the row that leads back to the root."""
    parent: dict[str, int | None] = {root: None}
    order = [root]
    for name in order:
        for number in around[name]:
            if number == parent[name]:
                continue
            for other in rows[number].weights:
                if other not in parent:
                    parent[other] = number
                    order.append(other)
    return order, parent


def _tighten(here: _Known, name: str, row: Row, number: int, known: Mapping[str, _Known]) -> tuple[Side, Side] | None:
    """Narrows ``here`` by ``row``; when nothing is left, the two sides that exclude each other."""
    weight = row.weights[name]
    rest = row.bounds
    for other, by in row.weights.items():
        if other != name:
            rest = rest - known[other].bounds * by
    implied = rest * (1 / weight)
    old = here.bounds
    met = old.intersection(implied)
    if met is None:
        if implied.is_below(old):
            return (("upper", number), ("lower", here.lower_row))
        return (("lower", number), ("upper", here.upper_row))
    if (met.lower, met.lower_closed) != (old.lower, old.lower_closed):
        here.lower_row = number
    if (met.upper, met.upper_closed) != (old.upper, old.upper_closed):
        here.upper_row = number
    here.bounds = met
    return None


Side = tuple[End, int | None]


def _clash_of(
    sides: tuple[Side, Side], name: str, rows: Sequence[Row], known: Mapping[str, _Known]
) -> dict[tuple[int, End], Fraction]:
    """The rows that prove both sides, with positive multipliers: figures that stay are held by their own bounds."""
    found: dict[tuple[int, End], Fraction] = {}
    pending: list[tuple[str, End, int | None, Fraction]] = [(name, end, row, Fraction(1)) for end, row in sides]
    while pending:
        figure, end, number, by = pending.pop()
        if number is None:
            continue
        row = rows[number]
        weight = row.weights[figure]
        # An upper end of a figure with a positive weight comes from the upper end of the row; signs swap it.
        row_end: End = end if weight > 0 else _OTHER[end]
        share = by / abs(weight)
        key = (number, row_end)
        found[key] = found.get(key, Fraction(0)) + share
        for other, other_weight in row.weights.items():
            if other == figure:
                continue
            needs: End = "lower" if (other_weight > 0) == (row_end == "upper") else "upper"
            state = known[other]
            source = state.lower_row if needs == "lower" else state.upper_row
            pending.append((other, needs, source, share * abs(other_weight)))
    return found


_OTHER: dict[End, End] = {"upper": "lower", "lower": "upper"}


def _spread(
    row: Row,
    name: str,
    values: dict[str, Fraction],
    known: Mapping[str, _Known],
    printed: Mapping[str, Fraction],
) -> None:
    """Gives each other figure of ``row`` a value, one after the other, leaving room for those still to come."""
    target = row.bounds - row.weights[name] * values[name]
    others = [other for other in row.weights if other != name]
    # Room that the figures after each one can still take, from the last to the first.
    later = [Bounds.point(0)]
    for other in reversed(others[1:]):
        later.append(later[-1] + known[other].bounds * row.weights[other])
    for other in others:
        weight = row.weights[other]
        allowed = ((target - later.pop()) * (1 / weight)).intersection(known[other].bounds)
        assert allowed is not None, "the pass upwards left room for this value"
        values[other] = near(allowed, printed.get(other))
        target = target - weight * values[other]
