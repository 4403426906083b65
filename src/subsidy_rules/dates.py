"""Dates and periods as acts print them: ISO and French order, never a guess.

« 12/03/2026 » is the 12th of March, whatever the machine's locale. A two-digit year, an impossible day and a weekday
that is not the day's are refused, with the position and the reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Final, NoReturn

from subsidy_rules.frozen import dataclass
from subsidy_rules.numerals import NumeralError
from subsidy_rules.wording import Message

__all__ = ["DateError", "FoundDate", "Period", "find_dates", "parse_date", "parse_period"]


class DateError(NumeralError):
    """A text that is not one date; see ``NumeralError`` for what it carries."""


EXPECTED_DATE: Final = Message(
    fr="une date, par exemple « 2026-03-12 », « 12/03/2026 » ou « 12 mars 2026 »",
    en="a date, for example “2026-03-12”, “12/03/2026” or “12 mars 2026”",
)
EXPECTED_PERIOD: Final = Message(
    fr="une période, par exemple « 2018-02-20/2018-07-01 » ou « du 1er janvier au 31 décembre 2026 »",
    en="a period, for example “2018-02-20/2018-07-01” or “du 1er janvier au 31 décembre 2026”",
)
NOT_A_DATE: Final = Message(fr="ce n’est pas une date", en="this is not a date")
EMPTY: Final = Message(fr="le texte est vide", en="the text is empty")
NO_SUCH_MONTH: Final = Message(fr="il n’y a pas de mois {month:plain}", en="there is no month {month:plain}")
NO_SUCH_DAY: Final = Message(
    fr="il n’y a pas de {day:plain} dans le mois {month:plain} de {year:plain}",
    en="there is no day {day:plain} in month {month:plain} of {year:plain}",
)
NO_SUCH_YEAR: Final = Message(fr="il n’y a pas d’année {year:plain}", en="there is no year {year:plain}")
SHORT_YEAR: Final = Message(
    fr="l’année a deux chiffres : le siècle n’est pas dit", en="the year has two digits: the century is not said"
)
WRONG_WEEKDAY: Final = Message(
    fr="le {date} n’est pas un {weekday:plain}", en="{date} is not the weekday written (“{weekday:plain}”)"
)
LEFT_OVER: Final = Message(fr="« {rest} » suit la date", en="“{rest}” follows the date")
NOT_ISO: Final = Message(fr="ce n’est pas une date ISO 8601 complète", en="this is not a full ISO 8601 date")

_SP: Final = "[ \u00a0\u2000-\u200a\u202f\u205f]"
_LETTER: Final = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
_LOST: Final = "[eéèêEÉÈÊ\ufffd?]"
_UMLAUT: Final = "[uûUÛ\ufffd?]"
_MONTHS: Final = (
    rf"(?ai:janv(?:ier|\.)?|january|jan\.?)|(?ai:f){_LOST}(?ai:v(?:r(?:ier)?)?\.?)|(?ai:february|feb\.?)|"
    rf"(?ai:mars|march|mar\.)|(?ai:avril|avr\.?|april|apr\.?)|(?ai:mai|may)|(?ai:juin|june|jun\.)|"
    rf"(?ai:juillet|juil\.?|july|jul\.)|(?ai:ao){_UMLAUT}(?ai:t)|(?ai:august|aug\.?)|"
    rf"(?ai:septembre|september|sept?\.?)|(?ai:octobre|october|oct\.?)|(?ai:novembre|november|nov\.?)|"
    rf"(?ai:d){_LOST}(?ai:c(?:embre)?\.?)|(?ai:december)"
)
_STARTS: Final = (
    ("jan", 1), ("f", 2), ("mar", 3), ("av", 4), ("ap", 4), ("mai", 5), ("may", 5), ("juin", 6),
    ("jun", 6), ("jui", 7), ("jul", 7), ("ao", 8), ("au", 8), ("s", 9), ("o", 10), ("n", 11), ("d", 12),
)  # fmt: skip
_WEEKDAYS: Final = (
    ("lundi", "monday"), ("mardi", "tuesday"), ("mercredi", "wednesday"), ("jeudi", "thursday"),
    ("vendredi", "friday"), ("samedi", "saturday"), ("dimanche", "sunday"),
)  # fmt: skip
_WEEKDAY: Final = rf"(?:(?P<weekday>(?ai:{'|'.join(name for pair in _WEEKDAYS for name in pair)})),?{_SP}{{1,2}}+)"
# The patterns are compiled when first needed: ISO dates, which is what files hold, need none of them.


@cache
def _dates() -> re.Pattern[str]:
    return re.compile(
        rf"""
        (?P<iso>(?P<iy>[0-9]{{4}})-(?P<im>[0-9]{{2}})-(?P<id>[0-9]{{2}}))
      | (?P<numeric>(?P<nd>[0-9]{{1,2}})(?P<mark>[/.-])(?P<nm>[0-9]{{1,2}})(?P=mark)(?P<ny>[0-9]{{4}}|[0-9]{{2}}))
      | {_WEEKDAY}?
        (?:
          (?P<d>[0-9]{{1,2}})(?:{_SP}?(?:er|ER|st|nd|rd|th))?{_SP}{{0,2}}+(?P<m>{_MONTHS}){_SP}{{0,2}}+(?P<y>[0-9]{{4}})
        | (?P<em>{_MONTHS}){_SP}{{1,2}}+(?P<ed>[0-9]{{1,2}})(?:st|nd|rd|th)?,{_SP}?(?P<ey>[0-9]{{4}})
        )
        """,
        re.VERBOSE,
    )


# No digit, letter or joining mark may touch a date: « 2018-03-22-1 » is a reference.
@cache
def _touching() -> tuple[re.Pattern[str], re.Pattern[str]]:
    before = re.compile(rf"(?:[{_LETTER}0-9]|[{_LETTER}0-9][-/.])\Z")
    return before, re.compile(rf"[{_LETTER}0-9]|[-/.][{_LETTER}0-9]")


def _month(name: str) -> int:
    lowered = name.lower()
    return next(number for start, number in _STARTS if lowered.startswith(start))


def _of_match(match: re.Match[str]) -> date | tuple[int, Message]:
    """The date of a match of ``_dates()``, or where and why it is none."""
    group = "iso" if match["iso"] else "numeric" if match["numeric"] else "d" if match["d"] else "ed"
    names = {"iso": ("iy", "im", "id"), "numeric": ("ny", "nm", "nd"), "d": ("y", "m", "d"), "ed": ("ey", "em", "ed")}
    year_name, month_name, day_name = names[group]
    if group == "numeric" and len(match["ny"]) == 2:
        return match.start("ny"), SHORT_YEAR
    year, day = int(match[year_name]), int(match[day_name])
    month = int(match[month_name]) if group in ("iso", "numeric") else _month(match[month_name])
    if year == 0:
        return match.start(year_name), NO_SUCH_YEAR.having(year=year)
    if not 1 <= month <= 12:
        return match.start(month_name), NO_SUCH_MONTH.having(month=month)
    try:
        found = date(year, month, day)
    except ValueError:
        return match.start(day_name), NO_SUCH_DAY.having(day=day, month=month, year=year)
    weekday = match["weekday"]
    if weekday is not None and weekday.lower() not in _WEEKDAYS[found.weekday()]:
        return match.start("weekday"), WRONG_WEEKDAY.having(date=found, weekday=weekday)
    return found


def _fail(text: str, position: int, reason: Message, expected: Message) -> NoReturn:
    raise DateError(text, position, reason, expected)


@cache
def _timed_form() -> re.Pattern[str]:
    return re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ](?:[01][0-9]|2[0-3]):[0-9]{2}[0-9:.,Zz+-]{0,24}")


def _plain_iso(text: str) -> date | None:
    """``2026-03-12`` and nothing else, quickly."""
    if len(text) == 10 and text.isascii() and text[4] == "-" and text[7] == "-":
        try:
            return date.fromisoformat(text)
        except ValueError:
            return None
    return None


def parse_date(text: str) -> date:
    """The date that ``text`` is, whole. Raises ``DateError``.

    ISO (``2026-03-12``, with a time after it or not) and French order (``12/03/2026``, ``1er janvier 2017``,
    ``jeudi 12 mars 2026``); English months too, where the month is a word. Year, month and day must all be there.
    """
    plain = _plain_iso(text)
    if plain is not None:
        return plain
    stripped = text.strip()
    if not stripped:
        _fail(text, 0, EMPTY, EXPECTED_DATE)
    if stripped[:3].lower() == "le ":  # « le 12 avril 2023 »
        stripped = stripped[3:].lstrip()
    offset = text.index(stripped)
    match = _dates().match(stripped)
    if match is None:
        _fail(text, offset, NOT_A_DATE, EXPECTED_DATE)
    if match.end() < len(stripped):
        if match["iso"] and _timed_form().fullmatch(stripped):
            return _timed(text, stripped, offset)
        rest = stripped[match.end() :].strip()[:20]
        _fail(text, offset + match.end(), LEFT_OVER.having(rest=rest), EXPECTED_DATE)
    found = _of_match(match)
    if isinstance(found, tuple):
        _fail(text, offset + found[0], found[1], EXPECTED_DATE)
    return found


def _timed(text: str, stripped: str, offset: int) -> date:
    """The day of a full ISO 8601 date and time. 24:00, which is the next day, is not taken."""
    from dateutil.parser import isoparse

    try:
        return isoparse(stripped).date()
    except ValueError:
        _fail(text, offset, NOT_ISO, EXPECTED_DATE)


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date found in running text. ``date`` is ``None`` when what is written is none (31 February), and ``problem``
    says why."""

    start: int
    end: int
    date: date | None
    problem: Message | None = None


