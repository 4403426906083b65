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
from decimal import Decimal
from functools import cache
from typing import Final, Literal, NamedTuple, NoReturn

from subsidy_rules.figures import Amount, Count, Figure, Percentage, Qualifier, Tax
from subsidy_rules.frozen import dataclass
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
    fr="la lettre « {letter} » tient la place d’un chiffre", en="the letter “{letter}” stands where a digit should"
)
OTHER_SCRIPT: Final = Message(
    fr="« {letter} » n’est pas un chiffre de 0 à 9", en="“{letter}” is not one of the digits 0 to 9"
)
SCIENTIFIC: Final = Message(
    fr="la notation scientifique n’est pas admise : écrire le nombre en entier",
    en="scientific notation is not read: write the number out",
)
UNDERSCORE: Final = Message(
    fr="« _ » ne sépare pas les milliers : écrire une espace", en="“_” does not separate thousands: write a space"
)
DOUBLED_SEPARATOR: Final = Message(fr="deux séparateurs se suivent", en="two separators in a row")
DOUBLED_SIGN: Final = Message(fr="le nombre porte deux signes", en="the number has two signs")
BROKEN_GROUP: Final = Message(
    fr="ces chiffres ne prolongent pas le nombre : les milliers vont par groupes de trois",
    en="these digits do not continue the number: thousands come in groups of three",
)
BROKEN_DECIMALS: Final = Message(
    fr="des chiffres suivent les décimales après une espace", en="digits follow the decimals after a space"
)
NO_WHOLE: Final = Message(
    fr="aucun chiffre ne précède la marque décimale", en="no digit stands before the decimal mark"
)
MIXED_SEPARATORS: Final = Message(
    fr="les séparateurs ne s’accordent pas : lequel marque les décimales ?",
    en="the separators do not agree: which one marks the decimals?",
)
SPACE_IN_NUMBER: Final = Message(
    fr="une espace coupe le nombre auprès de son séparateur (erreur de conversion ?)",
    en="a space cuts the number beside its separator (a conversion slip?)",
)
TWO_FIGURES: Final = Message(
    fr="un second nombre suit : ce texte n’est pas un seul nombre",
    en="a second number follows: this text is not one number",
)
LEFT_OVER: Final = Message(fr="« {rest} » n’est pas compris ici", en="“{rest}” is not understood here")
TOO_LONG: Final = Message(fr="le nombre a plus de {most} chiffres", en="the number has more than {most} digits")
NOT_CLOSED: Final = Message(fr="la parenthèse n’est pas refermée", en="the bracket is not closed")
WRONG_UNIT: Final = Message(fr="« {unit} » n’est pas l’unité attendue", en="“{unit}” is not the unit expected")
TWO_READINGS: Final = Message(
    fr="« {text} » peut se lire {first} ou {second}", en="“{text}” may be read {first} or {second}"
)
CUT_NUMBER: Final = Message(
    fr="« {text} » est abîmé (une espace perdue ou de trop) ; lu {value}",
    en="“{text}” is damaged (a space lost or added); read as {value}",
)


# -- the grammar ----------------------------------------------------------------------------------------------------

_SPACES: Final = " \u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f"
_SP: Final = f"[{_SPACES}]"
_LETTER: Final = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
_ASCII_DIGITS: Final = "0123456789"
_MINUS: Final = "-\u2212\u2013\u2010\u2011"
"""The hyphen of keyboards, the minus sign, the en dash, the hyphens of Unicode."""

# Most figures of records and files: digits, spaces between thousands, at most one mark, a plain unit.
_SIMPLE: Final = re.compile(
    "(-?)(?:([0-9]{1,24}+)|([1-9][0-9]{0,2}(?>(?:[ \u00a0\u202f][0-9]{3}){1,8})))"
    "(?>(?:([.,])([0-9]{1,24}+))?)(?>(?:[ \u00a0\u202f]?(€|euros?|EUR|F|%))?)"
)


# The other patterns are compiled when they are first needed: a hook that reads one record pays for none of them.


@cache
def _runs() -> re.Pattern[str]:
    """Digits joined by single marks: one numeral, several, or none."""
    return re.compile(f"[0-9]++(?>(?:[{_SPACES}.,'\u2019][0-9]++)*)")


@cache
def _numerals() -> re.Pattern[str]:
    """The longest grammatical numeral at a place. (?![0-9]) closes the groups: « 4 8500 » is not 4 850 and a 0."""
    return re.compile(
        rf"""
        (?P<group>[0-9]{{1,3}}+ (?>(?:[{_SPACES}.][0-9]{{3}}(?![0-9]))+) ) (?>(?: (?P<gmark>[.,]) (?P<gdec>[0-9]++) )?)
      | (?P<comma>[0-9]{{1,3}}+ (?>(?:,[0-9]{{3}}(?![0-9]))+) ) (?>(?: \. (?P<cdec>[0-9]++) )?)
      | (?P<quote>[0-9]{{1,3}}+ (?>(?:['\u2019][0-9]{{3}}(?![0-9]))+) ) (?>(?: [.,] (?P<qdec>[0-9]++) )?)
      | (?P<plain>[0-9]++) (?>(?: (?P<mark>[.,]) (?P<dec>[0-9]++) )?)
        """,
        re.VERBOSE,
    )


@cache
def _words() -> re.Pattern[str]:
    """The word or sign after a number, over two spaces or one line end."""
    return re.compile(
        rf"(?>(?:{_SP}{{1,2}}+|\n)?)(?:(?P<sign>[%‰$£])|(?P<word>[{_LETTER}]{{0,12}}+€[{_LETTER}]{{0,12}}+|[{_LETTER}]{{1,12}}+)"
        rf"(?![{_LETTER}]))"
    )


@cache
def _of() -> re.Pattern[str]:
    """What links a scale to its currency: « d' », « de »."""
    return re.compile(rf"(?>(?:{_SP}{{1,2}}+|\n)?)(?ai:d['\u2019]{_SP}?|de{_SP})")


@cache
def _hundred() -> re.Pattern[str]:
    """What follows the p of « p. 100 »."""
    return re.compile(rf"\.{_SP}?(?:100|(?ai:cent))(?![{_LETTER}0-9])")


@cache
def _scale_letters() -> re.Pattern[str]:
    return re.compile(rf"{_SP}?(?ai:(k|m|bn))(?![{_LETTER}0-9])")


@cache
def _taxes() -> re.Pattern[str]:
    return re.compile(
        rf"""
        {_SP}{{0,2}}+ [(]?+
        (?: (?P<ht> (?ai: HT | H\.{_SP}?T\.? | hors{_SP}taxes? | excl(?:\.|uding)?{_SP}VAT ) )
          | (?P<ttc> (?ai: TTC | T\.{_SP}?T\.{_SP}?C\.? | toutes{_SP}taxes{_SP}comprises | incl(?:\.|uding)?{_SP}VAT ) )
        ) (?![{_LETTER}0-9])
        """,
        re.VERBOSE,
    )


@cache
def _afterwards() -> re.Pattern[str]:
    return re.compile(
        rf"{_SP}{{1,2}}+(?P<words>(?ai:environ|au{_SP}(?:maximum|plus|minimum|moins)|maximum|minimum))(?![{_LETTER}])"
    )


