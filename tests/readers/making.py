"""Files made for the tests: one act written as text, Markdown, HTML, Word, OpenDocument and PDF, byte by byte.

Nothing here uses the code under test, or a library that writes those formats: what a reader is given is known to the
byte.
"""

from __future__ import annotations

import io
import textwrap
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape as escape_html
from xml.sax.saxutils import escape

# -- an act ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Heading:
    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Prose:
    text: str


@dataclass(frozen=True, slots=True)
class Item:
    text: str


@dataclass(frozen=True, slots=True)
class Grid:
    rows: tuple[tuple[str, ...], ...]


Part = Heading | Prose | Item | Grid


def act_of_text(text: str) -> list[Part]:
    """The paragraphs and items of a plain text, bold marks left out."""
    parts: list[Part] = []
    for line in text.replace("**", "").split("\n"):
        words = " ".join(line.split(" ")).strip()
        if not words:
            continue
        if words.startswith("- "):
            parts.append(Item(words[2:].strip()))
        else:
            parts.append(Prose(words.removeprefix("■").strip()))
    return parts


def words_of(act: Iterable[Part]) -> list[str]:
    """The words of an act, in order."""
    words: list[str] = []
    for part in act:
        match part:
            case Grid():
                for row in part.rows:
                    for cell in row:
                        words += cell.split()
            case _:
                words += part.text.split()
    return words


# -- text -----------------------------------------------------------------------------------------------------------


def as_text(act: Iterable[Part]) -> bytes:
    lines: list[str] = []
    for part in act:
        match part:
            case Grid():
                lines += [" | ".join(row) + " |" for row in part.rows]
            case Item():
                lines.append(f"- {part.text}")
            case _:
                lines.append(part.text)
        lines.append("")
    return "\n".join(lines).encode()


def as_markdown(act: Iterable[Part]) -> bytes:
    lines: list[str] = []
    for part in act:
        match part:
            case Grid():
                head, *rest = part.rows
                lines.append("| " + " | ".join(head) + " |")
                lines.append("|" + "---|" * len(head))
                lines += ["| " + " | ".join(row) + " |" for row in rest]
            case Item():
                lines.append(f"- {part.text}")
            case Heading():
                lines.append("#" * part.level + " " + part.text)
            case Prose():
                lines.append(part.text)
        lines.append("")
    return "\n".join(lines).encode()


def as_html(act: Iterable[Part]) -> bytes:
    out = ["<!DOCTYPE html>\n<html><head><meta charset='utf-8'><title>acte</title></head><body>"]
    open_list = False
    for part in act:
        if open_list and not isinstance(part, Item):
            out.append("</ul>")
            open_list = False
        match part:
            case Grid():
                out.append("<table>")
                out += [
                    "<tr>" + "".join(f"<td>{escape_html(cell)}</td>" for cell in row) + "</tr>" for row in part.rows
                ]
                out.append("</table>")
            case Item():
                if not open_list:
                    out.append("<ul>")
                    open_list = True
                out.append(f"<li>{escape_html(part.text)}")
            case Heading():
                out.append(f"<h{part.level}>{escape_html(part.text)}</h{part.level}>")
            case Prose():
                out.append(f"<p>{escape_html(part.text)}</p>")
    out.append("</body></html>")
    return "\n".join(out).encode()


# -- archives -------------------------------------------------------------------------------------------------------


def as_zip(parts: Mapping[str, bytes | str], *, stored: Sequence[str] = ()) -> bytes:
    """A zip archive of ``parts``; those named ``stored`` are not compressed."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            method = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name), data, compress_type=method)
    return file.getvalue()


# -- Word -----------------------------------------------------------------------------------------------------------

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"

STYLES = """
<w:style w:type="paragraph" w:styleId="Titre1"><w:name w:val="heading 1"/>
<w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Titre2"><w:name w:val="heading 2"/><w:basedOn w:val="Titre1"/>
<w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Liste"><w:name w:val="List"/>
<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
<w:style w:type="character" w:styleId="Cache"><w:name w:val="cache"/><w:rPr><w:vanish/></w:rPr></w:style>
"""

NUMBERING = """
<w:abstractNum w:abstractNumId="0">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="&#xF0B7;"/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="1">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%1.%2)"/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="2">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="Article %1 :"/></w:lvl>
</w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="2"/></w:num>
"""


def run(text: str, properties: str = "") -> str:
    """A run of Word."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(content: str, properties: str = "") -> str:
    """A paragraph of Word, around runs or around plain words."""
    inner = content if content.lstrip().startswith("<") else run(content)
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>"


def cell(content: str, properties: str = "") -> str:
    """A cell of a Word table."""
    inner = (
        content if content.lstrip().startswith("<w:p") or content.lstrip().startswith("<w:tbl") else paragraph(content)
    )
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def table(rows: Iterable[Iterable[str]]) -> str:
    """A Word table of cells."""
    return "<w:tbl>" + "".join(f"<w:tr>{''.join(row)}</w:tr>" for row in rows) + "</w:tbl>"


