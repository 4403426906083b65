"""The command line: arguments, files, exit codes. Every judgement is made elsewhere.

Exit codes: 0, nothing at or above ``--fail-on``; 1, something; 2, usage, unreadable input, or nothing to check.
Results go to standard output, everything else to standard error.
"""

from __future__ import annotations

import argparse
import gc
import gettext
import os
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn, TextIO

from subsidy_rules import __version__
from subsidy_rules.os_errors import why
from subsidy_rules.reporters import OUTPUTS
from subsidy_rules.wording import Language, Message

if TYPE_CHECKING:
    from subsidy_rules.baseline import Baseline
    from subsidy_rules.finding import Report
    from subsidy_rules.rulebook import Rule
    from subsidy_rules.settings import Settings

__all__ = ["entry", "language_of", "main"]

SCHEMAS: Final = ("deliberation", "report", "configuration")

# What argparse says by itself, by its own msgids.
_ARGPARSE_FR: Final = {
    "usage: ": "usage\u00a0: ",
    "options": "options\u00a0",  # argparse puts the colon
    "positional arguments": "arguments\u00a0",
    "show this help message and exit": "affiche cette aide et s’arrête",
    "the following arguments are required: %s": "il manque : %s",
    "unrecognized arguments: %s": "arguments inconnus : %s",
    "expected one argument": "une valeur est attendue",
    "expected at least one argument": "au moins une valeur est attendue",
    "expected at most one argument": "une valeur au plus est attendue",
    "argument %(argument_name)s: %(message)s": "argument %(argument_name)s : %(message)s",
    "invalid choice: %(value)r (choose from %(choices)s)": "choix inconnu : « %(value)s » (au choix : %(choices)s)",
    "invalid %(type)s value: %(value)r": "valeur incorrecte : « %(value)s »",
    "not allowed with argument %s": "incompatible avec l’argument %s",
    "ignored explicit argument %r": "valeur inattendue : %r",
    "ambiguous option: %(option)s could match %(matches)s": "option ambiguë : %(option)s peut être %(matches)s",
    "unknown parser %(parser_name)r (choices: %(choices)s)": "commande inconnue : « %(parser_name)s » "
    "(au choix : %(choices)s)",
}

