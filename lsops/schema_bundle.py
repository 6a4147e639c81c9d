"""The schema of a whole manifest, composed of those of the kinds; `lsops.render.editor_schema` is for editors.

It refuses nothing that a manifest may hold: a required field may come from a template or from `defaults`, so it is
asked for only where neither can give it; and one schema serves the manifest and the files that it includes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from lsops.schema import EDITIONS, KindSchema, by_collection, children, documents

Shape = dict[str, Any]
WORDS = ("template", "with", "for_each", "extra", "lifecycle")
"""What an entry may have beside its fields."""
NOT_INCLUDED = ("server", "include", "environments", "prune", "policies")
"""What an included file may not hold, and so asks for `version`, which only the manifest itself has."""
NEEDS = ("required", "dependentRequired", "allOf")
"""The words of a kind that ask for what may stand in another place."""


def composed_schema() -> Shape:
    """The whole, with every `x-lsops`; that of an entry's shape says its editions and, in `asks_for`, what it needs."""
    base: Shape = json.loads(json.dumps(documents()["manifest"]))
    collections = {path: item for path, item in by_collection().items() if not item.singleton}
    properties = base["properties"]
    properties["policies"] = documents()["policies"]["properties"]["policies"]
    properties.update({item.name: _collection(item) for item in children("").values()})
    properties["templates"]["additionalProperties"] = _template()
    properties["prune"]["items"] = {"type": "string", "enum": sorted(collections)}
    properties["defaults"]["properties"] = {path: _reference(item) for path, item in by_collection().items()}
    properties["defaults"]["additionalProperties"] = False
    del base["required"], base["title"]  # an editor would show the title above every field
    base["dependentRequired"] = {word: ["version"] for word in NOT_INCLUDED}
    for item in by_collection().values():
        base["$defs"].update(_definitions(item))
    entries = [item for item in by_collection().values() if item.depth or not item.singleton]
    base["allOf"] = [_asked_for(item) for item in entries if f"needs.{_place(item)}" in base["$defs"]]
    return base


def _template() -> Shape:
    """A template: one entry of any kind, and what it is made with."""
    params = {"description": "Parameters with their defaults; ~ for one that must be given.", "type": "object"}
    own = {"params": params, "template": {"$ref": "#/$defs/template"}, "with": {"$ref": "#/$defs/with"}}
    entries = {item.kind: _reference(item) for item in by_collection().values() if not item.singleton}
    return {"type": "object", "properties": {**own, **entries}, "additionalProperties": False}


def _place(item: KindSchema) -> str:
    return item.collection.replace("/*/", ".")


def _reference(item: KindSchema, variant: str = "") -> Shape:
    return {"$ref": "#/$defs/" + ".".join(part for part in ("entry", _place(item), variant) if part)}


def _collection(item: KindSchema) -> Shape:
    roles = {"editions": list(item.editions)}
    entry = _reference(item)
    if item.singleton:
        return {"description": item.description, "x-lsops": roles, "type": "object", "allOf": [entry]}
    options: list[Shape] = [{"type": "object", "additionalProperties": entry}]
    if item.shorthand().get("list"):
        options.append({"type": "array", "items": {"type": "string"}})
    chosen = options[0] if len(options) == 1 else {"anyOf": options}
    return {"description": item.description, "x-lsops": roles, **chosen}


# ---- one entry ----------------------------------------------------------------------------------


def _definitions(item: KindSchema) -> Iterator[tuple[str, Shape]]:
    """The entry of a kind, its shape by each type, what it needs, and what can be pruned below it."""
    name = "entry." + _place(item)
    shapes = {variant: _shape(item, variant) for variant in item.documents}
    if item.discriminator:
        yield name, _by_type(item, shapes)
        yield from ((f"{name}.{variant}", shape) for variant, shape in shapes.items())
    else:
        shape, scalar = shapes[""], item.shorthand().get("scalar")
        both = {"description": item.description, "x-lsops": shape["x-lsops"]}
        yield name, {**both, "anyOf": [_short(shape, scalar), shape]} if scalar else shape
    if needs := _needs(item):
        yield f"needs.{_place(item)}", needs
    if below := children(item.collection):
        told = "Collections below this entry in which a live resource that the manifest does not name is deleted."
        names = {"type": "string", "enum": sorted(name for name, child in below.items() if not child.singleton)}
        yield f"prune.{_place(item)}", {"description": told, "type": "array", "items": names}


def _short(shape: Shape, scalar: str) -> Shape:
    """An entry that is nothing but one field."""
    spec = shape["properties"][scalar]
    return {**spec, "x-lsops": {**shape["x-lsops"], **spec.get("x-lsops", {})}}


