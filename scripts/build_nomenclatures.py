"""Builds the reference data of the package from the tables of the plans de comptes.

    python scripts/build_nomenclatures.py TABLES [OUT]

TABLES is the folder of tables (natures.csv, fonctions.csv, chapitres.csv, articles_fonctionnels.csv, coverage.csv and
transposition_m14_m57_subventions.csv); OUT defaults to the package's own folder. One file is written for each
nomenclature. The output depends on the tables alone, so running it twice changes nothing; `--check` writes nothing
and fails when a file of the package differs.

A year, or a nomenclature, is added by adding a file (`m57-2026.csv`, same layout): every file that names the same
nomenclature in its first line is read as a part of it.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path

Row = dict[str, str]

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "subsidy_rules" / "nomenclatures"

TITLES = {
    "M14": "Instruction budgétaire et comptable M14 des communes et de leurs groupements",
    "M4": "Instruction budgétaire et comptable M4 des services publics industriels et commerciaux",
    "M41": "M41 : distribution d'électricité et de gaz",
    "M42": "M42 : abattoirs",
    "M43": "M43 : transport public de personnes",
    "M44": "M44 : établissements publics locaux à caractère industriel",
    "M49": "M49 : eau et assainissement",
    "M52": "Instruction budgétaire et comptable M52 des départements",
    "M57": "Instruction budgétaire et comptable M57 des collectivités locales",
    "M61": "Instruction budgétaire et comptable M61 des services d'incendie et de secours",
    "M71": "Instruction budgétaire et comptable M71 des régions",
}
VARIANTS = {
    ("M57", "D"): "développé",
    ("M57", "A"): "abrégé",
    ("M14", "COM_SUP3500"): "communes de 3 500 habitants et plus",
    ("M14", "COM_500_3500"): "communes de 500 à 3 499 habitants",
    ("M14", "COM_INF500"): "communes de moins de 500 habitants",
    ("M14", "CCAS_SUP3500"): "CCAS de 3 500 habitants et plus",
    ("M14", "CCAS_INF3500"): "CCAS de moins de 3 500 habitants",
    ("M14", "CE"): "caisses des écoles",
    ("M43", "D"): "développé",
    ("M43", "A"): "abrégé",
    ("M49", "D"): "développé",
    ("M49", "A"): "abrégé",
}
ATTRIBUTION = (
    "Plans de comptes publiés par la DGCL et la DGFiP (Actes budgétaires, TOTEM) ; la source légale des codes et des "
    "libellés est l'arrêté annuel relatif à chaque instruction budgétaire et comptable"
)
SOURCES = {
    "S1": (
        "exercices 2013-2022, lus en entier : fichiers planDeCompte.xml de la DGCL (miroir bleucitron/plans-de-compte, "
        "224b56c)"
    ),
    "S2": (
        "exercices 2023-2025, lus en partie : mêmes fichiers (dtc-innovation/plans-de-compte, 275f2b43 pour 2023, "
        "a55eb279 pour 2024 et 2025)"
    ),
}
DATES = {"S1": "2022-05-02", "S2": "2024-12-09"}


def read(folder: Path, name: str) -> list[Row]:
    with (folder / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def short(nomenclature: str, variant: str) -> str:
    """`M57_D` → `D`; the only variant of a nomenclature is written `-`."""
    head = "M4" if nomenclature.startswith("M4") else nomenclature
    for prefix in (f"{nomenclature}_", f"{head}_"):
        if variant.startswith(prefix):
            return variant[len(prefix) :]
    return "-" if variant == nomenclature else variant


def belongs(nomenclature: str, row: Row) -> bool:
    """Whether a row of coverage or of chapters, which name M41…M49 as variants of M4, speaks of ``nomenclature``."""
    if not row["nomenclature"].startswith("M4"):
        return row["nomenclature"] == nomenclature
    return row["variant"].split("_")[0] == nomenclature


def years(values: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Runs of consecutive years."""
    ordered = sorted(set(values))
    start = last = None
    for year in ordered:
        if last is not None and year == last + 1:
            last = year
            continue
        if start is not None and last is not None:
            yield start, last
        start = last = year
    if start is not None and last is not None:
        yield start, last


def observed(nomenclature: str, rows: list[Row]) -> list[str]:
    """Header lines: which years of which variant were read, whole or for some prefixes, for accounts and functions."""
    accounts: dict[tuple[str, str], list[int]] = defaultdict(list)
    functions: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        if not belongs(nomenclature, row):
            continue
        variant = short(nomenclature, row["variant"])
        accounts[variant, row["natures_prefixes"]].append(int(row["exercice"]))
        if row["n_fonctions"] != "0":
            functions[variant].append(int(row["exercice"]))
    lines = [
        f"#natures|{first}-{last}|{variant}|{prefixes}"
        for (variant, prefixes), found in sorted(accounts.items())
        for first, last in years(found)
    ]
    lines += [
        f"#fonctions|{first}-{last}|{variant}"
        for variant, found in sorted(functions.items())
        for first, last in years(found)
    ]
    return lines


