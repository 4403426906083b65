"""The hooks, run by the real pre-commit program in a repository made for the occasion, without a network."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
import yaml

from tests.shared import ROOT

SCRIPTS = Path(sys.executable).parent
MANIFEST = ROOT / ".pre-commit-hooks.yaml"

TRUE = """reference: 2024-12
fiscal_year: 2024
nomenclature: M57
total: 70 000 euros
convention: true
allocations:
  - {funder: ville, amount: 50 000 euros, imputation: 65/65748/30}
  - {funder: agglomération, amount: 20 000 euros, imputation: 65/65748/30}
"""
FALSE = TRUE.replace("70 000", "80 000")


def hooks() -> dict[str, dict[str, Any]]:
    return {hook["id"]: hook for hook in yaml.safe_load(MANIFEST.read_text("utf-8"))}


def test_three_hooks() -> None:
    assert list(hooks()) == ["subsidy-rules", "subsidy-rules-office", "subsidy-rules-project"]
    for hook in hooks().values():
        assert hook["entry"].startswith("subsidy-rules check")


@pytest.mark.parametrize(
    ("path", "which"),
    [
        ("deliberations/2024/12.yaml", "subsidy-rules"),
        ("actes/12.md", "subsidy-rules"),
        ("Délib-2024-12.txt", "subsidy-rules"),
        ("donnees/subventions.csv", "subsidy-rules"),
        ("actes/12.docx", "subsidy-rules-office"),
        ("subventions/plan.xlsx", "subsidy-rules-office"),
        ("DELIB_3.PDF", "subsidy-rules-office"),
    ],
)
def test_the_files_that_a_hook_takes(path: str, which: str) -> None:
    assert re.search(hooks()[which]["files"], path)


@pytest.mark.parametrize("path", ["mkdocs.yml", ".github/workflows/ci.yml", "src/acteurs.yaml", "tests/facteur.json"])
def test_the_files_that_it_leaves(path: str) -> None:
    for which in ("subsidy-rules", "subsidy-rules-office"):
        assert not re.search(hooks()[which]["files"], path)


GIT = """[user]
 name = Essai
 email = essai@exemple.fr
[init]
 defaultBranch = main
[protocol "file"]
 allow = always
"""


class Repository:
    """A scratch repository whose configuration takes the hooks of this one, with the program already installed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "projet"
        self.folder.mkdir()
        self.environment = {
            **os.environ,
            "PATH": f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}",
            "PRE_COMMIT_HOME": str(folder / "cache"),
            "HOME": str(folder),
            "GIT_CONFIG_GLOBAL": str(folder / "gitconfig"),
            "LC_ALL": "C.UTF-8",
            "LANG": "fr_FR.UTF-8",
        }
        self.environment.pop("LC_ALL")
        (folder / "gitconfig").write_text(GIT, "utf-8")
        source = folder / "outil"
        source.mkdir()
        (source / ".pre-commit-hooks.yaml").write_bytes(MANIFEST.read_bytes())
        self.source = source
        self.commit(source)
        self.run("git", "init", "-q", ".")

    def commit(self, folder: Path) -> None:
        for command in (["init", "-q", "."], ["add", "."], ["commit", "-qm", "outil"]):
            self.run("git", *command, folder=folder)

    def run(
        self, *command: str, folder: Path | None = None, check: bool = True, timeout: int = 120
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            command, cwd=folder or self.folder, env=self.environment, capture_output=True, text=True, timeout=timeout
        )
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done

    def use(self, hook: str, **changes: Any) -> None:
        """Takes one hook; ``language: system`` runs the installed program, so that nothing is downloaded."""
        revision = self.run("git", "rev-parse", "HEAD", folder=self.source).stdout.strip()
        own = {"id": hook, "language": "system", "additional_dependencies": [], **changes}
        config = {"repos": [{"repo": str(self.source), "rev": revision, "hooks": [own]}]}
        (self.folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config, sort_keys=False), "utf-8")
        self.run("git", "add", ".pre-commit-config.yaml")

    def write(self, path: str, text: str) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
        self.run("git", "add", path)

    def check(self, timeout: int = 120) -> subprocess.CompletedProcess[str]:
        return self.run(str(SCRIPTS / "pre-commit"), "run", "--color", "never", check=False, timeout=timeout)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    if not (SCRIPTS / "pre-commit").exists():
        pytest.skip("pre-commit absent")
    return Repository(tmp_path)


