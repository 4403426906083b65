"""A quick answer, inside a search, to whether relations that hold one by one hold together.

Rows over whole numbers are carried up a tree of totals, as ``propagation`` does with its proofs and witnesses; here
only the answer counts. Cycles, open ends and products of two rounded figures are left to ``feasibility`` (``None``).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from subsidy_rules.diagnosis.scaled import ENDLESS, Changes, Rel, Scaled

__all__ = ["hold_together"]

Whole = int | Fraction
Row = tuple[dict[int, int], int, int]


def hold_together(scaled: Scaled, rels: Sequence[int], changes: Changes) -> bool | None:
    """True or False when the figures that are not of one value form trees; ``None`` when another method must tell."""
    rows: list[Row] = []
    for i in rels:
        row = _row(scaled, scaled.rels[i], changes)
        if row is None:
            return None
        if len(row[0]) > 0:
            rows.append(row)
    around: dict[int, list[int]] = {}
    entries = 0
    for number, (weights, _, _) in enumerate(rows):
        entries += len(weights)
        for j in weights:
            around.setdefault(j, []).append(number)
    visited: set[int] = set()
    trees = 0
    for root in around:
        if root not in visited:
            trees += 1
            held = _upwards(scaled, rows, around, root, changes, visited)
            if held is not True:
                return held
    return True if entries == len(rows) + len(around) - trees else None


def _row(scaled: Scaled, rel: Rel, changes: Changes) -> Row | None:
    """The relation over its figures of more than one value, the others put in place; ``None`` when it is no row."""
    weights: dict[int, int] = {}
    fixed = least = most = 0
    for j, weight in rel.weights.items():
        low, high = scaled.ends_of(j, changes)
        if low == high:
            fixed += weight * low
        else:
            weights[j] = weight
    for factor, others in rel.products:
        low, high = scaled.ends_of(factor, changes)
        ends = {j: scaled.ends_of(j, changes) for j in others}
        loose = [j for j, (a, b) in ends.items() if a != b]
        if low == high:
            for j, weight in others.items():
                if j in loose:
                    weights[j] = weights.get(j, 0) + low * weight
                else:
                    fixed += low * weight * ends[j][0]
        elif not loose:
            # The relation has its own value of the rate, so the rate only widens what the rest may be.
            whole = sum(weight * ends[j][0] for j, weight in others.items())
            least += min(low * whole, high * whole)
            most += max(low * whole, high * whole)
        else:
            return None
    weights = {j: weight for j, weight in weights.items() if weight}
    return weights, rel.low - fixed - most, rel.high - fixed - least


def _upwards(
    scaled: Scaled, rows: Sequence[Row], around: dict[int, list[int]], root: int, changes: Changes, visited: set[int]
) -> bool | None:
    """Carries bounds from the leaves to ``root``; ``None`` when a figure is met twice."""
    order: list[tuple[int, int]] = [(root, -1)]
    visited.add(root)
    for j, above in order:
        for number in around[j]:
            if number == above:
                continue
            for k in rows[number][0]:
                if k == j:
                    continue
                if k in visited:
                    return None
                visited.add(k)
                order.append((k, number))
    known: dict[int, tuple[Whole, Whole]] = {}
    for j, above in reversed(order):
        low: Whole
        high: Whole
        low, high = scaled.ends_of(j, changes)
        for number in around[j]:
            if number == above:
                continue
            weights, least, most = rows[number]
            first: Whole = least
            last: Whole = most
            for k, weight in weights.items():
                if k == j:
                    continue
                a, b = known[k]
                first -= weight * (b if weight > 0 else a)
                last -= weight * (a if weight > 0 else b)
            first, last = _divided(first, last, weights[j])
            low, high = max(low, first), min(high, last)
        if low > high:
            return False
        known[j] = (low, high)
    return True


def _divided(first: Whole, last: Whole, by: int) -> tuple[Whole, Whole]:
    if by < 0:
        first, last, by = -last, -first, -by
    if by == 1:
        return first, last
    return _over(first, by), _over(last, by)


def _over(value: Whole, by: int) -> Whole:
    if isinstance(value, int):
        if abs(value) >= ENDLESS // 2:
            return value
        whole, left = divmod(value, by)
        if not left:
            return whole
    return Fraction(value, by) if isinstance(value, int) else value / by
