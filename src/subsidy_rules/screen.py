"""A quick look at one line of JSON: is it a plain record that surely holds?

Millions of records come as JSON lines, and nearly all of them hold. The screen reads a line with the standard decoder
and integers only, and answers with a *signature* (how many allocations, whether there is a base…) when every claim of
the record surely holds, ``None`` when it does not know. It may suspect too much, never too little: what it does not
know is judged by the rules themselves, and so is the first record of each signature, whose counts then stand for the
others. A property test demands the same findings and the same counts with the screen and without it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from subsidy_rules.annotated import FIRST_YEAR, LAST_YEAR
from subsidy_rules.facts import BeneficiaryKind, Charge, Context, Section
from subsidy_rules.finding import Tally, make_finding
from subsidy_rules.imputation import SURE_SHAPE, ImputationError, parse_imputation
from subsidy_rules.numerals import NumeralError, parse_amount
from subsidy_rules.place import Place
from subsidy_rules.rulebook import Rule, Verdict
from subsidy_rules.settings import Settings

__all__ = ["Screen", "SignatureOf", "screen_for"]

SignatureOf = Callable[[str | None, str | None], tuple[Section | None, BeneficiaryKind | None]]
"""What the title and the name of the beneficiary say of the section and of the kind of beneficiary."""

_OWN: Final = ("subsidy_rules.rules.arithmetic", "subsidy_rules.rules.records", "subsidy_rules.rules.joint")
"""Rules whose answer on a plain record that holds depends on its signature alone."""
_CHARGE: Final = "subsidy_rules.rules.imputations"
_ABSENT_HERE: Final = frozenset(
    ("leftover", "trouble", "at_most", "equal", "count", "tax", "change", "shares_total", "balance", "average")
)
"""Subjects that a plain record does not have: any rule on them has nothing to say of it."""

_TOP: Final = frozenset(
    (
        "reference", "title", "authority", "beneficiary", "fiscal_year", "nomenclature", "total", "base",
        "stated_percentage", "convention", "allocations",
    )
)  # fmt: skip
_PART: Final = frozenset(("funder", "label", "amount", "imputation"))

_AMOUNT: Final = re.compile(r"([0-9]{1,13})(?:\.([0-9]{1,2}))?")
_RATE: Final = re.compile(r"([0-9]{1,3})(?:[.,]([0-9]{1,4}))?(?: ?%)?")
_POWERS: Final = (1, 10, 100, 1000, 10000)
_ENDS: Final = frozenset(("\n", "", "\r\n"))
_REMEMBERED: Final = 50_000
_OWN_SEGMENT: Final = len("B320/")

_THRESHOLD: Final = 23_000_00
"""Cents. Only separates signatures: the rule that knows the threshold judges the first record of each."""


def screen_for(rules: Sequence[Rule], settings: Settings, says: SignatureOf) -> Screen | None:
    """The screen for these rules, or ``None`` when one of them could see in a plain record what the screen does not:
    a rule from elsewhere on sums, percentages, grants or whole records."""
    for rule in rules:
        module = getattr(rule.judge, "__module__", "")
        if rule.on in _ABSENT_HERE or (rule.on in ("charge", "facts") and module == _CHARGE):
            continue
        if module not in _OWN:
            return None
    return Screen(rules, settings, says)


class Screen:
    """See the module. ``look`` is asked for each line; ``charges`` counts the verdicts on imputations it took."""

    __slots__ = (
        "_by_year",
        "_context",
        "_form",
        "_forms",
        "_language",
        "_memory",
        "_on_charges",
        "_only_form",
        "_says",
        "_scan",
        "_sure",
        "charges",
    )

    def __init__(self, rules: Sequence[Rule], settings: Settings, says: SignatureOf) -> None:
        self._on_charges = tuple(rule for rule in rules if rule.on == "charge")
        # A code of this shape is well formed and has one reading: nothing but its form is judged by IMP001.
        self._only_form = all(rule.code == "IMP001" for rule in self._on_charges)
        # A rule on whole records that looks at the nomenclature of the year: records differ by these too.
        self._by_year = any(rule.on == "facts" and rule.judge.__module__ == _CHARGE for rule in rules)
        self._sure = re.compile(SURE_SHAPE).fullmatch
        self._scan = json.JSONDecoder().raw_decode
        self._context = settings.context()
        self._language = settings.language
        self._memory: dict[tuple[Any, ...], tuple[tuple[str, str], ...] | None] = {}
        self._says = says
        self._form: _Form | None = None
        self._forms: dict[tuple[Any, ...], _Form | None] = {}
        self.charges: dict[tuple[tuple[str, str], ...], int] = {}

    def settle(self, tally: Tally) -> None:
        """Adds to ``tally`` the verdicts on the imputations of the records that were taken."""
        for verdicts, times in self.charges.items():
            for code, state in verdicts:
                tally.rule(code, state, times)
        self.charges.clear()

    def look(self, line: bytes) -> Hashable | None:
        """The signature of a record that surely holds, or ``None``."""
        try:
            text = line.decode("utf-8")
            form = self._form
            if form is not None:
                match = form.fullmatch(text)
                if match is not None:
                    return self._of_form(form, match)
            record, end = self._scan(text, 0)
        except (ValueError, RecursionError):
            return None
        if text[end:] not in _ENDS or type(record) is not dict or not _TOP.issuperset(record):
            return None
        get = record.get
        year = get("fiscal_year")
        if type(year) is not int:
            if "fiscal_year" in record:
                return None
        elif not FIRST_YEAR <= year <= LAST_YEAR:
            return None
        parts: list[Any] = get("allocations", ())
        base = get("base")
        keys = len(record)
        try:
            taken = sum([len(part) for part in parts])
            names = [part["funder"] for part in parts]
            amounts = [part["amount"] for part in parts]
            if taken == 3 * len(parts):
                # Three fields each, and the third is there: no other.
                codes = [part["imputation"] for part in parts]
            else:
                codes = _rarer(parts)
            keys += taken
            amounts.append(get("total"))
            if type(base) is dict:
                keys += len(base)
                amounts.append(base["amount"])
                names.append(base["label"] if len(base) == 2 else _other_label(base))
            elif "base" in record:
                amounts.append(base)
            if not all(map(_strip, names)) or not _strip(get("reference", "-")):
                return None
            written = " ".join(codes)
        except (KeyError, TypeError):  # a field is absent, or is not what a plain record has there
            return None
        if not codes and not parts:
            return None
        cents = _all_cents(amounts)
        if cents is None:
            return None
        whole = cents.pop() if base is not None else 0
        total = cents.pop()
        if not total or sum(cents) != total or (base is not None and not whole):
            return None
        stated = get("stated_percentage")
        if stated is not None:
            rate = _RATE.fullmatch(stated) if whole and type(stated) is str else None
            if rate is None:
                return None
            units, decimals = rate.groups("")
            # Rounded to the nearest, ties either way: |2 · (10ᵈ · 100 · part − n · whole)| <= whole.
            gap = 200 * _POWERS[len(decimals)] * total - 2 * int(units + decimals) * whole
            if not -whole <= gap <= whole:
                return None
        elif "stated_percentage" in record:
            return None
        # Every key has its colon: as many colons as distinct keys leave no room for a doubled one. More colons may
        # stand in texts, and are looked at.
        if line.count(b":") != keys and not _each_key_once(text):
            return None
        convention: bool | None = None
        section: Section | None = None
        kind: BeneficiaryKind | None = None
        nomenclature = None
        if not _COMMON.issuperset(record):
            for field in ("title", "authority", "beneficiary", "nomenclature"):
                if field in record:
                    value = record[field]
                    if type(value) is not str or not value.strip():
                        return None
            if "convention" in record:
                convention = record["convention"]
                if convention is not True:
                    return None
            nomenclature = get("nomenclature")
            section, kind = self._says(get("title"), get("beneficiary"))
        if self._on_charges and not (
            (self._only_form and self._well_formed(written, len(codes)))
            or self._take(codes, year, nomenclature, section, kind)
        ):
            return None
        if self._only_form:
            self._learn(text, record, base, parts)
        return (
            len(parts),
            len(codes),
            base is not None,
            stated is not None,
            convention,
            total > _THRESHOLD,
            year is not None and year <= 2001,
            kind,
            "beneficiary" in record,
            (nomenclature, year) if self._by_year else None,
        )

    def _learn(self, text: str, record: dict[str, Any], base: Any, parts: list[dict[str, Any]]) -> None:
        """Makes lines written like this one (same fields, same order) readable by one pattern, without decoding.

        The files that hold millions of records are written by a program, always the same way.
        """
        inside = tuple(base) if type(base) is dict else ()
        shape = (tuple(record), inside, tuple(parts[0]), str(record["total"])[-3:-2] == ".", '": ' in text[:40])
        if shape not in self._forms:
            if len(self._forms) >= _FORMS:
                return
            self._forms[shape] = _form_of(len(self._forms), *shape)
        self._form = self._forms[shape]

    def _of_form(self, form: _Form, match: re.Match[str]) -> Hashable | None:
        """The signature of a record read by a pattern, which has settled its shape and its imputations."""
        parts, stated_total, stated_base, units, decimals, year, title = match.group(*form.groups)
        amounts = _PART_AMOUNTS.findall(parts)
        count = len(amounts)
        amounts.append(stated_total)
        if form.has_base:
            amounts.append(stated_base)
        if form.two_decimals:
            cents = [int(digits) for digits in " ".join(amounts).replace(".", "").split()]
        else:
            cents = [_cents(amount) or 0 for amount in amounts]
        whole = cents.pop() if form.has_base else 0
        total = cents.pop()
        if not total or sum(cents) != total or (form.has_base and not whole):
            return None
        if form.has_rate:
            if decimals:
                gap = 200 * _POWERS[len(decimals)] * total - 2 * int(units + decimals) * whole
            else:
                gap = 200 * total - 2 * int(units) * whole
            if not -whole <= gap <= whole:
                return None
        if form.has_year and not _FIRST <= year <= _LAST:
            return None
        if self._on_charges:
            self.charges[_WELL_FORMED] = self.charges.get(_WELL_FORMED, 0) + count
        return (
            form.number,
            count,
            total > _THRESHOLD,
            year if self._by_year else form.has_year and year <= "2001",
            self._says(title, None)[1] if form.has_title else None,
        )

    def _take(
        self,
        codes: list[str],
        year: int | None,
        nomenclature: str | None,
        section: Section | None,
        kind: BeneficiaryKind | None,
    ) -> bool:
        """Counts the verdicts on the imputations of a record; False, and nothing counted, when one has to be told."""
        sure = self._sure
        known: list[tuple[tuple[str, str], ...]] = []
        for code in codes:
            # The first segment of a sure code is the body's own: the lists say nothing of it.
            seen = code[_OWN_SEGMENT:] if sure(code) and not self._context.own_segments else code
            asked = (seen, year, nomenclature, section, kind)
            memory = self._memory
            if asked not in memory:
                if len(memory) >= _REMEMBERED:
                    memory.clear()
                memory[asked] = self._judged(code, year, nomenclature, section, kind)
            verdicts = memory[asked]
            if verdicts is None:
                return False
            known.append(verdicts)
        charges = self.charges
        for verdicts in known:
            charges[verdicts] = charges.get(verdicts, 0) + 1
        return True

    def _well_formed(self, written: str, count: int) -> bool:
        """Counts codes, joined by spaces, that are all of the sure shape; False, and nothing counted, otherwise."""
        if _ALL_SURE(written) is None or written.count(" ") != count - 1:
            return False
        self.charges[_WELL_FORMED] = self.charges.get(_WELL_FORMED, 0) + count
        return True

    def _judged(
        self,
        code: str,
        year: int | None,
        nomenclature: str | None,
        section: Section | None,
        kind: BeneficiaryKind | None,
    ) -> tuple[tuple[str, str], ...] | None:
        """The verdicts of the rules on one imputation, or ``None`` when one of them is a finding."""
        around = self._context
        context = Context(
            fiscal_year=year or around.fiscal_year,
            nomenclature=nomenclature or around.nomenclature,
            body=around.body,
            section=section,
            beneficiary=kind,
            own_segments=around.own_segments,
            options=around.options,
        )
        try:
            read = parse_imputation(code, fiscal_year=context.fiscal_year, nomenclature=context.nomenclature)
        except ImputationError:
            return None
        charge = Charge(raw=code, imputation=read, place=Place(), strict=True, section=section, beneficiary=kind)
        states: list[tuple[str, str]] = []
        for rule in self._on_charges:
            answer = rule.judge(charge, context)
            for verdict in () if answer is None else (answer,) if isinstance(answer, Verdict) else answer:
                if make_finding(rule, verdict, self._language) is not None:
                    return None
                states.append((rule.code, verdict.state))
        return tuple(states)


_COMMON: Final = frozenset(("reference", "fiscal_year", "total", "base", "stated_percentage", "allocations"))
_WELL_FORMED: Final = (("IMP001", "holds"),)
_ALL_SURE: Final = re.compile(rf"(?>(?:{SURE_SHAPE}(?: |\Z))+)").fullmatch
_ALL_CENTS: Final = re.compile(r"(?>(?:[0-9]{1,13}\.[0-9]{2}(?: |\Z))+)").fullmatch
# -- lines all written the same way ---------------------------------------------------------------------------------

_FORMS: Final = 16
_FIRST: Final = str(FIRST_YEAR)
_LAST: Final = str(LAST_YEAR)
_REST: Final = r'[^"\\\x00-\x1f]*+'
_WORDS: Final = rf'"[^"\\\s\x00-\x1f]{_REST}(?>(?:\\["\\/bfnrt]{_REST})*)"'
_PART_AMOUNTS: Final = re.compile(r'"amount": ?"?([0-9]{1,13}(?:\.[0-9]{1,2})?)')
_TWO_DECIMALS: Final = r"[0-9]{1,13}\.[0-9]{2}"
_ANY_DECIMALS: Final = r"[0-9]{1,13}(?:\.[0-9]{1,2})?"
_GROUPS: Final = ("parts", "total", "base", "units", "decimals", "year", "title")


class _Form(NamedTuple):
    """How the lines of one shape are read. ``groups`` are the numbers of its ``_GROUPS`` (the first one's again for
    those it does not have)."""

    number: int
    fullmatch: Callable[[str], re.Match[str] | None]
    groups: tuple[int, ...]
    two_decimals: bool
    has_base: bool
    has_rate: bool
    has_year: bool
    has_title: bool


def _form_of(
    number: int,
    top: tuple[str, ...],
    base: tuple[str, ...],
    part: tuple[str, ...],
    two_decimals: bool,
    spaced: bool,
) -> _Form | None:
    """The form of the lines that have these fields in this order; ``None`` for fields it does not know.

    Its pattern matches no text that is not JSON, and no record that ``look`` would not take for its shape.
    """
    money = _TWO_DECIMALS if two_decimals else _ANY_DECIMALS
    bare = "" if two_decimals else "|0|[1-9][0-9]{0,12}"
    top_forms = {
        "reference": _WORDS,
        "authority": _WORDS,
        "title": r'"(?P<title>[^"\\\s\x00-\x1f][^"\\\x00-\x1f]*+)"',
        "fiscal_year": r"(?P<year>[0-9]{4})",
        "convention": "true",
        "total": rf'"(?P<total>{money})"',
        "stated_percentage": r'"(?P<units>[0-9]{1,3})(?:[.,](?P<decimals>[0-9]{1,4}))?(?: ?%)?"',
    }
    base_forms = {"label": _WORDS, "amount": rf'"(?P<base>{money})"'}
    part_forms = {
        "funder": _WORDS,
        "label": _WORDS,
        "amount": f'(?:"{money}"{bare})',
        "imputation": f'"{SURE_SHAPE}"',
    }
    if not {"funder", "amount", "imputation"} <= set(part) <= set(part_forms) or not set(base) <= set(base_forms):
        return None
    one = _object_form(part, part_forms, spaced)
    forms = {**top_forms, "allocations": rf"\[(?P<parts>{one}(?>(?:{', ' if spaced else ','}{one})*))\]"}
    if base:
        forms["base"] = _object_form(base, base_forms, spaced)
    if not {"total", "allocations"} <= set(top) <= set(forms):
        return None
    pattern = re.compile(_object_form(top, forms, spaced) + r"\r?\n?")
    known = pattern.groupindex
    return _Form(
        number=number,
        fullmatch=pattern.fullmatch,
        groups=tuple(known.get(name, known["parts"]) for name in _GROUPS),
        two_decimals=two_decimals,
        has_base="base" in known,
        has_rate="units" in known,
        has_year="year" in known,
        has_title="title" in known,
    )


def _object_form(names: tuple[str, ...], forms: Mapping[str, str], spaced: bool) -> str:
    colon, comma = (": ", ", ") if spaced else (":", ",")
    return r"\{" + comma.join(f'"{name}"{colon}{forms[name]}' for name in names) + r"\}"


_strip: Final[Callable[[Any], str]] = str.strip


def _all_cents(amounts: list[Any]) -> list[int] | None:
    """Exact amounts, none negative, in cents; ``None`` when one deserves a closer look."""
    try:
        joined = " ".join(amounts)
    except TypeError:
        joined = ""
    if _ALL_CENTS(joined) is not None:
        read = list(map(int, joined.replace(".", "").split()))
        # One amount may hold a space, and be two.
        return read if len(read) == len(amounts) else None
    cents = [_cents(amount) for amount in amounts]
    known = [amount for amount in cents if amount is not None]
    return known if len(known) == len(cents) else None


def _other_label(base: dict[str, Any]) -> str:
    """The label of a base that has other than two fields: it may have none, and no other field than its amount."""
    if len(base) > 1:
        raise KeyError
    return "-"


def _rarer(parts: list[Any]) -> list[str]:
    """The codes of parts that do not all have just a funder, an amount and an imputation."""
    codes: list[str] = []
    for part in parts:
        if type(part) is not dict or not _PART.issuperset(part) or not _strip(part.get("label", "-")):
            raise KeyError
        if "imputation" in part:
            codes.append(part["imputation"])
    return codes


def _cents(value: object) -> int | None:
    """An exact amount, not negative, in cents; ``None`` for anything that deserves a closer look."""
    if type(value) is str:
        machine = _AMOUNT.fullmatch(value)
        if machine is not None:
            whole, cents = machine.groups()
            if cents is None:
                return int(whole) * 100
            return int(whole + cents) if len(cents) == 2 else int(whole + cents) * 10
        try:
            amount = parse_amount(value)
        except NumeralError:
            return None
        if amount.is_exact and amount.currency in (None, "EUR") and amount.tax is None and amount.decimals <= 2:
            return amount.n * _POWERS[2 - amount.decimals] if amount.n >= 0 else None
        return None
    if type(value) is int and 0 <= value < 10**13:
        return value * 100
    return None


def _each_key_once(text: str) -> bool:
    try:
        json.loads(text, object_pairs_hook=_once)
    except ValueError:
        return False
    return True


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a doubled key")
    return found
