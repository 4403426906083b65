"""The model and the reader of files accept and refuse the same records."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from subsidy_rules.annotated import AmountInWords, Day, Euros, ImputationCode, Label, Percentage, Year, YesNo
from subsidy_rules.deliberation import Deliberation, schema
from subsidy_rules.engine import judge_facts
from subsidy_rules.finding import Tally
from subsidy_rules.imputation import parse_imputation
from subsidy_rules.numerals import parse_amount
from subsidy_rules.record import SHAPES, facts_of
from subsidy_rules.rules import arithmetic, records
from subsidy_rules.settings import Settings
from tests.records.strategies import Record, true_records

ODD: Final[tuple[Any, ...]] = (
    None, "", " ", "x", "12 5OO", "12,500", "12,50", "1e6", "70 000 €", "10 M€", "-5", "5 %", "NaN", "oui", "yes",
    "2017", "association", "fonctionnement", "payment", "2017-01-01", "31/02/2017", "2017-01-01/2017-02-01", "EUR",
    "6574",
    0, -1, 5, 2017, 20245, 10**30, 0.1 + 0.2, 5.5, 1e300, float("nan"), True, False, Decimal("5.270"), Decimal("NaN"),
    date(2017, 1, 1), datetime(2017, 1, 1, 12, tzinfo=UTC), b"5", [], {}, [1], {"amount": 5}, {"label": "x"},
    {"name": "x"}, [None], [{}], [[]], object(), parse_amount("3 M€"),
)  # fmt: skip
FIELDS: Final = tuple(sorted({name for fields in SHAPES.values() for name in fields} | {"x-own", "$schema", "montant"}))


def holders(value: Any) -> list[Any]:
    """Every mapping and list inside ``value``."""
    found: list[Any] = []
    if isinstance(value, (dict, list)):
        found.append(value)
        for item in value.values() if isinstance(value, dict) else value:
            found.extend(holders(item))
    return found


@st.composite
def disturbed(draw: st.DrawFn) -> Record:
    """A true record with one to three values put in, taken away or replaced."""
    record, _ = draw(true_records())
    for _ in range(draw(st.integers(1, 3))):
        holder = draw(st.sampled_from(holders(record)))
        odd = deepcopy(draw(st.sampled_from(ODD)))
        if isinstance(holder, list):
            match draw(st.integers(0, 2)):
                case 0:
                    holder.append(odd)
                case 1 if holder:
                    holder.pop()
                case _ if holder:
                    holder[draw(st.integers(0, len(holder) - 1))] = odd
                case _:
                    pass
        elif draw(st.booleans()) and holder:
            key = draw(st.sampled_from(sorted(holder)))
            if draw(st.booleans()):
                holder[key] = odd
            else:
                del holder[key]
        else:
            holder[draw(st.sampled_from(FIELDS))] = odd
    return record


def reader_refuses(record: Record) -> list[str]:
    facts = facts_of(record, Settings())
    return [
        trouble.says.say("en")
        for trouble in facts.troubles
        if trouble.code in ("REC001", "REC002") and trouble.says is not None
    ]


def model_refuses(record: Record) -> list[str]:
    try:
        Deliberation.model_validate(record)
    except ValidationError as error:
        return [f"{one['loc']}: {one['msg']}" for one in error.errors()]
    return []


@settings(max_examples=150, deadline=None)
@given(disturbed())
@example({"total": "0.01", "ceilings": [{"limit": "0.01", "of": ""}]})
@example({"total": "0.01", "ceilings": [{"limit": "0.01", "of": {"label": "x"}}]})
def test_model_and_reader_refuse_the_same_records(record: Record) -> None:
    assert bool(reader_refuses(record)) == bool(model_refuses(record)), (reader_refuses(record), model_refuses(record))


@settings(max_examples=60, deadline=None)
@given(true_records())
def test_a_model_says_what_its_record_says(made: tuple[Record, int]) -> None:
    record, _ = made
    model = Deliberation.model_validate(record)
    rules = (*arithmetic.RULES, *records.RULES)
    direct = judge_facts(facts_of(record, Settings()), rules, Tally(), "fr")
    again = judge_facts(facts_of(model, Settings()), rules, Tally(), "fr")
    assert [claim.claim.values() for claim in direct.claims] == [claim.claim.values() for claim in again.claims]
    assert [(f.code, f.state, f.message) for f in direct.findings] == [
        (f.code, f.state, f.message) for f in again.findings
    ]


@settings(max_examples=60, deadline=None)
@given(true_records())
def test_a_model_written_as_json_reads_back_equal(made: tuple[Record, int]) -> None:
    record, _ = made
    model = Deliberation.model_validate(record)
    assert Deliberation.model_validate_json(model.model_dump_json(exclude_unset=True)) == model
    assert Deliberation.model_validate(model.model_dump(exclude_unset=True)) == model


@settings(max_examples=40, deadline=None)
@given(true_records())
def test_the_schema_accepts_every_true_record(made: tuple[Record, int]) -> None:
    record, _ = made
    assert not list(_validator().iter_errors(json.loads(json.dumps(record, default=str))))


@cache
def _validator() -> Any:
    import jsonschema

    return jsonschema.Draft202012Validator(schema("fr"))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_schema_names_every_field_in_the_language_asked(language: Any) -> None:
    import jsonschema

    made = schema(language)
    jsonschema.Draft202012Validator.check_schema(made)
    shapes = {"Deliberation": made, **made["$defs"]}
    for name, shape in shapes.items():
        assert shape["additionalProperties"] is False
        for field, content in shape["properties"].items():
            assert content["title"], (name, field)
            assert content["description"], (name, field)
    other = schema("en" if language == "fr" else "fr")
    assert other["properties"]["total"]["description"] != made["properties"]["total"]["description"]
    assert set(made["properties"]) == set(SHAPES["record"])
    for broken in ({"total": None}, {"total": 5, "alocations": []}, {"total": 5, "allocations": []}, {}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(broken, made)


def test_the_shapes_of_the_model_are_those_of_the_reader() -> None:
    defs = schema("fr")["$defs"]
    names = {
        "base": "Base", "beneficiary": "Beneficiary", "convention": "Convention", "period": "Period",
        "allocation": "Allocation", "breakdown": "Breakdown", "part": "Part", "percentage": "StatedPercentage",
        "ceiling": "Ceiling", "financing_plan": "FinancingPlan", "line": "Line",
    }  # fmt: skip
    for shape, name in names.items():
        assert set(defs[name]["properties"]) == set(SHAPES[shape]), name


class Grant(BaseModel):
    """Another program's model, with the annotated types."""

    amount: Euros
    share: Percentage | None = None
    charged_to: ImputationCode | None = None
    year: Year | None = None
    day: Day | None = None
    granted: YesNo | None = None
    name: Label | None = None
    words: AmountInWords | None = None


