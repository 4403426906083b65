"""Exact feasibility of linear rows over bounded figures, cycles included.

The general simplex of Dutertre and de Moura (« A fast linear-arithmetic solver for DPLL(T) », CAV 2006): every row
gets a variable of its own with the row's bounds; variables outside the basis stay within theirs; a basic variable
out of its bounds is brought back by a pivot, and when no pivot can, its line of the tableau is the contradiction.
Bland's rule (smallest number first) makes it stop. An open end is the end plus or minus an infinitesimal, kept as a
second component; a witness gives the infinitesimal a value small enough. Rationals only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final

from subsidy_rules.bounds import Bounds
from subsidy_rules.diagnosis.rows import Conflict, End, Row, Undecided, near

__all__ = ["MOST_ENTRIES", "MOST_PIVOTS", "solve"]

MOST_PIVOTS: Final = 5_000
MOST_ENTRIES: Final = 60_000
"""Limits: pivots, and entries of the tableau (rows times figures); beyond them the answer is *cannot tell*."""

Number = tuple[Fraction, Fraction]
"""A rational and a multiple of the infinitesimal; tuples compare in the right order."""

_NOTHING: Final = Fraction(0)


def solve(
    rows: Sequence[Row], bounds: Mapping[str, Bounds], printed: Mapping[str, Fraction]
) -> dict[str, Fraction] | Conflict | Undecided:
    """A value for each figure of ``rows``, or the rows that contradict, or nothing within the limits."""
    names = sorted({name for row in rows for name in row.weights})
    if len(names) * len(rows) > MOST_ENTRIES:
        return Undecided()
    tableau = _Tableau(names, rows, bounds, printed)
    for _ in range(MOST_PIVOTS):
        outcome = tableau.step()
        if outcome is None:
            return tableau.witness()
        if isinstance(outcome, Conflict):
            return outcome
    return Undecided()


class _Tableau:
    """Lines of the tableau by basic variable; variables 0… are figures, the rows' own come after."""

    def __init__(
        self, names: Sequence[str], rows: Sequence[Row], bounds: Mapping[str, Bounds], printed: Mapping[str, Fraction]
    ) -> None:
        self.names = names
        self.figures = len(names)
        number = {name: i for i, name in enumerate(names)}
        ends = [_ends(bounds[name]) for name in names] + [_ends(row.bounds) for row in rows]
        self.lower = [end[0] for end in ends]
        self.upper = [end[1] for end in ends]
        self.value: list[Number] = []
        for i, name in enumerate(names):
            self.value.append(_within(near(bounds[name], printed.get(name)), self.lower[i], self.upper[i]))
        self.lines: dict[int, dict[int, Fraction]] = {}
        for i, row in enumerate(rows):
            line = {number[name]: weight for name, weight in row.weights.items()}
            self.lines[self.figures + i] = line
            self.value.append(self._computed(line))

    def _computed(self, line: Mapping[int, Fraction]) -> Number:
        real = sum((weight * self.value[j][0] for j, weight in line.items()), _NOTHING)
        small = sum((weight * self.value[j][1] for j, weight in line.items()), _NOTHING)
        return real, small

    def step(self) -> Conflict | bool | None:
        """One pivot (``True``), a contradiction, or ``None`` when every variable is within its bounds."""
        basic, end, target = self._violated()
        if basic is None or target is None:
            return None
        line = self.lines[basic]
        for j in sorted(line):
            rises = (line[j] > 0) == (end == "lower")
            limit = self.upper[j] if rises else self.lower[j]
            if limit is None or self.value[j] != limit:
                self._pivot(basic, j, target)
                return True
        return self._contradiction(basic, end, line)

    def _violated(self) -> tuple[int | None, End, Number | None]:
        for i in sorted(self.lines):
            lower, upper = self.lower[i], self.upper[i]
            if lower is not None and self.value[i] < lower:
                return i, "lower", lower
            if upper is not None and self.value[i] > upper:
                return i, "upper", upper
        return None, "lower", None

    def _pivot(self, basic: int, entering: int, target: Number) -> None:
        line = self.lines.pop(basic)
        weight = line.pop(entering)
        old = self.value[basic]
        step: Number = ((target[0] - old[0]) / weight, (target[1] - old[1]) / weight)
        self.value[basic] = target
        self.value[entering] = (self.value[entering][0] + step[0], self.value[entering][1] + step[1])
        # basic = weight · entering + rest   becomes   entering = basic / weight - rest / weight
        solved = {j: -by / weight for j, by in line.items()}
        solved[basic] = 1 / weight
        for i, other in self.lines.items():
            by = other.pop(entering, None)
            if by is None:
                continue
            self.value[i] = (self.value[i][0] + by * step[0], self.value[i][1] + by * step[1])
            for j, share in solved.items():
                entry = other.get(j, _NOTHING) + by * share
                if entry:
                    other[j] = entry
                else:
                    other.pop(j, None)
        self.lines[entering] = solved

    def _contradiction(self, basic: int, end: End, line: Mapping[int, Fraction]) -> Conflict:
        found: dict[tuple[int, End], Fraction] = {}
        if basic >= self.figures:
            found[basic - self.figures, end] = Fraction(1)
        for j, weight in line.items():
            if j >= self.figures:
                # The line cannot reach `end`: each of its terms is stopped at the end that pulls the other way.
                stopped: End = "upper" if (weight > 0) == (end == "lower") else "lower"
                found[j - self.figures, stopped] = abs(weight)
        return Conflict(found)

    def witness(self) -> dict[str, Fraction]:
        """Values with the infinitesimal made a number: the largest, up to 1, that keeps every bound."""
        small = Fraction(1)
        for i, (real, multiple) in enumerate(self.value):
            lower, upper = self.lower[i], self.upper[i]
            if lower is not None and lower[1] > multiple:
                small = min(small, (real - lower[0]) / (lower[1] - multiple))
            if upper is not None and upper[1] < multiple:
                small = min(small, (upper[0] - real) / (multiple - upper[1]))
        return {name: self.value[i][0] + small * self.value[i][1] for i, name in enumerate(self.names)}


def _ends(bounds: Bounds) -> tuple[Number | None, Number | None]:
    lower = None if bounds.lower is None else (bounds.lower, Fraction(0 if bounds.lower_closed else 1))
    upper = None if bounds.upper is None else (bounds.upper, Fraction(0 if bounds.upper_closed else -1))
    return lower, upper


def _within(value: Fraction, lower: Number | None, upper: Number | None) -> Number:
    """``value`` itself; it lies within the bounds already, so at most the infinitesimal of an open end is at stake."""
    number = (value, _NOTHING)
    if lower is not None and number < lower:
        return lower
    if upper is not None and number > upper:
        return upper
    return number
