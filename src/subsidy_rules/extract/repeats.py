"""The same amount said again: « la dépense précitée, d'un montant de », « cette somme de », title and article."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from subsidy_rules.acts import Act, place_of
from subsidy_rules.claims import Claim, Equal
from subsidy_rules.folding import stem
from subsidy_rules.holding import holds
from subsidy_rules.mentions import A, Mention, N
from subsidy_rules.patterns import hinted
from subsidy_rules.sentences import Sentence

__all__ = ["claims"]

_NOUN: Final = (
    r"subvention|aide|somme|montant|depense|dotation|participation|enveloppe|concours(?: financier)?"
    r"|contribution|credit|soutien(?: financier)?|financement|avance|acompte|cotisation"
    r"|garantie|pret|grant|amount|sum"
)
_AGAIN: Final = re.compile(
    rf"(?<![a-z])(?P<words>(?:(?:l'|la |le |les )?(?P<noun>{_NOUN})s? (?:precitee?s?|susvisee?s?"
    rf"|susmentionnee?s?|ci-dessus(?: mentionnee?s?| visee?s?)?|visee?s? ci-dessus|mentionnee?s? ci-dessus"
    rf"|correspondante?s?|said)"
    rf"|(?:cette |cet |ce |ces |ladite |ledit |lesdites |this |that |said )(?P<noun2>{_NOUN})s?)"
    rf"(?: [a-z' -]{{2,50}})?,? ?(?:(?:est |soit |sera |qui s'eleve |s'elevant )?(?:d'un montant (?:total "
    rf"|global )?de|d'un total de|de|a|d'|fixee? a|of|:|soit|est de|s'eleve a|s'elevant a) ?))(?P<again>{A})"
)
_OF_ARTICLE: Final = hinted(
    rf"(?<![a-z])(?P<words>(?:la |le |l'|cette |ce |cet )(?P<noun>{_NOUN})(?: [a-z' -]{{2,50}})? ?(?:d'un montant de"
    rf"|de|d') ?"
    rf"(?P<again>{A}),? (?:mentionnee?|visee?|prevue?|accordee?|attribuee?|allouee?|fixee?|octroyee?|definie?) (?:a"
    rf"|par|au) "
    rf"(?:l')?(?:article|art\.?) (?P<number>premier|1er|[0-9]{{1,2}}|{N}))",
    "art",
)
_SAME: Final = hinted(
    rf"(?<![a-z])(?P<words>(?:(?:identique|egale?|inchangee?|maintenue?|reconduite?|comme en \ue004"
    rf"|meme montant|same amount)[^{A};.]{{0,60}}?))(?P<again>{A})",
    "identique",
    "egal",
    "inchange",
    "maintenu",
    "reconduit",
    "comme en",
    "meme montant",
    "same amount",
)
_GIVEN: Final = re.compile(
    rf"(?<![a-z])(?P<noun>subvention|aide|participation|dotation|concours financier|soutien financier"
    rf"|contribution|enveloppe|garantie d'emprunt|pret|grant)(?:s)?(?![a-z])(?P<between>[^{A};.:]{{0,140}}?)(?<![a-z]"
    rf")(?:de|d'un montant de|d'un montant (?:total|global|maximum) de|a hauteur de|s'elevant a"
    rf"|:|of) (?P<amount>{A})"
)
_NAME: Final = re.compile(r"(?<![\w'’])(?:[A-ZÀ-Ý][\w'’-]{2,}|[A-Z]{2,})")
_ORDINARY: Final = frozenset(
    re.findall(
        "[a-z]+",
        "article conseil ville commune metropole departement region association attribution approbation convention "
        "subvention titre decide deliberation maire president etat aide exercice budget le la les une un objet "
        "considerant vu monsieur madame",
    )
)
_TITLE_PIECES: Final = 6


def claims(act: Act) -> Iterator[Claim]:
    """Amounts taken up again by a word that points back, then those of the title."""
    told: set[int] = set()
    for sentence in act.sentences():
        text = sentence.text
        if A not in text:
            continue
        for pattern, pointing in ((_AGAIN, True), (_SAME, False)):
            for found in pattern.finditer(sentence.clip.text, sentence.start, sentence.end):
                claim = _again(act, sentence, found, pointing)
                if claim is not None and claim[1] not in told:
                    told.add(claim[1])
                    yield claim[0]
        for found in _OF_ARTICLE.finditer(sentence.clip.text, sentence.start, sentence.end):
            claim = _of_article(act, sentence, found)
            if claim is not None and claim[1] not in told:
                told.add(claim[1])
                yield claim[0]
    for restated, start in _restated(act):
        if start not in told:
            told.add(start)
            yield restated
    yield from _title(act, told)


def _again(act: Act, sentence: Sentence, found: re.Match[str], pointing: bool) -> tuple[Claim, int] | None:
    clip = sentence.clip
    again = clip.mention(found.start("again"))
    earlier = [m for at, m in clip.within(sentence.start, found.start()) if m.kind == "amount"]
    sources = [(sentence, earlier)]
    sources.extend(
        (other, [m for _, m in other.money() if m.kind == "amount"])
        for other in act.sentences_before(sentence, 12 if pointing else 6)
    )
    cue = act.cue(clip, found.start(), found.end())
    first: Mention | None = None
    count = 0
    for _, mentions in sources:
        for mention in reversed(mentions):
            count += 1
            first = first or mention
            claim = _equal(mention, again, cue)
            if holds(claim):
                return claim, again.start
        if count > 12:
            break
    if first is None:
        return None
    if not pointing:
        return _made_equal(act, sentence, found, first, again, cue)
    if (same := _same_grant(act, sentence, found)) is not None:
        return _equal(same, again, cue), again.start
    if count != 1:
        given = _given_before(act, sentence)
        if given is None:
            return None
        first = given
    # A sum that points back, with one amount only before it in the act: they must be the same.
    noun = found["noun"] or found["noun2"]
    if noun in ("montant", "credit", "avance", "acompte"):
        return None
    if re.search(r"(?:precitee?|susvisee?|susmentionnee?|ladite|ledit|said)", found["words"]) is None:
        return None
    return _equal(first, again, cue), again.start


_HEAD: Final = 24
"""« Article 1er. » before the sentence that decides."""
_EQUAL_TO: Final = re.compile(
    rf"{A}[^{A};.]{{0,40}}(?:strictement |rigoureusement )?(?:egale?s?|identiques?) (?:a |au |aux )"
    rf"(?:celle |celui |la |le |l'|total |totalite |montant )?[^{A};.]{{0,50}}?(?:\(|, soit |: ?|soit de |de )?{A}"
)
_ALONE: Final = re.compile(
    r"(?:cette|cet|ce|ladite|ledit|this|that|said) [a-z]{3,14}(?: financier| totale?| globale?| annuelle?"
    r"| exceptionnelle"
    r"| de fonctionnement| d'equipement| d'investissement| communale?| municipale| regionale?| departementale?)?"
    r",? (?:soit |s'elevant a |qui s'eleve a |(?:est |soit |sera )?(?:d'un montant (?:total |global )?)?de |d'|of )?"
)
_WHOLE: Final = ("subvention", "aide", "somme", "dotation", "participation", "contribution", "grant", "sum")


def _made_equal(
    act: Act, sentence: Sentence, found: re.Match[str], first: Mention, again: Mention, cue: str
) -> tuple[Claim, int] | None:
    """« Les dépenses (A) sont égales aux recettes (B) »: two amounts in one sentence, said to be one."""
    money = sentence.money()
    if len(money) != 2 or money[1][1] is not again or money[0][1] is not first:
        return None
    if not _EQUAL_TO.search(sentence.clip.text, money[0][0], money[1][0] + 1) or _BUT.search(sentence.text):
        return None
    return _equal(first, again, cue), again.start


def _same_grant(act: Act, sentence: Sentence, found: re.Match[str]) -> Mention | None:
    """What « cette subvention, soit A, sera versée » takes up: the one amount of the sentence before."""
    noun = found["noun"] or found["noun2"]
    text = sentence.clip.text
    if noun not in _WHOLE or not _ALONE.fullmatch(text[found.start() : found.start("again")]):
        return None
    if len(sentence.money()) != 1 or _PART_OF_IT.search(sentence.text):
        return None
    for earlier in act.sentences_before(sentence, 2):
        if earlier.piece.kind in ("row", "aside"):
            return None
        money = [m for _, m in earlier.money()]
        if not money and len(earlier.text) < _HEAD:
            continue  # « Article 2. »
        named = noun in earlier.text or noun in ("somme", "sum")
        if len(money) != 1 or not named or not _GRANTS.search(earlier.text) or _PART_OF_IT.search(earlier.text):
            return None
        return money[0]
    return None


_GRANTS: Final = re.compile(
    r"(?<![a-z])(?:accord|attribu|allou|octroy|octroi|vote|verse|consacre|decid|approuv|autoris|propos|grant|award)[a-z]{0,5}"
    r"(?![a-z])"
)
_BUT: Final = re.compile(
    r"(?<![a-z])(?:hors|sans|avant|apres|compris|diminue[a-z]{0,2}|major[a-z]{1,4}|plus|moins|augment[a-z]{1,5}|environ"
    r"|presque|quasi[a-z]{0,6}|sauf|except[a-z]{0,5}|deduction|superieure?s?|inferieure?s?|pas|non|au plus|au moins"
    r"|without|except|before|after)(?![a-z])"
)


_PART_OF_IT: Final = re.compile(
    r"(?<![a-z])(?:acomptes?|avances?|soldes?|dont|maxim[a-z]{0,3}|plafon[a-z]{0,5}|limit[a-z]{0,3}|reduit[a-z]{0,2}"
    r"|ramene[a-z]{0,2}|porte[a-z]{0,2}|s'ajoute[a-z]{0,2}|complement[a-z]{0,5}|deja|restants?|anterieur[a-z]{0,3}"
    r"|etait|avait|s'elevait|precedente?|autres?|environ|par|chaque|chacune?|up to"
    r"|sollicit[a-z]{1,3}|demande[a-z]{0,3}|cout|budget|jusqu)(?![a-z])"
)
_ARTICLE: Final = re.compile(rf"(?:article|art\.?) ?(?P<number>premier|1er|[0-9]{{1,2}}|{N})(?![0-9])")


def _number(act: Act, sentence: Sentence, at: int, words: str) -> str:
    if words == N:
        figure = sentence.clip.mention(at).figure
        return str(figure.fraction) if figure is not None else words
    return "1" if words in ("premier", "1er") else words.lstrip("0")


_ARTICLES_BACK: Final = 60


def _of_article(act: Act, sentence: Sentence, found: re.Match[str]) -> tuple[Claim, int] | None:
    """« la subvention de A mentionnée à l'article 1 », and the only amount that this article gives."""
    again = sentence.clip.mention(found.start("again"))
    wanted = _number(act, sentence, found.start("number"), found["number"])
    for piece in act.before(sentence.piece, _ARTICLES_BACK):
        head = _ARTICLE.match(piece.clip.text)
        if head is None or not piece.sentences:
            continue
        if _number(act, piece.sentences[0], head.start("number"), head["number"]) != wanted:
            continue
        money = [m for _, m in piece.money() if m.kind == "amount"]
        if len(money) == 1 and found["noun"] in piece.clip.text:
            return _equal(money[0], again, act.cue(sentence.clip, found.start(), found.end())), again.start
    return None


