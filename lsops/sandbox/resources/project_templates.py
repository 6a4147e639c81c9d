"""`/api/project-templates/` of Enterprise: templates that are taken from projects, and projects made from them.

Facts: enterprise-api 8.3. Which settings a template takes is not described: here all that a project has, but for what
names it, places it and says who may fetch its data. Three points are open (11, point 14), and switches here.
"""

from __future__ import annotations

from typing import Any

from lsops.sandbox.envelope import Invalid, Missing
from lsops.sandbox.fields import Field, anything, defaults, read
from lsops.sandbox.fieldtypes import flag, now, number, text
from lsops.sandbox.resource import Answer, Call, Resource, Route
from lsops.sandbox.resources.projects import found as project_of
from lsops.sandbox.resources.projects.changes import from_template
from lsops.sandbox.resources.projects.fields import ENTERPRISE
from lsops.sandbox.resources.projects.view import show_project
from lsops.sandbox.resources.workspaces import visible
from lsops.sandbox.store import Column, Document, Table
from lsops.sandbox.unique import ANSWERS, refuse_second

SENT = "template-settings-post"
"""Whether settings that a POST sends win over those of the project."""
AGAIN = "template-project-patch"
"""Whether a PATCH with the project takes its settings anew."""
PARTS = "template-settings-patch"
"""Whether a PATCH of some of the settings keeps the rest."""
NAME = "template-name"
"""Whether two templates may have one name."""

_OWN = ("custom_script", "require_comment_on_skip", "show_unused_data_columns_to_annotators")
_DICTS = ("project_settings", "review_settings", "assignment_settings")
_NOT_TAKEN = {
    *("title", "description", "workspace", "organization", "created_by", "pinned_at", "model_version"),
    *("task_data_login", "task_data_password", "review_settings", "assignment_settings", *_OWN),
}
_FIELDS = {
    "name": Field(text(longest=1000, blank=False), required=True),
    "project_id": Field(number(), required=True),
    "description": Field(text(blank=False), null=True),
    "custom_script": Field(text(blank=False), null=True),
    "require_comment_on_skip": Field(flag(), default=False),
    "show_unused_data_columns_to_annotators": Field(flag(null=True), null=True),
    "tags": Field(anything, null=True),
    **{name: Field(anything, default={}, null=True) for name in _DICTS},
}
_PROJECT = {
    "title": Field(text(blank=False), required=True),
    "workspace_id": Field(number()),
    "description": Field(text(), null=True),
}
_SHOWN = ("id", *(name for name in _FIELDS if name != "project_id"), "created_by", "organization")


def _listing(call: Call) -> Answer:
    found = call.store.find("project_template", "organization = ?", (call.organization,))
    return Answer([_show(template) for template in found])


def _create(call: Call) -> Answer:
    given = read(_FIELDS, call.body, partial=False)
    taken = _taken(call, given.pop("project_id"))
    ours = {"created_by": call.user["id"], "organization": call.organization, "created_at": now(), "updated_at": now()}
    made = {**defaults(_FIELDS), **taken, **given, **ours}
    if call.unknown(SENT) == "snapshot":
        made |= taken
    refuse_second(call, NAME, "project_template", made, ("name",))
    return Answer(_show(call.store.insert("project_template", made)), 201)


def _detail(call: Call, template_id: int) -> Answer:
    return Answer(_show(_found(call, template_id)))


def _change(call: Call, template_id: int, *, partly: bool) -> Answer:
    template = _found(call, template_id)
    given = read(_FIELDS, call.body, partial=partly)
    number = given.pop("project_id", None)
    if call.unknown(PARTS) == "merges":
        given |= {
            name: {**(template[name] or {}), **given[name]} for name in _DICTS if isinstance(given.get(name), dict)
        }
    if number is not None and (taken := _taken(call, number)) and call.unknown(AGAIN) == "taken":
        given |= taken
    changed = {**template, **given, "updated_at": now()}
    refuse_second(call, NAME, "project_template", changed, ("name",))
    call.store.replace("project_template", changed)
    return Answer(_show(changed))


def _delete(call: Call, template_id: int) -> Answer:
    call.store.delete("project_template", _found(call, template_id)["id"])
    return Answer(status=204)


def _make_project(call: Call, template_id: int) -> Answer:
    template = _found(call, template_id)
    given = read(_PROJECT, call.body, partial=False)
    place = given.pop("workspace_id", None)
    home = {} if place is None else {"workspace": visible(call, place)["id"]}
    own = {name: template[name] for name in _OWN if template[name] is not None}
    nested = {name: {**ENTERPRISE[name].default, **(template[name] or {})} for name in _DICTS[1:]}
    settings = {**(template["project_settings"] or {}), **nested, **own}
    project = call.store.insert("project", from_template(call, {**given, **home}, settings))
    return Answer(show_project(call, project), 201)


def _taken(call: Call, project_id: int) -> Document:
    """What a template has of a project."""
    try:
        project = project_of(call, project_id)
    except Missing:
        raise Invalid({"project_id": [f'Invalid pk "{project_id}" - object does not exist.']}) from None
    settings = {name: project[name] for name in ENTERPRISE if name not in _NOT_TAKEN}
    own = {name: project[name] or None if name == "custom_script" else project[name] for name in _OWN}
    return {**own, "project_settings": settings, **{name: project[name] for name in _DICTS[1:]}}


def _found(call: Call, template_id: int) -> Document:
    template = call.found("project_template", template_id, "ProjectTemplate")
    if template["organization"] != call.organization:
        raise Missing.of("ProjectTemplate")
    return template


def _show(template: Document) -> dict[str, Any]:
    return {name: template[name] for name in (*_SHOWN, "created_at", "updated_at")}


RESOURCE = Resource(
    "project_templates",
    unknowns={
        SENT: ("sent", "snapshot"),
        AGAIN: ("ignored", "taken"),
        PARTS: ("replaces", "merges"),
        NAME: ANSWERS,
    },
    tables=(Table("project_template", (Column("organization", references="organization"),)),),
    routes=(
        Route("/api/project-templates/", {"GET": _listing, "POST": _create}, enterprise=True),
        Route(
            "/api/project-templates/<int:template_id>",
            Route.of_one("", _detail, _change, _delete).methods,
            enterprise=True,
        ),
        Route("/api/project-templates/<int:template_id>/create-project", {"POST": _make_project}, enterprise=True),
    ),
)
