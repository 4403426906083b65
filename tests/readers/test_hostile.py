"""Files made to hurt: each gives a reason in both languages or says what it left out, in bounded time and memory."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from subsidy_rules.archive import Archive
from subsidy_rules.reading import Limits, ReadError
from tests.readers.hostile import READ, REFUSED, nested_zip
from tests.readers.making import as_zip
from tests.readers.reading_files import refusal

ROOT = Path(__file__).resolve().parents[2]
MEGABYTES = 700
"""Of the whole process, the files themselves and what made them included."""
SECONDS = 60


@pytest.fixture(scope="module")
def outcomes() -> dict[str, dict[str, Any]]:
    """What each file did, in a process of its own: the memory it took is measured from outside."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.readers.hostile"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
        check=True,
    )
    assert done.stderr == "", "nothing is written where the user would see it"
    lines: Iterator[dict[str, Any]] = map(json.loads, done.stdout.splitlines())
    return {line["name"]: line for line in lines}


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_with_a_reason(name: str, outcomes: dict[str, dict[str, Any]]) -> None:
    assert outcomes[name]["refused"]
    assert outcomes[name]["said"]
    assert "\n" not in outcomes[name]["said"]


@pytest.mark.parametrize("name", READ)
def test_what_is_left_out_is_told(name: str, outcomes: dict[str, dict[str, Any]]) -> None:
    outcome = outcomes[name]
    assert not outcome["refused"]
    assert bool(outcome["unread"]) <= bool(outcome["said"])


def test_time_and_memory_are_bounded(outcomes: dict[str, dict[str, Any]]) -> None:
    assert max(outcome["memory"] for outcome in outcomes.values()) < MEGABYTES
    assert max(outcome["seconds"] for outcome in outcomes.values()) < SECONDS


def test_a_reason_is_given_in_both_languages() -> None:
    for name in ("empty text", "a zip bomb", "entities that multiply", "no PDF", "a part that leaves the document"):
        suffix, make = REFUSED[name]
        refusal(suffix, make())


def test_the_whole_of_an_archive_can_be_checked_before_another_library_opens_it() -> None:
    Archive(as_zip({"a.xml": "x" * 5_000}), Limits()).verify()
    with pytest.raises(ReadError):
        Archive(nested_zip(), Limits(expanded_bytes=1_000)).verify()


def test_an_archive_says_what_it_lacks() -> None:
    archive = Archive(as_zip({"a/b.xml": "x", "c.xml": "y"}), Limits())
    assert archive.names == ("a/b.xml", "c.xml")
    assert archive.beside("a/b.xml", "../c.xml") == "c.xml"
    assert archive.beside("a/b.xml", "/c.xml") == "c.xml"
    assert archive.beside("a/b.xml", "../../c.xml") is None
    with pytest.raises(ReadError) as raised:
        archive.read("d.xml")
    assert "d.xml" in raised.value.reason.say("fr")
