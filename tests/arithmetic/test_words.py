"""Numbers in words, both ways: what acts print is read, what is written is read back, and nothing else is."""

from __future__ import annotations

import time
from decimal import Decimal
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subsidy_rules.figures import Amount
from subsidy_rules.numerals import AmbiguousNumeral, NumeralError
from subsidy_rules.wording import LANGUAGES, Language
from subsidy_rules.words import (
    LARGEST,
    FoundWords,
    Hyphens,
    Variety,
    amount_to_words,
    find_number_words,
    parse_amount_words,
    parse_words,
    to_words,
)
from tests.strategies_numbers import assert_only_its_own_error, hostile_text

varieties: st.SearchStrategy[Variety] = st.sampled_from(("fr", "be", "ch"))
hyphenations: st.SearchStrategy[Hyphens] = st.sampled_from(("traditional", "1990"))
languages: st.SearchStrategy[Language] = st.sampled_from(("fr", "en"))
numbers = st.one_of(
    st.integers(0, LARGEST),
    st.integers(0, 12).map(lambda power: 10**power),
    # Round parts and parts of one digit are where the grammar turns.
    st.lists(st.sampled_from((0, 1, 7, 11, 21, 71, 80, 81, 91, 100, 101, 180, 200, 999)), min_size=1, max_size=4).map(
        lambda parts: sum(part * 1000**i for i, part in enumerate(parts))
    ),
)


# -- writing --------------------------------------------------------------------------------------------------------

TRADITIONAL = {
    0: "zéro", 1: "un", 10: "dix", 16: "seize", 17: "dix-sept", 20: "vingt", 21: "vingt et un", 22: "vingt-deux",
    61: "soixante et un", 69: "soixante-neuf", 70: "soixante-dix", 71: "soixante et onze", 72: "soixante-douze",
    77: "soixante-dix-sept", 80: "quatre-vingts", 81: "quatre-vingt-un", 90: "quatre-vingt-dix",
    91: "quatre-vingt-onze", 99: "quatre-vingt-dix-neuf", 100: "cent", 101: "cent un", 121: "cent vingt et un",
    180: "cent quatre-vingts", 200: "deux cents", 201: "deux cent un", 280: "deux cent quatre-vingts",
    1000: "mille", 1001: "mille un", 1100: "mille cent", 2000: "deux mille", 80_000: "quatre-vingt mille",
    80_080: "quatre-vingt mille quatre-vingts", 200_000: "deux cent mille", 200_200: "deux cent mille deux cents",
    10**6: "un million", 80 * 10**6: "quatre-vingts millions", 200 * 10**6: "deux cents millions",
    1_329_243: "un million trois cent vingt-neuf mille deux cent quarante-trois",
    18_078_366: "dix-huit millions soixante-dix-huit mille trois cent soixante-six",
    10**9: "un milliard", 2_000_000_001: "deux milliards un", 10**12: "mille milliards",
    999_999_999_999: "neuf cent quatre-vingt-dix-neuf milliards neuf cent quatre-vingt-dix-neuf millions "
    "neuf cent quatre-vingt-dix-neuf mille neuf cent quatre-vingt-dix-neuf",
}  # fmt: skip
REFORMED = {
    21: "vingt-et-un", 71: "soixante-et-onze", 80: "quatre-vingts", 101: "cent-un", 200: "deux-cents",
    201: "deux-cent-un", 7400: "sept-mille-quatre-cents", 80_000: "quatre-vingt-mille",
    21_632: "vingt-et-un-mille-six-cent-trente-deux",
    8_143_051: "huit-millions-cent-quarante-trois-mille-cinquante-et-un",
}  # fmt: skip
BELGIAN = {
    70: "septante", 71: "septante et un", 78: "septante-huit", 80: "quatre-vingts", 81: "quatre-vingt-un",
    90: "nonante", 91: "nonante et un", 99: "nonante-neuf", 191: "cent nonante et un",
}  # fmt: skip
SWISS = {80: "huitante", 81: "huitante et un", 88: "huitante-huit", 80_000: "huitante mille", 70: "septante"}
ENGLISH = {
    0: "zero", 13: "thirteen", 20: "twenty", 21: "twenty-one", 100: "one hundred", 101: "one hundred and one",
    999: "nine hundred and ninety-nine", 1000: "one thousand", 1001: "one thousand and one",
    1100: "one thousand one hundred", 1_000_001: "one million and one",
    1_329_243: "one million three hundred and twenty-nine thousand two hundred and forty-three",
    10**9: "one billion", 10**12: "one trillion",
}  # fmt: skip


