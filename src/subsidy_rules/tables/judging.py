"""The judge of rows and decisions: exact, slow, and the only one that says something is wrong.

The execution paths (`streaming` in plain Python, `columnar` over arrays) choose which rows and decisions may be wrong,
never too few of them; everything that they choose comes here, in the order of the file. So the reports of all paths are
the same.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any, Final, Literal, Protocol

from subsidy_rules.claims import Claim, judge
from subsidy_rules.facts import Charge, Context, Grant, Trouble
from subsidy_rules.figures import Amount
from subsidy_rules.finding import Tally
from subsidy_rules.identifiers import is_siret
from subsidy_rules.imputation import SURE_SHAPE, ImputationError, parse_imputation
from subsidy_rules.place import Place
from subsidy_rules.rowstream import Hidden, Row, RowSource, cell_name
from subsidy_rules.rulebook import Rule
from subsidy_rules.settings import Settings
from subsidy_rules.tables import decisions
from subsidy_rules.tables.agreeing import RowAgreements
from subsidy_rules.tables.cells import Fault, amount_in, fault_of_cell, is_blank, share_in, unmangled
from subsidy_rules.tables.columns import Layout, Placed, known_names
from subsidy_rules.tables.crossing import Crossings
from subsidy_rules.tables.decisions import (
    PLAIN_DECIMALS,
    Evidence,
    Member,
    Outcome,
    Understanding,
    by_authority,
    can_count,
    judge_decision,
)
from subsidy_rules.tables.payments import judge_payments, may_announce
from subsidy_rules.tables.schema import Column, fold_name
from subsidy_rules.tables.shapes import Shape, mend
from subsidy_rules.tables.telling import FAMILIES, Gathered, Teller
from subsidy_rules.tables.totals import (
    TOTAL_WORDS,
    Added,
    Sums,
    adds_up,
    is_total,
    kind_of_row,
    label_of,
    says_not_yet,
    says_nothing,
    scale_of,
    scaled,
)
from subsidy_rules.wording import Message

__all__ = ["DecisionSink", "Judge", "plain_amount", "plain_share"]

ReadText = Callable[[str, Place], tuple[Claim, ...]]

_PLAIN_AMOUNT: Final = re.compile(r"(?!0+(?:\.0+)?\Z)([0-9]{1,13})(?:\.([0-9]{1,2}))?")
_PLAIN_SHARE: Final = re.compile(r"(?:(0)\.([0-9]{1,6})|(1)(?:\.(0{1,6}))?)")


def _is_own(rule: Rule) -> bool:
    return rule.code.startswith(FAMILIES)


def plain_amount(cell: str) -> int | None:
    """The cents of an amount above zero written in the plain form (at most 13 digits and 2 decimals), else ``None``."""
    found = _PLAIN_AMOUNT.fullmatch(cell)
    if found is None:
        return None
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))


def plain_share(cell: str) -> tuple[int, int] | None:
    """Millionths and decimals of a share from 0.01 to 1 in the plain form (at most 6 decimals), else ``None``."""
    found = _PLAIN_SHARE.fullmatch(cell)
    if found is None:
        return None
    digits = found[2] or ""
    if found[1] is None:
        return 10**PLAIN_DECIMALS, len(found[4] or "")
    millionths = int(digits.ljust(PLAIN_DECIMALS, "0"))
    return (millionths, len(digits)) if millionths * 100 >= 10**PLAIN_DECIMALS else None


class DecisionSink(Protocol):
    """Where the rows of decisions go; see ``decisions.Decisions``."""

    def add(self, key: str, number: int, cents: int, share: int, decimals: int, authority: str) -> None: ...

    def add_unpriced(self, key: str, number: int, share: int, decimals: int, authority: str) -> None: ...

    def add_odd(self, key: str, number: int, authority: str) -> None: ...

    def weigh(self, amount: Literal["auto", "part", "whole", "none"], usual: int | None = None) -> Evidence: ...

    def settle(
        self,
        *,
        amount: Literal["auto", "part", "whole", "none"],
        complete: bool,
        keep: bool,
        meaning: Understanding | None = None,
    ) -> tuple[Understanding, Outcome]: ...


@dataclass(slots=True)
class _Total:
    number: int
    label: str


_HUGE: Final = Message(
    "la cellule « {column} » contient {length} caractères (limite : {limit}) : ce n’est pas une cellule de table, et "
    "la ligne n’a pas été vérifiée",
    "the cell “{column}” holds {length} characters (limit: {limit}): it is no cell of a table, and the row was not "
    "checked",
)
_MISSING: Final = Message("{column} : cellule obligatoire vide", "{column}: required cell is empty")
_NO_IDENTIFIER: Final = Message(
    "« {who} » n’a ni SIRET (idBeneficiaire) ni numéro RNA (rnaBeneficiaire)",
    "“{who}” has neither a SIRET (idBeneficiaire) nor an RNA number (rnaBeneficiaire)",
)
_NOTE: Final = Message(
    "ligne de texte hors des colonnes, laissée de côté : « {text} »",
    "a line of text outside the columns, left aside: “{text}”",
)
_OTHER_HEADING: Final = Message(
    "la ligne {row:plain} donne d’autres en-têtes : les lignes qui la suivent n’ont pas été vérifiées (séparez les "
    "deux tables)",
    "row {row:plain} gives other headings: the rows below it were not checked (keep the two tables apart)",
)
_UNEQUAL: Final = Message(
    "décision {reference} : les lignes portent des montants totaux différents ({amounts})",
    "decision {reference}: the rows carry different total amounts ({amounts})",
)
_LOST: Final = Message("une ligne de cette décision n’a pas pu être lue", "a row of this decision could not be read")
_TOTAL: Final = Message("« {label} », colonne « {column} » : {working}", "“{label}”, column “{column}”: {working}")
_ADDED: Final = Message(
    "la somme des {count} lignes est {sum}, et non {total} (écart : {gap})",
    "the sum of the {count} rows is {sum}, not {total} (gap: {gap})",
)
_ADDED_ONE: Final = Message(
    "la seule ligne à additionner est de {sum}, et non de {total} (écart : {gap})",
    "the only row to add up is {sum}, not {total} (gap: {gap})",
)
_PAYMENTS: Final = Message(
    "versements annoncés et montant de la subvention : {working}",
    "payments announced and amount of the subsidy: {working}",
)
_UNDECIDED: Final = Message(
    "décisions dont les parts ne font pas 1 sans que l’on puisse conclure : {count} (une ligne illisible, ou plusieurs "
    "subventions sous la même référence)",
    "decisions whose shares do not make 1, and nothing can be concluded: {count} (a row that cannot be read, or "
    "several subsidies under one reference)",
)
_INCOMPLETE: Final = Message(
    "décisions dont les parts ne font pas 1 sans que l’on puisse conclure : {count} (des bénéficiaires peuvent manquer "
    "ici, ou plusieurs subventions porter la même référence) ; si la table donne tous les bénéficiaires, réglez "
    'tables.decisions = "complete"',
    "decisions whose shares do not make 1, and nothing can be concluded: {count} (beneficiaries may be missing here, "
    "or several subsidies may have one reference); if the table gives every beneficiary, set tables.decisions = "
    '"complete"',
)
_FORMULA: Final = Message(
    "{column} : la cellule contient une formule dont la valeur n’est pas enregistrée ; ouvrez le classeur dans un "
    "tableur et enregistrez-le",
    "{column}: the cell holds a formula whose value is not saved; open the workbook in a spreadsheet and save it",
)

_PAID_BACK: Final = re.compile(
    r"\b(?:rembours|trop[\s-]?(?:per[çc]u|vers[ée])|revers(?:ement|é)|annul|r[ée]gularis|restitu|avoir\b|titre\s|"
    r"r[ée]duction|retrait|d[ée]duction|reprise|d[ée]gr[èe]vement|diminution|refund)",
    re.IGNORECASE,
)
_SURE_SHAPE: Final = re.compile(SURE_SHAPE)
LONGEST_CELL: Final = 131_072
"""Characters of a cell (what ``csv.reader`` takes by default): beyond, it is no cell of a table of subsidies."""
MEMO: Final = 200_000
"""Distinct values remembered with what was said of them; beyond, each one is judged again."""
_REPEATED: Final = frozenset(("date", "period", "choice", "share", "year"))
_UNSEEN: Final = object()


@dataclass(slots=True)
class Judge:
    """Judges the rows that it is given, in order; then the decisions. One for each table."""

    source: RowSource
    layout: Layout
    teller: Teller
    settings: Settings
    sink: DecisionSink | None
    separator: str = ","
    read_text: ReadText | None = None
    gathered: Gathered = field(default_factory=Gathered)
    nonblank: list[int] = field(default_factory=list)
    data_rows: int = 0
    unread_rows: int = 0
    totals: list[_Total] = field(default_factory=list)
    stopped: int | None = None
    headings: set[int] = field(default_factory=set)
    notes: int = 0
    lost: set[str] = field(default_factory=set)
    lost_all: bool = False
    charges: int = 0
    charges_judged: int = 0
    figures: int = 0
    faults: dict[tuple[str, str], Fault | None] = field(default_factory=dict)
    memo: dict[tuple[str, int | None], tuple[tuple[str, str], ...]] = field(default_factory=dict)
    remarks: dict[str, Message] = field(default_factory=dict)
    contexts: dict[int | None, Context] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.nonblank = [0] * self.layout.width
        codes = self.teller.codes
        self._official = self.layout.kind == "scdl"
        index = self.layout.index
        self._placed = tuple((item.index, item.column, item) for item in self.layout.placed)
        self._ref, self._authority = index("referenceDecision"), index("idAttribuant")
        self._amount, self._share = index("montant"), index("pourcentageSubvention")
        self._beneficiary, self._siret, self._rna = (
            index("nomBeneficiaire"),
            index("idBeneficiaire"),
            index("rnaBeneficiaire"),
        )
        self._year, self._date = index("exerciceBudgetaire"), index("dateConvention")
        self._imputation = index("imputation")
        self._money = [
            item.index for item in self.layout.placed if item.column.holds in ("amount", "base", "cap", "total")
        ]
        self._conditions = [i for i in (index("conditionsVersement"), index("datesPeriodeVersement")) if i is not None]
        self._wants_charges = bool(self.teller.on("charge"))
        self.every_row = any(
            not _is_own(rule) and rule.on in ("charge", "grant", "percentage", "shares_total")
            for rule in self.teller.rules
        )
        self._wants_payments = "PAY001" in codes
        self._wants_grants = any(rule.code == "LIM001" or not _is_own(rule) for rule in self.teller.on("grant"))
        kinds = (
            "sum",
            "percentage",
            "at_most",
            "equal",
            "count",
            "tax",
            "change",
            "shares_total",
            "balance",
            "average",
        )
        self._wants_claims = self.read_text is not None and any(self.teller.on(kind) for kind in kinds)
        self.wants_texts = self._wants_payments or self._wants_claims
        # A code of sure shape needs no rule but the one on shape; the others look it up in the lists of the year.
        self.knows_more_than_shape = any(rule.code != "IMP001" for rule in self.teller.on("charge"))

        self.agreements, self.crossings = RowAgreements.of(self), Crossings.of(self)

    every_row: bool = field(init=False, default=False)
    agreements: RowAgreements | None = field(init=False, default=None)
    crossings: Crossings | None = field(init=False, default=None)
    wants_texts: bool = field(init=False, default=False)
    knows_more_than_shape: bool = field(init=False, default=False)
    _official: bool = field(init=False, default=False)
    _placed: tuple[tuple[int, Column, Placed], ...] = field(init=False, default=())
    _ref: int | None = field(init=False, default=None)
    _authority: int | None = field(init=False, default=None)
    _amount: int | None = field(init=False, default=None)
    _share: int | None = field(init=False, default=None)
    _beneficiary: int | None = field(init=False, default=None)
    _siret: int | None = field(init=False, default=None)
    _rna: int | None = field(init=False, default=None)
    _year: int | None = field(init=False, default=None)
    _date: int | None = field(init=False, default=None)
    _imputation: int | None = field(init=False, default=None)
    _conditions: list[int] = field(init=False, default_factory=list)
    _money: list[int] = field(init=False, default_factory=list)
    _wants_charges: bool = field(init=False, default=False)
    _wants_payments: bool = field(init=False, default=False)
    _wants_grants: bool = field(init=False, default=False)
    _wants_claims: bool = field(init=False, default=False)

    # -- one row ----------------------------------------------------------------------------------------------------

    def row(
        self, row: Row, *, unclosed: bool = False, last: bool = False, doubtful: Collection[int] | None = None
    ) -> None:
        """Judges one row of data, whatever its shape.

        ``doubtful``: the cells of the other columns of the table were seen to be right, and only counted.
        """
        if not any(row.cells) or all(map(is_blank, row.cells)):
            return
        self.data_rows += 1
        if self.stopped is not None:
            self.unread_rows += 1
            return
        if (row.text is None or len(row.text) > LONGEST_CELL) and self._is_huge(row):
            return
        shape = self._shape(row, unclosed=unclosed, last=last)
        cells: Sequence[str] = row.cells
        mended = False
        if shape is not None:
            self._told_shape(row, shape)
            if shape.cells is None:
                self.unread_rows += 1
                if len(self.lost) < 100_000:
                    self.lost.update(cell.strip() for cell in row.cells)
                else:
                    self.lost_all = True
                return
            cells = shape.cells
            mended = list(cells) != list(row.cells[: len(cells)])
            doubtful = None
        elif len(cells) != self.layout.width:
            cells = self._fitted(row.cells)
        if self._is_aside(row, cells):
            return
        self._cells(row, cells, mended, doubtful)

    def _is_huge(self, row: Row) -> bool:
        """Tells a row with a cell that is no cell of a table, and leaves it: to look for figures in it would take
        minutes."""
        longest = max(range(len(row.cells)), key=lambda index: len(row.cells[index]))
        if len(row.cells[longest]) <= LONGEST_CELL:
            return False
        self.unread_rows += 1
        self.lost.update(cell.strip() for cell in row.cells if len(cell) < 400)
        if "TAB006" in self.teller.codes:
            named = longest < self.layout.width and len(row.cells) == self.layout.width
            label = self.layout.labels[longest] if named else cell_name(longest, row.number)
            place = Place(path=self.source.path, sheet=self.source.sheet, row=row.number, line=row.line)
            self.gathered.add(
                "TAB006",
                "",
                "huge",
                number=row.number,
                place=place.but(quote=row.cells[longest][:80]),
                says=_HUGE.having(column=label, length=len(row.cells[longest]), limit=LONGEST_CELL),
                values={"length": len(row.cells[longest]), "limit": LONGEST_CELL},
                key=row.cells[longest][:200],
            )
        return True

    def _shape(self, row: Row, *, unclosed: bool = False, last: bool = False) -> Shape | None:
        if len(row.cells) == self.layout.width and not unclosed and not self.layout.trailing:
            return None
        if row.text is None and len(row.cells) < self.layout.width:
            return None  # a workbook leaves out the empty cells at the end of a row
        return mend(row.cells, self.layout, text=row.text, separator=self.separator, unclosed=unclosed, last=last)

    def _fitted(self, cells: Sequence[str]) -> list[str]:
        """The cells at the width of the header, when nothing is wrong with their number."""
        fitted = list(cells[: self.layout.width])
        if self.layout.trailing and fitted:
            fitted[-1] = fitted[-1].rstrip(self.layout.trailing[0] + " ")
        return fitted + [""] * (self.layout.width - len(fitted))

    def _told_shape(self, row: Row, shape: Shape) -> None:
        if "TAB006" in self.teller.codes:
            self.gathered.add(
                "TAB006",
                "",
                shape.cause,
                number=row.number,
                place=self.source.place(row),
                says=shape.says,
                values={"found": len(row.cells), "width": self.layout.width, "read": shape.cells is not None},
                key="\0".join(row.cells)[:400],
            )

    def _is_aside(self, row: Row, cells: Sequence[str]) -> bool:
        """A total row, or a line of text under the table: not data."""
        if not self._official:
            if self._is_heading(row, cells):
                return True
            if is_total(cells, self._siret) and any(not is_blank(cells[i]) for i in self._money):
                self._add_total(row.number, label_of(cells))
                if self.crossings is not None:
                    self.crossings.look(row, cells, whole=True)
                return True
        if sum(map(bool, cells)) * 2 > len(cells) + 2:
            return False
        filled = [index for index, cell in enumerate(cells) if not is_blank(cell)]
        if not filled:
            return True
        texts = [cells[i] for i in filled[:2]]
        placed = {item.index: item for item in self.layout.placed}
        if self._official and any(TOTAL_WORDS.match(text[:40]) for text in texts) and len(filled) * 2 <= len(cells) + 2:
            amounts = [
                i for i in filled if i in placed and placed[i].column.holds in ("amount", "base", "cap", "total")
            ]
            if amounts:
                self._add_total(row.number, texts[0])
                return True
        if len(filled) == 1 and len(cells) > 2 and len(cells[filled[0]]) > 12:
            text = cells[filled[0]]
            if "TAB006" in self.teller.codes and not any(c.isdigit() for c in text[-6:]) | (self.notes > 50):
                self.gathered.add(
                    "TAB006",
                    "",
                    "note",
                    number=row.number,
                    place=self.source.place(row),
                    says=_NOTE.having(text=text[:80]),
                    values={},
                    key=text[:200],
                    state="unknown",
                )
            self.notes += 1
            return True
        return False

    def _add_total(self, number: int, label: str) -> None:
        self.totals.append(_Total(number, label.strip()[:120]))

    def _is_heading(self, row: Row, cells: Sequence[str]) -> bool:
        """The header again, on another page or for another section; other columns than the first ones end what is
        read, since nothing below them is where it is looked for."""
        if any(c.isdecimal() for cell in cells for c in cell[:1]):
            return False
        named = [item for item in self.layout.placed if not is_blank(cells[item.index])]
        if not named:
            return False
        same = [fold_name(cells[item.index][:100]) == fold_name(item.label[:100]) for item in named]
        if len(named) > 1 and all(same):
            self.headings.add(row.number)
            return True
        if known_names(cells) < 2:
            return False
        self.stopped = row.number
        self.gathered.add(
            "TAB006",
            "",
            "heading",
            number=row.number,
            place=self.source.place(row),
            says=_OTHER_HEADING.having(row=row.number),
            values={},
            key="\0".join(cells)[:200],
            state="unknown",
        )
        return True

    def _cells(self, row: Row, cells: Sequence[str], mended: bool, doubtful: Collection[int] | None) -> None:
        codes = self.teller.codes
        nonblank = self.nonblank
        for index, column, placed in self._placed:
            cell = cells[index]
            if not cell[:1].isalnum() and is_blank(cell):
                kind = row.kinds.get(index)
                if kind == "formula":
                    self._gather(row, cells, placed, "TAB001", "formula", _FORMULA, mended, state="unknown")
                elif column.filled and "TAB001" in codes and kind != "merged":
                    # A number in merged cells counts once, in the first; it is not missing from the others.
                    self._gather(row, cells, placed, "TAB001", "empty", _MISSING, mended)
                continue
            nonblank[index] += 1
            if doubtful is not None and index not in doubtful:
                continue
            holds = column.holds
            if holds == "text":
                if column.longest is None or (len(cell) <= column.longest and column.name != "conditionsVersement"):
                    continue
                fault = fault_of_cell(column, cell, official=self._official)
            elif mended and holds == "amount":
                # The comma that cut the row in two was told with the row.
                fault = fault_of_cell(column, unmangled(cell), official=False)
            elif holds in _REPEATED:
                fault = self._repeated(column, cell)
            else:
                fault = fault_of_cell(column, cell, official=self._official, kind=row.kinds.get(index))
            if fault is None or fault.code not in codes:
                continue
            if fault.cause == "zero" and (self._in_kind(cells) or (self._official and column.name != "montant")):
                continue  # no money was given; or a cost, or a request, of nothing
            if holds == "amount" and not self._official:
                fault = self._as_met(fault, placed, cells)
                if fault is None:
                    continue
            self._gather(row, cells, placed, fault.code, fault.cause, fault.message(placed.label, cell), mended, fault)
        self._beneficiary_known(row, cells, mended)
        self._decision(row, cells, mended)
        if self._imputation is not None and not is_blank(cells[self._imputation]):
            if self._wants_charges:
                self.charge_of(row, cells)
            else:
                self.charges += 1
        self._texts(row, cells, mended)
        if self.agreements is not None:
            self.agreements.look(row, cells)
        if self.crossings is not None:
            self.crossings.look(row, cells)
        self._conventions(row, cells)

    def _as_met(self, fault: Fault, placed: Placed, cells: Sequence[str]) -> Fault | None:
        """A fault of an amount in a table that no schema rules: what such tables write on purpose is not one."""
        several = placed.own or sum(item.column.holds == "amount" for item in self.layout.placed) > 1
        if fault.cause == "decimals" and self.scale(placed):
            return None
        if fault.cause == "zero" and several:
            return None  # nothing that year, or nothing granted of what was asked
        if fault.cause == "negative":
            if any(_PAID_BACK.search(cell[:200]) for cell in cells):
                return None
            return replace(fault, state="unknown") if several else fault
        if fault.cause == "unreadable":
            if says_nothing(cells[placed.index]):
                return None
            if placed.own or says_not_yet(cells[placed.index]):
                return replace(fault, state="unknown")
        return fault

    def _repeated(self, column: Column, cell: str) -> Fault | None:
        """The fault of a cell of a kind that repeats (a date, a choice), worked out once for each value."""
        key = (column.name, cell)
        known = self.faults.get(key, _UNSEEN)
        if known is not _UNSEEN:
            return known  # type: ignore[return-value]
        fault = fault_of_cell(column, cell, official=self._official)
        if len(self.faults) < MEMO:
            self.faults[key] = fault
        return fault

    def _in_kind(self, cells: Sequence[str]) -> bool:
        index = self.layout.index("nature")
        return index is not None and "aide en nature" in cells[index]

    def _gather(
        self,
        row: Row,
        cells: Sequence[str],
        placed: Placed,
        code: str,
        cause: str,
        says: Message,
        mended: bool,
        fault: Fault | None = None,
        state: Literal["broken", "unknown"] = "broken",
    ) -> None:
        if code not in self.teller.codes:
            return
        index = placed.index
        cell = cells[index]
        values: dict[str, Any] = {"column": placed.label, "value": cell[:400] if len(cell) > 400 else cell}
        if fault is not None and fault.meant is not None:
            values["meant"] = fault.meant
        if mended:
            values["repaired"] = True
        who = self.who(cells)
        if who:
            values["beneficiary"] = who
        self.gathered.add(
            code,
            placed.label,
            cause,
            number=row.number,
            place=self.place(row, cells, index),
            says=says.having(column=placed.label) if fault is None else says,
            values=values,
            key=f"{self.reference(cells)}\0{who}\0{placed.label}\0{cell[:200]}",
            state=state if fault is None else fault.state,
        )

    def place(self, row: Row, cells: Sequence[str], index: int) -> Place:
        if len(row.cells) == len(cells) and index < len(row.cells) and row.cells[index] == cells[index]:
            return self.source.place(row, index)
        return self.source.place(row).but(quote=cells[index][:400])

    def who(self, cells: Sequence[str]) -> str:
        return cells[self._beneficiary].strip()[:120] if self._beneficiary is not None else ""

    def reference(self, cells: Sequence[str]) -> str:
        return cells[self._ref].strip() if self._ref is not None else ""

    def _beneficiary_known(self, row: Row, cells: Sequence[str], mended: bool) -> None:
        if not self._official or self._siret is None or "ID002" not in self.teller.codes:
            return
        if is_blank(cells[self._siret]) and (self._rna is None or is_blank(cells[self._rna])):
            if row.kinds.get(self._siret) in ("merged", "formula"):
                return
            placed = self.layout.get("idBeneficiaire")
            assert placed is not None
            says = _NO_IDENTIFIER.having(who=self.who(cells) or "?")
            self._gather(row, cells, placed, "ID002", "missing", says, mended)

    # -- decisions --------------------------------------------------------------------------------------------------

    def _decision(self, row: Row, cells: Sequence[str], mended: bool) -> None:
        if self.sink is None or self._ref is None or self._share is None:
            return
        key = cells[self._ref].strip()
        if not key:
            return
        authority = cells[self._authority].strip() if self._authority is not None else ""
        share = plain_share(cells[self._share])
        cents = plain_amount(cells[self._amount]) if self._amount is not None else 0
        if share is None:
            self.sink.add_odd(key, row.number, authority)
        elif cents is not None:
            self.sink.add(key, row.number, cents, share[0], share[1], authority)
        elif mended or can_count(amount_in(cells[self._amount or 0])):
            self.sink.add_odd(key, row.number, authority)
        else:
            self.sink.add_unpriced(key, row.number, share[0], share[1], authority)

    def member(self, row: Row) -> tuple[str, Member | None]:
        """The reference of a row, and the row as its decision sees it; ``None`` when it cannot be put right."""
        shape = self._shape(row, unclosed=self._is_cut(row))
        cells: Sequence[str] = row.cells
        if shape is not None:
            if shape.cells is None:
                return "", None
            cells = shape.cells
        elif len(cells) != self.layout.width or self.layout.trailing:
            cells = self._fitted(cells)
        share_at, amount_at = self._share, self._amount
        assert share_at is not None
        amount = None
        if amount_at is not None:
            written = cells[amount_at]
            amount = amount_in(unmangled(written)) if shape is not None else amount_in(written)

        def locate(share: bool) -> Place:
            return self.place(row, cells, share_at if share or amount_at is None else amount_at)

        return self.reference(cells), Member(
            row.number,
            cells[self._authority].strip() if self._authority is not None else "",
            amount,
            share_in(cells[share_at]),
            locate,
        )

    def _is_cut(self, row: Row) -> bool:
        return bool(getattr(self.source, "is_cut", _never)(row.number))

    def decided(
        self, meaning: Understanding, outcome: Outcome, again: Callable[[Sequence[int]], Iterable[Row]]
    ) -> None:
        """Counts the decisions that hold or cannot be told, and judges the others."""
        tally = self.teller.tally
        codes = self.teller.codes
        percentages: Counter[str] = Counter(outcome.percentages)
        undecided = _undecided(tally)
        for state, times in outcome.shares.items():
            if not times:
                continue
            tally.claim("shares_total", state, times)
            if "SUM002" in codes:
                tally.rule("SUM002", state, times)
        tied = 2 * outcome.percentages["holds"]
        for reference, members in self._by_reference(outcome.suspects, again):
            valid = [is_siret(member.authority) for member in members]
            for group, reason in by_authority(members, valid):
                if reason is None and (self.lost_all or reference in self.lost):
                    reason = _LOST
                decision = judge_decision(group, meaning, shown=self.every_row or reason is not None)
                percentages.update(self._tell_decision(decision, reference, reason))
        for state, times in percentages.items():
            if times:
                tally.claim("percentage", state, times)
                if "PCT001" in codes and state != "broken":
                    tally.rule("PCT001", state, times)
        tally.tied += tied
        undecided = _undecided(tally) - undecided
        if undecided:
            complete = self.settings.tables.decisions == "complete"
            self.remarks["undecided"] = (_UNDECIDED if complete else _INCOMPLETE).having(count=undecided)

    def _by_reference(
        self, suspects: Iterable[Sequence[int]], again: Callable[[Sequence[int]], Iterable[Row]]
    ) -> Iterator[tuple[str, list[Member]]]:
        """The rows of each decision, by the reference that is written: rows gathered by a mark may have several."""
        of = {number: group for group, numbers in enumerate(suspects) for number in numbers}
        for _, rows in groupby(again(list(of)), lambda row: of[row.number]):
            found: dict[str, list[Member]] = {}
            for row in rows:
                reference, member = self.member(row)
                if member is not None:
                    found.setdefault(reference, []).append(member)
            yield from found.items()

    def _tell_decision(self, decision: decisions.Decision, reference: str, reason: Message | None) -> Counter[str]:
        total = decision.total
        if reason is not None and total is not None:
            self.teller.judgement(
                replace(total, state="unknown", reason=reason), key=f"{reference}\0total", only="SUM002"
            )
            return Counter({"unknown": sum(decision.states.values())})
        if total is not None:
            self.teller.judgement(total, key=f"{reference}\0total", only="SUM002")
        else:  # it holds: only counted
            self.teller.tally.claim("shares_total", "holds")
            if "SUM002" in self.teller.codes:
                self.teller.tally.rule("SUM002", "holds")
        for judged in decision.shares:
            self.teller.judgement(judged, key=f"{reference}\0{judged.claim.place.quote}", count=False)
        if decision.unequal and "AMT003" in self.teller.codes:
            amounts = [m.amount for m in decision.members if m.amount is not None]
            self.teller.trouble(
                Trouble(
                    code="AMT003",
                    place=decision.members[0].locate(False),
                    says=_UNEQUAL.having(reference=reference, amounts=amounts[:8]),
                    values={"rows": [m.number for m in decision.members], "amounts": [a.plain for a in amounts]},
                    key=reference,
                )
            )
        return decision.states

    # -- imputations, texts, rates ------------------------------------------------------------------------------------

    def year_of(self, year: str | None, day: str | None) -> int | None:
        """The budget year of a row: its own column, else the settings, else the year of its convention."""
        if year is not None:
            found = re.match(r"(?:19|20)[0-9]{2}", year.strip())
            if found:
                return int(found[0])
        if self.settings.fiscal_year is not None:
            return self.settings.fiscal_year
        if day is not None:
            found = re.match(r"(?:19|20)[0-9]{2}(?=-)", day.strip())
            if found:
                return int(found[0])
        return None

    def charge_of(self, row: Row, cells: Sequence[str]) -> None:
        """Judges the imputation of a row; the ones that hold are remembered."""
        assert self._imputation is not None
        raw = cells[self._imputation]
        if not self.knows_more_than_shape and not self.every_row and _SURE_SHAPE.fullmatch(raw):
            self.charges += 1
            return
        year = self.year_of(
            cells[self._year] if self._year is not None else None,
            cells[self._date] if self._date is not None and self._official else None,
        )
        self.charges += 1
        self.charges_judged += 1
        key = (self.memo_key(raw), year)
        known = self.memo.get(key)
        if known is not None:
            for code, state in known:
                self.teller.tally.rule(code, state)
            return
        place = self.place(row, cells, self._imputation)
        charge, context = self._charge(raw, year, place), self._context(year)
        states = self.teller.charge(charge, context, f"{self.reference(cells)}\0{self.who(cells)}\0{raw}")
        if states is not None and len(self.memo) < MEMO:
            self.memo[key] = states

    def held(self, raw: str, year: str | None, day: str | None) -> bool:
        """True when that imputation was already judged for that year and nothing was found; it is then counted."""
        states = self.memo.get((self.memo_key(raw), self.year_of(year, day)))
        if states is None:
            return False
        for code, state in states:
            self.teller.tally.rule(code, state)
        return True

    def silent(self, cells: Sequence[str]) -> tuple[tuple[str, str], ...] | None:
        """What the rules say of the imputation of a row when none of it is to be told, else ``None``. Tells nothing."""
        assert self._imputation is not None
        raw = cells[self._imputation]
        year = self.year_of(
            cells[self._year] if self._year is not None else None,
            cells[self._date] if self._date is not None and self._official else None,
        )
        key = (self.memo_key(raw), year)
        states = self.memo.get(key)
        if states is None:
            scratch = self.teller.aside()
            states = scratch.charge(self._charge(raw, year, Place(path=self.source.path)), self._context(year), "")
            if states is not None and len(self.memo) < MEMO:
                self.memo[key] = states
        return states

    def _context(self, year: int | None) -> Context:
        known = self.contexts.get(year)
        if known is None:
            known = self.contexts[year] = replace(self.teller.context, fiscal_year=year)
        return known

    def _charge(self, raw: str, year: int | None, place: Place) -> Charge:
        try:
            imputation = parse_imputation(raw, fiscal_year=year, nomenclature=self.settings.nomenclature)
        except ImputationError as error:
            return Charge(raw=raw, imputation=None, place=place, strict=True, trouble=error.reason)
        return Charge(raw=raw, imputation=imputation, place=place, strict=True)

    @property
    def leaves_out(self) -> bool:
        """True when a row seen to be right need not be judged: an official table, and rules that are known."""
        return self._official and not self.every_row and not self.layout.trailing

    def memo_key(self, raw: str) -> str:
        """What two imputations share when every rule says the same of them: all but the body's own first segment."""
        head, mark, rest = raw.partition("/")
        if mark and len(head) == 4 and head[0].isupper() and head[1:].isdecimal() and raw.isascii():
            return "/" + rest
        return raw

    def _texts(self, row: Row, cells: Sequence[str], mended: bool) -> None:
        if not (self._wants_payments or self._wants_claims):
            return
        for index in self._conditions:
            text = cells[index]
            if not may_announce(text) or len(text) < 12:
                continue
            place = self.place(row, cells, index)
            if self._wants_payments and self._amount is not None and index == self._conditions[0]:
                amount = amount_in(unmangled(cells[self._amount]))
                if amount is not None and amount.n > 0:
                    self._payments(row, text, amount, place, cells, mended)
            if self._wants_claims and self.read_text is not None and index == self._conditions[0]:
                for claim in self.read_text(unmangled(text), place):
                    here = replace(claim, place=place.but(quote=(claim.place.quote or text)[:400]))
                    judged = judge(here)
                    self.teller.judgement(judged, key=f"{self.reference(cells)}\0{self.who(cells)}\0{text[:200]}")

    def _payments(self, row: Row, text: str, amount: Amount, place: Place, cells: Sequence[str], mended: bool) -> None:
        judged = judge_payments(text, amount, place)
        if judged is None:
            return
        self.teller.tally.claim(judged.claim.kind, judged.state)
        if judged.state == "holds":
            self.teller.tally.rule("PAY001", "holds")
            return
        self.teller.judgements.append(judged)
        self.teller.trouble(
            Trouble(
                code="PAY001",
                place=place,
                says=_PAYMENTS.having(working=judged.working),
                values={**judged.claim.values(), **judged.values, "repaired": mended, "beneficiary": self.who(cells)},
                state="broken" if judged.state == "broken" else "unknown",
                key=f"{self.reference(cells)}\0{self.who(cells)}\0{text[:200]}",
            )
        )

    def hidden(self, row: Row, column: int) -> Hidden | None:
        of: Callable[[int, int], Hidden | None] | None = getattr(self.source, "hidden", None)
        return None if of is None else of(row.number, column)

    def _conventions(self, row: Row, cells: Sequence[str]) -> None:
        if not self._wants_grants or self._amount is None:
            return
        amount = amount_in(cells[self._amount])
        if amount is None or amount.n <= 0:
            return
        day = cells[self._date] if self._date is not None else ""
        if not self.every_row and (not self._official or not is_blank(day)):
            return
        self.teller.grant(
            Grant(
                place=self.place(row, cells, self._amount),
                amount=amount,
                convention=None if is_blank(day) else True,
                beneficiary=self.who(cells) or None,
                reference=self.reference(cells) or None,
            ),
            replace(self.teller.context, fiscal_year=self.year_of(None, None)),
        )

    # -- totals -----------------------------------------------------------------------------------------------------

    def added_up(self, rows: Iterable[Row], after: int) -> None:
        """Holds each total row against the rows above it; ``rows`` are all the rows of the table again."""
        if not self.totals or "SUM004" not in self.teller.codes:
            return
        marks = {total.number: total for total in self.totals}
        amounts = [
            item
            for item in self.layout.placed
            if item.column.holds in ("amount", "base", "cap", "total") and adds_up(item.label)
        ]
        # Details (« dont … ») and amounts carried over a page are as a rule no rows to add; `whole` adds them too.
        plain = {item.index: Sums() for item in amounts}
        whole = {item.index: Sums() for item in amounts}
        waiting: dict[int, tuple[Callable[[], None], Added, Sums]] = {}
        for row in rows:
            if row.number <= after:
                continue
            if self.stopped is not None and row.number >= self.stopped:
                break
            if row.number in self.headings:
                for each in (*plain.values(), *whole.values()):
                    each.begin()
                continue
            cells = self._fitted(row.cells)
            total = marks.get(row.number)
            kind = kind_of_row(cells) if total is None else "row"
            unnamed = total is None and not self._official and not label_of(cells)
            held = False
            for item in amounts:
                cell, value = cells[item.index], None
                if is_blank(cell) and row.kinds.get(item.index) not in ("formula", "error"):
                    continue
                held = True
                if not self._official and says_nothing(cell):
                    continue
                amount = scaled(cell, self.scale(item))
                if amount is not None and amount.decimals <= 2 + amount.exponent:  # else a formula's own decimals
                    value = Added.of(amount, self.hidden(row, item.index))
                sums = plain[item.index], whole[item.index]
                if total is not None:
                    if value is not None:
                        self._wait_over(waiting.pop(item.index, None))
                        tell = self._total(row, cells, item, total, value, sums)
                        if tell is not None:  # perhaps the total of the rows below it
                            waiting[item.index] = tell, value, Sums()
                        for each in sums:
                            each.total(value)
                elif unnamed and value is not None and sums[0].every.count > 1 and sums[0].may_be(value):
                    # Figures without a name, that are the sum of those above: a total that does not say so.
                    self.teller.tally.claim("sum", "holds")
                    self.teller.tally.rule("SUM004", "holds")
                    for each in sums:
                        each.total(value)
                else:
                    if kind == "row":
                        sums[0].add(value)
                        if item.index in waiting:
                            waiting[item.index][2].add(value)
                    sums[1].add(value)
            if not held or total is not None or kind == "carried":
                for each in (*plain.values(), *whole.values()):
                    each.begin()
        for index in list(waiting):
            self._wait_over(waiting.pop(index))

    def _wait_over(self, waiting: tuple[Callable[[], None], Added, Sums] | None) -> None:
        """The rows below a total are read: it was theirs, or it is told."""
        if waiting is None:
            return
        tell, value, below = waiting
        if not below.unread and below.every.added is not None and below.every.added.agrees(value):
            self.teller.tally.claim("sum", "holds")
            self.teller.tally.rule("SUM004", "holds")
        else:
            tell()

    def _total(
        self, row: Row, cells: Sequence[str], item: Placed, total: _Total, value: Added, readings: tuple[Sums, Sums]
    ) -> Callable[[], None] | None:
        """Counts a total that holds; else gives what tells that it does not, or that it cannot be told."""
        tally = self.teller.tally
        if any(sums.may_be(value) for sums in readings):
            tally.claim("sum", "holds")
            tally.rule("SUM004", "holds")
            return None

        def unknown() -> None:
            tally.claim("sum", "unknown")
            tally.rule("SUM004", "unknown")

        found = [one for one in (sums.nearest(value) for sums in readings) if one is not None]
        nearest = min(found, key=lambda one: abs(one[1].value - value.value), default=None)
        if nearest is None or any(sums.unread for sums in readings) or "arrond" in total.label.lower():
            return unknown
        count, added = nearest
        sums_to, gap = (
            replace(value.amount, n=int(figure * 100), decimals=2, exponent=0, text="")
            for figure in (added.value, abs(added.value - value.value))
        )
        working = (_ADDED if count > 1 else _ADDED_ONE).having(count=count, sum=sums_to, total=value.amount, gap=gap)
        trouble = Trouble(
            code="SUM004",
            place=self.place(row, cells, item.index),
            says=_TOTAL.having(label=total.label, column=item.label, working=working),
            values={"column": item.label, "total": value.amount.plain, "sum": str(added.value), "count": count},
            key=f"{total.label}\0{item.label}",
        )

        def broken() -> None:
            tally.claim("sum", "broken")
            self.teller.trouble(trouble)

        return broken

    def scale(self, item: Placed) -> int:
        """What the figures of a column are thousands or millions of, if its heading or the table's title says so."""
        if self._official:
            return 0
        return scale_of(item.label) or self.layout.scale


def _undecided(tally: Tally) -> int:
    states = tally.kinds.get("shares_total")
    return 0 if states is None else states.get("unknown", 0)


def _never(number: int) -> bool:
    return False


def header_place(source: RowSource, row: Row, index: int) -> Place:
    """The place of one cell of the header; a workbook's gets its name."""
    place = source.place(row, index)
    if source.sheet is not None and place.cell is None:
        return place.but(cell=cell_name(index, row.number), sheet=source.sheet)
    return place
