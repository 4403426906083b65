"""Numbers in words, both ways, French and English.

Reading accepts what acts really print: with hyphens or without, capitals, lost accents, ``soixante et dix huit``,
``CINQ CENT``, ``septante``, ``quinze cents``. It stays a grammar: ``deux trois`` is two numbers, not one, and is
refused. Writing gives one canonical spelling per variety.

An amount in words is exact: who writes « deux millions d'euros » in full commits to it, as on a cheque.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Final, Literal, NamedTuple, NoReturn

from subsidy_rules.figures import Amount, Tax
from subsidy_rules.frozen import dataclass
from subsidy_rules.numerals import AmbiguousNumeral, NumeralError
from subsidy_rules.place import Place
from subsidy_rules.wording import Language, Message

__all__ = [
    "LARGEST",
    "FoundWords",
    "Hyphens",
    "Variety",
    "amount_to_words",
    "find_number_words",
    "parse_amount_words",
    "parse_words",
    "to_words",
]

Variety = Literal["fr", "be", "ch"]
"""France: soixante-dix, quatre-vingts. Belgium: septante, quatre-vingts, nonante. Switzerland: huitante."""

Hyphens = Literal["traditional", "1990"]
"""Traditional: only inside numbers below a hundred, none beside « et ». 1990: between all the words of a number
(Conseil supérieur de la langue française, Journal officiel of 6 December 1990)."""

LARGEST: Final = 10**12
"""The largest number that ``to_words`` writes."""

EXPECTED_WORDS: Final = Message(
    fr="un nombre en toutes lettres, par exemple « mille deux cent dix »",
    en="a number in words, for example “one thousand two hundred and ten”",
)
EXPECTED_AMOUNT: Final = Message(
    fr="une somme en toutes lettres, par exemple « mille deux cent dix euros et quatorze centimes »",
    en="a sum in words, for example “one thousand two hundred and ten euros and fourteen cents”",
)
EMPTY: Final = Message(fr="le texte est vide", en="the text is empty")
NOT_A_NUMBER_WORD: Final = Message(fr="« {word} » n’est pas un nombre", en="“{word}” is not a number word")
NOT_CONTINUED: Final = Message(
    fr="« {word} » ne prolonge pas le nombre qui précède", en="“{word}” does not continue the number before it"
)
CENTS_OR_HUNDREDS: Final = Message(
    fr="« {text} » peut dire {first} (des centimes) ou {second} (des centaines)",
    en="“{text}” may mean {first} (cents) or {second} (hundreds)",
)

# -- the words ------------------------------------------------------------------------------------------------------

_FR_BELOW_17: Final = (
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix",
    "onze", "douze", "treize", "quatorze", "quinze", "seize",
)  # fmt: skip
_FR_TENS: Final = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante"}
_EN_BELOW_20: Final = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_EN_TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")

# word -> (kind, value). Kinds: u 1-9, z zero, t 10-16 (or 10-19), d tens, h hundred, k thousand, s larger scale,
# a conjunction, c currency, m the hundredth of a currency, o « de », n minus. Without accents.
_Entry = tuple[str, int]
_FR: Final[dict[str, _Entry]] = {
    "zero": ("z", 0), "un": ("u", 1), "une": ("u", 1), "deux": ("u", 2), "trois": ("u", 3), "quatre": ("u", 4),
    "cinq": ("u", 5), "six": ("u", 6), "sept": ("u", 7), "huit": ("u", 8), "neuf": ("u", 9),
    "dix": ("t", 10), "onze": ("t", 11), "douze": ("t", 12), "treize": ("t", 13), "quatorze": ("t", 14),
    "quinze": ("t", 15), "seize": ("t", 16), "dixsept": ("t", 17), "dixhuit": ("t", 18), "dixneuf": ("t", 19),
    "vingt": ("d", 20), "vingts": ("d", 20), "trente": ("d", 30), "quarante": ("d", 40), "cinquante": ("d", 50),
    "soixante": ("d", 60), "septante": ("d", 70), "huitante": ("d", 80), "octante": ("d", 80),
    "quatrevingt": ("d", 80), "quatrevingts": ("d", 80), "nonante": ("d", 90),
    "cent": ("h", 100), "cents": ("h", 100), "mille": ("k", 1000), "mil": ("k", 1000), "milles": ("k", 1000),
    "million": ("s", 10**6), "millions": ("s", 10**6), "milliard": ("s", 10**9), "milliards": ("s", 10**9),
    "billion": ("s", 10**12), "billions": ("s", 10**12),
}  # fmt: skip
_EN: Final[dict[str, _Entry]] = {
    **{word: ("z" if value == 0 else "u" if value < 10 else "t", value) for value, word in enumerate(_EN_BELOW_20)},
    **{word: ("d", 10 * value) for value, word in enumerate(_EN_TENS, start=2)},
    "fourty": ("d", 40), "a": ("u", 1), "an": ("u", 1), "hundred": ("h", 100), "thousand": ("k", 1000),
    "million": ("s", 10**6), "billion": ("s", 10**9), "trillion": ("s", 10**12),
    "hundreds": ("h", 100), "millions": ("s", 10**6), "billions": ("s", 10**9), "trillions": ("s", 10**12),
}  # fmt: skip
_LEXICON: Final[dict[Language, dict[str, _Entry]]] = {"fr": _FR, "en": _EN}
_AND: Final[dict[Language, str]] = {"fr": "et", "en": "and"}
_MINUS: Final[dict[Language, tuple[str, ...]]] = {"fr": ("moins",), "en": ("minus",)}
_CURRENCIES: Final = {"euro": "EUR", "euros": "EUR", "€": "EUR", "franc": "FRF", "francs": "FRF"}
_BESIDE_NUMBERS: Final = frozenset(("et", "and", "de", "d", "of", "pour", "per", "virgule", *_CURRENCIES))
_HUNDREDTHS: Final[dict[Language, frozenset[str]]] = {
    "fr": frozenset(("centime", "centimes", "cent", "cents", "cts", "ct")),
    "en": frozenset(("cent", "cents", "centime", "centimes")),
}

_LETTER: Final = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\ufffd"
_TOKEN: Final = re.compile(rf"[{_LETTER}]+|€")
_GAP: Final = re.compile(
    "(?:[ \t\n\r\u00a0\u2000-\u200a\u202f\u205f]++(?:[-\u2010\u2011][ \u00a0]?)?|[-\u2010\u2011][ \u00a0\n]?)"
)
_SPACE: Final = "[ \t\n\u00a0\u2000-\u200a\u202f\u205f]"
_ACCENTS: Final = str.maketrans("éèêëÉÈÊËàâÀÂîïôûùç\ufffd", "eeeeeeeeaaaaiiouuce")
# U+FFFD is an e: the only accent of a number word is that of « zéro ».


class _Word(NamedTuple):
    text: str
    start: int
    end: int


def _fold(word: str) -> str:
    return word.translate(_ACCENTS).lower()


def _words(text: str, start: int, end: int, lexicon: dict[str, _Entry] | None = None) -> tuple[list[_Word], int]:
    """The words from ``start`` on, joined by spaces or hyphens only, and where they stop.

    With a lexicon, they stop behind the first two in a row that have nothing to do with numbers.
    """
    words: list[_Word] = []
    at = start
    strangers = 0
    while True:
        token = _TOKEN.match(text, at, end)
        if token is None:
            return words, at
        word = _fold(token.group())
        words.append(_Word(word, token.start(), token.end()))
        at = token.end()
        if lexicon is not None:
            strangers = 0 if word in lexicon or word in _BESIDE_NUMBERS else strangers + 1
            if strangers == 2:
                return words, at
        # « d'euros »: the apostrophe belongs to its word.
        if at < end and text[at] in "'\u2019" and word == "d":
            at += 1
            continue
        gap = _GAP.match(text, at, end)
        if gap is None:
            return words, at
        at = gap.end()


# -- the grammar ----------------------------------------------------------------------------------------------------


class _Grammar:
    """A recursive descent over one list of words; every method takes an index and gives (value, next index)."""

    __slots__ = ("between", "conjunction", "language", "lexicon", "stops", "words")

    def __init__(self, words: list[_Word], language: Language) -> None:
        self.words = words
        self.language: Language = language
        self.lexicon = _LEXICON[language]
        self.conjunction = _AND[language]
        self.between = False  # « entre cent et deux cents »: the conjunction joins two numbers, not one
        # What may not come after a conjoined rest: « cent et deux mille » is two numbers in French.
        self.stops = "hks" if language == "fr" else "h"

    def entry(self, index: int) -> _Entry | None:
        return self.lexicon.get(self.words[index].text) if index < len(self.words) else None

    def _stops(self, index: int) -> bool:
        entry = self.entry(index)
        return entry is not None and entry[0] in self.stops

    def is_and(self, index: int) -> bool:
        return index < len(self.words) and self.words[index].text == self.conjunction

    def kind(self, index: int) -> str:
        entry = self.entry(index)
        return entry[0] if entry else ""

    def below_20(self, index: int) -> tuple[int, int] | None:
        """1 to 19; « dix sept » is two words."""
        entry = self.entry(index)
        if entry is None or entry[0] not in "ut":
            return None
        value = entry[1]
        if value == 10 and self.language == "fr":
            following = self.entry(index + 1)
            if following is not None and following[0] == "u" and following[1] >= 7:
                return 10 + following[1], index + 2
        return value, index + 1

    def below_100(self, index: int) -> tuple[int, int] | None:
        entry = self.entry(index)
        if entry is None:
            return None
        kind, value = entry
        if self.words[index].text == "quatre" and self.entry(index + 1) == ("d", 20):
            return self._tens(80, index + 2)
        if kind == "d":
            return self._tens(value, index + 1)
        return self.below_20(index)

    def _tens(self, tens: int, index: int) -> tuple[int, int]:
        after = index + 1 if self.language == "fr" and self.is_and(index) else index
        if self.language == "fr" and tens in (60, 80):
            rest = self.below_20(after)
        else:
            entry = self.entry(after)
            rest = (entry[1], after + 1) if entry is not None and entry[0] == "u" else None
            if rest is not None and self.words[after].text in ("a", "an"):
                rest = None
        if rest is None:
            return tens, index
        if after != index and 2 <= rest[0] <= 9 and self._stops(rest[1]):
            # « entre vingt et deux cents »: what follows « et » is another number.
            return tens, index
        return tens + rest[0], rest[1]

    def below_1000(self, index: int) -> tuple[int, int] | None:
        """0 to 999, and « quinze cents » (1500), « twelve hundred »."""
        if self.kind(index) == "h" and self.language == "fr":
            return self._rest(100, index + 1, 100)
        head = self.below_100(index)
        if head is None:
            return None
        value, after = head
        multiplies = 2 <= value <= 19 and value != 10 if self.language == "fr" else value % 10 != 0
        if self.kind(after) == "h" and multiplies:
            return self._rest(100 * value, after + 1, 100)
        return head

    def _rest(self, value: int, index: int, below: int) -> tuple[int, int]:
        """``value`` and what follows it, when that is a number smaller than ``below``."""
        joined = self.is_and(index)
        after = index + 1 if joined else index
        rest = self.below_100(after) if below == 100 else self.below_1000(after)
        if rest is None or rest[0] >= below:  # « mille quinze cents »
            return value, index
        if self.words[after].text in ("a", "an", "une") and rest[1] == after + 1:
            return value, index
        if joined and (self.between or self._stops(rest[1])):
            return value, index
        return value + rest[0], rest[1]

    def below_million(self, index: int) -> tuple[int, int] | None:
        if self.kind(index) == "k" and self.language == "fr":
            return self._rest(1000, index + 1, 1000)
        head = self.below_1000(index)
        if head is None:
            return None
        value, after = head
        if self.kind(after) == "k" and value < 1000:
            return self._rest(1000 * value, after + 1, 1000)
        return head

    def number(self, index: int) -> tuple[int, int] | None:
        """A whole number: larger scales in falling order, then what is below a million."""
        if self.kind(index) == "z":
            return 0, index + 1
        head = self.below_million(index)
        if head is None:
            return None
        value, after = head
        total, last = 0, 10**15
        while self.kind(after) == "s":
            scale = self._scale(after)
            if value * scale >= last:
                return None
            total += value * scale
            last = scale
            after += 1
            joined = self.is_and(after)
            follow = self.below_million(after + 1 if joined else after)
            if follow is None:
                return total, after
            if self.words[follow[1] - 1].text in ("a", "an", "une") and follow[0] == 1:
                return total, after
            if joined and (self.between or self._stops(follow[1])):
                return total, after
            value, at = follow
            if self.kind(at) == "s" and (self._scale(at) >= last or value * self._scale(at) >= last):
                return total, after
            after = at
        else:
            return total + value, after

    def _scale(self, index: int) -> int:
        return self.lexicon[self.words[index].text][1]

    def currency(self, index: int) -> tuple[str, int] | None:
        """« euros », « de francs », « d'euros »."""
        at = index
        if at < len(self.words) and self.words[at].text in ("de", "d", "of"):
            at += 1
        code = _CURRENCIES.get(self.words[at].text) if at < len(self.words) else None
        return None if code is None else (code, at + 1)

    def hundredths(self, index: int, *, unnamed: bool) -> tuple[int, int] | None:
        """« et quatorze cents », « cinquante centimes »; without the word when ``unnamed`` (« dix euros vingt »)."""
        at = index + 1 if self.is_and(index) else index
        head = (0, at + 1) if self.kind(at) == "z" else self.below_100(at)
        if head is None:
            return None
        value, after = head
        if after < len(self.words) and self.words[after].text in _HUNDREDTHS[self.language]:
            after += 1
            owner = self.currency(after)
            return value, owner[1] if owner is not None and self.words[after].text in ("de", "d", "of") else after
        return (value, after) if unnamed and value >= 10 else None