@cache
def _centimes() -> re.Pattern[str]:
    """Hundredths after a currency: « 12 euros et 50 centimes », « 12 € 50 », « 12€50 »."""
    return re.compile(
        rf"(?P<gap>{_SP}{{0,2}}+)(?:(?P<and>(?ai:et){_SP})?(?P<named>[0-9]{{1,2}}){_SP}?"
        rf"(?ai:centimes?|cents?|cts?)(?![{_LETTER}])|(?P<bare>[0-9]{{2}})(?![0-9]))"
    )


class _Unit(NamedTuple):
    kind: Literal["amount", "rate", "scale"]
    currency: str | None
    exponent: int


_CODES: Final = {
    "€": "EUR", "€uro": "EUR", "€uros": "EUR", "euro": "EUR", "euros": "EUR", "eur": "EUR",
    "f": "FRF", "ff": "FRF", "franc": "FRF", "francs": "FRF", "frs": "FRF", "frf": "FRF",
    "$": "USD", "usd": "USD", "£": "GBP", "gbp": "GBP", "chf": "CHF",
}  # fmt: skip
_SYMBOLS: Final = {"k": 3, "m": 6, "md": 9, "mds": 9, "mrd": 9, "mrds": 9, "bn": 9}
_SCALES: Final = {
    "mille": 3, "millier": 3, "milliers": 3, "thousand": 3, "million": 6, "millions": 6,
    "milliard": 9, "milliards": 9, "billion": 9, "billions": 9,
}  # fmt: skip
_PER_CENT: Final = _Unit("rate", None, 0)
_PER_MILLE: Final = _Unit("rate", None, -1)
_NO_UNIT: Final = _Unit("scale", None, 0)
_UNITS: Final = {
    **{word: _Unit("amount", code, 0) for word, code in _CODES.items()},
    **{
        symbol + word: _Unit("amount", code, exponent)
        for symbol, exponent in _SYMBOLS.items()
        for word, code in _CODES.items()
    },
    "%": _PER_CENT,
    "‰": _PER_MILLE,
    "percent": _PER_CENT,
}


def _known(word: str) -> tuple[_Unit, int] | None:
    """The unit that one word is, or that it begins with up to its « € » (« M€HT »), and its length.

    F for francs is a capital.
    """
    lowered = word.lower()
    unit = _UNITS.get(lowered)
    if unit is not None:
        return None if word[-1] == "f" and not lowered.endswith("frf") else (unit, len(word))
    length = word.find("€") + 1
    unit = _UNITS.get(word[:length].lower())
    return None if unit is None else (unit, length)


def _unit_at(text: str, position: int, stop: int) -> tuple[_Unit, int] | None:
    """The unit written at ``position``, and where it ends."""
    match = _words().match(text, position, stop)
    if match is None:
        return None
    sign, word = match.group("sign", "word")
    if sign is not None:
        return _UNITS[sign], match.end()
    known = _known(word)
    broken = text[position] == "\n"
    if known is not None:
        if broken and (known[0].exponent or word in ("F", "FF")):
            return None
        return known[0], match.start("word") + known[1]
    if broken:
        return None
    end = match.end()
    lowered = word.lower()
    if lowered in ("pour", "per", "p"):
        return _rate(text, lowered, end, stop)
    exponent = _SYMBOLS.get(lowered)
    if exponent is not None:
        currency = _currency(text, end, stop)
        return None if currency is None else (_Unit("amount", currency[0], exponent), currency[1])
    exponent = _SCALES.get(lowered)
    if exponent is None:
        return None
    currency = _currency(text, end, stop)
    if currency is None:
        return _Unit("scale", None, exponent), end
    # A French billion is 10^12 and an English one 10^9; « de » before the currency is French.
    if lowered.startswith("billion") and currency[2]:
        exponent = 12
    return _Unit("amount", currency[0], exponent), currency[1]


def _rate(text: str, word: str, end: int, stop: int) -> tuple[_Unit, int] | None:
    """« pour cent », « pour mille », « p. 100 », « per cent »."""
    if word == "p":
        match = _hundred().match(text, end, stop)
        return None if match is None else (_PER_CENT, match.end())
    match = _words().match(text, end, stop)
    if match is None or text[end] == "\n":
        return None
    second = (match["word"] or match["sign"]).lower()
    if second == "cent":
        return _PER_CENT, match.end()
    return (_PER_MILLE, match.end()) if second == "mille" and word == "pour" else None


def _currency(text: str, position: int, stop: int) -> tuple[str, int, bool] | None:
    """« euros », « d'euros », « de francs » after a scale: the code, where it ends, whether « de » is there."""
    of = _of().match(text, position, stop)
    match = _words().match(text, of.end() if of else position, stop)
    if match is None:
        return None
    known = _known(match["word"] or match["sign"])
    if known is None or known[0].currency is None or known[0].exponent:
        return None
    start = match.start("word") if match["word"] else match.start("sign")
    return known[0].currency, start + known[1], of is not None


# What the slower patterns below can begin with: most texts are told apart by this one character.
_TAX_HEADS: Final = frozenset("HhTtEeIi(")
_AFTER_HEADS: Final = frozenset("EeAaMm")
_CENTS_HEADS: Final = frozenset("0123456789eE")


def _tax_at(text: str, position: int, stop: int) -> tuple[Tax, int] | None:
    """« HT » or « TTC » at ``position``."""
    if text[position : position + 3].lstrip(_SPACES)[:1] not in _TAX_HEADS:
        return None
    match = _taxes().match(text, position, stop)
    if match is None:
        return None
    end = match.end()
    if "(" in text[position : match.start("ht") if match["ht"] else match.start("ttc")]:
        if text[end : end + 1] != ")":
            return None
        end += 1
    return ("HT" if match["ht"] else "TTC"), end


_AFTERWARDS: Final[dict[str, Qualifier]] = {
    "environ": "about", "au maximum": "at_most", "maximum": "at_most", "au plus": "at_most",
    "au minimum": "at_least", "minimum": "at_least", "au moins": "at_least",
}  # fmt: skip


def _after(text: str, position: int, stop: int) -> tuple[Qualifier, int] | None:
    """« environ », « au maximum » after a figure."""
    if text[position : position + 3].lstrip(_SPACES)[:1] not in _AFTER_HEADS:
        return None
    match = _afterwards().match(text, position, stop)
    if match is None:
        return None
    return _AFTERWARDS[" ".join(match["words"].lower().split())], match.end()


