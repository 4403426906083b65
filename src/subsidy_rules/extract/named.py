"""What two or three sentences say of amounts that each bear their own name: an aid, its advance and its balance; a
ceiling of each file and the aid of one; a ceiling and the running total under it; the shares paid at each stage.

What is told here may be false: every figure of the sentences has one role, or nothing is told but what holds.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Final

from subsidy_rules.acts import Act, place_of
from subsidy_rules.claims import AtMost, Balance, Claim, SharesTotal, Sum
from subsidy_rules.figures import Amount, Percentage
from subsidy_rules.mentions import A, Mention, P
from subsidy_rules.sentences import Sentence
from subsidy_rules.series import sole

__all__ = ["claims"]


def claims(act: Act) -> Iterator[Claim]:
    """Stages of payment in per cent, balances, advances and limits whose amounts have their names."""
    yield from _of_these(act)
    for sentence in act.sentences():
        text = sentence.text
        if text.count(P) > 1:
            yield from _stages(act, sentence)
        if A not in text:
            continue
        if "solde" in text:
            yield from _owed(act, sentence)
        if "excedent" in text or "deficit" in text:
            yield from _outcome(act, sentence)
        if "compte" in text or "avance" in text:
            yield from _advance(act, sentence)
        if "pas" in text:
            yield from _not_over(act, sentence)
        if "cumul" in text:
            yield from _running(act, sentence)
        if P in text:
            yield from _by_file(act, sentence)


def _amounts(sentence: Sentence) -> list[tuple[int, Mention]]:
    return [(at, m) for at, m in sentence.money() if m.is_money]


def _exact(*mentions: Mention) -> bool:
    return all(
        m.kind == "amount"
        and isinstance(m.figure, Amount)
        and m.figure.is_exact
        and m.figure.qualifier is None
        and m.figure.n > 0
        and not m.repaired
        for m in mentions
    )


def _before(act: Act, sentence: Sentence, most: int) -> list[Sentence]:
    """The sentences of the same paragraph just before, in reading order."""
    found = [other for other in act.sentences_before(sentence, most) if other.piece is sentence.piece]
    return found[::-1]


# -- shares paid at each stage --------------------------------------------------------------------------------------

_PAYS: Final = re.compile(
    r"(?<![a-z])(?:modalites? (?:de|du) (?:versement|paiement|reglement)|echeancier|(?:est|sera|seront|sont) (?:verse"
    r"|paye|regle|mandate)[a-z]{0,2}|vers(?:ement|e|ee)s?|pay(?:ment|able|ee?|ement|ements)|paiements?)(?![a-z])"
)
_STAGE: Final = re.compile(
    r" ?(?:(?:du montant |de la subvention |de l'aide )?(?:a (?:la|l')|au(?! (?:plus|moins|maximum|minimum|titre))|lors"
    r"|des (?:la|le|l')|apres|sur presentation|en (?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre"
    r"|novembre|decembre)|on (?:signature|completion|receipt)|upon))(?![a-z])"
)
_NOT_ONE: Final = re.compile(
    r"(?<![a-z])(?:cumul[a-z]{0,3}|jusqu[a-z]{0,2}|concurrence|ou|si|lorsque|quand|selon|maxim[a-z]{0,3}"
    r"|minim[a-z]{0,3}"
    r"|plafon[a-z]{0,4}|limite|total[a-z]{0,3}|compris[a-z]{0,2}|inclus[a-z]{0,2}|avancement|realis[a-z]{1,4}"
    r"|execut[a-z]{1,4}"
    r"|atteint[a-z]{0,2}|taux d|sauf|hors|porte[a-z]{0,2}|penalit[a-z]{0,3}|majoration|or|if|up to|chacune?|chaque"
    r"|respectivement|d'une part|lot|tranche)(?![a-z])"
)
_LAST: Final = re.compile(r" ?(?:au|pour le|le|a titre de|du|on|as) ?(?:solde|solde final|final|balance)(?![a-z])")


def _stages(act: Act, sentence: Sentence) -> Iterator[Claim]:
    """« Versement : 40 % à la signature, 30 % à la remise du rapport et 30 % au solde »: all the stages of one payment,
    the last of which is the balance. Rates that rise to the last may be running totals, and accuse nobody."""
    clip = sentence.clip
    # The terms of payment may come last in a run of lines that were joined.
    since = sentence.start + sentence.text.rfind(A) + 1
    opening = _PAYS.search(clip.text, since, sentence.end)
    if opening is None or _NOT_ONE.search(clip.text, opening.start(), sentence.end) is not None:
        return
    rates = [(at, m) for at, m in sentence.mentions() if m.kind == "percent" and at > opening.start()]
    figures = [m.figure for _, m in rates if isinstance(m.figure, Percentage)]
    if not 2 <= len(rates) <= 6 or len(figures) != len(rates) or not sentence.whole:
        return
    if not all(_STAGE.match(clip.text, at + 1) for at, _ in rates) or not _LAST.match(clip.text, rates[-1][0] + 1):
        return
    values = [figure.fraction for figure in figures]
    rising = all(one < two for one, two in itertools.pairwise(values))
    claim = SharesTotal(
        place=place_of(rates[0][1]),
        cue=act.cue(clip, rates[0][0], rates[-1][0] + 1),
        topic="stages",
        percents=tuple(figures),
        confidence="medium",
    )
    # Less than the whole may leave a part that is paid otherwise; more than the whole cannot be paid.
    yield from sole(claim, certain=not rising and sum(values) > 100 and all(value < 100 for value in values))


# -- an aid, its advance, its balance -------------------------------------------------------------------------------

_AID: Final = re.compile(
    r"(?<![a-z])(?:subvention|aide|participation|dotation|bourse|fonds de concours|grant)(?![a-z])[^.;]{0,60}\Z"
)
_ADVANCED: Final = re.compile(r"(?<![a-z])(?:un |une |l'|d'un |d'une )?(?:acompte|avance)(?![a-z])[^.;,]{0,40}\Z")
_BALANCE: Final = re.compile(
    r"(?<![a-z])le solde(?: restant)?(?: du| a verser| a percevoir| a payer| restant du)?(?: par [^,;.]{2,40}"
    r"| a l'association"
    r"| au beneficiaire)?(?: (?:est|sera|s'eleve|s'etablit|ressort)(?: donc| ainsi)?(?: de| a)|, soit|, de|,|:) ?\Z"
)
_MANY_SIDED: Final = re.compile(
    r"(?<![a-z])(?:second[a-z]?|deuxieme|nouve[a-z]{1,3}|avenant|revis[a-z]{1,4}|actualis[a-z]{1,4}|interets?"
    r"|complement[a-z]{0,5}"
    r"|supplement[a-z]{0,5}|autres?|egalement|major[a-z]{0,5}|par an|annuel[a-z]{0,3}|chaque|chacune?|environ"
    r"|report[a-z]{0,4}"
    r"|anterieur[a-z]{0,2}|precedent[a-z]{0,2}|cumul[a-z]{0,3}|exercice n|ajout[a-z]{0,4}|outre|en sus|frais"
    r"|marche|entreprise"
    r"|titulaire|fournisseur|prestataire|architecte|maitre d'oeuvre|emprunt|pret|loyer|facture|facturation"
    r"|reserve)(?![a-z])"
)


def _owed(act: Act, sentence: Sentence) -> Iterator[Claim]:
    """« une aide de A … Un acompte de B a été encaissé. … le solde dû est de C »: a balance may be less than what the
    advance leaves of the aid, when less was spent; it is never more."""
    money = _amounts(sentence)
    if not money:
        return
    clip = sentence.clip
    scope = [*_before(act, sentence, 3), sentence]
    said = [(place, at, m) for place in scope for at, m in _amounts(place)]
    if len(said) != 3 or said[-1][0] is not sentence or not _exact(*(m for _, _, m in said)):
        return
    (one, at_aid, aid), (two, at_advance, advance), (_, at, left) = said
    text = clip.text
    low = max(sentence.start, at_advance + 1)
    if (
        _AID.search(text, max(one.start, at_aid - 90), at_aid) is None
        or _ADVANCED.search(text, max(two.start, at_aid + 1), at_advance) is None
        or _BALANCE.search(text, low, at) is None
        or _MANY_SIDED.search(text, scope[0].start, sentence.end) is not None
        or P in text[scope[0].start : sentence.end]
    ):
        return
    if aid.figure is None or advance.figure is None or left.figure is None:
        return
    claim = Balance(
        place=place_of(left),
        cue=act.cue(clip, max(low, at - 60), at + 1),
        topic="roles",
        start=aid.figure,
        minus=(advance.figure,),
        result=left.figure,
        confidence="medium",
    )
    over = advance.figure.fraction < aid.figure.fraction < advance.figure.fraction + left.figure.fraction
    yield from sole(claim, certain=over and left.figure.fraction < aid.figure.fraction and sentence.whole)


_THE_AID: Final = re.compile(
    r"(?:la (?:presente )?subvention|l'aide|cette (?:aide|subvention)|la participation)(?![a-z])[^.;]{0,60}\Z"
)
_AN_ADVANCE: Final = re.compile(
    r"(?:et |puis )?(?:un (?:premier )?acompte|une (?:premiere )?avance|l'acompte"
    r"|l'avance)(?:,? d'un montant)? (?:de )?\Z"
)
_PAID_AFTER: Final = re.compile(
    r" ?(?:est|sera|a ete|peut etre|lui est|lui sera|pourra etre) (?:verse|paye|mandate)e?(?![a-z])"
)


def _advance(act: Act, sentence: Sentence) -> Iterator[Claim]:
    """« La subvention, de A, … . Un acompte de B est payé … »: the advance of the subsidy just said is no more."""
    money = _amounts(sentence)
    earlier = _before(act, sentence, 1)
    if len(money) != 1 or not earlier or len(own := _amounts(earlier[0])) != 1:
        return
    (at, value), (before, limit) = money[0], own[0]
    text = sentence.clip.text
    if (
        not _exact(value, limit)
        or _AN_ADVANCE.fullmatch(text, sentence.start, at) is None
        or _PAID_AFTER.match(text, at + 1) is None
        or _THE_AID.fullmatch(text, earlier[0].start, before) is None
        or _MANY_SIDED.search(text, earlier[0].start, sentence.end) is not None
    ):
        return
    claim = AtMost(
        place=place_of(value),
        cue=act.cue(sentence.clip, sentence.start, at + 1),
        topic="advance",
        value=value.figure,
        limit=limit.figure,
        confidence="medium",
    )
    yield from sole(claim, certain=sentence.whole)


# -- income, spending, and what they leave --------------------------------------------------------------------------

_IN: Final = re.compile(r"(?<![a-z])(?:recettes?|produits?)(?: totale?s)? (?:de|d'un montant de|pour|a hauteur de) ?\Z")
_OUT: Final = re.compile(r"(?<![a-z])(?:depenses?|charges?)(?: totales?)? (?:de|d'un montant de|pour|a hauteur de) ?\Z")
_LEAVES: Final = re.compile(
    r"(?P<word>l'excedent|le deficit)(?: ainsi| donc)?(?: degage| constate)?(?:,| de|, soit|, de|, d'un montant de"
    r"| (?:est|ressort|s'eleve|s'etablit)(?: donc| ainsi)? (?:de|a)) ?\Z"
)


def _outcome(act: Act, sentence: Sentence) -> Iterator[Claim]:
    """« des dépenses de A pour des recettes de B. L'excédent, C, … »."""
    money = _amounts(sentence)
    earlier = _before(act, sentence, 1)
    if not money or not earlier or len(pair := _amounts(earlier[0])) != 2:
        return
    clip, text = sentence.clip, sentence.clip.text
    at, result = money[0]
    word = _LEAVES.fullmatch(text, sentence.start, at)
    mentions = [m for _, m in pair]
    if word is None or not _exact(*mentions, result) or _MANY_SIDED.search(earlier[0].text) is not None:
        return
    spots = [spot for spot, _ in pair]
    if len(spots) != 2:
        return
    incomes = [m for spot, m in pair if _IN.search(text, max(earlier[0].start, spot - 60), spot)]
    spent = [m for spot, m in pair if _OUT.search(text, max(earlier[0].start, spot - 60), spot)]
    if len(incomes) != 1 or len(spent) != 1:
        return
    income, spending = incomes[0].figure, spent[0].figure
    if not (isinstance(income, Amount) and isinstance(spending, Amount) and result.figure is not None):
        return
    if income.tax != spending.tax:
        return
    loses = word["word"] == "le deficit"
    start, less = (spending, income) if loses else (income, spending)
    claim = Balance(
        place=place_of(result),
        cue=act.cue(clip, sentence.start, at + 1),
        topic="roles",
        start=start,
        minus=(less,),
        result=result.figure,
        confidence="medium",
    )
    yield from sole(claim, certain=start.fraction > less.fraction and sentence.whole)


