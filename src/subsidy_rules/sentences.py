"""The pieces of a document as extractors walk them: paragraphs, list items, rows, headings, and their sentences.

Readers say how the source is laid out; here each block becomes a ``Piece``, whose clip is folded and cut into
sentences. No meaning yet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import pairwise
from typing import Final, Literal

from subsidy_rules.document import Block, Document
from subsidy_rules.layout import plain_blocks
from subsidy_rules.mentions import Clip, Mention, Mentions
from subsidy_rules.place import Place
from subsidy_rules.reading import Limits

__all__ = ["Passage", "Piece", "PieceKind", "Sentence"]

CROWD: Final = 120
"""More mentions than this in one sentence are no sentence."""
PieceKind = Literal["prose", "item", "row", "heading", "aside"]
"""``heading``: what the source lays out as a title, or a short line without an amount that ends no sentence;
``aside``: a footnote, a page header or footer."""


class Sentence:
    """One sentence of a piece: ``clip.text[start:end]``, the ``number``-th."""

    __slots__ = ("_exact", "_mentions", "_money", "end", "number", "piece", "start", "text")

    def __init__(self, piece: Piece, number: int, start: int, end: int) -> None:
        self.piece = piece
        self.number = number
        self.start = start
        self.end = end
        self.text = piece.clip.text[start:end]
        """The sentence, as its clip has it."""
        # Every way of saying asks for these of every sentence: they are looked for once.
        self._mentions: list[tuple[int, Mention]] | None = None
        self._money: list[tuple[int, Mention]] | None = None
        self._exact: list[tuple[int, Mention]] | None = None

    @property
    def clip(self) -> Clip:
        """The clip of the whole piece."""
        return self.piece.clip

    @property
    def closed(self) -> bool:
        """False when the sentence stops without a stop and more lines follow: it may go on there."""
        if self.end < len(self.clip.text) or self.text.rstrip()[-1:] in (".", ";", "!", "?", ":", "…"):
            return True
        after = self.piece.number + 1
        pieces = self.piece.passage.pieces
        return after >= len(pieces) or pieces[after].gap or pieces[after].kind != "prose"

    @property
    def whole(self) -> bool:
        """True when the sentence surely begins where it begins and ends where it ends."""
        if not self.closed or self.start:
            return self.closed
        before = self.piece.number - 1
        if before < 0 or self.piece.gap or self.piece.kind != "prose":
            return True
        last = self.piece.passage.pieces[before]
        return last.kind != "prose" or last.clip.text.rstrip()[-1:] in (".", ";", "!", "?", ":", "…", "|")

    def mentions(self) -> list[tuple[int, Mention]]:
        """The mentions of the sentence, each with its position in the clip. The list is shared: not to be changed."""
        if self._mentions is None:
            self._mentions = self.piece.clip.within(self.start, self.end)
        return self._mentions

    @property
    def crowded(self) -> bool:
        """True when it holds more figures than any sentence that people write: a dump, which says nothing."""
        return len(self.piece.clip.positions) > CROWD and len(self.mentions()) > CROWD

    def money(self) -> list[tuple[int, Mention]]:
        """The amounts of the sentence, in digits or in words. The list is shared: not to be changed."""
        if self._money is None:
            self._money = [(at, mention) for at, mention in self.mentions() if mention.is_money]
        return self._money

    def exact(self) -> list[tuple[int, Mention]]:
        """The amounts in digits that stand for what they print, and are not zero. The list is shared: not to be
        changed."""
        if self._exact is None:
            self._exact = [(at, mention) for at, mention in self.money() if mention.is_exact]
        return self._exact


class Piece:
    """One block of the document: ``passage.text[start:end]``.

    ``gap``: blank lines stand before it; ``number``: its rank among the pieces.
    """

    def __init__(self, passage: Passage, block: Block, start: int, end: int, number: int, gap: bool) -> None:
        self.passage = passage
        self.block = block
        self.start = start
        self.end = end
        self.number = number
        self.gap = gap

    @cached_property
    def clip(self) -> Clip:
        """The piece as extractors see it."""
        return self.passage.mentions.clip(self.start, self.end)

    @cached_property
    def kind(self) -> PieceKind:
        """What the piece is in the layout."""
        match self.block.role:
            case "item":
                return "item"
            case "row":
                return "row"
            case "heading":
                return "heading"
            case "footnote" | "header" | "footer":
                return "aside"
        text = self.clip.text
        short = len(text) <= 100 and "\n" not in self.passage.text[self.start : self.end]
        return "heading" if short and text[-1:] not in ".:;,!?" and not self.money() else "prose"

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences of the piece, in order."""
        cuts = list(self._cuts())
        return tuple(
            Sentence(self, number, start, end)
            for number, (start, end) in enumerate(pairwise([0, *cuts, len(self.clip.text)]))
            if start < end
        )

    @cached_property
    def _money(self) -> list[tuple[int, Mention]]:
        clip = self.clip
        return [(at, m) for at, m in zip(clip.positions, clip.mentions, strict=True) if m.is_money]

    def money(self) -> list[tuple[int, Mention]]:
        """The amounts of the piece, in digits or in words, with their positions in the clip. The list is shared: not
        to be changed."""
        return self._money

    def _cuts(self) -> Iterator[int]:
        """Where sentences end in the clip."""
        clip = self.clip
        source = self.passage.text
        lost_quotes = self.passage.lost_quotes
        for found in _STOP.finditer(clip.text):
            mark = found.group()
            if mark[0] == "?" and lost_quotes:
                continue
            if (
                mark[0] in ".…"
                and _LED.match(clip.text, found.end())
                and _DOTS.search(clip.text, max(0, found.end() - _LEADER), found.end())
            ):
                continue  # « Tennis-club ........ 2.300 F »
            if mark[0] == ";" and _in_brackets(clip.text, found.start()):
                continue  # « (coût : 58 300 € ; autres aides : 11 660 €) »
            if mark[0] not in ".!?;…":
                # A mention that ends with its own full stop (« 129 450 € H.T. ») before a capital.
                mention = clip.mention(found.start())
                if source[mention.end - 1] == "." and source[clip.origin(found.end())].isupper():
                    yield found.end()
                continue
            if found.start() < 3 and _NUMBERED.match(clip.text, 0, found.start()):
                continue  # « 1. Fonctionnement »
            if mark[0] == "." and _SHORTENED.search(clip.text, max(0, found.start() - 12), found.start() + 1):
                continue
            if mark[0] == ".":
                after = source[clip.origin(found.end())]
                if after.islower() or after in ",;:)+=×":
                    continue
                if after == "(" and clip.text[found.start() - 1 : found.start()] in _SIGNS:
                    continue  # « 2 003 F. (1 010 F. au titre de… »
            yield found.end()


