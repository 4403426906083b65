"""The judgement of one cell: exact, with its cause, and the right value where only one is possible.

This is the judge of every execution path. A path may look at cells in its own fast way, but only to leave out the
ones that are surely as they should be: `sure_pattern` gives, for each kind of column, the pattern of such cells, and
tests hold every fast way against `fault_of_cell`.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, Final, Literal

from subsidy_rules import identifiers
from subsidy_rules.dates import DateError, parse_date
from subsidy_rules.figures import Amount, Percentage
from subsidy_rules.frozen import dataclass
from subsidy_rules.numerals import AmbiguousNumeral, NumeralError, parse_amount, parse_percentage
from subsidy_rules.place import Place
from subsidy_rules.rowstream import CellKind, Hidden
from subsidy_rules.tables.schema import Column, fold_name
from subsidy_rules.wording import Message

__all__ = ["Fault", "Rate", "amount_in", "fault_of_cell", "is_blank", "rates_in", "share_in", "unmangled"]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one cell. ``cause`` gathers the same faults of a column; ``meant`` is the right value."""

    code: str
    cause: str
    says: Message
    meant: str | None = None
    state: Literal["broken", "unknown"] = "broken"
    words: tuple[tuple[str, Any], ...] = ()

    def message(self, column: str, value: str) -> Message:
        shown = value if len(value) <= 80 else value[:79] + "…"
        return self.says.having(column=column, value=shown, meant=self.meant, **dict(self.words))


def is_blank(cell: str) -> bool:
    """True when nothing is written, spaces of any kind left aside."""
    return not cell or not cell.strip("\u200b\ufeff \t\r\n\x0b\x0c\xa0\u202f\u2009\x00")


def fault_of_cell(column: Column, cell: str, *, official: bool, kind: CellKind | None = None) -> Fault | None:
    """What is wrong with a cell that is not blank, or ``None``.

    ``official``: the table follows the official schema, which wants one form of dates and numbers; in any other
    table every readable form is right.
    """
    match column.holds:
        case "siret" | "rna":
            fault = _identifier(column.holds, cell, kind)
            if fault is not None and not official and (fault.cause == "spaced" or cell.startswith("'")):
                # As people write them, or as a spreadsheet is told to keep a number as a text; the digits are right.
                again = _identifier(column.holds, "".join(cell.removeprefix("'").split()), kind)
                return fault if again is not None and fault.cause == "spaced" else again
            return fault
        case "date":
            return _date(cell, official=official)
        case "period":
            return _period(cell)
        case "amount":
            return _amount(cell, official=official, kind=kind)
        case "share":
            return _share(cell)
        case "choice":
            return _choice(column, cell)
        case "year":
            return _year(cell)
        case _:
            return _text(column, cell)


# -- identifiers --------------------------------------------------------------------------------------------------

