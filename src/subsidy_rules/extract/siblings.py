"""Shares told side by side, each after its amount: what is true of the others of one of them.

« Coût : 120 000 €, dont Ville 24 000 € (30 %) et Région 96 000 € (80 %) »: the amounts make up the cost, the second
share is of the cost, so the first is meant to be too. Only a list that closes to the cent, in which all other shares
hold, says so much of the one that does not.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from fractions import Fraction
from typing import Final

from subsidy_rules.acts import Act, place_of
from subsidy_rules.claims import Claim, Share, Sum
from subsidy_rules.figures import Amount, Figure, Percentage
from subsidy_rules.holding import holds
from subsidy_rules.mentions import Mention, P
from subsidy_rules.sentences import Sentence

__all__ = ["claims"]

_ITS_RATE: Final = re.compile(
    r"(?: (?:ht|ttc|net))?(?:,? ?\((?:soit )?|,? soit |, | ?: ?| - | ?= ?)(?:environ |pres de )?"
    rf"(?P<rate>{P})(?= ?(?:[);,.:]|et (?:la|le|les|l'|un|une) ?|\Z))"
)
"""The rate of the amount before it. One that goes on (« 20 % de plus », « 20 % versés à la signature ») is not."""
_RATE_FIRST: Final = re.compile(
    rf"(?P<rate>{P})(?: (?:de|du|des|d'|par|pour|a|au|aux|of|by|for|restants?)(?: ?[a-z'-]{{2,24}}){{0,4}})?"
    r"(?:,? ?\(|,? soit |,? i\.e\. |,? or | ?: ?| ?= ?)(?:soit )?\Z"
)
"""« 30 % de l'État (A) », « 70 % à la signature, soit A »: the rate stands before its amount."""
_PAID: Final = re.compile(
    r"(?<![a-z])(?:acomptes?|avances?|versements?|versee?s?|mandatee?s?|payee?s?|tranches?|soldes?|signature"
    r"|notification|instal+ments?|payments?|paid)(?![a-z])"
)
_OF_TAX: Final = re.compile(r"(?<![a-z])(?:t\.?v\.?a\.?|vat)(?![a-z])[^\ue000\ue001;]{0,16}\Z")
_TAX: Final = re.compile(r" (?:de |d'|of )?(?:t\.?v\.?a|vat)(?![a-z])")
"""« TVA 20 % : A », « 20 % de TVA »: a rate of tax is a share of nothing."""
_NEAR: Final = 24
_MOST: Final = 12
_WIDE: Final = 110
_AROUND: Final = 30
"""Amounts before and after a rate that may be its base."""


def claims(act: Act, found: Sequence[Claim], rated: Collection[int]) -> Iterator[Claim]:
    """The shares that break ranks in lists whose amounts make up a total. ``rated``: the rates already tied, by id."""
    sums = [
        claim
        for claim in found
        if isinstance(claim, Sum) and claim.total is not None and 2 <= len(claim.parts) <= _MOST and holds(claim)
    ]
    where = {
        id(m.figure): (sentence, at)
        for sentence in act.sentences()
        if P in sentence.text
        for at, m in sentence.money()
        if m.figure is not None
    }
    amounts = [m for sentence in act.sentences() for _, m in sentence.money() if m.figure is not None]
    told: set[int] = set()
    for claim in sums:
        total = claim.total
        if total is None:
            continue
        pairs = [(part, rate) for part in claim.parts if part is not None for rate in _rate_of(part, where)]
        shares = [_share(act, part, rate, total) for part, rate in pairs]
        wrong = [index for index, share in enumerate(shares) if not holds(share)]
        if len(wrong) != 1 or (len(pairs) < 2 and not _is_payment(pairs[0][0], where)):
            continue
        part, rate = pairs[wrong[0]]
        if id(rate.figure) in rated or id(rate.figure) in told or _of_another(act, part, rate, amounts):
            continue
        told.add(id(rate.figure))
        yield shares[wrong[0]]
    yield from _closed(act, amounts)


def _is_payment(part: Figure, where: dict[int, tuple[Sentence, int]]) -> bool:
    """« 70 % à la signature, soit A, et le solde, soit B » that make up the subsidy: a rate of the subsidy."""
    spot = where.get(id(part))
    if spot is None:
        return False
    sentence, at = spot
    return _PAID.search(sentence.clip.text, max(sentence.start, at - _WIDE), min(sentence.end, at + _WIDE)) is not None


def _rate_of(part: Figure, where: dict[int, tuple[Sentence, int]]) -> Iterator[Mention]:
    """The rate that stands with an amount: just after it, or just before."""
    spot = where.get(id(part))
    if spot is None:
        return
    sentence, at = spot
    text = sentence.clip.text
    found = _ITS_RATE.match(text, at + 1, sentence.end)
    if found is None:
        low = max(sentence.start, at - _WIDE)
        first = _RATE_FIRST.search(text[low:at])
        if first is None:
            return
        position = low + first.start("rate")
    else:
        position = found.start("rate")
    if _OF_TAX.search(text, max(sentence.start, position - _NEAR), position) or _TAX.match(text, position + 1):
        return
    rate = sentence.clip.mention(position)
    if isinstance(rate.figure, Percentage) and rate.figure.n > 0 and not rate.repaired:
        yield rate


