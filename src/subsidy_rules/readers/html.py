"""Web pages (HTML), with the lines and columns of their source.

The page is read tag by tag, as the HTML standard cuts it (whatwg.org, 13.2.5), and not through the parser of the
standard library: that one takes a time quadratic in the length of some broken pages (unclosed comments) in the Python
versions supported here, and does not say where a character reference stood, which exact places need. What a browser
would not show is left out: scripts, styles, hidden elements (told), struck text (told).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Final, NamedTuple

from subsidy_rules.decoding import decode
from subsidy_rules.document import Document, Role
from subsidy_rules.flow import SUPERSCRIPT, Node, Omissions, Origin, Paragraph, Table, TableCell, compose, list_number
from subsidy_rules.layout import TOO_MANY_CELLS
from subsidy_rules.reading import NO_WORDS, ONLY_UNREAD, Deadline, Limits, ReadError
from subsidy_rules.wording import Message

__all__ = ["EXTENSIONS", "EXTRA", "FORMAT", "read"]

FORMAT: Final = "html"
EXTENSIONS: Final = (".html", ".htm", ".xhtml")
EXTRA: Final[str | None] = None

_CUT: Final = Message(
    "la page est abîmée : « {tag} » ouvert à la ligne {line:plain} n’est jamais fermé, et ce qui suit n’est pas lu",
    "the page is damaged: “{tag}”, opened at line {line:plain}, is never closed, and what follows is not read",
)
_NESTED: Final = Message(
    "plus de {limit} tableaux emboîtés les uns dans les autres",
    "more than {limit} tables inside one another",
)

_DECLARED: Final = re.compile(
    rb"""<meta[^>]{0,300}?charset\s{0,9}=\s{0,9}["']?([A-Za-z0-9_.:-]{1,40})|<\?xml[^>]{0,200}?encoding=["']([A-Za-z0-9_.:-]{1,40})""",
    re.IGNORECASE,
)
_DECLARED_WITHIN: Final = 4096

# -- cutting the page -----------------------------------------------------------------------------------------------

# Elements whose content is not markup: everything up to their own end tag.
_RAW: Final = frozenset(
    ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "noscript", "template")
)
_RAW_END: Final = {name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE) for name in _RAW}
_NAME: Final = re.compile(r"[A-Za-z][^\s/>]{0,100}")
_ATTRIBUTE: Final = re.compile(r"""[\s/]*([^\s/>=][^\s/>=]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"'][^\s>]*)?))?""")
_REST_OF_TAG: Final = re.compile(r"[^>]*")
_WORDS: Final = re.compile(
    r"[ \t\n\r\f]+|&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});?|[^ \t\n\r\f&]+|&"
)


_UNEVEN: Final = re.compile(r"[&\t\n\r\f]|  ")


class _Tag(NamedTuple):
    """A tag: its name in small letters, what it says that matters here, where it begins."""

    name: str
    closing: bool
    attributes: dict[str, str]
    start: int


class _Words(NamedTuple):
    start: int
    end: int


class _Broken(NamedTuple):
    """Something opened at ``start`` that nothing closes: the rest of the page is inside it."""

    tag: str
    start: int


_ATTRIBUTES_READ: Final = frozenset(("hidden", "style", "colspan", "rowspan", "start", "type", "value", "reversed"))


def _tokens(page: str) -> Iterator[_Tag | _Words | _Broken]:
    """The tags and the stretches of words of a page, in order, in a time that grows as its length does."""
    at = 0
    size = len(page)
    while at < size:
        start = page.find("<", at)
        if start == -1:
            yield _Words(at, size)
            return
        if start > at:
            yield _Words(at, start)
        after = page[start + 1 : start + 2]
        if page.startswith("<!--", start):
            end = page.find("-->", start + 2)  # « <!--> » is a whole comment
            if end == -1:
                yield _Broken("<!--", start)
                return
            at = end + 3
        elif after in ("!", "?"):
            end = page.find(">", start)
            at = size if end == -1 else end + 1
        elif after == "/" and page[start + 2 : start + 3].isalpha():
            found = _NAME.match(page, start + 2)
            end = page.find(">", start)
            if found is None or end == -1:
                return
            yield _Tag(found.group().lower(), True, {}, start)
            at = end + 1
        elif after.isascii() and after.isalpha():
            name, attributes, at = _open_tag(page, start)
            yield _Tag(name, False, attributes, start)
            if name in _RAW:
                found = _RAW_END[name].search(page, at)
                if found is None:
                    if page[at:].strip():
                        yield _Broken(f"<{name}>", start)
                    return
                at = found.start()
        else:  # « < » alone is a character
            yield _Words(start, start + 1)
            at = start + 1


