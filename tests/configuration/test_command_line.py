"""Settings, exceptions, baselines and outputs as the command line takes them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from subsidy_rules import cli
from subsidy_rules.cli import main
from subsidy_rules.reporters import OUTPUTS
from tests.reporters.test_wording import ENGLISH, FRENCH

RECORD = """reference: 2024-12
fiscal_year: 2024
nomenclature: M57
total: 80 000 euros
convention: true
allocations:
  - {funder: ville, amount: 50 000 euros, imputation: 65/65748/30}
  - {funder: agglomération, amount: 20 000 euros, imputation: 65/65748/30}
"""
TRUE = RECORD.replace("80 000", "70 000")


def _plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


class Bench:
    """A working folder, and the command line run in it."""

    def __init__(self, folder: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.capture = capture

    def write(self, name: str, text: str) -> str:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return name

    def run(self, *arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        said = self.capture.readouterr()
        return code, _plain(said.out), _plain(said.err)


@pytest.fixture
def bench(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()  # no configuration is looked for above
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    made = Bench(tmp_path, capsys)
    made.write("actes/12.yaml", RECORD)
    made.write("actes/13.yaml", TRUE)
    return made


def codes(text: str) -> list[str]:
    return [line.split(": ", 1)[1].split(" ")[0] for line in text.splitlines() if ": " in line]


def test_the_nearest_file_is_found_and_the_command_line_comes_last(bench: Bench) -> None:
    bench.write("subsidy-rules.toml", 'ignore = ["SUM"]\noutput_format = ["concise"]\n')
    assert bench.run("check", "actes") == (0, "", "")
    code, out, _ = bench.run("check", "actes", "--no-config", "--output-format", "concise")
    assert (code, codes(out)) == (1, ["SUM001"])
    assert bench.run("check", "actes", "--fail-on", "never", "--no-config", "--output-format", "concise")[0] == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("selct = []\n", "la plus proche est « select »"),
        ('select = ["SUN001"]\n', "SUM001"),
        ("x = \n", "TOML incorrect"),
    ],
)
def test_a_wrong_file_stops_the_run(bench: Bench, text: str, said: str) -> None:
    bench.write("subsidy-rules.toml", text)
    code, out, err = bench.run("check", "actes")
    assert (code, out) == (2, "")
    assert said in err


def test_settings_are_shown_and_can_be_given_back(bench: Bench) -> None:
    bench.write("subsidy-rules.toml", "fiscal_year = 2024\n[tables]\namount = 'part'\n")
    code, shown, _ = bench.run("check", "--show-settings")
    assert code == 0
    assert 'amount = "part"' in shown
    bench.write("again.toml", shown)
    again = bench.run("check", "--config", "again.toml", "--show-settings")[1]
    assert again.split("\n", 1)[1] == shown.split("\n", 1)[1]


def test_the_language_of_the_file_gives_way_to_the_command_line(bench: Bench) -> None:
    bench.write("subsidy-rules.toml", "lang = 'en'\n")
    assert "not the sum" in bench.run("check", "actes/12.yaml")[1]
    assert "n’est pas la somme" in bench.run("check", "actes/12.yaml", "--lang", "fr")[1]
    assert "n’est pas la somme" in bench.run("--lang", "fr", "check", "actes/12.yaml")[1]


EXCEPTION = """
[[exceptions]]
code = "SUM001"
path = "actes/12.yaml"
reason = "erreur matérielle"
until = {until}
"""


def test_an_exception_in_a_real_run(bench: Bench) -> None:
    bench.write("subsidy-rules.toml", EXCEPTION.format(until="2999-12-31"))
    code, out, _ = bench.run("check", "actes", "--output-format", "json")
    data = json.loads(out)
    assert (code, data["findings"]) == (0, [])
    assert [(one["code"], one["reason"]) for one in data["exceptions"]] == [("SUM001", "erreur matérielle")]
    assert data["summary"]["claims"]["broken"] == 1
    assert bench.run("check", "actes", "--no-exceptions")[0] == 1
    assert bench.run("check", "actes", "--profile", "controle")[0] == 1
    assert bench.run("check", "actes/13.yaml", "--output-format", "concise") == (0, "", "")


def test_an_exception_that_is_over_in_a_real_run(bench: Bench) -> None:
    bench.write("subsidy-rules.toml", EXCEPTION.format(until="2001-12-31"))
    code, out, _ = bench.run("check", "actes", "--output-format", "concise")
    assert (code, sorted(codes(out))) == (1, ["EXC001", "SUM001"])
    assert bench.run("check", "actes", "--output-format", "sarif")[0] == 1


def test_a_suppression_in_a_real_run(bench: Bench) -> None:
    bench.write("actes/12.yaml", RECORD.replace("80 000 euros", "80 000 euros  # subsidy-rules: ignore[SUM001] connu"))
    assert bench.run("check", "actes", "--output-format", "concise") == (0, "", "")
    code, out, _ = bench.run("check", "actes", "--output-format", "concise", "--no-exceptions")
    assert (code, codes(out)) == (1, ["SUM001"])


def test_a_baseline_in_a_real_run(bench: Bench) -> None:
    assert bench.run("check", "actes", "--baseline", "ref.json")[0] == 2
    code, _, err = bench.run("baseline", "create", "-f", "ref.json", "actes")
    assert (code, "1 constat enregistré" in err) == (0, True)
    assert bench.run("baseline", "create", "-f", "ref.json", "actes")[0] == 2
    assert "en.json: 1 finding recorded" in bench.run("baseline", "create", "-f", "en.json", "actes", "--lang", "en")[2]
    (bench.folder / "en.json").unlink()
    assert bench.run("check", "actes", "--baseline", "ref.json", "--output-format", "concise") == (0, "", "")
    bench.write("actes/12.yaml", "# en tête\n" + RECORD)
    assert bench.run("baseline", "check", "-f", "ref.json", "actes", "--output-format", "concise") == (0, "", "")
    bench.write("actes/14.yaml", RECORD)
    code, out, _ = bench.run("baseline", "check", "-f", "ref.json", "actes", "--output-format", "concise")
    assert (code, codes(out)) == (1, ["SUM001"])
    bench.write("actes/12.yaml", TRUE)
    (bench.folder / "actes/14.yaml").unlink()
    code, out, err = bench.run("check", "actes", "--baseline", "ref.json", "--output-format", "json")
    assert json.loads(out)["baseline"] == {"path": "ref.json", "known": 0, "stale": 1}
    assert "1 constat de la référence a disparu" in err
    code, _, err = bench.run("baseline", "prune", "-f", "ref.json", "actes")
    assert (code, "1 constat disparu retiré, 0 reste" in err) == (0, True)
    assert json.loads((bench.folder / "ref.json").read_text("utf-8"))["entries"] == []


def test_nothing_is_recorded_on_half_a_view(bench: Bench) -> None:
    bench.write("actes/ancien.doc", "x")
    assert bench.run("baseline", "create", "-f", "ref.json", "actes")[0] == 2
    assert not (bench.folder / "ref.json").exists()


OWN = """
from subsidy_rules.rulebook import broken, rule