_TEXTS: Final[dict[str, Message]] = {
    "description": Message(
        "Vérifie ce qu’une délibération attributive de subvention dit de ses propres chiffres.",
        "Checks what a subsidy deliberation says about its own figures.",
    ),
    "commands": Message("commandes\u00a0", "commands"),
    "check": Message("vérifier des fichiers ou des dossiers", "check files or folders"),
    "rule": Message("expliquer une règle, ou les énumérer", "explain a rule, or list them"),
    "schema": Message("afficher un schéma JSON", "print a JSON Schema"),
    "explain": Message("expliquer une imputation budgétaire", "explain a budget imputation"),
    "figures": Message("dresser la feuille de pointage d’un document", "list a document’s figures as a tick sheet"),
    "draft": Message("rédiger un enregistrement d’après un document", "draft a record from a document"),
    "paths": Message("fichiers ou dossiers ; « - » pour l’entrée standard", "files or folders; “-” for standard input"),
    "format": Message(
        "format du résultat, répétable : FORMAT ou FORMAT=FICHIER ({formats})",
        "output format, repeatable: FORMAT or FORMAT=FILE ({formats})",
    ),
    "lang": Message("langue : fr ou en (celle du système par défaut)", "language: fr or en (the system’s by default)"),
    "select": Message("règles à appliquer (codes ou débuts de codes)", "rules to run (codes or beginnings of codes)"),
    "ignore": Message("règles à écarter", "rules to leave out"),
    "fail_on": Message(
        "gravité à partir de laquelle le code de retour est 1", "severity from which the exit code is 1"
    ),
    "config": Message("fichier de configuration (TOML)", "configuration file (TOML)"),
    "no_config": Message("ne chercher aucun fichier de configuration", "look for no configuration file"),
    "profile": Message(
        "réglages tout faits : hook, service ou controle", "ready-made settings: hook, service or controle"
    ),
    "no_exceptions": Message("signaler aussi ce que des exceptions écartent", "also tell what exceptions set aside"),
    "not_marked": Message(
        "{path} : pas de copie marquée de ce format (seules les tables CSV, Excel et LibreOffice en ont une)",
        "{path}: no marked copy of this format (only CSV, Excel and LibreOffice tables have one)",
    ),
    "annotate": Message(
        "écrire dans ce dossier une copie de chaque table, marquée cellule par cellule",
        "write in this folder a copy of each table, marked cell by cell",
    ),
    "certificates": Message(
        "joindre au format json la preuve de chaque groupe d’affirmations liées (champ « proofs »)",
        "add to the json format the proof of each group of claims that share figures (field “proofs”)",
    ),
    "certificates_nowhere": Message(
        "--certificates demande le format json : --output-format json=FICHIER",
        "--certificates needs the json format: --output-format json=FILE",
    ),
    "show_settings": Message("afficher les réglages en vigueur et s’arrêter", "print the settings in force and exit"),
    "baseline": Message(
        "fichier de référence : ne signaler que les constats nouveaux",
        "baseline file: tell new findings only",
    ),
    "baselines": Message(
        "créer une référence des constats existants, ou en retirer ce qui a disparu",
        "make a baseline of the findings there are, or take out of it what is gone",
    ),
    "baseline_create": Message(
        "enregistrer les constats existants dans un fichier qui n’existe pas encore",
        "record the findings there are in a file that does not exist yet",
    ),
    "baseline_check": Message("ne signaler que les constats nouveaux", "tell new findings only"),
    "baseline_prune": Message(
        "retirer du fichier les constats qui ont disparu", "take out of the file the findings that are gone"
    ),
    "baseline_file": Message("fichier de référence", "baseline file"),
    "baseline_created": Message(
        "{path} : {n} {n:constat enregistré|constats enregistrés}", "{path}: {n} {n:finding|findings} recorded"
    ),
    "baseline_pruned": Message(
        "{path} : {n} {n:constat disparu retiré|constats disparus retirés}, {left} {left:reste|restent}",
        "{path}: {n} gone {n:finding|findings} taken out, {left} left",
    ),
    "baseline_stale": Message(
        "{path} : {n} {n:constat|constats} de la référence {n:a|ont} disparu (« subsidy-rules baseline prune »)",
        "{path}: {n} {n:finding|findings} of the baseline {n:is|are} gone (“subsidy-rules baseline prune”)",
    ),
    "own_rules": Message(
        "{path} : ce fichier nomme des règles propres, c’est-à-dire du code à exécuter ; "
        "désignez-le par --config pour les charger",
        "{path}: this file names rules of one’s own, that is, code to run; name it with --config to load them",
    ),
    "no_path": Message("il manque : CHEMIN", "the following arguments are required: PATH"),
    "year": Message("exercice budgétaire, si la source ne le dit pas", "fiscal year, when the source does not say"),
    "nomenclature": Message("nomenclature, si la source ne la dit pas", "nomenclature, when the source does not say"),
    "stdin": Message("nom du fichier lu sur l’entrée standard", "name of the file read from standard input"),
    "quiet": Message("ne rien dire quand tout tient", "say nothing when everything holds"),
    "statistics": Message("ajouter le compte par règle et par état", "add the counts by rule and state"),
    "version": Message("affiche la version et s’arrête", "print the version and exit"),
    "code": Message("code ou nom de la règle", "code or name of the rule"),
    "schema_name": Message("ce dont on veut le schéma : {names}", "what the schema is of: {names}"),
    "sheet_format": Message("format de la feuille (text par défaut)", "format of the sheet (text by default)"),
    "document": Message("document à lire", "document to read"),
    "imputation": Message("imputation, comme elle est écrite", "imputation, as written"),
    "unknown_rule": Message(
        "aucune règle « {code} » ; « subsidy-rules rule » les énumère",
        "no rule “{code}”; “subsidy-rules rule” lists them",
    ),
    "unknown_format": Message("format inconnu « {name} » (au choix : {known})", "unknown format “{name}” ({known})"),
    "binary": Message(
        "le format {name} s’écrit dans un fichier : --output-format {name}=FICHIER",
        "the {name} format is written to a file: --output-format {name}=FILE",
    ),
    "missing_extra": Message(
        "le format {name} demande un complément : pip install 'subsidy-rules[{extra}]'",
        "the {name} format needs an extra: pip install 'subsidy-rules[{extra}]'",
    ),
    "same_file": Message(
        "{path} est un des fichiers vérifiés : le résultat ne peut pas l’écraser",
        "{path} is one of the files checked: the output cannot replace it",
    ),
    "cannot_write": Message("{path} : écriture impossible ({why})", "{path}: cannot be written ({why})"),
    "written": Message("{findings} ; écrit : {files}", "{findings}; written: {files}"),
    "interrupted": Message("interrompu : aucun résultat n’est écrit", "interrupted: no result is written"),
    "no_file": Message("le nom du fichier manque après « {name}= »", "the name of the file is missing after “{name}=”"),
    "twice": Message(
        "{path} est demandé deux fois : un résultat écraserait l’autre",
        "{path} is asked for twice: one output would replace the other",
    ),
    "no_folder": Message("son dossier n’existe pas", "its folder does not exist"),
    "no_stdout": Message("sortie standard : écriture impossible ({why})", "standard output: cannot be written ({why})"),
    "closed": Message("elle est fermée", "it is closed"),
    "two_streams": Message(
        "un seul format peut aller sur la sortie standard", "only one format can go to standard output"
    ),
    "in_part": Message(
        "{path} : lu en partie, nombre de parties non lues : {count}", "{path}: read in part, parts not read: {count}"
    ),
    "unreadable": Message("{path} : non lu : {reason}", "{path}: not read: {reason}"),
    "invalid": Message("{text}", "{text}"),
}


