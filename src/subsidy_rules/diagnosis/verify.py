"""Checks a certificate of the diagnosis: one page, the standard library, nothing of the engine.

    python -m subsidy_rules.diagnosis.verify report.json      # or this file itself; - reads standard input

prints ``verified`` or ``refused`` for each certificate found in the file and exits 0 when all are verified.

A proof is about the figures and relations that it carries. Whoever changes those and seals it again has proved another
thing: so give ``figures`` and ``relations`` as they are printed, and the certificate must speak of these. In a report
each proof is compared with the claims of the report itself. That is the second half of this file.

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
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

_NUMBER = re.compile(r"-?[0-9]{1,400}(?:/[0-9]{1,400})?")
_NUMERAL = re.compile(r"[0-9](?:[ \u00a0\u2009\u202f.,'\u2019]?[0-9])*")
_SCALES = (
    (r"‰|pour\s?mille", -1),
    (r"milliards?|md|billions?", 9),
    (r"millions?|m(?!ille)", 6),
    (r"mille|k|thousand", 3),
)
_NUMBER_OR_RATE = re.compile(r"[0-9][0-9 \u00a0\u2009\u202f]*(?:[.,][0-9]+)?(?:\s?[%‰])?")
_NAME = re.compile(r"[^\W0-9]\w*")
Weights = dict[tuple[Any, ...], Fraction]
Ends = tuple[Fraction | None, bool, Fraction | None, bool]


def verify_certificate(
    certificate: Mapping[str, Any] | str,
    figures: Mapping[str, str] | None = None,
    relations: Sequence[str] | None = None,
    claims: Sequence[Mapping[str, Any]] | None = None,
) -> bool:
    """True when ``certificate`` (a mapping, or its JSON text) proves what it says; never raises for what it holds.

    ``figures`` (by name, as printed), ``relations`` (as text) and ``claims`` (those of a report, in the order of the
    certificate's relations) are what it must speak of; one that speaks of something else is refused, and so is one
    whose relations are given in a way that this page cannot read (brackets, divisions).
    """
    try:
        content = json.loads(certificate) if isinstance(certificate, str) else dict(certificate)
        return bool(
            _sealed(content)
            and (figures is None or _same_figures(content, figures))
            and (relations is None or _same_relations(content, relations))
            and (claims is None or _same_claims(content, claims))
            and _proved(content)
        )
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
    below, below_closed, above, above_closed = _reading(read, n)
    lower, upper = (None if half is None else (2 * n + half) * unit / 2 for half in (below, above))
    if ends != (lower, below_closed, upper, above_closed) or unit <= 0:
        raise ValueError("the ends do not follow from the digits")
    return ends


def _reading(read: str, n: int) -> tuple[int | None, bool, int | None, bool]:
    """How far the ends are from the printed value, in halves of its last unit, and whether they are reached."""
    return {
        "exact": (0, True, 0, True),
        "nearest": (-1, True, 1, True),
        "half_away_from_zero": (-1, n > 0, 1, n < 0),
        "half_to_positive": (-1, True, 1, False),
        "half_to_even": (-1, n % 2 == 0, 1, n % 2 == 0),
        "half_to_zero": (-1, n <= 0, 1, n >= 0),
        "truncate": (-2 if n <= 0 else 0, n > 0, 2 if n >= 0 else 0, n < 0),
        "floor": (0, True, 2, False),
        "ceiling": (-2, False, 0, True),
        "away_from_zero": (-2 if n > 0 else 0, n <= 0, 2 if n < 0 else 0, n >= 0),
        "at_least": (0, True, None, False),
        "above": (0, False, None, False),
        "at_most": (None, False, 0, True),
        "below": (None, False, 0, False),
    }[read]


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


# -- what the certificate speaks of -----------------------------------------------------------------------------------


def _values_of(text: str) -> set[Fraction]:
    """The values that a printed figure may be read as, whatever its sign: its digits, its decimals, its scale."""
    shown = _NUMERAL.search(text)
    if shown is None:
        raise ValueError("no digits")
    digits = re.sub("[^0-9]", "", shown.group())
    tail = re.search("[.,]([0-9]+)$", shown.group())
    decimals = {0} if tail is None else {len(tail.group(1))} if len(tail.group(1)) != 3 else {0, 3}
    after = text[shown.end() :].lstrip(" \u00a0\u2009\u202f")
    power = next((power for words, power in _SCALES if re.match(f"(?:{words})(?![a-z])", after, re.IGNORECASE)), 0)
    return {Fraction(int(digits)) * Fraction(10) ** (power - places) for places in decimals}


def _value(item: dict[str, Any]) -> Fraction:
    return _number(item["n"]) * _number(item["unit"])


def _same_figures(content: dict[str, Any], figures: Mapping[str, str]) -> bool:
    """Every figure given is there with its value, and those that nobody gave are rates printed in a relation."""
    carried = {name: item for name, item in content["figures"].items() if item["read"] != "absent"}
    for name, text in figures.items():
        value = _value(carried[name])
        if abs(value) not in _values_of(text) or (value < 0 and not re.search("[-−–(]|moins|minus", text)):
            return False
    return all(abs(_value(carried[name])) in _values_of(name) for name in carried if name not in figures)


def _same_relations(content: dict[str, Any], relations: Sequence[str]) -> bool:
    """Relation by relation the weights and the ends that the text says; after them, figures that are at least 0."""
    carried = content["relations"]
    rates = {name for name, item in content["figures"].items() if re.search("[%‰]", item["text"] or name)}
    for text, item in zip(relations, carried, strict=False):
        weights, compare, bound = _read(text, rates)
        ends = {"=": (bound, True, bound, True), "<": (None, False, bound, False), ">": (bound, False, None, False)}
        ends |= {"<=": (None, False, bound, True), ">=": (bound, True, None, False)}
        if (
            _ends(item) != ends[compare]
            or _carried(item, lambda name: re.sub(r"(%|‰) \([0-9]+\)$", r"\1", name)) != weights
        ):
            return False
    rest = carried[len(relations) :]
    positive = (Fraction(0), True, None, False)
    return len(carried) >= len(relations) and all(
        _ends(item) == positive and not item["products"] and list(item["terms"].values()) == ["1"] for item in rest
    )


def _carried(item: dict[str, Any], call: Any) -> Weights:
    """The weights of a relation of the certificate, its figures called by ``call``."""
    weights: Weights = {}
    pairs: list[tuple[tuple[Any, ...], Any, Any]] = [((), name, weight) for name, weight in item["terms"].items()]
    for product in item["products"]:
        pairs += [((call(product["factor"]),), name, weight) for name, weight in product["terms"].items()]
    for factor, name, weight in pairs:
        weights[(*factor, call(name))] = weights.get((*factor, call(name)), Fraction(0)) + _number(weight)
    return {key: weight for key, weight in weights.items() if weight}


def _read(text: str, rates: set[str]) -> tuple[Weights, str, Fraction]:
    """« sum = sum », without brackets: weights by name (by rate and name for a product), the sign, the constant."""
    quoted = re.findall("`([^`]+)`", text)
    plain = re.sub("`[^`]+`", "`", text).translate(str.maketrans("−–×·", "--**"))
    for sign, meant in (("≤", "<="), ("≥", ">="), ("==", "="), ("=<", "<="), ("=>", ">=")):
        plain = plain.replace(sign, meant)
    left, compare, right = re.split("([<>]=?|=)", plain)
    weights: Weights = {}
    for side, sum_text in ((1, left), (-1, right)):
        for sign, body in re.findall(r"([-+]?)([^-+]+)", sum_text.strip()):
            by = Fraction(-side if sign == "-" else side)
            names = [quoted.pop(0) if name == "`" else name for name in re.findall(_NAME.pattern + "|`", body)]
            names = [name for name in names if name not in ("de", "du", "des", "of")]
            numbers = _NUMBER_OR_RATE.findall(_NAME.sub("", body))
            if re.sub(r"[\s*`]", "", _NUMBER_OR_RATE.sub("", _NAME.sub("", body))) or not (names or numbers):
                raise ValueError("this is no sum of figures and products")
            for shown in numbers:
                value = max(_values_of(shown))
                if shown[-1] not in "%‰" or not names:
                    by *= value
                elif compare == "=":
                    names, by = [re.sub(r"\s*([%‰])", r" \1", shown), *names], by / 100
                else:
                    by *= value / 100
            if len(names) == 2 and {*names} & rates and not any(shown[-1] in "%‰" for shown in numbers):
                names.sort(key=lambda name: name not in rates)
                by /= 100
            weights[tuple(names)] = weights.get(tuple(names), Fraction(0)) + by
    constant = -weights.pop((), Fraction(0))
    return {key: weight for key, weight in weights.items() if weight}, compare, constant


_KINDS: dict[
    str, tuple[dict[str, int], Any, str]
] = {  # of each kind of claim: its terms, its rate and what it is a rate of, with their weights; its ends
    "sum": ({"parts": 1, "total": -1}, (), "zero"),
    "equal": ({"first": 1, "again": -1}, (), "zero"),
    "balance": ({"from": 1, "minus": -1, "result": -1}, (), "zero"),
    "percentage": ({"part": 1}, ("stated", "whole", Fraction(-1, 100)), "zero"),
    "change": ({"to": 1, "from": -1}, ("stated_percent", "from", Fraction(-1, 100)), "zero"),
    "tax": ({"gross": 1, "net": -1}, ("rate", "net", Fraction(-1, 100)), "around"),
    "average": ({"total": 1}, ("count", "stated", Fraction(-1)), "around"),
    "at_most": ({"value": 1, "limit": -1}, (), "below"),
    "count": ({"stated": 1}, (), "listed"),
    "shares_total": ({"percents": 1}, (), "point"),
}


def _same_claims(content: dict[str, Any], claims: Sequence[Mapping[str, Any]]) -> bool:
    """Relation by relation the figures of a claim of the report, with the weights that its kind gives them."""
    values = {name: _value(item) for name, item in content["figures"].items() if item["read"] != "absent"}
    if len(claims) != len(content["relations"]):
        return False
    for claim, item in zip(claims, content["relations"], strict=True):
        terms, product, limits = _KINDS[claim["kind"]]
        shown = dict(claim["values"])
        shown["value"] = shown.pop("value_parts", shown.get("value"))
        # Reductions are totalled without their sign, and a fall is printed without its own.
        turns = {"sum": ("parts", 1, -1), "change": ("stated_percent", 1, -1)}.get(claim["kind"], ("", 1))
        allowed = []
        for turn in turns[1:]:
            meant: Weights = {}
            for key, weight in terms.items():
                for one in shown[key] if isinstance(shown[key], list) else [shown[key]]:
                    at, by = (_decimal(one),), weight * turn if key == turns[0] else weight
                    meant[at] = meant.get(at, Fraction(0)) + by
            if product:
                by = product[2] * turn if product[0] == turns[0] else product[2]
                meant[_decimal(shown[product[0]]), _decimal(shown[product[1]])] = by
            allowed.append({key: weight for key, weight in meant.items() if weight})
        lower, lower_closed, upper, upper_closed = _ends(item)
        around = lower is not None and upper is not None and lower == -upper and lower_closed and upper_closed
        right = {"zero": around and upper == 0, "around": around, "below": lower is None and upper == 0}
        right |= {"point": lower == upper, "listed": lower == upper == _decimal(shown.get("listed", 0))}
        if not right[limits] or _carried(item, values.__getitem__) not in allowed:
            return False
    return True


def _decimal(text: Any) -> Fraction:
    if not re.fullmatch(r"-?[0-9]{1,400}(?:\.[0-9]{1,400})?", str(text)):
        raise ValueError("not a decimal number")
    return Fraction(str(text))


def _found(item: Any) -> Iterator[tuple[dict[str, Any], list[Any] | None]]:
    """Every certificate inside a JSON value, however deep, with the claims of the report that its proof names."""
    pending = [item]
    report = item.get("claims") if isinstance(item, dict) else None
    while pending:
        value = pending.pop()
        if isinstance(value, dict) and str(value.get("schema", "")).startswith("subsidy-rules/certificate/"):
            yield value, None
        elif isinstance(value, dict) and isinstance(report, list) and "certificate" in value and "claims" in value:
            numbers = value["claims"] if isinstance(value["claims"], list) else []
            known = [report[at] for at in numbers if isinstance(at, int) and 0 <= at < len(report)]
            yield value["certificate"], known if len(known) == len(numbers) else []
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
    verdicts = [verify_certificate(one, claims=claims) for one, claims in _found(content)]
    for verdict in verdicts:
        sys.stdout.write("verified\n" if verdict else "refused\n")
    return 2 if not verdicts else 0 if all(verdicts) else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
