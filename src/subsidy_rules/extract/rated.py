"""Rates whose part and base each have their role from words: « Le hangar coûte A. L'État apporte B, soit P ».

Elsewhere a rate is told when grammar ties its base to it, or when it holds. Here the base is said apart, and it is the
only cost, or the only aid, that the words around can mean. Only what no way of saying has tied is looked at; and before
a rate is said to be false, whatever else it may have been meant of is tried: another base, a base with or without tax,
several parts together, what a part leaves, several rates together. One of these that agrees, and nothing is said.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations
from typing import Final

from subsidy_rules.acts import Act, place_of
from subsidy_rules.claims import Claim, Share
from subsidy_rules.figures import Amount, Percentage
from subsidy_rules.folding import fold, stem
from subsidy_rules.holding import holds
from subsidy_rules.mentions import A, Mention, P
from subsidy_rules.sentences import Sentence

__all__ = ["claims"]

_AID_NOUN: Final = (
    r"(?:subventions?|aides?|participations?|contributions?|concours|dotations?|soutiens?|(?:co)?financements?"
    r"|prises? en charge|grants?|awards?|contributes?)"
)
_PAY_NOUN: Final = (
    r"(?:acomptes?|avances?|versements?|soldes?|mensualites?|echeances?|annuites?|instal+ments?|payments?|signature"
    r"|notification|retenues? de garantie|penalites?|garantie)"
)
_COST_NOUN: Final = (
    r"(?:couts?|depenses?|budgets?|devis|assiettes?|factures?|prix|charges?|costs?|expenditure"
    r"|base (?:eligible|subventionnable|de calcul|retenue)"
    r"|montants? (?:(?:total|global|previsionnel|estimatif|eligible|h\.?t\.?|ttc|hors taxes?) ){0,3}"
    r"(?:des? |du |de la |de l'|d')(?:travaux|operation|projet|acquisition|achat|programme|chantier|etude|marche"
    r"|prestation|equipement)s?"
    r"|plans? de financement)"
)
_NOUN: Final = re.compile(rf"(?<![a-z])(?:(?P<cost>{_COST_NOUN})|(?P<aid>{_AID_NOUN})|(?P<pay>{_PAY_NOUN}))(?![a-z])")
_FOR_WHAT: Final = re.compile(
    rf"(?<![a-z]){_AID_NOUN}(?![a-z])[^,]{{0,80}}(?<![a-z])(?:pour|au titre|destinee?s?|affectee?s?|consacree?s?|aux)"
    r"(?![a-z])(?! une?(?![a-z]))"
)
"""« une aide pour les dépenses de fonctionnement de A »: of which of the two, nobody can tell."""
_WORKS_BEFORE: Final = re.compile(
    r"(?<![a-z])(?:pour|sur|de|d') ?(?:des|les|un|une|l'|le|la) ?(?:travaux|operation|projet|achat|acquisition|chantier"
    r"|programme|etude|formation|sejour|investissement|recettes|action)(?: [a-z'-]{2,24}){0,4}"
    r" (?:de|d'|(?:estimee?s?|evaluee?s?|chiffree?s?) a|:) ?\Z"
)
_COST_VERB: Final = re.compile(
    r"(?<![a-z])(?:coute(?:nt|ra|rait|ront)?|(?:est|sont|etant|a ete|ont ete) (?:estime|evalue|chiffre|devise)"
    r"(?:e|s|es)?(?: [a-z]{3,15}){0,2} a|revient a|costs) ?\Z"
)
_COST_AFTER: Final = re.compile(r" (?:h\.?t\.? |ttc )?(?:de |d')(?:travaux|depenses|frais|charges|devis)(?![a-z])")
_GIVES: Final = re.compile(
    r"(?<![a-z])(?:accorde|alloue|attribue|octroie|apporte|obtient|contribue(?:ra|rait)? pour)"
    r"(?:e|s|es|nt|ra|rait)? ?\Z"
)
_NOT_OF_IT: Final = re.compile(
    r"(?<![a-z])(?:dont|reste|soit|deduction|subventionnee?s?|aidee?s?|financee?s?|finance|apport[a-z]{0,4}"
    r"|vers[a-z]{1,5}|sollicit[a-z]{1,4}|demande[a-z]{0,3}|accord[a-z]{1,4}|plafon[a-z]{0,6}|and|puis|ainsi que"
    r"|economie|recettes?|part|quote-part|ville|commune|etat|region|departement)(?![a-z])"
)
"""Between a noun and its amount, these make the amount another thing's."""
_OTHER_THING: Final = re.compile(
    r"(?<![a-z])(?:dont|reste|soit|deduction|vers[a-z]{1,5}|sollicit[a-z]{1,4}|demande[a-z]{0,3}|plafon[a-z]{0,6}|puis"
    r"|ainsi que|economie|recettes?|et|and)(?![a-z])"
)
"""Between an amount and its rate, these make the rate another thing's."""
_OWN_LABEL: Final = re.compile(r"[;|]|(?<![a-z0-9])[.:] ")

