"""Reading a text the way a run does, for the tests of this folder."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from subsidy_rules.claims import Judgement, judge
from subsidy_rules.extract import facts_of
from subsidy_rules.facts import Facts
from subsidy_rules.figures import Figure
from subsidy_rules.readers import text as reader
from subsidy_rules.reading import Limits
from subsidy_rules.settings import Settings

__all__ = ["Read", "accusations", "read"]


@dataclass(frozen=True)
class Read:
    """What was read in one text."""

    facts: Facts
    judged: tuple[Judgement, ...]

    def of(self, kind: str) -> list[Judgement]:
        """The judged claims of one kind."""
        return [judged for judged in self.judged if judged.claim.kind == kind]

    def has(self, kind: str, state: str, **wanted: Any) -> bool:
        """True when a claim of that kind and state has these figures (numbers compared as numbers)."""
        return any(
            judged.state == state and all(_same(getattr(judged.claim, name), value) for name, value in wanted.items())
            for judged in self.of(kind)
        )


def _same(found: Any, wanted: Any) -> bool:
    if isinstance(wanted, (list, tuple)):
        return isinstance(found, tuple) and sorted(map(_number, found)) == sorted(map(_number, wanted))
    return found is not None and _number(found) == _number(wanted)


def _number(value: Any) -> Fraction:
    if isinstance(value, Figure):
        return abs(value.fraction)
    return abs(Fraction(value))


def read(text: str) -> Read:
    """The facts of a text file with these words, each claim judged."""
    document = reader.read("acte.txt", text.encode("utf-8"), limits=Limits())
    facts = facts_of(document, Settings())
    return Read(facts, tuple(judge(claim) for claim in facts.claims))


def accusations(text: str) -> list[str]:
    """What would be told as an error or a warning: broken claims that are not doubtful, and plain leftovers."""
    found = read(text)
    broken = [
        f"{judged.claim.kind}/{judged.claim.topic}: {judged.working.say('fr')}"
        for judged in found.judged
        if judged.state == "broken" and judged.claim.confidence != "low"
    ]
    fields = [f"TXT001: {left.text}" for left in found.facts.leftovers if left.kind not in ("blank", "dots")]
    return [*broken, *fields, *(f"{trouble.code}" for trouble in found.facts.troubles)]
