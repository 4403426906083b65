"""What the rows of a table say of one another, block by block: the rates beside the amounts of each block, two blocks
that make one total, averages by head, tax column by column, and the sentence that sums the table up.

A block is the rows that one total closes. A rate says what its row is of some whole: the total of its block, of another
block, or the cost that stands over the table. Which one is not guessed from words: it is the one of which most of the
rates of the block are true. One rate that is then false is told; a block of which no whole makes most rates true is
left unread.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from subsidy_rules.acts import Act, place_of
from subsidy_rules.claims import Average, Balance, Change, Claim, Equal, Share, SharesTotal, Sum, Taxed
from subsidy_rules.figures import Figure, Percentage
from subsidy_rules.folding import stem
from subsidy_rules.holding import holds, share_holds
from subsidy_rules.ledgers import Box, Ledger, Line
from subsidy_rules.mentions import A, Mention
from subsidy_rules.sentences import Sentence

__all__ = ["claims"]


def claims(act: Act) -> Iterator[Claim]:
    """All that the blocks and the columns of tables say."""
    for ledger in act.ledgers:
        if len(_columns(ledger)) > _MOST_COLUMNS:
            continue
        blocks = _blocks(ledger)
        yield from _rates(act, ledger, blocks)
        yield from _left(act, ledger, blocks)
        yield from _announced(act, ledger)
        yield from _mingled(act, ledger, blocks)
        yield from _same_totals(act, ledger, blocks)
        yield from _told_before(act, ledger)
        yield from _means(act, ledger)
        yield from _differences(act, ledger)
        yield from _taxed(act, ledger)
        yield from _summed_up(act, ledger)


_MOST_COLUMNS: Final = 16
"""Every column is held against every other: beyond, a table is data."""


@dataclass(frozen=True, slots=True)
class _Block:
    """Rows, and the totals under them; the last rows of a table may have none."""

    rows: tuple[Line, ...]
    totals: tuple[Line, ...]


def _blocks(ledger: Ledger) -> list[_Block]:
    out: list[_Block] = []
    rows: list[Line] = []
    totals: list[Line] = []
    for line in ledger.lines:
        if line.kind == "total":
            totals.append(line)
            continue
        if totals and line.kind != "detail":
            out.append(_Block(tuple(rows), tuple(totals)))
            rows, totals = [], []
        if line.kind == "plain":
            rows.append(line)
    out.append(_Block(tuple(rows), tuple(totals)))
    return out


def _is_money(mention: Mention | None) -> bool:
    return mention is not None and mention.kind in ("amount", "number") and mention.figure is not None


def _figures(ledger: Ledger, column: int, *kinds: str) -> int:
    return sum((m := line.figure(column)) is not None and m.kind in kinds for line in ledger.lines)


def _columns(ledger: Ledger) -> list[int]:
    return sorted({box.column for line in ledger.lines for box in line.boxes if box.figure is not None})


# -- rates ----------------------------------------------------------------------------------------------------------

_NO_SHARE: Final = re.compile(
    r"(?<![a-z])(?:evol(?:ution)?|var(?:iation)?|ecart|change|hausse|progression|taux|tva|avancement|execution"
    r"|realisation|consommation|inflation|remise|marge)(?![a-z])"
)
_OTHER_BASE: Final = re.compile(
    r"(?<![a-z])(?:plafon[a-z]{1,4}|maxi[a-z]{0,4}|forfait[a-z]{0,4}|% d|avance|acompte|dont|bonus|capped|f?c?t\.?v\.?a"
    r"|taxes?|interets?|inflation|imprevus?|aleas?|honoraires?|vat)"
)
_COST: Final = re.compile(
    r"(?<![a-z])(?:cout|depenses?|montant|assiette|base|budget|travaux|operation|projet|total|cost|h\.?t\.?)(?![a-z])"
)
_MOST_WHOLES: Final = 8
_NEAR: Final = 3
"""Blocks before and after, of which the rates of a block may be."""
_FAR: Final = 60
"""Rows among which the base of a rate that is off is sought."""


@dataclass(frozen=True, slots=True)
class _Rate:
    """A rate and the amount of its row."""

    line: Line
    stated: Mention
    part: Mention


def _rates(act: Act, ledger: Ledger, blocks: Sequence[_Block]) -> Iterator[Claim]:
    for column in _columns(ledger):
        if _figures(ledger, column, "percent") < 2 or _NO_SHARE.search(ledger.headers.get(column, "")):
            continue
        beside = _beside(ledger, column)
        if beside is None:
            continue
        over = _over(act, ledger, beside)
        last: tuple[Mention, int] | None = None
        for index, block in enumerate(blocks):
            rows = _read(block.rows, column, beside)
            own = [m for line in block.totals if (m := line.figure(beside)) is not None and _is_money(m)]
            near = [*blocks[max(0, index - _NEAR) : index], *blocks[index + 1 : index + 1 + _NEAR], blocks[-1]]
            others = [
                m
                for other in near
                for line in other.totals[-1:]
                if (m := line.figure(beside)) is not None and _is_money(m)
            ]
            whole, holding = _whole(rows, [*own, *over, *others][:_MOST_WHOLES])
            if whole is None and not block.totals and last is not None:
                # « Reste à la charge de la commune : B (25 %) », after the total of the aids.
                whole, holding = last
                rows = [rate for rate in rows if _is_of(rate, whole)]
            if whole is None:
                continue
            last = (whole, holding)
            for rate in rows:
                if _is_of(rate, whole) or not _may_be_of_another(ledger, rate, beside, over):
                    yield _share(act, rate, whole)
            for rate in _read(block.totals, column, beside):
                if rate.part is not whole and _is_of(rate, whole):
                    yield _share(act, rate, whole)
            hundred = [
                line
                for line in block.totals
                if (m := line.figure(column)) is not None and m.figure is not None and m.figure.fraction == 100
            ]
            first = next((n for n, line in enumerate(block.rows) if rows and line is rows[0].line), 0)
            if hundred and len(rows) == len(block.rows) - first > 1:
                yield SharesTotal(
                    place=place_of(rows[0].stated),
                    cue=act.row_cue(hundred[0]),
                    topic="table",
                    percents=tuple(rate.stated.figure for rate in rows if isinstance(rate.stated.figure, Percentage)),
                    computed=True,
                    confidence="medium",
                )


def _read(lines: Sequence[Line], column: int, beside: int) -> list[_Rate]:
    return [
        _Rate(line, stated, part)
        for line in lines
        if (stated := line.figure(column)) is not None
        and stated.kind == "percent"
        and (part := line.figure(beside)) is not None
        and _is_money(part)
        and line.sign(column) in ("", "(")
        and not _TAX.search(line.label)
        and line.sign(beside) in ("", "+")
    ]


def _beside(ledger: Ledger, column: int) -> int | None:
    """The column of amounts that a column of rates stands beside: the one just before it in most rows, else after."""
    before: dict[int, int] = {}
    after: dict[int, int] = {}
    rows = 0
    for line in ledger.lines:
        box = line.box(column)
        if box is None or box.figure is None or box.figure.kind != "percent":
            continue
        rows += 1
        money = [other for other in line.boxes if _is_money(other.figure)]
        left = [other for other in money if other.span[0] < box.span[0] or other.span == box.span]
        right = [other for other in money if other.span[0] > box.span[0]]
        if left:
            nearest: Box = max(left, key=lambda other: other.span[0])
            before[nearest.column] = before.get(nearest.column, 0) + 1
        if right:
            nearest = min(right, key=lambda other: other.span[0])
            after[nearest.column] = after.get(nearest.column, 0) + 1
    for counts in (before, after):
        best = max(counts, key=lambda key: counts[key], default=None)
        if best is not None and counts[best] * 2 > rows:
            return best
    return None


def _over(act: Act, ledger: Ledger, beside: int) -> list[Mention]:
    """The cost that stands over a table: in the line before it, or in its first row, which has no rate."""
    out = []
    for line in ledger.lines[:2]:
        figure = line.figure(beside)
        percents = [box for box in line.boxes if box.figure is not None and box.figure.kind == "percent"]
        if line.kind == "plain" and figure is not None and _is_money(figure) and not percents:
            out.append(figure)
    before = ledger.before
    if before is not None:
        for sentence in reversed(before.sentences[-2:]):
            if _COST.search(sentence.text):
                out.extend(m for _, m in sentence.exact()[:2])
        for piece in act.before(before, 1):
            if len(before.money()) == 0 and piece.kind in ("prose", "item") and _COST.search(piece.clip.text):
                out.extend(m for _, m in piece.money()[:2] if m.is_exact)
    return out


def _whole(rates: Sequence[_Rate], wholes: Sequence[Mention]) -> tuple[Mention | None, int]:
    """The whole of which most of the rates are true, the first one among equals."""
    for whole in wholes:
        holding = sum(_is_of(rate, whole) for rate in rates)
        if holding > 1 and holding * 2 > len(rates):
            return whole, holding
    return None, 0


def _is_of(rate: _Rate, whole: Mention) -> bool:
    stated, part = rate.stated.figure, rate.part.figure
    if not isinstance(stated, Percentage) or part is None or whole.figure is None:
        return False
    return share_holds(stated, part, whole.figure)


def _may_be_of_another(ledger: Ledger, rate: _Rate, beside: int, over: Sequence[Mention]) -> bool:
    """True when words or another amount of the table say that a rate is of something else: « FCTVA (16,404 %) » is of
    the cost after tax."""
    if _OTHER_BASE.search(rate.line.label):
        return True
    amounts = (m for line in ledger.lines[:_FAR] if (m := line.figure(beside)) is not None and _is_money(m))
    return any(_is_of(rate, other) for other in (*over, *amounts))


def _share(act: Act, rate: _Rate, whole: Mention) -> Claim:
    assert isinstance(rate.stated.figure, Percentage)
    return Share(
        place=place_of(rate.stated),
        cue=act.row_cue(rate.line),
        topic="table",
        stated=rate.stated.figure,
        part=rate.part.figure,
        whole=whole.figure,
        confidence="medium",
    )


# -- what the total of the aids leaves ------------------------------------------------------------------------------

_REMAINS: Final = re.compile(
    r"(?<![a-z])(?:reste|restant|solde|a (?:la )?charge|autofinancement|fonds propres|part (?:de la )?(?:commune"
    r"|communale|collectivite|ville)|remaining|balance)(?![a-z])"
)


def _left(act: Act, ledger: Ledger, blocks: Sequence[_Block]) -> Iterator[Claim]:
    """« Dépense : A / … / Total des aides : B / Reste à la charge de la commune : A - B »: told when it holds."""
    if len(blocks) < 2 or blocks[-1].totals or len(blocks[-1].rows) != 1:
        return
    line = blocks[-1].rows[0]
    total = blocks[-2].totals[-1] if blocks[-2].totals else None
    if total is None or not _REMAINS.search(line.label):
        return
    for column in _columns(ledger):
        result, minus = line.figure(column), total.figure(column)
        if result is None or minus is None or not _is_money(result) or not _is_money(minus):
            continue
        for start in _over(act, ledger, column):
            claim = Balance(
                place=place_of(result),
                cue=act.row_cue(line),
                topic="table",
                start=start.figure,
                minus=(minus.figure,),
                result=result.figure,
                confidence="medium",
            )
            if start is not minus and holds(claim):
                yield claim
                break


# -- totals over their rows, and of two sides one under the other ---------------------------------------------------


_BESIDE: Final = re.compile(
    r"(?<![a-z])(?:pour memoire|rappel|soldes?|reste[a-z]{0,3}|recettes?|excedent|deficit)(?![a-z])"
)


def _announced(act: Act, ledger: Ledger) -> Iterator[Claim]:
    """« Coût total : A », then « dont travaux : B », « honoraires : C », which no total closes: told when it holds."""
    lines = ledger.lines
    for index, line in enumerate(lines):
        if line.kind != "total" or index + 1 >= len(lines):
            continue
        parts: list[Line] = []
        for after in lines[index + 1 :]:
            if after.kind not in ("plain", "detail") or (after.kind == "detail" and parts):
                break
            parts.append(after)
        closed = lines[index + 1 + len(parts)].kind == "total" if index + 1 + len(parts) < len(lines) else False
        if len(parts) < 2 or closed or any(_BESIDE.search(part.label) for part in parts):
            continue
        for column in _columns(ledger):
            total = line.figure(column)
            figures = [m.figure for part in parts if (m := part.figure(column)) is not None and _is_money(m)]
            if total is None or not _is_money(total) or len(figures) != len(parts):
                continue
            claim = Sum(
                place=place_of(total),
                cue=act.row_cue(line),
                topic="table",
                total=total.figure,
                parts=tuple(figures),
                confidence="medium",
            )
            if holds(claim):
                yield claim


_MOST_ROWS: Final = 40
"""Each place to cut them is tried."""


def _mingled(act: Act, ledger: Ledger, blocks: Sequence[_Block]) -> Iterator[Claim]:
    """The rows of spending, then those of income, then their two totals, as the text of a table of two sides comes
    out of a PDF: the one place where the rows can be cut so that both totals hold."""
    for block in blocks:
        if len(block.totals) != 2 or not 4 <= len(block.rows) <= _MOST_ROWS:
            continue
        for column in _columns(ledger):
            ends = [line.figure(column) for line in block.totals]
            rows = [m for line in block.rows if (m := line.figure(column)) is not None]
            if len(rows) != len(block.rows) or not all(map(_is_money, (*ends, *rows))):
                continue
            told: list[list[Sum]] = []
            for cut in range(2, len(rows) - 1):
                pair = [
                    Sum(
                        place=place_of(total),
                        cue=act.row_cue(line),
                        topic="table",
                        total=total.figure,
                        parts=tuple(m.figure for m in part),
                        confidence="medium",
                    )
                    for line, total, part in zip(block.totals, ends, (rows[:cut], rows[cut:]), strict=True)
                    if total is not None
                ]
                if all(map(holds, pair)):
                    told.append(pair)
            if len(told) == 1:
                yield from told[0]


_LISTED: Final = re.compile(
    r"(?<![a-z])(?:voir|liste|annexe|annexee?s?|tableau|ci-(?:joint|dessous|apres)|suivante?s?|detail[a-z]{0,3}|joint[es]{0,2}"
    r"|recapitul[a-z]{0,4}|attached|below|schedule)(?![a-z])"
)
_IN_TOTAL: Final = re.compile(
    rf"(?<![a-z])(?:montant (?:total|global)|total(?:e)?(?! des? (?:budget|depenses|recettes|charges|produits|credits))"
    rf"|enveloppe (?:totale|globale))(?![a-z])[^{A};.]{{0,40}}?(?P<total>{A})"
)
_NO_LIST: Final = re.compile(
    r"(?<![a-z])(?:dont|sous[- ]total|reste|solde|budget|cout|plafond|demand[a-z]{1,4})(?![a-z])"
)
_BACK: Final = 5


def _told_before(act: Act, ledger: Ledger) -> Iterator[Claim]:
    """« Le conseil vote les subventions (voir liste). Montant total : A », and the list further on, without total.

    Told when it holds; when it does not, only of the one table of the act, with one column of amounts, to which the
    words point."""
    if any(line.kind != "plain" for line in ledger.lines if line.kind != "heading") or ledger.half:
        return
    rows = [line for line in ledger.lines if line.kind == "plain"]
    columns = [column for column in _columns(ledger) if _figures(ledger, column, "amount") > 0]
    if len(rows) < 3 or len(columns) != 1 or any(_NO_LIST.search(line.label) for line in rows):
        return
    figures = [m.figure for line in rows if (m := line.figure(columns[0])) is not None and m.kind == "amount"]
    if len(figures) != len(rows):
        return
    first = ledger.before
    if first is None:
        return
    for piece in (first, *act.before(first, _BACK)):
        if piece.kind == "row" or len(piece.money()) != 1:
            if piece.money():
                return
            continue
        found = _IN_TOTAL.search(piece.clip.text)
        if found is None:
            return
        total = piece.clip.mention(found.start("total"))
        claim = Sum(
            place=place_of(total),
            cue=act.cue(piece.clip, found.start(), found.end()),
            topic="announced",
            total=total.figure,
            parts=tuple(figures),
            confidence="medium",
        )
        alone = len(act.ledgers) == 1 and ledger.after is None and total.is_exact
        if holds(claim) or (alone and _LISTED.search(piece.clip.text)):
            yield claim
        return


# -- totals of two blocks -------------------------------------------------------------------------------------------

_PLAN: Final = re.compile(
    r"(?<![a-z])(?:plan(?:s)? (?:previsionnel )?de financement|equilibr[a-z]{1,3}|financing plan)(?![a-z])"
)


def _same_totals(act: Act, ledger: Ledger, blocks: Sequence[_Block]) -> Iterator[Claim]:
    """Spending, then what pays for it, one block under the other, in each column of amounts."""
    closed = [block for block in blocks if block.totals]
    if len(closed) != 2 or len(blocks) > 3 or len(closed[1].rows) < 2:
        return
    first, again = closed[0].totals[-1], closed[1].totals[-1]
    opposite = first.side is not None and again.side is not None and first.side != again.side
    if not opposite and (first.side is not None) and first.side == again.side:
        return
    titles = " ".join([ledger.before.clip.text if ledger.before is not None else "", *ledger.headers.values()])
    found = []
    for column in _columns(ledger):
        one, two = first.figure(column), again.figure(column)
        if one is None or two is None or not (one.is_exact or one.kind == "number") or not _is_money(two):
            continue
        found.append(
            Equal(
                place=place_of(two),
                cue=act.row_cue(again),
                topic="balance",
                first=one.figure,
                again=two.figure,
                confidence="medium",
            )
        )
    holding = sum(map(holds, found))
    for claim in found:
        if holds(claim) or (opposite and holding and _PLAN.search(titles)):
            yield claim


# -- averages by head -----------------------------------------------------------------------------------------------

_MEAN_HEADER: Final = re.compile(
    r"(?<![a-z])(?:moyenn?e?s?|moyens?|unitaires?|p\.? ?u|average|mean|(?:par|/|per) ?(?P<unit>[a-z]{3,20}))(?![a-z])"
)
_NO_UNIT: Final = frozenset(("an", "mois", "jour", "chapitre", "nature", "fonction", "article", "annee", "exercice"))
_NO_COUNT: Final = re.compile(r"(?<![a-z])(?:n°|numero|annees?|exercice|dates?|codes?|ordre|article|chap)(?![a-z])")
_UNIT: Final = re.compile(rf"(?P<each>{A}) ?(?:(?:ht|ttc|net) )?(?:par|/|per) ?(?P<unit>[a-z]{{3,24}})")


_PEOPLE: Final = re.compile(r"(?<![a-z])(?:populations?|pop|hab|insee|effectifs?|nombre|quantites?|number)(?![a-z])")


def _means(act: Act, ledger: Ledger) -> Iterator[Claim]:
    """« Dossiers | Aides | Moyenne par dossier », and « soit 3 € par habitant » beside a column of inhabitants."""
    counts = [
        column
        for column in _columns(ledger)
        if _figures(ledger, column, "number") > 1
        and not _figures(ledger, column, "amount", "percent", "year")
        and not _NO_COUNT.search(ledger.headers.get(column, ""))
    ]
    money = [column for column in _columns(ledger) if _figures(ledger, column, "amount", "number") > 1]
    for column in money:
        found = _MEAN_HEADER.search(ledger.headers.get(column, ""))
        if found is None or (found["unit"] and stem(found["unit"]) in _NO_UNIT):
            continue
        for count in counts:
            for total in money:
                if len({column, count, total}) < 3:
                    continue
                told = [
                    claim
                    for line in ledger.lines
                    if line.kind in ("plain", "total", "subtotal")
                    and (claim := _mean(act, line, line.figure(total), line.figure(count), line.figure(column)))
                ]
                if _mostly(told):
                    yield from told
    for sentence in _around(ledger):
        found = _UNIT.search(sentence.text)
        if found is None:
            continue
        each = sentence.clip.mention(sentence.start + found.start("each"))
        for count in counts:
            header = ledger.headers.get(count, "")
            words = {stem(word) for word in re.findall(r"[a-z]{3,}", header)}
            if stem(found["unit"]) not in words and not _PEOPLE.search(header):
                continue
            for total in money:
                told = [
                    claim
                    for line in ledger.lines
                    if line.kind in ("plain", "total")
                    and total != count
                    and (claim := _mean(act, line, line.figure(total), line.figure(count), each))
                ]
                if _mostly(told):
                    yield from told


def _mean(act: Act, line: Line, total: Mention | None, count: Mention | None, each: Mention | None) -> Average | None:
    if total is None or count is None or each is None or not _is_money(total) or not _is_money(each):
        return None
    if count.kind != "number" or count.figure is None or count.figure.decimals or count.figure.fraction < 1:
        return None
    return Average(
        place=place_of(each),
        cue=act.row_cue(line),
        topic="average",
        total=total.figure,
        count=count.figure,
        stated=each.figure,
        confidence="medium",
    )


def _mostly(found: Sequence[Claim]) -> bool:
    """Most of the claims of a column hold: the columns were read as they were meant."""
    holding = sum(map(holds, found))
    return holding > 1 and holding * 2 > len(found)


def _around(ledger: Ledger) -> Iterator[Sentence]:
    """The sentences just after a table and just before it."""
    if ledger.after is not None:
        yield from ledger.after.sentences[:2]
    if ledger.before is not None:
        yield from ledger.before.sentences[-1:]


# -- differences ----------------------------------------------------------------------------------------------------

_DIFFERENCE: Final = re.compile(
    r"(?<![a-z])(?:ecarts?|differences?|evol(?:utions?)?|var(?:iations?)?|delta|hausse|baisse|change)(?![a-z])|\+ ?/ ?-"
)


def _differences(act: Act, ledger: Ledger) -> Iterator[Claim]:
    """« 2023 | 2024 | Écart » in amounts: what one column is more or less than the one beside it."""
    money = [column for column in _columns(ledger) if _figures(ledger, column, "amount", "number") > 1]
    for column in money:
        left = [other for other in money if other < column][-2:]
        if len(left) < 2 or not _DIFFERENCE.search(ledger.headers.get(column, "")):
            continue
        rows = [
            (line, start, end, result)
            for line in ledger.lines
            if (start := line.figure(left[0])) is not None
            and (end := line.figure(left[1])) is not None
            and (result := line.figure(column)) is not None
            and _is_money(start)
            and _is_money(end)
            and _is_money(result)
            and "(" not in (line.sign(left[0]), line.sign(left[1]), line.sign(column))
            and "-" not in (line.sign(left[0]), line.sign(left[1]))
        ]
        for forwards in (True, False):
            told = [
                Balance(
                    place=place_of(result),
                    cue=act.row_cue(line),
                    topic="table",
                    start=(end if forwards else start).figure,
                    minus=((start if forwards else end).figure,),
                    result=_negative(result) if line.sign(column) == "-" else result.figure,
                    confidence="medium",
                )
                for line, start, end, result in rows
            ]
            if _mostly(told):
                yield from told
                break


def _negative(mention: Mention) -> Figure | None:
    figure = mention.figure
    return replace(figure, n=-figure.n) if figure is not None and figure.n > 0 else figure


# -- tax ------------------------------------------------------------------------------------------------------------

_NET: Final = re.compile(r"(?<![a-z])(?:h\.? ?t\.?|hors tax(?:es?|e)|net of vat)(?![a-z])")
_TAX: Final = re.compile(r"(?<![a-z])(?:t\.? ?v\.? ?a\.?|vat)(?![a-z])")
_GROSS: Final = re.compile(r"(?<![a-z])(?:t\.? ?t\.? ?c\.?|toutes taxes(?: comprises)?|incl(?:uding|\.)? vat)(?![a-z])")


def _taxed(act: Act, ledger: Ledger) -> Iterator[Claim]:
    """« Montant HT | TVA 20 % | Montant TTC », row by row, with the rate of the header or of the row."""
    columns = {}
    for name, pattern in (("net", _NET), ("tax", _TAX), ("gross", _GROSS)):
        columns[name] = [
            column
            for column in _columns(ledger)
            if pattern.search(ledger.headers.get(column, "")) and _figures(ledger, column, "amount", "number") > 1
        ]
    if len(columns["net"]) != 1 or len(columns["gross"]) != 1 or columns["net"] == columns["gross"]:
        return
    rate = _header_rate(act, ledger)
    found: list[Claim] = []
    for line in ledger.lines:
        net, gross = line.figure(columns["net"][0]), line.figure(columns["gross"][0])
        if net is None or gross is None or not _is_money(net) or not _is_money(gross) or line.kind == "detail":
            continue
        if rate is not None:
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
    if _mostly(found):
        yield from found
    sums: list[Claim] = []
    if len(columns["tax"]) == 1:
        for line in ledger.lines:
            boxes = [line.figure(columns[name][0]) for name in ("net", "tax", "gross")]
            if all(_is_money(box) for box in boxes) and line.kind != "detail":
                net, tax, gross = boxes
                assert net is not None
                assert tax is not None
                assert gross is not None
                sums.append(
                    Sum(
                        place=place_of(gross),
                        cue=act.row_cue(line),
                        topic="tax",
                        total=gross.figure,
                        parts=(net.figure, tax.figure),
                        confidence="medium",
                    )
                )
        if _mostly(sums):
            yield from sums


def _header_rate(act: Act, ledger: Ledger) -> Percentage | None:
    """The one rate that stands between a table and what is before it: in the header of the tax."""
    first = ledger.lines[0].span[0]
    low = ledger.before.end if ledger.before is not None else max(0, first - 400)
    rates = [m.figure for m in act.passage.mentions.between(low, first) if m.kind == "percent"]
    figure = rates[0] if len(rates) == 1 else None
    return figure if isinstance(figure, Percentage) and 0 < figure.fraction < 40 else None


# -- the sentence that sums a table up ------------------------------------------------------------------------------

_UP: Final = re.compile(r"(?<![a-z])(?:hausse|augment[a-z]{0,6}|progress[a-z]{0,4}|croissance|increase|rise)(?![a-z])")
_DOWN: Final = re.compile(r"(?<![a-z])(?:baisse|diminu[a-z]{0,5}|reduction|recul[a-z]{0,2}|decrease|fall)(?![a-z])")


def _summed_up(act: Act, ledger: Ledger) -> Iterator[Claim]:
    """« … soit une augmentation de 550 € (+ 3,2 %) », under the totals of two years: told when it holds."""
    if ledger.after is None:
        return
    for sentence in ledger.after.sentences[:2]:
        rates = [(at, m) for at, m in sentence.mentions() if m.kind == "percent"]
        falling = _DOWN.search(sentence.text) is not None
        if falling == (_UP.search(sentence.text) is not None) or len(sentence.money()) > 1:
            continue
        for line in reversed([line for line in ledger.lines if line.kind == "total"]):
            pair = [box.figure for box in line.boxes if box.figure is not None and box.figure.kind != "percent"]
            if len(pair) != 2 or not all(map(_is_money, pair)):
                continue
            told = list(_moved(act, sentence, pair[0], pair[1], rates, falling=falling))
            if told:
                yield from told
                break


def _moved(
    act: Act,
    sentence: Sentence,
    start: Mention,
    end: Mention,
    rates: Sequence[tuple[int, Mention]],
    *,
    falling: bool,
) -> Iterator[Claim]:
    for at, stated in rates:
        if isinstance(stated.figure, Percentage):
            change = Change(
                place=place_of(stated),
                cue=act.cue(sentence.clip, at, at + 1),
                topic="table",
                start=start.figure,
                end=end.figure,
                stated=stated.figure,
                falling=falling and stated.figure.n > 0,
                confidence="medium",
            )
            if holds(change):
                yield change
    for at, more in sentence.exact():
        big, small = (start, end) if falling else (end, start)
        balance = Balance(
            place=place_of(more),
            cue=act.cue(sentence.clip, at, at + 1),
            topic="table",
            start=big.figure,
            minus=(small.figure,),
            result=more.figure,
            confidence="medium",
        )
        if holds(balance):
            yield balance
