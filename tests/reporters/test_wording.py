"""Both languages say the same: every message of the package, and what a reader of one of them is shown."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import subsidy_rules
from subsidy_rules import check_text
from subsidy_rules.claims import Claim
from subsidy_rules.figures import Amount, Count, Percentage
from subsidy_rules.reporters import OUTPUTS, render
from subsidy_rules.rule_pages import rule_list, rule_page
from subsidy_rules.rules import standard_rules
from subsidy_rules.showing import KINDS
from subsidy_rules.wording import Language, Message, money, placeholders
from tests.reporters import sample


def _inside(value: Any, seen: set[int], depth: int) -> Iterator[Message]:
    if id(value) in seen or depth > 6:
        return
    seen.add(id(value))
    if isinstance(value, Message):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _inside(item, seen, depth + 1)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for item in value:
            yield from _inside(item, seen, depth + 1)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _inside(getattr(value, field.name, None), seen, depth + 1)


@cache
def messages() -> tuple[tuple[str, Message], ...]:
    """Every message that a module of the package holds, in a constant, a table or a rule, with the module's name."""
    found: list[tuple[str, Message]] = []
    seen: set[int] = set()
    for module_info in pkgutil.walk_packages(subsidy_rules.__path__, "subsidy_rules."):
        module = importlib.import_module(module_info.name)
        for value in list(vars(module).values()):
            found += [(module_info.name, message) for message in _inside(value, seen, 0)]
    return tuple(found)


def test_there_are_messages() -> None:
    assert len(messages()) > 300


def told(wrong: Iterable[tuple[str, Message]]) -> str:
    return "\n".join(f"{module}: {message.fr!r} / {message.en!r}" for module, message in wrong)


def test_both_languages_have_the_same_placeholders() -> None:
    wrong = [(module, m) for module, m in messages() if placeholders(m.fr) != placeholders(m.en)]
    assert not wrong, told(wrong)


def test_both_languages_are_there() -> None:
    wrong = [(module, m) for module, m in messages() if bool(m.fr.strip()) != bool(m.en.strip())]
    assert not wrong, told(wrong)


NO_BREAK = "\u00a0\u202f"


def test_french_typography() -> None:
    """No-break spaces before the double signs and inside guillemets; the typographic apostrophe."""
    wrong = []
    for module, message in messages():
        said = message.having(**dict.fromkeys(placeholders(message.fr), "x")).say("fr")
        shown = re.sub(r"https?://\S+|\S+\.\S+:|::\S+|subsidy-rules: ", "", said)
        spaced = re.search(r"(?<=[^\s«\d/\\:(\[]):(?=\s|$)|(?<=\w)[;!?](?=\s|$)| [:;!?»%]|« ", shown)
        if spaced or re.search(r"\b[cdjlmnstCDJLMNST]'[a-zA-Zéèêàâîôûœ]|qu'", shown):
            wrong.append((module, message))
    assert not wrong, told(wrong)


def test_english_typography() -> None:
    wrong = []
    for module, message in messages():
        said = message.having(**dict.fromkeys(placeholders(message.en), "x")).say("en")
        if re.search(r"[\u00a0\u202f ][:;!?](?=\s|$)|\d [%]", said) or "« " in said:
            wrong.append((module, message))
    assert not wrong, told(wrong)


# Words of one language that are never the other's, nor a name in a sample.
FRENCH = frozenset(
    """le la une des du ou où sont pas dans avec sans sous cette ces qui que montant somme ligne feuille cellule règle
    gravité erreur avertissement constat constats annoncé recalculé incohérent tient affirmation affirmations écart
    fichier illisible correction emplacement état calcul""".split()  # noqa: SIM905
)
ENGLISH = frozenset(
    """the of and is are not in for by with without under this these which that amount line rule severity error warning
    finding findings stated recomputed inconsistent holds claim claims gap file unreadable repair state working what
    was read cannot tell""".split()  # noqa: SIM905
)


def words(text: str) -> set[str]:
    return set(re.findall(r"[a-zàâçéèêëîïôûùüœ]+", text.lower()))


def shown_words(name: str, language: Language) -> set[str]:
    """The words of an output: of data formats, those of the sentences only; of a page, what is not code."""
    report = sample.varied(language)
    text = render(name, report)
    assert isinstance(text, (str, bytes))
    if isinstance(text, bytes):
        text = text.decode("utf-8-sig")
    text = re.sub(r"(?s)<(style|script)>.*?</\1>|<!--.*?-->|<[^>]*>", " ", text)
    text = re.sub(r"(?m)^::\w+ |\b(?:file|line|endLine|col|endColumn|title)=|%0A", " ", text)  # commands of a build log
    # The samples' own words are quoted whatever the language.
    for quoted in ("Total de", "soit", "représentant", "du budget de", "imputée au chapitre", "nature", "fonction"):
        text = text.replace(quoted, " ")
    for quoted in ("dans la limite de l’enveloppe", "plan de financement", "au-delà de", "et 20000", "euros et ?"):
        text = text.replace(quoted, " ")
    return words(text)


