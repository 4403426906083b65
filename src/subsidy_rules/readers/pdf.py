"""PDF, through pypdf (BSD licence, pure Python, limits on everything it expands).

pypdf finds the objects, expands the streams and reads the fonts; the strings are placed here. Its own text modes are
not used: the layout mode leaves out what is drawn inside form objects and glues words of wide letters, the plain mode
loses columns. PDFium is twenty times faster, but is machine code that reads hostile files in the same process, without
a limit on memory or time; PyMuPDF has another licence.

A font can hide its letters (no table from its codes to characters): what it draws is not guessed, because a figure
that is guessed is a wrong figure. Those characters are U+FFFD, and a page that has mostly those is a page not read. A
page without text (a scan) is a page not read; one whose text is invisible comes from character recognition, and that
is told.
ISO 32000-1: 8.3 and 9.4 (positions), 8.10 (forms), 9.10 (characters), 12.5.5 (appearances of annotations).
"""

from __future__ import annotations

import logging
import math
import re
import struct
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from io import BytesIO
from itertools import islice
from typing import Any, Final, NamedTuple

from subsidy_rules.document import Document
from subsidy_rules.page_text import PagedDocument, PageLayout, PageWriter, Run, lay_out, margins
from subsidy_rules.reading import (
    NO_WORDS,
    ONLY_UNREAD,
    OTHER_KIND,
    Deadline,
    Limits,
    MissingExtra,
    ReadError,
    check_size,
    recognise,
)
from subsidy_rules.ruled import Stroke
from subsidy_rules.wording import Message

__all__ = ["EXTENSIONS", "EXTRA", "FORMAT", "read"]

FORMAT: Final = "pdf"
EXTENSIONS: Final = (".pdf",)
EXTRA: Final[str | None] = "pdf"

_NOT_PDF: Final = Message(
    "ce n’est pas un PDF : le fichier ne commence pas par « %PDF- »",
    "this is not a PDF: the file does not begin with “%PDF-”",
)
_DAMAGED: Final = Message(
    "ce PDF est abîmé ou incomplet : ouvrez-le dans un autre logiciel et enregistrez-en une copie",
    "this PDF is damaged or cut short: open it in another program and save a copy",
)
_ENCRYPTED: Final = Message(
    "ce PDF est protégé par un mot de passe : enregistrez-en une copie sans mot de passe",
    "this PDF is protected by a password: save a copy of it without one",
)
_NO_PAGES: Final = Message("ce PDF n’a aucune page", "this PDF has no page")
_WITHOUT_TEXT: Final = Message(
    "pages sans texte (numérisées ?), non lues : {pages}",
    "pages without text (scanned?), not read: {pages}",
)
_UNMAPPED: Final = Message(
    "pages dont la police ne dit pas quels caractères elle dessine, non lues : {pages}",
    "pages whose font does not say which characters it draws, not read: {pages}",
)
_HOLES: Final = Message(
    "caractères d’une police sans table de correspondance, remplacés par « \ufffd » : {count} (pages {pages})",
    "characters of a font without a character table, replaced by “\ufffd”: {count} (pages {pages})",
)
_RECOGNISED: Final = Message(
    "pages dont le texte vient d’une reconnaissance de caractères, à relire sur l’image : {pages}",
    "pages whose text comes from character recognition, to be compared with the picture: {pages}",
)
_BROKEN_PAGES: Final = Message(
    "pages abîmées ou trop lourdes, non lues : {pages}",
    "pages that are damaged or too heavy, not read: {pages}",
)
_NO_GOOD_PAGE: Final = Message(
    "aucune page de ce PDF ne peut être lue : elles sont abîmées ou trop lourdes",
    "no page of this PDF can be read: they are damaged or too heavy",
)
_ALL_PICTURES: Final = Message(
    "ce PDF n’a pas de texte (numérisé ?) : passez-le dans un logiciel de reconnaissance de caractères",
    "this PDF has no text (scanned?): run it through character recognition",
)
_ALL_UNMAPPED: Final = Message(
    "la police de ce PDF ne dit pas quels caractères elle dessine : exportez-le à nouveau, ou passez-le dans un "
    "logiciel de reconnaissance de caractères",
    "the font of this PDF does not say which characters it draws: export it again, or run it through character "
    "recognition",
)
_STRUCK: Final = Message(
    "passages barrés, non lus : {count} (pages {pages})",
    "struck-through passages, not read: {count} (pages {pages})",
)
_LOST_PAGES: Final = Message(
    "le fichier est abîmé : il annonce {count} {count:page|pages} de plus qu’on n’en trouve",
    "the file is damaged: it announces {count} more {count:page|pages} than can be found",
)
_MORE_PAGES: Final = Message(
    "ce PDF compte {count} pages, plus que la limite de {limit} : découpez-le en plusieurs fichiers",
    "this PDF has {count} pages, more than the limit of {limit}: split it into several files",
)
_OUT_OF_TIME: Final = Message(
    "lecture arrêtée au bout de {seconds} secondes : {count} {count:page n’est pas lue|pages ne sont pas lues}, à "
    "partir de la page {first:plain}",
    "reading stopped after {seconds} seconds: {count} {count:page is|pages are} not read, from page {first:plain} on",
)
_TOO_LONG: Final = Message("le texte dépasse {limit} caractères", "the text is more than {limit} characters")

# What a broken or hostile file makes a parser raise, besides the exceptions of the library ("broken PDF files might
# cause other exceptions", says its documentation): named one by one, so that a mistake of ours is not hidden.
_FAULTS: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    NotImplementedError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)