# -- what stands behind the words -----------------------------------------------------------------------------------


@cache
def _digit_cents() -> re.Pattern[str]:
    """« et 50 centimes », « , 50 cts » behind a sum in words; its unit may be « /100 », as on a cheque, or unsaid."""
    return re.compile(
        rf"(?:{_SPACE}{{1,3}}+(?:(?ai:et|and){_SPACE}{{1,3}}+)?|(?P<comma>,){_SPACE}{{0,3}}+)(?P<cents>[0-9]{{1,2}})"
        rf"(?:(?P<unit>/100|{_SPACE}?(?ai:centimes?|cents?|cts?)(?:{_SPACE}(?ai:d['\u2019]euros?))?)(?![{_LETTER}0-9/])"
        rf"|(?={_SPACE}?[()]))"
    )


@cache
def _tax_said() -> re.Pattern[str]:
    """« HT », « (toutes taxes comprises) », « including VAT » behind a sum in words."""
    return re.compile(
        rf"(?:,?{_SPACE}{{1,3}}+(?P<open>\()?|(?P<near>\())"
        rf"(?:(?P<ht>(?ai:HT|H\.{_SPACE}?T\.?|hors{_SPACE}taxes?|(?:excl(?:\.|uding)?|before){_SPACE}(?:VAT|tax)))"
        rf"|(?P<ttc>(?ai:TTC|T\.{_SPACE}?T\.{_SPACE}?C\.?|toutes{_SPACE}taxes{_SPACE}comprises"
        rf"|incl(?:\.|uding)?{_SPACE}(?:VAT|tax)|(?:VAT|tax){_SPACE}included)))"
        rf"(?![{_LETTER}0-9])(?(open)\))(?(near)\))"
    )


