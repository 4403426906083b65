"""Two executions, one verdict: the path over columns writes the report of the path in plain Python, to the letter."""

from __future__ import annotations

import errno
import io
import random
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from subsidy_rules.reading import ReadError
from tests.tables.making import BENCH, HEADER, check, row, said, table

pytest.importorskip("numpy", reason="the path over columns needs numpy (extra « tables »)")

DIRT = {
    "nomAttribuant": ["", " ", "\u00a0", "Ville", "«Ville»", "Éauze", " Ville", "\u2009", "Ville, centre"],
    "idAttribuant": ["21060004500392", "21060004500393", "", "218601946", "35600000049837", "2106000450039 2", "x"],
    "dateConvention": ["2024-02-29", "2023-02-29", "2024-13-01", "01/02/2024", "0000-01-01", "2024-1-1", "", "43655"],
    "idBeneficiaire": ["", "00000000000000", "52499120500013", "52499120500014", "5,2E+13", "35600000049837", "٣" * 14],
    "rnaBeneficiaire": ["", "W123456789", "W2A1234567", "w123456789", "W12345678", "W1234567890"],
    "objet": ["", "x" * 256, "x" * 257, "é" * 200, 'dit "le" foyer', "a\nb", "a\r\nb", " "],
    "montant": ["0", "0.00", "-5", "12.5", "12.50", "12.505", "1e6", "NaN", "1 000", "1000,5", "", "9" * 13, "9" * 14,
                "9" * 30, "00012", "1_000", "12.", ".5", "+5", "22900", "22950.5", "1000.10"],
    "nature": ["aide en nature", "Aide en numéraire", "aide en numéraire ", "", "aide en numéraire;aide en nature"],
    "conditionsVersement": ["échelonné", "autre", "unique;échelonné", "acompte de 900 € et solde",
                           "acompte 1 200 €", ""],
    "datesPeriodeVersement": ["2024-01-01/2024-12-31", "2024-12-31/2024-01-01", "2024-01-01_2024-12-31", "", "2024",
                              "2024-01-01/2024-02-30", "2024-02-29/2024-02-29"],
    "notificationUE": ["oui", "Non", "", "no"],
    "pourcentageSubvention": ["0.5", "0.50", "0.3333", "0.01", "0.009", "1.0", "1.", "0", "100", "50 %", "0,5", "",
                              "0.123456", "0.1234567", "1.000000", "1.1", "0.25"],
    "imputation": ["B320/65/6574/61", "B320/65/6574", "B320-65/6574/61", "B320/65/65O4/61", "B320/65/65 74/61", "",
                   "A001/204/20422/1", "A001/204/204/1", "b320/65/6574/61", "B320/65/6574/6100", "6574",
                   "B320/67/6574/61"],
    "referenceDecision": ["D-1", "D-2", "D-3", " D-1", "D-1 ", "", "D\u00a0", "D-" + "9" * 40, "D-" + "9" * 39 + "8"],
}  # fmt: skip


@st.composite
def dirty_rows(draw: st.DrawFn) -> list[list[str]]:
    """Rows of a few decisions, some cells dirty."""
    out = []
    for _ in range(draw(st.integers(1, 14))):
        changes = {"referenceDecision": draw(st.sampled_from(["D-1", "D-2", "D-3"]))}
        changes["pourcentageSubvention"] = draw(st.sampled_from(["0.5", "0.25", "0.75", "1", "0.3333", "0.6667"]))
        changes["montant"] = draw(st.sampled_from(["100", "50", "300", "33.33", "66.67", "25"]))
        for name in draw(st.lists(st.sampled_from(sorted(DIRT)), max_size=3)):
            changes[name] = draw(st.sampled_from(DIRT[name]))
        out.append(row(**changes))
    return out


MODES = st.fixed_dictionaries(
    {
        "amount": st.sampled_from(["auto", "part", "whole"]),
        "decisions": st.sampled_from(["auto", "complete"]),
        "select": st.sampled_from([(), BENCH, ("SUM002", "PCT001"), ("TAB",), ("ID001",), ("IMP",), ("AMT", "DAT")]),
    }
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=dirty_rows(), mode=MODES, quoting=st.sampled_from([0, 1]))
def test_dirty_tables(rows: list[list[str]], mode: dict[str, object], quoting: int) -> None:
    data = table(*rows, quoting=quoting)
    slow = said(*check(data, engine="python", **mode))  # type: ignore[arg-type]
    fast = said(*check(data, engine="columnar", **mode))  # type: ignore[arg-type]
    assert fast == slow


