"""Files made to hurt: run as a script, reads them all and prints what each did, for the test that bounds memory."""

from __future__ import annotations

import io
import json
import resource
import sys
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from importlib import import_module

from subsidy_rules.reading import Limits, ReadError
from tests.readers.making import COURIER, ODT_KIND, PdfFile, W, as_zip, cell, docx, drawn, odt, paragraph, pdf

MEGABYTE = 1_000_000
# Those of everybody, but for what would only make the tests longer.
LIMITS = Limits(seconds=20, pages=300, cells=20_000)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def zeros(size: int, byte: bytes = b" ") -> bytes:
    return byte * size


def with_part(name: str, data: bytes | str) -> bytes:
    return docx(paragraph("x"), parts={name: data})


def nested_zip() -> bytes:
    inner = as_zip({"a": zeros(50 * MEGABYTE)})
    for _ in range(5):
        inner = as_zip({f"{n}.zip": inner for n in range(10)})
    return docx(paragraph("dedans"), parts={"word/embeddings/bombe.zip": inner})


def laughs(root: str) -> str:
    entities = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    return f"<!DOCTYPE x [{entities}]>{root.replace('>x<', '>&a9;<')}"


def lying_sizes() -> bytes:
    """A part that says it is small, and is not."""
    data = bytearray(with_part("word/document.xml", zeros(80 * MEGABYTE)))
    size = (80 * MEGABYTE).to_bytes(4, "little")
    return bytes(data).replace(size, (100).to_bytes(4, "little"))


def entities() -> bytes:
    return with_part("word/document.xml", laughs(f'<w:document xmlns:w="{W}">x</w:document>'))


def damaged_part() -> bytes:
    data = bytearray(docx(paragraph("mot " * 500)))
    at = data.index(b"word/document.xml") + 40
    data[at : at + 8] = bytes(8)
    return bytes(data)


