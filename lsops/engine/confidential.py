"""What a manifest writes out and nobody should read in a log: values of headers, credentials in URLs. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lsops.kinds import registry
from lsops.masking import credentials_of
from lsops.model import Desired, Resource


def literals(desired: Desired) -> frozenset[str]:
    """The confidential texts of a manifest that are no secrets, so that a server's echo of them is masked."""
    return frozenset(text for item in desired.resources for text in _of(item))


def _of(item: Resource) -> Iterator[str]:
    fields = registry()[item.kind].fields(item)
    for name, value in item.values.items():
        if isinstance(value, str):
            yield from credentials_of(value)
        elif isinstance(value, Mapping) and name in fields and fields[name].confidential:
            yield from (inner for inner in value.values() if isinstance(inner, str))
    yield from credentials_of(item.key)
