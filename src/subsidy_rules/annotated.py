"""One value of a record, read from whatever carries it, and the same as types for other people's models.

Every reader (a YAML scalar, a JSON number, a Python value) and pydantic go through these functions, so that what a
file accepts and what a model accepts cannot differ. Each returns a frozen value or raises a ``ValueError`` that carries
``reason`` and ``expected`` in both languages.

    from pydantic import BaseModel
    from subsidy_rules.annotated import Euros, ImputationCode, Percentage, Year

    class Grant(BaseModel):
        amount: Euros              # "70 000 euros", 70000, Decimal("70000.00")
        share: Percentage          # "5,27 %"
        charged_to: ImputationCode # "B320/65/6574/61"
        year: Year

This module does not import pydantic: the types describe themselves to it when it asks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from numbers import Integral
from typing import Annotated, Any, Final

from subsidy_rules import figures
from subsidy_rules.figures import Amount
from subsidy_rules.imputation import Imputation, parse_imputation
from subsidy_rules.numerals import amount_of, parse_amount, parse_percentage, percentage_of
from subsidy_rules.place import Place
from subsidy_rules.wording import Message

__all__ = [
    "FIRST_YEAR",
    "LAST_YEAR",
    "AmountInWords",
    "CurrencyCode",
    "Day",
    "Euros",
    "FieldError",
    "ImputationCode",
    "Label",
    "Percentage",
    "Year",
    "YesNo",
    "amount_from",
    "amount_in_words_from",
    "code_from",
    "currency_from",
    "date_from",
    "flag_from",
    "imputation_from",
    "percentage_from",
    "text_from",
    "year_from",
]

FIRST_YEAR: Final = 1950
LAST_YEAR: Final = 2100
"""The fiscal years that an act can be about; anything else is a slip (24, 20245)."""


class FieldError(ValueError):
    """A value that a field cannot hold: ``reason`` says why, ``expected`` what would be read, in both languages."""

    def __init__(self, value: object, reason: Message, expected: Message) -> None:
        super().__init__(value, reason, expected)
        self.value = value
        self.reason = reason
        self.expected = expected

    def __str__(self) -> str:
        return f"{self.reason.say('en')} (expected: {self.expected.say('en')})"


_AMOUNT: Final = Message(
    "un montant, par exemple 70000, 70000.50 ou « 70 000,50 € »",
    "an amount, for example 70000, 70000.50 or “70 000,50 €”",
)
_PERCENTAGE: Final = Message(
    "un pourcentage, par exemple 5.27 ou « 5,27 % »", "a percentage, for example 5.27 or “5.27%”"
)
_YEAR: Final = Message(
    "une année sur quatre chiffres, de {first:plain} à {last:plain}",
    "a four-digit year, from {first:plain} to {last:plain}",
).having(first=FIRST_YEAR, last=LAST_YEAR)
_DATE: Final = Message("une date, par exemple « 2017-03-12 »", "a date, for example “2017-03-12”")
_FLAG: Final = Message("true ou false", "true or false")
_TEXT: Final = Message("un texte", "text")
_CODE: Final = Message("un code, par exemple « 65/6574/61 »", "a code, for example “65/6574/61”")
_WORDS: Final = Message(
    "une somme en toutes lettres, par exemple « soixante-dix mille euros »",
    "a sum in words, for example “seventy thousand euros”",
)
_CURRENCY: Final = Message("un code de monnaie, par exemple « EUR »", "a currency code, for example “EUR”")

_BOOLEAN: Final = Message("un oui/non n’est pas un nombre", "a yes/no value is not a number")
_WRONG_KIND: Final = Message("ce n’est pas ce qu’on attend ici", "this is not what is expected here")
_EMPTY: Final = Message("le texte est vide", "the text is empty")
_NOT_FINITE: Final = Message("« {text} » n’est pas un nombre fini", "“{text}” is not a finite number")
_ENORMOUS: Final = Message("nombre démesuré", "enormous number")
_INEXACT: Final = Message(
    "le nombre à virgule flottante {text} n’est pas exact : écrivez le montant en texte ou en Decimal",
    "the floating-point number {text} is not exact: write the amount as text or as a Decimal",
)
_NOT_A_YEAR: Final = Message("« {text} » n’est pas une année plausible", "“{text}” is not a plausible year")
_NOT_A_CURRENCY: Final = Message("« {text} » n’est pas une monnaie connue", "“{text}” is not a known currency")

_SIGNIFICANT: Final = 15
"""Decimal digits that a double always keeps (IEEE 754 binary64: 53 bits)."""


def _exact(value: object, expected: Message) -> int | Decimal:
    """An ``int`` or ``Decimal`` equal to ``value`` as it was written, or ``FieldError``.

    A float is taken only where it cannot lie: finite, at most fifteen significant digits in its shortest form, and
    no larger than those digits can count.
    """
    if isinstance(value, bool):
        raise FieldError(value, _BOOLEAN, expected)
    if isinstance(value, Integral):
        whole = int(value)
        if whole.bit_length() > 512:
            raise FieldError("…", _ENORMOUS, expected)
        return whole
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise FieldError(value, _NOT_FINITE.having(text=str(value)), expected)
        _, digits, exponent = value.as_tuple()
        if not isinstance(exponent, int) or len(digits) + abs(exponent) > 150:
            raise FieldError("…", _ENORMOUS, expected)
        return value
    if isinstance(value, float):
        shown = repr(float(value))
        exact = Decimal(shown)
        if not exact.is_finite():
            raise FieldError(value, _NOT_FINITE.having(text=shown), expected)
        _, digits, exponent = exact.as_tuple()
        assert isinstance(exponent, int)
        if len(digits) > _SIGNIFICANT or exact.adjusted() >= _SIGNIFICANT or exponent < -_SIGNIFICANT:
            # The digits of the shortest form of 70000.0 include its last zero, which nobody wrote.
            if shown.endswith(".0") and len(digits) <= _SIGNIFICANT + 1 and exact.adjusted() < _SIGNIFICANT:
                return Decimal(shown[:-2])
            raise FieldError(value, _INEXACT.having(text=shown), expected)
        return Decimal(shown[:-2]) if shown.endswith(".0") else exact
    raise FieldError(value, _WRONG_KIND, expected)


def amount_from(value: object, *, currency: str | None = None, place: Place | None = None) -> Amount:
    """An amount from text, a number, or an ``Amount``. ``currency`` is what stands when none is written.

    Raises ``NumeralError`` (a ``ValueError``) for text that is not one amount, ``FieldError`` for what cannot be one:
    a boolean, a float that is not exact, NaN, an infinity.
    """
    if isinstance(value, str):
        return parse_amount(value, currency=currency, place=place)
    if isinstance(value, Amount):
        written = value.currency or currency
        return value if place is None and written == value.currency else replace(value, place=place, currency=written)
    return amount_of(_exact(value, _AMOUNT), currency=currency, place=place)


def percentage_from(value: object, *, place: Place | None = None) -> figures.Percentage:
    """A percentage from text, a number, or a ``Percentage``. Raises as ``amount_from`` does."""
    if isinstance(value, str):
        return parse_percentage(value, place=place)
    if isinstance(value, figures.Percentage):
        return value if place is None else value.at(place)
    return percentage_of(_exact(value, _PERCENTAGE), place=place)


_FOUR_DIGITS: Final = re.compile("[0-9]{4}")


def year_from(value: object) -> int:
    """A fiscal year from an int or four digits. Raises ``FieldError`` outside FIRST_YEAR to LAST_YEAR."""
    if isinstance(value, str):
        stripped = value.strip()
        year = int(stripped) if _FOUR_DIGITS.fullmatch(stripped) else -1
    elif isinstance(value, bool) or not isinstance(value, Integral):
        year = -1
    else:
        year = int(value)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        shown = "…" if isinstance(value, int) and value.bit_length() > 64 else str(value)[:40]
        raise FieldError(value, _NOT_A_YEAR.having(text=shown), _YEAR)
    return year


def date_from(value: object) -> date:
    """A day from a ``date``, a ``datetime``, or text (ISO or French order). Raises ``DateError`` or ``FieldError``."""
    if isinstance(value, str):
        from subsidy_rules.dates import parse_date

        return parse_date(value)
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    raise FieldError(value, _WRONG_KIND, _DATE)


_YES: Final = frozenset(("true", "oui", "yes", "vrai"))
_NO: Final = frozenset(("false", "non", "no", "faux"))


def flag_from(value: object) -> bool:
    """A yes or a no, from a bool or the word. Raises ``FieldError``: 0 and 1 are numbers."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        word = value.strip().lower()
        if word in _YES or word == "on":
            return True
        if word in _NO or word == "off":
            return False
    raise FieldError(value, _WRONG_KIND, _FLAG)


