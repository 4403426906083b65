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
from collections.abc import Callable, Hashable, Sequence
from typing import Any, Final

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
_BASE: Final = frozenset(("label", "amount"))
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
        if rule.on in _ABSENT_HERE or (rule.on == "charge" and module == _CHARGE):
            continue
        if module not in _OWN:
            return None
    return Screen(rules, settings, says)


class Screen:
    """See the module. ``look`` is asked for each line; ``charges`` counts the verdicts on imputations it took."""

    __slots__ = (
        "_context",
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
        self._sure = re.compile(SURE_SHAPE).fullmatch
        self._scan = json.JSONDecoder().raw_decode
        self._context = settings.context()
        self._language = settings.language
        self._memory: dict[tuple[Any, ...], tuple[tuple[str, str], ...] | None] = {}
        self._says = says
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
            record, end = self._scan(text, 0)
        except (ValueError, RecursionError):
            return None
        if type(record) is not dict or text[end:] not in _ENDS or not _TOP.issuperset(record):
            return None
        get = record.get
        year = get("fiscal_year")
        if year is None:
            if "fiscal_year" in record:
                return None
        elif type(year) is not int or not FIRST_YEAR <= year <= LAST_YEAR:
            return None
        total = _cents(get("total"))
        if not total:
            return None
        keys = len(record)
        whole = 0
        base = get("base")
        if base is not None:
            if type(base) is dict:
                if not _BASE.issuperset(base):
                    return None
                keys += len(base)
                label = base.get("label", "-")
                if type(label) is not str or not label or label.isspace():
                    return None
                base = base.get("amount")
            whole = _cents(base) or 0
            if not whole:
                return None
        elif "base" in record:
            return None
        stated = get("stated_percentage")
        if stated is not None:
            if not whole or type(stated) is not str:
                return None
            rate = _RATE.fullmatch(stated)
            if rate is None:
                return None
            units, decimals = rate.groups("")
            gap = 200 * _POWERS[len(decimals)] * total - 2 * int(units + decimals) * whole
            if not -whole <= gap <= whole:
                return None
        elif "stated_percentage" in record:
            return None
        allocations = get("allocations")
        if type(allocations) is not list or not allocations:
            return None
        left = total
        codes: list[str] = []
        for part in allocations:
            if type(part) is not dict or not _PART.issuperset(part):
                return None
            keys += len(part)
            name = part.get("funder")
            if type(name) is not str or not name or name.isspace():
                return None
            cents = _cents(part.get("amount"))
            if cents is None:
                return None
            left -= cents
            code = part.get("imputation")
            if code is not None:
                if type(code) is not str:
                    return None
                codes.append(code)
            if len(part) > 3 or code is None:
                label = part.get("label", "-")
                if type(label) is not str or not label or label.isspace() or (code is None and "imputation" in part):
                    return None
        if left:
            return None
        # Every key once? Each one ends with a quote and a colon; what else ends so (a colon in a text) only makes
        # the count larger, and a blank before a colon is looked for, so an equal count leaves no room for a double.
        if line.count(b'":') != keys or b" :" in line or b"\t:" in line or b"\r:" in line:
            try:
                json.loads(text, object_pairs_hook=_once)
            except ValueError:
                return None
        convention = get("convention")
        if convention is not True and (convention is not None or "convention" in record):
            return None
        section: Section | None = None
        kind: BeneficiaryKind | None = None
        nomenclature = None
        if keys and not _COMMON.issuperset(record):
            for field in ("title", "authority", "beneficiary", "nomenclature"):
                if field in record:
                    value = record[field]
                    if type(value) is not str or not value or value.isspace():
                        return None
            nomenclature = get("nomenclature")
            section, kind = self._says(get("title"), get("beneficiary"))
        reference = get("reference", "-")
        if type(reference) is not str or not reference or reference.isspace():
            return None
        if not self._take(codes, year, nomenclature, section, kind):
            return None
        return (
            len(allocations),
            len(codes),
            whole > 0,
            stated is not None,
            convention,
            total > _THRESHOLD,
            year is not None and year <= 2001,
            kind,
            "beneficiary" in record,
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
        if not self._on_charges:
            return True
        sure = self._sure
        unsure = [code for code in codes if not sure(code)] if self._only_form else codes
        known: list[tuple[tuple[str, str], ...]] = []
        for code in unsure:
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
        if len(codes) > len(unsure):
            charges[_WELL_FORMED] = charges.get(_WELL_FORMED, 0) + len(codes) - len(unsure)
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


_COMMON: Final = frozenset(
    ("reference", "fiscal_year", "total", "base", "stated_percentage", "convention", "allocations")
)
_WELL_FORMED: Final = (("IMP001", "holds"),)


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


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a doubled key")
    return found
