"""The sandbox as a WSGI application: routes from `resources/`, one transaction per request."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import Flask, Response, request
from werkzeug.routing import Map, Rule

from lsops.errors import LsopsError
from lsops.sandbox import people
from lsops.sandbox.access import check_role
from lsops.sandbox.auth import caller, look_ahead
from lsops.sandbox.envelope import (
    NOT_FOUND_PAGE,
    Crash,
    Missing,
    NotAcceptable,
    Refusal,
    Unauthenticated,
    WrongMethod,
)
from lsops.sandbox.faults import Disturbed, parse_fault
from lsops.sandbox.permissions import check_permission
from lsops.sandbox.release import RELEASES
from lsops.sandbox.resource import COMMUNITY, ENTERPRISE, Answer, Call, Payload, Route, Upload
from lsops.sandbox.resources import all_resources
from lsops.sandbox.resources.activity_logs import note_write
from lsops.sandbox.store import Store
from lsops.sandbox.throttle import Throttled
from lsops.sandbox.unknown import choose
from lsops.sandbox.wsgi import AppendSlash

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_READABLE = ("*/*", "application/*", "application/json")
_log = logging.getLogger(__name__)


def create_app(  # noqa: PLR0913  # a keyword per trouble that can be made
    db: str | Path,
    *,
    edition: str | None = ENTERPRISE,
    token: str | None = None,
    latency_ms: int = 0,
    faults: Sequence[str] = (),
    rate: float | None = None,
    retry_after: float | None = None,
    unknown: Mapping[str, str] | None = None,
) -> Flask:
    """A Label Studio stand-in over the SQLite file `db` (":memory:" keeps nothing).

    `edition` is "enterprise" or "community" and stays with the file; None is the file's own. With a
    `token` every request must carry a valid one and this is the owner's; without, a request that
    carries none is the owner's. `latency_ms` is added to each answer; `faults` are lines of the
    language in `lsops.sandbox.faults`. Above `rate` requests a second a token is answered 429, at once
    and with a `Retry-After` of `retry_after` seconds if that is given; faults do not see such a request.
    `unknown` are answers to what nobody outside knows of the server (`lsops.sandbox.unknown`); they stay with the file.
    """
    disturbances = [parse_fault(line) for line in faults]
    store = open_store(db, edition)
    edition = edition or store.note("edition") or ENTERPRISE
    if unknown:
        with store.transaction():
            choose(store, unknown)
    if token is not None:
        with store.transaction():
            people.token_of(store, people.owner(store), token)
    server = Server(store, edition, open_door=token is None)
    app = Flask("lsops.sandbox", static_folder=None)
    routes = server.routes()
    app.url_map = _url_map(tuple(route.path for route in routes))
    app.view_functions = {route.path: server.view(route) for route in routes}
    app.register_error_handler(404, lambda _: Response(NOT_FOUND_PAGE, 404, mimetype="text/html"))
    app.extensions["sandbox"] = server
    disturbed = Disturbed(AppendSlash(app.wsgi_app), server.release, disturbances, latency_ms / 1000)
    throttled = disturbed if rate is None else Throttled(disturbed, server.release, rate, retry_after)
    app.wsgi_app = throttled  # type: ignore[method-assign]  # Flask's own way to add WSGI middleware
    return app


@cache
def _url_map(paths: tuple[str, ...]) -> Map:
    """The paths as Flask matches them, each its own endpoint; made once, as most of a start goes into it."""
    return Map([Rule(path, endpoint=path, methods=_METHODS) for path in paths], merge_slashes=False)


def open_store(db: str | Path, edition: str | None = None) -> Store:
    """The file, founded if it is new; another edition than the file's is a usage error."""
    if edition not in (None, COMMUNITY, ENTERPRISE):
        raise LsopsError.of(
            f'unknown edition "{edition}"',
            code="LS605",
            hint=f"{ENTERPRISE} or {COMMUNITY}",
        )
    store = Store(db, [table for resource in all_resources() for table in resource.tables])
    with store.transaction():
        kept = store.note("edition")
        if kept is None:
            kept = edition or ENTERPRISE
            store.set_note("edition", kept)
        people.found(store, kept)
    if edition not in (None, kept):
        store.close()
        raise LsopsError.of(
            f"the sandbox file {db} holds the {kept} edition, not {edition}",
            code="LS605",
            hint=f"use --edition {kept}, or another file",
        )
    return store


