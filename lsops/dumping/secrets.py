"""The variables that a dump needs: one for each secret, but one for all that are known to be the same."""

from __future__ import annotations

from dataclasses import dataclass, field

from lsops.dumping.names import Unique, variable
from lsops.dumping.values import DumpedEntry, SecretPlace
from lsops.model.address import split
from lsops.model.resource import Secret
from lsops.schema import kinds


@dataclass
class SecretNames:
    """Gives each secret a variable. `places` are what they are for, `known` the values of those that can be read.

    `reserved` are names that somebody else has.
    """

    places: list[SecretPlace] = field(default_factory=list)
    known: dict[str, str] = field(default_factory=dict)
    reserved: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self._names = Unique(self.reserved, "_")
        self._shared: dict[tuple[str, str], str] = {}

    def of(self, entry: DumpedEntry, name: str, *, known: str = "") -> Secret:
        """The reference for a field of an entry; `known` is its value, where the server shows it."""
        same = self._shared.get((name, known)) if known else None
        found = same or self._names.of(variable(_parts(entry, name)))
        if known:
            self._shared[name, known] = found
            self.known[found] = known
        self.places.append(SecretPlace(found, entry.address, name))
        return Secret("env", found)

    def forget(self, entry: DumpedEntry) -> None:
        """The entry that was asked for last is no more than a comment, and needs no variable."""
        while self.places and self.places[-1].address == entry.address:
            self.places.pop()


def _parts(entry: DumpedEntry, name: str) -> list[str]:
    """The keys of the entries that a field is in, as far as they have letters of ASCII, and the last part of it."""
    keys = [key.partition("://")[2].partition("/")[0] or key for key in split(entry.address)[1::2]]
    found = [key if any(sign.isascii() and sign.isalnum() for sign in key) else "" for key in keys]
    own = found[-1] or f"{kinds()[entry.live.kind].noun} {entry.live.id}"
    return [*found[:-1], own, name.rpartition(".")[2]]