def _shape(item: KindSchema, variant: str) -> Shape:
    """What an entry may have, whatever it needs."""
    document = item.documents[variant]
    below = children(item.collection)
    fields = {n: spec for n, spec in document["properties"].items() if not spec.get("readOnly")}
    inside = item.shorthand().get("inside")
    if inside:  # what stands beside it may also be written in it
        fields[inside] = {**fields[inside], "properties": {n: spec for n, spec in fields.items() if n != inside}}
    own = {name: _collection(child) for name, child in below.items()}
    words = {word: {"$ref": f"#/$defs/{word}"} for word in WORDS if not (item.closed and word == "extra")}
    if below:
        words["prune"] = {"$ref": f"#/$defs/prune.{_place(item)}"}
    roles = {"editions": list(item.editions_of(variant)), "since": document.get("x-lsops", {}).get("since", {})}
    roles["asks_for"] = document.get("required", [])
    return {
        "description": document.get("description", item.description),
        "x-lsops": roles,
        "type": "object",
        "properties": {**fields, **own, **words},
        "additionalProperties": False,
    } | ({"not": _together(item)} if _together(item) else {})


def _together(item: KindSchema) -> Shape:
    """The first of what must not be true together; empty where a kind has none."""
    pairs = item.documents.get("", {}).get("x-lsops", {}).get("not_both", ())
    return next(
        ({"properties": {name: {"const": True} for name in pair}, "required": list(pair)} for pair in pairs), {}
    )


def _by_type(item: KindSchema, shapes: Mapping[str, Shape]) -> Shape:
    """An entry whose fields depend on its type; where the type comes from elsewhere, it has those of any."""
    types = {
        "description": "Decides which fields there are.",
        "type": "string",
        "oneOf": [
            {"const": name, "description": shape["description"], "x-lsops": shape["x-lsops"]}
            for name, shape in shapes.items()
        ],
    }
    known = {"properties": {item.discriminator: {"enum": list(shapes)}}, "required": [item.discriminator]}
    chosen = [{"if": _is(item, name), "then": _reference(item, name)} for name in shapes]
    return {
        "description": item.description,
        "x-lsops": {"editions": list(item.editions)},
        "type": "object",
        "properties": {item.discriminator: types},
        "allOf": [*chosen, {"if": known, "else": _of_any(item.discriminator, shapes)}],
    }


def _is(item: KindSchema, variant: str) -> Shape:
    # No `const`: while a text is completed, the YAML language server takes `s3` for the beginning of another type.
    typed = {"type": "string", "pattern": f"^{variant}$"}
    return {"properties": {item.discriminator: typed}, "required": [item.discriminator]}


def _of_any(discriminator: str, shapes: Mapping[str, Shape]) -> Shape:
    found: dict[str, list[Any]] = {}
    for shape in shapes.values():
        for name, spec in shape["properties"].items():
            if spec not in found.setdefault(name, []):
                found[name].append(spec)
    found[discriminator] = [{"type": "string"}]
    fields = {name: specs[0] if len(specs) == 1 else _either(specs) for name, specs in found.items()}
    return {"x-lsops": {"editions": list(EDITIONS)}, "properties": fields, "additionalProperties": False}


def _either(specs: list[Any]) -> Shape:
    """Any of some specs; where they differ in their words alone, those of the first."""
    bare = [{word: value for word, value in spec.items() if word not in ("description", "x-lsops")} for spec in specs]
    if all(one == bare[0] for one in bare):
        return dict(specs[0])
    return {"description": specs[0].get("description", ""), "anyOf": specs}


# ---- what it needs ------------------------------------------------------------------------------


def _needs(item: KindSchema) -> Shape:
    """What an entry without a template must have; empty where it needs nothing."""
    if item.discriminator:
        cases = [{"if": _is(item, name), "then": _words(item, name)} for name in item.documents]
        wanted: Shape = {"required": [item.discriminator], "allOf": cases}
    else:
        wanted = _words(item, "")
    return {"type": "object", "if": {"not": {"required": ["template"]}}, "then": wanted} if wanted else {}


def _words(item: KindSchema, variant: str) -> Shape:
    return {word: item.documents[variant][word] for word in NEEDS if word in item.documents[variant]}


def _asked_for(item: KindSchema) -> Shape:
    """What the entries of a collection need, in a manifest whose `defaults` say nothing of that collection."""
    path = item.collection
    silent = {"properties": {"defaults": {"not": {"type": "object", "required": [path]}}}}
    needs: Shape = {"$ref": f"#/$defs/needs.{_place(item)}"}
    *above, last = path.split("/*/")
    if item.singleton:
        needs = {"type": "object", "properties": {last: needs}}
    for name in reversed(above if item.singleton else [*above, last]):
        needs = {"type": "object", "properties": {name: {"type": "object", "additionalProperties": needs}}}
    return {"if": {"required": ["version"], **silent}, "then": needs}
