"""Findings and the report: everything that a run has to say, frozen, as data.

A report counts what was judged as well as what was found wrong: « nothing found » means something only beside
the number of claims, figures and sources that were looked at, and of those that could not be.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal

from subsidy_rules import __version__
from subsidy_rules.claims import Confidence, Judgement, Share, State
from subsidy_rules.collecting import paused
from subsidy_rules.facts import Charge
from subsidy_rules.figures import Figure
from subsidy_rules.frozen import dataclass
from subsidy_rules.place import Place
from subsidy_rules.rulebook import Repair, Rule, Severity, Verdict
from subsidy_rules.wording import Language, Message

if TYPE_CHECKING:
    from subsidy_rules.diagnosis.pass_strength import Strength

__all__ = [
    "SCHEMA",
    "SEVERITIES",
    "Finding",
    "FindingsError",
    "Report",
    "Source",
    "Tally",
    "make_finding",
    "strength_of",
]

SCHEMA: Final = "subsidy-rules/report/1"
SEVERITIES: Final[tuple[Severity, ...]] = ("note", "warning", "error")
"""From the least to the most serious."""

_CAPS: Final[Mapping[Confidence, Severity]] = {"high": "error", "medium": "warning", "low": "note"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A verdict worth telling. ``message`` is in the report's language; ``say`` gives either.

    ``state`` is ``broken`` (the source contradicts itself or a rule) or ``unknown`` (it could not be decided).
    ``fingerprint`` names the same finding from one run to the next, whatever the line numbers become.
    """

    code: str
    name: str
    severity: Severity
    confidence: Confidence
    state: Literal["broken", "unknown"]
    text: Message
    place: Place
    related: tuple[Place, ...] = ()
    values: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    repairs: tuple[Repair, ...] = ()
    working: Message | None = None
    key: str = ""
    language: Language = "fr"

    @property
    def message(self) -> str:
        """The sentence, in the report's language."""
        return self.text.say(self.language)

    def say(self, language: Language) -> str:
        """The sentence in ``language``."""
        return self.text.say(language)

    @property
    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits from the code, the path and the key (or the quote and pointer)."""
        from hashlib import sha256  # a clean run needs none

        place = self.place
        anchor = self.key or "\0".join((place.pointer or "", place.sheet or "", place.quote or ""))
        return sha256("\0".join((self.code, place.path or "", anchor)).encode("utf-8", "replace")).hexdigest()[:16]

    def to_json(self, language: Language | None = None) -> dict[str, Any]:
        """The finding as the JSON report writes it."""
        said = language or self.language
        return {
            "code": self.code,
            "name": self.name,
            "severity": self.severity,
            "confidence": self.confidence,
            "state": self.state,
            "message": self.text.say(said),
            "working": None if self.working is None else self.working.say(said),
            "place": self.place.to_json(),
            "related": [place.to_json() for place in self.related],
            "values": dict(self.values),
            "repairs": [
                {
                    "old": repair.old,
                    "new": repair.new,
                    "kind": repair.kind,
                    "probability": repair.probability,
                    "message": None if repair.says is None else repair.says.say(said),
                    "place": None if repair.place is None else repair.place.to_json(),
                }
                for repair in self.repairs
            ],
            "fingerprint": self.fingerprint,
        }


def make_finding(rule: Rule, verdict: Verdict, language: Language) -> Finding | None:
    """The finding that tells ``verdict``, or ``None`` when there is nothing to tell (holds, or a doubt only counted).

    A reading that is not sure cannot weigh as much as one that is: medium confidence tells at most a warning, low
    confidence at most a note, and what could not be decided is a note.
    """
    if verdict.state == "holds":
        return None
    if verdict.state == "unknown":
        text = verdict.says or rule.doubts
        if text is None:
            return None
        severity: Severity = verdict.severity or "note"
    else:
        text = verdict.says or rule.says
        severity = verdict.severity or rule.severity
        cap = _CAPS[verdict.confidence]
        if SEVERITIES.index(severity) > SEVERITIES.index(cap):
            severity = cap
    return Finding(
        code=rule.code,
        name=rule.name,
        severity=severity,
        confidence=verdict.confidence,
        state=verdict.state,
        text=text.having(**verdict.words),
        place=verdict.place,
        related=verdict.related,
        values=verdict.values,
        repairs=verdict.repairs,
        working=verdict.working,
        key=verdict.key,
        language=language,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One file or value that was given: read, or not and why. ``remarks`` say what was guessed in reading it."""

    path: str
    status: Literal["read", "unreadable"] = "read"
    reason: Message | None = None
    format: str = ""
    remarks: tuple[Message, ...] = ()
    unread: int = 0
    rows: int | None = None

    def to_json(self, language: Language) -> dict[str, Any]:
        return {
            "path": self.path,
            "status": self.status,
            "reason": None if self.reason is None else self.reason.say(language),
            "format": self.format,
            "remarks": [remark.say(language) for remark in self.remarks],
            "unread_parts": self.unread,
            **({} if self.rows is None else {"rows": self.rows}),
        }


