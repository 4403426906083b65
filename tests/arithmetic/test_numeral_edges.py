"""Where a reading turns into another: each pair of neighbours here differs by what decides, and by nothing else."""

from __future__ import annotations

from decimal import Decimal

import pytest

from subsidy_rules.figures import Amount, Figure
from subsidy_rules.numerals import (
    MAX_DIGITS,
    AmbiguousNumeral,
    NumeralError,
    amount_of,
    count_of,
    find_figures,
    parse_amount,
    parse_count,
    parse_percentage,
)

# -- whole texts ----------------------------------------------------------------------------------------------------

READ: dict[str, str] = {
    "environ5 €": "5 EUR about",
    "~EUR 5": "5 EUR about",
    "5 €  environ": "5 EUR about",
    "HT5 €": "5 EUR HT",
    "200 €  HT": "200 EUR HT",
    "12 €  50": "12.50 EUR",
    # one number in two parts: the second is smaller than one of the first
    "3 millions 5 F": "3000005 FRF",
    "3 millions 5 000 F": "3005000 FRF",
    "3 millions 999 999 F": "3999999 FRF",
    "3 millions 450 000,50 F": "3450000.50 FRF",
    "2 milliards 999 millions d'euros": "2999000000 EUR",
    "2 milliards 999,5 millions d'euros": "2999500000 EUR",
    # length is counted in digits, wherever they stand
    " " * MAX_DIGITS + "5 €": "5 EUR",
    " " * MAX_DIGITS + "3 millions 5 F": "3000005 FRF",
    "9" * MAX_DIGITS: "9" * MAX_DIGITS + " None",
    "3 millions 5," + "0" * (MAX_DIGITS - 2) + " F": "3000005." + "0" * (MAX_DIGITS - 2) + " FRF",
}

# text -> (where, why)
REFUSED: dict[str, tuple[int, str]] = {
    # signs of what is read only once
    "environ ~5 €": (8, "“~5” is not understood here"),
    "HT TTC 5": (3, "“TTC” is not understood here"),
    "€EUR 5": (1, "“EUR” is not understood here"),
    "EUR €5": (4, "“€5” is not understood here"),
    "EUR USD 5": (4, "“USD” is not understood here"),
    # a bracket is a minus: nothing stands before it
    "((5))": (1, "“(5))” is not understood here"),
    "-(5)": (1, "“(5)” is not understood here"),
    "+(5)": (1, "“(5)” is not understood here"),
    "€(5)": (1, "“(5)” is not understood here"),
    # three spaces are a gap between two things
    "200 €   HT": (8, "“HT” is not understood here"),
    "5 €   environ": (6, "“environ” is not understood here"),
    # no thousands begin with a zero
    "0 567": (0, "the separators do not agree: which one marks the decimals?"),
    "0.567,50": (0, "the separators do not agree: which one marks the decimals?"),
    # what is no digit ends the search for a slip of the keyboard
    "12 58aO": (3, "these digits do not continue the number: thousands come in groups of three"),
    "12 58O": (5, "the letter “O” stands where a digit should"),
    "5,5 5": (4, "digits follow the decimals after a space"),
    "5,555 5": (6, "these digits do not continue the number: thousands come in groups of three"),
    "5," + "5" * 58 + " 5": (61, "digits follow the decimals after a space"),
    # marks
    "12.x": (2, "“.x” is not understood here"),
    "12.X": (2, "“.X” is not understood here"),
    "5. x": (1, "“.” is not understood here"),
    "5. 3": (2, "a space cuts the number beside its separator (a conversion slip?)"),
    "5 ,3": (1, "a space cuts the number beside its separator (a conversion slip?)"),
    "12 ,3": (2, "a space cuts the number beside its separator (a conversion slip?)"),
    "5 €,3": (3, "no digit stands before the decimal mark"),
    "5--": (1, "“--” is not understood here"),
    "5 €-X": (3, "“-X” is not understood here"),
    # what is shown of the rest is short
    "5 " + "x" * 30: (2, "“" + "x" * 20 + "” is not understood here"),
    "5 " + "x" * 20: (2, "“" + "x" * 20 + "” is not understood here"),
    "9" * (MAX_DIGITS + 1): (0, "the number has more than 60 digits"),
    # units
    "5 % environ": (1, "“%” is not the unit expected"),
    "M€ 5 k€ HT": (4, "“k€” is not the unit expected"),
}

