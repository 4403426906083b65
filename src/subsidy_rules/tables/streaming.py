"""The path that needs nothing but Python: rows are read once, most are right at a glance, the rest is judged.

The glance is one pattern for a whole line, built from the table's own columns, which only lines with rightly written
cells match; what it cannot see (a check digit, a day of the calendar) is looked up value by value. A glance never says
that something is wrong, and a line that it does not match is read by ``csv.reader``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Final

from subsidy_rules.identifiers import FOUR, HIGH, TWO, is_siret
from subsidy_rules.imputation import SURE_SHAPE
from subsidy_rules.rowstream import Row, RowSource
from subsidy_rules.tables.cells import fault_of_cell
from subsidy_rules.tables.columns import Layout
from subsidy_rules.tables.csvrows import CsvRows
from subsidy_rules.tables.decisions import Decisions
from subsidy_rules.tables.judging import Judge, plain_share
from subsidy_rules.tables.schema import CONDITIONS, Column
from subsidy_rules.tables.twins import Twins

__all__ = ["Right", "cell_pattern", "is_quoted", "line_pattern", "needs_look", "packed_share", "stream", "stream_rows"]

MEMO: Final = 65_536
"""Distinct values remembered for one column."""

_CODES: Final = {
    "siret": ("ID001", "ID002"),
    "rna": ("ID001", "ID002"),
    "date": ("DAT001",),
    "period": ("DAT001", "DAT002"),
    "choice": ("TAB002",),
    "year": ("DAT001",),
    "amount": ("AMT001", "AMT002"),
    "share": ("TAB008",),
}


def needs_look(column: Column, judge: Judge) -> bool:
    """True when some rule of the run can find something in that column."""
    codes = judge.teller.codes
    if column.filled and "TAB001" in codes:
        return True
    if column.holds == "imputation":
        return bool(judge.teller.on("charge"))
    if judge.sink is not None and column.name in ("montant", "pourcentageSubvention"):
        return True
    if column.name == "conditionsVersement" and (judge.wants_texts or "TAB002" in codes):
        return True
    if column.longest is not None and "TAB007" in codes:
        return True
    return any(code in codes for code in _CODES.get(column.holds, ()))


_BLANK: Final = (
    r"\x00-\x20\x85\xa0\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff"  # what may make up a blank cell
)


def line_pattern(
    layout: Layout, judge: Judge, separator: str, *, quoted: bool
) -> tuple[re.Pattern[str], dict[str, int]] | None:
    """The pattern of a line in which nothing can be wrong but what its groups hold; and the group of each column.

    ``quoted``: every cell of the file is between quotes. ``None`` when two columns of the table are one in the schema:
    each row is then judged. A line that matches is a whole row, each of its cells being what `csv.reader` would give.
    """
    mark = re.escape(separator)
    official = {item.index: item.column for item in layout.placed}
    groups: dict[str, int] = {}
    parts: list[str] = []
    count = 0
    for index in range(layout.width):
        column = official.get(index)
        looked = column is not None and needs_look(column, judge)
        captured = column is not None and (
            column.name in _CAPTURED
            or (looked and column.holds in _REMEMBERED)
            or (looked and not column.filled)  # whether it is empty is counted
            or (looked and column.holds in ("amount", "share"))
        )
        body = cell_pattern(column if looked else None, mark, quoted, captured, judge.teller.codes)
        if captured and column is not None:
            count += 1
            groups[column.name] = count
            body = f"({body})"
        parts.append(f'"{body}"' if quoted else body)
    return re.compile(mark.join(parts) + r"(?:\r\n|\n|\r|\Z)"), groups


_CAPTURED: Final = frozenset(
    ("referenceDecision", "montant", "pourcentageSubvention", "idAttribuant", "idBeneficiaire", "rnaBeneficiaire",
     "nomBeneficiaire", "dateConvention", "exerciceBudgetaire", "imputation")
)  # fmt: skip
_REMEMBERED: Final = frozenset(("siret", "date", "period", "year"))


def cell_pattern(column: Column | None, mark: str, quoted: bool, captured: bool, codes: frozenset[str]) -> str:
    """The pattern of one cell. A cell of another form than the pattern's only costs a closer look."""
    plain = r'[^"\r\n]' if quoted else rf'[^{mark}"\r\n]'
    # A text may hold what separates cells when it is in quotes; a captured one is kept simple.
    free = f"{plain}*+" if quoted or captured else rf'(?:{plain}*+|"[^"\r\n]*+(?>(?:""[^"\r\n]*+)*)")'
    if column is None:
        return f'{plain}*+(?>(?:""{plain}*+)*)' if quoted and not captured else free
    match column.holds:
        case "siret":
            body = "[0-9]{14}"
        case "rna":
            body = "W[0-9][0-9A-Z][0-9]{7}"
        case "date":
            body = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
        case "period":
            body = "[0-9]{4}-[0-9]{2}-[0-9]{2}(?:/[0-9]{4}-[0-9]{2}-[0-9]{2})?"
        case "year":
            body = "(?:19|20)[0-9]{2}"
        case "choice":
            body = _words(column.choices, mark, quoted)
        case "amount":
            end = '"' if quoted else rf"(?:{mark}|[\r\n]|\Z)"
            body = rf"(?!0+(?:\.0+)?{end})[0-9]{{1,13}}(?:\.[0-9]{{1,2}})?"
        case "share":
            body = r"0\.[0-9]{1,6}|1(?:\.0{1,6})?"
        case "imputation":
            body = SURE_SHAPE
        case _ if column.name == "conditionsVersement":
            body = _words(CONDITIONS, mark, quoted)
        case _:
            return _text(column, plain, quoted, captured, codes)
    return body if column.filled else f"(?:{body})?"


