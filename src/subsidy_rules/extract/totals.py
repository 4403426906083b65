"""Parts first, then their total: « soit un total de », « l'ensemble de la dépense s'élève à », « ces aides, pour un
montant total de »."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Final

from subsidy_rules.acts import CUT_LIST, Act, place_of
from subsidy_rules.claims import Claim, Confidence, Equal, Sum
from subsidy_rules.holding import holds
from subsidy_rules.ledgers import Ledger, Side, side_of
from subsidy_rules.mentions import A, D, Mention, P
from subsidy_rules.sentences import Piece, Sentence
from subsidy_rules.series import TOTAL, Series, choose

__all__ = ["claims"]

_REACHES: Final = (
    r"(?:s'eleve(?:nt|ra|rait)?|se monte(?:nt|ra)?|est|sera|ressort|s'etabli(?:t|ra)|atteint"
    r"|represente(?:nt|ra)?|est (?:fixe|arrete|evalue|porte)(?:e)?|se chiffre|amounts?"
    r"|comes?|is)"
)
_CLOSES: Final = re.compile(
    rf"(?<![a-z])(?P<strong>(?:l'ensemble|la totalite|le total|le cumul|le montant total"
    rf"|le montant global|la (?:depense|somme|charge|participation) (?:totale|globale)|le (?:cout"
    rf"|budget|financement) (?:total|global)|total(?: general| des? [a-z' ]{{2,40}})?|soit,? (?:un "
    rf"|une |pour un |au |en )?(?:[a-z]+ )?(?:total(?:e)?|global(?:e)?)|pour un (?:montant"
    rf"|cout) (?:total|global)|the total|total)(?![a-z])[^{A}{P};]{{0,120}}?)(?P<total>{A})"
    rf"|(?<![a-z])(?P<weak>(?:(?:l'|le |la |les |cet(?:te)? |ce |ces |the |this )(?:[a-z]{{4,16}} ){{1,3}}(?:correspo"
    rf"ndante?s?|en resultant|resultante?s?|ainsi|induite?s?|engagee?s?|necessaires?|resulting"
    rf"|corresponding)|(?:le |la )(?:cout|depense|montant|charge|engagement|incidence)(?: [a-z']{{1,20}}){{0,6}}) ?(?"
    rf":{_REACHES})[^{A}{P};]{{0,30}}?)(?P<total2>{A})"
)
_ELLIPTIC: Final = re.compile(rf"^(?:soit|total|ensemble|montant total)[^{A}]{{0,60}}(?P<total>{A})")
_THESE: Final = re.compile(
    rf"(?<![a-z])(?:ces|les|lesdites|desdites|the|these|ces (?:deux|trois|quatre)) (?:[^{A};.]{{0,16}} )?(?:aides"
    rf"|subventions|sommes|montants|participations|attributions|dotations|depenses|concours"
    rf"|versements|contributions|grants|amounts|credits)(?![a-z])[^{A};.]{{0,60}}?(?:total"
    rf"|totale|global|globale|ensemble)[^{A};.]{{0,40}}?(?P<total>{A})"
)
_ALL_OF_THEM: Final = re.compile(
    rf"(?<![a-z])(?:la depense|la charge|l'engagement|le montant|l'ensemble|le cout) (?:totale?|globale?"
    rf"|de ces [a-z]{{4,16}})"
    rf"(?![a-z])[^{A};.]{{0,40}}?(?P<total>{A})"
)
_ARTICLE: Final = re.compile(r"(?:article|art\.?) ?(?:premier|[0-9\ue002])")
_GIVES: Final = re.compile(
    rf"(?<![a-z])(?:accorde|attribue|alloue|octroye|verse|vote|approuve|fixe|awarded?|granted?"
    rf"|paid)(?:e|es|s|nt|ra)?(?![a-z])[^{A};.]{{0,80}}?(?P<amount>{A})"
    rf"|(?<![a-z])(?:subvention|aide|dotation|participation|concours|grant|somme)s?(?![a-z])[^{A};.]{{0,50}}?(?:de"
    rf"|d'un montant de|:|of) (?P<amount2>{A})"
)


def claims(act: Act) -> Iterator[Claim]:
    """Totals that close a list, a table, or a run of articles."""
    told: set[int] = set()
    sides: list[tuple[Side, Mention, Series]] = []
    for series in act.series:
        yield from _groups(act, series)
        for claim, at in _after_series(act, series):
            told.add(at)
            yield claim
            if series.closing is not None and (side := _side(act, series)) is not None:
                piece, start = series.closing
                sides.append(
                    (side, next(m for _, m in piece.clip.within(start, len(piece.clip.text)) if m.start == at), series)
                )
    yield from _balanced(act, sides)
    for ledger in act.ledgers:
        for claim, at in _after_ledger(act, ledger):
            if at not in told:
                told.add(at)
                yield claim
    yield from _after_articles(act, told)


def _side(act: Act, series: Series) -> Side | None:
    """Spending or income, by the words of the total, else of the headings just before the list."""
    assert series.closing is not None
    piece, start = series.closing
    said = side_of(piece.clip.text[start:])
    if said is not None:
        return said
    first = series.entries[0].piece
    for before in act.before(first, 2):
        if before.money() or before.kind == "row":
            return None
        said = side_of(before.clip.text)
        if said is not None:
            return said
    return None


_MUST_CLOSE: Final = re.compile(
    r"(?<![a-z])(?:plan(?:s)? (?:previsionnel )?de financement|budget previsionnel|s'equilibr[a-z]{1,3}"
    r"|equilibre|financing plan)(?![a-z])"
)


def _balanced(act: Act, sides: list[tuple[Side, Mention, Series]]) -> Iterator[Claim]:
    """Two lists, spending and income, whose totals stand one after the other: a plan that closes."""
    for (one, first, left), (two, again, right) in itertools.pairwise(sides):
        if one == two or right.entries[0].piece.number - left.entries[-1].piece.number > 8:
            continue
        claim = Equal(
            place=place_of(again),
            cue=act.passage.mentions.written(again.start, again.end),
            topic="balance",
            first=first.figure,
            again=again.figure,
            confidence="medium",
        )
        titles = " ".join(piece.clip.text for piece in act.before(left.entries[0].piece, 4))
        if holds(claim) or _MUST_CLOSE.search(titles):
            yield claim


def _groups(act: Act, series: Series) -> Iterator[Claim]:
    """« 1. Fonctionnement : 45 000 € » over its own items: told when most of the groups of the list add up."""
    found = [
        Sum(
            place=place_of(head.amounts[0]),
            cue=act.cue(head.piece.clip, head.start, head.end),
            topic="group",
            total=head.amounts[0].figure,
            parts=tuple(entry.amounts[0].figure for entry in members),
            confidence="medium",
        )
        for head, members in series.groups
        if len(members) > 1
    ]
    holding = sum(holds(claim) for claim in found)
    if holding * 2 > len(found) or (holding and holding * 2 == len(found)):
        yield from found


def _mixed(series: Series) -> bool:
    """Lines of spending and of income in one list: no total adds them all."""
    return len({side_of(entry.text) for entry in series.entries} - {None}) > 1


def _first_total(piece: Piece) -> tuple[re.Match[str], Mention, bool, Sentence] | None:
    """The total that opens a piece: in its first sentence, before any other amount."""
    if piece.kind in ("row", "aside") or not piece.sentences:
        return None
    for sentence in piece.sentences[:1]:
        for found in _CLOSES.finditer(piece.clip.text, sentence.start, sentence.end):
            group = "total" if found["total"] else "total2"
            at = found.start(group)
            if any(m.kind == "amount" for _, m in piece.clip.within(sentence.start, at)):
                return None
            return found, piece.clip.mention(at), group == "total", sentence
        if sentence.money():
            return None
    return None


def _after_series(act: Act, series: Series) -> Iterator[tuple[Claim, int]]:
    doubt = CUT_LIST if series.cut else None
    if series.closing is not None:
        piece, start = series.closing
        closing_part = piece.clip.within(start, len(piece.clip.text))
        money = [(at, m) for at, m in closing_part if m.kind == "amount"]
        money = money or [(at, m) for at, m in closing_part if m.kind == "number" and m.figure is not None]
        if money:
            total = money[0][1]
            cue = act.cue(piece.clip, start, money[0][0] + 1)
            sure = not _set_apart(series, piece) and _BEYOND.search(piece.clip.text, start) is None
            sure = sure and not _of_others(series, piece, start, money[0][0])
            sure = sure and not _over_time(series, piece.clip.text[money[0][0] + 1 :])
            found = _choose(act, series, total, cue, "high" if series.sure else "medium", sure=sure)
            if found is not None:
                yield found, total.start
        return
    if series.after is None or doubt is not None:
        return
    closing = _first_total(series.after)
    if closing is None:
        return
    found_words, total, strong, sentence = closing
    cue = act.cue(series.after.clip, found_words.start(), found_words.end())
    if not strong and not _speaks_of(series, sentence, found_words):
        return
    strong = strong and _ELSEWHERE.search(sentence.text) is None
    # « Le montant total de 618 002 € est ventilé ainsi : » speaks of the list that follows.
    forward = sentence.text.rstrip().endswith(":") and not re.search(_REACHES, found_words.group())
    forward = forward or _is_another(series, sentence, found_words, total)
    forward = forward or any(
        m is total and _over_time(series, sentence.text[at + 1 :]) for at, m in sentence.mentions()
    )
    claim = _choose(
        act,
        series,
        total,
        cue,
        "high" if strong and series.sure and series.marked else "medium",
        sure=(strong or not series.headed) and not forward and _ELSEWHERE.search(sentence.text) is None,
    )
    if claim is not None:
        yield claim, total.start


def _set_apart(series: Series, piece: Piece) -> bool:
    """True when the line of the total stands apart from a list that nothing announced, whose lines stand together."""
    if not piece.gap or piece is series.entries[-1].piece:
        return False
    together = not any(entry.piece.gap for entry in series.entries[1:])
    return together and (series.intro is None or _LISTED.search(series.intro.text) is None)


_NOT_THESE: Final = re.compile(
    r"(?<![a-z])(?:demand[a-z]{1,4}|sollicit[a-z]{1,4}|depuis|deja|anterieur[a-z]{0,2}|precedent[a-z]{0,2}"
    r"|plafon[a-z]{0,5}|maxim[a-z]{0,3}|rest[a-z]{1,5}|disponibles?|credits?|enveloppe|inscrit[a-z]{0,2}"
    r"|ouvert[a-z]{0,2}|eligibles?|requested|available|so far)(?![a-z])"
)
_GRANTED: Final = re.compile(
    r"(?<![a-z])(?:vot[a-z]{1,3}|accord[a-z]{1,3}|attribu[a-z]{1,3}|retenu[a-z]{0,2})(?![a-z])"
)
_ASKED: Final = re.compile(r"(?<![a-z])(?:demand|sollicit|request)")


def _of_others(series: Series, piece: Piece, start: int, at: int) -> bool:
    """« Subventions accordées : … Total des demandes : 9 500 € »: the total of something that the list is not said to
    be; or of another year, when lines give the amounts of two."""
    label = piece.clip.text[start:at]
    words = " ".join([series.intro.text if series.intro is not None else "", *(e.text for e in series.entries)])
    named = _NOT_THESE.search(label)
    if named is not None and named.group()[:6] not in words:
        return True
    if _GRANTED.search(label) and _ASKED.search(words) and not _GRANTED.search(words):
        return True
    return D in label and sum(D in entry.text for entry in series.entries) * 2 > len(series.entries)


_OF_COST: Final = re.compile(r"(?:soit,? |pour )?(?:un |le |la )?(?:cout|budget|financement)s?(?![a-z])")
_COST: Final = re.compile(r"(?<![a-z])(?:cout|budget|financement|charge|depense|travaux|cost)s?(?![a-z])")


def _is_another(series: Series, sentence: Sentence, found: re.Match[str], total: Mention) -> bool:
    """True when the sentence after a list has a total of its own: the list already has one that it adds up to, or the
    sentence goes on to divide it, or it speaks of a cost and the list does not."""
    parts = sum((e.amounts[0].figure.fraction for e in series.entries if e.amounts[0].figure), Fraction(0))
    announced = [m.figure.fraction for _, m in series.intro.money() if m.figure] if series.intro is not None else []
    if parts in announced:
        return True
    if [m for at, m in sentence.money() if m.kind == "amount" and m.start > total.start]:
        return True
    words = " ".join([series.intro.text if series.intro is not None else "", *(e.text for e in series.entries)])
    head = found.group().split("\ue000")[0]
    return _OF_COST.match(head) is not None and "pour la" not in head and _COST.search(words) is None


_ELSEWHERE: Final = re.compile(
    r"(?<![a-z])(?:depuis|a ce jour|deja|anterieur[a-z]{0,2}|precedent[a-z]{0,2}|demandes?"
    r"|demandee?s?|sollicit[a-z]{1,4}|initiale?s?|previsionnel[a-z]{0,3}|inscrits?|ouverts?"
    r"|budget|budgetaire annuelle?|annuel[a-z]{0,2}|recettes?|estim[a-z]{1,5}|maxim[a-z]{1,3}"
    r"|plafond|reste|restant|disponible|projet|operation|chantier|tous|toutes|remise|rabais|nets?|nette"
    r"|apres|since|so far)(?![a-z])"
)
"""A total of more than the list above it: of the year so far, of what was asked, of the whole budget."""
_OTHER: Final = re.compile(
    r"(?<![a-z])(?:restant|reste|solde|annuel|previsionnel|subventionnable|initial|mensuel"
    r"|unitaire|projet|operation|travaux|reste a charge|net|programme)(?![a-z])"
)


_LISTED: Final = re.compile(
    r"(?<![a-z])(?:ventil[a-z]{0,7}|repart[a-z]{0,8}|decompos[a-z]{0,7}|suivante?s?|ci-(?:apres|dessous)|ainsi"
    r"|comme suit|attribu[a-z]{0,6}|accord[a-z]{0,4}|allou[a-z]{0,3}|octroy[a-z]{0,3}|vers[a-z]{1,6}"
    r"|follow[a-z]{1,3})(?![a-z])"
)


def _speaks_of(series: Series, sentence: Sentence, found: re.Match[str]) -> bool:
    """True when « la dépense correspondante s'élève à » opens the sentence after an announced list.

    False when it names another amount: a budget, a balance, a unit price.
    """
    if found.start() != sentence.start or _OTHER.search(found.group()) is not None:
        return False
    return series.intro is not None and _LISTED.search(series.intro.text) is not None


_SUB_TOTAL: Final = re.compile(r"[ >*•-]{0,4}(?:sous[- ]?tota(?:l|ux)|s/s?[ -]?total|sub[- ]?total)(?![a-z])")
_BEYOND: Final = re.compile(
    r"(?<![a-z])(?:y compris|avec|depuis|compte tenu|inclus|including|since|dont)(?![a-z])[^\ue000]{0,60}(?:\ue000|\Z)"
)
"""A total of more than the list above it."""


_TAKEN_OUT: Final = re.compile(
    r"\((?:retire|annule|rejete|refuse|ajourne)[es]{0,2}\)|(?<![a-z])dont \ue000 deja (?:verse|paye|vote)"
)
"""« 1 650 € (retirée) », « 1 850 €, dont 350 € déjà versés »: a line that its total may leave out, or in part."""


_PERIOD: Final = re.compile(
    r"[ ,(]{0,2}(?:(?:ttc|ht) )?(?:(?:par|chaque|/|sur|pour|pendant|a|per|over|each) ?)?(?:l'|la |les |une? |"
    r"[^ ,;:]{1,10} )?(?:ans?|annees?|mois|trimestres?|semestres?|semaines?|jours?|exercices?|annuel[a-z]{0,4}"
    r"|mensuel[a-z]{0,4}|year|month|yearly|monthly)(?![a-z])"
)


def _over_time(series: Series, after: str) -> bool:
    """« Le total s'élève à 4 200 € par an », under amounts that are not said to be of a year: of a month, perhaps."""
    found = _PERIOD.match(after)
    if found is None:
        return False
    last = found.group().split()[-1].lstrip("/(")[:2]
    return not all(re.search(rf"(?<![a-z]){re.escape(last)}", entry.text) for entry in series.entries)


