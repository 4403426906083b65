"""A whole and all its parts, when the words leave no doubt that they are all: rates that make 100 %, « trois tranches »
and three amounts, parts that only two can be (fonctionnement and investissement), a plan that its own share closes.

That some amounts are parts of another does not say that they are all of it: « dont 3 000 € pour le matériel » names
only some. So each reading here has its own witness that nothing is missing, and without it tells nothing false.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Final

from subsidy_rules.acts import Act, place_of
from subsidy_rules.claims import Balance, Claim, Share, Sum, judge
from subsidy_rules.figures import Amount, Percentage
from subsidy_rules.mentions import Mention
from subsidy_rules.sentences import Sentence
from subsidy_rules.series import CUT, SECONDARY, choose, own_amounts

__all__ = ["claims"]

_MOST: Final = 12
_WIDEST: Final = 170
Spot = tuple[int, Mention]


def claims(act: Act) -> Iterator[Claim]:
    """Sums whose parts are surely all told."""
    for sentence in act.sentences():
        if sentence.piece.kind in ("row", "aside"):
            continue
        yield from _people(act, sentence)
        money = [(at, m) for at, m in sentence.money() if m.kind == "amount"]
        if not 2 <= len(money) <= _MOST or any(m.figure is None or m.repaired for _, m in money):
            continue
        chosen = choose(_rated(act, sentence, money))
        if chosen is None and len(money) > 2:
            chosen = choose(_told(act, sentence, money)) or choose(_closed(act, sentence, money))
        if chosen is None:
            chosen = choose(_closed_after(act, sentence, money))
        if chosen is not None:
            yield chosen


def _sum(act: Act, sentence: Sentence, total: Spot, parts: Sequence[Spot]) -> Sum:
    low, high = min(total[0], parts[0][0]), max(total[0], parts[0][0])
    return Sum(
        place=place_of(total[1]),
        cue=act.cue(sentence.clip, max(sentence.start, low), high + 1)
        if total[0] >= 0
        else act.cue(sentence.clip, sentence.start, parts[0][0] + 1),
        topic="whole",
        total=total[1].figure,
        parts=tuple(m.figure for _, m in parts),
        confidence="medium",
    )


def _plain(*mentions: Mention) -> bool:
    """True for amounts that may be added: none « environ », none negative, not some before tax and others after."""
    figures = [m.figure for m in mentions if isinstance(m.figure, Amount)]
    taxes = {figure.tax for figure in figures} - {None}
    return len(figures) == len(mentions) and all(f.qualifier is None and f.n > 0 for f in figures) and len(taxes) < 2


# -- rates that make 100 % ------------------------------------------------------------------------------------------

_RATE_AFTER: Final = re.compile(
    r"(?: (?:ht|ttc|net))?(?:,? ?\((?:soit |ou )?|,? soit |,? ou |, | ?: ?| - | – | ?= ?| ?/ ?)\ue001"
    r"(?= ?(?:[);,.:]|et (?:la|le|les|l'|un|une|du|de) ?|\Z))"
)
"""The rate of the amount before it. One that goes on (« 20 % de plus », « 30 % du lot 2 ») is of something else."""
_RATE_BEFORE: Final = re.compile(
    r"\ue001(?! (?:de|du|des|of) (?!(?:la |l'|ce |cette )?(?:montant|somme|subvention|aide|total)))"
    r"[^\ue000\ue001\ue003.;%]{0,60}?(?:,? ?\(|,? (?:soit|ou) |: ?| - | – |= ?|, )(?:soit )?"
    r"(?:(?:un montant|une somme) de )?\Z"
)
_LINKS: Final = re.compile(
    r"[:(]|(?<![a-z])(?:dont|soit|repar[a-z]{1,6}|ventil[a-z]{1,4}|decompos[a-z]{0,3}|financ[a-z]{1,5}|compos[a-z]{1,3}"
    r"|compren[a-z]{1,4}|comprend|provien[a-z]{1,4}|provenant|reuni[a-z]{1,5}|associ[a-z]{1,4}|mobilis[a-z]{1,4}"
    r"|partag[a-z]{1,3}|vers[a-z]{1,5}|pay[a-z]{1,4}|of which|split|shared|funded|made up|comprising)(?![a-z])"
)
_COSTS: Final = re.compile(
    r"(?<![a-z])(?:couts?|coute|montant (?:total|global|previsionnel)|budget|depenses?|charges?|travaux"
    r"|operation|projet|programme|devis|marche|assiette"
    r"|investissement|recettes?|ressources|produits|cost|expenditure|income|plan)(?![a-z])"
)
_PAID: Final = re.compile(
    r"(?<![a-z])(?:acomptes?|avances?|soldes?|versements?|echeances?|signature|notification|instal+ments?|payments?"
    r"|reception|achevement|demarrage|bilan|justificatifs?)(?![a-z])"
)
_IN_ALL: Final = re.compile(
    r"(?<![a-z])(?:(?:total|totale|global|globale|ensemble)(?![a-z])|(?:le |un )?montant (?:de la|de l'|du|total"
    r"|global))[^\ue000.;]{0,60}\Z"
)
_OPEN_LIST: Final = re.compile(
    r"(?<![a-z])(?:notamment|entre autres|par exemple|autres?|reste|restant|reliquat|surplus|environ|hors"
    r"|principalement"
    r"|essentiellement|pour memoire|plafon[a-z]{0,5}|maxim[a-z]{0,4}|minim[a-z]{0,4}|au moins|jusqu|including|mainly"
    r"|others?|rest|remaind[a-z]{1,3}|up to)(?![a-z])"
)


def _rated(act: Act, sentence: Sentence, money: Sequence[Spot]) -> Iterator[tuple[Claim, bool]]:
    """« A (40 %), B (40 %) et C (20 %) »: rates that make 100 % say that nothing is missing, and the rates that are
    true of the whole say of which."""
    clip, text = sentence.clip, sentence.clip.text
    percents = [(at, m) for at, m in sentence.mentions() if isinstance(m.figure, Percentage)]
    if len(percents) < 2:
        return
    rated: list[tuple[Spot, Percentage]] = []
    others: list[Spot] = []
    used: set[int] = set()
    for index, (at, mention) in enumerate(money):
        found = _RATE_AFTER.match(text, at + 1, sentence.end)
        spot = text.rfind("\ue001", at, found.end()) if found is not None else -1
        if found is None:
            low = money[index - 1][0] + 1 if index else sentence.start
            before = _RATE_BEFORE.search(text, max(low, at - 90), at)
            spot = before.start() if before is not None else -1
        figure = clip.mention(spot).figure if spot >= 0 and spot not in used else None
        if isinstance(figure, Percentage) and figure.n > 0 and figure.qualifier is None:
            used.add(spot)
            rated.append(((at, mention), figure))
        else:
            others.append((at, mention))
    if len(rated) < 2 or sum((rate.fraction for _, rate in rated), Fraction(0)) != 100:
        return
    parts = [spot for spot, _ in rated]
    if not _plain(*(m for _, m in parts)):
        return
    added = sum((m.figure.fraction for _, m in parts if m.figure is not None), Fraction(0))
    first, last = parts[0][0], parts[-1][0]
    near = [*others]
    if not others:
        for other in _beside(act, sentence):
            near.extend((-1, m) for _, m in other.money() if m.kind == "amount" and m.figure is not None)
    told = 0
    for at, mention in near:
        if not _plain(mention) and not (isinstance(mention.figure, Amount) and mention.figure.qualifier is None):
            continue
        claim = _sum(act, sentence, (at, mention), parts)
        shares = [_is_share(rate, part, mention) for (_, part), rate in rated]
        right = sum(shares)
        # One of the parts is wrong, and the others are what they say they are of this whole.
        sure = right >= len(rated) - 1 and _plain(mention, *(m for _, m in parts))
        if not sure and sentence.start <= at < first and len(others) == 1:
            # The whole is wrong, and the parts are what they say they are of what they make.
            gap = text[at + 1 : first]
            words = text[max(sentence.start, at - 60) : at]
            sure = (
                len(gap) < _WIDEST
                and _LINKS.search(gap) is not None
                and _of_themselves(rated, added)
                and _plain(mention, *(m for _, m in parts))
                and not (_PAID.search(text, first, min(sentence.end, last + 60)) and _COSTS.search(words))
                and _OPEN_LIST.search(sentence.text) is None
                and _ENDS.match(text, last + 1, sentence.end) is not None
            )
        told += sure
        yield claim, sure and told == 1 and sentence.whole
    for other, at, mention in _totals_after(sentence) if not others else ():
        claim = _sum(act, sentence, (-1, mention), parts)
        words = other.clip.text[other.start : at]
        yield (
            claim,
            told == 0
            and _of_themselves(rated, added)
            and _plain(mention, *(m for _, m in parts))
            and _IN_ALL.search(words) is not None
            and not (_PAID.search(sentence.text) and _COSTS.search(words)),
        )


_ENDS: Final = re.compile(r"[^.;,a-z]{0,12}(?:\Z|[.;])|,? (?:soit|\() ?\ue001 ?\)? ?(?:\Z|[.;])")


def _beside(act: Act, sentence: Sentence) -> list[Sentence]:
    """The sentences before and after in which the whole may stand."""
    out = [one for one in act.sentences_before(sentence, 2) if one.piece.kind != "row"]
    out.extend(sentence.piece.sentences[sentence.number + 1 : sentence.number + 2])
    return out


def _totals_after(sentence: Sentence) -> Iterator[tuple[Sentence, int, Mention]]:
    """The only amount of the next sentence."""
    for other in sentence.piece.sentences[sentence.number + 1 : sentence.number + 2]:
        money = other.money()
        if len(money) == 1:
            yield other, *money[0]


def _is_share(rate: Percentage, part: Mention, whole: Mention) -> bool:
    return judge(Share(place=place_of(part), stated=rate, part=part.figure, whole=whole.figure)).state == "holds"


def _of_themselves(rated: Sequence[tuple[Spot, Percentage]], added: Fraction) -> bool:
    """True when each part is its rate of what the parts make, and the rates are not all one."""
    if len({rate.fraction for _, rate in rated}) == 1:
        return False
    return all(
        m.figure is not None and abs(100 * m.figure.fraction - rate.fraction * added) <= rate.unit * added
        for (_, m), rate in rated
    )


# -- words that say that nothing is missing --------------------------------------------------------------------------

_SIDES: Final = tuple(
    (re.compile(rf"(?<![a-z])(?:{one})(?![a-z])"), re.compile(rf"(?<![a-z])(?:{two})(?![a-z])"))
    for one, two in (
        ("fonctionnement", "investissement"),
        ("programmee?s?", "a programmer"),
        ("(?:deja )?(?:versee?s?|payee?s?|mandatee?s?|reglee?s?)", "(?:restant )?a (?:verser|payer|mandater|regler)"),
        ("(?:deja )?(?:engagee?s?|affectee?s?)", "(?:restant )?a (?:engager|affecter)"),
        ("attribuee?s?", "a attribuer|non attribuee?s?"),
        ("en numeraire", "en nature"),
        ("premiere", "seconde"),
        ("premier", "second"),
        ("part fixe", "part variable"),
        ("part publique|fonds publics|financements? publics?", "part privee|fonds prives|financements? prives?"),
        ("ressources propres|fonds propres|autofinancement", "emprunts?"),
    )
)
"""Two kinds that leave no third."""
_LIMIT: Final = re.compile(r"(?<![a-z])(?:plafon[a-z]{0,5}|limite|maxim[a-z]{0,4}|disponibles?|reserve)(?![a-z])")
_COUNT: Final = re.compile(
    r"\ue002 (?:[a-z]{4,14} )?(?:tranches|fois|versements|parts|volets|postes|phases|annees|exercices|echeances"
    r"|acomptes"
    r"|lots|fractions|sections|enveloppes|instal+ments|payments|parts|tranches)(?: [a-z' ]{3,30})? ?[:(,]"
)
_JOINS: Final = re.compile(r"(?:,|;|\.| et | and |\+| puis | ainsi que | – | - )")
_OWN: Final = re.compile(
    r"(?<![a-z])(?:(?:pour |et )?(?:le |son )(?:solde|reste|reliquat|complement|surplus)(?: (?:a|de|par|pour|sur) "
    r"[a-z' ]{3,40})?,? (?:soit|a savoir|a hauteur de|d'un montant de)|autofinancement|fonds propres|part "
    r"(?:communale|communautaire|syndicale|intercommunale|departementale|regionale|metropolitaine"
    r"|de la (?:commune|ville"
    r"|communaute|collectivite)|du (?:syndicat|maitre d'ouvrage))|reste a (?:la )?charge|charge (?:nette|residuelle))"
    r"(?![a-z])"
)
_FUNDED: Final = re.compile(
    r"(?<![a-z])(?:financ[a-z]{1,5}|couver[a-z]{1,3}|supporte[a-z]{0,3}|pris[a-z]{0,2} en charge|partage[a-z]{0,2}"
    r"|reparti[a-z]{0,2}|funded|borne|shared|split)(?: [a-z' ]{1,30})? ?(?:par|entre|ainsi|comme suit|:|by"
    r"|between|among)"
)
_GIVEN: Final = re.compile(r"(?<![a-z])(?:ce sont|soit|au total|en tout|in all)(?![a-z])[^\ue000.;:]{0,50}\Z")
_TOWARDS: Final = re.compile(r" ?(?:pour|au titre|en|destine[a-z]{0,2}|a l'|a la|aux?|for) ")
_MOVED: Final = re.compile(
    r"(?<![a-z])(?:actualis|revis|index|revaloris|penalit|refaction|interets|renonc|desist|annul|caduc"
    r"|aujourd'hui|depuis"
    r"|chaque|chacune?(?![a-z])|each(?![a-z]))"
)
_OWN_TAX: Final = re.compile(r"\A ?(?:ht|ttc)(?![a-z])")
_TAX: Final = re.compile(r"(?<![a-z])(?:t\.?v\.?a|h\.?t|t\.?t\.?c|vat)(?![a-z])")


def _told(act: Act, sentence: Sentence, money: Sequence[Spot]) -> Iterator[tuple[Claim, bool]]:
    """The first amount is the whole, and all the others of its sentence are its parts."""
    text = sentence.clip.text
    if not sentence.whole or CUT.search(sentence.text) or _MOVED.search(sentence.text):
        return
    open_list = _OPEN_LIST.search(sentence.text) is not None
    for index in range(len(money) - 2):
        at, total = money[index]
        parts = list(money[index + 1 :])
        first, last = parts[0][0], parts[-1][0]
        gap = text[at + 1 : first]
        if len(gap) > _WIDEST or "." in gap or not _plain(total, *(m for _, m in parts)):
            continue
        gaps = [text[one + 1 : two] for (one, _), (two, _) in pairwise(parts)]
        if not all(_JOINS.search(words) and len(words) < _WIDEST for words in gaps):
            continue
        fits = all(
            m.figure is not None and total.figure is not None and m.figure.fraction < total.figure.fraction
            for _, m in parts
        )
        if fits and _funded(text[max(sentence.start, at - 80) : at], gap, gaps):
            told = _sum(act, sentence, (at, total), parts)
            yield (_rest(act, sentence, total, parts) if _SURPLUS.search(gaps[-1]) else told), True
            return
        own = own_amounts(text[first - 1 : sentence.end], parts, first - 1)
        if open_list or len(own) != len(parts) or any(SECONDARY.search(words) for words in gaps):
            continue
        before = text[max(sentence.start, at - 80) : at]
        if _LIMIT.search(before) or _TAX.search(_OWN_TAX.sub("", gap)):
            continue
        tail = text[last + 1 : sentence.end]
        certain = (
            _opposed(gap, gaps, tail)
            or _counted(act, sentence, at, first, len(parts))
            or (
                fits
                and _GIVEN.search(before) is not None
                and gap.rstrip().endswith(":")
                and not _COSTS.search(before)
                and all(_TOWARDS.match(words) for words in (*gaps, tail))
            )
        )
        if certain:
            yield _sum(act, sentence, (at, total), parts), True
            return


_SURPLUS: Final = re.compile(r"(?<![a-z])(?:surplus|reste|reliquat|complement)(?![a-z])")


def _rest(act: Act, sentence: Sentence, total: Mention, parts: Sequence[Spot]) -> Balance:
    at, left = parts[-1]
    return Balance(
        place=place_of(left),
        cue=act.cue(sentence.clip, max(sentence.start, at - 30), at + 1),
        topic="whole",
        start=total.figure,
        minus=tuple(m.figure for _, m in parts[:-1]),
        result=left.figure,
        confidence="medium",
    )


def _opposed(gap: str, gaps: Sequence[str], tail: str) -> bool:
    """« dont A au titre du fonctionnement et B au titre de l'investissement »: nothing else can be."""
    if len(gaps) != 1 or not _LINKS.search(gap):
        return False
    head = re.split(r"[,;:(]|(?<![a-z])dont(?![a-z])", gap)[-1]
    middle, end = gaps[0], re.split(r"[,;.)]", tail)[0]
    after_one, _, before_two = middle.rpartition(" et ") if " et " in middle else middle.rpartition(",")
    for one, two in _SIDES:
        for left, right in ((one, two), (two, one)):
            if _bare(left, after_one) and _bare(right, end) and not before_two.strip(" de"):
                return True
            if _bare(left, head) and _bare(right, before_two) and not after_one.strip(" ,"):
                return True
    return False


