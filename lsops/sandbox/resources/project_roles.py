"""Roles in single projects: `/api/projects/{id}/roles` and `/api/projects/roles/` (enterprise-api 7.3).

Only reviewers and annotators can have one, and it is reviewer or annotator. Whether a second role of a
person in a project is refused or written over is unknown (enterprise-api 11, point 5).
"""

from __future__ import annotations

from typing import Any

from lsops.sandbox import bulk_selection
from lsops.sandbox.access import WORKERS
from lsops.sandbox.envelope import Invalid
from lsops.sandbox.fields import Bad, Field, read
from lsops.sandbox.fieldtypes import choice, number
from lsops.sandbox.people import ROLES, membership_of
from lsops.sandbox.resource import Answer, Call, Resource, Route
from lsops.sandbox.resources.projects import found
from lsops.sandbox.store import Column, Document, Table

SECOND = "project-role-second"
"""What a POST for somebody who has a role in the project does."""
_TWICE = "The fields project, user must make a unique set."
_FIELDS = {
    "project": Field(number(), required=True),
    "user": Field(number(), required=True),
    "role": Field(choice(*ROLES.values()), required=True),
}


def _of_project(call: Call, project_id: int) -> Answer:
    project = found(call, project_id)["id"]
    return Answer([_show(role) for role in call.store.find("project_role", "project = ?", (project,))])


def _own(call: Call) -> Answer:
    """The caller's own roles only, in the projects of `ids` or in all."""
    wanted = bulk_selection.in_query(call, "ids")
    mine = call.store.find("project_role", '"user" = ?', (call.user["id"],))
    return Answer([_show(role) for role in mine if not wanted or role["project"] in wanted])


def _create(call: Call) -> Answer:
    given = read(_FIELDS, call.body, partial=False, checks={"user": lambda key: bulk_selection.member(call, key)})
    project = found(call, given["project"])["id"]
    try:
        check_role_of(call, given["user"], given["role"])
    except Bad as bad:
        raise Invalid({"role": bad.error}) from bad
    if row := role_row(call, project, given["user"]):
        if call.unknown(SECOND) == "refused":
            raise Invalid([_TWICE])
        call.store.replace("project_role", {**row, "role": given["role"]})
        return Answer(_show({**row, "role": given["role"]}), 201)
    return Answer(_show(call.store.insert("project_role", given)), 201)


def _delete(call: Call, role_id: int) -> Answer:
    role = call.found("project_role", role_id, "ProjectRole")
    found(call, role["project"])
    call.store.delete("project_role", role_id)
    return Answer(status=204)


def check_role_of(call: Call, user: int, role: Any) -> None:
    """Raise `Bad` for a role that this person cannot have in a project."""
    if role not in WORKERS:
        raise Bad(f'"{role}" is not a valid choice.')
    if membership_of(call.store, user)["role"] not in WORKERS:
        raise Bad("Only reviewers and annotators can have a project role.")


def role_row(call: Call, project: int, user: int) -> Document | None:
    """The role of a person in a project, if they have one."""
    return next(iter(call.store.find("project_role", 'project = ? AND "user" = ?', (project, user))), None)


def _show(role: Document) -> dict[str, Any]:
    return {**{name: role[name] for name in ("id", "project", "role", "user")}, "role_source": "manual"}


RESOURCE = Resource(
    "project_roles",
    unknowns={SECOND: ("refused", "replaces")},
    tables=(Table("project_role", (Column("project", references="project"), Column("user", references="user"))),),
    routes=(
        Route("/api/projects/<int:project_id>/roles", {"GET": _of_project}, enterprise=True),
        Route("/api/projects/roles/", {"GET": _own, "POST": _create}, enterprise=True),
        Route("/api/projects/roles/<int:role_id>/", {"DELETE": _delete}, enterprise=True),
    ),
)
