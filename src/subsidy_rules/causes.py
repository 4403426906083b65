"""One cause, one finding: the claims of a source are diagnosed together, and what vouches for what is said.

Claims that share figures form groups. In a group with a broken claim, the diagnosis looks for the figure whose change
restores them all; when one change dominates, the finding that holds that figure carries the repair and the findings
that were only its consequences become its related places (their claims stay listed as broken). In a group where every
claim holds alone, the figures may still contradict one another: that is told by ``SUM003``.

A group whose claims all hold and whose rounded figures serve once costs nothing: no system is built for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from subsidy_rules.claims import (
    AtMost,
    Balance,
    Change,
    Claim,
    Equal,
    Judgement,
    Share,
    SharesTotal,
    Sum,
    Taxed,
)
from subsidy_rules.engine import Judged, figure_key, order
from subsidy_rules.figures import Figure, Percentage
from subsidy_rules.finding import SEVERITIES, Finding, Tally, make_finding
from subsidy_rules.place import Place
from subsidy_rules.rulebook import Repair, Rule, Verdict
from subsidy_rules.wording import Language, Message

if TYPE_CHECKING:
    from subsidy_rules.diagnosis.record import Diagnosis
    from subsidy_rules.diagnosis.relations import Relation, System

__all__ = ["with_causes"]

JOINT_CODE: Final = "SUM003"
MOST_CLAIMS: Final = 400
"""Groups with more claims than this are told finding by finding, without a search for their cause."""

_SHOWN: Final = 3
WORTH_SHOWING: Final = Fraction(1, 10)
"""A repair less likely than this is not offered: a list of arithmetical possibilities would help nobody."""

_ROLES: Final[dict[str, Message]] = {
    "total": Message("le total", "the total"),
    "stated": Message("le taux", "the rate"),
    "whole": Message("la base", "the base"),
    "limit": Message("le plafond", "the ceiling"),
    "part": Message("un des montants", "one of the amounts"),
    "value": Message("le montant", "the amount"),
}
_LIKELY: Final = Message(
    "{role} est sans doute {new} (et non {old}) : {vouching}", "{role} is probably {new} (not {old}): {vouching}"
)
_POSSIBLE: Final = Message("{role} serait {new} au lieu de {old}", "{role} would be {new} instead of {old}")
_AGREE: Final = Message("{n} affirmations s’accordent sur cette valeur", "{n} claims agree on this value")
_ALONE: Final = Message("{slip}", "{slip}")


@dataclass(frozen=True, slots=True)
class _Named:
    """A claim as a relation between named figures, with the part that each figure plays in it."""

    judged: Judgement
    names: tuple[str, ...]
    roles: Mapping[str, str]


def with_causes(
    judged: Judged,
    rules: Sequence[Rule],
    tally: Tally,
    language: Language,
    *,
    proofs: list[dict[str, Any]] | None = None,
) -> Judged:
    """``judged`` with repairs in its findings, one finding for one cause, and joint contradictions told.

    ``proofs``, when given, receives the certificate of every group that was settled (JSON values).
    """
    names: dict[tuple[Any, ...], str] = {}
    figures: dict[str, Figure] = {}
    named = [one for one in (_named(claim, names, figures) for claim in judged.claims) if one is not None]
    findings = list(judged.findings)
    for group in _groups(named):
        wrong = [one for one in group if one.judged.state == "broken"]
        if not wrong and not (proofs is not None or _entangled(group, figures)):
            continue
        if len(group) > MOST_CLAIMS or (not wrong and len(group) < 2 and proofs is None):
            continue
        diagnosis = _diagnosed(group, figures, proof=proofs is not None or not wrong)
        if diagnosis is None:
            continue
        if proofs is not None and diagnosis.certificate:
            proofs.append(
                {
                    "feasible": diagnosis.feasible,
                    "claims": [judged.claims.index(one.judged) for one in group],
                    "certificate": diagnosis.certificate,
                }
            )
        if wrong:
            findings = _explained(findings, judged, group, diagnosis, figures)
        elif diagnosis.feasible is False:
            findings.extend(_contradiction(group, diagnosis, rules, tally, language))
    return replace(judged, findings=order(findings))


def _named(judged: Judgement, names: dict[tuple[Any, ...], str], figures: dict[str, Figure]) -> _Named | None:
    """The claim with its figures named, or ``None`` for the claims that no exact relation states."""
    claim = judged.claim
    if judged.state == "unknown" or judged.remark in ("truncated", "unstated_rate"):
        return None
    roles = _roles(claim)
    if roles is None:
        return None
    out: dict[str, str] = {}
    for figure, role in roles:
        where = figure_key(figure)
        name = names.get(where)
        if name is None:
            name = f"f{len(names) + 1}"
            names[where] = name
            figures[name] = figure
        out.setdefault(name, role)
    return _Named(judged, tuple(names[figure_key(figure)] for figure, _ in roles), out)


def _roles(claim: Claim) -> list[tuple[Figure, str]] | None:
    found: list[tuple[Figure | None, str]]
    match claim:
        case Sum():
            found = [(claim.total, "total"), *((part, "part") for part in claim.parts)]
        case Share():
            found = [(claim.stated, "stated"), (claim.part, "value"), (claim.whole, "whole")]
        case AtMost():
            found = [*((item, "value") for item in (claim.parts or (claim.value,))), (claim.limit, "limit")]
        case Equal():
            found = [(claim.first, "value"), (claim.again, "value")]
        case Balance():
            found = [(claim.start, "total"), *((item, "part") for item in claim.minus), (claim.result, "part")]
        case Change():
            found = [(claim.start, "value"), (claim.end, "value"), (claim.stated, "stated")]
        case SharesTotal():
            found = [(percent, "stated") for percent in claim.percents]
        case Taxed() if claim.rate is not None:
            found = [(claim.net, "value"), (claim.rate, "stated"), (claim.gross, "value")]
        case _:
            return None
    if any(figure is None for figure, _ in found):
        return None
    return [(figure, role) for figure, role in found if figure is not None]


def _groups(named: Sequence[_Named]) -> list[list[_Named]]:
    """The claims that share figures, directly or through others, in their first order."""
    home: dict[str, int] = {}
    groups: dict[int, list[_Named]] = {}
    for number, one in enumerate(named):
        joined = sorted({home[name] for name in one.names if name in home})
        target = joined[0] if joined else number
        members = groups.setdefault(target, [])
        for other in joined[1:]:
            for moved in groups.pop(other):
                members.append(moved)
                for name in moved.names:
                    home[name] = target
        members.append(one)
        for name in one.names:
            home[name] = target
    return list(groups.values())


def _entangled(group: Sequence[_Named], figures: Mapping[str, Figure]) -> bool:
    """True when claims that hold one by one could contradict each other: a figure with room serves twice."""
    seen: set[str] = set()
    for one in group:
        for name in dict.fromkeys(one.names):
            if name in seen and not figures[name].is_exact:
                return True
            seen.add(name)
    return False


def _diagnosed(group: Sequence[_Named], figures: Mapping[str, Figure], *, proof: bool) -> Diagnosis | None:
    from subsidy_rules.diagnosis.record import diagnose_system
    from subsidy_rules.diagnosis.relations import System

    relations = [_relation(one) for one in group]
    exact = {
        one.names[1]: "exact" for one in group if isinstance(one.judged.claim, Taxed)
    }  # a tax rate is a number of the law
    used = {name for one in group for name in one.names}
    system: System = System(
        figures={name: figures[name] for name in figures if name in used},
        relations=tuple(relations),
        nonnegative=frozenset(
            name for name in used if not isinstance(figures[name], Percentage) and figures[name].n >= 0
        ),
        modes=exact,  # type: ignore[arg-type]
    )
    return diagnose_system(system, proof=proof)


def _relation(one: _Named) -> Relation:
    from subsidy_rules.diagnosis import relations as build

    claim, names = one.judged.claim, one.names
    match claim:
        case Sum():
            weights = None
            if claim.absolute and claim.total is not None:
                printed = sum((part.fraction for part in claim.parts if part is not None), Fraction(0))
                if printed * claim.total.fraction < 0:
                    weights = [-1] * len(claim.parts)
            return build.sum_of(names[0], names[1:], weights=weights)
        case Share():
            return build.percentage(*names)
        case AtMost():
            return build.at_most(names[:-1], names[-1], strict=claim.strict)
        case Balance():
            return build.balance(names[0], names[1:-1], names[-1])
        case Change():
            return build.change(names[0], names[1], names[2], falling=claim.falling)
        case SharesTotal():
            return build.shares_total(names, claim.whole)
        case Taxed():
            return build.tax(*names)
        case _:
            return build.equal(names[0], names[1])


def _explained(
    findings: list[Finding],
    judged: Judged,
    group: Sequence[_Named],
    diagnosis: Diagnosis,
    figures: Mapping[str, Figure],
) -> list[Finding]:
    """The findings with the group's repairs; the consequences of a single dominant cause join its finding."""
    of_claim = {id(claim): finding for claim, finding in judged.told}
    told = [
        (one, finding)
        for one in group
        if (finding := of_claim.get(id(one.judged))) is not None and finding.state == "broken"
    ]
    if not told or not diagnosis.repairs:
        return findings
    best = diagnosis.repair
    changed: dict[int, Finding] = {}
    dropped: set[int] = set()
    if best is not None:
        repairs = tuple(
            _repair(name, best.changes[name], best.old.get(name, figures[name].text), group, figures, best, likely=True)
            for name in best.changes
        )
        name = next(iter(best.changes))
        holders = [(one, finding) for one, finding in told if name in one.names]
        if len(best.changes) == 1 and len(holders) == len(told) > 1:
            place = figures[name].place
            main = min(
                (finding for _, finding in holders),
                key=lambda finding: (finding.place != place, -SEVERITIES.index(finding.severity), finding.code),
            )
            others = [finding for _, finding in holders if finding is not main]
            related = _joined_places(main, others)
            changed[id(main)] = replace(main, repairs=repairs, related=related)
            dropped.update(id(finding) for finding in others)
        else:
            for one, finding in told:
                mine = tuple(repair for repair, key in zip(repairs, best.changes, strict=True) if key in one.names)
                changed[id(finding)] = replace(finding, repairs=mine)
    else:
        for one, finding in told:
            shown: list[Repair] = []
            for choice in diagnosis.repairs:
                if choice.probability < WORTH_SHOWING:
                    break
                shown.extend(
                    _repair(name, new, choice.old.get(name, figures[name].text), group, figures, choice, likely=False)
                    for name, new in choice.changes.items()
                    if name in one.names and len(choice.changes) == 1
                )
                if len(shown) >= _SHOWN:
                    break
            changed[id(finding)] = replace(finding, repairs=tuple(shown[:_SHOWN]))
    return [changed.get(id(finding), finding) for finding in findings if id(finding) not in dropped]