_HIDDEN: Final = 3  # the text rendering mode that draws nothing
_MOST_FORMS: Final = 2_000
_DEEPEST_FORM: Final = 12
_DEEPEST_STATE: Final = 200
_MOST_RUNS: Final = 100_000
_MOST_FONTS: Final = 200
_MOST_OBJECTS: Final = 500_000
_MOST_TRIED: Final = 300
_MOST_NODES: Final = 200_000
_LOST: Final = "\ufffd"
_MOSTLY: Final = 0.3
_FEW_VISIBLE: Final = 0.2

Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Final[Matrix] = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def _times(a: Matrix, b: Matrix) -> Matrix:
    """``a`` then ``b``."""
    return (
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    )


def _numbers(operands: Sequence[Any], count: int) -> tuple[float, ...] | None:
    """The last ``count`` operands as numbers, or ``None`` when they are not."""
    if len(operands) < count:
        return None
    try:
        numbers = tuple(float(value) for value in operands[len(operands) - count :])
    except (TypeError, ValueError):
        return None
    return numbers if all(map(math.isfinite, numbers)) else None


# -- fonts ----------------------------------------------------------------------------------------------------------


class _Font:
    """The characters that the codes of one font stand for, and their widths in em."""

    def __init__(self, resource: Any) -> None:
        # The one private name taken from pypdf (which is why its major version is pinned): writing this again would
        # take the character names of Adobe, the metrics of the fourteen standard fonts and the CMap language.
        from pypdf.generic._font import Font

        font = Font.from_font_resource(resource)
        declared = _declared_codes(resource)
        if declared is not None:
            # pypdf puts the encoding that is inside the font before the one that the document gives, which is wrong
            # where they differ; as a TrueType font, the same font is read by the document's.
            plain = Font.from_font_resource(_as_truetype(resource))
            if isinstance(plain.encoding, dict) and isinstance(font.encoding, dict):
                named = {code: plain.encoding.get(code, chr(code)) for code in declared}
                font.encoding = {**font.encoding, **named}
                font.character_map = {
                    code: text for code, text in font.character_map.items() if not code or ord(code[0]) not in named
                }
        self._wide = font.encoding if isinstance(font.encoding, str) else None
        self._codes: dict[str, tuple[str, float]] = {}
        self._encoding = font.encoding if isinstance(font.encoding, dict) else {}
        self._map = font.character_map
        self._widths = font.character_widths
        self._default = float(self._widths.get("default", 500))
        self._space = (font.space_char, float(font.space_width))
        name = str(font.name)
        self.bold = any(word in name.lower() for word in ("bold", "black", "heavy", "-bd", "semibold", "demi"))
        self._guessed = _is_guessed(resource) or not font.interpretable
        self._scale = _glyph_scale(resource)

    def read(self, data: bytes) -> Iterator[tuple[str, float, bool]]:
        """For each code of ``data``: its characters, its width in em, and whether it is the code of a blank."""
        if self._wide is None:
            codes = data.decode("latin-1")
        else:
            codes = data.decode(self._wide, "replace")
        known = self._codes
        for code in codes:
            found = known.get(code)
            if found is None:
                found = known[code] = self._look_up(code)
            yield found[0], found[1], code == " " and self._wide is None

    def _look_up(self, code: str) -> tuple[str, float]:
        width = self._space[1] if code == self._space[0] else float(self._widths.get(code, self._default))
        if self._wide is None:
            named = self._encoding.get(ord(code), code)
            text = self._map.get(named) if len(named) == 1 else None
            if text is None:
                text = self._map.get(code)
            if text is None:
                # A name of a glyph that stands for nothing known (« /g23 ») is no character.
                text = _LOST if self._guessed or (len(named) > 1 and named[0] == "/") else named
        else:
            text = self._map.get(code)
            if text is None:
                text = _LOST if self._guessed else code
        return "".join(map(_character, _ligature(text))), width * self._scale


def _ligature(text: str) -> str:
    """The letters of one glyph; those of a ligature whose table gives their bytes in the wrong order are put right.

    Ghostscript 10.00 writes « ff » as U+6600 U+6600: two Chinese characters that no single glyph draws.
    """
    if len(text) < 2 or not all(ord(one) & 0xFF == 0 and 0x61 <= ord(one) >> 8 <= 0x7A for one in text):
        return text
    return "".join(chr(ord(one) >> 8) for one in text)


def _character(character: str) -> str:
    """A character of a text: a control or half of one is lost, other blanks than spaces are kept as they are."""
    if character in "\t\n\r":
        return " "
    return _LOST if character < " " or "\x7f" <= character < "\xa0" or "\ud800" <= character <= "\udfff" else character


def _declared_codes(resource: Any) -> Iterable[int] | None:
    """The codes of a Type 1 font whose characters the document itself names; ``None`` when nothing has to be mended."""
    if resource.get("/Subtype") != "/Type1" or "/ToUnicode" in resource or "/Encoding" not in resource:
        return None
    encoding = resource["/Encoding"].get_object()
    if isinstance(encoding, str) or "/BaseEncoding" in encoding:
        return range(256)
    codes: list[int] = []
    code = 0
    for item in encoding.get("/Differences", ()):
        if isinstance(item, int):
            code = item
        else:
            codes.append(code)
            code += 1
    return [code for code in codes if 0 <= code < 256]


def _as_truetype(resource: Any) -> Any:
    from pypdf.generic import DictionaryObject, NameObject

    copy = DictionaryObject(resource)
    copy[NameObject("/Subtype")] = NameObject("/TrueType")
    return copy


