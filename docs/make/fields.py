"""The field reference, from `schemas/`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lsops.schema import EDITIONS, Field, KindSchema, kinds

TYPES = {"string": "text", "integer": "integer", "number": "number", "boolean": "true or false", "array": "list"}
TYPES |= {"object": "map", "null": "null"}
BRIEF = {"object": "map", "array": "list"}
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
    "filters": "an empty further condition is as none",
}
NONE: Mapping[str, Any] = {}
HEAD = """\
# Field reference

Generated from [`schemas/`](../schemas) by `python -m docs.generate`; do not edit. `lsops schema KIND` prints the schema
itself, and `lsops schema` that of a whole manifest for an editor.

Names are those of Label Studio's own API. Every field is optional unless its note says *required*; what a manifest does
not write is left alone. *Default* is what the server fills in on a create. *Where* names the edition, and the first
release that has the field.

Words in the notes:

- *secret*: must be `${env:NAME}` or `${file:PATH}`; masked everywhere and never compared
  ([how](manifest.md#secrets)).
- *may be secret*: a literal, or exactly one such reference; compared where it is known, and shown no further than its
  host.
- *masked*: each value is a literal or one such reference; none is ever shown, and only literals are compared.
- *not read back*: the server never returns it, so it is sent with every update and not compared.
- *by itself*: the POST ignores it; lsops sends a PATCH after the create.
- *replaces*: another value means that the resource is created anew and the old one deleted.
- *leaf by leaf*: only the leaves that are written are compared and changed. Any other map or list is one value.
- *always sent*: part of every update, because the server asks for it.
"""


def fields_page() -> str:
    """The whole page."""
    sections = [line for kind in kinds().values() for line in _kind(kind)]
    return "\n".join([HEAD, *_contents(), "", *sections]).rstrip() + "\n"


def _contents() -> Iterator[str]:
    for kind in kinds().values():
        yield f"- [`{kind.kind}`](#{kind.kind})"
        yield from (f"  - [`{name}`](#{_anchor(kind, name)})" for name in kind.variants if name)


def _anchor(kind: KindSchema, variant: str) -> str:
    return f"{kind.kind}-{variant}"


def _kind(kind: KindSchema) -> Iterator[str]:
    yield from (f"## {kind.kind}", "", kind.description, "", *_facts(kind), "")
    if not kind.discriminator:
        yield from _table(kind.fields(), kind.documents[""])
        return
    common = _common(kind)
    yield from ("Fields of every type:", "", *_table(common, {}))
    for name in kind.variants:
        document = kind.documents[name]
        own = {key: field for key, field in kind.fields(name).items() if key not in common}
        yield from (f"### {kind.kind} {name}", "", document.get("description", ""), "")
        yield from (f"{_where_of(document.get('x-lsops', {}))}.", "", *_table(own, document))


def _common(kind: KindSchema) -> dict[str, Field]:
    first, *others = kind.variants.values()
    return {name: item for name, item in first.items() if all(fields.get(name) == item for fields in others)}


def _facts(kind: KindSchema) -> Iterator[str]:
    place = f"Stands at `{kind.collection}`"
    yield f"{place}, one per organisation." if kind.singleton else f"{place}; its key is the field `{kind.key}`."
    if kind.editions != EDITIONS:
        yield f"{_where_of({'editions': kind.editions})}."


def _table(fields: Mapping[str, Field], document: Mapping[str, Any]) -> Iterator[str]:
    required = document.get("required", ())
    rows = list(_rows(fields, "", required))
    if rows:
        yield from ("| field | type and limits | default | where | notes |", "|---|---|---|---|---|", *rows, "")
    kept = [f"`{name}`" for name, item in sorted(fields.items()) if item.read_only]
    if kept:
        yield from (f"Kept by the server, an error in a manifest: {', '.join(kept)}.", "")


def _rows(fields: Mapping[str, Field], above: str, required: Any, roles: Mapping[str, Any] = NONE) -> Iterator[str]:
    for name, item in sorted(fields.items()):
        if item.read_only:
            continue
        where = {**roles, **item.raw.get("x-lsops", {})}
        notes = "; ".join(_notes(item, name in required))
        cells = (f"`{above}{name}`", _type(item.raw), _default(item), _where_of(where), notes)
        yield "| " + " | ".join(_cell(text) for text in cells) + " |"
        inherited = {key: where[key] for key in ("editions", "since") if key in where}
        yield from _rows(item.properties, f"{above}{name}.", item.raw.get("required", ()), inherited)


def _type(spec: Mapping[str, Any]) -> str:
    if "const" in spec:
        return f"`{spec['const']}`"
    if "enum" in spec:
        return " ".join("null" if value is None else f"`{value}`" for value in spec["enum"])
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


def _default(item: Field) -> str:
    import json

    return f"`{json.dumps(item.default, ensure_ascii=False)}`" if item.has_default else ""


def _where_of(roles: Mapping[str, Any]) -> str:
    editions, since = tuple(roles.get("editions", EDITIONS)), roles.get("since", {})
    if editions == EDITIONS and not since:
        return "both"
    return ", ".join(f"{name.title()} {since[name]}" if name in since else name.title() for name in editions)


def _notes(item: Field, required: bool) -> Iterator[str]:
    if item.description:
        yield item.description.rstrip(".")
    flags = {
        "*required*": required,
        "*secret*": item.secret,
        "*may be secret*": item.may_be_secret,
        "*masked*": item.confidential,
        "*not read back*": item.unreadable,
        "*by itself*": not item.create,
        "*replaces*": item.immutable,
        "*leaf by leaf*": item.merge_deep,
        "order does not count": item.unordered,
        "*always sent*": item.always_send,
        "emptied by a replace": item.clear_replace,
        "deprecated": item.deprecated,
    }
    yield from (words for words, holds in flags.items() if holds)
    if item.compare and item.compare != "strip":
        yield COMPARES.get(item.compare, f"compared as {item.compare}")
    if item.ref:
        yield f"names a {item.ref.replace('_', ' ')} by its key"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")
