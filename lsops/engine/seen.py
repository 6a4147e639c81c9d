"""What policies see of resources, changes and plans: nothing confidential, and one spelling of each value. Pure.

A rule against administrators must not be passed by writing the role's code, nor one against a bucket by a blank that
the server drops.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from lsops.engine.planfile import as_document, plain_document, source_document
from lsops.masking import mask_urls
from lsops.model.address import split
from lsops.model.leaves import replaced
from lsops.model.plan import Change, Plan
from lsops.model.resource import MASK, Lifecycle, Resource, Secret
from lsops.normalize import normal
from lsops.schema import Field, kinds

SPELLINGS = frozenset(("color", "decimal", "email", "path", "role", "strip", "switch"))
"""Normalisers whose results are values as a manifest writes them; the others make what only a comparison needs."""


def resource_document(item: Resource) -> dict[str, Any]:
    """A declared resource; what is not written is not there."""
    fields = kinds()[item.kind].fields(item.type)
    return {
        "address": item.address,
        "kind": item.kind,
        **({"key": item.key} if item.key else {}),
        "values": {name: _shown(value, fields.get(name)) for name, value in {**item.values, **item.own}.items()},
        "lifecycle": _lifecycle(item.lifecycle),
        **source_document(item.source),
    }


def plan_document_seen(plan: Plan) -> dict[str, Any]:
    """The plan's document, whose `changes` are those of the plan in their order."""
    document: dict[str, Any] = plain_document(as_document(plan))
    for change, entry in zip(plan.changes, document["changes"], strict=True):
        fields = kinds()[change.kind].fields(_type_of(change))
        for row in entry["fields"]:
            names = split(row["path"])
            if len(names) == 1 and (field := fields.get(names[0])) is not None:
                row.update({side: _spelled(row[side], field) for side in ("before", "after") if side in row})
    return document


def _type_of(change: Change) -> str | None:
    resource = change.after or change.before
    return resource.type if resource is not None else None


def _shown(value: Any, field: Field | None) -> Any:
    if field is not None and field.confidential and isinstance(value, Mapping):
        return dict.fromkeys(value, MASK)
    plain = mask_urls(replaced(value, lambda leaf: MASK if isinstance(leaf, Secret) else leaf))
    return plain if field is None else _spelled(plain, field)


def _spelled(value: Any, field: Field) -> Any:
    """A value in the one spelling that is compared; what has no such spelling is as it is written."""
    if isinstance(value, Mapping) and field.properties:
        known = field.properties
        return {name: _spelled(sub, known[name]) if name in known else sub for name, sub in value.items()}
    if field.compare not in SPELLINGS or value == MASK:
        return value
    found = normal(field.compare, value)
    return float(found) if isinstance(found, Decimal) else found


def _lifecycle(rules: Lifecycle) -> dict[str, Any]:
    """What is written; a rule that is off is as one that is not there."""
    pairs = {name: rules.written(name) for name in rules.__dataclass_fields__}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in pairs.items() if value}
