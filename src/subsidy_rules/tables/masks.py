"""Which cells of a column are surely right, many at a time: bytes in, a mask out.

A column is the bytes it stands in, where each cell starts and how long it is: that is what a block of CSV gives, and an
Arrow array, and neither is copied. Cells are looked at eight bytes at a time as one integer, as in « SIMD within a
register » (Lamport 1975): the digits of a number are checked and weighed by a few operations on all of them at once.

A mask is True only for cells in which the judge (`cells.fault_of_cell`) finds nothing: it may be False for others,
which then go to the judge. Tests hold every mask against the judge.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from subsidy_rules.frozen import dataclass

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Bytes = NDArray[np.uint8]
    Words = NDArray[np.uint64]
    Places = NDArray[np.int64]
    Mask = NDArray[np.bool_]

__all__ = [
    "PAD",
    "Column",
    "amounts",
    "choices",
    "column_of",
    "dates",
    "filled",
    "imputations",
    "marks",
    "near_threshold",
    "padded",
    "periods",
    "rnas",
    "shares",
    "sirets",
    "stirred",
    "trimmed",
    "years",
]

PAD: Final = 64
"""Bytes that must stand before the first cell and after the last, so that a window never leaves the block."""


def padded(data: bytes | memoryview) -> Bytes:
    """The bytes with room on both sides; cells then start ``PAD`` further."""
    out = np.zeros(len(data) + 2 * PAD, np.uint8)
    out[PAD : PAD + len(data)] = np.frombuffer(data, np.uint8)
    return out


def column_of(cells: Sequence[bytes]) -> Column:
    """Cells that are in memory one by one, as a column."""
    lengths = np.array([len(cell) for cell in cells], np.int64)
    ends = np.cumsum(lengths)
    return Column(padded(b"".join(cells)), ends - lengths + PAD, lengths)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a block. ``start`` counts from the first byte of ``buffer`` (its padding included)."""

    buffer: Bytes
    start: Places
    length: Places

    def take(self, chosen: Any) -> Column:
        """The cells at those positions, or where a mask is True."""
        return Column(self.buffer, self.start[chosen], self.length[chosen])

    def word(self, offset: int | Places = 0) -> Words:
        """The eight bytes that start ``offset`` bytes after the start of each cell, the first in the lowest place."""
        words: Words = self._words()[self.start + offset]
        return words

    def last(self, before: int | Places = 0) -> Words:
        """The eight bytes that end ``before`` bytes before the end of each cell."""
        words: Words = self._words()[self.start + (self.length - 8 - before)]
        return words

    def byte(self, offset: int | Places = 0) -> Bytes:
        found: Bytes = self.buffer[self.start + offset]
        return found

    def from_end(self, back: int) -> Bytes:
        """The byte ``back`` places before the end of each cell (1 is the last)."""
        found: Bytes = self.buffer[self.start + (self.length - back)]
        return found

    def _words(self) -> Words:
        return np.ndarray((len(self.buffer) - 7,), "<u8", self.buffer.data, 0, (1,))


def _word(text: str | bytes) -> np.uint64:
    data = text.encode() if isinstance(text, str) else text
    return np.uint64(int.from_bytes(data[:8], "little"))


_ZEROS: Final = _word("00000000")
_HIGH: Final = np.uint64(0xF0F0F0F0F0F0F0F0)
_SIXES: Final = np.uint64(0x0606060606060606)
_LANES: Final = np.uint64(0x00FF00FF00FF00FF)
_ALL: Final = np.uint64(0xFFFFFFFFFFFFFFFF)
# KEEP[n] keeps the last n bytes of a window (its highest ones), FILL[n] puts « 0 » in the others.
_KEEP: Final = np.array(
    [0] + [(0xFFFFFFFFFFFFFFFF << (8 * (8 - n))) & 0xFFFFFFFFFFFFFFFF for n in range(1, 9)], np.uint64
)
_FILL: Final = ~_KEEP & _ZEROS
# FIRST[n] keeps the first n bytes.
_FIRST: Final = np.array([(1 << (8 * n)) - 1 for n in range(8)] + [0xFFFFFFFFFFFFFFFF], np.uint64)


def _u(value: int) -> np.uint64:
    return np.uint64(value)


