"""What a reader gives: the words of a document and where each stands, with no meaning added.

All text of a document is one string, ``Document.text``, paragraphs and table rows separated by line feeds; every
extractor works with offsets into it, and ``Document.place(start, end)`` turns a stretch of it back into a place in
the source (line, page, paragraph, cell). Tables are also given as grids whose cells are stretches of that same text,
so a figure in a cell has one place whichever way it was found.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import field
from functools import cached_property
from typing import Final, Literal

from subsidy_rules.frozen import dataclass, maker
from subsidy_rules.place import Place
from subsidy_rules.wording import Message

__all__ = ["Block", "Cell", "Document", "Grid", "Role"]

LONGEST_EXCERPT: Final = 2000
"""A line with more characters than this is not shown around a place."""

Role = Literal["paragraph", "heading", "item", "row", "footnote", "header", "footer", "preformatted"]
"""What a block is in the layout of the document; `item` is an element of a list, `row` a row of a table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A stretch of ``Document.text`` that the source lays out as one thing: a paragraph, a list item, a table row.

    ``line`` is the line of the source file where that is known (text formats), or of the text of the page (PDF);
    ``level`` is the depth of a heading or of a list item, from 1.
    """

    start: int
    end: int
    role: Role = "paragraph"
    level: int = 0
    line: int | None = None
    page: int | None = None
    paragraph: int | None = None
    sheet: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell of a table: a stretch of ``Document.text``. ``row`` and ``column`` count from 0."""

    start: int
    end: int
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table: its cells in reading order. ``name`` is how the source names it, if it does."""

    cells: tuple[Cell, ...]
    name: str | None = None
    page: int | None = None


@dataclass(frozen=True, kw_only=True)
class Document:
    """The text of one source and the way back to it.

    ``blocks`` are in order, do not overlap, and cover every word of ``text``. ``remarks`` tell what the reader
    guessed or could not read (an encoding, a page without text, a tracked deletion): each is said in the report.
    ``unread`` counts the parts (pages, parts of a file) that could not be read at all.
    """

    path: str
    format: str
    text: str
    blocks: tuple[Block, ...] = ()
    grids: tuple[Grid, ...] = ()
    remarks: tuple[Message, ...] = ()
    unread: int = 0
    encoding: str | None = field(default=None)

    @cached_property
    def _starts(self) -> list[int]:
        return [block.start for block in self.blocks]

    @cached_property
    def _lines(self) -> list[int]:
        starts = [0]
        find = self.text.find
        at = find("\n")
        while at != -1:
            starts.append(at + 1)
            at = find("\n", at + 1)
        return starts

    def block_at(self, offset: int) -> Block | None:
        """The block that holds the character at ``offset``, or ``None`` between blocks."""
        index = bisect_right(self._starts, offset) - 1
        if index < 0:
            return None
        block = self.blocks[index]
        return block if offset < block.end or offset == block.start else None

    def line_span(self, offset: int) -> tuple[int, int]:
        """Start and end (without the line feed) of the line of ``text`` that holds ``offset``."""
        index = bisect_right(self._lines, offset) - 1
        start = self._lines[index]
        end = self._lines[index + 1] - 1 if index + 1 < len(self._lines) else len(self.text)
        return start, end

    def place(self, start: int, end: int) -> Place:
        """Where ``text[start:end]`` stands in the source.

        The line is the source's own where the block knows it, else the line of ``text``; columns count in the
        line, from 1, and ``end_column`` is one past the last character.
        """
        lines, text = self._lines, self.text
        first = last = bisect_right(lines, start) - 1
        line_start = lines[first]
        line_end = lines[first + 1] - 1 if first + 1 < len(lines) else len(text)
        if end - 1 > line_end:
            last = bisect_right(lines, end - 1) - 1
        page = paragraph = sheet = None
        number = first + 1
        block = self.block_at(start)
        if block is not None:
            page, paragraph, sheet = block.page, block.paragraph, block.sheet
            if block.line is not None:
                number += (
                    block.line - (first if block.start >= line_start else bisect_right(lines, block.start) - 1) - 1
                )
        # A long line is not copied into each place: one line of a megabyte with all its figures would fill memory.
        # The places of one line share their copy of it.
        held, excerpt = self._excerpt[0]
        if held != line_start:
            excerpt = text[line_start:line_end] if line_end - line_start <= LONGEST_EXCERPT else None
            self._excerpt[0] = line_start, excerpt
        column, end_column = start - line_start + 1, end - lines[last] + 1
        return _placed(
            self.path, number, column, number + last - first, end_column, None, sheet, None, None, page, paragraph,
            text[start:end], excerpt,
        )  # fmt: skip

    @cached_property
    def _excerpt(self) -> list[tuple[int, str | None]]:
        """Where the line of the last place begins, and its words."""
        return [(-1, None)]


_placed: Final = maker(Place)
