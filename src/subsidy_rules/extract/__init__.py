"""From a document to its facts: one file for each way of saying, and here their meeting.

Each way of saying is a leaf: it is given the act and yields claims, knows nothing of the others, and is judged by
nobody here. What two of them say alike is kept once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from subsidy_rules.acts import Act
from subsidy_rules.claims import Claim, judge
from subsidy_rules.document import Document
from subsidy_rules.extract import (
    averages,
    ceilings,
    changes,
    charges,
    context,
    counts,
    decompositions,
    keys,
    payments,
    percentages,
    periods,
    remainders,
    repeats,
    tables,
    taxes,
    totals,
    words_and_digits,
)
from subsidy_rules.facts import Facts, Leftover
from subsidy_rules.figures import Figure
from subsidy_rules.settings import Settings

__all__ = ["facts_of"]


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
        totals.claims(act),
        tables.claims(act),
        payments.claims(act),
        percentages.claims(act),
        keys.claims(act),
        ceilings.claims(act),
        remainders.claims(act),
        counts.claims(act),
        repeats.claims(act),
    ):
        found.extend(source)
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
    for claim in found:
        key = (claim.kind, *(_where(figure) for figure in claim.figures()), claim.place.sort_key)
        if key in seen:
            continue
        seen.add(key)
        damaged = any(id(figure) in repaired for figure in claim.figures())
        if damaged and judge(claim).state == "broken":
            if not repairs_are_usual:
                continue
            claim = replace(claim, confidence="low" if claim.confidence == "low" else "medium")
        out.append(claim)
    out.sort(key=lambda claim: claim.place.sort_key)
    return out


def _where(figure: Figure) -> object:
    return figure.place.sort_key if figure.place is not None else id(figure)