def docx(
    body: str,
    others: Mapping[str, str] | None = None,
    *,
    parts: Mapping[str, bytes | str] | None = None,
    namespace: str = W,
) -> bytes:
    """A Word document. ``others`` are more parts, by kind: ``footnotes``, ``header1``; ``parts`` any, by name."""
    spaces = f'xmlns:w="{namespace}" xmlns:r="{R}" xmlns:mc="{MC}"'
    roots = {"footnotes": "footnotes", "endnotes": "endnotes", "comments": "comments"}
    made: dict[str, bytes | str] = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" Type="{R}/officeDocument" '
        'Target="word/document.xml"/></Relationships>',
        "word/document.xml": f"<w:document {spaces}><w:body>{body}</w:body></w:document>",
        "word/styles.xml": f"<w:styles {spaces}>{STYLES}</w:styles>",
        "word/numbering.xml": f"<w:numbering {spaces}>{NUMBERING}</w:numbering>",
    }
    relations = [("styles", "styles"), ("numbering", "numbering")]
    for name, content in (others or {}).items():
        kind = name.rstrip("0123456789")
        root = roots.get(name, {"header": "hdr", "footer": "ftr"}.get(kind, name))
        made[f"word/{name}.xml"] = f"<w:{root} {spaces}>{content}</w:{root}>"
        relations.append((kind, name))
    made["word/_rels/document.xml.rels"] = (
        f'<Relationships xmlns="{RELATIONS}">'
        + "".join(f'<Relationship Id="{name}" Type="{R}/{kind}" Target="{name}.xml"/>' for kind, name in relations)
        + "</Relationships>"
    )
    made |= parts or {}
    return as_zip(made)


def as_docx(act: Iterable[Part]) -> bytes:
    body: list[str] = []
    for part in act:
        match part:
            case Grid():
                body.append(table([cell(words) for words in row] for row in part.rows))
            case Item():
                body.append(paragraph(run(part.text), '<w:pStyle w:val="Liste"/>'))
            case Heading():
                body.append(paragraph(run(part.text), f'<w:pStyle w:val="Titre{part.level}"/>'))
            case Prose():
                # Word cuts runs anywhere: in the middle of a word, of a figure.
                half = len(part.text) // 2
                body.append(paragraph(run(part.text[:half]) + run(part.text[half:], "<w:b/>")))
    return docx("".join(body))


# -- OpenDocument ---------------------------------------------------------------------------------------------------

O_NAME = "urn:oasis:names:tc:opendocument:xmlns:"
O_SPACES = " ".join(
    f'xmlns:{prefix}="{O_NAME}{name}:1.0"'
    for prefix, name in (
        ("office", "office"),
        ("text", "text"),
        ("table", "table"),
        ("draw", "drawing"),
        ("style", "style"),
        ("svg", "svg-compatible"),
    )
)
O_STYLES = """
<style:style style:name="Cache" style:family="text"><style:text-properties text:display="none"/></style:style>
<style:style style:name="Barre" style:family="text">
<style:text-properties style:text-line-through-style="solid"/></style:style>
<style:style style:name="Haut" style:family="text">
<style:text-properties style:text-position="super 58%"/></style:style>
<text:list-style style:name="Puces"><text:list-level-style-bullet text:level="1"/></text:list-style>
<text:list-style style:name="Nombres">
<text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/></text:list-style>
"""
ODT_KIND = "application/vnd.oasis.opendocument.text"


def odt(body: str, styles: str = "", *, parts: Mapping[str, bytes | str] | None = None) -> bytes:
    """An OpenDocument text; ``styles`` is what its styles.xml holds."""
    made: dict[str, bytes | str] = {
        "mimetype": ODT_KIND,
        "content.xml": f"<office:document-content {O_SPACES}>"
        f"<office:automatic-styles>{O_STYLES}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>",
        "styles.xml": f"<office:document-styles {O_SPACES}>{styles}</office:document-styles>",
        "META-INF/manifest.xml": "<manifest/>",
    }
    made |= parts or {}
    return as_zip(made, stored=["mimetype"])


def odt_text(words: str) -> str:
    """Words in XML as LibreOffice writes them: a second blank in a row is an element."""
    return escape(words).replace("  ", " <text:s/>")


def as_odt(act: Iterable[Part]) -> bytes:
    body: list[str] = []
    for part in act:
        match part:
            case Grid():
                rows = (
                    "".join(f"<table:table-cell><text:p>{odt_text(words)}</text:p></table:table-cell>" for words in row)
                    for row in part.rows
                )
                body.append(
                    '<table:table table:name="Tableau1"><table:table-column/>'
                    + "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
                    + "</table:table>"
                )
            case Item():
                body.append(
                    '<text:list text:style-name="Puces"><text:list-item><text:p>'
                    f"{odt_text(part.text)}</text:p></text:list-item></text:list>"
                )
            case Heading():
                body.append(f'<text:h text:outline-level="{part.level}">{odt_text(part.text)}</text:h>')
            case Prose():
                half = len(part.text) // 2
                body.append(
                    f"<text:p>{odt_text(part.text[:half])}<text:span>{odt_text(part.text[half:])}</text:span></text:p>"
                )
    return odt("".join(body))