def text_from(value: object) -> str:
    """Text that is not blank; a number keeps its characters. Raises ``FieldError``."""
    if isinstance(value, str):
        if not value.strip():
            raise FieldError(value, _EMPTY, _TEXT)
        return value
    if isinstance(value, bool) or not isinstance(value, (Integral, Decimal)):
        raise FieldError(value, _WRONG_KIND, _TEXT)
    return str(_exact(value, _TEXT))


def imputation_from(value: object, *, fiscal_year: int | None = None, nomenclature: str | None = None) -> Imputation:
    """An imputation from its code. Raises ``ImputationError`` when malformed, ``FieldError`` for what is no code."""
    if isinstance(value, Imputation):
        return value
    return parse_imputation(code_from(value), fiscal_year=fiscal_year, nomenclature=nomenclature)


def code_from(value: object) -> str:
    """The characters of a code: text, or a whole number as written (``6574``). Raises ``FieldError``."""
    if isinstance(value, Imputation):
        return value.raw
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise FieldError(value, _WRONG_KIND, _CODE)
    return str(_exact(value, _CODE))


def amount_in_words_from(value: object, *, place: Place | None = None) -> Amount:
    """A sum from its words, French or else English. Raises ``NumeralError`` (the French one) or ``FieldError``."""
    if isinstance(value, Amount):
        return value if place is None else replace(value, place=place)
    if not isinstance(value, str):
        raise FieldError(value, _WRONG_KIND, _WORDS)
    from subsidy_rules.numerals import NumeralError
    from subsidy_rules.words import parse_amount_words

    try:
        return parse_amount_words(value, "fr", place=place)
    except NumeralError as french:
        try:
            return parse_amount_words(value, "en", place=place)
        except NumeralError:
            raise french from None