def _choose(act: Act, series: Series, total: Mention, cue: str, confidence: Confidence, *, sure: bool) -> Claim | None:
    doubt = CUT_LIST if series.cut else None
    mixed = _mixed(series)
    readings: list[tuple[Sum, bool]] = []
    under = [_SUB_TOTAL.match(entry.text) is not None for entry in series.entries]
    sure = sure and not any(under) and not any(_TAKEN_OUT.search(entry.piece.clip.text) for entry in series.entries)
    for parts, certain in series.readings(forwards=False):
        if any(part is total for part in parts):
            continue
        figures = tuple(part.figure for part in parts)
        absolute = all(f is not None and f.n < 0 for f in figures) and total.figure is not None and total.figure.n > 0
        claim = Sum(
            place=place_of(total),
            cue=cue,
            topic="closing",
            total=total.figure,
            parts=figures,
            absolute=absolute,
            confidence=confidence,
            doubt=doubt,
        )
        readings.append((claim, certain and sure and not mixed))
    if doubt is not None and readings:
        return readings[0][0]
    if any(under) and readings:
        # Sub-totals among the lines: the total adds the lines, or the sub-totals and what none of them holds.
        last = len(under) - 1 - under[::-1].index(True)
        for taken in (
            [entry for entry, sub in zip(series.entries, under, strict=True) if not sub],
            [entry for at, (entry, sub) in enumerate(zip(series.entries, under, strict=True)) if sub or at > last],
        ):
            if len(taken) > 1:
                parts_of = tuple(entry.amounts[0].figure for entry in taken)
                readings.append((replace(readings[0][0], parts=parts_of), False))
    if mixed:
        for side in ("out", "in"):
            mine = tuple(entry.amounts[0].figure for entry in series.entries if side_of(entry.text) == side)
            if len(mine) > 1:
                readings.append((replace(readings[0][0], parts=mine), False))
    return choose(readings)


