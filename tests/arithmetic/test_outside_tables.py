"""Tables made by others, to agree with: their README says who decided each, and where they are wrong."""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest

from subsidy_rules.arithmetic import Bounds, Mode, accepting_modes, accepts, bounds_of
from subsidy_rules.numerals import NumeralError, amount_of, parse_amount, parse_percentage
from tests.shared import shared_folder


@pytest.fixture(scope="module")
def vectors() -> Path:
    return shared_folder("vectors")


def rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def figure(text: str) -> tuple[int, Fraction]:
    """(n, unit) of a printed decimal."""
    amount = amount_of(Decimal(text))
    return amount.n, amount.unit


def rounded(printed: str, value: Fraction, mode: Mode = "nearest") -> bool:
    n, unit = figure(printed)
    return bounds_of(n, unit, mode).contains(value)


# -- percentages ----------------------------------------------------------------------------------------------------


def test_percentages_of_counts(vectors: Path) -> None:
    """288 288 questions: is there a k in 0…n whose share of n prints as this percentage, with one decimal?"""
    # The name there, and ours; the shares are not negative, so that « up » and « down » go by magnitude.
    modes: dict[str, tuple[Mode, ...]] = {
        "up_or_down": ("half_away_from_zero", "half_to_zero"),
        "up": ("half_away_from_zero",),
        "down": ("half_to_zero",),
        "even": ("half_to_even",),
        "ceiling": ("ceiling",),
        "floor": ("floor",),
        "trunc": ("truncate",),
        "ceiling_or_floor": ("ceiling", "floor"),
    }
    possible: dict[tuple[int, Mode], set[int]] = {}

    def printable(n: int, mode: Mode) -> set[int]:
        if (n, mode) not in possible:
            possible[n, mode] = {
                tenths
                for k in range(n + 1)
                for tenths in (1000 * k // n, 1000 * k // n + 1)
                if accepts(tenths, mode, 1000 * k, n)
            }
        return possible[n, mode]

    count = 0
    with gzip.open(vectors / "grim_percent_1dp.csv.gz", "rt", encoding="utf-8", newline="") as file:
        for percent, size, name, _, exact in list(csv.reader(file))[1:]:
            tenths = int(percent.replace(".", ""))
            found = any(tenths in printable(int(size), mode) for mode in modes[name])
            assert found == (exact == "TRUE"), (percent, size, name)
            count += 1
    assert count == 288288


def test_the_nearest_mode_is_either_tie(vectors: Path) -> None:
    """« up_or_down » of that table and our default are the same question."""
    with gzip.open(vectors / "grim_percent_1dp.csv.gz", "rt", encoding="utf-8", newline="") as file:
        chosen = [row for row in csv.reader(file) if row[2] == "up_or_down"][::37]
    assert len(chosen) > 900
    for percent, size, _, _, exact in chosen:
        stated = parse_percentage(percent)
        found = any("nearest" in accepting_modes(stated, part=k, whole=int(size)) for k in range(int(size) + 1))
        assert found == (exact == "TRUE"), (percent, size)


# -- intervals ------------------------------------------------------------------------------------------------------


def test_bounds_of_printed_numbers(vectors: Path) -> None:
    table = list(rows(vectors / "unround_bounds.csv"))
    assert len(table) == 128
    same: dict[str, Mode] = {
        "up_or_down": "nearest",
        "up": "half_to_positive",
        "ceiling": "ceiling",
        "floor": "floor",
        "trunc": "truncate",
    }
    for row in table:
        n, unit = figure(row["x"])
        if row["rounding"] == "anti_trunc":
            # Wrong there on the values of the grid: the printed number itself is left out. The ends agree.
            ours = bounds_of(n, unit, "away_from_zero")
            assert ours.contains(n * unit)
            if n == 0:
                assert row["lower"] == row["upper"] == ""
                assert ours.is_point
            else:
                assert (ours.lower, ours.upper) == (Fraction(Decimal(row["lower"])), Fraction(Decimal(row["upper"])))
            continue
        theirs = Bounds.between(
            Decimal(row["lower"]),
            Decimal(row["upper"]),
            lower_closed=row["incl_lower"] == "TRUE",
            upper_closed=row["incl_upper"] == "TRUE",
        )
        if row["rounding"] == "even":
            # Always open there; exactly, both ties belong to an even last digit.
            ours = bounds_of(n, unit, "half_to_even")
            assert (ours.lower, ours.upper) == (theirs.lower, theirs.upper)
            assert ours.lower_closed == ours.upper_closed == (n % 2 == 0)
        elif row["rounding"] == "down":
            # Ties towards minus infinity: the mirror of ties towards plus infinity.
            assert -bounds_of(-n, unit, "half_to_positive") == theirs
        else:
            assert bounds_of(n, unit, same[row["rounding"]]) == theirs, row


def test_interval_operations(vectors: Path) -> None:
    def interval(ends: list[str]) -> Bounds:
        return Bounds.between(Decimal(ends[0]), Decimal(ends[1]))

    table = json.loads((vectors / "ixbrl_viewer_interval_tests.json").read_text("utf-8"))
    assert len(table) == 18
    for row in table:
        want = row["expected"]
        got: Bounds | bool | None
        match row["op"]:
            case "from_fact":
                value = Fraction(Decimal(row["value"]))
                unit = Fraction(10) ** -row["decimals"] if row["decimals"] is not None else None
                got = Bounds.point(value) if unit is None else Bounds.point(value).widened(unit / 2)
                if unit is not None and (value / unit).denominator == 1:
                    assert got == bounds_of(int(value / unit), unit)
            case "intersect":
                met: Bounds | None = interval(row["args"][0])
                for other in row["args"][1:]:
                    met = met.intersection(interval(other)) if met is not None else None
                got = met
            case "add":
                got = interval(row["args"][0]) + interval(row["args"][1])
            case "scale":
                got = interval(row["arg"]) * Decimal(row["by"])
            case _:
                assert row["op"] == "calc11"
                got = interval(row["items_interval_sum"]).meets(interval(row["total"]))
        assert got == (want if want is None or isinstance(want, bool) else interval(want)), row


# -- rounding -------------------------------------------------------------------------------------------------------


def test_half_away_from_zero(vectors: Path) -> None:
    """What Catala's tests round, and to what."""
    table = list(rows(vectors / "catala_rounding_asserts.csv"))
    assert len(table) == 40

    def plain(text: str) -> Fraction:
        return Fraction(re.sub(r"[$() ]", "", text))

    for row in table:
        left, right = row["lhs"], plain(row["rhs"])
        numbers = [plain(found) for found in re.findall(r"-?\$*[0-9.]+", left)]
        value = numbers[0] * (numbers[1] if "*" in left else 1)
        unit = Fraction(1, 100) if "money of" in left or "*" in left else Fraction(1)
        mode: Mode = "truncate" if left.startswith("integer of") and "$" not in left else "half_away_from_zero"
        scaled = right / unit
        assert scaled.denominator == 1
        accepted = [n for n in range(int(scaled) - 2, int(scaled) + 3) if bounds_of(n, unit, mode).contains(value)]
        assert accepted == [int(scaled)], row


def test_digits_beyond_the_stated_decimals(vectors: Path) -> None:
    """A quotient is what is left by cutting; there are excess digits where the value is not on the grid."""
    table = json.loads((vectors / "arelle_excess_digits_tests.json").read_text("utf-8"))
    assert len(table) == 56
    for row in table:
        value, unit = Fraction(Decimal(row["value"])), Fraction(10) ** -row["decimals"]
        n = int(value / unit)
        assert accepts(n, "exact", (value / unit).numerator, (value / unit).denominator) == (
            not row["exact_has_excess_digits"]
        ), row
        if row["arelle"] is not None:
            quotient = Fraction(Decimal(row["arelle"][0]))
            assert bounds_of(int(quotient / unit), unit, "truncate").contains(value), row
            assert quotient == n * unit, row


# -- sums -----------------------------------------------------------------------------------------------------------

# Rows whose official answer is not about the sum: two tax amounts in one currency (the third is refused as such).
NOT_SUMS = {("BR-CO-15", "5700.00")}


def test_official_invoice_totals(vectors: Path) -> None:
    table = list(rows(vectors / "en16931_sum_checks.csv"))
    assert len(table) == 112
    sums = products = empty = 0
    for row in table:
        if not row["total"]:
            empty += 1
            assert row["plus"] == row["base"] == ""
            continue
        if row["base"]:
            right = all(
                rounded(f"{Decimal(total):.2f}", Fraction(Decimal(base)) * Fraction(Decimal(percent or 0)) / 100)
                for total, base, percent in zip(
                    row["total"].split("|"), row["base"].split("|"), (row["percent"] or "0").split("|"), strict=True
                )
            )
            # Taxes are owed to the cent, however few decimals are printed; a tie may go either way.
            products += 1
        else:
            parts = [amount_of(Decimal(text)).bounds() for text in row["plus"].split("|") if text]
            minus = [amount_of(Decimal(text)).bounds() for text in row["minus"].split("|") if text]
            *_, total = accumulate([*parts, *(-it for it in minus)], initial=Bounds.point(0))
            right = total.meets(amount_of(Decimal(row["total"])).bounds())
            sums += 1
        if (row["rule"], row["total"]) in NOT_SUMS:
            assert row["expected"] == "error"
            continue
        assert right == (row["expected"] == "success"), row
    assert (sums, products, empty) == (85, 22, 5)


def test_rounded_parts_that_miss_their_total(vectors: Path) -> None:
    """A difference of d units is possible among n rounded parts exactly where its probability is not zero."""
    table = list(rows(vectors / "visible_difference_probabilities.csv"))
    assert len(table) == 116
    for row in table:
        parts, difference = int(row["parts"]), int(row["difference_in_last_place_units"])
        shown = 100 + difference
        each = [bounds_of(shown if i == 0 else 0, Fraction(1), "nearest") for i in range(parts)]
        total = sum(each[1:], each[0])
        reach = Fraction(parts, 2)
        assert total == Bounds(shown - reach, shown + reach)
        # The exact total is 100. At the very end of the reach (all parts at a tie) the probability is zero.
        assert total.meets(Bounds.point(100)) == (Fraction(row["P_percent_table_exact"]) > 0 or 2 * difference == parts)
        rounded_total = total.meets(bounds_of(100, Fraction(1)))
        assert rounded_total == (Fraction(row["P_rounded_total_exact"]) > 0 or 2 * difference == parts + 1)


def test_sums_of_systems_with_planted_errors(vectors: Path) -> None:
    """The truth of each system balances to the unit; what was observed does not."""
    systems: dict[str, Callable[[dict[str, int]], list[tuple[int, list[int]]]]] = {
        "S1": lambda v: [(v["t"], [v["a"], v["b"]])],
        "S2": lambda v: [
            (v["x3"], [v["x1"], v["x2"]]),
            (v["x4"], [v["x2"]]),
            (v["x8"], [v["x5"], v["x6"], v["x7"]]),
            (v["x9"], [v["x3"], v["x8"]]),
            (v["x11"], [v["x9"], -v["x10"]]),
        ],
        "S3": lambda v: [
            (v["fonc"], [v["f1"], v["f2"], v["f3"]]),
            (v["inv"], [v["i1"], v["i2"], v["i3"]]),
            (v["tot"], [v["fonc"], v["inv"]]),
            (v["enveloppe"], [v["tot"], v["solde"]]),
        ],
    }

    def balances(system: str, names: str, values: str) -> bool:
        numbers = dict(zip(names.split("|"), map(int, values.split("|")), strict=True))
        return all(
            sum((amount_of(part).bounds() for part in parts[1:]), amount_of(parts[0]).bounds()).meets(
                amount_of(total).bounds()
            )
            for total, parts in systems[system](numbers)
        )

    table = list(rows(vectors / "random_typos.csv"))
    assert len(table) == 180
    for row in table:
        assert balances(row["system"], row["vars"], row["truth"])
        assert balances(row["system"], row["vars"], row["observed"]) == (row["observed"] == row["truth"]), row


# -- cases from the trackers of similar tools -----------------------------------------------------------------------


def judged(case: dict[str, Any]) -> bool | None:
    """Our answer to one case: whether the printed figure can be right; ``None`` when it cannot be judged."""
    given, printed = case["inputs"], case["printed"]
    match case["kind"]:
        case "product":
            return rounded(printed, Fraction(given["base"]) * Fraction(given["percent"]) / 100)
        case "product_qty":
            return rounded(printed, Fraction(given["price"]) * Fraction(given["qty"]))
        case "rational_rate":
            return rounded(printed, Fraction(given["base"]) * int(given["num"]) / int(given["den"]))
        case "ratio":
            modes = accepting_modes(printed, part=Decimal(given["num"]), whole=Decimal(given["den"]))
            return "nearest" in modes
        case "round_literal":
            return rounded(printed, Fraction(given["value"]))
        case "equal":
            return amount_of(Decimal(given["a"])).bounds().meets(amount_of(Decimal(printed)).bounds())
        case "sum":
            total = sum((Fraction(text) for text in given["plus"]), Fraction(0))
            if case["expected"] == "consistent_after_rounding":
                return rounded(printed, total)
            return bool(total == Fraction(printed))
        case "tolerance_boundary":
            slack = Fraction(given["tolerance"])
            difference = Fraction(given["diff"]) if "diff" in given else Fraction(given["a"]) - Fraction(given["b"])
            return Bounds.point(0).widened(slack).contains(difference)
        case "interval_sum":
            unit = Fraction(10) ** -given["item_decimals"]
            items = [Bounds.point(int(item)).widened(unit / 2) for item in given["items"]]
            whole = Bounds.point(int(given["total"])).widened(Fraction(10) ** -given["total_decimals"] / 2)
            assert sum(items[1:], items[0]) == Bounds.between(7996, 11996)
            return sum(items[1:], items[0]).meets(whole)
        case "percent_table":
            shares = [parse_percentage(text) for text in given["percents"]]
            whole_count = sum(map(int, given["counts"]))
            rows_right = all(
                "nearest" in accepting_modes(share, part=int(count), whole=whole_count)
                for share, count in zip(shares, given["counts"], strict=True)
            )
            total = sum((share.fraction for share in shares), Fraction(0))
            assert total == Fraction(printed) != 100
            return rows_right and sum((s.bounds() for s in shares[1:]), shares[0].bounds()).contains(100)
        case "percent_sum":
            shares = [parse_percentage(text) for text in given["percents"]]
            assert sum(share.n for share in shares) == int(printed)
            return sum((s.bounds() for s in shares[1:]), shares[0].bounds()).contains(100)
        case _:
            assert case["kind"] == "missing"
            with pytest.raises(NumeralError):
                parse_amount(given["amount"])
            return None


def test_cases_of_similar_tools(vectors: Path) -> None:
    table = json.loads((vectors / "issue_cases.json").read_text("utf-8"))
    assert len(table) == 24
    verdicts = {
        "consistent": True,
        "consistent_after_rounding": True,
        "consistent_rows_sum_not_100": True,
        "inconsistent": False,
        "inconsistent_nearest": False,
        "not_checkable": None,
    }
    names: dict[str, Mode] = {
        "half_up": "half_away_from_zero",
        "half_away": "half_away_from_zero",
        "half_even": "half_to_even",
        "half_down": "half_to_zero",
        "half_toward_pos_inf": "half_to_positive",
    }
    for case in table:
        assert judged(case) == verdicts[case["expected"]], case["id"]
        for name, result in case.get("by_mode", {}).items():
            assert rounded(result, Fraction(case["exact"]), names[name]), (case["id"], name)
    cut = next(case for case in table if case["expected"] == "inconsistent_nearest")
    modes = accepting_modes(cut["printed"], part=int(cut["inputs"]["num"]), whole=int(cut["inputs"]["den"]))
    assert modes == {"truncate", "floor"}
