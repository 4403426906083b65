"""LibreOffice and OpenDocument texts (odt), read from their XML.

Tracked deletions are kept by the format in a list of changes at the head of the text: they are not read, and told.
Hidden and struck text is left out and told, as for Word. OpenDocument 1.3, part 3: sections 5 (paragraphs, lists,
tracked changes), 6 (notes), 7 (fields), 9 (tables), 10 (frames), 16 and 20 (styles).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from subsidy_rules.archive import Archive, parse_xml
from subsidy_rules.document import Document, Role
from subsidy_rules.flow import (
    SUPERSCRIPT,
    Node,
    Omissions,
    Paragraph,
    Table,
    TableCell,
    compose,
    has_words,
    list_number,
)
from subsidy_rules.reading import NO_WORDS, ONLY_UNREAD, Deadline, Limits, ReadError
from subsidy_rules.wording import Message

__all__ = ["EXTENSIONS", "EXTRA", "FORMAT", "read"]

FORMAT: Final = "odt"
EXTENSIONS: Final = (".odt", ".ott")
EXTRA: Final[str | None] = None

_PROTECTED: Final = Message(
    "ce document est protégé par un mot de passe : enregistrez-en une copie sans mot de passe",
    "this document is protected by a password: save a copy of it without one",
)
_NOT_TEXT: Final = Message(
    "ce fichier n’est pas un texte LibreOffice, malgré son nom (« {kind} »)",
    "despite its name, this file is not a LibreOffice text (“{kind}”)",
)

_SPACE: Final = "urn:oasis:names:tc:opendocument:xmlns:"
_PREFIXES: Final = {
    f"{_SPACE}office:1.0": "office",
    f"{_SPACE}text:1.0": "text",
    f"{_SPACE}table:1.0": "table",
    f"{_SPACE}drawing:1.0": "draw",
    f"{_SPACE}style:1.0": "style",
    f"{_SPACE}svg-compatible:1.0": "svg",
    f"{_SPACE}presentation:1.0": "presentation",
}
_CONTENT: Final = "content.xml"
_STYLES: Final = "styles.xml"
_MANIFEST: Final = "META-INF/manifest.xml"
_MIMETYPE: Final = "mimetype"
_TEXT_KIND: Final = "application/vnd.oasis.opendocument.text"
_WORDED: Final = re.compile(r"[^\W\d_]{2}")
_XML_BLANKS: Final = re.compile(r"[ \t\r\n]+")
_MOST_REPEATED: Final = 1_000
_OUTLINE: Final = "the outline"  # no style of a list has this name: a blank cannot stand in one
_PICTURE_WIDTH: Final = 10.0
_PICTURE_HEIGHT: Final = 5.0
_UNITS: Final = {"cm": 1.0, "mm": 0.1, "in": 2.54, "pt": 2.54 / 72, "pc": 2.54 / 6, "px": 2.54 / 96}


def _count(attributes: Mapping[str, str], name: str, most: int = _MOST_REPEATED) -> int:
    """A number of columns, rows or blanks: at least 1, at most ``most``."""
    text = attributes.get(name, "1")
    return min(max(int(text), 1), most) if text.isascii() and text.isdigit() and len(text) < 10 else 1


def _centimetres(length: str) -> float:
    """The size of a drawing, to tell a logo from a page that was scanned."""
    number, unit = length[:-2], length[-2:]
    try:
        return float(number) * _UNITS.get(unit, 0.0)
    except ValueError:
        return 0.0


# -- styles ---------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Style:
    base: str | None = None
    outline: int | None = None
    hidden: bool | None = None
    struck: bool | None = None
    raised: bool | None = None


@dataclass(slots=True)
class _LevelStyle:
    """How one depth of a list is marked: a bullet, or a number between two strings."""

    form: str | None = None
    before: str = ""
    after: str = ""
    start: int = 1
    shown: int = 1


class _Styles:
    """The styles of content.xml and styles.xml, each completed by its parent; and the styles of lists."""

    def __init__(self) -> None:
        self._styles: dict[tuple[str, str], _Style] = {}
        self._lists: dict[str, dict[int, _LevelStyle]] = {}
        self._current: _Style | None = None
        self._levels: dict[int, _LevelStyle] | None = None
        self._resolved: dict[tuple[str, str | None], _Style] = {}

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        match name:
            case "style:style":
                key = (attributes.get("style:family", ""), attributes.get("style:name", ""))
                outline = attributes.get("style:default-outline-level", "")
                self._current = self._styles[key] = _Style(
                    base=attributes.get("style:parent-style-name"),
                    outline=int(outline) if outline.isascii() and outline.isdigit() and len(outline) < 3 else None,
                )
            case "style:text-properties" if self._current is not None:
                _take(self._current, attributes)
            case "text:list-style":
                self._levels = self._lists[attributes.get("style:name", "")] = {}
            case "text:outline-style":
                self._levels = self._lists[_OUTLINE] = {}
            case "text:list-level-style-number" | "text:outline-level-style" if self._levels is not None:
                self._levels[_count(attributes, "text:level")] = _LevelStyle(
                    form=attributes.get("style:num-format", ""),
                    before=attributes.get("style:num-prefix", ""),
                    after=attributes.get("style:num-suffix", ""),
                    start=_count(attributes, "text:start-value", 9999),
                    shown=_count(attributes, "text:display-levels", 10),
                )
            case "text:list-level-style-bullet" if self._levels is not None:
                self._levels[_count(attributes, "text:level")] = _LevelStyle()

    def end(self, name: str) -> None:
        match name:
            case "style:style":
                self._current = None
            case "text:list-style" | "text:outline-style":
                self._levels = None

    def of(self, family: str, name: str | None) -> _Style:
        """A style with what it takes from its parents."""
        known = self._resolved.get((family, name))
        if known is not None:
            return known
        whole = _Style()
        seen: set[str] = set()
        at = name
        while at is not None and at not in seen and len(seen) < 50:
            seen.add(at)
            style = self._styles.get((family, at))
            if style is None:
                break
            if whole.outline is None:
                whole.outline = 1 if at == "Title" else style.outline
            whole.hidden = style.hidden if whole.hidden is None else whole.hidden
            whole.struck = style.struck if whole.struck is None else whole.struck
            whole.raised = style.raised if whole.raised is None else whole.raised
            at = style.base
        self._resolved[family, name] = whole
        return whole

    def level(self, list_style: str | None, depth: int) -> _LevelStyle | None:
        """The style of one depth of a list, from 1; ``None`` when the list has no style of its own."""
        return None if list_style is None else self._lists.get(list_style, {}).get(depth)


def _take(style: _Style, attributes: Mapping[str, str]) -> None:
    display = attributes.get("text:display")
    if display is not None:
        style.hidden = display == "none"
    for name in ("style:text-line-through-style", "style:text-line-through-type"):
        line = attributes.get(name)
        if line is not None:
            style.struck = line != "none"
    position = attributes.get("style:text-position")
    if position is not None:
        first = position.split(" ")[0]
        style.raised = first == "super" or (first.endswith("%") and first[:1].isdigit() and first != "0%")


# -- the text -------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _OpenParagraph:
    role: Role
    level: int
    mark: str
    looks: list[_Style]
    label: str = ""
    parts: list[str] = field(default_factory=list)
    page: int | None = None
    floating: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class _OpenTable:
    table: Table
    column: int = 0
    row: list[TableCell] = field(default_factory=list)
    row_repeated: int = 1
    cell_repeated: int = 1


@dataclass(slots=True)
class _OpenList:
    """A list that is open: its style, and the number of its last item. ``fresh``: no paragraph of the item yet."""

    style: str | None
    count: int | None = None
    fresh: bool = False
    header: bool = False


# What is not text of the page, with all it holds. Notes, frames and tables are read by what follows.
_SKIPPED: Final = frozenset(
    (
        "office:annotation", "text:note-citation", "office:forms", "office:scripts", "office:font-face-decls",
        "text:sequence-decls", "text:variable-decls", "text:user-field-decls", "text:alphabetical-index-source",
        "text:table-of-content-source", "text:bibliography-source", "text:illustration-index-source",
        "text:table-index-source", "text:object-index-source", "text:user-index-source", "text:ruby-text",
        "svg:title", "svg:desc", "table:shapes", "text:hidden-text", "text:meta-field-source", "office:event-listeners",
        "presentation:notes",
    )
)  # fmt: skip


class _Story:
    """The body of the document, or the margins of its pages, event by event."""

    def __init__(self, styles: _Styles, tally: Omissions, page: int | None) -> None:
        self.nodes: list[Node] = []
        self.notes: list[Node] = []
        self._styles = styles
        self._tally = tally
        self._page = page
        self._role: Role = "paragraph"
        self._containers: list[list[Node]] = []
        self._paragraphs: list[_OpenParagraph] = []
        self._tables: list[_OpenTable] = []
        self._lists: list[_OpenList] = []
        self._outline: list[int | None] = [None] * 10
        self._last_counts: dict[str | None, int] = {}
        self._looks: list[_Style | None] = []
        self._note_count = 0
        self._inside: list[tuple[Role, list[_OpenList]]] = []
        self._skip = 0
        self._frame = (0.0, 0.0)
        self._starts: dict[str, Callable[[Mapping[str, str]], None]] = {
            "office:text": self._start_body,
            "text:p": self._start_paragraph,
            "text:h": self._start_heading,
            "text:span": self._start_span,
            "text:a": self._start_span,
            "text:s": self._blanks,
            "text:tab": self._tab,
            "text:line-break": self._break,
            "text:soft-page-break": self._page_break,
            "text:list": self._start_list,
            "text:list-item": self._start_item,
            "text:list-header": self._start_list_header,
            "text:note": self._start_note,
            "text:note-body": self._start_note_body,
            "text:section": self._start_section,
            "text:tracked-changes": self._skip_changes,
            "text:change-start": self._insertion,
            "text:change": self._deletion,
            "table:table": self._start_table,
            "table:table-row": self._start_row,
            "table:table-cell": self._start_cell,
            "table:covered-table-cell": self._covered,
            "draw:text-box": self._start_box,
            "draw:frame": self._start_frame,
            "draw:image": self._picture,
            "draw:object": self._object,
            "draw:object-ole": self._object,
        }
        self._ends: dict[str, Callable[[], None]] = {
            "text:p": self._end_paragraph,
            "text:h": self._end_paragraph,
            "text:span": self._end_span,
            "text:a": self._end_span,
            "text:list": self._end_list,
            "text:note-body": self._end_note_body,
            "table:table": self._end_table,
            "table:table-row": self._end_row,
            "table:table-cell": self._end_cell,
            "draw:text-box": self._end_box,
        }

    # -- events -----------------------------------------------------------------------------------------------

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if self._skip:
            self._skip += 1
            return
        known = self._starts.get(name)
        if known is not None:
            known(attributes)
        elif name in _SKIPPED:
            self._tally.comments += name == "office:annotation"
            self._tally.hidden += name == "text:hidden-text"
            self._skip = 1

    def end(self, name: str) -> None:
        if self._skip:
            self._skip -= 1
            return
        known = self._ends.get(name)
        if known is not None:
            known()

    def text(self, characters: str) -> None:
        if not self._skip and self._paragraphs:
            self._put(characters, typed=False)

    def _start_body(self, attributes: Mapping[str, str]) -> None:
        self._containers.append(self.nodes)

    # -- characters -------------------------------------------------------------------------------------------

    def _put(self, words: str, *, typed: bool = True) -> None:
        if not self._paragraphs:
            return
        paragraph = self._paragraphs[-1]
        hidden = struck = raised = False
        for look in paragraph.looks:  # the innermost style that says something decides
            hidden = hidden if look.hidden is None else look.hidden
            struck = struck if look.struck is None else look.struck
            raised = raised if look.raised is None else look.raised
        if hidden or struck:
            if not words.isspace():
                self._tally.hidden += hidden
                self._tally.struck += struck and not hidden
            return
        if not typed:
            # Blanks of the XML are one space, and none after another; more than one are written as elements.
            words = _XML_BLANKS.sub(" ", words)
            if not paragraph.parts or paragraph.parts[-1][-1] in " \n":
                words = words.lstrip(" ")
        if not words:
            return
        if raised:
            words = words.translate(SUPERSCRIPT)
        if paragraph.page is None:
            paragraph.page = self._page
        paragraph.parts.append(words)

    def _blanks(self, attributes: Mapping[str, str]) -> None:
        self._put(" " * _count(attributes, "text:c"))

    def _tab(self, attributes: Mapping[str, str]) -> None:
        self._put("\t")

    def _break(self, attributes: Mapping[str, str]) -> None:
        self._put("\n")

    def _page_break(self, attributes: Mapping[str, str]) -> None:
        self._page = None if self._page is None else self._page + 1

    def _start_span(self, attributes: Mapping[str, str]) -> None:
        if self._paragraphs:
            self._paragraphs[-1].looks.append(self._styles.of("text", attributes.get("text:style-name")))

    def _end_span(self) -> None:
        if self._paragraphs and len(self._paragraphs[-1].looks) > 1:
            self._paragraphs[-1].looks.pop()

    # -- tracked changes --------------------------------------------------------------------------------------

    def _skip_changes(self, attributes: Mapping[str, str]) -> None:
        self._skip = 1

    def _insertion(self, attributes: Mapping[str, str]) -> None:
        self._tally.inserted += 1

    def _deletion(self, attributes: Mapping[str, str]) -> None:
        # A point in the text where something was deleted.
        self._tally.deleted += 1

    # -- paragraphs -------------------------------------------------------------------------------------------

    def _start_paragraph(self, attributes: Mapping[str, str]) -> None:
        style = self._styles.of("paragraph", attributes.get("text:style-name"))
        role, level, mark = self._role, 0, ""
        if style.outline and role == "paragraph" and not self._lists:
            role, level = "heading", style.outline
        if self._lists:
            open_list = self._lists[-1]
            level = len(self._lists)
            if role == "paragraph":
                role = "item"
            if open_list.fresh and not open_list.header:
                open_list.fresh = False
                mark = self._mark(level)
        self._paragraphs.append(_OpenParagraph(role, level if role in ("heading", "item") else 0, mark, [style]))

    def _start_heading(self, attributes: Mapping[str, str]) -> None:
        style = self._styles.of("paragraph", attributes.get("text:style-name"))
        level = _count(attributes, "text:outline-level", 10)
        label = ""
        if attributes.get("text:is-list-header") != "true":
            label = self._mark(len(self._lists)).strip() if self._lists else self._heading_number(level)
            if self._lists:
                self._lists[-1].fresh = False
        heading: Role = "heading" if self._role == "paragraph" else self._role
        self._paragraphs.append(_OpenParagraph(heading, level if heading == "heading" else 0, "", [style], label))

    def _heading_number(self, level: int) -> str:
        style = self._styles.level(_OUTLINE, level)
        before = self._outline[level - 1]
        first = style.start if style is not None else 1
        self._outline[level - 1] = first if before is None else before + 1
        for deeper in range(level, 10):
            self._outline[deeper] = None
        if style is None or not style.form:
            return ""
        return self._label(style, [count or 1 for count in self._outline[:level]])

    @staticmethod
    def _label(style: _LevelStyle, counts: list[int]) -> str:
        shown = counts[-style.shown :]
        return style.before + ".".join(list_number(count, style.form or "1") for count in shown) + style.after

    def _mark(self, level: int) -> str:
        open_list = self._lists[-1]
        style = self._styles.level(open_list.style, level)
        if style is None or style.form is None:
            return "- "
        if not style.form:
            return ""
        counts = [outer.count or 1 for outer in self._lists]
        return self._label(style, counts).strip() + " "

    def _end_paragraph(self) -> None:
        if not self._paragraphs:
            return
        paragraph = self._paragraphs.pop()
        words = "".join(paragraph.parts)
        if not self._containers:
            return
        if words and not words.isspace():
            if paragraph.label:
                words = f"{paragraph.label} {words.lstrip()}"
            mark = paragraph.mark if paragraph.mark != " " else ""
            if _WORDED.search(mark):  # « Article 1 : » is text, and no mark of a list
                words, mark = f"{mark.strip()} {words.lstrip()}", ""
            self._containers[-1].append(Paragraph(words, paragraph.role, paragraph.level, mark, paragraph.page))
        self._containers[-1].extend(paragraph.floating)

    # -- lists ------------------------------------------------------------------------------------------------

    def _start_list(self, attributes: Mapping[str, str]) -> None:
        style = attributes.get("text:style-name") or (self._lists[-1].style if self._lists else None)
        opened = _OpenList(style)
        goes_on = attributes.get("text:continue-numbering") == "true" or "text:continue-list" in attributes
        if goes_on and not self._lists:
            opened.count = self._last_counts.get(style)
        self._lists.append(opened)

    def _end_list(self) -> None:
        if self._lists:
            closed = self._lists.pop()
            if not self._lists and closed.count is not None:
                self._last_counts[closed.style] = closed.count

    def _start_item(self, attributes: Mapping[str, str]) -> None:
        if not self._lists:
            return
        open_list = self._lists[-1]
        style = self._styles.level(open_list.style, len(self._lists))
        first = style.start if style is not None else 1
        if "text:start-value" in attributes:
            open_list.count = _count(attributes, "text:start-value", 9999)
        else:
            open_list.count = first if open_list.count is None else open_list.count + 1
        open_list.fresh, open_list.header = True, False

    def _start_list_header(self, attributes: Mapping[str, str]) -> None:
        if self._lists:
            self._lists[-1].header = True

    # -- notes, frames, sections ------------------------------------------------------------------------------

    def _start_note(self, attributes: Mapping[str, str]) -> None:
        self._note_count += 1
        self._put(str(self._note_count).translate(SUPERSCRIPT))

    def _start_note_body(self, attributes: Mapping[str, str]) -> None:
        self._inside.append((self._role, self._lists))
        self._role, self._lists = "footnote", []
        self._containers.append([])

    def _end_note_body(self) -> None:
        if not self._inside:
            return
        self._role, self._lists = self._inside.pop()
        note = self._containers.pop()
        if note:
            first = note[0]
            if isinstance(first, Paragraph) and not first.mark:
                first.mark = f"{str(self._note_count).translate(SUPERSCRIPT)} "
            self.notes += note

    def _start_box(self, attributes: Mapping[str, str]) -> None:
        if not self._containers:
            return
        self._inside.append((self._role, self._lists))
        self._lists = []
        self._containers.append(self._paragraphs[-1].floating if self._paragraphs else self._containers[-1])

    def _end_box(self) -> None:
        if self._inside:
            self._role, self._lists = self._inside.pop()
            self._containers.pop()

    def _start_frame(self, attributes: Mapping[str, str]) -> None:
        self._frame = (
            _centimetres(attributes.get("svg:width", "")),
            _centimetres(attributes.get("svg:height", "")),
        )

    def _picture(self, attributes: Mapping[str, str]) -> None:
        if self._frame[0] >= _PICTURE_WIDTH and self._frame[1] >= _PICTURE_HEIGHT:
            self._tally.pictures += 1
            self._frame = (0.0, 0.0)  # the same picture may be there in two formats

    def _object(self, attributes: Mapping[str, str]) -> None:
        self._tally.objects += 1
        self._frame = (0.0, 0.0)
        self._skip = 1

    def _start_section(self, attributes: Mapping[str, str]) -> None:
        if attributes.get("text:display") == "none":
            self._tally.hidden += 1
            self._skip = 1

    # -- tables -----------------------------------------------------------------------------------------------

    def _start_table(self, attributes: Mapping[str, str]) -> None:
        table = Table(name=attributes.get("table:name"), page=self._page)
        if self._containers:
            self._containers[-1].append(table)
        self._inside.append((self._role, self._lists))
        self._lists = []
        self._tables.append(_OpenTable(table))

    def _end_table(self) -> None:
        if self._tables:
            self._tables.pop()
            self._role, self._lists = self._inside.pop()

    def _start_row(self, attributes: Mapping[str, str]) -> None:
        if self._tables:
            table = self._tables[-1]
            table.row = []
            table.column = 0
            table.row_repeated = _count(attributes, "table:number-rows-repeated")

    def _end_row(self) -> None:
        if self._tables:
            table = self._tables[-1]
            filled = any(cell.content for cell in table.row)
            # Rows without a word are only blank space, however often they are repeated.
            for _ in range(table.row_repeated if filled else 1):
                table.table.rows.append(table.row)

    def _start_cell(self, attributes: Mapping[str, str]) -> None:
        if not self._tables:
            return
        table = self._tables[-1]
        cell = TableCell(
            table.column,
            row_span=_count(attributes, "table:number-rows-spanned"),
            column_span=_count(attributes, "table:number-columns-spanned"),
        )
        table.cell_repeated = _count(attributes, "table:number-columns-repeated")
        table.row.append(cell)
        self._containers.append(cell.content)

    def _end_cell(self) -> None:
        if not self._tables:
            return
        table = self._tables[-1]
        self._containers.pop()
        table.column += 1
        cell = table.row[-1]
        if not any(map(has_words, cell.content)):
            cell.content.clear()
        if table.cell_repeated == 1:
            return
        if not cell.content:
            table.column += table.cell_repeated - 1
            return
        for _ in range(table.cell_repeated - 1):
            table.row.append(TableCell(table.column, cell.content))
            table.column += 1
        table.cell_repeated = 1

    def _covered(self, attributes: Mapping[str, str]) -> None:
        """A place that a merged cell covers: what it may hold does not show."""
        if self._tables:
            self._tables[-1].column += _count(attributes, "table:number-columns-repeated")
        self._skip = 1


class _Margins(_Story):
    """The headers and footers of the pages, which styles.xml holds."""

    def __init__(self, styles: _Styles, tally: Omissions) -> None:
        super().__init__(styles, tally, None)
        self.around: dict[Role, list[Node]] = {"header": [], "footer": []}
        self._depth = 0
        self._starts["style:header"] = lambda attributes: self._open("header", attributes)
        self._starts["style:header-first"] = self._starts["style:header"]
        self._starts["style:header-left"] = self._starts["style:header"]
        self._starts["style:footer"] = lambda attributes: self._open("footer", attributes)
        self._starts["style:footer-first"] = self._starts["style:footer"]
        self._starts["style:footer-left"] = self._starts["style:footer"]
        for name in list(self._starts):
            if name.startswith(("style:header", "style:footer")):
                self._ends[name] = self._close

    def _open(self, role: Role, attributes: Mapping[str, str]) -> None:
        if attributes.get("style:display") == "false":
            self._skip = 1
            return
        self._role = role
        self._containers.append([])

    def _close(self) -> None:
        if not self._containers:
            return
        nodes = self._containers.pop()
        key = [node.text for node in nodes if isinstance(node, Paragraph)]
        known = [node.text for node in self.around[self._role] if isinstance(node, Paragraph)]
        if len(key) < len(nodes) or any(words not in known for words in key):
            self.around[self._role] += nodes


def read(path: str, data: bytes, *, limits: Limits) -> Document:
    """The words of an OpenDocument text. Raises `ReadError` when it is damaged, protected, past a limit, or no text."""
    archive = Archive(data, limits)
    deadline = Deadline(limits)
    if _MIMETYPE in archive:
        kind = archive.read(_MIMETYPE)[:100].decode("ascii", "replace").strip()
        if not kind.startswith(_TEXT_KIND):
            raise ReadError(_NOT_TEXT.having(kind=kind))
    if _MANIFEST in archive and b"encryption-data" in archive.read(_MANIFEST):
        raise ReadError(_PROTECTED)

    def parse(
        part: str,
        start: Callable[[str, Mapping[str, str]], None],
        end: Callable[[str], None],
        text: Callable[[str], None] | None = None,
    ) -> None:
        parse_xml(
            archive.read(part),
            part=part,
            limits=limits,
            deadline=deadline,
            prefixes=_PREFIXES,
            start=start,
            end=end,
            text=text,
        )

    styles = _Styles()
    tally = Omissions()
    for part in (_STYLES, _CONTENT):
        if part == _CONTENT or part in archive:
            parse(part, styles.start, styles.end)
    body = _Story(styles, tally, 1 if b"soft-page-break" in archive.read(_CONTENT) else None)
    parse(_CONTENT, body.start, body.end, body.text)
    margins = _Margins(styles, tally)
    if _STYLES in archive:
        parse(_STYLES, margins.start, margins.end, margins.text)
    remarks = tally.remarks()
    nodes = [*margins.around["header"], *body.nodes, *body.notes, *margins.around["footer"]]
    document = compose(path, FORMAT, nodes, limits, remarks=remarks, unread=tally.objects)
    if not document.text:
        raise ReadError(ONLY_UNREAD.having(why=remarks[0]) if remarks else NO_WORDS)
    return document