# No cents follow what has decimals, a scale, a second reading or no currency; no second part follows what is no scale.
REFUSED_SOMEWHERE = (
    "5,5 € 50", "5 M€ 50", "12.500 € 50", "3 M€ 450 000 €", "1.500 millions 200 000 F", "3 millions/450 000 F",
    "3 millions\n450 000 F", "3 millions 450 0000 F", "3 millions 5.000 F", "3 millions 5 %", "3 millions 200 mille",
    "3 millions 0,5 M€", "3 mille 0,5 M€", "3 millions 1 000 000 F", "3 millions 1 000 000,00 F",
    "2 milliards 5 000 millions d'euros", "2 milliards 1 000 millions d'euros",
    "3 millions 5," + "0" * (MAX_DIGITS - 1) + " F",
)  # fmt: skip


def told(figure: Figure) -> str:
    kept = [figure.plain]
    if isinstance(figure, Amount):
        kept.append(str(figure.currency))
        if figure.tax is not None:
            kept.append(figure.tax)
    if figure.qualifier is not None:
        kept.append(figure.qualifier)
    return " ".join(kept)


@pytest.mark.parametrize(("text", "wanted"), READ.items(), ids=[text.strip()[:40] for text in READ])
def test_what_is_still_read(text: str, wanted: str) -> None:
    assert told(parse_amount(text)) == wanted


@pytest.mark.parametrize(("text", "wanted"), REFUSED.items(), ids=[text[:40] for text in REFUSED])
def test_what_is_not_read_any_more(text: str, wanted: tuple[int, str]) -> None:
    with pytest.raises(NumeralError) as error:
        parse_amount(text)
    assert (error.value.position, error.value.reason.say("en")) == wanted


@pytest.mark.parametrize("text", REFUSED_SOMEWHERE)
def test_what_follows_a_number_is_no_part_of_it(text: str) -> None:
    with pytest.raises(NumeralError):
        parse_amount(text)


def test_no_cents_and_no_second_part_for_rates_and_counts() -> None:
    for text in ("5 % 50", "5 ‰ 50", "5 millions 3 %"):
        with pytest.raises(NumeralError):
            parse_percentage(text)
    with pytest.raises(NumeralError) as error:
        parse_count("5 € environ")
    assert error.value.reason.say("en") == "“€” is not the unit expected"


@pytest.mark.parametrize("text", ["1,250 %", "1.250 %", "1,250 ‰", "1.250 ‰", "33,333 pour mille"])
def test_a_mark_before_three_digits_begins_the_decimals_of_any_rate(text: str) -> None:
    assert parse_percentage(text).decimals == 3


def test_both_readings_are_shown() -> None:
    with pytest.raises(AmbiguousNumeral) as error:
        parse_amount("12,500")
    assert error.value.reason.say("en") == "“12,500” may be read 12,500 or 12.500"


@pytest.mark.parametrize(
    ("value", "n", "decimals"),
    [("1E+1", 10, 0), ("1E+0", 1, 0), ("1E-1", 1, 1), ("1.0E+1", 10, 0), ("-2E+3", -2000, 0), ("0.50", 50, 2)],
)
def test_numbers_with_an_exponent(value: str, n: int, decimals: int) -> None:
    for figure in (amount_of(Decimal(value)), count_of(Decimal(value))):
        assert (figure.n, figure.decimals) == (n, decimals)


# -- running text ---------------------------------------------------------------------------------------------------


def seen(text: str) -> list[str]:
    """Each figure as ``text = value``, with its currency and tax, « ? » and its readings, « ! », « .. »."""
    out = []
    for found in find_figures(text):
        figure = found.figure
        shown = f"{figure.text} = {told(figure)}" + "!" * (found.repaired is not None) + ".." * found.ranged
        if found.ambiguous_readings:
            shown += "? " + "/".join(reading.plain for reading in found.ambiguous_readings)
        out.append(shown)
    return out


