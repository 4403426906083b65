"""Lists of amounts: which lines belong together, and which amount of each line is its own.

A list is found by its layout (items, or lines that begin or end with their amount), never by trying which numbers
add up. What remains open (does the list stop here? is the second level part of the first?) is kept as readings, the
likeliest first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from subsidy_rules.claims import Claim
from subsidy_rules.holding import holds
from subsidy_rules.mentions import A, Mention, N, P, W
from subsidy_rules.sentences import Passage, Piece, Sentence

__all__ = ["CUT", "SECONDARY", "TOTAL", "Entry", "Series", "choose", "own_amounts", "series_of", "shaky", "sole"]

CUT: Final = re.compile(r"\[ ?(?:\.{2,}|…) ?\]|\( ?(?:\.{3}|…) ?\)|(?:…|\.{3}) ?(?:\Z|[;,)])|(?<![a-z])etc(?![a-z])")
"""Words or marks that say that a list goes on elsewhere."""

TOTAL: Final = re.compile(
    r"(?<![a-z])(?:totaux|(?:grand )?total(?!ement|ite des (?:pieces|documents))(?:e|es"
    r"|ite)?|ensemble(?= d|\W*\Z)|cumul(?:e|ee)?|globale?(?:ment)?|overall|altogether)(?![a-z])"
)

SECONDARY: Final = re.compile(
    r"""(?<![a-z])(?:
      dont|sur|contre|au\ lieu\ de|pour\ memoire|pour\ rappel|rappel|soit|plafond|plafonnee?s?\ a|maximum|y\ compris
     |inclus|hors|represent(?:ant|e)|correspondant\ a|limite\ de|deduction\ faite|apres\ deduction|budget|cout|coutant
     |depenses?|assiette|base
     |montant\ (?:des\ )?(?:travaux|depenses?)|devis|prix|valeur|tarif|loyer|participation\ de|\ue004
     |en\ (?:19|20)[0-9]{2}
     |of\ which|out\ of|against|including|instead\ of|budget\ of|cost
    )[^\ue000\ue003,;:]{0,60}\Z""",
    re.VERBOSE,
)
"""What stands before an amount that is beside the point of its line: a budget, another year, a part of the part."""

_PARENTHESIS: Final = re.compile(r"\([^()]{0,200}\)")


def own_amounts(text: str, found: Sequence[tuple[int, Mention]], offset: int = 0) -> list[Mention]:
    """The amounts that a line is about: those in brackets, of another year, of a budget or a base are left out.

    ``found`` are the amounts of ``text`` with their positions, counted from ``offset``. When everything would be left
    out, what is in no bracket stays, then everything.
    """
    if found and found[0][0] == offset:
        return [found[0][1]]  # a line that begins with its amount is about that one
    inside = [(m.start(), m.end()) for m in _PARENTHESIS.finditer(text)]
    digits = [(at - offset, mention) for at, mention in found if mention.kind == "amount"]
    if not digits:
        digits = [(at - offset, mention) for at, mention in found]
    outside = [(at, m) for at, m in digits if not any(low < at < high for low, high in inside)] or digits
    own: list[Mention] = []
    last = 0
    for index, (at, mention) in enumerate(outside):
        if not SECONDARY.search(text, max(last, at - 80), at):
            own.append(mention)
        # What belongs to the amount before (« … à loyers et charges et 5 000 € ») says nothing of the next.
        until = outside[index + 1][0] if index + 1 < len(outside) else at + 1
        last = max(at, *(text.rfind(mark, at, until) for mark in (",", ";", " et ", " and "))) + 1
    return own or [outside[0][1]] if outside else []


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list: ``piece.clip.text[start:end]``; ``amounts`` are its own, more than one when unclear."""

    piece: Piece
    start: int
    end: int
    amounts: tuple[Mention, ...]
    percents: tuple[Mention, ...]
    level: int

    @property
    def text(self) -> str:
        return self.piece.clip.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Series:
    """Lines that follow one another, each with its amount.

    ``intro``: the sentence just before them; ``closing``: where the words of a total stand at the end of the last
    line (piece, position in its clip), when they do; ``cut``: the list says that it goes on elsewhere; ``marked``:
    its lines are list items in the source's layout; ``ragged``: another line with an amount, made otherwise, touches
    the last one.
    """

    entries: tuple[Entry, ...]
    intro: Sentence | None
    intro_end: int
    after: Piece | None
    closing: tuple[Piece, int] | None
    cut: bool
    marked: bool
    headed: bool
    ragged: bool

    @property
    def sure(self) -> bool:
        """True when every line has exactly one amount of its own."""
        return all(len(entry.amounts) == 1 for entry in self.entries)

    @property
    def uniform(self) -> bool:
        """True when all lines are made alike (amount first, or last, or inside a sentence), and the list is whole."""
        return not self.ragged and not self.cards and len({_shape(entry) for entry in self.entries}) == 1

    @property
    def cards(self) -> bool:
        """True when the same labels come again and again (« Coût : … Aide : … Coût : … Aide : … »)."""
        labels = [entry.text.partition(A)[0].strip() for entry in self.entries]
        if labels[0] not in labels[1:]:
            return False
        step = labels.index(labels[0], 1)
        return step > 1 and all(label == labels[at % step] for at, label in enumerate(labels))

    @property
    def groups(self) -> list[tuple[Entry, list[Entry]]]:
        """The lines of the first level, each with those of deeper levels under it."""
        lowest = min(entry.level for entry in self.entries)
        out: list[tuple[Entry, list[Entry]]] = []
        for entry in self.entries:
            if entry.level == lowest:
                out.append((entry, []))
            elif out:
                out[-1][1].append(entry)
        return out

    @property
    def nested(self) -> bool:
        """True when lines of the first level are the sums of those under them: these are not added again."""
        for head, members in self.groups:
            if len(members) > 1 and head.amounts[0].figure is not None:
                total = sum((m.amounts[0].figure.fraction for m in members if m.amounts[0].figure), Fraction(0))
                if total == head.amounts[0].figure.fraction:
                    return True
        return False

    def readings(self, *, forwards: bool = True) -> Iterator[tuple[tuple[Mention, ...], bool]]:
        """The ways to take the parts, likeliest first, each with True when it rests on layout alone.

        ``forwards``: the total comes before the list (it may stop early); otherwise after it (it may begin late).
        """
        flat = tuple(entry.amounts[0] for entry in self.entries)
        lowest = min(entry.level for entry in self.entries)
        top = tuple(entry.amounts[0] for entry in self.entries if entry.level == lowest)
        levels = len({entry.level for entry in self.entries}) > 1 and len(top) > 1
        nested = levels and self.nested
        uniform = self.uniform
        if not nested:
            yield flat, uniform
        if levels:
            yield top, uniform
            if nested:
                yield flat, False
            deepest = max(entry.level for entry in self.entries)
            low = tuple(entry.amounts[0] for entry in self.entries if entry.level == deepest)
            if len(low) > 1:
                yield low, False
        if not self.sure:
            yield tuple(entry.amounts[-1] for entry in self.entries), True
        if not self.marked or not self.sure or not uniform:
            for count in range(len(flat) - 1, max(1, len(flat) - 1 - _TRIES), -1):
                yield (flat[:count] if forwards else flat[-count:]), False


