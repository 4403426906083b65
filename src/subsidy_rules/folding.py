"""Words as a reader compares them: without capitals, accents, or typography.

``fold`` changes every character for exactly one other, so that a stretch of the folded text is the same stretch of
the text: whatever is recognised in one has its place in the other. Letters that a publisher lost (« d�compose »,
« l?association ») are put back where the word, its lost letters left open, is one of the words of the field.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

__all__ = ["fold", "stem"]

_ODD: Final = {
    **dict.fromkeys("’‘ʼ´`′", "'"),
    **dict.fromkeys("“”„«»″", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys(
        "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\t\u000b",
        " ",
    ),
    **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad", " "),
    "*": " ",  # the bold marks of Markdown, which also stand in plain text
    "œ": "o",
    "æ": "a",
    "ø": "o",
    "ß": "s",
    "…": "…",
    "\r": " ",
}


class _Table(dict[int, int]):
    """The folding of each character, worked out the first time that it is met."""

    def __missing__(self, code: int) -> int:
        char = chr(code)
        folded = _ODD.get(char)
        if folded is None:
            lowered = char.lower()
            first = unicodedata.normalize("NFD", lowered)[0] if lowered else char
            folded = _ODD.get(first, first)
        self[code] = ord(folded)
        return self[code]


_TABLE: Final = _Table()

# Accented words that announce, name or join figures: only these are put back when their accents were lost.
_ACCENTED: Final = """
à accordé accordée accordées accordés achèvement adhérents adopté affecté affectée affectées affectés alloué allouée
allouées alloués année années annulé approuvé arrêté arrondi attribué attribuée attribuées attribués augmenté bâtiment
bénéfice bénéficiaire bénéficiaires budgétaire budgétaires catégorie catégories chiffré chiffrée chiffrées clôture
complément compléments conformément coût coûts créance crédit crédits déboursé décidé décide décomposant décompose
décomposent décomposé décomposée décomposition décrit déduction déduit déduite déduits déficit délégué délibération
délibère département départements dépasse dépassement dépasser dépense dépenses déjà désigné destinée détail détaillé
détaillée détermine développement différence diminué disponibilités donnée dotée duquel échéance échelonné échelonnée
élève élevé élevée élus écart économie économies effectué égal égale égales également élève élèvent élevait
énumérés équipement équilibre équilibré équilibrée équivalant équivaut
établi établie établis établit établissement établissements
estimé estimée estimées estimés évalué évaluée évalués évolution excède excédent excédents excéder exécution exercice
fédération fixé fixée fixés général générale généraux globalité hôpital imputé imputée imputées imputés
inférieur inférieure intérêts
intégralité intégré légère libérée majoré même mentionné mentionnée métropole millième modalités numéro octroyé
octroyée opération opérations partagé partagée passé passée payé payée perçoit perçu pénalité périmètre période
plafonné plafonnée plafonnées plafonnés précédent précédente précisé précité précitée précitées précités prélevé
prélevée prélevés présenté présentée présente présentent prévisionnel prévisionnelle prévisionnelles prévisionnels
prévoit prévu prévue prévues prévus procédé quantité réalisation réalisé réalisée réalisées réalisés récapitulatif
recevoir recommandé réduction réductions réduit réel réelle réelles réels référence réglé région régions règlement
relevé répartie réparties répartir répartis répartit répartissant répartition reporté reportée requis réserve réservé
réservée résultant résultante résultat retenue retiré retirés révisé rémunération scène séance sécurité siège société
subventionné supérieur supérieure supplémentaire supplémentaires système télétransmis théâtre total totalité trésorerie
unité unités université utilisé versé versée versées versés votée votées votés ventilé ventilée ventilés véhicule
""".split()  # noqa: SIM905 - a list of words reads better as words


def _without_accents(word: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


def _holed(word: str) -> str:
    return "".join("\ufffd" if ord(c) > 127 else c for c in word)


_REPAIRS: Final = {_holed(word): _without_accents(word) for word in _ACCENTED if _holed(word) != word}
_HOLED_WORD: Final = re.compile(r"[a-z0-9]{0,24}[\ufffd?][a-z\ufffd?]{0,24}")
_APOSTROPHE: Final = re.compile(
    r"(?<![a-z\ufffd?])(?P<elided>[cdjlmnst]|qu|jusqu|lorsqu|puisqu|aujourd)[\ufffd?](?=[aeiouyh0-9\ufffd?])"
)


def fold(text: str) -> str:
    """``text`` in lower case, without accents, with plain quotes, dashes and spaces; always of the same length."""
    folded = text.translate(_TABLE)
    if "\ufffd" in folded or "?" in folded:
        folded = _HOLED_WORD.sub(_put_back, folded)
        folded = _APOSTROPHE.sub(lambda m: m.group("elided") + "'", folded)
    return folded


def _put_back(match: re.Match[str]) -> str:
    word = match.group()
    if word == "?":  # a question mark, more often than a lost « à »
        return word
    known = _REPAIRS.get(word.replace("?", "\ufffd"))
    if known is not None:
        return known
    # « accord�? » and « pr�vu? »: the last mark may be punctuation of its own.
    bare = word.rstrip("?")
    return _REPAIRS.get(bare.replace("?", "\ufffd"), bare) + word[len(bare) :]


def stem(word: str) -> str:
    """A folded French or English word without its mark of plural or gender: two forms of one noun compare equal."""
    if len(word) > 4:
        if word.endswith("aux"):
            return word[:-3] + "al"
        if word.endswith(("s", "x")):
            word = word[:-1]
        if word.endswith("nelle"):
            return word[:-2]
        if word.endswith("e") and len(word) > 4:
            return word[:-1]
    return word
