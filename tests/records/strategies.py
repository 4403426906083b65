"""Records that are true by construction, and the slips that make them false."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from subsidy_rules.words import amount_to_words

Record = dict[str, Any]

CODES = (
    "B320/65/6574/61",
    "3A/61/6574",
    "65/6574/33",
    "A181/65/657362/56",
    "204/20422",
    "6574",
    "chapitre 65, nature 6574, fonction 61",
    "C729/204/2041512/92",
    "F655/67/6745/1",
)
NAMES = (
    "Ville",
    "Région",
    "Caisse d'allocations familiales",
    "État : politique de la ville",
    'Comité dit "Les Fâcheux"',
    "Union européenne (FEDER)",
)

cents = st.one_of(st.integers(1, 10**6), st.integers(1, 10**11), st.integers(1, 10**7).map(lambda n: n * 100))


def money(n: int) -> str:
    """Cents as a machine writes them."""
    sign, n = ("-", -n) if n < 0 else ("", n)
    return f"{sign}{n // 100}.{n % 100:02d}"


@st.composite
def written(draw: st.DrawFn, n: int) -> Any:
    """An amount of ``n`` cents in one of the ways a record may hold it."""
    whole, part = divmod(n, 100)
    grouped = f"{whole:,}".replace(",", draw(st.sampled_from((" ", "\u00a0", "\u202f"))))
    ways: list[Any] = [
        money(n),
        f"{whole},{part:02d}" if whole < 1000 else f"{grouped},{part:02d}",
        f"{grouped},{part:02d} €",
        f"{grouped},{part:02d} euros",
        Decimal(n).scaleb(-2),
    ]
    if part == 0:
        ways += [whole, str(whole), f"{grouped} euros"]
    return draw(st.sampled_from(ways))


def rate(part: int, whole: int, decimals: int) -> str:
    """``part`` over ``whole`` in per cent, rounded half up, with a decimal comma."""
    n = (200 * 10**decimals * part + whole) // (2 * whole)
    digits = str(n).rjust(decimals + 1, "0")
    return f"{digits[:-decimals]},{digits[-decimals:]}" if decimals else digits


@st.composite
def parts_of(draw: st.DrawFn, total: int, most: int = 5) -> list[int]:
    """Positive amounts that add up to ``total`` cents."""
    count = draw(st.integers(1, min(most, total)))
    cuts = sorted(draw(st.sets(st.integers(1, total - 1), min_size=count - 1, max_size=count - 1))) if count > 1 else []
    return [after - before for before, after in zip([0, *cuts], [*cuts, total], strict=True)]


@st.composite
def breakdown(draw: st.DrawFn, total: int, depth: int = 1) -> Record:
    """A partition of ``total``, perhaps of partitions."""
    decimals = draw(st.integers(0, 3))
    percents = draw(st.booleans())
    parts: list[Record] = []
    for amount in draw(parts_of(total, 4)):
        part: Record = {"label": draw(st.sampled_from(NAMES)), "amount": draw(written(amount))}
        if percents:
            part["percentage"] = rate(amount, total, decimals) + " %"
        if depth and draw(st.booleans()):
            part["breakdowns"] = [draw(breakdown(amount, depth - 1))]
        parts.append(part)
    made: Record = {"by": draw(st.sampled_from(("payment", "purpose", "other"))), "parts": parts}
    if draw(st.booleans()):
        made["total"] = draw(written(total))
    return made


@st.composite
def true_records(draw: st.DrawFn) -> tuple[Record, int]:
    """A record whose every claim holds, and its total in cents."""
    total = draw(cents)
    record: Record = {"reference": draw(st.sampled_from(("2017-1", "D 12/3", "n° 7"))), "total": draw(written(total))}
    optional = draw(
        st.sets(st.sampled_from(("base", "allocations", "breakdowns", "percentages", "ceilings", "plan", "words")))
    )
    if "base" in optional:
        whole = total + draw(st.integers(0, 10**9))
        label = {"label": "budget"} if draw(st.booleans()) else {}
        record["base"] = {**label, "amount": draw(written(whole))}
        if draw(st.booleans()):
            record["stated_percentage"] = rate(total, whole, draw(st.integers(0, 4))) + draw(
                st.sampled_from(("", " %", "%"))
            )
    if "allocations" in optional:
        record["allocations"] = [
            {
                "funder": draw(st.sampled_from(NAMES)),
                "amount": draw(written(amount)),
                "imputation": draw(st.sampled_from(CODES)),
            }
            for amount in draw(parts_of(total))
        ]
    if "breakdowns" in optional:
        record["breakdowns"] = [draw(breakdown(total))]
    if "percentages" in optional:
        part, whole = draw(cents), draw(cents)
        record["percentages"] = [
            {"stated": rate(part, whole, 2), "part": draw(written(part)), "base": {"amount": draw(written(whole))}}
        ]
    if "ceilings" in optional:
        record["ceilings"] = [
            {"limit": draw(written(total + draw(st.integers(0, 10**6))))},
            {"rate": "50 %", "of": draw(written(2 * total))},
        ]
    if "plan" in optional:
        whole = draw(cents)
        sides = {
            side: [
                {"label": draw(st.sampled_from(NAMES)), "amount": draw(written(amount))}
                for amount in draw(parts_of(whole))
            ]
            for side in ("expenses", "revenues")
        }
        record["financing_plan"] = {**sides, **({"total": draw(written(whole))} if draw(st.booleans()) else {})}
    if "words" in optional and total <= 10**14:
        record["amount_in_words"] = amount_to_words(Decimal(total).scaleb(-2))
    if draw(st.booleans()):
        record["convention"] = True
    return record, total


@st.composite
def plain_records(draw: st.DrawFn) -> Record:
    """A record as a program writes it by the million: text amounts, a base, allocations; it holds."""
    amounts = draw(st.lists(st.integers(1, 10**9), min_size=1, max_size=4))
    total = sum(amounts)
    base = total + draw(st.integers(0, 10**9))
    year = draw(st.integers(2001, 2024))
    decimals = draw(st.integers(0, 2))
    record: Record = {
        "reference": draw(st.sampled_from(("DCM-1", "2017 / 3", "n°\u00a02"))),
        "fiscal_year": year,
        "total": money(total),
        "base": {"label": draw(st.sampled_from(NAMES)), "amount": money(base)},
        "stated_percentage": rate(total, base, decimals),
        "allocations": [
            {
                "funder": draw(st.sampled_from(NAMES)),
                "amount": money(amount),
                "imputation": draw(st.sampled_from(CODES)),
            }
            for amount in amounts
        ],
    }
    return record