def _is_guessed(resource: Any) -> bool:
    """True when nothing but the shapes of its letters says what a font writes."""
    if "/ToUnicode" in resource:
        # What the table leaves out is a guess for fonts of glyph numbers, and follows the encoding for the others.
        return resource.get("/Subtype") == "/Type0" and str(resource.get("/Encoding", "")).startswith("/Identity")
    if resource.get("/Subtype") == "/Type0":
        encoding = resource.get("/Encoding", "")
        return not (isinstance(encoding, str) and ("UCS2" in encoding or "UTF16" in encoding or "EUC" in encoding))
    if "/Encoding" in resource:
        return False
    descriptor = resource.get("/FontDescriptor")
    if descriptor is None:
        return False
    descriptor = descriptor.get_object()
    embedded = any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))
    flags = descriptor.get("/Flags", 0)
    return embedded and isinstance(flags, int) and bool(flags & 4)


def _glyph_scale(resource: Any) -> float:
    """What a unit of width is worth in em: a thousandth, except in fonts of drawings, which say so."""
    if resource.get("/Subtype") != "/Type3":
        return 0.001
    matrix = resource.get("/FontMatrix")
    numbers = _numbers(list(matrix.get_object()), 6) if matrix is not None else None
    return abs(numbers[0]) if numbers else 0.001


class _Fonts:
    """The fonts met, by the object that describes them; few enough that hostile ones cannot fill the memory."""

    def __init__(self) -> None:
        # The object is kept beside its font: an identity is worth nothing once its object is gone.
        self._known: dict[int, tuple[Any, _Font]] = {}

    def of(self, resource: Any) -> _Font:
        known = self._known.get(id(resource))
        if known is None:
            if len(self._known) >= _MOST_FONTS:
                self._known.clear()
            known = self._known[id(resource)] = (resource, _Font(resource))
        return known[1]


# -- operators ------------------------------------------------------------------------------------------------------

# A content stream, token by token (ISO 32000-1, 7.2 and 7.3). pypdf's own parser builds an object for each number of
# each drawing, which takes most of the time of a page; here only what stands before an operator of text is needed.
_TOKEN: Final = re.compile(
    rb"[\x00\t\n\x0c\r ]+|%[^\r\n]*"
    rb"|([^\x00\t\n\x0c\r ()<>\[\]{}/%]+)"  # 1: a number or an operator
    rb"|/([^\x00\t\n\x0c\r ()<>\[\]{}/%]*)"  # 2: a name
    rb"|\(([^()\\\r]*)\)"  # 3: a string without anything special
    rb"|(<<|>>|[\[\]({}<>)])"  # 4: what opens or closes
)
_SPECIAL: Final = re.compile(rb"[()\\]")
_HEXADECIMAL: Final = re.compile(rb"[0-9A-Fa-f]")
_IMAGE_END: Final = re.compile(rb"[\x00\t\n\x0c\r ]EI(?=[\x00\t\n\x0c\r ]|\Z)")
_PRINTABLE: Final = re.compile(rb"[\t\n\r -~]{0,12}")
_NUMERIC: Final = frozenset(b"+-.0123456789")
_ESCAPES: Final = {0x6E: b"\n", 0x72: b"\r", 0x74: b"\t", 0x62: b"\b", 0x66: b"\f"}
_MOST_OPERANDS: Final = 64
_LONGEST_ARRAY: Final = 100_000
_NAME_CODE: Final = re.compile(rb"#([0-9A-Fa-f]{2})")

Operand = float | str | bytes | list[float | bytes]


def _operations(data: bytes, deadline: Deadline) -> Iterator[tuple[bytes, list[Operand]]]:
    """The operators of a content stream, each with what stands before it: numbers, names, strings, lists of these.

    Dictionaries and inline pictures are passed over. Raises ``ValueError`` on what no program writes.
    """
    operands: list[Operand] = []
    array: list[float | bytes] | None = None
    dictionary = 0
    at, size, count = 0, len(data), 0
    match = _TOKEN.match
    while at < size:
        found = match(data, at)
        if found is None:  # an unbalanced sign
            at += 1
            continue
        at = found.end()
        kind = found.lastindex
        if kind is None:
            continue
        value: Operand
        if kind == 1:
            token = found[1]
            if token[0] in _NUMERIC:
                value = _number(token)
            else:
                if dictionary:
                    continue
                if token == b"BI":
                    at = _after_picture(data, at)
                else:
                    count += 1
                    if count & 0xFFF == 0:
                        deadline.check()
                    yield token, operands
                operands = []
                array = None
                continue
        elif kind == 2:
            value = _name(found[2])
        elif kind == 3:
            value = found[3]
        else:
            sign = found[4]
            if sign == b"(":
                value, at = _string(data, at)
            elif sign == b"<":
                end = data.find(b">", at)
                end = size if end == -1 else end
                value, at = _hexadecimal(data[at:end]), end + 1
            else:
                if sign == b"<<":
                    dictionary += 1
                elif sign == b">>":
                    dictionary = max(0, dictionary - 1)
                elif sign == b"[":
                    array = []
                elif sign == b"]" and array is not None:
                    if not dictionary:
                        operands.append(array)
                    array = None
                continue
        if dictionary:
            continue
        if array is not None:
            if len(array) >= _LONGEST_ARRAY:
                raise ValueError("a list without end")
            if not isinstance(value, (str, list)):
                array.append(value)
        elif len(operands) < _MOST_OPERANDS:
            operands.append(value)


def _number(token: bytes) -> float:
    """A number; the malformed ones that some programs write (``--5``, ``1.2.3``) as other readers take them."""
    try:
        return float(token)
    except ValueError:
        negative = token.startswith(b"-")
        digits = token.lstrip(b"+-").split(b"-")[0]
        whole, point, rest = digits.partition(b".")
        text = whole + point + rest.split(b".")[0]
        try:
            return -float(text) if negative else float(text)
        except ValueError:
            return 0.0


def _name(raw: bytes) -> str:
    """A name as pypdf keeps it, slash included."""
    if b"#" in raw:
        raw = _NAME_CODE.sub(lambda found: bytes((int(found[1], 16),)), raw)
    for encoding in ("utf-8", "gbk"):
        try:
            return "/" + raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return "/" + raw.decode("latin-1")


