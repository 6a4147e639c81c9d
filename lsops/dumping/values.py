"""What a dump is, and what it is made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lsops.errors import Finding
from lsops.model.live import Facts
from lsops.model.resource import Resource


@dataclass(frozen=True, slots=True)
class FileText:
    """A value that stands in a file of its own, and in the manifest as `${file:PATH}`."""

    text: str
    name: str


@dataclass(frozen=True, slots=True)
class ParamText:
    """A value that a template takes from a parameter; of a secret it is the name of its variable."""

    name: str
    is_secret: bool = False


@dataclass(frozen=True, slots=True)
class SecretPlace:
    """A variable to set before the manifest can be applied: the secret field that it is for."""

    name: str
    address: str
    field: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something live, or a field of it, that a dump does not have, and why."""

    address: str
    reason: str


@dataclass
class DumpedEntry:
    """One entry of the manifest while a dump is made; `name` is its key, `notes` are comments in it.

    `required` says why there is no entry but a comment, with what a person must add; empty for any other. `template` is
    all that an entry says which a template says the rest of.
    """

    live: Resource
    name: str
    values: dict[str, Any]
    lifecycle: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    children: dict[str, list[DumpedEntry]] = field(default_factory=dict)
    required: str = ""
    template: dict[str, Any] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Where it stands in the manifest."""
        return self.live.address

    def each(self) -> Iterator[DumpedEntry]:
        """The entry, and all below it."""
        yield self
        for entries in self.children.values():
            for entry in entries:
                yield from entry.each()


@dataclass(frozen=True, slots=True)
class Dump:
    """A manifest as texts by the names of its files, with the variables to set, and what was left out.

    `failures` are reads that failed: what lies there is in no file. `known` has the values of those secrets that the
    server shows, by their variables; nobody prints them.
    """

    files: Mapping[str, str]
    secrets: tuple[SecretPlace, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    failures: tuple[Finding, ...] = ()
    facts: Facts | None = None
    resources: int = 0
    known: Mapping[str, str] = field(default_factory=dict, repr=False)
