"""Figures as text, both ways: reading a printed figure, and writing another one in the same style.

A repair says « 70 000 » where « 75 000 » stood, with the same spaces, the same decimal mark and the same unit, so
that it can be put in place of it.
"""

from __future__ import annotations

import re
from typing import Final

from subsidy_rules.figures import Amount, Figure, Percentage
from subsidy_rules.numerals import parse_amount, parse_percentage

__all__ = ["FigureUnreadable", "is_rate", "read", "rewritten"]

_PLAIN: Final = re.compile(r"(-?)([0-9]{1,40})(?:[.,]([0-9]{1,2}))?")
_RATE: Final = re.compile(r"%|‰|(?i:pour\s?(?:cent|mille)|per\s?cent|p\.\s?(?:100|cent))")
_NUMERAL: Final = re.compile(
    r"(?P<sign>[-\u2212\u2013][ \u00a0\u202f]?)?(?P<whole>[0-9](?:[ \u00a0\u2009\u202f.'\u2019,]?[0-9])*)"
)


class FigureUnreadable(ValueError):
    """A figure of the record that is not one numeral: ``name``, ``text``; the cause says where and why."""

    def __init__(self, name: str, text: str, reason: ValueError) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.text = text


def is_rate(text: str) -> bool:
    """True when ``text`` carries a sign of percentage."""
    return _RATE.search(text) is not None


def read(name: str, text: str) -> Figure:
    """The figure that ``text`` is: an amount, or a percentage when it carries its sign. Raises ``FigureUnreadable``."""
    plain = _PLAIN.fullmatch(text)
    if plain is not None:
        sign, whole, decimals = plain.groups(default="")
        n = int(whole + decimals)
        return Amount(n=-n if sign else n, decimals=len(decimals), text=text)
    try:
        return parse_percentage(text) if is_rate(text) else parse_amount(text)
    except ValueError as error:
        raise FigureUnreadable(name, text, error) from error


def rewritten(figure: Figure, n: int, decimals: int, *, grouping: str = "") -> str:
    """The text of ``figure`` with the digits of ``n`` and ``decimals`` in place of its own.

    Grouping of thousands follows the figure itself; ``grouping`` decides where it is too short to show any.
    A figure whose text holds no numeral (made by a program) gives plain digits.
    """
    text = figure.text
    match = _NUMERAL.search(text)
    digits = re.sub(r"[^0-9]", "", match.group("whole")) if match else ""
    if match is None or int(digits or 0) != abs(figure.n):
        # Words, brackets of accounting, or no text at all: write the value plainly.
        return _numeral(n, decimals, grouping, "," if "," in text or isinstance(figure, Percentage) else ".", "-")
    shown = match.group("whole")
    mark = ","
    if figure.decimals:
        mark = shown[-figure.decimals - 1]
        whole = shown[: -figure.decimals - 1]
    else:
        whole = shown
    separators = re.sub(r"[0-9]", "", whole)
    if separators:
        group = separators[0]
    elif sum(map(str.isdigit, whole)) > 3:
        group = ""
    else:
        group = grouping
    sign = match.group("sign") or "-"
    start = match.start()
    if figure.n < 0 and match.group("sign") is None:
        # A minus at the end, or brackets: rewrite the whole text without its unit.
        return _numeral(n, decimals, group, mark, "-")
    if figure.n >= 0 and match.group("sign") is not None:
        start = match.start("whole")
    return text[:start] + _numeral(n, decimals, group, mark, sign) + text[match.end() :]


def _numeral(n: int, decimals: int, group: str, mark: str, sign: str) -> str:
    digits = str(abs(n)).rjust(decimals + 1, "0")
    whole, rest = (digits[:-decimals], digits[-decimals:]) if decimals else (digits, "")
    if group and len(whole) > 3:
        head = len(whole) % 3
        groups = ([whole[:head]] if head else []) + [whole[i : i + 3] for i in range(head, len(whole), 3)]
        whole = group.join(groups)
    return (sign if n < 0 else "") + whole + (mark + rest if rest else "")
