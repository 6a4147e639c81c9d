"""Questions about a JSON Schema as parsed JSON, such as `schemas/` holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Spec = Mapping[str, Any]
NOTHING: Spec = {}

TYPE_NAMES = {
    "string": "a string",
    "integer": "an integer",
    "number": "a number",
    "boolean": "true or false",
    "null": "null",
    "object": "a map",
    "array": "a list",
}
"""What messages call the types of JSON."""
REUSE = ("template", "with", "for_each")
"""What an entry of a collection may have beside its fields, and nothing of which there is one."""
ONLY_ENTRIES = "only the entries of a collection are made from templates or by for_each"


def property_spec(spec: Spec, name: str) -> Spec:
    """The schema of a property; an empty one where nothing is said of it."""
    found = spec.get("properties", NOTHING).get(name)
    if found is None:
        found = spec.get("additionalProperties")
    return found if isinstance(found, Mapping) else NOTHING


def item_spec(spec: Spec) -> Spec:
    """The schema of a list's items; an empty one where nothing is said of them."""
    found = spec.get("items")
    return found if isinstance(found, Mapping) else NOTHING


def types_of(spec: Spec) -> frozenset[str]:
    """The types that a schema allows; empty where it allows any or does not say so itself."""
    types = spec.get("type", ())
    return frozenset((types,) if isinstance(types, str) else types)


def one_of_types(types: Iterable[str]) -> str:
    """`a string or null`, in the order of the table above."""
    wanted = set(types)
    return " or ".join(TYPE_NAMES[name] for name in TYPE_NAMES if name in wanted)


def at(spec: Spec, path: Iterable[Any]) -> Spec:
    """The schema of the value at a path of keys and indexes."""
    for part in path:
        spec = item_spec(spec) if isinstance(part, int) else property_spec(spec, part)
    return spec


def inlined(spec: Any, root: Spec) -> Any:
    """A copy of a schema with every local `$ref` replaced by what it names; the schemas have no circles."""
    if isinstance(spec, Mapping):
        if "$ref" in spec:
            return inlined(_referred(spec["$ref"], root), root)
        return {word: inlined(sub, root) for word, sub in spec.items() if word != "$defs"}
    return [inlined(item, root) for item in spec] if isinstance(spec, list) else spec


def _referred(pointer: str, root: Spec) -> Any:
    found: Any = root
    for part in pointer.removeprefix("#/").split("/"):
        found = found[part]
    return found


def mentions_secret(spec: Any) -> bool:
    """Whether a value of the schema is a secret or may hold one."""
    if isinstance(spec, Mapping):
        roles = spec.get("x-lsops", NOTHING)
        takes = any(roles.get(word) for word in ("secret", "confidential", "may_be_secret"))
        return takes or any(map(mentions_secret, spec.values()))
    return isinstance(spec, list) and any(map(mentions_secret, spec))