def _string(data: bytes, at: int) -> tuple[bytes, int]:
    """A string with brackets or escapes in it, from after its first bracket; and where it ends."""
    parts: list[bytes] = []
    depth = 1
    while True:
        found = _SPECIAL.search(data, at)
        if found is None:
            parts.append(data[at:])
            return b"".join(parts), len(data)
        place = found.start()
        parts.append(data[at:place])
        sign = data[place]
        at = place + 1
        if sign == 0x28:
            depth += 1
            parts.append(b"(")
        elif sign == 0x29:
            depth -= 1
            if depth == 0:
                return b"".join(parts), at
            parts.append(b")")
        else:
            after = data[at : at + 1]
            if after in (b"\r", b"\n"):  # a line cut in the source of the string
                at += 2 if data[at : at + 2] == b"\r\n" else 1
            elif after.isdigit() and after < b"8":
                digits = after
                while len(digits) < 3 and data[at + len(digits) : at + len(digits) + 1] in _OCTAL:
                    digits = data[at : at + len(digits) + 1]
                parts.append(bytes((int(digits, 8) & 0xFF,)))
                at += len(digits)
            elif after:
                parts.append(_ESCAPES.get(after[0], after))
                at += 1


_OCTAL: Final = frozenset((b"0", b"1", b"2", b"3", b"4", b"5", b"6", b"7"))


def _hexadecimal(digits: bytes) -> bytes:
    clean = b"".join(_HEXADECIMAL.findall(digits)).decode("ascii")
    return bytes.fromhex(clean + "0" if len(clean) % 2 else clean)


def _after_picture(data: bytes, at: int) -> int:
    """Where the inline picture that begins at ``at`` ends: at an « EI » that text follows, not more picture."""
    for found in _IMAGE_END.finditer(data, at):
        after = data[found.end() : found.end() + 12]
        if _PRINTABLE.fullmatch(after) is not None:
            return found.end()
    return len(data)


# -- drawing --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _State:
    """The part of the graphics state that matters to text."""

    matrix: Matrix = _IDENTITY
    font: _Font | None = None
    size: float = 0.0
    character_gap: float = 0.0
    word_gap: float = 0.0
    stretch: float = 1.0
    leading: float = 0.0
    rise: float = 0.0
    mode: int = 0


@dataclass(slots=True)
class _Drawn:
    """The strings of one page by direction of writing (in degrees), and what is known of them."""

    runs: dict[int, list[Run]] = field(default_factory=dict)
    lines: list[tuple[float, float, float, float]] = field(default_factory=list)
    count: int = 0
    visible: int = 0
    hidden: int = 0
    lost: int = 0


_MOST_LINES: Final = 20_000
_STRUCK_LOW: Final = 0.12
_STRUCK_HIGH: Final = 0.45
_STRUCK_MOST: Final = 0.9
_JUMP: Final = 0.45
_SMALLEST: Final = 0.001
_THIN: Final = 3.0
_STRAIGHT: Final = 0.5


class _Path:
    """Notes the straight lines that a page draws: strokes, and the thin boxes that programs fill instead."""

    def __init__(self, lines: list[tuple[float, float, float, float]]) -> None:
        self._lines = lines
        self._pending: list[tuple[float, float, float, float]] = []
        self._boxes: list[tuple[float, float, float, float]] = []
        self._here = self._start = (0.0, 0.0)

    def follow(self, operator: bytes, operands: Sequence[Operand], matrix: Matrix) -> None:
        """One operator that builds or paints a path (ISO 32000-1, 8.5.2 and 8.5.3)."""
        if len(self._lines) + len(self._pending) + len(self._boxes) > _MOST_LINES:
            return
        match operator:
            case b"re":
                box = _numbers(operands, 4)
                if box is not None:
                    x0, y0 = _moved(matrix, box[0], box[1])
                    x1, y1 = _moved(matrix, box[0] + box[2], box[1] + box[3])
                    self._boxes.append((min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)))
            case b"m" | b"l":
                point = _numbers(operands, 2)
                if point is not None:
                    there = _moved(matrix, point[0], point[1])
                    if operator == b"l":
                        self._add(there)
                    else:
                        self._start = there
                    self._here = there
            case b"h":
                self._close()
            case _:
                self._paint(operator)

    def _add(self, there: tuple[float, float]) -> None:
        x, y = self._here
        if abs(there[0] - x) <= _STRAIGHT or abs(there[1] - y) <= _STRAIGHT:
            self._pending.append((x, y, *there))

    def _close(self) -> None:
        self._add(self._start)
        self._here = self._start

    def _paint(self, operator: bytes) -> None:
        if operator in (b"s", b"b", b"b*"):
            self._close()
        if operator in (b"S", b"s", b"B", b"B*", b"b", b"b*"):
            self._lines += self._pending
            for x0, y0, x1, y1 in self._boxes:
                self._lines += ((x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1))
        elif operator != b"n":
            for x0, y0, x1, y1 in self._boxes:
                if x1 - x0 <= _THIN:
                    self._lines.append(((x0 + x1) / 2, y0, (x0 + x1) / 2, y1))
                elif y1 - y0 <= _THIN:
                    self._lines.append((x0, (y0 + y1) / 2, x1, (y0 + y1) / 2))
        self._pending.clear()
        self._boxes.clear()


