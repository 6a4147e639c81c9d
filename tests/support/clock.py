"""Processor time, for tests that say how it grows."""

from __future__ import annotations

import time
from collections.abc import Callable

from lsops.collector import collector_off


def processor_seconds(act: Callable[[], object]) -> float:
    """What a call takes. The cyclic collector, which would look at all that other tests left, waits meanwhile."""
    with collector_off():
        start = time.process_time()
        act()
        return time.process_time() - start
