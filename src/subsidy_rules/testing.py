"""For the tests of those who use the package: a source conforms, a rule finds what it must, its examples are right.

    from subsidy_rules.testing import assert_conforms, assert_finds, assert_rule

    def test_our_acts() -> None:
        assert_conforms("actes/")

    def test_our_rule() -> None:
        assert_rule(grant_too_large)                        # its own two examples
        assert_finds("VILLE001", {"total": "90 000 euros"}, rules=[grant_too_large])

Every failure is an ``AssertionError`` whose text is the report of the run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from subsidy_rules.checking import check, check_text
from subsidy_rules.finding import Report
from subsidy_rules.reporters import render
from subsidy_rules.rulebook import Example, Rule, Severity
from subsidy_rules.rules import standard_rules
from subsidy_rules.settings import Settings

__all__ = ["assert_conforms", "assert_finds", "assert_rule", "check_example"]


def assert_conforms(source: Any, *, severity: Severity = "warning", **options: Any) -> Report:
    """The report of ``check(source, **options)``, which has nothing of this severity or above and nothing unread.

    Raises ``AssertionError`` otherwise: an inconsistency, a source that could not be read, or no source at all.
    """
    report = check(source, **options)
    broken = report.at_or_above(severity, states=("broken",))
    if broken or report.unreadable or not report.sources:
        raise AssertionError(_told(report))
    return report


def assert_finds(code: str, source: Any, **options: Any) -> Report:
    """The report of ``check(source, **options)``, in which the rule ``code`` finds the source inconsistent.

    Raises ``AssertionError`` when it does not.
    """
    report = check(source, **options)
    if not _finds(report, code):
        raise AssertionError(f"{code} finds nothing\n\n{_told(report)}")
    return report


def assert_rule(rule: Rule) -> None:
    """Runs the examples of ``rule``: it must accept the good one and refuse the bad one.

    Raises ``AssertionError`` when it does not, or when an example is missing.
    """
    if rule.good is None or rule.bad is None:
        raise AssertionError(f"{rule.code}: a rule shows one source that it accepts and one that it refuses")
    good = check_example(rule, rule.good)
    if _finds(good, rule.code):
        raise AssertionError(f"{rule.code} refuses its good example\n\n{_told(good)}")
    bad = check_example(rule, rule.bad)
    if not _finds(bad, rule.code):
        raise AssertionError(f"{rule.code} accepts its bad example\n\n{_told(bad)}")


def check_example(rule: Rule, example: Example) -> Report:
    """The report on one example, with the standard rules and ``rule``."""
    own: Sequence[Rule] = () if any(one.code == rule.code for one in standard_rules()) else (rule,)
    settings = None
    if example.settings:
        import tomllib

        from subsidy_rules.configuration import settings_from

        settings = settings_from(tomllib.loads(example.settings))
    if example.beside:
        return _check_folder(example, own, settings)
    if isinstance(example.source, Mapping):
        return check(example.source, rules=own, settings=settings)
    return check_text(example.source, name=f"example{example.suffix}", rules=own, settings=settings)


def _check_folder(example: Example, own: Sequence[Rule], settings: Settings | None) -> Report:
    """The report on an example and the file beside it, in a folder of their own."""
    import tempfile
    from pathlib import Path

    if not isinstance(example.source, str):
        raise TypeError("an example with a file beside it is a text")
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (("example", example.source), ("beside", example.beside)):
            Path(folder, f"{name}{example.suffix}").write_text(text, "utf-8")
        return check(folder, rules=own, settings=settings)


def _finds(report: Report, code: str) -> bool:
    return any(finding.code == code and finding.state == "broken" for finding in report.findings)


def _told(report: Report) -> str:
    text = render("text", report, width=100)
    return text if isinstance(text, str) else text.decode()
