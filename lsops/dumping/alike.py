"""Entries that differ in few places: a hint for whoever reads a dump, which writes each of them out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from lsops.dumping.values import DumpedEntry, FileText
from lsops.model.leaves import leaves
from lsops.model.resource import Secret

LEAST = 3
"""Entries from which on it is worth a word."""
MOST_PLACES = 4
"""Places in which they may differ, and in more than as many they must be the same."""
NAMED = 3
SHOWN = 40
"""Characters of a name that are shown."""


def alike(entries: Iterable[DumpedEntry]) -> Iterator[str]:
    """A sentence per group of entries that are alike."""
    return (_sentence(members, places) for members, places in groups_alike(entries))


def groups_alike(entries: Iterable[DumpedEntry]) -> Iterator[tuple[list[DumpedEntry], list[str]]]:
    """Entries with the same fields and children, whose values differ in few places alone, with these."""
    groups: dict[frozenset[str], list[tuple[DumpedEntry, Mapping[str, str]]]] = {}
    for entry in entries:
        if not entry.lifecycle and not entry.required:
            told = dict(_told(entry))
            groups.setdefault(frozenset(told), []).append((entry, told))
    for paths, members in groups.items():
        places = sorted(path for path in paths if len({told[path] for _, told in members}) > 1)
        if len(members) >= LEAST and 0 < len(places) <= MOST_PLACES < len(paths) - len(places):
            yield [entry for entry, _ in members], places


def _told(entry: DumpedEntry, above: str = "") -> Iterator[tuple[str, str]]:
    """All that an entry says, by its place in it; of a secret only that there is one."""
    for path, value in leaves(entry.values, lists=False):
        shown = value.name if isinstance(value, FileText) else repr(value)
        yield above + path[1:], "" if isinstance(value, Secret) else shown
    for name, below in entry.children.items():
        for child in below:
            yield f"{above}{name}/{child.name}", ""
            yield from _told(child, f"{above}{name}/{child.name}/")


def _sentence(entries: Sequence[DumpedEntry], places: Sequence[str]) -> str:
    names = ", ".join(f'"{entry.name[:SHOWN]}"' for entry in entries[:NAMED])
    more = f" and {len(entries) - NAMED} more" if len(entries) > NAMED else ""
    return f"{len(entries)} entries differ in {', '.join(place[:SHOWN] for place in places)} alone: {names}{more}"