@pytest.mark.parametrize(("n", "words"), TRADITIONAL.items())
def test_traditional_french(n: int, words: str) -> None:
    assert to_words(n) == words


@pytest.mark.parametrize(("n", "words"), REFORMED.items())
def test_reformed_french(n: int, words: str) -> None:
    assert to_words(n, hyphens="1990") == words


@pytest.mark.parametrize(("n", "words"), BELGIAN.items())
def test_belgian_french(n: int, words: str) -> None:
    assert to_words(n, variety="be") == words


@pytest.mark.parametrize(("n", "words"), SWISS.items())
def test_swiss_french(n: int, words: str) -> None:
    assert to_words(n, variety="ch") == words


@pytest.mark.parametrize(("n", "words"), ENGLISH.items())
def test_english(n: int, words: str) -> None:
    assert to_words(n, "en") == words


def test_negative_numbers() -> None:
    assert to_words(-21) == "moins vingt et un"
    assert to_words(-21, "en") == "minus twenty-one"
    assert parse_words("moins vingt et un") == -21
    assert parse_words("minus twenty-one", "en") == -21


def test_what_cannot_be_written() -> None:
    assert to_words(LARGEST)
    for n in (LARGEST + 1, -LARGEST - 1):
        with pytest.raises(ValueError, match="beyond"):
            to_words(n)
    for wrong in (True, 1.0, "1", Decimal(1)):
        with pytest.raises(TypeError):
            to_words(wrong)  # type: ignore[arg-type]


# -- there and back -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("variety", ["fr", "be", "ch"])
@pytest.mark.parametrize("hyphens", ["traditional", "1990"])
def test_all_small_numbers_come_back(variety: Variety, hyphens: Hyphens) -> None:
    for n in [*range(2200), *range(69_000, 100_000, 611), *range(999_000, 1_001_100, 77)]:
        assert parse_words(to_words(n, "fr", variety, hyphens)) == n


def test_all_small_numbers_come_back_in_english() -> None:
    for n in [*range(2200), *range(69_000, 100_000, 611), *range(999_000, 1_001_100, 77)]:
        assert parse_words(to_words(n, "en"), "en") == n


@given(numbers, languages, varieties, hyphenations)
def test_any_number_comes_back(n: int, language: Language, variety: Variety, hyphens: Hyphens) -> None:
    words = to_words(n, language, variety, hyphens)
    assert parse_words(words, language) == n
    assert parse_words(words.upper(), language) == n
    assert parse_words(words.replace("-", " "), language) == n
    assert parse_words(words.replace(" ", "-"), language) == n
    assert parse_words(f"  {words.replace(' ', chr(0xA0))}\n", language) == n
    assert parse_words(words.replace("é", "e"), language) == n
    assert parse_words(words.replace("é", "\ufffd"), language) == n


@given(st.integers(0, 10**14), st.integers(0, 2), languages, varieties, st.sampled_from(("EUR", "FRF")), st.booleans())
def test_any_amount_comes_back(
    n: int, decimals: int, language: Language, variety: Variety, currency: str, negative: bool
) -> None:
    amount = Amount(n=-n if negative else n, decimals=decimals, currency=currency)
    if abs(amount.value) > LARGEST:
        with pytest.raises(ValueError):
            amount_to_words(amount, language, variety)
        return
    words = amount_to_words(amount, language, variety)
    read = parse_amount_words(words, language)
    assert read.fraction == amount.fraction
    assert read.is_exact
    assert read.text == words
    if abs(amount.fraction) >= 1 or not n:
        assert read.currency == currency


