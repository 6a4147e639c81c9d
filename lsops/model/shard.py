"""One of several runs that plan a manifest between them: `--shard 3/16`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lsops.errors import UsageError

MOST = 1000
"""Shards of one manifest: each reads the lists of the whole organisation."""
_FORM = re.compile(r"([0-9]{1,6})/([0-9]{1,6})")


@dataclass(frozen=True, slots=True)
class Shard:
    """Shard number `index` of `count`, counted from 1. The first one also has all that is not divided among them."""

    index: int
    count: int

    def __str__(self) -> str:
        return f"{self.index}/{self.count}"

    @property
    def is_first(self) -> bool:
        return self.index == 1

    def takes(self, key: str) -> bool:
        """Whether a key falls to this one, whatever other keys there are: SHA-256 of the trimmed key, the first eight
        bytes, modulo the number of shards.
        """
        from hashlib import sha256  # takes longer to import than all the rest of the flags

        digest = sha256(key.strip().encode("utf-8", "surrogatepass")).digest()
        return int.from_bytes(digest[:8], "big") % self.count == self.index - 1


def parse_shard(text: str) -> Shard:
    """The shard that `i/n` names. Raises: UsageError."""
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise UsageError.of(f'"{text}" is no shard: it is written i/n, such as 3/16', code="LS630")
    index, count = map(int, found.groups())
    if not 1 <= count <= MOST:
        raise UsageError.of(f"{text} is no shard: there may be 1 to {MOST:,} of them", code="LS630")
    if index < 1:
        hint = "shards count from 1: to an index that counts from 0, such as JOB_COMPLETION_INDEX, add 1"
        raise UsageError.of(f"{text} is no shard", code="LS630", hint=hint)
    if index > count:
        raise UsageError.of(f"{text} is no shard: the last one is {count}/{count}", code="LS630")
    return Shard(index, count)
