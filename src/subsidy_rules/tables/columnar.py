"""The fast path: a table as columns of bytes, looked at many rows at a time; the rows that stand out are judged.

It needs numpy (the extra ``tables``) and nothing else. Nothing here says that a row is wrong: masks leave out the rows
that are surely right, the sums of decisions leave out those that surely hold, and the judge (`judging`) reads the
others again, so that both paths write the same report. A file that is not written plainly is left to `streaming`.

Engines that read CSV into data frames were measured and set aside: they hold the whole table, or read it in their own
way (a quote, a ragged row), and the judge would then see another table than they did.
"""

from __future__ import annotations

import secrets
from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import field
from importlib import import_module
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from subsidy_rules.frozen import dataclass
from subsidy_rules.rowstream import Row
from subsidy_rules.tables import masks
from subsidy_rules.tables.arrow import ArrowRows, texts_of
from subsidy_rules.tables.blocks import Block, NotPlain, Span, block_of
from subsidy_rules.tables.columnar_decisions import ColumnarDecisions
from subsidy_rules.tables.columns import Layout
from subsidy_rules.tables.csvrows import CsvRows, LineStarts
from subsidy_rules.tables.judging import Judge
from subsidy_rules.tables.masks import PAD, Column
from subsidy_rules.tables.schema import CONDITIONS
from subsidy_rules.tables.schema import Column as Known
from subsidy_rules.tables.streaming import needs_look
from subsidy_rules.tables.twins import Twins

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Marks = NDArray[np.uint64]
    Mask = NDArray[np.bool_]

__all__ = ["ColumnarDecisions", "Plan", "Survey", "count_the_sure", "survey", "survey_batches"]

WORKERS: Final = 2
"""Blocks looked at together: numpy leaves the other core to the other thread while it works."""
MOST_KEPT: Final = 31 << 20


# -- one block --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Seen:
    """What a block gave. Positions count among its regular rows; ``doubts`` are, for a column, those of the cells that
    may be wrong."""

    block: Block
    sure: Mask
    doubts: tuple[tuple[int, Ints], ...]
    blanks: Ints
    marks: Marks | None
    cents: Ints | None
    shares: Ints | None
    authorities: Marks | None
    twins: Marks | None
    near: Ints
    charges: Marks | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What is looked at in each block: worked out once from the table's layout and the rules of the run."""

    layout: Layout
    looked: tuple[tuple[int, Known], ...]
    counted: tuple[int, ...]
    identified: tuple[int, int] | None
    decision: tuple[int, int, int | None, int | None] | None
    twins: tuple[int, ...]
    near: int | None
    charge: tuple[int, int | None] | None
    secret: tuple[int, ...]

    @classmethod
    def of(cls, judge: Judge, twins: Twins | None) -> Plan:
        layout = judge.layout
        index = layout.index
        ref, share = index("referenceDecision"), index("pourcentageSubvention")
        siret, rna, imputation = index("idBeneficiaire"), index("rnaBeneficiaire"), index("imputation")
        year = index("exerciceBudgetaire")
        day = index("dateConvention")
        looked = tuple((item.index, item.column) for item in layout.placed if needs_look(item.column, judge))
        identified = "ID002" in judge.teller.codes and siret is not None
        names = [index(name) for name in Twins.NAMES]
        keys = tuple(place for place in names if place is not None)
        return cls(
            layout=layout,
            looked=looked,
            counted=tuple(item.index for item in layout.placed),
            identified=(siret, -1 if rna is None else rna) if identified and siret is not None else None,
            decision=(ref, share, index("montant"), index("idAttribuant"))
            if judge.sink is not None and ref is not None and share is not None
            else None,
            twins=keys if twins is not None and twins.wants_twins and len(keys) > 1 else (),
            near=index("montant") if twins is not None and twins.wants_splits else None,
            charge=(imputation, year if year is not None else None if judge.settings.fiscal_year is not None else day)
            if imputation is not None and judge.knows_more_than_shape
            else None,
            secret=tuple(secrets.randbits(64) | 1 for _ in range(3)),
        )

    def look(self, span: Span, separator: int) -> Seen:
        """Looks at one span. Runs in its own thread; touches nothing that is shared."""
        return self.look_at(block_of(span, self.layout.width, separator))

    def look_at(self, block: Block) -> Seen:
        columns = block.columns
        sure = np.ones(len(block.regular), np.bool_)
        cents: Ints | None = None
        shares: Ints | None = None
        doubts: list[tuple[int, Ints]] = []
        with np.errstate(over="ignore"):
            for index, known in self.looked:
                column = columns[index]
                if known.holds == "amount":
                    right, found = masks.amounts(column)
                    if known.name == "montant":
                        cents = found
                elif known.holds == "share":
                    right, shares = masks.shares(column)
                else:
                    right = _right(column, known)
                if not known.filled:
                    right |= column.length == 0
                if not right.all():
                    doubts.append((index, np.flatnonzero(~right)))
                    sure &= right
            if self.identified is not None:
                siret, rna = self.identified
                named = columns[siret].length > 0
                if rna >= 0:
                    named |= columns[rna].length > 0
                sure &= named
            marks = authorities = None
            if self.decision is not None:
                ref, share, amount, authority = self.decision
                reference = columns[ref]
                sure &= (reference.length == 0) | masks.trimmed(reference)
                sure &= columns[share].length > 0
                if amount is not None:
                    sure &= columns[amount].length > 0
                kept = np.flatnonzero(sure & (reference.length > 0))
                marks = masks.marks(reference.take(kept), self.secret)
                if authority is not None:
                    authorities = masks.marks(columns[authority].take(kept), self.secret)
                cents = np.zeros(len(kept), np.int64) if cents is None or amount is None else cents[kept]
                shares = shares[kept] if shares is not None else None
            charges = None
            if self.charge is not None:
                charges = self._charges(columns, sure)
            twins = None
            for index in self.twins:
                mark = masks.marks(columns[index], self.secret)
                twins = mark if twins is None else masks.stirred(twins ^ mark, self.secret)
            near = np.flatnonzero(masks.near_threshold(columns[self.near])) if self.near is not None else _NONE
        blanks = np.array([int(np.count_nonzero((columns[i].length == 0) & sure)) for i in self.counted], np.int64)
        return Seen(block, sure, tuple(doubts), blanks, marks, cents, shares, authorities, twins, near, charges)

    def _charges(self, columns: Sequence[Column], sure: Mask) -> Marks:
        """A mark of each imputation of sure shape, less its own first segment, with its year."""
        assert self.charge is not None
        index, dated = self.charge
        chosen = columns[index].take(np.flatnonzero(sure & (columns[index].length > 0)))
        rest = Column(chosen.buffer, chosen.start + 4, chosen.length - 4)
        mark = masks.marks(rest, self.secret)
        if dated is not None:
            when = columns[dated].take(np.flatnonzero(sure & (columns[index].length > 0)))
            year = Column(when.buffer, when.start, np.minimum(when.length, 4))
            mark = masks.stirred(mark ^ masks.marks(year, self.secret), self.secret)
        return mark


