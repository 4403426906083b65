"""Time stays in proportion to length, whatever is repeated: each text is read at one length and at three times it."""

from __future__ import annotations

import time

import pytest

from subsidy_rules.extract import facts_of
from subsidy_rules.readers import text as reader
from subsidy_rules.reading import Limits
from subsidy_rules.settings import Settings

SHORT = 6_000

REPEATED = (
    "10 000 € ", "10 000 € dont 5 000 € ", "10 000 €, soit ", "10 000 € et ", "10 € + ", "(", "10 € (", "total ",
    "soit un total de ", "l'ensemble de la dépense ", "5 % ", "5 % du budget ", "10 € représentant 5 % du budget ",
    "réparti entre ", "26 % pour X, ", "10 € moins ", "le reste à charge ", "- 10 000 € pour X\n",
    "Association : 10 000 €\n", "Association sportive : 10 000 € ; ", "| a | 10 € |\n", "| Total | 10 € |\n",
    "Libellé\n\n10 000,00\n\n", "xx/", "_", ".", "… ", "?", "\ufffd", "l?a ", "[", "{{", "<%", "«", "Erreur ! ", "1 ",
    "2017 ", "10 € HT ", "un million deux cent mille euros ", "Art. 2.- ", "a : ", "a,1,", "#", "six associations : ",
    "chapitre 65 ", "acompte de 10 € ", "subvention de 10 € ", "enveloppe de 10 € ", "cette somme de 10 € ",
    "a    10    20\n", "10 € = ", "10 € x 5 ", "moyenne de ", "A. ", "du 1er mai 2020 au ",
    "de 10 € à 20 €, soit 5 % ", "[…] ", "10 €\n€ ", "pour 1\n", "Solde : 10 €\n", "(10 € ; ", "10 \ufffd ",
    "la subvention de 10 € mentionnée à l'article 1\n", "Le solde est de 10 €. ", "n'excède pas 5 % du coût, ",
)  # fmt: skip


def seconds(text: str) -> float:
    document = reader.read("x.txt", text.encode(), limits=Limits())
    start = time.process_time()
    facts_of(document, Settings())
    return time.process_time() - start


@pytest.mark.parametrize("unit", REPEATED)
def test_time_is_linear_on_repetition(unit: str) -> None:
    # Three times the text: three times the time, with room for the clock; a quadratic step would take nine. A slow
    # moment of the machine is no proof: three measures in a row are.
    told = []
    for _ in range(3):
        short = seconds((unit * (SHORT // len(unit) + 1))[:SHORT])
        long = seconds((unit * (3 * SHORT // len(unit) + 1))[: 3 * SHORT])
        if long < 6 * short + 0.15:
            return
        told.append(f"{short:.3f} s, then {long:.3f} s")
    pytest.fail(f"{unit!r}: {'; '.join(told)}")


def test_nothing_is_read_in_a_dump_of_figures() -> None:
    document = reader.read("x.txt", ("10 000 € et " * 3_000).encode(), limits=Limits())
    assert not [claim for claim in facts_of(document, Settings()).claims if claim.kind == "sum"]
