"""The rows of a CSV file, each where it stands: streamed once, found again by number, never lost.

`csv.reader` splits cells; what it does not tell is where a row starts, and it swallows the rest of a file behind a
quote that is never closed. Here every row keeps the offset of its first byte, a row that runs over several lines
without making sense is cut back to its first line and reading starts again on the next, and a file that is changed
while it is read is refused.
"""

from __future__ import annotations

import codecs
import csv
import io
import os
import re
from array import array
from collections.abc import Iterator, Sequence
from typing import IO, Final

from subsidy_rules.place import Place
from subsidy_rules.reading import ReadError
from subsidy_rules.rowstream import Row
from subsidy_rules.tables.dialect import Dialect
from subsidy_rules.wording import Message

__all__ = ["CsvRows", "opened", "spans"]

HEAD: Final = 1 << 20
MAX_LINE: Final = 32 << 20
"""A line longer than this (bytes) is not a row of a table; reading it whole would only fill memory."""

_CHANGED: Final = Message(
    "le fichier a changé pendant la lecture : relancez la vérification une fois l’écriture terminée",
    "the file changed while it was being read: run the check again once it is fully written",
)
_LONG: Final = Message(
    "la ligne {line:plain} dépasse {limit} octets : ce n’est pas une ligne de table",
    "line {line:plain} is longer than {limit} bytes: this is not a row of a table",
)
_BROKEN_MARK: Final = Message(
    "le texte annoncé en {encoding} par sa marque d’ordre est abîmé",
    "the text that its byte order mark announces as {encoding} is damaged",
)
_WESTERN: Final = Message(
    "encodage supposé : Windows-1252 (le fichier n’est pas en UTF-8)",
    "encoding guessed: Windows-1252 (the file is not UTF-8)",
)
_MIXED: Final = Message(
    "le fichier est en UTF-8, sauf {count} lignes, lues comme du Windows-1252 (de la ligne {first:plain} à la ligne "
    "{last:plain})",
    "the file is UTF-8, except {count} lines, read as Windows-1252 (from line {first:plain} to line {last:plain})",
)

_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_ESCAPED: Final = {0xDC00 + byte: bytes((byte,)).decode("cp1252", "replace") for byte in range(0x80, 0x100)}


def opened(source: os.PathLike[str] | str | bytes) -> tuple[IO[bytes], IO[bytes]]:
    """Two independent ways into the same bytes: one to stream, one to go back to a row.

    A file in UTF-16 or UTF-32 (it says so by its first bytes) is re-encoded in memory. Raises ``OSError`` as ``open``
    does, and ``ReadError`` when the mark lies.
    """
    if isinstance(source, bytes):
        head = source[:4]
    else:
        with open(source, "rb") as file:
            head = file.read(4)
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            if not isinstance(source, bytes):
                with open(source, "rb") as file:
                    source = file.read()
            try:
                source = source.decode(encoding).encode("utf-8")
            except UnicodeDecodeError:
                raise ReadError(_BROKEN_MARK.having(encoding=encoding)) from None
            break
    if isinstance(source, bytes):
        return io.BytesIO(source), io.BytesIO(source)
    return open(source, "rb"), open(source, "rb")