_IDENTIFIER: Final[dict[str, Message]] = {
    "key": Message(
        "{column} : « {value} » n’est le SIRET d’aucun établissement : sa clé de contrôle est fausse (un chiffre mal "
        "recopié ?)",
        "{column}: “{value}” is no establishment’s SIRET: its check digit is wrong (a digit miscopied?)",
    ),
    "length": Message(
        "{column} : « {value} » n’a pas les 14 chiffres d’un SIRET",
        "{column}: “{value}” does not have the 14 digits of a SIRET",
    ),
    "leading-zero": Message(
        "{column} : « {value} » a perdu son zéro initial, sans doute dans un tableur ; SIRET probable : {meant}",
        "{column}: “{value}” lost its first zero, probably in a spreadsheet; probable SIRET: {meant}",
    ),
    "siren-only": Message(
        "{column} : « {value} » est un SIREN (9 chiffres) ; on attend le SIRET de l’établissement (14 chiffres)",
        "{column}: “{value}” is a SIREN (9 digits); the SIRET of the establishment is expected (14 digits)",
    ),
    "siren-padded": Message(
        "{column} : « {value} » est un SIREN complété par des zéros : ce n’est pas le SIRET d’un établissement",
        "{column}: “{value}” is a SIREN filled up with zeros: it is not an establishment’s SIRET",
    ),
    "placeholder": Message(
        "{column} : « {value} » tient la place d’un identifiant inconnu ; donnez l’identifiant ou laissez la "
        "cellule vide",
        "{column}: “{value}” stands for an identifier that is not known; leave the cell empty or give the identifier",
    ),
    "scientific": Message(
        "{column} : « {value} » : le tableur a écrit le numéro en notation scientifique et en a perdu des chiffres ; "
        "reprenez-le à la source, colonne au format texte",
        "{column}: “{value}”: the spreadsheet wrote the number in scientific notation and lost digits; take it again "
        "from its source, with the column formatted as text",
    ),
    "rounded": Message(
        "{column} : « {value} » est un nombre arrondi par un tableur : ses derniers chiffres ont été remplacés par des "
        "zéros ; reprenez le numéro à la source, colonne au format texte",
        "{column}: “{value}” is a number that a spreadsheet rounded: its last digits were replaced by zeros; take it "
        "again from its source, with the column formatted as text",
    ),
    "decimal-point": Message(
        "{column} : « {value} » a été traité comme un nombre par un tableur, qui lui a ajouté « .0 » ; reprenez le "
        "numéro à la source, colonne au format texte",
        "{column}: “{value}” was treated as a number by a spreadsheet, which added “.0” to it; take the number again "
        "from its source, with the column formatted as text",
    ),
    "decimal-point-meant": Message(
        "{column} : « {value} » a été traité comme un nombre par un tableur ; SIRET probable : {meant} (colonne à "
        "mettre au format texte)",
        "{column}: “{value}” was treated as a number by a spreadsheet; probable SIRET: {meant} (format the column as "
        "text)",
    ),
    "spaced": Message(
        "{column} : « {value} » doit s’écrire d’un seul tenant : {meant}",
        "{column}: “{value}” must be written without spaces: {meant}",
    ),
    "letter": Message(
        "{column} : « {value} » contient une lettre à la place d’un chiffre",
        "{column}: “{value}” holds a letter where a digit should be",
    ),
    "not-an-identifier": Message(
        "{column} : « {value} » n’est pas un SIRET (14 chiffres)", "{column}: “{value}” is not a SIRET (14 digits)"
    ),
    "rna-form": Message(
        "{column} : « {value} » n’est pas un numéro RNA (W et 9 chiffres)",
        "{column}: “{value}” is not an RNA number (W and 9 digits)",
    ),
    "swapped": Message(
        "{column} : « {value} » est un identifiant d’une autre sorte (SIRET et RNA sont inversés ?)",
        "{column}: “{value}” is another kind of identifier (are SIRET and RNA exchanged?)",
    ),
}


_ROUNDED: Final = re.compile(r"[1-9][0-9]{4,18}000000")
"""A number of which the last digits are gone: a spreadsheet that reads `3,80545E+13` keeps 38054500000000."""


def _identifier(holds: Literal["siret", "rna"], cell: str, kind: CellKind | None) -> Fault | None:
    fault = identifiers.fault_of(cell, holds)
    if fault is None:
        return None
    if holds == "siret" and _ROUNDED.fullmatch(cell.strip()):
        # Zeros may also fill up a SIREN, right or wrong; a number of which six digits are left at most was rounded.
        short = cell.strip().endswith("00000000")
        if (short and (kind == "number" or fault.cause != "siren-padded")) or (
            kind == "number" and fault.cause in ("key", "length")
        ):
            return Fault("ID001", "rounded", _IDENTIFIER["rounded"])
    told = fault.cause if fault.cause != "decimal-point" or fault.meant is None else "decimal-point-meant"
    return Fault("ID001", fault.cause, _IDENTIFIER[told], fault.meant)


# -- dates --------------------------------------------------------------------------------------------------------

