"""Whole records of eight shapes with slips of the counted kinds: what is said with confidence is right.

The benchmark runs the same with a hundred times as many records.
"""

from __future__ import annotations

import random

import pytest

from subsidy_rules.diagnosis import diagnose, verify_certificate
from tests.diagnosis.shapes import SHAPES, cases, number


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("size", [12, 40])
def test_a_true_record_is_never_accused(name: str, size: int) -> None:
    for seed in range(3):
        shape = SHAPES[name](random.Random(seed), size)
        assert shape.holds(shape.figures)
        found = diagnose(shape.figures, shape.relations)
        assert found.feasible is True
        assert found.broken == ()
        assert verify_certificate(found.certificate, shape.figures, shape.relations)


@pytest.mark.parametrize(("slips", "each", "least"), [(1, 4, 70), (2, 4, 35), (5, 2, 0)])
def test_what_is_said_with_confidence_is_right(slips: int, each: int, least: int) -> None:
    count = right = sure = sure_right = 0
    for _, shape, shown in cases(31, each, slips):
        found = diagnose(shown, shape.relations)
        count += 1
        assert found.feasible is False
        assert verify_certificate(found.certificate, shown, shape.relations)
        for repair in found.repairs[:3]:
            assert shape.holds({**shown, **repair.changes}), repair
            assert all(number(repair.changes[name]) != number(shown[name]) for name in repair.changes)
        if not found.repairs:
            continue
        good = {**shown, **found.repairs[0].changes} == shape.figures
        right += good
        if found.repair is not None:
            sure += 1
            sure_right += good
    assert 100 * right >= least * count
    if slips < 5:
        assert sure - sure_right <= 1 + sure // 30
    else:
        # Five wrong figures in twenty: nearly always an abstention.
        assert 10 * (sure - sure_right) <= count