@dataclass(slots=True)
class Tally:
    """How many subjects each rule judged, by state, and how many claims and figures there were.

    The only mutable value of a run: a report is made from it when the run ends.
    """

    rules: dict[str, Counter[str]] = field(default_factory=dict)
    claims: Counter[str] = field(default_factory=Counter)
    kinds: dict[str, Counter[str]] = field(default_factory=dict)
    figures: int = 0
    tied: int = 0
    rows: int = 0
    imputations: int = 0

    def rule(self, code: str, state: str, times: int = 1) -> None:
        self.rules.setdefault(code, Counter())[state] += times

    def claim(self, kind: str, state: str, times: int = 1) -> None:
        self.claims[state] += times
        self.kinds.setdefault(kind, Counter())[state] += times

    def add(self, other: Tally) -> None:
        for code, counts in other.rules.items():
            self.rules.setdefault(code, Counter()).update(counts)
        self.claims.update(other.claims)
        for kind, counts in other.kinds.items():
            self.kinds.setdefault(kind, Counter()).update(counts)
        self.figures += other.figures
        self.tied += other.tied
        self.rows += other.rows
        self.imputations += other.imputations


class FindingsError(Exception):
    """Raised by ``Report.raise_for_findings``: carries the report and says the first findings."""

    def __init__(self, report: Report, findings: tuple[Finding, ...]) -> None:
        self.report = report
        self.findings = findings
        shown = "\n".join(f"{finding.code} {finding.message}" for finding in findings[:10])
        more = len(findings) - 10
        super().__init__(shown + (f"\n… +{more}" if more > 0 else ""))


