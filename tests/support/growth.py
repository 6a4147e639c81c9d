"""How often each line of lsops runs, which no clock disturbs: work that grows faster than its input shows in a line."""

from __future__ import annotations

import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import lsops

ROOT = f"{Path(lsops.__file__).parent}/"
APART = ("sandbox/", "spelling.py", "preview/editor/")
"""Not counted: the stand-in of a server, whose growth has a test of its own; the search for a near name, which ends
after a fixed number of characters.
"""
TIMES = 1.5
"""Times the growth of the input that a line may run more often: a large input has longer numbers and more pages."""
EACH = 15
"""Times per entry that any line may run, however seldom it does with few entries."""
MOST = 11.5
"""Times the lines in all that ten times the input may need."""

Lines = Counter[tuple[str, int]]
"""How often each line of a file below `lsops/` ran."""


@contextmanager
def counted() -> Iterator[Lines]:
    """Count, in this thread and those that it starts; at the end whatever traced before goes on."""
    found: Counter[tuple[CodeType, int]] = Counter()
    known: dict[CodeType, bool] = {}

    def inside(frame: FrameType, event: str, _: Any) -> Any:
        if event == "line":
            found[frame.f_code, frame.f_lineno] += 1
        return inside

    def enter(frame: FrameType, _: str, __: Any) -> Any:
        code = frame.f_code
        if code not in known:
            known[code] = _is_counted(code.co_filename)
        return inside if known[code] else None

    lines: Lines = Counter()
    before, before_in_threads = sys.gettrace(), threading.gettrace()
    sys.settrace(enter)
    threading.settrace(enter)
    try:
        yield lines
    finally:
        sys.settrace(before)
        threading.settrace(before_in_threads)
        for (code, line), number in found.items():
            lines[code.co_filename.removeprefix(ROOT), line] += number


def _is_counted(file: str) -> bool:
    return file.startswith(ROOT) and not file.removeprefix(ROOT).startswith(APART)


def outgrown(small: Lines, large: Lines, *, few: int, many: int) -> list[str]:
    """What grew faster than from `few` to `many` entries, in words: lines, worst first, and all of them together."""
    times = many / few
    worst = sorted(
        (number, place) for place, number in large.items() if number > TIMES * times * small[place] + EACH * many
    )[::-1]
    told = [f"{file}:{line} ran {small[file, line]} times, then {number}" for number, (file, line) in worst[:5]]
    if (ratio := large.total() / max(small.total(), 1)) > MOST * times / 10:
        told.append(f"all lines together: {ratio:.1f} times as many")
    return told
