"""From a document to its facts: one file for each way of saying, and here their meeting.

Each way of saying is a leaf: it is given the act and yields claims, knows nothing of the others, and is judged by
nobody here. What two of them say alike is kept once.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import fields, replace
from typing import Any

from subsidy_rules.acts import Act
from subsidy_rules.claims import AtMost, Balance, Claim, Equal, Share, SharesTotal, Sum
from subsidy_rules.document import Document
from subsidy_rules.extract import (
    accounts,
    agreements,
    averages,
    blocks,
    ceilings,
    changes,
    charges,
    commented,
    context,
    counts,
    decompositions,
    equations,
    grands,
    groups,
    keys,
    labels,
    named,
    outcomes,
    overlaps,
    parallel,
    payments,
    percentages,
    periods,
    rated,
    remainders,
    repeats,
    roles,
    running,
    siblings,
    statements,
    tables,
    tallies,
    taxes,
    totals,
    wholes,
    words_and_digits,
)
from subsidy_rules.facts import Facts, Leftover
from subsidy_rules.figures import Amount, Figure
from subsidy_rules.holding import holds, state_of
from subsidy_rules.settings import Settings

__all__ = ["facts_of"]

_BY_ROLES = ("roles", "equation", "whole")
_MAKES_UP = ("payments", "gathered", "decomposition", "whole", "dont")
_READINGS = 20
"""More sums than this of one total are compared with no other."""


def facts_of(document: Document, settings: Settings) -> Facts:
    """Everything that ``document`` mentions and asserts. Pure; linear in the length of the text."""
    act = Act(document)
    around = context.context_of(act, settings.context())
    found: list[Claim] = []
    for source in (
        words_and_digits.claims(act),
        taxes.claims(act, around.fiscal_year),
        averages.claims(act),
        changes.claims(act),
        decompositions.claims(act),
        equations.claims(act),
        totals.claims(act),
        labels.claims(act),
        tables.claims(act),
        grands.claims(act),
        blocks.claims(act),
        groups.claims(act),
        parallel.claims(act),
        payments.claims(act),
        percentages.claims(act),
        commented.claims(act),
        keys.claims(act),
        ceilings.claims(act),
        remainders.claims(act),
        roles.claims(act),
        running.claims(act),
        wholes.claims(act),
        accounts.claims(act),
        outcomes.claims(act),
        named.claims(act),
        statements.claims(act),
        counts.claims(act),
        repeats.claims(act),
    ):
        found.extend(source)
    ties: dict[Hashable, set[str]] = {}
    for claim in found:
        for figure in () if claim.topic == "enumeration" else claim.figures():
            ties.setdefault(_where(figure), set()).add(claim.kind)
    found.extend(agreements.claims(act, lambda figure: ties.get(_where(figure), ())))
    rates = {id(figure) for claim in found if claim.kind in ("percentage", "change") for figure in claim.figures()}
    beside = list(siblings.claims(act, found, rates))
    found.extend(beside)
    rates.update(id(figure) for claim in beside for figure in claim.figures())
    found.extend(rated.claims(act, rates))
    found.extend(tallies.claims(act, found))
    passage = act.passage
    return Facts(
        path=document.path,
        context=around,
        claims=tuple(_settled(act, found)),
        charges=tuple(charges.charges(act, around.fiscal_year, around.nomenclature)),
        figures=tuple(
            mention.figure
            for mention in passage.mentions.items
            if mention.figure is not None and mention.kind in ("amount", "percent", "words")
        ),
        leftovers=tuple(
            Leftover(text=passage.mentions.written(start, end), kind=kind, place=passage.place(start, end))
            for start, end, kind in passage.mentions.leftovers
        ),
        troubles=tuple(periods.troubles(act)),
        remarks=document.remarks,
        unread=document.unread,
    )


def _settled(act: Act, found: Iterable[Claim]) -> list[Claim]:
    """Each claim once, in reading order; one that a repaired figure would make false is left out."""
    repaired = {
        id(mention.figure) for mention in act.passage.mentions.items if mention.repaired and mention.figure is not None
    }
    repairs_are_usual = len(repaired) > 1
    out: list[Claim] = []
    seen: set[tuple[object, ...]] = set()
    found = list(found)
    # What only adds up (no word says so) gives way to what words say of the same figures: « soit un déficit de ».
    said = {frozenset(map(_where, claim.figures())) for claim in found if claim.topic != "enumeration"}
    # Payments that make up a subsidy: that the balance is what the advance leaves says nothing more.
    added = {
        frozenset(map(_where, claim.figures())) for claim in found if claim.kind == "sum" and claim.topic in _MAKES_UP
    }
    # What one part leaves of another part of the same sum is chance.
    parts_of = [
        {_where(part) for part in claim.parts if part is not None}
        for claim in found
        if isinstance(claim, Sum) and claim.topic in _MAKES_UP and len(claim.parts) > 2
    ]
    totals = {
        _where(claim.total)
        for claim in found
        if isinstance(claim, Sum) and claim.topic != "enumeration" and claim.total is not None
    }
    holding = (
        [
            set(map(_where, claim.figures()))
            for claim in found
            if claim.kind in ("sum", "balance", "average") and holds(claim)
        ]
        if any(claim.topic in _BY_ROLES for claim in found)
        else []
    )
    # That a part of a whole is no more than it says nothing beside what it leaves of it.
    left_of = {
        (_where(less), _where(claim.start))
        for claim in found
        if isinstance(claim, Balance) and claim.start is not None
        for less in claim.minus
        if less is not None
    }
    # What a sentence says of a table is only looked for when the sentence says nothing else of that rate.
    rated = {
        _where(claim.stated)
        for claim in found
        if isinstance(claim, Share) and claim.topic != "commented" and claim.stated is not None and holds(claim)
    }
    shares = {
        (_where(claim.part), _where(claim.whole))
        for claim in found
        if isinstance(claim, Share) and claim.part is not None and claim.whole is not None
    }
    told: list[set[Hashable]] = []
    for claim in found:
        rate = claim.stated if isinstance(claim, Share) and claim.topic == "commented" else None
        if rate is not None and _where(rate) in rated:
            continue
        if (
            isinstance(claim, AtMost)
            and claim.topic == "advance"
            and claim.value is not None
            and claim.limit is not None
            and (_where(claim.value), _where(claim.limit)) in shares
        ):
            continue  # « une avance de A, égale à 30 % de la subvention »: the rate says more
        if (
            isinstance(claim, AtMost)
            and claim.topic != "dont"
            and claim.value is not None
            and claim.limit is not None
            and (_where(claim.value), _where(claim.limit)) in left_of
        ):
            continue
        if claim.topic in _BY_ROLES and claim.kind != "percentage" and state_of(claim) == "broken":
            # Two figures of what would be false agree with others: they were said of those.
            own = set(map(_where, claim.figures()))
            # Those of all the parts of a whole may agree among themselves by chance: 50 % = 30 % + 20 %.
            if any(len(own & other) > 1 and not (claim.topic == "whole" and other <= own) for other in holding):
                continue
            # One slip is told once, as the first way of saying has it.
            if any(own == other for other in told):
                continue
        total = claim.total if isinstance(claim, Sum) and claim.topic == "enumeration" else None
        if total is not None and _where(total) in totals:
            continue
        if claim.kind == "balance" and claim.topic in ("remainder", "roles"):
            mine = frozenset(map(_where, claim.figures()))
            if mine in added or any(mine <= parts for parts in parts_of):
                continue
        if claim.topic == "enumeration" and claim.kind == "sum" and frozenset(map(_where, claim.figures())) in said:
            continue
        key: tuple[object, ...] = (claim.kind, *(_where(figure) for figure in claim.figures()))
        if isinstance(claim, Balance):
            # « charges A, recettes B : un déficit de C » is one subtraction, whichever way round it is taken.
            key = (claim.kind, frozenset(key[1:]))
        if key in seen:
            continue
        seen.add(key)
        if claim.kind in ("sum", "balance"):
            told.append(set(key[1:]))
        if state_of(claim) == "broken":
            # « une ligne PLUS de 600 000 € »: words taken for « plus de » must not accuse.
            plain = without_qualifiers(claim)
            if plain is not claim and holds(plain):
                claim = plain
            elif any(id(figure) in repaired for figure in claim.figures()):
                if not repairs_are_usual:
                    continue
                claim = replace(claim, confidence="low" if claim.confidence == "low" else "medium")
        out.append(claim)
    by_total: dict[Hashable, list[Sum]] = {}
    for claim in out:
        if isinstance(claim, Sum) and claim.total is not None:
            by_total.setdefault(_where(claim.total), []).append(claim)
    shared: dict[Hashable, set[Hashable]] = {}
    for claim in out:
        if isinstance(claim, Share) and claim.stated is not None and claim.whole is not None and holds(claim):
            shared.setdefault(_where(claim.stated), set()).add(claim.whole.fraction)
    out = [claim for claim in out if not _misread(claim, by_total) and not _partial(claim, shared)]
    out = _once(overlaps.apart(out, _where, without_qualifiers))
    out.sort(key=lambda claim: claim.place.sort_key)
    return out


def _once(claims: Iterable[Claim]) -> list[Claim]:
    out: dict[Hashable, Claim] = {}
    for claim in claims:
        out.setdefault((claim.kind, *map(_where, claim.figures())), claim)
    return list(out.values())


def _partial(claim: Claim, shared: Mapping[Hashable, set[Hashable]]) -> bool:
    """True for shares that do not make 100 % although each is true of one whole: others are told elsewhere."""
    if not isinstance(claim, SharesTotal) or not claim.percents or state_of(claim) != "broken":
        return False
    wholes = [shared.get(_where(figure), set()) if figure is not None else set() for figure in claim.percents]
    return bool(set.intersection(*wholes))


def _misread(claim: Claim, by_total: dict[Hashable, list[Sum]]) -> bool:
    """True for what is read as false, when the same figures are read otherwise: a sum of too many or too few parts,
    among which are those that make it; the total of a part, said to be the whole."""
    if isinstance(claim, Equal) and claim.topic == "total" and claim.first is not None and claim.again is not None:
        part = _where(claim.first)
        sums = by_total.get(_where(claim.again), [])[:_READINGS]
        return any(part in {_where(figure) for figure in other.parts if figure is not None} for other in sums)
    if not isinstance(claim, Sum) or claim.total is None or state_of(claim) != "broken":
        return False
    parts = {_where(part) for part in claim.parts if part is not None}
    for other in by_total[_where(claim.total)][:_READINGS]:
        mine = {_where(part) for part in other.parts if part is not None}
        if other is not claim and mine & parts and holds(other):
            return True
    return False


def without_qualifiers(claim: Claim) -> Claim:
    """The same claim with its amounts taken as printed, without « plus de », « moins de »; itself when none has any."""
    if not any(isinstance(figure, Amount) and figure.qualifier for figure in claim.figures()):
        return claim
    changes: dict[str, Any] = {}
    for field in fields(claim):
        value = getattr(claim, field.name)
        if isinstance(value, Amount):
            changes[field.name] = replace(value, qualifier=None)
        elif isinstance(value, tuple):
            changes[field.name] = tuple(
                replace(item, qualifier=None) if isinstance(item, Amount) else item for item in value
            )
    return replace(claim, **changes)


def _where(figure: Figure) -> Hashable:
    place = figure.place
    return id(figure) if place is None else (*place.sort_key, place.paragraph, place.quote)
