"""One document as all extractors see it: its passage, its lists, its tables, worked out once.

Also the few things that every way of saying needs: naming a cue to the character, the sentence's neighbours, and the
bases of confidence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from subsidy_rules.claims import Confidence
from subsidy_rules.document import Document
from subsidy_rules.ledgers import Ledger, Line, ledgers_of
from subsidy_rules.mentions import Clip, Mention
from subsidy_rules.place import Place
from subsidy_rules.sentences import Passage, Piece, Sentence
from subsidy_rules.series import Series, series_of
from subsidy_rules.wording import Message

__all__ = ["BASE_UNSURE", "CUT_LIST", "Act", "place_of"]

CUT_LIST: Final = Message(
    "la liste est coupée (« […] », « etc. ») : des montants manquent",
    "the list is cut (“[…]”, “etc.”): some amounts are missing",
)
BASE_UNSURE: Final = Message("deux bases sont possibles pour ce pourcentage", "this percentage has two possible bases")


def place_of(mention: Mention) -> Place:
    """Where a figure stands. Raises ``LookupError`` for a mention without figure."""
    if mention.figure is None or mention.figure.place is None:
        raise LookupError("no figure here")
    return mention.figure.place


@dataclass(eq=False)
class Act:
    """A document, ready to be read."""

    document: Document

    @cached_property
    def passage(self) -> Passage:
        """Its mentions, pieces and sentences."""
        return Passage(self.document)

    @cached_property
    def series(self) -> list[Series]:
        """Its lists of amounts."""
        return series_of(self.passage)

    @cached_property
    def ledgers(self) -> list[Ledger]:
        """Its tables."""
        return ledgers_of(self.passage)

    @cached_property
    def _sentences(self) -> list[Sentence]:
        return [sentence for sentence in self.passage.sentences() if not sentence.crowded]

    def sentences(self) -> Iterator[Sentence]:
        """Every sentence, in reading order; those with more figures than people write are left out."""
        return iter(self._sentences)

    def cue(self, clip: Clip, start: int, end: int) -> str:
        """The words of ``clip.text[start:end]``, as written in the source."""
        text = clip.text[start:end]
        low = start + len(text) - len(text.lstrip())
        high = end - (len(text) - len(text.rstrip()))
        if high <= low:
            return ""
        return self.passage.mentions.written(*clip.span(low, high))

    def row_cue(self, line: Line) -> str:
        """The words of a row of a table, as written in the source: its first line, cut."""
        return self.passage.mentions.written(*line.span).split("\n")[0].strip()[:120]

    def before(self, piece: Piece, count: int = 1) -> list[Piece]:
        """The pieces just before ``piece``, nearest first."""
        low = max(0, piece.number - count)
        return list(reversed(self.passage.pieces[low : piece.number]))

    def sentences_before(self, sentence: Sentence, most: int) -> Iterator[Sentence]:
        """The sentences before this one, nearest first, at most ``most``."""
        piece: Piece | None = sentence.piece
        index = sentence.number
        while most and piece is not None:
            for other in reversed(piece.sentences[:index]):
                yield other
                most -= 1
                if not most:
                    return
            piece = self.passage.pieces[piece.number - 1] if piece.number else None
            index = len(piece.sentences) if piece is not None else 0


def weaker(*levels: Confidence) -> Confidence:
    """The least sure of several readings."""
    order: tuple[Confidence, ...] = ("low", "medium", "high")
    return min(levels, key=order.index)


SPACES: Final = re.compile(r"\s+")