_DOUBTFUL: Final = re.compile(
    r"(?<![a-z])(?:plafon[a-z]{0,6}|maxim[a-z]{0,4}|minim[a-z]{0,3}|limit[a-z]{0,3}|jusqu|au plus|au moins"
    r"|exced[a-z]{1,4}|depass[a-z]{0,5}|bonif[a-z]{0,7}|bonus|major[a-z]{0,6}|complement[a-z]{0,6}"
    r"|supplement[a-z]{0,6}|arrondi[a-z]{0,3}|environ|forfait[a-z]{0,5}|moyenne?|cumul[a-z]{0,4}|hors"
    r"|actualis[a-z]{0,5}|initial[a-z]{0,5}|ancien[a-z]{0,4}|anterieur[a-z]{0,4}|chacune?"
    r"|chaque|respective[a-z]{0,4}|autres?"
    r"|tranches?|lots?|phases?|volets?|taux variable"
    r"|entre|selon|fonction de|prorata|degressi[a-z]{1,3}|progressi[a-z]{1,3}|up to|at most|at least|about"
    r"|approximately|tva|t\.v\.a"
    r"|vat|compris|compte tenu d'un|ecrete[a-z]{0,4}|minor[a-z]{0,6}|reprise|reliquat)(?![a-z])"
)
_RATE_OF_ELSE: Final = re.compile(
    r"(?<![a-z])(?:t\.?v\.?a|taxes?|vat|interets?|inflation|hausse|baisse|augment[a-z]{0,6}|diminu[a-z]{0,5}"
    r"|progress[a-z]{0,4}|reduction|reduit[a-z]{0,2}|evolution|croissance|rabais|remise|ristourne|escompte|decote"
    r"|taux (?:fixe|d'interet|de chomage|de participation au|de realisation|de remplissage|d'occupation"
    r"|de frequentation|de reussite)|retenue|penalites?|retard|temps|quotite|etp|avancement|realisee?s? a"
    r"|executee?s? a|voix|suffrages"
    r"|capital|parts sociales|actions|plus de|moins de|de plus|de moins|soit [a-z]+ de (?:plus|moins)|en (?:plus|moins)"
    r"|increase|decrease|indice|indexation|marge|humidite|pente|population|habitants|eleves|adherents|emplois"
    r"|effectifs?|surface|superficie|places|logements|billets|entrees)(?![a-z])"
)
_PAID: Final = re.compile(
    rf"(?<![a-z])(?:{_PAY_NOUN}|mandate[a-z]{{0,3}}|versee?s? en|demarrage|achevement|justificatifs)(?![a-z])"
)
_TIMES: Final = re.compile(
    r"(?<![a-z])(?:ans?|annees?|annuel[a-z]{0,3}|mois|mensuel[a-z]{0,3}|trimestr[a-z]{1,5}|semestr[a-z]{1,5}|fois"
    r"|exercices?|triennal[a-z]{0,2}|pluriannuel[a-z]{0,3}|years?|months?|annual|yearly)(?![a-z])"
)
_MULTIPLES: Final = range(2, 13)
_VAT: Final = tuple(Fraction(number, 1000) for number in (1200, 1100, 1055, 1196, 1085))