# Words just before a figure that loosen it. Accents lost by a publisher (« prés », « pres », U+FFFD) are the same
# words. Where one ends with another, the longer comes first.
_QUALIFIERS: Final[dict[str, Qualifier]] = {
    "pas plus de": "at_most", "pas moins de": "at_least", "no more than": "at_most", "not more than": "at_most",
    "no less than": "at_least", "not less than": "at_least", "plus de": "above", "plus d'": "above",
    "moins de": "below", "moins d'": "below", "more than": "above", "less than": "below", "au moins": "at_least",
    "au minimum": "at_least", "at least": "at_least", "au plus": "at_most", "au maximum": "at_most",
    "at most": "at_most", "jusqu'à": "at_most", "jusqu'a": "at_most", "up to": "at_most",
    "environ": "about", "près de": "about", "prés de": "about", "pres de": "about", "pr\ufffds de": "about",
    "près d'": "about", "presque": "about", "quelques": "about", "quelque": "about", "autour de": "about",
    "de l'ordre de": "about", "à peu près": "about", "approximativement": "about", "approchant": "about",
    "avoisinant": "about", "about": "about", "around": "about", "approximately": "about", "nearly": "about",
    "almost": "about", "~": "about", "≈": "about", "≃": "about", ">=": "at_least", "<=": "at_most",
    "≥": "at_least", "≤": "at_most", ">": "above", "<": "below",
}  # fmt: skip
_ENDINGS: Final = tuple(_QUALIFIERS)
_LAST_TWO: Final = frozenset(words[-2:].replace("'", mark) for words in _ENDINGS for mark in "'\u2019")
_SIGNS_ABOUT: Final = frozenset(words for words in _ENDINGS if len(words) == 1)
_WIDEST: Final = max(map(len, _ENDINGS)) + 3
# Small letters, ordinary spaces and straight apostrophes, one character for one: places stay what they are.
_FLAT: Final = str.maketrans(
    {
        "\n": " ",
        "\u2019": "'",
        **dict.fromkeys(_SPACES, " "),
        **{capital: capital.lower() for capital in "ABCDEFGHIJKLMNOPQRSTUVWXYZÀÉÈ"},
    }
)


def _before(text: str, start: int) -> Qualifier | None:
    """The loosening words that end just before ``start``."""
    flat = text[max(0, start - _WIDEST) : start].rstrip()
    if flat[-2:].lower() not in _LAST_TWO and flat[-1:] not in _SIGNS_ABOUT:
        return None
    flat = flat.translate(_FLAT)
    if not flat.endswith(_ENDINGS):
        return None
    for words, qualifier in _QUALIFIERS.items():
        if flat.endswith(words):
            rest = flat[: -len(words)]
            if not (words[0].isalpha() and rest and rest[-1].isalpha()):
                return qualifier
    return None


Reading = tuple[int, int]
"""(n, decimals) of a numeral without its sign."""


def _readings(numeral: re.Match[str]) -> tuple[Reading, ...]:
    """The readings of one grammatical numeral, the likelier in a French act first; none when its marks disagree.

    A mark before three last digits, and no other sign of what it is, may group thousands or begin decimals.
    """
    written = numeral.group()
    match numeral.lastgroup:
        case "plain":
            return ((int(written), 0),)
        case "dec":
            whole, decimals = numeral["plain"], numeral["dec"]
            return ((int(whole + decimals), len(decimals)),)
        case "group":
            return _grouped(written, None, None)
        case "gdec":
            return _grouped(numeral["group"], numeral["gmark"], numeral["gdec"])
        case "comma":
            whole = written.replace(",", "")
            if written[0] == "0":
                # « 0,567 »: no thousands begin with a zero, so this comma begins decimals.
                return ((int(whole), 3),) if len(written) == 5 else ()
            return ((int(whole), 0),) if written.count(",") > 1 else ((int(whole), 0), (int(whole), 3))
        case "cdec":
            decimals = numeral["cdec"]
            return () if written[0] == "0" else ((int(numeral["comma"].replace(",", "") + decimals), len(decimals)),)
    decimals = numeral["qdec"] or ""
    whole = numeral["quote"].replace("'", "").replace("\u2019", "")
    return () if written[0] == "0" else ((int(whole + decimals), len(decimals)),)


def _grouped(group: str, mark: str | None, decimals: str | None) -> tuple[Reading, ...]:
    """Thousands by spaces or points, or both: « 1 329 243 », « 1.329.243 », « 1.329 243 »."""
    points = group.count(".")
    whole = "".join(filter(_ASCII_DIGITS.__contains__, group))
    if group[0] == "0":
        return ((int(whole), 3),) if mark is None and len(group) == 5 and group[1] == "." else ()
    if decimals is not None:
        return () if mark == "." and points else ((int(whole + decimals), len(decimals)),)
    if points == 1 and group[-4] == ".":
        return (int(whole), 0), (int(whole), 3)
    return ((int(whole), 0),)


def _ranked(readings: tuple[Reading, ...], unit: _Unit, numeral: str) -> tuple[Reading, ...]:
    """Thousands of millions are rare: « 12,345 M€ » and « 12,345 k€ » are first read with decimals."""
    scaled = unit.kind != "rate" and unit.exponent
    if scaled and (scaled != 3 or "," in numeral):
        return readings[::-1]
    return readings


# -- numbers that are already numbers -------------------------------------------------------------------------------


def amount_of(value: int | Decimal, *, currency: str | None = None, place: Place | None = None) -> Amount:
    """An exact amount from a number: ``Decimal('70000.00')`` keeps its two decimals. Floats and NaN are refused."""
    n, decimals = _scaled(value)
    return Amount(n=n, decimals=decimals, text=str(value), place=place, currency=currency)


def percentage_of(value: int | Decimal, *, place: Place | None = None) -> Percentage:
    """A percentage printed with the decimals of ``value``."""
    n, decimals = _scaled(value)
    return Percentage(n=n, decimals=decimals, text=str(value), place=place)


def count_of(value: int | Decimal, *, noun: str | None = None, place: Place | None = None) -> Count:
    """A count from a number."""
    n, decimals = _scaled(value)
    return Count(n=n, decimals=decimals, text=str(value), place=place, noun=noun)


def _scaled(value: int | Decimal) -> Reading:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise TypeError(f"{value!r} is not exact: write it as text, an int or a Decimal")
    if isinstance(value, int):
        return value, 0
    sign, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        raise ValueError(f"{value} is not a number")
    if abs(exponent) + len(digits) > MAX_DIGITS:
        raise ValueError(f"{value} has more than {MAX_DIGITS} digits")
    n = int("".join(map(str, digits))) * 10 ** max(exponent, 0)
    return (-n if sign else n), max(-exponent, 0)


# -- whole texts ----------------------------------------------------------------------------------------------------


def _fail(text: str, position: int, reason: Message, expected: Message) -> NoReturn:
    raise NumeralError(text, position, reason, expected)


_SIGNS: Final = frozenset(_MINUS + "+")
_LOOKALIKES: Final = "OoIlSBQ"
"""Letters that stand for digits after a bad scan or a slip of the keyboard."""


