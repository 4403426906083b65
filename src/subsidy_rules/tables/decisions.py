"""The arithmetic of decisions: the rows that share one reference, their shares of 1, and their amounts.

What the official schema means: ``pourcentageSubvention`` is the part of the subsidy that goes to the beneficiary of
the row, so the shares of one subsidy add to 1. Four things that published files do keep a decision from being accused:

* one deliberation often grants many subsidies, each to one beneficiary, so every row says 1: each is whole by itself;
* files list only some of the beneficiaries of a decision: under 1, nothing can be told unless the table is complete;
* two subsidies shared out under one reference add to 2, 3…: a whole number cannot be told from a doubled listing;
* shares rounded from amounts may miss 1 by their rounding: when every share is the right one for its amount, they do.

``montant`` is the whole in the text of the schema 2.1.1 and the part in most files: see ``Understanding``.

Everything is an integer: amounts in cents, shares in millionths. What does not fit (more decimals, more digits, a cell
that is not plain) makes its decision *odd*: it goes to the exact judge, ``judge_decision``, which is the only one to
conclude that something is wrong.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final, Literal

from subsidy_rules.claims import Judgement, Share, SharesTotal, judge
from subsidy_rules.figures import Amount, Percentage
from subsidy_rules.place import Place
from subsidy_rules.tables.cells import percentage_of_share
from subsidy_rules.wording import Message, Terms

__all__ = [
    "MILLION",
    "PLAIN_DECIMALS",
    "WIDEST",
    "Decision",
    "Decisions",
    "Member",
    "Outcome",
    "Sorted",
    "Understanding",
    "judge_decision",
    "understand",
]

PLAIN_DECIMALS: Final = 6
MILLION: Final = 10**PLAIN_DECIMALS
WIDEST: Final = (2**62) // (2 * MILLION)
"""Cents that a whole decision may hold for every product of the check to stay inside 64 bits: 23 billion euros."""

ENOUGH: Final = 20
"""Decisions that a table must hold before its habits say how it is to be read."""


# -- how a table is to be read ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """What the amounts and the listing of a table mean, from the settings or from the table itself.

    ``amount`` is ``None`` when the table does not settle it. ``complete``: every beneficiary of a decision is listed.
    ``decimals``: the decimals of the whole column of shares, when the table shows that it is written with a fixed
    number of them less the last zeros; else ``None``, and each decision has its own. ``sure``: ``amount`` was said, or
    shown by many decisions and denied by none.
    """

    amount: Literal["part", "whole"] | None
    complete: bool
    decimals: int | None = None
    sure: bool = True
    remarks: tuple[Message, ...] = ()


@dataclass(slots=True)
class Evidence:
    """Counts of plain decisions of several rows whose shares add to 1, from which ``understand`` infers."""

    part: int = 0
    whole: int = 0
    decimals: Counter[int] = field(default_factory=Counter)
    short: Counter[int] = field(default_factory=Counter)
    short_fit: Counter[int] = field(default_factory=Counter)


_SAID_PART: Final = Message(
    "« montant » est compris comme la part de chaque bénéficiaire ({part} décisions le montrent, {whole} le contraire)",
    "“montant” is understood as each beneficiary’s part ({part} decisions show it, {whole} the contrary)",
)
_SAID_WHOLE: Final = Message(
    "« montant » est compris comme le total avant répartition ({whole} décisions le montrent, {part} le contraire)",
    "“montant” is understood as the total before the split ({whole} decisions show it, {part} the contrary)",
)
_SAID_NOTHING: Final = Message(
    "la table ne permet pas de savoir si « montant » est la part de chaque bénéficiaire ou le total : les parts n’ont "
    "pas été rapprochées des montants (réglage tables.amount)",
    "the table does not show whether “montant” is each beneficiary’s part or the total: shares were not held against "
    "amounts (setting tables.amount)",
)
_SAID_DECIMALS: Final = Message(
    "les parts sont écrites à {decimals} décimales, zéros finaux omis ({fit} décisions sur {short} le montrent) : "
    "elles sont vérifiées à {decimals} décimales",
    "shares are written to {decimals} decimals, last zeros left out ({fit} decisions out of {short} show it): they are "
    "checked to {decimals} decimals",
)


def understand(
    evidence: Evidence,
    *,
    amount: Literal["auto", "part", "whole", "none"],
    complete: bool,
) -> Understanding:
    """What the table means; everything inferred is in the remarks."""
    remarks: list[Message] = []
    chosen: Literal["part", "whole"] | None
    if amount == "auto":
        words = {"part": evidence.part, "whole": evidence.whole}
        if evidence.part and evidence.part >= 9 * evidence.whole:
            chosen = "part"
            remarks.append(_SAID_PART.having(**words))
        elif evidence.whole and evidence.whole >= 9 * evidence.part:
            chosen = "whole"
            remarks.append(_SAID_WHOLE.having(**words))
        else:
            chosen = None
            if evidence.decimals:
                remarks.append(_SAID_NOTHING)
    else:
        chosen = None if amount == "none" else amount
    decimals = None
    if chosen == "part" and evidence.decimals:
        usual = max(evidence.decimals, key=lambda count: (evidence.decimals[count], count))
        short, fit = evidence.short[usual], evidence.short_fit[usual]
        if short >= ENOUGH and fit * 20 >= short * 19:
            decimals = usual
            remarks.append(_SAID_DECIMALS.having(decimals=usual, fit=fit, short=short))
    sure = amount != "auto" or (evidence.part >= ENOUGH and evidence.whole == 0)
    return Understanding(amount=chosen, complete=complete, decimals=decimals, sure=sure, remarks=tuple(remarks))


# -- gathering --------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Outcome:
    """What the plain decisions gave: how many claims by state, and the rows of those that must be judged."""

    shares: Counter[str] = field(default_factory=Counter)
    percentages: Counter[str] = field(default_factory=Counter)
    suspects: list[list[int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Sorted:
    """How one plain decision stands: the state of its shares, of each row's percentage, or ``None``: to be judged."""

    shares: str
    percentages: str


