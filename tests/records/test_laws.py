"""What must be true of every record: the true ones are never accused, a wrong total always is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from subsidy_rules.engine import Judged, judge_facts
from subsidy_rules.finding import Finding, Tally
from subsidy_rules.record import facts_of
from subsidy_rules.rules import arithmetic, records
from subsidy_rules.settings import Settings
from tests.records.strategies import Record, money, parts_of, rate, true_records, written

RULES = (*arithmetic.RULES, *records.RULES)


def judged(record: Record) -> Judged:
    return judge_facts(facts_of(record, Settings()), RULES, Tally(), "fr")


def broken(record: Record) -> Iterator[Finding]:
    return (finding for finding in judged(record).findings if finding.state == "broken")


@settings(max_examples=150, deadline=None)
@given(true_records())
def test_a_true_record_is_never_accused_and_all_its_claims_are_decided(made: tuple[Record, int]) -> None:
    record, _ = made
    outcome = judged(record)
    assert not [finding for finding in outcome.findings if finding.state == "broken"]
    assert {claim.state for claim in outcome.claims} <= {"holds"}


@settings(max_examples=100, deadline=None)
@given(true_records(), st.sampled_from((-1, 1)), st.data())
def test_a_total_moved_by_a_cent_is_accused(made: tuple[Record, int], step: int, data: st.DataObject) -> None:
    record, total = made
    if "allocations" not in record:
        amounts = data.draw(parts_of(total))
        record["allocations"] = [{"funder": "Ville", "amount": data.draw(written(amount))} for amount in amounts]
    record["total"] = money(total + step)
    assert "SUM001" in {finding.code for finding in broken(record)}


@settings(max_examples=80, deadline=None)
@given(true_records(), st.integers(-3, 3), st.randoms(use_true_random=False))
def test_the_order_of_allocations_changes_nothing_but_places(made: tuple[Record, int], step: int, random: Any) -> None:
    record, total = made
    record["total"] = money(max(1, total + step))
    before = judged(record)
    if "allocations" in record:
        shuffled = list(record["allocations"])
        random.shuffle(shuffled)
        record = {**record, "allocations": shuffled}
    after = judged(record)

    def told(outcome: Judged) -> list[tuple[str, str, str]]:
        return sorted(
            (finding.code, finding.state, json.dumps(_sorted(dict(finding.values)), sort_keys=True))
            for finding in outcome.findings
        )

    assert told(before) == told(after)
    assert len(before.untied) == len(after.untied)


def _sorted(values: dict[str, Any]) -> dict[str, Any]:
    return {key: sorted(map(str, value)) if isinstance(value, list) else value for key, value in values.items()}


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 10**9), st.integers(1, 10**9), st.integers(0, 3), st.sampled_from((-1, 1)))
def test_a_percentage_off_by_its_last_digit_is_told(part: int, whole: int, decimals: int, step: int) -> None:
    right = rate(part, whole, decimals)
    digits = int(right.replace(",", "")) + step
    text = str(abs(digits)).rjust(decimals + 1, "0")
    text = f"{text[:-decimals]},{text[-decimals:]}" if decimals else text
    record: Record = {
        "total": money(part),
        "base": money(whole),
        "stated_percentage": ("-" if digits < 0 else "") + text,
    }
    exact = Decimal(100 * part) / Decimal(whole)
    tie = abs(exact * 10**decimals * 2) % 2 == 1  # both neighbours are the nearest
    codes = {finding.code for finding in broken(record)}
    assert codes <= {"PCT001", "PCT002"}
    assert codes or tie


@settings(max_examples=60, deadline=None)
@given(true_records())
def test_what_is_missing_is_unknown_and_never_zero(made: tuple[Record, int]) -> None:
    record, _ = made
    record["allocations"] = [{"funder": "Ville", "amount": "1 000 €"}, {"funder": "Région"}]
    outcome = judged(record)
    sums = [claim for claim in outcome.claims if claim.claim.kind == "sum" and claim.claim.topic == "allocations"]
    assert [claim.state for claim in sums] == ["unknown"]
    assert ("REC001", "broken") in {(finding.code, finding.state) for finding in outcome.findings}
    assert ("SUM001", "unknown") in {(finding.code, finding.state) for finding in outcome.findings}
