"""Word documents (docx), read from their XML.

python-docx is not used: it gives neither tracked insertions, nor text boxes, notes and content controls, and it has no
limits. What is read is what the printed page would show with every change accepted: insertions are read and deletions
are not (and both are told), the result of a field stands and its code does not, hidden and struck text is left out (and
told), the numbers that Word draws before paragraphs are counted again. Office Open XML: ECMA-376, part 1 (17: text;
17.9: numbering; 17.13.5: tracked changes; 17.16: fields), both its transitional and its strict namespaces.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from subsidy_rules.archive import Archive, parse_xml
from subsidy_rules.document import Document, Role
from subsidy_rules.flow import SUPERSCRIPT, Node, Omissions, Paragraph, Table, TableCell, compose, list_number
from subsidy_rules.reading import NO_WORDS, ONLY_UNREAD, Deadline, Limits, ReadError
from subsidy_rules.wording import Message

__all__ = ["EXTENSIONS", "EXTRA", "FORMAT", "read"]

FORMAT: Final = "docx"
EXTENSIONS: Final = (".docx", ".docm", ".dotx", ".dotm")
EXTRA: Final[str | None] = None

_FIELD: Final = Message(
    "un champ n’est pas terminé : le texte qui le suit n’est pas lu",
    "a field has no end: the text after it is not read",
)
_NOT_WORD: Final = Message(
    "ce fichier n’est pas un document Word, malgré son nom (la partie principale est « {part} »)",
    "despite its name, this file is not a Word document (its main part is “{part}”)",
)

_PREFIXES: Final = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "w",
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "w",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships": "r",
    "http://purl.oclc.org/ooxml/officeDocument/relationships": "r",
    "http://schemas.openxmlformats.org/officeDocument/2006/math": "m",
    "http://purl.oclc.org/ooxml/officeDocument/math": "m",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
    "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing": "wp",
    "http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing": "wp",
    "http://schemas.openxmlformats.org/drawingml/2006/chart": "c",
    "http://purl.oclc.org/ooxml/drawingml/chart": "c",
    "http://schemas.openxmlformats.org/drawingml/2006/diagram": "dgm",
    "http://purl.oclc.org/ooxml/drawingml/diagram": "dgm",
    "http://schemas.openxmlformats.org/drawingml/2006/picture": "pic",
    "http://purl.oclc.org/ooxml/drawingml/picture": "pic",
    "urn:schemas-microsoft-com:office:office": "o",
    "http://schemas.openxmlformats.org/package/2006/relationships": "rel",
}

_OFF: Final = frozenset({"0", "false", "off", "none"})
# Characters that documents take from the Symbol font; any other symbol shows as a square.
_SYMBOLS: Final = {
    0xA0: "€", 0xB7: "•", 0xB1: "±", 0xA3: "≤", 0xB3: "≥", 0xBB: "≈", 0xB9: "≠", 0xB4: "×", 0xB8: "÷", 0x2D: "−",
}  # fmt: skip
_SQUARE: Final = "□"
# A picture that may hold text: at least 10 cm wide and 5 cm high, in the units of drawings (360 000 to the centimetre).
_PICTURE_WIDTH: Final = 3_600_000
_PICTURE_HEIGHT: Final = 1_800_000


def _on(attributes: Mapping[str, str]) -> bool:
    return attributes.get("w:val", "1").lower() not in _OFF


def _number(attributes: Mapping[str, str], name: str = "w:val") -> int | None:
    text = attributes.get(name, "")
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None


# -- styles and numbering -------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Look:
    """What decides whether and how characters show; ``None`` is "as the style says"."""

    hidden: bool | None = None
    struck: bool | None = None
    raised: bool | None = None
    style: str | None = None

    def take(self, name: str, attributes: Mapping[str, str]) -> None:
        """One property of characters."""
        match name:
            case "w:vanish":
                self.hidden = _on(attributes)
            case "w:strike" | "w:dstrike":
                self.struck = _on(attributes) or bool(self.struck)
            case "w:vertAlign":
                self.raised = attributes.get("w:val") == "superscript"
            case "w:rStyle":
                self.style = attributes.get("w:val")


@dataclass(slots=True)
class _Style:
    name: str = ""
    base: str | None = None
    outline: int | None = None
    list_id: int | None = None
    list_level: int | None = None
    look: _Look = field(default_factory=_Look)


class _Styles:
    """The styles of a document, each completed by the one it is based on."""

    def __init__(self) -> None:
        self._styles: dict[str, _Style] = {}
        self._current: _Style | None = None

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "w:style":
            self._current = self._styles.setdefault(attributes.get("w:styleId", ""), _Style())
            return
        style = self._current
        if style is None:
            return
        match name:
            case "w:name":
                style.name = attributes.get("w:val", "").lower()
            case "w:basedOn":
                style.base = attributes.get("w:val")
            case "w:outlineLvl":
                style.outline = _number(attributes)
            case "w:numId":
                style.list_id = _number(attributes)
            case "w:ilvl":
                style.list_level = _number(attributes)
            case _:
                style.look.take(name, attributes)

    def end(self, name: str) -> None:
        if name == "w:style":
            self._current = None

    def _chain(self, identifier: str | None) -> list[_Style]:
        chain: list[_Style] = []
        seen: set[str] = set()
        while identifier is not None and identifier in self._styles and identifier not in seen and len(seen) < 50:
            seen.add(identifier)
            chain.append(self._styles[identifier])
            identifier = self._styles[identifier].base
        return chain

    def outline(self, identifier: str | None) -> int | None:
        """The depth, from 0, of the headings of this style; ``None`` when it is for body text."""
        for style in self._chain(identifier):
            if style.outline is not None:
                return style.outline if style.outline < 9 else None
            if style.name in ("title", "titre"):
                return 0
        return None

    def numbering(self, identifier: str | None) -> tuple[int | None, int]:
        chain = self._chain(identifier)
        list_id = next((style.list_id for style in chain if style.list_id is not None), None)
        level = next((style.list_level for style in chain if style.list_level is not None), 0)
        return list_id, level

    def look(self, identifier: str | None) -> _Look:
        look = _Look()
        for style in self._chain(identifier):
            look.hidden = style.look.hidden if look.hidden is None else look.hidden
            look.struck = style.look.struck if look.struck is None else look.struck
            look.raised = style.look.raised if look.raised is None else look.raised
        return look


@dataclass(slots=True)
class _Level:
    form: str = "decimal"
    text: str = ""
    start: int = 1
    restarts: bool = True


@dataclass(slots=True)
class _List:
    """One use of a numbering: its definition and what it changes in it."""

    definition: int | None = None
    starts: dict[int, int] = field(default_factory=dict)
    levels: dict[int, _Level] = field(default_factory=dict)


_PLACEHOLDER: Final = re.compile(r"%([1-9])")
_WORDED: Final = re.compile(r"[^\W\d_]{2}")


_FORMS: Final = {"lowerRoman": "i", "upperRoman": "I", "lowerLetter": "a", "upperLetter": "A"}


def _shown(number: int, form: str) -> str:
    """A number as Word draws it in a list."""
    match form:
        case "decimalZero":
            return f"{number:02d}"
        case "ordinal":
            return f"{number}er" if number == 1 else f"{number}e"
        case _:
            return list_number(number, _FORMS.get(form, "1"))


class _Numbering:
    """The lists of a document, counted as Word counts them."""

    def __init__(self) -> None:
        self._definitions: dict[int, dict[int, _Level]] = {}
        self._lists: dict[int, _List] = {}
        self._counts: dict[int, list[int | None]] = {}
        self._used: set[int] = set()
        self._levels: dict[int, _Level] | None = None
        self._list: _List | None = None
        self._level: _Level | None = None
        self._depth = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        match name:
            case "w:abstractNum":
                self._levels = self._definitions.setdefault(_number(attributes, "w:abstractNumId") or 0, {})
            case "w:num":
                self._list = self._lists.setdefault(_number(attributes, "w:numId") or 0, _List())
                self._levels = self._list.levels
            case "w:abstractNumId" if self._list is not None:
                self._list.definition = _number(attributes)
            case "w:lvlOverride":
                self._depth = _number(attributes, "w:ilvl") or 0
            case "w:startOverride" if self._list is not None:
                self._list.starts[self._depth] = _number(attributes) or 0
            case "w:lvl" if self._levels is not None:
                self._level = self._levels.setdefault(_number(attributes, "w:ilvl") or 0, _Level())
            case _ if self._level is not None:
                self._detail(self._level, name, attributes)

    def _detail(self, level: _Level, name: str, attributes: Mapping[str, str]) -> None:
        match name:
            case "w:numFmt":
                level.form = attributes.get("w:val", "decimal")
            case "w:lvlText":
                level.text = attributes.get("w:val", "")
            case "w:start":
                level.start = _number(attributes) or 0
            case "w:lvlRestart":
                level.restarts = _number(attributes) != 0

    def end(self, name: str) -> None:
        match name:
            case "w:lvl":
                self._level = None
            case "w:num":
                self._list = self._levels = None
            case "w:abstractNum":
                self._levels = None

    def label(self, list_id: int, depth: int) -> str | None:
        """What Word draws before the next paragraph of that list at that depth; ``None`` when there is no list."""
        used = self._lists.get(list_id)
        if used is None or used.definition is None or not 0 <= depth < 9:
            return None
        levels = {**self._definitions.get(used.definition, {}), **used.levels}
        level = levels.get(depth)
        if level is None:
            return None
        counts = self._counts.setdefault(used.definition, [None] * 9)
        if list_id not in self._used:
            self._used.add(list_id)
            for place, first in used.starts.items():
                if 0 <= place < 9:
                    counts[place] = first - 1
        before = counts[depth]
        counts[depth] = level.start if before is None else before + 1
        for deeper in range(depth + 1, 9):
            if deeper not in levels or levels[deeper].restarts:
                counts[deeper] = None
        if level.form == "bullet":
            return "-"
        if level.form == "none":
            return ""

        def put(found: re.Match[str]) -> str:
            place = int(found[1]) - 1
            inner = levels.get(place, _Level())
            count = counts[place]
            return _shown(inner.start if count is None else count, inner.form)

        return _PLACEHOLDER.sub(put, level.text).strip()


# -- the body -------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _OpenParagraph:
    parts: list[str] = field(default_factory=list)
    style: str | None = None
    outline: int | None = None
    list_id: int | None = None
    list_level: int | None = None
    joined: bool = False
    page: int | None = None
    look: _Look | None = None
    floating: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class _OpenTable:
    table: Table
    column: int = 0
    deleted: bool = False
    merged: dict[int, TableCell] = field(default_factory=dict)


@dataclass(slots=True)
class _OpenCell:
    cell: TableCell
    goes_on: bool = False
    starts: bool = False
    deleted: bool = False


_SKIPPED: Final = frozenset(
    (
        "w:instrText", "w:delInstrText", "w:fldData", "w:sdtPr", "w:sdtEndPr", "w:rPrChange", "w:pPrChange",
        "w:tblPrChange", "w:tcPrChange", "w:trPrChange", "w:sectPrChange", "w:tblGridChange", "w:numberingChange",
        "w:tblPrExChange", "w:rt", "w:delText", "w:tblGrid",
    )
)  # fmt: skip


class _Story:
    """One part that holds paragraphs and tables (the body, the notes, a header), event by event."""

    def __init__(self, styles: _Styles, numbering: _Numbering, tally: Omissions, page: int | None) -> None:
        self.nodes: list[Node] = []
        self.notes: list[tuple[str, str]] = []
        self.margins: list[tuple[str, str]] = []
        self.by_id: dict[str, list[Node]] = {}
        self.has_body = False
        self.open_fields = 0
        self._styles = styles
        self._numbering = numbering
        self._tally = tally
        self._page = page
        self._role: Role = "paragraph"
        self._containers: list[list[Node]] = [self.nodes]
        self._paragraphs: list[_OpenParagraph] = []
        self._tables: list[_OpenTable] = []
        self._cells: list[_OpenCell] = []
        self._carried: list[str] = []
        self._fields: list[bool] = []
        self._hidden_in_field = False
        self._look = _Look()
        self._in_paragraph_properties = 0
        self._in_row_properties = False
        self._reading: list[str] | None = None
        self._keep_blanks = False
        self._alternatives: list[bool] = []
        self._skip = 0
        self._skip_deleted = False
        self._extent = (0, 0)
        self._looks: dict[str | None, _Look] = {}
        self._starts: dict[str, Callable[[Mapping[str, str]], None]] = {
            "w:p": self._start_paragraph,
            "w:t": self._start_text,
            "m:t": self._start_text,
            "w:tbl": self._start_table,
            "w:tr": self._start_row,
            "w:tc": self._start_cell,
            "w:txbxContent": self._start_box,
            "w:footnote": self._start_note,
            "w:endnote": self._start_note,
            "w:fldChar": self._field_mark,
        }
        self._ends: dict[str, Callable[[], None]] = {
            "w:p": self._end_paragraph,
            "w:t": self._end_text,
            "m:t": self._end_text,
            "w:tbl": self._end_table,
            "w:tr": self._end_row,
            "w:tc": self._end_cell,
            "w:txbxContent": self._end_box,
            "w:footnote": self._end_note,
            "w:endnote": self._end_note,
        }

    # -- events -----------------------------------------------------------------------------------------------

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if self._skip:
            self._skip += 1
            if self._skip_deleted and name in ("w:delText", "w:t"):
                self._tally.deleted += 1
                self._skip_deleted = False
            return
        known = self._starts.get(name)
        if known is not None:
            known(attributes)
        elif name in _SKIPPED:
            self._skip = 1
        elif self._in_paragraph_properties:
            self._paragraph_property(name, attributes)
        elif self._in_row_properties:
            self._row_property(name, attributes)
        else:
            self._other(name, attributes)

    def end(self, name: str) -> None:
        if self._skip:
            self._skip -= 1
            return
        known = self._ends.get(name)
        if known is not None:
            known()
        elif name == "w:pPr":
            self._in_paragraph_properties = 0
        elif name in ("w:trPr", "w:tcPr"):
            self._in_row_properties = False
        elif name == "mc:AlternateContent":
            self._alternatives.pop()

    def text(self, characters: str) -> None:
        if self._reading is not None and not self._skip:
            self._reading.append(characters)

    def _other(self, name: str, attributes: Mapping[str, str]) -> None:
        match name:
            case "w:pPr":
                self._in_paragraph_properties = 1
            case "w:trPr" | "w:tcPr":
                self._in_row_properties = True
            case "w:r":
                self._look = _Look()
            case "w:vanish" | "w:strike" | "w:dstrike" | "w:vertAlign" | "w:rStyle":
                self._look.take(name, attributes)
            case "w:tab" | "w:ptab":
                self._put("\t")
            case "w:br" | "w:cr":
                self._put("\n")
            case "w:noBreakHyphen":
                self._put("\u2011")
            case "w:softHyphen":
                self._put("\u00ad")
            case "w:sym":
                self._put(_symbol(attributes))
            case "w:lastRenderedPageBreak":
                self._page = None if self._page is None else self._page + 1
            case "w:del" | "w:moveFrom":
                self._skip, self._skip_deleted = 1, True
            case "w:ins" | "w:moveTo":
                self._tally.inserted += 1
            case "mc:AlternateContent":
                self._alternatives.append(False)
            case "mc:Choice" | "mc:Fallback":
                self._alternative()
            case "w:footnoteReference" | "w:endnoteReference":
                self._note_reference(name, attributes)
            case "w:headerReference" | "w:footerReference":
                self.margins.append((name, attributes.get("r:id", "")))
            case "w:body":
                self.has_body = True
            case "o:OLEObject" | "c:chart" | "dgm:relIds" | "w:altChunk" | "w:subDoc":
                self._tally.objects += 1
            case "wp:extent":
                self._extent = (_number(attributes, "cx") or 0, _number(attributes, "cy") or 0)
            case "pic:pic":
                if self._extent[0] >= _PICTURE_WIDTH and self._extent[1] >= _PICTURE_HEIGHT:
                    self._tally.pictures += 1

    def _alternative(self) -> None:
        """The same drawing is written in several ways, for old and new programs: the first is the one to read."""
        if self._alternatives and not self._alternatives[-1]:
            self._alternatives[-1] = True
        else:
            self._skip, self._skip_deleted = 1, False

    # -- properties -------------------------------------------------------------------------------------------

    def _paragraph_property(self, name: str, attributes: Mapping[str, str]) -> None:
        if not self._paragraphs:
            return
        paragraph = self._paragraphs[-1]
        match name:
            case "w:pStyle":
                paragraph.style = attributes.get("w:val")
            case "w:outlineLvl":
                paragraph.outline = _number(attributes)
            case "w:numId":
                paragraph.list_id = _number(attributes)
            case "w:ilvl":
                paragraph.list_level = _number(attributes)
            case "w:del" | "w:moveFrom":
                # The end of the paragraph is deleted: it runs into the next one.
                paragraph.joined = True
            case "w:headerReference" | "w:footerReference":
                self.margins.append((name, attributes.get("r:id", "")))

    def _row_property(self, name: str, attributes: Mapping[str, str]) -> None:
        if not self._tables:
            return
        table = self._tables[-1]
        cell = self._cells[-1] if self._cells else None
        match name:
            case "w:del":
                table.deleted = True
            case "w:gridBefore":
                table.column = min(_number(attributes) or 0, 1000)
            case "w:gridSpan" if cell is not None:
                cell.cell.column_span = min(max(_number(attributes) or 1, 1), 1000)
            case "w:vMerge" if cell is not None:
                cell.starts = attributes.get("w:val") == "restart"
                cell.goes_on = not cell.starts
            case "w:cellDel" if cell is not None:
                cell.deleted = True

    # -- characters -------------------------------------------------------------------------------------------

    def _start_text(self, attributes: Mapping[str, str]) -> None:
        self._reading = []
        self._keep_blanks = attributes.get("xml:space") == "preserve"

    def _end_text(self) -> None:
        if self._reading is None:
            return
        words = "".join(self._reading).replace("\r", " ").replace("\n", " ")
        self._reading = None
        self._put(words if self._keep_blanks else words.strip(" \t"))

    def _put(self, words: str) -> None:
        if not words or not self._paragraphs:
            return
        if self._fields and not all(self._fields):
            self._hidden_in_field = self._hidden_in_field or not words.isspace()
            return
        paragraph = self._paragraphs[-1]
        if paragraph.look is None:
            paragraph.look = self._look_of(paragraph.style)
        own, named, base = self._look, self._look_of(self._look.style), paragraph.look
        if _first(own.hidden, named.hidden, base.hidden):
            self._tally.hidden += not words.isspace()
            return
        if _first(own.struck, named.struck, base.struck):
            self._tally.struck += not words.isspace()
            return
        if _first(own.raised, named.raised, base.raised):
            words = words.translate(SUPERSCRIPT)
        if paragraph.page is None:
            paragraph.page = self._page
        paragraph.parts.append(words)

    def _look_of(self, style: str | None) -> _Look:
        look = self._looks.get(style)
        if look is None:
            look = self._looks[style] = self._styles.look(style)
        return look

    def _field_mark(self, attributes: Mapping[str, str]) -> None:
        """A field is its code, then its result: only the result shows, if no field around it is in its code."""
        match attributes.get("w:fldCharType"):
            case "begin":
                self._fields.append(False)
            case "separate" if self._fields:
                self._fields[-1] = True
            case "end" if self._fields:
                self._fields.pop()

    def _note_reference(self, name: str, attributes: Mapping[str, str]) -> None:
        kind = name.removeprefix("w:").removesuffix("Reference")
        identifier = attributes.get("w:id", "")
        self.notes.append((kind, identifier))
        if attributes.get("w:customMarkFollows", "0") in _OFF:
            count = sum(1 for other, _ in self.notes if other == kind)
            self._put(str(count).translate(SUPERSCRIPT))

    # -- paragraphs -------------------------------------------------------------------------------------------

    def _start_paragraph(self, attributes: Mapping[str, str]) -> None:
        self._paragraphs.append(_OpenParagraph())
        self._look = _Look()

    def _end_paragraph(self) -> None:
        paragraph = self._paragraphs.pop()
        container = self._containers[-1]
        words = "".join((*self._carried, *paragraph.parts))
        self._carried.clear()
        if paragraph.joined:
            self._carried.append(words)
            container.extend(paragraph.floating)
            return
        label, level = self._label(paragraph)
        outline = paragraph.outline if paragraph.outline is not None else self._styles.outline(paragraph.style)
        if words and not words.isspace():
            role: Role = self._role
            if outline is not None and outline < 9:
                role, level = "heading", outline + 1
            elif label is not None and role == "paragraph":
                role = "item"
            mark = ""
            if label and (role == "heading" or _WORDED.search(label)):
                words = f"{label} {words.lstrip()}"
            elif label:
                mark = f"{label} "
            container.append(Paragraph(words, role, level if role in ("heading", "item") else 0, mark, paragraph.page))
        container.extend(paragraph.floating)

    def _label(self, paragraph: _OpenParagraph) -> tuple[str | None, int]:
        list_id, level = self._styles.numbering(paragraph.style)
        if paragraph.list_id is not None:
            list_id = paragraph.list_id
        if paragraph.list_level is not None:
            level = paragraph.list_level
        if not list_id:
            return None, 0
        return self._numbering.label(list_id, level), level + 1

    def _start_box(self, attributes: Mapping[str, str]) -> None:
        box: list[Node] = self._paragraphs[-1].floating if self._paragraphs else self._containers[-1]
        self._containers.append(box)

    def _end_box(self) -> None:
        self._containers.pop()

    def _start_note(self, attributes: Mapping[str, str]) -> None:
        note: list[Node] = []
        if attributes.get("w:type", "normal") == "normal":
            self.by_id[attributes.get("w:id", "")] = note
        self._containers.append(note)
        self._role = "footnote"

    def _end_note(self) -> None:
        self._containers.pop()

    def margin(self, role: Role) -> None:
        """What follows is a header or a footer."""
        self._role = role

    # -- tables -----------------------------------------------------------------------------------------------

    def _start_table(self, attributes: Mapping[str, str]) -> None:
        table = Table(page=self._page)
        self._containers[-1].append(table)
        self._tables.append(_OpenTable(table))

    def _end_table(self) -> None:
        self._tables.pop()

    def _start_row(self, attributes: Mapping[str, str]) -> None:
        if self._tables:
            table = self._tables[-1]
            table.table.rows.append([])
            table.column, table.deleted = 0, False

    def _end_row(self) -> None:
        if self._tables and self._tables[-1].deleted:
            self._tally.deleted += 1
            self._tables[-1].table.rows.pop()

    def _start_cell(self, attributes: Mapping[str, str]) -> None:
        cell = TableCell(self._tables[-1].column if self._tables else 0)
        self._cells.append(_OpenCell(cell))
        self._containers.append(cell.content)

    def _end_cell(self) -> None:
        self._containers.pop()
        done = self._cells.pop()
        if not self._tables:
            return
        table = self._tables[-1]
        table.column += done.cell.column_span
        if done.deleted:
            self._tally.deleted += 1
            return
        above = table.merged.get(done.cell.column)
        if done.goes_on and above is not None:
            above.row_span += 1
            above.content.extend(done.cell.content)
            return
        if done.starts:
            table.merged[done.cell.column] = done.cell
        else:
            table.merged.pop(done.cell.column, None)
        if table.table.rows:
            table.table.rows[-1].append(done.cell)

    def finish(self) -> list[Node]:
        """Everything read; a field without an end is told."""
        if self._carried:
            self.nodes.append(Paragraph("".join(self._carried), self._role))
            self._carried.clear()
        if self._fields and self._hidden_in_field:
            self.open_fields += 1
        return self.nodes


def _first(*values: bool | None) -> bool:
    return next((value for value in values if value is not None), False)


def _symbol(attributes: Mapping[str, str]) -> str:
    try:
        code = int(attributes.get("w:char", "")[:8], 16)
    except ValueError:
        return _SQUARE
    if code >= 0xF000:
        code -= 0xF000
    return _SYMBOLS.get(code, _SQUARE) if attributes.get("w:font", "").lower() == "symbol" else _SQUARE


# -- the package ----------------------------------------------------------------------------------------------------


class _Package:
    """The parts of a docx and how they point to one another."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self.archive = Archive(data, limits)
        self._limits = limits
        self._deadline = Deadline(limits)
        self._relations: dict[str, dict[str, tuple[str, str]]] = {}

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """By identifier, the kind of each relation of ``part`` and the part it points to, when it is in the file."""
        known = self._relations.get(part)
        if known is not None:
            return known
        folder, _, name = part.rpartition("/")
        path = f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"
        found: dict[str, tuple[str, str]] = {}

        def start(element: str, attributes: Mapping[str, str]) -> None:
            if element == "rel:Relationship" and attributes.get("TargetMode") != "External":
                target = self.archive.beside(part, attributes.get("Target", ""))
                if target is not None:
                    kind = attributes.get("Type", "").rpartition("/")[2]
                    found[attributes.get("Id", "")] = (kind, target)

        if path in self.archive:
            self._parse(path, start)
        self._relations[part] = found
        return found

    def main_part(self) -> str:
        """The part that holds the document."""
        for kind, target in self.relations("").values():
            if kind == "officeDocument":
                return target
        return "word/document.xml"

    def one(self, part: str, kind: str) -> str | None:
        """The part of that kind that ``part`` points to."""
        return next((target for found, target in self.relations(part).values() if found == kind), None)

    def _parse(
        self,
        part: str,
        start: Callable[[str, Mapping[str, str]], None],
        end: Callable[[str], None] | None = None,
        text: Callable[[str], None] | None = None,
    ) -> None:
        parse_xml(
            self.archive.read(part),
            part=part,
            limits=self._limits,
            deadline=self._deadline,
            prefixes=_PREFIXES,
            start=start,
            end=end,
            text=text,
        )

    def styles(self, main: str) -> _Styles:
        styles = _Styles()
        part = self.one(main, "styles")
        if part is not None:
            self._parse(part, styles.start, styles.end)
        return styles

    def numbering(self, main: str) -> _Numbering:
        numbering = _Numbering()
        part = self.one(main, "numbering")
        if part is not None:
            self._parse(part, numbering.start, numbering.end)
        return numbering

    def count_comments(self, main: str) -> int:
        """How many comments there are; programs add the part for them even where there is none."""
        part = self.one(main, "comments")
        count = 0

        def start(element: str, attributes: Mapping[str, str]) -> None:
            nonlocal count
            count += element == "w:comment"

        if part is not None:
            self._parse(part, start)
        return count

    def story(self, part: str, story: _Story) -> list[Node]:
        self._parse(part, story.start, story.end, story.text)
        return story.finish()


