"""The working paper: a workbook in which a third person can redo every recalculation.

Sheets: summary, findings (with columns left for the auditor), recalculations, operands, untied figures, rules. Each
recalculation is a live formula over the operands sheet, where every figure stands as it was read, with the bounds of
what it may stand for; its verdict is a formula too, set beside the one of this program. Texts are never formulas.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import cache
from typing import Any, Final

from subsidy_rules.bounds import Bounds
from subsidy_rules.claims import (
    AtMost,
    Average,
    Balance,
    Change,
    Equal,
    Judgement,
    Listing,
    Share,
    SharesTotal,
    Sum,
    Taxed,
)
from subsidy_rules.figures import Figure
from subsidy_rules.finding import Finding, Report, strength_of
from subsidy_rules.own_reports import WORKBOOK_MARK
from subsidy_rules.rule_pages import authority_text
from subsidy_rules.safe_text import cut, formula_free
from subsidy_rules.showing import (
    CONFIDENCES,
    KINDS,
    SEVERITY_NAMES,
    STATES,
    place_words,
    repair_text,
    rule_titles,
    stakes,
    summary_lines,
    template_text,
    unreadable_text,
)
from subsidy_rules.wording import Language, Message

Format = Any
Worksheet = Any
"""XlsxWriter has no types of its own."""

__all__ = ["render"]

MOST_ROWS: Final = 1_000_000
"""A sheet of a workbook holds 1 048 576 rows."""
LONGEST: Final = 32_000
"""A cell holds 32 767 characters."""
INFINITE: Final = 10**15
"""What stands for no bound at all: beyond it a spreadsheet's numbers are no longer exact."""
ENOUGH: Final = 6
"""Decimals to which differences are rounded before they are compared: a spreadsheet adds in binary."""

_SUMMARY: Final = Message("Résumé", "Summary")
_FINDINGS: Final = Message("Constats", "Findings")
_RECALCULATIONS: Final = Message("Recalculs", "Recalculations")
_OPERANDS: Final = Message("Opérandes", "Operands")
_IMPUTATIONS: Final = Message("Imputations", "Imputations")
_UNTIED: Final = Message("Non rapprochés", "Untied")
_RULES: Final = Message("Règles", "Rules")
_TITLE: Final = Message("Vérification des chiffres", "Check of the figures")
_SOURCES: Final = Message("Sources", "Sources")
_READ: Final = Message("lue", "read")
_STAKES: Final = Message("Montants en jeu ({currency})", "Amounts at stake ({currency})")
_NO_CURRENCY: Final = Message("sans monnaie écrite", "no currency written")
_CUT: Final = Message(
    "Cette feuille s’arrête à {n} lignes ; il y en a {total}.", "This sheet stops at {n} rows; there are {total}."
)
_HOW: Final = Message(
    "Les colonnes « recalculé », « écart » et « verdict recalculé » sont des formules sur la feuille {sheet} : "
    "changez-y un montant, elles suivent.",
    "The columns “recomputed”, “gap” and “recomputed verdict” are formulas over the sheet {sheet}: change a figure "
    "there and they follow.",
)
_YES: Final = Message("oui", "yes")
_REVIEW: Final = Message("à revoir", "review")
_FOLLOWED: Final = (
    Message("à corriger", "to correct"),
    Message("justifié", "justified"),
    Message("à vérifier", "to verify"),
    Message("écarté", "dismissed"),
)