_METAVARS: Final[dict[str, Message]] = {
    "COMMAND": Message("COMMANDE", "COMMAND"),
    "ACTION": Message("ACTION", "ACTION"),
    "FILE": Message("FICHIER", "FILE"),
    "FOLDER": Message("DOSSIER", "FOLDER"),
    "PATH": Message("CHEMIN", "PATH"),
    "YEAR": Message("ANNÉE", "YEAR"),
    "NAME": Message("NOM", "NAME"),
    "CODE": Message("CODE", "CODE"),
    "CODES": Message("CODES", "CODES"),
    "SCHEMA": Message("SCHÉMA", "SCHEMA"),
    "FORMAT[=FILE]": Message("FORMAT[=FICHIER]", "FORMAT[=FILE]"),
}


def _french(text: str) -> str:
    return _ARGPARSE_FR.get(text, text)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        raise SystemExit(_fail(message))


def language_of(environ: dict[str, str] | None = None) -> Language:
    """The language of the locale (``LC_ALL``, ``LC_MESSAGES``, ``LANG``): English when it says so, else French."""
    env = os.environ if environ is None else environ
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = env.get(name)
        if value:
            return "en" if value.lower().startswith("en") else "fr"
    return "fr"


def _asked_language(arguments: Sequence[str]) -> Language:
    """``--lang`` is needed before the parser exists, because the parser speaks."""
    for index, argument in enumerate(arguments):
        if argument == "--":
            break
        value = argument.partition("=")[2] if argument.startswith("--lang=") else None
        if argument == "--lang" and index + 1 < len(arguments):
            value = arguments[index + 1]
        if value in ("fr", "en"):
            return "fr" if value == "fr" else "en"
    return language_of()


def _fail(message: str) -> int:
    _tell(message)
    return 2


def _shown(path: str) -> str:
    """A name as part of a line: a line feed in it begins no new one."""
    from subsidy_rules.safe_text import visible

    return visible(path)


def _tell(message: str) -> None:
    """One line on standard error; a name that it holds cannot reach the terminal's controls."""
    from subsidy_rules.safe_text import visible

    if sys.stderr is not None:
        sys.stderr.write(f"subsidy-rules: {visible(message, lines=True)}\n")