# -- limits ---------------------------------------------------------------------------------------------------------

_IT: Final = re.compile(
    r"(?:il|elle|ce montant|cette somme|cette aide|cette subvention|cette participation|ce fonds de concours"
    r"|ce concours)"
    r" (?:n'excede|ne depasse|n'excedera|ne depassera)(?: donc| ainsi)? pas "
    r"(?:la |le |l'|celle |celui |son |sa |ce |cette )(?P<what>[^\ue000\ue001;.:]{2,90}?)(?:,? (?:laquelle"
    r"|lequel|qui))?"
    r" ?(?:s'eleve a|est de|est fixee? a|s'etablit a|atteint|,? soit|de|,|\() ?\Z"
)
_PART_OF: Final = re.compile(
    r"(?<![a-z])(?:moitie|tiers|quart|double|triple|%|pour cent|\ue002|\ue006|total des|cumul|reste)(?![a-z])"
    r"|[\ue002\ue006]"
)


def _not_over(act: Act, sentence: Sentence) -> Iterator[Claim]:
    """« Le fonds de concours s'établit à V. Il n'excède pas la part de la commune, qui s'élève à L »."""
    money = _amounts(sentence)
    earlier = _before(act, sentence, 1)
    if len(money) != 1 or not earlier or len(own := _amounts(earlier[0])) != 1:
        return
    at, limit = money[0]
    value = own[0][1]
    found = _IT.fullmatch(sentence.clip.text, sentence.start, at)
    if found is None or _PART_OF.search(found["what"]) or not _exact(value, limit):
        return
    if re.match(r" ?(?:par|/|chaque)(?![a-z])", sentence.clip.text[at + 1 : at + 12]):
        return
    claim = AtMost(
        place=place_of(value),
        cue=act.cue(sentence.clip, sentence.start, at + 1),
        topic="limit",
        value=value.figure,
        limit=limit.figure,
        confidence="medium",
    )
    yield from sole(claim, certain=sentence.whole)


