"""The values that a figure of a record may have been meant to be: by slips of its own, or suggested by others."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping
from itertools import chain
from operator import itemgetter
from typing import Final

from subsidy_rules.diagnosis.scaled import ENDLESS, Rel, Scaled, Value
from subsidy_rules.diagnosis.slips import SHARES, Kind, Slip, free_weight, slips
from subsidy_rules.figures import Figure, Percentage

__all__ = ["Likely", "Values"]

SIGNED: Final = 50
"""A negative value for a figure printed without a sign is so many times less likely, unless a subtraction gives it."""


class Values:
    """Values in order of their lower end, for looking up those that meet a stretch."""

    def __init__(self, values: list[Value]) -> None:
        self.all = values
        self.lows = [value.low for value in values]
        self.widest = max((value.high - value.low for value in values), default=0)
        self.heaviest = max((value.weight for value in values), default=0)
        self._by_weight: list[Value] | None = None

    def between(self, low: int, high: int) -> list[Value]:
        """The values that meet [low, high] (``low`` one above ``high`` when a stretch holds no whole number)."""
        first = bisect_left(self.lows, low - self.widest)
        last = bisect_right(self.lows, high)
        return [value for value in self.all[first:last] if value.high >= low]

    def by_weight(self) -> list[Value]:
        """The likeliest first."""
        if self._by_weight is None:
            self._by_weight = sorted(self.all, key=lambda value: -value.weight)
        return self._by_weight


class Likely:
    """Values by figure, made when they are first asked for. ``previous`` gives the figures of the year before."""

    def __init__(self, scaled: Scaled, kinds: frozenset[Kind] | None, previous: Mapping[str, Figure]) -> None:
        self.scaled = scaled
        self.kinds = kinds
        self.previous = previous
        self.copies = Counter(self._as_printed(j) for j in range(len(scaled.names)))
        self._values: dict[int, Values] = {}
        self._suggested: dict[int, list[Slip]] = {}
        self._beyond: dict[tuple[int, int, int], tuple[list[Value], int]] = {}
        self._others: dict[tuple[int, int], Value | None] = {}
        for number, rel in enumerate(scaled.rels):
            self._suggest(number, rel)

    def of(self, j: int) -> Values:
        """The values of figure ``j`` that one slip explains."""
        known = self._values.get(j)
        if known is None:
            known = Values(self._made(j))
            self._values[j] = known
        return known

    def _made(self, j: int) -> list[Value]:
        scaled = self.scaled
        figure = scaled.figures[j]
        if figure is None or not scaled.free[j]:
            return []
        kinds, point, keep_sign = self.kinds, scaled.point[j], scaled.not_negative[j]
        printed, places = figure.n, figure.decimals
        step = scaled.step(j, places)
        result = any(scaled.rels[i].result == j for i in scaled.of_figure[j])
        # By printed value: the whole weight, and the heaviest slip with its kind. Nearly all keep the decimals.
        weights: dict[int | tuple[int, int], int] = {}
        heaviest: dict[int | tuple[int, int], tuple[int, Kind]] = {}
        listed = chain(slips(figure), self._suggested[j]) if j in self._suggested else slips(figure)
        for n, decimals, weight, kind in listed:
            if n < 0 and (keep_sign or printed >= 0):
                if keep_sign:
                    continue
                if not (result and kind == "sign"):
                    weight //= SIGNED
            if kinds is not None and kind not in kinds:
                continue
            key = n if decimals == places else (n, decimals)
            if key not in weights:
                weights[key] = weight
                heaviest[key] = weight, kind
            else:
                weights[key] += weight
                if weight > heaviest[key][0]:
                    heaviest[key] = weight, kind
        weights.pop(printed, None)
        found = []
        make = tuple.__new__
        for key, weight in weights.items():
            n, decimals = (key, places) if isinstance(key, int) else key
            if point:
                low = high = n * (step if decimals == places else scaled.step(j, decimals))
            else:
                low, high = scaled.printed(j, n, decimals)
            found.append(make(Value, (low, high, n, decimals, weight, heaviest[key][1])))
        found.sort(key=itemgetter(0))
        return found

    def _suggest(self, number: int, rel: Rel) -> None:
        """A line left out of a total or counted twice, and the plug of a column of percentages that makes 100."""
        scaled = self.scaled
        relation = scaled.relations[number]
        shares = len(rel.weights) > 1 and not rel.products and relation.bounds.lower == 100
        if shares and all(isinstance(scaled.figures[j], Percentage) for j in rel.weights):
            for j in rel.weights:
                figure = scaled.figures[j]
                if figure is not None:
                    listed = self._suggested.setdefault(j, [])
                    listed += [(figure.n + off, figure.decimals, SHARES["plug"] // 4, "plug") for off in (1, -1, 2, -2)]
        total = rel.total
        if total is None or not scaled.point[total]:
            return
        figure = scaled.figures[total]
        parts = [j for j in rel.weights if j != total and scaled.point[j] and scaled.low[j]]
        if figure is None or len(parts) < 2:
            return
        unit = scaled.step(total, figure.decimals) * rel.weights[total]
        listed = self._suggested.setdefault(total, [])
        for j in parts:
            units, left = divmod(-rel.weights[j] * scaled.low[j], unit)
            if not left:
                # The total lacks this line: meant is printed + line. It counts it twice: meant is printed - line.
                listed.append((figure.n + units, figure.decimals, SHARES["left_out"] // len(parts), "left_out"))
                listed.append(
                    (figure.n - units, figure.decimals, SHARES["counted_twice"] // len(parts), "counted_twice")
                )

    # -- values that no single slip explains --------------------------------------------------------------------------

    def beyond(self, j: int, low: int, high: int) -> tuple[list[Value], int]:
        """Other values of figure ``j`` in [low, high]: those few that can be named, and the weight of the rest."""
        known = self._beyond.get((j, low, high))
        if known is None:
            known = self._beyond_of(j, low, high)
            self._beyond[j, low, high] = known
        return known

    def _beyond_of(self, j: int, low: int, high: int) -> tuple[list[Value], int]:
        scaled = self.scaled
        figure = scaled.figures[j]
        if figure is None or not scaled.free[j]:
            return [], 0
        half = 0 if scaled.point[j] else _half(scaled.low[j], scaled.high[j])
        if scaled.not_negative[j]:
            low = max(low, -half)
        step = scaled.step(j, figure.decimals)
        first, last = -((half - low) // step), (high + half) // step
        count = last - first + 1
        if count <= 0:
            return [], 0
        if count <= 3:
            shown = [n for n in range(first, last + 1) if n != figure.n]
            return [value for n in shown if (value := self._other(j, figure, n)) is not None], 0
        value = self._other(j, figure, _roundest(first, last))
        if value is None:
            return [], 0
        possible = 10 ** len(str(abs(figure.n)))
        return [value], (min(count, possible) - 1) * (SHARES["retyped"] // possible)

    def _other(self, j: int, figure: Figure, n: int) -> Value | None:
        if (j, n) not in self._others:
            self._others[j, n] = self._other_of(j, figure, n)
        return self._others[j, n]

    def _other_of(self, j: int, figure: Figure, n: int) -> Value | None:
        chances: list[tuple[int, Kind]] = [free_weight(figure.n, n)]
        if figure.n == 0:
            chances.append((SHARES["blank"], "blank"))
        else:
            same = self.copies[self._as_printed(j)] - 1
            if same > 0 and not self._tied(j):
                chances.append((SHARES["copied"] * same // max(1, len(self.scaled.figures) - 1), "copied"))
        before = self.previous.get(self.scaled.names[j])
        if before is not None and before.fraction == figure.fraction:
            chances.append((SHARES["previous_year"], "previous_year"))
        if isinstance(figure, Percentage) and self._in_points(j):
            chances.append((SHARES["points"], "points"))
        chances = [one for one in chances if self.kinds is None or one[1] in self.kinds]
        if not chances:
            return None
        worth = sum(one for one, _ in chances)
        if n < 0 <= figure.n:
            worth //= SIGNED
        if worth <= 0:
            return None
        low, high = self.scaled.printed(j, n, figure.decimals)
        return Value(low, high, n, figure.decimals, worth, max(chances)[1])

    def _as_printed(self, j: int) -> tuple[int, bool]:
        return self.scaled.shown(j), isinstance(self.scaled.figures[j], Percentage)

    def _tied(self, j: int) -> bool:
        """True when a relation says that this figure equals another: the same value twice is then no copy."""
        scaled = self.scaled
        return any(len(scaled.rels[i].names) == 2 and not scaled.rels[i].products for i in scaled.of_figure[j])

    def _in_points(self, j: int) -> bool:
        """True when figure ``j`` is a printed change between two percentages and equals their difference."""
        scaled = self.scaled
        for i in scaled.of_figure[j]:
            rel = scaled.rels[i]
            if len(rel.weights) != 2 or not any(factor == j for factor, _ in rel.products):
                continue
            if all(isinstance(scaled.figures[k], Percentage) for k in rel.weights):
                a, b = (scaled.ends[k] for k in rel.weights)
                if (a - b).meets(scaled.ends[j]) or (b - a).meets(scaled.ends[j]):
                    return True
        return False


def _half(low: int, high: int) -> int:
    return (high - low) // 2 if high < ENDLESS and low > -ENDLESS else 0


def _roundest(first: int, last: int) -> int:
    """The whole number of [first, last] with the most zeros at its end; of several the smallest in size."""
    if first <= 0 <= last:
        return 0
    power = 1
    while -(-first // (power * 10)) * power * 10 <= last:
        power *= 10
    return -(-first // power) * power if first > 0 else last // power * power
