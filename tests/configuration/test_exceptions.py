"""Exceptions set findings aside, say so, and cannot be forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subsidy_rules.exceptions import set_aside
from subsidy_rules.finding import Finding
from subsidy_rules.place import Place
from subsidy_rules.settings import Settings, Waiver
from subsidy_rules.suppressions import suppressions
from subsidy_rules.wording import Message

TODAY = date(2024, 6, 15)
CODES = frozenset({"SUM001", "PCT001", "EXC001", "EXC002", "EXC003"})


def finding(code: str = "SUM001", path: str = "actes/a.yaml", line: int = 3, quote: str = "80 000") -> Finding:
    return Finding(
        code=code,
        name="x",
        severity="error",
        confidence="high",
        state="broken",
        text=Message("faux {q}", "wrong {q}").having(q=quote),
        place=Place(path=path, line=line, column=1, quote=quote),
    )


def waiver(**changes: Any) -> Waiver:
    return replace(Waiver(code="SUM001", reason="erreur matérielle", until=date(2024, 12, 31)), **changes)


def run(
    *waivers: Waiver,
    findings: tuple[Finding, ...] = (finding(),),
    text: str = "",
    codes: frozenset[str] = CODES,
    **more: Any,
) -> tuple[list[str], int]:
    """The codes that stay, and how many findings are set aside."""
    settings = Settings(waivers=waivers, today=TODAY, **more)
    paths = {found.place.path or "" for found in findings} | {"actes/a.yaml"}
    stay, aside = set_aside(findings, suppressions("actes/a.yaml", text), settings, sources=paths, codes=codes)
    return sorted(one.code for one in stay), len(aside)


@pytest.mark.parametrize(
    "which",
    [
        waiver(),
        waiver(code="SUM"),
        waiver(path="actes/*"),
        waiver(path="a.yaml"),
        waiver(quote="80 000"),
        waiver(quote="wrong"),
        waiver(fingerprint=finding().fingerprint),
        waiver(until=TODAY),
    ],
)
def test_what_is_set_aside(which: Waiver) -> None:
    assert run(which) == ([], 1)


@pytest.mark.parametrize(
    "which", [waiver(code="PCT"), waiver(quote="90 000"), waiver(path="actes/*.yaml", quote="non")]
)
def test_what_stays_and_the_idle_exception_told(which: Waiver) -> None:
    assert run(which) == (["EXC002", "SUM001"], 0)


def test_an_exception_for_sources_that_were_not_read_is_not_idle() -> None:
    assert run(waiver(path="autres/*")) == (["SUM001"], 0)
    assert run(waiver(fingerprint="0" * 16)) == (["SUM001"], 0)


def test_an_exception_for_a_rule_that_did_not_run_is_not_idle() -> None:
    assert run(waiver(code="PCT"), codes=CODES - {"PCT001"}) == (["SUM001"], 0)


def test_an_exception_that_is_over_is_told_and_does_not_apply() -> None:
    assert run(waiver(until=date(2024, 6, 14))) == (["EXC001", "SUM001"], 0)


def test_an_auditor_sees_everything() -> None:
    assert run(waiver(), use_waivers=False) == (["SUM001"], 0)
    assert run(text="x # subsidy-rules: ignore[SUM001] connu\n" * 3, use_waivers=False) == (["SUM001"], 0)


def test_what_is_set_aside_keeps_its_reason() -> None:
    settings = Settings(waivers=(waiver(),), today=TODAY)
    _, aside = set_aside([finding()], (), settings, sources=["actes/a.yaml"], codes=CODES)
    assert aside[0].to_json() == {
        "code": "SUM001",
        "path": "actes/a.yaml",
        "line": 3,
        "fingerprint": finding().fingerprint,
        "reason": "erreur matérielle",
        "until": "2024-12-31",
    }


# -- in the source --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "a\nb\ntotal: 80 000  # subsidy-rules: ignore[SUM001] connu",
        "a\n# subsidy-rules: ignore[SUM001] connu\ntotal: 80 000",
        "a\n# subsidy-rules: ignore[SUM] - connu\ntotal: 80 000",
        "<!-- subsidy-rules: ignore[PCT001, SUM001] : connu -->\n\ntotal: 80 000",
        "# subsidy-rules: ignore[PCT001] autre\n# subsidy-rules: ignore[SUM001] connu\ntotal: 80 000",
    ],
)
def test_a_suppression_is_for_its_line_or_the_next(text: str) -> None:
    codes, aside = run(text=text, codes=CODES - {"PCT001", "EXC002"})
    assert (codes, aside) == ([], 1)


@pytest.mark.parametrize(
    "text",
    [
        "# subsidy-rules: ignore[SUM001] connu\nb\ntotal: 80 000",
        "a\nb  # subsidy-rules: ignore[SUM001] connu\ntotal: 80 000",
    ],
)
def test_a_suppression_is_for_no_other_line(text: str) -> None:
    assert run(text=text) == (["EXC002", "SUM001"], 0)


@pytest.mark.parametrize(
    "text",
    [
        "\n\ntotal: 80 000 # subsidy-rules: ignore",
        "\n\ntotal: 80 000 # subsidy-rules: ignore[] connu",
        "\n\ntotal: 80 000 # subsidy-rules: ignore[SUM001]",
        "\n\ntotal: 80 000 # subsidy-rules: ignore[SUM001] -- ",
        "\n\ntotal: 80 000 # subsidy-rules: ignore[tout] connu",
        "\n\ntotal: 80 000 # subsidy-rules: ignore[*] connu",
    ],
)
def test_a_suppression_without_code_or_reason_is_told_and_not_applied(text: str) -> None:
    assert run(text=text) == (["EXC003", "SUM001"], 0)


@given(
    st.text(
        st.sampled_from("ab #[]:-\n\r é") | st.sampled_from(["subsidy-rules: ignore", "SUM001"]).map(lambda t: t[0])
    )
)
def test_any_text_can_be_searched(text: str) -> None:
    for found in suppressions("x", text + "subsidy-rules: ignore[" + text):
        assert found.place.line is not None
        assert found.lines[0] == found.place.line


def test_a_long_line_is_searched_in_linear_time() -> None:
    suppressions("x", "subsidy-rules: ignore[" * 50_000 + "\n" + "# " * 500_000)
