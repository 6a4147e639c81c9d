"""The field reference, from `schemas/`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lsops.render.schema_words import editions_words, field_notes, type_words
from lsops.schema import EDITIONS, Field, KindSchema, by_collection, kinds

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
- *perhaps not read back*: whether a server returns it is not known; where it does not, the same holds.
- *by itself*: the POST ignores it; lsops sends a PATCH after the create.
- *replaces*: another value means that the resource is created anew and the old one deleted.
- *leaf by leaf*: only the leaves that are written are compared and changed. Any other map or list is one value.
- *always sent*: part of every update, because the server asks for it.

The kinds, and the types of storages:
"""


def fields_page() -> str:
    """The whole page."""
    sections = [line for kind in kinds().values() for line in _kind(kind)]
    return "\n".join([HEAD, *_contents(), "", *sections]).rstrip() + "\n"


def _contents() -> Iterator[str]:
    for kind in kinds().values():
        yield f"- [`{kind.kind}`](#{kind.kind})"
        yield from (f"    - [`{name}`](#{_anchor(kind, name)})" for name in kind.variants if name)


def _anchor(kind: KindSchema, variant: str) -> str:
    return f"{kind.kind}-{variant}"


def _kind(kind: KindSchema) -> Iterator[str]:
    yield from (f"## {kind.kind}", "", kind.description, "", *_facts(kind), "")
    if not kind.discriminator:
        yield from _table(kind.fields(), kind.documents[""], kind.editions)
        return
    common = _common(kind)
    yield from ("Fields of every type:", "", *_table(common, {}, kind.editions))
    for name in kind.variants:
        document = kind.documents[name]
        own = {key: field for key, field in kind.fields(name).items() if key not in common}
        yield from (f"### {kind.kind} {name}", "", document.get("description", ""), "")
        yield from (
            f"{editions_words(document.get('x-lsops', {}))}.",
            "",
            *_table(own, document, kind.editions_of(name)),
        )


def _common(kind: KindSchema) -> dict[str, Field]:
    first, *others = kind.variants.values()
    return {name: item for name, item in first.items() if all(fields.get(name) == item for fields in others)}


def _facts(kind: KindSchema) -> Iterator[str]:
    place = f"Stands at `{kind.collection}`"
    above = by_collection().get(kind.parent_collection)
    owner = above.noun if above is not None else "organisation"
    yield f"{place}, one per {owner}." if kind.singleton else f"{place}; {_key(kind)}."
    if kind.editions != EDITIONS:
        yield f"{editions_words({'editions': kind.editions})}."


def _key(kind: KindSchema) -> str:
    if not kind.is_composite:
        return f"its key is the field `{kind.key}`"
    parts = ", ".join(f"`{name}`" for name in kind.keys)
    return f"the key of an entry is only its name, and the fields {parts} together say which one it is"


def _table(fields: Mapping[str, Field], document: Mapping[str, Any], editions: Sequence[str]) -> Iterator[str]:
    required = document.get("required", ())
    rows = list(_rows(fields, "", required, {"editions": editions}))
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
        cells = (
            f"`{above}{name}`",
            type_words(item.raw, sign=lambda value: f"`{value}`"),
            _default(item),
            editions_words(where),
            notes,
        )
        yield "| " + " | ".join(_cell(text) for text in cells) + " |"
        inherited = {key: where[key] for key in ("editions", "since") if key in where}
        yield from _rows(item.properties, f"{above}{name}.", item.raw.get("required", ()), inherited)


def _default(item: Field) -> str:
    import json

    return f"`{json.dumps(item.default, ensure_ascii=False)}`" if item.has_default else ""


def _notes(item: Field, required: bool) -> Iterator[str]:
    if item.description:
        yield item.description.rstrip(".")
    yield from field_notes(item, required, term=lambda word: f"*{word}*")


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")
