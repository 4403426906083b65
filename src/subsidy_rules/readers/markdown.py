"""Markdown: the text of the document is the text of the file, marks included, so that every place is the file's own.

Headings, lists, quotes, tables with bars and fenced blocks are told from paragraphs; the marks of bold and italics
stay in the text. As everywhere in Markdown, the lines of a paragraph are one line, except after two blanks or a
backslash.
"""

from __future__ import annotations

import re
from typing import Final

from subsidy_rules.decoding import decode
from subsidy_rules.document import Block, Document, Grid
from subsidy_rules.layout import LONG_PARAGRAPH, TOO_MANY_CELLS, add_rows, breaks_off, lines_of, marks_of, table_of_bars
from subsidy_rules.reading import NO_WORDS, Limits, ReadError
from subsidy_rules.wording import Message

__all__ = ["EXTENSIONS", "EXTRA", "FORMAT", "read"]

FORMAT: Final = "markdown"
EXTENSIONS: Final = (".md", ".markdown")
EXTRA: Final[str | None] = None

_MANY_LINES: Final = Message(
    "le texte compte {count} lignes, plus que la limite de {limit}",
    "the text has {count} lines, more than the limit of {limit}",
)

_HEADING: Final = re.compile(r" {0,3}(#{1,6})[ \t]+(?=[^\s#])")
_CLOSING_MARKS: Final = re.compile(r"[ \t]+#+[ \t]*\Z")
_UNDERLINE: Final = re.compile(r" {0,3}(?:(=+)|-+)[ \t]*")
_RULE: Final = re.compile(r"[ \t]*(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})")
_FENCE: Final = re.compile(r" {0,3}(`{3,}|~{3,})")
_QUOTE: Final = re.compile(r"(?: {0,3}>[ \t]?){1,20}")
_STEP: Final = 2


class _Blocks:
    """The blocks of a text, line by line."""

    def __init__(self, text: str, limits: Limits) -> None:
        self.blocks: list[Block] = []
        self.grids: list[Grid] = []
        self._text = text
        self._limits = limits
        self._lines = list(lines_of(text))
        self._words = [text[line.start : line.end] for line in self._lines]
        self._marks = marks_of(self._words)
        self._open: Block | None = None
        self._broken = False
        self._comments_end = True
        self._indents: list[int] = []
        self._cells = 0

    def read(self) -> None:
        index = 0
        while index < len(self._lines):
            index = self._line(index)
        self._close()

    def _close(self) -> None:
        if self._open is not None:
            self.blocks.append(self._open)
            self._open = None

    def _line(self, index: int) -> int:
        line, words = self._lines[index], self._words[index]
        if len(words) > self._limits.paragraph:
            raise ReadError(LONG_PARAGRAPH.having(count=len(words), limit=self._limits.paragraph))
        if not words or words.isspace():
            self._close()
            return index + 1
        fence = _FENCE.match(words)
        if fence is not None:
            self._close()
            return self._fenced(index + 1, fence[1])
        if words.lstrip().startswith("<!--"):
            self._close()
            return self._comment(index)
        underline = _UNDERLINE.fullmatch(words)
        if underline is not None and self._open is not None and self._open.role == "paragraph":
            self._underlined(1 if underline[1] else 2)
            return index + 1
        if _RULE.fullmatch(words) is not None:
            self._close()
            return index + 1
        heading = _HEADING.match(words)
        if heading is not None:
            self._close()
            self._indents.clear()
            closing = _CLOSING_MARKS.search(words[-200:])
            end = line.end - len(closing.group()) if closing is not None else line.start + len(words.rstrip())
            start = line.start + heading.end()
            if start < end:
                level = len(heading[1])
                self.blocks.append(Block(start=start, end=end, role="heading", level=level, line=line.number))
            return index + 1
        table = table_of_bars(self._text, self._lines, self._words, index)
        if table is not None:
            self._close()
            add_rows(table, self._lines, self._words, self.blocks, self.grids)
            self._cells += sum(map(len, table.rows))
            if self._cells > self._limits.cells:
                raise ReadError(TOO_MANY_CELLS.having(limit=self._limits.cells))
            return table.after
        self._prose(index)
        return index + 1

    def _prose(self, index: int) -> None:
        line, words, mark = self._lines[index], self._words[index], self._marks[index]
        hard = words.endswith(("  ", "\\"))
        end = line.start + len(words.rstrip())
        if mark is not None:
            self._close()
            while self._indents and self._indents[-1] >= mark.indent + _STEP:
                self._indents.pop()
            if not self._indents or self._indents[-1] + _STEP <= mark.indent:
                self._indents.append(mark.indent)
            self._open = Block(
                start=line.start + mark.end, end=end, role="item", level=len(self._indents), line=line.number
            )
        elif (self._open is not None and not self._broken) or self._takes_up(words):
            if self._open is None:
                self._open = self.blocks.pop()
            self._open = Block(
                start=self._open.start, end=end, role=self._open.role, level=self._open.level, line=self._open.line
            )
        else:
            self._close()
            indent = len(words) - len(words.lstrip())
            if not indent:
                self._indents.clear()
            quote = _QUOTE.match(words)
            start = line.start + (quote.end() if quote is not None else indent)
            if start < end:
                self._open = Block(start=start, end=end, line=line.number)
        self._broken = hard

    def _takes_up(self, words: str) -> bool:
        """True when a paragraph takes up the sentence that the one before breaks off."""
        if self._open is not None or not self.blocks or not words[0].islower():
            return False
        last = self.blocks[-1]
        return last.role in ("paragraph", "item") and breaks_off(self._text[max(last.start, last.end - 40) : last.end])

    def _underlined(self, level: int) -> None:
        block = self._open
        if block is not None:
            self._open = Block(start=block.start, end=block.end, role="heading", level=level, line=block.line)
            self._close()
            self._indents.clear()

    def _fenced(self, index: int, fence: str) -> int:
        first = index
        while index < len(self._lines) and not self._words[index].strip().startswith(fence):
            index += 1
        if index > first:
            start, end = self._lines[first].start, self._lines[index - 1].end
            if self._text[start:end].strip():
                line = self._lines[first].number
                self.blocks.append(Block(start=start, end=end, role="preformatted", line=line))
        return index + 1

    def _comment(self, index: int) -> int:
        """A comment is not shown: no block holds it. One that nothing closes is text."""
        end = self._text.find("-->", self._lines[index].start) if self._comments_end else -1
        if end == -1:
            self._comments_end = False
            self._prose(index)
            return index + 1
        while index < len(self._lines) and self._lines[index].end < end + 3:
            index += 1
        return index + 1


def read(path: str, data: bytes, *, limits: Limits) -> Document:
    """The words of a Markdown file. Raises `ReadError` when it is empty, too large, or not text."""
    decoded = decode(data, limits)
    count = decoded.text.count("\n")
    if count > limits.lines:
        raise ReadError(_MANY_LINES.having(count=count, limit=limits.lines))
    reader = _Blocks(decoded.text, limits)
    reader.read()
    if not reader.blocks:
        raise ReadError(NO_WORDS)
    return Document(
        path=path,
        format=FORMAT,
        text=decoded.text,
        blocks=tuple(reader.blocks),
        grids=tuple(reader.grids),
        remarks=decoded.remarks,
        encoding=decoded.encoding,
    )
