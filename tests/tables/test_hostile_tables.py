"""Files that are cut, empty or left open; what is said of them in each output."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import pytest

from subsidy_rules import check as check_source
from subsidy_rules.cli import main
from subsidy_rules.tables import csvrows
from tests.tables.making import HEADER, check, codes, row, rows_told, said, table


@pytest.mark.parametrize("end", ["\n", ""])
@pytest.mark.parametrize("at", [1, 2])
def test_an_unclosed_quote_in_the_last_column_swallows_nothing(at: int, end: str) -> None:
    rows = [row(referenceDecision=f"D-{number}", nomBeneficiaire=f"Asso {number}") for number in range(4)]
    rows[3][HEADER.index("montant")] = "-5"
    lines = table(*rows).decode().splitlines()
    head, _, last = lines[at].rpartition(",")
    lines[at] = f'{head},"{last}'
    data = ("\n".join(lines) + end).encode()
    slow = said(*check(data, engine="python"))
    assert said(*check(data, engine="columnar")) == slow
    outcome, _ = check(data)
    assert (rows_told(outcome, "TAB006"), rows_told(outcome, "AMT001")) == ({at + 1}, {5})


def test_a_quoted_text_over_several_lines_may_end_a_row() -> None:
    text = 'Association;Montant;Objet\nArc;100;"un\ndeux ; trois\nquatre"\nBois;200;x\nTotal;300;\n'
    outcome, tally = check(text.encode())
    assert codes(outcome) == []
    assert tally.rules["SUM004"]["holds"] == 1


def test_a_file_of_json_lines_without_a_line_is_not_read(tmp_path: Path) -> None:
    for content in (b"", b"\n\n"):
        (tmp_path / "a.jsonl").write_bytes(content)
        (source,) = check_source(str(tmp_path / "a.jsonl")).sources
        assert source.status == "unreadable"


def test_only_the_amount_of_a_subsidy_has_to_be_above_zero() -> None:
    header = [*HEADER, "evaluationCout", "montantDemande"]
    engines: tuple[Literal["python", "columnar"], ...] = ("python", "columnar")
    for engine in engines:
        outcome, _ = check(table([*row(), "0", "0"], header=header), engine=engine)
        assert "AMT001" not in codes(outcome)
        outcome, _ = check(table([*row(montant="0"), "0", "-1"], header=header), engine=engine)
        assert codes(outcome).count("AMT001") == 2


def test_a_share_that_cannot_be_read_is_not_added_as_zero() -> None:
    outcome, _ = check(table(row(pourcentageSubvention="abc")))
    (judged,) = [one for one in outcome.judgements if one.claim.kind == "shares_total"]
    assert judged.working is not None
    assert "une des parts n’a pas pu être lue" in judged.working.say("fr")


def test_a_table_of_json_lines_is_told_by_its_lines_and_not_marked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"beneficiaire": "Arc", "siret": "21750001600018", "montant": 1}\n')
    arguments = ["check", "--no-config", "--lang", "fr", "--output-format", "csv", "--annotate", str(tmp_path / "out")]
    assert main([*arguments, str(path)]) == 1
    out, err = capsys.readouterr()
    assert "a.jsonl;1;;" in out
    assert "pas de copie marquée" in err


@pytest.mark.parametrize("name", ["objet", "nomBeneficiaire", "montant", "referenceDecision"])
def test_a_cell_that_is_none_of_a_table_is_told_and_left(name: str) -> None:
    cell = ("9" if name == "montant" else "x") * 140_000
    rows = [row(referenceDecision=f"D-{number}") for number in range(3)]
    rows[1][HEADER.index(name)] = cell
    data = table(*rows)
    slow = said(*check(data, engine="python"))
    assert said(*check(data, engine="columnar")) == slow
    outcome, _ = check(data)
    (finding,) = [one for one in outcome.findings if one.code == "TAB006"]
    assert (finding.code, finding.values["cause"], finding.place.row) == ("TAB006", "huge", 3)
    assert f"« {name} » contient 140 000 caractères" in " ".join(finding.say("fr").split())
    assert len(finding.place.quote or "") <= 80
    assert outcome.source.unread == 1


def test_a_huge_cell_of_a_table_of_ones_own() -> None:
    for cells in (("9" * 140_000, "x"), ("3", "x " * 70_000)):
        outcome, _ = check(("Association;Montant voté;Objet\nA;1;x\nB;" + ";".join(cells) + "\nC;-3;x\n").encode())
        assert [(f.code, f.place.row) for f in outcome.findings] == [("TAB006", 3), ("AMT001", 4)]
    outcome, _ = check(("x" * 140_000 + ";\nAssociation;Montant voté\nA;1\n").encode())
    assert outcome.findings


def opening(rows: list[list[str]], at: set[int]) -> bytes:
    """The table of these rows, with a quote opened before the beneficiary of some and closed nowhere."""
    lines = table(*rows).decode().splitlines()
    for number in at:
        lines[number + 1] = lines[number + 1].replace("Foyer rural", '"Foyer rural')
    return ("\n".join(lines) + "\n").encode()


@pytest.mark.parametrize("at", [{3}, {3, 4}, {3, 9}, {2, 5, 8}, {1, 20, 21, 22}, set(range(30))])
def test_a_quote_that_another_row_closes_swallows_no_row(at: set[int]) -> None:
    rows = [row(referenceDecision=f"D-{number}") for number in range(30)]
    data = opening(rows, at)
    slow = said(*check(data, engine="python"))
    assert said(*check(data, engine="columnar")) == slow
    outcome, _ = check(data, select=("TAB006",))
    assert outcome.source.rows == 30
    assert rows_told(outcome, "TAB006") == {number + 2 for number in at}


@pytest.mark.parametrize("text", ["a, b,\nc", "1,2,3\n4,5,6", "un\ndeux\ntrois", 'dit "oui, oui,\noui"', "x\n" * 90])
def test_a_text_over_several_lines_is_no_open_quote(text: str) -> None:
    outcome, _ = check(table(row(objet=text), row(), row(objet=text, referenceDecision="D-13")), select=("TAB006",))
    assert codes(outcome) == []
    assert outcome.source.rows == 3


@pytest.mark.parametrize("official", [True, False])
def test_damaged_quotes_everywhere_cost_little(official: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many quotes are never closed, the file is read a few times at most, and each row is told."""
    rows = [row(referenceDecision=f"D-{number}") for number in range(1500)]
    data = opening(rows, set(range(1500)))
    if not official:
        # Each line closes the quote of the one before and opens another: one row would take the whole file.
        data = "Association;Montant voté;Objet\n".encode() + b'"A;1";"x\n' * 1500
    read = 0
    taken = csvrows.CsvRows._raw_chunks

    def counted(self: csvrows.CsvRows, line: int) -> Any:
        nonlocal read
        for lines in taken(self, line):
            read += len(lines)
            yield lines

    monkeypatch.setattr(csvrows.CsvRows, "_raw_chunks", counted)
    outcome, _ = check(data, select=("TAB006",))
    assert read < 200 * 1500
    assert outcome.source.unread >= 1490
    (finding,) = [f for f in outcome.findings if f.values["cause"] == "unclosed"]
    assert finding.values["count"] >= 1480
    assert any("jamais refermé" in remark.say("fr") for remark in outcome.source.remarks)
