"""`/api/blueprints/` of Enterprise: what projects are shared as, and copied by (enterprise-api 8.4).

Rows of projects list them, nothing else does. Links are a guess. A GET of `…/create-project` makes a project.
"""

from __future__ import annotations

import base64
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from lsops.sandbox.envelope import Invalid, Missing
from lsops.sandbox.fields import Field, read
from lsops.sandbox.fieldtypes import check_key, now, number, several, text
from lsops.sandbox.resource import Answer, Call, Resource, Route
from lsops.sandbox.resources.projects import found as project_of
from lsops.sandbox.resources.projects.changes import from_template
from lsops.sandbox.resources.projects.scope import chosen
from lsops.sandbox.store import Column, Document, Table

_MOST_TASKS = 100
_TITLE = text(shortest=3, longest=50)
_CHANGEABLE = {
    "title": Field(_TITLE, null=True),
    "description": Field(text(), null=True),
    "task_ids": Field(several(number())),
}
_FIELDS = {"project": Field(number(), required=True), "label_config": Field(text(), null=True), **_CHANGEABLE}
_SHOWN = ("id", "project", "title", "description", "label_config", "share_id", "short_url", "created_at", "updated_at")


def _create(call: Call) -> Answer:
    checks = {"project": partial(check_key, exists=partial(chosen, call))}
    given = read(_FIELDS, call.body, partial=False, checks=checks)
    _refuse_many(given)
    ours = {"created_by": call.user["id"], "created_at": now(), "updated_at": now()}
    plain = {"title": None, "description": None, "label_config": None}
    made = call.store.insert("blueprint", {**plain, **_kept(given), **ours})
    share = base64.urlsafe_b64encode(f"blueprint {made['id']}".encode()).decode().rstrip("=")
    parts = urlsplit(call.url)
    made = {**made, "share_id": share, "short_url": f"{parts.scheme}://{parts.netloc}/b/{share}"}
    call.store.replace("blueprint", made)
    return Answer(_show(made), 201)


def _change(call: Call, blueprint_id: int) -> Answer:
    blueprint = _found(call, blueprint_id)
    given = read(_CHANGEABLE, call.body, partial=True)
    _refuse_many(given)
    changed = {**blueprint, **_kept(given), "updated_at": now()}
    call.store.replace("blueprint", changed)
    return Answer(_show(changed))


def _delete(call: Call, blueprint_id: int) -> Answer:
    call.store.delete("blueprint", _found(call, blueprint_id)["id"])
    return Answer(status=204)


def _copy(call: Call, share_id: str) -> Answer:
    """A project like the one that is shared, in the caller's personal workspace."""
    rows = call.store.find("blueprint", "share_id = ?", (share_id,))
    if not rows:
        raise Missing.of("Blueprint")
    shared = project_of(call, rows[0]["project"])
    config = rows[0]["label_config"] or shared["label_config"]
    body = {"title": rows[0]["title"] or shared["title"], "description": rows[0]["description"]}
    made = call.store.insert("project", from_template(call, body, {"label_config": config}))
    return Answer(None, 302, headers={"Location": f"/projects/{made['id']}"})


def _refuse_many(given: Document) -> None:
    if len(given.get("task_ids", ())) > _MOST_TASKS:
        raise Invalid({"task_ids": [f"Ensure this field has no more than {_MOST_TASKS} elements."]})


def _kept(given: Document) -> Document:
    return {name: value for name, value in given.items() if name != "task_ids"}


def _found(call: Call, blueprint_id: int) -> Document:
    blueprint = call.found("blueprint", blueprint_id, "Blueprint")
    project_of(call, blueprint["project"], "Blueprint")
    return blueprint


def _show(blueprint: Document) -> dict[str, Any]:
    return {**{name: blueprint[name] for name in (*_SHOWN, "created_by")}, "task_count": 0}


RESOURCE = Resource(
    "blueprints",
    tables=(Table("blueprint", (Column("project", references="project"), Column("share_id"))),),
    routes=(
        Route("/api/blueprints/", {"POST": _create}, enterprise=True),
        Route("/api/blueprints/<int:blueprint_id>/", {"PATCH": _change, "DELETE": _delete}, enterprise=True),
        Route("/api/blueprints/<share_id>/create-project", {"GET": _copy}, enterprise=True),
    ),
)