def test_silence_when_all_holds(repository: Repository) -> None:
    repository.use("subsidy-rules", verbose=True)
    repository.write("deliberations/12.yaml", TRUE)
    done = repository.check()
    assert done.returncode == 0, done.stdout
    assert "Passed" in done.stdout
    assert "12.yaml" not in done.stdout


def test_one_line_for_each_finding(repository: Repository) -> None:
    repository.use("subsidy-rules")
    repository.write("deliberations/12.yaml", FALSE)
    repository.write("deliberations/13.yaml", TRUE)
    repository.write("mkdocs.yml", "site_name: x\n")
    done = repository.check()
    assert done.returncode == 1
    assert re.search(r"^deliberations/12\.yaml:4:8: SUM001 ", done.stdout, re.MULTILINE), done.stdout
    assert "13.yaml" not in done.stdout
    assert "mkdocs" not in done.stdout


def test_a_record_that_is_none_is_an_error(repository: Repository) -> None:
    repository.use("subsidy-rules")
    repository.write("deliberations/12.yaml", "total: [70 000\n")
    assert repository.check().returncode == 1


def test_many_files_come_in_batches(repository: Repository) -> None:
    repository.use("subsidy-rules")
    for number in range(60):
        repository.write(f"deliberations/{number}.yaml", FALSE if number == 41 else TRUE)
    done = repository.check()
    assert done.returncode == 1
    assert done.stdout.count(": SUM001 ") == 1
    assert "deliberations/41.yaml:4:8: SUM001 " in done.stdout


def word_document(path: Path, *paragraphs: str) -> None:
    """The least that is a Word document: a package with one part, its type and its relation."""
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    body = "".join(f"<w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p>" for text in paragraphs)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{kind}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="rId1" Type="{office}" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{word}"><w:body>{body}</w:body></w:document>',
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>' + text)


def test_office_documents(repository: Repository) -> None:
    repository.use("subsidy-rules-office")
    path = repository.folder / "actes" / "note.docx"
    path.parent.mkdir()
    word_document(
        path,
        "La subvention de 80 000 euros se décompose comme suit :",
        "- 50 000 euros pour la ville,",
        "- 20 000 euros pour l'agglomération.",
    )
    repository.run("git", "add", ".")
    done = repository.check()
    assert done.returncode == 1
    assert re.search(r"^actes/note\.docx:[0-9]+:[0-9]+: SUM001 ", done.stdout, re.MULTILINE), done.stdout


def test_the_whole_project(repository: Repository) -> None:
    repository.use("subsidy-rules-project", args=["actes"])
    repository.write("actes/12.yaml", FALSE)
    done = repository.check()
    assert done.returncode == 1
    assert "actes/12.yaml:4:8: SUM001 " in done.stdout


def test_a_project_with_nothing_to_check_does_not_pass(repository: Repository) -> None:
    repository.use("subsidy-rules-project", args=["actes"])
    repository.write("actes/logo.png", "x")
    done = repository.check()
    assert done.returncode == 1
    assert "rien à vérifier" in done.stdout


UNREACHED = re.compile(
    r"No matching distribution|Could not find a version|ConnectionError|Connection refused|NewConnection"
)


def test_the_hook_installs_itself(repository: Repository) -> None:
    """As users have it: pre-commit makes an environment and installs the package in it. Needs a package index."""
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, repository.source / name)
    shutil.copytree(ROOT / "src", repository.source / "src", ignore=shutil.ignore_patterns("__pycache__"))
    repository.commit(repository.source)
    repository.use("subsidy-rules", language="python", additional_dependencies=[])
    repository.write("deliberations/12.yaml", FALSE)
    done = repository.check(timeout=600)
    if done.returncode == 3 and UNREACHED.search(done.stdout):
        pytest.skip("no package index can be reached: the hook cannot be installed")
    assert done.returncode == 1, done.stdout + done.stderr
    assert re.search(r"^deliberations/12\.yaml:4:8: SUM001 ", done.stdout, re.MULTILINE), done.stdout
