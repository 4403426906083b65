"""Exceptions: findings that are known, explained, and set aside until a date.

What is set aside is never forgotten: each one is listed in the report with its reason. An exception that is over no
longer applies and is told, and so is one that nothing needs any more; the latter only when the run has read a source
that it is for, since a hook sees a few files at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from subsidy_rules.finding import Finding, make_finding
from subsidy_rules.place import Place
from subsidy_rules.rulebook import Rule, Verdict
from subsidy_rules.rules.exceptions import EXPIRED, UNUSABLE, UNUSED
from subsidy_rules.settings import Settings, Waiver, path_matches
from subsidy_rules.suppressions import Suppression
from subsidy_rules.wording import Message

__all__ = ["Aside", "set_aside"]


_FAULTS: Final = {
    "no-code": Message(
        "elle ne dit pas quelle règle, entre crochets : ignore[SUM001] motif",
        "it does not say which rule, in brackets: ignore[SUM001] reason",
    ),
    "bad-code": Message("ce qui est entre crochets n’est pas un code de règle", "what is in brackets is no rule code"),
    "no-reason": Message("elle ne donne pas de motif", "it gives no reason"),
}


@dataclass(frozen=True, slots=True)
class Aside:
    """A finding that is set aside, and why. ``until`` is ``None`` for a suppression written in the source."""

    finding: Finding
    reason: str
    until: date | None = None

    def to_json(self) -> dict[str, Any]:
        """What the report says of it."""
        return {
            "code": self.finding.code,
            "path": self.finding.place.path,
            "line": self.finding.place.line,
            "fingerprint": self.finding.fingerprint,
            "reason": self.reason,
            "until": None if self.until is None else self.until.isoformat(),
        }


def set_aside(
    findings: Sequence[Finding],
    suppressed: Sequence[Suppression],
    settings: Settings,
    *,
    sources: Iterable[str],
    codes: frozenset[str],
) -> tuple[tuple[Finding, ...], tuple[Aside, ...]]:
    """The findings that stay, with those that tell of the exceptions themselves, and those that are set aside.

    ``sources`` are the paths that were read and ``codes`` the rules that ran. With ``settings.use_waivers`` false,
    everything stays.
    """
    if not settings.use_waivers:
        return tuple(findings), ()
    today = settings.today or date.today()  # noqa: DTZ011 - an exception ends with the day of whoever runs the check
    running = [waiver for waiver in settings.waivers if waiver.until >= today]
    written = [one for one in suppressed if not one.fault]
    by_path: dict[str | None, list[Suppression]] = {}
    for one in written:
        by_path.setdefault(one.place.path, []).append(one)
    stay: list[Finding] = []
    aside: list[Aside] = []
    used: set[int] = set()
    for finding in findings:
        here = next((one for one in by_path.get(finding.place.path, ()) if _covers(one, finding)), None)
        if here is not None:
            used.add(id(here))
            aside.append(Aside(finding, here.reason))
            continue
        waiver = next((one for one in running if _waives(one, finding, settings)), None)
        if waiver is not None:
            used.add(id(waiver))
            aside.append(Aside(finding, waiver.reason, waiver.until))
            continue
        stay.append(finding)
    paths = tuple(sources)
    stay += _told(settings, running, written, suppressed, used, paths, codes)
    return tuple(stay), tuple(aside)


def _covers(one: Suppression, finding: Finding) -> bool:
    first, last = one.lines
    line = finding.place.line
    return line is not None and first <= line <= last and finding.code.startswith(one.codes)


def _waives(waiver: Waiver, finding: Finding, settings: Settings) -> bool:
    if not finding.code.startswith(waiver.code):
        return False
    if waiver.path and not path_matches(finding.place.path or "", waiver.path, settings.root):
        return False
    if waiver.fingerprint and finding.fingerprint != waiver.fingerprint:
        return False
    if not waiver.quote:
        return True
    quoted = (finding.place.quote or "", finding.say("fr"), finding.say("en"))
    return any(waiver.quote in text for text in quoted)


def _told(
    settings: Settings,
    running: list[Waiver],
    written: list[Suppression],
    suppressed: Sequence[Suppression],
    used: set[int],
    paths: tuple[str, ...],
    codes: frozenset[str],
) -> list[Finding]:
    told: list[tuple[Rule, Verdict]] = []
    for waiver in settings.waivers:
        over = waiver not in running
        idle = id(waiver) not in used and _concerns(waiver, settings, paths) and _ran((waiver.code,), codes)
        if over or idle:
            words = {"code": waiver.code, "until": waiver.until, "reason": waiver.reason}
            place = Place(path=settings.file, pointer="exceptions", quote=waiver.code)
            key = "\0".join((waiver.code, waiver.path, waiver.fingerprint, waiver.quote))
            verdict = Verdict(state="broken", place=place, words=words, key=key)
            told.append((EXPIRED if over else UNUSED, verdict))
    for one in written:
        if id(one) not in used and _ran(one.codes, codes):
            words = {"code": ", ".join(one.codes), "reason": one.reason}
            told.append((UNUSED, Verdict(state="broken", place=one.place, words=words)))
    told += [
        (UNUSABLE, Verdict(state="broken", place=one.place, words={"fault": _FAULTS[one.fault]}))
        for one in suppressed
        if one.fault
    ]
    chosen = [(rule, verdict) for rule, verdict in told if rule.code in codes]
    findings = (make_finding(rule, verdict, settings.language) for rule, verdict in chosen)
    return [finding for finding in findings if finding is not None]


def _concerns(waiver: Waiver, settings: Settings, paths: tuple[str, ...]) -> bool:
    """Whether a source that the exception is for was read. One that names a fingerprint only may be for any other."""
    if waiver.path:
        return any(path_matches(path, waiver.path, settings.root) for path in paths)
    return bool(paths) and not waiver.fingerprint


def _ran(wanted: tuple[str, ...], codes: frozenset[str]) -> bool:
    return any(code.startswith(wanted) for code in codes)
