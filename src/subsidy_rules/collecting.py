"""The collector of unreachable cycles, paused while a document is read.

Reading makes some hundred thousand values that all stay until the report is written. The collector looks through all of
them again and again and frees nothing: a sixth of the time of a long document.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["paused"]


@contextmanager
def paused() -> Iterator[None]:
    """Pauses the collector, when it runs; it runs again afterwards, whatever happens inside."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