_COMMA: Final = re.compile(rf",{_SPACE}{{1,3}}+")
_CLOSED: Final = re.compile(rf"{_SPACE}?(?:\)|\([0-9][0-9., \u00a0\u202f]{{0,20}}+(?:€|EUR|F|(?ai:euro|franc)))")
"""A bracket that closes, or one that opens on the same sum in digits."""


def _tax_behind(text: str, at: int, stop: int) -> tuple[Tax, int] | None:
    match = _tax_said().match(text, at, stop)
    return None if match is None else ("HT" if match["ht"] else "TTC", match.end())


# -- reading --------------------------------------------------------------------------------------------------------


def _fail(text: str, position: int, reason: Message, expected: Message) -> NoReturn:
    raise NumeralError(text, position, reason, expected)


def _start(text: str, language: Language, expected: Message, end: int | None = None) -> tuple[_Grammar, int, bool]:
    """The grammar over the whole of ``text`` up to ``end``, the index after a minus, and whether there is one."""
    if not text.strip():
        _fail(text, 0, EMPTY, expected)
    first = len(text) - len(text.lstrip())
    words, stop = _words(text, first, len(text) if end is None else end)
    if text[stop:end].strip() or not words:
        word = text[stop:].split()[0][:20]
        _fail(text, stop, NOT_A_NUMBER_WORD.having(word=word), expected)
    if text[words[-1].end : stop].strip():
        _fail(text, words[-1].end, NOT_A_NUMBER_WORD.having(word=text[words[-1].end : stop].strip()), expected)
    grammar = _Grammar(words, language)
    negative = words[0].text in _MINUS[language]
    return grammar, 1 if negative else 0, negative


