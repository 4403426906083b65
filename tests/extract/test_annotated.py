"""Sentences with the claims that a careful reader finds in them: each is read, and nobody is accused of another.

``annotated.txt``: a text, ``>>>``, then one claim a line: its kind, its figures in the order of the report's keys, and
``!`` when it is false, ``?`` when nobody can tell. A line that begins with ``~`` may be read or not.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest

from tests.extract.reading import accusations, read

_KINDS: Final = {
    "sum": ("sum", "total", "parts"),
    "pct": ("percentage", "stated", "part", "whole"),
    "max": ("at_most", "value", "limit"),
    "eq": ("equal", "first", "again"),
    "cnt": ("count", "stated", "listed"),
    "tax": ("tax", "net", "gross"),
    "chg": ("change", "from", "to", "stated_percent"),
    "sh": ("shares_total", "percents"),
    "bal": ("balance", "from", "minus", "result"),
    "avg": ("average", "total", "count", "stated"),
}
_LISTS: Final = ("parts", "percents", "minus")


@dataclass(frozen=True)
class Said:
    """One expected claim."""

    kind: str
    values: tuple[Any, ...]
    state: str
    optional: bool


def _number(value: object) -> Decimal:
    return abs(Decimal(str(value)))


def _values(kind: str, keys: tuple[str, ...], values: dict[str, Any]) -> tuple[Any, ...]:
    out = [
        tuple(sorted(map(_number, values[key]))) if isinstance(values[key], (list, tuple)) else _number(values[key])
        for key in keys
        if values[key] is not None
    ]
    return tuple(sorted(out)) if kind == "equal" else tuple(out)


def _said(line: str) -> Said:
    words = line.split()
    state = {"!": "broken", "?": "unknown"}.get(words[-1], "holds")
    words = words[:-1] if state != "holds" else words
    kind, *keys = _KINDS[words[0].removeprefix("~")]
    figures = words[1:]
    values: dict[str, Any] = {}
    for index, key in enumerate(keys):
        if key in _LISTS:
            after = len(keys) - index - 1
            count = len(figures) - after
            values[key], figures = figures[:count], figures[count:]
        else:
            values[key], figures = figures[0], figures[1:]
    return Said(kind, _values(kind, tuple(keys), values), state, words[0].startswith("~"))


def _cases() -> list[tuple[str, list[Said]]]:
    out = []
    for block in (Path(__file__).parent / "annotated.txt").read_text("utf-8").split("\n=====\n"):
        text, _, said = block.partition("\n>>>\n")
        out.append((text, [_said(line) for line in said.strip().split("\n") if line.strip()]))
    return out


CASES: Final = _cases()
_KEYS: Final = {kind: tuple(keys) for kind, *keys in _KINDS.values()}


@pytest.mark.parametrize("number", range(len(CASES)))
def test_what_a_careful_reader_finds(number: int) -> None:
    text, expected = CASES[number]
    found = [
        (judged.claim.kind, _values(judged.claim.kind, _KEYS[judged.claim.kind], judged.claim.values()), judged.state)
        for judged in read(text).judged
    ]
    for said in expected:
        assert said.optional or (said.kind, said.values, said.state) in found, f"{text}\nmissed {said}\nread {found}"
    wanted = {(said.kind, said.values, said.state) for said in expected}
    for claim in found:
        assert claim in wanted, f"{text}\nread besides: {claim}"
    if not any(said.state == "broken" for said in expected):
        assert not accusations(text), text
