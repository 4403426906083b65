"""Rows that are there twice, and subsidies split just under a threshold: found by what they have in common.

Rows are gathered by a short key in compact arrays; the rows that share a key are read again and compared as they are
written, so that two keys that happen to be equal accuse nobody.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import ClassVar, Final

from subsidy_rules.facts import Trouble
from subsidy_rules.rowstream import Row
from subsidy_rules.tables.cells import amount_in, is_blank
from subsidy_rules.tables.columns import Layout
from subsidy_rules.tables.judging import Judge
from subsidy_rules.tables.schema import fold_name
from subsidy_rules.wording import Message

__all__ = ["Twins"]

THRESHOLD: Final = 23_000
"""Euros above which a convention is required (décret n° 2001-495, art. 1: « supérieur à »)."""
NEAR: Final = Fraction(9, 10)
"""Part of the threshold from which an amount is said to be just under it."""
LIKE: Final = 1_000
"""Characters of a cell in which case, accents and spaces may differ between two rows that are nearly the same."""
PARTITIONS: Final = 16
_SECOND: Final = frozenset("0123")
_POINT: Final = frozenset(".,")

_EXACT: Final = Message("ligne identique à la ligne {first:plain}", "row identical to row {first:plain}")
_NEARLY: Final = Message(
    "même bénéficiaire, même montant, même date et même objet qu’à la ligne {first:plain} : un doublon ?",
    "same beneficiary, amount, date and object as in row {first:plain}: a duplicate?",
)
_SPLIT: Final = Message(
    "« {who} » reçoit en {year:plain} {count} subventions chacune juste sous {limit} €, en tout {sum} € : le seuil de "
    "la convention s’apprécie sur l’année",
    "“{who}” receives in {year:plain} {count} subsidies each just under €{limit}, {sum} in all: the threshold of the "
    "convention is for the year",
)


@dataclass(slots=True)
class Twins:
    """Gathers rows by a hash of the columns that make two rows the same."""

    layout: Layout
    wants_twins: bool
    wants_splits: bool
    _hashes: array[int] = field(default_factory=lambda: array("q"))
    _numbers: array[int] = field(default_factory=lambda: array("q"))
    _near: array[int] = field(default_factory=lambda: array("q"))
    _key: tuple[int, ...] = ()

    NAMES: ClassVar[tuple[str, ...]] = ("idBeneficiaire", "nomBeneficiaire", "montant", "dateConvention")

    def __post_init__(self) -> None:
        found = [self.layout.index(name) for name in self.NAMES]
        self._key = tuple(index for index in found if index is not None)
        self._amount = self.layout.index("montant")

    _amount: int | None = field(init=False, default=None)
    _groups: list[list[int]] | None = field(init=False, default=None)

    def add(self, number: int, cells: Sequence[str]) -> None:
        if len(cells) == self.layout.width:
            self.note(number, [cells[i] for i in self._key], cells[self._amount] if self._amount is not None else "")

    def note(self, number: int, key: Sequence[str], amount: str) -> None:
        """Like `add`, from the cells of ``NAMES`` that the table has, and the one of the amount."""
        if self.wants_twins and len(key) >= 2:
            self._hashes.append(hash(tuple(key)))
            self._numbers.append(number)
        # From 20 000 to 23 999 euros, told by the first characters; what is just under is decided by the judge.
        if (
            self.wants_splits
            and amount[:1] == "2"
            and amount[1:2] in _SECOND
            and (len(amount) == 5 or amount[5:6] in _POINT)
        ):
            self._near.append(number)

    def take(self, groups: list[list[int]], near: Sequence[int]) -> None:
        """Groups of rows with the same key, and rows just under the threshold, found another way."""
        self._groups = groups
        self._near.extend(near)

    def suspects(self) -> list[list[int]]:
        """Numbers of the rows that share a hash, in order."""
        if self._groups is not None:
            return self._groups
        out: list[list[int]] = []
        count = 1 if len(self._hashes) < 500_000 else PARTITIONS
        for part in range(count):
            seen: dict[int, int | list[int]] = {}
            for value, number in zip(self._hashes, self._numbers, strict=True):
                if value % count != part:
                    continue
                known = seen.setdefault(value, number)
                if known is number:
                    continue
                if isinstance(known, list):
                    known.append(number)
                elif known != number:
                    pair = [known, number]
                    seen[value] = pair
                    out.append(pair)
        out.sort()
        return out

    def near(self) -> Sequence[int]:
        return self._near


def tell_twins(
    judge: Judge, suspects: Iterable[Sequence[int]], again: Callable[[Sequence[int]], Iterable[Row]]
) -> None:
    """Compares the rows that share a key, as they are written, and tells the ones that are the same."""
    layout = judge.layout
    names = ("idBeneficiaire", "nomBeneficiaire", "montant", "dateConvention", "objet")
    likeness = [index for index in map(layout.index, names) if index is not None]
    told = 0
    for numbers in suspects:
        exact: dict[tuple[str, ...], int] = {}
        like: dict[tuple[str, ...], int] = {}
        for row in again(numbers):
            cells = tuple(cell.strip() for cell in row.cells[: layout.width])
            if sum(not is_blank(cell) for cell in cells) < 3 or len(cells) < layout.width:
                continue
            first = exact.setdefault(cells, row.number)
            near = tuple(fold_name(cells[index][:LIKE]) + cells[index][LIKE:] for index in likeness)
            like_first = like.setdefault(near, row.number)
            is_twin = first != row.number
            is_near = not is_twin and like_first != row.number and len(likeness) == len(names) and all(near)
            if not (is_twin or is_near):
                continue
            told += 1
            judge.gathered.add(
                "TAB009",
                "",
                "exact" if is_twin else "near",
                number=row.number,
                place=judge.source.place(row),
                says=(_EXACT if is_twin else _NEARLY).having(first=first if is_twin else like_first),
                values={"first": first if is_twin else like_first},
                key="\0".join(cells)[:400],
                state="broken" if is_twin else "unknown",
            )
    judge.teller.tally.rule("TAB009", "holds", max(0, judge.data_rows - told))


def tell_splits(judge: Judge, numbers: Sequence[int], again: Callable[[Sequence[int]], Iterable[Row]]) -> None:
    """Tells the beneficiaries that got several subsidies just under the threshold in one year."""
    layout = judge.layout
    amount, who = layout.index("montant"), layout.index("nomBeneficiaire")
    ident, day, year = (
        layout.index("idBeneficiaire"),
        layout.index("dateConvention"),
        layout.index("exerciceBudgetaire"),
    )
    if amount is None or (who is None and ident is None):
        return
    giver = layout.index("idAttribuant")
    groups: dict[tuple[str, str, int], list[tuple[Row, Fraction]]] = {}
    for row in again(numbers):
        if len(row.cells) != layout.width:
            continue
        value = amount_in(row.cells[amount])
        when = judge.year_of(row.cells[year] if year is not None else None, row.cells[day] if day is not None else None)
        if value is None or when is None or not NEAR * THRESHOLD <= value.fraction <= THRESHOLD:
            continue
        name = row.cells[ident].strip() if ident is not None and row.cells[ident].strip() else ""
        if not name and who is not None:
            name = fold_name(row.cells[who][:200])
        if not name:
            continue
        from_whom = row.cells[giver].strip() if giver is not None else ""
        groups.setdefault((from_whom, name, when), []).append((row, value.fraction))
    for (_, name, when), found in sorted(groups.items(), key=lambda item: item[1][0][0].number):
        if len(found) < 2:
            continue
        rows = [row for row, _ in found]
        shown = rows[0].cells[who].strip() if who is not None else name
        total = sum((value for _, value in found), Fraction(0))
        judge.teller.trouble(
            Trouble(
                code="TAB010",
                place=judge.source.place(rows[0], amount),
                says=_SPLIT.having(who=shown, year=when, count=len(rows), limit=THRESHOLD, sum=total),
                related=tuple(judge.source.place(row, amount) for row in rows[1:10]),
                values={"rows": [row.number for row in rows], "year": when, "limit": str(THRESHOLD)},
                state="unknown",
                key=f"{name}\0{when}",
            )
        )