def overlapping() -> bytes:
    """Ten thousand entries of the directory for the same bytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", zeros(MEGABYTE))
        info = archive.infolist()[0]
        for number in range(10_000):
            copy = zipfile.ZipInfo(f"{number}.xml")
            for name in ("CRC", "compress_size", "file_size", "header_offset", "compress_type"):
                setattr(copy, name, getattr(info, name))
            archive.filelist.append(copy)
            archive.NameToInfo[copy.filename] = copy
    return file.getvalue()


def one_page(content: bytes, resources: str = "", filters: str = "", font: str = COURIER) -> bytes:
    file = PdfFile()
    font_number = file.add(font)
    stream = file.stream(content, filters, compress=not filters)
    page = file.add(
        f"<< /Type /Page /MediaBox [0 0 595 842] /Contents {stream} 0 R "
        f"/Resources << /Font << /F1 {font_number} 0 R >> {resources} >> >>"
    )
    tree = file.add(f"<< /Type /Pages /Count 1 /Kids [{page} 0 R] >>")
    return file.bytes(file.add(f"<< /Type /Catalog /Pages {tree} 0 R >>"))


def forms_in_forms() -> bytes:
    """Each form draws the next one ten times: ten to the power of twelve drawings."""
    file = PdfFile()
    font = file.add(COURIER)
    last = file.stream(
        b"BT /F1 10 Tf 50 700 Td (x) Tj ET",
        f"/Subtype /Form /BBox [0 0 9 9] /Resources << /Font << /F1 {font} 0 R >> >>",
    )
    for _ in range(12):
        last = file.stream(
            b"/X Do " * 10, f"/Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X {last} 0 R >> >>"
        )
    content = file.stream(b"/X Do")
    page = file.add(f"<< /Type /Page /Contents {content} 0 R /Resources << /XObject << /X {last} 0 R >> >> >>")
    tree = file.add(f"<< /Type /Pages /Count 1 /Kids [{page} 0 R] >>")
    return file.bytes(file.add(f"<< /Type /Catalog /Pages {tree} 0 R >>"))


def a_form_in_itself() -> bytes:
    file = PdfFile()
    form = file.add("")
    data = zlib.compress(b"/X Do /X Do")
    file.replace(
        form,
        f"<< /Length {len(data)} /Filter /FlateDecode /Subtype /Form /BBox [0 0 9 9] "
        f"/Resources << /XObject << /X {form} 0 R >> >> >>\nstream\n" + data.decode("latin-1") + "\nendstream",
    )
    content = file.stream(b"/X Do")
    page = file.add(f"<< /Type /Page /Contents {content} 0 R /Resources << /XObject << /X {form} 0 R >> >> >>")
    tree = file.add(f"<< /Type /Pages /Count 1 /Kids [{page} 0 R] >>")
    return file.bytes(file.add(f"<< /Type /Catalog /Pages {tree} 0 R >>"))


def a_tree_in_itself() -> bytes:
    file = PdfFile()
    tree = file.add("")
    file.replace(tree, f"<< /Type /Pages /Count 2 /Kids [{tree} 0 R {tree} 0 R] >>")
    return file.bytes(file.add(f"<< /Type /Catalog /Pages {tree} 0 R >>"))


def many_bombs() -> bytes:
    """Pages whose contents expand to forty megabytes each: half a gigabyte if they were kept."""
    file = PdfFile()
    font = file.add(COURIER)
    tree = file.add("")
    kids = []
    for _ in range(12):
        stream = file.stream(zeros(40 * MEGABYTE) + drawn("x", 50, 700).encode())
        kids.append(
            file.add(
                f"<< /Type /Page /Parent {tree} 0 R /Contents {stream} 0 R "
                f"/Resources << /Font << /F1 {font} 0 R >> >> >>"
            )
        )
    file.replace(tree, f"<< /Type /Pages /Count 12 /Kids [{' '.join(f'{kid} 0 R' for kid in kids)}] >>")
    return file.bytes(file.add(f"<< /Type /Catalog /Pages {tree} 0 R >>"))


def pages_in_one_stream() -> bytes:
    """Twenty thousand pages in one stream of objects, each found by going through all those before it."""
    count = 20_000
    first, bodies, places = 10, bytearray(), []
    for _ in range(count):
        places.append(len(bodies))
        bodies += b"<< /Type /Page >> "
    index = b" ".join(b"%d %d" % (first + n, place) for n, place in enumerate(places)) + b" "
    file = PdfFile()
    kids = " ".join(f"{first + n} 0 R" for n in range(count))
    tree = file.add(f"<< /Type /Pages /Count {count} /Kids [{kids}] >>")
    root = file.add(f"<< /Type /Catalog /Pages {tree} 0 R >>")
    held = file.stream(index + bytes(bodies), f"/Type /ObjStm /N {count} /First {len(index)}")
    out = bytearray(file.bytes(root))
    starts = [out.index(b"%d 0 obj" % number) for number in range(1, held + 1)]
    entries = bytearray(b"\x00" * 6)
    for start in starts:
        entries += b"\x01" + start.to_bytes(4, "big") + b"\x00"
    entries += (b"\x00" * 6) * (first - held - 1)
    for n in range(count):
        entries += b"\x02" + held.to_bytes(4, "big") + (n % 256).to_bytes(1, "big")
    data = zlib.compress(bytes(entries))
    place = len(out)
    out += (
        (
            f"9 0 obj\n<< /Type /XRef /Size {first + count} /W [1 4 1] /Root {root} 0 R /Length {len(data)} "
            "/Filter /FlateDecode >>\nstream\n"
        ).encode()
        + data
        + b"\nendstream\nendobj\n"
        + f"startxref\n{place}\n%%EOF\n".encode()
    )
    return bytes(out)


def deep_lists() -> bytes:
    file = PdfFile()
    file.add("[" * 50_000 + "]" * 50_000)
    tree = file.add("<< /Type /Pages /Count 1 /Kids [1 0 R] >>")
    return file.bytes(file.add(f"<< /Type /Catalog /Pages {tree} 0 R >>"))


def deep_tables() -> bytes:
    body = paragraph("x")
    for _ in range(100):
        body = f"<w:tbl><w:tr>{cell(body + '<w:p/>')}</w:tr></w:tbl>"
    return docx(body)


def wide_lists() -> bytes:
    return one_page(b"BT /F1 10 Tf [" + b"(a) -9 " * 300_000 + b"] TJ ET")


REFUSED: dict[str, tuple[str, Callable[[], bytes]]] = {
    "empty text": (".txt", lambda: b""),
    "empty page": (".html", lambda: b""),
    "empty docx": (".docx", lambda: b""),
    "empty odt": (".odt", lambda: b""),
    "empty pdf": (".pdf", lambda: b""),
    "ten megabytes of one letter": (".txt", lambda: zeros(10 * MEGABYTE, b"a")),
    "ten megabytes of one letter in a page": (".html", lambda: b"<p>" + zeros(10 * MEGABYTE - 10, b"a")),
    "ten megabytes of one letter in a docx": (".docx", lambda: docx(paragraph("a" * 10 * MEGABYTE))),
    "ten megabytes of one letter in an odt": (".odt", lambda: odt(f"<text:p>{'a' * 10 * MEGABYTE}</text:p>")),
    "ten megabytes of one letter in Markdown": (".md", lambda: zeros(10 * MEGABYTE, b"a")),
    "null bytes": (".txt", lambda: b"70 000\x00 euros"),
    "a picture named txt": (".txt", lambda: b"\x89PNG\r\n\x1a\n" + bytes(50)),
    "ten million blank lines": (".txt", lambda: b"\n" * 9_000_000),
    "no zip": (".docx", lambda: b"this is no zip"),
    "a docx cut short": (".docx", lambda: docx(paragraph("texte"))[:-300]),
    "an odt cut in the middle": (".odt", lambda: odt("<text:p>texte</text:p>")[:200]),
    "a docx with a damaged part": (".docx", damaged_part),
    "an old Word file": (".docx", lambda: OLE + bytes(600)),
    "an encrypted docx": (".docx", lambda: OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le")),
    "a zip bomb": (".docx", lambda: with_part("word/document.xml", zeros(60 * MEGABYTE))),
    "a larger zip bomb": (".odt", lambda: as_zip({"mimetype": ODT_KIND, "content.xml": zeros(100 * MEGABYTE)})),
    "a part that lies about its size": (".docx", lying_sizes),
    "overlapping parts": (".docx", overlapping),
    "six thousand parts": (".docx", lambda: docx(paragraph("x"), parts={f"p/{n}": "" for n in range(6_000)})),
    "a part that leaves the document": (".docx", lambda: with_part("../../etc/passwd", "x")),
    "a part with an absolute name": (".odt", lambda: odt("", parts={"/etc/passwd": "x"})),
    "a part on another disk": (".odt", lambda: odt("", parts={"C:\\x": "x"})),
    "entities that multiply": (".docx", entities),
    "an external entity": (
        ".odt",
        lambda: odt("", parts={"content.xml": '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'}),
    ),
    "an external document type": (".odt", lambda: odt("", parts={"content.xml": '<!DOCTYPE x SYSTEM "http://x/"><x/>'})),
    "elements ten thousand deep": (".docx", lambda: docx("<w:p>" * 10_000 + "</w:p>" * 10_000)),
    "sections ten thousand deep": (".odt", lambda: odt("<text:section>" * 10_000 + "</text:section>" * 10_000)),
    "tables a hundred deep": (".docx", deep_tables),
    "tables in tables in a page": (".html", lambda: b"<table><tr><td>" * 10_000 + b"x"),
    "cells without number": (".html", lambda: b"<table>" + b"<tr>" + b"<td>x" * 30_000),
    "XML that breaks off": (
        ".docx",
        lambda: with_part("word/document.xml", f'<w:document xmlns:w="{W}"><w:body><w:p>'),
    ),
    "no PDF": (".pdf", lambda: b"this is no PDF"),
    "a PDF without anything": (".pdf", lambda: b"%PDF-1.7\n"),
    "a PDF cut short": (".pdf", lambda: pdf([drawn("texte", 50, 700)])[:120]),
    "pages that hold themselves": (".pdf", a_tree_in_itself),
    "lists fifty thousand deep": (".pdf", deep_lists),
    "a stream that expands": (".pdf", lambda: one_page(zeros(100 * MEGABYTE))),
    "a stream that expands twice": (
        ".pdf",
        lambda: one_page(
            zlib.compress(zlib.compress(zeros(100 * MEGABYTE))), filters="/Filter [/FlateDecode /FlateDecode]"
        ),
    ),
    "sixteen filters": (
        ".pdf",
        lambda: one_page(b"x", filters=f"/Filter [{'/ASCIIHexDecode ' * 5_000}]"),
    ),
    "forms in forms": (".pdf", forms_in_forms),
    "a form in itself": (".pdf", a_form_in_itself),
    "a list without end": (".pdf", wide_lists),
    "strings without number": (".pdf", lambda: one_page(b"BT /F1 9 Tf " + b"1 0 0 1 9 9 Tm (x) Tj " * 101_000)),
    "a font that is no font": (".pdf", lambda: one_page(b"BT /F1 9 Tf (x) Tj ET", font="[1 2 3]")),
    "ten thousand pages": (".pdf", lambda: pdf([drawn("page", 50, 700)] * 10_000)),
    "pages in one stream": (".pdf", pages_in_one_stream),
    "brackets without end": (".pdf", lambda: one_page(b"(" * 200_000)),
    "dictionaries without end": (".pdf", lambda: one_page(b"<< " * 200_000 + b"BT")),
    "a font without table": (
        ".pdf",
        lambda: one_page(
            b"BT /F1 9 Tf 9 9 Td <00310032> Tj ET",
            font="<< /Type /Font /Subtype /Type0 /Encoding /Identity-H "
            "/DescendantFonts [<< /Subtype /CIDFontType2 >>] >>",
        ),
    ),
}  # fmt: skip

READ: dict[str, tuple[str, Callable[[], bytes]]] = {
    "a bomb that nothing opens": (".docx", nested_zip),
    "bytes that are not UTF-8": (".txt", lambda: b"70 000 euros \xff\xfe\xe9"),
    "elements of a page ten thousand deep": (".html", lambda: b"<div>" * 10_000 + b"70 000 euros"),
    "unclosed comments": (".html", lambda: b"70 000 euros" + b"<!-- x" * 300_000),
    "unclosed tags": (".html", lambda: b"70 000 euros" + b"<a b='" * 300_000),
    "a page of signs": (".html", lambda: b"70 000 euros" + b"<&" * 40_000),
    "pages that expand": (".pdf", many_bombs),
    "states without end": (".pdf", lambda: one_page(b"q " * 200_000 + drawn("x", 50, 700).encode())),
    "lines without number": (".pdf", lambda: one_page(b"0 0 9 9 re S " * 60_000 + drawn("x", 50, 700).encode())),
}  # fmt: skip


def outcomes() -> Iterator[dict[str, object]]:
    for name, (suffix, make) in {**REFUSED, **READ}.items():
        data = make()
        reader = import_module(
            "subsidy_rules.readers."
            + {".txt": "text", ".md": "markdown", ".html": "html", ".docx": "docx", ".odt": "odt", ".pdf": "pdf"}[
                suffix
            ]
        )
        before = time.perf_counter()
        try:
            document = reader.read("acte", data, limits=LIMITS)
        except ReadError as error:
            said, unread = error.reason.say("fr"), -1
        else:
            said, unread = " / ".join(remark.say("fr") for remark in document.remarks), document.unread
        yield {
            "name": name,
            "refused": unread == -1,
            "said": said,
            "unread": unread,
            "seconds": round(time.perf_counter() - before, 2),
            "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }


if __name__ == "__main__":
    for outcome in outcomes():
        sys.stdout.write(json.dumps(outcome, ensure_ascii=False) + "\n")
        sys.stdout.flush()