def test_a_decision_without_a_usable_amount_shows_nothing_to_either_path() -> None:
    for amounts in (("0", "100"), ("0", "0"), ("-5", "-5")):
        data = table(*(row(referenceDecision="D-1", pourcentageSubvention="0.5", montant=amount) for amount in amounts))
        slow = said(*check(data, engine="python"))
        assert said(*check(data, engine="columnar")) == slow
        assert not any("montant" in remark for remark in slow[1])


@st.composite
def near_ties(draw: st.DrawFn) -> list[list[str]]:
    """Decisions whose shares are right, or off by one unit of their last decimal; amounts small, or too wide."""
    out: list[list[str]] = []
    for number in range(draw(st.integers(1, 5))):
        decimals = draw(st.integers(1, 7))
        count = draw(st.integers(1, 5))
        widest = draw(st.sampled_from([10, 10**4, 10**9, 10**12, 2**62 // 200, 2**63 // 100, 10**18]))
        amounts = [draw(st.integers(1, widest)) for _ in range(count)]
        whole = sum(amounts)
        scale = 10**decimals
        shares = [(2 * scale * amount + whole) // (2 * whole) for amount in amounts]
        shares[0] += scale - sum(shares)
        if draw(st.booleans()):
            shares[draw(st.integers(0, count - 1))] += draw(st.sampled_from([-1, 1]))
        for amount, share in zip(amounts, shares, strict=True):
            if share <= 0:
                continue
            text = f"{share // scale}.{share % scale:0{decimals}d}"
            if draw(st.booleans()):
                text = text.rstrip("0").rstrip(".")
            cents = f"{amount // 100}.{amount % 100:02d}" if draw(st.booleans()) else f"{amount}"
            out.append(row(referenceDecision=f"D-{number}", montant=cents, pourcentageSubvention=text))
    draw(st.randoms(use_true_random=False)).shuffle(out)
    return out


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=near_ties(), mode=MODES)
def test_near_ties_and_past_64_bits(rows: list[list[str]], mode: dict[str, object]) -> None:
    data = table(*rows)
    assert said(*check(data, engine="columnar", **mode)) == said(*check(data, engine="python", **mode))  # type: ignore[arg-type]


def said_or_refused(data: bytes, engine: Literal["python", "columnar"]) -> object:
    try:
        return said(*check(data, engine=engine))
    except ReadError as error:
        return error.reason.say("fr")


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.booleans())
def test_any_bytes_after_a_header(tail: bytes, lines: bool) -> None:
    data = table(row(), row(pourcentageSubvention="0.5")) + (tail if lines else tail.replace(b"\n", b","))
    assert said_or_refused(data, "columnar") == said_or_refused(data, "python")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(['"', ",", "\n", "\r\n", "a", ";", '""', ",,", "D-1", " ", "\r"]), max_size=60))
def test_quotes_and_line_ends_anywhere(pieces: list[str]) -> None:
    data = table(row(), row()) + "".join(pieces).encode() + b"\n" + table(row()).split(b"\n", 1)[1]
    assert said(*check(data, engine="columnar")) == said(*check(data, engine="python"))


