"""docs/mutation.md stays true: what it explains is still in the code, and what cannot be noticed is said why."""

from __future__ import annotations

import ast
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "mutation.md"


@pytest.fixture(scope="module")
def mutate() -> ModuleType:
    """The script, as a module."""
    pytest.importorskip("resource", reason="mutation testing needs the limits of a Unix process")
    path = ROOT / "scripts" / "mutate.py"
    spec = importlib.util.spec_from_file_location("mutate", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["mutate"] = module  # dataclasses look for their own module
    try:
        spec.loader.exec_module(module)
    finally:
        del sys.modules["mutate"]
    return module


def test_what_is_explained_is_still_there(mutate: ModuleType) -> None:
    explained = mutate.explained(PAGE.read_text("utf-8"))
    assert "numerals" in explained
    for module, found in explained.items():
        assert module in mutate.TESTS
        source = (ROOT / "src" / "subsidy_rules" / f"{module}.py").read_text("utf-8")
        there = {(it.where, it.code, it.what) for it in mutate.mutants(source)}
        assert sorted(found - there) == [], f"{module}: the page explains what is no longer in the code"


def test_every_line_of_the_lists_is_understood(mutate: ModuleType) -> None:
    page = PAGE.read_text("utf-8")
    listed = sum(line.startswith("- `") for line in page.splitlines())
    assert listed == sum(map(len, mutate.explained(page).values()))


def test_every_module_of_the_table_is_judged_by_tests_that_exist(mutate: ModuleType) -> None:
    rows = [line.split("|")[1].strip().strip("`") for line in PAGE.read_text("utf-8").splitlines() if line[:3] == "| `"]
    assert {"bounds", "rounding", "numerals", "claims"} <= set(rows)
    for module in rows:
        for tests in mutate.TESTS[module]:
            assert (ROOT / tests).exists()


def test_a_mutant_of_each_kind(mutate: ModuleType) -> None:
    """The changes themselves: each alters the code, and only one place of it."""
    source = (
        "LIMIT = 3\n"
        "def most(values, top=LIMIT):\n"
        '    """The words of a docstring are no code."""\n'
        "    for value in values[1:]:\n"
        "        if not value < top and value:\n"
        "            return -value\n"
        "        if value is None: break\n"
        "    return top + 1\n"
    )
    found = mutate.mutants(source)
    made = mutate.Source(source)
    trees = {ast.dump(made.mutated(it, whole=True)) for it in found}
    assert len(trees) == len(found)
    assert ast.dump(ast.parse(source)) not in trees
    assert {it.what for it in found} >= {
        "3 -> 4", "Lt -> LtE", "And -> Or", "Not dropped", "USub dropped", "Is -> IsNot", "break -> continue",
        "slice without lower end", "Add -> Sub", "condition negated", "return None",
    }  # fmt: skip
    assert not any("docstring" in it.what for it in found)
    # What runs at import has no line that a test could be seen to run; a function has.
    assert {it.what for it in found if it.span is None} == {"3 -> 4", "3 -> 2"}
    assert {it.where for it in found} == {"", "most"}
