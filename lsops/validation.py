"""Schemas as validators: what jsonschema and Python's own patterns need to take a schema as it is meant."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from lsops.schema import kinds

if TYPE_CHECKING:
    from jsonschema.protocols import Validator


@cache
def validator(kind: str, variant: str = "") -> Validator:
    """A prebuilt jsonschema validator for one entry of a kind, without its child collections and lifecycle.

    Read-only properties are left out, so that they are refused like any unknown key.
    """
    from jsonschema import Draft202012Validator

    document = kinds()[kind].documents[variant]
    return Draft202012Validator(with_anchors(_writable(document)), format_checker=Draft202012Validator.FORMAT_CHECKER)


def _writable(document: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of a schema without read-only properties and without words that only people read."""
    result = {key: value for key, value in document.items() if key not in {"description", "default", "x-lsops", "$id"}}
    if isinstance(document.get("properties"), dict):
        result["properties"] = {
            name: _writable(spec) for name, spec in document["properties"].items() if not spec.get("readOnly")
        }
    return result


def anchored(pattern: str) -> str:
    r"""A pattern whose last `$` is the end of the text, as JSON Schema means it; Python's takes a line feed there."""
    return pattern[:-1] + r"\Z" if pattern.endswith("$") and not pattern.endswith(r"\$") else pattern


def with_anchors(spec: Any) -> Any:
    """A copy of a schema with every `pattern` anchored, for jsonschema, which searches as Python does."""
    if isinstance(spec, Mapping):
        return {
            word: anchored(sub) if word == "pattern" and isinstance(sub, str) else with_anchors(sub)
            for word, sub in spec.items()
        }
    return [with_anchors(item) for item in spec] if isinstance(spec, list) else spec