_FILLS: Final = re.compile(
    r"(?<![a-z])(?:au titre d[eu]s?|pour|en|de|du|la|le|les|des|d|l|un|une|part|section|deja|sont|ont|ete|credits?"
    r"|depenses?|subvention|aide|dotation|tranche|somme|montant|versement|a|restants?|restent|et)(?![a-z])"
)


def _bare(side: re.Pattern[str], words: str) -> bool:
    """True when the words are those of one side and nothing else (« fonctionnement », not that of a school)."""
    found = side.search(words)
    if found is None:
        return False
    rest = words[: found.start()] + " " + words[found.end() :]
    return not _FILLS.sub(" ", rest.replace("'", " ")).strip(" ,;:()-–")


def _counted(act: Act, sentence: Sentence, at: int, first: int, many: int) -> bool:
    """« comprend trois tranches : A ; B ; C »."""
    found = _COUNT.search(sentence.clip.text, at + 1, first)
    if found is None:
        return False
    figure = sentence.clip.mention(found.start()).figure
    between = sentence.clip.text[at + 1 : found.start()]
    return figure is not None and figure.fraction == many and not re.search("[;.\ue001]", between)


def _funded(before: str, gap: str, gaps: Sequence[str]) -> bool:
    """« d'un coût de T, financé par l'État pour A et la commune pour le solde, soit B »."""
    if _COSTS.search(before) is None or _FUNDED.search(gap) is None:
        return False
    if any(_ASIDE.search(words) for words in (gap, *gaps)) or any(re.search("[;\ue004]", words) for words in gaps):
        return False
    return _OWN.search(gaps[-1]) is not None and not any(_OWN.search(words) for words in (gap, *gaps[:-1]))


