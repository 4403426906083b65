"""What a text mentions, before anything is understood of it: amounts, percentages, numbers, dates, codes.

``Mentions`` walks a document once. Codes (imputations), template leftovers and dates are taken out first, so that no
digit of theirs is taken for money; what remains is read as figures, and numbers that are no figures (addresses, act
numbers, telephone numbers, ages of a lease…) are left alone. A ``Clip`` is a stretch of the text as extractors see
it: folded words, single spaces, and each mention as one sign, so that a way of saying can be written as it is said.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import Final, Literal

from subsidy_rules.dates import FoundDate, find_dates
from subsidy_rules.document import Document
from subsidy_rules.figures import Amount, Count, Figure, Percentage
from subsidy_rules.folding import fold
from subsidy_rules.frozen import maker
from subsidy_rules.imputation import FoundImputation, find_imputations
from subsidy_rules.normalised import normalise_document
from subsidy_rules.numerals import Found, find_figures
from subsidy_rules.place import Place
from subsidy_rules.wording import Message
from subsidy_rules.words import find_number_words

__all__ = ["A", "C", "Clip", "D", "F", "Gap", "Kind", "Mention", "Mentions", "N", "P", "W"]

Kind = Literal["amount", "percent", "number", "words", "fraction", "date", "year", "code", "leftover", "other"]
"""``number``: a bare number or a number word; ``words``: an amount in words; ``other``: digits that are no figure."""

# One sign for each mention, from the private use area: no text that is read holds them, or they are folded away.
A: Final = "\ue000"
"""An amount in digits, inside a clip."""
P: Final = "\ue001"
"""A percentage."""
N: Final = "\ue002"
"""A number without unit, in digits or in words."""
W: Final = "\ue003"
"""An amount in words."""
D: Final = "\ue004"
"""A date or a year."""
C: Final = "\ue005"
"""An imputation."""
F: Final = "\ue006"
"""A fraction in words: « la moitié », « un tiers »."""
_L: Final = "\ue007"

_SIGNS: Final[dict[str, str]] = {
    "amount": A,
    "percent": P,
    "number": N,
    "words": W,
    "date": D,
    "year": D,
    "code": C,
    "fraction": F,
    "leftover": _L,
}
_PRIVATE: Final = re.compile("[\ue000-\ue00f]")


def Gap(most: int, *, but: str = "") -> str:
    """The pattern of at most ``most`` characters without an amount, a rate, the end of a clause, or ``but``."""
    return rf"[^\ue000\ue001\ue003;\n{but}]{{0,{most}}}?"


@dataclass(frozen=True, slots=True)
class Mention:
    """One thing mentioned: ``text[start:end]``.

    ``readings`` are the other figures that the same characters may be. ``repaired``: the figure was damaged and put
    right to be read; it may support a claim, but a claim that would be false because of it is not told as false.
    """

    start: int
    end: int
    kind: Kind
    figure: Figure | None = None
    readings: tuple[Figure, ...] = ()
    repaired: bool = False
    fraction: Fraction | None = None
    year: int | None = None
    date: FoundDate | None = None
    code: FoundImputation | None = None

    @property
    def is_money(self) -> bool:
        """True for an amount in digits or in words."""
        return self.kind in ("amount", "words")

    @property
    def is_exact(self) -> bool:
        """True for an amount in digits that stands for what it prints, is not zero, and was not damaged."""
        figure = self.figure
        return self.kind == "amount" and figure is not None and figure.is_exact and figure.n != 0 and not self.repaired


_mention: Final = maker(Mention)
_amount, _percentage, _count = maker(Amount), maker(Percentage), maker(Count)


def _written(figure: Figure, text: str, place: Place) -> Figure:
    """The figure as it is written there."""
    n, decimals, exponent, qualifier = figure.n, figure.decimals, figure.exponent, figure.qualifier
    if isinstance(figure, Amount):
        return _amount(n, decimals, exponent, qualifier, text, place, figure.currency, figure.tax)
    if isinstance(figure, Percentage):
        return _percentage(n, decimals, exponent, qualifier, text, place)
    if isinstance(figure, Count):
        return _count(n, decimals, exponent, qualifier, text, place, figure.noun)
    return replace(figure, text=text, place=place)


@dataclass(frozen=True, slots=True)
class Clip:
    """A stretch of the text, folded, each mention as one sign, spaces single.

    ``starts``/``origins`` are the breakpoints of the way back: the character at ``text[i]`` stands in the document at
    ``origins[k] + i - starts[k]`` for the last ``k`` with ``starts[k] <= i``.
    """

    text: str
    starts: tuple[int, ...]
    origins: tuple[int, ...]
    positions: tuple[int, ...]
    mentions: tuple[Mention, ...]

    def origin(self, position: int) -> int:
        """Where the character at ``position`` stands in the document."""
        k = bisect_right(self.starts, position) - 1
        return self.origins[k] + position - self.starts[k]

    def mention(self, position: int) -> Mention:
        """The mention whose sign is at ``position``."""
        k = bisect_left(self.positions, position)
        if k == len(self.positions) or self.positions[k] != position:
            raise LookupError(f"no mention at {position}")
        return self.mentions[k]

    def within(self, start: int, end: int) -> list[tuple[int, Mention]]:
        """The mentions whose signs stand in ``text[start:end]``, with their positions."""
        low, high = bisect_left(self.positions, start), bisect_left(self.positions, end)
        return list(zip(self.positions[low:high], self.mentions[low:high], strict=True))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the document that ``text[start:end]`` stands for."""
        k = bisect_left(self.positions, end - 1)
        if end > start and k < len(self.positions) and self.positions[k] == end - 1:
            return self.origin(start), self.mentions[k].end
        return self.origin(start), self.origin(end - 1) + 1 if end > start else self.origin(start)


