"""The JSON Schemas of the documents that lsops prints: `schemas/documents/`, each with the parts that it names."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from lsops.schema import directory

PARTS = "parts"
"""The file of what several documents have in common; no document itself."""
_IN_PARTS = f"{PARTS}.json#/$defs/"


def described_documents() -> tuple[str, ...]:
    """The documents that have a schema: `plan` for `lsops.plan/1`."""
    return tuple(sorted(path.stem for path in _folder().glob("*.json") if path.stem != PARTS))


@cache
def document_schema(name: str) -> dict[str, Any]:
    """The schema of one document by itself. Raises: KeyError, where there is none."""
    if name not in described_documents():
        raise KeyError(name)
    document, parts = _read(name), _read(PARTS)["$defs"]
    needed: dict[str, Any] = {}
    waiting = list(_named(document))
    while waiting:
        part = waiting.pop(0)
        if part not in needed:
            needed[part] = parts[part]
            waiting += _named(parts[part])
    definitions = {part: spec for part, spec in parts.items() if part in needed}
    return dict(_local(document | ({"$defs": definitions} if definitions else {})))


def _folder() -> Any:
    return directory() / "documents"


def _read(name: str) -> dict[str, Any]:
    return dict(json.loads((_folder() / f"{name}.json").read_text("utf-8")))


def _named(spec: Any) -> Iterator[str]:
    """The parts that a schema names."""
    for word, inner in spec.items() if isinstance(spec, dict) else enumerate(spec) if isinstance(spec, list) else ():
        if word == "$ref":
            yield inner.removeprefix("#/$defs/").removeprefix(_IN_PARTS)
        else:
            yield from _named(inner)


def _local(spec: Any) -> Any:
    """A copy of a schema that finds its parts in itself."""
    if isinstance(spec, dict):
        return {word: _here(inner) if word == "$ref" else _local(inner) for word, inner in spec.items()}
    return [_local(item) for item in spec] if isinstance(spec, list) else spec


def _here(reference: str) -> str:
    return reference.replace(_IN_PARTS, "#/$defs/")