@rule("VILLE001", name="too-large", on="grant", fr="Trop.", en="Too much.")
def too_large(grant, context):
    return broken(grant.place)
"""


def test_a_table_without_known_headings_is_nothing_to_check(bench: Bench) -> None:
    """Alone it is no success; beside a source that was read, it is told and the others decide."""
    bench.write("contacts.csv", "a;b;c\n1;2;3\n")
    code, out, _ = bench.run("check", "contacts.csv", "--lang", "en")
    assert code == 2
    assert "TAB003" in out
    bench.write("d.yaml", TRUE)
    code, out, _ = bench.run("check", "contacts.csv", "d.yaml", "--lang", "en")
    assert code == 0
    assert "TAB003" in out


def test_rules_of_ones_own_run_only_when_the_file_is_named(bench: Bench) -> None:
    bench.write("regles.py", OWN)
    bench.write("subsidy-rules.toml", 'rules = ["regles.py"]\n')
    code, out, err = bench.run("check", "actes/13.yaml")
    assert (code, out) == (2, "")
    assert "--config" in err
    code, out, _ = bench.run("check", "actes/13.yaml", "--config", "subsidy-rules.toml", "--output-format", "concise")
    assert (code, codes(out)) == (1, ["VILLE001"])


def test_several_outputs_at_once(bench: Bench) -> None:
    pytest.importorskip("jinja2", reason="extra html absent")
    wanted = ["--output-format", "concise", "--output-format", "html=r.html", "--output-format", "csv=r.csv"]
    code, out, _ = bench.run("check", "actes", *wanted)
    assert (code, codes(out)) == (1, ["SUM001"])
    assert (bench.folder / "r.html").read_text("utf-8").startswith("<!DOCTYPE html>")
    assert (bench.folder / "r.csv").read_bytes().startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--output-format", "xlsx"],
        ["--output-format", "parquet"],
        ["--output-format", "zz"],
        ["--output-format", "text", "--output-format", "json"],
        ["--output-format", "csv=actes/12.yaml"],
        ["--output-format", "json=absent/r.json"],
    ],
)
def test_outputs_that_cannot_be(bench: Bench, arguments: Sequence[str]) -> None:
    before = (bench.folder / "actes/12.yaml").read_bytes()
    assert bench.run("check", "actes/12.yaml", *arguments)[0] == 2
    assert (bench.folder / "actes/12.yaml").read_bytes() == before


def test_quiet_says_nothing_when_all_holds(bench: Bench) -> None:
    assert bench.run("check", "actes/13.yaml", "-q") == (0, "", "")
    assert bench.run("check", "actes/12.yaml", "-q")[1] != ""


def test_statistics(bench: Bench) -> None:
    assert "Par règle" in bench.run("check", "actes", "--statistics")[1]


@pytest.mark.parametrize("arguments", [[], ["--help"], ["check", "--help"], ["check"], ["zz"], ["baseline", "prune"]])
def test_the_help_is_in_the_readers_language(bench: Bench, arguments: Sequence[str]) -> None:
    english = {"usage: ", "show this", "required", "invalid", "options:", "the following", "FILE", "PATH"}
    _, out, err = bench.run("--lang", "fr", *arguments) if not arguments else bench.run(*arguments, "--lang", "fr")
    assert not [word for word in english if word in out + err]
    _, out, err = bench.run(*arguments, "--lang", "en")
    assert "usage : " not in out + err
    assert "commandes" not in out + err


COMMANDS = (
    (),
    ("check",),
    ("baseline",),
    ("baseline", "create"),
    ("baseline", "check"),
    ("baseline", "prune"),
    ("rule",),
    ("schema",),
    ("explain-imputation",),
    ("figures",),
    ("draft",),
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_help_is_whole_and_in_one_language(bench: Bench, command: Sequence[str]) -> None:
    shown = {}
    for language, foreign in (("fr", ENGLISH), ("en", FRENCH)):
        code, out, err = bench.run(*command, "--lang", language, "--help")
        assert (code, err) == (0, "")
        prose = re.sub(r"\{[^}]*\}|--?[a-z][a-z-]*|\(text, concise[^)]*\)|subsidy-rules [a-z -]*", " ", out)
        prose = re.sub(r"(?m)^ {4}[a-z-]+ ", " ", prose)  # the names of the commands
        assert not set(re.findall(r"[a-zàâçéèêëîïôûùüœ]+", prose.lower())) & foreign, (language, out)
        shown[language] = out
        # Each argument and each command is explained on its line, or on the next one.
        body = out.split("\n\n", 2)[2]
        for entry in re.findall(r"(?m)^ {2,4}(\S.*(?:\n {6,}\S.*)*)", body):
            if entry not in ("COMMANDE", "COMMAND", "ACTION"):
                assert re.search(r"\S {2,}\S|\n", entry), entry
    assert shown["fr"] != shown["en"]


def test_what_is_typed_cannot_reach_the_terminal(bench: Bench) -> None:
    for arguments in (
        ["check", "\x1b[31mx"],
        ["check", "x", "--config", "\x1b[2J"],
        ["check", "x", "--select", "\x1b]0;x"],
    ):
        code, out, err = bench.run(*arguments)
        assert code == 2
        assert "\x1b" not in out + err


@pytest.mark.parametrize("command", ["check", "figures"])
def test_a_closed_standard_input_is_told(bench: Bench, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    code, _, told = bench.run(command, "-", "--lang", "en")
    assert code == 2
    assert "standard input is closed" in told


def test_a_line_feed_in_a_name_begins_no_line(bench: Bench) -> None:
    bench.write("a\nb.txt", "\x00")
    code, _, told = bench.run("check", "a\nb.txt", "--lang", "en")
    assert code == 2
    assert told.splitlines() == [line for line in told.splitlines() if line.startswith(("subsidy-rules: a", "  "))]
    assert "a\\nb.txt: not read" in told


def run_apart(*arguments: str, data: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-c", "from subsidy_rules.cli import entry; entry()", *arguments]
    return subprocess.run(command, input=data, capture_output=True, env={**os.environ, **environment}, timeout=60)


def test_standard_input_is_read_as_what_its_name_says(bench: Bench) -> None:
    done = run_apart(
        "check",
        "--output-format",
        "concise",
        "--stdin-filename",
        "actes/x.yaml",
        "-",
        "--no-config",
        data=RECORD.encode(),
    )
    assert done.returncode == 1
    assert done.stdout.startswith(b"actes/x.yaml:4:8: SUM001 ")


def test_no_colour_when_piped(bench: Bench) -> None:
    done = run_apart("check", "actes/12.yaml", FORCE_COLOR="1", TERM="xterm")
    assert b"\x1b" not in done.stdout


def test_importing_the_package_loads_no_parser() -> None:
    script = (
        "import sys, subsidy_rules; print([m for m in ('pydantic', 'yaml', 'json', 'argparse') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_clean_record_loads_no_heavy_library(bench: Bench) -> None:
    script = (
        "import sys; from subsidy_rules.cli import main\n"
        "main(['check', '--profile', 'hook', '--no-config', 'actes/13.yaml'])\n"
        "print([m for m in ('pydantic', 'jinja2', 'tomllib', 'xlsxwriter', 'duckdb', 'pyarrow', 'openpyxl', 'docx',"
        " 'xml.etree.ElementTree', 'hypothesis') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


OWN_RULE = """
from subsidy_rules.rulebook import broken, holds, rule


