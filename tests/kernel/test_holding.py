"""The state told without a working is the one of the judgement."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from subsidy_rules.claims import Claim, Share, Sum, judge
from subsidy_rules.figures import Amount, Count, Figure, Percentage, Qualifier
from subsidy_rules.holding import holds, share_holds, state_of
from subsidy_rules.place import Place
from subsidy_rules.wording import Message

_QUALIFIERS: tuple[Qualifier | None, ...] = (None, None, None, None, "about", "above")
_numbers = st.one_of(st.sampled_from((0, 1, -1, 5, 10, 100)), st.integers(-400, 400))
_places = st.sampled_from((0, 0, 1, 2))
_powers = st.sampled_from((0, 0, 0, 3, -1))
_figures: st.SearchStrategy[Figure] = st.one_of(
    st.builds(
        Amount,
        n=_numbers,
        decimals=_places,
        exponent=_powers,
        qualifier=st.sampled_from(_QUALIFIERS),
        currency=st.sampled_from((None, "EUR", "EUR", "FRF")),
        tax=st.sampled_from((None, None, "HT", "TTC")),
    ),
    st.builds(Count, n=_numbers, decimals=_places, exponent=_powers, qualifier=st.sampled_from(_QUALIFIERS)),
)
_rates = st.builds(
    Percentage,
    n=_numbers,
    decimals=_places,
    exponent=st.sampled_from((0, 0, -1, 1)),
    qualifier=st.sampled_from(_QUALIFIERS),
)
_doubts = st.sampled_from((None, None, None, Message("un doute", "a doubt")))


def _same(claim: Claim) -> None:
    state = judge(claim).state
    assert state_of(claim) == state
    assert holds(claim) == (state == "holds")


@given(st.one_of(st.none(), _rates), st.one_of(st.none(), _figures), _figures, _doubts, st.integers(0, 3))
@settings(max_examples=400, deadline=None)
def test_shares(
    stated: Percentage | None, part: Figure | None, whole: Figure, doubt: Message | None, turn: int
) -> None:
    if stated is not None and part is not None and turn == 0 and part.n:
        # Most pairs have nothing to do with the rate: here the rate is that of the pair, or beside it.
        stated = replace(stated, n=int(100 * part.fraction / (abs(whole.fraction) or 1) / stated.unit))
    _same(Share(place=Place(), stated=stated, part=part, whole=whole, doubt=doubt))
    if stated is not None and part is not None:
        judged = judge(Share(place=Place(), stated=stated, part=part, whole=whole))
        assert share_holds(stated, part, whole) == (judged.state == "holds")


@given(
    _figures, st.lists(st.one_of(_figures, _figures, st.none()), max_size=4), st.booleans(), _doubts, st.integers(0, 3)
)
@settings(max_examples=400, deadline=None)
def test_sums(total: Figure, parts: list[Figure | None], absolute: bool, doubt: Message | None, turn: int) -> None:
    if turn < 2:
        added = sum((part.fraction for part in parts if part is not None), Fraction(0)) * 100
        total = replace(total, n=int(added) * (1 - 2 * turn), decimals=2, exponent=0, qualifier=None)
    _same(Sum(place=Place(), total=total, parts=tuple(parts), absolute=absolute, doubt=doubt))
    _same(Sum(place=Place(), total=None, parts=tuple(parts), absolute=absolute, doubt=doubt))
