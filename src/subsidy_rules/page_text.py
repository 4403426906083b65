"""From words drawn at places of a page to lines, paragraphs, tables.

A PDF says where each string is drawn and nothing else. Here strings that stand on one baseline become a line, blanks
are put where the pen jumped, lines that had to be cut because the next word did not fit become one paragraph, pieces
that stand under one another become a table when that is certain. Positions are in any unit, the same for all, with
the vertical axis pointing up.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median
from typing import Final, NamedTuple

from subsidy_rules.document import Block, Cell, Document, Grid, Role
from subsidy_rules.flow import BAR, SUPERSCRIPT
from subsidy_rules.layout import (
    LONG_PARAGRAPH,
    TOO_MANY_CELLS,
    Mark,
    breaks_off,
    columns_of,
    grid_of,
    is_figure,
    is_wrapped_dash,
    marks_of,
    pieces_of,
    reads_on,
)
from subsidy_rules.place import Place
from subsidy_rules.reading import Limits, ReadError
from subsidy_rules.ruled import Box, RuledGrid, Stroke, ruled_grids

__all__ = ["PageLayout", "PageWriter", "PagedDocument", "Run", "TextLine", "lay_out", "lines_of_runs", "margins"]


class Run(NamedTuple):
    """A string drawn in one go: from ``x0`` to ``x1`` on the baseline ``y``; ``order`` is when it was drawn.

    One without text is room that is taken: words that are struck out.
    """

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool = False
    order: int = 0


@dataclass(slots=True)
class TextLine:
    """One line: its words, and where they stand. ``stops`` are pairs (offset in ``text``, position)."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool
    stops: list[tuple[int, float]] = field(default_factory=list)

    def position(self, offset: int) -> float:
        """Where the character at ``offset`` begins, drawn evenly between the strings of the line."""
        index = bisect_right(self.stops, offset, key=_offset) - 1
        start, left = self.stops[max(0, index)]
        if index + 1 < len(self.stops):
            end, right = self.stops[index + 1]
        else:
            end, right = len(self.text), self.x1
        return left if end <= start else left + (right - left) * min(1.0, (offset - start) / (end - start))


def _offset(stop: tuple[int, float]) -> int:
    return stop[0]


# -- lines ----------------------------------------------------------------------------------------------------------

# In widths of an em (the size of the font). A word space is rarely narrower than an eighth of an em, kerning rarely
# wider than a tenth; the space between thousands can be a thin one, a sixth.
_WORD_GAP: Final = 0.12
_BLANK_GAP: Final = 0.04
_COLUMN_GAP: Final = 1.3
_MOST_BLANKS: Final = 60
_FEWEST_BLANKS: Final = 3
_SAME_BASE: Final = 0.2
_SAME_LINE: Final = 0.5
_BESIDE: Final = 0.35
_RAISED: Final = 0.15
_SMALL: Final = 0.8


class _Row:
    """The strings of one line, as they are found."""

    __slots__ = ("base", "ends", "runs", "size", "starts")

    def __init__(self, run: Run) -> None:
        self.runs = [run]
        self.base, self.size = run.y, run.size
        self.starts, self.ends = [run.x0], [run.x1]

    def takes(self, run: Run) -> bool:
        """True when ``run``, which is not above, stands on this line: on its baseline, or near it and beside it."""
        size = max(self.size, run.size)
        below = self.base - run.y
        return below <= _SAME_BASE * size or (below <= _SAME_LINE * size and not self._overlaps(run))

    def _overlaps(self, run: Run) -> bool:
        slack = 0.1 * run.size
        place = bisect_right(self.starts, run.x0)
        before = place and self.ends[place - 1] > run.x0 + slack
        return bool(before) or (place < len(self.starts) and self.starts[place] < run.x1 - slack)

    def add(self, run: Run) -> None:
        self.runs.append(run)
        place = bisect_right(self.starts, run.x0)
        self.starts.insert(place, run.x0)
        self.ends.insert(place, max(run.x1, self.ends[place - 1]) if place else run.x1)
        if run.size > self.size:
            self.base, self.size = run.y, run.size


def lines_of_runs(runs: Iterable[Run]) -> list[TextLine]:
    """The lines of a page, from the top, each from the left."""
    rows: list[_Row] = []
    blanks: list[Run] = []
    for run in sorted(runs, key=lambda run: (-run.y, run.x0)):
        if run.text.isspace():
            blanks.append(run)
        elif rows and rows[-1].takes(run):
            rows[-1].add(run)
        else:
            rows.append(_Row(run))
    heights = [-row.base for row in rows]
    for run in blanks:
        place = bisect_right(heights, -run.y)
        for row in rows[max(0, place - 1) : place + 1]:
            if abs(row.base - run.y) <= _SAME_BASE * row.size:
                row.runs.append(run)
                break
    return [line for line in (_line(row.runs) for row in rows) if line.text]


