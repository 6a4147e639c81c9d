"""`extra:` of an entry: fields of a newer server that this lsops does not know, sent as they are written."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from typing import Any

from lsops.errors import Finding
from lsops.manifest.findings import quote
from lsops.manifest.positions import Map
from lsops.manifest.schema_messages import type_name
from lsops.signs import with_article

EXTRA = "extra"
NEVER_SENT = re.compile(r"id|organization|created_by|status|last_sync.*|meta|traceback")
"""What no call of lsops sends: the server's own, or what a PUT would overwrite."""
SECRET_WORDS = frozenset({"password", "passwd", "secret", "token", "key", "credential", "credentials"})
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def extra_fields(block: Any, known: Container[str], place: Map, address: str) -> tuple[Map, list[Finding]]:
    """The fields of `extra` that may be sent, and findings for the others. `place` is the entry."""
    if not isinstance(block, Map):
        message = f"extra must be a map of fields, not {type_name(block)}"
        return Map(), [Finding("LS103", message, address, place.value_source(EXTRA))]
    findings = [
        Finding("LS115", f"{quote(name)} cannot stand in extra: {reason}", address, block.key_source(name))
        for name in block
        if (reason := why_not(name, known))
    ]
    return block, findings


def closed_to_extra(noun: str, entry: Map, address: str) -> Finding:
    """Of an entry of a kind whose requests have no place for another field."""
    message = f"{with_article(noun)} has no {EXTRA}: nothing but the fields that lsops knows can be sent of it"
    return Finding("LS115", message, address, entry.key_source(EXTRA), "remove it")


def why_not(name: str, known: Container[str]) -> str:
    """Why a field cannot stand in `extra`; empty where it can."""
    if NEVER_SENT.fullmatch(name):
        return "it is the server's own, and never sent"
    if name in known:
        return "lsops knows it; write it beside extra"
    if word := next((word for word in words_of(name) if word in SECRET_WORDS), ""):
        return f"a name with {quote(word)} in it may be of a secret, which would stand in every plan"
    return ""


def words_of(name: str) -> Iterator[str]:
    """The words of a field's name, split at `_`, `-` and capitals, in lower case."""
    return (found[0].lower() for found in _WORDS.finditer(name))
