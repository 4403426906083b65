"""Limits: « dont », « dans la limite de », « plafonné à », « une partie de cette enveloppe ».

They bound, and never equal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from subsidy_rules.acts import Act, place_of
from subsidy_rules.claims import AtMost, Claim, Confidence, Sum
from subsidy_rules.holding import holds, state_of
from subsidy_rules.mentions import A, Mention, P, W
from subsidy_rules.patterns import hinted
from subsidy_rules.sentences import Sentence
from subsidy_rules.series import CUT, own_amounts, sole
from subsidy_rules.vocabulary import BOUNDS, SPENT

__all__ = ["claims"]

_DONT: Final = re.compile(r"(?<![a-z])(?:dont|parmi lesquel(?:le)?s|of which|including)(?![a-z])")
_NO_PART: Final = re.compile(
    r"(?<![a-z])(?:dont (?:le|la|les|l'|on|il|elle|chacune?|un(?: |e )(?:montant|cout) (?:annuel"
    r"|total))|par|soit|contre|au lieu|taux|valeur|cout|prix|budget|capital|superficie"
    r"|siege)(?![a-z])"
)
_LIMIT: Final = hinted(
    rf"(?<![a-z])(?P<words>dans la limite (?:de |d'|d'une? [a-z' ]{{3,40}} de "
    rf"|d'un (?:montant|plafond|maximum) (?:maximum |maximal |global )?de "
    rf"|des? [a-z' ]{{3,40}} (?:de |d'))|plafonnee?s? a |sans (?:pouvoir )?(?:exceder"
    rf"|depasser) |ne (?:pouvant|pourra|peut|saurait|devant)(?: pas)? (?:exceder|depasser"
    rf"|etre superieure? a) |(?:un|le) (?:plafond|maximum|montant maxim(?:al|um)|montant plafond) (?:est "
    rf"|etant )?(?:fixe a |de |a )|dans le respect (?:de l'enveloppe|du plafond|du montant|de la limite"
    rf"|des credits)(?: [a-z' ]{{2,40}})? de |within the limit of |capped at |not exceeding |up to a (?:limit"
    rf"|maximum) of )(?:la somme de |un montant de )?(?P<limit>{A})",
    "limit",
    "plafon",
    "exce",
    "depasse",
    "superieur",
    "maxim",
    "dans le respect",
    "capped at",
)
_ENVELOPE: Final = re.compile(
    rf"(?<![a-z])(?P<noun>enveloppe|credits?|dotation|autorisation de programme|disponible"
    rf"|budget|envelope|appropriation)(?![a-z])[^{A};.]{{0,60}}?(?P<limit>{A})"
)
_SPENDS: Final = re.compile(
    r"(?<![a-z])(?:engag|attribu|allou|accord|vers|consomm|mandat|utilis|affect|reserv|vot|octroy|spent|granted)"
    r"(?:e|es|ee|ees|er|ent|ant|era)?(?![a-z])[^;.]{0,40}\Z"
)
_USES: Final = hinted(
    r"(?<![a-z])(?:(?:une |cette )?partie de (?:cette |la |l'|cet )?(?P<noun>enveloppe"
    r"|credits?|dotation|autorisation|budget)|(?:consomm|engag|mandat|utilis|preleve|impute"
    r"|imputee)[a-z]{0,5} (?:sur|de) (?:cette|cet|ces|la dite|ladite) (?P<noun2>enveloppe"
    r"|credits?|dotation|autorisation|budget)|sur cette (?P<noun3>enveloppe|dotation)|dans la limite de (?:cette"
    r"|ladite) (?P<noun4>enveloppe|dotation)|part of (?:this|that) (?P<noun5>envelope|budget))(?![a-z])",
    "partie de",
    "consomm",
    "engag",
    "mandat",
    "utilis",
    "preleve",
    "impute",
    "sur cette ",
    "dans la limite de",
    "part of",
)
_PAID: Final = hinted(
    rf"(?<![a-z])(?P<words>(?:un |une |premier |premiere |d'un )?(?:acompte|avance|advance)(?![a-z])[^{A};.]{{0,60}}?"
    rf"(?:de |d'un montant de |: |of |soit ))(?P<value>{A})",
    "compte",
    "vance",
)
_GRANT: Final = re.compile(
    rf"(?<![a-z])(?:subvention|aide|participation|concours financier|dotation|contribution"
    rf"|grant)(?![a-z])(?:(?!(?<![a-z])(?:depenses?|couts?|budget|devis|assiette|base|cost)(?![a-z]))[^{A}{P};.])"
    rf"{{0,90}}?(?P<limit>{A})"
)
_OF_GRANT: Final = re.compile(
    r"(?<![a-z])(?:solde|reliquat|acompte|avance|montant|partie|reste|balance|advance) (?:de (?:la "
    r"|l'|cette )?|du |d'une )\Z"
)
_BALANCE_AFTER: Final = re.compile(r"(?<![a-z])(?:(?:le|un|et le|du) solde|the balance)(?![a-z])")
_ON: Final = hinted(
    rf"(?<![a-z])sur (?:les|un total de|une enveloppe de|un montant de|un credit de|les credits de) (?P<limit>{A})[^"
    rf"{A}{P};.]{{0,50}}?,? (?P<value>{A}) (?:ont|a|sont|est) (?:ete |deja )?(?:deja )?(?:verse"
    rf"|consomme|mandate|engage|attribue|utilise|affecte)",
    "verse",
    "consomme",
    "mandate",
    "engage",
    "attribue",
    "utilise",
    "affecte",
)
_STILL_LEFT: Final = re.compile(rf"(?<![a-z])(?:reste|restent|reliquat|solde|remain)[^.]{{0,60}}{A}")
_DONT_WIDE: Final = 90
_DONT_NUMBERS: Final = 40
_COMPARED: Final = ("inferieur", "exce", "depass", "deca", "sous", "below", "under", "less than", "within")


def claims(act: Act) -> Iterator[Claim]:
    """Parts of a whole that need not fill it, and amounts under a stated limit."""
    for sentence in act.sentences():
        text = sentence.text
        # Words that the patterns cannot do without are looked for first: it costs a tenth of what a pattern does.
        if "dont" in text or "parmi" in text or "of which" in text or "including" in text:
            yield from _dont(act, sentence)
        if A not in text:
            continue
        if "compris" in text or "inclu" in text:
            yield from _included(act, sentence)
        yield from _under(act, sentence)
        if any(word in text for word in _COMPARED):
            yield from _under_limit(act, sentence)
        yield from _uses(act, sentence)
        yield from _paid(act, sentence)
        yield from _drawn(act, sentence)
        yield from _heeded(act, sentence)
        yield from _said_bound(act, sentence)
        clip = sentence.clip
        for found in _ON.finditer(clip.text, sentence.start, sentence.end):
            if _STILL_LEFT.search(clip.text, found.end(), sentence.end):
                continue  # « …ont été versés ; il reste C »: a subtraction, which says more than a limit
            value, limit = clip.mention(found.start("value")), clip.mention(found.start("limit"))
            yield _at_most(act, sentence, value, limit, found.span(), "medium")


def _at_most(
    act: Act,
    sentence: Sentence,
    value: Mention,
    limit: Mention,
    cue: tuple[int, int],
    confidence: Confidence,
    *,
    topic: str = "limit",
    strict: bool = False,
) -> AtMost:
    return AtMost(
        place=place_of(value),
        cue=act.cue(sentence.clip, *cue),
        topic=topic,
        value=value.figure,
        limit=limit.figure,
        strict=strict,
        confidence=confidence,
    )


# -- dont -----------------------------------------------------------------------------------------------------------


def _dont(act: Act, sentence: Sentence) -> Iterator[Claim]:
    clip, text = sentence.clip, sentence.clip.text
    for found in _DONT.finditer(text, sentence.start, sentence.end):
        figures = [
            (at, m)
            for at, m in clip.within(sentence.start, sentence.end)
            if m.kind in ("amount", "number") and m.figure
        ]
        before = [(at, m) for at, m in figures if at < found.start()]
        after = [(at, m) for at, m in figures if at >= found.end()]
        if not before or not after:
            continue
        whole_at, whole = before[-1]
        part_at, part = after[0]
        if whole.kind != part.kind or found.start() - whole_at > _DONT_WIDE + 60 or part_at - found.end() > 40:
            continue
        between = text[whole_at + 1 : found.start()]
        lead = text[found.start() : part_at]
        if _NO_PART.search(lead) or P in between or "." in between:
            continue
        if re.match(r" ?(?:de |d'|of )?(?:la )?(?:tva|t\.v\.a|taxes?|vat)(?![a-z])", text[part_at + 1 :]):
            continue  # « 1 200 000 € TTC (1 000 000 € HT), dont 200 000 € de TVA »
        if part.kind == "number" and (not _counted(text, part_at) or not _counted(text, whole_at)):
            continue
        cue = (found.start(), part_at + 1)
        parts = [part]
        last = part_at
        for at, mention in after[1:]:
            gap = text[last + 1 : at]
            widest = _DONT_WIDE if part.kind == "amount" else _DONT_NUMBERS
            if mention.kind != part.kind or len(gap) > widest or not re.search(r"(?:,| et | and )", gap):
                break
            if re.search(r"(?<![a-z])(?:soit|dont|contre|sur|total|laiss[a-z]{1,4}|leav(?:es|ing))(?![a-z])", gap):
                break
            parts.append(mention)
            last = at
        tail = text[last + 1 : sentence.end]
        yield from _claims_of_dont(act, sentence, whole, parts, cue, cut=CUT.search(tail) is not None)


_INCLUDED: Final = re.compile(
    rf"(?P<whole>{A}) ?(?:(?:ht|ttc|net) ?)?[,(]? ?(?:(?:en ce|y) compris|incluant|inclus"
    rf"|inclusive of)(?: [a-z' ]{{2,50}})?"
    rf" ?(?P<part>{A})"
)


def _included(act: Act, sentence: Sentence) -> Iterator[Claim]:
    """« A, y compris B de frais »: told when it holds."""
    clip = sentence.clip
    for found in _INCLUDED.finditer(clip.text, sentence.start, sentence.end):
        whole, part = clip.mention(found.start("whole")), clip.mention(found.start("part"))
        claim = _at_most(act, sentence, part, whole, (found.start("whole") + 1, found.end()), "medium", topic="dont")
        if holds(claim):
            yield claim


_COUNTED: Final = re.compile(r" ?[a-z]{3,}")
_ONLY_MEASURE: Final = re.compile(
    r" ?(?:ans?|mois|jours?|heures?|h|km|m2|ha|euros?|points?|years?|months?|days?)(?![a-z])"
)


def _counted(text: str, at: int) -> bool:
    return _COUNTED.match(text, at + 1) is not None and _ONLY_MEASURE.match(text, at + 1) is None


def _claims_of_dont(
    act: Act, sentence: Sentence, whole: Mention, parts: list[Mention], cue: tuple[int, int], *, cut: bool
) -> Iterator[Claim]:
    if len(parts) == 1:
        confidence: Confidence = "high" if whole.kind == "amount" else "medium"
        claim = _at_most(act, sentence, parts[0], whole, cue, confidence, topic="dont")
        if holds(claim) or whole.kind == "amount":
            yield claim
        return
    figures = tuple(part.figure for part in parts)
    exact = Sum(
        place=place_of(whole), cue=act.cue(sentence.clip, *cue), topic="dont", total=whole.figure, parts=figures
    )
    if not cut and holds(exact):
        yield exact
        return
    claim = AtMost(
        place=place_of(parts[0]),
        cue=act.cue(sentence.clip, *cue),
        topic="dont",
        value=None,
        limit=whole.figure,
        parts=figures,
        confidence="medium",
    )
    if holds(claim):
        yield claim
    elif whole.kind == "amount":
        # The parts may overlap (« dont 30 000 € d'études et 20 000 € de 2024 »): only each one is surely bounded.
        for part in parts:
            single = _at_most(act, sentence, part, whole, cue, "medium", topic="dont")
            if state_of(single) == "broken" or part is parts[0]:
                yield single


# -- limits ---------------------------------------------------------------------------------------------------------


def _under(act: Act, sentence: Sentence) -> Iterator[Claim]:
    clip, text = sentence.clip, sentence.clip.text
    for found in _LIMIT.finditer(text, sentence.start, sentence.end):
        limit = clip.mention(found.start("limit"))
        before = [(at, m) for at, m in clip.within(sentence.start, found.start()) if m.kind == "amount"]
        after = [(at, m) for at, m in clip.within(found.end(), sentence.end) if m.kind == "amount"]
        if before and found.start() - before[-1][0] <= 120:
            gap = text[before[-1][0] + 1 : found.start()]
            if P in gap or re.search(
                r"(?<![a-z])(?:sur|cout|depense|base|assiette|budget)(?![a-z])",
                text[max(sentence.start, before[-1][0] - 60) : before[-1][0]],
            ):
                # « 50 % d'une dépense de 30 000 €, plafonnée à 10 000 € »: what is capped is the product.
                before = []
        if before and _IS_LIMIT.search(text, max(sentence.start, before[-1][0] - 40), before[-1][0]):
            before = []  # « les marchés inférieurs à A et les lignes de trésorerie dans la limite de B »
        value: Mention | None = None
        if before and found.start() - before[-1][0] <= 120:
            value = before[-1][1]
        elif after and re.search(r"(?<![a-z])soit(?![a-z])[^.;]{0,40}\Z", text[found.end() : after[0][0]]):
            value = after[0][1]
        elif not before and len(after) == 1 and _SPENDS.search(text[found.end() : after[0][0]]):
            # « Dans la limite d'une enveloppe de A, l'assemblée a engagé B »: what is spent comes after its limit.
            value = after[0][1]
        if value is None:
            continue
        claim = _at_most(act, sentence, value, limit, found.span(), "medium")
        low = max(sentence.start, before[-1][0] - 40) if before else found.start()
        told_total = _TOLD_TOTAL.search(text, low, found.start()) is not None
        # « A par sinistre, avec un maximum de B par an » speaks of two things.
        by_unit = _BY_UNIT.match(text, found.end()) or (before and _BY_UNIT.match(text, before[-1][0] + 1))
        if before and (
            _OTHER_SUBJECT.search(text, before[-1][0] + 1, found.start())
            or _ITSELF_BOUND.search(text, max(sentence.start, before[-1][0] - 40), before[-1][0])
        ):
            continue  # « travaux de A, l'aide étant plafonnée à B », « jusqu'à A, et … dans la limite de B »
        yield from sole(claim, certain=not by_unit and (len(before) <= 1 or told_total))


_IS_LIMIT: Final = re.compile(
    r"(?<![a-z])(?:inferieure?s? (?:ou egale?s? )?a|superieure?s? (?:ou egale?s? )?a|jusqu'a|au plus"
    r"|plafon[a-z]{1,4} (?:a|de)|seuil de|limite de|au-dela de|en dessous de|excedant|depassant|below|above|up to)"
    r"(?: [a-z']{1,12}){0,2} \Z"
)
_NOUN: Final = r"(?:le |la |les |l'|une? |chaque |leurs? |sa |son |ses |des |the |each )[a-z][a-z' -]{1,60}\Z"
_OTHER_SUBJECT: Final = re.compile(
    rf"[,;(:] ?(?:(?:et|mais|puis|and) )?(?:pour )?{_NOUN}|(?<![a-z])(?:et|mais|puis|and) (?:pour )?{_NOUN}"
)
"""Between an amount and a limit begins what the limit is of."""
_ITSELF_BOUND: Final = re.compile(
    r"(?<![a-z])(?:inferieure?s?|superieure?s?|jusqu'a|maxim[a-z]{0,3}|plafon[a-z]{0,5}|limite|au plus|au moins|seuil"
    r"|excedant|depassant|up to|below|above|under|over|exceeding)(?![a-z])[a-z' ]{0,24}\Z"
)
"""« inférieurs à A »: a limit, and nothing that one may compare with another."""
_BY_UNIT: Final = re.compile(r" ?(?:ht |ttc )?(?:par|/|l'|la|le|per|each) ?[a-z]{2,}")
_TOLD_TOTAL: Final = re.compile(rf"(?<![a-z])(?:soit|total)[^{A}]{{0,30}}{A}|{A} au total")
_UNDER: Final = (
    r"(?:(?:tres |bien |largement |nettement |legerement |sensiblement )?inferieure?s? (?:ou egale?s? )?"
    r"a(?: la| l'|ux?)?"
    r"|(?:bien |largement |nettement )?(?:en deca|au-dessous|au dessous|en-dessous|en dessous) d(?:e la|e l'|e|u|es)"
    r"|sous (?:le|la|l'|les)(?= ?(?:plafond|seuil|maximum|limite|barre|montant|niveau|enveloppe)))"
)
_LESS_THAN: Final = re.compile(
    rf"(?P<value>[{A}{W}])(?: ?(?:ht|ttc))?[ ,)]{{0,3}}(?:(?:(?:qui|elle|il) )?(?:est|reste|demeure|etant|restant"
    rf"|demeurant|se situe|se trouve|se tient|s'inscrit|soit|sera)"
    rf"(?: donc| ainsi| bien| toujours| encore| tout juste)? |)"
    rf"{_UNDER}(?![a-z]) ?(?:somme de |montant de )?(?P<words>[a-z' ]{{0,50}})(?P<limit>{A})"
    rf"|(?P<value2>[{A}{W}])[ ,]{{0,2}}(?:which )?(?:is|remains|stays|falls) (?:well )?(?:below|under|within|less than)"
    rf" (?P<words2>[a-z' ]{{0,50}})(?P<limit2>{A})"
)


_NOT_OVER: Final = re.compile(
    rf"(?P<value>{A})(?: ?(?:ht|ttc))?[ ,)]{{0,3}}[^{A}{P};.]{{0,60}}?(?:n'excede(?:nt|ra|ront)? pas|n'excedant pas"
    rf"|ne depasse(?:nt|ra|ront)? pas|ne depassant pas|does not exceed|do not exceed) (?:[^{A}{P};.]{{0,40}}?|{P} "
    rf"[^{A}{P};.]{{2,60}}?,? (?:soit|i\.e\.) )(?P<limit>{A})"
)


def _under_limit(act: Act, sentence: Sentence) -> Iterator[Claim]:
    """« le total, A, demeure inférieur au crédit de B », « A n'excède pas 80 % du coût, soit B »."""
    clip = sentence.clip
    for found in _NOT_OVER.finditer(clip.text, sentence.start, sentence.end):
        value, limit = clip.mention(found.start("value")), clip.mention(found.start("limit"))
        yield _at_most(act, sentence, value, limit, (found.start() + 1, found.end()), "medium")
    for found in _LESS_THAN.finditer(clip.text, sentence.start, sentence.end):
        group = "" if found["value"] else "2"
        value, limit = clip.mention(found.start("value" + group)), clip.mention(found.start("limit" + group))
        yield _at_most(act, sentence, value, limit, (found.start() + 1, found.end()), "medium")