# -- leftovers of templates -----------------------------------------------------------------------------------------

_DATE_PART: Final = r"(?:[xX]{1,2}|[.]{2,4}|_{2,4}|[0-9]{2}|jj|JJ)"
_FIELDS_OF_DATE: Final = re.compile(
    rf"(?<![\w/]){_DATE_PART}(?P<mark>[/.-])(?:[xX]{{1,2}}|[.]{{2,4}}|_{{2,4}}|mm|MM)(?P=mark)"
    r"(?:(?:19|20)[0-9xX.]{2}|[xX]{2,4}|[0-9]{2}|[.]{2,4}|_{2,4}|aaaa|AAAA)(?![\w/])"
)
_MIDDLE: Final = re.compile(r"[/.-](?:xx?|XX?|\.{2,4}|_{2,4}|mm|MM)[/.-]")
_LOST: Final = "\ufffd"
_NOTES: Final = (
    rf"(?:compl[ée{_LOST}]ter|pr[ée{_LOST}]ciser|renseigner|d[ée{_LOST}]finir|remplir|v[ée{_LOST}]rifier"
    rf"|confirmer|indiquer"
    rf"|ins[ée{_LOST}]rer|modifier|choisir|adapter)"
)
_MERGED: Final = (
    r"NOM|PRENOM|PRÉNOM|CHAMP[0-9]{0,2}|MONTANT|DATE|ADRESSE|VILLE|TITRE|OBJET|NUMERO|NUMÉRO"
    r"|BENEFICIAIRE|BÉNÉFICIAIRE|CIVILITE"
    r"|ASSOCIATION|SIRET|ANNEE|ANNÉE|EXERCICE|REFERENCE|RÉFÉRENCE|DELIBERATION|DÉLIBÉRATION"
    r"|COMMUNE|DEPARTEMENT|DÉPARTEMENT|COLLECTIVITE|COLLECTIVITÉ|CANTON|SIGNATAIRE|DEMANDEUR|PORTEUR|TAUX|IMPUTATION"
    r"|CHAPITRE|CODE_?POSTAL|DOSSIER|INTITULE|INTITULÉ"
    r"|NAME|AMOUNT|ADDRESS|FIELD[0-9]{0,2}"
)
_MONTHS: Final = (
    rf"(?:janvier|f[ée{_LOST}]vrier|mars|avril|mai|juin|juillet|ao[uû{_LOST}]t|septembre|octobre|novembre"
    rf"|d[ée{_LOST}]cembre|January|February|March|April|May|June|July|August|September|October|November|December)"
)
_SIGNS_OF_TEMPLATES: Final[tuple[tuple[str, tuple[str, ...], re.Pattern[str]], ...]] = (
    (
        "error",
        ("Erreur", "Error!", "#"),
        re.compile(
            r"Erreur[\u00a0\u202f ]?!(?:[\u00a0\u202f ]{0,2}[^\n.!|;*]{1,80}\.)?|Error![^\n.!|;*]{1,80}\."
            r"|\#(?:REF|N/A|NOM\?|NAME\?|VALEUR|VALUE|DIV/0|NUL|NULL|NOMBRE|NUM)!?(?!\w)"
        ),
    ),
    (
        "tag",
        (
            *("<%", "{{", "${", "[[", "{#", "{ ", "{M", "{D", "{R", "{F", "MERGEFIELD", "DOCVARIABLE", "DOCPROPERTY"),
            *("##", "@@", "<<", "%%"),
        ),
        re.compile(
            r"<%[^<>\n%]{0,80}%>|\{\{[^{}\n]{1,80}\}\}|\$\{[^{}\n]{1,80}\}|\[\[[^\[\]\n]{1,80}\]\]|\{\#[^{}\n]{1,60}\}"
            # Names between doubled signs: ##CHAMP##, @@montant@@, <<Date_vote>>, %%NOM%%
            r"|(?<![#@%])(?P<pair>\#\#|@@|%%)[ ]?[^\W\d_][\w .'’-]{0,60}(?P=pair)(?![#@%])"
            r"|<<[ ]?[^\W\d_][\w .'’-]{0,60}>>"
            r"|\{ ?(?:MERGEFIELD|DOCVARIABLE|DOCPROPERTY|REF|FILLIN)\b[^{}\n]{0,80}\}"
            r"|(?:MERGEFIELD|DOCVARIABLE|DOCPROPERTY) {1,2}\"?\w{1,40}\"?"
        ),
    ),
    (
        "field",
        ("«",),
        re.compile(
            rf"«[\u00a0\u202f ]?[A-Za-zÀ-ÿ0-9]{{1,40}}(?:_[A-Za-zÀ-ÿ0-9]{{1,40}}){{1,6}}[\u00a0\u202f ]?»"
            rf"|«(?:{_MERGED})»"
        ),
    ),
    (
        "note",
        ("[",),
        re.compile(
            rf"\[[^\[\]\n]{{0,40}}?(?:[àaÀA{_LOST}] {_NOTES}|COMPL[ÉE{_LOST}]TER|PR[ÉE{_LOST}]CISER|TODO|TBD|TBC"
            r"|to be (?:completed|confirmed|determined|filled)|insert [^\[\]\n]{1,30})[^\[\]\n]{0,40}\]"
            r"|\[(?:le )?(?:montant|date|nom(?: d[ue][^\[\]\n]{0,30})?|amount|name)\]"
        ),
    ),
    (
        "note",
        ("mpl", "MPL", "iser", "ISER", "gner", "GNER", "finir", "rifier", "firmer"),
        re.compile(
            rf"\((?:montant |date |nom )?[àaÀA] {_NOTES}\)|(?<!\w)(?:À|A|à) (?:COMPL[ÉE]TER"
            rf"|PR[ÉE]CISER|RENSEIGNER)(?!\w)"
        ),
    ),
    (
        "amount",
        ("xx", "XX", "X €", "X euros", "__", "...", "……"),
        re.compile(
            r"(?<!\w)(?:[xX]{2,10}|X{1,3}(?:[\u00a0\u202f .][xX]{3}){1,4})(?:,[xX]{2})?[\u00a0\u202f ]{0,2}(?:€"
            r"|euros?(?!\w)|F(?!\w)|%)"
            r"|(?<!\w)(?:_{3,40}|[.…]{3,40})[\u00a0\u202f ]{0,2}(?:€|euros?(?!\w))"
        ),
    ),
    (
        "date",
        ("xx", "XX", "__", "..", "…"),
        re.compile(
            # « le xx mars 2017 », « le …… mars 2017 », « le 12 mars 20xx »
            rf"(?<![\w.…])(?:[xX]{{2}}|_{{2,10}})[ \u00a0]{_MONTHS}[ \u00a0](?:19|20)"
            r"(?:[0-9]{2}|[xX]{2}|_{2}|\.\.)(?!\w)"
            rf"|(?<=(?<!\w)(?:le|du|au|Le|Du|Au)[ \u00a0])(?:\.{{2,10}}|…{{1,4}})[ \u00a0]?{_MONTHS}"
            r"[ \u00a0](?:19|20)[0-9]{2}(?!\w)"
            rf"|(?<!\w)[0-9]{{1,2}}[ \u00a0]{_MONTHS}[ \u00a0]20(?:[xX]{{2}}|_{{2}}|\.\.)(?![\w.])"
        ),
    ),
    ("blank", ("____",), re.compile(r"(?<![_\w])_{4,200}(?![_\w])")),
    (
        "dots",
        ("……", "… …", "....."),
        re.compile(r"(?>(?:…[ ]?){2,60})|(?<=[\w:,°'’][ \u00a0])\.{5,200}(?=[ \u00a0,;)\n]|\Z)"),
    ),
)
"""Kind, strings one of which must be there, pattern. Every repetition is bounded."""