_FINDING_COLUMNS: Final = (
    (Message("n°", "no."), 6),
    (Message("source", "source"), 24),
    (Message("emplacement", "place"), 18),
    (Message("code", "code"), 9),
    (Message("règle", "rule"), 24),
    (Message("gravité", "severity"), 13),
    (Message("confiance", "confidence"), 10),
    (Message("état", "state"), 18),
    (Message("constat", "finding"), 50),
    (Message("extrait", "quote"), 24),
    (Message("correction possible", "possible repair"), 22),
    (Message("suite donnée", "follow-up"), 13),
    (Message("observations", "remarks"), 24),
    (Message("empreinte", "fingerprint"), 18),
)
_CLAIM_COLUMNS: Final = (
    (Message("n°", "no."), 6),
    (Message("source", "source"), 24),
    (Message("emplacement", "place"), 18),
    (Message("nature", "kind"), 16),
    (Message("annoncé", "stated"), 15),
    (Message("recalculé", "recomputed"), 15),
    (Message("écart", "gap"), 13),
    (Message("verdict recalculé", "recomputed verdict"), 13),
    (Message("verdict du programme", "program’s verdict"), 13),
    (Message("accord", "agreement"), 9),
    (Message("calcul", "working"), 50),
    (Message("autres taux admis", "other rates accepted"), 11),
    (Message("autres parts admises", "other parts accepted"), 11),
    (Message("autres bases admises", "other bases accepted"), 11),
    (Message("fautes de frappe visibles (%)", "slips that would show (%)"), 13),
)
_STRENGTH_AT: Final = 11
"""The first of the last four columns: what else, printed in the same form, would have passed."""
_ENDLESS: Final = Message("sans fin", "endless")
_OPERAND_COLUMNS: Final = (
    (Message("recalcul n°", "recalculation no."), 12),
    (Message("rôle", "role"), 16),
    (Message("tel qu’écrit", "as written"), 24),
    (Message("valeur", "value"), 18),
    (Message("au moins", "at least"), 18),
    (Message("au plus", "at most"), 18),
    (Message("emplacement", "place"), 30),
)
_IMPUTATION_COLUMNS: Final = (
    (Message("source", "source"), 34),
    (Message("emplacement", "place"), 30),
    (Message("tel qu’écrit", "as written"), 30),
    (Message("segments", "segments"), 60),
    (Message("état", "state"), 20),
)
_UNTIED_COLUMNS: Final = (
    (Message("source", "source"), 34),
    (Message("emplacement", "place"), 30),
    (Message("tel qu’écrit", "as written"), 24),
    (Message("valeur", "value"), 18),
)
_RULE_COLUMNS: Final = (
    (Message("code", "code"), 9),
    (Message("règle", "rule"), 60),
    (Message("gravité", "severity"), 14),
    (Message("tient", "holds"), 10),
    (Message("incohérent", "inconsistent"), 12),
    (Message("on ne peut pas dire", "cannot tell"), 18),
    (Message("fondement", "authority"), 70),
)
_ROLES: Final = {
    "total": Message("total", "total"),
    "part": Message("part", "part"),
    "rate": Message("taux", "rate"),
    "whole": Message("base", "base"),
    "value": Message("valeur", "value"),
    "limit": Message("plafond", "ceiling"),
    "first": Message("premier écrit", "first writing"),
    "again": Message("second écrit", "second writing"),
    "announced": Message("annoncé", "announced"),
    "listed": Message("cité", "listed"),
    "net": Message("hors taxes", "before tax"),
    "gross": Message("toutes taxes", "tax included"),
    "legal": Message("taux légal", "legal rate"),
    "from": Message("départ", "start"),
    "to": Message("arrivée", "end"),
    "hundred": Message("total attendu", "expected total"),
    "minus": Message("à déduire", "deducted"),
    "result": Message("reste", "remainder"),
    "count": Message("nombre", "number"),
    "average": Message("moyenne", "average"),
}


def render(report: Report, *, language: Language | None = None) -> bytes:
    """The workbook. Needs XlsxWriter (extra ``xlsx``); raises ``ImportError`` without it."""
    from xlsxwriter.workbook import Workbook  # type: ignore[import-untyped]

    said = language or report.language
    stream = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = Workbook(stream, options)
    # A fixed date: the same report makes the same file.
    properties = {"title": _TITLE.say(said), "keywords": WORKBOOK_MARK, "created": datetime(1980, 1, 1)}  # noqa: DTZ001
    book.set_properties(properties)
    paper = _Paper(book, said)
    _summary(paper, report)
    _findings(paper, report)
    _recalculations(paper, report.claims)
    _imputations(paper, report)
    _untied(paper, report.untied)
    _rules(paper, report)
    book.close()
    return stream.getvalue()


