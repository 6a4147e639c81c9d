"""What a kind can do for a plan beyond its schema: one small class each, asked for by type. This module holds no kind.

All of it is pure: nothing is read or asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lsops.errors import Finding
from lsops.model.desired import Desired
from lsops.model.live import Facts
from lsops.model.pairs import Pairs
from lsops.model.plan import Change
from lsops.model.resource import Resource
from lsops.model.view import Amendment, PlanView


class ValidatesOffline:
    """Declared resources of the kind may contradict each other, which shows without a server."""

    def validate_offline(self, desired: Desired) -> Iterable[Finding]:
        """What is wrong."""
        raise NotImplementedError


class ValidatesAgainst:
    """Whether declared resources fit a server depends on more than editions and releases."""

    def validate_against(self, pairs: Pairs, facts: Facts) -> Iterable[Finding]:
        """What is wrong on this server."""
        raise NotImplementedError


class Warns:
    """Declared values may be lawful and doubtful, changed or not; `advises` of the schema announces it."""

    def warn(self, item: Resource) -> Iterable[Finding]:
        """The warnings about one declared resource."""
        raise NotImplementedError


class Describes:
    """A change does more than its fields say."""

    def describe(self, change: Change, facts: Facts) -> Change:
        """The change with its effects, warnings and what it destroys."""
        raise NotImplementedError


class Vetoes:
    """Some changes must never be made by the caller."""

    def veto(self, change: Change, facts: Facts) -> Iterable[Finding]:
        """Why `apply` must refuse a change, whatever was allowed."""
        raise NotImplementedError


class Amends:
    """Changes of the kind depend on those of others: one is split in two, made later, or not at all."""

    def amend(self, view: PlanView) -> Amendment:
        """All changes of the kind, as they are to be made."""
        raise NotImplementedError


class Prunes:
    """What prune does with an undeclared live resource is not, or not always, a delete."""

    def pruned(self, change: Change, facts: Facts) -> Change | None:
        """What is done instead of that delete; None leaves the resource alone."""
        raise NotImplementedError


class Overlooks:
    """Some live resources without an entry are nobody's business."""

    def unmanaged(self, unmatched: Sequence[Resource], address: str, view: PlanView) -> Sequence[Resource]:
        """Of the live resources of a collection that the manifest does not name, those that are to be told."""
        raise NotImplementedError


class Awaits:
    """A declared resource may wait for a person, so that there is no change to plan."""

    def pending(self, item: Resource, live: Resource | None, pairs: Pairs) -> bool:
        """Whether it waits."""
        raise NotImplementedError

    def invitation(self, item: Resource, live: Resource | None) -> tuple[str, str] | None:
        """E-mail and role code of a pending person who has no open invitation; None for everybody else."""
        return None


class MayBeHidden:
    """The server does not show everything to everybody."""

    def out_of_sight(self, item: Resource, facts: Facts) -> Finding | None:
        """Why a declared resource that was not found may exist all the same, so that nothing is known of it."""
        raise NotImplementedError