_LEADER: Final = re.compile(r"[ .\u00a0]{0,4}(?:p\.[ ]?)?[0-9]{1,4}[ \t]{0,8}(?:\n|\Z)")


def find_leftovers(text: str) -> list[tuple[int, int, str]]:
    """Template fields that were never filled: start, end and kind (date, error, tag, field, note, amount, blank, dots).

    The dots that lead to a page number in a table of contents, and an ellipsis, are none.
    """
    found: list[tuple[int, int, str]] = []
    for middle in _MIDDLE.finditer(text):
        date = _FIELDS_OF_DATE.search(text, max(0, middle.start() - 4), min(len(text), middle.end() + 6))
        dotted = date is not None and date["mark"] in ".-" and not re.search("[0-9xXjJ]", date.group())
        if date is not None and not dotted and date.start() < middle.start():
            found.append((*date.span(), "date"))
    for kind, signs, pattern in _SIGNS_OF_TEMPLATES:
        if not any(sign in text for sign in signs):
            continue
        for match in pattern.finditer(text):
            start, end = match.span()
            if kind == "dots" and (_LEADER.match(text, end) or text[max(0, start - 1) : start] in ("(", "[")):
                continue
            if kind == "dots" and _leads_to_figure(text, start, end):
                continue
            if kind == "blank" and _rule_of_line(text, start, end):
                continue
            found.append((start, end, kind))
    found.sort(key=lambda item: (item[0], -item[1]))
    out: list[tuple[int, int, str]] = []
    for item in found:
        if not out or item[0] >= out[-1][1]:
            out.append(item)
    return out


