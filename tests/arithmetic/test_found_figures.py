"""Figures in running text: none split or merged wrongly, and every doubt told."""

from __future__ import annotations

import re
import time
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from subsidy_rules.figures import Amount, Count, Figure, Percentage
from subsidy_rules.numerals import Found, NumeralError, find_figures, parse_amount, parse_count, parse_percentage
from tests.strategies_numbers import MINUSES, hostile_text, written_amounts

# What is found is shown as: quoted stretch | kind and value | marks. Kinds: A amount, P percentage, C count.
# Marks: ? several readings, ! repaired, .. an end of a range.


def shown(found: Found) -> str:
    figure = found.figure
    marks = "?" * bool(found.ambiguous_readings) + "!" * bool(found.repaired) + ".." * found.ranged
    value = format(figure.value, "f") if not isinstance(figure, Percentage) else str(float(figure.fraction))
    return f"{figure.text} = {type(figure).__name__[0]}{value}{marks}"


def seen(text: str) -> list[str]:
    return [shown(found) for found in find_figures(text)]


SEEN: dict[str, list[str]] = {
    # the seed's own sentences
    "soit 70 000 euros, représentant 5,27 % du budget prévisionnel 2017.": [
        "70 000 euros = A70000",
        "5,27 % = P5.27",
        "2017 = C2017",
    ],
    "la ligne 3A/61/6574 et B320 chapitre 65 – nature 6574 – fonction 61.": ["65 = C65", "6574 = C6574", "61 = C61"],
    "près de 15 PME, 30 projets, un total de 10 M€.": ["15 = C15", "30 = C30", "10 M€ = A10000000"],
    # codes, references, dates, telephones
    "CT1, M57, 3e, 1er, 15h30, n°5, D01705, 2ème": [],
    "6574-313, 49-51, 2018-03-22, 12/03/2026, 12.03.2026, 9:30, 2+1, 945-25": [],
    "chapitre 011, 00 h 05": [],
    "M.57 et L.313-3 et II.2": [],
    "05 00 00 12 34": [],
    "FR76 3000 1007 9412 3456 7890 185": [],
    "SIRET 900 123 456 00017": [],
    "3000 1007 9412": [],
    "12 m², 5° et 1²": ["12 = C12"],
    "0526615512 et 0,526615512": [],
    "5'30 et 3x4 et 3×4": [],
    "a_5 et #6 et @7 et §8": [],
    # codes before amounts
    "Nature 6574 Fonction 33 6 225 000 F": ["6574 = C6574", "33 = C33", "6 225 000 F = A6225000?"],
    "Fonction 311 15 422 500 F": ["311 = C311", "15 422 500 F = A15422500"],
    "chapitre 011 4 215 000 €": ["4 215 000 € = A4215000"],
    "CT1 50 000 €": ["50 000 € = A50000"],
    "CT1 150 000 €": ["150 000 € = A150000"],
    "CT1 150000 €": ["150000 € = A150000"],
    "6574-313 150 000 F": ["150 000 F = A150000"],
    "P12 000 €": [],
    "A12€": [],
    "en 2017 250 000 €": ["2017 = C2017", "250 000 € = A250000"],
    "6574/61 150 000 €": ["150 000 € = A150000"],
    "11333 €/39000 €": ["11333 € = A11333", "39000 € = A39000"],
    "10/12 €": ["12 € = A12"],
    "(12 %)": ["12 % = P12.0"],
    "total:40 000 €": ["40 000 € = A40000"],
    "env.40 000 € et d'12 €": ["40 000 € = A40000", "12 € = A12"],
    "AGENCE,32 400,00,aide": ["32 400,00 = C32400.00"],
    "2018,32 400,00,aide": ["2018 = C2018", "32 400,00 = C32400.00"],
    "2018,511 500,00": ["2018 = C2018", "511 500,00 = C511500.00"],
    "2018,22680 €": ["2018 = C2018", "22680 € = A22680"],
    "3,31994918600021,x": [],
    # columns of a flattened table
    "12,50 300 €": ["12,50 = C12.50", "300 € = A300"],
    "40,00 27,00 €": ["40,00 = C40.00", "27,00 € = A27.00"],
    "820 055,80 3 248 812,85 10 856,00": [
        "820 055,80 = C820055.80",
        "3 248 812,85 = C3248812.85",
        "10 856,00 = C10856.00",
    ],
    "1 500 2 000 3 000": ["1 500 = C1500", "2 000 = C2000", "3 000 = C3000"],
    "5 300  7 000": ["5 300 = C5300", "7 000 = C7000"],
    "1 329\n243 euros": ["1 329 = C1329", "243 euros = A243"],
    "5 000\t300 €": ["5 000 = C5000", "300 € = A300"],
    # units
    "70 000\neuros": ["70 000\neuros = A70000"],
    "5\nF et 5\nMoi": ["5 = C5", "5 = C5"],
    "5\n€": ["5\n€ = A5"],
    "36 000€ qui": ["36 000€ = A36000"],
    "12 €HT, 13 € TTC. 14 € (HT) 15 € (HT": ["12 €HT = A12", "13 € TTC = A13", "14 € (HT) = A14", "15 € = A15"],
    "2.900.000 € T.T.C., l'an": ["2.900.000 € T.T.C. = A2900000"],
    "5 HT et 6 HTA": ["5 HT = A5", "6 = C6"],
    "HT : 5 000 et TTC 6 000 €, TTC : 7 %": ["5 000 = A5000", "6 000 € = A6000", "7 % = P7.0"],
    "5 F, 5 f, 5 Fr, 5 FR1": ["5 F = A5", "5 = C5", "5 = C5", "5 = C5"],
    "4,7 millions versés, 4,7 millions d'euros": ["4,7 millions = C4700000", "4,7 millions d'euros = A4700000"],
    "3 millions 450 000 F": ["3 millions 450 000 F = A3450000"],
    "3 millions 4 500 000 F": ["3 millions = C3000000", "4 500 000 F = A4500000"],
    "3 millions 450 000 personnes": ["3 millions = C3000000", "450 000 = C450000"],
    "3 millions et demi d'euros": [],
    "3,5 millions 200 000 F": ["3,5 millions = C3500000", "200 000 F = A200000"],
    "20 pour cent, 20 p. 100, 3 ‰, 5 pour mille, 20 %": [
        "20 pour cent = P20.0",
        "20 p. 100 = P20.0",
        "3 ‰ = P0.3",
        "5 pour mille = P0.5",
        "20 % = P20.0",
    ],
    "20 pour\ncent, 20 pour, 20 pour 5, 20 p, 3 millions % et 4 millions\nd'euros": [
        "20 = C20",
        "20 = C20",
        "20 = C20",
        "5 = C5",
        "20 = C20",
        "3 millions = C3000000",
        "4 millions\nd'euros = A4000000",
    ],
    "X 5": ["5 = C5"],
    "20 pour centimes, 20 pour les, 20 p. 7": ["20 = C20", "20 = C20", "20 = C20", "7 = C7"],
    "12€50, 12 € 50, 12 euros 50 centimes, 12€50 €": [
        "12€50 = A12.50",
        "12 € = A12",
        "50 = C50",
        "12 euros 50 centimes = A12.50",
        "12€ = A12",
        "50 € = A50",
    ],
    "EUR70,000.00, €1.5m, $5, 5 $, K€ 12, Md€ 3": [
        "EUR70,000.00 = A70000.00",
        "€1.5m = A1500000",
        "$5 = A5",
        "5 $ = A5",
        "K€ 12 = A12000",
        "Md€ 3 = A3000000000",
    ],
    "12 € 70 000": ["12 € = A12", "70 000 = C70000"],
    "X€ 5": ["5 = C5"],
    # ambiguity
    "74.567 €, 5.000 F, 12,500 et 1.250 %, 33.333 %, 1,250 %": [
        "74.567 € = A74567?",
        "5.000 F = A5000?",
        "12,500 = C12500?",
        "1.250 % = P1250.0?",
        "33.333 % = P33.333",
        "1,250 % = P1.25",
    ],
    "12,345 M€, 12.345 k€": ["12,345 M€ = A12345000?", "12.345 k€ = A12345000?"],
    "1.234.567 €, 74.567,00 €, 0.567": ["1.234.567 € = A1234567", "74.567,00 € = A74567.00", "0.567 = C0.567"],
    # damage
    "300. 000 € puis 250. 945 €.": ["300. 000 € = A300000!", "250. 945 € = A250945?!"],
    "1. 300. 000 €": ["1. 300. 000 € = A1300000!"],
    "1 300. 000,50 €": ["1 300. 000,50 € = A1300000.50!"],
    "le 3. 000 projets. En 2016. 945 € ont": ["3 = C3", "2016 = C2016", "945 € = A945"],
    "168.50 0 euros et 168.5 00 €": ["168.50 0 euros = A168500!", "168.5 00 € = A168500!"],
    "70 000, 00 euros": ["70 000, 00 euros = A70000.00!"],
    "70 000, 50 euros": ["70 000, 50 euros = A70000.50?!"],
    "70 000 ,50 euros": ["70 000 ,50 euros = A70000.50!"],
    "70 000 , 50 euros": ["70 000 , 50 euros = A70000.50?!"],
    "en 2016, 50 euros": ["2016 = C2016", "50 euros = A50"],
    "en 2016, 00 euros": ["2016, 00 euros = A2016.00!"],
    "5, 00 k€ et 5, 00 m": ["5 = C5", "5 = C5"],
    "12 5OO €, 5O 000 F, 12 5OO associations": ["12 5OO € = A12500!", "5O 000 F = A50000!", "12 = C12"],
    "l'aide de40 000 €": ["40 000 € = A40000!"],
    # words deleted between two amounts: the digits that follow a unit are no cents of it, nor 600 an amount
    "9 999 euros21 600 euros": ["9 999 euros = A9999", "21 600 euros = A21600!"],
    "9 999 F21 600 F": ["9 999 F = A9999", "21 600 F = A21600!"],
    "100\ufffd000,00 €": ["100\ufffd000,00 € = A100000.00!"],
    "pr\ufffds de 5\ufffdF": ["5 = C5"],
    "00 € et 05 €": [],
    # ranges
    "de 10 000 à 12 000 €": ["10 000 = C10000..", "12 000 € = A12000.."],
    "entre 10 000 et 12 000 euros": ["10 000 = C10000..", "12 000 euros = A12000.."],
    "entre 5 % et 6 %": ["5 % = P5.0..", "6 % = P6.0.."],
    "pour 10 000 et 12 000 euros": ["10 000 = C10000", "12 000 euros = A12000"],
    "20-25 %": ["25 % = P25.0.."],
    "10 000-12 000 €": ["12 000 € = A12000.."],
    "10 000 €-12 000 €, 5 %–6 %": ["10 000 € = A10000", "12 000 € = A12000..", "5 % = P5.0", "6 % = P6.0.."],
    "5 000 F à 12 associations, en 2017 à 12 clubs": ["5 000 F = A5000", "12 = C12", "2017 = C2017", "12 = C12"],
    "12 à 15 associations": ["12 = C12..", "15 = C15.."],
    # signs
    "\n-2 739 592,04\n": ["-2 739 592,04 = C-2739592.04"],
    "-2 739 592,04 | 5": ["-2 739 592,04 = C-2739592.04", "5 = C5"],
    "- 50 000 euros seront pris": ["50 000 euros = A50000"],
    "-50 000 euros seront pris": ["50 000 euros = A50000?"],
    "–500 € x": ["500 € = A500?"],
    "- 2 500\n": ["2 500 = C2500?"],
    "I.B. 6574-313 – Sans Titre – 10 000 F\n": ["10 000 F = A10000"],
    "Association X - 10 000 F par an": ["10 000 F = A10000"],
    "Solde - 10 000 F\n": ["10 000 F = A10000?"],
    "Solde : - 10 000 F par an": ["10 000 F = A10000?"],
    "soit - 10 000 F par an": ["10 000 F = A10000?"],
    "= - 10 000 F par an": ["- 10 000 F = A-10000"],
    "| - 10 000 F | x": ["- 10 000 F = A-10000"],
    "évolution -3,2 % par an": ["-3,2 % = P-3.2"],
    "évolution de \u2212 3,2 % et \u22125 F": ["\u2212 3,2 % = P-3.2", "\u22125 F = A-5"],
    "Solde -500 € par an": ["-500 € = A-500?"],
    "Solde –500 € par an": ["500 € = A500?"],
    "Solde = -500 € (-600 €)": ["-500 € = A-500", "-600 € = A-600"],
    "(2 210 347,46 €)": ["2 210 347,46 € = A2210347.46"],
    "--5 €": ["5 € = A5"],
    "Solde : \u20115 € (\u20105 €)": ["\u20115 € = A-5", "\u20105 € = A-5"],
    "Solde\u20115 et 5\u20106": [],
    "+5 %": ["5 % = P5.0"],
}


