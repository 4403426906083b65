"""Whatever a file holds, the command line says it on one line, and never shows a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from subsidy_rules import check
from subsidy_rules.cli import main
from subsidy_rules.settings import Settings

DEEP = 10_000
BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10)
)

UNREADABLE: dict[str, bytes] = {
    "latin1.yaml": "total: 5\ntitle: é\n".encode("latin-1"),
    "latin1.json": '{"total": 5, "title": "é"}'.encode("latin-1"),
    "binary.yaml": b"total: 5\n\x00\x01\x02",
    "pdf.yaml": b"%PDF-1.4\n",
    "zip.json": b"PK\x03\x04xxxx",
    "empty.yaml": b"",
    "empty.json": b"",
    "comment.yaml": b"# rien\n",
    "deep.yaml": b"total: " + b"[" * DEEP,
    "deep.json": b'{"total": ' + b"[" * DEEP,
    "deep.toml": b"total = " + b"[" * DEEP,
    "block.yaml": b"- " * DEEP + b"a\n",
    "bomb.yaml": BOMB.encode() + b"total: 5\n",
    "circular.yaml": b"total: 5\nbase: &x [*x]\n",
    "unclosed.yaml": b"total: [5\n",
    "unclosed.json": b'{"total": 5',
    "unclosed.toml": b'total = "5\n',
    "doubled.toml": b"total = 5\ntotal = 6\n",
    "control.yaml": b"total: 5\ntitle: \x1b[31m\n",
    "other.yaml": b"services:\n  web: {image: x}\n",
    "list.json": b"[1, 2, 3]",
    "number.toml": b"total = " + b"9" * 10_000,
}

FINDINGS: dict[str, tuple[bytes, str]] = {
    "doubled.yaml": (b"total: 5\ntotal: 6\n", "REC004"),
    "doubled.json": (b'{"total": 5, "total": 6}', "REC004"),
    "nan.json": (b'{"total": NaN}', "REC002"),
    "huge.json": (b'{"total": 1e400}', "REC002"),
    "huge.yaml": (b"total: 1e400\n", "REC002"),
    "nan.yaml": (b"total: .nan\n", "REC002"),
    "nan.toml": (b"total = nan\n", "REC002"),
    "digits.json": (b'{"total": ' + b"9" * 10_000 + b"}", "REC002"),
    "scalar.yaml": (b"total: 5\nbase: " + b"9" * 9_000_000 + b"\n", "REC002"),
    "scalar.json": (b'{"total": 5, "fiscal_year": "' + b"9" * 9_000_000 + b'"}', "REC001"),
    "line.jsonl": (b'{"total": 5}\n{"total": \n', "REC001"),
    "latin1.jsonl": ('{"total": "5 €"}\n'.encode("cp1252"), "REC001"),
    "deep.jsonl": (b'{"total": ' + b"[" * DEEP + b"\n", "REC001"),
    "key.json": (b'{"total": 5, "' + b"k" * 1_000_000 + b'": 1}', "REC001"),
}


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["check", "--lang", "fr", *arguments])
    done = capsys.readouterr()
    return code, done.out, done.err


@pytest.mark.parametrize("name", sorted(UNREADABLE))
def test_what_cannot_be_read_is_said_on_one_line_and_exits_2(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / name
    path.write_bytes(UNREADABLE[name])
    code, out, err = run(capsys, "--output-format", "json", str(path))
    assert code == 2
    (line,) = err.splitlines()
    assert name in line
    assert "Traceback" not in out + err
    assert "\x1b" not in err
    (source,) = json.loads(out)["sources"]
    assert source["status"] == "unreadable"
    assert source["reason"]


@pytest.mark.parametrize("name", sorted(FINDINGS))
def test_what_is_read_and_wrong_is_a_finding_at_its_place(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, code = FINDINGS[name]
    path = tmp_path / name
    path.write_bytes(data)
    exit_code, out, err = run(capsys, "--output-format", "json", str(path))
    assert exit_code == 1
    assert err == ""
    assert len(out) < 100_000, "an endless value is not shown whole"
    told = json.loads(out)
    (finding,) = [one for one in told["findings"] if one["code"] == code]
    assert finding["place"]["line"] is not None
    assert finding["place"]["column"] is not None


def test_a_folder_with_nothing_to_check_exits_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "other.yaml").write_text("on: push\n")
    (tmp_path / "package.json").write_text('{"name": "x"}')
    code, _, err = run(capsys, str(tmp_path))
    assert code == 2
    assert "rien à vérifier" in err


def test_a_file_that_is_absent_or_forbidden_exits_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, str(tmp_path / "absent.yaml"))
    assert code == 2
    assert "n’existe pas" in err
    if hasattr(os, "mkfifo"):
        pipe = tmp_path / "pipe.yaml"
        os.mkfifo(pipe)
        code, _, err = run(capsys, str(pipe))
        assert code == 2
        assert "fichier ordinaire" in err
    (source,) = check("").sources
    assert source.reason is not None
    assert source.reason.say("fr") == "le nom du fichier est vide"
    (source,) = check("nul\0.yaml").sources
    assert source.reason is not None
    assert "n’est pas un nom de fichier" in source.reason.say("fr")


def test_a_file_over_the_limit_is_told_with_the_limit(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("total: 5\n")
    (source,) = check(tmp_path / "a.yaml", settings=Settings(max_file_size=5)).sources
    assert source.status == "unreadable"
    assert source.reason is not None
    assert "9 octets" in source.reason.say("fr").replace("\u00a0", " ").replace("\u202f", " ")
    assert "max_file_size" in source.reason.say("fr")


def test_one_bad_file_does_not_hide_the_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.yaml").write_bytes(UNREADABLE["unclosed.yaml"])
    (tmp_path / "b.yaml").write_text("total: 5\nallocations: [{funder: x, amount: 6}]\n")
    code, out, err = run(capsys, "--output-format", "concise", str(tmp_path / "a.yaml"), str(tmp_path / "b.yaml"))
    assert code == 2
    assert "SUM001" in out
    assert "a.yaml" in err


def _started(code: str) -> set[str]:
    """The modules loaded by ``code`` in a fresh interpreter."""
    script = f"{code}\nimport sys\nprint(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_checking_a_record_loads_neither_pydantic_nor_what_it_does_not_need() -> None:
    example = Path(__file__).resolve().parents[2] / "examples" / "optitec-2017.yaml"
    loaded = _started(f"import subsidy_rules as s\nassert s.check({str(example)!r}).ok")
    heavy = {"pydantic", "dateutil.parser", "openpyxl", "duckdb", "polars", "pandas", "numpy", "asyncio", "sqlite3"}
    assert not loaded & heavy
    assert "yaml" in loaded
    assert not {"json.tool", "tomllib"} & loaded


def test_importing_the_package_loads_nothing_of_it() -> None:
    bare = _started("pass")
    loaded = _started("import subsidy_rules")
    assert {name for name in loaded - bare if name.startswith("subsidy_rules")} == {"subsidy_rules"}
    assert not {"pydantic", "yaml", "decimal", "dataclasses"} & (loaded - bare)


def test_the_annotated_types_do_not_load_pydantic() -> None:
    assert "pydantic" not in _started("import subsidy_rules.annotated")


def test_a_thousand_aliases_are_no_bomb(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "total: 1001\nallocations:\n- &p {funder: x, amount: 1}\n" + "- *p\n" * 1000
    path = tmp_path / "a.yaml"
    path.write_text(text)
    code, out, _ = run(capsys, "--output-format", "json", "--select", "SUM001", str(path))
    assert code == 0
    told: dict[str, Any] = json.loads(out)
    assert told["summary"]["claims"]["holds"] == 1
