"""A total announced, then its parts: « se décompose comme suit », « ventilé par imputation », « soit … et … »."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from subsidy_rules.acts import CUT_LIST, Act, place_of
from subsidy_rules.claims import AtMost, Claim, Confidence, Share, Sum
from subsidy_rules.figures import Percentage
from subsidy_rules.holding import holds
from subsidy_rules.mentions import A, Clip, F, Mention, N, P
from subsidy_rules.patterns import hinted
from subsidy_rules.sentences import Sentence
from subsidy_rules.series import CUT, TOTAL, Series, choose, own_amounts

__all__ = ["claims"]

_SPLITS: Final = (
    r"(?:se |s'|etre |est |sont |sera |seront |ainsi )?(?:decompos|ventil|repart|detaill"
    r"|echelonn|partag|fractionn|scind|distribu|subdivis|reparti)(?![a-z]{0,4}ment)[a-z]{0,9}"
    r"|repartition|ventilation|decomposition|(?:s'opere|s'effectue|est operee?) (?=ainsi|comme suit)"
)
_AS_FOLLOWS: Final = (
    r"comme suit|comme ci-(?:apres|dessous)|comme il suit|de (?:la|cette) (?:facon|maniere)"
    r"|ainsi qu'il suit|selon (?:la|le) (?:repartition|ventilation|detail|decomposition"
    r"|echeancier|modalites)"
    r"|suivante?s?(?=[^.;]{0,60}:)|ci-(?:dessous|apres)|a savoir|comprenant|comprend|constituee? (?:de"
    r"|par)|composee? (?:de|par)|se compose|ainsi :"
    r"|as follows|broken down|breaks? down|breakdown|split|made up of|consist(?:s|ing) of"
    r"|compris(?:es|ing)|namely|allocated|distributed|divided|shared (?:between|among)"
)
_ANNOUNCES: Final = re.compile(rf"(?<![a-z])(?:{_SPLITS}|{_AS_FOLLOWS})(?![a-z])|(?:soit|dont|detail) ?:")
_LIMIT: Final = re.compile(
    r"(?<![a-z])(?:enveloppe|plafond|plafonnee?s?|limite|credits? (?:disponibles?|ouverts?"
    r"|inscrits?)|au maximum|maximal[ea]?|reserve|ceiling|cap|maximum|up to)(?![a-z])"
)
_PRONOUN: Final = re.compile(
    r"(?:elle|il|elles|ils|celle-ci|celui-ci|ce(?:tte|t)? [a-z]{4,20}|ces [a-z]{4,20}|(?:le"
    r"|la) (?:repartition|ventilation|detail|decomposition|montant|somme|subvention|aide"
    r"|depense|financement|total)|it|this [a-z]{4,16}|they)(?![a-z])"
)


def claims(act: Act) -> Iterator[Claim]:
    """Lists under an announced total, then enumerations inside one sentence."""
    for series in act.series:
        claim = _listed(act, series)
        if claim is not None:
            yield claim
    for sentence in act.sentences():
        told = list(_inline(act, sentence))
        yield from told
        other = _new_total(act, sentence, sentence.money()[:1]) if told else _across(act, sentence)
        if other is not None:
            # The words say that it is a total, and the sentence goes on to divide it.
            yield replace(other, topic="totalled") if told else other
        yield from _numbers(act, sentence)
        if (claim := _number_total(act, sentence)) is not None:
            yield claim


# -- lists ----------------------------------------------------------------------------------------------------------


def _listed(act: Act, series: Series) -> Claim | None:
    intro = series.intro
    if intro is None:
        return None
    clip = intro.clip
    text = clip.text[intro.start : series.intro_end or intro.end]
    found = list(_ANNOUNCES.finditer(text))
    if found and text.rstrip().endswith("."):
        after = intro.start + found[-1].end()
        if any(m.is_money for _, m in clip.within(after, series.intro_end or intro.end)):
            return None  # the sentence lists its parts itself
    totals, near = _totals(act, intro, series.intro_end or intro.end, found)
    if not totals:
        return None
    cue = found[0] if found else None
    bounded = not re.search(_SPLITS, text) and (_LIMIT.search(text) is not None or (not near and _bounding(act, intro)))
    if cue is None and not text.rstrip().endswith(":"):
        return None
    if cue is not None:
        words = act.cue(clip, intro.start + cue.start(), intro.start + cue.end())
    else:
        words = act.cue(clip, max(intro.start, intro.end - 40), intro.end)
    confidence: Confidence = "high" if cue is not None and series.sure and series.marked and near else "medium"
    doubt = CUT_LIST if series.cut else None
    candidates: list[tuple[Claim, bool]] = []
    for rank, total in enumerate(totals):
        for parts, certain in series.readings():
            if any(part is total for part in parts):
                continue
            figures = tuple(part.figure for part in parts)
            claim: Claim
            if bounded:
                claim = AtMost(
                    place=place_of(total),
                    cue=words,
                    topic="envelope",
                    value=None,
                    limit=total.figure,
                    parts=figures,
                    confidence="medium",
                    doubt=doubt,
                )
            else:
                claim = Sum(
                    place=place_of(total),
                    cue=words,
                    topic="decomposition",
                    total=total.figure,
                    parts=figures,
                    confidence=confidence,
                    doubt=doubt,
                )
            candidates.append((claim, certain and rank == 0))
    if doubt is not None and candidates:
        return candidates[0][0]
    sure_cue = cue is not None and _strong(text)
    if bounded:
        # Which list draws on an envelope is seldom said: told when it fits.
        return choose((claim, certain and near) for claim, certain in candidates)
    tied = sure_cue and (near or _taken_up(clip, intro))
    tied = tied or (cue is not None and not series.cut and _rates_agree(series, totals[0]))
    return choose((claim, certain and tied) for claim, certain in candidates)


def _rates_agree(series: Series, total: Mention) -> bool:
    """True when every line has its rate, and most of the rates are those of the total: the list is its division."""
    held = 0
    for entry in series.entries:
        figure = entry.percents[0].figure if len(entry.percents) == 1 else None
        part = entry.amounts[0].figure
        if not isinstance(figure, Percentage) or part is None:
            return False
        share = Share(place=place_of(total), stated=figure, part=part, whole=total.figure)
        held += holds(share)
    return held > 1 and held * 2 > len(series.entries)


def _taken_up(clip: Clip, intro: Sentence) -> bool:
    """« Elle se décompose comme suit »: the sentence takes up the amount of the one before."""
    return _PRONOUN.match(clip.text, intro.start) is not None


def _strong(text: str) -> bool:
    """A verb of division, or words that say that the list is the whole; « suivants : » alone may head any list."""
    return (
        re.search(
            rf"(?<![a-z])(?:{_SPLITS}|comme suit|comprenant|constituee? (?:de|par)|composee? (?:de"
            rf"|par)|as follows|broken down|breaks? down|made up|consist)",
            text,
        )
        is not None
    )


def _totals(act: Act, intro: Sentence, end: int, cues: list[re.Match[str]]) -> tuple[list[Mention], bool]:
    """The amounts that may be the announced total, likeliest first; and whether the announcement itself holds it."""
    clip = intro.clip
    money = [(at, m) for at, m in clip.within(intro.start, end) if m.kind == "amount" or m.kind == "words"]
    digits = [(at, m) for at, m in money if m.kind == "amount"] or money
    if digits:
        own = own_amounts(clip.text[intro.start : end], digits, intro.start)
        marked = [m for at, m in digits if TOTAL.search(clip.text, max(intro.start, at - 40), at + 16)]
        before = [m for at, m in digits if cues and at < intro.start + cues[-1].start()]
        ordered = [*marked[:1], *before[-1:], *own[-1:], *own]
        return list(dict.fromkeys(ordered)), True
    if not _PRONOUN.match(clip.text, intro.start) and not cues:
        return [], False
    for earlier in act.sentences_before(intro, 2):
        if earlier.piece.kind == "row":
            break
        found = [(at, m) for at, m in earlier.money() if m.kind == "amount"]
        if found:
            own = own_amounts(earlier.text, found, earlier.start)
            return ([own[-1]] if len(own) == 1 else []), False
    return [], False


def _bounding(act: Act, intro: Sentence) -> bool:
    """True when the amount of the sentence before is an envelope: the list draws on it, and need not use it up."""
    return any(_LIMIT.search(earlier.text) for earlier in act.sentences_before(intro, 2) if earlier.money())


# -- inside one sentence --------------------------------------------------------------------------------------------

_SOIT_TOTAL: Final = re.compile(
    rf"(?<![a-z])(?:(?:soit|pour|(?:pour )?form(?:ant|er|ent)|donnant|pour atteindre|atteignant|ce qui (?:fait|donne"
    rf"|represente)|i\.e\."
    rf"|that is|making|for)[ ,]{{1,2}}(?:(?:au total|en tout|in total|in all|altogether)[ ,]{{1,2}}"
    rf"|(?:un |une |le |a |an |d'un )?(?:(?:montant|cout|somme|depense|financement|budget"
    rf"|aide|concours|subvention|soutien|engagement|enveloppe|amount|sum) )?(?:total(?:e)?"
    rf"|global(?:e)?|cumule(?:e)?|engagement)(?: [a-z']{{2,20}}){{0,3}} (?:de |d'|of |: ?)?)(?P<total>{A})"
    rf"|(?:soit|i\.e\.|or|that is)[ ,]{{1,2}}(?P<total2>{A}) (?:au total|en tout|in total|in all|altogether))"
)
_CUE_BETWEEN: Final = re.compile(
    rf"(?<![a-z])(?:{_SPLITS}|a savoir|comprenant|composee? (?:de|par|d')|constituee? (?:de"
    rf"|par|d')|correspondant (?:a|aux)|se compose|as follows|broken down|split|made up of"
    rf"|consisting of|comprising|namely|divided|shared)"
)
_SOIT: Final = re.compile(
    r", ?(?:soit|i\.e\.|that is)(?: respectivement| respectively)? \Z| : \Z|, ?(?:soit|i\.e\.) [a-z' ]{3,40} \Z"
)
_YEARLY: Final = re.compile(
    r"(?<![a-z])(?:par|de (?:plus|moins)|supplementaires?|en hausse|en baisse|h\.?t|ttc"
    r"|hors|tva|contre|au lieu|en moyenne|chacune?|per|maximum|minimum)(?![a-z])"
)
_BETWEEN: Final = re.compile(r"(?:,|;| et | and |\+| puis | ainsi que | s'ajout[a-z]{1,4} | plus )")
_ASIDE: Final = re.compile(r"(?<![a-z])(?:dont|sur|contre|au lieu|plafonne|of which|including)(?![a-z])")
_WIDEST: Final = 220

Found = list[tuple[int, Mention]]


def _inline(act: Act, sentence: Sentence) -> Iterator[Claim]:
    money: Found = [(at, m) for at, m in sentence.money() if m.kind == "amount"]
    if len(money) < 3:
        return
    clip = sentence.clip
    used: set[int] = set()
    for total, parts, cue in (*_bracketed(clip, sentence, money), *_added(clip, money)):
        at = total[0]
        if at in used:
            continue
        used.update([at, *(spot for spot, _ in parts)])
        added = _claim(act, clip, total[1], tuple(m for _, m in parts), cue, "inline", "high")
        if sentence.whole or holds(added):
            yield added
    for found in _SOIT_TOTAL.finditer(clip.text, sentence.start, sentence.end):
        at = found.start("total" if found["total"] else "total2")
        if at in used:
            continue
        claim = _gathered(act, sentence, clip, found, at)
        if claim is not None:
            used.add(at)
            yield claim
    for index, (at, _) in enumerate(money[:-2]):
        if at in used:
            continue
        claim = _announced(act, sentence, clip, money, index)
        if claim is not None:
            used.add(at)
            yield claim
    for claim, at in _raised(act, sentence, money):
        if at not in used:
            used.add(at)
            yield claim
    if not used:
        yield from _adding_up(act, sentence, money)


_RAISES: Final = re.compile(
    r"(?<![a-z])(?:augmente[a-z]{0,2}|majore[a-z]{0,2}|complete[a-z]{0,2}|abonde[a-z]{0,2}"
    r"|increased|raised)(?: [a-z']{1,14}){0,3} (?:de|d'|par|by) \Z"
)
_RAISED: Final = re.compile(
    r"(?<![a-z])(?:porte[a-z]{0,2}|passe[a-z]{0,2}|soit|s'etablit|atteint|to)(?![a-z])[^.;]{0,40}\Z"
)


def _raised(act: Act, sentence: Sentence, money: Found) -> Iterator[tuple[Claim, int]]:
    """« Le montant initial de 10 000 € est augmenté de 2 500 € et porté à 12 500 € »."""
    text = sentence.clip.text
    for (one, first), (two, more), (three, total) in zip(money, money[1:], money[2:], strict=False):
        if three - one > _WIDEST or not _RAISES.search(text, one + 1, two) or not _RAISED.search(text, two + 1, three):
            continue
        claim = _claim(act, sentence.clip, total, (first, more), (one + 1, three + 1), "raised", "medium")
        yield claim, three


def _adding_up(act: Act, sentence: Sentence, money: Found) -> Iterator[Claim]:
    """All the amounts of a sentence, when the first or the last is the sum of the others: told because it holds, for
    no word says it (« elle comprend 8 000 € pour … et 2 000 € pour … »)."""
    clip = sentence.clip
    if all(_OF_YEAR.match(clip.text, at) for at, _ in money):
        return  # « A en 2015, B en 2016, C en 2017 »
    for index, (at, middle) in enumerate(money[1:-1], 1):
        # « Le marché de A est porté à T par un avenant de B »
        parts = [*money[:index], *money[index + 1 :]]
        if len(money) == 3 and _BROUGHT_TO.search(clip.text, money[index - 1][0] + 1, at):
            claim = _claim(
                act, clip, middle, tuple(m for _, m in parts), (money[0][0], money[-1][0] + 1), "enumeration", "medium"
            )
            if holds(claim):
                yield claim
                return
    for index, (at, last) in enumerate(money[2:], 2):
        # « … ont mobilisé A et B, soit T, de sorte que… »
        soit = _SOIT_BEFORE.search(clip.text, money[index - 1][0] + 1, at)
        if soit is None or _WHAT_IS_LEFT.search(clip.text, max(0, soit.start() - 24), soit.start()):
            continue
        for start in range(max(0, index - _GATHERED), index - 1):
            run = money[start:index]
            claim = _claim(act, clip, last, tuple(m for _, m in run), (run[0][0], at + 1), "enumeration", "medium")
            if _joined(clip, run) and holds(claim):
                yield claim
                return
    for total, parts in ((money[0], money[1:]), (money[-1], money[:-1])):
        claim = _claim(
            act, clip, total[1], tuple(m for _, m in parts), (money[0][0], money[-1][0] + 1), "enumeration", "medium"
        )
        apart = (
            clip.text[total[0] + 1 : parts[0][0]] if total[0] < parts[0][0] else clip.text[parts[-1][0] + 1 : total[0]]
        )
        if _joined(clip, parts) and _SETS_APART.search(apart) and holds(claim):
            yield claim
            return


_OF_YEAR: Final = re.compile("\ue000[^\ue000,;.]{0,4}(?:en|in|\\() ?\ue004")
_SOIT_BEFORE: Final = re.compile(r"(?:(?<![a-z])(?:soit|i\.e\.|that is)|=)(?: [a-z' ]{0,30})? ?\Z")
_WHAT_IS_LEFT: Final = re.compile(r"(?<![a-z])(?:reste|solde|reliquat|surplus|complement|balance)[ ,]{0,2}\Z")
_BROUGHT_TO: Final = hinted(
    r"(?<![a-z])(?:port(?:e|ee|es|ees|er|ant|era)|pass(?:e|er|ant|era)|s'etabli[a-z]{1,4}|attein[a-z]{1,5}|brought"
    r"|raised)"
    r"(?: (?:ainsi|donc|desormais|(?:le |la |l'|les |cette |ce |cet |the )[a-z' ]{3,30}))? (?:a|to) \Z"
    r"|(?<![a-z])attein[a-z]{1,5} \Z",
    "port",
    "pass",
    "etabli",
    "attein",
    "brought",
    "raised",
)
_SETS_APART: Final = re.compile(
    r"[:;()]|(?<![a-z])(?:associe[a-z]{0,2}|reuni[a-z]{0,4}|mobilise[a-z]{0,2}|prevoi[a-z]{0,3}|comport[a-z]{0,4}"
    r"|inclu[a-z]{0,4}|integr[a-z]{0,3}|regroup[a-z]{0,3}|recouvr[a-z]{0,3}|avec|entre|pour un[e]?|additionn[a-z]{1,4}"
    r"|soit|dont|comprend[a-z]{0,4}|compren[a-z]{0,4}|est|sont|sera|seront"
    r"|a|ont|etre|finance[a-z]{0,2}|reparti[a-z]{0,2}|attribue[a-z]{0,2}|affecte[a-z]{0,2}"
    r"|verse[a-z]{0,2}|couver[a-z]{0,2}|constitu[a-z]{0,4}|porte[a-z]{0,2}|total[a-z]{0,2}"
    r"|represente[a-z]{0,2}|is|are|of which)(?![a-z])"
)
"""Between a total and its parts there is more than a comma: « État 40 000 €, Région 30 000 €, mécénat 10 000 € » is
no sum."""


_THINGS: Final = re.compile(r" ?[a-z]{2,}")
_NUMBERS_APART: Final = re.compile(
    r"[:(]|(?<![a-z])(?:soit|a savoir|reparti[a-z]{0,2}|compren[a-z]{1,4}|namely)(?![a-z])"
)
_MEASURES: Final = re.compile(
    r" ?(?:ans?|mois|jours?|heures?|h|km|m2|ha|points?|pages?|voix|fois|euros?|years?|months?|days?)(?![a-z])"
)
_NEAR_NUMBERS: Final = 45


def _numbers(act: Act, sentence: Sentence) -> Iterator[Claim]:
    """« 24 logements : 16 PLUS et 8 PLAI »: things counted, then their kinds; told because it holds."""
    clip, text = sentence.clip, sentence.clip.text
    found: Found = [
        (at, m)
        for at, m in sentence.mentions()
        if m.kind == "number" and m.figure is not None and not m.figure.decimals and m.figure.n > 0
    ]
    if len(found) < 3:
        return
    found = [(at, m) for at, m in found if _THINGS.match(text, at + 1) and not _MEASURES.match(text, at + 1)]
    used = -1
    for index, (at, total) in enumerate(found[:-2]):
        apart = _NUMBERS_APART.search(text[at + 1 : found[index + 1][0]]) is not None
        apart = (
            apart
            or re.search(r"(?<![a-z])(?:sur|parmi(?: les)?|of(?: the)?) (?:les |ces )?\Z", text[:at][-12:]) is not None
        )
        if index <= used or not apart:
            continue
        if found[index + 1][0] - at > 2 * _NEAR_NUMBERS:
            continue
        last = index + 1
        while last + 1 < len(found) and _follows(text, found[last][0], found[last + 1][0]):
            last += 1
            parts = tuple(m for _, m in found[index + 1 : last + 1])
            claim = _claim(act, clip, total, parts, (at, found[last][0] + 1), "enumeration", "medium")
            if holds(claim):
                used = last
                yield claim
                break


_IN_ALL: Final = re.compile(
    r"\A(?:soit|total[a-z]{0,2}|ensemble|making)(?![a-z])|(?<![a-z])(?:au total|en tout|totalis[a-z]{1,4}"
    r"|cumul[a-z]{0,3}|in all|altogether)(?![a-z])"
)
_FEWEST: Final = 10
_NUMBERS_BACK: Final = 12


def _things(sentence: Sentence) -> list[Mention]:
    """The numbers of a sentence that count things."""
    text = sentence.clip.text
    return [
        m
        for at, m in sentence.mentions()
        if m.kind == "number"
        and m.figure is not None
        and not m.figure.decimals
        and m.figure.n > 1
        and _THINGS.match(text, at + 1)
        and not _MEASURES.match(text, at + 1)
    ]


def _number_total(act: Act, sentence: Sentence) -> Claim | None:
    """« 42 élèves à Prévert, 58 à Desnos. En tout, 100 enfants », « vague 1 : 46 bénéficiaires - 69 000 € »: things
    counted in the lines and sentences before, then in all; told because it holds."""
    if _IN_ALL.search(sentence.text) is None:
        return None
    for total in _things(sentence):
        if total.figure is None or total.figure.n < _FEWEST:
            continue
        pool: list[Mention] = []
        for earlier in act.sentences_before(sentence, _NUMBERS_BACK):
            found = _things(earlier)
            if earlier.piece.kind == "row" or (not found and pool and earlier.piece is not sentence.piece):
                break
            pool = [*found[:2], *pool]
        for start in reversed(range(max(0, len(pool) - _NUMBERS_BACK), len(pool) - 1)):
            parts = tuple(pool[start:])
            claim = _claim(act, sentence.clip, total, parts, (sentence.start, sentence.end), "enumeration", "medium")
            if holds(claim):
                return claim
    return None


def _follows(text: str, one: int, two: int) -> bool:
    gap = text[one + 1 : two]
    return len(gap) <= _NEAR_NUMBERS and A not in gap and _BETWEEN.search(gap) is not None


def _across(act: Act, sentence: Sentence) -> Claim | None:
    """« La dépense est de 25 000 €. 10 000 € seront payés en 2023 et 15 000 € en 2024 »: told because it holds."""
    money: Found = [(at, m) for at, m in sentence.money() if m.kind == "amount"]
    if 0 < len(money) <= _FEW and (claim := _new_total(act, sentence, money)) is not None:
        return claim
    if len(money) < 2 or not _joined(sentence.clip, money):
        return None
    for earlier in act.sentences_before(sentence, 1):
        if earlier.piece.kind == "row":
            return None
        before = [m for _, m in earlier.money() if m.kind == "amount"]
        parts = tuple(m for _, m in money)
        for total in before[-_FEW:]:
            claim = _claim(act, sentence.clip, total, parts, (money[0][0], money[-1][0] + 1), "enumeration", "medium")
            if holds(claim):
                return claim
    return None


def _claim(
    act: Act, clip: Clip, total: Mention, parts: tuple[Mention, ...], cue: tuple[int, int], topic: str, sure: Confidence
) -> Sum:
    return Sum(
        place=place_of(total),
        cue=act.cue(clip, *cue),
        topic=topic,
        total=total.figure,
        parts=tuple(part.figure for part in parts),
        confidence=sure,
    )


def _bracketed(
    clip: Clip, sentence: Sentence, money: Found
) -> Iterator[tuple[tuple[int, Mention], Found, tuple[int, int]]]:
    """« 841 000 € (631 000 € et 210 000 € au titre des études) »."""
    text = clip.text
    for index, (at, mention) in enumerate(money):
        if not text[at + 1 : at + 4].lstrip(". ").startswith("("):
            continue
        close = text.find(")", at, min(sentence.end, at + 600))
        if close < 0 or "(" in text[text.find("(", at) + 1 : close]:
            continue
        parts = [(spot, m) for spot, m in money[index + 1 :] if spot < close]
        words = text[at + 1 : close]
        opening = words.lstrip(". (").removeprefix("soit ").removeprefix("a savoir ")
        if len(parts) < 2 or (not opening.startswith(A) and not re.match(r"[a-z' ]{2,40} ?:? ?\ue000", opening)):
            continue
        if _YEARLY.search(words) or _ASIDE.search(words) or "\ue004" in words or P in words:
            continue  # another year, a price before tax or by unit: not the parts of the amount before
        if not _fits(mention, tuple(m for _, m in parts)):
            continue  # « 35 000 € (coût 100 000 €, subventions 65 000 €) »
        if all(_BETWEEN.search(text[one + 1 : two]) for (one, _), (two, _) in itertools.pairwise(parts)):
            yield (at, mention), parts, (at, close + 1)


def _added(clip: Clip, money: Found) -> Iterator[tuple[tuple[int, Mention], Found, tuple[int, int]]]:
    """« a + b = c », « c = a + b »."""
    text = clip.text
    index = 0
    while index < len(money) - 1:
        last = index
        while (
            last + 1 < len(money)
            and "+" in (gap := text[money[last][0] + 1 : money[last + 1][0]])
            and len(gap) < 120
            and "=" not in gap
        ):
            last += 1
        if last == index:
            index += 1
            continue
        parts = money[index : last + 1]
        before = text[money[index - 1][0] + 1 : parts[0][0]] if index else ""
        after = text[parts[-1][0] + 1 : money[last + 1][0]] if last + 1 < len(money) else ""
        if _TAKES.search(before) or _TAKES.match(after):
            index = last + 1
            continue  # « a + b – c = d »: more than what is added
        if after and re.search(r"(?:=|(?<![a-z])(?:soit|egale?|equals))", after) and len(after) < 80:
            yield money[last + 1], parts, (parts[0][0], money[last + 1][0] + 1)
        elif before and re.fullmatch(r"[^=]{0,40}(?:=|\(|(?<![a-z])soit)[^=]{0,30}", before):
            yield money[index - 1], parts, (money[index - 1][0], parts[-1][0] + 1)
        index = last + 1


_TAKES: Final = re.compile(r"[^=;:]{0,60}[−–-] ?(?:[a-z0-9'°() ]{0,60}\Z|[^a-z])| ?[−–-] ")


def _gathered(act: Act, sentence: Sentence, clip: Clip, found: re.Match[str], at: int) -> Claim | None:
    """« 10 000 € pour A et 5 000 € pour B, soit un total de 15 000 € »."""
    before = [(spot, m) for spot, m in clip.within(sentence.start, found.start()) if m.kind == "amount"]
    if len(before) < 2:
        return None
    own = _enumeration(clip.text[sentence.start : found.start()], before, sentence.start)
    whole = tuple(m for _, m in before)
    total = clip.mention(at)
    cue = (found.start(), found.end())
    sure: Confidence = "high" if len(own) == len(whole) else "medium"
    readings: list[tuple[Claim, bool]] = []
    several = _multiplied(clip, before)
    if several is not None:
        readings.append((_claim(act, clip, total, several, cue, "gathered", "medium"), False))
    if len(own) >= 2:
        certain = (
            several is None
            and len(own) == len(whole)
            and _joined(clip, before)
            and _parallel(clip, before)
            and sentence.whole
            and _SINCE.match(clip.text, at + 1) is None
            and _OF_MORE.match(found.group()) is None
            and _EACH_OF.search(clip.text, sentence.start, found.start()) is None
        )
        readings.append((_claim(act, clip, total, own, cue, "gathered", sure), certain))
    if len(own) != len(whole):
        readings.append((_claim(act, clip, total, whole, cue, "gathered", sure), False))
    readings.extend(
        (_claim(act, clip, total, whole[start:], cue, "gathered", "medium"), False)
        for start in range(1, min(len(whole) - 1, 8))
    )
    return choose(readings)


_SINCE: Final = re.compile(
    r"[^.;]{0,30}?(?<![a-z])(?:depuis|y compris|compte tenu|en comptant|sur la periode|pour la periode"
    r"|since|including|over the period)(?![a-z])"
)
"""A total of more than what was just named."""
_OF_MORE: Final = re.compile(
    r"pour (?:un |une |le |la )?[a-z ]{0,24}(?:budget|recettes|ressources|projet|programme)(?![a-z])"
)
"""« pour un budget total de »: what is given need not pay for all of it."""
_EACH_OF: Final = re.compile(rf"{A} (?:par|/) (?!la |le |les |l'|un |une |son |cette |virement|tiers)[a-z]{{2,}}")
"""« 10 € par enfant »: a price, not a part."""
_TIMES: Final = re.compile(
    rf"(?P<count>{N}) (?:[a-z'-]{{3,20}} ){{1,3}}(?:annuels? |egaux |egales )?(?:de|d'|a|d'un montant de|of|x|×) ?\Z"
)
_EACH: Final = re.compile(r" ?(?:chacune?|par [a-z]{3,14}|each|a piece)(?![a-z])")
_MOST_TIMES: Final = 60


def _multiplied(clip: Clip, found: Found) -> tuple[Mention, ...] | None:
    """The amounts as often as they are given (« 3 acomptes de 20 000 € »); ``None`` when each is given once."""
    out: list[Mention] = []
    last = 0
    for at, mention in found:
        times = _TIMES.search(clip.text, max(last, at - 80), at)
        count = clip.mention(times.start("count")).figure if times is not None else None
        if count is None and _EACH.match(clip.text, at + 1):
            before = [m for _, m in clip.within(last, at) if m.kind == "number"]
            count = before[-1].figure if before else None
        number = int(count.fraction) if count is not None and not count.decimals else 1
        out.extend([mention] * (number if 1 < number <= _MOST_TIMES else 1))
        last = at + 1
    return tuple(out) if len(out) > len(found) else None


def _enumeration(text: str, found: Found, offset: int) -> tuple[Mention, ...]:
    """The own amounts of an enumeration, in which the first amount may open the sentence."""
    if all(re.search(r"\ue004 ?\(\Z", text[max(0, at - offset - 4) : at - offset]) for at, _ in found):
        return tuple(m for _, m in found)  # « 2023 (150 000 €), 2024 (200 000 €) »
    if found and found[0][0] == offset:
        return (found[0][1], *(own_amounts(text[1:], found[1:], offset + 1) if len(found) > 1 else ()))
    return tuple(own_amounts(text, found, offset))


def _joined(clip: Clip, found: Found) -> bool:
    """True when commas or « et » stand between each amount and the next."""
    for (one, _), (two, _) in itertools.pairwise(found):
        gap = clip.text[one + 1 : two]
        if not _BETWEEN.search(gap) or len(gap) > _WIDEST:
            return False
    return True


_NEW_TOTAL: Final = re.compile(
    r"(?<![a-z])(?:nouveau montant|porte a|porte le montant|totale?s?|globale?|globalement|ensemble|cumule?e?s?|cumul"
    r"|totalis(?:e|ent|era|ant|erait)|additionn(?:e|es|ees)|agreg(?:e|es|ees)|consolid(?:e|ee|es)|recapitulatif"
    r"|en tout|somme des|tout compris|toutes? [a-z]{4,16} confondue?s|l'eleve(?:nt|ra)? (?:donc |ainsi )?a"
    r"|new amount|in all|overall|altogether|combined|aggregate)(?![a-z])[^\ue000;]{0,60}\Z"
)
_TOTAL_AFTER: Final = re.compile(
    r" ?(?:(?:de|d'|en|of) )?(?:[a-z']{3,16} ){0,3}(?:cumule?e?s?|au total|en tout|totale?s?|globale?s?|additionnee?s?"
    r"|confondue?s|in all|altogether|overall)(?![a-z])"
)
_FEW: Final = 4
_GATHERED: Final = 8


def _new_total(act: Act, sentence: Sentence, money: Found) -> Claim | None:
    """« Le marché de 200 000 € a fait l'objet d'un avenant de 8 000 €. Le nouveau montant est de 208 000 € »: what the
    sentences just before name, with what stands before the total in its own, told because it holds."""
    text = sentence.clip.text
    for index, (at, total) in enumerate(money):
        low = money[index - 1][0] + 1 if index else sentence.start
        said = _NEW_TOTAL.search(text, low, at) or _BROUGHT_TO.search(text, low, at)
        if not said and not _TOTAL_AFTER.match(text, at + 1):
            continue
        here = [m for _, m in money[:index]]
        pool: list[Mention] = []
        for earlier in act.sentences_before(sentence, _FEW):
            if earlier.piece.kind == "row":
                break
            pool = [*(m for _, m in earlier.money() if m.kind == "amount"), *pool]
        tried = [[*pool[start:], *here] for start in reversed(range(max(0, len(pool) - _GATHERED), len(pool)))]
        tried.extend([one, *here] for one in pool[-_GATHERED:])
        tried.append([*_last_of_each(act, sentence), *here])
        for parts in tried:
            if len(parts) < 2:
                continue
            claim = _claim(
                act, sentence.clip, total, tuple(parts), (max(low, at - 40), at + 1), "enumeration", "medium"
            )
            if holds(claim):
                return claim
    return None


def _last_of_each(act: Act, sentence: Sentence) -> list[Mention]:
    """The amount that ends each of the lines before: « 3 conférences à 420 €, soit 1 260 € »."""
    out: list[Mention] = []
    for piece in act.before(sentence.piece, 2 * _GATHERED):
        money = [m for _, m in piece.money() if m.kind == "amount"]
        if piece.kind == "row":
            break
        if money:
            out.append(money[-1])
    out.reverse()
    return out


_NOT_PARALLEL: Final = re.compile(
    r"(?<![a-z])(?:taux|duree|annuite|echeance|interets?|amorti[a-z]{0,8}|par (?:an|mois"
    r"|jour)|contracte|remboursable)(?![a-z])|\ue001"
)


def _parallel(clip: Clip, found: Found) -> bool:
    """False when a rate, a term or a repayment stands between the amounts: they are not things of one kind."""
    low, high = max(0, found[0][0] - 60), found[-1][0] + 30
    return _NOT_PARALLEL.search(clip.text[low:high]) is None


_NEAR: Final = 70
_SPLIT_BEFORE: Final = re.compile(rf"(?<![a-z])(?:{_SPLITS})(?![a-z])[^{A}{P};:.]{{0,50}}\Z")
"""« répartir A comme suit »: the verb stands before the amount."""
_AS_SAID: Final = re.compile(
    r"(?:comme suit|comme ci-(?:apres|dessous)|comme il suit|de (?:la|cette) (?:facon|maniere)(?: suivante)?|ainsi"
    r"|as follows)(?![a-z])"
)


_OBJECT: Final = re.compile(
    r"(?<![a-z])(?:en|y) (?:est|sont|a ete|ont ete|sera|seront) (?:distribue|reparti|ventile)[a-z]{0,2} \Z"
)


def _announced(act: Act, sentence: Sentence, clip: Clip, money: Found, index: int) -> Claim | None:
    """« une subvention de 70 000 € répartie entre A pour 50 000 € et B pour 20 000 € »."""
    text = clip.text
    at, total = money[index]
    first = money[index + 1][0]
    gap = text[at + 1 : first]
    if len(gap) > _WIDEST + 60:
        return None
    before = text[max(sentence.start, at - _NEAR) : at]
    split = _SPLIT_BEFORE.search(before) is not None and _AS_SAID.search(gap) is not None
    strong = (split or _CUE_BETWEEN.search(gap) is not None) and not _ASIDE.search(gap)
    # « l'enveloppe, A ; il en est distribué B, le reliquat de C » announces no parts.
    strong = strong and (split or _OBJECT.search(gap) is None)
    soit = _SOIT.search(gap)
    if not strong and soit is None:
        return None
    # A bare colon heads anything: « prêt PLUS : A ; prêt PLAI : B ».
    colon = not strong and soit is not None and soit.group().strip() == ":"
    if colon and re.search(r"[,;:.]", gap[: gap.rfind(":")]):
        return None
    rest = money[index + 1 :]
    stop = len(rest)
    for position, ((one, _), (two, _)) in enumerate(itertools.pairwise(rest)):
        between = text[one + 1 : two]
        if not _BETWEEN.search(between) or len(between) > _WIDEST:
            stop = position + 1
            break
    if stop < 2:
        return None
    if not strong and _YEARLY.search(text, at + 1, min(sentence.end, rest[stop - 1][0] + 30)):
        return None
    parts = tuple(m for _, m in rest[:stop])
    aside = [
        position for position in range(1, stop) if _ASIDE.search(text[rest[position - 1][0] + 1 : rest[position][0]])
    ]
    cue_at = _CUE_BETWEEN.search(gap)
    cue = (at + 1 + (cue_at.start() if cue_at else 0), first)
    several = _multiplied(clip, rest[:stop])
    if several is not None:
        return choose([(_claim(act, clip, total, several, cue, "decomposition", "medium"), False)])
    if not strong and (P in gap or F in gap or any(_AGAIN.search(text[a + 1 : b]) for a, b in _pairs(rest[:stop]))):
        return None  # « réduit de moitié la première année, soit A, et de 25 % la deuxième, soit B »
    claim = _claim(act, clip, total, parts, cue, "decomposition", "high" if strong and not split else "medium")
    if CUT.search(text, first, sentence.end):
        return replace(claim, doubt=CUT_LIST) if strong else None
    certain = _REST_LATER.search(text, first, rest[stop - 1][0]) is None
    certain = certain and not aside and not colon and stop == len(rest) and _fits(total, parts) and sentence.whole
    certain = certain and _GOES_ON.search(text, rest[stop - 1][0], min(sentence.end, rest[stop - 1][0] + 120)) is None
    certain = certain and (_last_joined(text, rest[:stop]) or (strong and sentence.end - rest[-1][0] < 50))
    readings: list[tuple[Claim, bool]] = [(claim, certain)]
    if aside:
        kept = tuple(part for position, part in enumerate(parts) if position not in aside)
        if len(kept) > 1:
            readings.append((replace(claim, parts=tuple(part.figure for part in kept)), strong and stop == len(rest)))
            readings[0] = (claim, False)
    readings.extend(
        (replace(claim, parts=tuple(part.figure for part in parts[:count])), False)
        for count in range(min(len(parts) - 1, 12), 1, -1)
    )
    return choose(readings)


_REST_LATER: Final = re.compile(
    r"(?<![a-z])(?:solde|reste|reliquat|surplus)(?: (?:sera|seront|est|etant|revient|incombe|fera|is|will))(?![a-z])"
)
"""A part that has no amount yet."""
_GOES_ON: Final = re.compile(
    r"(?<![a-z])(?:le|du|au|the) (?:reste|restant|solde|surplus|reliquat|complement|rest|remainder|balance)(?![a-z])"
)
"""« culture A, sport B, jeunesse pour le reste »: the parts told are not all of them."""
_AGAIN: Final = re.compile(rf"(?<![a-z])(?:soit|i\.e\.)(?![a-z])|[{P}{F}]")


def _pairs(found: Found) -> list[tuple[int, int]]:
    return [(one, two) for (one, _), (two, _) in itertools.pairwise(found)]


def _fits(total: Mention, parts: tuple[Mention, ...]) -> bool:
    """False when one part alone is more than the whole: the words then mean something else."""
    if total.figure is None:
        return False
    return all(part.figure is not None and part.figure.fraction <= total.figure.fraction for part in parts)


def _last_joined(text: str, parts: Found) -> bool:
    """An enumeration is whole when « et » or a semicolon brings its last part."""
    (one, _), (two, _) = parts[-2], parts[-1]
    return re.search(r"(?: et | and |;|\+| puis | ainsi que )", text[one + 1 : two]) is not None
