"""From facts to findings: every claim judged once, every rule asked once for each of its subjects.

Pure: no file, no clock, no state kept between two calls. Errors of a rule are not swallowed: a rule that raises is a
defect of the rule, and hiding it would make the unknown look valid.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any

from subsidy_rules.claims import Judgement, State, judge
from subsidy_rules.facts import Context, Facts
from subsidy_rules.figures import Figure
from subsidy_rules.finding import Finding, Tally, make_finding
from subsidy_rules.frozen import dataclass
from subsidy_rules.rulebook import Rule, Verdict
from subsidy_rules.wording import Language

__all__ = ["Judged", "figure_key", "judge_facts", "order"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The outcome for one source. ``told`` pairs each judged claim with the finding that tells it, if one does.

    ``charges`` are the states of the imputations, in the order of the facts: broken when a rule says so, holds when
    some rule could judge it and none doubts, else unknown.
    """

    findings: tuple[Finding, ...]
    claims: tuple[Judgement, ...]
    untied: tuple[Figure, ...]
    told: tuple[tuple[Judgement, Finding], ...] = ()
    charges: tuple[State, ...] = ()


def judge_facts(facts: Facts, rules: Sequence[Rule], tally: Tally, language: Language) -> Judged:
    """Judges every claim of ``facts``, asks every rule, and adds the counts to ``tally``.

    A figure is tied when it took part in a claim that was decided (holds or broken).
    """
    judgements = tuple(judge(claim) for claim in facts.claims)
    for judged in judgements:
        tally.claim(judged.claim.kind, judged.state)
    findings: list[Finding] = []
    told: list[tuple[Judgement, Finding]] = []
    charged: dict[int, set[State]] = {id(charge): set() for charge in facts.charges}
    for rule in rules:
        for subject in _subjects(rule, facts, judgements):
            for verdict in _verdicts(rule, subject, facts.context):
                tally.rule(rule.code, verdict.state)
                if rule.on == "charge":
                    charged[id(subject)].add(verdict.state)
                finding = make_finding(rule, verdict, language)
                if finding is not None:
                    if facts.root and not finding.key:
                        finding = _named_by_reference(finding, facts)
                    findings.append(finding)
                    if isinstance(subject, Judgement):
                        told.append((subject, finding))
    tied = {
        figure_key(figure) for judged in judgements if judged.state != "unknown" for figure in judged.claim.figures()
    }
    untied = tuple(figure for figure in facts.figures if figure_key(figure) not in tied)
    tally.figures += len(facts.figures)
    tally.tied += len(facts.figures) - len(untied)
    tally.imputations += len(facts.charges)
    return Judged(
        findings=order(findings),
        claims=judgements,
        untied=untied,
        told=tuple(told),
        charges=tuple(_worst(charged[id(charge)]) for charge in facts.charges),
    )


def _named_by_reference(finding: Finding, facts: Facts) -> Finding:
    """The finding with a key that does not change when other records of its file come or go."""
    place = finding.place
    if not facts.reference or place.pointer is None or not place.pointer.startswith(facts.root):
        return finding
    inside = place.pointer[len(facts.root) :]
    return replace(finding, key="\0".join((facts.reference, inside, place.quote or "")))


def _worst(states: set[State]) -> State:
    if "broken" in states:
        return "broken"
    return "holds" if states == {"holds"} else "unknown"


def order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings in reading order, then by code: the same run always says the same things in the same order."""
    keyed = sorted((((*finding.place.sort_key, finding.code), finding) for finding in findings), key=itemgetter(0))
    out: list[Finding] = []
    for _, same in groupby(keyed, itemgetter(0)):
        # Fingerprints are dear, and seldom asked: two findings of one rule about one place are few.
        tied = [finding for _, finding in same]
        out.extend(tied if len(tied) == 1 else sorted(tied, key=attrgetter("fingerprint")))
    return tuple(out)


def _subjects(rule: Rule, facts: Facts, judgements: Sequence[Judgement]) -> Iterator[Any]:
    match rule.on:
        case "charge":
            yield from facts.charges
        case "leftover":
            yield from facts.leftovers
        case "grant":
            yield from facts.grants
        case "facts":
            yield facts
        case "trouble":
            yield from (trouble for trouble in facts.troubles if trouble.code == rule.code)
        case kind:
            yield from (judged for judged in judgements if judged.claim.kind == kind)


def _verdicts(rule: Rule, subject: Any, context: Context) -> Iterator[Verdict]:
    answer = rule.judge(subject, context)
    if answer is None:
        return
    if isinstance(answer, Verdict):
        yield answer
    else:
        yield from answer


def figure_key(figure: Figure) -> tuple[Any, ...]:
    """What makes two mentions one figure: the same stretch of the same source."""
    place = figure.place
    if place is None:
        return (id(figure),)
    return (place.path, place.line, place.column, place.pointer, place.sheet, place.cell, place.quote)
