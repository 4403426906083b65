"""Hypothesis strategies for those who test a program around this one: true and broken records, documents, tables.

    from hypothesis import given
    from subsidy_rules import check
    from subsidy_rules.strategies import broken_records, true_records

    @given(true_records())
    def test_true_records_pass(record):
        assert check(record).ok

    @given(broken_records())
    def test_broken_records_are_found(broken):
        assert broken.code in {finding.code for finding in check(broken.source).findings}

What is drawn is true, or broken in one known place, by its making: nothing of the library computes it. Needs
hypothesis, which the package does not install.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

__all__ = [
    "Broken",
    "amounts",
    "broken_documents",
    "broken_records",
    "broken_tables",
    "imputations",
    "names",
    "percentages",
    "true_documents",
    "true_records",
    "true_tables",
    "written_amounts",
]


@dataclass(frozen=True, slots=True)
class Broken:
    """A source with one thing wrong: ``code`` is the rule that must find it, ``what`` the change, in words."""

    source: Any
    code: str
    what: str


def amounts(least: int = 1, most: int = 9_999_999) -> SearchStrategy[int]:
    """Sums of money, in whole euros: as often round, as acts write them, as not."""
    wide = st.integers(least, most)
    round_ = st.integers(max(1, -(-least // 500)), max(1, most // 500)).map(lambda n: n * 500)
    return wide if most < 500 else st.one_of(wide, round_)


def _grouped(n: int, separator: str) -> str:
    text = str(n)
    return separator.join(([text[: len(text) % 3]] if len(text) % 3 else []) + _threes(text[len(text) % 3 :]))


def _threes(text: str) -> list[str]:
    return [text[start : start + 3] for start in range(0, len(text), 3)]


@st.composite
def written_amounts(draw: DrawFn, n: int) -> str:
    """One of the ways in which an act writes ``n`` euros: « 70 000 euros », « 70.000,00 € ».

    Never one that can be read in two ways: a dot alone (« 1.000 € ») may stand before decimals.
    """
    separator = draw(st.sampled_from((" ", "\u00a0", "\u202f", ".", "")))
    cents = ",00" if separator == "." else draw(st.sampled_from(("", "", ",00")))
    unit = draw(st.sampled_from((" euros", " €", "\u00a0€", "\u202f€")))
    if n == 1:
        unit = " €"
    return _grouped(n, separator) + cents + unit


def _rounded(part: int, whole: int, decimals: int) -> int:
    """``part`` in per cent of ``whole``, counted in the last place, rounded half up."""
    scaled: int = 100 * 10**decimals * part
    return (2 * scaled + whole) // (2 * whole)


def percentages(n: int, decimals: int) -> str:
    """``n`` units of the last place as an act writes it: ``percentages(527, 2)`` is « 5,27 % »."""
    whole, rest = divmod(n, 10**decimals)
    return f"{whole},{rest:0{decimals}d} %" if decimals else f"{whole} %"


def names() -> SearchStrategy[str]:
    """Names of associations that hold no figure and no separator."""
    first = ("Amicale", "Association", "Cercle", "Club", "Foyer", "Ligue")
    second = ("des Deux Rives", "du Port", "de l'Étang", "sportive", "laïque", "d'Entraide", "Jeanne-d'Arc")
    return st.builds("{} {}".format, st.sampled_from(first), st.sampled_from(second))


_IMPUTATIONS: Final = ("65/65748/30", "65/65748/311", "65/65748/326", "65/65748/420")


def imputations() -> SearchStrategy[str]:
    """Budget imputations of subsidies that exist in M57 for the fiscal year 2024: chapitre, nature, fonction."""
    return st.sampled_from(_IMPUTATIONS)


@st.composite
def _grants(draw: DrawFn) -> tuple[list[int], int, int, int]:
    """Parts of one total, a base not below it, and the decimals of the percentage that the total is of the base."""
    parts = draw(st.lists(amounts(100, 999_999), min_size=2, max_size=5))
    total = sum(parts)
    base = total + draw(st.integers(0, 20 * total))
    return parts, total, base, draw(st.integers(0, 2))


@st.composite
def _records(draw: DrawFn, grants: SearchStrategy[tuple[list[int], int, int, int]]) -> dict[str, Any]:
    parts, total, base, decimals = draw(grants)
    code = draw(imputations())
    return {
        "reference": f"2024-{draw(st.integers(1, 999)):03d}",
        "fiscal_year": 2024,
        "nomenclature": "M57",
        "beneficiary": draw(names()),
        "total": draw(written_amounts(total)),
        "base": {"label": "budget prévisionnel 2024", "amount": draw(written_amounts(base))},
        "stated_percentage": percentages(_rounded(total, base, decimals), decimals),
        "convention": True,
        "allocations": [
            {"funder": f"financeur {letter}", "amount": draw(written_amounts(part)), "imputation": code}
            for letter, part in zip("ABCDE", parts, strict=False)
        ],
    }


def true_records() -> SearchStrategy[dict[str, Any]]:
    """Records in which all that is said holds: the total is the sum of its parts, the percentage that of the base."""
    return _records(_grants())


def _off(n: int, by: int) -> int:
    return n + by if n + by > 0 else n + abs(by)


@st.composite
def broken_records(draw: DrawFn) -> Broken:
    """True records with one thing changed: the total, the percentage or the chapter of an imputation."""
    grant = draw(_grants())
    _, total, base, decimals = grant
    record = draw(_records(st.just(grant)))
    match draw(st.sampled_from(("total", "percentage", "chapter"))):
        case "total":
            wrong = _off(total, draw(st.sampled_from((-1, 1))) * draw(st.integers(1, max(1, total // 2))))
            changed = {**record, "total": f"{_grouped(wrong, ' ')} euros"}
            return Broken(changed, "SUM001", "total")
        case "percentage":
            right = _rounded(total, base, decimals)
            wrong = right + draw(st.integers(2, 40))
            return Broken({**record, "stated_percentage": percentages(wrong, decimals)}, "PCT001", "percentage")
        case _:
            allocations = [dict(one) for one in record["allocations"]]
            allocations[0]["imputation"] = "67/65748/30"
            return Broken({**record, "allocations": allocations}, "IMP003", "chapter")


# -- documents ------------------------------------------------------------------------------------------------

_OPENINGS: Final = (
    "Il est proposé d'attribuer à l'association {name} une subvention de {total}",
    "Le conseil décide d'accorder à l'association {name} une subvention de fonctionnement de {total}",
    "Une aide de {total} est accordée à l'association {name}",
)
_SPLITS: Final = (
    "Cette subvention de {total} se décompose comme suit :",
    "La subvention de {total} est répartie de la manière suivante :",
)


@st.composite
def _documents(draw: DrawFn, shown: Callable[[int, int, int], tuple[int, int]] = lambda t, n, d: (t, n)) -> str:
    parts, total, base, decimals = draw(_grants())
    said, rate = shown(total, _rounded(total, base, decimals), decimals)
    opening = draw(st.sampled_from(_OPENINGS)).format(name=draw(names()), total=f"{_grouped(total, ' ')} euros")
    split = draw(st.sampled_from(_SPLITS)).format(total=f"{_grouped(said, ' ')} euros")
    share = f"soit {percentages(rate, decimals)} du budget prévisionnel de {_grouped(base, ' ')} euros"
    lines = [
        f"- {_grouped(part, ' ')} euros versés par le financeur {letter} ;"
        for letter, part in zip("ABCDE", parts, strict=False)
    ]
    return f"{opening}, {share}.\n\n{split}\n\n" + "\n".join(lines) + "\n"


def true_documents() -> SearchStrategy[str]:
    """Texts of acts, in French, in which all that is said holds: a division of the subsidy, its share of a budget."""
    return _documents()


@st.composite
def broken_documents(draw: DrawFn) -> Broken:
    """The same with one figure changed: the total before the list, or the percentage."""
    by = draw(st.integers(2, 40))
    if draw(st.booleans()):
        return Broken(draw(_documents(lambda t, n, d: (t, n + by))), "PCT001", "percentage")
    return Broken(draw(_documents(lambda t, n, d: (t + by, n))), "SUM001", "total")


# -- tables ---------------------------------------------------------------------------------------------------

_COLUMNS: Final = (
    "nomAttribuant",
    "idAttribuant",
    "dateConvention",
    "referenceDecision",
    "nomBeneficiaire",
    "idBeneficiaire",
    "rnaBeneficiaire",
    "objet",
    "montant",
    "nature",
    "conditionsVersement",
    "datesPeriodeVersement",
    "idRAE",
    "notificationUE",
    "pourcentageSubvention",
    "dispositifAide",
)


def _luhn(root: str) -> str:
    """``root`` and the digit that makes its Luhn sum a multiple of ten (ISO/IEC 7812-1)."""
    doubled = [int(one) * (2 if index % 2 == 0 else 1) for index, one in enumerate(reversed(root))]
    return root + str(-sum(sum(divmod(n, 10)) for n in doubled) % 10)


def _siret(company: int) -> str:
    """A SIRET: a SIREN of nine digits that ends with its own key, an establishment, and the key of the whole."""
    return _luhn(_luhn(f"{company:08d}") + "0001")


@st.composite
def _tables(draw: DrawFn) -> list[dict[str, str]]:
    """Rows of the SCDL schema « subventions » 2.1.1: decisions, each for one beneficiary or shared by two to four."""
    payer = _siret(21_006_004)
    rows: list[dict[str, str]] = []
    for number in range(draw(st.integers(1, 5))):
        count = draw(st.integers(1, 4))
        hundredths = sorted(draw(st.lists(st.integers(1, 99), min_size=count - 1, max_size=count - 1, unique=True)))
        shares = [high - low for low, high in zip((0, *hundredths), (*hundredths, 100), strict=True)]
        unit = draw(st.integers(1, 900))
        for index, share in enumerate(shares):
            rows.append(
                {
                    **dict.fromkeys(_COLUMNS, ""),
                    "nomAttribuant": "Ville du Port",
                    "idAttribuant": payer,
                    "dateConvention": "2024-07-07",
                    "referenceDecision": f"D-{number + 1}",
                    "nomBeneficiaire": f"{draw(names())} {'ABCD'[index]}",
                    "idBeneficiaire": _siret(52_499_120 + 10 * number + index),
                    "objet": "Fonctionnement",
                    "montant": str(share * unit),
                    "nature": "aide en numéraire",
                    "conditionsVersement": "unique",
                    "datesPeriodeVersement": "2024-09-30",
                    "notificationUE": "non",
                    "pourcentageSubvention": "1" if share == 100 else f"0.{share:02d}",
                }
            )
    return rows


def _csv(rows: list[dict[str, str]]) -> str:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, fieldnames=_COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def true_tables() -> SearchStrategy[str]:
    """Tables of subsidies as CSV text, as open data publishes them (SCDL 2.1.1), in which all holds."""
    return _tables().map(_csv)


@st.composite
def broken_tables(draw: DrawFn) -> Broken:
    """The same with one cell changed: an identifier, an amount, or the share of a beneficiary."""
    rows = draw(_tables())
    row = draw(st.sampled_from(rows))
    match draw(st.sampled_from(("identifier", "amount", "share"))):
        case "identifier":
            last = row["idBeneficiaire"][-1]
            row["idBeneficiaire"] = row["idBeneficiaire"][:-1] + str((int(last) + 1) % 10)
            return Broken(_csv(rows), "ID001", "identifier")
        case "amount":
            row["montant"] = f"-{row['montant']}"
            return Broken(_csv(rows), "AMT001", "amount")
        case _:
            row["pourcentageSubvention"] = "1.5"
            return Broken(_csv(rows), "TAB008", "share")
