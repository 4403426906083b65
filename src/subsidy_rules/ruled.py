"""Tables whose cells are drawn: from the lines of a page to a grid of boxes.

Only whole grids count: lines that touch one another and cut a rectangle into rows and columns, cells merged or not. A
grid in which a cell would not be a rectangle is no table that can be trusted, and is left alone.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

__all__ = ["Box", "RuledGrid", "Stroke", "ruled_grids"]


class Stroke(NamedTuple):
    """A straight line, level or upright: from (``x0``, ``y0``) to (``x1``, ``y1``), which is above or to the right."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Box:
    """A cell: its place in the grid, and its edges."""

    row: int
    column: int
    row_span: int
    column_span: int
    left: float
    right: float
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class RuledGrid:
    """A table, cell by cell in reading order, and how to find the cell at a point."""

    boxes: tuple[Box, ...]
    columns: tuple[float, ...]
    rows: tuple[float, ...]
    at: tuple[tuple[int, ...], ...] = field(repr=False)

    @property
    def top(self) -> float:
        """The upper edge."""
        return self.rows[0]

    def box_at(self, x: float, y: float) -> Box | None:
        """The cell that holds the point, or ``None`` outside the table."""
        if not (self.columns[0] <= x <= self.columns[-1] and self.rows[-1] <= y <= self.rows[0]):
            return None
        column = min(bisect_right(self.columns, x) - 1, len(self.columns) - 2)
        row = min(bisect_right(self.rows, -y, key=_minus) - 1, len(self.rows) - 2)
        return self.boxes[self.at[row][column]]


def _minus(value: float) -> float:
    return -value


# In points. Lines of one border are drawn next to each other, or end a little before they meet.
_SAME: Final = 2.0
_TOUCH: Final = 3.0
_SHORTEST: Final = 4.0
_MOST_STROKES: Final = 20_000
_MOST_LINES: Final = 600
_MOST_COLUMNS: Final = 60
_MOST_CELLS: Final = 5_000


@dataclass(slots=True)
class _Rule:
    """Strokes on one line, put together: at ``at``, from ``start`` to ``end``."""

    at: float
    start: float
    end: float


def _rules(strokes: Iterable[tuple[float, float, float]]) -> list[_Rule]:
    """Strokes on the same line that overlap or nearly touch, put together."""
    rules: list[_Rule] = []
    level: list[tuple[float, float, float]] = []

    def close() -> None:
        open_rule: _Rule | None = None
        for at, start, end in sorted(level, key=_start):
            if open_rule is not None and start <= open_rule.end + _TOUCH:
                open_rule.end = max(open_rule.end, end)
            else:
                open_rule = _Rule(at, start, end)
                rules.append(open_rule)
        level.clear()

    for stroke in sorted(strokes):
        if level and stroke[0] - level[0][0] > _SAME:
            close()
        level.append(stroke)
    close()
    return [rule for rule in rules if rule.end - rule.start >= _SHORTEST]


def _start(stroke: tuple[float, float, float]) -> float:
    return stroke[1]


def _components(level: Sequence[_Rule], upright: Sequence[_Rule]) -> list[tuple[list[_Rule], list[_Rule]]]:
    """The level and upright rules that touch one another, directly or through others."""
    count = len(level)
    parent = list(range(count + len(upright)))

    def find(item: int) -> int:
        while parent[item] != item:
            parent[item] = parent[parent[item]]
            item = parent[item]
        return item

    heights = [rule.at for rule in level]
    for index, rule in enumerate(upright):
        first = bisect_left(heights, rule.start - _TOUCH)
        last = bisect_right(heights, rule.end + _TOUCH)
        for other in range(first, last):
            if level[other].start - _TOUCH <= rule.at <= level[other].end + _TOUCH:
                parent[find(count + index)] = find(other)
    groups: dict[int, tuple[list[_Rule], list[_Rule]]] = {}
    for index, rule in enumerate(level):
        groups.setdefault(find(index), ([], []))[0].append(rule)
    for index, rule in enumerate(upright):
        groups.setdefault(find(count + index), ([], []))[1].append(rule)
    return list(groups.values())


