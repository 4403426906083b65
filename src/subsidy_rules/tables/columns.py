"""Which row is the header, and which column each of its cells names; every liberty taken is told.

A header is found by the names it holds, wherever it stands (title rows above it are common), even when it is written
over two rows. A name is recognised despite case, accents, spaces and known synonyms; the user's own names come from
the settings (`tables.columns`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final, Literal

from subsidy_rules.frozen import dataclass
from subsidy_rules.tables.schema import ALLOCATIONS, CONDITIONS, LONG_ONLY, SCDL, Column, fold_name, names_of

__all__ = ["Header", "Layout", "Placed", "find_header", "known_names"]

LOOKED_AT: Final = 30
"""Rows at the top of a table among which its header is looked for."""

LONGEST: Final = 1_000
"""Characters of a cell that are looked at for a name."""

_MONEY: Final = re.compile(r"montant|subvention|avance|acompte|credit|dotation|aide|versement")
_YEARLY: Final = re.compile(
    r"(?:bp|ca|cp|ae|exercice|annee|fonctionnement|investissement|vote|realise|attribue|accorde|prevu|propose|demande|"
    r"verse){0,2}(?:19|20)[0-9]{2}(?:vote|realise|attribue|accorde|prevu|propose|demande|verse|en|euros|eur|e){0,3}"
)
"""A column of one year among several: « 2023 », « BP 2024 », « 2024 proposé »."""
_CAP: Final = re.compile(r"plafon")
_NO_CAP: Final = re.compile(
    r"ressource|revenu|taux|pourcent|hors|quotient|par(?!t)|unitaire|horaire|journalier|nombre|nb"
)
"""A ceiling on something else than the amount of the row, or what lies above the ceiling."""
_NOT_MONEY: Final = re.compile(r"^(?:id|nom|ref|date|objet|nature|type|libelle|condition|n[0-9o°])|nature$")


@dataclass(frozen=True, slots=True)
class Placed:
    """A known column where it is in this table: ``index`` from 0, ``label`` as the header writes it.

    ``near``: the label is not the schema's own name. ``own``: an amount column of the table's own.
    """

    column: Column
    index: int
    label: str
    near: bool = False
    own: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of one table. ``scale``: the power of ten of its amounts, where a title says « en milliers »."""

    kind: Literal["scdl", "allocations"]
    placed: tuple[Placed, ...]
    labels: tuple[str, ...]
    unknown: tuple[int, ...] = ()
    doubled: tuple[int, ...] = ()
    missing: tuple[Column, ...] = ()
    trailing: str = ""
    scale: int = 0

    @property
    def width(self) -> int:
        return len(self.labels)

    def index(self, name: str) -> int | None:
        """Where the column of that schema name is, or ``None``: see `get`."""
        found = self.get(name)
        return None if found is None else found.index

    def get(self, name: str) -> Placed | None:
        """The column of that schema name, or ``None``: « Montant voté » rather than « Montant demandé », which is one
        of the table's own; else the first one."""
        found = [item for item in self.placed if item.column.name == name]
        return next((item for item in found if not item.own), found[0] if found else None)

    @property
    def is_long(self) -> bool:
        return any(item.column.name in LONG_ONLY for item in self.placed)


@dataclass(frozen=True, slots=True)
class Header:
    """The header: the rows it is made of (their positions among the rows looked at, from 0) and its layout."""

    first: int
    last: int
    layout: Layout


def known_names(cells: Sequence[str]) -> int:
    """How many cells of a row are names of known columns, in either kind of table."""
    scdl, other = names_of("scdl"), names_of("allocations")
    found = {fold_name(cell) for cell in cells if cell and len(cell) < 80}
    return max(len(found & scdl.keys()), len(found & other.keys()))


def find_header(
    rows: Sequence[Sequence[str]],
    *,
    kind: Literal["auto", "scdl", "allocations"] = "auto",
    own_names: Mapping[str, str] | None = None,
    at: int | None = None,
) -> Header | None:
    """The header among the first rows of a table, or ``None`` when no row names a column that is known.

    ``at`` is the position (from 0) that the settings give; ``own_names`` maps labels of the table to names of the
    schema.
    """
    own = {fold_name(label): name for label, name in (own_names or {}).items()}
    rows = [[cell if len(cell) <= LONGEST else cell[:LONGEST] for cell in row] for row in rows[:LOOKED_AT]]
    best: Header | None = None
    best_score = 0
    candidates = range(len(rows[:LOOKED_AT])) if at is None else (at,)
    for first in candidates:
        if first >= len(rows):
            continue
        for last in (first, first + 1):
            if last >= len(rows) or (last > first and at is not None):
                continue
            labels = list(rows[first]) if last == first else _joined(rows[first], rows[last])
            if labels is None:
                continue
            layout = _layout(labels, kind, own)
            score = 4 * len({item.column.name for item in layout.placed if not item.own}) + sum(
                item.own for item in layout.placed
            )
            if layout.kind == "scdl":
                score += 1
            if last > first and _goes_on(rows[first], rows[last]):
                score += 4
            if (score > best_score and len(layout.placed) >= 2) or (at is not None and best is None):
                best, best_score = Header(first, last, layout), score
    return best