@given(numbers, varieties)
def test_numbers_are_found_whole_in_prose(n: int, variety: Variety) -> None:
    words = to_words(n, "fr", variety)
    text = f"L'engagement s'élève à 5 F ({words} francs)."
    start = text.index("(") + 1
    if n and n % 10**6 == 0:
        text = text.replace(" francs", " de francs")
    (found,) = find_number_words(text)
    assert found == FoundWords(start, len(text) - 2, n, "FRF", None)


# -- the spellings of acts ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "n"),
    [
        ("soixante et dix huit", 78),
        ("dix huit millions soixante et dix huit mille trois cent soixante six", 18_078_366),
        ("CINQ CENT", 500),
        ("CINQ CENTS", 500),
        ("quatre-vingt", 80),
        ("quatre vingts", 80),
        ("QUATREVINGT", 80),
        ("quatre vingt dix neuf", 99),
        ("quatre-vingt et un", 81),
        ("soixante-et-onze", 71),
        ("soixante-dix-sept", 77),
        ("soixante dix", 70),
        ("soixante et dix", 70),
        ("septante", 70),
        ("septante-cinq", 75),
        ("octante", 80),
        ("huitante-deux", 82),
        ("nonante et un", 91),
        ("trente deux", 32),
        ("trente et deux", 32),
        ("mil neuf cent", 1900),
        ("mille neuf cent quatre-vingt-dix-huit", 1998),
        ("dix-neuf cent", 1900),
        ("quinze cents", 1500),
        ("deux milles", 2000),
        ("un mille", 1000),
        ("cent et un", 101),
        ("mille et un", 1001),
        ("un million et cinquante", 1_000_050),
        ("Un million quatre cent quinze mille", 1_415_000),
        ("neuf cent soixante et un mille", 961_000),
        ("mille milliards", 10**12),
        ("un billion", 10**12),
        ("mille deux cents millions", 1_200_000_000),
        ("vingt-et-un millions", 21_000_000),
        ("Z\ufffdRO", 0),
        ("une", 1),
        ("vingt\u2011deux", 22),
        ("vingt-\ndeux", 22),
    ],
)
def test_french_spellings(text: str, n: int) -> None:
    assert parse_words(text) == n


@pytest.mark.parametrize(
    ("text", "n"),
    [
        ("a hundred", 100),
        ("a hundred and one", 101),
        ("twelve hundred", 1200),
        ("One Hundred Twenty Three", 123),
        ("fourty two", 42),
        ("a thousand", 1000),
        ("two thousand and five", 2005),
        ("six hundred and sixty-two billion one hundred and thirty million", 662_130_000_000),
        ("a trillion", 10**12),
    ],
)
def test_english_spellings(text: str, n: int) -> None:
    assert parse_words(text, "en") == n


@pytest.mark.parametrize(
    ("text", "language", "position"),
    [
        ("", "fr", 0),
        ("   ", "fr", 0),
        ("deux trois", "fr", 5),
        ("vingt vingt", "fr", 6),
        ("vingt dix", "fr", 6),
        ("cent mille cent mille", "fr", 16),
        ("mille mille", "fr", 6),
        ("un cent", "fr", 3),
        ("dix cents", "fr", 4),
        ("vingt cents", "fr", 6),
        ("quinze cents mille", "fr", 13),
        ("deux millions trois millions", "fr", 14),
        ("deux millions trois milliards", "fr", 14),
        ("trois milliards deux mille millions", "fr", 16),
        ("million", "fr", 0),
        ("zéro un", "fr", 5),
        ("cent zéro", "fr", 5),
        ("zéro million", "fr", 5),
        ("vingt et", "fr", 6),
        ("et un", "fr", 0),
        ("cent et deux mille", "fr", 5),
        ("douzz", "fr", 0),
        ("deux 3", "fr", 5),
        ("3", "fr", 0),
        ("twenty a", "en", 7),
        ("hundred", "en", 0),
        ("twenty hundred", "en", 7),
        ("one hundred and two hundred", "en", 12),
        ("five and twenty", "en", 5),
        ("moins", "fr", 5),
        ("deux euros", "fr", 5),
        ("un-", "fr", 2),
    ],
)
def test_what_is_not_a_number_is_refused_where_it_stops(text: str, language: Language, position: int) -> None:
    with pytest.raises(NumeralError) as told:
        parse_words(text, language)
    assert told.value.position == position
    assert told.value.text == text
    assert told.value.reason.say("fr")
    assert told.value.expected.say("en")


