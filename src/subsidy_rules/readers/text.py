"""Plain text: the text of the document is the text of the file, so every line and column is the file's own."""

from __future__ import annotations

from typing import Final

from subsidy_rules.decoding import decode
from subsidy_rules.document import Document
from subsidy_rules.layout import plain_blocks
from subsidy_rules.reading import NO_WORDS, Limits, ReadError

__all__ = ["EXTENSIONS", "EXTRA", "FORMAT", "read"]

FORMAT: Final = "text"
EXTENSIONS: Final = (".txt",)
EXTRA: Final[str | None] = None


def read(path: str, data: bytes, *, limits: Limits) -> Document:
    """The words of a text file. Raises `ReadError` when it is empty, too large, or not text."""
    decoded = decode(data, limits)
    blocks, grids = plain_blocks(decoded.text, limits)
    if not blocks:
        raise ReadError(NO_WORDS)
    return Document(
        path=path,
        format=FORMAT,
        text=decoded.text,
        blocks=tuple(blocks),
        grids=tuple(grids),
        remarks=decoded.remarks,
        encoding=decoded.encoding,
    )
