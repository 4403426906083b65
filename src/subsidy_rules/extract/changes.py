"""« passe de 20 000 € à 25 000 €, soit une hausse de 25 % »: a change in per cent between two amounts."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from subsidy_rules.acts import Act, place_of
from subsidy_rules.claims import Change, Claim, Share, judge
from subsidy_rules.figures import Amount, Percentage
from subsidy_rules.folding import stem
from subsidy_rules.holding import holds, state_of
from subsidy_rules.mentions import A, Mention, P
from subsidy_rules.sentences import Sentence
from subsidy_rules.series import choose

__all__ = ["claims"]

_UP: Final = (
    r"hausse|augment[a-z]{0,8}|progress[a-z]{0,6}|croissance|croit|croitre|majoration|accroissement|revaloris[a-z]{0,6}"
    r"|supplementaires?|de plus|en plus|increase[a-z]?|rise|rises|growth|up(?! to)"
)
_DOWN: Final = (
    r"baisse|diminu[a-z]{0,6}|recul[a-z]{0,4}|reduction|repli|contraction|chute|minoration"
    r"|de moins|en moins|decrease[a-z]?|fall|falls|drop|cut|down"
)
_MOVE: Final = re.compile(
    rf"(?<![a-z])(?:(?P<up>{_UP})|(?P<down>{_DOWN})|(?P<flat>evolution|variation|evolue[a-z]{{0,3}}"
    rf"|varie[a-z]{{0,3}}|change))(?![a-z])"
)
_FROM: Final = re.compile(r"(?<![a-z])(?:de|d'|from) (?:pres de |environ |plus de )?\Z")
_TO: Final = re.compile(r"(?<![a-z])(?:a|to) (?:pres de |environ |plus de |un montant de )?\Z")
_AGAINST: Final = re.compile(
    r"(?<![a-z])(?:contre|au lieu de|apres|pour memoire|a comparer"
    r"|against|compared (?:with|to)|versus)(?![a-z])[^.]{0,30}\Z"
)
_THAN: Final = re.compile(r"(?<![a-z])(?:(?:par rapport|que|compare|relative|on the)(?![a-z])|qu')[^.]{0,60}\Z")
_IN_YEAR: Final = re.compile(r"\A ?(?:euros? )?(?:en|pour|au titre de|in|\()? ?(?:l'exercice |l'annee )?\ue004")
_NEW_SUBJECT: Final = re.compile(
    r"(?<![a-z])(?:est|sont|sera|etait|a ete|ont ete) (?:de|d'environ|fixee? a|evaluee? a|portee? a|realisee?s? a) ?\Z"
)
"""« … La participation au vote a été de P »: the rate is of something else."""
_YEAR_BEFORE: Final = re.compile(r"\ue004 ?(?:\(|:|,|a|de|etait de|est de|etaient de)? ?\Z")
_MOST: Final = 8
_WIDEST: Final = 130
"""Characters between one figure and the next: beyond, they are not said together."""


def claims(act: Act) -> Iterator[Claim]:
    """Changes whose two amounts and rate stand in one sentence."""
    for sentence in act.sentences():
        text = sentence.text
        if P not in text:
            continue
        figures = [(at, m) for at, m in sentence.mentions() if m.kind in ("amount", "percent", "number") and m.figure]
        for index, (_at, stated) in enumerate(figures):
            if stated.kind != "percent":
                continue
            claim = _change(act, sentence, figures, index)
            if claim is not None:
                yield claim
                if isinstance(claim, Change) and (share := _of_what_is_added(act, sentence, figures, index, claim)):
                    yield share


def _change(act: Act, sentence: Sentence, figures: list[tuple[int, Mention]], index: int) -> Claim | None:
    at, stated = figures[index]
    clip = sentence.clip
    if not isinstance(stated.figure, Percentage):
        return None
    falling = _falls(clip.text, sentence.start, at, sentence.end)
    if falling is None:
        moved = _MOVED.search(clip.text, sentence.start, at)
        return _by_role(act, sentence, index, figures, moved["down"] is not None) if moved is not None else None
    pair = _pair(clip.text, sentence.start, figures, index)
    pairs = [pair] if pair is not None else _since_before(act, sentence, figures, index)
    rate = stated.figure
    readings: list[tuple[Claim, bool]] = []
    for start, end, sure, cue_from in pairs:
        claim = Change(
            place=place_of(stated),
            cue=act.cue(clip, min(cue_from, at), at + 1),
            topic="change",
            start=start.figure,
            end=end.figure,
            stated=rate,
            falling=falling and rate.n > 0,
            confidence="high" if sure and start.kind == "amount" else "medium",
        )
        clear = start.kind == "amount" or (sure and _ends_clearly(clip.text, sentence, figures, index))
        alone = not _of_else(clip.text, sentence, at) and not _of_another(clip.text, figures, index)
        told = _leads_to_rate(clip.text, sentence.start, sentence.end, figures, index, (start, end))
        readings.append((claim, told and pair is not None and clear and alone))
    chosen = choose(readings)
    chosen = chosen or _by_role(act, sentence, index, figures, falling)
    if isinstance(chosen, Change) and state_of(chosen) == "broken":
        # « progressé de P (de A à B), alors que le budget a augmenté de Q »: the amounts are those of another rate.
        # « progressent de A à B »: by A, perhaps.
        if _by(chosen):
            return None
        # … or the rate is that of other amounts.
        amounts = [m for _, m in figures if m.kind == "amount"]
        if len(amounts) <= _MOST and any(
            judge(replace(chosen, start=one.figure, end=two.figure)).state == "holds"
            for one, two in itertools.permutations(amounts, 2)
        ):
            return None
        rates = [m.figure for spot, m in figures if m.kind == "percent" and spot != at]
        if any(
            isinstance(other, Percentage) and judge(replace(chosen, stated=other)).state == "holds" for other in rates
        ):
            return None
    return chosen


_LINK: Final = re.compile(
    r"[a-z \ue004'-]{0,40}(?:,? (?:soit|ce qui (?:represente|fait|correspond a))|,| ?\() ?(?:environ )?(?:une? )?"
    r"(?:(?:[a-z]{4,12} )?(?:hausse|progression|augmentation|baisse|diminution|evolution|recul|croissance|reduction"
    r"|majoration|minoration|variation|increase|decrease|rise|fall)(?: [a-z]{4,12})? (?:de|d'|of) ?)?[+−–-]? ?"
)
"""From the second figure to the rate of change, with nothing of another subject between."""
_ENDS: Final = re.compile(
    r" ?(?:[).,;:]|\Z|(?:en (?:un an|\ue004)|par rapport a|sur (?:un an|celle|celui)|egalement|de (?:plus|moins)))"
)


_BY_YEAR: Final = re.compile(
    r" ?(?:par (?:an|mois|annee|exercice)|/ ?an|annuel[a-z]{0,3}|en moyenne|chaque|l'an(?![a-z])|(?:de )?moyenne|a year"
    r"|per year|on average|cumulee?s?|hors)(?![a-z])"
)
_OF: Final = re.compile(r" (?:du |des |de la |de l'|de ce |de cette |of the )(?P<noun>[a-z]{3,24})")


def _of_else(text: str, sentence: Sentence, at: int) -> bool:
    """« soit une hausse de 4 % par an », « … de 12 % du nombre de licences »: not the change that the figures make."""
    if _BY_YEAR.match(text, at + 1, sentence.end):
        return True
    of = _OF.match(text, at + 1, sentence.end)
    return of is not None and stem(of["noun"]) not in {
        stem(word) for word in re.findall("[a-z]{3,24}", text[sentence.start : at])
    }


_ANOTHER: Final = re.compile(
    r";|(?<![a-z])(?:celles?|celui|ceux|tandis|alors|quant|lui|eux)(?![a-z])"
    r"|(?:,|(?<![a-z])et) (?:(?:le|la|les|son|sa|ses|leurs?) |l')(?!(?:meme|tout) )"
)


def _of_another(text: str, figures: list[tuple[int, Mention]], index: int) -> bool:
    """« … à 12 000 € ; le budget, lui, augmente de 5 % »: another subject stands between the amounts and the rate."""
    at, last = figures[index][0], figures[index - 1][0] if index else None
    if last is None or figures[index - 1][1].kind == "percent" or _LINK.fullmatch(text, last + 1, at):
        return False
    return _ANOTHER.search(text, last + 1, at) is not None


def _ends_clearly(text: str, sentence: Sentence, figures: list[tuple[int, Mention]], index: int) -> bool:
    """« de 210 à 252 adhérents, soit une hausse de 20 % »: the rate is that of these numbers, of nothing after it."""
    at = figures[index][0]
    if not index or not _ENDS.match(text, at + 1, sentence.end):
        return False
    return _LINK.fullmatch(text, figures[index - 1][0] + 1, at) is not None


_NEW: Final = re.compile(
    r"(?<![a-z])(?:portee?s?|porte|portant|ramenee?s?|ramene|passe(?:nt|ra)?|releve(?:e|s|es)?|abaisse(?:e|s|es)?"
    r"|revalorisee?s?|s'etabli(?:t|ssent|ra) (?:desormais|maintenant)) (?:desormais |donc |ainsi |finalement )?a ?\Z"
)
_MOVED: Final = re.compile(
    r"(?<![a-z])(?:(?P<up>majore|augmente|revalorise|releve|abonde)|(?P<down>reduit|diminue|minore|abaisse|ampute))"
    rf"(?:e|s|es)? (?:de|d') ?(?:{A} ?\( ?[+−–-]? ?)?\Z"
)
_THEN: Final = re.compile(
    rf" ?\)?(?: ?\({A}\))?(?P<link>,? ?(?:et )?(?:(?:est |sont )?(?:portee?s?|ramenee?s?|fixee?s?)(?: ainsi| donc)? a"
    r"|s'etabli(?:t|ssent)(?: desormais| ainsi| donc)? a|s'eleve(?: desormais| ainsi| donc)? a|passe a"
    rf"|pour atteindre|atteint(?: ainsi| desormais)?|, soit)) ?(?P<end>{A})"
)
_BRACKETED: Final = re.compile(r"\([^()]{0,120}\)")
_UNIT: Final = re.compile(r" ?(?:par|/|l'|la|le|chacune?) ")
_ELSE: Final = re.compile(
    r"(?<![a-z])(?:par an|chaque|puis|environ|plafon[a-z]{0,4}|maxim[a-z]{0,4}|minim[a-z]{0,3}|cumul[a-z]{0,3}|hors"
    r"|taux|moyenne?|indice|inflation|dont|deduction|arrondi[a-z]{0,2}|successi[a-z]{1,6}|chacune?|respective[a-z]{0,4})"
    r"(?![a-z])"
)
_WAS: Final = re.compile(
    rf"(?:elle|il|ce montant|celle-ci|celui-ci|cette (?:subvention|aide|dotation)) (?:etait|s'elevait|avait ete|a ete) "
    rf"(?:de |a |fixee? a )?{A}(?: (?:en|l'an|l'annee)[^{A}{P}(]{{0,24}})? ?\( ?[+−–-]? ?\Z"
)
_DATED: Final = re.compile(rf"(?P<label>[a-z][a-z' -]{{2,50}}?) (?:en |de |pour )?\ue004 ?: ?{A}")


def _by_role(
    act: Act, sentence: Sentence, index: int, figures: list[tuple[int, Mention]], falling: bool
) -> Claim | None:
    """« Le loyer de A est porté à B, soit une hausse de P », « A, majorée de P et portée à B »: two amounts, each with
    its role; told as false when nothing else stands between them."""
    clip, text = sentence.clip, sentence.clip.text
    at, stated = figures[index]
    if not isinstance(stated.figure, Percentage) or _ELSE.search(sentence.text) or stated.figure.n <= 0:
        return None
    if _of_else(text, sentence, at):
        return None
    asides = [found.span() for found in _BRACKETED.finditer(text, sentence.start, sentence.end)]
    money = [(spot, m) for spot, m in sentence.money() if not any(low < spot < high for low, high in asides)]
    before = [(spot, m) for spot, m in money if spot < at]
    moved = _MOVED.search(text, sentence.start, at)
    start: Mention | None = None
    end: Mention | None = None
    if moved is not None:
        then = _THEN.match(text, at + 1, sentence.end)
        before = [(spot, m) for spot, m in before if spot < moved.start()]
        if then is None or len(before) != 1:
            return None
        start, end, falling = before[0][1], clip.mention(then.start("end")), moved["down"] is not None
        if end.figure is None or start.figure is None:
            return None
        if then["link"].endswith("soit") and 2 * end.figure.fraction < start.figure.fraction:
            return None  # « majoré de 2 %, soit A »: what is added, or what it makes
    elif _WAS.fullmatch(text[sentence.start : at]):
        # « La subvention est de B. Elle était de A en 2022 (+ 3 %) »
        earlier = next(iter(act.sentences_before(sentence, 1)), None)
        if earlier is None or earlier.piece is not sentence.piece:
            return None
        if len(earlier.money()) != 1 or len(sentence.money()) != 1:
            return None
        start, end = sentence.money()[0][1], earlier.money()[0][1]
    elif not before or not _LINK.fullmatch(text, before[-1][0] + 1, at) or not _ENDS.match(text, at + 1, sentence.end):
        return None
    elif len(before) == 2 and _NEW.search(text, before[0][0] + 1, before[1][0]):
        if _UNIT.match(text, before[0][0] + 1):
            return None
        start, end = before[0][1], before[1][1]
    elif len(before) == 1:
        earlier = next(iter(act.sentences_before(sentence, 1)), None)
        if earlier is None or earlier.piece is not sentence.piece or len(earlier.money()) != 1:
            return None
        one, two = _DATED.match(earlier.text), _DATED.match(sentence.text)
        same = one is not None and two is not None and one["label"] == two["label"]
        if not same and not _goes_on(text[sentence.start : before[0][0]], earlier):
            return None
        if _ELSE.search(earlier.text):
            return None
        start, end = earlier.money()[0][1], before[0][1]
    if start is None or end is None or not _comparable(start, end):
        return None
    claim = Change(
        place=place_of(stated),
        cue=act.cue(clip, max(sentence.start, at - 40), at + 1),
        topic="change",
        start=start.figure,
        end=end.figure,
        stated=stated.figure,
        falling=falling,
        confidence="medium",
    )
    if holds(claim):
        return claim
    # « l'avenant n° 2 le porte à C, soit + 15 % » of what was signed first: a change from another amount.
    others = [m for other in (sentence, *act.sentences_before(sentence, _BACK)) for _, m in other.money()]
    if any(holds(replace(claim, start=m.figure)) for m in others if m is not end and _comparable(m, end)):
        return None
    return claim


def _of_what_is_added(
    act: Act, sentence: Sentence, figures: list[tuple[int, Mention]], index: int, change: Change
) -> Claim | None:
    """« majorée de A (+ P) »: the rate is also that of what is added, told when it holds."""
    at, stated = figures[index]
    if not index or _ADDED.search(sentence.clip.text, sentence.start, at) is None:
        return None
    claim = Share(
        place=place_of(stated),
        cue=act.cue(sentence.clip, at, at + 1),
        topic="change",
        stated=change.stated,
        part=figures[index - 1][1].figure,
        whole=change.start,
        confidence="medium",
    )
    return claim if figures[index - 1][1].kind == "amount" and holds(claim) else None


_ADDED: Final = re.compile(rf"{A} ?\( ?[+−–-]? ?\Z")
_BACK: Final = 8
_PRONOUN: Final = re.compile(
    r"(?<![a-z])(?:l'(?:a|ont|avait)|le|la|il|elle|celui-ci|celle-ci|ce montant|cette somme) (?:est |a ete |sera |se "
    r"|serait )?(?:porte|ramene|passe|releve|abaisse|trouve porte)"
)


def _goes_on(words: str, earlier: Sentence) -> bool:
    """True when « l'a porté à » takes up the amount of the sentence before, or the same noun names both."""
    if _NEW.search(words) is None:
        return False
    if _PRONOUN.search(words) is not None:
        return True
    nouns = {stem(word) for word in re.findall("[a-z]{5,24}", words)}
    return bool(nouns & {stem(word) for word in re.findall("[a-z]{5,24}", earlier.text)} - _VERBS)


