"""One cause, one finding: the claims of a source are diagnosed together, and what vouches for what is said.

Claims that share figures form groups. In a group with a broken claim, the diagnosis looks for the figure whose change
restores them all; when one change dominates, the finding that holds that figure carries the repair and the findings
that were only its consequences become its related places (their claims stay listed as broken). In a group where every
claim holds alone, the figures may still contradict one another: that is told by ``SUM003``. And when all percentages
of a source were made in one way that is not plain rounding, those that it explains are told as notes, with its name.

A group whose claims all hold and whose rounded figures serve once costs nothing: no system is built for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from subsidy_rules.claims import Change, Judgement, Share, SharesTotal
from subsidy_rules.engine import Judged, figure_key, order
from subsidy_rules.finding import SEVERITIES, Finding, Tally, make_finding
from subsidy_rules.place import Place
from subsidy_rules.rulebook import Repair, Rule, Verdict, approximate
from subsidy_rules.wording import Language, Message

if TYPE_CHECKING:
    from subsidy_rules.diagnosis.record import Diagnosis
    from subsidy_rules.diagnosis.record import Repair as Choice
    from subsidy_rules.linking import Linked

__all__ = ["with_causes"]

JOINT_CODE: Final = "SUM003"
MOST_CLAIMS: Final = 400
"""Groups with more claims than this are told finding by finding, without a search for their cause."""
ENOUGH: Final = 3
"""From how many percentages on a common way of rounding is taken for a habit of the writer, not for a chance."""

_OF_ALL: Final = ("truncated", "rounded_up", "double_rounding", "rounded_amounts")
"""The habits that explain all percentages of a source; the others make one column add to 100."""

_SHOWN: Final = 3
WORTH_SHOWING: Final = Fraction(1, 10)
"""A repair less likely than this is not offered: a list of arithmetical possibilities would help nobody."""

_POSSIBLE: Final = Message("{new} au lieu de {old} : {slip}", "{new} instead of {old}: {slip}")
_HABIT: Final = Message("{working} ; {habit}", "{working}; {habit}")


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
    judged = _with_habits(judged)
    usable = [
        one
        for one in judged.claims
        if one.state != "unknown" and one.remark not in ("truncated", "unstated_rate", "adjusted")
    ]
    if proofs is None and all(one.state != "broken" for one in usable) and not _entangled(usable):
        return replace(judged, findings=order(judged.findings))
    of_claim = {id(claim): finding for claim, finding in judged.told}
    changed: dict[int, Finding | None] = {}
    joint: list[Finding] = []
    number = {id(one): index for index, one in enumerate(judged.claims)}
    for group in _groups(usable):
        wrong = any(one.state == "broken" for one in group)
        if len(group) > MOST_CLAIMS or not (wrong or proofs is not None or _entangled(group)):
            continue
        diagnosis, linked = _diagnosed(group, proof=proofs is not None)
        if not wrong and diagnosis.feasible is False and proofs is None:
            # A contradiction is told with its proof; what holds needs none.
            diagnosis, linked = _diagnosed(group, proof=True)
        if proofs is not None and diagnosis.certificate:
            claims = [number[id(group[index])] for index in dict.fromkeys(linked.claim_of)]
            proofs.append({"feasible": diagnosis.feasible, "claims": claims, "certificate": diagnosis.certificate})
        if wrong:
            changed.update(_explained(of_claim, group, diagnosis, linked))
        elif diagnosis.feasible is False:
            joint.extend(_contradiction(group, diagnosis, rules, tally, language))
    findings = [changed.get(id(finding), finding) for finding in judged.findings]
    return replace(judged, findings=order([*filter(None, findings), *joint]))


def _groups(claims: Sequence[Judgement]) -> list[list[Judgement]]:
    """The claims that share figures, directly or through others, in their first order."""
    home: dict[tuple[Any, ...], int] = {}
    groups: dict[int, list[Judgement]] = {}
    for number, one in enumerate(claims):
        keys = [figure_key(figure) for figure in one.claim.figures()]
        joined = sorted({home[key] for key in keys if key in home})
        target = joined[0] if joined else number
        members = groups.setdefault(target, [])
        for other in joined[1:]:
            for moved in groups.pop(other):
                members.append(moved)
                home.update((figure_key(figure), target) for figure in moved.claim.figures())
        members.append(one)
        home.update(dict.fromkeys(keys, target))
    return list(groups.values())


def _entangled(group: Sequence[Judgement]) -> bool:
    """True when claims that hold one by one could contradict each other: a figure with room serves twice.

    As the rate of a share or of a change a percentage does not count: it says that this ratio rounds to it, and each
    claim has its own value of it.
    """
    seen: set[tuple[Any, ...]] = set()
    for one in group:
        claim = one.claim
        rate = claim.stated if isinstance(claim, (Share, Change)) else None
        loose = {figure_key(figure) for figure in claim.figures() if not figure.is_exact and figure is not rate}
        if not seen.isdisjoint(loose):
            return True
        seen |= loose
    return False


def _diagnosed(group: Sequence[Judgement], *, proof: bool) -> tuple[Diagnosis, Linked]:
    from subsidy_rules.diagnosis.record import diagnose_system
    from subsidy_rules.linking import link

    linked = link([one.claim for one in group])
    return diagnose_system(linked.system, proof=proof), linked


# -- repairs ------------------------------------------------------------------------------------------------------


def _explained(
    of_claim: Mapping[int, Finding], group: Sequence[Judgement], diagnosis: Diagnosis, linked: Linked
) -> dict[int, Finding | None]:
    """What the group's findings become, by the identity of each: with its repairs, or nothing when it is but a
    consequence of a single dominant cause, whose finding it joins."""
    told = [
        (one, finding) for one in group if (finding := of_claim.get(id(one))) is not None and finding.state == "broken"
    ]
    if not told or not diagnosis.repairs:
        return {}
    best = diagnosis.repair
    if best is None:
        return {id(finding): replace(finding, repairs=_possible(one, diagnosis, linked)) for one, finding in told}
    name = next(iter(best.changes))
    repairs = _likely(best, diagnosis, linked)
    if len(best.changes) > 1 or any(name not in _names(one, linked) for one, _ in told):
        return {
            id(finding): replace(
                finding,
                repairs=tuple(
                    repair for key, repair in zip(best.changes, repairs, strict=True) if key in _names(one, linked)
                ),
            )
            for one, finding in told
        }
    place = linked.system.figures[name].place
    main = min(
        (finding for _, finding in told),
        key=lambda finding: (finding.place != place, -SEVERITIES.index(finding.severity), finding.code),
    )
    others = [finding for _, finding in told if finding is not main]
    joined = replace(main, repairs=repairs, related=_joined_places(main, others))
    return {**{id(finding): None for finding in others}, id(main): joined}


def _names(one: Judgement, linked: Linked) -> frozenset[str]:
    """The names under which the figures of a claim stand in the system."""
    keys = {figure_key(figure) for figure in one.claim.figures()}
    return frozenset(name for name, figure in linked.system.figures.items() if figure_key(figure) in keys)


def _likely(best: Choice, diagnosis: Diagnosis, linked: Linked) -> tuple[Repair, ...]:
    from subsidy_rules.diagnosis.telling import told

    return tuple(_repair(name, best, linked, told(diagnosis, best, (name,))) for name in best.changes)


def _possible(one: Judgement, diagnosis: Diagnosis, linked: Linked) -> tuple[Repair, ...]:
    from subsidy_rules.diagnosis.record import kind_message

    mine = _names(one, linked)
    shown: list[Repair] = []
    for choice in diagnosis.repairs:
        if choice.probability < WORTH_SHOWING or len(shown) == _SHOWN:
            break
        name = next(iter(choice.changes))
        if len(choice.changes) == 1 and name in mine:
            words = {"new": choice.changes[name], "old": choice.old[name], "slip": kind_message(choice.kinds[0])}
            shown.append(_repair(name, choice, linked, _POSSIBLE.having(**words)))
    return tuple(shown)


def _repair(name: str, choice: Choice, linked: Linked, says: Message) -> Repair:
    probability = choice.probability
    return Repair(
        old=choice.old[name],
        new=choice.changes[name],
        place=linked.system.figures[name].place,
        kind=choice.kinds[list(choice.changes).index(name)],
        says=says,
        probability="1" if probability >= 1 else f"0.{int(probability * 10_000):04d}",
    )


def _joined_places(main: Finding, others: Iterable[Finding]) -> tuple[Place, ...]:
    places = list(main.related)
    for other in others:
        for place in (other.place, *other.related):
            if place != main.place and place not in places:
                places.append(place)
    return tuple(places)


# -- what holds alone and not together; habits --------------------------------------------------------------------


def _contradiction(
    group: Sequence[Judgement], diagnosis: Diagnosis, rules: Sequence[Rule], tally: Tally, language: Language
) -> list[Finding]:
    rule = next((rule for rule in rules if rule.code == JOINT_CODE), None)
    if rule is None:
        return []
    tally.rule(rule.code, "broken")
    verdict = Verdict(
        state="broken",
        place=group[0].claim.place,
        words={"claims": len(group)},
        values={"certificate": diagnosis.certificate},
        related=tuple(dict.fromkeys(one.claim.place for one in group[1:])),
        confidence="low"
        if any(approximate(one.claim) for one in group)
        else min((one.claim.confidence for one in group), key=("low", "medium", "high").index),
    )
    finding = make_finding(rule, verdict, language)
    return [] if finding is None else [finding]


def _with_habits(judged: Judged) -> Judged:
    """Percentages that plain rounding refuses and a habit of the whole source explains become notes that name it."""
    shares = [
        (one, claim)
        for one in judged.claims
        if isinstance(claim := one.claim, Share) and one.state != "unknown" and one.remark in (None, "truncated")
    ]
    if len(shares) < ENOUGH or all(one.state == "holds" for one, _ in shares):
        return judged
    from subsidy_rules.diagnosis.rounding_habits import conventions

    stated = [
        (claim.stated, claim.part, claim.whole)
        for _, claim in shares
        if claim.stated is not None and claim.part is not None and claim.whole is not None
    ]
    if len(stated) != len(shares):
        return judged
    of_claim = {id(claim): finding for claim, finding in judged.told}
    changed: dict[int, Finding] = {}
    adjusted: dict[int, Judgement] = {}
    found = conventions(stated)
    explained = {figure_key(one[0]) for number, one in enumerate(stated) if number not in found.unexplained}
    columns = [
        one
        for one in judged.claims
        if isinstance(one.claim, SharesTotal)
        and one.state == "broken"
        and {figure_key(figure) for figure in one.claim.figures()} <= explained
    ]
    for habit in found.habits:
        # Shares that are each made in that way need not add to 100: their column says nothing more.
        beside = columns if habit.tells and habit.kind in _OF_ALL else []
        for one in (*(shares[number][0] for number in habit.tells), *beside):
            finding = of_claim.get(id(one))
            if finding is not None and id(finding) not in changed:
                working = _HABIT.having(working=one.working, habit=habit.message)
                changed[id(finding)] = replace(finding, severity="note", working=working)
            adjusted.setdefault(id(one), replace(one, remark="adjusted"))
    if not adjusted:
        return judged
    swapped = {id(one): new for one in judged.claims if (new := adjusted.get(id(one))) is not None}
    return replace(
        judged,
        findings=tuple(changed.get(id(finding), finding) for finding in judged.findings),
        claims=tuple(swapped.get(id(one), one) for one in judged.claims),
        told=tuple((swapped.get(id(one), one), changed.get(id(finding), finding)) for one, finding in judged.told),
    )
