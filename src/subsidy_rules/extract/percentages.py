"""« 70 000 euros, représentant 5,27 % du budget prévisionnel »: a part, a rate, and the base that the words name.

The base is seldom the nearest amount. It is the one whose own words are those of « du … »: the budget, the cost before
tax, the subsidy itself. When two amounts answer to these words, the one that makes the rate true is taken; when none
does, nobody can tell.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import Final

from subsidy_rules.acts import BASE_UNSURE, Act, place_of
from subsidy_rules.claims import Claim, Confidence, Share, SharesTotal
from subsidy_rules.figures import Amount, Figure, Percentage
from subsidy_rules.folding import stem
from subsidy_rules.holding import holds, share_holds, state_of
from subsidy_rules.mentions import A, Clip, F, Mention, N, P, W
from subsidy_rules.sentences import Sentence
from subsidy_rules.series import Series, choose, own_amounts

__all__ = ["claims"]

_REPRESENTS: Final = re.compile(
    r"(?<![a-z])(?:represent(?:ant|e|ent|ait|era|eront|ing|s)?|soit|correspond(?:ant|ent)?"
    r"|couv(?:re|rant|rent|rait|rira|riront)|financ(?:e|ant|ent|era|eront)|covers?|covering"
    r"|equiva(?:lant|ut|lent)|c'est-a-dire|ce qui (?:represente|correspond|fait)|constitu(?:ant"
    r"|e)|i\.e\.|equal to|or|being|equivalent to)(?![a-z])"
)
_OF: Final = re.compile(
    rf" ?(?:de (?:la |l'|ce |cette |ces |son |sa |leur )?|du |des |d['’ ](?:une? )?|of (?:the "
    rf"|a |an |its )?)(?P<base>[a-z][a-z' \ue004-]{{1,90}})?(?P<amount>[{A}{W}])?"
)
_STOP: Final = re.compile(
    r"(?<![a-z])(?:(?:consacre|reserve|affecte|dedie|estime|evalue|prevu|presente|plafonne)[a-z]{0,3}|pour|qui|que|qu"
    r"|afin"
    r"|au titre|soit|est|a|sont|ont|dans|en|par|sur|et|avec|pendant|lors|s'eleve|dont|for|which|in|is|and)(?![a-z])"
)
_SOIT: Final = re.compile(
    rf"[^{A}{P};]{{0,110}}?(?<![a-z])(?:soit|c'est-a-dire|ce qui (?:represente|fait|donne)"
    rf"|i\.e\.|or|that is|equal to|=|represente|ressort a|s'eleve a|est de|s'etablit a|:)(?![a-z])[^{A}{P};.]{{0,50}}"
    rf"?(?P<part>{A})"
)
_NO_SHARE: Final = re.compile(
    r"(?<![a-z])(?:hausse|baisse|augmentation|augment[a-z]{1,5}|diminution|progress[a-z]{2,4}"
    r"|evolution|reduction|inflation|t\.?v\.?a|interets?|taux (?:fixe|variable|d'interet"
    r"|de vacance|de remplissage|de frequentation|de presence|de participation au|horaire"
    r"|de chomage)|penalite|retard|remise|rabais|temps (?:plein|partiel|de travail)|quotite"
    r"|etp|avancement|indice|des voix|des suffrages|plus de|moins de|(?:de|en) (?:plus|moins|trop)|supplementaire"
    r"|travaux realises"
    r"|d'avance|increase|decrease|vat)(?![a-z])"
)
_RANGE: Final = re.compile(
    rf"(?<![a-z])(?:entre|de|between|from|varie[a-z]{{0,2}}) [{P}{N}] ?(?:et|a|and|to|-) ?\Z|{N} ?(?:a|-|–|to) ?\Z"
)
"""« entre 30 et 35 % », « 20 à 30 % »: the upper end of a range."""
_REST: Final = re.compile(
    r" ?(?:du |de la |des |de ce |d'un )(?:(?:[a-z' ]{2,24} )?restante?s?|reste|surplus|remainder)(?! a )(?![a-z])"
)
"""« 60 % du coût restant »: of what nobody prints."""
_TAX_RATE: Final = re.compile(r"(?<![a-z])(?:t\.?v\.?a\.?|vat|taxes?)(?![a-z])[^\ue000]{0,24}\Z")

_GENERIC: Final = frozenset(
    (
        "montant",
        "total",
        "valeur",
        "ensembl",
        "somm",
        "cout",
        "part",
        "globalit",
        "totalit",
        "amount",
        "whol",
        "cost",
        "global",
        "net",
        "brut",
        "charg",
        "assiett",
        "bas",
    )
)
_EMPTY: Final = frozenset(
    re.findall(
        "[a-z]+",
        "de du des la le les un une au aux et ou en par sur pour dans ce cet cette ces son sa ses leur est sont a d l "
        "s qu que qui ne pas se il elle the of an to and soit ainsi donc",
    )
)
_COSTS: Final = frozenset(
    (
        "cout",
        "depens",
        "devis",
        "prix",
        "travail",
        "travaux",
        "operation",
        "projet",
        "chantier",
        "opération",
        "budget",
        "investissement",
        "programm",
        "action",
        "cost",
        "project",
        "works",
        "expens",
        "assiett",
        "bas",
    )
)
_ALIKE: Final = tuple(
    frozenset(map(stem, words))
    for words in (
        ("demande", "demandee", "sollicite", "sollicitee", "sollicitent", "requested"),
        ("enveloppe", "fonds", "dote", "dotee"),
    )
)
"""« L'association sollicite A … P de la demande »: words for one thing."""
_NEAR: Final = 40
"""How many amounts back a named base is looked for."""
_LABEL: Final = 110


