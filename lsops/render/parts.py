"""What a document of a plan, of drift or of a report has many of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from lsops.model.plan import Change
from lsops.model.report import Outcome
from lsops.render.document import Look

if TYPE_CHECKING:
    from lsops.render.changes import Remark
    from lsops.render.fields import Sent, Shown

PLAIN = Look()
EXPOSING = "Who gets in, and where data goes"


@dataclass(frozen=True, slots=True)
class Entry:
    """A change as it is told: of drift without what `apply` would send.

    `sort` says under which title it stands, its action or what is the matter. `crowd` is how many of its kind and sort
    there are, `remark` is our own. Its fields are made when asked for: a form that gives none need not wait for diffs.
    """

    change: Change
    sort: str
    look: Look = PLAIN
    remark: str = ""
    crowd: int = 1
    is_exposing: bool = False

    def fields(self) -> tuple[Shown, ...]:
        """Its fields, fit to be shown."""
        from lsops.render.fields import shown_fields

        return tuple(shown_fields(self.change, verbose=self.look.verbose, prefix=self.look.prefix))

    def secrets(self) -> tuple[Sent, ...]:
        """The secrets that it sends."""
        from lsops.render.fields import shown_secrets

        return tuple(shown_secrets(self.change))

    def remarks(self) -> tuple[Remark, ...]:
        """What it destroys, orphans and causes, and what speaks against it."""
        from lsops.render.changes import change_remarks

        return tuple(change_remarks(self.change))


@dataclass(frozen=True, slots=True)
class Section:
    """Entries that stand beneath one title of our own."""

    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """Addresses that are no changes; a short one is told whole only when verbose."""

    name: Literal["pending", "unmanaged", "left_out", "secrets"]
    title: str
    addresses: tuple[str, ...]
    is_short: bool = False


@dataclass(frozen=True, slots=True)
class Ending:
    """What became of a change, with what was done beyond what its plan says."""

    outcome: Outcome
    news: tuple[str, ...] = ()


def sections(entries: Sequence[Entry], titles: Mapping[str, str]) -> Iterator[Section]:
    """The entries by title, `titles` naming each sort in order; what exposes something stands before them."""
    from lsops.render.exposure import rarest_first

    yield from _section(EXPOSING, rarest_first(one for one in entries if one.is_exposing))
    for sort, title in titles.items():
        yield from _section(title, (one for one in entries if one.sort == sort and not one.is_exposing))


def _section(title: str, entries: Iterable[Entry]) -> Iterator[Section]:
    if found := tuple(entries):
        yield Section(title, found)
