"""Keys that were copied from an address, where a slash is `~1`. Pure."""

from __future__ import annotations

from lsops.model.address import split
from lsops.schema import children


def meant_key(key: str) -> str:
    """The key that an address, or its last part, stands for: `Dogs/old` for `Dogs~1old`; `""` for any other key."""
    is_address = key.startswith("/") and split(key)[0] in children("")
    if not is_address and "~1" not in key and "~0" not in key:
        return ""
    meant = split(key if is_address else f"/{key}")[-1]
    return meant if meant != key else ""
