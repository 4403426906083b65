"""Tables: TOTAL rows and sub-totals, total columns, shares of a total, columns of change or balance."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Final

from subsidy_rules.acts import Act, place_of
from subsidy_rules.claims import Balance, Change, Claim, Confidence, Equal, Share, SharesTotal, Sum, Taxed
from subsidy_rules.figures import Figure, Percentage
from subsidy_rules.holding import holds, state_of
from subsidy_rules.ledgers import Ledger, Line, Side
from subsidy_rules.mentions import Mention
from subsidy_rules.series import choose
from subsidy_rules.wording import Message

__all__ = ["claims"]

_NOT_ADDED: Final = re.compile(
    r"(?<![a-z])(?:n°(?! ?[0-9])|no|num(?:ero)?|annees?|dates?|codes?|taux|prix unitaire|p\.?u\.?"
    r"|unitaire|tarif|quotite|coef[a-z]*|indice|moyenne|%|pourcentage|siret|compte|nature"
    r"|fonction|chapitre|page|lot)(?![a-z])"
)
_TOTAL_HEADER: Final = re.compile(
    r"(?:(?:montant|cout|budget|grand) )?(?:total(?: general| ttc| ht)?|totaux|ensemble|cumul|somme)(?:\W|\Z)"
)
_REST_HEADER: Final = re.compile(r"(?<![a-z])(?:reste|solde|ecart|difference|disponible|remaining|balance)(?![a-z])")
_CHANGE_HEADER: Final = re.compile(
    r"(?<![a-z])(?:evol(?:ution)?|var(?:iation)?|ecart|change|hausse|progression)(?![a-z])"
)
_YEAR_HEADER: Final = re.compile(r"(?:19|20)[0-9]{2}|\bn ?- ?1\b|\bbp\b|\bca\b|realise|prevu|vote|anterieur|precedent")
_DEDUCTED: Final = re.compile(r"[ -]{0,3}(?:a deduire|moins|deduction|less|en moins|minus)(?![a-z])")
_MUST_CLOSE: Final = re.compile(
    r"(?<![a-z])(?:plan(?:s)? de financement|plan previsionnel|budget previsionnel|equilibr[a-z]{1,3}"
    r"|financing plan)(?![a-z])"
)
_UNREAD_CELL: Final = Message("une cellule de la colonne n’a pas pu être lue", "a cell of the column could not be read")
_EMPTY: Final = re.compile(r"[\s\-./|–—]*+(?:€|eur|euros|neant|nil|0)?[\s\-./|–—]*")


def claims(act: Act) -> Iterator[Claim]:
    """All that the tables of a document assert about their own figures."""
    for ledger in act.ledgers:
        found = list(_columns(act, ledger))
        yield from found
        yield from _rows(act, ledger)
        yield from _taxes(act, ledger)
        yield from _shares(act, ledger)
        yield from _moves(act, ledger)
    for left, right in itertools.pairwise(act.ledgers):
        if (left.half, right.half) == (1, 2):
            yield from _two_sides(act, left, right)


def _two_sides(act: Act, left: Ledger, right: Ledger) -> Iterator[Claim]:
    """Charges = produits, on the two sides of one table."""
    ends = []
    for side in (left, right):
        totals = [line for line in side.lines if line.kind == "total"]
        columns = [column for column in side.columns if totals and _is_money(totals[-1].figure(column))]
        if len(columns) == 1:
            ends.append((totals[-1], columns[0]))
    if len(ends) == 2:
        (first, one), (again, two) = ends
        yield from _same(act, left, first, again, one, two, closes=True)


def _is_money(mention: Mention | None) -> bool:
    return mention is not None and mention.kind in ("amount", "number", "year", "words") and mention.figure is not None


# -- columns --------------------------------------------------------------------------------------------------------


_RUNS: Final = 30
"""Shorter runs of rows that are tried over one total."""
_BLOCK: Final = 12
"""Totals that stand one after the other, or over one another, in one table."""


def _added(header: str) -> bool:
    """True for the header of a column that a total may add: « TVA 10 % » heads amounts, « % » heads rates."""
    return _NOT_ADDED.search(header) is None or _TAX_COLUMN.match(header) is not None


_TAX_COLUMN: Final = re.compile(
    r"(?:montant )?(?:de la |de )?(?:t\.?v\.?a\.?|vat) ?\(?[0-9]{1,2}(?:[.,][0-9]{1,2})? ?%\)?\Z"
)


class _Scope:
    """The rows that a total may add up, as a column is read from top to bottom."""

    def __init__(self) -> None:
        self.plain: list[Line] = []
        self.section: list[Line] = []
        self.title = ""
        self.group: list[Line] = []
        self.subtotals: list[Line] = []
        self.totals: list[Line] = []
        self.block: list[Line] = []


def _columns(act: Act, ledger: Ledger) -> Iterator[Claim]:
    columns = [column for column in ledger.columns if _added(ledger.headers.get(column, ""))]
    columns = [column for column in columns if sum(_is_money(line.figure(column)) for line in ledger.lines) > 1]
    pending: list[tuple[Claim | None, list[tuple[Claim, bool]]]] = []
    for column in columns:
        pending.extend((choose(readings), readings) for readings in _column(act, ledger, column))
    # A row whose total holds in one column shows that the table is read rightly in the others.
    confirmed = any(claim is not None and holds(claim) for claim, _ in pending)
    for claim, _ in pending:
        if claim is None:
            continue
        if state_of(claim) == "broken" and len(pending) > 1 and not confirmed:
            claim = replace(claim, confidence="low" if len(pending) > 2 else "medium")
        yield claim
    yield from _closing_totals(act, ledger, columns)


def _column(act: Act, ledger: Ledger, column: int) -> Iterator[list[tuple[Claim, bool]]]:
    scope = _Scope()
    twins = {
        id(line)
        for pair in itertools.pairwise(ledger.lines)
        for line in pair
        if all(one.kind == "total" and one.side is None and one.label == pair[0].label for one in pair)
    }
    for line in ledger.lines:
        figure = line.figure(column)
        if line.kind == "heading":
            if scope.block:
                _flush(scope)
            scope.section, scope.title = [], line.label
            continue
        if line.kind in ("plain", "detail"):
            if scope.block:
                _flush(scope)
            if line.kind == "plain":
                scope.plain.append(line)
                scope.section.append(line)
                scope.group.append(line)
            continue
        if not _is_money(figure) or figure is None:
            continue
        if line.kind == "subtotal":
            readings = (
                [(_sum(act, column, line, figure, scope.group), True)] if len(_with(scope.group, column)) > 1 else []
            )
            scope.subtotals.append(line)
            scope.group = []
        else:
            readings = _total_readings(act, ledger, column, line, figure, scope, twin=id(line) in twins)
            scope.block = [*scope.block[-_BLOCK:], line]
            scope.totals = [*scope.totals[-_BLOCK:], line]
            scope.group = []
        kept = [(claim, sure) for claim, sure in readings if claim is not None]
        if kept and _unread(scope, ledger, column) and not any(holds(claim) for claim, _ in kept):
            # A row that could not be read may be a part of any total under it.
            yield [(replace(kept[0][0], doubt=_UNREAD_CELL), True)]
            continue
        if kept:
            if _doubtful(ledger, column, line, figure):
                kept = [(claim, False) for claim, _ in kept]
            yield list(_with_signs(ledger, column, kept))


def _unread(scope: _Scope, ledger: Ledger, column: int) -> bool:
    """True when a row over a total has, in its column, words or several figures in which no figure could be read."""
    rows = [*scope.plain, *scope.group]
    return any(
        (box := row.box(column)) is not None and box.figure is None and _EMPTY.fullmatch(box.text) is None
        for row in rows
    )


def _with_signs(ledger: Ledger, column: int, readings: Sequence[tuple[Claim, bool]]) -> Iterator[tuple[Claim, bool]]:
    """The readings, with those in which the signs that stand apart in a column mean something else.

    A minus apart is a sign where other figures of the column have none or a plus; where every row has one, it may be
    a dash. A figure in brackets may be negative or not.
    """
    boxes = [box for line in ledger.lines if (box := line.box(column)) is not None and box.figure is not None]
    if not any(box.sign in ("-", "(") for box in boxes):
        yield from readings
        return
    plain = [line.box(column) for line in ledger.lines if line.kind == "plain" and _is_money(line.figure(column))]
    dashes = all(box is not None and box.sign == "-" for box in plain)
    unsure = dashes or any(box.sign == "(" for box in boxes)
    for claim, sure in readings:
        yield claim, sure and not unsure
    below = frozenset(id(box.figure.figure) for box in boxes if box.sign == "(" and box.figure is not None)
    for claim, _ in readings:
        if isinstance(claim, Sum):
            bare = tuple(None if part is None else replace(part, n=abs(part.n)) for part in claim.parts)
            total = claim.total
            yield replace(claim, parts=bare, total=None if total is None else replace(total, n=abs(total.n))), False
            if below:
                yield (
                    replace(
                        claim,
                        parts=tuple(
                            replace(part, n=-part.n) if part is not None and id(part) in below else part
                            for part in claim.parts
                        ),
                        total=replace(total, n=-total.n) if total is not None and id(total) in below else total,
                        absolute=False,
                    ),
                    False,
                )


def _flush(scope: _Scope) -> None:
    """A block of totals is over: what they added is not added again."""
    scope.plain, scope.section, scope.group, scope.subtotals, scope.block = [], [], [], [], []


def _with(lines: Sequence[Line], column: int) -> list[Line]:
    return [line for line in lines if _is_money(line.figure(column))]


def _total_readings(
    act: Act, ledger: Ledger, column: int, line: Line, figure: Mention, scope: _Scope, *, twin: bool
) -> list[tuple[Claim | None, bool]]:
    """The ways to read one total, each with True when it may be told as false. ``twin``: the same total stands beside
    it, over or under, and which rows are of which cannot be told."""
    plain = _with(scope.plain, column)
    sides = {row.side for row in plain}
    out: list[tuple[Claim | None, bool]] = []
    previous = [total for total in scope.totals if not any(total is other for other in scope.block)]
    if line.side is not None and len(sides - {None}) > 1:
        mine = [row for row in plain if row.side == line.side]
        out.append((_sum(act, column, line, figure, mine, "medium"), None not in sides))
        return out
    repeated = [total for total in scope.block if _is_money(total.figure(column))]
    if (not plain and not scope.subtotals) or (repeated and not scope.group and line.side is None and previous):
        earlier = [total for total in scope.totals if _is_money(total.figure(column)) and total.label != line.label]
        for side in ("out", "in"):
            mine = [total for total in earlier if total.side == side]
            if len(mine) > 1:
                out.append((_sum(act, column, line, figure, mine, "medium"), False))
        if len(earlier) > 1:
            out.append((_sum(act, column, line, figure, earlier, "medium"), not any(total.side for total in earlier)))
        return out
    if scope.subtotals:
        rest = _with(scope.group, column)
        parts = [*_with(scope.subtotals, column), *rest]
        if len(parts) > 1:
            out.append((_sum(act, column, line, figure, parts), not rest))
        if len(plain) > 1:
            out.append((_sum(act, column, line, figure, plain), False))
        return out
    if line.side is not None and sides == {"in", "out"}:
        return out
    if len(plain) > 1:
        whole = not repeated and not twin and not _loose(ledger, column, figure, plain)
        section = _with(scope.section, column)
        apart = 0 < len(section) < len(plain)
        if apart:
            # Under a second title, the total is that of its section, or of everything.
            own = _names(line.label, scope.title)
            if len(section) > 1:
                out.append((_sum(act, column, line, figure, section), not _GENERAL.search(line.label)))
            out.append((_sum(act, column, line, figure, plain), not own and ledger.drawn))
        else:
            based = _is_base(plain)
            out.append((_sum(act, column, line, figure, plain), whole and not based))
            if based or (len(plain) > 2 and _BASE.search(plain[0].label)):
                out.append((_sum(act, column, line, figure, plain[1:]), based and whole))
        # Some of the rows may have nothing to do with this total: told when those just over it add up to it.
        runs = [plain[start:] for start in range(1, min(len(plain) - 1, _RUNS))]
        if twin:
            # « … TOTAL / TOTAL »: two lists on one column, then the total of the first and that of the second.
            firsts = [plain[:stop] for stop in range(2, min(len(plain), _RUNS))]
            runs = [*runs, *firsts] if repeated else [*firsts, *runs]
        out.extend((_sum(act, column, line, figure, run), False) for run in runs)
        headings = [row for row in ledger.lines if row.kind == "heading"]
        if previous and not headings:
            out.append((_sum(act, column, line, figure, [*previous, *plain]), False))
        dashed = [row for row in plain if row.label[:2] in ("- ", "• ")]
        if dashed and len(dashed) < len(plain):
            top = [row for row in plain if row not in dashed]
            if len(top) > 1:
                out.append((_sum(act, column, line, figure, top), True))
    elif previous and len(plain) == 1:
        out.append((_sum(act, column, line, figure, [*previous, *plain]), False))
    return out


_BASE: Final = re.compile(
    r"(?<![a-z])(?:depenses?|couts?|montant|assiette|base|budget|devis|eligibles?|subventionnables?|cost)(?![a-z])"
)


def _is_base(plain: Sequence[Line]) -> bool:
    """True when the first row is the cost that the rates of all the others are of: it has none."""
    if len(plain) < 3 or not _BASE.search(plain[0].label):
        return False
    rated = [any(box.figure is not None and box.figure.kind == "percent" for box in line.boxes) for line in plain]
    return not rated[0] and all(rated[1:])


def _loose(ledger: Ledger, column: int, figure: Mention, plain: Sequence[Line]) -> bool:
    """True when it is not sure that every row is a part: titles among lines that no table draws, or rows told to be
    part of another, after which the next ones may be too (« dont travaux », then « honoraires »)."""
    if not ledger.drawn and any(line.kind == "heading" for line in ledger.lines):
        return True
    if figure.figure is None or not any(line.kind == "detail" for line in ledger.lines) or len(plain) > _RUNS:
        return False
    values = [m.figure.fraction for row in plain if (m := row.figure(column)) is not None and m.figure is not None]
    over = sum(values, Fraction(0)) - figure.figure.fraction
    return any(
        sum(values[start:stop], Fraction(0)) == over
        for start in range(len(values))
        for stop in range(start + 1, len(values) + 1)
    )


_GENERAL: Final = re.compile(r"(?<![a-z])(?:general|generale|generaux|ensemble|tous|toutes|cumule)(?![a-z])")
_NAME: Final = re.compile(r"[a-z]{4,}")
_CAPPED: Final = re.compile(
    r"(?<![a-z])(?:plafonn?[a-z]{0,3}|maxim[a-z]{0,3}|arrondi[a-z]{0,2}|limit[a-z]{0,3}|retenue?s?)(?![a-z])"
)


def _names(label: str, title: str) -> bool:
    """True when a total and the title of its section share a word: « Recettes … Total des recettes »."""
    return bool({word[:6] for word in _NAME.findall(label)} & {word[:6] for word in _NAME.findall(title)})


def _twice(ledger: Ledger, column: int, line: Line, figure: Mention) -> bool:
    """True for one of two totals of one name and amount, one under the other: those of two sides whose rows may stand
    one under the other too."""
    at = bisect_left(ledger.lines, line.span, key=lambda other: other.span)
    for near in (*ledger.lines[max(0, at - 1) : at], *ledger.lines[at + 1 : at + 2]):
        other = near.figure(column)
        if near.kind == "total" and near.label == line.label and other is not None and other.figure is not None:
            return figure.figure is not None and other.figure.fraction == figure.figure.fraction
    return False


def _doubtful(ledger: Ledger, column: int, line: Line, figure: Mention) -> bool:
    """True when a total may be no plain sum: capped, or a bare number under amounts that have their unit."""
    if _CAPPED.search(line.label) or _twice(ledger, column, line, figure):
        return True
    found = [m for row in ledger.lines if row.kind == "plain" and (m := row.figure(column)) is not None]
    kinds = {m.kind for m in found}
    if "amount" not in kinds and figure.figure is not None and not figure.figure.decimals:
        # « Séances | 10 | 10 | Total : 10 »: the same ones for all.
        values = [m.figure.fraction for m in found if m.figure is not None]
        if values and figure.figure.fraction == max(values) and values.count(max(values)) > 1:
            return True
    return figure.kind != "amount" and kinds == {"amount"}


def _sum(
    act: Act, column: int, line: Line, figure: Mention, parts: Sequence[Line], confidence: Confidence = "high"
) -> Claim | None:
    mentions = [part.figure(column) for part in parts]
    figures = tuple(
        _signed(part, column, mention) for part, mention in zip(parts, mentions, strict=True) if mention is not None
    )
    total = _signed(line, column, figure)
    if len(figures) < 2 or total is None:
        return None
    absolute = all(part is not None and part.n < 0 for part in figures) and total.n > 0
    return Sum(
        place=place_of(figure),
        cue=act.row_cue(line),
        topic="table",
        total=total,
        parts=figures,
        absolute=absolute,
        confidence=confidence,
    )


def _signed(line: Line, column: int, mention: Mention) -> Figure | None:
    figure = mention.figure
    minus = line.sign(column) == "-" or _DEDUCTED.match(line.label) is not None
    if figure is not None and minus and figure.n > 0:
        return replace(figure, n=-figure.n)
    return figure


def _closing_totals(act: Act, ledger: Ledger, columns: Sequence[int]) -> Iterator[Claim]:
    """Dépenses = recettes, and a total printed twice under one label."""
    if len(columns) == 1:
        column = columns[0]
        block: list[Line] = []
        for line in (*ledger.lines, None):
            if line is not None and line.kind == "total" and _is_money(line.figure(column)):
                block.append(line)
                continue
            if line is not None and line.kind == "total":
                continue
            for first, again in itertools.pairwise(block):
                opposite = first.side is not None and again.side is not None and first.side != again.side
                if not opposite and first.label != again.label:
                    continue
                yield from _same(act, ledger, first, again, column, column, closes=opposite)
            block = []
        apart = [line for line in ledger.lines if line.kind == "total" and _is_money(line.figure(column))]
        if len(apart) == 2 and {line.side for line in apart} == {"out", "in"}:
            first, again = apart
            if ledger.lines.index(again) - ledger.lines.index(first) > 1:
                yield from _same(act, ledger, first, again, column, column, closes=True)
        return
    outs = [column for column in columns if _header_side(ledger, column) == "out"]
    ins = [column for column in columns if _header_side(ledger, column) == "in"]
    if len(outs) == 1 and len(ins) == 1:
        for line in ledger.lines:
            if line.kind == "total" and _is_money(line.figure(outs[0])) and _is_money(line.figure(ins[0])):
                yield from _same(act, ledger, line, line, outs[0], ins[0], closes=True)


def _header_side(ledger: Ledger, column: int) -> Side | None:
    from subsidy_rules.ledgers import side_of

    header = ledger.headers.get(column, "")
    found = side_of(header)
    if found is None and column - 1 in ledger.headers:
        found = side_of(ledger.headers[column - 1])
    return found


def _same(act: Act, ledger: Ledger, first: Line, again: Line, one: int, two: int, *, closes: bool) -> Iterator[Claim]:
    left, right = first.figure(one), again.figure(two)
    if left is None or right is None:
        return
    claim = Equal(
        place=place_of(right),
        cue=act.row_cue(again),
        topic="balance" if closes else "again",
        first=left.figure,
        again=right.figure,
        confidence="medium",
    )
    context = " ".join(piece.clip.text for piece in (ledger.before,) if piece is not None) + " ".join(
        ledger.headers.values()
    )
    if holds(claim) or (closes and _MUST_CLOSE.search(context)):
        yield claim


# -- rows -----------------------------------------------------------------------------------------------------------


def _confirmed(found: Sequence[Claim]) -> list[Claim]:
    """The claims of a column, when most of them hold: the table was then read as it was meant."""
    if not found:
        return []
    holding = sum(holds(claim) for claim in found)
    if holding * 2 > len(found) or (holding and holding * 2 >= len(found) and len(found) > 2):
        return list(found)
    return []


def _rows(act: Act, ledger: Ledger) -> Iterator[Claim]:
    columns = [column for column in ledger.columns if sum(_is_money(line.figure(column)) for line in ledger.lines) > 1]
    totals = [column for column in columns if _TOTAL_HEADER.match(ledger.headers.get(column, ""))]
    if len(totals) != 1:
        yield from _across(act, ledger, columns)
        return
    total = totals[0]
    parts = [
        column
        for column in columns
        if (column < total and _added(ledger.headers.get(column, "")))
        or (column < total and _YEAR_HEADER.fullmatch(ledger.headers.get(column, "")))
    ]
    if len(parts) < 2:
        parts = [column for column in columns if column > total and _added(ledger.headers.get(column, ""))]
    if len(parts) < 2:
        return
    found: list[Claim] = []
    for line in ledger.lines:
        whole = line.figure(total)
        figures = [
            _signed(line, column, mention)
            for column in parts
            if (mention := line.figure(column)) is not None and _is_money(mention)
        ]
        if whole is None or not _is_money(whole) or len(figures) < 2:
            continue
        unread = any(
            box.column in parts and box.figure is None and not _EMPTY.fullmatch(box.text) for box in line.boxes
        )
        claim = Sum(
            place=place_of(whole),
            cue=act.row_cue(line),
            topic="row",
            total=_signed(line, total, whole),
            parts=tuple(figures),
            doubt=_UNREAD_CELL if unread else None,
        )
        # A figure in brackets may be negative or not: such a row is told when it holds.
        if state_of(claim) != "broken" or not any(line.sign(column) == "(" for column in (*parts, total)):
            found.append(claim)
    yield from _confirmed(found)


_HT_HEADER: Final = re.compile(r"(?<![a-z])(?:h\.?t\.?|hors taxes?|net)(?![a-z])")
_VAT_HEADER: Final = re.compile(r"(?<![a-z])(?:t\.?v\.?a\.?|vat|taxes?)(?![a-z])")
_TTC_HEADER: Final = re.compile(r"(?<![a-z])(?:t\.?t\.?c\.?|toutes taxes comprises|gross)(?![a-z])")
_RATE_HEADER: Final = re.compile(r"(?<![0-9,.])([0-9]{1,2}(?:[.,][0-9]{1,2})?) ?%")


def _across(act: Act, ledger: Ledger, columns: Sequence[int]) -> Iterator[Claim]:
    """« Coût | État | Région | Commune »: a column that no header calls a total, but that adds up the others on every
    row; told because it holds."""
    columns = [column for column in columns if not _NOT_ADDED.search(ledger.headers.get(column, ""))]
    if any(_VAT_HEADER.search(header) or _REST_HEADER.search(header) for header in ledger.headers.values()):
        return
    for total in {columns[0], columns[-1]} if 3 <= len(columns) <= _WIDE else ():
        found: list[Claim] = []
        for line in ledger.lines:
            whole = line.figure(total)
            parts = [
                _signed(line, column, mention)
                for column in columns
                if column != total and (mention := line.figure(column)) is not None and _is_money(mention)
            ]
            if whole is not None and _is_money(whole) and len(parts) > 1:
                claim = Sum(
                    place=place_of(whole),
                    cue=act.row_cue(line),
                    topic="row",
                    total=_signed(line, total, whole),
                    parts=tuple(parts),
                )
                found.append(claim)
        if len(found) > 1 and all(holds(claim) for claim in found):
            yield from found
            return


_WIDE: Final = 8


def _taxes(act: Act, ledger: Ledger) -> Iterator[Claim]:
    """« Montant HT | TVA 10 % | Montant TTC »: the rate stands in the header, or in a column of rates."""
    headers = ledger.headers
    money = [column for column in ledger.columns if any(_is_money(line.figure(column)) for line in ledger.lines)]
    nets = [c for c in money if _HT_HEADER.search(headers.get(c, "")) and not _TTC_HEADER.search(headers.get(c, ""))]
    grosses = [c for c in money if _TTC_HEADER.search(headers.get(c, "")) and not _HT_HEADER.search(headers.get(c, ""))]
    taxes = [c for c in headers if _VAT_HEADER.search(headers[c]) and c not in nets and c not in grosses]
    if len(nets) != 1 or len(grosses) != 1 or len(taxes) > 1:
        return
    rated = _RATE_HEADER.search(headers[taxes[0]]) if taxes else None
    found: list[Claim] = []
    for line in ledger.lines:
        net, gross = line.figure(nets[0]), line.figure(grosses[0])
        tax = line.figure(taxes[0]) if taxes else None
        if net is None or gross is None or not _is_money(net) or not _is_money(gross):
            continue
        rate: Percentage | None = None
        if rated is not None:
            digits = rated.group(1).replace(",", ".")
            whole, _, decimals = digits.partition(".")
            rate = Percentage(n=int(whole + decimals), decimals=len(decimals), text=rated.group())
        elif tax is not None and tax.kind == "percent" and isinstance(tax.figure, Percentage):
            rate = tax.figure
        if rate is None:
            continue
        found.append(
            Taxed(
                place=place_of(gross),
                cue=act.row_cue(line),
                topic="tax",
                net=net.figure,
                rate=rate,
                gross=gross.figure,
                confidence="medium",
            )
        )
    yield from _confirmed(found)


# -- shares, changes, balances --------------------------------------------------------------------------------------


def _percents(ledger: Ledger) -> list[int]:
    return [
        column
        for column in ledger.columns
        if sum((m := line.figure(column)) is not None and m.kind == "percent" for line in ledger.lines) > 1
    ]


def _shares(act: Act, ledger: Ledger) -> Iterator[Claim]:
    percents = _percents(ledger)
    for column in percents:
        if _CHANGE_HEADER.search(ledger.headers.get(column, "")) or re.search(
            r"taux|tva|subvention", ledger.headers.get(column, "")
        ):
            continue
        rows = [line for line in ledger.lines if line.kind == "plain"]
        stated = [
            (line, mention)
            for line in rows
            if (mention := line.figure(column)) is not None and mention.kind == "percent"
        ]
        totals = [line for line in ledger.lines if line.kind == "total"]
        if len(stated) < 2 or any(line.kind == "subtotal" for line in ledger.lines):
            continue
        if len(totals) == 1:
            best: list[Claim] = []
            for amounts in sorted(
                (c for c in ledger.columns if c not in percents), key=lambda c: (abs(c - column), c > column)
            ):
                whole = totals[0].figure(amounts)
                if whole is None or not _is_money(whole):
                    continue
                found = [_share(act, line, mention, line.figure(amounts), whole) for line, mention in stated]
                best = _confirmed([claim for claim in found if claim is not None])
                if best:
                    break
            yield from _adjusted(best)
            printed = totals[0].figure(column)
            hundred = printed is None or (printed.figure is not None and printed.figure.fraction == 100)
        else:
            hundred, best = False, []
        if len(stated) == len(rows) and ((hundred and (best or totals)) or not totals):
            claim = SharesTotal(
                place=place_of(stated[0][1]),
                cue=act.row_cue(stated[0][0]),
                topic="table",
                percents=tuple(m.figure if isinstance(m.figure, Percentage) else None for _, m in stated),
                computed=bool(best) or any(_is_money(box.figure) for box in stated[0][0].boxes),
                confidence="medium",
            )
            if holds(claim) or (hundred and totals):
                yield claim


def _adjusted(found: Sequence[Claim]) -> Iterator[Claim]:
    """The shares of a column; one that is off by its last place alone, in a column that adds to 100, was adjusted."""
    stated = [claim.stated for claim in found if isinstance(claim, Share) and claim.stated is not None]
    whole = sum((percent.fraction for percent in stated), Fraction(0)) == 100
    for claim in found:
        if whole and isinstance(claim, Share) and state_of(claim) == "broken" and claim.stated is not None:
            part, total = claim.part, claim.whole
            if part is not None and total is not None and total.fraction:
                off = abs(100 * part.fraction / total.fraction - claim.stated.fraction)
                if off <= claim.stated.unit * Fraction(3, 2):
                    claim = replace(claim, confidence="low")
        yield claim


def _share(act: Act, line: Line, stated: Mention, part: Mention | None, whole: Mention) -> Claim | None:
    if part is None or not _is_money(part) or not isinstance(stated.figure, Percentage):
        return None
    return Share(
        place=place_of(stated),
        cue=act.row_cue(line),
        topic="table",
        stated=stated.figure,
        part=part.figure,
        whole=whole.figure,
    )


def _moves(act: Act, ledger: Ledger) -> Iterator[Claim]:
    money = [column for column in ledger.columns if sum(_is_money(line.figure(column)) for line in ledger.lines) > 1]
    for column in _percents(ledger):
        if not _CHANGE_HEADER.search(ledger.headers.get(column, "")):
            continue
        left = [other for other in money if other < column][-2:]
        if len(left) < 2:
            continue
        found: list[Claim] = []
        for line in ledger.lines:
            start, end, stated = line.figure(left[0]), line.figure(left[1]), line.figure(column)
            if start is None or end is None or stated is None or not isinstance(stated.figure, Percentage):
                continue
            if stated.kind != "percent" or not _is_money(start) or not _is_money(end):
                continue
            if any(line.sign(other) in ("-", "(") for other in left) or line.sign(column) == "(":
                continue
            found.append(
                Change(
                    place=place_of(stated),
                    cue=act.row_cue(line),
                    topic="table",
                    start=start.figure,
                    end=end.figure,
                    stated=stated.figure,
                    falling=line.sign(column) == "-" and stated.figure.n > 0,
                )
            )
        yield from _confirmed(found)
    for column in money:
        if not _REST_HEADER.search(ledger.headers.get(column, "")):
            continue
        left = [other for other in money if other < column]
        if len(left) < 2:
            continue
        balances: list[Claim] = []
        for line in ledger.lines:
            start, minus, result = line.figure(left[-2]), line.figure(left[-1]), line.figure(column)
            if start is None or minus is None or result is None:
                continue
            if not (_is_money(start) and _is_money(minus) and _is_money(result)):
                continue
            if any(line.sign(other) in ("-", "(") for other in (left[-2], left[-1], column)):
                continue
            balances.append(
                Balance(
                    place=place_of(result),
                    cue=act.row_cue(line),
                    topic="table",
                    start=start.figure,
                    minus=(minus.figure,),
                    result=result.figure,
                )
            )
        yield from _confirmed(balances)
