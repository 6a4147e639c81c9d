"""Laying one tree over another: JSON Merge Patch for overlays, deep merging for defaults.

Nothing is changed in place: trees share what anchors share.
"""

from __future__ import annotations

from typing import Any

from lsops.manifest.positions import Map


def merge_patch(target: Any, patch: Any) -> Any:
    """RFC 7396: maps merge, null removes, anything else replaces. What the patch sets has the patch's place."""
    if not isinstance(patch, Map):
        return patch
    result = target.clone() if isinstance(target, Map) else Map()
    for key, value in patch.items():
        if value is None:
            result.drop(key)
        elif isinstance(value, Map) and isinstance(result.get(key), Map):
            result[key] = merge_patch(result[key], value)
        else:
            result.put(key, merge_patch(None, value), patch.places.get(key))
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