# -- amounts --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("mille deux cents euros et quatorze cents", "1200.14", "EUR"),
        ("mille deux cents euros quatorze centimes", "1200.14", "EUR"),
        ("dix francs cinquante", "10.50", "FRF"),
        ("dix francs et cinquante", "10.50", "FRF"),
        ("douze euros et zéro centime", "12.00", "EUR"),
        ("douze euros et un centime", "12.01", "EUR"),
        ("deux millions sept cent trente mille francs", "2730000", "FRF"),
        ("cinquante millions quatre cent vingt mille francs", "50420000", "FRF"),
        ("un million d'euros", "1000000", "EUR"),
        ("un million d’euros", "1000000", "EUR"),
        ("deux milliards de francs", "2000000000", "FRF"),
        ("CINQ CENT EUROS", "500", "EUR"),
        ("cinquante centimes d'euro", "0.50", "EUR"),
        ("cinquante centimes", "0.50", None),
        ("cinq cents", "0.05", None),
        ("moins douze euros et cinq centimes", "-12.05", "EUR"),
        ("trois cents", "3.00", None),
        ("douze", "12", None),
        ("douze €", "12", "EUR"),
    ],
)
def test_amounts_in_french(text: str, value: str, currency: str | None) -> None:
    if text in ("cinq cents", "trois cents"):
        with pytest.raises(AmbiguousNumeral) as told:
            parse_amount_words(text)
        cents, hundreds = told.value.readings
        assert (cents.fraction * 10000, cents.fraction * 10000) == (hundreds.fraction, hundreds.fraction)
        assert "centimes" in told.value.reason.say("fr")
        return
    amount = parse_amount_words(text)
    assert str(amount.value) == value
    assert amount.currency == currency
    assert amount.is_exact
    assert amount.text == text


def test_amounts_in_english() -> None:
    amount = parse_amount_words("one thousand two hundred and ten euros and fourteen cents", "en")
    assert (str(amount.value), amount.currency) == ("1210.14", "EUR")
    assert str(parse_amount_words("fourteen cents", "en").value) == "0.14"


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("", 0),
        ("douze euros cinq", 12),
        ("douze euros et", 12),
        ("douze euros et cent centimes", 12),
        ("douze dollars", 6),
        ("euros", 0),
        ("douze euros treize centimes quatorze", 28),
        ("douze euros HTC", 12),
    ],
)
def test_amounts_refused_where_they_stop(text: str, position: int) -> None:
    with pytest.raises(NumeralError) as told:
        parse_amount_words(text)
    assert told.value.position == position


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("70000", "soixante-dix mille euros"),
        ("1200.14", "mille deux cents euros et quatorze centimes"),
        ("1000000", "un million d'euros"),
        ("2000001", "deux millions un euros"),
        ("0", "zéro euro"),
        ("0.01", "un centime"),
        ("0.50", "cinquante centimes"),
        ("1", "un euro"),
        ("1.50", "un euro et cinquante centimes"),
        ("-3.00", "moins trois euros"),
    ],
)
def test_amounts_written_in_french(amount: str, words: str) -> None:
    assert amount_to_words(Decimal(amount)) == words


