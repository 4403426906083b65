"""Which figures, changed to what, make every claim true again: the search, and the weight of each answer.

A repair must change a figure of every broken relation (the hitting-set idea of Fellegi and Holt, 1976), and the values
to try are those that a slip explains (Scholtus 2009). From a broken relation the search goes on by changing one figure
of it to a value that the relation allows, or two figures of it at once, or by undoing a slip that touches several
figures (two swapped, running totals), until nothing is broken; states wait in a queue, the likeliest first. When each
relation holds but all together do not, the contradiction found by ``feasibility`` is itself a broken relation.

The weight of a repair is the probability of what is printed, given what was meant. It is a product of three things.
The probability of each slip (``slips``). The probability that so many slips were made: the rate of slips of a writer is
not known, and with all rates alike (Bayes and Laplace) a given k figures of n are the wrong ones with probability
k! (n-k)! / (n+1)!, so that a second slip divides by (n - 1)/2 and a third only by (n - 2)/3: slips come in company.
And how plausible the meant figures are: the figures of one record share one unknown scale, so their density falls with
the square of the largest. All weights are whole numbers; the same input always gives the same answer. The search is
bounded by counts, never by a clock; what it leaves aside is weighed too (``unlisted``), so that probabilities are not
exaggerated.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from heapq import heappop, heappush
from itertools import accumulate, pairwise
from typing import Final, Literal, NamedTuple

from subsidy_rules.bounds import Bounds
from subsidy_rules.diagnosis.certificates import combined
from subsidy_rules.diagnosis.feasibility import settle_bounds
from subsidy_rules.diagnosis.jointly import hold_together
from subsidy_rules.diagnosis.likely import Likely
from subsidy_rules.diagnosis.relations import Relation, System
from subsidy_rules.diagnosis.scaled import ENDLESS, Changes, Rel, Scaled, Value, reprinted
from subsidy_rules.diagnosis.slips import SCALE, SHARES, Kind
from subsidy_rules.figures import Amount, Figure

__all__ = ["Answer", "Found", "Limits", "search"]

MOST_FOUND: Final = 200
MOST_PAIRS: Final = 40_000
"""Repairs kept of one group of figures; pairs of values looked at for one relation."""

MOST_SEVERAL: Final = 3
"""Slips over several figures in one repair."""

FULL: Final = 10**90
"""The weight of changing nothing; each change multiplies it by the probability of that change."""

NEGLIGIBLE: Final = 1_500
"""States this many times less likely than the best repair are not opened."""

SLIGHT: Final = 300
"""Pairs of slips this many times less likely than the best repair are weighed together instead of listed."""

MANY: Final = 20
"""About how many times the likeliest pair all pairs of slips of one relation weigh."""

MOST_WEIGHED: Final = 12
"""Relations of more figures than this are not looked at figure by figure before they are opened."""

TYPICAL: Final = SCALE // 60
"""About the probability of a likely slip: what a state still has to pay for each further change it needs."""

CHECK: Final = 30
"""What one exact check of all relations together costs, in evaluations of one relation."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a search may cost (relations evaluated, changed figures) and the kinds of slip it may suppose."""

    work: int = 5_000
    work_by_figure: int = 100
    changes: int = 12
    kinds: frozenset[Kind] | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """One repair: new printed form and kind of slip by figure, and its weight among the repairs of its group."""

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


Several = tuple[Kind, tuple[int, ...]]
"""A slip over several figures: two swapped, running totals."""

Stage = Literal["new", "weighed", "pairs"]
"""Of a state in the queue: just made; its next change weighed; its single changes made, pairs of changes to come."""


class _State(NamedTuple):
    """Changes made so far, what they are worth, the relations still broken, and the slips over several figures."""

    weight: int
    broken: tuple[int, ...]
    changes: Changes
    supposed: frozenset[Several]
    slips: int = 0
    stage: Stage = "new"


Key = tuple[frozenset[tuple[int, int, int]], frozenset[Several]]
Rooms = dict[tuple[int, int], tuple[int, int]]
"""By relation and figure, what the relation leaves the figure."""
Move = tuple[int, int, Value]
"""How far a value moves the sum of a relation, the figure, and the value."""
Pair = tuple[int, int, Value, int, Value]
"""The product of two weights, and two figures with their values."""