def _open_tag(page: str, start: int) -> tuple[str, dict[str, str], int]:
    """The name of the tag that opens at ``start``, its attributes that matter, and where it ends."""
    found = _NAME.match(page, start + 1)
    name = found.group().lower() if found is not None else ""
    at = found.end() if found is not None else start + 1
    attributes: dict[str, str] = {}
    while True:
        attribute = _ATTRIBUTE.match(page, at)
        if attribute is None or attribute.end() == at:
            break
        at = attribute.end()
        key = attribute[1].lower()
        if key in _ATTRIBUTES_READ and key not in attributes:
            attributes[key] = unescape(attribute[2] or attribute[3] or attribute[4] or "")
    rest = _REST_OF_TAG.match(page, at)
    return name, attributes, (rest.end() if rest is not None else at) + 1


# -- what the page shows --------------------------------------------------------------------------------------------

_BLOCKS: Final = frozenset(
    (
        "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "dir",
        "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
        "header", "hgroup", "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "p", "pre", "section",
        "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
    )
)  # fmt: skip
_HEADINGS: Final = {f"h{depth}": depth for depth in range(1, 7)}
_UNSHOWN: Final = frozenset(
    ("head", "select", "datalist", "object", "applet", "canvas", "audio", "video", "svg", "map", "frameset", "option")
)
_VOID: Final = frozenset(
    (
        "area", "base", "br", "col", "embed", "frame", "hr", "img", "input", "link", "meta", "param", "source",
        "track", "wbr",
    )
)  # fmt: skip
_STRUCK: Final = frozenset(("del", "s", "strike"))
_HIDING: Final = re.compile(
    r"(?:^|;)\s{0,20}(?:display\s{0,20}:\s{0,20}none|visibility\s{0,20}:\s{0,20}hidden)", re.IGNORECASE
)
_STRIKING: Final = re.compile(r"line-through", re.IGNORECASE)
# An element whose end tag is optional ends where one of these opens or closes.
_ENDED_BY: Final = {
    "p": _BLOCKS,
    "li": frozenset(("li", "ul", "ol", "menu")),
    "dt": frozenset(("dt", "dd", "dl")),
    "dd": frozenset(("dt", "dd", "dl")),
    "td": frozenset(("td", "th", "tr", "tbody", "thead", "tfoot", "table")),
    "th": frozenset(("td", "th", "tr", "tbody", "thead", "tfoot", "table")),
    "tr": frozenset(("tr", "tbody", "thead", "tfoot", "table")),
    "head": _BLOCKS | {"head"},
    "option": frozenset(("option", "optgroup", "select")),
}
_MOST_TABLES: Final = 50
_WIDEST_SPAN: Final = 100
_TALLEST_SPAN: Final = 1_000
_WIDEST_TABLE: Final = 200


def _span(text: str | None, most: int) -> int:
    """A number of columns or rows, at least 1 and at most ``most``."""
    digits = (text or "").strip()
    return min(max(int(digits), 1), most) if digits.isascii() and digits.isdigit() and len(digits) < 8 else 1


@dataclass(slots=True)
class _OpenParagraph:
    parts: list[str] = field(default_factory=list)
    length: int = 0
    sources: list[Origin] = field(default_factory=list)
    blank: bool = False
    role: Role = "paragraph"
    level: int = 0
    mark: str = ""