def plain(label: str) -> str:
    """A label without case, accents and punctuation, to compare labels of two years."""
    bare = "".join(c for c in unicodedata.normalize("NFD", label.lower()) if not unicodedata.combining(c))
    return " ".join(re.findall(r"[a-z0-9]+", bare))


def account_lines(rows: list[Row], every: frozenset[str]) -> list[str]:
    lines = []
    for row in rows:
        variants = frozenset(row["variants_imputables"].split("|")) - {""}
        chargeable = row["imputable"] == "1"
        if chargeable != bool(row["chapitre"]) and chargeable:
            sys.exit(f"chargeable without a chapter: {row}")
        lines.append(
            "|".join(
                (
                    row["code"],
                    row["valid_from"],
                    row["valid_to"],
                    row["chapitre"] if chargeable else "",
                    row["chapitre_recette_si_different"] if chargeable else "",
                    row["sens"] if chargeable else "",
                    "" if variants == every or not chargeable else " ".join(sorted(variants)),
                    row["label"],
                )
            )
        )
    return lines


def successors(nomenclature: str, rows: list[Row], transposition: list[Row], coverage: list[Row]) -> list[str]:
    """What an account that ceased to be chargeable became: `old|from|to|new|basis`.

    By order: its own subdivisions; an account that took its label over in the same chapter; the transposition table.
    Nothing is written where nothing of these is known.
    """
    spans: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        spans[row["code"]].append(row)
    covered = {int(row["exercice"]): row["natures_prefixes"].split() for row in coverage if belongs(nomenclature, row)}

    def chargeable(row: Row, year: int) -> bool:
        return row["imputable"] == "1" and int(row["valid_from"]) <= year <= int(row["valid_to"])

    def seen(code: str, year: int) -> bool:
        prefixes = covered.get(year)
        return prefixes is not None and (prefixes == ["*"] or code.startswith(tuple(prefixes)))

    first_year: dict[str, int] = {}
    for code, found in spans.items():
        first_year[code] = min((int(r["valid_from"]) for r in found if r["imputable"] == "1"), default=9999)
    by_label: dict[str, list[str]] = defaultdict(list)
    for code, found in spans.items():
        for row in found:
            if row["imputable"] == "1":
                by_label[plain(row["label"])].append(code)
    moved = {
        (row["m14_code"], row["m57_code"], int(row["m57_from"]), int(row["m57_to"])): row["confidence"]
        for row in transposition
        if row["m57_code"] and row["confidence"] not in ("unknown", "identical", "identical_code")
    }
    out: list[str] = []
    for code, found in sorted(spans.items()):
        was = [row for row in found if row["imputable"] == "1"]
        if not was:
            continue
        for year in sorted(covered):
            if not seen(code, year) or any(chargeable(row, year) for row in found) or year < first_year[code]:
                continue
            label = plain(next(row["label"] for row in reversed(was) if int(row["valid_from"]) < year))
            # A code taken over by another meaning (657362: CCAS, then budgets annexes et régies) is no subdivision.
            still = not any(
                int(row["valid_from"]) <= year <= int(row["valid_to"]) and plain(row["label"]) != label for row in found
            )
            told = [new for (old, new, first, last) in moved if old == code and first <= year <= last]
            parts = [
                other
                for other in spans
                if other != code and other.startswith(code) and any(chargeable(r, year) for r in spans[other])
            ]
            # A label of one or two words (« Autres ») names many accounts: it proves nothing.
            heirs = [
                other
                for other in dict.fromkeys(by_label[label])
                if other != code
                and other[:2] == code[:2]
                and first_year[other] > first_year[code]
                and any(chargeable(r, year) and plain(r["label"]) == label for r in spans[other])
            ]
            if still and parts:
                now, basis = parts, "split"
            elif nomenclature == "M57" and told:
                now, basis = told, "transposition"
            elif len(heirs) == 1 and len(label.split()) > 2:
                now, basis = heirs, "label"
            else:
                continue
            out += [f"{code}|{year}|{year}|{new}|{basis}" for new in now]
    return merged(out)


def merged(lines: list[str]) -> list[str]:
    """One line for consecutive observed years that say the same."""
    groups: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for line in lines:
        old, year, _, new, basis = line.split("|")
        groups[old, new, basis].append(int(year))
    return [f"{old}|{min(found)}|{max(found)}|{new}|{basis}" for (old, new, basis), found in groups.items()]


