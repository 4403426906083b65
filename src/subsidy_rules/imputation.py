"""Where in the budget the money is charged: the frozen value and its notations.

An imputation is a set of *segments*: chapitre, nature, fonction, and whatever the body adds of its own (politique,
ligne, opération…). Segments stay text: leading zeros matter (`025` is not `25`), and a body's own codes hold letters.
Two families of notations are read:

* labelled: `politique B320 chapitre 65 – nature 6574 – fonction 61`, in any order, with the synonyms of practice
  (nature = article = compte; fonction = rubrique = sous-fonction; ligne = enveloppe = provision), with commas,
  dashes, pipes, quotes, and labels that hold one typing error (`natrue`);
* bare: `B320/65/6574/61`, `3A/61/6574`, `65-6574-313`, `6574`. A bare code is read by what its segments *can be*
  (an account of the lists, a function of the lists, a chapter that carries the account), not by position alone;
  when several readings remain they are all given, ranked.

``parse_imputation`` judges one code and refuses a malformed one; ``find_imputations`` looks for codes in prose and
never judges.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import accumulate, product
from typing import Final, Literal, NamedTuple

from subsidy_rules import nomenclature as plans
from subsidy_rules.frozen import dataclass
from subsidy_rules.patterns import lazy
from subsidy_rules.wording import Message

__all__ = [
    "SEGMENT_KEYS",
    "SURE_SHAPE",
    "FoundImputation",
    "Imputation",
    "ImputationError",
    "Reading",
    "Repaired",
    "account_code",
    "find_imputations",
    "parse_imputation",
]

SEGMENT_KEYS: Final = (
    "budget",
    "exercice",
    "politique",
    "mission",
    "programme",
    "operation",
    "chapitre",
    "sous_chapitre",
    "article",
    "nature",
    "fonction",
    "activite",
    "action",
    "tranche",
    "service",
    "gestionnaire",
    "ligne",
)
"""Names of the segments, in the order of the canonical form. ``nature`` is the account, also where it is printed
« article » or « compte »; ``article`` is the functional article (`9361`) of a budget voted by function."""

SURE_SHAPE: Final = r"[A-Z][0-9]{3}/(?:65/65|67/67|204/204)[0-9]{1,5}/[0-9]{1,3}"
"""A pattern (also valid for RE2 and Rust engines) of bare codes that are surely well formed and read without doubt:
politique, chapitre, nature, fonction. For a mask over many rows; what it does not match is judged one by one."""

Repaired = Literal[
    "label-typo",
    "inner-space",
    "spaced-separators",
    "letter-for-digit",
    "mixed-separators",
    "doubled-separator",
    "dangling-separator",
    "space-inside",
]
"""What had to be overlooked or repaired to read a code. The first three are dirt of practice and no fault; the others
make the code malformed: ``parse_imputation`` refuses them, and gives the repaired code with the error."""

FAULTS: Final[frozenset[Repaired]] = frozenset(
    ("letter-for-digit", "mixed-separators", "doubled-separator", "dangling-separator", "space-inside")
)

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a code; ``says`` tells it (« fonction 65, nature 20422 »)."""

    pairs: Pairs
    score: float = 0.0

    @property
    def segments(self) -> dict[str, str]:
        """Name of each segment → its text."""
        return dict(self.pairs)


@dataclass(frozen=True, slots=True)
class Imputation:
    """An imputation as it was read. Equal when written and read alike; ``canonical()`` compares what it designates.

    ``pairs`` are the segments in the order they are written; ``labels`` the printed words of the labelled ones.
    ``readings`` holds every reading that stands, the best first, when more than one does (else it is empty).
    """

    raw: str
    pairs: Pairs
    label_pairs: Pairs = ()
    readings: tuple[Reading, ...] = ()
    repaired: tuple[Repaired, ...] = ()

    @property
    def segments(self) -> Mapping[str, str]:
        """Name of each segment → its text, in the order written."""
        return dict(self.pairs)

    @property
    def labels(self) -> Mapping[str, str]:
        """Name of each labelled segment → the word that is printed before it."""
        return dict(self.label_pairs)

    @property
    def ambiguous(self) -> bool:
        """True when more than one reading stands."""
        return len(self.readings) > 1

    @property
    def faults(self) -> tuple[Repaired, ...]:
        """The repairs that make the code malformed."""
        return tuple(name for name in self.repaired if name in FAULTS)

    def get(self, key: str) -> str | None:
        """The text of one segment, or ``None``."""
        for name, value in self.pairs:
            if name == key:
                return value
        return None

    @property
    def chapitre(self) -> str | None:
        return self.get("chapitre")

    @property
    def nature(self) -> str | None:
        return self.get("nature")

    @property
    def fonction(self) -> str | None:
        return self.get("fonction")

    def canonical(self) -> str:
        """The labelled form, segments in the order of ``SEGMENT_KEYS``; reading it back gives the same segments."""
        known = self.segments
        return ", ".join(f"{_SHOWN[key]} {_quoted(key, known[key])}" for key in SEGMENT_KEYS if key in known)

    def __str__(self) -> str:
        return self.canonical()

    @classmethod
    def of(cls, segments: Mapping[str, str]) -> Imputation:
        """An imputation given segment by segment; ``raw`` is its canonical form.

        Raises :class:`ImputationError` for a segment of another name, an empty one, or a chapitre, nature or
        fonction that is not made of digits.
        """
        for key, value in segments.items():
            if key not in _SHOWN:
                raise ImputationError(key, 0, _UNKNOWN_SEGMENT.having(key=key), _SEGMENTS_EXPECTED)
            digits = value.replace("-", "").replace(".", "") if key == "nature" else value
            digits = digits[1:] if key == "fonction" and digits[:1].isupper() else digits
            core = key in ("chapitre", "nature", "fonction")
            if not value.strip() or (core and not (digits.isascii() and digits.isdecimal() and len(digits) <= 9)):
                raise ImputationError(value, 0, _NOT_A_VALUE.having(key=key, value=value), _SEGMENTS_EXPECTED)
        made = cls("", tuple(segments.items()))
        return replace(made, raw=made.canonical())


@dataclass(frozen=True, slots=True)
class FoundImputation:
    """An imputation found in a text: ``text[start:end]`` is its ``raw``."""

    start: int
    end: int
    imputation: Imputation


class ImputationError(ValueError):
    """A code that no notation allows. ``position`` counts characters from 0 in ``text``.

    ``reason`` and ``expected`` are told in both languages; ``fault`` names the fault when it is one of shape, and
    ``repair`` is then the code that was probably meant.
    """

    def __init__(
        self,
        text: str,
        position: int,
        reason: Message,
        expected: Message,
        repair: str | None = None,
        fault: Repaired | None = None,
    ) -> None:
        super().__init__(text, position, reason, expected, repair, fault)
        self.text = text
        self.position = position
        self.reason = reason
        self.expected = expected
        self.repair = repair
        self.fault = fault

    def __str__(self) -> str:
        return f"{self.text[:80]!r}, position {self.position}: {self.reason.say('en')}; {self.expected.say('en')}"


_UNKNOWN_SEGMENT: Final = Message("« {key} » n’est pas un segment", "“{key}” is not a segment")
_NOT_A_VALUE: Final = Message(
    "« {value} » ne peut pas être la valeur de « {key} »", "“{value}” cannot be the value of “{key}”"
)
_SEGMENTS_EXPECTED: Final = Message(
    "on attend des segments comme chapitre, nature, fonction, ligne…",
    "segments such as chapitre, nature, fonction, ligne… are expected",
)


# -- labels -----------------------------------------------------------------------------------------------------

_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "nature": (
        "sous-article",
        "nature",
        "natures",
        "nat",
        "article",
        "articles",
        "art",
        "compte",
        "comptes",
        "cpte",
        "cte",
        "c",
    ),
    "fonction": ("fonction", "fonctions", "fonct", "fct", "rubrique", "rubriques", "rub"),
    "chapitre": ("chapitre", "chapitres", "chap", "ch"),
    "sous_chapitre": ("sous-chapitre", "sous-chapitres"),
    "ligne": ("ligne", "lignes", "enveloppe", "enveloppes", "provision", "provisions"),
    "programme": ("programme", "programmes", "prog"),
    "operation": ("operation", "operations", "op"),
    "activite": ("activite", "activites"),
    "action": ("action", "actions"),
    "mission": ("mission", "missions"),
    "politique": ("politique",),
    "budget": ("budget",),
    "exercice": ("exercice", "exercices"),
    "tranche": ("tranche",),
    "service": ("service",),
    "gestionnaire": ("gestionnaire",),
}
_KEYS: Final = {word: key for key, words in _WORDS.items() for word in words}
_MISTYPED: Final = {
    word: key
    for word, key in _KEYS.items()
    if len(word) >= 5 and key in ("nature", "fonction", "chapitre", "ligne", "programme", "operation", "politique")
}
"""Labels long enough to be recognised with one slip."""
_TEARABLE: Final = ("nature", "fonction", "chapitre", "article", "rubrique", "compte")
_SHOWN: Final = {
    **{key: key for key in SEGMENT_KEYS},
    "operation": "opération",
    "activite": "activité",
    "sous_chapitre": "sous-chapitre",
    "article": "article fonctionnel",
}
_CORE: Final = frozenset(("chapitre", "sous_chapitre", "nature", "fonction"))
_LOOSE: Final = _CORE | {"article", "ligne", "operation", "programme"}
"""Segments that may follow after words (« chapitre 65 du budget de la Ville, article 6574 »); others follow closely."""
_LISTED_ONLY: Final = frozenset(("exercice", "service", "action", "tranche", "gestionnaire", "mission"))
"""Labels that are also plain words: before a plain number, they count only as an element of a list, after a
separator or at the start; a value that only a code can have (`90010-75-030`, `M12`) needs no more."""