_LED_FIGURE: Final = re.compile(
    r"[ .…:\u00a0]{0,6}+[+(-]{0,2}[ ]?(?:[€£$][ ]?)?[0-9][0-9.,]{0,12}(?:[ \u00a0\u202f][0-9.,]{3,7}){0,5}"
    r"[ \u00a0\u202f]?(?:€|k€|m€|%|euros?|eur|francs?|frs?|f|\ufffd)?(?:[ ]?(?:ht|ttc)(?!\w))?[ ]?"
    r"(?:\([^()\n]{0,40}\))?[.,;]?"
    r"(?=[ \t\u00a0]{0,40}(?:\n|\Z)|[ ]{2}|[ ]?[|\t;])",
    re.IGNORECASE,
)
_ASKS: Final = re.compile(
    r"(?:(?<!\w)(?:le|la|les|du|de|des|au|aux|en|n°|dite?|nomm[ée]e?|à|pour|par|est|of|the|on)|[d'’])[ \u00a0]{0,2}\Z",
    re.IGNORECASE,
)


def _leads_to_figure(text: str, start: int, end: int) -> bool:
    """« UNC ........ 450 € »: dots between the words of a line and the figure that ends it, or ends its column."""
    before = text[max(0, start - 12) : start]
    return _LED_FIGURE.match(text, end) is not None and _ASKS.search(before) is None and not before.endswith("\n")


def _rule_of_line(text: str, start: int, end: int) -> bool:
    """A line made only of underscores is a rule across the page, not a field."""
    before = text.rfind("\n", max(0, start - 200), start)
    after = text.find("\n", end, end + 200)
    head = text[before + 1 if before >= 0 else max(0, start - 200) : start]
    tail = text[end : after if after >= 0 else end + 200]
    return not head.strip(" _-|") and not tail.strip(" _-|")


