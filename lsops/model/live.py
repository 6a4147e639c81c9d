"""What is known of a server: facts, and the live resources that were read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from lsops.errors import Finding
from lsops.model.resource import Resource
from lsops.model.shard import Shard


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the server and the caller when a plan is made.

    `edition` is `community` or `enterprise`; `role` is the caller's role as a word, `""` on Community.
    `token_kind` says what the caller shows: a `legacy` token, a `personal` one, or `none`. `prefix` leads from where
    the user is to the manifest's folder: what is shown before the names of its files. `shard` is the part of the
    manifest that is planned; None for all of it.
    """

    url: str
    edition: str
    release: str
    role: str = ""
    user_id: int | None = None
    email: str = ""
    organization: int | None = None
    created: str = ""
    environment: str = ""
    root: str = "."
    prefix: str = ""
    shard: Shard | None = None
    token_kind: str = "none"  # noqa: S105  # a kind, not a token

    @property
    def is_enterprise(self) -> bool:
        return self.edition == "enterprise"

    @property
    def is_offline(self) -> bool:
        """Whether no server was asked: another manifest stands for the live side."""
        return not self.url


@dataclass(frozen=True, slots=True)
class Collection:
    """The live resources of one collection under one parent; `error` says why they are not known.

    `beside` are those that are there, too, and were left out of what somebody wanted to know.
    """

    kind: str
    resources: tuple[Resource, ...] = ()
    error: Finding | None = None
    beside: tuple[Resource, ...] = ()


@dataclass(frozen=True, slots=True)
class Live:
    """What the server holds in the collections that were read, by collection address (`/projects`).

    `names` maps names that resources refer to onto ids (`{"workspace": {"Radiology": 3}}`); `flags` are those of the
    contract that were asked for and that the server shows;
    `findings` are reads that failed and what a check of the server found.
    """

    collections: Mapping[str, Collection] = field(default_factory=dict)
    names: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    flags: Mapping[str, bool] = field(default_factory=dict)
    _by_key: dict[str, Mapping[str, Resource]] = field(default_factory=dict, init=False, compare=False, repr=False)

    def at(self, address: str, kind: str) -> Collection:
        """The collection at an address; an empty one where nothing was read."""
        return self.collections.get(address) or Collection(kind)

    def by_key(self, address: str, folded: Callable[[str], str]) -> Mapping[str, Resource]:
        """What a collection holds by key, as `folded` compares keys; made once, for very many may ask."""
        if address not in self._by_key:
            self._by_key[address] = {folded(one.key): one for one in self.at(address, "").resources}
        return self._by_key[address]