_VERBS: Final = frozenset(
    stem(word) for word in ("montant", "porte", "total", "passe", "ramene", "initial", "annee", "desormais")
)


def _comparable(start: Mention, end: Mention) -> bool:
    """True for two amounts as printed, of one kind; not one « environ », nor one with tax and one without."""
    one, two = start.figure, end.figure
    if not isinstance(one, Amount) or not isinstance(two, Amount) or start.repaired or end.repaired:
        return False
    plain = one.is_exact and two.is_exact and one.n > 0 and two.n > 0
    return plain and one.tax == two.tax


_TELLS: Final = re.compile("[^.;\ue000\ue001\ue002]{0,90}")
_TURNS: Final = re.compile(
    r"(?<![a-z])(?:et|puis|alors|tandis|mais|avec|ainsi que|ou|dont|pour un[e]?|sous|and|while|with|but|whose)(?![a-z])"
)
"""Between the second of two amounts and the rate of their change nothing else begins: « , soit une hausse de »."""
_MAY: Final = re.compile(
    r"(?<![a-z])(?:p(?:eut|euvent|ourra|ourront|ourrait|ourraient)|may|might|can|could|plafon[a-z]{0,5}|maxim[a-z]{0,3}"
    r"|dans la limite|jusqu|au plus|au moins|minim[a-z]{0,3}|up to|fourchette|compris[a-z]{0,2} entre|selon|range[a-z]?"
    r"|varie[a-z]{0,3} (?:de|entre)|allant|tva|inflation|indices?)(?![a-z])"
)
"""A range, a limit, what may be: no amount became the other."""
_ADDS: Final = re.compile(
    r"(?<![a-z])(?:majore|augmente|diminue|minore|abonde|complete|reduit|ampute|reevalue|hausse|baisse|augmentation"
    r"|diminution|reduction|majoration|complement|supplement|economie|increase|cut)[a-z]{0,3} (?:de|d'|by|of) \Z"
)
"""« majorée de A, à B »: A is what is added."""


