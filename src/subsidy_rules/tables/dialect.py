"""How a CSV file is written: its encoding and its separator, found from its first bytes and told.

Nothing here is a guess that cannot be checked: the separator is the one under which the first lines have the same
number of cells as the header and the header holds the names of known columns; the encoding is UTF-8 unless a byte says
otherwise.
"""

from __future__ import annotations

import codecs
import csv
from collections import Counter
from collections.abc import Callable
from typing import Final

from subsidy_rules.decoding import decode
from subsidy_rules.frozen import dataclass
from subsidy_rules.reading import Limits, ReadError
from subsidy_rules.wording import Message

__all__ = ["MAX_COLUMNS", "SEPARATORS", "Dialect", "find_dialect"]

SEPARATORS: Final = (",", ";", "\t", "|")
MAX_COLUMNS: Final = 2_000
"""More columns than any budget table has: beyond, the file is not a table of subsidies and would only fill memory."""

_NAMES: Final = {
    ",": Message("la virgule", "the comma"),
    ";": Message("le point-virgule", "the semicolon"),
    "\t": Message("la tabulation", "the tab"),
    "|": Message("la barre verticale", "the vertical bar"),
}
_SEPARATED: Final = Message("séparateur des colonnes : {name}", "column separator: {name}")
_EMPTY: Final = Message("le fichier est vide", "the file is empty")
_BLANK: Final = Message("le fichier ne contient que des lignes vides", "the file holds only empty lines")
_WIDE: Final = Message(
    "la première ligne compte plus de {limit} colonnes : ce n’est pas une table de subventions",
    "the first line has more than {limit} columns: this is not a table of subsidies",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """``encoding`` is that of most lines (`utf-8` or `cp1252`); ``start`` is where the text begins, after a mark."""

    separator: str
    encoding: str = "utf-8"
    start: int = 0
    remarks: tuple[Message, ...] = ()


def find_dialect(head: bytes, *, whole: bool, known: Callable[[list[str]], int]) -> Dialect:
    """The dialect of the file that begins with ``head`` (``whole``: that is all of it).

    ``known`` counts the names of known columns in a row of cells. Raises ``ReadError`` when the bytes are not text,
    are empty, or when the first line is not one of a table. A byte order mark of UTF-16 or UTF-32 is refused here:
    such a file is re-encoded before (see ``csvrows``).
    """
    if not head.strip(b"\r\n\t ,;|\xef\xbb\xbf"):
        raise ReadError(_EMPTY if not head.strip(codecs.BOM_UTF8) else _BLANK)
    start = len(codecs.BOM_UTF8) if head.startswith(codecs.BOM_UTF8) else 0
    if not whole:  # a last line that is cut says nothing
        head = head[: head.rfind(b"\n") + 1] or head
    if b"\x00" in head[:4096]:
        decode(head, Limits(file_bytes=len(head) + 1, characters=len(head) + 1))  # says which kind of file it is
    try:
        text = head[start:].decode("utf-8")
        encoding = "utf-8"
    except UnicodeDecodeError:
        decoded = decode(head[start:], Limits(file_bytes=len(head) + 1, characters=len(head) + 1))
        text, encoding = decoded.text, "utf-8" if decoded.encoding == "utf-8" else "cp1252"
    separator = _separator(text, known)
    remarks = () if separator == "," else (_SEPARATED.having(name=_NAMES[separator]),)
    return Dialect(separator=separator, encoding=encoding, start=start, remarks=remarks)


def _separator(text: str, known: Callable[[list[str]], int]) -> str:
    lines = [line for line in text[:400_000].splitlines(keepends=True) if line.strip()][:200]
    best = ","
    best_score: tuple[int, int, int] = (-1, -1, -1)
    for separator in SEPARATORS:
        rows: list[list[str]] = []
        try:
            for row in csv.reader(lines, delimiter=separator):
                if len(row) > MAX_COLUMNS:
                    raise ReadError(_WIDE.having(limit=MAX_COLUMNS))
                rows.append(row)
        except csv.Error:
            pass
        if not rows:
            continue
        named = max(known(row) for row in rows[:30])
        widths = Counter(len(row) for row in rows if len(row) > 1)
        width, regular = widths.most_common(1)[0] if widths else (1, 0)
        score = (named, regular, width)
        if score > best_score:
            best, best_score = separator, score
    return best
