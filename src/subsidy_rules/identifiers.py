"""French identifiers of bodies and associations: SIREN, SIRET, RNA; and what became of the ones that are wrong.

A SIREN is nine digits, a SIRET a SIREN and five more (NIC); both carry a check digit by the formula of Luhn
(ISO/IEC 7812-1, annex B). The one exception is La Poste (SIREN 356 000 000), which has more offices than the formula
allows: the digits of its SIRETs add to a multiple of five, but for the head office. Source: INSEE, Sirene
documentation. An RNA number is W and nine characters: three for the prefecture (two digits, or a digit and a letter,
then a digit), six or seven digits after (Corsica and overseas have the letter, `W9C1000188`).

Spreadsheets spoil these numbers in a few well-known ways, and saying which saves the reader an hour: `fault_of` tells
them apart and gives the number that was meant where only one is possible.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Final, Literal

from subsidy_rules.frozen import dataclass

__all__ = ["FOUR", "HIGH", "TWO", "Cause", "IdentifierFault", "fault_of", "is_rna", "is_siren", "is_siret", "luhn"]

Cause = Literal[
    "key",
    "length",
    "leading-zero",
    "siren-only",
    "siren-padded",
    "placeholder",
    "scientific",
    "decimal-point",
    "spaced",
    "letter",
    "not-an-identifier",
    "rna-form",
    "swapped",
]
"""What is wrong: the check digit; the number of digits; a leading zero that a spreadsheet took away; a SIREN where a
SIRET is due; a SIREN filled up with zeros; a value that stands for « unknown »; `3,80475E+13`; `…044.0`; spaces inside;
a letter for a digit; no identifier at all; an RNA number of the wrong form; an RNA number where a SIRET is due."""


def _weight(text: str, first: int = 0) -> int:
    """The Luhn sum of digits, of which those at even places (``first`` = 0) or at odd ones (1) are doubled."""
    return sum(
        (2 * d - 9 if d > 4 else 2 * d) if place % 2 == first else d for place, d in enumerate(int(c) for c in text)
    )


# Four digits at a time: a dictionary look-up for each chunk is four times faster than a loop over the digits, and a
# chunk that is not made of the ten ASCII digits is not in the table. The low bits weigh the chunk in a SIRET, the high
# bits in the SIREN that a SIRET starts with, where the other places are doubled.
HIGH: Final = 16
TWO: Final[dict[str, int]] = {
    text: _weight(text) | _weight(text, 1) << HIGH for text in (f"{n:02d}" for n in range(100))
}
FOUR: Final[dict[str, int]] = {a + b: wa + wb for a, wa in TWO.items() for b, wb in TWO.items()}

LA_POSTE: Final = "356000000"


def luhn(digits: str) -> bool:
    """True when ``digits`` (ASCII digits only, else ``ValueError``) carry a right check digit."""
    if not (digits.isascii() and digits.isdecimal()):
        raise ValueError(f"digits are expected, not {digits[:40]!r}")
    return _weight(digits if len(digits) % 2 == 0 else "0" + digits) % 10 == 0


def is_siren(text: str) -> bool:
    """True for nine digits with a right check digit (and not all zeros)."""
    return len(text) == 9 and text.isascii() and text.isdecimal() and text != "000000000" and luhn(text)


def is_siret(text: str) -> bool:
    """True for fourteen digits with a right check digit, La Poste's included, that start with a SIREN."""
    if len(text) != 14:
        return False
    try:
        half = FOUR[text[:4]] + FOUR[text[4:8]]
        total = half + FOUR[text[8:12]] + TWO[text[12:]]
    except KeyError:
        return False
    if ((half >> HIGH) + ord(text[8]) - 48) % 10:
        return False
    if (total & 0xFFFF) % 10 == 0:
        return text != "00000000000000"
    return text.startswith(LA_POSTE) and sum(map(int, text)) % 5 == 0


_RNA: Final = re.compile(r"W[0-9][0-9A-Z][0-9]{7}")


def is_rna(text: str) -> bool:
    """True for W and nine characters in the form of the register. There is no check digit."""
    return _RNA.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class IdentifierFault:
    """Why a text is not the identifier expected. ``meant`` is the right one when only one is possible."""

    cause: Cause
    meant: str | None = None


