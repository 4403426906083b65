"""Every mask against the judge: it may leave too much to be judged, never too little."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subsidy_rules.tables.cells import fault_of_cell, is_blank
from subsidy_rules.tables.judging import plain_amount, plain_share
from subsidy_rules.tables.schema import NATURES, Column

np = pytest.importorskip("numpy", reason="masks need numpy (extra « tables »)")

from subsidy_rules.imputation import parse_imputation  # noqa: E402
from subsidy_rules.tables import masks  # noqa: E402

SIRETS = ["52499120500013", "21060004500392", "35600000000048", "35600000049837", "00000000000000"]
TEXT = st.one_of(
    st.sampled_from(SIRETS),
    st.text(max_size=30),
    st.text("0123456789./- ", max_size=24),
    st.from_regex(r"[0-9]{14}", fullmatch=True),
    st.from_regex(r"(19|20)[0-9]{2}-[01][0-9]-[0-3][0-9](/(19|20)[0-9]{2}-[01][0-9]-[0-3][0-9])?", fullmatch=True),
    st.from_regex(r"[0-9]{1,15}(\.[0-9]{0,3})?", fullmatch=True),
    st.from_regex(r"[01]\.[0-9]{0,8}", fullmatch=True),
    st.from_regex(r"W[0-9A-Z]{9}", fullmatch=True),
    st.from_regex(r"[A-Z][0-9]{3}/(65|67|204|66)/(65|67|204)[0-9]{0,6}/[0-9]{0,4}", fullmatch=True),
    st.sampled_from(NATURES),
)


def column(cells: list[str]) -> masks.Column:
    return masks.column_of([cell.encode("utf-8", "surrogatepass") for cell in cells])


def right(cell: str, holds: str, **more: object) -> bool:
    known = Column(name="x", holds=holds, **more)  # type: ignore[arg-type]
    return not is_blank(cell) and fault_of_cell(known, cell, official=True) is None


@settings(max_examples=250, deadline=None)
@given(st.lists(TEXT, min_size=1, max_size=12))
def test_never_too_little(cells: list[str]) -> None:
    given_cells = column(cells)
    amounts, cents = masks.amounts(given_cells)
    shares, packed = masks.shares(given_cells)
    for at, cell in enumerate(cells):
        plain = plain_amount(cell)
        assert bool(amounts[at]) == (plain is not None)
        assert plain is None or cents[at] == plain
        share = plain_share(cell)
        assert bool(shares[at]) == (share is not None)
        assert share is None or packed[at] == share[0] << 3 | share[1]
    for mask, holds in (
        (masks.sirets(given_cells), "siret"),
        (masks.rnas(given_cells), "rna"),
        (masks.dates(given_cells), "date"),
        (masks.periods(given_cells), "period"),
        (masks.years(given_cells), "year"),
    ):
        for cell, sure in zip(cells, mask.tolist(), strict=True):
            assert not sure or right(cell, holds), (holds, cell)
    for cell, sure in zip(cells, masks.filled(given_cells).tolist(), strict=True):
        assert not sure or not is_blank(cell)
    for cell, sure in zip(cells, masks.trimmed(given_cells).tolist(), strict=True):
        assert not sure or cell == cell.strip()
    choices = masks.choices(given_cells, [word.encode() for word in NATURES])
    assert choices.tolist() == [cell in NATURES for cell in cells]
    for cell, sure in zip(cells, masks.imputations(given_cells).tolist(), strict=True):
        if sure:
            assert parse_imputation(cell).faults == ()


@given(st.dates(), st.dates())
def test_days_are_seen_to_be_right(first: object, last: object) -> None:
    cells = [str(first), f"{first}/{last}"]
    given_cells = column(cells)
    assert masks.dates(given_cells).tolist() == [True, False]
    assert masks.periods(given_cells).tolist() == [True, str(first) <= str(last)]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=50), min_size=2, max_size=20))
def test_marks_are_equal_when_cells_are(cells: list[str]) -> None:
    with np.errstate(over="ignore"):
        marks = masks.marks(column(cells), (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)).tolist()
    for a, mark in zip(cells, marks, strict=True):
        for b, other in zip(cells, marks, strict=True):
            assert (a == b) == (mark == other)


def test_a_mark_does_not_depend_on_the_other_cells() -> None:
    secret = (3, 5, 7)
    with np.errstate(over="ignore"):
        alone = masks.marks(column(["D-1"]), secret)[0]
        beside = masks.marks(column(["D-1", "D-" + "9" * 40, ""]), secret)
    assert alone == beside[0]
    assert len(set(beside.tolist())) == 3


def test_every_right_siret_but_la_poste_is_seen() -> None:
    cells = ["52499120500013", "21060004500392", "23350001600040", "38047555800058"]
    assert masks.sirets(column(cells)).all()
    assert not masks.sirets(column(["00000000000000", "5249912050001", "52499120500014"])).any()


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.one_of(st.sampled_from(["a", "é", "€", "😀"]).map(str.encode), st.integers(0, 255).map(lambda b: bytes([b])))
    ),
    st.sampled_from([8, 16, 1 << 17]),
)
def test_text_is_text_where_the_interpreter_reads_it(pieces: list[bytes], step: int) -> None:
    from subsidy_rules.tables import blocks

    data = b"".join(pieces) + b"\n"
    try:
        data.decode()
        right = True
    except UnicodeDecodeError:
        right = False
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(blocks, "_STEP", step)
        if right:
            blocks._check_text(np.frombuffer(data, np.uint8))
        else:
            with pytest.raises(blocks.NotPlain):
                blocks._check_text(np.frombuffer(data, np.uint8))
