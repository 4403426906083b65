"""The configuration file: what it means, and what is said of a wrong one."""

from __future__ import annotations

import json
import tomllib
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from subsidy_rules.configuration import (
    PROFILES,
    SettingsError,
    check_codes,
    load_rules,
    load_settings,
    schema,
    settings_from,
    settings_text,
)
from subsidy_rules.facts import OwnSegment
from subsidy_rules.rulebook import Rule, rule
from subsidy_rules.settings import Settings, TableSettings, Waiver, path_matches
from subsidy_rules.wording import LANGUAGES, Language

WHOLE: dict[str, Any] = {
    "lang": "en",
    "profile": "service",
    "select": ["SUM", "PCT001"],
    "ignore": ["IMP"],
    "per_file_ignores": {"archives/*": ["IMP002"]},
    "severities": {"PCT002": "warning"},
    "fail_on": "never",
    "output_format": ["text", "sarif=rapport.sarif"],
    "quiet": True,
    "fiscal_year": 2024,
    "nomenclature": "M57",
    "body": "commune",
    "own_segments": [{"name": "activite", "pattern": "ACT[0-9]{3}", "meaning": "activité"}],
    "tables": {"amount": "part", "columns": {"Montant €": "montant"}, "header_row": 3, "sheet": "Données"},
    "max_file_size": 1000,
    "exceptions": [
        {"code": "SUM001", "path": "actes/*", "reason": "erreur matérielle", "until": date(2025, 12, 31)},
        {
            "code": "IMP",
            "fingerprint": "0123456789abcdef",
            "quote": "6754",
            "reason": "ancien plan",
            "until": "2026-01-01",
        },
    ],
    "rules": ["regles.py"],
    "rule_packs": ["ville"],
    "options": {"seuil": 23000},
}


def test_every_key_is_taken() -> None:
    settings = settings_from(WHOLE, path="dossier/subsidy-rules.toml")
    assert settings.language == "en"
    assert settings.select == ("SUM", "PCT001")
    assert settings.ignored_in("archives/2017.yaml") == ("IMP002",)
    assert settings.severities["PCT002"] == "warning"
    assert settings.fail_on == "never"
    assert settings.outputs == ("text", "sarif=rapport.sarif")
    assert settings.quiet
    assert (settings.fiscal_year, settings.nomenclature, settings.body) == (2024, "M57", "commune")
    assert settings.own_segments == (OwnSegment(name="activite", pattern="ACT[0-9]{3}", meaning="activité"),)
    assert settings.tables.amount == "part"
    assert settings.tables.columns == {"Montant €": "montant"}
    assert (settings.tables.header_row, settings.tables.sheet) == (3, "Données")
    assert settings.max_file_size == 1000
    assert settings.waivers[0] == Waiver(
        code="SUM001", path="actes/*", reason="erreur matérielle", until=date(2025, 12, 31)
    )
    assert settings.waivers[1].until == date(2026, 1, 1)
    assert (settings.rule_modules, settings.rule_packs) == (("regles.py",), ("ville",))
    assert settings.options == {"seuil": 23000}
    assert (settings.file, settings.root) == ("dossier/subsidy-rules.toml", "dossier")


