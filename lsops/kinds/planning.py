"""What a kind can do for a plan beyond its schema: one small class each, asked for by type. This module holds no kind.

All of it is pure: nothing is read or asked.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence

from lsops.errors import Finding
from lsops.model.desired import Desired
from lsops.model.live import Facts
from lsops.model.pairs import Pairs
from lsops.model.plan import Change
from lsops.model.resource import Resource
from lsops.model.view import Amendment, PlanView


class ValidatesOffline(ABC):
    """Declared resources of the kind may contradict each other, which shows without a server."""

    @abstractmethod
    def validate_offline(self, desired: Desired) -> Iterable[Finding]:
        """What is wrong."""


class ValidatesAgainst(ABC):
    """Whether declared resources fit a server depends on more than editions and releases."""

    @abstractmethod
    def validate_against(self, pairs: Pairs, facts: Facts) -> Iterable[Finding]:
        """What is wrong on this server."""


class Warns(ABC):
    """Declared values may be lawful and doubtful, changed or not; `advises` of the schema announces it."""

    @abstractmethod
    def warn(self, item: Resource) -> Iterable[Finding]:
        """The warnings about one declared resource."""


class Describes(ABC):
    """A change does more than its fields say."""

    @abstractmethod
    def describe(self, change: Change, facts: Facts) -> Change:
        """The change with its effects, warnings and what it destroys."""


class Vetoes(ABC):
    """Some changes must never be made by the caller."""

    @abstractmethod
    def veto(self, change: Change, facts: Facts) -> Iterable[Finding]:
        """Why `apply` must refuse a change, whatever was allowed."""


class Amends(ABC):
    """Changes of the kind depend on those of others: one is split in two, made later, or not at all."""

    @abstractmethod
    def amend(self, view: PlanView) -> Amendment:
        """All changes of the kind, as they are to be made."""


class Prunes(ABC):
    """What prune does with an undeclared live resource is not, or not always, a delete."""

    @abstractmethod
    def pruned(self, change: Change, facts: Facts) -> Change | None:
        """What is done instead of that delete; None leaves the resource alone."""


class Overlooks(ABC):
    """Some live resources without an entry are nobody's business."""

    @abstractmethod
    def unmanaged(self, unmatched: Sequence[Resource], address: str, view: PlanView) -> Sequence[Resource]:
        """Of the live resources of a collection that the manifest does not name, those that are to be told."""


class Awaits(ABC):
    """A declared resource may wait for a person, so that there is no change to plan."""

    @abstractmethod
    def pending(self, item: Resource, live: Resource | None, pairs: Pairs) -> bool:
        """Whether it waits."""

    def invitation(self, item: Resource, live: Resource | None) -> tuple[str, str] | None:
        """E-mail and role code of a pending person who has no open invitation; None for everybody else."""
        return None


class MayBeHidden(ABC):
    """The server does not show everything to everybody."""

    @abstractmethod
    def out_of_sight(self, item: Resource, facts: Facts) -> Finding | None:
        """Why a declared resource that was not found may exist all the same, so that nothing is known of it."""
