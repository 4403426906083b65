"""A CSV file as blocks of columns: where every cell starts and ends, found many at a time.

The cells are those of ``csv.reader``, or there are none: a block in which quotes, line ends or bytes are not plainly
right raises ``NotPlain``, and the file is read by the path in plain Python instead. Nothing is copied but the file's
own bytes, once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, TYPE_CHECKING, Any, Final

import numpy as np

from subsidy_rules.frozen import dataclass
from subsidy_rules.tables.masks import PAD, Column

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Block", "NotPlain", "Span", "block_of", "spans_of"]

SIZE: Final = 4 << 20
"""Bytes read at a time: the arrays of a block then stay near the processor."""
LARGEST: Final = 64 << 20
"""A block that grows to this without a row ending is left to the other path."""

LONGEST: Final = 131_072
"""Bytes of a row from which on its cells may be none of a table: they are looked at one by one, elsewhere."""

_LF, _CR, _QUOTE = 10, 13, 34


class NotPlain(Exception):
    """The file is not written plainly enough to be read in columns; nothing is wrong with that."""


@dataclass(frozen=True, slots=True)
class Span:
    """Whole rows, as bytes padded on both sides: ``buffer[PAD : PAD + size]`` stands at ``offset`` of the file."""

    buffer: NDArray[np.uint8]
    size: int
    offset: int


@dataclass(frozen=True, slots=True)
class Block:
    """The rows of a span. ``columns[i]`` covers the rows of ``regular``, those that have the width of the header.

    ``lines`` are the bytes after the start of the span at which its lines start (rows too, so); ``long_rows`` the rows
    that run over several lines, and ``long_lines`` how many lines each of these has more than one.
    """

    rows: int
    regular: NDArray[np.int64]
    columns: tuple[Column, ...]
    lines: NDArray[np.uint32]
    long_rows: NDArray[np.int64]
    long_lines: NDArray[np.int64]


def spans_of(stream: IO[bytes], start: int) -> Iterator[Span]:
    """The file from ``start`` on, cut between rows. Raises ``NotPlain`` when no cut can be found."""
    stream.seek(start)
    offset = start
    left = np.zeros(0, np.uint8)
    while True:
        buffer = np.empty(PAD + len(left) + SIZE + PAD + 1, np.uint8)
        buffer[:PAD] = 0
        filled = PAD + len(left)
        buffer[PAD:filled] = left
        view = buffer.data
        read = 0
        while read < SIZE:
            more: int = stream.readinto(view[filled + read : filled + SIZE])  # type: ignore[attr-defined]
            if not more:
                break
            read += more
        filled += read
        if filled == PAD:
            return
        data = view[PAD:filled]
        size = len(data) if read < SIZE else _cut(data)
        if size == 0:
            if len(data) > LARGEST:
                raise NotPlain
            left = buffer[PAD:filled].copy()
            continue
        left = buffer[PAD + size : filled].copy()
        buffer[PAD + size :] = 0
        yield Span(buffer, size, offset)
        if read < SIZE:
            return
        offset += size


def _cut(data: memoryview) -> int:
    """How many of the bytes are whole rows: up to the last line feed before which quotes are even in number."""
    values = np.frombuffer(data, np.uint8)
    odd = int(np.count_nonzero(values == _QUOTE)) & 1
    size = len(values)
    step = 1 << 14
    for start in range(max(0, size - step), -step, -step):
        low = max(0, start)
        feeds = np.flatnonzero(values[low : low + step] == _LF)[::-1]
        for at in feeds.tolist():
            end = low + at
            if not (odd ^ (int(np.count_nonzero(values[end:] == _QUOTE)) & 1)):
                return int(end + 1)
        if low == 0:
            break
    return 0


def block_of(span: Span, width: int, separator: int) -> Block:
    """Splits a span into cells. Raises ``NotPlain`` for quotes, line ends or bytes that are out of place."""
    buffer, size = span.buffer, span.size
    body = buffer[PAD : PAD + size]
    if body[size - 1] != _LF:
        # The last row of a file may end without a line feed: one is put in the padding.
        size += 1
        buffer[PAD + size - 1] = _LF
        body = buffer[PAD : PAD + size]
    _check_text(body)
    _check_returns(body)
    found = body == separator
    found |= body == _LF
    marked = body == _QUOTE
    quoted = bool(marked.any())
    found |= marked
    events = np.flatnonzero(found)
    kinds = body[events]
    extra, openings = _NONE, _NONE
    if quoted:
        marks = np.flatnonzero(kinds == _QUOTE)
        _check_quotes(buffer, events[marks], separator)
        events, kinds, extra, openings = _outside(events, kinds, marks)
    count, spare = divmod(len(events), width)
    whole = kinds.reshape(count, width)[:, -1] == _LF if not spare else _NO
    if not spare and whole.all() and np.count_nonzero(kinds == _LF) == count:
        # Every row has the width of the header.
        regular = np.arange(count)
        grid = events.reshape(count, width)
        row_ends = grid[:, -1]
        all_regular = True
    else:
        ends_at = np.flatnonzero(kinds == _LF)
        row_ends = events[ends_at]
        regular = np.flatnonzero(np.diff(ends_at, prepend=-1) == width)
        first_event = ends_at[regular] - (width - 1)
        grid = events[first_event[:, None] + np.arange(width)]
        all_regular = False
    row_starts = np.empty_like(row_ends)
    row_starts[0] = 0
    row_starts[1:] = row_ends[:-1] + 1
    if int((row_ends - row_starts).max()) > LONGEST:
        raise NotPlain
    columns = _columns(buffer, grid, row_starts[regular], openings if all_regular else None, quoted=quoted)
    lines = row_starts
    long_rows = long_lines = _NONE
    if len(extra):
        lines = np.sort(np.concatenate((row_starts, extra + 1)))
        long_rows, long_lines = np.unique(np.searchsorted(row_starts, extra, "right") - 1, return_counts=True)
        if not np.isin(long_rows, regular).all():
            raise NotPlain  # perhaps a quote that is never closed
    return Block(
        rows=len(row_ends),
        regular=regular,
        columns=columns,
        lines=lines.astype(np.uint32),
        long_rows=long_rows,
        long_lines=long_lines,
    )


_NONE: Final = np.zeros(0, np.int64)
_NO: Final = np.zeros(0, np.bool_)


def _outside(
    events: NDArray[np.int64], kinds: NDArray[np.uint8], marks: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.uint8], NDArray[np.int64], NDArray[np.int64]]:
    """The separators and line feeds that are not inside quotes, what they are, the line feeds that are; and the cells,
    counted through the block, that begin with a quote."""
    kept = np.ones(len(events), np.bool_)
    kept[marks] = False
    opening, closing = marks[0::2], marks[1::2]
    inside = closing - opening - 1
    extra = _NONE
    held = np.flatnonzero(inside)
    if len(held):
        sizes = inside[held]
        starts = np.cumsum(sizes) - sizes
        within = np.arange(int(sizes.sum())) + np.repeat(opening[held] + 1 - starts, sizes)
        kept[within] = False
        feeds = within[kinds[within] == _LF]
        extra = events[feeds]
    # A quote that opens a cell follows no other quote at once; before it stand two marks for each pair before, and
    # what those pairs hold.
    first = np.ones(len(opening), np.bool_)
    first[1:] = events[opening[1:]] != events[closing[:-1]] + 1
    before = opening - 2 * np.arange(len(opening)) - (np.cumsum(inside) - inside)
    return events[kept], kinds[kept], extra, before[first]


def _columns(
    buffer: NDArray[np.uint8],
    grid: NDArray[np.int64],
    firsts: NDArray[np.int64],
    openings: NDArray[np.int64] | None,
    *,
    quoted: bool,
) -> tuple[Column, ...]:
    """The columns, from where their cells end; ``openings`` are the cells in quotes, where that is known already."""
    count, width = grid.shape
    ends = np.add(grid.T, PAD, order="C")
    starts = np.empty((width, count), np.int64)
    starts[0] = firsts
    starts[0] += PAD
    np.add(ends[:-1], 1, out=starts[1:])
    ends[-1] -= buffer[ends[-1] - 1] == _CR
    if quoted:
        if openings is not None:
            rows, cells = np.divmod(openings, width)
            starts[cells, rows] += 1
            ends[cells, rows] -= 1
        else:
            opened = buffer[starts] == _QUOTE
            starts += opened
            ends -= opened
    ends -= starts
    return tuple(Column(buffer, starts[index], ends[index]) for index in range(width))


_STEP: Final = 1 << 17
"""Bytes looked at together where each is looked at several times: they then stay in the processor's own memory."""