_CURRENCIES: Final = {
    "€": "EUR", "euro": "EUR", "euros": "EUR", "eur": "EUR",
    "f": "FRF", "ff": "FRF", "franc": "FRF", "francs": "FRF", "frf": "FRF",
    "usd": "USD", "gbp": "GBP", "chf": "CHF", "xpf": "XPF",
}  # fmt: skip


def currency_from(value: object) -> str:
    """An ISO 4217 code, from it or from the usual words. Raises ``FieldError``."""
    if isinstance(value, str):
        code = _CURRENCIES.get(value.strip().lower())
        if code is not None:
            return code
        raise FieldError(value, _NOT_A_CURRENCY.having(text=value[:40]), _CURRENCY)
    raise FieldError(value, _WRONG_KIND, _CURRENCY)


# -- as types -------------------------------------------------------------------------------------------------------


class Reads:
    """Tells pydantic how a field is read and written, and what its JSON Schema is.

    ``read`` is one of the functions above. A model keeps the frozen value; dumped, it is written as the text it was
    read from, which reads back as the same value.
    """

    __slots__ = ("read", "schema", "write")

    def __init__(
        self, read: Callable[[Any], Any], schema: Mapping[str, Any], write: Callable[[Any], Any] | None = None
    ) -> None:
        self.read = read
        self.schema = schema
        self.write = write

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        from pydantic_core import core_schema

        written = (
            core_schema.plain_serializer_function_ser_schema(self.write, when_used="unless-none")
            if self.write is not None
            else None
        )
        return core_schema.no_info_plain_validator_function(self.read, serialization=written)

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> Any:
        return dict(self.schema)


_SCALES: Final = {3: "k€", 6: "M€", 9: "Md€"}
_LOOSENED: Final = {
    "about": "environ ", "above": "plus de ", "below": "moins de ", "at_least": "au moins ", "at_most": "au plus ",
}  # fmt: skip


