"""What an auditor reads: for every kind of claim and every outcome, the working, the values and the remark."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subsidy_rules.bounds import Bounds
from subsidy_rules.claims import (
    AtMost,
    Average,
    Balance,
    Change,
    Claim,
    Equal,
    Listing,
    Share,
    SharesTotal,
    Sum,
    Taxed,
    count_of,
    judge,
    share_modes,
)
from subsidy_rules.figures import Amount, Count, Figure, Percentage, Qualifier
from subsidy_rules.numerals import parse_amount, parse_percentage
from subsidy_rules.place import Place
from subsidy_rules.rounding import MODES, Mode
from subsidy_rules.wording import LANGUAGES, Message

HERE = Place(path="x")


def money(text: str) -> Amount:
    return parse_amount(text + " €")


def moneys(*texts: str) -> tuple[Figure | None, ...]:
    return tuple(money(text) for text in texts)


def rate(text: str) -> Percentage:
    return parse_percentage(text + " %")


def rates(*texts: str) -> tuple[Percentage | None, ...]:
    return tuple(rate(text) for text in texts)


def total(total: str, *parts: str, absolute: bool = False) -> Claim:
    return Sum(place=HERE, total=money(total), parts=moneys(*parts), absolute=absolute)


def share(stated: str, part: str, whole: str) -> Claim:
    return Share(place=HERE, stated=rate(stated), part=money(part), whole=money(whole))


def at_most(value: str, limit: str, *, strict: bool = False) -> Claim:
    return AtMost(place=HERE, value=money(value), limit=money(limit), strict=strict)


def within(limit: str, *parts: str) -> Claim:
    return AtMost(place=HERE, value=None, limit=money(limit), parts=moneys(*parts))


def equal(first: str, again: str) -> Claim:
    return Equal(place=HERE, first=money(first), again=money(again))


def listing(stated: int, listed: int) -> Claim:
    return Listing(place=HERE, stated=Count(n=stated), listed=listed)


def taxed(net: str, stated: str | None, gross: str) -> Claim:
    legal = (Fraction(20), Fraction(11, 2))
    return Taxed(
        place=HERE, net=money(net), rate=None if stated is None else rate(stated), gross=money(gross), legal_rates=legal
    )


def change(start: str, end: str, stated: str, *, falling: bool = False) -> Claim:
    return Change(place=HERE, start=money(start), end=money(end), stated=rate(stated), falling=falling)


def shares(*texts: str) -> Claim:
    return SharesTotal(place=HERE, percents=rates(*texts))


def balance(start: str, result: str, *minus: str) -> Claim:
    return Balance(place=HERE, start=money(start), minus=moneys(*minus), result=money(result))


def average(amount: str, count: int, stated: str) -> Claim:
    return Average(place=HERE, total=money(amount), count=Count(n=count), stated=money(stated))


# claim, state, remark, values, English working. « modes » of percentages has its own laws and is left out here.
TOLD: list[tuple[Claim, str, str | None, dict[str, Any], str]] = [
    (
        total("70 000,00", "50 000", "20 000"),
        "holds",
        None,
        {"sum": "70000", "gap": "0"},
        "€50,000 + €20,000 = €70,000.00",
    ),
    (
        total("70 000", "50 000", "20 000,55"),
        "broken",
        None,
        {"sum": "70000.55", "gap": "0.55"},
        "€50,000 + €20,000.55 = €70,000.55, not €70,000 (gap: €0.55)",
    ),
    (
        total("10 M", "4 500 000", "5 000 000"),
        "holds",
        None,
        {"sum": "9500000", "gap": "-500000"},
        "€4,500,000 + €5,000,000 = €9,500,000, compatible with €10,000,000 given the rounding",
    ),
    (
        total("10 M", "9 499 999,99"),
        "broken",
        None,
        {"sum": "9499999.99", "gap": "-500000.01"},
        "a single part, €9,499,999.99, not €10,000,000 (gap: €500,000.01)",
    ),
    (
        total("1 500", "-1 000", "-500", absolute=True),
        "holds",
        None,
        {"sum": "-1500", "gap": "0"},
        "€−1,000 + €−500 = €1,500",
    ),
    (
        total("1 499", "-1 000", "-500", absolute=True),
        "broken",
        None,
        {"sum": "-1500", "gap": "1"},
        "€−1,000 + €−500 = €−1,500, not €1,499 (gap: €1)",
    ),
    (
        share("5,27", "70 000", "1 329 243"),
        "holds",
        None,
        {"ratio": "5.266155", "expected": "5.27"},
        "€70,000 ÷ €1,329,243 = 5.266155…% → 5.27% to two decimals",
    ),
    (
        share("5,26", "70 000", "1 329 243"),
        "broken",
        "truncated",
        {"ratio": "5.266155", "expected": "5.27"},
        "€70,000 ÷ €1,329,243 = 5.266155…% → 5.27% to two decimals; 5.26% is the truncated value",
    ),
    (
        share("5,4", "70 000", "1 329 243"),
        "broken",
        None,
        {"ratio": "5.266155", "expected": "5.3"},
        "€70,000 ÷ €1,329,243 = 5.266155…% → 5.3% to one decimal, not 5.4%",
    ),
    (
        share("-2", "-255", "10 000"),
        "broken",
        "truncated",
        {"ratio": "-2.55", "expected": "-3"},
        "€−255 ÷ €10,000 = −2.55% → −3% to the unit; −2% is the truncated value",
    ),
    (
        share("13", "1", "8"),
        "holds",
        None,
        {"ratio": "12.5", "expected": "13"},
        "€1 ÷ €8 = 12.5% → 13% to the unit",
    ),
    (at_most("500", "500"), "holds", None, {"gap": "0"}, "€500 ≤ €500"),
    (
        at_most("500", "500", strict=True),
        "broken",
        None,
        {"gap": "0"},
        "€500 already reaches €500, although a remainder is announced",
    ),
    (at_most("499", "500", strict=True), "holds", None, {"gap": "-1"}, "€499 ≤ €500"),
    (at_most("500", "0,5 k", strict=True), "holds", None, {"gap": "0"}, "€500 ≤ €500"),
    (at_most("500,55", "500"), "broken", None, {"gap": "0.55"}, "€500.55 > €500 (over by €0.55)"),
    (at_most("501", "500", strict=True), "broken", None, {"gap": "1"}, "€501 > €500 (over by €1)"),
    (within("500", "300", "300"), "broken", None, {"gap": "100"}, "€300 + €300 > €500 (over by €100)"),
    (within("600", "300", "300"), "holds", None, {"gap": "0"}, "€300 + €300 ≤ €600"),
    (equal("500", "500,00"), "holds", None, {"gap": "0"}, "€500 = €500.00"),
    (equal("500", "400"), "broken", None, {"gap": "-100"}, "€500 ≠ €400 (gap: €100)"),
    (listing(6, 6), "holds", None, {}, "6 announced, 6 listed"),
    (listing(6, 5), "broken", None, {}, "6 announced, but 5 listed"),
    (taxed("100", "20", "120,01"), "holds", None, {"rate": "20"}, "€100 + 20% = €120.01 (to the cent)"),
    (taxed("100", "20", "119,99"), "holds", None, {"rate": "20"}, "€100 + 20% = €119.99 (to the cent)"),
    (taxed("100", "20", "120,0101"), "broken", None, {"expected": "120"}, "€100 + 20% = 120, not €120.0101"),
    (taxed("-100", "20", "-120"), "holds", None, {"rate": "20"}, "€−100 + 20% = €−120 (to the cent)"),
    (taxed("100", "5,5", "120"), "broken", None, {"expected": "105.5"}, "€100 + 5.5% = 105.5, not €120"),
    (taxed("100", None, "105,50"), "holds", None, {"rate": "5.5"}, "€100 + 5.5% = €105.50 (to the cent)"),
    (
        taxed("300", None, "400"),
        "broken",
        "unstated_rate",
        {"implied_rate": "33.333333"},
        "from €300 to €400 the tax would be 33.333333…%, which is none of the rates in force",
    ),
    (
        change("1 000", "1 100", "10"),
        "holds",
        None,
        {"ratio": "10", "expected": "10"},
        "(€1,100 − €1,000) ÷ €1,000 = 10% → 10% to the unit",
    ),
    (
        change("3 000", "2 000", "33", falling=True),
        "holds",
        None,
        {"ratio": "-33.333333", "expected": "-33"},
        "(€2,000 − €3,000) ÷ €3,000 = −33.333333…% → −33% to the unit",
    ),
    (
        change("3 000", "5 000", "66,6"),
        "broken",
        "truncated",
        {"ratio": "66.666666", "expected": "66.7"},
        "(€5,000 − €3,000) ÷ €3,000 = 66.666666…% → 66.7% to one decimal; 66.6% is the truncated value",
    ),
    (
        change("3 000", "5 000", "60"),
        "broken",
        None,
        {"ratio": "66.666666", "expected": "67"},
        "(€5,000 − €3,000) ÷ €3,000 = 66.666666…% → 67% to the unit, not 60%",
    ),
    (shares("29", "24", "47"), "holds", None, {"sum": "100"}, "29% + 24% + 47% = 100%"),
    (
        shares("29", "25", "47"),
        "broken",
        "rounding",
        {"sum": "101"},
        "29% + 25% + 47% = 101%, not 100% (the rounding of the shares may explain it)",
    ),
    (
        shares("33,3", "33,3", "33,3"),
        "holds",
        "rounding",
        {"sum": "99.9"},
        "33.3% + 33.3% + 33.3% = 99.9%; the rounding of the shares is enough to explain the gap with 100%",
    ),
    (
        shares("33,3", "33,4", "33,4"),
        "holds",
        "rounding",
        {"sum": "100.1"},
        "33.3% + 33.4% + 33.4% = 100.1%; the rounding of the shares is enough to explain the gap with 100%",
    ),
    (shares("50", "30"), "broken", None, {"sum": "80"}, "50% + 30% = 80%, not 100%"),
    (
        balance("1 000", "499,50", "300", "200,50"),
        "holds",
        None,
        {"left": "499.5", "gap": "0"},
        "€1,000 − €300 − €200.50 = €499.50",
    ),
    (
        balance("1 000", "500", "300", "200,55"),
        "broken",
        None,
        {"left": "499.45", "gap": "-0.55"},
        "€1,000 − €300 − €200.55 = €499.45, not €500 (gap: €0.55)",
    ),
    (
        balance("4 700 000", "1 M", "3 747 192"),
        "holds",
        None,
        {"left": "952808", "gap": "-47192"},
        "€4,700,000 − €3,747,192 = €952,808, compatible with €1,000,000 given the rounding",
    ),
    (
        average("1 000", 3, "333"),
        "holds",
        None,
        {"rounded_to": "1"},
        "€1,000 ÷ 3 = 333.333333… → €333 (rounded to 1)",
    ),
    (
        average("1 000", 3, "300"),
        "holds",
        None,
        {"rounded_to": "100"},
        "€1,000 ÷ 3 = 333.333333… → €300 (rounded to 100)",
    ),
    (average("1 000", 3, "340"), "broken", None, {"expected": "333.333333"}, "€1,000 ÷ 3 = 333.333333…, not €340"),
    (average("1 000", 3, "0"), "broken", None, {"expected": "333.333333"}, "€1,000 ÷ 3 = 333.333333…, not €0"),
]


@pytest.mark.parametrize(
    ("claim", "state", "remark", "values", "working"), TOLD, ids=[f"{it[0].kind}-{it[4]}" for it in TOLD]
)
def test_the_working_can_be_redone(
    claim: Claim, state: str, remark: str | None, values: dict[str, Any], working: str
) -> None:
    judged = judge(claim)
    assert judged.claim is claim
    assert (judged.state, judged.remark, judged.reason) == (state, remark, None)
    assert judged.working.say("en") == working
    assert judged.working.say("fr") != working
    modes = judged.values.get("modes")
    assert {key: value for key, value in judged.values.items() if key != "modes"} == values
    if isinstance(claim, Share | Change):
        assert modes == sorted(judged.modes)
    else:
        assert (modes, judged.modes) == (None, frozenset())


def test_the_values_that_the_total_could_have_had() -> None:
    assert judge(total("5", "2", "2,50")).expected == Bounds.point(Fraction(9, 2))
    assert judge(total("10 M", "4 M", "5,0 M")).expected == Bounds(Fraction(8_450_000), Fraction(9_550_000))
    assert judge(total("9", "-4", "-4", absolute=True)).expected == Bounds.point(8)
    # Nothing is no reduction, and has no sign to lose.
    assert judge(total("0", "5", absolute=True)).values["gap"] == "5"
    assert judge(balance("9 M", "5", "4")).expected == Bounds(Fraction(8_499_996), Fraction(9_499_996))


# -- what the report carries ----------------------------------------------------------------------------------------

CONTRACT: list[tuple[Claim, dict[str, Any], int]] = [
    (total("70 000,00", "50 000", "20 000"), {"total": "70000.00", "parts": ["50000", "20000"]}, 3),
    (share("5,27", "7", "132"), {"stated": "5.27", "part": "7", "whole": "132"}, 3),
    (at_most("5", "6"), {"value": "5", "limit": "6"}, 2),
    (within("6", "1,50", "2,25"), {"value": "3.75", "limit": "6", "value_parts": ["1.50", "2.25"]}, 3),
    (equal("5", "6"), {"first": "5", "again": "6"}, 2),
    (listing(6, 5), {"stated": 6, "listed": 5}, 1),
    (taxed("100", "20", "120"), {"net": "100", "rate": "20", "gross": "120"}, 3),
    (change("10", "11", "10"), {"from": "10", "to": "11", "stated_percent": "10"}, 3),
    (shares("40", "60"), {"percents": ["40", "60"]}, 2),
    (balance("9", "4", "2", "3"), {"from": "9", "minus": ["2", "3"], "result": "4"}, 4),
    (average("9", 3, "3,00"), {"total": "9", "count": 3, "stated": "3.00"}, 3),
    (
        AtMost(place=HERE, value=money("9"), limit=money("9"), parts=moneys("4", "4")),
        {"value": "9", "limit": "9", "value_parts": ["4", "4"]},
        3,
    ),
    (
        AtMost(place=HERE, value=None, limit=None, parts=(money("4"), None)),
        {"value": None, "limit": None, "value_parts": ["4", None]},
        1,
    ),
    (Listing(place=HERE, stated=Count(n=25, decimals=1), listed=None), {"stated": "2.5", "listed": None}, 1),
]

NOTHING_READ: list[tuple[Claim, dict[str, Any]]] = [
    (Sum(place=HERE, total=None, parts=(None,)), {"total": None, "parts": [None]}),
    (Share(place=HERE, stated=None, part=None, whole=None), {"stated": None, "part": None, "whole": None}),
    (AtMost(place=HERE, value=None, limit=None), {"value": None, "limit": None}),
    (Equal(place=HERE, first=None, again=None), {"first": None, "again": None}),
    (Listing(place=HERE, stated=None, listed=None), {"stated": None, "listed": None}),
    (Taxed(place=HERE, net=None, rate=None, gross=None), {"net": None, "rate": None, "gross": None}),
    (Change(place=HERE, start=None, end=None, stated=None), {"from": None, "to": None, "stated_percent": None}),
    (SharesTotal(place=HERE, percents=(None,)), {"percents": [None]}),
    (Balance(place=HERE, start=None, minus=(None,), result=None), {"from": None, "minus": [None], "result": None}),
    (Average(place=HERE, total=None, count=None, stated=None), {"total": None, "count": None, "stated": None}),
]


@pytest.mark.parametrize(("claim", "values", "figures"), CONTRACT, ids=lambda it: getattr(it, "kind", ""))
def test_the_values_are_those_of_the_contract(claim: Claim, values: dict[str, Any], figures: int) -> None:
    assert claim.values() == values
    assert len(list(claim.figures())) == figures


def test_the_kinds_are_those_of_the_contract() -> None:
    kinds = ["sum", "percentage", "at_most", "equal", "count", "tax", "change", "shares_total", "balance", "average"]
    assert [claim.kind for claim, _ in NOTHING_READ] == kinds
    assert Claim.kind == ""
    plain = Equal(place=HERE, first=None, again=None)
    assert (plain.cue, plain.topic, plain.confidence, plain.doubt) == ("", "", "high", None)


@pytest.mark.parametrize(("claim", "values"), NOTHING_READ, ids=lambda it: getattr(it, "kind", ""))
def test_absent_is_not_zero(claim: Claim, values: dict[str, Any]) -> None:
    assert claim.values() == values
    assert list(claim.figures()) == []
    judged = judge(claim)
    assert (judged.state, judged.values, judged.claim) == ("unknown", {}, claim)
    assert judged.reason is not None
    assert judged.reason.say("en") == "one of the figures is missing or could not be read"
    assert judged.working.say("en") == f"cannot tell: {judged.reason.say('en')}"


def _with_gaps() -> list[Claim]:
    """Each kind, with each of its figures missing in turn."""
    a, r, n = money("4"), rate("50"), Count(n=2)
    return [
        Sum(place=HERE, total=None, parts=(a, a)),
        Sum(place=HERE, total=a, parts=(a, None)),
        Sum(place=HERE, total=a, parts=()),
        Sum(place=HERE, total=money("0"), parts=()),
        Share(place=HERE, stated=None, part=a, whole=a),
        Share(place=HERE, stated=r, part=None, whole=a),
        Share(place=HERE, stated=r, part=a, whole=None),
        AtMost(place=HERE, value=a, limit=None),
        AtMost(place=HERE, value=None, limit=a),
        AtMost(place=HERE, value=a, limit=a, parts=(a, None)),
        Equal(place=HERE, first=None, again=a),
        Equal(place=HERE, first=a, again=None),
        Listing(place=HERE, stated=None, listed=2),
        Listing(place=HERE, stated=n, listed=None),
        Taxed(place=HERE, net=None, rate=r, gross=a),
        Taxed(place=HERE, net=a, rate=r, gross=None),
        Change(place=HERE, start=None, end=a, stated=r),
        Change(place=HERE, start=a, end=None, stated=r),
        Change(place=HERE, start=a, end=a, stated=None),
        SharesTotal(place=HERE, percents=(r, None, r)),
        SharesTotal(place=HERE, percents=()),
        Balance(place=HERE, start=None, minus=(a,), result=a),
        Balance(place=HERE, start=a, minus=(a,), result=None),
        Balance(place=HERE, start=a, minus=(a, None), result=a),
        Balance(place=HERE, start=a, minus=(), result=a),
        Average(place=HERE, total=None, count=n, stated=a),
        Average(place=HERE, total=a, count=None, stated=a),
        Average(place=HERE, total=a, count=n, stated=None),
    ]


@pytest.mark.parametrize("claim", _with_gaps(), ids=lambda claim: claim.kind)
def test_a_missing_figure_makes_a_claim_unknown(claim: Claim) -> None:
    judged = judge(claim)
    assert judged.state == "unknown"
    assert judged.reason is not None
    assert judged.reason.say("en") == "one of the figures is missing or could not be read"


def test_a_claim_that_is_unknown_keeps_its_own_reason_before_its_doubt() -> None:
    doubt = Message("liste coupée", "list cut")
    judged = judge(Equal(place=HERE, first=None, again=money("4"), doubt=doubt))
    assert judged.reason is not None
    assert judged.reason != doubt
    with pytest.raises(TypeError, match="not a claim"):
        judge("4 = 4")  # type: ignore[arg-type]


# -- money of two kinds ---------------------------------------------------------------------------------------------

Two = Callable[[Amount, Amount], Claim]
FOUR, FIVE, RATE = money("4"), money("5"), rate("50")
# Claims that are broken between 4 and 5, whichever is first.
BETWEEN: dict[str, Two] = {
    "sum": lambda a, b: Sum(place=HERE, total=a, parts=(b,)),
    "percentage": lambda a, b: Share(place=HERE, stated=RATE, part=a, whole=b),
    "at_most": lambda a, b: AtMost(place=HERE, value=max(a, b, key=_worth), limit=min(a, b, key=_worth)),
    "equal": lambda a, b: Equal(place=HERE, first=a, again=b),
    "change": lambda a, b: Change(place=HERE, start=a, end=b, stated=RATE),
    "balance": lambda a, b: Balance(place=HERE, start=a, minus=(b,), result=FOUR),
    "average": lambda a, b: Average(place=HERE, total=a, count=Count(n=2), stated=b),
}


def _worth(figure: Figure) -> Fraction:
    return figure.fraction


def amounts_of(**first: Any) -> Callable[[str], Amount]:
    return lambda text: Amount(n=money(text).n, **first)


@pytest.mark.parametrize("kind", BETWEEN)
def test_money_of_two_kinds_is_not_compared(kind: str) -> None:
    claim = BETWEEN[kind]
    euros, francs = amounts_of(currency="EUR"), amounts_of(currency="FRF")
    net, gross = amounts_of(tax="HT", currency="EUR"), amounts_of(tax="TTC", currency="EUR")
    bare = amounts_of()
    for a, b in (("4", "5"), ("5", "4")):
        mixed = judge(claim(euros(a), francs(b)))
        assert mixed.reason is not None
        assert (mixed.state, mixed.reason.say("en")) == ("unknown", "the amounts are not in the same currency")
        taxes = judge(claim(net(a), gross(b)))
        assert taxes.reason is not None
        assert (taxes.state, taxes.reason.say("en")) == ("unknown", "some are before tax, the others include tax")
        # One kind written once or twice is no reason to doubt.
        for left, right in ((euros, euros), (euros, bare), (bare, bare), (net, net), (net, bare), (bare, gross)):
            assert judge(claim(left(a), right(b))).state == "broken"


def test_two_taxes_do_not_undo_what_holds() -> None:
    net, gross = amounts_of(tax="HT"), amounts_of(tax="TTC")
    held: list[Claim] = [
        Sum(place=HERE, total=net("4"), parts=(gross("4"),)),
        Share(place=HERE, stated=RATE, part=net("2"), whole=gross("4")),
        AtMost(place=HERE, value=net("4"), limit=gross("4")),
        Equal(place=HERE, first=net("4"), again=gross("4")),
        Change(place=HERE, start=net("2"), end=gross("3"), stated=RATE),
        Balance(place=HERE, start=net("4"), minus=(gross("2"),), result=gross("2")),
        Average(place=HERE, total=net("4"), count=Count(n=2), stated=gross("2")),
    ]
    assert [judge(claim).state for claim in held] == ["holds"] * len(held)
    assert judge(Taxed(place=HERE, net=net("100"), rate=rate("20"), gross=gross("120"))).state == "holds"
    silent = judge(Taxed(place=HERE, net=net("100"), rate=rate("20"), gross=Amount(n=120, currency="FRF")))
    assert silent.state == "holds"  # one currency written, the other not: nothing contradicts
    mixed = judge(Taxed(place=HERE, net=money("100"), rate=rate("20"), gross=Amount(n=120, currency="FRF")))
    assert (mixed.state, mixed.reason) == (
        "unknown",
        Message("les montants ne sont pas dans la même monnaie", "the amounts are not in the same currency"),
    )


# -- bases ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("base", ["0", "-5", "moins de 5 000 k", "au plus 3"])
def test_a_base_that_may_be_zero_or_less_divides_nothing(base: str) -> None:
    amount = parse_amount(f"{base} €")
    for claim in (
        Share(place=HERE, stated=RATE, part=FOUR, whole=amount),
        Change(place=HERE, start=amount, end=FOUR, stated=RATE),
        Average(place=HERE, total=FOUR, count=Count(n=amount.n, qualifier=amount.qualifier), stated=FOUR),
    ):
        judged = judge(claim)
        assert judged.state == "unknown"
        assert judged.reason is not None
        assert judged.reason.say("en") == "the base is zero or negative"


def test_no_rate_is_looked_for_in_an_amount_that_is_not_above_zero() -> None:
    for net in ("0", "-300"):
        judged = judge(taxed(net, None, "400"))
        assert judged.reason is not None
        assert judged.reason.say("en") == "the base is zero or negative"
    judged = judge(Taxed(place=HERE, net=money("300"), rate=None, gross=money("400")))
    assert judged.reason is not None
    assert judged.reason.say("en") == "the tax rate is not given"


def test_a_base_below_one_is_a_base() -> None:
    assert judge(share("50", "0,05", "0,10")).state == "holds"
    assert judge(change("0,10", "0,15", "50")).state == "holds"
    assert judge(taxed("0,50", "20", "0,60")).state == "holds"
    assert judge(taxed("0,50", None, "0,90")).remark == "unstated_rate"
    assert judge(taxed("100", "0", "100")).values == {"rate": "0"}


# -- words that loosen ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stated", "state"),
    [("environ 10", "holds"), ("plus de 10", "holds"), ("au moins 10", "holds"), ("moins de 10", "broken")],
)
def test_a_rise_and_a_fall_loosened_by_the_same_words(stated: str, state: str) -> None:
    """« une hausse de plus de 10 % » and « une baisse de plus de 10 % »: the words speak of the size of the change."""
    figure = parse_percentage(f"{stated} %")
    rise = judge(Change(place=HERE, start=money("1 000"), end=money("1 120"), stated=figure))
    fall = judge(Change(place=HERE, start=money("1 000"), end=money("880"), stated=figure, falling=True))
    assert (rise.state, fall.state) == (state, state)


QUALIFIERS: tuple[Qualifier | None, ...] = (None, "about", "above", "below", "at_least", "at_most")


@given(st.integers(1, 400), st.integers(0, 800), st.integers(1, 120), st.sampled_from(QUALIFIERS))
def test_a_fall_mirrors_a_rise(start: int, moved: int, n: int, qualifier: Qualifier | None) -> None:
    figure = Percentage(n=n, qualifier=qualifier)
    rise = judge(Change(place=HERE, start=Amount(n=start), end=Amount(n=start + moved), stated=figure))
    fall = judge(Change(place=HERE, start=Amount(n=start), end=Amount(n=start - moved), stated=figure, falling=True))
    assert (rise.state, rise.remark) == (fall.state, fall.remark)


def test_a_fall_printed_with_its_sign_is_read_with_it() -> None:
    assert judge(change("1 000", "900", "-10", falling=True)).state == "holds"
    assert judge(change("1 000", "1 100", "-10", falling=True)).state == "broken"
    assert judge(change("1 000", "1 000", "0", falling=True)).state == "holds"
    assert judge(change("1 000", "1 000", "-0", falling=True)).state == "holds"
    some = parse_percentage("plus de 0 %")
    for end, state in ((990, "holds"), (1010, "broken")):
        claim = Change(place=HERE, start=Amount(n=1000), end=Amount(n=end), stated=some, falling=True)
        assert judge(claim).state == state


def test_a_remainder_is_doubted_only_between_exact_figures() -> None:
    """« dans la limite de » strictly: 1 M€ may be just under the limit, and a limit of 1 k€ may be above 500 €."""
    assert judge(at_most("1 M", "500 000", strict=True)).state == "holds"
    assert judge(at_most("500", "1 k", strict=True)).state == "holds"


def test_a_negative_share_rounded_down_is_told_as_cut() -> None:
    judged = judge(share("-3", "-24", "1 000"))
    assert (judged.state, judged.remark, "floor" in judged.modes) == ("broken", "truncated", True)
    assert "truncate" not in judged.modes


@pytest.mark.parametrize(
    ("stated", "state"),
    [
        ("environ 5", "holds"),
        ("environ 6", "broken"),
        ("plus de 5", "holds"),
        ("plus de 6", "broken"),
        ("moins de 6", "holds"),
    ],
)
def test_a_loosened_share_holds_by_its_words_and_not_by_roundings(stated: str, state: str) -> None:
    claim = Share(place=HERE, stated=parse_percentage(f"{stated} %"), part=money("70 000"), whole=money("1 329 243"))
    judged = judge(claim)
    assert judged.state == state
    assert judged.modes == (frozenset(MODES) if state == "holds" else frozenset())


def test_a_loosened_average() -> None:
    for stated, state in (("environ 140", "holds"), ("plus de 150", "broken"), ("moins de 150", "holds")):
        claim = Average(place=HERE, total=money("1 000"), count=Count(n=7), stated=parse_amount(f"{stated} €"))
        assert judge(claim).state == state
    # 1 M€ is no exact amount, and neither is a third of it.
    assert judge(Average(place=HERE, total=money("1 M"), count=Count(n=3), stated=money("334 000"))).state == "holds"


# -- the modes of a share -------------------------------------------------------------------------------------------


@given(st.integers(1, 60), st.integers(0, 9), st.integers(50, 100), st.integers(0, 9), st.integers(0, 130))
def test_a_share_of_intervals_is_any_of_their_quotients(part: int, more: int, whole: int, wider: int, n: int) -> None:
    parts = Bounds(Fraction(part), Fraction(part + more))
    wholes = Bounds(Fraction(whole), Fraction(whole + wider))
    least, most = Fraction(100 * part, whole + wider), Fraction(100 * (part + more), whole)
    modes = share_modes(Percentage(n=n), parts, wholes)
    assert ("nearest" in modes) == (least <= n + Fraction(1, 2) and n - Fraction(1, 2) <= most)
    assert ("exact" in modes) == (least <= n <= most)
    assert ("truncate" in modes) == (n <= most and least < n + 1)


def test_shares_of_intervals() -> None:
    fifty = rate("50")
    part, whole, little = Fraction(1), Fraction(2), Fraction(1, 10**9)
    # However small an interval is, its ends are exact; and one interval is enough.
    assert "exact" in share_modes(fifty, Bounds(part - little, part), Bounds.point(whole))
    assert "exact" in share_modes(fifty, Bounds(part, part + little), Bounds.point(whole))
    assert "exact" in share_modes(fifty, Bounds.point(part), Bounds(whole, whole + little))
    assert "exact" in share_modes(fifty, Bounds.point(part), Bounds(whole - little, whole))
    assert "exact" not in share_modes(fifty, Bounds(part - little, part, True, False), Bounds.point(whole))
    assert "nearest" in share_modes(fifty, Bounds(Fraction(1, 2), part), Bounds.point(whole))
    five = rate("5")
    assert "nearest" in share_modes(five, Bounds(Fraction(4), Fraction(5)), Bounds(Fraction(100), Fraction(120)))
    assert share_modes(five, Bounds(Fraction(7), Fraction(8)), Bounds(Fraction(100), Fraction(101))) == frozenset()
    for base in (Bounds.point(0), Bounds.point(-1), Bounds(None, Fraction(3)), Bounds(Fraction(-1), Fraction(1))):
        with pytest.raises(ValueError, match="not above zero"):
            share_modes(five, Bounds.point(1), base)


def test_a_whole_as_near_zero_as_one_likes_makes_a_share_as_large_as_one_likes() -> None:
    small = Bounds(Fraction(0), Fraction(1), False, True)
    large = Percentage(n=10**9)
    assert share_modes(large, Bounds.point(1), small) == frozenset(MODES)
    assert share_modes(rate("-1"), Bounds.point(1), small) == frozenset()
    assert share_modes(Percentage(n=-(10**9)), Bounds.point(-1), small) == frozenset(MODES)
    assert share_modes(rate("1"), Bounds.point(-1), small) == frozenset()
    assert share_modes(rate("0"), Bounds.point(0), small) == frozenset(MODES)
    # From zero on, and up to zero, a part keeps its sign; so does one below 1.
    for part in (Bounds(Fraction(0), Fraction(1)), Bounds.point(Fraction(1, 2))):
        assert share_modes(rate("-1"), part, small) == share_modes(rate("1"), -part, small) == frozenset()
        assert share_modes(large, part, small) == frozenset(MODES)
    both = Bounds(Fraction(-1), Fraction(1))
    assert share_modes(large, both, small) == share_modes(Percentage(n=-(10**9)), both, small) == frozenset(MODES)


def test_parts_of_thousands_and_thousandths() -> None:
    """Per mille and scaled rates count in their own unit."""
    per_mille = parse_percentage("5 ‰")
    assert judge(Share(place=HERE, stated=per_mille, part=money("5"), whole=money("1 000"))).state == "holds"
    assert judge(Share(place=HERE, stated=per_mille, part=money("50"), whole=money("1 000"))).state == "broken"


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.integers(0, 3), st.integers(-1, 1))
def test_exact_figures_and_intervals_of_one_value_agree(part: int, whole: int, decimals: int, off: int) -> None:
    """The integers of exact figures against the quotient of bounds that « environ » asks for."""
    n = round(Fraction(100 * part * 10**decimals, whole)) + off
    stated = Percentage(n=n, decimals=decimals)
    by_integers = share_modes(stated, Bounds.point(part), Bounds.point(whole))
    quotient = Bounds.point(Fraction(100 * part, whole))
    by_bounds: set[Mode] = {mode for mode in MODES if stated.bounds(mode).meets(quotient)}
    assert by_integers == by_bounds


# -- decimals of the working ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        # The computed sum is shown with the decimals of the total, and with more when it needs them.
        (total("5,00", "4"), "a single part, €4.00, not €5.00 (gap: €1.00)"),
        (total("5", "4,25"), "a single part, €4.25, not €5 (gap: €0.75)"),
        (total("5", "4,12500"), "a single part, €4.125, not €5 (gap: €0.875)"),
        (total("2 M", "5"), "a single part, €5, not €2,000,000 (gap: €1,999,995)"),
        (total("2,5 M", "5,25"), "a single part, €5.25, not €2,500,000 (gap: €2,499,994.75)"),
        (Sum(place=HERE, total=Count(n=5), parts=(Count(n=4),)), "a single part, 4, not 5 (gap: 1)"),
        # A single part that rounding makes agree is no part that disagrees; nor one totalled without its sign.
        (total("10 M", "10,2 M"), "€10,200,000 = €10,200,000, compatible with €10,000,000 given the rounding"),
        (total("5", "-4", absolute=True), "€−4 = €−4, not €5 (gap: €1)"),
    ],
)
def test_a_computed_amount_is_shown_like_the_one_it_is_compared_with(claim: Claim, said: str) -> None:
    assert judge(claim).working.say("en") == said


def test_computed_values_are_decimal_strings() -> None:
    for decimals, shown in ((401, "0." + "1".rjust(401, "0")), (402, f"1/{10**402}")):
        tiny = Amount(n=1, decimals=decimals, currency="EUR")
        assert judge(Sum(place=HERE, total=money("1"), parts=(tiny,))).values["sum"] == shown
    for decimals, shown in ((12, "€0.000000000001"), (13, "0.000000…")):
        tiny = Amount(n=1, decimals=decimals, currency="EUR")
        said = judge(Sum(place=HERE, total=money("1"), parts=(tiny,))).working.say("en")
        assert f" {shown}, not" in said, said
    negative = judge(total("-1", "-1,50"))
    assert negative.values == {"sum": "-1.5", "gap": "-0.5"}
    for claim, expected in (
        (share("1", "1", "1 000 000 000"), "0"),
        (share("1", "-1", "1 000 000 000"), "0"),
        (share("1", "1", "3"), "33.333333"),
        (share("1", "-1", "3"), "-33.333333"),
        (share("1", "1 000", "3"), "33333.333333"),
        (share("1", "1", "8"), "12.5"),
        (share("1", "1", "200"), "0.5"),
        (share("1", "-1", "200"), "-0.5"),
        (share("1", "0", "200"), "0"),
    ):
        assert judge(claim).values["ratio"] == expected


def test_what_a_rate_should_have_been() -> None:
    for claim, expected in (
        (share("0", "6", "1 000"), "1"),
        (share("0", "-6", "1 000"), "-1"),
        (share("0", "5", "1 000"), "1"),
        (share("1", "4", "1 000"), "0"),
        (share("1", "0", "1 000"), "0"),
    ):
        assert judge(claim).values["expected"] == expected


def test_a_count_that_was_not_printed() -> None:
    assert count_of(12) == Count(n=12, text="12")


@pytest.mark.parametrize("claim", [it[0] for it in TOLD], ids=lambda claim: claim.kind)
def test_both_languages_say_everything(claim: Claim) -> None:
    for language in LANGUAGES:
        said = judge(claim).working.say(language)
        assert "{" not in said
        assert said == said.strip() != ""
