"""A rule: one named judgement, with its authority, its wording in both languages and two examples, in one place.

A rule is a small pure function. It is given one subject (a judged claim, an imputation, a leftover, a grant…) and the
context, and answers with verdicts. Its metadata is what `subsidy-rules rule CODE`, the documentation and the
reports are made from, and its examples run as tests, so none of them can drift from the code.

Writing one of your own:

    from subsidy_rules import check, rule
    from subsidy_rules.rulebook import broken, holds

    @rule("VILLE001", name="grant-too-large", on="grant", fr="La subvention dépasse {limit}.", en="Over {limit}.")
    def grant_too_large(grant, context):
        if grant.amount is None:
            return unknown(grant.place)
        return broken(grant.place, limit=LIMIT) if grant.amount.value > LIMIT else holds(grant.place)

    check("dossier/", rules=[grant_too_large])
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from datetime import date
from types import MappingProxyType
from typing import Any, Final, Literal

from subsidy_rules.claims import Claim, Confidence, Judgement, State
from subsidy_rules.facts import Context
from subsidy_rules.frozen import dataclass
from subsidy_rules.place import Place
from subsidy_rules.wording import Message

__all__ = [
    "ARITHMETIC",
    "Authority",
    "Example",
    "Repair",
    "Rule",
    "Severity",
    "Subject",
    "Verdict",
    "approximate",
    "broken",
    "holds",
    "of_claim",
    "rule",
    "unknown",
]

Severity = Literal["error", "warning", "note"]
Subject = Literal[
    "sum",
    "percentage",
    "at_most",
    "equal",
    "count",
    "tax",
    "change",
    "shares_total",
    "balance",
    "average",
    "charge",
    "leftover",
    "grant",
    "facts",
    "trouble",
]
"""What a rule looks at: a judged claim of one kind (``claims.Judgement``), one ``facts.Charge``, ``Leftover``,
``Grant``, the whole ``Facts`` of a source, or a ``Trouble`` met while reading (told under the rule's code)."""

_CODE: Final = re.compile(r"[A-Z]{2,12}[0-9]{3}")
_NAME: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+){0,8}")


@dataclass(frozen=True, slots=True)
class Authority:
    """Where a rule comes from: a law, a decree, a standard, arithmetic. ``since``/``until`` bound its validity."""

    text: Message
    since: date | None = None
    until: date | None = None


UNSAID: Final = Message("", "")

ARITHMETIC: Final = Authority(Message("arithmétique", "arithmetic"))


@dataclass(frozen=True, slots=True)
class Repair:
    """A change of one figure that would restore the claims: shown, never applied."""

    old: str
    new: str
    place: Place | None = None
    kind: str = ""
    says: Message | None = None
    probability: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a rule answers about one subject. ``words`` fill its message; ``values`` are what it rests on.

    ``says`` replaces the rule's own message; ``severity`` its severity; ``key`` identifies the finding from one run
    to the next, whatever the lines become (by default the quote).
    """

    state: State
    place: Place
    words: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    values: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    related: tuple[Place, ...] = ()
    repairs: tuple[Repair, ...] = ()
    working: Message | None = None
    says: Message | None = None
    severity: Severity | None = None
    confidence: Confidence = "high"
    key: str = ""


def holds(place: Place, **values: Any) -> Verdict:
    """The subject is as it should be."""
    return Verdict(state="holds", place=place, values=values)


def broken(place: Place, **words: Any) -> Verdict:
    """The subject contradicts the rule; ``words`` fill the rule's message."""
    return Verdict(state="broken", place=place, words=words)


def unknown(place: Place, **words: Any) -> Verdict:
    """The rule cannot tell; ``words`` fill its message for doubt."""
    return Verdict(state="unknown", place=place, words=words)


def approximate(claim: Claim) -> bool:
    """True when the claim rests on a figure said with « environ », « près de », « de l'ordre de »."""
    return any(figure.qualifier == "about" for figure in claim.figures())


def of_claim(judged: Judgement, **words: Any) -> Verdict:
    """The verdict of a judged claim as it stands: its state, place, working, values and confidence.

    The places of the claim's figures come as related places; ``{working}`` and ``{reason}`` can be used in the
    rule's messages.
    """
    claim = judged.claim
    related: list[Place] = []
    for figure in claim.figures():
        place = figure.place
        if place is not None and place != claim.place and place not in related:
            related.append(place)
    return Verdict(
        state=judged.state,
        place=claim.place,
        words={"working": judged.working, "reason": judged.reason, "cue": claim.cue, **words},
        values={**claim.values(), **judged.values},
        related=tuple(related),
        working=judged.working,
        # « environ 35 % » of 33,3 %: how far « environ » goes is the writer's to say.
        confidence="low" if judged.state == "broken" and approximate(claim) else claim.confidence,
    )


@dataclass(frozen=True, slots=True)
class Example:
    """A source that a rule is shown on: a record (a mapping), or the text of a document, or of a CSV table.

    ``settings`` is the text of the configuration file that it is read with, when the rule looks at one; ``beside``
    that of another file of the same folder and format, for a rule that compares files.
    """

    source: Mapping[str, Any] | str
    suffix: str = ".txt"
    settings: str = ""
    beside: str = ""


Answer = Verdict | Iterable[Verdict] | None
Judge = Callable[[Any, Context], Answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule. ``says`` is the sentence when broken, ``doubts`` when it cannot tell (``None``: only counted)."""

    code: str
    name: str
    on: Subject
    judge: Judge
    says: Message
    title: Message
    severity: Severity = "error"
    doubts: Message | None = None
    why: Message = UNSAID
    computation: Message = UNSAID
    tolerance: Message = UNSAID
    inconclusive: Message = UNSAID
    authority: tuple[Authority, ...] = (ARITHMETIC,)
    good: Example | None = None
    bad: Example | None = None
    options: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not _CODE.fullmatch(self.code):
            raise ValueError(
                f"rule code {self.code!r}: two to twelve capitals and three digits are expected, as SUM001"
            )
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"rule name {self.name!r}: lower-case words joined by hyphens are expected")


def rule(
    code: str,
    *,
    name: str,
    on: Subject,
    fr: str,
    en: str,
    severity: Severity = "error",
    title: Message | None = None,
    doubts: Message | None = None,
    **details: Any,
) -> Callable[[Judge], Rule]:
    """Makes a :class:`Rule` of the function it decorates: ``fr`` and ``en`` are the message when broken.

    ``details`` are the other fields of :class:`Rule` (why, computation, authority, good, bad…). Nothing is
    registered: a rule is used where it is passed. Raises ``ValueError`` for an ill-formed code or name.
    """

    def make(judge: Judge) -> Rule:
        return Rule(
            code=code,
            name=name,
            on=on,
            judge=judge,
            says=Message(fr, en),
            title=title or Message(fr, en),
            severity=severity,
            doubts=doubts,
            **details,
        )

    return make
