"""What a command prints as JSON, held against `schemas/documents/`: to a key that no schema names, too."""

from __future__ import annotations

from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from lsops.document_schemas import document_schema
from lsops.manifest.prescreen import Predicate, compiled
from lsops.manifest.specs import inlined


def undocumented(document: dict[str, Any]) -> list[str]:
    """What of a document its schema does not say, or says otherwise."""
    name = str(document["format"]).removeprefix("lsops.").partition("/")[0]
    accepts, validator = _checks(name)
    if accepts(document):  # microseconds, where jsonschema takes a millisecond for each change
        return []
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(document)]


@cache
def _checks(name: str) -> tuple[Predicate, Draft202012Validator]:
    schema = document_schema(name)
    spec = closed(inlined(schema, schema))
    return compiled(spec), Draft202012Validator(spec)


def closed(spec: Any) -> Any:
    """A copy of a schema that takes no further keys: readers must bear new ones, what is printed has none unnamed."""
    if isinstance(spec, list):
        return [closed(item) for item in spec]
    if not isinstance(spec, dict):
        return spec
    result = {word: closed(inner) for word, inner in spec.items()}
    if isinstance(spec.get("properties"), dict) and spec.get("type") == "object":
        result.setdefault("additionalProperties", False)
    return result
