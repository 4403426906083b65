"""Dates and periods: the ways acts print them, and no guess."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subsidy_rules import dates
from subsidy_rules.dates import DateError, FoundDate, Period, find_dates, parse_date, parse_period
from subsidy_rules.numerals import NumeralError
from subsidy_rules.wording import LANGUAGES, Message
from tests.strategies_numbers import assert_only_its_own_error, hostile_text

MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)  # fmt: skip
ENGLISH = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
ENGLISH_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
days = st.dates(date(1000, 1, 1), date(9999, 12, 31))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-12", date(2026, 3, 12)),
        ("12/03/2026", date(2026, 3, 12)),
        ("03/12/2026", date(2026, 12, 3)),
        ("12.03.2026", date(2026, 3, 12)),
        ("12-03-2026", date(2026, 3, 12)),
        ("2/3/2026", date(2026, 3, 2)),
        ("12 mars 2026", date(2026, 3, 12)),
        ("12 MARS 2026", date(2026, 3, 12)),
        ("1er janvier 2017", date(2017, 1, 1)),
        ("1 er janvier 2017", date(2017, 1, 1)),
        ("1ER JANVIER 2017", date(2017, 1, 1)),
        ("1\u00a0janvier\u202f2017", date(2017, 1, 1)),
        ("jeudi 12 mars 2026", date(2026, 3, 12)),
        ("Jeudi, 12 mars 2026", date(2026, 3, 12)),
        ("Thursday 12 March 2026", date(2026, 3, 12)),
        ("12 fevrier 2012", date(2012, 2, 12)),
        ("12 f\ufffdvrier 2012", date(2012, 2, 12)),
        ("12 f?vrier 2012", date(2012, 2, 12)),
        ("12 févr. 2012", date(2012, 2, 12)),
        ("12 fév 2012", date(2012, 2, 12)),
        ("12 janv. 2012", date(2012, 1, 12)),
        ("12 avr. 2012", date(2012, 4, 12)),
        ("12 juil. 2012", date(2012, 7, 12)),
        ("12 aout 2012", date(2012, 8, 12)),
        ("12 ao\ufffdt 2012", date(2012, 8, 12)),
        ("12 sept. 2012", date(2012, 9, 12)),
        ("12 oct. 2012", date(2012, 10, 12)),
        ("12 nov. 2012", date(2012, 11, 12)),
        ("12 déc. 2012", date(2012, 12, 12)),
        ("12 DÉCEMBRE 2012", date(2012, 12, 12)),
        ("12 d\ufffdcembre 2012", date(2012, 12, 12)),
        ("March 12, 2026", date(2026, 3, 12)),
        ("March 12th, 2026", date(2026, 3, 12)),
        ("2nd May 2026", date(2026, 5, 2)),
        ("29/02/2024", date(2024, 2, 29)),
        (" 2026-03-12\n", date(2026, 3, 12)),
        ("2026-03-12T10:30:00", date(2026, 3, 12)),
        ("2026-03-12 00:00:00", date(2026, 3, 12)),
        ("2026-03-12T10:30:00.123Z", date(2026, 3, 12)),
        ("2026-03-12T23:59:59+02:00", date(2026, 3, 12)),
    ],
)
def test_dates_are_read(text: str, day: date) -> None:
    assert parse_date(text) == day


REFUSED: dict[str, tuple[int, Message]] = {
    "": (0, dates.EMPTY),
    " \n": (0, dates.EMPTY),
    "31/02/2017": (0, dates.NO_SUCH_DAY),
    "  31/02/2017": (2, dates.NO_SUCH_DAY),
    "29 février 2023": (0, dates.NO_SUCH_DAY),
    "lundi 31 avril 2023": (6, dates.NO_SUCH_DAY),
    "0/03/2026": (0, dates.NO_SUCH_DAY),
    "12/13/2026": (3, dates.NO_SUCH_MONTH),
    "12/00/2026": (3, dates.NO_SUCH_MONTH),
    "2026-13-01": (5, dates.NO_SUCH_MONTH),
    "2026-02-30": (8, dates.NO_SUCH_DAY),
    "0000-01-01": (0, dates.NO_SUCH_YEAR),
    "12/03/26": (6, dates.SHORT_YEAR),
    "lundi 12 mars 2026": (0, dates.WRONG_WEEKDAY),
    "xx/xx/2017": (0, dates.NOT_A_DATE),
    "2026": (0, dates.NOT_A_DATE),
    "2026-03": (0, dates.NOT_A_DATE),
    "2026-3-1": (0, dates.NOT_A_DATE),
    "20260312": (0, dates.NOT_A_DATE),
    "2026-W11-4": (0, dates.NOT_A_DATE),
    "2026-072": (0, dates.NOT_A_DATE),
    "mars 2026": (0, dates.NOT_A_DATE),
    "12 mars": (0, dates.NOT_A_DATE),
    "12 marsouin 2026": (0, dates.NOT_A_DATE),
    "demain": (0, dates.NOT_A_DATE),
    "43655": (0, dates.NOT_A_DATE),
    "12/03-2026": (0, dates.NOT_A_DATE),
    "\uff11\uff12/03/2026": (0, dates.NOT_A_DATE),
    "12/03/2026 à midi": (10, dates.LEFT_OVER),
    "12/03/20267": (10, dates.LEFT_OVER),
    "2026-03-12T": (10, dates.LEFT_OVER),
    "2026-03-12T24:00": (10, dates.LEFT_OVER),
    "2026-03-12T10:75": (0, dates.NOT_ISO),
    "12 mars 2026T10:00": (12, dates.LEFT_OVER),
}


@pytest.mark.parametrize(("text", "wanted"), REFUSED.items())
def test_other_texts_are_refused_with_position_and_reason(text: str, wanted: tuple[int, Message]) -> None:
    with pytest.raises(DateError) as told:
        parse_date(text)
    assert (told.value.position, told.value.reason.fr) == (wanted[0], wanted[1].fr)
    assert isinstance(told.value, NumeralError)
    assert told.value.expected is dates.EXPECTED_DATE
    for language in LANGUAGES:
        assert told.value.reason.say(language)


def test_reasons_name_what_is_wrong() -> None:
    with pytest.raises(DateError) as told:
        parse_date("lundi 12 mars 2026")
    assert told.value.reason.say("fr") == "le 12/03/2026 n’est pas un lundi"
    with pytest.raises(DateError) as told:
        parse_date("31/02/2017")
    assert told.value.reason.say("en") == "there is no day 31 in month 2 of 2017"


@given(days, st.booleans())
def test_every_day_is_read_in_every_way(day: date, leading: bool) -> None:
    width = 2 if leading else 1
    d, m, y = str(day.day).rjust(width, "0"), str(day.month).rjust(width, "0"), str(day.year)
    french, english = MONTHS[day.month - 1], ENGLISH[day.month - 1]
    ways = [
        day.isoformat(),
        f"{d}/{m}/{y}",
        f"{d}.{m}.{y}",
        f"{d}-{m}-{y}",
        f"{d} {french} {y}",
        f"{d} {french.upper()} {y}",
        f"{d} {english} {y}",
        f"{english} {d}, {y}",
        f"{WEEKDAYS[day.weekday()]} {d} {french} {y}",
        f"{ENGLISH_WEEKDAYS[day.weekday()]} {d} {english} {y}",
        f"{day.isoformat()}T12:00:00Z",
    ]
    for way in ways:
        assert parse_date(way) == day, way
        if "T12" not in way:
            assert [found.date for found in find_dates(f"vu le {way}, et")] == [day], way
    wrong = WEEKDAYS[(day + timedelta(days=1)).weekday()] if day < date.max else "dimanche"
    if day < date.max:
        with pytest.raises(DateError):
            parse_date(f"{wrong} {d} {french} {y}")


@given(hostile_text)
def test_no_text_makes_a_parser_raise_anything_else(text: str) -> None:
    assert_only_its_own_error(text, parse_date)
    assert_only_its_own_error(text, parse_period)
    last = 0
    for found in find_dates(text):
        assert last <= found.start < found.end <= len(text)
        assert (found.date is None) != (found.problem is None)
        last = found.end
        if found.date is not None:
            assert parse_date(text[found.start : found.end]) == found.date


# -- prose ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("le 12/03/2026, puis le 1er avril 2026.", ["12/03/2026", "1er avril 2026"]),
        ("du lundi 30 mars 2026 au 2026-04-01", ["lundi 30 mars 2026", "2026-04-01"]),
        ("réf. 2018-03-22-1, 1/12/03/2026, 12.03.2026.1, A12/03/2026, 12/03/2026B", []),
        ("(2018-03-22)", ["2018-03-22"]),
        ("2018-02-20_2018-07-01", ["2018-02-20", "2018-07-01"]),
        ("le 3 avril, en 2025, le 12/03/26", ["12/03/26"]),
        ("112/03/2026 et 12/03/20261", []),
    ],
)
def test_dates_of_prose(text: str, found: list[str]) -> None:
    assert [text[it.start : it.end] for it in find_dates(text)] == found


def test_impossible_dates_are_found_and_told() -> None:
    (found,) = find_dates("le 31/02/2024")
    assert (found.start, found.end, found.date) == (3, 13, None)
    assert found.problem is not None
    assert found.problem.fr == dates.NO_SUCH_DAY.fr
    assert list(find_dates("le 31/01/2024", 3, 13)) == [FoundDate(3, 13, date(2024, 1, 31))]
    assert list(find_dates("le 31/01/2024", -3, 99)) == [FoundDate(3, 13, date(2024, 1, 31))]
    assert list(find_dates("le 31/01/2024", 0, 12)) == []


@pytest.mark.parametrize(
    "piece", ["1", "12/", "12/03/2026 ", "1er ", "1er janvier ", "lundi ", "lundi 1 ", "mars 1", "2026-"]
)
def test_the_scan_is_linear(piece: str) -> None:
    def cost(size: int) -> float:
        text = (piece * size)[:size]
        began = time.process_time()
        for _ in find_dates(text):
            pass
        return time.process_time() - began

    small = min(cost(10_000) for _ in range(2))
    assert cost(80_000) < 24 * small + 0.3


# -- periods --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2018-02-20_2018-07-01", date(2018, 2, 20), date(2018, 7, 1)),
        ("2017-12-14/2018-12-14", date(2017, 12, 14), date(2018, 12, 14)),
        ("2018-02-20 _ 2018-07-01", date(2018, 2, 20), date(2018, 7, 1)),
        ("2018-02-20 - 2018-07-01", date(2018, 2, 20), date(2018, 7, 1)),
        ("2018-02-20 – 2018-07-01", date(2018, 2, 20), date(2018, 7, 1)),
        ("01/02/2018 au 03/02/2018", date(2018, 2, 1), date(2018, 2, 3)),
        ("01/02/2018 - 03/02/2018", date(2018, 2, 1), date(2018, 2, 3)),
        ("du 30 avril au 30 juin 2003", date(2003, 4, 30), date(2003, 6, 30)),
        ("du 1er au 15 mars 2020", date(2020, 3, 1), date(2020, 3, 15)),
        ("Du 1er janvier 2017 au 31 décembre 2018", date(2017, 1, 1), date(2018, 12, 31)),
        ("entre le 1er janvier 2017 et le 31 décembre 2018", date(2017, 1, 1), date(2018, 12, 31)),
        ("from 1 May 2020 to 3 May 2020", date(2020, 5, 1), date(2020, 5, 3)),
        ("2018-04-01", date(2018, 4, 1), date(2018, 4, 1)),
        ("12 mars 2026", date(2026, 3, 12), date(2026, 3, 12)),
        ("2018-07-01_2018-02-20", date(2018, 7, 1), date(2018, 2, 20)),
        (" 2018-04-01/2018-04-02 ", date(2018, 4, 1), date(2018, 4, 2)),
    ],
)
def test_periods_are_read(text: str, start: date, end: date) -> None:
    assert parse_period(text) == Period(start, end)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [("2023", 2023, 2023), ("2023-2025", 2023, 2025), ("2023/2025", 2023, 2025), ("années 2023 à 2025", 2023, 2025),
     ("2023 – 2025", 2023, 2025), ("de 2023 à 2025", 2023, 2025), (" exercice 2023 ", 2023, 2023)],
)  # fmt: skip
def test_whole_years_are_a_period(text: str, first: int, last: int) -> None:
    assert parse_period(text) == Period(date(first, 1, 1), date(last, 12, 31))


@pytest.mark.parametrize("text", ["2023-05", "2023-24", "23", "2023 2025", "12023", "2023-20255"])
def test_what_is_not_whole_years_is_refused(text: str) -> None:
    with pytest.raises(DateError):
        parse_period(text)


def test_a_date_may_come_with_its_article() -> None:
    assert parse_date("le 12 avril 2023") == date(2023, 4, 12)
    assert parse_date(" Le mercredi 12 avril 2023") == date(2023, 4, 12)
    with pytest.raises(DateError) as told:
        parse_date("le 31 avril 2023")
    assert told.value.position == 3


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("", 0),
        ("du 2018-04-01", 13),
        ("2018-02-20_", 11),
        ("2018-02-20_2018", 11),
        ("2018-02-20 2018-07-01", 10),
        ("2018-02-20-2018-07-01", 10),
        ("2018-02-20_2018-02-30", 19),
        ("2018-02-30_2018-02-20", 8),
        ("du 31 au 30 juin 2003", 3),
        ("du 31 avril au 30 juin 2003", 3),
        ("du 1er avril au 30 juin", 16),
        ("2018-02-20_2018-07-01 inclus", 21),
        ("2018-02-30", 8),
        ("le 2018-02-20", 0),
    ],
)
def test_other_periods_are_refused(text: str, position: int) -> None:
    with pytest.raises(DateError) as told:
        parse_period(text)
    assert told.value.position == position
    assert told.value.expected is dates.EXPECTED_PERIOD


@given(days, days)
def test_every_period_is_read_back(start: date, end: date) -> None:
    for join in ("_", "/", " - ", " – ", " au ", " to "):
        assert parse_period(f"{start.isoformat()}{join}{end.isoformat()}") == Period(start, end)
        french = f"{start:%d/%m}/{start.year:04}{join if join != '/' else '_'}{end:%d/%m}/{end.year:04}"
        assert parse_period(french) == Period(start, end)


@pytest.mark.parametrize(
    ("text", "parse", "position", "rest"),
    [
        ("12/03/2026 puis autre chose encore", parse_date, 10, "puis autre chose enc"),
        (" 12 mars 2026, midi", parse_date, 13, ", midi"),
        ("du 1er au 15 mars 2020 inclus", parse_period, 22, "inclus"),
        ("du 1er au 15 mars 2020 selon le calendrier joint", parse_period, 22, "selon le calendrier "),
        ("du 1er au 15 mars 2020 abcdefghijklmnopqrstuvwxyz", parse_period, 22, "abcdefghijklmnopqrst"),
    ],
)
def test_what_follows_a_date_is_quoted(text: str, parse: Callable[[str], object], position: int, rest: str) -> None:
    with pytest.raises(DateError) as told:
        parse(text)
    assert told.value.position == position
    assert told.value.reason.say("en") == f"“{rest}” follows the date"


def test_a_period_that_does_not_begin_with_a_date_is_refused_where_it_should_begin() -> None:
    with pytest.raises(DateError) as told:
        parse_period("  du printemps à l'été")
    assert told.value.position == 5


def test_a_reference_hides_its_own_date_only() -> None:
    text = "convention ref-12/03/2026 signée le 13/03/2026"
    assert [text[it.start : it.end] for it in find_dates(text)] == ["13/03/2026"]