_DRAWN: Final = re.compile(
    rf"(?<![a-z])(?P<how>sur|dans|parmi|de|of|from|within|against) (?P<which>(?:l'|(?:une|un|les|le|la|des|ces|cette"
    rf"|ce|son|sa|the|an|a)(?![a-z'])) ?(?P<words>[a-z' -]{{0,60}}?)"
    rf"(?:(?<=[ '])(?:de|d'|:|of) ?|d'un montant de |s'elevant a )?)"
    rf"(?P<limit>{A})(?P<after>(?: [a-z'-]+){{0,3}})"
)
"""« engagés sur une enveloppe annuelle de 20 000 € », « consommés sur les 150 000 € abondés »."""
_POOL: Final = re.compile(rf"(?<![a-z])(?:{BOUNDS})(?![a-z])")
_PUT_IN: Final = re.compile(
    r" (?:qui (?:y )?(?:ont|avaient) ete |y )?(?:abond|inscrit|ouvert|vote|prevu|dispon|budget|reserv|autoris|allou"
    r"|delegu|dedi|provision|availab|voted|budgeted|set aside)"
)
_DONE: Final = re.compile(rf"(?<![a-z])(?:{SPENT})(?![a-z])")
_HOLDS: Final = re.compile(
    rf"(?<![a-z])(?:preleve|imput|financ|inscri|pris|charge|couvert|support|rattach)[a-z]{{0,4}}(?![a-z])"
    rf"[^{A};]{{0,140}}?(?:(?:dont|ou) (?:le |la |l'|les )?(?:[a-z' ]{{0,40}}?)"
    rf"(?:disponib[a-z]{{2,7}}|solde|credits?|montant|dotation|enveloppe|reste|restent|provision)"
    rf"|(?:qui |lequel |laquelle |lesquels )?(?:presentai?e?n?t|offrant|offre|comportant|comporte|dispos[a-z]{{1,4}}"
    rf"|dotee?s?|ouvert[es]{{0,2}}|pourvue?s?|abondee?s?|creditee?s?))"
    rf"[^{A};.]{{0,60}}?(?P<limit>{A})"
)
"""« prélevée sur l'autorisation de programme, dont le disponible est de 40 000 € »."""


