"""Imputations, context and dates that the words of an act give."""

from __future__ import annotations

from datetime import date

import pytest

from subsidy_rules.settings import Settings
from tests.extract.reading import read

ACT = """\
CONSEIL MUNICIPAL DE VALMONT
Séance du 15 juin 2023

Objet : attribution d'une subvention de fonctionnement à l'association Les Trois Sources

Vu le budget primitif de l'exercice 2023 et l'instruction M57,
Le conseil municipal décide d'accorder 5 000 € à l'association Les Trois Sources.
La dépense sera imputée au chapitre 65, nature 65748, fonction 311 du budget 2023.
"""


def test_context() -> None:
    context = read(ACT).facts.context
    assert (context.fiscal_year, context.nomenclature, context.body) == (2023, "M57", "commune")
    assert context.voted_on == date(2023, 6, 15)


def test_settings_are_kept_where_the_act_is_silent() -> None:
    from subsidy_rules.extract import facts_of
    from subsidy_rules.readers import text as reader
    from subsidy_rules.reading import Limits

    document = reader.read("a.txt", "Une aide de 5 000 € est accordée.".encode(), limits=Limits())
    context = facts_of(document, Settings(fiscal_year=2020, nomenclature="M14", body="commune")).context
    assert (context.fiscal_year, context.nomenclature, context.body) == (2020, "M14", "commune")


def test_an_imputation_comes_whole_with_what_is_said_beside_it() -> None:
    (charge,) = read(ACT).facts.charges
    assert charge.raw == "chapitre 65, nature 65748, fonction 311"
    assert charge.imputation is not None
    assert dict(charge.imputation.segments) == {"chapitre": "65", "nature": "65748", "fonction": "311"}
    assert charge.place.line == 8
    assert charge.beneficiary == "association"


def test_section_beside_an_imputation() -> None:
    text = "La dépense sera imputée en section d'investissement, chapitre 204, nature 20422, fonction 90."
    (charge,) = read(text).facts.charges
    assert charge.section == "investissement"


def test_the_amount_after_a_code_is_not_part_of_it() -> None:
    found = read("Nature 6574 Fonction 311 340 000,00 F,\nNature 6574 Fonction 33 6 225 000 F.")
    assert [figure.plain for figure in found.facts.figures] == ["340000.00", "6225000"]
    assert [charge.raw for charge in found.facts.charges] == ["Nature 6574 Fonction 311", "Nature 6574 Fonction 33"]


@pytest.mark.parametrize(
    "text",
    [
        "La permanence est au 14 bis, rue du Lavoir, bureau 312, de 9 h 00 à 12 h 30.",
        "SIRET : 900 123 456 00017 – IBAN : FR76 3000 1007 9412 3456 7890 185.",
        "Délibération n° 2023-04-012 du 6 avril 2023, articles L. 2121-29 et L. 2311-7.",
        "Le label « Ville 30 » et le Pass 2+1.",
    ],
)
def test_numbers_that_are_no_figures(text: str) -> None:
    assert not read(text).facts.figures


def test_periods() -> None:
    (trouble,) = read("L'action se déroule du 30 juin 2003 au 30 avril 2003.").facts.troubles
    assert (trouble.code, trouble.place.quote) == ("TXT002", "30 juin 2003 au 30 avril 2003")
    assert not read("L'action se déroule du 30 avril 2003 au 30 juin 2003.").facts.troubles
    (impossible,) = read("Le conseil s'est réuni le 31 février 2017.").facts.troubles
    assert impossible.code == "TXT003"
    assert not read("Référence 45/13/2003 du dossier.").facts.troubles


def test_tied_and_untied_figures() -> None:
    from subsidy_rules.engine import judge_facts
    from subsidy_rules.finding import Tally

    found = read("L'aide de 7 000 €, soit 70 % du coût de 10 000 €, est votée. Le loyer est de 450 €.")
    tally = Tally()
    judged = judge_facts(found.facts, (), tally, "fr")
    assert [figure.text for figure in judged.untied] == ["450 €"]
    assert (tally.figures, tally.tied) == (4, 3)
