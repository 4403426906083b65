"""The ten shapes that an assertion about figures can take, and the exact judgement of each.

A claim is what a record, a sentence or a table *says*; ``judge`` recomputes it over the exact bounds of its figures
and answers holds, broken or unknown, with the working. A figure that could not be read is ``None``: the claim is then
unknown, never false, and never taken as 0. Nothing here knows where a claim was found or which rule will tell it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar, Final, Literal

from subsidy_rules.bounds import Bounds
from subsidy_rules.figures import Amount, Count, Figure, Percentage, Qualifier
from subsidy_rules.frozen import dataclass
from subsidy_rules.place import Place
from subsidy_rules.rounding import MODES, Mode, accepts, bounds_of
from subsidy_rules.wording import Message, Terms, decimal_places

__all__ = [
    "AtMost",
    "Average",
    "Balance",
    "Change",
    "Claim",
    "Confidence",
    "Equal",
    "Judgement",
    "Listing",
    "Remark",
    "Share",
    "SharesTotal",
    "State",
    "Sum",
    "Taxed",
    "judge",
    "share_modes",
]

State = Literal["holds", "broken", "unknown"]
Confidence = Literal["high", "medium", "low"]
Remark = Literal["truncated", "rounding", "unstated_rate", "adjusted"]
"""Why a judgement is not plain: a truncated percentage; whole shares whose rounding could explain the gap; a tax
rate that the text does not give; a share adjusted so that its column adds to 100."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One assertion. ``cue`` is the words that announce it; ``topic`` says what it is about, for the rules.

    ``doubt`` is a reason why the claim cannot be decided even though it was read (a list that is cut, a base that
    cannot be named): a claim with a doubt is unknown. ``confidence`` is how sure the reading is, not the arithmetic.
    """

    kind: ClassVar[str] = ""
    place: Place
    cue: str = ""
    topic: str = ""
    confidence: Confidence = "high"
    doubt: Message | None = None

    def figures(self) -> Iterator[Figure]:
        """Every figure that was read, in reading order."""
        raise NotImplementedError

    def values(self) -> dict[str, Any]:
        """The figures as decimal strings under the keys of the report's contract."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum(Claim):
    """``total`` is the sum of ``parts``. ``absolute``: the total is printed without its sign (reductions)."""

    kind: ClassVar[str] = "sum"
    total: Figure | None
    parts: tuple[Figure | None, ...]
    absolute: bool = False

    def figures(self) -> Iterator[Figure]:
        return _read(self.total, *self.parts)

    def values(self) -> dict[str, Any]:
        return {"total": _plain(self.total), "parts": [_plain(part) for part in self.parts]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Share(Claim):
    """``part`` is ``stated`` per cent of ``whole``."""

    kind: ClassVar[str] = "percentage"
    stated: Percentage | None
    part: Figure | None
    whole: Figure | None

    def figures(self) -> Iterator[Figure]:
        return _read(self.stated, self.part, self.whole)

    def values(self) -> dict[str, Any]:
        return {"stated": _plain(self.stated), "part": _plain(self.part), "whole": _plain(self.whole)}


@dataclass(frozen=True, slots=True, kw_only=True)
class AtMost(Claim):
    """``value`` (or the sum of ``parts``, when given) does not exceed ``limit``; ``strict``: stays under it."""

    kind: ClassVar[str] = "at_most"
    value: Figure | None
    limit: Figure | None
    parts: tuple[Figure | None, ...] = ()
    strict: bool = False

    def figures(self) -> Iterator[Figure]:
        return _read(*(self.parts or (self.value,)), self.limit)

    def values(self) -> dict[str, Any]:
        out: dict[str, Any] = {"value": _plain(self.value), "limit": _plain(self.limit)}
        if self.parts:
            out["value_parts"] = [_plain(part) for part in self.parts]
            if self.value is None and None not in self.parts:
                whole = sum((part.fraction for part in self.parts if part is not None), Fraction(0))
                out["value"] = _decimal(whole)
        return out


@dataclass(frozen=True, slots=True, kw_only=True)
class Equal(Claim):
    """The same thing written twice. ``topic`` tells how: ``words`` (words and digits), ``again``, ``balance``…"""

    kind: ClassVar[str] = "equal"
    first: Figure | None
    again: Figure | None

    def figures(self) -> Iterator[Figure]:
        return _read(self.first, self.again)

    def values(self) -> dict[str, Any]:
        return {"first": _plain(self.first), "again": _plain(self.again)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing(Claim):
    """« six associations » and a list: ``stated`` things are announced, ``listed`` are named."""

    kind: ClassVar[str] = "count"
    stated: Figure | None
    listed: int | None

    def figures(self) -> Iterator[Figure]:
        return _read(self.stated)

    def values(self) -> dict[str, Any]:
        return {"stated": None if self.stated is None else _number(self.stated), "listed": self.listed}


@dataclass(frozen=True, slots=True, kw_only=True)
class Taxed(Claim):
    """``gross`` is ``net`` plus tax at ``rate`` per cent, to the cent.

    ``rate`` is ``None`` when the text does not give it; ``legal_rates`` are then those it could be (per cent, as
    rationals), at the time and place of the text.
    """

    kind: ClassVar[str] = "tax"
    net: Figure | None
    rate: Percentage | None
    gross: Figure | None
    legal_rates: tuple[Fraction, ...] = ()

    def figures(self) -> Iterator[Figure]:
        return _read(self.net, self.rate, self.gross)

    def values(self) -> dict[str, Any]:
        return {"net": _plain(self.net), "rate": _plain(self.rate), "gross": _plain(self.gross)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change(Claim):
    """From ``start`` to ``end`` is a change of ``stated`` per cent (a fall is negative, or ``falling``)."""

    kind: ClassVar[str] = "change"
    start: Figure | None
    end: Figure | None
    stated: Percentage | None
    falling: bool = False

    def figures(self) -> Iterator[Figure]:
        return _read(self.start, self.end, self.stated)

    def values(self) -> dict[str, Any]:
        return {"from": _plain(self.start), "to": _plain(self.end), "stated_percent": _plain(self.stated)}


@dataclass(frozen=True, slots=True, kw_only=True)
class SharesTotal(Claim):
    """Shares of one whole add to ``whole`` per cent (100).

    ``computed``: the shares were worked out from amounts, so their rounding explains a small gap; otherwise they
    are a key of division that people decided, which adds up as printed.
    """

    kind: ClassVar[str] = "shares_total"
    percents: tuple[Percentage | None, ...]
    whole: Fraction = Fraction(100)
    computed: bool = False

    def figures(self) -> Iterator[Figure]:
        return _read(*self.percents)

    def values(self) -> dict[str, Any]:
        return {"percents": [_plain(percent) for percent in self.percents]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance(Claim):
    """``start`` less each of ``minus`` leaves ``result``."""

    kind: ClassVar[str] = "balance"
    start: Figure | None
    minus: tuple[Figure | None, ...]
    result: Figure | None

    def figures(self) -> Iterator[Figure]:
        return _read(self.start, *self.minus, self.result)

    def values(self) -> dict[str, Any]:
        return {
            "from": _plain(self.start),
            "minus": [_plain(item) for item in self.minus],
            "result": _plain(self.result),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Average(Claim):
    """``total`` shared among ``count`` is ``stated`` each."""

    kind: ClassVar[str] = "average"
    total: Figure | None
    count: Figure | None
    stated: Figure | None

    def figures(self) -> Iterator[Figure]:
        return _read(self.total, self.count, self.stated)

    def values(self) -> dict[str, Any]:
        return {
            "total": _plain(self.total),
            "count": None if self.count is None else _number(self.count),
            "stated": _plain(self.stated),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A claim, its state, and the working that anyone can redo.

    ``modes`` are the rounding modes under which a percentage holds; ``expected`` the values that the stated figure
    could have had; ``remark`` marks the judgements that rules tell apart; ``reason`` says why a claim is unknown.
    """

    claim: Claim
    state: State
    working: Message
    reason: Message | None = None
    modes: frozenset[Mode] = frozenset()
    expected: Bounds | None = None
    remark: Remark | None = None
    values: dict[str, Any] = field(default_factory=dict)


# -- judging --------------------------------------------------------------------------------------------------

_UNREAD: Final = Message(
    "une des valeurs manque ou n’a pas pu être lue", "one of the figures is missing or could not be read"
)
_CURRENCIES: Final = Message(
    "les montants ne sont pas dans la même monnaie", "the amounts are not in the same currency"
)
_TAXES: Final = Message(
    "les uns sont hors taxes, les autres toutes taxes comprises", "some are before tax, the others include tax"
)
_ZERO: Final = Message("la base est nulle ou négative", "the base is zero or negative")


def judge(claim: Claim) -> Judgement:
    """The exact judgement of ``claim``. Never raises for what a claim holds; unknown comes with its reason."""
    match claim:
        case Sum():
            judgement = _sum(claim)
        case Share():
            judgement = _share(claim)
        case AtMost():
            judgement = _at_most(claim)
        case Equal():
            judgement = _equal(claim)
        case Listing():
            judgement = _listing(claim)
        case Taxed():
            judgement = _taxed(claim)
        case Change():
            judgement = _change(claim)
        case SharesTotal():
            judgement = _shares_total(claim)
        case Balance():
            judgement = _balance(claim)
        case Average():
            judgement = _average(claim)
        case _:
            raise TypeError(f"not a claim: {claim!r}")
    if claim.doubt is not None and judgement.state != "unknown":
        return _unknown(claim, claim.doubt)
    return judgement


def _unknown(claim: Claim, reason: Message) -> Judgement:
    working = Message("on ne peut pas conclure : {reason}", "cannot tell: {reason}").having(reason=reason)
    return Judgement(claim=claim, state="unknown", working=working, reason=reason)


def _mixed(*figures: Figure | None) -> Message | None:
    """Why these figures cannot be added or compared, if they cannot."""
    currencies = {f.currency for f in figures if isinstance(f, Amount) and f.currency is not None}
    if len(currencies) > 1:
        return _CURRENCIES
    return None


def _mixed_tax(*figures: Figure | None) -> bool:
    taxes = {f.tax for f in figures if isinstance(f, Amount) and f.tax is not None}
    return len(taxes) > 1


def _sum(claim: Sum) -> Judgement:
    total, parts = claim.total, claim.parts
    if total is None or not parts or any(part is None for part in parts):
        return _unknown(claim, _UNREAD)
    read = [part for part in parts if part is not None]
    if mixed := _mixed(total, *read):
        return _unknown(claim, mixed)
    printed = sum((part.fraction for part in read), Fraction(0))
    if all(part.is_exact for part in read):
        added = Bounds.point(printed)
    else:
        added = Bounds.point(0)
        for part in read:
            added = added + part.bounds()
    # Reductions may be totalled without their sign: the total is then compared with what they come to without it.
    turned = claim.absolute and printed * total.n < 0
    if turned:
        added = -added
    gap = (-printed if turned else printed) - total.fraction
    holds = added.meets(total.bounds())
    words = {
        "terms": Terms(tuple(read), " + "),
        "sum": _like(printed, total),
        "total": total,
        "gap": _like(abs(gap), total),
    }
    if holds and gap == 0:
        working = Message("{terms} = {total}", "{terms} = {total}").having(**words)
    elif not holds and len(read) == 1 and not turned:
        working = Message(
            "une seule part, {sum}, et non {total} (écart : {gap})",
            "a single part, {sum}, not {total} (gap: {gap})",
        ).having(**words)
    elif holds:
        working = Message(
            "{terms} = {sum}, compatible avec {total} compte tenu des arrondis",
            "{terms} = {sum}, compatible with {total} given the rounding",
        ).having(**words)
    else:
        working = Message(
            "{terms} = {sum}, et non {total} (écart : {gap})", "{terms} = {sum}, not {total} (gap: {gap})"
        ).having(**words)
    if not holds and _mixed_tax(total, *read):
        return _unknown(claim, _TAXES)
    return Judgement(
        claim=claim,
        state="holds" if holds else "broken",
        working=working,
        expected=added,
        values={"sum": _decimal(printed), "gap": _decimal(gap)},
    )


def share_modes(stated: Percentage, part: Bounds, whole: Bounds) -> frozenset[Mode]:
    """The rounding modes under which ``part / whole`` prints as ``stated`` (``whole`` > 0, else ``ValueError``).

    Exact figures are judged by integers only; intervals by the quotient of their bounds.
    """
    if whole.lower is None or whole.lower < 0 or (whole.lower == 0 and whole.lower_closed):
        raise ValueError("the whole is not above zero")
    if stated.qualifier is None and part.is_point and whole.is_point and part.lower is not None:
        ratio_numerator = 100 * part.lower.numerator * whole.lower.denominator
        ratio_denominator = part.lower.denominator * whole.lower.numerator
        unit = stated.unit
        numerator, denominator = ratio_numerator * unit.denominator, ratio_denominator * unit.numerator
        return frozenset(mode for mode in MODES if accepts(stated.n, mode, numerator, denominator))
    quotient = _quotient(part, whole) * 100
    if stated.qualifier is not None:
        met = quotient.meets(stated.bounds())
        return frozenset(MODES) if met else frozenset()
    return frozenset(mode for mode in MODES if quotient.meets(bounds_of(stated.n, stated.unit, mode)))


def _quotient(part: Bounds, whole: Bounds) -> Bounds:
    if whole.lower == 0:  # open at zero: the quotient has no end on the side of the part's sign
        low = Fraction(0) if part.lower is not None and part.lower >= 0 else None
        high = Fraction(0) if part.upper is not None and part.upper <= 0 else None
        return Bounds(low, high, low is not None, high is not None)
    return part / whole


def _share(claim: Share) -> Judgement:
    stated, part, whole = claim.stated, claim.part, claim.whole
    if stated is None or part is None or whole is None:
        return _unknown(claim, _UNREAD)
    if mixed := _mixed(part, whole):
        return _unknown(claim, mixed)
    bounds = whole.bounds()
    if bounds.lower is None or bounds.lower <= 0:
        return _unknown(claim, _ZERO)
    modes = share_modes(stated, part.bounds(), bounds)
    ratio = 100 * part.fraction / whole.fraction
    right = _rounded(ratio, stated)
    words = {
        "part": part,
        "whole": whole,
        "ratio": ratio,
        "stated": stated,
        "places": decimal_places(stated.decimals),
        "right": right,
    }
    values = {"ratio": _decimal_cut(ratio), "expected": _plain(right), "modes": sorted(modes)}
    if "nearest" in modes:
        working = Message(
            "{part} ÷ {whole} = {ratio} % → {stated} {places}", "{part} ÷ {whole} = {ratio}% → {stated} {places}"
        ).having(**words)
        return Judgement(claim=claim, state="holds", working=working, modes=modes, values=values)
    if _mixed_tax(part, whole):
        return _unknown(claim, _TAXES)
    if modes & {"truncate", "floor"}:
        working = Message(
            "{part} ÷ {whole} = {ratio} % → {right} {places} ; {stated} est la valeur tronquée",
            "{part} ÷ {whole} = {ratio}% → {right} {places}; {stated} is the truncated value",
        ).having(**words)
        return Judgement(claim=claim, state="broken", working=working, modes=modes, remark="truncated", values=values)
    working = Message(
        "{part} ÷ {whole} = {ratio} % → {right} {places}, et non {stated}",
        "{part} ÷ {whole} = {ratio}% → {right} {places}, not {stated}",
    ).having(**words)
    return Judgement(claim=claim, state="broken", working=working, modes=modes, values=values)


def _at_most(claim: AtMost) -> Judgement:
    limit = claim.limit
    read = claim.parts or (claim.value,)
    if limit is None or any(item is None for item in read):
        return _unknown(claim, _UNREAD)
    items = [item for item in read if item is not None]
    if mixed := _mixed(limit, *items):
        return _unknown(claim, mixed)
    value = Bounds.point(0)
    for item in items:
        value = value + item.bounds()
    top = limit.bounds()
    # Broken only when no reading of the rounded figures keeps the value within the limit.
    broken = top.is_below(value)
    if claim.strict and not broken:
        broken = value.is_point and top.is_point and value.lower == top.lower
    printed = sum((item.fraction for item in items), Fraction(0))
    gap = printed - limit.fraction
    terms = Terms(tuple(items), " + ")
    words = {
        "terms": terms,
        "limit": limit,
        "gap": _like(abs(gap), limit),
    }
    if not broken:
        working = Message("{terms} ≤ {limit}", "{terms} ≤ {limit}").having(**words)
    elif claim.strict and gap == 0:
        working = Message(
            "{terms} atteint déjà {limit}, alors qu’un reste est annoncé",
            "{terms} already reaches {limit}, although a remainder is announced",
        ).having(**words)
    else:
        working = Message("{terms} > {limit} (dépassement : {gap})", "{terms} > {limit} (over by {gap})").having(
            **words
        )
    if broken and _mixed_tax(limit, *items):
        return _unknown(claim, _TAXES)
    return Judgement(claim=claim, state="broken" if broken else "holds", working=working, values={"gap": _decimal(gap)})


def _equal(claim: Equal) -> Judgement:
    first, again = claim.first, claim.again
    if first is None or again is None:
        return _unknown(claim, _UNREAD)
    if mixed := _mixed(first, again):
        return _unknown(claim, mixed)
    holds = first.bounds().meets(again.bounds())
    if not holds and _mixed_tax(first, again):
        return _unknown(claim, _TAXES)
    gap = again.fraction - first.fraction
    words = {"first": first, "again": again, "gap": _like(abs(gap), first)}
    if holds:
        working = Message("{first} = {again}", "{first} = {again}").having(**words)
    else:
        working = Message("{first} ≠ {again} (écart : {gap})", "{first} ≠ {again} (gap: {gap})").having(**words)
    return Judgement(claim=claim, state="holds" if holds else "broken", working=working, values={"gap": _decimal(gap)})


_LISTED: Final = Message(
    "{stated} {stated:annoncé|annoncés}, {listed} {listed:cité|cités}", "{stated} announced, {listed} listed"
)
_LISTED_OTHERWISE: Final = Message(
    "{stated} {stated:annoncé|annoncés}, mais {listed} {listed:cité|cités}", "{stated} announced, but {listed} listed"
)


def _listing(claim: Listing) -> Judgement:
    if claim.stated is None or claim.listed is None:
        return _unknown(claim, _UNREAD)
    holds = claim.stated.bounds().contains(claim.listed)
    words = {"stated": claim.stated, "listed": claim.listed}
    if holds:
        working = _LISTED.having(**words)
    else:
        working = _LISTED_OTHERWISE.having(**words)
    return Judgement(claim=claim, state="holds" if holds else "broken", working=working)


CENT: Final = Fraction(1, 100)
"""The slack of a tax computation: tax is rounded to the cent, by line or in total (EN 16931-1, BR-CO-14, BR-CO-17)."""


def _taxed(claim: Taxed) -> Judgement:
    net, gross = claim.net, claim.gross
    if net is None or gross is None:
        return _unknown(claim, _UNREAD)
    if mixed := _mixed(net, gross):
        return _unknown(claim, mixed)
    stated = gross.bounds()
    tried: list[Bounds] = []
    if claim.rate is not None:
        # A tax rate is a number of the law, not a measurement: « 20 % » is 20 exactly.
        tried.append(Bounds.point(claim.rate.fraction))
    tried.extend(Bounds.point(rate) for rate in claim.legal_rates if claim.rate is None)
    if not tried:
        return _unknown(claim, Message("le taux de taxe n’est pas indiqué", "the tax rate is not given"))
    for rate in tried:
        expected = (net.bounds() * (Bounds.point(100) + rate) * Fraction(1, 100)).widened(CENT)
        if expected.meets(stated):
            words = {"net": net, "rate": rate.lower, "gross": gross}
            working = Message(
                "{net} + {rate} % = {gross} (au centime près)", "{net} + {rate}% = {gross} (to the cent)"
            ).having(**words)
            return Judgement(
                claim=claim, state="holds", working=working, values={"rate": _decimal_cut(rate.lower or Fraction(0))}
            )
    if net.fraction <= 0:
        return _unknown(claim, _ZERO)
    implied = 100 * (gross.fraction - net.fraction) / net.fraction
    words = {"net": net, "gross": gross, "implied": implied}
    if claim.rate is not None:
        right = net.fraction * (100 + claim.rate.fraction) / 100
        working = Message("{net} + {rate} = {right}, et non {gross}", "{net} + {rate} = {right}, not {gross}").having(
            **words, rate=claim.rate, right=right
        )
        return Judgement(claim=claim, state="broken", working=working, values={"expected": _decimal_cut(right)})
    working = Message(
        "de {net} à {gross}, la taxe serait de {implied} %, qui n’est aucun des taux en vigueur",
        "from {net} to {gross} the tax would be {implied}%, which is none of the rates in force",
    ).having(**words)
    return Judgement(
        claim=claim,
        state="broken",
        working=working,
        remark="unstated_rate",
        values={"implied_rate": _decimal_cut(implied)},
    )


_MIRRORED: Final[dict[Qualifier, Qualifier]] = {
    "about": "about",
    "above": "below",
    "below": "above",
    "at_least": "at_most",
    "at_most": "at_least",
}


def _change(claim: Change) -> Judgement:
    start, end, stated = claim.start, claim.end, claim.stated
    if start is None or end is None or stated is None:
        return _unknown(claim, _UNREAD)
    if mixed := _mixed(start, end):
        return _unknown(claim, mixed)
    base = start.bounds()
    if base.lower is None or base.lower <= 0:
        return _unknown(claim, _ZERO)
    if claim.falling and stated.n >= 0:
        # « une baisse de plus de 10 % » is a change below -10 %.
        qualifier = None if stated.qualifier is None else _MIRRORED[stated.qualifier]
        stated = replace(stated, n=-stated.n, qualifier=qualifier)
    # (end - start) / start = end / start - 1: dividing once keeps the bounds tight.
    ratio = (_quotient(end.bounds(), base) + -1) * 100
    modes = frozenset(mode for mode in MODES if ratio.meets(bounds_of(stated.n, stated.unit, mode)))
    printed = 100 * (end.fraction - start.fraction) / start.fraction
    words = {
        "start": start,
        "end": end,
        "ratio": printed,
        "stated": stated,
        "right": _rounded(printed, stated),
        "places": decimal_places(stated.decimals),
    }
    values = {"ratio": _decimal_cut(printed), "expected": _plain(_rounded(printed, stated)), "modes": sorted(modes)}
    if "nearest" in modes or (stated.qualifier is not None and ratio.meets(stated.bounds())):
        working = Message(
            "({end} − {start}) ÷ {start} = {ratio} % → {stated} {places}",
            "({end} − {start}) ÷ {start} = {ratio}% → {stated} {places}",
        ).having(**words)
        return Judgement(claim=claim, state="holds", working=working, modes=modes, values=values)
    if _mixed_tax(start, end):
        return _unknown(claim, _TAXES)
    if "truncate" in modes:
        working = Message(
            "({end} − {start}) ÷ {start} = {ratio} % → {right} {places} ; {stated} est la valeur tronquée",
            "({end} − {start}) ÷ {start} = {ratio}% → {right} {places}; {stated} is the truncated value",
        ).having(**words)
        return Judgement(claim=claim, state="broken", working=working, modes=modes, remark="truncated", values=values)
    working = Message(
        "({end} − {start}) ÷ {start} = {ratio} % → {right} {places}, et non {stated}",
        "({end} − {start}) ÷ {start} = {ratio}% → {right} {places}, not {stated}",
    ).having(**words)
    return Judgement(claim=claim, state="broken", working=working, modes=modes, values=values)


def _shares_total(claim: SharesTotal) -> Judgement:
    if not claim.percents or any(percent is None for percent in claim.percents):
        return _unknown(claim, _UNREAD)
    percents = [percent for percent in claim.percents if percent is not None]
    printed = sum((percent.fraction for percent in percents), Fraction(0))
    words = {"terms": Terms(tuple(percents), " + "), "sum": printed, "whole": claim.whole}
    values = {"sum": _decimal(printed)}
    if printed == claim.whole:
        working = Message("{terms} = {sum} %", "{terms} = {sum}%").having(**words)
        return Judgement(claim=claim, state="holds", working=working, values=values)
    added = Bounds.point(0)
    for percent in percents:
        added = added + percent.bounds()
    if added.contains(claim.whole):
        # Shares worked out from amounts, equal shares (33 + 33 + 33) and shares with decimals miss 100 by their
        # rounding alone (Mosteller, Youtz, Zahn 1967); a key of whole per cents was decided, and adds up.
        explained = (
            claim.computed
            or any(percent.decimals > 0 or percent.qualifier for percent in percents)
            or len({percent.fraction for percent in percents}) == 1
        )
        working = Message(
            "{terms} = {sum} % ; l’arrondi des parts suffit à expliquer l’écart avec {whole} %",
            "{terms} = {sum}%; the rounding of the shares is enough to explain the gap with {whole}%",
        ).having(**words)
        if explained:
            return Judgement(claim=claim, state="holds", working=working, remark="rounding", values=values)
        working = Message(
            "{terms} = {sum} %, et non {whole} % (l’arrondi des parts peut l’expliquer)",
            "{terms} = {sum}%, not {whole}% (the rounding of the shares may explain it)",
        ).having(**words)
        return Judgement(claim=claim, state="broken", working=working, remark="rounding", values=values)
    working = Message("{terms} = {sum} %, et non {whole} %", "{terms} = {sum}%, not {whole}%").having(**words)
    return Judgement(claim=claim, state="broken", working=working, values=values)


def _balance(claim: Balance) -> Judgement:
    start, result = claim.start, claim.result
    if start is None or result is None or not claim.minus or any(item is None for item in claim.minus):
        return _unknown(claim, _UNREAD)
    minus = [item for item in claim.minus if item is not None]
    if mixed := _mixed(start, result, *minus):
        return _unknown(claim, mixed)
    left = start.bounds()
    for item in minus:
        left = left - item.bounds()
    holds = left.meets(result.bounds())
    if not holds and _mixed_tax(start, result, *minus):
        return _unknown(claim, _TAXES)
    printed = start.fraction - sum((item.fraction for item in minus), Fraction(0))
    gap = printed - result.fraction
    words = {
        "terms": Terms((start, *minus), " − "),
        "left": _like(printed, result),
        "result": result,
        "gap": _like(abs(gap), result),
    }
    if holds and gap == 0:
        working = Message("{terms} = {result}", "{terms} = {result}").having(**words)
    elif holds:
        working = Message(
            "{terms} = {left}, compatible avec {result} compte tenu des arrondis",
            "{terms} = {left}, compatible with {result} given the rounding",
        ).having(**words)
    else:
        working = Message(
            "{terms} = {left}, et non {result} (écart : {gap})", "{terms} = {left}, not {result} (gap: {gap})"
        ).having(**words)
    return Judgement(
        claim=claim,
        state="holds" if holds else "broken",
        working=working,
        expected=left,
        values={"left": _decimal(printed), "gap": _decimal(gap)},
    )


def _average(claim: Average) -> Judgement:
    total, count, stated = claim.total, claim.count, claim.stated
    if total is None or count is None or stated is None:
        return _unknown(claim, _UNREAD)
    if mixed := _mixed(total, stated):
        return _unknown(claim, mixed)
    among = count.bounds()
    if among.lower is None or among.lower <= 0:
        return _unknown(claim, _ZERO)
    each = total.bounds() / among
    # An average is printed rounded, to the unit, to ten or to a hundred euros: its last digits may all be zeros of
    # rounding, so every power of ten that the printed digits allow is tried, the finest first.
    n, unit = stated.n, stated.unit
    printed = total.fraction / count.fraction
    words = {"total": total, "count": count, "each": printed, "stated": stated}
    while True:
        if each.meets(bounds_of(n, unit)) or (stated.qualifier is not None and each.meets(stated.bounds())):
            working = Message(
                "{total} ÷ {count} = {each} → {stated} (arrondi à {unit})",
                "{total} ÷ {count} = {each} → {stated} (rounded to {unit})",
            ).having(**words, unit=unit)
            return Judgement(claim=claim, state="holds", working=working, values={"rounded_to": _decimal_cut(unit)})
        if n == 0 or n % 10:
            break
        n, unit = n // 10, unit * 10
    if _mixed_tax(total, stated):
        return _unknown(claim, _TAXES)
    working = Message("{total} ÷ {count} = {each}, et non {stated}", "{total} ÷ {count} = {each}, not {stated}").having(
        **words
    )
    return Judgement(claim=claim, state="broken", working=working, values={"expected": _decimal_cut(printed)})


# -- small pieces ---------------------------------------------------------------------------------------------


def _read(*figures: Figure | None) -> Iterator[Figure]:
    return (figure for figure in figures if figure is not None)


def _plain(figure: Figure | None) -> str | None:
    return None if figure is None else figure.plain


def _number(figure: Figure) -> int | str:
    value = figure.fraction
    return int(value) if value.denominator == 1 else figure.plain


def _decimal(value: Fraction) -> str:
    """A rational that some decimal writes exactly (sums of printed figures always are), without exponent."""
    shift = 0
    numerator, denominator = value.numerator, value.denominator
    while denominator != 1:
        if shift > 400:
            return str(value)
        shift += 1
        numerator, denominator = Fraction(numerator * 10, denominator).as_integer_ratio()
    return format(Decimal((int(numerator < 0), tuple(map(int, str(abs(numerator)))), -shift)), "f")


def _decimal_cut(value: Fraction) -> str:
    """A rational to six decimals, cut, for the report's values; exact when that many are enough."""
    millionths = int(value * 10**6)
    text = str(abs(millionths)).rjust(7, "0")
    head, tail = text[:-6], text[-6:].rstrip("0")
    sign = "-" if millionths < 0 else ""
    return f"{sign}{head}.{tail}" if tail else f"{sign}{head}"


def _like(value: Fraction, figure: Figure) -> Figure | Fraction:
    """A computed value shown in the unit of ``figure``, with the decimals it needs."""
    if not isinstance(figure, Amount):
        return value
    decimals = figure.decimals if figure.exponent == 0 else 0
    while (value * 10**decimals).denominator != 1:
        decimals += 1
        if decimals > 12:
            return value
    return Amount(n=int(value * 10**decimals), decimals=decimals, currency=figure.currency)


def _rounded(ratio: Fraction, like: Percentage) -> Percentage:
    """What ``like`` should have printed: ``ratio`` rounded half away from zero at the same place."""
    n, left = divmod(abs(ratio) / like.unit, 1)
    n = int(n) + (2 * left >= 1)
    return Percentage(n=-n if ratio < 0 else n, decimals=like.decimals, exponent=like.exponent)


def count_of(n: int) -> Count:
    """A bare count, for claims whose count was not printed as digits."""
    return Count(n=n, text=str(n))
