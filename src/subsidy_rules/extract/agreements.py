"""What agrees: figures that no way of saying has tied, and that arithmetic ties to those beside them.

People have more ways of saying « this is the sum of these » than anybody lists. But figures that stand together, with a
word of totals, remainders or rates among them, and that agree to the cent, do so because they speak of one another.
So this last reading asks little of the words and everything of the arithmetic: it only ever tells what holds, and when
two groups of figures agree as well, it tells neither. What is false is for the ways of saying to tell.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise, permutations
from typing import Final

from subsidy_rules.acts import Act, place_of
from subsidy_rules.claims import Average, Balance, Change, Claim, Share, SharesTotal, Sum
from subsidy_rules.figures import Figure, Percentage
from subsidy_rules.holding import holds, share_holds
from subsidy_rules.mentions import Mention
from subsidy_rules.sentences import Piece, Sentence

__all__ = ["claims"]

_TOTAL: Final = re.compile(
    r"(?<![a-z])(?:tota[a-z]{1,5}|globa[a-z]{1,5}|cumul[a-z]{0,4}|ensemble|somme|reparti[a-z]{0,6}|ventil[a-z]{0,6}"
    r"|decompos[a-z]{0,4}|compos[a-z]{0,4}|compren[a-z]{1,4}|constitu[a-z]{0,5}|financ[a-z]{0,5}|couv[a-z]{2,5}"
    r"|port[a-z]{1,3}|attei[a-z]{2,5}|eleve|etabli[a-z]{0,3}|ainsi|soit|dont|donc|desormais|ajout[a-z]{0,5}"
    r"|abond[a-z]{0,4}|complet[a-z]{0,3}|au titre|pris[a-z]{0,2} en charge|part|partag[a-z]{0,3}|altogether|sum|made up"
    r"|support[a-z]{1,4}|apport[a-z]{1,5}|assum[a-z]{1,4}|verse[a-z]{0,4}|paie[a-z]{0,3}"
    r"|comprising|includ[a-z]{1,3}|split|of which|namely)(?![a-z])|[=+:→]"
)
_LEFT: Final = re.compile(
    r"(?<![a-z])(?:rest[a-z]{1,5}|reliquat|disponib[a-z]{2,4}|exced[a-z]{2,4}|deficit[a-z]{0,4}|ecart|differences?"
    r"|subsist[a-z]{0,3}|demeur[a-z]{0,4}|besoin|manqu[a-z]{1,4}|resultat|economie|de moins|en moins|a la charge"
    r"|non (?:consomm|utilis|engag|affect|attribu)[a-z]{1,4}|remain[a-z]{0,3}|left|balance|surplus|shortfall)(?![a-z])"
)
_GIVES: Final = re.compile(
    r"(?:s'elev[a-z]{1,6}(?: donc| ainsi)? a|est(?: donc| ainsi)? de|sont de|etabli[a-z]{0,3} a|ressort[a-z]{0,4} a"
    r"|attein[a-z]{1,3}|soit|represent[a-z]{1,5}|is|amounts to|[:=]) ?\Z"
)
_EACH: Final = re.compile(
    r"(?<![a-z])(?:chacun[a-z]{0,2}|par|chaque|a raison de|versements?|mensualites?|annuites?|echeances?|unitaires?"
    r"|fois|each|per|instal+ments?|annuel[a-z]{0,3}|mensuel[a-z]{0,3})(?![a-z])|[x×*/]"
)
_LIMIT: Final = re.compile(
    r"(?<![a-z])(?:maxim[a-z]{0,4}|plafon[a-z]{0,5}|limit[a-z]{0,3}|exced[a-z]{1,4}|depass[a-z]{0,5}|jusqu|au plus"
    r"|au moins|minim[a-z]{0,3}|up to|at most|at least|exceed[a-z]{0,3})(?![a-z])"
)
_RATE_OF_ELSE: Final = re.compile(
    r"(?<![a-z])(?:t\.?v\.?a|taxes?|interets?|vat|inflation|indexation|penalites?|retenues? de garantie|remises?"
    r"|suffrages|voix|chomage|temps|occupation|remplissage|frequentation|reussite|participation au vote)(?![a-z])"
)
_MOVES: Final = re.compile(
    r"(?<![a-z])(?:hausse|baisse|augment[a-z]{0,8}|diminu[a-z]{0,6}|progress[a-z]{0,6}|reduct[a-z]{0,4}|redui[a-z]{0,4}"
    r"|evolution|variation|croissance|recul[a-z]{0,4}|revaloris[a-z]{0,6}|major[a-z]{0,6}|minor[a-z]{0,6}"
    r"|increas[a-z]{0,4}|decreas[a-z]{0,4}|contre|passe|ramene[a-z]{0,2}|from|rise|fall)(?![a-z])|(?:[+−-] ?)\Z"
)
_OF_WHICH: Final = re.compile("\ue000 ?\\( ?\\+ ?\\Z")
"""« majorée de 41 600 € (+ 6,5 %) »: the rate is of what is added, and of what it is added to."""
_SUMS: Final = frozenset(("sum", "balance"))
_RATES: Final = frozenset(("percentage", "change", "tax"))
_VOTES: Final = re.compile(
    r"(?<![a-z])(?:votants?|votes?|voix|suffrages|abstentions?|presents?|pouvoirs|quorum|contre|membres)(?![a-z])"
)
_FALLS: Final = re.compile(
    r"(?<![a-z])(?:baisse|diminu[a-z]{0,6}|reduct[a-z]{0,4}|redui[a-z]{0,4}|recul[a-z]{0,4}|minor[a-z]{0,6}|moins"
    r"|decreas[a-z]{0,4}|fall|less)(?![a-z])|[−-] ?\Z"
)
_FIGURES: Final = re.compile("[\ue000\ue001\ue003;]")
_MOST_FIGURES: Final = 14
"""Amounts in one window; beyond, some would agree by chance."""
_NEAR: Final = 60


@dataclass(frozen=True, slots=True)
class _Window:
    """One sentence with its neighbours of the same paragraph: the amounts of all, with where they stand."""

    sentence: Sentence
    around: Sequence[tuple[Sentence, int, Mention]]
    own: Sequence[tuple[int, Mention]]


def claims(act: Act, ties: Callable[[Figure], Collection[str]]) -> Iterator[Claim]:
    """What holds among figures that the ways of saying have not tied; ``ties``: the kinds of the claims on a figure."""

    def tied(figure: Figure) -> bool:
        return bool(ties(figure))

    for before, sentence, after in _in_threes(act):
        mentions = sentence.mentions()
        if not any(m.figure is not None and m.kind in ("amount", "percent", "number") for _, m in mentions):
            continue
        own = sentence.exact()
        around = [(one, at, m) for one in (before, sentence, after) if one is not None for at, m in one.exact()]
        if len(around) > _MOST_FIGURES:
            around = [(sentence, at, m) for at, m in own]
        window = _Window(sentence, around, own)
        percents = [(at, m) for at, m in mentions if isinstance(m.figure, Percentage)]
        for at, stated in percents:
            if stated.figure is not None and not _RATES.intersection(ties(stated.figure)):
                moved, rated = _moved(act, window, at, stated), None
                if moved is None or _OF_WHICH.search(_before(sentence, at, 8)):
                    rated = _rated(act, window, at, stated)
                    if moved is not None and isinstance(rated, Share):
                        # « majorée de A, à B (+ P) » tells the change alone: the amount before the rate is not added.
                        near = [m.figure for spot, m in window.own if spot < at][-1:]
                        rated = rated if rated.part in near else None
                yield from (claim for claim in (moved, rated) if claim is not None)
        yield from _whole_of_shares(act, sentence, percents, tied)
        numbers = [(at, m) for at, m in mentions if m.kind == "number" and m.figure is not None]
        if numbers:
            yield from _counted(act, sentence, numbers, tied)
            yield from _counted_last(act, sentence, numbers, tied)
        if len(own) <= _MOST_FIGURES:
            if own and len(around) > 2:
                yield from _added(act, window, ties)
            if numbers and len(own) > 1:
                yield from _multiplied(act, window, numbers, tied)
    yield from _blocks(act, ties)


def _in_threes(act: Act) -> Iterator[tuple[Sentence | None, Sentence, Sentence | None]]:
    """Each sentence of prose with the one before and the one after, where they are of the same flow."""
    flow = [sentence for sentence in act.sentences() if sentence.piece.kind != "row"]
    joined = [_same_flow(one, two) for one, two in pairwise(flow)]
    for index, sentence in enumerate(flow):
        before = flow[index - 1] if index and joined[index - 1] else None
        after = flow[index + 1] if index < len(joined) and joined[index] else None
        yield before, sentence, after


def _same_flow(one: Sentence, two: Sentence) -> bool:
    if one.piece is two.piece:
        return True
    kinds = {one.piece.kind, two.piece.kind}
    return kinds == {"prose"} and two.piece.number == one.piece.number + 1 and not two.piece.gap


def _before(sentence: Sentence, at: int, most: int = _NEAR) -> str:
    return sentence.clip.text[max(sentence.start, at - most) : at]


def _after(sentence: Sentence, at: int, most: int = _NEAR) -> str:
    return sentence.clip.text[at + 1 : min(sentence.end, at + 1 + most)]


# -- rates --------------------------------------------------------------------------------------------------------


def _rated(act: Act, window: _Window, at: int, stated: Mention) -> Claim | None:
    """The one part and the one base around a rate that make it true as printed."""
    sentence = window.sentence
    words = _own(_before(sentence, at))
    if (
        not isinstance(stated.figure, Percentage)
        or stated.figure.n <= 0
        or stated.figure.fraction >= 100
        or _LIMIT.search(words)
        or _RATE_OF_ELSE.search(words)
        or _RATE_OF_ELSE.search(_FIGURES.split(_after(sentence, at, 30))[0])
        or (_MOVES.search(words[-30:]) and not _OF_WHICH.search(_before(sentence, at, 8)))
    ):
        return None
    cue = act.cue(sentence.clip, at, at + 1)
    own = [m for _, m in window.own]
    pools: list[Callable[[], Iterable[tuple[Mention, Mention]]]] = [
        lambda: _in_ratio(stated, own),
        lambda: _in_ratio(stated, [m for _, _, m in window.around]) if len(window.around) > len(own) else (),
        lambda: _with_far(act, sentence, own),
    ]
    for pool in pools:
        holding = {
            (_value(part), _value(whole)): Share(
                place=place_of(stated),
                cue=cue,
                topic="agreement",
                stated=stated.figure,
                part=part.figure,
                whole=whole.figure,
                confidence="medium",
            )
            for part, whole in pool()
            if part.figure is not None
            and whole.figure is not None
            and share_holds(stated.figure, part.figure, whole.figure)
            and _value(part) < _value(whole)
        }
        if len(holding) == 1:
            return next(iter(holding.values()))
        if holding:
            return None
    return None


def _in_ratio(stated: Mention, among: Sequence[Mention]) -> Iterable[tuple[Mention, Mention]]:
    """The pairs of exact amounts of which one may be that rate of the other: all of them when the rate is vague, else
    those within its last place, which are few."""
    rate = stated.figure
    if rate is None or rate.qualifier is not None:
        return permutations(among, 2)
    values = _whole_numbers(among)
    hundred, unit = rate.unit.denominator * 100, rate.unit.numerator
    # |hundred·part - n·unit·whole| <= unit·whole: wider than any rounding
    least, most = (rate.n - 1) * unit, (rate.n + 1) * unit
    return [
        (among[i], among[j])
        for i, part in enumerate(values)
        for j, whole in enumerate(values)
        if least * whole <= hundred * part <= most * whole and i != j
    ]


_FAR: Final = 12
_MOST_FAR: Final = 16


def _with_far(act: Act, sentence: Sentence, own: Sequence[Mention]) -> list[tuple[Mention, Mention]]:
    """Pairs of an amount of the sentence and one of those said well before it, or just after."""
    if not own or len(own) > 2:
        return []
    far = [m for earlier in act.sentences_before(sentence, _FAR) for _, m in earlier.exact()]
    later = sentence.piece.sentences[sentence.number + 1 : sentence.number + 3]
    far = [*(m for other in later for _, m in other.exact()), *far][:_MOST_FAR]
    values = {_value(m) for m in own}
    far = [m for m in far if _value(m) not in values]
    return [pair for one in own for other in far for pair in ((one, other), (other, one))]


def _moved(act: Act, window: _Window, at: int, stated: Mention) -> Claim | None:
    """The one change from an amount to another that a rate of change tells."""
    sentence = window.sentence
    words = _before(sentence, at, 90)
    if not isinstance(stated.figure, Percentage) or stated.figure.n == 0 or _MOVES.search(words) is None:
        return None
    if _LIMIT.search(words[-_NEAR:]) or _RATE_OF_ELSE.search(words[-_NEAR:]):
        return None
    falls = _FALLS.search(words) is not None or stated.figure.n < 0
    holding = {}
    for start, end in permutations((m for _, m in window.own), 2):
        if falls != (_value(end) < _value(start)):
            continue
        claim = Change(
            place=place_of(stated),
            cue=act.cue(sentence.clip, at, at + 1),
            topic="agreement",
            start=start.figure,
            end=end.figure,
            stated=stated.figure,
            falling=falls,
            confidence="medium",
        )
        if holds(claim):
            holding[_value(start), _value(end)] = claim
    return next(iter(holding.values())) if len(holding) == 1 else None


def _whole_of_shares(
    act: Act, sentence: Sentence, percents: Sequence[tuple[int, Mention]], tied: Callable[[Figure], bool]
) -> Iterator[Claim]:
    """Three shares or more, side by side in one sentence, that make up a whole; a last « soit 100 % » is the whole."""
    if not 3 <= len(percents) <= _MOST_FIGURES:
        return
    figures = [m.figure for _, m in percents if isinstance(m.figure, Percentage)]
    if len(figures) > 3 and figures[-1].fraction == 100:
        figures.pop()
    if len(figures) < 3 or any(tied(figure) for figure in figures) or any(figure.n <= 0 for figure in figures):
        return
    if sum((figure.fraction for figure in figures), Fraction(0)) != 100:
        return
    at = percents[0][0]
    yield SharesTotal(
        place=place_of(percents[0][1]),
        cue=act.cue(sentence.clip, at, percents[len(figures) - 1][0] + 1),
        topic="agreement",
        percents=tuple(figures),
        confidence="medium",
    )


# -- sums and remainders ------------------------------------------------------------------------------------------


def _value(mention: Mention) -> Fraction:
    assert mention.figure is not None
    return mention.figure.fraction


def _added(act: Act, window: _Window, ties: Callable[[Figure], Collection[str]]) -> Iterator[Claim]:
    """Amounts side by side of which the largest is the sum of the others; or what the others leave of it."""
    line = window.around
    here = {id(m) for _, m in window.own}
    told: list[set[int]] = []
    for size, low in _balanced(_whole_numbers([m for _, _, m in line])):
        spots = line[low : low + size]
        group = {id(m) for _, _, m in spots}
        if not group & here or any(group & other for other in told):
            continue
        whole = max(spots, key=lambda spot: _value(spot[2]))
        figures = [m.figure for _, _, m in spots if m.figure is not None]
        if sum(1 for figure in figures if _SUMS.intersection(ties(figure))) * 2 > len(figures):
            continue
        claim = _told_sum(act, whole, spots)
        if not isinstance(claim, Balance) and _torn(line, spots, whole):
            continue
        if claim is not None and holds(claim):
            told.append(group)
            yield claim


def _whole_numbers(mentions: Sequence[Mention]) -> list[int]:
    """What exact amounts are worth, counted in the smallest unit that any of them prints."""
    figures = [m.figure for m in mentions if m.figure is not None]
    places = max((figure.decimals for figure in figures), default=0)
    return [figure.n * 10 ** (places - figure.decimals) for figure in figures]


def _balanced(values: Sequence[int]) -> list[tuple[int, int]]:
    """The stretches (size, start) whose largest is the sum of the others, the longest first."""
    found = []
    for low in range(len(values) - 2):
        together = largest = values[low]
        for high in range(low + 1, min(len(values), low + _MOST_FIGURES)):
            value = values[high]
            together += value
            if value > largest:
                largest = value
            if together == 2 * largest and high > low + 1:
                found.append((high - low + 1, low))
    found.sort(key=lambda stretch: (-stretch[0], stretch[1]))
    return found


_Spot = tuple[Sentence, int, Mention]
_BACK: Final = 10
_ON: Final = 2
_APART: Final = re.compile(r"[;,+]|(?<![a-z])(?:et|puis|and)(?![a-z])")


def _blocks(act: Act, ties: Callable[[Figure], Collection[str]]) -> Iterator[Claim]:
    """All the amounts of a paragraph, or of lines that follow one another, that make up an amount said some sentences
    before, or just after."""
    pieces = act.passage.pieces
    index = 0
    while index < len(pieces):
        piece = pieces[index]
        index += 1
        first = piece
        money = [(at, m) for at, m in piece.money() if m.kind == "amount"]
        parts = [m for _, m in money]
        if len(money) == 1 and piece.kind != "aside":
            # Lines of one amount each.
            while index < len(pieces) and (more := _single(pieces[index])) is not None and not pieces[index].gap:
                parts.append(more)
                index += 1
        elif len(money) > 1:
            text = piece.clip.text
            gaps = [text[one + 1 : two] for (one, _), (two, _) in pairwise(money)]
            if piece.kind == "row" or not all(_APART.search(gap) for gap in gaps) or ":" not in text[: money[0][0]]:
                continue
        if not 2 <= len(parts) <= _MOST_LINES or not all(m.is_exact for m in parts):
            continue
        figures = [m.figure for m in parts if m.figure is not None]
        if any(_SUMS.intersection(ties(figure)) for figure in figures):
            continue
        whole = sum((figure.fraction for figure in figures), Fraction(0))
        said = (
            [
                m
                for earlier in act.sentences_before(first.sentences[0], _BACK)
                for _, m in earlier.exact()
                if _value(m) == whole
            ]
            if first.sentences
            else []
        )
        said = said or [m for other in pieces[index : index + _ON] for _, m in other.money()[:3] if m.is_exact]
        total = next((m for m in said if _value(m) == whole), None)
        if total is None or total.figure is None:
            continue
        if any(_INCLUSIVE.search(other.clip.text) for other in pieces[first.number : index]):
            continue
        claim = Sum(
            place=place_of(parts[0]),
            cue=act.cue(first.clip, 0, first.clip.positions[0] + 1 if first.clip.positions else 1),
            topic="agreement",
            total=total.figure,
            parts=tuple(figures),
            confidence="medium",
        )
        if holds(claim):
            yield claim


_MOST_LINES: Final = 60


def _single(piece: Piece) -> Mention | None:
    """The amount of a line that has exactly one."""
    money = piece.money()
    return money[0][1] if len(money) == 1 and piece.kind != "aside" and len(piece.clip.text) < 200 else None


def _torn(line: Sequence[_Spot], spots: Sequence[_Spot], whole: _Spot) -> bool:
    """True when a sentence other than that of the whole gives only some of its amounts."""
    given = {id(m) for _, _, m in spots}
    others = {id(one) for one, _, _ in spots} - {id(whole[0])}
    return any(id(one) in others and id(m) not in given for one, _, m in line)


def _told_sum(act: Act, whole: _Spot, spots: Sequence[_Spot]) -> Claim | None:
    sentence, at, total = whole
    rest = [spot for spot in spots if spot is not whole]
    low, high = spots[0], spots[-1]
    words = " ".join(
        [_before(low[0], low[1]), *(_between(one, two) for one, two in pairwise(spots)), _after(high[0], high[1])]
    )
    cue = act.cue(sentence.clip, max(sentence.start, at - 24), at + 1)
    left = _remainder(rest)
    if left is not None:
        return Balance(
            place=place_of(left),
            cue=cue,
            topic="agreement",
            start=total.figure,
            minus=tuple(m.figure for _, _, m in rest if m is not left),
            result=left.figure,
            confidence="medium",
        )
    if _INCLUSIVE.search(words) or _of_years(whole, rest):
        return None  # « acomptes de B, avance de A comprise »; « A en 2015, B en 2016, C en 2017 »
    if _LEFT.search(words):
        return None  # something is left of something, and it is not clear what
    if _LIMIT.search(_own(_before(sentence, at))) or (len(rest) == 2 and _TOTAL.search(words) is None):
        return None
    return Sum(
        place=place_of(total),
        cue=cue,
        topic="agreement",
        total=total.figure,
        parts=tuple(m.figure for _, _, m in rest),
        confidence="medium",
    )


_INCLUSIVE: Final = re.compile(
    r"(?<![a-z])(?:avances?|acomptes?|advance) (?:compris[a-z]{0,2}|inclus[a-z]{0,2}|included)(?![a-z])"
)
_YEAR: Final = re.compile("\ue000[^\ue000,;.]{0,4}(?:en|in|\\() ?\ue004")


def _of_years(whole: _Spot, rest: Sequence[_Spot]) -> bool:
    """True when the whole and most of its parts are each of a year: no sum is made of them."""
    dated = [_YEAR.match(sentence.clip.text, at) is not None for sentence, at, _ in rest]
    return _YEAR.match(whole[0].clip.text, whole[1]) is not None and sum(dated) * 2 > len(dated)


def _own(words: str) -> str:
    """The words of one figure: those since the figure before it."""
    return _FIGURES.split(words)[-1]


def _between(one: _Spot, two: _Spot) -> str:
    if one[0] is two[0]:
        return one[0].clip.text[one[1] + 1 : two[1]]
    return _after(one[0], one[1]) + " " + _before(two[0], two[1])


def _remainder(rest: Sequence[_Spot]) -> Mention | None:
    """The amount that is said to be left, when exactly one is."""
    found: list[Mention] = []
    for sentence, at, mention in rest:
        before = _before(sentence, at, 110)
        next_words = re.split("[\ue000\ue001\ue003;,.]", _after(sentence, at, 24))[0]
        gives = _LEFT.search(before) is not None and _GIVES.search(before) is not None
        if _LEFT.search(_own(before)) or _LEFT.match(next_words.lstrip()) or gives:
            found.append(mention)
    return found[0] if len(found) == 1 else None


def _counted(
    act: Act, sentence: Sentence, numbers: Sequence[tuple[int, Mention]], tied: Callable[[Figure], bool]
) -> Iterator[Claim]:
    """« 84 bénéficiaires, 51 filles et 33 garçons »: a number of people or things, then its parts, side by side."""
    if not 3 <= len(numbers) <= _MOST_FIGURES or _VOTES.search(sentence.text):
        return
    index = 0
    while index < len(numbers) - 2:
        (at, total), left, last = numbers[index], Fraction(0), index
        left = _value(total)
        for last in range(index + 1, len(numbers)):
            left -= _value(numbers[last][1])
            if left <= 0 or numbers[last][0] - numbers[last - 1][0] > _NEAR:
                break
        parts = [m for _, m in numbers[index + 1 : last + 1]]
        index += 1
        if left != 0 or len(parts) < 2 or any(m.figure is None or tied(m.figure) for m in (total, *parts)):
            continue
        end = numbers[last][0]
        if any(at < spot < end and m.kind not in ("number", "other") for spot, m in sentence.mentions()):
            continue
        index = last
        yield Sum(
            place=place_of(total),
            cue=act.cue(sentence.clip, at, end + 1),
            topic="agreement",
            total=total.figure,
            parts=tuple(m.figure for m in parts),
            confidence="medium",
        )


_LINE: Final = 1_500
_IN_ALL: Final = re.compile(r"(?<![a-z])(?:total[a-z]{0,2}|ensemble|soit|cumul[a-z]{0,2}|in all|altogether)(?![a-z])")
_THING: Final = re.compile(r" ?(?P<noun>[a-z][a-z-]{2,24})")


def _counted_last(
    act: Act, sentence: Sentence, numbers: Sequence[tuple[int, Mention]], tied: Callable[[Figure], bool]
) -> Iterator[Claim]:
    """« 7 dossiers … ; 3 dossiers … Ensemble : 10 dossiers »: numbers of the same things, then their total."""
    text = sentence.clip.text
    at, total = numbers[0]
    if _IN_ALL.search(text, sentence.start, at) is None or _VOTES.search(text):
        return
    thing = _THING.match(text, at + 1)
    if thing is None or total.figure is None or tied(total.figure) or total.figure.decimals:
        return
    name = thing["noun"].rstrip("sx")
    parts: list[Mention] = []
    for spot, mention in sentence.clip.within(max(0, at - _LINE), at):
        other = _THING.match(text, spot + 1)
        if mention.kind == "number" and mention.figure is not None and other and other["noun"].rstrip("sx") == name:
            parts.append(mention)
    if not 2 <= len(parts) <= _MOST_FIGURES or sum((_value(m) for m in parts), Fraction(0)) != _value(total):
        return
    if any(m.figure is None or tied(m.figure) for m in parts):
        return
    yield Sum(
        place=place_of(total),
        cue=act.cue(sentence.clip, max(sentence.start, at - 24), thing.end()),
        topic="agreement",
        total=total.figure,
        parts=tuple(m.figure for m in parts),
        confidence="medium",
    )


_THINGS_OF: Final = re.compile("(?: [a-z'-]{3,20}){1,3} (?:de|d'|of|a|à|at) ?\ue000")


def _of_other(sentence: Sentence, numbers: Sequence[tuple[int, Mention]], count: Mention, each: Mention) -> bool:
    """True for « A à la signature et deux versements de B »: the number is of B."""
    at = next((spot for spot, m in numbers if m is count), None)
    found = None if at is None else _THINGS_OF.match(sentence.clip.text, at + 1, sentence.end)
    return found is not None and sentence.clip.mention(found.end() - 1) is not each


# -- products -----------------------------------------------------------------------------------------------------


def _multiplied(
    act: Act, window: _Window, numbers: Sequence[tuple[int, Mention]], tied: Callable[[Figure], bool]
) -> Iterator[Claim]:
    """« douze versements de 3 000 € » of 36 000 €: an amount, a number, and what one of them is worth."""
    sentence = window.sentence
    counts = [m for _, m in numbers if m.figure is not None and 1 < m.figure.fraction <= 1_000_000]
    if not counts or len(counts) > _MOST_FIGURES or len(window.own) < 2:
        return
    holding: dict[tuple[Fraction, Fraction, Fraction], Claim] = {}
    for (at, total), (spot, each) in permutations(window.own, 2):
        if total.figure is None or each.figure is None or (tied(total.figure) and tied(each.figure)):
            continue
        words = _before(sentence, spot, 40) + " " + _after(sentence, spot, 24)
        if _EACH.search(words) is None or at == spot:
            continue
        for count in counts:
            if count.figure is None or count.figure.fraction * _value(each) != _value(total):
                continue
            if _of_other(sentence, numbers, count, each):
                continue
            claim = Average(
                place=place_of(each),
                cue=act.cue(sentence.clip, spot, spot + 1),
                topic="agreement",
                total=total.figure,
                count=count.figure,
                stated=each.figure,
                confidence="medium",
            )
            if holds(claim):
                holding[_value(total), count.figure.fraction, _value(each)] = claim
    if len(holding) == 1:
        yield next(iter(holding.values()))
