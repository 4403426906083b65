"""Any true decomposition, rate, average, balance or table, in any of the ways that acts say it, is read and holds;
the same with one figure changed is caught."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from subsidy_rules.words import to_words
from tests.extract.reading import accusations, read

MODERATE = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])

NAMES = (
    "l'association Les Trois Sources", "la Maison du Quai", "le Comité des Tilleuls", "l'Atelier du Lavoir",
    "la Compagnie du Grand Pré", "le Cercle nautique", "l'Union musicale", "le Foyer rural", "la Ligue des parents",
    "l'Amicale du personnel", "le Club de l'Aubépine", "la Régie de quartier",
)  # fmt: skip
ITEMS = (
    "fonctionnement courant", "achat de matériel", "frais de personnel", "organisation du festival",
    "loyers et charges", "actions en milieu scolaire", "communication", "entretien des locaux", "déplacements",
    "frais d'étude",
)  # fmt: skip


@dataclass(frozen=True)
class Style:
    """One way of writing money."""

    thousands: str
    unit: str
    cents: bool = False

    def say(self, value: int) -> str:
        """``value`` is in cents when the style has cents."""
        whole, rest = divmod(value, 100) if self.cents else (value, 0)
        text = f"{whole:,}".replace(",", self.thousands)
        return f"{text},{rest:02d}{self.unit}" if self.cents else f"{text}{self.unit}"


STYLES = st.builds(
    Style,
    thousands=st.sampled_from([" ", "\u00a0", "\u202f", ".", ""]),
    unit=st.sampled_from([" €", "€", " euros", "\u00a0€", " Euros", " EUR"]),
    cents=st.booleans(),
)
FRANCS = st.builds(Style, thousands=st.sampled_from([" ", "."]), unit=st.sampled_from([" F", " francs", " F."]))


def lost_accents(text: str) -> str:
    """What a publisher leaves of a text whose encoding was wrong."""
    return "".join("\ufffd" if char in "éèêàùçôîû’" else char for char in text)


def wrapped(text: str, width: int = 72) -> str:
    """Paragraphs cut at a width, as PDF-to-text programs do."""
    lines = []
    for line in text.split("\n"):
        current = ""
        for word in line.split(" "):
            if current and len(current) + 1 + len(word) > width:
                lines.append(current)
                current = word
            else:
                current = f"{current} {word}" if current else word
        lines.append(current)
    return "\n".join(lines)


DIRT: Sequence[Callable[[str], str]] = (
    lambda text: text,
    lambda text: text,
    lambda text: text.replace("'", "’"),
    lambda text: text.replace(" :", "\u00a0:"),
    lambda text: text.replace("- ", "– "),
    lambda text: f"Considérant ce qui précède,\n\n{text}\n\nLe maire est chargé de l'exécution.\n",
    lambda text: f"{text}\n\nDélibéré en séance publique.\n",
)


# -- decompositions -------------------------------------------------------------------------------------------------

Rendered = tuple[str, ...]


def _and(parts: Sequence[str]) -> str:
    return ", ".join(parts[:-1]) + " et " + parts[-1]


def bullets(mark: str) -> Callable[[str, Rendered, Rendered], str]:
    def render(total: str, parts: Rendered, labels: Rendered) -> str:
        lines = "\n".join(f"{mark} {part} pour {label}" for part, label in zip(parts, labels, strict=True))
        return f"L'aide de {total} se décompose comme suit :\n\n{lines}"

    return render


def labels_first(total: str, parts: Rendered, labels: Rendered) -> str:
    lines = "\n".join(f"- {label} : {part} ;" for part, label in zip(parts, labels, strict=True))
    return f"La subvention, d'un montant de {total}, est répartie de la façon suivante :\n{lines}"


def numbered(total: str, parts: Rendered, labels: Rendered) -> str:
    lines = "\n".join(f"{n}) {label} : {part}" for n, (part, label) in enumerate(zip(parts, labels, strict=True), 1))
    return f"Le montant total de {total} est ventilé ainsi :\n{lines}"


def spaced_lines(total: str, parts: Rendered, labels: Rendered) -> str:
    lines = "\n\n".join(f"{part} au titre de {label}," for part, label in zip(parts, labels, strict=True))
    return f"Les crédits, à hauteur de {total} au total, sont répartis de la manière suivante :\n\n{lines}"


def closing(total: str, parts: Rendered, labels: Rendered) -> str:
    lines = "\n".join(f"• {label} {part}" for part, label in zip(parts, labels, strict=True))
    return f"Sont attribuées les aides ci-après :\n{lines}\nsoit un total de {total}."


def closing_line(total: str, parts: Rendered, labels: Rendered) -> str:
    lines = "\n".join(f"{label} : {part}" for part, label in zip(parts, labels, strict=True))
    return f"Subventions proposées :\n{lines}\nTotal : {total}"


def ensemble(total: str, parts: Rendered, labels: Rendered) -> str:
    lines = "\n".join(f"- {label} : {part}" for part, label in zip(parts, labels, strict=True))
    return f"Il est proposé d'accorder :\n{lines}\n\nL'ensemble de ces aides s'élève à {total}."


def _each(pattern: str, parts: Rendered, labels: Rendered) -> str:
    return _and([pattern.format(part=part, label=label) for part, label in zip(parts, labels, strict=True)])


def inline(total: str, parts: Rendered, labels: Rendered) -> str:
    return f"Une somme de {total} est répartie entre {_each('{label} pour {part}', parts, labels)}."


def soit(total: str, parts: Rendered, labels: Rendered) -> str:
    return f"Il est accordé une aide de {total}, soit {_each('{part} pour {label}', parts, labels)}."


def gathered(total: str, parts: Rendered, labels: Rendered) -> str:
    return f"Le conseil attribue {_each('{part} à {label}', parts, labels)}, soit un montant total de {total}."


def bracketed(total: str, parts: Rendered, labels: Rendered) -> str:
    return f"La participation sera de {total} ({_each('{part} au titre de {label}', parts, labels)})."


def plus(total: str, parts: Rendered, labels: Rendered) -> str:
    return f"Le financement se lit ainsi : {' + '.join(parts)} = {total}."


def pipes(total: str, parts: Rendered, labels: Rendered) -> str:
    lines = "\n".join(f"| {label} | {part} |" for part, label in zip(parts, labels, strict=True))
    return f"| Bénéficiaire | Montant |\n{lines}\n| TOTAL | {total} |"


def columns(total: str, parts: Rendered, labels: Rendered) -> str:
    width = max(map(len, labels)) + 6
    right = max(map(len, (total, *parts)))
    lines = "\n".join(f"{label:<{width}}{part:>{right}}" for part, label in zip(parts, labels, strict=True))
    return f"Aides de l'exercice\n\n{lines}\n{'TOTAL':<{width}}{total:>{right}}"


def stacked(total: str, parts: Rendered, labels: Rendered) -> str:
    lines = "\n\n".join(f"{label}\n\n{part}" for part, label in zip(parts, labels, strict=True))
    return f"Récapitulatif\n\n{lines}\n\nTOTAL\n\n{total}"


def english(total: str, parts: Rendered, labels: Rendered) -> str:
    lines = "\n".join(f"- {part} for {label};" for part, label in zip(parts, labels, strict=True))
    return f"The grant of {total} is broken down as follows:\n{lines}"


DECOMPOSITIONS = (
    bullets("-"), bullets("–"), bullets("•"), labels_first, numbered, spaced_lines, closing, closing_line, ensemble,
    inline, soit, gathered, bracketed, plus, pipes, columns, stacked, english,
)  # fmt: skip

AMOUNTS = st.lists(st.integers(1_001, 900_000), min_size=2, max_size=6, unique=True)


def rendered(
    render: Callable[[str, Rendered, Rendered], str], style: Style, total: int, parts: Sequence[int], labels: Rendered
) -> str:
    return render(style.say(total), tuple(map(style.say, parts)), labels[: len(parts)])


def _worth(style: Style, value: int) -> Fraction:
    return Fraction(value, 100) if style.cents else Fraction(value)


@MODERATE
@given(
    render=st.sampled_from(DECOMPOSITIONS),
    style=STYLES | FRANCS,
    parts=AMOUNTS,
    labels=st.sampled_from([NAMES, ITEMS]),
    dirt=st.sampled_from(DIRT),
)
def test_a_true_decomposition_is_read_back_whole(
    render: Callable[[str, Rendered, Rendered], str],
    style: Style,
    parts: list[int],
    labels: Rendered,
    dirt: Callable[[str], str],
) -> None:
    text = dirt(rendered(render, style, sum(parts), parts, labels))
    found = read(text)
    worth = [_worth(style, part) for part in parts]
    assert found.has("sum", "holds", total=sum(worth), parts=worth), text
    assert not accusations(text), text


@MODERATE
@given(
    render=st.sampled_from(DECOMPOSITIONS),
    style=STYLES | FRANCS,
    parts=AMOUNTS,
    labels=st.sampled_from([NAMES, ITEMS]),
    dirt=st.sampled_from(DIRT),
    slip=st.integers(1, 9).map(lambda n: n * 9),
    where=st.integers(0, 5),
)
def test_a_false_decomposition_is_caught(
    render: Callable[[str, Rendered, Rendered], str],
    style: Style,
    parts: list[int],
    labels: Rendered,
    dirt: Callable[[str], str],
    slip: int,
    where: int,
) -> None:
    """A transposition of digits changes a figure by a multiple of nine."""
    wrong = list(parts)
    wrong[where % len(parts)] += slip
    text = dirt(rendered(render, style, sum(parts), wrong, labels))
    found = read(text)
    worth = [_worth(style, part) for part in wrong]
    assert found.has("sum", "broken", total=_worth(style, sum(parts)), parts=worth), text
    assert accusations(text), text


@settings(max_examples=25, deadline=None)
@given(parts=AMOUNTS, style=STYLES, damage=st.sampled_from([lost_accents, wrapped]))
def test_damaged_text_does_not_accuse(parts: list[int], style: Style, damage: Callable[[str], str]) -> None:
    for render in DECOMPOSITIONS:
        text = rendered(render, style, sum(parts), parts, ITEMS)
        if damage is wrapped and render in (pipes, columns):
            continue
        assert not accusations(damage(text)), damage(text)


@settings(max_examples=25, deadline=None)
@given(parts=AMOUNTS, again=AMOUNTS, style=STYLES)
def test_two_partitions_of_one_total(parts: list[int], again: list[int], style: Style) -> None:
    """By beneficiary, then by budget line: each is compared with the total, never both together."""
    total = sum(parts)
    second = [value % total // 7 for value in again[:-1]]
    second = [value for value in second if value > 1000]
    second.append(total - sum(second))
    if second[-1] <= 0 or len(second) < 2:
        return
    first = "\n".join(f"- {name} : {style.say(part)}" for name, part in zip(NAMES, parts, strict=False))
    lines = "\n".join(f"- {item} : {style.say(part)}" for item, part in zip(ITEMS, second, strict=False))
    text = (
        f"Les aides suivantes sont accordées :\n{first}\n\n"
        f"L'ensemble de la dépense s'élève à {style.say(total)}, ventilé par action de cette façon :\n{lines}\n"
    )
    found = read(text)
    assert found.has("sum", "holds", total=_worth(style, total), parts=[_worth(style, p) for p in parts]), text
    assert found.has("sum", "holds", total=_worth(style, total), parts=[_worth(style, p) for p in second]), text
    assert not accusations(text)


# -- rates ----------------------------------------------------------------------------------------------------------


def rate(part: int, whole: int, decimals: int) -> str:
    scale = 10**decimals
    n, _ = divmod(200 * scale * part + whole, 2 * whole)
    digits = str(n).rjust(decimals + 1, "0")
    return f"{digits[:-decimals]},{digits[-decimals:]}" if decimals else digits


SHARES = (
    "Le budget prévisionnel du projet est évalué à {whole}. L'aide de {part}, représentant "
    "{rate} % du budget prévisionnel, est votée.",
    "Une subvention de {part} est accordée, soit {rate} % du coût total de l'opération estimé à {whole}.",
    "La Région apporte {rate} % du coût des travaux de {whole}, soit {part}.",
    "Le coût de l'opération s'élève à {whole}. La participation de {part} correspond à {rate} "
    "% du coût de l'opération.",
    "Sur un budget de {whole}, la Ville verse {rate} %, soit {part}.",
    "Le Département finance {part} sur {whole}, soit {rate} %.",
    "Le montant réalisé atteint {rate} % ({part} sur {whole}).",
    "La dépense subventionnable est de {whole}. La subvention ({part}) représente {rate} % de "
    "la dépense subventionnable.",
    "The grant of {part} represents {rate}% of the project cost of {whole}.",
)


@MODERATE
@given(
    say=st.sampled_from(SHARES),
    part=st.integers(1_500, 400_000),
    times=st.integers(102, 900),
    decimals=st.integers(0, 2),
    style=STYLES.filter(lambda style: not style.cents),
)
def test_a_true_share_holds_and_a_false_one_is_caught(
    say: str, part: int, times: int, decimals: int, style: Style
) -> None:
    whole = part * times // 100 + 7
    right = rate(part, whole, decimals)
    text = say.format(part=style.say(part), whole=style.say(whole), rate=right)
    assert read(text).has("percentage", "holds", part=part, whole=whole), text
    assert not accusations(text), text
    n = int(right.replace(",", ""))
    wrong = str(n + 2 * 10**decimals).rjust(decimals + 1, "0")
    wrong = f"{wrong[:-decimals]},{wrong[-decimals:]}" if decimals else wrong
    text = say.format(part=style.say(part), whole=style.say(whole), rate=wrong)
    assert read(text).has("percentage", "broken", part=part, whole=whole), text


CHANGES = (
    "La dotation passe de {start} à {end}, soit une {way} de {rate} %.",
    "Le budget s'élève à {end} contre {start} l'an passé, en {way} de {rate} %.",
    "Les charges de {end} sont en {way} de {rate} % par rapport à celles de 2022 ({start}).",
)


@MODERATE
@given(
    say=st.sampled_from(CHANGES),
    start=st.integers(20_000, 900_000),
    percent=st.integers(2, 60),
    up=st.booleans(),
    style=STYLES.filter(lambda style: not style.cents),
)
def test_a_true_change_holds_and_a_false_one_is_caught(
    say: str, start: int, percent: int, up: bool, style: Style
) -> None:
    end = start + (start * percent // 100 if up else -(start * percent // 100))
    words = {"start": style.say(start), "end": style.say(end), "way": "hausse" if up else "baisse"}
    printed = rate(abs(end - start), start, 1)
    text = say.format(**words, rate=printed)
    assert read(text).has("change", "holds", start=start, end=end), text
    assert not accusations(text), text
    wrong = rate(abs(end - start) + start // 40, start, 1)
    assert read(say.format(**words, rate=wrong)).has("change", "broken", start=start, end=end)


KEYS = (
    "La dépense est répartie entre {list}.",
    "Le financement est partagé à hauteur de {pour}.",
)
FUNDERS = ("l'État", "la Région", "le Département", "la Ville", "l'Agglomération")


@MODERATE
@given(
    say=st.sampled_from(KEYS),
    shares=st.lists(st.integers(5, 40), min_size=2, max_size=4),
    off=st.sampled_from([0, 1, 3]),
)
def test_keys_of_division(say: str, shares: list[int], off: int) -> None:
    rest = 100 - sum(shares)
    if rest < 3:
        return
    printed = [*shares, rest + off]
    brackets = _and([f"{name} ({share} %)" for name, share in zip(FUNDERS, printed, strict=False)])
    pour = _and([f"{share} % pour {name}" for name, share in zip(FUNDERS, printed, strict=False)])
    text = say.format(list=brackets, pour=pour)
    state = "broken" if off and len({*printed}) > 1 else "holds"
    assert read(text).has("shares_total", state, percents=printed), text


# -- words, averages, balances, taxes -------------------------------------------------------------------------------


@MODERATE
@given(value=st.integers(11, 80_000_000), other=st.integers(1, 9), style=st.sampled_from([" F", " €", " euros"]))
def test_words_and_digits(value: int, other: int, style: str) -> None:
    unit = "francs" if style == " F" else "euros"
    of = "de " if value % 1_000_000 == 0 else ""
    digits = f"{value:,}".replace(",", " ")
    text = f"La dépense s'élève à {digits}{style} ({to_words(value)} {of}{unit})."
    assert read(text).has("equal", "holds", first=value, again=value), text
    assert not accusations(text), text
    wrong = f"La dépense s'élève à {digits}{style} ({to_words(value + other)} {unit})."
    assert read(wrong).has("equal", "broken", first=value, again=value + other), wrong


AVERAGES = (
    "{total} vont à {count} associations, soit une moyenne de {each} chacune.",
    "{total} pour {count} clubs, soit {each} en moyenne.",
    "L'aide de {total} bénéficie à {count} écoles, soit {each} par école.",
)


@MODERATE
@given(
    say=st.sampled_from(AVERAGES),
    count=st.integers(3, 400),
    each=st.integers(1_013, 60_000).filter(lambda value: value % 10 not in (0, 9)),
)
def test_averages(say: str, count: int, each: int) -> None:
    total = each * count
    style = Style(" ", " euros")
    text = say.format(total=style.say(total), count=count, each=style.say(each))
    assert read(text).has("average", "holds", total=total, stated=each), text
    assert not accusations(text), text
    wrong = say.format(total=style.say(total), count=count, each=style.say(each + 1))
    assert read(wrong).has("average", "broken", total=total, stated=each + 1), wrong


BALANCES = (
    "Le coût de {start}, déduction faite de la subvention de {minus}, laisse un reste à charge de {result}.",
    "L'excédent s'élève à {start}, soit, une fois retirés les {minus} de restes à réaliser, un "
    "excédent net de {result}.",
)


@MODERATE
@given(
    say=st.sampled_from(BALANCES),
    start=st.integers(50_000, 900_000),
    minus=st.integers(1_200, 49_000),
    slip=st.sampled_from([0, 9, 270]),
    style=STYLES.filter(lambda style: not style.cents),
)
def test_balances(say: str, start: int, minus: int, slip: int, style: Style) -> None:
    result = start - minus + slip
    text = say.format(start=style.say(start), minus=style.say(minus), result=style.say(result))
    state = "broken" if slip else "holds"
    assert read(text).has("balance", state, start=start, minus=[minus], result=result), text


TAXES = (
    "Incidence financière : {net} HT, soit {gross} TTC.",
    "Le marché est de {net} H.T. ({gross} T.T.C.).",
    "Le devis s'élève à {net} HT et {gross} TTC avec une TVA de 20 %.",
)


@MODERATE
@given(say=st.sampled_from(TAXES), net=st.integers(200, 90_000).map(lambda n: n * 5), slip=st.sampled_from([0, 31]))
def test_taxes(say: str, net: int, slip: int) -> None:
    style = Style(" ", " €")
    gross = net * 6 // 5 * (100 + slip) // 100
    text = say.format(net=style.say(net), gross=style.say(gross))
    assert read(text).has("tax", "broken" if slip else "holds", net=net, gross=gross), text


CEILINGS = (
    "Une enveloppe de {limit} est réservée. Le vote de mars a consommé une partie de cette "
    "enveloppe pour un montant de {value}.",
    "La convention porte sur {limit}, dont {value} ont été versés.",
    "Une aide de {value} est accordée, dans la limite de {limit}.",
)


@MODERATE
@given(say=st.sampled_from(CEILINGS), limit=st.integers(20_000, 900_000), share=st.integers(5, 160))
def test_ceilings_bound_and_never_equal(say: str, limit: int, share: int) -> None:
    value = limit * share // 100
    style = Style(" ", " €")
    text = say.format(limit=style.say(limit), value=style.say(value))
    found = read(text)
    assert found.has("at_most", "holds" if value <= limit else "broken", value=value, limit=limit), text
    assert not found.of("sum")


THINGS = ("associations", "projets", "partenaires", "actions", "axes prioritaires")


@MODERATE
@given(
    noun=st.sampled_from(THINGS),
    names=st.lists(st.sampled_from(NAMES), min_size=2, max_size=9, unique=True),
    words=st.booleans(),
    inside=st.booleans(),
    missing=st.booleans(),
)
def test_counts(noun: str, names: list[str], words: bool, inside: bool, missing: bool) -> None:
    stated = len(names) + (1 if missing and not inside else 0)
    said = to_words(stated).capitalize() if words else str(stated)
    if inside:
        text = f"{said} {noun} sont retenus : {_and(names)}."
    else:
        text = f"{said} {noun} sont retenus :\n\n" + "\n".join(f"- {name}" for name in names) + "\n"
    state = "broken" if stated != len(names) else "holds"
    assert read(text).has("count", state, stated=stated), text


# -- tables ---------------------------------------------------------------------------------------------------------


@MODERATE
@given(
    rows=st.lists(st.tuples(st.integers(500, 90_000), st.integers(500, 90_000)), min_size=2, max_size=6),
    style=STYLES.filter(lambda style: not style.cents),
    slip=st.sampled_from([0, 0, 90]),
)
def test_cross_totals(rows: list[tuple[int, int]], style: Style, slip: int) -> None:
    head = "| Bénéficiaire | Fonctionnement | Équipement | Total |"
    lines = [
        f"| {n} | {style.say(a)} | {style.say(b)} | {style.say(a + b)} |"
        for n, (a, b) in zip(NAMES, rows, strict=False)
    ]
    left, right = sum(a for a, _ in rows), sum(b for _, b in rows)
    last = f"| TOTAL | {style.say(left + slip)} | {style.say(right)} | {style.say(left + right)} |"
    text = "\n".join([head, *lines, last])
    found = read(text)
    state = "broken" if slip else "holds"
    assert found.has("sum", state, total=left + slip, parts=[a for a, _ in rows]), text
    assert found.has("sum", "holds", total=right, parts=[b for _, b in rows]), text
    assert found.has("sum", "holds", total=rows[0][0] + rows[0][1], parts=list(rows[0])), text
    assert bool(accusations(text)) == bool(slip), text


@MODERATE
@given(
    groups=st.lists(st.lists(st.integers(500, 90_000), min_size=2, max_size=4), min_size=2, max_size=3),
    slip=st.sampled_from([0, 0, 18]),
)
def test_nested_groups(groups: list[list[int]], slip: int) -> None:
    style = Style(" ", " €")
    lines = ["Poste | Montant"]
    for number, group in enumerate(groups, 1):
        lines += [f"Axe {number} |"]
        lines += [f"{item} | {style.say(part)}" for item, part in zip(ITEMS, group, strict=False)]
        lines += [f"Sous-total axe {number} | {style.say(sum(group) + (slip if number == 1 else 0))}"]
    total = sum(map(sum, groups)) + slip
    text = "\n".join([*lines, f"TOTAL GÉNÉRAL | {style.say(total)}"])
    found = read(text)
    assert found.has("sum", "broken" if slip else "holds", total=sum(groups[0]) + slip, parts=groups[0]), text
    assert found.has("sum", "holds", total=total), text
    assert bool(accusations(text)) == bool(slip), text


@MODERATE
@given(parts=st.lists(st.integers(1_000, 90_000), min_size=2, max_size=5), heading=st.booleans())
def test_a_financing_plan_closes(parts: list[int], heading: bool) -> None:
    style = Style(" ", " €")
    total = sum(parts)
    spending = "\n".join(f"{item} : {style.say(part)}" for item, part in zip(ITEMS, parts, strict=False))
    income = "\n".join(f"{name} : {style.say(part)}" for name, part in zip(FUNDERS, reversed(parts), strict=False))
    text = (
        f"{'Plan de financement' if heading else 'Annexe'}\n\nDépenses\n{spending}\nTotal des dépenses : "
        f"{style.say(total)}\n\n"
        f"Recettes\n{income}\nTotal des recettes : {style.say(total)}\n"
    )
    found = read(text)
    assert found.has("equal", "holds", first=total, again=total), text
    assert not accusations(text), text


# -- ways of saying that take several sentences, or lines -----------------------------------------------------------


@dataclass(frozen=True)
class Way:
    """A way of saying a sum, a balance or a share with named figures; ``sure``: a false figure is told as false."""

    text: str
    sure: bool = False


REMAINDERS = (
    Way("Après déduction de l'aide de l'État ({minus}), il reste {result} à la charge de la commune sur {start}."),
    Way("Crédits ouverts : {start}. Crédits engagés : {minus}. Disponible : {result}."),
    Way("Le crédit de {start}, dont {minus} déjà engagés, laisse un disponible de {result}."),
    Way("La dépense est ramenée de {start} à {minus}, soit une économie de {result}."),
    Way("Un titre de {result} sera émis : c'est la différence entre l'avance ({start}) et les frais ({minus})."),
    Way("Il avait été voté {start}. L'association n'a dépensé que {minus}. Un reversement de {result} est demandé."),
    Way("Un premier versement de {minus} a été fait.\n\nLa subvention est fixée à {start} et le solde, soit {result}, "
        "sera versé."),
    Way("Montant de la subvention : {start}\nAcompte versé : {minus}\nSolde à verser : {result}", sure=True),
    Way("Sur les {start} votés, {minus} ont été versés ; il reste donc {result}.", sure=True),
    Way("The grant is {start}; {minus} has been paid, leaving a balance of {result}."),
)  # fmt: skip


@MODERATE
@given(
    way=st.sampled_from(REMAINDERS),
    start=st.integers(50_000, 900_000),
    minus=st.integers(1_200, 24_000),
    style=STYLES.filter(lambda style: not style.cents),
    dirt=st.sampled_from(DIRT),
    slip=st.sampled_from([0, 0, 9, 270]),
)
def test_remainders(way: Way, start: int, minus: int, style: Style, dirt: Callable[[str], str], slip: int) -> None:
    said = {"start": style.say(start), "minus": style.say(minus), "result": style.say(start - minus + slip)}
    text = dirt(way.text.format(**said))
    found = read(text)
    if not slip:
        assert found.has("balance", "holds", start=start, minus=[minus], result=start - minus), text
        assert not accusations(text), text
    elif way.sure:
        assert found.has("balance", "broken", start=start, minus=[minus], result=start - minus + slip), text
    else:
        assert not any(judged.state == "holds" for judged in found.of("balance")), text


TOTALS_AFTER = (
    Way("Il est accordé {one} à A et {two} à B, pour un engagement de {total}.", sure=True),
    Way("{one} vont à A et {two} à B, pour former un total de {total}.", sure=True),
    Way("Ont été mobilisés {one} puis {two}, soit {total}, de sorte que la session s'achève."),
    Way("Les dossiers soldés représentent {one}. Ceux en cours représentent {two}. Au total, {total} sont engagés."),
    Way("Le marché initial est de {one}. L'avenant, d'un montant de {two}, porte le marché à {total}."),
    Way("Le marché de {one} est porté à {total} par un avenant de {two}."),
    Way("Article 1 - Il est accordé {one} à A.\nArticle 2 - Il est accordé {two} à B.\n"
        "Article 3 - La dépense totale, soit {total}, est imputée.", sure=True),
    Way("Le plan de l'opération ({total}) associe l'État pour {one} et la Région pour {two}."),
    Way("Le budget s'équilibre à {total}, avec {one} en fonctionnement et {two} en investissement."),
    Way("Crédits de paiement : {total}\n2023 : {one}\n2024 : {two}"),
    Way("The award of {total} is made up of {one} for A and {two} for B.", sure=True),
)  # fmt: skip


@MODERATE
@given(
    way=st.sampled_from(TOTALS_AFTER),
    one=st.integers(1_001, 400_000),
    two=st.integers(1_001, 400_000),
    style=STYLES.filter(lambda style: not style.cents),
    dirt=st.sampled_from(DIRT),
    slip=st.sampled_from([0, 0, 9, 270]),
)
def test_totals_told_before_or_after(
    way: Way, one: int, two: int, style: Style, dirt: Callable[[str], str], slip: int
) -> None:
    total = one + two + slip
    text = dirt(way.text.format(one=style.say(one), two=style.say(two), total=style.say(total)))
    found = read(text)
    if not slip:
        assert found.has("sum", "holds", total=total, parts=[one, two]), text
        assert not accusations(text), text
    elif way.sure:
        assert found.has("sum", "broken", total=total, parts=[one, two]), text
    else:
        assert not any(judged.state == "holds" for judged in found.of("sum")), text


LOOSE_SHARES = (
    "Le coût s'élève à {whole}. La commune apporte {part} ({rate} %).",
    "Taux d'intervention : {rate} % - Assiette : {whole} - Subvention : {part}",
    "Dépense subventionnable : {whole}\nTaux : {rate} %\nMontant de l'aide : {part}",
    "Le taux d'intervention est de {rate} % de l'assiette, fixée à {whole} ; l'aide s'élève à {part}.",
    "Sur un montant de travaux de {whole}, la part de la commune ({rate} %) est de {part}.",
    "{part} sont accordés, ce qui ferait {rate} % de la facture, arrêtée à {whole}.",
    "Une avance de {rate} % ({part}) sera versée, pour une aide de {whole}.",
    "The cost is {whole}. The town contributes {part} ({rate}%).",
)


@MODERATE
@given(
    say=st.sampled_from(LOOSE_SHARES),
    part=st.integers(1_500, 400_000),
    times=st.integers(110, 900),
    decimals=st.integers(1, 2),
    style=STYLES.filter(lambda style: not style.cents),
)
def test_shares_whose_base_is_told_apart(say: str, part: int, times: int, decimals: int, style: Style) -> None:
    """Told when they hold; when they do not, nothing says which figure is the base, and nothing is told to hold."""
    whole = part * times // 100 + 7
    right = rate(part, whole, decimals)
    text = say.format(part=style.say(part), whole=style.say(whole), rate=right)
    assert read(text).has("percentage", "holds", part=part, whole=whole), text
    assert not accusations(text), text
    wrong = rate(part + whole // 30, whole, decimals)
    text = say.format(part=style.say(part), whole=style.say(whole), rate=wrong)
    assert not any(judged.state == "holds" for judged in read(text).of("percentage")), text


UNITS = (
    "Le forfait s'élève à {each} par élève. Pour {count} élèves, la dépense est de {total}.",
    "La cotisation par habitant est de {each} ; la commune comptant {count} habitants, elle verse {total}.",
    "Une aide de {each} par enfant est accordée pour {count} enfants, soit {total}.",
    "Coût par enfant : {each} ; {count} enfants inscrits ; coût du séjour : {total}.",
)


@MODERATE
@given(say=st.sampled_from(UNITS), count=st.integers(11, 900), each=st.integers(3, 900))
def test_unit_prices(say: str, count: int, each: int) -> None:
    style = Style(" ", " €")
    text = say.format(each=style.say(each), count=count, total=style.say(each * count))
    assert read(text).has("average", "holds", total=each * count, count=count, stated=each), text
    assert not accusations(text), text