_CEILING: Final = re.compile(
    r"(?<![a-z])le (?:plafond|maximum)(?: (?:fixe|prevu|autorise|total|global"
    r"|d'aide)[a-z]{0,2})?(?: par [^,;.\ue000]{3,60})?"
    r" (?:est (?:de|fixe a)|s'eleve a|s'etablit a) \ue000 (?:sur|pour) (?:les )?\ue002 (?:ans|annees|exercices)"
)
_SUMMED: Final = re.compile(
    r"(?<![a-z])(?:soit[a-z\ue002\ue004\ue005 ,]{0,30}? )(?:un |en )cumul(?:e)? (?:total )?de \ue000"
)
_ABOVE: Final = re.compile(
    r"(?<![a-z])(?:depass|exced|superieur|relev|porte|avenant|derog|report|au-dela|hors)[a-z]{0,5}(?![a-z])"
)


def _running(act: Act, sentence: Sentence) -> Iterator[Claim]:
    """« Le plafond est de L sur trois ans ; …, soit un cumul de V »."""
    clip, text = sentence.clip, sentence.clip.text
    total = _SUMMED.search(text, sentence.start, sentence.end)
    if total is None:
        return
    start = min([sentence.start, *(other.start for other in _before(act, sentence, 1))])
    ceiling = _CEILING.search(text, start, total.start())
    if ceiling is None or _ABOVE.search(text, start, sentence.end):
        return
    value = clip.mention(total.end() - 1)
    limit = clip.mention(text.index(A, ceiling.start()))
    claim = AtMost(
        place=place_of(value),
        cue=act.cue(clip, ceiling.start(), ceiling.end()),
        topic="limit",
        value=value.figure,
        limit=limit.figure,
        confidence="medium",
    )
    yield from sole(claim, certain=_exact(value, limit) and sentence.whole)


