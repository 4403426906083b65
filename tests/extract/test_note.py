"""The note that the library was conceived from, and another of the same structure: all that they say of themselves.

Nothing here is optional: the shares of the grant, its percentage of the budget, the amount said again, the lists that
are counted, both imputations with every segment, both fields left by the template, and no accusation.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from subsidy_rules import check_text
from tests.shared import shared_folder


@dataclass(frozen=True)
class Note:
    """A note, by what it says."""

    text: str
    year: int
    total: str
    shares: tuple[str, str]
    rate: str
    budget: str
    partners: int
    axes: int
    members: tuple[str, str, str]
    labelled: tuple[str, dict[str, str]]
    bare: tuple[str, dict[str, str]]
    leftovers: tuple[str, str]
    left: str
    """The figure that nothing in the note can be compared with."""


def own() -> Note:
    return Note(
        text=(Path(__file__).parent / "note.txt").read_text("utf-8"),
        year=2018,
        total="64 000",
        shares=("38 500", "25 500"),
        rate="6,11",
        budget="1 047 318",
        partners=5,
        axes=3,
        members=("121", "2", "184"),
        labelled=(
            "politique D410 chapitre 65 – nature 6574 – fonction 93",
            {"politique": "D410", "chapitre": "65", "nature": "6574", "fonction": "93"},
        ),
        bare=("7C/93/6574", {"ligne": "7C", "fonction": "93", "nature": "6574"}),
        leftovers=("xx/xx/2018", "Erreur ! Aucune variable de document fournie."),
        left="4 M€",
    )


def seed() -> Note:
    return Note(
        text=(shared_folder("seed") / "000_29f4c9a8aeb31e39.txt").read_text("utf-8"),
        year=2017,
        total="70 000",
        shares=("50 000", "20 000"),
        rate="5,27",
        budget="1 329 243",
        partners=6,
        axes=4,
        members=("135", "3", "210"),
        labelled=(
            "politique B320 chapitre 65 – nature 6574 – fonction 61",
            {"politique": "B320", "chapitre": "65", "nature": "6574", "fonction": "61"},
        ),
        bare=("3A/61/6574", {"ligne": "3A", "fonction": "61", "nature": "6574"}),
        leftovers=("xx/xx/2017", "Erreur ! Aucune variable de document fournie."),
        left="10 M€",
    )


@pytest.fixture(params=[own, seed], ids=["own", "seed"])
def note(request: pytest.FixtureRequest) -> Note:
    made: Note = request.param()
    return made


def plain(number: str) -> str:
    return number.replace(" ", "").replace(",", ".")


def checked(note: Note, text: str | None = None) -> dict[str, Any]:
    report = check_text(note.text if text is None else text, name="note.txt", fiscal_year=note.year)
    return report.to_json()


def claims(found: dict[str, Any], kind: str) -> list[tuple[str, dict[str, Any]]]:
    return [(claim["state"], claim["values"]) for claim in found["claims"] if claim["kind"] == kind]


def test_the_grant_is_the_sum_of_its_shares(note: Note) -> None:
    total, shares = plain(note.total), [plain(share) for share in note.shares]
    assert claims(checked(note), "sum") == [("holds", {"total": total, "parts": shares})]


def test_the_grant_is_that_percentage_of_the_budget(note: Note) -> None:
    ((state, values),) = claims(checked(note), "percentage")
    assert state == "holds"
    assert {name: values[name] for name in ("stated", "part", "whole")} == {
        "stated": plain(note.rate), "part": plain(note.total), "whole": plain(note.budget)
    }  # fmt: skip


def test_the_amount_said_again_is_the_same(note: Note) -> None:
    total = plain(note.total)
    assert claims(checked(note), "equal") == [("holds", {"first": total, "again": total})]


def test_the_lists_have_as_many_items_as_announced(note: Note) -> None:
    assert claims(checked(note), "count") == [
        ("holds", {"stated": count, "listed": count}) for count in (note.partners, note.axes)
    ]


def test_the_members_of_a_kind_are_no_more_than_the_members(note: Note) -> None:
    ((state, values),) = claims(checked(note), "at_most")
    assert (state, values["value_parts"], values["limit"]) == ("holds", list(note.members[:2]), note.members[2])


def test_nothing_else_is_claimed(note: Note) -> None:
    assert len(checked(note)["claims"]) == 6


def test_both_imputations_are_whole(note: Note) -> None:
    found = checked(note)["imputations"]
    assert [(one["raw"], one["segments"], one["state"]) for one in found] == [
        (*note.labelled, "holds"),
        (*note.bare, "holds"),
    ]


def test_both_leftovers_are_told_and_nothing_is_accused(note: Note) -> None:
    found = checked(note)["findings"]
    assert [(one["code"], one["severity"], one["place"]["quote"]) for one in found] == [
        ("TXT001", "warning", text) for text in note.leftovers
    ]


def test_every_figure_but_one_is_tied(note: Note) -> None:
    figures = checked(note)["figures"]
    assert (figures["found"], figures["tied"]) == (7, 6)
    assert [one["text"] for one in figures["untied"]] == [note.left]


def test_a_wrong_figure_is_told(note: Note) -> None:
    """The same note with one slip of the pen: what it breaks is broken, and told."""
    rate, share, said = note.rate, note.shares[1], f"de {note.total} euros et se décompose"
    slips = {
        "percentage": (f"{rate} %", f"{int(rate[0]) + 1}{rate[1:]} %"),
        "sum": (f"- {share} euros", f"- {int(share[0]) + 1}{share[1:]} euros"),
        "sum, by its total": (said, said.replace(note.total[0], str(int(note.total[0]) + 1), 1)),
    }
    for kind, (right, wrong) in slips.items():
        assert note.text.count(right) == 1, kind
        found = checked(note, note.text.replace(right, wrong))
        assert "broken" in [state for state, _ in claims(found, kind.partition(",")[0])], kind
        assert {one["code"] for one in found["findings"]} - {"TXT001"}, kind


def test_a_missing_item_is_told(note: Note) -> None:
    lines = note.text.splitlines(keepends=True)
    first = next(n for n, line in enumerate(lines) if f"{note.axes} axes prioritaires" in line) + 2
    assert lines[first].startswith("- ")
    found = checked(note, "".join(lines[:first] + lines[first + 1 :]))
    assert claims(found, "count")[1] == ("broken", {"stated": note.axes, "listed": note.axes - 1})