def find_dates(text: str, start: int = 0, end: int | None = None) -> Iterator[FoundDate]:
    """The full dates of running text, in order; impossible ones too, with what is wrong."""
    stop = len(text) if end is None else min(end, len(text))
    position = max(start, 0)
    search = _dates().search
    before, after = _touching()
    while True:
        match = search(text, position, stop)
        if match is None:
            return
        position = match.end()
        if before.search(text, max(0, match.start() - 2), match.start()) or after.match(text, match.end(), stop):
            continue
        found = _of_match(match)
        if isinstance(found, tuple):
            yield FoundDate(match.start(), match.end(), None, found[1])
        else:
            yield FoundDate(match.start(), match.end(), found)


@dataclass(frozen=True, slots=True)
class Period:
    """From ``start`` to ``end``, both days included, as written: nothing says that ``start`` comes first."""

    start: date
    end: date


@cache
def _period_join() -> re.Pattern[str]:
    return re.compile(rf"{_SP}*+(?:_|/|–|-(?={_SP})|(?ai:au|to|et)(?={_SP})){_SP}*+")


@cache
def _period_lead() -> re.Pattern[str]:
    return re.compile(rf"(?ai:du|from|entre{_SP}le){_SP}++")


@cache
def _partial() -> re.Pattern[str]:
    """The first day of « du 1er au 15 mars 2020 »."""
    return re.compile(rf"(?P<d>[0-9]{{1,2}})(?:{_SP}?(?:er|ER))?(?:{_SP}{{1,2}}+(?P<m>{_MONTHS}))?(?={_SP})")


