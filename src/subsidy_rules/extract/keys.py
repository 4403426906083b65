"""Shares that make up a whole: « 29 % pour l'État, 24 % pour la Région, 47 % pour la Ville »."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from subsidy_rules.acts import CUT_LIST, Act, place_of
from subsidy_rules.claims import Claim, SharesTotal
from subsidy_rules.figures import Percentage
from subsidy_rules.holding import holds
from subsidy_rules.mentions import Mention, N, P
from subsidy_rules.sentences import Piece, Sentence
from subsidy_rules.series import CUT

__all__ = ["claims"]

_DIVIDES: Final = re.compile(
    r"(?<![a-z])(?:repart[a-z]{0,8}|partage[a-z]{0,4}|financ(?:e|ee|es|ees|ement|e par"
    r"|ent)|cle de (?:repartition|financement)|quote-?parts?|prise?s? en charge|supporte(?:e"
    r"|es|s)?|ventil[a-z]{0,7}|a hauteur de|participations? respectives?|respectivement"
    r"|au prorata|acomptes?|versements?|tour de table|split|shared|funded|divided|borne)(?![a-z])"
)
_STRONG: Final = re.compile(
    r"(?<![a-z])(?:repart(?!ement)[a-z]{1,8}|partage[a-z]{0,4}|cle de (?:repartition|financement)"
    r"|ventil[a-z]{0,7}|tour de table|split|shared|divided|plan de financement)(?![a-z])"
)
_OTHER_RATE: Final = re.compile(
    r"(?<![a-z])(?:taux|tva|taxes?|interets?|hausse|baisse|augmentation|diminution|progression"
    r"|evolution|inflation|croissance|indice|remise|rabais|abattement|majoration|rendement"
    r"|remplissage|frequentation|presence|temps|etp|quotite|avancement|vote|voix|suffrages"
    r"|penalite|retenue|marge|minimum|maximum|au plus|au moins|jusqu'a|supplementaires?"
    r"|vat|interest)(?![a-z])"
)
_SHARING_RATE: Final = re.compile(
    r"(?<![a-z])taux (?:de |d')?(?:participation|financement|prise en charge|repartition|intervention"
    r"|contribution)(?![a-z])"
)
_REST: Final = re.compile(
    r"(?<![a-z])(?:reste|restant|solde|complement|surplus|autres?|notamment|dont|environ"
    r"|pres de|plus de|moins de|remaining|rest|others?|including)(?![a-z])"
)
_EACH: Final = re.compile(r"(?<![a-z])(?:chacune?|chaque|each)(?![a-z])")
_JOIN: Final = re.compile(r"(?:,|;| et | and |\)|/)")
_NEAR_WHOLE: Final = (60, 150)
"""Shares that add to less or more are no key of division with a slip in it: others are left out, or bases differ."""
_OWN_BASE: Final = re.compile(r" ?(?:de|d'|du|of) ?[^,;\ue001\ue000]{0,40}\ue000")
_WIDEST: Final = 140


def claims(act: Act) -> Iterator[Claim]:
    """Keys of division inside a sentence, then down a list."""
    for sentence in act.sentences():
        if sentence.text.count(P) >= 2:
            claim = _inline(act, sentence) or _remaining(act, sentence)
            if claim is not None:
                yield claim
    yield from _lists(act)
    for piece in act.passage.pieces:
        claim = _payments(act, piece)
        if claim is not None:
            yield claim


_WHAT_REMAINS: Final = re.compile(
    rf"(?:les|des|aux|the) {P} (?:qui )?(?:restants?|restent|residuels?|complementaires?|manquants?|autres|remaining)"
    rf"(?![a-z])"
    rf"|(?:les|the) (?:autres |remaining |other ){P}"
    rf"|(?<![a-z])(?:reste|solde|complement|surplus|restant|difference|remainder|rest|balance)(?: [a-z' ]{{2,50}})?,? ?"
    rf"(?:soit |\( ?(?:soit )?|, |a hauteur de |pour |i\.e\. )?{P}"
)
_HUNDRED: Final = 100
_MOST: Final = 5


def _remaining(act: Act, sentence: Sentence) -> Claim | None:
    """« couvrent 70 % du budget, les 30 % restants provenant de la cantine »: told when they make a hundred."""
    clip = sentence.clip
    for found in _WHAT_REMAINS.finditer(clip.text, sentence.start, sentence.end):
        last = clip.text.index(P, found.start())
        shares = [m for at, m in sentence.mentions() if m.kind == "percent" and at <= last][-_MOST:]
        for start in reversed(range(len(shares) - 1)):
            run = shares[start:]
            if sum(m.figure.fraction for m in run if m.figure is not None) == _HUNDRED:
                cue = act.cue(clip, found.start(), found.end())
                return _claim(act, run, cue, computed=False, cut=False)
    return None


_TERM: Final = re.compile(
    r"(?<![a-z])(?P<word>acomptes?|avances?|soldes?|versements?|tranches?|echeances?|advances?|instal?lments?"
    r"|balance)(?![a-z])"
)
_NO_TERM: Final = re.compile(
    r"(?<![a-z])(?:limite|depasser|exceder|possibilite|pourra|peut|peuvent|maximum|plafond|au plus|jusqu'a|tva|retenue"
    r"|travaux|may|up to)(?![a-z])"
)
_TERM_WIDE: Final = 70
_TIMES: Final = re.compile(rf"(?P<count>{N}) [a-z]{{5,14}}s (?:egaux |egales )?(?:de|of) \Z")
"""« deux acomptes de 30 % »"""


def _payments(act: Act, piece: Piece) -> Claim | None:
    """« un acompte de 70 % à la signature, 20 % en juin et le solde de 10 % »: shares of one subsidy, paid in turn."""
    text = piece.clip.text
    if P not in text or ("sold" not in text and "balance" not in text):
        return None
    percents = [(at, m) for at, m in zip(piece.clip.positions, piece.clip.mentions, strict=True) if m.kind == "percent"]
    if not 2 <= len(percents) <= 6:
        return None
    low = max(0, percents[0][0] - _TERM_WIDE)
    high = min(len(text), percents[-1][0] + _TERM_WIDE)
    if _NO_TERM.search(text, low, high) or any(_OWN_BASE.match(text, at + 1) for at, _ in percents):
        return None
    words: list[str] = []
    start = low
    for at, _ in percents:
        found = list(_TERM.finditer(text, max(start, at - _TERM_WIDE), at))
        if found and "." in text[found[-1].end() : at]:
            return None
        if found:
            words.append(found[-1]["word"][:4])
        elif words and re.search(
            r"(?:,|et|puis|and) ?(?:a |de |un[e]? [a-z]{3,12} )?\Z", text[max(start, at - 24) : at]
        ):
            words.append(words[-1])
        else:
            return None
        start = at + 1
    if not words[-1].startswith(("sold", "bala")) or any(word.startswith(("sold", "bala")) for word in words[:-1]):
        return None
    first = percents[0][0]
    cue = act.cue(piece.clip, max(0, _word_before(text, first)), _after_party(text, first, len(text)))
    shares: list[Mention] = []
    for at, mention in percents:
        times = _TIMES.search(text, max(0, at - _TERM_WIDE), at)
        figure = piece.clip.mention(times.start("count")).figure if times is not None else None
        shares.extend([mention] * (int(figure.fraction) if figure is not None and 1 < figure.fraction < 13 else 1))
    return _claim(act, shares, cue, computed=False, cut=False)


def _claim(act: Act, mentions: list[Mention], cue: str, *, computed: bool, cut: bool) -> SharesTotal:
    return SharesTotal(
        place=place_of(mentions[0]),
        cue=cue,
        topic="key",
        percents=tuple(m.figure if isinstance(m.figure, Percentage) else None for m in mentions),
        computed=computed,
        confidence="medium",
        doubt=CUT_LIST if cut else None,
    )


def _inline(act: Act, sentence: Sentence) -> Claim | None:
    clip, text = sentence.clip, sentence.clip.text
    percents = [(at, m) for at, m in sentence.mentions() if m.kind == "percent"]
    last = percents[-1][1].figure
    if len(percents) > 2 and last is not None and last.fraction == 100:
        percents = percents[:-1]  # « …et la commune 20 %, soit 100 % »
    run: list[tuple[int, Mention]] = [percents[0]]
    best = run
    for at, mention in percents[1:]:
        gap = text[run[-1][0] + 1 : at]
        run = [*run, (at, mention)] if _JOIN.search(gap) and len(gap) <= _WIDEST else [(at, mention)]
        if len(run) > len(best):
            best = run
    if len(best) < 2 or len(best) < len(percents) - 1:
        return None
    low = max(sentence.start, best[0][0] - 160)
    words = text[low : min(sentence.end, best[-1][0] + 60)]
    if _OTHER_RATE.search(_SHARING_RATE.sub(" ", words)):
        return None
    if any(_OWN_BASE.match(text, at + 1) for at, _ in best):
        return None  # « 60 % de 25 000 € et … 40 % de 30 000 € »: each rate has its own base
    amounts = [at for at, m in sentence.money() if best[0][0] - 60 < at <= best[-1][0] + 60]
    first = best[0][0]
    cue = act.cue(clip, max(sentence.start, _word_before(text, first)), _after_party(text, first, sentence.end))
    claim = _claim(act, [m for _, m in best], cue, computed=bool(amounts), cut=False)
    divides = _DIVIDES.search(words) is not None
    if holds(claim) and (divides or len(best) > 2 or amounts):
        return claim
    if not _STRONG.search(words) and not (divides and len(best) > 2):
        return None
    if (
        _REST.search(words)
        or _EACH.search(words)
        or CUT.search(words)
        or any(m.figure is not None and m.figure.qualifier for _, m in best)
    ):
        return None
    total = sum(m.figure.fraction for _, m in best if m.figure is not None)
    if (
        not _NEAR_WHOLE[0] <= total <= _NEAR_WHOLE[1]
        or (len(best) < 3 and not _STRONG.search(words))
        or not _alike(text, [at for at, _ in best])
        or _PAID.search(words) is not None
        or _goes_on(act, sentence)
    ):
        return None
    return claim


def _goes_on(act: Act, sentence: Sentence) -> bool:
    """True when the next words bring one more share, or what is left: « Le solde (30 %) reste à la commune »."""
    following = list(sentence.piece.sentences[sentence.number + 1 : sentence.number + 2])
    if not following:
        pieces = act.passage.pieces[sentence.piece.number + 1 : sentence.piece.number + 2]
        following = [other for piece in pieces for other in piece.sentences[:1]]
    return any(P in other.text or _REST.search(other.text) is not None for other in following)


_PAID: Final = re.compile(r"(?<![a-z])(?:acomptes?|avances?|advances?|retenues?|t\.?v\.?a|vat)(?![a-z])")
"""A rate of what is paid or taxed, among rates of what is shared."""


def _alike(text: str, spots: list[int]) -> bool:
    """True when each share is tied to its party in the same way: in brackets, before « pour », after « : »."""
    shapes = set()
    for at in spots:
        before = text[max(0, at - 2) : at].strip()[-1:]
        after = re.match(
            r" ?(pour|par|a la charge|au titre|de|du|a|for|from|by|\)|,|;|\.|et|$)", text[at + 1 : at + 20]
        )
        shapes.add(
            "("
            if before == "("
            else ":"
            if before == ":"
            else "pour"
            if after and after[1] in ("pour", "par", "a la charge", "au titre", "de", "du", "a", "for", "from", "by")
            else "end"
        )
    return len(shapes) == 1


def _word_before(text: str, at: int) -> int:
    found = list(re.finditer(r"[a-z' ]{1,14}\Z", text[max(0, at - 14) : at]))
    return max(0, at - 14) + found[0].start() if found else at


def _after_party(text: str, at: int, end: int) -> int:
    found = re.compile(r" ?(?:pour|par|a|de|du|for) [a-z'-]{1,20}|\)").match(text, at + 1, end)
    return found.end() if found else at + 1


_ITEM: Final = re.compile(rf"[^{P}]{{0,120}}{P}[^{P}]{{0,60}}\Z")


def _lists(act: Act) -> Iterator[Claim]:
    """Items with one share each and no amount, under an announcement of division."""
    pieces = act.passage.pieces
    index = 0
    while index < len(pieces):
        start = index
        run: list[tuple[Piece, Mention]] = []
        while index < len(pieces) and (share := _one_share(pieces[index])) is not None:
            run.append((pieces[index], share))
            index += 1
        if len(run) < 2:
            index = max(index, start + 1)
            continue
        if start == 0 or pieces[start - 1].kind == "row":
            continue
        intro = pieces[start - 1].clip.text
        tail = pieces[index].clip.text if index < len(pieces) else ""
        if _OTHER_RATE.search(intro) or not _DIVIDES.search(intro):
            continue
        cut = any(CUT.search(piece.clip.text) for piece, _ in run) or CUT.match(tail) is not None
        cue = act.cue(pieces[start - 1].clip, max(0, len(intro) - 40), len(intro))
        claim = _claim(act, [m for _, m in run], cue, computed=False, cut=cut)
        if holds(claim) or cut:
            yield claim
            continue
        total = sum(m.figure.fraction for _, m in run if m.figure is not None)
        if (
            _STRONG.search(intro)
            and intro.rstrip().endswith(":")
            and all(_SHORT_ITEM.match(p.clip.text) for p, _ in run)
            and _NEAR_WHOLE[0] <= total <= _NEAR_WHOLE[1]
            and not any(_REST.search(p.clip.text) for p, _ in run)
        ):
            yield claim


_SHORT_ITEM: Final = re.compile(rf"{P}|[^{P}.]{{2,70}}[:(-]? ?{P}\)? ?[;,.]?\Z")


def _one_share(piece: Piece) -> Mention | None:
    if piece.kind not in ("item", "prose") or len(piece.clip.text) > 180 or piece.money():
        return None
    shares = [m for m in piece.clip.mentions if m.kind == "percent"]
    return shares[0] if len(shares) == 1 and _ITEM.match(piece.clip.text) else None