def _own_before(act: Act, sentence: Sentence, until: int) -> Mention | None:
    """The amount that the words before ``until`` are about: not one in brackets, nor a part of it."""
    clip = sentence.clip
    found = [(at, m) for at, m in clip.within(sentence.start, until) if m.kind == "amount"]
    own = own_amounts(clip.text[sentence.start : until], found, sentence.start) if found else []
    return own[-1] if own else None


def _drawn(act: Act, sentence: Sentence) -> Iterator[Claim]:
    """What was spent, and what it was spent of: told when it holds."""
    clip, text = sentence.clip, sentence.clip.text
    for found in _DRAWN.finditer(text, sentence.start, sentence.end):
        if not (_POOL.search(found["words"]) or (not found["words"] and _PUT_IN.match(found["after"]))):
            continue
        value = _own_before(act, sentence, found.start())
        if value is None:
            continue
        gap = text[max(sentence.start, found.start() - 140) : found.start()]
        said = gap[gap.rfind(A) :] if A in gap else ""
        around = gap[: gap.rfind(A)][-60:] + " " + said
        if not said or P in said or ";" in said or not _DONE.search(around) or _STILL_LEFT.search(text, found.end()):
            continue
        if found["how"] in ("de", "of") or _NO_POOL.search(gap):
            continue
        limit = clip.mention(found.start("limit"))
        claim = _at_most(act, sentence, value, limit, (found.start(), found.start("limit") + 1), "medium")
        if holds(claim):
            yield claim
    for found in _HOLDS.finditer(text, sentence.start, sentence.end):
        value = _own_before(act, sentence, found.start())
        if value is None:
            continue
        limit = clip.mention(found.start("limit"))
        claim = _at_most(act, sentence, value, limit, (found.start(), found.start("limit") + 1), "medium")
        if holds(claim):
            yield claim


