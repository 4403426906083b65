"""The judgement of claims against enumeration and laws that share no code with it."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_DOWN, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    judge,
)
from subsidy_rules.figures import Amount, Count, Figure, Percentage
from subsidy_rules.place import Place
from subsidy_rules.wording import Message

HERE = Place(path="x")


def euros(cents: int) -> Amount:
    return Amount(n=cents, decimals=2, currency="EUR", text=str(cents))


def percent(n: int, decimals: int = 2) -> Percentage:
    return Percentage(n=n, decimals=decimals, text=str(n))


cents = st.one_of(
    st.integers(-(10**6), 10**6), st.integers(-(10**25), 10**25), st.sampled_from([0, 1, -1, 2**63, 2**63 - 1])
)


@given(st.lists(cents, min_size=1, max_size=8))
def test_a_true_sum_holds_and_a_cent_more_or_less_breaks_it(parts: list[int]) -> None:
    figures = tuple(euros(part) for part in parts)
    for gap, state in ((0, "holds"), (1, "broken"), (-1, "broken")):
        judged = judge(Sum(place=HERE, total=euros(sum(parts) + gap), parts=figures))
        assert judged.state == state
        assert judged.values["gap"] == format(-Decimal(gap) / 100 if gap else Decimal(0), "f")


@given(st.lists(cents, min_size=1, max_size=5), st.randoms())
def test_the_order_of_parts_changes_nothing(parts: list[int], random: object) -> None:
    figures = [euros(part) for part in parts]
    total = euros(sum(parts) + 1)
    first = judge(Sum(place=HERE, total=total, parts=tuple(figures)))
    assert isinstance(figures, list)
    other = judge(Sum(place=HERE, total=total, parts=tuple(reversed(figures))))
    assert (first.state, first.values) == (other.state, other.values)


@given(st.lists(cents, max_size=4), st.integers(0, 4))
def test_a_part_that_was_not_read_makes_the_sum_unknown(parts: list[int], at: int) -> None:
    figures: list[Figure | None] = [euros(part) for part in parts]
    figures.insert(min(at, len(figures)), None)
    judged = judge(Sum(place=HERE, total=euros(sum(parts)), parts=tuple(figures)))
    assert judged.state == "unknown"
    assert judged.reason is not None


def test_scaled_amounts_are_intervals_and_their_ends_count() -> None:
    def millions(n: int) -> Amount:
        return Amount(n=n, exponent=6, currency="EUR")

    # 10 M€ is anything from 9.5 to 10.5 million, ends included (either tie).
    parts = (euros(450_000_000), euros(500_000_000))
    assert judge(Sum(place=HERE, total=millions(10), parts=parts)).state == "holds"
    assert judge(Sum(place=HERE, total=millions(10), parts=(euros(949_999_999),))).state == "broken"
    assert judge(Sum(place=HERE, total=millions(10), parts=(euros(1_050_000_000),))).state == "holds"
    assert judge(Sum(place=HERE, total=millions(10), parts=(euros(1_050_000_001),))).state == "broken"


def test_an_absolute_total_is_compared_without_its_sign_only_when_told() -> None:
    parts = (euros(-1000), euros(-500))
    assert judge(Sum(place=HERE, total=euros(1500), parts=parts)).state == "broken"
    assert judge(Sum(place=HERE, total=euros(1500), parts=parts, absolute=True)).state == "holds"
    assert judge(Sum(place=HERE, total=euros(-1500), parts=parts, absolute=True)).state == "holds"
    assert judge(Sum(place=HERE, total=euros(1400), parts=parts, absolute=True)).state == "broken"


@given(
    part=st.integers(0, 10**9),
    whole=st.integers(1, 10**9),
    decimals=st.integers(0, 4),
    off=st.integers(-2, 2),
)
def test_a_percentage_holds_exactly_when_decimal_prints_it_so(part: int, whole: int, decimals: int, off: int) -> None:
    quantum = Decimal((0, (1,), -decimals))
    with localcontext() as context:
        context.prec = 120
        ratio = Decimal(100 * part) / Decimal(whole)
        # A tie within 120 digits is a tie: the denominators are below 10**9.
        prints = {
            mode: int(ratio.quantize(quantum, mode).scaleb(decimals))
            for mode in (ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_DOWN)
        }
    n = prints[ROUND_HALF_UP] + off
    judged = judge(Share(place=HERE, stated=percent(n, decimals), part=euros(part), whole=euros(whole)))
    nearest = n in (prints[ROUND_HALF_UP], prints[ROUND_HALF_DOWN])
    assert (judged.state == "holds") == nearest
    assert ("truncate" in judged.modes) == (n == prints[ROUND_DOWN])
    if not nearest:
        assert (judged.remark == "truncated") == (n == prints[ROUND_DOWN])


def test_the_percentage_that_the_library_began_with() -> None:
    judged = judge(Share(place=HERE, stated=percent(527), part=euros(7_000_000), whole=euros(132_924_300)))
    assert judged.state == "holds"
    assert (
        judged.working.say("fr")
        == "70\u202f000,00\xa0€ ÷ 1\u202f329\u202f243,00\xa0€ = 5,266155…\u202f% → 5,27\u202f% au centième"
    )
    assert (
        judge(Share(place=HERE, stated=percent(528), part=euros(7_000_000), whole=euros(132_924_300))).state == "broken"
    )
    truncated = judge(Share(place=HERE, stated=percent(526), part=euros(7_000_000), whole=euros(132_924_300)))
    assert (truncated.state, truncated.remark) == ("broken", "truncated")


@pytest.mark.parametrize("whole", [0, -100])
def test_a_base_that_is_not_above_zero_is_unknown(whole: int) -> None:
    assert judge(Share(place=HERE, stated=percent(10), part=euros(1), whole=euros(whole))).state == "unknown"
    assert judge(Change(place=HERE, stated=percent(10), start=euros(whole), end=euros(1))).state == "unknown"


@given(cents, cents)
def test_a_ceiling_is_broken_only_above_it(value: int, limit: int) -> None:
    judged = judge(AtMost(place=HERE, value=euros(value), limit=euros(limit)))
    assert (judged.state == "broken") == (value > limit)
    strict = judge(AtMost(place=HERE, value=euros(value), limit=euros(limit), strict=True))
    assert (strict.state == "broken") == (value >= limit)


@given(cents, cents)
def test_two_mentions_are_equal_or_not(first: int, again: int) -> None:
    assert (judge(Equal(place=HERE, first=euros(first), again=euros(again))).state == "holds") == (first == again)


@given(cents, st.lists(cents, min_size=1, max_size=4), st.integers(-1, 1))
def test_a_balance(start: int, minus: list[int], off: int) -> None:
    left = start - sum(minus) + off
    judged = judge(Balance(place=HERE, start=euros(start), minus=tuple(map(euros, minus)), result=euros(left)))
    assert (judged.state == "holds") == (off == 0)


def test_a_balance_with_a_scaled_result() -> None:
    result = Amount(n=1, exponent=6, currency="EUR")
    assert (
        judge(Balance(place=HERE, start=euros(470_000_000), minus=(euros(374_719_200),), result=result)).state
        == "holds"
    )


@given(st.integers(10**6, 10**8), st.integers(1, 500), st.integers(0, 3))
def test_an_average_printed_at_any_power_of_ten_holds(total: int, count: int, power: int) -> None:
    unit = 10**power
    each = (2 * total + count * unit) // (2 * count * unit) * unit
    judged = judge(Average(place=HERE, total=Amount(n=total), count=Count(n=count), stated=Amount(n=each)))
    assert judged.state == "holds"


@pytest.mark.parametrize(
    ("stated", "state"), [(47_320, "holds"), (47_319, "holds"), (47_318, "broken"), (47_330, "broken")]
)
def test_an_average_that_is_wrong_is_broken(stated: int, state: str) -> None:
    claim = Average(place=HERE, total=Amount(n=28_486_000), count=Count(n=602), stated=Amount(n=stated))
    assert judge(claim).state == state


@pytest.mark.parametrize(
    ("gross", "state"), [(24000000, "holds"), (24000001, "holds"), (24000002, "broken"), (20400000, "broken")]
)
def test_a_stated_tax_rate_allows_one_cent(gross: int, state: str) -> None:
    claim = Taxed(place=HERE, net=euros(20000000), rate=percent(20, 0), gross=euros(gross))
    assert judge(claim).state == state


def test_an_unstated_rate_is_looked_for_among_those_in_force() -> None:
    rates = (Fraction(20), Fraction(10), Fraction(11, 2), Fraction(21, 10))
    for gross, state in ((24_000_000, "holds"), (21_100_000, "holds"), (20_400_000, "broken")):
        judged = judge(Taxed(place=HERE, net=euros(20_000_000), rate=None, gross=euros(gross), legal_rates=rates))
        assert judged.state == state
    assert judge(Taxed(place=HERE, net=euros(1), rate=None, gross=euros(1))).state == "unknown"


@given(st.integers(1, 10**8), st.integers(0, 10**8), st.integers(-1, 1))
def test_a_change_in_per_cent(start: int, end: int, off: int) -> None:
    ratio = Fraction(10000 * (end - start), start)
    n = (abs(ratio) * 2 + 1) // 2 * (1 if ratio >= 0 else -1) + off
    judged = judge(Change(place=HERE, start=euros(start), end=euros(end), stated=percent(int(n))))
    assert (judged.state == "holds") == (abs(2 * (ratio - n)) <= 1)


def test_a_fall_may_be_printed_without_its_sign() -> None:
    claim = Change(place=HERE, start=euros(1000), end=euros(900), stated=percent(10, 0), falling=True)
    assert judge(claim).state == "holds"
    assert judge(Change(place=HERE, start=euros(1000), end=euros(900), stated=percent(10, 0))).state == "broken"


@pytest.mark.parametrize(
    ("shares", "decimals", "computed", "state"),
    [
        ((29, 24, 26, 21), 0, False, "holds"),
        ((29, 25, 26, 21), 0, False, "broken"),
        ((29, 25, 26, 21), 0, True, "holds"),
        ((33, 33, 33), 0, False, "holds"),
        ((3333, 3333, 3333), 2, False, "holds"),
        ((4545, 2727, 2727), 2, False, "holds"),
        ((50, 30), 0, True, "broken"),
    ],
)
def test_shares_of_one_whole(shares: tuple[int, ...], decimals: int, computed: bool, state: str) -> None:
    claim = SharesTotal(place=HERE, percents=tuple(percent(n, decimals) for n in shares), computed=computed)
    assert judge(claim).state == state


def test_counts() -> None:
    assert judge(Listing(place=HERE, stated=Count(n=6), listed=6)).state == "holds"
    assert judge(Listing(place=HERE, stated=Count(n=6), listed=5)).state == "broken"
    assert judge(Listing(place=HERE, stated=Count(n=15, qualifier="about"), listed=14)).state == "broken"
    assert judge(Listing(place=HERE, stated=Count(n=10, qualifier="above"), listed=12)).state == "holds"


def _each_kind(doubt: Message | None = None) -> list[Claim]:
    a, b = euros(100), euros(50)
    return [
        Sum(place=HERE, total=a, parts=(b, b), doubt=doubt),
        Share(place=HERE, stated=percent(50, 0), part=b, whole=a, doubt=doubt),
        AtMost(place=HERE, value=b, limit=a, doubt=doubt),
        Equal(place=HERE, first=a, again=a, doubt=doubt),
        Listing(place=HERE, stated=Count(n=2), listed=2, doubt=doubt),
        Taxed(place=HERE, net=a, rate=percent(20, 0), gross=euros(120), doubt=doubt),
        Change(place=HERE, start=b, end=a, stated=percent(100, 0), doubt=doubt),
        SharesTotal(place=HERE, percents=(percent(50, 0), percent(50, 0)), doubt=doubt),
        Balance(place=HERE, start=a, minus=(b,), result=b, doubt=doubt),
        Average(place=HERE, total=a, count=Count(n=2), stated=b, doubt=doubt),
    ]


@pytest.mark.parametrize("claim", _each_kind(), ids=lambda claim: claim.kind)
def test_each_kind_holds_and_says_its_working_in_both_languages(claim: Claim) -> None:
    judged = judge(claim)
    assert judged.state == "holds"
    assert judged.working.say("fr")
    assert judged.working.say("en")
    assert list(claim.figures())


@pytest.mark.parametrize("claim", _each_kind(Message("liste coupée", "list cut")), ids=lambda claim: claim.kind)
def test_a_doubt_makes_any_claim_unknown_with_its_reason(claim: Claim) -> None:
    judged = judge(claim)
    assert judged.state == "unknown"
    assert judged.reason == Message("liste coupée", "list cut")
    assert "liste coupée" in judged.working.say("fr")


def test_currencies_and_taxes_do_not_mix() -> None:
    francs = Amount(n=100, currency="FRF")
    assert judge(Equal(place=HERE, first=euros(10000), again=francs)).state == "unknown"
    net = Amount(n=100, currency="EUR", tax="HT")
    gross = Amount(n=120, currency="EUR", tax="TTC")
    assert judge(Equal(place=HERE, first=net, again=gross)).state == "unknown"
    assert judge(Sum(place=HERE, total=gross, parts=(net,))).state == "unknown"