_WIDE: Final = 240


def _in_brackets(text: str, at: int) -> bool:
    """True between a bracket and the one that closes it, both near."""
    opened = text.rfind("(", max(0, at - _WIDE), at)
    if opened < 0 or text.find(")", opened, at) >= 0:
        return False
    closed = text.find(")", at, at + _WIDE)
    return closed >= 0 and text.find("(", at, closed) < 0


_LEADER: Final = 6
"""What ``_DOTS`` finds is no longer."""
_DOTS: Final = re.compile(r"(?:[.…·][ ]?){3}\Z|…{1,3} \Z")
_LED: Final = re.compile(r"[ .…+(-]{0,4}[\ue000-\ue003]")
_SIGNS: Final = frozenset("\ue000\ue001\ue002\ue003")
# One set of characters first, so that the text is gone through at the speed of a search.
_STOP: Final = re.compile(
    r"[.!?…\ue000-\ue003](?:(?<=[.!?…])[.!?…]{0,2}[\"')\]]{0,2}|(?<=\.)[\"' ]{1,2}|(?<=[\ue000-\ue003])) "
)
_SHORTENED: Final = re.compile(
    r"(?:(?<![a-z0-9])(?:[a-z]|art|mm|mme|mmes|mlle|me|dr|pr|st|ste|cf|ex|env|av|ave|bd|bld|no|nos|num|chap|al|ref|vol|"
    r"fig|tab|ann|tel|fax|max|min|dept|dep|delib|resp|soc|assoc|ets|cie|ltd|inc|vs|approx|incl|excl|premier)"
    r"|(?<![^\s])(?:art(?:icle)?|chap(?:itre)?) [0-9]{1,2})\.\Z"
)
_NUMBERED: Final = re.compile(r"[0-9]{1,2}\Z")
_LOST_QUOTE: Final = re.compile(r"(?<![\w?])\?[^\W\d_]")