def _printed(figure: figures.Figure) -> str:
    """Text that reads back as ``figure``: what was written, or, for a figure made by a program, its digits."""
    text = figure.text
    if not text:
        if figure.exponent not in _SCALES and figure.qualifier is None:
            text = figure.plain
        else:
            digits = replace(figure, exponent=0, qualifier=None).plain.replace(".", ",")
            text = f"{_LOOSENED.get(figure.qualifier or '', '')}{digits} {_SCALES.get(figure.exponent, '')}".rstrip()
    if isinstance(figure, Amount) and _TWO_WAYS.fullmatch(text):
        text += "0"  # 12.500 could be twelve thousand five hundred; 12.5000 is the same amount, and cannot
    return text


def _in_words(amount: Amount) -> str:
    """The words that were read, or, for an amount made by a program, those that say it."""
    if any(char.isalpha() for char in amount.text) and not any(char.isdigit() for char in amount.text):
        return amount.text
    from subsidy_rules.words import amount_to_words

    return amount_to_words(amount.value)


_TWO_WAYS: Final = re.compile(r"-?[0-9]{1,3}\.[0-9]{3}")


def _code(imputation: Imputation) -> str:
    return imputation.raw


def _iso(day: date) -> str:
    return day.isoformat()


_AMOUNT_SCHEMA: Final = {
    "anyOf": [{"type": "string", "pattern": "[0-9]"}, {"type": "number"}],
    "examples": ["70 000 euros", "1 329 243,50 €", 70000],
}
_RATE_SCHEMA: Final = {
    "anyOf": [{"type": "string", "pattern": "[0-9]"}, {"type": "number"}],
    "examples": ["5,27 %", 5.27],
}
_CODE_SCHEMA: Final = {
    "anyOf": [{"type": "string", "minLength": 1}, {"type": "integer"}],
    "examples": ["B320/65/6574/61", "chapitre 65, nature 6574, fonction 61"],
}
_YEAR_SCHEMA: Final = {
    "anyOf": [
        {"type": "integer", "minimum": FIRST_YEAR, "maximum": LAST_YEAR},
        {"type": "string", "pattern": r"^\s*[0-9]{4}\s*$"},
    ],
    "examples": [2017],
}

Euros = Annotated[Amount, Reads(amount_from, _AMOUNT_SCHEMA, _printed)]
"""An amount of money as printed or as a number; the value is a frozen ``figures.Amount``."""

Percentage = Annotated[figures.Percentage, Reads(percentage_from, _RATE_SCHEMA, _printed)]
"""A percentage as printed or as a number; the value is a frozen ``figures.Percentage``."""

ImputationCode = Annotated[Imputation, Reads(imputation_from, _CODE_SCHEMA, _code)]
"""A well-formed budget code; the value is a frozen ``imputation.Imputation``."""

Year = Annotated[int, Reads(year_from, _YEAR_SCHEMA)]
"""A fiscal year."""

Day = Annotated[
    date, Reads(date_from, {"type": "string", "examples": ["2017-03-12", "12/03/2017", "12 mars 2017"]}, _iso)
]
"""A day: a ``date``, ISO text, or text in French order."""

YesNo = Annotated[bool, Reads(flag_from, {"anyOf": [{"type": "boolean"}, {"enum": ["oui", "non"]}]})]
"""A yes or a no."""

Label = Annotated[
    str, Reads(text_from, {"anyOf": [{"type": "string", "minLength": 1, "pattern": r"\S"}, {"type": "number"}]})
]
"""Text that is not blank; a bare number is taken as its characters."""

AmountInWords = Annotated[
    Amount, Reads(amount_in_words_from, {"type": "string", "examples": ["soixante-dix mille euros"]}, _in_words)
]
"""A sum of money in words."""

CurrencyCode = Annotated[
    str,
    Reads(currency_from, {"type": "string", "examples": ["EUR"], "enum": ["EUR", "FRF", "USD", "GBP", "CHF", "XPF"]}),
]
"""The currency of a record: ISO 4217 (the usual words are read too)."""