def _line(row: list[Run]) -> TextLine:
    """One line from the strings on it."""
    row.sort(key=lambda run: run.x0)
    main = max(row, key=lambda run: (not run.text.isspace(), run.size, len(run.text)))
    parts: list[str] = []
    stops: list[tuple[int, float]] = []
    length = 0
    end = row[0].x0
    blank = ""
    apart = False
    previous: Run | None = None
    inked = bold = 0
    for run in row:
        if run.text.isspace():
            # Blanks may run over the next cell of a table, unseen: they only tell that two strings are two words.
            blank = "\u00a0" if "\u00a0" in run.text else " "
            continue
        if not run.text:
            apart = apart or run.x0 - end > _WORD_GAP * run.size
            end = max(end, run.x1)
            continue
        if previous is not None and _drawn_twice(previous, run):
            continue
        text = run.text
        if previous is not None and _is_raised(previous, run, run.x0 - end):
            text = text.translate(SUPERSCRIPT)
        elif previous is not None:
            gap = run.x0 - end
            if gap > _COLUMN_GAP * main.size:
                blanks = min(_MOST_BLANKS, max(_FEWEST_BLANKS, round(2 * gap / main.size)))
                stops.append((length, end))
                parts.append(" " * blanks)
                length += blanks
            elif (apart or gap > (_BLANK_GAP if blank else _WORD_GAP) * min(run.size, previous.size)) and not (
                parts[-1][-1].isspace() or text[0].isspace()
            ):
                parts.append(blank or " ")
                length += 1
        blank, apart = "", False
        stops.append((length, run.x0))
        parts.append(text)
        length += len(text)
        end = max(end, run.x1)
        previous = run
        count = len(text.strip())
        inked += count
        bold += count if run.bold else 0
    text = "".join(parts)
    shorter = text.rstrip()
    lead = len(shorter) - len(shorter.lstrip())
    first = stops[0][1] if stops else row[0].x0
    line = TextLine(shorter, first, end, main.y, main.size, inked > 0 and bold * 10 >= inked * 9, stops)
    if shorter and len(shorter) < len(text):
        line.x1 = line.position(len(shorter))
    if shorter and lead:
        line.x0 = line.position(lead)
        line.stops = [(max(0, offset - lead), where) for offset, where in stops if offset >= lead] or [(0, line.x0)]
        if line.stops[0][0] > 0:
            line.stops.insert(0, (0, line.x0))
        line.text = shorter[lead:]
    return line


def _is_raised(previous: Run, run: Run, gap: float) -> bool:
    """True for small digits set high right after words: the call of a note, a square metre."""
    return (
        run.size <= _SMALL * previous.size
        and run.y - previous.y >= _RAISED * previous.size
        and gap <= _BESIDE * run.size
        and len(run.text) <= 3
        and run.text.isdigit()
    )


def _drawn_twice(previous: Run, run: Run) -> bool:
    """A string drawn again on itself, a hair aside: bold letters of the poor, or a shadow."""
    width = max(run.x1 - run.x0, 1e-6)
    return (
        previous.text == run.text
        and abs(previous.x0 - run.x0) < 0.4 * width
        and abs(previous.y - run.y) < 0.25 * run.size
        and bool(run.text.strip())
    )


# -- columns of prose -----------------------------------------------------------------------------------------------

_COLUMN_LINES: Final = 6
_COLUMN_CHARACTERS: Final = 20
_COLUMN_FILL: Final = 0.7
_JUMP: Final = 2.5


@dataclass(slots=True)
class _Column:
    runs: list[Run]
    lines: list[TextLine]
    x0: float
    x1: float
    top: float
    bottom: float


def _columns(runs: Sequence[Run]) -> list[Sequence[Run]]:
    """The runs of a page in stretches to read one after the other: one, unless the page has columns of prose.

    The program that drew a page of columns went down one, then up and down the next. Columns of a table are drawn
    like that too, by a few programs: they are told apart by their lines, which do not fill them.
    """
    flows: list[list[Run]] = []
    last = 0.0
    for run in sorted(runs, key=lambda run: run.order):
        if not flows or run.y > last + _JUMP * run.size:
            flows.append([])
        flows[-1].append(run)
        last = run.y
    if len(flows) < 2:
        return [runs]
    columns = [column for column in map(_column, flows) if column is not None]
    beside = [
        column
        for column in columns
        if any(
            other is not column
            and (column.x1 <= other.x0 or other.x1 <= column.x0)
            and min(column.top, other.top) - max(column.bottom, other.bottom)
            >= 0.5 * min(column.top - column.bottom, other.top - other.bottom)
            for other in columns
        )
    ]
    if len(beside) < 2:
        return [runs]
    inside = {run.order for column in beside for run in column.runs}
    top = max(column.top for column in beside)
    above = [run for run in runs if run.order not in inside and run.y > top]
    below = [run for run in runs if run.order not in inside and run.y <= top]
    return [stretch for stretch in (above, *(column.runs for column in beside), below) if stretch]