def _parser(language: Language, wanted: str | None = None) -> _Parser:
    """The parser of the command line; of commands other than ``wanted`` only the names, for argparse is slow."""

    def say(key: str, **values: Any) -> str:
        return _TEXTS[key].having(**values).say(language).replace("%", "%%")

    def meta(name: str) -> str:
        return _METAVARS[name].say(language)

    # argparse takes its words from this function; nothing else in this process prints through argparse.
    argparse._ = _french if language == "fr" else gettext.gettext  # type: ignore[attr-defined]
    shared = _Parser(add_help=False)
    # No default: the one of the command would take the place of what stands before it.
    shared.add_argument("--lang", choices=("fr", "en"), default=argparse.SUPPRESS, help=say("lang"))
    parser = _Parser(prog="subsidy-rules", description=say("description"), parents=[shared])
    parser.add_argument("--version", action="version", version=f"subsidy-rules {__version__}", help=say("version"))
    commands = parser.add_subparsers(dest="command", metavar=meta("COMMAND"), title=say("commands"), required=True)

    def where(one: argparse.ArgumentParser) -> None:
        one.add_argument("--config", metavar=meta("FILE"), help=say("config"))
        one.add_argument("--no-config", action="store_true", help=say("no_config"))
        one.add_argument("--profile", choices=("hook", "service", "controle"), help=say("profile"))
        one.add_argument("--fiscal-year", "--year", type=int, metavar=meta("YEAR"), help=say("year"))
        one.add_argument("--nomenclature", metavar=meta("NAME"), help=say("nomenclature"))

    def what(one: argparse.ArgumentParser) -> None:
        one.add_argument("paths", nargs="*", metavar=meta("PATH"), help=say("paths"))
        one.add_argument("--select", action="append", metavar=meta("CODES"), help=say("select"))
        one.add_argument("--ignore", action="append", metavar=meta("CODES"), help=say("ignore"))
        one.add_argument("--no-exceptions", action="store_true", help=say("no_exceptions"))
        one.add_argument("--stdin-filename", metavar=meta("NAME"), help=say("stdin"))

    def told(one: argparse.ArgumentParser) -> None:
        formats = say("format", formats=", ".join(OUTPUTS))
        one.add_argument("--output-format", action="append", metavar=meta("FORMAT[=FILE]"), help=formats)
        one.add_argument("--fail-on", choices=("error", "warning", "note", "never"), help=say("fail_on"))
        one.add_argument("-q", "--quiet", action="store_true", help=say("quiet"))
        one.add_argument("--statistics", action="store_true", help=say("statistics"))

    def check(one: argparse.ArgumentParser) -> None:
        where(one)
        what(one)
        told(one)
        one.add_argument("--baseline", metavar=meta("FILE"), help=say("baseline"))
        one.add_argument("--annotate", metavar=meta("FOLDER"), help=say("annotate"))
        one.add_argument("--certificates", action="store_true", help=say("certificates"))
        one.add_argument("--show-settings", action="store_true", help=say("show_settings"))

    def baseline(one: argparse.ArgumentParser) -> None:
        actions = one.add_subparsers(dest="action", metavar=meta("ACTION"), title=say("commands"), required=True)
        for action in ("create", "check", "prune"):
            said = say(f"baseline_{action}")
            inner = actions.add_parser(action, help=said, description=said, parents=[shared])
            where(inner)
            what(inner)
            if action == "check":
                told(inner)
            file = say("baseline_file")
            inner.add_argument("--file", "-f", dest="baseline", metavar=meta("FILE"), required=True, help=file)

    def rule(one: argparse.ArgumentParser) -> None:
        one.add_argument("code", nargs="?", metavar=meta("CODE"), help=say("code"))

    def schema(one: argparse.ArgumentParser) -> None:
        said = say("schema_name", names=", ".join(SCHEMAS))
        one.add_argument("name", choices=SCHEMAS, metavar=meta("SCHEMA"), help=said)

    def explain(one: argparse.ArgumentParser) -> None:
        where(one)
        one.add_argument("code", metavar=meta("CODE"), help=say("imputation"))

    def figures(one: argparse.ArgumentParser) -> None:
        where(one)
        one.add_argument("paths", nargs="+", metavar=meta("PATH"), help=say("paths"))
        one.add_argument("--output-format", choices=("text", "csv", "json"), default="text", help=say("sheet_format"))

    def draft(one: argparse.ArgumentParser) -> None:
        where(one)
        one.add_argument("path", metavar=meta("FILE"), help=say("document"))

    for name, key, arguments in (
        ("check", "check", check),
        ("baseline", "baselines", baseline),
        ("rule", "rule", rule),
        ("schema", "schema", schema),
        ("explain-imputation", "explain", explain),
        ("figures", "figures", figures),
        ("draft", "draft", draft),
    ):
        one = commands.add_parser(name, help=say(key), description=say(key), parents=[shared])
        if wanted in (None, name):
            arguments(one)
    return parser


