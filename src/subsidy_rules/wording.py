"""What is said to people, in French and in English.

A message is written once, with both languages side by side, so that they are reviewed together and cannot drift
apart: a test walks every message of the package and compares the placeholders. Values are put in by
``Message.say``, which writes numbers the way the reader's language does.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final, Literal

from subsidy_rules.figures import Amount, Count, Figure, Percentage
from subsidy_rules.frozen import dataclass

__all__ = [
    "LANGUAGES",
    "Language",
    "Message",
    "Terms",
    "decimal_places",
    "is_one",
    "money",
    "number",
    "placeholders",
    "value_text",
]

Language = Literal["fr", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("fr", "en")

NARROW: Final = "\u202f"
"""Narrow no-break space: between thousands and before « % » and « ; » in French typography."""
WIDE: Final = "\u00a0"

_SYMBOLS: Final = {"EUR": "€", "FRF": "F", "USD": "$", "GBP": "£", "CHF": "CHF"}


@dataclass(frozen=True, slots=True)
class Terms:
    """Figures shown one after the other with a sign between: « 50 000 + 20 000 »."""

    items: tuple[Any, ...]
    glue: str


_FRENCH_SIGNS: Final = str.maketrans({",": NARROW, ".": ",", "-": "−"})


def number(value: int | Decimal | Fraction, language: Language, *, decimals: int | None = None) -> str:
    """``value`` in full, never rounded: ``1 329 243,50`` in French, ``1,329,243.50`` in English.

    A fraction that no decimal can write exactly is cut after ``decimals`` places (6 by default) and ends with « … ».
    """
    if isinstance(value, Fraction):
        return _fraction(value, language, 6 if decimals is None else decimals)
    text = format(value, ",f") if isinstance(value, Decimal) else format(value, ",")
    return text.translate(_FRENCH_SIGNS) if language == "fr" else text.replace("-", "−")


def _fraction(value: Fraction, language: Language, decimals: int) -> str:
    scaled, left = divmod(abs(value) * 10**decimals, 1)
    digits = str(int(scaled)).rjust(decimals + 1, "0")
    whole, rest = (digits[:-decimals], digits[-decimals:]) if decimals else (digits, "")
    if left == 0:
        rest = rest.rstrip("0")
    text = Decimal(f"{'-' if value < 0 else ''}{whole}{'.' + rest if rest else ''}")
    return number(text, language) + ("…" if left else "")


def money(value: int | Decimal | Fraction, language: Language) -> str:
    """``number``, with both digits of the cents when there are any: ``0,50``. Whole euros have none, and a price that
    is written with more decimals keeps them."""
    text = number(value, language)
    _, mark, cents = text.rpartition("," if language == "fr" else ".")
    return f"{text}0" if mark and len(cents) == 1 else text


def value_text(value: Any, language: Language) -> str:
    """One value as the reader writes it: figures with their unit, numbers grouped, dates in words order."""
    match value:
        case Message():
            return value.say(language)
        case Terms():
            return value.glue.join(value_text(item, language) for item in value.items)
        case Amount():
            symbol = _SYMBOLS.get(value.currency or "", value.currency or "")
            if not symbol:
                return number(value.value, language)
            written = money(value.value, language)
            if language == "fr" or symbol == "F":
                return f"{written}{WIDE}{symbol}"
            return f"{symbol}{written}" if len(symbol) == 1 else f"{symbol}{WIDE}{written}"
        case Percentage():
            written = number(value.value, language)
            return f"{written}{NARROW}%" if language == "fr" else f"{written}%"
        case Count() | Figure():
            return number(value.value, language)
        case bool():
            return ("oui" if value else "non") if language == "fr" else ("yes" if value else "no")
        case int() | Decimal() | Fraction():
            return number(value, language)
        case date():
            return value.strftime("%d/%m/%Y") if language == "fr" else value.isoformat()
        case list() | tuple():
            return ", ".join(value_text(item, language) for item in value)
        case None:
            return "—"
        case _:
            return str(value)


@lru_cache(maxsize=1024)
def _spaced(template: str) -> str:
    """A French template with the no-break spaces that its punctuation asks for, so that no source has to hold
    characters that cannot be seen (Lexique des règles typographiques en usage à l'Imprimerie nationale)."""
    for sign in ("%", ";", "!", "?", "€"):
        template = template.replace(f" {sign}", f"{NARROW}{sign}")
    return template.replace(" :", f"{WIDE}:").replace("« ", f"«{WIDE}").replace(" »", f"{WIDE}»")


@lru_cache(maxsize=4096)
def _parsed(template: str) -> tuple[tuple[str, str | None, str], ...]:
    """A template as literals, each with the placeholder after it and what follows its colon.

    Placeholders are plain names: no attribute or index is ever followed into a value.
    """
    return tuple((literal, name, spec or "") for literal, name, spec, _ in string.Formatter().parse(template))


def is_one(value: Any, language: Language) -> bool:
    """True for a number that takes the singular: nothing and one in French, one alone in English."""
    exact = value.fraction if isinstance(value, Figure) else value
    if not isinstance(exact, (int, Decimal, Fraction)):
        return False
    size = abs(Fraction(exact))
    return size < 2 if language == "fr" else size == 1


@dataclass(frozen=True, slots=True)
class Message:
    """One thing said, in both languages, with ``{placeholders}`` and the values to put in them.

    ``{year:plain}`` writes a number without grouping; ``{n:constat|constats}`` writes one word or the other, as the
    number asks, and not the number itself: ``{n} {n:constat|constats}``. Values are put in when the message is said,
    so the same message can be shown in either language.
    """

    fr: str
    en: str
    values: Mapping[str, Any] | None = None

    def having(self, **values: Any) -> Message:
        """The same message with values put in."""
        return Message(self.fr, self.en, {**(self.values or {}), **values})

    def say(self, language: Language) -> str:
        """The text in ``language``; ``KeyError`` when a placeholder has no value."""
        template = _spaced(self.fr) if language == "fr" else self.en
        values = self.values or {}
        said: list[str] = []
        for literal, name, spec in _parsed(template):
            said.append(literal)
            if name is None:
                continue
            one, bar, many = spec.partition("|")
            if bar:
                said.append(one if is_one(values[name], language) else many)
            else:
                # « plain » is for a year, a line number: digits without grouping.
                said.append(str(values[name]) if spec == "plain" else value_text(values[name], language))
        return "".join(said)


def placeholders(template: str) -> frozenset[str]:
    """The names of a template's placeholders."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(template) if name is not None)


_PLACES: Final = (
    Message("à l’unité", "to the unit"),
    Message("au dixième", "to one decimal"),
    Message("au centième", "to two decimals"),
    Message("au millième", "to three decimals"),
)


def decimal_places(decimals: int) -> Message:
    """How a rounding to ``decimals`` places is said: « au centième »."""
    if decimals < len(_PLACES):
        return _PLACES[decimals]
    return Message("à {n} décimales", "to {n} decimals").having(n=decimals)
