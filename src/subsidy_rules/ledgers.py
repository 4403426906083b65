"""Tables, seen as accountants see them: rows with a label, columns of figures, rows that are totals.

Three layouts end here: the grids that readers found, and labels and amounts that stand on alternate lines (what is left
of a table pasted from a web page). Whether a row is a total, a sub-total, a detail (« dont ») or a heading is read from
its words; which rows a total adds up is decided by the rules of sums, not here.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final, Literal

from subsidy_rules.document import Cell, Grid
from subsidy_rules.mentions import Clip, Mention
from subsidy_rules.sentences import Passage, Piece

__all__ = ["Box", "Ledger", "Line", "LineKind", "Side", "ledgers_of", "side_of"]

LineKind = Literal["plain", "subtotal", "total", "detail", "heading"]
Side = Literal["out", "in"]
"""Spending (dépenses, charges, emplois) or income (recettes, produits, ressources)."""


@dataclass(frozen=True, slots=True)
class Box:
    """One cell: its figure, if it holds one and little else, and its words, folded.

    ``sign``: a ``+`` or ``-`` that stands apart before the figure, which prose would take for a dash; ``(`` for a
    figure in brackets or with its minus behind, which accountants write for a negative one, and others for an aside.
    """

    column: int
    text: str
    figure: Mention | None
    span: tuple[int, int]
    sign: Literal["", "+", "-", "("] = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One row. ``label`` is its words that are no figure, folded; ``piece`` where it stands."""

    label: str
    boxes: tuple[Box, ...]
    kind: LineKind
    side: Side | None
    span: tuple[int, int]
    level: int = 0

    def figure(self, column: int) -> Mention | None:
        """The figure of a column, or ``None``."""
        box = self.box(column)
        return None if box is None else box.figure

    def box(self, column: int) -> Box | None:
        """The cell of a column, or ``None``."""
        return next((box for box in self.boxes if box.column == column), None)

    def sign(self, column: int) -> str:
        """The sign that stands apart before the figure of a column; see ``Box``."""
        box = self.box(column)
        return "" if box is None else box.sign


@dataclass(frozen=True, slots=True)
class Ledger:
    """A table. ``headers``: the folded words over each column; ``before``/``after``: the pieces around it."""

    lines: tuple[Line, ...]
    headers: dict[int, str]
    before: Piece | None
    after: Piece | None
    drawn: bool
    cut: bool
    half: int = 0
    """1 and 2 for the left and the right side of a table of two sides."""

    @property
    def columns(self) -> list[int]:
        """The columns that hold figures in two rows or more."""
        counts: dict[int, int] = {}
        for line in self.lines:
            for box in line.boxes:
                if box.figure is not None:
                    counts[box.column] = counts.get(box.column, 0) + 1
        return sorted(column for column, count in counts.items() if count > 1)


_SUBTOTAL: Final = re.compile(
    r"(?:s(?:ous|/|s)?[ .-]?(?:s/)?tota(?:l|ux)|s/s? ?total|s\.? ?t\.?\W*\Z|sub-?total|total (?:partiel"
    r"|intermediaire|du (?:chapitre|poste|lot|groupe|volet|titre)|chapitre|poste|lot|volet"
    r"|titre|axe|action|groupe|categorie|secteur|theme))(?![a-z])"
)
_TOTAL: Final = re.compile(
    r"(?:(?:le |la )?(?:grand |montant |cout |budget |resultat )?tota(?:l|ux|le|lite)(?![a-z])(?! (?:des pieces"
    r"|par))|ens(?:emble)?\W*\Z|cumul(?! de)|montant global|somme totale|overall total|all\W*\Z"
    r"|tot\.)"
)
_DETAIL: Final = re.compile(
    r"[- ]{0,4}(?:dont|y compris|inclus|of which|including|pour (?:memoire|rappel|information))(?![a-z])"
)
_OUT: Final = re.compile(r"(?<![a-z])(?:depenses?|charges?|emplois|expenses|expenditures?|spending|costs?)(?![a-z])")
_IN: Final = re.compile(r"(?<![a-z])(?:recettes?|produits?|ressources?|revenues?|income|financements?)(?![a-z])")
_TRANSFER_OUT: Final = re.compile(
    r"virement (?:vers|a) (?:la |l')?(?:section d')?investissement|deficit(?: [a-z']+){0,4} (?:reporte"
    r"|repris|anterieur)|deficit anterieur|remboursement"
)
_TRANSFER_IN: Final = re.compile(
    r"virement (?:de|du|provenant) (?:la )?(?:section de )?fonctionnement|excedent(?: [a-z']+){0,4} (?:reporte"
    r"|repris|anterieur|capitalise)|excedent anterieur|affectation"
)


def side_of(label: str) -> Side | None:
    """Whether a row spends or brings in, by the words of public accounts; ``None`` when they do not say.

    A transfer to the investment section is spending of the operating one, and income of the other; a deficit carried
    forward is spending, a surplus carried forward income (instruction budgétaire M57, tome II).
    """
    if _TRANSFER_OUT.search(label):
        return "out"
    if _TRANSFER_IN.search(label):
        return "in"
    spends, brings = _OUT.search(label) is not None, _IN.search(label) is not None
    if spends == brings:
        return None
    return "out" if spends else "in"


_SPACED: Final = re.compile(r"(?<![\w'])[a-z](?: [a-z]){3,14}(?![\w'])")
"""« T O T A L »."""


def _kind(label: str, has_figure: bool) -> LineKind:
    if not has_figure:
        return "heading"
    bare = _SPACED.sub(lambda found: found.group().replace(" ", ""), label.strip(" -*.:|•=>_…"))
    if _SUBTOTAL.match(bare):
        return "subtotal"
    if _TOTAL.match(bare):
        return "total"
    if _DETAIL.match(bare):
        return "detail"
    return "plain"


# -- cells ----------------------------------------------------------------------------------------------------------

_WORDS_BESIDE: Final = re.compile(r"[a-z]{2,}")
_LITTLE: Final = 28


def _sign(passage: Passage, start: int, end: int, mention: Mention | None) -> Literal["", "+", "-", "("]:
    """The sign that stands apart from the figure of a cell."""
    if mention is None or mention.figure is None or mention.figure.n < 0:
        return ""
    before = passage.folded[start : mention.start].strip()
    after = passage.folded[mention.end : end].strip()
    if before in ("+", "-"):
        return "+" if before == "+" else "-"
    return "(" if (before == "(" and after == ")") or (not before and after == "-") else ""


_NOTE: Final = re.compile(r"(?<=[0-9€%])[ ]?(?P<mark>\((?:[1-9]|[a-h]|\*{1,3})\))[ ]{0,3}\Z")
_NAMED_RATE: Final = re.compile(r"(?:^| )[a-z'&.-]{3,}|\([a-z]")
_ABOUT_RATE: Final = re.compile(
    r"(?<![a-z])(?:soit|du|de|la|le|des|ht|ttc|cout|total|montant|depenses?|base|max[a-z]{0,4})(?![a-z])"
)
_LABEL: Final = 100


def _figures_in(passage: Passage, start: int, end: int) -> tuple[Mention | None, Mention | None]:
    """The figure that a cell is, and the rate that stands beside it: « 642 000,00 € (50 %) », « Région (25 %) »."""
    note = _NOTE.search(passage.folded, max(start, end - 12), end)
    if note is not None and note.start() > start:
        end = note.start("mark")  # « 14 500 (1) »: the call of a note
    figure = _figure_in(passage, start, end)
    found = [m for m in passage.mentions.between(start, end) if m.figure is not None and m.end <= end + 1]
    if found and end - start < _LABEL:
        # « Harmonie des Deux Rives (25 %) »
        rates = [m for m in found if m.kind == "percent"]
        words = [m for m in found if m.kind in ("number", "words") and m.figure and not m.figure.text[:1].isdigit()]
        if len(rates) == 1 and len(rates) + len(words) == len(found):
            found = rates
    if len(found) == 1 and found[0].kind == "percent" and end - start < _LABEL:
        # Words with a rate are the label of their row: the rate goes to a column of its own.
        around = passage.folded[start : found[0].start] + " " + passage.folded[found[0].end : end]
        if _NAMED_RATE.search(_ABOUT_RATE.sub("", around)):
            return None, found[0]
    rates = [m for m in found if m.kind == "percent"]
    others = [m for m in found if m.is_money or m.kind == "number"]
    if len(found) == 2 and len(rates) == len(others) == 1:
        first, second = found
        around = passage.folded[start : first.start] + passage.folded[second.end : end]
        between = passage.folded[first.end : second.start]
        if not around.strip(" |()*-+:;.,/") and between.strip(" ()-:;,/|") in ("", "soit", "ou"):
            return others[0], rates[0]
    return figure, None


def _figure_in(passage: Passage, start: int, end: int) -> Mention | None:
    """The figure that a cell is: an amount, a rate or a bare number with little else around it."""
    found = [m for m in passage.mentions.between(start, end) if m.figure is not None and m.end <= end + 1]
    money = [m for m in found if m.is_money or m.kind == "percent"]
    chosen = money or [m for m in found if m.kind in ("number", "year", "other")]
    if len(chosen) != 1:
        return None
    mention = chosen[0]
    rest = passage.folded[start : mention.start] + " " + passage.folded[mention.end : end]
    if mention.kind in ("number", "year", "other") and _WORDS_BESIDE.search(rest):
        return None
    if (
        mention.kind == "other"
        and mention.figure is not None
        and mention.figure.text[:1] == "0"
        and len(mention.figure.text) > 1
    ):
        return None
    if len(rest.strip(" |()*-+:;.,")) > _LITTLE:
        return None
    if mention.kind == "other" and not rest.strip(" |()*-+.") and sum(map(str.isdigit, passage.text[start:end])) < 9:
        # « Coût de l'opération | 122,20 »: a word of the cell before makes no number of this one.
        return replace(mention, kind="number")
    return mention


def _with_words(passage: Passage, grid: Grid) -> dict[int, dict[int, int]]:
    """« Achats 4 100 | Cotisations 3 750 »: the columns of cells that hold words and then their figure, each cell by
    its row with where its figure begins; only when two columns or more are made so."""
    view = passage.mentions.view
    held: dict[int, dict[int, int]] = {}
    plain: dict[int, int] = {}
    for cell in grid.cells:
        start, end = view.smoothed(cell.start, cell.end)
        found = [m for m in passage.mentions.between(start, end) if m.figure is not None and m.end <= end + 1]
        if not found:
            continue
        last = found[-1]
        words = passage.folded[start : last.start]
        ends = not passage.folded[last.end : end].strip(" |.;,")
        alone = len(found) == 1 and (last.is_money or last.kind in ("number", "other", "year"))
        if alone and ends and _WORDS_BESIDE.search(words) and words.rstrip()[-1:].isalpha() and end - start < _LABEL:
            held.setdefault(cell.column, {})[cell.row] = last.start
        else:
            plain[cell.column] = plain.get(cell.column, 0) + 1
    held = {column: rows for column, rows in held.items() if len(rows) > 2 and column not in plain}
    # A line that alone begins with a bar may have an empty first cell, or only a border.
    opened = set()
    firsts: dict[int, Cell] = {}
    for cell in grid.cells:
        firsts.setdefault(cell.row, cell)
    for cell in firsts.values():
        start, _ = view.smoothed(cell.start, cell.end)
        opened.add("|" in passage.folded[passage.folded.rfind("\n", 0, start) + 1 : start])
    if len(opened) > 1:
        return {}
    return held if len(held) > 1 and not plain else {}


def _parted(passage: Passage, cell: Cell, at: int) -> list[Box]:
    """The words of a cell and its figure, each in a column of its own."""
    start, end = passage.mentions.view.smoothed(cell.start, cell.end)
    words = " ".join(passage.folded[start:at].split())
    figure = _figure_in(passage, at, end)
    text = " ".join(passage.folded[at:end].split())
    return [
        Box(2 * cell.column, words, None, (start, at)),
        Box(2 * cell.column + 1, text, figure, (at, end), _sign(passage, at, end, figure)),
    ]


def _bars(passage: Passage, grid: Grid) -> Ledger | None:
    view = passage.mentions.view
    worded = _with_words(passage, grid)
    rows: dict[int, list[Cell]] = {}
    for cell in grid.cells:
        rows.setdefault(cell.row, []).append(cell)
    beside = 1 + max((cell.column for cell in grid.cells), default=0)
    lines: list[Line] = []
    headers: dict[int, str] = {}
    seen_figure = False
    ruled = False
    for _, cells in sorted(rows.items()):
        boxes: list[Box] = []
        label: list[str] = []
        for cell in cells:
            if worded:
                at = worded.get(cell.column, {}).get(cell.row)
                if at is not None:
                    boxes.extend(_parted(passage, cell, at))
                    label.append(boxes[-2].text)
                    continue
                cell = replace(cell, column=2 * cell.column)
            start, end = view.smoothed(cell.start, cell.end)
            figure, rate = _figures_in(passage, start, end) if start < end else (None, None)
            text = " ".join(passage.folded[start:end].split())
            boxes.append(Box(cell.column, text, figure, (start, end), _sign(passage, start, end, figure)))
            if rate is not None:
                # The rate beside an amount stands in a column of its own, after all the others.
                boxes.append(Box(beside + cell.column, "", rate, (rate.start, rate.end)))
            if figure is None and text:
                label.append(text)
        filled = [box for box in boxes if box.text]
        if not filled:
            continue
        span = (filled[0].span[0], filled[-1].span[1])
        has_figure = any(box.figure is not None for box in boxes)
        said = " ".join(label)
        if seen_figure and not has_figure and _RULED.fullmatch(said):
            ruled = True
            continue
        if not has_figure and not seen_figure:
            for box in filled:
                headers[box.column] = (headers.get(box.column, "") + " " + box.text).strip()
            continue
        if not seen_figure and (_is_header(filled) or _names_columns(boxes)):
            for box in filled:
                headers[box.column] = (headers.get(box.column, "") + " " + box.text).strip()
            continue
        seen_figure = seen_figure or has_figure
        kind = _kind(said, has_figure)
        if ruled and kind == "plain" and not said:
            kind = "total"  # under a ruled line, figures without words are those of an addition
        ruled = False
        lines.append(Line(said, tuple(boxes), kind, side_of(said), span))
    if not lines:
        return None
    first, last = lines[0].span[0], lines[-1].span[1]
    before, after = _around(passage, first, last)
    return Ledger(tuple(_with_last(lines)), headers, before, after, True, False)


_FEWEST: Final = 2
_MOST: Final = 200
_NAMELESS: Final = re.compile(r"[^a-z]*")


def _with_last(lines: list[Line]) -> list[Line]:
    """The lines, the last of which is a total when it has no name, or another than « total » (« Par an »), and its
    figures are the sums of those above: of the one column that it has figures in when it is nameless, else of two
    columns at least and of more than half of them."""
    last = lines[-1]
    above = [line for line in lines[:-1] if line.kind != "heading"]
    if last.kind != "plain" or not _FEWEST <= len(above) <= _MOST or any(line.kind != "plain" for line in above):
        return lines
    added = tried = 0
    for box in last.boxes:
        if not _adds(box):
            continue
        parts = [other for line in above if (other := line.box(box.column)) is not None and _adds(other)]
        if len(parts) < _FEWEST:
            continue
        tried += 1
        added += sum(_worth(part) for part in parts) == _worth(box)
    nameless = _NAMELESS.fullmatch(last.label) is not None
    if not added or (nameless and added * 2 < tried) or (not nameless and (added < _FEWEST or added * 2 <= tried)):
        return lines
    return [*lines[:-1], replace(last, kind="total")]


def _adds(box: Box) -> bool:
    return box.figure is not None and box.figure.kind in ("amount", "number") and _worth(box) != 0


def _worth(box: Box) -> Fraction:
    assert box.figure is not None
    value = box.figure.figure.fraction if box.figure.figure is not None else Fraction(0)
    return -value if box.sign == "-" else value


def _halves(ledger: Ledger) -> list[Ledger]:
    """A table of two sides on the same lines (« Charges … Produits … »), one side after the other.

    Each side has its own words and its own totals, which may stand on other lines than those of the other side.
    """
    words: dict[int, int] = {}
    figures: dict[int, int] = {}
    for line in ledger.lines:
        for box in line.boxes:
            if box.figure is not None:
                figures[box.column] = figures.get(box.column, 0) + 1
            elif box.text and _WORDS_BESIDE.search(box.text):
                words[box.column] = words.get(box.column, 0) + 1
    labels = sorted(column for column, count in words.items() if count > 1 and count > figures.get(column, 0))
    sums = sorted(column for column, count in figures.items() if count > 1 and count > words.get(column, 0))
    cuts = [
        column
        for column in labels[1:]
        if any(labels[0] < other < column for other in sums) and any(other > column for other in sums)
    ]
    if len(cuts) != 1 or len(sums) > 6:
        return [ledger]
    cut = cuts[0]
    widest = max((box.column for line in ledger.lines for box in line.boxes), default=0)
    sides: list[Ledger] = []
    for number, (low, high) in enumerate(((-1, cut), (cut, widest + 1)), 1):
        headers = {column: text for column, text in ledger.headers.items() if low <= column < high}
        over = side_of(" ".join(headers.values()))
        lines: list[Line] = []
        for line in ledger.lines:
            boxes = tuple(box for box in line.boxes if low <= box.column < high)
            filled = [box for box in boxes if box.text or box.figure is not None]
            if not filled:
                continue
            said = " ".join(box.text for box in boxes if box.figure is None and box.text)
            has_figure = any(box.figure is not None for box in boxes)
            kind = _kind(said, has_figure)
            span = (filled[0].span[0], filled[-1].span[1])
            lines.append(Line(said, boxes, kind, over or side_of(said), span))
        sides.append(replace(ledger, lines=tuple(lines), headers=headers, half=number))
    totals = [[line for line in side.lines if line.kind == "total"] for side in sides]
    # Without a total on either side, the second words are only a second column of words.
    return sides if all(totals) else [ledger]


_RULED: Final = re.compile(r"[-–—_=+| ]{3,}")
"""A line drawn over a total."""


def _is_header(filled: Sequence[Box]) -> bool:
    """A first row whose only figures are years is a header: « Poste | 2023 | 2024 »."""
    figures = [box.figure for box in filled if box.figure is not None]
    return bool(figures) and all(figure.kind == "year" for figure in figures)


def _names_columns(boxes: Sequence[Box]) -> bool:
    """A first row of words, in which a rate is part of a name: « Lot | Montant HT | TVA 10 % | Montant TTC »."""
    cells = [box for box in boxes if box.text]
    return len(cells) > 2 and all(box.figure is None and _WORDS_BESIDE.search(box.text) for box in cells)


def _around(passage: Passage, start: int, end: int) -> tuple[Piece | None, Piece | None]:
    """The pieces just before and just after a table, its own rows left out."""
    pieces = passage.pieces
    low = bisect_left(pieces, start, key=lambda piece: piece.end) - 1
    high = bisect_left(pieces, end, key=lambda piece: piece.start)
    before = pieces[low] if low >= 0 and pieces[low].end <= start and pieces[low].kind != "row" else None
    after = pieces[high] if high < len(pieces) and pieces[high].kind != "row" else None
    return before, after


# -- labels and amounts on alternate lines --------------------------------------------------------------------------


def _alone(piece: Piece) -> Mention | None:
    """The figure that a piece is, when it is one and nothing else: an amount, a number or a rate."""
    clip: Clip = piece.clip
    if piece.kind in ("row", "aside") or len(clip.text) > 12:
        return None
    held = [m for m in clip.mentions if m.kind in ("amount", "number", "percent") and m.figure is not None]
    if len(held) != 1 or clip.text.strip(" :;.+-()") not in _ONE_FIGURE:
        return None
    return held[0]


_ONE_FIGURE: Final = frozenset("\ue000\ue001\ue002")
_LONGEST_LABEL: Final = 120
_LONGEST_HEADER: Final = 40
_MOST_FIGURES: Final = 8
_FEWEST_ROWS: Final = 3


def _is_label(piece: Piece) -> bool:
    """True for words that may be the label of the figures that follow."""
    return (
        piece.kind not in ("row", "aside")
        and len(piece.clip.text) <= _LONGEST_LABEL
        and not piece.money()
        and _alone(piece) is None
    )


def _stacked(passage: Passage) -> Iterator[Ledger]:
    """Tables of one cell a line: a label, then its figures, each on a line of its own."""
    pieces = passage.pieces
    at = 0
    while at < len(pieces):
        if at + 1 >= len(pieces) or not _is_label(pieces[at]) or _alone(pieces[at + 1]) is None:
            at += 1
            continue
        start = at
        rows: list[tuple[Piece, list[tuple[Piece, Mention]]]] = []
        while at < len(pieces) and _is_label(pieces[at]):
            label = pieces[at]
            figures: list[tuple[Piece, Mention]] = []
            while (
                at + 1 + len(figures) < len(pieces)
                and len(figures) < _MOST_FIGURES
                and (figure := _alone(pieces[at + 1 + len(figures)])) is not None
            ):
                figures.append((pieces[at + 1 + len(figures)], figure))
            if not figures:
                # A heading stands only between lines of the ledger.
                ahead = any(
                    at + step + 1 < len(pieces)
                    and _is_label(pieces[at + step])
                    and _alone(pieces[at + step + 1]) is not None
                    for step in (1, 2)
                    if step == 1 or (at + 1 < len(pieces) and _is_label(pieces[at + 1]))
                )
                if not ahead or len(label.sentences) > 1:
                    break
            rows.append((label, figures))
            at += 1 + len(figures)
        ledger = _of_cells(passage, start, rows, pieces[at] if at < len(pieces) else None)
        if ledger is not None:
            yield ledger
        elif sum(bool(figures) for _, figures in rows) < _FEWEST_ROWS:
            at = start + 1


def _of_cells(
    passage: Passage, start: int, rows: Sequence[tuple[Piece, list[tuple[Piece, Mention]]]], after: Piece | None
) -> Ledger | None:
    """The table of rows of one cell a line, when every figure has its column."""
    filled = [figures for _, figures in rows if figures]
    if len(filled) < _FEWEST_ROWS:
        return None
    width = max(map(len, filled))
    whole = next(figures for figures in filled if len(figures) == width)
    lines: list[Line] = []
    for label, figures in rows:
        columns = _columns_of_cells([m.kind for _, m in figures], [m.kind for _, m in whole])
        if columns is None:
            return None
        boxes = tuple(
            Box(
                column,
                piece.clip.text,
                figure,
                (piece.start, piece.end),
                _sign(passage, piece.start, piece.end, figure),
            )
            for column, (piece, figure) in zip(columns, figures, strict=True)
        )
        words = " ".join(passage.folded[label.start : label.end].split())
        end = figures[-1][0].end if figures else label.end
        lines.append(Line(words, boxes, _kind(words, bool(figures)), side_of(words), (label.start, end)))
    pieces = passage.pieces
    headers: dict[int, str] = {}
    if width > 1:
        low = start
        while (
            low
            and start - low <= width
            and _is_label(pieces[low - 1])
            and len(pieces[low - 1].clip.text) <= (_LONGEST_HEADER)
        ):
            low -= 1
        heads = pieces[low:start][-width - 1 :]
        if len(heads) >= width:
            for column, head in enumerate(heads, width + 1 - len(heads)):
                headers[column] = " ".join(passage.folded[head.start : head.end].split())
    before = pieces[start - 1 - len(headers)] if start > len(headers) else None
    return Ledger(tuple(lines), headers, before, after, False, False)


def _columns_of_cells(kinds: Sequence[str], whole: Sequence[str]) -> list[int] | None:
    """The column of each figure of a row: its rank when the row is whole, else the one place that its kind allows."""
    if len(kinds) == len(whole):
        return list(range(1, len(whole) + 1))
    rates = [kind == "percent" for kind in kinds]
    places = [place for place, kind in enumerate(whole, 1) if (kind == "percent") in rates]
    alike = [(whole[place - 1] == "percent") for place in places]
    return places if alike == rates else None


def ledgers_of(passage: Passage) -> list[Ledger]:
    """The tables of a document: its grids, then labels and amounts on alternate lines."""
    grids = [ledger for grid in passage.document.grids if (ledger := _bars(passage, grid)) is not None]
    out = [side for ledger in grids for side in _halves(ledger)]
    out.extend(_stacked(passage))
    out.sort(key=lambda ledger: ledger.lines[0].span)
    return out