class CsvRows:
    """The rows of one CSV file, a ``RowSource``. ``source`` is a path, or the bytes themselves."""

    format = "csv"
    sheet = None

    def __init__(self, streams: tuple[IO[bytes], IO[bytes]], dialect: Dialect, path: str) -> None:
        self.path = path
        self.dialect = dialect
        self._stream, self._back = streams
        self._starts = array("Q")
        self._lines = array("Q")
        self._cut: set[int] = set()
        self._line = 0
        self._at = dialect.start
        self._western: list[int] = []
        self._western_count = 0
        self._stamp = self._status()
        self.complete = False

    # -- RowSource --------------------------------------------------------------------------------------------------

    @property
    def remarks(self) -> tuple[Message, ...]:
        said = self.dialect.remarks
        if self.dialect.encoding != "utf-8":
            return (*said, _WESTERN)
        if self._western:
            return (
                *said,
                _MIXED.having(count=self._western_count, first=self._western[0], last=self._western[-1]),
            )
        return said

    def rows(self) -> Iterator[Row]:
        for number, cells in enumerate(self.cells(), 1):
            yield self.row(number, tuple(cells))

    def again(self, numbers: Sequence[int]) -> Iterator[Row]:
        for number in numbers:
            yield self.row(number)
        self._check_unchanged()

    def place(self, row: Row, column: int | None = None) -> Place:
        text = row.text or ""
        start, end = 0, len(text)
        if column is not None:
            found = spans(text, self.dialect.separator)
            if column < len(found) and len(found) == len(row.cells):
                start, end = found[column]
        line_start = text.rfind("\n", 0, start) + 1
        first = (row.line or 1) + text.count("\n", 0, start)
        last = first + text.count("\n", start, end)
        last_start = text.rfind("\n", 0, end) + 1
        quote = text[start:end]
        if column is not None and column < len(row.cells) and (start, end) == (0, len(text)):
            quote = row.cells[column]
        return Place(
            path=self.path,
            line=first,
            column=start - line_start + 1,
            end_line=last,
            end_column=end - last_start + 1,
            row=row.number,
            quote=quote[:400],
        )

    # -- streaming --------------------------------------------------------------------------------------------------

    def cells(self) -> Iterator[list[str]]:
        """The cells of every row, from the first; after each one `row` gives the row whole.

        The second time, rows come from the same offsets. Raises ``ReadError`` when the file changed or holds a line
        that is too long, and ``OSError`` as reading does.
        """
        if self.complete:
            for number in range(1, len(self._starts) + 1):
                yield list(self.row(number).cells)
            self._check_unchanged()
            return
        self._at, self._line = self.dialect.start, 0
        self._starts, self._lines, self._cut = array("Q"), array("Q"), set()
        self._western, self._western_count = [], 0
        starts, lines = self._starts.append, self._lines.append
        width = 0
        while True:
            self._stream.seek(self._at)
            first_line = self._line
            reader = csv.reader(self._feed(), delimiter=self.dialect.separator)
            restart = False
            before, offset = 0, self._at
            while True:
                try:
                    row = next(reader)
                except StopIteration:
                    break
                except csv.Error:
                    restart = True
                    row = []
                spent = reader.line_num - before
                if restart or (spent > 1 and self._is_runaway(row, width, spent)):
                    row = self._cut_back(offset, first_line + before)
                    restart = True
                starts(offset)
                lines(first_line + before + 1)
                yield row
                if restart:
                    break
                if len(row) > width and len(self._starts) <= 30:
                    width = len(row)
                before, offset = reader.line_num, self._at
            if not restart:
                break
        self.complete = True
        self._check_unchanged()

    def row(self, number: int, cells: tuple[str, ...] | None = None) -> Row:
        """The row of that number, among those already read."""
        index = number - 1
        start = self._starts[index]
        end = self._starts[index + 1] if number < len(self._starts) else self._at
        self._back.seek(start)
        raw = self._back.read(end - start)
        text = self._decoded(raw).rstrip("\r\n")
        if cells is None:
            cells = tuple(self._split(text, literal=number in self._cut))
        return Row(number=number, cells=cells, line=self._lines[index], text=text)

    def is_cut(self, number: int) -> bool:
        """True for a row whose quote is never closed: only its first line was taken."""
        return number in self._cut

    def _split(self, text: str, *, literal: bool) -> list[str]:
        if literal:
            return text.split(self.dialect.separator)
        try:
            return next(csv.reader(io.StringIO(text, newline=""), delimiter=self.dialect.separator), [])
        except csv.Error:
            return text.split(self.dialect.separator)

    def _feed(self) -> Iterator[str]:
        stream = self._stream
        encoding = self.dialect.encoding
        while True:
            raw = stream.readline(MAX_LINE + 1)
            if not raw:
                return
            if len(raw) > MAX_LINE:
                raise ReadError(_LONG.having(line=self._line + 1, limit=MAX_LINE))
            if b"\r" in raw[:-2] or (raw.endswith(b"\r") and len(raw) > 1):
                for part in raw.splitlines(keepends=True):
                    self._at += len(part)
                    self._line += 1
                    yield self._decoded(part)
                continue
            self._at += len(raw)
            self._line += 1
            try:
                yield raw.decode(encoding)
            except UnicodeDecodeError:
                self._western_count += 1
                if len(self._western) < 2:
                    self._western.append(self._line)
                else:
                    self._western[1] = self._line
                yield self._decoded(raw)

    def _decoded(self, raw: bytes) -> str:
        try:
            return raw.decode(self.dialect.encoding)
        except UnicodeDecodeError:
            if self.dialect.encoding != "utf-8":
                return raw.decode(self.dialect.encoding, "replace")
            # UTF-8 where it is, Windows-1252 for each byte that is not.
            return raw.decode("utf-8", "surrogateescape").translate(_ESCAPED)

    def _is_runaway(self, row: list[str], width: int, spent: int) -> bool:
        """A row over several lines that does not have the cells of a row: a quote was opened and not closed."""
        return width > 1 and len(row) != width and (spent > 40 or len(row) < width)

    def _cut_back(self, offset: int, line: int) -> list[str]:
        """Takes the first line alone as the row, quotes as any character, and leaves the stream on the next one."""
        self._stream.seek(offset)
        raw = self._stream.readline(MAX_LINE + 1)
        parts = raw.splitlines(keepends=True)
        if parts:
            raw = parts[0]
        self._at = offset + len(raw)
        self._line = line + 1
        self._cut.add(len(self._starts) + 1)
        return self._split(self._decoded(raw).rstrip("\r\n"), literal=True)

    # -- the file itself --------------------------------------------------------------------------------------------

    def _status(self) -> tuple[int, int, int] | None:
        try:
            status = os.fstat(self._stream.fileno())
        except (OSError, ValueError):  # bytes in memory have no file behind them
            return None
        return status.st_size, status.st_mtime_ns, status.st_ino

    def _check_unchanged(self) -> None:
        if self._status() != self._stamp:
            raise ReadError(_CHANGED)

    def close(self) -> None:
        self._stream.close()
        self._back.close()


def spans(text: str, separator: str) -> list[tuple[int, int]]:
    """Where each cell of a row of CSV stands in its text, quotes included; one span for each cell of ``csv.reader``."""
    mark = re.escape(separator)
    cell = re.compile(rf'"(?:[^"]|"")*"[^{mark}]*|[^{mark}]*')
    out: list[tuple[int, int]] = []
    at = 0
    while True:
        found = cell.match(text, at)
        end = found.end() if found else at
        out.append((at, end))
        if end >= len(text):
            return out
        at = end + 1
