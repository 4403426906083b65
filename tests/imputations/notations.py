"""Ways to write an imputation, made by combination: labels, separators, order, dirt, and what stands around."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hypothesis import strategies as st

NATURES: Final = ("6574", "65748", "65741", "657362", "6573", "20422", "2041512", "6745", "1321", "74718", "6188")
CHAPTERS: Final = {"65": "65", "20": "204", "67": "67", "13": "13", "74": "74", "61": "011"}
FUNCTIONS: Final = ("025", "01", "33", "311", "313", "324", "61", "0", "3", "024", "633", "94", "020")
LABELS: Final = {
    "nature": (
        "nature",
        "article",
        "compte",
        "Nature",
        "ARTICLE",
        "Compte",
        "nat.",
        "art.",
        "cpte",
        "nature comptable",
    ),
    "fonction": (
        "fonction",
        "rubrique",
        "sous-fonction",
        "Fonction",
        "RUBRIQUE",
        "s/fonction",
        "fonct.",
        "sous fonction",
    ),
    "chapitre": ("chapitre", "Chapitre", "CHAPITRE", "chap.", "chapitre budgétaire", "chapitre globalisé"),
    "ligne": ("ligne", "enveloppe", "provision", "Ligne", "ligne budgétaire", "ligne de subvention"),
    "programme": ("programme", "Programme", "prog."),
    "operation": ("opération", "Opération", "op\ufffdration"),
    "politique": ("politique", "POLITIQUE"),
    "mission": ("mission", "Mission"),
}
OWN: Final = {
    "ligne": ("P003", "DE 80005", "980345", "3A", "12345-01"),
    "programme": ("P123", "01P12", "2017-001"),
    "operation": ("0P28O5361", "17", "01P12O345"),
    "politique": ("B320", "A1"),
    "mission": ("90010-75-030", "M12"),
}
SEPARATORS: Final = (", ", " – ", " - ", " ; ", " | ", " / ", " ", ",", "\u00a0– ", ",\n", " — ", ", et ")
GLOSSES: Final = (
    "",
    "",
    "",
    " « Subventions de fonctionnement »",
    " (autres charges de gestion courante)",
    ' "Provisions pour aides"',
)
BEFORE: Final = (
    "La dépense sera imputée au ",
    "Cette somme sera prélevée sur les crédits inscrits au budget, ",
    "Art. 2.- La somme de 12 000 € sera imputée à la ",
    "• ",
    "",
)
AFTER: Final = (
    ".",
    " du budget de l'exercice.",
    " 6 225 000 F",
    " 50 000,00 €",
    " | 1 245 000 F |",
    "\n\nArticle 3 : suite",
    "",
)


@dataclass(frozen=True)
class Written:
    """A text, the stretch of it that is the imputation, and the segments that it designates."""

    text: str
    raw: str
    segments: dict[str, str]


@st.composite
def labelled(draw: st.DrawFn) -> Written:
    """A labelled imputation in any order, among words."""
    nature = draw(st.sampled_from(NATURES))
    segments = {"nature": nature}
    if draw(st.booleans()):
        segments["chapitre"] = CHAPTERS[nature[:2]]
    if draw(st.booleans()) or len(segments) == 1:
        segments["fonction"] = draw(st.sampled_from(FUNCTIONS))
    extra = draw(st.sampled_from((None, None, "ligne", "programme", "operation", "politique", "mission")))
    if extra is not None:
        segments[extra] = draw(st.sampled_from(OWN[extra]))
    keys = draw(st.permutations(sorted(segments)))
    separator = draw(st.sampled_from(SEPARATORS))
    mark = draw(st.sampled_from((" ", " ", " ", " : ", " n° ", "\u00a0")))
    pieces: list[str] = []
    for index, key in enumerate(keys):
        label = draw(st.sampled_from(LABELS[key]))
        after = " " if label.endswith(".") or " n°" in mark else mark
        piece = f"{label}{after}{segments[key]}"
        if index < len(keys) - 1:
            piece += draw(st.sampled_from(GLOSSES))
        pieces.append(piece)
    raw = separator.join(pieces)
    after = draw(st.sampled_from(AFTER))
    if keys[-1] not in ("nature", "fonction", "chapitre") and after[:2].strip()[:1].isdecimal():
        after = "."  # where a body's own code ends, only itself knows
    return Written(draw(st.sampled_from(BEFORE)) + raw + after, raw, segments)


@st.composite
def mistyped(draw: st.DrawFn) -> Written:
    """A labelled imputation one label of which holds a slip: a letter missing, doubled, or two exchanged."""
    word = draw(st.sampled_from(("nature", "fonction", "chapitre", "rubrique")))
    at = draw(st.integers(1, len(word) - 2))
    slips = [
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        word[:at] + word[at + 1 :],
        word[:at] + word[at] + word[at:],
    ]
    slip = draw(st.sampled_from([other for other in slips if other != word]))
    key = "fonction" if word == "rubrique" else word
    values = {"nature": "6574", "fonction": "33", "chapitre": "65"}
    parts = [f"{slip if key == name else name} {value}" for name, value in values.items()]
    raw = ", ".join(draw(st.permutations(parts)))
    return Written(f"La somme est imputée : {raw}.", raw, values)


@st.composite
def bare(draw: st.DrawFn) -> Written:
    """A bare code that a word announces."""
    nature = draw(st.sampled_from(("6574", "65748", "657362", "20422", "2041512", "6745")))
    chapter = CHAPTERS[nature[:2]]
    function = draw(st.sampled_from(("025", "33", "311", "61", "01", "324")))
    separator = draw(st.sampled_from(("/", "-")))
    segments, tokens = draw(
        st.sampled_from(
            (
                ({"politique": "B320", "chapitre": chapter, "nature": nature, "fonction": function}, "pcnf"),
                ({"ligne": "3A", "fonction": function, "nature": nature}, "lfn"),
                ({"chapitre": chapter, "nature": nature, "fonction": function}, "cnf"),
                ({"nature": nature, "fonction": function}, "nf"),
                ({"chapitre": chapter, "nature": nature}, "cn"),
            )
        )
    )
    names = {"p": "politique", "c": "chapitre", "n": "nature", "f": "fonction", "l": "ligne"}
    raw = separator.join(segments[names[token]] for token in tokens)
    intro = draw(
        st.sampled_from(
            (
                "imputée sur la ligne ",
                "Imputation budgétaire : ",
                "imputation ",
                "sur la ligne budgétaire ",
                "au compte ",
            )
        )
    )
    after = draw(st.sampled_from((".", ", du budget", " – La troupe des Renards – 100 000 F", "\n", " où les crédits")))
    return Written(f"La dépense sera {intro}{raw}{after}", raw, segments)


@st.composite
def numbers(draw: st.DrawFn) -> str:
    """Sentences full of numbers that are no imputation."""
    n = draw(st.integers(1, 9999))
    big = draw(st.integers(1, 999))
    forms = (
        f"une aide de {big} {n:04d}".replace(" ", " ") + " €",
        f"la délibération n° {big:02d}/{n:04d}/CESS du 27 mars 2000",
        f"le {big % 28 + 1:02d}/05/20{big % 100:02d}",
        f"{big % 9 + 1}/{n % 9 + 1} des travaux",
        f"article {big % 60 + 1} de la loi n° 84-53 du 26 janvier 1984",
        f"l'article {n} du code général des impôts",
        f"articles L. {n}-{big % 20} et R. {big}-3 du CGCT",
        f"{big % 200}, rue du Verger",
        f"tél. 04 91 {big % 90 + 10} 65 74",
        f"les {big % 49}-{big % 49 + 2} de l'avenue",
        f"la ligne {big % 20} du métro",
        f"chapitre {big % 9 + 1} du rapport",
        f"programme {big}, action {big % 20}",
        f"entre {big} 000 et {n} 000 euros",
        f"SIRET {n:04d}1055540001{big % 10}",
        f"nature en ville {n} habitants",
        f"compte administratif 20{big % 100:02d}",
        f"compte de {big} {n % 1000:03d} €",
        f"Article {big % 12 + 1} : la convention",
        f"fonction publique territoriale, {n} agents",
        f"le lot n° {big}, tranche {big % 4}",
        f"exercice 20{big % 100:02d}, service {big}",
        f"l'enveloppe de {n} 000 €",
        f"dossier {n}-{big}/{big % 99}",
    )
    return draw(st.sampled_from(forms))
