"""What a server may do with a webhook that holds a secret, played before a listener."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import httpx

from lsops.kinds import registry
from tests.support.listener import Listener

PATH = "/api/webhooks/"
Scene = Callable[[Listener], None]
Complaint = Callable[[dict[str, Any]], tuple[str, dict[str, Any]]]
"""What is said of a body: a sentence, and errors by field."""


def echoed(status: int, complaint: Complaint) -> Scene:
    """Whatever is written is refused with its own words."""

    def answer(request: httpx.Request) -> httpx.Response | None:
        if request.method == "GET" or request.url.path != PATH:
            return None
        words, errors = complaint(json.loads(request.content))
        errors = {**errors, "text": request.content.decode()}
        return httpx.Response(status, json={"status_code": status, "detail": words, "validation_errors": errors})

    def scene(listener: Listener) -> None:
        listener.site.watch.instead = answer
        listener.applied(code=4)
        assert str(status) in listener.said[-2]

    return scene


def made_otherwise(listener: Listener, kept: Mapping[str, Any]) -> None:
    """The server answers well to a create, and has something else than was sent."""

    def answer(request: httpx.Request) -> httpx.Response | None:
        if request.method != "POST" or request.url.path != PATH:
            return None
        return httpx.Response(201, json={"id": 1, "actions": [], **json.loads(request.content), **kept})

    listener.site.watch.instead = answer
    listener.applied(code=4)


def a_bug(listener: Listener) -> None:
    """Writing fails with an error that nobody expects, and that holds the whole body."""

    def broken(session: Any, body: Any, where: Any) -> Any:
        raise RuntimeError(body)

    listener.site.lsops.monkeypatch.setattr(registry()["webhook"], "create", broken)
    listener.applied(code=4)
