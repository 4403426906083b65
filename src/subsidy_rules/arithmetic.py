"""The exact arithmetic by itself, for programs that want nothing else of this package.

``bounds`` says which values a printed figure may stand for, ``accepting_modes`` by which roundings a stated
percentage is right. Integers and rationals only; floats are refused.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Final

from subsidy_rules.bounds import Bounds, exactly
from subsidy_rules.figures import Amount, Figure, Percentage
from subsidy_rules.numerals import parse_amount, parse_percentage
from subsidy_rules.rounding import DEFAULT_MODE, MODES, Mode, accepts, bounds_of
from subsidy_rules.wording import Message

__all__ = [
    "DEFAULT_MODE",
    "MODES",
    "Bounds",
    "Mode",
    "WholeNotPositive",
    "accepting_modes",
    "accepts",
    "bounds",
    "bounds_of",
]

Value = int | Decimal | Fraction | str | Amount
"""An exact number, the text of an amount, or an amount."""

WHOLE_NOT_POSITIVE: Final = Message(
    fr="le tout d’un pourcentage doit être positif, et {whole} ne l’est pas à coup sûr",
    en="the whole of a percentage must be positive, and {whole} is not surely so",
)


class WholeNotPositive(ValueError):
    """The whole of a percentage is zero, negative, or an interval that reaches zero. ``reason`` says it."""

    def __init__(self, whole: Value) -> None:
        super().__init__(whole)
        self.whole = whole
        self.reason = WHOLE_NOT_POSITIVE.having(whole=whole)

    def __str__(self) -> str:
        return self.reason.say("en")


def bounds(stated: str | Figure, *, mode: Mode = DEFAULT_MODE) -> Bounds:
    """The values that a printed figure may stand for, when it was rounded by ``mode``.

    A figure answers for itself: an amount written in euros is exact. A text is read as a bare number or a percentage,
    and taken to be rounded at its last written place: ``bounds("5,27")`` is [5.265, 5.275]. Raises ``NumeralError``
    for a text that is neither, ``KeyError`` for a mode that is not in ``MODES``.
    """
    if mode not in MODES:
        raise KeyError(mode)
    figure = parse_percentage(stated) if isinstance(stated, str) else stated
    return figure.bounds(mode)


def _value(value: Value) -> Fraction | Bounds:
    """A point as a rational, anything else as bounds."""
    if isinstance(value, str):
        value = parse_amount(value)
    if isinstance(value, Amount):
        return value.fraction if value.is_exact else value.bounds()
    return exactly(value)


def accepting_modes(stated: str | Percentage, *, part: Value, whole: Value) -> frozenset[Mode]:
    """The rounding modes by which ``stated`` per cent of ``whole`` is ``part``; empty when there is none.

    With an exact part and whole the answer is found by integers only. With intervals (« 10 M€ », « environ ») a mode
    accepts when some value of the part over some value of the whole prints as ``stated``. Raises
    ``WholeNotPositive`` (a ``ValueError``), ``NumeralError`` for a text that cannot be read, and ``TypeError`` for a
    float.
    """
    percentage = parse_percentage(stated) if isinstance(stated, str) else stated
    share, total = _value(part), _value(whole)
    if isinstance(total, Bounds):
        if total.lower is None or total.lower <= 0:
            raise WholeNotPositive(whole)
    elif total <= 0:
        raise WholeNotPositive(whole)
    if percentage.qualifier is None and isinstance(share, Fraction) and isinstance(total, Fraction):
        # In units of the last written place: 100 · part / whole ÷ 10^(exponent - decimals).
        power = percentage.decimals - percentage.exponent
        numerator = 100 * share.numerator * total.denominator * 10 ** max(power, 0)
        denominator = share.denominator * total.numerator * 10 ** max(-power, 0)
        return frozenset(mode for mode in MODES if accepts(percentage.n, mode, numerator, denominator))
    left = share if isinstance(share, Bounds) else Bounds.point(share)
    ratio = left * 100 / total
    return frozenset(mode for mode in MODES if percentage.bounds(mode).meets(ratio))
