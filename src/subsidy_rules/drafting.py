"""A record drafted from a document: what was read, each field with the place it comes from.

The draft is for a person to finish. A field is written only when the document says it once and plainly; what is
missing is left as a comment. Amounts are written as printed, so that the record says what the act says.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import PurePath
from typing import Final

from subsidy_rules.claims import Claim, Equal, Share, Sum, judge
from subsidy_rules.document import Document
from subsidy_rules.extract import facts_of
from subsidy_rules.facts import Charge, Facts
from subsidy_rules.figures import Amount, Figure
from subsidy_rules.folding import fold
from subsidy_rules.place import Place
from subsidy_rules.safe_text import visible
from subsidy_rules.series import TOTAL
from subsidy_rules.settings import Settings
from subsidy_rules.wording import Language, Message

__all__ = ["draft"]

_HEAD: Final = Message(
    "Brouillon tiré de {path} : à relire et à compléter avant usage.",
    "Drafted from {path}: to be read over and completed before use.",
)
_FROM: Final = Message("{where} : « {quote} »", "{where}: “{quote}”")
_LINE: Final = Message("ligne {line:plain}", "line {line:plain}")
_PAGE: Final = Message("page {page:plain}, ligne {line:plain}", "page {page:plain}, line {line:plain}")
_FILE_NAME: Final = Message("nom du fichier", "name of the file")
_MISSING: Final = Message("{field} : non trouvé dans le document", "{field}: not found in the document")
_UNFILLED: Final = Message("champ du modèle non rempli", "template field left unfilled")
_LONGEST_QUOTE: Final = 80
_TITLE: Final = re.compile(
    r"(?:objet|titre|note|rapport|attribution|approbation|octroi|versement|subvention|soutien|convention|participation|grant)",
    re.IGNORECASE,
)


def draft(document: Document, settings: Settings | None = None) -> str:
    """The YAML text of a record of what ``document`` says, with each field's origin as a comment."""
    chosen = settings or Settings()
    facts = facts_of(document, chosen)
    # The names that ``visible`` gives to controls are YAML's own escapes in the quoted texts, and harmless in comments.
    return "\n".join(visible(line) for line in _lines(document, facts, chosen.language)) + "\n"


def _lines(document: Document, facts: Facts, language: Language) -> Iterator[str]:
    yield "# " + _HEAD.having(path=_plain(document.path)).say(language)
    stem = _plain(PurePath(document.path).stem)
    if stem and stem != "-":
        yield f"reference: {_text(stem)}  # " + _FILE_NAME.say(language)
    title = _title(document)
    if title is not None:
        yield from _field("title", title[0], title[1], language)
    context = facts.context
    if context.fiscal_year is not None:
        yield f"fiscal_year: {context.fiscal_year}"
    else:
        yield "# " + _MISSING.having(field="fiscal_year").say(language)
    if context.voted_on is not None:
        yield f"voted_on: {context.voted_on.isoformat()}"
    if context.nomenclature is not None:
        yield f"nomenclature: {_text(context.nomenclature)}"
    split = _decomposition(facts.claims)
    share = _share(facts.claims, split)
    total = split.total if split is not None else share.part if share is not None else _only_amount(facts)
    if total is not None:
        yield from _figure("total", total, language)
    else:
        yield "# " + _MISSING.having(field="total").say(language)
    words = _words(facts.claims, total)
    if words is not None:
        yield from _figure("amount_in_words", words, language)
    if share is not None and share.whole is not None and share.stated is not None:
        yield f"base:{_origin(share.whole.place, language)}"
        yield f"  amount: {_text(share.whole.text)}"
        yield from _figure("stated_percentage", share.stated, language)
    if split is not None:
        yield from _parts(split, facts, language)
    elif len(facts.charges) == 1:
        charge = facts.charges[0]
        yield f"imputation: {_text(_code(charge))}{_origin(charge.place, language)}"
    for leftover in facts.leftovers:
        yield "# " + _UNFILLED.say(language) + _origin(leftover.place, language).replace("  #", " :", 1)


def _parts(split: Sum, facts: Facts, language: Language) -> Iterator[str]:
    """The parts as allocations when each says who pays, else as another partition of the total."""
    parties = [_party(part) for part in split.parts if part is not None]
    funders = all(name == "funder" for name, _ in parties)
    yield "allocations:" if funders else "breakdowns:"
    if not funders:
        yield "  - parts:"
    indent = "  " if funders else "      "
    for part, (_, label) in zip((part for part in split.parts if part is not None), parties, strict=True):
        yield f"{indent}- {'funder' if funders else 'label'}: {_text(label)}"
        yield f"{indent}  amount: {_text(part.text)}{_origin(part.place, language)}"
        charge = _charge_of(facts.charges, part)
        if charge is not None:
            yield f"{indent}  imputation: {_text(_code(charge))}{_origin(charge.place, language)}"


def _code(charge: Charge) -> str:
    """The code as written on one line; the canonical form when the source cuts it over lines or cells."""
    raw = " ".join(charge.raw.split())
    if charge.imputation is not None and ("|" in raw or raw != charge.raw):
        return charge.imputation.canonical()
    return raw