# -- PDF ------------------------------------------------------------------------------------------------------------


class PdfFile:
    """A PDF put together object by object. Every glyph of its font (Courier) is 0,6 em wide."""

    def __init__(self) -> None:
        self._objects: list[bytes] = []

    def add(self, content: bytes | str) -> int:
        """Adds an object; gives its number."""
        self._objects.append(content.encode("latin-1") if isinstance(content, str) else content)
        return len(self._objects)

    def stream(self, data: bytes, extra: str = "", *, compress: bool = True) -> int:
        """Adds a stream."""
        if compress:
            data = zlib.compress(data)
            extra += " /Filter /FlateDecode"
        return self.add(f"<< /Length {len(data)} {extra} >>\nstream\n".encode("latin-1") + data + b"\nendstream")

    def replace(self, number: int, content: str) -> None:
        self._objects[number - 1] = content.encode("latin-1")

    def bytes(self, root: int, trailer: str = "") -> bytes:
        """The file, whose catalogue is the object ``root``."""
        out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        places = []
        for number, content in enumerate(self._objects, start=1):
            places.append(len(out))
            out += b"%d 0 obj\n" % number + content + b"\nendobj\n"
        start = len(out)
        out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
        for place in places:
            out += b"%010d 00000 n \n" % place
        out += (
            f"trailer\n<< /Size {len(places) + 1} /Root {root} 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
        )
        return bytes(out)


COURIER = "<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>"


def pdf_string(text: str) -> str:
    """A literal string of a content stream."""
    raw = text.encode("cp1252").decode("latin-1")
    return "(" + raw.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)") + ")"


def pdf(contents: Sequence[str], *, font: str = COURIER, resources: str = "", page_extra: str = "") -> bytes:
    """A PDF whose pages draw ``contents``, the font being ``/F1``."""
    file = PdfFile()
    font_number = file.add(font)
    tree = file.add("")
    kids = []
    for content in contents:
        stream = file.stream(content.encode("latin-1"))
        kids.append(
            file.add(
                f"<< /Type /Page /Parent {tree} 0 R /MediaBox [0 0 595 842] /Contents {stream} 0 R "
                f"/Resources << /Font << /F1 {font_number} 0 R >> {resources} >> {page_extra} >>"
            )
        )
    file.replace(tree, f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(f'{kid} 0 R' for kid in kids)}] >>")
    return file.bytes(file.add(f"<< /Type /Catalog /Pages {tree} 0 R >>"))


def drawn(text: str, x: float, y: float, size: float = 10) -> str:
    """The operators that draw a string."""
    return f"BT /F1 {size} Tf 1 0 0 1 {x} {y} Tm {pdf_string(text)} Tj ET\n"


_WIDTH = 80
_LEFT, _TOP, _BOTTOM = 50, 790, 60
_EM = 6.0  # of Courier, at 10 points


def as_pdf(act: Iterable[Part]) -> bytes:
    """The act on A4 pages: lines of 80 characters, drawn borders around the cells of tables."""
    pages: list[str] = [""]
    y = float(_TOP)

    def room(height: float) -> None:
        nonlocal y
        if y - height < _BOTTOM:
            pages.append("")
            y = _TOP

    for part in act:
        match part:
            case Grid():
                widths = [max(len(row[column]) for row in part.rows) for column in range(len(part.rows[0]))]
                room(14.0 * len(part.rows))
                for row in part.rows:
                    x = float(_LEFT)
                    for words, width in zip(row, widths, strict=True):
                        span = _EM * width + 8
                        pages[-1] += f"{x} {y - 4} {span} 14 re S\n"
                        if words:
                            pages[-1] += drawn(words, x + 4, y)
                        x += span
                    y -= 14
                y -= 10
            case _:
                mark = "\x95 " if isinstance(part, Item) else ""
                text = (mark.encode("latin-1").decode("cp1252") + part.text) if mark else part.text
                lines = textwrap.wrap(
                    text, _WIDTH, break_long_words=False, break_on_hyphens=False, subsequent_indent="  " if mark else ""
                )
                for line in lines:
                    room(12)
                    indent = len(line) - len(line.lstrip(" "))
                    pages[-1] += drawn(line.lstrip(" "), _LEFT + _EM * indent, y)
                    y -= 12
                y -= 8
    return pdf(pages)


MAKERS = {
    ".txt": as_text,
    ".md": as_markdown,
    ".html": as_html,
    ".docx": as_docx,
    ".odt": as_odt,
    ".pdf": as_pdf,
}
