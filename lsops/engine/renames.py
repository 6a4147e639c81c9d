"""A create that looks like another name of what is live: pure. The plan only suggests; nobody is renamed unasked."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from lsops.engine.diff import differences, is_secret, same
from lsops.engine.words import counted
from lsops.kinds import registry
from lsops.masking import mask_urls
from lsops.model import MASK, Change, Resource, parent
from lsops.schema import Field

MOSTLY = 0.6
"""The share of telling fields that must be equal."""
MOST = 10_000
"""Creates times candidates of a collection that are compared: beyond it, nobody renames by hand."""

Strangers = Mapping[str, Sequence[tuple[str, Resource]]]


def suggested(
    changes: Mapping[str, Change], deletes: Mapping[str, Change], strangers: Strangers
) -> Iterator[tuple[str, Change]]:
    """The creates, by address, for which a live resource has mostly equal fields, each with a warning that says so.

    `strangers` are the live resources that the manifest does not name, with their addresses, by collection; together
    with those that it wants to be absent they are the candidates. Each is suggested once.
    """
    candidates = _candidates(deletes, strangers)
    creates: dict[str, list[Change]] = {}
    for change in changes.values():
        if change.action == "create" and registry()[change.kind].is_renamable and parent(change.address) in candidates:
            creates.setdefault(parent(change.address), []).append(change)
    for collection, made in creates.items():
        if len(made) * len(candidates[collection]) <= MOST:
            yield from _pairs(made, candidates[collection], deletes)


def _candidates(deletes: Mapping[str, Change], strangers: Strangers) -> dict[str, list[tuple[str, Resource]]]:
    """What a create may be the new name of, by collection: strangers, and what is declared to be absent."""
    found = {collection: list(items) for collection, items in strangers.items()}
    for address, change in deletes.items():
        if change.desired is not None and change.current is not None:
            found.setdefault(parent(address), []).append((address, change.current))
    return found


def _pairs(
    creates: Iterable[Change], candidates: Iterable[tuple[str, Resource]], deletes: Mapping[str, Change]
) -> Iterator[tuple[str, Change]]:
    left = dict(candidates)
    for change in creates:
        shares = {place: likeness(change.desired, live) for place, live in left.items()} if change.desired else {}
        best = max(shares, key=lambda place: shares[place], default="")
        if best and shares[best] >= MOSTLY:
            words = _words(best, left.pop(best), deletes.get(best))
            yield change.address, replace(change, warnings=(*change.warnings, words))


def likeness(desired: Resource, live: Resource) -> float:
    """The share of equal fields among those that tell something: not the key, no secret, not what a new one has anyway.

    0 where no field tells anything, or where the types differ.
    """
    kind = registry()[desired.kind]
    if desired.type != live.type:
        return 0.0
    fields = kind.fields(desired)
    telling = [name for name in desired.values if _tells(desired.values[name], fields.get(name), kind.schema.key)]
    equal = sum(not differences({name: desired.values[name]}, live.values, fields) for name in telling)
    return equal / len(telling) if telling else 0.0


def _tells(value: Any, field: Field | None, key: str) -> bool:
    if field is None or field.name == key or field.write_only or is_secret(value) or field.ref:
        return False
    is_empty = value in ("", None) or (isinstance(value, (Mapping, list)) and not value)
    return not is_empty and not (field.has_default and same(field.default, value, field))


def _words(address: str, live: Resource, delete: Change | None) -> str:
    name = json.dumps(live.key, ensure_ascii=False)
    rule = f"renamed_from: {name}" if mask_urls(live.key) == live.key and MASK not in live.key else f"id: {live.id}"
    pinned = "" if address.endswith(f"(id {live.id})") else f" (id {live.id})"
    lost = ", ".join(counted(number, what) for what, number in ((delete and delete.destroys) or {}).items())
    fate = f"is deleted by this plan{' with ' + lost if lost else ''}" if delete else "is live and not in the manifest"
    return (
        f"{address}{pinned} has mostly the same fields and {fate}; if this is its new name, write lifecycle: {{{rule}}}"
    )