@pytest.mark.parametrize(("text", "wanted"), SEEN.items())
def test_figures_of_prose(text: str, wanted: list[str]) -> None:
    assert seen(text) == wanted
    # What stands around changes nothing, nor does the length of the text before it.
    assert seen(f"Art. II.\n{text}") == wanted


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("74.567 €", ["74567", "74.567"]),
        ("33 6 225 000 F", ["6225000", "336225000"]),
        ("1 6 225,50 F", ["6225.50", "16225.50"]),
        ("250. 945 €", ["250945", "945"]),
        ("250. 945,50 €", ["250945.50", "945.50"]),
        ("70 000, 50 €", ["70000.50", "50"]),
        ("70 000 , 50 €", ["70000.50", "50"]),
        ("x -500 € y", ["-500", "500"]),
        ("-500 € y", ["500", "-500"]),
        ("x -1.250 € y", ["-1250", "-1.250", "1250", "1.250"]),
        ("12,345 M€", ["12345000", "12345000000"]),
        ("1.250 %", ["1250", "1.250"]),
    ],
)
def test_all_readings_are_given_the_likelier_first(text: str, readings: list[str]) -> None:
    found = list(find_figures(text))[-1]
    assert [reading.plain for reading in found.ambiguous_readings] == readings
    assert found.figure == found.ambiguous_readings[0]


