"""A diagnosis in one sentence, for people: what the figure should be, what stands there, and what vouches for it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal

from subsidy_rules.diagnosis.record import Diagnosis, Repair
from subsidy_rules.diagnosis.relations import Relation
from subsidy_rules.diagnosis.slips import KINDS
from subsidy_rules.wording import Message

__all__ = ["Role", "role_of", "sentence", "told"]

Role = Literal["total", "part", "rate", "whole", "net", "gross", "start", "end", "limit", "result", "count", "other"]
"""What a figure is in a relation."""

_CALLED: Final[dict[Role, Message]] = {
    "total": Message("le total", "the total"),
    "part": Message("un des montants", "one of the amounts"),
    "rate": Message("le taux", "the rate"),
    "whole": Message("la base du taux", "the base of the rate"),
    "net": Message("le montant hors taxes", "the amount before tax"),
    "gross": Message("le montant toutes taxes comprises", "the amount with tax"),
    "start": Message("le montant de départ", "the first amount"),
    "end": Message("le montant d’arrivée", "the last amount"),
    "limit": Message("le plafond", "the ceiling"),
    "result": Message("le solde", "the balance"),
    "count": Message("le nombre", "the count"),
    "other": Message("le montant", "the amount"),
}

_TELLING: Final[tuple[Role, ...]] = ("total", "rate", "limit", "result", "gross", "end")
"""Of the roles of a figure in several relations, those that say best which figure it is."""

_ONE: Final = Message("{what} est sans doute {new} (et non {old})", "{what} is probably {new} (not {old})")
_VOUCHED: Final = Message("{claim} : {witnesses} s’accordent", "{claim}: {witnesses} agree")
_SLIP: Final = Message("{claim} : {kind}", "{claim}: {kind}")
_EITHER: Final = Message("soit {first}", "either {first}")
_OR: Final = Message("{before}, soit {following}", "{before}, or {following}")
_IS: Final = Message("{what} est {new} (et non {old})", "{what} is {new} (not {old})")
_AND: Final = Message("{first} et {second}", "{first} and {second}")
_COMMA: Final = Message("{first}, {second}", "{first}, {second}")

_SEVERAL_PARTS: Final[dict[int, Message]] = {
    2: Message("les deux parts", "both parts"),
    3: Message("les trois parts", "the three parts"),
    4: Message("les quatre parts", "the four parts"),
}
_PARTS: Final = Message("les {count} parts", "the {count} parts")
_OTHER_PARTS: Final = Message("les autres montants", "the other amounts")
_OTHER_AMOUNT: Final = Message("l’autre montant", "the other amount")
_AGAIN: Final = Message("l’autre mention", "the other mention")
_SHARE: Final = Message("la part", "the share")


def role_of(relation: Relation, name: str) -> Role:
    """What the figure ``name`` is in ``relation``."""
    for product in relation.products:
        if product.factor == name:
            return "count" if relation.kind == "average" else "rate"
    inside = {other for product in relation.products for other, _ in product.terms}
    if relation.kind == "tax":
        return "net" if name in inside else "gross"
    if relation.kind == "change":
        return "start" if name in inside else "end"
    if relation.kind == "average":
        return "part" if name in inside else "total"
    if inside:
        return "whole" if name in inside else "part"
    if relation.kind == "at_most":
        return "limit" if dict(relation.terms).get(name, 0) < 0 else "part"
    if relation.result == name:
        return "result"
    if relation.total == name:
        return "start" if relation.kind == "balance" else "total"
    if relation.total is not None or relation.kind == "shares_total":
        return "part"
    return "other"


def sentence(diagnosis: Diagnosis) -> Message | None:
    """What a diagnosis lets one say, in one sentence without a full stop; ``None`` when it must abstain.

    When one repair dominates, that repair; otherwise what all the best repairs share; otherwise, when two or three
    repairs hold four fifths of the probability, the choice between them.
    """
    repair = diagnosis.repair
    if repair is not None:
        return told(diagnosis, repair, repair.changes)
    if diagnosis.common and diagnosis.repairs:
        return told(diagnosis, diagnosis.repairs[0], diagnosis.common)
    few = [repair for repair in diagnosis.repairs if 20 * repair.probability >= 1]
    if len(few) in (2, 3) and 5 * sum(repair.probability for repair in few) > 4:
        return _choice(diagnosis, few)
    return None


def told(diagnosis: Diagnosis, repair: Repair, names: Iterable[str]) -> Message:
    """The changes of ``repair`` to the figures ``names``; with its witnesses when there is one change only."""
    chosen = [name for name in repair.changes if name in set(names)]
    parts = [
        _ONE.having(what=_called(diagnosis, name), new=repair.changes[name], old=repair.old[name]) for name in chosen
    ]
    if len(parts) > 1:
        return _listed(parts)
    witnesses = _witnesses(diagnosis, repair, chosen[0])
    if len(witnesses) > 1:
        return _VOUCHED.having(claim=parts[0], witnesses=_listed(witnesses))
    kind = repair.kinds[list(repair.changes).index(chosen[0])]
    return parts[0] if kind == "retyped" else _SLIP.having(claim=parts[0], kind=KINDS[kind])


def _choice(diagnosis: Diagnosis, repairs: list[Repair]) -> Message:
    said = [
        _listed(
            [
                _IS.having(what=_called(diagnosis, name), new=repair.changes[name], old=repair.old[name])
                for name in repair.changes
            ]
        )
        for repair in repairs
    ]
    message = _EITHER.having(first=said[0])
    for one in said[1:]:
        message = _OR.having(before=message, following=one)
    return message


def _called(diagnosis: Diagnosis, name: str) -> Message:
    roles = [role_of(relation, name) for relation in diagnosis.relations if name in relation.names()]
    for role in _TELLING:
        if role in roles:
            return _CALLED[role]
    return next((_CALLED[role] for role in roles if role != "other"), _CALLED["other"])


def _witnesses(diagnosis: Diagnosis, repair: Repair, name: str) -> list[Message]:
    """What agrees on the new value: the other figures of the broken relations it repairs, when those are several."""
    found: list[Message] = []
    explained = repair.explains.get(name, ())
    for number in explained if len(explained) > 1 else ():
        relation = diagnosis.relations[number]
        for message in _speaking(relation, name):
            if message not in found:
                found.append(message)
    return found


def _speaking(relation: Relation, name: str) -> Iterable[Message]:
    role = role_of(relation, name)
    names = [other for other in relation.names() if other != name]
    if relation.products:
        roles = {role_of(relation, other) for other in names}
        if role == "rate":
            yield _SHARE if relation.kind in ("percentage", "relation") else _OTHER_PARTS
        elif "rate" in roles:
            yield _CALLED["rate"]
        else:
            yield _OTHER_PARTS
    elif role == "total":
        count = len(names)
        yield _SEVERAL_PARTS.get(count, _PARTS.having(count=count))
    elif relation.total is not None:
        yield _CALLED["total"]
        yield _OTHER_PARTS if len(names) > 2 else _OTHER_AMOUNT
    elif len(names) == 1:
        yield _AGAIN
    else:
        yield _OTHER_PARTS


def _listed(messages: list[Message]) -> Message:
    """« a, b et c »."""
    if len(messages) == 1:
        return messages[0]
    head = messages[0]
    for one in messages[1:-1]:
        head = _COMMA.having(first=head, second=one)
    return _AND.having(first=head, second=messages[-1])
