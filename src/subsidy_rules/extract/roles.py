"""Sentences whose words give every amount its role: « sur une enveloppe de A, B ont été attribués ; C restent ».

What is told here may be false, so nothing is left to guessing: each amount of the sentence (or of the few that go
together) has exactly one role, said by its own words, or the reading is told only when it holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from subsidy_rules.acts import Act, place_of
from subsidy_rules.claims import Average, Balance, Claim, Share, Sum
from subsidy_rules.figures import Amount, Percentage
from subsidy_rules.holding import holds
from subsidy_rules.mentions import Clip, Mention
from subsidy_rules.sentences import Piece, Sentence
from subsidy_rules.series import choose, sole

__all__ = ["claims"]

_MOST: Final = 6
_WIDE: Final = 120


def claims(act: Act) -> Iterator[Claim]:
    """Remainders, results, payments in several times, records that close, and runs of shares of one whole."""
    for piece in act.passage.pieces:
        if piece.kind in ("row", "aside"):
            continue
        money = [(at, m) for at, m in piece.money() if _exact(m)]
        if len(money) < 2 or len(money) > 60:
            continue
        text = piece.clip.text
        if _LEAVES.search(text) is not None:
            yield from _remainders(act, piece)
            yield from _labelled(act, piece, money)
        if _TIMES.search(text) is not None:
            yield from _in_times(act, piece)
        if len(money) > 2 and _TOTALS.search(text) is not None:
            yield from _records(act, piece, money)
        if "%" in act.passage.text[piece.start : piece.end]:
            yield from _shares(act, piece, money)
    yield from _closing_lines(act)


def _exact(mention: Mention) -> bool:
    figure = mention.figure
    return mention.kind == "amount" and isinstance(figure, Amount) and figure.is_exact and not mention.repaired


def _plain(*mentions: Mention) -> bool:
    """True for amounts of one currency, none « environ », not some before tax and others after."""
    figures = [m.figure for m in mentions if isinstance(m.figure, Amount)]
    taxes = {figure.tax for figure in figures}
    return len(figures) == len(mentions) and all(f.qualifier is None and f.n > 0 for f in figures) and len(taxes) == 1


# -- what is left ---------------------------------------------------------------------------------------------------

_LEAVES: Final = re.compile(
    r"(?<![a-z])(?:rest(?:e|ent|era|erait|eront|ant|ants)|manqu(?:e|ent|era|eront|erait)|reliquat|soldes?|disponibles?|subsist[a-z]{1,4}"
    r"|demeur[a-z]{1,4}|exced[a-z]{2,4}|deficit|besoin de financement|resultat|benefice|perte|leav(?:es|ing)"
    r"|remain[a-z]{0,3}"
    r"|balance|surplus|shortfall|left)(?![a-z])"
)
_LEFT_AFTER: Final = re.compile(
    r" ?(?:restent|reste|restaient|restait|resteront|restera|demeurent|demeure|subsistent|subsiste|manquent|manqueront"
    r"|manquaient|remains?|are left"
    r"|is left)(?![a-z])"
)
_LEFT_BEFORE: Final = re.compile(
    r"(?<![a-z])(?:(?:il |lui |leur |y |en ){0,2}(?:reste|restera|resterait|restait|subsiste|subsistera|demeure"
    r"|manque|manquera|manquerait)"
    r"|leaving|leaves|(?:le |un |son |the )?(?:solde|reste|reliquat|disponible|balance|remainder)"
    r"(?: (?:a|de|du|des|de la|d'un|to) [a-z' ]{3,40})?)"
    r"(?: donc| ainsi| alors| encore| disponibles?| un [a-z]{4,12}| une somme| a [a-z]{4,12}| to be [a-z]{3,12}){0,3}"
    r"(?:,? soit|,| de| est de| est donc de| sera de| s'eleve a| s'eleve donc a| ressort a| ressort donc a|"
    r" s'etablit a| atteint| :| of| is| d'un montant de)? ?\Z"
)
_VERB: Final = re.compile(
    r"[^a-z]{0,4}(?:et )?(?:s'eleve(?:ra)?|ressort|s'etabli(?:t|ra)|est|sera|atteint)(?: donc| ainsi"
    r"| alors)?(?: a| de)? ?\Z"
)
_CLAUSE: Final = re.compile(r"[,;)]")
_SUBJECT: Final = re.compile(r"(?<![a-z])(?:le|un|the) (?:solde|reste|reliquat|disponible|balance|remainder)(?![a-z])")
_START_BEFORE: Final = re.compile(
    r"(?:(?<![a-z])sur (?:les |(?:le |la |l'|un |une |cette |ce |son )(?:enveloppe|credits?|subvention|dotation|budget"
    r"|total|montant|somme|autorisation|marche|tranche|aide|convention)[a-z' ]{0,50}(?:de |d'))"
    r"|(?<![a-z])(?:pour un |sur un |d'un |(?:dont )?le |la |une |l'|les |du )(?:enveloppe|credits?|subvention"
    r"|dotation|budget|demande|besoin|facture|prix|dette"
    r"|montant|cout|aide|depense|devis|marche)[a-z' ]{0,50}(?:est de|etait de|etant de|s'eleve a|s'elevait a"
    r"|s'elevant a|se monte a|se montait a|ressort a|ressortait a|se chiffre a|est fixee? a|etait fixee? a|de|:)"
    r"|(?<![a-z])(?:out )?of (?:the |a |an |its )) ?\Z"
)
_TAKEN_AFTER: Final = re.compile(
    r" ?(?:ttc |ht )?(?:(?:ont|a|sont|est|etaient|avaient|avait|have|has|were|was) (?:deja |ainsi |donc "
    r"|d'ores et deja )?"
    r"(?:ete |been )?(?:deja |already )?)(?P<verb>vers|pay|consomm|mandat|engag|attribu|utilis|affect|depens|regl"
    r"|prelev|factur"
    r"|distribu|allou|accord|reparti|spent|paid|granted|awarded)[a-z]{0,4}(?![a-z])"
)
_TAKEN_BEFORE: Final = re.compile(
    r"(?<![a-z])(?:apres (?:deduction|versement|paiement|prelevement|reglement|imputation)|deduction faite"
    r"|une fois (?:deduit|verse|paye|retire|regle)(?:e|s|es)?"
    r"|(?:en|y) (?:a|ont|avait|avaient) (?:deja )?(?:retenu|depense|consomme|paye|regle|utilise|employe|engage|accorde"
    r"|preleve)|acompte|avance|deja (?:verse|paye|percu)(?:e|s|es)?|total"
    r"|net of|after deducting|after payment of)(?![a-z])[^;.]{0,70}\Z"
)
_MORE: Final = re.compile(r"(?<![a-z])(?:acomptes?|avances?|deja|vers[a-z]{1,3}|pay[a-z]{1,3}|deduction)(?![a-z])")
"""Something else was taken before, out of the reading."""
_PARTICIPLE: Final = re.compile(r" (?:[a-z]{3,13}e|[a-z]{3,12}e[es]|[a-z]{3,12}ees|[a-z]{2,12}us)(?![a-z])")
_BELONGS: Final = re.compile(
    r" (?:du|de la|de l'|des|d'|de|au|aux|pour (?:le|la|les|l')|sur (?:le|la|l'))(?![a-z])(?! reste)"
)
_GOES_ON: Final = re.compile(r"(?:,| et| puis| ainsi que| and)(?: [a-z' ]{1,50})? ?\(? ?\Z")
_DOUBTFUL: Final = re.compile(
    r"(?<![a-z])(?:report[a-z]{0,4}|second[a-z]?|deuxieme|troisieme|nouve[a-z]{1,3}|egalement|aussi|compte tenu"
    r"|comptant|incluant|anterieur[a-z]{0,2}|autres?|par an|chaque|chacune?|hors|annul[a-z]{0,5}"
    r"|plafon[a-z]{0,4}"
    r"|maxim[a-z]{0,3}|minim[a-z]{0,3}|au moins|ajout[a-z]{0,4}|complement[a-z]{0,5}|supplement[a-z]{0,5}"
    r"|major[a-z]{0,5}"
    r"|en sus|outre|interets|penalit[a-z]{0,3}|y compris|compris|environ|retenue|garantie|revision|avenant"
    r"|jusqu|emprunt|moindres?|inferieure?s?|prorata|moins que|sous-realis[a-z]{1,6}|partiel[a-z]{0,5}"
    r"|pret|additional|including|also|cautionnement|arrondi[a-z]{0,2})(?![a-z])"
)
_LATER: Final = re.compile(r"(?<![a-z])(?:apres (?:l'|un |une |les )?|outre )(?:acompte|avance|versement)")
_ADVANCE: Final = re.compile(r"(?<![a-z])(?:acomptes?|avances?)(?![a-z])")
_COST: Final = re.compile(r"(?<![a-z])(?:cout|depenses?|budget|projet|operation|travaux)(?![a-z])")
"""An advance is of a subsidy or of a contract, not of what they pay for."""
_IN: Final = re.compile(
    r"(?<![a-z])(?:recettes?|produits?|ressources|income|revenues?|receipts)(?![a-z])[^,;.]{0,60}\Z"
)
_OUT: Final = re.compile(r"(?<![a-z])(?:depenses?|charges?|expenses?|expenditure|costs)(?![a-z])[^,;.]{0,60}\Z")
_OUTCOME: Final = re.compile(
    r"(?<![a-z])(?P<word>excedent|deficit|besoin de financement|resultat|benefice|perte|surplus|shortfall)(?![a-z])"
    r"[^,;.()]{0,60}\Z"
)
_THUS: Final = re.compile(r"(?<![a-z])(?:soit|donc|d'ou|ainsi|degage[a-z]{0,3}|hence|thus|so)(?![a-z])")
_CARRIED: Final = re.compile(
    r"(?<![a-z])(?:clotur[a-z]{0,2}|cumul[a-z]{0,2}|globa[a-z]{1,2}|final[a-z]{0,2}|capacite)(?![a-z])"
)
_NEGATIVE: Final = ("deficit", "besoin de financement", "perte", "shortfall")


_OWN_LABEL: Final = re.compile(r"(?:\A|[.;,|] ?)(?P<label>[a-z][a-z' ()-]{2,60}?) ?: \Z")
_COSTS: Final = re.compile(
    r"(?:le |la )?(?:cout|depenses?|montant (?:des travaux|du projet|de l'operation|des depenses))"
)
_HELPS: Final = re.compile(
    r"(?:l'|la |le |une |un )?(?:aides?|subventions?|participations?|contributions?|concours|financements?|dotations?"
    r"|fonds|detr|dsil|etat|region|departement|metropole|agence)(?![a-z])"
)
_RESTS: Final = re.compile(r"(?:le )?reste a (?:financer|charge|payer|la charge|couvrir)(?![a-z])")


def _labelled(act: Act, piece: Piece, money: Sequence[tuple[int, Mention]]) -> Iterator[Claim]:
    """« Coût HT : A. Aide de la CAF : B. Reste à financer : C. »: a label for each amount, one after the other."""
    text = piece.clip.text
    start: Mention | None = None
    less: list[Mention] = []
    last = 0
    for at, mention in money:
        found = _OWN_LABEL.search(text[max(last, at - 80) : at])
        label = "" if found is None else found["label"].lstrip()
        if start is not None and (found is None or found.start() > 1 or at - last > 80):
            start, less = None, []  # other words stand between: something else may be taken
        last = at + 1
        if _COSTS.match(label):
            start, less = mention, []
        elif start is not None and _HELPS.match(label) and not _DOUBTFUL.search(label):
            less.append(mention)
        elif start is not None and less and _RESTS.match(label):
            # An aid has no tax of its own: it may stand beside a cost before tax.
            if all(map(_plain, (start, *less, mention))):
                yield Balance(
                    place=place_of(mention),
                    cue=act.cue(piece.clip, at - len(label) - 3, at + 1),
                    topic="remainder",
                    start=start.figure,
                    minus=tuple(one.figure for one in less),
                    result=mention.figure,
                    confidence="medium",
                )
            start, less = None, []
        else:
            start, less = None, []


@dataclass(frozen=True, slots=True)
class _Said:
    """One amount of a scope with its words: those since the amount before it, and those that follow it."""

    at: int
    mention: Mention
    before: str
    after: str


def _scope(clip: Clip, start: int, end: int) -> list[_Said]:
    money = [(at, m) for at, m in clip.within(start, end) if m.is_money]
    out: list[_Said] = []
    for index, (at, mention) in enumerate(money):
        low = money[index - 1][0] + 1 if index else start
        high = money[index + 1][0] if index + 1 < len(money) else end
        out.append(_Said(at, mention, clip.text[max(low, at - _WIDE) : at], clip.text[at + 1 : min(high, at + 61)]))
    return out


def _remainders(act: Act, piece: Piece) -> Iterator[Claim]:
    clip = piece.clip
    sentences = piece.sentences
    for index, sentence in enumerate(sentences):
        if sentence.crowded or _LEAVES.search(clip.text, sentence.start, sentence.end) is None:
            continue
        readings: list[tuple[Claim, bool]] = []
        for back in range(min(2, index) + 1):
            start = sentences[index - back].start
            said = _scope(clip, start, sentence.end)
            if len(said) > _MOST:
                break
            if len(said) < 3:
                continue
            found = _left(act, clip, start, sentence, said)
            if not found and (result := _result(act, clip, sentence, said)) is not None:
                found = [result]
            readings.extend(found)
        chosen = choose(readings)
        if chosen is not None:
            yield chosen


def _left(act: Act, clip: Clip, start: int, sentence: Sentence, said: Sequence[_Said]) -> list[tuple[Claim, bool]]:
    """The whole, what was taken, what is left: each by its own words."""
    roles: list[str] = []
    opening = _SUBJECT.search(clip.text, start, said[0].at) is not None
    for index, one in enumerate(said):
        role = ""
        if _LEFT_AFTER.match(one.after):
            role = "left"
        elif _TAKEN_AFTER.match(one.after):
            role = "taken"
        elif _START_BEFORE.search(one.before):
            role = "start"
        elif _TAKEN_BEFORE.search(one.before):
            role = "taken"
        elif _LEFT_BEFORE.search(one.before) or (opening and index and _VERB.fullmatch(_CLAUSE.split(one.before)[-1])):
            role = "left"
        elif index and roles[-1] == "taken" and _GOES_ON.search(one.before) and not _PARTICIPLE.match(one.after):
            role = "taken"
        roles.append(role)
    if roles.count("start") != 1 or roles.count("left") != 1 or "taken" not in roles:
        return []
    first = next(one for one, role in zip(said, roles, strict=True) if role == "start")
    last = next(one for one, role in zip(said, roles, strict=True) if role == "left")
    taken = [one for one, role in zip(said, roles, strict=True) if role == "taken"]
    if first.mention.figure is None or any(one.mention.figure is None for one in said):
        return []
    claim = Balance(
        place=place_of(last.mention),
        cue=act.cue(clip, max(sentence.start, last.at - 40), last.at + 1),
        topic="roles",
        start=first.mention.figure,
        minus=tuple(one.mention.figure for one in taken),
        result=last.mention.figure,
        confidence="medium",
    )
    whole = first.mention.figure.fraction
    certain = (
        "" not in roles
        and _DOUBTFUL.search(clip.text, start, sentence.end) is None
        and _plain(*(one.mention for one in said))
        and all(one.mention.figure.fraction < whole for one in (*taken, last) if one.mention.figure is not None)
        and sentence.whole
        and len({verb for one in taken if (verb := _verb(one)) is not None}) < 2
        and _MORE.search(clip.text, 0, start) is None
        and len(_LEAVES.findall(clip.text, start, sentence.end)) == 1
        and (_BELONGS.match(last.after) is None or last is not said[-1])
        and _LATER.search(last.after) is None
        and not (_COST.search(first.before) and any(_ADVANCE.search(one.before) for one in taken))
    )
    alone = [(replace(claim, minus=(one.mention.figure,)), False) for one in taken] if len(taken) > 1 else []
    return [(claim, certain), *alone]


def _verb(one: _Said) -> str | None:
    """What was done with an amount, to two letters: what is engaged and what is paid overlap."""
    found = _TAKEN_AFTER.match(one.after)
    return found["verb"] if found is not None else None


def _result(act: Act, clip: Clip, sentence: Sentence, said: Sequence[_Said]) -> tuple[Claim, bool] | None:
    """Income, spending, and the surplus or the deficit that they make."""
    for one, two, three in zip(said, said[1:], said[2:], strict=False):
        word = _OUTCOME.search(three.before)
        if word is None or not _plain(one.mention, two.mention, three.mention):
            continue
        if _IN.search(one.before) and _OUT.search(two.before):
            income, spending = one.mention, two.mention
        elif _OUT.search(one.before) and _IN.search(two.before):
            income, spending = two.mention, one.mention
        else:
            continue
        result = three.mention.figure
        if income.figure is None or spending.figure is None or not isinstance(result, Amount):
            continue
        loses = word["word"] in _NEGATIVE or (
            word["word"] == "resultat" and income.figure.fraction < spending.figure.fraction
        )
        claim = Balance(
            place=place_of(three.mention),
            cue=act.cue(clip, two.at + 1, three.at + 1),
            topic="roles",
            start=income.figure,
            minus=(spending.figure,),
            result=replace(result, n=-result.n) if loses else result,
            confidence="medium",
        )
        between = clip.text[two.at + 1 : three.at]
        certain = (
            len(said) == 3
            and sentence.whole
            and _DOUBTFUL.search(sentence.text) is None
            and _THUS.search(between) is not None
            and _CARRIED.search(between) is None
            and re.match(r" ?(?:\Z|[.,;(])", three.after) is not None
        )
        return claim, certain and loses == (income.figure.fraction < spending.figure.fraction)
    return None


# -- payments in several times --------------------------------------------------------------------------------------

_TIMES: Final = re.compile(
    r"\ue002 (?:versements?|mensualites?|echeances?|annuites?|tranches|acomptes|fractions|termes|trimestrialites"
    r"|semestrialites|instal?lments|payments)(?P<how>(?: [a-z]{5,14}){0,2})[ ,]{1,2}(?:de|d'un montant de|of)"
    r"(?: chacune?)? \ue000(?P<each> (?:chacune?|each))?(?P<after>[^.;,]{0,24})"
)
_IN_TIMES: Final = re.compile(
    r"\ue000(?:,? (?:sera|seront|est|sont|serait|a ete|etant|is|will be|to be))?(?:,? (?:vers|mandat|pay|regl"
    r"|liquid|libe"
    r"|acquitt|echelonn|paid)[a-z]{0,6}(?: [a-z']{3,14}){0,4})?,? (?:en|in) \Z"
)
_POOL: Final = re.compile(r"(?<![a-z])(?:budget|enveloppe|credits?|cout|depense|devis|appropriation)(?![a-z])")
_LOAN: Final = re.compile(
    r"(?<![a-z])(?:prets?|emprunts?|rembours[a-z]{0,6}|interets?|amorti[a-z]{0,8}|taux|loan|premiers?|premieres"
    r"|dernier[a-z]{0,2}"
    r"|solde|reste|dont|acompte (?:de|d'un)|avance|puis|maxim[a-z]{0,3}|minimum|environ|au moins"
    r"|plafon[a-z]{0,4})(?![a-z])"
)


def _in_times(act: Act, piece: Piece) -> Iterator[Claim]:
    """« le montant de 36 000 € sera versé en douze versements de 3 000 € »: all is paid, in equal parts."""
    clip, text = piece.clip, piece.clip.text
    for sentence in piece.sentences:
        money = sentence.money()
        if not 2 <= len(money) <= 3:
            continue
        for found in _TIMES.finditer(text, sentence.start, sentence.end):
            at = text.index("\ue000", found.start())
            count, each = clip.mention(found.start()), clip.mention(at)
            others = [m for spot, m in money if spot < found.start()]
            if len(others) != 1 or count.figure is None or not 1 < count.figure.fraction <= 120:
                continue
            claim = Average(
                place=place_of(each),
                cue=act.cue(clip, found.start(), at + 1),
                topic="roles",
                total=others[0].figure,
                count=count.figure,
                stated=each.figure,
                confidence="medium",
            )
            certain = (
                len(money) == 2
                and _IN_TIMES.search(text, max(sentence.start, found.start() - 110), found.start()) is not None
                and _POOL.search(sentence.text) is None
                and _plain(others[0], each)
                and _LOAN.search(sentence.text) is None
                and re.match(
                    r"(?: (?:chacune?|each))? ?[.,;]?\Z| (?:chacune?|each)| (?:par|au|a|en|de) ", found["after"] or ""
                )
                is not None
            )
            yield from sole(claim, certain=certain)


# -- records that close ---------------------------------------------------------------------------------------------

_TOTALS: Final = re.compile(r"(?<![a-z])(?:soit|total[a-z]{0,2}|ensemble|cumul[a-z]{0,2}|in all|altogether)(?![a-z])")
_YEAR: Final = re.compile(
    r"(?:\A|[;,.:(] ?|(?:et|and|puis|pour|en) |- )(?:en |l'annee |exercice |pour )?\ue004 ?(?:[:,=(-]|soit)? ?\Z"
)
_LABEL: Final = re.compile(r"(?:\A|[;:.-] |[;:] ?)(?P<label>[a-z][a-z'° \ue002-]{2,60}?) ?:? ?\Z")
_CLOSING: Final = re.compile(
    r"[;,.)] ?(?:et )?(?:soit|pour)?,? ?(?:un |le |au |en |the )?(?P<word>total[a-z]{0,2}|ensemble"
    r"|montant total|cumul|tout)?"
    r"(?P<more> [a-z' ]{2,40})? ?:? ?(?:de )?\Z"
)
_WHOLLY: Final = re.compile(
    r" ?(?:au total|en tout|sur (?:la (?:duree|periode)|l'ensemble|(?:les )?\ue002 (?:ans|annees|exercices|tranches))"
    r"|pour (?:la (?:duree|periode)|l'ensemble|les \ue002)|in all|over)(?![a-z])"
)
_OTHER_KIND: Final = re.compile(
    r"(?<![a-z])(?:couts?|budget|depenses?|recettes?|charges?|produits?|reste|solde|plafond|h\.?t|ttc|tva|dont"
    r"|base|assiette"
    r"|prix|devis|montant|total[a-z]{0,2}|enveloppe|credits?|valeur|moyenne|rappel|memoire|contre|cost|budget)(?![a-z])"
)
_SINCE: Final = re.compile(
    r"(?<![a-z])(?:depuis|periode [^a-z ,;]|avec|y compris|hors|incluant|comptant|compris|compte tenu|apres|avant"
    r"|arrondi[a-z]{0,2}|environ"
    r"|since|with|including)(?![a-z])"
)
_EACH: Final = re.compile(r" ?(?:par|/|en moyenne|maxim|chacun|h\.?t|hors|prevus?|dont|each|per)(?![a-z])")


_NAMED_ALONE: Final = re.compile(r"[;,] ?[a-z][a-z' -]{2,40}[.;,]? ?\Z")
"""« ; Divers. Total »: a part without its amount."""


def _records(act: Act, piece: Piece, money: Sequence[tuple[int, Mention]]) -> Iterator[Claim]:
    """« 2023 : A ; 2024 : B ; soit C sur la durée », « Arts : A ; Sport : B. Total : C »."""
    clip, text = piece.clip, piece.clip.text
    labels = [text[(money[index - 1][0] + 1 if index else 0) : at] for index, (at, _) in enumerate(money)]
    for index in range(2, len(money)):
        at, total = money[index]
        closing = _CLOSING.search(labels[index][-80:])
        after = text[at + 1 : at + 40]
        if closing is None or _EACH.match(after) or not _TOTALS.search(labels[index]):
            continue
        for pattern in (_YEAR, _LABEL):
            first = index
            while first and (hit := pattern.search(labels[first - 1][-80:])) is not None:
                if pattern is _LABEL and _OTHER_KIND.search(hit["label"]):
                    break
                first -= 1
                if first and not re.match(r" ?(?:[;,]|et |\) ?[;,])", labels[first]):
                    break
            parts = [m for _, m in money[first:index]]
            if len(parts) < 2 or not _plain(*parts, total):
                continue
            wholly = closing["word"] is not None or _WHOLLY.match(after) is not None
            certain = (
                wholly
                and not closing["more"]
                and _NAMED_ALONE.search(labels[index][: closing.start()]) is None
                and _SINCE.search(labels[index] + text[at + 1 : at + 80]) is None
                and first == 0
                and (pattern is _YEAR or (closing["word"] is not None and _semicolons(labels[first + 1 : index])))
                and all(
                    m.figure is not None and total.figure is not None and m.figure.fraction < total.figure.fraction
                    for m in parts
                )
            )
            claim = Sum(
                place=place_of(total),
                cue=act.cue(clip, money[index - 1][0] + 1, at + 1),
                topic="roles",
                total=total.figure,
                parts=tuple(m.figure for m in parts),
                confidence="medium",
            )
            chosen = choose([(claim, certain)])
            if chosen is not None:
                yield chosen
                break


def _semicolons(labels: Sequence[str]) -> bool:
    return all(label.lstrip(" )")[:1] == ";" for label in labels)


_SUMMING: Final = re.compile(
    r"(?P<mark>soit|-{1,3}>|=+>?|→|⇒|=) ?(?:un total de |au total )?\ue000(?P<after>[^\ue000\ue001]{0,60})\Z"
)


def _closing_lines(act: Act) -> Iterator[Claim]:
    """A list of one amount a line, then « soit A sur trois ans », « --> A » on a line of its own."""
    pieces = act.passage.pieces
    for piece in pieces:
        text = piece.clip.text
        if piece.kind in ("row", "aside") or len(text) > _WIDE or _SUMMING.match(text) is None:
            continue
        parts: list[Mention] = []
        bounded = False
        for before in act.before(piece, 40):
            money = before.money()
            if len(money) != 1 or len(before.clip.text) > _WIDE or before.kind == "row":
                bounded = not money and before.kind != "row"
                break
            parts.append(_unmarked(before, money[0][1]))
            if before.gap:
                break
        if len(parts) < 2 or piece.gap:
            continue
        parts.reverse()
        at = text.index("\ue000")
        total = _unmarked(piece, piece.clip.mention(at))
        claims_of = [
            Sum(
                place=place_of(total),
                cue=act.cue(piece.clip, 0, len(text)),
                topic="roles",
                total=total.figure,
                parts=tuple(m.figure for m in parts[start:]),
                confidence="medium",
            )
            for start in range(min(len(parts) - 1, 8))
            if _exact(total) and all(_exact(m) for m in parts[start:])
        ]
        # Under a title or an announcement, a line that says « soit … sur trois ans » or points with an arrow closes all
        # the lines above it.
        found = _SUMMING.match(text)
        certain = (
            bounded
            and found is not None
            and _plain(total, *parts)
            and (found["mark"] != "soit" or _over_all(piece, len(parts), found["after"]))
            and _SINCE.search(text) is None
            and not any(_OTHER_KIND.search(line.clip.text) for line in act.before(piece, len(parts)))
        )
        chosen = choose((claim, certain and index == 0) for index, claim in enumerate(claims_of))
        if chosen is not None:
            yield chosen


def _over_all(piece: Piece, many: int, after: str) -> bool:
    """« sur trois ans » under three lines, or « au total »."""
    numbers = [m for m in piece.clip.mentions if m.kind == "number" and m.figure is not None]
    if len(numbers) == 1 and numbers[0].figure is not None and numbers[0].figure.fraction == many:
        return True
    return re.match(r" ?(?:au total|en tout|in all)", after) is not None


_ARROWED: Final = re.compile(r"[-=]{0,3}>")


def _unmarked(piece: Piece, mention: Mention) -> Mention:
    """« > 640 € », « --> 4 100 € » on lines of a list: the sign is that of the item, not « more than »."""
    figure = mention.figure
    if isinstance(figure, Amount) and figure.qualifier is not None and _ARROWED.match(piece.clip.text):
        return replace(mention, figure=replace(figure, qualifier=None))
    return mention


# -- shares of one whole --------------------------------------------------------------------------------------------

_RATED: Final = re.compile(r"\ue000(?: (?:ht|ttc))? ?\((?:soit )?\ue001\)")
_APART: Final = re.compile(
    r"(?<![a-z])(?:t\.?v\.?a|taxes?|vat|avances?|acomptes?|soldes?|retenues?|remises?|hausse|baisse|dont"
    r"|frais)(?![a-z])"
    r"[^\ue000\ue001]{0,60}\Z"
)
"""Amounts with a rate that is of something else than the whole."""
_FEW: Final = 3


def _shares(act: Act, piece: Piece, money: Sequence[tuple[int, Mention]]) -> Iterator[Claim]:
    """« État A (40 %) ; Département B (25 %) ; commune C (35 %) »: rates in brackets beside their amounts are of one
    whole, and the whole is that which makes all true, or all but one."""
    clip = piece.clip
    run: list[tuple[Mention, Percentage, int]] = []
    for found in _RATED.finditer(clip.text):
        rate = clip.mention(clip.text.index("\ue001", found.start())).figure
        if _APART.search(clip.text, max(0, found.start() - 60), found.start()):
            return
        if isinstance(rate, Percentage):
            run.append((clip.mention(found.start()), rate, found.start()))
    if len(run) < _FEW + 1 or len(run) > 20:
        return
    inside = {id(m) for m, _, _ in run}
    wholes = [m for _, m in money if id(m) not in inside]
    if not wholes and piece.number:
        wholes = [m for _, m in act.passage.pieces[piece.number - 1].money() if _exact(m)]
    best: tuple[int, list[Claim]] = (0, [])
    for whole in wholes[:8]:
        told: list[Claim] = [
            Share(
                place=rate.place or place_of(part),
                cue=act.cue(clip, at, at + 1),
                topic="roles",
                stated=rate,
                part=part.figure,
                whole=whole.figure,
                confidence="medium",
            )
            for part, rate, at in run
            if _plain(part, whole)
        ]
        holding = sum(holds(claim) for claim in told)
        if holding > best[0] and len(told) == len(run):
            best = (holding, told)
    holding, told = best
    if holding >= _FEW and holding >= len(run) - 1:
        yield from told