def _goes_on(upper: Sequence[str], lower: Sequence[str]) -> bool:
    """True when a row of words can only be the lower half of a header: it stands under titles that are merged over
    several columns, and under none of the first column, which every row of data fills."""
    names = [index for index, cell in enumerate(lower) if cell.strip()]
    titles = [index for index, cell in enumerate(upper) if cell.strip()]
    return bool(names) and len(titles) > 1 and names[0] > titles[0] and any(index not in titles for index in names)


def _joined(upper: Sequence[str], lower: Sequence[str]) -> list[str] | None:
    """Two rows as one header: the upper one names groups, its empty cells repeat the name on their left."""
    if any(
        re.fullmatch(r"[0-9 .,€%\u00a0\u202f/-]+", cell) and not re.fullmatch(r"(?:19|20)[0-9]{2}", cell.strip())
        for cell in (*upper, *lower)
        if cell.strip()
    ):
        return None
    out: list[str] = []
    group = ""
    for index in range(max(len(upper), len(lower))):
        above = upper[index].strip() if index < len(upper) else ""
        below = lower[index].strip() if index < len(lower) else ""
        group = above or group
        out.append(below if not above and not below else f"{group} {below}".strip() if below else above)
    return out


def _layout(labels: Sequence[str], kind: Literal["auto", "scdl", "allocations"], own: Mapping[str, str]) -> Layout:
    labels, trailing = _without_trailing(labels)
    chosen: Literal["scdl", "allocations"]
    if kind == "auto":
        official = {fold_name(column.name) for column in SCDL}
        named = {own.get(fold_name(label), label) for label in labels}
        hits = sum(fold_name(label) in official for label in named)
        chosen = "scdl" if hits >= 5 else "allocations"
    else:
        chosen = kind
    names = names_of(chosen)
    by_name = {column.name: column for column in (SCDL if chosen == "scdl" else ALLOCATIONS)}
    placed: list[Placed] = []
    unknown: list[int] = []
    doubled: list[int] = []
    seen: set[str] = set()
    folded_labels = [fold_name(label) for label in labels]
    called = [by_name.get(own[name]) if name in own else names.get(name) for name in folded_labels]
    best = _best(folded_labels, called, own)
    for index, label in enumerate(labels):
        folded, column = folded_labels[index], called[index]
        if column is None and chosen == "allocations" and _CAP.search(folded) and not _NO_CAP.search(folded):
            column = by_name["plafond"]
            placed.append(Placed(column, index, _clean(label), own=column.name in seen))
            seen.add(column.name)
            continue
        several = chosen == "allocations" and column is not None and column.holds in ("amount", "cap")
        if column is not None and not several and folded != best[column.name]:
            # « Projet » beside « Objet »: another column of the table, not the same one twice.
            unknown.append(index)
            continue
        if column is None and chosen == "allocations" and (_is_money(folded) or _YEARLY.fullmatch(folded)):
            placed.append(Placed(by_name["montant"], index, _clean(label), own=True))
            continue
        if column is None:
            if folded:
                unknown.append(index)
            continue
        if column.name in seen:
            if several:
                placed.append(Placed(column, index, _clean(label), own=True))
            else:
                doubled.append(index)
            continue
        seen.add(column.name)
        near = chosen == "scdl" and label.strip("\ufeff ") != column.name and folded not in own
        placed.append(Placed(column, index, _clean(label), near=near))
    layout = Layout(
        kind=chosen,
        placed=tuple(placed),
        labels=tuple(_clean(label) for label in labels),
        unknown=tuple(unknown),
        doubled=tuple(doubled),
        missing=tuple(column for column in by_name.values() if column.present and column.name not in seen),
        trailing=trailing,
    )
    return _long(layout) if chosen == "scdl" and layout.is_long else layout


def _best(labels: Sequence[str], called: Sequence[Column | None], own: Mapping[str, str]) -> dict[str, str]:
    """The label (folded) that a column of the schema is taken from, where several labels could name it: the one that
    the settings give, else the schema's own name, else the first."""
    best: dict[str, tuple[int, str]] = {}
    for label, column in zip(labels, called, strict=True):
        if column is not None:
            rank = 0 if label in own else 1 if label == fold_name(column.name) else 2
            if column.name not in best or rank < best[column.name][0]:
                best[column.name] = (rank, label)
    return {name: label for name, (_, label) in best.items()}


def _long(layout: Layout) -> Layout:
    """The long layout's own demands, in place of the short one's."""
    placed = []
    for item in layout.placed:
        column = item.column
        if column.name == "conditionsVersement":
            column = replace(column, holds="choice", choices=CONDITIONS, longest=None)
        elif column.name == "montant":
            column = replace(column, filled=False)
        placed.append(replace(item, column=column))
    return replace(layout, placed=tuple(placed))


def _is_money(folded: str) -> bool:
    return bool(_MONEY.search(folded)) and not _NOT_MONEY.search(folded)


def _clean(label: str) -> str:
    return " ".join(label.replace("\ufeff", "").split())


def _without_trailing(labels: Sequence[str]) -> tuple[list[str], str]:
    """Without what another separator left at the end: `…,pourcentageSubvention;;`, or empty last columns."""
    out = list(labels)
    trailing = ""
    while out and not out[-1].strip():
        out.pop()
    if out:
        bare = out[-1].rstrip(";,\t|")
        if bare != out[-1] and bare.strip():
            trailing = out[-1][len(bare) :]
            out[-1] = bare
    return out, trailing
