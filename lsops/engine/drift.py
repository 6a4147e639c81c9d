"""Drift: what a plan says of the server as it is now, less what `apply` would do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from lsops.model.deed import Deed
from lsops.model.plan import Change, FieldChange, Plan
from lsops.model.resource import UNSET

Word = Literal["changed", "missing", "unwanted"]
WORDS: Final[tuple[Word, ...]] = ("changed", "missing", "unwanted")


@dataclass(frozen=True, slots=True)
class Drift:
    """A plan as a nightly job reads it; `strict` counts what is live and unmanaged, too.

    `who` has, by the address of a difference, what was last done to its live object, the newest first; an address that
    it lacks was not looked for.
    """

    plan: Plan
    strict: bool = False
    who: Mapping[str, tuple[Deed, ...]] = field(default_factory=dict)

    @property
    def is_there(self) -> bool:
        """Whether anything differs, as far as it could be read."""
        return bool(self.plan.changes or (self.strict and self.plan.unmanaged))

    @property
    def differences(self) -> tuple[Change, ...]:
        """The changes of the plan, less those that only go with making what is missing or differs."""
        missing = {change.address for change in self.plan.changes if change.action == "create"}
        differing = {(c.address, field.path) for c in self.plan.changes for field in c.fields if not c.part_of}
        return tuple(c for c in self.plan.changes if not (c.part_of and _goes_with(c, missing, differing)))

    @property
    def counts(self) -> Mapping[Word, int]:
        """How many differences there are of each sort; an address counts once."""
        places = {change.address for change in self.differences}
        found = [word_for(change) for change in self.differences if change.part_of not in places]
        return {word: found.count(word) for word in WORDS}


def _goes_with(follow_up: Change, missing: set[str], differing: set[tuple[str, str]]) -> bool:
    """Whether a change of a part only goes with others.

    It sets a field of what is missing, empties one that making what is missing would fill, or is a step towards what a
    field becomes by the change of the whole.
    """
    is_step = all((follow_up.part_of, field.path) in differing for field in follow_up.fields)
    if follow_up.part_of in missing or is_step:
        return True
    return not missing.isdisjoint(follow_up.requires) and not any(field.after for field in follow_up.fields)


def word_for(change: Change) -> Word:
    """What is the matter with the resource of a change: it differs, it is not there, or it should not be there."""
    if change.action == "create":
        return "missing"
    return "unwanted" if change.action == "delete" or change.counts_as_delete else "changed"


def observed(change: Change, *, verbose: bool = False) -> Change:
    """A change without what `apply` would send, cause or refuse; what is missing has its fields only when verbose.

    A secret that the server lacks and that is all that differs stands as a field.
    """
    fields = change.fields if verbose or change.action != "create" else ()
    if not fields and change.action == "update":
        fields = tuple(FieldChange(path, UNSET, reference) for path, reference in change.secrets.items())
    return replace(
        change,
        fields=fields,
        secrets={},
        effects=(),
        then=(),
        relabels=(),
        destroys=None,
        protected=False,
        orphans=(),
        looks_like={},
    )
