"""What a document of a plan, of drift or of a report has many of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from lsops.model.plan import Change
from lsops.model.report import Outcome
from lsops.render.document import Look

if TYPE_CHECKING:
    from lsops.model.deed import Deed
    from lsops.render.changes import Remark
    from lsops.render.fields import Sent, Shown
    from lsops.render.pictures import PicturesOfChange

PLAIN = Look()
ORIGINS: Mapping[str, str] = {"drift": "(drift)", "branch": "(this branch)", "both": "(this branch and drift)"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A change as it is told: of drift without what `apply` would send.

    `sort` says under which title it stands, its action or what is the matter. `crowd` is how many of its kind and sort
    there are, `remark` is our own. `deeds` say who last touched it, None where nobody looked. `drawn` are pictures of
    it. Its fields are made when asked for: a form that gives none need not wait for diffs.
    """

    change: Change
    sort: str
    look: Look = PLAIN
    remark: str = ""
    crowd: int = 1
    is_exposing: bool = False
    deeds: tuple[Deed, ...] | None = None
    drawn: PicturesOfChange | None = None

    @property
    def origin(self) -> str:
        """Where it comes from, compared with a base, in brackets; empty where nothing was compared."""
        return ORIGINS.get(self.change.origin, "")

    def fields(self) -> tuple[Shown, ...]:
        """Its fields, fit to be shown."""
        from lsops.render.fields import shown_fields

        look = self.look
        return tuple(
            one.since(look.before) for one in shown_fields(self.change, verbose=look.verbose, prefix=look.prefix)
        )

    def secrets(self) -> tuple[Sent, ...]:
        """The secrets that it sends."""
        from lsops.render.fields import shown_secrets

        return tuple(shown_secrets(self.change))

    def remarks(self) -> tuple[Remark, ...]:
        """What it destroys, orphans and causes, and what speaks against it."""
        from lsops.render.changes import change_remarks, deed_remarks

        return (*change_remarks(self.change), *deed_remarks(self.deeds))


@dataclass(frozen=True, slots=True)
class Section:
    """Entries that stand beneath one title of our own."""

    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class EntryGroup:
    """A resource at the top of the manifest that holds others, with all that changes below it.

    `head` is its own entry, None where only what is below it changes; `entries` are those. The group of the
    organisation has neither address, kind, title nor head.
    """

    address: str
    kind: str
    title: str
    head: Entry | None
    entries: tuple[Entry, ...]

    def __iter__(self) -> Iterator[Entry]:
        """All of it, its head first."""
        yield from (*((self.head,) if self.head else ()), *self.entries)

    def __len__(self) -> int:
        return len(self.entries) + (self.head is not None)


@dataclass(frozen=True, slots=True)
class Listing:
    """Addresses that are no changes; a short one is told whole only when verbose."""

    name: Literal["pending", "unmanaged", "left_out", "secrets", "adopted", "files", "declared"]
    title: str
    addresses: tuple[str, ...]
    is_short: bool = False


@dataclass(frozen=True, slots=True)
class Ending:
    """What became of a change, with what was done beyond what its plan says."""

    outcome: Outcome
    news: tuple[str, ...] = ()