def _wanted(arguments: Sequence[str]) -> str | None:
    """The command asked for, when it is the first word: ``None`` leaves argparse to find it."""
    return arguments[0] if arguments and not arguments[0].startswith("-") else None


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line and returns its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    language = _asked_language(given)
    try:
        options = _parser(language, _wanted(given)).parse_args(given)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 0
    commands: dict[str, Callable[[argparse.Namespace, Language], int]] = {
        "check": _check,
        "baseline": _baseline,
        "rule": _rule,
        "schema": _schema,
        "explain-imputation": _explain,
        "figures": _figures,
        "draft": _draft,
    }
    try:
        return commands[options.command](options, language)
    except KeyboardInterrupt:
        sys.stderr.write("\n" + _TEXTS["interrupted"].say(language) + "\n")
        return 130
    except BrokenPipeError:
        # The reader of our output went away (`| head`): nothing left to say, and no traceback at exit.
        _forget_stdout()
        return 0


def entry() -> NoReturn:
    """The console script."""
    # Loading the rules makes thousands of objects that all stay: looking for garbage among them only costs time.
    gc.set_threshold(50_000)
    raise SystemExit(main())


def _codes(values: list[str] | None) -> tuple[str, ...]:
    return tuple(code.strip().upper() for value in values or () for code in value.split(",") if code.strip())


def _settings(options: argparse.Namespace, language: Language) -> Settings:
    """The settings of the file (named, or nearest), then those of the command line. Raises ``ReadError``."""
    from subsidy_rules.settings import Settings

    settings = Settings(language=language)
    named = getattr(options, "config", None)
    found = Path(named) if named is not None else None if options.no_config else _nearest_configuration()
    if found is not None or options.profile is not None:
        from subsidy_rules.configuration import load_settings, settings_from

        if found is None:
            settings = settings_from({}, profile=options.profile, language=language)
        else:
            settings = load_settings(found, profile=options.profile, language=language)
    changes: dict[str, Any] = {}
    if getattr(options, "lang", None) is not None:
        changes["language"] = options.lang
    for name in ("fiscal_year", "nomenclature", "fail_on"):
        value = getattr(options, name, None)
        if value is not None:
            changes[name] = value
    if getattr(options, "select", None):
        changes["select"] = _codes(options.select)
    if getattr(options, "ignore", None):
        changes["ignore"] = (*settings.ignore, *_codes(options.ignore))
    if getattr(options, "no_exceptions", False):
        changes["use_waivers"] = False
    if getattr(options, "quiet", False):
        changes["quiet"] = True
    if getattr(options, "output_format", None):
        changes["outputs"] = tuple(options.output_format)
    return replace(settings, **changes)


def _nearest_configuration() -> Path | None:
    """``subsidy-rules.toml``, or a ``pyproject.toml`` with our table, in the working folder or one above it."""
    here = Path.cwd()
    for folder in (here, *here.parents):
        own = folder / "subsidy-rules.toml"
        if own.is_file():
            return own
        project = folder / "pyproject.toml"
        if project.is_file():
            try:
                return project if b"tool.subsidy_rules" in project.read_bytes() else None
            except OSError:
                return None
        if (folder / ".git").exists():
            return None
    return None


def _outputs(
    settings: Settings, paths: Sequence[str], language: Language, *, annotated: bool = False
) -> list[tuple[str, str | None]] | int:
    """Where each format goes; the exit code when they cannot be followed."""
    outputs: list[tuple[str, str | None]] = []
    for wish in settings.outputs or ("text",):
        name, given, file = wish.partition("=")
        if given and not file:
            return _fail(_TEXTS["no_file"].having(name=name).say(language))
        if name not in OUTPUTS:
            return _fail(_TEXTS["unknown_format"].having(name=name, known=", ".join(OUTPUTS)).say(language))
        if OUTPUTS[name].to_file and not file:
            return _fail(_TEXTS["binary"].having(name=name).say(language))
        needs = OUTPUTS[name].needs
        if needs is not None and not _is_installed(needs):  # told before the reading, which may be long
            return _fail(_TEXTS["missing_extra"].having(name=name, extra=OUTPUTS[name].extra).say(language))
        outputs.append((name, file if given else None))
    if annotated and not _is_installed("xlsxwriter"):
        return _fail(_TEXTS["missing_extra"].having(name="xlsx", extra="xlsx").say(language))
    if sum(file is None for _, file in outputs) > 1:
        return _fail(_TEXTS["two_streams"].say(language))
    written: set[str] = set()
    for _, target in outputs:
        if target is None:
            continue
        if "\0" in target:
            return _fail(_TEXTS["cannot_write"].having(path=target, why=why(ValueError())).say(language))
        real = os.path.realpath(target)
        if real in written and not _is_device(target):
            return _fail(_TEXTS["twice"].having(path=target).say(language))
        written.add(real)
    replaced = _replaced(outputs, [path for path in paths if path != "-"])
    return outputs if replaced is None else _fail(_TEXTS["same_file"].having(path=replaced).say(language))


