"""Tables and what is said around them: a total announced before a table or told after it, shares of a base that the
sentence before names, and the grand total of several tables one under the other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from subsidy_rules.acts import Act, place_of
from subsidy_rules.claims import Average, Balance, Claim, Share, Sum
from subsidy_rules.figures import Figure, Percentage
from subsidy_rules.holding import holds
from subsidy_rules.ledgers import Ledger, Line
from subsidy_rules.mentions import A, Mention, N
from subsidy_rules.sentences import Piece, Sentence
from subsidy_rules.series import CUT, choose, sole

__all__ = ["claims"]

_SPREADS: Final = re.compile(
    rf"[{A}{N}][^{A}.;]{{0,80}}(?<![a-z])(?:repart[a-z]{{0,8}}|ventil[a-z]{{0,7}}|decompos[a-z]{{0,7}}"
    rf"|se compos[a-z]{{1,5}}|broken down|divided|shared)(?![a-z])"
    rf"|(?<![a-z])(?:montant|cout|somme) (?:total|globale?|totale)[^{A}.;]{{0,40}}{A}"
)
"""The words that make the amount of a sentence the total of the table under it."""
_LIMITS: Final = re.compile(
    r"(?<![a-z])(?:limite|enveloppe|credits?|budget|plafon[a-z]{0,3}|maxim[a-z]{0,3}|disponibles?|inscri[a-z]{1,3}|vote[a-z]?"
    r"|annee precedente|rappel|memoire|sur|dont|parmi|solde|reste)(?![a-z])"
)
_TELLS: Final = re.compile(
    r"(?:soit|pour)? ?(?:un |le |une |la )?(?:(?:montant|somme|cout|depense) )?"
    r"(?:tota(?:l|le|ux)|globale?|ensemble|cumul)(?![a-z])"
    r"|soit(?![a-z])"
)
_NOT_ADDED: Final = re.compile(
    r"(?<![a-z])(?:n°|no|num(?:ero)?|annees?|dates?|codes?|taux|unitaire|tarif|quotite|coef[a-z]*|indice|moyenne"
    r"|siret|compte|nature|fonction|chapitre|page|lot|evolution|reste|solde)(?![a-z])|%"
)
_GENERAL: Final = re.compile(r"(?<![a-z])(?:general|generale|generaux|cumule|ensemble|tous|toutes|des \ue002)(?![a-z])")
_TOTAL: Final = re.compile(r"(?:le |la )?(?:grand |montant )?(?:total|totaux|ensemble|cumul)(?![a-z])")
_FAR: Final = 3


def claims(act: Act) -> Iterator[Claim]:
    """What sentences around tables say of their columns, and totals over several tables."""
    for ledger in act.ledgers:
        if ledger.half:
            continue
        yield from _announced(act, ledger)
        yield from _shares_of_base(act, ledger)
        yield from _averages(act, ledger)
        yield from _rates_by_row(act, ledger)
    for ledger in act.ledgers:
        yield from _unnamed_totals(act, ledger)
        yield from _left_over(act, ledger)
    yield from _grand_totals(act)


def _is_money(mention: Mention | None) -> bool:
    return mention is not None and mention.kind in ("amount", "number", "year", "words") and mention.figure is not None


def _money_columns(ledger: Ledger) -> list[int]:
    return [
        column
        for column in ledger.columns
        if not _NOT_ADDED.search(ledger.headers.get(column, ""))
        and sum(_is_money(line.figure(column)) for line in ledger.lines) > 1
    ]


def _said_before(act: Act, ledger: Ledger, most: int) -> Iterator[Sentence]:
    """The sentences just before a table, nearest first; a title without figure between is no hindrance."""
    piece: Piece | None = ledger.before
    while piece is not None and most:
        if piece.kind in ("row", "aside"):
            return
        for sentence in reversed(piece.sentences):
            yield sentence
            most -= 1
            if not most:
                return
        if not (piece.kind == "heading" or piece.clip.text.endswith(":")):
            return
        piece = act.passage.pieces[piece.number - 1] if piece.number else None


def _parts(ledger: Ledger, column: int) -> tuple[list[Figure], bool]:
    """The own figures of a column; and whether every row has one and nothing stands apart."""
    plain = [line for line in ledger.lines if line.kind == "plain"]
    figures = [m.figure for line in plain if (m := line.figure(column)) is not None and _is_money(m) and m.figure]
    sure = len(figures) == len(plain) and all(line.kind == "plain" for line in ledger.lines)
    sure = sure and not any(line.sign(column) in ("-", "(") or CUT.search(line.label) for line in ledger.lines)
    return figures, sure


def _announced(act: Act, ledger: Ledger) -> Iterator[Claim]:
    """« 210 400 € répartis entre trois collèges : » over a table without a total; « soit 210 400 € » under it."""
    if any(line.kind in ("total", "subtotal") for line in ledger.lines):
        return
    columns = _money_columns(ledger)
    for column in columns:
        parts, sure = _parts(ledger, column)
        if len(parts) < 2:
            continue
        readings: list[tuple[Claim, bool]] = []
        for sentence in _said_before(act, ledger, _FAR):
            money = [(at, m) for at, m in sentence.mentions() if m.is_money]
            certain = (
                sure
                and len(money) == 1
                and len(columns) == 1
                and sentence.piece is ledger.before
                and sentence.text.rstrip().endswith(":")
                and _SPREADS.search(sentence.text) is not None
                and _LIMITS.search(sentence.text) is None
            )
            readings.extend((_sum(act, sentence, at, m, parts), certain) for at, m in money)
        after = ledger.after
        if after is not None and after.sentences and (told := _TELLS.match(after.clip.text)) is not None:
            sentence = after.sentences[0]
            money = [(at, m) for at, m in sentence.mentions() if m.is_money and at < told.end() + 60]
            certain = sure and len(columns) == 1 and len(money) == 1 and not _LIMITS.search(sentence.text)
            certain = certain and not after.gap and not readings
            readings.extend((_sum(act, sentence, at, m, parts), certain) for at, m in money[:2])
        chosen = choose(readings)
        if chosen is not None:
            yield chosen


def _sum(act: Act, sentence: Sentence, at: int, total: Mention, parts: Sequence[Figure]) -> Claim:
    return Sum(
        place=place_of(total),
        cue=act.cue(sentence.clip, at, min(sentence.end, at + 60)),
        topic="announced",
        total=total.figure,
        parts=tuple(parts),
        confidence="medium",
    )


def _shares_of_base(act: Act, ledger: Ledger) -> Iterator[Claim]:
    """A column of rates and a column of amounts, under a sentence that names the whole: told when most of them hold."""
    if any(line.kind == "total" for line in ledger.lines):
        return
    columns = _money_columns(ledger)
    for column in ledger.columns:
        rows = [line for line in ledger.lines if line.kind == "plain"]
        stated = [(line, m) for line in rows if (m := line.figure(column)) is not None and m.kind == "percent"]
        if len(stated) < 2:
            continue
        best: list[Claim] = []
        for sentence in _said_before(act, ledger, _FAR):
            for _, whole in sentence.mentions():
                if not whole.is_money or whole.figure is None:
                    continue
                for other in columns:
                    found = [
                        Share(
                            place=place_of(mention),
                            cue=act.row_cue(line),
                            topic="table",
                            stated=mention.figure,
                            part=part.figure,
                            whole=whole.figure,
                            confidence="medium",
                        )
                        for line, mention in stated
                        if (part := line.figure(other)) is not None
                        and _is_money(part)
                        and isinstance(mention.figure, Percentage)
                    ]
                    holding = sum(holds(claim) for claim in found)
                    if holding * 2 > len(found) and len(found) > max(1, len(best)):
                        best = list(found)
        yield from best


_CHANGES: Final = re.compile(r"(?<![a-z])(?:evolution|variation|ecart|change|hausse|progression|tva)(?![a-z])")
_MOST_COLUMNS: Final = 6


def _rates_by_row(act: Act, ledger: Ledger) -> Iterator[Claim]:
    """« Coût | Aide | Taux »: on each row, what one column is of another; told when most of the rows hold."""
    money = [c for c in ledger.columns if sum(_is_money(line.figure(c)) for line in ledger.lines) > 1]
    if len(money) > _MOST_COLUMNS:
        return
    for column in ledger.columns:
        if _CHANGES.search(ledger.headers.get(column, "")):
            continue
        stated = [(line, m) for line in ledger.lines if (m := line.figure(column)) is not None and m.kind == "percent"]
        if len(stated) < 2:
            continue
        best: list[Claim] = []
        for whole in money:
            for part in money:
                found = [
                    Share(
                        place=place_of(mention),
                        cue=act.row_cue(line),
                        topic="table",
                        stated=mention.figure,
                        part=_figure(line, part),
                        whole=_figure(line, whole),
                        confidence="medium",
                    )
                    for line, mention in stated
                    if isinstance(mention.figure, Percentage)
                    and _is_money(line.figure(part))
                    and _is_money(line.figure(whole))
                ]
                holding = sum(holds(claim) for claim in found) if whole != part else 0
                if holding > 1 and holding * 2 > len(found) and len(found) > len(best):
                    best = list(found)
        yield from best


# -- rows that are totals without the word ---------------------------------------------------------------------------

_WHOLE: Final = re.compile(
    r"(?<![a-z])(?:assiette|base|cout|montant|budget|prix|depenses?|recettes?|charges?|produits?|enveloppe|credits?"
    r"|dotation|subventions?|financements?|resultat|cost|budget)(?![a-z])"
)
_REST: Final = re.compile(
    r"(?<![a-z])(?:reste|restant|solde|reliquat|disponible|excedent|deficit|resultat|difference|ecart|autofinancement"
    r"|a (?:la )?charge|net a|remaining|balance)(?![a-z])"
)
_CARRIED: Final = re.compile(r"(?<![a-z])(?:report[a-z]{0,3}|anterieur[a-z]{0,2}|repris[a-z]?|n ?- ?1)(?![a-z])")
_LINES: Final = 60


def _unnamed_totals(act: Act, ledger: Ledger) -> Iterator[Claim]:
    """« Assiette éligible » under the rows that it adds up, or « Budget » over them: told when it holds."""
    plain = [line for line in ledger.lines if line.kind == "plain"]
    if len(plain) != len(ledger.lines) or not 3 <= len(plain) <= _LINES:
        return
    for column in _money_columns(ledger):
        if not all(_is_money(line.figure(column)) for line in plain):
            continue
        for whole, parts in ((plain[-1], plain[:-1]), (plain[0], plain[1:])):
            total = whole.figure(column)
            figures = [m.figure for line in parts if (m := line.figure(column)) is not None]
            if total is None or not _WHOLE.search(whole.label):
                continue
            claim = Sum(
                place=place_of(total),
                cue=act.row_cue(whole),
                topic="table",
                total=total.figure,
                parts=tuple(figures),
                confidence="medium",
            )
            if holds(claim):
                yield claim
                break


def _left_over(act: Act, ledger: Ledger) -> Iterator[Claim]:
    """« Reste à charge » in a column, of what stands over it: told when it holds."""
    lines = [line for line in ledger.lines if line.kind != "heading"]
    if len(lines) > _LINES:
        return
    for column in _money_columns(ledger):
        for index, line in enumerate(lines):
            result = line.figure(column)
            if not _REST.search(line.label) or _CARRIED.search(line.label) or result is None or not _is_money(result):
                continue
            over = [other for other in lines[:index] if _is_money(other.figure(column))]
            if len({other.side for other in over} - {None}) > 1 and line.kind == "plain":
                over = [other for other in over if other.kind == "total"]
            readings = [
                (over[start], over[first:])
                for first in range(len(over) - 1, 0, -1)
                for start in ((first - 1,) if first < len(over) - 1 else range(first - 1, -1, -1))
            ]
            left = result.figure
            if left is not None and line.sign(column) == "-" and left.n > 0:
                # « Solde : - 93 570 »: what stands below is more than what stands above, or the other way round.
                left = replace(left, n=-left.n)
                readings = [(less[0], [whole]) for whole, less in readings if len(less) == 1] + readings
            chosen = choose(
                (
                    Balance(
                        place=place_of(result),
                        cue=act.row_cue(line),
                        topic="table",
                        start=_figure(whole, column),
                        minus=tuple(_figure(part, column) for part in less),
                        result=figure,
                        confidence="medium",
                    ),
                    False,
                )
                for figure in dict.fromkeys((left, result.figure))
                for whole, less in readings
            )
            if chosen is not None:
                yield chosen


def _figure(line: Line, column: int) -> Figure | None:
    mention = line.figure(column)
    return None if mention is None else mention.figure


_MEAN: Final = re.compile(r"(?<![a-z])(?:moyen(?:ne)?s?|average|mean)(?![a-z])")
_PER: Final = re.compile(r"(?<![a-z])par (?P<thing>[a-z][a-z-]{2,24})")


def _averages(act: Act, ledger: Ledger) -> Iterator[Claim]:
    """« soit une moyenne de 15 € par habitant » under a table of amounts and inhabitants."""
    totals = [line for line in ledger.lines if line.kind == "total"]
    if ledger.after is None or not totals:
        return
    pieces = act.passage.pieces[ledger.after.number : ledger.after.number + 2]
    for sentence in (
        sentence for piece in pieces if piece.kind not in ("row", "aside") for sentence in piece.sentences
    ):
        money = [(at, m) for at, m in sentence.mentions() if m.kind == "amount"]
        if len(money) != 1 or not _MEAN.search(sentence.text):
            continue
        at, stated = money[0]
        thing = _PER.search(sentence.text)
        columns = [column for column in ledger.columns if _is_money(totals[-1].figure(column))]
        readings: list[tuple[Claim, bool]] = []
        for whole in columns:
            for among in columns:
                total, count = totals[-1].figure(whole), totals[-1].figure(among)
                if whole == among or total is None or count is None or count.kind == "amount":
                    continue
                named = thing is not None and thing["thing"][:6] in ledger.headers.get(among, "")
                claim = Average(
                    place=place_of(stated),
                    cue=act.cue(sentence.clip, at, min(sentence.end, at + 40)),
                    topic="average",
                    total=total.figure,
                    count=count.figure,
                    stated=stated.figure,
                    confidence="medium",
                )
                readings.append((claim, named and total.kind == "amount" and len(columns) == 2))
        chosen = choose(readings)
        if chosen is not None:
            yield chosen
            return


# -- totals over several tables -------------------------------------------------------------------------------------


def _grand_totals(act: Act) -> Iterator[Claim]:
    """« TOTAL GÉNÉRAL » in the last of several tables, or on a line of its own under them."""
    ends: list[tuple[Ledger, Line, int]] = []
    for ledger in act.ledgers:
        if ledger.half:
            ends = []
            continue
        if ends and not _follows(act, ends[-1][0], ledger):
            ends = []
        columns = _money_columns(ledger)
        totals = [line for line in ledger.lines if line.kind in ("total", "subtotal")]
        if len(columns) != 1 or not totals:
            ends = []
            continue
        column = columns[0]
        totals = [line for line in totals if _is_money(line.figure(column))]
        if len(totals) > 1 and len(ends) > 0 and totals[-1].kind == "total":
            own = totals[-2]
            claim = _over(act, totals[-1], column, [*ends, (ledger, own, column)])
            if claim is not None:
                yield claim
        if totals:
            ends.append((ledger, totals[-1], column))
        yield from _under(act, ledger, ends)


def _follows(act: Act, first: Ledger, second: Ledger) -> bool:
    """True when only titles stand between two tables."""
    if first.after is None or second.before is None:
        return first.after is None and second.before is None
    between = act.passage.pieces[first.after.number : second.before.number + 1]
    return len(between) <= 2 and all(piece.kind == "heading" or piece.clip.text.endswith(":") for piece in between)


def _over(act: Act, line: Line, column: int, ends: Sequence[tuple[Ledger, Line, int]]) -> Claim | None:
    total = line.figure(column)
    parts = [m.figure for _, end, at in ends if (m := end.figure(at)) is not None and m.figure is not None]
    if total is None or total.figure is None or len(parts) < 2:
        return None
    claim = Sum(
        place=place_of(total),
        cue=act.row_cue(line),
        topic="table",
        total=total.figure,
        parts=tuple(parts),
        confidence="medium",
    )
    return choose([(claim, _GENERAL.search(line.label) is not None)])


def _under(act: Act, ledger: Ledger, ends: Sequence[tuple[Ledger, Line, int]]) -> Iterator[Claim]:
    """The line « TOTAL GÉNÉRAL … 38 000 € » that stands apart under tables."""
    after = ledger.after
    if after is None and ledger.lines:
        last = ledger.lines[-1].span[1]
        after = next((piece for piece in act.passage.pieces if piece.start >= last), None)
    if after is None or len(ends) < 2 or len(after.clip.text) > 100:
        return
    text = after.clip.text.strip(" *-")
    figures = [(at, m) for at, m in zip(after.clip.positions, after.clip.mentions, strict=True) if _is_money(m)]
    if not _TOTAL.match(text) or len(figures) != 1:
        return
    total = figures[0][1]
    parts = [m.figure for _, end, at in ends if (m := end.figure(at)) is not None and m.figure is not None]
    if total.figure is None or len(parts) != len(ends):
        return
    claim = Sum(
        place=place_of(total),
        cue=act.cue(after.clip, 0, len(after.clip.text)),
        topic="table",
        total=total.figure,
        parts=tuple(parts),
        confidence="medium",
    )
    yield from sole(claim, certain=_GENERAL.search(text) is not None)