# -- numbers that are no figures ------------------------------------------------------------------------------------

_STREET: Final = (
    r"rue|avenue|av\.?|ave|boulevard|bd\.?|bvd|place|pl\.?|chemin|che\.?|impasse|allees?|quai|cours|route|square|"
    r"passage|esplanade|faubourg|fbg|rond-point|sentier|villa|cite|residence|lotissement|montee|traverse|voie|parvis|"
    r"promenade|corniche|ruelle|venelle|hameau|lieu-dit|bis|ter|quater|street|road|lane"
)
_BEFORE_NO_FIGURE: Final = re.compile(
    r"""(?<![a-z0-9])(?:
      n[°o]s?|no\.?|nr\.?|num(?:ero)?s?|articles?|art\.?|alineas?|al\.?|chapitres?|chap\.?|titres?|annexes?|pages?|p\.?|pp\.?
     |lois?|decrets?|arretes?|ordonnances?|circulaires?|reglements?|directives?|deliberations?|delib\.?|dcm|dcc|marches?|lots?
     |bp|cs|tsa|cedex|poste|bureau|batiment|bat\.?|escalier|appartement|appt|salle|porte|box|quai|section|parcelles?|dossier
     |tel\.?|telephone|telecopie|fax|siret|siren|ape|naf|rna|iban|bic|rib|tva|fr|insee|code|reference|ref\.?|indice|version
     |phase|tranche|programme|horizon|axe|action|objectif|categorie|niveau|type|classe|echelon|grade|groupe|zone|ligne|rd|rn
     |ville|pass|label|agenda|mission|operation|point|question|rapport|seance|tome|volume|figure|tableau|version|iso|en|nf|m
     |legislature|departement|arrondissement|canton|circonscription|quartier|ct|cra|odd|plan|schema|contrat|pole|heures?|vers
    )[ ]{0,2}(?:[°:][ ]?)?(?:et[ ]|a[ ]|-)?\Z""",
    re.VERBOSE,
)
_AFTER_NO_FIGURE: Final = re.compile(
    rf"""[ ]{{0,2}}(?:
      (?:,[ ]?)?(?:{_STREET})(?![a-z])
     |(?:h|heures?|minutes?|mn|min|secondes?)(?![a-z])
     |(?:e|er|ere|eme|nd|nde|degres?)(?![a-z])
     |(?:°|m2|m3|m²|m³|km2?|km²|ha|hectares?|ares?|ca|kg|tonnes?|kw|kwh|mw|mwh|kwc|gwh|kva|mm|cm|m|ml|l|litres?|metres?|kilometres?|go|mo|bits?|k)(?![a-z])
     |(?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre)(?![a-z])
     |/[ ]?[0-9]
    )""",
    re.VERBOSE,
)
_IN_PARTS: Final = re.compile(
    r"[ ]{1,2}(?:versements?|mensualites?|echeances?|annuites?|tranches|acomptes|fractions|termes|trimestrialites"
    r"|semestrialites|lots|instal?lments|payments)(?![a-z])"
)
"""« en 12 versements » counts; « EN 12464 » is a standard."""
_NEAR: Final = 160
_POSTCODE_AFTER: Final = re.compile(r"[ ]{1,2}[a-z]{2}")
_COUNTED: Final = re.compile(
    r"[ ]{1,2}(?:(?:nouve(?:lles?|aux)|petits?|petites?|grands?|grandes?|autres?|principa(?:les?|ux)|jeunes?|anciens?|"
    r"premiers?|premieres?|derniers?|dernieres?|different(?:e?s)|new|main|other|local|small)[ ])?[a-z][a-z'\u2019-]{"
    r"2,30}"
)
_NUMBERED: Final = re.compile(r"[a-z]+s\Z|[a-z]+x\Z|[a-z]+z\Z")


def _is_year(count: Count) -> bool:
    return count.decimals == 0 and count.exponent == 0 and 1900 <= count.n <= 2100 and len(count.text.strip()) == 4