def _leftover(text: str, grammar: _Grammar, index: int, expected: Message) -> NoReturn:
    if index >= len(grammar.words):
        _fail(text, len(text), NOT_A_NUMBER_WORD.having(word=grammar.words[-1].text), expected)
    word = grammar.words[index]
    known = index > 0 and (grammar.entry(index) is not None or grammar.is_and(index))
    reason = NOT_CONTINUED if known else NOT_A_NUMBER_WORD
    _fail(text, word.start, reason.having(word=text[word.start : word.end]), expected)


def parse_words(text: str, language: Language = "fr") -> int:
    """The whole number that ``text`` says: ``"soixante et dix huit"`` is 78. Raises ``NumeralError``.

    In English ``billion`` is 10^9; in French a ``billion`` is 10^12 and 10^9 is a ``milliard``.
    """
    grammar, index, negative = _start(text, language, EXPECTED_WORDS)
    found = grammar.number(index)
    if found is None or found[1] != len(grammar.words):
        _leftover(text, grammar, index if found is None else found[1], EXPECTED_WORDS)
    return -found[0] if negative else found[0]


_LONGEST_TAIL: Final = 48
"""No word of tax and no cents in digits are longer, with the spaces before them."""


def _behind(text: str) -> tuple[int, Tax | None, int | None]:
    """Where the words of a sum end, the tax said behind them and the cents in digits, if any."""
    stop = len(text.rstrip())
    tax: Tax | None = None
    for match in _tax_said().finditer(text, max(0, stop - _LONGEST_TAIL), stop):
        if match.end() == stop:
            stop, tax = match.start(), "HT" if match["ht"] else "TTC"
    for match in _digit_cents().finditer(text, max(0, stop - _LONGEST_TAIL), stop):
        if match.end() == stop and match["unit"]:
            return match.start(), tax, int(match["cents"])
    return stop, tax, None