def _joined_places(main: Finding, others: Iterable[Finding]) -> tuple[Place, ...]:
    places = list(main.related)
    for other in others:
        for place in (other.place, *other.related):
            if place != main.place and place not in places:
                places.append(place)
    return tuple(places)


def _repair(
    name: str,
    new: str,
    old: str,
    group: Sequence[_Named],
    figures: Mapping[str, Figure],
    choice: Any,
    *,
    likely: bool,
) -> Repair:
    from subsidy_rules.diagnosis.record import kind_message

    kind = choice.kinds[list(choice.changes).index(name)]
    holding = [one for one in group if name in one.names]
    # A figure is named by the most telling part it plays: the total of a sum, rather than an amount of a share.
    role = min((one.roles[name] for one in holding), key=list(_ROLES).index)
    vouching = _AGREE.having(n=len(holding)) if len(holding) > 1 else _ALONE.having(slip=kind_message(kind))
    says = (_LIKELY if likely else _POSSIBLE).having(role=_ROLES[role], new=new, old=old, vouching=vouching)
    probability = choice.probability
    return Repair(
        old=old,
        new=new,
        place=figures[name].place,
        kind=kind,
        says=says,
        probability="1" if probability >= 1 else f"0.{int(probability * 10_000):04d}",
    )


def _contradiction(
    group: Sequence[_Named], diagnosis: Diagnosis, rules: Sequence[Rule], tally: Tally, language: Language
) -> list[Finding]:
    rule = next((rule for rule in rules if rule.code == JOINT_CODE), None)
    if rule is None:
        return []
    tally.rule(rule.code, "broken")
    first = group[0].judged.claim
    places = tuple(dict.fromkeys(one.judged.claim.place for one in group[1:]))
    sure = min((one.judged.claim.confidence for one in group), key=("low", "medium", "high").index)
    finding = make_finding(
        rule,
        Verdict(
            state="broken",
            place=first.place,
            words={"claims": len(group)},
            values={"certificate": diagnosis.certificate},
            related=places,
            confidence=sure,
        ),
        language,
    )
    return [] if finding is None else [finding]
