"""Text of unknown origin made harmless for where it is going to be shown.

File names, cells and sentences come from outside. A terminal obeys escape sequences, a browser obeys markup, a
spreadsheet computes cells that begin like a formula, and bidirectional controls make a line read as what it is not.
Every output sends what it shows through here. What is taken out is replaced by a visible name (``\\x1b``, ``\\u202e``),
never dropped: a reader must be able to see that something was there.

Ordinary typography (accents, no-break and thin spaces, dashes, guillemets) passes untouched.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

__all__ = [
    "cells_wide",
    "cut",
    "escape_json_text",
    "escape_toml_text",
    "formula_free",
    "github_data",
    "github_property",
    "is_formula_like",
    "markdown",
    "visible",
]

_HIDDEN_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_NONCHARACTERS: Final = frozenset({0xFFFE, 0xFFFF})

# Everything that may need a visible name, as one class, so that clean text costs one scan. Controls, soft hyphen and
# the Arabic, Syriac and Mongolian format characters, zero-width and directional marks, line and paragraph separators,
# invisible operators, surrogates, interlinear marks, noncharacters, shorthand and musical controls, tags.
_SUSPECT: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\uffff\U000110bd\U000110cd\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


@lru_cache(maxsize=512)
def _named(character: str) -> str:
    code = ord(character)
    hidden = (
        unicodedata.category(character) in _HIDDEN_CATEGORIES
        or code & 0xFFFF in _NONCHARACTERS
        or 0xFDD0 <= code <= 0xFDEF
        or 0xE0000 <= code <= 0xE0FFF
    )
    if not hidden:
        return character
    if character == "\n":
        return "\\n"
    if character == "\r":
        return "\\r"
    if character == "\t":
        return " "
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def visible(text: str, *, lines: bool = False) -> str:
    """``text`` on one line, with every control, directional or invisible character shown by its name.

    ``lines``: line feeds are kept (for output that has room for several lines). A tab becomes one space.
    """
    if _SUSPECT.search(text) is None:
        return text
    if lines:
        return "\n".join(visible(line) for line in text.replace("\r\n", "\n").split("\n"))
    return _SUSPECT.sub(lambda found: _named(found.group()), text)


@lru_cache(maxsize=4096)
def _wide(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def cells_wide(text: str) -> int:
    """How many columns ``text`` takes on a terminal: wide characters take two, combining marks none."""
    return len(text) if text.isascii() else sum(map(_wide, text))


def cut(text: str, length: int) -> str:
    """``text``, or its beginning and « … » when it is longer than ``length`` characters."""
    return text if len(text) <= length else text[: max(0, length - 1)].rstrip() + "…"


# What Excel, LibreOffice and Google Sheets may take as the beginning of a formula, with the fullwidth forms that an
# East Asian Excel folds, behind any blank or control.
_FORMULA: Final = re.compile(r"[\s\x00-\x1f\x7f]*[=+\-@＝＋－＠]", re.ASCII)
_PLAIN_NUMBER: Final = re.compile(r"[+-]?[0-9][0-9 \u00a0\u202f.,]*(?:[ \u00a0\u202f]?[%€F])?")


def is_formula_like(text: str) -> bool:
    """True when a spreadsheet could compute ``text`` instead of showing it. A plain signed number is only a number."""
    if text[:1] in ("\t", "\r", "\n"):
        return True
    return _FORMULA.match(text) is not None and _PLAIN_NUMBER.fullmatch(text) is None


def formula_free(text: str) -> str:
    """``text`` as a cell that no spreadsheet computes: an apostrophe is put before what begins like a formula.

    Controls are shown by their name first, so that none can hide the sign.
    """
    return "'" + visible(text) if is_formula_like(text) else visible(text)


_MARKDOWN: Final = re.compile(r"[\\`*_{}\[\]|~^$<>&]|://|www\.|[@#](?=[0-9A-Za-z])|^[ ]*(?:[-+=#]|[0-9]{1,9}[.)])")
_ENTITIES: Final = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}


def markdown(text: str) -> str:
    """``text`` as words of a Markdown paragraph or table cell: no markup, link, mention or issue number survives.

    Forges look for mentions and issue numbers in the page once made, where an escape is gone; an empty comment is
    what keeps their sign apart from their name.
    """
    return _MARKDOWN.sub(_markdown_escape, visible(text))


def _markdown_escape(found: re.Match[str]) -> str:
    sign = found.group()
    if sign in _ENTITIES:
        return _ENTITIES[sign]
    if sign in ("@", "#") and found.end() < len(found.string) and found.string[found.end()].isalnum():
        return f"{'' if sign == '@' else chr(92)}{sign}<!-- -->"
    if sign == "www.":
        return "www\\."
    return sign[:-1] + "\\" + sign[-1] if sign[:1].isspace() or sign[:1].isdigit() else "\\" + sign


def github_data(text: str) -> str:
    """``text`` as the message of a GitHub workflow command: line feeds are kept, encoded."""
    shown = visible(text, lines=True)
    return shown.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def github_property(text: str) -> str:
    """``text`` as a property (``file``, ``title``) of a GitHub workflow command."""
    return github_data(visible(text)).replace(":", "%3A").replace(",", "%2C")


def escape_json_text(text: str) -> str:
    """JSON text in which no raw control or directional character is left: the same data, harmless on a terminal.

    ``text`` is already JSON; the characters in question can only stand inside its strings.
    """
    if _SUSPECT.search(text) is None:
        return text
    return _SUSPECT.sub(_json_escape, text)


def escape_toml_text(text: str) -> str:
    """The same for TOML, whose escapes of characters beyond U+FFFF are of eight digits and not of two halves."""
    return _SUSPECT.sub(
        lambda found: found.group() if found.group() in "\n\r\t" else f"\\U{ord(found.group()):08x}", text
    )


def _json_escape(found: re.Match[str]) -> str:
    character = found.group()
    if character in "\n\r\t":  # between tokens; inside strings json has already escaped them
        return character
    code = ord(character)
    if code > 0xFFFF:
        code -= 0x10000
        return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"
    return f"\\u{code:04x}"
