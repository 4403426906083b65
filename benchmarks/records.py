"""JSON-lines records and the start of the command line, side by side with what they are measured against.

    python benchmarks/records.py [--records 100000] [--runs 3] [--seed 20240615]

Takes the generator and the peers of ``../shared/bench``. Each command is run in turn, several times, in the same
session: only the ratios mean something on a shared machine. Prints a Markdown table of medians, checks that every
planted fault was found and nothing else, and exits 1 when a goal is missed.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BENCH = ROOT.parent / "shared" / "bench"
CODES = "SUM001,PCT001,PCT002,AMT001,IMP001,REC001,REC002"
KINDS = {
    "sum_mismatch": {"SUM001"},
    "pct_ulp": {"PCT001", "PCT002"},
    "negative_amount": {"AMT001"},
    "bad_imputation": {"IMP001"},
    "missing_field": {"REC001"},
    "bad_amount": {"REC002"},
    "bad_year": {"REC001"},
    "bad_pct_format": {"REC002", "PCT001"},
}


def once(command: list[str]) -> tuple[float, float, float]:
    """Seconds of the clock, seconds of processor, megabytes at the peak, of one run."""
    began = time.perf_counter()
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=BENCH / "peers"
    ) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise SystemExit(f"failed ({process.returncode}): {' '.join(command)}")
    scale = 1 if sys.platform == "darwin" else 1024
    return time.perf_counter() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * scale / 1e6


def measured(commands: dict[str, list[str]], runs: int) -> dict[str, tuple[float, float, float]]:
    """Medians of ``runs`` turns, the commands one after the other in each."""
    found: dict[str, list[tuple[float, float, float]]] = {name: [] for name in commands}
    for turn in range(runs + 1):
        for name, command in commands.items():
            result = once(command)
            if turn:  # the first turn fills the caches
                found[name].append(result)
    return {
        name: tuple(statistics.median(column) for column in zip(*results, strict=True))
        for name, results in found.items()
    }


def complaints(data: Path, truth: Path, checker: list[str]) -> list[str]:
    """Planted faults that were not found, and findings where nothing was planted."""
    done = subprocess.run([*checker, str(data), "--output-format", "jsonl"], capture_output=True, check=False)
    told: dict[int, set[str]] = {}
    for line in done.stdout.splitlines():
        finding = json.loads(line)
        finding = finding.get("finding", finding)
        if finding.get("state") == "broken":
            told.setdefault(finding["place"]["line"] - 1, set()).add(finding["code"])
    with open(truth, newline="", encoding="utf-8") as rows:
        planted = {int(row["row"]): row["kind"] for row in csv.DictReader(rows, delimiter="\t")}
    missed = [
        f"line {row + 1}: {kind} not found" for row, kind in planted.items() if not told.get(row, set()) & KINDS[kind]
    ]
    return missed + [f"line {row + 1}: {sorted(told[row])} accused" for row in sorted(told) if row not in planted]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--records", type=int, default=100_000)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--seed", default="20240615")
    chosen = options.parse_args()
    if not BENCH.exists():
        print("../shared/bench is absent: nothing to measure against", file=sys.stderr)
        return 2
    python = sys.executable
    checker = [str(Path(python).with_name("subsidy-rules")), "check", "--fail-on", "never", "--select", CODES]
    os.environ["PYTHONPATH"] = str(BENCH)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # people do not compile the package at every run
    with tempfile.TemporaryDirectory() as scratch:
        data, truth, out = Path(scratch, "records.jsonl"), Path(scratch, "truth.tsv"), str(Path(scratch, "out"))
        environment = {**os.environ, "SEED": chosen.seed}
        command = [python, str(BENCH / "gen.py"), "jsonl", str(chosen.records), str(data), str(truth)]
        subprocess.run(command, check=True, env=environment)
        wrong = complaints(data, truth, checker)
        peers = {
            name: [python, str(BENCH / "peers" / f"{name}.py"), str(data), out]
            for name in ("jsonl_json_only", "jsonl_pydantic")
        }
        many = measured(
            {
                "json.loads alone": peers["jsonl_json_only"],
                "pydantic model, a Decimal validator": peers["jsonl_pydantic"],
                "subsidy-rules check": [*checker, str(data), "--output-format", "jsonl"],
            },
            chosen.runs,
        )
        one = measured(
            {
                "python, nothing": [python, "-c", "pass"],
                "import subsidy_rules": [python, "-c", "import subsidy_rules"],
                "import pydantic, yaml": [python, "-c", "import pydantic, yaml"],
                "subsidy-rules check optitec-2017.yaml": [
                    checker[0],
                    "check",
                    str(ROOT / "examples" / "optitec-2017.yaml"),
                ],
            },
            max(chosen.runs, 5),
        )
    floor = many["json.loads alone"][1]
    start = one["import pydantic, yaml"][1]
    print(f"{chosen.records} records\n\n| command | s | s of processor | × json.loads | MB |\n|---|---|---|---|---|")
    for name, (wall, cpu, peak) in many.items():
        print(f"| {name} | {wall:.2f} | {cpu:.2f} | {cpu / floor:.2f} | {peak:.0f} |")
    print("\n| command | ms | ms of processor | × pydantic and yaml |\n|---|---|---|---|")
    for name, (wall, cpu, _) in one.items():
        print(f"| {name} | {1000 * wall:.0f} | {1000 * cpu:.0f} | {cpu / start:.2f} |")
    goals = {
        "every planted fault found, nothing else accused": not wrong,
        "faster than the pydantic peer": many["subsidy-rules check"][1]
        < many["pydantic model, a Decimal validator"][1],
        "within 3 times json.loads (aim)": many["subsidy-rules check"][1] < 3 * floor,
        "one record within twice the imports of pydantic and yaml": one["subsidy-rules check optitec-2017.yaml"][1]
        < 2 * start,
        "import within 1.5 times bare Python": one["import subsidy_rules"][1] < 1.5 * one["python, nothing"][1],
    }
    print()
    for goal, met in goals.items():
        print(f"- {goal}: {'yes' if met else 'NO'}")
    for complaint in wrong[:20]:
        print(f"  {complaint}")
    return 0 if all(met for goal, met in goals.items() if "aim" not in goal) else 1


if __name__ == "__main__":
    sys.exit(main())
