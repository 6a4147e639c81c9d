"""`/api/storages/`: cloud storages of all types, to import from and to export to.

Facts: community-api 1.1 and 3, enterprise-api 6. The fields are in `fields`, what can be reached is in `connection`,
and how a sync goes in `sync`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from lsops.sandbox.envelope import Bare, Crash, Forbidden, Invalid, Refusal
from lsops.sandbox.fields import Check, read
from lsops.sandbox.fieldtypes import check_key
from lsops.sandbox.resource import Answer, Call, Resource, Route
from lsops.sandbox.resources.projects.scope import chosen, may
from lsops.sandbox.resources.storages.connection import (
    Unreachable,
    connect,
    forgotten,
    needs_secret_again,
    without_secret,
)
from lsops.sandbox.resources.storages.fields import EXPORT, IMPORT, KINDS, TYPES, StorageKind, check_bucket, local_path
from lsops.sandbox.resources.storages.rows import (
    SAME,
    TABLE,
    drop,
    files_root,
    found,
    insert,
    keep,
    number_in,
    project_in,
    rows,
    show,
    stored,
)
from lsops.sandbox.resources.storages.sync import advanced, begun, finished, queued
from lsops.sandbox.resources.storages.unknowns import POINTS, TITLE, check_whole
from lsops.sandbox.store import Document
from lsops.sandbox.unique import refuse_second

_INVALID = "Error validating storage connection"
_NOT_YOURS = "You do not have permission to create storages for this project."
_RESET = ("synchronizable", "presign")
"""Fields with a default of the serializer, which a body that is read as a whole falls back to."""


# ---- lists ---------------------------------------------------------------------------------------


def _listing(kind: StorageKind, call: Call) -> Answer:
    if not call.query.get("project"):
        raise Invalid(['query parameter "project" is required'])
    listed = rows(call, kind.side, project_in(call, call.query["project"]))
    return Answer([show(call, kind, row) for row in listed if row["type"] == kind.type.name])


def _aggregate(side: str, call: Call) -> Answer:
    """Every error is an empty list here, on the real server as well."""
    try:
        listed = rows(call, side, project_in(call, call.query.get("project", "")))
    except Refusal:
        listed = []
    kinds = [kind for kind in KINDS if kind.side == side]
    return Answer([show(call, kind, row) for kind in kinds for row in listed if row["type"] == kind.type.name])


def _types(call: Call) -> Answer:
    known = (one for one in TYPES if call.enterprise or not one.enterprise)
    return Answer([{"name": one.name, "title": one.title} for one in known])


# ---- one storage ---------------------------------------------------------------------------------


def _create(kind: StorageKind, call: Call) -> Answer:
    body = call.body
    given = read(kind.fields(), body, partial=False, checks=_checks(kind, call))
    storage = {**kind.defaults(), **given, **_lent(kind, call, body, given)}
    if _tested_when_read(kind, given):
        _connected(call, kind, storage)
    if not may(call, call.found("project", given["project"], "Project")):
        raise Forbidden(_NOT_YOURS)
    if not kind.imports:
        _connected(call, kind, storage)
    made = insert(kind, call, storage)
    if kind.imports:
        return Answer(show(call, kind, made), 201)
    keep(call, finished(call, kind, queued(made)))
    return Answer(show(call, kind, queued(made)), 201)


def _detail(kind: StorageKind, call: Call, number: int) -> Answer:
    storage = found(kind, call, number)
    after = advanced(call, kind, storage)
    if after is not storage:
        keep(call, after)
    return Answer(show(call, kind, after))


def _update(kind: StorageKind, call: Call, number: int) -> Answer:
    """The answer lacks `type`."""
    shown = show(call, kind, _changed(kind, call, number, partial=True))
    return Answer({name: value for name, value in shown.items() if name != "type"})


def _replace(kind: StorageKind, call: Call, number: int) -> Answer:
    return Answer(show(call, kind, _changed(kind, call, number, partial=False)))


def _delete(kind: StorageKind, call: Call, number: int) -> Answer:
    drop(call, found(kind, call, number))
    return Answer(status=204)


def _validate(kind: StorageKind, call: Call) -> Answer:
    """Test a body. With an `id` it is saved into that storage, and what it lacks falls back as in a PUT."""
    body = call.body
    if not isinstance(body, dict):
        raise Crash(f"'{type(body).__name__}' object has no attribute 'get'")
    saved = found(kind, call, number_in(body)) if body.get("id") else None
    given = read(kind.fields(), body, partial=False, checks=_checks(kind, call))
    storage = {**kind.defaults(), **given, **_lent(kind, call, body, given)}
    if _tested_when_read(kind, given):
        _connected(call, kind, storage)
    if saved:
        storage = {**saved, **_fallen_back(kind), **given}
        keep(call, storage)
    try:
        connect(kind, storage, files_root(call.store))
    except Unreachable as error:
        raise Invalid([_INVALID]) from error
    return Answer("", media="")


def _sync(kind: StorageKind, call: Call, number: int) -> Answer:
    storage = found(kind, call, number)
    if not storage["synchronizable"]:
        raise Bare(400, {"message": f"Storage {number} is not synchronizable"})
    try:
        connect(kind, storage, files_root(call.store))
    except Unreachable as error:
        raise Crash(str(error)) from error
    after = begun(call, kind, storage)
    keep(call, after)
    return Answer(show(call, kind, after))


# ---- what they share -----------------------------------------------------------------------------


def _changed(kind: StorageKind, call: Call, number: int, *, partial: bool) -> Document:
    before = found(kind, call, number)
    given = read(kind.fields(), call.body, partial=partial, checks=_checks(kind, call))
    check_whole(call, kind, before, given)
    after = without_secret(kind, {**before, **({} if partial else _fallen_back(kind)), **given}, given)
    if kind.type.name in ("redis", "localfiles"):
        _test_body(call, kind, before, given)
    elif _tested_on_update(kind, given):
        _connected(call, kind, after)
    if problem := needs_secret_again(kind, before, given):
        raise Invalid([problem])
    refuse_second(call, TITLE, TABLE.name, after, SAME)
    keep(call, after)
    return after


def _tested_when_read(kind: StorageKind, given: Mapping[str, Any]) -> bool:
    """Whether reading a whole body tests the connection already (community-api 3.3)."""
    if kind.type.like("s3"):
        return bool(given.get("bucket"))
    return kind.imports or kind.type.name == "localfiles"


def _tested_on_update(kind: StorageKind, given: Mapping[str, Any]) -> bool:
    """community-api 3.4; Enterprise's own types are taken to be like the type they resemble."""
    return bool(given.get("bucket")) if kind.type.like("s3") else kind.imports


