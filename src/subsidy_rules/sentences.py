"""The pieces of a document as extractors walk them: paragraphs, list items, rows, headings, and their sentences.

Readers say how the source is laid out; here each block becomes a ``Piece``, whose clip is folded and cut into
sentences. No meaning yet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Final, Literal

from subsidy_rules.document import Block, Document
from subsidy_rules.layout import plain_blocks
from subsidy_rules.mentions import Clip, Mention, Mentions
from subsidy_rules.place import Place
from subsidy_rules.reading import Limits

__all__ = ["Passage", "Piece", "PieceKind", "Sentence"]

PieceKind = Literal["prose", "item", "row", "heading", "aside"]
"""``heading``: what the source lays out as a title, or a short line without an amount that ends no sentence;
``aside``: a footnote, a page header or footer."""


class Sentence:
    """One sentence of a piece: ``clip.text[start:end]``."""

    __slots__ = ("end", "piece", "start")

    def __init__(self, piece: Piece, start: int, end: int) -> None:
        self.piece = piece
        self.start = start
        self.end = end

    @property
    def clip(self) -> Clip:
        """The clip of the whole piece."""
        return self.piece.clip

    @property
    def text(self) -> str:
        """The sentence, as its clip has it."""
        return self.piece.clip.text[self.start : self.end]

    def mentions(self) -> list[tuple[int, Mention]]:
        """The mentions of the sentence, each with its position in the clip."""
        return self.piece.clip.within(self.start, self.end)

    def money(self) -> list[tuple[int, Mention]]:
        """The amounts of the sentence, in digits or in words."""
        return [(at, mention) for at, mention in self.mentions() if mention.is_money]


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
            Sentence(self, start, end)
            for start, end in zip([0, *cuts], [*cuts, len(self.clip.text)], strict=True)
            if start < end
        )

    def money(self) -> list[tuple[int, Mention]]:
        """The amounts of the piece, in digits or in words, with their positions in the clip."""
        clip = self.clip
        return [(at, m) for at, m in zip(clip.positions, clip.mentions, strict=True) if m.is_money]

    def _cuts(self) -> Iterator[int]:
        """Where sentences end in the clip."""
        clip = self.clip
        source = self.passage.text
        lost_quotes = self.passage.lost_quotes
        for found in _STOP.finditer(clip.text):
            mark = found.group()
            if mark[0] == "?" and lost_quotes:
                continue
            if mark[0] not in ".!?;…":
                # A mention that ends with its own full stop (« 129 450 € H.T. ») before a capital.
                mention = clip.mention(found.start())
                if source[mention.end - 1] == "." and source[clip.origin(found.end())].isupper():
                    yield found.end()
                continue
            if mark[0] == "." and _SHORTENED.search(clip.text, max(0, found.start() - 12), found.start() + 1):
                continue
            if mark[0] == ".":
                after = source[clip.origin(found.end())]
                if after.islower() or after in ",;:)":
                    continue
            yield found.end()


_STOP: Final = re.compile(r"(?:[.!?…]{1,3}[\"')\]]{0,2}|\.[\"' ]{1,2}|[\ue000-\ue003]) ")
_SHORTENED: Final = re.compile(
    r"(?:(?<![a-z0-9])(?:[a-z]|art|mm|mme|mmes|mlle|me|dr|pr|st|ste|cf|ex|env|av|ave|bd|bld|no|nos|num|chap|al|ref|vol|"
    r"fig|tab|ann|tel|fax|max|min|dept|dep|delib|resp|soc|assoc|ets|cie|ltd|inc|vs|approx|incl|excl|premier)"
    r"|(?<![0-9])[0-9]{1,2})\.\Z"
)
_LOST_QUOTE: Final = re.compile(r"(?<![\w?])\?[^\W\d_]")


class Passage:
    """A document made ready for extractors: its mentions and its pieces."""

    def __init__(self, document: Document) -> None:
        if not document.blocks and document.text.strip():
            blocks, grids = plain_blocks(document.text, Limits())
            document = Document(
                path=document.path,
                format=document.format,
                text=document.text,
                blocks=tuple(blocks),
                grids=tuple(grids),
                remarks=document.remarks,
                unread=document.unread,
                encoding=document.encoding,
            )
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
            if self.text[start:end].strip():
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