def test_amounts_written_otherwise() -> None:
    assert amount_to_words(Decimal("1.01"), "en") == "one euro and one cent"
    assert amount_to_words(Decimal("2.50"), "en", currency="FRF") == "two francs and fifty centimes"
    assert amount_to_words(Amount(n=10**6, currency="FRF")) == "un million de francs"
    assert amount_to_words(Amount(n=75), currency="FRF") == "soixante-quinze francs"
    assert amount_to_words(75, variety="be") == "septante-cinq euros"
    assert amount_to_words(0, "en") == "zero euros"


def test_amounts_that_have_no_words() -> None:
    for amount, currency in ((Decimal("0.001"), "EUR"), (Decimal("NaN"), "EUR"), (Decimal(1), "USD")):
        with pytest.raises(ValueError):
            amount_to_words(amount, currency=currency)
    with pytest.raises(ValueError):
        amount_to_words(Amount(n=1, currency="CHF"))


# -- prose ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value", "tax"),
    [
        ("cinquante mille euros et 50 centimes", "50000.50", None),
        ("cinquante mille euros et 5 centimes", "50000.05", None),
        ("cinquante mille euros et 05 centimes d'euro", "50000.05", None),
        ("cinquante mille euros, 50 cts", "50000.50", None),
        ("cinquante mille euros,50 cts", "50000.50", None),
        ("cinquante mille euros 50 ct", "50000.50", None),
        ("cinquante mille euros et 00 centime", "50000.00", None),
        ("cinquante mille euros et 50/100", "50000.50", None),
        ("moins mille euros et 99 centimes", "-1000.99", None),
        ("deux millions d'euros et 1 centime", "2000000.01", None),
        ("soixante-dix mille euros TTC", "70000", "TTC"),
        ("soixante-dix mille euros HT ", "70000", "HT"),
        ("soixante-dix mille euros (HT)", "70000", "HT"),
        ("soixante-dix mille euros(ht)", "70000", "HT"),
        ("soixante-dix mille euros H.T.", "70000", "HT"),
        ("soixante-dix mille euros T.T.C.", "70000", "TTC"),
        ("soixante-dix mille euros T. T. C", "70000", "TTC"),
        ("soixante-dix mille euros, hors taxes", "70000", "HT"),
        ("soixante-dix mille euros hors taxe", "70000", "HT"),
        ("soixante-dix mille euros toutes taxes comprises", "70000", "TTC"),
        ("SOIXANTE-DIX MILLE EUROS (TOUTES TAXES COMPRISES)", "70000", "TTC"),
        ("mille euros et cinquante centimes TTC", "1000.50", "TTC"),
        ("mille euros et 50 centimes TTC", "1000.50", "TTC"),
        ("mille HT", "1000", "HT"),
        ("cinquante centimes HT", "0.50", "HT"),
    ],
)
def test_cents_in_digits_and_taxes_behind_a_sum(text: str, value: str, tax: str | None) -> None:
    amount = parse_amount_words(text)
    assert (str(amount.value), amount.tax, amount.text) == (value, tax, text)
    # In running text the same is found, with all that belongs to it.
    for it in find_number_words(f"Soit ({text.strip()}), au plus."):
        if it.currency is not None:
            assert f"Soit ({text.strip()}), au plus."[it.start : it.end] == text.strip().removeprefix("moins ")
            cents = Decimal(it.cents or 0) / 100
            assert (it.value + cents, it.tax) == (abs(amount.value), tax)


