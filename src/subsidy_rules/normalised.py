"""A text made easier to read, and the way back to the one that was written.

Documents write one thing in many ways: six kinds of blank between thousands, five of dash, accents in two characters
or in the wrong encoding, words cut at the end of a line. Extractors read ``Normalised.text``, where each has one form,
and ``Normalised.original`` gives the stretch of the source that any stretch of it came from. No letter or digit is ever
changed into another: figures and codes are the ones that were written.

What is smoothed, one character for one: blanks become a space, dashes a hyphen-minus, single and double quotes their
typewriter forms (guillemets stay), division slashes a slash. What changes the length: characters without width go
(soft hyphens, joiners, marks of direction); text decoded twice comes back (« Ã© » is é); an accent written apart joins
its letter; ligatures are spelled; the call of a note goes from the end of its word (« euros¹ », but not « m² »); pairs
of ``**`` around words go; the digits of an amount that all stand apart (« 1 4 5 0 0 € ») come together; inside a
paragraph, the line feeds that the width of the page made become spaces, and a word cut by a hyphen is whole again.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from subsidy_rules.frozen import dataclass

if TYPE_CHECKING:
    from subsidy_rules.document import Document

__all__ = ["Normalised", "normalise", "normalise_document"]

_ONE_FOR_ONE: Final = (
    ("\u00a0\u1680\u202f\u205f\u3000\x0b\x0c\x1c\x1d\x1e\x1f\x85\u2028\u2029", " "),
    ("".join(map(chr, range(0x2000, 0x200B))), " "),
    ("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\ufe58\ufe63\uff0d", "-"),
    ("\u2018\u2019\u201a\u201b\u2032\u02bc\u00b4`", "'"),
    ("\u201c\u201d\u201e\u201f\u2033", '"'),
    ("\u2044\u2215", "/"),
)


def _evened(text: str) -> str:
    """Each character in its one form. (Looking for each in turn is many times faster than a table.)"""
    for many, one in _ONE_FOR_ONE:
        for character in many:
            if character in text:
                text = text.replace(character, one)
    return text


# -- what changes the length ----------------------------------------------------------------------------------------

_UNSEEN: Final = "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
_LIGATURES: Final = {
    "\ufb00": "ff",
    "\ufb01": "fi",
    "\ufb02": "fl",
    "\ufb03": "ffi",
    "\ufb04": "ffl",
    "\ufb05": "st",
    "\ufb06": "st",
}
# The characters that the bytes 0x80 to 0xBF become in Windows-1252, or in Latin-1 where 1252 leaves them free.
_TRAIL: Final = {(bytes((byte,)).decode("cp1252", "ignore") or chr(byte)): byte for byte in range(0x80, 0xC0)}
_TRAIL_LATIN1: Final = {chr(byte): byte for byte in range(0x80, 0xA0)}
_TRAILS: Final = {**_TRAIL_LATIN1, **_TRAIL}
_TRAIL_CLASS: Final = re.escape("".join(_TRAILS))
# Text decoded twice: the first byte of a character of two or three bytes shows as one of these letters.
_TWICE: Final = f"[ÂÃÅ][{_TRAIL_CLASS}]|[âï][{_TRAIL_CLASS}]{{2}}|Ã(?= )"
_REAL: Final = frozenset(
    [chr(code) for code in range(0xA0, 0x100)]
    + list("ŒœŠšŸŽž€™…•–—‘’‚“”„‹›‰†‡\u2009\u202f\u2011\u2010\u2212\u00ad\ufeff\ufb01\ufb02\u200b")
)
# The call of a note sticks to its word, which would not be found at the end of « 70 000 euros¹ ».
_CALL: Final = "[\u2070\u00b9\u00b2\u00b3\u2074-\u2079]{1,3}"
_MEASURES: Final = frozenset({"m", "dm", "cm", "mm", "km", "hm"})
_ACCENTS: Final = "[\u0300-\u036f]{1,8}"
# Each begins with a character that is rare in French, so that the text is gone through at the speed of a search.
_RARE: Final = re.compile(f"[{_UNSEEN}\ufb00-\ufb06ÂÃÅâï\u0300-\u036f\u2070\u00b9\u00b2\u00b3\u2074-\u2079]")
_CHANGE: Final = re.compile(
    f"(?P<unseen>[{_UNSEEN}]+)|(?P<ligature>[\ufb00-\ufb06])|(?P<twice>{_TWICE})|(?P<apart>{_ACCENTS})|(?P<call>{_CALL})"
)
_LAST_WORD: Final = re.compile(r"[^\W\d_]+\Z")
_STARS: Final = re.compile(r"(?<!\*)\*\*(?!\*)")
_WORD: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_HYPHENS: Final = "-\u2010\u2011\u00ad"
_BLANKS: Final = " \t\u00a0\u202f"

# First halves of words that keep their hyphen wherever the line ends.
_KEEPS_HYPHEN: Final = frozenset(
    (
        "après", "au", "auto", "avant", "bas", "c'est", "ceci", "cela", "celle", "celles", "celui", "cent", "ceux",
        "ci", "cinquante", "co", "contre", "demi", "dit", "dix", "elle", "elles", "est", "eux", "ex", "grand", "haut",
        "huit", "là", "lui", "même", "mi", "moi", "neuf", "non", "nonante", "nous", "octante", "outre", "peut", "par",
        "porte", "quarante", "quasi", "quatre", "rendez", "saint", "sainte", "semi", "septante", "sept", "six", "socio",
        "soixante", "sous", "sus", "trente", "vice", "vingt", "vis", "vous",
    )
)  # fmt: skip


class _Edit(NamedTuple):
    """``source[o_start:o_end]`` shows as ``text[n_start:n_end]``."""

    n_start: int
    n_end: int
    o_start: int
    o_end: int


@dataclass(frozen=True)
class Normalised:
    """A smoothed text and where each of its stretches comes from."""

    text: str
    edits: tuple[_Edit, ...] = ()

    @cached_property
    def _shown(self) -> list[int]:
        return [edit.n_start for edit in self.edits]

    @cached_property
    def _written(self) -> list[int]:
        return [edit.o_start for edit in self.edits]

    @cached_property
    def folded(self) -> str:
        """``text`` in small letters without accents, character for character: offsets are those of ``text``.

        A « ? » between two letters, which is what some publishers leave of an accent or an apostrophe, shows as
        U+FFFD like any other lost character.
        """
        return _LOST.sub("\ufffd", self.text).translate(_FOLD)

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the source that ``text[start:end]`` comes from, whole characters of it."""
        first = self._source_of(start)
        return (first, first) if end <= start else (first, self._source_end(end))

    def smoothed(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of ``text`` that ``source[start:end]`` became."""
        first = self._place_of(start)
        return (first, first) if end <= start else (first, max(first, self._place_end(end)))

    def _source_of(self, at: int) -> int:
        index = bisect_right(self._shown, at) - 1
        if index < 0:
            return at
        edit = self.edits[index]
        return edit.o_start if at < edit.n_end else edit.o_end + at - edit.n_end

    def _source_end(self, end: int) -> int:
        index = bisect_right(self._shown, end - 1) - 1
        if index < 0:
            return end
        edit = self.edits[index]
        return edit.o_end if end - 1 < edit.n_end else edit.o_end + end - edit.n_end

    def _place_of(self, at: int) -> int:
        index = bisect_right(self._written, at) - 1
        if index < 0:
            return at
        edit = self.edits[index]
        return edit.n_start if at < edit.o_end else edit.n_end + at - edit.o_end

    def _place_end(self, end: int) -> int:
        index = bisect_right(self._written, end - 1) - 1
        if index < 0:
            return end
        edit = self.edits[index]
        return edit.n_end if end - 1 < edit.o_end else edit.n_end + end - edit.o_end


def _fold_table() -> dict[int, str]:
    table = {}
    for code in (*range(0x41, 0x5B), *range(0xC0, 0x250)):
        plain = unicodedata.normalize("NFD", chr(code))[0].lower()
        if len(plain) == 1 and plain != chr(code):
            table[code] = plain
    return table


_FOLD: Final = _fold_table()
_LOST: Final = re.compile(r"(?<=[^\W\d_])\?(?=[^\W\d_])")


def _decoded_twice(seen: str) -> str | None:
    """The character that ``seen`` would be if it had been decoded once, or ``None``."""
    if seen == "Ã":  # the second byte of « à » is a no-break space, which many programs turn into a plain one
        return "à"
    lead = ord(seen[0])
    try:
        real = bytes((lead, *(_TRAILS[character] for character in seen[1:]))).decode("utf-8")
    except UnicodeDecodeError:
        return None
    return real if real in _REAL else None


def _changes(text: str) -> Iterator[tuple[int, int, str]]:
    """The stretches that something replaces, but for line feeds and stars: start, end, replacement."""
    if text.isascii():
        return
    at = 0
    while (rare := _RARE.search(text, at)) is not None:
        start = rare.start()
        found = _CHANGE.match(text, start)
        if found is None:
            at = start + 1
            continue
        at = end = found.end()
        seen = found.group()
        match found.lastgroup:
            case "unseen":
                yield start, end, ""
            case "ligature":
                yield start, end, _LIGATURES[seen]
            case "call":
                word = _LAST_WORD.search(text[max(0, start - 3) : start])
                if word is not None and word.group() not in _MEASURES:
                    yield start, end, ""
            case "twice":
                real = _decoded_twice(seen)
                if real is not None:
                    # The plain space after « Ã » is the second half of the character.
                    yield start, end + (seen == "Ã"), "" if real in "\u00ad\ufeff\u200b" else real
            case _:
                if start and text[start - 1].isalpha():
                    joined = unicodedata.normalize("NFC", text[start - 1 : end])
                    if joined != text[start - 1 : end]:
                        yield start - 1, end, joined


def _stars(text: str) -> Iterator[tuple[int, int, str]]:
    """Pairs of ``**`` around words of one line: Markdown for bold, left in many acts that were copied."""
    opened: tuple[int, int] | None = None
    for found in _STARS.finditer(text):
        start, end = found.span()
        before, after = text[start - 1 : start], text[end : end + 1]
        if opened is not None and text.find("\n", opened[1], start) != -1:
            opened = None
        if opened is not None and before and not before.isspace():
            yield (*opened, "")
            yield start, end, ""
            opened = None
        elif after and not after.isspace() and (not before or not before.isalnum()):
            opened = (start, end)


_SPREAD: Final = re.compile(
    r"(?<![0-9.,/\w])(?<![0-9.,/][ \u00a0\u202f])[0-9](?:[ \u00a0\u202f][0-9]){3,8}"
    r"(?:[ \u00a0\u202f]?,[ \u00a0\u202f]?[0-9][ \u00a0\u202f]?[0-9])?(?=[ \u00a0\u202f]{1,2}(?:€|euros?(?!\w)))"
)
"""« 1 4 5 0 0 € »: spread by the justification of a page; four digits or more, each alone, before a currency."""


def _spread(text: str) -> Iterator[tuple[int, int, str]]:
    """The blanks between the digits of an amount, every one of which stands alone."""
    for found in _SPREAD.finditer(text):
        yield from ((at, at + 1, "") for at in range(found.start(), found.end()) if text[at] in " \u00a0\u202f")


class _Words:
    """The words of a text, to tell a word cut by the end of a line from one that has a hyphen of its own."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(_WORD.findall(self._text.lower()))

    def keeps_hyphen(self, first: str, rest: str) -> bool:
        """True when ``first-rest`` is a word with a hyphen, false when the hyphen only marks a cut."""
        first, rest = first.lower(), rest.lower()
        if f"{first}-{rest}" in self._known:
            return True
        if first + rest in self._known:
            return False
        return first.rpartition("-")[2] in _KEEPS_HYPHEN


_LAST_LETTERS: Final = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*\Z")
_FIRST_LETTERS: Final = re.compile(r"[^\W\d_]+")


def _joins(text: str, wrapped: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int, str]]:
    """The line feeds of paragraphs, with the blanks around them and the hyphens that cut a word."""
    words = _Words(text)
    for span_start, span_end in wrapped:
        at = text.find("\n", span_start, span_end)
        while at != -1:
            start, end = at, at + 1
            while start > span_start and text[start - 1] in _BLANKS:
                start -= 1
            while end < span_end and text[end] in _BLANKS + "\n":
                end += 1
            after = text[end : end + 1]
            hyphen = text[start - 1 : start]
            if (
                start - 1 > span_start
                and hyphen
                and hyphen in _HYPHENS
                and text[start - 2].isalnum()
                and after.isalnum()
            ):
                before = _LAST_LETTERS.search(text[max(span_start, start - 60) : start - 1])
                rest = _FIRST_LETTERS.match(text[end : end + 60])
                cut = hyphen == "\u00ad" or (
                    hyphen != "\u2011"
                    and before is not None
                    and rest is not None
                    and after.islower()
                    and not words.keeps_hyphen(before.group(), rest.group())
                )
                yield (start - 1 if cut else start), end, ""
            else:
                yield start, end, " "
            at = text.find("\n", end, span_end)


