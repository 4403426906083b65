"""Which files a run looks at, and what kind each one is, by its name (never by guessing from a folder's habits)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal

from subsidy_rules.frozen import dataclass

__all__ = ["KINDS", "Found", "Kind", "kind_of", "sniff", "walk"]

Kind = Literal["record", "stream", "document", "table", "legacy"]

KINDS: Final[dict[str, Kind]] = {
    **dict.fromkeys((".yaml", ".yml", ".json", ".toml"), "record"),
    **dict.fromkeys((".jsonl", ".ndjson"), "stream"),
    **dict.fromkeys((".txt", ".md", ".markdown", ".html", ".htm", ".xhtml", ".docx", ".odt", ".pdf"), "document"),
    **dict.fromkeys(
        (".csv", ".tsv", ".xlsx", ".xlsm", ".xls", ".ods", ".parquet", ".arrow", ".feather", ".ipc"), "table"
    ),
    **dict.fromkeys((".doc", ".rtf", ".dot", ".wpd", ".pages", ".numbers", ".xlsb"), "legacy"),
}
"""Extension -> kind. ``legacy``: certainly a document or a workbook, in a form that is not read; it is told."""

_SETTINGS_FILES: Final = frozenset({"subsidy-rules.toml", "pyproject.toml"})


@dataclass(frozen=True, slots=True)
class Found:
    """A file to look at. ``named``: the user typed this very path, rather than a folder that holds it."""

    path: Path
    shown: str
    kind: Kind | None
    named: bool


def kind_of(name: str) -> Kind | None:
    """The kind of a file by its extension, or ``None`` when nothing here reads it."""
    return KINDS.get(os.path.splitext(name)[1].lower())


def walk(folder: Path) -> Iterator[Found]:
    """The files under ``folder`` in a defined order; hidden ones and settings files are left out, links to folders
    are not followed (they may loop, or lead out of the folder)."""
    for root, folders, files in os.walk(folder, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if name.startswith((".", "~$")) or name in _SETTINGS_FILES:
                continue
            path = Path(root, name)
            yield Found(path=path, shown=str(path), kind=kind_of(name), named=False)


def sniff(data: bytes) -> str:
    """An extension for bytes that came without a name (standard input), by their first bytes; text by default."""
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if data.startswith(b"%PDF-"):
        return ".pdf"
    if data.startswith(b"PK\x03\x04"):
        if b"opendocument.text" in data[:200]:
            return ".odt"
        if b"opendocument.spreadsheet" in data[:200]:
            return ".ods"
        return ".xlsx" if b"xl/" in data else ".docx"
    if data.startswith(b"PAR1"):
        return ".parquet"
    if head.startswith((b"{", b"[")):
        first, _, rest = data.strip().partition(b"\n")
        lines = rest.strip().splitlines()
        if first.rstrip().endswith(b"}") and lines and lines[0].startswith(b"{"):
            return ".jsonl"
        return ".json"
    if head[:15].lower().startswith((b"<!doctype html", b"<html")):
        return ".html"
    for line in head.splitlines()[:20]:
        key, colon, _ = line.partition(b":")
        if colon and key.strip() in _RECORD_KEYS and not line.startswith((b" ", b"\t")):
            return ".yaml"
    return ".txt"


_RECORD_KEYS: Final = frozenset({b"reference", b"total", b"allocations", b"fiscal_year", b"title", b"authority"})
