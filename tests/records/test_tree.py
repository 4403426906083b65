"""YAML, JSON and TOML as trees: what is written, where, and nothing typed."""

from __future__ import annotations

import json
import math
import tomllib
from contextlib import suppress
from types import ModuleType
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from subsidy_rules.tree import (
    DEPTH,
    Fields,
    Items,
    Malformed,
    Node,
    Scalar,
    Source,
    Tree,
    json_text,
    of_value,
    pointer_to,
    scalars,
    toml_text,
    yaml_text,
)


def plain(node: Node) -> Any:
    """The content of a tree, scalars as their characters."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Items):
        return [plain(item) for item in node.nodes]
    return {entry.key: plain(entry.node) for entry in node.entries}


def walk(tree: Tree) -> list[tuple[str, Scalar, str]]:
    """Every scalar with its pointer and what stands at its place."""
    found: list[tuple[str, Scalar, str]] = []

    def go(node: Node, pointer: str) -> None:
        if isinstance(node, Scalar):
            found.append((pointer, node, tree.source.text[node.start : node.end]))
        elif isinstance(node, Items):
            for index, item in enumerate(node.nodes):
                go(item, pointer_to(pointer, index))
        else:
            for entry in node.entries:
                go(entry.node, pointer_to(pointer, entry.key))

    for document in tree.documents:
        go(document, "")
    return found


YAML = """\
# commentaire
reference: 01004
"titre é𝟙": 'deux  mots'
heure: 18:30
base: {label: "x\\ty", amount: 12500.10}
vide:
allocations:
  - funder: yes
    amount: ''
  - {funder: &a CT2, amount: !!str 070}
  - funder: *a
bloc: |
  ligne 1
  ligne 2
