"""Checks a certificate of the diagnosis: one page, the standard library, nothing of the engine.

    python -m subsidy_rules.diagnosis.verify report.json      # or this file itself; - reads standard input

prints ``verified`` or ``refused`` for each certificate found in the file and exits 0 when all are verified.

What is checked. The seal ties the proof to the record. Every figure's ends follow from its printed digits. *Feasible*:
each value of the witness lies within the ends of its figure, and every relation holds for those values, a relation that
multiplies by a printed rate having its own value of it (the rate says that this ratio rounds to it). *Infeasible*:
each multiplied end of a relation gives « weighted sum <= limit »; added up they give « combination <= most », but over
the ends of the figures the combination is at least ``least`` > ``most`` (or equal, one end not being reached).
A relation with a printed rate is « terms + rate · whole »: its row takes the rate at the end that leaves most room,
the whole having one sign.
"""

import hashlib
import json
import re
import sys
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

_NUMBER = re.compile(r"-?[0-9]{1,400}(?:/[0-9]{1,400})?")
_HALVES = {"nearest": (-1, 1), "exact": (0, 0)}
_LOOSE = {"at_least": (0, None), "above": (0, None), "at_most": (None, 0), "below": (None, 0)}
Ends = tuple[Fraction | None, bool, Fraction | None, bool]


def verify_certificate(certificate: Mapping[str, Any] | str) -> bool:
    """True when ``certificate`` (a mapping, or its JSON text) proves what it says; never raises for what it holds."""
    try:
        content = json.loads(certificate) if isinstance(certificate, str) else dict(certificate)
        return bool(_sealed(content) and _proved(content))
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
        return False


def _proved(content: dict[str, Any]) -> bool:
    ends = {name: _figure(figure) for name, figure in content["figures"].items()}
    if content["feasible"] is True and "multipliers" not in content:
        return _witnessed(content["relations"], ends, content["witness"], content["rates"])
    if content["feasible"] is False and "witness" not in content:
        return _contradicted(content, ends)
    return False