_PART_BEFORE: Final = re.compile(
    rf"(?P<part>{A})(?: (?:h\.?t\.?|ttc|net))?(?:"
    r"(?P<of1> (?:de|du|des|par|pour|a|au|aux|d'|en)[a-z' -]{1,40})? ?\((?:soit |representant |taux ?: ?|au taux de )?"
    r"|(?P<of2>[a-z' -]{0,50}),? (?:soit|c'est-a-dire|ce qui (?:fait|ferait|represente(?:rait)?|donne)|representant"
    r"|i\.e\.|or)(?: donc| ainsi| un taux (?:d'aide |de subvention |d'intervention )?de)? "
    r"|, | ?[-–:=] ?"
    r")\Z"
)
_PART_AFTER: Final = re.compile(
    r"(?P<of> [a-z][a-z' -]{0,60}?)?(?P<link> ?\((?:soit )?|,? (?:soit|i\.e\.|c'est-a-dire|ce qui (?:represente|fait"
    r"|donne)|represente|d'ou) | ?: ?)(?:(?:une?|la|le|l') ?(?:aide|subvention|participation|montant|somme|contribution"
    rf"|dotation|prise en charge|concours)[a-z' ]{{0,30}} (?:de |d'))?(?P<part>{A})"
)
_AT_RATE: Final = re.compile(
    r"(?<![a-z])(?:au taux de|taux (?:d'aide|d'intervention|de subvention(?:nement)?|de financement"
    r"|de prise en charge|de soutien)?(?: [a-z]{4,14})?(?: est| ressort| s'etablit| s'eleve| est fixe| etant| atteint)?"
    r"(?: donc| ainsi)?(?: a| de)? ?:?|(?:subventionne|aide|finance|prise? en charge|soutenu)(?:e|s|es)? a"
    r"(?: hauteur de)?) ?\Z"
)
_OUT_OF: Final = re.compile(r"(?<![a-z])(?:pour|sur|compar[a-z]{1,3} a|rapport[a-z]{1,3} a|out of|over|for)(?![a-z])")
_COMPLEMENT: Final = re.compile(
    r" ?(?:de (?:la |l'|ce |cette |ces |son |sa |leur )?|du |des |d'(?:une? )?|d (?:une? )?|of (?:the |its )?)"
    r"(?P<noun>[a-z][a-z' -]{2,60})"
)
_COST_NAMED: Final = re.compile(
    rf"(?:montant (?:total |global )?(?:de |des |du |de la |de l')?(?:la |l')?)?{_COST_NOUN}(?![a-z])"
)
_AID_NAMED: Final = re.compile(
    r"(?:montant (?:total |global )?(?:de |du )?(?:la |l'|cette |ce )?)?(?:subvention|aide|dotation|concours"
    r"|participation)(?![a-z])"
)
_WHO: Final = re.compile(
    r" (?:(?:restants?|restantes?)|(?:par|a la charge|du|de la|de l'|des) ?(?:de |du |des )?(?:la |le |les |l')?"
    r"(?:etat|region|departement|commune|ville|metropole|agglomeration|communaute(?: [a-z' ]{2,30})?|caf|msa|feder"
    r"|europe"
    r"|agence(?: [a-z' ]{2,30})?|syndicat|association|beneficiaire|conseil [a-z]{5,13}|town|county|state|district)s?)\Z"
)
_LABEL: Final = 90
_WIDE: Final = 130
_WORD: Final = re.compile(r"[a-z]{2,}")
_STOP: Final = re.compile(
    r",|(?<![a-z])(?:soit|pour|par|et|qui|que|est|sont|a|dans|ce|represente|correspond|i\.e|avec|au titre)(?![a-z])"
)
_WIDE_WORDS: Final = frozenset(
    stem(word)
    for word in (
        *("cout", "couts", "depense", "depenses", "montant", "total", "totale", "global", "globale", "budget", "prix"),
        *("projet", "operation", "travaux", "previsionnel", "previsionnelle", "action", "ht", "cost", "costs"),
        *("project", "the", "of", "assiette", "de", "du", "des", "la", "le", "les", "un", "une", "son", "sa", "devis"),
        *("facture", "charges", "subvention", "aide", "dotation", "concours", "participation", "cette", "contribution"),
    )
)
_SPARE: Final = 30
"""Amounts before and after a rate that it may have been meant of."""
_BACK: Final = 2


