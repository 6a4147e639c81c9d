"""Which live object a change is about, and when two keys of a kind are one; this module holds no kind itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lsops.masking import mask_key
from lsops.model import UNSET, Resource, split
from lsops.normalize import normal
from lsops.schema import KindSchema, kinds


def comparable(schema: KindSchema, key: str | None) -> object:
    """A key as keys of its kind are compared: without blanks at its ends, e-mails without case."""
    fields = schema.fields("") or next(iter(schema.variants.values()))
    found = fields.get(schema.key)
    compare = found.compare if found else ""
    return normal(compare if compare == "email" else "strip", key)


def name_of(schema: KindSchema, key: str) -> str:
    """A key as the names of its kind have it: e-mails without case."""
    fields = next(iter(schema.variants.values()))
    return str(normal(fields[schema.key].compare, key)) if schema.key in fields else key


def meant(desired: Resource, candidates: Sequence[Resource]) -> Sequence[Resource]:
    """Of several live resources with the same key, those that are meant: of the declared type, and not set `apart`."""
    schema = kinds()[desired.kind]
    if schema.discriminator:
        candidates = [one for one in candidates if one.type == desired.type]
    if schema.apart:
        wanted = desired.values.get(schema.apart, UNSET)
        candidates = [one for one in candidates if one.values.get(schema.apart, UNSET) == wanted]
    return candidates


def live_identity(live: Resource, address: str) -> Mapping[str, Any]:
    """The `live` of a change at an address: the object's id, a storage's type, and its key unless the address says it.

    An address says the key by its last part, which may have the id behind it, as that of a live resource has that the
    manifest does not name. What a key that is a URL hides stays hidden.
    """
    schema, shown = kinds()[live.kind], mask_key(live.key)
    pairs = {"id": live.id, "type": live.type}
    held = {name: value for name, value in pairs.items() if value is not None}
    told = {live.key, shown, f"{shown} (id {live.id})"}
    name = comparable(schema, split(address)[-1])
    is_said = schema.singleton or name in {comparable(schema, text) for text in told}
    return held if is_said else {**held, "key": shown}