def _moved(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    return matrix[0] * x + matrix[2] * y + matrix[4], matrix[1] * x + matrix[3] * y + matrix[5]


class _Pen:
    """Follows the operators of a page and notes each string where it is drawn."""

    def __init__(self, fonts: _Fonts, limits: Limits, deadline: Deadline) -> None:
        self.drawn = _Drawn()
        self._fonts = fonts
        self._limits = limits
        self._deadline = deadline
        self._forms = 0

    def page(self, page: _Page) -> None:
        """Everything that the page draws, then what its annotations and form fields show."""
        contents = page.entries.get("/Contents")
        if contents is not None:
            self._run(contents.get_object(), page.resources, _State(), 0)
        annotations = page.entries.get("/Annots")
        if annotations is not None:
            for annotation in list(annotations.get_object())[:_MOST_FORMS]:
                self._annotation(annotation.get_object())

    def _annotation(self, annotation: Any) -> None:
        """The appearance of a form field or of a free text, where it is put on the page."""
        if annotation.get("/Subtype") not in ("/Widget", "/FreeText") or int(annotation.get("/F", 0)) & 0b100010:
            return
        appearance = annotation.get("/AP")
        form = appearance.get_object().get("/N") if appearance is not None else None
        form = form.get_object() if form is not None else None
        box = _numbers(list(annotation.get("/Rect", ())), 4)
        if form is None or box is None or "/BBox" not in form or not hasattr(form, "get_data"):
            return
        inner = _numbers(list(form["/BBox"]), 4)
        if inner is None:
            return
        x = min(box[0], box[2]) - min(inner[0], inner[2])
        y = min(box[1], box[3]) - min(inner[1], inner[3])
        self._form(form, None, _State(matrix=(1.0, 0.0, 0.0, 1.0, x, y)), 0)

    def _form(self, form: Any, resources: Any, state: _State, depth: int) -> None:
        """A drawing kept apart and put on the page: its own resources, else those around it."""
        self._forms += 1
        if depth >= _DEEPEST_FORM or self._forms > _MOST_FORMS:
            raise ValueError("drawings in drawings without end")
        matrix = _numbers(list(form.get("/Matrix", ())), 6)
        if matrix is not None:
            placed = _times((matrix[0], matrix[1], matrix[2], matrix[3], matrix[4], matrix[5]), state.matrix)
            state = replace(state, matrix=placed)
        self._run(form, form.get("/Resources", resources), state, depth + 1)

    def _font_named(self, resources: Any, name: Any) -> _Font | None:
        if resources is None:
            return None
        fonts = resources.get_object().get("/Font")
        if fonts is None:
            return None
        font = fonts.get_object().get(name)
        if font is None:
            return None
        resource = font.get_object()
        return self._fonts.of(resource)

    def _run(self, stream: Any, resources: Any, state: _State, depth: int) -> None:
        self._deadline.check()
        saved: list[_State] = []
        text = line = _IDENTITY
        path = _Path(self.drawn.lines)
        for operator, operands in _operations(_content(stream, self._limits), self._deadline):
            match operator:
                case b"Tj":
                    if operands:
                        text = self._show(operands[0], state, text)
                case b"TJ":
                    if operands:
                        text = self._show_all(operands[0], state, text)
                case b"Td" | b"TD":
                    numbers = _numbers(operands, 2)
                    if numbers is not None:
                        line = text = _times((1.0, 0.0, 0.0, 1.0, numbers[0], numbers[1]), line)
                        if operator == b"TD":
                            state = replace(state, leading=-numbers[1])
                case b"Tm":
                    numbers = _numbers(operands, 6)
                    if numbers is not None:
                        line = text = (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5])
                case b"T*":
                    line = text = _times((1.0, 0.0, 0.0, 1.0, 0.0, -state.leading), line)
                case b"'" | b'"':
                    if operator == b'"' and len(operands) >= 3:
                        numbers = _numbers(operands[:2], 2)
                        if numbers is not None:
                            state = replace(state, word_gap=numbers[0], character_gap=numbers[1])
                    line = text = _times((1.0, 0.0, 0.0, 1.0, 0.0, -state.leading), line)
                    if operands:
                        text = self._show(operands[-1], state, text)
                case b"Tf":
                    if len(operands) >= 2:
                        numbers = _numbers(operands, 1)
                        size = numbers[0] if numbers is not None else state.size
                        state = replace(state, font=self._font_named(resources, operands[0]), size=size)
                case b"BT":
                    line = text = _IDENTITY
                case b"q":
                    if len(saved) < _DEEPEST_STATE:
                        saved.append(state)
                case b"Q":
                    if saved:
                        state = saved.pop()
                case b"cm":
                    numbers = _numbers(operands, 6)
                    if numbers is not None:
                        matrix = (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5])
                        state = replace(state, matrix=_times(matrix, state.matrix))
                case b"Do":
                    if operands and resources is not None:
                        self._do(operands[0], resources, state, depth)
                case (
                    b"re" | b"m" | b"l" | b"h" | b"S" | b"s" | b"f" | b"F" | b"f*" | b"B" | b"B*" | b"b" | b"b*" | b"n"
                ):
                    path.follow(operator, operands, state.matrix)
                case b"Tc" | b"Tw" | b"Tz" | b"TL" | b"Ts" | b"Tr":
                    numbers = _numbers(operands, 1)
                    if numbers is not None:
                        state = _with(state, operator, numbers[0])

    def _do(self, name: Any, resources: Any, state: _State, depth: int) -> None:
        objects = resources.get_object().get("/XObject")
        form = objects.get_object().get(name) if objects is not None else None
        form = form.get_object() if form is not None else None
        if form is not None and form.get("/Subtype") == "/Form":
            self._form(form, resources, state, depth)

    def _show_all(self, items: Any, state: _State, text: Matrix) -> Matrix:
        """Strings and, between them, steps of the pen in thousandths of an em, backwards when positive."""
        if not isinstance(items, list):
            return text
        for item in items:
            if isinstance(item, (bytes, str)):
                text = self._show(item, state, text)
            else:
                numbers = _numbers((item,), 1)
                if numbers is not None:
                    step = -numbers[0] * 0.001 * state.size * state.stretch
                    text = _times((1.0, 0.0, 0.0, 1.0, step, 0.0), text)
        return text

    def _show(self, string: Any, state: _State, text: Matrix) -> Matrix:
        """Notes one string; gives the place of the pen after it."""
        font = state.font
        if font is None or not state.size:
            return text
        data = bytes(string) if isinstance(string, bytes) else str(string).encode("latin-1", "replace")
        parts: list[str] = []
        places: list[float] = []
        ends: list[float] = []
        width = 0.0
        for characters, em, blank in font.read(data):
            parts.append(characters)
            places.append(width)
            ends.append(width + em * state.size)
            width = ends[-1] + state.character_gap + (state.word_gap if blank else 0.0)
        after = _times((1.0, 0.0, 0.0, 1.0, width * state.stretch, 0.0), text)
        for first, stop in self._stretches(parts, places, ends, state):
            words = "".join(parts[first:stop])
            if words:
                self._note(words, places[first] * state.stretch, ends[stop - 1] * state.stretch, state, text)
        return after

    @staticmethod
    def _stretches(
        parts: Sequence[str], places: Sequence[float], ends: Sequence[float], state: _State
    ) -> Iterator[tuple[int, int]]:
        """The words of a string and the blanks around them; and its words apart, where spacing moves the pen so far
        that they stand in two columns."""
        size = len(parts)
        first, last = 0, size
        while first < last and parts[first] in ("", " "):
            first += 1
        while last > first and parts[last - 1] in ("", " "):
            last -= 1
        if first:
            yield 0, first
        start = first
        if state.character_gap > _JUMP * state.size or state.word_gap > _JUMP * state.size:
            end = first
            for index in range(first, last):
                if parts[index] in ("", " "):
                    continue
                if index > start and places[index] - ends[end] > _JUMP * state.size:
                    yield start, end + 1
                    start = index
                end = index
        if start < last:
            yield start, last
        if last < size:
            yield max(last, first), size

    def _note(self, words: str, start: float, stop: float, state: _State, text: Matrix) -> None:
        """Notes words drawn from ``start`` to ``stop`` along the line of writing."""
        drawn = self.drawn
        drawn.count += 1
        if drawn.count > _MOST_RUNS:
            raise ValueError("too many strings")
        inked = len(words) - words.count(" ")
        drawn.lost += words.count(_LOST)
        if state.mode == _HIDDEN:
            drawn.hidden += inked
        else:
            drawn.visible += inked
        frame = _times(text, state.matrix)
        # The direction of writing, to a degree: a page may hold upright text, a title in the margin, a watermark.
        degrees, cosine, sine = 0, 1.0, 0.0
        if frame[1] or frame[0] < 0:
            degrees = round(math.degrees(math.atan2(frame[1], frame[0])))
            cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
        x = frame[4] + frame[0] * start + frame[2] * state.rise
        y = frame[5] + frame[1] * start + frame[3] * state.rise
        across = math.hypot(frame[0], frame[1]) * abs(stop - start)
        along = x * cosine + y * sine
        # The height of the letters; a matrix may hold the size of the font, and be turned upside down.
        size = abs(state.size) * math.hypot(frame[2], frame[3])
        if not (size > _SMALLEST and math.isfinite(along + across + x + y + size)):
            return  # nothing shows
        bold = state.font is not None and state.font.bold
        run = Run(words, along, along + across, y * cosine - x * sine, size, bold, drawn.count)
        drawn.runs.setdefault(degrees, []).append(run)


