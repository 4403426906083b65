"""Files damaged at random: a document or a reason comes out, never another error, and never in silence.

The damage is the same at every run. A longer form of the same (some 9 000 files) was run by hand.
"""

from __future__ import annotations

import io
import random
import re
import zipfile
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from subsidy_rules.reading import Limits, ReadError
from tests.readers.making import MAKERS
from tests.readers.reading_files import check, reader
from tests.readers.test_one_content import ACT

SAMPLES = Path(__file__).parent / "samples"
LIMITS = Limits(seconds=30)
TIMES = 40

PIECES = (
    b"0", b"-1", b"99999999999", b"1e309", b"<", b">", b"</", b"&#0;", b"&", b"[", b"]", b"<<", b">>", b"/", b"(", b")",
    b"\x00", b"\xff", b"stream", b"endstream", b"obj", b" 0 R", b"/Kids", b"/Length", b"/Filter", b"null", b"<w:p>",
    b"</w:p>", b"<w:tc>", b"</w:tc>", b"<w:tbl>", b"<w:txbxContent>", b'w:val="99999999999"', b'text:c="999999999"',
    b'table:number-columns-repeated="99999999"', b"|", b"\n", b"Tj", b"TJ", b"Tf", b"Tm", b"BT", b"ET", b"q", b"Q",
    b"BI", b"EI", b"nan", b"<table>", b"</td>", b"<td colspan=99999999>", b"```", b"> ",
)  # fmt: skip
NUMBERS = (b"0", b"-1", b"1", b"7", b"65536", b"4294967296", b"99999999999999999999")


def damaged(data: bytes, draw: random.Random) -> bytes:
    """The same bytes with a few of them changed, doubled, moved or lost."""
    out = bytearray(data)
    for _ in range(draw.choice((1, 1, 2, 4, 12))):
        at = draw.randrange(len(out) or 1)
        match draw.randrange(6):
            case 0:
                out[at : at + 1] = bytes((draw.randrange(256),))
            case 1:
                del out[at : at + draw.choice((1, 5, 50, 500))]
            case 2:
                out[at:at] = draw.choice(PIECES)
            case 3:
                there = draw.randrange(len(out) or 1)
                out[at:at] = out[there : there + draw.choice((1, 20, 200))]
            case 4:
                numbers = list(re.finditer(rb"[0-9]+", out[at : at + 300]))
                if numbers:
                    found = draw.choice(numbers)
                    out[at + found.start() : at + found.end()] = draw.choice(NUMBERS)
            case _:
                if draw.random() < 0.1:
                    del out[at:]
    return bytes(out)


def damaged_part(data: bytes, draw: random.Random) -> bytes:
    """An archive, damaged inside one of its parts: what a damaged archive alone would hide."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as whole, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        names = whole.namelist()
        main = "word/document.xml" if "word/document.xml" in names else "content.xml"
        chosen = draw.choice([main, main, *(name for name in names if name.endswith((".xml", ".rels")))])
        for name in names:
            part = whole.read(name)
            made.writestr(zipfile.ZipInfo(name), damaged(part, draw) if name == chosen else part)
    return out.getvalue()


_STREAM = re.compile(rb"/Length ([0-9]+)[^>]{0,80}?>>\s{0,2}stream\r?\n")


def damaged_stream(data: bytes, draw: random.Random) -> bytes:
    """A PDF, damaged inside one of its streams."""
    found = draw.choice(list(_STREAM.finditer(data)))
    start = found.end()
    try:
        content = zlib.decompress(data[start : start + int(found[1])])
    except zlib.error:
        return damaged(data, draw)
    packed = zlib.compress(damaged(content, draw), 0)
    head = found[0].replace(found[1], b"%d" % len(packed), 1)
    return data[: found.start()] + head + packed + data[start + int(found[1]) :]


INSIDE: dict[str, Callable[[bytes, random.Random], bytes]] = {
    ".docx": damaged_part,
    ".odt": damaged_part,
    ".pdf": damaged_stream,
}
FILES: dict[str, Callable[[], bytes]] = {
    **{f"made{suffix}": partial(make, ACT) for suffix, make in MAKERS.items()},
    **{
        name: (SAMPLES / name).read_bytes
        for name in ("act.odt", "act.docx", "act.html", "act.pdf", "act-ghostscript.pdf")
    },
}


@pytest.mark.parametrize("name", FILES)
def test_damage_gives_a_document_or_a_reason(name: str) -> None:
    data = FILES[name]()
    suffix = Path(name).suffix
    draw = random.Random(name)
    read = reader(suffix).read
    reasons: list[tuple[str, str]] = []
    for number in range(TIMES):
        hurt = INSIDE.get(suffix, damaged) if number % 3 else damaged
        try:
            document = read(name, hurt(data, draw), limits=LIMITS)
        except ReadError as error:
            reasons.append((error.reason.say("fr"), error.reason.say("en")))
            continue
        check(document)
        assert document.text, "a file of which nothing was read is refused"
    assert all(french and english and french != english for french, english in reasons)


@pytest.mark.parametrize("name", FILES)
def test_a_file_cut_anywhere_gives_a_document_or_a_reason(name: str) -> None:
    data = FILES[name]()
    suffix = Path(name).suffix
    for part in range(1, 24):
        cut = data[: len(data) * part // 24]
        try:
            document = reader(suffix).read(name, cut, limits=LIMITS)
        except ReadError:
            continue
        assert suffix in (".txt", ".md", ".html", ".pdf"), "an archive cut short has lost its directory"
        check(document)