@dataclass(frozen=True, slots=True)
class _Said:
    """An amount with its words: those since the figure before it, and those just after."""

    sentence: Sentence
    at: int
    mention: Mention
    role: str

    @property
    def value(self) -> Fraction:
        assert self.mention.figure is not None
        return self.mention.figure.fraction

    @property
    def tax(self) -> str | None:
        return self.mention.figure.tax if isinstance(self.mention.figure, Amount) else None


def claims(act: Act, rated: Collection[int]) -> Iterator[Claim]:
    """The rates of a cost or of an aid that are said apart. ``rated``: the rates already tied, by id."""
    amounts: list[Mention] = []
    for sentence in act.sentences():
        if P not in sentence.text or sentence.piece.kind in ("row", "aside"):
            continue
        if not amounts:
            amounts = [m for other in act.sentences() for _, m in other.money() if m.figure is not None]
        rates = [(at, m) for at, m in sentence.mentions() if isinstance(m.figure, Percentage)]
        for at, stated in rates:
            if id(stated.figure) in rated or not _plain_rate(stated) or _of_else(sentence, at):
                continue
            claim = _claim(act, sentence, at, stated)
            if claim is None:
                continue
            if not holds(claim) and _explained(claim, sentence, stated, rates, amounts):
                continue
            yield claim


def _plain_rate(stated: Mention) -> bool:
    figure = stated.figure
    return (
        isinstance(figure, Percentage)
        and 0 < figure.fraction < 100
        and figure.qualifier is None
        and not stated.repaired
        and stated.kind == "percent"
    )


def _of_else(sentence: Sentence, at: int) -> bool:
    """True when the words beside the rate make it a change, a tax, an interest, a progress of works…"""
    text = sentence.clip.text
    before = re.split(f"[{A}{P};]", text[max(sentence.start, at - 70) : at])[-1]
    after = re.split(f"[{A}{P};.]", text[at + 1 : min(sentence.end, at + 45)])[0]
    if before.rstrip(" (")[-1:] in ("+", "<", ">", "≤", "≥", "~"):
        return True
    return _RATE_OF_ELSE.search(before) is not None or _RATE_OF_ELSE.search(after) is not None


def _role(before: str, after: str) -> str:
    """What an amount is, by its own words; nothing when they do not say."""
    label = _OWN_LABEL.split(before)
    words = label[-1]
    if not words.strip(" (") and len(label) > 1:
        words = label[-2][-_LABEL:]  # « Coût : A »
    if _COST_AFTER.match(after):
        return "cost"
    nouns = list(_NOUN.finditer(words))
    if nouns:
        last = nouns[-1]
        tail = words[last.end() :]
        if len(tail) > _LABEL or _NOT_OF_IT.search(tail):
            return ""
        if last["cost"]:
            return "" if _FOR_WHAT.search(words[: last.start()]) else "cost"
        return "aid" if last["aid"] else "pay"
    if _COST_VERB.search(words) or _WORKS_BEFORE.search(words):
        return "cost"
    return "aid" if _GIVES.search(words) else ""


def _said(sentence: Sentence) -> list[_Said]:
    text = sentence.clip.text
    out: list[_Said] = []
    figures = [at for at, m in sentence.mentions() if m.figure is not None]
    for at, mention in sentence.money():
        if mention.figure is None:
            continue
        index = bisect_left(figures, at)
        low = figures[index - 1] + 1 if index else sentence.start
        high = figures[index + 1] if index + 1 < len(figures) else sentence.end
        before, after = text[max(low, at - _WIDE) : at], text[at + 1 : min(high, at + 61)]
        out.append(_Said(sentence, at, mention, _role(before, after)))
    return out


