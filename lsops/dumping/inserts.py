"""Entries as what can be put into a file: in lines of their own, or between braces."""

from __future__ import annotations

from collections.abc import Sequence

from lsops.dumping.files import collection_lines, collection_map, entry_map, lines_of_entry
from lsops.dumping.insertion import Insert, Misfit
from lsops.dumping.values import DumpedEntry
from lsops.dumping.yaml_text import flow_text, key_text
from lsops.schema import KindSchema


def word_insert(text: str) -> Insert:
    """An item of a list."""
    return Insert(lambda indent: [f"{' ' * indent}- {key_text(text)}"], lambda: key_text(text, in_flow=True))


def entry_insert(entry: DumpedEntry) -> Insert:
    """An entry with all below it."""

    def flow() -> str:
        _refuse_comments([entry])
        return f"{key_text(entry.name, in_flow=True)}: {flow_text(entry_map(entry))}"

    return Insert(lambda indent: lines_of_entry(entry, indent), flow)


def collection_insert(name: str, entries: Sequence[DumpedEntry], schema: KindSchema) -> Insert:
    """A collection with entries, or a singleton."""

    def flow() -> str:
        _refuse_comments(entries)
        return f"{name}: {flow_text(collection_map(entries, schema))}"

    return Insert(lambda indent: collection_lines(name, entries, schema, indent), flow)


def _refuse_comments(entries: Sequence[DumpedEntry]) -> None:
    """Raises: Misfit, for what is no more than a comment, which a map in braces has no room for."""
    found = next((one for entry in entries for one in entry.each() if one.required), None)
    if found is not None:
        raise Misfit(f"{found.address}: {found.required.partition(':')[0]}, and braces have no room for a comment")
