"""From what jsonschema says of a value to findings in plain words, at the line of the key or value.

jsonschema's own wording never reaches the user: it shows whole objects, and with them what may be secret.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lsops.errors import Finding, Source
from lsops.manifest.findings import listed, quote
from lsops.manifest.positions import Map, Seq
from lsops.manifest.reference_syntax import has_reference
from lsops.manifest.schema_messages import SchemaError, because, error_words, hint_of_type, wrong_type
from lsops.manifest.specs import NOTHING, ONLY_ENTRIES, REUSE, Spec, at, types_of
from lsops.spelling import Near
from lsops.tally import Misspelt


@dataclass(frozen=True, slots=True)
class Subject:
    """What is checked: `noun` with its article, its place, and its schema with read-only properties in it.

    `others` are keys that are allowed beside the schema's properties.
    """

    noun: str
    document: Spec
    address: str = ""
    source: Source | None = None
    others: tuple[str, ...] = ()


def schema_findings(error: SchemaError, values: Any, subject: Subject) -> Iterator[Finding]:
    """The findings that one error of jsonschema amounts to."""
    path = list(error.absolute_path)
    if error.validator in ("additionalProperties", "unevaluatedProperties"):
        yield from _unknown(error, values, subject)
    elif error.validator in ("required", "dependentRequired"):
        yield from _missing(error, values, subject)
    elif error.validator in ("anyOf", "oneOf") and error.context:
        yield from _alternatives(error, values, subject)
    elif "propertyNames" in error.schema_path:
        told = error_words(error, f"the name {quote(error.instance)}", error.schema)
        where = key_place(values, [*path, error.instance]) or subject.source
        yield Finding("LS106", told.message, subject.address, where)
    elif error.validator != "format":
        told = error_words(error, dotted(path) or subject.noun, at(subject.document, path))
        where = value_place(values, path) or subject.source
        yield told.finding(subject.address, where)


def dotted(path: Sequence[Any]) -> str:
    """A path as messages show it: `review_settings.percent`, `actions[0]`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def key_place(values: Any, path: Sequence[Any]) -> Source | None:
    """Where the last key of a path is written; None where no position is known."""
    return _place(values, path, at_key=True)


def value_place(values: Any, path: Sequence[Any]) -> Source | None:
    """Where the value at a path begins; None where no position is known."""
    return _place(values, path, at_key=False)


def _place(values: Any, path: Sequence[Any], *, at_key: bool) -> Source | None:
    if not path:
        return None
    owner = values
    for part in path[:-1]:
        owner = owner[part]
    last = path[-1]
    if isinstance(owner, Map):
        return owner.key_source(last) if at_key else owner.value_source(last)
    return owner.value_source(last) if isinstance(owner, Seq) else None


# ---- fields that are not there, or should not be ------------------------------------------------


def _unknown(error: SchemaError, values: Any, subject: Subject) -> Iterator[Finding]:
    path = list(error.absolute_path)
    spec = at(subject.document, path)
    known = error.schema.get("properties", NOTHING)
    for key in error.instance:
        if key not in known:
            where = key_place(values, [*path, key]) or subject.source
            yield unknown_key(key, spec, subject, where=where, path=path)


def unknown_key(key: str, spec: Spec, subject: Subject, *, where: Source | None, path: Sequence[Any] = ()) -> Finding:
    """The finding about a key that a map may not have; `spec` is the schema of the map."""
    properties = spec.get("properties", NOTHING)
    if has_reference(key):
        return Finding("LS402", "a key cannot hold a reference", subject.address, where)
    if properties.get(key, NOTHING).get("readOnly"):
        reason = _uncapitalised(properties[key].get("description", ""))
        return Finding("LS111", f"{dotted([*path, key])} cannot be set: {reason}", subject.address, where)
    names = [name for name, sub in properties.items() if not sub.get("readOnly")]
    near = Near(key, (*names, *(() if path else subject.others)), "" if path or key not in REUSE else ONLY_ENTRIES)
    place = f"in {dotted(path)}" if path else f"for {subject.noun}"
    return Misspelt("LS102", f"unknown field {quote(key)} {place}", subject.address, where, near=near)


def _uncapitalised(text: str) -> str:
    return (text[:1].lower() + text[1:]).rstrip(".") or "the server keeps it"


def _missing(error: SchemaError, values: Any, subject: Subject) -> Iterator[Finding]:
    path = list(error.absolute_path)
    where = (key_place(values, path) if path else None) or subject.source
    wanted = error.validator_value
    if isinstance(wanted, dict):
        for cause, names in wanted.items():
            for name in names if cause in error.instance else ():
                if name not in error.instance:
                    yield Finding("LS101", f"{quote(cause)} needs {quote(name)} beside it", subject.address, where)
        return
    for name in wanted:
        if name not in error.instance:
            message = f"{dotted(path) or subject.noun} needs {quote(name)}{because(error.schema)}"
            yield Finding("LS101", message, subject.address, where)


def _alternatives(error: SchemaError, values: Any, subject: Subject) -> Iterator[Finding]:
    """One finding for a choice: which fields would do, or what is wrong with the form that is nearest."""
    branches = error.validator_value
    if all(set(branch) == {"required"} for branch in branches):
        choices = listed(" with ".join(branch["required"]) for branch in branches)
        count = "exactly one" if error.validator == "oneOf" else "one"
        yield Finding("LS101", f"{subject.noun} needs {count} of: {choices}", subject.address, subject.source)
        return
    types = {kind for branch in branches for kind in types_of(branch)}
    if types and all(inner.validator == "type" for inner in error.context or ()):
        path = list(error.absolute_path)
        where = value_place(values, path) or subject.source
        name = dotted(path) or subject.noun
        hint = hint_of_type(types, error.instance)
        yield Finding("LS103", f"{name} {wrong_type(types, error.instance)}", subject.address, where, hint)
        return
    nearest = max(error.context or (), key=lambda inner: (len(inner.absolute_path), inner.validator != "type"))
    yield from schema_findings(nearest, values, subject)
