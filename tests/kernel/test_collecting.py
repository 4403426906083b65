"""The collector is paused while a document is read, and only then."""

from __future__ import annotations

import gc

import pytest

from subsidy_rules.collecting import paused


def _fails() -> None:
    with paused():
        assert not gc.isenabled()
        raise ValueError("inside")


def test_it_runs_again_afterwards() -> None:
    assert gc.isenabled()
    with pytest.raises(ValueError, match="inside"):
        _fails()
    assert gc.isenabled()


def test_who_had_stopped_it_finds_it_stopped() -> None:
    gc.disable()
    try:
        with paused():
            assert not gc.isenabled()
        assert not gc.isenabled()
    finally:
        gc.enable()