def parse_amount_words(text: str, language: Language = "fr", *, place: Place | None = None) -> Amount:
    """The sum that ``text`` says, exact: ``"douze euros et quatorze cents"`` is 12.14 EUR. Raises ``NumeralError``.

    ``"quatorze cents"`` without a currency is 0.14 or 1400: ``AmbiguousNumeral``. The cents may be digits
    (« mille euros et 50 centimes »), and the tax may be said at the end (« mille euros TTC »).
    """
    stop, tax, digits = _behind(text)
    grammar, index, negative = _start(text, language, EXPECTED_AMOUNT, stop)
    sign = -1 if negative else 1

    def amount(n: int, decimals: int, currency: str | None) -> Amount:
        return Amount(n=sign * n, decimals=decimals, text=text, place=place, currency=currency, tax=tax)

    end = len(grammar.words)
    only_cents = grammar.hundredths(index, unnamed=False) if digits is None else None
    found = grammar.number(index)
    if only_cents is not None and only_cents[1] == end:
        owner = grammar.words[-1].text
        cents = amount(only_cents[0], 2, _CURRENCIES.get(owner))
        if found is not None and found[1] == end:
            hundreds = amount(found[0], 0, None)
            reason = CENTS_OR_HUNDREDS.having(text=text.strip(), first=cents.value, second=hundreds.value)
            raise AmbiguousNumeral(text, grammar.words[index].start, reason, EXPECTED_AMOUNT, (cents, hundreds))
        return cents
    if found is None:
        _leftover(text, grammar, index, EXPECTED_AMOUNT)
    value, after = found
    if after == end and digits is None:
        return amount(value, 0, None)
    currency = grammar.currency(after)
    if currency is None:
        _leftover(text, grammar, after, EXPECTED_AMOUNT)
    code, after = currency
    if after == end:
        return amount(value, 0, code) if digits is None else amount(100 * value + digits, 2, code)
    small = grammar.hundredths(after, unnamed=True) if digits is None else None
    if small is None or small[1] != end:
        _leftover(text, grammar, after if small is None else small[1], EXPECTED_AMOUNT)
    return amount(100 * value + small[0], 2, code)


@dataclass(frozen=True, slots=True)
class FoundWords:
    """A number in words found in running text: ``text[start:end]`` says ``value``.

    ``currency`` is the ISO 4217 code of the currency written after it, if any, and ``cents`` the hundredths said
    after that (``None`` when none are). ``percent`` is true before « pour cent ». ``tax`` is what is said of tax
    behind a sum: « HT », « toutes taxes comprises ».
    """

    start: int
    end: int
    value: int
    currency: str | None = None
    cents: int | None = None
    percent: bool = False
    tax: Tax | None = None