_GIVES: Final = re.compile(
    rf"(?<![a-z])(?:accorde|attribue|alloue|octroye|verse|vote)(?:e|es|s)?(?![a-z])[^{A};.]{{0,60}}?(?P<amount>{A})"
)


def _given_before(act: Act, sentence: Sentence) -> Mention | None:
    """The only amount that the act gives before: what « la dépense précitée » points to."""
    found: list[Mention] = []
    for earlier in act.sentences_before(sentence, 12):
        hit = _GIVES.search(earlier.clip.text, earlier.start, earlier.end)
        if hit is not None:
            found.append(earlier.clip.mention(hit.start("amount")))
    return found[0] if len(found) == 1 else None


def _equal(first: Mention, again: Mention, cue: str) -> Equal:
    return Equal(
        place=place_of(again), cue=cue, topic="again", first=first.figure, again=again.figure, confidence="medium"
    )


_DECIDES: Final = re.compile(
    rf"(?:(?:article|art\.?) ?(?:premier|1er|unique|[0-9]{{1,2}}|{N})[ .:-]{{0,4}})?(?:[-–•] ?)?"
    rf"(?:le conseil [a-z ]{{3,20}} )?(?:decide|d'|de |il est|est |sont |approuve|accorde|attribue|alloue|octroie"
    rf"|vote|fixe|autorise|une? |la |le )"
)
_OPERATIVE: Final = re.compile(
    r"(?<![a-z])(?:decide|delibere|arrete|article (?:premier|1er|unique)|art\. ?1|resolu|resolves)(?![a-z])"
)
_GRANT_NOUN: Final = re.compile(
    r"(?<![a-z])(?P<noun>subvention|aide|fonds de concours|participation|dotation|concours financier|soutien financier"
    r"|contribution|prime|bourse|secours|avance remboursable|pret|garantie|grant)s?(?![a-z])[^\ue000;.]{0,70}\Z"
)
_PIECES_BACK: Final = 14


