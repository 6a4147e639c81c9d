"""Tags of members (Enterprise facts 5.9), since release 2.32; from the API description, none of it was measured.

Labels are unique. Whether without regard to letter case is not known: a create that the server refuses for it says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from lsops.errors import Finding, NotFound, ServerError
from lsops.kinds.capabilities import Describes, ValidatesAgainst
from lsops.kinds.contract import Kind
from lsops.kinds.reader import Query, Reader, Row, Where
from lsops.kinds.titles import Titles
from lsops.model.address import join
from lsops.model.live import Collection, Facts
from lsops.model.pairs import Pairs
from lsops.model.plan import Change
from lsops.model.resource import Resource
from lsops.server.forms import COUNT, ID, TEXT, Form, OrNull

if TYPE_CHECKING:
    from lsops.server.session import Session

NAME = "member_tag"
ADDRESS = join("member_tags")
FIELD = "tags"
"""The field of members that names them."""
TOO_OLD = "the server has no tags of members: they came with release 2.32"


class MemberTag(Kind, ValidatesAgainst, Describes):
    """`/api/organizations/{id}/member-tags`, in pages; no path ends with a slash."""

    name = NAME
    form = Form(needed={"id": ID, "label": TEXT}, known={"member_count": OrNull(COUNT)})

    def read(self, reader: Reader, query: Query) -> Mapping[str, Collection]:
        """All tags; nothing where the server is older than they."""
        try:
            rows = tag_rows(reader)
        except ServerError as error:
            return {ADDRESS: Collection(self.name, error=error.findings[0])}
        return {ADDRESS: Collection(self.name, tuple(self.from_row(row, reader.names, ADDRESS) for row in rows))}

    def validate_against(self, pairs: Pairs, facts: Facts) -> Iterable[Finding]:
        group = pairs.group(ADDRESS)
        if group is not None and group.error is None and NAME not in pairs.live.names:
            for item, _, _ in pairs.of(self.name):
                yield Finding("LS108", TOO_OLD, item.address, item.source)

    def describe(self, change: Change, facts: Facts) -> Change:
        """How many people lose a tag with it."""
        number = change.before.raw.get("member_count") if change.before is not None else None
        if change.action != "delete" or not number:
            return change
        told = "1 person loses the tag" if number == 1 else f"{number} people lose the tag"
        return replace(change, effects=(*change.effects, told))

    def create(self, session: Session, body: Row, where: Where) -> Row:
        return cast("Row", session.post(_list(where), body, form=self.form))

    def item(self, where: Where) -> str:
        return f"{_list(where)}/{where.id}"

    def rows(self, session: Session, where: Where) -> list[dict[str, Any]]:
        return session.pages(_list(where), form=self.form)


def _list(where: Where) -> str:
    return f"/api/organizations/{where.parent}/member-tags"


def tag_rows(reader: Reader) -> list[dict[str, Any]]:
    """The rows of all tags, read once per plan; their labels become names, unless the server is older than they.

    Raises:
        ServerError: they cannot be read.
    """
    try:
        rows = reader.pages_once(_list(Where(parent=reader.facts.organization)), KIND.form)
    except NotFound:
        return []
    reader.names[NAME] = {str(row["label"]).strip(): row["id"] for row in rows}
    return rows


def labels_of(tags: Iterable[Any]) -> list[str]:
    """The labels in the row of a member; what has none is no tag that anybody could declare."""
    return [str(tag["label"]).strip() for tag in tags if isinstance(tag, Mapping) and "label" in tag]


def unknown_tags(people: Iterable[Resource], pairs: Pairs) -> Iterator[Finding]:
    """The tags of declared members that the organisation neither has nor gets, or that go away."""
    titles, is_old = Titles.of(NAME, pairs, f"write it under {KIND.schema.collection}"), NAME not in pairs.live.names
    for item in people:
        for label in () if item.lifecycle.absent else _labels(item):
            entry, place = titles.entries.get(label), item.place(FIELD)
            if is_old and not (entry is not None and entry.lifecycle.absent):
                yield Finding("LS108", TOO_OLD, item.address, place)
            else:
                yield from titles.faults(label, item, place)


def _labels(item: Resource) -> list[str]:
    tags = item.values.get(FIELD)
    return [label.strip() for label in tags if isinstance(label, str)] if isinstance(tags, list) else []


KIND = MemberTag()
