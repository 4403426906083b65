"""The diagnosis of one record: are its claims possible together, and if not, which figure is wrong?"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from heapq import heappop, heappush
from typing import Any, Final

from subsidy_rules.diagnosis.certificates import certificate
from subsidy_rules.diagnosis.feasibility import TOO_LARGE, Outcome, reach, settle
from subsidy_rules.diagnosis.printed import read, rewritten
from subsidy_rules.diagnosis.relations import Relation, System, parse_relation
from subsidy_rules.diagnosis.repairs import Answer, Found, Limits, search
from subsidy_rules.diagnosis.slips import KINDS, Kind
from subsidy_rules.figures import Figure, Percentage
from subsidy_rules.rounding import Mode
from subsidy_rules.wording import Message

__all__ = ["DOMINANT", "MOST_FIGURES", "Diagnosis", "Repair", "diagnose", "diagnose_system"]

DOMINANT: Final = Fraction(9, 10)
"""An answer is *the* repair when its probability is above this; otherwise only what the best ones share is told."""

MOST_FIGURES: Final = 2_000
"""Records with more figures than this are not searched for repairs (feasibility has its own limits)."""

_MOST_REPAIRS: Final = 50

_THOUSANDS: Final = re.compile("[0-9]([ \u00a0\u2009\u202f])[0-9]{3}(?![0-9])")


@dataclass(frozen=True, slots=True)
class Repair:
    """Changes that make every claim true. ``changes`` gives the new text of each changed figure, in its own style.

    ``probability`` is that this repair is the right one, given the model of slips; ``kinds`` the kind of slip of
    each change, in the order of ``changes``; ``figures`` the changed figures themselves; ``explains`` the numbers of
    the broken relations that each change takes part in.
    """

    changes: dict[str, str]
    probability: Fraction
    kinds: tuple[Kind, ...]
    old: dict[str, str] = field(default_factory=dict)
    figures: dict[str, Figure] = field(default_factory=dict)
    explains: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def to_json(self) -> list[dict[str, Any]]:
        """One entry for each changed figure: its name, what stands there, what it should be, the slip, the chance."""
        return [
            {
                "figure": name,
                "old": self.old.get(name),
                "new": new,
                "kind": kind,
                "probability": _decimal(self.probability),
            }
            for (name, new), kind in zip(self.changes.items(), self.kinds, strict=True)
        ]


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What can be said of a record as a whole.

    ``feasible``: can all relations be true together? ``None`` is *cannot tell*, with the ``reason``.
    ``certificate`` proves it (see ``verify``). ``repairs``: the likeliest first; probabilities add to at most 1, the
    rest being ``unlisted``. ``common``: the changes that all the best repairs share (the fewest that hold nine
    tenths of the probability). ``broken``: numbers of the relations that fail by themselves; when it is empty and
    ``feasible`` is False, each holds alone and they contradict one another. ``complete`` is False when the search
    met a limit. ``unread`` names figures that relations use and nobody gave.
    """

    feasible: bool | None
    certificate: dict[str, Any]
    repairs: tuple[Repair, ...] = ()
    common: dict[str, str] = field(default_factory=dict)
    unlisted: Fraction = Fraction(0)
    broken: tuple[int, ...] = ()
    relations: tuple[Relation, ...] = ()
    complete: bool = True
    reason: Message | None = None
    unread: tuple[str, ...] = ()

    @property
    def repair(self) -> Repair | None:
        """*The* repair, when one dominates; ``None`` is an abstention."""
        return self.repairs[0] if self.repairs and self.repairs[0].probability > DOMINANT else None

    @property
    def suspects(self) -> dict[str, Fraction]:
        """The probability that each figure is wrong, the likeliest first; figures of no repair are left out."""
        found: dict[str, Fraction] = {}
        for repair in self.repairs:
            for name in repair.changes:
                found[name] = found.get(name, Fraction(0)) + repair.probability
        return dict(sorted(found.items(), key=lambda item: -item[1]))


def diagnose(
    figures: Mapping[str, str | Figure],
    relations: Sequence[str],
    nonnegative: Collection[str] = (),
    *,
    rounded: Collection[str] = (),
    fixed: Collection[str] = (),
    kinds: Collection[Kind] | None = None,
    previous: Mapping[str, str | Figure] | None = None,
) -> Diagnosis:
    """Diagnoses figures given as printed (« 70 000 », « 5,27 % », « 10 M€ », « -12 ») and the relations said of them.

    A relation is text: ``a + b = t``, ``x9 - x10 = x11``, ``part = 5,27 % whole``, ``a <= b`` (see
    ``relations.parse_relation``); a rate printed inside an equality may itself be the mistyped figure, and is then
    named by its text. Amounts to the unit are exact; scaled ones, percentages and « environ », « ≈ » are not, nor
    are those named in ``rounded``, which stand for anything that rounds to their last printed place. ``fixed``
    figures are trusted. ``kinds`` limits the slips considered. ``previous`` gives the figures of the year before,
    which may have been left in place of this year's.

    Raises ``FigureUnreadable`` and ``RelationError`` for text that is not a figure or not a relation.
    """
    shown = {name: read(name, value) if isinstance(value, str) else value for name, value in figures.items()}
    rates = {name for name, figure in shown.items() if isinstance(figure, Percentage)}
    said: list[Relation] = []
    for text in relations:
        relation, literals = parse_relation(text, rates=rates, taken=shown)
        shown.update(literals)
        rates.update(literals)
        said.append(relation)
    modes: dict[str, Mode] = dict.fromkeys((name for name in rounded if name in shown), "nearest")
    system = System(shown, tuple(said), frozenset(nonnegative), frozenset(fixed), modes)
    before = {name: read(name, value) if isinstance(value, str) else value for name, value in (previous or {}).items()}
    return diagnose_system(system, previous=before, kinds=kinds)


