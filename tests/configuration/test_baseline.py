"""A baseline tells new findings from known ones, and never takes a new one in."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subsidy_rules.baseline import Baseline, BaselineError
from subsidy_rules.finding import Finding, Report, Source
from subsidy_rules.place import Place
from subsidy_rules.wording import Message


def finding(key: str, path: str = "a.yaml", line: int = 1, code: str = "SUM001") -> Finding:
    return Finding(
        code=code,
        name="x",
        severity="error",
        confidence="high",
        state="broken",
        text=Message("faux", "wrong"),
        place=Place(path=path, line=line),
        key=key,
    )


def report(*findings: Finding, paths: tuple[str, ...] = ("a.yaml",)) -> Report:
    return Report(findings=findings, sources=tuple(Source(path=path) for path in paths))


def test_lines_may_move() -> None:
    known = Baseline.of(report(finding("total", line=3)))
    assert known.split([finding("total", line=40)]) == ((), 1)


def test_one_more_of_the_same_is_new() -> None:
    known = Baseline.of(report(finding("total"), finding("total", line=9)))
    again = [finding("total", line=n) for n in (1, 2, 3)]
    new, count = known.split(again)
    assert (len(new), count) == (1, 2)


def test_another_key_path_or_code_is_new() -> None:
    known = Baseline.of(report(finding("total")))
    for other in (finding("base"), finding("total", path="b.yaml"), finding("total", code="EQU001")):
        assert known.split([other]) == ((other,), 0)


def test_the_file_comes_back_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "reference.json"
    known = Baseline.of(report(finding("total"), finding("é\x1b\u202e"), finding("base", path="\udcff.txt")))
    known.create(path)
    assert Baseline.read(path) == known
    assert "\x1b" not in path.read_text("utf-8")
    Baseline(()).replace(path)
    assert Baseline.read(path) == Baseline(())
    assert json.loads(path.read_text("utf-8"))["entries"] == []


def test_a_missing_baseline_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BaselineError) as caught:
        Baseline.read(tmp_path / "absente.json")
    assert "n’existe pas" in caught.value.reason.say("fr")


def test_a_baseline_is_never_made_over_another(tmp_path: Path) -> None:
    path = tmp_path / "reference.json"
    Baseline(()).create(path)
    with pytest.raises(BaselineError) as caught:
        Baseline.of(report(finding("total"))).create(path)
    assert "existe déjà" in caught.value.reason.say("fr")
    assert Baseline.read(path) == Baseline(())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"schema": "autre", "entries": []}',
        '{"schema": "subsidy-rules/baseline/1", "entries": [{}]}',
        '{"schema": "subsidy-rules/baseline/1", "entries": [{"path": "a", "code": "S", "fingerprint": "f", "count": 0,'
        ' "message": ""}]}',
    ],
)
def test_a_file_that_is_no_baseline_is_an_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / "reference.json"
    path.write_text(text, "utf-8")
    with pytest.raises(BaselineError):
        Baseline.read(path)


def test_what_is_gone_is_known_only_of_what_was_read() -> None:
    known = Baseline.of(report(finding("total"), finding("base", path="b.yaml"), finding("x", path="c.yaml")))
    now = report(paths=("a.yaml",))
    gone = known.stale(now, exists=lambda path: path != "c.yaml")
    assert [entry.path for entry in gone] == ["a.yaml", "c.yaml"]
    assert [entry.path for entry in known.pruned(gone).entries] == ["b.yaml"]


def test_an_unreadable_source_does_not_make_its_findings_gone() -> None:
    known = Baseline.of(report(finding("total")))
    now = replace(report(), sources=(Source(path="a.yaml", status="unreadable"),))
    assert known.stale(now, exists=lambda path: True) == ()


keys = st.lists(st.sampled_from("abc"), max_size=6)


@given(keys, keys)
def test_pruning_adds_nothing_and_hides_nothing(before: list[str], after: list[str]) -> None:
    known = Baseline.of(report(*map(finding, before)))
    now = report(*map(finding, after))
    pruned = known.pruned(known.stale(now, exists=lambda path: True))
    for key in "abc":
        count = before.count(key)
        left = sum(entry.count for entry in pruned.entries if entry.fingerprint == finding(key).fingerprint)
        assert left == min(count, after.count(key))
    assert pruned.split(now.findings) == known.split(now.findings)
    assert pruned.stale(now, exists=lambda path: True) == ()