_FITS: Final = re.compile(
    rf"(?<![a-z])(?:s'inscri[a-z]{{1,4}}|inscrite?s?|entr[a-z]{{1,3}}|rentr[a-z]{{1,3}}|tien[a-z]{{1,3}}|tenant"
    rf"|conten[a-z]{{1,2}}|contien[a-z]{{1,3}}|rest[a-z]{{1,3}}|demeur[a-z]{{1,3}}|figur[a-z]{{1,3}}|log[a-z]{{1,3}}|comprise?s?"
    rf"|couvert[es]{{0,2}}|pris[es]{{0,2}}|limite[es]{{0,2}}|borne[es]{{0,2}}|ramene[es]{{0,2}}"
    rf"|cantonne[es]{{0,2}}|autorise[es]{{0,2}}"
    rf"|fits?|falls|stays?|remains?)"
    rf"(?: donc| ainsi| bien| tout entiere?s?| integralement| en totalite| largement){{0,2}}"
    rf" (?:dans|sous|sur|par|a|within|under)(?![a-z])[^{A}{P};.]{{0,70}}?(?<![a-z])(?:{BOUNDS})(?![a-z])"
    rf"[^{A}{P};.]{{0,50}}?(?P<limit>{A})"
    rf"|(?<![a-z])(?:a concurrence de|jusqu'a concurrence de|(?:pour|avec) un (?:plafond|maximum) (?:de|fixe a)"
    rf"|dans une limite (?:de|fixee a)|sans que [^{A}{P};.]{{2,60}}? puisse[a-z]{{0,2}} (?:exceder|depasser)"
    rf"|\( ?(?:plafond|maximum|limite|seuil|enveloppe|credit|disponible)s?(?: [a-z' ]{{2,40}})? ?:?) ?"
    rf"(?:la somme de |un montant de |de )?(?P<limit2>{A})"
    rf"|(?<![a-z])(?:plafond|seuil|maximum|limite|ceiling|cap)(?: [a-z' ]{{2,40}})? (?:de|d'|fixee? a|of|:) ?"
    rf"(?P<limit3>{A}),? (?:n'est|ne sera|n'a|est|demeure|reste|se trouve|is|was)"
    rf"(?: donc| ainsi| bien| encore| toujours| pas| ete| not){{0,3}}"
    rf" (?:atteint|depasse|franchi|respecte|observe|exceeded|reached|met)(?:e|es)?(?![a-z])"
)
_CALM: Final = re.compile(r"(?<![a-z])(?:pas|respecte[a-z]{0,2}|observe[a-z]{0,2}|not|met)(?![a-z])")


