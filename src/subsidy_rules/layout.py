"""What lines of text look like: lists, wrapped paragraphs, tables drawn with bars or with blanks.

These are judgements on the shape of a page, made on characters and positions only: a mark at the beginning of a line,
a line that was cut because the next word did not fit, figures that stand under one another. Where the shape is not
certain nothing is claimed: lines stay lines, and no table is announced.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, NamedTuple

from subsidy_rules.document import Block, Cell, Grid
from subsidy_rules.reading import Limits, ReadError
from subsidy_rules.wording import Message

__all__ = [
    "LONG_PARAGRAPH",
    "TOO_MANY_CELLS",
    "DrawnTable",
    "Line",
    "Mark",
    "Wrapping",
    "add_rows",
    "breaks_off",
    "columns_of",
    "grid_of",
    "is_figure",
    "is_wrapped_dash",
    "lines_of",
    "list_mark",
    "marks_of",
    "pieces_of",
    "plain_blocks",
    "reads_on",
    "table_of_bars",
]

LONG_PARAGRAPH: Final = Message(
    "une ligne ou un paragraphe de {count} caractères (la limite est de {limit}) : ce n’est pas un texte ordinaire",
    "a line or paragraph of {count} characters (the limit is {limit}): this is no ordinary text",
)
TOO_MANY_CELLS: Final = Message(
    "les tableaux comptent plus de {limit} cellules",
    "the tables have more than {limit} cells",
)

_MANY_LINES: Final = Message(
    "le texte compte {count} lignes, plus que la limite de {limit}",
    "the text has {count} lines, more than the limit of {limit}",
)

# -- marks of lists -------------------------------------------------------------------------------------------------

_BLANK: Final = " \t\u00a0\u2002-\u200a\u202f"
# Dashes, dots, squares, arrows and ticks, with the private characters that Symbol and Wingdings leave behind.
# A true minus (U+2212) and a plus are signs, never marks.
_BULLETS: Final = "\\-\u2010-\u2015•‣⁃∙·●○◦▪▫■□◆◇►▶▸➢➤→✓✔✦❖❑❒*\uf0b7\uf0a7\uf0a8\uf0d8\uf076\uf0fc\uf02d"
_MARK: Final = re.compile(
    rf"[{_BLANK}]*(?:"
    rf"(?:[{_BULLETS}]|o(?=[{_BLANK}]))(?=[{_BLANK}])"
    # 1.  1)  1°  1°)  5° -
    rf"|(?P<number>[0-9]{{1,2}})(?:°(?:\)|[ \u00a0]?[-–](?=[{_BLANK}]))?|[.)]-?)(?=[{_BLANK}])"
    # a)  IV)  iv.
    rf"|(?:[A-Za-z]|[IVXivx]{{1,5}})\)(?=[{_BLANK}])"
    # (a)  (iv)
    rf"|\((?:[a-z]|[ivx]{{1,5}})\)(?=[{_BLANK}])"
    rf"|[IVXivx]{{1,5}}\.(?=[{_BLANK}])"
    rf")[{_BLANK}]+(?=[^{_BLANK}])"
)


class Mark(NamedTuple):
    """The mark of a list item at the beginning of a line: where its text begins, its number if it has one.

    ``sign`` is what the mark looks like (a bullet, or ``1`` for any number or letter). ``doubtful``: the mark is a
    number followed by a digit (``2. 500 euros``), which is a mark only among others.
    """

    end: int
    indent: int
    sign: str
    number: int | None
    doubtful: bool


def list_mark(line: str) -> Mark | None:
    """The mark that ``line`` begins with, or ``None``. A dash must be followed by a blank: ``-50`` is a number."""
    found = _MARK.match(line)
    if found is None:
        return None
    number = found["number"]
    indent = len(line) - len(line.lstrip())
    end = found.end()
    sign = "1" if line[indent].isalnum() and line[indent : indent + 2] != "o " else line[indent]
    doubtful = number is not None and line[end] in _DIGITS
    return Mark(end, indent, sign, None if number is None else int(number), doubtful)


_DIGITS: Final = frozenset("0123456789")


def marks_of(lines: Sequence[str]) -> list[Mark | None]:
    """The marks of several lines: a doubtful one stays only where the numbers before or after it follow on."""
    marks = [list_mark(line) for line in lines]
    numbered = [(index, mark) for index, mark in enumerate(marks) if mark is not None and mark.number is not None]
    for position, (index, mark) in enumerate(numbered):
        if not mark.doubtful or mark.number is None:
            continue
        before = numbered[position - 1][1].number if position else None
        after = numbered[position + 1][1].number if position + 1 < len(numbered) else None
        if before != mark.number - 1 and after != mark.number + 1:
            marks[index] = None
    return marks


_DASHES: Final = frozenset("-\u2010\u2011\u2012\u2013\u2014\u2015")


def is_wrapped_dash(before: str, mark: Mark, item: Mark | None, *, in_line: bool) -> bool:
    """True when a dash at the beginning of a line is one that the width of the page brought there.

    « chapitre 65 ⏎ – nature 6574 » is one line of text, and « – nature 6574 » no item. ``before`` is the line above,
    which is full; ``item`` the mark of the paragraph it belongs to, if it has one; ``in_line`` tells that the dash
    stands under that mark: then it begins the next item of the same list.
    """
    if mark.sign not in _DASHES or before.rstrip()[-1:] in ".:;!?":
        return False
    return item is None or item.sign != mark.sign or not in_line


# -- wrapped lines --------------------------------------------------------------------------------------------------

_FIGURE_ENDS: Final = re.compile(r"(?:[0-9]|€|%|euros?|francs?)[ .;,]{0,2}\Z")


def _ends_there(line: str, after: str) -> bool:
    """True for an entry of a list before another: its author ended it there, however long it is."""
    if list_mark(after) is not None and (list_mark(line) is not None or line.rstrip()[-1:] in ";:"):
        return True
    return after.lstrip()[:1].isupper() and _FIGURE_ENDS.search(line[-16:].rstrip()) is not None


_NARROWEST: Final = 50
_WIDEST: Final = 200
_WORD: Final = re.compile(r"[^\s]+")


@dataclass(frozen=True, slots=True)
class Wrapping:
    """How a text was cut into lines: ``width`` is the longest line; ``sure`` when many lines show it."""

    width: int
    sure: bool

    @classmethod
    def of(cls, lines: Sequence[str]) -> Wrapping | None:
        """How these lines were cut, or ``None`` when they end where their author ended them.

        Lines were cut at a width when most of those followed by another end where its first word would not have fit.
        """
        pairs = []
        for line, after in pairwise(lines):
            first = _WORD.search(after)
            if first is not None and not line.isspace() and line:
                pairs.append((len(line.rstrip()), 0 if _ends_there(line, after) else len(first.group())))
        if not pairs:
            return None
        lengths = sorted(length for length, _ in pairs)
        # A long address on one line must not hide the width of the others.
        width = max(lengths[-1 - len(lengths) // 50], 1)
        if not _NARROWEST <= width <= _WIDEST:
            return None
        full = sum(first > 0 and length + 1 + first > width for length, first in pairs)
        if full * 2 < len(pairs):
            return None
        return cls(width, len(pairs) >= (3 if full == len(pairs) else 4))

    def goes_on(self, line: str, after: str) -> bool:
        """True when ``after`` is the rest of a paragraph that had to be cut at the end of ``line``."""
        first = _WORD.search(after)
        if first is None or len(line.rstrip()) + 1 + len(first.group()) <= self.width:
            return False
        return self.sure or first.group()[0].islower()


# Words that no sentence ends with: after one of them, a new line is the rest of the same sentence.
_LINKS: Final = frozenset(
    (
        "à",
        "au",
        "aux",
        "avec",
        "ce",
        "cet",
        "cette",
        "ces",
        "dans",
        "de",
        "des",
        "dont",
        "du",
        "en",
        "entre",
        "et",
        "la",
        "le",
        "les",
        "leur",
        "leurs",
        "notre",
        "nos",
        "ou",
        "où",
        "par",
        "pour",
        "que",
        "qui",
        "sa",
        "sans",
        "se",
        "ses",
        "son",
        "sous",
        "sur",
        "un",
        "une",
        "vers",
        "a",
        "an",
        "and",
        "at",
        "by",
        "for",
        "from",
        "in",
        "of",
        "on",
        "or",
        "the",
        "to",
        "with",
    )
)
_LAST_WORD: Final = re.compile(r"[^\W\d_]+['’]?\Z")
_UNITS: Final = frozenset({"euro", "euros", "f", "frs", "franc", "francs", "ht", "ttc", "eur", "k", "m"})
_SENTENCE_LINE: Final = 40
_TITLE_LINE: Final = 30


def reads_on(line: str, after: str) -> bool:
    """True when the words themselves show that ``after`` is the rest of ``line``, wherever the line was cut.

    A line that ends with a preposition goes on; so does a long one without a final stop before a small letter, and a
    long title in capitals before more capitals. A line that ends with a figure or its unit may be an entry of a list.
    """
    line, after = line[-400:].rstrip(), after[:400].lstrip()
    if breaks_off(line) and after[:1].isalnum():
        return True
    found = _LAST_WORD.search(line)
    if found is None:
        if len(line) < _SENTENCE_LINE:
            return False
        return (line[-1] == "," and after[:1].islower()) or _cut_in_a_number(line, after)
    if found.group().lower() in _UNITS:
        return False
    if after[:1].islower() and len(line) >= _SENTENCE_LINE:
        return True
    return line.isupper() and len(line) >= _TITLE_LINE and _all_capitals(after)


def breaks_off(line: str) -> bool:
    """True when ``line`` ends with a word that no sentence ends with."""
    found = _LAST_WORD.search(line[-40:])
    if found is None:
        return False
    last = found.group()
    if last.lower() not in _LINKS or last in ("A", "a"):
        return last[-1] in "'’"
    # « Boule d'Or » is a name, « RÉPARTITION DES » a title that goes on.
    return last.islower() or (last.isupper() and len(last) > 1)


# The end of « un montant de 1 329 » and the beginning of « 243 euros ».
_NUMBER_BEGUN: Final = re.compile(r"[^\W\d_]['’,(]? ?[0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3}){0,4}\Z")
_NUMBER_ENDED: Final = re.compile(
    r"[0-9]{3}(?:[ \u00a0\u202f][0-9]{3}){0,4}(?:,[0-9]+)?[ \u00a0\u202f]?"
    r"(?:€|[kKM]€|[Ee]uros?\b|EUROS?\b|F\b|[Ff]rancs?\b|FRANCS?\b)"
)


def _cut_in_a_number(line: str, after: str) -> bool:
    return _NUMBER_BEGUN.search(line[-40:]) is not None and _NUMBER_ENDED.match(after) is not None


def _all_capitals(line: str) -> bool:
    return line[:60].isupper()


# -- tables ---------------------------------------------------------------------------------------------------------

Span = tuple[float, float]


def columns_of(rows: Sequence[Sequence[Span]]) -> list[list[int]] | None:
    """The column of each stretch of each row, from the left, when the rows are certainly one table; else ``None``.

    Stretches that overlap, whatever their rows, are one column; a row with two stretches in one column belongs to no
    table. Positions may be of any unit.
    """
    spans = sorted(span for row in rows for span in row)
    ends: list[float] = []
    starts: list[float] = []
    for start, end in spans:
        # Stretches without width that begin together stand in one column too.
        if ends and (start < ends[-1] or start == starts[-1]):
            ends[-1] = max(ends[-1], end)
        else:
            starts.append(start)
            ends.append(end)
    if len(starts) < 2:
        return None
    placed: list[list[int]] = []
    for row in rows:
        columns = [bisect_right(starts, start) - 1 for start, _ in row]
        if len(set(columns)) != len(columns):
            return None
        placed.append(columns)
    return placed


def grid_of(
    rows: Sequence[Sequence[tuple[int, int]]], columns: Sequence[Sequence[int]], *, page: int | None = None
) -> Grid:
    """A grid from stretches of text, row by row, and the column of each."""
    return Grid(
        cells=tuple(
            Cell(start=start, end=end, row=row, column=column)
            for row, (stretches, places) in enumerate(zip(rows, columns, strict=True))
            for (start, end), column in zip(stretches, places, strict=True)
        ),
        page=page,
    )


_GAP: Final = re.compile(r"[^\S\n][^\S\n]|\t")
_PIECE: Final = re.compile(r"[^\s](?:[^\S\t\n]?[^\s])*")
_WIDE_PIECE: Final = re.compile(r"[^\s](?:[^\S\t\n]{0,2}[^\s])*")


# « UNC ............ 450 € »: a run of dots that leads the eye from words to a figure.
_LEADER: Final = re.compile(rf"(?<=[^\s.…·])[.…·:{_BLANK}]{{3,}}+(?=[(+−–-]{{0,2}}[ \u00a0]?[0-9€£$])")
_LEADER_SIGNS: Final = ("...", "…", "···", ". .")


def _leaders(line: str) -> Iterator[tuple[int, int]]:
    for found in _LEADER.finditer(line):
        run = found.group()
        if run.count(".") + run.count("·") + 3 * run.count("…") >= (3 if run[0] in _BLANK else 4):
            yield found.span()


def pieces_of(line: str, *, wide: bool = False) -> list[tuple[int, int]]:
    """The stretches of a line that at least two blanks (three when ``wide``), a tab, or the dots that lead to a figure
    keep apart."""
    if any(sign in line for sign in _LEADER_SIGNS) and (leaders := list(_leaders(line))):
        cuts = [0, *(at for leader in leaders for at in leader), len(line)]
        return [
            (low + start, low + end)
            for low, high in zip(cuts[::2], cuts[1::2], strict=True)
            for start, end in pieces_of(line[low:high], wide=wide)
        ]
    if _GAP.search(line) is None:  # almost every line
        words = line.strip()
        start = len(line) - len(line.lstrip())
        return [(start, start + len(words))] if words else []
    return [found.span() for found in (_WIDE_PIECE if wide else _PIECE).finditer(line)]


_FIGURE: Final = re.compile(r"[^\w]*[0-9]")
_LETTERS: Final = re.compile(r"[^\W\d_]")


def is_figure(text: str) -> bool:
    """A cell that holds little else than a number: ``1 245 000 F``, ``12,5 %``, ``- 300 €``."""
    return _FIGURE.match(text) is not None and len(_LETTERS.findall(text)) <= 6


def _bar_cells(line: str, start: int) -> list[tuple[int, int]]:
    """The cells of a line drawn with bars, blanks around them left out; the outer bars are not cells."""
    cells: list[tuple[int, int]] = []
    at = 0
    while True:
        bar = line.find("|", at)
        while bar > 0 and line[bar - 1] == "\\":
            bar = line.find("|", bar + 1)
        stop = len(line) if bar == -1 else bar
        cell = line[at:stop]
        content = cell.strip()
        first = start + at + len(cell) - len(cell.lstrip()) if content else start + at
        cells.append((first, first + len(content)))
        if bar == -1:
            break
        at = bar + 1
    if len(cells) > 1 and cells[0][0] == cells[0][1]:
        del cells[0]
    if len(cells) > 1 and cells[-1][0] == cells[-1][1]:
        del cells[-1]
    return cells


def _bar_columns(text: str, rows: Sequence[Sequence[tuple[int, int]]]) -> list[list[int]]:
    """The column of each cell of rows drawn with bars.

    A row with fewer cells than the others lost a merged cell or its last ones. Figures tell which: where counting
    from the left would put one under words, and counting from the right puts it under figures, the row is counted
    from the right after its first cell (``TOTAL | 2 730 000 F``).
    """
    width = max(len(row) for row in rows)
    whole = [row for row in rows if len(row) == width]
    figures = [sum(is_figure(text[row[column][0] : row[column][1]]) for row in whole) for column in range(width)]
    placed = []
    for row in rows:
        columns = list(range(len(row)))
        missing = width - len(row)
        if missing > 0 and len(row) > 1:
            shown = [is_figure(text[start:end]) for start, end in row]
            from_left = sum(is_figure and figures[place] > 0 for place, is_figure in enumerate(shown))
            from_right = sum(is_figure and figures[place + missing] > 0 for place, is_figure in enumerate(shown))
            if from_right > from_left:
                columns = [0, *range(missing + 1, width)]
        placed.append(columns)
    return placed


class Line(NamedTuple):
    """One line of a text: where it begins and ends (line feed left out), and its number from 1."""

    start: int
    end: int
    number: int


def lines_of(text: str) -> Iterator[Line]:
    """The lines of ``text``, cut at line feeds only."""
    start = 0
    number = 1
    while True:
        end = text.find("\n", start)
        if end == -1:
            yield Line(start, len(text), number)
            return
        yield Line(start, end, number)
        start = end + 1
        number += 1


def _drawn_with_blanks(
    text: str, lines: Sequence[Line], *, last: bool = False
) -> tuple[list[list[tuple[int, int]]], list[list[int]]] | None:
    """Rows and columns of lines that blanks cut into pieces standing under one another, when that is certain.

    ``last``: nothing follows them; tabs that all of them begin with then only set the table in, and are no level of a
    larger one.
    """
    rows = [[(line.start + a, line.start + b) for a, b in pieces_of(text[line.start : line.end])] for line in lines]
    spans = []
    for line, row in zip(lines, rows, strict=True):
        words = text[line.start : line.end]
        if "\t" in words:
            # Tabs make columns by their number, not by where they fall.
            spans.append([(float(words.count("\t", 0, a - line.start)), 0.0) for a, _ in row])
        else:
            spans.append([(float(a - line.start), float(b - line.start) + 0.5) for a, b in row])
    tabbed = sum("\t" in text[line.start : line.end] for line in lines)
    if tabbed == len(lines):
        # Tabs before all the lines only set the table in.
        first = min((int(row[0][0]) for row in spans if row), default=0) if last else 0
        columns: list[list[int]] | None = [[int(start) - first for start, _ in row] for row in spans]
    elif tabbed:
        return None
    else:
        columns = columns_of(spans)
    for found in (columns, None if tabbed else _by_rank(text, rows)):
        if found is not None and _is_table(text, rows, found):
            return rows, found
    return None


def _is_table(text: str, rows: Sequence[Sequence[tuple[int, int]]], columns: Sequence[Sequence[int]]) -> bool:
    """True when rows and columns are certainly those of a table, with a column of figures."""
    if any(len(set(row)) != len(row) for row in columns):
        return False
    width = max(max(row) for row in columns) + 1
    whole = sum(len(row) == width for row in rows)
    if whole * 3 < len(rows) * 2 and not (whole > 1 and _all_alike(text, rows, columns)):
        return False
    # Prose with double blanks may fall in line by chance; a column of figures does not.
    for column in range(1, width):
        cells = [
            text[start:end]
            for row, places in zip(rows, columns, strict=True)
            for (start, end), place in zip(row, places, strict=True)
            if place == column
        ]
        if sum(map(is_figure, cells)) * 2 >= len(cells) and cells:
            return True
    return False


def _all_alike(text: str, rows: Sequence[Sequence[tuple[int, int]]], columns: Sequence[Sequence[int]]) -> bool:
    """True when every column holds only words or only figures, titles aside: one side of a table may be the longer."""
    kinds: dict[int, bool] = {}
    for row, places in zip(rows, columns, strict=True):
        shown = [is_figure(text[start:end]) for start, end in row]
        if not any(shown):
            continue
        for place, figure in zip(places, shown, strict=True):
            if kinds.setdefault(place, figure) != figure:
                return False
    return sum(kinds.values()) > 1


def _by_rank(text: str, rows: Sequence[Sequence[tuple[int, int]]]) -> list[list[int]] | None:
    """The columns of rows that are not in line, but all made alike: words, then as many figures."""
    count = len(rows[0])
    for row in rows:
        if len(row) != count or is_figure(text[slice(*row[0])]):
            return None
        if not all(is_figure(text[start:end]) for start, end in row[1:]):
            return None
    return [list(range(count)) for _ in rows]


# -- blocks of plain text -------------------------------------------------------------------------------------------


def plain_blocks(text: str, limits: Limits) -> tuple[list[Block], list[Grid]]:
    """The paragraphs, list items and tables of plain text, whose own lines are the lines of the source.

    The mark of an item stands before its block, not in it. A line feed inside a paragraph or an item is one that the
    width of the page made. A form feed begins a page, as PDF-to-text programs write it.
    """
    blocks: list[Block] = []
    grids: list[Grid] = []
    indents: list[tuple[int, str]] = []
    run: list[Line] = []
    page = 1 if "\f" in text else None
    cells = 0
    count = text.count("\n")
    if count > limits.lines:
        raise ReadError(_MANY_LINES.having(count=count, limit=limits.lines))
    wrapping = Wrapping.of(text.split("\n"))

    def flush() -> None:
        nonlocal cells
        before = len(grids)
        _run_blocks(text, run, wrapping, indents, page, blocks, grids)
        run.clear()
        cells += sum(len(grid.cells) for grid in grids[before:])
        if cells > limits.cells:
            raise ReadError(TOO_MANY_CELLS.having(limit=limits.cells))

    for line in lines_of(text):
        if line.end - line.start > limits.paragraph:
            raise ReadError(LONG_PARAGRAPH.having(count=line.end - line.start, limit=limits.paragraph))
        words = text[line.start : line.end]
        if page is not None and "\f" in words:
            flush()
            page += words.count("\f")
        if words.strip():
            run.append(line)
        elif run:
            flush()
    flush()
    return blocks, grids


def _run_blocks(
    text: str,
    run: Sequence[Line],
    wrapping: Wrapping | None,
    indents: list[tuple[int, str]],
    page: int | None,
    blocks: list[Block],
    grids: list[Grid],
) -> None:
    """The blocks of lines that no blank line cuts. ``indents`` are those of the lists that are open."""
    lines = [text[line.start : line.end] for line in run]
    marks = marks_of(lines)
    tables = _tables(text, run, lines, marks)
    local = Wrapping.of(lines)
    item: Mark | None = None
    open_block = False
    index = 0
    while index < len(run):
        table = tables.get(index)
        if table is not None:
            add_rows(table, run, lines, blocks, grids, page=page)
            index, open_block = table.after, False
            continue
        line, words, mark = run[index], lines[index], marks[index]
        end = line.start + len(words.rstrip())
        if open_block:
            goes_on = _continues(lines[index - 1].rstrip(), words, mark, wrapping, local, item)
        else:
            goes_on = index == 0 and mark is None and bool(blocks) and _taken_up(text, blocks[-1], words)
        if goes_on:
            blocks[-1] = replace(blocks[-1], end=end)
        elif mark is not None:
            start = line.start + mark.end
            level = _level(indents, mark)
            blocks.append(Block(start=start, end=end, role="item", level=level, line=line.number, page=page))
        else:
            indent = len(words) - len(words.lstrip())
            if not indent:
                indents.clear()
            blocks.append(Block(start=line.start + indent, end=end, line=line.number, page=page))
        if not open_block or blocks[-1].line == line.number:
            item = mark
        open_block = True
        index += 1


def _taken_up(text: str, block: Block, line: str) -> bool:
    """True when ``line`` takes up, after a blank line, the sentence that ``block`` breaks off."""
    if block.role not in ("paragraph", "item") or not line.lstrip()[:1].islower():
        return False
    return breaks_off(text[max(block.start, block.end - 40) : block.end])


_SLACK: Final = 3


def _level(indents: list[tuple[int, str]], mark: Mark) -> int:
    """The depth of an item among the open lists, which are brought up to date.

    Items of one list are not always in line (the first one lost its blanks when the text was copied): under the same
    sign, only a clear step to the right is a list inside the list.
    """
    while indents:
        indent, sign = indents[-1]
        if sign == mark.sign and abs(mark.indent - indent) <= _SLACK:
            return len(indents)
        if mark.indent > indent:
            break
        indents.pop()
    indents.append((mark.indent, mark.sign))
    return len(indents)


class DrawnTable(NamedTuple):
    """A table drawn in lines of text: the line after it, the lines that are rows, their cells and columns."""

    after: int
    lines: list[int]
    rows: list[list[tuple[int, int]]]
    columns: list[list[int]]


def _tables(
    text: str, run: Sequence[Line], lines: Sequence[str], marks: Sequence[Mark | None]
) -> dict[int, DrawnTable]:
    """The tables among lines, by the line they begin at."""
    tables: dict[int, DrawnTable] = {}
    index = 0
    while index < len(run):
        barred = table_of_bars(text, run, lines, index)
        if barred is not None:
            tables[index] = barred
            index = barred.after
            continue
        slashed = _cut_by_signs(text, run, lines, marks, index)
        if slashed is not None:
            tables[index] = slashed
            index = slashed.after
            continue
        after = _cut_by_blanks(lines, marks, index)
        # The first lines may be titles that stand over several columns.
        for start in range(index, min(index + 3, after - 1)):
            drawn = _drawn_with_blanks(text, run[start:after], last=after == len(run))
            if drawn is not None:
                table = DrawnTable(after, list(range(start, after)), *drawn)
                tables[start] = table = _with_groups(text, run, lines, marks, table)
                after = table.after
                break
        index = max(after, index + 1)
    return tables


_SIGNS_BETWEEN: Final = (" / ", ";")
_MOST_CELLS: Final = 12


def _cut_by_signs(
    text: str, run: Sequence[Line], lines: Sequence[str], marks: Sequence[Mark | None], index: int
) -> DrawnTable | None:
    """The table whose cells a slash or a semicolon keeps apart (« Aubigny / 10 000 € / 2 000 € »), from a line on.

    Every line has as many cells, and all those of one column but for the titles are figures.
    """
    for sign in _SIGNS_BETWEEN:
        count = lines[index].count(sign)
        if not 1 <= count <= _MOST_CELLS:
            continue
        after = index
        rows: list[list[tuple[int, int]]] = []
        titles = 0
        left = set(range(1, count + 1))  # the columns that hold figures only, so far
        while after < len(lines) and marks[after] is None and lines[after].count(sign) == count:
            cells = []
            at = 0
            for words in lines[after].split(sign):
                start = run[after].start + at + len(words) - len(words.lstrip())
                cells.append((start, start + len(words.strip())))
                at += len(words) + len(sign)
            figures = {column for column, (start, end) in enumerate(cells) if is_figure(text[start:end])}
            if after == index and not figures:
                titles = 1
            elif 0 in figures or not left & figures:
                break
            else:
                left &= figures
            rows.append(cells)
            after += 1
        if len(rows) < 3 or len(rows) - titles < 2:
            continue
        return DrawnTable(after, list(range(index, after)), rows, [list(range(count + 1)) for _ in rows])
    return None


_GROUP_TITLE: Final = 70
_MOST_GROUPS: Final = 24
_MOST_ROWS: Final = 400
"""The rows are placed anew with each group: longer tables are read as several."""
_ENDS_IN_FIGURE: Final = re.compile(r"(?:[0-9€%]|euros?|francs?|[0-9] ?[KkFf]€?)[ .:;)]{0,3}\Z")


def _with_groups(
    text: str, run: Sequence[Line], lines: Sequence[str], marks: Sequence[Mark | None], table: DrawnTable
) -> DrawnTable:
    """The table with the groups that follow it under titles of their own, as long as they stand in its columns."""
    width = max(max(row) for row in table.columns) + 1
    rows = dict(zip(table.lines, table.rows, strict=True))
    titles: dict[int, list[tuple[int, int]]] = {}
    after = table.after
    columns = list(table.columns)
    while after < len(lines) and len(titles) < _MOST_GROUPS and len(rows) < _MOST_ROWS:
        title = pieces_of(lines[after])
        words = lines[after].strip()
        if len(title) != 1 or marks[after] is not None or "|" in words or len(words) > _GROUP_TITLE:
            break
        if words[-1] in ".;,!?" or words[0].islower() or _ENDS_IN_FIGURE.search(words) or breaks_off(words):
            break
        below = list(range(after + 1, _cut_by_blanks(lines, marks, after + 1)))
        drawn = _drawn_with_blanks(text, [run[number] for number in (*rows, *below)]) if below else None
        if drawn is None or max(max(row) for row in drawn[1]) + 1 != width:
            break
        titles[after] = [(run[after].start + a, run[after].start + b) for a, b in title]
        after = below[-1] + 1
        rows = dict(zip((*rows, *below), drawn[0], strict=True))
        columns = drawn[1]
    places = dict(zip(rows, columns, strict=True))
    numbers = sorted((*rows, *titles))
    return DrawnTable(
        after,
        numbers,
        [rows[number] if number in rows else titles[number] for number in numbers],
        [places.get(number, [0]) for number in numbers],
    )


def _continues(
    before: str, line: str, mark: Mark | None, wrapping: Wrapping | None, local: Wrapping | None, item: Mark | None
) -> bool:
    """True when ``line`` goes on with the paragraph, or the ``item``, that the line ``before`` belongs to.

    ``wrapping`` is how the whole text was cut into lines, ``local`` how the lines around these were.
    """
    if wrapping is not None and wrapping.goes_on(before, line):
        in_line = item is not None and mark is not None and item.indent == mark.indent
        return mark is None or is_wrapped_dash(before, mark, item, in_line=in_line)
    if mark is None and reads_on(before, line):
        return True
    if local is not None and local.goes_on(before, line) and before[-1].isalpha() and not _ends_with_unit(before):
        # Entries of a list may by chance have one length: only lines that end in the middle of words are joined.
        return mark is None or (item is None and line[mark.end].islower())
    if mark is not None or item is None:
        return False
    indent = len(line) - len(line.lstrip())
    # Two figures on two lines are two figures.
    return item.indent < indent and not (before[-1] in _DIGITS and line.lstrip()[0] in _DIGITS)


def _ends_with_unit(line: str) -> bool:
    found = _LAST_WORD.search(line[-40:])
    return found is not None and found.group().lower() in _UNITS


def add_rows(
    table: DrawnTable,
    run: Sequence[Line],
    lines: Sequence[str],
    blocks: list[Block],
    grids: list[Grid],
    *,
    page: int | None = None,
) -> None:
    """Adds the rows of a table as blocks, and the table as a grid when it has more than one."""
    for at in table.lines:
        line, words = run[at], lines[at]
        start = line.start + len(words) - len(words.lstrip())
        end = line.start + len(words.rstrip())
        blocks.append(Block(start=start, end=end, role="row", line=line.number, page=page))
    if len(table.rows) > 1:
        grids.append(grid_of(table.rows, table.columns, page=page))


# |---|:--:|   +----+----+   the lines that only draw
_RULER: Final = re.compile(r"[\s|:+=\-]+")


def _is_ruler(line: str) -> bool:
    return ("--" in line or "==" in line) and _RULER.fullmatch(line) is not None


def table_of_bars(text: str, run: Sequence[Line], lines: Sequence[str], index: int) -> DrawnTable | None:
    """The table drawn with bars that begins at the line ``index``, if there is one.

    One line alone is a row when it has two bars: a bar inside a sentence is punctuation. Lines that only draw are no
    rows.
    """
    after = index
    rows = []
    while after < len(lines):
        if not _is_ruler(lines[after]):
            if "|" not in lines[after]:
                break
            rows.append(after)
        elif "|" not in lines[after] and "+" not in lines[after]:
            break
        after += 1
    if not rows or (len(rows) == 1 and lines[rows[0]].count("|") < 2):
        return None
    cells = [_bar_cells(lines[at], run[at].start) for at in rows]
    return DrawnTable(after, rows, cells, _bar_columns(text, cells))


def _cut_by_blanks(lines: Sequence[str], marks: Sequence[Mark | None], index: int) -> int:
    """Where the lines cut by wide blanks that begin at ``index`` end; ``index`` when there are none."""
    after = index
    while after < len(lines) and marks[after] is None and "|" not in lines[after] and len(pieces_of(lines[after])) > 1:
        after += 1
    return after
