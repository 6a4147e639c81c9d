"""Laying one tree over another: JSON Merge Patch for overlays, deep merging for defaults.

What was read is never changed in place: trees share what anchors share.
"""

from __future__ import annotations

from typing import Any

from lsops.manifest.positions import Map, weight

MOST_LAID = 1_000_000
"""Values that defaults may add to all entries together."""

Own = dict[int, Map]
"""Maps that were made here and that nobody else has, by their identity: these may be changed in place."""


class PatchTooLarge(Exception):
    """Defaults and entries multiply beyond every use."""


class Meter:
    """How many values of defaults may still be laid beneath entries; what entries share is looked at in each."""

    def __init__(self, left: int = MOST_LAID) -> None:
        self._left = left
        self._weights: dict[int, int] = {}

    def spend(self, default: Map) -> None:
        """Raises: PatchTooLarge."""
        known = self._weights.get(id(default))
        if known is None:
            known = self._weights[id(default)] = weight(default)
        self._left -= known
        if self._left < 0:
            raise PatchTooLarge


def merge_patch(target: Any, patch: Any, own: Own) -> Any:
    """RFC 7396: maps merge, null removes, anything else replaces. What the patch sets has the patch's place.

    `own` is handed on from patch to patch, so that thousands of them do not copy the target each.
    """
    if not isinstance(patch, Map):
        return patch
    if isinstance(target, Map) and id(target) in own:
        result = target
    else:
        result = target.clone() if isinstance(target, Map) else Map()
        own[id(result)] = result
    for key, value in patch.items():
        if value is None:
            result.drop(key)
        elif isinstance(value, Map) and isinstance(result.get(key), Map):
            result[key] = merge_patch(result[key], value, own)
        else:
            result.put(key, merge_patch(None, value, own), patch.places.get(key))
    return result


def lay_beneath(entry: Map, default: Map) -> Map:
    """The entry with what only the default has; maps merge deep, lists and scalars of the entry stay."""
    result = entry
    for key, value in default.items():
        if key not in entry:
            result = entry.clone() if result is entry else result
            result.put(key, value, default.places.get(key))
        elif isinstance(value, Map) and isinstance(entry[key], Map):
            result = entry.clone() if result is entry else result
            result[key] = lay_beneath(entry[key], value)
    return result
