"""What is reviewed first, each under a title of its own: who gets in, where data goes, what goes away, what is lost.

A title counts what the verdict counts: every delete stands under that of deletes, whatever else it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from lsops.render.exposure import rarest_first
from lsops.render.parts import Entry, Section

LOSING = "To lose labels, tags or access"
EXPOSING = "Who gets in, and where data goes"
GOING = frozenset(("unwanted", "delete", "replace"))
"""The sorts of entries that come first for what they are."""


def urgent(entry: Entry, titles: Mapping[str, str]) -> str:
    """The title under which an entry comes first; empty for one that can wait."""
    if entry.sort in GOING:
        return titles[entry.sort]
    if entry.change.orphans or entry.change.counts_as_delete:
        return LOSING
    return EXPOSING if entry.is_exposing else ""


def urgent_sections(entries: Sequence[Entry], titles: Mapping[str, str]) -> Iterator[Section]:
    """What comes first, by title; of what exposes something, a kind with few entries before one with many."""
    for title in (EXPOSING, *titles.values(), LOSING):
        found = tuple(entry for entry in entries if urgent(entry, titles) == title)
        if found:
            yield Section(title, rarest_first(found) if title == EXPOSING else found)