_ASIDE: Final = re.compile(
    r"(?<![a-z])(?:dont|sur|plafon[a-z]{0,5}|maxim[a-z]{0,4}|contre|hors|environ|notamment|compte tenu|y compris"
    r"|of which|including)(?![a-z])"
)


# -- parts first, then their total -----------------------------------------------------------------------------------

_LAST: Final = re.compile(
    r"(?:\( ?(?:soit )?(?:(?:un |en |au )?total(?:e)?|ensemble)(?: (?:de|:)| =)? ?"
    r"|[;,.] ?(?:et )?(?:soit )?(?:un |au |le |en )?(?:total(?: general)?|ensemble|montant total|cumul)(?: de)? ?:? ?"
    r"|, ?pour ?"
    r"|,? (?:soit|ce qui (?:fait|donne|represente))(?: un (?:montant|total) de| au total| en tout)? )\Z"
)
_NAMED: Final = re.compile(r"(?<![a-z])(?:total[a-z]{0,2}|ensemble|cumul)(?![a-z])")
_FOR_ALL: Final = re.compile(
    r" ?(?:au total|en tout|pour (?:l'ensemble|le tout|les (?:deux|trois|\ue002))|in (?:all|total)|altogether)(?![a-z])"
)
_OTHERWISE: Final = re.compile(
    r"(?<![a-z])(?:depuis|annuel[a-z]{0,2}|deja|avec|y compris|compte tenu|demand[a-z]{1,3}|sollicit[a-z]{1,3}"
    r"|budget|cout"
    r"|moyenne|par (?:an|mois)|chacun[a-z]?|hors|taux|duree|interets?|prix|tarif|estim[a-z]{1,4}|since|including"
    r"|each|dont)(?![a-z])"
)


