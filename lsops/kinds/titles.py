"""What fields name by its title: ids by title, and what is wrong with a title; no kind stands here.

Titles need not be unique on Enterprise (Enterprise facts 11.1): of several the first has the plain name, the others
have their id in it, so that nothing moves from one to another by its name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from lsops.errors import Finding, Source
from lsops.kinds.reader import Row
from lsops.model.pairs import Pairs
from lsops.model.resource import Resource
from lsops.schema import kinds, noun_of
from lsops.spelling import Near
from lsops.tally import Misspelt


def title_of(row: Row) -> str:
    """The title, without blanks at its ends."""
    return str(row.get("title") or "").strip()


class Named(dict[str, int]):
    """Ids by names, of which each of very many rows asks which name an id has. What is added is added one by one."""

    def __setitem__(self, name: str, number: int) -> None:
        super().__setitem__(name, number)
        self.__dict__.pop("_names", None)

    def name_of(self, number: int) -> str | None:
        """The first name of an id; None where it has none here."""
        return self._names.get(number)

    @cached_property
    def _names(self) -> dict[int, str]:
        return {number: name for name, number in reversed(self.items())}


def ids_by_name(rows: Iterable[Row], name_of: Callable[[Row], str] = title_of) -> Named:
    """Ids of rows by their names, in the order of the ids."""
    names = Named()
    for row in sorted(rows, key=lambda row: int(row["id"])):
        name = name_of(row)
        names[name if name not in names else twin(name, row["id"])] = row["id"]
    return names


def twin(title: str, number: int) -> str:
    """The name of one of several with the same title."""
    return f"{title} (id {number})"


def is_ambiguous(title: str, names: Mapping[str, int]) -> bool:
    """Whether several have the title."""
    return any(name == twin(title, number) for name, number in names.items())


def _shared(names: Mapping[str, int]) -> frozenset[str]:
    """The titles that several have."""
    endings = ((name, twin("", number)) for name, number in names.items())
    return frozenset(name.removesuffix(ending) for name, ending in endings if name.endswith(ending))


def name_in(names: Mapping[str, int], number: int) -> str:
    """The name of that id; `#5` where it has none here."""
    if isinstance(names, Named):
        return names.name_of(number) or f"#{number}"
    return next((name for name, other in names.items() if other == number), f"#{number}")


def ids_of(title: str, names: Mapping[str, int]) -> str:
    """The ids of all that have a title, as a message lists them."""
    return ", ".join(str(one) for name, one in names.items() if name in (title, twin(title, one)))


@dataclass(frozen=True, slots=True)
class Titles:
    """What can be named of a kind: `entries` of the manifest by their keys, and ids by title once the plan is made.

    `missing` is what to do about a title that nothing has. `renamed` are the titles that the plan takes away, each with
    the one that it gives instead; `several` are those that more than one has.
    """

    kind: str
    missing: str = "make it first, or use a token whose owner sees it"
    entries: Mapping[str, Resource] = field(default_factory=dict)
    names: Mapping[str, int] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)
    several: frozenset[str] = frozenset()

    @classmethod
    def of(cls, kind: str, pairs: Pairs, missing: str = missing) -> Titles:
        """Those of a manifest and a server."""
        entries = {entry.key: entry for entry in reversed(pairs.desired.of(kind))}
        names = pairs.names.get(kind, {})
        called = {number: name for name, number in names.items()}
        live = pairs.live.names.get(kind, {}).items()
        renamed = {name: called[number] for name, number in live if name not in names and number in called}
        return cls(kind, missing, entries, names, renamed, _shared(names))

    def faults(self, title: str, item: Resource, place: Source | None) -> Iterator[Finding]:
        """What is wrong with a title that an item names: it goes away, there is none, or there are several."""
        entry, noun = self.entries.get(title), noun_of(self.kind)
        if entry is not None and entry.lifecycle.absent:
            yield Finding("LS504", f'the {noun} "{title}" is to be deleted', item.address, place)
        elif entry is None and title in self.renamed:
            new = self.renamed[title]
            message = f'the {noun} "{title}" is renamed by the same plan'
            yield Finding("LS504", message, item.address, place, f'write "{new}"')
        elif entry is None and title not in self.names:
            near = Near(title, (*self.names, *self.entries), self.missing)
            yield Misspelt("LS504", f'there is no {noun} "{title}"', item.address, place, near=near)
        elif title in self.several and (entry is None or entry.lifecycle.id is None):
            hint = f"declare it under {kinds()[self.kind].name} and pin one with lifecycle.id"
            message = f'several {noun}s are called "{title}": ids {ids_of(title, self.names)}'
            yield Finding("LS502", message, item.address, place, hint)