_SP: Final = r"[ \t\u00a0\u202f\u2009]"
_QUOTES: Final = (('"', '"'), ("«", "»"), ("“", "”"))
_QUOTED: Final = r'"[^"\n]{1,120}"|«[^«»\n]{1,120}»|“[^“”\n]{1,120}”'
_WORD: Final = lazy(
    r"(?<![^\W_])(?:(?:sous|ss|s)[-/ ](?=chap|fonc|rubr|arti))?(?:[^\W\d_]|\ufffd){1,15}(?![^\W_]|\ufffd)",
    re.IGNORECASE,
)
_NUMBER: Final = rf"(?:num[ée\ufffd]ros?|n{_SP}?[°ºo\ufffd?]s?|nos?\.?)"
_AFTER: Final = lazy(
    rf"\.?{_SP}{{0,3}}\n?{_SP}{{0,40}}"
    rf"(?:(?:de{_SP}(?:subventions?|cr[ée\ufffd]dits?|d[ée\ufffd]penses?)|budg[ée\ufffd]taires?|comptables?|globalis[ée\ufffd]e?"
    rf"|fonctionnel(?:le)?s?|par{_SP}(?:nature|fonction)|d['’?\ufffd]imputation|nature|M{_SP}?(?:14|52|57|71|4)){_SP}{{1,3}}){{0,2}}"
    rf"(?:{_NUMBER}{_SP}{{0,3}})?(?:[:=|/]{_SP}{{0,40}})?(?:{_NUMBER}{_SP}{{0,3}})?",
    re.IGNORECASE,
)
_END: Final = (
    r"(?![0-9A-Za-zÀ-ÖØ-öø-ÿ_%€]|[.,][0-9]|[’'][a-z]"
    rf"|{_SP}{{0,2}}(?:€|%|[kKM]€|euros?\b|[Ff]rancs?\b|EUR\b))"
)
_CODE: Final = r"(?=[A-Za-z.\-]{0,15}[0-9])[0-9A-Za-z]{1,16}(?:[-._][0-9A-Za-z]{1,12}){0,5}"
_OWN: Final = lazy(rf"([A-Z]{{1,4}}{_SP}[0-9]{{2,8}}|{_CODE}){_END}")
_VALUES: Final[Mapping[str, re.Pattern[str]]] = {
    "chapitre": lazy(r"([0-9]{2,5})" + _END),
    "sous_chapitre": lazy(r"([0-9]{2,5}(?:[-./][0-9]{1,4})?)" + _END),
    "nature": lazy(rf"([0-9]{{3,8}}(?![-.][0-9])|[0-9]{{3}}[-.][0-9]{{1,2}}|[0-9]{{4,8}}\.[0-9]){_END}"),
    "fonction": lazy(r"([A-Z]?[0-9]{1,4})" + _END),
    "budget": lazy(
        r"(principal|g[ée\ufffd]n[ée\ufffd]ral|annexe(?:[ ](?:de la |de l['’]|de |du |des |d['’])?"
        r"[^\W\d_](?:[^\W\d_]|[ '’-]){1,40})?)(?![^\W\d_])",
        re.IGNORECASE,
    ),
    "exercice": lazy(
        r"((?:19|20)[0-9]{2}(?:[ ](?:et|à|-)[ ](?:suivante?s?|(?:19|20)[0-9]{2}))?)" + _END, re.IGNORECASE
    ),
}
_SPACED_NATURE: Final = lazy(rf"[0-9]{{1,6}}(?:{_SP}[0-9]{{1,6}}){{1,4}}(?![0-9])")
_SPACED_PAIRS: Final = lazy(rf"[0-9]{{2}}(?:{_SP}[0-9]{{2}}){{1,3}}(?![0-9])")
_SPACED_FUNCTION: Final = lazy(
    rf"[0-9]{{1,2}}(?:{_SP}[0-9]{{1,2}}){{1,2}}(?={_SP}{{0,3}}(?:[,;|)–—-]|\.?(?:\s|\Z)))(?!{_SP}{{0,3}}[0-9])"
)
_LETTERED: Final = lazy(r"[0-9OoIlSB]{4,8}(?![0-9A-Za-z])")
_ANY_QUOTED: Final = lazy(_QUOTED)
_CURRENCY_NEXT: Final = lazy(rf"{_SP}{{0,2}}(?:F\b|€|euros?\b|francs?\b)", re.IGNORECASE)

_LOOKALIKES: Final = str.maketrans("OoQIlSBZ", "00011582")
_DASHES: Final = str.maketrans("–—‐‑‒−", "------")


@lru_cache(maxsize=4096)
def _plain(word: str) -> str:
    """Lower case without accents; a letter that a publisher lost (U+FFFD) stays as it is."""
    return "".join(c for c in unicodedata.normalize("NFD", word.lower()) if not unicodedata.combining(c))


def _near(word: str, label: str) -> bool:
    """One letter missing, added or changed, or two neighbours exchanged."""
    if abs(len(word) - len(label)) > 1:
        return False
    start = 0
    while start < min(len(word), len(label)) and word[start] == label[start]:
        start += 1
    a, b = word[start:], label[start:]
    if len(a) == len(b):
        return a[1:] == b[1:] or (len(a) > 1 and a[0] == b[1] and a[1] == b[0] and a[2:] == b[2:])
    return a[1:] == b if len(a) > len(b) else a == b[1:]


@lru_cache(maxsize=16384)
def _label(word: str) -> tuple[str, bool] | None:
    """The segment that a word labels, and whether the word holds a typing error; ``None`` for any other word."""
    plain = _plain(word)
    for prefix in ("sous", "ss", "s"):
        if plain.startswith(prefix) and plain[len(prefix) : len(prefix) + 1] in ("-", "/", " "):
            inner = _label(plain[len(prefix) + 1 :])
            if inner is None or inner[0] not in ("chapitre", "fonction", "nature"):
                return None
            # « imputée sous chapitre 65 » is the chapter; « sous-chapitre 945-25 » is not.
            joined = plain[len(prefix)] != " "
            return ("sous_chapitre" if inner[0] == "chapitre" and joined else inner[0]), inner[1]
    if plain in ("sousfonction", "ssfonction", "sousrubrique"):
        return "fonction", False
    key = _KEYS.get(plain)
    if key is not None:
        return key, False
    if len(plain) < 5:
        return None
    for label, key in _MISTYPED.items():
        if _near(plain, label):
            # A lost accent is the publisher's, not the writer's.
            return key, "\ufffd" not in plain
    return None


# -- lists ------------------------------------------------------------------------------------------------------

_ORDER: Final = ("M57", "M14", "M52", "M71", "M4", "M49", "M61", "M41", "M42", "M43", "M44")
"""The nomenclatures, the usual ones first: a code is nearly always found in the first two."""


def _tables() -> Sequence[str]:
    held = plans.available()
    return [name for name in _ORDER if name in held] + [name for name in held if name not in _ORDER]


@lru_cache(maxsize=65536)
def _account_weight(code: str, year: int | None, name: str | None) -> float:
    """How much a token looks like an account: charged that year, a heading, of another year, of the right shape."""
    if not 3 <= len(code) <= 8:  # nine digits are a SIREN
        return -9.0
    if code[0] not in "1234567":
        return 0.0 if len(code) >= 4 else -9.0
    best = 1.0 if len(code) >= 4 else 0.0
    for table in _tables() if name is None else (name,):
        status = plans.account(code, year, table)
        if status.state == "chargeable":
            return 6.0
        if status.rows:
            best = max(best, 5.0 if status.state == "heading" else 4.0)
    return best


@lru_cache(maxsize=16384)
def _function_weight(code: str, year: int | None, name: str | None) -> float:
    if len(code) > 4:
        return -9.0
    for table in _tables() if name is None else (name,):
        status = plans.function(code, year, table)
        if status.state == "known" or status.rows:
            return 3.0
    return 0.0 if len(code) <= 3 else -2.0


@lru_cache(maxsize=4096)
def _chapter_kind(code: str, name: str | None = None) -> str | None:
    """compte, globalise, ligne, or fonction for a chapter voted by function; ``None`` for no official chapter."""
    for table in _tables() if name is None else (name,):
        found = plans.chapter(code, None, table)
        if found is not None:
            return "fonction" if found.vote == "fonction" else found.kind
    return None


@lru_cache(maxsize=4096)
def _is_article(code: str) -> bool:
    """True for a functional article (`9361`) of a budget voted by function."""
    if code[0] != "9" or not 4 <= len(code) <= 6:
        return False
    return any(plans.nomenclature(table).article(code, None) is not None for table in _tables())


def _listed(code: str) -> bool:
    """True when some nomenclature of some year has this account."""
    return _account_weight(code, None, None) >= 4


# -- labelled notations -----------------------------------------------------------------------------------------


class _Pair(NamedTuple):
    """One labelled value. ``bare``: the value is a whole bare code, which stands for several segments."""

    start: int
    end: int
    key: str
    value: str
    word: str
    repaired: tuple[Repaired, ...]
    bare: Imputation | None = None


