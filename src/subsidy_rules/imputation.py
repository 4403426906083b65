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
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Final, Literal, NamedTuple

from subsidy_rules.wording import Message

__all__ = [
    "SEGMENT_KEYS",
    "SURE_SHAPE",
    "FoundImputation",
    "Imputation",
    "ImputationError",
    "Reading",
    "Repaired",
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
    "nature",
    "fonction",
    "activite",
    "action",
    "tranche",
    "service",
    "gestionnaire",
    "ligne",
)
"""Names of the segments, in the order of the canonical form."""

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
]
"""What had to be overlooked or repaired to read a code. The first three are dirt of practice and no fault; the others
make the code malformed: ``parse_imputation`` refuses them, and gives the repaired reading with the error."""

FAULTS: Final[frozenset[Repaired]] = frozenset(
    ("letter-for-digit", "mixed-separators", "doubled-separator", "dangling-separator")
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


@dataclass(frozen=True, slots=True)
class FoundImputation:
    """An imputation found in a text: ``text[start:end]`` is its ``raw``."""

    start: int
    end: int
    imputation: Imputation


class ImputationError(ValueError):
    """A code that no notation allows. ``position`` counts characters from 0 in ``text``.

    ``reason`` and ``expected`` are told in both languages; ``repair`` is the code that was probably meant, if one
    stands out.
    """

    def __init__(self, text: str, position: int, reason: Message, expected: Message, repair: str | None = None) -> None:
        super().__init__(text, position, reason, expected, repair)
        self.text = text
        self.position = position
        self.reason = reason
        self.expected = expected
        self.repair = repair

    def __str__(self) -> str:
        return f"{self.text[:80]!r}, position {self.position}: {self.reason.say('en')}; {self.expected.say('en')}"


# -- words ------------------------------------------------------------------------------------------------------

_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "nature": ("nature", "natures", "nat", "article", "articles", "art", "compte", "comptes", "cpte", "cte"),
    "fonction": ("fonction", "fonctions", "fonct", "fct", "rubrique", "rubriques", "rub", "sous-fonction"),
    "chapitre": ("chapitre", "chapitres", "chap", "ch"),
    "sous_chapitre": ("sous-chapitre", "sous-chapitres", "s/chapitre", "ss-chapitre"),
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
_KEYS: Final = {
    word: key for key, words in _WORDS.items() for word in (*words, *(w.replace("-", " ") for w in words if "-" in w))
} | {
    f"{p}{s}{w}": "fonction" for p in ("sous", "s", "ss") for s in ("-", "/", " ", "") for w in ("fonction", "rubrique")
}
_TYPO_KEYS: Final = {
    word: key
    for key in ("nature", "fonction", "chapitre", "ligne", "programme", "operation", "politique", "mission")
    for word in _WORDS[key]
    if len(word) >= 5
}
_SHOWN: Final = {
    **{key: key for key in SEGMENT_KEYS},
    "operation": "opération",
    "activite": "activité",
    "sous_chapitre": "sous-chapitre",
}

_SP: Final = r"[ \t\u00a0\u202f\u2009]"
_QUOTES: Final = (('"', '"'), ("«", "»"), ("“", "”"))
_QUOTED: Final = r'"[^"\n]{1,120}"|«[^«»\n]{1,120}»|“[^“”\n]{1,120}”'
_WORD: Final = re.compile(r"(?<![^\W_])(?:(?:sous|ss|s)[-/])?(?:[^\W\d_]|\ufffd){2,14}(?![^\W_]|\ufffd)", re.IGNORECASE)
_AFTER: Final = re.compile(
    rf"(?:\.(?=[ \u00a0\u202f0-9n]))?{_SP}*\n?{_SP}*"
    rf"(?:(?:de{_SP}subventions?|de{_SP}cr[ée\ufffd]dits?|budg[ée\ufffd]taires?|comptables?|fonctionnel(?:le)?s?|globalis[ée\ufffd]e?"
    rf"|par{_SP}nature|d['’?]imputation|M ?[0-9]{{2}}){_SP}*){{0,2}}"
    rf"(?:num[ée\ufffd]ro|n{_SP}?[°ºo\ufffd]|n\.)?{_SP}*[:=|]?{_SP}*(?:n{_SP}?[°ºo\ufffd]{_SP}*)?",
    re.IGNORECASE,
)
_END: Final = r"(?![0-9A-Za-zÀ-ÿ_%€]|[.,][0-9])"
_CODE: Final = r"[0-9A-Za-z]{1,16}(?:[-._][0-9A-Za-z]{1,12}){0,5}"
_VALUES: Final[Mapping[str, re.Pattern[str]]] = {
    "chapitre": re.compile(r"([0-9]{2,5})" + _END),
    "sous_chapitre": re.compile(r"([0-9]{2,5}(?:[-./][0-9]{1,4})?)" + _END),
    "nature": re.compile(rf"([0-9]{{3,8}}|[0-9]{{3}}-[0-9]{{1,2}}|[0-9]{{2}}(?:{_SP}[0-9]{{2}}){{1,3}})" + _END),
    "fonction": re.compile(r"([0-9]{1,4})" + _END),
    "ligne": re.compile(rf"((?=[0-9A-Za-z.\-]{{0,15}}[0-9]){_CODE}|[A-Z]{{1,4}}{_SP}[0-9]{{2,8}})" + _END),
    "budget": re.compile(
        r"(principal|annexe(?: (?:de |du |des |d['’])?[^\W\d_][^\n,;|–()-]{0,40}[^\W\d_])?|g[ée\ufffd]n[ée\ufffd]ral)",
        re.I,
    ),
    "exercice": re.compile(r"((?:19|20)[0-9]{2}(?: (?:et|à|-) (?:suivante?s?|(?:19|20)[0-9]{2}))?)" + _END),
}
_OWN_VALUE: Final = re.compile(
    rf"((?=[0-9A-Za-z.\-]{{0,15}}[0-9]){_CODE}(?:{_SP}[0-9]{{2,8}}(?=[,;)]|{_SP}*(?:\n|\Z)))?|[A-Z]{{1,4}}{_SP}[0-9]{{2,8}})"
    + _END
)
_ANY_QUOTED: Final = re.compile(_QUOTED)


@lru_cache(maxsize=4096)
def _plain(word: str) -> str:
    """Lower case without accents; a letter that a publisher lost (U+FFFD) stays as it is."""
    return "".join(c for c in unicodedata.normalize("NFD", word.lower()) if not unicodedata.combining(c))


def _near(word: str, label: str) -> bool:
    """One letter missing, added, changed, or two neighbours exchanged."""
    a, b = word, label
    if abs(len(a) - len(b)) > 1:
        return False
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    ra, rb = a[start:], b[start:]
    if len(a) == len(b):
        return ra[1:] == rb[1:] or (len(ra) > 1 and ra[0] == rb[1] and ra[1] == rb[0] and ra[2:] == rb[2:])
    return ra[1:] == rb if len(a) > len(b) else ra == rb[1:]


@lru_cache(maxsize=8192)
def _label(word: str) -> tuple[str, bool] | None:
    """The segment a word labels, and whether the word holds a typing error."""
    plain = _plain(word)
    key = _KEYS.get(plain)
    if key is not None:
        return key, False
    if len(plain) < 5:
        return None
    for label, key in _TYPO_KEYS.items():
        if _near(plain, label):
            # A lost accent is the publisher's, not the writer's.
            return key, "\ufffd" not in plain
    return None


class _Pair(NamedTuple):
    start: int
    end: int
    key: str
    value: str
    word: str
    typo: bool
    spaced: bool


def _quoted(key: str, value: str) -> str:
    pattern = _VALUES.get(key, _OWN_VALUE)
    found = pattern.match(value)
    if found and found.end() == len(value):
        return value
    for opening, closing in _QUOTES:
        if opening not in value and closing not in value:
            return f"{opening}{value}{closing}"
    return value


def _value_at(key: str, text: str, at: int, end: int) -> tuple[str, int, bool] | None:
    """The value of a label, from ``at``: its text, where it ends, whether inner spaces were taken out."""
    quoted = _ANY_QUOTED.match(text, at, end)
    if quoted:
        return quoted.group()[1:-1].strip(), quoted.end(), False
    found = _VALUES.get(key, _OWN_VALUE).match(text, at, end)
    if not found:
        return None
    value = found.group(1)
    if key == "nature" and not value.isdecimal() and "-" not in value:
        return re.sub(r"\D", "", value), found.end(1), True
    return value, found.end(1), False


def _pairs_in(text: str, start: int, end: int) -> Iterator[_Pair]:
    free = start
    for found in _WORD.finditer(text, start, end):
        if found.start() < free:
            continue
        label = _label(found.group())
        if label is None:
            continue
        after = _AFTER.match(text, found.end(), end)
        at = after.end() if after else found.end()
        value = _value_at(label[0], text, at, end)
        if value is None:
            continue
        free = value[1]
        yield _Pair(found.start(), value[1], label[0], value[0], found.group(), label[1], value[2])


_CONNECTOR: Final = (
    r"(?:(?:et|de|du|des|d['’]|à|a|au|aux|sous|sur|en|dans|la|le|les|l['’]|pour|avec|ainsi|que)\s*){0,3}"
)
_GAP: Final = re.compile(
    rf"\s{{0,40}}(?:[:–—-]?\s{{0,10}}(?:{_QUOTED}|\([^()\n]{{1,120}}\))\s{{0,10}})?[,;|/–—-]?\s{{0,40}}{_CONNECTOR}",
    re.IGNORECASE,
)


def _joined(text: str, left: _Pair, right: _Pair) -> bool:
    gap = text[left.end : right.start]
    return len(gap) <= 200 and "\n\n" not in gap and _GAP.fullmatch(gap) is not None


def _runs(text: str, start: int, end: int) -> Iterator[list[_Pair]]:
    run: list[_Pair] = []
    for pair in _pairs_in(text, start, end):
        if run and (any(p.key == pair.key for p in run) or not _joined(text, run[-1], pair)):
            yield run
            run = []
        run.append(pair)
    if run:
        yield run


def _of_run(text: str, run: list[_Pair]) -> Imputation:
    repaired: list[Repaired] = []
    if any(pair.typo for pair in run):
        repaired.append("label-typo")
    if any(pair.spaced for pair in run):
        repaired.append("inner-space")
    return Imputation(
        raw=text[run[0].start : run[-1].end],
        pairs=tuple((pair.key, pair.value) for pair in run),
        label_pairs=tuple((pair.key, pair.word) for pair in run),
        repaired=tuple(repaired),
    )


# -- bare codes -------------------------------------------------------------------------------------------------


def _is_account(code: str, year: int | None, nomenclature: str | None) -> bool:
    return 3 <= len(code) <= 8 and code[0] in "1234567"


def _is_function(code: str, year: int | None, nomenclature: str | None) -> bool:
    return 1 <= len(code) <= 4


def _is_chapter(code: str) -> bool:
    return 2 <= len(code) <= 5


_FAST: Final = re.compile(r"([A-Z][0-9A-Z]{0,7})/([0-9]{2,3})/([0-9]{3,8})/([0-9]{1,4})")
_NOTHING: Final = Message("code vide", "empty code")
_EXPECTED: Final = Message(
    "on attend un code comme « 65/6574/61 » ou « chapitre 65, nature 6574, fonction 61 »",
    "a code such as “65/6574/61” or “chapitre 65, nature 6574, fonction 61” is expected",
)
_SEPARATORS: Final = re.compile(r"\s*[/|–—-]+\s*|\s+")
_LOOKALIKES: Final = str.maketrans("OoQIlSBZ", "00011582")


def parse_imputation(text: str, *, fiscal_year: int | None = None, nomenclature: str | None = None) -> Imputation:
    """Reads one code, bare or labelled.

    ``fiscal_year`` and ``nomenclature`` help to tell an account from a function in a bare code; they refuse nothing:
    a code may be well formed and designate nothing. Raises :class:`ImputationError` when no notation allows it:
    nothing that can be an account or a chapter, mixed, doubled or dangling separators, a letter or a space inside
    an account.
    """
    if not isinstance(text, str):
        raise TypeError(f"a code is text, not {type(text).__name__}")
    fast = _FAST.fullmatch(text)
    if fast is not None:
        own, chapter, account, function = fast.groups()
        if account.startswith(chapter):
            return Imputation(
                text, (("politique", own), ("chapitre", chapter), ("nature", account), ("fonction", function))
            )
    return _parse(text, fiscal_year, nomenclature)


def _parse(text: str, year: int | None, nomenclature: str | None) -> Imputation:
    stripped = text.strip()
    if not stripped:
        raise ImputationError(text, 0, _NOTHING, _EXPECTED)
    if len(stripped) > 500:
        raise ImputationError(
            text, 500, Message("texte trop long pour un code", "too long a text for a code"), _EXPECTED
        )
    runs = list(_runs(stripped, 0, len(stripped)))
    if len(runs) == 1 and any(pair.key in ("nature", "chapitre", "fonction", "ligne") for pair in runs[0]):
        found = _of_run(stripped, runs[0])
        return Imputation(text, found.pairs, found.label_pairs, (), found.repaired)
    return _bare(text, stripped, year, nomenclature)


def _bare(text: str, code: str, year: int | None, nomenclature: str | None) -> Imputation:
    separators = [m.group() for m in _SEPARATORS.finditer(code)]
    kinds = {s.strip().translate(str.maketrans("–—", "--")) for s in separators}
    tokens = _SEPARATORS.split(code)
    doubled = next((s for s in separators if len(s.strip()) > 1), None)
    if doubled:
        raise ImputationError(text, text.find(doubled), Message("séparateur doublé", "doubled separator"), _EXPECTED)
    if not all(tokens):
        raise ImputationError(
            text,
            0 if not tokens[0] else len(text) - 1,
            Message("séparateur au bord du code", "separator at the edge of the code"),
            _EXPECTED,
        )
    if len(kinds) > 1:
        raise ImputationError(
            text, text.find(separators[1]), Message("séparateurs mêlés", "mixed separators"), _EXPECTED
        )
    if len(tokens) > 6 or not all(token.isascii() and token.isalnum() for token in tokens):
        raise ImputationError(text, 0, Message("ce n’est pas un code", "not a code"), _EXPECTED)
    for index, token in enumerate(tokens):
        if not token.isdecimal() and index and token.translate(_LOOKALIKES).isdecimal() and token[0].isdecimal():
            raise ImputationError(
                text,
                text.find(token),
                Message("lettre parmi les chiffres de « {token} »", "letter among the digits of “{token}”").having(
                    token=token
                ),
                _EXPECTED,
                code.replace(token, token.translate(_LOOKALIKES)),
            )
    readings = _readings(tokens, year, nomenclature)
    if not readings:
        raise ImputationError(text, 0, Message("aucun compte dans ce code", "no account in this code"), _EXPECTED)
    repaired: tuple[Repaired, ...] = (
        ("spaced-separators",) if any(s != s.strip() and s.strip() for s in separators) else ()
    )
    return Imputation(text, readings[0].pairs, (), readings if len(readings) > 1 else (), repaired)


def _readings(tokens: list[str], year: int | None, nomenclature: str | None) -> tuple[Reading, ...]:
    options: list[list[str]] = []
    for token in tokens:
        here = []
        if token.isdecimal():
            if _is_account(token, year, nomenclature) or len(tokens) == 1:
                here.append("N")
            if _is_chapter(token):
                here.append("C")
            if _is_function(token, year, nomenclature):
                here.append("F")
        here.append("H")
        options.append(here)
    out: list[Reading] = []
    for roles in product(*options):
        if roles.count("N") != 1 or roles.count("C") > 1 or roles.count("F") > 1 or roles.count("H") > 2:
            continue
        at = roles.index("N")
        account = tokens[at]
        score = float(len(account))
        for index, (role, token) in enumerate(zip(roles, tokens, strict=True)):
            if role == "C":
                score += (4 if account.startswith(token) else 0) + (1 if index == at - 1 else -3 if index > at else 0)
            elif role == "F":
                score += 3 + (0.5 if index > at else 0)
            elif role == "H" and token.isdecimal():
                score -= 6
        house = ["politique", "programme"] if "C" in roles[:at] else ["ligne", "programme"]
        pairs: list[tuple[str, str]] = []
        for role, token in zip(roles, tokens, strict=True):
            if role == "H":
                name = (house if len(pairs) == 0 else ["ligne", "programme"]).pop(0)
                pairs.append((name if all(k != name for k, _ in pairs) else "programme", token))
            else:
                pairs.append(({"N": "nature", "C": "chapitre", "F": "fonction"}[role], token))
        if len({k for k, _ in pairs}) == len(pairs):
            out.append(Reading(tuple(pairs), score))
    out.sort(key=lambda reading: -reading.score)
    return tuple(reading for reading in out if reading.score > out[0].score - 3)


# -- prose ------------------------------------------------------------------------------------------------------

_BARE: Final = re.compile(
    r"(?<![\w/.,°-])(?=[0-9A-Z/\-]{0,24}[1-7][0-9]{2})[0-9A-Z]{1,10}(?:(?:/[0-9A-Z]{1,10}){1,5}|(?:-[0-9A-Z]{1,10}){1,4})(?![\w/-]|[.,][0-9])"
)
_CUE: Final = re.compile(
    r"(?:imput\S{0,12}|\bI\. ?B\.?|\blignes?|\bcode|\bcompte|\bnature|\barticle|budg\S{0,8})\s{0,3}(?:budg\S{0,8})?\s{0,3}(?:n ?[°ºo])?\s{0,3}[:,]?\s{0,3}(?:sur la ligne)?\s{0,3}\Z",
    re.IGNORECASE,
)
_IB: Final = re.compile(r"\bI\. ?B\.? ?\Z")


def find_imputations(text: str, start: int = 0, end: int | None = None) -> Iterator[FoundImputation]:
    """Every imputation written in ``text[start:end]``, in order, without judging any.

    An amount, a date, an act number or a fraction is never one. Time is linear in the length of the text.
    """
    stop = len(text) if end is None else end
    found: list[FoundImputation] = []
    for run in _runs(text, start, stop):
        keys = {pair.key: pair for pair in run}
        nature = keys.get("nature")
        if nature is not None and nature.value[0] in "1234567" and (len(keys) > 1 or len(nature.value) >= 4):
            found.append(FoundImputation(run[0].start, run[-1].end, _of_run(text, run)))
        elif "chapitre" in keys and (len(keys) > 1 or len(keys["chapitre"].value) >= 2):
            found.append(FoundImputation(run[0].start, run[-1].end, _of_run(text, run)))
    for bare in _BARE.finditer(text, start, stop):
        before = text[max(start, bare.start() - 60) : bare.start()]
        if not _CUE.search(before) and not bare.group()[0].isalpha():
            continue
        try:
            read = parse_imputation(bare.group())
        except ImputationError:
            continue
        at = bare.start()
        intro = _IB.search(before)
        if intro:
            at -= len(before) - intro.start()
            read = Imputation(text[at : bare.end()], read.pairs, (), read.readings, read.repaired)
        found.append(FoundImputation(at, bare.end(), read))
    found.sort(key=lambda item: (item.start, -item.end))
    last = -1
    for item in found:
        if item.start >= last:
            last = item.end
            yield item
