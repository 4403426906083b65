"""Reports made of kernel values, varied on purpose: several sources, every state, dirt that attacks each output."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from random import Random

from subsidy_rules.claims import (
    AtMost,
    Average,
    Balance,
    Change,
    Claim,
    Equal,
    Judgement,
    Listing,
    Share,
    SharesTotal,
    Sum,
    Taxed,
    judge,
)
from subsidy_rules.engine import order
from subsidy_rules.facts import Charge
from subsidy_rules.figures import Amount, Count, Figure, Percentage, Qualifier
from subsidy_rules.finding import Finding, Report, Source, Tally, make_finding
from subsidy_rules.place import Place
from subsidy_rules.rulebook import Authority, Example, Repair, Rule, of_claim
from subsidy_rules.wording import Language, Message

ESCAPES = "\x1b[31mrouge\x1b[0m\x07\x9b2J"
BIDI = "facture\u202egpj.exe\u2066\u200b"
MARKUP = "<script>alert('x')</script> [lien](javascript:alert(1)) `code` {{ 7*7 }} & \"q\" @equipe #12"
FORMULA = "=cmd|' /C calc'!A0"
HOSTILE_PATH = f"dossier/{ESCAPES}{BIDI}<b>=1.txt\n::error::x"
DIRT = (ESCAPES, BIDI, MARKUP, FORMULA, "+SUM(1)", "@SUM(1)", "-2+3", "\t=1+1", "a\r\n::error::b", "%0A", "nul\x00fin")


def _judge_none(subject: object, context: object) -> None:
    return None


def _rule(code: str, name: str, on: str, fr: str, en: str, severity: str = "error", **details: object) -> Rule:
    return Rule(
        code=code,
        name=name,
        on=on,  # type: ignore[arg-type]
        judge=_judge_none,
        says=Message(fr, en),
        title=Message(fr.split(" : ")[0].split("\u00a0:")[0], en.split(": ")[0]),
        severity=severity,  # type: ignore[arg-type]
        **details,  # type: ignore[arg-type]
    )


SUM001 = _rule(
    "SUM001",
    "total-mismatch",
    "sum",
    "Le total annoncé n’est pas la somme de ses parts\u00a0: {working}",
    "The stated total is not the sum of its parts: {working}",
    doubts=Message("Le total n’a pas pu être vérifié\u00a0: {reason}", "The total could not be checked: {reason}"),
    why=Message("Un total faux se retrouve dans le mandat de paiement.", "A wrong total ends up in the payment order."),
    computation=Message("Addition exacte des parts.", "Exact addition of the parts."),
    tolerance=Message("Aucune.", "None."),
    inconclusive=Message("Une part illisible.", "A part that cannot be read."),
    good=Example({"total": "70 000 euros"}, ".yaml"),
    bad=Example("Total\u00a0: 80 000 euros"),
)
PCT001 = _rule(
    "PCT001",
    "percentage-mismatch",
    "percentage",
    "Le pourcentage annoncé ne correspond pas aux montants\u00a0: {working}",
    "The stated percentage does not match the amounts: {working}",
)
LIM002 = _rule(
    "LIM002",
    "ceiling-exceeded",
    "at_most",
    "Le plafond est dépassé\u00a0: {working}",
    "The ceiling is exceeded: {working}",
    authority=(Authority(Message("CGCT, art. L1111-10 III", "CGCT, art. L1111-10 III")),),
)
IMP002 = _rule(
    "IMP002",
    "account-unknown",
    "charge",
    "Le compte {account:plain} ne figure pas dans la nomenclature.",
    "Account {account:plain} is not in the chart of accounts.",
)
QUIET = _rule("AVG001", "average-mismatch", "average", "La moyenne est fausse.", "The average is wrong.", "note")
RULES = (SUM001, PCT001, LIM002, IMP002, QUIET)


def place(path: str, line: int, text: str, quote: str, **more: object) -> Place:
    """The place of ``quote`` in ``text``, the line ``line`` of ``path``."""
    start = text.index(quote)
    return Place(
        path=path,
        line=line,
        column=start + 1,
        end_line=line,
        end_column=start + len(quote) + 1,
        quote=quote,
        excerpt=text,
        **more,  # type: ignore[arg-type]
    )


def amount(n: int, at: Place | None, decimals: int = 0) -> Amount:
    return Amount(n=n, decimals=decimals, text="" if at is None else at.quote or "", place=at, currency="EUR")


def percent(n: int, decimals: int, at: Place | None) -> Percentage:
    return Percentage(n=n, decimals=decimals, text="" if at is None else at.quote or "", place=at)


def sum_claim(path: str, line: int, total: int, parts: tuple[int | None, ...], before: str = "Total de") -> Sum:
    """« Total de 70 000 euros : 50 000 euros, 20 000 euros » written on one line."""
    text = f"{before} {total} euros, soit " + " et ".join("?" if p is None else f"{p} euros" for p in parts)
    figures: list[Figure | None] = []
    at = len(f"{before} {total} euros")
    for part in parts:
        if part is None:
            figures.append(None)
            continue
        start = text.index(f"{part} euros", at)
        at = start + 1
        figures.append(
            amount(
                part,
                Place(
                    path=path,
                    line=line,
                    column=start + 1,
                    end_line=line,
                    end_column=start + 1 + len(f"{part} euros"),
                    quote=f"{part} euros",
                    excerpt=text,
                ),
            )
        )
    here = place(path, line, text, f"{total} euros")
    return Sum(place=here, cue="soit", total=amount(total, here), parts=tuple(figures))


def share_claim(path: str, line: int, stated: tuple[int, int], part: int, whole: int) -> Share:
    n, decimals = stated
    shown = f"{n // 10**decimals},{n % 10**decimals:0{decimals}d}\u00a0%" if decimals else f"{n}\u00a0%"
    text = f"soit {part} euros, représentant {shown} du budget de {whole} euros"
    here = place(path, line, text, shown)
    return Share(
        place=here,
        cue="représentant",
        stated=percent(n, decimals, here),
        part=amount(part, place(path, line, text, f"{part} euros")),
        whole=amount(whole, place(path, line, text, f"{whole} euros")),
    )


def cell_claim(path: str, sheet: str, row: int, value: int, limit: int) -> AtMost:
    here = Place(path=path, sheet=sheet, cell=f"C{row}", row=row, quote=str(value))
    return AtMost(
        place=here,
        cue="dans la limite de",
        value=amount(value, here),
        limit=amount(limit, Place(path=path, sheet=sheet, cell=f"D{row}", row=row, quote=str(limit))),
    )


def _finding(judged: Judgement, rule: Rule, language: Language, *repairs: Repair) -> Finding | None:
    verdict = replace(of_claim(judged), repairs=repairs)
    return make_finding(rule, verdict, language)


def _of_kind(claim: Claim) -> Rule:
    return {"sum": SUM001, "percentage": PCT001, "at_most": LIM002}.get(claim.kind, QUIET)


def report_of(
    claims: tuple[Claim, ...],
    *,
    sources: tuple[Source, ...],
    language: Language = "fr",
    charges: tuple[Charge, ...] = (),
    untied: tuple[Figure, ...] = (),
    more: tuple[Finding, ...] = (),
) -> Report:
    """A report as the engine makes one, from claims that are really judged."""
    tally = Tally()
    findings: list[Finding] = list(more)
    judgements = tuple(judge(claim) for claim in claims)
    for judged in judgements:
        rule = _of_kind(judged.claim)
        tally.claim(judged.claim.kind, judged.state)
        tally.rule(rule.code, judged.state)
        repairs: tuple[Repair, ...] = ()
        if judged.state == "broken" and isinstance(judged.claim, Sum) and judged.claim.total is not None:
            old = judged.claim.total.text
            repairs = (Repair(old=old, new=f"{judged.values['sum']} euros", place=judged.claim.place, kind="total"),)
        found = _finding(judged, rule, language, *repairs)
        if found is not None:
            findings.append(found)
    figures = {id(figure) for judged in judgements for figure in judged.claim.figures()}
    tally.figures = len(figures) + len(untied)
    tally.tied = len(figures)
    tally.imputations = len(charges)
    return Report(
        findings=order(findings),
        claims=judgements,
        imputations=charges,
        sources=sources,
        untied=untied,
        tally=tally,
        rules=RULES,
        language=language,
    )


def clean(language: Language = "fr") -> Report:
    """Everything holds."""
    path = "examples/optitec-2017.yaml"
    return report_of(
        (sum_claim(path, 4, 70000, (50000, 20000)), share_claim(path, 7, (527, 2), 70000, 1329243)),
        sources=(Source(path=path, format="yaml"),),
        language=language,
        untied=(amount(2017, place(path, 2, "exercice 2017", "2017")),),
    )


def varied(language: Language = "fr") -> Report:
    """Three sources, one unreadable, every state and severity, places of every kind."""
    note, book, scan = "dossier/note.docx", "dossier/plan de financement.xlsx", "dossier/scan.pdf"
    text = "imputée au chapitre 65, nature 6754, fonction 61"
    charge = Charge(raw="nature 6754", imputation=None, place=place(note, 12, text, "nature 6754", paragraph=12))
    unknown_account = Finding(
        code="IMP002",
        name="account-unknown",
        severity="error",
        confidence="high",
        state="broken",
        text=IMP002.says.having(account=6754),
        place=charge.place,
        repairs=(
            Repair(
                old="6754",
                new="6574",
                place=charge.place,
                kind="account",
                says=Message("deux chiffres intervertis", "two digits swapped"),
                probability="0.98",
            ),
        ),
        values={"account": "6754"},
    )
    doubt = Finding(
        code="LIM002",
        name="ceiling-exceeded",
        severity="warning",
        confidence="medium",
        state="unknown",
        text=Message("L’enveloppe n’a pas été trouvée.", "The envelope was not found."),
        place=Place(path=note, page=2, paragraph=14, quote="dans la limite de l’enveloppe"),
    )
    return report_of(
        (
            sum_claim(note, 3, 80000, (50000, 20000)),
            sum_claim(note, 5, 90000, (50000, None)),
            share_claim(note, 7, (527, 2), 70000, 1329243),
            share_claim(note, 9, (600, 2), 70000, 1329243),
            cell_claim(book, "Plan", 12, 26000, 23000),
            cell_claim(book, "Plan", 13, 22000, 23000),
        ),
        sources=(
            Source(
                path=note,
                format="docx",
                remarks=(Message("une insertion suivie a été lue", "one tracked insertion was read"),),
            ),
            Source(path=book, format="xlsx", rows=40),
            Source(
                path=scan,
                status="unreadable",
                reason=Message("les pages sont des images sans texte", "the pages are images without text"),
            ),
        ),
        language=language,
        charges=(charge,),
        untied=(amount(23000, place(note, 20, "au-delà de 23000 euros", "23000 euros")),),
        more=(unknown_account, doubt),
    )


def hostile(language: Language = "fr") -> Report:
    """Dirt in every field that comes from outside: paths, quotes, excerpts, words of messages, reasons, repairs."""
    findings: list[Finding] = []
    for index, dirt in enumerate(DIRT):
        line = f"{dirt} 12 € {dirt}"
        findings.append(
            Finding(
                code="SUM001",
                name="total-mismatch",
                severity="error",
                confidence="high",
                state="broken",
                text=Message("Incohérence\u00a0: {quote}", "Inconsistency: {quote}").having(quote=dirt),
                place=Place(
                    path=HOSTILE_PATH,
                    line=index + 1,
                    column=line.index("12") + 1,
                    end_line=index + 1,
                    end_column=line.index("12") + 3,
                    quote="12",
                    excerpt=line.split("\n")[0],
                    pointer=dirt,
                    sheet=dirt,
                ),
                related=(Place(path=HOSTILE_PATH, sheet=dirt, cell="B2", quote=dirt),),
                values={"quote": dirt},
                working=Message("{a} = {a}", "{a} = {a}").having(a=dirt),
                repairs=(Repair(old=dirt, new=dirt, says=Message("{a}", "{a}").having(a=dirt)),),
            )
        )
    hurt = sum_claim(HOSTILE_PATH, 3, 80000, (50000, 20000), before=ESCAPES + MARKUP)
    return replace(
        report_of(
            (hurt,),
            sources=(
                Source(path=HOSTILE_PATH, remarks=(Message("{a}", "{a}").having(a=MARKUP + ESCAPES),)),
                Source(path=FORMULA, status="unreadable", reason=Message("{a}", "{a}").having(a=BIDI)),
            ),
            language=language,
            untied=tuple(replace(amount(1, Place(path=HOSTILE_PATH, quote=dirt)), text=dirt) for dirt in DIRT),
            charges=tuple(
                Charge(raw=dirt, imputation=None, place=Place(path=HOSTILE_PATH, quote=dirt)) for dirt in DIRT
            ),
        ),
        findings=tuple(findings),
    )


def large(count: int, language: Language = "fr") -> Report:
    """``count`` findings over ``count // 20`` deliberations, each really judged."""
    claims: list[Claim] = []
    sources: list[Source] = []
    for number in range(count):
        path = f"deliberations/{number // 20:05d}.yaml"
        if number % 20 == 0:
            sources.append(Source(path=path, format="yaml"))
        if number % 3:
            claims.append(sum_claim(path, number % 20 + 1, 80000 + number, (50000, 20000 - number % 7)))
        else:
            claims.append(share_claim(path, number % 20 + 1, (600 + number % 50, 2), 70000, 1329243))
    return report_of(tuple(claims), sources=tuple(sources), language=language)