def _leads_to_rate(
    text: str, low: int, high: int, figures: list[tuple[int, Mention]], index: int, pair: tuple[Mention, Mention]
) -> bool:
    """True when words take the reader from the two amounts to the rate, or from the rate to them, and to nothing else.

    Only then may the change be told as false: any other two amounts and a rate may stand in one sentence.
    """
    spots = {id(m): at for at, m in figures}
    if any(id(m) not in spots for m in pair):
        return False
    at = figures[index][0]
    one, two = sorted(spots[id(m)] for m in pair)
    if one < at < two and text.count(")", at, two) > text.count("(", at, two):
        return False  # « A (+ P par rapport au budget), les recettes à B »
    if _MAY.search(text, low, at) or _ADDS.search(text, low, one) or _ADDS.search(text, one + 1, two):
        return False
    if sum(low <= spot < high for spot, m in figures if m.kind == "amount") > 2 and "," in text[one + 1 : two]:
        return False
    return one > at or one < at < two or (two < at and _leads(text[two + 1 : at]))


def _leads(gap: str) -> bool:
    return _TELLS.fullmatch(gap) is not None and _TURNS.search(gap) is None


def _by(change: Change) -> bool:
    """True when the rate is right if the first amount is what is added or taken: « progressent de A à B »."""
    start, end = change.start, change.end
    if not isinstance(start, Amount) or not isinstance(end, Amount):
        return False
    places = max(start.decimals, end.decimals)
    less = start.n * 10 ** (places - start.decimals) * (-1 if change.falling else 1)
    before = replace(end, n=end.n * 10 ** (places - end.decimals) - less, decimals=places)
    return judge(replace(change, start=before)).state == "holds"


