"""A figure: one number as it is written.

A figure keeps what the writer committed to (the digits, how many decimals, the unit, « environ »), because that is
what decides which values it may stand for. `70 000,00` is not `70 000`: the same value, another precision.
Nothing here reads text (see ``numerals``) and nothing here is a float.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Literal, TypeVar

from subsidy_rules.bounds import Bounds
from subsidy_rules.frozen import dataclass
from subsidy_rules.place import Place
from subsidy_rules.rounding import DEFAULT_MODE, Mode, bounds_of

__all__ = ["Amount", "Count", "Figure", "Percentage", "Qualifier", "Tax"]

Qualifier = Literal["about", "above", "below", "at_least", "at_most"]
"""Words beside a figure that loosen it: environ, plus de, moins de, au moins, au plus."""

Tax = Literal["HT", "TTC"]
"""Hors taxes (before tax) or toutes taxes comprises (tax included)."""


@lru_cache(maxsize=8192)
def _worth(n: int, power: int) -> Fraction:
    """``n`` at that power of ten: the same figures are asked for it again and again."""
    return Fraction(n * 10**power) if power >= 0 else Fraction(n, 10**-power)


@lru_cache(maxsize=256)
def _unit(power: int) -> Fraction:
    return Fraction(10**power) if power >= 0 else Fraction(1, 10**-power)


Self = TypeVar("Self", bound="Figure")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """``n`` units of ``10 ** (exponent - decimals)``.

    ``n`` is signed and counts the last written place: « 10,50 M€ » is n=1050, decimals=2, exponent=6.
    ``text`` is what was written, to the character; ``place`` is where, when it comes from a source.
    """

    n: int
    decimals: int = 0
    exponent: int = 0
    qualifier: Qualifier | None = None
    text: str = ""
    place: Place | None = None

    def __post_init__(self) -> None:
        if isinstance(self.n, bool) or not isinstance(self.n, int):
            raise TypeError("n is an int")
        if self.decimals < 0:
            raise ValueError("decimals is not negative")

    @property
    def unit(self) -> Fraction:
        """The worth of one unit in the last written place: 1/100 for « 5,27 », 100 000 for « 1,5 M€ »."""
        return _unit(self.exponent - self.decimals)

    @property
    def fraction(self) -> Fraction:
        """The printed value as a rational."""
        return _worth(self.n, self.exponent - self.decimals)

    @property
    def value(self) -> Decimal:
        """The printed value as a ``Decimal`` with the written decimals (« 70 000,00 » gives ``70000.00``)."""
        power = self.exponent - self.decimals
        if power > 0:
            return Decimal(self.n * 10**power)
        return Decimal(f"{self.n}E{power}")  # the constructor never rounds

    @property
    def plain(self) -> str:
        """The printed value as a decimal string without exponent: what JSON carries."""
        return format(self.value, "f")

    @property
    def is_exact(self) -> bool:
        """True when the figure stands for its printed value only."""
        return False

    def bounds(self, mode: Mode = DEFAULT_MODE) -> Bounds:
        """The values the figure may stand for, when it was rounded by ``mode``."""
        if self.is_exact:
            return Bounds.point(self.fraction)
        return self._qualified(bounds_of(self.n, self.unit, mode))

    def _qualified(self, rounded: Bounds) -> Bounds:
        value = self.fraction
        match self.qualifier:
            case "about":
                return bounds_of(*self._significant(), "nearest")
            case "above":
                return Bounds(value, None, lower_closed=False)
            case "at_least":
                return Bounds(value, None)
            case "below":
                return Bounds(None, value, upper_closed=False)
            case "at_most":
                return Bounds(None, value)
            case None:
                return rounded

    def _significant(self) -> tuple[int, Fraction]:
        """The figure counted in its last digit that is not zero: « environ 70 000 » is 7 units of 10 000."""
        n, unit = self.n, self.unit
        while n and n % 10 == 0:
            n //= 10
            unit *= 10
        return n, unit

    def at(self: Self, place: Place | None) -> Self:
        """The same figure, written at ``place``."""
        return replace(self, place=place)


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount(Figure):
    """A sum of money. Written to the cent or to the euro it is exact; scaled (« 10 M€ ») or « environ », it is not.

    ``currency`` is an ISO 4217 code (``EUR``, ``FRF`` for francs), or ``None`` when none is written.
    """

    currency: str | None = None
    tax: Tax | None = None

    @property
    def is_exact(self) -> bool:
        return self.exponent == 0 and self.qualifier is None

    @property
    def rounded_to(self) -> Decimal | None:
        """The worth of the last written place of an amount that is not exact (« 10 M€ »: 1 000 000), else ``None``."""
        if self.is_exact:
            return None
        power = self.exponent - self.decimals
        return Decimal(10**power) if power >= 0 else Decimal((0, (1,), power))


@dataclass(frozen=True, slots=True, kw_only=True)
class Percentage(Figure):
    """A rate in per cent: « 5,27 % » is n=527, decimals=2. Always an interval, never a single value.

    ``per_mille`` figures are kept with exponent -1, so that ``fraction`` is in per cent for both.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Count(Figure):
    """A number of things. Exact unless « environ », « près de »… ``noun`` is what is counted, as written."""

    noun: str | None = None

    @property
    def is_exact(self) -> bool:
        return self.exponent == 0 and self.qualifier is None
