"""Tables against their peers, in turn in the same run: the figures and the plot that the README shows.

    python benchmarks/tables.py --bench ../shared/bench --work /tmp/bench --rows 100000 1000000 --seeds 1 2 3

Each command is a whole process, measured with its children (wall, processor, peak memory). Machines are shared and
noisy: read the ratios, not the seconds. `--plot FILE.svg` draws the time against rows and writes FILE.csv beside it;
`--json FILE` keeps every measure.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

CODES = {
    "ID001": "bad_siret",
    "DAT001": "bad_date",
    "AMT001": "negative_amount",
    "SUM002": "sum_mismatch",
    "PCT001": "pct_ulp",
    "TAB002": "bad_nature",
    "TAB001": "missing_cell",
    "IMP001": "bad_imputation",
}
PEERS = {
    "csv.reader alone": "csv_reader_only",
    "pyarrow read alone": "csv_pyarrow_read",
    "polars read alone": "csv_polars_read",
    "polars by hand, with messages": "csv_fast_explain",
    "pure Python by hand": "csv_pure_line",
}


def measure(command: list[str], environment: dict[str, str]) -> dict[str, float]:
    """Wall and processor seconds, and peak resident megabytes, of one process and its children."""
    start = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        raise SystemExit(f"failed: {' '.join(command)}")
    return {
        "wall": time.perf_counter() - start,
        "cpu": used.ru_utime + used.ru_stime,
        "peak_mb": used.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6,
    }


def check_one(data: str, out: str, engine: str) -> None:
    """The library on one file, in this process; writes the findings as the score script reads them."""
    from subsidy_rules.finding import Tally
    from subsidy_rules.rules import standard_rules
    from subsidy_rules.settings import Settings, TableSettings
    from subsidy_rules.tables import check_table

    tables = TableSettings(amount="part", decisions="complete", engine=engine)  # type: ignore[arg-type]
    settings = Settings(select=tuple(CODES), tables=tables)
    rules = [rule for rule in standard_rules() if rule.code in CODES]
    outcome = check_table(Path(data), rules, settings, Tally())
    with open(out, "w", encoding="utf-8") as file, open(out + ".msg", "w", encoding="utf-8") as messages:
        for finding in outcome.findings:
            if finding.state != "broken":
                continue
            messages.write(f"{finding.place.row}:{finding.place.column}: {finding.code} {finding.say('fr')}\n")
            rows = sorted({finding.place.row or 0, *finding.values.get("rows", ())})
            file.writelines(f"{row - 2}\t{CODES[finding.code]}\n" for row in rows)


def generated(bench: Path, work: Path, rows: int, seed: int) -> Path:
    data = work / f"t{rows}-{seed}.csv"
    if not data.exists():
        command = [
            sys.executable,
            str(bench / "gen.py"),
            "csv",
            str(rows),
            str(data),
            str(data.with_suffix(".truth.tsv")),
        ]
        subprocess.run(command, check=True, env={**os.environ, "SEED": str(seed)})
    return data


def scored(bench: Path, data: Path, out: Path) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, str(bench / "score.py"), str(data), str(out)], check=True, capture_output=True, text=True
    )
    score: dict[str, Any] = json.loads(done.stdout)
    return score


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", type=Path, default=Path("../shared/bench"))
    parser.add_argument("--work", type=Path, default=Path("bench-data"))
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--seeds", type=int, nargs="+", default=[20240615])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--peers", nargs="*", default=list(PEERS))
    parser.add_argument("--python", action="store_true", help="also the path without extras")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--plot", type=Path)
    parser.add_argument("--one", nargs=3, metavar=("DATA", "OUT", "ENGINE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        check_one(*options.one)
        return
    options.work.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "PYTHONPATH": str(options.bench)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # every command with its modules compiled, as an installer does
    results: list[dict[str, Any]] = []
    for rows in options.rows:
        for seed in options.seeds:
            results += compared(options, environment, rows, seed)
    if options.json:
        options.json.write_text(json.dumps(results, indent=1), encoding="utf-8")
    if options.plot:
        options.plot.write_text(plot(results), encoding="utf-8")
        options.plot.with_suffix(".csv").write_text(written(results), encoding="utf-8")


def compared(options: argparse.Namespace, environment: dict[str, str], rows: int, seed: int) -> list[dict[str, Any]]:
    """Every command in turn, as many times as asked; the least time of each is kept."""
    data = generated(options.bench, options.work, rows, seed)
    out = options.work / "found.tsv"
    commands = {
        name: [sys.executable, str(options.bench / "peers" / f"{PEERS[name]}.py"), str(data), str(out) + ".peer"]
        for name in options.peers
    }
    engines = {"subsidy-rules": "columnar", **({"subsidy-rules without extras": "python"} if options.python else {})}
    for name, engine in engines.items():
        commands[name] = [sys.executable, __file__, "--one", str(data), f"{out}.{engine}", engine]
    best: dict[str, dict[str, Any]] = {}
    for _ in range(options.runs):
        for name, command in commands.items():
            now = measure(command, environment)
            kept = best.setdefault(name, {"rows": rows, "seed": seed, "name": name, **now})
            for key in ("wall", "cpu", "peak_mb"):
                kept[key] = (max if key == "peak_mb" else min)(kept[key], now[key])
    for name, engine in engines.items():
        score = scored(options.bench, data, Path(f"{out}.{engine}"))
        best[name]["found"] = f"{score['found']}/{score['seeded']}"
        best[name]["false"] = score["false"]
    print(f"\n{rows:,} rows, seed {seed}")
    print(f"{'':34}{'wall s':>9}{'cpu s':>9}{'peak MB':>9}  found")
    for name, measured in best.items():
        print(
            f"{name:34}{measured['wall']:9.2f}{measured['cpu']:9.2f}{measured['peak_mb']:9.0f}"
            f"  {measured.get('found', '')} {'+' + str(measured['false']) if measured.get('false') else ''}"
        )
    return list(best.values())


def plot(results: list[dict[str, Any]]) -> str:
    """A plain SVG, both axes logarithmic: rows across, processor seconds of the whole process up."""
    width, height, left, under = 760, 420, 60, 50
    logs = [(math.log10(r["rows"]), math.log10(max(r["cpu"], 0.01))) for r in results]
    low_x, high_x = min(x for x, _ in logs), max(x for x, _ in logs) + 1e-9
    low_y, high_y = math.floor(min(y for _, y in logs)), math.ceil(max(y for _, y in logs) + 1e-9)

    def at(rows: int, seconds: float) -> tuple[float, float]:
        x = left + (width - left - 260) * (math.log10(rows) - low_x) / (high_x - low_x)
        y = height - under - (height - 2 * under) * (math.log10(max(seconds, 0.01)) - low_y) / (high_y - low_y)
        return x, y

    lines = [
        '<svg xmlns="http://www.w3.org/2000/svg" font-family="sans-serif" font-size="12" '
        f'viewBox="0 0 {width} {height}">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
        f'<text x="12" y="{under - 24}">processor seconds, whole process</text>',
        f'<text x="{left}" y="{height - 10}">rows</text>',
    ]
    for power in range(low_y, high_y + 1):
        y = at(10, 10**power)[1]
        lines.append(f'<path d="M{left} {y:.1f} H{width - 260}" stroke="#ddd"/>')
        lines.append(f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{10**power:g}</text>')
    lines += [
        f'<text x="{at(rows, 1)[0]:.1f}" y="{height - 28}" text-anchor="middle">{rows:,}</text>'
        for rows in sorted({r["rows"] for r in results})
    ]
    colors = ("#888", "#39c", "#c6c", "#e80", "#963", "#0a4", "#c20")
    for number, name in enumerate(dict.fromkeys(r["name"] for r in results)):
        color = colors[number % len(colors)]
        points = sorted((r["rows"], r["cpu"]) for r in results if r["name"] == name)
        spots = [at(*point) for point in points]
        path = " L".join(f"{x:.1f} {y:.1f}" for x, y in spots)
        lines.append(f'<path d="M{path}" stroke="{color}" fill="none" stroke-width="2"/>')
        lines += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{color}"/>' for x, y in spots]
        lines.append(f'<text x="{width - 245}" y="{under + 20 * number}" fill="{color}">{name}</text>')
    return "\n".join([*lines, "</svg>"]) + "\n"


def written(results: list[dict[str, Any]]) -> str:
    """The table, with the ratio of each to reading alone with csv.reader and with polars in the same run."""
    lines = ["rows,seed,name,wall_s,cpu_s,peak_mb,cpu_over_csv_reader,cpu_over_polars_read,found,false"]
    for r in results:
        beside = {o["name"]: o["cpu"] for o in results if (o["rows"], o["seed"]) == (r["rows"], r["seed"])}
        ratios = [
            f"{r['cpu'] / beside[name]:.2f}" if name in beside else ""
            for name in ("csv.reader alone", "polars read alone")
        ]
        lines.append(
            f"{r['rows']},{r['seed']},{r['name'].replace(',', '')},{r['wall']:.2f},{r['cpu']:.2f},{r['peak_mb']:.0f},"
            f"{','.join(ratios)},{r.get('found', '')},{r.get('false', '')}"
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