def _claim(act: Act, sentence: Sentence, at: int, stated: Mention) -> Claim | None:
    """The share that the rate tells, when its part and its base leave no doubt."""
    text = sentence.clip.text
    said = _said(sentence)
    part, complement = _part(sentence, at, said)
    earlier = [other for other in act.sentences_before(sentence, _BACK) if _flows(other, sentence)]
    if part is None:
        if not _AT_RATE.search(text, max(sentence.start, at - 60), at):
            return None
        following = sentence.piece.sentences[sentence.number + 1 : sentence.number + 2]
        scope = [*earlier[:1], sentence, *following]
        near = [one for other in scope for one in (said if other is sentence else _said(other))]
        aids = [one for one in near if one.role == "aid"]
        if any(one.role not in ("aid", "cost") for one in near) or len({one.value for one in aids}) != 1:
            return None
        if sum(1 for other in scope for _, m in other.mentions() if m.kind in ("percent", "fraction")) != 1:
            return None
        part = aids[0]
        after = _COMPLEMENT.match(text, at + 1, sentence.end)
        complement = after["noun"] if after is not None else ""
        costs = [one for one in near if one.role == "cost"]
        if complement and not (_COST_NAMED.match(complement) and all(_is_named(one, complement) for one in costs)):
            return None
        return _share(act, sentence, at, stated, part, costs, scope)
    if (whole := _pointed(sentence, at, part, said, earlier)) is not None:
        return _share(act, sentence, at, stated, part, [whole], [sentence])
    wanted = "cost"
    if complement:
        if _COST_NAMED.match(complement):
            wanted = "cost"
        elif _AID_NAMED.match(complement):
            wanted = "aid"
        else:
            return None
    elif part.role == "pay" and sorted(one.role for one in said) == ["aid", "pay"] and said[0].role == "aid":
        wanted = "aid"  # « la subvention de B a donné lieu à un premier versement de A (P) »
    elif part.role == "pay" or any(_PAID.search(other.text) for other in (sentence, *earlier[:1])):
        return None  # the rate of a payment is of the aid, or of anything else
    if part.role == "cost" and wanted == "cost":
        # « A pour des travaux de B, ce qui fait P »: the rate stands with its base.
        before = [one for one in said if one.at < part.at]
        if len(before) != 1 or complement or part.at > at:
            return None
        if before[0].role == "cost" or not _OUT_OF.search(text, before[0].at + 1, part.at):
            return None
        return _share(act, sentence, at, stated, before[0], [part], [sentence])
    here = [one for one in said if one.role == wanted and one is not part]
    scope = [sentence]
    for other in earlier:
        if here:
            break
        scope.append(other)
        here = [one for one in _said(other) if one.role == wanted]
    if complement and not all(_is_named(one, complement) for one in here):
        return None
    return _share(act, sentence, at, stated, part, here, scope)


_THIS: Final = re.compile(
    r" ?(?:de|of) (?:ce|cette|this) (?:montant|somme|total|depense|budget|enveloppe|amount|sum)(?![a-z])"
)
_OF_WHICH: Final = re.compile(r"(?<![a-z])(?:dont|of which) \Z")


def _pointed(
    sentence: Sentence, at: int, part: _Said, said: Sequence[_Said], earlier: Sequence[Sentence]
) -> _Said | None:
    """« P de ce montant, soit A », « une subvention de B, dont P (A) »: the only amount before is the base."""
    text = sentence.clip.text
    this = _THIS.match(text, at + 1, sentence.end) is not None
    which = _OF_WHICH.search(text, max(sentence.start, at - 12), at) is not None and part.at > at
    if not this and not which:
        return None
    before = [one for one in said if one.at < at and one is not part]
    if not before and this and earlier:
        before = _said(earlier[0])
    return before[-1] if len({one.value for one in before}) == 1 else None


def _is_named(base: _Said, complement: str) -> bool:
    """True when what the rate is said to be of is no narrower than the words of the base: not « de la dépense
    éligible » of a « coût du projet »."""
    text = base.sentence.clip.text
    words = text[max(base.sentence.start, base.at - _WIDE) : min(base.sentence.end, base.at + 61)]
    own = {stem(word) for word in _WORD.findall(words)} | ({base.tax.lower()} if base.tax else set())
    named = _STOP.split(complement)[0]
    return all(word in own or word in _WIDE_WORDS for word in map(stem, _WORD.findall(named)))


def _flows(earlier: Sentence, sentence: Sentence) -> bool:
    """True for sentences of one paragraph, or of lines that follow one another."""
    one, two = earlier.piece, sentence.piece
    if one is two:
        return True
    return one.kind not in ("row", "aside", "heading") and two.number - one.number <= _BACK and not two.gap