def account_code(nature: str) -> str:
    """An account as the lists write it: « 657-3 » is 6573; the body's own subdivision of « 6574.1 » is left out."""
    head, mark, tail = nature.replace(".", "-").partition("-")
    return head + tail if mark and len(head) == 3 else head


def _quoted(key: str, value: str) -> str:
    if _VALUES.get(key, _OWN).fullmatch(value):
        return value
    for opening, closing in _QUOTES:
        if opening not in value and closing not in value:
            return f"{opening}{value}{closing}"
    return value


def _nature_at(text: str, at: int, end: int) -> tuple[str, int, tuple[Repaired, ...]] | None:
    """An account, possibly with spaces between its digits; the spaces may also lead to an amount."""
    found = _VALUES["nature"].match(text, at, end)
    spaced = _SPACED_NATURE.match(text, at, end)
    if found is not None and (spaced is None or len(found.group(1)) >= 4):
        return found.group(1), found.end(1), ()
    if spaced is not None:
        # As many groups as make a listed account; the rest is the amount that follows with only a space.
        groups = list(re.finditer("[0-9]+", spaced.group()))
        for count in range(len(groups), 1, -1):
            joined = "".join(group.group() for group in groups[:count])
            stop = at + groups[count - 1].end()
            if 3 <= len(joined) <= 8 and _listed(joined) and not _CURRENCY_NEXT.match(text, stop, end):
                return joined, stop, ("inner-space",)
        pairs = _SPACED_PAIRS.match(text, at, end)
        if found is None and pairs is not None and not _CURRENCY_NEXT.match(text, pairs.end(), end):
            joined = re.sub("[^0-9]", "", pairs.group())
            if joined[0] in "1234567":
                return joined, pairs.end(), ("inner-space",)
    if found is not None:
        return found.group(1), found.end(1), ()
    lettered = _LETTERED.match(text, at, end)
    if lettered is not None:
        meant = lettered.group().translate(_LOOKALIKES)
        letters = sum(not c.isdecimal() for c in lettered.group())
        if 0 < letters <= 2 and len(meant) - letters >= 3 and _listed(meant):
            return meant, lettered.end(), ("letter-for-digit",)
    return None


def _value_at(key: str, text: str, at: int, end: int) -> tuple[str, int, tuple[Repaired, ...]] | None:
    """The value of a label, from ``at``: its text, where it ends, what had to be repaired."""
    quoted = _ANY_QUOTED.match(text, at, end)
    if quoted is not None:
        inner = quoted.group()[1:-1].strip()
        if key in ("chapitre", "nature", "fonction"):
            whole = _VALUES[key].fullmatch(inner)
            return (inner, quoted.end(), ()) if whole else None
        return (inner, quoted.end(), ()) if inner else None
    if key == "nature":
        return _nature_at(text, at, end)
    if key == "fonction":
        spaced = _SPACED_FUNCTION.match(text, at, end)
        if spaced is not None:
            joined = re.sub("[^0-9]", "", spaced.group())
            if len(joined) <= 4 and _function_weight(joined, None, None) == 3.0:
                return joined, spaced.end(), ("inner-space",)
    found = _VALUES.get(key, _OWN).match(text, at, end)
    return None if found is None else (found.group(1), found.end(1), ())


_BARE_CODE: Final = lazy(
    r"[0-9A-Z]{1,10}(?:(?:/[0-9A-Z]{1,10}){1,5}|(?:[-–][0-9A-Z]{1,10}){1,4}|(?:\.[0-9A-Z]{2,10}){2,4})"
    r"(?![\w/–]|-[0-9A-Z]|[.,][0-9])"
)
_DASHED_ACCOUNT: Final = lazy(r"[0-9]{3}-[0-9]{1,2}(?![0-9-])")
_TAKES_BARE: Final = frozenset(("nature", "fonction", "chapitre", "ligne"))


def _bare_at(key: str, text: str, at: int, end: int) -> Imputation | None:
    """The bare code that a label announces (« sur la ligne 3A/61/6574 »), when it surely holds an account."""
    if key not in _TAKES_BARE:
        return None
    found = _BARE_CODE.match(text, at, end)
    if found is None or (key == "nature" and _DASHED_ACCOUNT.match(text, at, end)):
        return None
    try:
        read = parse_imputation(found.group())
    except ImputationError:
        return None
    nature = read.nature
    return read if nature is not None and _listed(nature) else None


_NEXT: Final = lazy(r"\s{1,3}|\s{0,2},?\s{0,2}et\s(?:(?:la|le)\s|l['’])?")
_LIST_BEFORE: Final = lazy(r"(?:\A|[-–—,;:|(/\n])\s{0,3}\Z")


_TORN: Final = {
    label[:cut]: frozenset(
        (other[cut:], other) for other in _TEARABLE if other[:cut] == label[:cut] and len(other) > cut
    )
    for label in _TEARABLE
    for cut in range(2, len(label) - 1)
}
"""The first letters of a label that the justification of a page cut in two, with what may follow: « na ture »."""
_REST: Final = lazy(r"[ \u00a0\u202f](?P<rest>[^\W\d_]{2,8})(?![^\W_])")


def _torn_label(text: str, found: re.Match[str], end: int) -> tuple[tuple[str, bool], int] | None:
    """« na ture 6574, fonc tion 40 »: the label that a word and the next make together, and where it ends."""
    follows = _TORN.get(_plain(found.group()))
    if follows is None:
        return None
    rest = _REST.match(text, found.end(), end)
    if rest is None:
        return None
    after = _plain(rest["rest"])
    whole = next((label for tail, label in follows if tail == after), None)
    return None if whole is None else ((_KEYS[whole], False), rest.end())


_SOUS: Final = ("sous ", "ss ", "s ")
"""What may stand before a label and belong to it: « sous chapitre »."""


@lru_cache(maxsize=65536)
def _has_label(token: str) -> bool:
    return any(_label(word) is not None or _plain(word) in _TORN for word in _WORD.findall(token))