@pytest.mark.parametrize(
    ("text", "value", "tax"),
    [
        ("fifty thousand euros and 50 cents", "50000.50", None),
        ("fifty thousand euros excluding VAT", "50000", "HT"),
        ("fifty thousand euros excl. tax", "50000", "HT"),
        ("fifty thousand euros before tax", "50000", "HT"),
        ("fifty thousand euros (including VAT)", "50000", "TTC"),
        ("fifty thousand euros incl. VAT", "50000", "TTC"),
        ("fifty thousand euros, tax included", "50000", "TTC"),
    ],
)
def test_cents_in_digits_and_taxes_in_english(text: str, value: str, tax: str | None) -> None:
    amount = parse_amount_words(text, "en")
    assert (str(amount.value), amount.tax) == (value, tax)


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("cinquante mille euros et 500 centimes", 25),
        ("cinquante mille euros et 50", 25),
        ("cinquante mille euros 50 francs", 22),
        ("cinquante mille et 50 centimes", 30),
        ("mille euros et dix centimes et 50 centimes", 12),
        ("50 centimes", 0),
        ("quatorze cents et 50 centimes", 29),
        ("cinquante mille euros (HT", 22),
        ("cinquante mille euros HTX", 22),
        ("cinquante mille euros hors tout", 22),
        ("TTC", 0),
        (" TTC", 1),
        ("mille eurosTTC", 6),
        ("mille euros 50/1000", 12),
    ],
)
def test_what_is_not_plainly_cents_or_a_tax_is_refused(text: str, position: int) -> None:
    with pytest.raises(NumeralError) as refused:
        parse_amount_words(text)
    assert (refused.value.position, refused.value.text) == (position, text)


@pytest.mark.parametrize(
    ("text", "whole", "value", "cents"),
    [
        ("(dix euros vingt)", "dix euros vingt", 10, 20),
        ("(dix euros 20)", "dix euros 20", 10, 20),
        ("(dix euros, vingt centimes )", "dix euros, vingt centimes", 10, 20),
        ("(dix euros, vingt)", "dix euros, vingt", 10, 20),
        ("(dix euros, 5 centimes)", "dix euros, 5 centimes", 10, 5),
        ("dix euros et 5 centimes par repas", "dix euros et 5 centimes", 10, 5),
        ("dix euros vingt (10,20 €)", "dix euros vingt", 10, 20),
        ("dix euros 20 (10,20 €)", "dix euros 20", 10, 20),
        ("dix euros, vingt (10,20 euros)", "dix euros, vingt", 10, 20),
        # Nothing says that these are cents.
        ("dix euros vingt (20) jours après", "dix euros", 10, None),
        ("dix euros vingt jours après", "dix euros", 10, None),
        ("dix euros, vingt centimes par repas", "dix euros", 10, None),
        ("dix euros, 20 centimes par repas", "dix euros", 10, None),
        ("dix euros 20 jours après", "dix euros", 10, None),
        ("(dix euros 5)", "dix euros", 10, None),
        ("(dix euros 205)", "dix euros", 10, None),
        ("(dix euros, 20 mai)", "dix euros", 10, None),
        ("(dix euros, deux)", "dix euros", 10, None),
        ("dix euros et 50 centimètres", "dix euros", 10, None),
        ("dix euros 12/10/2017", "dix euros", 10, None),
    ],
)
def test_cents_of_running_text(text: str, whole: str, value: int, cents: int | None) -> None:
    it = next(find_number_words(text))
    assert (text[it.start : it.end], it.value, it.cents) == (whole, value, cents)


