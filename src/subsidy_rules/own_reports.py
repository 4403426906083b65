"""Our own reports, known when a folder is read again: a second run must not check what the first one wrote.

Each format carries a mark that nobody else writes at that place. A report that is named on the command line is read
as any other file: this is for the files that a folder happens to hold.
"""

from __future__ import annotations

from os import SEEK_END
from pathlib import Path
from typing import Final

__all__ = ["PARQUET_MARK", "WORKBOOK_MARK", "is_own_report"]

WORKBOOK_MARK: Final = "subsidy-rules"
"""The keyword that our workbooks carry in their properties."""

PARQUET_MARK: Final = "subsidy-rules/findings"
"""The key that our tables of findings carry in the metadata at the end of a Parquet file."""

_HEAD: Final = 2048
_LARGEST_FOOTER: Final = 1 << 20
_MARKS: Final[dict[str, tuple[bytes, ...]]] = {
    ".html": (b'<meta name="generator" content="subsidy-rules ',),
    ".csv": (
        b"\xef\xbb\xbffichier;ligne;colonne;feuille;cellule;page;code;",
        b"\xef\xbb\xbffile;line;column;sheet;cell;page;code;",
    ),
    ".md": (
        "# Vérification des chiffres\n\n## Résumé\n\n| | |\n|---|---|\n".encode(),
        b"# Check of the figures\n\n## Summary\n\n| | |\n|---|---|\n",
    ),
    ".jsonl": (
        b'{"type": "finding", "code": "',
        b'{"type": "source", "path": ',
        b'{"type": "summary", "schema": "subsidy-rules/report/',
    ),
}
_LARGEST_PROPERTIES: Final = 100_000


def is_own_report(path: Path) -> bool:
    """True for a file that one of our reporters wrote. A file that cannot be read is nobody's: False."""
    suffix = path.suffix.lower()
    try:
        if suffix == ".xlsx":
            return _is_own_workbook(path)
        if suffix == ".parquet":
            return _is_own_parquet(path)
        marks = _MARKS.get({".htm": ".html", ".markdown": ".md", ".ndjson": ".jsonl"}.get(suffix, suffix))
        if marks is None or not path.is_file():
            return False
        with open(path, "rb") as stream:
            head = stream.read(_HEAD).replace(b"\r\n", b"\n")
    except (OSError, ValueError):
        return False
    if suffix in (".html", ".htm"):
        return any(mark in head for mark in marks)
    return head.startswith(marks)


def _is_own_parquet(path: Path) -> bool:
    """True when the footer (its length and a mark of four letters end the file) has our key."""
    if not path.is_file() or path.stat().st_size < 12:
        return False
    with open(path, "rb") as stream:
        stream.seek(-8, SEEK_END)
        end = stream.read(8)
        length = int.from_bytes(end[:4], "little")
        if end[4:] != b"PAR1" or length > min(_LARGEST_FOOTER, path.stat().st_size - 12):
            return False
        stream.seek(-8 - length, SEEK_END)
        return PARQUET_MARK.encode() in stream.read(length)


def _is_own_workbook(path: Path) -> bool:
    from zipfile import BadZipFile, ZipFile, is_zipfile

    if not path.is_file() or not is_zipfile(path):
        return False
    try:
        with ZipFile(path) as parts:
            told = parts.getinfo("docProps/core.xml")
            if told.file_size > _LARGEST_PROPERTIES:
                return False
            return f"<cp:keywords>{WORKBOOK_MARK}</cp:keywords>".encode() in parts.read(told)
    except (BadZipFile, KeyError, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        return False  # a workbook that cannot be opened is told when it is read
