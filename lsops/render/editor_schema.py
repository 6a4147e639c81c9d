"""The JSON Schema of a manifest as editors want it: draft 7 in Ajv's strict mode, and for every field what it is.

Draft 7 is what SchemaStore asks for and what every editor reads. Each field's description says its default, the
editions that have it and what else is special, as the reference of fields does.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from lsops.render.schema_words import TYPES, editions_words, field_notes
from lsops.schema import Field, field_of
from lsops.schema_bundle import composed_schema

SCHEMA_ID: Final = "https://json.schemastore.org/lsops.json"
"""Where SchemaStore serves a schema of this name; it stays the same in every release."""
DRAFT: Final = "http://json-schema.org/draft-07/schema#"
_DEFINITIONS = "definitions"
_DROPPED = frozenset(("$schema", "$id", "x-lsops", "writeOnly", "readOnly", "deprecated"))
_NAMED = frozenset(("patternProperties", "$defs"))
_LISTS = frozenset(("anyOf", "oneOf", "allOf"))
_VALUES = frozenset(("additionalProperties", "items"))
_CONDITIONS = frozenset(("if", "not", "propertyNames"))
_CONDITIONED = _CONDITIONS | {"then", "else"}
_RENAMED: Final = {"dependentRequired": "dependencies"}
_REFERENCE: Final = {"$ref": f"#/{_DEFINITIONS}/reference"}
_SECRET: Final = {"$ref": f"#/{_DEFINITIONS}/secret"}
_BY_TYPE: Final[Mapping[str, tuple[str, ...]]] = {
    "string": ("pattern", "minLength", "maxLength", "format"),
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    "object": ("properties", "additionalProperties", "minProperties", "maxProperties", "propertyNames", "required"),
    "array": ("items", "minItems", "maxItems", "uniqueItems"),
}
"""The words that speak of one type only."""
_TERMS: Final = {
    "secret": "secret, written as ${env:NAME} or ${file:PATH}",
    "may be secret": "may be a secret, written as ${env:NAME} or ${file:PATH}",
    "masked": "each value may be a secret; none is ever shown",
    "not read back": "the server never returns it, so it is not compared",
    "by itself": "sent by itself after a create",
    "replaces": "another value replaces the resource",
    "leaf by leaf": "only the leaves that are written are compared and changed",
    "always sent": "part of every update",
}
"""The words of the reference of fields that are explained there."""
_LEAST: Final = 120
"""Characters from which on a schema that occurs twice is worth a definition."""

Roles = Mapping[str, Any] | None


def manifest_schema() -> dict[str, Any]:
    """The schema of a whole manifest and of the files that it includes."""
    made = _converted(composed_schema(), None)
    definitions = made.pop(_DEFINITIONS)
    definitions["reference"] = {
        "type": "string",
        "pattern": r"\$\{(var|file|template|param|each):[^}]+\}",
    }
    definitions["secret"] = {
        "type": "string",
        "pattern": r"^\$\{(env|file):.+\}$",
        "examples": ["${env:NAME}", "${file:PATH}"],
    }
    return _shared({"$schema": DRAFT, "$id": SCHEMA_ID, **made, _DEFINITIONS: definitions})


def _converted(spec: Mapping[str, Any], roles: Roles, required: bool = False) -> dict[str, Any]:
    """A schema in draft 7. `roles` are the editions of what is around it; none outside of the kinds."""
    own = spec.get("x-lsops", {})
    if roles is not None or "editions" in own:
        roles = {**(roles or {}), **{word: own[word] for word in ("editions", "since") if word in own}}
    result: dict[str, Any] = {}
    if "description" in spec:
        result["description"] = _told(field_of("", spec), required, roles)
    for word, value in spec.items():
        if word in _DROPPED or word in result or (word == "default" and not _is_worth_offering(value)):
            continue
        if word == "properties":
            needed = own.get("asks_for", spec.get("required", ()))
            result[word] = {name: _field(name, sub, name in needed, roles) for name, sub in value.items()}
        else:
            result.update(_word(word, value, roles))
    return _defined(result)


def _defined(spec: dict[str, Any]) -> dict[str, Any]:
    """The schema with every required property among its properties, as Ajv's strict mode wants it."""
    wanted = spec.get("required", ())
    others = {name: True for name in wanted if name not in spec.get("properties", {})}
    return {**spec, "properties": {**spec.get("properties", {}), **others}} if others else spec


def _word(word: str, value: Any, roles: Roles) -> Mapping[str, Any]:
    if word in _NAMED:
        return {word.replace("$defs", _DEFINITIONS): {name: _converted(sub, roles) for name, sub in value.items()}}
    if word in _LISTS:
        return {word: [_value(sub, roles) if "type" in sub else _converted(sub, roles) for sub in value]}
    if word in _VALUES and isinstance(value, Mapping):
        return {word: _value(_with_listed_examples(value), roles)}
    if word in _CONDITIONED:
        return {word: _without_roles(value) if word in _CONDITIONS else _converted(value, roles)}
    if word == "$ref":
        return {word: value.replace("#/$defs/", f"#/{_DEFINITIONS}/")}
    return {_RENAMED.get(word, word): value}