def _levels(rules: Iterable[_Rule]) -> list[float]:
    """The places of rules, those that differ by the thickness of a border being one."""
    places: list[float] = []
    for at in sorted(rule.at for rule in rules):
        if not places or at - places[-1] > _SAME:
            places.append(at)
    return places


def _drawn(rules: Sequence[_Rule], at: float, across: float) -> bool:
    return any(abs(rule.at - at) <= _SAME * 1.5 and rule.start <= across <= rule.end for rule in rules)


def _grid(level: Sequence[_Rule], upright: Sequence[_Rule]) -> RuledGrid | None:
    """The grid that rules make, or ``None`` when they make none that is sure."""
    columns = _levels(upright)
    rows = _levels(level)[::-1]
    if not (3 <= len(columns) <= _MOST_COLUMNS + 1 and 3 <= len(rows) <= _MOST_LINES):
        return None
    if (len(columns) - 1) * (len(rows) - 1) > _MOST_CELLS:
        return None
    by_column = [[rule for rule in upright if abs(rule.at - x) <= _SAME * 1.5] for x in columns]
    by_row = [[rule for rule in level if abs(rule.at - y) <= _SAME * 1.5] for y in rows]
    height, width = len(rows) - 1, len(columns) - 1
    owner = [[-1] * width for _ in range(height)]
    boxes: list[Box] = []
    for row in range(height):
        middle_y = (rows[row] + rows[row + 1]) / 2
        for column in range(width):
            if owner[row][column] != -1:
                continue
            right = column + 1
            while right < width and not _drawn(by_column[right], columns[right], middle_y):
                right += 1
            middle_x = (columns[column] + columns[column + 1]) / 2
            below = row + 1
            while below < height and not _drawn(by_row[below], rows[below], middle_x):
                below += 1
            if not _is_cell(by_column, by_row, columns, rows, (row, below), (column, right)):
                return None
            for inner_row in range(row, below):
                for inner_column in range(column, right):
                    if owner[inner_row][inner_column] != -1:
                        return None
                    owner[inner_row][inner_column] = len(boxes)
            boxes.append(
                Box(row, column, below - row, right - column, columns[column], columns[right], rows[row], rows[below])
            )
    return RuledGrid(tuple(boxes), tuple(columns), tuple(rows), tuple(tuple(line) for line in owner))


def _is_cell(
    by_column: Sequence[Sequence[_Rule]],
    by_row: Sequence[Sequence[_Rule]],
    columns: Sequence[float],
    rows: Sequence[float],
    down: tuple[int, int],
    across: tuple[int, int],
) -> bool:
    """True when no rule cuts the rectangle, and rules close it on its right and below."""
    top, bottom = down
    left, right = across
    for row in range(top, bottom):
        middle = (rows[row] + rows[row + 1]) / 2
        if any(_drawn(by_column[column], columns[column], middle) for column in range(left + 1, right)):
            return False
        if right < len(columns) - 1 and not _drawn(by_column[right], columns[right], middle):
            return False
    for column in range(left, right):
        middle = (columns[column] + columns[column + 1]) / 2
        if any(_drawn(by_row[row], rows[row], middle) for row in range(top + 1, bottom)):
            return False
        if bottom < len(rows) - 1 and not _drawn(by_row[bottom], rows[bottom], middle):
            return False
    return True


def ruled_grids(strokes: Sequence[Stroke]) -> list[RuledGrid]:
    """The tables that strokes draw, from the top of the page; none when there are too many strokes for a text."""
    if len(strokes) > _MOST_STROKES:
        return []
    level = _rules((stroke.y0, stroke.x0, stroke.x1) for stroke in strokes if stroke.x1 - stroke.x0 >= _SHORTEST)
    upright = _rules((stroke.x0, stroke.y0, stroke.y1) for stroke in strokes if stroke.y1 - stroke.y0 >= _SHORTEST)
    if len(level) > 4 * _MOST_LINES or len(upright) > 4 * _MOST_LINES:
        return []
    level.sort(key=lambda rule: rule.at)
    grids = [_grid(*component) for component in _components(level, upright)]
    return sorted((grid for grid in grids if grid is not None), key=lambda grid: -grid.top)
