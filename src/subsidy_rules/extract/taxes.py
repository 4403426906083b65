"""Before and after tax: « 200 000,00 euros HT, soit 240 000,00 euros TTC », with its rate or without."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Final

from subsidy_rules.acts import Act, place_of
from subsidy_rules.claims import Claim, Sum, Taxed
from subsidy_rules.figures import Amount, Percentage
from subsidy_rules.holding import holds, state_of
from subsidy_rules.mentions import Clip, Mention
from subsidy_rules.wording import Message

__all__ = ["claims", "legal_rates"]

_MIXED: Final = Message(
    "plusieurs taux de TVA peuvent être mêlés, et aucun n’est écrit",
    "several VAT rates may be mixed, and none is written",
)

_OF_OTHERS: Final = Message(
    "les taux de TVA écrits sont ceux d’autres montants, ou plusieurs sont mêlés",
    "the VAT rates that are written are those of other amounts, or several are mixed",
)

# From the first day of each year in which the main rates changed (France, CGI art. 278 to 281 octies and, overseas,
# art. 296; Corse, art. 297): normal, intermediate, reduced, special. Two sets may hold in a year of change.
_RATES: Final[tuple[tuple[int, tuple[str, ...]], ...]] = (
    (2014, ("20", "10", "5.5", "2.1", "8.5", "13", "0.9", "1.75", "1.05")),
    (2012, ("19.6", "7", "5.5", "2.1", "8.5", "8", "0.9", "1.75", "1.05")),
    (2000, ("19.6", "5.5", "2.1", "8.5", "8", "0.9", "1.75", "1.05", "20.6")),
    (1995, ("20.6", "18.6", "5.5", "2.1", "9.5", "8.5", "7.5", "8", "0.9")),
    (1982, ("18.6", "5.5", "7", "33.33", "22", "2.1", "9.5", "7.5")),
)


def legal_rates(years: Collection[int]) -> tuple[Fraction, ...]:
    """The VAT rates that an act which mentions these years may mean: those of each and of the year before; all those
    since 1995 when it mentions none."""
    if not years:
        return tuple(dict.fromkeys(Fraction(rate) for since, rates in _RATES if since >= 1995 for rate in rates))
    chosen: list[str] = []
    for near in sorted({near for year in years for near in (year, year - 1)}, reverse=True):
        for since, rates in _RATES:
            if near >= since:
                chosen.extend(rates)
                break
    return tuple(dict.fromkeys(Fraction(rate) for rate in chosen))


_NET: Final = re.compile(
    r"(?<![a-z])(?:h\.? ?t\.?|hors taxes?|net of vat|excl(?:uding|\.)? vat)(?![a-z])[^a-z\ue000;]{0,4}(?:(?:de"
    r"|est de|:|=|s'eleve a) ?)?\Z"
)
_GROSS: Final = re.compile(
    r"(?<![a-z])(?:t\.? ?t\.? ?c\.?|toutes taxes comprises|incl(?:uding|\.)? vat)(?![a-z])[^a-z\ue000;]{0,4}(?:(?:de"
    r"|est de|:|=|s'eleve a) ?)?\Z"
)
_AFTER_TAX: Final = re.compile(r"t\.? ?t\.? ?c|toutes taxes|vat")
_TAX: Final = re.compile(r"(?<![a-z])(?:t\.?v\.?a\.?|taxes?|vat)(?![a-z])[^\ue000;]{0,30}\Z")
_RATE: Final = re.compile(
    r"(?<![a-z])(?:t\.?v\.?a\.?|vat)[^\ue000\ue001;.]{0,24}(?P<after>\ue001)"
    r"|(?P<before>\ue001) (?:de |d'|of )?(?:t\.?v\.?a|vat)"
)
_JOINS: Final = re.compile(
    r"[ ,;:()/=-]{0,6}(?:(?:soit|ou|et|c'est-a-dire|i\.e\.?|or|and|pour|arrondi(?:e|s)? a)[ ,:]{0,3})?(?:un "
    r"|une |le |a )?(?:total |montant |cout |somme |prix |global |depense )?(?:total |global "
    r"|de |est de |s'eleve a |:){0,3}(?:t\.?v\.?a\.? ?(?:comprise|incluse)?[^\ue000;]{0,40}"
    r"|avec [^\ue000;]{0,30}|toutes taxes comprises|t\.?t\.?c\.?)?[ ,:=(de]{0,6}(?:soit "
    r"|de )?\Z"
)
_MANY: Final = 60
_Labelled = tuple[int, Mention, str | None]


def _tax_of(clip: Clip, at: int, mention: Mention) -> str | None:
    if isinstance(mention.figure, Amount) and mention.figure.tax is not None:
        return mention.figure.tax
    before = clip.text[max(0, at - _MANY) : at]
    cut = max(before.rfind("\ue000"), before.rfind(";"))
    before = before[cut + 1 :]
    if _GROSS.search(before):
        return "TTC"
    if _NET.search(before):
        return "HT"
    if _TAX.search(before):
        return "TVA"
    return None


def claims(act: Act, year: int | None) -> Iterator[Claim]:
    """Pairs and triples of amounts before tax, of tax, and after it, in one sentence."""
    mentioned = {mention.year for mention in act.passage.mentions.items if mention.year is not None}
    rates = legal_rates({found for found in (*mentioned, year) if found is not None and found >= 1982})
    for sentence in act.sentences():
        text = sentence.text
        if "ttc" not in text and "t.t.c" not in text and "t. t. c" not in text and "toutes taxes" not in text:
            money = sentence.money()
            if not any(isinstance(m.figure, Amount) and m.figure.tax for _, m in money):
                continue
        printed = {m.figure.tax for _, m in sentence.money() if isinstance(m.figure, Amount)}
        if "TTC" not in printed and _AFTER_TAX.search(text) is None:
            continue  # every claim has an amount after tax
        clip = sentence.clip
        labelled = [(at, m, _tax_of(clip, at, m)) for at, m in sentence.money() if m.kind == "amount"]
        said = _Said(act, clip, sentence.start, sentence.end, labelled)
        for (at, one, what), (then, two, other) in itertools.pairwise(labelled):
            if {what, other} != {"HT", "TTC"}:
                continue
            if not _JOINS.match(clip.text[at + 1 : then]) or len(clip.text[at + 1 : then]) > 90:
                continue
            net, gross = (one, two) if what == "HT" else (two, one)
            rate = said.of(at, then)
            if what == "HT" and _of_several(labelled, at, gross, rate, rates):
                continue
            claim = _taxed(act, net, gross, rate, rates, act.cue(clip, at, then + 1))
            yield claim if rate is not None else said.doubted(claim)
        for first, second, third in zip(labelled, labelled[1:], labelled[2:], strict=False):
            if (first[2], second[2], third[2]) == ("HT", "TVA", "TTC"):
                net, tax, gross = first[1], second[1], third[1]
                cue = act.cue(clip, first[0], third[0] + 1)
                yield Sum(
                    place=place_of(gross), cue=cue, topic="tax", total=gross.figure, parts=(net.figure, tax.figure)
                )
                rate = said.of(first[0], third[0])
                claim = _taxed(act, net, gross, rate, rates, cue)
                yield claim if rate is not None else said.doubted(claim)
    yield from _rows(act, rates)


def _rows(act: Act, rates: tuple[Fraction, ...]) -> Iterator[Claim]:
    """« Coût HT | A », « dont TVA | B », « Coût TTC | C », each on a row of its own: told when it holds."""
    for ledger in act.ledgers:
        named = [(line, _tax_of_row(line.label)) for line in ledger.lines]
        nets = [line for line, what in named if what == "HT"]
        grosses = [line for line, what in named if what == "TTC"]
        if len(nets) != 1 or len(grosses) != 1:
            continue
        said = [
            m.figure
            for line, what in named
            if what == "TVA"
            for m in act.passage.mentions.between(*line.span)
            if m.kind == "percent"
        ]
        rate = said[0] if len(said) == 1 and isinstance(said[0], Percentage) else None
        for box in grosses[0].boxes:
            net, gross = nets[0].figure(box.column), box.figure
            if net is None or gross is None or "percent" in (net.kind, gross.kind):
                continue
            cue = act.passage.mentions.written(*grosses[0].span).split("\n")[0].strip()[:120]
            claim = _taxed(act, net, gross, rate, rates, cue)
            if holds(claim):
                yield claim


_ROW_NET: Final = re.compile(r"(?<![a-z])(?:h\.? ?t\.?|hors tax(?:es?|e))(?![a-z])")
_ROW_GROSS: Final = re.compile(r"(?<![a-z])(?:t\.? ?t\.? ?c\.?|toutes taxes(?: comprises)?)(?![a-z])")
_ROW_OTHER: Final = re.compile(
    r"(?<![a-z])(?:subvention|aide|participation|acompte|dont|reste|part|avance|solde|% d[ue'])(?![a-z])"
)


def _tax_of_row(label: str) -> str | None:
    """What the label of a row says that its amount is, when it says so of a cost."""
    if re.search(r"(?<![a-z])t\.? ?v\.? ?a(?![a-z])", label):
        return "TVA"
    if _ROW_OTHER.search(label):
        return None
    net, gross = _ROW_NET.search(label) is not None, _ROW_GROSS.search(label) is not None
    return None if net == gross else "HT" if net else "TTC"


def _of_several(
    labelled: list[_Labelled],
    at: int,
    gross: Mention,
    rate: Percentage | None,
    rates: tuple[Fraction, ...],
) -> bool:
    """« lot 1 : A HT, lot 2 : B HT, soit C TTC »: the amount after tax is that of all the amounts before tax."""
    nets = [m.figure.fraction for spot, m, what in labelled if what == "HT" and spot <= at and m.figure is not None]
    if len(nets) < 2 or gross.figure is None:
        return False
    whole, last = gross.figure.fraction, nets[-1]
    tried = (rate.fraction,) if rate is not None else rates
    if any(abs(last * (100 + legal) - 100 * whole) <= 100 for legal in tried):
        return False
    return whole > last * 2 or any(
        abs(sum(nets[start:]) * (100 + legal) - 100 * whole) <= 100 for start in range(len(nets) - 1) for legal in tried
    )


_MORE_RATES: Final = re.compile(
    r" ?[,;/-][^\ue000\ue001]{0,12}\ue001| (?:et|ou|puis|sur|pour|and|or|on|for)(?![a-z])[^\ue000\ue001]{0,60}\ue001"
)
"""« TVA à 5,5 % et 20 % », « 10 % sur les travaux et 20 % sur le reste »: which one an amount bears is not said."""
_EXEMPT: Final = re.compile(
    r"(?<![a-z])(?:sauf|except|exonere|exempt|franchise|(?:non|pas) (?:soumis|assujetti|redevable)"
    r"|(?:differents|plusieurs|divers|several) (?:taux|rates)|taux (?:divers|multiples|mixte|reduit)"
    r"|selon (?:le|les) (?:lot|poste|taux))"
)
_ENDS: Final = re.compile(r"[;\n]")


class _Said:
    """The rates of tax that a sentence says, and the pair of amounts that each is said for."""

    def __init__(self, act: Act, clip: Clip, start: int, end: int, labelled: list[_Labelled]) -> None:
        self._act, self._clip = act, clip
        self._rates: list[tuple[int, Percentage | None]] = []
        for match in _RATE.finditer(clip.text, start, end):
            at = match.start("after") if match["after"] else match.start("before")
            figure = clip.mention(at).figure
            one = isinstance(figure, Percentage) and not _MORE_RATES.match(clip.text, at + 1, end)
            self._rates.append((at, figure if one and isinstance(figure, Percentage) else None))
        self._amounts = [at for at, _, what in labelled if what in ("HT", "TTC")]
        self._mixed = _EXEMPT.search(clip.text, start, end) is not None

    def of(self, first: int, last: int) -> Percentage | None:
        """The rate said for the amounts at these places, or ``None``.

        It stands between them; or else before or after them, without other amounts between, in their line or list
        item; or it is the only one of a sentence that has no other amounts.
        """
        if self._mixed:
            return None
        inside = [figure for at, figure in self._rates if first < at < last]
        if inside:
            return inside[0] if self._clip.text.count("\ue001", first, last) == 1 else None
        others = [at for at in self._amounts if not first <= at <= last]
        if len(self._rates) == 1 and not others:
            return self._rates[0][1]
        low = max((at for at in others if at < first), default=None)
        high = min((at for at in others if at > last), default=None)
        after = [
            (at, rate)
            for at, rate in self._rates
            if at > last and (high is None or at < high) and not self._cut(last, at)
        ]
        before = [
            (at, rate)
            for at, rate in self._rates
            if at < first and (low is None or at > low) and not self._cut(at, first)
        ]
        if len(after) == 1 and not before:
            at, rate = after[0]
            return rate if high is None or self._cut(at, high) else None
        if len(before) == 1 and not after:
            at, rate = before[0]
            return rate if low is None or self._cut(low, at) else None
        return None

    def _cut(self, start: int, stop: int) -> bool:
        """True when a line or an item ends between the two places."""
        clip = self._clip
        written = self._act.passage.text[clip.origin(start) : clip.origin(stop)]
        return _ENDS.search(written) is not None

    def _others(self) -> bool:
        """True when the act says more than one rate of tax."""
        said: set[Fraction] = set()
        for piece in self._act.passage.pieces:
            clip = piece.clip
            for match in _RATE.finditer(clip.text):
                figure = clip.mention(match.start("after") if match["after"] else match.start("before")).figure
                if isinstance(figure, Percentage):
                    said.add(figure.fraction)
        return len(said) > 1

    def doubted(self, claim: Taxed) -> Taxed:
        """The claim of a pair without a rate of its own: where rates are said for others, it may bear any of them, or
        several, and is told only when it holds."""
        if state_of(claim) != "broken" or not (self._rates or self._mixed or self._others()):
            return claim
        return replace(claim, doubt=_OF_OTHERS)


def _taxed(
    act: Act, net: Mention, gross: Mention, rate: Percentage | None, rates: tuple[Fraction, ...], cue: str
) -> Taxed:
    doubt = None
    if rate is None and net.figure is not None and gross.figure is not None and net.figure.n > 0:
        implied = 100 * (gross.figure.fraction - net.figure.fraction) / net.figure.fraction
        # Between the reduced and the normal rate, works and studies of one operation may bear different rates.
        far = all(abs(implied - legal) > Fraction(1, 20) for legal in rates)
        if implied == 0 or (Fraction(11, 2) < implied < max(rates) and far):
            doubt = _MIXED
    return Taxed(
        place=place_of(gross),
        cue=cue,
        topic="tax",
        net=net.figure,
        rate=rate,
        gross=gross.figure,
        legal_rates=() if rate is not None else rates,
        confidence="high" if rate is not None else "medium",
        doubt=doubt,
    )
