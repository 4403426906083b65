"""How figures go wrong: the values that a printed figure may stand for when a slip was made, and how likely each is.

For a printed figure, ``slips`` lists the values it could have been meant to be, with the probability that the slip
turns that value into what is printed. Four kinds of typing slip have published frequencies (S. Scholtus,
*Automatic correction of simple typing errors in numerical data with balance edits*, Statistics Netherlands 09046,
2009, table 1: 152 slips among 4 381 business records): a digit replaced 112 times, omitted 15, two interchanged 14,
one added 11. A rounding off by 1, 2 or 3 units has the proportions of Scholtus, *Algorithms for correcting some
obvious inconsistencies and rounding errors in business survey data*, Statistics Netherlands 08015, 2008, table 7.
How the other kinds divide the rest is an assumption, written in ``SHARES`` and discussed in ``docs/diagnosis.md``.

Probabilities are whole numbers of ``SCALE``, so that sums and products are exact.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

from subsidy_rules.figures import Amount, Figure, Percentage
from subsidy_rules.wording import Message

__all__ = ["KINDS", "SCALE", "SHARES", "Kind", "Slip", "free_weight", "slips"]

SCALE: Final = 10**15
Kind = Literal[
    "replaced",
    "omitted",
    "interchanged",
    "added",
    "doubled",
    "several_digits",
    "sign",
    "shifted",
    "thousand",
    "rounded",
    "truncated",
    "plug",
    "tax",
    "left_out",
    "counted_twice",
    "swapped",
    "copied",
    "previous_year",
    "cumulated",
    "points",
    "blank",
    "retyped",
]

KINDS: Final[dict[Kind, Message]] = {
    "replaced": Message("un chiffre remplacé par un autre", "one digit replaced by another"),
    "omitted": Message("un chiffre oublié", "a digit left out"),
    "interchanged": Message("deux chiffres voisins intervertis", "two neighbouring digits interchanged"),
    "added": Message("un chiffre de trop", "one digit too many"),
    "doubled": Message("un chiffre doublé", "a doubled digit"),
    "several_digits": Message("deux fautes de frappe dans un même montant", "two typing slips in one figure"),
    "sign": Message("un signe inversé", "a reversed sign"),
    "shifted": Message("une virgule déplacée", "a shifted decimal mark"),
    "thousand": Message("un facteur mille", "a factor of one thousand"),
    "rounded": Message("un écart d’arrondi", "a rounding difference"),
    "truncated": Message("une valeur tronquée au lieu d’être arrondie", "a value cut instead of rounded"),
    "plug": Message("une part ajustée pour totaliser 100", "a share adjusted to make the column add to 100"),
    "tax": Message(
        "un montant hors taxes pris pour le TTC, ou l’inverse", "an amount before tax for one with tax, or back"
    ),
    "left_out": Message("une ligne oubliée dans le total", "a line left out of the total"),
    "counted_twice": Message("une ligne comptée deux fois dans le total", "a line counted twice in the total"),
    "swapped": Message("deux montants intervertis", "two figures swapped"),
    "copied": Message("un autre montant recopié à cette place", "another figure copied in its place"),
    "previous_year": Message("le montant de l’année précédente", "the figure of the year before"),
    "cumulated": Message("des cumuls au lieu des montants des lignes", "running totals instead of the lines’ amounts"),
    "points": Message("des points pour des pour cent", "points given as per cent"),
    "blank": Message("un montant laissé à zéro", "a figure left at zero"),
    "retyped": Message("une autre valeur", "another value"),
}
"""What each kind of slip is called."""

_PUBLISHED: Final[dict[Kind, int]] = {"replaced": 112, "omitted": 15, "interchanged": 14, "added": 11}
_TYPED: Final = 712
_OTHERS: Final[dict[Kind, int]] = {
    "swapped": 120,
    "sign": 80,
    "several_digits": 5,
    "shifted": 15,
    "thousand": 10,
    "copied": 6,
    "previous_year": 10,
    "left_out": 10,
    "retyped": 5,
    "rounded": 6,
    "tax": 5,
    "truncated": 5,
    "blank": 3,
    "counted_twice": 1,
    "cumulated": 5,
    "plug": 1,
    "points": 1,
}
SHARES: Final[dict[Kind, int]] = {
    **{
        kind: SCALE * _TYPED // 1000 * (4 * count + sum(_PUBLISHED.values())) // (8 * sum(_PUBLISHED.values()))
        for kind, count in _PUBLISHED.items()
    },
    **{kind: SCALE * parts // 1000 for kind, parts in _OTHERS.items()},
    "doubled": 0,
}
"""The probability of each kind, given that a figure is wrong; ``doubled`` is part of ``added``. They add to SCALE.