def _said_bound(act: Act, sentence: Sentence) -> Iterator[Claim]:
    """« V, qui s'inscrit dans l'enveloppe de L », « V (plafond : L) », « V : le plafond de L n'est pas atteint »: told
    when it holds."""
    clip = sentence.clip
    for found in _FITS.finditer(clip.text, sentence.start, sentence.end):
        group = next(name for name in ("limit", "limit2", "limit3") if found[name])
        at = found.start(group)
        if group == "limit3" and _CALM.search(clip.text, at, found.end()) is None:
            continue
        value = _own_before(act, sentence, found.start())
        if value is None and group == "limit3":
            for earlier in act.sentences_before(sentence, 1):
                value = _own_before(act, earlier, earlier.end)
        if value is None or _BY_UNIT.match(clip.text, at + 1):
            continue
        claim = _at_most(act, sentence, value, clip.mention(at), (found.start(), at + 1), "medium")
        if holds(claim):
            yield claim


_NO_POOL: Final = re.compile(r"(?<![a-z])(?:contre|au lieu|a la place|hausse|baisse|soit)(?![a-z])[^\ue000]{0,40}\Z")
_HEEDED: Final = re.compile(
    rf"(?<![a-z])(?:(?:respect|observ|satisfai)[a-z]{{1,5}}|(?:reste|demeure|est|se situe|se tient|soit|etant)(?: donc"
    rf"| ainsi| bien| toujours)? (?:sous|dans|en deca d[eu]|en dessous d[eu]|au-dessous d[eu]|inferieure?s? (?:a|au))"
    rf"|(?:n'atteint|n'excede|ne depasse|n'epuise|n'exced[a-z]{{1,4}}|ne franchit)(?:nt)? (?:donc )?pas"
    rf"|(?:within|under|below|respects|complies with))"
    rf" (?:donc |ainsi |bien )?(?:ce|cet|cette|le|la|l'|this|that|the) ?(?P<noun>{BOUNDS})(?![a-z])"
)
_BOUND_BACK: Final = 6


