"""What a manifest writes out and nobody should read in a log: values of headers, credentials in URLs. Pure."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import TYPE_CHECKING

from lsops.masking import credentials_of
from lsops.model.address import join
from lsops.model.desired import Desired
from lsops.model.leaves import leaves
from lsops.model.plan import Change
from lsops.model.resource import Resource
from lsops.schema import kinds
from lsops.secret_urls import telltales

if TYPE_CHECKING:
    from lsops.manifest import Vault

LENGTH_MASKED = 6
"""Characters of a fingerprint of what is masked: one in sixteen million wrong values has the same."""


def literals(desired: Desired) -> frozenset[str]:
    """The confidential texts of a manifest that are no secrets, so that a server's echo of them is masked."""
    return frozenset(text for item in desired.resources for text in _of(item))


def telltales_of(vault: Vault) -> frozenset[str]:
    """What an echo may show of secrets that are URLs."""
    return frozenset(chain.from_iterable(map(telltales, vault.confidential())))


def masked_fingerprint(change: Change) -> str:
    """What tells two changes apart that differ only in what is masked; empty where a change sends nothing masked.

    It is short, so that it gives a long value away to nobody; a weak one can be found by who has the file.
    """
    texts = sorted(set(_masked(change.after))) if change.after is not None and change.action != "delete" else []
    if not texts:
        return ""
    return hmac.new(change.address.encode(), json.dumps(texts).encode(), hashlib.sha256).hexdigest()[:LENGTH_MASKED]


def _masked(item: Resource) -> Iterator[tuple[str, str]]:
    """What a plan masks of a declared resource, each with its pointer: a URL inside a value is masked, too."""
    schema = kinds()[item.kind]
    fields = schema.fields(item.type)
    for name, value in item.values.items():
        if name == schema.key and item.place(name) == item.source:  # it is the key of the entry alone
            continue
        hidden = name in fields and fields[name].confidential
        yield from (
            (path, text)
            for path, text in leaves(value, join(name))
            if isinstance(text, str) and (hidden or credentials_of(text))
        )
    yield from (("", text) for text in credentials_of(item.key))


def _of(item: Resource) -> Iterator[str]:
    fields = kinds()[item.kind].fields(item.type)
    for name, value in item.values.items():
        if isinstance(value, str):
            yield from credentials_of(value)
        elif isinstance(value, Mapping) and name in fields and fields[name].confidential:
            yield from (inner for inner in value.values() if isinstance(inner, str))
    yield from credentials_of(item.key)
