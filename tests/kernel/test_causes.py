"""One cause, one finding: a wrong total that a percentage vouches against."""

from __future__ import annotations

from typing import Any

from subsidy_rules.causes import with_causes
from subsidy_rules.claims import Claim, Equal, Share, Sum
from subsidy_rules.engine import judge_facts
from subsidy_rules.facts import Facts
from subsidy_rules.figures import Amount, Figure, Percentage
from subsidy_rules.finding import Finding, Tally
from subsidy_rules.place import Place
from subsidy_rules.rules import standard_rules


def at(line: int) -> Place:
    return Place(path="note.txt", line=line, column=1, quote=str(line))


def euros(n: int, line: int) -> Amount:
    return Amount(n=n, currency="EUR", text=f"{n:,}".replace(",", " "), place=at(line))


def run(*claims: Claim, proofs: list[dict[str, Any]] | None = None) -> tuple[Finding, ...]:
    rules, tally = standard_rules(), Tally()
    judged = judge_facts(Facts(path="note.txt", claims=claims), rules, tally, "fr")
    return with_causes(judged, rules, tally, "fr", proofs=proofs).findings


def test_the_percentage_vouches_against_the_total() -> None:
    total = euros(75_000, 1)
    parts = (euros(50_000, 2), euros(20_000, 3))
    stated = Percentage(n=527, decimals=2, text="5,27 %", place=at(4))
    findings = run(
        Sum(place=at(1), total=total, parts=parts),
        Share(place=at(4), stated=stated, part=total, whole=euros(1_329_243, 5)),
    )
    assert [finding.code for finding in findings] == ["SUM001"]
    (finding,) = findings
    (repair,) = finding.repairs
    assert (repair.old, repair.new.replace("\u202f", " ")) == ("75 000", "70 000")
    assert repair.place == total.place
    assert repair.says is not None
    said = repair.says.say("fr").replace("\u202f", " ").replace("\u00a0", " ")
    assert said == "le total est sans doute 70 000 (et non 75 000) : les deux parts et le taux s’accordent"
    assert at(4) in finding.related, "the percentage that vouches is a related place"


def test_two_causes_are_two_findings() -> None:
    findings = run(
        Sum(place=at(1), total=euros(75_000, 1), parts=(euros(50_000, 2), euros(20_000, 3))),
        Sum(place=at(11), total=euros(90, 11), parts=(euros(50, 12), euros(30, 13))),
    )
    assert [finding.place.line for finding in findings] == [1, 11]


def test_what_holds_is_left_alone_and_its_witness_can_be_asked_for() -> None:
    total = euros(70_000, 1)
    proofs: list[dict[str, Any]] = []
    claims = (
        Sum(place=at(1), total=total, parts=(euros(50_000, 2), euros(20_000, 3))),
        Equal(place=at(6), first=total, again=euros(70_000, 6)),
    )
    assert run(*claims, proofs=proofs) == ()
    assert [proof["feasible"] for proof in proofs] == [True]
    assert proofs[0]["claims"] == [0, 1]


def test_figures_that_agree_one_by_one_and_not_together() -> None:
    def about(n: int, line: int) -> Figure:
        return Amount(n=n, exponent=6, currency="EUR", text=f"{n} M€", place=at(line))

    a, b, c = about(1, 1), about(1, 2), about(1, 3)
    three = [about(3, line) for line in (4, 5, 6, 7)]
    findings = run(
        Sum(place=at(4), total=three[0], parts=(a, b)),
        Sum(place=at(5), total=three[1], parts=(b, c)),
        Sum(place=at(6), total=three[2], parts=(a, c)),
        Sum(place=at(7), total=three[3], parts=(a, b, c)),
    )
    assert [finding.code for finding in findings] == ["SUM003"]
    certificate = findings[0].values["certificate"]
    from subsidy_rules.diagnosis.verify import verify_certificate

    assert verify_certificate(certificate)


def test_percentages_that_were_all_cut_are_notes_that_say_so() -> None:
    whole = euros(3_000, 1)
    claims = []
    for number, (part, n) in enumerate(((1_000, 34), (2_000, 67), (700, 24), (500, 17)), start=2):
        stated = Percentage(n=n, text=f"{n} %", place=at(10 + number))
        claims.append(Share(place=at(10 + number), stated=stated, part=euros(part, number), whole=whole))
    findings = run(*claims)
    assert {finding.code for finding in findings} == {"PCT001"}
    assert {finding.severity for finding in findings} == {"note"}
    assert all("excès" in finding.working.say("fr") for finding in findings if finding.working is not None)


def test_one_odd_percentage_is_no_habit() -> None:
    stated = Percentage(n=34, text="34 %", place=at(5))
    findings = run(Share(place=at(5), stated=stated, part=euros(1_000, 2), whole=euros(3_000, 1)))
    assert [finding.severity for finding in findings] == ["error"]