def _restated(act: Act) -> Iterator[tuple[Claim, int]]:
    """« Considérant que le fonds de concours sollicité, A, … ; DÉCIDE d'octroyer un fonds de concours de A »: what is
    given in the end, by its noun, was said before by the same noun; told when it holds."""
    pieces = act.passage.pieces
    decided = next(
        (p.number for p in pieces if p.kind not in ("row", "aside") and _OPERATIVE.search(p.clip.text[:60])), None
    )
    if decided is None:
        return
    for piece in pieces[decided : decided + 3]:
        money = [(at, m) for at, m in piece.money() if m.kind == "amount"]
        if piece.kind == "row" or len(money) != 1 or not _DECIDES.match(piece.clip.text):
            continue
        at, again = money[0]
        noun = _GRANT_NOUN.search(piece.clip.text, max(0, at - 110), at)
        if noun is None or again.figure is None:
            continue
        for earlier in act.before(pieces[decided], _PIECES_BACK):
            if earlier.kind in ("row", "aside"):
                continue
            for spot, first in reversed(earlier.money()):
                said = _GRANT_NOUN.search(earlier.clip.text, max(0, spot - 110), spot)
                if said is None or said["noun"] != noun["noun"] or first.figure is None:
                    continue
                if first.kind == "amount" and first.figure.fraction == again.figure.fraction:
                    cue = act.cue(piece.clip, noun.start(), at + 1)
                    yield _equal(first, again, cue), again.start
                    return


