"""What the figures of one row say of each other: its rate, its base and its ceiling; its amounts before and after tax.

A column says what it is by its heading only, and headings are short: « Taux » may be the rate of the subsidy, of the
tax, or of the change since last year. So a disagreement is kept until the table is read: where most rows disagree, the
heading means something else, which is told once, as a doubt.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING, Final, Literal

from subsidy_rules.claims import CENT, Judgement, Share, Taxed, judge
from subsidy_rules.facts import Trouble
from subsidy_rules.figures import Amount, Percentage
from subsidy_rules.place import Place
from subsidy_rules.rowstream import Row
from subsidy_rules.tables.cells import amount_in, is_blank, rates_in
from subsidy_rules.tables.columns import Layout
from subsidy_rules.tables.schema import fold_name
from subsidy_rules.tables.totals import says_not_yet, says_nothing, scale_of, scaled
from subsidy_rules.wording import Message

if TYPE_CHECKING:
    from subsidy_rules.tables.judging import Judge

__all__ = ["RateColumns", "RowAgreements", "TaxColumns", "other_figures", "reaches"]

MOST_KEPT: Final = 20_000
"""Rows that disagree, of one kind, that are kept to be told; beyond, they are only counted."""
MANY: Final = 3
"""Rows from which on a table in which most disagree is taken to mean something else."""

_NO_BASE_CODE: Final = re.compile(r"\A(?:id|nom|ref|date|objet|nature|type|libelle|n[0-9]|part|taux)")
_BASE: Final = re.compile(r"cout|budget|depense|assiette|base|devis|travaux|eligible|subventionnable|facture")
_NO_LIMIT: Final = re.compile(r"(?:sans|hors|pas de|aucun|non)\s.{0,20}(?:plafon|limit)|illimit", re.IGNORECASE)

_NEITHER: Final = Message(
    "« {value} » est écrit sans signe % : ni {value} % ni la part {value} ne s’accordent avec le montant et la base",
    "“{value}” is written without a % sign: neither {value}% nor the share {value} agrees with the amount and its base",
)
_CAPPED: Final = Message(
    "{rate} de {whole} dépasse le plafond : le montant est ce plafond, {part}",
    "{rate} of {whole} is over the ceiling: the amount is that ceiling, {part}",
)
_CAP_TOO: Final = Message(
    "{working} ; le plafond de {cap} ne l’explique pas non plus",
    "{working}; the ceiling of {cap} does not explain it either",
)
_CAP_UNREAD: Final = Message(
    "le plafond « {value} » n’a pas pu être lu, et il peut expliquer l’écart",
    "the ceiling “{value}” could not be read, and it may explain the gap",
)
_OTHER_RATE: Final = Message(
    "colonne « {column} » : le pourcentage n’est pas celui du montant et de la base sur {count} lignes, et l’est sur "
    "{held} ; elle dit sans doute autre chose (évolution, part d’un autre financeur…) et ses lignes ne sont pas "
    "signalées une à une",
    "column “{column}”: the percentage is not that of the amount and its base in {count} rows, and is in {held}; it "
    "probably says something else (a change, another funder’s share…) and its rows are not told one by one",
)
_OTHER_TAX: Final = Message(
    "colonne « {column} » : le montant TTC n’est pas le montant HT augmenté de la TVA sur {count} lignes, et l’est sur "
    "{held} ; ces colonnes ne portent sans doute pas sur la même dépense, et leurs lignes ne sont pas signalées une à "
    "une",
    "column “{column}”: the amount with tax is not the amount before tax plus the tax in {count} rows, and is in "
    "{held}; these columns probably are not about the same expense, and their rows are not told one by one",
)
_ADDED_TAX: Final = Message("{net} HT + {tax} de TVA = {gross} TTC", "{net} before tax + {tax} of tax = {gross}")
_WRONG_TAX: Final = Message(
    "{net} HT + {tax} de TVA = {right}, et non {gross} TTC (écart : {gap})",
    "{net} before tax + {tax} of tax = {right}, not {gross} (gap: {gap})",
)
_ANOTHER: Final = Message(
    "l’écart de {gap} est un autre montant de la ligne (remise, participation, éco-contribution ?)",
    "the gap of {gap} is another amount of the row (rebate, contribution, eco-tax?)",
)
_NO_TAX: Final = Message(
    "le montant TTC est le montant HT : la TVA n’est peut-être pas due, ou pas payée par le bénéficiaire",
    "the amount with tax is the amount before it: the tax is perhaps not due, or not paid by the beneficiary",
)
_ROUNDED: Final = Message(
    "les montants sont écrits sans centimes, et leur arrondi peut expliquer l’écart",
    "the amounts are written without cents, and their rounding may explain the gap",
)
_BY_LINE: Final = Message(
    "l’écart de {gap} peut venir d’une taxe arrondie ligne par ligne",
    "the gap of {gap} may come from a tax rounded line by line",
)


# -- which columns ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RateColumns:
    """The columns that a percentage of a row may be about, the likeliest first. ``caps`` bound the amount or its
    base."""

    rate: int
    parts: tuple[int, ...]
    wholes: tuple[int, ...]
    caps: tuple[int, ...]

    @classmethod
    def of(cls, layout: Layout) -> RateColumns | None:
        """``None`` for a table without a rate, or without what it may be the rate of."""
        rate, base, main = layout.index("taux"), layout.index("base"), layout.index("montant")
        caps = tuple(item.index for item in layout.placed if item.column.holds == "cap")
        if rate is None or main is None or (base is None and not caps):
            return None
        amounts = {item.index for item in layout.placed if item.column.holds == "amount"}
        # A table may give the whole cost and the part of it that counts, before tax and after.
        known = {item.index for item in layout.placed if item.column.holds not in ("amount", "base")}
        wholes = [base] if base is not None else []
        for index, label in enumerate(layout.labels):
            folded = fold_name(label)
            if index != base and index not in known and _BASE.search(folded) and not _NO_BASE_CODE.match(folded):
                wholes.append(index)
        parts = [main, *sorted(amounts - {main, *wholes})]
        asked = [index for index in parts[1:] if re.search(r"demand|sollicit", fold_name(layout.labels[index]))]
        return cls(rate, tuple(parts[:6]), tuple([*wholes, *asked][:8]), caps[:4])


_SPELLED: Final = (
    (re.compile(r"\bt\.\s?t\.\s?c\b\.?|\btoutes taxes(?: comprises)?"), "ttc"),
    (re.compile(r"\bh\.\s?t\b\.?|\bhors (?:taxes?|tva)\b"), "ht"),
    (re.compile(r"\bt\.\s?v\.\s?a\b\.?"), "tva"),
)
_FILLERS: Final = frozenset(
    ("montant", "montants", "de", "la", "le", "du", "des", "d", "l", "en", "euros", "euro", "eur", "prix", "taux")
)


def _words(label: str) -> list[str]:
    """The words of a heading, folded, with HT, TVA and TTC in their short form."""
    plain = unicodedata.normalize("NFD", label[:200].lower())
    text = "".join(char for char in plain if not unicodedata.combining(char))
    for pattern, word in _SPELLED:
        text = pattern.sub(f" {word} ", text)
    return re.findall(r"[a-z]+|[0-9]{4}", text)


@dataclass(frozen=True, slots=True)
class TaxColumns:
    """The columns of one expense before tax and after it; ``tax`` is the amount or the rate of the tax, ``rate`` its
    rate."""

    net: int
    gross: int
    tax: int | None
    rate: int | None

    @classmethod
    def of(cls, layout: Layout) -> tuple[TaxColumns, ...]:
        """Each group of columns whose headings say the same but for HT, TVA and TTC."""
        found: dict[tuple[str, tuple[str, ...]], list[int]] = {}
        for index, label in enumerate(layout.labels):
            words = _words(label)
            said = {"ht", "ttc", "tva"} & set(words)
            if len(said) != 1:
                continue
            (kind,) = said
            if kind == "tva" and "taux" in words:
                kind = "rate"
            stem = tuple(word for word in words if word not in _FILLERS and word not in said)
            found.setdefault((kind, stem), []).append(index)
        stems = [stem for kind, stem in found if kind == "ht" and ("ttc", stem) in found]
        groups = []
        for stem in stems:

            def only(kind: str, stem: tuple[str, ...] = stem) -> int | None:
                columns = found.get((kind, stem), []) or (found.get((kind, ()), []) if len(stems) == 1 else [])
                return columns[0] if len(columns) == 1 else None

            net, gross, tax, rate = only("ht"), only("ttc"), only("tva"), only("rate")
            if net is not None and gross is not None and not (tax is None and rate is None):
                groups.append(cls(net, gross, tax, rate))
        return tuple(groups)


# -- figures of a row that may explain a gap --------------------------------------------------------------------------

_IN_TEXT: Final = re.compile(
    r"[0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3}){1,3}(?:[.,][0-9]{1,2})?|[0-9]{1,12}(?:[.,][0-9]{1,2})?"
)
LOOKED_AT: Final = 40


def other_figures(cells: Sequence[str], but: Sequence[int]) -> list[Fraction]:
    """The figures that a row holds elsewhere, in cells of their own or in words: « dont 300 € en nature »."""
    found: list[Fraction] = []
    for index, cell in enumerate(cells):
        if index in but or is_blank(cell):
            continue
        amount = amount_in(cell) if len(cell) < 40 else None
        if amount is not None:
            found.append(abs(amount.fraction))
        else:
            bare = (re.sub(r"[ \u00a0\u202f]", "", figure) for figure in _IN_TEXT.findall(cell[:400]))
            found.extend(Fraction(figure.replace(",", ".")) for figure in bare)
        if len(found) >= LOOKED_AT:
            break
    return [figure for figure in found[:LOOKED_AT] if figure]


def reaches(gap: Fraction, figures: Sequence[Fraction]) -> bool:
    """True when one or two of these figures, added or taken away, make that gap."""
    wanted = abs(gap)
    if wanted in figures:
        return True
    return any(wanted in (one + other, abs(one - other)) for one, other in combinations(figures, 2))


# -- the rows ---------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Kept:
    """The claims of one kind on rows: how many hold, and those that are broken, until the table is read."""

    held: int = 0
    broken: list[tuple[Judgement, str]] = field(default_factory=list)
    more: int = 0

    @property
    def count(self) -> int:
        return len(self.broken) + self.more

    @property
    def means_another_thing(self) -> bool:
        return self.count >= MANY and self.count > self.held


@dataclass(slots=True)
class RowAgreements:
    """Judges the figures of each row together. One for each table that no schema rules."""

    judge: Judge
    rates: RateColumns | None
    taxes: tuple[TaxColumns, ...]
    _kept: dict[tuple[str, int], _Kept] = field(default_factory=dict)

    @classmethod
    def of(cls, judge: Judge) -> RowAgreements | None:
        """``None`` when the table has nothing of the kind, or no rule of the run asks for it."""
        layout, teller = judge.layout, judge.teller
        if layout.kind == "scdl":
            return None
        rates = RateColumns.of(layout) if teller.on("percentage") else None
        taxes = TaxColumns.of(layout) if teller.on("tax") else ()
        return cls(judge, rates, taxes) if rates is not None or taxes else None

    def look(self, row: Row, cells: Sequence[str]) -> None:
        """Judges one row."""
        if self.rates is not None:
            self._rate(self.rates, row, cells)
        for columns in self.taxes:
            self._tax(columns, row, cells)

    def tell(self) -> None:
        """Tells what the rows gave, once they are all read."""
        teller = self.judge.teller
        for (kind, column), kept in self._kept.items():
            if not kept.means_another_thing:
                for judged, key in kept.broken:
                    teller.judgement(judged, key=key)
                self._count(kind, "broken", kept.more)
                continue
            self._count(kind, "unknown", kept.count - 1)
            first = kept.broken[0][0]
            label = self.judge.layout.labels[column]
            teller.tally.claim(kind, "unknown")
            teller.trouble(
                Trouble(
                    code="PCT001" if kind == "percentage" else "TAX001",
                    place=first.claim.place,
                    says=(_OTHER_RATE if kind == "percentage" else _OTHER_TAX).having(
                        column=label, count=kept.count, held=kept.held
                    ),
                    values={"column": label, "count": kept.count, "held": kept.held},
                    state="unknown",
                    key=f"column\0{fold_name(label)}",
                )
            )
        self._kept.clear()

    def _count(self, kind: str, state: Literal["broken", "unknown"], times: int) -> None:
        if times > 0:
            tally, teller = self.judge.teller.tally, self.judge.teller
            tally.claim(kind, state, times)
            code = "PCT001" if kind == "percentage" else "TAX001"
            if code in teller.codes:
                tally.rule(code, state, times)

    def _told(self, judged: Judgement, column: int, row: Row, cells: Sequence[str]) -> None:
        judge = self.judge
        key = f"{judge.reference(cells)}\0{judge.who(cells)}\0{judge.layout.labels[column]}"
        kept = self._kept.setdefault((judged.claim.kind, column), _Kept())
        if judged.state == "broken" and judged.remark != "truncated":
            if len(kept.broken) < MOST_KEPT:
                kept.broken.append((judged, key))
            else:
                kept.more += 1
            return
        kept.held += judged.state == "holds"
        judge.teller.judgement(judged, key=key)

    def _amounts(self, row: Row, cells: Sequence[str], index: int) -> list[Amount]:
        """The amount of a cell as it is shown, and as it is stored where that is more; none when there is none."""
        judge, cell = self.judge, cells[index]
        if is_blank(cell):
            return []
        scale = scale_of(judge.layout.labels[index]) or judge.layout.scale
        found = [scaled(cell, scale)]
        hidden = judge.hidden(row, index)
        if hidden is not None and hidden.stored != cell:
            found.append(scaled(hidden.stored, scale))
        # What a cell says of its tax (« 1 000 € HT ») its heading says too.
        return [replace(amount, tax=None) for amount in found if amount is not None]

    # -- percentages --------------------------------------------------------------------------------------------------

    def _rate(self, columns: RateColumns, row: Row, cells: Sequence[str]) -> None:
        """A row that gives an amount, its base and a percentage says that they agree; a ceiling may bound either."""
        main, rate = columns.parts[0], columns.rate
        if is_blank(cells[rate]) or is_blank(cells[main]) or says_nothing(cells[main]):
            return
        base = next((index for index in (*columns.wholes, *columns.caps) if not is_blank(cells[index])), None)
        if base is None or (columns.wholes and base != columns.wholes[0] and base not in columns.caps):
            return
        place = self.judge.place(row, cells, rate)
        claim = Share(place=place, stated=None, part=None, whole=None, topic="row", confidence="medium")
        readings = rates_in(cells[rate], row.kinds.get(rate), self.judge.hidden(row, rate))
        parts = [amount for index in columns.parts for amount in self._amounts(row, cells, index)]
        wholes = [amount for index in columns.wholes for amount in self._amounts(row, cells, index)]
        caps = [amount for index in columns.caps for amount in self._amounts(row, cells, index) if amount.n > 0]
        if not wholes and base in columns.caps:
            wholes = caps
        shown = self._amounts(row, cells, main)
        if not readings or not shown or not wholes:
            unread = replace(claim, part=shown[0] if shown else None, whole=wholes[0] if wholes else None)
            self._told(judge(unread), rate, row, cells)
            return
        first: Judgement | None = None
        for reading in readings:
            for judged in _tried(replace(claim, stated=reading.rate), parts, wholes, caps):
                if judged.state == "holds":
                    if reading.says is not None:
                        self._says_reading(reading.says, rate, place)
                    self._told(judged, rate, row, cells)
                    return
                if first is None or (judged.remark == "truncated" and first.remark is None):
                    first = judged
        assert first is not None
        if first.state == "broken" and first.remark is None:
            first = self._neither(first, readings_count=len(readings), columns=columns, cells=cells, caps=caps)
        elif first.state == "unknown":
            first = judge(first.claim)
        if readings[0].says is not None and first.state != "unknown":
            self._says_reading(readings[0].says, rate, place)
        self._told(first, rate, row, cells)

    def _neither(
        self, broken: Judgement, *, readings_count: int, columns: RateColumns, cells: Sequence[str], caps: list[Amount]
    ) -> Judgement:
        """A percentage that neither its amounts nor a ceiling explain; a doubt that is left makes it unknown."""
        value = cells[columns.rate].strip()[:40]
        if readings_count > 1:
            return judge(replace(broken.claim, doubt=_NEITHER.having(value=value)))
        for index in columns.caps:
            cell = cells[index]
            if is_blank(cell) or says_nothing(cell) or _NO_LIMIT.search(cell[:60]):
                continue
            if amount_in(cell) is None or says_not_yet(cell):
                return judge(replace(broken.claim, doubt=_CAP_UNREAD.having(value=cell.strip()[:40])))
        if not caps:
            return broken
        return replace(broken, working=_CAP_TOO.having(working=broken.working, cap=caps[0]))

    def _says_reading(self, says: Message, rate: int, place: Place) -> None:
        judge = self.judge
        judge.remarks.setdefault(says.fr, says.having(column=judge.layout.labels[rate], cell=place.quote))

    # -- taxes --------------------------------------------------------------------------------------------------------

    def _tax(self, columns: TaxColumns, row: Row, cells: Sequence[str]) -> None:
        """Amount before tax + tax = amount after it; and the rate of the tax, where the row gives it."""
        said = [columns.tax, columns.rate]
        given = [index for index in said if index is not None and not is_blank(cells[index])]
        if is_blank(cells[columns.net]) or is_blank(cells[columns.gross]) or not given:
            return
        nets, grosses = self._amounts(row, cells, columns.net), self._amounts(row, cells, columns.gross)
        place = self.judge.place(row, cells, columns.gross)
        claim = Taxed(place=place, net=None, rate=None, gross=None, topic="row")
        if not nets or not grosses:
            if not (says_nothing(cells[columns.net]) or says_nothing(cells[columns.gross])):
                self._told(judge(claim), columns.gross, row, cells)
            return
        tried = [
            judged
            for net in nets
            for gross in grosses
            for judged in self._taxed(replace(claim, net=net, gross=gross), columns, row, cells)
        ]
        if not tried:
            return
        judged = next((one for one in tried if one.state == "holds"), tried[0])
        if judged.state == "broken":
            judged = self._doubted(judged, columns, cells)
        self._told(judged, columns.gross, row, cells)

    def _taxed(self, claim: Taxed, columns: TaxColumns, row: Row, cells: Sequence[str]) -> Iterator[Judgement]:
        """The claim with the tax of the row, as an amount and as a rate; a number may be either."""
        assert isinstance(claim.net, Amount)
        assert isinstance(claim.gross, Amount)
        rates: list[Percentage] = []
        for index in (columns.rate, columns.tax):
            if index is None or is_blank(cells[index]):
                continue
            kind = row.kinds.get(index)
            if index == columns.rate or kind == "percent" or "%" in cells[index]:
                rates.extend(one.rate for one in rates_in(cells[index], kind, self.judge.hidden(row, index)))
                continue
            for tax in self._amounts(row, cells, index):
                gap = claim.net.fraction + tax.fraction - claim.gross.fraction
                added = claim.net.bounds() + tax.bounds()
                words = {"net": claim.net, "tax": tax, "gross": claim.gross}
                if added.widened(CENT).meets(claim.gross.bounds()):
                    yield Judgement(claim=claim, state="holds", working=_ADDED_TAX.having(**words))
                else:
                    right = _money(claim.gross, claim.gross.fraction + gap)
                    words.update(right=right, gap=_money(claim.gross, abs(gap)))
                    yield Judgement(
                        claim=claim,
                        state="broken",
                        working=_WRONG_TAX.having(**words),
                        values={"tax": tax.plain, "expected": right.plain, "gap": str(gap)},
                    )
            if columns.rate is None:  # « TVA : 20 » is as well a rate
                found = rates_in(cells[index], kind, None)
                rates.extend(one.rate for one in found if one.rate.fraction <= 100)
        for rate in rates:
            yield judge(replace(claim, rate=rate))

    def _doubted(self, broken: Judgement, columns: TaxColumns, cells: Sequence[str]) -> Judgement:
        claim = broken.claim
        assert isinstance(claim, Taxed)
        assert isinstance(claim.net, Amount)
        assert isinstance(claim.gross, Amount)
        if "gap" in broken.values:
            gap = Fraction(broken.values["gap"])
        else:
            gap = Fraction(broken.values.get("expected", "0")) - claim.gross.fraction
        used = [index for index in (columns.net, columns.gross, columns.tax, columns.rate) if index is not None]
        shown = _money(claim.gross, abs(gap))
        if claim.net.fraction == claim.gross.fraction:
            return judge(replace(claim, doubt=_NO_TAX))
        if not (claim.net.decimals or claim.gross.decimals) and abs(gap) <= 1:
            return judge(replace(claim, doubt=_ROUNDED))
        if "gap" not in broken.values and abs(gap) < 1:
            return judge(replace(claim, doubt=_BY_LINE.having(gap=shown)))
        if reaches(gap, other_figures(cells, used)):
            return replace(broken, state="unknown", reason=_ANOTHER.having(gap=shown))
        return broken


def _money(like: Amount, value: Fraction) -> Amount:
    """A computed amount, to the cent."""
    decimals = 0 if value.denominator == 1 else 2
    return replace(like, n=int(value * 10**decimals), decimals=decimals, exponent=0, text="")


def _tried(
    claim: Share, parts: Sequence[Amount], wholes: Sequence[Amount], caps: Sequence[Amount]
) -> Iterator[Judgement]:
    """The claim on each amount and base, as they stand, then under each ceiling."""
    assert claim.stated is not None
    for part in parts:
        for whole in wholes:
            yield judge(replace(claim, part=part, whole=whole))
    top = claim.stated.bounds().upper
    for cap in caps:
        for part in parts:
            for whole in wholes:
                if whole.fraction > cap.fraction:
                    yield judge(replace(claim, part=part, whole=cap))  # the rate of a base that is capped
                most, least = whole.bounds().upper, cap.bounds().lower
                reached = top is None or most is None or least is None or top * most >= 100 * least
                if reached and part.bounds().meets(cap.bounds()):
                    capped = replace(claim, part=part, whole=whole)
                    working = _CAPPED.having(rate=claim.stated, whole=whole, part=part)
                    yield Judgement(claim=capped, state="holds", working=working)
