"""Where something stands and what it is called, for programs that follow it from run to run."""

from __future__ import annotations

import hashlib
import json
import posixpath
from collections import Counter
from collections.abc import Iterable, Iterator

from lsops.errors import Source

MANIFEST = Source("lsops.yaml", 1)
"""Where that stands which has no place of its own, for programs that know nothing without one."""


def relative_path(source: Source, prefix: str) -> str:
    """The file of a place, from where the user is; from the manifest's folder where that is named from the root."""
    return posixpath.normpath(source.file if prefix.startswith("/") else prefix + source.file)


def stable_marks(said: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """A mark of each of some texts, the same in every run, and another one for each that is said again.

    What names no line keeps its mark when lines move.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    for one in said:
        seen[one] += 1
        yield hashlib.sha256(json.dumps([*one, seen[one]]).encode()).hexdigest()