def _with_listed_examples(spec: Mapping[str, Any]) -> Mapping[str, Any]:
    """A value whose examples are also among what it may be: in a list, the YAML language server offers only those."""
    if "examples" not in spec:
        return spec
    rest = {word: value for word, value in spec.items() if word != "examples"}
    return {"anyOf": [{"type": "string", "enum": spec["examples"]}, rest]}


def _without_roles(spec: Any) -> Any:
    if isinstance(spec, Mapping):
        return _defined({word: _without_roles(value) for word, value in spec.items() if word != "x-lsops"})
    return spec


# ---- one field ----------------------------------------------------------------------------------


def _field(name: str, spec: Mapping[str, Any], required: bool, roles: Roles) -> dict[str, Any]:
    if name in ("version", "include"):  # references stand in neither
        return _converted(spec, roles)
    return _value(spec, roles, required)


def _value(spec: Mapping[str, Any], roles: Roles, required: bool = False) -> dict[str, Any]:
    """A schema that also accepts a reference wherever it would refuse the text of one."""
    made = _converted(spec, roles, required)
    told: dict[str, Any] = {word: made.pop(word) for word in ("description", "default", "examples") if word in made}
    if spec.get("x-lsops", {}).get("secret"):
        null = [{"type": "null"}] if "null" in _types(spec) else []
        options = [dict(_SECRET), *null]
        return {**told, **({"anyOf": options} if null else {"allOf": options})}
    options = list(_alternatives(made))
    if _refuses_text(spec):
        options.append(dict(_REFERENCE))
    if spec.get("x-lsops", {}).get("may_be_secret"):
        options.append(dict(_SECRET))
    return {**told, **(options[0] if len(options) == 1 else {"anyOf": options})}


def _types(spec: Mapping[str, Any]) -> list[str]:
    types = spec.get("type", ())
    return [types] if isinstance(types, str) else list(types)


def _alternatives(spec: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The schema by its types, where it has several besides null: Ajv's strict mode wants one each."""
    types = _types(spec) or (list(TYPES) if "pattern" in spec else [])
    if len(types) - ("null" in types) < 2:
        yield spec
        return
    for name in types:
        others = {
            word for kind, words in _BY_TYPE.items() for word in words if kind != name.replace("integer", "number")
        }
        yield {"type": name, **{word: value for word, value in spec.items() if word not in {*others, "type"}}}


def _refuses_text(spec: Mapping[str, Any]) -> bool:
    """Whether the schema of a value would refuse a reference's text."""
    if any(word in spec for word in ("const", "enum", "oneOf", "pattern")):
        return True
    types = _types(spec)
    return bool(types) and "string" not in types and "object" not in types


def _told(item: Field, required: bool, roles: Roles) -> str:
    """What an editor shows of a field."""
    if roles is None:
        return item.description
    where = {**roles, **item.raw.get("x-lsops", {})}
    form = item.raw.get("x-lsops", {}).get("form")
    facts = [
        *([f"Default: {json.dumps(item.default, ensure_ascii=False)}"] if item.has_default else []),
        f"Editions: {editions_words(where)}" + (" or newer" if where.get("since") else ""),
        *([f"Form: {form}"] if form else []),
        *(note[0].upper() + note[1:] for note in field_notes(item, required, lambda word: _TERMS.get(word, word))),
    ]
    return "\n".join([item.description, ". ".join(facts) + "."])


def _is_worth_offering(default: Any) -> bool:
    """Whether an editor should write a default out; it stands in the description anyway."""
    return isinstance(default, (str, int, float)) and default != ""


# ---- what occurs more than once -----------------------------------------------------------------


def _shared(document: dict[str, Any]) -> dict[str, Any]:
    """The document with every field that occurs more than once told once, among the definitions."""
    seen: Counter[str] = Counter()

    def count(_name: str, spec: Any) -> Any:
        seen[_text(spec)] += 1
        return spec

    _each_field(document, count)
    names: dict[str, str] = {}

    def once(name: str, spec: Any) -> Any:
        text = _text(spec)
        if seen[text] < 2 or len(text) < _LEAST:
            return spec
        if text not in names:
            taken = sum(1 for one in names.values() if one == f"field.{name}" or one.startswith(f"field.{name}."))
            names[text] = f"field.{name}" + (f".{taken + 1}" if taken else "")
        return {"$ref": f"#/{_DEFINITIONS}/{names[text]}"}

    made = _each_field(document, once)
    done: dict[str, Any] = {}
    while waiting := {text: name for text, name in names.items() if name not in done}:
        done |= {name: _each_field(json.loads(text), once) for text, name in waiting.items()}
    made[_DEFINITIONS].update(done)
    return dict(made)


def _text(spec: Any) -> str:
    return json.dumps(spec)


def _each_field(spec: Any, change: Callable[[str, Any], Any]) -> Any:
    """A copy of a schema in which every property is what `change` makes of it; what is changed is not looked into."""
    if isinstance(spec, list):
        return [_each_field(one, change) for one in spec]
    if not isinstance(spec, Mapping):
        return spec
    result = {}
    for word, value in spec.items():
        if word == "properties" and isinstance(value, Mapping):
            changed = {name: change(name, sub) for name, sub in value.items()}
            result[word] = {
                name: _each_field(sub, change) if sub is value[name] else sub for name, sub in changed.items()
            }
        else:
            result[word] = _each_field(value, change)
    return result