def _is_device(path: str) -> bool:
    """True for what holds nothing that could be replaced: ``/dev/null``, a pipe."""
    return os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path)


def _replaced(outputs: list[tuple[str, str | None]], paths: Iterable[str]) -> str | None:
    """The file to write that is one of those checked, if any."""
    checked = {os.path.realpath(path) for path in paths}
    for _, target in outputs:
        if target is not None and os.path.realpath(target) in checked:
            return target
    return None


def _is_installed(name: str) -> bool:
    from importlib.util import find_spec

    return find_spec(name) is not None


def _run(options: argparse.Namespace, settings: Settings) -> Report:
    """Reads and judges every path. Raises ``ReadError`` for settings that cannot be followed."""
    from subsidy_rules.checking import Run

    own = _own_rules(options, settings)
    proofs: list[dict[str, Any]] | None = [] if getattr(options, "certificates", False) else None
    run = Run(settings, extra_rules=own, progress=_progress(sys.stderr) if sys.stderr else None, proofs=proofs)
    for path in options.paths:
        if path == "-":
            run.add_stdin(options.stdin_filename)
        else:
            run.add_path(path)
    report = run.report()
    if run.progress is not None:
        run.progress("")
    return report


def _own_rules(options: argparse.Namespace, settings: Settings) -> tuple[Rule, ...]:
    names_code = bool(settings.rule_modules or settings.rule_packs)
    names_rules = settings.select or settings.ignore or settings.severities or settings.per_file_ignores
    if not (names_code or names_rules or settings.waivers or settings.options):
        return ()
    from subsidy_rules.configuration import SettingsError, check_codes, check_options, load_rules
    from subsidy_rules.rules import standard_rules

    if names_code and options.config is None:
        # A file that lies in a received folder must not be able to run code by lying there.
        raise SettingsError(_TEXTS["own_rules"].having(path=settings.file or ""))
    own = load_rules(settings, standard_rules())
    rules = (*standard_rules(), *own)
    check_codes(settings, rules)
    check_options(settings, rules)
    return own


def _check(options: argparse.Namespace, language: Language) -> int:
    from subsidy_rules.reading import ReadError

    known: Baseline | None = None
    try:
        settings = _settings(options, language)
        language = settings.language
        if getattr(options, "show_settings", False):
            from subsidy_rules.configuration import settings_text

            return _write(settings_text(settings, language), None, language)
        if not options.paths:
            return _fail(_TEXTS["no_path"].say(language))
        annotated = getattr(options, "annotate", None) is not None
        outputs = _outputs(settings, options.paths, language, annotated=annotated)
        if isinstance(outputs, int):
            return outputs
        if getattr(options, "certificates", False) and "json" not in dict(outputs):
            return _fail(_TEXTS["certificates_nowhere"].say(language))
        if options.baseline is not None:
            from subsidy_rules.baseline import Baseline

            known = Baseline.read(Path(options.baseline))
        report = _run(options, settings)
    except ReadError as error:
        return _fail(error.reason.say(language))
    # A file of a folder is known to be a source only now.
    replaced = _replaced(outputs, [source.path for source in report.sources])
    if replaced is not None:
        return _fail(_TEXTS["same_file"].having(path=replaced).say(language))
    if known is not None:
        stale = sum(entry.count for entry in known.stale(report))
        new, count = known.split(report.findings)
        told = {"path": options.baseline, "known": count, "stale": stale}
        report = replace(report, findings=new, extra={**report.extra, "baseline": told})
        if stale:
            _tell(_TEXTS["baseline_stale"].having(path=options.baseline, n=stale).say(language))
    code = _deliver(report, outputs, settings, statistics=options.statistics)
    if not code and annotated:
        code = _annotate(report, Path(options.annotate), settings)
    return code or _exit_code(report, settings)