_CUT_BEFORE: Final = re.compile(
    r"[+=)%€]|(?:euros?|eur|francs?|F)(?![\w])|(?P<digits>[0-9]{3}(?:[ \u00a0\u202f][0-9]{3}){0,3}(?:,[0-9]{1,2})?"
    r"[ \u00a0\u202f]?(?:€|euros?|eur|francs?|F)(?![\w]))",
    re.IGNORECASE,
)
_CUT_AFTER: Final = re.compile(
    r"(?P<sign>[+=(/])|(?P<digits>(?<![0-9.,/-])[0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3}){0,3})|[0-9]"
)
_WORDS_END: Final = re.compile(r"(?<=[a-zà-ÿ]{3})[ \u00a0](?:euros?|francs?|centimes?|cents?)\Z", re.IGNORECASE)
_DIGITS_AGAIN: Final = re.compile(r"\([0-9]")
"""« … vingt mille euros ⏎ (20 000 €) »."""
_WORDY: Final = 40


def _rejoined(text: str, blocks: Sequence[Block]) -> Iterator[Block]:
    """Blocks, with those that one line cut in two put together again: « …pour 10 000 ⏎ € et … », « a + ⏎ b »."""
    held: Block | None = None
    for block in blocks:
        if held is not None and block.role == "paragraph" and _one_line(text, held, block):
            held = replace(held, end=block.end)
            continue
        if held is not None:
            yield held
        held = block
    if held is not None:
        yield held


def _one_line(text: str, first: Block, second: Block) -> bool:
    if first.role not in ("paragraph", "item") or first.page != second.page:
        return False
    between = text[first.end : second.start]
    if between.strip() or between.count("\n") != 1:
        return False
    tail = text[max(first.start, first.end - 24) : first.end]
    if _WORDS_END.search(tail) and _DIGITS_AGAIN.match(text, second.start, second.end):
        return True
    after = _CUT_BEFORE.match(text, second.start, second.end)
    before = next((found for found in _CUT_AFTER.finditer(tail) if found.end() == len(tail)), None)
    if before is None:
        return False
    if before["sign"]:
        return True
    if after is None:
        return False
    long = first.end - max(first.start, text.rfind("\n", first.start, first.end)) >= _WORDY
    if after["digits"]:
        # « …pour 1 ⏎ 100 euros »: only at the end of a line of words, lest a number and an amount be made one.
        return before["digits"] is not None and long and re.search(r"[a-zà-ÿ] \Z", tail[: before.start()]) is not None
    return True


class Passage:
    """A document made ready for extractors: its mentions and its pieces."""

    def __init__(self, document: Document) -> None:
        blocks, grids = document.blocks, document.grids
        if not blocks and document.text.strip():
            found, drawn = plain_blocks(document.text, Limits())
            blocks, grids = tuple(found), tuple(drawn)
        document = replace(document, blocks=tuple(_rejoined(document.text, blocks)), grids=grids)
        self.document = document
        self.mentions = Mentions(document)
        self.text = self.mentions.text
        self.folded = self.mentions.folded
        self.lost_quotes = _LOST_QUOTE.search(self.text) is not None
        pieces: list[Piece] = []
        before = 0
        for block in document.blocks:
            gap = document.text.count("\n", before, block.start) > 1
            start, end = self.mentions.view.smoothed(block.start, block.end)
            if not self.text[start:end].strip():
                continue
            pieces.append(Piece(self, block, start, end, len(pieces), gap))
            before = block.end
        self.pieces = tuple(pieces)

    def place(self, start: int, end: int) -> Place:
        """Where ``text[start:end]`` stands in the source."""
        return self.mentions.place(start, end)

    def sentences(self) -> Iterator[Sentence]:
        """Every sentence, in reading order."""
        for piece in self.pieces:
            yield from piece.sentences
