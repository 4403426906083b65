"""Rows that are not subsidies but say something of them: totals, details of another row, amounts carried over a page.

A total row may be the sum of everything above it, of the rows since the last total, since a heading or a blank row, or
of the totals above it; a table with sections under sections has all of these, and nothing but the figures tells which.
So a total is only wrong when it is none of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field, replace
from fractions import Fraction
from typing import Final, Literal

from subsidy_rules.figures import Amount
from subsidy_rules.frozen import dataclass
from subsidy_rules.rowstream import Hidden
from subsidy_rules.tables.cells import amount_in, is_blank

__all__ = [
    "Added",
    "Sums",
    "adds_up",
    "is_total",
    "kind_of_row",
    "label_of",
    "says_not_yet",
    "says_nothing",
    "scale_of",
    "scaled",
]

TOTAL_WORDS: Final = re.compile(
    r"\s*(?:(?:sous|s/?|grand)[\s-]{0,3})?total(?!e)|\s*(?:totaux|cumul|ensemble\s*:?\s*\Z)", re.IGNORECASE
)
_ONLY_TOTAL: Final = re.compile(
    r"\s*(?:sous[\s-]{0,3}|grand\s{1,3})?(?:total|totaux)(?:\s{1,3}g[ée]n[ée]ra(?:l|ux))?\s{0,3}:?\s*", re.IGNORECASE
)
_FIGURE: Final = re.compile(
    r"[-+−–(]?\s?[0-9][0-9 .,'\u00a0\u202f]{0,30}\)?\s?(?:%|€|k€|K€|M€|F|EUR|eur|euros?)?|[-–—*/]{1,3}"
)
_DETAIL: Final = re.compile(r"\s*[-–—•*>→(]?\s{0,3}dont\b", re.IGNORECASE)
_COUNTED: Final = re.compile(
    r"\s*(?:effectifs?|nombre\b|nb\b|population|adh[ée]rents?|licenci[ée]s|habitants|b[ée]n[ée]voles|heures)\b",
    re.IGNORECASE,
)
_CARRIED: Final = re.compile(
    r"\s*(?:total\s{1,3})?(?:[àaÀA]\s{1,3}reporter|reports?(?:\s{1,3}(?:de\s{1,3}(?:la\s{1,3})?)?(?:pages?|folio)\b.{0,30})?)"
    r"\s*:?\s*",
    re.IGNORECASE,
)

MOST_ROWS: Final = 2_000
"""Rows among which those that sum up the ones below them are looked for."""
MOST_SUMS: Final = 200
"""Beginnings (totals, headings) that a total is tried from; beyond, the last ones only, and the top of the table."""


def label_of(cells: Sequence[str]) -> str:
    """The first cell of a row that holds a letter."""
    return next((cell for cell in cells if any(map(str.isalpha, cell[:60]))), "")


def is_total(cells: Sequence[str], siret: int | None = None) -> bool:
    """True when a row is a total of rows: it says so, and holds nothing else but figures."""
    label = label_of(cells)
    if not TOTAL_WORDS.match(label[:40]) or (siret is not None and not is_blank(cells[siret])):
        return False
    if _ONLY_TOTAL.fullmatch(label[:60]):
        return True
    others = [cell.strip() for cell in cells if cell is not label and not is_blank(cell)]
    return all(_FIGURE.fullmatch(cell) for cell in others)


def kind_of_row(cells: Sequence[str]) -> Literal["detail", "carried", "row"]:
    """``detail`` of the row above (« dont … »), an amount ``carried`` from a page to the next, or a row as others.

    A name that begins like a total (« Total Danse », an association) or a count (« Effectif ») is taken for a detail:
    it may be added or not.
    """
    label = label_of(cells)[:60]
    if _DETAIL.match(label) or TOTAL_WORDS.match(label) or _COUNTED.match(label):
        return "detail"
    return "carried" if _CARRIED.fullmatch(label) else "row"


_NOTHING: Final = re.compile(
    r"[-–—/.*]{1,10}|n[ée]ant|sans\s(?:objet|suite)|so|s\.o|n/a|na|refus(?:[ée]e?s?)?|rejet(?:[ée]e?s?)?|"
    r"pas\sde\s(?:demande|subvention)|non\s(?:demand[ée]e?|concern[ée]e?|retenue?)|d[ée]favorable|"
    r"gratuit[ée]?|aucune?(?:\sdemande|\ssubvention)?|(?:aide|avantage|prestation)?\s?en\snature",
    re.IGNORECASE,
)
_NOT_YET: Final = re.compile(
    r"nc|n\.c|nd|n\.d|ajourn[ée]e?s?|en\s(?:attente|cours|instruction)|[àa]\s(?:d[ée]finir|pr[ée]ciser|d[ée]terminer|voter)|"
    r"non\s(?:communiqu[ée]e?|renseign[ée]e?|d[ée]termin[ée]e?)|ind[ée]termin[ée]e?|\?{1,5}",
    re.IGNORECASE,
)


def says_nothing(cell: str) -> bool:
    """True for the words of a cell where no amount is granted or asked: it adds nothing."""
    return len(cell) < 40 and _NOTHING.fullmatch(cell.strip().rstrip(" .")) is not None


def says_not_yet(cell: str) -> bool:
    """True for the words of a cell of which the amount is not known."""
    return len(cell) < 40 and _NOT_YET.fullmatch(cell.strip().rstrip(" .")) is not None


_RATIO: Final = re.compile(
    r"\b(?:par|moyenn?e?s?|unitaires?|taux|plafond|seuil|max(?:i|imum|imale?)?|mini(?:mum|male?)?|cumul\w{0,4}|"
    r"pourcentage|ratio|prix|quotient)\b|%|/\s?[a-zé€]",
    re.IGNORECASE,
)


def adds_up(label: str) -> bool:
    """False for a column whose figures have no sum: an amount for each member, a ceiling, a running total."""
    return _RATIO.search(label[:200]) is None


_UNITS: Final = (
    r"(?:(?P<k>k\s?€|k\s?euros?|keur|milliers\s{1,2}d[’'\s]\s?euros?)|(?P<m>m\s?€|meur|millions\s{1,2}d[’'\s]\s?euros?))"
    r"(?!\w)"
)
_SCALE: Final = re.compile(r"(?<![0-9])(?<![0-9][ \u00a0\u202f])\b" + _UNITS, re.IGNORECASE)
_SCALE_OF_TITLE: Final = re.compile(r"\ben\s{1,2}" + _UNITS, re.IGNORECASE)


def scale_of(text: str, *, title: bool = False) -> int:
    """3 where a heading says that its figures are thousands of euros (« k€ »), 6 for millions, else 0; a ``title``
    has to say « en milliers d’euros »: it may name a threshold."""
    found = (_SCALE_OF_TITLE if title else _SCALE).search(text[:300])
    return 0 if found is None else 3 if found["k"] else 6


def scaled(cell: str, scale: int) -> Amount | None:
    """The amount of a cell under a heading of that scale."""
    amount = amount_in(cell)
    if amount is None or not scale or amount.exponent or "€" in cell:
        return amount
    return replace(amount, exponent=scale)


@dataclass(frozen=True, slots=True)
class Added:
    """A figure to be added: its value as it is read, and the least and the most that its cell may count for.

    A cell that shows less than it holds counts for either; the sum of such cells may moreover be rounded as they are,
    to the coarsest ``unit`` among them. So does a figure in thousands, for what it was rounded from. Where every cell
    shows all it holds, nothing is allowed.
    """

    amount: Amount
    value: Fraction
    low: Fraction
    high: Fraction
    unit: Fraction = Fraction(0)

    @classmethod
    def of(cls, amount: Amount, hidden: Hidden | None) -> Added:
        value = amount.fraction
        rounded = amount.rounded_to
        if rounded is not None:
            half = Fraction(rounded) / 2
            return cls(amount, value, value - half, value + half)
        if hidden is None:
            return cls(amount, value, value, value)
        unit = Fraction(1, 10**hidden.decimals)
        stored = Fraction(hidden.stored)
        shown = (abs(stored) / unit + Fraction(1, 2)).__floor__() * unit * (1 if stored >= 0 else -1)
        return cls(amount, value, min(stored, shown), max(stored, shown), unit)

    @classmethod
    def nothing(cls) -> Added:
        """A cell in which nothing is to be added."""
        zero = Fraction(0)
        return cls(Amount(n=0, currency="EUR"), zero, zero, zero)

    def and_(self, other: Added) -> Added:
        value, more = self.value, other.value
        if self.low is self.high is value and other.low is other.high is more:  # as exact as most are: one addition
            added = value + more
            return Added(self.amount, added, added, added, self.unit)
        return Added(
            self.amount,
            self.value + other.value,
            self.low + other.low,
            self.high + other.high,
            max(self.unit, other.unit),
        )

    def agrees(self, total: Added) -> bool:
        """True when that total may be this sum."""
        slack = max(self.unit, total.unit) / 2
        return self.low - slack <= total.high and total.low <= self.high + slack


@dataclass(slots=True)
class _Run:
    """Rows one after another: how many, and what they add to (``None`` for none)."""

    count: int = 0
    added: Added | None = None
    unread: bool = False

    def add(self, value: Added | None) -> None:
        self.count += 1
        if value is None:
            self.unread = True
        else:
            self.added = value if self.added is None else self.added.and_(value)

    def with_(self, other: _Run) -> _Run:
        if self.added is None or other.added is None:
            added = self.added or other.added
        else:
            added = self.added.and_(other.added)
        return _Run(self.count + other.count, added, self.unread or other.unread)


@dataclass(slots=True)
class Sums:
    """What one column adds to, down to the row that is being read."""

    every: _Run = field(default_factory=_Run)
    runs: list[_Run] = field(default_factory=lambda: [_Run()])
    totals: list[Added] = field(default_factory=list)
    values: list[Added] = field(default_factory=list)

    def add(self, value: Added | None) -> None:
        self.every.add(value)
        self.runs[-1].add(value)
        if value is not None and len(self.values) <= MOST_ROWS:
            self.values.append(value)

    def begin(self) -> None:
        """What comes next may be added by itself."""
        if self.runs[-1].count:
            self.runs.append(_Run())
            del self.runs[:-MOST_SUMS]

    def total(self, value: Added) -> None:
        self.totals.append(value)
        del self.totals[:-MOST_SUMS]
        self.begin()

    @property
    def unread(self) -> bool:
        return self.every.unread

    def may_be(self, total: Added) -> bool:
        """True when that total is one of the sums that may be meant."""
        if any(run.added is not None and run.added.agrees(total) for run in self._candidates()):
            return True
        return not self.every.unread and len(self.values) <= MOST_ROWS and _with_heads(self.values, total)

    def nearest(self, total: Added) -> tuple[int, Added] | None:
        """The sum that was meant, as far as can be told, and of how many rows."""
        runs = [self.every, *_suffixes(self.runs)]
        found = [(run.count, run.added) for run in runs if run.added is not None]
        return min(found, key=lambda one: abs(one[1].value - total.value), default=None)

    def _candidates(self) -> Iterator[_Run]:
        if not self.every.unread:
            yield self.every
        yield from _suffixes(self.runs)
        yield from _suffixes([_Run(1, value) for value in self.totals])


def _with_heads(values: Sequence[Added], total: Added) -> bool:
    """True when that is the total of rows some of which stand above their own details and sum them up.

    One row that equals the next is no sign of that: two subsidies are often the same. One that is the sum of several
    is."""
    at, sure = 0, False
    added: Added | None = None
    while at < len(values):
        head = values[at]
        added = head if added is None else added.and_(head)
        below: Added | None = None
        for end in range(at + 1, min(at + MOST_SUMS, len(values))):
            below = values[end] if below is None else below.and_(values[end])
            if below.value == head.value and head.value:
                sure = sure or end > at + 1
                at = end
                break
        at += 1
    return sure and added is not None and added.agrees(total)


def _suffixes(runs: Iterable[_Run]) -> Iterator[_Run]:
    so_far = _Run()
    for run in reversed(list(runs)):
        so_far = run.with_(so_far)
        if so_far.unread:
            return
        yield so_far