def claims(act: Act) -> Iterator[Claim]:
    """Rates whose part is in their sentence (or in the one before, when a pronoun takes it up)."""
    amounts = [
        _Labelled(sentence, at, m) for sentence in act.sentences() for at, m in sentence.money() if m.kind == "amount"
    ]
    order = {id(labelled.mention): index for index, labelled in enumerate(amounts)}
    for sentence in act.sentences():
        text = sentence.text
        if P not in text and F not in text:
            continue
        for at, stated in sentence.mentions():
            if stated.kind not in ("percent", "fraction"):
                continue
            rate = _rate(stated) or _fraction_rate(act, stated)
            if rate is None or rate.n <= 0 or _is_no_share(sentence, at):
                continue
            claim = _claim(act, sentence, at, stated, rate, amounts, order)
            if claim is None or state_of(claim) == "broken":
                claim = _second_look(act, sentence, at, stated, rate, claim, amounts, order)
            if claim is not None and not (text.count(P) > 1 and _of_another(sentence, at, claim)):
                yield _rounded_part(claim)
        if text.count(P) > 1:
            yield from _side_by_side(act, sentence)
    for series in act.series:
        yield from _in_list(act, series)
    for sentence in act.sentences():
        if sentence.text.count(P) > 1:
            yield from _in_brackets(act, sentence)


def _rounded_part(claim: Claim) -> Claim:
    """« 24,5 % de 30 000 €, soit 7 300 € »: an amount worked out from a rate is often rounded to ten or a hundred
    euros. What that rounding explains is not told as an error."""
    if not isinstance(claim, Share) or claim.part is None or claim.whole is None or claim.stated is None:
        return claim
    part, whole = claim.part, claim.whole
    place, rate_place = part.place, claim.stated.place
    if place is None or rate_place is None or place.sort_key <= rate_place.sort_key or part.n % 10 or part.decimals:
        return claim  # the rate was worked out from the amount, or the amount is not round
    unit = 100 if part.fraction % 100 == 0 else 10
    gap = abs(whole.fraction * claim.stated.fraction / 100 - part.fraction)
    if gap < unit and state_of(claim) == "broken":
        return replace(claim, confidence="low")
    return claim


_OWN_RATE: Final = re.compile(rf"{P}(?: [a-z' -]{{1,40}})?,? ?(?:\(|soit )(?:soit )?\Z")
"""« 60 % (A », « 60 %, soit A »: the amount of that rate."""
_RATE_OF: Final = re.compile(
    rf"{P} (?:des?|du|d'|sur|of) ?(?:[a-z' -]{{1,40}})?{A}[^{A}{P};.]{{0,60}}(?:et|plus|puis|and|\+|,)"
)


def _of_another(sentence: Sentence, at: int, claim: Claim) -> bool:
    """True for what is false when its base is the amount of another rate (« 40 % (A) … 60 % (B) »), or its part that of
    several rates together (« 50 % de A et 80 % de B, soit C »)."""
    if not isinstance(claim, Share) or state_of(claim) != "broken":
        return False
    text = sentence.clip.text
    spots = {id(m.figure): spot for spot, m in sentence.money()}
    whole, part = spots.get(id(claim.whole)), spots.get(id(claim.part))
    if whole is not None:
        other = _OWN_RATE.search(text, max(sentence.start, whole - 60), whole)
        if other is not None and other.start() != at:
            return True
    if part is None or part < at:
        return False
    earlier = _RATE_OF.search(text, sentence.start, at)
    return earlier is not None and earlier.end() <= at


@dataclass(eq=False)
class _Labelled:
    """An amount with the words around it."""

    sentence: Sentence
    at: int
    mention: Mention

    @cached_property
    def value(self) -> Fraction:
        """What the amount is worth."""
        assert self.mention.figure is not None
        return self.mention.figure.fraction

    @cached_property
    def words(self) -> frozenset[str]:
        """The stems of the words that govern the amount: those of its clause before it, and of its complement."""
        clip = self.sentence.clip
        low = max(self.sentence.start, self.at - _LABEL)
        before = clip.text[low : self.at]
        cut = max(before.rfind(A), before.rfind(P), before.rfind(";"))
        if cut >= 0 and before[cut] == P and (noun := _NEW_NOUN.search(before, cut)) is not None:
            cut = noun.start()  # « 50 % de la dépense retenue, le coût du projet étant de A »
        after = clip.text[self.at + 1 : min(self.sentence.end, self.at + 60)]
        own = re.match(r" ?(?:ht|ttc)?,? ?(?:de|du|des|d')[a-z' -]{2,50}", after)
        words = _stems(before[cut + 1 :]) | (_stems(own.group()) if own else frozenset())
        if isinstance(self.mention.figure, Amount) and self.mention.figure.tax:
            words |= {self.mention.figure.tax.lower()}
        return words