Pair = tuple[Mention, Mention, bool, int]


def _since_before(act: Act, sentence: Sentence, figures: list[tuple[int, Mention]], index: int) -> list[Pair]:
    """« Recettes 2021 : A. Recettes 2022 : B, soit une progression de P »: one amount is in the sentence before."""
    left = [(spot, m) for spot, m in figures[:index] if m.kind == "amount"]
    if len(left) != 1 or figures[index][0] - left[0][0] > _WIDEST:
        return []
    spot, here = left[0]
    for earlier in act.sentences_before(sentence, 1):
        money = [m for _, m in earlier.money() if m.kind == "amount"]
        if earlier.piece.kind == "row":
            return []
        forwards: list[Pair] = [(m, here, False, spot + 1) for m in reversed(money[-4:])]
        # « La subvention est de B. Elle était de A en 2022 (+ 3 %) »
        return [*forwards, *((here, m, False, spot + 1) for m in reversed(money[-4:]))]
    return []


def _falls(text: str, low: int, at: int, high: int) -> bool | None:
    """True for a fall, False for a rise, ``None`` when the words do not say that the rate is a change."""
    sign = text[max(low, at - 2) : at].strip()[-1:]
    if sign == "+":
        return False
    if sign == "-" and text[max(low, at - 3) : at].strip() in ("-", "(-", ": -", ", -", "de -"):
        return True
    before = list(_MOVE.finditer(text, max(low, at - 90), at))
    after = _MOVE.search(text, at + 1, min(high, at + 25))
    if after is not None and (not before or before[-1]["flat"] is not None):
        return after["down"] is not None
    if before:
        return before[-1]["down"] is not None
    return None