_NONE: Final = np.zeros(0, np.int64)
_NO: Final = np.zeros(0, np.bool_)


def _right(column: Column, known: Known) -> Mask:
    match known.holds:
        case "siret":
            return masks.sirets(column)
        case "rna":
            return masks.rnas(column)
        case "date":
            return masks.dates(column)
        case "period":
            return masks.periods(column)
        case "year":
            return masks.years(column)
        case "choice":
            return masks.choices(column, [choice.encode() for choice in known.choices])
        case "imputation":
            return masks.imputations(column)
        case _:
            if known.name == "conditionsVersement":
                return masks.choices(column, [choice.encode() for choice in CONDITIONS])
            right = masks.filled(column) if known.filled else np.ones(len(column.start), np.bool_)
            if known.longest is not None:
                right &= column.length <= known.longest
            return right


# -- the whole table --------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Survey:
    """What is kept of all blocks until the table is read."""

    plan: Plan
    after: int
    decisions: ColumnarDecisions | None
    rows: int = 0
    sure: int = 0
    blanks: Ints = field(default_factory=lambda: _NONE)
    twins: list[tuple[Ints, Marks]] = field(default_factory=list)
    near: list[Ints] = field(default_factory=list)
    charges: list[tuple[Ints, Marks]] = field(default_factory=list)

    def add(self, seen: Seen, named: Ints | None = None) -> dict[int, set[int] | None]:
        """Takes in the next block, in the order of the file; gives the numbers of the rows to be judged, in order, each
        with the columns of which the cells must be, or ``None`` for all.

        ``named`` are the numbers of its rows, where they do not follow those of the block before.
        """
        block = seen.block
        base = self.rows + 1
        self.rows += block.rows
        every = np.arange(base, base + block.rows) if named is None else named
        numbers = every[block.regular]
        sure = seen.sure
        if base <= self.after:
            # Title and header rows are no data: none of them is sure, none is judged.
            header = numbers <= self.after
            if (header & sure).any():
                raise NotPlain
        wrong = np.ones(block.rows, np.bool_)
        wrong[block.regular[sure]] = False
        suspects: dict[int, set[int] | None] = {number: None for number in every[wrong].tolist() if number > self.after}
        if suspects:
            for number in numbers[~sure].tolist():
                if number > self.after:
                    suspects[number] = set()
            for index, places in seen.doubts:
                for number in numbers[places].tolist():
                    doubtful = suspects.get(number)
                    if doubtful is not None:
                        doubtful.add(index)
        self.sure += int(np.count_nonzero(sure))
        self.blanks = seen.blanks if not len(self.blanks) else self.blanks + seen.blanks
        if self.decisions is not None and seen.marks is not None and seen.shares is not None and seen.cents is not None:
            assert self.plan.decision is not None
            kept = sure & (block.columns[self.plan.decision[0]].length > 0)
            self.decisions.add_block(seen.marks, numbers[kept], seen.cents, seen.shares, seen.authorities)
        data = numbers > self.after
        if seen.twins is not None:
            self.twins.append((numbers[data], seen.twins[data]))
        if len(seen.near):
            near = numbers[seen.near]
            self.near.append(near[near > self.after])
        if seen.charges is not None and self.plan.charge is not None:
            charged = sure & (block.columns[self.plan.charge[0]].length > 0)
            self.charges.append((numbers[charged], seen.charges))
        return suspects