def every_kind(seed: int, count: int) -> tuple[Claim, ...]:
    """``count`` claims of each kind over figures drawn at random, about as many true as false."""
    draw = Random(seed)

    def here(text: str) -> Place:
        return Place(path="tirage.txt", line=draw.randrange(1, 1000), column=1, quote=text, excerpt=text)

    def money(n: int) -> Amount:
        decimals = draw.choice((0, 0, 2))
        qualifier: Qualifier | None = draw.choice((None, None, None, "about"))
        exponent = draw.choice((0, 0, 0, 3)) if n % 1000 == 0 and decimals == 0 else 0
        digits = n // 10**exponent * 10**decimals
        text = str(n)
        return Amount(
            n=digits,
            decimals=decimals,
            exponent=exponent,
            qualifier=qualifier,
            text=text,
            place=here(text),
            currency="EUR",
        )

    def rate(value: Fraction) -> Percentage:
        decimals = draw.choice((0, 1, 2))
        slip = draw.choice((0, 0, 0, 1, -1))
        n = round(value * 10**decimals) + slip
        return Percentage(n=n, decimals=decimals, text=f"{n}/{10**decimals} %", place=here(f"{n} %"))

    def near(value: int) -> int:
        return value + draw.choice((0, 0, 0, 1, -1, 100, -1000))

    claims: list[Claim] = []
    for _ in range(count):
        parts = [draw.randrange(1, 90) * draw.choice((1, 10, 1000)) for _ in range(draw.randrange(1, 6))]
        whole = sum(parts)
        first, second = draw.randrange(1, 10**6), draw.randrange(1, 10**6)
        net = draw.randrange(100, 10**6)
        tax = draw.choice((Fraction(20), Fraction(11, 2), Fraction(10)))
        gross = net * (100 + tax) / 100
        head = draw.randrange(2, 40)
        percents = [rate(Fraction(100, head)) for _ in range(head)]
        minus = [draw.randrange(1, 1000) for _ in range(draw.randrange(1, 4))]
        place_ = here("x")
        claims += [
            Sum(place=place_, total=money(near(whole)), parts=tuple(map(money, parts))),
            Sum(
                place=place_,
                total=Amount(n=near(whole)),
                parts=tuple(Amount(n=-part) for part in parts),
                absolute=True,
            ),
            Share(place=place_, stated=rate(Fraction(100 * first, second)), part=money(first), whole=money(second)),
            AtMost(place=place_, value=money(first), limit=money(near(first))),
            AtMost(place=place_, value=None, parts=tuple(map(money, parts)), limit=money(near(whole))),
            AtMost(place=place_, value=Amount(n=first), limit=Amount(n=near(first)), strict=True),
            Equal(place=place_, first=money(first), again=money(near(first))),
            Listing(place=place_, stated=Count(n=head), listed=draw.choice((head, head + 1))),
            Taxed(
                place=place_,
                net=Amount(n=net),
                rate=Percentage(n=int(tax * 10), decimals=1),
                gross=Amount(n=round(gross * 100) + draw.choice((0, 1, -1, 2, 30)), decimals=2),
            ),
            Taxed(
                place=place_,
                net=Amount(n=net),
                rate=None,
                gross=Amount(n=round(gross * 100) + draw.choice((0, 1, 2, 30)), decimals=2),
                legal_rates=(Fraction(20), Fraction(10), Fraction(11, 2), Fraction(21, 10)),
            ),
            Change(
                place=place_,
                start=money(first),
                end=money(second),
                stated=rate(Fraction(100 * (second - first), first)),
            ),
            Change(
                place=place_,
                start=Amount(n=max(first, second)),
                end=Amount(n=min(first, second)),
                stated=rate(Fraction(100 * abs(second - first), max(first, second))),
                falling=True,
            ),
            SharesTotal(place=place_, percents=tuple(percents), computed=draw.random() < 0.5),
            Balance(
                place=place_,
                start=money(first + 5000),
                minus=tuple(map(money, minus)),
                result=money(near(first + 5000 - sum(minus))),
            ),
            Average(
                place=place_,
                total=Amount(n=first),
                count=Count(n=head),
                stated=Amount(n=int(round(Fraction(first, head), draw.choice((0, -1, -2)))) + draw.choice((0, 0, 7))),
            ),
        ]
    return tuple(claims)