def _pair(
    text: str, low: int, figures: list[tuple[int, Mention]], index: int
) -> tuple[Mention, Mention, bool, int] | None:
    """The amounts before and after the change: first, second, whether grammar ties them, and where the cue begins."""
    at = figures[index][0]
    left = [(spot, m) for spot, m in figures[:index] if m.kind in ("amount", "number")][-4:]
    for (one, first), (two, second) in reversed(list(itertools.pairwise(left))):
        if first.kind != second.kind or at - two > _WIDEST or _NEW_SUBJECT.search(text, two + 1, at):
            continue
        between = text[one + 1 : two]
        if len(between) <= _WIDEST:
            if _FROM.search(text, max(low, one - 24), one) and _TO.search(between):
                return first, second, True, two + 1
            if first.kind in ("amount", "number"):
                if _AGAINST.search(between):
                    return second, first, True, two + 1
                if _IN_YEAR.match(text[one + 1 : one + 40]) and _IN_YEAR.match(text[two + 1 : two + 40]):
                    return first, second, False, two + 1
                if _YEAR_BEFORE.search(text, max(low, one - 30), one) and _YEAR_BEFORE.search(between):
                    return first, second, False, two + 1
    if index + 2 < len(figures):
        (one, first), (two, second) = figures[index + 1], figures[index + 2]
        between = text[one + 1 : two]
        if first.kind == second.kind == "amount" and one - at <= 70 and len(between) <= 90:
            if _AGAINST.search(between):
                return second, first, False, at + 1
            if _FROM.search(text, at, one) and _TO.search(between):
                return first, second, True, at + 1
    if index and index + 1 < len(figures):
        (one, first), (two, second) = figures[index - 1], figures[index + 1]
        if first.kind == second.kind == "amount" and at - one <= _WIDEST and two - at <= _WIDEST:
            between = text[at + 1 : two]
            if _THAN.search(between) or _AGAINST.search(between):
                return second, first, False, one + 1
    return None