def _digits(word: Words) -> Mask:
    """True where all eight bytes are ASCII digits."""
    right: Mask = ((word & _HIGH) == _ZEROS) & (((word + _SIXES) & _HIGH) == _ZEROS)
    return right


def _value(word: Words) -> Words:
    """The number that eight ASCII digits write (the first is the most significant)."""
    word = word & _u(0x0F0F0F0F0F0F0F0F)
    word = (word * _u(2561)) >> _u(8)
    word = ((word & _LANES) * _u(6553601)) >> _u(16)
    value: Words = ((word & _u(0x0000FFFF0000FFFF)) * _u(42949672960001)) >> _u(32)
    return value


# -- identifiers ------------------------------------------------------------------------------------------------------


def _luhn(word: Words, *, first: bool = True) -> Words:
    """The Luhn weight of eight digits, less « 0 », of which the first, or the second, is doubled, and so on."""
    even = word & _LANES
    odd = (word >> _u(8)) & _LANES
    if not first:
        even, odd = odd, even
    over = ((even + _u(0x0003000300030003)) >> _u(3)) & _u(0x0001000100010001)
    lanes = even + even - over * _u(9) + odd
    total: Words = (lanes * _u(0x0001000100010001)) >> _u(48)
    return total


def sirets(column: Column) -> Mask:
    """Fourteen digits with a right check digit, as has the SIREN they start with. La Poste's are left to the judge."""
    right: Mask = column.length == 14
    first, second = column.word(), column.word(6)
    right &= _digits(first) & _digits(second)
    first ^= _ZEROS
    second ^= _ZEROS
    right &= (first | second) != 0
    # The two digits that both windows hold are weighed in the first one only.
    total = _luhn(first) + _luhn(second & _u(0xFFFFFFFFFFFF0000))
    right &= total % _u(10) == 0
    siren = _luhn(first, first=False) + ((second >> _u(16)) & _u(0xFF))
    right &= siren % _u(10) == 0
    return right


def rnas(column: Column) -> Mask:
    right: Mask = column.length == 10
    first, rest = column.word(), column.word(2)
    right &= (first & _u(0xFF)) == ord("W")
    second = (first >> _u(8)) & _u(0xFF)
    right &= (second >= ord("0")) & (second <= ord("9"))
    third = rest & _u(0xFF)
    right &= ((third >= ord("0")) & (third <= ord("9"))) | ((third >= ord("A")) & (third <= ord("Z")))
    right &= _digits((rest & _u(0xFFFFFFFFFFFFFF00)) | _u(ord("0")))
    return right


# -- dates ------------------------------------------------------------------------------------------------------------

_DAYS: Final = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] + [0] * 243, np.uint64)


def _dates_at(column: Column, offset: int) -> tuple[Mask, Any]:
    """Whether the ten bytes at ``offset`` are a day of the calendar, and the day as a number that sorts."""
    first: Words = column.word(offset)
    last: Words = column.word(offset + 2)
    # « YYYY-MM- » and « YY-MM-DD »: every byte is in one or both.
    year = (first & _u(0xFFFFFFFF)) | _u(0x3030303000000000)
    day = last & _u(0xFFFF00FFFF00FFFF) | _u(0x0000300000300000)
    right: Mask = _digits(year) & _digits(day)
    right &= (last & _u(0x0000FF0000FF0000)) == _u(0x00002D00002D0000)
    last ^= _ZEROS
    month = ((last >> _u(24)) & _u(0xFF)) * _u(10) + ((last >> _u(32)) & _u(0xFF))
    number = ((last >> _u(48)) & _u(0xFF)) * _u(10) + ((last >> _u(56)) & _u(0xFF))
    years = _value((first << _u(32)) | _u(0x30303030))
    longest = _DAYS[month & _u(0xFF)]
    right &= (number >= 1) & (years > 0)
    beyond = number > longest
    leap = right & beyond & (month == 2) & (number == 29)
    right &= ~beyond
    if leap.any():
        common: Mask = (years % _u(4) != 0) | ((years % _u(100) == 0) & (years % _u(400) != 0))
        right |= leap & ~common
    order: Any = (years << _u(16)) | (month << _u(8)) | number
    return right, order


def dates(column: Column) -> Mask:
    """Ten bytes, YYYY-MM-DD, a day of the calendar."""
    right: Mask = (column.length == 10) & _dates_at(column, 0)[0]
    return right