_STATES: Final = ("holds", "broken", "unknown")


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The outcome of a run. Iterable fields are tuples in a defined order (path, place, code).

    ``skipped`` are the files met in a folder that no reader is for (a picture, another program's settings).
    """

    findings: tuple[Finding, ...] = ()
    claims: tuple[Judgement, ...] = ()
    imputations: tuple[Charge, ...] = ()
    imputation_states: tuple[State, ...] = ()
    sources: tuple[Source, ...] = ()
    untied: tuple[Figure, ...] = ()
    tally: Tally = field(default_factory=Tally)
    rules: tuple[Rule, ...] = ()
    language: Language = "fr"
    skipped: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def ok(self) -> bool:
        """True when something was read, all of it was, and nothing is broken at warning or above.

        Notes and doubts do not make a report not ok; they are counted in ``summary``.
        """
        return (
            bool(self.sources)
            and all(source.status == "read" for source in self.sources)
            and not self.at_or_above("warning", states=("broken",))
        )

    @property
    def figures(self) -> dict[str, Any]:
        """Coverage: how many figures were found, how many took part in a judged claim, and the others."""
        return {"found": self.tally.figures, "tied": self.tally.tied, "untied": list(self.untied)}

    @property
    def judged_imputations(self) -> tuple[tuple[Charge, State], ...]:
        """Each imputation with its state; ``unknown`` where no rule could judge it."""
        states = (*self.imputation_states, *["unknown"] * (len(self.imputations) - len(self.imputation_states)))
        return tuple(zip(self.imputations, states, strict=True))  # type: ignore[arg-type]

    @property
    def unreadable(self) -> tuple[Source, ...]:
        """The sources that could not be read."""
        return tuple(source for source in self.sources if source.status != "read")

    def at_or_above(self, severity: Severity, *, states: Iterable[str] = ("broken", "unknown")) -> tuple[Finding, ...]:
        """The findings of at least this severity."""
        floor = SEVERITIES.index(severity)
        wanted = frozenset(states)
        return tuple(f for f in self.findings if SEVERITIES.index(f.severity) >= floor and f.state in wanted)

    def raise_for_findings(self, severity: Severity = "error") -> None:
        """Raises :class:`FindingsError` when a finding is at least this serious, or a source was unreadable."""
        serious = self.at_or_above(severity)
        if serious or self.unreadable:
            raise FindingsError(self, serious)

    def saying(self, language: Language) -> Report:
        """The same report in the other language."""
        return replace(
            self,
            language=language,
            findings=tuple(replace(finding, language=language) for finding in self.findings),
        )

    @property
    def summary(self) -> dict[str, Any]:
        """Counts by state, by rule, by severity: what was judged as well as what was found."""
        return {
            "sources": {
                "read": sum(source.status == "read" for source in self.sources),
                "unreadable": len(self.unreadable),
                "skipped": len(self.skipped),
            },
            "claims": {state: self.tally.claims.get(state, 0) for state in _STATES},
            "kinds": {
                kind: {state: counts.get(state, 0) for state in _STATES}
                for kind, counts in sorted(self.tally.kinds.items())
            },
            "rules": {
                code: {state: counts.get(state, 0) for state in _STATES}
                for code, counts in sorted(self.tally.rules.items())
            },
            "findings": {
                severity: sum(finding.severity == severity for finding in self.findings)
                for severity in reversed(SEVERITIES)
            },
            "imputations": self.tally.imputations,
            **({"rows": self.tally.rows} if self.tally.rows else {}),
        }

    def to_json(self, language: Language | None = None) -> dict[str, Any]:
        """The report as plain data: ``subsidy-rules/report/1``. Amounts are decimal strings."""
        with paused():
            return self._to_json(language or self.language)

    def _to_json(self, said: Language) -> dict[str, Any]:
        return {
            "schema": SCHEMA,
            "tool": {"name": "subsidy-rules", "version": __version__},
            "language": said,
            "sources": [source.to_json(said) for source in self.sources],
            "findings": [finding.to_json(said) for finding in self.findings],
            "claims": [_claim_json(judged, said) for judged in self.claims],
            "imputations": [_charge_json(charge, state) for charge, state in self.judged_imputations],
            "figures": {
                "found": self.tally.figures,
                "tied": self.tally.tied,
                "untied": [
                    {
                        "text": figure.text,
                        "value": figure.plain,
                        "place": None if figure.place is None else figure.place.to_json(),
                    }
                    for figure in self.untied
                ],
            },
            "summary": self.summary,
            "skipped": list(self.skipped),
            **dict(self.extra),
        }

    def dumps(self, *, indent: int | None = 2, language: Language | None = None) -> str:
        """``to_json`` as JSON text."""
        import json  # a run that tells nothing writes none

        return json.dumps(self.to_json(language), ensure_ascii=False, indent=indent)


def strength_of(judged: Judgement) -> Strength | None:
    """How much a percentage that holds proves; ``None`` for any other claim."""
    claim = judged.claim
    if not isinstance(claim, Share) or judged.state != "holds":
        return None
    if claim.stated is None or claim.part is None or claim.whole is None or claim.stated.qualifier is not None:
        return None
    from subsidy_rules.diagnosis.pass_strength import strength

    try:
        return strength(claim.stated, claim.part, claim.whole)
    except ValueError:
        return None


def _strength(judged: Judgement) -> dict[str, Any] | None:
    """How many other printed values would have passed in the place of each figure."""
    found = strength_of(judged)
    if found is None:
        return None
    return {
        "other_rates": found.rates,
        "other_parts": found.parts,
        "other_wholes": found.wholes,
        "slips_noticed": f"{int(found.noticed * 100)} %",
    }


def _claim_json(judged: Judgement, language: Language) -> dict[str, Any]:
    claim = judged.claim
    return {
        "kind": claim.kind,
        "state": judged.state,
        "topic": claim.topic,
        "confidence": claim.confidence,
        "cue": claim.cue,
        "place": claim.place.to_json(),
        "values": claim.values(),
        "computed": judged.values,
        "working": judged.working.say(language),
        "reason": None if judged.reason is None else judged.reason.say(language),
        "remark": judged.remark,
        "strength": _strength(judged),
    }


def _charge_json(charge: Charge, state: State) -> dict[str, Any]:
    imputation = charge.imputation
    return {
        "raw": charge.raw,
        "segments": {} if imputation is None else dict(imputation.segments),
        "state": state,
        "place": charge.place.to_json(),
    }
