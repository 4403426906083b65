"""The faster ``dataclass`` makes the same classes as the standard one."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subsidy_rules.figures import Amount
from subsidy_rules.frozen import dataclass as ours


def made(decorator: Callable[..., Any]) -> tuple[Any, Any]:
    """A class and one that inherits from it: defaults, factories, keywords, a check after the making, fields aside."""

    @decorator(frozen=True, slots=True)
    class Base:
        """A base."""

        number: int
        word: str = "x"
        hidden: int = dataclasses.field(default=0, repr=False, compare=False)

        def __post_init__(self) -> None:
            if self.number < 0:
                raise ValueError("not negative")

    @decorator(frozen=True, slots=True, kw_only=True)
    class Child(Base):
        """A child."""

        more: list[int] = dataclasses.field(default_factory=list)
        own: int

        def __repr__(self) -> str:
            return "a child"

    return Base, Child


STANDARD, OURS = made(dataclasses.dataclass), made(ours)
arguments = st.fixed_dictionaries({"number": st.integers(0, 2)}, optional={"word": st.text(max_size=1)})


@given(arguments, arguments, st.integers(0, 1))
def test_they_compare_hash_and_show_alike(first: dict[str, Any], second: dict[str, Any], hidden: int) -> None:
    for index, more in ((0, {"hidden": hidden}), (1, {"own": 4})):
        a, b = (STANDARD[index](**given, **more) for given in (first, second))
        c, d = (OURS[index](**given, **more) for given in (first, second))
        assert (a == b) == (c == d)
        assert repr(a).rpartition(".")[2] == repr(c).rpartition(".")[2]
        assert c != a
        if index == 0:
            assert (hash(a) == hash(b)) == (hash(c) == hash(d))
        assert dataclasses.replace(c, number=1).number == 1
        assert copy.deepcopy(c) == c


def test_they_are_called_alike() -> None:
    for one, other in zip(STANDARD, OURS, strict=True):
        assert inspect.signature(one) == inspect.signature(other)
        assert one.__match_args__ == other.__match_args__
        assert [field.name for field in dataclasses.fields(one)] == [field.name for field in dataclasses.fields(other)]
        for wrong in ({}, {"number": 1, "nothing": 2}):
            for tried in (one, other):
                with pytest.raises(TypeError):
                    tried(**wrong)
    for base in (STANDARD[0], OURS[0]):
        with pytest.raises(ValueError, match="not negative"):
            base(-1)
    first, second = OURS[1](1, own=2), OURS[1](1, own=2)
    assert first.more == []
    assert first.more is not second.more


def test_they_do_not_change() -> None:
    value = OURS[0](1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        value.number = 2
    with pytest.raises(dataclasses.FrozenInstanceError):
        del value.number
    with pytest.raises((AttributeError, TypeError)):
        value.other = 2
    assert not hasattr(value, "__dict__")


def test_they_travel() -> None:
    amount = Amount(n=527, decimals=2, text="5,27", currency="EUR")
    assert pickle.loads(pickle.dumps(amount)) == amount == copy.copy(amount)


def test_other_kinds_are_the_standard_ones() -> None:
    @ours(slots=True)
    class Changing:
        """It changes."""

        number: int = 1

    value = Changing()
    value.number = 2
    assert value == Changing(2)