_TRIES: Final = 20
"""How many shorter readings of a list are tried: it stops a few lines early, or begins a few lines late."""
_LEADS: Final = re.compile(rf"[\"'(]{{0,2}}(?:une? |la somme de |le montant de |l'aide de )?[{A}{W}]")
_TRAILS: Final = re.compile(
    rf"[{A}{W}](?: ?\([^()]{{0,80}}\)?)?(?: ?[{P}])?(?: (?:ht|ttc|net|nets|au total))?[ .,;:/-]{{0,4}}(?:et"
    rf"|puis|and)?\Z"
)
_LABELLED: Final = re.compile(rf"[^.{A}{W}:]{{2,140}}[:=] ?[{A}{W}]")
_LONGEST_LINE: Final = 420
_ARTICLE: Final = re.compile(r"(?:article|art\.?) ?(?:premier|[0-9]{1,3}|unique|1er|ier)(?![0-9])")
_STATES: Final = re.compile(
    r"(?<![a-z])(?:s'(?:eleve|etabli|elevai)[a-z]{0,6}|se (?:monte|chiffre)|est|sont|sera"
    r"|seront|etait|atteint|atteignent|represente(?:nt)?"
    r"|ressort|ressortent|a ete|ont ete|is|are|was|were|will|amounts?|total(?:s|led))(?![a-z])"
)
"""The verb of a sentence: a line of a list has none before its amount."""
_SUM_WORDS: Final = re.compile(
    r"(?<![a-z])(?:soit|pour|formant|donnant|ce qui (?:fait|donne|represente)|making|i\.e\.|for)?[ ,]{0,2}"
    r"(?:au total|en tout|(?:un |le |a |in )?(?:(?:montant|cout|somme|depense|financement"
    r"|budget) )?(?:total|totale|global|globale)(?![a-z])|l'ensemble|la totalite)"
)


