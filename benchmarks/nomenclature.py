"""What the reference data and the reading of imputations cost.

    python benchmarks/nomenclature.py

Prints one line a figure: loading everything, looking a code up, reading a code, searching a text, judging a code.
Times are of the processor (the machine may be shared), the best of several runs; sizes are those of the files as
installed and as a wheel packs them. The aims are those of the project: look-up under 2 µs, loading under 50 ms,
under 2 MB.
"""

from __future__ import annotations

import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path

from subsidy_rules import nomenclature as plans
from subsidy_rules.facts import Charge, Context
from subsidy_rules.imputation import find_imputations, parse_imputation
from subsidy_rules.place import Place
from subsidy_rules.rules.imputations import RULES


def best(run: Callable[[], object], times: int, rounds: int = 7) -> float:
    """Seconds for one call: the best mean of ``rounds`` rounds of ``times`` calls."""
    least = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        for _ in range(times):
            run()
        least = min(least, (time.process_time() - start) / times)
    return least


def line(what: str, value: str, aim: str = "") -> None:
    print(f"{what:<58} {value:>12}  {aim}")


def load() -> None:
    plans.nomenclature.cache_clear()
    for name in plans.available():
        plans.nomenclature(name)


def cold() -> float:
    """Loading everything in a new process, without the start of Python and the import."""
    code = (
        "import time\nfrom subsidy_rules import nomenclature as n\nt=time.process_time()\n"
        "for x in n.available(): n.nomenclature(x)\nprint(time.process_time()-t)"
    )
    return min(
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)
        for _ in range(5)
    )


def main() -> None:
    files = sorted(Path(plans.FOLDER).glob("*.csv"))
    raw = sum(path.stat().st_size for path in files)
    packed = sum(len(zlib.compress(path.read_bytes(), 6)) for path in files)
    rows = sum(path.read_text("utf-8").count("\n") for path in files)
    line("files / rows", f"{len(files)} / {rows}")
    line("size on disk", f"{raw / 1e6:.2f} MB", "aim < 2 MB")
    line("size in a wheel (deflate)", f"{packed / 1e6:.2f} MB")
    line("load everything, new process", f"{cold() * 1e3:.1f} ms", "aim < 50 ms")
    line("load everything, again", f"{best(load, 1) * 1e3:.1f} ms")

    load()
    line("account, warm", f"{best(lambda: plans.account('6574', 2017, 'M57'), 20_000) * 1e6:.2f} µs", "aim < 2 µs")
    line("function, warm", f"{best(lambda: plans.function('61', 2017, 'M57'), 20_000) * 1e6:.2f} µs", "aim < 2 µs")
    line(
        "chapter carries account, warm",
        f"{best(lambda: plans.carries('65', '6574', 2017, 'M57'), 20_000) * 1e6:.2f} µs",
    )
    plan = plans.nomenclature("M57")
    line(
        "account, rows cut but answer not remembered",
        f"{best(lambda: plan.account('6574', 2017), 20_000) * 1e6:.2f} µs",
    )
    codes = [code for name in plans.available() for code in plans.nomenclature(name).codes()]

    def sweep() -> None:
        for name in plans.available():
            table = plans.nomenclature(name)
            for code in table.codes():
                table.account(code, 2017)

    line(f"account, cold ({len(codes)} codes, first time)", f"{best(sweep, 1, 1) / len(codes) * 1e6:.2f} µs")

    quick = [f"B{n:03d}/65/6574/{n % 90 + 1}" for n in range(1000)]
    line("read B320/65/6574/61", f"{best(lambda: [parse_imputation(c) for c in quick], 3) / 1000 * 1e6:.2f} µs")
    line("read 3A/61/6574", f"{best(lambda: parse_imputation('3A/61/6574'), 2000) * 1e6:.2f} µs")
    written = "politique B320 chapitre 65 – nature 6574 – fonction 61"
    todo = (f"politique B{n} chapitre 65 – nature 6574 – fonction 61" for n in range(100, 100_000))
    line("read a labelled code, new", f"{best(lambda: parse_imputation(next(todo)), 400) * 1e6:.2f} µs")
    line("read a labelled code, again", f"{best(lambda: parse_imputation(written), 2000) * 1e6:.2f} µs")

    prose = (
        "Article 2. La dépense, soit 12 500,00 €, sera imputée au chapitre 65, nature 6574, fonction 33 du budget. "
        "La délibération n° 17/0200 du 27 mars 2017 est modifiée. "
    )
    text = prose * (1_000_000 // len(prose))
    found = sum(1 for _ in find_imputations(text))
    cost = best(lambda: sum(1 for _ in find_imputations(text)), 1, 3)
    line(f"search 1 MB of prose ({found} imputations)", f"{cost * 1e3:.0f} ms")

    context = Context(fiscal_year=2017, nomenclature="M57")
    read = parse_imputation("B320/65/6574/61")
    charge = Charge(raw=read.raw, imputation=read, place=Place(), strict=True)
    rules = [rule for rule in RULES if rule.on == "charge"]
    line(
        f"judge one imputation by {len(rules)} rules",
        f"{best(lambda: [r.judge(charge, context) for r in rules], 2000) * 1e6:.1f} µs",
    )


if __name__ == "__main__":
    main()
