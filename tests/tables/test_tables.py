"""One table at a time: what is told, where, and what is not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from subsidy_rules.finding import Tally
from subsidy_rules.reading import ReadError
from subsidy_rules.rules import standard_rules
from subsidy_rules.rules.tables import RULES
from subsidy_rules.settings import Settings
from subsidy_rules.tables import check_table
from tests.tables.making import HEADER, check, codes, row, rows_told, table

DECISION = ("SUM002", "PCT001", "PCT002", "AMT003")


def decision(*shares: str, amounts: tuple[str, ...] = (), reference: str = "D-1") -> list[list[str]]:
    return [
        row(referenceDecision=reference, pourcentageSubvention=share, montant=amount)
        for share, amount in zip(shares, amounts or ("100",) * len(shares), strict=True)
    ]


def test_a_right_table_says_nothing() -> None:
    outcome, tally = check(table(row(), row(referenceDecision="D-13", nomBeneficiaire="Autre", montant="5.5")))
    assert [f.say("fr") for f in outcome.findings if f.code[:3] not in ("IMP", "LIM")] == []
    assert outcome.source.rows == 2
    assert tally.rules["ID001"]["holds"] == 4


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_the_examples_of_a_rule(rule: object) -> None:
    from subsidy_rules.rulebook import Rule
    from subsidy_rules.testing import check_example

    assert isinstance(rule, Rule)
    for example, told in ((rule.good, False), (rule.bad, True)):
        assert example is not None
        assert isinstance(example.source, str)
        assert (rule.code in {finding.code for finding in check_example(rule, example).findings}) == told


# -- decisions --------------------------------------------------------------------------------------------------------


def test_shares_over_one_are_broken() -> None:
    outcome, _ = check(table(*decision("0.6", "0.5")), select=DECISION)
    assert rows_told(outcome, "SUM002") == {2, 3}


def test_shares_under_one_cannot_be_told_unless_the_table_is_complete() -> None:
    data = table(*decision("0.6", "0.3"))
    outcome, tally = check(data, select=DECISION)
    assert codes(outcome) == []
    assert tally.rules["SUM002"]["unknown"] == 1
    assert any("complete" in remark.say("fr") for remark in outcome.source.remarks)
    outcome, _ = check(data, select=("SUM002",), decisions="complete")
    assert rows_told(outcome, "SUM002") == {2, 3}
    assert not any("complete" in remark.say("fr") for remark in outcome.source.remarks)


def test_many_whole_subsidies_under_one_deliberation() -> None:
    outcome, tally = check(table(*decision("1", "1", "1")), select=DECISION, decisions="complete")
    assert codes(outcome) == []
    assert tally.rules["SUM002"]["holds"] == 1


def test_two_shared_subsidies_under_one_reference_are_not_accused() -> None:
    outcome, tally = check(table(*decision("0.5", "0.5", "0.5", "0.5")), select=DECISION, decisions="complete")
    assert "SUM002" not in codes(outcome)
    assert tally.rules["SUM002"]["unknown"] == 1


def test_rounded_thirds_hold_when_each_is_right_for_its_amount() -> None:
    rows = decision("0.33", "0.33", "0.33", amounts=("100", "100", "100"))
    outcome, _ = check(table(*rows), select=DECISION, decisions="complete", amount="part")
    assert codes(outcome) == []


def test_a_share_that_is_not_its_part() -> None:
    rows = decision("0.61", "0.39", amounts=("600", "400"))
    outcome, _ = check(table(*rows), select=DECISION, amount="part")
    assert codes(outcome) == ["PCT001", "PCT001"]
    first = outcome.findings[0]
    assert first.place.row == 2
    assert first.values["part"] == "600"
    assert first.values["whole"] == "1000"
    assert "60" in first.say("fr")


def test_whole_amounts_are_inferred_and_said() -> None:
    rows = [r for n in range(4) for r in decision("0.7", "0.3", amounts=("1000", "1000"), reference=f"D-{n}")]
    outcome, _ = check(table(*rows), select=DECISION)
    assert codes(outcome) == []
    assert any("total avant répartition" in remark.say("fr") for remark in outcome.source.remarks)
    rows[1] = decision("0.3", amounts=("999",), reference="D-0")[0]
    outcome, _ = check(table(*rows), select=DECISION, amount="whole")
    assert codes(outcome) == ["AMT003"]


def test_a_column_with_a_fixed_number_of_decimals_is_checked_at_them() -> None:
    # 0.412 and 0.588 are right to three decimals; the column is plainly written to four, last zeros left out.
    rows = []
    for number in range(40):
        share = 4000 + 10 * number
        rows += decision(
            f"0.{share:04d}".rstrip("0"),
            f"0.{10000 - share:04d}".rstrip("0"),
            amounts=(f"{share}", f"{10000 - share}"),
            reference=f"S-{number}",
        )
        rows += decision(
            f"0.{share + 1:04d}",
            f"0.{9999 - share:04d}",
            amounts=(f"{share + 1}", f"{9999 - share}"),
            reference=f"L-{number}",
        )
    wrong = decision("0.412", "0.588", amounts=("4119", "5881"), reference="X")
    outcome, _ = check(table(*rows, *wrong), select=DECISION, amount="part")
    assert rows_told(outcome, "PCT001") == {162, 163}
    assert any("4 décimales" in remark.say("fr") for remark in outcome.source.remarks)
    # Without the evidence of the others, three decimals are what is written.
    outcome, _ = check(table(*wrong), select=DECISION, amount="part")
    assert codes(outcome) == []


def test_communities_that_number_alike_are_not_mixed() -> None:
    other = [[*r] for r in decision("0.4", "0.6")]
    for cells in other:
        cells[HEADER.index("idAttribuant")] = "23350001600040"
    outcome, _ = check(table(*decision("0.5", "0.5"), *other), select=DECISION, decisions="complete")
    assert "SUM002" not in codes(outcome)


def test_a_row_that_cannot_be_read_makes_its_decision_unknown() -> None:
    rows = decision("0.5", "0.25")
    lost = row(referenceDecision="D-1", pourcentageSubvention="0.25")
    data = table(*rows) + ",".join(lost[:9]).encode() + b"\n"
    outcome, tally = check(data, select=(*DECISION, "TAB006"), decisions="complete")
    assert codes(outcome) == ["TAB006"]
    assert tally.rules["SUM002"]["unknown"] == 1
    assert outcome.source.unread == 1


# -- cells ------------------------------------------------------------------------------------------------------------


def test_one_fault_in_a_whole_column_is_told_once() -> None:
    rows = [row(dateConvention="07/07/2024", nomBeneficiaire=f"Foyer {n}") for n in range(5)]
    outcome, tally = check(table(*rows), select=("DAT001",))
    (finding,) = outcome.findings
    assert finding.values["rows"] == [2, 3, 4, 5, 6]
    assert tally.rules["DAT001"]["broken"] == 5


def test_a_cell_has_its_place_in_the_line() -> None:
    data = table(row(objet='fête "du" livre, 2024', montant="-5"))
    outcome, _ = check(data, select=("AMT001",))
    (finding,) = outcome.findings
    line = data.decode().splitlines()[1]
    assert finding.place.column is not None
    assert finding.place.end_column is not None
    assert line[finding.place.column - 1 : finding.place.end_column - 1] == "-5"
    assert (finding.place.line, finding.place.row) == (2, 2)


def test_line_breaks_in_cells_move_lines_not_rows() -> None:
    outcome, _ = check(table(row(objet="un\ndeux\ntrois"), row(montant="-5")), select=("AMT001",))
    (finding,) = outcome.findings
    assert (finding.place.line, finding.place.row) == (5, 3)


def test_payments_over_the_amount() -> None:
    rows = [
        row(conditionsVersement="acompte de 600 € à la signature, solde sur bilan"),
        row(conditionsVersement="acompte de 1 600 € à la signature, solde sur bilan"),
        row(conditionsVersement="versement de 500 € puis de 500 €"),
        row(conditionsVersement="acompte dans la limite de 5 000 € de dépenses"),
    ]
    outcome, _ = check(table(*rows), select=("PAY001",))
    assert rows_told(outcome, "PAY001") == {3}


# -- other tables -----------------------------------------------------------------------------------------------------


def test_total_rows_are_held_against_the_rows_above() -> None:
    text = "Association;Montant voté;Imputation\nA;100;65/6574/33\nB;200,50;65/6574/33\nTOTAL;300,50;\n"
    outcome, tally = check(text.encode())
    assert "SUM004" not in codes(outcome)
    assert tally.rules["SUM004"]["holds"] == 1
    outcome, _ = check(text.replace("300,50", "310,50").encode())
    assert "SUM004" in codes(outcome)


def test_titles_above_the_header_and_headers_over_two_rows() -> None:
    text = "Annexe à la délibération;;\n;;\nBénéficiaire;Subvention;\n;demandée;votée\nA;100;-50\n"
    outcome, _ = check(text.encode(), select=("AMT001",))
    assert rows_told(outcome, "AMT001") == {5}
    assert any("ligne 4" in remark.say("fr") for remark in outcome.source.remarks)


def test_a_table_that_is_none_of_ours_says_so() -> None:
    outcome, _ = check(b"a,b\n1,2\n")
    assert outcome.source.unread == 1
    assert [f.state for f in outcome.findings] == ["unknown"]


def test_own_column_names() -> None:
    from subsidy_rules.settings import TableSettings

    names = TableSettings(columns={"Qui": "nomBeneficiaire", "Combien": "montant"})
    outcome = check_table(b"Qui,Combien\nA,-5\n", standard_rules(), Settings(tables=names), Tally(), name="x.csv")
    assert "AMT001" in codes(outcome)


# -- hostile files ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf", b",,,\n,,,\n", b"PK\x03\x04" + b"\x00" * 50])
def test_what_is_no_table_is_refused_with_a_reason(data: bytes) -> None:
    with pytest.raises(ReadError):
        check(data)


def test_too_many_columns() -> None:
    with pytest.raises(ReadError):
        check(b"a," * 1_000_000 + b"a\n")


def test_an_unclosed_quote_does_not_swallow_the_rest() -> None:
    broken = row(objet="x")
    line = ",".join(broken).replace(",x,", ',"x,').encode()
    data = table(row()) + line + b"\n" + table(*[row(montant="-5") for _ in range(100)]).split(b"\n", 1)[1]
    outcome, _ = check(data, select=("TAB006", "AMT001"))
    assert rows_told(outcome, "TAB006") >= {3}
    assert len(rows_told(outcome, "AMT001")) == 100


def test_a_cell_of_ten_megabytes() -> None:
    outcome, _ = check(
        table(row(), row(objet="x" * 10_000_000), row(montant="-5")), select=("TAB006", "TAB007", "AMT001")
    )
    assert rows_told(outcome, "AMT001") == {4}
    assert 3 in rows_told(outcome, "TAB006") | rows_told(outcome, "TAB007")


def test_mixed_encodings_are_said() -> None:
    data = table(row(), row(objet="été")).replace("été".encode(), "été".encode("cp1252"))
    outcome, _ = check(data, select=("TAB",))
    assert any("Windows-1252" in remark.say("fr") for remark in outcome.source.remarks)


def test_utf16_with_its_mark_is_read() -> None:
    outcome, _ = check(table(row(montant="-5")).decode().encode("utf-16"), select=("AMT001",))
    assert codes(outcome) == ["AMT001"]


@pytest.mark.parametrize("engine", ["python", "columnar"])
def test_a_file_that_changes_is_refused(tmp_path: Path, engine: str) -> None:
    from subsidy_rules.settings import TableSettings

    if engine == "columnar":
        pytest.importorskip("numpy")
    path = tmp_path / "t.csv"
    path.write_bytes(table(*[row() for _ in range(70_000)]))

    def grow(number: int) -> None:
        with open(path, "ab") as file:
            file.write(b"x")
        os.utime(path, ns=(1, 1))

    settings = Settings(tables=TableSettings(engine=engine))  # type: ignore[arg-type]
    rules = [rule for rule in standard_rules() if rule.code == "ID001"]
    with pytest.raises(ReadError, match="changed"):
        check_table(path, rules, settings, Tally(), progress=grow)


def test_formula_cells_are_data() -> None:
    outcome, _ = check(table(row(nomBeneficiaire="=1+1", objet="@SUM(A1)")), select=("TAB", "ID"))
    assert codes(outcome) == []