def test_no_second_reading_without_a_reason() -> None:
    for text in (
        "333 6 225 000 F",
        "12 300 € 45 €",
        "2017 6 225 000 F",
        "05 6 225 000 F",
        "33 6 F",
        "12,5 6 225 000 F",
    ):
        assert not any(found.ambiguous_readings for found in find_figures(text)), text


def test_repairs_are_said() -> None:
    (found,) = find_figures("300. 000 €")
    assert found.repaired is not None
    assert found.repaired.say("en") == "“300. 000 €” is damaged (a space lost or added); read as 300,000"
    assert "300. 000 €" in found.repaired.say("fr")


def test_what_is_found_is_told() -> None:
    text = "près de 1 329 243,50 euros HT"
    (found,) = find_figures(text)
    assert found == Found(
        8,
        29,
        Amount(n=132924350, decimals=2, qualifier="about", text="1 329 243,50 euros HT", currency="EUR", tax="HT"),
    )
    (found,) = find_figures("environ 5,27 % de x")
    assert found == Found(8, 14, Percentage(n=527, decimals=2, qualifier="about", text="5,27 %"))
    (found,) = find_figures("plus de 15 PME")
    assert found == Found(8, 10, Count(n=15, qualifier="above", text="15"))


def test_a_scan_begins_and_ends_where_it_is_told() -> None:
    """A caller who knows that « Fonction 311 » is a code scans on from behind it."""
    text = "Fonction 311 340 000,00 F, puis 5 €"
    assert [f.figure.text for f in find_figures(text)] == ["311 340 000,00 F", "5 €"]
    assert [f.figure.text for f in find_figures(text, 13)] == ["340 000,00 F", "5 €"]
    assert [f.figure.text for f in find_figures(text, 13, 26)] == ["340 000,00 F"]
    assert [f.figure.text for f in find_figures(text, -5, 999)] == ["311 340 000,00 F", "5 €"]
    assert [f.figure.text for f in find_figures("- 5 €", 1)] == ["5 €"]
    assert list(find_figures(text, 26, 20)) == []