def _annotate(report: Report, folder: Path, settings: Settings) -> int:
    """Writes the marked copy of every table that was read, in ``folder``; 2 when one cannot be."""
    from subsidy_rules.marked_table import is_table, marked_name, marked_table
    from subsidy_rules.reading import ReadError

    language = settings.language
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return _fail(_TEXTS["cannot_write"].having(path=str(folder), why=why(error)).say(language))
    for source in report.sources:
        if source.status != "read" or not os.path.isfile(source.path):
            continue
        if not is_table(source.format):
            if source.rows is None:
                continue  # a document or a record, which is no table
            _tell(_TEXTS["not_marked"].having(path=_shown(source.path)).say(language))
            continue
        try:
            data = marked_table(source.path, report, settings)
        except ImportError:
            return _fail(_TEXTS["missing_extra"].having(name="xlsx", extra="xlsx").say(language))
        except ReadError as error:
            return _fail(_TEXTS["unreadable"].having(path=_shown(source.path), reason=error.reason).say(language))
        except OSError as error:
            return _fail(_TEXTS["unreadable"].having(path=_shown(source.path), reason=why(error)).say(language))
        code = _write(data, str(folder / marked_name(source.path)), language)
        if code:
            return code
    return 0


def _deliver(
    report: Report, outputs: list[tuple[str, str | None]], settings: Settings, *, statistics: bool = False
) -> int:
    """Writes the report in each format asked for, and tells what could not be read. 2 when that fails, else 0."""
    from subsidy_rules.reporters import render

    language = settings.language
    for name, file in outputs:
        terminal = file is None and sys.stdout is not None and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
        if settings.quiet and file is None and not report.findings and not report.unreadable:
            continue
        try:
            said = render(
                name,
                report,
                language=language,
                color=terminal,
                width=_width() if file is None else 100,
                statistics=statistics,
            )
        except ImportError:
            extra = OUTPUTS[name].extra
            return _fail(_TEXTS["missing_extra"].having(name=name, extra=extra).say(language))
        code = _write(said, file, language)
        if code:
            return code
    files = [file for _, file in outputs if file is not None]
    if files and len(files) == len(outputs) and not settings.quiet:
        from subsidy_rules.showing import COUNTED, counted

        findings = counted(len(report.findings), *COUNTED["finding"], language)
        _tell(_TEXTS["written"].having(findings=findings, files=files).say(language))
    screens = sys.stdout is not None and sys.stdout.isatty() and sys.stderr is not None and sys.stderr.isatty()
    if screens and ("text", None) in outputs:
        return 0  # the text has just said it on the same screen
    for source in report.sources:
        if source.reason is not None:
            _tell(_TEXTS["unreadable"].having(path=_shown(source.path), reason=source.reason).say(language))
        elif source.unread and ("text", None) not in outputs:
            _tell(_TEXTS["in_part"].having(path=_shown(source.path), count=source.unread).say(language))
            for remark in source.remarks:
                _tell("  " + remark.say(language))
    return 0


def _exit_code(report: Report, settings: Settings) -> int:
    from subsidy_rules.finding import SEVERITIES

    # Tables without a heading that could be recognised, and nothing else: there was nothing to check.
    if report.unreadable or all(source.rows == 0 and source.unread for source in report.sources):
        return 2
    if settings.fail_on == "never":
        return 0
    floor = SEVERITIES.index(settings.fail_on)
    return int(any(SEVERITIES.index(finding.severity) >= floor for finding in report.findings))


def _baseline(options: argparse.Namespace, language: Language) -> int:
    if options.action == "check":
        return _check(options, language)
    from subsidy_rules.baseline import Baseline
    from subsidy_rules.reading import ReadError

    path = Path(options.baseline)
    try:
        settings = _settings(options, language)
        language = settings.language
        if not options.paths:
            return _fail(_TEXTS["no_path"].say(language))
        before = Baseline.read(path) if options.action == "prune" else None
        report = _run(options, settings)
        if report.unreadable or not report.sources:
            # What could not be read may hold findings: nothing is recorded or forgotten on half a view.
            return _deliver(report, [], settings) or 2
        if before is None:
            Baseline.of(report).create(path)
            _tell(_TEXTS["baseline_created"].having(path=options.baseline, n=len(report.findings)).say(language))
            return 0
        gone = before.stale(report)
        after = before.pruned(gone)
        if gone:
            after.replace(path)
        words = {"path": options.baseline, "n": sum(one.count for one in gone)}
        left = sum(one.count for one in after.entries)
        _tell(_TEXTS["baseline_pruned"].having(**words, left=left).say(language))
    except ReadError as error:
        return _fail(error.reason.say(language))
    return 0


def _width() -> int:
    import shutil

    return shutil.get_terminal_size((100, 24)).columns