_NEW_NOUN: Final = re.compile(r", (?:(?:le|la|les|un|une|pour une?|sur une?|the|a) |l')(?=[a-z])")


def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in re.findall(r"[a-z]{2,}", text) if word not in _EMPTY)


def _rate(stated: Mention) -> Percentage | None:
    if isinstance(stated.figure, Percentage):
        return stated.figure
    return None


def _claim(
    act: Act,
    sentence: Sentence,
    at: int,
    stated: Mention,
    rate: Percentage,
    amounts: Sequence[_Labelled],
    order: dict[int, int],
) -> Claim | None:
    clip, text = sentence.clip, sentence.clip.text
    ratio = _out_of(sentence, at)
    if ratio is not None:
        part, whole, low, high = ratio
        return choose(
            [
                (
                    Share(
                        place=place_of(stated) if stated.figure else act.passage.place(stated.start, stated.end),
                        cue=act.cue(clip, low, high),
                        topic="share",
                        stated=rate,
                        part=part.figure,
                        whole=whole.figure,
                    ),
                    True,
                )
            ]
        )
    of = _OF.match(text, at + 1, sentence.end)
    direct = clip.mention(of.start("amount")) if of is not None and of["amount"] and _plain_link(of["base"]) else None
    back = _part_before(sentence, at)
    if back is None and direct is not None and text[at - 3 : at] == f"{A}, ":
        back = clip.mention(at - 3), at - 3, True  # « L'aide atteint A, P des B engagés »
    forward = _SOIT.match(text, (of.end() if of is not None and direct is not None else at + 1), sentence.end)
    ahead = clip.mention(forward.start("part")) if forward is not None else None
    if ahead is not None and ahead is direct:
        ahead = None
    if back is None and ahead is None and (loaned := _then_soit(sentence, at)) is not None:
        whole, part, end = loaned
        return choose(
            [
                (
                    Share(
                        place=place_of(stated) if stated.figure else act.passage.place(stated.start, stated.end),
                        cue=act.cue(clip, at, end),
                        topic="share",
                        stated=rate,
                        part=part.figure,
                        whole=whole.figure,
                        confidence="medium",
                    ),
                    len(sentence.money()) == 2
                    and re.match(r" (?:pour|sur|d'|de |du |for|of)", text[at + 1 :]) is not None,
                )
            ]
        )
    if back is not None:
        part, cue_from, tied = back
        end = at + 1
        sure: Confidence = "medium"
    elif ahead is not None:
        assert forward is not None
        part, cue_from, tied = ahead, at, True
        end = forward.end()
        sure = "medium"
    elif of is not None and _opens_with_pronoun(text, sentence, at):
        earlier = _taken_up(act, sentence)
        if earlier is None:
            return None
        part, cue_from, tied, end = earlier, at, _is_subject(act, sentence, earlier), at + 1
        sure = "medium"
    else:
        return None
    base = "" if of is None else _base_words(of["base"] or "")
    cue = act.cue(clip, cue_from, max(end, (of.start("base") if of is not None and of["base"] else at + 1)))

    def claim(whole: Mention, confidence: Confidence = sure) -> Share:
        return Share(
            place=place_of(stated) if stated.figure is not None else act.passage.place(stated.start, stated.end),
            cue=cue,
            topic="share",
            stated=rate,
            part=part.figure,
            whole=whole.figure,
            confidence=confidence,
        )

    def fits(whole: Mention) -> bool:
        return part.figure is not None and whole.figure is not None and share_holds(rate, part.figure, whole.figure)

    if direct is not None and direct is not part:
        apart = text[at - 2 : at] == ", "  # « A, P de B »: nothing but a comma ties the part
        return choose([(claim(direct, "high" if tied and not apart else "medium"), tied)])
    candidates = _candidates(sentence, at, part, amounts, order)
    if base:
        own = _stems(base) - _GENERIC - _COSTS
        if back is None and ahead is None and not any(own <= labelled.words for labelled in candidates):
            tied = False  # « elle représente P du budget du festival », where only that of the association is said
        return _named(claim, fits, base, candidates, tied)
    return _unnamed(claim, sentence, at, part, candidates, of is None)


def _is_no_share(sentence: Sentence, at: int) -> bool:
    """True when the words make the rate another thing: a change, a tax, an interest, a progress of works."""
    text = sentence.clip.text
    around = text[max(sentence.start, at - 60) : at]
    after = text[at + 1 : min(sentence.end, at + 40)]
    sign = around.rstrip(" (")[-1:]
    if _RANGE.search(around) or _REST.match(after):
        return True
    if sign == "+" or (sign in ("-", "−", "–") and A in around and "=" in text[at : min(sentence.end, at + 60)]):
        return True
    near = around.split(",")[-1] if "," in around[-40:] else around
    return any(_NO_SHARE.search(words) for words in (near, after[:28])) or _TAX_RATE.search(around) is not None


