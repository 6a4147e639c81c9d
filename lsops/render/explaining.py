"""An explanation as text: each field with its value, where that comes from, what it overrode, and its schema."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from lsops.errors import Source
from lsops.model.address import split
from lsops.model.resource import UNSET
from lsops.render.document import Document, Verdict
from lsops.render.lines import Line, plural
from lsops.render.safe import line, shortened, value
from lsops.render.schema_words import editions_words, field_notes, type_words
from lsops.schema import field_of, noun_of

if TYPE_CHECKING:
    from lsops.model.explanation import ExplainedField, Explanation, FieldOrigin

WIDTH = 80
"""Columns that a line has where nothing in it is foreign; what is foreign is cut to about as many, never wrapped."""
SHORTEST = 20
"""Characters of a value that are shown whatever stands before it."""
LENGTH_TOLD = 20
"""Columns for saying how long a value is that was cut."""


def of_explanation(explanation: Explanation) -> Document:
    """What is known of the fields of a resource."""
    verdict = Verdict(f"{plural(len(explanation.fields), 'field')}.")
    counts = {"fields": len(explanation.fields), "unwritten": len(explanation.unwritten)}
    return Document("explain", verdict, "explain", counts=counts, value=explanation)


def explanation_lines(explanation: Explanation) -> Iterator[Line]:
    """The resource, its fields, and the names of those that the manifest leaves alone."""
    noun = noun_of(explanation.kind)
    kind = f"{explanation.type} {noun}" if explanation.type else noun
    environment = f", environment {line(explanation.environment)}" if explanation.environment else ""
    yield Line(f"{line(explanation.address)} ({kind}{environment})", "title")
    if explanation.environments and not explanation.environment:
        names = shortened(line(", ".join(explanation.environments)), WIDTH)
        yield Line(f"No environment is chosen (-e NAME); the manifest has {names}", "note")
    for one in explanation.fields:
        yield Line("")
        yield from _field(one, explanation.prefix)
    if explanation.unwritten:
        yield Line("")
        names = ", ".join(explanation.unwritten)
        yield from _ours(f"Left alone, since nothing names them (--field NAME explains one): {names}", "")


def _field(item: ExplainedField, prefix: str) -> Iterator[Line]:
    name = line("/".join(split(item.path)))
    yield Line(f"{name}: {'not managed' if item.value is UNSET else _cut(item.value, len(name) + 2)}", "title")
    for one in item.origins:
        yield Line(f"  {_origin(one, item, prefix)}", "" if one.used else "note")
    if item.schema.get("description"):
        yield from _ours(item.schema["description"])
    yield from _ours("; ".join(_facts(item)))


def _cut(item: Any, before: int) -> str:
    """A value that fits beside what stands before it, or its beginning and how long it is."""
    room = max(WIDTH - before, SHORTEST)
    whole = value(item, longest=room)
    return whole if len(whole) <= room else value(item, longest=max(room - LENGTH_TOLD, SHORTEST))


def _ours(text: str, indent: str = "  ") -> Iterator[Line]:
    """Text of our own, wrapped."""
    rows = wrap(
        text, WIDTH, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
    return (Line(row, "note") for row in rows)


# ---- origins -----------------------------------------------------------------------------------


def _origin(one: FieldOrigin, item: ExplainedField, prefix: str) -> str:
    if one.layer == "schema":
        return f"the server fills in {_cut(one.value, 25)} when it creates one"
    place = _place(one, prefix)
    if one.layer == "file":
        return f"reads {place}"
    if one.layer in ("variable", "row"):
        start = f"where {line(one.name)} is" if one.used else "over"
        return f"{start} {_cut(one.value, len(start) + len(place) + 4)}, {place}"
    if one.used and item.value is UNSET:
        return f"taken out by {place}"
    if one.used:
        return f"from {place}" + ("" if _is_same(one.value, item.value) else f": {_cut(one.value, len(place) + 9)}")
    what = ", which takes out what it lies over" if one.layer == "overlay" and one.value is None else ""
    return f"over {_cut(one.value, len(place) + 9)}, {place}{what}"


def _is_same(written: Any, held: Any) -> bool:
    """Whether what is written is what holds, so that it need not be shown again."""
    return type(written) is type(held) and bool(written == held)


def _place(one: FieldOrigin, prefix: str) -> str:
    where = _file(one.source, prefix) if one.source else ""
    words = {
        "overlay": "overlay",
        "defaults": f"defaults of {one.by}",
        "template": f"template {line(one.by)}",
        "variable": line(one.by),
    }
    if one.layer == "file" and one.source:
        return line(prefix + one.source.file)
    return " ".join(filter(None, (words.get(one.layer, ""), "at" if where and one.layer != "entry" else "", where)))


def _file(source: Source, prefix: str) -> str:
    return f"{line(prefix + source.file)}:{source.line}"


# ---- the schema --------------------------------------------------------------------------------


def _facts(item: ExplainedField) -> Iterator[str]:
    known = field_of("", item.schema)
    allowed = item.schema.get("enum")
    yield f"one of {', '.join(map(value, allowed))}" if allowed else type_words(item.schema)
    yield from field_notes(known, item.required)
    if item.schema.get("x-lsops", {}).get("confidential"):
        yield "never shown"
    if known.read_only:
        yield "kept by the server"
    where = editions_words(item.schema.get("x-lsops", {}))
    if where != "both":
        yield where
    if item.server_default is not UNSET and not any(one.layer == "schema" for one in item.origins):
        yield f"server default {value(item.server_default)}"