PROSE = [name for name in OUTPUTS if name in ("text", "concise", "github", "csv", "markdown", "html")]


@pytest.mark.parametrize("name", PROSE)
def test_a_french_reader_meets_no_english(name: str) -> None:
    if name == "html":
        pytest.importorskip("jinja2", reason="extra html absent")
    assert not shown_words(name, "fr") & ENGLISH


@pytest.mark.parametrize("name", PROSE)
def test_an_english_reader_meets_no_french(name: str) -> None:
    if name == "html":
        pytest.importorskip("jinja2", reason="extra html absent")
    assert not shown_words(name, "en") & FRENCH


@pytest.mark.parametrize("rule", standard_rules(), ids=lambda rule: rule.code)
def test_rule_pages_are_complete_in_both_languages(rule: Any) -> None:
    for language in ("fr", "en"):
        page = rule_page(rule, language)
        assert rule.code in page
        assert rule.good is not None, f"{rule.code} shows no source that it accepts"
        assert rule.bad is not None, f"{rule.code} shows no source that it refuses"
        assert rule.why.say(language), f"{rule.code} does not say why"


def test_the_list_of_rules_has_them_all() -> None:
    for language in ("fr", "en"):
        lines = rule_list(standard_rules(), language).splitlines()
        assert len(lines) == len(standard_rules())


def test_every_kind_of_claim_has_a_name_of_its_own() -> None:
    assert set(KINDS) == {kind.kind for kind in Claim.__subclasses__()}
    for language in ("fr", "en"):
        names = [name.say(language) for name in KINDS.values()]
        assert len(set(names)) == len(names)
    # Associations, axes and projects are counted as well as people.
    assert (KINDS["count"].fr, KINDS["count"].en) == ("dénombrement", "count")


@pytest.mark.parametrize(
    ("n", "decimals", "fr", "en"),
    [
        (5, 1, "0,50 €", "€0.50"),
        (-5, 1, "−0,50 €", "€−0.50"),
        (105, 1, "10,50 €", "€10.50"),
        (12345, 1, "1 234,50 €", "€1,234.50"),
        (50, 2, "0,50 €", "€0.50"),
        (70000, 0, "70 000 €", "€70,000"),
        (7000000, 2, "70 000,00 €", "€70,000.00"),
        (85, 3, "0,085 €", "€0.085"),  # a unit price
        (10**30 + 5, 1, "100 000 000 000 000 000 000 000 000 000,50 €", "€100,000,000,000,000,000,000,000,000,000.50"),
    ],
)
def test_cents_have_both_their_digits(n: int, decimals: int, fr: str, en: str) -> None:
    amount = Amount(n=n, decimals=decimals, currency="EUR")
    said = Message("{amount}", "{amount}").having(amount=amount)
    assert re.sub("[\u00a0\u202f]", " ", said.say("fr")) == fr
    assert said.say("en") == en


def test_only_money_has_cents() -> None:
    """A rate keeps the decimals it is written with, as does a figure without currency, which may be a share."""
    for figure in (Percentage(n=55, decimals=1), Amount(n=55, decimals=1), Count(n=55, decimals=1), Decimal("5.5")):
        said = Message("{it}", "{it}").having(it=figure)
        assert (said.say("fr").partition("\u202f")[0], said.say("en").rstrip("%")) == ("5,5", "5.5")
    assert money(Fraction(1, 2), "fr") == "0,50"
    assert money(Fraction(1001, 8), "en") == "125.125"
    assert money(Fraction(7, 1), "fr") == "7"
    assert money(Fraction(1, 3), "fr") == "0,333333…"


def test_workings_show_cents_and_quotes_what_is_printed() -> None:
    report = check_text("La subvention de 10,5 € se décompose en 3,2 € pour Alpha et 7,2 € pour Bravo.", name="a.txt")
    (finding,) = report.findings
    assert "3,20 € + 7,20 € = 10,40 €, et non 10,50 € (écart : 0,10 €)" in re.sub(
        "[\u00a0\u202f]", " ", finding.message
    )
    assert [place.quote for place in (finding.place, *finding.related)] == ["10,5 €", "3,2 €", "7,2 €"]


# -- numbers agree with their nouns ---------------------------------------------------------------------------------