def test_the_annotated_types_serve_in_other_models() -> None:
    made = Grant.model_validate(
        {
            "amount": "70 000,00 €",
            "share": 5.27,
            "charged_to": "B320/65/6574/61",
            "year": "2017",
            "day": "12 mars 2017",
            "granted": "oui",
            "name": "Foyer rural",
            "words": "soixante-dix mille euros",
        }
    )
    assert made.amount.value == Decimal("70000.00")
    assert made.share is not None
    assert made.share.value == Decimal("5.27")
    assert made.charged_to is not None
    assert made.charged_to.segments["nature"] == "6574"
    assert (made.year, made.day, made.granted) == (2017, date(2017, 3, 12), True)
    assert made.words is not None
    assert made.words.value == 70000
    assert Grant.model_validate_json(made.model_dump_json()).model_dump() == made.model_dump()
    assert made.model_dump()["amount"] == "70 000,00 €"
    assert Grant.model_json_schema()["properties"]["amount"]["anyOf"][1] == {"type": "number"}


@pytest.mark.parametrize(
    "amount",
    ["12.500", "12,500", 0.1 + 0.2, float("inf"), float("nan"), 1e16, True, None, "", "1e6", Decimal("NaN"), 10**200],
)
def test_what_is_not_one_exact_amount_is_refused(amount: Any) -> None:
    with pytest.raises(ValidationError):
        Grant.model_validate({"amount": amount})


@pytest.mark.parametrize(
    ("amount", "value"),
    [
        (70000.5, "70000.5"),
        (70000.0, "70000"),
        (1329243.27, "1329243.27"),
        (0.1, "0.1"),
        (999999999999999.0, "999999999999999"),
        (-5.0, "-5"),
        (Decimal("70000.00"), "70000.00"),
        (7, "7"),
    ],
)
def test_a_number_is_taken_where_it_cannot_lie(amount: Any, value: str) -> None:
    assert Grant.model_validate({"amount": amount}).amount.plain == value


@pytest.mark.parametrize("text", ["12.5000", "12,5", "10 M€", "environ 5 000 €", "100 F", "-5,25", "1 000,00 € TTC"])
def test_an_amount_made_by_a_program_is_written_so_that_it_reads_back(text: str) -> None:
    from dataclasses import replace

    bare = replace(parse_amount(text), text="", currency=None, tax=None)
    written = Grant(amount=bare).model_dump()["amount"]
    again = parse_amount(written)
    assert again.bounds() == bare.bounds()


def test_an_imputation_given_as_a_value_stays_itself() -> None:
    code = parse_imputation("B320/65/6574/61")
    assert Grant.model_validate({"amount": 1, "charged_to": code}).charged_to is code
