"""Which figures, changed to what, make every claim true again: the search, and the weight of each answer.

A repair must change a figure of every broken relation (the hitting-set idea of Fellegi and Holt, 1976), and the values
to try are those that a slip explains (Scholtus 2009). From a broken relation the search goes on by changing one figure
of it to a value that the relation allows, or two figures of it at once, or by undoing a slip that touches several
figures (two swapped, running totals), until nothing is broken; states wait in a queue, the likeliest first. When each
relation holds but all together do not, the contradiction found by ``feasibility`` is itself a broken relation.

The weight of a repair is the probability of what is printed, given what was meant: a product over the changed figures
of the odds of a slip and the probability of that slip (``slips``), times how plausible the meant figures are: the
figures of one record share one unknown scale, so their density falls with the square of the largest. All weights are
whole numbers; the same input always gives the same answer. The search is bounded by counts, never by a clock; what it
leaves aside is weighed too (``unlisted``), so that probabilities are not exaggerated.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from heapq import heappop, heappush
from itertools import accumulate, pairwise
from math import lcm
from typing import Final, NamedTuple

from subsidy_rules.bounds import Bounds
from subsidy_rules.diagnosis.certificates import combined
from subsidy_rules.diagnosis.feasibility import settle_bounds
from subsidy_rules.diagnosis.relations import Relation, System
from subsidy_rules.diagnosis.slips import SCALE, SHARES, SLIP_ODDS, Kind, candidates, free_weight
from subsidy_rules.figures import Amount, Figure, Percentage

__all__ = ["MOST_CHANGES", "MOST_STATES", "Answer", "Found", "Limits", "search"]

MOST_CHANGES: Final = 12
MOST_STATES: Final = 6_000
MOST_FOUND: Final = 300
MOST_PAIRS: Final = 1_500
"""Limits of one search: changed figures, states opened, repairs kept, pairs of figures tried for one relation."""

ENDLESS: Final = 10**300
"""Stands for an end that is not there; no figure has so many digits."""

FULL: Final = 10**90
"""The weight of changing nothing; a change divides it by what the change is worth."""

NEGLIGIBLE: Final = 10**6
"""States this many times less likely than the best repair are not opened."""

TYPICAL: Final = (1, 1500)
"""About the weight of a likely change: what a state still has to pay for each broken relation of its own."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a search may cost and what it may touch."""

    states: int = MOST_STATES
    changes: int = MOST_CHANGES
    kinds: frozenset[Kind] | None = None


class Value(NamedTuple):
    """A figure as a repair would have it: ends and printed form, the weight of that change and its kind."""

    low: int
    high: int
    n: int
    decimals: int
    weight: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class Found:
    """One repair: new printed form and kind of slip by figure, and its weight among the repairs of the record."""

    changes: Mapping[str, tuple[int, int]]
    kinds: Mapping[str, Kind]
    weight: int


@dataclass(frozen=True, slots=True)
class Answer:
    """Repairs of one connected group of figures, the likeliest first.

    ``unlisted`` is the weight of what was weighed without being listed; ``complete`` is False when a limit was met.
    """

    found: tuple[Found, ...]
    unlisted: int
    complete: bool


Changes = dict[int, Value]
Kept = tuple[int, tuple[int, ...], Changes, str]
"""Of a state in the queue: weight, broken relations, changes, and the slip over several figures that it supposes."""


@dataclass(slots=True)
class _Rel:
    """A relation over whole numbers: ``weights[j] · x`` and ``factor · Σ weights[j] · x`` in [low, high]."""

    weights: dict[int, int]
    products: list[tuple[int, dict[int, int]]]
    low: int
    high: int
    names: tuple[int, ...]
    total: int | None = None
    two_sided: bool = True
    base: tuple[int, int] = (0, 0)
    constant_sum: bool = False


@dataclass(slots=True)
class _Queue:
    """States to open, the likeliest first; equal ones in the order they came."""

    heap: list[tuple[int, int, Kept]] = field(default_factory=list)
    count: int = 0
    seen: set[tuple[frozenset[tuple[int, int, int]], str]] = field(default_factory=set)

    def push(self, promise: int, kept: Kept) -> None:
        if promise <= 0:
            return
        key = (frozenset((j, value.n, value.decimals) for j, value in kept[2].items()), kept[3])
        if key in self.seen:
            return
        self.seen.add(key)
        self.count += 1
        heappush(self.heap, (-promise, self.count, kept))


def search(
    system: System, limits: Limits = Limits(), previous: Mapping[str, Figure] | None = None
) -> list[tuple[frozenset[str], Answer]]:
    """The repairs of each connected group of figures in which some relation is broken."""
    problem = _Problem(system, limits, previous or {})
    return [(frozenset(problem.names[j] for j in group), problem.explore(rels)) for group, rels in problem.groups()]