def _column(flow: list[Run]) -> _Column | None:
    lines = lines_of_runs(flow)
    if len(lines) < _COLUMN_LINES:
        return None
    x0, x1 = min(line.x0 for line in lines), max(line.x1 for line in lines)
    if sum(len(line.text) for line in lines) < _COLUMN_CHARACTERS * len(lines):
        return None
    if median(line.x1 - line.x0 for line in lines) < _COLUMN_FILL * (x1 - x0):
        return None
    return _Column(flow, lines, x0, x1, max(line.y for line in lines), min(line.y for line in lines))


# -- pages ----------------------------------------------------------------------------------------------------------


class RuledCell(NamedTuple):
    """A cell of a table whose borders are drawn, and its words, with a line feed where its author broke the line."""

    box: Box
    text: str


@dataclass(slots=True)
class RuledTable:
    """A table whose borders are drawn, row by row."""

    rows: list[list[RuledCell]]
    top: float
    edges: Sequence[float] = ()
    """Where its columns begin, and where the last one ends."""


class Region(NamedTuple):
    """Lines that are read together: the first of them, the width of the page, and whether they are a column of it."""

    first: int
    width: float
    column: bool


@dataclass(slots=True)
class PageLayout:
    """The lines of a page in reading order, by regions, and the tables whose borders are drawn.

    Each table stands before the line of its number.
    """

    lines: list[TextLine] = field(default_factory=list)
    regions: list[Region] = field(default_factory=list)
    tables: list[tuple[int, RuledTable]] = field(default_factory=list)


def lay_out(groups: Iterable[tuple[Sequence[Run], Sequence[Stroke], float]]) -> PageLayout:
    """The lines and tables of a page.

    ``groups`` are, by direction of writing, the main one first: its strings, the strokes that may be borders around
    them, and the width of the page along them.
    """
    page = PageLayout()
    for runs, strokes, width in groups:
        tables: list[RuledTable] = []
        for grid in ruled_grids(strokes):
            table, rest = _ruled_table(grid, runs)
            if table is not None:
                tables.append(table)
                runs = rest
        first = len(page.lines)
        stretches = _columns(runs) if runs else []
        for stretch in stretches:
            page.regions.append(Region(len(page.lines), width, len(stretches) > 1))
            page.lines += lines_of_runs(stretch)
        for table in tables:
            below = (at for at in range(first, len(page.lines)) if page.lines[at].y < table.top)
            page.tables.append((next(below, len(page.lines)), table))
    return page


_CELL_SLACK: Final = 3.0
_LAYOUT_LINES: Final = 6
_LAYOUT_CHARACTERS: Final = 500


def _ruled_table(grid: RuledGrid, runs: Sequence[Run]) -> tuple[RuledTable | None, Sequence[Run]]:
    """The table that a grid and the strings in it make, and the other strings; no table when that is not sure.

    It is not sure when a string crosses a border (the lines are a drawing behind the text), and it is no table when a
    cell holds a page of text (the borders are a frame).
    """
    inside: dict[Box, list[Run]] = {}
    rest: list[Run] = []
    for run in runs:
        box = grid.box_at((run.x0 + run.x1) / 2, run.y + 0.25 * run.size)
        if box is None:
            rest.append(run)
            continue
        slack = max(_CELL_SLACK, 0.5 * run.size)
        if not run.text.isspace() and (run.x0 < box.left - slack or run.x1 > box.right + slack):
            return None, runs
        inside.setdefault(box, []).append(run)
    rows: dict[int, list[RuledCell]] = {}
    beside = 0
    for box in grid.boxes:
        words = _cell_words(box, inside.get(box, ()))
        if words.count("\n") >= _LAYOUT_LINES or len(words) > _LAYOUT_CHARACTERS:
            return None, runs
        rows.setdefault(box.row, []).append(RuledCell(box, words))
    for cells in rows.values():
        beside += sum(bool(cell.text) for cell in cells) > 1
    if not beside:
        return None, runs
    return RuledTable([rows[row] for row in sorted(rows)], grid.top, grid.columns), rest


def _cell_words(box: Box, runs: Sequence[Run]) -> str:
    """The words of a cell; lines that only the width of the cell made are put together."""
    lines = lines_of_runs(runs)
    if not lines:
        return ""
    padding = max(2.0, min(line.x0 for line in lines) - box.left)
    words = lines[0].text
    for line, after in pairwise(lines):
        joined = reads_on(line.text, after.text) or _is_full(line, after, box.right - padding)
        words += (" " if joined else "\n") + after.text
    return words


