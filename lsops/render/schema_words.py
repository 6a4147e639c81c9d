"""What the schema of a field says, in words: the reference of fields and `lsops explain` tell it alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from lsops.schema import EDITIONS, Field

TYPES = {"string": "text", "integer": "integer", "number": "number", "boolean": "true or false", "array": "list"}
TYPES |= {"object": "map", "null": "null"}
COMPARES = {
    "strip": "compared without blanks at its ends",
    "xml": "compared as XML: attribute order and blanks between elements do not count",
    "html": "compared as the server's sanitiser leaves it",
    "color": "compared without case",
    "decimal": "compared as a number",
    "datetime": "compared as a point in time",
    "path": "compared as a normal path",
    "email": "compared without case",
    "switch": "a timestamp on the server, true or false here",
    "role": "a role by its word or its code",
    "grant": "a role by its word or its code, without blanks at the ends of names",
    "filters": "an empty further condition is as none",
}


def type_words(spec: Mapping[str, Any], sign: Callable[[Any], str] = str) -> str:
    """`text or null; 1 to 50 characters`; `sign` shows a value that is one of those allowed."""
    if "const" in spec:
        return sign(spec["const"])
    if "enum" in spec:
        return " ".join("null" if value is None else sign(value) for value in spec["enum"])
    names = spec.get("type", ())
    words = " or ".join(TYPES[name] for name in ([names] if isinstance(names, str) else names))
    form = spec.get("x-lsops", {}).get("form")
    return "; ".join([words or "any value", *_limits(spec), *([form] if form else [])])


def _limits(spec: Mapping[str, Any]) -> Iterator[str]:
    low, high = spec.get("minimum"), spec.get("maximum")
    if low is not None:
        yield f"at least {low}" if high is None else f"{low} to {high}"
    elif high is not None:
        yield f"at most {high}"
    short, long = spec.get("minLength"), spec.get("maxLength")
    if long is not None:
        yield f"{short or 0} to {long} characters"
    elif short:
        yield "not empty" if short == 1 else f"at least {short} characters"


def editions_words(roles: Mapping[str, Any]) -> str:
    """`both`, or the editions that have it, with their first release."""
    editions, since = tuple(roles.get("editions", EDITIONS)), roles.get("since", {})
    if editions == EDITIONS and not since:
        return "both"
    return ", ".join(f"{name.title()} {since[name]}" if name in since else name.title() for name in editions)


def field_notes(item: Field, required: bool, term: Callable[[str], str] = str) -> Iterator[str]:
    """What is special about a field; `term` shows a word that the reference explains."""
    flags = {
        term("required"): required,
        term("secret"): item.secret,
        term("may be secret"): item.may_be_secret,
        term("masked"): item.confidential,
        term("not read back"): item.unreadable,
        term("perhaps not read back"): item.may_be_hidden and not item.unreadable,
        term("by itself"): not item.create,
        term("replaces"): item.immutable,
        term("leaf by leaf"): item.merge_deep,
        "order does not count": item.unordered,
        term("always sent"): item.always_send,
        "emptied by a replace": item.clear_replace,
        "never sent, lsops reads it": item.own,
        "deprecated": item.deprecated,
    }
    yield from (words for words, holds in flags.items() if holds)
    if item.compare and item.compare != "strip":
        yield COMPARES.get(item.compare, f"compared as {item.compare}")
    if item.ref:
        yield f"names a {item.ref.replace('_', ' ')} by its key"
    elif inner := item.items or item.values:
        yield f"each names a {inner.ref.replace('_', ' ')} by its key" if inner.ref else "names others by their keys"
