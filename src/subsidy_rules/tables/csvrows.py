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
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from functools import cache
from itertools import accumulate, chain, islice
from operator import methodcaller
from typing import IO, TYPE_CHECKING, Any, Final

from subsidy_rules.place import Place
from subsidy_rules.reading import ReadError
from subsidy_rules.rowstream import Row
from subsidy_rules.tables.dialect import Dialect
from subsidy_rules.wording import Message

if TYPE_CHECKING:
    from subsidy_rules.tables.blocks import Span

__all__ = ["CsvRows", "LineStarts", "opened", "spans"]

HEAD: Final = 1 << 20
CHUNK: Final = 1 << 18
FAR: Final = 500
PATIENCE: Final = 50
"""After so many times that reading by the chunk stopped before ``FAR`` rows, a file is read row by row: to start again
each time costs more than it spares."""
TOGETHER: Final = 1 << 16
"""Bytes that are read at once for the sake of a few rows among them."""
MAX_LINE: Final = 32 << 20
"""A line longer than this (bytes) is not a row of a table; reading it whole would only fill memory."""

REACH: Final = 2_000
"""Lines that one row may run over; beyond, its quote is never closed."""
NEAREST: Final = 4
CUTS: Final = 50
"""After so many quotes that are never closed, and again after as many, a row may reach only half as far, down to
``NEAREST`` lines: in a file whose quotes are damaged everywhere, each would be sought over thousands of lines."""

_DAMAGED: Final = Message(
    "plus de {count} lignes ouvrent un guillemet qui n’est jamais refermé : à partir de là, une ligne de table ne peut "
    "plus s’étendre que sur {lines} lignes du fichier",
    "more than {count} lines open a quote that is never closed: from there on, a row can run over {lines} lines of the "
    "file only",
)
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
    "le fichier est en UTF-8, sauf {count} {count:ligne, lue|lignes, lues} comme du Windows-1252 (de la ligne "
    "{first:plain} à la ligne {last:plain})",
    "the file is UTF-8, except {count} {count:line|lines}, read as Windows-1252 (from line {first:plain} to line "
    "{last:plain})",
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
    return open(source, "rb"), open(source, "rb", buffering=0)


class LineStarts:
    """Where the lines of a file start, and where the last one ends: for each block of lines, the offset of the block
    and four bytes a line."""

    def __init__(self) -> None:
        self._first: list[int] = []
        self._offset: list[int] = []
        self._within: list[Any] = []
        self._count = 0
        self.end = 0

    def add(self, offset: int, within: Any) -> None:
        """The next block: its offset, and at how many bytes from there each of its lines starts."""
        self._first.append(self._count)
        self._offset.append(offset)
        self._within.append(within)
        self._count += len(within)

    def __getitem__(self, line: int) -> int:
        if line in (self._count, -1):
            return self.end
        at = bisect_right(self._first, line) - 1
        return self._offset[at] + int(self._within[at][line - self._first[at]])


class _TooFar(Exception):
    """A row runs over more lines than one may."""


