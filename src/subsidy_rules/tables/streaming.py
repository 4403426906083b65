"""The path that needs nothing but Python: rows are read once, most are right at a glance, the rest is judged.

A glance is one call for each cell, of functions written in C where there is one: a pattern that only right cells match,
a set, a dictionary that remembers. A glance never says that something is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from operator import call
from typing import Any, Final

from subsidy_rules.identifiers import is_siret
from subsidy_rules.imputation import SURE_SHAPE
from subsidy_rules.tables.cells import fault_of_cell
from subsidy_rules.tables.columns import Layout
from subsidy_rules.tables.csvrows import CsvRows
from subsidy_rules.tables.judging import Judge, plain_share
from subsidy_rules.tables.schema import CONDITIONS, Column
from subsidy_rules.tables.twins import Twins

__all__ = ["glances", "stream"]

MEMO: Final = 65_536
"""Distinct values remembered for one column."""

Glance = Callable[[str], Any]


class Remembered(dict[str, Any]):
    """A glance that works a value out once; past ``MEMO`` values it works each one out again."""

    def __init__(self, work_out: Glance) -> None:
        super().__init__()
        self._work_out = work_out

    def __missing__(self, cell: str) -> Any:
        answer = self._work_out(cell)
        if len(self) < MEMO:
            self[cell] = answer
        return answer


def _anything(cell: str) -> bool:
    return True


_TEXT: Final = re.compile(r"[^\s\u200b\ufeff\x00][\s\S]*").fullmatch
_AMOUNT: Final = re.compile(r"(?!0+(?:\.0+)?\Z)[0-9]{1,13}(?:\.[0-9]{1,2})?").fullmatch


def _blank_or(glance: Glance) -> Glance:
    def look(cell: str) -> Any:
        return not cell or glance(cell)

    return look


def glance_at(column: Column, official: bool) -> Glance | None:
    """A function that is true only of cells in which nothing can be wrong; ``None`` when any cell will do.

    A cell that is blank is right only in a column that may be empty.
    """
    needed = _needed(column, official)
    if needed is None or column.filled:
        return needed
    return _blank_or(needed)


def _needed(column: Column, official: bool) -> Glance | None:
    match column.holds:
        case "siret":
            # Beneficiaries hardly repeat; remembering them would cost more than the sum.
            return is_siret if column.name == "idBeneficiaire" else Remembered(is_siret).__getitem__
        case "date" | "period" | "choice" | "rna" | "year":

            def is_right(cell: str) -> bool:
                return bool(cell.strip()) and fault_of_cell(column, cell, official=official) is None

            return Remembered(is_right).__getitem__
        case "amount":
            return _AMOUNT
        case "share":
            return Remembered(plain_share).__getitem__
        case "imputation":
            return re.compile(SURE_SHAPE).fullmatch
        case _:
            if column.name == "conditionsVersement":
                return frozenset(CONDITIONS).__contains__
            if column.longest is not None:
                longest = column.longest - 1
                return re.compile(rf"[^\s\u200b\ufeff\x00][\s\S]{{0,{longest}}}").fullmatch
            return _TEXT if column.filled else None


_CODES: Final = {
    "siret": ("ID001", "ID002"),
    "rna": ("ID001", "ID002"),
    "date": ("DAT001",),
    "period": ("DAT001", "DAT002"),
    "choice": ("TAB002",),
    "year": ("DAT001",),
    "amount": ("AMT001", "AMT002"),
    "share": ("TAB008",),
    "text": ("TAB007", "TAB002"),
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
    if column.holds == "text" and column.longest is None:
        return False
    return any(code in codes for code in _CODES.get(column.holds, ()))


def glances(layout: Layout, judge: Judge) -> list[Glance]:
    """One glance for each cell of a row."""
    out: list[Glance] = [_anything] * layout.width
    official = layout.kind == "scdl"
    for placed in layout.placed:
        if needs_look(placed.column, judge):
            glance = glance_at(placed.column, official)
            if glance is not None:
                out[placed.index] = glance
    return out


def stream(
    source: CsvRows, judge: Judge, after: int, twins: Twins | None, progress: Callable[[int], None] | None
) -> int:
    """Reads every row once; returns how many rows the file has. Rows up to number ``after`` are title and header."""
    layout = judge.layout
    width = layout.width
    looks = glances(layout, judge)
    glance_all = layout.kind == "scdl" and not judge.every_row and not layout.trailing
    place = {item.column.name: item.index for item in layout.placed}
    ref, share, amount = place.get("referenceDecision"), place.get("pourcentageSubvention"), place.get("montant")
    siret, rna = place.get("idBeneficiaire"), place.get("rnaBeneficiaire")
    authority, imputation = place.get("idAttribuant"), place.get("imputation")
    year, day = place.get("exerciceBudgetaire"), place.get("dateConvention")
    optional = [item.index for item in layout.placed if not item.column.filled]
    blanks = [0] * width
    sink = judge.sink if ref is not None and share is not None else None
    remembered = Remembered(plain_share)
    deep_charges = imputation is not None and judge.knows_more_than_shape
    charges = 0
    identified = siret is not None and "ID002" in judge.teller.codes
    sure = 0
    number = 0
    for number, cells in enumerate(source.cells(), 1):
        if number <= after:
            continue
        if not number & 0xFFFF and progress is not None:
            progress(number)
        if (
            glance_all
            and len(cells) == width
            and all(map(call, looks, cells))
            and (not identified or cells[siret] or (rna is not None and cells[rna]))  # type: ignore[index]
        ):
            if deep_charges and cells[imputation]:  # type: ignore[index]
                when = judge.year_of(cells[year] if year is not None else None, cells[day] if day is not None else None)
                states = judge.memo.get((judge.memo_key(cells[imputation]), when))  # type: ignore[index]
                if states is None:
                    judge.row(source.row(number, tuple(cells)), unclosed=source.is_cut(number))
                    if twins is not None:
                        twins.add(number, cells)
                    continue
                for code, state in states:
                    judge.teller.tally.rule(code, state)
                charges += 1
            sure += 1
            for index in optional:
                if not cells[index]:
                    blanks[index] += 1
            if sink is not None:
                key = cells[ref].strip()  # type: ignore[index]
                if key:
                    part = remembered[cells[share]]  # type: ignore[index]
                    if amount is None:
                        cents = 0
                    else:
                        whole, _, rest = cells[amount].partition(".")
                        cents = int(whole + rest.ljust(2, "0")) if whole else 0
                    who = cells[authority] if authority is not None else ""
                    if cents <= 0 and amount is not None:
                        sink.add_odd(key, number, who)
                    else:
                        sink.add(key, number, cents, part[0], part[1], who)
        else:
            judge.row(source.row(number, tuple(cells)), unclosed=source.is_cut(number))
        if twins is not None:
            twins.add(number, cells)
    judge.data_rows += sure
    judge.charges += charges if deep_charges else (sure - blanks[imputation] if imputation is not None else 0)
    for index in range(width):
        judge.nonblank[index] += sure - blanks[index]
    return number