def _share(act: Act, part: Figure, rate: Mention, total: Figure) -> Share:
    assert isinstance(rate.figure, Percentage)
    return Share(
        place=place_of(rate),
        cue=act.passage.mentions.written(rate.start, rate.end),
        topic="siblings",
        stated=rate.figure,
        part=part,
        whole=total,
        confidence="medium",
    )


def _of_another(act: Act, part: Figure, rate: Mention, amounts: Sequence[Mention]) -> bool:
    """True when some amount around makes the rate true: it may be the base of this one."""
    near = bisect_left(amounts, rate.start, key=lambda m: m.start)
    return any(
        m.figure is not None and holds(_share(act, part, rate, m.figure))
        for m in amounts[max(0, near - _AROUND) : near + _AROUND]
    )


# -- shares that make up a hundred ----------------------------------------------------------------------------------

_Pair = tuple[Mention, Mention]
_ANNOUNCES: Final = re.compile(
    r" ?(?:h\.?t\.?|ttc)?[ )]{0,2}(?:[:;(]|,? (?:(?:est|sont|sera|seront) )?(?:dont|finance|cofinance|couvert|reparti"
    r"|ventile|se repart|se decompos|se ventil|reunit|associe|rassemble))"
)
_VAT: Final = tuple(Fraction(number, 1000) for number in (1200, 1100, 1055, 1196, 1085))


def _closed(act: Act, amounts: Sequence[Mention]) -> Iterator[Claim]:
    """Shares of 100 % in all, side by side: the one whose amount breaks ranks, or the whole that is not theirs."""
    for sentence in act.sentences():
        if sentence.text.count(P) < 2:
            continue
        where = {id(m.figure): (sentence, at) for at, m in sentence.money() if m.figure is not None}
        pairs = [(m, rate) for _, m in sentence.money() if m.figure is not None for rate in _rate_of(m.figure, where)]
        if not 2 <= len(pairs) <= _MOST or len({id(rate) for _, rate in pairs}) != sentence.text.count(P):
            continue
        if sum((_value(rate) for _, rate in pairs), Fraction(0)) != 100:
            continue
        if any(m.repaired or not isinstance(m.figure, Amount) or not m.figure.is_exact for m, _ in pairs):
            continue
        yield from _of_hundred(act, sentence, pairs, amounts)


def _of_hundred(act: Act, sentence: Sentence, pairs: Sequence[_Pair], amounts: Sequence[Mention]) -> Iterator[Claim]:
    inside = {id(m) for m, _ in pairs}
    near = bisect_left(amounts, pairs[0][0].start, key=lambda m: m.start)
    around = amounts[max(0, near - _AROUND) : near + _AROUND]
    added = sum((_value(m) for m, _ in pairs), Fraction(0))
    wholes = {_value(m): m for m in around if id(m) not in inside and _value(m) > 0}
    if added in wholes:
        return
    said = [m for _, m in sentence.money() if id(m) not in inside]
    opening = next(iter(act.sentences_before(sentence, 1)), None)
    if not said and opening is not None and opening.text.rstrip().endswith(":"):
        said = [m for _, m in opening.money()]
    if len(said) != 1 or said[0].figure is None or said[0].start > pairs[0][0].start:
        return
    total = said[0].figure
    if not isinstance(total, Amount) or not total.is_exact or any(added == total.fraction * tax for tax in _VAT):
        return
    taxes = {m.figure.tax for m, _ in pairs if isinstance(m.figure, Amount)}
    if any(total.fraction == added * tax for tax in _VAT) or taxes - {None, total.tax}:
        return
    shares = [(m, rate, _share(act, m.figure, rate, total)) for m, rate in pairs if m.figure is not None]
    wrong = [(m, rate, share) for m, rate, share in shares if not holds(share)]
    if len(wrong) == 1:
        part, rate, share = wrong[0]
        gap = abs(100 * _value(part) - _value(rate) * total.fraction)
        if gap >= 10_000 and part.figure is not None and not _of_another(act, part.figure, rate, amounts):
            yield share
        return
    implied = [_holds_of(m, rate, added) for m, rate in pairs]
    if all(implied) and len(wrong) == len(pairs) and _announced(sentence, said[0], pairs[0][0]):
        yield Sum(
            place=place_of(said[0]),
            cue=act.passage.mentions.written(said[0].start, said[0].end),
            topic="siblings",
            total=total,
            parts=tuple(m.figure for m, _ in pairs),
            confidence="medium",
        )


def _value(mention: Mention) -> Fraction:
    return mention.figure.fraction if mention.figure is not None else Fraction(0)


def _holds_of(part: Mention, rate: Mention, whole: Fraction) -> bool:
    """True when the rate, as printed, is that of the part in ``whole``."""
    assert rate.figure is not None
    unit = Fraction(1, 10**rate.figure.decimals)
    return abs(100 * _value(part) - _value(rate) * whole) * 2 <= unit * whole


def _announced(sentence: Sentence, total: Mention, first: Mention) -> bool:
    """True when the words between the whole and the first of its parts announce these, and nothing else."""
    clip = sentence.clip
    spots = {id(m): at for at, m in sentence.money()}
    if id(total) not in spots:
        return True  # the sentence before ends with « : »
    between = clip.text[spots[id(total)] + 1 : spots[id(first)]]
    return len(between) < _WIDE and _ANNOUNCES.match(between) is not None
