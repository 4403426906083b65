"""Two tables of one folder: the same subsidy, two amounts; and all that may rightly differ."""

from __future__ import annotations

from pathlib import Path

import pytest

from subsidy_rules.checking import check
from subsidy_rules.finding import Finding
from subsidy_rules.tables import across
from tests.tables.making import HEADER, row, table


def told(folder: Path, **files: bytes | str) -> list[Finding]:
    for name, data in files.items():
        path = folder / name.replace("_csv", ".csv")
        path.write_bytes(data.encode() if isinstance(data, str) else data)
    return list(check(str(folder), select=("AMT004",)).findings)


def others(count: int) -> list[list[str]]:
    return [row(referenceDecision=f"X-{n}", objet=f"Projet culturel n° {n}") for n in range(count)]


def test_two_amounts_for_one_subsidy_name_both_places(tmp_path: Path) -> None:
    first = table(*others(5), row(montant="1000"))
    again = table(row(montant="1200"), *others(5))
    (finding,) = told(tmp_path, a_csv=first, b_csv=again)
    assert (finding.code, finding.severity, finding.state) == ("AMT004", "warning", "broken")
    assert finding.place.path == str(tmp_path / "b.csv")
    assert finding.place.row == 2
    (other,) = finding.related
    assert (other.path, other.row) == (str(tmp_path / "a.csv"), 7)
    said = " ".join(finding.say("fr").split())
    assert "1 200 € ici" in said
    assert "1 000 € dans" in said
    assert "a.csv » (ligne 7)" in said


def test_the_same_amounts_hold(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(table(*others(5)))
    (tmp_path / "b.csv").write_bytes(table(*reversed(others(5))))
    report = check(str(tmp_path), select=("AMT004",))
    assert report.findings == ()
    assert report.tally.rules["AMT004"]["holds"] == 5


@pytest.mark.parametrize(
    "change",
    [
        {"dateConvention": "2023-07-07"},  # the year before
        {"referenceDecision": "D-13"},
        {"idBeneficiaire": "35600000049837"},
        {"objet": "Un autre objet"},
        {"pourcentageSubvention": "0.5"},  # a share of it
        {"objet": "Acompte sur le fonctionnement"},
        {"referenceDecision": "D-12 avenant 1"},
        {"idAttribuant": "23350001600040", "nomAttribuant": "Département"},
        {"montant": "1000.00"},
        {"montant": "inconnu"},
    ],
)
def test_what_may_rightly_differ_is_not_told(tmp_path: Path, change: dict[str, str]) -> None:
    changed = {"montant": "1200", **change}
    assert told(tmp_path, a_csv=table(row(montant="1000"), *others(5)), b_csv=table(row(**changed), *others(5))) == []


def test_instalments_of_one_subsidy_are_not_compared(tmp_path: Path) -> None:
    twice = table(row(montant="600"), row(montant="400"), *others(4))
    assert told(tmp_path, a_csv=table(row(montant="1000"), *others(4)), b_csv=twice) == []
    paid = "Association;Objet;Date;Référence;Montant versé\nA;Fonctionnement annuel;2024-07-07;D-12;{}\n"
    assert told(tmp_path, a_csv=paid.format(600), b_csv=paid.format(400)) == []


def test_amounts_rounded_to_the_euro(tmp_path: Path) -> None:
    assert told(tmp_path, a_csv=table(row(montant="1000.40")), b_csv=table(row(montant="1000"))) == []
    assert len(told(tmp_path, a_csv=table(row(montant="1000.60")), b_csv=table(row(montant="1000")))) == 1


def test_without_a_reference_it_is_only_a_question(tmp_path: Path) -> None:
    text = "Association;Objet;Date;Subvention\nA;Festival de printemps;2024-07-07;{}\nB;Fonctionnement;2024-07-07;5\n"
    (finding,) = told(tmp_path, a_csv=text.format(100), b_csv=text.format(150))
    assert (finding.severity, finding.state) == ("note", "unknown")
    assert "même subvention" in finding.say("fr")


def test_a_reference_that_nothing_dates_is_not_enough(tmp_path: Path) -> None:
    text = "Référence;Association;Objet;Subvention\n{};A;Festival de printemps;{}\n"
    assert told(tmp_path, a_csv=text.format("12", 100), b_csv=text.format("12", 150)) == []
    (finding,) = told(tmp_path, a_csv=text.format("2024-12", 100), b_csv=text.format("2024-12", 150))
    assert finding.severity == "note"


def test_tables_on_another_basis_are_told_once(tmp_path: Path) -> None:
    doubled = [[*cells] for cells in others(6)]
    for cells in doubled:
        cells[HEADER.index("montant")] = "2000"
    (finding,) = told(tmp_path, a_csv=table(*others(6)), b_csv=table(*doubled))
    assert finding.state == "unknown"
    assert finding.values["count"] == 6


def test_tables_of_different_folders_are_not_compared(tmp_path: Path) -> None:
    for name, amount in (("2023", "1000"), ("2024", "1200")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "t.csv").write_bytes(table(row(montant=amount)))
    assert check(str(tmp_path), select=("AMT004",)).findings == ()


def test_large_tables_are_left_out_aloud(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(across, "MOST_ROWS", 5)
    (tmp_path / "a.csv").write_bytes(table(row(montant="1000"), *others(3)))
    (tmp_path / "b.csv").write_bytes(table(row(montant="1200"), *others(3)))
    report = check(str(tmp_path), select=("AMT004",))
    assert report.findings == ()
    assert [any("comparés" in remark.say("fr") for remark in source.remarks) for source in report.sources] == [
        False,
        True,
    ]
