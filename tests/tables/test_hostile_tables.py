"""Files that are cut, empty or left open; what is said of them in each output."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest

from subsidy_rules import check as check_source
from subsidy_rules.cli import main
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