NO_NUMBERS = frozenset(("code", "gross", "meant", "name", "nature", "net", "tax", "terms", "total", "value", "written"))
"""Placeholders of codes, names and amounts: a verb follows them, and no noun that they count."""
ALWAYS_SEVERAL = {
    ("", "limit"),  # limits are in hundreds and thousands
    ("", "most"),
    ("", "longest"),
    ("", "depth"),
    ("", "seconds"),
    ("checking", "count"),  # MOST_EXPLAINED
    ("layout", "count"),  # more than a limit
    ("decoding", "count", "le texte compte"),
    ("readers.markdown", "count"),
    ("readers.pdf", "count", "ce PDF compte"),
    ("reading", "size"),
    ("marked_table", "n"),  # as many rows as a sheet holds
    ("reporters.xlsx", "n"),
    ("diagnosis.telling", "count"),  # two, three and four have words of their own
    ("record", "count", "{count} lignes sont dans ce cas"),  # one line is told by itself
    ("rules.joint", "claims"),
    ("", "common"),  # of which {count} differ
    ("tables.agreeing", "count"),  # most rows of a column
    ("tables.crossing", "held"),  # as many as it takes to be sure
    ("tables.csvrows", "count"),  # more than a limit
    ("tables.csvrows", "lines"),
    ("tables.judging", "length"),  # longer than a limit
    ("tables.decisions", "fit"),  # several decisions
    ("tables.decisions", "decimals"),  # shares of several decimals whose last zeros are left out
    ("tables.jsonrows", "looked"),
    ("tables.judging", "count"),  # the only row has a sentence of its own
    ("tables.cells", "length"),  # longer than a limit
    ("tables.shapes", "found"),  # more than the columns, except in those below
    ("tables.telling", "count"),
    ("tables.twins", "count"),
    ("wording", "n"),  # four decimals or more
}  # fmt: skip
"""Module, placeholder and, where the module has others, how the message begins: what is never one."""
_NO_NOUN = "(?!(?:alors|dans|des|does|fois|has|is|les|pas|plus|sans|was)\\b)"
PLURAL = re.compile(rf"\{{(\w+)\}}[ \u00a0\u202f](?:(?!(?:does|is|n’est)\b)[\w-]+ )?{_NO_NOUN}[\w-]+[sx]\b(?!’)")


def written() -> Iterator[tuple[str, str, str]]:
    """Module, French and English of every message in the source, those made inside functions too."""
    root = Path(subsidy_rules.__file__).parent
    for path in sorted(root.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Message":
                given = [*node.args, *(keyword.value for keyword in node.keywords)]
                texts = [it.value for it in given if isinstance(it, ast.Constant) and isinstance(it.value, str)]
                if len(texts) == 2:
                    yield ".".join(path.relative_to(root).with_suffix("").parts), texts[0], texts[1]


def unbending(module: str, fr: str, en: str) -> list[str]:
    """The placeholders of a message that stand before a plural that stays one, whatever the number."""
    found = [match[1] for text in (fr, en) for match in PLURAL.finditer(text) if match[1] not in NO_NUMBERS]
    several = {(entry[0], entry[1]) for entry in ALWAYS_SEVERAL if fr.startswith("".join(entry[2:]))}
    return sorted({name for name in found if not {("", name), (module, name)} & several})


def test_a_number_agrees_with_its_noun() -> None:
    """« 1 constat », “1 finding”: a plural after a number is written ``{n:constat|constats}``."""
    wrong = [(module, fr, en, names) for module, fr, en in written() if (names := unbending(module, fr, en))]
    assert not wrong, "\n".join(map(str, wrong))


def test_a_plural_that_stays_one_is_seen() -> None:
    assert unbending("cli", "{n} constats enregistrés", "{n} findings recorded") == ["n"]
    assert unbending("cli", "à relire : {n} lignes", "to read again: {n:plain}") == ["n"]
    assert unbending("cli", "vu", "seen by {n} more people and {m} readers") == ["m"]
    assert unbending("cli", "{n} {n:constat|constats}, {left} {left:reste|restent}", "{n} left of {total}") == []
    assert unbending("tables.shapes", "{found} cellules", "{found} cells") == []


@pytest.mark.parametrize(
    ("number", "fr", "en"),
    [
        (0, "0 ligne lue", "0 rows read"),
        (1, "1 ligne lue", "1 row read"),
        (2, "2 lignes lues", "2 rows read"),
        (-1, "−1 ligne lue", "−1 row read"),
        (Count(n=1), "1 ligne lue", "1 row read"),
        (Count(n=12, text="une douzaine"), "12 lignes lues", "12 rows read"),
        (Fraction(3, 2), "1,5 ligne lue", "1.5 rows read"),
        ("…", "… lignes lues", "… rows read"),
    ],
)
def test_both_languages_bend_in_their_own_way(number: Any, fr: str, en: str) -> None:
    said = Message("{n} {n:ligne lue|lignes lues}", "{n} {n:row|rows} read").having(n=number)
    assert (said.say("fr"), said.say("en")) == (fr, en)
