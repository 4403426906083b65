"""Two tables of one folder, or two sheets of one workbook, that give different amounts for one subsidy.

A body publishes its subsidies by year, its conventions apart, corrections beside: the same row then stands in two
files, and should say the same. Two rows are held to be the same subsidy only when each is the only one of its kind in
its file and everything that could tell them apart agrees: reference, beneficiary, object, date, year, the name of the
amount column. What may rightly come in several amounts (instalments, amendments, shares of a decision, sums paid) is
left out.

The sheets of one workbook often are the stages of one budget, its years, or the parts that several bodies give. So they
are held against one another only when nothing in their names says so, and a difference is told as such only between
sheets that otherwise repeat each other; else it is a question.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, islice
from pathlib import Path
from typing import Final

from subsidy_rules.facts import Trouble
from subsidy_rules.figures import Amount
from subsidy_rules.finding import Finding, Tally
from subsidy_rules.place import Place
from subsidy_rules.reading import ReadError
from subsidy_rules.rowstream import Row, RowSource
from subsidy_rules.rulebook import Rule
from subsidy_rules.settings import Settings
from subsidy_rules.tables.cells import amount_in, is_blank
from subsidy_rules.tables.columns import LOOKED_AT, Layout, find_header
from subsidy_rules.tables.schema import fold_name
from subsidy_rules.tables.telling import Teller
from subsidy_rules.wording import Message

__all__ = ["CODE", "MOST_ROWS", "Table", "compare"]

CODE: Final = "AMT004"
MOST_ROWS: Final = 50_000
"""Rows of the tables of one folder that are compared, together; a table beyond is not, and that is said."""

_DIFFERS: Final = Message(
    "« {who} », décision {reference} : {amount} ici, mais {other} dans « {path} » ({where})",
    "“{who}”, decision {reference}: {amount} here, but {other} in “{path}” ({where})",
)
_DIFFERS_ALIKE: Final = Message(
    "« {who} », même objet et même date : {amount} ici, mais {other} dans « {path} » ({where}) ; s’agit-il de la même "
    "subvention ?",
    "“{who}”, same object and same date: {amount} here, but {other} in “{path}” ({where}); is it the same subsidy?",
)
_OTHER_BASIS: Final = Message(
    "{count} {count:subvention|subventions} sur les {common} communes à « {path} » {count:n’y a|n’y ont} pas le même "
    "montant : ces deux tables ne donnent sans doute pas la même chose (montant voté, versé, révisé…)",
    "{count} of the {common} subsidies also in “{path}” {count:has|have} another amount there: these two tables "
    "probably do not give the same thing (voted, paid, revised…)",
)
_DIFFERS_IN_SHEET: Final = Message(
    "« {who} », décision {reference} : {amount} ici, mais {other} dans la feuille « {sheet} » (cellule {cell})",
    "“{who}”, decision {reference}: {amount} here, but {other} in the sheet “{sheet}” (cell {cell})",
)
_ALIKE_IN_SHEET: Final = Message(
    "« {who} », même décision ou même objet : {amount} ici, mais {other} dans la feuille « {sheet} » (cellule {cell}) "
    "; s’agit-il de la même subvention ?",
    "“{who}”, same decision or same object: {amount} here, but {other} in the sheet “{sheet}” (cell {cell}); is it the "
    "same subsidy?",
)
_ROW: Final = Message("ligne {row:plain}", "row {row:plain}")
_CELL: Final = Message("feuille « {sheet} », cellule {cell}", "sheet “{sheet}”, cell {cell}")

_YEAR: Final = re.compile(r"(?:19|20)[0-9]{2}")
_PAID: Final = re.compile(r"vers|mandat|paye|acompte|solde|avance|reste|cumul|reali|engag|demand|sollicit|previ")
"""In the name of a column of amounts: not what was voted, or a sum that comes several times for one decision."""
_AGAIN: Final = re.compile(
    r"\b(?:avenant|acompte|solde|avance|versement|reliquat|compl[ée]ment|tranche|[ée]ch[ée]ance|rectifi|annul|"
    r"modifi|report|trimestre|semestre|mois)", re.IGNORECASE
)  # fmt: skip
"""In an object or a reference: a part or a later stage of a subsidy, which has its own amount."""
_STAGE: Final = re.compile(
    r"\b(?:(?:bp|bs|bm|dm|ca|cfu|rob|dob|ap|cp|ae|v)[0-9]{0,4}\b|(?:t|s|n|lot|ct|phase)\s?-?[0-9]{1,2}\b|avant|apr[èe]s|"
    r"projet|propos|commission|instruct|bureau|demand|sollicit|vers|pay|mandat|engag|pr[ée]v|r[ée]alis|estim|simul|"
    r"avenant|acompte|solde|avance|tranche|trim|semestre|mois\b|janv|f[ée]v|mars\b|avril|mai\b|juin|juil|ao[ûu]t|sept|"
    r"oct\b|octobre|nov\b|novembre|d[ée]c\b|d[ée]cembre|brouillon|ancien|nouve|initial|rectif|modif|corri|compl[ée]ment|"
    r"fonction|invest|section|chapitre|canton|quartier|secteur|territoire|part\b|recette|cumul|reste|report|annul)",
    re.IGNORECASE,
)
"""In the name of a sheet: a stage of the budget, a part of it, or one of several givers: each has its own amounts."""
ENOUGH_ALIKE: Final = 3
"""Subsidies that two sheets must give with the same amount, for one that differs to be told as a difference."""
LEAST_TEXT: Final = 12
"""Characters of an object that says enough to tell two subsidies apart, spaces and marks left aside."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the run. ``sources`` opens it again, one source for each sheet."""

    path: Path
    shown: str
    sources: Callable[[], Iterable[RowSource]]