_ISO: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_SERIAL: Final = re.compile(r"[2-5][0-9]{4}(?:[.,]0+)?")
_EPOCH: Final = date(1899, 12, 30)
"""Day 0 of spreadsheets (the 1900 system, its false 29 February 1900 counted)."""
_TIMED: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]{4,15}Z?")
_COMPACT: Final = re.compile(r"(?:19|20)[0-9]{6}")
_PARTIAL: Final = re.compile(r"[0-9]{4}(?:-[0-9]{1,2})?")

_DATES: Final = {
    "serial": Message(
        "{column} : « {value} » est le numéro de jour d’un tableur ; date probable : {meant}",
        "{column}: “{value}” is a spreadsheet’s day number; probable date: {meant}",
    ),
    "form": Message(
        "{column} : « {value} » doit s’écrire AAAA-MM-JJ : {meant}",
        "{column}: “{value}” must be written YYYY-MM-DD: {meant}",
    ),
    "impossible": Message(
        "{column} : « {value} » n’existe pas au calendrier", "{column}: “{value}” is not a day of the calendar"
    ),
    "partial": Message(
        "{column} : « {value} » : il manque le jour (forme AAAA-MM-JJ)",
        "{column}: “{value}”: the day is missing (form YYYY-MM-DD)",
    ),
    "unreadable": Message(
        "{column} : « {value} » n’est pas une date (forme AAAA-MM-JJ)",
        "{column}: “{value}” is not a date (form YYYY-MM-DD)",
    ),
}


def _is_iso(text: str) -> bool:
    found = _ISO.fullmatch(text)
    if not found:
        return False
    try:
        date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return False
    return True


def _date(cell: str, *, official: bool) -> Fault | None:
    if _is_iso(cell):
        return None
    bare = cell.strip()
    cause, meant = _date_cause(bare)
    if not official and cause == "form":
        return None
    return Fault("DAT001", cause, _DATES[cause], meant)


def _date_cause(text: str) -> tuple[str, str | None]:
    if _SERIAL.fullmatch(text):
        return "serial", (_EPOCH + timedelta(days=int(text[:5]))).isoformat()
    if _is_iso(text):
        return "form", text
    if _TIMED.fullmatch(text) and _is_iso(text[:10]):
        return "form", text[:10]
    if _COMPACT.fullmatch(text):
        meant = f"{text[:4]}-{text[4:6]}-{text[6:]}"
        return ("form", meant) if _is_iso(meant) else ("impossible", None)
    loose = re.fullmatch(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})", text)
    if loose:
        meant = f"{loose[1]}-{int(loose[2]):02d}-{int(loose[3]):02d}"
        return ("form", meant) if _is_iso(meant) else ("impossible", None)
    if _PARTIAL.fullmatch(text):
        return "partial", None
    try:
        return "form", parse_date(text[:60]).isoformat()
    except DateError:
        numeric = re.fullmatch(r"[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{4}", text)
        return ("impossible" if numeric else "unreadable"), None


_PERIODS: Final = {
    "underscore": Message(
        "{column} : « {value} » : la forme actuelle des périodes est AAAA-MM-JJ/AAAA-MM-JJ, avec une barre oblique",
        "{column}: “{value}”: periods are now written YYYY-MM-DD/YYYY-MM-DD, with a slash",
    ),
    "form": Message(
        "{column} : « {value} » doit s’écrire AAAA-MM-JJ/AAAA-MM-JJ : {meant}",
        "{column}: “{value}” must be written YYYY-MM-DD/YYYY-MM-DD: {meant}",
    ),
    "not-a-day": Message(
        "{column} : « {value} » : une des dates n’existe pas au calendrier",
        "{column}: “{value}”: one of the dates is not a day of the calendar",
    ),
    "unreadable": Message(
        "{column} : « {value} » n’est ni une date AAAA-MM-JJ, ni une période AAAA-MM-JJ/AAAA-MM-JJ",
        "{column}: “{value}” is neither a date YYYY-MM-DD nor a period YYYY-MM-DD/YYYY-MM-DD",
    ),
}
_REVERSED: Final = Message(
    "{column} : « {value} » : la période finit avant de commencer",
    "{column}: “{value}”: the period ends before it starts",
)


