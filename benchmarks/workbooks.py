"""What a workbook costs: 100 000 rows of an official table, written by XlsxWriter, checked by the command line.

    python benchmarks/workbooks.py [--rows 100000] [--runs 3]

The whole process is measured (start of Python included): seconds of the clock and of the processor, and the memory
at its highest, the best of the runs. Exit code 1 when it takes more than 6 seconds for 100 000 rows, or when a planted
fault is missed. Strings are written both ways: shared, as spreadsheets do, and in the cells, as exports do.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

import xlsxwriter

LIMIT = 6.0
EVERY = 1_000
"""One row in so many has an amount below zero."""
HEADER = (
    "nomAttribuant", "idAttribuant", "dateConvention", "referenceDecision", "nomBeneficiaire", "idBeneficiaire",
    "rnaBeneficiaire", "objet", "montant", "nature", "conditionsVersement", "datesPeriodeVersement", "idRAE",
    "notificationUE", "pourcentageSubvention", "dispositifAide",
)  # fmt: skip


def write(path: Path, rows: int, *, shared: bool) -> int:
    """Writes the workbook and returns how many faults it holds."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": not shared})
    sheet = book.add_worksheet("Subventions")
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    money = book.add_format({"num_format": '#,##0.00" €"'})
    share = book.add_format({"num_format": "0 %"})
    sheet.write_row(0, 0, HEADER)
    voted = datetime(2024, 7, 7)  # noqa: DTZ001
    for row in range(1, rows + 1):
        amount = 500 + (row * 37) % 19_000 + row % 100 / 100
        sheet.write_string(row, 0, "Ville de Démonstration")
        sheet.write_string(row, 1, "21060004500392")
        sheet.write_datetime(row, 2, voted, day)
        sheet.write_string(row, 3, f"D-{row}")
        sheet.write_string(row, 4, f"Association n° {row}")
        sheet.write_string(row, 5, "52499120500013")
        sheet.write_string(row, 7, f"Fonctionnement, action {row % 500}")
        sheet.write_number(row, 8, -amount if row % EVERY == 0 else amount, money)
        sheet.write_string(row, 9, "aide en numéraire")
        sheet.write_string(row, 10, "unique")
        sheet.write_string(row, 11, "2024-09-30")
        sheet.write_string(row, 13, "non")
        sheet.write_number(row, 14, 1, share)
    book.close()
    return rows // EVERY


def measure(path: Path, faults: int, runs: int) -> tuple[float, float]:
    """The best seconds of the clock and of the processor, over some runs of the whole program."""
    program = Path(sys.executable).with_name("subsidy-rules")
    command = [str(program), "check", str(path), "--output-format", "json"]
    command += ["--select", "ID001,DAT001,AMT001,SUM002,PCT001,TAB001,TAB002"]
    clocks, processors = [], []
    for _ in range(runs):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.perf_counter()
        done = subprocess.run(command, capture_output=True, check=False, env=dict(os.environ))
        clocks.append(time.perf_counter() - start)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        processors.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        if done.returncode not in (0, 1):
            sys.exit(done.stderr.decode("utf-8", "replace"))
        told = json.loads(done.stdout)["findings"]
        found = sum(max(1, len(one["values"].get("rows", ()))) for one in told if one["code"] == "AMT001")
        if found != faults:
            sys.exit(f"{path.name}: {found} faults told of {faults}")
    return min(clocks), min(processors)


def main() -> int:
    """Runs the measure and prints it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    late = False
    with tempfile.TemporaryDirectory() as folder:
        for name, shared in (("shared strings", True), ("strings in cells", False)):
            path = Path(folder, "table.xlsx")
            faults = write(path, options.rows, shared=shared)
            clock, processor = measure(path, faults, options.runs)
            peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
            size = path.stat().st_size / 1e6
            print(f"{name:>18}: {options.rows} rows, {size:.1f} MB: {clock:.2f} s, processor {processor:.2f} s, "
                  f"{peak:.0f} MB at most")  # fmt: skip
            late = late or clock > LIMIT * options.rows / 100_000
    return 1 if late else 0


if __name__ == "__main__":
    sys.exit(main())
