"""The proof of an outcome as plain JSON, made to be checked by ``verify`` (which shares no code with this).

A feasible set carries a witness: one value for each figure, and in each relation one for each rounded rate that it
multiplies by. An infeasible one carries positive multipliers of ends of
relations. Their combination says that a weighted sum of figures is at most ``most``, while the figures as printed make
it at least ``least``, which is more (or the same, where an end of one of them is not reached).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

from subsidy_rules.bounds import Bounds
from subsidy_rules.diagnosis.feasibility import Multiplier, Outcome, weighted
from subsidy_rules.diagnosis.relations import Relation, System
from subsidy_rules.figures import Figure

__all__ = ["SCHEMA", "certificate", "combined", "sealed"]

SCHEMA: Final = "subsidy-rules/certificate/1"


def certificate(system: System, outcome: Outcome, known: Mapping[str, Bounds] | None = None) -> dict[str, Any]:
    """The certificate of ``outcome`` for ``system``; with ``feasible`` null it gives the reason and proves nothing."""
    relations = system.all_relations()
    bounds = system.all_bounds() if known is None else known
    names = list(bounds)
    out: dict[str, Any] = {
        "schema": SCHEMA,
        "feasible": outcome.feasible,
        "figures": {name: _figure(system, name, bounds[name]) for name in names},
        "relations": [_relation(relation) for relation in relations],
    }
    if outcome.feasible is None:
        reason = outcome.reason
        out["reason"] = None if reason is None else {"fr": reason.say("fr"), "en": reason.say("en")}
    elif outcome.feasible:
        witness = outcome.witness or {}
        out["witness"] = {name: str(witness[name]) for name in names}
        out["rates"] = {
            str(number): {name: str(value) for name, value in rates.items()}
            for number, rates in sorted(outcome.rates.items())
        }
    else:
        weights, most = combined(relations, outcome.multipliers, bounds)
        least = weighted(tuple(weights.items()), bounds).lower
        out["multipliers"] = [
            {"relation": one.relation, "end": one.end, "by": str(one.by)} for one in outcome.multipliers
        ]
        out["combination"] = {name: str(weight) for name, weight in sorted(weights.items())}
        out["least"] = str(least)
        out["most"] = str(most)
    return sealed(out)


def sealed(content: Mapping[str, Any]) -> dict[str, Any]:
    """``content`` with the digest that ties the proof to the figures and relations it speaks of."""
    bare = {key: value for key, value in content.items() if key != "seal"}
    text = json.dumps(bare, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return {**bare, "seal": "sha256:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()}


def _end(value: Fraction | None) -> str | None:
    return None if value is None else str(value)


def _ends(bounds: Bounds) -> dict[str, Any]:
    return {
        "lower": _end(bounds.lower),
        "lower_closed": bounds.lower_closed,
        "upper": _end(bounds.upper),
        "upper_closed": bounds.upper_closed,
    }


def _figure(system: System, name: str, bounds: Bounds) -> dict[str, Any]:
    figure = system.figures.get(name)
    if figure is None:
        return {"text": None, "n": None, "unit": None, "read": "absent", **_ends(bounds)}
    n, unit, read = figure.n, figure.unit, _reading(system, name, figure)
    if read == "nearest" and figure.qualifier == "about" and name not in system.modes:
        # « environ 70 000 » is counted in its last digit that is not zero.
        while n and n % 10 == 0:
            n, unit = n // 10, unit * 10
    digits = "".join(char for char in figure.text if char in "0123456789")
    faithful = digits.strip("0") == str(abs(n)).strip("0")
    return {"text": figure.text if faithful else None, "n": str(n), "unit": str(unit), "read": read, **_ends(bounds)}


def _reading(system: System, name: str, figure: Figure) -> str:
    """How the printed figure gives its bounds: a rounding mode, or the word beside it."""
    if name in system.modes:
        return system.modes[name]
    if figure.is_exact:
        return "exact"
    if figure.qualifier == "about":
        return "nearest"
    return figure.qualifier or system.mode


def _relation(relation: Relation) -> dict[str, Any]:
    return {
        "text": relation.text,
        "terms": {name: str(weight) for name, weight in relation.terms},
        "products": [
            {"factor": product.factor, "terms": {name: str(weight) for name, weight in product.terms}}
            for product in relation.products
        ],
        **_ends(relation.bounds),
    }


def combined(
    relations: tuple[Relation, ...], multipliers: tuple[Multiplier, ...], bounds: Mapping[str, Bounds]
) -> tuple[dict[str, Fraction], Fraction]:
    """The weighted sum that the multiplied ends bound from above, and that bound."""
    total: dict[str, Fraction] = {}
    most = Fraction(0)
    for one in multipliers:
        relation = relations[one.relation]
        sign = 1 if one.end == "upper" else -1
        limit = relation.bounds.upper if one.end == "upper" else relation.bounds.lower
        assert limit is not None
        most += sign * one.by * limit
        weights = dict(relation.terms)
        for product in relation.products:
            whole = weighted(product.terms, bounds)
            rate = bounds[product.factor]
            low = (whole.lower is not None and whole.lower >= 0) == (one.end == "upper")
            value = rate.lower if low else rate.upper
            assert value is not None
            for name, weight in product.terms:
                weights[name] = weights.get(name, Fraction(0)) + value * weight
        for name, weight in weights.items():
            total[name] = total.get(name, Fraction(0)) + sign * one.by * weight
    return {name: weight for name, weight in total.items() if weight}, most
