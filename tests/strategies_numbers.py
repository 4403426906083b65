"""What the laws of numbers are tried on: rationals, intervals, printed figures and the ways of writing them."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Final

from hypothesis import strategies as st

from subsidy_rules.bounds import Bounds
from subsidy_rules.figures import Amount, Percentage
from subsidy_rules.numerals import NumeralError
from subsidy_rules.rounding import MODES, Mode
from subsidy_rules.wording import LANGUAGES

SPACES: Final = (" ", "\u00a0", "\u2007", "\u2009", "\u202f")
"""The spaces that separate thousands in print: ordinary, no-break, figure, thin, narrow."""

MINUSES: Final = ("-", "\u2212", "\u2013", "\u2010", "\u2011")

modes: st.SearchStrategy[Mode] = st.sampled_from(MODES)

small_fractions: st.SearchStrategy[Fraction] = st.builds(Fraction, st.integers(-12, 12), st.sampled_from((1, 2, 3)))

fractions: st.SearchStrategy[Fraction] = st.one_of(
    small_fractions,
    st.builds(Fraction, st.integers(-(10**30), 10**30), st.integers(1, 10**30)),
)


@st.composite
def bounds(draw: st.DrawFn, *, values: st.SearchStrategy[Fraction] = small_fractions, endless: bool = True) -> Bounds:
    """Any interval that holds something; ends meet often, because that is where the laws are decided."""
    ends = st.one_of(st.none(), values) if endless else values
    lower, upper = draw(ends), draw(ends)
    if lower is not None and upper is not None:
        lower, upper = min(lower, upper), max(lower, upper)
        if lower == upper:
            return Bounds.point(lower)
    return Bounds(lower, upper, draw(st.booleans()), draw(st.booleans()))


@st.composite
def written_integers(draw: st.DrawFn, n: int) -> str:
    """``n`` (not negative) as an act may print it, without a second reading: no group of thousands by one mark."""
    digits = str(n)
    if len(digits) <= 3:
        return digits
    separators = ["", *SPACES]
    if len(digits) > 6:
        separators += [".", ",", "'", "\u2019"]
    separator = draw(st.sampled_from(separators))
    groups: list[str] = []
    while digits:
        groups.insert(0, digits[-3:])
        digits = digits[:-3]
    return separator.join(groups)


@st.composite
def written_amounts(draw: st.DrawFn) -> tuple[str, int, int]:
    """(text, n, decimals) of an exact amount in one of the unambiguous ways of writing it."""
    whole = draw(st.one_of(st.integers(0, 2000), st.integers(0, 10**15)))
    decimals = draw(st.sampled_from((0, 0, 1, 2)))
    text = draw(written_integers(whole))
    n = whole
    if decimals:
        rest = draw(st.integers(0, 10**decimals - 1))
        mark = "." if "," in text else ","
        if not any(sign in text for sign in ".,"):
            mark = draw(st.sampled_from((",", ".")))
        text += mark + str(rest).rjust(decimals, "0")
        n = whole * 10**decimals + rest
    if n and draw(st.booleans()):
        text = draw(st.sampled_from(MINUSES)) + draw(st.sampled_from(("", " ", "\u202f"))) + text
        n = -n
    return text, n, decimals


amounts: st.SearchStrategy[Amount] = st.builds(
    Amount,
    n=st.integers(-(10**14), 10**14),
    decimals=st.integers(0, 2),
    currency=st.sampled_from(("EUR", "FRF")),
)

percentages: st.SearchStrategy[Percentage] = st.builds(
    Percentage, n=st.integers(-(10**6), 10**6), decimals=st.integers(0, 6)
)

_PIECES: Final = (
    "12", "12 000", "1 234,50", ".5", "5.", ",", ".", "€", "euros", "d'euros", "de", "F", "k€", "M€", "millions",
    "milliards", "mille", "HT", "TTC", "T.T.C.", "%", "‰", "pour", "cent", "p. 100", "(", ")", "-", "–", "−", "+",
    "environ", "près de", "plus de", "~", "EUR", "$", "0", "00", "007", "9" * 30, "un", "deux", "cents", "et",
    "vingt", "quatre", "million", "euro", "centimes", "franc", "zéro", "dix", "sept", "12/03/2026", "2026-03-12",
    "31", "février", "mars", "1er", "lundi", "5OO", "1e6", "NaN", "12..5", "--5", "1_000", "\ufffd", "１２", "²",
)  # fmt: skip

hostile_text: st.SearchStrategy[str] = st.one_of(
    st.text(max_size=40),
    st.text(alphabet="0123456789 .,-\u2212\u2013()\u00a0\u202f'€FkMd%‰+~eE_OTHC\n", max_size=40),
    st.lists(st.sampled_from(_PIECES), max_size=9).map(" ".join),
)


def assert_only_its_own_error(text: str, parse: Callable[[str], object]) -> None:
    """``parse`` reads ``text`` or says, in both languages, where and why it does not."""
    try:
        parse(text)
    except NumeralError as error:
        told = error
    else:
        return
    assert told.text == text
    assert 0 <= told.position <= len(text)
    for language in LANGUAGES:
        assert told.reason.say(language)
        assert told.expected.say(language)
    assert f"at position {told.position}: " in str(told)
