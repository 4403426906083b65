"""What the words say around the figures: the fiscal year, the nomenclature, the kind of body, the day of the vote."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import Final

from subsidy_rules.acts import Act
from subsidy_rules.facts import Context
from subsidy_rules.mentions import D

__all__ = ["context_of"]

_BUDGET_YEAR: Final = re.compile(
    rf"(?<![a-z])(?:exercices?(?: budgetaires?)?|budget(?: [a-z']{{1,14}}){{0,5}}|credits(?: [a-z']{{1,14}}){{0,6}}"
    rf"|au titre de|annee(?: budgetaire)?|section(?: [a-z']{{1,14}}){{0,3}}|fiscal year"
    rf"|financial year)(?: de l'annee| de| pour| :)? {D}"
)
_NOMENCLATURE: Final = re.compile(r"(?<![\w])M[. ]?(14|4[1-9]?|49|52|57|61|71|22|31|832|9-9)(?![\w])", re.IGNORECASE)
_HEAD: Final = 60_000
"""Who decides is said in the first pages."""
_BODIES: Final = (
    ("métropole", re.compile(r"(?<![a-z])metropole(?![a-z])")),
    (
        "région",
        re.compile(r"(?<![a-z])(?:conseil regional|la region|commission permanente du conseil regional)(?![a-z])"),
    ),
    ("département", re.compile(r"(?<![a-z])(?:conseil (?:departemental|general)|le departement)(?![a-z])")),
    (
        "communauté",
        re.compile(r"(?<![a-z])(?:communaute (?:de communes|d'agglomeration|urbaine)|conseil communautaire)(?![a-z])"),
    ),
    (
        "commune",
        re.compile(
            r"(?<![a-z])(?:conseil municipal|la commune|la ville|monsieur le maire|madame le maire"
            r"|m\. le maire|le maire)(?![a-z])"
        ),
    ),
)
_VOTED: Final = re.compile(
    rf"(?<![a-z])(?:seance|reunion|session|delibere|conseil [a-z]{{6,14}}|reuni[a-z]*)(?: [a-z' ]{{1,40}})? (?:du"
    rf"|le) (?P<date>{D})"
)


def context_of(act: Act, told: Context) -> Context:
    """The context of a document: its own words first, then what the settings say."""
    text = act.passage.folded[:_HEAD]
    years: Counter[int] = Counter()
    voted = None
    for piece in act.passage.pieces:
        clip = piece.clip
        if D not in clip.text:
            continue
        for found in _BUDGET_YEAR.finditer(clip.text):
            mention = clip.mention(found.end() - 1)
            if mention.kind == "year" and mention.year is not None:
                years[mention.year] += 2 if found.group().startswith(("exercice", "budget", "fiscal")) else 1
        if voted is None and (seance := _VOTED.search(clip.text)) is not None:
            date = clip.mention(seance.start("date")).date
            voted = date.date if date is not None else None
    year = told.fiscal_year
    if years:
        best = years.most_common(2)
        if len(best) == 1 or best[0][1] > best[1][1]:
            year = best[0][0]
        else:
            # Two years equally often: a plan over several years, or last year's figures beside this year's.
            year = year or max(value for value, count in years.items() if count == best[0][1])
    if year is None and voted is not None:
        year = voted.year
    stated = (
        {match.group(1).replace(" ", "") for match in _NOMENCLATURE.finditer(act.passage.text)}
        if "M" in act.passage.text
        else set()
    )
    nomenclature = told.nomenclature or (f"M{next(iter(stated))}" if len(stated) == 1 else None)
    body = told.body
    if body is None:
        counts = [(len(pattern.findall(text)), name) for name, pattern in _BODIES]
        counts.sort(key=lambda pair: -pair[0])
        if counts[0][0] and counts[0][0] > counts[1][0]:
            body = counts[0][1]
    return replace(told, fiscal_year=year, nomenclature=nomenclature, body=body, voted_on=told.voted_on or voted)