class CsvRows:
    """The rows of one CSV file, a ``RowSource``. ``source`` is a path, or the bytes themselves."""

    format = "csv"
    sheet = None

    def __init__(self, streams: tuple[IO[bytes], IO[bytes]], dialect: Dialect, path: str) -> None:
        self.path = path
        self.dialect = dialect
        self._stream, self._back = streams
        # The offset of every line, and of the end; and the rows that run over several lines, with how many lines more
        # than rows there were up to and with each of them.
        self._offsets: Any = array("Q")
        self._long_rows: Any = array("Q")
        self._long_lines: Any = array("Q")
        self._cut: set[int] = set()
        self._western: list[int] = []
        self._western_count = 0
        self._stamp = self._status()
        self._count = 0
        self._widest = 0
        self.complete = False
        # The row of the header and its width, once they are known: a row below it that runs over several lines without
        # that many cells has a quote that is never closed.
        self.header: tuple[int, int] | None = None

    # -- RowSource --------------------------------------------------------------------------------------------------

    @property
    def remarks(self) -> tuple[Message, ...]:
        said = self.dialect.remarks
        if len(self._cut) >= CUTS:
            said = (*said, _DAMAGED.having(count=len(self._cut) // CUTS * CUTS, lines=self._reach))
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
        # Rows that are asked together mostly stand together: what follows the first one is read with it.
        at, held = 0, b""
        limit = int(self._offsets[-1])
        for number in numbers:
            line, after = self._line_of(number), self._line_of(number + 1)
            start, end = int(self._offsets[line]), int(self._offsets[after])
            if not at <= start <= end <= at + len(held):
                at, held = start, self._bytes(start, max(end, min(start + TOGETHER, limit)))
            yield self._row(number, line, held[start - at : end - at])
        self._check_unchanged()

    def place(self, row: Row, column: int | None = None) -> Place:
        text = row.text or ""
        start, end = 0, len(text)
        if column is not None:
            start, end = self._span(row, text, column)
        first = last = row.line or 1
        line_start = last_start = 0
        if "\n" in text:
            line_start = text.rfind("\n", 0, start) + 1
            first += text.count("\n", 0, start)
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

    def _span(self, row: Row, text: str, column: int) -> tuple[int, int]:
        """Where a cell stands in the text of its row: walked cell by cell, or worked out anew where that leads astray;
        the whole row where nobody can tell."""
        mark, cells = self.dialect.separator, row.cells
        if column < len(cells):
            ahead = mark.join(cells[: column + 1])
            if '"' not in ahead and text.startswith(ahead) and text[len(ahead) : len(ahead) + 1] in ("", mark):
                return len(ahead) - len(cells[column]), len(ahead)
            # No quote is open where cells without any go on to the end: one would have taken all of them.
            behind = mark.join(cells[column:])
            if '"' not in behind and column and text.endswith(mark + behind):
                start = len(text) - len(behind)
                return start, start + len(cells[column])
        at = 0
        for index, cell in enumerate(row.cells):
            end = at + len(cell)
            if text.startswith('"', at):
                end += 2 + cell.count('"')
            if not text.startswith(self.dialect.separator, end) and (end != len(text) or index + 1 < len(row.cells)):
                break
            if index == column:
                return at, end
            at = end + 1
        found = spans(text, self.dialect.separator)
        return found[column] if column < len(found) == len(row.cells) else (0, len(text))

    # -- streaming --------------------------------------------------------------------------------------------------

    def cells(self) -> Iterator[list[str]]:
        """The cells of every row, from the first; after each one `row` gives the row whole.

        The second time, rows come from the same offsets. Raises ``ReadError`` when the file changed or holds a line
        that is too long, and ``OSError`` as reading does.
        """
        if self.complete:
            for number in range(1, self._count + 1):
                yield list(self.row(number).cells)
            self._check_unchanged()
            return
        self._offsets = array("Q", [self.dialect.start])
        self._long_rows, self._long_lines, self._cut = array("Q"), array("Q"), set()
        self._western, self._western_count, self._count = [], 0, 0
        width = 0
        line = 0
        patience = PATIENCE
        while patience:
            patience -= 1
            taken = [0]
            lines = self._counted(chain.from_iterable(self._chunks(line)), taken)
            reader = csv.reader(lines, delimiter=self.dialect.separator)
            first, before = line, 0
            restart = False
            while not restart:
                taken[0] = 0
                try:
                    row = next(reader)
                    spent = reader.line_num - before
                    if spent > 1:
                        restart = self._is_runaway(row, width, spent, first + before)
                except StopIteration:
                    break
                except (csv.Error, _TooFar):
                    restart = True
                self._count += 1
                if restart:
                    row = self._cut_back(first + before)
                    line = first + before + 1
                elif spent > 1:
                    more = self._long_lines[-1] if self._long_lines else 0
                    self._long_rows.append(self._count)
                    self._long_lines.append(more + spent - 1)
                before = reader.line_num
                if self._count <= 30 and len(row) > width:
                    width = len(row)
                yield row
            if not restart:
                break
        else:  # to start again each time would cost more than to look at each line
            self._widest = width
            for found in self._glanced(_nothing, line):
                assert isinstance(found, list)
                yield found
        self.complete = True
        self._check_unchanged()

    def glanced(self, glance: Callable[[str], re.Match[str] | None]) -> Iterator[re.Match[str] | list[str]]:
        """Like `cells`, but gives the match of a line that ``glance`` takes for a whole row, and cells for the others.

        A line that ``glance`` matches must be one whole row for ``csv.reader`` too.
        """
        self._begin()
        yield from self._glanced(glance, 0)
        self.complete = True
        self._check_unchanged()

    def swept(self, pattern: re.Pattern[str]) -> Iterator[tuple[int, list[tuple[str, ...] | list[str]]]]:
        """Rows by the batch, with the number of the first: of each the groups of its match, or its cells in a list.

        ``pattern`` matches every line of a text one after the other; its last group is the whole line when that is not
        of the kind looked for. Any other match must be one whole row for ``csv.reader`` too.
        """
        self._begin()
        line = 0
        patience = PATIENCE
        while patience:
            before = self._count
            stopped = yield from self._swept(pattern, line)
            if stopped is None:
                break
            if self._count - before < FAR:
                patience -= 1
            # A row that the chunk does not end, or makes no sense of: it is read the long way, and on from there.
            for row in self._glanced(_nothing, stopped):
                assert isinstance(row, list)
                yield self._count, [row]
                break
            line = self._line_of(self._count + 1)
        else:
            yield from self._one_by_one(pattern, line)
        self.complete = True
        self._check_unchanged()

    def _swept(
        self, pattern: re.Pattern[str], line: int
    ) -> Generator[tuple[int, list[tuple[str, ...] | list[str]]], None, int | None]:
        """Batches from a line on, up to the end (``None``), or to a line at which the long way must be taken."""
        for lines in self._raw_chunks(line):
            chunk = b"".join(lines)
            try:
                text = chunk.decode(self.dialect.encoding, "strict" if self.dialect.encoding == "utf-8" else "replace")
            except UnicodeDecodeError:
                return line
            matches = list(pattern.finditer(text))
            if len(matches) != len(lines):
                return line
            rows: list[tuple[str, ...] | list[str]] = [found.groups("") for found in matches]
            others = [at for at, found in enumerate(rows) if found[-1]]
            first = self._count + 1
            end = 0  # lines of the chunk that are rows, so far
            gone: list[int] = []  # lines that go on with a row
            stopped = False
            for at in others:
                if at < end:
                    continue
                # A line more than the chunk holds, to see whether the row would go on.
                following = chain(map(_whole, islice(matches, at, None)), ("\n",))
                reader = csv.reader(following, delimiter=self.dialect.separator)
                try:
                    row = next(reader)
                except csv.Error:
                    stopped = True
                spent = reader.line_num
                if not stopped and spent > 1:
                    self._count = first + at - len(gone)
                    stopped = at + spent > len(matches) or self._is_runaway(row, self._widest, spent, line + at)
                if stopped:
                    end = at
                    break
                rows[at] = row
                end = at + spent
                if spent > 1:
                    more = self._long_lines[-1] if self._long_lines else 0
                    self._long_rows.append(self._count)
                    self._long_lines.append(more + spent - 1)
                    gone.extend(range(at + 1, end))
            if stopped:
                del rows[end:]
            line += len(rows)
            for at in reversed(gone):
                del rows[at]
            self._count = first + len(rows) - 1
            if rows:
                yield first, rows
            if stopped:
                return line
        return None

    def _one_by_one(
        self, pattern: re.Pattern[str], line: int
    ) -> Iterator[tuple[int, list[tuple[str, ...] | list[str]]]]:
        """Batches of rows that are read one after the other: of a file in which little is as it should be."""
        last = pattern.groups

        def glance(text: str) -> re.Match[str] | None:
            found = pattern.match(text)
            return None if found is None or found[last] else found

        rows: list[tuple[str, ...] | list[str]] = []
        for found in self._glanced(glance, line):
            rows.append(found if isinstance(found, list) else found.groups(""))
            if len(rows) == FAR:
                yield self._count - FAR + 1, rows
                rows = []
        if rows:
            yield self._count - len(rows) + 1, rows

    def _begin(self) -> None:
        self._offsets = array("Q", [self.dialect.start])
        self._long_rows, self._long_lines, self._cut = array("Q"), array("Q"), set()
        self._western, self._western_count, self._count = [], 0, 0
        self._widest = 0

    def _glanced(
        self, glance: Callable[[str], re.Match[str] | None], line: int
    ) -> Generator[re.Match[str] | list[str], None, None]:
        """The rows from a line on."""
        separator = self.dialect.separator
        source = chain.from_iterable(self._chunks(line))
        back: deque[str] = deque()  # lines that a row took and was made to give back
        again = True
        while again:
            again = False
            lines = _after(back, source)
            for text in lines:
                self._count += 1
                found = glance(text)
                if found is not None:
                    line += 1
                    yield found
                    continue
                taken = [text]
                reader = csv.reader(self._kept(lines, taken), delimiter=separator)
                try:
                    row = next(reader)
                    spent = reader.line_num
                    again = spent > 1 and self._is_runaway(row, self._widest, spent, line)
                except (csv.Error, _TooFar):
                    again = True
                if again:
                    row = self._cut_back(line)
                    spent = 1
                    back.extendleft(reversed(taken[1:]))
                elif spent > 1:
                    more = self._long_lines[-1] if self._long_lines else 0
                    self._long_rows.append(self._count)
                    self._long_lines.append(more + spent - 1)
                line += spent
                if self._count <= 30 and len(row) > self._widest:
                    self._widest = len(row)
                yield row
                if again:
                    break

    @property
    def _reach(self) -> int:
        """The lines that a row may run over, by what was met so far."""
        return max(NEAREST, REACH >> (len(self._cut) // CUTS))

    def _counted(self, lines: Iterable[str], taken: list[int]) -> Iterator[str]:
        """The lines, as long as one row (``taken`` is set to 0 before it) does not take too many."""
        reach = self._reach
        for text in lines:
            taken[0] += 1
            if taken[0] > reach:
                raise _TooFar
            yield text

    def _kept(self, lines: Iterator[str], taken: list[str]) -> Iterator[str]:
        """The line that ``taken`` holds, then others; those that one row took are kept there."""
        yield taken[0]
        reach = self._reach
        for text in lines:
            taken.append(text)
            if len(taken) > reach:
                raise _TooFar
            yield text

    def _line_of(self, number: int) -> int:
        """The line (from 0) where a row starts."""
        if not self._long_rows:
            return number - 1
        at = bisect_left(self._long_rows, number) - 1
        return number - 1 + (int(self._long_lines[at]) if at >= 0 else 0)

    def row(self, number: int, cells: tuple[str, ...] | None = None) -> Row:
        """The row of that number, among those already read."""
        line, after = self._line_of(number), self._line_of(number + 1)
        return self._row(number, line, self._bytes(int(self._offsets[line]), int(self._offsets[after])), cells)

    def _row(self, number: int, line: int, raw: bytes, cells: tuple[str, ...] | None = None) -> Row:
        text = self._decoded(raw).rstrip("\r\n")
        if cells is None:
            cells = tuple(self._split(text, literal=number in self._cut))
        return Row(number=number, cells=cells, line=line + 1, text=text)

    def spans(self) -> Iterator[Span]:
        """The file as spans of whole rows, for `columnar`."""
        from subsidy_rules.tables.blocks import spans_of

        return spans_of(self._stream, self.dialect.start)

    def row_of(self, number: int, line: int, raw: bytes) -> Row:
        """A row from its bytes, for a reader of spans that has them at hand. ``line`` counts from 1."""
        text = self._decoded(raw).rstrip("\r\n")
        return Row(number=number, cells=tuple(self._split(text, literal=False)), line=line, text=text)

    def adopt(self, offsets: LineStarts, long_rows: Sequence[int], long_lines: Sequence[int], count: int) -> None:
        """Takes over where the lines and the rows start from a reader of spans: `row` and `again` then find them.

        ``long_rows`` are numbers from 1, ``long_lines`` cumulated.
        """
        self._offsets, self._long_rows, self._long_lines = offsets, long_rows, long_lines
        self._count = count
        self.complete = True
        self._check_unchanged()

    def is_cut(self, number: int) -> bool:
        """True for a row whose quote is never closed: only its first line was taken."""
        return number in self._cut

    def _split(self, text: str, *, literal: bool) -> list[str]:
        if literal:
            return text.split(self.dialect.separator)
        if '"' not in text:
            return text.split(self.dialect.separator) if text else []
        lines = (text,) if "\n" not in text and "\r" not in text else io.StringIO(text, newline="")
        try:
            return next(csv.reader(lines, delimiter=self.dialect.separator), [])
        except csv.Error:
            return text.split(self.dialect.separator)

    def _chunks(self, line: int) -> Iterator[Iterator[str]]:
        """The lines of the file from one of them on, decoded, a chunk of the file at a time."""
        number = line + 1
        for lines in self._raw_chunks(line):
            yield self._decoded_lines(b"".join(lines), lines, number)
            number += len(lines)

    def _raw_chunks(self, line: int) -> Iterator[list[bytes]]:
        """The lines of the file from one of them on, a chunk of the file at a time; notes their offsets.

        Lines end with a line feed, a carriage return or both, as spreadsheets of all ages write them.
        """
        offsets = self._offsets
        del offsets[line + 1 :]
        self._stream.seek(offsets[line])
        left = b""
        while True:
            read = self._stream.read(CHUNK)
            chunk = left + read
            if not chunk:
                return
            end = chunk.rfind(b"\n") + 1
            if not read:
                end = len(chunk)
            elif not end:
                # A carriage return at the very end may be half of a line end.
                end = chunk.rfind(b"\r", 0, -1) + 1
                if not end:
                    if len(chunk) > MAX_LINE:
                        raise ReadError(_LONG.having(line=len(offsets), limit=MAX_LINE))
                    left = chunk
                    continue
            lines = chunk[:end].splitlines(keepends=True)
            left = chunk[end:]
            start = offsets.pop()
            offsets.extend(accumulate(map(len, lines), initial=start))
            yield lines

    def _decoded_lines(self, chunk: bytes, lines: list[bytes], number: int) -> Iterator[str]:
        if self.dialect.encoding != "utf-8":
            return map(methodcaller("decode", self.dialect.encoding, "replace"), lines)
        try:
            chunk.decode()
        except UnicodeDecodeError:
            return self._mixed_lines(lines, number)
        return map(bytes.decode, lines)

    def _mixed_lines(self, lines: list[bytes], number: int) -> Iterator[str]:
        for raw in lines:
            text = self._decoded(raw)
            if not raw.isascii() and text.encode("utf-8") != raw:
                self._western_count += 1
                self._western[1:] = [number]
            number += 1
            yield text

    def _decoded(self, raw: bytes) -> str:
        try:
            return raw.decode(self.dialect.encoding)
        except UnicodeDecodeError:
            if self.dialect.encoding != "utf-8":
                return raw.decode(self.dialect.encoding, "replace")
            # UTF-8 where it is, Windows-1252 for each byte that is not.
            return raw.decode("utf-8", "surrogateescape").translate(_ESCAPED)

    def _is_runaway(self, row: list[str], width: int, spent: int, line: int) -> bool:
        """A row over several lines that does not have the cells of a row: a quote was opened and not closed."""
        if self.header is not None and self._count >= self.header[0]:
            width = self.header[1]
        if width > 1 and len(row) != width:
            return spent > 40 or len(row) < width
        # The last cell may have taken all that is left of the file: lines that are rows themselves.
        taken = [text for text in row[-1].split("\n")[1:] if text.strip()] if width > 2 and row else []
        if taken and all(text.count(self.dialect.separator) == width - 1 for text in taken[:1_000]):
            return True
        # A cell may have taken the rows down to the next quote, which was to open another: it then holds as many
        # separators as they have, and something stands between the quote that closes it and the next separator.
        separator = self.dialect.separator
        if width > 1 and any(
            cell.count(separator) == (width - 1) * (cell.count("\n") or cell.count("\r")) > 0 for cell in row
        ):
            raw = self._bytes(int(self._offsets[line]), int(self._offsets[line + spent]))
            text = io.StringIO(self._decoded(raw), newline="")
            try:
                next(csv.reader(text, delimiter=separator, strict=True), None)
            except csv.Error:
                return True
        return False

    def _cut_back(self, line: int) -> list[str]:
        """Takes one line alone as the row, quotes as any character; reading starts again on the next one."""
        self._cut.add(self._count)
        start, end = self._offsets[line], self._offsets[line + 1]
        return self._split(self._decoded(self._bytes(start, end)).rstrip("\r\n"), literal=True)

    def _bytes(self, start: int, end: int) -> bytes:
        self._back.seek(start)
        raw = self._back.read(end - start)
        while len(raw) < end - start:  # a raw file may give less than it was asked
            more = self._back.read(end - start - len(raw))
            if not more:
                raise ReadError(_CHANGED)
            raw += more
        return raw

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

    @property
    def size(self) -> int:
        """Bytes of the whole file."""
        at = self._back.tell()
        size = self._back.seek(0, io.SEEK_END)
        self._back.seek(at)
        return size

    def close(self) -> None:
        self._stream.close()
        self._back.close()


def _whole(found: re.Match[str]) -> str:
    return found[0]


def _after(back: deque[str], lines: Iterator[str]) -> Iterator[str]:
    """Lines that were given back, then the others."""
    while back:
        yield back.popleft()
    yield from lines


def _nothing(text: str) -> None:
    """A glance that takes no line for a row."""


def spans(text: str, separator: str) -> list[tuple[int, int]]:
    """Where each cell of a row of CSV stands in its text, quotes included; one span for each cell of ``csv.reader``."""
    out: list[tuple[int, int]] = []
    at = 0
    if '"' not in text:
        for part in text.split(separator):
            out.append((at, at + len(part)))
            at += len(part) + 1
        return out
    for found in _cell_pattern(separator).finditer(text):
        out.append(found.span(1))
        if found.end() == len(text) and not found[2]:
            break
    return out


@cache
def _cell_pattern(separator: str) -> re.Pattern[str]:
    mark = re.escape(separator)
    return re.compile(rf'("(?>(?:[^"]|"")*)"[^{mark}]*+|[^{mark}]*+)({mark}|\Z)')
