"""From a file to facts: which claims a record makes, where, and what is told of what is not a record."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from subsidy_rules import check
from subsidy_rules.engine import Judged, judge_facts
from subsidy_rules.facts import Facts
from subsidy_rules.finding import Finding, Tally
from subsidy_rules.reading import ReadError
from subsidy_rules.record import NotARecord, facts_of, looks_like_record, read_facts
from subsidy_rules.rules import arithmetic, records
from subsidy_rules.settings import Settings

RULES = (*arithmetic.RULES, *records.RULES)
OPTITEC = """\
reference: optitec-2017
title: Attribution d'une subvention de fonctionnement à l'association Pôle Optitec
authority: Métropole Aix-Marseille-Provence
fiscal_year: 2017
nomenclature: M57
total: 70 000 euros
base: {label: budget prévisionnel 2017, amount: 1 329 243 euros}
stated_percentage: 5,27 %
convention: true
allocations:
  - {funder: CT1, amount: 50 000 euros, imputation: B320/65/6574/61}
  - {funder: CT2, amount: 20 000 euros, imputation: 3A/61/6574}
"""


def one(text: str, name: str = "x.yaml") -> Facts:
    (facts,) = read_facts(name, text.encode(), Settings())
    return facts


def judged(facts: Facts) -> Judged:
    return judge_facts(facts, RULES, Tally(), "fr")


def findings(source: Any, name: str = "x.yaml") -> list[Finding]:
    facts = one(source, name) if isinstance(source, str) else facts_of(source, Settings())
    return list(judged(facts).findings)


def told(source: Any, name: str = "x.yaml") -> list[tuple[str, str]]:
    return [(finding.code, finding.state) for finding in findings(source, name)]


def said(finding: Finding) -> str:
    return finding.message.replace("\u00a0", " ").replace("\u202f", " ")


def test_the_record_of_the_design_holds_wholly() -> None:
    facts = one(OPTITEC)
    outcome = judged(facts)
    assert outcome.findings == ()
    assert outcome.untied == ()
    assert [(claim.claim.kind, claim.state) for claim in outcome.claims] == [("percentage", "holds"), ("sum", "holds")]
    assert outcome.claims[1].claim.values() == {"total": "70000", "parts": ["50000", "20000"]}
    assert outcome.claims[0].claim.values() == {"stated": "5.27", "part": "70000", "whole": "1329243"}
    assert [dict(charge.imputation.segments) for charge in facts.charges if charge.imputation] == [
        {"politique": "B320", "chapitre": "65", "nature": "6574", "fonction": "61"},
        {"ligne": "3A", "fonction": "61", "nature": "6574"},
    ]
    assert facts.context.fiscal_year == 2017
    assert facts.context.section == "fonctionnement"
    assert facts.context.beneficiary == "association"
    (grant,) = facts.grants
    assert (grant.convention, grant.imputed, grant.reference) == (True, True, "optitec-2017")


def test_a_wrong_total_is_told_at_its_line_with_the_working_and_the_parts() -> None:
    (finding, *_) = [f for f in findings(OPTITEC.replace("total: 70 000", "total: 75 000")) if f.code == "SUM001"]
    place = finding.place
    assert (place.line, place.column, place.end_line, place.end_column) == (6, 8, 6, 20)
    assert place.quote == "75 000 euros"
    assert place.excerpt == "total: 75 000 euros"
    assert place.pointer == "/total"
    assert [related.line for related in finding.related] == [11, 12]
    assert "50 000 € + 20 000 € = 70 000 €, et non 75 000 €" in said(finding)
    assert finding.values["gap"] == "-5000"
    assert "€50,000 + €20,000 = €70,000" in finding.say("en")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("x.json", '{"total": "70 000 €",\n "allocations": [\n  {"funder": "A", "amount": 70001}]}'),
        ("x.toml", 'total = "70 000 €"\n[[allocations]]\nfunder = "A"\namount = 70001\n'),
        ("x.yml", "total: 70 000 €\nallocations:\n- funder: A\n  amount: 70001\n"),
    ],
)
def test_all_formats_give_the_same_finding_at_its_place(name: str, text: str) -> None:
    (finding,) = [f for f in findings(text, name) if f.code == "SUM001"]
    assert finding.place.line == 1
    assert finding.place.quote == "70 000 €"
    assert finding.related[0].quote == "70001"
    assert finding.related[0].pointer == "/allocations/0/amount"


def test_several_records_in_one_file() -> None:
    listed = read_facts("x.json", b'[{"total": 5}, {"total": 6}, 7]', Settings())
    assert [facts.grants[0].amount.plain if facts.grants and facts.grants[0].amount else None for facts in listed] == [
        "5",
        "6",
        None,
    ]
    assert [trouble.code for trouble in listed[2].troubles] == ["REC001"]
    documents = read_facts("x.yaml", b"total: 5\n---\n- total: 6\n- total: 7\n", Settings())
    places = [facts.grants[0].place for facts in documents]
    assert [place.pointer for place in places] == ["/0/total", "/1/0/total", "/1/1/total"]
    assert [place.line for place in places] == [1, 3, 4]


@pytest.mark.parametrize("text", ["a: 1\n", "- 3\n", "3\n", "services: {web: {image: x}}\n"])
def test_a_file_that_is_no_record_is_said_not_to_be(text: str) -> None:
    with pytest.raises(NotARecord):
        read_facts("x.yaml", text.encode(), Settings())


@pytest.mark.parametrize(
    "data",
    [
        OPTITEC.encode(),
        b'{"total": 5, "base": 3}',
        b'total = 5\n[[allocations]]\nfunder = "x"\n',
        OPTITEC.encode("utf-16"),
        b"- total: 3\n  allocations: []\n",
    ],
)
def test_a_record_is_recognised_in_a_folder(data: bytes) -> None:
    assert looks_like_record(data)


@pytest.mark.parametrize(
    "data",
    [
        b"on: push\njobs: {}\n",
        b'{"name": "x", "version": "1"}',
        b"",
        b"\x00\xff",
        b"total: 5\n",
        b"subtotal: 5\nbased: 3\n",
    ],
)
def test_other_files_of_a_folder_are_not(data: bytes) -> None:
    assert not looks_like_record(data)


# -- the encoding ---------------------------------------------------------------------------------------------------


def test_bytes_that_are_not_utf8_are_refused_with_their_place() -> None:
    with pytest.raises(ReadError) as caught:
        read_facts("x.yaml", "total: 5\ntitle: é\n".encode("latin-1"), Settings())
    reason = caught.value.reason.say("fr")
    assert "0xE9" in reason
    assert "ligne 2, colonne 8" in reason


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_marked_encodings_are_read(encoding: str) -> None:
    (facts,) = read_facts("x.yaml", "total: 5\ntitle: é\n".encode(encoding), Settings())
    assert facts.figures[0].plain == "5"
    assert facts.figures[0].place is not None
    assert facts.figures[0].place.column == 8


# -- what is not a record -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("record", "pointer", "words"),
    [
        ({}, "/total", "« total » manque dans l’enregistrement"),
        ({"total": None}, "/total", "manque"),
        ({"total": [1]}, "/total", "valeur simple"),
        ({"total": 5, "fiscal_year": 24}, "/fiscal_year", "année plausible"),
        ({"total": 5, "fiscal_year": "deux mille"}, "/fiscal_year", "année"),
        ({"total": 5, "fiscal_year": 2024.5}, "/fiscal_year", "année"),
        ({"total": 5, "fiscal_year": True}, "/fiscal_year", "année"),
        ({"total": 5, "base": {"label": "x"}}, "/base/amount", "« amount » manque dans « base »"),
        ({"total": 5, "allocations": []}, "/allocations", "au moins un élément"),
        ({"total": 5, "allocations": {"funder": "x"}}, "/allocations", "liste"),
        ({"total": 5, "allocations": ["x"]}, "/allocations/0", "objet"),
        ({"total": 5, "allocations": [{"amount": 5}]}, "/allocations/0/funder", "« allocations n° 1 »"),
        ({"total": 5, "allocations": [{"funder": "x"}]}, "/allocations/0/amount", "« amount » manque"),
        ({"total": 5, "allocations": [{"funder": " ", "amount": 5}]}, "/allocations/0/funder", "vide"),
        ({"total": 5, "convention": 1}, "/convention", "true"),
        ({"total": 5, "section": "autre"}, "/section", "fonctionnement"),
        ({"total": 5, "voted_on": "31/02/2017"}, "/voted_on", "31"),
        ({"total": 5, "voted_on": "12/03/17"}, "/voted_on", "deux chiffres"),
        ({"total": 5, "period": "hier"}, "/period", "période"),
        ({"total": 5, "currency": "or"}, "/currency", "monnaie"),
        ({"total": 5, "beneficiary": {"kind": "ami"}}, "/beneficiary/kind", "association"),
        ({"total": 5, "title": True}, "/title", "incorrect"),
        ({"total": 5, "imputation": True}, "/imputation", "incorrect"),
        ({"total": 5, "ceilings": [{"label": "x"}]}, "/ceilings/0/limit", "limit"),
        ({"total": 5, "ceilings": [{"rate": "50 %"}]}, "/ceilings/0/of", "« of »"),
        ({"total": 5, "breakdowns": [{"by": "payment"}]}, "/breakdowns/0/parts", "parts"),
        ({"total": 5, "breakdowns": [{"by": "x", "parts": [{"amount": 5}]}]}, "/breakdowns/0/by", "payment"),
        ({"total": 5, "percentages": [{"stated": 5, "part": 5}]}, "/percentages/0/base", "base"),
        ({"total": 5, "financing_plan": {"expenses": [{"amount": 5}]}}, "/financing_plan/revenues", "revenues"),
        (
            {"total": 5, "financing_plan": {"expenses": [{}], "revenues": [{"amount": 5}]}},
            "/financing_plan/expenses/0/amount",
            "amount",
        ),
    ],
)
def test_what_is_not_a_record_is_told_at_its_pointer(record: dict[str, Any], pointer: str, words: str) -> None:
    broken = [finding for finding in findings(record) if finding.state == "broken"]
    assert [(finding.code, finding.place.pointer) for finding in broken] == [("REC001", pointer)]
    assert words in said(broken[0])


@pytest.mark.parametrize(
    ("written", "near"),
    [
        ("alocations", "allocations"), ("montant", None), ("exercice", "fiscal_year"), ("Total", "total"),
        ("fiscal-year", "fiscal_year"), ("bénéficiaire", "beneficiary"), ("insee", None),
        ("répartition", "allocations"),
    ],
)  # fmt: skip
def test_an_unknown_field_names_the_nearest_known_one(written: str, near: str | None) -> None:
    found = findings({"total": 5, written: "x"})
    (finding,) = [one for one in found if one.code == "REC001"]
    assert finding.values["near"] == near
    assert finding.place.pointer == f"/{written}"


def test_a_misspelt_field_is_told_once_not_also_as_missing() -> None:
    found = told({"total": 5, "allocations": [{"founder": "x", "amount": 5}]})
    assert [code for code, state in found if state == "broken"] == ["REC001"]


def test_own_fields_are_left_alone() -> None:
    assert "REC001" not in {code for code, _ in told({"total": 5, "x-dossier": {"a": [1]}, "$schema": "y"})}


@pytest.mark.parametrize(
    "amount",
    ["12 5OO", "4 8500,00", "12..50", "--5", "1e6", "NaN", "", "abc", "de 10 000 à 12 000 €", 0.1 + 0.2, 10**200],
)
def test_an_unreadable_amount_is_told_and_leaves_the_sum_unknown(amount: Any) -> None:
    found = findings({"total": 5, "allocations": [{"funder": "x", "amount": amount}]})
    states = {(finding.code, finding.state) for finding in found}
    assert ("REC002", "broken") in states
    assert ("SUM001", "unknown") in states
    assert not any(code == "SUM001" and state == "broken" for code, state in states)


def test_an_amount_with_two_readings_is_told_as_such_and_never_chosen() -> None:
    found = findings({"total": "12,500", "allocations": [{"funder": "x", "amount": 12500}]})
    states = {(finding.code, finding.state, finding.severity) for finding in found}
    assert ("REC002", "unknown", "note") in states
    assert ("SUM001", "unknown", "note") in states
    assert not any(finding.state == "broken" for finding in found)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"total": 7e4}', "70000"),
        ('{"total": 70000.10}', "70000.10"),
        ('{"total": 12345678901234567.89}', "12345678901234567.89"),
    ],
)
def test_json_numbers_keep_the_digits_written(text: str, value: str) -> None:
    assert one(text, "x.json").figures[0].plain == value


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e400", "1e99999999999999999999", "9" * 700])
def test_json_numbers_that_no_amount_can_be_are_told(number: str) -> None:
    (finding,) = [f for f in findings(f'{{"total": {number}}}', "x.json") if f.state == "broken"]
    assert finding.code == "REC002"


# -- the traps of YAML ----------------------------------------------------------------------------------------------


def test_yaml_traps_are_findings_and_change_nothing() -> None:
    text = "reference: 01004\ntitle: 18:30\ntotal: 012500\nconvention: yes\nimputation: 6574.10\n"
    facts = one(text)
    found = {finding.place.pointer: said(finding) for finding in judged(facts).findings if finding.code == "REC003"}
    assert set(found) == {"/reference", "/title", "/total", "/convention", "/imputation"}
    assert "516" in found["/reference"]
    assert "1110" in found["/title"]
    assert facts.grants[0].reference == "01004"
    assert facts.grants[0].convention is True
    assert facts.charges[0].raw == "6574.10"
    assert all(finding.severity == "warning" for finding in judged(facts).findings if finding.code == "REC003")


def test_a_decimal_comma_between_braces_is_seen_and_its_first_half_is_nobodys_value() -> None:
    text = (
        "total: 100\nallocations:\n"
        "  - {funder: A, amount: 33,33, percentage: 33,33 %}\n"
        "  - {funder: B, amount: 66.67}\n"
    )
    facts = one(text)
    cut = [f for f in judged(facts).findings if f.code == "REC001" and f.place.pointer is not None]
    assert [(f.place.pointer, f.place.line, f.place.quote) for f in cut] == [
        ("/allocations/0/amount", 3, "33,33"),
        ("/allocations/0/percentage", 3, "33,33 %"),
    ]
    assert "guillemets" in said(cut[0])
    assert "amount" in said(cut[0])
    assert all(judgement.state != "broken" for judgement in judged(facts).claims)
    assert not any(figure.fraction == 33 for claim in facts.claims for figure in claim.figures())


def test_a_flood_of_unknown_fields_is_counted() -> None:
    flood = [f for f in findings("total: 1\n" + "".join(f"k{n}: {n}\n" for n in range(60))) if f.code == "REC001"]
    assert len(flood) == 51
    assert flood[-1].values == {"count": 10}
    assert flood[-1].place.line == 52
    assert "10 autres champs inconnus" in said(flood[-1])
    assert (
        len([f for f in findings("total: 1\n" + "".join(f"k{n}: {n}\n" for n in range(50))) if f.code == "REC001"])
        == 50
    )


def test_a_field_that_is_a_number_is_only_unknown() -> None:
    for text in ("total: 100\n2024: x\n", "{total: '100', 20: }\n", "{reference: a1, 20: 5, total: 100}\n"):
        messages = [said(f) for f in judged(one(text)).findings if f.code == "REC001"]
        assert messages
        assert all("Champ inconnu" in message for message in messages)


def test_a_trap_in_an_unknown_field_is_told_too() -> None:
    assert ("REC003", "broken") in told("total: 5\ninsee: 01004\n")


def test_quoted_values_are_no_trap() -> None:
    codes = {code for code, _ in told("reference: '01004'\ntotal: '012500'\ntitle: \"yes\"\nconvention: oui\n")}
    assert "REC003" not in codes


def test_a_doubled_field_is_told_and_neither_value_is_used() -> None:
    facts = one("total: 5\nallocations: [{funder: x, amount: 5}]\ntotal: 6\n")
    (finding,) = [finding for finding in judged(facts).findings if finding.code == "REC004"]
    assert (finding.place.line, finding.place.column) == (3, 1)
    assert finding.related[0].line == 1
    states = [claim.state for claim in judged(facts).claims]
    assert states == ["unknown"]
    assert "REC001" not in {code for code, _ in told("total: 5\ntotal: 6\n")}


def test_a_field_doubled_with_the_same_value_is_told_and_used() -> None:
    facts = one('{"total": 5, "total": 5, "allocations": [{"funder": "x", "amount": 5}]}', "x.json")
    assert ("REC004", "broken") in [(f.code, f.state) for f in judged(facts).findings]
    assert [claim.state for claim in judged(facts).claims] == ["holds"]


# -- the claims -----------------------------------------------------------------------------------------------------


def states(record: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(j.claim.kind, j.claim.topic, j.state) for j in judged(facts_of(record, Settings())).claims]


def test_nested_breakdowns_are_summed_at_each_level() -> None:
    record = {
        "total": 100,
        "breakdowns": [
            {
                "by": "year",
                "parts": [
                    {
                        "year": 2017,
                        "amount": 60,
                        "breakdowns": [{"by": "payment", "parts": [{"amount": 40}, {"amount": 21}]}],
                    },
                    {"year": 2018, "amount": 40},
                ],
            }
        ],
    }
    assert states(record) == [("sum", "payment", "broken"), ("sum", "year", "holds")]
    (finding,) = [f for f in findings(record) if f.code == "SUM001"]
    assert finding.place.pointer == "/breakdowns/0/parts/0/amount"


def test_a_breakdown_with_its_own_total_is_held_to_both() -> None:
    record = {"total": 100, "breakdowns": [{"total": 90, "parts": [{"amount": 50}, {"amount": 40}]}]}
    assert states(record) == [("equal", "again", "broken"), ("sum", "other", "holds")]


def test_percentages_of_parts_are_of_their_whole_and_add_up() -> None:
    record = {
        "total": 300,
        "allocations": [
            {"funder": "a", "amount": 100, "percentage": "33,33 %"},
            {"funder": "b", "amount": 200, "percentage": "66,67 %"},
        ],
    }
    assert states(record) == [
        ("percentage", "part", "holds"),
        ("percentage", "part", "holds"),
        ("sum", "allocations", "holds"),
        ("shares_total", "allocations", "holds"),
    ]


def test_a_key_of_division_needs_no_amounts_and_adds_up_to_100() -> None:
    parts = [{"funder": "a", "percentage": "60 %"}, {"funder": "b", "percentage": "50 %"}]
    assert states({"total": 300, "allocations": parts}) == [("shares_total", "allocations", "broken")]
    mixed = [{"funder": "a", "percentage": "60 %", "amount": 180}, {"funder": "b", "percentage": "40 %"}]
    assert ("REC001", "broken") in told({"total": 300, "allocations": mixed})


def test_ceilings_bound_and_a_rate_makes_one() -> None:
    ceiling = {"rate": "40 %", "of": {"label": "dépense", "amount": 250}}
    assert states({"total": 100, "ceilings": [{"limit": 100}, ceiling]}) == [
        ("at_most", "ceiling", "holds"),
        ("at_most", "ceiling", "holds"),
    ]
    assert states({"total": "100,01", "ceilings": [ceiling]}) == [("at_most", "ceiling", "broken")]
    own = {"limit": 50, "amount": 60}
    assert states({"total": 10, "ceilings": [own]}) == [("at_most", "ceiling", "broken")]
    facts = facts_of({"total": 100, "ceilings": [ceiling]}, Settings())
    assert judged(facts).untied == ()
    assert facts.claims[0].values() == {"value": "100", "limit": "100"}


@pytest.mark.parametrize(
    ("total", "rate", "of", "expected"),
    [
        ("16 666,67", "50 %", "33 333,33", "holds"),  # 16 666,665: there are no half cents
        ("16 666,68", "50 %", "33 333,33", "broken"),
        ("6 667", "30 %", "22 223", "unknown"),  # 6 666,90, rounded to the euro
        ("6 668", "30 %", "22 223", "broken"),
        ("6 666,91", "30 %", "22 223", "broken"),
        ("10 000", "33,33 %", "30 000", "unknown"),  # a third
        ("10 010", "33,33 %", "30 000", "broken"),
        ("6 010", "20 %", "30 000", "broken"),
        ("9 000", "33,33 %", "30 000", "holds"),
    ],
)
def test_a_ceiling_from_a_rate_is_judged_as_it_is_paid(total: str, rate: str, of: str, expected: str) -> None:
    record = {"total": total, "ceilings": [{"rate": rate, "of": of}]}
    assert states(record) == [("at_most", "ceiling", expected)]


def test_money_taken_back_and_called_so_is_rightly_negative() -> None:
    parts = [{"funder": "Subvention 2023", "amount": "10 000 €"}, {"funder": "Trop-perçu 2022", "amount": "-2 000 €"}]
    assert "AMT001" not in dict(told({"total": "8 000 €", "allocations": parts}))
    parts[1]["funder"] = "Département"
    assert ("AMT001", "broken") in told({"total": "8 000 €", "allocations": parts})
    parts[1]["label"] = "Reprise sur 2022"
    assert "AMT001" not in dict(told({"total": "8 000 €", "allocations": parts}))
    withdrawn = {"total": "-5 000 €", "allocations": [{"funder": "Ville", "amount": "-5 000 €"}]}
    assert ("AMT001", "broken") in told(withdrawn)
    assert ("AMT001", "broken") in told({**withdrawn, "title": "Aide à la reprise d’entreprise"})
    assert "AMT001" not in dict(told({**withdrawn, "title": "Réduction de la subvention à l’association X"}))


def test_the_sides_of_a_plan_are_equal_and_nested_lines_add_up() -> None:
    expenses = [{"amount": 70, "lines": [{"amount": 30}, {"amount": 40}]}, {"amount": 30}]
    plan = {"expenses": expenses, "revenues": [{"amount": 99}]}
    found = states({"total": 5, "financing_plan": plan})
    assert ("sum", "lines", "holds") in found
    assert ("equal", "balance", "broken") in found
    assert ("EQU002", "broken") in told({"total": 5, "financing_plan": plan})
    totalled = {**plan, "total": 100}
    assert [
        state
        for kind, topic, state in states({"total": 5, "financing_plan": totalled})
        if topic in ("expenses", "revenues")
    ] == [
        "holds",
        "broken",
    ]
    lines = facts_of({"total": 5, "financing_plan": plan}, Settings()).figures
    assert len(lines) == 6


def test_a_plan_in_rounded_amounts_is_not_accused() -> None:
    plan = {"expenses": [{"amount": "1,2 M€"}], "revenues": [{"amount": "1,15 M€"}, {"amount": "0,1 M€"}]}
    assert ("equal", "balance", "unknown") in states({"total": 5, "financing_plan": plan})


def test_words_and_digits() -> None:
    assert states({"total": "78 000 €", "amount_in_words": "soixante et dix-huit mille euros"}) == [
        ("equal", "words", "holds")
    ]
    assert states({"total": "78 000 €", "amount_in_words": "soixante-huit mille euros"}) == [
        ("equal", "words", "broken")
    ]
    assert states({"total": 78, "amount_in_words": "seventy-eight euros"}) == [("equal", "words", "holds")]
    assert states({"total": 78, "amount_in_words": "beaucoup"}) == [("equal", "words", "unknown")]
    cents = {"total": "78 000,50 €", "amount_in_words": "soixante-dix-huit mille euros et 50 centimes"}
    assert states(cents) == [("equal", "words", "holds")]
    assert states({**cents, "total": "78 000,05 €"}) == [("equal", "words", "broken")]
    taxed = {"total": "78 000 € TTC", "amount_in_words": "soixante-dix-huit mille euros toutes taxes comprises"}
    assert states(taxed) == [("equal", "words", "holds")]
    assert states({**taxed, "total": "65 000 € HT"}) == [("equal", "words", "unknown")]


def test_a_percentage_without_its_base_cannot_be_told() -> None:
    found = findings({"total": 5, "stated_percentage": "5 %"})
    (finding,) = [f for f in found if f.code == "PCT001"]
    assert finding.state == "unknown"
    assert "sans le montant auquel il s’applique" in said(finding)


def test_a_truncated_percentage_is_a_note_of_its_own() -> None:
    record = {"total": 667, "base": 1000, "stated_percentage": "66 %"}
    found = [(f.code, f.severity) for f in findings(record) if f.state == "broken"]
    assert found == [("PCT002", "note")]


def test_the_currency_of_the_record_stands_for_amounts_without_unit() -> None:
    record = {"currency": "F", "total": 100, "allocations": [{"funder": "a", "amount": "100 F"}]}
    assert states(record) == [("sum", "allocations", "holds")]
    mixed = {"currency": "F", "total": 100, "allocations": [{"funder": "a", "amount": "100 €"}]}
    assert states(mixed) == [("sum", "allocations", "unknown")]


# -- the law --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "account"),
    [
        ("Ville en scène", "6574"),
        ("Ville de Rouen Handball club", "6574"),
        ("Commune libre de Montmartre", "6574"),
        ("Région Sud Basket", "6574"),
        ("Métropole Hockey", "6574"),
        ("Université populaire du Rouennais", "6574"),
        ("Université du temps libre", "6574"),
        ("Association syndicale autorisée de la Plaine", "65738"),
        ("Association foncière de remembrement", "65738"),
        ("Fédération départementale d’énergie", "65738"),
        ("Commune de Pau", "65734"),
        ("Région Bretagne", "65732"),
        ("Association Foyer rural", "6574"),
    ],
)
def test_a_name_alone_contradicts_no_account_unless_it_is_plain(name: str, account: str) -> None:
    record = {"total": 5, "fiscal_year": 2017, "nomenclature": "M14", "imputation": account, "beneficiary": name}
    assert "IMP008" not in [finding.code for finding in check(record).findings]


@pytest.mark.parametrize(
    "name", ["Commune de Pau", "la ville d’Antibes", "Région Bretagne", "CCAS", "Université de Caen"]
)
def test_a_plain_name_of_a_public_body_contradicts_an_account_of_associations(name: str) -> None:
    record = {"total": 5, "fiscal_year": 2017, "nomenclature": "M14", "imputation": "6574", "beneficiary": name}
    assert ("IMP008", "broken") in [(finding.code, finding.state) for finding in check(record).findings]


def law(**changes: Any) -> list[tuple[str, str]]:
    record = {"total": "23 000,01 €", "convention": False, "imputation": "65/6574/61", "fiscal_year": 2017, **changes}
    return [(code, state) for code, state in told(record) if code == "LIM001"]


def test_a_convention_is_required_above_the_threshold_only() -> None:
    assert law() == [("LIM001", "broken")]
    assert law(total=23000) == []
    assert law(convention=True) == []
    assert law(convention={"signed_on": "2017-04-01"}) == []
    assert law(convention=None) == [("LIM001", "unknown")]


def test_what_the_law_does_not_concern_is_not_accused() -> None:
    assert law(beneficiary="Commune de Pau") == []
    assert law(beneficiary={"name": "X", "kind": "public"}) == []
    assert law(fiscal_year=2000) == []
    assert law(beneficiary="Association X") == [("LIM001", "broken")]
    assert law(total="30 000 F", currency="F") == [("LIM001", "unknown")]
    assert law(total="environ 23 000 €") == [("LIM001", "unknown")]


def test_the_threshold_is_by_year_by_beneficiary_and_by_authority() -> None:
    years = [{"by": "year", "parts": [{"year": 2017, "amount": 15000}, {"year": 2018, "amount": 15000}]}]
    assert law(total=30000, breakdowns=years) == []
    years[0]["parts"] = [{"year": 2017, "amount": 25000}, {"year": 2018, "amount": 5000}]
    assert law(total=30000, breakdowns=years) == [("LIM001", "broken")]
    receivers = [
        {"by": "beneficiary", "parts": [{"beneficiary": "A", "amount": 15000}, {"beneficiary": "B", "amount": 15000}]}
    ]
    assert law(total=30000, breakdowns=receivers) == []
    receivers[0]["parts"] = [{"beneficiary": "A", "amount": 25000}, {"beneficiary": "B", "amount": 5000}]
    assert law(total=30000, breakdowns=receivers) == [("LIM001", "broken")]
    funders = [{"funder": "Région", "amount": 15000}, {"funder": "État", "amount": 15000}]
    assert law(total=30000, allocations=funders) == [("LIM001", "unknown")]
    assert law(
        total=40000, allocations=[{"funder": "Région", "amount": 25000}, {"funder": "État", "amount": 15000}]
    ) == [("LIM001", "broken")]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        # The account pays public bodies only, which the law does not concern, whatever their name.
        ({"imputation": "65/657362/520", "nomenclature": "M14"}, []),
        ({"imputation": "204/2041412/61", "beneficiary": "SIVU de la Plaine"}, []),
        # Neither the account nor the name says that the beneficiary is under private law.
        ({"imputation": None, "beneficiary": "Collège Jean Moulin"}, [("LIM001", "unknown")]),
        ({"imputation": None, "beneficiary": "Caisse des écoles"}, [("LIM001", "unknown")]),
        ({"imputation": None, "beneficiary": {"name": "X", "kind": "autre"}}, [("LIM001", "unknown")]),
        ({"imputation": None, "beneficiary": "Secours populaire"}, [("LIM001", "broken")]),
        ({"imputation": "65/6574/61", "beneficiary": "École de musique"}, [("LIM001", "broken")]),
        # Over more than a year, the yearly amount is not told.
        ({"total": 60000, "period": "2017-01-01/2019-12-31"}, [("LIM001", "unknown")]),
        ({"total": 60000, "period": "2017-09-01/2018-08-31"}, [("LIM001", "broken")]),
        # A breakdown that does not say by what may be one by beneficiary.
        (
            {"total": 40000, "breakdowns": [{"parts": [{"label": "Club A", "amount": 20000}] * 2}]},
            [("LIM001", "unknown")],
        ),
        (
            {"total": 40000, "breakdowns": [{"by": "purpose", "parts": [{"label": "Salaires", "amount": 20000}] * 2}]},
            [("LIM001", "broken")],
        ),
    ],
)
def test_an_absent_convention_is_an_error_only_when_one_is_surely_required(
    changes: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert law(**{"total": 30000, **changes}) == expected


def test_beneficiaries_below_a_funder_or_beside_it_are_told_apart() -> None:
    names = [{"beneficiary": "Association A", "amount": 20000}, {"beneficiary": "Association B", "amount": 20000}]
    below = [{"funder": "Ville", "amount": 40000, "breakdowns": [{"by": "beneficiary", "parts": names}]}]
    assert law(total=40000, allocations=below) == [("LIM001", "unknown")]
    beside = [{"funder": "Ville", **part} for part in names]
    assert law(total=40000, allocations=beside) == []
    beside[0]["amount"] = 25000
    assert law(total=45000, allocations=beside) == [("LIM001", "broken")]
    beside[0]["convention"] = True
    assert law(total=45000, allocations=beside) == []
    same = [{"funder": "Ville", "beneficiary": "Association A", "amount": 20000}] * 2
    assert law(total=40000, allocations=same) == [("LIM001", "unknown")]


def test_an_amount_in_another_currency_is_not_said_to_be_above_the_threshold() -> None:
    (finding,) = [f for f in findings({"total": "10 000 CHF"}) if f.code == "LIM001"]
    assert "au-dessus" not in said(finding)
    assert "autre monnaie" in said(finding)


def test_the_finding_gives_the_article_and_its_date() -> None:
    (finding,) = [f for f in findings({"total": 30000, "convention": False}) if f.code == "LIM001"]
    assert "loi n° 2000-321 du 12 avril 2000, art. 10" in said(finding)
    assert "décret n° 2001-495 du 6 juin 2001" in said(finding)
    assert "inégal" not in said(finding)


# -- dates ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"period": {"start": "2017-05-01", "end": "2017-04-30"}}, [("DAT003", "broken")]),
        ({"period": "2017-05-01/2017-05-01"}, []),
        ({"period": {"start": "2016-05-01", "end": "2016-06-30"}}, [("DAT004", "unknown")]),
        ({"voted_on": "2017-12-31"}, []),
        ({"voted_on": "2018-01-31"}, [("DAT004", "unknown")]),
        ({"voted_on": "2018-02-01"}, [("DAT004", "broken")]),
        ({"voted_on": "2016-12-15"}, [("DAT004", "unknown")]),
        ({"voted_on": date(2017, 3, 1)}, []),
    ],
)
def test_dates_are_in_order_and_within_the_year(record: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    found = told({"total": 5, "imputation": "65/6574/61", "fiscal_year": 2017, **record})
    assert [item for item in found if item[0].startswith("DAT")] == expected


def test_amounts_that_cannot_be_are_told() -> None:
    assert ("AMT001", "broken") in told({"total": -5})
    (finding,) = [f for f in findings({"total": 0}) if f.code == "AMT001"]
    assert finding.severity == "warning"
    assert "AMT001" not in {
        code
        for code, _ in told({"total": 5, "allocations": [{"funder": "a", "amount": 5}, {"funder": "b", "amount": 0}]})
    }
    assert "AMT001" in {code for code, _ in told({"total": 5, "base": {"amount": -5}})}


def test_settings_stand_where_the_record_is_silent() -> None:
    facts = facts_of({"total": 5}, Settings(fiscal_year=2019, nomenclature="M14"))
    assert (facts.context.fiscal_year, facts.context.nomenclature) == (2019, "M14")
    facts = facts_of(
        {"total": 5, "fiscal_year": 2020, "nomenclature": "M57"}, Settings(fiscal_year=2019, nomenclature="M14")
    )
    assert (facts.context.fiscal_year, facts.context.nomenclature) == (2020, "M57")


def test_a_python_value_is_told_by_its_pointer() -> None:
    (finding,) = [f for f in findings({"total": Decimal("5.00"), "base": {"amount": "x"}}) if f.code == "REC002"]
    assert finding.place.path == "<record>"
    assert finding.place.pointer == "/base/amount"
    assert finding.place.quote == "x"
    assert finding.place.line is None


def test_a_finding_is_known_again_when_other_records_come_and_go() -> None:
    wrong = "{reference: D1, total: 100, allocations: [{funder: A, amount: 50}, {funder: B, amount: 40}]}"
    right = "{reference: D0, total: 100, allocations: [{funder: A, amount: 50}, {funder: B, amount: 50}]}"
    marks = []
    for text in (
        f"- {wrong}\n",
        f"- {wrong}\n- {right}\n",
        f"- {right}\n- {wrong}\n",
        f"- {right}\n- {right}\n- {wrong}\n",
    ):
        found = [
            finding
            for facts in read_facts("x.yaml", text.encode(), Settings())
            for finding in judged(facts).findings
            if finding.code == "SUM001"
        ]
        marks += [finding.fingerprint for finding in found]
    assert len(marks) == 4
    assert len(set(marks)) == 1
    other = wrong.replace("D1", "D2")
    (facts,) = read_facts("x.yaml", f"- {other}\n".encode(), Settings())
    assert marks[0] not in {finding.fingerprint for finding in judged(facts).findings}
