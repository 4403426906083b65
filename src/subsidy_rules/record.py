"""The record of a deliberation: from a tree of untyped values to facts.

One walk over the tree reads every field by the functions of ``annotated``, makes the claims that the record states
(its total is the sum of its allocations, its percentage is the total over the base…) and notes whatever is not a
record: a field that is missing, unknown, doubled or unreadable. A figure that could not be read is ``None`` in its
claims, which are then unknown; it never counts as 0.

pydantic is not involved (``deliberation`` is the same record as a model): a hook on one file must start at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import partial
from math import floor
from types import MappingProxyType
from typing import Any, BinaryIO, Final, NamedTuple, TypeVar

from subsidy_rules.annotated import (
    FieldError,
    amount_from,
    amount_in_words_from,
    code_from,
    currency_from,
    date_from,
    flag_from,
    percentage_from,
    text_from,
    year_from,
)
from subsidy_rules.claims import AtMost, Claim, Equal, Share, SharesTotal, Sum
from subsidy_rules.engine import Judged, judge_facts
from subsidy_rules.facts import BeneficiaryKind, Charge, Context, Dated, Facts, Grant, Section, Trouble
from subsidy_rules.figures import Amount, Figure, Percentage
from subsidy_rules.finding import Finding, Tally
from subsidy_rules.frozen import dataclass
from subsidy_rules.imputation import Imputation, ImputationError, parse_imputation
from subsidy_rules.numerals import AmbiguousNumeral, NumeralError, parse_amount
from subsidy_rules.place import Place
from subsidy_rules.reading import Limits, ReadError
from subsidy_rules.rulebook import Rule
from subsidy_rules.settings import Settings
from subsidy_rules.tree import Entry, Fields, Items, Malformed, Node, Scalar, Source, Tree, of_value, pointer_to
from subsidy_rules.wording import Message

__all__ = [
    "KINDS",
    "PARTITIONS",
    "SECTIONS",
    "SHAPES",
    "NotARecord",
    "facts_of",
    "looks_like_record",
    "python_values",
    "read_facts",
    "read_tree",
    "stream",
]


# -- the shape of a record ------------------------------------------------------------------------------------------

PARTITIONS: Final = ("beneficiary", "funder", "imputation", "year", "payment", "purpose", "other")
"""What a breakdown may divide the total by."""

SECTIONS: Final[Mapping[str, Section]] = {
    "fonctionnement": "fonctionnement",
    "operating": "fonctionnement",
    "investissement": "investissement",
    "investment": "investissement",
}
KINDS: Final[tuple[BeneficiaryKind, ...]] = ("association", "entreprise", "menage", "public", "autre")

SHAPES: Final[Mapping[str, tuple[str, ...]]] = {
    "record": (
        "reference", "title", "authority", "beneficiary", "voted_on", "fiscal_year", "nomenclature", "currency",
        "section", "imputation", "total", "amount_in_words", "base", "stated_percentage", "convention", "period",
        "allocations", "breakdowns", "percentages", "ceilings", "financing_plan",
    ),
    "base": ("label", "amount"),
    "beneficiary": ("name", "kind", "siret"),
    "convention": ("signed_on", "reference"),
    "period": ("start", "end"),
    "allocation": (
        "funder", "label", "beneficiary", "amount", "percentage", "imputation", "convention", "breakdowns",
    ),
    "breakdown": ("by", "label", "total", "parts"),
    "part": (
        "label", "beneficiary", "funder", "year", "date", "amount", "percentage", "imputation", "convention",
        "breakdowns",
    ),
    "percentage": ("label", "stated", "part", "base"),
    "ceiling": ("label", "limit", "amount", "rate", "of"),
    "financing_plan": ("label", "total", "expenses", "revenues"),
    "line": ("label", "amount", "percentage", "lines"),
}  # fmt: skip
"""The fields of each mapping of a record. Names beginning with ``x-`` or ``$`` are anyone's own, and are left alone."""

_USUAL: Final = frozenset(("funder", "amount", "imputation"))
_KNOWN: Final = {name: frozenset(fields) for name, fields in SHAPES.items()}

# French names that people try first.
_MEANT: Final = {
    "montant": "amount", "financeur": "funder", "exercice": "fiscal_year", "annee": "fiscal_year",
    "beneficiaire": "beneficiary", "titre": "title", "objet": "title", "libelle": "label", "intitule": "label",
    "repartition": "allocations", "attributions": "allocations", "plafonds": "ceilings", "pourcentage": "percentage",
    "taux": "percentage", "collectivite": "authority", "periode": "period", "debut": "start", "fin": "end",
    "depenses": "expenses", "recettes": "revenues", "plan_de_financement": "financing_plan", "devise": "currency",
    "date": "voted_on", "montant_total": "total", "nom": "name", "part": "percentage",
    "object": "title", "subject": "title", "body": "authority", "year": "fiscal_year", "exercise": "fiscal_year",
    "budget": "base", "total_in_words": "amount_in_words", "montant_en_lettres": "amount_in_words",
    "payments": "breakdowns", "versements": "breakdowns", "ventilations": "breakdowns", "numero": "reference",
    "convention_signee": "convention", "montant_alloue": "amount", "total_amount": "total",
}  # fmt: skip


# -- what is said ---------------------------------------------------------------------------------------------------

_HERE: Final = Message("l’enregistrement", "the record")
_INSIDE: Final = Message("« {path} »", "“{path}”")
_MISSING: Final = Message("Le champ « {field} » manque dans {where}.", "The field “{field}” is missing in {where}.")
_UNKNOWN_FIELD: Final = Message("Champ inconnu : « {field} ».", "Unknown field: “{field}”.")
_MORE_FIELDS: Final = Message(
    "Ici et après, {count} {count:autre champ inconnu|autres champs inconnus}.",
    "Here and below, {count} other unknown {count:field|fields}.",
)
_NEAR_FIELD: Final = Message(
    "Champ inconnu : « {field} » ; vouliez-vous dire « {near} » ?", "Unknown field: “{field}”; did you mean “{near}”?"
)
_CUT: Final = Message(
    "Entre accolades, la virgule de « {text} » sépare deux champs ; mettez la valeur de « {field} » entre guillemets.",
    "Between braces, the comma of “{text}” separates two fields; put the value of “{field}” in quotes.",
)
_SHAPE: Final = Message("Le champ « {field} » doit être {expected}.", "The field “{field}” must be {expected}.")
_VALUE: Final = Message(
    "Le champ « {field} » est incorrect : {reason}. Attendu : {expected}.",
    "The field “{field}” is wrong: {reason}. Expected: {expected}.",
)
_UNREADABLE: Final = Message(
    "Le champ « {field} » est illisible : {reason}. Attendu : {expected}.",
    "The field “{field}” cannot be read: {reason}. Expected: {expected}.",
)
_TWO_READINGS: Final = Message(
    "Le champ « {field} » a deux lectures : {reason}. Écrivez-le sans ambiguïté.",
    "The field “{field}” has two readings: {reason}. Write it so that only one is left.",
)
_DOUBLED: Final = Message(
    "Le champ « {field} » est donné deux fois, avec deux valeurs : aucune n’est retenue.",
    "The field “{field}” is given twice, with two values: neither is used.",
)
_REPEATED: Final = Message(
    "Le champ « {field} » est donné deux fois, avec la même valeur.",
    "The field “{field}” is given twice, with the same value.",
)
_REPEATED_KEY: Final = Message("le champ « {field} » est donné deux fois", "the field “{field}” is given twice")
_NEGATIVE: Final = Message(
    "Le montant « {field} » est négatif : {amount}.", "The amount “{field}” is negative: {amount}."
)
_ZERO: Final = Message("Le montant « {field} » est nul.", "The amount “{field}” is zero.")
_MAPPING: Final = Message("un objet (des champs et leurs valeurs)", "a mapping (fields and their values)")
_LIST: Final = Message("une liste", "a list")
_SOME: Final = Message("une liste d’au moins un élément", "a list of at least one item")
_ONE_VALUE: Final = Message("une valeur simple", "a single value")
_ONE_OF: Final = Message("l’une des valeurs {values}", "one of {values}")
_NOT_ONE_OF: Final = Message("« {text} » n’en fait pas partie", "“{text}” is not among them")
_LINE: Final = Message("Cette ligne n’est pas du JSON : {says}.", "This line is not JSON: {says}.")
_NOT_UTF8: Final = Message(
    "Cette ligne n’est pas en UTF-8 (octet {position}).", "This line is not UTF-8 (byte {position})."
)
_NOT_OBJECT: Final = Message(
    "Cette ligne n’est pas un enregistrement : un objet JSON est attendu.",
    "This line is not a record: a JSON object is expected.",
)
_NOT_ITEM: Final = Message(
    "Cet élément n’est pas un enregistrement : un objet est attendu.",
    "This item is not a record: a mapping is expected.",
)
_LONG_LINE: Final = Message(
    "Cette ligne dépasse {limit} octets : elle n’est pas lue.", "This line is over {limit} bytes: it is not read."
)
_NO_RECORD: Final = Message(
    "ce fichier ne contient aucun enregistrement de délibération (aucun champ connu : total, allocations, base…)",
    "this file holds no deliberation record (no known field: total, allocations, base…)",
)
_ENCODING: Final = Message(
    "le fichier n’est pas en UTF-8 (octet {byte} à la ligne {line:plain}, colonne {column:plain}) : enregistrez-le "
    "en UTF-8",
    "the file is not UTF-8 (byte {byte} at line {line:plain}, column {column:plain}): save it as UTF-8",
)
_NO_BASE: Final = Message(
    "le pourcentage est donné sans le montant auquel il s’applique", "the percentage is given without what it is of"
)
_TO_THE_EURO: Final = Message(
    "le montant est celui du taux, arrondi à l’euro", "the amount is that of the rate, rounded to the euro"
)
_ROUNDED_RATE: Final = Message(
    "le taux écrit est peut-être lui-même arrondi, et le montant en est bien cette part",
    "the rate as written may itself be rounded, and the amount is indeed that share",
)
_ROUNDED_PLAN: Final = Message("les montants du plan sont arrondis", "the amounts of the plan are rounded")