_FOLIO: Final = re.compile(r"(?:[Pp](?:age|\.)\s?|[-–—]\s?)?([0-9]{1,4})(?:\s?(?:/|sur|of)\s?[0-9]{1,4})?(?:\s?[-–—])?")
_PAGE_NUMBER: Final = re.compile(r"(?:\b[Pp](?:age|\.)\s?|\A)[0-9]{1,4}(?:\s?(?:/|sur|of)\s?[0-9]{1,4})?\Z")
_EDGE: Final = 3
_LEAST_PAGES: Final = 3
_MARGIN_GAP: Final = 1.6


def margins(pages: Sequence[PageLayout]) -> list[dict[int, Role]]:
    """For each page, the lines that are its header or footer.

    Those are, at the edge of the page and apart from the rest, the lines that come back at the same height on half of
    the pages, and the number of the page.
    """
    counts: Counter[tuple[str, int]] = Counter()
    for page in pages:
        edges = {*range(min(_EDGE, len(page.lines))), *range(max(0, len(page.lines) - _EDGE), len(page.lines))}
        counts.update({_margin_key(page.lines[index]) for index in edges})
    # On two pages, what comes back shows only where the rest does not.
    least = 2 if len(pages) == 2 and _differ(*pages) else _LEAST_PAGES
    often = {key for key, count in counts.items() if count >= max(least, len(pages) * 0.5)}
    found: list[dict[int, Role]] = []
    for number, page in enumerate(pages, start=1):
        mine: dict[int, Role] = dict.fromkeys(_edge(page.lines, number, often), "header")
        last = len(page.lines) - 1
        below: dict[int, Role] = {last - index: "footer" for index in _edge(page.lines[::-1], number, often)}
        found.append(mine if len(mine) > last else {**below, **mine})
    return found


def _differ(page: PageLayout, other: PageLayout) -> bool:
    """True when few lines of two pages stand on both."""
    mine, theirs = ({_margin_key(line) for line in one.lines} for one in (page, other))
    return 2 * len(mine & theirs) <= min(len(mine), len(theirs))


def _margin_key(line: TextLine) -> tuple[str, int]:
    return _PAGE_NUMBER.sub("#", line.text), round(line.y / 4)


def _edge(lines: Sequence[TextLine], number: int, often: set[tuple[str, int]]) -> range:
    """How many lines, from the edge that ``lines`` begin at, are margin: the fewest that a blank keeps apart."""
    for count in range(1, min(_EDGE, len(lines) - 1) + 1):
        line = lines[count - 1]
        folio = _FOLIO.fullmatch(line.text)
        if _margin_key(line) not in often and (folio is None or int(folio[1]) != number):
            break
        if abs(line.y - lines[count].y) >= _MARGIN_GAP * max(line.size, lines[count].size):
            return range(count)
    return range(0)


# -- tables that a page cuts ----------------------------------------------------------------------------------------

_SAME_EDGE: Final = 3.0
_MOST_BETWEEN: Final = 3
_YEAR: Final = re.compile(r"(?:19|20)[0-9]{2}")


@dataclass(slots=True)
class _Tail:
    """The last table of a page, which the next page may go on with: little else than notes stands below it.

    ``starts`` and ``ends`` are those of its columns, which have to be the same where borders are drawn, else only to
    stand under one another. ``below`` and ``between`` count the lines under it, and those above the place where its
    rest would be: footers and headers that did not show as such, or text that parts two tables.
    """

    page: int
    starts: list[float]
    ends: list[float]
    drawn: bool
    header: tuple[str, ...]
    height: int
    totalled: bool
    below: int = 0
    between: int = 0


def _is_header(cells: Sequence[str]) -> bool:
    """A row that names columns: words in every cell, or years."""
    return all(cell and (not is_figure(cell) or _YEAR.fullmatch(cell)) for cell in cells)


_TOTAL: Final = re.compile(r"[\W_]*total", re.IGNORECASE)


# -- blocks ---------------------------------------------------------------------------------------------------------

_FULL_LINE: Final = 55
_FULL_COLUMN_LINE: Final = 20
_MARGIN: Final = 1.25
_LEAST_MARGIN: Final = 20.0
_NEAR: Final = 0.12
_LEAST_FULL: Final = 3
_HEADING: Final = 1.15
_TITLE: Final = 1.4
_LONGEST_HEADING: Final = 200
_NOTE_SIZE: Final = 0.93
_INDENT: Final = 1.0
_NOTE_MARK: Final = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}[ \u00a0]?")
# Some programs do not raise the number before a note: it is one when the text of the page calls it.
_PLAIN_NOTE_MARK: Final = re.compile(r"([0-9]{1,3})[ \u00a0\t]{0,3}(?=[^\W\d_])")
_CALL: Final = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}")