def _words(words: Iterable[str], mark: str, quoted: bool) -> str:
    plain = [word for word in words if quoted or not re.search(mark, word)]
    others = [word for word in words if word not in plain]
    return "(?:" + "|".join([*map(re.escape, plain), *(f'"{re.escape(word)}"' for word in others)]) + ")"


def _text(column: Column, plain: str, quoted: bool, captured: bool, codes: frozenset[str]) -> str:
    longest = column.longest - 1 if column.longest is not None and "TAB007" in codes else None
    more = f"{{0,{longest}}}+" if longest is not None else "*+"
    start = plain[:-1] + _BLANK + "]"
    body = f"{start}{plain}{more}"
    if not quoted and not captured:
        body = rf'(?:{body}|"[^"{_BLANK}](?:[^"\r\n]|""){more}")'
    if column.filled:
        return body
    return f"(?:{body})?" if longest is not None else f"{plain}*+"


def stream(
    source: CsvRows,
    judge: Judge,
    after: int,
    twins: Twins | None,
    progress: Callable[[int], None] | None,
) -> None:
    """Reads every row once. Rows up to number ``after`` are title and header."""
    layout = judge.layout
    pattern = None
    if judge.leaves_out:
        pattern = line_pattern(layout, judge, source.dialect.separator, quoted=is_quoted(source, after))
    if pattern is None:
        for number, cells in enumerate(source.cells(), 1):
            if number > after:
                judge.row(source.row(number, tuple(cells)), unclosed=source.is_cut(number))
                if twins is not None:
                    twins.add(number, cells)
                if progress is not None and not number & 0xFFF:
                    progress(number)
        return
    match, groups = pattern[0].match, pattern[1]

    def look(number: int, cells: list[str] | None) -> None:
        if cells is None:
            judge.row(source.row(number))
        else:
            judge.row(source.row(number, tuple(cells)), unclosed=source.is_cut(number))

    _watch(enumerate(source.glanced(match), 1), look, judge, after, twins, progress, groups)


MARK: Final = "\x1f"
"""Joins the cells of a row that comes in cells, to be glanced at as a line is. A row that holds it is judged."""


