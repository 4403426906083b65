"""The official plans de comptes, by fiscal year: which accounts, functions and chapters existed, and where.

The reference data stand beside this module (`nomenclatures/*.csv`, one file or more for each nomenclature, with
source, date and checksum in the first lines) and are read when first asked for. Three things are kept apart:

* a code that is *absent* from a list that was read whole for that year: it did not exist;
* a *heading*: it existed, but money is charged to its subdivisions;
* *unknown*: the list of that year, or that part of it, or that variant, was not read. Nothing can be said.

The legal source of codes and labels is the yearly arrêté of each instruction budgétaire et comptable (CGCT
art. L2311-1, L3311-1, L4311-1, L5217-10-1; M57: arrêté du 29 décembre 2014 and its yearly changes).
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Final, Literal

from subsidy_rules.frozen import dataclass
from subsidy_rules.wording import Message

__all__ = [
    "Account",
    "AccountState",
    "AccountStatus",
    "Applicable",
    "Chapter",
    "Function",
    "FunctionStatus",
    "Neighbour",
    "Nomenclature",
    "Origin",
    "Successor",
    "account",
    "applicable",
    "available",
    "carries",
    "chapter",
    "function",
    "neighbours",
    "nomenclature",
    "normalised",
    "section_of",
]

AccountState = Literal["chargeable", "heading", "absent", "unknown"]
FunctionState = Literal["known", "absent", "unknown"]
Section = Literal["fonctionnement", "investissement"]

FOLDER: Final = Path(__file__).parent / "nomenclatures"

_LINES: Final[Mapping[str, Section]] = {
    "001": "investissement",
    "020": "investissement",
    "021": "investissement",
    "024": "investissement",
    "002": "fonctionnement",
    "022": "fonctionnement",
    "023": "fonctionnement",
}
"""Lines of the budget that are no accounts of the plan: result carried over, unforeseen expenses, transfers."""


def section_of(code: str) -> Section | None:
    """The section an account belongs to: classes 1 to 5 investissement, 6 and 7 fonctionnement, and the lines."""
    if code[:3] in _LINES and len(code) == 3:
        return _LINES[code]
    head = code[:1]
    if "1" <= head <= "5":
        return "investissement"
    return "fonctionnement" if head in ("6", "7") else None


# -- values -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Account:
    """One row of a plan de comptes: what a code was from exercice ``first`` to exercice ``last``, both observed.

    ``chapter`` is empty when no money may be charged to the code (a heading). ``sense``: D expense, R income, DR
    both, O only operations of order. ``variants`` names the variants that charge it, empty for all.
    """

    nomenclature: str
    code: str
    first: int
    last: int
    chapter: str
    income_chapter: str
    sense: str
    variants: tuple[str, ...]
    label: str

    @property
    def chargeable(self) -> bool:
        """True when money may be charged to it (in some variant at least)."""
        return bool(self.chapter)

    @property
    def section(self) -> Section | None:
        """The section of the budget it belongs to."""
        return section_of(self.code)

    @property
    def chapters(self) -> tuple[str, ...]:
        """Its chapter, and that of its income where it differs."""
        return (self.chapter, self.income_chapter) if self.income_chapter else (self.chapter,) if self.chapter else ()


@dataclass(frozen=True, slots=True)
class AccountStatus:
    """What a nomenclature says of a code for one exercice (``year`` None: for any exercice that was read).

    ``account`` is the row of that year; ``rows`` all rows of the code, in order. ``state`` is ``unknown`` when the
    list of the year, of that part of it, or of the variant in question was not read.
    """

    code: str
    year: int | None
    nomenclature: str
    state: AccountState
    account: Account | None
    rows: tuple[Account, ...]

    @property
    def label(self) -> str:
        """The official label of that year, or of the nearest year that has the code; empty when there is none."""
        if self.account is not None:
            return self.account.label
        if not self.rows:
            return ""
        year = self.year
        if year is None:
            return self.rows[-1].label
        return min(self.rows, key=lambda row: min(abs(row.first - year), abs(row.last - year))).label

    @property
    def ever_chargeable(self) -> tuple[Account, ...]:
        """The rows, of any year, to which money could be charged."""
        return tuple(row for row in self.rows if row.chapter)


@dataclass(frozen=True, slots=True)
class Function:
    """One row of a classification by function. ``leaf``: it has no subdivision in the list."""

    nomenclature: str
    code: str
    first: int
    last: int
    leaf: bool
    variants: tuple[str, ...]
    label: str


@dataclass(frozen=True, slots=True)
class FunctionStatus:
    """What a nomenclature says of a function for one exercice (``year`` None: for any that was read)."""

    code: str
    year: int | None
    nomenclature: str
    state: FunctionState
    function: Function | None
    rows: tuple[Function, ...]
    own_subdivision: bool = False
    """The code is unknown but extends a function that has no official subdivision: perhaps the body's own."""

    @property
    def label(self) -> str:
        """The official label of that year, or of the nearest year that has the code."""
        if self.function is not None:
            return self.function.label
        if not self.rows:
            return ""
        year = self.year
        if year is None:
            return self.rows[-1].label
        return min(self.rows, key=lambda row: min(abs(row.first - year), abs(row.last - year))).label


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter of the budget. ``vote``: nature or fonction. ``kind``: compte (follows the accounts' prefix),
    globalise (gathers accounts whatever their prefix), ligne (a line without account)."""

    nomenclature: str
    code: str
    first: int
    last: int
    section: Section
    vote: Literal["nature", "fonction"]
    kind: Literal["compte", "globalise", "ligne"]
    special: bool
    label: str


@dataclass(frozen=True, slots=True)
class Article:
    """A functional article of a budget voted by function: `9361` = chapter 936, function 61."""

    nomenclature: str
    code: str
    first: int
    last: int
    chapter: str
    label: str


@dataclass(frozen=True, slots=True)
class Successor:
    """What replaced an account. ``basis``: split (its subdivisions), label (the same label elsewhere),
    transposition (the table M14 → M57), inferred (no official table was found: probable only)."""

    code: str
    label: str
    basis: str


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An existing account one slip of the hand away from what was written."""

    code: str
    label: str
    nomenclature: str
    edit: Literal["transposition", "substitution", "missing", "extra"]
    fits: bool


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the data of one file come from: what the file's first lines say."""

    file: str
    publisher: str
    sources: tuple[tuple[str, str], ...]
    sha256: str


# -- one nomenclature -------------------------------------------------------------------------------------------

_SECTIONS: Final = ("natures", "fonctions", "chapitres", "articles", "devenir", "depuis M14")


def _span(text: str) -> range:
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


class Nomenclature:
    """One nomenclature with all its years. Built by :func:`nomenclature`; read-only afterwards.

    Rows are kept as the lines of the file and cut only when they are asked for: loading all of them costs a few
    milliseconds, and a run asks for a few dozen.
    """

    def __init__(self, name: str, texts: Iterable[tuple[str, str]]) -> None:
        self.name: Final = name
        self.title = ""
        self.variants: dict[str, str] = {}
        self.origins: list[Origin] = []
        self._observed: dict[int, dict[str, tuple[str, ...] | None]] = {}
        self._functions_observed: dict[int, set[str]] = {}
        # Code → its rows, joined by line feeds.
        self._raw: dict[str, dict[str, str]] = {section: {} for section in _SECTIONS}
        self._accounts: dict[str, tuple[Account, ...]] = {}
        self._functions: dict[str, tuple[Function, ...]] = {}
        for file, text in texts:
            self._read(file, text)

    def _read(self, file: str, text: str) -> None:
        head, _, body = text.partition("\n[")
        publisher = digest = ""
        sources: list[tuple[str, str]] = []
        for line in head.split("\n"):
            key, _, rest = line.partition("|")
            match key:
                case "#nomenclature":
                    self.title = self.title or rest.partition("|")[2]
                case "#publisher":
                    publisher = rest
                case "#source":
                    date, _, what = rest.partition("|")
                    sources.append((date, what))
                case "#variante":
                    code, _, what = rest.partition("|")
                    self.variants[code] = what
                case "#natures":
                    years, variant, prefixes = rest.split("|")
                    for year in _span(years):
                        known = self._observed.setdefault(year, {})
                        known[variant] = None if prefixes == "*" else tuple(prefixes.split())
                case "#fonctions":
                    years, variant = rest.split("|")
                    for year in _span(years):
                        self._functions_observed.setdefault(year, set()).add(variant)
                case "#sha256":
                    digest = rest
        self.origins.append(Origin(file, publisher, tuple(sources), digest))
        for block in body.split("\n["):
            title, _, rows = block.partition("\n")
            into = self._raw[title.partition("]")[0]]
            lines = rows.rstrip("\n").split("\n")
            codes = [line.partition("|")[0] for line in lines]
            for code, line in zip(codes, lines, strict=True):
                if code in into:
                    into[code] += "\n" + line
                elif code:
                    into[code] = line

    # -- coverage -----------------------------------------------------------------------------------------------

    @property
    def years(self) -> tuple[int, ...]:
        """The exercices of which something was read."""
        return tuple(sorted(self._observed))

    @property
    def whole_years(self) -> tuple[int, ...]:
        """The exercices whose list of accounts was read whole, in every variant there was."""
        return tuple(sorted(y for y, known in self._observed.items() if all(p is None for p in known.values())))

    @property
    def prefixes(self) -> Mapping[int, tuple[str, ...]]:
        """For the exercices read in part: the prefixes that were read."""
        return {
            year: tuple(sorted({p for prefixes in known.values() for p in prefixes or ()}))
            for year, known in sorted(self._observed.items())
            if any(prefixes is not None for prefixes in known.values())
        }

    @property
    def function_years(self) -> tuple[int, ...]:
        """The exercices whose functions were read; empty for a nomenclature without functions."""
        return tuple(sorted(self._functions_observed))

    @cached_property
    def _whole(self) -> list[int]:
        return list(self.whole_years)

    def _reference_year(self, year: int) -> int | None:
        """The last exercice up to ``year`` that was read whole."""
        at = bisect_right(self._whole, year)
        return self._whole[at - 1] if at else None

    def _seen_in(self, code: str, year: int) -> frozenset[str]:
        """The variants of which this code's place in the list of ``year`` was read."""
        known = self._observed.get(year)
        if not known:
            return frozenset()
        return frozenset(v for v, prefixes in known.items() if prefixes is None or code.startswith(prefixes))

    def covered(self, code: str, year: int) -> bool:
        """True when the list of ``year`` was read at the place of ``code``, in one variant at least."""
        return bool(self._seen_in(code, year))

    def variants_of(self, year: int) -> frozenset[str]:
        """The variants that there were in ``year``: those of the last exercice read whole, and those read since."""
        reference = self._reference_year(year)
        found = set(self._observed.get(year, ()))
        if reference is not None and year in self._observed:
            found.update(self._observed[reference])
        return frozenset(found)

    # -- accounts -----------------------------------------------------------------------------------------------

    def rows(self, code: str) -> tuple[Account, ...]:
        """All rows of one code, in order of years; empty when no year has it."""
        found = self._accounts.get(code)
        if found is None:
            lines = self._raw["natures"].get(code)
            if lines is None:
                return ()
            cut = []
            for line in lines.split("\n"):
                _, first, last, chap, income, sense, variants, label = line.split("|")
                cut.append(
                    Account(self.name, code, int(first), int(last), chap, income, sense, tuple(variants.split()), label)
                )
            found = self._accounts[code] = tuple(sorted(cut, key=lambda row: row.first))
        return found

    def holds(self, code: str) -> bool:
        """True when some year has the code."""
        return code in self._raw["natures"]

    def codes(self) -> Iterator[str]:
        """Every code of every year."""
        return iter(self._raw["natures"])

    def row(self, code: str, year: int) -> Account | None:
        """The row of ``code`` in the list of ``year``, where that place of it was read."""
        for row in self.rows(code):
            if row.first <= year <= row.last:
                return row if self.covered(code, year) else None
        return None

    def account(self, code: str, year: int | None, variant: str | None = None) -> AccountStatus:
        """The status of one code; see :class:`AccountStatus`."""
        rows = self.rows(code)
        if year is None:
            state: AccountState = (
                "chargeable"
                if any(row.chapter and (variant is None or not row.variants or variant in row.variants) for row in rows)
                else "heading"
                if rows
                else "absent"
            )
            return AccountStatus(code, None, self.name, state, None, rows)
        seen = self._seen_in(code, year)
        if not seen:
            return AccountStatus(code, year, self.name, "unknown", None, rows)
        row = next((row for row in rows if row.first <= year <= row.last), None)
        return AccountStatus(code, year, self.name, self._state(code, year, variant, row, seen), row, rows)

    def _state(
        self, code: str, year: int, variant: str | None, row: Account | None, seen: frozenset[str]
    ) -> AccountState:
        if row is not None and row.chapter and (variant is None or not row.variants or variant in row.variants):
            return "chargeable"
        relevant = self.variants_of(year) if variant is None else frozenset((variant,))
        unread = relevant - seen
        if unread:
            # A variant that was not read that year may charge what the others only subdivide, and may have kept
            # what it charged the last time it was read.
            reference = self._reference_year(year)
            if row is not None:
                return "heading" if reference is not None and row.first <= reference else "unknown"
            before = None if reference is None else self.row(code, reference)
            if before is not None and before.chapter and (not before.variants or unread & set(before.variants)):
                return "unknown"
        return "absent" if row is None else "heading"

    def successors(self, code: str, year: int) -> tuple[Successor, ...]:
        """What an account that is no longer chargeable in ``year`` became; empty when it is not known."""
        return self._followed("devenir", code, year)

    def from_m14(self, code: str, year: int) -> tuple[Successor, ...]:
        """The accounts of this nomenclature that take the place of an account of the M14 (known for the M57 only)."""
        return self._followed("depuis M14", code, year)

    def _followed(self, section: str, code: str, year: int) -> tuple[Successor, ...]:
        out = []
        for line in self._raw[section].get(code, "").splitlines():
            _, first, last, new, basis = line.split("|")
            if int(first) <= year <= int(last):
                out.append(Successor(new, self.account(new, year).label, basis))
        return tuple(out)

    def predecessors(self, code: str) -> tuple[Successor, ...]:
        """The accounts that ``code`` replaced, with the label they had."""
        return tuple(
            Successor(old, self.rows(old)[-1].label if self.rows(old) else "", basis)
            for old, basis in self._backwards.get(code, ())
        )

    @cached_property
    def _backwards(self) -> dict[str, tuple[tuple[str, str], ...]]:
        found: dict[str, dict[str, str]] = {}
        for old, lines in self._raw["devenir"].items():
            for line in lines.split("\n"):
                *_, new, basis = line.split("|")
                found.setdefault(new, {}).setdefault(old, basis)
        return {new: tuple(olds.items()) for new, olds in found.items()}

    # -- functions ----------------------------------------------------------------------------------------------

    def function_rows(self, code: str) -> tuple[Function, ...]:
        """All rows of one function, in order of years."""
        found = self._functions.get(code)
        if found is None:
            lines = self._raw["fonctions"].get(code)
            if lines is None:
                return ()
            cut = []
            for line in lines.split("\n"):
                _, first, last, leaf, variants, label = line.split("|")
                cut.append(
                    Function(self.name, code, int(first), int(last), leaf == "1", tuple(variants.split()), label)
                )
            found = self._functions[code] = tuple(sorted(cut, key=lambda row: row.first))
        return found

    def function(self, code: str, year: int | None) -> FunctionStatus:
        """The status of one function; see :class:`FunctionStatus`."""
        rows = self.function_rows(code)
        if not self._functions_observed or (year is not None and year not in self._functions_observed):
            return FunctionStatus(code, year, self.name, "unknown", None, rows)
        here = rows if year is None else tuple(row for row in rows if row.first <= year <= row.last)
        if here:
            return FunctionStatus(code, year, self.name, "known", None if year is None else here[0], rows)
        own = any(
            row.leaf and (year is None or row.first <= year <= row.last)
            for end in range(2, len(code))
            for row in self.function_rows(code[:end])
        )
        return FunctionStatus(code, year, self.name, "absent", None, rows, own)

    def functions(self) -> Iterator[str]:
        """Every function of every year."""
        return iter(self._raw["fonctions"])

    # -- chapters -----------------------------------------------------------------------------------------------

    @cached_property
    def chapters(self) -> Mapping[str, tuple[Chapter, ...]]:
        """Chapter → its rows, by order of years."""
        out: dict[str, tuple[Chapter, ...]] = {}
        for code, lines in self._raw["chapitres"].items():
            cut = []
            for line in lines.split("\n"):
                _, first, last, section, vote, kind, special, label = line.split("|")
                side: Section = "investissement" if section == "investissement" else "fonctionnement"
                cut.append(
                    Chapter(
                        self.name,
                        code,
                        int(first),
                        int(last),
                        side,
                        "fonction" if vote == "fonction" else "nature",
                        "compte" if kind == "compte" else "globalise" if kind == "globalise" else "ligne",
                        special == "1",
                        label,
                    )
                )
            out[code] = tuple(sorted(cut, key=lambda row: row.first))
        return out

    def chapter(self, code: str, year: int | None) -> Chapter | None:
        """The chapter of that year; of the nearest year that has it when the year's chapters were not read."""
        rows = self.chapters.get(code)
        if not rows:
            return None
        if year is None:
            return rows[-1]
        return min(
            rows,
            key=lambda row: 0 if row.first <= year <= row.last else min(abs(row.first - year), abs(row.last - year)),
        )

    def own_chapter(self, code: str) -> str | None:
        """The chapter that an account's prefix leads to: the longest that is not globalised."""
        for end in range(min(len(code), 5), 1, -1):
            rows = self.chapters.get(code[:end])
            if rows and rows[0].kind == "compte" and rows[0].vote == "nature":
                return code[:end]
        return None

    def article(self, code: str, year: int | None) -> Article | None:
        """The functional article ``code`` (budgets voted by function)."""
        found = None
        for line in self._raw["articles"].get(code, "").splitlines():
            _, first, last, chap, label = line.split("|")
            found = Article(self.name, code, int(first), int(last), chap, label)
            if year is None or found.first <= year <= found.last:
                return found
        return found

    def chapters_below(self, code: str, year: int | None) -> frozenset[str]:
        """The chapters of the functional articles that subdivide ``code``: `933` + function 3 has several."""
        found = set()
        for other in self._raw["articles"]:
            if other.startswith(code):
                row = self.article(other, year)
                if row is not None and (year is None or row.first <= year <= row.last):
                    found.add(row.chapter)
        return frozenset(found)

    def carries(self, chapter_code: str, code: str, year: int | None) -> bool | None:
        """Whether a chapter voted by nature can carry an account; ``None`` when that cannot be told.

        A chapter that is no official one may be an operation, which a body numbers as it likes: not judged.
        """
        rows = self.chapters.get(chapter_code)
        if not rows or rows[0].vote == "fonction":
            return None
        stated = self.chapter(chapter_code, year) or rows[0]
        section = section_of(code)
        if section is not None and stated.section != section:
            return False
        row = self._row_near(code, year)
        if row is not None and row.chapter and chapter_code in row.chapters:
            return True
        if stated.kind != "compte":
            if chapter_code in ("040", "041", "042", "043"):
                return True
            # What a special chapter (APA, RSA) gathers depends on the body; a line carries no account.
            if stated.special or row is None or not row.chapter:
                return None
            return False
        own = self.own_chapter(code)
        if row is not None and row.chapter:
            own_rows = self.chapters.get(row.chapter)
            if own_rows and (own_rows[0].special or row.chapter in ("040", "041", "042", "043")):
                # Charged elsewhere by the list, but the prefix may rule where that chapter is not opened.
                return True if chapter_code == own else None if code.startswith(chapter_code) else False
            if chapter_code == own:
                return None  # an exception of the list (M57 2324 → 204): the prefix would have it here
            if code.startswith(chapter_code) and row.chapter != "204":
                # 656 and 6586 are opened by large bodies only, 731 since 2018: the shorter chapter may carry them.
                return None if row.chapter.startswith((chapter_code, "01")) else False
            return False
        if own is None:
            return None
        if chapter_code == own:
            return True
        if code.startswith(chapter_code):
            return False if own == "204" else None
        return False

    def _row_near(self, code: str, year: int | None) -> Account | None:
        """The row of that year, else the nearest chargeable one: an account does not change its chapter."""
        rows = self.rows(code)
        if not rows:
            return None
        if year is None:
            return next((row for row in reversed(rows) if row.chapter), rows[-1])
        here = next((row for row in rows if row.first <= year <= row.last), None)
        if here is not None and here.chapter:
            return here
        chargeable = [row for row in rows if row.chapter]
        if not chargeable:
            return here
        return min(chargeable, key=lambda row: min(abs(row.first - year), abs(row.last - year)))

    def verify(self) -> bool:
        """True when the files still have the checksum that their first lines give."""
        from hashlib import sha256  # slow to load, and no check needs it

        return all(
            sha256(("[" + (FOLDER / origin.file).read_text("utf-8").partition("\n[")[2]).encode()).hexdigest()
            == origin.sha256
            for origin in self.origins
        )


# -- finding them -----------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _files() -> Mapping[str, tuple[Path, ...]]:
    found: dict[str, list[Path]] = {}
    for path in sorted(FOLDER.glob("*.csv")):
        found.setdefault(path.stem.partition("-")[0].upper(), []).append(path)
    return {name: tuple(paths) for name, paths in found.items()}


def available() -> tuple[str, ...]:
    """The nomenclatures that the package holds: M14, M4, M41…"""
    return tuple(_files())


@lru_cache(maxsize=32)
def nomenclature(name: str) -> Nomenclature:
    """One nomenclature by its name (`M57`); ``KeyError`` for one that the package does not hold."""
    paths = _files()[name]
    return Nomenclature(name, ((path.name, path.read_text("utf-8")) for path in paths))


_STATED: Final = re.compile(
    r"M[ .\-]?(14|4[12349]?|52|57|61|71)(?![0-9])"
    r"[ _\-]?(?:\(?(d[ée]velopp[ée]e?|abr[ée]g[ée]e?|simplifi[ée]e?|D|A)\b\)?)?",
    re.IGNORECASE,
)


@lru_cache(maxsize=1024)
def normalised(stated: str) -> tuple[str, str | None] | None:
    """`« M57 développé »` → `("M57", "D")`, `m14` → `("M14", None)`; ``None`` when it names none that is held."""
    found = _STATED.search(stated)
    if found is None:
        return None
    name = "M" + found.group(1)
    if name not in _files():
        return None
    word = (found.group(2) or "").lower()
    variant = {"d": "D", "a": "A", "s": "A"}.get(word[:1])
    return name, variant if variant in nomenclature(name).variants else None


def _named(name: str) -> tuple[Nomenclature, str | None]:
    known = normalised(name)
    if known is None:
        raise KeyError(name)
    return nomenclature(known[0]), known[1]


@lru_cache(maxsize=65536)
def account(code: str, year: int | None, name: str) -> AccountStatus:
    """What nomenclature ``name`` (`M57`, `M57 abrégé`) says of an account for the exercice ``year``.

    Raises ``KeyError`` for a nomenclature that the package does not hold.
    """
    table, variant = _named(name)
    return table.account(code, year, variant)


@lru_cache(maxsize=65536)
def function(code: str, year: int | None, name: str) -> FunctionStatus:
    """What nomenclature ``name`` says of a function for the exercice ``year``; ``KeyError`` as :func:`account`."""
    return _named(name)[0].function(code, year)


@lru_cache(maxsize=4096)
def chapter(code: str, year: int | None, name: str) -> Chapter | None:
    """A chapter of nomenclature ``name``, or ``None`` when it has none of that code."""
    return _named(name)[0].chapter(code, year)


@lru_cache(maxsize=65536)
def carries(chapter_code: str, code: str, year: int | None, name: str) -> bool | None:
    """Whether a chapter can carry an account in nomenclature ``name``; ``None`` when that cannot be told."""
    return _named(name)[0].carries(chapter_code, code, year)


# -- neighbours -------------------------------------------------------------------------------------------------

_USUAL: Final = ("657", "204", "674", "656", "655", "65", "13", "74", "75", "77", "67")
"""Prefixes of the accounts of subsidies, the most frequent first: what a subsidy's mistyped code was meant to be."""


def _edits(code: str) -> Iterator[tuple[str, Literal["transposition", "substitution", "missing", "extra"]]]:
    for i in range(len(code) - 1):
        if code[i] != code[i + 1]:
            yield code[:i] + code[i + 1] + code[i] + code[i + 2 :], "transposition"
    for i, digit in enumerate(code):
        for other in "0123456789":
            if other != digit:
                yield code[:i] + other + code[i + 1 :], "substitution"
    for i in range(len(code) + 1):
        for other in "0123456789":
            yield code[:i] + other + code[i:], "missing"
    for i in range(len(code)):
        yield code[:i] + code[i + 1 :], "extra"


def neighbours(
    code: str, year: int | None, names: Iterable[str], *, chapter_code: str | None = None
) -> tuple[Neighbour, ...]:
    """Chargeable accounts one digit away (two neighbours exchanged, one changed, missing or too many), ranked.

    First those that the stated chapter carries; then by the kind of slip (exchanges and single changes are the usual
    ones), the accounts that subsidies use before the others.
    """
    found: dict[str, Neighbour] = {}
    edits = dict(reversed([edit for edit in _edits(code) if edit[0] != code]))  # the first kind of slip counts
    for name in names:
        held = _named(name)[0].holds
        for other, edit in edits.items():
            if other in found or not held(other):
                continue
            status = account(other, year, name)
            if status.state != "chargeable":
                continue
            fits = chapter_code is None or carries(chapter_code, other, year, name) is True
            found[other] = Neighbour(other, status.label, name, edit, fits)
    order = {"transposition": 0, "substitution": 1, "extra": 2, "missing": 3}

    def rank(item: Neighbour) -> tuple[bool, int, int, str]:
        usual = next((i for i, prefix in enumerate(_USUAL) if item.code.startswith(prefix)), len(_USUAL))
        return not item.fits, order[item.edit], usual, item.code

    return tuple(sorted(found.values(), key=rank))


# -- which one applies ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Applicable:
    """The nomenclatures to try, and why. ``settled``: stated, or settled by law; otherwise all of the time.

    ``stated`` tells a nomenclature that the source names; ``names`` is empty when it names one that is not held.
    """

    names: tuple[str, ...]
    settled: bool
    stated: bool
    why: Message


_METROPOLES: Final[tuple[tuple[str, int], ...]] = (
    (r"grand lyon|metropole de lyon", 2015),
    (r"aix[ -]marseille[ -]provence", 2016),
    (r"metropole du grand paris", 2016),
    (r"nice cote d.azur", 2016),
    (r"bordeaux metropole", 2016),
    (r"brest metropole", 2016),
    (r"grenoble[ -]alpes[ -]metropole", 2016),
    (r"metropole europeenne de lille|lille metropole", 2016),
    (r"montpellier mediterranee metropole", 2016),
    (r"nantes metropole", 2016),
    (r"rennes metropole", 2016),
    (r"metropole rouen normandie", 2016),
    (r"eurometropole de strasbourg", 2016),
    (r"toulouse metropole", 2016),
    (r"metropole du grand nancy", 2017),
    (r"clermont auvergne metropole", 2018),
    (r"dijon metropole", 2018),
    (r"orleans metropole", 2018),
    (r"metz metropole|eurometropole de metz", 2018),
    (r"saint[ -]etienne metropole", 2018),
    (r"metropole toulon", 2018),
    (r"tours metropole", 2018),
)
"""The métropoles (CGCT art. L5217-1, L5218-1, L5219-1, L3611-1) and the first exercice that each had as such, not
before 2016 (2015 for Lyon). « Métropole » in a name proves nothing: Le Mans Métropole, Nîmes Métropole are none."""
_METROPOLE: Final = re.compile("|".join(f"(?P<m{year}_{i}>{p})" for i, (p, year) in enumerate(_METROPOLES)))
_KINDS: Final[tuple[tuple[str, str, int], ...]] = (
    (r"\bsdis\b|incendie et de secours", "M61", 1997),
    (r"\bregion\b|conseil regional", "M71", 2005),
    (r"\bdepartement\b|conseil (?:departemental|general)\b", "M52", 2004),
    (r"\bcommun(?:e|es|aute|autes)\b|\bville d|conseil municipal|\bmairie\b|agglomeration|\bccas\b", "M14", 1997),
)
_GENERAL: Final = 2024
"""The exercice for which the M57 was announced for all; it is common to all at the latest from 2026."""
_COMMON: Final = 2026
_LAST: Final[Mapping[str, int]] = {"M14": 2025, "M52": 2025, "M61": 2025, "M71": 2025, "M42": 2021}
"""The M42 is not among the plans published for 2022; the others end when the M57 is common to all."""
_FIRST: Final[Mapping[str, int]] = {"M57": 2015, "M52": 2004, "M71": 2005, "M14": 1997, "M61": 1997}


def _folded(text: str) -> str:
    bare = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))
    return bare.replace("’", "'")


