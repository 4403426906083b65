"""Bytes to text, and saying so when the encoding had to be guessed.

In order: a byte order mark (UTF-8, UTF-16, UTF-32); UTF-8, which other encodings hardly ever satisfy by chance; the
encoding that the file declares (HTML); Windows-1252, the encoding of French office software for thirty years. The
last two are guesses and are told. Nothing is dropped: a byte that means nothing becomes U+FFFD, and is counted.
"""

from __future__ import annotations

import codecs
import re
from typing import Final

from subsidy_rules.frozen import dataclass
from subsidy_rules.reading import OTHER_KIND, Limits, ReadError, check_size, recognise
from subsidy_rules.wording import Message

__all__ = ["Decoded", "decode"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """Text, with line feeds for line ends, the encoding it was read in, and what had to be guessed."""

    text: str
    encoding: str
    remarks: tuple[Message, ...] = ()


_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    # UTF-32 before UTF-16: its little-endian mark begins with the other's.
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_FAMILY: Final = {
    # What pages declare as Latin-1 is written by software that uses Windows-1252 (the WHATWG standard reads it so).
    "iso8859-1": "windows-1252",
    "ascii": "windows-1252",
    "cp1252": "windows-1252",
    "iso8859-15": "iso-8859-15",
    "mac-roman": "mac-roman",
    "cp850": "cp850",
    "cp437": "cp437",
}

_NUL: Final = Message(
    "ce n’est pas du texte : le fichier contient des octets nuls (un fichier binaire, ou de l’UTF-16 sans marque "
    "d’ordre : enregistrez-le en UTF-8)",
    "this is not text: the file holds null bytes (a binary file, or UTF-16 without a byte order "
    "mark: save it as UTF-8)",
)
_CONTROLS: Final = Message(
    "ce n’est pas du texte : le fichier contient {count} {count:caractère|caractères} de commande",
    "this is not text: the file holds {count} control {count:character|characters}",
)
_BROKEN: Final = Message(
    "le texte annoncé en {encoding} par sa marque d’ordre est abîmé à partir de l’octet {position}",
    "the text that its byte order mark announces as {encoding} is damaged from byte {position} on",
)
_GUESSED: Final = Message(
    "encodage supposé : {encoding} (le fichier n’est pas en UTF-8)",
    "encoding guessed: {encoding} (the file is not UTF-8)",
)
_DECLARED: Final = Message(
    "le fichier n’est pas en UTF-8 : il a été lu en {encoding}, l’encodage qu’il annonce",
    "the file is not UTF-8: it was read as {encoding}, the encoding it declares",
)
_MIXED: Final = Message(
    "le fichier est en UTF-8, sauf {count} {count:octet, lu|octets, lus} comme du Windows-1252",
    "the file is UTF-8, except {count} {count:byte|bytes}, read as Windows-1252",
)
_LOST: Final = Message(
    "{count} {count:octet ne correspond|octets ne correspondent} à aucun caractère : {count:il figure|ils figurent} "
    "comme « \ufffd » dans le texte",
    "{count} {count:byte stands|bytes stand} for no character: {count:it shows|they show} as “\ufffd” in the text",
)
_TOO_MANY: Final = Message(
    "le texte compte {count} caractères, plus que la limite de {limit}",
    "the text has {count} characters, more than the limit of {limit}",
)

_CONTROL: Final = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_ESCAPED: Final = re.compile("[\udc80-\udcff]")
_WIDE: Final = re.compile("[^\x00-\x7f\udc80-\udcff]")


def _western(byte: int) -> str:
    """One byte read as Windows-1252; the five bytes it leaves free become U+FFFD."""
    return bytes((byte,)).decode("cp1252", "replace")


_WESTERN: Final = {0xDC00 + byte: _western(byte) for byte in range(0x80, 0x100)}


def _plain_name(declared: str) -> str | None:
    """The one-byte encoding that a declared name stands for, among those that a French text may be in."""
    try:
        name = codecs.lookup(declared.strip()).name
    except (LookupError, ValueError):
        return None
    return _FAMILY.get(name)


def _from_bytes(data: bytes, declared: str | None) -> tuple[str, str, list[Message]]:
    for mark, name in _MARKS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(name), name, []
            except UnicodeDecodeError as error:
                if name != "utf-8":  # a damaged UTF-8 is read below, byte by byte
                    position = error.start + len(mark)
                    raise ReadError(_BROKEN.having(encoding=name, position=position)) from None
                data = data[len(mark) :]
                break
    if b"\x00" in data:
        raise ReadError(_NUL)
    try:
        return data.decode("utf-8"), "utf-8", []
    except UnicodeDecodeError:
        pass
    text = data.decode("utf-8", "surrogateescape")
    stray = len(_ESCAPED.findall(text))
    if stray < len(_WIDE.findall(text)):
        # More accents in UTF-8 than stray bytes: two files put together, or one cut in the middle of a character.
        return text.translate(_WESTERN), "utf-8", [_MIXED.having(count=stray)]
    known = _plain_name(declared) if declared else None
    if known is not None:
        return data.decode(known, "replace"), known, [_DECLARED.having(encoding=known)]
    return data.decode("cp1252", "replace"), "windows-1252", [_GUESSED.having(encoding="Windows-1252")]


def decode(data: bytes, limits: Limits, *, declared: str | None = None) -> Decoded:
    """The text of a file: line ends become ``\\n``, a byte order mark goes, nothing else changes.

    ``declared`` is the encoding that the file says it is in; UTF-8 goes before it, because a text that is valid
    UTF-8 and has accents is UTF-8. Raises `ReadError` when the file is empty, too large, not text, or when its byte
    order mark does not tell the truth.
    """
    check_size(data, limits)
    kind = recognise(data)
    if kind is not None:
        raise ReadError(OTHER_KIND[kind])
    text, name, remarks = _from_bytes(data, declared)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > limits.characters:
        raise ReadError(_TOO_MANY.having(count=len(text), limit=limits.characters))
    controls = len(_CONTROL.findall(text))
    if "\x00" in text or controls * 100 > len(text):
        raise ReadError(_CONTROLS.having(count=controls))
    if remarks:
        lost = text.count("\ufffd") - data.count(b"\xef\xbf\xbd")
        if lost > 0:
            remarks.append(_LOST.having(count=lost))
    return Decoded(text=text, encoding=name, remarks=tuple(remarks))
