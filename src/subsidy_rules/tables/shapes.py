"""Rows that do not have the cells of their header: why, and how their cells fall back in place.

A decimal comma in a comma-separated file (`100 000,00`) shifts every cell after it, and so does any comma in a text
that nobody quoted. The cells that belong together are found by trying: each column takes one cell or several neighbours
joined by the separator, and what it takes must be what the column holds. When exactly one way of joining is the best,
the row is read that way, and everything said of it is of medium confidence; otherwise the row is told and left aside.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from typing import Final

from subsidy_rules.frozen import dataclass
from subsidy_rules.identifiers import is_rna
from subsidy_rules.tables.cells import amount_in, is_blank, unmangled
from subsidy_rules.tables.columns import Layout
from subsidy_rules.tables.schema import Column, fold_name
from subsidy_rules.wording import Message

__all__ = ["Shape", "mend"]

MOST_CELLS: Final = 80
"""Beyond this many cells a row is not tried: it is told, and left aside."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Why a row is not of the right width, and its cells put right (``None``: they could not be)."""

    cause: str
    says: Message
    cells: tuple[str, ...] | None


_DECIMAL: Final = Message(
    "{found} cellules au lieu de {width} : une virgule décimale sans guillemets coupe « {column} » en deux "
    "(« {whole} » doit être entre guillemets, ou s’écrire avec un point)",
    "{found} cells instead of {width}: an unquoted decimal comma cuts “{column}” in two (“{whole}” must be in quotes, "
    "or written with a point)",
)
_TEXT: Final = Message(
    "{found} cellules au lieu de {width} : un séparateur figure dans « {column} » alors que le texte n’est pas entre "
    "guillemets",
    "{found} cells instead of {width}: a separator stands in “{column}” and the text is not in quotes",
)
_BOTH: Final = Message(
    "{found} cellules au lieu de {width} : virgule décimale sans guillemets dans « {column} » (« {whole} ») et "
    "séparateur dans un texte sans guillemets (« {other} »)",
    "{found} cells instead of {width}: an unquoted decimal comma in “{column}” (“{whole}”) and a separator in an "
    "unquoted text (“{other}”)",
)
_QUOTED: Final = Message(
    "toute la ligne est entre guillemets : elle ne forme que {found} {found:cellule|cellules} au lieu de {width}",
    "the whole line is in quotes: it makes only {found} {found:cell|cells} instead of {width}",
)
_UNCLOSED: Final = Message(
    "un guillemet ouvert sur cette ligne n’est jamais refermé ; la lecture a repris à la ligne suivante",
    "a quote opened on this line is never closed; reading went on from the next line",
)
_TOO_MANY: Final = Message(
    "{found} cellules au lieu de {width}, sans que l’on sache lesquelles sont de trop : la ligne n’a pas été vérifiée",
    "{found} cells instead of {width}, and no telling which ones are too many: the row was not checked",
)
_TOO_FEW: Final = Message(
    "{found} {found:cellule|cellules} au lieu de {width} : la ligne est incomplète et n’a pas été vérifiée",
    "{found} {found:cell|cells} instead of {width}: the row is incomplete and was not checked",
)
_CUT: Final = Message(
    "{found} {found:cellule|cellules} au lieu de {width} : le fichier semble coupé au milieu de sa dernière ligne",
    "{found} {found:cell|cells} instead of {width}: the file seems to be cut in the middle of its last line",
)
_TRAILING: Final = Message(
    "des séparateurs en trop terminent la ligne ({found} cellules au lieu de {width})",
    "extra separators end the row ({found} cells instead of {width})",
)


def mend(
    cells: Sequence[str],
    layout: Layout,
    *,
    text: str | None,
    separator: str,
    unclosed: bool = False,
    last: bool = False,
) -> Shape | None:
    """What is wrong with the shape of a row, or ``None``. ``text`` is the row as the file writes it."""
    width = layout.width
    row = list(cells)
    words = {"found": len(row), "width": width}
    if layout.trailing and row:
        row = _without(row, layout.trailing)
    if unclosed:
        if len(row) == width:
            return Shape("unclosed", _UNCLOSED, None if any('"' in cell for cell in row) else tuple(row))
        return Shape("unclosed", _UNCLOSED, None)
    whole = list(row)
    while len(row) > width and is_blank(row[-1]):
        row.pop()
    if len(row) == width < len(whole) and _misfit(row, layout) >= _WRONG:
        # The empty cell at the end is the last column's own, and another one is too many.
        row = whole
    if len(row) == width:
        return None if not _extra(cells, layout) else Shape("trailing", _TRAILING.having(**words), tuple(row))
    if text is not None and text.startswith('"') and len(row) < width:
        inner = _unwrapped(text, separator, layout.trailing)
        mended = _aligned(inner, layout, separator) if len(inner) >= width else None
        if mended is not None:
            return Shape("quoted-line", _QUOTED.having(**words), tuple(mended))
    if len(row) < width:
        return Shape("cut" if last else "short", (_CUT if last else _TOO_FEW).having(**words), None)
    mended = _aligned(row, layout, separator)
    if mended is None:
        return Shape("long", _TOO_MANY.having(**words), None)
    cause, says = _cause(row, mended, layout, separator)
    return Shape(cause, says.having(**words), tuple(mended))


def _extra(cells: Sequence[str], layout: Layout) -> bool:
    return len(cells) > layout.width and not layout.trailing and not all(is_blank(c) for c in cells[layout.width :])


