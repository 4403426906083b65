"""The path in plain Python, many lines at a time: one pattern splits them, then each column is looked at whole.

What is looked at, and what is said, is what `streaming` does line by line; here the interpreter's own loops (``map``,
``zip``, ``set``) run over the columns of a batch. Runs that want more of a row than its cells and its decision (twins,
lists of accounts, rules of the user) go line by line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import compress
from typing import Final

from subsidy_rules.identifiers import FOUR, HIGH, TWO, is_siret
from subsidy_rules.tables.csvrows import CsvRows
from subsidy_rules.tables.decisions import Decisions
from subsidy_rules.tables.judging import Judge
from subsidy_rules.tables.schema import Column
from subsidy_rules.tables.streaming import MEMO, Right, cell_pattern, is_quoted, needs_look, packed_share, stream
from subsidy_rules.tables.twins import Twins

__all__ = ["sweep", "sweep_pattern"]

_REST: Final = r"([^\r\n]*+(?:\r\n|\n|\r)|[^\r\n]++\Z)"
"""A line of any other kind, whole."""

# The sums of Luhn of a SIRET (low byte) and of the SIREN that it starts with (the next one), by groups of digits.
_LOW: Final = 0xFFFF
_HALF: Final = {text: (both & _LOW) | (both >> HIGH) << 8 for text, both in FOUR.items()} | {"": 0}
_THIRD: Final = {text: (both & _LOW) | int(text[0]) << 8 for text, both in FOUR.items()} | {"": 0}
_LAST: Final = {text: both & _LOW for text, both in TWO.items()} | {"": 0}
_SURE: Final = bytes(total > 0 and (total & 0xFF) % 10 == 0 and (total >> 8) % 10 == 0 for total in range(1 << 15))
_CENTS: Final = {"": 0} | {f"{n}": 10 * n for n in range(10)} | {f"{n:02d}": n for n in range(100)}


def sweep_pattern(judge: Judge, separator: str, *, quoted: bool) -> tuple[re.Pattern[str], dict[str, int]]:
    """Like ``streaming.line_pattern``, for whole texts: its last group is a line that does not match. A SIRET to be
    looked at takes four groups, an amount two."""
    layout = judge.layout
    mark = re.escape(separator)
    official = {item.index: item.column for item in layout.placed}
    groups: dict[str, int] = {}
    parts: list[str] = []
    count = 0
    for index in range(layout.width):
        column = official.get(index)
        looked = column is not None and needs_look(column, judge)
        captured = column is not None and _is_captured(column, judge, looked)
        body = cell_pattern(column if looked else None, mark, quoted, captured, judge.teller.codes)
        if captured and column is not None:
            groups[column.name] = count
            body, more = _split(column, body, judge)
            count += more
        parts.append(f'"{body}"' if quoted else body)
    line = mark.join(parts) + r"(?:\r\n|\n|\r|\Z)"
    return re.compile(f"{line}|{_REST}"), groups


def _is_captured(column: Column, judge: Judge, looked: bool) -> bool:
    if judge.sink is not None and column.name in (
        "referenceDecision", "montant", "pourcentageSubvention", "idAttribuant"
    ):  # fmt: skip
        return True
    if column.name in ("idBeneficiaire", "rnaBeneficiaire", "imputation"):
        return True
    return looked and (column.holds in ("siret", "date", "period", "year") or not column.filled)


def _wants_siret(judge: Judge) -> bool:
    return bool({"ID001", "ID002"} & judge.teller.codes)


def _split(column: Column, body: str, judge: Judge) -> tuple[str, int]:
    """The groups that the cell of a captured column takes, and how many."""
    if column.name == "idBeneficiaire" and _wants_siret(judge):
        return "(?:([0-9]{4})([0-9]{4})([0-9]{4})([0-9]{2}))?", 4
    if column.name == "montant" and judge.sink is not None:
        split = body.replace(r"[0-9]{1,13}(?:\.[0-9]{1,2})?", r"([0-9]{1,13})(?:\.([0-9]{1,2}))?")
        return split, 2
    return f"({body})", 1


class _Numbered(dict[str, int]):
    """The numbers of decisions: a new one for each new reference."""

    def __init__(self, sink: Decisions, authority: str | None) -> None:
        super().__init__(sink.index)
        self._sink, self._authority = sink, authority

    def __missing__(self, key: str) -> int:
        number = self[key] = self._sink.opened(self._authority)
        return number


def sweep(
    source: CsvRows,
    judge: Judge,
    after: int,
    twins: Twins | None,
    progress: Callable[[int], None] | None,
) -> None:
    """Reads every row once, whichever way suits the run. Rows up to number ``after`` are title and header."""
    if not judge.leaves_out or twins is not None or judge.knows_more_than_shape:
        stream(source, judge, after, twins, progress)
        return
    pattern, groups = sweep_pattern(judge, source.dialect.separator, quoted=is_quoted(source, after))
    official = {item.column.name: item for item in judge.layout.placed}
    codes = judge.teller.codes
    wants_siret = "idBeneficiaire" in groups and _wants_siret(judge)
    identified = "idBeneficiaire" in groups and "ID002" in codes
    siret, rna = groups.get("idBeneficiaire", -1), groups.get("rnaBeneficiaire", -1)
    looks = [
        (groups[name], official[name].index, Right(official[name].column))
        for name in groups
        if official[name].column.holds in ("siret", "date", "period", "year")
        and not (name == "idBeneficiaire" and wants_siret)
        and needs_look(official[name].column, judge)
    ]
    if judge.sink is None and "pourcentageSubvention" in groups and "TAB008" in codes:
        placed = official["pourcentageSubvention"]
        looks.append((groups[placed.column.name], placed.index, Right(placed.column)))
    optional = [
        (official[name].index, group + (3 if name == "idBeneficiaire" and wants_siret else 0))
        for name, group in groups.items()
        if not (official[name].column.filled and needs_look(official[name].column, judge))
    ]
    blanks = dict.fromkeys((index for index, _ in optional), 0)
    gather = _Gatherer(judge, groups) if isinstance(judge.sink, Decisions) else None
    sure = 0
    told = 0
    for first, rows in source.swept(pattern):
        numbers: Sequence[int] = range(first, first + len(rows))
        # A line of any other kind comes as its cells, in a list.
        left: list[tuple[int, list[str] | None, set[int] | None]] = []
        if first <= after or list in set(map(type, rows)):
            left = [(number, row, None) for number, row in zip(numbers, rows, strict=True) if isinstance(row, list)]
            left = [item for item in left if item[0] > after]
            plain = [row.__class__ is tuple and number > after for number, row in zip(numbers, rows, strict=True)]
            numbers = list(compress(numbers, plain))
            rows = list(compress(rows, plain))
        if rows:
            columns: list[Sequence[str]] = list(zip(*rows, strict=True))
            bad: dict[int, set[int]] = {}
            for group, index, good in looks:
                column = columns[group]
                wrong = {value for value in set(column).difference(good) if not good.learns(value)}
                if wrong:
                    for place, value in enumerate(column):
                        if value in wrong:
                            bad.setdefault(place, set()).add(index)
            if wants_siret:
                _look_at_sirets(columns, siret, rna, identified, official["idBeneficiaire"].index, bad)
            if gather is not None:
                gather.look(columns, bad)
            if bad:
                left += [(numbers[place], None, doubtful) for place, doubtful in bad.items()]
                kept = [place not in bad for place in range(len(numbers))]
                numbers = list(compress(numbers, kept))
                columns = [list(compress(column, kept)) for column in columns]
            sure += len(numbers)
            for index, group in optional:
                blanks[index] += columns[group].count("")
            if gather is not None:
                gather.take(numbers, columns)
        if left:
            left.sort(key=lambda item: item[0])
            for number, cells, doubtful in left:
                row = source.row(number, None if cells is None else tuple(cells))
                judge.row(row, unclosed=source.is_cut(number), doubtful=doubtful)
        if progress is not None and first - told >= 50_000:
            told = first
            progress(first)
    judge.data_rows += sure
    for item in judge.layout.placed:
        judge.nonblank[item.index] += sure - blanks.get(item.index, 0)
    charged = judge.layout.index("imputation")
    if charged is not None:
        judge.charges += sure - blanks[charged]


def _look_at_sirets(
    columns: Sequence[Sequence[str]], at: int, rna: int, identified: bool, index: int, bad: dict[int, set[int]]
) -> None:
    """The beneficiaries' SIRETs: the sums of `is_siret`, without its call. What they do not settle is left to it."""
    halves = zip(
        map(_HALF.__getitem__, columns[at]),
        map(_HALF.__getitem__, columns[at + 1]),
        map(_THIRD.__getitem__, columns[at + 2]),
        map(_LAST.__getitem__, columns[at + 3]),
        strict=True,
    )
    unsure = [place for place, (a, b, c, d) in enumerate(halves) if not _SURE[a + b + c + d]]
    for place in unsure:
        own = "".join(columns[at + part][place] for part in range(4))
        if own:
            if not is_siret(own):
                bad.setdefault(place, set()).add(index)
        elif identified and not (rna >= 0 and columns[rna][place]):
            bad.setdefault(place, set())