_EACH_FILE: Final = re.compile(
    r"\ue001[^.;\ue000\ue001]{0,30}?(?: et|,)(?: [a-z' ]{0,30})?plafonn(?:e|ant|ee) (?:la |l'|le |cette |leur )?"
    r"[a-z' ]{0,50}\ue000 par (?:dossier|projet|operation|demande|beneficiaire|association)(?![a-z])"
)
_AWARDED: Final = re.compile(
    r"(?<![a-z])(?:attribuer|accorder|allouer|verser|octroyer|attribue|accorde|alloue"
    r"|octroye)(?![a-z])[^\ue000\ue001;.]{0,90}"
    r"\ue000,? soit \ue001 (?:d'une |de la |d'un |du )[a-z' ]{2,40}(?:de )?\ue000"
)
_SEVERAL: Final = re.compile(
    r"(?<![a-z])(?:dossiers|projets|operations|demandes|aux|leurs|chacune?|derog[a-z]{3,8}|exception[a-z]{3,8}"
    r"|titre d'exception"
    r"|major[a-z]{1,6}|bonifi[a-z]{2,6}|tranches|ces|deux|autre)(?![a-z])|\ue002"
)


def _by_file(act: Act, sentence: Sentence) -> Iterator[Claim]:
    """« le règlement fixe le taux à P et plafonne l'aide à L par dossier. … attribuer V, soit P d'une dépense de »: the
    same rate says that the award is of that rule, and its words that it is of one file."""
    clip, text = sentence.clip, sentence.clip.text
    award = _AWARDED.search(text, sentence.start, sentence.end)
    if award is None or _SEVERAL.search(sentence.text) is not None or len(_amounts(sentence)) != 2:
        return
    for rule in act.sentences_before(sentence, 2):
        found = _EACH_FILE.search(rule.clip.text, rule.start, rule.end)
        if found is None:
            continue
        rate, said = rule.clip.mention(found.start()), clip.mention(text.index(P, award.start()))
        value = clip.mention(text.index(A, award.start()))
        limit = rule.clip.mention(rule.clip.text.index(A, found.start()))
        if len(_amounts(rule)) != 1 or rule.text.count(P) != 1 or not _exact(value, limit):
            return
        if rate.figure is None or said.figure is None or rate.figure.fraction != said.figure.fraction:
            return
        claim = AtMost(
            place=place_of(value),
            cue=act.cue(rule.clip, found.start(), found.end()),
            topic="limit",
            value=value.figure,
            limit=limit.figure,
            confidence="medium",
        )
        yield from sole(claim, certain=sentence.whole)
        return