def _test_body(call: Call, kind: StorageKind, before: Mapping[str, Any], given: Mapping[str, Any]) -> None:
    """Redis and localfiles are tested with what the body says alone, a redis export not at all."""
    if kind.type.name == "redis" and not kind.imports:
        return
    _connected(call, kind, {**kind.defaults(), **given})
    if kind.type.name == "redis" and forgotten(before, given):
        raise Invalid(["Can't connect to Redis server."])


def _connected(call: Call, kind: StorageKind, storage: Mapping[str, Any]) -> None:
    try:
        connect(kind, storage, files_root(call.store))
    except Unreachable as error:
        raise Invalid([str(error)]) from error


def _fallen_back(kind: StorageKind) -> dict[str, Any]:
    defaults = kind.defaults()
    return {name: defaults[name] for name in _RESET if name in defaults}


def _lent(kind: StorageKind, call: Call, body: Any, given: Mapping[str, Any]) -> dict[str, Any]:
    """The secrets of the storage that the body names by `id`, where it has none of its own (community-api 3.3)."""
    lends = bool(given.get("bucket")) if kind.type.like("s3") else kind.imports and kind.type.name in ("gcs", "azure")
    if not lends or "id" not in body:
        return {}
    lender = stored(kind, call, number_in(body))
    if lender is None:
        raise Crash(f"{kind.model} matching query does not exist.")
    return {name: given.get(name) or lender[name] for name in kind.type.hidden}


def _checks(kind: StorageKind, call: Call) -> dict[str, Check]:
    checks: dict[str, Check] = {"project": partial(check_key, exists=partial(chosen, call))}
    if kind.type.like("s3"):
        checks["bucket"] = check_bucket
    if kind.type.name == "localfiles":
        checks["path"] = local_path
    return checks


# ---- routes --------------------------------------------------------------------------------------


def _routes() -> Iterator[Route]:
    """Lists of the import side end with a slash, nothing else does (community-api 1.1)."""
    yield Route("/api/storages/", {"GET": partial(_aggregate, IMPORT)})
    yield Route("/api/storages/export", {"GET": partial(_aggregate, EXPORT)})
    yield Route("/api/storages/types", {"GET": _types})
    yield Route("/api/storages/export/types", {"GET": _types})
    for kind in KINDS:
        for ending, methods in _endpoints(kind):
            yield Route(f"{kind.root}{ending}", methods, enterprise=kind.type.enterprise)


def _endpoints(kind: StorageKind) -> Iterator[tuple[str, Mapping[str, Callable[..., Answer]]]]:
    yield "/" if kind.imports else "", {"GET": partial(_listing, kind), "POST": partial(_create, kind)}
    yield "/validate", {"POST": partial(_validate, kind)}
    yield "/<int:number>/sync", {"POST": partial(_sync, kind)}
    yield (
        "/<int:number>",
        {
            "GET": partial(_detail, kind),
            "PUT": partial(_replace, kind),
            "PATCH": partial(_update, kind),
            "DELETE": partial(_delete, kind),
        },
    )


RESOURCE = Resource(
    "storages",
    unknowns=POINTS,
    tables=(TABLE,),
    routes=tuple(_routes()),
)