def found(text: str, language: Language = "fr") -> list[tuple[str, int]]:
    return [(text[it.start : it.end], it.value) for it in find_number_words(text, language=language)]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Six associations sont retenues", [("Six", 6)]),
        ("un homme, une femme", []),
        ("un euro et un million", [("un euro", 1), ("un million", 10**6)]),
        ("entre cent et deux cents euros", [("cent", 100), ("deux cents euros", 200)]),
        ("entre mille et deux mille euros", [("mille", 1000), ("deux mille euros", 2000)]),
        ("entre vingt et trente euros", [("vingt", 20), ("trente euros", 30)]),
        ("vingt et deux cents", [("vingt", 20), ("deux cents", 200)]),
        ("cinq pour cent", [("cinq pour cent", 5)]),
        ("pour cent personnes", []),
        ("cinq virgule vingt-sept pour cent", []),
        ("deux tiers, trois quarts, un demi", []),
        ("deux millions et demi d'euros", []),
        ("la dix-huitième séance, le vingt-et-unième", []),
        ("rue des Quatre-Chemins, Saint-Cent", []),
        ("70 mille euros et 4,7 millions", []),
        ("en 2017 deux associations", [("deux", 2)]),
        ("le 12 sept. 2017", []),
        ("deux, trois ou quatre", [("deux", 2), ("trois", 3), ("quatre", 4)]),
        ("trois euros et douze cents", [("trois euros et douze cents", 3)]),
        ("d'un million deux cent mille francs.", [("un million deux cent mille francs", 1_200_000)]),
        ("l'un des deux", [("deux", 2)]),
        ("(cinq cents euros)", [("cinq cents euros", 500)]),
        ("quatre cents, quatrevingts et Z\ufffdRO", [("quatre cents", 400), ("quatrevingts", 80), ("Z\ufffdRO", 0)]),
        ("le mot de centime, la millésime, septembre, huitaine", []),
        ("cent francs par an", [("cent francs", 100)]),
        ("dix euros cinquante", [("dix euros", 10), ("cinquante", 50)]),
        ("deux millions trois cents millions", [("deux millions", 2_000_000), ("trois cents millions", 300_000_000)]),
    ],
)
def test_number_words_of_prose(text: str, numbers: list[tuple[str, int]]) -> None:
    assert found(text) == numbers


def test_number_words_of_english_prose() -> None:
    assert found("a grant of two thousand euros to five clubs", "en") == [("two thousand euros", 2000), ("five", 5)]
    assert found("twenty percent of a hundred", "en") == [("twenty percent", 20), ("a hundred", 100)]
    assert found("between one hundred and two thousand", "en") == [("one hundred", 100), ("two thousand", 2000)]


def test_what_is_found_is_told() -> None:
    (it,) = find_number_words("soit douze euros et cinq centimes.")
    assert it == FoundWords(5, 33, 12, "EUR", 5)
    (it,) = find_number_words("vingt pour cent")
    assert it == FoundWords(0, 15, 20, percent=True)


def test_a_scan_keeps_to_its_stretch() -> None:
    text = "deux trois quatre"
    assert [it.value for it in find_number_words(text, 5)] == [3, 4]
    assert [it.value for it in find_number_words(text, 5, 10)] == [3]
    assert [it.value for it in find_number_words(text, -9, 999)] == [2, 3, 4]


def test_long_lists_are_read_to_the_end() -> None:
    """Longer than one window, and never cut inside a number."""
    longest = to_words(999_999_999_999) + " euros et quatre-vingt-dix-neuf centimes"
    text = f"{longest} " * 120
    got = list(find_number_words(text))
    assert len(got) == 120
    assert all(it.value == 999_999_999_999 and it.cents == 99 and text[it.start : it.end] == longest for it in got)
    many = "deux " * 5000
    assert sum(it.value for it in find_number_words(many)) == 10_000


@given(hostile_text)
def test_no_text_makes_a_parser_raise_anything_else(text: str) -> None:
    for language in LANGUAGES:
        assert_only_its_own_error(text, partial(parse_words, language=language))
        assert_only_its_own_error(text, partial(parse_amount_words, language=language))
    last = 0
    for it in find_number_words(text):
        assert last <= it.start < it.end <= len(text)
        last = it.end


@pytest.mark.parametrize(
    "piece", ["un ", "deux ", "cent ", "vingt et ", "million ", "quatre-", "deux euros et ", "zéro-"]
)
def test_the_scan_is_linear(piece: str) -> None:
    def cost(size: int) -> float:
        text = (piece * size)[:size]
        began = time.process_time()
        for _ in find_number_words(text):
            pass
        return time.process_time() - began

    small = min(cost(20_000) for _ in range(2))
    assert cost(160_000) < 24 * small + 0.5