_TIES: Final = re.compile(
    rf"{A},? \Z"
    r"|(?:\(|:|=|-)[ ]?\Z|(?<![a-z])ce qui (?:ferait|fait|donne|donnerait|correspondrait a|representerait) \Z"
    r"|(?<![a-z])(?:prises? en charge|financee?s?|subventionnee?s?|aidee?s?|couverte?s?) a \Z|(?<![a-z])(?:soit"
    r"|represent[a-z]{1,6}|a hauteur de|au taux de|un taux de|taux :|(?:taux"
    r"|quotite|part)(?: [a-z']{2,24}){0,3} (?:est|sera|etant) (?:de|fixee? a)"
    r"|equivau[a-z]{1,3}"
    r"|correspond[a-z]{0,4} a|c'est-a-dire|i\.e\.|that is|represents?|or|at)"
    r"(?: environ| pres de| plus de| ainsi| donc| alors){0,2} \Z"
)
"""What stands just before a rate that speaks of the amounts around it."""
_TIES_AFTER: Final = re.compile(
    rf"(?: (?:du |de la |de l'|des |d'|par (?:la |le |l'|les )?|pour (?:la |le |l'|les )?|of |from |by |for )"
    rf"(?:the )?[a-z' -]{{2,40}})?(?: ?\(|,? soit )(?:soit )?{A}"
)
_MANY: Final = 8


def _second_look(
    act: Act,
    sentence: Sentence,
    at: int,
    stated: Mention,
    rate: Percentage,
    claim: Claim | None,
    amounts: Sequence[_Labelled],
    order: dict[int, int],
) -> Claim | None:
    """A rate that was not tied, or that would be false, looked at with all the amounts around it.

    When it holds for two of them, these are its part and its whole; when it holds for two together, or tells by how
    much one exceeds another, the first reading was wrong, and nothing is said.
    """
    clip, text = sentence.clip, sentence.clip.text
    tied = _TIES.search(text, max(sentence.start, at - 40), at) or _TIES_AFTER.match(text, at + 1)
    if claim is None and not tied:
        return None
    here = [m for spot, m in sentence.money() if m.kind == "amount" and abs(spot - at) <= 260][:_MANY]
    before = [
        m
        for earlier in act.sentences_before(sentence, 2)
        if earlier.piece.kind != "row"
        for _, m in earlier.money()
        if m.kind == "amount"
    ][:_MANY]
    following = sentence.piece.sentences[sentence.number + 1 : sentence.number + 2]
    later = [m for other in following for _, m in other.money() if m.kind == "amount"][:1] if not here else []
    found: dict[tuple[Fraction, Fraction], Share] = {}
    of = _OF.match(text, at + 1)
    first = claim.whole if isinstance(claim, Share) else None
    not_meant = _tax_not_meant(of["base"] or "" if of is not None else "", first, [*here, *before])
    for part in here or [*later, *before]:
        if part.figure is None or part.figure.n <= 0:
            continue
        for whole in (*here, *before, *_like(sentence, at, part, amounts, order)):
            if whole.figure is None or not share_holds(rate, part.figure, whole.figure):
                continue
            if part.figure.fraction >= whole.figure.fraction or not_meant in _tax_of(whole):
                continue
            share = Share(
                place=place_of(stated) if stated.figure else act.passage.place(stated.start, stated.end),
                cue=act.cue(clip, max(sentence.start, _clause(text, at)), at + 1),
                topic="share",
                stated=rate,
                part=part.figure,
                whole=whole.figure,
                confidence="medium",
            )
            found.setdefault((part.figure.fraction, whole.figure.fraction), share)
    if len(found) == 1:
        return next(iter(found.values()))
    if claim is None or found:
        return None
    moves = _MOVES.search(text, sentence.start, sentence.end) is not None
    return (
        None
        if _told_together(rate, [m.figure.fraction for m in (*here, *before) if m.figure is not None], moves)
        else claim
    )


def _told_together(rate: Percentage, amounts: Sequence[Fraction], moves: bool) -> bool:
    """True when the rate is that of two amounts together in a third, or (``moves``) of their gap in one of them."""
    unit = lcm(*(amount.denominator for amount in amounts))
    values = [int(amount * unit) for amount in amounts]
    half = Fraction(1, 2 * 10**rate.decimals)
    low_n, low_d = (rate.fraction - half).as_integer_ratio()
    high_n, high_d = (rate.fraction + half).as_integer_ratio()

    def rates(part: int, whole: int) -> bool:
        return low_n * whole <= 100 * part * low_d and 100 * part * high_d <= high_n * whole

    for one, two in itertools.combinations(values, 2):
        low, high = (one, two) if one < two else (two, one)
        if moves and low > 0 and (rates(high - low, low) or rates(high - low, high)):
            return True
        together = one + two
        if any(whole > high and whole > 0 and rates(together, whole) for whole in values):
            return True
    return False


_MOVES: Final = re.compile(
    r"(?<![a-z])(?:hausse|baisse|augment|diminu|progress|recul|evolu|economi|plus|moins|passe|gain|increase|decrease"
    r"|more|less)"
)