def periods(column: Column) -> Mask:
    """A day, or two days in order with a slash between."""
    right: Mask
    right, begins = _dates_at(column, 0)
    two = column.length == 21
    right &= (column.length == 10) | two
    if two.any():
        places = np.flatnonzero(two & right)
        some = column.take(places)
        good, finishes = _dates_at(some, 11)
        good &= (some.byte(10) == ord("/")) & (begins[places] <= finishes)
        right[places] = good
    return right


def years(column: Column) -> Mask:
    """Four digits that begin with 19 or 20."""
    word = column.word()
    century = word & _u(0xFFFF)
    right: Mask = (column.length == 4) & ((century == _word("19")) | (century == _word("20")))
    return right & _digits((word & _u(0xFFFFFFFF)) | _u(0x3030303000000000))


# -- figures ----------------------------------------------------------------------------------------------------------


def amounts(column: Column) -> tuple[Mask, NDArray[np.int64]]:
    """At most 13 digits and 2 decimals after a point, above zero: whether they are, and the cents."""
    length = column.length
    two = (column.from_end(3) == ord(".")) & (length > 3)
    one = (column.from_end(2) == ord(".")) & (length > 2) & ~two
    decimals = np.where(two, 3, np.where(one, 2, 0))
    size = length - decimals
    right = (size >= 1) & (size <= 13)
    kept = np.clip(size, 0, 16)
    low_size = np.minimum(kept, 8)
    low = (column.last(decimals) & _KEEP[low_size]) | _FILL[low_size]
    right &= _digits(low)
    whole = _value(low)
    wide = kept > 8
    if wide.any():
        places = np.flatnonzero(wide)
        some = column.take(places)
        size_of = kept[places] - 8
        high = (some.last(decimals[places] + 8) & _KEEP[size_of]) | _FILL[size_of]
        right[places] &= _digits(high)
        whole[places] += _value(high) * _u(100_000_000)
    tens = np.where(two, column.from_end(2), np.where(one, column.from_end(1), ord("0"))).astype(np.int64) - ord("0")
    ones = np.where(two, column.from_end(1), ord("0")).astype(np.int64) - ord("0")
    right &= (tens >= 0) & (tens <= 9) & (ones >= 0) & (ones <= 9)
    whole[~right] = 0
    cents = whole.astype(np.int64) * 100 + tens * 10 + ones
    right &= cents > 0
    return right, cents


def shares(column: Column) -> tuple[Mask, NDArray[np.int64]]:
    """A share from 0.01 to 1 with at most 6 decimals: whether it is, and ``millionths << 3 | decimals``."""
    word = column.word()
    length = column.length
    lead = word & _u(0xFF)
    decimals = np.clip(length - 2, 0, 6)
    right = (length == 1) | (((word >> _u(8)) & _u(0xFF)) == ord("."))
    right &= (length <= 8) & (length != 2) & (length >= 1)
    decimals[length == 1] = 0
    kept = _FIRST[decimals]
    digits = ((word >> _u(16)) & kept) | (_ZEROS & ~kept)
    right &= _digits(digits)
    millionths = _value(digits) // _u(100)
    unit = lead == ord("1")
    right &= (unit & (millionths == 0)) | ((lead == ord("0")) & (millionths >= 10_000) & (length > 1))
    millionths[unit] = 1_000_000
    return right, (millionths.astype(np.int64) << 3) | decimals


def near_threshold(column: Column) -> Mask:
    """From 20 000 to 23 999 by the first characters, as `twins.Twins.note` sees it."""
    word = column.word()
    second = (word >> _u(8)) & _u(0xFF)
    sixth = (word >> _u(40)) & _u(0xFF)
    near = ((word & _u(0xFF)) == ord("2")) & (second >= ord("0")) & (second <= ord("3"))
    point = (column.length >= 6) & ((sixth == ord(".")) | (sixth == ord(",")))
    mask: Mask = near & ((column.length == 5) | point)
    return mask


# -- words ------------------------------------------------------------------------------------------------------------


def choices(column: Column, words: Sequence[bytes]) -> Mask:
    """One of these words, to the byte."""
    right = np.zeros(len(column.start), np.bool_)
    left: Any = None
    for word in words:
        some = column if left is None else column.take(left)
        same = _equal(some, word)
        if left is None:
            right |= same
        else:
            right[left] |= same
        left = np.flatnonzero(~right)
        if not len(left):
            break
    return right