def diagnose_system(
    system: System,
    *,
    previous: Mapping[str, Figure] | None = None,
    kinds: Collection[Kind] | None = None,
    proof: bool = True,
) -> Diagnosis:
    """The same for figures and relations that are read already. ``proof`` False leaves the certificate empty."""
    bounds = system.all_bounds()
    outcome = settle(system, bounds)
    shown = certificate(system, outcome, bounds) if proof else {}
    everything = system.all_relations()
    unread = system.unread()
    if outcome.feasible:
        return Diagnosis(True, shown, relations=everything, unread=unread)
    broken = tuple(i for i, one in enumerate(everything) if not reach(one, bounds).meets(one.bounds))
    if outcome.feasible is None and not broken:
        return Diagnosis(None, shown, relations=everything, reason=outcome.reason, unread=unread)
    if len(bounds) > MOST_FIGURES:
        return _without_repairs(outcome, shown, everything, broken, unread)
    limits = Limits(kinds=None if kinds is None else frozenset(kinds))
    answers = search(system, limits, previous, bounds)
    repairs, unlisted = _joined(system, answers, everything, broken)
    return Diagnosis(
        outcome.feasible,
        shown,
        repairs,
        _shared(repairs),
        unlisted,
        broken,
        everything,
        all(answer.complete for answer in answers),
        outcome.reason,
        unread,
    )


def _without_repairs(
    outcome: Outcome,
    shown: dict[str, Any],
    relations: tuple[Relation, ...],
    broken: tuple[int, ...],
    unread: tuple[str, ...],
) -> Diagnosis:
    return Diagnosis(
        outcome.feasible,
        shown,
        unlisted=Fraction(1),
        broken=broken,
        relations=relations,
        complete=False,
        reason=outcome.reason or TOO_LARGE,
        unread=unread,
    )


def _joined(
    system: System, answers: Sequence[Answer], relations: Sequence[Relation], broken: tuple[int, ...]
) -> tuple[tuple[Repair, ...], Fraction]:
    """Repairs of the whole record: one for each group of figures, the likeliest combinations first."""
    totals = [sum(one.weight for one in answer.found) + answer.unlisted for answer in answers]
    if not answers or not all(answer.found for answer in answers):
        return (), Fraction(1)
    grouping = _grouping(system)
    failing = {i: frozenset(relations[i].names()) for i in broken}
    whole = 1
    for total in totals:
        whole *= total
    repairs: list[Repair] = []
    start = (0,) * len(answers)
    seen = {start}
    heap: list[tuple[int, tuple[int, ...]]] = [(-_weight(answers, start), start)]
    while heap and len(repairs) < _MOST_REPAIRS:
        weight, chosen = heappop(heap)
        picked = [answer.found[at] for answer, at in zip(answers, chosen, strict=True)]
        repairs.append(_repair(system, picked, Fraction(-weight, whole), failing, grouping))
        for group, answer in enumerate(answers):
            following = (*chosen[:group], chosen[group] + 1, *chosen[group + 1 :])
            if following[group] < len(answer.found) and following not in seen:
                seen.add(following)
                heappush(heap, (-_weight(answers, following), following))
    listed = sum((repair.probability for repair in repairs), Fraction(0))
    return tuple(repairs), 1 - listed


def _weight(answers: Sequence[Answer], chosen: tuple[int, ...]) -> int:
    weight = 1
    for answer, at in zip(answers, chosen, strict=True):
        weight *= answer.found[at].weight
    return weight


def _repair(
    system: System,
    picked: Sequence[Found],
    probability: Fraction,
    failing: Mapping[int, frozenset[str]],
    grouping: str,
) -> Repair:
    changed = {name: printed for found in picked for name, printed in found.changes.items()}
    kinds = {name: kind for found in picked for name, kind in found.kinds.items()}
    order = [name for name in system.figures if name in changed]
    changes: dict[str, str] = {}
    figures: dict[str, Figure] = {}
    for name in order:
        figure = system.figures[name]
        n, decimals = changed[name]
        changes[name] = rewritten(figure, n, decimals, grouping=grouping)
        figures[name] = _with_digits(figure, n, decimals, changes[name])
    return Repair(
        changes,
        probability,
        tuple(kinds[name] for name in order),
        {name: system.figures[name].text or system.figures[name].plain for name in order},
        figures,
        {name: tuple(i for i, names in failing.items() if name in names) for name in order},
    )


def _with_digits(figure: Figure, n: int, decimals: int, text: str) -> Figure:
    return replace(figure, n=n, decimals=decimals, text=text)


def _grouping(system: System) -> str:
    """How the record separates thousands: the mark of its first figure that shows one, else none."""
    for figure in system.figures.values():
        found = _THOUSANDS.search(figure.text)
        if found is not None:
            return found.group(1)
    return ""


def _shared(repairs: Sequence[Repair]) -> dict[str, str]:
    """The changes that all of the likeliest repairs share, these being the fewest that hold nine tenths."""
    if not repairs:
        return {}
    shared = dict(repairs[0].changes)
    held = repairs[0].probability
    for repair in repairs[1:]:
        if held > DOMINANT and repair.probability < repairs[0].probability:
            break
        shared = {name: new for name, new in shared.items() if repair.changes.get(name) == new}
        held += repair.probability
    return shared


def _decimal(probability: Fraction) -> str:
    """A probability to four decimals, cut, as JSON carries it."""
    return f"0.{int(probability * 10_000):04d}" if probability < 1 else "1"


def kind_message(kind: Kind) -> Message:
    """What a kind of slip is called."""
    return KINDS[kind]