def series_of(passage: Passage) -> list[Series]:
    """The lists of amounts of a document, in order."""
    pieces = passage.pieces
    out: list[Series] = []
    at = 0
    while at < len(pieces):
        opened = _tail_entry(pieces, at)
        first = _entry(pieces[at]) if opened is None else None
        if first is None and opened is None:
            at += 1
            continue
        built, at = _extend(pieces, at, first, opened)
        if built is not None:
            out.append(built)
    return out


def _extend(pieces: Sequence[Piece], at: int, first: Entry | None, opened: Entry | None) -> tuple[Series | None, int]:
    start = at
    entries: list[Entry] = []
    intro: Sentence | None = None
    intro_end = 0
    if opened is not None:
        intro = _last_sentence(pieces[at])
        intro_end = opened.start
        entries.append(opened)
    else:
        assert first is not None
        if at and pieces[at - 1].kind != "row":
            intro = _introduction(pieces, at)
            intro_end = intro.end if intro else 0
        entries.append(first)
    closing: tuple[Piece, int] | None = None
    cut = False
    headed = intro is not None and pieces[at - 1].number != intro.piece.number if opened is None else False
    index = at + 1
    closed = _closing_at(entries[-1])
    while closed is None and index < len(pieces):
        piece = pieces[index]
        entry = _entry(piece)
        if entry is not None:
            closed = _closing_at(entry)
            if closed is not None and closed <= entry.start + 2:
                # The whole line is the total of those before.
                closing = (piece, entry.start)
                index += 1
                break
            if not _same_shape(entries[0], entry):
                entry, closed = None, None
        if entry is not None:
            entries.append(entry)
            index += 1
            continue
        if CUT.fullmatch(piece.clip.text.strip(" .")) or CUT.fullmatch(piece.clip.text):
            cut = True
            index += 1
            continue
        skip = _headings(pieces, index, entries[0])
        if not skip:
            break
        headed = True
        index += skip
    if closing is None and closed is not None:
        last = entries[-1]
        closing = (last.piece, closed)
        trimmed = _trim(last, closed)
        if trimmed is None:
            entries.pop()
        else:
            entries[-1] = trimmed
    cut = cut or any(CUT.search(entry.text) is not None for entry in entries)
    after = pieces[index] if index < len(pieces) else None
    if after is not None and CUT.match(after.clip.text):
        cut = True
    if len(entries) < 2:
        return None, max(start + 1, index)
    marked = all(entry.piece.kind == "item" for entry in entries)
    ragged = closing is None and after is not None and not after.gap and _entry(after) is not None
    return Series(tuple(entries), intro, intro_end, after, closing, cut, marked, headed, ragged), index


def _introduction(pieces: Sequence[Piece], at: int) -> Sentence | None:
    """The sentence that announces the list which begins at ``at``.

    A heading may stand between (« …se décomposant de la façon suivante : », « Excédent de fonctionnement : »), but only
    under an announcement that is still open.
    """
    first = pieces[at - 1]
    text = first.clip.text.rstrip()
    if first.kind == "row" or not text:
        return None
    if not first.money() and len(text) <= 60 and at >= 2:
        above = pieces[at - 2]
        if above.kind not in ("row", "aside") and above.clip.text.rstrip().endswith(":"):
            return _last_sentence(above)
    return _last_sentence(first)


def _last_sentence(piece: Piece) -> Sentence | None:
    return piece.sentences[-1] if piece.sentences else None