def _complain(text: str, position: int, expected: Message) -> NoReturn:
    """Says why ``text`` cannot be read from ``position`` on."""
    while position < len(text) and text[position].isspace():
        position += 1
    if position == len(text):
        _fail(text, 0 if text.isspace() else position, NOT_A_NUMBER if text.strip() else EMPTY, expected)
    char, before, following = text[position], text[position - 1 : position], text[position + 1 : position + 2]
    chunk = text[position : position + 20].split()[0]
    if char in _ASCII_DIGITS:
        for offset, letter in enumerate(chunk):
            if letter in _LOOKALIKES:
                _fail(text, position + offset, LETTER_FOR_DIGIT.having(letter=letter), expected)
            if letter not in _ASCII_DIGITS:
                break
        decimals = re.search(r"[.,]([0-9]++)\Z", text[:position].rstrip())
        broken = decimals is not None and len(decimals[1]) != 3
        _fail(text, position, BROKEN_DECIMALS if broken else BROKEN_GROUP, expected)
    if char.isnumeric():
        _fail(text, position, OTHER_SCRIPT.having(letter=char), expected)
    after_digit = before != "" and before in _ASCII_DIGITS
    if after_digit and char in _LOOKALIKES:
        _fail(text, position, LETTER_FOR_DIGIT.having(letter=char), expected)
    if after_digit and char in "eE" and following and following in "+-0123456789":
        _fail(text, position, SCIENTIFIC, expected)
    if char == "_":
        _fail(text, position, UNDERSCORE, expected)
    if char in ".,":
        if following and following in ".,":
            _fail(text, position + 1, DOUBLED_SEPARATOR, expected)
        if re.compile(r"[.,]\s+[0-9]").match(text, position):
            _fail(text, position + 1, SPACE_IN_NUMBER, expected)
        if following.isdigit():
            if before.isspace() and text[:position].rstrip().endswith(tuple(_ASCII_DIGITS)):
                _fail(text, position - 1, SPACE_IN_NUMBER, expected)
            _fail(text, position, MIXED_SEPARATORS if after_digit else NO_WHOLE, expected)
    numbers = _runs().finditer(text)
    if next(numbers, None) is None:
        _fail(text, position, NOT_A_NUMBER, expected)
    second = next(numbers, None)
    if second is not None:
        _fail(text, second.start(), TWO_FIGURES, expected)
    _fail(text, position, LEFT_OVER.having(rest=chunk), expected)


class _Lead(NamedTuple):
    """What stands before the digits of a whole text."""

    qualifier: Qualifier | None
    tax: Tax | None
    opened: bool
    negative: bool
    currency: str | None
    exponent: int


_LEAD_TAXES: Final[tuple[tuple[str, Tax], ...]] = (("h.t.", "HT"), ("ht", "HT"), ("t.t.c.", "TTC"), ("ttc", "TTC"))
_LONGEST_FIRST: Final = tuple(sorted(_QUALIFIERS, key=len, reverse=True))


def _lead(text: str, end: int, expected: Message) -> _Lead:
    """Reads ``text[:end]``, which holds no digit: « environ », « HT : », a bracket, a sign, a currency."""
    rest = text[:end].translate(_FLAT).lstrip()
    qualifier: Qualifier | None = None
    tax: Tax | None = None
    currency: str | None = None
    exponent = 0
    opened = negative = signed = False
    for words in _LONGEST_FIRST:
        if rest.startswith(words):
            after = rest[len(words) :]
            if not (after and words[-1].isalpha() and after[0].isalpha()):
                qualifier, rest = _QUALIFIERS[words], after.lstrip()
                break
    for name, kind in _LEAD_TAXES:
        if rest.startswith(name) and not rest[len(name) : len(name) + 1].isalpha():
            tax, rest = kind, rest[len(name) :].lstrip().removeprefix(":").lstrip()
            break
    while rest:
        if rest[0] == "(" and not (opened or signed or currency):
            opened, rest = True, rest[1:].lstrip()
        elif rest[0] in _SIGNS:
            if signed or opened:
                _fail(text, end - len(rest), DOUBLED_SIGN, expected)
            signed, negative, rest = True, rest[0] != "+", rest[1:].lstrip()
        elif currency is None and rest[0] in "€$£":
            currency, rest = _CODES[rest[0]], rest[1:].lstrip()
        elif currency is None and rest[:3] in ("eur", "usd", "gbp", "chf", "frf") and not rest[3:4].isalpha():
            currency, rest = rest[:3].upper(), rest[3:].lstrip()
        elif currency is None and (scaled := re.match("(k|mds?|m)(€)", rest)) is not None:
            currency, exponent, rest = "EUR", _SYMBOLS[scaled[1]], rest[scaled.end() :].lstrip()
        else:
            _complain(text, end - len(rest), expected)
    return _Lead(qualifier, tax, opened, negative, currency, exponent)


class _Read(NamedTuple):
    readings: tuple[Reading, ...]
    unit: _Unit
    currency: str | None
    tax: Tax | None
    qualifier: Qualifier | None


def _read(text: str, expected: Message, wanted: Literal["amount", "rate", "count"]) -> _Read:
    """Reads a whole text, or says where and why it cannot be read; the readings carry their sign."""
    stop = len(text)
    first = _runs().search(text)
    if first is None:
        _complain(text, 0, expected)
    lead = _lead(text, first.start(), expected)
    numeral = _numerals().match(text, first.start())
    assert numeral is not None  # a run begins with a numeral
    start, position = numeral.span()
    if position - start > MAX_DIGITS:
        _fail(text, start, TOO_LONG.having(most=MAX_DIGITS), expected)
    readings = _readings(numeral)
    if not readings:
        _fail(text, start, MIXED_SEPARATORS, expected)
    unit, qualifier, tax = _NO_UNIT, lead.qualifier, lead.tax
    found = _unit_at(text, position, stop)
    if found is not None:
        unit = found[0]
        if (unit.kind == "rate") != (wanted == "rate") or (wanted == "count" and unit.currency is not None):
            written = text[position : found[1]].strip()
            _fail(text, position, WRONG_UNIT.having(unit=written), expected)
        compound = _compound(text, readings, unit, found[1], stop)
        if compound is not None:
            readings, unit, position = compound
        else:
            position = found[1]
        if unit.currency is not None and unit.exponent == 0 and len(readings) == 1 and readings[0][1] == 0:
            cents = _centimes().match(text, position)
            if cents is not None:
                readings = ((readings[0][0] * 100 + int(cents["named"] or cents["bare"]), 2),)
                position = cents.end()
    currency = unit.currency or lead.currency
    if lead.currency is not None:
        if wanted != "amount" or unit.currency not in (None, lead.currency):
            _fail(text, first.start(), WRONG_UNIT.having(unit=lead.currency), expected)
        if lead.exponent:
            if unit.exponent:
                _fail(text, numeral.end(), WRONG_UNIT.having(unit=text[numeral.end() : position].strip()), expected)
            unit = _Unit("amount", lead.currency, lead.exponent)
        elif found is None:
            unit, position = _scale_letter(text, position, stop)
    readings = _ranked(readings, unit, numeral.group())
    taxed = _tax_at(text, position, stop) if wanted == "amount" else None
    if taxed is not None:
        tax, position = taxed
    after = _after(text, position, stop)
    if after is not None:
        qualifier, position = after
    negative = lead.negative
    rest = text[position:].lstrip()
    if lead.opened:
        if not rest:
            _fail(text, stop, NOT_CLOSED, expected)
        if rest[0] != ")":
            _complain(text, position, expected)
        negative, rest = True, rest[1:].lstrip()
        position = stop - len(rest)
    elif rest.rstrip() in ("-", "\u2212") and not negative:
        negative, rest = True, ""
    if rest and not (rest.rstrip() == "." and (found is not None or taxed is not None)):
        _complain(text, position, expected)
    if negative:
        readings = tuple((-n, decimals) for n, decimals in readings)
    return _Read(readings, unit, currency, tax, qualifier)


def _scale_letter(text: str, position: int, stop: int) -> tuple[_Unit, int]:
    """The letter of « €1.5m » or « £2bn »: only after a currency written first."""
    match = _scale_letters().match(text, position, stop)
    if match is None:
        return _NO_UNIT, position
    return _Unit("scale", None, _SYMBOLS[match[1].lower()]), match.end()


