"""The outside tables that stand beside the project, when they are there."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def shared_folder(*parts: str) -> Path:
    """A path under the folder of outside tables; skips the test, aloud, when it is absent."""
    path = (ROOT.parent / "shared").joinpath(*parts)
    if not path.exists():
        pytest.skip(f"outside tables absent: ../shared/{'/'.join(parts)}")
    return path
