"""The model of slips against slips made forwards, digit by digit."""

from __future__ import annotations

import random
from collections import defaultdict
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subsidy_rules.diagnosis.slips import KINDS, SCALE, SHARES, Kind, free_weight, slips
from subsidy_rules.figures import Amount, Percentage
from tests.shared import shared_folder

PUBLISHED: dict[str, int] = {"replaced": 112, "omitted": 15, "interchanged": 14, "added": 11}
ASSUMED: dict[str, Fraction] = {kind: (Fraction(count, 152) + Fraction(1, 4)) / 2 for kind, count in PUBLISHED.items()}
"""Half as they were counted, half all four alike."""


def forwards(number: int) -> dict[int, Fraction]:
    """What one published slip in ``number`` prints, with its probability; prints that begin with a zero left out."""
    digits = str(number)
    size = len(digits)
    found: dict[int, Fraction] = defaultdict(Fraction)

    def printed(typed: str, kind: str, of: int) -> None:
        if typed and typed != digits and (typed[0] != "0" or len(typed) == 1):
            found[int(typed)] += ASSUMED[kind] / of

    for at in range(size):
        for digit in "0123456789":
            printed(digits[:at] + digit + digits[at + 1 :], "replaced", 9 * size)
        printed(digits[:at] + digits[at + 1 :], "omitted", size)
    for at in range(size - 1):
        printed(digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :], "interchanged", size - 1)
    for at in range(size + 1):
        for digit in "0123456789":
            printed(digits[:at] + digit + digits[at:], "added", 10 * (size + 1))
    return found


def typed_weight(printed: int, meant: int) -> int:
    typed = {"replaced", "omitted", "interchanged", "added", "doubled"}
    return sum(weight for n, decimals, weight, kind in slips(Amount(n=printed)) if n == meant and kind in typed)


def test_weights_are_the_probabilities_of_the_slips_made_forwards() -> None:
    r = random.Random(3)
    total = sum(SHARES[kind] for kind in ("replaced", "omitted", "interchanged", "added"))
    for _ in range(60):
        meant = r.randint(2, 10 ** r.randint(2, 6))
        for printed, probability in forwards(meant).items():
            if printed == 0:
                continue
            weight = Fraction(typed_weight(printed, meant), total)
            # Whole numbers of SCALE are cut, never more than a few units; a slip that loses zeros adds to it.
            assert weight >= probability - Fraction(100, total), (meant, printed)
            lost = str(meant)[1:].startswith("0") or str(meant)[0] != str(printed)[0]
            assert weight <= probability + Fraction(100, total) or lost, (meant, printed)


def test_every_value_is_a_slip_away() -> None:
    r = random.Random(4)
    for _ in range(6):
        printed = r.randint(1, 10**7)
        for n, decimals, weight, kind in slips(Amount(n=printed)):
            assert weight >= 0
            assert kind in KINDS
            if decimals == 0 and n > 9 and kind in ("replaced", "interchanged", "added", "doubled"):
                assert printed in forwards(n), (n, kind)


def test_the_shares_of_the_kinds() -> None:
    assert 0 <= SCALE - sum(SHARES.values()) < 20
    for one, share in ASSUMED.items():
        for other, number in ASSUMED.items():
            a, b = SHARES[kind_of(one)], SHARES[kind_of(other)]
            assert abs(a * number - b * share) <= 2


def kind_of(name: str) -> Kind:
    return next(kind for kind in KINDS if kind == name)


def test_the_published_frequencies_are_those_of_the_outside_table() -> None:
    import json

    table = json.loads(shared_folder("vectors", "published_error_frequencies.json").read_text("utf-8"))
    assert table["counts"] == PUBLISHED


@pytest.mark.parametrize(
    ("printed", "meant", "kind"),
    [
        (75_000, 70_000, "replaced"),
        (283, 238, "interchanged"),
        (19_979, 1_979, "doubled"),
        (94_138, 9_138, "added"),
        (12_764, 127_624, "omitted"),
        (-12, 12, "sign"),
        (45, 45_000, "thousand"),
        (4_500, 45_000, "omitted"),
        (120, 100, "tax"),
        (70, 69, "rounded"),
        (184, 60_184, "omitted"),
    ],
)
def test_kinds(printed: int, meant: int, kind: Kind) -> None:
    found = [(weight, name) for n, decimals, weight, name in slips(Amount(n=printed)) if (n, decimals) == (meant, 0)]
    assert kind in {name for _, name in found}


def test_a_lost_decimal_mark() -> None:
    assert (527, 2) in {(n, decimals) for n, decimals, _, kind in slips(Percentage(n=527)) if kind == "shifted"}
    assert (57, 1) in {(n, decimals) for n, decimals, _, _ in slips(Percentage(n=527, decimals=2))}
    assert (7_000_050, 2) in {(n, decimals) for n, decimals, _, kind in slips(Amount(n=7_000_050)) if kind == "shifted"}
    assert all(decimals in (0, 2) for _, decimals, _, _ in slips(Amount(n=7_000_050, decimals=2)))


@given(st.integers(-(10**30), 10**30), st.integers(0, 4))
def test_any_figure_has_slips(n: int, decimals: int) -> None:
    found = list(slips(Amount(n=n, decimals=decimals)))
    assert found
    assert all(places >= 0 for _, places, _, _ in found)
    assert len(found) < 60 * (len(str(abs(n))) + decimals + 3)


def test_what_no_single_slip_explains() -> None:
    weight, kind = free_weight(13_982, 13_937)
    assert kind == "several_digits"
    assert weight > free_weight(13_982, 10_000)[0] > 0
    assert free_weight(13_982, 10_000)[1] == "retyped"
    assert free_weight(398, 353)[0] > free_weight(398, 10_000)[0]
    assert free_weight(1_398, 10)[0] < free_weight(398, 10)[0], "a longer number is less likely by chance"
    assert free_weight(-12, 13)[1] == "retyped"