def _compound(
    text: str, readings: tuple[Reading, ...], unit: _Unit, position: int, stop: int
) -> tuple[tuple[Reading, ...], _Unit, int] | None:
    """« 3 millions 450 000 F » and « 2 milliards 500 millions d'euros »: one number in two parts."""
    if unit.kind != "scale" or len(readings) != 1 or readings[0][1] or text[position : position + 1] not in _SPACE_SET:
        return None
    run = _runs().match(text, position + 1, stop)
    if run is None:
        return None
    numeral = _numerals().match(text, position + 1, run.end())
    found = _unit_at(text, run.end(), stop)
    assert numeral is not None  # a run begins with a numeral
    if numeral.end() != run.end() or found is None or run.end() - run.start() > MAX_DIGITS:
        return None
    rest, second = _readings(numeral), found[0]
    if len(rest) != 1 or second.currency is None or second.exponent >= unit.exponent:
        return None
    n, decimals = rest[0]
    if n * 10**second.exponent >= 10 ** (unit.exponent + decimals):
        return None
    head = readings[0][0] * 10 ** (unit.exponent - second.exponent + decimals)
    return ((head + n, decimals),), second, found[1]


_SPACE_SET: Final = frozenset(_SPACES)


def _tell(text: str, readings: tuple[Figure, ...], expected: Message) -> NoReturn:
    start = next(index for index, char in enumerate(text) if char in _ASCII_DIGITS)
    reason = TWO_READINGS.having(text=text.strip(), first=readings[0].value, second=readings[1].value)
    raise AmbiguousNumeral(text, start, reason, expected, readings)


def _simple(text: str) -> tuple[Reading, str | None] | None:
    """The common forms, quickly: (n and decimals, unit), or ``None`` when the whole grammar must look."""
    match = _SIMPLE.fullmatch(text)
    if match is None:
        return None
    minus, plain, spaced, mark, decimals, unit = match.groups()
    if spaced is not None:
        plain = spaced.replace(" ", "").replace("\u00a0", "").replace("\u202f", "")
        if mark == "." and len(decimals) == 3:
            return None  # « 1 234.567 »: a point may group too
    elif mark is not None and len(decimals) == 3 and len(plain) <= 3:
        return None  # « 74.567 »
    if decimals is None:
        n, places = int(plain), 0
    else:
        n, places = int(plain + decimals), len(decimals)
    return (-n if minus else n, places), unit


def parse_amount(text: str, *, currency: str | None = None, place: Place | None = None) -> Amount:
    """The amount that ``text`` is, whole: ``1 329 243,50 euros``, ``10 M€``, ``(1 234)``, ``12500.10``.

    ``currency`` is what stands when none is written (a column header). Raises ``NumeralError`` with the position
    and the reason, and ``AmbiguousNumeral`` with the readings for ``12,500`` or ``74.567``.
    """
    simple = _simple(text)
    if simple is not None and simple[1] != "%":
        (n, decimals), unit = simple
        written = currency if unit is None else "FRF" if unit == "F" else "EUR"
        return Amount(n=n, decimals=decimals, text=text, place=place, currency=written)
    read = _read(text, EXPECTED_AMOUNT, "amount")
    readings = tuple(
        Amount(
            n=n,
            decimals=decimals,
            exponent=read.unit.exponent,
            qualifier=read.qualifier,
            text=text,
            place=place,
            currency=read.currency or currency,
            tax=read.tax,
        )
        for n, decimals in read.readings
    )
    if len(readings) > 1:
        _tell(text, readings, EXPECTED_AMOUNT)
    return readings[0]


def parse_percentage(text: str, *, place: Place | None = None) -> Percentage:
    """The percentage that ``text`` is, whole, with or without its sign: ``5,27 %``, ``5.27``, ``20 pour cent``.

    A mark before three last digits begins decimals here (``33,333 %``): nobody groups the thousands of a rate.
    """
    simple = _simple(text)
    if simple is not None and simple[1] in (None, "%"):
        n, decimals = simple[0]
        return Percentage(n=n, decimals=decimals, text=text, place=place)
    read = _read(text, EXPECTED_PERCENTAGE, "rate")
    n, decimals = read.readings[-1]
    return Percentage(
        n=n, decimals=decimals, exponent=read.unit.exponent, qualifier=read.qualifier, text=text, place=place
    )


def parse_count(text: str, *, place: Place | None = None) -> Count:
    """The number of things that ``text`` is, whole: ``12``, ``1 250``, ``2,5``. Raises as ``parse_amount`` does."""
    simple = _simple(text)
    if simple is not None and simple[1] is None:
        n, decimals = simple[0]
        return Count(n=n, decimals=decimals, text=text, place=place)
    read = _read(text, EXPECTED_COUNT, "count")
    readings = tuple(
        Count(n=n, decimals=decimals, exponent=read.unit.exponent, qualifier=read.qualifier, text=text, place=place)
        for n, decimals in read.readings
    )
    if len(readings) > 1:
        _tell(text, readings, EXPECTED_COUNT)
    return readings[0]


# -- running text ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Found:
    """A figure found in running text: ``text[start:end]`` is the numeral with its sign and its unit.

    Three warnings, each of which means that the figure may support a claim but never by itself break one:

    ``ambiguous_readings`` holds every reading when there are several (``figure`` is the first): ``74.567 €``, a dash
    that may be a minus or a bullet, ``33 6 225 000 F``. ``repaired`` says what was put right when the numeral is
    damaged (``300. 000 €``). ``ranged`` is true for both ends of a range (``de 10 000 à 12 000 €``).
    """

    start: int
    end: int
    figure: Figure
    ambiguous_readings: tuple[Figure, ...] = ()
    repaired: Message | None = None
    ranged: bool = False


class _Numeral(NamedTuple):
    start: int
    end: int
    readings: tuple[Reading, ...]


@cache
def _glued_before() -> re.Pattern[str]:
    return re.compile(
        rf"(?:(?P<name>[{_LETTER}_@#°§])|(?P<joined>[{_LETTER}0-9][-\u2013\u2010\u2011/.+\u00d7*]|[0-9][:,'\u2019]|[0-9]))\Z"
    )


_APART: Final = frozenset(_SPACES + '\n\r\t()[]|;"«»“”=<>')
"""Characters that nothing before a number is glued by."""


@cache
def _thousands_after() -> re.Pattern[str]:
    """A group of thousands that goes on a number."""
    return re.compile(rf"[{_SPACES}.][0-9]{{3}}(?![0-9])")


@cache
def _grouped_before() -> re.Pattern[str]:
    """Behind a group of thousands and one sign: « 10 000-»."""
    return re.compile(rf"(?<=[0-9]{_SP}[0-9]{{3}}[^0-9])")


@cache
def _glued_after() -> re.Pattern[str]:
    return re.compile(rf"[{_LETTER}_@°²³]|[-\u2013\u2010\u2011/:+'\u2019\u00d7*.][{_LETTER}0-9]")


@cache
def _listed() -> re.Pattern[str]:
    """Decimals that are not: « 2018,32 400,00 » is a year and an amount, as in a line of CSV."""
    return re.compile(rf"[0-9]{{5,}}+|[0-9]{{1,3}}(?>(?:{_SP}[0-9]{{3}}(?![0-9]))+)")


@cache
def _cut_groups() -> re.Pattern[str]:
    return re.compile(rf"(?P<groups>(?>(?:\.{_SP}[0-9]{{3}}(?![0-9])){{1,4}}))(?>(?:,(?P<dec>[0-9]{{1,2}})(?![0-9]))?)")


