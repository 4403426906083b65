"""Shares told side by side, each after its amount: what is true of the others of one of them.

« Coût : 120 000 €, dont Ville 24 000 € (30 %) et Région 96 000 € (80 %) »: the amounts make up the cost, the second
share is of the cost, so the first is meant to be too. Only a list that closes to the cent, in which all other shares
hold, says so much of the one that does not.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from subsidy_rules.acts import Act, place_of
from subsidy_rules.claims import Claim, Share, Sum
from subsidy_rules.figures import Figure, Percentage
from subsidy_rules.holding import holds, state_of
from subsidy_rules.mentions import Mention, P
from subsidy_rules.sentences import Sentence

__all__ = ["claims"]

_ITS_RATE: Final = re.compile(
    r"(?: (?:ht|ttc|net))?(?:,? ?\((?:soit )?|,? soit |, | ?: ?| - | ?= ?)(?:environ |pres de )?"
    rf"(?P<rate>{P})(?= ?(?:[);,.:]|et (?:la|le|les|l'|un|une) ?|\Z))"
)
"""The rate of the amount before it. One that goes on (« 20 % de plus », « 20 % versés à la signature ») is not."""
_INSTALMENT: Final = re.compile(
    rf"(?<![a-z])(?:acomptes?|avances?|versements?|tranches?|soldes?|instal+ments?|payments?)(?![a-z])"
    rf"[^\ue000\ue001\ue003;]{{0,40}}(?P<rate>{P}),? ?(?:\(|soit |i\.e\. |or )(?:soit )?\Z"
)
_MOST: Final = 12
_AROUND: Final = 30
"""Amounts before and after a rate that may be its base."""


def claims(act: Act, found: Sequence[Claim], rated: Collection[int]) -> Iterator[Claim]:
    """The shares that break ranks in lists whose amounts make up a total. ``rated``: the rates already tied, by id."""
    sums = [
        claim
        for claim in found
        if isinstance(claim, Sum) and claim.total is not None and 2 <= len(claim.parts) <= _MOST and holds(claim)
    ]
    if not sums:
        return
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
        for part, rate in _of_payments(claim, where):
            share = None if total is None else _share(act, part, rate, total)
            if share is None or id(rate.figure) in rated or id(rate.figure) in told or state_of(share) != "broken":
                continue
            if not _of_another(act, part, rate, amounts):
                told.add(id(rate.figure))
                yield share
        pairs = [(part, rate) for part in claim.parts if part is not None for rate in _rate_of(part, where)]
        if total is None or len(pairs) < 2 or len(pairs) != len(claim.parts):
            continue
        shares = [_share(act, part, rate, total) for part, rate in pairs]
        holding = [holds(share) for share in shares]
        if holding.count(False) != 1 or holding.count(True) < 1:
            continue
        part, rate = pairs[holding.index(False)]
        if id(rate.figure) in rated or id(rate.figure) in told or _of_another(act, part, rate, amounts):
            continue
        told.add(id(rate.figure))
        yield shares[holding.index(False)]


def _of_payments(claim: Sum, where: dict[int, tuple[Sentence, int]]) -> Iterator[tuple[Figure, Mention]]:
    """« un acompte de 70 %, soit A » in a list of payments that makes up the subsidy: a rate of the subsidy."""
    for part in claim.parts:
        spot = None if part is None else where.get(id(part))
        if part is None or spot is None:
            continue
        sentence, at = spot
        found = _INSTALMENT.search(sentence.clip.text[max(sentence.start, at - 90) : at])
        if found is None:
            continue
        rate = sentence.clip.mention(max(sentence.start, at - 90) + found.start("rate"))
        if isinstance(rate.figure, Percentage) and rate.figure.n > 0 and not rate.repaired:
            yield part, rate


def _rate_of(part: Figure, where: dict[int, tuple[Sentence, int]]) -> Iterator[Mention]:
    spot = where.get(id(part))
    if spot is None:
        return
    sentence, at = spot
    found = _ITS_RATE.match(sentence.clip.text, at + 1, sentence.end)
    if found is not None:
        rate = sentence.clip.mention(found.start("rate"))
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
