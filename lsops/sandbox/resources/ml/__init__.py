"""`/api/ml/`: ML backends of projects.

Facts: community-api 1.1, 2.6 and 6, enterprise-api 7.10. The fields are in `fields`, and what answers in `connection`.
Whoever looks at a backend, or deletes it, makes the server ask it, which writes its state.
"""

from __future__ import annotations

from typing import Any

from lsops.sandbox.envelope import Forbidden, Invalid, Missing
from lsops.sandbox.fields import defaults, read
from lsops.sandbox.fieldtypes import now
from lsops.sandbox.hosts import RESERVED, haunted
from lsops.sandbox.release import RELEASES
from lsops.sandbox.resource import Answer, Call, Resource, Route
from lsops.sandbox.resources import webhooks
from lsops.sandbox.resources.ml.connection import (
    DISCONNECTED,
    ERROR,
    TRAINING,
    Unhealthy,
    asked,
    test,
    versions,
)
from lsops.sandbox.resources.ml.fields import BASIC, FIELDS, checks, show
from lsops.sandbox.resources.projects import permitted as project_of
from lsops.sandbox.resources.projects.scope import visible
from lsops.sandbox.store import Column, Document, Table

_NO_CREDENTIALS = "Authentication username and password is required for Basic Authentication."
_INTERACTIVE = {"true": True, "1": True, "false": False, "0": False}


def _listing(call: Call) -> Answer:
    """The backends of one project, each asked; `is_interactive` narrows the answer, not the asking."""
    project = _project_of_query(call)
    looked = [_ask(call, backend) for backend in call.store.find("ml_backend", "project = ?", (project,))]
    wish = _INTERACTIVE.get(call.query.get("is_interactive", "").lower())
    return Answer([show(backend) for backend in looked if wish in (None, backend["is_interactive"])])


def _create(call: Call) -> Answer:
    """Test, add, bring the webhook along, ask, and let the project use it; a ghost stops halfway."""
    given = _tested(call, None, partly=False)
    ours = {"created_at": now(), "updated_at": now()}
    backend = call.store.insert("ml_backend", {**defaults(FIELDS), **given, **ours})
    url = f"{backend['url'].rstrip('/')}/webhook"
    if haunted(url) and not webhooks.exists(call, backend["project"], url):
        return Answer(Forbidden(RESERVED).body(RELEASES[call.edition]), Forbidden.status)
    webhooks.accompany(call, backend["project"], url)
    backend = _ask(call, backend)
    project = call.found("project", backend["project"], "Project")
    if project["show_collab_predictions"] and not project["model_version"]:
        call.store.replace("project", {**project, "model_version": backend["title"]})
    return Answer(show(backend), 201)


def _detail(call: Call, number: int) -> Answer:
    return Answer(show(_asked(call, number)))


def _change(call: Call, number: int, *, partly: bool) -> Answer:
    before = _asked(call, number)
    after = {**before, **_tested(call, before, partly=partly)}
    _rename(call, before["title"], after)
    return Answer(show(_ask(call, after)))


def _delete(call: Call, number: int) -> Answer:
    """The project forgets the backend if it uses it; the webhook stays.

    That is what the server means to do. One that deleted a project before it deleted its first backend never forgets,
    until it is started again: its hooks are cached while they are switched off.
    """
    backend = _asked(call, number)
    project = call.found("project", backend["project"], "Project")
    if project["model_version"] == backend["title"]:
        call.store.replace("project", {**project, "model_version": ""})
    call.store.delete("ml_backend", number)
    return Answer(status=204)


def _train(call: Call, number: int) -> Answer:
    """Training begins; what comes of it shows when somebody looks."""
    backend = _found(call, number)
    reached = asked(backend)["state"] not in (DISCONNECTED, ERROR)
    call.store.replace("ml_backend", {**backend, "state": TRAINING if reached else ERROR})
    return Answer("", media="")


def _versions(call: Call, number: int) -> Answer:
    backend = _found(call, number)
    try:
        return Answer({"versions": versions(backend)})
    except Unhealthy as error:
        return Answer({"error": str(error)}, error.status or 500)


def _tested(call: Call, backend: Document | None, *, partly: bool) -> Document:
    """What a body sets, after the backend that it names answered."""
    given = read(FIELDS, call.body, partial=partly, checks=checks(call, backend))
    credentials = {"basic_auth_user", "basic_auth_pass"}
    if given.get("auth_method") == BASIC and not credentials <= given.keys():
        raise Invalid([_NO_CREDENTIALS])
    test(given)
    return given


def _rename(call: Call, title: str | None, after: Document) -> None:
    """A project that uses the old title uses the new one; an empty title counts as used where nothing is."""
    project = call.found("project", after["project"], "Project")
    if after["title"] != title and project["model_version"] == title:
        call.store.replace("project", {**project, "model_version": after["title"]})


def _asked(call: Call, number: int) -> Document:
    return _ask(call, _found(call, number))


def _ask(call: Call, backend: Document) -> Document:
    after = asked(backend)
    call.store.replace("ml_backend", after)
    return after


def _found(call: Call, number: int) -> Document:
    backend = call.found("ml_backend", number, "MLBackend")
    if not visible(call, backend["project"]):
        raise Missing.of("MLBackend")
    return backend


def _project_of_query(call: Call) -> int:
    """The project of a list, which must be there; no number is another 404 than no project."""
    wish: Any = call.query.get("project")
    if wish is None:
        raise Missing.of("Project")
    try:
        return int(project_of(call, int(wish))["id"])
    except ValueError:
        raise Missing("Not found.") from None


RESOURCE = Resource(
    "ml",
    tables=(Table("ml_backend", (Column("project", references="project"),)),),
    routes=(
        Route("/api/ml/", {"GET": _listing, "POST": _create}),
        Route.of_one("/api/ml/<int:number>", _detail, _change, _delete),
        Route("/api/ml/<int:number>/train", {"POST": _train}),
        Route("/api/ml/<int:number>/versions", {"GET": _versions}),
    ),
)
