"""Outputs: one short module each, over the finished report.

The table below names the module of each output; a module is imported only when its output is asked for. Every module
has ``render(report, *, language=None)``; ``text`` also takes the width and the colours of the screen.
"""

from __future__ import annotations

from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, cast

from subsidy_rules.frozen import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from subsidy_rules.finding import Report
    from subsidy_rules.wording import Language

__all__ = ["OUTPUTS", "Output", "render"]


@dataclass(frozen=True, slots=True)
class Output:
    """One output: where its code is, and what the command line must know before importing it.

    ``binary``: ``render`` gives bytes. ``to_file``: it is written to a file only, for no screen shows it. ``extra``:
    the optional dependency group that it needs, and ``needs`` what it imports of it. ``screen``: it takes ``width``
    and ``color``. ``suffix``: the usual end of a file's name.
    """

    module: str
    suffix: str
    binary: bool = False
    extra: str | None = None
    needs: str | None = None
    to_file: bool = False
    screen: bool = False


OUTPUTS: Final[Mapping[str, Output]] = MappingProxyType(
    {
        "text": Output("text", ".txt", screen=True),
        "concise": Output("concise", ".txt"),
        "json": Output("json_report", ".json"),
        "jsonl": Output("jsonl", ".jsonl"),
        "sarif": Output("sarif", ".sarif"),
        "github": Output("github", ".txt"),
        "gitlab": Output("gitlab", ".json"),
        "junit": Output("junit", ".xml"),
        "csv": Output("csv_report", ".csv", binary=True),
        "markdown": Output("markdown", ".md"),
        "html": Output("html", ".html", extra="html", needs="jinja2"),
        "xlsx": Output("xlsx", ".xlsx", binary=True, extra="xlsx", needs="xlsxwriter", to_file=True),
        "parquet": Output("parquet", ".parquet", binary=True, extra="tables", needs="pyarrow", to_file=True),
    }
)


def render(
    name: str,
    report: Report,
    *,
    language: Language | None = None,
    color: bool = False,
    width: int = 100,
    statistics: bool = False,
) -> str | bytes:
    """``report`` as the output ``name``; ``KeyError`` for an unknown name, ``ImportError`` when its extra is absent."""
    output = OUTPUTS[name]
    module = import_module(f"{__name__}.{output.module}")
    if output.screen:
        return cast("str", module.render(report, language=language, color=color, width=width, statistics=statistics))
    return cast("str | bytes", module.render(report, language=language))