def stream_rows(
    source: RowSource,
    judge: Judge,
    after: int,
    twins: Twins | None,
    progress: Callable[[int], None] | None,
) -> None:
    """Like `stream`, for rows that come in cells: the sheets of a workbook, a table in memory."""
    pattern = line_pattern(judge.layout, judge, MARK, quoted=False) if judge.leaves_out else None
    if pattern is None:
        for count, row in enumerate(source.rows(), 1):
            if row.number > after:
                judge.row(row)
                if twins is not None:
                    twins.add(row.number, row.cells)
            if progress is not None and not count & 0xFFF:
                progress(count)
        return
    match, groups = pattern[0].match, pattern[1]
    width = judge.layout.width
    current: list[Row] = []

    def glances() -> Iterator[tuple[int, re.Match[str] | list[str]]]:
        for row in source.rows():
            if row.number <= after:
                continue
            current[:] = (row,)
            cells = row.cells
            if len(cells) == width:
                line = MARK.join(cells)
                # A quote means something in the line of a file, nothing in a cell; a formula that was not computed has
                # to be told.
                if '"' not in line and line.count(MARK) == width - 1 and "formula" not in row.kinds.values():
                    found = match(line)
                    if found is not None:
                        yield row.number, found
                        continue
            yield row.number, list(cells)

    def look(number: int, cells: list[str] | None) -> None:
        judge.row(current[0])

    _watch(glances(), look, judge, after, twins, progress, groups)


def is_quoted(source: CsvRows, after: int) -> bool:
    """True when the cells of the first row of data are all in quotes."""
    separator = source.dialect.separator
    for row in islice(source.rows(), after, after + 1):
        text = row.text or ""
        return text.startswith('"') and text.count(f'"{separator}"') == len(row.cells) - 1 > 0
    return False


def _watch(
    glances: Iterable[tuple[int, re.Match[str] | list[str]]],
    look: Callable[[int, list[str] | None], None],
    judge: Judge,
    after: int,
    twins: Twins | None,
    progress: Callable[[int], None] | None,
    groups: dict[str, int],
) -> None:
    """The loop over the lines: each is what the pattern found, or its cells when it did not match. What it needs of a
    line is looked up by the numbers of the pattern's groups; ``look`` judges the line that was given last."""
    at = {name: group - 1 for name, group in groups.items()}
    official = {item.column.name: item.column for item in judge.layout.placed}
    codes = judge.teller.codes
    gather = _gatherer(judge, at)
    # Values that come back again and again, worked out once each: dates, periods, the SIRET of the authority; and the
    # shares, when no decision is gathered, which looks at them.
    again = _REMEMBERED if gather is not None else _REMEMBERED | {"share"}
    (first, good_first), (second, good_second), (third, good_third), others = _repeated(
        [
            (at[name], Right(official[name]))
            for name in at
            if official[name].holds in again and name != "idBeneficiaire" and needs_look(official[name], judge)
        ]
    )
    wants_siret = "idBeneficiaire" in at and bool({"ID001", "ID002"} & codes)
    identified = "idBeneficiaire" in at and "ID002" in codes
    siret, rna, imputation = at.get("idBeneficiaire", -1), at.get("rnaBeneficiaire", -1), at.get("imputation", -1)
    deep = imputation >= 0 and judge.knows_more_than_shape
    year, day = at.get("exerciceBudgetaire"), at.get("dateConvention")
    twin = [at[name] for name in Twins.NAMES if name in at]
    amount = at.get("montant", -1)
    optional = [
        (item.index, at[item.column.name])
        for item in judge.layout.placed
        if item.column.name in at and not (item.column.filled and needs_look(item.column, judge))
    ]
    blanks = dict.fromkeys((index for index, _ in optional), 0)
    sure = number = 0
    for number, found in glances:
        if number <= after:
            continue
        if isinstance(found, list):
            look(number, found)
            if twins is not None:
                twins.add(number, found)
            continue
        values = found.groups("")
        right = (
            (values[first] in good_first or good_first.learns(values[first]))
            and (values[second] in good_second or good_second.learns(values[second]))
            and (values[third] in good_third or good_third.learns(values[third]))
            and (not others or all(values[group] in good or good.learns(values[group]) for group, good in others))
        )
        if right and wants_siret:
            own = values[siret]
            if own:
                # The pattern made sure of fourteen digits: the sum of `is_siret`, without its call. What it does not
                # settle (La Poste) is left to the function.
                half = FOUR[own[:4]] + FOUR[own[4:8]]
                total = half + FOUR[own[8:12]] + TWO[own[12:]]
                if (total & 0xFFFF) % 10 or ((half >> HIGH) + ord(own[8]) - 48) % 10 or not total:
                    right = is_siret(own)
            elif identified:
                right = rna >= 0 and bool(values[rna])
        if right and deep and values[imputation]:
            right = judge.held(
                values[imputation],
                values[year] if year is not None else None,
                values[day] if day is not None else None,
            )
        if right and (gather is None or gather(number, values)):
            sure += 1
            for index, group in optional:
                if not values[group]:
                    blanks[index] += 1
        else:
            look(number, None)
        if twins is not None:
            twins.note(number, [values[group] for group in twin], values[amount] if amount >= 0 else "")
        if progress is not None and not number & 0xFFFF:
            progress(number)
    judge.data_rows += sure
    for item in judge.layout.placed:
        judge.nonblank[item.index] += sure - blanks.get(item.index, 0)
    charged = judge.layout.index("imputation")
    if charged is not None:
        judge.charges += sure - blanks[charged]