def _part(sentence: Sentence, at: int, said: Sequence[_Said]) -> tuple[_Said | None, str]:
    """The amount that stands with the rate, and what the rate is said to be of, when it is said."""
    text = sentence.clip.text
    of = _COMPLEMENT.match(text, at + 1, sentence.end)
    noun = of["noun"] if of is not None and not _WHO.match(text[at + 1 : of.end()]) else ""
    before = _PART_BEFORE.search(text, max(sentence.start, at - 120), at)
    after = _PART_AFTER.match(text, at + 1, sentence.end)
    if after is not None and after["of"] and not _WHO.match(after["of"]):
        named = _COMPLEMENT.match(after["of"])
        if named is None:
            after = None
    spot = None
    if before is not None:
        words = before["of1"] or before["of2"] or ""
        if not _OTHER_THING.search(words) and not _NOUN.search(words):
            spot = before.start("part")
    if spot is None and after is not None:
        spot = after.start("part")
    elif spot is not None and after is not None and text[at - 1 : at] != "(" and not text[:at].endswith("soit "):
        return None, ""  # between two amounts, each of which may be its part
    if spot is None:
        return None, ""
    return next((one for one in said if one.at == spot), None), noun


def _share(
    act: Act,
    sentence: Sentence,
    at: int,
    stated: Mention,
    part: _Said,
    wholes: Sequence[_Said],
    scope: Sequence[Sentence],
) -> Claim | None:
    """The share of the only base, or of the one of two that makes it true: with tax, and without."""
    values = {one.value for one in wholes}
    if not values or len(values) > 2 or (len(values) == 2 and len({one.tax for one in wholes}) != 2):
        return None
    if any(_DOUBTFUL.search(other.text) for other in scope):
        return None
    if not isinstance(stated.figure, Percentage):
        return None
    found: list[Share] = []
    for whole in wholes:
        figures = (part.mention.figure, whole.mention.figure)
        if any(not isinstance(figure, Amount) or figure.qualifier or figure.n <= 0 for figure in figures):
            return None
        if part.mention.repaired or whole.mention.repaired or part.value >= whole.value:
            return None
        claim = Share(
            place=place_of(stated),
            cue=act.cue(sentence.clip, min(at, part.at), max(at, part.at) + 1),
            topic="rated",
            stated=stated.figure,
            part=part.mention.figure,
            whole=whole.mention.figure,
            confidence="medium",
        )
        if holds(claim):
            return claim
        under = 100 * part.value < stated.figure.fraction * whole.value
        if under and part.at > at and _CAPS.search(act.passage.folded) is not None:
            return None  # less than its rate, an aid may be capped
        if under and _LABELLED_RATE.search(sentence.clip.text, max(sentence.start, at - 40), at):
            claim = replace(claim, confidence="low")
        if whole.sentence is not sentence and not _same_object(act, sentence, max(at, part.at)):
            claim = replace(claim, confidence="low")
        found.append(claim)
    return found[0]


_CAPS: Final = re.compile(r"(?<![a-z])(?:plafon|maxim|minim|forfait|limit|ecret|capp|ceiling)")
_LABELLED_RATE: Final = re.compile(r"(?<![a-z])(?:taux|rate)(?: [a-z' ]{2,24})? ?: ?\Z")
_SMALL: Final = frozenset(
    re.findall(
        "[a-z]+",
        "a ainsi alors at au aussi aux avec be by c ce cela cet cette ceux ci comme d dans de deja des dire donc du e "
        "egalement elle elles en enfin est et etant euros eux fait ferait for hauteur ht i il ils is it j l la "
        "laquelle le lequel les leur leurs lui mais montant n ne nos notre nous of on ont ou par pas pour qu que qui "
        "s sa sera serait seront ses si soit somme son sont sur t taux the to total tout ttc un une vers vous will "
        "with y",
    )
)
_GIVERS: Final = frozenset(
    stem(word)
    for word in re.findall(
        "[a-z]+",
        "accorde accordee accordera acquis acquise ademe agence agglomeration aide aides allocations alloue allouee "
        "ans appliquant applique appliquee apporte apportera apporterait assiette association attend attendu attendue "
        "attribue attribuee attribuera autofinancement beneficiaire caf caisse calcule calculee charge city cnds "
        "cofinancement collectivite communale communautaire communaute commune concours conduit conseil contribue "
        "contribuera contribuerait contributes contribution correspond council county cout couvre couvrira demande "
        "demandee departement departemental departementale depense dernier detr district donne donnera dotation drac "
        "dsid dsil eau eleve emprunt entreprise epci etat europe europeenne familiales feder finance financee "
        "financement financera financerait financeur financeurs fipd fixe fixee fondation fonds funding general grant "
        "intercommunalite intervenir interviendra interviendrait intervient mecene metropole minimal ministere mixte "
        "msa municipal municipale national nationale notifiee obtenu obtient octroie octroyee office operation parc "
        "part partenaire partenaires participation participations participe participera participerait pays porteur "
        "prefecture prend prendra prevu prevue prise projet propose proposee propre propres publique region regional "
        "regionale represente representera reste solde sollicite sollicitee sollicitera soutien soutiendra soutient "
        "state subvention subventions suit syndicat territoriale town union verse versera verserait ville",
    )
)