def _like(
    sentence: Sentence, at: int, part: Mention, amounts: Sequence[_Labelled], order: dict[int, int]
) -> list[Mention]:
    """The amounts before that the words after the rate name (« 45 % de l'assiette éligible »), or any subsidy."""
    index = order.get(id(part))
    if index is None:
        return []
    of = _OF.match(sentence.clip.text, at + 1, sentence.end)
    wanted = _stems(_base_words(of["base"] or "") if of is not None else "subvention aide") - _GENERIC
    return [other.mention for other in amounts[max(0, index - _NEAR) : index] if wanted & other.words][-_MANY:]


def _clause(text: str, at: int) -> int:
    """Where the clause of the rate begins, a few words at most before it."""
    begin = max(0, at - 40)
    cut = max(text.rfind(mark, begin, at) for mark in (",", ";", ".", A))
    return cut + 1 if cut >= begin else text.find(" ", begin, at) + 1 or at


def _plain_link(words: str | None) -> bool:
    """« 50 % du coût de A »: the words between lead to the amount, and to nothing else."""
    return words is None or (
        len(words) < 70
        and not re.search(r"(?<![a-z])(?:soit|pour|avec|est|et|contre|qui|au profit|dans)(?![a-z])", words)
    )


def _fraction_rate(act: Act, stated: Mention) -> Percentage | None:
    """A half, a quarter, a fifth, a tenth are exact rates; a third is none."""
    if stated.fraction is None:
        return None
    hundred = stated.fraction * 100
    if hundred.denominator != 1:
        return None
    return Percentage(
        n=int(hundred) * 10,
        decimals=1,
        text=act.passage.mentions.written(stated.start, stated.end),
        place=act.passage.place(stated.start, stated.end),
    )


def _part_before(sentence: Sentence, at: int) -> tuple[Mention, int, bool] | None:
    """The amount that the rate says something of, before it: « A, représentant P », « A (P »."""
    clip, text = sentence.clip, sentence.clip.text
    before = [(spot, m) for spot, m in clip.within(sentence.start, at) if m.kind == "amount"]
    if not before:
        return None
    spot, part = before[-1]
    gap = text[spot + 1 : at]
    again = re.search(rf"{P} (?:de|du|des|d'|of) ?[^{P};.]{{2,70}} (?:et|and)(?: de)? \Z", gap)
    if again is not None and len(gap) < 190 and _REPRESENTS.search(gap):
        return part, spot + 1 + again.start(), True  # « A, soit P du budget et P du montant sollicité »
    if len(gap) > 150 or P in gap or F in gap:
        return None
    opening = re.search(r"\( ?(?:soit |representant |environ |pres de )?(?:un taux de )?\Z", gap)
    if opening and len(gap) < 60 and "," not in gap[: opening.start()]:
        return part, spot + 1 + opening.start(), True
    words = list(_REPRESENTS.finditer(gap))
    if not words:
        return None
    last = words[-1]
    tail = gap[last.end() :]
    if len(tail) > 40 or re.search(
        r"[;.]|(?<![a-z])(?:une?|la|le) (?:aide|subvention|participation|somme)(?![a-z])", tail
    ):
        return None
    if W in gap:
        pass
    return part, spot + 1 + last.start(), True


_ON: Final = re.compile(r"(?<![a-z])(?:sur|rapporte[a-z]{0,2} a|out of|over)(?![a-z])[^.;]{0,40}\Z|\A ?/ ?\Z")


def _out_of(sentence: Sentence, at: int) -> tuple[Mention, Mention, int, int] | None:
    """« A réalisés sur B inscrits, soit P », « P (A sur B) »: part, whole, and the stretch of the cue."""
    clip, text = sentence.clip, sentence.clip.text
    before = [(spot, m) for spot, m in clip.within(sentence.start, at) if m.kind == "amount"][-2:]
    if len(before) == 2:
        (one, part), (two, whole) = before
        tail = text[two + 1 : at]
        if len(tail) < 70 and P not in text[one:at] and _ON.search(text[one + 1 : two]) and two - one < 90:
            words = list(_REPRESENTS.finditer(tail))
            if (words and len(tail) - words[-1].end() < 30) or re.search(r"\( ?\Z", tail):
                return part, whole, one, at + 1
    after = [(spot, m) for spot, m in clip.within(at + 1, sentence.end) if m.kind == "amount"][:2]
    if len(after) == 2:
        (one, part), (two, whole) = after
        if re.fullmatch(r" ?\((?:soit )?", text[at + 1 : one]) and _ON.search(text[one + 1 : two]) and two - one < 90:
            return part, whole, at, two + 1
    return None


def _then_soit(sentence: Sentence, at: int) -> tuple[Mention, Mention, int] | None:
    """« à hauteur de 50 % pour un emprunt de A, soit un montant garanti de B »: whole, part, end."""
    clip, text = sentence.clip, sentence.clip.text
    after = [(spot, m) for spot, m in clip.within(at, sentence.end) if m.kind == "amount"][:2]
    if len(after) < 2 or after[0][0] - at > 90 or after[1][0] - after[0][0] > 90:
        return None
    between = text[after[0][0] + 1 : after[1][0]]
    if P in text[at + 1 : after[1][0]] or not re.search(
        r"(?<![a-z])(?:soit|i\.e\.|that is|ce qui (?:represente|fait))(?![a-z])", between
    ):
        return None
    return after[0][1], after[1][1], after[1][0] + 1