_BLANKS: Final = re.compile("[\\s\u00a0\u202f\u2009.\\-_/]+")
_SCIENTIFIC: Final = re.compile(r"[0-9](?:[.,][0-9]{1,17})?[eE]\+?[0-9]{1,3}")
_DECIMAL: Final = re.compile(r"([0-9]{6,15})[.,]0{0,4}")
_NOTHING: Final = frozenset(
    (
        "nc", "n c", "nd", "na", "n a", "neant", "inconnu", "inconnue", "aucun", "aucune", "absent", "sans",
        "sans siret", "en cours", "en cours d immatriculation", "non communique", "non renseigne", "non disponible",
        "null", "none", "nan", "x", "xx", "xxx", "a completer", "particulier", "sans objet", "so", "0",
    )
)  # fmt: skip
_LOOKALIKES: Final = str.maketrans("OoQIlSBZ", "00011582")
_ACCENTS: Final = str.maketrans("éèêàùçôîï", "eeeaucoii")


def _is_placeholder(text: str) -> bool:
    digits = _BLANKS.sub("", text)
    if digits.isascii() and digits.isdecimal():
        same = len(set(digits)) == 1
        return same or digits in ("12345678901234", "01234567890123", "12345678912345", "123456789", "98765432109876")
    words = re.sub(r"[^a-z0-9]+", " ", text.lower().translate(_ACCENTS)).strip()
    return words in _NOTHING or not any(char.isalnum() for char in text)


def fault_of(text: str, kind: Literal["siret", "rna"] = "siret") -> IdentifierFault | None:
    """What is wrong with ``text`` as an identifier of that kind, or ``None`` when it is one."""
    if kind == "rna":
        return _rna_fault(text)
    if is_siret(text):
        return None
    bare = text.strip()
    if _is_placeholder(bare):
        return IdentifierFault("placeholder")
    if _SCIENTIFIC.fullmatch(bare):
        return IdentifierFault("scientific", _of_scientific(bare))
    found = _DECIMAL.fullmatch(bare)
    if found and not bare.isdecimal():
        meant = _completed(found[1])
        return IdentifierFault("decimal-point", meant)
    digits = _BLANKS.sub("", bare)
    if is_rna(digits.upper()):
        return IdentifierFault("swapped")
    if not (digits.isascii() and digits.isdecimal()):
        repaired = digits.translate(_LOOKALIKES)
        if repaired.isascii() and repaired.isdecimal() and sum(c.isdecimal() for c in digits) >= 7:
            return IdentifierFault("letter", repaired if is_siret(repaired) else None)
        return IdentifierFault("not-an-identifier")
    if digits != text and is_siret(digits):
        return IdentifierFault("spaced", digits)
    if len(digits) == 14:
        if digits.endswith("00000") and is_siren(digits[:9]):
            return IdentifierFault("siren-padded")
        return IdentifierFault("key")
    if len(digits) == 9 and is_siren(digits):
        return IdentifierFault("siren-only")
    if 11 <= len(digits) <= 13 and is_siret(digits.rjust(14, "0")):
        return IdentifierFault("leading-zero", digits.rjust(14, "0"))
    return IdentifierFault("length")


def _rna_fault(text: str) -> IdentifierFault | None:
    if is_rna(text):
        return None
    bare = text.strip()
    if _is_placeholder(bare) or bare.upper() in ("W000000000", "W999999999"):
        return IdentifierFault("placeholder")
    digits = _BLANKS.sub("", bare).upper()
    if is_rna(digits):
        return IdentifierFault("spaced", digits)
    if is_siret(digits):
        return IdentifierFault("swapped")
    return IdentifierFault("rna-form", "W" + digits if digits.isdecimal() and is_rna("W" + digits) else None)


def _completed(digits: str) -> str | None:
    """The SIRET that digits stand for once the leading zeros are back, if they do."""
    padded = digits.rjust(14, "0")
    return padded if len(padded) == 14 and is_siret(padded) else None


def _of_scientific(text: str) -> str | None:
    """The digits in full, when the notation kept them all (it hardly ever does: `3,80475E+13` lost eight)."""
    try:
        value = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None
    shown = len(re.sub(r"[^0-9]", "", re.split("[eE]", text)[0]))
    if value.adjusted() > 14 or shown < value.adjusted() + 1:
        return None
    return _completed(format(value, "f").split(".")[0])
