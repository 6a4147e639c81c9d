"""The reference of the documents that lsops prints as JSON, from `schemas/documents/`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lsops.document_schemas import described_documents, document_schema
from lsops.render.schema_words import type_words

Spec = Mapping[str, Any]
SPARE = ("minimum", "maximum", "minLength", "maxLength")
"""Limits that say nothing to who reads a document."""
HEAD = """\
# Keys of the documents

Generated from [`schemas/documents/`](../schemas/documents) by `python -m docs.generate`; do not edit. `lsops schema
--document NAME` prints the schema itself, whole. What the documents are for, with examples, stands in
[document formats](plan-file.md).

A key whose name is in bold is always there; any other is absent where there is nothing to tell. New keys may come with
any release, so a program that reads a document must bear keys that it does not know.
"""


def documents_page() -> str:
    """The whole page."""
    schemas = {name: document_schema(name) for name in described_documents()}
    parts: dict[str, Spec] = {}
    for schema in schemas.values():
        parts |= {name: spec for name, spec in schema.get("$defs", {}).items() if _is_table(spec)}
    sections = [row for name, schema in schemas.items() for row in _section(f"lsops.{name}/1", schema, schema)]
    shared = [row for name, spec in sorted(parts.items()) for row in _section(name, spec, _owner(name, schemas))]
    return "\n".join([HEAD, *sections, "# Parts", "", *shared]).rstrip() + "\n"


def _owner(part: str, schemas: Mapping[str, Spec]) -> Spec:
    """A document that has the part."""
    return next(schema for schema in schemas.values() if part in schema.get("$defs", {}))


def _section(title: str, spec: Spec, root: Spec) -> Iterator[str]:
    yield from (f"## {title}", "", spec["description"], "", "| key | what it is | meaning |", "|---|---|---|")
    yield from _rows(spec, root, "")
    for name, inner in spec.get("patternProperties", {}).items():
        yield f"| names like `{_cell(name)}` | {_type(inner, root)} | {_cell(inner['description'])} |"
    yield ""


def _rows(spec: Spec, root: Spec, above: str) -> Iterator[str]:
    for name, inner in spec["properties"].items():
        shown = f"`{above}{name}`"
        key = f"**{shown}**" if name in spec["required"] else shown
        yield f"| {key} | {_type(inner, root)} | {_cell(_described(inner, root))} |"
        listed = inner.get("items", {})
        if _is_table(listed):
            yield from _rows(listed, root, f"{above}{name}[].")
        elif _is_table(inner):
            yield from _rows(inner, root, f"{above}{name}.")


def _type(spec: Spec, root: Spec) -> str:
    if "$ref" in spec:
        name = spec["$ref"].rpartition("/")[2]
        part = root["$defs"][name]
        return f"[{name}](#{name})" if _is_table(part) else _type(part, root)
    if spec.get("type") == "array":
        return f"list of {_type(spec['items'], root)}"
    if spec.get("const") is True:
        return "`true`"
    return _cell(type_words({word: said for word, said in spec.items() if word not in SPARE}, sign="`{}`".format))


def _described(spec: Spec, root: Spec) -> str:
    """Its own words, else those of the part that it is."""
    part = root["$defs"][spec["$ref"].rpartition("/")[2]] if "$ref" in spec else {}
    return str(spec.get("description") or part["description"])


def _is_table(spec: Spec) -> bool:
    return "properties" in spec


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")