_EACH_OF: Final = re.compile("\ue000 (?:par|/) (?!la |le |les |l'|un |une |son |cette |virement|tiers)[a-z]{2,}")
"""« 10 € par enfant »: a price, not a part."""


_SPAN: Final = re.compile(
    r"[^.;]{0,60}(?<![a-z])(?:sur|pour|en|over|for) (?:la |les |l'|le |the )?(?:periode|annees?|exercices?"
    r"|duree|\ue004)"
)
"""A total over years: of more of them than are named, perhaps."""


def _closed(act: Act, sentence: Sentence, money: Sequence[Spot]) -> Iterator[tuple[Claim, bool]]:
    """« A à X et B à Y (total C) », « X : A ; Y : B ; total : C », « A et B, soit C pour l'ensemble »."""
    text = sentence.clip.text
    if not sentence.whole or CUT.search(sentence.text):
        return
    for index in range(2, len(money)):
        at, total = money[index]
        low = money[index - 1][0] + 1
        found = _LAST.search(text, low, at)
        after = text[at + 1 : money[index + 1][0] if index + 1 < len(money) else sentence.end]
        if found is None or not (_NAMED.search(found.group()) or _FOR_ALL.match(after)):
            continue
        parts = _items(text, sentence, list(money[:index]), found.start())
        if len(parts) < 2 or not _plain(total, *(m for _, m in parts)):
            continue
        first = parts[0][0]
        certain = (
            all(
                m.figure is not None and total.figure is not None and m.figure.fraction < total.figure.fraction
                for _, m in parts
            )
            and _OTHERWISE.search(text, max(sentence.start, first - 40), at) is None
            and _EACH_OF.search(text, first, at) is None
            and _OTHERWISE.match(after.lstrip(" ).,")) is None
            and _SPAN.match(after) is None
            and _BEYOND.search(after) is None
            and _OPEN_LIST.search(sentence.text) is None
            and _MOVED.search(sentence.text) is None
        )
        yield _sum(act, sentence, (at, total), parts), certain
        return