_PRONOUN: Final = re.compile(
    r"(?:(?:ce|cet|cette|ces|ladite|la|le|l'|cela|il|elle|this|it|the) ?(?:[a-z]{3,20} ){0,4})?(?:ainsi |donc )?\Z"
)


def _opens_with_pronoun(text: str, sentence: Sentence, at: int) -> bool:
    opening = text[sentence.start : at]
    found = re.search(
        r"(?:represente|correspond a|equivaut a|constitue|soit|represents|equals)[^\ue000]{0,20}\Z", opening
    )
    if found is None or A in opening:
        return False
    return (
        re.match(
            r"(?:ce|cet|cette|ces|ladite|le montant|la somme|cela|elle|il|this|it|celle-ci"
            r"|celui-ci|la subvention|l'aide)(?![a-z])",
            opening,
        )
        is not None
    )


def _taken_up(act: Act, sentence: Sentence) -> Mention | None:
    """The amount that « cette aide représente… » takes up: the only one, or the subsidy, of the sentence before."""
    for earlier in act.sentences_before(sentence, 1):
        if earlier.piece.kind == "row":
            return None
        money = [(at, m) for at, m in earlier.money() if m.kind == "amount"]
        if len(money) == 1:
            return money[0][1]
        grants = [
            m
            for at, m in money
            if re.search(
                r"(?<![a-z])(?:subvention|aide|participation|concours|dotation|contribution"
                r"|grant)(?![a-z])[^\ue000]{0,60}\Z",
                earlier.clip.text[max(earlier.start, at - 80) : at],
            )
        ]
        return grants[0] if len(grants) == 1 else None
    return None


_THIS_AID: Final = re.compile(
    r"(?:cette|ce|this) (?:aide|subvention|participation|somme|contribution|dotation|concours|montant|soutien"
    r"|grant|sum)"
    r"(?: [a-z]{4,14})? (?:represente|correspond|equivaut|couvre|finance|represents|equals|covers)"
)
_GIVEN: Final = re.compile(
    r"(?<![a-z])(?:vers|accord|attribu|allou|octroy|consacr|apport|pay|grant|award)[a-z]{1,5}(?![a-z])[^\ue000]{0,60}\Z"
)
_GRANT: Final = re.compile(
    r"(?:article [^ ]{1,8} ?[:.–-]? ?|il est propose (?:de|d') ?)?(?:d'|l'|la |le |une? |the |an? )?(?:[a-z]{3,14} )?"
    r"(?:subvention|aide|participation|concours|dotation|contribution|grant|award)(?![a-z])"
)


def _is_subject(act: Act, sentence: Sentence, part: Mention) -> bool:
    """True when « elle représente P » or « cette aide représente P » surely speaks of ``part``: the aid that the
    sentence before is about, in the same paragraph."""
    for earlier in act.sentences_before(sentence, 1):
        spots = [at for at, m in earlier.money() if m is part]
        if earlier.piece is not sentence.piece or not spots:
            return False
        text = earlier.clip.text
        if (
            len(earlier.money()) == 1
            and _THIS_AID.match(sentence.text)
            and _GIVEN.search(text, earlier.start, spots[0])
        ):
            return True  # « Il est proposé de lui verser A. Cette aide représente P du budget »
        # A sentence that ends just before, of a few letters, is its number: « Article 1er. Une subvention… ».
        opening = _GRANT.match(text, earlier.start)
        return opening is not None and A not in text[earlier.start : spots[0]]
    return False


def _base_words(base: str) -> str:
    stop = _STOP.search(base)
    return base[: stop.start()] if stop and stop.start() > 2 else base if stop is None else ""


def _candidates(
    sentence: Sentence, at: int, part: Mention, amounts: Sequence[_Labelled], order: dict[int, int]
) -> list[_Labelled]:
    """The amounts that may be the base, nearest first: those before the rate, then those after it in its sentence."""
    index = order.get(id(part))
    if index is None:
        return []
    here = amounts[max(0, index - _NEAR) : index + _NEAR]
    floor = part.figure.fraction if part.figure is not None else Fraction(0)
    # Those before the rate are the first of them: amounts are in reading order.
    spot = bisect_left(here, (sentence.piece.number, at), key=_reading_order)
    chosen = [*reversed(here[:spot]), *(other for other in here[spot:] if other.sentence is sentence)]
    return [other for other in chosen if other.mention is not part and other.value >= floor]


def _reading_order(labelled: _Labelled) -> tuple[int, int]:
    return labelled.sentence.piece.number, labelled.at


