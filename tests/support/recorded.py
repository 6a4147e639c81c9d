"""The answers that one whole plan was made of, and plans made of them again with one value changed."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from lsops.engine.planning import Request, plan
from lsops.engine.planning.scope import select
from lsops.engine.read import Extent, read
from lsops.manifest import Manifest
from lsops.model.plan import Plan
from lsops.server.facts import read_facts
from lsops.server.retry import Backoff
from lsops.server.session import Session
from lsops.server.settings import Settings

Place = tuple[str | int, ...]
GONE = object()
"""In place of a value: the key is not there at all."""


def _key(request: httpx.Request) -> str:
    return f"{request.method} {request.url.raw_path.decode()}"


@dataclass(frozen=True)
class Recorded:
    """The answers by request, and the manifest that asks for them."""

    manifest: Manifest
    answers: Mapping[str, Any]

    @classmethod
    def of(cls, manifest: Manifest, app: Any) -> Recorded:
        """The answers of a sandbox to a plan that reads every collection whole."""
        inner, answers = httpx.WSGITransport(app=app), {}

        def answer(request: httpx.Request) -> httpx.Response:
            response = inner.handle_request(request)
            answers[_key(request)] = json.loads(response.read())
            return httpx.Response(response.status_code, json=answers[_key(request)])

        planned(manifest, answer)
        return cls(manifest, answers)

    def plan(self, changed: Mapping[str, Any] | None = None) -> Plan:
        """The plan of these answers, some of them changed. Raises: LsopsError."""
        answers = {**self.answers, **(changed or {})}

        def answer(request: httpx.Request) -> httpx.Response:
            found = answers.get(_key(request), GONE)
            return httpx.Response(404, json={"detail": "gone"}) if found is GONE else httpx.Response(200, json=found)

        return planned(self.manifest, answer)

    @staticmethod
    def path(key: str) -> str:
        """The path of a request."""
        return key.partition(" ")[2].partition("?")[0]

    def named(self, paths: Iterable[str]) -> list[str]:
        """The paths of the answers that these stand for: `{}` is an id."""
        return [path for wanted in paths for path in map(self.path, self.answers) if _fits(path, wanted)]

    def places(self, wanted: str) -> Iterator[tuple[str, Place]]:
        """Each place in the answers of a path: of a list the last row."""
        for key, body in self.answers.items():
            if _fits(self.path(key), wanted):
                yield from ((key, place) for place in _places(body))

    def changed(self, key: str, place: Place, value: Any) -> dict[str, Any]:
        """The answer to a request with another value at a place."""
        if not place:
            return {key: value}
        body = copy.deepcopy(self.answers[key])
        inner = body
        for part in place[:-1]:
            inner = inner[part]
        if value is GONE:
            del inner[place[-1]]
        else:
            inner[place[-1]] = value
        return {key: body}

    def value(self, key: str, place: Place) -> Any:
        """What stands at a place."""
        found = self.answers[key]
        for part in place:
            found = found[part]
        return found


def _places(body: Any, place: Place = ()) -> Iterator[Place]:
    yield place
    if isinstance(body, dict):
        for name, inner in body.items():
            yield from _places(inner, (*place, name))
    elif isinstance(body, list):
        for number, inner in [*enumerate(body)][-1:]:
            yield from _places(inner, (*place, number))


def _fits(path: str, wanted: str) -> bool:
    return re.fullmatch(re.escape(wanted).replace(r"\{\}", r"\d+"), path) is not None


def planned(manifest: Manifest, answer: Callable[[httpx.Request], httpx.Response]) -> Plan:
    """The plan of a manifest against a server that answers so."""
    settings = Settings(concurrency=1, backoff=Backoff(tries=1))
    with Session("http://label.test", settings=settings, transport=httpx.MockTransport(answer)) as one:
        selection = select(manifest.desired, (), ())
        facts = read_facts(one)
        live = read(selection.desired, one, facts, Extent(whole=True))
        return plan(selection.desired, live, facts, Request((), selection.globs, selection.parents))
