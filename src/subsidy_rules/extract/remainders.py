"""What is left: « déduction faite de », « reste à charge », « un excédent net de », « le solde, soit »."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Final

from subsidy_rules.acts import Act, place_of
from subsidy_rules.claims import Balance, Claim
from subsidy_rules.figures import Amount
from subsidy_rules.holding import holds
from subsidy_rules.mentions import A, Clip, Mention
from subsidy_rules.patterns import hinted
from subsidy_rules.sentences import Sentence
from subsidy_rules.series import TOTAL, choose
from subsidy_rules.vocabulary import LEFT_AFTER, LEFT_NOUNS, LEFT_VERBS

__all__ = ["claims"]

_TAKEN: Final = re.compile(
    r"(?<![a-z])(?:(?P<clear>une fois (?:retire|deduit|ote|retranche|soustrait)(?:s|e|es)?"
    r"|(?:apres |par |sous )?deduction (?:faite )?(?:de|du|des|d')"
    r"|deduits?|deduites?|deduit|retranches?|after deducting|net of|less|minus)|diminue(?:e"
    r"|s|es)? (?:de|du|des)|moins|minore(?:e|s)? (?:de|du|des)|(?:est |sont )?reduit(?:e|s|es)? (?:de|d')"
    r"|deja (?:verse|paye|percu|regle|finance)(?:e|s|es)?|acompte|avance|consomme(?:e|es"
    r"|s)?|utilise(?:e|es|s)?|engage(?:e|es|s)?)(?![a-z])"
)
_LEFT: Final = re.compile(
    r"(?<![a-z])(?P<word>soit|ramene(?:e|s|es)? a|reste|restant|restera|reliquat|solde|excedent|disponible"
    r"|difference|ecart|(?:charge )?(?:nette|residuelle)|net|"
    r"remaining|remains|remainder|balance|leaving|leaves)(?![a-z])"
)
_ADDED: Final = re.compile(r"(?:,| et | and |ainsi que)")
_REST: Final = hinted(
    rf"(?<![a-z])(?P<left>(?:le |un |the )?(?:reste a (?:charge|financer|payer|verser|realiser"
    rf"|couvrir)|solde|reliquat|reste|(?:credits? )?disponibles?|remaining|balance"
    rf"|remainder)[^{A};]{{0,70}}?(?:deduction faite[^;]{{0,160}}?)?)"
    rf"(?:,? ?soit |s'eleve(?:ra|nt)? (?:donc |ainsi )?a |(?:est|sera|serait|ressort) (?:donc |ainsi |alors )?(?:de"
    rf"|a) |de "
    rf"|d'un montant de |: ?|, |s'etabli(?:t|ra|rait) a |attein(?:t|dra) |is |of |amounts to )(?P<result>{A})"
    rf"|(?<![a-z])(?P<left2>il (?:reste|restera|restait|resterait|demeure)(?: donc| ainsi| alors| a financer| a verser"
    rf"| a payer| encore| un montant de| une somme de| disponible)?) (?P<result2>{A})",
    "rest",
    "solde",
    "reliquat",
    "disponible",
    "remain",
    "balance",
    "demeure",
)
_OUTCOME: Final = re.compile(
    rf"(?:soit|d'ou|ce qui (?:donne|fait)|i\.e\.)[ ,]{{1,2}}(?:un |une |le |a )?(?:excedent|deficit|solde|reliquat"
    rf"|reste"
    rf"|resultat|disponible|besoin|surplus|shortfall)[^{A}.;]{{0,50}}(?P<result>{A})"
)
_OUT_OF: Final = hinted(
    rf"(?:acompte|avance|deja (?:paye|verse))[^{A};]{{0,50}}?(?P<minus>{A}) ?/ ?(?P<start>{A})", "/"
)
_SPENT_OF: Final = hinted(
    rf"(?<![a-z])sur (?:les|un total de|une enveloppe de|un montant de|un credit de|les credits de|une dotation de"
    rf"|une subvention de) (?P<start>{A})[^{A}.]{{0,60}}?,? (?P<minus>{A})[^{A}.;]{{0,20}} (?:ont|a|sont|est) "
    rf"(?:deja )?(?:ete )?(?:deja )?(?:verse|paye|consomme|mandate|engage|attribue|utilise|affecte)[a-z]{{0,3}}"
    rf"(?![a-z])"
    rf"[^{A}.]{{0,60}}(?<![a-z])(?:reste|restent|restait|reliquat|solde)(?![a-z])[^{A}.;]{{0,30}}(?P<result>{A})",
    "rest",
    "reliquat",
    "solde",
)


def _left_of(found: re.Match[str]) -> tuple[int, int]:
    """Where the words of what is left begin, and where its amount stands."""
    group = "" if found["left"] else "2"
    return found.start("left" + group), found.start("result" + group)


_MINUS: Final = re.compile(r"(?:\A|[a-z) ]) ?[-−] ?(?:[a-z' ]{0,40})\Z")
_CHAINED: Final = re.compile(r"[+=×*/−–]|(?<![a-z0-9])-(?![a-z0-9])")
"""A sign between two amounts: both are terms of one chain."""
_WIDEST: Final = 200
_MOST: Final = 5


_RESULT: Final = re.compile(
    r"(?<![a-z])(?:deficit|excedent|besoin de financement|resultat|solde (?:positif|negatif)"
    r"|surplus|benefice|perte|shortfall)(?![a-z])[^.;]{0,40}\Z"
)


def _outcome(act: Act, sentence: Sentence) -> Iterator[tuple[Claim, int]]:
    """« dépenses A et recettes B, soit un déficit de C »."""
    text = sentence.clip.text
    money = [(at, m) for at, m in sentence.money() if m.kind == "amount"]
    for (one, first), (two, second), (three, result) in zip(money, money[1:], money[2:], strict=False):
        if three - one > 2 * _WIDEST or not _RESULT.search(text, two, three):
            continue
        cue = act.cue(sentence.clip, two + 1, three + 1)
        claim = choose(
            [(_balance(first, (second,), result, cue), False), (_balance(second, (first,), result, cue), False)]
        )
        if claim is not None:
            yield claim, result.start


def _after_lists(act: Act) -> Iterator[tuple[Claim, int]]:
    """A cost, the list of those who pay, then « le solde, soit A »: told when it holds."""
    for series in act.series:
        if series.after is None or not series.after.sentences:
            continue
        sentence = series.after.sentences[0]
        if len(series.entries) == 2 and (outcome := _OUTCOME.match(sentence.text)) is not None:
            # « – recettes de A ; – dépenses de B ; soit un excédent de C »
            at = sentence.start + outcome.start("result")
            one, two = (entry.amounts[0] for entry in series.entries)
            result = sentence.clip.mention(at)
            cue = act.cue(sentence.clip, sentence.start, at + 1)
            claim = choose((_balance(*pair, result, cue), False) for pair in ((one, (two,)), (two, (one,))))
            if claim is not None:
                yield claim, result.start
            continue
        if series.intro is None:
            continue
        found = _REST.search(sentence.clip.text, sentence.start, sentence.end)
        if found is None:
            continue
        left, at = _left_of(found)
        result = sentence.clip.mention(at)
        starts = [m for _, m in series.intro.money()]
        for earlier in act.sentences_before(series.intro, 3):
            starts.extend(m for _, m in earlier.money())
        less = tuple(entry.amounts[0] for entry in series.entries)
        cue = act.cue(sentence.clip, left, found.end())
        claim = choose((_balance(start, less, result, cue), False) for start in starts[:_MOST])
        if claim is not None:
            yield claim, result.start


def claims(act: Act) -> Iterator[Claim]:
    """Subtractions said in words, inside one sentence or with the amounts of the sentence before."""
    listed: set[int] = set()
    for claim, at in _after_lists(act):
        listed.add(at)
        yield claim
    for sentence in act.sentences():
        if A not in sentence.text:
            continue
        told: set[int] = set(listed)
        figures: list[set[int]] = []
        for way in (_inside, _spent_of, _gaps, _out_of, _outcome, _rests, _differences, _far):
            for claim, at in way(act, sentence):
                mine = {id(figure) for figure in claim.figures()}
                if at in told or any(mine <= other for other in figures):
                    continue
                told.add(at)
                figures.append(mine)
                yield claim


def _inside(act: Act, sentence: Sentence) -> Iterator[tuple[Claim, int]]:
    clip, text = sentence.clip, sentence.clip.text
    money = [(at, m) for at, m in sentence.money() if m.kind == "amount"]
    for first in range(len(money) - 2):
        start_at, start = money[first]
        gap = text[start_at + 1 : money[first + 1][0]]
        equal = _MINUS.search(gap) is not None
        if equal and first and _CHAINED.search(text, money[first - 1][0] + 1, start_at):
            continue  # « a + b – c = d »: a term of a longer chain
        taken = _TAKEN.search(gap)
        if (taken is None and not equal) or len(gap) > _WIDEST:
            continue
        less: list[Mention] = [money[first + 1][1]]
        for index in range(first + 2, min(len(money), first + 2 + _MOST)):
            at, result = money[index]
            between = text[money[index - 1][0] + 1 : at]
            if len(between) > _WIDEST:
                break
            left = _LEFT.search(between)
            if (equal and "=" in between) or (taken is not None and left is not None):
                word = left["word"] if left is not None else "="
                clear = equal or (
                    taken is not None
                    and index == first + 2
                    and (taken["clear"] is not None or word.startswith("ramene"))
                    and word not in ("ecart", "difference", "disponible")
                )
                begin = start_at + 1 + (taken.start() if taken is not None else 0)
                claim = Balance(
                    place=place_of(result),
                    cue=act.cue(clip, begin, at + 1),
                    topic="remainder",
                    start=start.figure,
                    minus=tuple(m.figure for m in less),
                    result=result.figure,
                    confidence="high" if equal else "medium",
                )
                chosen = choose([(claim, clear)])
                if chosen is not None:
                    yield chosen, result.start
                break
            if not (_ADDED.search(between) or (equal and _MINUS.search(between))):
                break
            less.append(result)


def _spent_of(act: Act, sentence: Sentence) -> Iterator[tuple[Claim, int]]:
    """« Sur les A votés, B ont été versés ; il reste donc C »: the grammar names all three."""
    clip = sentence.clip
    for found in _SPENT_OF.finditer(clip.text, sentence.start, sentence.end):
        start, minus, result = (clip.mention(found.start(name)) for name in ("start", "minus", "result"))
        claim = choose([(_balance(start, (minus,), result, act.cue(clip, *found.span())), True)])
        if claim is not None:
            yield claim, result.start


def _out_of(act: Act, sentence: Sentence) -> Iterator[tuple[Claim, int]]:
    """« acompte déjà payé de 11 333 €/39 000 € » beside what remains, alone in its cell."""
    clip = sentence.clip
    for found in _OUT_OF.finditer(clip.text, sentence.start, sentence.end):
        minus, start = clip.mention(found.start("minus")), clip.mention(found.start("start"))
        rest = [
            m
            for at, m in clip.within(found.end(), sentence.end)
            if m.kind in ("amount", "number") and m.figure is not None and _alone(clip.text, at)
        ]
        claim = choose(
            (_balance(start, (minus,), mention, act.cue(clip, found.start("minus"), found.end())), False)
            for mention in rest[:4]
        )
        if claim is not None:
            yield claim, found.start("minus")


def _alone(text: str, at: int) -> bool:
    """True for a figure that is a whole cell of its row."""
    before, after = text[max(0, at - 3) : at].strip(), text[at + 1 : at + 4].strip()
    return (not before or before[-1] in "|,;)") and (not after or after[0] in "|,;")


def _rests(act: Act, sentence: Sentence) -> Iterator[tuple[Claim, int]]:
    """« …un acompte de 6 000 € a été versé ; le solde, soit 4 000 € »: what is taken from what is not said by the
    grammar, so that it is told only when it holds."""
    clip = sentence.clip
    for found in _REST.finditer(clip.text, sentence.start, sentence.end):
        left, at = _left_of(found)
        result = clip.mention(at)
        before = [m for spot, m in clip.within(sentence.start, found.start()) if m.kind == "amount"]
        if len(before) < 2:
            for earlier in act.sentences_before(sentence, 3):
                if earlier.piece.kind == "row":
                    break
                before = [*(m for _, m in earlier.money() if m.kind == "amount"), *before]
        pool = before[-_MOST:]
        after = [m for spot, m in clip.within(at + 1, sentence.end) if m.kind == "amount"][:2]
        inside = [m for spot, m in clip.within(found.start(), at) if m.kind == "amount"]
        cue = act.cue(clip, left, found.end())
        readings = [
            (_balance(pool[first], tuple(pool[first + 1 : last + 1]), result, cue), False)
            for first in range(len(pool) - 1)
            for last in reversed(range(first + 1, len(pool)))
        ]
        if len(pool) > 1 and pool[0].start >= clip.origin(sentence.start):
            # « Le coût est de A. … apporte B, … apporte C et … le reste, soit D »
            earlier_sums = [m for other in act.sentences_before(sentence, 2) for _, m in other.money()][:_MOST]
            whole = [(_balance(start, (pool[-1],), result, cue), False) for start in earlier_sums]
            whole.extend((_balance(start, tuple(pool), result, cue), False) for start in earlier_sums)
            readings = whole + readings
        readings.extend((_balance(two, (one,), result, cue), False) for one, two in itertools.combinations(pool, 2))
        # « le reste à charge, déduction faite de A et de B, s'élève à C sur un coût de D »
        readings.extend(
            (_balance(start, tuple(less), result, cue), False) for start in after for less in (inside, pool) if less
        )
        taken = _TAKEN.search(clip.text, sentence.start, found.start())
        if taken is not None and taken["clear"] and not any(holds(claim) for claim, _ in readings):
            readings = _from_before(act, sentence, found, result, cue)
        claim = choose(readings)
        if claim is not None:
            yield claim, result.start


_DEDUCTED: Final = re.compile(r"(?<![a-z])(?:(?:apres |par |sous )?deductions?|une fois dedui[a-z]{1,3})(?![a-z])")
_DIFFERENCE: Final = re.compile(
    r"(?<![a-z])(?:rest(?:e|ent|ant|ants|era|ait)|reliquats?|solde|disponible|differences?|ecarts?|economies?|gain"
    r"|reduction|diminution|moins-values?|(?:a|conserv[a-z]{1,4} a) (?:sa|leur) charge|equilibre|besoin|deduction"
    r"|deduits?|deduites?|charge nette|cout net"
    r"|remboursements?|rembourser|reversements?|reverser|restitu(?:er|tion)|trop[- ]percu|marge"
    r"|deficit|excedent|titre de recettes?|saving|refund|difference|left)(?![a-z])"
)
_NEAR: Final = 70


def _differences(act: Act, sentence: Sentence) -> Iterator[tuple[Claim, int]]:
    """« ramenée de A à B, soit une économie de C », « C, correspondant à la différence entre A et B »: three amounts,
    and a word that says that one is what the others leave; told when it holds, for the words do not say which."""
    text = sentence.clip.text
    if not _DIFFERENCE.search(text, sentence.start, sentence.end):
        return
    money = [(at, m) for at, m in sentence.money() if m.kind == "amount"]
    if not 3 <= len(money) <= _MOST:
        return
    for found in _DIFFERENCE.finditer(text, sentence.start, sentence.end):
        near = [(at, m) for at, m in money if found.end() <= at <= found.end() + _NEAR][:1]
        if near and _DEDUCTED.search(text, found.start(), near[0][0]):
            near = []  # what is taken, not what is left
        near.extend([(at, m) for at, m in money if found.start() - _NEAR <= at < found.start()][-1:])
        for at, result in near:
            if result.figure is None or result.figure.fraction <= 0:
                continue
            others = [m for _, m in money if m is not result and m.figure is not None]
            others.sort(key=lambda m: m.figure.fraction if m.figure is not None else 0, reverse=True)
            cue = act.cue(sentence.clip, min(found.start(), at), max(found.end(), at + 1))
            readings = [_balance(others[0], tuple(others[1:]), result, cue)] if len(others) > 1 else []
            readings.extend(_balance(one, (two,), result, cue) for one, two in itertools.combinations(others[:4], 2))
            holding = next((claim for claim in readings if holds(claim)), None)
            if holding is not None:
                yield holding, result.start
                return


_FAR: Final = re.compile(
    rf"(?<![a-z])(?P<word>{LEFT_NOUNS}|{LEFT_VERBS})(?![a-z])[^{A}.;]{{0,60}}?(?P<result>{A})"
    rf"|(?P<result2>{A})(?: ?(?:ht|ttc))?,? (?P<word2>{LEFT_AFTER})(?![a-z])"
)
_APART: Final = re.compile(
    rf"(?P<one>{A})[^{A};.]{{0,60}}? (?:(?P<more>(?:depass|exced|surpass)e(?:nt)?|(?:est|sont|etait) superieure?s?)"
    rf"|(?:est|sont|etait) inferieure?s?)(?: ainsi| donc)? (?:de"
    rf"|d'un montant de) (?P<gap>{A})(?P<what>[^{A};.]{{1,80}}?)"
    rf"(?P<two>{A})"
)
_FROM_TO: Final = re.compile(
    rf"(?<![a-z])(?:(?P<down>ramen|redui|abaiss|diminu|baiss|recul)|(?P<up>port|relev|augment|major|hauss))[a-z]{{0,5}}"
    rf"(?: [a-z' ]{{1,60}})? de (?P<one>{A}) a (?P<two>{A}),? (?:soit|c'est-a-dire|ce qui (?:represente"
    rf"|fait))(?: donc)?"
    rf"(?: une? (?:baisse|diminution|reduction|economie|hausse|augmentation|majoration|ecart"
    rf"|difference)(?: [a-z]{{3,14}})?"
    rf" de)? (?P<gap>{A})(?! ?(?:par|/|ttc|ht|chaque|environ)(?![a-z]))"
)
_UNSURE: Final = re.compile(
    r"(?<![a-z])(?:environ|pres de|plus de|moins de|hors|arrondi[a-z]{0,2}|par|chacune?|annuel[a-z]{0,2}"
    r"|mensuel[a-z]{0,2}"
    r"|cumul[a-z]{0,3}|moyenne|actualis[a-z]{1,4}|revis[a-z]{1,4})(?![a-z])"
)


def _gaps(act: Act, sentence: Sentence) -> Iterator[tuple[Claim, int]]:
    """« A dépasse de G celle de B », « ramenée de A à B, soit G de moins »: the grammar names all three."""
    clip = sentence.clip
    for pattern in (_APART, _FROM_TO):
        for found in pattern.finditer(clip.text, sentence.start, sentence.end):
            one, two, gap = (clip.mention(found.start(name)) for name in ("one", "two", "gap"))
            figures = [one.figure, two.figure, gap.figure]
            if not all(isinstance(figure, Amount) and figure.is_exact and figure.n > 0 for figure in figures):
                continue
            rises = found["more"] is None if pattern is _APART else found["up"] is not None
            start, less = (two, one) if rises else (one, two)
            if start.figure is None or less.figure is None or start.figure.fraction <= less.figure.fraction:
                continue
            taxes = {figure.tax for figure in figures if isinstance(figure, Amount)}
            certain = (
                len(sentence.money()) == 3
                and sentence.whole
                and len(taxes) == 1
                and not any(mention.repaired for mention in (one, two, gap))
                # A gap told in whole euros between amounts with cents is rounded.
                and gap.figure is not None
                and gap.figure.decimals >= max(start.figure.decimals, less.figure.decimals)
                and _UNSURE.search(sentence.text) is None
            )
            cue = act.cue(clip, found.start() if pattern is _FROM_TO else found.start("one") + 1, found.end())
            claim = _balance(start, (less,), gap, cue)
            chosen = choose([(claim, certain)])
            if chosen is not None:
                yield chosen, gap.start


_OWED: Final = re.compile(
    rf"(?<![a-z])(?P<word>deduction faite|apres (?:deduction|imputation|prise en compte|retrait|versement)|une fois"
    rf" (?:deduit|retire|ote|retranche|verse|soustrait)[a-z]{{0,2}}|defalcation faite|deduits?|deduites?|sous deduction"
    rf"|net(?:te)? (?:de|des|du)|after deducting)(?![a-z])[^{A};.]{{0,70}}{A}[^{A};.]{{0,110}}?(?P<result>{A})"
)
"""« Déduction faite de l'acompte de B, il y a lieu de régler C »: after what is taken comes what is left."""
_UNITLESS: Final = re.compile(r" ?(?:[,;.)|]|\Z)")
"""« le jury en a retenu 61 000, … »: the unit was said before."""
_FAR_BACK: Final = 9
_MOST_FAR: Final = 14
_RUN: Final = 4
_NEAR_RUN: Final = 7


