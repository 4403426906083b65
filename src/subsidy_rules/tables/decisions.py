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
from collections.abc import Callable, Iterable, Sequence
from dataclasses import field
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal

from subsidy_rules.claims import Judgement, Share, SharesTotal
from subsidy_rules.figures import Amount, Percentage
from subsidy_rules.frozen import dataclass
from subsidy_rules.place import Place
from subsidy_rules.rounding import MODES, Mode, accepts
from subsidy_rules.tables.cells import percentage_of_share
from subsidy_rules.wording import Message, Terms, decimal_places

__all__ = [
    "MILLION",
    "PLAIN_DECIMALS",
    "WIDEST",
    "Decision",
    "Decisions",
    "Member",
    "Outcome",
    "Understanding",
    "judge_decision",
    "understand",
]

PLAIN_DECIMALS: Final = 6
MILLION: Final = 10**PLAIN_DECIMALS
WIDEST: Final = (2**62) // (2 * MILLION)
"""Cents that a whole decision may hold for every product of the check to stay inside 64 bits: 23 billion euros."""

SHOWN: Final = 50
"""Shares of one decision that a finding writes out."""

UNPRICED: Final = -(2**62)
"""Stands for an amount that cannot be used (empty, unreadable, not above zero): it takes its decision under zero."""

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
    """Counts of plain decisions of several rows whose shares add to 1, from which ``understand`` infers.

    ``part`` and ``whole`` are only counted when the settings leave the meaning of the amount open. ``short`` are the
    decisions written with fewer decimals than most rows, ``fit`` those of them that agree at the usual decimals.
    """

    part: int = 0
    whole: int = 0
    decimals: list[int] = field(default_factory=lambda: [0] * (PLAIN_DECIMALS + 1))
    short: int = 0
    fit: int = 0

    def add(self, other: Evidence) -> None:
        """Joins what another part of the table shows; ``short`` and ``fit`` must be about the same ``usual``."""
        self.part += other.part
        self.whole += other.whole
        self.decimals = [a + b for a, b in zip(self.decimals, other.decimals, strict=True)]
        self.short += other.short
        self.fit += other.fit

    @property
    def usual(self) -> int:
        """The decimals that most shares are written with (the more, when two are as many)."""
        return max(range(PLAIN_DECIMALS + 1), key=lambda count: (self.decimals[count], count))