def _heeded(act: Act, sentence: Sentence) -> Iterator[Claim]:
    """« La première commande, de 4 312,60 € HT, respecte ce maximum »: the limit was given before, by its name; told
    when it holds."""
    clip = sentence.clip
    for found in _HEEDED.finditer(clip.text, sentence.start, sentence.end):
        if any(at < found.end() + 60 for at, m in clip.within(found.end(), sentence.end) if m.kind == "amount"):
            continue  # the limit is given again
        value = _own_before(act, sentence, found.start())
        if value is None:
            continue
        stem = found["noun"][:6]
        for earlier in act.sentences_before(sentence, _BOUND_BACK):
            money = [(at, m) for at, m in earlier.money() if m.kind == "amount"]
            named = [m for at, m in money if stem in earlier.clip.text[max(earlier.start, at - 80) : at]]
            if named:
                claim = _at_most(act, sentence, value, named[0], found.span(), "medium")
                if len(named) == 1 and holds(claim):
                    yield claim
                break


def _uses(act: Act, sentence: Sentence) -> Iterator[Claim]:
    """« une partie de cette enveloppe pour un montant de »: the envelope is the nearest one before."""
    clip = sentence.clip
    for found in _USES.finditer(clip.text, sentence.start, sentence.end):
        noun = next(word for name, word in found.groupdict().items() if name.startswith("noun") and word)
        near = [(at, m) for at, m in clip.within(found.end(), sentence.end) if m.kind == "amount"]
        if not near:
            near = [(at, m) for at, m in clip.within(sentence.start, found.start()) if m.kind == "amount"][-1:]
        if len(near) != 1:
            continue
        limit = _envelope_before(act, sentence, noun, near[0][0])
        if limit is not None:
            yield _at_most(act, sentence, near[0][1], limit, found.span(), "medium", topic="envelope")


