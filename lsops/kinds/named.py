"""Whether what a field names by its title is there, and is one; this module holds no kind itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lsops.errors import Finding, Source
from lsops.kinds.shared_rows import is_ambiguous, twin
from lsops.model.desired import Desired
from lsops.model.live import Live
from lsops.model.resource import Resource
from lsops.schema import noun_of
from lsops.spelling import Near
from lsops.tally import Misspelt


@dataclass(frozen=True, slots=True)
class Titles:
    """What can be named of a kind: `entries` of the manifest by their keys, and ids of what is live by title."""

    kind: str
    entries: Mapping[str, Resource] = field(default_factory=dict)
    names: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, kind: str, desired: Desired, live: Live) -> Titles:
        """Those of a manifest and a server."""
        entries = {entry.key: entry for entry in reversed(desired.of(kind))}
        return cls(kind, entries, live.names.get(kind, {}))

    def faults(self, title: str, item: Resource, place: Source | None) -> Iterator[Finding]:
        """What is wrong with a title that an item names: it goes away, there is none, or there are several."""
        entry, noun = self.entries.get(title), noun_of(self.kind)
        if entry is not None and entry.lifecycle.absent:
            yield Finding("LS504", f'the {noun} "{title}" is to be deleted', item.address, place)
        elif entry is None and title not in self.names:
            near = Near(title, self.names, "make it first, or use a token whose owner sees it")
            yield Misspelt("LS504", f'there is no {noun} "{title}"', item.address, place, near=near)
        elif is_ambiguous(title, self.names) and (entry is None or entry.lifecycle.id is None):
            ids = ", ".join(str(one) for name, one in self.names.items() if name in (title, twin(title, one)))
            hint = f"declare it under {noun}s and pin one with lifecycle.id"
            yield Finding("LS502", f'several {noun}s are called "{title}": ids {ids}', item.address, place, hint)
