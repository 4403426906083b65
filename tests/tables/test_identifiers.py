"""SIREN, SIRET and RNA against python-stdnum, and what spreadsheets do to them."""

from __future__ import annotations

from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subsidy_rules.identifiers import fault_of, is_rna, is_siren, is_siret, luhn


@given(st.from_regex(r"[0-9]{9}", fullmatch=True), st.from_regex(r"[0-9]{14}", fullmatch=True))
def test_as_python_stdnum_does(siren: str, siret: str) -> None:
    stdnum = pytest.importorskip("stdnum.fr", reason="python-stdnum is the judge of check digits")
    assert stdnum is not None
    from stdnum.fr import siren as other_siren
    from stdnum.fr import siret as other_siret

    if siren != "000000000":
        assert is_siren(siren) == other_siren.is_valid(siren)
    if siret.strip("0"):
        assert is_siret(siret) == other_siret.is_valid(siret)


@given(st.integers(0, 9999))
def test_la_poste(office: int) -> None:
    text = f"356000000{office:04d}"
    for digit in "0123456789":
        number = text + digit
        assert is_siret(number) == (luhn(number) or sum(map(int, number)) % 5 == 0)


@pytest.mark.parametrize(
    ("text", "cause", "meant"),
    [
        ("3805449320029.0", "decimal-point", None),
        ("8612023500113.0", "decimal-point", "08612023500113"),
        ("42429715800018.0", "decimal-point", "42429715800018"),
        ("3,80475E+13", "scientific", None),
        ("524 991 205 00013", "spaced", "52499120500013"),
        ("218601946", "siren-only", None),
        ("21860194600000", "siren-padded", None),
        ("8612023500113", "leading-zero", "08612023500113"),
        ("52499120500O13", "letter", "52499120500013"),
        ("00000000000000", "placeholder", None),
        ("en cours", "placeholder", None),
        ("W333216789", "swapped", None),
        ("52499120500014", "key", None),
        ("mairie", "not-an-identifier", None),
        ("٣" * 14, "not-an-identifier", None),
    ],
)
def test_causes(text: str, cause: str, meant: str | None) -> None:
    fault = fault_of(text)
    assert fault is not None
    assert (fault.cause, fault.meant) == (cause, meant)


def test_rna() -> None:
    assert is_rna("W123456789")
    assert is_rna("W2A1234567")
    assert fault_of("w123456789", "rna") is not None
    assert fault_of("123456789", "rna") is not None


@given(st.text(max_size=40))
def test_never_raises(text: str) -> None:
    kinds: tuple[Literal["siret", "rna"], ...] = ("siret", "rna")
    for kind in kinds:
        fault = fault_of(text, kind)
        assert (fault is None) == (is_siret(text) if kind == "siret" else is_rna(text))
