"""Exact intervals: the set of values that a written figure may stand for.

Ends are integers or rationals (``Fraction``), each open or closed, or infinite (``None``). There is no float and
no tolerance: two figures agree when their sets meet, and they do not when the sets do not, however close they are.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from subsidy_rules.frozen import dataclass

__all__ = ["Bounds", "Exact", "exactly"]

Exact = int | Fraction | Decimal
"""A number without rounding: floats are refused everywhere in this package."""


def exactly(value: Exact) -> Fraction:
    """``value`` as a rational; refuses floats, NaN and infinities with ``TypeError`` or ``ValueError``."""
    if type(value) is Fraction:
        return value
    if isinstance(value, float):
        raise TypeError(f"a float ({value!r}) is not exact: write it as text, an int, a Decimal or a Fraction")
    if isinstance(value, Decimal) and not value.is_finite():
        raise ValueError(f"{value} is not a number")
    return Fraction(value)


@dataclass(frozen=True, slots=True)
class Bounds:
    """A non-empty interval of the rationals.

    ``lower`` or ``upper`` is ``None`` where the interval has no end on that side (that end is then open).
    An interval that holds no value cannot be built: ``ValueError``.
    """

    lower: Fraction | None
    upper: Fraction | None
    lower_closed: bool = True
    upper_closed: bool = True

    def __post_init__(self) -> None:
        if self.lower is None and self.lower_closed:
            object.__setattr__(self, "lower_closed", False)
        if self.upper is None and self.upper_closed:
            object.__setattr__(self, "upper_closed", False)
        if (
            self.lower is not None
            and self.upper is not None
            and (
                self.lower > self.upper or (self.lower == self.upper and not (self.lower_closed and self.upper_closed))
            )
        ):
            raise ValueError(f"empty interval: {self}")

    # -- building -------------------------------------------------------------------------------------------

    @classmethod
    def point(cls, value: Exact) -> Bounds:
        """The single value ``value``."""
        exact = exactly(value)
        return cls(exact, exact)

    @classmethod
    def between(
        cls, lower: Exact | None, upper: Exact | None, *, lower_closed: bool = True, upper_closed: bool = True
    ) -> Bounds:
        """From ``lower`` to ``upper``; ``None`` is no end on that side."""
        return cls(
            None if lower is None else exactly(lower),
            None if upper is None else exactly(upper),
            lower_closed,
            upper_closed,
        )

    # -- asking ---------------------------------------------------------------------------------------------

    @property
    def is_point(self) -> bool:
        """True when exactly one value is possible."""
        return self.lower is not None and self.lower == self.upper

    def contains(self, value: Exact) -> bool:
        """True when ``value`` is one of the values."""
        exact = exactly(value)
        if self.lower is not None and (exact < self.lower or (exact == self.lower and not self.lower_closed)):
            return False
        return not (self.upper is not None and (exact > self.upper or (exact == self.upper and not self.upper_closed)))

    __contains__ = contains

    def meets(self, other: Bounds) -> bool:
        """True when some value belongs to both."""
        return not (self.is_below(other) or other.is_below(self))

    def is_below(self, other: Bounds) -> bool:
        """True when every value here is smaller than every value of ``other``."""
        if self.upper is None or other.lower is None:
            return False
        return self.upper < other.lower or (
            self.upper == other.lower and not (self.upper_closed and other.lower_closed)
        )

    def within(self, other: Bounds) -> bool:
        """True when every value here is also a value of ``other``."""
        if other.lower is not None and (
            self.lower is None
            or self.lower < other.lower
            or (self.lower == other.lower and self.lower_closed and not other.lower_closed)
        ):
            return False
        return not (
            other.upper is not None
            and (
                self.upper is None
                or self.upper > other.upper
                or (self.upper == other.upper and self.upper_closed and not other.upper_closed)
            )
        )

    def intersection(self, other: Bounds) -> Bounds | None:
        """The values that belong to both, or ``None`` when there are none."""
        if not self.meets(other):
            return None
        lower, lower_closed = self.lower, self.lower_closed
        if other.lower is not None and (lower is None or other.lower > lower):
            lower, lower_closed = other.lower, other.lower_closed
        elif other.lower is not None and other.lower == lower:
            lower_closed = lower_closed and other.lower_closed
        upper, upper_closed = self.upper, self.upper_closed
        if other.upper is not None and (upper is None or other.upper < upper):
            upper, upper_closed = other.upper, other.upper_closed
        elif other.upper is not None and other.upper == upper:
            upper_closed = upper_closed and other.upper_closed
        return Bounds(lower, upper, lower_closed, upper_closed)

    # -- arithmetic -----------------------------------------------------------------------------------------

    def __neg__(self) -> Bounds:
        return Bounds(
            None if self.upper is None else -self.upper,
            None if self.lower is None else -self.lower,
            self.upper_closed,
            self.lower_closed,
        )

    def __add__(self, other: Bounds | Exact) -> Bounds:
        if not isinstance(other, Bounds):
            other = Bounds.point(other)
        return Bounds(
            None if self.lower is None or other.lower is None else self.lower + other.lower,
            None if self.upper is None or other.upper is None else self.upper + other.upper,
            self.lower_closed and other.lower_closed,
            self.upper_closed and other.upper_closed,
        )

    __radd__ = __add__

    def __sub__(self, other: Bounds | Exact) -> Bounds:
        if not isinstance(other, Bounds):
            other = Bounds.point(other)
        return self + -other

    def __rsub__(self, other: Exact) -> Bounds:
        return -self + other

    def __mul__(self, other: Bounds | Exact) -> Bounds:
        """Product with an exact number (a negative one swaps ends and their flags) or with other bounds."""
        if isinstance(other, Bounds):
            return self._product(other)
        factor = exactly(other)
        if factor < 0:
            return -self * -factor
        if factor == 0:
            return Bounds.point(0)
        return Bounds(
            None if self.lower is None else self.lower * factor,
            None if self.upper is None else self.upper * factor,
            self.lower_closed,
            self.upper_closed,
        )

    __rmul__ = __mul__

    def _product(self, other: Bounds) -> Bounds:
        """All products of a value here by a value there, for any signs.

        The extreme products lie at pairs of ends, and one is reached when both of its ends are. Besides, zero is
        reached as soon as a factor holds it: zero times anything is zero, whatever the other end does.
        """
        products: set[tuple[Fraction, bool]] = set()
        endless_below = endless_above = False
        for a, a_closed, a_side in ((self.lower, self.lower_closed, -1), (self.upper, self.upper_closed, 1)):
            for b, b_closed, b_side in (
                (other.lower, other.lower_closed, -1),
                (other.upper, other.upper_closed, 1),
            ):
                if a is None or b is None:
                    # Infinite end times the other: its sign decides the direction; times zero it is zero.
                    sign_a = a_side if a is None else (a > 0) - (a < 0)
                    sign_b = b_side if b is None else (b > 0) - (b < 0)
                    sign = sign_a * sign_b
                    endless_above = endless_above or sign == 1
                    endless_below = endless_below or sign == -1
                    if sign == 0:
                        products.add((Fraction(0), False))
                else:
                    products.add((a * b, a_closed and b_closed))
        if self.contains(0) or other.contains(0):
            products.add((Fraction(0), True))
        lower = None if endless_below else min(products)[0]
        upper = None if endless_above else max(products)[0]
        return Bounds(lower, upper, (lower, True) in products, (upper, True) in products)

    def __truediv__(self, other: Bounds | Exact) -> Bounds:
        """Quotient by an exact number, or by bounds that do not hold or touch zero (``ZeroDivisionError``)."""
        if not isinstance(other, Bounds):
            return self * (1 / exactly(other))
        if other.upper is not None and other.upper < 0:
            return -self / -other
        if other.lower is None or other.lower <= 0:
            raise ZeroDivisionError(f"{other} holds or touches zero")
        return self * Bounds(
            Fraction(0) if other.upper is None else 1 / other.upper,
            1 / other.lower,
            other.upper_closed,
            other.lower_closed,
        )

    def widened(self, slack: Exact) -> Bounds:
        """Both ends moved outwards by ``slack`` (not negative): for a slack that a law or a practice names."""
        amount = exactly(slack)
        if amount < 0:
            raise ValueError("a slack is not negative")
        return self + Bounds(-amount, amount)

    def __str__(self) -> str:
        lower = "-∞" if self.lower is None else str(self.lower)
        upper = "+∞" if self.upper is None else str(self.upper)
        return f"{'[' if self.lower_closed else '('}{lower}, {upper}{']' if self.upper_closed else ')'}"