def search(
    system: System,
    limits: Limits | None = None,
    previous: Mapping[str, Figure] | None = None,
    bounds: Mapping[str, Bounds] | None = None,
) -> list[Answer]:
    """The repairs of each connected group of figures in which some relation is broken."""
    bounded = Limits() if limits is None else limits
    scaled = Scaled(system, bounds)
    likely = Likely(scaled, bounded.kinds, previous or {})
    answers = []
    for rels in scaled.groups():
        one = _Search(scaled, likely, rels, bounded)
        if one.start():
            one.run()
            if not one.complete:
                one.join(one.apart())
            answers.append(one.answered())
    return answers


class _Search:
    """The search in one connected group of figures."""

    def __init__(self, scaled: Scaled, likely: Likely, rels: list[int], limits: Limits) -> None:
        self.scaled = scaled
        self.likely = likely
        self.rels = rels
        self.inside = frozenset(rels)
        self.limits = limits
        self.figures = scaled.figures_of(rels)
        # Figures that may be wrong, in the whole record: what the rate of slips is measured against.
        self.size = max(2, sum(scaled.free))
        self.exact, self.closed = _needs_exact(scaled, rels)
        self.sizes = sorted(
            ((abs(scaled.shown(j)), j) for j in self.figures if isinstance(scaled.figures[j], Amount)), reverse=True
        )
        self.sized = {j for _, j in self.sizes}
        self.largest = max(self.sizes[0][0], 1) if self.sizes else 1
        self.by_value = sorted((scaled.shown(j), j) for j in self.figures if scaled.figures[j] is not None)
        self.heap: list[tuple[int, int, _State]] = []
        self.count = 0
        self.seen: set[Key] = set()
        # Repairs by what they change: total weight, weight and state of the likeliest way there.
        self.found: dict[frozenset[tuple[int, int, int]], tuple[int, int, _State]] = {}
        self.best = 0
        self.unlisted = 0
        self.complete = True
        self.moves: dict[tuple[int, tuple[int, ...]], list[Move]] = {}
        self.filling: dict[tuple[int, tuple[int, ...], int, int], tuple[int, list[Pair]]] = {}

    def start(self) -> bool:
        """True when something is broken; the first state then waits in the queue."""
        broken = tuple(i for i in self.rels if self.scaled.broken(self.scaled.rels[i], {}))
        if not broken:
            contradiction = self._contradiction({})
            if contradiction is None:
                return False
            broken = (contradiction,)
        self._push(FULL, _State(FULL, broken, {}, frozenset()))
        return True

    def run(self) -> None:
        """Opens states, the likeliest first, until the others do not matter or a limit is met."""
        budget = self.scaled.work + self.limits.work + self.limits.work_by_figure * len(self.figures)
        while self.heap:
            promise, _, state = heappop(self.heap)
            if -promise * NEGLIGIBLE < self.best:
                break
            if self.scaled.work > budget or len(self.found) >= MOST_FOUND:
                self.complete = False
                self.unlisted += -promise + sum(-one[0] for one in self.heap)
                break
            if state.broken:
                if state.stage == "pairs":
                    self._open_pairs(state)
                elif state.stage == "weighed":
                    self._open(state)
                else:
                    # The next change is weighed before the state is opened, for it often turns out dear.
                    self._later(min(-promise, self._weighed(state)), state._replace(stage="weighed"))
                continue
            contradiction = self._contradiction(state.changes)
            if contradiction is None:
                self._keep(state)
            else:
                self._open(state._replace(broken=(contradiction,)))

    def apart(self) -> list[_Search]:
        """A search for each cluster of broken relations that shares no figure with the others, these left aside."""
        broken = [i for i in self.rels if self.scaled.broken(self.scaled.rels[i], {})]
        clusters: list[tuple[set[int], list[int]]] = []
        for i in broken:
            names, members = set(self.scaled.rels[i].names), [i]
            for cluster in [one for one in clusters if one[0] & names]:
                clusters.remove(cluster)
                names |= cluster[0]
                members += cluster[1]
            clusters.append((names, members))
        if len(clusters) < 2:
            return []
        limits = replace(self.limits, work=self.limits.work // len(clusters), work_by_figure=0)
        searches = []
        for _, members in clusters:
            others = set(broken).difference(members)
            one = _Search(self.scaled, self.likely, [i for i in self.rels if i not in others], limits)
            if one.start():
                one.run()
                searches.append(one)
        return searches

    def join(self, parts: Sequence[_Search]) -> None:
        """Adds the repairs made of one repair of each part, where they stand together."""
        if not parts or not all(part.found for part in parts):
            return
        lists = [sorted(_minimal(part.found), key=lambda one: -one[0]) for part in parts]
        whole = FULL
        for part, ranked in zip(parts, lists, strict=True):
            whole = whole * (sum(one[0] for one in ranked) + part.unlisted) // FULL
        listed = 0
        ratio = 0
        for tried, (product, chosen) in enumerate(_combinations([[one[0] for one in ranked] for ranked in lists])):
            weight = product
            if tried >= MOST_FOUND or (ratio and product * NEGLIGIBLE < ratio):
                break
            states = [ranked[at][2] for ranked, at in zip(lists, chosen, strict=True)]
            changes = {j: value for state in states for j, value in state.changes.items()}
            disjoint = len(changes) == sum(len(state.changes) for state in states)
            touched = {i for j in changes for i in self.scaled.of_figure[j] if i in self.inside}
            if disjoint and not self._still_broken((), touched, changes) and self._contradiction(changes) is None:
                slips = sum(state.slips for state in states)
                weight = self._rated(weight, 1, slips)
                for state in states:
                    weight = weight * FULL // max(1, self._rated(FULL, 1, state.slips))
                ratio = ratio or product
                listed += product
                key = _changed(changes)
                if key not in self.found:
                    self.found[key] = (weight, weight, _State(weight, (), changes, frozenset(), slips))
                    self.best = max(self.best, weight)
        if listed and self.best:
            # What the first search left in its queue is weighed here, part by part, in proportion to what is listed.
            known = sum(one[0] for one in self.found.values())
            self.unlisted = known * max(0, whole - listed) // listed

    def answered(self) -> Answer:
        """The repairs found, without those that change more than another one needs."""
        names = self.scaled.names
        answers = []
        for weight, _, state in _minimal(self.found):
            named = sorted(state.changes.items())
            answers.append(
                Found(
                    {names[j]: (value.n, value.decimals) for j, value in named},
                    {names[j]: value.kind for j, value in named},
                    weight,
                )
            )
        answers.sort(key=lambda one: -one.weight)
        return Answer(tuple(answers), self.unlisted, self.complete)

    # -- states -------------------------------------------------------------------------------------------------------

    def _push(self, promise: int, state: _State) -> None:
        key = (_changed(state.changes), state.supposed)
        if promise <= 0:
            # So many changes to come that their weight is no longer a whole number: beyond any hope.
            self.complete = False
        elif key not in self.seen:
            self.seen.add(key)
            self.count += 1
            heappush(self.heap, (-promise, self.count, state))

    def _later(self, promise: int, state: _State) -> None:
        """Puts a state back for its next stage."""
        if promise <= 0:
            self.complete = False
        elif promise * NEGLIGIBLE >= self.best:
            self.count += 1
            heappush(self.heap, (-promise, self.count, state))

    def _keep(self, state: _State) -> None:
        key = _changed(state.changes)
        final = self._with_scale(state.weight, state.changes)
        total, top, kept = self.found.get(key, (0, 0, state))
        if final > top:
            top, kept = final, state
        self.found[key] = (total + final, top, kept)
        self.best = max(self.best, total + final)

    def _with_scale(self, weight: int, changes: Changes) -> int:
        """``weight`` times the square of the printed scale of the figures over their scale under ``changes``."""
        then = 1
        for size, j in self.sizes:
            if j not in changes:
                then = max(size, 1)
                break
        for j, value in changes.items():
            if j in self.sized:
                exact = self.scaled.point[j]
                then = max(then, abs(value.low if exact else value.n * self.scaled.step(j, value.decimals)))
        return weight if then == self.largest else weight * self.largest * self.largest // (then * then)

    def _follow(self, state: _State, more: Changes, several: Kind | None = None) -> None:
        """The state with ``more`` changes: kept when it repairs everything, else put in the queue if it may matter."""
        slips = state.slips + (1 if several else len(more))
        worth = self._rated(state.weight, state.slips, slips)
        for value in more.values():
            worth = worth * value.weight // SCALE
        after = {**state.changes, **more}
        promise = self._with_scale(worth, after)
        if promise * NEGLIGIBLE < self.best:
            return
        supposed = state.supposed if several is None else state.supposed | {(several, tuple(sorted(more)))}
        key = (_changed(after), supposed)
        if key in self.seen:
            return
        touched = {i for j in more for i in self.scaled.of_figure[j] if i in self.inside}
        left = [i for i in state.broken if i not in touched and i < self.scaled.said]
        if left and self._discounted(promise, self._needed(left, after), slips) * NEGLIGIBLE < self.best:
            return
        broken = self._still_broken(left, touched, after)
        following = _State(worth, broken, after, supposed, slips)
        if not broken and (not self.exact or self._hold_together(after)):
            self.seen.add(key)
            self._keep(following)
            return
        if len(after) >= self.limits.changes and broken:
            self.complete = False
            self.unlisted += self._discounted(promise, self._needed(broken, after), slips)
            return
        promise = self._discounted(promise, self._needed(broken, after), slips)
        if promise * NEGLIGIBLE >= self.best:
            self._push(promise, following)

    def _rated(self, weight: int, before: int, after: int) -> int:
        """``weight`` times the probability that the slips were ``after`` and not ``before`` in number."""
        for count in range(max(1, before), after):
            weight = weight * (count + 1) // max(1, self.size - count)
        return weight

    def _discounted(self, weight: int, changes: int, slips: int) -> int:
        """``weight`` after so many more changes of a usual kind."""
        for _ in range(changes):
            weight = weight * TYPICAL // SCALE
        return self._rated(weight, slips, slips + changes)

    def _still_broken(self, left: Sequence[int], touched: Collection[int], after: Changes) -> tuple[int, ...]:
        """The relations that ``after`` leaves broken: those ``left`` alone, and what fails of those ``touched``."""
        scaled = self.scaled
        return tuple(sorted([*left, *(i for i in touched if scaled.broken(scaled.rels[i], after))]))

    def _needed(self, broken: Sequence[int], changes: Changes) -> int:
        """At least so many more changes: relations without a common figure, or without a value that suits them all."""
        if not broken:
            return 0
        taken: set[int] = set()
        apart = 0
        for i in broken:
            names = self.scaled.rels[i].names
            if not any(j in taken for j in names):
                taken.update(names)
                apart += 1
        return apart

    def _weighed(self, state: _State) -> int:
        """About the weight of the best repair that follows.

        Relations that no single change can repair together need one change each, and each of those is worth at most
        the likeliest value of one of its figures (or two more changes).
        """
        promise = self._with_scale(state.weight, state.changes)
        twice = self._rated(TYPICAL * TYPICAL // SCALE, state.slips + 1, state.slips + 2)
        rooms: Rooms = {}
        everything = self._suiting(state.broken, state.changes, rooms)
        if everything is not None:
            return self._rated(promise * max(twice, everything) // SCALE, state.slips, state.slips + 1)
        alone: list[int] = []
        for i in sorted(state.broken, key=lambda i: (len(self.scaled.rels[i].names), i)):
            if all(self._suiting((i, k), state.changes, rooms) is None for k in alone):
                alone.append(i)
                if len(self.scaled.rels[i].names) > MOST_WEIGHED:
                    promise = promise * TYPICAL // SCALE
                else:
                    promise = promise * max(twice, self._suiting((i,), state.changes, rooms) or 0) // SCALE
                if promise * NEGLIGIBLE < self.best:
                    break
        if len(alone) == 1:
            promise = self._with_scale(state.weight, state.changes) * twice // SCALE
        return self._rated(promise, state.slips, state.slips + len(alone))

    def _suiting(self, broken: Sequence[int], changes: Changes, rooms: Rooms) -> int | None:
        """The weight of the likeliest value of one figure that repairs all of ``broken``, if there may be one."""
        rels = [self.scaled.rels[i] for i in broken]
        best: int | None = None
        for j in rels[0].names:
            if not self._may_change(j, changes) or not all(j in rel.names for rel in rels[1:]):
                continue
            low, high = -ENDLESS, ENDLESS
            for i, rel in zip(broken, rels, strict=True):
                room = rooms.get((i, j))
                if room is None:
                    room = self.scaled.room(rel, j, changes)
                    rooms[i, j] = room
                low, high = max(low, room[0]), min(high, room[1])
                if low > high + 1:
                    break
            else:
                values = self.likely.of(j).between(low, high) or self.likely.beyond(j, low, high)[0]
                if values:
                    best = max(best or 0, max(value.weight for value in values))
        return best

    def _may_change(self, j: int, changes: Changes) -> bool:
        return self.scaled.free[j] and j not in changes

    # -- opening a state ----------------------------------------------------------------------------------------------

    def _chosen(self, state: _State) -> int:
        """The broken relation with the fewest figures to choose from."""
        rels = self.scaled.rels
        return min(state.broken, key=lambda i: (sum(self._may_change(j, state.changes) for j in rels[i].names), i))

    def _open(self, state: _State) -> None:
        """Follows every change of one figure, or slip over several, that repairs one of the broken relations."""
        rels = self.scaled.rels
        number = self._chosen(state)
        rel = rels[number]
        for j in rel.names:
            if self._may_change(j, state.changes):
                self._change_one(state, number, j)
        # A value that another broken relation alone can tell is found from there, so each of them may come first.
        for other in state.broken:
            if other != number and rels[other].two_sided:
                for j in rels[other].names:
                    if self._may_change(j, state.changes):
                        self._change_one(state, other, j, only_beyond=True)
        if len(state.supposed) < MOST_SEVERAL:
            self._change_several(state, rel)
            for other in state.broken:
                if other != number:
                    self._undo_running_totals(state, rels[other])
        if len(state.changes) + 2 <= self.limits.changes and rel.two_sided:
            heaviest = sorted(self.likely.of(j).heaviest for j in rel.names if self._may_change(j, state.changes))
            if len(heaviest) > 1:
                rest = tuple(i for i in state.broken if i != number)
                worth = self._rated(state.weight, state.slips, state.slips + 2)
                worth = self._discounted(worth, self._needed(rest, state.changes), state.slips + 2)
                # There are many pairs: together they may matter where the likeliest alone does not.
                promise = MANY * worth * heaviest[-1] // SCALE * heaviest[-2] // SCALE
                self._later(promise, state._replace(stage="pairs"))

    def _open_pairs(self, state: _State) -> None:
        """Follows the changes of two figures of the same relation."""
        number = self._chosen(state)
        rel = self.scaled.rels[number]
        if rel.products:
            self._change_pairs_of_product(state, rel)
        else:
            self._change_pairs(state, number, rel)

    def _change_one(self, state: _State, number: int, j: int, *, only_beyond: bool = False) -> None:
        low, high = self.scaled.room(self.scaled.rels[number], j, state.changes)
        listed = self.likely.of(j).between(low, high)
        if not only_beyond:
            for value in listed:
                self._follow(state, {j: value})
        named = {(value.n, value.decimals) for value in listed}
        others, beside = self.likely.beyond(j, low, high)
        for value in others:
            if (value.n, value.decimals) not in named:
                self._follow(state, {j: value})
        if beside and not only_beyond:
            self._set_aside(state, number, beside, 1)

    def _set_aside(self, state: _State, number: int, weight: int, slips: int) -> None:
        """Counts repairs of one relation by so many slips that are too many to list, by their weight in ``SCALE``."""
        rest = tuple(i for i in state.broken if i != number)
        worth = self._rated(state.weight * weight // SCALE, state.slips, state.slips + slips)
        self.unlisted += self._discounted(worth, self._needed(rest, state.changes), state.slips + slips)

    # -- two figures of one relation ----------------------------------------------------------------------------------

    def _change_pairs(self, state: _State, number: int, rel: Rel) -> None:
        """Two slips in one sum: moves that together fill the gap, found by sorting them."""
        low, high = self.scaled.reach(rel, state.changes)
        least, most = rel.low - high, rel.high - low
        floor = self._floor(state)
        rooms: Rooms = {}
        for members in self._grouped(state, number, rel):
            whole, pairs = self._filling(number, rel, members, least, most)
            listed = 0
            for weight, j, value, k, other in pairs:
                if weight < floor:
                    break
                listed += weight
                if self._fits(state, j, value, k, rooms) and self._fits(state, k, other, j, rooms):
                    self._follow(state, {j: value, k: other})
            if whole > listed:
                self._set_aside(state, number, (whole - listed) // SCALE, 2)

    def _filling(
        self, number: int, rel: Rel, members: tuple[int, ...], least: int, most: int
    ) -> tuple[int, list[Pair]]:
        """The pairs of moves that together are in [least, most]: their whole weight, and those worth looking at.

        Many states repair other relations first and meet the same gap here again: what was found is kept.
        """
        key = (number, members, least, most)
        known = self.filling.get(key)
        if known is None:
            # A value that fills the gap alone needs no second one.
            every = [move for move in self._moves(number, rel, members) if not least <= move[0] <= most]
            partners = _partners(every, least, most)
            whole = _mass(every, partners)
            moves = every
            while sum(last - first for first, last in partners) > MOST_PAIRS:
                moves = _likelier(moves)
                partners = _partners(moves, least, most)
            known = (whole, _heavy_pairs(moves, partners))
            self.filling[key] = known
        return known

    def _fits(self, state: _State, j: int, value: Value, beside: int, rooms: Rooms) -> bool:
        """False when ``value`` breaks a relation that held and that the other figure of the pair is not part of.

        Such a pair repairs nothing by itself; with the third change that it needs, it is found from the first two.
        """
        scaled = self.scaled
        for i in scaled.of_figure[j]:
            if i in self.inside and i not in state.broken and beside not in scaled.rels[i].names:
                room = rooms.get((i, j))
                if room is None:
                    room = scaled.room(scaled.rels[i], j, state.changes)
                    rooms[i, j] = room
                if value.high < room[0] or value.low > room[1]:
                    return False
        return True

    def _floor(self, state: _State) -> int:
        """The product of two weights under which a pair is slight beside the best repair known."""
        worth = self._rated(state.weight, state.slips, state.slips + 2)
        return self.best * SCALE * SCALE // max(1, worth) // SLIGHT

    def _moves(self, number: int, rel: Rel, members: tuple[int, ...]) -> list[Move]:
        known = self.moves.get((number, members))
        if known is None:
            known = []
            for j in members:
                by, base = rel.weights[j], self.scaled.low[j] if rel.weights[j] > 0 else self.scaled.high[j]
                known += [
                    (by * ((value.low if by > 0 else value.high) - base), j, value) for value in self.likely.of(j).all
                ]
            known.sort()
            self.moves[number, members] = known
        return known

    def _grouped(self, state: _State, number: int, rel: Rel) -> list[tuple[int, ...]]:
        """Figures of ``rel`` grouped by the other relations that each of them would break by changing.

        Two figures of different groups would leave one of those relations broken, so only pairs inside a group can
        repair anything by themselves.
        """
        groups: dict[tuple[int, ...], list[int]] = {}
        for j in rel.weights:
            if self._may_change(j, state.changes):
                others = self.scaled.of_figure[j]
                tight = tuple(i for i in others if i != number and i not in state.broken and self.scaled.rels[i].tight)
                groups.setdefault(tight, []).append(j)
        return [tuple(members) for members in groups.values() if len(members) > 1]

    def _change_pairs_of_product(self, state: _State, rel: Rel) -> None:
        """Two slips in a percentage and its figures: for each value of one, the room that it leaves the other."""
        members = [j for j in rel.names if self._may_change(j, state.changes)]
        if len(members) > 4:
            return
        scaled, rates = self.scaled, {factor for factor, _ in rel.products}
        rooms: Rooms = {}
        for a, b in ((a, b) for i, a in enumerate(members) for b in members[i + 1 :]):
            one, two = (a, b) if len(self.likely.of(a).all) <= len(self.likely.of(b).all) else (b, a)
            first, second = self.likely.of(one), self.likely.of(two)
            floor = self._floor(state)
            for value in first.by_weight():
                if value.weight * second.heaviest < floor:
                    break
                if not self._fits(state, one, value, two, rooms):
                    continue
                after = {**state.changes, one: value}
                low, high = scaled.room(rel, two, after)
                if high - low >= ENDLESS or low <= scaled.low[two] <= scaled.high[two] <= high:
                    continue
                for other in second.between(low, high):
                    weight = value.weight * other.weight
                    if weight >= floor and self._fits(state, two, other, one, rooms):
                        self._follow(state, {one: value, two: other})
                        if one in rates or two in rates:
                            # A rate serves nothing else: the pair breaks no more than its other figure alone does.
                            floor = max(floor, weight // SLIGHT)
                floor = max(floor, self._floor(state))

    # -- slips over several figures -----------------------------------------------------------------------------------

    def _change_several(self, state: _State, rel: Rel) -> None:
        kinds = self.limits.kinds
        if kinds is None or "swapped" in kinds:
            self._swap(state, rel)
        self._undo_running_totals(state, rel)

    def _swap(self, state: _State, rel: Rel) -> None:
        """Two figures printed in each other's place."""
        # What is subtracted and what it is taken from are the two that people swap (Scholtus 2008, section 3.2); any
        # other two figures share a tenth of the cases. It is one slip: its weight goes with the first figure.
        alike = SHARES["swapped"]
        inside = set(rel.names)
        for j in rel.names:
            if not self._may_change(j, state.changes):
                continue
            weight = rel.weights.get(j)
            near = [k for k in rel.names if k > j and (weight is None or rel.weights.get(k) != weight)]
            low, high = self.scaled.room(rel, j, state.changes)
            width = self.scaled.high[j] - self.scaled.low[j]
            first = bisect_left(self.by_value, (low - width, -1))
            last = bisect_right(self.by_value, (high + width, ENDLESS))
            near += [k for _, k in self.by_value[first:last] if k not in inside]
            for k in near:
                if not self._may_change(k, state.changes):
                    continue
                opposed = rel.result is not None and rel.result not in (j, k) and k in inside
                worth = alike * 9 // 10 if opposed else alike // (10 * max(1, len(self.figures) - 1))
                one, two = self._exchanged(j, k, worth), self._exchanged(k, j, SCALE)
                if one is None or two is None:
                    continue
                if not self.scaled.broken(rel, {**state.changes, j: one, k: two}):
                    self._follow(state, {j: one, k: two}, "swapped")

    def _exchanged(self, j: int, k: int, weight: int) -> Value | None:
        """Figure ``j`` with what is printed for ``k``, when it can be printed there."""
        mine, other = self.scaled.figures[j], self.scaled.figures[k]
        if mine is None or other is None or type(mine) is not type(other):
            return None
        n, left = divmod(self.scaled.shown(k), self.scaled.step(j, mine.decimals))
        if left or n == mine.n or (n < 0 and self.scaled.not_negative[j]):
            return None
        low, high = self.scaled.printed(j, n, mine.decimals)
        return Value(low, high, n, mine.decimals, weight, "swapped")

    def _undo_running_totals(self, state: _State, rel: Rel) -> None:
        """Lines that hold running totals instead of their own amounts, from some line to the last one."""
        parts = [j for j in rel.weights if j != rel.total]
        if rel.total is None or rel.products or len(parts) < 3 or len({rel.weights[j] for j in parts}) != 1:
            return
        if self.limits.kinds is not None and "cumulated" not in self.limits.kinds:
            return
        worth = SHARES["cumulated"] // len(parts)
        for start in range(1, len(parts)):
            more: Changes = {}
            for before, here in pairwise(parts[start - 1 :]):
                value = self._own_amount(before, here, worth if not more else SCALE)
                if value is None or not self._may_change(here, state.changes):
                    break
                more[here] = value
            else:
                if not self.scaled.broken(rel, {**state.changes, **more}):
                    self._follow(state, more, "cumulated")

    def _own_amount(self, before: int, here: int, weight: int) -> Value | None:
        """What line ``here`` adds to line ``before``, were both running totals."""
        figure, last = self.scaled.figures[here], self.scaled.figures[before]
        if figure is None or last is None or not last.n:
            return None
        n, left = divmod(self.scaled.shown(here) - self.scaled.shown(before), self.scaled.step(here, figure.decimals))
        if left or (n < 0 and self.scaled.not_negative[here]):
            return None
        low, high = self.scaled.printed(here, n, figure.decimals)
        return Value(low, high, n, figure.decimals, weight, "cumulated")

    # -- all relations together ---------------------------------------------------------------------------------------

    def _contradiction(self, changes: Changes) -> int | None:
        """The number of a broken relation made from several that contradict one another, or ``None``."""
        if not self.exact or self._hold_together(changes):
            return None
        scaled = self.scaled
        scaled.work += CHECK
        bounds: dict[str, Bounds] = {}
        printed: dict[str, Fraction] = {}
        for j in self.figures:
            name, figure, value = scaled.names[j], scaled.figures[j], changes.get(j)
            if value is not None and figure is not None:
                figure = reprinted(figure, value.n, value.decimals)
            bounds[name] = scaled.ends[j] if value is None else scaled.system.bounds(name, figure)
            if figure is not None:
                printed[name] = figure.fraction
        chosen = tuple(scaled.relations[i] for i in self.rels)
        outcome = settle_bounds(bounds, chosen, printed)
        if outcome.feasible is not False:
            return None
        used = {self.rels[one.relation] for one in outcome.multipliers}
        if len(used) == 1:
            return used.pop()
        weights, most = combined(chosen, outcome.multipliers, bounds)
        limits = Bounds(None, most, False, True)
        if not any(chosen[one.relation].products for one in outcome.multipliers):
            # Sums of relations are relations: the combination has both its ends.
            limits = Bounds.point(0)
            for one in outcome.multipliers:
                limits = limits + chosen[one.relation].bounds * (one.by if one.end == "upper" else -one.by)
        return scaled.derive(Relation(tuple(sorted(weights.items())), limits, kind="derived"))

    def _hold_together(self, changes: Changes) -> bool:
        """True when the quick method is sure that all relations hold together."""
        self.scaled.work += len(self.rels)
        return self.closed and hold_together(self.scaled, self.rels, changes) is True


def _changed(changes: Changes) -> frozenset[tuple[int, int, int]]:
    return frozenset((j, value.n, value.decimals) for j, value in changes.items())


def _needs_exact(scaled: Scaled, rels: Sequence[int]) -> tuple[bool, bool]:
    """Whether relations that hold one by one may still not hold together, and whether every end is closed."""
    exact, closed = False, True
    for i in rels:
        relation, bounds = scaled.relations[i], scaled.relations[i].bounds
        inside = {name for product in relation.products for name, _ in product.terms}
        if any(name in inside and not scaled.point[scaled.index[name]] for name, _ in relation.terms):
            exact = True
        if not _closed(bounds) or not all(_closed(scaled.ends[j]) for j in scaled.rels[i].names):
            closed = False
        for j in scaled.rels[i].names:
            tied = sum(1 for k in scaled.of_figure[j] if _ties(scaled, k, j))
            if tied > 1 and not scaled.point[j]:
                exact = True
    return exact or not closed, closed


def _combinations(lists: Sequence[Sequence[int]]) -> Iterator[tuple[int, tuple[int, ...]]]:
    """One weight of each list, as places in them, by falling product (in ``FULL``)."""
    start = (0,) * len(lists)
    heap = [(-_product(lists, start), start)]
    seen = {start}
    while heap:
        weight, chosen = heappop(heap)
        yield -weight, chosen
        for number, ranked in enumerate(lists):
            following = (*chosen[:number], chosen[number] + 1, *chosen[number + 1 :])
            if following[number] < len(ranked) and following not in seen:
                seen.add(following)
                heappush(heap, (-_product(lists, following), following))


def _product(lists: Sequence[Sequence[int]], chosen: tuple[int, ...]) -> int:
    weight = FULL
    for ranked, at in zip(lists, chosen, strict=True):
        weight = weight * ranked[at] // FULL
    return weight


def _ties(scaled: Scaled, number: int, j: int) -> bool:
    """True when the relation holds figure ``j`` itself, and not only as a rate, of which it has its own value."""
    rel = scaled.rels[number]
    if scaled.relations[number].kind == "nonnegative" and scaled.low[j] >= 0:
        return False
    return j in rel.weights or any(j in weights for _, weights in rel.products)


def _closed(bounds: Bounds) -> bool:
    """True when every end that is there is reached."""
    return (bounds.lower is None or bounds.lower_closed) and (bounds.upper is None or bounds.upper_closed)


def _partners(moves: Sequence[Move], least: int, most: int) -> list[tuple[int, int]]:
    """For each move, where the moves that complete it stand."""
    starts = [move[0] for move in moves]
    if least == most:
        stretches: dict[int, tuple[int, int]] = {}
        for at, step in enumerate(starts):
            first, _ = stretches.get(step, (at, at))
            stretches[step] = first, at + 1
        return [stretches.get(least - step, (0, 0)) for step in starts]
    return [(bisect_left(starts, least - step), bisect_right(starts, most - step)) for step in starts]


def _mass(moves: Sequence[Move], partners: Sequence[tuple[int, int]]) -> int:
    """The weight of all pairs that fill the gap, each counted once (pairs of one figure with itself included)."""
    sums = [0, *accumulate(move[2].weight for move in moves)]
    both = 0
    for move, (first, last) in zip(moves, partners, strict=True):
        if first < last:
            both += move[2].weight * (sums[last] - sums[first])
    return both // 2


def _heavy_pairs(moves: Sequence[Move], partners: Sequence[tuple[int, int]]) -> list[Pair]:
    """The pairs that are not slight beside the likeliest, the likeliest first."""
    floor = 0
    found: list[Pair] = []
    for (_, j, value), (first, last) in zip(moves, partners, strict=True):
        for at in range(first, last):
            _, k, other = moves[at]
            if k > j:
                weight = value.weight * other.weight
                if weight >= floor:
                    found.append((weight, j, value, k, other))
                    floor = max(floor, weight // SLIGHT)
    heavy = [pair for pair in found if pair[0] >= floor]
    heavy.sort(key=lambda pair: -pair[0])
    return heavy


def _likelier(moves: list[Move]) -> list[Move]:
    """About the likelier two thirds of the moves, in the same order; every other one where they are all alike."""
    weights = sorted(move[2].weight for move in moves)
    threshold = weights[len(weights) // 3]
    fewer = [move for move in moves if move[2].weight > threshold]
    return fewer or moves[::2]


def _minimal(found: Mapping[frozenset[tuple[int, int, int]], tuple[int, int, _State]]) -> list[tuple[int, int, _State]]:
    """The repairs of which no part is a repair already: a change that repairs nothing is not kept."""
    kept: list[frozenset[tuple[int, int, int]]] = []
    with_change: dict[tuple[int, int, int], list[frozenset[tuple[int, int, int]]]] = {}
    for key in sorted(found, key=len):
        if len(key) == 1 or not any(other < key for change in key for other in with_change.get(change, ())):
            kept.append(key)
            for change in key:
                with_change.setdefault(change, []).append(key)
    return [found[key] for key in kept]