@dataclass(slots=True)
class _OpenList:
    form: str | None
    count: int
    step: int = 1


@dataclass(slots=True)
class _OpenTable:
    table: Table
    lists: list[_OpenList]
    row: list[TableCell] | None = None
    in_cell: bool = False
    column: int = 0
    taken: dict[int, int] = field(default_factory=dict)


class _Page:
    """The paragraphs and tables that a page shows, tag by tag."""

    def __init__(self, page: str, limits: Limits) -> None:
        self.nodes: list[Node] = []
        self.omitted = Omissions()
        self._page = page
        self._limits = limits
        self._containers: list[list[Node]] = [self.nodes]
        self._open = _OpenParagraph()
        self._lists: list[_OpenList] = []
        self._tables: list[_OpenTable] = []
        self._cells = 0
        self._struck: dict[str, int] = {}
        self._striking = 0
        self._raised = 0
        self._preformatted = 0
        self._skipped: str | None = None
        self._skip_depth = 0
        self._skip_start = 0
        self._skip_hides = False
        self._item: tuple[str, int] | None = None
        self._heading = 0
        self._opening: dict[str, Callable[[_Tag], None]] = {
            "br": self._line_break,
            "hr": self._nothing,
            "li": self._open_item,
            "ul": self._open_list,
            "menu": self._open_list,
            "ol": self._open_list,
            "table": self._open_table,
            "tr": self._open_row,
            "td": self._open_cell,
            "th": self._open_cell,
            "pre": self._open_preformatted,
        }
        self._closing: dict[str, Callable[[], None]] = {
            "li": self._close_item,
            "ul": self._close_list,
            "menu": self._close_list,
            "ol": self._close_list,
            "table": self._close_table,
            "tr": self._close_row,
            "td": self._close_cell,
            "th": self._close_cell,
            "pre": self._close_preformatted,
        }

    # -- tokens -----------------------------------------------------------------------------------------------

    def tag(self, tag: _Tag) -> None:
        name = tag.name
        if self._skipped is not None and not self._ends_skip(tag):
            return
        if tag.closing:
            self._close(name)
            return
        style = tag.attributes.get("style", "")
        hides = "hidden" in tag.attributes or _HIDING.search(style) is not None
        if (hides or name in _UNSHOWN) and name not in _VOID:
            if name in _BLOCKS:
                self._flush()
            self._skipped, self._skip_depth, self._skip_start, self._skip_hides = name, 1, tag.start, hides
            return
        if name in _BLOCKS:
            self._flush()
        if name in _STRUCK or (_STRIKING.search(style) is not None and name not in _VOID and name not in _BLOCKS):
            self._struck[name] = self._struck.get(name, 0) + 1
            self._striking += 1
        elif name == "sup":
            self._raised += 1
        elif name in _HEADINGS:
            self._heading = _HEADINGS[name]
        known = self._opening.get(name)
        if known is not None:
            known(tag)

    def _close(self, name: str) -> None:
        if name in _BLOCKS:
            self._flush()
        if self._struck.get(name):
            self._struck[name] -= 1
            self._striking -= 1
        elif name == "sup":
            self._raised = max(0, self._raised - 1)
        elif name in _HEADINGS:
            self._heading = 0
        known = self._closing.get(name)
        if known is not None:
            known()

    def _ends_skip(self, tag: _Tag) -> bool:
        """True when what was skipped ends before this tag, which is then read."""
        name = self._skipped
        if tag.name == name and name not in _ENDED_BY:
            self._skip_depth += -1 if tag.closing else 1
            if self._skip_depth == 0:
                self._skipped = None
            return False
        if tag.name == name and tag.closing:
            self._skipped = None
            return False
        if name in _ENDED_BY and tag.name in _ENDED_BY[name]:
            self._skipped = None
            return True
        return False

    def words(self, start: int, end: int) -> None:
        if self._skipped is not None:
            if self._skip_hides and not self._page[start:end].isspace():
                self.omitted.hidden += 1
            return
        if self._striking:
            self.omitted.struck += not self._page[start:end].isspace()
            return
        if self._preformatted:
            self._put_preformatted(start, end)
            return
        open_paragraph = self._open
        plain = self._page[start:end]
        if _UNEVEN.search(plain) is None and plain[0] != " ":  # most stretches: words apart by one space, as they stand
            if open_paragraph.blank and open_paragraph.length and open_paragraph.parts[-1] != "\n":
                self._add(" ", start - 1)
            words = plain.rstrip(" ")
            open_paragraph.blank = len(words) < len(plain)
            self._add(words, start)
            return
        for found in _WORDS.finditer(self._page, start, end):
            words = found.group()
            if words[0] in " \t\n\r\f":
                open_paragraph.blank = True
                continue
            if open_paragraph.blank:
                open_paragraph.blank = False
                if open_paragraph.length and open_paragraph.parts[-1] != "\n":
                    self._add(" ", found.start() - 1)
            self._add_piece(words, found.start())

    def _put_preformatted(self, start: int, end: int) -> None:
        for found in _WORDS.finditer(self._page, start, end):
            words = found.group()
            self._add_piece(words, found.start())

    def _add_piece(self, words: str, source: int) -> None:
        """Words as they stand, or the characters that a reference names."""
        if words[0] == "&" and len(words) > 1:
            named = unescape(words)
            self._add(named, source, 0 if named == words else len(words))
        else:
            self._add(words, source)

    def _add(self, words: str, source: int, width: int = 0) -> None:
        paragraph = self._open
        last = paragraph.sources[-1] if paragraph.sources else None
        if last is None or width or last.width or last.there - last.here != source - paragraph.length:
            paragraph.sources.append(Origin(paragraph.length, source, width))
        if self._raised:
            words = words.translate(SUPERSCRIPT)
        paragraph.parts.append(words)
        paragraph.length += len(words)

    def finish(self) -> tuple[str, int] | None:
        """Ends the page; gives the tag inside which its end was hidden, if there is one, and where it opened."""
        self._flush()
        while self._tables:
            self._close_table()
        return (f"<{self._skipped}>", self._skip_start) if self._skipped is not None else None

    # -- paragraphs -------------------------------------------------------------------------------------------

    def _flush(self) -> None:
        done = self._open
        self._open = _OpenParagraph()
        if not done.length:
            return
        words = "".join(done.parts)
        if words.isspace():
            return
        role: Role = "paragraph"
        level, mark = 0, ""
        if self._preformatted:
            role = "preformatted"
        elif self._heading:
            role, level = "heading", self._heading
        elif self._item is not None:
            role, level, mark = "item", self._item[1], self._item[0]
            self._item = ("", level)  # a second paragraph of the same item has no mark
        self._containers[-1].append(Paragraph(words, role, level, mark, sources=done.sources))

    def _nothing(self, tag: _Tag) -> None:
        return

    def _line_break(self, tag: _Tag) -> None:
        self._open.blank = False
        self._add("\n", tag.start)

    def _open_preformatted(self, tag: _Tag) -> None:
        self._preformatted += 1

    def _close_preformatted(self) -> None:
        self._preformatted = max(0, self._preformatted - 1)

    # -- lists ------------------------------------------------------------------------------------------------

    def _open_list(self, tag: _Tag) -> None:
        self._item = None
        if tag.name != "ol":
            self._lists.append(_OpenList(None, 0))
            return
        first = _span(tag.attributes.get("start"), 100_000)
        form = tag.attributes.get("type", "1")
        self._lists.append(_OpenList(form if form in ("1", "a", "A", "i", "I") else "1", first - 1))

    def _close_list(self) -> None:
        if self._lists:
            self._lists.pop()
        self._item = ("", len(self._lists)) if self._lists else None

    def _open_item(self, tag: _Tag) -> None:
        if not self._lists:
            self._item = ("- ", 1)
            return
        open_list = self._lists[-1]
        if open_list.form is None:
            self._item = ("- ", len(self._lists))
            return
        open_list.count += 1
        if "value" in tag.attributes:
            open_list.count = _span(tag.attributes["value"], 100_000)
        self._item = (f"{list_number(open_list.count, open_list.form)}. ", len(self._lists))

    def _close_item(self) -> None:
        self._item = None

    # -- tables -----------------------------------------------------------------------------------------------

    def _open_table(self, tag: _Tag) -> None:
        if len(self._tables) >= _MOST_TABLES:
            raise ReadError(_NESTED.having(limit=_MOST_TABLES))
        self._tables.append(_OpenTable(Table(), self._lists))
        self._lists, self._item = [], None

    def _close_table(self) -> None:
        if self._tables:
            self._close_row()
            done = self._tables.pop()
            # Added when it closes: its caption, and what stands in it outside cells, show above it.
            self._containers[-1].append(done.table)
            self._lists = done.lists
            self._item = None

    def _open_row(self, tag: _Tag) -> None:
        if self._tables:
            self._close_row()
            table = self._tables[-1]
            table.row = []
            table.column = 0
            table.table.rows.append(table.row)

    def _close_row(self) -> None:
        if not self._tables:
            return
        self._close_cell()
        table = self._tables[-1]
        if table.row is not None:
            table.row = None
            table.taken = {column: rows - 1 for column, rows in table.taken.items() if rows > 1}

    def _open_cell(self, tag: _Tag) -> None:
        if not self._tables:
            return
        self._close_cell()
        table = self._tables[-1]
        if table.row is None:
            self._open_row(tag)
        while table.column in table.taken:
            table.column += 1
        across = _span(tag.attributes.get("colspan"), _WIDEST_SPAN)
        down = _span(tag.attributes.get("rowspan"), _TALLEST_SPAN)
        cell = TableCell(table.column, row_span=down, column_span=across)
        if down > 1 and table.column < _WIDEST_TABLE:
            for column in range(table.column, table.column + across):
                table.taken[column] = down
        table.column += across
        if table.row is not None:
            table.row.append(cell)
        table.in_cell = True
        self._containers.append(cell.content)
        self._lists, self._item = [], None
        self._cells += 1
        if self._cells > self._limits.cells:
            raise ReadError(TOO_MANY_CELLS.having(limit=self._limits.cells))

    def _close_cell(self) -> None:
        if self._tables and self._tables[-1].in_cell:
            self._flush()
            self._tables[-1].in_cell = False
            self._containers.pop()
            self._item = None