# -- after a table --------------------------------------------------------------------------------------------------


def _after_ledger(act: Act, ledger: Ledger) -> Iterator[tuple[Claim, int]]:
    after = ledger.after
    if after is None:
        return
    closing = _first_total(after)
    if closing is None:
        return
    found, total, strong, sentence = closing
    strong = strong and _ELSEWHERE.search(sentence.text) is None and not sentence.text.rstrip().endswith(":")
    strong = strong and not any(m.kind == "amount" and m.start > total.start for _, m in sentence.money())
    cue = act.cue(after.clip, found.start(), found.end())
    last = ledger.lines[-1]
    figures = [box.figure for box in last.boxes if box.figure is not None and box.figure.kind != "percent"]
    if last.kind == "total":
        if len(figures) != 1:
            return
        claim: Claim = Equal(
            place=place_of(total),
            cue=cue,
            topic="total",
            first=figures[0].figure,
            again=total.figure,
            confidence="medium",
        )
        chosen = choose([(claim, strong)])
        if chosen is not None:
            yield chosen, total.start
        return
    plain = [line for line in ledger.lines if line.kind == "plain"]
    if len(plain) < 2 or any(line.kind in ("total", "subtotal") for line in ledger.lines):
        return
    candidates: list[tuple[Claim, bool]] = []
    columns = [
        column
        for column in ledger.columns
        if all((f := line.figure(column)) is not None and f.kind in ("amount", "number") for line in plain)
    ]
    named = [column for column in columns if TOTAL.search(ledger.headers.get(column, ""))]
    for column in columns:
        parts = tuple(figure.figure for line in plain if (figure := line.figure(column)) is not None)
        candidates.append(
            (
                Sum(
                    place=place_of(total),
                    cue=cue,
                    topic="closing",
                    total=total.figure,
                    parts=parts,
                    confidence="medium",
                ),
                strong and column == (named if len(named) == 1 else columns)[0] and 1 in (len(named), len(columns)),
            )
        )
    chosen = choose(candidates)
    if chosen is not None:
        yield chosen, total.start


