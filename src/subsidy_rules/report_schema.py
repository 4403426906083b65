"""The JSON Schema of the report (``subsidy-rules schema report``), draft 2020-12.

Written by hand beside ``Report.to_json``; a test validates real reports against it, so that neither can move alone.
"""

from __future__ import annotations

from typing import Any, Final

from subsidy_rules.claims import (
    AtMost,
    Average,
    Balance,
    Change,
    Claim,
    Equal,
    Listing,
    Share,
    SharesTotal,
    Sum,
    Taxed,
)
from subsidy_rules.finding import SCHEMA, SEVERITIES
from subsidy_rules.wording import Language, Message

__all__ = ["schema"]

_KINDS: Final[tuple[type[Claim], ...]] = (
    Sum,
    Share,
    AtMost,
    Equal,
    Listing,
    Taxed,
    Change,
    SharesTotal,
    Balance,
    Average,
)

_TITLE: Final = Message("Rapport de vérification de subsidy-rules", "Report of a subsidy-rules check")
_TEXTS: Final = {
    "sources": Message("ce qui a été donné à vérifier, lu ou non", "what was given to check, read or not"),
    "findings": Message("les constats, dans l’ordre de lecture", "the findings, in reading order"),
    "claims": Message(
        "les affirmations relevées et leur état (pour les tables, seulement celles qui ne tiennent pas)",
        "the claims that were read and their state (for tables, only those that do not hold)",
    ),
    "imputations": Message("les imputations budgétaires relevées", "the budget imputations that were read"),
    "figures": Message("la couverture : chiffres relevés, rapprochés ou non", "coverage: figures found, tied or not"),
    "summary": Message("les comptes par état, par règle et par gravité", "counts by state, by rule and by severity"),
    "exceptions": Message(
        "les constats qu’une exception motivée écarte", "the findings that an exception with its reason sets aside"
    ),
    "baseline": Message(
        "la référence : combien de constats étaient connus, combien de ses entrées n’ont plus d’objet",
        "the baseline: how many findings were known, how many of its entries have no object any more",
    ),
    "skipped": Message(
        "les fichiers d’un dossier qu’aucun lecteur ne concerne", "the files of a folder that no reader is for"
    ),
    "fingerprint": Message(
        "identifie le même constat d’une vérification à l’autre, quels que soient les numéros de ligne",
        "identifies the same finding from one run to the next, whatever the line numbers",
    ),
    "state": Message(
        "holds : tient ; broken : incohérent ; unknown : on ne peut pas conclure",
        "holds; broken: inconsistent; unknown: cannot tell",
    ),
    "column": Message(
        "à partir de 1, en caractères ; end_column suit le dernier caractère",
        "from 1, in characters; end_column is one past the last character",
    ),
}


def _nullable(kind: str) -> dict[str, Any]:
    return {"type": [kind, "null"]}


