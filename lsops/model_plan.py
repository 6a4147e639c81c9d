"""The values of the server's side, of plans, and of what became of them: the other half of `lsops.model`.

Everyone imports them from `lsops.model`, which imports this file when one is first asked for: `lsops validate` needs
none of them, and to make so many classes takes as long as to check a hundred projects.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Literal

from lsops.errors import Finding, Source
from lsops.model import UNSET, Desired, Resource, parent

# ---- server side -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the server and the caller when a plan is made.

    `edition` is `community` or `enterprise`; `role` is the caller's role as a word, `""` on Community.
    `token_kind` says what the caller shows: a `legacy` token, a `personal` one, or `none`. `prefix` leads from where
    the user is to the manifest's folder: what is shown before the names of its files.
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
    token_kind: str = "none"  # noqa: S105  # a kind, not a token

    @property
    def is_enterprise(self) -> bool:
        return self.edition == "enterprise"


@dataclass(frozen=True, slots=True)
class Collection:
    """The live resources of one collection under one parent; `error` says why they are not known.

    `failed` maps the keys of single resources that could not be read to the reason.
    """

    kind: str
    resources: tuple[Resource, ...] = ()
    error: Finding | None = None
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Live:
    """What the server holds in the collections that were read, by collection address (`/projects`).

    `names` maps names that resources refer to onto ids (`{"workspace": {"Radiology": 3}}`);
    `findings` are reads that failed and what a check of the server found.
    """

    collections: Mapping[str, Collection] = field(default_factory=dict)
    names: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    def at(self, address: str, kind: str) -> Collection:
        """The collection at an address; an empty, complete one where nothing was read."""
        return self.collections.get(address) or Collection(kind)


# ---- plan --------------------------------------------------------------------------------------

Action = Literal["create", "update", "replace", "delete"]
ACTIONS: Final[tuple[Action, ...]] = ("create", "update", "replace", "delete")
SYMBOLS: Final[Mapping[str, str]] = {"create": "+", "update": "~", "replace": "-/+", "delete": "-"}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field, by pointer below its resource; `before` and `after` are `UNSET` where there is none.

    `source` is where the manifest writes the field; it is shown and saved, and makes no difference.
    """

    path: str
    before: Any = UNSET
    after: Any = UNSET
    source: Source | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Change:
    """One create, update, replace or delete of one resource.

    `secrets` maps the pointer of each secret that will be sent to its reference. `destroys` counts what a delete
    takes along; a count of None is unknown. `protected` means that `apply` will refuse it, and
    `orphans` says which annotations would lose the label or the tag that they refer to. `desired` and `current` are
    what `apply` works with; neither is saved. `counts_as_delete` is for an update that takes away as much as a delete
    would: pruning a member deactivates them. `sealed` stands in a saved plan for what is masked in it, and
    `fingerprint` for what is sent without standing in it. `looks_like` names the live object of which a create may be
    the new name: `apply` refuses it until the manifest says which.
    """

    address: str
    kind: str
    action: Action
    live: Mapping[str, Any] = field(default_factory=dict)
    fields: tuple[FieldChange, ...] = ()
    secrets: Mapping[str, str] = field(default_factory=dict)
    requires: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    destroys: Mapping[str, int | None] | None = None
    source: Source | None = None
    protected: bool = False
    orphans: tuple[str, ...] = ()
    counts_as_delete: bool = False
    looks_like: Mapping[str, Any] = field(default_factory=dict)
    sealed: str = field(default="", compare=False)
    fingerprint: str = field(default="", compare=False)
    desired: Resource | None = field(default=None, compare=False, repr=False)
    current: Resource | None = field(default=None, compare=False, repr=False)

    @property
    def symbol(self) -> str:
        """`+ ~ -/+ -`, or `!` for an update that only sends secrets again."""
        return "!" if self.action == "update" and self.secrets and not self.fields else SYMBOLS[self.action]

    @property
    def needs_consent(self) -> bool:
        """Whether it counts under `--allow-deletes`."""
        return self.counts_as_delete or self.action in ("delete", "replace")