def _sealed(content: dict[str, Any]) -> bool:
    bare = {key: value for key, value in content.items() if key != "seal"}
    text = json.dumps(bare, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    seal = "sha256:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return bool(content["schema"] == "subsidy-rules/certificate/1" and content["seal"] == seal)


def _number(text: Any) -> Fraction:
    if not isinstance(text, str) or not _NUMBER.fullmatch(text):
        raise ValueError("not a number")
    return Fraction(text)


def _ends(item: dict[str, Any]) -> Ends:
    lower = None if item["lower"] is None else _number(item["lower"])
    upper = None if item["upper"] is None else _number(item["upper"])
    return lower, item["lower_closed"] is True, upper, item["upper_closed"] is True


def _figure(item: dict[str, Any]) -> Ends:
    ends = _ends(item)
    if item["read"] == "absent":
        if ends != (None, False, None, False):
            raise ValueError("an absent figure may be anything")
        return ends
    n, unit, read = int(_number(item["n"])), _number(item["unit"]), item["read"]
    if item["text"] is not None and re.sub("[^0-9]", "", item["text"]).strip("0") != str(abs(n)).strip("0"):
        raise ValueError("the digits are not those printed")
    if read in _HALVES:
        below, above = _HALVES[read]
        right = ends == ((2 * n + below) * unit / 2, True, (2 * n + above) * unit / 2, True)
    elif read in _LOOSE:
        right = ends[0::2] == tuple(None if end is None else n * unit for end in _LOOSE[read])
    else:  # another rounding mode: never more than one unit of the last printed place away
        right = ends[0] is not None and ends[2] is not None and (n - 1) * unit <= ends[0] <= ends[2] <= (n + 1) * unit
    if not right or unit <= 0:
        raise ValueError("the ends do not follow from the digits")
    return ends


def _within(value: Fraction, ends: Ends) -> bool:
    lower, lower_closed, upper, upper_closed = ends
    return (lower is None or value > lower or (value == lower and lower_closed)) and (
        upper is None or value < upper or (value == upper and upper_closed)
    )


def _witnessed(
    relations: list[dict[str, Any]], ends: dict[str, Ends], witness: dict[str, str], rates: dict[str, dict[str, str]]
) -> bool:
    values = {name: _number(witness[name]) for name in ends}
    if len(witness) != len(ends) or not all(_within(values[name], ends[name]) for name in ends):
        return False
    for number, relation in enumerate(relations):
        total = _sum(relation["terms"], values)
        for product in relation["products"]:
            factor = product["factor"]
            rate = _number(rates.get(str(number), {}).get(factor, witness[factor]))
            if not _within(rate, ends[factor]):
                return False
            total += rate * _sum(product["terms"], values)
        if not _within(total, _ends(relation)):
            return False
    return True


def _sum(terms: dict[str, str], values: Mapping[str, Fraction]) -> Fraction:
    return sum((_number(weight) * values[name] for name, weight in terms.items()), Fraction(0))


def _least(terms: Mapping[str, Fraction], ends: dict[str, Ends]) -> tuple[Fraction | None, bool]:
    """The smallest value of a weighted sum over the ends of its figures, and whether it is reached."""
    total, reached = Fraction(0), True
    for name, weight in terms.items():
        lower, lower_closed, upper, upper_closed = ends[name]
        end, closed = (lower, lower_closed) if weight > 0 else (upper, upper_closed)
        if end is None:
            return None, False
        total, reached = total + weight * end, reached and closed
    return total, reached


def _contradicted(content: dict[str, Any], ends: dict[str, Ends]) -> bool:
    total: dict[str, Fraction] = {}
    most, reached = Fraction(0), True
    for one in content["multipliers"]:
        by, relation = _number(one["by"]), content["relations"][one["relation"]]
        lower, lower_closed, upper, upper_closed = _ends(relation)
        sign, limit, closed = {"upper": (1, upper, upper_closed), "lower": (-1, lower, lower_closed)}[one["end"]]
        if by <= 0 or limit is None or one["relation"] < 0:
            return False
        most, reached = most + sign * by * limit, reached and closed
        row = {name: _number(weight) for name, weight in relation["terms"].items()}
        for product in relation["products"]:
            terms = {name: _number(weight) for name, weight in product["terms"].items()}
            factor = product["factor"]
            least, least_reached = _least(terms, ends)
            greatest = _least({name: -weight for name, weight in terms.items()}, ends)[0]
            positive, negative = least is not None and least >= 0, greatest is not None and greatest >= 0
            low = positive == (one["end"] == "upper")
            rate, rate_closed = ends[factor][0:2] if low else ends[factor][2:4]
            certain = rate == ends[factor][0] == ends[factor][2]
            if rate is None or not (positive or negative or certain):
                return False
            away = positive and least is not None and (least > 0 or not least_reached)
            away = away or (not positive and greatest is not None and greatest > 0)
            reached = reached and (rate_closed or not away)
            for name, weight in terms.items():
                row[name] = row.get(name, Fraction(0)) + rate * weight
        for name, weight in row.items():
            total[name] = total.get(name, Fraction(0)) + sign * by * weight
    total = {name: weight for name, weight in total.items() if weight}
    least, least_reached = _least(total, ends)
    told = {name: _number(weight) for name, weight in content["combination"].items()}
    if least is None or told != total or _number(content["least"]) != least or _number(content["most"]) != most:
        return False
    return least > most or (least == most and not (reached and least_reached))


def _found(item: Any) -> Iterator[dict[str, Any]]:
    """Every certificate inside a JSON value, however deep."""
    pending = [item]
    while pending:
        value = pending.pop()
        if isinstance(value, dict) and str(value.get("schema", "")).startswith("subsidy-rules/certificate/"):
            yield value
        elif isinstance(value, dict | list):
            pending.extend(value.values() if isinstance(value, dict) else value)


def main(arguments: list[str]) -> int:
    """Verifies every certificate of a file; 0 when all are verified, 1 when one is refused, 2 when there is none."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m subsidy_rules.diagnosis.verify FILE\n")
        return 2
    try:
        if arguments[0] == "-":
            content = json.load(sys.stdin)
        else:
            with open(arguments[0], encoding="utf-8") as file:
                content = json.load(file)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{arguments[0]}: {error}\n")
        return 2
    verdicts = [verify_certificate(one) for one in _found(content)]
    for verdict in verdicts:
        sys.stdout.write("verified\n" if verdict else "refused\n")
    return 2 if not verdicts else 0 if all(verdicts) else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