def _check_text(body: NDArray[np.uint8]) -> None:
    """The bytes are UTF-8 (Unicode 15, table 3-7): each leading byte has its continuations, and nothing else has.

    Said in whole arrays, which leaves the other threads to work; ``bytes.decode`` would hold them up.
    """
    size = len(body)
    for start in range(0, size, _STEP):
        # The three bytes before may begin a character that goes on here.
        low = max(0, start - 3)
        part = body[low : start + _STEP]
        lead = part >= 0xC0
        wrong = part.view(np.int8) < -0x40  # the continuations, 80 to BF: each must follow a leading byte
        wrong[1:] ^= lead[:-1]
        if lead.any():
            three = part >= 0xE0
            if three.any():
                wrong[2:] ^= three[:-2]
                wrong[3:] ^= (part >= 0xF0)[:-3]
                _check_limits(part, np.flatnonzero(three))
            if np.count_nonzero(lead) != np.count_nonzero(part >= 0xC2):
                raise NotPlain  # C0 and C1 begin overlong forms only
        if wrong[start - low :].any():
            raise NotPlain
    # What begins at the very end goes on nowhere: the last byte is a line feed, which is no continuation.


def _check_limits(part: NDArray[np.uint8], leads: NDArray[np.int64]) -> None:
    """No overlong form, no surrogate, nothing past U+10FFFF: told by the leading byte and the one after."""
    leads = leads[leads + 1 < len(part)]
    first, second = part[leads], part[leads + 1]
    wrong = (first == 0xE0) & (second < 0xA0)
    wrong |= (first == 0xED) & (second > 0x9F)
    wrong |= (first == 0xF0) & (second < 0x90)
    wrong |= (first == 0xF4) & (second > 0x8F)
    wrong |= first > 0xF4
    if wrong.any():
        raise NotPlain


def _check_returns(body: NDArray[np.uint8]) -> None:
    """Every carriage return is half of a line end."""
    returns: Any = body == _CR
    if not returns.any():
        return
    if returns[-1] or not np.array_equal(returns[:-1], returns[:-1] & (body[1:] == _LF)):
        raise NotPlain


def _check_quotes(buffer: NDArray[np.uint8], quotes: NDArray[np.int64], separator: int) -> None:
    """Quotes open a cell, close one, or are doubled inside one; any other use of them is for ``csv.reader`` to read."""
    if len(quotes) & 1:
        raise NotPlain
    opening, closing = quotes[0::2], quotes[1::2]
    before = buffer[opening + (PAD - 1)]
    after = buffer[closing + (PAD + 1)]
    doubled = opening[1:] == closing[:-1] + 1
    starts = (before == separator) | (before == _LF) | (opening == 0)
    starts[1:] |= doubled
    stops = (after == separator) | (after == _LF) | (after == _CR)
    stops[:-1] |= doubled
    if not (starts.all() and stops.all()):
        raise NotPlain