_BARE_LINE: Final = re.compile(rf"[^{N}{A}:]{{2,120}}[:.=-]? ?{N}[ .;,]{{0,2}}\Z")
"""« Football Club : 8 000 »: a line that ends with a number, under a title that says « en euros » or among others."""


def _sums(piece: Piece, start: int, end: int) -> list[tuple[int, Mention]]:
    """The amounts of a line; for a short line without any, the number that ends it, when it is large enough."""
    held = piece.clip.within(start, end)
    money = [(at, mention) for at, mention in held if mention.is_money]
    if money or not _BARE_LINE.match(piece.clip.text, start, end):
        return money
    at, last = held[-1] if held else (0, None)
    if last is None or last.kind != "number" or last.figure is None or not last.figure.text[-1:].isdigit():
        return []
    return [(at, last)] if abs(last.figure.fraction) >= 100 or last.figure.decimals == 2 else []


def _entry(piece: Piece) -> Entry | None:
    """The piece as one line of a list, or ``None`` when it is a paragraph of prose."""
    if piece.kind in ("row", "aside") or not _sums(piece, 0, len(piece.clip.text)):
        return None
    text = piece.clip.text
    first = piece.sentences[0]
    if len(text.strip(" .;:,-+")) < 2:
        return None  # an amount alone on its line is a cell of a ledger
    if piece.kind != "item":
        if text.rstrip().endswith(":"):
            return None  # the announcement of another list
        if len(piece.sentences) > 3 or first.end - first.start > _LONGEST_LINE:
            return None
        line = text[: first.end].rstrip()
        if not (_LEADS.match(line) or _TRAILS.search(line) or _LABELLED.match(line) or _BARE_LINE.match(line)):
            return None
        if _ARTICLE.match(line) or (_STATES.search(line) and not _LEADS.match(line)):
            return None
    if not _sums(piece, 0, first.end):
        return _made(piece, 0, len(text))
    return _made(piece, 0, first.end)


def _made(piece: Piece, start: int, end: int) -> Entry | None:
    held = piece.clip.within(start, end)
    money = _sums(piece, start, end)
    own = own_amounts(piece.clip.text[start:end], money, start)
    if not own:
        return None
    percents = tuple(mention for _, mention in held if mention.kind == "percent")
    spots = {id(mention): at for at, mention in money}
    signed = tuple(_signed(piece.clip.text, start, spots[id(mention)], mention) for mention in own)
    return Entry(piece, start, end, signed, percents, piece.block.level)


_MINUS: Final = re.compile(r"[:=] ?[-−–] ?\Z")


def _signed(text: str, start: int, at: int, mention: Mention) -> Mention:
    """« Décision modificative n° 2 : - 5 000 € »: a minus that stands apart, after the colon of its label."""
    figure = mention.figure
    if figure is None or figure.n < 0 or not _MINUS.search(text, max(start, at - 4), at):
        return mention
    return replace(mention, figure=replace(figure, n=-figure.n))


def _tail_entry(pieces: Sequence[Piece], at: int) -> Entry | None:
    """« …se ventilent ainsi : nature 6574 10 000 F, » : the first line of the list stands beside its announcement."""
    piece = pieces[at]
    if piece.kind in ("row", "aside", "item") or at + 1 >= len(pieces) or not piece.sentences:
        return None
    last = piece.sentences[-1]
    text = piece.clip.text
    if not text.endswith((",", ";")) and not _TRAILS.search(text[last.start : last.end]):
        return None
    colon = text.rfind(" : ", last.start, last.end)
    if colon < 0 or not _INTRODUCES.search(piece.clip.text, last.start, colon + 3):
        return None
    if not piece.clip.within(colon, last.end) or not any(m.is_money for _, m in piece.clip.within(colon, last.end)):
        return None
    entry = _made(piece, colon + 3, last.end)
    following = _entry(pieces[at + 1])
    if entry is None or following is None or len(entry.amounts) > 1 or not _same_shape(entry, following):
        return None
    return entry


def _same_shape(first: Entry, other: Entry) -> bool:
    """True when two lines may belong to one list: both items, or amount at the same end of the line."""
    one, two = first.piece.kind == "item", other.piece.kind == "item"
    if one != two:
        return False
    if one:
        return True
    leads = _LEADS.match(first.text) is not None, _LEADS.match(other.text) is not None
    return leads[0] == leads[1]