def _period(cell: str) -> Fault | None:
    if _is_iso(cell):
        return None
    first, mark, last = cell.partition("/") if "/" in cell and "_" not in cell else cell.partition("_")
    if mark and _is_iso(first) and _is_iso(last):
        if first > last:
            return Fault("DAT002", "reversed", _REVERSED)
        if mark == "/":
            return None
        # The form of the order of 17 November 2017 as first published; right when the file was made.
        return Fault("DAT001", "underscore", _PERIODS["underscore"], f"{first}/{last}")
    parts = [first.strip(), last.strip()] if mark else [cell.strip()]
    if not mark or not parts[1]:
        cause, meant = _date_cause(cell.strip())
        if cause == "form":
            return Fault("DAT001", "form", _PERIODS["form"], meant)
        if cause == "impossible" or _ISO.fullmatch(cell.strip()):
            return Fault("DAT001", "not-a-day", _PERIODS["not-a-day"])
        if cause == "serial":
            return Fault("DAT001", "serial", _DATES["serial"], meant)
        return Fault("DAT001", "unreadable", _PERIODS["unreadable"])
    causes = [_date_cause(part) for part in parts]
    if all(cause in ("form", "serial") for cause, _ in causes):
        meant = "/".join(value or "" for _, value in causes)
        return Fault("DAT001", "form", _PERIODS["form"], meant)
    if any(cause == "impossible" for cause, _ in causes) and all(cause != "unreadable" for cause, _ in causes):
        return Fault("DAT001", "not-a-day", _PERIODS["not-a-day"])
    return Fault("DAT001", "unreadable", _PERIODS["unreadable"])


_YEAR: Final = re.compile(r"(?:19|20)[0-9]{2}")
_NOT_A_YEAR: Final = Message("{column} : « {value} » n’est pas une année", "{column}: “{value}” is not a year")


def _year(cell: str) -> Fault | None:
    bare = cell.strip().removesuffix(".0")
    if _YEAR.fullmatch(bare) or re.fullmatch(r"(?:19|20)[0-9]{2}\s?[-/]\s?(?:19|20)?[0-9]{2}", bare):
        return None
    return Fault("DAT001", "year", _NOT_A_YEAR)


# -- amounts and shares -------------------------------------------------------------------------------------------

_STRICT_AMOUNT: Final = re.compile(r"[0-9]{1,24}(?:\.[0-9]{1,2})?")
_PLAIN_NUMBER: Final = re.compile(r"([+-]?)([0-9]{1,30})(?:[.,]([0-9]{1,20}))?")
_ODD_SPACES: Final = re.compile("[\\s\u00a0\u202f]{2,}")

_AMOUNTS: Final = {
    "negative": Message("{column} : « {value} » est négatif", "{column}: “{value}” is negative"),
    "zero": Message("{column} : le montant est nul", "{column}: the amount is zero"),
    "unreadable": Message(
        "{column} : « {value} » n’est pas un montant lisible ({reason})",
        "{column}: “{value}” cannot be read as an amount ({reason})",
    ),
    "ambiguous": Message(
        "{column} : « {value} » a deux lectures possibles ({reason})",
        "{column}: “{value}” can be read in two ways ({reason})",
    ),
    "comma": Message(
        "{column} : « {value} » est écrit avec une virgule ; le schéma demande un point : {meant}",
        "{column}: “{value}” is written with a comma; the schema wants a point: {meant}",
    ),
    "form": Message(
        "{column} : « {value} » doit s’écrire en chiffres seuls, sans espace ni symbole : {meant}",
        "{column}: “{value}” must be written in digits alone, without space or symbol: {meant}",
    ),
    "decimals": Message(
        "{column} : « {value} » a plus de deux décimales : un montant s’arrête au centime",
        "{column}: “{value}” has more than two decimals: an amount stops at the cent",
    ),
}