def _any_case(words: list[str]) -> str:
    """An alternation of words by first letter, matching any case, cheap to fail."""
    heads: dict[str, list[str]] = {}
    for word in sorted(words, key=len, reverse=True):
        heads.setdefault(word[0], []).append(word[1:])
    parts = (f"[{head}{head.upper()}](?ai:{'|'.join(tails)})" for head, tails in heads.items())
    return "|".join(parts)


@cache
def _finder(language: Language) -> re.Pattern[str]:
    """Any number word; compiled when first needed, as this module is imported by programs that read no prose."""
    words = [*_LEXICON[language], *(("zéro", "z\ufffdro") if language == "fr" else ())]
    return re.compile(rf"(?<![{_LETTER}0-9_])(?:{_any_case(words)})(?![{_LETTER}0-9_])")


_AFTER_NUMBER: Final = re.compile(rf"[-\u2010\u2011'\u2019][{_LETTER}]")
_DIGIT_BEFORE: Final = re.compile(r"[0-9][ \u00a0\u2000-\u200a\u202f\u205f]?\Z")
_JOINED_BEFORE: Final = re.compile(rf"[{_LETTER}0-9][-\u2010\u2011]\Z")
_PER_BEFORE: Final = re.compile(r"(?ai:pour|per)[ \u00a0\u202f]\Z")
_BETWEEN_BEFORE: Final = re.compile(r"(?ai:entre|between)[ \u00a0\n]{1,2}\Z")
# After these a number is a part of something else: a fraction, a half, a decimal.
_PARTS: Final = frozenset(
    ("tiers", "quart", "quarts", "cinquieme", "cinquiemes", "sixieme", "dixieme", "dixiemes", "centieme", "centiemes",
     "demi", "demie", "third", "thirds", "quarter", "quarters", "fifth", "fifths", "tenth", "tenths",
     "point", "half")
)  # fmt: skip
_ARTICLES: Final = frozenset(("un", "une", "a", "an", "one"))
_LONGEST: Final = 64
"""More words than any one number has, with its currency and its cents."""
_WINDOW: Final = 4096
"""How many characters are cut into words at once."""


def find_number_words(
    text: str, start: int = 0, end: int | None = None, language: Language = "fr"
) -> Iterator[FoundWords]:
    """The numbers in words of running text, in order; « un » and « une » alone are articles and are left out.

    Fractions (« deux tiers »), halves and decimals (« cinq virgule deux ») are no whole numbers and are left out too,
    as are words that a hyphen joins to others (« dix-huitième », « Quatre-Chemins »). One pass, linear.
    """
    stop = len(text) if end is None else min(end, len(text))
    search = _finder(language).search
    position = max(start, 0)
    while True:
        match = search(text, position, stop)
        if match is None:
            return
        window = min(stop, match.start() + _WINDOW)
        words, position = _words(text, match.start(), window, _LEXICON[language])
        limit = len(words)
        if position == window < stop and limit > _LONGEST:
            # The window ended among number words: the last of them are read again with what follows.
            limit -= _LONGEST
            position = words[limit].start
        grammar = _Grammar(words, language)
        index = 0
        while index < limit:
            found, index = _number_at(text, grammar, index, stop)
            if found is not None:
                position = max(position, found.end)  # its cents, its tax may stand behind the last word
                yield found
        position = max(position, words[index - 1].end)