def _without(row: list[str], trailing: str) -> list[str]:
    """Without the marks that another separator left at the end of the row (`1;;`, as the header has them)."""
    row = list(row)
    bare = row[-1].rstrip(trailing[0] + " ")
    if bare != row[-1]:
        row[-1] = bare
    return row


def _unwrapped(text: str, separator: str, trailing: str) -> list[str]:
    """The cells of a line that a spreadsheet put in quotes as a whole."""
    bare = text[1:]
    if trailing:
        bare = bare.rstrip(trailing[0])
    # The closing quote stands wherever another separator cut the line; the quotes inside are doubled.
    bare = re.sub(r'(?<!")"(?!")', "", bare).replace('""', '"')
    try:
        row = next(csv.reader(io.StringIO(bare, newline=""), delimiter=separator), [])
    except csv.Error:
        row = bare.split(separator)
    return row if len(row) > 1 else bare.split(separator)


# -- putting cells back -----------------------------------------------------------------------------------------------

_WRONG: Final = 40
_JOINED: Final = 3


def _misfit(row: Sequence[str], layout: Layout) -> int:
    """How badly cells suit the columns they stand in."""
    return sum(_price(placed.column, row[placed.index], 0) for placed in layout.placed)


def _aligned(row: Sequence[str], layout: Layout, separator: str) -> list[str] | None:
    """The cells of the row joined to the width of the header, when exactly one way is the best; else ``None``."""
    width, count = layout.width, len(row)
    if count > MOST_CELLS or count < width:
        return None
    columns: list[Column | None] = [None] * width
    for placed in layout.placed:
        columns[placed.index] = placed.column
    spare = count - width
    # best[taken] = (cost, ways, cut points) for the columns seen so far.
    best: dict[int, tuple[int, int, tuple[int, ...]]] = {0: (0, 1, ())}
    for index in range(width):
        following: dict[int, tuple[int, int, tuple[int, ...]]] = {}
        for taken, (cost, ways, cuts) in best.items():
            for joined in range(spare - (taken - index) + 1):
                end = taken + 1 + joined
                if end > count:
                    break
                value = separator.join(row[taken:end])
                price = cost + _price(columns[index], value, joined)
                known = following.get(end)
                if known is None or price < known[0]:
                    following[end] = (price, ways, (*cuts, end))
                elif price == known[0]:
                    following[end] = (price, known[1] + ways, known[2])
        best = following
    found = best.get(count)
    if found is None or found[1] != 1 or found[0] >= 2 * _WRONG:
        return None
    out, start = [], 0
    for cut in found[2]:
        out.append(separator.join(row[start:cut]))
        start = cut
    return out


_DATED: Final = re.compile(r"[0-9]{4}-?[0-9]{2}-?[0-9]{2}.{0,25}|[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}.{0,25}|[0-9]{5}")
_DIGITS: Final = re.compile(r"[0-9 .\u00a0]{9,20}")
_MONEY: Final = re.compile(r"-?[0-9](?:[0-9 \u00a0\u202f]{0,20}[0-9])?(?:[.,][0-9]{1,2})?(?:\s?€)?")


def _price(column: Column | None, value: str, joined: int) -> int:
    """How badly a value suits a column: nothing when it suits, more for each cell joined."""
    price = _JOINED * joined
    if column is None:
        return price + (1 if joined else 0)
    blank = is_blank(value)
    if blank:
        return price + (_WRONG if column.filled else 0)
    match column.holds:
        case "siret":
            return price + (0 if not joined and _DIGITS.fullmatch(value.strip()) else _WRONG)
        case "rna":
            return price + (0 if not joined and is_rna(value.strip()) else _WRONG)
        case "date":
            return price + (0 if not joined and _DATED.fullmatch(value.strip()) else _WRONG)
        case "period":
            # A period may be told in words; a date is better.
            return price + (0 if _DATED.fullmatch(value.strip()) else 6)
        case "amount":
            money = unmangled(value).strip()
            suits = _MONEY.fullmatch(money) is not None or amount_in(money) is not None
            return price - (1 if joined == 1 and suits else 0) + (0 if suits else _WRONG)
        case "share":
            return price + (0 if re.fullmatch(r"[0-9]{1,3}(?:[.,][0-9]{1,6})?\s?%?", value.strip()) else _WRONG)
        case "choice":
            folded = {fold_name(choice) for choice in column.choices}
            return price + (0 if fold_name(unmangled(value)) in folded else _WRONG)
        case _:
            tail = value.rpartition(",")[2]
            # A text goes on after a comma and a space; a figure alone does not continue it.
            return price + (1 if joined and not tail.startswith(" ") else 0)


def _cause(row: Sequence[str], mended: Sequence[str], layout: Layout, separator: str) -> tuple[str, Message]:
    money: tuple[str, str] | None = None
    texts: list[str] = []
    columns = {placed.index: placed.column for placed in layout.placed}
    at = 0
    for index, value in enumerate(mended):
        taken = 1
        while separator.join(row[at : at + taken]) != value:
            taken += 1
        at += taken
        if taken == 1:
            continue
        column = columns.get(index)
        if column is not None and column.holds == "amount" and money is None:
            money = (layout.labels[index], value)
        else:
            texts.append(layout.labels[index])
    if money is not None and texts:
        return "decimal-comma-and-text", _BOTH.having(column=money[0], whole=money[1], other=", ".join(texts))
    if money is not None:
        return "decimal-comma", _DECIMAL.having(column=money[0], whole=money[1])
    return "separator-in-text", _TEXT.having(column=", ".join(texts))