def amount_in(cell: str) -> Amount | None:
    """The amount written in a cell, whatever its form; ``None`` when there is none, or more than one reading."""
    found = _PLAIN_NUMBER.fullmatch(cell.strip())
    if found:
        sign, whole, decimals = found[1], found[2], found[3] or ""
        # « 74.567 » has two readings in prose; in a cell of data, three decimals are a number's own decimals only
        # after a comma-free zero (0.567), so it stays ambiguous and goes the long way.
        if len(decimals) != 3 or whole.lstrip("0") == "":
            return Amount(n=int(sign + whole + decimals), decimals=len(decimals), text=cell, currency="EUR")
    try:
        return parse_amount(cell, currency="EUR")
    except NumeralError:
        return None


def _amount(cell: str, *, official: bool, kind: CellKind | None) -> Fault | None:
    strict = _STRICT_AMOUNT.fullmatch(cell)
    if strict:
        return None if cell.strip("0.") else Fault("AMT001", "zero", _AMOUNTS["zero"])
    amount = amount_in(cell)
    if amount is None:
        return _not_an_amount(cell)
    if amount.n < 0:
        return Fault("AMT001", "negative", _AMOUNTS["negative"])
    if amount.n == 0:
        return Fault("AMT001", "zero", _AMOUNTS["zero"])
    if amount.decimals > 2 and amount.exponent == 0 and (amount.fraction * 100).denominator != 1:
        return Fault("AMT002", "decimals", _AMOUNTS["decimals"])
    if not official or kind == "number":
        return None
    meant = amount.plain if amount.is_exact else None
    if meant is not None and re.fullmatch(r"[0-9]+,[0-9]{1,2}", cell):
        return Fault("AMT002", "comma", _AMOUNTS["comma"], meant)
    return Fault("AMT002", "form", _AMOUNTS["form"], meant)


def _not_an_amount(cell: str) -> Fault:
    try:
        parse_amount(cell)
    except AmbiguousNumeral as error:
        return Fault("AMT001", "ambiguous", _AMOUNTS["ambiguous"], state="unknown", words=(("reason", error.reason),))
    except NumeralError as error:
        return Fault("AMT001", "unreadable", _AMOUNTS["unreadable"], words=(("reason", error.reason),))
    raise AssertionError(cell)


_STRICT_SHARE: Final = re.compile(r"(?:0|1)(?:\.[0-9]{1,18})?")
_SHARE: Final = re.compile(r"([0-9]{1,6})(?:[.,]([0-9]{1,18}))?\s*(%)?")
LOWEST_SHARE: Final = Fraction(1, 100)
"""The least share that the official schema allows."""

_SHARES: Final = {
    "percent": Message(
        "{column} : « {value} » est écrit en pour cent ; le schéma demande une part entre 0 et 1 : {meant}",
        "{column}: “{value}” is written in per cent; the schema wants a share between 0 and 1: {meant}",
    ),
    "over": Message("{column} : « {value} » dépasse 1, le tout", "{column}: “{value}” is more than 1, the whole"),
    "comma": Message(
        "{column} : « {value} » est écrit avec une virgule ; le schéma demande un point : {meant}",
        "{column}: “{value}” is written with a comma; the schema wants a point: {meant}",
    ),
    "form": Message(
        "{column} : « {value} » doit s’écrire en chiffres seuls : {meant}",
        "{column}: “{value}” must be written in digits alone: {meant}",
    ),
    "lowest": Message(
        "{column} : « {value} » est sous le minimum du schéma (0.01)",
        "{column}: “{value}” is under the schema’s minimum (0.01)",
    ),
    "unreadable": Message(
        "{column} : « {value} » n’est pas une part entre 0 et 1", "{column}: “{value}” is not a share between 0 and 1"
    ),
}


def share_in(cell: str) -> Percentage | None:
    """The share of 1 written in a cell, as a percentage at the decimals written; ``None`` when it is not one.

    « 0.45 » is 45 %, known to the unit; « 0.4523 » is 45,23 %. A value over 1 is not a share.
    """
    found = _SHARE.fullmatch(cell.strip())
    if not found or found[3]:
        return None
    digits = found[2] or ""
    n = int(found[1] + digits)
    if n > 10 ** len(digits):
        return None
    return percentage_of_share(n, len(digits), cell)