@cache
def _years() -> re.Pattern[str]:
    """Whole years: « 2023 », « 2023-2025 », « années 2023 à 2025 »."""
    return re.compile(
        rf"(?:(?ai:exercices?|years?|ann[eé]es?){_SP}++)?(?:(?ai:de|from){_SP}++)?(?P<from>(?:19|20)[0-9]{{2}})"
        rf"(?:{_SP}?(?:[-–/_]|(?ai:to|et|and)|[àÀ]){_SP}?(?P<to>(?:19|20)[0-9]{{2}}))?"
    )


def parse_period(text: str) -> Period:
    """The period that ``text`` is: ``2018-02-20_2018-07-01``, ``du 30 avril au 30 juin 2003``, one single day, or
    whole years (``2023``, ``2023-2025``).

    A first date without its year, or without its month, takes them from the second. Raises ``DateError``.
    """
    stripped = text.strip()
    if not stripped:
        _fail(text, 0, EMPTY, EXPECTED_PERIOD)
    years = _years().fullmatch(stripped)
    if years is not None:
        return Period(date(int(years["from"]), 1, 1), date(int(years["to"] or years["from"]), 12, 31))
    offset = text.index(stripped)
    lead = _period_lead().match(stripped)
    at = lead.end() if lead else 0
    first = _dates().match(stripped, at)
    partial = None if first else _partial().match(stripped, at)
    begin = first or partial
    if begin is None:
        _fail(text, offset + at, NOT_A_DATE, EXPECTED_PERIOD)
    at = begin.end()
    if at == len(stripped) and first is not None and lead is None:
        day = _day(text, offset, first)
        return Period(day, day)
    join = _period_join().match(stripped, at)
    if join is None:
        _fail(text, offset + at, NOT_A_DATE, EXPECTED_PERIOD)
    at = join.end()
    if stripped[at : at + 3].lower() == "le ":
        at += 3
    second = _dates().match(stripped, at)
    if second is None:
        _fail(text, offset + at, NOT_A_DATE, EXPECTED_PERIOD)
    if second.end() < len(stripped):
        rest = stripped[second.end() :].strip()[:20]
        _fail(text, offset + second.end(), LEFT_OVER.having(rest=rest), EXPECTED_PERIOD)
    end = _day(text, offset, second)
    if first is not None:
        return Period(_day(text, offset, first), end)
    month = _month(begin["m"]) if begin["m"] else end.month
    number = int(begin["d"])
    try:
        return Period(date(end.year, month, number), end)
    except ValueError:
        reason = NO_SUCH_DAY.having(day=number, month=month, year=end.year)
    _fail(text, offset + begin.start(), reason, EXPECTED_PERIOD)


def _day(text: str, offset: int, match: re.Match[str]) -> date:
    found = _of_match(match)
    if isinstance(found, tuple):
        _fail(text, offset + found[0], found[1], EXPECTED_PERIOD)
    return found
