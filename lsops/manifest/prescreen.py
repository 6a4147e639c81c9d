"""The prescreen: predicates compiled from a JSON Schema that accept only what jsonschema surely accepts.

jsonschema takes about a millisecond per project; these take microseconds. What a predicate does not accept goes to
jsonschema, which finds the words for it. `format` is left out on both sides: `lsops.manifest.formats` checks it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

from lsops.manifest.specs import NOTHING, Spec, types_of
from lsops.validation import anchored

Predicate = Callable[[Any], bool]

SILENT = frozenset(
    ("$schema", "$id", "title", "description", "default", "examples", "deprecated", "writeOnly", "format", "x-lsops")
)
"""Words that refuse no value."""

OF_TEXT = frozenset(("type", "minLength", "maxLength", "pattern"))
"""Words of a schema that refuse nothing but texts and other types."""

CLASSES: Mapping[str, type] = {
    "string": str,
    "integer": int,
    "boolean": bool,
    "null": type(None),
    "object": dict,
    "array": list,
}


def compiled(spec: Spec) -> Predicate:
    """The predicate of a schema without `$ref`."""
    checks: list[Predicate] = []
    if spec.keys() <= SILENT | OF_TEXT and types_of(spec) <= {"string", "null"}:
        return _text(spec)
    for word in spec:
        if word in SILENT:
            continue
        build = WORDS.get(word)
        if build is None:
            return _refuse
        checks.append(build(spec))
    return _all(checks)


def _refuse(_value: Any) -> bool:
    return False


def _accept(_value: Any) -> bool:
    return True


def _all(checks: list[Predicate]) -> Predicate:
    checks = [check for check in checks if check is not _accept]
    return reduce(_both, checks) if checks else _accept


def _both(first: Predicate, second: Predicate) -> Predicate:
    return lambda value: first(value) and second(value)


# ---- one builder per word ----------------------------------------------------------------------


def _type(spec: Spec) -> Predicate:
    names = types_of(spec)
    classes = {CLASSES[name] for name in names & CLASSES.keys()} | ({int, float} if "number" in names else set())
    containers = tuple(CLASSES[name] for name in ("object", "array") if name in names)
    if not containers:
        return lambda value: value.__class__ in classes
    return lambda value: value.__class__ in classes or isinstance(value, containers)


def _text(spec: Spec) -> Predicate:
    """All that is said of a text in one look: most fields are one."""
    low, high = spec.get("minLength", 0), spec.get("maxLength", sys.maxsize)
    search = re.compile(anchored(spec["pattern"])).search if "pattern" in spec else None
    types = types_of(spec)
    others = {CLASSES[name] for name in types - {"string"}}
    if types and "string" not in types:
        return lambda value: value.__class__ in others

    def check(value: Any) -> bool:
        if value.__class__ is not str:
            return not types or value.__class__ in others
        return low <= len(value) <= high and (search is None or search(value) is not None)

    return check


def _enum(spec: Spec) -> Predicate:
    # True equals 1 in Python and not in JSON, so the class is compared, too.
    allowed = {(value.__class__, value) for value in spec["enum"] if value.__class__ not in (dict, list)}
    return lambda value: _is_scalar(value) and (value.__class__, value) in allowed


def _const(spec: Spec) -> Predicate:
    return _enum({"enum": [spec["const"]]})


def _is_scalar(value: Any) -> bool:
    return value is None or isinstance(value, (str, int, float))


def _minimum(spec: Spec) -> Predicate:
    limit = spec["minimum"]
    return lambda value: value >= limit if value.__class__ in (int, float) else True


def _maximum(spec: Spec) -> Predicate:
    limit = spec["maximum"]
    return lambda value: value <= limit if value.__class__ in (int, float) else True


def _min_length(spec: Spec) -> Predicate:
    limit = spec["minLength"]
    return lambda value: len(value) >= limit if value.__class__ is str else True


def _max_length(spec: Spec) -> Predicate:
    limit = spec["maxLength"]
    return lambda value: len(value) <= limit if value.__class__ is str else True


def _pattern(spec: Spec) -> Predicate:
    search = re.compile(anchored(spec["pattern"])).search
    return lambda value: search(value) is not None if value.__class__ is str else True


def _items(spec: Spec) -> Predicate:
    check = compiled(spec["items"])
    return lambda value: all(check(item) for item in value) if isinstance(value, list) else True


def _min_items(spec: Spec) -> Predicate:
    limit = spec["minItems"]
    return lambda value: len(value) >= limit if isinstance(value, list) else True


def _max_items(spec: Spec) -> Predicate:
    limit = spec["maxItems"]
    return lambda value: len(value) <= limit if isinstance(value, list) else True


def _required(spec: Spec) -> Predicate:
    names = tuple(spec["required"])
    return lambda value: all(name in value for name in names) if isinstance(value, dict) else True


def _property_names(spec: Spec) -> Predicate:
    check = compiled(spec["propertyNames"])
    return lambda value: all(check(name) for name in value) if isinstance(value, dict) else True


def _properties(spec: Spec) -> Predicate:
    """`properties` and `additionalProperties` in one look; a read-only property is refused."""
    properties = spec.get("properties", NOTHING)
    known = {name: compiled(sub) for name, sub in properties.items() if not sub.get("readOnly")}
    free = {(name, kind) for name in known for kind in _free(properties[name])}
    others = spec.get("additionalProperties", True)
    rest = compiled(others) if isinstance(others, Mapping) else _accept if others else _refuse

    def check(value: Any) -> bool:
        if not isinstance(value, dict):
            return True
        for name, inner in value.items():
            if (name, inner.__class__) not in free and not known.get(name, rest)(inner):
                return False
        return True

    return check


def _free(spec: Spec) -> set[type]:
    """The classes of which a schema takes every value, as most do: nothing more has to be looked at."""
    if not spec.keys() <= SILENT | {"type"}:
        return set()
    return {CLASSES[name] for name in types_of(spec) & CLASSES.keys()}


def _with_properties(spec: Spec) -> Predicate:
    """`additionalProperties` where `properties` does not look at it already."""
    return _accept if "properties" in spec else _properties(spec)


# ---- conditions --------------------------------------------------------------------------------

EXACT = frozenset(("properties", "required", "const", "enum"))
"""Words whose predicates refuse only what jsonschema refuses, too, where constants are texts."""


def _all_of(spec: Spec) -> Predicate:
    return _all([compiled(sub) for sub in spec["allOf"]])


def _if(spec: Spec) -> Predicate:
    if not _is_exact(spec["if"]) or "else" in spec:
        return _refuse
    holds, then = compiled(spec["if"]), compiled(spec.get("then", NOTHING))
    return lambda value: not holds(value) or then(value)


def _not(spec: Spec) -> Predicate:
    if not _is_exact(spec["not"]):
        return _refuse
    refused = compiled(spec["not"])
    return lambda value: not refused(value)


def _is_exact(spec: Spec) -> bool:
    """Whether the predicate of a schema says of every value what jsonschema says."""
    constants = (spec.get("const", ""), *spec.get("enum", ()))
    is_known = spec.keys() <= EXACT and all(isinstance(one, str) for one in constants)
    return is_known and all(map(_is_exact, spec.get("properties", NOTHING).values()))


def _with_if(_spec: Spec) -> Predicate:
    """`if` looks at it already."""
    return _accept


WORDS: Mapping[str, Callable[[Spec], Predicate]] = {
    "type": _type,
    "enum": _enum,
    "const": _const,
    "minimum": _minimum,
    "maximum": _maximum,
    "minLength": _min_length,
    "maxLength": _max_length,
    "pattern": _pattern,
    "items": _items,
    "minItems": _min_items,
    "maxItems": _max_items,
    "required": _required,
    "propertyNames": _property_names,
    "properties": _properties,
    "additionalProperties": _with_properties,
    "allOf": _all_of,
    "if": _if,
    "then": _with_if,
    "not": _not,
}
"""The words of JSON Schema that are looked at; a schema with another one is left to jsonschema."""