@dataclass(frozen=True, kw_only=True)
class PagedDocument(Document):
    """A document made of pages: ``page_lines`` gives the page and the line in it of each line of ``text``."""

    page_lines: tuple[tuple[int, int], ...] = ()

    def place(self, start: int, end: int) -> Place:
        """Where ``text[start:end]`` stands: its page, and its line and column in the text of that page.

        A stretch that goes over to the next page is placed by its beginning.
        """
        place = Document.place(self, start, end)
        first = self.line_number(start) - 1
        last = self.line_number(max(start, end - 1)) - 1
        page, line = self.page_lines[first]
        end_page, end_line = self.page_lines[last]
        if end_page == page:
            return place.but(page=page, line=line, end_line=end_line)
        return place.but(page=page, line=line, end_line=line, end_column=self.line_span(start)[1] - start + 1)

    def line_number(self, offset: int) -> int:
        """The number, from 1, of the line of ``text`` that holds ``offset``."""
        return bisect_right(self._lines, offset)


@dataclass(slots=True)
class PageWriter:
    """Writes pages one after the other: the text, its blocks and its grids.

    What is written around each page (headers, footers, folios) comes after the text of all pages, so that a paragraph
    that the end of a page cuts is one block all the same.
    """

    limits: Limits
    parts: list[str] = field(default_factory=list)
    length: int = 0
    blocks: list[Block] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)
    page_lines: list[tuple[int, int]] = field(default_factory=list)
    cells: int = 0
    _around: list[tuple[int, int, Role, TextLine]] = field(default_factory=list)
    _last: tuple[TextLine, float] | None = None
    _tail: _Tail | None = None

    def write(self, page: PageLayout, number: int, around: dict[int, Role]) -> None:
        """Adds the text of one page; ``around`` says which of its lines are header or footer."""
        if self._tail is not None and self._tail.page < number - 1:
            self._tail = None
        shown, tables = _line_numbers(page)
        self._around += [(number, shown[index], role, page.lines[index]) for index, role in sorted(around.items())]
        kept = [index for index in range(len(page.lines)) if index not in around]
        first = 0
        for (place, table), line in zip(page.tables, tables, strict=True):
            self._lines_between(page, [index for index in kept if first <= index < place], number, shown)
            self._ruled(table, number, line)
            first = place
        self._lines_between(page, [index for index in kept if first <= index], number, shown)

    def _lines_between(self, page: PageLayout, kept: Sequence[int], number: int, shown: Sequence[int]) -> None:
        """Adds lines that no drawn table parts: those of the page numbered ``kept`` in its layout."""
        if not kept:
            return
        lines = [page.lines[index] for index in kept]
        numbers = [(number, shown[index]) for index in kept]
        regions = [region._replace(first=sum(index < region.first for index in kept)) for region in page.regions]
        stops = {region.first for region in regions} | {len(lines)}
        starts = [self._line(line.text, place) for line, place in zip(lines, numbers, strict=True)]
        marks = marks_of([line.text for line in lines])
        tables = _tables(lines, marks, stops)
        right = _right_margins(lines, regions)
        body, leading = _body_size(page.lines), _leading(lines)
        calls = {call for line in page.lines for call in _CALL.findall(line.text)}
        index = 0
        while index < len(lines):
            table = tables.get(index)
            if table is not None:
                self._table(table, lines, starts, numbers)
                index = table.after
                continue
            after = index + 1
            while (
                after < len(lines)
                and after not in tables
                and after not in stops
                and _goes_on(
                    lines[after - 1], lines[after], lines[index], right[after], leading, marks[index], marks[after]
                )
            ):
                after += 1
            end = starts[after - 1] + len(lines[after - 1].text)
            rest = marks[index] is None and (
                self._is_rest(lines[0]) if index == 0 else self._is_taken_up(lines[index - 1], lines[index])
            )
            if rest:
                self.blocks[-1] = replace(self.blocks[-1], end=end)
                self._below(after - index, number)
            else:
                self._block(lines[index:after], starts[index], end, numbers[index], body, marks[index], calls)
            index = after
        self._last = (lines[-1], right[-1]) if self.blocks[-1].role != "row" else None

    def _ruled(self, table: RuledTable, page: int, line: int) -> None:
        """Adds a table whose borders are drawn: a row is one line, unless a cell has several."""
        cells: list[Cell] = []
        for row in table.rows:
            if not any(cell.text for cell in row):
                continue
            words = BAR.join(cell.text for cell in row)
            start = at = self._line(words, (page, line))
            for cell in row:
                end = at + len(cell.text)
                box = cell.box
                cells.append(
                    Cell(
                        start=at,
                        end=end,
                        row=box.row,
                        column=box.column,
                        row_span=box.row_span,
                        column_span=box.column_span,
                    )
                )
                at = end + len(BAR)
            self.blocks.append(Block(start=start, end=self.length, role="row", line=line, page=page))
            line += words.count("\n") + 1
        self._count(len(cells))
        edges = table.edges
        rows = [[cell.text for cell in row] for row in table.rows if any(cell.text for cell in row)]
        self._grid(cells, rows, edges[:-1], edges[1:], page, drawn=True)
        self._last = None

    def _grid(
        self,
        cells: Sequence[Cell],
        rows: Sequence[Sequence[str]],
        starts: Sequence[float],
        ends: Sequence[float],
        page: int,
        *,
        drawn: bool,
    ) -> None:
        """Adds a table, or the rest of the one that the page before began.

        Two tables of the same columns, the second at the top of a page and the first at the bottom of the page before,
        are one when the second repeats the first row of the first, or has no row of names. Where that is likely and
        not sure, the second is no table: its total would be that of rows that are not in it.
        """
        tail, self._tail = self._tail, None
        if not cells:
            return
        first = tuple(rows[0])
        goes_on = False
        if tail is not None and tail.page == page - 1 and tail.drawn is drawn:
            again = len(first) > 1 and first == tail.header
            goes_on = not (again and tail.totalled) and (again or not _is_header(first))
            places = _same_columns(tail, starts, ends) if goes_on else None
            if goes_on and (places is None or tail.below or tail.between):
                return
            if goes_on and places is not None:
                last = self.grids[-1]
                row = tail.height - again - min(cell.row for cell in cells)
                rest = [
                    replace(
                        cell,
                        row=cell.row + row,
                        column=places[cell.column],
                        column_span=places[cell.column + cell.column_span - 1] - places[cell.column] + 1,
                    )
                    for cell in cells
                    if not again or cell.row > cells[0].row
                ]
                self.grids[-1] = replace(last, cells=(*last.cells, *rest))
                starts, ends, first = tail.starts, tail.ends, tail.header
        if not goes_on:
            self.grids.append(Grid(cells=tuple(cells), page=page))
        self._tail = _Tail(
            page=page,
            starts=list(starts),
            ends=list(ends),
            drawn=drawn,
            header=first,
            height=max(cell.row + cell.row_span for cell in self.grids[-1].cells),
            totalled=_TOTAL.match(" ".join(rows[-1])) is not None,
        )

    def _below(self, lines: int, page: int) -> None:
        """Notes that lines other than notes stand below a table, or above what may be its rest."""
        tail = self._tail
        if tail is None:
            return
        if tail.page == page:
            tail.below += lines
        else:
            tail.between += lines
        if max(tail.below, tail.between) > _MOST_BETWEEN:
            self._tail = None

    def _count(self, cells: int) -> None:
        self.cells += cells
        if self.cells > self.limits.cells:
            raise ReadError(TOO_MANY_CELLS.having(limit=self.limits.cells))

    def finish(self) -> None:
        """Adds what is written around the pages."""
        for number, line, role, words in self._around:
            start = self._line(words.text, (number, line))
            self.blocks.append(Block(start=start, end=self.length, role=role, line=line, page=number))

    def _line(self, words: str, place: tuple[int, int]) -> int:
        """Adds one line; gives where it begins."""
        if self.page_lines:
            self.parts.append("\n")
            self.length += 1
        self.parts.append(words)
        page, line = place
        self.page_lines += [(page, line + further) for further in range(words.count("\n") + 1)]
        self.length += len(words)
        return self.length - len(words)

    def _is_taken_up(self, line: TextLine, after: TextLine) -> bool:
        """True when ``after`` takes up the sentence that ``line`` breaks off, whatever stands between them."""
        if not self.blocks or self.blocks[-1].role not in ("paragraph", "item"):
            return False
        return breaks_off(line.text) and after.text[0].islower() and len(pieces_of(after.text, wide=True)) == 1

    def _is_rest(self, line: TextLine) -> bool:
        """True when the first line of a page is the rest of the last paragraph of the page before."""
        if self._last is None or self.blocks[-1].role not in ("paragraph", "item"):
            return False
        last, right = self._last
        size = max(last.size, line.size)
        if min(last.size, line.size) < 0.85 * size or last.bold is not line.bold:
            return False
        if len(pieces_of(last.text, wide=True)) > 1 or len(pieces_of(line.text, wide=True)) > 1:
            return False
        if reads_on(last.text, line.text):
            return True
        return last.text[-1] not in ".:;!?" and line.text[0].islower() and _is_full(last, line, right)

    def _block(
        self,
        lines: Sequence[TextLine],
        start: int,
        end: int,
        place: tuple[int, int],
        body: float,
        mark: Mark | None,
        calls: set[str],
    ) -> None:
        if end - start > self.limits.paragraph:
            raise ReadError(LONG_PARAGRAPH.having(count=end - start, limit=self.limits.paragraph))
        first = lines[0]
        role: Role = "paragraph"
        level = 0
        heading = _heading_level(lines, body, end - start)
        note = _NOTE_MARK.match(first.text) or _PLAIN_NOTE_MARK.match(first.text)
        if note is not None and note.lastindex and note[1].translate(SUPERSCRIPT) not in calls:
            note = None
        if note is not None and first.size <= _NOTE_SIZE * body and note.end() < len(first.text):
            role, start = "footnote", start + note.end()
        elif mark is not None and not (heading and first.text[mark.indent].isalnum()):
            role, level, start = "item", 1, start + mark.end
        elif heading:
            role, level = "heading", heading
        page, line = place
        self.blocks.append(Block(start=start, end=end, role=role, level=level, line=line, page=page))
        if role != "footnote":
            self._below(len(lines), page)

    def _table(
        self, table: _Table, lines: Sequence[TextLine], starts: Sequence[int], numbers: Sequence[tuple[int, int]]
    ) -> None:
        rows = []
        for at in range(table.first, table.after):
            start = starts[at]
            page, line = numbers[at]
            self.blocks.append(Block(start=start, end=start + len(lines[at].text), role="row", line=line, page=page))
            rows.append([(start + a, start + b) for a, b in pieces_of(lines[at].text, wide=True)])
        self._count(sum(map(len, rows)))
        lefts: dict[int, float] = {}
        rights: dict[int, float] = {}
        words: list[list[str]] = []
        for at, row in enumerate(table.columns, start=table.first):
            drawn = lines[at]
            pieces = pieces_of(drawn.text, wide=True)
            words.append([drawn.text[a:b] for a, b in pieces])
            for column, (a, b) in zip(row, pieces, strict=True):
                lefts[column] = min(lefts.get(column, math.inf), drawn.position(a))
                rights[column] = max(rights.get(column, -math.inf), drawn.position(b))
        self._grid(
            grid_of(rows, table.columns).cells,
            words,
            [lefts[column] for column in sorted(lefts)],
            [rights[column] for column in sorted(rights)],
            numbers[table.first][0],
            drawn=False,
        )


