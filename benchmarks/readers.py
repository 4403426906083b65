"""How long reading takes, format by format and size by size, and how much memory.

usage: python -m benchmarks.readers [--sizes 50000 200000 800000] [--repeat 3]

One act is written in every format at several sizes (in characters of text); each is read ``--repeat`` times and the
best processor time kept. The last column is the growth of the time over the growth of the text since the size before: 1
is linear. Nothing is downloaded, and no library that writes these formats is used.
"""

from __future__ import annotations

import argparse
import time
import tracemalloc
from collections.abc import Sequence
from importlib import import_module

from tests.readers.making import MAKERS, Grid, Heading, Item, Part, Prose

from subsidy_rules.normalised import normalise_document
from subsidy_rules.reading import Limits

READERS = {".txt": "text", ".md": "markdown", ".html": "html", ".docx": "docx", ".odt": "odt", ".pdf": "pdf"}


def act(characters: int) -> list[Part]:
    """An act of about that many characters: paragraphs, lists and tables in the measure of a real one."""
    parts: list[Part] = []
    size = number = 0
    while size < characters:
        number += 1
        prose = (
            f"Article {number} : le conseil attribue à l'association n° {number} une subvention de "
            f"{number}\u00a0{number % 1000:03d} euros, soit {number % 100},{number % 10} % du budget prévisionnel, "
            "imputée au chapitre 65 – nature 6574 – fonction 61. "
        )
        added: list[Part] = [
            Heading(f"Subvention {number}", level=2),
            Prose(prose * 3),
            Item(f"{number} 000 euros pour la première part"),
            Item(f"{number} 500 euros pour la seconde part"),
        ]
        if number % 5 == 0:
            rows = [("Association", "Objet", "Montant")]
            rows += [(f"Association {row}", "Saison", f"{row}\u00a0000 €") for row in range(12)]
            added.append(Grid(tuple(rows)))
        parts += added
        size += sum(len(part.text) if not isinstance(part, Grid) else 400 for part in added)
    return parts


def seconds(suffix: str, data: bytes, repeat: int) -> tuple[float, float, int]:
    """The best time to read, the best time to smooth what was read, and the characters read."""
    reader = import_module(f"subsidy_rules.readers.{READERS[suffix]}")
    read = smooth = float("inf")
    length = 0
    for _ in range(repeat):
        start = time.process_time()
        document = reader.read("acte", data, limits=Limits())
        middle = time.process_time()
        normalise_document(document)
        end = time.process_time()
        read, smooth, length = min(read, middle - start), min(smooth, end - middle), len(document.text)
    return read, smooth, length


def megabytes(suffix: str, data: bytes) -> float:
    """The most memory that reading holds at once."""
    reader = import_module(f"subsidy_rules.readers.{READERS[suffix]}")
    tracemalloc.start()
    reader.read("acte", data, limits=Limits())
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most / 1e6


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[50_000, 200_000, 800_000])
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args(arguments)
    heads = ("format", "characters", "file kB", "read s", "smooth s", "MB/s", "memory MB", "growth")
    print("".join(f"{head:>11}" for head in heads))
    for suffix, make in MAKERS.items():
        before: tuple[int, float] | None = None
        for size in options.sizes:
            data = make(act(size))
            read, smooth, length = seconds(suffix, data, options.repeat)
            growth = "" if before is None else f"{(read / before[1]) / (length / before[0]):.2f}"
            rate = length / read / 1e6
            cells = (f"{read:.3f}", f"{smooth:.3f}", f"{rate:.2f}", f"{megabytes(suffix, data):.1f}", growth)
            print("".join(f"{cell!s:>11}" for cell in (suffix, length, len(data) // 1000, *cells)))
            before = (length, read)


if __name__ == "__main__":
    main()
