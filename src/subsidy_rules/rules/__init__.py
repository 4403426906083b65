"""The rules that come with the package, by subject. Each module has its own tuple; this one only joins them.

There is no registry: a run uses the rules it is given, and by default these.
"""

from __future__ import annotations

from functools import cache

from subsidy_rules.rulebook import Rule

__all__ = ["find_rule", "standard_rules"]


@cache
def standard_rules() -> tuple[Rule, ...]:
    """Every rule of the package, in the order of their codes."""
    from subsidy_rules.rules import arithmetic, documents, exceptions, imputations, joint, records, tables

    rules = (
        *arithmetic.RULES,
        *joint.RULES,
        *imputations.RULES,
        *records.RULES,
        *documents.RULES,
        *tables.RULES,
        *exceptions.RULES,
    )
    return tuple(sorted(rules, key=lambda rule: rule.code))


def find_rule(wanted: str) -> Rule | None:
    """The rule with this code or name, whatever the case; ``None`` when there is none."""
    key = wanted.strip().lower()
    return next((rule for rule in standard_rules() if key in (rule.code.lower(), rule.name)), None)