@dataclass(frozen=True, slots=True)
class _Subsidy:
    """One row, as far as it can be compared. ``day`` and ``year`` are empty where the table has none."""

    amount: Amount
    place: Place
    label: str
    official: bool
    reference: str
    who: str
    shown_who: str
    about: str
    day: str
    year: str
    giver: str


def compare(tables: Sequence[Table], rules: Sequence[Rule], settings: Settings, tally: Tally) -> list[Finding]:
    """What the tables of one folder, each already checked, say against one another."""
    teller = Teller(rules, settings, tally)
    before: list[tuple[Table, dict[tuple[str, ...], _Subsidy], dict[tuple[str, ...], _Subsidy]]] = []
    for table in tables:
        sheets = _subsidies(table, settings)
        _held_sheets(teller, sheets)
        subsidies = [subsidy for sheet in sheets for subsidy in sheet]
        by_reference = _alone(subsidies, _decision_key)
        by_object = _alone(subsidies, _object_key)
        for other, references, objects in before:
            _held(teller, other.shown, references, by_reference, objects, by_object)
        if subsidies:
            before.append((table, by_reference, by_object))
    return teller.findings


def _held(
    teller: Teller,
    path: str,
    references: dict[tuple[str, ...], _Subsidy],
    by_reference: dict[tuple[str, ...], _Subsidy],
    objects: dict[tuple[str, ...], _Subsidy],
    by_object: dict[tuple[str, ...], _Subsidy],
) -> None:
    pairs = _pairs(references, by_reference, objects, by_object)
    wrong = [(first, again, sure) for first, again, sure in pairs if not _same(first.amount, again.amount)]
    teller.tally.rule(CODE, "holds", len(pairs) - len(wrong))
    if len(pairs) >= 4 and len(wrong) * 2 > len(pairs):
        teller.trouble(
            Trouble(
                code=CODE,
                place=wrong[0][1].place,
                related=tuple(first.place for first, _, _ in wrong[:20]),
                says=_OTHER_BASIS.having(count=len(wrong), common=len(pairs), path=path),
                values={"count": len(wrong), "common": len(pairs)},
                state="unknown",
                key=f"basis\0{path}",
            ),
            times=len(wrong),
        )
        return
    for first, again, sure in wrong:
        certain = sure and (again.official or _is_granted(again.label))
        where = _CELL if first.place.cell is not None and first.place.sheet is not None else _ROW
        words = {"row": first.place.row, "sheet": first.place.sheet, "cell": first.place.cell}
        teller.trouble(
            Trouble(
                code=CODE,
                place=again.place,
                related=(first.place,),
                says=(_DIFFERS if sure else _DIFFERS_ALIKE).having(
                    who=again.shown_who,
                    reference=again.reference,
                    amount=again.amount,
                    other=first.amount,
                    path=path,
                    where=where.having(**words),
                ),
                values={"amount": again.amount.plain, "other": first.amount.plain, "path": path},
                state="broken" if certain else "unknown",
                key=f"{again.reference}\0{again.who}\0{again.about}",
            )
        )


