"""A subsidy paid in several times: « 22 680 € une fois signée et 9 720 € au vu du bilan », advance and balance."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from subsidy_rules.acts import Act, place_of
from subsidy_rules.claims import Claim, Share, Sum
from subsidy_rules.figures import Percentage
from subsidy_rules.mentions import A, Mention, N
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
_TAKES_PART: Final = re.compile(
    rf"(?<![a-z])(?:particip|contribu|subventionn|soutien|intervien|financ)[a-z]{{1,5}}(?![a-z])[^{A};.]{{0,60}}?"
    rf"(?:pour|a hauteur de|a concurrence de) (?P<total>{A})"
)
_IN_ALL: Final = re.compile(
    rf"(?<![a-z])(?:au total|total(?:e)?|en tout|in all)(?![a-z])[^{A};.]{{0,40}}?(?P<total>{A})"
)
_BALANCE: Final = re.compile(r"(?<![a-z])(?:solde|reliquat|balance)(?![a-z])")
_TAKES_UP: Final = re.compile(
    r"(?:elle|il|celle-ci|celui-ci|(?:cette|ce|cet|la|le|l'|ladite) ?(?:subvention|aide"
    r"|participation|concours|somme|montant"
    r"|dotation|versement|financement)|it|this grant|the grant)(?![a-z])"
)
_GRANTED: Final = re.compile(
    r"(?<![a-z])(?:subvention|aide|participation|concours|dotation|contribution|grant)(?![a-z])"
    r"|(?<![a-z])(?:accord|attribu|allou|octroy|vers|award|grant)[a-z]{0,3}(?![a-z])"
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
        clip = sentence.clip
        first, last = payments[0][0], payments[-1][0]
        cue = act.cue(clip, _cue_start(clip.text, sentence.start, first), first + 1)
        # All is paid when the last payment is the balance; payments that begin with one are of two subsidies.
        low = max(sentence.start, first - 60)
        opens = _BALANCE.search(clip.text, low, first) is not None
        whole = not opens and _LAST.search(clip.text, max(0, last - 60), min(sentence.end, last + 60)) is not None
        readings: list[tuple[Claim, bool]] = []
        totals = _totals(act, sentence, first, [m for _, m in payments])
        # What was paid already leaves a balance, which is read as such.
        done = _DONE.search(text) is not None
        several = [m.figure for at, m in payments for _ in range(1 if done else _times(sentence, at))]
        for mention, sure in totals:
            claim = Sum(
                place=place_of(mention),
                cue=cue,
                topic="payments",
                total=mention.figure,
                parts=tuple(m.figure for _, m in payments),
                confidence="high" if sure else "medium",
            )
            if len(several) > len(payments):
                readings.append((replace(claim, parts=tuple(several)), False))
            readings.append((claim, whole and sure and len(totals) == 1 and len(several) == len(payments)))
        chosen = choose(readings)
        if isinstance(chosen, Sum):
            yield chosen
            mention = next(m for m, _ in totals if m.figure is chosen.total)
            yield from _rates(act, sentence, payments, mention)


_SEVERAL: Final = re.compile(
    rf"(?P<count>{N}) (?:autres )?(?:acomptes|avances|versements|echeances|mensualites|annuites|trimestrialites"
    r"|tranches|paiements|instal+ments|payments)(?: [a-z]{3,14}){0,2} (?:de|d'un montant (?:unitaire )?de|of|:) ?\Z"
)
_DONE: Final = re.compile(
    r"(?<![a-z])(?:(?:ayant|ont|a|avait|furent|fut) (?:deja )?(?:ete )?(?:verse|mandate|paye|regle|percu)"
    r"|deja (?:verse|percu)|(?:was|were|been) paid)"
)
_MOST_TIMES: Final = 12


def _times(sentence: Sentence, at: int) -> int:
    """« deux acomptes de 18 720 € »: how often a payment is made."""
    low = max(sentence.start, at - 70)
    found = _SEVERAL.search(sentence.clip.text[low:at])
    if found is None:
        return 1
    figure = sentence.clip.mention(low + found.start("count")).figure
    if figure is None or figure.decimals or figure.qualifier or not 2 <= figure.n <= _MOST_TIMES:
        return 1
    return figure.n


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


def _totals(act: Act, sentence: Sentence, first: int, parts: list[Mention]) -> list[tuple[Mention, bool]]:
    """The amounts that the payments may make up, and whether grammar ties them: the only figure of a record, the
    subsidy of the sentence; else, when the sentence takes it up, that of the sentence before."""
    clip, text = sentence.clip, sentence.clip.text
    if sum(text.count(mark, sentence.start, first) for mark in ",|;") >= _CELLS:
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
            return [(cells[0], True)]
    own = _grants(sentence, first, parts)
    if own:
        return [(own[-1], len(own) == 1)]
    out: list[tuple[Mention, bool]] = []
    taken_up = _TAKES_UP.match(text, sentence.start) is not None
    for earlier in act.sentences_before(sentence, 2):
        grants = _grants(earlier, earlier.end, parts)
        if grants:
            same = earlier.piece is sentence.piece and len(grants) == 1 and len(earlier.money()) == 1
            out.append((grants[-1], taken_up and same and _GRANTED.search(earlier.text) is not None))
            break
    for later in sentence.piece.sentences[sentence.number + 1 : sentence.number + 2]:
        total = _IN_ALL.search(later.clip.text, later.start, later.end)
        hits = _grants(later, later.end, parts)
        if total is not None:
            out.append((later.clip.mention(total.start("total")), False))
        elif len(hits) == 1:
            out.append((hits[0], False))
    return out


def _grants(place: Sentence, until: int, parts: list[Mention]) -> list[Mention]:
    hits = [*_GRANT.finditer(place.clip.text, place.start, until)]
    hits = hits or [*_TAKES_PART.finditer(place.clip.text, place.start, until)]
    found = (place.clip.mention(hit.start("total")) for hit in hits)
    return [mention for mention in found if mention not in parts]


_BRACKETED: Final = re.compile(r" ?\((?:soit )?|, (?:soit )?")


def _rates(act: Act, sentence: Sentence, payments: list[tuple[int, Mention]], total: Mention) -> Iterator[Claim]:
    """« un acompte de 70 %, soit 7 000 € »: the rate of a payment is of the subsidy."""
    clip = sentence.clip
    low = sentence.start
    for at, payment in payments:
        behind = clip.within(at, min(sentence.end, at + 10))
        rates = [
            (spot, m) for spot, m in behind if m.kind == "percent" and _BRACKETED.fullmatch(clip.text, at + 1, spot)
        ]
        rates = rates or [(spot, m) for spot, m in clip.within(low, at) if m.kind == "percent" and at - spot < 40]
        low = max(at + 1, *(spot + 1 for spot, _ in rates)) if rates else at
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
