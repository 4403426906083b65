"""Columns and lines, in any of the ways that plain text draws them: a true table is read whole and accused of nothing;
with one figure changed, it is caught."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.extract.reading import accusations, read

MODERATE = settings(max_examples=20, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])

LABELS = (
    "Harmonie des Deux Rives", "Judo-club", "Foyer rural", "Amicale laïque", "Théâtre du Levant", "Ciné-club",
    "Les Jardins de l'Ubac", "Chorale Sainte-Anne", "UNC", "Boule d'Or", "Vélo-club de la Plaine", "Secours solidaire",
    "Compagnie du Fil", "Gym'Attitude", "Achats de fournitures", "Personnel", "Études préalables", "Entretien",
)  # fmt: skip
TOTALS = (
    "TOTAL",
    "Total",
    "TOTAL GENERAL",
    "Total général",
    "T O T A L",
    "Ensemble",
    "Total des aides",
    "Montant total",
)
THOUSANDS = (" ", "\u00a0", "\u202f", ".", "")
UNITS = (" €", "€", " euros", "\u00a0€", " F", "")

Rows = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Money:
    """One way of writing the figures of a table; ``cents``: the values are in cents."""

    thousands: str
    unit: str
    cents: bool

    def say(self, value: int) -> str:
        whole, rest = divmod(abs(value), 100) if self.cents else (abs(value), 0)
        text = f"{whole:,}".replace(",", self.thousands)
        return ("-" if value < 0 else "") + (f"{text},{rest:02d}{self.unit}" if self.cents else f"{text}{self.unit}")


MONEY = st.builds(Money, thousands=st.sampled_from(THOUSANDS), unit=st.sampled_from(UNITS), cents=st.booleans()).filter(
    lambda money: bool(money.unit) or money.cents or money.thousands != ""
)
PLAIN = MONEY.filter(lambda money: not money.cents)
VALUES = st.lists(st.integers(1_010, 900_000), min_size=2, max_size=6, unique=True)


# -- ways of drawing ------------------------------------------------------------------------------------------------


def _right(row: Sequence[str], widths: Sequence[int]) -> Sequence[str]:
    return [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]


def aligned(rows: Rows) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join("   ".join((row[0].ljust(widths[0]), *_right(row, widths))).rstrip() for row in rows)


def indented(rows: Rows) -> str:
    return "\n".join("    " + line for line in aligned(rows).split("\n"))


def ragged(rows: Rows) -> str:
    return "\n".join("    ".join(row) for row in rows)


def tabbed(rows: Rows) -> str:
    return "\n".join("\t".join(row) for row in rows)


def piped(rows: Rows) -> str:
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def slashed(rows: Rows) -> str:
    return "\n".join(" / ".join(row) for row in rows)


def semicolons(rows: Rows) -> str:
    return "\n".join(" ; ".join(row) for row in rows)


def dotted(rows: Rows) -> str:
    label = max(len(row[0]) for row in rows) + 6
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(f"{row[0]} ".ljust(label, ".") + " " + "   ".join(_right(row, widths)) for row in rows)


def ellipses(rows: Rows) -> str:
    return "\n".join(f"{row[0]} ……… " + "   ".join(row[1:]) for row in rows)


DRAWN: tuple[Callable[[Rows], str], ...] = (
    aligned, indented, ragged, tabbed, piped, slashed, semicolons, dotted, ellipses,
)  # fmt: skip
GROUPED: tuple[Callable[[Rows], str], ...] = (aligned, indented, dotted)

DIRT: Sequence[Callable[[str], str]] = (
    lambda text: text,
    lambda text: text,
    lambda text: text.replace("'", "’"),
    lambda text: text.replace("é", "\ufffd").replace("à", "\ufffd"),
    lambda text: (
        f"Annexe à la délibération\n\n{text}\n\nDélibéré en séance publique, le maire est chargé de l'exécution.\n"
    ),
    lambda text: f"{text}\n\nLe versement interviendra en une fois.\n",
)


def named(count: int, labels: Sequence[str]) -> list[str]:
    return [labels[n % len(labels)] for n in range(count)]


ORDER = st.permutations(LABELS).map(tuple)


# -- tables ---------------------------------------------------------------------------------------------------------


@MODERATE
@given(
    draw=st.sampled_from(DRAWN),
    money=MONEY,
    values=VALUES,
    others=st.lists(st.integers(1_010, 90_000), min_size=6, max_size=6, unique=True),
    two=st.booleans(),
    labels=ORDER,
    total=st.sampled_from(TOTALS),
    dirt=st.sampled_from(DIRT),
    gap=st.integers(1, 9),
)
def test_a_table_adds_up_and_a_false_total_is_caught(
    draw: Callable[[Rows], str],
    money: Money,
    values: list[int],
    others: list[int],
    two: bool,
    labels: tuple[str, ...],
    total: str,
    dirt: Callable[[str], str],
    gap: int,
) -> None:
    others = others[: len(values)]
    columns = [values, others] if two else [values]
    names = named(len(values), labels)

    def text(off: int) -> str:
        sums = [sum(column) for column in columns]
        sums[-1] += off
        rows = [[name, *(money.say(column[n]) for column in columns)] for n, name in enumerate(names)]
        rows.append([total, *map(money.say, sums)])
        head = [["Bénéficiaire", "Coût", "Aide"]] if two and draw not in (dotted, ellipses) else []
        return dirt(draw([*head, *rows]))

    right = text(0)
    for column in columns:
        assert read(right).has(
            "sum", "holds", total=money_worth(money, sum(column)), parts=[money_worth(money, v) for v in column]
        ), right
    assert not accusations(right), right
    wrong = text(gap * (100 if money.cents else 1))
    off = sum(columns[-1]) + gap * (100 if money.cents else 1)
    assert read(wrong).has("sum", "broken", total=money_worth(money, off)), wrong


def money_worth(money: Money, value: int) -> str:
    return f"{value // 100}.{value % 100:02d}" if money.cents else str(value)


@MODERATE
@given(
    draw=st.sampled_from(GROUPED),
    money=MONEY,
    groups=st.lists(st.lists(st.integers(1_010, 90_000), min_size=2, max_size=4, unique=True), min_size=2, max_size=3),
    labels=ORDER,
    words=st.sampled_from(
        (
            ("Secteur CULTURE", "Sous-total culture"),
            ("Sport", "Sous-total"),
            ("JEUNESSE", "S/Total jeunesse"),
            ("Action sociale", "Total action sociale"),
            ("Fonctionnement", "Total"),
        )
    ),
    blank=st.booleans(),
    general=st.sampled_from(("TOTAL GENERAL", "Total général", "TOTAL GÉNÉRAL")),
    dirt=st.sampled_from(DIRT),
    gap=st.integers(1, 9),
)
def test_groups_with_sub_totals_and_a_grand_total(
    draw: Callable[[Rows], str],
    money: Money,
    groups: list[list[int]],
    labels: tuple[str, ...],
    words: tuple[str, str],
    blank: bool,
    general: str,
    dirt: Callable[[str], str],
    gap: int,
) -> None:
    sums = [sum(group) for group in groups]

    def text(off: int) -> str:
        rows: list[list[str]] = []
        heads: dict[int, str] = {}
        names = iter(named(20, labels))
        for number, group in enumerate(groups, 1):
            heads[len(rows)] = f"{words[0]} {'ABC'[number - 1]}"
            rows.extend([next(names), money.say(value)] for value in group)
            rows.append([f"{words[1]} {'ABC'[number - 1]}", money.say(sum(group))])
        rows.append([general, money.say(sum(sums) + off)])
        lines = draw(rows).split("\n")
        out: list[str] = []
        for number, line in enumerate(lines):
            if number in heads:
                out.extend([""] * (blank and number > 0) + [heads[number]])
            if number == len(lines) - 1 and blank:
                out.append("")
            out.append(line)
        return dirt("\n".join(out))

    right = text(0)
    for group in groups:
        assert read(right).has("sum", "holds", total=money_worth(money, sum(group))), right
    assert read(right).has(
        "sum", "holds", total=money_worth(money, sum(sums)), parts=[money_worth(money, s) for s in sums]
    ), right
    assert not accusations(right), right
    cents = gap * (100 if money.cents else 1)
    wrong = text(cents)
    assert read(wrong).has("sum", "broken", total=money_worth(money, sum(sums) + cents)), wrong


@MODERATE
@given(
    draw=st.sampled_from((aligned, indented, tabbed, piped, dotted)),
    money=MONEY,
    values=st.lists(st.integers(1_010, 90_000), min_size=3, max_size=5, unique=True),
    minus=st.integers(0, 4),
    style=st.sampled_from(("- ", "-", "– ", "− ")),
    plus=st.booleans(),
    labels=ORDER,
    gap=st.integers(1, 9),
)
def test_signs_that_stand_apart_in_a_column(
    draw: Callable[[Rows], str],
    money: Money,
    values: list[int],
    minus: int,
    style: str,
    plus: bool,
    labels: tuple[str, ...],
    gap: int,
) -> None:
    signed = [-value if n == minus % len(values) else value for n, value in enumerate(values)]
    names = named(len(values), labels)

    def text(off: int) -> str:
        rows = [
            [name, (style if value < 0 else "+ " if plus else "") + money.say(abs(value))]
            for name, value in zip(names, signed, strict=True)
        ]
        whole = sum(signed) + off
        rows.append(["Total", (style if whole < 0 else "") + money.say(abs(whole))])
        return "Décision modificative\n\n" + draw(rows) + "\n"

    right = text(0)
    assert read(right).has(
        "sum", "holds", total=money_worth(money, abs(sum(signed))), parts=[money_worth(money, v) for v in values]
    ), right
    assert not accusations(right), right
    cents = gap * (100 if money.cents else 1)
    wrong = text(cents)
    assert read(wrong).has("sum", "broken"), wrong


@MODERATE
@given(
    money=MONEY,
    left=VALUES,
    right=VALUES,
    draw=st.sampled_from((False, True)),
    labels=ORDER,
    titles=st.sampled_from((("Charges", "Produits"), ("DÉPENSES", "RECETTES"), ("Emplois", "Ressources"))),
    gap=st.integers(1, 9),
)
def test_two_sides_on_the_same_lines(
    money: Money,
    left: list[int],
    right: list[int],
    draw: bool,
    labels: tuple[str, ...],
    titles: tuple[str, str],
    gap: int,
) -> None:
    right = [value for value in right if value < sum(left)][:4]
    right = [value for n, value in enumerate(right) if sum(right[: n + 1]) < sum(left)]
    right.append(sum(left) - sum(right))
    names = named(len(left) + len(right), labels)

    def text(off: int) -> str:
        count = max(len(left), len(right))
        ones = [[name, money.say(value)] for name, value in zip(names, left, strict=False)]
        twos = [[name, money.say(value)] for name, value in zip(names[len(left) :], right, strict=True)]
        # Totals stand on the same line, under the longest side.
        ones += [["", ""]] * (count - len(left)) + [["TOTAL", money.say(sum(left))]]
        twos += [["", ""]] * (count - len(right)) + [["TOTAL", money.say(sum(left) + off)]]
        fill = "." if draw else " "
        lines = [f"{titles[0]:<46}{titles[1]}"]
        for (a, b), (c, d) in zip(ones, twos, strict=True):
            one = f"{a} ".ljust(27, fill) + f" {b:>14}" if a else " " * 42
            two = f"{c} ".ljust(27, fill) + f" {d:>14}" if c else ""
            lines.append(f"{one}    {two}".rstrip())
        return (
            "Le budget de l'association se présente ainsi :\n\n" + "\n".join(lines) + "\n\nLe conseil en prend acte.\n"
        )

    true = text(0)
    if len(left) > 1:
        assert read(true).has(
            "sum", "holds", total=money_worth(money, sum(left)), parts=[money_worth(money, v) for v in left]
        ), true
    if len(right) > 1:
        assert read(true).has(
            "sum", "holds", total=money_worth(money, sum(left)), parts=[money_worth(money, v) for v in right]
        ), true
        cents = gap * (100 if money.cents else 1)
        assert read(text(cents)).has("sum", "broken", total=money_worth(money, sum(left) + cents)), text(cents)
    assert not accusations(true), true


# -- rates ----------------------------------------------------------------------------------------------------------


@MODERATE
@given(
    draw=st.sampled_from((aligned, indented, tabbed, piped, dotted, ragged)),
    money=PLAIN,
    keys=st.lists(st.sampled_from((5, 10, 12, 20, 25, 30)), min_size=2, max_size=3),
    base=st.integers(20, 9_000),
    way=st.sampled_from(("column", "bracket", "label", "column first", "based")),
    space=st.sampled_from((" %", "%", ",00 %")),
    labels=ORDER,
)
def test_rates_beside_amounts(
    draw: Callable[[Rows], str],
    money: Money,
    keys: list[int],
    base: int,
    way: str,
    space: str,
    labels: tuple[str, ...],
) -> None:
    keys = [*keys, 100 - sum(keys)]
    whole = base * 100
    names = named(len(keys), labels)

    def text(wrong: int | None) -> str:
        rows: list[list[str]] = []
        for number, (name, key) in enumerate(zip(names, keys, strict=True)):
            amount, rate = money.say(base * key), f"{key + (7 if number == wrong else 0)}{space}"
            rows.append(
                {
                    "column": [name, amount, rate],
                    "based": [name, amount, rate],
                    "column first": [name, rate, amount],
                    "bracket": [name, f"{amount} ({rate})"],
                    "label": [f"{name} ({rate})", amount],
                }[way]
            )
        total = {"column": [money.say(whole), f"100{space}"], "column first": [f"100{space}", money.say(whole)]}
        if way != "based":
            rows.append(["TOTAL", *total.get(way, [money.say(whole)])])
        before = f"Coût total de l'opération : {money.say(whole) if money.unit else money.say(whole) + ' €'}\n\n"
        return ("Plan de financement\n\n" if way != "based" else before) + draw(rows) + "\n"

    true = text(None)
    found = read(true)
    for key in keys:
        assert found.has("percentage", "holds", part=base * key, whole=whole), true
    assert found.has("sum", "holds", total=whole, parts=[base * key for key in keys]), true
    assert found.has("shares_total", "holds", percents=keys), true
    assert not accusations(true), true
    if len(keys) > 2 or way == "column":
        false = text(0)
        assert read(false).has("percentage", "broken", stated=keys[0] + 7, part=base * keys[0]), false


# -- counts beside amounts, lists that are totalled together --------------------------------------------------------


@MODERATE
@given(
    money=PLAIN.filter(lambda money: bool(money.unit)),
    pairs=st.lists(
        st.tuples(st.integers(2, 95), st.integers(1_010, 90_000)), min_size=2, max_size=5, unique_by=lambda it: it[0]
    ),
    things=st.sampled_from(("aides", "dossiers", "foyers", "enfants", "bénéficiaires", "logements")),
    mark=st.sampled_from(("- ", "• ", "✓ ", "", "1) ")),
    say=st.sampled_from(
        (
            "{name} : {count} {things}, {amount}",
            "{name} ({count} {things}) : {amount}",
            "{name} : {count} {things} pour {amount}",
        )
    ),
    total=st.sampled_from(
        (
            "Total : {count} {things}, {amount}",
            "Soit un total de {count} {things} pour {amount}.",
            "TOTAL ({count} {things}) : {amount}",
        )
    ),
    labels=ORDER,
)  # fmt: skip
def test_lists_of_counts_and_amounts(
    money: Money,
    pairs: list[tuple[int, int]],
    things: str,
    mark: str,
    say: str,
    total: str,
    labels: tuple[str, ...],
) -> None:
    names = named(len(pairs), labels)

    def text(off: int) -> str:
        lines = [
            mark.replace("1", str(n)) + say.format(name=name, count=count, things=things, amount=money.say(amount))
            for n, (name, (count, amount)) in enumerate(zip(names, pairs, strict=True), 1)
        ]
        count, amount = sum(pair[0] for pair in pairs), sum(pair[1] for pair in pairs)
        lines.append(total.format(count=count + off, things=things, amount=money.say(amount)))
        return "Aides du trimestre :\n" + "\n".join(lines) + "\n\nLe conseil en prend acte.\n"

    true = text(0)
    found = read(true)
    assert found.has("sum", "holds", total=sum(pair[0] for pair in pairs), parts=[pair[0] for pair in pairs]), true
    assert found.has("sum", "holds", total=sum(pair[1] for pair in pairs), parts=[pair[1] for pair in pairs]), true
    assert not accusations(true), true
    assert read(text(3)).has("sum", "broken", total=sum(pair[0] for pair in pairs) + 3), text(3)


@MODERATE
@given(
    money=PLAIN.filter(lambda money: bool(money.unit)),
    cards=st.lists(
        st.tuples(st.integers(5_000, 90_000), st.integers(510, 4_900)), min_size=2, max_size=4, unique=True
    ),
    fields=st.sampled_from((("Coût", "Aide"), ("Dépense éligible", "Subvention"), ("Budget", "Montant proposé"))),
    blank=st.booleans(),
    labels=ORDER,
    end=st.sampled_from(("Total {0} : {1}", "Total des {0} : {1}", "TOTAL {0} : {1}", "{0} total : {1}")),
)  # fmt: skip
def test_cards_are_totalled_label_by_label(
    money: Money,
    cards: list[tuple[int, int]],
    fields: tuple[str, str],
    blank: bool,
    labels: tuple[str, ...],
    end: str,
) -> None:
    sums = [sum(card[0] for card in cards), sum(card[1] for card in cards)]

    def text(off: int) -> str:
        out: list[str] = []
        for number, (name, card) in enumerate(zip(labels, cards, strict=False), 1):
            out += [
                f"Dossier n° {number} – {name}",
                *(f"{f} : {money.say(v)}" for f, v in zip(fields, card, strict=True)),
            ]
            out += [""] * blank
        names = fields if end.startswith("{0}") else [field.lower() for field in fields]
        out += [end.format(names[0], money.say(sums[0])), end.format(names[1], money.say(sums[1] + off))]
        return "\n".join(out) + "\n"

    true = text(0)
    for place in (0, 1):
        assert read(true).has("sum", "holds", total=sums[place], parts=[card[place] for card in cards]), true
    assert not accusations(true), true
    assert read(text(7)).has("sum", "broken", total=sums[1] + 7), text(7)


# -- totals said around tables --------------------------------------------------------------------------------------


@MODERATE
@given(
    draw=st.sampled_from((aligned, indented, tabbed, dotted, ellipses, ragged)),
    money=MONEY.filter(lambda money: bool(money.unit)),
    values=VALUES,
    labels=ORDER,
    say=st.sampled_from(
        (
            "Dotation de l'exercice : {total} répartis entre {count} collèges :",
            "Une somme de {total} est ventilée comme suit :",
            "L'aide, d'un montant total de {total}, se décompose ainsi :",
        )
    ),
    gap=st.integers(1, 9),
)
def test_a_total_announced_over_a_table(
    draw: Callable[[Rows], str], money: Money, values: list[int], labels: tuple[str, ...], say: str, gap: int
) -> None:
    names = named(len(values), labels)
    rows = [[name, money.say(value)] for name, value in zip(names, values, strict=True)]

    def text(off: int) -> str:
        head = say.format(total=money.say(sum(values) + off), count=len(values))
        return f"{head}\n{draw(rows)}\n\nLe conseil approuve.\n"

    true = text(0)
    assert read(true).has(
        "sum", "holds", total=money_worth(money, sum(values)), parts=[money_worth(money, v) for v in values]
    ), true
    assert not accusations(true), true
    cents = gap * (100 if money.cents else 1)
    assert read(text(cents)).has("sum", "broken", total=money_worth(money, sum(values) + cents)), text(cents)


@MODERATE
@given(
    money=MONEY.filter(lambda money: bool(money.unit)),
    net=st.integers(2_000, 900_000),
    rate=st.sampled_from(("20", "10", "5,5")),
    labels=st.sampled_from(
        (
            ("Montant des travaux : {} HT", "TVA ({} %) : {}", "Montant TTC : {}"),
            ("Total HT : {}", "TVA {} % : {}", "Total TTC : {}"),
            ("Coût HT : {}", "TVA à {} % : {}", "Coût TTC : {}"),
            ("Prix hors taxes : {}", "T.V.A. ({} %) : {}", "Prix toutes taxes comprises : {}"),
            ("Montant H.T. : {}", "TVA {} % : {}", "Montant T.T.C. : {}"),
        )
    ),
    gap=st.integers(2, 90),
)
def test_net_tax_and_gross_on_three_lines(
    money: Money, net: int, rate: str, labels: tuple[str, str, str], gap: int
) -> None:
    net = net // 200 * 200
    tax = net * int(float(rate.replace(",", ".")) * 10) // 1000
    name = "Fourniture d'un véhicule\n\n"

    def text(off: int) -> str:
        one, two = labels[0].format(money.say(net)), labels[1].format(rate, money.say(tax))
        return f"{name}{one}\n{two}\n{labels[2].format(money.say(net + tax + off))}\n\nLe conseil approuve.\n"

    true = text(0)
    found = read(true)
    assert found.has("sum", "holds", total=money_worth(money, net + tax)), true
    assert found.has("tax", "holds", net=money_worth(money, net), gross=money_worth(money, net + tax)), true
    assert not accusations(true), true
    cents = gap * (100 if money.cents else 1)
    false = read(text(cents))
    assert false.has("tax", "broken", gross=money_worth(money, net + tax + cents)), text(cents)


@MODERATE
@given(
    draw=st.sampled_from((aligned, indented, tabbed, piped, dotted, ragged)),
    money=MONEY,
    values=st.lists(st.integers(1_010, 900_000), min_size=2, max_size=5, unique=True),
    taken=st.integers(10, 90),
    labels=ORDER,
    whole=st.sampled_from(("Assiette éligible", "Coût de l'opération", "Budget du projet", "Dépense subventionnable")),
    words=st.sampled_from((("Subvention", "Reste à charge"), ("Acompte versé", "Solde"), ("Aides", "Autofinancement"))),
)
def test_rows_that_are_totals_or_remainders_without_the_word(
    draw: Callable[[Rows], str],
    money: Money,
    values: list[int],
    taken: int,
    labels: tuple[str, ...],
    whole: str,
    words: tuple[str, str],
) -> None:
    names = named(len(values), labels)
    rows = [[name, money.say(value)] for name, value in zip(names, values, strict=True)]
    added = "Décompte\n\n" + draw([*rows, [whole, money.say(sum(values))]]) + "\n"
    assert read(added).has(
        "sum", "holds", total=money_worth(money, sum(values)), parts=[money_worth(money, v) for v in values]
    ), added
    assert not accusations(added), added
    aid = sum(values) * taken // 100
    left = sum(values) - aid
    closed = [[whole, money.say(sum(values))], [words[0], money.say(aid)], [words[1], money.say(left)]]
    rest = "Décompte\n\n" + draw([[n, v] for n, v in closed]) + "\n"
    assert read(rest).has("balance", "holds", result=money_worth(money, left)), rest
    assert not accusations(rest), rest
    # Told only when it holds: another remainder may be of something else.
    other = [*closed[:2], [words[1], money.say(left + 12_345)]]
    assert not accusations("Décompte\n\n" + draw(other) + "\n")


@MODERATE
@given(
    draw=st.sampled_from((aligned, tabbed, dotted, ellipses)),
    count=st.integers(2, 6),
    noun=st.sampled_from((("collèges", "Collège"), ("écoles", "École"), ("clubs", "Club"), ("théâtres", "Théâtre"))),
    names=st.permutations(("Jean Zay", "des Aulnes", "Marie Curie", "Pasteur", "du Lac", "Jules Ferry", "Hugo")),
    values=st.lists(st.integers(1_010, 90_000), min_size=7, max_size=7),
    spelled=st.booleans(),
    off=st.sampled_from((-1, 1)),
)
def test_counts_of_the_rows_of_a_table(
    draw: Callable[[Rows], str],
    count: int,
    noun: tuple[str, str],
    names: list[str],
    values: list[int],
    spelled: bool,
    off: int,
) -> None:
    words = ("", "", "deux", "trois", "quatre", "cinq", "six", "sept")

    def text(stated: int) -> str:
        said = words[stated] if spelled else str(stated)
        rows = [
            [f"{noun[1]} {name}", f"{value:,} €".replace(",", " ")] for name, value in zip(names, values, strict=True)
        ]
        return f"Une aide est attribuée à {said} {noun[0]} :\n{draw(rows[:count])}\n\nLe conseil approuve.\n"

    assert read(text(count)).has("count", "holds", stated=count), text(count)
    assert not accusations(text(count)), text(count)
    if count + off > 1:
        assert read(text(count + off)).has("count", "broken", stated=count + off), text(count + off)


@MODERATE
@given(
    label=st.sampled_from(LABELS),
    dots=st.sampled_from(("........", "…………", "....................", " . . . . . . ")),
    value=st.integers(100, 900_000),
    unit=st.sampled_from((" €", " F", "", " euros", ",00 €")),
    rest=st.sampled_from(("\n", "   (20 %)\n", "     Recettes ........ 12 000 €\n")),
)
def test_dots_that_lead_to_a_figure_are_no_blank(label: str, dots: str, value: int, unit: str, rest: str) -> None:
    figure = f"{value:,}".replace(",", " ") + unit
    line = f"{label} {dots} {figure}{rest}"
    assert not read(f"Aides votées\n{line}{line}").facts.leftovers, line
    blank = f"Il est accordé à l'association {dots.strip()} une aide de {figure or '1'} euros.\n"
    if " . " not in dots:
        assert read(blank).facts.leftovers, blank


@MODERATE
@given(
    sign=st.sampled_from(("##{}##", "@@{}@@", "<<{}>>", "%%{}%%", "{{{{{}}}}}", "${{{}}}", "[[{}]]")),
    name=st.sampled_from(("MONTANT", "Nom_du_beneficiaire", "date vote", "champ1", "Objet")),
)
def test_fields_between_doubled_signs(sign: str, name: str) -> None:
    field = sign.format(name)
    found = read(f"Une subvention de 5 000 € est accordée à {field} au titre de 2023.\n").facts.leftovers
    assert [left.text for left in found] == [field]


GIVEN = (
    "Article 1 : il est alloué à la coopérative scolaire de l'école {name} une aide de 1 240 €. Article 2 : la commune "
    "finance le reste. Article 3 : imputation compte 6574.",
    "La commune verse à l'association {name} une subvention de 1 240 €, imputée au compte 6574.",
    "Fonds de concours de 1 240 € à la commune de {name} pour la salle des associations, imputé au compte 2041412.",
    "Une subvention de 1 240 € est attribuée à la commune de {name} pour des travaux confiés par l'entreprise, imputée "
    "au compte 2041412.",
)


@MODERATE
@given(say=st.sampled_from(GIVEN), name=st.sampled_from(("Marnans", "Pasteur", "Les Ormes", "Valmont")))
def test_who_pays_is_not_who_is_paid(say: str, name: str) -> None:
    charges = read(say.format(name=name)).facts.charges
    expected = "public" if "fonds de concours" in say.lower() or "à la commune" in say else "association"
    assert [charge.beneficiary for charge in charges] == [expected], say


@MODERATE
@given(
    draw=st.sampled_from((aligned, indented, tabbed, piped, slashed)),
    money=PLAIN,
    costs=st.lists(st.integers(11, 900), min_size=3, max_size=5, unique=True),
    rates=st.lists(st.sampled_from((15, 20, 25, 30, 40, 60, 80)), min_size=5, max_size=5),
    head=st.sampled_from((("Commune", "Coût HT", "Aide", "Taux"), ("Porteur", "Crédits ouverts", "Réalisé", "%"))),
    labels=ORDER,
)
def test_a_rate_on_each_row(
    draw: Callable[[Rows], str],
    money: Money,
    costs: list[int],
    rates: list[int],
    head: tuple[str, ...],
    labels: tuple[str, ...],
) -> None:
    def text(off: int) -> str:
        rows = [
            [name, money.say(cost * 100), money.say(cost * rate), f"{rate + (off if n == 0 else 0)} %"]
            for n, (name, cost, rate) in enumerate(zip(labels, costs, rates, strict=False))
        ]
        return "Programme de l'exercice\n\n" + draw([list(head), *rows]) + "\n"

    true = text(0)
    for cost, rate in zip(costs, rates, strict=False):
        assert read(true).has("percentage", "holds", stated=rate, part=cost * rate, whole=cost * 100), true
    assert not accusations(true), true
    assert read(text(4)).has("percentage", "broken", stated=rates[0] + 4, part=costs[0] * rates[0]), text(4)


@MODERATE
@given(
    draw=st.sampled_from((aligned, indented, dotted)),
    money=MONEY,
    first=VALUES,
    second=VALUES,
    titles=st.sampled_from((("Dépenses", "Recettes"), ("Charges", "Produits"), ("Investissement", "Fonctionnement"))),
    label=st.sampled_from(("Total", "TOTAL", "Total {}")),
    labels=ORDER,
    gap=st.integers(1, 9),
)
def test_a_total_may_be_of_its_section_only(
    draw: Callable[[Rows], str],
    money: Money,
    first: list[int],
    second: list[int],
    titles: tuple[str, str],
    label: str,
    labels: tuple[str, ...],
    gap: int,
) -> None:
    names = named(len(first) + len(second), labels)
    said = label.format(titles[1].lower())

    def text(total: int) -> str:
        rows = [[name, money.say(value)] for name, value in zip(names, [*first, *second], strict=True)]
        lines = draw([*rows, [said, money.say(total)]]).split("\n")
        return "\n".join((titles[0], *lines[: len(first)], titles[1], *lines[len(first) :])) + "\n"

    section = text(sum(second))
    assert read(section).has(
        "sum", "holds", total=money_worth(money, sum(second)), parts=[money_worth(money, v) for v in second]
    ), section
    assert not accusations(section), section
    if "{}" in label:
        cents = gap * (100 if money.cents else 1)
        if sum(second) + cents != sum(first) + sum(second):
            wrong = text(sum(second) + cents)
            assert read(wrong).has("sum", "broken", total=money_worth(money, sum(second) + cents)), wrong
    else:
        assert not accusations(text(sum(first) + sum(second)))


def test_a_list_of_one_cell_a_line_may_end_on_any_label() -> None:
    """« name / amount / name / amount / name », with nothing after: read, or left, but never a fault of ours."""
    for gap in ("\n", "\n\n"):
        for count in range(1, 6):
            for last in ("Total", "Comité des Tilleuls"):
                cells = [cell for number in range(count) for cell in (LABELS[number], f"1 00{number} F")]
                assert not accusations(gap.join([*cells, last]))
