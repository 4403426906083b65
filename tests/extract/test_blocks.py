"""Tables whose rows and columns speak of one another (rates beside amounts, block under block, averages by head, tax,
changes), drawn in any of the ways of plain text: a true one is read whole and accused of nothing; with one figure
changed, the figure is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from tests.extract.reading import accusations, read
from tests.extract.test_layouts import (
    MONEY,
    ORDER,
    Money,
    Rows,
    aligned,
    dotted,
    ellipses,
    indented,
    money_worth,
    named,
    piped,
    ragged,
    semicolons,
    slashed,
    tabbed,
)

# The texts are short: one that fails needs no shrinking.
FEW = settings(
    max_examples=15,
    derandomize=True,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow],
)

Draw = Callable[[Rows], str]


def set_in(rows: Rows) -> str:
    return "\n".join("\t" + "\t".join(row) for row in rows)


DRAWN: Sequence[Draw] = (aligned, indented, tabbed, set_in, piped, dotted, ellipses, ragged)
HEADED: Sequence[Draw] = (aligned, indented, tabbed, set_in, piped)
RATES = st.lists(st.integers(4, 30), min_size=3, max_size=5).filter(lambda rates: sum(rates) < 90)
UNIT = MONEY.filter(lambda money: bool(money.unit))


def percent(rate: int, brackets: bool) -> str:
    return f"({rate} %)" if brackets else f"{rate} %"


@FEW
@given(
    draw=st.sampled_from(DRAWN),
    money=UNIT,
    rates=RATES,
    base=st.integers(30, 9_000),
    labels=ORDER,
    over=st.sampled_from(
        ("Dépense éligible HT", "Coût de l'opération", "Montant des travaux", "Assiette subventionnable")
    ),
    first=st.booleans(),
    brackets=st.booleans(),
    rest=st.sampled_from(("Reste à la charge de la commune", "Autofinancement", "Part communale", "Solde à financer")),
    slip=st.integers(3, 9),
)
def test_rates_are_of_the_cost_that_stands_over_the_aids(
    draw: Draw,
    money: Money,
    rates: list[int],
    base: int,
    labels: tuple[str, ...],
    over: str,
    first: bool,
    brackets: bool,
    rest: str,
    slip: int,
) -> None:
    worth = base * 10_000
    names = named(len(rates), labels)

    def text(off: int) -> str:
        printed = [rate + (off if n == 1 else 0) for n, rate in enumerate(rates)]
        rows = [
            [name, money.say(worth * rate // 100), percent(shown, brackets)]
            for name, rate, shown in zip(names, rates, printed, strict=True)
        ]
        aided = sum(rates)
        rows.append(["Total des aides publiques", money.say(worth * aided // 100), percent(aided, brackets)])
        rows.append([rest, money.say(worth * (100 - aided) // 100), percent(100 - aided, brackets)])
        if first:
            return draw([[over, money.say(worth), ""], *rows])
        return f"{over} : {money.say(worth)}\n{draw(rows)}"

    right = text(0)
    found = read(right)
    whole = money_worth(money, worth)
    for rate in (*rates, sum(rates), 100 - sum(rates)):
        part = money_worth(money, worth * rate // 100)
        assert found.has("percentage", "holds", stated=rate, part=part, whole=whole), right
    aided, left = (money_worth(money, worth * rate // 100) for rate in (sum(rates), 100 - sum(rates)))
    assert found.has("balance", "holds", start=whole, minus=[aided], result=left) or found.has(
        "sum", "holds", total=whole, parts=[aided, left]
    ), right
    assert not accusations(right), right
    # A rate that is true of another amount of the table may be of that one.
    others = (*rates, sum(rates), 100 - sum(rates))
    assume(all(abs(100 * rates[1] / other - rates[1] - slip) > 1 for other in others))
    wrong = text(slip)
    assert read(wrong).has("percentage", "broken", stated=rates[1] + slip, whole=whole), wrong


@FEW
@given(
    draw=st.sampled_from(HEADED),
    money=UNIT,
    cost=st.lists(st.integers(10, 900), min_size=2, max_size=4),
    years=st.booleans(),
    labels=ORDER,
    headings=st.sampled_from(
        (("Initial", "Modifié"), ("2021", "2022"), ("Plan voté", "Plan révisé"), ("Avant avenant", "Après avenant"))
    ),
    slip=st.integers(3, 9),
)
def test_two_plans_side_by_side_with_their_rates(
    draw: Draw,
    money: Money,
    cost: list[int],
    years: bool,
    labels: tuple[str, ...],
    headings: tuple[str, str],
    slip: int,
) -> None:
    rates = ((30, 20, 50), (25, 35, 40))
    ones = [value * 2_000 for value in cost]
    twos = [value * 3_000 for value in cost]
    names = named(len(cost) + 3, labels)

    def text(off: int) -> str:
        rows = [["", headings[0], "%", headings[1], "%"]] if years else []
        rows += [[n, money.say(a), "", money.say(b), ""] for n, a, b in zip(names, ones, twos, strict=False)]
        rows.append(["Total HT", money.say(sum(ones)), "", money.say(sum(twos)), ""])
        for number, name in enumerate(names[len(cost) :]):
            shares = [side[number] for side in rates]
            amounts = [total * share // 100 for total, share in zip((sum(ones), sum(twos)), shares, strict=True)]
            shown = shares[1] + (off if number == 0 else 0)
            rows.append([name, money.say(amounts[0]), f"{shares[0]} %", money.say(amounts[1]), f"{shown} %"])
        rows.append(["Total", money.say(sum(ones)), "100 %", money.say(sum(twos)), "100 %"])
        return "Plan de financement de l'opération :\n\n" + draw(rows)

    right = text(0)
    found = read(right)
    for total, shares in zip((sum(ones), sum(twos)), rates, strict=True):
        whole = money_worth(money, total)
        assert found.has("equal", "holds", first=whole, again=whole), right
        assert found.has("shares_total", "holds", percents=shares), right
        for share in shares:
            part = money_worth(money, total * share // 100)
            assert found.has("percentage", "holds", stated=share, part=part, whole=whole), right
    assert not accusations(right), right
    wrong = text(slip)
    found = read(wrong)
    assert found.has("percentage", "broken", stated=25 + slip), wrong
    assert found.has("shares_total", "broken"), wrong


@FEW
@given(
    draw=st.sampled_from(HEADED),
    money=MONEY,
    counts=st.lists(st.integers(2, 90), min_size=3, max_size=5, unique=True),
    each=st.integers(101, 990),
    header=st.sampled_from(
        (
            ("Dossiers", "Aides versées", "Moyenne par dossier"),
            ("Élèves", "Participation", "Coût moyen"),
            ("Nombre de places", "Dépense", "Coût par place"),
            ("Licenciés", "Subvention", "Aide / licencié"),
        )
    ),
    labels=ORDER,
    slip=st.integers(2, 9),
)
def test_averages_column_by_column(
    draw: Draw,
    money: Money,
    counts: list[int],
    each: int,
    header: tuple[str, str, str],
    labels: tuple[str, ...],
    slip: int,
) -> None:
    prices = [(each + 7 * n) * 100 for n in range(len(counts))]
    names = named(len(counts), labels)

    def text(off: int) -> str:
        rows = [
            [name, str(count), money.say(count * price), money.say(price + (off * 10_000 if n == 0 else 0))]
            for n, (name, count, price) in enumerate(zip(names, counts, prices, strict=True))
        ]
        return draw([["Structure", *header], *rows])

    right = text(0)
    for count, price in zip(counts, prices, strict=True):
        assert read(right).has(
            "average",
            "holds",
            total=money_worth(money, count * price),
            count=count,
            stated=money_worth(money, price),
        ), right
    assert not accusations(right), right
    wrong = text(slip)
    assert read(wrong).has("average", "broken", count=counts[0]), wrong


@FEW
@given(
    draw=st.sampled_from(HEADED),
    money=MONEY,
    counts=st.lists(st.integers(120, 9_000), min_size=2, max_size=4, unique=True),
    price=st.integers(2, 40),
    unit=st.sampled_from(("habitant", "élève", "logement", "licencié", "foyer")),
    words=st.sampled_from(("Soit {} par {}.", "La contribution est fixée à {} par {}.", "Base : {} / {}.")),
    labels=ORDER,
)
def test_an_amount_by_head_under_a_table(
    draw: Draw, money: Money, counts: list[int], price: int, unit: str, words: str, labels: tuple[str, ...]
) -> None:
    rows = [["Commune", f"{unit}s", "Participation"]]
    names = named(len(counts), labels)
    cents = Money(money.thousands, " €", cents=True)
    for name, count in zip(names, counts, strict=True):
        rows.append([name, f"{count:,}".replace(",", " "), cents.say(count * price * 100)])
    rows.append(["Total", f"{sum(counts):,}".replace(",", " "), cents.say(sum(counts) * price * 100)])
    text = draw(rows) + "\n\n" + words.format(f"{price},00 €", unit) + "\n"
    assert read(text).has("average", "holds", total=sum(counts) * price, count=sum(counts), stated=price), text
    assert not accusations(text), text


@FEW
@given(
    draw=st.sampled_from(HEADED),
    money=UNIT,
    values=st.lists(st.integers(10, 9_000), min_size=2, max_size=4, unique=True),
    rate=st.sampled_from((20, 10)),
    header=st.sampled_from((("Montant HT", "TVA {} %", "Montant TTC"), ("HT", "TVA ({} %)", "TTC"))),
    labels=ORDER,
    slip=st.integers(1, 9),
)
def test_before_and_after_tax_column_by_column(
    draw: Draw,
    money: Money,
    values: list[int],
    rate: int,
    header: tuple[str, ...],
    labels: tuple[str, ...],
    slip: int,
) -> None:
    nets = [value * 1_000 for value in values]
    names = named(len(nets), labels)

    def text(off: int) -> str:
        rows = [["Lot", *(word.format(rate) for word in header)]]
        for name, net in zip((*names, "Total"), (*nets, sum(nets)), strict=True):
            rows.append([name, *map(money.say, (net, net * rate // 100, net * (100 + rate) // 100))])
        if off:
            rows[1][3] = money.say(nets[0] * (100 + rate) // 100 + off * 1_000)
        return draw(rows)

    right = text(0)
    for net in (*nets, sum(nets)):
        gross = money_worth(money, net * (100 + rate) // 100)
        assert read(right).has("tax", "holds", net=money_worth(money, net), rate=rate, gross=gross), right
    assert not accusations(right), right
    wrong = text(slip)
    assert read(wrong).has("tax", "broken", net=money_worth(money, nets[0])), wrong


@FEW
@given(
    draw=st.sampled_from(HEADED),
    money=MONEY,
    befores=st.lists(st.integers(10, 900), min_size=3, max_size=5, unique=True),
    moves=st.lists(st.integers(-30, 40).filter(bool), min_size=5, max_size=5),
    header=st.sampled_from(("Évolution", "Evol.", "Variation", "Var. %", "Évol. 2024/2023")),
    apart=st.booleans(),
    labels=ORDER,
    slip=st.integers(2, 9),
)
def test_a_column_of_changes(
    draw: Draw,
    money: Money,
    befores: list[int],
    moves: list[int],
    header: str,
    apart: bool,
    labels: tuple[str, ...],
    slip: int,
) -> None:
    befores = [value * 10_000 for value in befores]
    moves = moves[: len(befores)]
    afters = [value * (100 + move) // 100 for value, move in zip(befores, moves, strict=True)]
    names = named(len(befores), labels)

    def say(move: int) -> str:
        return f"{'+' if move > 0 else '-'}{' ' if apart else ''}{abs(move)} %"

    def text(off: int) -> str:
        rows = [["Poste", "BP 2023", "BP 2024", header]]
        for number, name in enumerate(names):
            move = moves[number]
            shown = move + (0 if number else off if move > 0 else -off)
            rows.append([name, money.say(befores[number]), money.say(afters[number]), say(shown)])
        return draw(rows)

    right = text(0)
    for one, two, move in zip(befores, afters, moves, strict=True):
        start, end = money_worth(money, one), money_worth(money, two)
        assert read(right).has("change", "holds", start=start, end=end, stated=move), right
    assert not accusations(right), right
    wrong = text(slip)
    assert read(wrong).has("change", "broken", start=money_worth(money, befores[0])), wrong


def test_a_false_rate_is_told_only_of_a_whole_that_most_rates_are_of() -> None:
    text = (
        "Coût du projet : 100 000 €\n"
        "Région           20 000 €   50 %\nDépartement      15 000 €   40 %\nEurope           30 000 €   30 %"
    )
    assert not accusations(text)


def test_semicolons_and_slashes_make_the_same_tables() -> None:
    rows = [
        ["Dossiers de l'année", "nombre", "aides", "moyenne par dossier"],
        ["Nord", "12", "24 000 €", "2 000 €"],
        ["Sud", "8", "12 000 €", "1 500 €"],
        ["Est", "10", "17 000 €", "1 700 €"],
    ]
    for draw in (semicolons, slashed):
        assert read(draw(rows)).has("average", "holds", total=24000, count=12, stated=2000), draw(rows)
        assert not accusations(draw(rows))


# -- one cell a line ------------------------------------------------------------------------------------------------


def cells(rows: Rows) -> str:
    return "\n".join(cell for row in rows for cell in row if cell)


@FEW
@given(
    money=UNIT,
    rates=st.sampled_from(((30, 20, 50), (25, 35, 40), (10, 15, 75), (40, 30, 20, 10))),
    base=st.integers(3, 900),
    costs=st.lists(st.integers(1, 90), min_size=2, max_size=3),
    labels=ORDER,
    head=st.sampled_from(("Coût total de l'opération", "Total des dépenses", "TOTAL HT")),
    middle=st.sampled_from(("Financement", "RECETTES", "Plan de financement")),
    dont=st.booleans(),
    slip=st.integers(3, 9),
)
def test_one_cell_a_line_with_rates(
    money: Money,
    rates: tuple[int, ...],
    base: int,
    costs: list[int],
    labels: tuple[str, ...],
    head: str,
    middle: str,
    dont: bool,
    slip: int,
) -> None:
    whole = base * 100_000
    parts = [whole * cost // (2 * sum(costs)) for cost in costs]
    parts.append(whole - sum(parts))
    names = named(len(parts) + len(rates), labels)

    def text(off: int) -> str:
        rows = [[head, money.say(whole)]]
        rows += [["dont"]] if dont else []
        rows += [[name, money.say(part)] for name, part in zip(names, parts, strict=False)]
        rows.append([middle])
        for number, (name, rate) in enumerate(zip(names[len(parts) :], rates, strict=True)):
            shown = rate + (off if number == 0 else 0)
            rows.append([name, money.say(whole * rate // 100), f"{shown} %"])
        rows.append(["TOTAL", money.say(whole), "100 %"])
        return cells(rows)

    right = text(0)
    found = read(right)
    total = money_worth(money, whole)
    assert found.has("sum", "holds", total=total, parts=[money_worth(money, part) for part in parts]), right
    assert found.has("sum", "holds", total=total, parts=[money_worth(money, whole * r // 100) for r in rates]), right
    assert found.has("equal", "holds", first=total, again=total), right
    assert found.has("shares_total", "holds", percents=rates), right
    for rate in rates:
        assert found.has("percentage", "holds", stated=rate, whole=total), right
    assert not accusations(right), right
    wrong = text(slip)
    assert read(wrong).has("percentage", "broken", stated=rates[0] + slip), wrong


@FEW
@given(
    money=UNIT,
    left=st.lists(st.integers(1_010, 90_000), min_size=2, max_size=4, unique=True),
    cut=st.integers(1, 9),
    labels=ORDER,
    titles=st.sampled_from((("DEPENSES", "RECETTES"), ("Charges", "Produits"), ("Emplois", "Ressources"))),
    total=st.sampled_from(("TOTAL", "Total", "Total général")),
)
def test_two_sides_whose_cells_came_out_one_under_the_other(
    money: Money, left: list[int], cut: int, labels: tuple[str, ...], titles: tuple[str, str], total: str
) -> None:
    whole = sum(left)
    one = whole * cut // 10
    right = [one, whole - one]
    names = named(len(left) + 2, labels)
    rows = [[titles[0]], [titles[1]]]
    rows += [[name, money.say(value)] for name, value in zip(names, (*left, *right), strict=True)]
    rows += [[total, money.say(whole)], [total, money.say(whole)]]
    text = cells(rows)
    worth = money_worth(money, whole)
    assert read(text).has("equal", "holds", first=worth, again=worth), text
    assert not accusations(text), text


@FEW
@given(
    money=MONEY,
    values=st.lists(
        st.tuples(st.integers(1_010, 90_000), st.integers(1_010, 90_000)), min_size=3, max_size=6, unique=True
    ),
    header=st.sampled_from((("Poste", "BP 2023", "BP 2024"), ("Association", "Demandé", "Accordé"), ())),
    labels=ORDER,
    slip=st.integers(1, 9),
)
def test_two_columns_one_cell_a_line(
    money: Money, values: list[tuple[int, int]], header: tuple[str, ...], labels: tuple[str, ...], slip: int
) -> None:
    names = named(len(values), labels)
    sums = [sum(pair[side] for pair in values) for side in (0, 1)]

    def text(off: int) -> str:
        rows = [list(header)] if header else []
        rows += [[name, money.say(a), money.say(b)] for name, (a, b) in zip(names, values, strict=True)]
        rows.append(["TOTAL", money.say(sums[0]), money.say(sums[1] + off)])
        return cells(rows)

    right = text(0)
    for side in (0, 1):
        parts = [money_worth(money, pair[side]) for pair in values]
        assert read(right).has("sum", "holds", total=money_worth(money, sums[side]), parts=parts), right
    assert not accusations(right), right
    off = slip * (100 if money.cents else 1)
    wrong = text(off)
    assert read(wrong).has("sum", "broken", total=money_worth(money, sums[1] + off)), wrong


# -- in running text ------------------------------------------------------------------------------------------------


@FEW
@given(
    money=MONEY,
    values=st.lists(st.integers(1, 900), min_size=2, max_size=5),
    rates=st.sampled_from(((30, 20, 50), (25, 35, 40), (10, 15, 75), (40, 30, 20, 10))),
    labels=ORDER,
    titles=st.sampled_from((("Dépenses", "Recettes"), ("Charges", "Produits"), ("Emplois", "Ressources"))),
    mark=st.sampled_from((" ; ", ", ")),
    total=st.sampled_from(("total", "soit un total de", "total général :", "Total")),
    slip=st.integers(1, 9),
)
def test_a_plan_in_running_text(
    money: Money,
    values: list[int],
    rates: tuple[int, ...],
    labels: tuple[str, ...],
    titles: tuple[str, str],
    mark: str,
    total: str,
    slip: int,
) -> None:
    costs = [value * 10_000 for value in values]
    whole = sum(costs)
    names = [name.replace("'", "’") for name in named(len(costs) + len(rates), labels)]

    def text(off: int) -> str:
        spends = [f"{name} {money.say(cost)}" for name, cost in zip(names, costs, strict=False)]
        brings = [
            f"{name} {money.say(whole * rate // 100)} ({rate} %)"
            for name, rate in zip(names[len(costs) :], rates, strict=True)
        ]
        return (
            "Plan de financement (en € HT)\n"
            f"{titles[0]} : {mark.join([*spends, f'{total} {money.say(whole)}'])}.\n"
            f"{titles[1]} : {mark.join([*brings, f'{total} {money.say(whole + off)} (100 %)'])}.\n"
        )

    right = text(0)
    found = read(right)
    worth = money_worth(money, whole)
    assert found.has("sum", "holds", total=worth, parts=[money_worth(money, cost) for cost in costs]), right
    assert found.has("equal", "holds", first=worth, again=worth), right
    assert found.has("shares_total", "holds", percents=rates), right
    for rate in rates:
        part = money_worth(money, whole * rate // 100)
        assert found.has("percentage", "holds", stated=rate, part=part, whole=worth), right
    assert not accusations(right), right
    off = slip * (100 if money.cents else 1)
    wrong = text(off)
    assert read(wrong).has("sum", "broken", total=money_worth(money, whole + off)), wrong
