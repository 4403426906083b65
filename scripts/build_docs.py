"""Writes the parts of docs/ that come from the code: the pages of the rules, the keys of the settings, the sessions.

    python scripts/build_docs.py [--check]

``--check`` writes nothing and exits with 1 when a page is not what it would write. The sessions are run in a folder
made for the occasion, with the programs of the environment that runs this script.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from subsidy_rules.configuration import keys_markdown
from subsidy_rules.rule_pages import rule_book
from subsidy_rules.rules import standard_rules

DOCS = Path(__file__).resolve().parents[1] / "docs"


def rule_pages() -> Iterator[tuple[Path, str]]:
    """The rules, in both languages."""
    yield DOCS / "rules" / "index.md", rule_book(standard_rules(), "en")
    yield DOCS / "rules" / "regles.md", rule_book(standard_rules(), "fr")


def settings_page() -> tuple[Path, str]:
    """The page on settings, its list of keys written anew."""
    path = DOCS / "configuration.md"
    text = path.read_text("utf-8")
    before, _, rest = text.partition("<!-- keys: written by scripts/build_docs.py -->\n")
    _, _, after = rest.partition("<!-- end of keys -->")
    marked = "<!-- keys: written by scripts/build_docs.py -->\n\n" + keys_markdown("en") + "\n<!-- end of keys -->"
    return path, before + marked + after


PART = re.compile(
    r"(?P<file>^[^\n]*`(?P<name>[^`\n]+\.(?:py|txt|yaml|doc))` ?:\n\n```[a-z]+\n(?P<text>.*?)^```\n)"
    r"|(?P<console>^```console\n(?P<session>.*?)^```\n)"
    r"|(?P<title>^## [^\n]*\n)",
    re.MULTILINE | re.DOTALL,
)


def sessions_page(only: str | None = None) -> tuple[Path, str]:
    """The page of sessions, each command run again; ``only`` those of one title, the others left as they are."""
    path = DOCS / "sessions.md"
    text = path.read_text("utf-8")
    out: list[str] = []
    end = 0
    title = ""
    with tempfile.TemporaryDirectory() as base:
        folder = Path(base)
        for number, part in enumerate(PART.finditer(text)):
            out.append(text[end : part.start()])
            end = part.end()
            if part["title"]:
                title = part["title"]
                folder = Path(base, str(number))
                folder.mkdir()
            elif part["file"]:
                file = folder / part["name"]
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(part["text"], "utf-8")
            if part["console"] and (only is None or only in title):
                commands = [line for line in part["session"].split("\n") if line.startswith("$ ")]
                said = "".join(f"{command}\n{_run(command[2:], folder)}" for command in commands)
                out.append(f"```console\n{said}```\n")
            else:
                out.append(part.group())
    out.append(text[end:])
    return path, "".join(out)


def _run(command: str, folder: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "GIT_"))}
    environment |= {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "COLUMNS": "100",
        "NO_COLOR": "1",
        "PRE_COMMIT_HOME": str(folder / ".cache"),
    }
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )
    return done.stdout


def main() -> int:
    """Writes or checks every page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    stale = 0
    for path, text in (*rule_pages(), settings_page(), sessions_page()):
        if path.exists() and path.read_text("utf-8") == text:
            continue
        stale += 1
        print(path.name)
        if not check:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, "utf-8")
    return int(check and stale > 0)


if __name__ == "__main__":
    sys.exit(main())