@dataclass(frozen=True, slots=True)
class Stranger:
    """A live object in a managed collection that the manifest does not name; `key` as it may be shown."""

    address: str
    kind: str
    key: str
    id: int | None = None
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """What `apply` needs of the server beyond the changes; of it a plan file holds whom `apply --invite` would mail.

    `ids` are those of matched resources by address, `names` those by kind and key, and `known` the identity of all
    that a collection held when it was read, by the collection's address. `invitations` are e-mail and role code of
    the pending people without an open invitation, by address. `agreed` are the addresses whose data may be lost.
    `desired` is what was planned, and `folder` that of its manifest, for the secrets of both.
    """

    ids: Mapping[str, int] = field(default_factory=dict)
    names: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    known: Mapping[str, frozenset[tuple[str | None, int | None]]] = field(default_factory=dict)
    invitations: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    agreed: frozenset[str] = frozenset()
    desired: Desired = field(default_factory=lambda: Desired(()))
    folder: Path = Path()


@dataclass(frozen=True, slots=True)
class Plan:
    """An ordered, immutable list of changes with all that is needed to review it.

    `not_compared` are addresses of which nobody knows what they would change: what identifies them is a secret that is
    not set here.
    """

    facts: Facts
    changes: tuple[Change, ...] = ()
    unchanged: int = 0
    pending: tuple[str, ...] = ()
    unmanaged: tuple[str, ...] = ()
    unmanaged_live: tuple[Stranger, ...] = ()
    unreadable: tuple[str, ...] = ()
    warnings: tuple[Finding, ...] = ()
    failures: tuple[Finding, ...] = ()
    left_out: tuple[str, ...] = ()
    not_compared: tuple[str, ...] = ()
    context: Context = field(default_factory=Context, compare=False, repr=False)

    @property
    def summary(self) -> dict[str, int]:
        """How many of each action, and how many declared resources match."""
        places = {change.address for change in self.changes}
        seconds = {c.address for c in self.changes if self.follows(c) and parent(c.address) in places}
        actions = [change.action for change in self.changes if change.address not in seconds]
        return {**{action: actions.count(action) for action in ACTIONS}, "unchanged": self.unchanged}

    def follows(self, change: Change) -> bool:
        """Whether it is the second half of another change (`/projects/T/model_version`): an address counts once."""
        return bool(change.requires) and change.requires[0] == parent(change.address) and change.action == "update"

    @property
    def consents(self) -> int:
        """How many deletes `--allow-deletes` must cover."""
        return sum(change.needs_consent for change in self.changes)

    def only(self, addresses: Iterable[str]) -> Plan:
        """The plan with the changes at these addresses alone, in its own order."""
        wanted = set(addresses)
        return replace(self, changes=tuple(change for change in self.changes if change.address in wanted))


# ---- apply -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened to one change: `done`, `failed` or `skipped`, with the reason of the latter two."""

    address: str
    action: Action
    outcome: Literal["done", "failed", "skipped"]
    id: int | None = None
    reason: str = ""
    warnings: tuple[str, ...] = ()
    source: Source | None = None
    finding: Finding | None = None


@dataclass(frozen=True, slots=True)
class Throttled:
    """How many answers were 429, and for how many seconds everything waited because of them."""

    answers: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Report:
    """The outcomes of an apply, one per change, in the order in which they ended."""

    plan: Plan
    outcomes: tuple[Outcome, ...] = ()
    interrupted: bool = False
    throttled: Throttled = Throttled()

    def count(self, outcome: str) -> int:
        """How many changes ended so."""
        return sum(item.outcome == outcome for item in self.outcomes)

    @property
    def complete(self) -> bool:
        """Whether every change was done."""
        return self.count("done") == len(self.plan.changes)