def _equal(column: Column, word: bytes) -> Mask:
    size = len(word)
    same: Mask = column.length == size
    if size > PAD - 8:
        return same & False  # longer than a window may go: left to the judge
    if size <= 8:
        same &= (column.word() & _FIRST[size]) == _word(word)
        return same
    for at in range(0, size - 8, 8):
        same &= column.word(at) == _word(word[at : at + 8])
    same &= column.word(size - 8) == _word(word[size - 8 :])
    return same


_PLAIN_START: Final = np.ones(256, np.bool_)
_PLAIN_START[:0x21] = False
# The first bytes of blanks beyond ASCII (no-break spaces and the like) and of the letters that share them.
_PLAIN_START[[0x7F, 0xC2, 0xE1, 0xE2, 0xE3, 0xEF]] = False


def filled(column: Column) -> Mask:
    """Something other than a blank is surely written: the first character is none."""
    right: Mask = (column.length > 0) & _PLAIN_START[column.byte()]
    return right


def trimmed(column: Column) -> Mask:
    """No blank at either end (nor any character that could be one)."""
    end = column.from_end(1)
    right: Mask = filled(column) & (end > 0x20) & (end < 0x7F)
    return right


def imputations(column: Column) -> Mask:
    """The sure shape of a code (`imputation.SURE_SHAPE`): politique, chapitre, nature that begins with it, fonction."""
    word, length = column.word(), column.length
    letter = word & _u(0xFF)
    right = (letter >= ord("A")) & (letter <= ord("Z"))
    right &= _digits((word & _u(0x00000000FFFFFF00)) | (_ZEROS & _u(0xFFFFFFFF000000FF)))
    chapter = word >> _u(32)
    is_65, is_67 = chapter == _word("/65/"), chapter == _word("/67/")
    is_204 = (chapter == _word("/204")) & (column.byte(8) == ord("/"))
    account_at = np.where(is_204, 9, 8)
    head = column.word(account_at)
    begins = np.where(is_65, _word("65"), _word("67"))
    right &= ((is_65 | is_67) & ((head & _u(0xFFFF)) == begins)) | (is_204 & ((head & _u(0xFFFFFF)) == _word("204")))
    slash = ord("/")
    tail = np.where(
        column.from_end(2) == slash,
        1,
        np.where(column.from_end(3) == slash, 2, np.where(column.from_end(4) == slash, 3, 0)),
    )
    right &= tail > 0
    size = length - tail - 1 - account_at
    prefix = np.where(is_204, 3, 2)
    right &= (size > prefix) & (size <= prefix + 5)
    kept = np.clip(size, 0, 8)
    account = (column.last(tail + 1) & _KEEP[kept]) | _FILL[kept]
    right &= _digits(account)
    function = (column.last() & _KEEP[tail]) | _FILL[tail]
    right &= _digits(function)
    return right


# -- what makes rows belong together ----------------------------------------------------------------------------------


def marks(column: Column, secret: Sequence[int]) -> Words:
    """A 64-bit mark of each cell: equal cells have equal marks, and different ones do not, but for one chance in 10^19.

    ``secret`` are odd numbers drawn for the run, so that no file can be made to have equal marks.
    """
    length = column.length
    mark = length.astype(np.uint64) * _u(secret[0])
    mark = stirred(mark ^ (column.word() & _FIRST[np.minimum(length, 8)]), secret)
    longest = int(length.max()) if len(length) else 0
    for at in range(8, longest, 8):
        # A mark must not depend on the other cells of the block: each one is stirred as often as it is long.
        places = np.flatnonzero(length > at)
        if len(places) == len(length):
            mark = stirred(mark ^ (column.word(at) & _FIRST[np.minimum(length - at, 8)]), secret)
            continue
        some = column.take(places)
        mark[places] = stirred(mark[places] ^ (some.word(at) & _FIRST[np.minimum(some.length - at, 8)]), secret)
    return mark


def stirred(mark: Words, secret: Sequence[int]) -> Words:
    """Mixes the bits of marks, so that marks can be joined into one."""
    mark = mark * _u(secret[1])
    mark ^= mark >> _u(29)
    mark *= _u(secret[2])
    mark ^= mark >> _u(32)
    return mark
