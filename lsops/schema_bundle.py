"""The bundled JSON Schema of a whole manifest, composed of those of the kinds, for editors and for reading."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from lsops.schema import KindSchema, children, documents

REFERENCE = {"type": "string", "pattern": r"\$\{(var|env|file):[^}]+\}"}


def manifest_schema() -> dict[str, Any]:
    """The schema of a whole manifest, composed of those of the kinds; editors use it."""
    base: dict[str, Any] = json.loads(json.dumps(documents()["manifest"]))
    base["properties"]["policies"] = documents()["policies"]["properties"]["policies"]
    base["properties"].update({item.name: _collection(item) for item in children("").values()})
    return base


def _collection(item: KindSchema) -> dict[str, Any]:
    entry = _entry(item)
    if item.singleton:
        return {"description": item.description, **entry}
    options = [{"type": "object", "additionalProperties": entry}]
    if item.shorthand().get("list"):
        options.append({"type": "array", "items": {"type": "string"}})
    return {"description": item.description, **(options[0] if len(options) == 1 else {"anyOf": options})}


def _entry(item: KindSchema) -> dict[str, Any]:
    shapes = list(_shapes(item))
    scalar = item.shorthand().get("scalar")
    if scalar:
        shapes.append(_for_editors(next(iter(item.documents.values()))["properties"][scalar]))
    return shapes[0] if len(shapes) == 1 else {"anyOf": shapes}


def _shapes(item: KindSchema) -> Iterator[dict[str, Any]]:
    for document in item.documents.values():
        shape = _for_editors(_without_read_only(document))
        shape["properties"].update({child.name: _collection(child) for child in children(item.collection).values()})
        shape["properties"]["lifecycle"] = {"$ref": "#/$defs/lifecycle"}
        yield shape


def _without_read_only(document: Mapping[str, Any]) -> dict[str, Any]:
    result = {key: value for key, value in document.items() if key not in {"$schema", "$id", "title"}}
    result["properties"] = {n: spec for n, spec in document["properties"].items() if not spec.get("readOnly")}
    return result


def _for_editors(spec: Any) -> Any:
    """A schema that also accepts a reference wherever a value stands."""
    if not isinstance(spec, Mapping) or "properties" not in spec:
        return {"anyOf": [spec, REFERENCE]} if _takes_reference(spec) else spec
    return {**spec, "properties": {name: _for_editors(sub) for name, sub in spec["properties"].items()}}


def _takes_reference(spec: Any) -> bool:
    """Whether the schema of a value would refuse a reference's text."""
    if not isinstance(spec, Mapping) or "type" not in spec:
        return False
    types = [spec["type"]] if isinstance(spec["type"], str) else spec["type"]
    return ("string" not in types and "object" not in types) or "pattern" in spec or "enum" in spec
