"""The public names, the layers inside the package, and what they cost to import."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import subsidy_rules
from subsidy_rules import diagnosis
from subsidy_rules.diagnosis.record import diagnose

# From the ground up; modules of one line do not use each other.
LAYERS = (
    ("rows", "relations", "printed", "slips", "verify"),
    ("propagation", "simplex"),
    ("feasibility",),
    ("certificates", "scaled"),
    ("jointly", "likely"),
    ("repairs",),
    ("record", "rounding_habits", "pass_strength"),
    ("telling",),
)
FOLDER = Path(diagnosis.__file__).parent


def inner_imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    return {
        node.module.removeprefix("subsidy_rules.diagnosis.")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("subsidy_rules.diagnosis.")
    }


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda path: path.stem)
def test_each_module_imports_only_from_the_layers_before_it(path: Path) -> None:
    if path.stem == "__init__":
        return
    level = next(number for number, layer in enumerate(LAYERS) if path.stem in layer)
    below = {name for layer in LAYERS[:level] for name in layer}
    assert inner_imports(path) <= below


def test_public_names() -> None:
    for name in diagnosis.__all__:
        assert getattr(diagnosis, name) is not None
    with pytest.raises(AttributeError):
        diagnosis.nothing_of_the_kind  # noqa: B018
    assert subsidy_rules.diagnose is diagnose
    assert subsidy_rules.verify_certificate(diagnose({"a": "1"}, ["a = 1"]).certificate)


def test_the_checker_is_reached_without_the_engine() -> None:
    code = (
        "import sys; from subsidy_rules.diagnosis import verify_certificate;"
        "print(sorted(name for name in sys.modules if name.startswith('subsidy_rules.')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['subsidy_rules.diagnosis', 'subsidy_rules.diagnosis.verify']"
