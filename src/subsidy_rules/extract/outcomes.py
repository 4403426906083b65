"""What is left, when each amount says what it is: « 20 000 € étaient inscrits et 16 500 € ont été consommés ; le solde,
soit 3 500 € », « deux acomptes de 49 600 € chacun ayant été mandatés, le solde s'établit à … », « la différence entre
les produits (A) et les charges (B) ».

The order does not matter here, nor how many sentences of the paragraph it takes: every amount of these sentences is the
whole, what was taken, or what is left, by its own words; one that has none, and nothing false is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from subsidy_rules.acts import Act, place_of
from subsidy_rules.claims import Balance, Claim
from subsidy_rules.figures import Amount
from subsidy_rules.mentions import Clip, Mention
from subsidy_rules.sentences import Piece
from subsidy_rules.series import CUT, choose

__all__ = ["claims"]

_MOST: Final = 7
_BACK: Final = 2
_WIDE: Final = 110

_ANY: Final = re.compile(
    r"(?<![a-z])(?:rest(?:e|ent|ait|aient|era|eront|erait|ant|ants)|reliquat|soldes?|disponibles?|subsist[a-z]{1,4}"
    r"|demeur[a-z]{1,4}|surplus|differences?|remain[a-z]{0,3}|balance|leav(?:es|ing))(?![a-z])"
)
_LEFT_AFTER: Final = re.compile(
    r" ?(?:(?:restent|reste|restaient|restait|resteront|restera|demeurent|demeure|subsistent|subsiste)(?: donc| ainsi"
    r"| encore| alors)?(?: disponibles?| a [a-z]{4,12}| libres?)?|remains?|(?:are|is) left)(?= ?[.,;)(]|\Z| (?:au|sur"
    r"|pour|et|a la) )"
)
_LEFT_BEFORE: Final = re.compile(
    r"(?<![a-z])(?:(?:il |lui |leur |y |en ){0,2}(?:reste|restera|resterait|restait|subsiste|subsistera|demeure)"
    r"|(?:le |un |son |the )?(?:solde|reste|reliquat|disponible|surplus|balance|remainder)|leaving|leaves)"
    r"(?: (?:de|du|des|de la|de l'|d'un) [a-z' ]{3,40}?)?"
    r"(?: (?:donc|ainsi|alors|encore|disponibles?|a [a-z]{4,12}|a la charge (?:de |du |des )?[a-z' ]{2,30}"
    r"|restant a [a-z]{4,10}|une somme|un montant|to be [a-z]{3,12})){0,3}"
    r"(?:,? soit|,| de| (?:est|sera|est donc|serait|s'eleve|s'elevera|s'eleve donc|ressort|ressort donc|s'etablit"
    r"|s'etablit donc|s'etablira|atteint|is|amounts)(?: a| de| to)?| :| of| d'un montant de| d')? ?\(? ?\Z"
)
_START_AFTER: Final = re.compile(
    r" ?(?:(?:etaient|sont|ont ete|avaient ete|est|a ete|etait|avait ete|were"
    r"|was) )?(?:initialement )?(?:inscrit|ouvert|vote"
    r"|prevu|alloue|accorde|attribue|budgete|voted|awarded)(?:e|s|es)?(?= ?(?:[.,;)]|\Z|au|a |en|pour|par|et|dont|puis)"
    r")"
)
_START_BEFORE: Final = re.compile(
    r"(?<![a-z])(?:(?:sur |pour |d'|dont |que |de )?(?:le |la |l'|un |une |les |du |cette |ce |son |sa ))"
    r"(?:enveloppe|credits?|subvention|dotation|autorisation|budget|montant|cout|aide|cotisation|participation|devis"
    r"|marche|contribution|depense|facture|allocation)(?: [a-z'0-9()\ue004 -]{1,60}?)??"
    r"(?: (?:etant|etait|est|sera)(?: fixee?| evaluee?| estimee?| arretee?)?(?: a| de)| s'(?:eleve|elevait"
    r"|etablit|elevant)"
    r"(?: donc)? a| fixee? a| evaluee? a| estimee? a| arretee? a| de|,| :| \() ?\Z"
)
_TAKEN_AFTER: Final = re.compile(
    r" ?(?:chacune? )?(?:(?:ont|a|sont|est|etaient|avaient|avait|ayant|etant|have|has|were|was) (?:deja |ainsi |donc "
    r"|d'ores et deja )?(?:ete |been )?(?:deja |already )?|deja |(?=verses? |payes? ))(?P<verb>vers|pay|consomm|mandat"
    r"|engag|utilis|affect|depens|regl|prelev|distribu|spent|paid|granted)[a-z]{0,4}(?![a-z])"
)
_TAKEN_BEFORE: Final = re.compile(
    r"(?<![a-z])(?:(?:apres |par |sous )?deduction(?: faite)? (?:de |du |des |d')|(?:apres|compte tenu d[eu]s?) "
    r"(?:versement |paiement |reglement |de |l'|un |une |la |le |les |des ){0,3}(?=acompte|avance|versement|paiement)"
    r"|acomptes?|avances?|deja (?:verse|paye|percu|regle)(?:e|s|es)?|net of|after deducting)"
    r"(?![a-z])[^\ue000\ue001;.]{0,70}\Z"
)
_GOES_ON: Final = re.compile(r"(?:[a-z' \ue004)]{0,40})?(?:,| et| puis| ainsi que| and)(?: [a-z' ]{1,40})? ?\Z")
_TIMES: Final = re.compile(
    r"\ue002 (?:[a-z]{4,12} )?(?:acomptes?|avances?|versements?|instal+ments?|payments?) (?:de |of )\Z"
)
_PARTICIPLE: Final = re.compile(r" (?:[a-z]{3,13}e|[a-z]{3,12}e[es]|[a-z]{3,12}ees|[a-z]{2,12}us)(?![a-z])")
_BELONGS: Final = re.compile(
    r" (?:du|de la|de l'|des|d'|de|au|aux|pour (?:le|la|les|l')|sur (?:le|la|l'))(?![a-z])(?! reste)"
)
"""« Le solde de 8 000 € du budget culture »: what is left of something else."""
_DOUBTFUL: Final = re.compile(
    r"(?<![a-z])(?:report[a-z]{0,4}|nouve[a-z]{1,3}|egalement|aussi|anterieur[a-z]{0,2}|autres?|par an|chaque|hors"
    r"|annul[a-z]{0,5}|plafon[a-z]{0,4}|maxim[a-z]{0,3}|minim[a-z]{0,3}|au moins|ajout[a-z]{0,4}|complement[a-z]{0,5}"
    r"|supplement[a-z]{0,5}|major[a-z]{0,5}|en sus|outre|interets|penalit[a-z]{0,3}|y compris|environ|retenue|garantie"
    r"|revision|avenant|jusqu|emprunt|pret|dont|additional|including|also|cautionnement|arrondi[a-z]{0,2}|pourra"
    r"|devra|pourrait|si|partie|partiel[a-z]{0,4}|notamment|tranche|moindres?"
    r"|inferieure?s?|prorata|moins que|sous-realis[a-z]{1,6})(?![a-z])"
)

_LATER: Final = re.compile(
    r"(?<![a-z])(?:apres|acomptes?|avances?|compte tenu|reserves?|avec|deduction|deduit|moins|refaction"
    r"|actualis[a-z]{1,5}"
    r"|renonc[a-z]{1,5}|transfer[a-z]{1,4}|vire[a-z]{1,5}|after|with|less)(?![a-z])"
)
"""Behind the last amount: something else was taken."""
_ADVANCE: Final = re.compile(r"(?<![a-z])(?:acomptes?|avances?|advances?|instal+ments?)(?![a-z])")
_COST: Final = re.compile(r"(?<![a-z])(?:cout|depenses?|budget|projet|operation|travaux|cost)(?![a-z])")
"""An advance is of a subsidy or of a contract, not of what they pay for."""


@dataclass(frozen=True, slots=True)
class _Said:
    at: int
    mention: Mention
    role: str
    verb: str
    times: int


def claims(act: Act) -> Iterator[Claim]:
    """Remainders whose every amount has its role."""
    for piece in act.passage.pieces:
        if piece.kind in ("row", "aside") or len(piece.money()) < 2:
            continue
        text = piece.clip.text
        if _ANY.search(text) is None or len(piece.money()) > 40:
            continue
        yield from _in(act, piece)
        for sentence in piece.sentences:
            claim = _difference(act, clip=piece.clip, start=sentence.start, end=sentence.end)
            chosen = None if claim is None else choose([(claim, sentence.whole)])
            if chosen is not None:
                yield chosen


_DIFFERENCE: Final = re.compile(
    r"(?<![a-z])(?:la )?difference entre (?:le |la |les |l')?[a-z' ]{2,50}[(, ]{1,3}\ue000\)? et "
    r"(?:le |la |les |l')?[a-z' ]{2,50}[(, ]{1,3}\ue000"
)
_IS: Final = re.compile(
    r"(?:correspond[a-z]{0,3} a|represente|est egale? a|resulte de|egale? a|est) (?:la )?\Z|(?:soit|:) (?:la )?\Z"
)


def _difference(act: Act, clip: Clip, start: int, end: int) -> Claim | None:
    """« Le résultat, soit C, correspond à la différence entre les produits (A) et les charges (B) »."""
    found = _DIFFERENCE.search(clip.text, start, end)
    money = [(at, m) for at, m in clip.within(start, end) if m.is_money]
    if found is None or len(money) != 3 or not found.end() > money[1][0] or found.start() < money[0][0]:
        return None
    if _IS.search(clip.text, money[0][0], found.start()) is None or _DOUBTFUL.search(clip.text, start, end):
        return None
    result, one, two = (m for _, m in money)
    figures = [m.figure for m in (result, one, two)]
    if any(not isinstance(f, Amount) or f.qualifier is not None or f.n <= 0 or not f.is_exact for f in figures):
        return None
    if one.figure is None or two.figure is None or len({f.tax for f in figures if isinstance(f, Amount)}) > 1:
        return None
    more, less = (one, two) if one.figure.fraction >= two.figure.fraction else (two, one)
    return Balance(
        place=place_of(result),
        cue=act.cue(clip, *found.span()),
        topic="roles",
        start=more.figure,
        minus=(less.figure,),
        result=result.figure,
        confidence="medium",
    )


def _in(act: Act, piece: Piece) -> Iterator[Claim]:
    clip, sentences = piece.clip, piece.sentences
    told = -1
    for index, sentence in enumerate(sentences):
        if sentence.crowded or (
            not _ANY.search(sentence.text) and not (index and _ANY.search(sentences[index - 1].text))
        ):
            continue
        for back in range(min(_BACK, index) + 1):
            start = sentences[index - back].start
            if start <= told:
                break
            claim = _left(act, clip, start, sentence.end, earlier=clip.text[max(0, start - 2_000) : start])
            if claim is not None and sentence.whole:
                chosen = choose([claim])
                if chosen is not None:
                    told = sentence.end - 1
                    yield chosen
                    break


def _left(act: Act, clip: Clip, start: int, end: int, earlier: str) -> tuple[Claim, bool] | None:
    money = [(at, m) for at, m in clip.within(start, end) if m.is_money]
    if not 2 <= len(money) <= _MOST or any(m.kind != "amount" for _, m in money):
        return None
    said = _roles(clip, start, end, money)
    roles = [one.role for one in said]
    if "" in roles or roles.count("start") != 1 or roles.count("left") != 1 or "taken" not in roles:
        return None
    first = said[roles.index("start")]
    last = said[roles.index("left")]
    taken = [one for one in said if one.role == "taken"]
    figures = [one.mention.figure for one in said]
    if any(not isinstance(f, Amount) or f.qualifier is not None or f.n <= 0 or not f.is_exact for f in figures):
        return None
    whole = first.mention.figure
    assert whole is not None
    taxes = {f.tax for f in figures if isinstance(f, Amount)}
    words = clip.text[start:end]
    advanced = any(_ADVANCE.search(clip.text, max(start, one.at - 60), one.at) for one in taken)
    certain = (
        _LATER.search(clip.text, said[-1].at, end) is None
        and (last is not said[-1] or _BELONGS.match(clip.text, last.at + 1, end) is None)
        and not (advanced and _COST.search(clip.text, max(start, first.at - 80), first.at))
        and len(taxes) == 1
        and not any(one.mention.repaired for one in said)
        and _DOUBTFUL.search(words) is None
        and CUT.search(words) is None
        and len({one.verb for one in taken if one.verb}) < 2
        and all(f.fraction < whole.fraction for f in figures if f is not None and f is not whole)
        and _TAKEN_BEFORE.search(earlier[-200:]) is None
        and "deja" not in earlier
        and "acompte" not in earlier
    )
    claim = Balance(
        place=place_of(last.mention),
        cue=act.cue(clip, max(start, last.at - 40), last.at + 1),
        topic="roles",
        start=whole,
        minus=tuple(one.mention.figure for one in taken for _ in range(one.times)),
        result=last.mention.figure,
        confidence="medium",
    )
    return claim, certain


def _roles(clip: Clip, start: int, end: int, money: Sequence[tuple[int, Mention]]) -> list[_Said]:
    text = clip.text
    out: list[_Said] = []
    for index, (at, mention) in enumerate(money):
        low = money[index - 1][0] + 1 if index else start
        high = money[index + 1][0] if index + 1 < len(money) else end
        before, after = text[max(low, at - _WIDE) : at], text[at + 1 : min(high, at + 1 + _WIDE)]
        role, verb, times = "", "", 1
        if _LEFT_AFTER.match(after) or _LEFT_BEFORE.search(before):
            role = "left"
        elif (taken := _TAKEN_AFTER.match(after)) is not None:
            role, verb = "taken", taken["verb"]
        elif _TAKEN_BEFORE.search(before):
            role = "taken"
        elif _START_AFTER.match(after) or _START_BEFORE.search(before):
            role = "start"
        elif index and out[-1].role == "taken" and _GOES_ON.fullmatch(before) and not _PARTICIPLE.match(after):
            role = "taken"
        if role == "taken" and (several := _TIMES.search(text, max(low, at - 50), at)) is not None:
            figure = clip.mention(several.start()).figure
            times = int(figure.fraction) if figure is not None and 1 < figure.fraction < 13 else 1
        out.append(_Said(at, mention, role, verb, times))
    return out
