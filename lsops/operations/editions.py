"""Which edition a manifest needs, as far as it says so by itself."""

from __future__ import annotations

from lsops.manifest import Manifest
from lsops.schema import kinds


def edition_for(manifest: Manifest) -> str:
    """The least edition that has all that a manifest declares."""
    for item in manifest.desired.resources:
        schema = kinds()[item.kind]
        known = schema.fields(item.type)
        if "community" not in schema.editions_of(item.type):
            return "enterprise"
        if any("community" not in known[name].editions for name in item.values if name in known):
            return "enterprise"
    return "community"