_DECIDING: Final = re.compile(
    r"(?:article|art\.?) ?(?:premier|1|1er|unique|2|3)(?![0-9])|(?:il est |d')?(?:decide"
    r"|accorde|attribue|alloue|approuve|octroye)"
)


def _title(act: Act, told: set[int]) -> Iterator[Claim]:
    """The subsidy of the title against the first article that gives one to the same name."""
    pieces = act.passage.pieces
    titles: list[tuple[Mention, str, frozenset[str]]] = []
    for piece in pieces[:_TITLE_PIECES]:
        if piece.kind not in ("heading", "prose") or len(piece.sentences) > 3:
            continue
        found = _GIVEN.search(piece.clip.text)
        amounts = [m for _, m in piece.money() if m.kind == "amount"]
        written = act.passage.mentions.written(piece.start, piece.end)
        is_title = re.match(
            r"(?:objet|titre|rapport|note|attribution|approbation|octroi|versement|subvention"
            r"|soutien|aide|participation)",
            piece.clip.text,
        )
        if found is None or len(amounts) != 1 or not is_title:
            continue
        titles.append((amounts[0], found["noun"], _names(written)))
    if len(titles) != 1:
        return
    amount, noun, names = titles[0]
    if not names:
        return
    for sentence in act.sentences():
        if sentence.piece.start <= amount.start:
            continue
        opening = sentence.piece.clip.text if sentence.number == 1 and sentence.start < _HEAD else sentence.text
        if not _DECIDING.match(sentence.text) and not _DECIDING.match(opening):
            continue
        found = _GIVEN.search(sentence.clip.text, sentence.start, sentence.end)
        if found is None or found["noun"] != noun:
            continue
        money = [m for _, m in sentence.money() if m.kind == "amount"]
        written = act.passage.mentions.written(*sentence.clip.span(sentence.start, sentence.end))
        again = sentence.clip.mention(found.start("amount"))
        if len(money) != 1 or not names & _names(written) or again.start in told:
            continue
        cue = act.cue(sentence.clip, found.start(), found.end())
        yield _equal(amount, again, cue)
        return


def _names(written: str) -> frozenset[str]:
    words = frozenset(stem(word.lower()) for word in _NAME.findall(written))
    return frozenset(word for word in words if word not in {stem(other) for other in _ORDINARY})