def _sums_of(clip: Clip, start: int, end: int) -> list[Mention]:
    """The amounts of a stretch, and its numbers that stand for amounts."""
    return [
        m
        for at, m in clip.within(start, end)
        if m.kind == "amount"
        or (
            m.kind == "number"
            and m.figure is not None
            and m.figure.fraction >= 1000
            and m.figure.text[-1:].isdigit()
            and _UNITLESS.match(clip.text, at + 1)
        )
    ]


def _far(act: Act, sentence: Sentence) -> Iterator[tuple[Claim, int]]:
    """« Après cette répartition, le crédit disponible s'établit à C »: what it is left of was said some sentences
    before, and what was taken, perhaps in a table; told when it holds."""
    clip = sentence.clip
    for found in (
        *_FAR.finditer(clip.text, sentence.start, sentence.end),
        *_OWED.finditer(clip.text, sentence.start, sentence.end),
    ):
        at = found.start("result" if found["word"] else "result2")
        result = clip.mention(at)
        if result.figure is None or result.figure.fraction <= 0 or getattr(result.figure, "qualifier", None):
            continue
        pool = _sums_of(clip, sentence.start, at)
        own = len(pool)
        prose = 0
        for earlier in act.sentences_before(sentence, 4 * _FAR_BACK):
            if earlier.piece.kind == "row":
                if TOTAL.search(earlier.text) is None:
                    continue
            else:
                prose += 1
            if prose > _FAR_BACK:
                break
            pool = [*_sums_of(earlier.clip, earlier.start, earlier.end), *pool]
            if len(pool) >= _MOST_FAR:
                break
        pool = [m for m in pool[-_MOST_FAR:] if m.figure is not None]
        after = [m for m in _sums_of(clip, at + 1, sentence.end) if m.figure is not None][:2]
        cue = act.cue(clip, found.start(), max(found.end(), at + 1))
        claim = choose(
            (_balance(start, less, result, cue), False) for start, less in _leaving(pool, after, own, result)
        )
        if claim is not None:
            yield claim, result.start