def _shape(entry: Entry) -> str:
    """How a line is made: « 10 000 € pour X », « X : 10 000 € », or a sentence that says it."""
    text = entry.text
    if _LEADS.match(text):
        return "leads"
    found = re.search(rf"[{A}{W}{N}](?=[^{A}{W}{N}]*\Z)", text)
    if found is not None and _STATES.search(text, 0, found.start()) and text.rstrip().endswith("."):
        return "sentence"
    return "label"


def _closing_at(entry: Entry) -> int | None:
    """Where, in an entry's clip, the words of a total of the lines before begin; ``None`` when it holds none."""
    text = entry.piece.clip.text
    bare = len(entry.amounts) == 1 and entry.amounts[0].kind == "number"
    for found in _SUM_WORDS.finditer(text, entry.start, entry.end):
        after = [
            m
            for at, m in entry.piece.clip.within(found.end(), entry.end)
            if m.is_money or (bare and m in entry.amounts)
        ]
        before = [m for at, m in entry.piece.clip.within(entry.start, found.start()) if m.is_money]
        if found.start() <= entry.start + 2 and after:
            return entry.start
        if before and after and found.group().startswith(("soit", "pour", "formant", "donnant", "ce qui", "making")):
            return found.start()
        if before and after and _ENDED.search(text, 0, found.start()):
            return found.start()  # « Foyer rural ........ 800 €  Total  4 980 € »: the total stands on the line below
    return None


_ENDED: Final = re.compile(rf"[{A}{N}] {{0,2}}\Z")


def _trim(entry: Entry, end: int) -> Entry | None:
    if not any(m.is_money for _, m in entry.piece.clip.within(entry.start, end)):
        return None
    return _made(entry.piece, entry.start, end)


_HEADING: Final = 140
_INTRODUCES: Final = re.compile(
    r"(?<![a-z])(?:ainsi|suivante?s?|comme suit|ci-(?:apres|dessous)|a savoir|ventil[a-z]{0,7}"
    r"|repart[a-z]{0,8}|decompos[a-z]{0,7}|attribu[a-z]{0,6}|accord[a-z]{0,4}|follow[a-z]{1,3}"
    r"|namely)(?![a-z])"
)


def _headings(pieces: Sequence[Piece], at: int, first: Entry) -> int:
    """How many pieces from ``at`` on are headings inside the list: short, without amount, and the list goes on."""
    for count in (1, 2):
        if at + count >= len(pieces):
            return 0
        piece = pieces[at + count - 1]
        if (
            piece.kind in ("row", "aside")
            or piece.money()
            or len(piece.clip.text) > _HEADING
            or len(piece.sentences) > 1
        ):
            return 0
        if any(mention.kind in ("number", "percent") for mention in piece.clip.mentions):
            return 0  # « Durée : 15 ans »: a line of something else
        text = piece.clip.text.rstrip()
        if text.endswith((".", ";", "!", "?")) or _STATES.search(text) or _INTRODUCES.search(text):
            return 0  # a sentence, or the announcement of another list
        entry = _entry(pieces[at + count])
        if entry is not None and _same_shape(first, entry):
            closed = _closing_at(entry)
            if closed is None or closed > entry.start:
                return count
            return 0
    return 0


# -- choosing between readings --------------------------------------------------------------------------------------


def shaky(*mentions: Mention | None) -> bool:
    """True when one of the figures was repaired, or has another reading that a French act does not rule out."""
    return any(
        mention is not None
        and (mention.repaired or (bool(mention.readings) and "," in (mention.figure.text if mention.figure else "")))
        for mention in mentions
    )


def choose(claims: Iterable[tuple[Claim, bool]]) -> Claim | None:
    """The reading that holds, or else the only one that rests on layout alone, or else none.

    Trying readings may save a document from an accusation; it never makes one.
    """
    sure: list[Claim] = []
    for claim, certain in claims:
        if holds(claim):
            return claim
        if certain and not any(claim.values() == other.values() for other in sure):
            sure.append(claim)
    return sure[0] if len(sure) == 1 else None


def sole(claim: Claim, *, certain: bool) -> Iterator[Claim]:
    """The only reading there is: when it holds, or rests on words alone that give every figure its role."""
    if certain or holds(claim):
        yield claim
