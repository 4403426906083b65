"""Amounts under their own names: « Coût : A ; aide de la Région : B ; autofinancement : C », « Crédits ouverts : A.
Crédits consommés : B. Disponible : C. », « Charges : A / Produits : B / Excédent : C », « un acompte de A, le solde de
B, montant de la subvention : C ».

The names alone say what is added to what. A stream of them (a paragraph, a sentence, lines that follow one another) is
told when false only when every amount of it has its name, each name comes once, and nothing else is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from subsidy_rules.acts import Act, place_of
from subsidy_rules.claims import Balance, Claim, Sum
from subsidy_rules.figures import Amount, Figure
from subsidy_rules.mentions import Mention
from subsidy_rules.sentences import Piece
from subsidy_rules.series import choose

__all__ = ["claims"]

_MOST: Final = 8
_LONGEST: Final = 160
_LABEL: Final = 90


@dataclass(frozen=True, slots=True)
class _Named:
    """One amount with the words before it and those just after it, and its sign when it stands apart."""

    piece: Piece
    at: int
    mention: Mention
    label: str
    tail: str


_Family = tuple[tuple[str, re.Pattern[str]], ...]


def _names(**roles: str) -> _Family:
    return tuple((role, re.compile(rf"(?:{words})(?![a-z])")) for role, words in roles.items())


_OF: Final = r"(?: (?:de |du |des |d'|de l'|de la )[a-z' ]{2,40}| [a-z]{4,16}| ht| ttc){0,3}"
_PLAN: Final = _names(
    own=r"(?:part|participation|charge|financement|quote-part) (?:communale|communautaire|syndicale|intercommunale"
    r"|departementale|metropolitaine|nette|residuelle|(?:de la |de l')?(?:commune|ville|collectivite|association)(?! "
    r"de)|du (?:syndicat|maitre d'ouvrage|porteur))|autofinancement|fonds propres|ressources propres|reste a (?:la )?"
    r"charge|solde a (?:la )?charge|apport personnel|own (?:funds|contribution|share)",
    aid=r"(?:autres? |total des )?(?:aides?|subventions?|participations?|contributions?|concours|financements?|fonds"
    r"|dotations?|detr|dsil|feder|leader|etat|region|departement|conseil (?:regional|departemental|general)|metropole"
    r"|agence|caf|europe|communaute|mecenat|dons?|grants?|fonds vert)",
    cost=r"(?:cout|montant|devis|prix|depenses?)(?: (?:total|totale|global|globale|previsionnel|previsionnelle"
    r"|estimatif|estimee?|prevue?))?(?: (?:ht|ttc))?(?: (?:de l'|du |des |de la |d')(?:operation|projet|travaux|action"
    r"|programme|investissement|etude|acquisition|achat|chantier)[a-z' ]{0,40})?(?: (?:total|totale"
    r"|previsionnel|ht|ttc))?"
    r"|budget (?:de l'|du )(?:operation|projet|action)|(?:total )?cost",
)
_CREDITS: Final = _names(
    left=r"(?:credits? |montant |solde |reste |somme )?(?:encore )?(?:disponibles?|restants?|non "
    r"(?:consomme|utilise|engage|affecte|attribue|depense)e?s?)|solde|reliquat|reste|remaining|balance",
    taken=r"(?:credits? |montants? |depenses? |total |sommes? |total des )?(?:deja )?(?:consomme|engage|mandate|depense"
    r"|utilise|realise|attribue|affecte)e?s?|consommation|engagements?|mandatements?|spent|committed",
    open=r"(?:credits?|montants?|budget|enveloppe|dotation|inscription|somme|prevision)s? (?:budgetaires? )?(?:ouvert"
    r"|inscrit|vote|alloue|initial|prevu|budgete|primitif)(?:e|es|s|aux|ale)?|enveloppe(?: annuelle| globale| totale)?"
    r"|autorisation d'engagement|(?:budget|credit)(?: total| annuel| global)?|appropriation",
)
_RESULT: Final = _names(
    inc=r"(?:total (?:des |de |general des )?)?(?:produits|recettes|ressources)(?: (?:totale?s?|realise"
    r"e?s|de l'(?:exercice|annee|action)|de fonctionnement|d'investissement))?|(?:total )?(?:income|revenue)",
    out=r"(?:total (?:des |de |general des )?)?(?:charges|depenses|emplois)(?: (?:totale?s?|realise"
    r"e?s|de l'(?:exercice|annee|action)|de fonctionnement|d'investissement))?|(?:total )?(?:expenditure|expenses)",
    result=r"(?P<result>excedent|deficit|resultat|benefice|perte|surplus|shortfall)",
)
_GRANT: Final = _names(
    left=r"solde|reste a (?:verser|payer|percevoir|mandater)|reliquat|balance|final payment",
    taken=r"(?:1er |premier |deuxieme |second |2e |2eme )?(?:acomptes?|avances?)|(?:sommes? |montants? )?"
    r"deja (?:verse|paye|percu|mandate|regle)e?s?|(?:premier|deuxieme|second|1er) versement|advance|first instal+ment",
    open=r"(?:montant (?:total |global )?(?:de |d'|du )?(?:la |l'|une |cette )?)?(?:subvention|aide|participation"
    r"|dotation|grant)(?: (?:totale?|globale?|accordee?|attribuee?|votee?|allouee?|communale|regionale"
    r"|departementale))?|total(?: grant)?|montant (?:attribue|accorde|vote|total)",
)
_LEAD: Final = re.compile(
    r"(?:[>*•(-]{1,3} ?)?(?:[0-9a-z][.)°] ?)?(?:et |dont |puis |enfin |ainsi )?(?:le |la |les |l'|un |une |son "
    r"|sa |notre"
    r" |the |a )?"
)
_FILL: Final = re.compile(
    r"(?:[ ,:=(\ue001.…–-]|(?<![a-z])(?:soit|est|etait|sera|s'eleve|s'elevait|s'elevera|s'elevent|s'etablit|ressort"
    r"|atteint|atteignent|donc|ainsi|alors|de|d'un|montant|hauteur|a|fixee?|arretee?|estimee?|evaluee?|pour|par|sont|is"
    r"|of|amounts|to)(?![a-z]))*\Z"
)
_QUALIFIED: Final = re.compile(
    r"(?<![a-z])(?:eligibles?|subventionnables?|retenue?s?|plafonnee?s?|plafond|max[a-z]{0,5}|min[a-z]{0,5}|environ"
    r"|report[a-z]{0,4}|anterieur[a-z]{0,2}|cumul[a-z]{0,2}|cloture|restes? a realiser|par|annuel[a-z]{0,2}"
    r"|mensuel[a-z]{0,2}|moyen"
    r"|memoire|rappel|n-1|hors|dont|provision[a-z]{0,4}|avenant|revis[a-z]{1,4}"
    r"|retenues?|penalit[a-z]{1,3}|interets?|sur|contre|au lieu|annul[a-z]{0,5}|virement[a-z]{0,1}|modificative|up to"
    r"|environ|emprunts?|nature|valorisation|benevolat)(?![a-z])"
)

_OF_ELSE: Final = re.compile(
    r"(?<![a-z])(?:par (?:an|mois|[a-z]{4,14})|chacune?|maxim[a-z]{0,3}|environ|eligibles?|subventionnables?|dont|hors"
    r"|avec|y compris|compris|compte tenu|apres|incluant|inclus|including|with"
    r"|plafon[a-z]{0,4}|annuels?|au (?:plus|moins)|sollicit[a-z]{1,3} mais|report[a-z]{0,4}|each|per)(?![a-z])"
)


def claims(act: Act) -> Iterator[Claim]:
    """What the names of amounts that stand together say of them."""
    run: list[_Named] = []
    last = -2
    for piece in act.passage.pieces:
        if piece.kind in ("row", "aside"):
            yield from _read(act, run)
            run = []
            continue
        money = piece.money()
        if any(m.kind != "amount" or m.figure is None for _, m in money):
            money = [(at, m) for at, m in money if m.kind == "amount" and m.figure is not None]
        single = len(money) == 1 and len(piece.clip.text) <= _LONGEST
        if (not single or piece.number != last + 1 or piece.gap) and run:
            yield from _read(act, run)
            run = []
        if single:
            run.append(_named(piece, money)[0])
            last = piece.number
        elif 3 <= len(money) <= _MOST:
            yield from _read(act, _named(piece, money))
    yield from _read(act, run)


_STOP: Final = re.compile(r"[;.] (?=[a-z\ue002])")
_BORDER: Final = re.compile(r"[;,|/]| - | – |(?<=\)) ")


def _named(piece: Piece, money: Sequence[tuple[int, Mention]]) -> list[_Named]:
    """Each amount with its name: the words since the last stop before it, or since what ends the amount before."""
    text = piece.clip.text
    out: list[_Named] = []
    low = 0
    for index, (at, mention) in enumerate(money):
        high = money[index + 1][0] if index + 1 < len(money) else len(text)
        after = text[at + 1 : high]
        border = next(reversed(list(_STOP.finditer(after[:_GAP]))), None) or _BORDER.search(after)
        if index + 1 == len(money):
            border = _STOP.search(after)
        tail = len(after) if border is None else border.start()
        out.append(_Named(piece, at, mention, text[low:at], after[:tail]))
        low = at + 1 + (len(after) if border is None else border.end())
    return out


_GAP: Final = 260


def _role(named: _Named, family: _Family) -> tuple[str, str]:
    """The role of an amount in a family, and the word of its result; both empty when its words are not only a name."""
    if len(named.label) > _LABEL or _QUALIFIED.search(named.label) or _OF_ELSE.search(named.tail):
        return "", ""
    label = named.label.strip(" ,;.|/")
    lead = _LEAD.match(label)
    start = lead.end() if lead is not None else 0
    for role, pattern in family:
        found = pattern.match(label, start) or pattern.match(label)
        if found is not None and (_FILL.match(label, found.end()) or _party(role, label[found.end() :])):
            return role, found.groupdict().get("result") or ""
    return "", ""


_PARTY: Final = re.compile(
    r" ?(?:(?:de |du |des |d'|aupres de )?(?:la |l'|le |les )?[a-z' ()-]{2,50}?|attendue?s?|obtenue?s?|acquise?s?)"
    r"(?: a hauteur de| de| d'un montant de)? ?[:=(\ue001 ]*\Z"
)


def _party(role: str, rest: str) -> bool:
    """« Participation du Département : », « Coût des travaux de voirie : »: the name goes on with whom or what."""
    return role in ("aid", "cost") and _PARTY.match(rest) is not None


def _read(act: Act, stream: Sequence[_Named]) -> Iterator[Claim]:
    if not 3 <= len(stream) <= _MOST:
        return
    figures = [named.mention.figure for named in stream]
    if any(
        not isinstance(figure, Amount) or figure.qualifier is not None or not figure.is_exact for figure in figures
    ) or any(named.mention.repaired for named in stream):
        return
    for family, reading in ((_PLAN, _plan), (_CREDITS, _left), (_GRANT, _paid), (_RESULT, _outcome)):
        named = [_role(one, family) for one in stream]
        roles = [role for role, _ in named]
        if "" in roles:
            continue
        claim = reading(act, stream, roles, [word for _, word in named])
        chosen = None if claim is None else choose([(claim, True)])
        if chosen is not None:
            yield chosen
            return


def _taxes(stream: Sequence[_Named]) -> bool:
    """True when no amount is before tax beside one that includes it."""
    taxes = {figure.tax for one in stream if isinstance(figure := one.mention.figure, Amount)}
    return len(taxes - {None}) < 2


def _cue(act: Act, one: _Named) -> str:
    return act.cue(one.piece.clip, max(0, one.at - len(one.label.lstrip(" ,;.|/"))), one.at + 1)


def _plan(act: Act, stream: Sequence[_Named], roles: Sequence[str], words: Sequence[str]) -> Claim | None:
    del words
    if roles[0] != "cost" or roles.count("cost") != 1 or roles.count("own") != 1 or "aid" not in roles:
        return None
    if not _taxes(stream):
        return None
    own = stream[roles.index("own")]
    if _RESTS.search(own.label) is not None:
        return Balance(
            place=place_of(own.mention),
            cue=_cue(act, own),
            topic="whole",
            start=stream[0].mention.figure,
            minus=tuple(one.mention.figure for one in stream[1:] if one is not own),
            result=own.mention.figure,
            confidence="medium",
        )
    return Sum(
        place=place_of(stream[0].mention),
        cue=_cue(act, stream[0]),
        topic="whole",
        total=stream[0].mention.figure,
        parts=tuple(one.mention.figure for one in stream[1:]),
        confidence="medium",
    )


_RESTS: Final = re.compile(r"(?<![a-z])(?:reste|solde|charge (?:nette|residuelle))(?![a-z])")


def _left(act: Act, stream: Sequence[_Named], roles: Sequence[str], words: Sequence[str]) -> Claim | None:
    del words
    if roles.count("open") != 1 or roles.count("left") != 1 or not _taxes(stream):
        return None
    if any(_amount(one) <= 0 for one in stream):
        return None
    start, left = stream[roles.index("open")], stream[roles.index("left")]
    less = [one for one, role in zip(stream, roles, strict=True) if role == "taken"]
    if not less or (
        len(less) > 1 and len({one.label.strip()[:6] for one in less}) > 1 and "acompte" not in less[0].label
    ):
        return None  # what is engaged and what is paid overlap
    return Balance(
        place=place_of(left.mention),
        cue=_cue(act, left),
        topic="roles",
        start=start.mention.figure,
        minus=tuple(one.mention.figure for one in less),
        result=left.mention.figure,
        confidence="medium",
    )


_STILL: Final = re.compile(r"(?<![a-z])(?:reste|reliquat|deja)(?![a-z])")


def _paid(act: Act, stream: Sequence[_Named], roles: Sequence[str], words: Sequence[str]) -> Claim | None:
    """What was paid and the balance make the grant; or what was already paid leaves the rest."""
    claim = _left(act, stream, roles, words)
    if not isinstance(claim, Balance):
        return None
    if any(_STILL.search(one.label) for one in stream):
        return claim
    grant = stream[roles.index("open")]
    return Sum(
        place=place_of(grant.mention),
        cue=_cue(act, grant),
        topic="roles",
        total=grant.mention.figure,
        parts=(*claim.minus, claim.result),
        confidence="medium",
    )


_LOSSES: Final = ("deficit", "perte", "shortfall")


def _outcome(act: Act, stream: Sequence[_Named], roles: Sequence[str], words: Sequence[str]) -> Claim | None:
    if sorted(roles) != ["inc", "out", "result"] or not _taxes(stream):
        return None
    income, spending, last = (stream[roles.index(role)] for role in ("inc", "out", "result"))
    word = words[roles.index("result")]
    figure: Figure | None = last.mention.figure
    loses = word in _LOSSES or (word == "resultat" and _amount(income) < _amount(spending))
    if isinstance(figure, Amount) and figure.n > 0 and loses:
        figure = replace(figure, n=-figure.n)
    return Balance(
        place=place_of(last.mention),
        cue=_cue(act, last),
        topic="roles",
        start=income.mention.figure,
        minus=(spending.mention.figure,),
        result=figure,
        confidence="medium",
    )


def _amount(one: _Named) -> int:
    figure = one.mention.figure
    return figure.n if isinstance(figure, Amount) else 0
