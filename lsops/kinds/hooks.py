"""What planning asks of a kind; nothing here sends a request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from lsops.errors import Finding
from lsops.kinds.identity import meant, name_of
from lsops.kinds.scene import Scene
from lsops.model import Change, Desired, Facts, Live, Resource
from lsops.schema import Field, KindSchema


class Hooks:
    """What a kind adds to a plan; modules override what they know more about."""

    name: str
    if TYPE_CHECKING:  # the kind has it

        @property
        def schema(self) -> KindSchema:
            """The kind's."""

    def narrow(self, desired: Resource, candidates: Sequence[Resource]) -> Sequence[Resource]:
        """Of several live resources with the same key, those that are meant."""
        return meant(desired, candidates)

    def check(self, desired: Desired, live: Live, facts: Facts) -> Iterable[Finding]:
        """What is wrong with the declared resources on this server, beyond editions and releases."""
        return ()

    def review(self, change: Change, facts: Facts) -> Change:
        """The change with its effects, warnings and what it destroys."""
        return change

    def arranged(self, scene: Scene) -> Iterator[tuple[int, Change]]:
        """The creates, updates and replaces of this kind, each with the rank that orders it.

        One may be split in two, and what another kind's changes do to a resource may need a change of its own.
        """
        yield from ((self.schema.rank, change) for change in scene.of(self.name))

    def departures(self, scene: Scene) -> Iterator[tuple[int, Change]]:
        """The deletes of this kind, each with the rank that orders it: deletes are made from the highest down."""
        yield from ((self.schema.rank, change) for change in scene.deletes.values() if change.kind == self.name)

    def contradictions(self, scene: Scene) -> Iterable[Finding]:
        """What is wrong with the changes of a plan together: one takes away what another needs."""
        return ()

    def left_out(self, scene: Scene) -> Iterable[str]:
        """The addresses of changes that are not made because what they need was left out of the plan."""
        return ()

    def strangers(self, unmatched: Sequence[Resource], address: str, scene: Scene) -> Sequence[Resource]:
        """Of the live resources of a collection that the manifest does not name, those that are anybody's business."""
        return unmatched

    def pending(self, item: Resource, live: Resource | None, desired: Desired, state: Live) -> bool:
        """Whether a declared resource waits for a person, so that there is no change to plan."""
        return False

    def out_of_sight(self, item: Resource, facts: Facts) -> Finding | None:
        """Why a declared resource that was not found may exist all the same, so that nothing is known of it."""
        return None

    def invitation(self, item: Resource, live: Resource | None) -> tuple[str, str] | None:
        """E-mail and role code of a pending person who has no open invitation; None for everybody else."""
        return None

    def pruned(self, change: Change, facts: Facts) -> Change | None:
        """What prune does with an undeclared live resource, instead of that delete; None leaves it alone."""
        return change

    def offline(self, desired: Desired) -> Iterable[Finding]:
        """What is wrong with the declared resources among themselves, without a server."""
        return ()

    def advise(self, item: Resource) -> Iterable[Finding]:
        """Warnings about declared values that are lawful and doubtful, changed or not."""
        return ()

    def fields(self, resource: Resource) -> Mapping[str, Field]:
        """The fields of a resource, by its variant."""
        return self.schema.fields(resource.type)

    def name_of(self, key: str) -> str:
        """A key as the names of its kind have it."""
        return name_of(self.schema, key)
