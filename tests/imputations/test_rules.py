"""What is told of an imputation, and above all what is not."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from subsidy_rules import check_text
from subsidy_rules.facts import BeneficiaryKind, Charge, Context, Facts, OwnSegment, Section
from subsidy_rules.figures import Amount
from subsidy_rules.finding import Finding, make_finding
from subsidy_rules.imputation import ImputationError, find_imputations, parse_imputation
from subsidy_rules.place import Place
from subsidy_rules.rulebook import Example, Rule, Verdict
from subsidy_rules.rules.imputations import RULES
from tests.shared import shared_folder


def charge_of(
    code: str,
    context: Context,
    *,
    section: Section | None = None,
    beneficiary: BeneficiaryKind | None = None,
    amount: Amount | None = None,
) -> Charge:
    """A charge as a record gives it."""
    place = Place(path="record.yaml", line=3, column=5, quote=code)
    try:
        read = parse_imputation(code, fiscal_year=context.fiscal_year, nomenclature=context.nomenclature)
    except ImputationError as error:
        return Charge(raw=code, imputation=None, place=place, strict=True, trouble=error.reason)
    return Charge(
        raw=code,
        imputation=read,
        place=place,
        strict=True,
        section=section,
        beneficiary=beneficiary,
        amount=amount,
    )


def verdicts(rule: Rule, charges: tuple[Charge, ...], context: Context) -> Iterator[Verdict]:
    subjects: tuple[Any, ...] = charges
    if rule.on == "facts":
        subjects = (Facts(path="record.yaml", charges=charges, context=context),)
    for subject in subjects:
        answer = rule.judge(subject, context)
        if isinstance(answer, Verdict):
            yield answer
        elif answer is not None:
            yield from answer


def findings(charges: tuple[Charge, ...], context: Context) -> list[Finding]:
    out = []
    for rule in RULES:
        for verdict in verdicts(rule, charges, context):
            found = make_finding(rule, verdict, "fr")
            if found is not None:
                out.append(found)
    for found in out:
        assert found.say("fr")
        assert found.say("en")
        assert not re.search(r"\{[a-z]", found.say("fr") + found.say("en"))
        json.dumps(found.to_json())
    return out


def told(code: str, year: int | None = None, nomenclature: str | None = None, **around: Any) -> list[Finding]:
    context = Context(
        fiscal_year=year,
        nomenclature=nomenclature,
        body=around.pop("body", None),
        voted_on=around.pop("voted_on", None),
        own_segments=around.pop("own", ()),
    )
    return findings((charge_of(code, context, **around),), context)


def codes(*args: Any, **around: Any) -> list[str]:
    return [found.code for found in told(*args, **around) if found.state == "broken"]


@pytest.mark.parametrize(
    ("code", "year", "nomenclature"),
    [
        ("B320/65/6574/61", 2017, "M57"),
        ("3A/61/6574", 2017, "M57"),
        ("B320/65/6574/61", 2017, None),
        ("B320/65/6574/61", None, None),
        ("B320/65/6574/61", 2017, "M14"),
        ("B320/65/65748/61", 2019, "M57"),
        ("65/6574/33", 2019, "M14"),
        ("65/6574/33", 2019, None),
        ("65/6574/33", 2010, None),
        ("65/6574/33", 2023, "M57"),
        ("65/6574/33", 2026, None),
        ("65/9999/33", 2010, "M14"),
        ("65/6574/33", 2017, "M22"),
        ("nature 65738, fonction 01", 2024, "M57"),
        ("nature 657362, fonction 61", 2024, "M57"),
        ("chapitre 011, nature 6188, fonction 020", 2017, "M57"),
        ("chapitre 936, nature 65748, fonction 61", 2019, "M57"),
        ("chapitre 936, article 9361", 2019, "M57"),
        ("chapitre 900, nature 20422, fonction 020", 2019, "M57"),
        ("chapitre 945, sous-chapitre 945-25, article 657-3", 1997, None),
        ("chapitre 959, sous-chapitre 959-00, article 642", 2003, None),
        ("chapitre 1001, nature 2313", 2017, "M14"),
        ("opération 17, nature 2313, chapitre 23", 2017, "M14"),
        ("nature 6574, fonction 3131", 2017, "M57"),
        ("fonction 022, nature 65748", 2025, "M57"),
        ("fonction 024, nature 65748", 2025, "M57"),
        ("nature 6573", 2018, None),
        ("nature 2043", None, None),
        ("mission 90010-75-030", 2017, "M57"),
        ("3A/65/20422", 2017, "M57"),
        ("nature 6574, fonction 33, exercice 2017", 2019, "M57"),
        ("budget annexe de l'eau, nature 6742", 2017, None),
    ],
)
def test_right_or_unsure_codes_are_left_alone(code: str, year: int | None, nomenclature: str | None) -> None:
    assert [found for found in told(code, year, nomenclature) if found.state == "broken"] == []


@pytest.mark.parametrize(
    ("code", "year", "nomenclature", "expected"),
    [
        ("65//6574/61", 2017, "M57", ["IMP001"]),
        ("B320/65/65O4/61", 2017, "M57", ["IMP001"]),
        ("B320/65/6754/61", 2017, "M57", ["IMP002"]),
        ("compte 6754", 2019, None, ["IMP002"]),
        ("compte 6754", 2022, None, ["IMP002"]),
        ("compte 6754", None, None, ["IMP002"]),
        ("B320/67/6574/61", 2017, "M57", ["IMP003"]),
        ("chapitre 20, nature 2043, rubrique 221", 2010, None, ["IMP003"]),
        ("chapitre 65, article 20422, rubrique 64, ligne P003", 2005, None, ["IMP003"]),
        ("65/20422", 2014, "M14", ["IMP003"]),
        ("chapitre 936, nature 20422, fonction 61", 2019, "M57", ["IMP003"]),
        ("nature 6574, fonction 99", 2017, "M57", ["IMP004"]),
        ("nature 6574, fonction 99", 2017, None, ["IMP004"]),
        ("B320/65/6574/61", 2019, "M57", ["IMP006"]),
        ("3A/61/6574", 2019, "M57", ["IMP006"]),
        ("65/6574/33", 2024, "M57", ["IMP006"]),
        ("65/65748/33", 2016, "M57", ["IMP006"]),
        ("nature 67441", 2020, "M57", ["IMP006"]),
        ("nature 657362", 2024, "M57 développé", ["IMP006"]),
        ("65/6573/33", 2020, "M52", ["IMP007"]),
        ("chapitre 11, nature 6188, fonction 020", 2017, "M57", ["IMP009"]),
        ("nature 6574, fonction 25", 2012, "M14", []),
        ("chapitre 933, nature 65748, fonction 61", 2019, "M57", ["IMP010"]),
        ("chapitre 933, article 9361", 2019, "M57", ["IMP010"]),
        ("chapitre 65, natrue 6574", 2017, "M57", ["IMP012"]),
        ("65/6574/33", 2026, "M14", ["IMP013"]),
        ("65/6574/33", 2025, "M14", ["IMP013"]),
        ("65/6574/61", 2013, "M57", ["IMP013"]),
    ],
)
def test_wrong_codes_are_told_once_and_rightly(
    code: str, year: int | None, nomenclature: str | None, expected: list[str]
) -> None:
    assert codes(code, year, nomenclature) == expected


@pytest.mark.parametrize("code", ["11/6281", "12/64111", "11-6281", "11/6281 - Concours divers"])
@pytest.mark.parametrize("nomenclature", ["M57", "M14", None])
def test_a_function_that_may_be_a_chapter_without_its_zero_is_told_as_doubtful(
    code: str, nomenclature: str | None
) -> None:
    (found,) = told(code, 2017, nomenclature)
    assert (found.code, found.state, found.severity) == ("IMP009", "unknown", "note")
    assert (found.values["written"], found.values["meant"]) == (code[:2], f"0{code[:2]}")
    assert found.repairs == ()


@pytest.mark.parametrize(
    "code",
    [
        "fonction 11, nature 6281",  # it is said to be the function
        "11/6574",  # chapter 011 does not carry the account
        "61/6574",
        "33/6281",  # there is no chapter 033
        "011/6281",
        "3A/11/6281",  # the function stands where lines and functions stand
        "65/6574/11",
        "011/6281/11",
    ],
)
def test_a_function_that_is_surely_one_is_left_alone(code: str) -> None:
    assert told(code, 2017, "M57") == []


def test_the_account_of_2018_and_its_three_successors() -> None:
    (found,) = told("3A/61/6574", 2019, "M57")
    assert (found.code, found.severity, found.confidence) == ("IMP006", "error", "high")
    assert [repair.new for repair in found.repairs] == ["65741", "65742", "65748"]
    assert found.values["successors"] == ["65741", "65742", "65748"]
    assert "2015" in found.message
    assert "2017" in found.message
    (to_association,) = told("3A/61/6574", 2019, "M57", beneficiary="association")
    assert to_association.repairs[0].new == "65748"
    (to_company,) = told("3A/61/6574", 2019, "M57", beneficiary="entreprise")
    assert to_company.repairs[0].new == "65742"


def test_the_law_settles_the_nomenclature_of_a_metropole() -> None:
    assert codes("3A/61/6574", 2016, body="Métropole Aix-Marseille-Provence") == []
    (found,) = told("3A/61/6574", 2019, body="Métropole Aix-Marseille-Provence")
    assert (found.code, found.severity) == ("IMP006", "warning")
    assert codes("3A/61/6574", 2019, body="Ville de Marseille") == []


def test_a_mistyped_account_has_its_neighbours() -> None:
    (found,) = told("65/6754/33", 2017, "M14")
    assert (found.code, found.severity) == ("IMP002", "error")
    assert found.repairs[0].new == "6574"
    assert found.repairs[0].says is not None
    assert "associations" in found.repairs[0].says.say("fr")
    assert "6745" in [repair.new for repair in found.repairs]
    (elsewhere,) = told("nature 6754", 2017, "M14")
    assert {"6574", "6745"} <= {repair.new for repair in elsewhere.repairs}


def test_a_slip_on_an_account_that_is_gone_is_seen_through() -> None:
    (found,) = told("B320/65/6754/61", 2019, "M57")
    assert found.code == "IMP002"
    assert found.repairs[0].new == "6574"
    assert found.repairs[0].says is not None
    assert "65748" in found.repairs[0].says.say("fr")


def test_from_2024_an_account_that_the_m57_lost_is_worth_a_word_not_an_accusation() -> None:
    (found,) = told("65/6574/33", 2024)
    assert (found.code, found.state, found.severity) == ("IMP006", "unknown", "warning")
    assert "M57" in found.message


def test_sections() -> None:
    assert codes("204/20422/61", 2017, section="fonctionnement") == ["IMP005"]
    assert codes("65/6574/61", 2017, section="investissement") == ["IMP005"]
    assert codes("65/6574/61", 2017, section="fonctionnement") == []
    assert codes("chapitre 204", 2017, "M57", section="fonctionnement") == ["IMP005"]
    assert codes("nature 6572, fonction 33", 2000, section="investissement") == []
    assert codes("nature 6572, fonction 33", 2015, "M43", section="investissement") == []


@pytest.mark.parametrize(
    ("code", "year", "kind", "expected"),
    [
        ("65/65748/61", 2019, "public", ["IMP008"]),
        ("65/657341/61", 2019, "association", ["IMP008"]),
        ("65/65741/61", 2019, "association", ["IMP008"]),
        ("65/65748/61", 2019, "association", []),
        ("65/65742/61", 2019, "association", []),
        ("65/65742/61", 2019, "entreprise", []),
        ("65/65748/61", 2019, "entreprise", []),
        ("65/6573641/61", 2019, "entreprise", []),
        ("65/657341/61", 2019, "public", []),
        ("204/20422/61", 2019, "public", ["IMP008"]),
        ("204/2041412/61", 2019, "association", ["IMP008"]),
        ("65/65748/61", 2019, "autre", []),
    ],
)
def test_beneficiaries(code: str, year: int, kind: BeneficiaryKind, expected: list[str]) -> None:
    assert codes(code, year, "M57", beneficiary=kind) == expected


def test_a_body_s_own_segments_are_opaque_unless_declared() -> None:
    declared = (OwnSegment(name="politique", pattern="[A-Z][0-9]{3}", meaning="politique publique"),)
    assert codes("B32/65/6574/61", 2017, "M57") == []
    assert codes("B320/65/6574/61", 2017, "M57", own=declared) == []
    assert codes("B32/65/6574/61", 2017, "M57", own=declared) == ["IMP011"]
    assert codes("politique B32, chapitre 65, nature 6574", 2017, "M57", own=declared) == ["IMP011"]
    assert codes("ligne 12, chapitre 65, nature 6574", 2017, "M57", own=declared) == []
    with_line = (*declared, OwnSegment(name="ligne", pattern="[0-9][A-Z]"))
    assert codes("3A/61/6574", 2017, "M57", own=with_line) == []
    assert codes("33A/61/6574", 2017, "M57", own=with_line) == ["IMP011"]


def test_francs_and_dates_tell_the_year() -> None:
    francs = Amount(n=100, currency="FRF")
    assert codes("nature 6754, fonction 33", amount=francs) == []
    assert codes("nature 65748", None, "M57", voted_on=date(2017, 12, 1)) == []
    assert codes("nature 65748", None, "M57", voted_on=date(2015, 12, 1)) == ["IMP006"]


def test_several_exercices_are_several_chances() -> None:
    assert codes("exercices 2017 à 2019 - chapitre 65 - nature 6574", None, "M57") == []
    assert codes("exercices 2018 à 2019 - chapitre 65 - nature 6574", None, "M57") == ["IMP006"]
    (found,) = told("exercices 2017 à 2019 - chapitre 65 - nature 6754", None, "M57")
    assert "2017" in found.message
    assert "2019" in found.message


def test_two_readings_of_which_one_stands_assert_nothing() -> None:
    found = told("3A/65/20422", 2017, "M57")
    assert [one for one in found if one.state == "broken"] == []


def test_a_fault_repaired_in_prose_is_told_as_a_warning() -> None:
    text = "La dépense est imputée : nature 6S748, fonction 33."
    (item,) = find_imputations(text)
    place = Place(path="note.txt", line=1, column=item.start + 1, quote=item.imputation.raw)
    charge = Charge(raw=item.imputation.raw, imputation=item.imputation, place=place)
    (found,) = findings((charge,), Context(fiscal_year=2019))
    assert (found.code, found.severity, found.state) == ("IMP001", "warning", "broken")
    assert found.repairs[0].new == "nature 65748, fonction 33"


@pytest.mark.parametrize(
    ("text", "year", "section", "kind", "expected"),
    [
        ("au compte 6754 du budget", 2019, None, None, [("IMP002", "warning")]),
        ("chapitre 65, article 20422, rubrique 64", 2005, None, None, [("IMP003", "error")]),
        ("nature 65731, fonction 33", 2019, None, "association", [("IMP008", "note")]),
        ("nature 20422, fonction 33", 2019, "fonctionnement", None, [("IMP005", "note")]),
        ("nature 6574, fonction 99", 2019, None, None, [("IMP004", "note")]),
        ("nature 204, fonction 33", 2019, None, None, [("IMP007", "note")]),
        ("chapitre 933, nature 65748, fonction 61", 2019, None, None, []),  # the M71 keeps function 6 in reserve
        ("nature 65741001, fonction 33", 2019, None, None, [("IMP002", "note")]),
        ("les crédits du chapitre 65 et de l'article 20422", 2019, None, None, []),
        ("Nature 20421\nChapitre 65\nNature 6574", 2017, None, None, []),
    ],
)
def test_prose_is_told_less_loudly_than_data(
    text: str,
    year: int,
    section: Section | None,
    kind: BeneficiaryKind | None,
    expected: list[tuple[str, str]],
) -> None:
    charges = tuple(
        Charge(
            raw=item.imputation.raw,
            imputation=item.imputation,
            place=Place(quote=item.imputation.raw),
            section=section,
            beneficiary=kind,
        )
        for item in find_imputations(text)
    )
    assert charges
    told = [(f.code, f.severity) for f in findings(charges, Context(fiscal_year=year)) if f.state == "broken"]
    assert told == expected


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_the_examples_of_each_rule(rule: Rule) -> None:
    def broken_by(example: Example) -> set[str]:
        source = example.source
        if isinstance(source, str):
            context = Context()
            charges = tuple(
                Charge(raw=item.imputation.raw, imputation=item.imputation, place=Place(quote=item.imputation.raw))
                for item in find_imputations(source)
            )
            assert charges
        else:
            kind = source.get("beneficiary", {}).get("kind")
            context = Context(
                fiscal_year=source.get("fiscal_year"),
                nomenclature=source.get("nomenclature"),
                section=source.get("section"),
                beneficiary=kind,
            )
            charges = tuple(charge_of(item["imputation"], context) for item in source["allocations"])
        return {found.code for found in findings(charges, context) if found.state == "broken"}

    assert rule.good is not None
    assert rule.bad is not None
    if rule.good.settings:
        assert rule.options  # a rule about the project's own configuration: run with all examples elsewhere
        return
    assert broken_by(rule.good) == set()
    assert broken_by(rule.bad) == {rule.code}


def test_no_annotated_imputation_is_refused_wrongly_and_the_wrong_ones_are_found() -> None:
    expected = {"chapitre_mismatch": {"IMP003"}, "unknown_account": {"IMP002"}, "label_typo": {"IMP012"}}
    seen = 0
    for line in shared_folder("cases", "dev.jsonl").read_text("utf-8").splitlines():
        case = json.loads(line)
        for item in case["imputations"]:
            for year in (case["year"], None):
                context = Context(fiscal_year=year)
                in_data = charge_of(item["raw"], context)
                assert in_data.imputation is not None
                found = {f.code for f in findings((in_data,), context) if f.state == "broken"}
                wanted = set().union(*(expected[problem] for problem in item["problems"]))
                assert found == wanted, (case["id"], item["raw"], year)
                seen += 1
    assert seen > 100


def test_rules_have_their_words_in_both_languages() -> None:
    names = [rule.name for rule in RULES]
    assert len(set(names)) == len(names) == len({rule.code for rule in RULES})
    for rule in RULES:
        for message in (rule.says, rule.title, rule.why, rule.computation):
            assert message.fr
            assert message.en
            assert message.fr != message.en
        assert rule.authority


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("au chapitre 65, nature 65784, fonction 315, exercice 2024", True),
        ("au chapitre 65, nature 65748, fonction 315, exercice 2024", False),
        ("au chapitre 65, nature 65789, fonction 315, exercice 2024", False),  # no exchange of two digits
        ("à la nature 65784, exercice 2024", False),  # no chapter to compare with
    ],
)
def test_an_account_of_no_list_whose_digits_were_exchanged_is_told_of_the_years_of_one_list(
    said: str, told: bool
) -> None:
    report = check_text(f"La dépense de 5 800 € est imputée {said}.", name="acte.txt")
    assert [finding.code for finding in report.findings if finding.state == "broken"] == (["IMP002"] if told else [])