def _content(stream: Any, limits: Limits) -> bytes:
    """The bytes of a content stream, or of several put one after the other.

    They are not left in the objects of the file: kept for every page, they would fill the memory.
    """
    parts: list[bytes] = []
    size = 0
    for part in stream if isinstance(stream, list) else (stream,):
        whole = part.get_object()
        if not hasattr(whole, "get_data"):
            continue
        data = whole.get_data()
        size += len(data)
        if size > limits.member_bytes:
            raise ValueError("a page too heavy")
        parts.append(data if isinstance(data, bytes) else str(data).encode("latin-1", "replace"))
        if hasattr(whole, "decoded_self"):
            whole.decoded_self = None
    return b"\n".join(parts)


def _with(state: _State, operator: bytes, value: float) -> _State:
    match operator:
        case b"Tc":
            return replace(state, character_gap=value)
        case b"Tw":
            return replace(state, word_gap=value)
        case b"Tz":
            return replace(state, stretch=value / 100)
        case b"TL":
            return replace(state, leading=value)
        case b"Ts":
            return replace(state, rise=value)
        case _:
            return replace(state, mode=int(value))


# -- pages ----------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Outcome:
    """What became of each page, by its number."""

    without_text: list[int] = field(default_factory=list)
    unmapped: list[int] = field(default_factory=list)
    recognised: list[int] = field(default_factory=list)
    broken: list[int] = field(default_factory=list)
    holed: list[int] = field(default_factory=list)
    holes: int = 0
    struck: list[int] = field(default_factory=list)
    strikes: int = 0
    skipped: int = 0
    remarks: list[Message] = field(default_factory=list)

    def told(self) -> list[Message]:
        """The remarks to make, pages named."""
        told = list(self.remarks)
        for message, pages in (
            (_WITHOUT_TEXT, self.without_text),
            (_UNMAPPED, self.unmapped),
            (_BROKEN_PAGES, self.broken),
            (_RECOGNISED, self.recognised),
        ):
            if pages:
                told.append(message.having(pages=_ranges(pages)))
        if self.holes:
            told.append(_HOLES.having(count=self.holes, pages=_ranges(self.holed)))
        if self.strikes:
            told.append(_STRUCK.having(count=self.strikes, pages=_ranges(self.struck)))
        return told

    def nothing(self, pages: int) -> Message:
        """Why none of these pages gave a word."""
        for message, mine in (
            (_ALL_PICTURES, self.without_text),
            (_ALL_UNMAPPED, self.unmapped),
            (_NO_GOOD_PAGE, self.broken),
        ):
            if len(mine) == pages and not self.skipped:
                return message
        told = self.told()
        return ONLY_UNREAD.having(why=told[0]) if told else NO_WORDS

    @property
    def unread(self) -> int:
        return len(self.without_text) + len(self.unmapped) + len(self.broken) + self.skipped