def _pairs(
    references: dict[tuple[str, ...], _Subsidy],
    by_reference: dict[tuple[str, ...], _Subsidy],
    objects: dict[tuple[str, ...], _Subsidy],
    by_object: dict[tuple[str, ...], _Subsidy],
) -> list[tuple[_Subsidy, _Subsidy, bool]]:
    """The subsidies that two tables both give, and whether their reference says so."""
    pairs = [(first, by_reference[key], True) for key, first in references.items() if key in by_reference]
    seen = {id(again) for _, again, _ in pairs}
    pairs += [
        (first, by_object[key], False)
        for key, first in objects.items()
        if key in by_object and id(by_object[key]) not in seen and not (first.reference and by_object[key].reference)
    ]
    return pairs


def _held_sheets(teller: Teller, sheets: Sequence[Sequence[_Subsidy]]) -> None:
    """Holds the sheets of one workbook against one another."""
    keyed = [
        (sheet[0].place.sheet or "", _alone(sheet, _decision_key), _alone(sheet, _object_key))
        for sheet in sheets
        if sheet
    ]
    told: set[int] = set()
    for (name, references, objects), (again_name, by_reference, by_object) in combinations(keyed, 2):
        if _STAGE.search(name) or _STAGE.search(again_name) or _YEAR.findall(name) != _YEAR.findall(again_name):
            continue
        pairs = _pairs(references, by_reference, objects, by_object)
        wrong = [one for one in pairs if not _same(one[0].amount, one[1].amount)]
        alike = len(pairs) - len(wrong)
        teller.tally.rule(CODE, "holds", alike)
        repeats = alike >= ENOUGH_ALIKE and alike >= ENOUGH_ALIKE * len(wrong)
        for first, again, sure in wrong:
            if id(again) in told:
                continue  # a third sheet says no more than the second
            told.add(id(again))
            certain = repeats and sure and (again.official or _is_granted(again.label))
            teller.trouble(
                Trouble(
                    code=CODE,
                    place=again.place,
                    related=(first.place,),
                    says=(_DIFFERS_IN_SHEET if certain else _ALIKE_IN_SHEET).having(
                        who=again.shown_who,
                        reference=again.reference,
                        amount=again.amount,
                        other=first.amount,
                        sheet=name,
                        cell=first.place.cell,
                    ),
                    values={"amount": again.amount.plain, "other": first.amount.plain, "sheet": name},
                    state="broken" if certain else "unknown",
                    key=f"{again_name}\0{again.reference}\0{again.who}\0{again.about}",
                )
            )


def _is_granted(label: str) -> bool:
    return bool(re.search(r"vote|attribu|accord", label))


def _same(first: Amount, again: Amount) -> bool:
    """True for equal amounts, one of which may be rounded to the euro or to the decimals that it is written with."""
    gap = abs(first.fraction - again.fraction)
    if not gap:
        return True
    coarse = min(first.decimals, again.decimals)
    if first.decimals == again.decimals:
        return False
    return gap <= Fraction(1, 2 * 10**coarse)