def percentage_of_share(n: int, decimals: int, text: str = "", place: Place | None = None) -> Percentage:
    """The share ``n / 10**decimals`` of 1, in per cent, keeping what was written, and where."""
    if decimals >= 2:
        return Percentage(n=n, decimals=decimals - 2, text=text, place=place)
    return Percentage(n=n, decimals=0, exponent=2 - decimals, text=text, place=place)


@dataclass(frozen=True, slots=True)
class Rate:
    """A percentage read in a cell; ``says``, how it was read when the cell does not tell."""

    rate: Percentage
    says: Message | None = None


_NUMBER: Final = re.compile(r"([0-9]{1,6})(?:[.,]([0-9]{1,18}))?")
_AS_PERCENT: Final = Message(
    "colonne « {column} » : un nombre écrit sans signe % y est lu comme un pourcentage (« {cell} » = {cell} %)",
    "column “{column}”: a number written without a % sign is read there as a percentage (“{cell}” = {cell}%)",
)
_AS_SHARE: Final = Message(
    "colonne « {column} » : un nombre jusqu’à 1 écrit sans signe % y est lu comme une part de 1 (« {cell} » ; 0,5 "
    "vaut 50 %), parce que le montant et la base s’accordent ainsi",
    "column “{column}”: a number up to 1 written without a % sign is read there as a share of 1 (“{cell}”; 0.5 is "
    "50%), because the amount and its base agree that way",
)
COMPUTED: Final = 14
"""Digits from which a number of a spreadsheet was computed by it: the last ones are its arithmetic's, nobody's."""
KEPT: Final = 12


def rates_in(cell: str, kind: CellKind | None, hidden: Hidden | None) -> list[Rate]:
    """What a cell of a column of rates may say, the likeliest first; nothing when it is no percentage.

    « 12,5 % » and a number shown in per cent have one reading, and so has « 12,5 », which is more than the whole if it
    is a share. « 0,35 » has two.
    """
    bare = cell.strip()
    if "%" in bare:
        try:
            return [Rate(parse_percentage(bare))]
        except NumeralError:
            return []
    found = _NUMBER.fullmatch(_shown(bare, kind, hidden))
    if not found:
        return []
    digits = found[2] or ""
    n = int(found[1] + digits)
    share = percentage_of_share(n, len(digits), cell)
    if kind == "percent":
        return [Rate(share)]
    percent = Rate(Percentage(n=n, decimals=len(digits), text=cell), _AS_PERCENT)
    return [percent] if n > 10 ** len(digits) else [percent, Rate(share, _AS_SHARE)]


def _shown(text: str, kind: CellKind | None, hidden: Hidden | None) -> str:
    """A number as its cell shows it; one that a spreadsheet computed, without its last digits."""
    if kind not in ("number", "percent"):
        return text
    try:
        value = Decimal(text)
        if hidden is not None:
            value = Decimal(hidden.stored).quantize(Decimal(1).scaleb(-hidden.decimals), ROUND_HALF_UP)
        elif len(value.as_tuple().digits) >= COMPUTED:
            value = Context(prec=KEPT, rounding=ROUND_HALF_UP).create_decimal(value)
    except InvalidOperation:
        return text
    return format(value, "f")


def _share(cell: str) -> Fault | None:
    found = _SHARE.fullmatch(cell.strip())
    if not found:
        return Fault("TAB008", "unreadable", _SHARES["unreadable"])
    digits = found[2] or ""
    value = Fraction(int(found[1] + digits), 10 ** len(digits))
    written = Decimal(f"{found[1]}.{digits or '0'}")
    if found[3] or (value > 1 and 2 <= value <= 100):
        meant = format((written / 100).normalize(), "f")
        return Fault("TAB008", "percent", _SHARES["percent"], meant)
    if value > 1:
        return Fault("TAB008", "over", _SHARES["over"])
    if value < LOWEST_SHARE:
        return Fault("TAB008", "lowest", _SHARES["lowest"])
    if _STRICT_SHARE.fullmatch(cell):
        return None
    if "," in cell:
        return Fault("TAB008", "comma", _SHARES["comma"], cell.strip().replace(",", "."))
    return Fault("TAB008", "form", _SHARES["form"], f"{found[1]}.{digits}" if digits else found[1])