def _number_at(text: str, grammar: _Grammar, index: int, stop: int) -> tuple[FoundWords | None, int]:
    """The number that begins at word ``index``, if one does, and the index to go on from."""
    words = grammar.words
    first = words[index].start
    kind = grammar.kind(index)
    if not kind:
        return None, index + 1
    before = text[max(0, first - 9) : first]
    if _JOINED_BEFORE.search(before) or _PER_BEFORE.search(before):
        return None, index + 1
    if _DIGIT_BEFORE.search(before) and (kind in "hks" or words[index].text == "sept"):
        return None, index + 1  # « 70 mille », « 12 sept. 2017 »
    grammar.between = _BETWEEN_BEFORE.search(before) is not None
    found = grammar.number(index)
    if found is None:
        return None, index + 1
    value, after = found
    last = words[after - 1].end
    if _AFTER_NUMBER.match(text, last, stop):
        return None, after
    following = words[after].text if after < len(words) else ""
    second = words[after + 1].text if after + 1 < len(words) else ""
    if following in ("virgule", "point"):
        decimals = grammar.number(after + 1)
        return None, decimals[1] if decimals is not None else after + 1
    if following in _PARTS or (following == grammar.conjunction and second in _PARTS):
        return None, after + 1
    if following in ("pour", "per") and second == "cent":
        return FoundWords(first, words[after + 1].end, value, percent=True), after + 2
    if following == "percent":
        return FoundWords(first, words[after].end, value, percent=True), after + 1
    currency = grammar.currency(after)
    if currency is None:
        if after == index + 1 and words[index].text in _ARTICLES:
            return None, after
        return FoundWords(first, last, value), after
    code, after = currency
    cents, after, last = _cents_at(text, grammar, after, stop)
    taxed = _tax_behind(text, last, stop)
    tax, last = taxed if taxed is not None else (None, last)
    return FoundWords(first, last, value, code, cents, tax=tax), after


def _cents_at(text: str, grammar: _Grammar, index: int, stop: int) -> tuple[int | None, int, int]:
    """The cents of a sum whose words end before ``index``, the index behind them, and the place where the sum ends.

    Cents whose name is not said, or that stand behind a comma, are believed only before a closing bracket,
    « (dix euros vingt) », or before the sum in digits, « dix euros vingt (10,20 €) »: not in « dix euros vingt jours
    après ».
    """
    words = grammar.words
    last = words[index - 1].end
    small = grammar.hundredths(index, unnamed=False)
    if small is not None:
        return small[0], small[1], words[small[1] - 1].end
    small = grammar.hundredths(index, unnamed=True)
    if small is not None and _CLOSED.match(text, words[small[1] - 1].end, stop):
        return small[0], small[1], words[small[1] - 1].end
    digits = _digit_cents().match(text, last, stop)
    if digits is not None:
        sure = digits["unit"] is not None and digits["comma"] is None
        if sure or (_CLOSED.match(text, digits.end(), stop) and (digits["unit"] or len(digits["cents"]) == 2)):
            return int(digits["cents"]), index, digits.end()
    comma = _COMMA.match(text, last, stop) if index == len(words) else None
    if comma is not None:
        behind = _Grammar(_words(text, comma.end(), min(stop, comma.end() + _LONGEST_TAIL))[0], grammar.language)
        small = behind.hundredths(0, unnamed=True)
        if small is not None and _CLOSED.match(text, behind.words[small[1] - 1].end, stop):
            return small[0], index, behind.words[small[1] - 1].end
    return None, index, last


# -- writing --------------------------------------------------------------------------------------------------------


def _below_100_fr(n: int, variety: Variety, joint: str) -> str:
    """1 to 99. ``joint`` is what stands around « et »: a space traditionally, a hyphen since 1990."""
    if n < 17:
        return _FR_BELOW_17[n]
    if n < 20:
        return f"dix-{_FR_BELOW_17[n - 10]}"
    tens, rest = n - n % 10, n % 10
    if variety == "fr" and tens in (70, 90):
        tens, rest = tens - 10, rest + 10
    if tens == 80 and variety != "ch":
        if rest == 0:
            return "quatre-vingts"
        return f"quatre-vingt-{_below_100_fr(rest, variety, joint)}"
    name = {**_FR_TENS, 70: "septante", 80: "huitante", 90: "nonante"}[tens]
    if rest == 0:
        return name
    if rest in (1, 11):
        return f"{name}{joint}et{joint}{_FR_BELOW_17[rest]}"
    return f"{name}-{_below_100_fr(rest, variety, joint)}"


def _below_1000_fr(n: int, variety: Variety, joint: str, *, final: bool) -> str:
    """1 to 999. ``final``: no numeral follows, so that « cents » and « quatre-vingts » keep their s."""
    hundreds, rest = divmod(n, 100)
    words = []
    if hundreds > 1:
        words.append(_FR_BELOW_17[hundreds])
    if hundreds:
        words.append("cents" if hundreds > 1 and rest == 0 and final else "cent")
    if rest:
        small = _below_100_fr(rest, variety, joint)
        words.append(small if final else small.removesuffix("s") if small.endswith("vingts") else small)
    return joint.join(words)


