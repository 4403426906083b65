"""Acts that mix true claims, said in any way, with prose that claims nothing: nobody is accused, nothing is lost."""

from __future__ import annotations

import random

import pytest

from tests.extract import prose
from tests.extract.reading import accusations, read
from tests.extract.test_paraphrases import (
    BALANCES,
    CEILINGS,
    CHANGES,
    DECOMPOSITIONS,
    ITEMS,
    NAMES,
    SHARES,
    Style,
    rate,
    rendered,
)


def claim(draw: random.Random) -> tuple[str, str]:
    """One true claim said in one way, and its kind."""
    style = Style(draw.choice([" ", "\u00a0", ".", "\u202f"]), draw.choice([" €", "€", " euros"]))
    kind = draw.random()
    if kind < 0.6:
        parts = [draw.randint(1_001, 300_000) for _ in range(draw.randint(2, 5))]
        return rendered(draw.choice(DECOMPOSITIONS), style, sum(parts), parts, draw.choice([NAMES, ITEMS])), "sum"
    if kind < 0.75:
        part = draw.randint(1_500, 300_000)
        whole = part * draw.randint(102, 900) // 100 + 7
        said = rate(part, whole, draw.randint(0, 2))
        return draw.choice(SHARES).format(part=style.say(part), whole=style.say(whole), rate=said), "percentage"
    if kind < 0.85:
        start = draw.randint(20_000, 900_000)
        end = start + start * draw.randint(2, 60) // 100
        words = {"start": style.say(start), "end": style.say(end), "way": "hausse"}
        return draw.choice(CHANGES).format(**words, rate=rate(end - start, start, 1)), "change"
    if kind < 0.95:
        start, minus = draw.randint(50_000, 900_000), draw.randint(1_200, 49_000)
        text = draw.choice(BALANCES)
        return text.format(start=style.say(start), minus=style.say(minus), result=style.say(start - minus)), "balance"
    limit = draw.randint(20_000, 900_000)
    return draw.choice(CEILINGS).format(limit=style.say(limit), value=style.say(limit // 3)), "at_most"


@pytest.mark.parametrize("seed", range(12))
def test_true_acts_are_read_and_not_accused(seed: int) -> None:
    draw = random.Random(seed)
    lines = [
        line
        for page in prose.pages(seed, 4)
        for block in page.split("\n\n")
        for line in block.removeprefix("- ").replace("\n- ", " ").replace("\n", " ").split("\n")
    ]
    for _ in range(8):
        blocks: list[str] = []
        kinds: list[str] = []
        for _ in range(draw.randint(2, 5)):
            said, kind = claim(draw)
            kinds.append(kind)
            if draw.random() < 0.6:
                joint = "\n" if "|" not in said and "TOTAL" not in said and draw.random() < 0.4 else "\n\n"
                said = f"{draw.choice(lines)}{joint}{said}"
            if draw.random() < 0.6:
                said = f"{said}\n\n{draw.choice(lines)}"
            blocks.append(said)
        text = "\n\n".join(blocks)
        assert not accusations(text), text
        found = read(text)
        for kind in set(kinds):
            held = sum(judged.state == "holds" for judged in found.of(kind))
            assert held >= kinds.count(kind), f"{kind}: {held} of {kinds.count(kind)}\n{text}"