def test_qualifiers_are_whole_words() -> None:
    assert [
        f.figure.qualifier for f in find_figures("surplus de 5 €, l'environ 5 €, la somme de 5 €, Plus\nde 5 €")
    ] == [
        None,
        "about",
        None,
        "above",
    ]
    assert [f.figure.qualifier for f in find_figures("5 € environnement, 5 € environ, plus de 5 € au maximum")] == [
        None,
        "about",
        "above",
    ]


# -- laws -----------------------------------------------------------------------------------------------------------

SENTENCES = (
    "Il est accordé {} à l'association.",
    "{}",
    "Montant : {}\nde la ligne suivante",
    "aide ({}), votée",
    "| {} | 6574 |",
    "« {} »",
    "l'aide de {}.",
)
UNITS = ("€", " €", "\u00a0€", "\u202f€", " euros", " EUR", " F", " M€", " k€", " %")


@given(written_amounts(), st.sampled_from(SENTENCES), st.sampled_from(UNITS))
def test_a_figure_is_found_whole_wherever_it_stands(written: tuple[str, int, int], sentence: str, unit: str) -> None:
    numeral, n, decimals = written
    if n < 0:
        numeral, n = numeral.lstrip("".join(MINUSES) + " \u202f"), -n  # signs have their own tests
    text = sentence.format(numeral + unit)
    found = next(iter(find_figures(text)))
    assert text[found.start : found.end] == numeral + unit
    assert (found.figure.n, found.figure.decimals) == (n, decimals)
    assert (found.ambiguous_readings, found.repaired, found.ranged) == ((), None, False)


