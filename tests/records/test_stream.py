"""JSON lines: what the screen lets pass is what the rules would have let pass, to the last count."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subsidy_rules.engine import Judged
from subsidy_rules.finding import Tally
from subsidy_rules.place import Place
from subsidy_rules.record import LINE_BYTES, stream
from subsidy_rules.rulebook import Rule, Verdict, holds, rule
from subsidy_rules.rules import standard_rules
from subsidy_rules.screen import Screen, screen_for
from subsidy_rules.settings import Settings
from tests.records.strategies import Record, money, plain_records
from tests.shared import shared_folder

BENCH: Final = frozenset(("SUM001", "PCT001", "PCT002", "AMT001", "IMP001", "REC001", "REC002"))
SOME: Final = tuple(rule for rule in standard_rules() if rule.code in BENCH)


def run(data: bytes, rules: Sequence[Rule], *, screened: bool) -> tuple[Any, ...]:
    tally = Tally()
    found = list(stream("x.jsonl", io.BytesIO(data), rules, Settings(), tally, screened=screened))
    return [_shown(judged) for judged in found], _counts(tally)


def _shown(judged: Judged) -> Any:
    return (
        [finding.to_json("fr") for finding in judged.findings],
        [(claim.claim.kind, claim.state, claim.claim.place.to_json()) for claim in judged.claims],
    )


def _counts(tally: Tally) -> Any:
    return {
        "rules": {code: dict(states) for code, states in sorted(tally.rules.items())},
        "kinds": {kind: dict(states) for kind, states in sorted(tally.kinds.items())},
        "claims": dict(tally.claims),
        "others": (tally.figures, tally.tied, tally.rows, tally.imputations),
    }


ODD: Final[tuple[Any, ...]] = (
    "", " ", "0", "-1.00", "1e6", "NaN", "12O.50", "12..50", "4 8500,00", "12.500", "12,500", "70 000,00", "70 000 €",
    "10 M€", "environ 3", "100 F", "007.10", "1_000", "١٢", "1.5", "1.00 2.00",
    5, 5.5, 1e300, True, None, [], {}, "9" * 15,
)  # fmt: skip


@st.composite
def lines(draw: st.DrawFn) -> bytes:
    """A line: a plain record that holds, or the same with a slip, or written another way, or something else."""
    record = draw(plain_records())
    part = draw(st.sampled_from(record["allocations"]))
    slip = draw(st.integers(0, 21))
    text: str | None = None
    match slip:
        case 0:
            record["total"] = money(draw(st.integers(0, 10**9)))
        case 1:
            units, _, decimals = record["stated_percentage"].partition(",")
            step = str(int(units + decimals) + draw(st.sampled_from((-1, 1)))).rjust(len(decimals) + 1, "0")
            record["stated_percentage"] = f"{step[: -len(decimals)]},{step[-len(decimals) :]}" if decimals else step
        case 2:
            part["amount"] = draw(st.sampled_from(ODD))
        case 3:
            record[draw(st.sampled_from(("total", "stated_percentage", "reference", "fiscal_year")))] = draw(
                st.sampled_from(ODD)
            )
        case 4:
            holder = draw(st.sampled_from((record, record["base"], part)))
            del holder[draw(st.sampled_from(sorted(holder)))]
        case 5:
            holder = draw(st.sampled_from((record, record["base"], part)))
            holder[draw(st.sampled_from(("label", "alocations", "x-own", "title", "montant", "convention")))] = draw(
                st.sampled_from(("Subvention de fonctionnement à l'association X", "a : b", "", None, True, False, 3))
            )
        case 6:
            part["imputation"] = draw(
                st.sampled_from(
                    (
                        "65//6574",
                        "/65/6574/61",
                        "65-6574/61",
                        "",
                        "6574",
                        "65/65O4/61",
                        "204/20422/61",
                        6574,
                        None,
                        "B320/65/6574/61 A181/65/6574/1",
                    )
                )
            )
        case 7:
            record["fiscal_year"] = draw(st.sampled_from((24, "deux mille", 20245, 2024.5, 2000, 1949, "2017", True)))
        case 8:
            record["base"] = draw(
                st.sampled_from((record["base"]["amount"], 10**6, "", None, [], "environ 5", {"label": "x"}))
            )
        case 9:
            record["convention"] = draw(st.sampled_from((True, False, None, "oui", {"signed_on": "2017-01-01"})))
        case 10:
            record["beneficiary"] = draw(
                st.sampled_from(("Commune de Pau", "Association X", "M. Y", "", {"name": "X", "kind": "public"}))
            )
        case 11:
            record["nomenclature"] = draw(st.sampled_from(("M57", "M14", "M99", " ", 57)))
        case 12:
            record["allocations"] = draw(st.sampled_from(([], {}, None, "x", [[]], ["a"], [{}], [None])))
        case 13:
            text = json.dumps(record).replace('"amount"', '"amount": "1.00", "amount"', 1)
        case 14:
            text = json.dumps(record).replace('":', '" :')
        case 15:
            text = json.dumps(record) + draw(st.sampled_from(("x", ",", " ", "\t", " {}", "}")))
        case 16:
            text = draw(
                st.sampled_from(
                    ("", "   ", "[]", "3", '"x"', "{", "{}", "null", "[" * 200, '{"total": 1e400}', "\ufeff{}")
                )
            )
        case 17:
            text = json.dumps(dict(reversed(list(record.items()))), ensure_ascii=False, separators=(",", ":"))
        case 18:
            for key in ("total",):
                record[key] = int(float(record[key])) if float(record[key]) < 10**6 else record[key]
        case _:
            pass
    if text is None:
        compact = draw(st.booleans())
        text = json.dumps(record, ensure_ascii=draw(st.booleans()), separators=(",", ":") if compact else None)
    data = text.encode("utf-8", "surrogatepass")
    if draw(st.integers(0, 40)) == 0:
        data = data.replace(b"a", b"\xe9", 1)
    return data


@settings(max_examples=150, deadline=None)
@given(st.lists(lines(), min_size=1, max_size=6), st.sampled_from((b"\n", b"\r\n")), st.booleans(), st.booleans())
def test_the_screen_changes_nothing(chosen: list[bytes], end: bytes, ended: bool, everything: bool) -> None:
    data = end.join(chosen) + (end if ended else b"")
    rules = standard_rules() if everything else SOME
    assert run(data, rules, screened=True) == run(data, rules, screened=False)


@settings(max_examples=40, deadline=None)
@given(st.lists(plain_records(), min_size=3, max_size=12), st.integers(0, 11), st.integers(1, 10**6))
def test_one_wrong_total_among_records_written_alike_is_found(records: list[Record], at: int, by: int) -> None:
    wrong = records[at % len(records)]
    wrong["total"] = money(round(float(wrong["total"]) * 100) + by) if float(wrong["total"]) < 10**7 else "1.00"
    data = b"\n".join(json.dumps(record, separators=(",", ":")).encode() for record in records)
    findings, _ = run(data, SOME, screened=True)
    told = {(finding["place"]["line"], finding["code"]) for shown, _ in findings for finding in shown}
    assert (at % len(records) + 1, "SUM001") in told


def test_the_standard_rules_can_be_screened() -> None:
    assert isinstance(screen_for(standard_rules(), Settings(), lambda title, name: (None, None)), Screen)


def test_plain_records_are_taken_by_the_screen_and_odd_ones_are_not() -> None:
    screen = screen_for(SOME, Settings(), lambda title, name: (None, None))
    assert screen is not None
    good = {
        "reference": "1",
        "fiscal_year": 2017,
        "total": "30.00",
        "base": {"label": "b", "amount": "300.00"},
        "stated_percentage": "10,00",
        "allocations": [{"funder": "V", "amount": "30.00", "imputation": "B320/65/6574/61"}],
    }
    line = json.dumps(good, separators=(",", ":")).encode()
    assert screen.look(line) is not None
    assert screen.look(line) == screen.look(line), "the pattern learnt from the first line says what decoding said"
    for old, new in (
        (b'"30.00","base"', b'"30.01","base"'),
        (b"10,00", b"10,01"),
        (b'"amount":"30.00"', b'"amount":"-30.00"'),
        (b"B320/65/6574/61", b"B320/65//6574/61"),
        (b'"V"', b'" "'),
        (b"2017", b"1949"),
        (b"2017", b"2017.0"),
        (b'"reference":"1"', b'"reference":"1","reference":"2"'),
        (b'"V"', b'"\xff"'),
        (b'"V"', b'"\\q"'),
        (b"}]}", b"}]}}"),
        (b"{", b" {"),
    ):
        assert old in line
        assert screen.look(line.replace(old, new, 1)) is None, new


def test_a_rule_from_elsewhere_is_asked_for_every_line() -> None:
    asked: list[Any] = []

    @rule("OWN001", name="own-rule", on="grant", fr="non", en="no")
    def own(grant: Any, context: Any) -> Verdict:
        asked.append(grant)
        return holds(Place())

    record = {"total": "3.00", "allocations": [{"funder": "V", "amount": "3.00", "imputation": "65/6574"}]}
    data = b"\n".join([json.dumps(record).encode()] * 5)
    tally = Tally()
    assert list(stream("x", io.BytesIO(data), (*SOME, own), Settings(), tally)) == []
    assert len(asked) == 5
    assert tally.rules["OWN001"] == {"holds": 5}


@pytest.mark.parametrize("screened", [True, False])
def test_lines_are_told_in_their_order(screened: bool) -> None:
    silent: Record = {
        "total": "30000.00",
        "allocations": [{"funder": "V", "amount": "30000.00", "imputation": "B320/65/6574/61"}],
    }
    wrong = {**silent, "total": "30000.01"}
    data = b"\n".join(json.dumps(wrong if at % 3 == 1 else silent).encode() for at in range(1, 1000))
    findings, _ = run(data, standard_rules(), screened=screened)
    *told, last = [finding for shown, _ in findings for finding in shown]
    lines = [finding["place"]["line"] for finding in told if finding["code"] == "SUM001"]
    assert lines == sorted(lines)
    assert len(lines) == 333
    assert last["code"] == "LIM001"
    assert last["values"] == {"count": 999, "rows": list(range(1, 21))}
    assert last["place"]["line"] == 1


def test_what_every_line_is_silent_about_is_told_once() -> None:
    record = {
        "fiscal_year": 2017,
        "total": "30000.00",
        "allocations": [{"funder": "V", "amount": "30000.00", "imputation": "B320/65/6574/61"}],
    }
    data = b"\n".join([json.dumps(record).encode()] * 50)
    rules = tuple(rule for rule in standard_rules() if rule.code == "LIM001")
    findings, counts = run(data, rules, screened=True)
    ((told,), _claims) = findings[0]
    assert told["code"] == "LIM001"
    assert told["state"] == "unknown"
    assert told["values"] == {"count": 50, "rows": list(range(1, 21))}
    assert counts["rules"] == {"LIM001": {"unknown": 50}}


@pytest.mark.parametrize(
    ("line", "column", "words"),
    [
        (b'{"total": 1,}', 13, "virgule"),
        (b"[1, 2]", 1, "objet JSON"),
        (b'{"total": "1"} x', 16, "après la fin"),
        (b'{"total": "\xe9"}', 12, "UTF-8"),
        (b"[" * 300, 65, "niveaux"),
    ],
)
def test_a_line_that_is_no_record_is_told_and_the_others_are_read(line: bytes, column: int, words: str) -> None:
    good = b'{"total": "3.00", "allocations": [{"funder": "V", "amount": "3.00", "imputation": "65/6574"}]}'
    findings, counts = run(b"\n".join((good, line, good)), SOME, screened=True)
    ((told,), _claims) = findings[0]
    assert (told["code"], told["place"]["line"], told["place"]["column"]) == ("REC001", 2, column)
    assert words in told["message"]
    assert counts["others"][2] == 3


def test_an_endless_line_is_told_and_passed_over() -> None:
    good = b'{"total": "3.00"}\n'
    data = good + b'{"total": "' + b"9" * LINE_BYTES + b'"}\n' + good
    findings, counts = run(data, SOME, screened=True)
    assert [finding["place"]["line"] for shown, _ in findings for finding in shown] == [2]
    assert counts["others"][2] == 3


def test_the_counts_agree_with_one_another_when_the_reader_stops_early() -> None:
    record = {"total": "3.00", "allocations": [{"funder": "V", "amount": "3.00", "imputation": "B320/65/6574/61"}]}
    good = json.dumps(record).encode() + b"\n"
    bad = good.replace(b'"3.00", "allocations"', b'"4.00", "allocations"')
    tally = Tally()
    found = stream("x", io.BytesIO((good * 3 + bad + good * 3) * 300), SOME, Settings(), tally)
    next(found)
    found.close()  # type: ignore[attr-defined]
    assert 4 <= tally.rows < 2100
    assert sum(tally.claims.values()) == tally.rows
    assert tally.imputations == sum(tally.rules["IMP001"].values())


def test_the_planted_faults_of_the_benchmark_are_all_found() -> None:
    folder = shared_folder("bench")
    import csv
    import os
    import subprocess
    import sys
    import tempfile

    kinds = {
        "sum_mismatch": {"SUM001"}, "pct_ulp": {"PCT001", "PCT002"}, "negative_amount": {"AMT001"},
        "bad_imputation": {"IMP001"}, "missing_field": {"REC001"}, "bad_amount": {"REC002"}, "bad_year": {"REC001"},
        "bad_pct_format": {"REC002", "PCT001"},
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as scratch:
        data, truth = os.path.join(scratch, "b.jsonl"), os.path.join(scratch, "b.tsv")
        environment = {**os.environ, "SEED": "7", "PYTHONDONTWRITEBYTECODE": "1"}
        command = [sys.executable, str(folder / "gen.py"), "jsonl", "4000", data, truth]
        subprocess.run(command, check=True, env=environment)
        with open(data, "rb") as records:
            told: dict[int, set[str]] = {}
            for judged in stream(data, records, SOME, Settings(), Tally()):
                for finding in judged.findings:
                    if finding.state == "broken" and finding.place.line is not None:
                        told.setdefault(finding.place.line - 1, set()).add(finding.code)
        with open(truth, newline="", encoding="utf-8") as planted:
            rows = {int(row["row"]): row["kind"] for row in csv.DictReader(planted, delimiter="\t")}
    assert set(told) == set(rows)
    assert all(told[row] & kinds[kind] for row, kind in rows.items())