class Right(set[str]):
    """The right values of a column met so far. ``learns`` judges a new one and says whether it is right too."""

    def __init__(self, column: Column | None) -> None:
        super().__init__()
        self._column = column

    def learns(self, cell: str) -> bool:
        if cell and self._column is not None and fault_of_cell(self._column, cell, official=True) is not None:
            return False
        if len(self) < MEMO:
            self.add(cell)
        return True


def _repeated(
    looks: list[tuple[int, Right]],
) -> tuple[tuple[int, Right], tuple[int, Right], tuple[int, Right], list[tuple[int, Right]]]:
    """The first three in hand (a table of the short layout has no more), the others in a list."""
    while len(looks) < 3:
        looks.append((0, Right(None)))
    return looks[0], looks[1], looks[2], looks[3:]


def _gatherer(judge: Judge, at: dict[str, int]) -> Callable[[int, tuple[str, ...]], bool] | None:
    """Puts a row that was seen to be right with its decision; False when its share is too small to be right."""
    sink = judge.sink
    ref, share = at.get("referenceDecision"), at.get("pourcentageSubvention")
    if not isinstance(sink, Decisions) or ref is None or share is None:
        return None
    amount, authority = at.get("montant"), at.get("idAttribuant")
    packed: dict[str, int | None] = {}
    index, authorities, odd = sink.index, sink.authorities, sink.odd
    add_group, add_number = sink.group.append, sink.number.append
    add_cents, add_share = sink.cents.append, sink.shares.append

    def gather(number: int, values: tuple[str, ...]) -> bool:
        written = values[share]
        part = packed.get(written)
        if part is None:
            part = packed_share(written)
            if part is None:
                return False
            if len(packed) < MEMO:
                packed[written] = part
        key = values[ref].strip()
        if not key:
            return True
        cents = 0
        if amount is not None:
            written = values[amount]
            if written[-3:-2] == ".":
                cents = int(written[:-3] + written[-2:])
            elif written[-2:-1] == ".":
                cents = int(written[:-2] + written[-1]) * 10
            elif written:
                cents = int(written) * 100
            else:
                return False
        group = index.get(key)
        if group is None:
            group = index[key] = len(odd)
            odd.append(0)
            authorities.append(values[authority] if authority is not None else "")
        elif authority is not None and authorities[group] != values[authority]:
            odd[group] = 1
        add_group(group)
        add_number(number)
        add_cents(cents)
        add_share(part)
        return True

    return gather


def packed_share(cell: str) -> int | None:
    """A plain share with its decimals, as `Decisions` keeps them; else ``None``."""
    share = plain_share(cell)
    return None if share is None else share[0] << 3 | share[1]