@cache
def _cut_decimals() -> re.Pattern[str]:
    return re.compile(
        rf"(?:,{_SP}(?P<after>[0-9]{{2}})|{_SP},(?P<before>[0-9]{{2}})|{_SP},{_SP}(?P<both>[0-9]{{2}}))(?![0-9])"
    )


@cache
def _first_group() -> re.Pattern[str]:
    return re.compile("[0-9]{1,3}(?![0-9,'\u2019])")


@cache
def _misread() -> re.Pattern[str]:
    return re.compile(
        rf"(?P<whole>[0-9][0-9OoIl]{{0,2}}+(?>(?:[{_SPACES}.][0-9OoIl]{{3}}){{0,4}}))(?>(?:,(?P<dec>[0-9OoIl]{{2}}))?)"
        rf"(?![{_LETTER}0-9])"
    )


_LETTERS_READ: Final = frozenset("OoIl")
_AS_DIGITS: Final = str.maketrans("OoIl", "0011")


@cache
def _halves() -> re.Pattern[str]:
    return re.compile(rf"{_SP}(?:et{_SP}demie?|and{_SP}a{_SP}half)(?![{_LETTER}])")


@cache
def _range_join() -> re.Pattern[str]:
    return re.compile(rf"{_SP}(?:à|a|to|(?P<and>et|and)){_SP}(?=[0-9])")


@cache
def _between() -> re.Pattern[str]:
    return re.compile(rf"(?<![{_LETTER}])(?ai:entre|between)[{_SPACES}\n]{{1,2}}\Z")


@cache
def _lead_currency() -> re.Pattern[str]:
    return re.compile(
        rf"(?:(?<![{_LETTER}])(?P<scale>[kK]|[mM](?:[dD][sS]?)?)?(?P<sign>[€$£])"
        rf"|(?<![{_LETTER}])(?P<code>EUR|USD|GBP|CHF|FRF)){_SP}?\Z"
    )


@cache
def _lead_tax() -> re.Pattern[str]:
    return re.compile(rf"(?<![{_LETTER}])(?:(?P<ht>H\.?T\.?)|(?P<ttc>T\.?T\.?C\.?)){_SP}?:?{_SP}?\Z")


def find_figures(text: str, start: int = 0, end: int | None = None) -> Iterator[Found]:
    """The numbers of running text, in order, each with its unit: one pass, linear in the length of the text.

    Bare numbers are ``Count`` figures, sums of money ``Amount``, rates ``Percentage``. Numbers glued to letters or
    joined to others (``B320``, ``6574-313``, ``12/03/2026``, ``3e``), and those that begin with an idle zero
    (``011``), are no figures and are left out. A numeral begins at ``start`` at the earliest: a caller who knows
    that « Fonction 311 » is a code scans on from behind it, and « 311 340 000,00 F » is then 340 000,00 F.
    """
    stop = len(text) if end is None else min(end, len(text))
    return _Scan(text, max(start, 0), stop).figures()


_OPENING: Final = frozenset(_SPACES + "\n\r\t([{|=:;,/\"'«“\u2019")
"""What may stand right before a minus."""