def normalise(text: str, *, wrapped: Iterable[tuple[int, int]] = ()) -> Normalised:
    """``text`` smoothed. ``wrapped`` are stretches, in order, whose line feeds were made by the width of the page."""
    changes = [*_changes(text), *(_stars(text) if "**" in text else ()), *_joins(text, wrapped), *_spread(text)]
    changes.sort(key=lambda change: (change[0], -change[1]))
    if not changes:
        return Normalised(_evened(text))
    pieces: list[str] = []
    edits: list[_Edit] = []
    shown = done = 0
    for start, end, replacement in changes:
        if start < done:  # a soft hyphen that went with its line feed
            continue
        pieces.append(text[done:start])
        shown += start - done
        pieces.append(replacement)
        edits.append(_Edit(shown, shown + len(replacement), start, end))
        shown += len(replacement)
        done = end
    pieces.append(text[done:])
    return Normalised(_evened("".join(pieces)), tuple(edits))


def normalise_document(document: Document) -> Normalised:
    """The text of a document smoothed; the lines of each paragraph, item, heading and note are joined.

    Rows and preformatted blocks keep their lines: there, a line feed separates.
    """
    return normalise(
        document.text,
        wrapped=[(block.start, block.end) for block in document.blocks if block.role not in ("row", "preformatted")],
    )