def _notes(package: _Package, main: str, body: _Story, stories: Callable[[], _Story]) -> list[Node]:
    """The notes in the order in which the text calls them, each after its number."""
    found: dict[str, dict[str, list[Node]]] = {}
    for kind in ("footnote", "endnote"):
        part = package.one(main, f"{kind}s")
        if part is not None and any(called == kind for called, _ in body.notes):
            story = stories()
            package.story(part, story)
            found[kind] = story.by_id
    nodes: list[Node] = []
    counts = {"footnote": 0, "endnote": 0}
    for kind, identifier in body.notes:
        counts[kind] += 1
        note = found.get(kind, {}).pop(identifier, None)
        if note:
            first = note[0]
            if isinstance(first, Paragraph) and not first.mark:
                first.mark = f"{str(counts[kind]).translate(SUPERSCRIPT)} "
            nodes += note
    return nodes


def _margins(
    package: _Package, main: str, body: _Story, stories: Callable[[], _Story]
) -> tuple[list[Node], list[Node]]:
    """The headers and the footers, each once however many sections show it."""
    around: dict[Role, list[Node]] = {"header": [], "footer": []}
    seen: set[str] = set()
    words: set[tuple[str, ...]] = set()
    relations = package.relations(main)
    for reference, identifier in body.margins:
        _, part = relations.get(identifier, ("", ""))
        if not part or part in seen:
            continue
        seen.add(part)
        role: Role = "header" if reference == "w:headerReference" else "footer"
        story = stories()
        story.margin(role)
        nodes = package.story(part, story)
        key = tuple(node.text for node in nodes if isinstance(node, Paragraph))
        if key in words and len(key) == len(nodes):
            continue
        words.add(key)
        around[role] += nodes
    return around["header"], around["footer"]


def read(path: str, data: bytes, *, limits: Limits) -> Document:
    """The words of a Word document. Raises `ReadError` when it is damaged, protected, past a limit, or no docx."""
    package = _Package(data, limits)
    main = package.main_part()
    tally = Omissions()
    styles = package.styles(main)
    numbering = package.numbering(main)
    has_pages = b"lastRenderedPageBreak" in package.archive.read(main)
    body = _Story(styles, numbering, tally, 1 if has_pages else None)
    nodes = package.story(main, body)
    if not body.has_body:
        raise ReadError(_NOT_WORD.having(part=main[:100]))

    def stories() -> _Story:
        return _Story(styles, numbering, tally, None)

    notes = _notes(package, main, body, stories)
    headers, footers = _margins(package, main, body, stories)
    tally.comments = package.count_comments(main)
    remarks = tally.remarks()
    if body.open_fields:
        remarks.append(_FIELD)
    unread = tally.objects + body.open_fields
    document = compose(path, FORMAT, [*headers, *nodes, *notes, *footers], limits, remarks=remarks, unread=unread)
    if not document.text:
        raise ReadError(ONLY_UNREAD.having(why=remarks[0]) if remarks else NO_WORDS)
    return document
