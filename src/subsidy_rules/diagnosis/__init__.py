"""Which figure is wrong, and a proof that anyone can check.

    from subsidy_rules import diagnose
    diagnose({"a": "50 000", "b": "20 000", "t": "75 000", "whole": "1 329 243"},
             ["a + b = t", "t = 5,27 % whole"]).repairs[0].changes        # {'t': '70 000'}

Layers inside this package, each importing only from those before it: ``rows``, ``relations``, ``printed``, ``slips`` ·
``propagation``, ``simplex`` · ``feasibility`` · ``certificates``, ``scaled`` · ``jointly``, ``likely`` · ``repairs`` ·
``record`` · ``telling``, and beside them ``rounding_habits`` and ``pass_strength``. ``verify`` stands
alone: it imports the standard library only, so that it can be read, copied and run by someone who trusts none of the
rest. Names are loaded when they are first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from subsidy_rules.diagnosis.pass_strength import Strength, gap_probability, strength
    from subsidy_rules.diagnosis.printed import FigureUnreadable
    from subsidy_rules.diagnosis.record import Diagnosis, Repair, diagnose, diagnose_system
    from subsidy_rules.diagnosis.relations import Relation, RelationError, System, parse_relation
    from subsidy_rules.diagnosis.rounding_habits import Conventions, Habit, conventions
    from subsidy_rules.diagnosis.slips import KINDS, Kind
    from subsidy_rules.diagnosis.telling import sentence
    from subsidy_rules.diagnosis.verify import verify_certificate

__all__ = [
    "KINDS",
    "Conventions",
    "Diagnosis",
    "FigureUnreadable",
    "Habit",
    "Kind",
    "Relation",
    "RelationError",
    "Repair",
    "Strength",
    "System",
    "conventions",
    "diagnose",
    "diagnose_system",
    "gap_probability",
    "parse_relation",
    "sentence",
    "strength",
    "verify_certificate",
]

_HOMES: Final = {
    "pass_strength": ("Strength", "gap_probability", "strength"),
    "printed": ("FigureUnreadable",),
    "record": ("Diagnosis", "Repair", "diagnose", "diagnose_system"),
    "relations": ("Relation", "RelationError", "System", "parse_relation"),
    "rounding_habits": ("Conventions", "Habit", "conventions"),
    "slips": ("KINDS", "Kind"),
    "telling": ("sentence",),
    "verify": ("verify_certificate",),
}


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{home}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