_FRACTIONS: Final = re.compile(
    r"(?<![a-z])(?:(?P<half>la moitie|pour moitie|one half|half)|(?P<n>un|le|deux|trois|quatre|two|three|one|a) "
    r"(?P<d>tiers|quarts?|cinquiemes?|dixiemes?|thirds?|quarters?|fifths?|tenths?))(?![a-z])"
)
_NUMERATORS: Final = {"un": 1, "le": 1, "a": 1, "one": 1, "deux": 2, "two": 2, "trois": 3, "three": 3, "quatre": 4}
_DENOMINATORS: Final = {"t": 3, "quar": 4, "c": 5, "d": 10, "th": 3, "f": 5, "te": 10}


def _fraction(match: re.Match[str]) -> Fraction:
    if match["half"]:
        return Fraction(1, 2)
    word = match["d"]
    below = 3 if word.startswith(("tiers", "third")) else 4 if word.startswith("quar") else 5 if word[0] in "cf" else 10
    return Fraction(_NUMERATORS[match["n"]], below)


_FIELD: Final = re.compile(r"(?<=[^\W\d_][,;])[0-9]")
_TIGHT: Final = re.compile(r"[,;](?=[^\s])")
_RECORD: Final = 6


def _fields(text: str) -> Iterator[int]:
    """Where, in lines that look like CSV (many commas without a space), a field begins with a digit after a word."""
    at = 0
    while at < len(text):
        stop = text.find("\n", at)
        stop = len(text) if stop < 0 else stop
        if text.count(",", at, stop) + text.count(";", at, stop) >= _RECORD:
            tight = sum(1 for _ in _TIGHT.finditer(text, at, stop))
            loose = text.count(", ", at, stop) + text.count("; ", at, stop)
            if tight >= _RECORD and tight > 2 * loose:
                yield from (found.start() for found in _FIELD.finditer(text, at, stop))
        at = stop + 1


_DIGITS: Final = re.compile(r"[0-9]+")
_GAP: Final = "[ \u00a0\u2000-\u200a\u202f\u205f]"
_DATED: Final = re.compile(
    rf"[0-9](?:[/.-][0-9]{{1,2}}[/.-][0-9]|(?:st|nd|rd|th)?,{_GAP}?[0-9]{{4}}"
    rf"|(?:{_GAP}?(?:er|ER|st|nd|rd|th))?{_GAP}{{0,2}}+(?ai:jan|f.v|feb|mar|av|apr|ma[iy]|ju[inl]|ao|aug|sep|oct|nov|d.c))"
)
"""What every date has: two marks, or a day and the beginning of a month, or a day, a comma and a year."""


def _windows(text: str) -> Iterator[tuple[int, int]]:
    """The stretches of text around digits, none overlapping: there is no date elsewhere. A date is two numbers or
    more and looks like one; other stretches are left out."""
    low = high = -1
    runs = 0
    for found in _DIGITS.finditer(text):
        first, last = found.span()
        if low >= 0 and first - 16 <= high:
            high = last + 26
            runs += 1
            continue
        if runs > 1 and _DATED.search(text, low, high):
            yield low, min(high, len(text))
        low, high, runs = max(0, first - 16), last + 26, 1
    if runs > 1 and _DATED.search(text, low, high):
        yield low, min(high, len(text))


_TORN: Final = re.compile(r"[0-9] \Z")
"""« 45 00 0 € »: a nought after more digits is what is left of a torn amount, and is no amount."""
_LOST_EURO: Final = re.compile(
    r"(?<![0-9.,])(?:[0-9]{1,3}(?:[ .\u00a0\u202f][0-9]{3}){1,3}(?:,[0-9]{2})?"
    r"|[0-9]{1,9},[0-9]{2})[ \u00a0\u202f]?\ufffd"
    r"(?=[ \u00a0]?[^\W\d_]|[ \u00a0]?[,.;:)\n]|\Z)"
)
_FRENCH: Final = re.compile(r"(?<![a-z])(?:le|la|les|de|du|des|et|un|une|est|au)(?![a-z])")
_ENGLISH: Final = re.compile(r"(?<![a-z])(?:the|of|and|is|are|was|to|for|an|by)(?![a-z])")
_SAMPLE: Final = 20_000


def _is_english(folded: str) -> bool:
    """True when the small words of the text are English rather than French."""
    sample = folded[:_SAMPLE]
    return len(_ENGLISH.findall(sample)) > len(_FRENCH.findall(sample))