def again(figure: Figure) -> Figure:
    """The figure that the whole-text parsers read where the scan found one; what stands beside it is given back."""
    if isinstance(figure, Amount):
        amount = parse_amount(figure.text)
        return replace(amount, qualifier=figure.qualifier, tax=amount.tax or figure.tax)  # « HT : » stands before
    if isinstance(figure, Percentage):
        return replace(parse_percentage(figure.text), qualifier=figure.qualifier)
    return replace(parse_count(figure.text), qualifier=figure.qualifier)


@given(hostile_text)
@example("1€00")
@example("-(5)")
def test_what_the_scan_finds_the_parser_reads(text: str) -> None:
    """In order, apart, inside the text; and where no doubt is told, the whole-text parser agrees."""
    last = 0
    for found in find_figures(text):
        assert last <= found.start < found.end <= len(text)
        last = found.end
        assert found.figure.text == text[found.start : found.end]
        if found.ambiguous_readings:
            assert len(found.ambiguous_readings) >= 2
            assert found.figure == found.ambiguous_readings[0]
            assert all(reading.text == found.figure.text for reading in found.ambiguous_readings)
        elif not found.repaired:
            assert again(found.figure) == found.figure


@given(hostile_text)
def test_a_found_figure_stands_for_the_digits_it_is_written_with(text: str) -> None:
    """No digit is lost and none is added, but for hundredths of one digit and numbers in two parts."""
    for found in find_figures(text):
        written = re.sub(r"p\.\s?100\Z", "", found.figure.text)
        if found.repaired or re.search("[cm][ei]", written.lower()):
            continue
        digits = "".join(filter("0123456789".__contains__, written))
        assert str(abs(found.figure.n)) == (digits.lstrip("0") or "0")


@pytest.mark.parametrize(
    "piece",
    [
        "1", "1 ", "1 000 ", "1.000.", "1,000,", "12.", "1'", "- ", "-1", "(1", "€", "1€50", "environ ", "1 million 1 ",
        "\n 1", "12 5OO ", "5O", "300. 000 ", "1. 000", "1 , 50", "\ufffd1", "1\ufffd000", "HT : ", "a1", "1/",
        "entre 1 et 2 ", "33 6 225 000 F ", "6574-313 150 000 F ", "2018,32 400,", "     -", "         1", "1 T. T. C",
        "0", "05 00 ", "٣", "x",
    ],
)  # fmt: skip
def test_the_scan_is_linear(piece: str) -> None:
    def cost(size: int) -> float:
        text = (piece * size)[:size]
        began = time.process_time()
        for _ in find_figures(text):
            pass
        return time.process_time() - began

    small = min(cost(4_000) for _ in range(2))
    assert cost(32_000) < 24 * small + 0.3


@pytest.mark.parametrize(
    ("piece", "size"), [("9", 10**6), (" ", 10**6), ("-\n", 10**6), ("1 ", 10**5), ("1.000 € ", 10**5)]
)
def test_long_texts_are_scanned_and_refused_in_seconds(piece: str, size: int) -> None:
    text = (piece * size)[:size]
    began = time.process_time()
    for _ in find_figures(text):
        pass
    for parse in (parse_amount, parse_percentage, parse_count):
        with pytest.raises(NumeralError):
            parse(text)
    assert time.process_time() - began < 15


def test_a_scan_that_begins_behind_a_letter_reads_what_a_whole_scan_reads() -> None:
    for text, start in (("F21 600 F", 1), ("CT21 600 F", 2), ("a21 600 F", 1)):
        assert [found.figure for found in find_figures(text, start)] == [found.figure for found in find_figures(text)]