def _decomposition(claims: tuple[Claim, ...]) -> Sum | None:
    """The partition of the subsidy: the first announced one that was read for sure."""
    sums = [claim for claim in claims if isinstance(claim, Sum) and claim.doubt is None and claim.confidence != "low"]
    announced = [claim for claim in sums if claim.topic in ("decomposition", "closing", "gathered", "articles", "dont")]
    return announced[0] if announced else None


def _share(claims: tuple[Claim, ...], split: Sum | None) -> Share | None:
    """The share of a base that the subsidy is said to be."""
    shares = [claim for claim in claims if isinstance(claim, Share) and claim.topic == "share" and claim.doubt is None]
    if split is not None and split.total is not None:
        same = [claim for claim in shares if claim.part is not None and claim.part.fraction == split.total.fraction]
        return same[0] if same else None
    return shares[0] if len(shares) == 1 else None


def _words(claims: tuple[Claim, ...], total: Figure | None) -> Figure | None:
    if total is None:
        return None
    for claim in claims:
        if (
            isinstance(claim, Equal)
            and claim.topic == "words"
            and claim.first is not None
            and claim.first.fraction == total.fraction
            and judge(claim).state == "holds"
        ):
            return claim.again
    return None


def _only_amount(facts: Facts) -> Amount | None:
    amounts = [figure for figure in facts.figures if isinstance(figure, Amount)]
    values = {amount.fraction for amount in amounts}
    return amounts[0] if len(values) == 1 else None


_PAYS: Final = re.compile(
    r"charge|financ|vers[ée]e?s? par|apport|relèvent|support|participation d|territoire|région|département|état",
    re.IGNORECASE,
)
_SENTENCE: Final = re.compile(r"[.;](?= |\Z)")


def _party(part: Figure) -> tuple[str, str]:
    """Who gives or receives a part: the words of its line beside the amount, as printed, to be shortened by hand."""
    excerpt = "" if part.place is None or part.place.excerpt is None else _plain(part.place.excerpt)
    before, _, after = excerpt.partition(_plain(part.text))
    said = _SENTENCE.split(after)[0].strip(" :,;-–•|")
    if len(said) < 3 or TOTAL.search(fold(said)):
        said = before.strip(" :,;-–•|")
    pays = _PAYS.search(said) is not None
    verb = _PAYING.match(said) if pays else None
    if verb is not None:
        said = said[verb.end() :]
    return ("funder" if pays else "beneficiary"), said[:200] or "?"


_PAYING: Final = re.compile(
    r"(?:(?:qui )?(?:seront|sera|est|sont|étant) )?(?:à la charge|pris(?:e|es)? en charge|(?:financ|support|apport"
    r"|vers)[ée]{1,2}s?"
    r"|relève(?:nt)?|relèvera|relèveront) (?:par|du|de|des|d['’])(?: ?(?:la|le|les) | ?l['’]| )",
    re.IGNORECASE,
)
"""« seront pris en charge par le Conseil de Territoire »: who pays is what follows."""


def _charge_of(charges: tuple[Charge, ...], part: Figure) -> Charge | None:
    """The imputation written in the same paragraph as a part."""
    if part.place is None:
        return None
    for charge in charges:
        if charge.amount is not None and charge.amount.place == part.place:
            return charge
        place = charge.place
        if place.line is not None and place.line == part.place.line and place.page == part.place.page:
            return charge
    return None


def _title(document: Document) -> tuple[str, Place] | None:
    """The first heading, or first short paragraph, that says what the act is about."""
    for block in document.blocks[:12]:
        text = " ".join(document.text[block.start : block.end].split())
        if _TITLE.match(text.lstrip("*■ ")) and len(text) <= 300:
            return text.strip("*■ "), document.place(block.start, block.end)
    return None


def _field(name: str, value: str, place: Place, language: Language) -> Iterator[str]:
    yield f"{name}: {_text(value)}{_origin(place.but(quote=None), language)}"


def _figure(name: str, figure: Figure, language: Language) -> Iterator[str]:
    yield f"{name}: {_text(figure.text)}{_origin(figure.place, language)}"


def _origin(place: Place | None, language: Language) -> str:
    """« # ligne 12 : « 70 000 euros » », to stand at the end of a line."""
    if place is None or place.line is None:
        return ""
    where = _LINE.having(line=place.line) if place.page is None else _PAGE.having(page=place.page, line=place.line)
    if not place.quote:
        return "  # " + where.say(language)
    quote = _plain(place.quote)
    if len(quote) > _LONGEST_QUOTE:
        quote = quote[: _LONGEST_QUOTE - 1] + "…"
    return "  # " + _FROM.having(where=where.say(language), quote=quote).say(language)


_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def _plain(text: str) -> str:
    """One line, without characters that could end a comment."""
    return " ".join(_CONTROL.sub(" ", text).split())


def _text(value: str) -> str:
    """A YAML scalar: in double quotes, as JSON writes them."""
    return json.dumps(_plain(value), ensure_ascii=False)