def _same_columns(tail: _Tail, starts: Sequence[float], ends: Sequence[float]) -> list[int] | None:
    """For each column of a table, that of the table before it stands under; ``None`` when they are not the same."""
    places: list[int] = []
    for start, end in zip(starts, ends, strict=True):
        if tail.drawn:
            under = [at for at, edge in enumerate(tail.starts) if abs(edge - start) <= _SAME_EDGE]
            beyond = [at for at, edge in enumerate(tail.ends) if abs(edge - end) <= _SAME_EDGE]
            if not under or not beyond or beyond[0] != under[0]:
                return None
        else:
            under = [at for at in range(len(tail.starts)) if tail.starts[at] < end and start < tail.ends[at]]
        if len(under) != 1 or (places and under[0] <= places[-1]):
            return None
        places += under
    return places


def _line_numbers(page: PageLayout) -> tuple[list[int], list[int]]:
    """The number, from 1, of each line of a page, and of the first line of each table, all counted together."""
    of_lines: list[int] = []
    of_tables: list[int] = []
    number = 1
    tables = iter([*page.tables, (len(page.lines) + 1, None)])
    place, table = next(tables)
    for index in range(len(page.lines) + 1):
        while place == index and table is not None:
            of_tables.append(number)
            number += sum(
                1 + max(cell.text.count("\n") for cell in row) for row in table.rows if any(cell.text for cell in row)
            )
            place, table = next(tables)
        of_lines.append(number)
        number += 1
    return of_lines, of_tables