_AND: Final = re.compile(r"[,;]| et | and ")


def _items(text: str, sentence: Sentence, before: list[Spot], end: int) -> list[Spot]:
    """The parts: one amount between semicolons, since the colon that opens them; or every amount of the sentence."""
    gaps = [text[one + 1 : two] for (one, _), (two, _) in pairwise(before)]
    run = len(before) - 1
    while run and ";" in gaps[run - 1]:
        run -= 1
    if run <= len(before) - 2:
        opens = text[(before[run - 1][0] + 1 if run else sentence.start) : before[run][0]]
        if run == 0 or ":" in opens:
            return before[run:]
        return []
    own = own_amounts(text[sentence.start : end], before, sentence.start)
    if before[0][0] == sentence.start:
        own = [m for _, m in before]
    joined = all(_JOINS.search(gap) and len(gap) < _WIDEST and "." not in gap for gap in gaps)
    plain = not any(SECONDARY.search(_AND.split(gap)[-1]) for gap in gaps)
    return before if joined and plain and len(own) == len(before) else []


_WHOLE_SPENDING: Final = re.compile(
    r"(?:(?:article|art\.?) ?[0-9\ue002a-z]{1,8} ?[.:–-]{0,3} ?[–-]? ?)?(?:la (?:depense|somme"
    r"|charge) (?:totale|globale)"
    r"|le (?:montant|cout) (?:total|global)(?: de (?:ces|cette|la) [a-z]{4,16})?|l'ensemble (?:de la depense"
    r"|de ces [a-z]{4,16})"
    r"|total|ensemble|cet ensemble|la depense correspondante)(?![a-z])"
    r"(?:,? (?:soit|s'elevant a|d'un montant de|s'eleve a|est de|represente|de|:)| ?:)(?: la somme de)? ?\Z"
)
_GIVES: Final = re.compile(
    r"(?<![a-z])(?:accord|attribu|allou|octroy|vers[eé]|vot[eé]|subvention|aide|participation|dotation|award|grant)"
)