# -- words --------------------------------------------------------------------------------------------------------

_CHOICES: Final = {
    "spelling": Message(
        "{column} : « {value} » doit s’écrire exactement « {meant} »",
        "{column}: “{value}” must be written exactly “{meant}”",
    ),
    "encoding": Message(
        "{column} : « {value} » : les accents ont été abîmés par un mauvais encodage ; valeur probable : « {meant} »",
        "{column}: “{value}”: the accents were damaged by a wrong encoding; probable value: “{meant}”",
    ),
    "several": Message(
        "{column} : « {value} » donne plusieurs réponses là où une seule est attendue",
        "{column}: “{value}” gives several answers where one is expected",
    ),
    "other": Message(
        "{column} : « {value} » n’est pas une des valeurs admises : {choices}",
        "{column}: “{value}” is not one of the values allowed: {choices}",
    ),
}
_YES: Final = {"yes": "oui", "true": "oui", "vrai": "oui", "o": "oui", "1": "oui", "y": "oui"}
_NO: Final = {"no": "non", "false": "non", "faux": "non", "n": "non", "0": "non"}
_TOO_LONG: Final = Message(
    "{column} : {length} caractères, pour {longest} au plus", "{column}: {length} characters, {longest} at most"
)


def unmangled(text: str) -> str:
    """``text`` with its accents back when it was encoded twice (« numÃ©raire ») or read as DOS text (« num‚raire »)."""
    if "Ã" in text or "Â" in text or "â€" in text:
        try:
            return text.encode("cp1252").decode("utf-8")
        except UnicodeError:
            return text
    if "‚" in text or "Š" in text or "…" in text or "ˆ" in text:
        try:
            return text.encode("cp1252").decode("cp850")
        except UnicodeError:
            return text
    return text


def _choice(column: Column, cell: str) -> Fault | None:
    if cell in column.choices:
        return None
    repaired = unmangled(cell)
    folded = {fold_name(choice): choice for choice in reversed(column.choices)}
    near = folded.get(fold_name(repaired)) or folded.get("aide" + fold_name(repaired))
    if repaired != cell:
        if near is not None:
            return Fault("TAB002", "encoding", _CHOICES["encoding"], near)
    elif column.choices == ("oui", "non"):
        near = near or _YES.get(cell.strip().lower()) or _NO.get(cell.strip().lower())
    if near is not None:
        return Fault("TAB002", "spelling", _CHOICES["spelling"], near)
    parts = [part for part in re.split(r"[;,/+]| et ", cell) if part.strip()]
    if len(parts) > 1 and all(fold_name(part) in folded for part in parts):
        return Fault("TAB002", "several", _CHOICES["several"])
    allowed = " · ".join(f"« {choice} »" for choice in column.choices)
    return Fault("TAB002", "other", _CHOICES["other"], words=(("choices", allowed),))


_PAYMENT_WORDS: Final = frozenset(("unique", "echelonne", "autre"))


def _text(column: Column, cell: str) -> Fault | None:
    if column.longest is not None and len(cell) > column.longest:
        return Fault("TAB007", "long", _TOO_LONG, words=(("length", len(cell)), ("longest", column.longest)))
    if column.name == "conditionsVersement" and len(cell) < 40:
        parts = [fold_name(part) for part in re.split(r"[;,/+]| et ", cell) if part.strip()]
        if len(parts) > 1 and set(parts) <= _PAYMENT_WORDS:
            return Fault("TAB002", "several", _CHOICES["several"])
    return None
