"""Fields of a template that nobody filled, and what only looks like one."""

from __future__ import annotations

import pytest

from tests.extract.reading import read

FIELDS = (
    ("Le Conseil de Territoire du xx/xx/2017 est informé.", "xx/xx/2017"),
    ("Réuni le XX/XX/XXXX à 19 h.", "XX/XX/XXXX"),
    ("Séance du __/__/2023.", "__/__/2023"),
    ("Séance du ../../2023 en mairie.", "../../2023"),
    ("La convention a été signée le xx avril 2019.", "xx avril 2019"),
    ("La séance du XX décembre 2021 a été reportée.", "XX décembre 2021"),
    ("La convention signée le …… juin 2020 est approuvée.", "…… juin 2020"),
    ("La séance du 12 mai 20xx est ouverte.", "12 mai 20xx"),
    ("Vu la demande de la commune de «COMMUNE» du 3 mai 2021.", "«COMMUNE»"),
    ("Vote du jj/mm/aaaa.", "jj/mm/aaaa"),
    ("Vote du 12/xx/2023.", "12/xx/2023"),
    (
        "Il est demandé au **Erreur ! Aucune variable de document fournie.** de délibérer.",
        "Erreur ! Aucune variable de document fournie.",
    ),
    ("Voir Erreur ! Source du renvoi introuvable.", "Erreur ! Source du renvoi introuvable."),
    ("See Error! Bookmark not defined.", "Error! Bookmark not defined."),
    ("Vu le rapport <%numcx%> déposé par le président.", "<%numcx%>"),
    ("Le montant de {{ montant }} est accordé.", "{{ montant }}"),
    ("L'association ${nom} reçoit une aide.", "${nom}"),
    ("L'association «NOM_BENEFICIAIRE» reçoit une aide.", "«NOM_BENEFICIAIRE»"),
    ("L'association « Raison_sociale » reçoit une aide.", "« Raison_sociale »"),
    ("L'aide de «MONTANT» est accordée.", "«MONTANT»"),
    ("L'aide de [montant à compléter] est accordée.", "[montant à compléter]"),
    ("La date est [à compléter].", "[à compléter]"),
    ("La date est [to be completed].", "[to be completed]"),
    ("Le montant (à préciser) est inscrit.", "(à préciser)"),
    ("Une subvention de XXX € est accordée.", "XXX €"),
    ("Une subvention de XX XXX euros est accordée.", "XX XXX euros"),
    ("Une subvention de ______ € est accordée.", "______ €"),
    ("Monsieur ______, président, est autorisé à signer.", "______"),
    ("Une aide de …… est accordée à la commune.", "……"),
    ("L'association ........ reçoit une aide.", "........"),
    ("Total : #REF!", "#REF!"),
    ("{ MERGEFIELD Montant }", "{ MERGEFIELD Montant }"),
)

NOT_FIELDS = (
    "Levées de fonds, partenariats, accompagnement...",
    "Il a été dit que… rien n'était décidé.",
    "Introduction .................................. 12\n1. Le budget ........................ 3\n",
    "Le dispositif « DÉMOS » et le label « VILLE » sont reconduits.",
    "Le XXe siècle, la route RD 12, la taille XXL.",
    "L'article 12/13/2014-A et le dossier 01/02/2023.",
    "________________________________________\n",
    "Les travaux ont commencé… mars 2021 a vu la fin du chantier. Le XX arrondissement vote le 2 mars 2021.",
    "Il réside au 12, rue des Lilas, bât. A/B.",
    "Le taux est de 5 % [1] selon la note [2].",
    "Coordonnées : nom_prenom@ville.example",
    "Le tableau [A à D] est annexé.",
    "Les points suivants (…) ont été abordés [...]",
)


@pytest.mark.parametrize(("text", "field"), FIELDS)
def test_fields_are_found(text: str, field: str) -> None:
    assert any(field in leftover.text for leftover in read(text).facts.leftovers), [
        leftover.text for leftover in read(text).facts.leftovers
    ]


@pytest.mark.parametrize("text", NOT_FIELDS)
def test_what_is_no_field_is_left_alone(text: str) -> None:
    assert not read(text).facts.leftovers


def test_the_digits_of_a_field_are_no_figure() -> None:
    found = read("Le Conseil du xx/xx/2017 accorde 5 000 €.")
    assert [figure.plain for figure in found.facts.figures] == ["5000"]