@rule("VILLE001", name="too-large", on="grant", fr="Trop.", en="Too much.", options=("ville_plafond",))
def too_large(grant, context):
    over = grant.amount is not None and grant.amount.value > context.options["ville_plafond"]
    return broken(grant.place) if over else holds(grant.place)
"""


def test_a_rule_is_set_by_the_options_that_it_declares(bench: Bench) -> None:
    bench.write("ours.py", OWN_RULE)
    settings = 'rules = ["ours.py"]\nselect = ["VILLE"]\n[options]\n{key} = 75000\n'
    bench.write("ours.toml", settings.format(key="ville_plafond"))
    code, out, _ = bench.run("check", "actes", "--config", "ours.toml", "--output-format", "concise")
    assert (code, out.count("VILLE001")) == (1, 1)
    bench.write("ours.toml", settings.format(key="ville_plafon"))
    code, _, err = bench.run("check", "actes", "--config", "ours.toml")
    assert code == 2
    assert "options.ville_plafon : clé inconnue ; la plus proche est « ville_plafond »" in err


@pytest.mark.parametrize(
    ("key", "told"), [("plafond", "aucune des règles chargées"), ("fiscal_year", "« fiscal_year » se règle au premier")]
)
def test_an_option_that_no_rule_declares_is_an_error(bench: Bench, key: str, told: str) -> None:
    bench.write("subsidy-rules.toml", f"[options]\n{key} = 1\n")
    code, _, err = bench.run("check", "actes")
    assert code == 2
    assert told in err


def test_certificates_are_written_and_verified_apart(bench: Bench) -> None:
    code, _, _ = bench.run("check", "actes", "--certificates", "--output-format", "json=rapport.json")
    assert code == 1
    report = json.loads((bench.folder / "rapport.json").read_text("utf-8"))
    assert {proof["feasible"] for proof in report["proofs"]} == {True, False}
    verify = [sys.executable, "-m", "subsidy_rules.diagnosis.verify", "rapport.json"]
    done = subprocess.run(verify, cwd=bench.folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (bench.folder / "rapport.json").write_text(json.dumps(report).replace('"80000"', '"70000"'), "utf-8")
    assert subprocess.run(verify, cwd=bench.folder, capture_output=True, check=False).returncode == 1
    assert "proofs" not in json.loads(bench.run("check", "actes", "--output-format", "json")[1])


def test_certificates_without_json_are_refused(bench: Bench) -> None:
    code, _, err = bench.run("check", "actes", "--certificates")
    assert code == 2
    assert "--output-format json=FICHIER" in err


@pytest.mark.parametrize(
    ("name", "text", "arguments"),
    [
        ("subsidy-rules.toml", "lang = fr\n", ["check", "actes"]),
        ("subsidy-rules.toml", 'lang = "fr\nx', ["check", "actes"]),
        ("subsidy-rules.toml", 'own_segments = [{name = "x", pattern = "(["}]\n', ["check", "actes"]),
        ("ours.toml", 'rules = ["absent.py"]\n', ["check", "actes", "--config", "ours.toml"]),
        ("ours.toml", 'rules = ["no_such_module"]\n', ["check", "actes", "--config", "ours.toml"]),
        ("ours.toml", 'rules = ["ours.toml"]\n', ["check", "actes", "--config", "ours.toml"]),
        ("baseline.json", "{", ["check", "actes", "--baseline", "baseline.json"]),
        ("baseline.json", "[]", ["check", "actes", "--baseline", "baseline.json"]),
    ],
)
def test_faults_are_told_in_the_readers_language(bench: Bench, name: str, text: str, arguments: Sequence[str]) -> None:
    bench.write(name, text)
    english = ENGLISH | {"expected", "invalid", "character", "found", "unterminated", "no", "module", "column"}
    for language, foreign in (("fr", english - {"module", "no"}), ("en", FRENCH)):
        code, _, err = bench.run(*arguments, "--lang", language)
        assert code == 2
        told = err.replace(str(bench.folder), "").replace("no_such_module", "")
        assert not set(re.findall(r"[a-zàâçéèêëîïôûùüœ]+", told.lower())) & foreign, err


@pytest.mark.parametrize("arguments", [["--output-format", "html=x.html"], ["--annotate", "marked"]])
def test_a_missing_extra_is_told_before_anything_is_read(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, arguments: Sequence[str]
) -> None:
    monkeypatch.setattr(cli, "_is_installed", lambda name: False)
    monkeypatch.setattr(cli, "_run", lambda *given: pytest.fail("read"))
    code, _, err = bench.run("check", "actes", *arguments)
    assert code == 2
    assert "pip install 'subsidy-rules[" in err


DIRT = "\x1b[31mrouge\x1b[0m \u202egpj\u2066 \u200b<script>alert(1)</script> =cmd|'/C x'!A ::error::x [a](javascript:b)"
HARMFUL = "\x00\x07\x08\x1b\x7f\x9b\u202e\u2066\u200b"


def _hostile_folder(bench: Bench) -> None:
    """Names and contents that attack a terminal, a browser, a spreadsheet, a build log."""
    name = DIRT.replace("/", "_")
    bench.write(
        f"sale/{name}.txt",
        f"L'association {DIRT} reçoit une subvention de 80 000 euros.\n\nCette subvention de 80 000 euros se décompose "
        f"comme suit :\n\n- 50 000 euros versés par {DIRT} ;\n- 20 000 euros versés par la Ville.\n",
    )
    quoted = json.dumps(DIRT)
    record = json.loads(json.dumps({"reference": DIRT, "beneficiary": DIRT, "fiscal_year": 2024}))
    record |= {"total": "80 000 euros " + DIRT, "allocations": [{"funder": DIRT, "amount": DIRT, "imputation": DIRT}]}
    bench.write(f"sale/{name}.json", json.dumps(record))
    bench.write("sale/a.yaml", f"reference: {quoted}\ntotal: 80 000\n{quoted}: 1\nimputation: {quoted}\n")
    bench.write("sale/t.csv", f'nomAttribuant;montant;{DIRT}\n"{DIRT}";{DIRT};=1+1\n{DIRT};-5;x\n')


@pytest.mark.parametrize("language", ["fr", "en"])
def test_nothing_hostile_reaches_a_screen_or_a_file(bench: Bench, language: str) -> None:
    _hostile_folder(bench)
    texts = [name for name, output in OUTPUTS.items() if not output.binary and output.extra is None]
    runs = [["check", "sale", "--statistics", "--output-format", name] for name in texts]
    runs += [["figures", "sale", "--output-format", name] for name in ("text", "csv", "json")]
    runs += [["draft", str(path)] for path in Path("sale").glob("*.txt")]
    runs += [["explain-imputation", DIRT], ["rule", DIRT], ["check", DIRT], ["check", "sale", "--select", DIRT]]
    runs += [["baseline", "create", "--file", "baseline.json", "sale"], ["check", "sale", "--baseline", DIRT]]
    for arguments in runs:
        _, out, err = bench.run(*arguments, "--lang", language)
        assert out or err
        for character in HARMFUL:
            assert character not in out + err, (arguments[:3], f"U+{ord(character):04X}")
    assert not set(HARMFUL) & set((bench.folder / "baseline.json").read_text("utf-8"))


# -- a second run, and where results go -----------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_second_run_does_not_check_what_the_first_one_wrote(bench: Bench, lang: str) -> None:
    pytest.importorskip("xlsxwriter")
    pytest.importorskip("pyarrow")
    written = {"html": "html", "xlsx": "xlsx", "csv": "csv", "markdown": "md", "json": "json", "jsonl": "jsonl"}
    written |= {"sarif": "sarif", "junit": "xml", "gitlab": "gitlab.json", "parquet": "parquet"}
    outputs = [f"--output-format={name}=actes/rapport.{suffix}" for name, suffix in written.items()]
    first = bench.run("check", "--lang", lang, "actes", "--output-format=concise", *outputs)
    again = bench.run("check", "--lang", lang, "actes", "--output-format=concise", *outputs)
    assert first == again
    assert first[0] == 1
    report = json.loads((bench.folder / "actes/rapport.json").read_text("utf-8"))
    assert [source["path"] for source in report["sources"]] == ["actes/12.yaml", "actes/13.yaml"]
    assert len(report["skipped"]) == len(written)
    code, out, _ = bench.run("check", "--lang", lang, "actes")
    assert code == 1
    aside = "fichiers laissés de côté" if lang == "fr" else "files left aside"
    assert f"{len(written)} {aside}" in " ".join(out.split())


def test_a_marked_copy_of_a_table_is_not_checked_again(bench: Bench) -> None:
    pytest.importorskip("xlsxwriter")
    header = "nomAttribuant,idAttribuant,dateConvention,referenceDecision,nomBeneficiaire,idBeneficiaire,objet,montant"
    bench.write("tables/t.csv", f"{header},nature\nVille,21060004500392,2024-07-07,D-12,Foyer,52499120500013,X,-5,Y\n")
    code, first, _ = bench.run("check", "tables", "--output-format=concise", "--annotate", "tables")
    assert code == 1
    assert len(list((bench.folder / "tables").iterdir())) == 2
    assert bench.run("check", "tables", "--output-format=concise")[1] == first


def test_a_workbook_of_somebody_else_is_read(bench: Bench) -> None:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    from subsidy_rules.own_reports import is_own_report

    path = bench.folder / "autre.xlsx"
    book = xlsxwriter.Workbook(str(path))
    book.set_properties({"title": "Vérification des chiffres", "keywords": "subventions"})
    book.add_worksheet().write(0, 0, "x")
    book.close()
    assert not is_own_report(path)
    (bench.folder / "faux.xlsx").write_bytes(b"PK\x03\x04 nothing")
    assert not is_own_report(bench.folder / "faux.xlsx")
    assert not is_own_report(bench.folder / "absent.csv")


def test_a_result_replaces_no_source_of_a_checked_folder(bench: Bench) -> None:
    code, out, err = bench.run("check", "actes", "--output-format", "json=actes/12.yaml")
    assert (code, out) == (2, "")
    assert "actes/12.yaml est un des fichiers vérifiés" in err
    assert (bench.folder / "actes/12.yaml").read_text("utf-8") == RECORD


def test_two_results_do_not_go_to_one_file(bench: Bench) -> None:
    code, _, err = bench.run("check", "actes", "--output-format=json=r", "--output-format=markdown=./r")
    assert code == 2
    assert "./r est demandé deux fois" in err
    assert not (bench.folder / "r").exists()
    code, _, err = bench.run("check", "actes", "--output-format=json=")
    assert code == 2
    assert "le nom du fichier manque" in err
    code, _, err = bench.run("check", "actes", "--output-format=json=absent/r.json")
    assert code == 2
    assert "absent/r.json : écriture impossible (son dossier n’existe pas)" in err


@pytest.mark.skipif(os.name == "nt", reason="named pipes of POSIX systems")
def test_a_pipe_is_written_to_and_not_replaced(bench: Bench) -> None:
    import stat
    import threading

    pipe = bench.folder / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()), daemon=True)
    reader.start()
    assert bench.run("check", "actes", "--output-format", "json=pipe")[0] == 1
    reader.join(60)
    assert json.loads(read[0])["schema"] == "subsidy-rules/report/1"
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@pytest.mark.skipif(os.name == "nt", reason="symbolic links need rights there")
def test_a_link_is_followed_and_stays_a_link(bench: Bench) -> None:
    (bench.folder / "kept").mkdir()
    (bench.folder / "latest.json").symlink_to("kept/r.json")
    assert bench.run("check", "actes", "--output-format", "json=latest.json")[0] == 1
    assert (bench.folder / "latest.json").is_symlink()
    assert json.loads((bench.folder / "kept/r.json").read_text("utf-8"))["sources"]


@pytest.mark.skipif(os.name == "nt", reason="a POSIX shell")
@pytest.mark.parametrize("command", ["check actes/12.yaml", "rule", "check actes/12.yaml --output-format json"])
def test_a_closed_or_full_standard_output_is_told_without_a_traceback(bench: Bench, command: str) -> None:
    program = f"{sys.executable} -c 'from subsidy_rules.cli import entry; entry()' {command} --lang fr"
    for where in (">&-", *([">/dev/full"] if os.path.exists("/dev/full") else [])):
        done = subprocess.run(["sh", "-c", f"{program} {where}"], capture_output=True, check=False, timeout=120)
        said = _plain(done.stderr.decode("utf-8"))
        assert done.returncode == 2, said
        assert "sortie standard : écriture impossible" in said
        assert "Traceback" not in said


def test_a_record_is_no_document_to_draft_from(bench: Bench) -> None:
    code, _, err = bench.run("draft", "actes/12.yaml")
    assert code == 2
    assert "ce n’est pas un document" in err
    assert ".yaml .yml" not in err