SEEN: dict[str, list[str]] = {
    # a line end ends what is near, but for whole words
    "5\nFF": ["5 = 5"],
    "5\n€": ["5\n€ = 5 EUR"],
    "20 pour %": ["20 = 20"],
    # a bracket long before is no bracket of the tax
    "(a) 5 € HT, x": ["5 € HT = 5 EUR HT"],
    "200 €  HT": ["200 €  HT = 200 EUR HT"],
    "200 €   HT": ["200 € = 200 EUR"],
    "12 €  50 centimes": ["12 €  50 centimes = 12.50 EUR"],
    "12 €   50 centimes": ["12 € = 12 EUR", "50 = 50"],
    # tax and currency before; what stands after wins
    "HT : 5 € TTC": ["5 € TTC = 5 EUR TTC"],
    "T.T.C. : 5": ["5 = 5 None TTC"],
    "TTC 5 €": ["5 € = 5 EUR TTC"],
    "HT 5 €": ["5 € = 5 EUR HT"],
    "HT 5/an": ["5 = 5 None HT"],
    "€5 $": ["5 $ = 5 USD"],
    "€ 5 %": ["5 % = 5"],
    "€5/an": ["€5 = 5 EUR"],
    # words that loosen
    "soit~40 k€": ["40 k€ = 40000 EUR about"],
    "a~40 k€": ["40 k€ = 40000 EUR about"],
    # dates, whatever the length of their parts
    "12.03.2026 500 €": ["500 € = 500 EUR"],
    "12.3.2026 500 €": ["500 € = 500 EUR"],
    "1.2.3 500 €": ["500 € = 500 EUR"],
    "le 12.03.2026": [],
    "1.2.3": [],
    # a comma between two numbers needs a first number of four digits and something that ends the second
    "2018,22680 €": ["2018 = 2018", "22680 € = 22680 EUR"],
    "2018,22680 clubs": ["2018,22680 = 2018.22680"],
    "201,32 400 €": ["201,32 = 201.32", "400 € = 400 EUR"],
    "2018,32 400 clubs": ["2018 = 2018", "32 400 = 32400"],
    # decimals of a measure, and of a ratio
    "3,123456": ["3,123456 = 3.123456"],
    "3,1234567": [],
    # damage, and what is none
    "168.50 0 %": ["168.50 = 168.50", "0 % = 0"],
    "12,50 168.50 0 euros": ["12,50 = 12.50", "168.50 0 euros = 168500 EUR!"],
    "12,50 33 6 225 000 F, 12": ["12,50 = 12.50", "33 = 33", "6 225 000 F = 6225000 FRF? 6225000/336225000", "12 = 12"],
    "33 6 225 000 M€": ["33 = 33", "6 225 000 M€ = 6225000000000 EUR? 6225000000000/336225000000000"],
    "en 2017 5OO €": ["5OO € = 500 EUR!"],
    "12 5O €": ["5O € = 50 EUR!"],
    "05, 00 euros": [],
    "300. 000 %": ["300 = 300"],
    "300. 045 €": ["300. 045 € = 300045 EUR!"],
    "250. 905 €": ["250. 905 € = 250905 EUR!? 250905/905"],
    # what is joined to the digits
    "env.40 500 €": ["40 500 € = 40500 EUR"],
    "10 000-12 500 €": ["12 500 € = 12500 EUR.."],
    "10/12 050 €": ["12 050 € = 12050 EUR"],
    "10/12 550 €": ["550 € = 550 EUR"],
    "cE40 500 €": ["500 € = 500 EUR"],
    "Be40 500 €": ["40 500 € = 40500 EUR!"],
    # cents belong to whole amounts of one reading, before the tax is told
    "5 M€ 50 centimes": ["5 M€ = 5000000 EUR", "50 = 50"],
    "12.500 € 50 centimes": ["12.500 € = 12500 EUR? 12500/12.500", "50 = 50"],
    "5,5 € 50 centimes": ["5,5 € = 5.5 EUR", "50 = 50"],
    "5 € HT 50 centimes": ["5 € HT = 5 EUR HT", "50 = 50"],
    "5 % 50 centimes": ["5 % = 5", "50 = 50"],
    # a comma further on says nothing of the point here
    "12.345 k€, soit": ["12.345 k€ = 12345000 EUR? 12345000/12345"],
    # ranges
    "5 % à 12 clubs": ["5 % = 5", "12 = 12"],
    "20500 à 30000 F": ["20500 = 20500..", "30000 F = 30000 FRF.."],
    "20,5 à 30 F": ["20,5 = 20.5..", "30 F = 30 FRF.."],
    "1500 à 2500 F": ["1500 = 1500..", "2500 F = 2500 FRF.."],
    "1998 à 2 000 clubs": ["1998 = 1998", "2 000 = 2000"],
    "2019 à 2 000 clubs": ["2019 = 2019", "2 000 = 2000"],
    "between 5 and 6 %": ["5 = 5..", "6 % = 6.."],
    "between  5 and 6 %": ["5 = 5..", "6 % = 6.."],
    "Entre\n5 et 6 %": ["5 = 5..", "6 % = 6.."],
    "centre 5 et 6 %": ["5 = 5", "6 % = 6"],
    "20 €-25 x": ["20 € = 20 EUR", "25 = 25"],
    "5-6 %": ["6 % = 6.."],
    "-5 %": ["-5 % = -5"],
    "X-5 %": ["5 % = 5"],
    # signs
    "- 5 €": ["5 € = 5 EUR? 5/-5"],
    "- 2 500": ["2 500 = 2500? 2500/-2500"],
    "- 2 500 X": ["2 500 = 2500"],
    "soit : -(5 €": ["5 € = 5 EUR"],
    "=-5 €": ["-5 € = -5 EUR"],
    "X -500 € par an": ["-500 € = -500 EUR? -500/500"],
    "Solde –500 € par an": ["500 € = 500 EUR? 500/-500"],
    "Solde - 10 F par an": ["10 F = 10 FRF"],
    " de - 10 F par an": ["10 F = 10 FRF? 10/-10"],
    "porté à - 10 F par an": ["10 F = 10 FRF? 10/-10"],
    "soit - 10 F par an": ["10 F = 10 FRF? 10/-10"],
    "solde est - 10 F par an": ["10 F = 10 FRF? 10/-10"],
    # the first cells of a flattened row have no unit, and the dash before them is none of theirs
    "x -5,5 6 €": ["5,5 = 5.5", "6 € = 6 EUR"],
    # the longest word that loosens a figure is seen over three spaces, and over no more
    "approximativement   5 €": ["5 € = 5 EUR about"],
    "approximativement    5 €": ["5 € = 5 EUR"],
    # length
    "9" * MAX_DIGITS: ["9" * MAX_DIGITS + " = " + "9" * MAX_DIGITS],
    "9" * (MAX_DIGITS + 1): [],
    "9" * (MAX_DIGITS - 3) + ",99": ["9" * (MAX_DIGITS - 3) + ",99 = " + "9" * (MAX_DIGITS - 3) + ".99"],
    "9" * (MAX_DIGITS - 2) + ",99": [],
}


