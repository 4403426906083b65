"""A system over whole numbers: every end times one common scale, so that a search adds and compares integers only.

Open ends are taken as closed here, and relations one at a time: what this finds broken is broken, and what it lets
pass is decided by ``feasibility``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm
from typing import Final, NamedTuple

from subsidy_rules.bounds import Bounds
from subsidy_rules.diagnosis.relations import Relation, System
from subsidy_rules.diagnosis.slips import Kind
from subsidy_rules.figures import Amount, Figure, Percentage
from subsidy_rules.rounding import half_units

__all__ = ["ENDLESS", "Changes", "Rel", "Scaled", "Value", "reprinted"]

ENDLESS: Final = 10**300
"""Stands for an end that is not there; no figure has so many digits."""


class Value(NamedTuple):
    """A figure as a repair would have it: ends and printed form, the weight of that change and its kind."""

    low: int
    high: int
    n: int
    decimals: int
    weight: int
    kind: Kind


Changes = dict[int, Value]
"""Changed figures, by number."""

_FAR: Final = ENDLESS // 2
_FAR_BELOW: Final = -_FAR
_NOTHING: Final = Value(0, 0, 0, 0, 0, "retyped")


@dataclass(slots=True)
class Rel:
    """``Σ weights[j] · x + Σ factor · (Σ weights[j] · x)`` lies in [low, high]; ``names`` are all its figures.

    ``total`` is the figure that the others make up, ``result`` what a subtraction leaves; ``tight`` marks an equality
    whose figures all have one value; ``base`` is the reach of the part without products before any change. ``share``
    is set where the relation is a rate of one figure: that figure, its weight, the rate, the whole and its weight.
    """

    weights: dict[int, int]
    products: list[tuple[int, dict[int, int]]]
    low: int
    high: int
    names: tuple[int, ...]
    total: int | None
    result: int | None
    two_sided: bool
    tight: bool = False
    base: tuple[int, int] = (0, 0)
    share: tuple[int, int, int, int, int] | None = None


class Scaled:
    """Figures by number with their whole ends, relations by number, and what each leaves the others.

    ``work`` counts the relations evaluated: searches are bounded by it.
    """

    def __init__(self, system: System, bounds: Mapping[str, Bounds] | None = None) -> None:
        self.system = system
        self.relations = system.all_relations()
        self.names = [*system.figures, *system.unread()]
        self.index = {name: j for j, name in enumerate(self.names)}
        self.figures: list[Figure | None] = [system.figures.get(name) for name in self.names]
        self.ends = [system.bounds(name) if bounds is None else bounds[name] for name in self.names]
        self.scale = self._common_scale()
        self.low = [self._whole(bounds.lower, -1) for bounds in self.ends]
        self.high = [self._whole(bounds.upper, 1) for bounds in self.ends]
        self.point = [low == high for low, high in zip(self.low, self.high, strict=True)]
        self.free = [
            figure is not None and name not in system.fixed
            for name, figure in zip(self.names, self.figures, strict=True)
        ]
        self.not_negative = [name in system.nonnegative for name in self.names]
        self._steps: dict[tuple[int, int], int] = {}
        # The rounding mode of figures of more than one value that no word loosens.
        self._modes = [
            None
            if figure is None or (figure.qualifier is not None and name not in system.modes)
            else system.modes.get(name, system.mode)
            for name, figure in zip(self.names, self.figures, strict=True)
        ]
        self._shown = [
            ENDLESS if figure is None else low if point else figure.n * self.step(j, figure.decimals)
            for j, (figure, low, point) in enumerate(zip(self.figures, self.low, self.point, strict=True))
        ]
        self.of_figure: list[list[int]] = [[] for _ in self.names]
        self.rels: list[Rel] = []
        for relation in self.relations:
            self.rels.append(self._compiled(relation))
        self.said = len(self.rels)
        for i, rel in enumerate(self.rels):
            for j in rel.names:
                self.of_figure[j].append(i)
        self.work = 0

    # -- making it --------------------------------------------------------------------------------------------------

    def _common_scale(self) -> int:
        """A number that turns every end into a whole one, also for figures printed with more decimals."""
        denominators = [1]
        for figure, bounds in zip(self.figures, self.ends, strict=True):
            denominators += [end.denominator for end in (bounds.lower, bounds.upper) if end is not None]
            if figure is None:
                continue
            finest = figure.unit
            if isinstance(figure, Percentage):
                finest /= 1000
            elif isinstance(figure, Amount) and figure.decimals == 0:
                finest = min(finest, figure.unit / 100)
            denominators.append((finest if bounds.is_point else finest / 2).denominator)
        return lcm(*denominators)

    def _whole(self, end: Fraction | None, side: int) -> int:
        return side * ENDLESS if end is None else int(end * self.scale)

    def _compiled(self, relation: Relation) -> Rel:
        """The relation times its own denominators; products carry the scale twice, so its terms get it once more."""
        parts = [weight for _, weight in relation.terms]
        parts += [weight for product in relation.products for _, weight in product.terms]
        bounds = relation.bounds
        by = lcm(*(one.denominator for one in (*parts, bounds.lower, bounds.upper) if one is not None))
        once = self.scale if relation.products else 1
        reach = by * self.scale * once
        # A total that is also one of its parts cancels out: it is then no total.
        spoken = {name for name, _ in relation.terms}
        rel = Rel(
            weights={self.index[name]: int(weight * by) * once for name, weight in relation.terms},
            products=[
                (self.index[product.factor], {self.index[name]: int(weight * by) for name, weight in product.terms})
                for product in relation.products
            ],
            low=-ENDLESS if bounds.lower is None else int(bounds.lower * reach),
            high=ENDLESS if bounds.upper is None else int(bounds.upper * reach),
            names=tuple(self.index[name] for name in relation.names()),
            total=self.index[relation.total] if relation.total in spoken else None,
            result=self.index[relation.result] if relation.result in spoken else None,
            two_sided=bounds.lower is not None and bounds.upper is not None,
        )
        rel.tight = rel.low == rel.high and all(self.point[j] for j in rel.names)
        rel.base = self._spread(rel.weights, {})
        if len(rel.names) == 3 and len(rel.weights) == len(rel.products) == 1 and len(rel.products[0][1]) == 1:
            (part, weight), (factor, whole) = next(iter(rel.weights.items())), rel.products[0]
            rel.share = (part, weight, factor, *next(iter(whole.items())))
        return rel

    def derive(self, relation: Relation) -> int:
        """The number of a relation that follows from others, made for a search."""
        self.rels.append(self._compiled(relation))
        return len(self.rels) - 1

    # -- figures ----------------------------------------------------------------------------------------------------

    def step(self, j: int, decimals: int) -> int:
        """The worth of one unit of the last place of figure ``j`` when it is printed with ``decimals``."""
        known = self._steps.get((j, decimals))
        if known is None:
            figure = self.figures[j]
            assert figure is not None
            known = int(replace(figure, decimals=decimals).unit * self.scale)
            self._steps[j, decimals] = known
        return known

    def shown(self, j: int) -> int:
        """The printed value of figure ``j``."""
        return self._shown[j]

    def printed(self, j: int, n: int, decimals: int) -> tuple[int, int]:
        """The ends of figure ``j`` if it were printed as ``n`` with ``decimals``."""
        figure = self.figures[j]
        assert figure is not None
        if self.point[j]:
            whole = n * self.step(j, decimals)
            return whole, whole
        mode = self._modes[j]
        if mode is not None:
            below, _, above, _ = half_units(n, mode)
            half = self.step(j, decimals) // 2
            return (2 * n + below) * half, (2 * n + above) * half
        bounds = self.system.bounds(self.names[j], reprinted(figure, n, decimals))
        return self._whole(bounds.lower, -1), self._whole(bounds.upper, 1)

    def ends_of(self, j: int, changes: Changes) -> tuple[int, int]:
        """The ends of figure ``j`` under ``changes``."""
        value = changes.get(j)
        return (self.low[j], self.high[j]) if value is None else (value.low, value.high)

    # -- relations --------------------------------------------------------------------------------------------------

    def _spread(self, weights: Mapping[int, int], changes: Changes) -> tuple[int, int]:
        low = high = 0
        for j, weight in weights.items():
            a, b = self.ends_of(j, changes)
            if weight < 0:
                a, b = b, a
            low += weight * a
            high += weight * b
        return low, high

    def _plain(self, rel: Rel, changes: Changes, skipped: int = -1) -> tuple[int, int]:
        """The reach of the part without products; the figure ``skipped`` left out."""
        low, high = rel.base
        weights = rel.weights
        for j, value in changes.items():
            weight = weights.get(j)
            if weight is None or j == skipped:
                continue
            if weight > 0:
                low += weight * (value.low - self.low[j])
                high += weight * (value.high - self.high[j])
            else:
                low += weight * (value.high - self.high[j])
                high += weight * (value.low - self.low[j])
        weight = weights.get(skipped)
        if weight is not None:
            a, b = weight * self.low[skipped], weight * self.high[skipped]
            low, high = (low - a, high - b) if weight > 0 else (low - b, high - a)
        return low, high

    def reach(self, rel: Rel, changes: Changes) -> tuple[int, int]:
        """The smallest and the largest value of the left side under ``changes``."""
        self.work += 1
        low, high = self._plain(rel, changes)
        if rel.share is not None:
            _, _, factor, whole, by = rel.share
            a, b = self.ends_of(factor, changes)
            c, d = self.ends_of(whole, changes)
            first, last = _times(a, b, c * by, d * by)
            return low + first, high + last
        for factor, weights in rel.products:
            first, last = _times(*self.ends_of(factor, changes), *self._spread(weights, changes))
            low += first
            high += last
        return low, high

    def broken(self, rel: Rel, changes: Changes) -> bool:
        """True when no values within the ends satisfy ``rel``."""
        low, high = self.reach(rel, changes)
        return low > rel.high or high < rel.low

    def room(self, rel: Rel, j: int, changes: Changes) -> tuple[int, int]:
        """The values of figure ``j`` that ``rel`` allows, the others being within their ends (never too few).

        The ends are rounded inwards, so the first may be one above the second: whole stretches still meet it rightly.
        """
        self.work += 1
        if not rel.products:
            weight = rel.weights.get(j, 0)
            low, high = self._plain(rel, changes, j)
            return _quotient(rel.low - high, rel.high - low, weight, weight)
        if rel.share is not None:
            return self._room_of_share(rel, rel.share, j, changes)
        weight = rel.weights.get(j, 0)
        low, high = self._plain(rel, changes, j)
        without = {**changes, j: _NOTHING}
        gentle = steep = weight
        for factor, weights in rel.products:
            if factor == j:
                c, d = self._spread(weights, changes)
                gentle, steep = gentle + c, steep + d
                continue
            a, b = self.ends_of(factor, changes)
            by = weights.get(j)
            if by is not None:
                gentle += by * (a if by > 0 else b)
                steep += by * (b if by > 0 else a)
            first, last = _times(a, b, *self._spread(weights, without))
            low += first
            high += last
        return _quotient(rel.low - high, rel.high - low, gentle, steep)

    def _room_of_share(
        self, rel: Rel, share: tuple[int, int, int, int, int], j: int, changes: Changes
    ) -> tuple[int, int]:
        """The same where one figure is a rate of another: nearly all relations with a product are."""
        part, weight, factor, whole, by = share
        if j == part:
            low, high = _times(*self.ends_of(factor, changes), *self.ends_of(whole, changes))
            gentle = steep = weight
            if by < 0:
                low, high = high, low
            low, high = by * low, by * high
        else:
            low, high = self.ends_of(part, changes)
            if weight < 0:
                low, high = high, low
            low, high = weight * low, weight * high
            gentle, steep = self.ends_of(factor if j == whole else whole, changes)
            if by < 0:
                gentle, steep = steep, gentle
            gentle, steep = by * gentle, by * steep
        return _quotient(rel.low - high, rel.high - low, gentle, steep)

    def groups(self) -> Iterator[list[int]]:
        """Numbers of relations whose figures are tied together."""
        leader = list(range(len(self.names)))

        def find(j: int) -> int:
            while leader[j] != j:
                leader[j] = leader[leader[j]]
                j = leader[j]
            return j

        for rel in self.rels:
            first = find(rel.names[0])
            for j in rel.names[1:]:
                leader[find(j)] = first
        owned: dict[int, list[int]] = {}
        for i, rel in enumerate(self.rels):
            owned.setdefault(find(rel.names[0]), []).append(i)
        yield from owned.values()

    def figures_of(self, rels: Sequence[int]) -> list[int]:
        """The figures of some relations."""
        return sorted({j for i in rels for j in self.rels[i].names})


def reprinted(figure: Figure, n: int, decimals: int) -> Figure:
    """The figure with other digits, its kind and the words beside it kept."""
    return replace(figure, n=n, decimals=decimals, text="")


def _times(a: int, b: int, c: int, d: int) -> tuple[int, int]:
    """The ends of the products of [a, b] and [c, d], the second in any order."""
    if c > d:
        c, d = d, c
    if a >= 0:
        return (b if c < 0 else a) * c, (a if d < 0 else b) * d
    corners = (a * c, a * d, b * c, b * d)
    return min(corners), max(corners)


def _quotient(low: int, high: int, gentle: int, steep: int) -> tuple[int, int]:
    """The ``x`` with ``k · x`` in [low, high] for some ``k`` between ``gentle`` and ``steep``."""
    if low > high:
        return ENDLESS, -ENDLESS
    if gentle <= 0 <= steep:
        return -ENDLESS, ENDLESS
    endless_low, endless_high = low <= _FAR_BELOW, high >= _FAR
    if gentle == steep and not endless_low and not endless_high:
        return (-(-low // gentle), high // gentle) if gentle > 0 else (-(-high // gentle), low // gentle)
    firsts: list[int] = []
    lasts: list[int] = []
    for end, endless in ((low, endless_low), (high, endless_high)):
        if not endless:
            firsts += [-(-end // gentle), -(-end // steep)]
            lasts += [end // gentle, end // steep]
    if steep < 0:
        endless_low, endless_high = endless_high, endless_low
    return (
        -ENDLESS if endless_low or not firsts else min(firsts),
        ENDLESS if endless_high or not lasts else max(lasts),
    )
