"""What the hook costs: one changed record beside yamllint on the same file, and 400 files beside reading them.

    python benchmarks/hook.py [--runs 15]

Warm (the files and the byte code are in the cache), processor time of the child (user and system), the least of the
runs: what another program does on the machine at that moment is not measured. yamllint runs with its default rules.
Exit code 1 when a limit is passed: twice yamllint for one file, three seconds more than reading for 400.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

RECORD = """reference: "2024-{number:03d}"
title: Subvention de fonctionnement à l'association n° {number}
authority: Ville de Démonstration
fiscal_year: 2024
nomenclature: M57
total: {total} euros
base: {{label: budget prévisionnel, amount: {base} euros}}
stated_percentage: {rate} %
convention: true
allocations:
  - {{funder: Ville, amount: {first} euros, imputation: 65/65748/30}}
  - {{funder: Agglomération, amount: {second} euros, imputation: 65/65748/30}}
"""


def record(number: int) -> str:
    """A true record, different for each number."""
    first, second = 1000 + 13 * number, 500 + 7 * number
    total = first + second
    base = total * 4
    return RECORD.format(number=number, total=total, base=base, rate="25", first=first, second=second)


def cost(command: list[str], runs: int) -> float:
    """The least processor time of ``command``, in seconds, over ``runs`` runs after one that is not counted."""
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
    least = float("inf")
    for run in range(runs + 1):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(command, capture_output=True, env=environment, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode not in (0, 1):
            sys.exit(f"{command[0]} fell: {done.stderr.decode('utf-8', 'replace')}")
        if run:
            least = min(least, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return least


def main() -> int:
    """Runs both measures and prints them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15)
    runs = parser.parse_args().runs
    scripts = Path(sys.executable).parent
    ours = [str(scripts / "subsidy-rules"), "check", "--profile", "hook", "--no-config"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = [folder / f"acte-{number:03d}.yaml" for number in range(400)]
        for number, file in enumerate(files):
            file.write_text(record(number), "utf-8")
        paths = [str(file) for file in files]
        start = cost([sys.executable, "-c", "pass"], runs)
        theirs = cost([str(scripts / "yamllint"), paths[0]], runs)
        one = cost([*ours, paths[0]], runs)
        reading = cost([sys.executable, "-c", "import sys\nfor p in sys.argv[1:]: open(p,'rb').read()", *paths], 3)
        many = cost([*ours, *paths], 3)
    print(f"python, nothing    {start:7.3f} s")
    print(f"yamllint, 1 file   {theirs:7.3f} s")
    print(f"hook, 1 file       {one:7.3f} s   {one / theirs:.2f} times yamllint (limit 2)")
    print(f"reading 400 files  {reading:7.3f} s")
    print(f"hook, 400 files    {many:7.3f} s   {many - reading:.2f} s more than reading (limit 3)")
    return int(one > 2 * theirs or many - reading > 3)


if __name__ == "__main__":
    sys.exit(main())