@cache
def _plain_sheet() -> Any:
    """A worksheet that takes formulas as they are: ours name no function newer than 2007, and looking for thirty of
    them in each formula was a third of the time that a large workbook took."""
    from xlsxwriter.worksheet import Worksheet as Sheet  # type: ignore[import-untyped]

    class Plain(Sheet):  # type: ignore[misc]
        def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
            return formula.removeprefix("=")

    return Plain


class _Paper:
    """The workbook being written, with its formats."""

    def __init__(self, book: Any, language: Language) -> None:
        self.book = book
        self.language: Language = language
        self.head = book.add_format({"bold": True, "bg_color": "#E3E8EE", "border": 1, "text_wrap": True})
        self.title = book.add_format({"bold": True, "font_size": 15})
        self.bold = book.add_format({"bold": True})
        self.text = book.add_format({"text_wrap": True, "valign": "top"})
        self.plain = book.add_format({"valign": "top"})
        self.number = book.add_format({"num_format": "#,##0.00####", "valign": "top"})
        self.count = book.add_format({"num_format": "#,##0", "valign": "top"})
        self.states = {
            "holds": book.add_format({"bg_color": "#DFF3E5", "valign": "top"}),
            "broken": book.add_format({"bg_color": "#FDE7EA", "valign": "top"}),
            "unknown": book.add_format({"bg_color": "#F6ECD2", "valign": "top", "text_wrap": True}),
        }

    def say(self, message: Message) -> str:
        return message.say(self.language)

    def sheet(self, name: Message, columns: Sequence[tuple[Message, int]], *, top: int = 0) -> Worksheet:
        """A sheet with a frozen row of headings at ``top``, printed on every page, landscape, one page wide."""
        sheet = self.book.add_worksheet(self.say(name), _plain_sheet())
        for column, (title, width) in enumerate(columns):
            sheet.set_column(column, column, width)
            sheet.write_string(top, column, self.say(title), self.head)
        sheet.set_row(top, 30)
        sheet.freeze_panes(top + 1, 0)
        sheet.repeat_rows(top)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        return sheet

    def write(self, sheet: Worksheet, row: int, column: int, text: str, style: Format | None = None) -> None:
        """A text, which no spreadsheet computes; nothing for an empty one."""
        if text:
            sheet.write_string(row, column, cut(formula_free(text), LONGEST), style or self.text)

    def line(self, sheet: Worksheet, row: int, texts: Sequence[tuple[str, int]]) -> None:
        """The height of a row for what its cells hold, each with the width of its column: not every program fits it."""
        lines = max(
            (sum(1 + len(part) // max(1, width - 1) for part in text.split("\n")) for text, width in texts), default=1
        )
        if lines > 1:
            sheet.set_row(row, min(15 * lines, 400))

    def rows(self, sheet: Worksheet, row: int, total: int) -> None:
        """Says on the sheet itself that it does not hold everything."""
        if total > MOST_ROWS:
            self.write(sheet, row, 0, self.say(_CUT.having(n=MOST_ROWS, total=total)), self.bold)


def _summary(paper: _Paper, report: Report) -> None:
    sheet = paper.book.add_worksheet(paper.say(_SUMMARY))
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, 1, 70)
    sheet.set_column(2, 2, 60)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.write_string(0, 0, paper.say(_TITLE), paper.title)
    row = 2
    for label, text in summary_lines(report, paper.language):
        sheet.write_string(row, 0, label, paper.bold)
        paper.write(sheet, row, 1, text)
        row += 1
    for currency, gap in sorted(stakes(report.claims).items(), key=lambda item: item[0] or ""):
        stake = _STAKES.having(currency=currency or _NO_CURRENCY)
        sheet.write_string(row, 0, paper.say(stake), paper.bold)
        sheet.write_number(row, 1, float(gap), paper.number)
        row += 1
    row += 1
    sheet.write_string(row, 0, paper.say(_SOURCES), paper.head)
    sheet.write_string(row, 1, "", paper.head)
    for source in report.sources[:MOST_ROWS]:
        row += 1
        paper.write(sheet, row, 0, source.path)
        told = paper.say(_READ) if source.status == "read" else unreadable_text(source, paper.language)
        paper.write(sheet, row, 1, told)
        paper.write(sheet, row, 2, " ".join(remark.say(paper.language) for remark in source.remarks))
    paper.rows(sheet, row + 1, len(report.sources))


def _findings(paper: _Paper, report: Report) -> None:
    sheet = paper.sheet(_FINDINGS, _FINDING_COLUMNS)
    titles = rule_titles(report, paper.language)
    shown = report.findings[:MOST_ROWS]
    for row, finding in enumerate(shown, start=1):
        sheet.write_number(row, 0, row, paper.plain)
        texts = _finding(finding, titles.get(finding.code, ""), paper.language)
        paper.line(sheet, row, [(text, width) for text, (_, width) in zip(texts, _FINDING_COLUMNS[1:], strict=True)])
        for column, text in enumerate(texts, start=1):
            paper.write(sheet, row, column, text)
    last = len(shown)
    if last:
        followed = len(_FINDING_COLUMNS) - 3
        choices = [paper.say(choice) for choice in _FOLLOWED]
        sheet.data_validation(1, followed, last, followed, {"validate": "list", "source": choices})
        sheet.autofilter(0, 0, last, len(_FINDING_COLUMNS) - 1)
        sheet.print_area(0, 0, last, len(_FINDING_COLUMNS) - 2)  # a fingerprint is of no use on paper
    paper.rows(sheet, last + 1, len(report.findings))


def _finding(finding: Finding, title: str, language: Language) -> tuple[str, ...]:
    place = finding.place
    return (
        place.path or "",
        place_words(place, language, path=False),
        finding.code,
        title,
        SEVERITY_NAMES[finding.severity].say(language),
        CONFIDENCES[finding.confidence].say(language),
        STATES[finding.state].say(language),
        finding.say(language),
        place.quote or "",
        "\n".join(repair_text(repair, language) for repair in finding.repairs),
        "",
        "",
        finding.fingerprint,
    )


# -- recalculations -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Operand:
    """One row of the operands sheet. ``low`` and ``high`` bound what the figure may stand for."""

    role: str
    value: Fraction
    low: Fraction | None
    high: Fraction | None
    figure: Figure | None = None

    @property
    def writable(self) -> bool:
        """Whether a spreadsheet holds the value exactly enough."""
        return abs(self.value) < INFINITE


def _operand(role: str, figure: Figure, bounds: Bounds | None = None) -> _Operand:
    within = bounds or figure.bounds()
    return _Operand(role, figure.fraction, within.lower, within.upper, figure)


@dataclass(frozen=True, slots=True)
class _Redone:
    """How a claim is redone: its operands, and the formulas as functions of the cells that hold them.

    ``at(n)`` names the value of operand ``n``, ``low(n)``/``high(n)`` its bounds, ``over(column, a, b)`` a range.
    """

    operands: tuple[_Operand, ...]
    stated: int
    recomputed: Callable[[_Cells], str]
    holds: Callable[[_Cells], str]
    value: Fraction


@dataclass(frozen=True, slots=True)
class _Cells:
    """Where the operands of one claim stand: row ``first`` (from 1) of the operands sheet."""

    sheet: str
    first: int

    def at(self, n: int) -> str:
        return f"{self.sheet}!$D${self.first + n}"

    def low(self, n: int) -> str:
        return f"{self.sheet}!$E${self.first + n}"

    def high(self, n: int) -> str:
        return f"{self.sheet}!$F${self.first + n}"

    def over(self, column: str, start: int, stop: int) -> str:
        return f"{self.sheet}!${column}${self.first + start}:${column}${self.first + stop - 1}"


def _at_least(more: str, less: str) -> str:
    """``more >= less``, the difference being rounded first."""
    return f"ROUND(({more})-({less}),{ENOUGH})>=0"


def _meets(low: str, high: str, stated: int) -> Callable[[_Cells], str]:
    """The recomputed values from ``low`` to ``high`` and the bounds of the stated figure have a value in common."""

    def formula(cells: _Cells) -> str:
        above = _at_least(_filled(high, cells), cells.low(stated))
        return f"AND({above},{_at_least(cells.high(stated), _filled(low, cells))})"

    return formula


def _filled(template: str, cells: _Cells) -> str:
    """``template`` with ``v0``, ``l0``, ``h0`` for the value and bounds of operand 0, ``V1:3`` for a range…"""
    out: list[str] = []
    for word in template.split(" "):
        kind, rest = word[:1], word[1:]
        if kind in "vlh" and rest.isdecimal():
            name = {"v": cells.at, "l": cells.low, "h": cells.high}[kind]
            out.append(name(int(rest)))
        elif kind in "VLH" and ":" in rest:
            start, _, stop = rest.partition(":")
            out.append(cells.over({"V": "D", "L": "E", "H": "F"}[kind], int(start), int(stop)))
        else:
            out.append(word)
    return "".join(out)


def _simple(operands: Sequence[_Operand], recomputed: str, low: str, high: str, value: Fraction) -> _Redone:
    """Operand 0 is the stated figure; the others give the recomputed one."""
    return _Redone(tuple(operands), 0, lambda cells: "=" + _filled(recomputed, cells), _meets(low, high, 0), value)


def _redone(judged: Judgement) -> _Redone | None:
    """How to redo a decided claim in a spreadsheet."""
    claim = judged.claim
    match claim:
        case Sum(total=total) if total is not None:
            parts = [part for part in claim.parts if part is not None]
            return _sum(_operand("total", total), [_operand("part", part) for part in parts], claim.absolute)
        case Share(stated=stated, part=part, whole=whole) if stated and part and whole:
            return _simple(
                [_operand("rate", stated), _operand("part", part), _operand("whole", whole)],
                "100* v1 / v2",
                "100* l1 /IF( l1 >=0, h2 , l2 )",
                "100* h1 /IF( h1 >=0, l2 , h2 )",
                100 * part.fraction / whole.fraction,
            )
        case AtMost(limit=limit) if limit is not None:
            values = [item for item in (claim.parts or (claim.value,)) if item is not None]
            return _at_most(_operand("limit", limit), [_operand("value", item) for item in values], claim.strict)
        case Equal(first=first, again=again) if first and again:
            return _simple([_operand("again", again), _operand("first", first)], "v1", "l1", "h1", first.fraction)
        case Listing(stated=stated, listed=listed) if stated and listed is not None:
            named = _Operand("listed", Fraction(listed), Fraction(listed), Fraction(listed))
            return _simple([_operand("announced", stated), named], "v1", "l1", "h1", Fraction(listed))
        case Taxed():
            return _taxed(claim)
        case Change(start=start, end=end, stated=stated) if start and end and stated:
            return _change(claim, _operand("from", start), _operand("to", end), stated)
        case SharesTotal():
            percents = [_operand("part", percent) for percent in claim.percents if percent is not None]
            return _shares(claim, percents, explained=judged.remark == "rounding" and judged.state == "holds")
        case Balance(start=start, result=result) if start and result:
            minus = [_operand("minus", item) for item in claim.minus if item is not None]
            return _balance(_operand("result", result), _operand("from", start), minus)
        case Average(total=total, count=count, stated=stated) if total and count and stated:
            return _average(_operand("total", total), _operand("count", count), stated)
    return None


def _sum(total: _Operand, parts: list[_Operand], absolute: bool) -> _Redone:
    last = len(parts) + 1
    value = sum((part.value for part in parts), Fraction(0))
    plain = _simple([total, *parts], f"SUM( V1:{last} )", f"SUM( L1:{last} )", f"SUM( H1:{last} )", value)
    if not absolute:
        return plain
    other = _meets(f"-SUM( H1:{last} )", f"-SUM( L1:{last} )", 0)
    return _Redone(plain.operands, 0, plain.recomputed, lambda cells: f"OR({plain.holds(cells)},{other(cells)})", value)


def _at_most(limit: _Operand, values: list[_Operand], strict: bool) -> _Redone:
    last = len(values) + 1
    value = sum((item.value for item in values), Fraction(0))
    sign = ">" if strict else ">="
    return _Redone(
        (limit, *values),
        0,
        lambda cells: "=" + _filled(f"SUM( V1:{last} )", cells),
        lambda cells: f"ROUND({cells.high(0)}-{_filled(f'SUM( L1:{last} )', cells)},{ENOUGH}){sign}0",
        value,
    )


def _taxed(claim: Taxed) -> _Redone | None:
    if claim.net is None or claim.gross is None:
        return None
    net, gross = _operand("net", claim.net), _operand("gross", claim.gross)
    if claim.rate is not None:
        # A tax rate is a number of the law: it stands for itself alone.
        rate = _operand("rate", claim.rate, Bounds.point(claim.rate.fraction))
        value = net.value * (100 + rate.value) / 100
        return _simple([gross, net, rate], "v1 *(1+ v2 /100)", "l1 *(1+ l2 /100)-0.01", "h1 *(1+ h2 /100)+0.01", value)
    if not claim.legal_rates or net.value == 0:
        return None
    rates = [_Operand("legal", rate, rate, rate) for rate in claim.legal_rates]
    last = len(rates) + 2

    def holds(cells: _Cells) -> str:
        over = cells.over("D", 2, last)
        low = f"ROUND({cells.high(0)}-({cells.low(1)}*(1+{over}/100)-0.01),{ENOUGH})>=0"
        high = f"ROUND({cells.high(1)}*(1+{over}/100)+0.01-{cells.low(0)},{ENOUGH})>=0"
        return f"SUMPRODUCT(({low})*({high}))>0"

    def nearest(cells: _Cells) -> str:
        over = cells.over("D", 2, last)
        distance = f"ABS({cells.at(1)}*(1+{over}/100)-{cells.at(0)})"
        return f"={cells.at(1)}*(1+INDEX({over},MATCH(SUMPRODUCT(MIN({distance})),INDEX({distance},0),0))/100)"

    value = min((net.value * (100 + rate.value) / 100 for rate in rates), key=lambda one: abs(one - gross.value))
    return _Redone((gross, net, *rates), 0, nearest, holds, value)


def _change(claim: Change, start: _Operand, end: _Operand, stated: Figure) -> _Redone:
    within = stated.bounds()
    turned = claim.falling and stated.n > 0
    rate = _operand("rate", stated)
    if turned:  # « une baisse de 3 % » : the written figure is positive, the change is not
        low = None if within.upper is None else -within.upper
        high = None if within.lower is None else -within.lower
        rate = _Operand("rate", -stated.fraction, low, high, stated)
    return _simple(
        [rate, start, end],
        "100*( v2 - v1 )/ v1",
        "100*( l2 /IF( l2 >=0, h1 , l1 )-1)",
        "100*( h2 /IF( h2 >=0, l1 , h1 )-1)",
        100 * (end.value - start.value) / start.value,
    )


def _shares(claim: SharesTotal, percents: list[_Operand], *, explained: bool) -> _Redone:
    last = len(percents) + 1
    value = sum((percent.value for percent in percents), Fraction(0))
    hundred = _Operand("hundred", claim.whole, claim.whole, claim.whole)
    if explained:
        return _simple([hundred, *percents], f"SUM( V1:{last} )", f"SUM( L1:{last} )", f"SUM( H1:{last} )", value)
    return _simple([hundred, *percents], f"SUM( V1:{last} )", f"SUM( V1:{last} )", f"SUM( V1:{last} )", value)


def _balance(result: _Operand, start: _Operand, minus: list[_Operand]) -> _Redone:
    last = len(minus) + 2
    value = start.value - sum((item.value for item in minus), Fraction(0))
    return _simple(
        [result, start, *minus],
        f"v1 -SUM( V2:{last} )",
        f"l1 -SUM( H2:{last} )",
        f"h1 -SUM( L2:{last} )",
        value,
    )


def _average(total: _Operand, count: _Operand, stated: Figure) -> _Redone:
    # An average is often rounded to ten or a hundred: the zeros at its end may all be zeros of rounding.
    n, unit = stated.n, stated.unit
    while n and n % 10 == 0:
        n, unit = n // 10, unit * 10
    within = stated.bounds()
    half = unit / 2
    low = None if within.lower is None else min(within.lower, stated.fraction - half)
    high = None if within.upper is None else max(within.upper, stated.fraction + half)
    average = _Operand("average", stated.fraction, low, high, stated)
    return _simple(
        [average, total, count],
        "v1 / v2",
        "l1 /IF( l1 >=0, h2 , l2 )",
        "h1 /IF( h1 >=0, l2 , h2 )",
        total.value / count.value,
    )


def _recalculations(paper: _Paper, claims: Sequence[Judgement]) -> None:
    sheet = paper.sheet(_RECALCULATIONS, _CLAIM_COLUMNS, top=1)
    operands = paper.sheet(_OPERANDS, _OPERAND_COLUMNS)
    paper.write(sheet, 0, 0, paper.say(_HOW.having(sheet=_OPERANDS)), paper.plain)
    name = paper.say(_OPERANDS)
    words = {state: paper.say(message) for state, message in STATES.items()}
    yes, review = paper.say(_YES), paper.say(_REVIEW)
    free = 1
    shown = claims[:MOST_ROWS]
    for index, judged in enumerate(shown):
        row, number = index + 2, index + 1
        claim = judged.claim
        sheet.write_number(row, 0, number, paper.plain)
        texts = (
            claim.place.path or "",
            place_words(claim.place, paper.language, path=False),
            paper.say(KINDS[claim.kind]) if claim.kind in KINDS else claim.kind,
        )
        working = judged.working.say(paper.language)
        paper.line(sheet, row, [*zip(texts, (24, 18, 16), strict=True), (working, 50)])
        for column, text in enumerate(texts, start=1):
            paper.write(sheet, row, column, text)
        paper.write(sheet, row, 8, words[judged.state], paper.states[judged.state])
        paper.write(sheet, row, 10, working)
        _write_strength(paper, sheet, row, judged)
        redone = None if judged.state == "unknown" else _redone(judged)
        if redone is None or not all(one.writable for one in redone.operands):
            continue
        if free + len(redone.operands) > MOST_ROWS:
            continue
        cells = _Cells(f"'{name}'", free + 1)
        for offset, operand in enumerate(redone.operands):
            _write_operand(paper, operands, free + offset, number, operand)
        free += len(redone.operands)
        line = row + 1
        stated = redone.operands[redone.stated]
        sheet.write_formula(row, 4, f"={cells.at(redone.stated)}", paper.number, float(stated.value))
        sheet.write_formula(row, 5, redone.recomputed(cells), paper.number, float(redone.value))
        sheet.write_formula(row, 6, f"=F{line}-E{line}", paper.number, float(redone.value - stated.value))
        verdict = f'=IF({redone.holds(cells)},"{words["holds"]}","{words["broken"]}")'
        sheet.write_formula(row, 7, verdict, paper.states[judged.state], words[judged.state])
        sheet.write_formula(row, 9, f'=IF(H{line}=I{line},"{yes}","{review}")', paper.plain, yes)
    last = len(shown) + 1
    if shown:
        sheet.autofilter(1, 0, last, len(_CLAIM_COLUMNS) - 1)
        for state in ("holds", "broken"):
            rule = {"type": "cell", "criteria": "==", "value": f'"{words[state]}"', "format": paper.states[state]}
            sheet.conditional_format(2, 7, last, 7, rule)
    if free > 1:
        operands.autofilter(0, 0, free - 1, len(_OPERAND_COLUMNS) - 1)
    paper.rows(sheet, last + 1, len(claims))


def _write_strength(paper: _Paper, sheet: Worksheet, row: int, judged: Judgement) -> None:
    found = strength_of(judged)
    if found is None:
        return
    for column, count in enumerate((found.rates, found.parts, found.wholes), start=_STRENGTH_AT):
        if count is None or count >= INFINITE:
            paper.write(sheet, row, column, paper.say(_ENDLESS), paper.plain)
        else:
            sheet.write_number(row, column, count, paper.count)
    sheet.write_number(row, _STRENGTH_AT + 3, int(100 * found.noticed), paper.plain)


def _write_operand(paper: _Paper, sheet: Worksheet, row: int, number: int, operand: _Operand) -> None:
    sheet.write_number(row, 0, number, paper.plain)
    paper.write(sheet, row, 1, paper.say(_ROLES[operand.role]))
    figure = operand.figure
    paper.write(sheet, row, 2, "" if figure is None else figure.text or figure.plain)
    sheet.write_number(row, 3, float(operand.value), paper.number)
    for column, bound, infinite in ((4, operand.low, -INFINITE), (5, operand.high, INFINITE)):
        if bound == operand.value:
            sheet.write_formula(row, column, f"=D{row + 1}", paper.number, float(operand.value))
        elif bound is None:
            sheet.write_number(row, column, infinite, paper.number)
        else:
            away = float(abs(bound - operand.value))
            sign = "-" if bound < operand.value else "+"
            sheet.write_formula(row, column, f"=D{row + 1}{sign}{away!r}", paper.number, float(bound))
    if figure is not None and figure.place is not None:
        paper.write(sheet, row, 6, place_words(figure.place, paper.language), paper.plain)


def _imputations(paper: _Paper, report: Report) -> None:
    sheet = paper.sheet(_IMPUTATIONS, _IMPUTATION_COLUMNS)
    for row, (charge, state) in enumerate(report.judged_imputations[:MOST_ROWS], start=1):
        segments = {} if charge.imputation is None else charge.imputation.segments
        paper.write(sheet, row, 0, charge.place.path or "")
        paper.write(sheet, row, 1, place_words(charge.place, paper.language, path=False))
        paper.write(sheet, row, 2, charge.raw)
        paper.write(sheet, row, 3, ", ".join(f"{name} {code}" for name, code in segments.items()))
        paper.write(sheet, row, 4, paper.say(STATES[state]), paper.states[state])
    paper.rows(sheet, len(report.imputations[:MOST_ROWS]) + 1, len(report.imputations))


# -- the rest -------------------------------------------------------------------------------------------------


def _untied(paper: _Paper, figures: Sequence[Figure]) -> None:
    sheet = paper.sheet(_UNTIED, _UNTIED_COLUMNS)
    for row, figure in enumerate(figures[:MOST_ROWS], start=1):
        place = figure.place
        if place is not None:
            paper.write(sheet, row, 0, place.path or "")
            paper.write(sheet, row, 1, place_words(place, paper.language, path=False))
        paper.write(sheet, row, 2, figure.text or figure.plain)
        if abs(figure.fraction) < INFINITE:
            sheet.write_number(row, 3, float(figure.fraction), paper.number)
        else:
            paper.write(sheet, row, 3, figure.plain)
    paper.rows(sheet, len(figures[:MOST_ROWS]) + 1, len(figures))


def _rules(paper: _Paper, report: Report) -> None:
    sheet = paper.sheet(_RULES, _RULE_COLUMNS)
    counts: Any = report.summary["rules"]
    for row, rule in enumerate(sorted(report.rules, key=lambda rule: rule.code), start=1):
        paper.write(sheet, row, 0, rule.code)
        paper.write(sheet, row, 1, template_text(rule.title, paper.language))
        paper.write(sheet, row, 2, paper.say(SEVERITY_NAMES[rule.severity]))
        states = counts.get(rule.code, {})
        for column, state in enumerate(("holds", "broken", "unknown"), start=3):
            sheet.write_number(row, column, states.get(state, 0), paper.plain)
        authority = authority_text(rule, paper.language)
        paper.write(sheet, row, 6, authority)
        paper.line(sheet, row, [(template_text(rule.title, paper.language), 60), (authority, 70)])
