"""`/api/projects/`: create, read, update, delete, and the label-config checks.

Facts: community-api 2, enterprise-api 7.1. What is particular about single fields is in `changes`.
"""

from __future__ import annotations

from typing import Any

from lsops.sandbox.envelope import Bare, Crash, Forbidden, Invalid, Missing
from lsops.sandbox.fields import Bad, Field, read
from lsops.sandbox.fieldtypes import text
from lsops.sandbox.labelcheck import check, check_syntax
from lsops.sandbox.labelconfig import essential_change
from lsops.sandbox.paging import Paging, page
from lsops.sandbox.resource import Answer, Call, Resource, Route
from lsops.sandbox.resources.projects import changes
from lsops.sandbox.resources.projects.columns import ROLES
from lsops.sandbox.resources.projects.counters import COUNTERS, ENTERPRISE_COUNTERS, counters
from lsops.sandbox.resources.projects.listing import order_of, selection
from lsops.sandbox.resources.projects.scope import may
from lsops.sandbox.resources.projects.summary import COLUMNS, TABLE, USED, counted
from lsops.sandbox.resources.projects.usage import (
    check_follows,
    refuse,
)
from lsops.sandbox.resources.projects.view import SHOWN_MEMBERS, show_created, show_project, show_rows
from lsops.sandbox.store import Column, Document, Table
from lsops.sandbox.unique import ANSWERS, refuse_second

TITLE = "project-title"
"""Whether two projects of a workspace may have one title."""
SAME = ("workspace", "title")
_PAGES = Paging(size=30, most=100)
_CONFIG = {"label_config": Field(text(blank=False), required=True)}


def _listing(call: Call) -> Answer:
    where, arguments = selection(call)
    order = order_of(call.query.get("ordering", ""))

    def rows(limit: int, offset: int) -> list[dict[str, Any]]:
        found = call.store.find(
            "project",
            where,
            (*arguments, limit, offset),
            order=order,
            limit="LIMIT ? OFFSET ?",
        )
        return show_rows(call, found)

    return Answer(page(call, _PAGES, count=call.store.count("project", where, arguments), rows=rows))


def _counts(call: Call) -> Answer:
    where, arguments = selection(call)
    extra = ENTERPRISE_COUNTERS if call.enterprise else {}

    def rows(limit: int, offset: int) -> list[dict[str, Any]]:
        found = call.store.find("project", where, (*arguments, limit, offset), limit="LIMIT ? OFFSET ?")
        numbers = counters(call.store, [project["id"] for project in found])
        return [{"id": key, **{name: numbers[key][name] for name in COUNTERS}, **extra} for key in numbers]

    return Answer(page(call, _PAGES, count=call.store.count("project", where, arguments), rows=rows))


def _create(call: Call) -> Answer:
    made = changes.created(call, call.body)
    refuse_second(call, TITLE, "project", made, SAME)
    project = call.store.insert("project", made)
    return Answer(show_created(call, project), 201)


def _detail(call: Call, project_id: int) -> Answer:
    return Answer(show_project(call, found(call, project_id)))


def _update(call: Call, project_id: int) -> Answer:
    project = found(call, project_id)
    body = _body(call)
    if body.get("label_config"):
        check_syntax(body["label_config"])
    return _keep(call, project, changes.updated(call, project, body))


def _replace(call: Call, project_id: int) -> Answer:
    """PUT changes what is sent, like PATCH, and forgets who created the project (community-api 2.3)."""
    project = found(call, project_id)
    return _keep(call, project, {**changes.updated(call, project, call.body), "created_by": None})


def _delete(call: Call, project_id: int) -> Answer:
    call.store.delete("project", found(call, project_id)["id"])
    return Answer(status=204)


def _validate(call: Call) -> Answer:
    """Check any config; its refusal has no envelope (community-api 1.3)."""
    try:
        read(_CONFIG, call.body, partial=False, checks={"label_config": check})
    except Invalid as invalid:
        raise Bare(400, invalid.errors) from invalid
    return Answer(status=204)


def _show_config(call: Call, project_id: int) -> Answer:
    return Answer({"label_config": permitted(call, project_id)["label_config"]})


def _validate_here(call: Call, project_id: int) -> Answer:
    """Check a config against the project's annotations, labels in use included."""
    project = permitted(call, project_id)
    config = _body(call).get("label_config")
    if not config:
        raise Invalid(["Label config is not set or is empty"])
    check_syntax(config)
    try:
        check_follows(call, project, check(config), strict=True)
    except Bad as bad:
        raise refuse(bad) from bad
    changed = essential_change(config, project["label_config"])
    return Answer({"config_essential_data_has_changed": changed})


def _summary(call: Call, project_id: int) -> Answer:
    project = permitted(call, project_id, "ProjectSummary")
    known = counted(call.store, project["id"])
    shown = {name: known[name] for name in (*COLUMNS, *USED)}
    return Answer({"project": project["id"], "created_at": project["created_at"], **shown})


def found(call: Call, project_id: int, model: str = "Project") -> Document:
    """The project, or 404; one of another organisation does not exist (community-api 2.3, `organization`)."""
    where, arguments = selection(call, only_visible=True)
    projects = call.store.find("project", f"{where} AND id = ?", (*arguments, project_id))
    if not projects:
        raise Missing.of(model)
    return projects[0]


def permitted(call: Call, project_id: int, model: str = "Project") -> Document:
    """The same where Community looks among all projects, and then whether the caller may: that is 403."""
    if call.enterprise:
        return found(call, project_id, model)
    project = call.found("project", project_id, model)
    if not may(call, project):
        raise Forbidden
    return project


def _body(call: Call) -> dict[str, Any]:
    """The body as an object; anything else crashes the server before it looks at fields."""
    body = call.body
    if not isinstance(body, dict):
        raise Crash(f"'{type(body).__name__}' object has no attribute 'get'")
    return body


def _keep(call: Call, before: Document, after: Document) -> Answer:
    """Write the project; the answer counts what was there before its tasks followed the change."""
    refuse_second(call, TITLE, "project", after, SAME)
    counted = counters(call.store, [before["id"]])
    call.store.replace("project", after)
    changes.follow(call, before, after)
    return Answer(show_project(call, after, counted))


RESOURCE = Resource(
    "projects",
    unknowns={
        changes.NESTED: (changes.RESETS, changes.MERGES),
        ROLES: ("codes", "words"),
        TITLE: ANSWERS,
        SHOWN_MEMBERS: ("objects", "ids", "absent"),
    },
    tables=(
        Table(
            "project",
            (
                Column("organization", references="organization"),
                Column("workspace"),
                Column("title"),
                Column("pinned_at"),
                Column("created_at"),
            ),
        ),
        TABLE,
    ),
    routes=(
        Route("/api/projects/", {"GET": _listing, "POST": _create}),
        Route("/api/projects/counts/", {"GET": _counts}),
        Route("/api/projects/validate/", {"POST": _validate}, public=True),
        Route(
            "/api/projects/<int:project_id>/",
            {"GET": _detail, "PUT": _replace, "PATCH": _update, "DELETE": _delete},
        ),
        Route(
            "/api/projects/<int:project_id>/validate/",
            {"GET": _show_config, "POST": _validate_here},
        ),
        Route("/api/projects/<int:project_id>/summary/", {"GET": _summary}),
    ),
)