def _named(
    claim: Callable[[Mention], Share],
    fits: Callable[[Mention], bool],
    base: str,
    candidates: Sequence[_Labelled],
    tied: bool,
) -> Claim | None:
    """The claim about the base whose own words are those of ``base``. ``fits`` tells which would make it hold."""
    wanted = _stems(base)
    key = wanted - _GENERIC or wanted
    for alike in _ALIKE:
        if key & alike and not wanted - alike:
            key |= alike
    taxes = wanted & {"ht", "ttc"}
    if _BEFORE_TAX.search(base):
        taxes |= {"ht"}
    if _AFTER_TAX.search(base):
        taxes |= {"ttc"}
    scored: list[tuple[float, _Labelled]] = []
    for labelled in candidates:
        words = labelled.words
        score = float(len(key & words)) * 2 + len((wanted - key) & words)
        if not score and wanted & _COSTS and words & _COSTS:
            score = 0.5
        if taxes and words & {"ht", "ttc"}:
            score += 1 if taxes & words else -2
        if score > 0:
            scored.append((score, labelled))
    if not scored:
        if not tied or not _weak_base(wanted):
            return None
        holding = [claim(labelled.mention) for labelled in candidates if fits(labelled.mention)]
        return holding[0] if holding and len({c.values()["whole"] for c in holding}) == 1 else None
    best = max(score for score, _ in scored)
    top = [labelled for score, labelled in scored if score == best]
    not_meant = _tax_not_meant(base, top[0].mention, [m for _, m in top[0].sentence.money()])
    for labelled in (*top, *(labelled for score, labelled in scored if score != best)):
        if fits(labelled.mention) and not_meant not in _tax_of(labelled.mention):
            return claim(labelled.mention)
    if not tied or best < 1:
        return None
    found = claim(top[0].mention)
    return found if len({labelled.value for labelled in top}) == 1 else replace(found, doubt=BASE_UNSURE)


def _tax_of(mention: Mention) -> tuple[str, ...]:
    tax = mention.figure.tax if isinstance(mention.figure, Amount) else None
    return (tax.lower(),) if tax else ()


def _tax_not_meant(base: str, meant: Mention | Figure | None, around: Sequence[Mention]) -> str:
    """« 50 % du montant hors taxes », of the one amount before tax: what agrees with that after tax is not meant."""
    figure = meant.figure if isinstance(meant, Mention) else meant
    said = ["ht"] * (_BEFORE_TAX.search(base) is not None) + ["ttc"] * (_AFTER_TAX.search(base) is not None)
    if len(said) != 1 or not isinstance(figure, Amount) or (figure.tax or "").lower() != said[0]:
        return ""
    if sum(said[0] in _tax_of(mention) for mention in around) > 1:
        return ""  # two amounts before tax may be taken together
    return _OTHER_TAX[said[0]]


_BEFORE_TAX: Final = re.compile(r"(?<![a-z])(?:hors[ -]taxes?|h\.?t|before tax|excluding vat)(?![a-z])")
_AFTER_TAX: Final = re.compile(r"(?<![a-z])(?:toutes taxes(?: comprises)?|t\.?t\.?c|including vat)(?![a-z])")
_OTHER_TAX: Final = {"ht": "ttc", "ttc": "ht"}


def _weak_base(wanted: frozenset[str]) -> bool:
    return bool(wanted & (_GENERIC | _COSTS))


def _unnamed(
    claim: object, sentence: Sentence, at: int, part: Mention, candidates: Sequence[_Labelled], bare: bool
) -> Claim | None:
    """« …une aide de A sur un budget de B, soit P »: the base is in the sentence; told as false only when « sur » or
    « pour un coût de » ties it."""
    assert callable(claim)
    near = [labelled for labelled in candidates if labelled.sentence is sentence]
    readings: list[tuple[Claim, bool]] = []
    text = sentence.clip.text
    for labelled in near:
        link = text[max(sentence.start, labelled.at - 60) : labelled.at]
        tied = (
            re.search(r"(?<![a-z])(?:sur|pour un|rapporte a|for a|out of|over)(?![a-z])[^\ue000]{0,40}\Z", link)
            is not None
        )
        readings.append((claim(labelled.mention), tied and len(near) == 1))
    if not near and bare:
        return None
    return choose(readings)


# -- lists ----------------------------------------------------------------------------------------------------------