def _leaving(
    pool: list[Mention], after: list[Mention], own: int, result: Mention
) -> Iterator[tuple[Mention, tuple[Mention, ...]]]:
    """The amounts that leave ``result``, the nearest first: one less another, then one less several that stand
    together."""
    both = [*pool, *after]
    figures = [m.figure for m in (*both, result) if m.figure is not None]
    # In whole numbers, as many places down as the figures have: it is asked of many.
    places = max(figure.decimals for figure in figures)
    *values, left = (figure.n * 10 ** (places + figure.exponent - figure.decimals) for figure in figures)
    here = len(pool)
    # What comes after is only looked at from the sentence itself, or for what it takes from.
    for last in reversed(range(len(both))):
        wanted = left + values[last]
        if wanted not in values:
            continue
        for first in reversed(range(len(both))):
            if first == last or values[first] != wanted:
                continue
            if first > last and not own and first < here:
                continue
            if min(first, last) >= here and (own or first > last):
                continue
            yield both[first], (both[last],)
    low = max(0, len(pool) - _NEAR_RUN)
    runs: dict[int, list[tuple[int, int]]] = {}
    for begin in range(low, len(pool)):
        for end in range(begin + 2, min(len(pool), begin + _RUN) + 1):
            runs.setdefault(left + sum(values[begin:end]), []).append((begin, end))
    for first in reversed(range(low, len(pool))):
        for begin, end in runs.get(values[first], ()):
            if not begin <= first < end and not (first > begin and not own):
                yield pool[first], tuple(pool[begin:end])


_WHOLE: Final = re.compile(r"(?<![a-z])(?:cout|montant|depense|budget|total|operation|cost)(?![a-z])")


def _from_before(
    act: Act, sentence: Sentence, found: re.Match[str], result: Mention, cue: str
) -> list[tuple[Claim, bool]]:
    """« Le coût est de A. Après déduction des subventions (B), le reste à charge est de C »: the cost is the only
    amount of the sentence before."""
    less = tuple(m for _, m in sentence.clip.within(sentence.start, found.start()) if m.kind == "amount")
    for earlier in act.sentences_before(sentence, 1):
        money = [m for _, m in earlier.money() if m.kind == "amount"]
        if len(money) == 1 and len(less) == 1 and _WHOLE.search(earlier.text) and earlier.piece.kind != "row":
            return [(_balance(money[0], less, result, cue), True)]
    return []


def _balance(start: Mention, minus: tuple[Mention, ...], result: Mention, cue: str) -> Claim:
    return Balance(
        place=place_of(result),
        cue=cue,
        topic="remainder",
        start=start.figure,
        minus=tuple(m.figure for m in minus),
        result=result.figure,
        confidence="medium",
    )