def test_the_keys_are_those_of_the_schema_and_cover_the_settings() -> None:
    assert set(schema("fr")["properties"]) == set(WHOLE)
    own = {"language", "outputs", "waivers", "use_waivers", "rule_modules", "rule_packs", "file", "root", "today"}
    assert {field.name for field in fields(Settings)} - own <= set(WHOLE) | {"tables"}
    assert set(schema("fr")["properties"]["tables"]["properties"]) == {field.name for field in fields(TableSettings)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_schema_is_a_schema_and_takes_what_we_take(language: Language) -> None:
    made = schema(language)
    jsonschema.Draft202012Validator.check_schema(made)
    validator = jsonschema.Draft202012Validator(made)
    validator.validate(json.loads(json.dumps(WHOLE, default=str)))
    for example in made["examples"]:
        validator.validate(example)
        settings_from(example)
    described = [part for part in made["properties"].values() if not part.get("description")]
    assert not described


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"tabels": {}}, "tabels : clé inconnue ; la plus proche est « tables »"),
    ({"tables": {"amout": "part"}}, "tables.amout : clé inconnue ; la plus proche est « amount »"),
    ({"tables": {"amount": "parts"}}, "tables.amount : « parts » n’est pas un des choix"),
    ({"exception": []}, "« exceptions »"),
    ({"zzz": 1}, "les clés sont : lang, profile"),
    ({"select": "SUM"}, "select : on attend une liste"),
    ({"select": ["sum"]}, "select[0] : « sum » n’est pas un code de règle"),
    ({"severities": {"PCT": "note"}}, "severities.PCT"),
    ({"severities": {"PCT001": "grave"}}, "severities.PCT001 : « grave »"),
    ({"fiscal_year": True}, "on attend un nombre entier"),
    ({"fiscal_year": "2024"}, "on attend un nombre entier"),
    ({"fiscal_year": 24}, "24 n’est pas entre 1900 et 2200"),
    ({"max_file_size": 0}, "0 est inférieur à 1"),
    ({"quiet": "oui"}, "true ou false"),
    ({"nomenclature": ""}, "n’a pas la forme attendue"),
    ({"own_segments": [{"name": "a", "pattern": "("}]}, "n’est pas une expression régulière"),
    ({"own_segments": [{"name": "a"}]}, "il manque « pattern »"),
    ({"exceptions": [{"code": "SUM001", "until": "2024-01-01"}]}, "demande un motif"),
    ({"exceptions": [{"code": "SUM001", "reason": "  ", "until": "2024-01-01"}]}, "demande un motif"),
    ({"exceptions": [{"code": "SUM001", "reason": "connu"}]}, "il manque « until »"),
    ({"exceptions": [{"code": "SUM001", "reason": "connu", "until": "demain"}]}, "une date (AAAA-MM-JJ)"),
    ({"exceptions": [{"code": "SUM001", "reason": "connu", "until": "2024-02-30"}]}, "une date"),
    ({"fail-on": "error", "fail_on": "note"}, "donnée deux fois"),
    ({"per_file_ignores": {"a/*": "IMP"}}, "per_file_ignores.a/* : on attend une liste"),
    ({"tables": []}, "tables : on attend une table"),
]


@pytest.mark.parametrize(("table", "said"), WRONG)
def test_a_wrong_file_says_where_and_what_is_right(table: dict[str, Any], said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        settings_from(table, path="s.toml")
    told = caught.value.reason.say("fr").replace("\u00a0", " ").replace("\u202f", " ")
    assert said in told
    assert told.startswith("s.toml : ")
    assert caught.value.reason.say("en") != caught.value.reason.say("fr")


@pytest.mark.parametrize(("table", "said"), WRONG)
def test_the_schema_refuses_what_we_refuse(table: dict[str, Any], said: str) -> None:
    assert said
    formats = jsonschema.FormatChecker()
    validator = jsonschema.Draft202012Validator(schema("fr"), format_checker=formats)
    assert not validator.is_valid(table)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def test_a_final_line_feed_is_no_part_of_a_code() -> None:
    with pytest.raises(SettingsError):
        settings_from({"select": ["SUM001\n"]})


@given(st.dictionaries(st.sampled_from([*WHOLE, "lagn", "table"]), values, max_size=4))
def test_no_file_makes_it_fall(table: dict[str, Any]) -> None:
    said = None
    try:
        settings_from(table)
    except SettingsError as error:
        said = error.reason
    assert said is None or (said.say("fr") and said.say("en"))


def test_what_is_shown_can_be_given_back() -> None:
    settings = settings_from(WHOLE)
    shown = settings_text(settings, "fr")
    assert settings_from(tomllib.loads(shown)) == settings
    assert settings_from(tomllib.loads(settings_text(Settings(), "en"))) == Settings()


@given(st.text(max_size=20))
def test_any_text_can_be_given_back(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    settings = replace(Settings(), body=text or None, per_file_ignores=((text, ("SUM",)),))
    assert settings_from(tomllib.loads(settings_text(settings, "fr"))) == settings


@pytest.mark.parametrize("profile", PROFILES)
def test_a_profile_gives_way_to_the_file(profile: str) -> None:
    assert settings_from({"profile": profile, "fail_on": "note"}).fail_on == "note"
    assert settings_from({"fail_on": "note"}, profile=profile).profile == profile


def test_an_auditor_sees_what_exceptions_hide() -> None:
    assert not settings_from({"profile": "controle"}).use_waivers
    assert settings_from({"profile": "service"}).use_waivers


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_both_files_are_read(tmp_path: Path) -> None:
    own = write(tmp_path, "subsidy-rules.toml", "\ufefffiscal_year = 2024\n")
    project = write(tmp_path, "pyproject.toml", "[project]\nname = 'x'\n[tool.subsidy_rules]\nfiscal_year = 2024\n")
    assert load_settings(own).fiscal_year == load_settings(project).fiscal_year == 2024


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.toml", "fiscal_year = ", "TOML incorrect"),
        ("pyproject.toml", "[project]\nname = 'x'\n", "il n’y a pas de table [tool.subsidy_rules]"),
        ("b.toml", "[tool]\nsubsidy_rules = 3\n", "on attend une table"),
    ],
)
def test_files_that_cannot_be_followed(tmp_path: Path, name: str, text: str, said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(write(tmp_path, name, text))
    assert said in caught.value.reason.say("fr")


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "latin.toml").write_bytes(b"body = '\xe9'\n")
    for path, said in (
        (tmp_path / "absent.toml", "n’existe pas"),
        (tmp_path, "dossier"),
        (tmp_path / "latin.toml", "UTF-8"),
    ):
        with pytest.raises(SettingsError) as caught:
            load_settings(path)
        assert said in caught.value.reason.say("fr")