def _closed_after(act: Act, sentence: Sentence, money: Sequence[Spot]) -> Iterator[tuple[Claim, bool]]:
    """« Sont accordés : A à X ; B à Y. » then, in the next sentence or article, « La dépense totale, soit C »: the only
    amounts said so far, and one sentence that gives them all."""
    text = sentence.clip.text
    parts = _items(text, sentence, list(money), sentence.end)
    if len(parts) < 2 or len(parts) != len(money) or not sentence.whole or CUT.search(sentence.text):
        return
    later = sentence.piece.sentences[sentence.number + 1 : sentence.number + 2]
    pieces = act.passage.pieces
    if not later and sentence.piece.number + 1 < len(pieces):
        later = pieces[sentence.piece.number + 1].sentences[:1]
    for other in later:
        if other.piece.kind in ("row", "aside"):
            return
        said = [(at, m) for at, m in other.money() if m.kind == "amount"]
        if len(said) != 1:
            return
        at, total = said[0]
        counted = [m for spot, m in other.clip.within(other.start, at) if m.kind == "number"]
        words = other.clip.text[other.start : at]
        if counted and ":" in words:
            words = words[: words.index(":") + 1]
        if _WHOLE_SPENDING.match(words.lstrip()) is None or not _plain(total, *(m for _, m in parts)):
            return
        values = {m.figure.fraction for _, m in parts if m.figure is not None}
        whole = sum((m.figure.fraction for _, m in parts if m.figure is not None), Fraction(0))
        known = values | {whole} | ({total.figure.fraction} if total.figure is not None else set())
        certain = (
            _GIVES.search(sentence.text) is not None
            and _OTHERWISE.search(sentence.text[: parts[0][0] - sentence.start]) is None
            and _BEYOND.search(other.clip.text, at + 1, other.end) is None
            and _HOLDS_MORE.search(other.clip.text, at + 1, other.end) is None
            and _OPEN_LIST.search(sentence.text) is None
            and _MOVED.search(sentence.text) is None
            and all(
                m.figure is None or m.figure.fraction in known
                for piece in act.before(sentence.piece, _EARLIER)
                for _, m in piece.money()
            )
            and all(
                m.figure is None or m.figure.fraction in known
                for one in sentence.piece.sentences[: sentence.number]
                for _, m in one.money()
            )
        )
        claim = Sum(
            place=place_of(total),
            cue=act.cue(other.clip, other.start, at + 1),
            topic="whole",
            total=total.figure,
            parts=tuple(m.figure for _, m in parts),
            confidence="medium",
        )
        yield claim, certain