fin: ok
"""


def test_yaml_scalars_keep_their_characters_and_know_their_place() -> None:
    tree = yaml_text.read("x.yaml", YAML)
    found = {pointer: (node.kind, node.text, quote) for pointer, node, quote in walk(tree)}
    assert found["/reference"] == ("word", "01004", "01004")
    assert found["/titre é𝟙"] == ("text", "deux  mots", "deux  mots")
    assert found["/heure"] == ("word", "18:30", "18:30")
    assert found["/base/label"] == ("text", "x\ty", "x\\ty")
    assert found["/base/amount"] == ("word", "12500.10", "12500.10")
    assert found["/vide"] == ("null", "", "")
    assert found["/allocations/0/funder"] == ("word", "yes", "yes")
    assert found["/allocations/0/amount"] == ("text", "", "''")
    assert found["/allocations/1/funder"] == ("word", "CT2", "CT2")
    assert found["/allocations/1/amount"] == ("text", "070", "070")
    assert found["/allocations/2/funder"] == ("word", "CT2", "CT2")
    assert found["/bloc"][:2] == ("text", "ligne 1\nligne 2\n")
    place = tree.source.place(*_stretch(tree, "/base/amount"), "/base/amount")
    assert (place.line, place.column, place.end_line, place.end_column) == (5, 31, 5, 39)
    assert place.excerpt == 'base: {label: "x\\ty", amount: 12500.10}'


def _stretch(tree: Tree, wanted: str) -> tuple[int, int]:
    return next((node.start, node.end) for pointer, node, _ in walk(tree) if pointer == wanted)


def test_without_the_c_parser_nothing_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    fast = yaml_text.read("x.yaml", YAML)
    monkeypatch.delattr(yaml, "CSafeLoader")
    slow = yaml_text.read("x.yaml", YAML)
    assert fast.documents == slow.documents
    with pytest.raises(Malformed):
        yaml_text.read("x.yaml", "{" * 20_000)


TOML = '''\
# commentaire
reference = "01004" # fin
total = 70_000.10
n = +12
hexa = 0x10
jour = 2017-03-12
base.label = 'coût "net"'
base.amount = "1 329 243 euros"
texte = """
deux
lignes"""

[[allocations]]
funder = "a\\tb"
"nom cité" = [1, [2, 3], {x = true}]

[[allocations]]
funder = ""
[allocations.detail]
n = 1e3
'''


def test_toml_scalars_know_their_place() -> None:
    tree = toml_text.read("x.toml", TOML)
    found = {pointer: (node.kind, node.text, quote) for pointer, node, quote in walk(tree)}
    assert found["/reference"] == ("text", "01004", "01004")
    assert found["/total"] == ("number", "70000.10", "70_000.10")
    assert found["/n"] == ("number", "12", "+12")
    assert found["/hexa"] == ("number", "16", "0x10")
    assert found["/jour"] == ("word", "2017-03-12", "2017-03-12")
    assert found["/base/label"] == ("text", 'coût "net"', 'coût "net"')
    assert found["/texte"][:2] == ("text", "deux\nlignes")
    assert found["/allocations/0/funder"] == ("text", "a\tb", "a\\tb")
    assert found["/allocations/0/nom cité/1/1"] == ("number", "3", "3")
    assert found["/allocations/0/nom cité/2/x"] == ("boolean", "true", "true")
    assert found["/allocations/1/funder"] == ("text", "", '""')
    assert found["/allocations/1/detail/n"] == ("number", "1e3", "1e3")


values: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


def _carried(node: Node) -> Any:
    if isinstance(node, Items):
        return [_carried(item) for item in node.nodes]
    if isinstance(node, Fields):
        return {entry.key: _carried(entry.node) for entry in node.entries}
    match node.kind:
        case "null":
            return None
        case "boolean":
            return node.value
        case "number":
            return float(node.text) if set(node.text) & set(".eE") else int(node.text)
        case _:
            return node.text


@settings(max_examples=150, deadline=None)
@given(values, st.booleans(), st.sampled_from((None, 2)))
def test_json_says_what_the_standard_library_reads(value: Any, ascii_only: bool, indent: int | None) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    read = json.loads(text)
    tree = json_text.read("x.json", text)
    expected = json.loads(json.dumps(read).encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
    if not any("\ufffd" in node.text for node in scalars(tree.documents[0])):
        assert _carried(tree.documents[0]) == expected
    for _, node, quote in walk(tree):
        if node.kind in ("number", "boolean"):
            assert quote == node.text


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet='{}[],:"\\ \n\t01.eE-+truefalsnNaI', max_size=40))
def test_json_is_refused_where_the_standard_library_refuses_it(text: str) -> None:
    try:
        json.loads(text)
    except ValueError:
        valid = False
    else:
        valid = True
    try:
        json_text.read("x", text)
    except Malformed:
        read = False
    else:
        read = True
    assert read == valid


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="ab:- \n'\"[]{},#&*!|>?0.", max_size=40))
def test_yaml_says_what_the_base_loader_reads_or_refuses(text: str) -> None:
    try:
        expected = [document for document in yaml.load_all(text, Loader=yaml.BaseLoader) if document]
    except (yaml.YAMLError, TypeError, ValueError):
        expected = None
    try:
        tree = yaml_text.read("x", text)
    except Malformed:
        return
    if expected is not None and not tree.notes and "&" not in text:
        assert [plain(document) for document in tree.documents if plain(document)] == expected


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60) | st.text(alphabet="a=.[]{}\"'#\n 1,_-\\", max_size=40))
def test_no_text_makes_a_reader_raise_anything_but_its_own_error(text: str) -> None:
    readers: tuple[ModuleType, ...] = (yaml_text, json_text, toml_text)
    for reader in readers:
        with suppress(Malformed):
            reader.read("x", text)


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="ab=.[]{}\"'#\n 1,-\\", max_size=50))
def test_toml_says_what_the_standard_library_reads(text: str) -> None:
    try:
        expected = tomllib.loads(text)
    except ValueError:
        with pytest.raises(Malformed):
            toml_text.read("x", text)
        return
    if len(text) < 40 or "[" not in text:
        assert _keys(plain(toml_text.read("x", text).documents[0])) == _keys(expected)


def _keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _keys(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_keys(item) for item in value]
    return value if isinstance(value, str) and not value[:1].isdigit() else None


@pytest.mark.parametrize(
    ("reader", "text", "line", "column", "words"),
    [
        (yaml_text, "a: [1\nb: 2\n", 1, 4, "crochet"),
        (yaml_text, "a: 'x\nb: 1\n", 1, 4, "guillemet"),
        (yaml_text, "a: b: c\n", 1, 5, "« : » de trop"),
        (yaml_text, "a: 1\n\tb: 2\n", 2, 1, "tabulation"),
        (yaml_text, "a: *rien\n", 1, 4, "ne renvoie à rien"),
        (yaml_text, "a: &x [*x]\n", 1, 8, "le contient"),
        (yaml_text, "é: \x07\n", 1, 4, "caractère de commande"),
        (yaml_text, "# rien\n", 1, 1, "aucune donnée"),
        (json_text, '{"a" 1}', 1, 6, "« : »"),
        (json_text, '{"a": 1,\n}', 2, 1, "virgule"),
        (json_text, '{"a": tru}', 1, 7, "valeur"),
        (json_text, '{"a": "\\q"}', 1, 8, "mal formé"),
        (json_text, '{"a": 1', 1, 8, "s’arrête"),
        (toml_text, "a = 70 000\n", 1, 8, "entre guillemets"),
        (toml_text, "a = 1\na = 2\n", 2, 6, "déjà donné"),
        (toml_text, "a = \n", 1, 5, "pas une valeur"),
        (toml_text, "a = " + "9" * 5000, 1, 5, "démesuré"),
    ],
)
def test_what_is_malformed_is_told_at_its_line_and_column(
    reader: ModuleType, text: str, line: int, column: int, words: str
) -> None:
    with pytest.raises(Malformed) as caught:
        reader.read("x", text)
    said = caught.value.reason.say("fr").replace("\u00a0", " ").replace("\u202f", " ")
    assert said.startswith(f"ligne {line}, colonne {column} :")
    assert words in said


@pytest.mark.parametrize(
    ("reader", "text"),
    [
        (yaml_text, "[" * 10_000),
        (yaml_text, "- " * 10_000 + "a"),
        (yaml_text, "{a: " * 10_000),
        (json_text, "[" * 10_000),
        (json_text, '{"a":' * 10_000),
        (toml_text, "a = " + "[" * 10_000),
        (toml_text, "a" + ".a" * 10_000 + " = 1"),
        (toml_text, "[a" + ".a" * 10_000 + "]"),
    ],
)
def test_endless_nesting_is_refused(reader: ModuleType, text: str) -> None:
    with pytest.raises(Malformed, match="levels"):
        reader.read("x", text)


def test_the_deepest_nesting_is_read() -> None:
    for reader in (yaml_text, json_text):
        reader.read("x", "[" * DEPTH + "]" * DEPTH)
        with pytest.raises(Malformed):
            reader.read("x", "[" * (DEPTH + 1) + "]" * (DEPTH + 1))


def test_aliases_are_read_but_not_by_the_billion() -> None:
    tree = yaml_text.read("x", "a: &a [1, 2]\nb: *a\nc: {d: *a}\n")
    assert plain(tree.documents[0]) == {"a": ["1", "2"], "b": ["1", "2"], "c": {"d": ["1", "2"]}}
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10)
    )
    with pytest.raises(Malformed, match="repeat"):
        yaml_text.read("x", bomb)
    tower = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, DEPTH + 2))
    with pytest.raises(Malformed, match="levels"):
        yaml_text.read("x", tower)


def test_merge_keys_tags_and_composite_keys_are_noted_and_not_followed() -> None:
    tree = yaml_text.read("x", "m: &m {a: 1}\n<<: *m\nb: !local 2\n? [c]\n: 3\n")
    assert [note.code for note in tree.notes] == ["REC005"] * 3
    assert plain(tree.documents[0]) == {"m": {"a": "1"}, "b": "2"}


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("01004", "516"), ("0o17", "15"), ("018", "zéro de tête"), ("18:30", "1110"), ("-1:30", "-90"), ("0x1F", "31"),
        ("1_000", "1000"), ("yes", "true"), ("Off", "true"), ("1e3", "1000"), ("2017.10", "2017.1"), ("12.", "12"),
    ],
)  # fmt: skip
def test_what_another_program_would_read_is_told(text: str, other: str) -> None:
    problem = yaml_text.misreading(text, exact=True)
    assert problem is not None
    assert other in problem.say("fr")


@pytest.mark.parametrize(
    "text", ["2017", "true", "12.5", "0", "0.5", "2017-01-01", "D 12", "70 000", "-5", "B320/65", ""]
)
def test_what_every_program_reads_alike_is_not_told(text: str) -> None:
    assert yaml_text.misreading(text, exact=True) is None


def test_in_an_amount_a_last_zero_is_not_a_trap_and_a_first_one_is() -> None:
    assert yaml_text.misreading("12500.10", exact=False) is None
    assert yaml_text.misreading("012500", exact=False) is not None


def test_the_word_is_what_pyyaml_itself_misreads() -> None:
    for text in ("01004", "18:30", "0x1F", "1_000", "yes", "2017.10", "-1:30", "12."):
        read = yaml.safe_load(f"a: {text}")["a"]
        assert str(read) != text
    for text in ("D 12", "B320/65", "70 000", "2017"):
        assert str(yaml.safe_load(f"a: {text}")["a"]) == text


def test_python_values_become_trees_and_loops_end() -> None:
    loop: list[Any] = []
    loop.append(loop)
    found = [node.kind for node in scalars(of_value({"a": loop, "b": math.nan, "c": True, "d": None, "e": "x"}))]
    assert found == ["opaque", "value", "boolean", "null", "text"]


def test_a_place_in_a_line_too_long_to_show_is_cut_around_its_quote() -> None:
    text = "x" * 5000 + "cible" + "y" * 5000
    place = Source("x", text).place(5000, 5005, "/a")
    assert place.quote == "cible"
    assert place.column == 5001
    assert place.excerpt is not None
    assert len(place.excerpt) < 200
    assert "cible" in place.excerpt
    endless = Source("x", text).place(0, 10_005, "/a")
    assert endless.quote is not None
    assert endless.excerpt is not None
    assert len(endless.quote) < 500
    assert len(endless.excerpt) < 500


def test_places_count_lines_and_characters() -> None:
    source = Source("x", "é𝟙\nab\n\ncd", first_line=7)
    assert source.position(0) == (7, 1)
    assert source.position(3) == (8, 1)
    place = source.place(4, 9, None)
    assert (place.line, place.column, place.end_line, place.end_column) == (8, 2, 10, 3)
    assert source.place(-1, -1, "/p", "said").quote == "said"
    assert pointer_to("/a", "b/c~d") == "/a/b~1c~0d"