def survey(
    source: CsvRows, judge: Judge, after: int, twins: Twins | None, progress: Callable[[int], None] | None
) -> bool:
    """Reads the table in columns and judges what stands out; False when it must be read the other way: what the judge
    was given so far must then be forgotten.
    """
    if not judge.leaves_out or source.dialect.encoding != "utf-8":
        return False
    plan = Plan.of(judge, twins)
    decisions = judge.sink if isinstance(judge.sink, ColumnarDecisions) else None
    if decisions is not None:
        decisions.secret = plan.secret
    kept = Survey(plan, after, decisions)
    lines = LineStarts()
    long_rows: list[Ints] = []
    long_lines: list[Ints] = []
    end = source.dialect.start
    line = 1
    try:
        for span, seen in _looked(source, plan):
            base = kept.rows
            suspects = kept.add(seen)
            lines.add(span.offset, seen.block.lines)
            if len(seen.block.long_rows):
                long_rows.append(seen.block.long_rows + base + 1)
                long_lines.append(seen.block.long_lines)
            end = span.offset + span.size
            for row in _rows(source, span, seen.block, base, line, list(suspects)):
                judge.row(row, doubtful=suspects[row.number])
            line += len(seen.block.lines)
            if progress is not None:
                progress(kept.rows)
    except NotPlain:
        if decisions is not None:
            decisions.clear()
        return False
    lines.end = end
    source.adopt(
        lines,
        np.concatenate(long_rows).tolist() if long_rows else (),
        np.cumsum(np.concatenate(long_lines)).tolist() if long_lines else (),
        kept.rows,
    )
    count_the_sure(source, judge, kept)
    if twins is not None:
        twins.take(_twin_groups(kept.twins), [int(n) for part in kept.near for n in part])
    return True


def survey_batches(
    source: ArrowRows, judge: Judge, twins: Twins | None, progress: Callable[[int], None] | None
) -> bool:
    """Like `survey`, over record batches: their text columns are looked at where they are."""
    if not judge.leaves_out:
        return False
    plan = Plan.of(judge, twins)
    decisions = judge.sink if isinstance(judge.sink, ColumnarDecisions) else None
    if decisions is not None:
        decisions.secret = plan.secret
    kept = Survey(plan, 1, decisions, rows=1)
    position = 0
    for batch in source.batches():
        columns = tuple(_column(batch.column(index)) for index in range(batch.num_columns))
        count = batch.num_rows
        numbers = np.fromiter((source.number_of(position + at) for at in range(count)), np.int64, count)
        block = Block(count, np.arange(count), columns, _NO_LINES, _NONE, _NONE)
        for number in kept.add(plan.look_at(block), numbers):
            judge.row(source.row(number))
        position += count
        if progress is not None:
            progress(position)
    count_the_sure(source, judge, kept)
    if twins is not None:
        twins.take(_twin_groups(kept.twins), [int(n) for part in kept.near for n in part])
    return True


_NO_LINES: Final = np.zeros(0, np.uint32)


def _column(array: Any) -> Column:
    """An Arrow array as a column: text where it is, anything else written out first."""
    kinds: Any = import_module("pyarrow.types")
    held = array.type
    if not (kinds.is_string(held) or kinds.is_large_string(held)):
        texts, _ = texts_of(array)
        return masks.column_of([text.encode("utf-8", "surrogatepass") for text in texts])
    width = np.int32 if kinds.is_string(held) else np.int64
    _, offsets, data = array.buffers()
    count, first = len(array), array.offset
    if not count or offsets is None:
        return masks.column_of([b""] * count)
    ends = np.frombuffer(offsets, width)[first : first + count + 1].astype(np.int64)
    body = memoryview(data)[int(ends[0]) : int(ends[-1])] if data is not None else memoryview(b"")
    length = np.diff(ends)
    if array.null_count:
        length[np.asarray(array.is_null())] = 0
    return Column(masks.padded(body), ends[:-1] - ends[0] + masks.PAD, length)


