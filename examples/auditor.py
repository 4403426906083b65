"""Un contrôleur passe en revue un dossier : ce qui a été lu, ce qui tient, ce qui est incohérent et pourquoi.

python examples/auditor.py [DOSSIER]
"""

from __future__ import annotations

import sys
from pathlib import Path

from subsidy_rules import check


def main(folder: Path) -> int:
    report = check(folder, lang="fr")
    for source in report.unreadable:
        print(f"{source.path} : non lu : {source.reason.say('fr') if source.reason else ''}")
    for finding in report.findings:
        place = finding.place
        print(f"{Path(place.path or '').name}, ligne {place.line} : {finding.code} {finding.message}")
        if finding.working is not None:
            print(f"    {finding.working.say('fr')}")
    claims = report.summary["claims"]
    print(
        f"{len(report.sources)} fichiers lus ; {claims['holds']} affirmations tiennent, "
        f"{claims['broken']} sont incohérentes, {claims['unknown']} restent indécises."
    )
    return 1 if report.at_or_above("error") else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "broken"))