def _alone(
    subsidies: Iterable[_Subsidy], key_of: Callable[[_Subsidy], tuple[str, ...] | None]
) -> dict[tuple[str, ...], _Subsidy]:
    """The subsidies that are the only ones with their key."""
    found: dict[tuple[str, ...], _Subsidy | None] = {}
    for subsidy in subsidies:
        key = key_of(subsidy)
        if key is not None:
            found[key] = subsidy if key not in found else None
    return {key: subsidy for key, subsidy in found.items() if subsidy is not None}


def _decision_key(subsidy: _Subsidy) -> tuple[str, ...] | None:
    """A reference counts with what dates it: communities number their decisions from 1 each year."""
    dated = subsidy.day or subsidy.year or (re.search(r"(?:19|20)[0-9]{2}", subsidy.reference) is not None and "in it")
    if not subsidy.reference or not dated:
        return None
    return (
        subsidy.label, subsidy.giver, subsidy.reference, subsidy.who, subsidy.about, subsidy.day, subsidy.year,
    )  # fmt: skip


def _object_key(subsidy: _Subsidy) -> tuple[str, ...] | None:
    if not subsidy.day or len(subsidy.about) < LEAST_TEXT:
        return None
    return (subsidy.label, subsidy.giver, subsidy.who, subsidy.about, subsidy.day, subsidy.year)


def _subsidies(table: Table, settings: Settings) -> list[list[_Subsidy]]:
    """The subsidies of each sheet; a table that is no workbook has one."""
    found: list[list[_Subsidy]] = []
    try:
        for source in table.sources():
            found.append(list(_of_source(source, settings)))
            close = getattr(source, "close", None)
            if close is not None:
                close()
    except (ReadError, OSError):
        return []  # it was read a moment ago; what it says now is no longer what was checked
    return found


def _of_source(source: RowSource, settings: Settings) -> Iterable[_Subsidy]:
    tables = settings.tables
    header = find_header(
        [row.cells for row in islice(source.rows(), LOOKED_AT)],
        kind=tables.kind,
        own_names=tables.columns,
        at=None if tables.header_row is None else tables.header_row - 1,
    )
    if header is None:
        return
    layout = header.layout
    amount = layout.get("montant")
    if (
        amount is None
        or _PAID.search(fold_name(amount.label))
        or sum(p.column.holds == "amount" for p in layout.placed) > 1
    ):
        return  # no column of what was granted, or several: which one is it?
    for position, row in enumerate(source.rows()):
        if position > header.last and len(row.cells) >= layout.width:
            subsidy = _subsidy(source, row, layout, amount.index, fold_name(amount.label))
            if subsidy is not None:
                yield subsidy


def _subsidy(source: RowSource, row: Row, layout: Layout, at: int, label: str) -> _Subsidy | None:
    def cell(name: str) -> str:
        index = layout.index(name)
        return "" if index is None or is_blank(row.cells[index]) else row.cells[index].strip()

    amount = amount_in(row.cells[at])
    share = cell("pourcentageSubvention")
    reference, about, name = cell("referenceDecision"), cell("objet"), cell("nomBeneficiaire")
    who = cell("idBeneficiaire") or cell("rnaBeneficiaire") or fold_name(name[:200])
    if amount is None or amount.n <= 0 or not who or (share and share not in ("1", "1.0", "1.00", "100 %", "100%")):
        return None
    if _AGAIN.search(about) or _AGAIN.search(reference):
        return None
    return _Subsidy(
        amount=amount,
        place=source.place(row, at),
        label=label,
        official=layout.kind == "scdl",
        reference=reference,
        who=who,
        shown_who=name or who,
        about=fold_name(about[:300]),
        day=cell("dateConvention"),
        year=cell("exerciceBudgetaire"),
        giver=cell("idAttribuant") or fold_name(cell("nomAttribuant")[:200]),
    )
