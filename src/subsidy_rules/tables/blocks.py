"""A CSV file as blocks of columns: where every cell starts and ends, found many at a time.

The cells are those of ``csv.reader``, or there are none: a block in which quotes, line ends or bytes are not plainly
right raises ``NotPlain``, and the file is read by the path in plain Python instead. Nothing is copied but the file's
own bytes, once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, Final

import numpy as np

from subsidy_rules.tables.masks import PAD, Column

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Block", "NotPlain", "Span", "block_of", "spans_of"]

SIZE: Final = 4 << 20
"""Bytes read at a time: the arrays of a block then stay near the processor."""
LARGEST: Final = 64 << 20
"""A block that grows to this without a row ending is left to the other path."""

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

    ``lines`` are the offsets in the file at which its lines start (rows too, so); ``long_rows`` the rows that run over
    several lines, and ``long_lines`` how many lines each of these has more than one.
    """

    rows: int
    regular: NDArray[np.int64]
    columns: tuple[Column, ...]
    lines: NDArray[np.uint64]
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
        try:
            # Nothing is kept of this: it is how the standard library says that bytes are UTF-8.
            str(data[:size], "utf-8")
        except UnicodeDecodeError:
            raise NotPlain from None
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
    """Splits a span into cells. Raises ``NotPlain`` for quotes or line ends that are out of place."""
    buffer, size = span.buffer, span.size
    body = buffer[PAD : PAD + size]
    if body[size - 1] != _LF:
        # The last row of a file may end without a line feed: one is put in the padding.
        size += 1
        buffer[PAD + size - 1] = _LF
        body = buffer[PAD : PAD + size]
    _check_returns(body)
    found = body == separator
    found |= body == _LF
    extra: NDArray[np.int64] = np.zeros(0, np.int64)
    marked = body == _QUOTE
    quoted = bool(marked.any())
    if quoted:
        found |= marked
        events = np.flatnonzero(found)
        kinds = body[events]
        quotes = kinds == _QUOTE
        _check_quotes(buffer, events[quotes], separator)
        inside = np.cumsum(quotes, dtype=np.uint8)
        inside &= 1
        kept = inside == 0
        kept &= ~quotes
        extra = events[(kinds == _LF) & (inside == 1)]
        events, kinds = events[kept], kinds[kept]
    else:
        events = np.flatnonzero(found)
        kinds = body[events]
    ends_at = np.flatnonzero(kinds == _LF)
    row_ends = events[ends_at]
    row_starts = np.empty_like(row_ends)
    row_starts[0] = 0
    row_starts[1:] = row_ends[:-1] + 1
    cells = np.diff(ends_at, prepend=-1)
    regular_mask = cells == width
    if regular_mask.all():
        regular = np.arange(len(row_ends))
        grid = events.reshape(len(row_ends), width)
        firsts = row_starts
    else:
        regular = np.flatnonzero(regular_mask)
        first_event = ends_at[regular] - (width - 1)
        grid = events[first_event[:, None] + np.arange(width)]
        firsts = row_starts[regular]
    columns = _columns(buffer, grid, firsts, quoted=quoted)
    lines = row_starts
    long_rows = long_lines = np.zeros(0, np.int64)
    if len(extra):
        lines = np.sort(np.concatenate((row_starts, extra + 1)))
        long_rows, long_lines = np.unique(np.searchsorted(row_starts, extra, "right") - 1, return_counts=True)
        if not regular_mask[long_rows].all():
            raise NotPlain  # perhaps a quote that is never closed
    return Block(
        rows=len(row_ends),
        regular=regular,
        columns=columns,
        lines=lines.astype(np.uint64) + np.uint64(span.offset),
        long_rows=long_rows,
        long_lines=long_lines,
    )


def _columns(
    buffer: NDArray[np.uint8], grid: NDArray[np.int64], firsts: NDArray[np.int64], *, quoted: bool
) -> tuple[Column, ...]:
    columns: list[Column] = []
    width = grid.shape[1]
    start = firsts + PAD
    for index in range(width):
        end = grid[:, index] + PAD
        following = end + 1
        if index == width - 1:
            end = end - (buffer[end - 1] == _CR)
        if quoted:
            opened = buffer[start] == _QUOTE
            if opened.any():
                start = start + opened
                end = end - opened
        columns.append(Column(buffer, start, end - start))
        start = following
    return tuple(columns)


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