def _to_words_fr(n: int, variety: Variety, hyphens: Hyphens) -> str:
    joint = "-" if hyphens == "1990" else " "
    if n == 0:
        return _FR_BELOW_17[0]
    words: list[str] = []
    for scale, name in ((10**9, "milliard"), (10**6, "million")):
        count, n = divmod(n, scale)
        if count == 1000:
            words.append(f"mille{joint}{name}s")
        elif count:
            # « million » and « milliard » are nouns: « deux cents millions » keeps its s.
            words.append(f"{_below_1000_fr(count, variety, joint, final=True)}{joint}{name}{'s' if count > 1 else ''}")
    thousands, rest = divmod(n, 1000)
    if thousands > 1:
        words.append(_below_1000_fr(thousands, variety, joint, final=False))
    if thousands:
        words.append("mille")
    if rest:
        words.append(_below_1000_fr(rest, variety, joint, final=True))
    return joint.join(words)


def _below_1000_en(n: int) -> str:
    hundreds, rest = divmod(n, 100)
    words = [f"{_EN_BELOW_20[hundreds]} hundred"] if hundreds else []
    if rest:
        if hundreds:
            words.append("and")
        if rest < 20:
            words.append(_EN_BELOW_20[rest])
        else:
            tens, unit = divmod(rest, 10)
            words.append(_EN_TENS[tens - 2] + (f"-{_EN_BELOW_20[unit]}" if unit else ""))
    return " ".join(words)


def _to_words_en(n: int) -> str:
    if n == 0:
        return _EN_BELOW_20[0]
    words: list[str] = []
    for scale, name in ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (1000, "thousand")):
        count, n = divmod(n, scale)
        if count:
            words.append(f"{_below_1000_en(count)} {name}")
    if n:
        if words and n < 100:
            words.append("and")
        words.append(_below_1000_en(n))
    return " ".join(words)


def to_words(n: int, language: Language = "fr", variety: Variety = "fr", hyphens: Hyphens = "traditional") -> str:
    """``n`` in words: ``to_words(80)`` is « quatre-vingts ». ``ValueError`` beyond ±10^12.

    ``variety`` and ``hyphens`` are for French only.
    """
    if isinstance(n, bool) or not isinstance(n, int):
        raise TypeError(f"{n!r} is not an int")
    if abs(n) > LARGEST:
        raise ValueError(f"{n} is beyond {LARGEST}")
    written = _to_words_fr(abs(n), variety, hyphens) if language == "fr" else _to_words_en(abs(n))
    return f"{_MINUS[language][0]} {written}" if n < 0 else written


_NAMES: Final = {"EUR": ("euro", "euros"), "FRF": ("franc", "francs")}


def amount_to_words(
    amount: Amount | Decimal | int,
    language: Language = "fr",
    variety: Variety = "fr",
    hyphens: Hyphens = "traditional",
    *,
    currency: str = "EUR",
) -> str:
    """A sum in words: « mille deux cents euros et quatorze centimes ». Cents are said when there are any.

    ``currency`` (``EUR`` or ``FRF``) is used when the amount has none. ``ValueError`` for another currency, for a
    fraction of a cent, and beyond ±10^12.
    """
    value = amount.value if isinstance(amount, Amount) else Decimal(amount)
    code = amount.currency or currency if isinstance(amount, Amount) else currency
    if code not in _NAMES:
        raise ValueError(f"the currency {code} has no name here")
    hundredths = value * 100
    if not value.is_finite() or hundredths != int(hundredths):
        raise ValueError(f"{value} is not a whole number of cents")
    whole, cents = divmod(abs(int(hundredths)), 100)
    written = to_words(whole, language, variety, hyphens)
    singular, plural = _NAMES[code]
    # French says « zéro euro », « un euro »; English says « zero euros ».
    name = singular if (whole < 2 if language == "fr" else whole == 1) else plural
    if language == "fr" and whole and whole % 10**6 == 0:
        name = f"d'{name}" if name[0] == "e" else f"de {name}"
    parts = [] if whole == 0 and cents else [f"{written} {name}"]
    if cents:
        small = to_words(cents, language, variety, hyphens)
        if language == "fr":
            parts.append(f"{small} centime{'s' if cents > 1 else ''}")
        else:
            unit = "cent" if code == "EUR" else "centime"
            parts.append(f"{small} {unit}{'s' if cents > 1 else ''}")
    said = f" {_AND[language]} ".join(parts)
    return f"{_MINUS[language][0]} {said}" if hundredths < 0 else said
