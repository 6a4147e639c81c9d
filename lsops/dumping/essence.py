"""What of a live value somebody would declare, and whether a manifest can hold it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lsops.difference import same
from lsops.manifest.reference_syntax import has_reference
from lsops.model.address import split
from lsops.model.leaves import as_plain
from lsops.normalize import normal
from lsops.schema import Field, KindSchema

NESTED = 20
"""How deep a value may nest; what is deeper no person has written."""
LONG = 200
"""Characters of a text: every default is shorter."""
LONGEST_NAME = 200
"""Characters of a key inside a value."""

NOTHING: Any = object()
"""What need not be written."""


def essential(item: Field, value: Any) -> Any:
    """A live value as somebody would declare it: without what is default, empty or only read; or `NOTHING`."""
    if value is NOTHING or item.read_only:
        return NOTHING
    if item.compare == "switch":
        value = normal(item.compare, value)
    elif item.compare in ("strip", "xml") and isinstance(value, str):
        value = value.strip()
    if item.has_default and _may_be_default(item, value) and same(value, item.default, item):
        return NOTHING
    if not item.has_default and (value is None or value in ("", [], {})):
        return NOTHING
    if item.merge_deep and isinstance(value, Mapping):
        return _leaves(value, item.properties)
    return value


def _may_be_default(item: Field, value: Any) -> bool:
    """The cheap first look: a text that says something is no default that says nothing, and a long one no short one."""
    return not isinstance(value, str) or (bool(item.default) and len(value) < LONG) or not value.strip()


def _leaves(values: Mapping[str, Any], known: Mapping[str, Field]) -> Any:
    kept = {name: essential(known.get(name, Field(name)), value) for name, value in values.items()}
    return {name: value for name, value in kept.items() if value is not NOTHING} or NOTHING


def with_spelled(value: Any, whole: Any, item: Field, pointers: frozenset[str]) -> Any:
    """What is written of a field of which some pointers must be: these as they are live, else as by default."""
    for pointer in sorted(pointers):
        name, *rest = split(pointer)
        if name != item.name:
            continue
        if not rest:
            return as_plain(item.default) if whole is NOTHING else whole
        inner = whole.get(rest[0]) if isinstance(whole, Mapping) else None
        value = {**(value if isinstance(value, Mapping) else {}), rest[0]: inner}
    return value


def why_not_text(value: Any, depth: int = NESTED) -> str:
    """Why a value cannot stand in a manifest; empty where it can."""
    if depth == 0:
        return "it nests deeper than a manifest may"
    if isinstance(value, str):
        return "it holds half characters or a NUL, which no file can" if _is_broken(value) else ""
    if isinstance(value, Mapping):
        if any(not isinstance(name, str) or has_reference(name) or len(name) > LONGEST_NAME for name in value):
            return "a key in it reads as a reference, or is too long"
        return next(filter(None, (why_not_text(inner, depth - 1) for each in value.items() for inner in each)), "")
    if isinstance(value, (list, tuple)):
        return next(filter(None, (why_not_text(inner, depth - 1) for inner in value)), "")
    return ""


def _is_broken(text: str) -> bool:
    return "\0" in text or (not text.isascii() and any("\ud800" <= sign <= "\udfff" for sign in text))


_ORDERED: dict[tuple[str, str], list[Field]] = {}


def ordered(schema: KindSchema, variant: str) -> list[Field]:
    """The fields of a variant as a person writes them: type and key, what it belongs to, what it is, then the rest."""
    known = (schema.kind, variant)
    if known not in _ORDERED:
        fields = [item for item in schema.fields(variant).values() if not item.read_only]
        _ORDERED[known] = sorted(fields, key=lambda item: (_rank(item, schema), item.name))
    return _ORDERED[known]


def _rank(item: Field, schema: KindSchema) -> int:
    first = (
        item.name == schema.discriminator,
        item.name in schema.keys,
        bool(item.ref),
        item.name == "description",
        item.compare == "xml",
    )
    return first.index(True) if True in first else len(first) + item.secret
