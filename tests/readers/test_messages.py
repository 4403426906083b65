"""What the readers say: the same in both languages, and French as it is typeset."""

from __future__ import annotations

import re
from importlib import import_module

import pytest

from subsidy_rules.wording import Message, placeholders

MODULES = (
    "reading", "decoding", "archive", "layout", "flow", "page_text", "readers.text", "readers.markdown", "readers.html",
    "readers.docx", "readers.odt", "readers.pdf",
)  # fmt: skip
# A plain blank where French wants one that does not break.
_PLAIN = re.compile("« | »| [:;?!%]")


def messages() -> list[tuple[str, Message]]:
    found: list[tuple[str, Message]] = []
    for name in MODULES:
        module = import_module(f"subsidy_rules.{name}")
        for constant, value in vars(module).items():
            if isinstance(value, Message):
                found.append((f"{name}.{constant}", value))
            elif isinstance(value, dict):
                found += [(f"{name}.{constant}.{k}", v) for k, v in value.items() if isinstance(v, Message)]
    return found


@pytest.mark.parametrize(("name", "message"), [pytest.param(n, m, id=n) for n, m in messages()])
def test_both_languages_say_the_same_things(name: str, message: Message) -> None:
    assert placeholders(message.fr) == placeholders(message.en)
    assert message.fr != message.en
    assert _PLAIN.search(message.fr) is None


@pytest.mark.parametrize("name", ["text", "markdown", "html", "docx", "odt", "pdf"])
def test_every_reader_has_the_same_face(name: str) -> None:
    module = import_module(f"subsidy_rules.readers.{name}")
    assert module.FORMAT
    assert all(suffix.startswith(".") for suffix in module.EXTENSIONS)
    assert (module.EXTRA == "pdf") is (name == "pdf")
    assert callable(module.read)