class _Scan:
    """One pass over one text."""

    __slots__ = ("begin", "floor", "original", "position", "range_end", "stop", "text")

    def __init__(self, text: str, start: int, stop: int) -> None:
        self.original = text
        if "\ufffd" in text:
            # A lost no-break space between thousands. One character for another: places stay what they are.
            text = re.sub("(?<=[0-9])\ufffd(?=[0-9]{3}(?![0-9]))", "\u00a0", text)
        self.text = text
        self.stop = stop
        self.position = self.begin = start
        self.floor = start  # nothing before this place belongs to a figure still to come
        self.range_end: int | None = None  # where the second end of an open range must begin

    def figures(self) -> Iterator[Found]:
        search = _runs().search
        text, stop = self.text, self.stop
        while True:
            run = search(text, self.position, stop)
            if run is None:
                return
            first, last = run.span()
            self.position = last
            yield from self.run(first, last)

    def run(self, first: int, last: int) -> list[Found]:
        """The figures of one run of digits. Only its last numeral can have a unit: a unit ends a run."""
        text = self.text
        numerals = self.split(first, last)
        unit = _unit_at(text, last, self.stop)
        repaired = False
        if first and text[first - 1] not in _APART:
            glued = _glued_before().search(text, max(0, first - 2), first)
            if glued is not None and not self.introduced(first):
                left = self.unglued(numerals, glued, unit is not None)
                if left is None:
                    return []
                numerals, repaired = left
        final = numerals[-1]
        if text[last : last + 1] in _LETTERS_READ:
            misread = self.misread(numerals)
            if misread is not None:
                return [misread]
        alternatives: tuple[_Numeral, ...] = ()
        several = len(numerals) > 1
        if several and unit is not None and unit[0].currency is not None:
            mended = self.mended(numerals)
            if mended is not None:
                numerals, final, repaired = mended[0], mended[1], True
            else:
                alternatives = self.broken_groups(numerals)
        figures: list[Found] = []
        crowded = several and self.crowded(numerals)
        if several and not crowded:
            figures.extend(found for found in map(self.bare, numerals[:-1]) if found is not None)
        if unit is None:
            cut = self.cut(final)
            if cut is not None:
                figures.append(cut)
                return figures
        found = self.last(final, unit, alternatives, repaired, crowded)
        if found is not None:
            figures.append(found)
        return figures

    # -- the numerals of a run ------------------------------------------------------------------------------------

    def split(self, first: int, last: int) -> list[_Numeral]:
        """Cuts a run into numerals; those whose marks disagree, or that are too long, have no reading."""
        text = self.text
        match = _numerals().match
        numerals = []
        at = first
        written = text[first:last]
        if written.isdigit():
            return [_Numeral(first, last, ((int(written), 0),) if last - first <= MAX_DIGITS else ())]
        while at < last:
            numeral = match(text, at, last)
            assert numeral is not None  # every piece of a run begins with a digit
            end = numeral.end()
            long = end - at > MAX_DIGITS
            if numeral["mark"] == "," and self.is_listed(numeral, at, end, last):
                end = numeral.end("plain")
                readings: tuple[Reading, ...] = () if long else ((int(numeral["plain"]), 0),)
            elif end < last and text[end] not in _SPACE_SET:
                # Marks go on after the numeral (« 12.03.2026 »): the whole of it is none.
                while end < last and text[end] not in _SPACE_SET:
                    end += 1
                readings = ()
            else:
                readings = () if long else _readings(numeral)
            numerals.append(_Numeral(at, end, readings))
            at = end + 1
        return numerals

    def is_listed(self, numeral: re.Match[str], at: int, end: int, last: int) -> bool:
        """True when the comma of « 2018,32 400,00 » or « 2018,22680 € » stands between two numbers."""
        begin = numeral.start("dec")
        listed = _listed().match(self.text, begin, last)
        return (
            listed is not None
            and begin - 1 - at > 3
            and (listed.end() > end or _unit_at(self.text, last, self.stop) is not None)
        )

    def idle(self, numeral: _Numeral) -> bool:
        """True for « 011 » and « 00 »: codes and clock times, never figures."""
        return self.text[numeral.start] == "0" and self.text[numeral.start + 1 : numeral.start + 2].isdigit()

    def crowded(self, numerals: list[_Numeral]) -> bool:
        """True for the runs of telephones, accounts and identifiers: « 05 00 00 12 34 », « 3000 1007 9412 »."""
        text = self.text
        if any(self.idle(numeral) for numeral in numerals):
            return True
        return len(numerals) > 2 and all(text[numeral.start : numeral.end].isdigit() for numeral in numerals)

    def introduced(self, first: int) -> bool:
        """True when a currency stands right before: « EUR70,000 »."""
        return self.text[first - 1] in "RDPFr" and self.lead_currency(first) is not None

    def lead_currency(self, first: int) -> re.Match[str] | None:
        return _lead_currency().search(self.text, max(self.floor, first - 5), first)

    def unglued(
        self, numerals: list[_Numeral], glued: re.Match[str], has_unit: bool
    ) -> tuple[list[_Numeral], bool] | None:
        """Takes away the digits that belong to what stands before them (« CT1 50 000 € », « 6574-313 150 000 F »).

        Gives the numerals that are left, if any, and whether a lost space had to be put back.
        """
        text = self.text
        head = numerals[0]
        if len(numerals) > 1:
            return numerals[1:], False
        if not has_unit:
            return None
        joined = glued["joined"]
        if joined is not None:
            if joined.endswith(".") or _grouped_before().match(text, head.start):
                return numerals, False  # « env.40 000 € », « 10 000-12 000 € »
        elif text[head.start - 1].islower() or head.start == self.floor > self.begin:
            return numerals, True  # « de40 000 € », « 9 999 F21 600 F »: a lost space
        space = next((i for i in range(head.start, head.end) if text[i] in _SPACE_SET), None)
        rest = [] if space is None else self.split(space + 1, head.end)
        if rest and not self.idle(rest[0]):
            return rest, False
        return None if joined is None else (numerals, False)

    def mended(self, numerals: list[_Numeral]) -> tuple[list[_Numeral], _Numeral] | None:
        """« 168.50 0 euros »: a group of thousands cut in two."""
        text = self.text
        final = numerals[-1]
        tail = text[final.start : final.end]
        if not tail.isdigit():
            return None
        previous = numerals[-2]
        head = text[previous.start : previous.end]
        match = re.fullmatch(r"([1-9][0-9]{0,2}(?:\.[0-9]{3}){0,3})\.([0-9]{1,2})", head)
        if match is None or len(match[2]) + len(tail) != 3:
            return None
        whole = _Numeral(previous.start, final.end, ((int(head.replace(".", "") + tail), 0),))
        return [*numerals[:-2], whole], whole

    def broken_groups(self, numerals: list[_Numeral]) -> tuple[_Numeral, ...]:
        """« 33 6 225 000 F »: a code and an amount, or 336 225 000 F with a space too many."""
        text = self.text
        previous, final = numerals[-2], numerals[-1]
        lead = text[previous.start : previous.end]
        head = _first_group().match(text, final.start, final.end)
        if head is None or lead[0] == "0" or len(lead) + len(head[0]) > 3:
            return ()
        digits = lead + "".join(filter(_ASCII_DIGITS.__contains__, text[final.start : final.end]))
        if head.end() == final.end:
            return ()
        return (_Numeral(previous.start, final.end, tuple((int(digits), d) for _, d in final.readings)),)

    def misread(self, numerals: list[_Numeral]) -> Found | None:
        """« 12 5OO € »: letters where digits should be, as after a bad scan."""
        for numeral in numerals:
            match = _misread().match(self.text, numeral.start, self.stop)
            if match is None:
                continue
            unit = _unit_at(self.text, match.end(), self.stop)
            if unit is None or unit[0].currency is None:
                continue
            digits = "".join(filter(_ASCII_DIGITS.__contains__, match["whole"].translate(_AS_DIGITS)))
            decimals = (match["dec"] or "").translate(_AS_DIGITS)
            joined = _Numeral(numeral.start, match.end(), ((int(digits + decimals), len(decimals)),))
            return self.last(joined, unit, (), True, False)
        return None

    def cut(self, numeral: _Numeral) -> Found | None:
        """« 300. 000 € » and « 70 000, 00 euros »: a conversion put a space beside the mark."""
        text, stop = self.text, self.stop
        ahead = text[numeral.end : numeral.end + 2]
        if len(ahead) < 2 or not (ahead[0] in ".," or ahead[1] == ","):
            return None
        if len(numeral.readings) != 1 or numeral.readings[0][1]:
            return None
        written = text[numeral.start : numeral.end]
        grouped = not written.isdigit()
        if not grouped and len(written) > 3 and ahead[0] == ".":
            return None
        whole = numeral.readings[0][0]
        alone: tuple[Reading, ...] = ()
        match = _cut_groups().match(text, numeral.end, stop)
        if match is not None:
            groups = "".join(filter(_ASCII_DIGITS.__contains__, match["groups"]))
            decimals = match["dec"] or ""
            reading = (int(str(whole) + groups + decimals), len(decimals))
            if len(groups) == 3 and groups[0] != "0":
                alone = ((int(groups + decimals), len(decimals)),)
        else:
            match = _cut_decimals().match(text, numeral.end, stop)
            if match is None:
                return None
            decimals = match["after"] or match["before"] or match["both"]
            reading = (whole * 100 + int(decimals), 2)
            if match["before"] is None and decimals[0] != "0":
                if match["after"] is not None and not grouped:
                    return None  # « en 2016, 50 euros »
                alone = ((int(decimals), 0),)
        unit = _unit_at(text, match.end(), stop)
        if unit is None or unit[0].currency is None or unit[0].exponent:
            return None
        joined = _Numeral(numeral.start, match.end(), (reading, *alone))
        return self.last(joined, unit, (), True, False)

    # -- one figure -----------------------------------------------------------------------------------------------

    def bare(self, numeral: _Numeral) -> Found | None:
        """A number without a unit, before others of its run."""
        if not numeral.readings or self.idle(numeral):
            return None
        return self.make(numeral.start, numeral.end, numeral.readings, _NO_UNIT, None, None, None, False)

    def last(
        self,
        numeral: _Numeral,
        found: tuple[_Unit, int] | None,
        alternatives: tuple[_Numeral, ...],
        repaired: bool,
        crowded: bool,
    ) -> Found | None:
        """The last number of a run, with whatever unit, currency, tax and cents stand beside it."""
        text, stop = self.text, self.stop
        start, end, readings = numeral
        if not readings:
            return None
        unit = _NO_UNIT
        currency: str | None = None
        if found is not None:
            unit, end = found
            currency = unit.currency
            if unit.kind == "scale":
                compound = _compound(text, readings, unit, end, stop)
                if compound is not None:
                    readings, unit, end = compound
                    currency = unit.currency
                elif _halves().match(text, end, stop):
                    return None  # « 3 millions et demi d'euros »
        near = text[start - 1 : start]
        if near in _SPACE_SET:
            near = text[start - 2 : start - 1]
        if currency is None and near in "€$£RDPF" and unit.kind != "rate":
            lead = self.lead_currency(start)
            if lead is not None:
                currency = lead["code"] or _CODES[lead["sign"]]
                start = lead.start()
                if lead["scale"]:
                    unit = _Unit("amount", currency, _SYMBOLS[lead["scale"].lower()])
                elif found is None:
                    unit, end = _scale_letter(text, end, stop)
        tax: Tax | None = None
        if unit.kind != "rate":
            taxed = _tax_at(text, end, stop)
            if taxed is not None:
                tax, end = taxed
        if tax is None and near in "TC.:" + _SPACES and unit.kind != "rate":
            lead = _lead_tax().search(text, max(self.floor, start - 9), start)
            if lead is not None:
                tax = "HT" if lead["ht"] else "TTC"
        if currency is None and tax is None and unit is _NO_UNIT:
            if crowded or self.idle(numeral) or _glued_after().match(text, end, stop) or readings[0][1] > 6:
                return None
        elif self.idle(numeral):
            return None
        elif currency is not None and unit.exponent == 0 and len(readings) == 1 and readings[0][1] == 0 and tax is None:
            cents = self.cents(end)
            if cents is not None:
                readings, end = ((readings[0][0] * 100 + cents[0], 2),), cents[1]
        readings = _ranked(readings, unit, text[numeral.start : numeral.end])
        for other in alternatives:
            readings = (*readings, *other.readings)
        return self.make(start, end, readings, unit, currency, tax, numeral, repaired)

    def cents(self, position: int) -> tuple[int, int] | None:
        """« 12 euros 50 centimes », « 12€50 »; in running text « 12 € 50 » may be two numbers and is left alone."""
        if self.text[position : position + 3].lstrip(_SPACES)[:1] not in _CENTS_HEADS:
            return None
        match = _centimes().match(self.text, position, self.stop)
        if match is None:
            return None
        if match["named"] is not None:
            return int(match["named"]), match.end()
        if match["gap"] or _unit_at(self.text, match.end(), self.stop) is not None:
            return None
        if _thousands_after().match(self.text, match.end(), self.stop) is not None:
            return None  # « 9 999 euros21 600 euros »: words were lost between two amounts
        return int(match["bare"]), match.end()

    def make(
        self,
        start: int,
        end: int,
        readings: tuple[Reading, ...],
        unit: _Unit,
        currency: str | None,
        tax: Tax | None,
        numeral: _Numeral | None,
        repaired: bool,
    ) -> Found:
        text = self.text
        money = currency is not None or tax is not None
        signs: tuple[int, ...] = (1,)
        if numeral is not None and start > self.floor:
            if text[start - 1] in _MINUS:
                signs, start = self.attached_sign(start, end, unit.kind == "rate")
            elif start > self.floor + 1 and text[start - 2] in _MINUS and text[start - 1] in _SPACE_SET:
                signs, start = self.detached_sign(start, end)
        ranged = False
        if numeral is not None:
            digits = numeral.start
            ranged = self.range_end == digits or self.hyphen_range(digits, unit)
            join = _range_join().match(text, end, self.stop) if text[end : end + 1] in _SPACE_SET else None
            if join is not None and self.opens_range(start, numeral, join, unit is _NO_UNIT and not money):
                self.range_end = join.end()
                ranged = True
        self.position = max(self.position, end)
        self.floor = end
        qualifier = _before(text, start)
        if qualifier is None:
            after = _after(text, end, self.stop)
            qualifier = after[0] if after is not None else None
        written = self.original[start:end]
        figures: list[Figure] = []
        if unit.kind == "rate" and written[1:2] != ".":
            readings = readings[-1:]  # « 1.250 % » may be 1250 %; « 33.333 % » and « 1,250 % » are decimals
        for sign in signs:
            for n, decimals in readings:
                if money:
                    figures.append(
                        Amount(
                            n=sign * n,
                            decimals=decimals,
                            exponent=unit.exponent,
                            qualifier=qualifier,
                            text=written,
                            currency=currency,
                            tax=tax,
                        )
                    )
                elif unit.kind == "rate":
                    figures.append(
                        Percentage(
                            n=sign * n, decimals=decimals, exponent=unit.exponent, qualifier=qualifier, text=written
                        )
                    )
                else:
                    figures.append(
                        Count(n=sign * n, decimals=decimals, exponent=unit.exponent, qualifier=qualifier, text=written)
                    )
        note = None
        if repaired or "\ufffd" in written:
            note = CUT_NUMBER.having(text=written, value=figures[0].value)
        return Found(start, end, figures[0], tuple(figures) if len(figures) > 1 else (), note, ranged)

    def opens_range(self, start: int, numeral: _Numeral, join: re.Match[str], plain: bool) -> bool:
        """« 10 000 à » before a digit, « entre 5 % et » before one; « en 2017 à 12 associations » opens none, and
        neither does « 5 000 F à 12 associations »."""
        if join["and"] is not None:
            return self.between(start)
        return plain and not self.is_year(numeral)

    def is_year(self, numeral: _Numeral) -> bool:
        written = self.text[numeral.start : numeral.end]
        return len(written) == 4 and written.isdigit() and written[:2] in ("19", "20")

    def between(self, start: int) -> bool:
        """True after « entre »."""
        return _between().search(self.text, max(0, start - 9), start) is not None

    def hyphen_range(self, start: int, unit: _Unit) -> bool:
        """True for the second end of « 20-25 % »."""
        return (
            unit is not _NO_UNIT
            and start > 1
            and self.text[start - 1] in _MINUS
            and self.text[start - 2] in "0123456789€%F"
        )

    # -- signs ----------------------------------------------------------------------------------------------------

    def context(self, sign: int) -> tuple[bool, str]:
        """Whether ``sign`` begins its line, and the last character before it that is no space."""
        before = self.text[max(0, sign - 200) : sign].rstrip(_SPACES)[-1:] or "\n"
        return before == "\n", before

    def alone(self, end: int) -> bool:
        """True when nothing follows in the line or the cell."""
        ahead = self.text[end : end + 40].lstrip(_SPACES)
        return not ahead or ahead[0] in "\n\r|\t;"

    def attached_sign(self, start: int, end: int, rate: bool) -> tuple[tuple[int, ...], int]:
        """« -5 », « –5 », « −5 »: minus, or a bullet or a dash that lost its space."""
        sign = start - 1
        char = self.text[sign]
        if sign > 0 and self.text[sign - 1] not in _OPENING:
            return (1,), start  # joined to what stands before: « 10 000 €-12 000 € », « --5 »
        if char == "\u2212":
            return (-1,), sign
        at_line_start, before = self.context(sign)
        if at_line_start:
            return ((-1,), sign) if self.alone(end) else ((1, -1), start)
        if rate or before in "=:(|\t;":
            return (-1,), sign
        return ((-1, 1), sign) if char == "-" else ((1, -1), start)

    def detached_sign(self, start: int, end: int) -> tuple[tuple[int, ...], int]:
        """« - 5 »: a minus where something calls for one, most often a bullet or a dash."""
        sign = start - 2
        char = self.text[sign]
        if char == "\u2212":
            return (-1,), sign
        at_line_start, before = self.context(sign)
        if at_line_start:
            return ((1, -1), start) if self.alone(end) else ((1,), start)
        if before in "=(|\t":
            return (-1,), sign
        called = self.text.endswith((" de ", " à ", "oit ", "est "), 0, sign)
        if before == ":" or called or (char == "-" and self.alone(end)):
            return (1, -1), start
        return (1,), start