@pytest.mark.parametrize(("text", "wanted"), SEEN.items(), ids=[text[:40] for text in SEEN])
def test_figures_of_prose(text: str, wanted: list[str]) -> None:
    assert seen(text) == wanted


@pytest.mark.parametrize("letter", [*"ABCDEFGHIJKLMNOPQRSTUVWXYZÉ_"])
def test_what_is_glued_to_a_capital_is_a_code(letter: str) -> None:
    assert seen(f"{letter}5") == []
    assert seen(f"ligne {letter}320 du budget") == []
    assert seen(f"le {letter}5 € de trop") == []


def test_a_scan_takes_no_sign_from_before_its_beginning() -> None:
    for text, start in (("-5 €", 1), ("- 5 €", 1), ("\u22125 €", 1), ("\u2212 5 €", 1), ("x \u2212 5 €", 3)):
        (found,) = find_figures(text, start)
        assert (found.figure.plain, found.ambiguous_readings, found.start) == ("5", (), text.index("5"))
    for text, start in (("€5", 1), ("HT 5 €", 2), ("HT 5 €", 3)):
        (found,) = find_figures(text, start)
        assert found.start == text.index("5")
        assert getattr(found.figure, "tax", None) is None


def test_what_stands_very_far_away_stands_in_another_column() -> None:
    """A gap of 200 spaces before a sign, or of 40 behind a figure, is as good as a line end."""
    for gap, wanted in ((199, "-5 € = -5 EUR? -5/5"), (200, "5 € = 5 EUR? 5/-5")):
        assert seen("x" + " " * gap + "-5 € y") == [wanted]
    for gap, wanted in ((39, "5 € = 5 EUR"), (40, "5 € = 5 EUR? 5/-5")):
        assert seen("- 5 €" + " " * gap + "x") == [wanted]
