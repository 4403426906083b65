"""Text to figure: amounts, percentages and counts as French and English acts print them.

Two ways in. ``parse_amount``, ``parse_percentage`` and ``parse_count`` read a whole text and refuse everything else,
with the position and the reason. ``find_figures`` walks running text once and gives the numbers it finds, each with
its unit; what cannot be read there is left out, and what needed a repair or has two readings says so.

Nothing is guessed in silence. ``74.567`` is seventy-four thousand to a French secretary and seventy-four point five
to a program: both readings are given, and the caller must choose or say that it cannot.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal, NamedTuple, NoReturn

from subsidy_rules.figures import Amount, Count, Figure, Percentage, Qualifier, Tax
from subsidy_rules.place import Place
from subsidy_rules.wording import Message

__all__ = [
    "MAX_DIGITS",
    "AmbiguousNumeral",
    "Found",
    "NumeralError",
    "amount_of",
    "count_of",
    "find_figures",
    "parse_amount",
    "parse_count",
    "parse_percentage",
    "percentage_of",
]

MAX_DIGITS: Final = 60
"""A numeral with more digits than this is not money: it is refused, so that no text can cost more than its length."""


# -- errors ---------------------------------------------------------------------------------------------------------


class NumeralError(ValueError):
    """A text that is not one numeral.

    ``text`` is what was given, ``position`` the character (from 0) where reading stopped, ``reason`` what is wrong
    there and ``expected`` what would have been read.
    """

    def __init__(self, text: str, position: int, reason: Message, expected: Message) -> None:
        super().__init__(text, position, reason, expected)
        self.text = text
        self.position = position
        self.reason = reason
        self.expected = expected

    def __str__(self) -> str:
        shown = self.text if len(self.text) <= 80 else self.text[:77] + "..."
        return (
            f"cannot read {shown!r} at position {self.position}: {self.reason.say('en')}"
            f" (expected: {self.expected.say('en')})"
        )


class AmbiguousNumeral(NumeralError):
    """A text with two readings; ``readings`` gives them, the likelier one in a French act first."""

    def __init__(
        self, text: str, position: int, reason: Message, expected: Message, readings: tuple[Figure, ...]
    ) -> None:
        super().__init__(text, position, reason, expected)
        self.readings = readings


EXPECTED_AMOUNT: Final = Message(
    fr="un montant, par exemple « 1 329 243,50 € » ou « 12500.10 »",
    en="an amount, for example “1 329 243,50 €” or “12500.10”",
)
EXPECTED_PERCENTAGE: Final = Message(
    fr="un pourcentage, par exemple « 5,27 % »",
    en="a percentage, for example “5.27%”",
)
EXPECTED_COUNT: Final = Message(
    fr="un nombre, par exemple « 12 » ou « 1 250 »",
    en="a number, for example “12” or “1,250”",
)

EMPTY: Final = Message(fr="le texte est vide", en="the text is empty")
NOT_A_NUMBER: Final = Message(fr="aucun chiffre ici", en="no digit here")
LETTER_FOR_DIGIT: Final = Message(
    fr="la lettre « {letter} » tient la place d'un chiffre", en="the letter “{letter}” stands where a digit should"
)
OTHER_SCRIPT: Final = Message(
    fr="« {letter} » n'est pas un chiffre de 0 à 9", en="“{letter}” is not one of the digits 0 to 9"
)
SCIENTIFIC: Final = Message(
    fr="la notation scientifique n'est pas admise : écrire le nombre en entier",
    en="scientific notation is not read: write the number out",
)
UNDERSCORE: Final = Message(
    fr="« _ » ne sépare pas les milliers : écrire une espace", en="“_” does not separate thousands: write a space"
)
DOUBLED_SEPARATOR: Final = Message(fr="deux séparateurs se suivent", en="two separators in a row")
DOUBLED_SIGN: Final = Message(fr="deux signes se suivent", en="two signs in a row")
BROKEN_GROUP: Final = Message(
    fr="ces chiffres ne prolongent pas le nombre : les milliers vont par groupes de trois",
    en="these digits do not continue the number: thousands come in groups of three",
)
BROKEN_DECIMALS: Final = Message(
    fr="des chiffres suivent les décimales après une espace", en="digits follow the decimals after a space"
)
SPACE_AFTER_POINT: Final = Message(
    fr="une espace coupe le nombre après le séparateur (erreur de conversion ?)",
    en="a space cuts the number after its separator (a conversion slip?)",
)
TWO_FIGURES: Final = Message(
    fr="un second nombre suit : un intervalle n'est pas un montant",
    en="a second number follows: a range is not one figure",
)
LEFT_OVER: Final = Message(fr="« {rest} » n'est pas compris", en="“{rest}” is not understood")
TOO_LONG: Final = Message(fr="plus de {most} chiffres", en="more than {most} digits")
NOT_CLOSED: Final = Message(fr="la parenthèse n'est pas refermée", en="the bracket is not closed")
WRONG_UNIT: Final = Message(fr="« {unit} » n'est pas l'unité attendue", en="“{unit}” is not the unit expected")
TWO_READINGS: Final = Message(
    fr="« {text} » peut se lire {first} ou {second}", en="“{text}” may be read {first} or {second}"
)

REPAIRED: Final = Message(
    fr="« {text} » est coupé par une espace ; lu {value}", en="“{text}” is cut by a space; read as {value}"
)


# -- the grammar ----------------------------------------------------------------------------------------------------

_SP: Final = "[ \u00a0\u2000-\u200a\u202f\u205f]"
_SPACES: Final = " \u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f"
_LETTER: Final = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
_END: Final = f"(?![{_LETTER}0-9])"

# A run is digits joined by single marks: it may hold one numeral, several, or none.
_RUN: Final = re.compile("[0-9]++(?:[ \u00a0\u2000-\u200a\u202f\u205f.,'\u2019][0-9]++)*+")

# The longest grammatical numeral at a position. Groups are closed by (?![0-9]): « 4 8500 » is not 4 850 and a 0.
_NUMERAL: Final = re.compile(
    r"""
    (?P<group>[0-9]{1,3}+ (?:[ \u00a0\u2000-\u200a\u202f\u205f.][0-9]{3}(?![0-9]))++ )
    (?: (?P<gmark>[.,]) (?P<gdec>[0-9]++) )?+
  | (?P<comma>[0-9]{1,3}+ (?:,[0-9]{3}(?![0-9]))++ ) (?: \. (?P<cdec>[0-9]++) )?+
  | (?P<quote>[0-9]{1,3}+ (?:['\u2019][0-9]{3}(?![0-9]))++ ) (?: [.,] (?P<qdec>[0-9]++) )?+
  | (?P<plain>[0-9]++) (?: [.,] (?P<dec>[0-9]++) )?+
    """,
    re.VERBOSE,
)

_CURRENCY: Final = rf"(?:(?ai:€uros?){_END}|€|(?ai:euros?|eur|francs?|frs|frf|usd|gbp|chf){_END}|FF?{_END}|\$|£)"
_SCALE_WORD: Final = r"(?ai:milliers?|mille|millions?|milliards?|billions?|thousand)"
_SCALE_SYMBOL: Final = r"(?:[kK]|[mM](?:[rR]?[dD][sS]?)?)"
_OF: Final = rf"(?:(?ai:d['\u2019]{_SP}?|de{_SP}))"

_UNIT: Final = re.compile(
    rf"""
    (?:{_SP}{{0,2}}+|\n(?=€|(?ai:euros?|francs?){_END}))
    (?:
      (?P<rate>%|‰|(?ai:pour{_SP}cent|pour{_SP}mille|per{_SP}?cent){_END}|(?ai:p\.{_SP}?(?:100|cent)){_END})
    | (?P<symbol>{_SCALE_SYMBOL}{_SP}?{_OF}?)?(?P<currency>{_CURRENCY})
    | (?P<word>{_SCALE_WORD}){_END}(?:(?:{_SP}{{1,2}}+)(?P<of>{_OF})?(?P<wcurrency>{_CURRENCY}))?
    )
    """,
    re.VERBOSE,
)

_TAX: Final = re.compile(
    rf"""
    {_SP}{{0,2}}+
    (?:(?P<ht>(?ai:HT|H\.{_SP}?T\.?|hors{_SP}taxes?|excl\.?{_SP}VAT|excluding{_SP}VAT))
      |(?P<ttc>(?ai:TTC|T\.{_SP}?T\.{_SP}?C\.?|toutes{_SP}taxes{_SP}comprises|incl\.?{_SP}VAT|including{_SP}VAT)))
    {_END}
    """,
    re.VERBOSE,
)

_LEAD_CURRENCY: Final = re.compile(rf"(?:€|\$|£|(?:EUR|USD|GBP|CHF|FRF)(?![{_LETTER}])){_SP}?")

_CODES: Final = {
    "€": "EUR", "€uro": "EUR", "€uros": "EUR", "euro": "EUR", "euros": "EUR", "eur": "EUR",
    "f": "FRF", "ff": "FRF", "franc": "FRF", "francs": "FRF", "frs": "FRF", "frf": "FRF",
    "$": "USD", "usd": "USD", "£": "GBP", "gbp": "GBP", "chf": "CHF",
}  # fmt: skip
_EXPONENTS: Final = {
    "k": 3, "m": 6, "md": 9, "mds": 9, "mrd": 9, "mrds": 9,
    "mille": 3, "millier": 3, "milliers": 3, "thousand": 3,
    "million": 6, "millions": 6, "milliard": 9, "milliards": 9,
}  # fmt: skip

# Words just before a figure that loosen it, longest first where one ends with another. Accents lost by a
# publisher (« prés », « pres », U+FFFD) are the same words.
_QUALIFIERS: Final[tuple[tuple[str, Qualifier], ...]] = (
    ("pas plus de", "at_most"), ("pas moins de", "at_least"), ("no more than", "at_most"),
    ("no less than", "at_least"), ("not more than", "at_most"), ("not less than", "at_least"),
    ("plus de", "above"), ("plus d'", "above"), ("moins de", "below"), ("more than", "above"),
    ("less than", "below"), ("au moins", "at_least"), ("au minimum", "at_least"), ("at least", "at_least"),
    ("au plus", "at_most"), ("au maximum", "at_most"), ("at most", "at_most"), ("jusqu'à", "at_most"),
    ("jusqu'a", "at_most"), ("up to", "at_most"),
    ("environ", "about"), ("près de", "about"), ("prés de", "about"), ("pres de", "about"),
    ("pr\ufffds de", "about"), ("presque", "about"), ("quelque", "about"), ("quelques", "about"),
    ("autour de", "about"), ("de l'ordre de", "about"), ("à peu près", "about"), ("a peu pres", "about"),
    ("approximativement", "about"), ("approchant", "about"), ("avoisinant", "about"),
    ("about", "about"), ("around", "about"), ("approximately", "about"), ("nearly", "about"), ("almost", "about"),
    ("~", "about"), ("≈", "about"), ("≃", "about"), (">=", "at_least"), ("<=", "at_most"), ("≥", "at_least"),
    ("≤", "at_most"), (">", "above"), ("<", "below"),
)  # fmt: skip
_QUALIFIER_ENDS: Final = tuple(words for words, _ in _QUALIFIERS)
_LONGEST_QUALIFIER: Final = max(map(len, _QUALIFIER_ENDS)) + 4

_AFTERWARDS: Final[dict[str, Qualifier]] = {
    "environ": "about", "au maximum": "at_most", "maximum": "at_most", "au plus": "at_most",
    "au minimum": "at_least", "minimum": "at_least", "au moins": "at_least",
}  # fmt: skip
_AFTER: Final = re.compile(
    rf"{_SP}{{1,2}}+(?P<after>(?ai:environ|au{_SP}maximum|maximum|au{_SP}plus|au{_SP}minimum|minimum|au{_SP}moins)){_END}"
)

_MINUS: Final = "-\u2212\u2013"
_LEAD: Final = re.compile(
    rf"""
    \s*+
    (?P<open>\()?+ {_SP}*+
    (?P<sign>[-+\u2212\u2013])?+ {_SP}*+
    (?P<currency>€|\$|£|(?:EUR|USD|GBP|CHF|FRF)(?![{_LETTER}]))?+ {_SP}*+
    """,
    re.VERBOSE,
)
_LEAD_TAX: Final = re.compile(rf"\s*+(?:(?P<ht>H\.?T\.?)|(?P<ttc>T\.?T\.?C\.?)){_SP}*+:?+{_SP}*+(?![{_LETTER}])")
_CENTS: Final = re.compile(
    rf"{_SP}?+(?:(?:(?ai:et){_SP})?(?P<cents>[0-9]{{1,2}}){_SP}?+(?ai:centimes?|cents?|cts?){_END}|(?P<two>[0-9]{{2}})(?![0-9]))"
)
_MACHINE: Final = re.compile(r"(-?)([0-9]{1,30}+)(?:\.([0-9]{1,2}|[0-9]{4,15}))?+")


class _Unit(NamedTuple):
    kind: Literal["amount", "rate", "scale"]
    currency: str | None
    exponent: int
    french: bool


_NO_UNIT: Final = _Unit("scale", None, 0, False)


def _unit(match: re.Match[str]) -> _Unit:
    rate, symbol, currency, word, of, wcurrency = match.group("rate", "symbol", "currency", "word", "of", "wcurrency")
    if rate is not None:
        return _Unit("rate", None, -1 if rate == "‰" or rate[-5:].lower() == "mille" else 0, rate[:4].lower() == "pour")
    if currency is not None:
        if symbol is None:
            return _Unit("amount", _CODES[currency.lower()], 0, False)
        sign = symbol.rstrip(_SPACES + "'\u2019d").rstrip(_SPACES) if symbol[-1] in "'\u2019" else symbol
        letters = re.match("[a-zA-Z]+", sign)
        scale = letters.group().lower() if letters else "k"
        return _Unit("amount", _CODES[currency.lower()], _EXPONENTS.get(scale, 9), False)
    french = of is not None
    lowered = word.lower()
    if lowered.startswith("billion"):
        # A French billion is 10^12 and an English one 10^9: « de » before the currency is French.
        exponent = 12 if french else 9
    else:
        exponent = _EXPONENTS[lowered]
    if wcurrency is None:
        return _Unit("scale", None, exponent, french)
    return _Unit("amount", _CODES[wcurrency.lower()], exponent, french)


class _Digits(NamedTuple):
    n: int
    decimals: int


def _digits(match: re.Match[str]) -> tuple[_Digits, ...]:
    """The readings of one grammatical numeral, the likelier in a French act first; empty when it has none."""
    plain, dec = match.group("plain", "dec")
    if plain is not None:
        if dec is None:
            return (_Digits(int(plain), 0),)
        return (_Digits(int(plain + dec), len(dec)),)
    group = match.group("group")
    if group is not None:
        return _grouped(group, match.group("gmark"), match.group("gdec"))
    comma = match.group("comma")
    if comma is not None:
        dec = match.group("cdec")
        whole = comma.replace(",", "")
        if dec is not None:
            return () if comma[0] == "0" else (_Digits(int(whole + dec), len(dec)),)
        if comma.count(",") > 1:
            return () if comma[0] == "0" else (_Digits(int(whole), 0),)
        decimal = _Digits(int(whole), 3)
        return (decimal,) if comma[0] == "0" else (_Digits(int(whole), 0), decimal)
    quote = match.group("quote")
    dec = match.group("qdec") or ""
    whole = quote.replace("'", "").replace("\u2019", "")
    return () if quote[0] == "0" else (_Digits(int(whole + dec), len(dec)),)


_NOT_DIGIT: Final = re.compile("[^0-9]")


def _grouped(group: str, mark: str | None, decimals: str | None) -> tuple[_Digits, ...]:
    whole = _NOT_DIGIT.sub("", group)
    dots = group.count(".")
    leading_zero = group[0] == "0"
    if decimals is not None:
        if leading_zero or (mark == "." and dots):
            return ()
        return (_Digits(int(whole + decimals), len(decimals)),)
    # « 74.567 » and « 1 234.567 »: the only point comes before the last three digits, so it may be a decimal point.
    decimal = (_Digits(int(whole), 3),) if dots == 1 and group[-4] == "." else ()
    if leading_zero:
        return decimal if group.find(".") == len(group) - 4 and len(group) <= 7 else ()
    return (_Digits(int(whole), 0), *decimal)


# -- whole texts ----------------------------------------------------------------------------------------------------


def amount_of(value: int | Decimal, *, currency: str | None = None, place: Place | None = None) -> Amount:
    """An exact amount from a number: ``Decimal('70000.00')`` keeps its two decimals. Floats and NaN are refused."""
    n, decimals = _scaled(value)
    return Amount(n=n, decimals=decimals, text=str(value), place=place, currency=currency)


def percentage_of(value: int | Decimal, *, place: Place | None = None) -> Percentage:
    """A percentage printed with the decimals of ``value``."""
    n, decimals = _scaled(value)
    return Percentage(n=n, decimals=decimals, text=str(value), place=place)


def count_of(value: int, *, noun: str | None = None, place: Place | None = None) -> Count:
    """A count from an integer."""
    n, decimals = _scaled(value)
    return Count(n=n, decimals=decimals, text=str(value), place=place, noun=noun)


def _scaled(value: int | Decimal) -> tuple[int, int]:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise TypeError(f"{value!r} is not exact: write it as text, an int or a Decimal")
    if isinstance(value, int):
        return value, 0
    if not value.is_finite():
        raise ValueError(f"{value} is not a number")
    sign, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    if abs(exponent) + len(digits) > 10 * MAX_DIGITS:
        raise ValueError(f"{value} is too long to be a figure")
    n = int("".join(map(str, digits)))
    if exponent > 0:
        n *= 10**exponent
        exponent = 0
    return (-n if sign else n), -exponent


class _Read(NamedTuple):
    readings: tuple[_Digits, ...]
    unit: _Unit
    tax: Tax | None
    qualifier: Qualifier | None
    end: int


def _fail(text: str, position: int, reason: Message, expected: Message) -> NoReturn:
    raise NumeralError(text, position, reason, expected)


_SHORT: Final = re.compile(r"\S{1,20}")


def _complain(text: str, position: int, expected: Message) -> NoReturn:
    """Says why ``text`` could not be read from ``position`` on."""
    while position < len(text) and text[position].isspace():
        position += 1
    if position >= len(text):
        _fail(text, position, EMPTY if not text.strip() else NOT_A_NUMBER, expected)
    char = text[position]
    before = text[position - 1] if position else ""
    if char in "0123456789":
        chunk = _SHORT.match(text, position)
        word = chunk.group() if chunk else char
        for offset, letter in enumerate(word):
            if letter in "OoIlSB" and offset and word[offset - 1] in "0123456789OoIlSB":
                _fail(text, position + offset, LETTER_FOR_DIGIT.having(letter=letter), expected)
        spaced = text[:position].rstrip()
        if spaced.endswith((".", ",")):
            _fail(text, position - 1, SPACE_AFTER_POINT, expected)
        last = re.search("[.,][0-9]+\\Z", spaced[-40:])
        if last is not None and len(last.group()) != 4:
            _fail(text, position, BROKEN_DECIMALS, expected)
        _fail(text, position, BROKEN_GROUP, expected)
    if char.isdigit() or char.isnumeric():
        _fail(text, position, OTHER_SCRIPT.having(letter=char), expected)
    following = text[position + 1 : position + 2]
    if char in "OoIlSB" and before in "0123456789" and before:
        _fail(text, position, LETTER_FOR_DIGIT.having(letter=char), expected)
    if char in "eE" and before and before in "0123456789" and (following.isdigit() or following in "+-"):
        _fail(text, position, SCIENTIFIC, expected)
    if char == "_":
        _fail(text, position, UNDERSCORE, expected)
    if char in ".,":
        if before and before in ".,":
            _fail(text, position, DOUBLED_SEPARATOR, expected)
        if following in (".", ","):
            _fail(text, position + 1, DOUBLED_SEPARATOR, expected)
        if re.match(r"[.,]\s+[0-9]", text[position : position + 12]):
            _fail(text, position + 1, SPACE_AFTER_POINT, expected)
    if char in "-+\u2212\u2013" and before and before in "-+\u2212\u2013":
        _fail(text, position, DOUBLED_SIGN, expected)
    second = re.compile(r"[0-9]").search(text, position)
    first = re.compile(r"[0-9]").search(text, 0, position)
    if second is not None and first is not None and position < second.start():
        _fail(text, second.start(), TWO_FIGURES, expected)
    if second is not None:
        numbers = _RUN.findall(text)
        if len(numbers) > 1:
            runs = list(_RUN.finditer(text))
            _fail(text, runs[1].start(), TWO_FIGURES, expected)
    chunk = _SHORT.match(text, position)
    rest = chunk.group() if chunk else char
    if second is None and first is None:
        _fail(text, position, NOT_A_NUMBER, expected)
    _fail(text, position, LEFT_OVER.having(rest=rest), expected)


def _before(text: str, start: int) -> tuple[Qualifier | None, int]:
    """The loosening words that end just before ``start``, and where they begin."""
    window = text[max(0, start - _LONGEST_QUALIFIER) : start]
    flat = " ".join(window.split()).lower().replace("\u2019", "'")
    if flat.endswith(_QUALIFIER_ENDS):
        for words, qualifier in _QUALIFIERS:
            if flat.endswith(words):
                rest = flat[: -len(words)]
                if not rest or not rest[-1].isalnum() or not words[0].isalpha():
                    return qualifier, len(words)
    return None, 0


_LEAD_WORDS: Final = re.compile(
    r"\s*+(?P<words>"
    + "|".join(
        re.escape(words).replace(r"\ ", rf"{_SP}{{1,2}}+").replace("'", "['\u2019]")
        for words in sorted(_QUALIFIER_ENDS, key=len, reverse=True)
    )
    + rf")(?:(?<=[^{_LETTER}])|(?![{_LETTER}]))",
    re.IGNORECASE,
)
_QUALIFIER_OF: Final = dict(_QUALIFIERS)


def _read(text: str, expected: Message, rate: bool) -> tuple[bool, _Read, str | None]:
    """Reads a whole text: (negative, what was read, currency written before). Raises ``NumeralError``."""
    position = 0
    qualifier: Qualifier | None = None
    tax: Tax | None = None
    words = _LEAD_WORDS.match(text)
    if words is not None:
        flat = " ".join(words.group("words").split()).lower().replace("\u2019", "'")
        qualifier = _QUALIFIER_OF[flat]
        position = words.end()
    lead_tax = _LEAD_TAX.match(text, position)
    if lead_tax is not None:
        tax = "HT" if lead_tax.group("ht") else "TTC"
        position = lead_tax.end()
    lead = _LEAD.match(text, position)
    assert lead is not None
    position = lead.end()
    negative = lead.group("sign") is not None and lead.group("sign") != "+"
    before = lead.group("currency")
    if before is not None and lead.group("sign") is None:
        signed = re.compile(f"([{_MINUS}]){_SP}?").match(text, position)
        if signed is not None:
            negative = True
            position = signed.end()
    numeral = _NUMERAL.match(text, position)
    if numeral is None:
        _complain(text, position, expected)
    start, position = numeral.span()
    if position - start > 2 * MAX_DIGITS or sum(map(str.isdigit, numeral.group())) > MAX_DIGITS:
        _fail(text, start, TOO_LONG.having(most=MAX_DIGITS), expected)
    readings = _digits(numeral)
    if not readings:
        _fail(text, start, BROKEN_GROUP, expected)
    if text[position : position + 1] in (".", ",") and re.match("[.,][0-9]", text[position : position + 2]):
        _fail(text, position, DOUBLED_SEPARATOR, expected)
    unit = _NO_UNIT
    found = _UNIT.match(text, position)
    if found is not None:
        unit = _unit(found)
        position = found.end()
        if unit.kind == "rate" and not rate:
            _fail(text, found.start(), WRONG_UNIT.having(unit=found.group().strip()), expected)
        if unit.kind != "rate" and rate:
            _fail(text, found.start(), WRONG_UNIT.having(unit=found.group().strip()), expected)
        if unit.kind == "amount" and unit.exponent == 0 and len(readings) == 1 and readings[0].decimals == 0:
            cents = _CENTS.match(text, position)
            if cents is not None:
                written = (cents.group("cents") or cents.group("two")).rjust(2, "0")
                readings = (_Digits(readings[0].n * 100 + int(written), 2),)
                position = cents.end()
    if before is not None and found is None:
        scale = re.compile(rf"{_SP}?(k|K|m|M|bn|BN)(?![{_LETTER}])").match(text, position)
        if scale is not None:
            letter = scale.group(1).lower()
            unit = _Unit("scale", None, 3 if letter == "k" else 6 if letter == "m" else 9, False)
            position = scale.end()
    if not rate:
        taxed = _TAX.match(text, position)
        if taxed is not None:
            tax = "HT" if taxed.group("ht") else "TTC"
            position = taxed.end()
    after = _AFTER.match(text, position)
    if after is not None:
        qualifier = _AFTERWARDS[" ".join(after.group("after").lower().split())]
        position = after.end()
    if lead.group("open"):
        closed = re.compile(r"\s*+\)").match(text, position)
        if closed is None:
            if text[position:].strip():
                _complain(text, position, expected)
            _fail(text, position, NOT_CLOSED, expected)
        negative = not negative
        position = closed.end()
    elif lead.group("sign") is None and not negative:
        trailing = re.compile("[-\u2212]").match(text, position)
        if trailing is not None and not text[trailing.end() :].strip():
            negative = True
            position = trailing.end()
    rest = text[position:].strip()
    if rest == "." and found is not None:
        rest = ""
    if rest:
        _complain(text, position, expected)
    return negative, _Read(readings, unit, tax, qualifier, position), before


def _settle(readings: tuple[_Digits, ...], unit: _Unit) -> tuple[_Digits, ...]:
    """Drops the reading that the unit rules out: in « 12,500 millions d'euros » the comma is a French one."""
    if len(readings) == 2 and unit.exponent > 0:
        return (readings[1], readings[0])
    return readings


def _tell(text: str, readings: tuple[Figure, ...], position: int, expected: Message) -> NoReturn:
    first, second = readings
    reason = TWO_READINGS.having(text=text.strip(), first=first.value, second=second.value)
    raise AmbiguousNumeral(text, position, reason, expected, readings)


def parse_amount(text: str, *, currency: str | None = None, place: Place | None = None) -> Amount:
    """The amount that ``text`` is, whole: ``1 329 243,50 euros``, ``10 M€``, ``(1 234)``, ``12500.10``.

    ``currency`` is what stands when none is written (a column header). Raises ``NumeralError`` with the position
    and the reason, and ``AmbiguousNumeral`` with the readings for ``12,500`` or ``74.567``.
    """
    machine = _MACHINE.fullmatch(text)
    if machine is not None:
        sign, whole, decimals = machine.groups()
        if decimals is None:
            n, places = int(whole), 0
        else:
            n, places = int(whole + decimals), len(decimals)
        return Amount(n=-n if sign else n, decimals=places, text=text, place=place, currency=currency)
    negative, read, before = _read(text, EXPECTED_AMOUNT, rate=False)
    unit = read.unit
    written = unit.currency or (_CODES[before.lower()] if before else None)
    readings = tuple(
        Amount(
            n=-digits.n if negative else digits.n,
            decimals=digits.decimals,
            exponent=unit.exponent,
            qualifier=read.qualifier,
            text=text,
            place=place,
            currency=written or currency,
            tax=read.tax,
        )
        for digits in _settle(read.readings, unit)
    )
    if len(readings) > 1:
        _tell(text, readings, 0, EXPECTED_AMOUNT)
    return readings[0]


def parse_percentage(text: str, *, place: Place | None = None) -> Percentage:
    """The percentage that ``text`` is, whole, with or without its sign: ``5,27 %``, ``5.27``, ``20 pour cent``.

    A comma or a point before three last digits is a decimal mark here: nobody groups the thousands of a rate.
    """
    negative, read, before = _read(text, EXPECTED_PERCENTAGE, rate=True)
    if before is not None:
        _fail(text, text.index(before), WRONG_UNIT.having(unit=before), EXPECTED_PERCENTAGE)
    digits = read.readings[-1]
    return Percentage(
        n=-digits.n if negative else digits.n,
        decimals=digits.decimals,
        exponent=read.unit.exponent,
        qualifier=read.qualifier,
        text=text,
        place=place,
    )


def parse_count(text: str, *, place: Place | None = None) -> Count:
    """The number of things that ``text`` is, whole: ``12``, ``1 250``, ``2,5``. Raises as ``parse_amount`` does."""
    negative, read, before = _read(text, EXPECTED_COUNT, rate=False)
    if before is not None or read.unit.kind == "amount" or read.tax is not None:
        _fail(text, 0, WRONG_UNIT.having(unit=text.strip()), EXPECTED_COUNT)
    readings = tuple(
        Count(
            n=-digits.n if negative else digits.n,
            decimals=digits.decimals,
            exponent=read.unit.exponent,
            qualifier=read.qualifier,
            text=text,
            place=place,
        )
        for digits in read.readings
    )
    if len(readings) > 1:
        _tell(text, readings, 0, EXPECTED_COUNT)
    return readings[0]


# -- running text ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Found:
    """A figure found in running text: ``text[start:end]`` is the numeral with its sign and its unit.

    ``ambiguous_readings`` holds every reading when there is more than one (``figure`` is the first). ``repaired``
    says what was put right when the numeral is damaged: such a figure may support a claim, never an accusation.
    """

    start: int
    end: int
    figure: Figure
    ambiguous_readings: tuple[Figure, ...] = ()
    repaired: Message | None = None


_GLUED_BEFORE: Final = re.compile(rf"(?:[{_LETTER}_@#°0-9]|[{_LETTER}0-9][-/.+]|[0-9]:)\Z")
_GLUED_AFTER: Final = re.compile(rf"[{_LETTER}_@°²³]|[-\u2013/:+'\u2019\u00d7*][{_LETTER}0-9]|\.[{_LETTER}0-9]")
_LISTED: Final = re.compile(rf"[0-9]{{5,}}|[0-9]{{1,3}}(?:{_SP}[0-9]{{3}}(?![0-9]))")
_CUT: Final = re.compile(rf"\.{_SP}([0-9]{{3}})(?![0-9])(?!{_SP}[0-9]|[.,][0-9])")
_CUT_DECIMALS: Final = re.compile(rf"(?:,{_SP}(0[0-9])|{_SP},{_SP}?([0-9]{{2}}))(?![0-9])")


def find_figures(text: str, start: int = 0, end: int | None = None) -> Iterator[Found]:
    """The numbers of running text, in order, each with its unit: one pass, linear in the length of the text."""
    stop = len(text) if end is None else min(end, len(text))
    position = start
    search = _RUN.search
    while True:
        run = search(text, position, stop)
        if run is None:
            return
        first, last = run.span()
        position = last
        yield from _figures_of_run(text, first, last, stop)


def _figures_of_run(text: str, first: int, last: int, stop: int) -> Iterator[Found]:
    at = first
    while at < last:
        numeral = _NUMERAL.match(text, at, last)
        assert numeral is not None
        finish = numeral.end()
        readings = _digits(numeral) if finish - at <= MAX_DIGITS else ()
        if (
            numeral.group("dec") is not None
            and text[numeral.end("plain")] == ","
            and _LISTED.match(text, numeral.start("dec"), last)
            and (finish - numeral.start("dec") > 4 or numeral.end("plain") - at > 3)
        ):
            # A comma between two cells: « 2018,32 400,00 » is a year and an amount, not 2018,32.
            finish = numeral.end("plain")
            readings = (_Digits(int(numeral["plain"]), 0),) if finish - at <= MAX_DIGITS else ()
        elif finish < last and text[finish] not in _SPACES:
            # Glued leftovers (« 12.03.2026 »): not a numeral.
            while finish < last and text[finish] not in _SPACES:
                finish += 1
            readings = ()
        if readings:
            unit = _UNIT.match(text, finish, stop) if finish == last else None
            found = _make(text, at, finish, readings, unit, stop)
            if found is not None:
                yield found
        at = finish + 1


def _make(
    text: str, start: int, finish: int, readings: tuple[_Digits, ...], unit: re.Match[str] | None, stop: int
) -> Found | None:
    if unit is None:
        if _GLUED_BEFORE.search(text[max(0, start - 2) : start]) or _GLUED_AFTER.match(text, finish, stop):
            return None
        kind = _NO_UNIT
        end = finish
    else:
        kind = _unit(unit)
        end = unit.end()
    tax: Tax | None = None
    if kind.kind != "rate":
        taxed = _TAX.match(text, end, stop)
        if taxed is not None:
            tax = "HT" if taxed.group("ht") else "TTC"
            end = taxed.end()
    qualifier, _ = _before(text, start)
    if qualifier is None:
        after = _AFTER.match(text, end, stop)
        if after is not None:
            qualifier = _AFTERWARDS[" ".join(after.group("after").lower().split())]
    written = text[start:end]
    figures: tuple[Figure, ...]
    if kind.kind == "rate":
        figures = tuple(
            Percentage(n=d.n, decimals=d.decimals, exponent=kind.exponent, qualifier=qualifier, text=written)
            for d in readings[-1:]
        )
    elif kind.kind == "amount" or tax is not None:
        figures = tuple(
            Amount(
                n=d.n,
                decimals=d.decimals,
                exponent=kind.exponent,
                qualifier=qualifier,
                text=written,
                currency=kind.currency,
                tax=tax,
            )
            for d in _settle(readings, kind)
        )
    else:
        figures = tuple(
            Count(n=d.n, decimals=d.decimals, exponent=kind.exponent, qualifier=qualifier, text=written)
            for d in readings
        )
    return Found(start, end, figures[0], figures if len(figures) > 1 else ())
