"""Totals of rows: « Fonctionnement + Investissement = Total », when the whole table shows that they are meant so.

Nothing in a heading tells which columns a total adds. So every choice of the columns that hold amounts is tried on the
rows, and one is believed only when many rows bear it out and hardly any denies it. A row that does is told when nothing
in it explains the gap: a column that was left out, an amount told in words, a deduction, a cell left blank.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING, Final

from subsidy_rules.facts import Trouble
from subsidy_rules.figures import Amount
from subsidy_rules.rowstream import Row
from subsidy_rules.tables.agreeing import other_figures, reaches
from subsidy_rules.tables.cells import is_blank
from subsidy_rules.tables.columns import Layout
from subsidy_rules.tables.schema import fold_name
from subsidy_rules.tables.totals import Added, adds_up, kind_of_row, says_nothing, scale_of, scaled
from subsidy_rules.wording import Message, Terms

if TYPE_CHECKING:
    from subsidy_rules.tables.judging import Judge

__all__ = ["CODE", "Crossings"]

CODE: Final = "SUM005"

LEARNT_FROM: Final = 200
"""Rows from which the columns that a total may add are found; the rows after them only bear out or deny."""
WITNESSES: Final = 3
"""Rows that a choice of columns must add up in, each with two amounts at least, to be believed."""
SURE: Final = 5
"""A choice is believed when it adds up in so many times more rows than it fails in (or fails in one)."""
MANY: Final = 8
"""Rows from which on what they show is as sure as a heading; with fewer, a row that differs is a warning."""
MOST_TRIED: Final = 8
"""Columns of which every choice is tried; of more, only those that stand together."""
WIDEST: Final = 30
"""Columns that one total may add; of more, the nearest ones."""
MOST_ALIVE: Final = 8
"""Choices of columns that are followed once the first rows have spoken."""
MOST_KEPT: Final = 200
"""Failing rows kept for one choice of columns; a choice with more is no total of these columns."""

_TOTAL: Final = re.compile(
    r"\A(?:sous|grand)?tota(?:l|ux)(?!is)|total(?:e|general|annuel|cumule)?(?:(?:19|20)[0-9]{2})?\Z"
)
_OTHER_TOTAL: Final = re.compile(r"arrond|plafon|retenu|hors|cout|budget|effectif|nombre|nb|adherent|heure")
_NO_AMOUNT: Final = re.compile(
    r"\A(?:id(?!e)|nom|ref(?:erences?)?\Z|refdec|date|annee|exercice|objet|nature|type|libelle|compte|article|chapitre|"
    r"fonction(?!nement)|code|imputation|n[0-9o°]|num|tel|siret|siren|rna|cp|insee|effectif|nb|adherent|population|"
    r"habitant|licencie|rang|ordre|page|note|taux|pourcent|parts?\Z|evolution|variation|ecart|difference)"
)

_QUOTED: Final = Message("« {column} »", "“{column}”")
_WRONG: Final = Message(
    "« {label} » : {terms} = {sum}, et non {total} (écart : {gap}) ; dans les {held} lignes justes, « {label} » est la "
    "somme de {columns}",
    "“{label}”: {terms} = {sum}, not {total} (gap: {gap}); in the {held} right rows, “{label}” is the sum of {columns}",
)


@dataclass(frozen=True, slots=True)
class _Line:
    """One row and the figure of each column of a crossing (``None``: unreadable). ``whole``: a total of rows, which
    other rules look at, and which only bears witness."""

    figures: tuple[Added | None, ...]
    row: Row
    cells: tuple[str, ...]
    whole: bool


@dataclass(slots=True)
class _Choice:
    """Columns that a total may add (their positions among those of the crossing), and how the rows bear it out."""

    members: tuple[int, ...]
    witnesses: int = 0
    held: int = 0
    failed: int = 0
    seen: set[Fraction] = field(default_factory=set)
    failing: list[_Line] = field(default_factory=list)

    def take(self, line: _Line) -> None:
        total = line.figures[0]
        assert total is not None
        added: Added | None = None
        filled = 0
        for member in self.members:
            figure = line.figures[member]
            if figure is None:
                return
            if figure.value:
                filled += 1
                added = figure if added is None else added.and_(figure)
        if added is None:
            # The parts are not given: the total says what they do not.
            self.held += not total.value
        elif added.agrees(total):
            self.held += 1
            if filled > 1:
                self.witnesses += 1
                if len(self.seen) < WITNESSES:
                    self.seen.add(total.value)
        elif not line.whole:
            self.failed += 1
            if len(self.failing) <= MOST_KEPT:
                self.failing.append(line)

    @property
    def hopeless(self) -> bool:
        return self.failed > 2 and self.failed > self.witnesses

    @property
    def believed(self) -> bool:
        if self.witnesses < WITNESSES or len(self.seen) < 2 or self.failed > MOST_KEPT:
            return False
        return self.failed <= 1 or self.failed * SURE <= self.witnesses


@dataclass(slots=True)
class _Crossing:
    """One column of totals, and the columns that it may add."""

    columns: tuple[int, ...]
    waiting: list[_Line] = field(default_factory=list)
    choices: list[_Choice] | None = None

    def take(self, line: _Line) -> None:
        if self.choices is None:
            self.waiting.append(line)
            if len(self.waiting) == LEARNT_FROM:
                self.learn()
            return
        for choice in self.choices:
            choice.take(line)

    def learn(self) -> None:
        """Finds the choices of columns that the first rows do not deny."""
        lines, self.waiting = self.waiting, []
        usable = [
            at
            for at in range(1, len(self.columns))
            if any((figure := line.figures[at]) is not None and figure.value for line in lines)
            and sum(line.figures[at] is None for line in lines) * 4 <= len(lines)
        ]
        choices = [_Choice(members) for members in _choices(usable)]
        for line in lines:
            for choice in choices:
                choice.take(line)
            choices = [choice for choice in choices if not choice.hopeless]
        self.choices = sorted(choices, key=_rank)[:MOST_ALIVE]

    def best(self) -> _Choice | None:
        """The choice that the most rows bear out and the fewest deny."""
        if self.choices is None:
            self.learn()
        found = [choice for choice in self.choices or () if choice.witnesses]
        return min(found, key=_rank, default=None)


def _rank(choice: _Choice) -> tuple[int, int, int]:
    return choice.failed, -choice.witnesses, len(choice.members)


def _choices(usable: Sequence[int]) -> Iterator[tuple[int, ...]]:
    if len(usable) <= MOST_TRIED:
        for size in range(2, len(usable) + 1):
            yield from combinations(usable, size)
        return
    for start in range(len(usable)):
        for end in range(start + 2, len(usable) + 1):
            yield tuple(usable[start:end])


@dataclass(slots=True)
class Crossings:
    """The columns of totals of one table. ``look`` takes its rows one by one, ``tell`` says what they showed."""

    judge: Judge
    crossings: tuple[_Crossing, ...]

    @classmethod
    def of(cls, judge: Judge) -> Crossings | None:
        """``None`` when the table has no column of totals beside amounts, or when the rule does not run."""
        layout = judge.layout
        if layout.kind == "scdl" or CODE not in judge.teller.codes:
            return None
        amounts = _amount_columns(layout)
        totals = [index for index in amounts if _is_total(layout, index)]
        made = []
        for total in totals:
            others = [index for index in amounts if index != total]
            if len(others) > 1:
                near = sorted(sorted(others, key=lambda other: abs(other - total))[:WIDEST])
                made.append(_Crossing((total, *near)))
        return cls(judge, tuple(made)) if made else None

    def look(self, row: Row, cells: Sequence[str], *, whole: bool = False) -> None:
        """Takes in one row; ``whole``: it is a total of rows, which other rules look at, and only bears witness."""
        if not whole and kind_of_row(cells) != "row":
            return
        for crossing in self.crossings:
            cell = cells[crossing.columns[0]]
            if is_blank(cell) or says_nothing(cell):
                continue
            figures = tuple(self._figure(row, cells, index) for index in crossing.columns)
            if figures[0] is not None:
                crossing.take(_Line(figures, row, tuple(cells), whole))

    def _figure(self, row: Row, cells: Sequence[str], index: int) -> Added | None:
        cell = cells[index]
        if is_blank(cell):
            return None if row.kinds.get(index) in ("formula", "error") else _NOTHING
        if says_nothing(cell):
            return _NOTHING
        judge = self.judge
        amount = scaled(cell, scale_of(judge.layout.labels[index]) or judge.layout.scale)
        if amount is None or amount.qualifier is not None:
            return None
        return Added.of(amount, judge.hidden(row, index))

    def tell(self) -> None:
        """Tells the rows whose total is not the sum of the columns that the other rows show it to be."""
        for crossing in self.crossings:
            choice = crossing.best()
            if choice is None:
                continue
            tally = self.judge.teller.tally
            if choice.held and (choice.believed or not choice.failed):
                tally.claim("sum", "holds", choice.held)
                tally.rule(CODE, "holds", choice.held)
            for line in choice.failing:
                if choice.believed and not _explained(line, crossing, choice):
                    tally.claim("sum", "broken")
                    self.judge.teller.trouble(self._trouble(crossing, choice, line))
                else:
                    tally.claim("sum", "unknown")
                    tally.rule(CODE, "unknown")

    def _trouble(self, crossing: _Crossing, choice: _Choice, line: _Line) -> Trouble:
        judge = self.judge
        labels = judge.layout.labels
        total = line.figures[0]
        assert total is not None
        parts = [figure for member in choice.members if (figure := line.figures[member]) is not None]
        added = sum((part.value for part in parts), Fraction(0))
        columns = [crossing.columns[member] for member in choice.members]
        label = labels[crossing.columns[0]]
        named = tuple(_QUOTED.having(column=labels[column]) for column in columns)
        return Trouble(
            code=CODE,
            place=judge.place(line.row, line.cells, crossing.columns[0]),
            says=_WRONG.having(
                label=label,
                terms=Terms(tuple(part.amount for part in parts if part.value), " + "),
                sum=_like(added, total.amount),
                total=total.amount,
                gap=_like(abs(added - total.value), total.amount),
                held=choice.held,
                columns=Terms(named, " + "),
            ),
            related=tuple(
                judge.place(line.row, line.cells, column) for column in columns if not is_blank(line.cells[column])
            ),
            values={
                "column": label,
                "columns": [labels[column] for column in columns],
                "total": total.amount.plain,
                "parts": [part.amount.plain for part in parts],
                "sum": _like(added, total.amount).plain,
                **({} if choice.witnesses >= MANY else {"cause": "few-rows"}),
            },
            key=f"{judge.reference(line.cells)}\0{judge.who(line.cells)}\0{label}",
        )


def _like(value: Fraction, amount: Amount) -> Amount:
    """A computed amount, to the cent where it has cents."""
    decimals = 0 if value.denominator == 1 else 2
    return replace(amount, n=int(value * 10**decimals), decimals=decimals, exponent=0, text="")


def _explained(line: _Line, crossing: _Crossing, choice: _Choice) -> bool:
    """True when something in the row may explain that its total is not the sum of its parts."""
    total = line.figures[0]
    assert total is not None
    members = [figure for member in choice.members if (figure := line.figures[member]) is not None]
    gap = total.value - sum((figure.value for figure in members), Fraction(0))
    if gap > 0 and any(is_blank(line.cells[crossing.columns[member]]) for member in choice.members):
        return True  # perhaps what the blank cell does not say
    if not any(figure.amount.decimals for figure in (total, *members)) and 2 * abs(gap) <= len(members) + 1:
        return True  # each figure rounded to the euro
    others = [
        abs(figure.value)
        for at, figure in enumerate(line.figures)
        if at and at not in choice.members and figure is not None and figure.value
    ]
    # An amount taken away instead of added makes twice its worth.
    turned = [2 * abs(figure.value) for figure in members if figure.value]
    used = [crossing.columns[at] for at in (0, *choice.members)]
    return reaches(gap, [*others, *turned]) or abs(gap) in other_figures(line.cells, used)


def _amount_columns(layout: Layout) -> list[int]:
    """The columns that may hold amounts, from their headings alone: what they hold decides."""
    named = {item.index: item.column.holds for item in layout.placed}
    found = []
    for index, label in enumerate(layout.labels):
        holds = named.get(index)
        if holds in ("amount", "total", "base", "cap"):
            wanted = True
        else:
            wanted = holds is None and bool(label) and not _NO_AMOUNT.match(fold_name(label))
        if wanted and adds_up(label):
            found.append(index)
    return found


def _is_total(layout: Layout, index: int) -> bool:
    folded = fold_name(layout.labels[index])
    return bool(_TOTAL.search(folded)) and not _OTHER_TOTAL.search(folded)


_NOTHING: Final = Added.nothing()
