"""The helpers for other people's tests: what they draw is what they say, and what they assert is so."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from subsidy_rules import check, check_text
from subsidy_rules.rulebook import Example, Rule, broken, holds, rule
from subsidy_rules.rules import standard_rules
from subsidy_rules.strategies import (
    Broken,
    broken_documents,
    broken_records,
    broken_tables,
    true_documents,
    true_records,
    true_tables,
)
from subsidy_rules.testing import assert_conforms, assert_finds, assert_rule, check_example

few = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def codes(report: Any) -> set[str]:
    return {finding.code for finding in report.findings if finding.state == "broken"}


@few
@given(true_records())
def test_true_records_hold(record: dict[str, Any]) -> None:
    report = check(record)
    assert report.ok, codes(report)
    assert report.summary["claims"]["holds"] >= 2


@few
@given(broken_records())
def test_broken_records_are_found(drawn: Broken) -> None:
    assert drawn.code in codes(check(drawn.source)), drawn.what


@few
@given(true_documents())
def test_true_documents_hold(text: str) -> None:
    report = check_text(text, fiscal_year=2024)
    assert not codes(report), codes(report)
    kinds = report.summary["kinds"]
    assert kinds["sum"]["holds"] == kinds["percentage"]["holds"] == 1


@few
@given(broken_documents())
def test_broken_documents_are_found(drawn: Broken) -> None:
    assert drawn.code in codes(check_text(drawn.source, fiscal_year=2024)), drawn.what


@few
@given(true_tables())
def test_true_tables_hold(text: str) -> None:
    report = check_text(text, name="subventions.csv")
    assert report.ok, codes(report)
    assert report.summary["rows"] == text.count("\n") - 1


@few
@given(broken_tables())
def test_broken_tables_are_found(drawn: Broken) -> None:
    assert drawn.code in codes(check_text(drawn.source, name="subventions.csv")), drawn.what


RECORD = {
    "reference": "2024-12",
    "fiscal_year": 2024,
    "nomenclature": "M57",
    "total": "70 000 euros",
    "convention": True,
    "imputation": "65/65748/30",
}


def own(good: Any, bad: Any) -> Rule:
    @rule(
        "VILLE001",
        name="too-large",
        on="grant",
        fr="La subvention dépasse 80 000 €.",
        en="The grant is over 80 000.",
        good=good,
        bad=bad,
    )
    def too_large(grant: Any, context: Any) -> Any:
        over = grant.amount is not None and grant.amount.value > 80_000
        return broken(grant.place) if over else holds(grant.place)

    return too_large


LARGE = {**RECORD, "total": "90 000 euros"}


def test_a_rule_is_held_to_its_examples() -> None:
    assert_rule(own(Example(RECORD), Example(LARGE)))
    for good, bad in ((LARGE, LARGE), (RECORD, RECORD)):
        with pytest.raises(AssertionError, match=r"VILLE001 (refuses|accepts)"):
            assert_rule(own(Example(good), Example(bad)))
    with pytest.raises(AssertionError, match="one that it refuses"):
        assert_rule(own(Example(RECORD), None))


def test_sources_that_conform() -> None:
    assert assert_conforms(RECORD).ok
    with pytest.raises(AssertionError, match="SUM001"):
        assert_conforms({**RECORD, "allocations": [{"amount": "60 000 euros"}, {"amount": "20 000 euros"}]})
    with pytest.raises(AssertionError):
        assert_conforms("dossier/qui/n/existe/pas")
    with pytest.raises(AssertionError):
        assert_conforms([])


def test_a_finding_that_is_expected() -> None:
    rules = [own(None, None)]
    assert_finds("VILLE001", LARGE, rules=rules)
    with pytest.raises(AssertionError, match="VILLE001 finds nothing"):
        assert_finds("VILLE001", RECORD, rules=rules)


UNDECIDED = {"REC006", "TAB010"}
"""Rules that never refuse: what they would refuse, they cannot tell."""


@pytest.mark.parametrize("one", standard_rules(), ids=lambda one: one.code)
def test_an_example_shows_its_own_rule_and_no_other(one: Rule) -> None:
    for example, refused in ((one.good, False), (one.bad, True)):
        assert example is not None
        report = check_example(one, example)
        assert not report.unreadable
        assert {finding.code for finding in report.findings} == ({one.code} if refused else set())
        told = {finding.state for finding in report.findings}
        assert told == ({"unknown" if one.code in UNDECIDED else "broken"} if refused else set())