def _body_size(lines: Sequence[TextLine]) -> float:
    """The size of most characters of the page."""
    counts: Counter[float] = Counter()
    for line in lines:
        counts[round(line.size, 1)] += len(line.text)
    return counts.most_common(1)[0][0] if counts else 0.0


def _heading_level(lines: Sequence[TextLine], body: float, length: int) -> int:
    """The depth of a heading that larger or bold letters show; 0 for other text."""
    if length > _LONGEST_HEADING or len(pieces_of(lines[0].text, wide=True)) > 1:
        return 0
    if not any(character.isalpha() for character in lines[0].text):
        return 0
    size = min(line.size for line in lines)
    if size >= _TITLE * body:
        return 1
    if size >= _HEADING * body:
        return 2
    return 3 if all(line.bold for line in lines) and lines[-1].text[-1] not in ".,;" else 0


def _right_margins(lines: Sequence[TextLine], regions: Sequence[Region]) -> list[float]:
    """For each line, where the lines of its region end when they are full.

    The margin shows where several long lines end near one another. Where none do, only a line that leaves on its right
    hardly more than the margin on the left of the page is full: the others end where their author ended them.
    """
    right = [math.inf] * len(lines)
    for region, after in pairwise([*regions, Region(len(lines), 0.0, False)]):
        mine = lines[region.first : after.first]
        if not mine:
            continue
        left = min(line.x0 for line in mine)
        margin = region.width - _MARGIN * max(left, _LEAST_MARGIN)
        longest = _FULL_COLUMN_LINE if region.column else _FULL_LINE
        ends = sorted(line.x1 for line in mine if len(line.text) >= longest)
        if ends:
            edge = ends[int(0.9 * (len(ends) - 1))]
            near = sum(edge - _NEAR * (edge - left) <= end for end in ends)
            if near >= _LEAST_FULL and near * 4 >= len(ends):
                margin = edge
        right[region.first : after.first] = [margin] * len(mine)
    return right


