"""Which figure is wrong, and a proof that anyone can check.

Layers inside this package, each importing only from those before it: ``rows``, ``relations``, ``printed`` ·
``propagation``, ``simplex`` · ``feasibility`` · ``certificates``, ``slips`` · ``repairs`` · ``record``, and beside
them ``rounding_habits`` and ``pass_strength``. ``verify`` stands alone: it imports the standard library only, so that
it can be read, copied and run by someone who trusts none of the rest.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from subsidy_rules.diagnosis.verify import verify_certificate

__all__ = ["verify_certificate"]

_HOMES: Final = {"verify_certificate": "verify"}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{home}"), name)
