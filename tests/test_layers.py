"""The direction of the house: a module imports only from the layers below it, and leaves never from each other."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import subsidy_rules

SOURCE = Path(subsidy_rules.__file__).parent

# From the ground up: a module imports from lines above its own, never from one below it. Rooms of
# one line do not know each other.
LAYERS: tuple[tuple[str, ...], ...] = (
    ("frozen",),
    # values without meaning of their own
    (
        "bounds",
        "collecting",
        "folding",
        "identifiers",
        "normalised",
        "own_reports",
        "patterns",
        "place",
        "ruled",
        "safe_text",
        "sources",
        "vocabulary",
    ),
    ("rounding", "suppressions"),
    ("figures",),
    ("wording",),
    # what is written, and what is claimed
    ("claims", "document", "nomenclature", "numerals", "os_errors", "reading", "rowstream"),
    (
        "archive",
        "arithmetic",
        "dates",
        "decoding",
        "diagnosis",
        "facts",
        "holding",
        "imputation",
        "layout",
        "pictures",
        "tree",
        "words",
    ),
    ("annotated", "explain", "flow", "linking", "mentions", "rulebook"),
    ("finding", "page_text", "rules", "sentences", "settings"),
    ("baseline", "configuration", "engine", "exceptions", "ledgers", "readers", "report_schema", "screen", "series"),
    ("showing", "tick_sheet"),
    ("acts", "causes", "findings_table", "record", "rule_pages", "tables"),
    ("deliberation", "extract", "marked_table", "reporters", "strategies"),
    ("drafting",),
    ("checking",),
    ("testing",),
    ("cli",),
)
LEAVES = ("readers", "extract", "rules", "reporters")


def modules() -> Iterator[tuple[str, Path]]:
    for path in sorted(SOURCE.rglob("*.py")):
        parts = path.relative_to(SOURCE).with_suffix("").parts
        name = ".".join(part for part in parts if part != "__init__")
        if name:
            yield name, path


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """The modules of this package that a file imports, with the line; those for type checking only do not count."""
    tree = ast.parse(path.read_text("utf-8"))
    typing_only: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            typing_only.update(ast.walk(node))
    for node in ast.walk(tree):
        if node in typing_only:
            continue
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.startswith("subsidy_rules."):
                    yield alias.name.removeprefix("subsidy_rules."), node.lineno
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: a relative import"
            module = node.module or ""
            if module == "subsidy_rules":
                for alias in node.names:
                    if alias.name != "__version__":
                        yield alias.name, node.lineno
            elif module.startswith("subsidy_rules."):
                below = module.removeprefix("subsidy_rules.")
                package = SOURCE.joinpath(*below.split("."))
                for alias in node.names:
                    inner = package / f"{alias.name}.py"
                    yield (f"{below}.{alias.name}" if inner.exists() else below), node.lineno


def level(name: str) -> int | None:
    room = name.split(".")[0]
    return next((number for number, layer in enumerate(LAYERS) if room in layer), None)


@pytest.mark.parametrize(("name", "path"), [pytest.param(n, p, id=n) for n, p in modules()])
def test_a_module_imports_only_from_below(name: str, path: Path) -> None:
    mine = level(name)
    assert mine is not None, f"{name} has no room in the house: give it one in LAYERS"
    room = name.split(".")[0]
    wrong = []
    for other, line in imports(path):
        theirs = level(other)
        assert theirs is not None, f"{name}:{line} imports {other}, which has no room"
        same_room = other.split(".")[0] == room
        if same_room:
            if room in LEAVES and name != room and other != room:
                wrong.append(f"line {line}: the leaf {name} imports its sibling {other}")
        elif theirs >= mine:
            wrong.append(f"line {line}: {name} imports {other}, which is not below it")
    assert not wrong, "\n".join(wrong)


def test_nothing_forbidden_exists() -> None:
    names = {path.name for _, path in modules()}
    assert not names & {"utils.py", "helpers.py", "base.py", "common.py", "misc.py"}
