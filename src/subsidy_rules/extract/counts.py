"""« six associations » and a list of six; « 4 axes : » and four items; « les 6 pôles …: A, B, C… »."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from subsidy_rules.acts import Act, place_of
from subsidy_rules.claims import Claim, Confidence, Listing
from subsidy_rules.folding import stem
from subsidy_rules.mentions import Mention, N
from subsidy_rules.sentences import Piece, Sentence
from subsidy_rules.series import CUT

__all__ = ["claims"]

_NOUN: Final = re.compile(
    r" ?(?:(?:principa(?:les|ux)|grande?s?|nouve(?:lles|aux)|autres?|different(?:e)?s|premi(?:eres"
    r"|ers)|derni(?:eres|ers)|petite?s?|main|new|other|following) )?(?P<noun>[a-z][a-z-]{2,24}[sx])(?![a-z])"
)
_MEASURE: Final = frozenset(
    [
        "an",
        "ans",
        "annee",
        "mois",
        "jour",
        "semaine",
        "heure",
        "minute",
        "point",
        "euro",
        "franc",
        "kilometre",
        "metre",
        "hectare",
        "tonne",
        "fois",
        "reprise",
        "million",
        "milliard",
        "millier",
        "pourcent",
        "page",
        "exemplaire",
        "article",
        "alinea",
        "degre",
        "etage",
        "voix",
        "habitant",
        "eleve",
        "salarie",
        "agent",
        "membre",
        "adherent",
        "personne",
        "entreprise",
        "emploi",
        "poste",
        "place",
        "logement",
        "vehicule",
        "visiteur",
        "spectateur",
        "participant",
        "licencie",
        "year",
        "month",
        "day",
        "week",
        "hour",
        "minute",
        "people",
        "inhabitant",
        "member",
        "employee",
        "pupil",
        "visitor",
        "copie",
        "original",
    ]
)
"""Things that are measured or numerous: their number is no announcement of a list, unless « suivants » or « à savoir »
says so."""
_ANNOUNCES: Final = re.compile(
    r"(?<![a-z])(?:suivante?s?|a savoir|ci-(?:apres|dessous)|comme suit|namely|following"
    r"|as follows|listees?|enumere)(?![a-z])"
)
_ELLIPSIS: Final = re.compile(
    r"(?<![a-z])(?:notamment|dont|parmi|tels? que|telles que|par exemple|entre autres|such as"
    r"|including|for example|among)(?![a-z])"
)
_COLON: Final = re.compile(r" ?: ")
_SPLIT: Final = re.compile(r", | et (?=[^0-9])| and |; ?")


def claims(act: Act) -> Iterator[Claim]:
    """Announced numbers of things against the list that follows them."""
    told: set[int] = set()
    for piece in act.passage.pieces:
        if piece.kind in ("row", "aside") or N not in piece.clip.text:
            continue
        listed = _under(act, piece)
        if listed is not None:
            claim, at = listed
            told.add(at)
            yield claim
            continue
        for sentence in piece.sentences:
            found = _inline(act, sentence)
            if found is not None and found[1] not in told:
                told.add(found[1])
                yield found[0]
    yield from _tables(act, told)


def _announced(sentence: Sentence, end: int) -> list[tuple[int, Mention, str]]:
    """The numbers of things in a sentence, each with its noun; those that measure are left out."""
    text = sentence.clip.text
    strong = _ANNOUNCES.search(text, sentence.start, end) is not None
    out = []
    for at, mention in sentence.clip.within(sentence.start, end):
        if mention.kind != "number" or mention.figure is None or mention.figure.decimals or mention.figure.qualifier:
            continue
        if not 2 <= mention.figure.fraction <= 60:
            continue
        noun = _NOUN.match(text, at + 1, end)
        if noun is None:
            continue
        word = stem(noun["noun"])
        if word in _MEASURE and not strong:
            continue
        out.append((at, mention, word))
    return out


# -- a list under its announcement ----------------------------------------------------------------------------------


def _under(act: Act, piece: Piece) -> tuple[Claim, int] | None:
    if not piece.sentences or (piece.kind == "item" and not piece.clip.text.endswith(":")):
        return None
    last = piece.sentences[-1]
    text = piece.clip.text
    if not text.rstrip().endswith(":"):
        return None
    announced = _announced(last, last.end)
    if not announced or _ELLIPSIS.search(text, last.start, last.end):
        return None
    items, cut, sure = _items(act, piece)
    if len(items) < 2 or cut:
        return None
    # The number nearest the list, unless another is the one that « suivants » follows.
    chosen = announced[-1]
    if len(announced) > 1:
        marked = [
            entry
            for entry in announced
            if re.match(r"[a-z' -]{3,60}(?:suivante?s?|ci-apres|ci-dessous|following)", text[entry[0] + 1 :])
        ]
        if len(marked) == 1:
            chosen = marked[0]
        elif len({entry[1].figure.fraction for entry in announced if entry[1].figure}) > 1:
            return None
    at, mention, _ = chosen
    assert mention.figure is not None
    lowest = min(level for level in items)
    counts = [len(items), sum(level == lowest for level in items)]
    stated = mention.figure.fraction
    count = next((count for count in counts if count == stated), None)
    if count is None:
        if counts[1] not in (1, counts[0]) or not sure:
            return None  # a list of two levels, neither of which fits: it may be grouped otherwise
        count = counts[0]
    noun = _NOUN.match(text, at + 1)
    confidence: Confidence = "medium"
    return Listing(
        place=place_of(mention),
        cue=act.cue(piece.clip, at, noun.end() if noun else at + 1),
        topic="list",
        stated=mention.figure,
        listed=count,
        confidence=confidence,
    ), at


def _items(act: Act, piece: Piece) -> tuple[list[int], bool, bool]:
    """The levels of the list items right under a piece; whether the list is cut; whether its end is clear."""
    pieces = act.passage.pieces
    levels: list[int] = []
    cut = False
    index = piece.number + 1
    base = piece.block.level if piece.kind == "item" else 0
    while index < len(pieces):
        other = pieces[index]
        if CUT.fullmatch(other.clip.text.strip()):
            cut = True
            break
        if other.kind != "item" or (base and other.block.level <= base):
            break
        levels.append(other.block.level)
        cut = cut or CUT.search(other.clip.text[-12:]) is not None
        index += 1
    # Lines after the last item that look like more of the same list leave its end unclear.
    sure = index >= len(pieces) or (
        pieces[index].kind in ("prose", "heading", "row")
        and (pieces[index].gap or pieces[index].clip.text[:1].isalpha())
    )
    return levels, cut, sure


# -- a list in the sentence -----------------------------------------------------------------------------------------


def _inline(act: Act, sentence: Sentence) -> tuple[Claim, int] | None:
    clip, text = sentence.clip, sentence.clip.text
    found_colon = _COLON.search(text, sentence.start, sentence.end)
    colon = found_colon.start() if found_colon else -1
    opening = found_colon.group() if found_colon else ""
    if colon < 0:
        found = re.search(r"(?:,? a savoir|, namely),? ", text[sentence.start : sentence.end])
        if found is None:
            return None
        colon, opening = sentence.start + found.start(), found.group()
    announced = _announced(sentence, colon)
    if len(announced) != 1 or _ELLIPSIS.search(text, sentence.start, sentence.end):
        return None
    at, mention, _ = announced[0]
    assert mention.figure is not None
    # Between the number and the colon, words of its own clause only.
    if re.search(r"[;.]|, (?:qui|que|dont|et) ", text[at:colon]) or colon - at > 140:
        return None
    listing = text[colon + len(opening) : sentence.end].strip(" .;")
    if not listing or CUT.search(listing) or _COLON.search(listing) or ("(" in listing and ")" not in listing):
        return None
    figures = [spot for spot, m in clip.within(colon, sentence.end) if m.is_money or m.kind == "percent"]
    if any(not _in_brackets(text, spot, colon, sentence.end) for spot in figures):
        return None
    flat = re.sub(r"\([^()]{0,200}\)|\"[^\"]{0,200}\"", "x", listing)
    stated = int(mention.figure.fraction)
    by_comma = [part for part in re.split(r"[,;]", flat) if part.strip()]
    by_mark = [part for part in _SPLIT.split(flat) if part.strip()]
    by_last = len(by_comma) + (
        1
        if by_comma
        and re.search(r"[a-z] (?:et|and) [^,]+\Z", by_comma[-1])
        and not by_comma[-1].strip().startswith(("et ", "and "))
        else 0
    )
    counts = list(dict.fromkeys((by_last, len(by_mark), len(by_comma))))
    if max(counts) < 2 or max(len(part) for part in by_comma) > 90:
        return None
    if stated in counts:
        count = stated
    elif len(set(counts)) == 1 and abs(counts[0] - stated) <= 2 and all(len(part.split()) <= 5 for part in by_comma):
        count = counts[0]
    else:
        return None
    noun = _NOUN.match(text, at + 1)
    return Listing(
        place=place_of(mention),
        cue=act.cue(clip, at, noun.end() if noun else at + 1),
        topic="enumeration",
        stated=mention.figure,
        listed=count,
        confidence="medium" if count == stated else "low",
    ), at


def _in_brackets(text: str, spot: int, low: int, high: int) -> bool:
    """True for a figure between brackets of its own: « Pasteur (900 €) »."""
    opened, closed = text.rfind("(", low, spot), text.rfind(")", low, spot)
    return opened > closed and text.find(")", spot, high) >= 0


# -- a table under its announcement ---------------------------------------------------------------------------------

_BODIES: Final = frozenset(
    [
        "association",
        "organisme",
        "structure",
        "beneficiaire",
        "commune",
        "club",
        "collectivite",
        "etablissement",
        "projet",
        "dossier",
        "lot",
        "societe",
        "compagnie",
        "theatre",
    ]
)


def _tables(act: Act, told: set[int]) -> Iterator[Claim]:
    """« deux associations » and a table of two rows: told only when they agree, for a table may list other things."""
    for ledger in act.ledgers:
        if ledger.before is None or not ledger.drawn:
            continue
        plain = [line for line in ledger.lines if line.kind == "plain"]
        rows = len(plain)
        before = [ledger.before, *act.before(ledger.before, 1)]
        for piece in before:
            if piece.kind == "row":
                break
            for sentence in piece.sentences:
                for at, mention, word in _announced(sentence, sentence.end):
                    if mention.figure is None or mention.start in told:
                        continue
                    # « 3 collèges : » over rows that are all « Collège … »
                    named = rows > 1 and all(line.label.strip(" -*•").startswith(word) for line in plain)
                    sure = (
                        named
                        and piece is ledger.before
                        and piece.clip.text.rstrip().endswith(":")
                        and sentence is piece.sentences[-1]
                        and not _ELLIPSIS.search(sentence.text)
                        and len({line.label for line in plain}) == rows
                        and not any(CUT.search(line.label) for line in ledger.lines)
                    )
                    if not (sure or ((named or word in _BODIES) and mention.figure.fraction == rows)):
                        continue
                    noun = _NOUN.match(piece.clip.text, at + 1)
                    told.add(mention.start)
                    yield Listing(
                        place=place_of(mention),
                        cue=act.cue(piece.clip, at, noun.end() if noun else at + 1),
                        topic="table",
                        stated=mention.figure,
                        listed=rows,
                        confidence="medium",
                    )