def _in_list(act: Act, series: Series) -> Iterator[Claim]:
    """« Région : 30 000 € (30 %) »: each line's share of the total, told when most of them hold."""
    totals: list[Mention] = []
    if series.intro is not None:
        clip: Clip = series.intro.clip
        money = [
            (at, m)
            for at, m in clip.within(series.intro.start, series.intro_end or series.intro.end)
            if m.kind == "amount"
        ]
        totals.extend(own_amounts(clip.text[series.intro.start :], money, series.intro.start) if money else [])
    if series.closing is not None:
        piece, start = series.closing
        totals.extend(m for _, m in piece.clip.within(start, len(piece.clip.text)) if m.kind == "amount")
    with_rate = [entry for entry in series.entries if len(entry.percents) == 1]
    if len(with_rate) < 2:
        return
    if series.intro is not None and not totals:
        for earlier in act.sentences_before(series.intro, 3):
            totals.extend(m for _, m in earlier.money() if m.kind == "amount")
            if totals or earlier.piece.kind == "row":
                break
    for total in totals:
        found: list[Claim] = []
        for entry in with_rate:
            stated = entry.percents[0]
            if not isinstance(stated.figure, Percentage):
                continue
            found.append(
                Share(
                    place=place_of(stated),
                    cue=act.passage.mentions.written(stated.start, stated.end),
                    topic="list",
                    stated=stated.figure,
                    part=entry.amounts[0].figure,
                    whole=total.figure,
                    confidence="medium",
                )
            )
        holding = sum(holds(claim) for claim in found)
        if holding * 2 > len(found):
            yield from found
            bounded = any(_BOUNDED.search(entry.text) for entry in series.entries)
            if len(with_rate) == len(series.entries) and not series.cut and not bounded:
                yield SharesTotal(
                    place=place_of(with_rate[0].percents[0]),
                    cue=act.passage.mentions.written(with_rate[0].percents[0].start, with_rate[0].percents[0].end),
                    topic="list",
                    percents=tuple(
                        entry.percents[0].figure if isinstance(entry.percents[0].figure, Percentage) else None
                        for entry in with_rate
                    ),
                    computed=True,
                    confidence="medium",
                )
            return


_BOUNDED: Final = re.compile(
    r"(?<![a-z])(?:limite|maximum|plafon[a-z]{0,4}|compris[a-z]{0,2}|inclus[a-z]{0,2}|jusqu'a)(?![a-z])"
)
"""« des acomptes dans la limite de 80 %, avance comprise »: no share beside the others."""
_RESPECTIVELY: Final = re.compile(r"(?<![a-z])respective(?:ment|ly)(?![a-z])")
_MANY_SHARES: Final = 8


def _side_by_side(act: Act, sentence: Sentence) -> Iterator[Claim]:
    """« A, B et C, soit respectivement P, Q et R », « CAF P, Ville Q. La CAF versera A et la Ville B »: as many rates
    as amounts, in the same order, of one whole; told when « respectivement » says so and most hold, or all hold."""
    clip = sentence.clip
    rates = [(at, m) for at, m in sentence.mentions() if m.kind == "percent" and isinstance(m.figure, Percentage)]
    if len(rates) > 2 and isinstance(rates[-1][1].figure, Percentage) and rates[-1][1].figure.fraction == 100:
        rates = rates[:-1]
    if not 2 <= len(rates) <= _MANY_SHARES:
        return
    money = [m for _, m in sentence.money() if m.kind == "amount"]
    following = sentence.piece.sentences[sentence.number + 1 : sentence.number + 2]
    later = [m for other in following for _, m in other.money() if m.kind == "amount"]
    earlier = [m for other in act.sentences_before(sentence, 2) for _, m in other.money() if m.kind == "amount"]
    count = len(rates)
    said = _RESPECTIVELY.search(clip.text, sentence.start, sentence.end) is not None
    for parts in (money[-count:], money[:count], later[:count], earlier[-count:]):
        if len(parts) != count:
            continue
        wholes = [m for m in (*money, *earlier, *later) if all(m is not part for part in parts)]
        for whole in wholes[:_MANY_SHARES]:
            found = [
                Share(
                    place=place_of(rate),
                    cue=act.passage.mentions.written(rate.start, rate.end),
                    topic="list",
                    stated=rate.figure if isinstance(rate.figure, Percentage) else None,
                    part=part.figure,
                    whole=whole.figure,
                    confidence="medium",
                )
                for (_, rate), part in zip(rates, parts, strict=True)
            ]
            held = sum(holds(claim) for claim in found)
            if held == count or (said and held * 2 > count):
                yield from found
                return


_BRACKET: Final = re.compile(
    rf"(?P<part>{A}) ?\((?:soit )?(?P<rate>{P})\)|(?P<rate2>{P}),? ?(?:\(|soit )(?P<part2>{A})"
)


def _in_brackets(act: Act, sentence: Sentence) -> Iterator[Claim]:
    """« 12 600 € (70 %) à la signature et 5 400 € (30 %) au bilan »: shares of one amount said before, told when they
    all are."""
    clip = sentence.clip
    pairs: list[tuple[Mention, Mention]] = []
    for found in _BRACKET.finditer(clip.text, sentence.start, sentence.end):
        part = clip.mention(found.start("part") if found["part"] else found.start("part2"))
        rate = clip.mention(found.start("rate") if found["rate"] else found.start("rate2"))
        pairs.append((part, rate))
    if len(pairs) < 2:
        return
    totals = [m for _, m in sentence.money() if all(m is not part for part, _ in pairs)]
    for earlier in act.sentences_before(sentence, 4):
        totals.extend(m for _, m in reversed(earlier.money()))
    for total in totals[:8]:
        claims_of = [
            Share(
                place=place_of(rate),
                cue=act.passage.mentions.written(rate.start, rate.end),
                topic="brackets",
                stated=rate.figure if isinstance(rate.figure, Percentage) else None,
                part=part.figure,
                whole=total.figure,
                confidence="medium",
            )
            for part, rate in pairs
        ]
        if all(holds(claim) for claim in claims_of):
            yield from claims_of
            return