_HOLDS: Final = Sorted("holds", "holds")
_LISTED: Final = Sorted("holds", "unknown")
_UNKNOWN: Final = Sorted("unknown", "unknown")


def fits(cents: Sequence[int], shares: Sequence[int], whole: int, decimals: int) -> bool:
    """True when every share (in millionths) is its amount's part of ``whole``, rounded to ``decimals`` places."""
    scale = 10**decimals
    step = 10 ** (PLAIN_DECIMALS - decimals)
    return all(
        -whole <= 2 * (scale * amount - share // step * whole) <= whole
        for amount, share in zip(cents, shares, strict=True)
    )


class Decisions:
    """Gathers the rows of each decision in compact arrays (about 40 bytes a row), in plain Python."""

    def __init__(self) -> None:
        self._index: dict[str, int] = {}
        self._group = array("l")
        self._number = array("l")
        self._cents = array("q")
        self._shares = array("i")
        self._decimals = array("b")
        self._odd = bytearray()
        self._authority: list[str | None] = []

    def add(self, key: str, number: int, cents: int, share: int, decimals: int, authority: str) -> None:
        """A plain row: ``cents`` above zero, ``share`` in millionths, both within the bounds of this module."""
        group = self._index.get(key)
        if group is None:
            group = self._index[key] = len(self._odd)
            self._odd.append(0)
            self._authority.append(authority)
        elif self._authority[group] != authority:
            self._odd[group] = 1
        self._group.append(group)
        self._number.append(number)
        self._cents.append(cents)
        self._shares.append(share)
        self._decimals.append(decimals)

    def add_odd(self, key: str, number: int, authority: str) -> None:
        """A row of which a figure is not plain: its whole decision goes to the judge."""
        self.add(key, number, 0, 0, 0, authority)
        self._odd[self._index[key]] = 1

    def _grouped(self) -> Iterator[tuple[bool, list[int]]]:
        """Whether each decision is odd, and the positions of its rows."""
        members: list[list[int]] = [[] for _ in self._odd]
        for at, group in enumerate(self._group):
            members[group].append(at)
        for group, rows in enumerate(members):
            yield bool(self._odd[group]), rows

    def settle(
        self, *, amount: Literal["auto", "part", "whole", "none"], complete: bool, keep: bool
    ) -> tuple[Understanding, Outcome]:
        """What the table means and how its decisions stand. ``keep``: every decision goes to the judge."""
        evidence = Evidence()
        plain: list[tuple[list[int], list[int], list[int], int]] = []
        outcome = Outcome()
        singles = 0
        for odd, at in self._grouped():
            numbers = [self._number[i] for i in at]
            cents = [self._cents[i] for i in at]
            shares = [self._shares[i] for i in at]
            if odd or keep or sum(cents) > WIDEST:
                outcome.suspects.append(numbers)
                if odd or sum(cents) > WIDEST:
                    continue
            decimals = max(self._decimals[i] for i in at)
            if len(at) == 1 and shares[0] == MILLION and not keep:
                singles += 1
                continue
            _weigh(evidence, cents, shares, decimals, [self._decimals[i] for i in at])
            if not keep:
                plain.append((numbers, cents, shares, decimals))
        understanding = understand(evidence, amount=amount, complete=complete)
        if singles:
            alone = sort_plain([1], [MILLION], 0, understanding)
            state = alone or _UNKNOWN
            outcome.shares[state.shares] += singles
            outcome.percentages[state.percentages] += singles
        for numbers, cents, shares, decimals in plain:
            stand = sort_plain(cents, shares, decimals, understanding)
            if stand is None:
                outcome.suspects.append(numbers)
            else:
                outcome.shares[stand.shares] += 1
                outcome.percentages[stand.percentages] += len(numbers)
        outcome.suspects.sort()
        return understanding, outcome


def _weigh(evidence: Evidence, cents: list[int], shares: list[int], finest: int, decimals: Iterable[int]) -> None:
    """What one plain decision shows of how its table is written."""
    if len(cents) < 2 or sum(shares) != MILLION:
        return
    evidence.decimals.update(decimals)
    whole = sum(cents)
    if fits(cents, shares, whole, finest):
        if not (len(set(cents)) == 1 and len(set(shares)) == 1):
            evidence.part += 1
    elif len(set(cents)) == 1:
        evidence.whole += 1
    for finer in range(finest + 1, PLAIN_DECIMALS + 1):
        evidence.short[finer] += 1
        if fits(cents, shares, whole, finer):
            evidence.short_fit[finer] += 1


def sort_plain(cents: list[int], shares: list[int], finest: int, meaning: Understanding) -> Sorted | None:
    """How a plain decision stands, or ``None`` when it must be judged."""
    total = sum(shares)
    if total != MILLION:
        if total < MILLION and not meaning.complete and MILLION not in shares:
            return _UNKNOWN
        return None
    if meaning.amount == "part":
        decimals = max(finest, meaning.decimals or 0)
        return _HOLDS if fits(cents, shares, sum(cents), decimals) else None
    if meaning.amount == "whole" and len(set(cents)) > 1:
        return None
    return _LISTED


# -- the judge --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One row of a decision, its figures read exactly; ``None`` is what could not be read."""

    number: int
    authority: str
    amount: Amount | None
    share: Percentage | None
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What the judge says of the rows that share one reference (and one authority)."""

    members: tuple[Member, ...]
    total: Judgement | None
    shares: tuple[Judgement, ...]
    states: Counter[str]
    unequal: bool = False


_ONE: Final = Fraction(100)
_UNREAD: Final = Message("une des parts n’a pas pu être lue", "one of the shares could not be read")
_SEVERAL: Final = Message(
    "plusieurs subventions semblent porter la même référence", "several subsidies seem to carry the same reference"
)
_LISTING: Final = Message(
    "tous les bénéficiaires de la décision ne sont peut-être pas dans la table",
    "perhaps not all beneficiaries of the decision are in the table",
)
_AUTHORITIES: Final = Message(
    "plusieurs attribuants portent cette référence, et l’identifiant de l’un d’eux est faux",
    "several authorities carry this reference, and the identifier of one of them is wrong",
)
_WRONG: Final = Message("{terms} = {sum} %, et non 100 %", "{terms} = {sum}%, not 100%")
_RIGHT: Final = Message("{terms} = {sum} %", "{terms} = {sum}%")
_ROUNDED: Final = Message(
    "{terms} = {sum} % ; chaque part est l’arrondi juste de son montant",
    "{terms} = {sum}%; each share is its amount rightly rounded",
)


def judge_decision(members: Sequence[Member], meaning: Understanding, *, sure: bool) -> Decision:
    """Judges the rows of one reference of one authority.

    ``sure`` is False where what the amounts mean was inferred from too few decisions: a percentage found wrong is
    then of medium confidence, as is a total when the table was not declared complete. Never raises.
    """
    # A row that says 1 is a subsidy by itself, granted by the same deliberation.
    alone = [m for m in members if m.share is not None and m.share.fraction == _ONE and len(members) > 1]
    rest = [m for m in members if m not in alone]
    listed = meaning.complete
    states: Counter[str] = Counter()
    states["holds" if meaning.amount == "part" else "unknown"] += sum(_counts(m.amount) for m in alone)
    states["unknown"] += sum(not _counts(m.amount) for m in alone)
    if not rest:
        total = _total(alone[:1], "holds", _RIGHT, None, listed)
        return Decision(members=tuple(members), total=total, shares=(), states=states)
    shares = [m.share for m in rest if m.share is not None]
    amounts = [m.amount for m in rest if _counts(m.amount) and m.amount is not None]
    if len(shares) < len(rest):
        states["unknown"] += len(rest)
        unread = _total(rest, "unknown", _RIGHT, _UNREAD, listed)
        return Decision(members=tuple(members), total=unread, shares=(), states=states)
    added = sum((share.fraction for share in shares), Fraction(0))
    decimals = max(_decimals(share) for share in shares)
    if meaning.decimals is not None:
        decimals = max(decimals, meaning.decimals)
    exact = len(amounts) == len(rest)
    judged: list[Judgement] = []
    fitting = False
    whole = sum((amount.fraction for amount in amounts), Fraction(0))
    if meaning.amount == "part" and exact and (added == _ONE or meaning.complete or added > _ONE):
        wrong = [m for m in rest if not _fits(m, whole, decimals)]
        fitting = not wrong
        if added == _ONE or meaning.complete:
            states["holds"] += len(rest) - len(wrong)
            for member in wrong:
                verdict = judge(_claim(member, whole, decimals, sure))
                states[verdict.state] += 1
                judged.append(verdict)
        else:
            states["unknown"] += len(rest)
    else:
        states["unknown"] += len(rest)
    unequal = meaning.amount == "whole" and exact and len({amount.fraction for amount in amounts}) > 1
    if added == _ONE:
        total = _total(rest, "holds", _RIGHT, None, listed)
    elif fitting and abs(added - _ONE) * 2 <= len(rest) * Fraction(100, 10**decimals):
        total = _total(rest, "holds", _ROUNDED, None, listed)
    elif added > _ONE and (added / 100).denominator == 1:
        total = _total(rest, "unknown", _WRONG, _SEVERAL, listed)
    elif added < _ONE and not meaning.complete:
        total = _total(rest, "unknown", _WRONG, _LISTING, listed)
    else:
        total = _total(rest, "broken", _WRONG, None, listed)
    return Decision(members=tuple(members), total=total, shares=tuple(judged), states=states, unequal=unequal)


def _counts(amount: Amount | None) -> bool:
    return amount is not None and amount.is_exact and amount.n > 0


def _decimals(share: Percentage) -> int:
    """Decimals of the share of 1 as written: « 0.45 » has two, and is 45 % with none."""
    return share.decimals - share.exponent + 2


def _fits(member: Member, whole: Fraction, decimals: int) -> bool:
    if member.amount is None or member.share is None:
        return False
    scale = Fraction(10**decimals)
    written = member.share.fraction * scale / 100
    return abs(2 * (scale * member.amount.fraction - written * whole)) <= abs(whole)


def _claim(member: Member, whole: Fraction, decimals: int, sure: bool) -> Share:
    assert member.share is not None
    n = member.share.fraction * 10**decimals / 100
    stated = percentage_of_share(int(n), decimals, member.share.text).at(member.share.place)
    scale = whole.denominator
    power = 0
    while 10**power % scale:
        power += 1
    total = Amount(n=int(whole * 10**power), decimals=power, currency="EUR")
    return Share(
        place=member.place,
        stated=stated,
        part=member.amount,
        whole=total,
        topic="decision",
        confidence="high" if sure else "medium",
    )


def _total(
    members: Sequence[Member],
    state: Literal["holds", "broken", "unknown"],
    working: Message,
    reason: Message | None,
    sure: bool,
) -> Judgement:
    percents = tuple(m.share for m in members)
    read = tuple(share for share in percents if share is not None)
    added = sum((share.fraction for share in read), Fraction(0))
    claim = SharesTotal(
        place=members[0].place,
        percents=percents,
        computed=True,
        topic="decision",
        confidence="high" if sure else "medium",
    )
    return Judgement(
        claim=claim,
        state=state,
        working=working.having(terms=Terms(read, " + "), sum=added),
        reason=reason,
        values={"rows": [m.number for m in members]},
    )


def by_authority(members: Sequence[Member], valid: Sequence[bool]) -> list[tuple[list[Member], Message | None]]:
    """The rows of one reference, authority by authority: communities number their decisions alike.

    A row whose authority's identifier is wrong belongs to the only other one there is; with several, nobody can tell,
    and the reason says so.
    """
    groups: dict[str, list[Member]] = {}
    stray: list[Member] = []
    for member, right in zip(members, valid, strict=True):
        if right:
            groups.setdefault(member.authority, []).append(member)
        else:
            stray.append(member)
    if len(groups) <= 1:
        return [(list(members), None)]
    return [(rows, _AUTHORITIES if stray else None) for rows in groups.values()]