_SAID_PART: Final = Message(
    "« montant » est compris comme la part de chaque bénéficiaire (décisions qui le montrent : {part} ; qui montrent "
    "le contraire : {whole})",
    "“montant” is understood as each beneficiary’s part (decisions that show it: {part}; that show the contrary: "
    "{whole})",
)
_SAID_WHOLE: Final = Message(
    "« montant » est compris comme le total avant répartition (décisions qui le montrent : {whole} ; qui montrent le "
    "contraire : {part})",
    "“montant” is understood as the total before the split (decisions that show it: {whole}; that show the contrary: "
    "{part})",
)
_SAID_NOTHING: Final = Message(
    "la table ne permet pas de savoir si « montant » est la part de chaque bénéficiaire ou le total : les parts n’ont "
    "pas été rapprochées des montants (réglage tables.amount)",
    "the table does not show whether “montant” is each beneficiary’s part or the total: shares were not held against "
    "amounts (setting tables.amount)",
)
_SAID_DECIMALS: Final = Message(
    "les parts sont écrites à {decimals} décimales, zéros finaux omis (décisions qui le montrent : {fit} sur {short}) "
    ": elles sont vérifiées à {decimals} décimales",
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
            if any(evidence.decimals):
                remarks.append(_SAID_NOTHING)
    else:
        chosen = None if amount == "none" else amount
    decimals = None
    if chosen == "part" and evidence.short >= ENOUGH and evidence.fit * 20 >= evidence.short * 19:
        decimals = evidence.usual
        remarks.append(_SAID_DECIMALS.having(decimals=decimals, fit=evidence.fit, short=evidence.short))
    sure = amount != "auto" or (evidence.part >= ENOUGH and evidence.whole == 0)
    return Understanding(amount=chosen, complete=complete, decimals=decimals, sure=sure, remarks=tuple(remarks))


# -- gathering --------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Outcome:
    """What the plain decisions gave: how many claims by state, and the rows of those that must be judged."""

    shares: Counter[str] = field(default_factory=Counter)
    percentages: Counter[str] = field(default_factory=Counter)
    suspects: list[list[int]] = field(default_factory=list)


class Decisions:
    """Gathers the rows of each decision in compact arrays (about 30 bytes a row), in plain Python."""

    def __init__(self) -> None:
        self.index: dict[str, int] = {}
        self.authorities: list[str | None] = []
        self.odd = bytearray()
        self.group = array("l")
        self.number = array("l")
        self.cents = array("q")
        self.shares = array("l")

    def add(self, key: str, number: int, cents: int, share: int, decimals: int, authority: str) -> None:
        """A plain row: ``cents`` above zero, ``share`` in millionths, both within the bounds of this module."""
        group = self.index.get(key)
        if group is None:
            group = self.index[key] = len(self.odd)
            self.odd.append(0)
            self.authorities.append(authority)
        elif self.authorities[group] != authority:
            self.odd[group] = 1
        self.group.append(group)
        self.number.append(number)
        self.cents.append(cents)
        # Share and decimals in one number: a share takes 20 bits, its decimals 3.
        self.shares.append(share << 3 | decimals)

    def opened(self, authority: str | None) -> int:
        """The number of a new decision; its authority may be told later."""
        self.odd.append(0)
        self.authorities.append(authority)
        return len(self.odd) - 1

    def take(self, groups: Sequence[int], numbers: Sequence[int], cents: Sequence[int], shares: Iterable[int]) -> None:
        """Plain rows of decisions that have their numbers already; ``shares`` with their decimals, as in `add`."""
        self.group.extend(groups)
        self.number.extend(numbers)
        self.cents.extend(cents)
        self.shares.extend(shares)

    def add_unpriced(self, key: str, number: int, share: int, decimals: int, authority: str) -> None:
        """A row whose share is plain and whose amount cannot be used: its decision has shares, and no percentages."""
        self.add(key, number, UNPRICED, share, decimals, authority)

    def add_odd(self, key: str, number: int, authority: str) -> None:
        """A row of which a figure is not plain: its whole decision goes to the judge."""
        self.add(key, number, 0, 0, 0, authority)
        self.odd[self.index[key]] = 1

    def _added(self) -> tuple[list[int], list[int], list[int], bytearray]:
        """Of each decision: its amounts and its shares added, its rows, its finest decimals."""
        count = len(self.odd)
        whole, total = [0] * count, [0] * count
        rows, finest = [0] * count, bytearray(count)
        for group, cents, share in zip(self.group, self.cents, self.shares, strict=True):
            whole[group] += cents
            total[group] += share >> 3
            rows[group] += 1
            if share & 7 > finest[group]:
                finest[group] = share & 7
        for group in range(count):
            if whole[group] > WIDEST:
                self.odd[group] = 1
        return whole, total, rows, finest

    def weigh(self, amount: Literal["auto", "part", "whole", "none"], usual: int | None = None) -> Evidence:
        """What these decisions show of how their table is to be read; ``usual`` is told when they are a part of it."""
        return self._evidence(amount, *self._added(), usual)

    def settle(
        self,
        *,
        amount: Literal["auto", "part", "whole", "none"],
        complete: bool,
        keep: bool,
        meaning: Understanding | None = None,
    ) -> tuple[Understanding, Outcome]:
        """What the table means (unless ``meaning`` says it) and how its decisions stand.

        ``keep``: every decision goes to the judge.
        """
        whole, total, rows, finest = self._added()
        count, odd = len(self.odd), self.odd
        meaning = meaning or understand(
            self._evidence(amount, whole, total, rows, finest), amount=amount, complete=complete
        )
        unfit, unequal = self._unfit(meaning, whole, finest)
        outcome = Outcome()
        suspects = bytearray(count)
        for group in range(count):
            if odd[group] or keep:
                suspects[group] = 1
                continue
            size, added = rows[group], total[group]
            if added != MILLION:
                if added < MILLION and not complete:
                    outcome.shares["unknown"] += 1
                    outcome.percentages["unknown"] += size
                else:
                    suspects[group] = 1
            elif whole[group] < 0:
                outcome.shares["holds"] += 1
                outcome.percentages["unknown"] += size
            elif unfit[group] or unequal[group]:
                suspects[group] = 1
            else:
                outcome.shares["holds"] += 1
                outcome.percentages["holds" if meaning.amount == "part" else "unknown"] += size
        members: dict[int, list[int]] = {}
        for group, number in zip(self.group, self.number, strict=True):
            if suspects[group]:
                members.setdefault(group, []).append(number)
        outcome.suspects = sorted(map(sorted, members.values()))
        return meaning, outcome

    def _evidence(
        self,
        amount: Literal["auto", "part", "whole", "none"],
        whole: list[int],
        total: list[int],
        rows: list[int],
        finest: bytearray,
        usual: int | None = None,
    ) -> Evidence:
        evidence = Evidence()
        odd = self.odd
        # A decision with an amount that cannot be used (its whole is under zero) does not show how amounts are meant.
        wanted = bytearray(
            not odd[group] and rows[group] > 1 and total[group] == MILLION and whole[group] >= 0
            for group in range(len(odd))
        )
        for group, share in zip(self.group, self.shares, strict=True):
            if wanted[group]:
                evidence.decimals[share & 7] += 1
        if amount in ("whole", "none"):
            return evidence
        usual = evidence.usual if usual is None else usual
        if amount == "part":  # only the decisions written short matter
            for group in range(len(odd)):
                if finest[group] >= usual:
                    wanted[group] = 0
        members: dict[int, list[tuple[int, int]]] = {}
        for group, cents, share in zip(self.group, self.cents, self.shares, strict=True):
            if wanted[group]:
                members.setdefault(group, []).append((cents, share >> 3))
        for group, pairs in members.items():
            if amount == "auto":
                equal = len({cents for cents, _ in pairs}) == 1
                if fits(pairs, whole[group], finest[group]):
                    evidence.part += not (equal and len({share for _, share in pairs}) == 1)
                else:
                    evidence.whole += equal
            if finest[group] < usual:
                evidence.short += 1
                evidence.fit += fits(pairs, whole[group], usual)
        return evidence

    def _unfit(self, meaning: Understanding, whole: list[int], finest: bytearray) -> tuple[bytearray, bytearray]:
        """The decisions in which a share is not its amount's part; and those whose amounts are not all the same."""
        unfit, unequal = bytearray(len(whole)), bytearray(len(whole))
        odd = self.odd
        if meaning.amount == "part":
            usual = meaning.decimals or 0
            scales = [10**decimals for decimals in range(PLAIN_DECIMALS + 1)]
            steps = scales[::-1]
            decimals_of = [max(decimals, usual) for decimals in range(PLAIN_DECIMALS + 1)]
            for group, cents, share in zip(self.group, self.cents, self.shares, strict=True):
                all_of = whole[group]
                if cents == all_of or odd[group] or all_of < 0:
                    # One row, or the only amount: it is the whole, and so is its share when the shares add to 1.
                    if share >> 3 != MILLION:
                        unfit[group] = 1
                    continue
                decimals = decimals_of[finest[group]]
                gap = 2 * (scales[decimals] * cents - (share >> 3) // steps[decimals] * all_of)
                if not -all_of <= gap <= all_of:
                    unfit[group] = 1
        elif meaning.amount == "whole":
            first: dict[int, int] = {}
            for group, cents in zip(self.group, self.cents, strict=True):
                if first.setdefault(group, cents) != cents:
                    unequal[group] = 1
        return unfit, unequal


def fits(pairs: Iterable[tuple[int, int]], whole: int, decimals: int) -> bool:
    """True when every share (in millionths) is its amount's part of ``whole``, rounded to ``decimals`` places."""
    scale = 10**decimals
    step = 10 ** (PLAIN_DECIMALS - decimals)
    return all(-whole <= 2 * (scale * cents - share // step * whole) <= whole for cents, share in pairs)


# -- the judge --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Member:
    """One row of a decision, its figures read exactly; ``None`` is what could not be read.

    ``locate`` gives the place of the share (``True``) or of the amount (``False``): most rows are never shown.
    """

    number: int
    authority: str
    amount: Amount | None
    share: Percentage | None
    locate: Callable[[bool], Place]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What the judge says of the rows that share one reference (and one authority). ``total`` is ``None`` when the
    shares make the whole and nobody asked to see it."""

    members: tuple[Member, ...]
    total: Judgement | None
    shares: tuple[Judgement, ...]
    states: Counter[str]
    unequal: bool = False


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


def judge_decision(members: Sequence[Member], meaning: Understanding, *, shown: bool = True) -> Decision:
    """Judges the rows of one reference of one authority. Never raises.

    ``shown``: shares that make the whole are written out too; otherwise they are only known to.
    What rests on an inference from few decisions, or on a table that was not declared complete, is of medium
    confidence.
    """
    everyone = tuple(members)
    # A row that says 1 is a subsidy by itself, granted by the same deliberation.
    rest = [m for m in members if m.share is None or not _is_whole(m.share)] if len(members) > 1 else list(members)
    states: Counter[str] = Counter()
    total: Judgement | None
    if len(rest) < len(members):
        counted = sum(can_count(m.amount) for m in members if m not in rest) if meaning.amount == "part" else 0
        states["holds"] += counted
        states["unknown"] += len(members) - len(rest) - counted
    if not rest:
        held = _total(members[:1], "holds", _RIGHT, None, meaning) if shown else None
        return Decision(members=everyone, total=held, shares=(), states=states)
    read = [m.share for m in rest if m.share is not None]
    if len(read) < len(rest):
        states["unknown"] += len(rest)
        total = _total(rest, "unknown", _RIGHT, _UNREAD, meaning)
        return Decision(members=everyone, total=total, shares=(), states=states)
    decimals = max(max(map(_decimals, read)), meaning.decimals or 0)
    one = 10**decimals
    parts = [share.n * 10 ** (decimals - _decimals(share)) for share in read]
    added = sum(parts)
    amounts = [m.amount for m in rest if m.amount is not None and can_count(m.amount)]
    exact = len(amounts) == len(rest)
    judged: list[Judgement] = []
    fitting = unequal = False
    if exact and meaning.amount is not None:
        places = max(amount.decimals for amount in amounts)
        units = [amount.n * 10 ** (places - amount.decimals) for amount in amounts]
        whole = sum(units)
        unequal = meaning.amount == "whole" and len(set(units)) > 1
    if exact and meaning.amount == "part" and (meaning.complete or added >= one):
        wrong = [
            member
            for member, unit, part in zip(rest, units, parts, strict=True)
            if not -whole <= 2 * (one * unit - part * whole) <= whole
        ]
        fitting = not wrong
        if added == one or meaning.complete:
            states["holds"] += len(rest) - len(wrong)
            of_all = Amount(n=whole, decimals=places, currency="EUR")
            judged = [_wrong_share(member, of_all, decimals, meaning) for member in wrong]
            states["broken"] += len(wrong)
        else:
            states["unknown"] += len(rest)
    else:
        states["unknown"] += len(rest)
    if added == one:
        total = _total(rest, "holds", _RIGHT, None, meaning) if shown else None
    elif fitting and 2 * abs(added - one) <= len(rest):
        total = _total(rest, "holds", _ROUNDED, None, meaning) if shown else None
    elif added > one and added % one == 0:
        total = _total(rest, "unknown", _WRONG, _SEVERAL, meaning)
    elif added < one and not meaning.complete:
        total = _total(rest, "unknown", _WRONG, _LISTING, meaning)
    else:
        total = _total(rest, "broken", _WRONG, None, meaning)
    return Decision(members=everyone, total=total, shares=tuple(judged), states=states, unequal=unequal)


def can_count(amount: Amount | None) -> bool:
    """True for an amount that a percentage can be computed on: exact and above zero."""
    return amount is not None and amount.exponent == 0 and amount.qualifier is None and amount.n > 0


def _is_whole(share: Percentage) -> bool:
    return bool(share.n == 10 ** _decimals(share))


def _decimals(share: Percentage) -> int:
    """Decimals of the share of 1 as written: « 0.45 » has two, and is 45 % with none."""
    return share.decimals - share.exponent + 2


NO_MODE: Final[frozenset[Mode]] = frozenset()
DOWNWARD: Final[frozenset[Mode]] = frozenset(("truncate", "floor"))
UPWARD: Final[frozenset[Mode]] = frozenset(("ceiling", "away_from_zero"))
_WRONG_SHARE: Final = Message(
    "{part} ÷ {whole} = {ratio} % → {right} {places}, et non {stated}",
    "{part} ÷ {whole} = {ratio}% → {right} {places}, not {stated}",
)
_CUT_SHARE: Final = Message(
    "{part} ÷ {whole} = {ratio} % → {right} {places} ; {stated} est la valeur tronquée",
    "{part} ÷ {whole} = {ratio}% → {right} {places}; {stated} is the truncated value",
)


def _wrong_share(member: Member, whole: Amount, decimals: int, meaning: Understanding) -> Judgement:
    """The judgement of a share that is not its amount's part: that of ``claims.judge``, in integers alone."""
    share, amount = member.share, member.amount
    assert share is not None
    assert amount is not None
    place = member.locate(True)
    n = share.n * 10 ** (decimals - _decimals(share))
    stated = percentage_of_share(n, decimals, share.text, place)
    part = amount
    # What the share should be, in units of its last decimal, is numerator / denominator.
    numerator = 10 ** (decimals + whole.decimals - amount.decimals) * amount.n
    denominator = whole.n
    # A share that is a unit or more away was rounded in no way at all.
    if not (n - 1) * denominator < numerator < (n + 1) * denominator:
        modes = NO_MODE
    elif n > 0:
        # More than half a unit away: only the modes that go one way whatever the digits took it there.
        modes = DOWNWARD if numerator > n * denominator else UPWARD
    else:
        modes = frozenset(mode for mode in MODES if accepts(n, mode, numerator, denominator))
    right = percentage_of_share((2 * numerator + denominator) // (2 * denominator), decimals)
    ratio = Fraction(100 * numerator, denominator * 10**decimals)
    cut = bool(modes & {"truncate", "floor"})
    claim = Share(
        place=place,
        stated=stated,
        part=part,
        whole=whole,
        topic="decision",
        confidence="high" if meaning.sure else "medium",
    )
    return Judgement(
        claim=claim,
        state="broken",
        working=(_CUT_SHARE if cut else _WRONG_SHARE).having(
            part=part, whole=whole, ratio=ratio, right=right, stated=stated, places=decimal_places(stated.decimals)
        ),
        modes=modes,
        remark="truncated" if cut else None,
        values={"expected": right.plain, "modes": sorted(modes)},
    )


def _total(
    members: Sequence[Member],
    state: Literal["holds", "broken", "unknown"],
    working: Message,
    reason: Message | None,
    meaning: Understanding,
) -> Judgement:
    percents = tuple(m.share for m in members)
    read = tuple(share for share in percents if share is not None)
    claim = SharesTotal(
        place=members[0].locate(True),
        percents=percents,
        computed=True,
        topic="decision",
        confidence="high" if meaning.complete else "medium",
    )
    finest = max(map(_decimals, read), default=2)
    added = sum(share.n * 10 ** (finest - _decimals(share)) for share in read)
    if len(read) < len(percents):
        working = _UNREAD  # a sum of some of them would be no sum of the decision
    # The working is filled in whatever the state: a decision that holds may become unknown for a reason of its rows.
    working = working.having(terms=Terms(read[:SHOWN], " + "), sum=Decimal(added).scaleb(2 - finest))
    return Judgement(
        claim=claim,
        state=state,
        working=working,
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
