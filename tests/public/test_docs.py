"""The documentation is what the code says, and its sessions are what people see."""

from __future__ import annotations

import importlib.util
import re
import shutil
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.shared import ROOT

DOCS = ROOT / "docs"


@pytest.fixture(scope="module")
def builder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_docs", ROOT / "scripts" / "build_docs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_pages_of_the_rules_are_those_of_the_code(builder: ModuleType) -> None:
    for path, text in builder.rule_pages():
        assert path.read_text("utf-8") == text, f"run python scripts/build_docs.py ({path.name})"


def test_the_keys_of_the_settings_are_those_of_the_code(builder: ModuleType) -> None:
    path, text = builder.settings_page()
    assert path.read_text("utf-8") == text, "run python scripts/build_docs.py"


@pytest.mark.parametrize(
    ("title", "needs"),
    [("An application", "python"), ("Un contrôleur", "subsidy-rules"), ("A developer", "pre-commit")],
)
def test_a_session_gives_what_it_shows(builder: ModuleType, title: str, needs: str) -> None:
    if not (Path(sys.executable).parent / needs).exists() or shutil.which("bash") is None:
        pytest.skip(f"absent: {needs} or bash")
    path, text = builder.sessions_page(only=title)
    assert path.read_text("utf-8") == text, "run python scripts/build_docs.py"


@pytest.mark.parametrize("page", [pytest.param(path, id=path.name) for path in sorted(DOCS.rglob("*.md"))])
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"(?s)```.*?```", "", page.read_text("utf-8"))
    anchors = {_anchor(title) for title in re.findall(r"(?m)^#+ (.*)$", text)}
    for target in re.findall(r"(?<!\\)\]\(([^)\s]+)\)", text):
        name, _, anchor = target.partition("#")
        if name.startswith(("http://", "https://")):
            continue
        if not name:
            assert anchor in anchors, target
        else:
            assert (page.parent / name).exists(), target


def _anchor(title: str) -> str:
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def test_the_examples_of_the_page_on_testing_run() -> None:
    blocks = re.findall(r"(?s)```python\n(.*?)```", (DOCS / "testing.md").read_text("utf-8"))
    scope: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, "testing.md", "exec"), scope)
    assert "grant_too_large" in scope