@pytest.mark.parametrize(
    ("path", "pattern", "matches"),
    [
        ("archives/2017/a.yaml", "archives/*", True),
        ("./archives/a.yaml", "archives/*", True),
        ("archives\\a.yaml", "archives/*", True),
        ("autres/a.yaml", "archives/*", False),
        ("x/y/brouillon-3.txt", "brouillon-*.txt", True),
        ("x/BROUILLON.txt", "brouillon*", False),
        ("a\x00b", "c/*", False),
    ],
)
def test_patterns(path: str, pattern: str, matches: bool) -> None:
    assert path_matches(path, pattern) is matches


def test_patterns_are_also_seen_from_the_folder_of_the_file(tmp_path: Path) -> None:
    assert path_matches(str(tmp_path / "actes" / "a.yaml"), "actes/*", str(tmp_path))


def dummy(code: str) -> Rule:
    @rule(code, name="dummy", on="grant", fr="x", en="x")
    def judge(grant: Any, context: Any) -> None:
        return None

    return judge


def test_codes_that_no_rule_has() -> None:
    rules = [dummy("SUM001"), dummy("PCT001")]
    check_codes(settings_from({"select": ["SUM"], "ignore": ["PCT001"]}), rules)
    for table in ({"select": ["SUMM"]}, {"ignore": ["SUM002"]}, {"severities": {"SUM009": "note"}}):
        with pytest.raises(SettingsError) as caught:
            check_codes(settings_from(table), rules)
        assert "SUM001" in caught.value.reason.say("fr")


RULES_FILE = """
from subsidy_rules.rulebook import rule

@rule("VILLE001", name="no-grant", on="grant", fr="Pas de subvention.", en="No grant.")
def no_grant(grant, context):
    return None
"""


def test_own_rules_come_only_from_what_is_named(tmp_path: Path) -> None:
    write(tmp_path, "regles.py", RULES_FILE)
    settings = load_settings(write(tmp_path, "subsidy-rules.toml", 'rules = ["regles.py"]\n'))
    found = load_rules(settings)
    assert [one.code for one in found] == ["VILLE001"]
    with pytest.raises(SettingsError, match="VILLE001"):
        load_rules(settings, found)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "ne définit aucune règle"),
        ("import nowhere_at_all", "ne peut pas être chargé"),
        ("(", "ne peut pas être chargé"),
    ],
)
def test_own_rules_that_cannot_be_loaded(tmp_path: Path, text: str, said: str) -> None:
    write(tmp_path, "regles.py", text)
    settings = load_settings(write(tmp_path, "s.toml", 'rules = ["regles.py"]\n'))
    with pytest.raises(SettingsError) as caught:
        load_rules(settings)
    assert said in caught.value.reason.say("fr")


def test_a_pack_that_is_not_installed() -> None:
    with pytest.raises(SettingsError) as caught:
        load_rules(settings_from({"rule_packs": ["absent"]}))
    assert "aucun paquet installé" in caught.value.reason.say("fr")