def read(path: str, data: bytes, *, limits: Limits) -> Document:
    """The words that a page shows. Raises `ReadError` when it is empty, past a limit, or not text."""
    declared = _DECLARED.search(data[:_DECLARED_WITHIN])
    name = (declared[1] or declared[2]).decode("ascii") if declared is not None else None
    decoded = decode(data, limits, declared=name)
    deadline = Deadline(limits)
    page = _Page(decoded.text, limits)
    broken: tuple[str, int] | None = None
    for count, token in enumerate(_tokens(decoded.text)):
        if count & 0xFFF == 0:
            deadline.check()
        match token:
            case _Words():
                page.words(token.start, token.end)
            case _Tag():
                page.tag(token)
            case _:
                broken = (token.tag, token.start)
    broken = page.finish() or broken
    remarks = [*decoded.remarks, *page.omitted.remarks()]
    if broken is not None:
        remarks.append(_CUT.having(tag=broken[0], line=decoded.text.count("\n", 0, broken[1]) + 1))
    document = compose(
        path,
        FORMAT,
        page.nodes,
        limits,
        remarks=remarks,
        unread=int(broken is not None),
        encoding=decoded.encoding,
        source_lines=_line_starts(decoded.text),
    )
    if not document.text:
        raise ReadError(ONLY_UNREAD.having(why=remarks[0]) if remarks else NO_WORDS)
    return document


def _line_starts(text: str) -> list[int]:
    starts = [0]
    at = text.find("\n")
    while at != -1:
        starts.append(at + 1)
        at = text.find("\n", at + 1)
    return starts