_HOLDS_MORE: Final = re.compile(
    r"(?<![a-z])(?:compren[a-z]{1,4}|comprend|inclu[a-z]{1,4}|integr[a-z]{1,3}|tient)(?![a-z])"
)
_BEYOND: Final = re.compile(
    r"(?<![a-z])(?:depuis|deja|avec|y compris|compte tenu|dont|hors|annuel[a-z]{0,2}|precedent[a-z]{0,2}"
    r"|anterieur[a-z]{0,2}"
    r"|ajout[a-z]{1,5}|since|including)(?![a-z])"
)
"""Behind a total: words that say that it is of more than what was just given."""
_EARLIER: Final = 30


# -- people, in two kinds ---------------------------------------------------------------------------------------------

_TWO: Final = r"\ue002 (?:{one})(?: et |, | / )\ue002 (?:{two})(?= ?[.;)]|\Z)"
_PEOPLE: Final = tuple(
    re.compile(
        r"\ue002(?: [a-z][a-z' -]{2,40}?)?[,:(]? ?(?:dont|soit|:|\(|,) ?" + _TWO.format(one=one, two=two),
    )
    for pair in (
        ("filles", "garcons"),
        ("femmes", "hommes"),
        ("adultes", "(?:jeunes|enfants|mineurs)"),
        ("majeurs", "mineurs"),
        ("girls", "boys"),
        ("women", "men"),
        ("adults", "(?:children|young people)"),
    )
    for one, two in (pair, pair[::-1])
)


def _people(act: Act, sentence: Sentence) -> Iterator[Claim]:
    """« 84 bénéficiaires, 51 filles et 33 garçons »: two kinds that leave no third."""
    text = sentence.clip.text
    if text.count("\ue002", sentence.start, sentence.end) < 3 or _OPEN_LIST.search(sentence.text):
        return
    for pattern in _PEOPLE:
        found = pattern.search(text, sentence.start, sentence.end)
        if found is None:
            continue
        spots = [at for at in range(*found.span()) if text[at] == "\ue002"]
        total, *parts = (sentence.clip.mention(at) for at in spots)
        if len(parts) != 2 or any(m.figure is None or m.repaired for m in (total, *parts)):
            continue
        yield Sum(
            place=place_of(total),
            cue=act.cue(sentence.clip, *found.span()),
            topic="whole",
            total=total.figure,
            parts=tuple(m.figure for m in parts),
            confidence="medium",
        )
        return
