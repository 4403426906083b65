"""A sum in words beside the same in digits: its cents and its tax, however they are written, are part of it."""

from __future__ import annotations

import pytest

from tests.extract.reading import accusations, read

CENTS = (
    "cinquante mille euros et 50 centimes", "cinquante mille euros et 50 cts", "cinquante mille euros 50",
    "cinquante mille euros, 50 centimes", "cinquante mille euros et 50/100", "cinquante mille euros cinquante",
    "cinquante mille euros, cinquante centimes", "cinquante mille euros et cinquante centimes",
)  # fmt: skip


@pytest.mark.parametrize("words", CENTS)
def test_cents_behind_an_amount_in_words_are_part_of_it(words: str) -> None:
    """However they are written, the amount in digits that has them is not accused of being another."""
    for text in (f"Elle s'élève à 50 000,50 € ({words}).", f"Elle s'élève à {words} (50 000,50 €)."):
        assert not accusations(text), text
        assert all(judged.state == "holds" for judged in read(text).judged)


def test_before_tax_and_tax_included_are_not_compared_in_words() -> None:
    assert not accusations("Le coût est de 50 000 € HT (soixante mille euros TTC).")
    assert read("Le coût est de 50 000 € HT (cinquante mille euros HT).").has("equal", "holds", first=50000)
    assert accusations("Le coût est de 50 000 € HT (soixante mille euros HT).")
