"""Two hundred pages that claim nothing accuse nobody."""

from __future__ import annotations

import pytest

from tests.extract.prose import pages
from tests.extract.reading import accusations


@pytest.mark.parametrize("seed", range(10))
def test_pages_without_claims_give_no_warning(seed: int) -> None:
    for number, page in enumerate(pages(seed, 20)):
        told = accusations(page)
        assert not told, f"seed {seed}, page {number}: {told}\n{page}"