def test_many_blocks_and_every_row_judged_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of a few rows, so that decisions, quotes and lines run over their edges; and no row left out."""
    from subsidy_rules.tables import blocks
    from subsidy_rules.tables.judging import Judge

    monkeypatch.setattr(blocks, "SIZE", 1500)
    random_of = random.Random(7)
    rows = []
    for number in range(400):
        changes = {"referenceDecision": f"D-{random_of.randrange(120)}", "montant": str(random_of.randrange(1, 999))}
        changes["pourcentageSubvention"] = random_of.choice(["0.5", "0.25", "1", "0.75"])
        changes["objet"] = random_of.choice(["Fonctionnement", "a, b", 'dit "x"', "deux\nlignes", "x" * 900])
        if random_of.random() < 0.2:
            name = random_of.choice(sorted(DIRT))
            changes[name] = random_of.choice(DIRT[name])
        rows.append(row(**changes))
        assert number < 400
    data = table(*rows)
    fast = said(*check(data, engine="columnar", decisions="complete", amount="part"))
    slow = said(*check(data, engine="python", decisions="complete", amount="part"))
    assert fast == slow
    monkeypatch.setattr(Judge, "leaves_out", property(lambda self: False))
    assert said(*check(data, engine="python", decisions="complete", amount="part"))[0] == slow[0]


WAYS = st.lists(
    st.sampled_from(
        [
            row(),
            row(objet="deux\nlignes"),
            row(objet='dit "le"'),
            row(objet="a\r\nb\r\nc"),
            row(referenceDecision='D-"2"', pourcentageSubvention="0.5"),
            row(referenceDecision="", montant="12.505"),
            row(idBeneficiaire="", rnaBeneficiaire="W123456789"),
            row(idBeneficiaire="52499120500014"),
            row(idAttribuant="35600000049837", pourcentageSubvention="0.25"),
            row(nomAttribuant="Éauze", pourcentageSubvention="0.009"),
            ["court"],
            [],
            row(objet="x" * 3000),
        ]
    ),
    max_size=40,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=WAYS, quoting=st.sampled_from([0, 1]), tail=st.sampled_from([b"", b'"jamais', b"\xe9,x\n", b"a,b\r\n"]))
@pytest.mark.parametrize("chunk", [300, 5000])
def test_by_the_batch_line_by_line_and_in_columns(
    rows: list[list[str]], quoting: int, tail: bytes, chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chunks of a few rows, rows over several lines on their edges, quotes never closed, bytes of another encoding."""
    from subsidy_rules.tables import csvrows, streaming, sweeping

    data = table(*rows, quoting=quoting) + tail + table(*rows, quoting=quoting)
    modes: dict[str, Any] = {"select": BENCH, "amount": "part", "decisions": "complete"}
    with monkeypatch.context() as patched:
        patched.setattr(csvrows, "CHUNK", chunk)
        batches = said(*check(data, engine="python", **modes))
        patched.setattr(csvrows, "PATIENCE", 1)
        patched.setattr(csvrows, "FAR", 7)
        assert said(*check(data, engine="python", **modes)) == batches
        patched.setattr(sweeping, "sweep", streaming.stream)
        assert said(*check(data, engine="python", **modes)) == batches
    assert said(*check(data, engine="columnar", **modes)) == batches


def many_decisions() -> bytes:
    return table(
        *(
            row(referenceDecision=f"D-{number % 37}", montant=str(1 + number % 11), pourcentageSubvention="0.5")
            for number in range(150)
        )
    )


class Full(io.FileIO):
    """A file of a disk on which so many writes find room; the one after takes half of what it is given."""

    room = 0

    def write(self, data: Any) -> int:
        type(self).room -= 1
        if self.room < -1:
            raise OSError(errno.ENOSPC, "no room")
        return super().write(bytes(data)[: len(data) // 2] if self.room == -1 and len(data) > 1 else bytes(data))


@pytest.mark.parametrize("room", [None, 0, 1, 100, 319, 330])
def test_settled_in_parts(room: int | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Rows that go to a temporary file, and those for which there is no room left there, make the same decisions."""
    from subsidy_rules.tables import blocks, columnar_decisions

    data = many_decisions()
    whole = said(*check(data, engine="columnar", decisions="complete"))
    monkeypatch.setattr(columnar_decisions, "AT_ONCE", 20)
    monkeypatch.setattr(blocks, "SIZE", 4_000)  # so that rows come by several blocks, and go to the file several times
    opened: list[io.FileIO] = []

    def temporary(buffering: int) -> io.FileIO:
        if room is None:
            opened.append(io.FileIO(tmp_path / "rows", "w+"))
        else:
            Full.room = room
            opened.append(Full(tmp_path / "rows", "w+"))
        return opened[-1]

    monkeypatch.setattr(columnar_decisions, "TemporaryFile", temporary)
    assert said(*check(data, engine="columnar", decisions="complete")) == whole
    assert [file.closed for file in opened] == [True]


def test_no_room_for_a_temporary_file(monkeypatch: pytest.MonkeyPatch) -> None:
    from subsidy_rules.tables import columnar_decisions

    data = many_decisions()
    whole = said(*check(data, engine="columnar", decisions="complete"))

    def refused(buffering: int) -> io.FileIO:
        raise PermissionError(errno.EACCES, "nowhere to write")

    monkeypatch.setattr(columnar_decisions, "AT_ONCE", 20)
    monkeypatch.setattr(columnar_decisions, "TemporaryFile", refused)
    assert said(*check(data, engine="columnar", decisions="complete")) == whole


def test_header_names_are_all_there() -> None:
    assert len(row()) == len(HEADER)