@lru_cache(maxsize=4096)
def applicable(body: str | None, year: int | None, stated: str | None) -> Applicable:
    """Which nomenclatures rule the budget of ``body`` in the exercice ``year``, and why.

    A stated one is taken at its word. Otherwise the law settles it for the métropoles (M57 since 2016) and, before
    the option of loi 2015-991 art. 106 III opened in 2016, for communes (M14), départements (M52), régions (M71)
    and services d'incendie (M61). Everything else is left open: every nomenclature of the time is tried.
    """
    if stated:
        known = normalised(stated)
        if known is None:
            why = Message(
                "la nomenclature indiquée ({stated}) n’est pas dans les tables",
                "the stated nomenclature ({stated}) is not in the tables",
            ).having(stated=stated)
            return Applicable((), True, True, why)
        name = known[0] if known[1] is None else f"{known[0]} {known[1]}"
        why = Message("nomenclature indiquée : {name}", "stated nomenclature: {name}").having(name=known[0])
        return Applicable((name,), True, True, why)
    if body and year is not None:
        settled = _settled(_folded(body)[:200], year)
        if settled is not None:
            return settled
    return Applicable(_of_the_time(year), False, False, _OPEN if year is None else _OPEN_YEAR.having(year=year))


_OPEN: Final = Message(
    "nomenclature et exercice inconnus : toutes sont essayées", "nomenclature and year unknown: all are tried"
)
_OPEN_YEAR: Final = Message(
    "nomenclature inconnue : toutes celles de {year:plain} sont essayées",
    "nomenclature unknown: all those of {year:plain} are tried",
)


def _settled(body: str, year: int) -> Applicable | None:
    found = _METROPOLE.search(body)
    if found is not None and found.lastgroup is not None:
        since = int(found.lastgroup[1:5])
        if year >= since:
            why = Message(
                "les métropoles appliquent la M57 (ici depuis l’exercice {since:plain})",
                "métropoles apply the M57 (here since {since:plain})",
            ).having(since=since)
            return Applicable(("M57 D",), True, False, why)
        return None
    if year >= _COMMON:
        why = Message(
            "la M57 est commune à toutes les collectivités au plus tard depuis l’exercice 2026",
            "the M57 is common to all local bodies since 2026 at the latest",
        )
        return Applicable(("M57",), True, False, why)
    for pattern, name, since in _KINDS:
        if re.search(pattern, body):
            if since <= year < 2016:
                why = Message(
                    "avant 2016, ce type de collectivité applique la {name}",
                    "before 2016 this kind of body applies the {name}",
                ).having(name=name)
                return Applicable((name,), True, False, why)
            return None
    return None


def _of_the_time(year: int | None) -> tuple[str, ...]:
    names = available()
    if year is None:
        return names
    return tuple(name for name in names if _FIRST.get(name, 0) <= year <= _LAST.get(name, year))
