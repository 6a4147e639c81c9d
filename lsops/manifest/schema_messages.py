"""What is wrong with one value by its schema, as a sentence; jsonschema's own words are never shown."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, NamedTuple, Protocol

from lsops.errors import Finding, Source
from lsops.manifest.findings import listed, quote
from lsops.manifest.specs import NOTHING, TYPE_NAMES, Spec, one_of_types, types_of
from lsops.spelling import Near
from lsops.tally import Misspelt


class SchemaError(Protocol):
    """What is read of an error of jsonschema."""

    @property
    def validator(self) -> Any: ...
    @property
    def validator_value(self) -> Any: ...
    @property
    def instance(self) -> Any: ...
    @property
    def schema(self) -> Any: ...
    @property
    def absolute_path(self) -> Any: ...
    @property
    def schema_path(self) -> Any: ...
    @property
    def context(self) -> Any: ...


class Words(NamedTuple):
    """A finding without its place."""

    code: str
    message: str
    hint: str | Near = ""

    def finding(self, address: str, source: Source | None) -> Finding:
        """The finding at a place."""
        if isinstance(self.hint, Near):
            return Misspelt(self.code, self.message, address, source, near=self.hint)
        return Finding(self.code, self.message, address, source, self.hint)


def error_words(error: SchemaError, name: str, spec: Spec) -> Words:
    """What an error about one value says of it; `spec` is the value's schema with its annotations."""
    validator = str(error.validator)
    if error.instance is None:
        return Words("LS107", f"{name} cannot be null", _of_null(spec))
    if validator in NOT_EMPTY and error.validator_value == 1:
        return Words("LS105", f"{name} must not be empty")
    if validator in LIMITS:
        shown = LIMITS[validator].format(
            limit=error.validator_value, length=_length(error.instance), value=quote(error.instance)
        )
        return Words("LS105", f"{name} {shown}")
    told = SENTENCES.get(validator, _no_form)(error, spec)
    return told._replace(message=f"{name} {told.message}")


def _no_type(error: SchemaError, _spec: Spec) -> Words:
    types = types_of(error.schema)
    return Words("LS103", wrong_type(types, error.instance), hint_of_type(types, error.instance))


def hint_of_type(types: Iterable[str], value: Any) -> str:
    """What was probably meant by a scalar of the wrong type."""
    if "string" in types and isinstance(value, (bool, int)):
        return f'write "{json.dumps(value)}" with quotes'
    if "string" in types and isinstance(value, float):
        return "write it with quotes"
    return _of_yes_and_no(types, value)


def _of_null(spec: Spec) -> str:
    """A colour without quotes is the null that a comment follows."""
    is_color = spec.get("x-lsops", NOTHING).get("compare") == "color"
    return 'an unquoted # begins a comment: write "#1F77B4" with quotes' if is_color else ""


def _of_yes_and_no(types: Iterable[str], value: Any) -> str:
    """YAML 1.2 has true and false; the words of YAML 1.1 are text."""
    meant = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}
    word = meant.get(value.lower()) if isinstance(value, str) and "boolean" in types else None
    return f"write {word}; {value} is text in YAML 1.2" if word else ""


def _not_allowed(error: SchemaError, _spec: Spec) -> Words:
    allowed = [str(item) for item in error.validator_value if item is not None]
    hint = Near(error.instance, allowed) if isinstance(error.instance, str) else ""
    return Words("LS104", f"must be one of {listed(allowed)}; not {quote(error.instance)}", hint)


def _not_constant(error: SchemaError, _spec: Spec) -> Words:
    return Words("LS104", f"must be {quote(error.validator_value)}{because(error.schema)}")


def because(schema: Any) -> str:
    """With what else a rule holds, where it holds with that alone; empty where it always does."""
    reason = schema.get("x-lsops", NOTHING).get("because", "") if isinstance(schema, dict) else ""
    return f" with {reason}" if reason else ""


def _no_form(error: SchemaError, spec: Spec) -> Words:
    form = spec.get("x-lsops", NOTHING).get("form")
    if not form and error.validator == "pattern":
        return Words("LS106", f"does not have the form {spec.get('pattern', error.validator_value)}")
    if isinstance(error.instance, str) and "\n" in error.instance:
        return Words("LS106", f"must be {form or 'one line'}, not several lines", "is a quote left open above?")
    return Words("LS106", f"must be {form}" if form else "does not have the form that Label Studio takes")


def _contradictory(error: SchemaError, _spec: Spec) -> Words:
    """`not: {required: [NAME]}` with a reason says which field there must not be."""
    names = error.validator_value.get("required", ()) if because(error.schema) else ()
    if names:
        return Words("LS110", f"cannot have {quote(names[0])}{because(error.schema)}")
    return Words("LS110", "has fields that contradict each other")


SENTENCES = {
    "type": _no_type,
    "enum": _not_allowed,
    "const": _not_constant,
    "not": _contradictory,
}
"""The rest of the sentence, behind the name of the value, with its code; other words of JSON Schema are of form."""

NOT_EMPTY = ("minLength", "minItems", "minProperties")

LIMITS = {
    "minimum": "must be at least {limit}, not {value}",
    "maximum": "must be at most {limit}, not {value}",
    "exclusiveMinimum": "must be more than {limit}, not {value}",
    "exclusiveMaximum": "must be less than {limit}, not {value}",
    "multipleOf": "must be a multiple of {limit}, not {value}",
    "minLength": "must have at least {limit} characters, not {length}",
    "maxLength": "must have at most {limit} characters, not {length}",
    "minItems": "must have at least {limit} items, not {length}",
    "maxItems": "must have at most {limit} items, not {length}",
    "uniqueItems": "must not have an item twice",
    "minProperties": "must have at least {limit} keys, not {length}",
    "maxProperties": "must have at most {limit} keys, not {length}",
}


def _length(value: Any) -> int:
    return len(value) if hasattr(value, "__len__") else 0


def wrong_type(types: Iterable[str], value: Any) -> str:
    """`must be a string or null, not an integer`."""
    return f"must be {one_of_types(types)}, not {type_name(value)}"


def type_name(value: Any) -> str:
    """What a message calls the type of a value."""
    if isinstance(value, bool):
        return "a boolean"
    classes = {"string": str, "integer": int, "number": float, "object": dict, "array": list}
    return next((TYPE_NAMES[name] for name, kind in classes.items() if isinstance(value, kind)), "null")
