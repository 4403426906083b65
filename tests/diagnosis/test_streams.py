"""Records given one a line get the same repairs as the same records in files of their own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from subsidy_rules import check, checking

RECORD: dict[str, Any] = {
    "reference": "optitec-2017",
    "fiscal_year": 2017,
    "total": "75 000 euros",
    "base": {"label": "budget prévisionnel", "amount": "1 329 243 euros"},
    "stated_percentage": "5,27 %",
    "convention": True,
    "allocations": [
        {"funder": "CT1", "amount": "50 000 euros", "imputation": "B320/65/6574/61"},
        {"funder": "CT2", "amount": "20 000 euros", "imputation": "3A/61/6574"},
    ],
}
SOUND: dict[str, Any] = {**RECORD, "total": "70 000 euros", "reference": "sound"}


def written(path: Path, records: list[dict[str, Any]]) -> str:
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), "utf-8")
    return str(path)


def test_one_cause_is_one_finding_with_the_same_repair(tmp_path: Path) -> None:
    alone = tmp_path / "record.json"
    alone.write_text(json.dumps(RECORD, ensure_ascii=False, indent=1), "utf-8")
    expected = [one for one in check(str(alone)).findings if one.repairs]
    found = check(written(tmp_path / "records.jsonl", [SOUND, RECORD, SOUND, RECORD])).findings
    told = [one for one in found if one.repairs]
    assert len(expected) == 1
    assert [one.place.line for one in told] == [2, 4]
    for one in told:
        assert one.code == expected[0].code
        assert [(repair.old, repair.new, repair.kind, repair.probability) for repair in one.repairs] == [
            (repair.old, repair.new, repair.kind, repair.probability) for repair in expected[0].repairs
        ]
        assert [repair.new for repair in one.repairs] == ["70 000 euros"]
        assert len(one.related) == len(expected[0].related)
    assert not [one for one in found if one.state == "broken" and not one.repairs]


def test_the_search_is_bounded_and_the_bound_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "MOST_EXPLAINED", 2)
    report = check(written(tmp_path / "records.jsonl", [RECORD] * 3 + [SOUND]))
    assert [one.place.line for one in report.findings if one.repairs] == [1, 2]
    assert {one.place.line for one in report.findings if one.state == "broken"} == {1, 2, 3}
    (source,) = report.sources
    assert [remark.say("en") for remark in source.remarks] == [
        "the figure to correct is searched for in the first 2 inconsistent decisions only, of 3"
    ]
    whole = check(written(tmp_path / "records.jsonl", [RECORD] * 2 + [SOUND] * 5))
    assert whole.sources[0].remarks == ()


def test_sound_records_are_never_searched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: Any, **__: Any) -> None:
        raise AssertionError

    monkeypatch.setattr(checking, "with_causes", never)
    report = check(written(tmp_path / "records.jsonl", [SOUND] * 5))
    assert not [one for one in report.findings if one.state == "broken"]
