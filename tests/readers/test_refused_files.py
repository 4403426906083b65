"""What cannot be read, through the command line: one line that says why, in the language asked for, and exit code 2."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from subsidy_rules.cli import main
from tests.readers.hostile import OLE, REFUSED, one_page
from tests.readers.making import ODT_KIND, as_zip, docx, drawn, odt, paragraph, pdf

WORDS = "Une subvention de 70 000 euros est attribuée, soit 50 000 € et 20 000 €.\n"
DOCX = docx(paragraph(WORDS))
ODT = odt(f"<text:p>{WORDS}</text:p>")
PDF = pdf([drawn("70 000 euros", 50, 700)])
RTF = rb"{\rtf1\ansi Une subvention de 70 000 euros.}"
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(300)


def locked(algorithm: str) -> bytes:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(PDF)))
    writer.encrypt("secret", algorithm=algorithm)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def encrypted_part() -> bytes:
    data = bytearray(DOCX)
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(signature)
        while at != -1:
            data[at + flags] |= 1
            at = data.find(signature, at + 4)
    return bytes(data)


def locked_odt() -> bytes:
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        '<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry>'
        "</manifest:manifest>"
    )
    return as_zip({"mimetype": ODT_KIND, "content.xml": bytes(range(256)), "META-INF/manifest.xml": manifest})


# What each of these has to say, in French and in English.
TOLD: dict[str, tuple[str, Callable[[], bytes], str, str]] = {
    "nothing": ("vide.txt", lambda: b"", "vide", "empty"),
    "blanks": ("blanc.md", lambda: b" \n\t\n", "aucun mot", "no word"),
    "a mark of order alone": ("vide.txt", lambda: b"\xef\xbb\xbf", "aucun mot", "no word"),
    "null bytes": ("note.txt", lambda: b"70 000\x00 euros", "octets nuls", "null bytes"),
    "UTF-16 without a mark": ("note.txt", lambda: WORDS.encode("utf-16-le"), "UTF-16", "UTF-16"),
    "a page in UTF-16 without a mark": ("note.html", lambda: WORDS.encode("utf-16-be"), "UTF-16", "UTF-16"),
    "RTF named docx": ("note.docx", lambda: RTF, "est au format RTF", "is in RTF"),
    "RTF named odt": ("note.odt", lambda: RTF, "est au format RTF", "is in RTF"),
    "RTF named pdf": ("note.pdf", lambda: RTF, "est au format RTF", "is in RTF"),
    "RTF named txt": ("note.txt", lambda: RTF, "est au format RTF", "is in RTF"),
    "a PDF named docx": ("note.docx", lambda: PDF, "ce fichier est un PDF", "this file is a PDF"),
    "a PDF named odt": ("note.odt", lambda: PDF, "ce fichier est un PDF", "this file is a PDF"),
    "a PDF named html": ("note.html", lambda: PDF, "ce fichier est un PDF", "this file is a PDF"),
    "a docx named pdf": ("note.pdf", lambda: DOCX, "archive zip", "zip archive"),
    "a docx named txt": ("note.txt", lambda: DOCX, "archive zip", "zip archive"),
    "a docx named odt": ("note.odt", lambda: DOCX, "manque", "is missing"),
    "an odt named docx": ("note.docx", lambda: ODT, "manque", "is missing"),
    "a picture named pdf": ("note.pdf", lambda: PICTURE, "est une image", "is a picture"),
    "a picture named docx": ("note.docx", lambda: PICTURE, "est une image", "is a picture"),
    "an old Word file": ("note.doc", lambda: OLE + bytes(600), "« .doc »", ".doc"),
    "an old Word file named docx": ("note.docx", lambda: OLE + bytes(600), "97-2003", "97-2003"),
    "an old Word file named pdf": ("note.pdf", lambda: OLE + bytes(600), "avant 2007", "before 2007"),
    "a page named docx": ("note.docx", lambda: b"<html>70 000 euros</html>", "archive zip", "zip archive"),
    "a docx cut short": ("note.docx", lambda: DOCX[: len(DOCX) // 2], "abîmé", "damaged"),
    "an odt cut short": ("note.odt", lambda: ODT[: len(ODT) // 2], "abîmé", "damaged"),
    "a PDF cut short": ("note.pdf", lambda: PDF[:200], "abîmé", "damaged"),
    "a docx with a password": (
        "note.docx",
        lambda: OLE + bytes(99) + "EncryptedPackage".encode("utf-16-le"),
        "mot de passe",
        "password",
    ),
    "a docx whose parts are encrypted": ("note.docx", encrypted_part, "chiffrée", "encrypted"),
    "an odt with a password": ("note.odt", locked_odt, "mot de passe", "password"),
    "a PDF with a password": ("note.pdf", lambda: locked("RC4-128"), "mot de passe", "password"),
    "a PDF without text": ("note.pdf", lambda: one_page(b"0 0 99 99 re f"), "numérisé", "scanned"),
    "a PDF of ten thousand pages": (
        "note.pdf",
        lambda: pdf([drawn("70 000 euros", 50, 700)] * 10_000),
        "compte 10 000 pages",
        "has 10,000 pages",
    ),
    "a docx that is only a picture": (
        "note.docx",
        lambda: docx(
            '<w:p><w:r><w:object><o:OLEObject xmlns:o="urn:schemas-microsoft-com:office:office" '
            'ProgID="Excel.Sheet.12"/></w:object></w:r></w:p>'
        ),
        "aucun mot n’a pu être lu",
        "no word could be read",
    ),
}  # fmt: skip
# Files made to hurt, one of each way; `test_hostile` reads the others.
HOSTILE = (
    "a zip bomb", "a part that lies about its size", "overlapping parts", "entities that multiply",
    "an external entity", "elements ten thousand deep", "tables in tables in a page", "lists fifty thousand deep",
    "pages that hold themselves", "a form in itself", "a stream that expands twice", "a font without table",
)  # fmt: skip


def told(name: str, data: bytes, language: str, folder: Path, capture: pytest.CaptureFixture[str]) -> str:
    """What the command line says of a file that it cannot read."""
    path = folder / name
    path.write_bytes(data)
    for form in ("text", "concise"):
        code = main(["check", "--no-config", "--lang", language, "--output-format", form, str(path)])
        out, err = capture.readouterr()
        assert code == 2
        assert "Traceback" not in out + err
        assert err.count("\n") == 1, "one line"
        assert name in err
    assert not out
    return err.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize("case", TOLD)
def test_a_file_that_cannot_be_read_is_told(case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name, make, french, english = TOLD[case]
    data = make()
    assert french in told(name, data, "fr", tmp_path, capsys)
    assert english in told(name, data, "en", tmp_path, capsys)


@pytest.mark.parametrize("case", HOSTILE)
def test_a_file_made_to_hurt_is_told(case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    suffix, make = REFUSED[case]
    data = make()
    assert told(f"note{suffix}", data, "fr", tmp_path, capsys) != told(f"note{suffix}", data, "en", tmp_path, capsys)


def test_beside_files_that_can_be_read_it_is_still_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bon.docx").write_bytes(DOCX)
    (tmp_path / "mauvais.docx").write_bytes(DOCX[:100])
    assert main(["check", "--no-config", "--lang", "fr", str(tmp_path)]) == 2
    out, err = capsys.readouterr()
    assert "mauvais.docx" in err
    assert "bon.docx" not in err
    assert "20 000 €" in out.replace("\u00a0", " ").replace("\u202f", " ")


def test_a_file_read_in_part_is_told_whatever_the_format(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "note.pdf"
    path.write_bytes(pdf([drawn("texte", 50, 700), "0 0 100 100 re f"]))
    assert main(["check", str(path), "--output-format", "concise", "--lang", "fr"]) == 0
    told = capsys.readouterr()
    assert told.out == ""
    assert "lu en partie" in told.err
    assert "page" in told.err
