"""The HTML report: one file, no request, readable by all, usable when it is large. In a real browser where one is."""

from __future__ import annotations

import base64
import hashlib
import re
import time
from html.parser import HTMLParser
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pytest

from subsidy_rules.finding import Report
from subsidy_rules.reporters import render
from subsidy_rules.wording import LANGUAGES, Language
from tests.reporters import sample
from tests.reporters.programs import Page, browser

pytest.importorskip("jinja2", reason="extra html absent")

VOID = {"meta", "link", "br", "input", "rect", "line", "circle", "path"}


class Outline(HTMLParser):
    """What a page is made of: its elements, its texts, the balance of its tags."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.open: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("style", "script"):
            self.text.append(data)


def page(report: Report) -> str:
    made = render("html", report)
    assert isinstance(made, str)
    return made


def outline(made: str) -> Outline:
    parsed = Outline()
    parsed.feed(made)
    parsed.close()
    return parsed


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("which", ["clean", "varied", "hostile"])
def test_the_page_asks_for_nothing_and_is_well_formed(which: str, language: Language) -> None:
    made = page(getattr(sample, which)(language))
    parsed = outline(made)
    assert parsed.open == []
    assert ("html", "lang", language) in parsed.attributes
    for tag, name, value in parsed.attributes:
        if name in ("src", "href", "action", "srcset", "data", "poster"):
            assert value.startswith(("#", "data:,")), (tag, name, value)
        assert not name.startswith("on"), (tag, name)
    assert "@import" not in made
    assert "url(" not in made
    assert parsed.tags.count("script") == 1


def test_only_its_own_script_may_run() -> None:
    made = page(sample.varied())
    script = made.split("<script>", 1)[1].split("</script>", 1)[0]
    hashed = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', made)
    assert policy is not None
    assert "default-src 'none'" in policy[1]
    assert f"script-src 'sha256-{hashed}'" in policy[1]


def test_headings_go_down_one_step_at_a_time() -> None:
    levels = [int(tag[1]) for tag in outline(page(sample.varied())).tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_picture_is_described() -> None:
    made = page(sample.varied())
    for picture in re.findall(r"<svg[^>]*>", made):
        assert 'role="img"' in picture
        assert re.search(r'aria-label="[^"]{5,}"', picture)


def test_the_summary_comes_first_and_says_everything() -> None:
    text = " ".join(" ".join(outline(page(sample.varied())).text).split())
    order = ["Ce qui a été lu", "Ce qui tient", "Ce qui est incohérent", "Ce qu’on ne peut pas dire", "Montants en jeu"]
    places = [text.index(one) for one in order]
    assert places == sorted(places)
    assert places[-1] < text.index("Rechercher")
    assert "13 000 €" in text
    assert "les pages sont des images sans texte" in text


def test_every_claim_is_on_a_recalculation_sheet() -> None:
    report = sample.varied()
    made = page(report)
    for judged in report.claims:
        assert judged.working.say("fr").replace(">", "&gt;") in made


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_a_browser(tmp_path: Path, language: Language) -> None:
    file = tmp_path / "rapport.html"
    file.write_text(page(sample.hostile(language)), "utf-8")
    with browser(tmp_path) as tab:
        tab.open(file)
        assert tab.run("document.documentElement.lang") == language
        assert tab.run("document.querySelectorAll('script').length") == 1
        assert tab.run("document.querySelectorAll('main b, main img, main a:not([href^=\"#rule-\"])').length") == 0
        _fits(tab)
        _filters(tab, len(sample.hostile(language).findings))
        printed = base64.b64decode(tab.call("Page.printToPDF", preferCSSPageSize=True)["data"])
        assert tab.logged == []
        assert [url for url in tab.requested if not url.startswith(("file:", "data:"))] == []
    _pages(printed)


def _fits(tab: Page) -> None:
    """No sideways scrolling, from a telephone to a wide screen, in light and dark; text is readable on its ground."""
    for width in (320, 768, 1400):
        tab.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
        assert tab.run("document.documentElement.scrollWidth <= innerWidth"), width
    for scheme in ("light", "dark"):
        tab.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        worst = tab.run(
            """(() => {
              const light = (text) => {
                const [r, g, b] = text.match(/[0-9.]+/g).map(Number)
                  .map((v) => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
                return .2126 * r + .7152 * g + .0722 * b;
              };
              let worst = 99;
              for (const one of document.querySelectorAll('h1, h2, h3, h4, p, dt, dd, span, td, th, label, mark, li')) {
                if (!one.textContent.trim() || !one.checkVisibility()) continue;
                let ground = one;
                const clear = () => /, 0\\)$/.test(getComputedStyle(ground).backgroundColor);
                while (ground && clear()) ground = ground.parentElement;
                const [a, b] = [light(getComputedStyle(one).color),
                                light(ground ? getComputedStyle(ground).backgroundColor : 'rgb(255, 255, 255)')];
                worst = Math.min(worst, (Math.max(a, b) + .05) / (Math.min(a, b) + .05));
              }
              return worst;
            })()"""
        )
        assert worst >= 4.5, f"contrast {worst} ({scheme})"


def _filters(tab: Page, count: int) -> None:
    shown = "Array.from(document.querySelectorAll('article')).filter((one) => !one.hidden).length"
    assert tab.run("document.getElementById('filters').hidden") is False
    assert tab.run(shown) == count
    tab.run("(search.value = 'EQUIPE alert', search.dispatchEvent(new Event('input')), 0)")
    tab.run("new Promise((done) => setTimeout(done, 300))")
    assert tab.run(shown) == 1
    assert str(count) in tab.run("document.getElementById('shown').textContent")
    tab.run("(document.querySelector('[name=severity]').click(), 0)")
    assert tab.run(shown) == 0
    tab.run("(document.querySelector('[type=reset]').click(), new Promise((done) => setTimeout(done, 50)))")
    assert tab.run(shown) == count
    for _ in range(4):
        tab.call("Input.dispatchKeyEvent", type="keyDown", key="Tab", code="Tab", windowsVirtualKeyCode=9)
    assert tab.run("document.activeElement !== document.body")


def _pages(printed: bytes) -> None:
    pypdf = pytest.importorskip("pypdf")
    pages = pypdf.PdfReader(BytesIO(printed)).pages
    assert [round(float(size)) for size in pages[0].mediabox[2:]] == [595, 842]
    text = "".join(one.extract_text() for one in pages)
    assert "EXC" not in text
    assert "SUM001" in text  # the findings were unfolded for the paper


def test_closed_parts_are_printed(tmp_path: Path) -> None:
    report = sample.large(100)
    file = tmp_path / "rapport.html"
    file.write_text(page(report), "utf-8")
    with browser(tmp_path) as tab:
        tab.open(file)
        assert tab.run("document.querySelectorAll('details.group[open]').length") == 0
        printed = base64.b64decode(tab.call("Page.printToPDF", preferCSSPageSize=True)["data"])
    pypdf = pytest.importorskip("pypdf")
    text = "".join(one.extract_text() for one in pypdf.PdfReader(BytesIO(printed)).pages)
    assert text.count("Le total annoncé n’est pas la somme") >= 60


def test_twenty_thousand_findings(tmp_path: Path) -> None:
    """Usable: read, searched and unfolded in the time that a person waits without wondering."""
    file = tmp_path / "rapport.html"
    file.write_text(page(sample.large(20_000)), "utf-8")
    with browser(tmp_path) as tab:
        started = time.monotonic()
        tab.open(file)
        loaded = time.monotonic() - started
        assert tab.run("document.querySelectorAll('article').length") == 20_000
        elapsed = tab.run(
            """(async () => {
              const before = performance.now();
              search.value = '00500.yaml ligne 7';
              search.dispatchEvent(new Event('input'));
              while (document.querySelectorAll('details.group[open]').length !== 1)
                await new Promise((done) => setTimeout(done, 20));
              return performance.now() - before;
            })()"""
        )
        assert tab.logged == []
    assert loaded < 30, loaded
    assert elapsed < 5000, elapsed


def test_one_table_of_twenty_thousand_findings(tmp_path: Path) -> None:
    """Gathered by decision and rule; unfolded at once, found by the reference of a decision."""
    file = tmp_path / "rapport.html"
    file.write_text(page(sample.large_table(20_000)), "utf-8")
    with browser(tmp_path) as tab:
        tab.open(file)
        assert tab.run("document.querySelectorAll('.decision').length") == 5001
        first = "document.querySelector('.decision h4').textContent"
        assert tab.run(first) == "Toute la table"
        unfolded = tab.run(
            """(async () => {
              const before = performance.now();
              document.getElementById('open').click();
              await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));
              return performance.now() - before;
            })()"""
        )
        elapsed = tab.run(
            """(async () => {
              const before = performance.now();
              search.value = 'decision d-00321';
              search.dispatchEvent(new Event('input'));
              while (document.querySelectorAll('.decision:not([hidden])').length !== 1)
                await new Promise((done) => setTimeout(done, 20));
              return performance.now() - before;
            })()"""
        )
        assert tab.run("document.querySelectorAll('article:not([hidden])').length") == 4
        assert tab.run("document.querySelectorAll('.rule:not([hidden])').length") == 3
        assert tab.logged == []
    assert unfolded < 20_000, unfolded
    assert elapsed < 10_000, elapsed


def test_the_code_of_a_rule_leads_to_its_explanation(tmp_path: Path) -> None:
    file = tmp_path / "rapport.html"
    file.write_text(page(sample.varied()), "utf-8")
    with browser(tmp_path) as tab:
        tab.open(file)
        tab.run("(document.querySelector('a[href=\"#rule-SUM001\"]').click(), 0)")
        tab.run("new Promise((done) => setTimeout(done, 50))")
        assert tab.run("document.getElementById('rule-SUM001').open") is True


def test_the_strength_of_a_pass_is_on_the_sheet() -> None:
    text = " ".join(" ".join(outline(page(sample.varied())).text).split())
    assert "auraient aussi convenu : 0 autre taux, 132 autres parts" in text
