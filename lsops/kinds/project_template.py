"""Project templates of Enterprise (Enterprise facts 8.3, 11.14); nothing of them was measured.

Not known is what a template takes from its project, whether settings that are sent with the POST win over that, whether
a PATCH with the project takes its settings anew, and whether a PATCH of a part of a dict keeps the rest. Safe under
either answer: the POST has no dicts, a PATCH after it has them laid over what the server then holds, and what it
answers is compared. The project goes with no later PATCH but when somebody asks for it (`--resend-secrets`), and then
last and alone, so that a difference it makes shows in the next plan. That the project has changed since nobody can see:
a template names no project.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lsops.errors import Finding, NotFound, ServerError
from lsops.kinds.capabilities import Describes, ValidatesAgainst
from lsops.kinds.contract import Kind
from lsops.kinds.reader import Names, Query, Reader, Row, Where
from lsops.kinds.shared_rows import (
    PROJECT_TEMPLATE,
    PROJECTS,
    TEMPLATE,
    TEMPLATES,
    WORKSPACE,
    WORKSPACES,
    name_projects,
    template_rows,
)
from lsops.kinds.titles import Titles, title_of
from lsops.model.address import join
from lsops.model.live import Collection, Facts
from lsops.model.pairs import Pairs
from lsops.model.plan import Change
from lsops.model.resource import Resource

if TYPE_CHECKING:
    from lsops.server.session import Session

SOURCE = "project"
SENT_AS = "project_id"
AGAIN = "whether the server then takes the settings of the project anew is not known: plan again after it"
NEEDS = "the settings of a template are taken from a project, and no manifest can give all of them"


class ProjectTemplate(Kind, ValidatesAgainst, Describes):
    """`/api/project-templates/`; one has no slash at its end."""

    name = PROJECT_TEMPLATE
    path = TEMPLATES
    form = TEMPLATE

    def read(self, reader: Reader, query: Query) -> Mapping[str, Collection]:
        address = join(self.schema.collection)
        try:
            rows = template_rows(reader)
            keys = {row["id"]: self.schema.key_of(row) for row in rows}
            if any(item.values.get(SOURCE) for item in query.maybe_new(keys)):
                name_projects(reader)
        except ServerError as error:
            return {address: Collection(self.name, error=error.findings[0])}
        return {address: Collection(self.name, tuple(self.from_row(row, reader.names, address) for row in rows))}

    # ---- planning ----------------------------------------------------------------------------

    def validate_against(self, pairs: Pairs, facts: Facts) -> Iterable[Finding]:
        """The project of each new template: it is named, and there is one of that title."""
        titles = Titles.of(SOURCE, pairs)
        for item, live, _ in pairs.of(self.name):
            if live is None and not item.lifecycle.absent:
                yield from _source(item, titles)

    def describe(self, change: Change, facts: Facts) -> Change:
        if change.action != "update" or not any(field.path == join(SOURCE) for field in change.fields):
            return change
        return replace(change, warnings=(*change.warnings, AGAIN))

    # ---- writing -----------------------------------------------------------------------------

    def item(self, where: Where) -> str:
        return f"{self.path}{where.id}"

    def encode(self, values: Mapping[str, Any], where: Where, names: Names) -> dict[str, Any]:
        """A project that this plan read or made by its id; any other stays a title until it is sent."""
        number = names.get(SOURCE, {}).get(str(values.get(SOURCE, "")).strip())
        if number is None:
            return dict(values)
        return {SENT_AS if name == SOURCE else name: number if name == SOURCE else values[name] for name in values}

    def create(self, session: Session, body: Row, where: Where) -> Row:
        return super().create(session, _resolved(session, body), where)

    def update(self, session: Session, body: Row, where: Where) -> Row:
        """The project last and alone: what it takes along is seen in the answer, and by the next plan."""
        whole = _resolved(session, body)
        parts = [{k: v for k, v in whole.items() if (k == SENT_AS) is last} for last in (False, True)]
        row: Row = {}
        for part in filter(None, parts):
            row = super().update(session, part, where)
        return row


def _resolved(session: Session, body: Row) -> dict[str, Any]:
    """A body whose project is an id. Raises: NotFound."""
    if SOURCE not in body:
        return dict(body)
    title = str(body[SOURCE]).strip()
    places = {row["id"] for row in session.array(WORKSPACES, form=WORKSPACE) if not row.get("is_personal")}
    found = _ids_of(title, session, places)
    if len(found) != 1:
        raise NotFound.of(f'there is no project "{title}" now' if not found else f'several projects are "{title}" now')
    return {**{name: value for name, value in body.items() if name != SOURCE}, SENT_AS: found[0]}


def _ids_of(title: str, session: Session, places: Container[int]) -> list[int]:
    """The projects of a title in some workspaces; the filter is a part of it without case (Enterprise facts 2.1)."""
    query = {"ordering": "id", "include": "id,title,workspace", "title": title}
    rows = session.pages(PROJECTS, query)
    return [row["id"] for row in rows if title_of(row) == title and row.get("workspace") in places]


def _source(item: Resource, titles: Titles) -> Iterator[Finding]:
    title = str(item.values.get(SOURCE) or "").strip()
    if title:
        yield from titles.faults(title, item, item.place(SOURCE))
    else:
        message = 'a new project template needs "project", the title of a project'
        yield Finding("LS101", message, item.address, item.source, NEEDS)


KIND = ProjectTemplate()
