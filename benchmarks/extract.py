"""Reading documents: time against length, as a table and a plot.

    python benchmarks/extract.py            prints the table
    python benchmarks/extract.py --write    also writes benchmarks/extract.csv and benchmarks/extract.svg

Two texts are measured, each at six lengths: the prose of notes and minutes, and the same with a figure in every
sentence. The time is the processor's, from a document in memory to its facts, the best of three.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from subsidy_rules.extract import facts_of
from subsidy_rules.readers import text as reader
from subsidy_rules.reading import Limits
from subsidy_rules.settings import Settings

LENGTHS = (62_500, 125_000, 250_000, 500_000, 1_000_000, 2_000_000)

PROSE = (
    "Le conseil prend connaissance du rapport d'activité et remercie les services pour le travail accompli. ",
    "La collectivité soutient les acteurs de son territoire qui développent l'innovation et la formation. ",
    "L'association rassemble des entreprises, des laboratoires et des établissements de formation. ",
    "Le projet s'inscrit dans la stratégie adoptée en {year} et fera l'objet d'un suivi par la commission. ",
    "Une convention précise les engagements de chacun, la durée de l'aide et les modalités de son versement. ",
    "Il est proposé d'attribuer une subvention de {amount} euros au titre de l'exercice {year}.\n\n",
)
FIGURES = (
    "La dépense est imputée au chapitre 65, nature 6574, fonction {small} du budget {year}. ",
    "Une subvention de {amount} euros, soit {small} % du budget, est attribuée à l'association. ",
    "Le coût des travaux est de {amount} € HT ; la Région y contribue à hauteur de {amount} €. ",
    "Les crédits sont répartis ainsi : {amount} € en {year} et {amount} € en {year}.\n\n",
    "- {amount} euros pour le fonctionnement ;\n- {amount} euros pour l'équipement.\n\n",
)


def text(templates: Sequence[str], length: int) -> str:
    """``length`` characters made of these sentences, always the same ones."""
    draw = random.Random(length)
    parts: list[str] = []
    size = 0
    while size < length:
        part = draw.choice(templates).format_map(_Values(draw))
        parts.append(part)
        size += len(part)
    return "".join(parts)[:length]


class _Values(dict[str, str]):
    def __init__(self, draw: random.Random) -> None:
        super().__init__()
        self.draw = draw

    def __missing__(self, key: str) -> str:
        if key == "year":
            return str(self.draw.randint(2010, 2025))
        if key == "small":
            return str(self.draw.randint(2, 98))
        return f"{self.draw.randint(1_000, 900_000):,}".replace(",", " ")


def seconds(source: str, times: int = 3) -> tuple[float, int]:
    """The best processor time of ``times`` readings, and the number of figures found."""
    document = reader.read("bench.txt", source.encode(), limits=Limits())
    best, found = float("inf"), 0
    for _ in range(times):
        start = time.process_time()
        facts = facts_of(document, Settings())
        best = min(best, time.process_time() - start)
        found = len(facts.figures)
    return best, found


def plot(rows: dict[str, list[tuple[int, float]]]) -> str:
    """A plain SVG: characters across, seconds up, one line for each text."""
    width, height, margin = 640, 400, 56
    most = max(length for points in rows.values() for length, _ in points)
    top = max(value for points in rows.values() for _, value in points)

    def at(length: int, value: float) -> str:
        x = margin + (width - 2 * margin) * length / most
        y = height - margin - (height - 2 * margin) * value / top
        return f"{x:.1f},{y:.1f}"

    lines = [
        '<svg xmlns="http://www.w3.org/2000/svg" font-family="sans-serif" font-size="13" '
        f'viewBox="0 0 {width} {height}">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
        f'<path d="M{at(0, 0)} L{at(most, 0)} M{at(0, 0)} L{at(0, top)}" stroke="black" fill="none"/>',
        f'<text x="{width / 2:.0f}" y="{height - 12}" text-anchor="middle">characters (up to {most:,})</text>',
        f'<text x="12" y="{margin - 16}">processor seconds (up to {top:.2f})</text>',
    ]
    for (name, points), color in zip(rows.items(), ("#0b5", "#c30"), strict=True):
        path = " L".join(at(length, value) for length, value in [(0, 0.0), *points])
        lines.append(f'<path d="M{path}" stroke="{color}" fill="none" stroke-width="2"/>')
        lines += [f'<circle cx="{x}" cy="{y}" r="3" fill="{color}"/>' for x, y in (at(*p).split(",") for p in points)]
        x, y = at(*points[-1]).split(",")
        lines.append(f'<text x="{float(x) - 8}" y="{float(y) - 8}" text-anchor="end" fill="{color}">{name}</text>')
    return "\n".join([*lines, "</svg>"]) + "\n"


def main() -> None:
    """Measures, prints, and writes when asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write extract.csv and extract.svg beside this file")
    options = parser.parse_args()
    makers: dict[str, Callable[[int], str]] = {
        "prose": lambda length: text(PROSE, length),
        "dense figures": lambda length: text(FIGURES, length),
    }
    rows: dict[str, list[tuple[int, float]]] = {name: [] for name in makers}
    table = ["text,characters,figures,seconds,microseconds_per_character"]
    for name, make in makers.items():
        for length in LENGTHS:
            taken, found = seconds(make(length))
            rows[name].append((length, taken))
            table.append(f"{name},{length},{found},{taken:.3f},{1e6 * taken / length:.3f}")
            print(table[-1])
    if options.write:
        here = Path(__file__).parent
        here.joinpath("extract.csv").write_text("\n".join(table) + "\n", "utf-8")
        here.joinpath("extract.svg").write_text(plot(rows), "utf-8")


if __name__ == "__main__":
    main()
