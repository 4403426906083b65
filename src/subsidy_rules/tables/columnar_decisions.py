"""Decisions over arrays: the rows of a table that are surely right, gathered by decision and added up at once.

What a decision says is settled here when it surely holds, or surely cannot be told; the others are named, and the
judge (`decisions.judge_decision`) reads their rows again. Rows are kept in memory up to a bound, and beyond it in a
temporary file, cut so that the rows of one decision always meet.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterable
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any, Final, Literal

import numpy as np

from subsidy_rules.frozen import dataclass
from subsidy_rules.tables import masks
from subsidy_rules.tables.decisions import (
    MILLION,
    PLAIN_DECIMALS,
    UNPRICED,
    WIDEST,
    Evidence,
    Outcome,
    Understanding,
    understand,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Marks = NDArray[np.uint64]
    Mask = NDArray[np.bool_]

__all__ = ["ColumnarDecisions"]

AT_ONCE: Final = 1_500_000
"""Rows held in memory; as many more go to a temporary file, and their decisions are settled part by part."""
PARTS: Final = 64
"""Parts into which the rows of a large table are cut: of 100 million rows, each has a million and a half."""

_NONE: Final = np.zeros(0, np.int64)
_NO: Final = np.zeros(0, np.bool_)


class _Rows:
    """Rows as arrays side by side: the mark of the decision, the number, the cents, the share with its decimals, the
    mark of the authority."""

    KINDS: Final = (np.dtype("<u8"), np.dtype("<i8"), np.dtype("<i8"), np.dtype("<i4"), np.dtype("<u8"))
    WIDTH: Final = sum(kind.itemsize for kind in KINDS)

    def __init__(self) -> None:
        self._held: list[tuple[Any, ...]] = []
        self._count = 0
        self._file: IO[bytes] | None = None
        self._full = False
        self._written: list[list[tuple[int, int]]] = [[] for _ in range(PARTS)]

    def add(self, *columns: Any) -> None:
        self._held.append(
            tuple(column.astype(kind, copy=False) for column, kind in zip(columns, self.KINDS, strict=True))
        )
        self._count += len(columns[0])
        if self._count >= AT_ONCE and not self._full:
            self._write()

    @property
    def parts(self) -> int:
        """Into how many parts the rows are cut: one, when all of them are in memory and few."""
        return PARTS if self._file is not None or self._count >= AT_ONCE else 1

    def part(self, part: int) -> list[Any]:
        """The arrays of one part. Raises ``OSError`` when the temporary file cannot be read."""
        pieces: list[tuple[Any, ...]] = []
        if self._file is not None:
            for offset, count in self._written[part]:
                pieces.append(self._read(offset, count))
        if self.parts == 1:
            pieces.extend(self._held)
        else:
            for columns in self._held:
                chosen = np.flatnonzero(_part_of(columns[0]) == part)
                pieces.append(tuple(column[chosen] for column in columns))
        return [
            np.concatenate([piece[at] for piece in pieces]) if pieces else np.zeros(0, kind)
            for at, kind in enumerate(self.KINDS)
        ]

    def close(self) -> None:
        self._held = []
        self._count = 0
        if self._file is not None:
            self._file.close()
            self._file = None
        self._written = [[] for _ in range(PARTS)]

    def _write(self) -> None:
        """Moves what is held to the temporary file; where there is no room for one, rows stay in memory."""
        columns = [np.concatenate([piece[at] for piece in self._held]) for at in range(len(self.KINDS))]
        part = _part_of(columns[0])
        order = np.argsort(part, kind="stable")
        columns = [column[order] for column in columns]
        written: list[tuple[int, int]] = []
        try:
            if self._file is None:
                self._file = TemporaryFile(buffering=0)  # noqa: SIM115 — closed with the rows
            offset = self._file.seek(0, os.SEEK_END)
            start = 0
            for count in np.bincount(part, minlength=PARTS).tolist():
                for column in columns:
                    _put(self._file, memoryview(column[start : start + count].tobytes()))
                written.append((offset, count))
                offset += count * self.WIDTH
                start += count
        except OSError:
            self._full = True
            return
        for place, found in zip(self._written, written, strict=True):
            place.append(found)
        self._held = []
        self._count = 0

    def _read(self, offset: int, count: int) -> tuple[Any, ...]:
        assert self._file is not None
        self._file.seek(offset)
        data = bytearray(count * self.WIDTH)
        view = memoryview(data)
        filled = 0
        while filled < len(data):
            more: int = self._file.readinto(view[filled:])  # type: ignore[attr-defined]
            if not more:
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            filled += more
        columns = []
        at = 0
        for kind in self.KINDS:
            columns.append(np.frombuffer(data, kind, count, at))
            at += count * kind.itemsize
        return tuple(columns)


def _put(file: IO[bytes], data: memoryview) -> None:
    while data:
        data = data[file.write(data) :]  # a raw file may take less than it was given


def _part_of(marks: Marks) -> NDArray[np.uint8]:
    return ((marks >> np.uint64(20)) % np.uint64(PARTS)).astype(np.uint8)


@dataclass(frozen=True, slots=True)
class _Groups:
    """Rows sorted so that those of a decision stand together; ``first`` is where each decision starts."""

    first: Ints
    sizes: Ints
    numbers: Ints
    cents: Ints
    shares: Ints
    decimals: Ints
    whole: Ints
    total: Ints
    finest: Ints
    odd: Mask
    unpriced: Mask


class ColumnarDecisions:
    """`decisions.Decisions` over arrays: the same evidence, the same states, the same suspects."""

    def __init__(self) -> None:
        self.secret: tuple[int, ...] = (1, 1, 1)
        self._rows = _Rows()
        self._late: list[tuple[str, int, int, int, str, bool]] = []

    def clear(self) -> None:
        """Forgets everything."""
        self._rows.close()
        self._late = []

    def add_block(self, marks: Marks, numbers: Ints, cents: Ints, shares: Ints, authorities: Marks | None) -> None:
        """The sure rows of a block."""
        authorities = np.zeros(len(marks), np.uint64) if authorities is None else authorities
        self._rows.add(marks, numbers, cents, shares, authorities)

    def add(self, key: str, number: int, cents: int, share: int, decimals: int, authority: str) -> None:
        """A row that the judge read: see ``decisions.Decisions.add``."""
        self._late.append((key, number, cents, share << 3 | decimals, authority, False))

    def add_unpriced(self, key: str, number: int, share: int, decimals: int, authority: str) -> None:
        """A row whose amount cannot be used: see ``decisions.Decisions.add_unpriced``."""
        self._late.append((key, number, UNPRICED, share << 3 | decimals, authority, False))

    def add_odd(self, key: str, number: int, authority: str) -> None:
        """A row of which a figure is not plain."""
        self._late.append((key, number, 0, 0, authority, True))

    def _each(self) -> Callable[[], Iterable[_Groups]]:
        """The decisions, all at once or in several parts; may be asked for several times."""
        odd = self._close()
        parts = self._rows.parts
        kept = [self._groups(0, odd)] if parts == 1 else None

        def each() -> Iterable[_Groups]:
            return kept if kept is not None else (self._groups(part, odd) for part in range(parts))

        return each

    def weigh(self, amount: Literal["auto", "part", "whole", "none"], usual: int | None = None) -> Evidence:
        """See ``decisions.Decisions.weigh``; the rows are forgotten."""
        evidence = _evidence(self._each(), amount, usual)
        self.clear()
        return evidence

    def settle(
        self,
        *,
        amount: Literal["auto", "part", "whole", "none"],
        complete: bool,
        keep: bool,
        meaning: Understanding | None = None,
    ) -> tuple[Understanding, Outcome]:
        """See ``decisions.Decisions.settle``; the rows are forgotten."""
        each = self._each()
        meaning = meaning or understand(_evidence(each, amount), amount=amount, complete=complete)
        outcome = Outcome()
        for groups in each():
            _sort_out(groups, meaning, outcome, keep=keep)
        outcome.suspects.sort()
        self.clear()
        return meaning, outcome

    def _close(self) -> set[int]:
        """Adds the rows that came from the judge; the numbers of the odd ones."""
        if not self._late:
            return set()
        keys = [row[0].encode("utf-8", "surrogatepass") for row in self._late]
        names = [row[4].encode("utf-8", "surrogatepass") for row in self._late]
        with np.errstate(over="ignore"):
            marks = masks.marks(masks.column_of(keys), self.secret)
            authorities = masks.marks(masks.column_of(names), self.secret)
        self.add_block(
            marks,
            np.array([row[1] for row in self._late], np.int64),
            np.array([row[2] for row in self._late], np.int64),
            np.array([row[3] for row in self._late], np.int64),
            authorities,
        )
        odd = {row[1] for row in self._late if row[5]}
        self._late = []
        return odd

    def _groups(self, part: int, odd: set[int]) -> _Groups:
        marks, numbers, cents, shares, authorities = self._rows.part(part)
        order = np.argsort(marks)
        marks = marks[order]
        first = np.flatnonzero(np.concatenate(([True], marks[1:] != marks[:-1]))) if len(marks) else _NONE
        numbers, cents, authorities = numbers[order], cents[order], authorities[order]
        shares = shares[order].astype(np.int64)
        sizes = np.diff(np.append(first, len(marks)))
        if not len(first):
            return _Groups(first, sizes, numbers, cents, shares, shares, _NONE, _NONE, _NONE, _NO, _NO)
        # Exact whatever the number of rows: below zero, a decision has an amount that cannot be used.
        unpriced = np.minimum.reduceat(cents, first) < 0
        cents = np.where(cents < 0, 0, cents)
        whole = np.add.reduceat(cents, first)
        wide = np.add.reduceat(cents.astype(np.float64), first) > 2.0**61
        strange = (wide | (whole > WIDEST)) & ~unpriced
        strange |= np.minimum.reduceat(authorities, first) != np.maximum.reduceat(authorities, first)
        if odd:
            rows = np.isin(numbers, np.fromiter(odd, np.int64, len(odd)))
            strange |= np.logical_or.reduceat(rows, first)
        return _Groups(
            first=first,
            sizes=sizes,
            numbers=numbers,
            cents=cents,
            shares=shares >> 3,
            decimals=shares & 7,
            whole=whole,
            total=np.add.reduceat(shares >> 3, first),
            finest=np.maximum.reduceat(shares & 7, first),
            odd=strange,
            unpriced=unpriced,
        )


_SCALES: Final = np.array([10**decimals for decimals in range(PLAIN_DECIMALS + 1)], np.int64)


def _unfit(groups: _Groups, decimals: Ints) -> Mask:
    """Decisions of which a share is not its amount's part of the whole, at the decimals given for each."""
    whole = np.repeat(groups.whole, groups.sizes)
    places = np.repeat(decimals, groups.sizes)
    steps = _SCALES[::-1][places]
    gap = 2 * (_SCALES[places] * groups.cents - groups.shares // steps * whole)
    wrong = (gap > whole) | (gap < -whole)
    found: Mask = np.logical_or.reduceat(wrong, groups.first) if len(groups.first) else wrong
    return found


def _evidence(each: Callable[[], Iterable[_Groups]], amount: str, usual: int | None = None) -> Evidence:
    evidence = Evidence()
    for groups in each():
        wanted = ~(groups.odd | groups.unpriced) & (groups.sizes > 1) & (groups.total == MILLION)
        rows = np.repeat(wanted, groups.sizes)
        for count, times in enumerate(np.bincount(groups.decimals[rows], minlength=PLAIN_DECIMALS + 1).tolist()):
            evidence.decimals[count] += times
    if amount in ("whole", "none"):
        return evidence
    usual = evidence.usual if usual is None else usual
    for groups in each():
        wanted = ~(groups.odd | groups.unpriced) & (groups.sizes > 1) & (groups.total == MILLION)
        short = wanted & (groups.finest < usual)
        if amount == "auto" and wanted.any():
            equal = _same(groups.cents, groups)
            alike = equal & _same(groups.shares, groups)
            unfit = _unfit(groups, groups.finest)
            evidence.part += int(np.count_nonzero(wanted & ~unfit & ~alike))
            evidence.whole += int(np.count_nonzero(wanted & unfit & equal))
        if short.any():
            evidence.short += int(np.count_nonzero(short))
            unfit = _unfit(groups, np.full(len(groups.first), usual))
            evidence.fit += int(np.count_nonzero(short & ~unfit))
    return evidence


def _same(values: Ints, groups: _Groups) -> Mask:
    same: Mask = np.minimum.reduceat(values, groups.first) == np.maximum.reduceat(values, groups.first)
    return same


def _sort_out(groups: _Groups, meaning: Understanding, outcome: Outcome, *, keep: bool) -> None:
    if not len(groups.first):
        return
    exact = groups.total == MILLION
    unknown = ~exact & (groups.total < MILLION) & (not meaning.complete)
    wrong = np.zeros(len(groups.first), np.bool_)
    if meaning.amount == "part":
        wrong = _unfit(groups, np.maximum(groups.finest, meaning.decimals or 0))
    elif meaning.amount == "whole":
        wrong = ~_same(groups.cents, groups)
    wrong &= ~groups.unpriced
    suspects = groups.odd | (~unknown & (~exact | wrong)) | keep
    silent = unknown & ~suspects
    held = exact & ~suspects
    outcome.shares["unknown"] += int(np.count_nonzero(silent))
    outcome.percentages["unknown"] += int(groups.sizes[silent].sum())
    outcome.shares["holds"] += int(np.count_nonzero(held))
    told = held & ~groups.unpriced if meaning.amount == "part" else np.zeros(len(held), np.bool_)
    outcome.percentages["holds"] += int(groups.sizes[told].sum())
    outcome.percentages["unknown"] += int(groups.sizes[held & ~told].sum())
    for group in np.flatnonzero(suspects).tolist():
        start = int(groups.first[group])
        outcome.suspects.append(sorted(groups.numbers[start : start + int(groups.sizes[group])].tolist()))
