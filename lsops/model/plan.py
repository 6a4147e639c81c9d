"""A plan: an ordered list of changes, with all that is needed to review it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Literal, get_args

from lsops.errors import Finding, Source
from lsops.model.live import Facts
from lsops.model.pairs import Pairs
from lsops.model.policy import Policy
from lsops.model.relabel import Relabel
from lsops.model.resource import UNSET, Resource

Action = Literal["create", "update", "replace", "delete"]
ACTIONS: Final[tuple[Action, ...]] = ("create", "update", "replace", "delete")
Origin = Literal["", "drift", "branch", "both"]
"""Where a change comes from, compared with a base: the live side, the manifest, or each of them in its own way."""
DENIED: Final = "LS130"
"""The code of what a policy denies."""
ORIGINS: Final[tuple[Origin, ...]] = get_args(Origin)
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

    `secrets` maps the pointer of each secret that will be sent to its reference. `destroys` counts what a delete takes
    along; a count of None is unknown. `protected` means that `apply` will refuse it, and `orphans` says which
    annotations would lose the label or the tag that they refer to. `remote_id` says which live object it is: its id,
    its type, and its key where the address does not say it. `before` and `after` are the live resource and the declared
    one, with which `apply` works; neither is saved. `counts_as_delete` is for an update that takes away as much as a
    delete would: pruning a member deactivates them. `masked_fingerprint` stands in a saved plan for what is masked in
    it, and `fingerprint` for what is sent without standing in it. `looks_like` names the live object of which a create
    may be the new name: `apply` refuses it until the manifest says which. `part_of` is the address of the resource of
    which the change sets a part on its own. `happened` says how the live side came to differ, where the server
    did it or can tell; `then` names what `apply` does once it is made, such as `sync`, and
    `relabels` the labels that it renames in annotations before. `origin` is known where a base was planned, too.
    """

    address: str
    kind: str
    action: Action
    remote_id: Mapping[str, Any] = field(default_factory=dict)
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
    part_of: str = ""
    then: tuple[str, ...] = ()
    happened: tuple[str, ...] = ()
    relabels: tuple[Relabel, ...] = ()
    origin: Origin = field(default="", compare=False)
    masked_fingerprint: str = field(default="", compare=False)
    fingerprint: str = field(default="", compare=False)
    after: Resource | None = field(default=None, compare=False, repr=False)
    before: Resource | None = field(default=None, compare=False, repr=False)

    @property
    def symbol(self) -> str:
        """`+ ~ -/+ -`, or `!` for an update that only sends secrets again."""
        return "!" if self.action == "update" and self.secrets and not self.fields else SYMBOLS[self.action]

    @property
    def needs_consent(self) -> bool:
        """Whether it counts under `--allow-deletes`."""
        return self.counts_as_delete or self.action in ("delete", "replace")

    def held_after(self) -> dict[str, Any]:
        """The fields that it has once it is updated: the declared ones, and live ones that are not, or are ignored."""
        if self.after is None:
            return {}
        held = dict(self.before.values) if self.before else {}
        ignored = self.after.lifecycle.ignored_fields & held.keys()
        return {**held, **{name: value for name, value in self.after.values.items() if name not in ignored}}


@dataclass(frozen=True, slots=True)
class Stranger:
    """A live object in a managed collection that the manifest does not name; `key` as it may be shown."""

    address: str
    kind: str
    key: str
    id: int | None = None
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """An ordered, immutable list of changes with all that is needed to review it.

    `not_compared` are addresses of which nobody knows what they would change: what identifies them is a secret that is
    not set here. `invitations` are e-mail and role code of the pending people without an open invitation, by address.
    `base` is what it was compared with, as it was named; `only_changed` says that nothing else was looked at than where
    the manifest differs from it. What `apply` needs beyond the changes are the `pairs` from which they were made, the
    `folder` of the manifest, and the `policies` by which it judges them again; a saved plan has none of these.
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
    base: str = ""
    only_changed: bool = False
    invitations: Mapping[str, tuple[str, str]] = field(default_factory=dict, compare=False)
    pairs: Pairs = field(default_factory=Pairs, compare=False, repr=False)
    folder: Path = field(default=Path(), compare=False, repr=False)
    policies: tuple[Policy, ...] = field(default=(), compare=False, repr=False)

    @property
    def summary(self) -> dict[str, int]:
        """How many of each action, and how many declared resources match."""
        actions = [change.action for change in self.changes if not self.is_counted_elsewhere(change)]
        return {**{action: actions.count(action) for action in ACTIONS}, "unchanged": self.unchanged}

    def is_counted_elsewhere(self, change: Change) -> bool:
        """Whether it is a part of another change of the plan: an address counts once."""
        return bool(change.part_of) and any(other.address == change.part_of for other in self.changes)

    @property
    def consents(self) -> int:
        """How many deletes `--allow-deletes` must cover."""
        return sum(change.needs_consent for change in self.changes)

    @property
    def denials(self) -> tuple[Finding, ...]:
        """What policies deny of it, among its warnings: `apply` refuses it, whatever is allowed."""
        return tuple(one for one in self.warnings if one.code == DENIED)

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What is wrong with it, among its warnings: what the server would refuse, and policies without an answer."""
        return tuple(one for one in self.warnings if one.is_error and one.code != DENIED)

    def only(self, addresses: Iterable[str]) -> Plan:
        """The plan with the changes at these addresses alone, in its own order."""
        wanted = set(addresses)
        return replace(self, changes=tuple(change for change in self.changes if change.address in wanted))