def schema(language: Language = "fr") -> dict[str, Any]:
    """The schema, with its descriptions in ``language``."""

    def described(key: str, **rest: Any) -> dict[str, Any]:
        return {"description": _TEXTS[key].say(language), **rest}

    count = {"type": "integer", "minimum": 0}
    states = {
        "type": "object",
        "properties": dict.fromkeys(("holds", "broken", "unknown"), count),
        "required": ["holds", "broken", "unknown"],
        "additionalProperties": False,
    }
    place = {
        "type": "object",
        "properties": {
            "path": _nullable("string"),
            "line": _nullable("integer"),
            "column": described("column", type=["integer", "null"]),
            "end_line": _nullable("integer"),
            "end_column": _nullable("integer"),
            "pointer": _nullable("string"),
            "quote": _nullable("string"),
            "sheet": {"type": "string"},
            "cell": {"type": "string"},
            "row": {"type": "integer", "minimum": 1},
            "page": {"type": "integer", "minimum": 1},
            "paragraph": {"type": "integer", "minimum": 1},
            "excerpt": {"type": "string"},
        },
        "required": ["path", "line", "column", "end_line", "end_column", "pointer", "quote"],
        "additionalProperties": False,
    }
    at = {"$ref": "#/$defs/place"}
    finding = {
        "type": "object",
        "properties": {
            "code": {"type": "string", "pattern": "^[A-Z]{2,12}[0-9]{3}$"},
            "name": {"type": "string"},
            "severity": {"enum": list(reversed(SEVERITIES))},
            "confidence": {"enum": ["high", "medium", "low"]},
            "state": {"enum": ["broken", "unknown"]},
            "message": {"type": "string"},
            "working": _nullable("string"),
            "place": at,
            "related": {"type": "array", "items": at},
            "values": {"type": "object"},
            "repairs": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {
                        "old": {"type": "string"},
                        "new": {"type": "string"},
                        "kind": {"type": "string"},
                        "probability": _nullable("string"),
                        "message": _nullable("string"),
                        "place": {"anyOf": [at, {"type": "null"}]},
                    },
                    "required": ["old", "new"],
                },
            },
            "fingerprint": described("fingerprint", type="string", pattern="^[0-9a-f]{16}$"),
        },
        "required": [
            "code",
            "name",
            "severity",
            "confidence",
            "state",
            "message",
            "place",
            "related",
            "values",
            "repairs",
            "fingerprint",
        ],
    }
    claim = {
        "type": "object",
        "properties": {
            "kind": {"enum": [kind.kind for kind in _KINDS]},
            "state": described("state", enum=["holds", "broken", "unknown"]),
            "topic": {"type": "string"},
            "confidence": {"enum": ["high", "medium", "low"]},
            "cue": {"type": "string"},
            "place": at,
            "values": {"type": "object"},
            "computed": {"type": "object"},
            "working": {"type": "string"},
            "reason": _nullable("string"),
            "remark": _nullable("string"),
            "strength": _nullable("object"),
        },
        "required": ["kind", "state", "place", "values"],
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:{SCHEMA.replace('/', ':')}",
        "title": _TITLE.say(language),
        "type": "object",
        "properties": {
            "schema": {"const": SCHEMA},
            "tool": {
                "type": "object",
                "properties": {"name": {"const": "subsidy-rules"}, "version": {"type": "string"}},
                "required": ["name", "version"],
            },
            "language": {"enum": ["fr", "en"]},
            "sources": described(
                "sources",
                type="array",
                items={
                    "type": "object",
                    "properties": {
                        "path": {"type": "string"},
                        "status": {"enum": ["read", "unreadable"]},
                        "reason": _nullable("string"),
                        "format": {"type": "string"},
                        "remarks": {"type": "array", "items": {"type": "string"}},
                        "unread_parts": count,
                        "rows": count,
                    },
                    "required": ["path", "status", "reason"],
                },
            ),
            "findings": described("findings", type="array", items=finding),
            "claims": described("claims", type="array", items=claim),
            "imputations": described(
                "imputations",
                type="array",
                items={
                    "type": "object",
                    "properties": {
                        "raw": {"type": "string"},
                        "segments": {"type": "object", "additionalProperties": {"type": "string"}},
                        "state": {"enum": ["holds", "broken", "unknown"]},
                        "place": at,
                    },
                    "required": ["raw", "segments", "place"],
                },
            ),
            "figures": described(
                "figures",
                type="object",
                properties={"found": count, "tied": count, "untied": {"type": "array"}},
                required=["found", "tied", "untied"],
            ),
            "summary": described(
                "summary",
                type="object",
                properties={
                    "claims": states,
                    "kinds": {"type": "object", "additionalProperties": states},
                    "rules": {"type": "object", "additionalProperties": states},
                },
                required=["sources", "claims", "rules", "findings"],
            ),
            "skipped": described("skipped", type="array", items={"type": "string"}),
            "exceptions": described(
                "exceptions",
                type="array",
                items={
                    "type": "object",
                    "properties": {
                        "code": {"type": "string"},
                        "path": {"type": ["string", "null"]},
                        "line": {"type": ["integer", "null"]},
                        "fingerprint": {"type": "string"},
                        "reason": {"type": "string"},
                        "until": {"type": ["string", "null"], "format": "date"},
                    },
                    "required": ["code", "fingerprint", "reason"],
                },
            ),
            "baseline": described(
                "baseline",
                type="object",
                properties={"path": {"type": "string"}, "known": count, "stale": count},
                required=["path", "known", "stale"],
            ),
        },
        "required": ["schema", "tool", "sources", "findings", "claims", "imputations", "figures", "summary"],
        "$defs": {"place": place},
    }