def large_table(count: int, language: Language = "fr") -> Report:
    """One table of ``count`` rows with a finding each, four rows to a decision; the first is about the whole table."""
    path = "donnees/subventions.csv"
    findings = [
        Finding(
            code="IMP002",
            name="account-unknown",
            severity="warning",
            confidence="high",
            state="broken",
            text=Message("colonne « {column} » absente", "column “{column}” is absent").having(column="nature"),
            place=Place(path=path, row=1, line=1),
            key="column\0nature",
        )
    ]
    for number in range(1, count):
        row = number + 1
        wrong = f"{70000 + number}"
        findings.append(
            Finding(
                code=("SUM001", "LIM002", "SUM001", "PCT001")[number % 4],
                name="total-mismatch",
                severity=("error", "warning", "error", "note")[number % 4],
                confidence="high",
                state="unknown" if number % 7 == 0 else "broken",
                text=Message("montant : {value} €", "amount: €{value}").having(value=int(wrong)),
                place=Place(path=path, line=row, row=row, column=9, quote=wrong, excerpt=f"Ville;{wrong};aide"),
                values={"beneficiary": f"Association {number}", "column": "montant"},
                key=f"D-{number // 4:05d}\0Association {number}\0montant\0{wrong}",
            )
        )
    tally = Tally()
    tally.rows = count
    return Report(
        findings=order(findings),
        sources=(Source(path=path, format="csv", rows=count),),
        tally=tally,
        rules=RULES,
        language=language,
    )
