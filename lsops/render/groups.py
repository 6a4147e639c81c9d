"""The order in which people read: what belongs together stands together, whenever its calls are made.

What holds others at the top of the manifest, such as a project, is a group with all that changes below it; everything
else is the organisation's. Which collections those are is seen from the nesting of collections in the schemas. A
change that sets a part of a resource on its own is a matter of calls: here its fields are that resource's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache, reduce
from types import MappingProxyType

from lsops.model.address import join, split
from lsops.model.plan import Change
from lsops.render.parts import Entry, EntryGroup
from lsops.schema import KindSchema, by_collection, kinds


def as_counted(changes: Iterable[Change]) -> Iterator[Change]:
    """The changes as they are counted: a part goes with the change of its whole, or stands for it where it has none."""
    every = tuple(changes)
    parts: dict[str, list[Change]] = {}
    for part in every:
        if part.part_of:
            parts.setdefault(part.part_of, []).append(part)
    if not parts:
        yield from every
        return
    heads = {change.address for change in every if not change.part_of}
    for change in every:
        if not change.part_of:
            yield reduce(_joined, parts.get(change.address, ()), change)
        elif change.part_of not in heads and change is parts[change.part_of][0]:
            first, *rest = parts[change.part_of]
            yield replace(reduce(_joined, rest, first), address=change.part_of, part_of="")


def _joined(change: Change, part: Change) -> Change:
    """With the part; what a field of both becomes in the end stands in the change of the whole."""
    own = {field.path for field in change.fields}
    return replace(
        change,
        fields=(*change.fields, *(field for field in part.fields if field.path not in own)),
        secrets={**change.secrets, **part.secrets},
        effects=(*change.effects, *part.effects),
        then=(*change.then, *part.then),
        happened=(*change.happened, *part.happened),
        warnings=(*change.warnings, *part.warnings),
    )


def by_holder(entries: Iterable[Entry]) -> Iterator[EntryGroup]:
    """The entries of the organisation, then those of each holder: by phase of its kind, then as the manifest has them.

    Of a saved plan only places are known, so that a holder's place in its file is its order, and files go by name; what
    no manifest writes, such as what prune deletes, comes last. Within a group entries keep their order.
    """
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(_holder(entry.change.address), []).append(entry)
    if "" in found:
        yield EntryGroup("", "", "", None, tuple(found.pop("")))
    yield from sorted((_group(address, held) for address, held in found.items()), key=_turn)


def _group(address: str, held: Iterable[Entry]) -> EntryGroup:
    collection, title = split(address)
    head = next((entry for entry in held if entry.change.address == address), None)
    rest = tuple(entry for entry in held if entry is not head)
    return EntryGroup(address, _holders()[collection].kind, title, head, rest)


def _holder(address: str) -> str:
    parts = split(address)[:2]
    return join(*parts) if len(parts) > 1 and parts[0] in _holders() else ""


def _turn(group: EntryGroup) -> tuple[int, bool, str, int]:
    head = group.head.change.source if group.head else None
    written = [head] if head else [entry.change.source for entry in group.entries]
    places = [(place.file, place.line) for place in written if place]
    return kinds()[group.kind].phase, not places, *min(places, default=("", 0))


@cache
def _holders() -> Mapping[str, KindSchema]:
    """The kinds at the top of the manifest whose collection has others below it, by collection."""
    above = {item.parent_collection for item in kinds().values()}
    return MappingProxyType({name: kind for name, kind in by_collection().items() if name in above})
