"""« six associations » and a list of six; « 4 axes : » and four items; « les 6 pôles …: A, B, C… »."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import Final

from subsidy_rules.acts import Act, place_of
from subsidy_rules.claims import Claim, Confidence, Listing
from subsidy_rules.folding import stem
from subsidy_rules.ledgers import Ledger
from subsidy_rules.mentions import A, Clip, Mention, N
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
            for found in (_inline(act, sentence), _bracketed(act, sentence)):
                if found is not None and found[1] not in told:
                    told.add(found[1])
                    yield found[0]
    yield from _amounts(act, told)
    yield from _tables(act, told)


_OPENED: Final = re.compile(r"[^.;:]{0,60}: ?")


def _amounts(act: Act, told: set[int]) -> Iterator[Claim]:
    """« constitué de quatre lignes : PLAI 310 000 € ; PLUS 560 000 € ; … »: as many amounts as things, one each; told
    when they are as many, for an amount may be left out."""
    pieces = act.passage.pieces
    for piece in pieces:
        if piece.kind in ("row", "aside") or N not in piece.clip.text or ":" not in piece.clip.text:
            continue
        for sentence in piece.sentences:
            for at, mention, _ in _announced(sentence, sentence.end):
                opened = _OPENED.match(piece.clip.text, at + 1)
                if mention.start in told or mention.figure is None or opened is None:
                    continue
                place, start = piece, opened.end()
                if not piece.clip.text[start:].strip() and piece.number + 1 < len(pieces):
                    place, start = pieces[piece.number + 1], 0
                    if place.kind != "prose":
                        continue
                parts = [part for part in re.split(r";|(?<=\ue000),", place.clip.text[start:]) if part.strip(" .")]
                if any(part.count(A) != 1 for part in parts) or len(parts) != mention.figure.fraction:
                    continue
                noun = _NOUN.match(piece.clip.text, at + 1)
                told.add(mention.start)
                yield Listing(
                    place=place_of(mention),
                    cue=act.cue(piece.clip, at, noun.end() if noun else at + 1),
                    topic="enumeration",
                    stated=mention.figure,
                    listed=len(parts),
                    confidence="medium",
                )


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
    opening: str | None = None
    apart = False
    while index < len(pieces):
        other = pieces[index]
        if CUT.fullmatch(other.clip.text.strip()):
            cut = True
            break
        if other.kind != "item" or (base and other.block.level <= base):
            break
        mark = _mark(act, other)
        if opening is None:
            opening = mark
        elif other.block.level == levels[0]:
            if not _goes_on(opening, mark, sum(level == levels[0] for level in levels)):
                break  # « A) … D) », then « III. »: the next heading, not a fifth item
            apart = apart or (other.gap and not pieces[index - 1].gap)
        levels.append(other.block.level)
        cut = cut or CUT.search(other.clip.text[-12:]) is not None
        index += 1
    # Lines after the last item that look like more of the same list leave its end unclear.
    sure = index >= len(pieces) or (
        pieces[index].kind in ("item", "prose", "heading", "row")
        and (pieces[index].gap or pieces[index].clip.text[:1].isalpha())
    )
    return levels, cut, sure and not apart


_MARK: Final = re.compile(r"(?P<name>[0-9]{1,2}|[a-z]|[ivx]{1,5})(?P<end>[^a-z0-9]{0,3})\Z")


def _mark(act: Act, piece: Piece) -> str:
    """What stands on the line before an item: « A) », « III. », « – »."""
    before = act.passage.text[max(0, piece.start - 8) : piece.start]
    return before.rpartition("\n")[2].strip().lower()


def _goes_on(first: str, mark: str, rank: int) -> bool:
    """False when ``mark`` is surely not that of the item of this ``rank`` (from 0) in a list that ``first`` opens."""
    one, two = _MARK.match(first), _MARK.match(mark)
    if one is None or two is None:
        # Two signs (« • », « – ») are levels of some layouts: they are not told apart here.
        return (one is None) == (two is None) or not first or not mark
    if one["end"].strip() != two["end"].strip():
        return False
    if one["name"].isdigit() or two["name"].isdigit():
        if not (one["name"].isdigit() and two["name"].isdigit()):
            return False
        return int(two["name"]) in (int(one["name"]) + rank, int(one["name"]))
    if one["name"] == "i":
        return not two["name"].strip("ivx")
    if one["name"] == "a":
        return two["name"] == chr(ord("a") + rank) if rank < 26 else True
    return True


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
        return _itemised(act, sentence, at, mention, colon)
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
    carried = _carried(clip, by_mark, colon + len(opening), sentence.end)
    if carried is not None and carried != mention.figure.fraction:
        return None  # « 3 postes : un directeur, deux animateurs » counts posts, not words
    if carried is not None:
        counts = [carried]
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


def _itemised(act: Act, sentence: Sentence, at: int, mention: Mention, colon: int) -> tuple[Claim, int] | None:
    """« trois tranches : 2022, 620 000 € ; 2023, 710 000 € ; … »: one amount each, told when as many as announced."""
    end = len(sentence.clip.text)
    stop = sentence.clip.text.find(". ", colon, end)
    items = sentence.clip.text[colon + 2 : stop if stop > 0 else end].rstrip(" .;").split(";")
    if mention.figure is None or len(items) != mention.figure.fraction or any(part.count(A) != 1 for part in items):
        return None
    noun = _NOUN.match(sentence.clip.text, at + 1)
    return Listing(
        place=place_of(mention),
        cue=act.cue(sentence.clip, at, noun.end() if noun else at + 1),
        topic="enumeration",
        stated=mention.figure,
        listed=len(items),
        confidence="medium",
    ), at


_SOME: Final = re.compile(r"(?:des|plusieurs|certaine?s|quelques|divers(?:es)?|several|some)(?![a-z])")


def _carried(clip: Clip, parts: Sequence[str], low: int, high: int) -> int | None:
    """How many things the items of a list are together, when some carry a number of their own; else ``None``."""
    numbers = iter([m for _, m in clip.within(low, high) if m.kind == "number"])
    values: list[int] = []
    several = False
    for part in parts:
        words = part.strip()
        held = list(itertools.islice(numbers, words.count(N)))
        if words.startswith(N) and held and held[0].figure is not None and not held[0].figure.decimals:
            values.append(int(held[0].figure.fraction))
            several = True
        elif _SOME.match(words):
            return 0
        else:
            values.append(1)
    return sum(values) if several else None


_LIST: Final = re.compile(
    r"\((?P<names>[^()\ue000\ue001\ue002\ue003\ue004\ue005;:]{5,600})\)(?! ?(?:,? et|and|ainsi)(?![a-z]))"
)
_JOINED: Final = re.compile(r", | et | and |,? ainsi que | & ")
_ADJECTIVE: Final = re.compile(
    r"(?: [a-z-]{2,20}(?:e|es|s|x|aux))?(?: (?:concernee?s|adherente?s|membres|retenue?s|beneficiaires|selectionnee?s"
    r"|laureate?s|signataires|partenaires|associee?s|participantes?|voisines?|volontaires|pilotes|suivante?s))? \Z"
)
_INNER: Final = re.compile(
    r"(?<![a-z])(?:dont|hors|sauf|notamment|par exemple|cf|voir|ex|soit|en (?:observat[a-z]{2,4}|annexe)|a titre"
    r"|e\.g|i\.e|i\. e)(?![a-z])"
)
_NAME: Final = 5
"""Words of a name, at most."""


def _bracketed(act: Act, sentence: Sentence) -> tuple[Claim, int] | None:
    """« Les sept communes adhérentes (Ars, Baule, Cléry…) »: names between brackets after the number of them."""
    clip, text = sentence.clip, sentence.clip.text
    if "(" not in sentence.text:
        return None
    announced = _announced(sentence, sentence.end)
    if len(announced) != 1 or len([m for _, m in sentence.mentions() if m.kind == "number"]) != 1:
        return None
    at, mention, _ = announced[0]
    lists = [hit for hit in _LIST.finditer(text, at, sentence.end) if "," in hit["names"]]
    if len(lists) != 1 or mention.figure is None:
        return None
    found = lists[0]
    noun = _NOUN.match(text, at + 1)
    names = found["names"]
    gap = text[noun.end() if noun is not None else at + 1 : found.start()]
    if noun is None or len(gap) > 80 or re.search(r"[,.;:()]", gap) or CUT.search(names) or _INNER.search(names):
        return None
    parts = [part.strip() for part in _JOINED.split(names)]
    if any(not part or len(part.split()) > _NAME for part in parts) or len(parts) < 2:
        return None
    source = act.passage.text
    starts = [found.start("names"), *(found.start("names") + cut.end() for cut in _JOINED.finditer(names))]
    if not all(_is_name(source[clip.origin(spot) :][:24]) for spot in starts):
        return None
    commas = names.count(",") + 1
    stated = int(mention.figure.fraction)
    counts = {len(parts), commas, commas + (" et " in names.rpartition(",")[2])}
    close = _ADJECTIVE.fullmatch(gap) is not None and "," not in text[found.end() : sentence.end]
    if stated in counts:
        count = stated
    elif len(counts) == 1 or (commas + 1 == len(parts) and " et " in names.rpartition(",")[2]):
        # The last « et » may stand inside a name (« Saint-Paul et Vienne »): both ways of counting must miss.
        count = len(parts)
        if abs(count - stated) > 2:
            return None
    else:
        return None
    return Listing(
        place=place_of(mention),
        cue=act.cue(clip, at, noun.end()),
        topic="enumeration",
        stated=mention.figure,
        listed=count,
        confidence="medium" if count == stated or close else "low",
    ), at


_NAMED: Final = re.compile(r"[\"«“ \u00a0\u202f]{0,3}(?:(?:les|le|la|the)[ \u00a0]|l['’] ?)?[^\W\d_]", re.IGNORECASE)


def _is_name(text: str) -> bool:
    """True for words that begin with a capital, perhaps after an article."""
    found = _NAMED.match(text)
    return found is not None and found.group()[-1].isupper()


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


_POINTS: Final = re.compile(r"(?<![a-z])(?:les|ces|des|aux|chacun des|chacune des|l'ensemble des|the|these|all) \Z")
_PIECES_AFTER: Final = 2


def _said_after(act: Act, ledger: Ledger, told: set[int]) -> Iterator[Claim]:
    """« Les quatre pôles relèvent de… » under a table whose rows are poles: its first header or its title says so."""
    if ledger.after is None or not ledger.drawn:
        return
    rows = [line for line in ledger.lines if line.kind == "plain" and line.label]
    first = min(ledger.headers, default=None)
    words = ledger.headers[first] if first is not None and rows and rows[0].figure(first) is None else ""
    if ledger.before is not None and not ledger.before.money():
        words += " " + ledger.before.clip.text
    nouns = {stem(word) for word in re.findall(r"[a-z]{3,}", words)}
    for piece in act.passage.pieces[ledger.after.number : ledger.after.number + _PIECES_AFTER]:
        if piece.kind == "row":
            return
        for sentence in piece.sentences:
            for at, mention, word in _announced(sentence, sentence.end):
                if mention.start in told or mention.figure is None or word not in nouns:
                    continue
                if mention.figure.fraction != len(rows) or not _POINTS.search(piece.clip.text, sentence.start, at):
                    continue
                noun = _NOUN.match(piece.clip.text, at + 1)
                told.add(mention.start)
                yield Listing(
                    place=place_of(mention),
                    cue=act.cue(piece.clip, at, noun.end() if noun else at + 1),
                    topic="table",
                    stated=mention.figure,
                    listed=len(rows),
                    confidence="medium",
                )


def _tables(act: Act, told: set[int]) -> Iterator[Claim]:
    """« deux associations » and a table of two rows: told only when they agree, for a table may list other things."""
    for ledger in act.ledgers:
        yield from _said_after(act, ledger, told)
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
