"""Every regular expression that reads a document takes a time in proportion to the text, whatever the text.

The patterns are found in the modules themselves, with the methods they are called by, and run on repeated pieces of
growing length: a pattern that goes back over what it has read takes sixteen times as long on four times the text.
Those that only ever see a stretch of limited length are told apart by the call itself (``pattern.search(line[-40:])``).
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import subsidy_rules

MODULES = (
    "archive", "decoding", "layout", "page_text", "flow", "normalised", "ruled", "sentences", "series", "mentions",
    "numerals", "words", "dates", "imputation", "linking", "ledgers", "identifiers", "folding",
)  # fmt: skip
FOLDERS = ("readers", "extract")
# What a call sees is short for a reason that the call does not show.
SHORT = {
    "layout._LAST_WORD": "at most 400 characters at the end of a line",
    "normalised._LAST_LETTERS": "at most 40 characters before the end of a line",
    "normalised._LAST_WORD": "at most 40 characters before the end of a line",
    "imputation._SEPARATOR": "one code, of at most 80 characters",
    "imputation._DIGIT_TOKEN": "one code, of at most 80 characters",
    "mentions._NUMBERED": "one word",
}
UNITS = (
    " ", "\t", "\u00a0", "a", "A", "é", "0", "1", "12 ", "1.", "1,", "10 000 ", "000 ", ".", "- ", "– ", "_", "…",
    "(", ")", "[", "{", "<", ">", "&", "|", "| ", "\\", "*", "* ", "#", "`", "5 % ", "€ ", "a ", "ab ", "a, ", "de ",
    "soit ", "dont ", "total ", "et ", "\n", " \n", "x/", "I", "un ", "mille ", "10 € ", "a-", "a’", '"', "=", 'a="',
    "\ue000 ", "\ue002", "\ue000, ", "3A/", "61/6574", "chapitre ", "nature 6574 ", "janvier ", "2017 ", "\ufffd",
    "Ã©", "« ", "a : ", "A.", "1/",
)  # fmt: skip
LENGTH = 1_600
QUICK = 0.004
"""Seconds of the processor under which a pattern is not suspected: one that goes back takes ten times this."""

Pattern = re.Pattern[Any]


@cache
def modules() -> dict[str, ModuleType]:
    found = {name: importlib.import_module(f"subsidy_rules.{name}") for name in MODULES}
    for folder in FOLDERS:
        package = importlib.import_module(f"subsidy_rules.{folder}")
        for module in pkgutil.iter_modules(package.__path__):
            found[f"{folder}.{module.name}"] = importlib.import_module(f"subsidy_rules.{folder}.{module.name}")
    return found


def inside(value: object, depth: int = 0) -> Iterator[Pattern]:
    """The patterns that a constant holds."""
    if isinstance(value, re.Pattern) or type(value).__name__ == "_Lazy":
        yield value  # type: ignore[misc]
    elif type(value).__name__ == "_Hinted":
        yield value.compiled  # type: ignore[attr-defined]
    elif depth < 3 and isinstance(value, dict):
        for held in value.values():
            yield from inside(held, depth + 1)
    elif depth < 3 and isinstance(value, (tuple, list, frozenset)):
        for held in value:
            yield from inside(held, depth + 1)


def is_short(argument: ast.expr) -> bool:
    """True for a slice of limited length: ``text[-40:]``, ``text[a : a + 300]``, ``text[:60]``."""
    if not isinstance(argument, ast.Subscript) or not isinstance(argument.slice, ast.Slice):
        return False
    low, high = argument.slice.lower, argument.slice.upper
    ends = [end for end in (low, high) if end is not None]
    return any(isinstance(part, ast.Constant) and part.value for end in ends for part in ast.walk(end))


@cache
def calls() -> dict[tuple[str, str], set[str]]:
    """By module and constant, the methods it is called by with a text of any length; none when never called."""
    found: dict[tuple[str, str], set[str]] = {}
    root = Path(subsidy_rules.__file__).parent
    for path in root.rglob("*.py"):
        module = ".".join(path.relative_to(root).with_suffix("").parts)
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                found.setdefault((module, node.value.id), set())
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            name, method = node.func.value, node.func.attr
            at = 1 if method in ("sub", "subn") else 0
            if isinstance(name, ast.Name) and len(node.args) > at and not is_short(node.args[at]):
                found.setdefault((module, name.id), set()).add(method)
    return found


ANCHORED = {"match", "fullmatch"}
EVERYWHERE = {"search", "finditer", "findall", "sub", "subn", "split"}


def ways(module: str, name: str) -> list[str]:
    """How a constant is used: ``search`` stands for all that look at every place of a text."""
    public = not name.startswith("_")
    uses = [
        methods for (place, constant), methods in calls().items() if constant == name and (public or place == module)
    ]
    if not uses:
        return ["match"]  # taken out of a table of patterns
    methods = set().union(*uses)
    return (["search"] if methods & EVERYWHERE else []) + sorted(methods & ANCHORED)


def seconds(pattern: Pattern, way: str, text: str) -> float:
    given: Any = text.encode("utf-8") if isinstance(pattern.pattern, bytes) else text
    read = getattr(pattern, way)
    start = time.process_time()
    read(given)
    return time.process_time() - start


def repeated(unit: str, length: int) -> str:
    return (unit * (length // len(unit) + 1))[:length] + "\x01"


def grows_too_fast(pattern: Pattern, way: str, unit: str) -> bool:
    # A pattern of exponential cost would never end on a long text: it shows on a short one.
    for length in (24, LENGTH // 8, LENGTH):
        taken = seconds(pattern, way, repeated(unit, length))
        if taken > 0.3:
            return True
    if taken < QUICK:
        return False
    for _ in range(2):  # another process may have slowed one of the two
        short = min(seconds(pattern, way, repeated(unit, LENGTH)) for _ in range(3))
        if seconds(pattern, way, repeated(unit, 4 * LENGTH)) < 9 * short + QUICK:
            return False
    return True


@pytest.mark.parametrize("module", [*MODULES, *FOLDERS])
def test_patterns_are_linear(module: str) -> None:
    slow: list[str] = []
    count = 0
    for place, found in modules().items():
        if place != module and place.partition(".")[0] != module:
            continue
        for constant, value in vars(found).items():
            for pattern in inside(value):
                if f"{place}.{constant}" in SHORT:
                    continue
                count += 1
                for way in ways(place, constant):
                    unit = next((unit for unit in UNITS if grows_too_fast(pattern, way, unit)), None)
                    if unit is not None:
                        slow.append(f"{place}.{constant}.{way} on {unit!r}")
    assert not slow
    assert count or module in (
        "archive",
        "ruled",
        "flow",
        "decoding",
        "folding",
        "linking",
        "ledgers",
        "words",
        "dates",
    )


def test_a_pattern_that_goes_back_is_caught() -> None:
    # A slow moment of the machine may hide one: the measure is taken again.
    assert any(grows_too_fast(re.compile(r"[-.]*[0-9]?[-.]*"), "fullmatch", ".") for _ in range(5))
    assert any(grows_too_fast(re.compile(r"(?:a+)+b"), "match", "a") for _ in range(5))
    assert not grows_too_fast(re.compile(r"[ \t]{1,3}#"), "search", " ")


def test_patterns_said_to_see_little_are_there() -> None:
    for name in SHORT:
        module, _, constant = name.rpartition(".")
        assert hasattr(modules()[module], constant), name
