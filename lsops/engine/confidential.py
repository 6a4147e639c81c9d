"""What a manifest writes out and nobody should read in a log: values of headers, credentials in URLs. Pure."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping

from lsops.kinds import registry
from lsops.masking import credentials_of
from lsops.model import Change, Desired, Resource

SEAL = 6
"""Characters of a seal: one in sixteen million wrong values has the same."""


def literals(desired: Desired) -> frozenset[str]:
    """The confidential texts of a manifest that are no secrets, so that a server's echo of them is masked."""
    return frozenset(text for item in desired.resources for text in _of(item))


def seal(change: Change) -> str:
    """What tells two changes apart that differ only in what is masked; empty where a change sends nothing masked.

    It is short, so that no value can be found by trying them all: thousands of others have the same one.
    """
    texts = sorted(_of(change.desired)) if change.desired is not None and change.action != "delete" else []
    if not texts:
        return ""
    return hmac.new(change.address.encode(), json.dumps(texts).encode(), hashlib.sha256).hexdigest()[:SEAL]


def _of(item: Resource) -> Iterator[str]:
    fields = registry()[item.kind].fields(item)
    for name, value in item.values.items():
        if isinstance(value, str):
            yield from credentials_of(value)
        elif isinstance(value, Mapping) and name in fields and fields[name].confidential:
            yield from (inner for inner in value.values() if isinstance(inner, str))
    yield from credentials_of(item.key)