_MOST_NAMED: Final = 30


def _ranges(pages: Sequence[int]) -> str:
    """Page numbers, those that follow one another put together: ``1-3, 7``; a long list is cut by « … »."""
    parts: list[str] = []
    first = last = pages[0]
    for page in (*pages[1:], None):
        if page is not None and page == last + 1:
            last = page
            continue
        parts.append(str(first) if first == last else f"{first}-{last}")
        if page is not None:
            first = last = page
    return ", ".join(parts[:_MOST_NAMED]) + ("…" if len(parts) > _MOST_NAMED else "")


def _layout(drawn: _Drawn, number: int, size: tuple[float, float], outcome: _Outcome) -> PageLayout:
    """The lines of one page, or none when it has no text that can be read."""
    inked = drawn.visible + drawn.hidden
    if not inked:
        outcome.without_text.append(number)
        return PageLayout()
    if drawn.lost > _MOSTLY * inked:
        outcome.unmapped.append(number)
        return PageLayout()
    if drawn.lost:
        outcome.holes += drawn.lost
        outcome.holed.append(number)
    if drawn.hidden and drawn.visible < _FEW_VISIBLE * drawn.hidden:
        outcome.recognised.append(number)
    level = drawn.runs.get(0, [])
    struck = _struck(level, drawn.lines)
    if struck:
        outcome.strikes += sum(order - 1 not in struck for order in struck)
        outcome.struck.append(number)
        # The room they take is kept, so that the words around them do not seem to stand in two columns.
        drawn.runs[0] = [run._replace(text="") if run.order in struck else run for run in level]
    groups = sorted(drawn.runs.items(), key=lambda group: -sum(len(run.text) for run in group[1]))
    return lay_out(
        (runs, _strokes(drawn.lines, degrees), size[1] if degrees in (90, -90) else size[0]) for degrees, runs in groups
    )


def _struck(runs: Sequence[Run], lines: Sequence[tuple[float, float, float, float]]) -> set[int]:
    """The strings (by their order) that a level line crosses at mid-height, from end to end: struck out.

    An underline runs below the letters, a border between two lines of text.
    """
    rules: dict[int, list[tuple[float, float]]] = {}
    for x0, y0, x1, y1 in lines:
        if abs(y1 - y0) <= _STRAIGHT < abs(x1 - x0):
            rules.setdefault(round(y0 + y1), []).append((min(x0, x1), max(x0, x1)))
    heights = sorted(rules)
    merged: dict[int, tuple[list[float], list[float]]] = {}
    for height in heights:
        starts: list[float] = []
        ends: list[float] = []
        for start, end in sorted(rules[height]):
            if ends and start <= ends[-1] + 1:
                ends[-1] = max(ends[-1], end)
            else:
                starts.append(start)
                ends.append(end)
        merged[height] = starts, ends
    struck: set[int] = set()
    for run in runs:
        first = bisect_left(heights, 2 * (run.y + _STRUCK_LOW * run.size))
        last = bisect_right(heights, 2 * (run.y + _STRUCK_HIGH * run.size))
        for height in heights[first : min(last, first + 10)]:
            starts, ends = merged[height]
            place = bisect_right(starts, run.x0 + 0.05 * (run.x1 - run.x0)) - 1
            if place >= 0 and ends[place] - max(starts[place], run.x0) >= _STRUCK_MOST * (run.x1 - run.x0):
                struck.add(run.order)
                break
    return struck


def _strokes(lines: Sequence[tuple[float, float, float, float]], degrees: int) -> list[Stroke]:
    """The lines of a page as text written in that direction sees them: those that are level or upright."""
    if degrees % 90:
        return []
    cosine, sine = round(math.cos(math.radians(degrees))), round(math.sin(math.radians(degrees)))
    strokes = []
    for x0, y0, x1, y1 in lines:
        across = sorted((x0 * cosine + y0 * sine, x1 * cosine + y1 * sine))
        up = sorted((y0 * cosine - x0 * sine, y1 * cosine - x1 * sine))
        strokes.append(Stroke(across[0], up[0], across[1], up[1]))
    return strokes


_A4: Final = (595.0, 842.0)


class _Page(NamedTuple):
    """The entries of a page, and what it has from the nodes above it."""

    entries: Any
    resources: Any
    box: Any

    @property
    def size(self) -> tuple[float, float]:
        """Its width and height; those of A4 when it does not say."""
        box = _numbers(list(self.box.get_object()), 4) if self.box is not None else None
        if box is None or abs(box[2] - box[0]) < 1 or abs(box[3] - box[1]) < 1:
            return _A4
        return abs(box[2] - box[0]), abs(box[3] - box[1])


