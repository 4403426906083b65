"""Checks what a subsidy deliberation says about its own figures.

Allocations add up, percentage claims match as printed, budget imputations are well formed and exist: each claim is
found, recomputed exactly, and told to hold, to be broken, or not to be decidable, with its place and its working.

    from subsidy_rules import check

    report = check("dossier/")
    for finding in report.findings:
        print(finding.code, finding.message)

Every public name is imported when it is first used, so that ``import subsidy_rules`` alone costs nothing.
"""

from __future__ import annotations

__version__ = "0.1.0"

# `typing` itself costs more than all the rest of this module: type checkers know this name, and nobody else needs it.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Final

    from subsidy_rules.arithmetic import accepting_modes
    from subsidy_rules.checking import check, check_text, load
    from subsidy_rules.deliberation import Deliberation
    from subsidy_rules.diagnosis.record import diagnose
    from subsidy_rules.diagnosis.verify import verify_certificate
    from subsidy_rules.explain import explain_imputation
    from subsidy_rules.finding import Finding, FindingsError, Report
    from subsidy_rules.imputation import Imputation, parse_imputation
    from subsidy_rules.numerals import parse_amount, parse_count, parse_percentage
    from subsidy_rules.reading import ReadError
    from subsidy_rules.rulebook import Rule, rule
    from subsidy_rules.settings import Settings

_HOME: Final = {
    "accepting_modes": "arithmetic",
    "check": "checking",
    "check_text": "checking",
    "load": "checking",
    "Deliberation": "deliberation",
    "diagnose": "diagnosis.record",
    "verify_certificate": "diagnosis.verify",
    "explain_imputation": "explain",
    "Finding": "finding",
    "FindingsError": "finding",
    "Report": "finding",
    "Imputation": "imputation",
    "parse_imputation": "imputation",
    "parse_amount": "numerals",
    "parse_count": "numerals",
    "parse_percentage": "numerals",
    "ReadError": "reading",
    "Rule": "rulebook",
    "rule": "rulebook",
    "Settings": "settings",
}

__all__ = [
    "Deliberation",
    "Finding",
    "FindingsError",
    "Imputation",
    "ReadError",
    "Report",
    "Rule",
    "Settings",
    "__version__",
    "accepting_modes",
    "check",
    "check_text",
    "diagnose",
    "explain_imputation",
    "load",
    "parse_amount",
    "parse_count",
    "parse_imputation",
    "parse_percentage",
    "rule",
    "verify_certificate",
]


def __getattr__(name: str) -> Any:
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