# -- after articles -------------------------------------------------------------------------------------------------

_BACK: Final = 30


def _after_articles(act: Act, told: set[int]) -> Iterator[Claim]:
    """« Ces aides, pour un montant total de 17 000 euros »: the grants of the sentences before."""
    for sentence in act.sentences():
        if "total" not in sentence.text and "global" not in sentence.text and "ensemble" not in sentence.text:
            continue
        found = _THESE.search(sentence.clip.text, sentence.start, sentence.end)
        if found is None and _only_articles(act, sentence):
            found = _ALL_OF_THEM.search(sentence.clip.text, sentence.start, sentence.end)
        if found is None:
            continue
        at = found.start("total")
        total = sentence.clip.mention(at)
        if total.start in told or any(m.is_money for _, m in sentence.clip.within(sentence.start, at)):
            continue
        grants = _grants_before(act, sentence)
        if len(grants) < 2:
            continue
        cue = act.cue(sentence.clip, found.start(), found.end())
        openings = {opening for _, opening in grants}
        parts = [mention for mention, _ in grants]

        def claim(chosen: list[Mention], total: Mention = total, cue: str = cue) -> Claim:
            return Sum(
                place=place_of(total),
                cue=cue,
                topic="articles",
                total=total.figure,
                parts=tuple(mention.figure for mention in chosen),
                confidence="medium",
            )

        readings: list[tuple[Claim, bool]] = [(claim(parts), len(openings) == 1)]
        readings.extend((claim(parts[start:]), False) for start in range(1, len(parts) - 1))
        chosen = choose(readings)
        if chosen is not None:
            yield chosen


def _only_articles(act: Act, sentence: Sentence) -> bool:
    """True when the articles before this one each give one amount, and no other stands between."""
    if not _ARTICLE.match(sentence.piece.clip.text) or len(sentence.money()) != 1:
        return False
    given = 0
    for piece in act.before(sentence.piece, _BACK):
        if not _ARTICLE.match(piece.clip.text):
            break
        if len(piece.money()) != 1 or _GIVES.search(piece.clip.text) is None:
            return False
        given += 1
    return given > 1


def _grants_before(act: Act, sentence: Sentence) -> list[tuple[Mention, str]]:
    """The amounts given in the sentences before, in reading order, each with the verb that gives it."""
    out: list[tuple[Mention, str]] = []
    for earlier in act.sentences_before(sentence, _BACK):
        found = _GIVES.search(earlier.clip.text, earlier.start, earlier.end)
        if found is None:
            continue
        if TOTAL.search(earlier.text):
            break
        group = "amount" if found["amount"] else "amount2"
        mention = earlier.clip.mention(found.start(group))
        out.append((mention, re.sub(r"[^a-z]", "", found.group()[:8])))
    out.reverse()
    return out