def _envelope_before(act: Act, sentence: Sentence, noun: str, before: int) -> Mention | None:
    wanted = noun.rstrip("s")
    for place in (sentence, *act.sentences_before(sentence, 4)):
        stop = before if place is sentence else place.end
        hits = [
            hit for hit in _ENVELOPE.finditer(place.clip.text, place.start, stop) if hit["noun"].rstrip("s") == wanted
        ]
        if hits:
            figures = {place.clip.mention(hit.start("limit")).figure for hit in hits}
            return place.clip.mention(hits[-1].start("limit")) if len(figures) == 1 else None
    return None


# -- advances -------------------------------------------------------------------------------------------------------


def _paid(act: Act, sentence: Sentence) -> Iterator[Claim]:
    """An advance does not exceed the subsidy; when a balance is still announced, it does not reach it."""
    clip, text = sentence.clip, sentence.clip.text
    found = _PAID.search(text, sentence.start, sentence.end)
    if found is None:
        return
    value = clip.mention(found.start("value"))
    rest = [m for at, m in clip.within(found.end(), sentence.end) if m.kind == "amount"]
    limit = _grant_of(act, sentence, found.start())
    if limit is None or limit is value or rest:
        return
    here = sentence.clip.origin(sentence.start) <= limit.start < value.start
    announced = _BALANCE_AFTER.search(text, found.end(), sentence.end) is not None
    strict = (
        announced
        and limit.figure is not None
        and value.figure is not None
        and (limit.figure.fraction == value.figure.fraction)
    )
    claim = _at_most(act, sentence, value, limit, found.span(), "medium", topic="advance", strict=strict)
    # The subsidy of another sentence may not be the one that this advance is part of: it accuses nobody.
    yield from sole(claim, certain=here)


def _grant_of(act: Act, sentence: Sentence, stop: int) -> Mention | None:
    """The subsidy that an advance is part of: the figure alone in its cell of a record, else that of the sentence."""
    clip, text = sentence.clip, sentence.clip.text
    cells = [
        m
        for at, m in clip.within(sentence.start, stop)
        if m.kind in ("number", "amount")
        and m.figure is not None
        and _whole_cell(text, at)
        and m.figure.fraction >= 100
    ]
    if text.count(",", sentence.start, stop) + text.count("|", sentence.start, stop) >= 5 and len(cells) == 1:
        return cells[0]
    for place in (sentence, *act.sentences_before(sentence, 2)):
        until = stop if place is sentence else place.end
        hits = [
            hit
            for hit in _GRANT.finditer(place.clip.text, place.start, until)
            if not _OF_GRANT.search(place.clip.text, max(place.start, hit.start() - 40), hit.start())
        ]
        if hits:
            return place.clip.mention(hits[-1].start("limit")) if len(hits) == 1 else None
    return None


def _whole_cell(text: str, at: int) -> bool:
    before, after = text[max(0, at - 2) : at].strip(), text[at + 1 : at + 3].strip()
    return before[-1:] in (",", "|", ";") and after[:1] in (",", "|", ";")