@dataclass(frozen=True, slots=True)
class Server:
    """What every request needs."""

    store: Store
    edition: str
    open_door: bool

    @property
    def release(self) -> str:
        return RELEASES[self.edition]

    def routes(self) -> list[Route]:
        """The routes of this edition; the others do not exist (enterprise-api 4)."""
        known = (route for resource in all_resources() for route in resource.routes)
        return [route for route in known if self.edition == ENTERPRISE or not route.enterprise]

    def view(self, route: Route) -> Callable[..., Response]:
        """The Flask view of a route: a refusal, or a bug, becomes the server's error body."""
        allow = {"Allow": ", ".join(route.methods)}

        def view(**ids: int) -> Response:
            try:
                answer = self._answer(route, ids)
            except Refusal as refusal:
                answer = Answer(refusal.body(self.release), refusal.status, refusal.headers, refusal.media)
            except Exception as error:  # noqa: BLE001  # whatever it is, the server answers with its text
                _log.exception("unhandled error in %s %s", request.method, request.path)
                answer = Answer(Crash(str(error)).body(self.release), Crash.status)
            return _response(answer, allow)

        return view

    def _answer(self, route: Route, ids: Mapping[str, int]) -> Answer:
        """The order of the checks is the real server's: form of the answer, caller, method, role, object, body."""
        if request.args.get("format", "json") != "json":
            raise Missing("Not found.")
        if not _accepts_json(request.headers.get("Accept", "")):
            raise NotAcceptable
        call: Call | None = None
        try:
            with self.store.transaction():
                call = self._call(route)
                answer = self._carried_out(route, call, ids)
                note_write(call, request.method, answer.status, ids.get("project_id"))
                return answer
        except Refusal as refusal:
            if call is not None:
                with self.store.transaction():
                    note_write(call, request.method, refusal.status, ids.get("project_id"))
            raise

    def _carried_out(self, route: Route, call: Call, ids: Mapping[str, int]) -> Answer:
        method = "GET" if request.method == "HEAD" else request.method
        if method not in route.methods:
            raise WrongMethod.of(request.method)
        if self.edition == ENTERPRISE and not route.public and not route.blind:
            check_role(call.role, method, route.path)
            check_permission(call, method, route.path)
        return route.methods[method](call, **ids)

    def _call(self, route: Route) -> Call:
        if route.blind:
            look_ahead(self.store, request.headers.get)
        user = None if route.blind else caller(self.store, request.headers.get, open_door=self.open_door)
        if user is None and not (route.public or route.blind):
            raise Unauthenticated
        lists = dict(request.args.lists())
        return Call(
            self.store,
            self.edition,
            user or {},
            {name: values[-1] for name, values in lists.items()},
            request.url,
            _payload(),
            people.role_of(self.store, user) if user else "",
            lists,
            request.headers.get("Range", ""),
        )


def _payload() -> Payload:
    media = request.content_type or "text/plain"
    if not media.startswith("multipart/"):
        return Payload(request.get_data(cache=True), media, request.form.to_dict(flat=False))
    files = {field: Upload(file.filename or "", file.read()) for field, file in request.files.items()}
    return Payload(b"", media, request.form.to_dict(flat=False), files)


def _accepts_json(accept: str) -> bool:
    wishes = [wish.split(";")[0].strip() for wish in accept.split(",")]
    return not accept or any(wish in _READABLE for wish in wishes)


def _response(answer: Answer, headers: Mapping[str, str]) -> Response:
    if answer.status == 204 or not answer.media:
        response = Response(status=answer.status)
        del response.headers["Content-Type"]
    else:
        body = answer.body if answer.stream else _text(answer)
        response = Response(body, answer.status, content_type=answer.media)
    response.headers.update({**headers, **answer.headers})
    return response


def _text(answer: Answer) -> str:
    if answer.media != "application/json":
        return str(answer.body)
    return json.dumps(answer.body, ensure_ascii=False, separators=(",", ":"))