# -- « le montant total de ces aides » under their list -------------------------------------------------------------

_OF_THESE: Final = re.compile(
    r"(?:le (?:montant )?total|le montant global|l'ensemble|la somme) de ces [a-z]{4,20}s (?:s'eleve|s'etablit|est)"
    r"(?: donc| ainsi)? (?:a|de) \ue000(?! (?:par|ht|hors|sur)(?![a-z]))"
)
_NOT_ALL: Final = re.compile(
    r"(?<![a-z])(?:dont|hors|compris|inclus|annul[a-z]{1,4}|sous reserve|deja|report[a-z]{0,4}|environ"
    r"|arrondi[a-z]{0,2}|plafon[a-z]{0,4}|retir[a-z]{1,4}|rejet[a-z]{1,4}|refus[a-z]{0,3}|ajourn[a-z]{1,4}|demand[a-z]{1,4}"
    r"|sollicit[a-z]{1,4}|apres|avec|outre|autres?|par an|par mois|chacune?|chaque|fois|ans|mois)(?![a-z])"
)


def _of_these(act: Act) -> Iterator[Claim]:
    """A list of one amount an item, then « Le montant total de ces dotations s'élève à T »: all of them."""
    for series in act.series:
        if series.after is None or not series.after.sentences or series.intro is None:
            continue
        sentence = series.after.sentences[0]
        found = _OF_THESE.match(sentence.clip.text, sentence.start, sentence.end)
        if found is None:
            continue
        total = sentence.clip.mention(found.end() - 1)
        parts = [entry.amounts[0] for entry in series.entries]
        certain = (
            len(parts) > 1
            and series.marked
            and not series.cut
            and not series.ragged
            and sentence.whole
            and all(len(entry.amounts) == 1 and not entry.percents for entry in series.entries)
            and len({entry.level for entry in series.entries}) == 1
            and not series.intro.money()
            and _exact(*parts, total)
            and len({m.figure.tax for m in (*parts, total) if isinstance(m.figure, Amount)}) == 1
            and not any(_NOT_ALL.search(entry.piece.clip.text) for entry in series.entries)
            and _NOT_ALL.search(sentence.text) is None
            and _NOT_ALL.search(series.intro.text) is None
        )
        claim = Sum(
            place=place_of(total),
            cue=act.cue(sentence.clip, found.start(), found.end()),
            topic="enumeration" if not certain else "roles",
            total=total.figure,
            parts=tuple(m.figure for m in parts),
            confidence="medium",
        )
        yield from sole(claim, certain=certain)
