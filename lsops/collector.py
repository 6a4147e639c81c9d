"""Python's cyclic garbage collector, which looks again and again through what a run makes and keeps."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_off() -> Iterator[None]:
    """Without the cyclic collector, which would take a third to two thirds of the time and find nothing."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            if gc.get_freeze_count() == 0:
                # All that was made counts as old, or the first collection from here on would look at each value.
                gc.freeze()
                gc.unfreeze()
            gc.enable()