class _Problem:
    """A system over whole numbers, and the moves that a search makes in it."""

    def __init__(self, system: System, limits: Limits, previous: Mapping[str, Figure]) -> None:
        self.system = system
        self.limits = limits
        self.previous = previous
        self.relations = system.all_relations()
        self.names = [*system.figures, *system.unread()]
        self.index = {name: j for j, name in enumerate(self.names)}
        self.figures: list[Figure | None] = [system.figures.get(name) for name in self.names]
        self.ends = [system.bounds(name) for name in self.names]
        self.scale = self._common_scale()
        self.low = [self._whole(bounds.lower, -1) for bounds in self.ends]
        self.high = [self._whole(bounds.upper, 1) for bounds in self.ends]
        self.point = [low == high for low, high in zip(self.low, self.high, strict=True)]
        self.free = [
            figure is not None and name not in system.fixed
            for name, figure in zip(self.names, self.figures, strict=True)
        ]
        self.not_negative = [name in system.nonnegative for name in self.names]
        self.of_figure: list[list[int]] = [[] for _ in self.names]
        self.rels = [self._compiled(relation) for relation in self.relations]
        for i, rel in enumerate(self.rels):
            for j in rel.names:
                self.of_figure[j].append(i)
        self.derived = len(self.rels)
        self._values: dict[int, _Values] = {}
        self._steps: dict[tuple[int, int], int] = {}
        self.uniform = [
            figure is not None and figure.qualifier is None and system.modes.get(name, system.mode) != "half_to_even"
            for name, figure in zip(self.names, self.figures, strict=True)
        ]
        self._extra = self._contextual()
        self.money = [isinstance(figure, Amount) for figure in self.figures]

    # -- compiling ------------------------------------------------------------------------------------------------

    def _common_scale(self) -> int:
        """A number that turns every end, also of figures with more decimals or rounded, into a whole number."""
        denominators = [1]
        for figure, bounds in zip(self.figures, self.ends, strict=True):
            if bounds.lower is not None:
                denominators.append(bounds.lower.denominator)
            if bounds.upper is not None:
                denominators.append(bounds.upper.denominator)
            if figure is not None:
                finest = figure.unit
                if isinstance(figure, Percentage):
                    finest /= 1000
                elif isinstance(figure, Amount) and figure.decimals == 0 and not figure.exponent:
                    finest = min(finest, Fraction(1, 100))
                denominators.append(2 * finest.denominator if not bounds.is_point else finest.denominator)
                if not bounds.is_point:
                    denominators.append((finest / 2).denominator)
        return lcm(*denominators)

    def _whole(self, end: Fraction | None, side: int) -> int:
        return side * ENDLESS if end is None else int(end * self.scale)

    def _compiled(self, relation: Relation) -> _Rel:
        """The relation times its own common denominator; products carry the scale twice, so terms get it once more."""
        parts = [weight for _, weight in relation.terms]
        parts += [weight for product in relation.products for _, weight in product.terms]
        ends = [end for end in (relation.bounds.lower, relation.bounds.upper) if end is not None]
        by = lcm(*(part.denominator for part in (*parts, *ends)))
        once = self.scale if relation.products else 1
        weights = {self.index[name]: int(weight * by) * once for name, weight in relation.terms}
        products = [
            (self.index[product.factor], {self.index[name]: int(weight * by) for name, weight in product.terms})
            for product in relation.products
        ]
        reach = by * self.scale * once
        low = -ENDLESS if relation.bounds.lower is None else int(relation.bounds.lower * reach)
        high = ENDLESS if relation.bounds.upper is None else int(relation.bounds.upper * reach)
        rel = _Rel(weights, products, low, high, tuple(self.index[name] for name in relation.names()))
        rel.total = None if relation.total is None else self.index[relation.total]
        rel.two_sided = relation.bounds.lower is not None and relation.bounds.upper is not None
        rel.constant_sum = relation.kind == "shares_total" or (
            len(weights) > 1
            and not products
            and relation.bounds.is_point
            and relation.bounds.lower == 100
            and all(isinstance(self.figures[j], Percentage) for j in weights)
        )
        rel.base = self._linear(rel, {})
        return rel

    def _linear(self, rel: _Rel, changes: Changes) -> tuple[int, int]:
        low = high = 0
        for j, weight in rel.weights.items():
            value = changes.get(j)
            a, b = (self.low[j], self.high[j]) if value is None else (value.low, value.high)
            if weight > 0:
                low += weight * a
                high += weight * b
            else:
                low += weight * b
                high += weight * a
        return low, high

    # -- values of relations --------------------------------------------------------------------------------------

    def ends_of(self, j: int, changes: Changes) -> tuple[int, int]:
        """The ends of figure ``j`` under ``changes``."""
        value = changes.get(j)
        return (self.low[j], self.high[j]) if value is None else (value.low, value.high)

    def reach(self, rel: _Rel, changes: Changes) -> tuple[int, int]:
        """The smallest and the largest value of the left side under ``changes`` (open ends taken as closed)."""
        low, high = rel.base
        for j, value in changes.items():
            weight = rel.weights.get(j)
            if weight is None:
                continue
            if weight > 0:
                low += weight * (value.low - self.low[j])
                high += weight * (value.high - self.high[j])
            else:
                low += weight * (value.high - self.high[j])
                high += weight * (value.low - self.low[j])
        for factor, weights in rel.products:
            a, b = self.ends_of(factor, changes)
            c, d = self._spread(weights, changes)
            corners = (a * c, a * d, b * c, b * d)
            low += min(corners)
            high += max(corners)
        return low, high

    def _spread(self, weights: Mapping[int, int], changes: Changes) -> tuple[int, int]:
        low = high = 0
        for j, weight in weights.items():
            a, b = self.ends_of(j, changes)
            low += weight * (a if weight > 0 else b)
            high += weight * (b if weight > 0 else a)
        return low, high

    def broken(self, rel: _Rel, changes: Changes) -> bool:
        """True when no values within the ends satisfy ``rel``."""
        low, high = self.reach(rel, changes)
        return low > rel.high or high < rel.low

    def room(self, rel: _Rel, j: int, changes: Changes) -> tuple[int, int]:
        """The values of figure ``j`` that ``rel`` allows, the others being within their ends (never too few)."""
        without = {**changes, j: _NOTHING}
        weight = rel.weights.get(j, 0)
        if not rel.products:
            # Taking the figure out of the sum: its own contribution becomes zero.
            low, high = self.reach(rel, without)
            return _quotient(rel.low - high, rel.high - low, weight, weight)
        low = high = 0
        steep = gentle = weight
        for factor, weights in rel.products:
            if factor == j:
                c, d = self._spread(weights, changes)
                steep, gentle = steep + d, gentle + c
                continue
            a, b = self.ends_of(factor, changes)
            by = weights.get(j)
            if by is not None:
                corners = (a * by, b * by)
                steep, gentle = steep + max(corners), gentle + min(corners)
            c, d = self._spread(weights, without)
            products = (a * c, a * d, b * c, b * d)
            low += min(products)
            high += max(products)
        a, b = self._linear(rel, without)
        return _quotient(rel.low - high - b, rel.high - low - a, gentle, steep)

    # -- groups ---------------------------------------------------------------------------------------------------

    def groups(self) -> Iterator[tuple[list[int], list[int]]]:
        """Figures tied together by relations, with those relations, where some relation is broken."""
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
        members: dict[int, list[int]] = {}
        for j in range(len(self.names)):
            members.setdefault(find(j), []).append(j)
        owned: dict[int, list[int]] = {}
        for i, rel in enumerate(self.rels):
            owned.setdefault(find(rel.names[0]), []).append(i)
        for top, rels in owned.items():
            if any(self.broken(self.rels[i], {}) for i in rels) or self._contradiction(rels, {}) is not None:
                yield members[top], rels

    # -- candidate values -----------------------------------------------------------------------------------------

    def values(self, j: int) -> _Values:
        """The values of figure ``j`` that one slip explains, in order."""
        known = self._values.get(j)
        if known is None:
            known = _Values(self._made(j))
            self._values[j] = known
        return known

    def _made(self, j: int) -> list[Value]:
        figure = self.figures[j]
        if figure is None or not self.free[j]:
            return []
        found: dict[tuple[int, int], Value] = {}
        listed = [(one.n, one.decimals, one.weight, one.kind) for one in candidates(figure)]
        for n, decimals, weight, kind in (*listed, *self._extra.get(j, ())):
            if self.limits.kinds is not None and kind not in self.limits.kinds:
                continue
            if n < 0 and self.not_negative[j]:
                continue
            worth = weight * SLIP_ODDS[0] // SLIP_ODDS[1]
            if n < 0 <= figure.n and kind != "sign":
                worth //= 50
            old = found.get((n, decimals))
            if old is None:
                low, high = self.printed_ends(j, n, decimals)
                found[n, decimals] = Value(low, high, n, decimals, worth, kind)
            else:
                best = old.kind if old.weight >= worth else kind
                found[n, decimals] = old._replace(weight=old.weight + worth, kind=best)
        found.pop((figure.n, figure.decimals), None)
        return sorted(found.values())

    def printed_ends(self, j: int, n: int, decimals: int) -> tuple[int, int]:
        """The ends of figure ``j`` if it were printed as ``n`` with ``decimals``."""
        figure = self.figures[j]
        assert figure is not None
        if self.point[j]:
            whole = n * self.step(j, decimals)
            return whole, whole
        if decimals == figure.decimals and self.uniform[j] and n and (n > 0) == (figure.n > 0):
            # The same mode at the same place: the same ends, moved.
            by = (n - figure.n) * self.step(j, decimals)
            return self.low[j] + by, self.high[j] + by
        bounds = self.system.bounds(self.names[j], _reprinted(figure, n, decimals))
        return self._whole(bounds.lower, -1), self._whole(bounds.upper, 1)

    def step(self, j: int, decimals: int) -> int:
        """The worth of one unit of the last place of figure ``j`` when it is printed with ``decimals``."""
        known = self._steps.get((j, decimals))
        if known is None:
            figure = self.figures[j]
            assert figure is not None
            known = int(_unit(figure, decimals) * self.scale)
            self._steps[j, decimals] = known
        return known

    def _contextual(self) -> dict[int, list[tuple[int, int, int, Kind]]]:
        """Values that other figures suggest: a line left out of a total or counted twice, a plug in a column of 100."""
        extra: dict[int, list[tuple[int, int, int, Kind]]] = {}
        for rel in self.rels:
            if rel.constant_sum:
                for j in rel.weights:
                    figure = self.figures[j]
                    if figure is not None:
                        weight = SHARES["plug"] // 4
                        for off in (1, -1, 2, -2):
                            extra.setdefault(j, []).append((figure.n + off, figure.decimals, weight, "plug"))
            total = rel.total
            if total is None or rel.products or not self.point[total]:
                continue
            figure = self.figures[total]
            parts = [j for j in rel.weights if j != total and self.point[j] and self.low[j]]
            if figure is None or len(parts) < 2:
                continue
            unit = self.step(total, figure.decimals) * rel.weights[total]
            for j in parts:
                units, left = divmod(-rel.weights[j] * self.low[j], unit)
                if not left:
                    # The total lacks this line: meant = printed + line. It counts it twice: printed - line.
                    more, less = figure.n + units, figure.n - units
                    extra.setdefault(total, []).append(
                        (more, figure.decimals, SHARES["left_out"] // len(parts), "left_out")
                    )
                    extra[total].append((less, figure.decimals, SHARES["counted_twice"] // len(parts), "counted_twice"))
        return extra

    def free_values(self, j: int, low: int, high: int) -> tuple[list[Value], int]:
        """Values in [low, high] that no single slip explains: those that can be named, and the weight of the others."""
        figure = self.figures[j]
        if figure is None or not self.free[j]:
            return [], 0
        if self.not_negative[j]:
            low = max(low, 0 if self.point[j] else -self._half(j))
        step = self.step(j, figure.decimals)
        half = 0 if self.point[j] else self._half(j)
        first, last = -((half - low) // step), (high + half) // step
        count = last - first + 1
        if count <= 0:
            return [], 0
        if count <= 3:
            shown = [n for n in range(first, last + 1) if n != figure.n]
            return [value for n in shown if (value := self._free_value(j, figure, n)) is not None], 0
        one = _roundest(first, last)
        value = self._free_value(j, figure, one)
        if value is None:
            return [], 0
        beside = min(count, 10 ** len(str(abs(figure.n)))) - 1
        return [value], beside * (SHARES["retyped"] // 10 ** len(str(abs(figure.n)))) * SLIP_ODDS[0] // SLIP_ODDS[1]

    def _half(self, j: int) -> int:
        return (self.high[j] - self.low[j]) // 2 if self.high[j] < ENDLESS and self.low[j] > -ENDLESS else 0

    def _free_value(self, j: int, figure: Figure, n: int) -> Value | None:
        weight, kind = free_weight(figure.n, n)
        chances: list[tuple[int, Kind]] = [(weight, kind)]
        if figure.n == 0:
            chances.append((SHARES["blank"], "blank"))
        else:
            same = sum(1 for k, other in enumerate(self.figures) if k != j and self._alike(figure, other))
            if same and not self._tied_to_same(j):
                chances.append((SHARES["copied"] * same // max(1, len(self.figures) - 1), "copied"))
        before = self.previous.get(self.names[j])
        if before is not None and before.fraction == figure.fraction:
            chances.append((SHARES["previous_year"], "previous_year"))
        if self._in_points(j):
            chances.append((SHARES["points"], "points"))
        kinds = self.limits.kinds
        chances = [one for one in chances if kinds is None or one[1] in kinds]
        if not chances:
            return None
        worth = sum(one for one, _ in chances) * SLIP_ODDS[0] // SLIP_ODDS[1]
        if n < 0 <= figure.n:
            worth //= 50
        if worth <= 0:
            return None
        low, high = self.printed_ends(j, n, figure.decimals)
        return Value(low, high, n, figure.decimals, worth, max(chances)[1])

    def _alike(self, figure: Figure, other: Figure | None) -> bool:
        return other is not None and other.fraction == figure.fraction and type(other) is type(figure)

    def _tied_to_same(self, j: int) -> bool:
        """True when a relation says that this figure equals another: the same value twice is then no copy."""
        return any(len(self.rels[i].names) == 2 and not self.rels[i].products for i in self.of_figure[j])

    def _in_points(self, j: int) -> bool:
        """True when figure ``j`` is a printed change between two percentages and equals their difference."""
        for i in self.of_figure[j]:
            rel = self.rels[i]
            for factor, _ in rel.products:
                if factor != j or len(rel.weights) != 2:
                    continue
                if not all(isinstance(self.figures[k], Percentage) for k in rel.weights):
                    continue
                (_, a), (_, b) = ((k, self.ends[k]) for k in rel.weights)
                if (a - b).meets(self.ends[j]) or (b - a).meets(self.ends[j]):
                    return True
        return False

    # -- the search -----------------------------------------------------------------------------------------------

    def explore(self, rels: Sequence[int]) -> Answer:
        """The repairs of the group whose relations are ``rels``."""
        queue = _Queue()
        start = tuple(i for i in rels if self.broken(self.rels[i], {}))
        largest = _Largest(self, rels)
        queue.push(FULL, (FULL, start, {}, ""))
        found: dict[frozenset[tuple[int, int, int]], tuple[int, int, Changes, str]] = {}
        unlisted = opened = best = 0
        complete = True
        exact = self._needs_exact(rels)
        while queue.heap:
            promise, _, (weight, broken, changes, supposed) = heappop(queue.heap)
            if best and -promise * NEGLIGIBLE < best:
                break
            if opened >= self.limits.states or len(found) >= MOST_FOUND:
                complete = False
                unlisted += -promise + sum(-one[0] for one in queue.heap)
                break
            opened += 1
            if not broken and changes:
                row = self._contradiction(rels, changes) if exact else None
                if row is None:
                    final = largest.scaled(weight, changes)
                    key = frozenset((j, value.n, value.decimals) for j, value in changes.items())
                    total, top, kept, kind = found.get(key, (0, 0, changes, supposed))
                    if final > top:
                        top, kept, kind = final, changes, supposed
                    found[key] = (total + final, top, kept, kind)
                    best = max(best, total + final)
                    continue
                broken = (row,)
            elif not broken:
                row = self._contradiction(rels, changes)
                if row is None:
                    break
                broken = (row,)
            if len(changes) >= self.limits.changes:
                complete = False
                unlisted += -promise
                continue
            unlisted += self._open(queue, weight, broken, changes, supposed, largest, best)
        return self._answer(found, unlisted, complete)

    def _answer(
        self,
        found: Mapping[frozenset[tuple[int, int, int]], tuple[int, int, Changes, str]],
        unlisted: int,
        complete: bool,
    ) -> Answer:
        minimal = _without_idle(found)
        answers = []
        for weight, _, changes, supposed in minimal:
            named = sorted(changes.items())
            kinds: dict[str, Kind] = {}
            for j, value in named:
                kinds[self.names[j]] = value.kind
            if supposed:
                for name in supposed.split("\n")[1:]:
                    kinds[name] = _SUPPOSED[supposed.split("\n")[0]]
            answers.append(Found({self.names[j]: (value.n, value.decimals) for j, value in named}, kinds, weight))
        answers.sort(key=lambda one: -one.weight)
        return Answer(tuple(answers), unlisted, complete)

    def _open(
        self,
        queue: _Queue,
        weight: int,
        broken: tuple[int, ...],
        changes: Changes,
        supposed: str,
        largest: _Largest,
        best: int,
    ) -> int:
        """Pushes the states that follow by repairing one broken relation; returns the weight it leaves aside."""
        number = min(broken, key=lambda i: (sum(self._may_change(j, changes) for j in self.rels[i].names), i))
        rel = self.rels[number]

        def push(more: Changes, kind: str = supposed) -> None:
            worth = weight
            for value in more.values():
                worth = worth * value.weight // SCALE
            after = {**changes, **more}
            left = self._still_broken(broken, more, after)
            promise = largest.scaled(worth, after)
            for _ in range(self._apart(left)):
                promise = promise * TYPICAL[0] // TYPICAL[1]
            if promise * NEGLIGIBLE >= best:
                queue.push(promise, (worth, left, after, kind))

        aside = self._singles(number, weight, broken, changes, push)
        # A value that nothing but another relation fixes is found from that relation, so each may come first.
        for other in broken:
            if other != number and self.rels[other].two_sided:
                self._singles(other, weight, broken, changes, push)
        if len(changes) + 2 <= self.limits.changes and rel.two_sided:
            if rel.products:
                self._pairs_of_product(rel, changes, push)
            else:
                aside += self._pairs(number, rel, weight, broken, changes, push)
        if not supposed:
            self._several(rel, changes, push)
        return aside

    def _singles(
        self, number: int, weight: int, broken: tuple[int, ...], changes: Changes, push: Callable[[Changes], None]
    ) -> int:
        """One figure of a broken relation changed so that it holds; returns the weight left aside."""
        rel = self.rels[number]
        aside = 0
        for j in rel.names:
            if not self._may_change(j, changes):
                continue
            low, high = self.room(rel, j, changes)
            listed = self.values(j).between(low, high)
            for value in listed:
                push({j: value})
            named = {(value.n, value.decimals) for value in listed}
            free, beside = self.free_values(j, low, high)
            for value in free:
                if (value.n, value.decimals) not in named:
                    push({j: value})
            if beside:
                aside += self._aside(weight, beside, broken, number)
        return aside

    def _aside(self, weight: int, beside: int, broken: tuple[int, ...], number: int) -> int:
        left = weight * beside // SCALE
        for _ in range(self._apart(tuple(i for i in broken if i != number))):
            left = left * TYPICAL[0] // TYPICAL[1]
        return left

    def _may_change(self, j: int, changes: Changes) -> bool:
        return self.free[j] and j not in changes

    def _still_broken(self, broken: Iterable[int], more: Changes, after: Changes) -> tuple[int, ...]:
        touched = {i for j in more for i in self.of_figure[j]}
        suspects = sorted(touched.union(i for i in broken if i < self.derived))
        return tuple(i for i in suspects if (i in touched or i in broken) and self.broken(self.rels[i], after))

    def _apart(self, broken: tuple[int, ...]) -> int:
        """How many of these relations share no figure: each needs a change of its own."""
        taken: set[int] = set()
        count = 0
        for i in broken:
            names = self.rels[i].names
            if not any(j in taken for j in names):
                taken.update(names)
                count += 1
        return count

    # -- two figures of one relation -------------------------------------------------------------------------------

    def _pairs(
        self,
        number: int,
        rel: _Rel,
        weight: int,
        broken: tuple[int, ...],
        changes: Changes,
        push: Callable[[Changes], None],
    ) -> int:
        """Two slips in one sum: contributions that together fill the gap, found by sorting them."""
        low, high = self.reach(rel, changes)
        least, most = rel.low - high, rel.high - low
        aside = 0
        for members in self._alike_elsewhere(number, rel, broken, changes):
            moves = sorted(move for j in members for move in self._moves(rel, j))
            kept = _fewer(moves, least, most)
            if len(kept) < len(moves):
                mass = _mass(moves, least, most) - _mass(kept, least, most)
                aside += self._aside(weight, max(mass, 0) // SCALE, broken, number)
            starts = [move[0] for move in kept]
            for step, j, value in kept:
                for at in range(bisect_left(starts, least - step), bisect_right(starts, most - step)):
                    _, k, other = kept[at]
                    if k > j:
                        push({j: value, k: other})
        return aside

    def _moves(self, rel: _Rel, j: int) -> Iterator[tuple[int, int, Value]]:
        """How far each likely value of figure ``j`` moves the sum."""
        by = rel.weights[j]
        for value in self.values(j).all:
            yield by * (value.low - self.low[j]) if by > 0 else by * (value.high - self.high[j]), j, value

    def _alike_elsewhere(self, number: int, rel: _Rel, broken: tuple[int, ...], changes: Changes) -> list[list[int]]:
        """Figures of ``rel`` grouped by the other relations that each of them would break by changing.

        Two figures of different groups would leave one of those relations broken, so only pairs inside a group can
        repair anything by themselves.
        """
        groups: dict[frozenset[int], list[int]] = {}
        for j in rel.weights:
            if not self._may_change(j, changes):
                continue
            tight = frozenset(
                i for i in self.of_figure[j] if i != number and i not in broken and self._tight(self.rels[i], j)
            )
            groups.setdefault(tight, []).append(j)
        return [members for members in groups.values() if len(members) > 1]

    def _tight(self, rel: _Rel, j: int) -> bool:
        """True when a change of ``j`` alone surely breaks ``rel``: an equality whose figures all have one value."""
        return rel.low == rel.high and all(self.point[k] for k in rel.names)

    def _pairs_of_product(self, rel: _Rel, changes: Changes, push: Callable[[Changes], None]) -> None:
        """Two slips in a percentage and its figures: for each value of one, the room that it leaves the other."""
        members = [j for j in rel.names if self._may_change(j, changes)]
        if len(members) > 4:
            return
        for a, b in ((a, b) for i, a in enumerate(members) for b in members[i + 1 :]):
            first, second = (a, b) if len(self.values(a).all) <= len(self.values(b).all) else (b, a)
            left = MOST_PAIRS // 5
            for value in sorted(self.values(first).all, key=lambda one: -one.weight):
                after = {**changes, first: value}
                if not self.broken(rel, after):
                    continue
                low, high = self.room(rel, second, after)
                if high - low >= ENDLESS:
                    continue
                for other in self.values(second).between(low, high):
                    push({first: value, second: other})
                    left -= 1
                if left <= 0:
                    break

    # -- slips over several figures --------------------------------------------------------------------------------

    def _several(self, rel: _Rel, changes: Changes, push: Callable[[Changes, str], None]) -> None:
        kinds = self.limits.kinds
        if kinds is None or "swapped" in kinds:
            self._swaps(rel, changes, push)
        if (kinds is None or "cumulated" in kinds) and not rel.products and len(rel.weights) >= 4:
            self._running_totals(rel, changes, push)

    def _swaps(self, rel: _Rel, changes: Changes, push: Callable[[Changes, str], None]) -> None:
        """Two figures printed in each other's place."""
        weight = SHARES["swapped"] // max(1, len(self.names) - 1)
        for j in rel.names:
            if not self._may_change(j, changes):
                continue
            low, high = self.room(rel, j, changes) if not rel.products else (-ENDLESS, ENDLESS)
            for k in range(len(self.names)):
                if k == j or not self._may_change(k, changes) or (k in rel.names and k < j):
                    continue
                if k not in rel.names and not low <= self.high[k] <= high and not low <= self.low[k] <= high:
                    continue
                one, two = self._exchanged(j, k), self._exchanged(k, j)
                if one is None or two is None:
                    continue
                # One slip for both: its probability is on the first, the second goes with it.
                worth = weight * SLIP_ODDS[0] // SLIP_ODDS[1]
                more = {j: one._replace(weight=worth, kind="swapped"), k: two._replace(weight=SCALE, kind="swapped")}
                if not self.broken(rel, {**changes, **more}):
                    push(more, f"swapped\n{self.names[j]}\n{self.names[k]}")

    def _exchanged(self, j: int, k: int) -> Value | None:
        """Figure ``j`` with what is printed for ``k``, when it can be printed there."""
        mine, other = self.figures[j], self.figures[k]
        if mine is None or other is None or type(mine) is not type(other) or mine.fraction == other.fraction:
            return None
        units = other.fraction / mine.unit
        if units.denominator != 1 or (units < 0 and self.not_negative[j]):
            return None
        n = int(units)
        low, high = self.printed_ends(j, n, mine.decimals)
        return Value(low, high, n, mine.decimals, SCALE, "swapped")

    def _running_totals(self, rel: _Rel, changes: Changes, push: Callable[[Changes, str], None]) -> None:
        """Lines that hold running totals instead of their own amounts, from some line to the last one."""
        total = rel.total
        if total is None:
            return
        parts = [j for j in rel.weights if j != total]
        if len({rel.weights[j] for j in parts}) != 1:
            return
        for start in range(1, len(parts)):
            chain = parts[start - 1 :]
            more: Changes = {}
            worth = SHARES["cumulated"] // len(parts) * SLIP_ODDS[0] // SLIP_ODDS[1]
            for before, here in pairwise(chain):
                figure, last = self.figures[here], self.figures[before]
                if figure is None or last is None or not self._may_change(here, changes):
                    break
                units = (figure.fraction - last.fraction) / figure.unit
                if units.denominator != 1 or not last.n or (units < 0 and self.not_negative[here]):
                    break
                low, high = self.printed_ends(here, int(units), figure.decimals)
                more[here] = Value(low, high, int(units), figure.decimals, worth if not more else SCALE, "cumulated")
            if len(more) == len(chain) - 1 and more and not self.broken(rel, {**changes, **more}):
                push(more, "\n".join(("cumulated", *(self.names[j] for j in more))))

    # -- all relations together ------------------------------------------------------------------------------------

    def _needs_exact(self, rels: Sequence[int]) -> bool:
        """True when relations that hold one by one may still not hold together, or an end is open."""
        for i in rels:
            relation = self.relations[i]
            bounds = relation.bounds
            if (bounds.lower is not None and not bounds.lower_closed) or (
                bounds.upper is not None and not bounds.upper_closed
            ):
                return True
            inside = {name for product in relation.products for name, _ in product.terms}
            if any(name in inside and not self.point[self.index[name]] for name, _ in relation.terms):
                return True
            for j in self.rels[i].names:
                if self.point[j]:
                    continue
                if sum(1 for k in self.of_figure[j] if self.relations[k].kind != "nonnegative") > 1:
                    return True
                one = self.ends[j]
                if not (one.lower_closed or one.lower is None) or not (one.upper_closed or one.upper is None):
                    return True
        return False

    def _contradiction(self, rels: Sequence[int], changes: Changes) -> int | None:
        """The number of a broken relation made from several that contradict one another, or ``None``."""
        if not self._needs_exact(rels):
            return None
        names = {j for i in rels for j in self.rels[i].names}
        bounds: dict[str, Bounds] = {}
        printed: dict[str, Fraction] = {}
        for j in names:
            name, figure, value = self.names[j], self.figures[j], changes.get(j)
            if value is not None and figure is not None:
                figure = _reprinted(figure, value.n, value.decimals)
            bounds[name] = self.ends[j] if value is None else self.system.bounds(name, figure)
            if figure is not None:
                printed[name] = figure.fraction
        chosen = [self.relations[i] for i in rels]
        outcome = settle_bounds(bounds, chosen, printed)
        if outcome.feasible is not False:
            return None
        used = [rels[one.relation] for one in outcome.multipliers]
        if len(set(used)) == 1:
            return used[0]
        weights, most = combined(tuple(chosen), outcome.multipliers, bounds)
        relation = Relation(tuple(sorted(weights.items())), Bounds(None, most, False, True), kind="derived")
        self.rels.append(self._compiled(relation))
        return len(self.rels) - 1


_NOTHING: Final = Value(0, 0, 0, 0, 0, "retyped")
_SUPPOSED: Final[dict[str, Kind]] = {"swapped": "swapped", "cumulated": "cumulated"}


class _Values:
    """Candidate values in order of their lower end, for looking up those that meet a stretch."""

    def __init__(self, values: list[Value]) -> None:
        self.all = values
        self.lows = [value.low for value in values]
        self.widest = max((value.high - value.low for value in values), default=0)

    def between(self, low: int, high: int) -> list[Value]:
        """The values that meet [low, high] (``low`` one above ``high`` when a stretch holds no whole number)."""
        first = bisect_left(self.lows, low - self.widest)
        last = bisect_right(self.lows, high)
        return [value for value in self.all[first:last] if value.high >= low]


class _Largest:
    """The scale of the figures of a group: the largest amount, under changes."""

    def __init__(self, problem: _Problem, rels: Sequence[int]) -> None:
        names = sorted({j for i in rels for j in problem.rels[i].names})
        self.problem = problem
        self.sizes = sorted(((self._size(j, None), j) for j in names if problem.money[j]), reverse=True)
        self.names = {j for _, j in self.sizes}
        self.now = max(self.sizes[0][0], 1) if self.sizes else 1

    def _size(self, j: int, value: Value | None) -> int:
        figure = self.problem.figures[j]
        assert figure is not None
        n, decimals = (figure.n, figure.decimals) if value is None else (value.n, value.decimals)
        return abs(n) * self.problem.step(j, decimals)

    def scaled(self, weight: int, changes: Changes) -> int:
        """``weight`` times the square of the printed scale over the scale under ``changes``."""
        then = 1
        for size, j in self.sizes:
            if j not in changes:
                then = max(size, 1)
                break
        for j, value in changes.items():
            if j in self.names:
                then = max(then, self._size(j, value))
        if then == self.now:
            return weight
        return weight * self.now * self.now // (then * then)


def _unit(figure: Figure, decimals: int) -> Fraction:
    power = figure.exponent - decimals
    return Fraction(10**power) if power >= 0 else Fraction(1, 10**-power)


def _reprinted(figure: Figure, n: int, decimals: int) -> Figure:
    """The figure with other digits, its kind and its words kept."""
    return type(figure)(n=n, decimals=decimals, exponent=figure.exponent, qualifier=figure.qualifier, text="")


def _quotient(low: int, high: int, gentle: int, steep: int) -> tuple[int, int]:
    """The ``x`` with ``k · x`` in [low, high] for some ``k`` between ``gentle`` and ``steep`` (never too few).

    Ends are rounded inwards to whole numbers: stretches between whole ends meet the same ones.
    """
    if low > high:
        return ENDLESS, -ENDLESS
    if gentle <= 0 <= steep:
        return -ENDLESS, ENDLESS
    endless_low, endless_high = low <= -ENDLESS // 2, high >= ENDLESS // 2
    firsts: list[int] = []
    lasts: list[int] = []
    for end in () if endless_low else (low,):
        firsts += [-(-end // gentle), -(-end // steep)]
        lasts += [end // gentle, end // steep]
    for end in () if endless_high else (high,):
        firsts += [-(-end // gentle), -(-end // steep)]
        lasts += [end // gentle, end // steep]
    if steep < 0:
        endless_low, endless_high = endless_high, endless_low
    return (
        -ENDLESS if endless_low or not firsts else min(firsts),
        ENDLESS if endless_high or not lasts else max(lasts),
    )


def _roundest(first: int, last: int) -> int:
    """The whole number of [first, last] with the most zeros at its end; of several the smallest in size."""
    if first <= 0 <= last:
        return 0
    power = 1
    while -(-first // (power * 10)) * power * 10 <= last:
        power *= 10
    return -(-first // power) * power if first > 0 else last // power * power


def _count(moves: Sequence[tuple[int, int, Value]], least: int, most: int) -> int:
    starts = [move[0] for move in moves]
    return sum(bisect_right(starts, most - step) - bisect_left(starts, least - step) for step in starts)


def _mass(moves: Sequence[tuple[int, int, Value]], least: int, most: int) -> int:
    """The weight of all pairs that fill the gap, each counted once (pairs of one figure with itself included)."""
    starts = [move[0] for move in moves]
    sums = [0, *accumulate(move[2].weight for move in moves)]
    both = sum(
        move[2].weight * (sums[bisect_right(starts, most - move[0])] - sums[bisect_left(starts, least - move[0])])
        for move in moves
    )
    return both // 2


def _fewer(moves: list[tuple[int, int, Value]], least: int, most: int) -> list[tuple[int, int, Value]]:
    """All moves, or the likelier ones when their pairs would be too many to try."""
    kept = moves
    while len(kept) > 1 and _count(kept, least, most) > 2 * MOST_PAIRS:
        weights = sorted(move[2].weight for move in kept)
        threshold = weights[len(weights) // 3]
        fewer = [move for move in kept if move[2].weight > threshold]
        if len(fewer) == len(kept):
            fewer = kept[::2]
        kept = fewer
    return kept


def _without_idle(
    found: Mapping[frozenset[tuple[int, int, int]], tuple[int, int, Changes, str]],
) -> list[tuple[int, int, Changes, str]]:
    """The repairs of which no part is a repair already: a change that repairs nothing is not kept."""
    keys = sorted(found, key=len)
    kept: list[frozenset[tuple[int, int, int]]] = []
    for key in keys:
        if len(key) == 1 or not any(other < key for other in kept):
            kept.append(key)
    return [found[key] for key in kept]