def _labels_in(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """The words of ``text[start:end]`` that may be labels, and those that stand with them between two spaces.

    Cut at its spaces, a text is a few thousand different tokens, nearly all without a label: only the others are gone
    through word by word.
    """
    tokens = text[start:end].split(" ")
    if len(tokens) < _FEW_TOKENS:
        yield from _WORD.finditer(text, start, end)
        return
    ends = list(accumulate(map(len, tokens)))
    labelled = {token for token in set(tokens) if len(token) > _LONG_TOKEN or _has_label(token)}
    for number, token in enumerate(tokens):
        if token in labelled:
            stop = start + ends[number] + number
            first = stop - len(token)
            before = text[max(start, first - 5) : first].lower()
            # « sous » goes with the label, though a space stands between.
            back = next((len(word) for word in _SOUS if before.endswith(word)), 0)
            yield from _WORD.finditer(text, first - back, stop)


_FEW_TOKENS: Final = 40
_LONG_TOKEN: Final = 200
"""Not worth remembering."""


def _pairs_in(text: str, start: int, end: int) -> Iterator[_Pair]:
    free = start
    for found in _labels_in(text, start, end):
        if found.start() < free:
            continue
        word = found.group()
        torn = _torn_label(text, found, end)
        label = _label(word) if torn is None else torn[0]
        if label is None:
            continue
        key, typo = label
        word_end = found.end() if torn is None else torn[1]
        word = text[found.start() : word_end]
        if _plain(word) == "c" and text[word_end : word_end + 1] != "/":
            continue  # « c/6574 » only
        after = _AFTER.match(text, word_end, end)
        at = word_end if after is None else after.end()
        bare = _bare_at(key, text, at, end)
        if bare is not None:
            free = at + len(bare.raw)
            yield _Pair(at, free, key, bare.raw, word, (), bare)
            continue
        value = _value_at(key, text, at, end)
        if value is None or (typo and not text[at].isdecimal()):
            continue
        inside = start < free and found.start() - free < 150
        # « chapitre 65 du budget principal de la Ville, article 6574 »: there the budget is words between segments.
        plain_word = key in _LISTED_ONLY and (key == "exercice" or value[0].isdecimal())
        if (plain_word or (key == "budget" and inside)) and not (
            _LIST_BEFORE.search(text, max(0, found.start() - 6), found.start())
            or (inside and _NEXT.fullmatch(text, free, found.start()))
        ):
            continue
        if key == "nature" and value[0][0] == "9" and _plain(word) not in ("nature", "natures"):
            if not _plain(word).startswith("art"):
                continue
            key = "article"
        free = value[1]
        yield _Pair(found.start(), free, key, value[0], word, (*(("label-typo",) if typo else ()), *value[2]))


_CONNECTOR: Final = (
    r"(?:(?:et|de|du|des|à|a|au|aux|sous|sur|en|dans|la|le|les|pour|avec|ainsi|que)\s{1,3}|[dl]['’]){0,3}"
)
_GLOSS: Final = rf"(?:{_QUOTED}|\([^()\n]{{1,120}}\))"
_CLOSE: Final = lazy(
    rf"\s{{0,20}}(?:[:–—-]?\s{{0,5}}{_GLOSS}\s{{0,5}})?[,;|/–—:-]?\s{{0,40}}\(?{_CONNECTOR}", re.IGNORECASE
)
_WORDY: Final = lazy(r"(?=(?P<w>\s{0,3}[:,(–—-]?\s{0,3}(?:[^\W\d_]|[ \t\n\u00a0\u202f'’(),«»\"?–-]){2,140}))(?P=w)")


def _joined(text: str, run: Sequence[_Pair], right: _Pair) -> bool:
    """Whether a labelled value continues an imputation: close to it, or after words that end no sentence.

    Where the layout may as well begin another imputation (« et », a new line, a semicolon, words), a chapter and an
    account that no nomenclature puts together are not joined: they are two imputations rather than a wrong one.
    """
    left = run[-1]
    if right.start - left.end > 150:
        return False
    gap = text[left.end : right.start]
    if "\n\n" in gap or gap.count("\n") > 1:
        return False
    if _CLOSE.fullmatch(gap) is not None:
        doubtful = bool(_ET.search(gap)) or (right.key == "chapitre" and ("\n" in gap or ";" in gap))
        return not doubtful or _agree(run, right)
    if right.key not in _LOOSE or left.key not in _LOOSE:
        return False
    return _WORDY.fullmatch(gap) is not None and _agree(run, right)


_ET: Final = lazy(r"\bet\b", re.IGNORECASE)


def _agree(run: Sequence[_Pair], right: _Pair) -> bool:
    """False when the value and the run are a chapter and an account that no nomenclature puts under it."""
    if right.key not in ("chapitre", "nature"):
        return True
    values = {pair.key: pair.value for pair in (*run, right)}
    chapter, nature = values.get("chapitre"), values.get("nature")
    if chapter is None or nature is None:
        return True
    code = account_code(nature)
    return any(plans.carries(chapter, code, None, name) is not False for name in _tables())


def _keys_of(pair: _Pair) -> frozenset[str]:
    return frozenset((pair.key,)) if pair.bare is None else frozenset(key for key, _ in pair.bare.pairs)


def _narrows(run: Sequence[_Pair], pair: _Pair) -> bool:
    """Whether a repeated label only narrows the first: a sous-fonction, a sous-article that begins with it."""
    if pair.bare is not None or pair.key not in ("fonction", "nature") or not _plain(pair.word).startswith("s"):
        return False
    first = next((other for other in run if other.key == pair.key and other.bare is None), None)
    return first is not None and pair.value.startswith(first.value) and len(run) > 1


def _runs(text: str, start: int, end: int) -> Iterator[list[_Pair]]:
    run: list[_Pair] = []
    held: frozenset[str] = frozenset()
    for pair in _pairs_in(text, start, end):
        divides = pair.key == "fonction" and len(pair.value) == 1 and _plain(pair.word)[:1] == "s"
        if divides and any(other.key == "chapitre" and other.value[0] == "9" for other in run):
            continue  # « chapitre 943, sous-rubrique 2 » divides the chapter of a function, and is none
        keys = _keys_of(pair)
        if run and held & keys and _narrows(run, pair) and _joined(text, run, pair):
            # « fonction 3, sous-fonction 33 »: the narrower one is the function
            run = [other for other in run if other.key != pair.key]
            run.append(pair)
            continue
        if run and (held & keys or not _joined(text, run, pair)):
            over = run[-1:] if _hands_over(text, run, pair) else []
            yield run[: len(run) - len(over)]
            run = over
            held = frozenset(key for other in over for key in _keys_of(other))
        run.append(pair)
        held |= keys
    if run:
        yield run


def _hands_over(text: str, run: Sequence[_Pair], pair: _Pair) -> bool:
    """Whether the chapter that ends a run begins the next one: « nature 20421, chapitre 65, nature 6574 »."""
    last = run[-1]
    if len(run) < 2 or last.key != "chapitre" or pair.key != "nature" or "nature" not in {p.key for p in run}:
        return False
    return not _agree(run[:-1], last) and _agree((last,), pair) and _joined(text, (last,), pair)


def _of_run(text: str, run: Sequence[_Pair]) -> Imputation:
    pairs: list[tuple[str, str]] = []
    labels: list[tuple[str, str]] = []
    repaired: dict[Repaired, None] = {}
    readings: tuple[Reading, ...] = ()
    for pair in run:
        repaired.update(dict.fromkeys(pair.repaired))
        if pair.bare is not None:
            pairs.extend(pair.bare.pairs)
            repaired.update(dict.fromkeys(pair.bare.repaired))
            readings = pair.bare.readings if len(run) == 1 else ()
        else:
            pairs.append((pair.key, pair.value))
            labels.append((pair.key, pair.word))
    raw = text[run[0].start : run[-1].end]
    return Imputation(raw, tuple(pairs), tuple(labels), readings, tuple(repaired))


# -- bare codes -------------------------------------------------------------------------------------------------

_FAST: Final = lazy(r"([A-Z][0-9A-Z]{0,7})/([0-9]{2,3})/([0-9]{3,8})/([0-9]{1,4})")
_EXPECTED: Final = Message(
    "on attend un code comme « 65/6574/61 » ou « chapitre 65, nature 6574, fonction 61 »",
    "a code such as “65/6574/61” or “chapitre 65, nature 6574, fonction 61” is expected",
)
_EMPTY: Final = Message("code vide", "empty code")
_TOO_LONG: Final = Message("texte trop long pour un code", "too long a text for a code")
_DOUBLED: Final = Message("séparateur doublé", "doubled separator")
_DANGLING: Final = Message("séparateur au bord du code", "separator at the edge of the code")
_MIXED: Final = Message("séparateurs mêlés", "mixed separators")
_SPACE: Final = Message("espace à l’intérieur de « {token} »", "space inside “{token}”")
_LETTER: Final = Message("lettre parmi les chiffres de « {token} »", "letter among the digits of “{token}”")
_NO_ACCOUNT: Final = Message("aucun compte ni chapitre dans ce code", "no account and no chapter in this code")
_STRANGE: Final = Message("caractère étranger à un code : « {token} »", "character foreign to a code: “{token}”")
_TOO_MANY: Final = Message("trop de segments pour un code", "too many segments for a code")
_NO_VALUE: Final = Message("valeur illisible après « {word} »", "unreadable value after “{word}”")

_SEPARATOR: Final = lazy(r"\s*[/|,;._-]\s*")
_FUNCTIONAL: Final = lazy(r"9[0-9]{2}-[0-9]{1,2}|[67][0-9]{1,2}-[0-9]{1,2}|[0-9A-Z]{1,10}")
_FOREIGN: Final = lazy(r"[^0-9A-Za-z\s/|,;._-]{1,20}")
_OWN_SPACED: Final = lazy(r"[A-Z]{1,4}[ \u00a0][0-9]{2,8}")


def parse_imputation(text: str, *, fiscal_year: int | None = None, nomenclature: str | None = None) -> Imputation:
    """Reads one code, bare or labelled.

    ``fiscal_year`` and ``nomenclature`` help to tell an account from a function in a bare code; they refuse nothing:
    a code may be well formed and designate nothing. Raises :class:`ImputationError` when no notation allows it:
    nothing that can be an account or a chapter; mixed, doubled or dangling separators; a letter or a space inside
    an account. A body's own codes (`P003`, `0P28O5361`) are opaque and never wrong.
    """
    fast = _FAST.fullmatch(text)
    if fast is not None:
        own, chapter, account, function = fast.groups()
        if account.startswith(chapter):
            return Imputation(
                text, (("politique", own), ("chapitre", chapter), ("nature", account), ("fonction", function))
            )
    read = _read(text, fiscal_year, nomenclature)
    if isinstance(read, ImputationError):
        raise ImputationError(*read.args)  # a new one: what is remembered keeps no trace of who asked
    return read


@lru_cache(maxsize=16384)
def _read(text: str, year: int | None, stated: str | None) -> Imputation | ImputationError:
    try:
        return _parse(text, year, stated)
    except ImputationError as error:
        error.__context__ = None
        return error.with_traceback(None)


def _parse(text: str, year: int | None, stated: str | None) -> Imputation:
    stripped = text.strip()
    if not stripped:
        raise ImputationError(text, 0, _EMPTY, _EXPECTED)
    if len(stripped) > 500:
        raise ImputationError(text, 500, _TOO_LONG, _EXPECTED)
    lead = text.find(stripped)
    for run in _runs(stripped, 0, len(stripped)):
        if run[0].start == 0 or any(pair.bare is not None or pair.key in _LOOSE for pair in run):
            labelled = replace(_of_run(stripped, run), raw=text)
            _refuse_unread(text, stripped, lead, run, labelled)
            return labelled
    _refuse_unread(text, stripped, lead, (), None)
    intro = _INTRO.match(stripped)
    code = stripped[intro.end() :] if intro else stripped
    if not code:
        raise ImputationError(text, 0, _EMPTY, _EXPECTED)
    known = None if stated is None else plans.normalised(stated)
    at = lead + (intro.end() if intro else 0)
    try:
        return _bare(text, code.translate(_DASHES), at, year, known and known[0])
    except ImputationError:
        named = _NAMED.fullmatch(code)
        if named is None or not _SPELLED.search(named["label"]):
            raise
        return _bare(text, named["code"].translate(_DASHES), at, year, known and known[0])


_NAMED: Final = lazy(
    r"(?P<code>[0-9A-Za-z][0-9A-Za-z/|;._-]{1,60})(?:\s{1,3}[-–—:]\s{1,3}|\s{0,3}(?=[(«\"“]))(?P<label>[^0-9/|;]{4,200})"
)
"""« 65748 - Autres personnes de droit privé », « 6574 (subventions) »: an account and what the list calls it."""
_SPELLED: Final = lazy(r"[a-zà-öø-ÿœ]{4}")
_INTRO: Final = lazy(
    r"(?:imputations?(?:\s+budg[ée]taires?)?|imp\.?|I\.?\s?B\.?|code|ligne(?:\s+budg[ée]taire)?|budget)"
    r"(?:\s*:\s*|\s+)",
    re.IGNORECASE,
)
_DIGIT_TOKEN: Final = lazy(r"[0-9A-Za-z]*[0-9][0-9A-Za-z]*")


def _refuse_unread(text: str, stripped: str, lead: int, run: Sequence[_Pair], read: Imputation | None) -> None:
    """Raises when a label is followed by something that should have been its value and cannot be.

    ``read`` is what the labels gave, ``None`` when they gave nothing.
    """
    if read is not None and read.faults:
        pair = next(pair for pair in run if set(pair.repaired) & FAULTS)
        token = stripped[pair.start : pair.end]
        written = token.split()[-1]
        repair = stripped[: pair.start] + token.replace(written, pair.value) + stripped[pair.end :]
        letter = next((i for i, c in enumerate(written) if not c.isdecimal()), 0)
        at = lead + pair.start + token.rfind(written) + letter
        raise ImputationError(text, at, _LETTER.having(token=written), _EXPECTED, repair, "letter-for-digit")
    read_keys = set() if read is None else {"nature" if key == "article" else key for key, _ in read.pairs}
    for found in _WORD.finditer(stripped):
        label = _label(found.group())
        if label is None or label[1] or label[0] not in ("chapitre", "nature", "fonction") or label[0] in read_keys:
            continue
        if len(found.group()) < 3:
            continue
        after = _AFTER.match(stripped, found.end())
        at = found.end() if after is None else after.end()
        if read is None or _DIGIT_TOKEN.match(stripped, at):
            raise ImputationError(text, lead + at, _NO_VALUE.having(word=found.group()), _EXPECTED)


def _bare(text: str, code: str, lead: int, year: int | None, name: str | None) -> Imputation:
    tokens, repaired = _tokens(text, code, lead)
    _refuse_letters(text, code, lead, tokens, year, name)
    readings = _readings(tuple(tokens), year, name)
    if not readings:
        raise ImputationError(text, lead, _NO_ACCOUNT, _EXPECTED)
    return Imputation(text, readings[0].pairs, (), readings if len(readings) > 1 else (), repaired)


def _tokens(text: str, code: str, lead: int) -> tuple[list[str], tuple[Repaired, ...]]:
    """The pieces of a bare code; refuses separators that are mixed, doubled or at the edge, and inner spaces."""
    separators = list(_SEPARATOR.finditer(code))
    marks = [found.group().strip() for found in separators]
    strange = _FOREIGN.search(code)
    if strange is not None:
        token = strange.group()
        raise ImputationError(text, lead + strange.start(), _STRANGE.having(token=token), _EXPECTED)
    if len(marks) > 8:
        raise ImputationError(text, lead, _TOO_MANY, _EXPECTED)
    if not separators:
        tokens = code.split()
        if _OWN_SPACED.fullmatch(code):
            tokens = [code]
        elif len(tokens) > 1 and not any(len(token) >= 4 and _listed(token) for token in tokens if token.isdecimal()):
            joined = "".join(tokens)
            raise ImputationError(
                text, lead + len(tokens[0]), _SPACE.having(token=code), _EXPECTED, joined, "space-inside"
            )
    else:
        pieces = _SEPARATOR.split(code)
        for index, piece in enumerate(pieces):
            if not piece:
                edge = index in (0, len(pieces) - 1)
                at = separators[min(index, len(separators) - 1)].start()
                repair = re.sub(r"([/|,;._-])\s*(?:[/|,;._-]\s*)+", r"\1", code).strip("/|,;._- ")
                raise ImputationError(
                    text,
                    lead + at,
                    _DANGLING if edge else _DOUBLED,
                    _EXPECTED,
                    repair or None,
                    "dangling-separator" if edge else "doubled-separator",
                )
        if len(set(marks)) > 1:
            by_slash = re.split(r"\s*/\s*", code)
            if set(marks) == {"/", "-"} and all(map(_FUNCTIONAL.fullmatch, by_slash)) and by_slash[0][0] == "9":
                pieces = by_slash  # « 945-25/657-3 », sub-chapter and article of the charts before the M14
            else:
                usual = max(dict.fromkeys(marks), key=marks.count)
                other = next(found for found in separators if found.group().strip() != usual)
                raise ImputationError(
                    text, lead + other.start(), _MIXED, _EXPECTED, usual.join(pieces), "mixed-separators"
                )
        tokens = pieces
        for token in tokens:
            if any(map(str.isspace, token)):
                repair = code.replace(token, "".join(token.split()))
                at = code.find(token) + next(i for i, c in enumerate(token) if c.isspace())
                raise ImputationError(text, lead + at, _SPACE.having(token=token), _EXPECTED, repair, "space-inside")
    if len(tokens) > 7 or any(len(token) > 20 for token in tokens):
        raise ImputationError(text, lead, _TOO_MANY, _EXPECTED)
    spaced = any(found.group() != found.group().strip() for found in separators)
    return tokens, ("spaced-separators",) if spaced else ()


def _refuse_letters(text: str, code: str, lead: int, tokens: Sequence[str], year: int | None, name: str | None) -> None:
    """Refuses a letter that stands for a digit inside the account, or inside the chapter just before the account.

    A body's own codes hold letters too (`3A`, `0P28O5361`): a letter is a slip only where an official code must be.
    """
    suspects = [
        (index, token)
        for index, token in enumerate(tokens)
        if not token.isdecimal() and token[0].isdecimal() and token.translate(_LOOKALIKES).isdecimal()
    ]
    if not suspects:  # the lists are read only when they are needed
        return
    accounts = [
        i
        for i, token in enumerate(tokens)
        if token.isdecimal() and _account_weight(token, year, name) >= 1 and _chapter_kind(token) is None
    ]
    for index, token in suspects:
        chapter = tokens[index - 1] if index and tokens[index - 1].isdecimal() else None
        meant = None
        if index > 0 and index + 1 in accounts and len(token) in (2, 3) and token[0] == tokens[index + 1][0]:
            meant = plans.nomenclature(name or "M57").own_chapter(tokens[index + 1]) or token.translate(_LOOKALIKES)
        elif not accounts and 3 <= len(token) <= 8 and sum(map(str.isdecimal, token)) >= 2:
            meant = _meant_account(token, chapter)
        if meant is not None:
            separator = _SEPARATOR.search(code)
            raise ImputationError(
                text,
                lead + code.find(token) + next(i for i, c in enumerate(token) if not c.isdecimal()),
                _LETTER.having(token=token),
                _EXPECTED,
                (separator.group() if separator else " ").join((*tokens[:index], meant, *tokens[index + 1 :])),
                "letter-for-digit",
            )


def _meant_account(token: str, chapter: str | None) -> str | None:
    """The account that was meant by one with letters among its digits; ``None`` when it can be a body's own code."""
    alike = token.translate(_LOOKALIKES)
    if _listed(alike):
        return alike
    at = next(i for i, c in enumerate(token) if not c.isdecimal())
    fits = [
        other
        for digit in "0123456789"
        for other in ((token[:at] + digit + token[at + 1 :]).translate(_LOOKALIKES),)
        if _listed(other) and (chapter is None or other.startswith(chapter))
    ]
    if fits:
        return fits[0] if len(fits) == 1 else alike
    return alike if chapter is not None and token.startswith(chapter) else None


_ROLES: Final = {"N": "nature", "C": "chapitre", "F": "fonction", "S": "sous_chapitre", "A": "article"}


@lru_cache(maxsize=16384)
def _readings(tokens: tuple[str, ...], year: int | None, name: str | None) -> tuple[Reading, ...]:
    """Every way to read the tokens that stands, the best first.

    A reading gives each token a role: account, chapter, function, or the body's own. It weighs what the lists say
    of each token, whether the chapter carries the account, and the orders seen in practice (the chapter stands just
    before the account, the function after it, or before it when the body's own line leads).
    """
    if len(tokens) == 1:
        return _single(tokens[0], year, name)
    options = [_roles_of(token, year, name) for token in tokens]
    found: dict[tuple[tuple[str, str], ...], float] = {}
    for roles in product(*options):
        if any(roles.count(role) > 1 for role in "NCFSA") or not {"N", "C"} & set(roles):
            continue
        score = _score(tokens, roles, year, name)
        pairs = _named(tokens, roles)
        if pairs is not None and score > found.get(pairs, -99.0):
            found[pairs] = score
    ranked = sorted(found.items(), key=lambda item: -item[1])
    if not ranked or ranked[0][1] < 0:
        own = _all_own(tokens)
        return () if own is None else (Reading(own),)
    best = ranked[0][1]
    return tuple(Reading(pairs, score) for pairs, score in ranked if score > best - 2.5 and score > 0)


def _single(token: str, year: int | None, name: str | None) -> tuple[Reading, ...]:
    if not token.isdecimal():
        own = _all_own((token,))
        return () if own is None else (Reading(own),)
    if _chapter_kind(token) is not None and _account_weight(token, year, name) < 6:
        return (Reading((("chapitre", token),), 5.0),)
    if _is_article(token):
        return (Reading((("article", token),), 5.0),)
    if _account_weight(token, year, name) >= 0:
        return (Reading((("nature", token),), 5.0),)
    return ()


def _all_own(tokens: tuple[str, ...]) -> Pairs | None:
    """A code made of the body's own segments: each needs a letter and one of them a digit."""
    if not all(token.isdecimal() or any(map(str.isalpha, token)) for token in tokens):
        return None
    functions = [token for token in tokens if token.isdecimal() and _function_weight(token, None, None) == 3.0]
    own = [token for token in tokens if token not in functions[:1]]
    if all(map(str.isdecimal, own)) or not any(any(map(str.isdecimal, token)) for token in own) or len(own) > 3:
        return None
    names = iter(("ligne", "programme", "operation"))
    return tuple(("fonction", token) if token in functions[:1] else (next(names), token) for token in tokens)


def _roles_of(token: str, year: int | None, name: str | None) -> str:
    if "-" in token:
        return "S" if token[0] == "9" else "N"
    if not token.isdecimal():
        return "H"
    roles = ""
    if _is_article(token):
        roles += "A"
    if _account_weight(token, year, name) >= 0:
        roles += "N"
    if 2 <= len(token) <= 5 and _chapter_kind(token, name) is not None:
        roles += "C"
    if _function_weight(token, year, name) >= 0:
        roles += "F"
    return roles + "H"


def _score(tokens: Sequence[str], roles: Sequence[str], year: int | None, name: str | None) -> float:
    at = roles.index("N") if "N" in roles else -1
    account = tokens[at] if at >= 0 else ""
    score = 0.0
    for index, (token, role) in enumerate(zip(tokens, roles, strict=True)):
        match role:
            case "N":
                score += 4.0 if "-" in token else _account_weight(token, year, name) + len(token) / 10
                if token[0] not in "1234567" and "C" not in roles:
                    score -= 5  # no class of accounts that a budget uses
            case "C":
                kind = _chapter_kind(token, name)
                if account.startswith(token):
                    score += 4
                elif kind == "compte":
                    score += 1
                else:
                    score += 2.5
                if index == at - 1:
                    score += 3.5 if index == 0 else 0.5
                elif at >= 0 and index > at:
                    score -= 3
            case "F":
                score += _function_weight(token, year, name)
                if at >= 0 and index > at:
                    score += 1
                elif index == 0:
                    score -= 2
                elif "C" in roles:
                    score -= 1.5
            case "A":
                score += 4
            case "H" if token.isdecimal():
                score -= 5
            case _:
                pass
    return score


def _named(tokens: Sequence[str], roles: Sequence[str]) -> Pairs | None:
    """The segments of a reading. A body's own code leads as its politique where a chapter follows, else as its line."""
    first = next((i for i, role in enumerate(roles) if role != "H"), len(roles))
    leading = ["politique", "programme"] if "C" in roles else ["ligne", "programme"]
    trailing = ["ligne", "programme", "activite"] if "C" in roles or first == 0 else ["activite", "operation"]
    pairs: list[tuple[str, str]] = []
    for index, (token, role) in enumerate(zip(tokens, roles, strict=True)):
        if role == "H":
            names = leading if index < first else trailing
            if not names:
                return None
            pairs.append((names.pop(0), token))
        else:
            pairs.append((_ROLES[role], token))
    return tuple(pairs) if len({key for key, _ in pairs}) == len(pairs) else None


# -- prose ------------------------------------------------------------------------------------------------------

_BARE: Final = lazy(
    r"(?<![\w/.,°º#@€&=+-])(?=[0-9A-Z/ –-]{0,24}[1-7][0-9]{2})"
    r"[0-9A-Z]{1,10}(?:(?:/[0-9A-Za-z]{1,10}){1,5}|(?:[-–][0-9A-Z]{1,10}){1,4}|(?: / [0-9A-Z]{1,10}){1,5})"
    r"(?![\w/]|[-–][0-9A-Za-z]|[.,][0-9]|[’'][a-z])"
)
_SPACED: Final = lazy(rf"[0-9A-Z]{{2,8}}(?:{_SP}[0-9]{{2,8}}){{1,3}}(?![0-9]|{_SP}?[0-9]{{3}}\b)")
_DATE: Final = lazy(r"[0-3]?[0-9]([/-])[01]?[0-9]\1(?:19|20)?[0-9]{2}|(?:19|20)[0-9]{2}([/-])[01]?[0-9]\2[0-3]?[0-9]")
_WIDE: Final = lazy(
    rf"[0-9A-Z]{{1,10}}(?:{_SP}?[-–—]{_SP}?[0-9A-Z]{{1,10}}){{1,5}}(?![0-9A-Za-z]|{_SP}?[-–—]{_SP}?[0-9A-Z]|{_SP}[0-9]|[.,][0-9])"
)
_ALONE: Final = lazy(r"[1-7][0-9]{3,7}" + _END)
_STRONG: Final = lazy(
    rf"(?:\bimput(?:ations?|[ée\ufffd]e?s?|er)|\bI\.{_SP}?B\.?|\bIB)(?:{_SP}budg[ée\ufffd]taires?)?"
    rf"(?:{_SP}?[,:=]|{_SP}(?:au|à la|sur la|sur le|sous le|sous la|sous|sur)(?:{_SP}(?:ligne|compte|code|n°))?)?"
    rf"(?:{_SP}budg[ée\ufffd]taires?)?{_SP}{{0,3}}[:(]?{_SP}{{0,3}}\Z",
    re.IGNORECASE,
)
_WEAK: Final = lazy(
    rf"(?:\blignes?|\bcodes?|\bcomptes?|\bnatures?|\barticles?|\bcr[ée\ufffd]dits?|\bbudg[ée\ufffd]taires?|\bbudget"
    rf"|\bchapitres?|\bfonctions?|\binscrite?s?|\bsection)"
    rf"(?:{_SP}budg[ée\ufffd]taires?)?(?:{_SP}?[,:]|{_SP}n°)?{_SP}{{0,3}}[:(]?{_SP}{{0,3}}\Z",
    re.IGNORECASE,
)
_NUMBERED: Final = lazy(
    rf"(?:\bn{_SP}?[°º]|\bnum[ée\ufffd]ro|\bno\.?|\bd[ée\ufffd]lib[ée\ufffd]ration|\barr[êe\ufffd]t[ée\ufffd]|\bd[ée\ufffd]cret|\bloi|\bmarch[ée\ufffd]"
    rf"|\bdossier|\br[ée\ufffd]f(?:[ée\ufffd]rence)?\.?|\bt[ée\ufffd]l\.?|\bcedex|\bordonnance|\bconvention|\br[èe\ufffd]glement)"
    rf"{_SP}{{0,3}}:?{_SP}{{0,3}}\Z",
    re.IGNORECASE,
)
_IB: Final = lazy(rf"\b(?:I\.{_SP}?B\.?|IB){_SP}?:?{_SP}?\Z")
_CONTEXT: Final = lazy(
    r"imput|cr[ée\ufffd]dit|budg|d[ée\ufffd]pense|recette|inscri|comptab|chapitre|nature|section", re.IGNORECASE
)
_LAW_AFTER: Final = lazy(
    rf"{_SP}{{0,2}}(?:-[0-9]{{1,3}})?{_SP}{{0,2}},?{_SP}{{0,2}}(?:et{_SP}suivants{_SP})?(?:du|de{_SP}la|de{_SP}l['’]|des|de{_SP}ce|de{_SP}cet)"
    rf"{_SP}(?:pr[ée\ufffd]sente?s?{_SP})?(?:code|c\.|cgct|cgi|loi|lois|d[ée\ufffd]cret|arr[êe\ufffd]t[ée\ufffd]|r[èe\ufffd]glement|convention|contrat|trait[ée\ufffd]"
    rf"|directive|constitution|ordonnance|statuts|cahier|march[ée\ufffd]|bail)\b",
    re.IGNORECASE,
)


def find_imputations(text: str, start: int = 0, end: int | None = None) -> Iterator[FoundImputation]:
    """Every imputation written in ``text[start:end]``, in order, without judging any.

    An amount, a date, an act number or a fraction is never one: a code without labels needs an announcement
    (« imputation », « I.B. », « sur la ligne »…) or must be made of listed codes. Time is linear in the length.
    """
    stop = len(text) if end is None else end
    found = [
        FoundImputation(run[0].start, run[-1].end, _of_run(text, run))
        for whole in _runs(text, start, stop)
        for run in (_trimmed(text, whole),)
        if run and _evident(text, run, start)
    ]
    found += _bare_in(text, start, stop)
    found += _columns_in(text, start, stop)
    found += _before_function(text, start, stop)
    found += _beside_codes(text, start, stop, found)
    found += _dashed_heads(text, start, stop)
    found.sort(key=lambda item: (item.start, -item.end))
    last = -1
    for item in found:
        if item.start >= last:
            last = item.end
            yield item


def _trimmed(text: str, run: list[_Pair]) -> list[_Pair]:
    """The run without what cannot belong to it: an article of a law, a mistyped label beside nothing known."""
    return [
        pair
        for pair in run
        if not (pair.key == "nature" and pair.bare is None and not _can_be_account(text, pair, len(run) > 1))
    ]


def _can_be_account(text: str, pair: _Pair, among: bool) -> bool:
    if pair.value[0] not in "1234567":
        return False
    article = _plain(pair.word).startswith("art")
    return not (article and _LAW_AFTER.match(text, pair.end))


def _evident(text: str, run: list[_Pair], start: int) -> bool:
    """Whether a run of labelled values is surely an imputation."""
    if any(pair.bare is not None for pair in run):
        return True
    keys = {pair.key: pair for pair in run}
    exact = {pair.key for pair in run if "label-typo" not in pair.repaired}
    nature = keys.get("nature")
    chapter = keys.get("chapitre")
    if nature is not None:
        listed = _listed(account_code(nature.value))
        others = set(keys) - {"nature"}
        if others & (_CORE | {"article"}):
            # « l'article 1234, chapitre 12 du règlement » is none.
            known = chapter is None or _chapter_kind(chapter.value) is not None or chapter.value[0] == "9"
            return listed or known or not _plain(nature.word).startswith("art")
        if not listed and not ("nature" in exact and _mistyped_account(nature.value)):
            return False
        word = _plain(nature.word)
        if others:
            return True
        if len(nature.value) < 4 or word.startswith("art") or word in ("c", "nat"):
            said = _said_before(text, nature.start, start) or _charged(text, nature, start)
            return listed and (said or _after_amount(text, nature, start))
        return True
    if chapter is None:
        code = keys.get("ligne") or keys.get("programme") or keys.get("operation")
        function = keys.get("fonction")
        return function is not None and code is not None and any(map(str.isalpha, code.value))
    kind = _chapter_kind(chapter.value)
    if kind is None and not (chapter.value[0] == "9" and len(chapter.value) == 3 and len(keys) > 1):
        return False
    if set(keys) & {"fonction", "sous_chapitre", "operation", "ligne", "programme"}:
        return True
    return _said_before(text, chapter.start, start) or _in_its_brackets(text, chapter)


_BUDGET_CHAPTER: Final = lazy(r"0[0-9]{2}|204|[67][0-9]")


def _in_its_brackets(text: str, chapter: _Pair) -> bool:
    """« Les charges de personnel (chapitre 012) »: a chapter of budgets, alone between brackets."""
    if text[chapter.start - 1 : chapter.start] != "(" or text[chapter.end : chapter.end + 1] != ")":
        return False
    return _BUDGET_CHAPTER.fullmatch(chapter.value) is not None


@lru_cache(maxsize=4096)
def _mistyped_account(code: str) -> bool:
    """True when an unlisted code is one slip away from an account of subsidies, and no year."""
    if not 4 <= len(code) <= 8 or code[:2] in ("19", "20"):
        return False
    near = plans.neighbours(code, None, _tables()[:4])
    return any(item.code.startswith(("657", "204", "674", "13", "74")) for item in near)


_CHARGES: Final = lazy(
    rf"(?:pr[ée\ufffd]l[eè]v\w{{0,6}}|prendre|pris\w{{0,2}}|pay\w{{0,6}}|r[ée\ufffd]gl\w{{0,6}}|mandat\w{{0,6}}|port[ée\ufffd]\w{{0,3}}){_SP}"
    rf"(?:sur|à|au|en){_SP}?(?:l['’]|le{_SP}|la{_SP})?\Z",
    re.IGNORECASE,
)
_OF_BUDGET: Final = lazy(
    rf"{_SP}{{1,2}}(?:du|au|de{_SP}ce|de{_SP}notre){_SP}(?:budget\b|B\.?{_SP}?[PS]\.?(?=[\s,;.)]|\Z))", re.IGNORECASE
)


def _charged(text: str, pair: _Pair, start: int) -> bool:
    """« à prendre sur l'article 657 », « l'article 657 du budget »."""
    return (
        _CHARGES.search(text, max(start, pair.start - 24), pair.start) is not None
        or _OF_BUDGET.match(text, pair.end) is not None
    )


_OF_LAW: Final = lazy(
    r"\b(?:codes?|cgct|cgi|lois?|d[ée\ufffd]crets?|r[èe\ufffd]glements?|conventions?|contrats?|trait[ée\ufffd]s?|directives?|statuts"
    r"|vu|vus|alin[ée\ufffd]as?|ordonnances?|cahiers?|march[ée\ufffd]s?|bail|baux)\b",
    re.IGNORECASE,
)
_SUM: Final = lazy(rf"[0-9]{_SP}{{0,2}}(?:€|euros?\b|F\b|francs?\b|EUR\b)", re.IGNORECASE)


def _after_amount(text: str, pair: _Pair, start: int) -> bool:
    """« Total : 630 € pour 21 élèves, article 6574 »: an account of charges on the line of an amount, and no law."""
    if len(pair.value) < 4 or pair.value[0] not in "67":
        return False
    low = max(start, pair.start - 120, text.rfind("\n", start, pair.start) + 1)
    return _SUM.search(text, low, pair.start) is not None and _OF_LAW.search(text, low, pair.start) is None


def _said_before(text: str, at: int, start: int) -> bool:
    """Whether the words just before speak of a budget; « imp utés », as a torn page has it, does too."""
    before = text[max(start, at - 120) : at]
    return _CONTEXT.search(before) is not None or "imput" in "".join(before.split()).lower()


def _bare_in(text: str, start: int, stop: int) -> Iterator[FoundImputation]:
    for found in _BARE.finditer(text, start, stop):
        before = text[max(start, found.start() - 60) : found.start()]
        strong = _STRONG.search(before) is not None
        code = found.group()
        if (not strong and _NUMBERED.search(before)) or _DATE.fullmatch(code):
            continue
        try:
            read = parse_imputation(code)
        except ImputationError as error:
            if not strong or error.repair is None or error.fault is None:
                continue
            meant = _repaired(code, error)
            if meant is None:
                continue
            read = meant
        if strong or _sure(code, read, _WEAK.search(before) is not None):
            at = found.start()
            intro = _IB.search(before)
            if intro is not None:
                at -= len(before) - intro.start()
                read = replace(read, raw=text[at : found.end()])
            yield FoundImputation(at, found.end(), read)
    yield from _announced(text, start, stop)


def _repaired(code: str, error: ImputationError) -> Imputation | None:
    try:
        meant = parse_imputation(error.repair or "")
    except ImputationError:
        return None
    fault: tuple[Repaired, ...] = () if error.fault is None else (error.fault,)
    return replace(meant, raw=code, repaired=(*meant.repaired, *fault))


def _sure(code: str, read: Imputation, weak: bool) -> bool:
    """Whether an unannounced code is surely an imputation: an account of four digits or more that the lists hold,
    with its own chapter, or with a function and something that is no date, telephone or lot number."""
    nature = read.nature
    if nature is None or len(nature) < 4 or not _listed(nature):
        return False
    if len(nature) == 4 and nature[:2] in ("19", "20") and not weak:
        return False  # a year
    chapter, function = read.chapitre, read.fonction
    if chapter is not None and nature.startswith(chapter):
        return True
    if "/" in code and chapter is not None and function is not None and len(read.pairs) == 3:
        # « 011 / 6232 / 023 », « 939 / 6574 / 93 »: the chapter carries the account, and the function is listed.
        carried = chapter[0] == "9" or any(plans.carries(chapter, nature, None, name) for name in _tables())
        if carried and _chapter_kind(chapter) is not None and _function_weight(function, None, None) == 3.0:
            return True
    own = any(key not in ("nature", "fonction", "chapitre") for key, _ in read.pairs)
    known = function is not None and _function_weight(function, None, None) == 3.0
    if "/" in code and own and (known or chapter is not None):
        return not nature.startswith("20") or chapter is not None
    return weak and (known or chapter is not None)


_ANNOUNCE: Final = lazy(
    rf"(?:\bimputations?|\bI\.{_SP}?B\.?|\bIB)(?:{_SP}budg[ée\ufffd]taires?)?"
    rf"(?:{_SP}(?:comptables?{_SP})?(?:des?|du|de{_SP}l['’]|de{_SP}la|de{_SP}cette){_SP}?[^\W\d_]{{3,14}}(?={_SP}{{0,2}}[:=]))?"
    rf"{_SP}{{0,2}}[:=]?{_SP}{{0,2}}",
    re.IGNORECASE,
)


_DOTTED: Final = lazy(r"(?P<chapter>[0-9]{2,3})\.(?P<account>[0-9]{4,8})(?:\.[0-9]{1,4})?(?![\w€]|[.,/-][0-9])")
"""« Imputation : 65.6574 »: a chapter, a point, and an account of that chapter."""
_POINTED: Final = lazy(r"(?P<account>[1-7][0-9]{3,7})\.(?P<function>[0-9]{2,3})(?![\w€%]|[.,/-][0-9])")
"""« imputation 6574.30 »: an account, a point, and a function."""


def _announced(text: str, start: int, stop: int) -> Iterator[FoundImputation]:
    """« Imputation : 65 6574 33 », « imputation 6574 »: codes that only the word before makes sure."""
    for intro in _ANNOUNCE.finditer(text, start, stop):
        at = intro.end()
        spaced = _SPACED.match(text, at, stop)
        code = None
        if spaced is not None and any(len(t) >= 4 and _listed(t) for t in re.findall("[0-9]+", spaced.group())):
            code = spaced.group()
            if _CURRENCY_NEXT.match(text, spaced.end(), stop):
                code = None
        if code is None and not _BARE.match(text, at, stop):
            wide = _WIDE.match(text, at, stop)
            if wide is not None and not _CURRENCY_NEXT.match(text, wide.end(), stop):
                code = wide.group()
        if code is None:
            dotted = _DOTTED.match(text, at, stop)
            if dotted is not None and dotted["account"].startswith(dotted["chapter"]):
                code = None if _CURRENCY_NEXT.match(text, dotted.end(), stop) else dotted.group()
        if code is None:
            pointed = _POINTED.match(text, at, stop)
            if pointed is not None and not _CURRENCY_NEXT.match(text, pointed.end(), stop):
                account, function = pointed["account"], pointed["function"]
                if _listed(account) and _function_weight(function, None, None) == 3.0:
                    read = Imputation(pointed.group(), (("nature", account), ("fonction", function)))
                    yield FoundImputation(at, pointed.end(), read)
                    continue
        if code is None:
            alone = _ALONE.match(text, at, stop)
            if alone is not None and _listed(alone.group()) and not _BARE.match(text, at, stop):
                code = alone.group()
        if code is None:
            continue
        try:
            read = parse_imputation(code)
        except ImputationError:
            continue
        if read.nature is not None and _listed(read.nature):
            yield FoundImputation(at, at + len(code), read)


_THEN_FUNCTION: Final = lazy(
    rf"(?<![\w.,/°º-])(?P<account>[1-7][0-9]{{3,7}})(?:{_SP}{{1,3}}|{_SP}?[,–-]{_SP}?)"
    rf"(?P<label>(?:sous-)?(?:fonction|rubrique|fonct\.?|rub\.?)){_SP}{{1,2}}(?P<function>[0-9]{{1,4}})(?![\w€%]|[.,/-][0-9])",
    re.IGNORECASE,
)
_MOVES: Final = lazy(r"(?:^|\n|[|;])[ \t]{0,40}(?:[-*•][ \t]{0,3})?[DR][FI]?[ \t]{1,4}\Z")
"""« D 65 / 65748 / 326 »: dépense or recette, before the codes of a decision that changes a budget."""


def _before_function(text: str, start: int, stop: int) -> Iterator[FoundImputation]:
    """« 6574 fonction 40 »: an account without its label, before a function with its own."""
    if "onction" not in text and "ubrique" not in text and "ONCTION" not in text:
        return
    for found in _THEN_FUNCTION.finditer(text, start, stop):
        account, function = found["account"], found["function"]
        if not _listed(account) or _function_weight(function, None, None) != 3.0:
            continue
        before = text[max(start, found.start() - 60) : found.start()]
        if _NUMBERED.search(before) or (_LABEL_BEFORE.search(before) and _STRONG.search(before) is None):
            continue
        year = len(account) == 4 and account[:2] in ("19", "20")
        if year and _MOVES.search(before) is None and _STRONG.search(before) is None:
            continue
        pairs = (("nature", account), ("fonction", function))
        yield FoundImputation(
            found.start(), found.end(), Imputation(found.group(), pairs, (("fonction", found["label"]),))
        )


_LABEL_BEFORE: Final = lazy(rf"[^\W\d_]{{3}}\.?{_SP}{{0,2}}:?{_SP}{{0,2}}\Z")
_BESIDE: Final = lazy(
    r"(?:^|(?<=\n))[ \t]{0,40}(?:[-*•][ \t]{0,3})?(?:[DR][FI]?[ \t]{1,4})?"
    r"(?P<code>[0-9]{2,3} ?/ ?[1-7][0-9]{2,7}(?: ?/ ?[0-9]{1,4})?)"
    r"(?=[ \t]{2}|[ \t]?[|:]|[ \t]{1,3}[-–—][ \t]|[ \t]*(?:\n|\Z))"
)


def _beside_codes(text: str, start: int, stop: int, sure: Sequence[FoundImputation]) -> Iterator[FoundImputation]:
    """« 67 / 673 » at the head of a line, like the surer codes of the lines beside it."""
    heads = [item for item in sure if "/" in item.imputation.raw]
    if not heads:
        return
    taken = sorted((item.start, item.end) for item in heads)
    for found in _BESIDE.finditer(text, start, stop):
        at, end = found.span("code")
        spot = bisect_left(taken, (at, 0))
        near = [pair for pair in taken[max(0, spot - 1) : spot + 1] if abs(pair[0] - at) <= _LINES_APART]
        if not near or any(low <= at < high for low, high in near):
            continue
        if not any(_at_head(text, low, start) for low, _ in near):
            continue
        try:
            read = parse_imputation(found["code"])
        except ImputationError:
            continue
        chapter, nature = read.chapitre, read.nature
        if chapter is not None and nature is not None and _listed(nature) and nature.startswith(chapter):
            yield FoundImputation(at, end, read)
            taken.insert(spot, (at, end))


_LINES_APART: Final = 240
_HEAD: Final = lazy(r"(?:\A|\n)[ \t]{0,40}(?:[-*•][ \t]{0,3})?(?:[DR][FI]?[ \t]{1,4})?\Z")


def _at_head(text: str, at: int, start: int) -> bool:
    return at == start or _HEAD.search(text, max(start, at - 60), at) is not None


_DASHED_HEAD: Final = lazy(
    r"(?:^|(?<=\n)|(?<=[|\t]))[ \t]{0,40}(?:[-*•][ \t]{1,3})?"
    r"(?P<code>(?P<account>[1267][0-9]{3,7})[-–](?P<function>[0-9]{1,4}))"
    r"(?=[ \t]?\.{3}|[ \t]?…|[ \t]{2}|\t|[ \t]?[|:;]|[ \t]{1,3}[-–—][ \t]|[ \t]*(?:\n|\Z))"
)
_SAYS_CODES: Final = lazy(
    r"\b(?:imput|nature|compte|article|chapitre|fonction|rubrique|cr[ée\ufffd]dits?\b|budg)", re.IGNORECASE
)
_HEADING: Final = 400


def _dashed_heads(text: str, start: int, stop: int) -> Iterator[FoundImputation]:
    """« 65748-311 ..... 18 400 € » at the head of lines or in a column: an account and a function of the lists, below
    words that speak of accounts. A telephone, a page range or a number of an act are none of the lists."""
    for found in _DASHED_HEAD.finditer(text, start, stop):
        account, function = found["account"], found["function"]
        if account[:2] in ("19", "20") and len(account) == 4:
            continue
        if not _listed(account) or _function_weight(function, None, None) != 3.0:
            continue
        if _SAYS_CODES.search(text, max(start, found.start() - _HEADING), found.start()) is None:
            continue
        read = Imputation(found["code"], (("nature", account), ("fonction", function)))
        yield FoundImputation(found.start("code"), found.end("code"), read)


# -- columns ----------------------------------------------------------------------------------------------------

_CELL: Final = lazy(r"[^|\t\n]*")


def _cells(text: str, start: int, stop: int) -> list[tuple[int, int]]:
    """The cells of one line of a table: stretches between bars or tabulations, without the spaces around."""
    out = []
    at = start
    for piece in re.split(r"[|\t]", text[start:stop]):
        inner = piece.strip()
        shift = len(piece) - len(piece.lstrip())
        out.append((at + shift, at + shift + len(inner)))
        at += len(piece) + 1
    return out


def _columns_in(text: str, start: int, stop: int) -> Iterator[FoundImputation]:
    """Rows of a table whose header names the segments: « Chapitre | Nature | Fonction | Montant »."""
    at = start
    columns: dict[int, tuple[str, str]] = {}
    width = 0
    while at < stop:
        newline = text.find("\n", at, stop)
        line_end = stop if newline == -1 else newline
        if line_end - at <= 2000 and ("|" in text[at:line_end] or "\t" in text[at:line_end]):
            cells = _cells(text, at, line_end)
            header = _header(text, cells)
            if header:
                columns, width = header, len(cells)
            elif columns and len(cells) == width:
                row = _row(text, cells, columns)
                if row is not None:
                    yield row
        elif text[at:line_end].strip():
            columns = {}
        at = line_end + 1


def _header(text: str, cells: Sequence[tuple[int, int]]) -> dict[int, tuple[str, str]]:
    found: dict[int, tuple[str, str]] = {}
    for index, (first, last) in enumerate(cells):
        word = text[first:last]
        label = _label(word) if 1 < len(word) <= 16 else None
        if label is not None and not label[1] and label[0] in _LOOSE and all(label[0] != k for k, _ in found.values()):
            found[index] = (label[0], word)
    keys = {key for key, _ in found.values()}
    return found if "nature" in keys or {"chapitre", "fonction"} <= keys else {}


def _row(text: str, cells: Sequence[tuple[int, int]], columns: Mapping[int, tuple[str, str]]) -> FoundImputation | None:
    pairs: list[tuple[str, str]] = []
    labels: list[tuple[str, str]] = []
    spans: list[tuple[int, int]] = []
    for index, (key, word) in columns.items():
        first, last = cells[index]
        if first == last:
            continue
        value = _value_at(key, text, first, last)
        if value is None or value[1] != last:
            return None
        pairs.append((key, value[0]))
        labels.append((key, word))
        spans.append((first, last))
    keys = {key for key, _ in pairs}
    if "nature" not in keys and not {"chapitre", "fonction"} <= keys:
        return None
    first, last = spans[0][0], spans[-1][1]
    return FoundImputation(first, last, Imputation(text[first:last], tuple(pairs), tuple(labels)))
