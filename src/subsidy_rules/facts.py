"""What was found in one source, before any judgement: the meeting point of readers and rules.

Records, documents and tables are read in very different ways, but they end as the same facts, so that a rule is
written once and judges all three. Facts carry no verdict.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal

from subsidy_rules.claims import Claim, Confidence
from subsidy_rules.figures import Amount, Figure
from subsidy_rules.frozen import dataclass
from subsidy_rules.place import Place
from subsidy_rules.wording import Message

if TYPE_CHECKING:
    from subsidy_rules.imputation import Imputation

__all__ = [
    "BeneficiaryKind",
    "Charge",
    "Context",
    "Dated",
    "Facts",
    "Grant",
    "Leftover",
    "OwnSegment",
    "Section",
    "Trouble",
]

Section = Literal["fonctionnement", "investissement"]
BeneficiaryKind = Literal["association", "entreprise", "menage", "public", "autre"]

NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSegment:
    """A segment that a body declares as its own: its name, the pattern of its codes, what it means."""

    name: str
    pattern: str
    meaning: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What is known around the figures, from the source itself or from the settings. ``None`` is not known."""

    fiscal_year: int | None = None
    nomenclature: str | None = None
    body: str | None = None
    voted_on: date | None = None
    section: Section | None = None
    beneficiary: BeneficiaryKind | None = None
    own_segments: tuple[OwnSegment, ...] = ()
    options: Mapping[str, Any] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """An imputation where it is written, with what is said around it.

    ``strict``: the source is data (a record, a table), where a code must be written properly; in prose a code may
    have been repaired to be read. ``section`` and ``beneficiary`` are what the words beside it say of the subsidy.
    """

    raw: str
    imputation: Imputation | None
    place: Place
    strict: bool = False
    section: Section | None = None
    beneficiary: BeneficiaryKind | None = None
    amount: Amount | None = None
    trouble: Message | None = None
    confidence: Confidence = "high"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leftover:
    """A template field that was never filled, as written. ``kind`` tells which (date, field, blank, error…)."""

    text: str
    kind: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A date where it is written, with its part in the act (``voted_on``, ``start``, ``end``, ``convention``…)."""

    value: date
    role: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One subsidy as a whole: what the rules of law look at.

    ``convention``: True or False when the source says so, ``None`` when it is silent. ``amount`` is what the
    beneficiary receives in the year, when it was read.
    """

    place: Place
    amount: Amount | None = None
    convention: bool | None = None
    convention_place: Place | None = None
    beneficiary: str | None = None
    beneficiary_kind: BeneficiaryKind | None = None
    reference: str | None = None
    imputed: bool | None = None
    dates: tuple[Dated, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something that could not be read as what it should be; ``code`` is the rule that tells it.

    ``words`` fill the placeholders of that rule's message; ``state`` is ``broken`` for what is wrong in itself
    (a missing cell) and ``unknown`` for what could not be decided.
    """

    code: str
    place: Place
    words: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    says: Message | None = None
    related: tuple[Place, ...] = ()
    values: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    state: Literal["broken", "unknown"] = "broken"
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything found in one source. ``figures`` are all figures seen, whether or not a claim uses them.

    ``root``: the pointer of this record in a file of several, where only its ``reference`` stays the same when records
    come and go; else empty.
    """

    path: str
    root: str = ""
    reference: str | None = None
    context: Context = Context()
    claims: tuple[Claim, ...] = ()
    charges: tuple[Charge, ...] = ()
    figures: tuple[Figure, ...] = ()
    leftovers: tuple[Leftover, ...] = ()
    grants: tuple[Grant, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    remarks: tuple[Message, ...] = ()
    unread: int = 0
