"""Giving tags to members and taking them away (Enterprise facts 5.9); this module holds no kind itself.

`overwrite: true` replaces all tags that a person has: it is the only way to take one away. So it is sent for those
people alone whose tags differ, and never with `all`. Whether no tags at all are taken there is not known; where they
are refused, the change fails with the server's words.
"""

from __future__ import annotations

from abc import abstractmethod
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from lsops.errors import LsopsError
from lsops.kinds.capabilities import Amends, Bulk
from lsops.kinds.people.member_tag import FIELD, NAME
from lsops.kinds.people.roster import user_of
from lsops.kinds.reader import Names, Where
from lsops.model.plan import Change
from lsops.model.resource import Resource
from lsops.model.view import Amendment, PlanView
from lsops.schema import KindSchema

if TYPE_CHECKING:
    from lsops.server.session import Session


class Tagged(Bulk, Amends):
    """People whose tags alone differ are changed together: one call for all who get the same ones."""

    schema: KindSchema

    def takes(self, change: Change) -> bool:
        return change.action == "update" and {field.path for field in change.fields} == {f"/{FIELD}"}

    def amend(self, view: PlanView) -> Amendment:
        """They come after all others, so that nothing stands between them."""
        phases = {True: self.schema.phases[FIELD], False: self.schema.phase}
        changes = tuple((phases[self.takes(change)], change) for change in view.of(self.schema.kind))
        return Amendment(changes, tuple((self.schema.phase, change) for change in view.leaving(self.schema.kind)))

    def create_many(self, session: Session, bodies_by_key: Mapping[str, Resource], where: Where, names: Names) -> None:
        """As an update: nobody is made."""
        self.update_many(session, bodies_by_key, where, names)

    def update_many(self, session: Session, bodies_by_key: Mapping[str, Resource], where: Where, names: Names) -> None:
        groups: dict[tuple[int, ...], list[int]] = defaultdict(list)
        for email, item in bodies_by_key.items():
            groups[tuple(tag_ids(item.values[FIELD], names))].append(user_of(email, names))
        for tags, users in groups.items():
            assign(session, users, tags, where)

    def delete_many(self, session: Session, live: Sequence[Resource], where: Where, names: Names) -> None:
        for one in live:
            self.delete(session, replace(where, id=one.id))

    @abstractmethod
    def delete(self, session: Session, where: Where) -> None:
        """Remove one."""


def assign(session: Session, users: Iterable[int], tags: Iterable[int], where: Where) -> None:
    """Replace all tags of these people. Raises: ServerError."""
    body = {"all": False, "included": list(users), "excluded": [], "tags": list(tags), "overwrite": True}
    session.post(assignments(where), body)


def assignments(where: Where) -> str:
    """Where tags are given."""
    return f"/api/organizations/{where.parent}/member-tags/assignments"


def tag_ids(labels: Iterable[str], names: Names) -> list[int]:
    """The ids of tags. Raises: LsopsError, where one has gone since."""
    known = names.get(NAME, {})
    wanted = dict.fromkeys(label.strip() for label in labels)
    if gone := [label for label in wanted if label not in known]:
        raise LsopsError.of(f'there is no member tag "{gone[0]}" now', code="LS504")
    return sorted(known[label] for label in wanted)