def _pages(root: Any, limits: Limits, deadline: Deadline) -> Iterator[_Page | None]:
    """The pages under the root of the tree of pages, one by one; ``None`` for one that cannot be read.

    pypdf resolves the whole tree before it gives the first page, in a time that a hostile file makes quadratic; here
    only the pages that are read are resolved, and the deadline stands between them.
    """
    from pypdf.errors import PyPdfError

    open_nodes: list[tuple[Iterator[Any], Any, Any]] = [(iter((root,)), None, None)]
    seen: set[tuple[int, int]] = set()
    nodes = 0
    while open_nodes:
        kids, resources, box = open_nodes[-1]
        kid = next(kids, None)
        if kid is None:
            open_nodes.pop()
            continue
        nodes += 1
        deadline.check()
        try:
            node = kid.get_object()
            name = getattr(kid, "idnum", 0), getattr(kid, "generation", 0)
            inner = node.get("/Kids")
            resources, box = node.get("/Resources", resources), node.get("/MediaBox", box)
            if inner is None:
                yield _Page(node, resources, box)
                continue
            if (name in seen and name[0]) or len(open_nodes) > limits.depth or nodes > _MOST_NODES:
                raise ValueError("a tree without end")
            seen.add(name)
            open_nodes.append((iter(list(inner.get_object())), resources, box))
        except ReadError:
            raise
        except (PyPdfError, *_FAULTS):
            yield None


def _opened(data: bytes) -> tuple[Any, int]:
    """The root of the tree of pages of a PDF, and the number of pages that it announces (0 when it does not).

    Raises `ReadError` when the file cannot be read at all.
    """
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, FileNotDecryptedError, PyPdfError

    try:
        reader = PdfReader(
            BytesIO(data), xref_stream_maximum_entries=_MOST_OBJECTS, root_object_recovery_limit=_MOST_TRIED
        )
        if reader.is_encrypted and not reader.decrypt(""):
            raise ReadError(_ENCRYPTED)
        root: Any = reader.root_object["/Pages"].get_object()
        count = root.get("/Count", 0)
        return root, count if isinstance(count, int) and 0 < count < _MOST_OBJECTS else 0
    except DependencyError:
        raise MissingExtra(extra="pdf-aes", library="cryptography") from None
    except FileNotDecryptedError:
        raise ReadError(_ENCRYPTED) from None
    except ReadError:
        raise
    except (PyPdfError, *_FAULTS):
        raise ReadError(_DAMAGED) from None


@contextmanager
def _quiet() -> Iterator[None]:
    """No warnings of pypdf, which tell of every small fault of a file, and take longer to make than the file to read.

    What could not be read is told by the remarks of the document.
    """
    logger = logging.getLogger("pypdf")
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(level)


def read(path: str, data: bytes, *, limits: Limits) -> Document:
    """The words of a PDF, page by page.

    Raises `ReadError` when it is damaged, protected or past a limit; `MissingExtra` when pypdf is not installed, or
    what it needs for a modern encryption.
    """
    check_size(data, limits)
    if b"%PDF-" not in data[:1024]:
        kind = recognise(data)
        raise ReadError(_NOT_PDF if kind is None else OTHER_KIND[kind])
    try:
        from pypdf import apply_configuration
        from pypdf.errors import DependencyError, PyPdfError
    except ImportError:
        raise MissingExtra(extra="pdf", library="pypdf") from None
    deadline = Deadline(limits)
    outcome = _Outcome()
    layouts: list[PageLayout] = []
    most = limits.member_bytes
    with (
        _quiet(),
        apply_configuration(
            maximum_declared_stream_length=most,
            array_based_stream_maximum_output_length=most,
            lzw_maximum_output_length=most,
            run_length_maximum_output_length=most,
            zlib_maximum_output_length=most,
            brotli_maximum_output_length=most,
            stream_decoding_work_maximum_length=limits.expanded_bytes,
        ),
    ):
        root, announced = _opened(data)
        fonts = _Fonts()
        pages = _pages(root, limits, deadline)
        length = 0
        # The count that a file announces may be wrong: what is past the limit is looked for before it is believed.
        too_many = announced > limits.pages and any(islice(_pages(root, limits, deadline), limits.pages, None))
        while not too_many:
            number = len(layouts) + 1
            pen = _Pen(fonts, limits, deadline)
            try:
                page = next(pages)
                if number > limits.pages:
                    too_many = True
                    break
                if page is None:
                    raise ValueError("no page")
                pen.page(page)
                layout = _layout(pen.drawn, number, page.size, outcome)
            except StopIteration:
                break
            except ReadError:
                left = max(announced - len(layouts), 1)
                outcome.skipped += left
                outcome.remarks.append(_OUT_OF_TIME.having(seconds=limits.seconds, count=left, first=number))
                break
            except DependencyError:
                raise MissingExtra(extra="pdf-aes", library="cryptography") from None
            except (PyPdfError, *_FAULTS):
                outcome.broken.append(number)
                layout = PageLayout()
            length += sum(len(line.text) for line in layout.lines)
            if length > limits.characters:
                raise ReadError(_TOO_LONG.having(limit=limits.characters))
            layouts.append(layout)
    if too_many:
        raise ReadError(_MORE_PAGES.having(count=max(announced, limits.pages + 1), limit=limits.pages))
    if not layouts and not outcome.skipped:
        raise ReadError(_NO_PAGES)
    if announced > len(layouts) + outcome.skipped:
        lost = announced - len(layouts)
        outcome.remarks.append(_LOST_PAGES.having(count=lost))
        outcome.skipped += lost
    if not any(layout.lines or layout.tables for layout in layouts):
        raise ReadError(outcome.nothing(len(layouts)))
    writer = PageWriter(limits)
    for number, (layout, around) in enumerate(zip(layouts, margins(layouts), strict=True), start=1):
        writer.write(layout, number, around)
    writer.finish()
    return PagedDocument(
        path=path,
        format=FORMAT,
        text="".join(writer.parts),
        blocks=tuple(writer.blocks),
        grids=tuple(writer.grids),
        remarks=tuple(outcome.told()),
        unread=outcome.unread,
        page_lines=tuple(writer.page_lines),
    )
