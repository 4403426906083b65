"""« 28 486 000 euros vont à 602 associations, soit une moyenne de 47 320 euros chacune »."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Final

from subsidy_rules.acts import Act, place_of
from subsidy_rules.claims import Average, Claim
from subsidy_rules.figures import Figure
from subsidy_rules.folding import stem
from subsidy_rules.holding import holds
from subsidy_rules.mentions import A, Mention, N
from subsidy_rules.patterns import hinted
from subsidy_rules.sentences import Sentence
from subsidy_rules.series import TOTAL, own_amounts

__all__ = ["claims"]

_MEAN: Final = re.compile(
    rf"(?<![a-z])(?:moyennes?|moyens?|average|mean)(?![a-z])[^{A};]{{0,60}}(?P<each>{A})"
    rf"|(?P<each2>{A}) (?:chacune?|each|en moyenne|de moyenne|par tete|on average)(?![a-z])"
    rf"|(?:soit|ou|i\.e\.|or) (?:environ |pres de |un montant de |une aide de |un cout de "
    rf"|a peu pres )?(?P<each3>{A}) (?:par|/|per) (?P<unit>[a-z]{{3,24}})"
    rf"|(?:a raison de|sur la base de|a|est de|fixee? a|de|:|of) (?P<each4>{A}) ?(?:par"
    rf"|/|per) ?(?P<unit4>[a-z]{{3,24}})"
    rf"|(?P<each5>{A})(?= [^{A};.]{{0,40}}?(?:chacune?|each)(?: des?| of)? )"
)
_NOUN: Final = re.compile(
    r" ?(?:(?:nouveaux|nouvelles|petites?|petits|jeunes|autres|grands|grandes) )?(?P<noun>[a-z][a-z-]{2,24})"
)
_TIMES: Final = frozenset(
    (
        "an",
        "annee",
        "mois",
        "jour",
        "heur",
        "semain",
        "trimestr",
        "semestr",
        "kilometr",
        "metr",
        "jours",
        "hour",
        "year",
        "month",
        "day",
        "week",
        "fois",
        "km",
        "kwh",
        "hectar",
        "tonn",
    )
)
_FOR: Final = re.compile(rf"{A} (?:ttc |ht )?(?:pour|sur|for|over) (?:les |un total de |the )?{N} [a-z]{{2,20}},? \Z")
"""« 452 600 € pour 362 080 kilomètres, soit … par kilomètre »: time and length are paid for there."""
_FOR_WIDE: Final = 60
_TOTAL_AFTER: Final = re.compile(
    rf"(?:soit|pour) (?:un |une |le )?(?:montant |cout |somme |budget |depense |enveloppe )?(?:total(?:e)? "
    rf"|global(?:e)? )?(?:de |d')?(?P<total>{A})"
)


def claims(act: Act) -> Iterator[Claim]:
    """Averages and amounts by head, when the total and the number are in the same sentence."""
    for sentence in act.sentences():
        money = sentence.money()
        if len(money) < 2:
            continue
        text = sentence.clip.text
        if "x" in sentence.text or "×" in sentence.text:
            yield from _multiplied(act, sentence)
        for found in _MEAN.finditer(text, sentence.start, sentence.end):
            group = next(name for name in ("each", "each2", "each3", "each4", "each5") if found[name])
            at = found.start(group)
            each = sentence.clip.mention(at)
            unit = found["unit"] or found["unit4"]
            if (
                unit is not None
                and stem(unit) in _TIMES
                and group != "each4"
                and not _FOR.search(text, max(sentence.start, found.start() - _FOR_WIDE), found.start())
            ):
                continue
            claim = (
                _product(act, sentence, found, at, each, unit)
                if group in ("each4", "each5")
                else _shared(act, sentence, found, each, unit)
            )
            if claim is not None:
                yield claim
    yield from _unit_prices(act)
    yield from _far_means(act)
    yield from _by_role(act)


_FAR_MEAN: Final = hinted(
    rf"(?<![a-z])(?:moyenn?e?s?|average|mean)(?![a-z])[^{A};.]{{0,60}}?(?P<each>{A})"
    rf"|(?P<each2>{A}) (?:en moyenne|de moyenne|on average)(?![a-z])",
    "moyen",
    "average",
    "mean",
)
_BACK: Final = 24
_MOST: Final = 6
_FEW: Final = 3


def _far_means(act: Act) -> Iterator[Claim]:
    """« Total : 40 000 € », « 17 dossiers », then « Aide moyenne : 2 353 € »: what makes it was said before,
    perhaps in a table; told when it holds."""
    for sentence in act.sentences():
        if A not in sentence.text:
            continue
        found = _FAR_MEAN.search(sentence.clip.text, sentence.start, sentence.end)
        if found is None or len(sentence.money()) > _FEW:
            continue
        at = found.start("each" if found["each"] else "each2")
        each = sentence.clip.mention(at)
        if each.figure is None or each.figure.fraction <= 0:
            continue
        if len(sentence.money()) > 1 and (told := list(_of_unit(act, sentence, found, each))):
            yield from told
            continue
        totals = [m for spot, m in reversed(sentence.money()) if m.kind == "amount" and spot < at]
        numbers = [m for spot, m in sentence.mentions() if spot < at and _is_count(m)]
        for earlier in act.sentences_before(sentence, _BACK):
            if earlier.piece.kind == "row" and TOTAL.search(earlier.text) is None:
                continue
            totals.extend(m for _, m in earlier.money() if m.kind == "amount")
            numbers.extend(m for _, m in earlier.mentions() if _is_count(m))
        for total, number in itertools.product(totals[:_MOST], numbers[:_MOST]):
            if total.figure is None or number.figure is None or not _close(total.figure, number.figure, each.figure):
                continue
            claim = Average(
                place=place_of(each),
                cue=act.cue(sentence.clip, found.start(), found.end()),
                topic="average",
                total=total.figure,
                count=number.figure,
                stated=each.figure,
                confidence="medium",
            )
            if holds(claim):
                yield claim
                break


def _close(total: Figure, number: Figure, each: Figure) -> bool:
    """True within a hundredth: a round mean may stand for many others, and here nothing says of what it is one."""
    return abs(total.fraction / number.fraction - each.fraction) * 100 <= each.fraction


_PER: Final = re.compile(r"(?<![a-z])(?:par|per|/) ?(?P<unit>[a-z]{3,24})")


def _of_unit(act: Act, sentence: Sentence, found: re.Match[str], each: Mention) -> Iterator[Claim]:
    """« 1 236 usagers … ; le coût moyen par usager ressort à 42,50 € pour une dépense de 52 530 € »: the number was
    said before, of the same things; told when it holds."""
    unit = _PER.search(sentence.text)
    if unit is None or stem(unit["unit"]) in _TIMES:
        return
    numbers = [
        m
        for place in (sentence, *act.sentences_before(sentence, 3))
        for _, m in _counts(place, place.start, place.end, unit["unit"])
    ]
    totals = [m for _, m in sentence.money() if m is not each and m.kind == "amount"]
    for total, number in itertools.product(totals[:_MOST], numbers[:_MOST]):
        claim = Average(
            place=place_of(each),
            cue=act.cue(sentence.clip, found.start(), found.end()),
            topic="average",
            total=total.figure,
            count=number.figure,
            stated=each.figure,
            confidence="medium",
        )
        if holds(claim):
            yield claim
            break


def _is_count(mention: Mention) -> bool:
    figure = mention.figure
    return mention.kind == "number" and figure is not None and not figure.decimals and figure.fraction >= 2


_UNIT: Final = re.compile(
    rf"(?P<each>{A}) ?(?:(?:ht|ttc|net) )?(?:(?:par|/|per|pour (?:chaque|un|une)|l'|le|la|each|a each) ?)"
    rf"(?P<unit>[a-z]{{3,24}})"
    rf"|(?:par|per|chaque) (?P<unit2>[a-z]{{3,24}})[^{A}{N};.]{{0,40}}?(?:: ?|de |d'|a |est |of )(?P<each2>{A})"
)
_LENGTHY: Final = 5
"""Products that one price is tried with."""


def _unit_prices(act: Act) -> Iterator[Claim]:
    """« 650 € par élève. Pour 84 élèves, la dépense est de 54 600 € »: a price, a number of the same things, and what
    they make, in one sentence or in two; told when it holds, for the words do not say which amount is the product."""
    told: set[int] = set()
    for sentence in act.sentences():
        if A not in sentence.text:
            continue
        text = sentence.clip.text
        for found in _UNIT.finditer(text, sentence.start, sentence.end):
            group = "" if found["each"] else "2"
            unit = found["unit" + group]
            at = found.start("each" + group)
            each = sentence.clip.mention(at)
            if each.start in told or stem(unit) in _TIMES or each.figure is None:
                continue
            following = sentence.piece.sentences[sentence.number + 1 : sentence.number + 2]
            for place in (sentence, *act.sentences_before(sentence, 1), *following):
                counts = _counts(place, place.start, place.end, unit)
                totals = [m for _, m in place.money() if m is not each and m.kind == "amount"][:_LENGTHY]
                products = [
                    Average(
                        place=place_of(total),
                        cue=act.cue(sentence.clip, found.start(), found.end()),
                        topic="unit",
                        total=total.figure,
                        count=count.figure,
                        stated=each.figure,
                        confidence="medium",
                    )
                    for _, count in counts[:_LENGTHY]
                    for total in totals
                    if total.figure is not None
                    and count.figure is not None
                    and count.figure.fraction * each.figure.fraction == total.figure.fraction
                ]
                if products:
                    told.add(each.start)
                    yield products[0]
                    break


_BY: Final = rf"[^{A}{N};.]{{0,24}}?(?<![a-z])[x×*](?![a-z]) ?"
"""The sign of a product, and not the end of « aux »."""
_TIMES_SIGN: Final = re.compile(rf"(?:(?P<each>{A}){_BY}(?P<count>{N})|(?P<count2>{N}){_BY}(?P<each2>{A}))")


def _multiplied(act: Act, sentence: Sentence) -> Iterator[Claim]:
    """« 1 245 € (0,25 € x 4 980 habitants) », « 20 x 15 € = 300 € »."""
    clip, text = sentence.clip, sentence.clip.text
    for found in _TIMES_SIGN.finditer(text, sentence.start, sentence.end):
        each = clip.mention(found.start("each") if found["each"] else found.start("each2"))
        count = clip.mention(found.start("count") if found["count"] else found.start("count2"))
        before = [(at, m) for at, m in clip.within(sentence.start, found.start()) if m.is_money][-1:]
        after = [(at, m) for at, m in clip.within(found.end(), sentence.end) if m.is_money][:1]
        total = None
        if (
            after
            and re.search(r"(?:=|(?<![a-z])soit)", text[found.end() : after[0][0]])
            and after[0][0] - found.end() < 60
        ):
            total = after[0][1]
        elif before and re.search(r"(?:\(|=|(?<![a-z])soit|:) ?\Z", text[before[0][0] + 1 : found.start()]):
            total = before[0][1]
        if total is None or count.figure is None or count.figure.fraction < 2:
            continue
        yield Average(
            place=place_of(total),
            cue=act.cue(clip, found.start(), found.end()),
            topic="unit",
            total=total.figure,
            count=count.figure,
            stated=each.figure,
            confidence="medium",
        )


def _counts(sentence: Sentence, start: int, end: int, unit: str | None) -> list[tuple[int, Mention]]:
    """The numbers of things before ``end``; those of ``unit`` only, when it is said."""
    out = []
    for at, mention in sentence.clip.within(start, end):
        if mention.kind != "number" or mention.figure is None or mention.figure.fraction < 2:
            continue
        noun = _NOUN.match(sentence.clip.text, at + 1, sentence.end)
        if noun is None or mention.figure.decimals:
            continue
        if unit is not None and stem(noun["noun"]) != stem(unit) and stem(noun["noun"]).rstrip("s") != stem(unit):
            continue
        if stem(noun["noun"]) in _TIMES and unit is None:
            continue
        out.append((at, mention))
    return out


def _shared(act: Act, sentence: Sentence, found: re.Match[str], each: Mention, unit: str | None) -> Claim | None:
    clip = sentence.clip
    before = [(at, m) for at, m in clip.within(sentence.start, found.start()) if m.is_money]
    if not before:
        return None
    counts = _counts(sentence, sentence.start, found.start(), unit)
    after = _counts(sentence, found.end(), sentence.end, unit) if not counts else []
    if len(counts or after) != 1 or (unit is None and not counts):
        return None
    total = own_amounts(clip.text[sentence.start : found.start()], before, sentence.start)
    if len(total) != 1:
        return None
    number = (counts or after)[0][1]
    claim = Average(
        place=place_of(each),
        cue=act.cue(clip, found.start(), found.end()),
        topic="average",
        total=total[0].figure,
        count=number.figure,
        stated=each.figure,
        confidence="high" if len(before) == 1 and unit is None else "medium",
    )
    if holds(claim) or (len(before) == 1 and _DIVIDES.search(clip.text, before[0][0] + 1, found.end())):
        return claim
    return None


_DIVIDES: Final = re.compile(
    r"(?<![a-z])(?:moyen[a-z]{0,3}|average|mean|soit|i\.e\.|that is|reparti[a-z]{0,2}|partage[a-z]{0,2}"
    r"|divise[a-z]{0,2}|distribue[a-z]{0,2}|split|shared|divided)(?![a-z])"
)
"""What divides an amount: « une avance de A, puis deux acomptes de B chacun » divides nothing."""


def _product(
    act: Act, sentence: Sentence, found: re.Match[str], at: int, each: Mention, unit: str | None
) -> Claim | None:
    """« 120 élèves à raison de 15 € par élève, soit 1 800 € », « 1 000 € à chacune des 5 écoles, soit 5 000 € »."""
    clip = sentence.clip
    total = _TOTAL_AFTER.search(clip.text, found.end(), min(sentence.end, found.end() + 110))
    if total is None or A in clip.text[found.end() : total.start()]:
        return None
    between = _counts(sentence, found.end(), total.start(), unit)
    before = _counts(sentence, sentence.start, found.start(), unit) if not between else []
    after = (
        _counts(sentence, total.end(), min(sentence.end, total.end() + 60), unit) if not between and not before else []
    )
    counts = between or before or after
    if len(counts) != 1 or (unit is None and not between):
        return None
    if before and any(m.is_money for _, m in clip.within(counts[0][0], at)):
        return None
    whole = clip.mention(total.start("total"))
    claim = Average(
        place=place_of(whole),
        cue=act.cue(clip, found.start(), total.end()),
        topic="unit",
        total=whole.figure,
        count=counts[0][1].figure,
        stated=each.figure,
        confidence="medium",
    )
    # « une part fixe de A et une part de B par habitant, soit C »: more than the product makes the total.
    added = _ADDED.search(clip.text, max(sentence.start, found.start() - _FOR_WIDE), found.start()) is not None
    return None if added and not holds(claim) else claim


_ADDED: Final = re.compile(
    rf"{A}[^{A};.]{{0,50}}(?<![a-z])(?:et|plus|puis|auxquel[a-z]{{1,3}}|majore[a-z]{{0,2}}|and|plus)(?![a-z])[^{A};.]{{0,50}}\Z"
    rf"|{A} ?\+[^{A};.]{{0,40}}\Z"
)


# -- a price, a number, and what they make --------------------------------------------------------------------------

_ONE_UNIT: Final = re.compile(
    rf"(?P<each>{A}) ?(?:(?:ht|ttc|net) )?(?:par|/|per|a) (?P<unit>[a-z]{{2,24}})"
    rf"|(?<![a-z])(?:par|per) (?P<unit2>[a-z]{{2,24}})[^{A}{N};]{{0,50}}?(?P<each2>{A})"
)
_PRODUCT: Final = re.compile(
    r"(?:(?<![a-z])(?:soit|montant|depense|cout|somme|total|totale|participation|subvention|aide|dotation|s'eleve a"
    r"|represente|i\.e\.|totalling|cost|of)(?![a-z])[^;.]{0,50}|[(=:] ?)\Z"
)
_NO_PRODUCT: Final = re.compile(
    r"(?<![a-z])(?:plafon[a-z]{0,5}|maxim[a-z]{0,4}|minim[a-z]{0,3}|limit[a-z]{0,3}|environ|pres de|arrondi[a-z]{0,2}"
    r"|supplement[a-z]{0,6}|plus|major[a-z]{0,6}|minor[a-z]{0,6}|frais|hors|dont|complement[a-z]{0,5}|jours?|semaines?"
    r"|nuits?|nuitees?|heures?|seances?|trimestr[a-z]{1,5}|semestr[a-z]{1,5}|reste|moitie|prorata|au-dela"
    r"|degressi[a-z]{1,3}|reduction|deduction|tranche|premiere?s?|partir|jusqu|forfait(?! )|mini|maxi|autres?"
    r"|ainsi que|puis|contre|ancien[a-z]{0,3}"
    r"|moins|jusque"
    r"|solde|acompte|avance|budget|fixe|variable|caution|about|up to|at least|at most|weeks?|days?|nights?)"
    r"(?![a-z])"
)
_EACH_WORDS: Final = re.compile(r"(?:(?<![a-z])(?:par|per)|/) ?[a-z\ue002]")
_RATHER: Final = range(2, 37)


def _by_role(act: Act) -> Iterator[Claim]:
    """« 650 € par élève. Pour 84 élèves, la dépense est de 54 600 € »: one price of one thing, one number of the same
    things, one other amount that the words give as what they make. Nothing else may stand there."""
    for sentence in act.sentences():
        if A not in sentence.text or sentence.piece.kind in ("row", "aside"):
            continue
        if _EACH_WORDS.search(sentence.text) is None:
            continue
        following = sentence.piece.sentences[sentence.number + 1 : sentence.number + 2]
        for scope in ([sentence], [sentence, *following]):
            claim = _made(act, scope)
            if claim is not None:
                yield claim
                break


def _made(act: Act, scope: list[Sentence]) -> Claim | None:
    low, high = scope[0].start, scope[-1].end
    clip = scope[0].clip
    text = clip.text
    money = [(at, m) for at, m in clip.within(low, high) if m.is_money]
    prices = list(_ONE_UNIT.finditer(text, low, high))
    if len(prices) != 1 or not 2 <= len(money) <= 3 or len(_EACH_WORDS.findall(text, low, high)) != 1:
        return None
    price = prices[0]
    at = price.start("each") if price["each"] else price.start("each2")
    each, unit = clip.mention(at), price["unit"] or price["unit2"]
    others = [(spot, m) for spot, m in money if spot != at]
    if len(others) == 2:
        # « passe de 0,85 € à 0,95 € par habitant »: the price of before is nobody's product.
        first = others[0]
        if first[0] > at or not re.search(
            r"(?<![a-z])pass[a-z]{1,5} (?:de|d') ?\Z", text[max(low, first[0] - 14) : first[0]]
        ):
            return None
        others = others[1:]
    spot, total = others[0]
    counts = [(place, m) for place, m in clip.within(low, high) if m.kind == "number" and not _is_rank(text, place)]
    if len(counts) != 1 or not _is_count(counts[0][1]) or _NO_PRODUCT.search(text, low, high):
        return None
    noun = _NOUN.match(text, counts[0][0] + 1, high)
    months = stem(unit) in ("an", "annee", "mois")
    if noun is None or not _same_thing(noun["noun"], unit) or (stem(unit) in _TIMES and not months):
        return None
    if not _PRODUCT.search(text[max(low, spot - 70) : spot]) and text[spot + 1 : spot + 7] not in (" pour ", " for "):
        return None
    if not _PLAIN.match(text, spot + 1, high):
        return None
    figures = (each.figure, total.figure, counts[0][1].figure)
    if any(figure is None or figure.n <= 0 or getattr(figure, "qualifier", None) for figure in figures):
        return None
    claim = Average(
        place=place_of(total),
        cue=act.cue(clip, min(at, spot), max(at, spot) + 1),
        topic="unit",
        total=total.figure,
        count=counts[0][1].figure,
        stated=each.figure,
        confidence="medium",
    )
    if holds(claim):
        return claim
    if each.repaired or total.repaired or each.figure is None or total.figure is None or counts[0][1].figure is None:
        return None
    product, printed = each.figure.fraction * counts[0][1].figure.fraction, total.figure.fraction
    if printed <= each.figure.fraction or getattr(each.figure, "tax", None) != getattr(total.figure, "tax", None):
        return None
    # A product may be rounded to ten or a hundred euros, or be that of several years, months or stays.
    if abs(product - printed) < (100 if printed % 100 == 0 else 10 if printed % 10 == 0 else 1):
        return None
    if any(product * times == printed or printed * times == product for times in _RATHER):
        return None
    return claim


_PLAIN: Final = re.compile(
    r"(?! ?(?:par|/|per|dont|de plus|en plus|supplementaires?|chacune?|restants?|restantes?|maximum)(?![a-z]))"
)


def _is_rank(text: str, at: int) -> bool:
    """« article 3 », « n° 2 »: a number that counts nothing."""
    return (
        re.search(r"(?:article|art\.|n°|numero|annexe|titre|chapitre|page) ?\Z", text[max(0, at - 12) : at]) is not None
    )


def _same_thing(noun: str, unit: str) -> bool:
    one, two = stem(noun), stem(unit)
    return one == two or one.rstrip("s") == two.rstrip("s") or {one, two} == {"an", "annee"}