def _same_object(act: Act, sentence: Sentence, until: int) -> bool:
    """True when the words up to the rate name who gives and how, and nothing that may have a cost of its own:
    « L'État apporte A, soit P », not « pour ce poste, la CAF apporte A, soit P »."""
    clip = sentence.clip
    start, end = clip.span(sentence.start, until)
    written = act.passage.text[start:end]
    for rank, found in enumerate(_WRITTEN.finditer(written)):
        word = found.group()
        if word.isupper() or (rank and word[0].isupper()):
            continue  # a name
        folded = fold(word)
        if folded not in _SMALL and stem(folded) not in _GIVERS:
            return False
    return True


_WRITTEN: Final = re.compile(r"[^\W\d_]+")


def _explained(
    claim: Claim, sentence: Sentence, stated: Mention, rates: Sequence[tuple[int, Mention]], amounts: Sequence[Mention]
) -> bool:
    """True when the rate may be true of anything else than what it seems to be of."""
    if not isinstance(claim, Share) or claim.part is None or claim.whole is None or claim.stated is None:
        return True
    part, whole, rate = claim.part.fraction, claim.whole.fraction, claim.stated.fraction
    unit = Fraction(1, 10**claim.stated.decimals)
    low, high = (rate - unit) / 100, (rate + unit) / 100  # any rounding, and a share adjusted by one unit
    if part % 10 == 0 and abs(part - whole * rate / 100) < 100:
        return True  # an amount worked out from the rate, to ten or a hundred euros

    def fits(one: Fraction, of: Fraction) -> bool:
        return of > 0 and low * of < one < high * of

    near = bisect_left(amounts, stated.start, key=lambda m: m.start)
    around = {m.figure.fraction for m in amounts[max(0, near - _SPARE) : near + _SPARE] if m.figure is not None}
    here = {m.figure.fraction for _, m in sentence.money() if m.figure is not None and m.figure.fraction > 0}
    others = here - {part, whole}
    if any(fits(part, other) for other in around if other != whole):
        return True
    if any(fits(one, other) for one in here for other in (*here, whole) if (one, other) != (part, whole)):
        return True

    def meant(one: Fraction, of: Fraction) -> bool:
        """A base that nobody prints is believed when it agrees with the rate as an amount worked out from it does."""
        if unit < 1:
            return of > 0 and abs(100 * one - rate * of) <= unit * of / 2
        return abs(100 * one - rate * of) <= 100

    if any(meant(part, whole * tax) or meant(part, whole / tax) for tax in _VAT):
        return True
    wider = around - {part, whole}
    if any(meant(part, whole - other) or meant(part, whole + other) for other in wider):
        return True
    if any(meant(part + other, whole) for other in wider if part + other <= whole):
        return True
    if fits(whole - part, whole) or any(meant(part, whole - one - two) for one, two in combinations(sorted(others), 2)):
        return True
    for _, other in rates:
        if other is not stated and isinstance(other.figure, Percentage):
            more = other.figure.fraction
            for both in (rate + more, rate - more, rate * more / 100):
                if both > 0 and (both - unit) * whole < 100 * part < (both + unit) * whole:
                    return True
    if _TIMES.search(sentence.text):
        return any(meant(part * times, whole) or meant(part, whole * times) for times in _MULTIPLES)
    return False