def _progress(stream: TextIO) -> Callable[[str], None] | None:
    """Names the source being read, on a terminal, once a run has lasted two seconds; an empty name takes it away."""
    if not stream.isatty():
        return None
    started = time.monotonic()
    last = 0.0

    def tell(name: str) -> None:
        nonlocal last
        now = time.monotonic()
        if name and now - started > 2 and now - last > 0.1:
            from subsidy_rules.safe_text import visible

            stream.write(f"\r\x1b[K… {visible(name)[-70:]}")
            stream.flush()
            last = now
        elif not name and last:
            stream.write("\r\x1b[K")
            stream.flush()

    return tell


def _write(said: str | bytes, file: str | None, language: Language) -> int:
    if file is None:
        data = said.encode("utf-8", "backslashreplace") if isinstance(said, str) else said
        if sys.stdout is None:  # started with its standard output closed (`>&-`)
            return _fail(_TEXTS["no_stdout"].having(why=_TEXTS["closed"]).say(language))
        try:
            sys.stdout.flush()
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            raise
        except OSError as error:  # a full disk
            _forget_stdout()
            return _fail(_TEXTS["no_stdout"].having(why=why(error)).say(language))
        return 0
    target = Path(os.path.realpath(file))  # what a link points to is written, and the link left
    data = said.encode("utf-8", "backslashreplace") if isinstance(said, str) else said
    temporary = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        if _is_device(file):
            with open(file, "wb") as stream:  # `/dev/null`, a pipe: a file put in its place would take it away
                stream.write(data)
            return 0
        # Written beside its place, then moved: an interrupted run leaves no half-written report.
        with open(temporary, "wb") as stream:
            stream.write(data)
        os.replace(temporary, target)
    except (OSError, ValueError) as error:
        with suppress(OSError, ValueError):
            temporary.unlink(missing_ok=True)
        reason = why(error)
        if isinstance(error, FileNotFoundError) and not target.parent.exists():
            reason = _TEXTS["no_folder"]
        return _fail(_TEXTS["cannot_write"].having(path=file, why=reason).say(language))
    return 0


def _forget_stdout() -> None:
    """Nothing more can be said on standard output, not even by Python at its end."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _rule(options: argparse.Namespace, language: Language) -> int:
    from subsidy_rules.rule_pages import rule_list, rule_page
    from subsidy_rules.rules import find_rule, standard_rules

    if options.code is None:
        return _write(rule_list(standard_rules(), language), None, language)
    found = find_rule(options.code)
    if found is None:
        return _fail(_TEXTS["unknown_rule"].having(code=options.code).say(language))
    return _write(rule_page(found, language), None, language)


def _schema(options: argparse.Namespace, language: Language) -> int:
    import json

    match options.name:
        case "deliberation":
            from subsidy_rules.deliberation import schema
        case "report":
            from subsidy_rules.report_schema import schema
        case _:
            from subsidy_rules.configuration import schema
    return _write(json.dumps(schema(language), ensure_ascii=False, indent=2) + "\n", None, language)


def _explain(options: argparse.Namespace, language: Language) -> int:
    from subsidy_rules.explain import explain_imputation
    from subsidy_rules.imputation import ImputationError

    try:
        explanation = explain_imputation(options.code, options.fiscal_year, options.nomenclature)
    except ImputationError as error:
        return _fail(error.reason.say(language))
    return _write(explanation.say(language) + "\n", None, language)


def _figures(options: argparse.Namespace, language: Language) -> int:
    from subsidy_rules.checking import Run
    from subsidy_rules.reading import ReadError
    from subsidy_rules.tick_sheet import tick_sheet

    try:
        run = Run(_settings(options, language))
    except ReadError as error:
        return _fail(error.reason.say(language))
    for path in options.paths:
        run.add_path(path)
    report = run.report()
    code = _write(tick_sheet(report, options.output_format, language), None, language)
    for source in report.unreadable:
        if source.reason is not None:
            _tell(_TEXTS["unreadable"].having(path=_shown(source.path), reason=source.reason).say(language))
    return 2 if report.unreadable else code


def _draft(options: argparse.Namespace, language: Language) -> int:
    from subsidy_rules.checking import Run
    from subsidy_rules.reading import ReadError

    try:
        text = Run(_settings(options, language)).draft(options.path)
    except ReadError as error:
        return _fail(_TEXTS["unreadable"].having(path=_shown(options.path), reason=error.reason).say(language))
    return _write(text, None, language)
