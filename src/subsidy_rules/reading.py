"""What every reader agrees on: how much it may take, and how it says that a file cannot be read.

A file comes from anywhere: every reader is given `Limits` and stops, with a message, when one is reached. Nothing
is cut in silence: either the file is refused (`ReadError`), or what was left out is told in the remarks of the
document and counted in ``Document.unread``.
"""

from __future__ import annotations

import time
from typing import Final, Literal

from subsidy_rules.frozen import dataclass
from subsidy_rules.wording import Message

__all__ = [
    "NO_WORDS",
    "ONLY_UNREAD",
    "OTHER_KIND",
    "Deadline",
    "Kind",
    "Limits",
    "MissingExtra",
    "ReadError",
    "check_size",
    "recognise",
]

Kind = Literal["pdf", "zip", "ole", "rtf", "image"]
"""What the first bytes of a file say it is: a PDF, a zip (docx, odt, xlsx…), an OLE file (doc, xls), RTF, a picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much one file may ask for.

    The defaults let through any act that people read (a budget of 1 500 pages, its annexes) and stop what only a
    machine or an attacker writes. Sizes are in bytes, ``seconds`` in seconds of the clock for one file.
    """

    file_bytes: int = 64_000_000
    """Size of the file itself."""
    member_bytes: int = 64_000_000
    """Size of one expanded part of an archive, or of one expanded stream of a PDF."""
    expanded_bytes: int = 256_000_000
    """Size of all the parts that are expanded, together."""
    expansion_ratio: int = 250
    """Expanded size over stored size, for a part of more than a megabyte: deflate cannot pass 1 032."""
    members: int = 5_000
    """Parts in an archive."""
    depth: int = 256
    """Elements inside one another, in XML and HTML."""
    pages: int = 3_000
    """Pages of a PDF that are read; the others are counted as not read."""
    cells: int = 500_000
    """Cells of all the tables of one document."""
    characters: int = 10_000_000
    """Characters of text in one document: some 4 000 pages."""
    lines: int = 500_000
    """Lines of one plain text, or blocks of one document."""
    paragraph: int = 1_000_000
    """Characters in one line or paragraph."""
    seconds: int = 60
    """Time for one file."""


class ReadError(ValueError):
    """A file, or a part of one, that cannot be read: ``reason`` says why and what to do, in both languages."""

    def __init__(self, reason: Message) -> None:
        super().__init__(reason.say("en"))
        self.reason = reason

    def __reduce__(self) -> tuple[type[ReadError], tuple[Message]]:
        # An exception is pickled by its ``args``, which hold the sentence and not what it was made from.
        return (ReadError, (self.reason,))


_MISSING: Final = Message(
    "la lecture de ce format demande la bibliothèque {library}, qui n’est pas installée : "
    "installez « subsidy-rules[{extra}] »",
    "reading this format needs the library {library}, which is not installed: install “subsidy-rules[{extra}]”",
)


class MissingExtra(ReadError):
    """The library that reads this format is not installed; ``extra`` is the name of the extra that brings it."""

    def __init__(self, *, extra: str, library: str) -> None:
        super().__init__(_MISSING.having(extra=extra, library=library))
        self.extra = extra
        self.library = library


_TOO_LONG: Final = Message(
    "lecture arrêtée au bout de {seconds} secondes : le fichier est trop grand ou construit pour bloquer un lecteur",
    "reading stopped after {seconds} seconds: the file is too large, or made to block a reader",
)


class Deadline:
    """The end of the time given to one file."""

    __slots__ = ("_end", "_seconds")

    def __init__(self, limits: Limits) -> None:
        self._seconds = limits.seconds
        self._end = time.monotonic() + limits.seconds

    @property
    def passed(self) -> bool:
        """True once the time is over."""
        return time.monotonic() > self._end

    def check(self) -> None:
        """Raises `ReadError` once the time is over."""
        if self.passed:
            raise ReadError(_TOO_LONG.having(seconds=self._seconds))


NO_WORDS: Final = Message("le fichier ne contient aucun mot", "the file holds no word")
ONLY_UNREAD: Final = Message("aucun mot n’a pu être lu ({why})", "no word could be read ({why})")
_EMPTY: Final = Message("le fichier est vide", "the file is empty")
_TOO_BIG: Final = Message(
    "le fichier fait {size} octets, plus que la limite de {limit}",
    "the file is {size} bytes, more than the limit of {limit}",
)


def check_size(data: bytes, limits: Limits) -> None:
    """Raises `ReadError` when the file is empty or larger than ``limits.file_bytes``."""
    if not data:
        raise ReadError(_EMPTY)
    if len(data) > limits.file_bytes:
        raise ReadError(_TOO_BIG.having(size=len(data), limit=limits.file_bytes))


_SIGNATURES: Final[tuple[tuple[bytes, Kind], ...]] = (
    (b"%PDF-", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"{\\rtf", "rtf"),
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
)

OTHER_KIND: Final[dict[Kind, Message]] = {
    "pdf": Message("malgré son nom, ce fichier est un PDF", "despite its name, this file is a PDF"),
    "zip": Message(
        "malgré son nom, ce fichier est une archive zip (un docx, un odt ou un xlsx, peut-être)",
        "despite its name, this file is a zip archive (perhaps a docx, an odt or an xlsx)",
    ),
    "ole": Message(
        "malgré son nom, ce fichier est un document Word ou Excel d’avant 2007 : enregistrez-le en docx ou en xlsx",
        "despite its name, this file is a Word or Excel document from before 2007: save it as docx or xlsx",
    ),
    "rtf": Message(
        "malgré son nom, ce fichier est au format RTF : enregistrez-le en docx ou en odt",
        "despite its name, this file is in RTF: save it as docx or odt",
    ),
    "image": Message("malgré son nom, ce fichier est une image", "despite its name, this file is a picture"),
}
"""Why a file whose first bytes are those of another kind than its name says is not read."""


def recognise(data: bytes) -> Kind | None:
    """What the first bytes say the file is, whatever its name; ``None`` when they say nothing (text, for instance)."""
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            return kind
    return None