def build(folder: Path) -> dict[str, str]:
    natures = read(folder, "natures.csv")
    functions = read(folder, "fonctions.csv")
    chapters = read(folder, "chapitres.csv")
    articles = read(folder, "articles_fonctionnels.csv")
    coverage = read(folder, "coverage.csv")
    transposition = read(folder, "transposition_m14_m57_subventions.csv")
    files: dict[str, str] = {}
    for nomenclature in sorted({row["nomenclature"] for row in natures}):
        mine = sorted(
            (row for row in natures if row["nomenclature"] == nomenclature),
            key=lambda row: (row["code"], row["valid_from"]),
        )
        variants = [short(nomenclature, row["variant"]) for row in coverage if belongs(nomenclature, row)]
        body = ["[natures] code|premier exercice|dernier exercice|chapitre|chapitre de recette|sens|variantes|libellé"]
        single = {"-"} == set(variants)
        named = {v for row in mine for v in row["variants_imputables"].split("|") if v}
        body += account_lines(mine, frozenset(named) if single else frozenset(set(variants) - {"-"} | named))
        body.append("[fonctions] code|premier exercice|dernier exercice|feuille|variantes|libellé")
        by_code: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for row in functions:
            if row["nomenclature"] == nomenclature:
                key = (row["code"], row["valid_from"], row["valid_to"], row["imputable"], row["label"])
                by_code[key].append(short(nomenclature, row["variant"]))
        body += ["|".join((*key[:4], " ".join(sorted(set(found))), key[4])) for key, found in sorted(by_code.items())]
        body.append("[chapitres] code|premier exercice|dernier exercice|section|vote|type|spécialisé|libellé")
        seen: dict[tuple[str, ...], set[int]] = defaultdict(set)
        for row in chapters:
            if belongs(nomenclature, row):
                what = (row["code"], row["section"], row["vote"], row["type"], row["special"], row["label"])
                seen[what].update(range(int(row["valid_from"]), int(row["valid_to"]) + 1))
        body += [
            "|".join((code, str(first), str(last), section, vote, kind, special, label))
            for (code, section, vote, kind, special, label), found in sorted(seen.items())
            for first, last in years(found)
        ]
        body.append("[articles] code|premier exercice|dernier exercice|chapitre|libellé")
        told: dict[tuple[str, ...], set[int]] = defaultdict(set)
        for row in articles:
            if row["nomenclature"] == nomenclature and row["imputable"] == "1":
                chapter = row["chapitre_depense"] or row["chapitre_recette"] or row["chapitres_ordre"]
                told[row["code"], chapter, row["label"]].update(range(int(row["valid_from"]), int(row["valid_to"]) + 1))
        body += [
            "|".join((code, str(first), str(last), chapter, label))
            for (code, chapter, label), found in sorted(told.items())
            for first, last in years(found)
        ]
        body.append("[devenir] code|premier exercice|dernier exercice|nouveau code|fondement")
        body += successors(nomenclature, mine, transposition, coverage)
        if nomenclature == "M57":
            body.append("[depuis M14] code M14|premier exercice|dernier exercice|code M57|fondement")
            body += [
                "|".join((row["m14_code"], row["m57_from"], row["m57_to"], row["m57_code"], row["confidence"]))
                for row in transposition
                if row["m57_code"] and row["m57_code"] != row["m14_code"]
            ]
        text = "\n".join(body) + "\n"
        used = sorted({part for row in mine for part in row["source"].split("+")})
        head = [
            f"#nomenclature|{nomenclature}|{TITLES[nomenclature]}",
            f"#publisher|{ATTRIBUTION}",
            *(f"#source|{DATES[source]}|{SOURCES[source]}" for source in used),
            *(
                f"#variante|{variant}|{VARIANTS[nomenclature, variant]}"
                for variant in dict.fromkeys(variants)
                if (nomenclature, variant) in VARIANTS
            ),
            *observed(nomenclature, coverage),
            f"#sha256|{sha256(text.encode()).hexdigest()}",
        ]
        files[f"{nomenclature.lower()}.csv"] = "\n".join(head) + "\n" + text
    return files


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tables", type=Path)
    parser.add_argument("out", type=Path, nargs="?", default=PACKAGE)
    parser.add_argument("--check", action="store_true", help="compare with the files there; write nothing")
    args = parser.parse_args()
    files = build(args.tables)
    if args.check:
        stale = [name for name, text in files.items() if (args.out / name).read_text("utf-8") != text]
        print(f"{len(files)} files, {len(stale)} different" + "".join(f"\n  {name}" for name in stale))
        return 1 if stale else 0
    args.out.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (args.out / name).write_text(text, "utf-8", newline="\n")
    print(f"{len(files)} files, {sum(len(text.encode()) for text in files.values())} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