_EURO_LOST: Final = Message("le signe de l’euro a été perdu", "the euro sign was lost")
"""« 35 000 \ufffd pour 2021 »: where accents were lost, the sign of the euro was too."""


# -- the walk -------------------------------------------------------------------------------------------------------


class Mentions:
    """Everything mentioned in one document, in reading order.

    ``text`` is the smoothed text of the document (see ``normalised``): all offsets are into it, and ``source`` leads
    back to what was written.
    """

    __slots__ = ("_damaged", "_fields", "_starts", "document", "folded", "items", "leftovers", "text", "view")

    def __init__(self, document: Document) -> None:
        self.document = document
        self.view = normalise_document(document)
        self.text = self.view.text
        self.folded = _PRIVATE.sub(" ", fold(self.text))
        self.leftovers = tuple(find_leftovers(self.text))
        self._fields = list(_fields(self.text))
        self._damaged = "\ufffd" in self.text
        self.items = tuple(self._walk())
        self._starts = [mention.start for mention in self.items]

    def between(self, start: int, end: int) -> tuple[Mention, ...]:
        """The mentions that begin in ``text[start:end]``."""
        return self.items[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def place(self, start: int, end: int) -> Place:
        """Where ``text[start:end]`` stands in the source."""
        return self.document.place(*self.view.original(start, end))

    def written(self, start: int, end: int) -> str:
        """What was written at ``text[start:end]``, to the character."""
        first, last = self.view.original(start, end)
        return self.document.text[first:last]

    # -- reading ----------------------------------------------------------------------------------------------

    def _walk(self) -> Iterator[Mention]:
        taken: list[Mention] = [
            Mention(start, end, "leftover") for start, end, kind in self.leftovers if kind not in ("blank", "dots")
        ]
        taken.extend(Mention(code.start, code.end, "code", code=code) for code in find_imputations(self.text))
        taken = _apart(taken)
        dates = [
            Mention(found.start, found.end, "date", date=found, year=found.date.year if found.date else None)
            for low, high in _windows(self.text)
            for found in find_dates(self.text, low, high)
        ]
        taken = _apart([*taken, *dates])
        fractions = [
            Mention(found.start(), found.end(), "fraction", fraction=_fraction(found))
            for found in _FRACTIONS.finditer(self.folded)
        ]
        taken = _apart([*taken, *fractions])
        words = list(self._words())
        at = 0
        figures: list[Mention] = []
        for hold in (*taken, None):
            until = hold.start if hold is not None else len(self.text)
            figures.extend(self._figures(at, until))
            if hold is not None:
                at = hold.end
        yield from _apart([*taken, *figures, *words])

    def _words(self) -> Iterator[Mention]:
        for found in find_number_words(self.text, language="en" if _is_english(self.folded) else "fr"):
            if found.percent:
                continue
            place = self.place(found.start, found.end)
            written = self.written(found.start, found.end)
            if found.currency is not None:
                n, decimals = (found.value, 0) if found.cents is None else (found.value * 100 + found.cents, 2)
                amount = Amount(
                    n=n, decimals=decimals, currency=found.currency, tax=found.tax, text=written, place=place
                )
                yield Mention(found.start, found.end, "words", amount)
            else:
                yield Mention(found.start, found.end, "number", Count(n=found.value, text=written, place=place))

    def _scans(self, start: int, end: int) -> Iterator[Found]:
        """The figures of ``text[start:end]``. A field of a CSV line that follows a word is looked at on its own, lest
        its figure seem joined to the word."""
        cuts = self._fields[bisect_right(self._fields, start) : bisect_left(self._fields, end)]
        if self._damaged:
            # Lost characters are put back by the scan for the whole of the text it is given: give it this part only.
            cuts = [start, *cuts]
        else:
            yield from find_figures(self.text, start, cuts[0] if cuts else end)
        for low, high in pairwise([*cuts, end] if cuts else []):
            part = self.text[low:high]
            lost = {found.end() - 1 + low for found in _LOST_EURO.finditer(part)} if self._damaged else set()
            if lost:
                part = _LOST_EURO.sub(lambda found: found.group()[:-1] + "€", part)
            for found in find_figures(part):
                moved = replace(found, start=found.start + low, end=found.end + low)
                yield replace(moved, repaired=moved.repaired or _EURO_LOST) if moved.end - 1 in lost else moved

    def _figures(self, start: int, end: int) -> Iterator[Mention]:
        for found in self._scans(start, end):
            figure = found.figure
            kind: Kind
            if isinstance(figure, Amount):
                kind = "amount"
            elif isinstance(figure, Percentage):
                kind = "percent"
            elif isinstance(figure, Count) and _is_year(figure):
                kind = "year"
            else:
                kind = "other" if self._is_no_figure(found.start, found.end, figure) else "number"
            if figure.n == 0 and _TORN.search(self.text[max(0, found.start - 2) : found.start]) is not None:
                kind = "other"
            place = self.place(found.start, found.end)
            text = place.quote or figure.text
            readings = found.ambiguous_readings
            yield _mention(
                found.start,
                found.end,
                kind,
                _written(figure, text, place),
                tuple(_written(reading, text, place) for reading in readings) if readings else (),
                found.repaired is not None,
                None,
                figure.n if kind == "year" else None,
                None,
                None,
            )

    def _is_no_figure(self, start: int, end: int, figure: Figure) -> bool:
        folded = self.folded
        digits = sum(char.isdigit() for char in figure.text)
        if figure.text[:1] == "0" and digits > 1 and figure.decimals == 0:
            return True
        if digits >= 9 and figure.decimals == 0:
            return True
        before = _BEFORE_NO_FIGURE.search(folded[max(0, start - 24) : start])
        if before is not None and not (before.group()[:2] == "en" and _IN_PARTS.match(folded, end)):
            return True
        measure = _AFTER_NO_FIGURE.match(folded, end)
        if measure is not None:
            # « 362 080 kilomètres, soit 1,25 € par kilomètre »: a number of what is paid for.
            unit = measure.group().strip().rstrip("s")
            paid = any(folded.find(per + unit, end, end + _NEAR) > 0 for per in ("par ", "/", "per "))
            return len(unit) < 2 or not paid
        return (
            digits == 5
            and figure.decimals == 0
            and _POSTCODE_AFTER.match(folded, end) is not None
            and (self.text[end : end + 3].strip()[:1].isupper())
        )

    # -- clips ------------------------------------------------------------------------------------------------

    def clip(self, start: int, end: int) -> Clip:
        """``text[start:end]`` as extractors see it."""
        parts: list[str] = []
        starts: list[int] = []
        origins: list[int] = []
        positions: list[int] = []
        held: list[Mention] = []
        length = 0
        spaced = True  # nothing yet: no leading space

        def words(low: int, high: int) -> None:
            nonlocal length, spaced
            at = low
            while at < high:
                if self.folded[at].isspace():
                    stop = at + 1
                    while stop < high and self.folded[stop].isspace():
                        stop += 1
                    if not spaced:
                        starts.append(length)
                        origins.append(at)
                        parts.append(" ")
                        length += 1
                        spaced = True
                    at = stop
                    continue
                match = _SOLID.match(self.folded, at, high)
                assert match is not None
                starts.append(length)
                origins.append(at)
                parts.append(match.group())
                length += match.end() - at
                at = match.end()
                spaced = False

        at = start
        for mention in self.between(start, end):
            sign = _SIGNS.get(mention.kind)
            if sign is None or mention.start < at:
                continue
            words(at, mention.start)
            starts.append(length)
            origins.append(mention.start)
            positions.append(length)
            held.append(mention)
            parts.append(sign)
            length += 1
            spaced = False
            at = mention.end
        if at < end:
            words(at, end)
        text = "".join(parts)
        if not starts:
            starts.append(0)
            origins.append(start)
        return Clip(text.rstrip(), tuple(starts), tuple(origins), tuple(positions), tuple(held))


_SOLID: Final = re.compile(r"[^\s]++(?>(?:[ ][^\s]++)*)")


def _apart(mentions: list[Mention]) -> list[Mention]:
    """In order, none overlapping: the one that begins first stays, the longest of those that begin together."""
    mentions.sort(key=lambda mention: (mention.start, -mention.end))
    out: list[Mention] = []
    last = -1
    for mention in mentions:
        if mention.start >= last:
            out.append(mention)
            last = mention.end
    return out
