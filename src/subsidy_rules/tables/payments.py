"""What a table's payment conditions say of its amounts: « acompte de 661 500 € … et le solde » of 511 500 €.

Only what is announced to be paid is held against the amount of the row: an advance, an instalment, a balance. The
payments together may not exceed the amount, and stay under it where a balance is still to come.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from subsidy_rules.claims import AtMost, Judgement, judge
from subsidy_rules.figures import Amount
from subsidy_rules.numerals import NumeralError, parse_amount
from subsidy_rules.place import Place
from subsidy_rules.tables.cells import unmangled

__all__ = ["announced", "judge_payments", "may_announce"]

_SP: Final = "[ \u00a0\u202f\u2009]"
_SUM: Final = re.compile(
    rf"(?<![0-9.,/-])([0-9]{{1,3}}(?:{_SP}[0-9]{{3}}){{1,4}}(?:,[0-9]{{1,2}})?|[0-9]{{2,12}}(?:[.,][0-9]{{1,2}})?)"
    rf"{_SP}?(?:€|\u20ac|euros?\b|EUR\b)",
    re.IGNORECASE,
)
_PAID: Final = re.compile(
    r"acompte|accompte|acpte|avance|versement|paiement|solde|tranche|échéance|autre", re.IGNORECASE
)
_LIMIT: Final = re.compile(
    r"limite|plafon|maximum|au plus|dépass|depass|inférieur|superieur|supérieur|au-delà|sur la base|base de|dépense"
    r"|cout|coût|budget|justifi[a-z]{0,12} (?:de|d’|d') ?[0-9]",
    re.IGNORECASE,
)
_LEFT: Final = re.compile(r"\bsolde\b", re.IGNORECASE)


def may_announce(text: str) -> bool:
    """True when a text may announce a payment in euros: cheap, and never False for one that does."""
    return any(char.isdecimal() for char in text)


def announced(text: str) -> tuple[tuple[str, ...], bool] | None:
    """The amounts that a text announces to be paid, as written, and whether a balance without amount follows them.

    ``None`` when the text announces none, or speaks of limits, costs or conditions, where an amount is not a payment.
    """
    clear = unmangled(text)
    if not _PAID.search(clear):
        return None
    sums: list[str] = []
    balance = False
    end = 0
    for found in _SUM.finditer(clear):
        before = clear[end : found.start()]
        if _LIMIT.search(before):
            return None
        sums.append(found[1])
        end = found.end()
    if not sums or _LIMIT.search(clear[end:]):
        return None
    balance = bool(_LEFT.search(clear[end:])) or bool(_LEFT.search(clear[: clear.find(sums[0])]) and len(sums) == 1)
    if balance and _LEFT.search(clear[: clear.find(sums[-1])]) and not _LEFT.search(clear[end:]):
        balance = False  # « solde de 9 720 € »: the balance is one of the amounts
    return tuple(sums), balance


def judge_payments(text: str, amount: Amount, place: Place) -> Judgement | None:
    """The payments announced by ``text`` against the amount of the row; ``None`` when there are none to compare."""
    found = announced(text)
    if found is None:
        return None
    sums, balance = found
    parts: list[Amount] = []
    for written in sums:
        try:
            parts.append(parse_amount(written, currency="EUR", place=place))
        except NumeralError:
            return None
    return judge(
        AtMost(
            place=place,
            value=parts[0] if len(parts) == 1 else None,
            parts=_parts(parts),
            limit=amount,
            strict=balance,
            topic="payments",
            cue=text[:200],
        )
    )


def _parts(parts: Sequence[Amount]) -> tuple[Amount, ...]:
    return tuple(parts) if len(parts) > 1 else ()