Of the four typing slips, half the probability follows the published counts and half is shared alike: the counts come
from one survey, and how often another writer leaves a digit out is not known.
"""

_ROUNDED_BY: Final = ((1, 11953), (2, 1426), (3, 134))
_ROUNDED_ALL: Final = 2 * 13513

HABIT: Final = 4
"""The decimals of a percentage are a habit of its writer: one more or one less is so many times less likely."""

_TAX_RATES: Final = ((200, 60), (100, 14), (55, 14), (196, 9), (21, 3))
"""French VAT rates in tenths of a per cent (CGI art. 278, 279, 278-0 bis, 281 quater; 19,6 % until 2013), in 100."""


Slip = tuple[int, int, int, Kind]
"""What was meant (``n`` last-place units with so many decimals), the probability in ``SCALE`` that this slip prints the
figure instead, and its kind."""


def slips(figure: Figure) -> Iterator[Slip]:
    """Every slip that prints ``figure`` instead of something else; the same value may come from several."""
    n, decimals = figure.n, figure.decimals
    yield from _typed(n, decimals, isinstance(figure, Amount))
    yield -n, decimals, SHARES["sign"], "sign"
    yield from _shifted(n, decimals, figure)
    for off, count in _ROUNDED_BY:
        weight = SHARES["rounded"] * count // _ROUNDED_ALL
        yield n + off, decimals, weight, "rounded"
        yield n - off, decimals, weight, "rounded"
    yield n + (1 if n >= 0 else -1), decimals, SHARES["truncated"], "truncated"
    if isinstance(figure, Amount):
        for tenths, parts in _TAX_RATES:
            weight = SHARES["tax"] * parts // 200
            yield _rounded(n * (1000 + tenths), 1000), decimals, weight, "tax"
            yield _rounded(n * 1000, 1000 + tenths), decimals, weight, "tax"


def _rounded(numerator: int, denominator: int) -> int:
    """Half away from zero."""
    whole, left = divmod(abs(numerator), denominator)
    whole += 2 * left >= denominator
    return -whole if numerator < 0 else whole


def _typed(n: int, decimals: int, money: bool) -> Iterator[Slip]:
    """The four slips of the published table, read backwards from the printed digits."""
    sign = -1 if n < 0 else 1
    digits = str(abs(n)).rjust(decimals + 1, "0")
    length = len(digits)
    head = length - decimals
    values = [ord(char) - 48 for char in digits]
    powers = [10 ** (length - 1 - i) for i in range(length)]
    size = abs(n)
    first_may_be_zero = head == 1
    weight = SHARES["replaced"] // (9 * length)
    for i, old in enumerate(values):
        base, power = size - old * powers[i], powers[i]
        for digit in range(0 if i or first_may_be_zero else 1, 10):
            if digit != old:
                yield sign * (base + digit * power), decimals, weight, "replaced"
    if length > 1:
        weight = SHARES["interchanged"] // (length - 1)
        for i in range(length - 1):
            left, right = values[i], values[i + 1]
            if left != right and (i or right or first_may_be_zero):
                moved = (right - left) * (powers[i] - powers[i + 1])
                yield sign * (size + moved), decimals, weight, "interchanged"
    # A digit that is missing: put any digit back anywhere. Past the decimal mark it adds a decimal.
    weight = SHARES["omitted"] // (length + 1)
    for i in range(length + 1):
        place = 10 ** (length - i)
        high, low = divmod(size, place)
        base = high * place * 10 + low
        for digit in range(10):
            value = sign * (base + digit * place)
            if i <= head and (digit or i or not size):
                yield value, decimals, weight, "omitted"
            if decimals and i >= head and not money:
                yield value, decimals + 1, weight // HABIT, "omitted"
    # A first digit lost together with the zeros behind it (60 184 printed 184), or replaced by a zero.
    if n and not decimals:
        for zeros in (1, 2):
            base = 10 ** (length + zeros)
            weight = SHARES["omitted"] // (length + 1 + zeros)
            if zeros == 1:
                weight += SHARES["replaced"] // (9 * (length + 1 + zeros))
            for digit in range(1, 10):
                yield sign * (digit * base + size), decimals, weight, "omitted"
    # A digit too many: take each away.
    if length > 1:
        weight = SHARES["added"] // (10 * length)
        for i in range(length):
            place = powers[i]
            value = size // (place * 10) * place + size % place
            beside = (i and values[i - 1] == values[i]) or (i + 1 < length and values[i + 1] == values[i])
            kind: Kind = "doubled" if beside else "added"
            if i < head:
                if head > 1 and (i or values[1] or head == 2):
                    yield sign * value, decimals, weight, kind
            elif not money:
                yield sign * value, decimals - 1, weight // HABIT, kind


def _shifted(n: int, decimals: int, figure: Figure) -> Iterator[Slip]:
    """The decimal mark moved or lost, zeros too many or too few, thousands for units."""
    if not n:
        return
    weight = SHARES["shifted"] // 8
    for places in (1, 2):
        power = 10**places
        yield n * power, decimals, weight, "shifted"
        if n % power == 0:
            yield n // power, decimals, weight, "shifted"
        if isinstance(figure, Percentage):
            yield n, decimals + places, weight, "shifted"
            if decimals >= places:
                yield n, decimals - places, weight, "shifted"
    if isinstance(figure, Amount) and decimals in (0, 2):
        yield n, 2 - decimals, weight, "shifted"
    weight = SHARES["thousand"] // 2
    yield n * 1000, decimals, weight, "thousand"
    if n % 1000 == 0:
        yield n // 1000, decimals, weight, "thousand"


def free_weight(printed: int, meant: int) -> tuple[int, Kind]:
    """The probability that ``meant`` is printed as ``printed`` by something less simple than one slip.

    Two slips in one figure when their digits are two slips apart; otherwise any number of that many digits.
    """
    here = str(abs(printed))
    length = len(here)
    weight = SHARES["retyped"] // 10**length
    if (printed < 0) == (meant < 0) and _two_apart(here, str(abs(meant))):
        # About twenty slips for each digit, so some two hundred pairs for each pair of digits.
        two = SHARES["several_digits"] // (200 * length * length)
        return weight + two, "several_digits" if two > weight else "retyped"
    return weight, "retyped"


def _two_apart(a: str, b: str) -> bool:
    """True when at most two slips (replace, add, omit, interchange neighbours) lead from ``a`` to ``b``."""
    if abs(len(a) - len(b)) > 2:
        return False
    # What they begin and end with in common takes no slip.
    first, last = 0, min(len(a), len(b))
    while first < last and a[first] == b[first]:
        first += 1
    a, b, last = a[first:], b[first:], last - first
    same = 0
    while same < last and a[-1 - same] == b[-1 - same]:
        same += 1
    a, b = a[: len(a) - same], b[: len(b) - same]
    if len(a) <= 2 and len(b) <= 2:
        return True
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, left in enumerate(a, 1):
        previous, row = row, [i]
        for j, right in enumerate(b, 1):
            cost = min(previous[j] + 1, row[-1] + 1, previous[j - 1] + (left != right))
            if i > 1 and j > 1 and left == b[j - 2] and a[i - 2] == right:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before = previous
    return row[-1] <= 2
