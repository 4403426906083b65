"""From paragraphs and tables, as word processors and pages hold them, to one text with blocks and grids.

A reader of docx, odt or html only has to say which paragraphs and tables there are, in reading order; how they become
lines, blocks and cells is decided here once, so that one content gives one text whatever file it came in:

* a paragraph is a line, cut where it has a line break of its own, unless the words run on;
* the mark of a list item stands before its block, whether the author typed it or the program draws it;
* a row is one line, its cells apart by `` | ``; a table of one cell is only a frame, and its content is text;
* a cell that holds a whole page of text (a table used as a layout) gives paragraphs, and is a cell all the same.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from subsidy_rules.document import Block, Cell, Document, Grid, Role
from subsidy_rules.layout import LONG_PARAGRAPH, TOO_MANY_CELLS, Mark, breaks_off, marks_of, reads_on
from subsidy_rules.place import Place
from subsidy_rules.reading import Limits, ReadError
from subsidy_rules.wording import Message

__all__ = [
    "BAR",
    "SUPERSCRIPT",
    "Node",
    "Omissions",
    "Origin",
    "Paragraph",
    "SourcedDocument",
    "Table",
    "TableCell",
    "compose",
    "has_words",
    "list_number",
]

BAR: Final = " | "
"""Between the cells of a row. A bar, because a blank between two figures could be taken for one inside a figure."""

_TOO_LONG: Final = Message(
    "le texte dépasse {limit} caractères",
    "the text is more than {limit} characters",
)
_MANY_BLOCKS: Final = Message(
    "le document compte plus de {limit} paragraphes",
    "the document has more than {limit} paragraphs",
)


SUPERSCRIPT: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
"""Raised digits are not digits of a figure: « m² », « 50 000 €¹ »."""

_ROMAN: Final = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


def list_number(number: int, form: str) -> str:
    """The number of a list item in the form that ``1``, ``a``, ``A``, ``i`` or ``I`` shows."""
    if form.lower() not in ("a", "i") or not 0 < number < 5000:
        return str(number)
    if form.lower() == "a":  # after z come aa, bb, cc…
        text = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
    else:
        text, left = "", number
        for value, letters in _ROMAN:
            while left >= value:
                text += letters
                left -= value
    return text.upper() if form.isupper() else text


_CHANGES: Final = Message(
    "suivi des modifications : passages insérés, lus comme le reste : {inserted} ; supprimés, non lus : {deleted}",
    "tracked changes: insertions, read like the rest: {inserted}; deletions, not read: {deleted}",
)
_HIDDEN: Final = Message("passages masqués, non lus : {count}", "hidden passages, not read: {count}")
_STRUCK: Final = Message("passages barrés, non lus : {count}", "struck-through passages, not read: {count}")
_OBJECTS: Final = Message(
    "objets incorporés (feuille de calcul, graphique, schéma, autre document), non lus : {count}",
    "embedded objects (worksheet, chart, diagram, other document), not read: {count}",
)
_PICTURES: Final = Message(
    "images, dont le texte éventuel échappe à la vérification : {count}",
    "pictures, whose text, if any, is not checked: {count}",
)
_COMMENTS: Final = Message("commentaires, non lus : {count}", "comments, not read: {count}")


@dataclass(slots=True)
class Omissions:
    """What a document holds besides the text that its page shows, counted as it is met, and told in the end."""

    inserted: int = 0
    deleted: int = 0
    hidden: int = 0
    struck: int = 0
    objects: int = 0
    pictures: int = 0
    comments: int = 0

    def remarks(self) -> list[Message]:
        """One remark for each kind of thing that was met."""
        told = []
        if self.inserted or self.deleted:
            told.append(_CHANGES.having(inserted=self.inserted, deleted=self.deleted))
        for message, count in (
            (_HIDDEN, self.hidden),
            (_STRUCK, self.struck),
            (_OBJECTS, self.objects),
            (_PICTURES, self.pictures),
            (_COMMENTS, self.comments),
        ):
            if count:
                told.append(message.having(count=count))
        return told


class Origin(NamedTuple):
    """Where a stretch of text begins, in the text and in its source. ``width`` is 0 where the source is copied as it
    stands; else the stretch shows ``width`` characters of the source by others (``&eacute;`` by « é »)."""

    here: int
    there: int
    width: int = 0


@dataclass(slots=True)
class Paragraph:
    """One paragraph: its words, with a line feed where the author broke the line.

    ``mark`` is what the program draws before it (a bullet, a number). ``sources`` tell where its stretches
    come from, for the formats that are text themselves.
    """

    text: str
    role: Role = "paragraph"
    level: int = 0
    mark: str = ""
    page: int | None = None
    sources: Sequence[Origin] = ()


@dataclass(slots=True)
class TableCell:
    """One cell: what it holds, the column it begins in (from 0) and how far it spreads."""

    column: int
    content: list[Node] = field(default_factory=list)
    row_span: int = 1
    column_span: int = 1


@dataclass(slots=True)
class Table:
    """One table, row by row."""

    rows: list[list[TableCell]] = field(default_factory=list)
    name: str | None = None
    page: int | None = None


Node = Paragraph | Table


@dataclass(frozen=True, kw_only=True)
class SourcedDocument(Document):
    """A document whose places are those of a source that is text (HTML): its own lines and columns.

    ``sources`` are where the stretches of ``text`` come from, in order; ``source_lines`` the offsets at which the
    lines of the source begin.
    """

    sources: tuple[Origin, ...] = ()
    source_lines: tuple[int, ...] = (0,)

    def _origin(self, at: int) -> Origin:
        index = bisect_right(self.sources, at, key=_here) - 1
        return self.sources[index] if index >= 0 else Origin(0, 0)

    def _source_of(self, at: int) -> int:
        origin = self._origin(at)
        return origin.there + (0 if origin.width else at - origin.here)

    def _source_end(self, end: int) -> int:
        origin = self._origin(end - 1)
        return origin.there + (origin.width or end - origin.here)

    def place(self, start: int, end: int) -> Place:
        """Where ``text[start:end]`` stands in the source, by the lines and columns of the source."""
        place = Document.place(self, start, end)
        if not self.sources:
            return place
        first = self._source_of(start)
        last = self._source_end(end) if end > start else first
        line = bisect_right(self.source_lines, first)
        end_line = bisect_right(self.source_lines, max(first, last - 1))
        return place.but(
            line=line,
            column=first - self.source_lines[line - 1] + 1,
            end_line=end_line,
            end_column=last - self.source_lines[end_line - 1] + 1,
        )


def _here(origin: Origin) -> int:
    return origin.here


class _Writer:
    """The text, blocks and grids written so far."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.parts: list[str] = []
        self.length = 0
        self.blocks: list[Block] = []
        self.grids: list[Grid] = []
        self.sources: list[Origin] = []
        self.last = ""
        self.paragraphs = 0
        self.cells = 0

    def write(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)
        if self.length > self.limits.characters:
            raise ReadError(_TOO_LONG.having(limit=self.limits.characters))

    def add(self, block: Block) -> None:
        self.blocks.append(block)
        if len(self.blocks) > self.limits.lines:
            raise ReadError(_MANY_BLOCKS.having(limit=self.limits.lines))

    # -- paragraphs -------------------------------------------------------------------------------------------

    def flow(self, nodes: Sequence[Node], *, loose: bool) -> None:
        """Writes nodes one below the other. ``loose``: each makes its own blocks; else a row will hold them all."""
        lines = list(_lines(nodes))
        marks = iter(marks_of([line.words for line in lines]))
        pending = iter(lines)
        first = True
        for node in nodes:
            if isinstance(node, Table):
                if not first and has_words(node):
                    self.write("\n")
                first = self.table(node, loose=loose) and first
                continue
            count = _line_count(node)
            if count == 0:
                continue
            if len(node.text) > self.limits.paragraph:
                raise ReadError(LONG_PARAGRAPH.having(count=len(node.text), limit=self.limits.paragraph))
            if not first:
                self.write("\n")
            self.paragraph(node, [(next(pending), next(marks)) for _ in range(count)], loose=loose)
            first = False

    def paragraph(self, node: Paragraph, lines: Sequence[tuple[_Line, Mark | None]], *, loose: bool) -> None:
        self.paragraphs += 1
        if node.mark:
            self.write(node.mark)
        for index, (line, mark) in enumerate(lines):
            if index:
                self.write("\n")
            start = self.length
            self._sources_of(node, line, start)
            self.write(line.words)
            if not loose:
                continue
            typed = mark is not None and not node.mark and node.role == "paragraph"
            if index:
                goes_on = not typed and reads_on(lines[index - 1][0].words, line.words)
            else:
                goes_on = not typed and not node.mark and node.role == "paragraph" and self._takes_up(line.words)
            self.last = line.words
            if goes_on:
                self.blocks[-1] = replace(self.blocks[-1], end=self.length)
                continue
            self.add(
                Block(
                    start=start + (mark.end if typed and mark is not None else 0),
                    end=self.length,
                    role="item" if typed else node.role,
                    level=1 if typed else node.level,
                    page=node.page,
                    paragraph=self.paragraphs,
                )
            )

    def _takes_up(self, words: str) -> bool:
        """True when a paragraph takes up the sentence that the one before breaks off."""
        if not self.blocks or self.blocks[-1].role not in ("paragraph", "item") or not words[0].islower():
            return False
        return breaks_off(self.last)

    def _sources_of(self, node: Paragraph, line: _Line, start: int) -> None:
        if not node.sources:
            return
        index = max(0, bisect_right(node.sources, line.start, key=_here) - 1)
        for here, there, width in node.sources[index:]:
            if here >= line.start + len(line.words):
                break
            late = max(here, line.start)
            self.sources.append(Origin(start + late - line.start, there if width else there + late - here, width))

    # -- tables -----------------------------------------------------------------------------------------------

    def table(self, table: Table, *, loose: bool) -> bool:
        """Writes a table; returns true when it had no word to write."""
        if not has_words(table):
            return True
        only = _only_cell(table)
        if only is not None:
            self.flow(only.content, loose=loose)
            return False
        place = len(self.grids)
        cells: list[Cell] = []
        first = True
        for number, row in enumerate(table.rows):
            if not any(has_words(node) for cell in row for node in cell.content):
                continue
            if not first:
                self.write("\n")
            first = False
            self.row(number, row, cells, loose=loose, page=table.page)
        self.grids.insert(place, Grid(cells=tuple(cells), name=table.name, page=table.page))
        return False

    def row(self, number: int, row: Sequence[TableCell], cells: list[Cell], *, loose: bool, page: int | None) -> None:
        tall = loose and any(_is_page(cell) for cell in row)
        start = self.length
        paragraph = self.paragraphs + 1
        written = False
        for cell in row:
            filled = any(has_words(node) for node in cell.content)
            if tall:
                if filled and written:
                    self.write("\n")
            elif cell is not row[0]:
                self.write(BAR)
            written = written or filled
            cell_start = self.length
            self.flow(cell.content, loose=tall)
            self.cells += 1
            if self.cells > self.limits.cells:
                raise ReadError(TOO_MANY_CELLS.having(limit=self.limits.cells))
            cells.append(
                Cell(
                    start=cell_start,
                    end=self.length,
                    row=number,
                    column=cell.column,
                    row_span=cell.row_span,
                    column_span=cell.column_span,
                )
            )
        if loose and not tall:
            page = next((node.page for cell in row for node in cell.content if node.page is not None), page)
            self.add(Block(start=start, end=self.length, role="row", page=page, paragraph=paragraph))


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of a paragraph: where it begins in the text of the paragraph, and its words without outer blanks."""

    start: int
    words: str


def _lines_of(paragraph: Paragraph) -> Iterator[_Line]:
    start = 0
    for line in paragraph.text.split("\n"):
        words = line.strip()
        if words:
            yield _Line(start + len(line) - len(line.lstrip()), words)
        start += len(line) + 1


def _lines(nodes: Sequence[Node]) -> Iterator[_Line]:
    for node in nodes:
        if isinstance(node, Paragraph):
            yield from _lines_of(node)


def _line_count(paragraph: Paragraph) -> int:
    return sum(1 for line in paragraph.text.split("\n") if line and not line.isspace())


def has_words(node: Node) -> bool:
    """True when there is something to read in a paragraph, or in some cell of a table."""
    if isinstance(node, Paragraph):
        return bool(node.text) and not node.text.isspace()
    return any(has_words(inner) for row in node.rows for cell in row for inner in cell.content)


def _only_cell(table: Table) -> TableCell | None:
    """The one cell of a table that is only a frame."""
    filled = [cell for row in table.rows for cell in row]
    return filled[0] if len(filled) == 1 else None


_PAGE_PARAGRAPHS: Final = 4
_PAGE_CHARACTERS: Final = 400


def _is_page(cell: TableCell) -> bool:
    """True when a cell holds text to read down, not an entry to read across."""
    if any(isinstance(node, Table) and has_words(node) for node in cell.content):
        return True
    lines = list(_lines(cell.content))
    return len(lines) >= _PAGE_PARAGRAPHS and sum(len(line.words) for line in lines) >= _PAGE_CHARACTERS


def compose(
    path: str,
    format_name: str,
    nodes: Sequence[Node],
    limits: Limits,
    *,
    remarks: Sequence[Message] = (),
    unread: int = 0,
    encoding: str | None = None,
    source_lines: Sequence[int] = (),
) -> Document:
    """The document that paragraphs and tables make, in the order given. Raises `ReadError` past a limit.

    With ``source_lines``, places are those of the source (see `SourcedDocument`).
    """
    writer = _Writer(limits)
    writer.flow(nodes, loose=True)
    text = "".join(writer.parts)
    if source_lines:
        return SourcedDocument(
            path=path,
            format=format_name,
            text=text,
            blocks=tuple(writer.blocks),
            grids=tuple(writer.grids),
            remarks=tuple(remarks),
            unread=unread,
            encoding=encoding,
            sources=tuple(writer.sources),
            source_lines=tuple(source_lines),
        )
    return Document(
        path=path,
        format=format_name,
        text=text,
        blocks=tuple(writer.blocks),
        grids=tuple(writer.grids),
        remarks=tuple(remarks),
        unread=unread,
        encoding=encoding,
    )
