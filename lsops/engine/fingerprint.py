"""What a change would send beyond what its plan shows, as one mark: a saved plan with another one is stale. Pure.

An update sends more than what differs: fields that no server gives back, fields that go along with others, secrets that
the server may ask for. And what a change names by title, or stands in, is sent as an id.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from lsops.engine.bodies import ignored_values, in_patch, leaves_of, needed, planned, withheld
from lsops.kinds import Kind, registry
from lsops.masking import mask_urls
from lsops.model.address import join, nearest_of, split
from lsops.model.leaves import leaves, replaced
from lsops.model.pairs import Pairs
from lsops.model.plan import Change
from lsops.model.resource import MASK, UNSET, Secret
from lsops.references import names_of

LENGTH = 32
"""Characters of a mark: nobody finds other values that have the same."""


def fingerprint(change: Change, pairs: Pairs) -> str:
    """The mark of all that is sent and stands neither in `fields` nor in `secrets`; empty where that is nothing.

    What is masked in a plan has a fingerprint of its own, and is not in it: nobody can guess a value from the mark.
    """
    if change.after is None or change.action == "delete":
        return ""
    found = {"values": unseen(change), "ids": _ids(change, pairs)}
    if not any(found.values()):
        return ""
    return hashlib.sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()[:LENGTH]


def unseen(change: Change) -> dict[str, Any]:
    """What the change sends, or would if the server asked for it, without showing it; by its pointer.

    Secrets stand as their references.
    """
    if change.after is None or change.action == "delete":
        return {}
    shown = frozenset((*(item.path for item in change.fields), *change.secrets))
    return {path: _plain(value) for path, value in _leaves(change) if not _is_shown(path, shown)}


def has_news(change: Change) -> bool:
    """Whether some of what is sent without being shown is not literally what the server has."""
    held = change.before.values if change.before is not None else {}
    return any(_at(held, split(path)) != value for path, value in unseen(change).items())


def _at(value: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        if not isinstance(value, Mapping) or name not in value:
            return UNSET
        value = value[name]
    return _plain(value)


def _leaves(change: Change) -> Iterator[tuple[str, Any]]:
    """All that is sent: objects that merge, and those that hold secrets, leaf by leaf; a masked literal has
    a fingerprint of its own.
    """
    kind = registry()[change.kind]
    schema = kind.schema.fields(needed(change).type)
    for name, value in _sent(kind, change).items():
        path = join(name)
        if name in schema and schema[name].confidential:
            yield from (pair for pair in leaves(value, path, lists=False) if isinstance(pair[1], Secret))
        elif name in schema and schema[name].merge_deep and change.action == "update":
            yield from leaves(leaves_of(name, value, change.fields), path, lists=False)
        else:
            yield path, value


def _sent(kind: Kind, change: Change) -> dict[str, Any]:
    if change.action != "update":
        kept = ignored_values(change) if change.action == "replace" else {}
        return {**planned(change), **dict.fromkeys(kept, MASK)}  # whatever these are on the server
    schema = kind.schema.fields_in(change.before.raw if change.before else {}, needed(change).type)
    sent = in_patch(change, schema)
    return {**sent, **withheld(needed(change), sent, schema)}


def _is_shown(path: str, shown: frozenset[str]) -> bool:
    """Whether it stands in the plan, or all of an object in which it is."""
    return nearest_of(path, shown) in shown


def _plain(value: Any) -> Any:
    """A JSON value without what a plan masks."""
    return replaced(value, lambda leaf: {MASK: leaf.reference} if isinstance(leaf, Secret) else mask_urls(leaf))


def _ids(change: Change, pairs: Pairs) -> dict[str, int | list[int]]:
    """Ids of what the resource stands in and of what it names, as far as they exist."""
    item, kind = needed(change), registry()[change.kind]
    above = pairs.id_of(item.parent)
    found: dict[str, int | list[int]] = {"": above} if above is not None else {}
    fields = kind.schema.fields(item.type)
    for name, value in _sent(kind, change).items():
        named = (pairs.names.get(ref, {}).get(key) for ref, key in names_of(value, fields.get(name)))
        numbers = [number for number in named if number is not None]
        if numbers:
            found[name] = numbers[0] if fields[name].ref else numbers
    return found
