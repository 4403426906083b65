"""A record drafted from a document can be read back, and says what the document says."""

from __future__ import annotations

import re
from pathlib import Path

from subsidy_rules import check
from subsidy_rules.deliberation import load_records
from subsidy_rules.document import Document
from subsidy_rules.drafting import draft
from subsidy_rules.readers import text as reader
from subsidy_rules.reading import Limits

ACT = """\
Attribution d'une subvention à l'association Les Trois Sources

Le budget prévisionnel 2017 de l'action est évalué à 1 329 243 euros.

L'aide demandée est de 70 000 euros, représentant 5,27 % du budget prévisionnel 2017.

L'aide accordée, de 70 000 euros (soixante-dix mille euros), se décompose comme suit :

- 50 000 euros pris en charge par le Littoral, imputés sous politique B320 chapitre 65 – nature 6574 – fonction 61.

- 20 000 euros seront pris en charge par le Territoire des Collines. La dépense sera imputée sur la ligne 3A/61/6574.

Exercice 2017. Le rapport est soumis au conseil du xx/xx/2017.
"""


def document(text: str) -> Document:
    return reader.read("note.txt", text.encode(), limits=Limits())


def test_the_draft_is_a_record() -> None:
    written = draft(document(ACT))
    (record,) = load_records("draft.yaml", written.encode())
    assert record.fiscal_year == 2017
    assert record.allocations is not None
    assert [allocation.imputation is not None for allocation in record.allocations] == [True, True]
    assert "70 000 euros" in written
    assert "soixante-dix mille euros" in written


def test_each_field_says_where_it_comes_from() -> None:
    written = draft(document(ACT))
    lines = ACT.split("\n")
    for line, quote in re.findall(r"# ligne ([0-9]+) : « ([^»]+) »", written):
        assert quote.rstrip("…") in lines[int(line) - 1]
    assert "xx/xx/2017" in written


def test_parts_without_funder_make_a_breakdown() -> None:
    text = (
        "Objet : aides de l'exercice 2023\n\nUne somme de 12 000 € est répartie comme suit :\n"
        "- Club nautique : 8 000 €\n- Foyer rural : 4 000 €\n"
    )
    written = draft(document(text))
    (record,) = load_records("draft.yaml", written.encode())
    assert record.breakdowns is not None
    assert [part.label for part in record.breakdowns[0].parts] == ["Club nautique", "Foyer rural"]


def test_hostile_words_stay_inside_their_field() -> None:
    text = 'Objet : "x"\\n: {a: b}\x85total: 1\n\nUne aide de 5 000 €\u2028total: "9" est votée.\n'
    written = draft(document(text))
    (record,) = load_records("draft.yaml", written.encode())
    assert getattr(record.total, "n", record.total) == 5000


def test_a_silent_document_says_what_is_missing() -> None:
    written = draft(document("Le conseil prend acte du rapport."))
    assert "# total\u00a0: non trouvé dans le document" in written


def test_who_pays_is_named_without_the_verb() -> None:
    (record,) = load_records("draft.yaml", draft(document(ACT)).encode())
    assert record.allocations is not None
    assert [allocation.funder for allocation in record.allocations][1] == "Territoire des Collines"


def test_a_page_without_figures_is_read_and_what_it_lacks_is_said(tmp_path: Path) -> None:
    written = draft(document("Le conseil est réuni.\n"))
    assert "# total" in written
    file = tmp_path / "draft.yaml"
    file.write_text(written, "utf-8")
    report = check(file)
    assert [source.status for source in report.sources] == ["read"]
    assert [finding.code for finding in report.findings if finding.severity == "error"] == ["REC001"]


def test_the_words_of_the_total_are_nobodys_label() -> None:
    text = "Subventions :\n- Club nautique : 8 000 €\n- Foyer rural : 4 000 €, soit un total de 12 000 €\n"
    (record,) = load_records("draft.yaml", draft(document(text)).encode())
    assert record.breakdowns is not None
    assert [part.label for part in record.breakdowns[0].parts] == ["Club nautique", "Foyer rural"]