class NotARecord(ReadError):
    """A well-formed file that holds no record of a deliberation."""


# -- claims that rest on more figures than they compare -------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class SidesEqual(Equal):
    """Two sides of a plan: ``first`` and ``again`` are the sums of ``lines``, which are the figures written."""

    lines: tuple[Figure, ...] = ()

    def figures(self) -> Iterator[Figure]:
        return iter(self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class RateCeiling(AtMost):
    """A ceiling worked out from a rate: ``limit`` is ``rate`` per cent of ``of``, which are the figures written."""

    sources: tuple[Figure, ...] = ()

    def figures(self) -> Iterator[Figure]:
        return iter(figure for figure in (self.value, *self.sources) if figure is not None)


# -- reading files --------------------------------------------------------------------------------------------------


def read_tree(path: str, data: bytes) -> Tree:
    """The tree of a file, by its extension (``.json``, ``.toml``, else YAML). Raises ``ReadError``."""
    from subsidy_rules.decoding import decode

    decoded = decode(data, Limits())
    if decoded.encoding not in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be") or decoded.remarks:
        raise ReadError(_not_utf8(data))
    lowered = path.lower()
    if lowered.endswith(".json"):
        from subsidy_rules.tree import json_text as reader
    elif lowered.endswith(".toml"):
        from subsidy_rules.tree import toml_text as reader  # type: ignore[no-redef]
    else:
        from subsidy_rules.tree import yaml_text as reader  # type: ignore[no-redef]
    return reader.read(path, decoded.text)


def _not_utf8(data: bytes) -> Message:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        return _ENCODING.having(byte=f"0x{data[error.start]:02X}", line=line, column=column)
    return _ENCODING.having(byte="?", line=1, column=1)


def read_facts(path: str, data: bytes, settings: Settings) -> tuple[Facts, ...]:
    """The facts of every record in a file: one record, a list of them, or the documents of a YAML file.

    Raises ``ReadError`` for what cannot be read at all, and its subclass ``NotARecord`` for a well-formed file that
    holds no record. What is wrong inside a record is a trouble of its facts.
    """
    tree = read_tree(path, data)
    found: list[tuple[Node, str]] = []
    several = len(tree.documents) > 1
    for number, document in enumerate(tree.documents):
        pointer = pointer_to("", number) if several else ""
        if isinstance(document, Items):
            found.extend((node, pointer_to(pointer, index)) for index, node in enumerate(document.nodes))
        else:
            found.append((document, pointer))
    if not any(_is_record(node) for node, _ in found):
        raise NotARecord(_NO_RECORD)
    facts: list[Facts] = []
    for node, pointer in found:
        walk = _Walk(tree.source, settings)
        if not facts:
            walk.notes(tree)
        facts.append(walk.record(node, pointer))
    return tuple(facts)


def python_values(tree: Tree) -> list[Any]:
    """The records of a tree as Python values. Raises ``ReadError`` for a field given twice, ``NotARecord``."""
    found: list[Node] = []
    for document in tree.documents:
        found.extend(document.nodes if isinstance(document, Items) else (document,))
    if not any(_is_record(node) for node in found):
        raise NotARecord(_NO_RECORD)
    return [_python(node, tree.source) for node in found]


def _python(node: Node, source: Source) -> Any:
    if isinstance(node, Scalar):
        return _carried(node)
    if isinstance(node, Items):
        return [_python(item, source) for item in node.nodes]
    values: dict[str, Any] = {}
    for entry in node.entries:
        if entry.key in values:
            raise Malformed(_REPEATED_KEY.having(field=entry.key), source, entry.start)
        values[entry.key] = _python(entry.node, source)
    return values


def _is_record(node: Node) -> bool:
    return isinstance(node, Fields) and any(entry.key in _KNOWN["record"] for entry in node.entries)


_MARKS: Final = (
    rb"""(?m)(?:^[ \t]*+(?:-[ \t]++)?|[{,\[][ \t]*+)["']?(allocations|stated_percentage|fiscal_year|amount_in_words|"""
    rb"""financing_plan|breakdowns|total|base|nomenclature)(?:["']?[ \t]*+[:=]|\])"""
)


def looks_like_record(data: bytes) -> bool:
    """True when a file found in a folder has at least two of the fields that make a record.

    For choosing what to read among the YAML, JSON and TOML files of a folder, not for judging.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        data = data.decode("utf-16", "replace").encode("utf-8", "replace")
    seen: set[bytes] = set()
    for mark in re.finditer(_MARKS, data):
        seen.add(mark.group(1))
        if len(seen) > 1:
            return True
    return False


def facts_of(value: Mapping[str, Any] | Any, settings: Settings | None = None, name: str = "<record>") -> Facts:
    """The facts of a record given as a mapping or a ``Deliberation``; places are JSON pointers into it."""
    if not isinstance(value, Mapping) and hasattr(value, "model_dump"):
        value = value.model_dump(mode="python", exclude_unset=True)
    walk = _Walk(Source(name, ""), settings or Settings())
    return walk.record(of_value(value), "")


# -- JSON lines -----------------------------------------------------------------------------------------------------

LINE_BYTES: Final = 16 * 1024 * 1024
"""A line longer than this is not read: one record never takes it, and memory stays bounded."""

_BATCH: Final = 128

_GATHERED: Final = ("LIM001", "REC006")
"""What a whole file of records may be silent about: told once for the file, with the count and the first lines."""
_FIRST_LINES: Final = 20
_ON_LINES: Final = Message(
    "{count} lignes sont dans ce cas (la première est la ligne {first:plain}) : {said}",
    "{count} lines are in this case (the first is line {first:plain}): {said}",
)


_WHOLE_FILE: Final = "\0whole file"


class _Silence:
    """The lines on which the same thing is not said."""

    __slots__ = ("count", "first", "lines")

    def __init__(self, first: Finding) -> None:
        self.first = first
        self.count = 0
        self.lines: list[int] = []

    def add(self, line: int) -> None:
        self.count += 1
        if len(self.lines) < _FIRST_LINES:
            self.lines.append(line)

    @property
    def settled(self) -> bool:
        """True once other lines only add to the count."""
        return len(self.lines) == _FIRST_LINES

    def told(self) -> Finding:
        if self.count == 1:
            return self.first
        text = _ON_LINES.having(count=self.count, first=self.lines[0], said=self.first.text)
        values = {"count": self.count, "rows": list(self.lines)}
        return replace(self.first, text=text, values=values, working=None, key=_WHOLE_FILE)


class _Seen:
    """What the first record of a signature was worth, what it is silent about, and how many others are like it."""

    __slots__ = ("others", "silent", "worth")

    def __init__(self, worth: Tally, silent: tuple[str, ...]) -> None:
        self.worth = worth
        self.silent = silent
        self.others = 0


def stream(
    path: str,
    lines: BinaryIO,
    rules: Sequence[Rule],
    settings: Settings,
    tally: Tally,
    *,
    screened: bool = True,
    explained: Callable[[Judged], Judged] | None = None,
) -> Iterator[Judged]:
    """Judges records given one a line, in constant memory: yields only the lines that have something to tell.

    Counts go to ``tally`` as if every line had been judged by every rule; ``screened`` says whether plain records that
    hold may be counted without being judged one by one (``screen``), which changes nothing but the time. The claims of
    a line that are not broken or unknown are counted, not listed. What a whole file is silent about (a convention, an
    imputation) is told once, last. ``explained`` is asked about each record with a broken claim, all its claims there.
    """
    from subsidy_rules.screen import screen_for

    screen = screen_for(rules, settings, _said_around) if screened else None
    plain_rules = tuple(rule for rule in rules if rule.on != "charge")
    seen: dict[Hashable, _Seen] = {}
    silences: dict[str, _Silence] = {}
    look = screen.look if screen is not None else _unseen
    known_of = seen.get
    # Lines to judge wait for one another: judging them in a row takes a third less time than one here and there.
    waiting: list[tuple[int, bytes | None]] = []

    def judged_lines() -> Iterator[Judged]:
        for at, text in waiting:
            tally.rows += 1
            judged = judge_facts(_line_facts(path, text, at, settings), rules, tally, settings.language)
            told, _ = _sorted_out(_explained(judged, explained), silences, at)
            if told is not None:
                yield told
        waiting.clear()

    number = held = 0
    try:
        for line in iter(partial(lines.readline, LINE_BYTES), b""):
            number += 1
            signature = look(line)
            if signature is None:
                if line.isspace():
                    continue
                if len(line) >= LINE_BYTES and not line.endswith(b"\n"):
                    _pass_over(lines)
                    waiting.append((number, None))
                else:
                    waiting.append((number, line))
                    held += len(line)
                if len(waiting) >= _BATCH or held >= LINE_BYTES:
                    yield from judged_lines()
                    held = 0
                continue
            known = known_of(signature)
            if known is not None:
                known.others += 1
                if known.silent:
                    if waiting and not all(silences[code].settled for code in known.silent):
                        yield from judged_lines()  # the first lines are told in their order
                    for code in known.silent:
                        silences[code].add(number)
                continue
            yield from judged_lines()
            # The first of its signature; its imputations are already counted by the screen, and not judged again.
            worth = Tally()
            tally.rows += 1
            facts = _line_facts(path, line, number, settings)
            judged = judge_facts(facts, plain_rules, worth, settings.language)
            told, silent = _sorted_out(_explained(judged, explained), silences, number)
            tally.add(worth)
            if told is None:
                seen[signature] = _Seen(worth, silent)
            else:
                yield told
        yield from judged_lines()
    finally:
        for known in seen.values():
            _add_times(tally, known.worth, known.others)
            tally.rows += known.others
        if screen is not None:
            screen.settle(tally)
    if silences:
        findings = tuple(silences[code].told() for code in sorted(silences))
        yield Judged(findings=findings, claims=(), untied=())


def _pass_over(lines: BinaryIO) -> None:
    """Reads what is left of a line that is too long."""
    for rest in iter(partial(lines.readline, LINE_BYTES), b""):
        if rest.endswith(b"\n"):
            return


def _unseen(line: bytes) -> None:
    """What is known of a line when there is no screen."""


def _explained(judged: Judged, explained: Callable[[Judged], Judged] | None) -> Judged:
    if explained is None or all(claim.state != "broken" for claim in judged.claims):
        return judged
    return explained(judged)


def _sorted_out(judged: Judged, silences: dict[str, _Silence], number: int) -> tuple[Judged | None, tuple[str, ...]]:
    """What a line has to tell by itself, and the codes of what it is only silent about."""
    silent: list[str] = []
    findings: list[Finding] = []
    for finding in judged.findings:
        if finding.state == "unknown" and finding.code in _GATHERED:
            silent.append(finding.code)
            silences.setdefault(finding.code, _Silence(finding)).add(number)
        else:
            findings.append(finding)
    claims = tuple(claim for claim in judged.claims if claim.state != "holds")
    if not findings and not claims:
        return None, tuple(silent)
    return replace(judged, findings=tuple(findings), claims=claims, untied=()), tuple(silent)


def _add_times(tally: Tally, worth: Tally, times: int) -> None:
    for code, states in worth.rules.items():
        for state, count in states.items():
            tally.rule(code, state, count * times)
    for kind, states in worth.kinds.items():
        for state, count in states.items():
            tally.claim(kind, state, count * times)
    tally.figures += worth.figures * times
    tally.tied += worth.tied * times
    tally.imputations += worth.imputations * times


def _line_facts(path: str, line: bytes | None, number: int, settings: Settings) -> Facts:
    """The facts of one line; ``None`` is one that was too long to read."""
    from subsidy_rules.tree import json_text

    if line is None:
        return _spoilt(Source(path, "", number), 0, 0, _LONG_LINE.having(limit=LINE_BYTES))
    try:
        text = line.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError as error:
        shown = line[: error.start].decode("utf-8", "replace")
        source = Source(path, line.decode("utf-8", "replace").rstrip("\r\n"), number)
        return _spoilt(source, len(shown), len(shown) + 1, _NOT_UTF8.having(position=error.start + 1))
    if number == 1:
        text = text.removeprefix("\ufeff")
    try:
        tree = json_text.read(path, text, number)
    except Malformed as error:
        return _spoilt(error.source, error.offset, error.offset + 1, _LINE.having(says=error.says))
    node = tree.documents[0]
    pointer = f"/{number - 1}"
    if not isinstance(node, Fields):
        return _spoilt(tree.source, node.start, node.end, _NOT_OBJECT)
    return _Walk(tree.source, settings).record(node, pointer)


def _spoilt(source: Source, start: int, end: int, problem: Message) -> Facts:
    """The facts of a line that is not a record."""
    end = min(end, len(source.text))
    place = source.place(min(start, end), end, None)
    return Facts(path=source.path, troubles=(Trouble(code="REC001", place=place, says=problem),))


def _said_around(title: str | None, beneficiary: str | None) -> tuple[Section | None, BeneficiaryKind | None]:
    """What the title and the beneficiary's name say of the section and the kind, as the walk reads them."""
    kind = _kind_in_title(title) if beneficiary is None else _kind_in_name(beneficiary)
    return _section_in(title), kind


# -- the walk -------------------------------------------------------------------------------------------------------

T = TypeVar("T")

_MOST_GUESSES: Final = 200
"""Unknown fields beyond these are told without looking for what they were meant to be: nobody wrote that many."""
_MOST_STRANGE: Final = 50
"""Unknown fields of one mapping that are told one by one; the others are counted."""

_CONFUSED: Final = object()
"""The value of a field given twice with two values: told once, then read as nothing."""


class _Part(NamedTuple):
    """One part of a partition, as read."""

    place: Place
    amount: Amount | None
    percentage: Percentage | None
    beneficiary: str | None
    kind: BeneficiaryKind | None
    convention: bool | None
    convention_place: Place | None
    imputed: bool
    taken_back: bool
    accounts: tuple[str, ...]
    node: Node
    pointer: str


class _Partition(NamedTuple):
    by: str
    parts: list[_Part]


class _Walk:
    """One record being read. ``take`` methods read a field and note what is wrong with it."""

    __slots__ = (
        "charges",
        "claims",
        "currency",
        "dates",
        "figures",
        "kind",
        "meant",
        "nested",
        "nomenclature",
        "section",
        "settings",
        "source",
        "troubles",
        "year",
    )

    def __init__(self, source: Source, settings: Settings) -> None:
        self.source = source
        self.settings = settings
        self.claims: list[Claim] = []
        self.charges: list[Charge] = []
        self.figures: list[Figure] = []
        self.troubles: list[Trouble] = []
        self.dates: list[Dated] = []
        self.currency: str | None = None
        self.section: Section | None = None
        self.kind: BeneficiaryKind | None = None
        self.year: int | None = None
        self.nomenclature: str | None = None
        self.meant: set[tuple[str, str]] = set()
        self.nested = False  # a part is itself divided between beneficiaries or years

    # -- places and troubles ----------------------------------------------------------------------------------

    def at(self, node: Node, pointer: str) -> Place:
        """The place of a value."""
        return self.source.place(node.start, node.end, pointer, node.text if isinstance(node, Scalar) else None)

    def at_key(self, entry: Entry, pointer: str) -> Place:
        """The place of a key."""
        return self.source.place(entry.start, entry.end, pointer, entry.key)

    def place_of(self, figure: Figure | None, entry: Entry, pointer: str) -> Place:
        """The place of a figure, or of the value that could not be read as one."""
        if figure is not None and figure.place is not None:
            return figure.place
        return self.at(entry.node, pointer_to(pointer, entry.key))

    def at_head(self, node: Node, pointer: str) -> Place:
        """The place where a mapping begins: its first field, on one line."""
        if not isinstance(node, Fields) or not node.entries or node.start < 0:
            return self.at(node, pointer) if isinstance(node, Scalar) else self.source.place(-1, -1, pointer)
        first = node.entries[0]
        end = first.node.end if isinstance(first.node, Scalar) else first.end
        text = self.source.text
        if "\n" in text[first.start : end]:
            end = first.end
        return self.source.place(first.start, end, pointer)

    def trouble(
        self,
        code: str,
        place: Place,
        problem: Message,
        *,
        unknown: bool = False,
        related: tuple[Place, ...] = (),
        values: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        self.troubles.append(
            Trouble(
                code=code,
                place=place,
                says=problem,
                related=related,
                values=values,
                state="unknown" if unknown else "broken",
            )
        )

    def notes(self, tree: Tree) -> None:
        """The troubles that the reader of the format met."""
        for note in tree.notes:
            place = self.source.place(note.start, note.end, None)
            self.trouble(note.code, place, note.says)

    # -- structure --------------------------------------------------------------------------------------------

    def fields(self, node: Node, pointer: str, shape: str, name: str) -> dict[str, Entry]:
        """The fields of a mapping by name; what is unknown or doubled is noted. Empty when it is no mapping."""
        if not isinstance(node, Fields):
            if not (isinstance(node, Scalar) and node.value is _CONFUSED):
                self.trouble("REC001", self.at(node, pointer), _SHAPE.having(field=name, expected=_MAPPING))
            return {}
        known = _KNOWN[shape]
        found: dict[str, Entry] = {}
        strange: list[Entry] = []
        for entry in node.entries:
            key = entry.key
            if key[:1].isdecimal() and self.cut_in_two(node, entry, pointer, found):
                continue
            if key in found:
                self.doubled(found, entry, pointer)
            elif key in known:
                found[key] = entry
            elif not key.startswith(("x-", "$")):
                strange.append(entry)
        told = len(strange) if len(strange) <= _MOST_STRANGE + 1 else _MOST_STRANGE  # « 1 other » is told itself
        for entry in strange[:told]:
            self.unknown_field(entry, pointer, shape)
        if len(strange) > told:
            first = strange[_MOST_STRANGE]
            others = len(strange) - _MOST_STRANGE
            place = self.at_key(first, pointer_to(pointer, _short(first.key)))
            self.trouble("REC001", place, _MORE_FIELDS.having(count=others), values={"count": others})
        return found

    def doubled(self, found: dict[str, Entry], entry: Entry, pointer: str) -> None:
        first = found[entry.key]
        here = pointer_to(pointer, entry.key)
        same = _plain(first.node) == _plain(entry.node)
        self.trouble(
            "REC004",
            self.at_key(entry, here),
            (_REPEATED if same else _DOUBLED).having(field=entry.key),
            related=(self.at_key(first, here),),
        )
        if not same:
            confused = Scalar("opaque", "", first.node.start, first.node.end, _CONFUSED)
            found[entry.key] = first._replace(node=confused)

    def cut_in_two(self, node: Fields, entry: Entry, pointer: str, found: dict[str, Entry]) -> bool:
        """True, and noted, when a decimal comma between braces made a field of its own decimals.

        YAML reads ``{percentage: 33,33 %}`` as the value 33 and a field « 33 % »: the value is nobody's, and not used.
        """
        before = next((one for one in reversed(node.entries) if one.node.end <= entry.start), None)
        if before is None or not isinstance(before.node, Scalar) or before.node.kind != "word":
            return False
        if not (isinstance(entry.node, Scalar) and entry.node.kind == "null" and not entry.node.text):
            return False
        text = self.source.text
        if not text[before.node.start : before.node.end][-1:].isdecimal() or text[before.node.end : entry.start] != ",":
            return False
        here = pointer_to(pointer, before.key)
        whole = text[before.node.start : entry.end]
        self.trouble(
            "REC001",
            self.source.place(before.node.start, entry.end, here, whole),
            _CUT.having(text=whole, field=before.key),
            values={"text": _short(whole)},
        )
        if before.key in found:
            confused = Scalar("opaque", "", before.node.start, before.node.end, _CONFUSED)
            found[before.key] = before._replace(node=confused)
        return True

    def unknown_field(self, entry: Entry, pointer: str, shape: str) -> None:
        here = pointer_to(pointer, _short(entry.key))
        near = _nearest(entry.key, SHAPES[shape]) if len(self.troubles) < _MOST_GUESSES else None
        if near is not None:
            self.meant.add((pointer, near))
        shown = entry.key[:60]
        problem = _UNKNOWN_FIELD.having(field=shown) if near is None else _NEAR_FIELD.having(field=shown, near=near)
        self.trouble("REC001", self.at_key(entry, here), problem, values={"field": shown, "near": near})
        self.misread(entry.node, here)

    def items(self, entry: Entry, pointer: str, *, least: int = 1) -> tuple[tuple[Node, str], ...]:
        """The items of a list with their pointers."""
        node = entry.node
        if isinstance(node, Items) and len(node.nodes) >= least:
            return tuple((item, pointer_to(pointer, index)) for index, item in enumerate(node.nodes))
        if not (isinstance(node, Scalar) and node.value is _CONFUSED):
            expected = _SOME if least else _LIST
            self.trouble("REC001", self.at(node, pointer), _SHAPE.having(field=entry.key, expected=expected))
        return ()

    def missing(self, name: str, node: Node, pointer: str, where: Place | None = None) -> None:
        if (pointer, name) in self.meant:
            return  # told already, as the misspelt field that it is
        path = _path(pointer)
        inside = _HERE if path is None else _INSIDE.having(path=path)
        place = where or self.at_head(node, pointer)
        self.trouble(
            "REC001",
            place.but(pointer=pointer_to(pointer, name)),
            _MISSING.having(field=name, where=inside),
            values={"field": name},
        )

    # -- values -----------------------------------------------------------------------------------------------

    def take(
        self, entry: Entry | None, pointer: str, read: Callable[[Any], T], code: str = "REC001", *, exact: bool = False
    ) -> T | None:
        """One value by ``read``; ``None`` when absent, or unreadable (which is noted under ``code``)."""
        if entry is None:
            return None
        return self.value(entry.node, pointer_to(pointer, entry.key), entry.key, read, code, exact=exact)

    def value(
        self, node: Node, pointer: str, name: str, read: Callable[[Any], T], code: str, *, exact: bool = False
    ) -> T | None:
        if not isinstance(node, Scalar):
            self.trouble("REC001", self.at(node, pointer), _SHAPE.having(field=name, expected=_ONE_VALUE))
            return None
        kind = node.kind
        if kind == "null" or node.value is _CONFUSED:
            return None
        if kind == "word":
            self.misread(node, pointer, exact=exact)
        try:
            return read(node.text if kind == "text" or kind == "word" else _carried(node))
        except (NumeralError, FieldError) as error:
            self.unreadable(error, node, self.at(node, pointer), name, code)
        return None

    def unreadable(
        self, error: NumeralError | FieldError, node: Scalar, place: Place, name: str, code: str = "REC002"
    ) -> None:
        """Notes a value that could not be read, or that has two readings."""
        values = {"text": _short(node.text)}
        if isinstance(error, AmbiguousNumeral):
            problem = _TWO_READINGS.having(field=name, reason=error.reason)
            self.trouble(code, place, problem, unknown=True, values=values)
            return
        said = _UNREADABLE if code == "REC002" else _VALUE
        problem = said.having(field=name, reason=error.reason, expected=error.expected)
        self.trouble(code, place, problem, values=values)

    def misread(self, node: Node, pointer: str, *, exact: bool = True) -> None:
        """Notes the unquoted YAML scalars that another program would read otherwise."""
        if isinstance(node, Scalar):
            if node.kind != "word" or node.start < 0:
                return
            from subsidy_rules.tree.yaml_text import misreading

            problem = misreading(node.text, exact=exact)
            if problem is not None:
                self.trouble("REC003", self.at(node, pointer), problem, values={"text": _short(node.text)})
        elif isinstance(node, Items):
            for index, item in enumerate(node.nodes):
                self.misread(item, pointer_to(pointer, index))
        else:
            for entry in node.entries:
                self.misread(entry.node, pointer_to(pointer, entry.key))

    def text(self, entry: Entry | None, pointer: str) -> str | None:
        if entry is None:
            return None
        node = entry.node
        if isinstance(node, Scalar) and node.kind == "text" and node.text and not node.text.isspace():
            return node.text
        return self.take(entry, pointer, text_from, exact=True)

    def amount(self, entry: Entry | None, pointer: str) -> Amount | None:
        if entry is None:
            return None
        return self.amount_at(entry.node, pointer_to(pointer, entry.key), entry.key)

    def amount_at(self, node: Node, pointer: str, name: str) -> Amount | None:
        place = self.at(node, pointer)
        amount: Amount | None
        if isinstance(node, Scalar) and node.kind == "text":
            try:
                amount = parse_amount(node.text, currency=self.currency, place=place)
            except NumeralError as error:
                self.unreadable(error, node, place, name)
                return None
        else:
            amount = self.value(
                node, pointer, name, partial(amount_from, currency=self.currency, place=place), "REC002"
            )
        if amount is not None:
            self.figures.append(amount)
        return amount

    def percentage(self, entry: Entry | None, pointer: str) -> Percentage | None:
        if entry is None:
            return None
        place = self.at(entry.node, pointer_to(pointer, entry.key))
        percentage = self.take(entry, pointer, partial(percentage_from, place=place), "REC002")
        if percentage is not None:
            self.figures.append(percentage)
        return percentage

    def positive(self, amount: Amount | None, name: str, *, zero: bool = False) -> None:
        """Notes an amount that a subsidy cannot have: below zero, or zero where that says nothing is given."""
        if amount is None or amount.place is None:
            return
        if amount.n < 0:
            self.trouble(
                "AMT001", amount.place, _NEGATIVE.having(field=name, amount=amount), values={"amount": amount.plain}
            )
        elif amount.n == 0 and zero:
            self.trouble(
                "AMT001", amount.place, _ZERO.having(field=name), values={"amount": amount.plain, "cause": "zero"}
            )

    def choice(self, entry: Entry | None, pointer: str, values: Sequence[str]) -> str | None:
        """One of a few words; ``None`` when absent, or when it is another (which is noted)."""

        def read(value: Any) -> str:
            text = text_from(value).strip().lower()
            if text not in values:
                shown = Message("{list}", "{list}").having(list=", ".join(values))
                raise FieldError(value, _NOT_ONE_OF.having(text=text[:40]), _ONE_OF.having(values=shown))
            return text

        return self.take(entry, pointer, read, exact=True)

    def date(self, entry: Entry | None, pointer: str, role: str) -> date | None:
        value = self.take(entry, pointer, date_from)
        if value is not None and entry is not None:
            place = self.at(entry.node, pointer_to(pointer, entry.key))
            self.dates.append(Dated(value=value, role=role, place=place))
        return value

    # -- the record -------------------------------------------------------------------------------------------

    def record(self, node: Node, pointer: str) -> Facts:
        """The facts of one record."""
        if not isinstance(node, Fields):
            self.trouble("REC001", self.at(node, pointer), _NOT_ITEM)
            return Facts(path=self.source.path, troubles=tuple(self.troubles))
        fields = self.fields(node, pointer, "record", "record")
        get = fields.get
        around = self.settings.context()
        self.currency = self.take(get("currency"), pointer, currency_from)
        reference = self.text(get("reference"), pointer)
        title = self.text(get("title"), pointer)
        self.text(get("authority"), pointer)
        self.year = self.take(get("fiscal_year"), pointer, year_from) or around.fiscal_year
        self.nomenclature = self.text(get("nomenclature"), pointer) or around.nomenclature
        voted_on = self.date(get("voted_on"), pointer, "voted_on")
        section = self.choice(get("section"), pointer, tuple(SECTIONS))
        self.section = SECTIONS[section] if section is not None else _section_in(title)
        beneficiary, self.kind = self.beneficiary(get("beneficiary"), pointer)
        if self.kind is None and beneficiary is None:
            self.kind = _kind_in_title(title)
        convention, convention_place = self.convention(get("convention"), pointer)
        self.period(get("period"), pointer)

        total = self.amount(get("total"), pointer)
        if "total" not in fields or _is_null(fields["total"].node):
            self.missing("total", node, pointer)
        taken_back = _says_taken_back(title)
        if not taken_back:
            self.positive(total, "total", zero=True)
        imputed = self.charge(get("imputation"), pointer, total)
        self.base(fields, pointer, total)
        self.words(get("amount_in_words"), pointer, total)

        partitions: list[_Partition] = []
        allocations = get("allocations")
        if allocations is not None and not _is_null(allocations.node):
            here = pointer_to(pointer, "allocations")
            parts = self.parts(allocations, here, total, "allocation", topic="allocations")
            partitions.append(_Partition("funder", parts))
            for part in parts:
                if not (taken_back or part.taken_back):
                    self.positive(part.amount, "amount")
        partitions.extend(self.breakdowns(get("breakdowns"), pointer, total))
        self.percentages(get("percentages"), pointer)
        self.ceilings(get("ceilings"), pointer, total)
        self.plan(get("financing_plan"), pointer)

        context = Context(
            fiscal_year=self.year,
            nomenclature=self.nomenclature,
            body=around.body,
            voted_on=voted_on,
            section=self.section,
            beneficiary=self.kind,
            own_segments=around.own_segments,
            options=around.options,
        )
        main = Grant(
            place=total.place if total is not None and total.place is not None else self.at_head(node, pointer),
            amount=total,
            convention=convention,
            convention_place=convention_place,
            beneficiary=beneficiary,
            beneficiary_kind=self.kind,
            reference=reference,
            imputed=imputed or bool(self.charges),
            dates=tuple(self.dates),
            facts=MappingProxyType(
                {"accounts": _accounts(self.charges), "spread": self.nested or _over_a_year(self.dates)}
            ),
        )
        return Facts(
            path=self.source.path,
            root=pointer,
            reference=reference,
            context=context,
            claims=tuple(self.claims),
            charges=tuple(self.charges),
            figures=tuple(self.figures),
            grants=_grants(main, partitions),
            troubles=tuple(self.troubles),
        )

    # -- parts of the record ----------------------------------------------------------------------------------

    def beneficiary(self, entry: Entry | None, pointer: str) -> tuple[str | None, BeneficiaryKind | None]:
        """Name and kind, from a name or a mapping; the kind is inferred from the name only when that is plain."""
        if entry is None or _is_null(entry.node):
            return None, None
        if isinstance(entry.node, Scalar):
            name = self.text(entry, pointer)
            return name, None if name is None else _kind_in_name(name)
        here = pointer_to(pointer, entry.key)
        fields = self.fields(entry.node, here, "beneficiary", entry.key)
        name = self.text(fields.get("name"), here)
        self.take(fields.get("siret"), here, code_from, exact=True)
        kind = self.choice(fields.get("kind"), here, KINDS)
        if kind is not None:
            return name, next(known for known in KINDS if known == kind)
        return name, None if name is None else _kind_in_name(name)

    def convention(self, entry: Entry | None, pointer: str) -> tuple[bool | None, Place | None]:
        """Whether there is a convention: a yes or no, or what is known of it."""
        if entry is None or _is_null(entry.node):
            return None, None
        here = pointer_to(pointer, entry.key)
        if isinstance(entry.node, Fields):
            fields = self.fields(entry.node, here, "convention", entry.key)
            self.date(fields.get("signed_on"), here, "convention")
            self.text(fields.get("reference"), here)
            return True, self.at_key(entry, here)
        said = self.take(entry, pointer, flag_from)
        return said, None if said is None else self.at(entry.node, here)

    def period(self, entry: Entry | None, pointer: str) -> None:
        if entry is None or _is_null(entry.node):
            return
        here = pointer_to(pointer, entry.key)
        if isinstance(entry.node, Scalar):
            from subsidy_rules.dates import parse_period

            def read(value: Any) -> Any:
                return parse_period(text_from(value))

            period = self.take(entry, pointer, read)
            if period is not None:
                place = self.at(entry.node, here)
                self.dates.append(Dated(value=period.start, role="start", place=place))
                self.dates.append(Dated(value=period.end, role="end", place=place))
            return
        fields = self.fields(entry.node, here, "period", entry.key)
        self.date(fields.get("start"), here, "start")
        self.date(fields.get("end"), here, "end")

    def charge(self, entry: Entry | None, pointer: str, amount: Amount | None) -> bool:
        """Notes the imputation of a part; False when it has none."""
        code = self.take(entry, pointer, code_from, exact=True)
        if code is None or entry is None:
            return entry is not None and not _is_null(entry.node)
        here = pointer_to(pointer, entry.key)
        imputation: Imputation | None = None
        trouble: Message | None = None
        try:
            imputation = parse_imputation(code, fiscal_year=self.year, nomenclature=self.nomenclature)
        except ImputationError as error:
            trouble = error.reason
        self.charges.append(
            Charge(
                raw=code,
                imputation=imputation,
                place=self.at(entry.node, here),
                strict=True,
                section=self.section,
                beneficiary=self.kind,
                amount=amount,
                trouble=trouble,
            )
        )
        return True

    def base(self, fields: dict[str, Entry], pointer: str, total: Amount | None) -> None:
        """The base and the percentage of it that the total is said to be."""
        entry = fields.get("base")
        whole: Amount | None = None
        given = entry is not None and not _is_null(entry.node)
        if entry is not None and given:
            here = pointer_to(pointer, "base")
            whole = self.labelled(entry.node, here, "base", "base")
            self.positive(whole, "base")
        stated_entry = fields.get("stated_percentage")
        if stated_entry is None or _is_null(stated_entry.node):
            return
        stated = self.percentage(stated_entry, pointer)
        place = self.place_of(stated, stated_entry, pointer)
        self.claims.append(
            Share(
                place=place,
                cue="stated_percentage",
                topic="stated_percentage",
                stated=stated,
                part=total,
                whole=whole,
                doubt=None if given else _NO_BASE,
            )
        )

    def labelled(self, node: Node, pointer: str, name: str, shape: str) -> Amount | None:
        """An amount, alone or with its label."""
        if isinstance(node, Scalar):
            return self.amount_at(node, pointer, name)
        fields = self.fields(node, pointer, shape, name)
        self.text(fields.get("label"), pointer)
        entry = fields.get("amount")
        if isinstance(node, Fields) and (entry is None or _is_null(entry.node)):
            self.missing("amount", node, pointer)
            return None
        return self.amount(entry, pointer)

    def words(self, entry: Entry | None, pointer: str, total: Amount | None) -> None:
        if entry is None or _is_null(entry.node):
            return
        place = self.at(entry.node, pointer_to(pointer, entry.key))
        said = self.take(entry, pointer, partial(amount_in_words_from, place=place), "REC002")
        if said is not None:
            self.figures.append(said)
        self.claims.append(Equal(place=place, cue=entry.key, topic="words", first=total, again=said))

    def parts(self, entry: Entry, pointer: str, whole: Amount | None, shape: str, *, topic: str) -> list[_Part]:
        """The parts of ``whole``: their amounts add up to it, their percentages are theirs, and add up to 100."""
        parts: list[_Part] = []
        listed = self.items(entry, pointer)
        read = [(self.fields(node, here, shape, entry.key), node, here) for node, here in listed]
        # A key of division gives percentages only; as soon as one part has an amount, each must.
        keyed = all(
            "percentage" in fields and ("amount" not in fields or _is_null(fields["amount"].node))
            for fields, _, _ in read
        )
        for fields, node, here in read:
            parts.append(self.part(fields, node, here, shape, whole, keyed=keyed))
        if not parts:
            return parts
        place = whole.place if whole is not None and whole.place is not None else self.at_key(entry, pointer)
        if not keyed:
            self.claims.append(
                Sum(
                    place=place,
                    cue=entry.key,
                    topic=topic,
                    total=whole,
                    parts=tuple(part.amount for part in parts),
                )
            )
        if all("percentage" in fields and not _is_null(fields["percentage"].node) for fields, _, _ in read):
            self.claims.append(
                SharesTotal(
                    place=self.at_key(entry, pointer),
                    cue=entry.key,
                    topic=topic,
                    percents=tuple(part.percentage for part in parts),
                    computed=not keyed,
                )
            )
        return parts

    def part(
        self, fields: dict[str, Entry], node: Node, pointer: str, shape: str, whole: Amount | None, *, keyed: bool
    ) -> _Part:
        get = fields.get
        funder = get("funder")
        named = self.text(funder, pointer)
        label = None
        if shape == "allocation" and isinstance(node, Fields) and (funder is None or _is_null(funder.node)):
            self.missing("funder", node, pointer)
        beneficiary = kind = convention = convention_place = None
        if not _USUAL.issuperset(fields):
            label = self.text(get("label"), pointer)
            beneficiary, kind = self.beneficiary(get("beneficiary"), pointer)
            convention, convention_place = self.convention(get("convention"), pointer)
            self.take(get("year"), pointer, year_from)
            self.date(get("date"), pointer, "payment")
        amount_entry = get("amount")
        amount = self.amount(amount_entry, pointer)
        if not keyed and isinstance(node, Fields) and (amount_entry is None or _is_null(amount_entry.node)):
            self.missing("amount", node, pointer)
        percentage = self.share(get("percentage"), pointer, amount, whole, claimed=not keyed)
        before = len(self.charges)
        imputed = self.charge(get("imputation"), pointer, amount)
        part = _Part(
            place=amount.place if amount is not None and amount.place is not None else self.at_head(node, pointer),
            amount=amount,
            percentage=percentage,
            beneficiary=beneficiary,
            kind=kind,
            convention=convention,
            convention_place=convention_place,
            imputed=imputed,
            taken_back=amount is not None
            and amount.n < 0
            and any(_says_taken_back(text, ("avoir", "remise", "reprise")) for text in (named, label)),
            accounts=_accounts(self.charges[before:]),
            node=node,
            pointer=pointer,
        )
        inner = self.breakdowns(get("breakdowns"), pointer, amount)
        if any(one.by in ("beneficiary", "year") and len(one.parts) > 1 for one in inner):
            self.nested = True
        return part

    def share(
        self, entry: Entry | None, pointer: str, part: Amount | None, whole: Amount | None, *, claimed: bool
    ) -> Percentage | None:
        """The percentage of a part, and the claim that it is the part's share of the whole."""
        if entry is None or _is_null(entry.node):
            return None
        stated = self.percentage(entry, pointer)
        if claimed:
            place = self.place_of(stated, entry, pointer)
            self.claims.append(Share(place=place, cue=entry.key, topic="part", stated=stated, part=part, whole=whole))
        return stated

    def breakdowns(self, entry: Entry | None, pointer: str, whole: Amount | None) -> list[_Partition]:
        """Other partitions of the same amount, nested as deep as the file is."""
        partitions: list[_Partition] = []
        if entry is None or _is_null(entry.node):
            return partitions
        for node, here in self.items(entry, pointer_to(pointer, entry.key)):
            fields = self.fields(node, here, "breakdown", "breakdowns")
            self.text(fields.get("label"), here)
            by = self.choice(fields.get("by"), here, PARTITIONS) or "other"
            total = whole
            own = fields.get("total")
            if own is not None and not _is_null(own.node):
                total = self.amount(own, here)
                place = self.at(own.node, pointer_to(here, "total"))
                self.claims.append(Equal(place=place, cue="total", topic="again", first=whole, again=total))
            parts_entry = fields.get("parts")
            if parts_entry is None or _is_null(parts_entry.node):
                if isinstance(node, Fields):
                    self.missing("parts", node, here)
                continue
            parts = self.parts(parts_entry, pointer_to(here, "parts"), total, "part", topic=by)
            partitions.append(_Partition(by, parts))
        return partitions

    def percentages(self, entry: Entry | None, pointer: str) -> None:
        """Percentages with their own part and base."""
        if entry is None or _is_null(entry.node):
            return
        for node, here in self.items(entry, pointer_to(pointer, entry.key)):
            fields = self.fields(node, here, "percentage", entry.key)
            self.text(fields.get("label"), here)
            if not isinstance(node, Fields):
                continue
            for name in ("stated", "part", "base"):
                if name not in fields or _is_null(fields[name].node):
                    self.missing(name, node, here)
            part = self.labelled_field(fields.get("part"), here)
            whole = self.labelled_field(fields.get("base"), here)
            stated_entry = fields.get("stated")
            stated = self.percentage(stated_entry, here)
            place = stated.place if stated is not None and stated.place is not None else self.at_head(node, here)
            self.claims.append(
                Share(place=place, cue="stated", topic="percentages", stated=stated, part=part, whole=whole)
            )

    def labelled_field(self, entry: Entry | None, pointer: str) -> Amount | None:
        if entry is None or _is_null(entry.node):
            return None
        return self.labelled(entry.node, pointer_to(pointer, entry.key), entry.key, "base")

    def ceilings(self, entry: Entry | None, pointer: str, total: Amount | None) -> None:
        """Ceilings: an amount, or a rate of an amount, that the total (or another amount) does not exceed."""
        if entry is None or _is_null(entry.node):
            return
        for node, here in self.items(entry, pointer_to(pointer, entry.key)):
            fields = self.fields(node, here, "ceiling", entry.key)
            if not isinstance(node, Fields):
                continue
            self.text(fields.get("label"), here)
            value = total
            own = fields.get("amount")
            if own is not None and not _is_null(own.node):
                value = self.amount(own, here)
            limit_entry, rate_entry = fields.get("limit"), fields.get("rate")
            rated = rate_entry is not None and not _is_null(rate_entry.node)
            if not rated:
                self.labelled_field(fields.get("of"), here)  # no rate applies to it, but it must be readable
            if rate_entry is not None and rated:
                rate = self.percentage(rate_entry, here)
                of_entry = fields.get("of")
                if of_entry is None or _is_null(of_entry.node):
                    self.missing("of", node, here)
                of = self.labelled_field(of_entry, here)
                place = self.at(rate_entry.node, pointer_to(here, "rate"))
                made = _rate_of(rate, of)
                self.claims.append(
                    RateCeiling(
                        place=place,
                        cue="rate",
                        topic="ceiling",
                        value=value,
                        limit=made,
                        doubt=_rounded_ceiling(value, rate, of, made),
                        sources=tuple(figure for figure in (rate, of) if figure is not None),
                    )
                )
            if limit_entry is not None and not _is_null(limit_entry.node):
                limit = self.amount(limit_entry, here)
                place = self.at(limit_entry.node, pointer_to(here, "limit"))
                self.claims.append(AtMost(place=place, cue="limit", topic="ceiling", value=value, limit=limit))
            elif not rated:
                self.missing("limit", node, here)

    def plan(self, entry: Entry | None, pointer: str) -> None:
        """The financing plan: each side adds up, and the two are equal."""
        if entry is None or _is_null(entry.node):
            return
        here = pointer_to(pointer, entry.key)
        fields = self.fields(entry.node, here, "financing_plan", entry.key)
        if not isinstance(entry.node, Fields):
            return
        self.text(fields.get("label"), here)
        total_entry = fields.get("total")
        given = total_entry is not None and not _is_null(total_entry.node)
        total = self.amount(total_entry, here)
        sides: list[tuple[Entry, list[Amount | None]]] = []
        for name in ("expenses", "revenues"):
            side = fields.get(name)
            if side is None or _is_null(side.node):
                self.missing(name, entry.node, here, self.at_key(entry, here))
                continue
            amounts = self.lines(side, pointer_to(here, name), total)
            if not amounts:
                continue
            sides.append((side, amounts))
            if given and total_entry is not None:
                place = self.at(total_entry.node, pointer_to(here, "total"))
                self.claims.append(Sum(place=place, cue=name, topic=name, total=total, parts=tuple(amounts)))
        if len(sides) == 2 and not given:
            (first, expenses), (again, revenues) = sides
            spent, received = _added(expenses), _added(revenues)
            exact = all(amount is None or amount.is_exact for amount in (*expenses, *revenues))
            same = spent is not None and received is not None and spent.fraction == received.fraction
            self.claims.append(
                SidesEqual(
                    place=self.at_key(again, pointer_to(here, "revenues")),
                    cue=first.key,
                    topic="balance",
                    first=spent,
                    again=received,
                    lines=tuple(amount for amount in (*expenses, *revenues) if amount is not None),
                    doubt=None if exact or same else _ROUNDED_PLAN,
                )
            )

    def lines(self, entry: Entry, pointer: str, whole: Amount | None) -> list[Amount | None]:
        """The lines of one side of a plan, or of one of its lines."""
        amounts: list[Amount | None] = []
        for node, here in self.items(entry, pointer):
            fields = self.fields(node, here, "line", entry.key)
            if not isinstance(node, Fields):
                amounts.append(None)
                continue
            self.text(fields.get("label"), here)
            amount_entry = fields.get("amount")
            if amount_entry is None or _is_null(amount_entry.node):
                self.missing("amount", node, here)
            amount = self.amount(amount_entry, here)
            amounts.append(amount)
            self.share(fields.get("percentage"), here, amount, whole, claimed=whole is not None)
            below = fields.get("lines")
            if below is not None and not _is_null(below.node):
                inner = self.lines(below, pointer_to(here, "lines"), whole)
                if inner:
                    place = (
                        amount.place if amount is not None and amount.place is not None else self.at_head(node, here)
                    )
                    self.claims.append(Sum(place=place, cue="lines", topic="lines", total=amount, parts=tuple(inner)))
        return amounts


# -- small pieces ---------------------------------------------------------------------------------------------------


def _is_null(node: Node) -> bool:
    return isinstance(node, Scalar) and node.kind == "null"


def _carried(node: Scalar) -> Any:
    """The Python value that a scalar carries: numbers stay exact, with the digits written."""
    match node.kind:
        case "text" | "word":
            return node.text
        case "number":
            if len(node.text) <= 500 and node.text.removeprefix("-").isdecimal():
                return int(node.text)
            try:
                return Decimal(node.text)
            except ArithmeticError:  # an exponent that no decimal can have
                return Decimal("Infinity")
        case "boolean" | "value":
            return node.value
        case _:
            return None


def _plain(node: Node) -> Any:
    """The content of a node without its places, for comparing two."""
    if isinstance(node, Scalar):
        return node.kind, node.text, node.value
    if isinstance(node, Items):
        return [_plain(item) for item in node.nodes]
    return [(entry.key, _plain(entry.node)) for entry in node.entries]


def _path(pointer: str) -> Message | None:
    """A pointer as people say it: ``/allocations/1`` is « allocations n° 2 ». ``None`` for the record itself."""
    said: list[str] = []
    for step in pointer.split("/")[1:]:
        if step.isdecimal():
            number = f"{{number}} {int(step) + 1}"
            said.append(f"{said.pop()} {number}" if said else number)
        else:
            said.append(step)
    if not said:
        return None
    path = ", ".join(said)
    return Message(path.replace("{number}", "n°"), path.replace("{number}", "no."))


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:79] + "…"


def _nearest(name: str, known: Sequence[str]) -> str | None:
    """The known field that a name was probably meant to be."""
    import unicodedata
    from difflib import get_close_matches

    if len(name) > 60:
        return None
    folded = unicodedata.normalize("NFD", name.lower().replace("-", "_").replace(" ", "_"))
    plain = "".join(char for char in folded if not unicodedata.combining(char))
    if plain in known:
        return plain
    meant = _MEANT.get(plain)
    if meant in known:
        return meant
    close = get_close_matches(plain, known, n=1, cutoff=0.7)
    return close[0] if close else None


def _added(amounts: Sequence[Amount | None]) -> Amount | None:
    """The sum of amounts as they are printed; ``None`` as soon as one was not read."""
    read = [amount for amount in amounts if amount is not None]
    if len(read) != len(amounts):
        return None
    currencies = {amount.currency for amount in read if amount.currency is not None}
    value = sum((amount.fraction for amount in read), Fraction(0))
    decimals = max(max(amount.decimals - amount.exponent, 0) for amount in read)
    return Amount(
        n=int(value * 10**decimals),
        decimals=decimals,
        currency=currencies.pop() if len(currencies) == 1 else None,
    )


def _rate_of(rate: Percentage | None, of: Amount | None) -> Amount | None:
    """The ceiling that a rate of an amount makes: a rate set by a rule is a number, not a measurement.

    Money has no fractions of a cent: 50 % of 33 333,33 is 16 666,67, rounded as usual.
    """
    if rate is None or of is None or not of.is_exact or rate.qualifier is not None:
        return None
    decimals = rate.decimals + of.decimals + 2 + max(0, -rate.exponent)
    value = rate.fraction * of.fraction / 100
    cents = Fraction(floor(value * 100 + Fraction(1, 2)), 100)
    n = int(max(value, cents) * 10**decimals)
    while decimals and n % 10 == 0:
        n, decimals = n // 10, decimals - 1
    return Amount(n=n, decimals=decimals, currency=of.currency, tax=of.tax)


def _rounded_ceiling(
    value: Amount | None, rate: Percentage | None, of: Amount | None, limit: Amount | None
) -> Message | None:
    """Why an amount just above a ceiling does not surely exceed it: its rounding to the euro, or that of the rate."""
    if value is None or rate is None or of is None or limit is None or not value.is_exact or of.fraction <= 0:
        return None
    if value.fraction <= limit.fraction:
        return None
    exact = rate.fraction * of.fraction / 100
    if value.fraction == floor(exact + Fraction(1, 2)):
        return _TO_THE_EURO
    # « 33,33 % » is most often a third that was rounded; « 30 % » or « 12,5 % » is a rate that was set.
    if rate.decimals >= 2 and 2 * abs(100 * value.fraction / of.fraction - rate.fraction) <= rate.unit:
        return _ROUNDED_RATE
    return None


# Said without regular expressions: compiling any of them would cost more than reading a whole record.
_ARTICLES: Final = ("la ", "le ", "l'")
_FIRST_WORDS: Final[Mapping[str, BeneficiaryKind]] = {
    "association": "association", "assoc.": "association", "amicale": "association", "ligue": "association",
    "fédération": "association", "fondation": "association", "comité des fêtes": "association",
    "commune de": "public", "commune d'": "public", "commune du": "public", "commune des": "public",
    "ville de": "public", "ville d'": "public", "ville du": "public", "ville des": "public",
    "mairie de": "public", "mairie d'": "public", "mairie du": "public", "mairie des": "public",
    "métropole de": "public", "métropole d'": "public", "métropole du": "public",
    "département de": "public", "département d'": "public", "département du": "public", "département des": "public",
    "région": "public", "ccas": "public", "cias": "public", "office public": "public",
    "université de": "public", "université d'": "public",
    "communauté de communes": "public", "communauté d'agglomération": "public", "communauté urbaine": "public",
    "syndicat mixte": "public", "syndicat intercommunal": "public", "centre hospitalier": "public",
    "centre communal d'action sociale": "public", "centre intercommunal d'action sociale": "public",
    "sarl": "entreprise", "sas": "entreprise", "sasu": "entreprise", "eurl": "entreprise", "sa": "entreprise",
    "société": "entreprise", "entreprise": "entreprise",
}  # fmt: skip
_REGIONS: Final = frozenset((
    "alsace", "aquitaine", "auvergne", "auvergne-rhône-alpes", "basse-normandie", "bourgogne",
    "bourgogne-franche-comté", "bretagne", "centre", "centre-val de loire", "champagne-ardenne", "corse",
    "franche-comté", "grand est", "guadeloupe", "haute-normandie", "hauts-de-france", "île-de-france", "ile-de-france",
    "la réunion", "réunion", "languedoc-roussillon", "limousin", "lorraine", "midi-pyrénées", "nord-pas-de-calais",
    "normandie", "nouvelle-aquitaine", "occitanie", "pays de la loire", "des pays de la loire", "picardie",
    "poitou-charentes", "provence-alpes-côte d'azur", "rhône-alpes",
))  # fmt: skip
_NOT_SO_PLAIN: Final[Mapping[BeneficiaryKind, frozenset[str]]] = {
    # Clubs and friends that bear a public body's name, « Université du temps libre », « Commune libre de… ».
    "public": frozenset((
        "amicale", "amis", "art", "arts", "association", "athlétisme", "badminton", "basket", "boules", "club",
        "comité", "culture", "cyclisme", "cycliste", "danse", "fc", "fêtes", "foot", "football", "gym", "hand",
        "handball", "hockey", "judo", "libre", "loisirs", "natation", "orchestre", "personnel", "populaire", "rugby",
        "savoirs", "section", "ski", "sport", "sportif", "sportive", "sports", "tennis", "théâtre", "triathlon",
        "union", "vie", "volley", "âge", "âges", "été",
    )),
    # « Association syndicale autorisée », « association foncière », « fédération départementale d'énergie »: public.
    "association": frozenset(("syndicale", "foncière", "énergie", "énergies", "électricité", "electricité")),
}  # fmt: skip
"""Words by which a name is no longer plain."""


def _kind_in_name(name: str) -> BeneficiaryKind | None:
    """What a name says its bearer is, when its first words leave no doubt."""
    said = name.strip().lower().replace("’", "'")
    for article in _ARTICLES:
        said = said.removeprefix(article)
    for words, kind in _FIRST_WORDS.items():
        if said.startswith(words) and (words[-1] == "'" or not said[len(words) : len(words) + 1].isalnum()):
            if words == "région" and said[len(words) :].strip().removeprefix("de ") not in _REGIONS:
                return None
            others = _NOT_SO_PLAIN.get(kind)
            if others and not others.isdisjoint(said.replace("'", " ").replace("-", " ").replace(",", " ").split()):
                return None
            return kind
    return None


_TAKEN_BACK: Final = (
    "annul", "ajustement", "déduction", "déduire", "déduit", "dégagement", "désengagement", "diminution",
    "minoration", "réduction", "réfaction", "régularisation", "remboursement", "restitution",
    "retenue", "retrait", "reversement", "trop perçu", "trop-perçu", "trop versé", "trop-versé",
    "cancel", "clawback", "decrease", "deduct", "overpaid", "overpayment", "recovery", "reduction", "refund",
    "repayment", "withdraw",
)  # fmt: skip
"""What calls a negative amount by its name: money taken back, which is no slip of the sign."""


def _says_taken_back(text: str | None, first: tuple[str, ...] = ()) -> bool:
    """True when a title or a label calls money taken back by its name, or begins by one of the words ``first``."""
    if text is None:
        return False
    said = text.lower()
    return said.startswith(first) or any(word in said for word in _TAKEN_BACK)


def _kind_in_title(title: str | None) -> BeneficiaryKind | None:
    return "association" if title is not None and "à l'association " in title.lower().replace("’", "'") else None


def _section_in(title: str | None) -> Section | None:
    """The section that a title names, when it names only one."""
    if title is None:
        return None
    said = title.lower().replace("’", "'")
    operating, investment = "fonctionnement" in said, "investissement" in said
    if operating == investment or "subvention" not in said:
        return None
    if operating:
        named = "subvention de fonctionnement" in said or "subventions de fonctionnement" in said
        return "fonctionnement" if named else None
    named = "subvention d'investissement" in said or "subventions d'investissement" in said
    return "investissement" if named else None


def _accounts(charges: Sequence[Charge]) -> tuple[str, ...]:
    """The accounts that imputations name; an empty text for one that names none."""
    return tuple("" if one.imputation is None else one.imputation.nature or "" for one in charges)


def _over_a_year(dates: Sequence[Dated]) -> bool:
    """True when the subsidised period is longer than a year: how much falls in each is then not known."""
    start = next((dated.value for dated in dates if dated.role == "start"), None)
    end = next((dated.value for dated in dates if dated.role == "end"), None)
    return start is not None and end is not None and (end - start).days > 366


def _receivers(partitions: Sequence[_Partition]) -> list[_Part] | None:
    """The parts of the total that go each to another beneficiary, when it is said so."""
    for partition in partitions:
        if partition.by == "beneficiary" and len(partition.parts) > 1:
            return partition.parts
    for partition in partitions:
        names = [part.beneficiary for part in partition.parts]
        if partition.by == "funder" and len(names) > 1 and None not in names and len(set(names)) == len(names):
            return partition.parts
    return None


def _grants(main: Grant, partitions: Sequence[_Partition]) -> tuple[Grant, ...]:
    """One grant for each beneficiary, with what it receives in a year.

    The threshold of the law is yearly and by beneficiary: a total over several years or several beneficiaries says
    only what its partitions say. A total shared by funders may come from as many authorities: each part is then given
    (``facts["funders"]``), for the rules to tell apart what is sure. A breakdown that does not say by what it divides
    (``facts["others"]``) may be one by beneficiary or by year.
    """
    years = next((p.parts for p in partitions if p.by == "year" and len(p.parts) > 1), None)
    receivers = _receivers(partitions)
    funders = next((p.parts for p in partitions if p.by == "funder" and len(p.parts) > 1), None)
    others = next((p.parts for p in partitions if p.by == "other" and len(p.parts) > 1), None)
    facts: dict[str, Any] = dict(main.facts)
    for name, parts in (("funders", funders), ("years", years), ("others", others)):
        if parts is not None:
            facts[name] = tuple(part.amount for part in parts)
    if receivers is not None and years is None:
        return (
            replace(main, facts=MappingProxyType({**facts, "receivers": tuple(p.amount for p in receivers)})),
            *(
                Grant(
                    place=part.place,
                    amount=part.amount,
                    convention=main.convention if part.convention is None else part.convention,
                    convention_place=main.convention_place if part.convention is None else part.convention_place,
                    beneficiary=part.beneficiary,
                    beneficiary_kind=part.kind or (main.beneficiary_kind if part.beneficiary is None else None),
                    reference=main.reference,
                    facts=MappingProxyType(
                        {**main.facts, "part": True, "accounts": part.accounts or main.facts["accounts"]}
                    ),
                )
                for part in receivers
            ),
        )
    if receivers is not None:
        facts["receivers"] = tuple(part.amount for part in receivers)
    return (replace(main, facts=MappingProxyType(facts)),)
