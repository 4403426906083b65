"""The configuration file: ``subsidy-rules.toml``, or ``[tool.subsidy_rules]`` in ``pyproject.toml``.

The table of keys below is the only description of the file: reading, the messages, the JSON Schema and the page of
the documentation all come from it. A wrong key or value is an error that names the nearest right one; nothing is
guessed and nothing is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from subsidy_rules.facts import OwnSegment
from subsidy_rules.frozen import dataclass
from subsidy_rules.os_errors import why
from subsidy_rules.reading import ReadError
from subsidy_rules.rulebook import Rule
from subsidy_rules.settings import Settings, TableSettings, Waiver
from subsidy_rules.wording import Language, Message

__all__ = [
    "PROFILES",
    "SettingsError",
    "check_codes",
    "check_options",
    "keys_markdown",
    "load_rules",
    "load_settings",
    "schema",
    "settings_from",
    "settings_text",
]


class SettingsError(ReadError):
    """A configuration file that cannot be followed; ``reason`` says where and what was expected."""


@dataclass(frozen=True, slots=True)
class _Key:
    """One key: what it means, and its JSON Schema without the descriptions of its parts."""

    says: Message
    schema: Mapping[str, Any]
    keys: Mapping[str, _Key] | None = None
    required: tuple[str, ...] = ()
    nested: _Key | None = None


_CODE: Final = "^[A-Z]{2,12}[0-9]{0,3}$"
_FULL_CODE: Final = "^[A-Z]{2,12}[0-9]{3}$"
_CODES: Final = {"type": "array", "items": {"type": "string", "pattern": _CODE}}
_SEVERITY: Final = {"enum": ["error", "warning", "note"]}
_TEXT: Final = {"type": "string", "minLength": 1}
_TEXTS: Final = {"type": "array", "items": _TEXT}

_KEYS: Final[Mapping[str, _Key]] = {
    "lang": _Key(
        Message("langue du rapport (celle du système par défaut)", "language of the report (the system’s by default)"),
        {"enum": ["fr", "en"]},
    ),
    "profile": _Key(
        Message(
            "réglages tout faits : hook (bref, avant un commit), service (qui rédige les actes), controle (qui les "
            "vérifie : toutes les règles, aucune exception)",
            "ready-made settings: hook (brief, before a commit), service (those who write the acts), controle (those "
            "who audit them: every rule, no exception)",
        ),
        {"enum": ["hook", "service", "controle"]},
    ),
    "select": _Key(
        Message("règles à appliquer, par code ou début de code", "rules to run, by code or beginning of code"), _CODES
    ),
    "ignore": _Key(
        Message("règles à écarter, par code ou début de code", "rules to leave out, by code or beginning of code"),
        _CODES,
    ),
    "per_file_ignores": _Key(
        Message(
            "règles à écarter dans certains fichiers : motif → codes", "rules to leave out by file: pattern → codes"
        ),
        {"type": "object"},
        nested=_Key(Message("codes écartés", "codes left out"), _CODES),
    ),
    "severities": _Key(
        Message("gravité changée de certaines règles : code → gravité", "changed severities: code → severity"),
        {"type": "object", "propertyNames": {"pattern": _FULL_CODE}},
        nested=_Key(Message("gravité", "severity"), _SEVERITY),
    ),
    "fail_on": _Key(
        Message("gravité à partir de laquelle le code de retour est 1", "severity from which the exit code is 1"),
        {"enum": ["error", "warning", "note", "never"]},
    ),
    "output_format": _Key(
        Message("formats de sortie : FORMAT ou FORMAT=FICHIER", "output formats: FORMAT or FORMAT=FILE"), _TEXTS
    ),
    "quiet": _Key(Message("ne rien dire quand tout tient", "say nothing when everything holds"), {"type": "boolean"}),
    "fiscal_year": _Key(
        Message("exercice budgétaire, quand la source ne le dit pas", "fiscal year, when the source does not say"),
        {"type": "integer", "minimum": 1900, "maximum": 2200},
    ),
    "nomenclature": _Key(
        Message(
            "nomenclature budgétaire (M57, M14…), quand la source ne la dit pas",
            "budget nomenclature (M57, M14…), when the source does not say",
        ),
        _TEXT,
    ),
    "body": _Key(
        Message(
            "collectivité, quand la source ne la dit pas (commune, departement, region, metropole, epci…)",
            "public body, when the source does not say (commune, departement, region, metropole, epci…)",
        ),
        _TEXT,
    ),
    "own_segments": _Key(
        Message("segments d’imputation propres à la collectivité", "segments of imputation that are the body’s own"),
        {"type": "array"},
        nested=_Key(
            Message("un segment", "one segment"),
            {"type": "object"},
            keys={
                "name": _Key(Message("nom du segment", "name of the segment"), _TEXT),
                "pattern": _Key(
                    Message("expression régulière de ses codes", "regular expression of its codes"),
                    {"type": "string", "minLength": 1, "format": "regex"},
                ),
                "meaning": _Key(Message("ce qu’il désigne", "what it means"), {"type": "string"}),
            },
            required=("name", "pattern"),
        ),
    ),
    "tables": _Key(
        Message("lecture des tableaux", "how tables are read"),
        {"type": "object"},
        keys={
            "amount": _Key(
                Message(
                    "ce que dit la colonne du montant quand une décision a plusieurs bénéficiaires : la part de "
                    "chacun ou le total",
                    "what the amount column holds when a decision has several beneficiaries: each one’s part or "
                    "the whole",
                ),
                {"enum": ["auto", "part", "whole"]},
            ),
            "decisions": _Key(
                Message(
                    "si tous les bénéficiaires d’une décision sont dans la table",
                    "whether all the beneficiaries of a decision are in the table",
                ),
                {"enum": ["auto", "complete", "partial"]},
            ),
            "kind": _Key(
                Message("schéma de la table", "schema of the table"), {"enum": ["auto", "scdl", "allocations"]}
            ),
            "columns": _Key(
                Message("colonnes de la table → colonnes du schéma", "columns of the table → columns of the schema"),
                {"type": "object"},
                nested=_Key(Message("colonne du schéma", "column of the schema"), _TEXT),
            ),
            "engine": _Key(
                Message("moteur de calcul des tableaux", "engine for tables"), {"enum": ["auto", "python", "columnar"]}
            ),
            "header_row": _Key(
                Message("ligne des titres, la première étant 1", "row of the headings, the first being 1"),
                {"type": "integer", "minimum": 1},
            ),
            "sheet": _Key(Message("feuille du classeur à lire", "sheet of the workbook to read"), _TEXT),
        },
    ),
    "max_file_size": _Key(
        Message("taille maximale d’un fichier, en octets", "largest size of a file, in bytes"),
        {"type": "integer", "minimum": 1},
    ),
    "exceptions": _Key(
        Message(
            "constats connus et expliqués qui ne sont plus signalés jusqu’à une date",
            "known and explained findings that are not told again until a date",
        ),
        {"type": "array"},
        nested=_Key(
            Message("une exception", "one exception"),
            {"type": "object"},
            keys={
                "code": _Key(
                    Message("code de la règle, ou son début", "code of the rule, or its beginning"),
                    {"type": "string", "pattern": _CODE},
                ),
                "path": _Key(Message("motif des fichiers concernés", "pattern of the files concerned"), _TEXT),
                "fingerprint": _Key(
                    Message("empreinte du constat", "fingerprint of the finding"),
                    {"type": "string", "pattern": "^[0-9a-f]{16}$"},
                ),
                "quote": _Key(
                    Message("texte que le constat cite ou dit", "text that the finding quotes or says"), _TEXT
                ),
                "reason": _Key(
                    Message("motif, obligatoire", "reason, mandatory"), {"type": "string", "pattern": "[^ ]{3}"}
                ),
                "until": _Key(
                    Message("dernier jour où elle vaut", "last day on which it applies"),
                    {"type": "string", "format": "date"},
                ),
            },
            required=("code", "reason", "until"),
        ),
    ),
    "rules": _Key(
        Message(
            "modules Python de règles propres (chemin de fichier relatif ou nom de module)",
            "Python modules of one’s own rules (relative path of a file or name of a module)",
        ),
        _TEXTS,
    ),
    "rule_packs": _Key(Message("paquets de règles installés, par nom", "installed packs of rules, by name"), _TEXTS),
    "options": _Key(
        Message(
            "réglages propres à des règles, par le nom que la règle déclare",
            "settings of particular rules, by the name that the rule declares",
        ),
        {"type": "object"},
    ),
}

PROFILES: Final[Mapping[str, Mapping[str, Any]]] = MappingProxyType(
    {
        "hook": {"output_format": ["concise"], "quiet": True, "fail_on": "error"},
        "service": {"output_format": ["text"], "fail_on": "warning"},
        "controle": {"output_format": ["text"], "fail_on": "warning", "use_exceptions": False},
    }
)
"""What each profile sets; the file's own keys come after it, and the command line's last."""

_ALIASES: Final = {"per_file_ignore": "per_file_ignores", "exception": "exceptions", "language": "lang"}

_UNREADABLE: Final = Message(
    "{path} : ce fichier de configuration ne peut pas être lu ({why})",
    "{path}: this configuration file cannot be read ({why})",
)
_NOT_TOML: Final = Message("{path} : TOML incorrect ({why})", "{path}: invalid TOML ({why})")
_NOT_UTF8: Final = Message("ce n’est pas de l’UTF-8, octet {n:plain}", "it is not UTF-8, byte {n:plain}")
_NO_TABLE: Final = Message(
    "{path} : il n’y a pas de table [tool.subsidy_rules]", "{path}: there is no table [tool.subsidy_rules]"
)
_WRONG: Final = Message("{path} : {where} : {what}", "{path}: {where}: {what}")
_UNKNOWN: Final = Message("clé inconnue", "unknown key")
_NEAREST: Final = Message("clé inconnue ; la plus proche est « {near} »", "unknown key; the nearest is “{near}”")
_KNOWN: Final = Message("clé inconnue ; les clés sont : {known}", "unknown key; the keys are: {known}")
_TWICE: Final = Message("cette clé est donnée deux fois", "this key is given twice")
_MISSING: Final = Message("il manque « {key} »", "“{key}” is missing")
_TYPE: Final = Message("on attend {expected}", "{expected} is expected")
_TYPES: Final[Mapping[str, Message]] = {
    "string": Message("un texte", "a text"),
    "integer": Message("un nombre entier", "a whole number"),
    "boolean": Message("true ou false", "true or false"),
    "array": Message("une liste", "a list"),
    "object": Message("une table", "a table"),
    "date": Message("une date (AAAA-MM-JJ)", "a date (YYYY-MM-DD)"),
}
_CHOICE: Final = Message(
    "« {value} » n’est pas un des choix : {choices}", "“{value}” is not one of the choices: {choices}"
)
_CHOICE_NEAR: Final = Message(
    "« {value} » n’est pas un des choix ({choices}) ; le plus proche est « {near} »",
    "“{value}” is not one of the choices ({choices}); the nearest is “{near}”",
)
_PATTERN: Final = Message("« {value} » n’a pas la forme attendue", "“{value}” does not have the expected shape")
_BAD_CODE: Final = Message(
    "« {value} » n’est pas un code de règle (comme SUM001) ni un début de code (comme SUM)",
    "“{value}” is neither a rule code (such as SUM001) nor the beginning of one (such as SUM)",
)
_NO_REASON: Final = Message("une exception demande un motif", "an exception needs a reason")
_RANGE: Final = Message(
    "{value:plain} n’est pas entre {low:plain} et {high:plain}",
    "{value:plain} is not between {low:plain} and {high:plain}",
)
_LOW: Final = Message("{value:plain} est inférieur à {low:plain}", "{value:plain} is less than {low:plain}")
_REGEX: Final = Message(
    "« {value} » n’est pas une expression régulière (caractère {at:plain})",
    "“{value}” is not a regular expression (character {at:plain})",
)
_TOP: Final = Message("premier niveau", "top level")


# -- reading --------------------------------------------------------------------------------------------------


def load_settings(path: Path, *, profile: str | None = None, language: Language = "fr") -> Settings:
    """The settings of a file, ``profile`` taking the place of the one it names; ``language`` when it names none.

    Raises :class:`SettingsError` for what cannot be read or followed.
    """
    import tomllib

    shown = str(path)
    text = ""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        data = tomllib.loads(text)
    except OSError as error:
        raise SettingsError(_UNREADABLE.having(path=shown, why=why(error))) from None
    except UnicodeDecodeError as error:
        raise SettingsError(_NOT_TOML.having(path=shown, why=_NOT_UTF8.having(n=error.start))) from None
    except tomllib.TOMLDecodeError:
        raise SettingsError(_NOT_TOML.having(path=shown, why=_toml_fault(shown, text))) from None
    own = data.get("tool", {})
    table = own.get("subsidy_rules", own.get("subsidy-rules")) if isinstance(own, dict) else None
    if table is None:
        if path.name == "pyproject.toml":
            raise SettingsError(_NO_TABLE.having(path=shown))
        table = data
    return settings_from(table, path=shown, profile=profile, language=language)


def _toml_fault(path: str, text: str) -> Message:
    """What is wrong in a TOML text, and where: the standard library only says it in English."""
    from subsidy_rules.tree import Malformed, toml_text

    try:
        toml_text.read(path, text)
    except Malformed as error:
        return error.reason
    return _TYPE.having(expected="TOML")


def settings_from(
    table: Any, *, path: str | None = None, profile: str | None = None, language: Language = "fr"
) -> Settings:
    """The settings that a table of keys gives, over those of its profile, over the defaults.

    Raises :class:`SettingsError`.
    """
    shown = path or "<settings>"
    if not isinstance(table, Mapping):
        raise _fail(shown, "tool.subsidy_rules", _TYPE.having(expected=_TYPES["object"]))
    given = _checked_keys(table, _KEYS, (), "", shown)
    if profile is not None:
        given["profile"] = _choice(profile, _KEYS["profile"].schema["enum"], "profile", shown)
    merged = {**PROFILES.get(given.get("profile", ""), {}), **given}
    tables = merged.get("tables", {})
    return Settings(
        language=merged.get("lang", language),
        profile=merged.get("profile"),
        select=tuple(merged.get("select", ())),
        ignore=tuple(merged.get("ignore", ())),
        per_file_ignores=tuple(
            (pattern, tuple(codes)) for pattern, codes in merged.get("per_file_ignores", {}).items()
        ),
        severities=MappingProxyType(dict(merged.get("severities", {}))),
        fail_on=merged.get("fail_on", "error"),
        outputs=tuple(merged.get("output_format", ())),
        quiet=merged.get("quiet", False),
        fiscal_year=merged.get("fiscal_year"),
        nomenclature=merged.get("nomenclature"),
        body=merged.get("body"),
        own_segments=tuple(OwnSegment(**segment) for segment in merged.get("own_segments", ())),
        tables=TableSettings(**{**tables, **_frozen(tables, "columns")}),
        max_file_size=merged.get("max_file_size", Settings().max_file_size),
        waivers=tuple(Waiver(**waiver) for waiver in merged.get("exceptions", ())),
        use_waivers=merged.get("use_exceptions", True),
        rule_modules=tuple(merged.get("rules", ())),
        rule_packs=tuple(merged.get("rule_packs", ())),
        options=MappingProxyType(dict(merged.get("options", {}))),
        file=path,
        root=None if path is None else str(Path(path).parent),
    )


def _frozen(table: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {key: MappingProxyType(dict(table[key]))} if key in table else {}


def _fail(path: str, where: str, what: Message) -> SettingsError:
    return SettingsError(_WRONG.having(path=path, where=where or _TOP, what=what))


def _checked_keys(
    table: Mapping[str, Any], keys: Mapping[str, _Key], required: Sequence[str], where: str, path: str
) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for written, value in table.items():
        name = written.replace("-", "_")
        here = f"{where}.{written}" if where else written
        key = keys.get(name)
        if key is None:
            raise _fail(path, here, _unknown(written, keys))
        if name in out:
            raise _fail(path, here, _TWICE)
        out[name] = _checked(value, key, here, path)
    for name in required:
        if name not in out:
            raise _fail(path, where, _NO_REASON if name == "reason" else _MISSING.having(key=name))
    return out


def _close(word: str, known: Iterable[str], *, n: int, cutoff: float) -> list[str]:
    import difflib  # only a wrong file needs it

    return difflib.get_close_matches(word, list(known), n=n, cutoff=cutoff)


def _unknown(written: str, keys: Mapping[str, _Key]) -> Message:
    name = written.replace("-", "_").lower()
    if _ALIASES.get(name) in keys:
        return _NEAREST.having(near=_ALIASES[name])
    near = _close(name, keys, n=1, cutoff=0.6)
    if near:
        return _NEAREST.having(near=near[0])
    return _KNOWN.having(known=", ".join(keys)) if keys else _UNKNOWN


def _checked(value: Any, key: _Key, where: str, path: str) -> Any:
    shape = key.schema
    if shape.get("format") == "date":
        return _date(value, where, path)
    if "enum" in shape:
        return _choice(value, shape["enum"], where, path)
    match shape["type"], value:
        case "boolean", bool():
            return value
        case "string", str():
            _text(value, shape, where, path)
            return value
        case "integer", int() if not isinstance(value, bool):
            _integer(value, shape, where, path)
            return value
        case "array", list():
            nested = key.nested or _Key(key.says, shape["items"])
            return [_checked(item, nested, f"{where}[{number}]", path) for number, item in enumerate(value)]
        case "object", dict():
            return _table(value, key, where, path)
    raise _fail(path, where, _TYPE.having(expected=_TYPES[shape["type"]]))


def _table(value: dict[str, Any], key: _Key, where: str, path: str) -> dict[str, Any]:
    if key.keys is not None:
        return _checked_keys(value, key.keys, key.required, where, path)
    pattern = key.schema.get("propertyNames", {}).get("pattern")
    for name in value:
        if pattern is not None and not _matches(pattern, name):
            raise _fail(path, f"{where}.{name}", _BAD_CODE.having(value=name))
    if key.nested is None:
        return value
    return {name: _checked(item, key.nested, f"{where}.{name}", path) for name, item in value.items()}


def _text(value: str, shape: Mapping[str, Any], where: str, path: str) -> None:
    pattern = shape.get("pattern")
    if len(value) < shape.get("minLength", 0) or (pattern is not None and not _matches(pattern, value)):
        if pattern in (_CODE, _FULL_CODE):
            raise _fail(path, where, _BAD_CODE.having(value=value))
        raise _fail(path, where, _NO_REASON if where.endswith(".reason") else _PATTERN.having(value=value))
    if shape.get("format") == "regex":
        try:
            re.compile(value)
        except re.error as error:
            raise _fail(path, where, _REGEX.having(value=value, at=1 + (error.pos or 0))) from None


def _matches(pattern: str, value: str) -> bool:
    # Patterns are those of JSON Schema, where « $ » is the very end.
    return re.search(pattern.removesuffix("$") + (r"\Z" if pattern.endswith("$") else ""), value) is not None


def _integer(value: int, shape: Mapping[str, Any], where: str, path: str) -> None:
    low, high = shape.get("minimum"), shape.get("maximum")
    if low is not None and high is not None and not low <= value <= high:
        raise _fail(path, where, _RANGE.having(value=value, low=low, high=high))
    if low is not None and value < low:
        raise _fail(path, where, _LOW.having(value=value, low=low))


def _choice(value: Any, choices: list[str], where: str, path: str) -> Any:
    if value in choices:
        return value
    words = {"value": str(value), "choices": ", ".join(choices)}
    near = _close(str(value).lower(), choices, n=1, cutoff=0.6)
    raise _fail(path, where, _CHOICE_NEAR.having(**words, near=near[0]) if near else _CHOICE.having(**words))


def _date(value: Any, where: str, path: str) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise _fail(path, where, _TYPE.having(expected=_TYPES["date"]))


_NO_SUCH_CODE: Final = Message("aucune règle ne commence par « {code} »", "no rule begins with “{code}”")
_NEAR_CODE: Final = Message(
    "aucune règle ne commence par « {code} » ; le code le plus proche est {near}",
    "no rule begins with “{code}”; the nearest code is {near}",
)


def check_codes(settings: Settings, rules: Sequence[Rule]) -> None:
    """Raises :class:`SettingsError` when the settings name a code, or the beginning of one, that no rule has."""
    known = [rule.code for rule in rules]
    named: list[tuple[str, str]] = [
        *(("select", code) for code in settings.select),
        *(("ignore", code) for code in settings.ignore),
        *((f"per_file_ignores.{pattern}", code) for pattern, codes in settings.per_file_ignores for code in codes),
        *(("severities", code) for code in settings.severities),
        *((f"exceptions[{number}].code", waiver.code) for number, waiver in enumerate(settings.waivers)),
    ]
    for where, code in named:
        if not any(one.startswith(code) for one in known):
            near = _close(code, known, n=1, cutoff=0.5)
            what = _NEAR_CODE.having(code=code, near=near[0]) if near else _NO_SUCH_CODE.having(code=code)
            raise _fail(settings.file or "subsidy-rules", where, what)


_NO_OPTION: Final = Message(
    "clé inconnue ; aucune des règles chargées n’a de réglage propre",
    "unknown key; no rule that is loaded has settings",
)
_ELSEWHERE: Final = Message(
    "clé inconnue ; « {near} » se règle au premier niveau, hors de « options »",
    "unknown key; “{near}” is set at the top level, outside “options”",
)


def check_options(settings: Settings, rules: Sequence[Rule]) -> None:
    """Raises :class:`SettingsError` for a key of ``options`` that no rule declares, naming the nearest one."""
    own = {name for rule in rules for name in rule.options if name.partition(".")[0] not in _KEYS}
    for name in settings.options:
        if name in own:
            continue
        near = _close(name, own, n=1, cutoff=0.5)
        if near:
            what = _NEAREST.having(near=near[0])
        elif name.replace("-", "_") in _KEYS:
            what = _ELSEWHERE.having(near=name.replace("-", "_"))
        else:
            what = _KNOWN.having(known=", ".join(sorted(own))) if own else _NO_OPTION
        raise _fail(settings.file or "subsidy-rules", f"options.{name}", what)


# -- own rules ------------------------------------------------------------------------------------------------

_NO_MODULE: Final = Message(
    "{path} : rules : le module « {name} » ne peut pas être chargé ({why})",
    "{path}: rules: the module “{name}” cannot be loaded ({why})",
)
_NO_RULES: Final = Message(
    "{path} : rules : « {name} » ne définit aucune règle (Rule)", "{path}: rules: “{name}” defines no Rule"
)
_NO_PACK: Final = Message(
    "{path} : rule_packs : aucun paquet installé ne s’appelle « {name} »",
    "{path}: rule_packs: no installed pack is called “{name}”",
)
_SAME_CODE: Final = Message(
    "{path} : le code {code} est déjà celui d’une autre règle",
    "{path}: the code {code} already belongs to another rule",
)

PACKS: Final = "subsidy_rules.rules"
"""The entry point group of rule packs; a pack is a module, or a list or tuple of rules."""


def load_rules(settings: Settings, standard: Sequence[Rule] = ()) -> tuple[Rule, ...]:
    """The rules of the modules and packs that the settings name, in that order; nothing else is ever imported.

    Raises :class:`SettingsError` when one cannot be loaded, holds no rule, or uses the code of another rule.
    """
    shown = settings.file or ""
    found: list[Rule] = []
    for name in settings.rule_modules:
        rules = _rules_of(_module(name, settings))
        if not rules:
            raise SettingsError(_NO_RULES.having(path=shown, name=name))
        found += rules
    for name in settings.rule_packs:
        found += _pack(name, shown)
    taken = {rule.code for rule in standard}
    for rule in found:
        if rule.code in taken:
            raise SettingsError(_SAME_CODE.having(path=shown, code=rule.code))
        taken.add(rule.code)
    return tuple(found)


def _module(name: str, settings: Settings) -> object:
    import importlib
    import importlib.util
    import sys

    try:
        if not name.endswith(".py"):
            return importlib.import_module(name)
        path = Path(settings.root or ".", name)
        label = f"subsidy_rules_own_{re.sub('[^0-9A-Za-z]', '_', path.stem)}"
        spec = importlib.util.spec_from_file_location(label, path)
        if spec is None or spec.loader is None:
            raise ImportError(name)
        module = importlib.util.module_from_spec(spec)
        sys.modules[label] = module
        spec.loader.exec_module(module)
    except (ImportError, OSError, SyntaxError) as error:
        raise SettingsError(_NO_MODULE.having(path=settings.file or "", name=name, why=_import_fault(error))) from None
    return module


_ABSENT_MODULE: Final = Message("le module « {name} » est absent", "the module “{name}” is absent")
_WRONG_SYNTAX: Final = Message("erreur de syntaxe, ligne {line:plain}", "syntax error, line {line:plain}")
_PYTHON_SAYS: Final = Message("Python répond : {said}", "Python says: {said}")


def _import_fault(error: ImportError | OSError | SyntaxError | AttributeError) -> Message:
    match error:
        case ModuleNotFoundError():
            return _ABSENT_MODULE.having(name=error.name or "?")
        case SyntaxError():
            return _WRONG_SYNTAX.having(line=error.lineno or 0)
        case OSError():
            return why(error)
        case _:
            return _PYTHON_SAYS.having(said=str(error))


def _rules_of(source: object) -> list[Rule]:
    if isinstance(source, Rule):
        return [source]
    if isinstance(source, (list, tuple)):
        return [rule for item in source for rule in _rules_of(item)]
    return [value for value in vars(source).values() if isinstance(value, Rule)] if hasattr(source, "__dict__") else []


def _pack(name: str, shown: str) -> list[Rule]:
    from importlib.metadata import entry_points

    points = list(entry_points(group=PACKS, name=name))
    if not points:
        raise SettingsError(_NO_PACK.having(path=shown, name=name))
    try:
        rules = _rules_of(points[0].load())
    except (ImportError, AttributeError) as error:
        raise SettingsError(_NO_MODULE.having(path=shown, name=name, why=_import_fault(error))) from None
    if not rules:
        raise SettingsError(_NO_RULES.having(path=shown, name=name))
    return rules


# -- schema and showing ---------------------------------------------------------------------------------------

_TITLE: Final = Message("Configuration de subsidy-rules", "Configuration of subsidy-rules")
_EXAMPLE: Final[Mapping[str, Any]] = {
    "lang": "fr",
    "fiscal_year": 2024,
    "nomenclature": "M57",
    "per_file_ignores": {"archives/*": ["IMP"]},
    "tables": {"amount": "part"},
    "exceptions": [
        {
            "code": "SUM001",
            "path": "actes/2023-114.yaml",
            "reason": "erreur matérielle, rapportée par la délibération 2024-007",
            "until": "2025-12-31",
        }
    ],
}


def schema(language: Language = "fr") -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of the keys, described in ``language``."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": _TITLE.say(language),
        **_object(_KEYS, (), language),
        "examples": [dict(_EXAMPLE)],
    }


def _object(keys: Mapping[str, _Key], required: Sequence[str], language: Language) -> dict[str, Any]:
    out: dict[str, Any] = {
        "type": "object",
        "properties": {name: _shape(key, language) for name, key in keys.items()},
        "additionalProperties": False,
    }
    return {**out, "required": list(required)} if required else out


def _shape(key: _Key, language: Language) -> dict[str, Any]:
    described: dict[str, Any] = {"description": key.says.say(language), **key.schema}
    if key.keys is not None:
        return {**described, **_object(key.keys, key.required, language)}
    if key.nested is not None:
        inner = _shape(key.nested, language)
        return {**described, ("items" if key.schema["type"] == "array" else "additionalProperties"): inner}
    return described


_COLUMNS: Final = (Message("clé", "key"), Message("valeur", "value"), Message("sens", "meaning"))


def keys_markdown(language: Language) -> str:
    """The keys as a Markdown table."""
    lines = ["| " + " | ".join(title.say(language) for title in _COLUMNS) + " |", "|---|---|---|"]
    lines += [f"| `{name}` | {value} | {says.say(language)} |" for name, value, says in _listed(_KEYS, "")]
    return "\n".join(lines) + "\n"


def _listed(keys: Mapping[str, _Key], before: str) -> Iterator[tuple[str, str, Message]]:
    for name, key in keys.items():
        shape = key.schema
        choices = ", ".join(f"`{choice}`" for choice in shape.get("enum", ()))
        yield before + name, choices or _SHAPES[shape.get("format", shape.get("type"))], key.says
        inner = key if key.keys is not None else key.nested
        if inner is not None and inner.keys is not None:
            mark = "[]." if shape.get("type") == "array" else "."
            yield from _listed(inner.keys, f"{before}{name}{mark}")


_SHAPES: Final = {
    "string": "text",
    "regex": "text",
    "integer": "integer",
    "boolean": "`true`, `false`",
    "array": "list",
    "object": "table",
    "date": "date",
}

_COMMENT: Final = Message("réglages en vigueur", "settings in force")
_FROM: Final = Message("fichier : {path}", "file: {path}")
_NO_FILE: Final = Message("aucun fichier de configuration", "no configuration file")


def settings_text(settings: Settings, language: Language) -> str:
    """The settings in force as TOML that could be given back with ``--config``, their meaning in comments."""
    where = _NO_FILE if settings.file is None else _FROM.having(path=settings.file)
    values: dict[str, Any] = {
        "lang": settings.language,
        "profile": settings.profile,
        "select": list(settings.select),
        "ignore": list(settings.ignore),
        "fail_on": settings.fail_on,
        "output_format": list(settings.outputs),
        "quiet": settings.quiet,
        "fiscal_year": settings.fiscal_year,
        "nomenclature": settings.nomenclature,
        "body": settings.body,
        "max_file_size": settings.max_file_size,
        "rules": list(settings.rule_modules),
        "rule_packs": list(settings.rule_packs),
        "per_file_ignores": {pattern: list(codes) for pattern, codes in settings.per_file_ignores},
        "severities": dict(settings.severities),
        "options": dict(settings.options),
        "tables": _fields(settings.tables),
        "own_segments": [_fields(segment) for segment in settings.own_segments],
        "exceptions": [_fields(waiver) for waiver in settings.waivers] if settings.use_waivers else [],
    }
    lines = [f"# {_COMMENT.say(language)} — {_commented(where.say(language))}"]
    for name, value in values.items():
        lines += _toml(name, value, _KEYS[name].says.say(language))
    return "\n".join(lines) + "\n"


def _fields(value: Any) -> dict[str, Any]:
    pairs = ((field.name, getattr(value, field.name)) for field in fields(value))
    return {name: dict(item) if isinstance(item, Mapping) else item for name, item in pairs if item not in (None, "")}


def _toml(name: str, value: Any, comment: str) -> list[str]:
    said = f"# {comment}"
    match value:
        case None:
            return ["", said, f"# {name} ="]
        case dict():
            inner = [f"{_bare(key)} = {_value(item)}" for key, item in value.items()]
            return ["", said, f"[{name}]", *inner]
        case [dict(), *_]:
            lines: list[str] = []
            for item in value:
                lines += ["", f"[[{name}]]", *(f"{_bare(key)} = {_value(inner)}" for key, inner in item.items())]
            return ["", said, *lines[1:]]
        case [] if name in ("own_segments", "exceptions"):
            return ["", said, f"# [[{name}]]"]
        case _:
            return ["", said, f"{name} = {_value(value)}"]


def _bare(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _value(key)


def _value(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case date():
            return value.isoformat()
        case int() | float():
            return str(value)
        case list() | tuple():
            return "[" + ", ".join(_value(item) for item in value) + "]"
        case Mapping():
            return "{" + ", ".join(f"{_bare(str(key))} = {_value(item)}" for key, item in value.items()) + "}"
        case _:
            import json

            from subsidy_rules.safe_text import escape_toml_text

            # A JSON string is a TOML basic string, but for DEL, which escape_toml_text writes as an escape.
            return escape_toml_text(json.dumps(str(value), ensure_ascii=False))


def _commented(text: str) -> str:
    from subsidy_rules.safe_text import visible

    return visible(text)