def _rows(source: CsvRows, span: Span, block: Block, base: int, line: int, numbers: Sequence[int]) -> Iterator[Row]:
    """Rows of a block that is in hand: it follows row ``base``, and starts at that line."""
    if not numbers:
        return
    # Plain integers: one small question put to numpy would wait for the threads that look ahead.
    starts: list[int] = block.lines.tolist()
    starts.append(span.size)
    long_rows: list[int] = block.long_rows.tolist()
    more: list[int] = block.long_lines.tolist()
    extra = list(accumulate(more, initial=0))
    data = span.buffer.data
    for number in numbers:
        row = number - base - 1
        at = bisect_left(long_rows, row) if long_rows else 0
        first = row + extra[at]
        after = first + 1
        if at < len(long_rows) and long_rows[at] == row:
            after += more[at]
        yield source.row_of(number, line + first, data[PAD + starts[first] : PAD + starts[after]].tobytes())


def _looked(source: CsvRows, plan: Plan) -> Iterator[tuple[Span, Seen]]:
    """The blocks in order, a few of them being looked at ahead by other threads."""
    separator = ord(source.dialect.separator)
    # The C library gives what it frees above some size back to the system at once, and clears it again when asked
    # anew; the first large piece freed raises that size (glibc; elsewhere this does nothing).
    np.empty(MOST_KEPT, np.uint8)
    waiting: deque[tuple[Span, Future[Seen]]] = deque()
    with ThreadPoolExecutor(WORKERS) as pool:
        try:
            for span in source.spans():
                waiting.append((span, pool.submit(plan.look, span, separator)))
                if len(waiting) > WORKERS:
                    first, future = waiting.popleft()
                    yield first, future.result()
            while waiting:
                first, future = waiting.popleft()
                yield first, future.result()
        finally:
            for _, future in waiting:
                future.cancel()


def count_the_sure(source: CsvRows | ArrowRows, judge: Judge, kept: Survey) -> None:
    """Counts the rows that do not stand out, and judges their imputations where the lists are needed."""
    judge.data_rows += kept.sure
    for at, index in enumerate(kept.plan.counted):
        judge.nonblank[index] += kept.sure - (int(kept.blanks[at]) if len(kept.blanks) else 0)
    imputation = judge.layout.index("imputation")
    if imputation is None:
        return
    at = kept.plan.counted.index(imputation)
    held = kept.sure - (int(kept.blanks[at]) if len(kept.blanks) else 0)
    if kept.plan.charge is None:
        judge.charges += held
        return
    _judge_charges(source, judge, kept)


def _judge_charges(source: CsvRows | ArrowRows, judge: Judge, kept: Survey) -> None:
    """Judges one row of each distinct imputation and year; the others only when something is to be told of it."""
    if not kept.charges:
        return
    numbers = np.concatenate([part for part, _ in kept.charges])
    marks = np.concatenate([part for _, part in kept.charges])
    _, first, inverse, counts = np.unique(marks, return_index=True, return_inverse=True, return_counts=True)
    told = np.zeros(len(first), np.bool_)
    for at in np.argsort(numbers[first]).tolist():
        row = source.row(int(numbers[first[at]]))
        states = judge.silent(row.cells)
        if states is None:
            told[at] = True
            continue
        judge.charges += int(counts[at])
        for code, state in states:
            judge.teller.tally.rule(code, state, int(counts[at]))
    if told.any():
        for number in np.sort(numbers[told[inverse]]).tolist():
            row = source.row(number)
            judge.charge_of(row, row.cells)


def _twin_groups(parts: Sequence[tuple[Ints, Marks]]) -> list[list[int]]:
    """Numbers of the rows that share a mark, in order."""
    if not parts:
        return []
    numbers = np.concatenate([part for part, _ in parts])
    marks = np.concatenate([part for _, part in parts])
    order = np.argsort(marks, kind="stable")
    ordered = marks[order]
    same = ordered[1:] == ordered[:-1]
    if not same.any():
        return []
    edges = np.flatnonzero(np.concatenate(([True], ~same, [True])))
    sizes = np.diff(edges)
    return sorted(sorted(numbers[order[edges[g] : edges[g + 1]]].tolist()) for g in np.flatnonzero(sizes > 1).tolist())
