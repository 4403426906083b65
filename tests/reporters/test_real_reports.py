"""Every output over reports of real files, in both languages: nothing that a rule says lacks a value."""

from __future__ import annotations

import pytest

from subsidy_rules import check
from subsidy_rules.reporters import OUTPUTS, render
from subsidy_rules.wording import LANGUAGES
from tests.shared import ROOT, shared_folder


@pytest.mark.parametrize("folder", ["tables", "cases"])
def test_every_output_of_the_shared_files(folder: str) -> None:
    report = check(shared_folder(folder))
    assert report.findings
    for name, output in OUTPUTS.items():
        if output.extra == "html":
            pytest.importorskip("jinja2", reason="extra html absent")
        if output.extra == "xlsx":
            pytest.importorskip("xlsxwriter", reason="extra xlsx absent")
        if output.extra == "tables":
            pytest.importorskip("pyarrow", reason="extra tables absent")
        for language in LANGUAGES:
            assert render(name, report, language=language) is not None


@pytest.mark.parametrize("name", [name for name in OUTPUTS if OUTPUTS[name].extra is None])
def test_every_output_of_the_examples(name: str) -> None:
    report = check(ROOT / "examples")
    for language in LANGUAGES:
        assert render(name, report, language=language) is not None