class _Gatherer:
    """Puts the rows that were seen to be right with their decisions."""

    def __init__(self, judge: Judge, groups: dict[str, int]) -> None:
        assert isinstance(judge.sink, Decisions)
        self._sink = judge.sink
        self._ref, self._share = groups["referenceDecision"], groups["pourcentageSubvention"]
        self._amount, self._authority = groups.get("montant", -1), groups.get("idAttribuant", -1)
        self._share_at = judge.layout.index("pourcentageSubvention") or 0
        self._amount_at = judge.layout.index("montant") or 0
        self._packed: dict[str, int] = {}
        self._same: dict[str, str] = {}
        self._sink.index = self._index = _Numbered(self._sink, "" if self._authority < 0 else None)

    def look(self, columns: Sequence[Sequence[str]], bad: dict[int, set[int]]) -> None:
        """Finds the shares and amounts that the judge must see."""
        packed = self._packed
        shares = columns[self._share]
        wrong = set()
        new = set(shares).difference(packed)
        if len(packed) + len(new) > MEMO:
            packed.clear()
            new = set(shares)
        for written in new:
            share = packed_share(written)
            if share is None:
                wrong.add(written)
            else:
                packed[written] = share
        if wrong:
            for place, written in enumerate(shares):
                if written in wrong:
                    bad.setdefault(place, set()).add(self._share_at)
        if self._amount >= 0 and "" in columns[self._amount]:
            for place, written in enumerate(columns[self._amount]):
                if not written:
                    bad.setdefault(place, set()).add(self._amount_at)

    def take(self, numbers: Sequence[int], columns: Sequence[Sequence[str]]) -> None:
        """Takes the rows in; none of them is bad."""
        sink = self._sink
        keys = list(map(str.strip, columns[self._ref]))
        if "" in keys:
            kept = list(map(bool, keys))
            keys = list(compress(keys, kept))
            numbers = list(compress(numbers, kept))
            columns = [list(compress(column, kept)) for column in columns]
        groups = list(map(self._index.__getitem__, keys))
        if self._authority >= 0:
            authorities, odd, same = sink.authorities, sink.odd, self._same
            for group, written in zip(groups, columns[self._authority], strict=True):
                known = authorities[group]
                if known != written:
                    if known is None:
                        authorities[group] = same.setdefault(written, written) if len(same) < MEMO else written
                    else:
                        odd[group] = 1
        cents: Sequence[int]
        if self._amount >= 0:
            euros, rest = columns[self._amount], columns[self._amount + 1]
            cents = [100 * int(whole) + _CENTS[part] for whole, part in zip(euros, rest, strict=True)]
        else:
            cents = [0] * len(groups)
        sink.take(groups, numbers, cents, map(self._packed.__getitem__, columns[self._share]))
