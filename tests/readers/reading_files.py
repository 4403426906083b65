"""What the tests of readers share: reading by extension, and saying what was read."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest

from subsidy_rules.document import Document
from subsidy_rules.reading import Limits, ReadError

NAMES = {".txt": "text", ".md": "markdown", ".html": "html", ".docx": "docx", ".odt": "odt", ".pdf": "pdf"}


def reader(suffix: str) -> Any:
    return import_module(f"subsidy_rules.readers.{NAMES[suffix]}")


def read(suffix: str, data: bytes, limits: Limits | None = None) -> Document:
    document = reader(suffix).read(f"acte{suffix}", data, limits=limits or Limits())
    assert isinstance(document, Document)
    check(document)
    return document


def check(document: Document) -> None:
    """What is true of every document, whoever read it."""
    end = 0
    for block in document.blocks:
        assert 0 <= block.start < block.end <= len(document.text)
        assert block.start >= end, "blocks in order, without overlap"
        end = block.end
        assert document.text[block.start : block.end].strip(), "no block without a word"
    for grid in document.grids:
        seen: set[tuple[int, int]] = set()
        for cell in grid.cells:
            assert 0 <= cell.start <= cell.end <= len(document.text)
            place = (cell.row, cell.column)
            assert place not in seen, "one cell at each place"
            seen.add(place)
        assert list(grid.cells) == sorted(grid.cells, key=lambda cell: (cell.row, cell.column))
    for message in document.remarks:
        assert message.say("fr")
        assert message.say("en")


def lines(document: Document) -> list[tuple[str, str]]:
    """The role and the words of each block, blanks made one."""
    return [(block.role, " ".join(document.text[block.start : block.end].split())) for block in document.blocks]


def cells(document: Document, number: int = 0) -> list[list[str]]:
    """The words of a grid, row by row; a place that no cell begins at is empty."""
    grid = document.grids[number]
    height = max(cell.row for cell in grid.cells) + 1
    width = max(cell.column for cell in grid.cells) + 1
    found = [[""] * width for _ in range(height)]
    for cell in grid.cells:
        found[cell.row][cell.column] = document.text[cell.start : cell.end]
    return found


def refusal(suffix: str, data: bytes, limits: Limits | None = None) -> ReadError:
    """The error that reading raises, which says why in both languages."""
    with pytest.raises(ReadError) as raised:
        reader(suffix).read(f"acte{suffix}", data, limits=limits or Limits())
    reason = raised.value.reason
    assert reason.say("fr")
    assert reason.say("en")
    assert reason.fr != reason.en
    return raised.value
