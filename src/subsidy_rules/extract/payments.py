"""A subsidy paid in several times: « 22 680 € une fois signée et 9 720 € au vu du bilan », advance and balance."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from subsidy_rules.acts import Act, place_of
from subsidy_rules.claims import Claim, Confidence, Share, Sum
from subsidy_rules.figures import Percentage
from subsidy_rules.mentions import A, Mention
from subsidy_rules.sentences import Sentence
from subsidy_rules.series import choose

__all__ = ["claims"]

_EVENT: Final = re.compile(
    r"(?<![a-z])(?:acompte|avance|solde|versement|echeance|une fois|a la signature|apres signature"
    r"|des (?:la )?(?:signature|notification|reception)|a (?:la )?(?:notification|reception"
    r"|reprise|production)"
    r"|au vu d|sur (?:presentation|production|justificatif|remise)|premiere?|deuxieme|second(?:e)?"
    r"|troisieme|derniere?|en (?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre"
    r"|octobre|novembre|decembre)"
    r"|advance|instal?lment|balance|upon|on signature|on receipt)(?![a-z]{4})"
)
_LAST: Final = re.compile(
    r"(?<![a-z])(?:solde|au vu d|sur (?:presentation|production|justificatif|remise)|derniere?|balance"
    r"|final)(?![a-z]{4})"
)
_GRANT: Final = re.compile(
    rf"(?<![a-z])(?:subvention|aide|participation|concours|dotation|contribution|somme|montant"
    rf"|grant)(?![a-z])[^{A};.]{{0,110}}?(?P<total>{A})"
)
_IN_ALL: Final = re.compile(
    rf"(?<![a-z])(?:au total|total(?:e)?|en tout|in all)(?![a-z])[^{A};.]{{0,40}}?(?P<total>{A})"
)
_CELLS: Final = 5


def claims(act: Act) -> Iterator[Claim]:
    """Payments that make up the subsidy of their record, of their sentence, or of the sentence before."""
    for sentence in act.sentences():
        text = sentence.text
        if text.count(A) < 2 or not _EVENT.search(text):
            continue
        payments = _payments(sentence)
        if len(payments) < 2:
            continue
        total = _total(act, sentence, payments[0][0], [m for _, m in payments])
        if total is None:
            continue
        mention, sure = total
        clip = sentence.clip
        confidence: Confidence = "high" if sure else "medium"
        claim = Sum(
            place=place_of(mention),
            cue=act.cue(clip, _cue_start(clip.text, sentence.start, payments[0][0]), payments[0][0] + 1),
            topic="payments",
            total=mention.figure,
            parts=tuple(m.figure for _, m in payments),
            confidence=confidence,
        )
        whole = _LAST.search(
            clip.text, payments[-1][0] - 60 if payments[-1][0] > 60 else 0, min(sentence.end, payments[-1][0] + 60)
        )
        chosen = choose([(claim, whole is not None)])
        if chosen is not None:
            yield chosen
            yield from _rates(act, sentence, payments, mention)


def _cue_start(text: str, low: int, at: int) -> int:
    """The words that bring the first payment: its clause, a few words at most."""
    begin = max(low, at - 40)
    cut = max(text.rfind(mark, begin, at) for mark in (",", ";", "."))
    return cut + 1 if cut >= begin else begin


def _payments(sentence: Sentence) -> list[tuple[int, Mention]]:
    """The first run of amounts that each come with a moment or a rank of payment."""
    _clip, text = sentence.clip, sentence.clip.text
    money = [(at, m) for at, m in sentence.money() if m.kind == "amount"]
    run: list[tuple[int, Mention]] = []
    for index, (at, mention) in enumerate(money):
        low = money[index - 1][0] + 1 if index else sentence.start
        high = money[index + 1][0] if index + 1 < len(money) else sentence.end
        before = re.sub(r",? ?soit ?\Z", "", text[max(low, at - 70) : at])
        after = text[at + 1 : min(high, at + 90)]
        cut = re.split(r"[,;]| et | and ", after)[0]
        cell = re.split(r"[,;|] ?(?=[^ ])", before)[-1]
        if not (_EVENT.search(cut) or _EVENT.search(cell)):
            if run:
                break
            continue
        if run:
            between = text[run[-1][0] + 1 : at]
            if (
                not re.search(r"(?:,| et | puis | and |;)", between)
                or len(between) > 160
                or re.search(r"[,;](?! )", between)
            ):
                break
        if (
            re.search(r"(?<![a-z])(?:subvention|aide|participation|montant total|total)(?![a-z])[^,;]{0,50}\Z", before)
            and not run
            and not re.search(r"(?<![a-z])(?:acompte|avance|solde|versement)(?![a-z])[^,;]{0,50}\Z", before)
        ):
            continue
        run.append((at, mention))
    return run


def _total(act: Act, sentence: Sentence, first: int, parts: list[Mention]) -> tuple[Mention, bool] | None:
    clip, text = sentence.clip, sentence.clip.text
    if text.count(",", sentence.start, first) + text.count("|", sentence.start, first) >= _CELLS:
        cells = [
            m
            for at, m in clip.within(sentence.start, first)
            if m.kind in ("number", "amount")
            and m.figure is not None
            and m.figure.fraction >= 100
            and text[max(0, at - 2) : at].strip()[-1:] in (",", "|", ";")
            and text[at + 1 : at + 3].strip()[:1] in (",", "|", ";")
        ]
        if len(cells) == 1:
            return cells[0], True
    for place in (sentence, *act.sentences_before(sentence, 2)):
        until = first if place is sentence else place.end
        hits = [
            hit
            for hit in _GRANT.finditer(place.clip.text, place.start, until)
            if place.clip.mention(hit.start("total")) not in parts
        ]
        if hits:
            mention = place.clip.mention(hits[-1].start("total"))
            return mention, len(hits) == 1 and place is sentence
    after = sentence.piece.sentences[sentence.number + 1 : sentence.number + 2]
    for place in after:
        total = _IN_ALL.search(place.clip.text, place.start, place.end)
        if total is not None:
            return place.clip.mention(total.start("total")), False
    return None


def _rates(act: Act, sentence: Sentence, payments: list[tuple[int, Mention]], total: Mention) -> Iterator[Claim]:
    """« un acompte de 70 %, soit 7 000 € »: the rate of a payment is of the subsidy."""
    clip = sentence.clip
    low = sentence.start
    for at, payment in payments:
        rates = [(spot, m) for spot, m in clip.within(low, at) if m.kind == "percent" and at - spot < 40]
        rates = rates or [(spot, m) for spot, m in clip.within(at, min(sentence.end, at + 6)) if m.kind == "percent"]
        low = at
        if len(rates) != 1 or not isinstance(rates[0][1].figure, Percentage):
            continue
        spot, stated = rates[0]
        words = clip.text[min(spot, at) : max(spot, at)]
        if not re.search(r"(?:soit|\(|,|:|i\.e\.)", words):
            continue
        claim = Share(
            place=place_of(stated),
            cue=act.cue(clip, min(spot, at), max(spot, at) + 1),
            topic="payments",
            stated=stated.figure if isinstance(stated.figure, Percentage) else None,
            part=payment.figure,
            whole=total.figure,
            confidence="medium",
        )
        yield claim
