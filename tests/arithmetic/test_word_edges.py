"""Where the grammar of number words turns: each of these was once a change that no test noticed."""

from __future__ import annotations

import pytest

from subsidy_rules.numerals import NumeralError
from subsidy_rules.wording import Language
from subsidy_rules.words import (
    FoundWords,
    amount_to_words,
    find_number_words,
    parse_amount_words,
    parse_words,
    to_words,
)


@pytest.mark.parametrize(
    ("text", "language", "n"),
    [
        ("dixsept", "fr", 17),
        ("dixhuit", "fr", 18),
        ("dixneuf", "fr", 19),
        ("neuf cent quatre-vingt-dix-neuf billions", "fr", 999 * 10**12),
        ("un million vingt et une", "fr", 1_000_021),
        ("a thousand a hundred", "en", 1100),
        ("a million a hundred", "en", 1_000_100),
    ],
)
def test_words_at_the_edge_of_the_grammar_are_read(text: str, language: Language, n: int) -> None:
    assert parse_words(text, language) == n


@pytest.mark.parametrize(
    ("text", "language", "position", "word", "reason"),
    [
        ("mille'deux", "fr", 5, "'deux", "is not a number word"),
        ("onze sept", "fr", 5, "sept", "does not continue"),
        ("dix deux", "fr", 4, "deux", "does not continue"),
        ("dix six", "fr", 4, "six", "does not continue"),
        ("ten seven", "en", 4, "seven", "does not continue"),
        ("twenty an", "en", 7, "an", "does not continue"),
        ("cent une", "fr", 5, "une", "does not continue"),
        ("mille quinze cents", "fr", 6, "quinze", "does not continue"),
        ("a hundred a", "en", 10, "a", "does not continue"),
        ("a thousand an", "en", 11, "an", "does not continue"),
        ("un million une", "fr", 11, "une", "does not continue"),
        ("a million a", "en", 10, "a", "does not continue"),
        ("a million an", "en", 10, "an", "does not continue"),
        ("mille billions", "fr", 0, "mille", "is not a number word"),
        ("a thousand trillion", "en", 0, "a", "is not a number word"),
        ("million", "fr", 0, "million", "is not a number word"),
        ("deux et", "fr", 5, "et", "does not continue"),
        ("deux chats gris", "fr", 5, "chats", "is not a number word"),
        ("chats", "fr", 0, "chats", "is not a number word"),
        ("deux 12 trois", "fr", 5, "12", "is not a number word"),
        ("deux 1234567890123456789012345", "fr", 5, "12345678901234567890", "is not a number word"),
        ("deux -", "fr", 4, "-", "is not a number word"),
    ],
)
def test_words_beyond_the_grammar_are_refused_by_name(
    text: str, language: Language, position: int, word: str, reason: str
) -> None:
    with pytest.raises(NumeralError) as told:
        parse_words(text, language)
    assert told.value.position == position
    said = told.value.reason.say("en")
    assert said.startswith(f"“{word}” "), said
    assert reason in said


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("dix euros dix", "fr", "10.10"),
        ("two million of euros", "en", "2000000"),
        ("cinquante centimes de franc", "fr", "0.50"),
        ("fifty cents of euro", "en", "0.50"),
    ],
)
def test_sums_at_the_edge_of_the_grammar_are_read(text: str, language: Language, value: str) -> None:
    assert str(parse_amount_words(text, language).value) == value


@pytest.mark.parametrize(
    ("text", "position", "word"),
    [
        ("un million d,euros", 12, ",euros"),
        ("dix euros neuf", 10, "neuf"),
        ("mille euros et 50 centimes par mois", 15, "50"),
        ("deux - TTC", 4, "-"),
    ],
)
def test_sums_beyond_the_grammar_are_refused(text: str, position: int, word: str) -> None:
    with pytest.raises(NumeralError) as told:
        parse_amount_words(text)
    assert told.value.position == position
    assert told.value.reason.say("en").startswith(f"“{word}” ")


@pytest.mark.parametrize(
    ("text", "language", "numbers"),
    [
        ("vingt et neuf cents", "fr", [("vingt", 20), ("neuf cents", 900)]),
        ("soixante et dix cents", "fr", [("soixante et dix", 70), ("cents", 100)]),
        ("cent une fois", "fr", [("cent", 100)]),
        ("un million une fois", "fr", [("un million", 10**6)]),
        ("entre un million et deux euros", "fr", [("un million", 10**6), ("deux euros", 2)]),
        ("un million deux millions", "fr", [("un million", 10**6), ("deux millions", 2 * 10**6)]),
        ("un milliard mille millions", "fr", [("un milliard", 10**9), ("mille millions", 10**9)]),
        ("z\ufffdro euro", "fr", [("z\ufffdro euro", 0)]),
        ("between  one thousand and two hundred", "en", [("one thousand", 1000), ("two hundred", 200)]),
        ("five point two euros", "en", []),
        ("cinq virgule deux chats", "fr", []),
        ("cinq virgule chats", "fr", []),
        ("deux ou cent euros", "fr", [("deux", 2), ("cent euros", 100)]),
        ("five per cent", "en", [("five per cent", 5)]),
        ("five percent two hundred", "en", [("five percent", 5), ("two hundred", 200)]),
    ],
)
def test_what_is_found_at_the_edges(text: str, language: Language, numbers: list[tuple[str, int]]) -> None:
    found = list(find_number_words(text, language=language))
    assert [(text[it.start : it.end], it.value) for it in found] == numbers


def test_a_percentage_in_words_is_told_as_one() -> None:
    for text in ("five per cent", "five percent"):
        assert list(find_number_words(text, language="en")) == [FoundWords(0, len(text), 5, percent=True)]


@pytest.mark.parametrize("before", ["", "trois "])
def test_a_number_that_a_window_cuts_is_read_once(before: str) -> None:
    found = list(find_number_words(before + "deux millions " * 2000))
    assert [it.value for it in found if it.value != 3] == [2_000_000] * 2000


def test_written_numbers_at_the_edges() -> None:
    assert to_words(1099, "en") == "one thousand and ninety-nine"
    assert amount_to_words(1) == "un euro"
    assert amount_to_words(2) == "deux euros"
    assert amount_to_words(100_000) == "cent mille euros"
    assert amount_to_words(2_000_000) == "deux millions d'euros"
    assert amount_to_words(2_000_000, "en") == "two million euros"