_LOOSEST: Final = 2.2
_LOOSER: Final = 1.3
_STOPS: Final = ".:;!?"


def _leading(lines: Sequence[TextLine]) -> float:
    """From one line to the next, in em, inside the paragraphs of the page: the least step that comes back."""
    steps = sorted(
        (line.y - after.y) / max(line.size, after.size, 1e-6)
        for line, after in pairwise(lines)
        if 0 < line.y - after.y <= _LOOSEST * max(line.size, after.size)
    )
    return steps[len(steps) // 10] if len(steps) > 1 else _LOOSEST / _LOOSER


def _goes_on(
    line: TextLine,
    after: TextLine,
    first: TextLine,
    right: float,
    leading: float,
    mark: Mark | None,
    new_mark: Mark | None,
) -> bool:
    """True when ``after`` is the rest of the paragraph of ``line``, which began at ``first``.

    ``mark`` is the one that the paragraph begins with, ``new_mark`` the one that ``after`` seems to begin with.
    """
    if new_mark is not None:
        in_line = abs(after.x0 - first.x0) <= 0.5 * first.size
        if not is_wrapped_dash(line.text, new_mark, mark, in_line=in_line) or not _is_full(line, after, right):
            return False
    size = max(line.size, after.size)
    if not 0 < line.y - after.y <= _LOOSER * leading * size:
        return False
    if min(line.size, after.size) < 0.85 * size:
        return False
    if len(pieces_of(line.text, wide=True)) > 1 or len(pieces_of(after.text, wide=True)) > 1:
        return False
    if mark is None and line is not first and after.x0 - line.x0 > _INDENT * size:
        return False  # the first line of the next paragraph is indented
    if reads_on(line.text, after.text):
        return True
    if first.bold and line.bold and not after.bold:
        return False
    if after.bold and not line.bold and line.text[-1] in _STOPS:
        return False
    return _is_full(line, after, right)


def _is_full(line: TextLine, after: TextLine, right: float) -> bool:
    """True when the first word of ``after`` would not have fitted at the end of ``line``."""
    word = after.text.split(None, 1)[0]
    return line.x1 + 0.2 * after.size + after.position(len(word)) - after.x0 > right


@dataclass(slots=True)
class _Table:
    first: int
    after: int
    columns: list[list[int]]


def _tables(lines: Sequence[TextLine], marks: Sequence[Mark | None], stops: set[int]) -> dict[int, _Table]:
    """The tables that pieces standing under one another make, by their first line."""
    cut = [marks[index] is None and len(pieces_of(line.text, wide=True)) > 1 for index, line in enumerate(lines)]
    tables: dict[int, _Table] = {}
    index = 0
    while index < len(lines):
        if not cut[index]:
            index += 1
            continue
        after = index + 1
        while after < len(lines) and after not in stops and cut[after]:
            after += 1
        for first in range(index, min(index + 3, after - 1)):
            columns = _table_columns(lines[first:after])
            if columns is not None:
                tables[first] = _Table(first, after, columns)
                break
        index = after
    return tables


def _table_columns(lines: Sequence[TextLine]) -> list[list[int]] | None:
    """The column of each piece of each line, when the lines are certainly a table."""
    pieces = [pieces_of(line.text, wide=True) for line in lines]
    spans = [[(line.position(a), line.position(b)) for a, b in row] for line, row in zip(lines, pieces, strict=True)]
    columns = columns_of(spans)
    if columns is None:
        return None
    width = max(max(row) for row in columns) + 1
    whole = sum(len(row) == width for row in columns)
    if len(lines) < 2 or whole * 2 < len(lines):
        return None
    for column in range(1, width):
        cells = [
            line.text[a:b]
            for line, row, places in zip(lines, pieces, columns, strict=True)
            for (a, b), place in zip(row, places, strict=True)
            if place == column
        ]
        if cells and sum(map(is_figure, cells)) * 2 >= len(cells):
            return columns
    return None
