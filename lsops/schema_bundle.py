"""The bundled JSON Schema of a whole manifest, composed of those of the kinds, for editors and for reading."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from lsops.schema import KindSchema, by_collection, children, documents

REFERENCE = {"type": "string", "pattern": r"\$\{(var|env|file|template|param|each):[^}]+\}"}
WORDS = ("template", "with", "for_each", "extra", "lifecycle")
"""What an entry may have beside its fields."""


def manifest_schema() -> dict[str, Any]:
    """The schema of a whole manifest, composed of those of the kinds; editors use it."""
    base: dict[str, Any] = json.loads(json.dumps(documents()["manifest"]))
    base["properties"]["policies"] = documents()["policies"]["properties"]["policies"]
    base["properties"].update({item.name: _collection(item) for item in children("").values()})
    base["properties"]["templates"]["additionalProperties"] = _template()
    base["$defs"].update({_name(item): _entry(item) for item in by_collection().values()})
    return base


def _template() -> dict[str, Any]:
    """A template: one entry of any kind, and what it is made with."""
    params = {"description": "Parameters with their defaults; ~ for one that must be given.", "type": "object"}
    own = {"params": params, "template": {"$ref": "#/$defs/template"}, "with": {"$ref": "#/$defs/with"}}
    entries = {item.kind: _reference(item) for item in by_collection().values() if not item.singleton}
    return {"type": "object", "properties": {**own, **entries}, "additionalProperties": False}


def _name(item: KindSchema) -> str:
    return "entry." + item.collection.replace("/*/", ".")


def _reference(item: KindSchema) -> dict[str, Any]:
    return {"$ref": f"#/$defs/{_name(item)}"}


def _collection(item: KindSchema) -> dict[str, Any]:
    entry = _reference(item)
    if item.singleton:
        return {"description": item.description, **entry}
    options: list[dict[str, Any]] = [{"type": "object", "additionalProperties": entry}]
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
        shape["properties"].update({word: {"$ref": f"#/$defs/{word}"} for word in WORDS})
        if required := shape.pop("required", ()):
            shape["anyOf"] = [{"required": required}, {"required": ["template"]}]
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
