"""What may be shown of a value of the manifest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lsops.manifest.secrets import ONE_REFERENCE
from lsops.manifest.specs import NOTHING, Spec, item_spec, property_spec
from lsops.masking import mask_urls
from lsops.model.resource import MASK, Secret


def conceal(value: Any, spec: Spec) -> Any:
    """A value with what is confidential by its schema as `***`, and secrets as their references."""
    if isinstance(value, Secret):
        return value.reference
    roles = spec.get("x-lsops", NOTHING)
    hidden = roles.get("secret") or roles.get("confidential")
    if isinstance(value, Mapping):
        return {name: conceal(inner, spec if hidden else property_spec(spec, name)) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [conceal(inner, spec if hidden else item_spec(spec)) for inner in value]
    if not hidden or value is None:
        return mask_urls(value)
    return value if isinstance(value, str) and ONE_REFERENCE.fullmatch(value) else MASK
