"""What is read in sentences that were written to be misread: the claim with its figures, or nothing at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.extract.reading import accusations, read

TRUE_ACTS = (Path(__file__).parent / "true_acts.txt").read_text("utf-8").split("\n=====\n")


@pytest.mark.parametrize("number", range(len(TRUE_ACTS)))
def test_true_acts_are_not_accused(number: int) -> None:
    """Each of these texts is right; each has the wrong base, the wrong year or the wrong total at hand."""
    assert not accusations(TRUE_ACTS[number]), TRUE_ACTS[number]


Said = tuple[str, str, str, dict[str, Any]]

HOLDS: tuple[Said, ...] = (
    (
        "Une subvention de 45 000 € est attribuée, soit 30 000 € au titre du fonctionnement et 15 000 € du festival.",
        "sum", "holds", {"total": 45000, "parts": [30000, 15000]},
    ),
    (
        "Il est accordé 11.000 euros au Comité. Il est accordé 6.000 euros à l'Union. Ces aides, pour un "
        "montant total de 17.000 euros, seront imputées.",
        "sum", "holds", {"total": 17000, "parts": [11000, 6000]},
    ),
    (
        "Il est accordé 11.000 euros au Comité. Il est accordé 6.000 euros à l'Union. Ces aides, pour un "
        "montant total de 18.000 euros, seront imputées.",
        "sum", "broken", {"total": 18000, "parts": [11000, 6000]},
    ),
    (
        "La subvention de 20 000 € se décompose comme suit :\n- 12 000 € de fonctionnement, dont 3 000 € "
        "pour l'emploi ;\n- 8 000 € de matériel (coût : 16 000 €).",
        "sum", "holds", {"total": 20000, "parts": [12000, 8000]},
    ),
    (
        "La subvention de 20 000 € se décompose comme suit :\n- 12 000 € de fonctionnement ;\n- 5 000 € "
        "de matériel ;\n[…]",
        "sum", "unknown", {"total": 20000},
    ),
    (
        "L'association compte 350 adhérents dont 120 jeunes de moins de 18 ans.",
        "at_most", "holds", {"value": 120, "limit": 350},
    ),
    (
        "Une somme de 50 000 €, dont 60 000 € ont été versés.",
        "at_most", "broken", {"value": 60000, "limit": 50000},
    ),
    (
        "Le budget prévisionnel est de 80 000 €. Le coût des travaux est de 60 000 € HT. L'aide de 15 "
        "000 €, soit 25 % du coût HT, est votée.",
        "percentage", "holds", {"part": 15000, "whole": 60000},
    ),
    (
        "La Région verse 20 000 € et la Ville 10 000 €. Cette aide représente 25 % du budget.",
        "none", "", {},
    ),
    (
        "La dépense est de 30 000 €. L'aide est de 15 000 € (50 %).",
        "percentage", "holds", {"part": 15000, "whole": 30000},
    ),
    (
        "La dépense est de 30 000 €. L'aide est de 15 000 € (60 %).",
        "none", "", {},
    ),
    (
        "L'opération est estimée à 100 000 € HT (120 000 € TTC). L'aide sollicitée est de 40 000 € (40 % du HT).",
        "percentage", "holds", {"part": 40000, "whole": 100000},
    ),
    (
        "Travaux : 200 000 € HT, soit 228 000 € TTC.",
        "tax", "unknown", {"net": 200000, "gross": 228000},
    ),
    (
        "La garantie est accordée à hauteur de 50 % pour un emprunt de 2 400 000 €, soit 1 200 000 €.",
        "percentage", "holds", {"part": 1200000, "whole": 2400000},
    ),
    (
        "La moitié du coût de 30 000 €, soit 15 000 €, est à la charge de la Ville.",
        "percentage", "holds", {"part": 15000, "whole": 30000},
    ),
    (
        "Les dépenses sont de 98 000 € et les recettes de 95 000 €, soit un déficit de 3 000 €.",
        "balance", "holds", {"start": 98000, "minus": [95000], "result": 3000},
    ),
    (
        "Acme,22850001300658,2018-03-22,aide,32 400,00,numéraire,22680 € une fois signée et 9720 € au vu "
        "du bilan,non,1",
        "sum", "holds", {"total": 32400, "parts": [22680, 9720]},
    ),
    (
        "Acme,22850001300658,2018-03-22,aide,32 400,00,numéraire,22680 € une fois signée et 7920 € au vu "
        "du bilan,non,1",
        "sum", "broken", {"total": 32400, "parts": [22680, 7920]},
    ),
    (
        "La cotisation s'élève à 1 245 € (0,25 € x 4 980 habitants).",
        "average", "holds", {"total": 1245, "stated": "0.25"},
    ),
    (
        "Le Maire accorde 1 000 € à chacune des 5 écoles, soit 5 000 € au total.",
        "average", "holds", {"total": 5000, "stated": 1000},
    ),
    (
        "Les subventions versées en 2022 (125 000 €) et en 2023 (131 000 €) ont progressé de 4,8 %.",
        "change", "holds", {"start": 125000, "end": 131000},
    ),
    (
        "Le tarif passe de 3,50 € à 3,60 €, soit + 2,86 %.",
        "change", "holds", {"start": "3.5", "end": "3.6"},
    ),
    (
        "Il est versé 3.000 euros au Comité, au vu de dépenses de 22.271 euros. La dépense précitée, "
        "d'un montant de 3.500 euros, est imputée.",
        "equal", "broken", {"first": 3000, "again": 3500},
    ),
    (
        "La présente convention est établie en deux (2) exemplaires.",
        "equal", "holds", {"first": 2, "again": 2},
    ),
    (
        "Le jury a retenu trois projets :\n- la rénovation du gymnase ;\n- l'aire de jeux ;\n- la médiathèque.\n",
        "count", "holds", {"stated": 3},
    ),
    (
        "Les quatre objectifs sont notamment : développer la pratique, favoriser la mixité.",
        "none", "", {},
    ),
    (
        "La taxe foncière est de 39,12 %, la taxe d'habitation de 14,85 % et celle des ordures de 9,97 %.",
        "none", "", {},
    ),
    (
        "Taux d'occupation : 85 % en 2021, 87 % en 2022 et 91 % en 2023.",
        "none", "", {},
    ),
    (
        "Une enveloppe de 50 000 € est ouverte. Les subventions suivantes y seront imputées :\n- Alpha : "
        "20 000 €\n- Bêta : 12 000 €",
        "at_most", "holds", {"limit": 50000},
    ),
    (
        "Loyer : 12 000 € par an, soit 1 000 € par mois.",
        "none", "", {},
    ),
    (
        "Le montant est de 300. 000 €. Le vote en a utilisé 250. 945 €.",
        "none", "", {},
    ),
)  # fmt: skip


@pytest.mark.parametrize(("text", "kind", "state", "figures"), HOLDS)
def test_what_is_read(text: str, kind: str, state: str, figures: dict[str, Any]) -> None:
    found = read(text)
    if kind == "none":
        assert not found.judged, [judged.working.say("en") for judged in found.judged]
        return
    assert found.has(kind, state, **figures), [
        (judged.claim.kind, judged.state, judged.claim.values()) for judged in found.judged
    ]


def test_a_repaired_figure_alone_accuses_nobody() -> None:
    """« 350. 945 € » was read with a repair: a claim that it would make false is not told."""
    text = (
        "Une enveloppe de 300 000 € est votée. Le conseil a consommé une partie de cette enveloppe pour "
        "un montant de 350. 945 €."
    )
    assert not accusations(text)


def test_loan_names_are_not_qualifiers() -> None:
    """« PLUS de 600 000 € » is the name of a loan here, not « more than »."""
    text = (
        "Le prêt d'un montant de 1 000 000 € est constitué d'une ligne PLUS de 600 000 € et d'une ligne "
        "PLAI de 400 000 €."
    )
    assert read(text).has("sum", "holds", total=1_000_000, parts=[600_000, 400_000])


def test_every_claim_says_where_and_by_which_words() -> None:
    text = "\n\n".join(TRUE_ACTS[:60])
    for judged in read(text).judged:
        claim = judged.claim
        assert claim.cue
        assert claim.place.path == "acte.txt"
        assert claim.place.line is not None
        line = text.split("\n")[claim.place.line - 1]
        quote = (claim.place.quote or "").split("\n")[0]
        assert quote in line
        for part in claim.cue.split("\n"):
            assert part.strip() in text
