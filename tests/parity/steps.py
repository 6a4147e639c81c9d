"""A request as data, and what makes two servers' answers to it comparable."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import httpx

_UNSENT = object()
_PAGES = (httpx.codes.NOT_FOUND, httpx.codes.INTERNAL_SERVER_ERROR)
# Times, and what is made up anew on every server. `pinned_at` is the client's own and is compared.
_VOLATILE = {
    *("created_at", "updated_at", "last_activity", "date_joined", "duration"),
    *("token", "refresh", "access", "custom_hotkeys"),
    *("time_queued", "time_in_progress", "time_last_ping", "time_completed"),
}
# A client may set it, and null says that there was no sync, no annotation, no draft.
_SOMETIMES = ("last_sync", "completed_at", "draft_created_at")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_STORAGE = re.compile(r"\bStorage \d+ is\b")  # the one message that holds an id
_KINDS = (
    "project",
    "task",
    "organization",
    "user",
    "completed_by",
    "created_by",
    "updated_by",
    "annotations",
    "users",
    "annotation",
    "drafts",
    "projects",
    "label",
    "links",
)
_SAME = {"completed_by": "user", "created_by": "user", "updated_by": "user", "links": "label_link"}
# Both sides of these types count their ids together.
_SHARED = ("redis", "localfiles")


@dataclass(frozen=True, slots=True)
class Step:
    """One request. `{name}` in the path, or in a text of the body, is what an earlier step saved.

    `save` keeps a key of the answer, or of its first row, under a name. `only` compares these keys alone, `row` that row
    of a list alone, and `masked` leaves keys out; `status_only` leaves the body out. Each has its reason where it is used.
    """

    name: str
    method: str
    path: str
    body: Any = _UNSENT
    headers: Mapping[str, str | None] = field(default_factory=dict)
    content: bytes | None = None
    save: str = ""
    key: str = "id"
    only: tuple[str, ...] = ()
    masked: tuple[str, ...] = ()
    row: int | None = None
    status_only: bool = False
    form: Mapping[str, str] | None = None
    multipart: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """What is compared of an answer."""

    status: int
    media: str
    body: Any


@dataclass(frozen=True, slots=True)
class Both:
    """The answers of two servers to each part of one script."""

    real: Mapping[str, list[Seen]]
    sandbox: Mapping[str, list[Seen]]


@dataclass(slots=True)
class Run:
    """A script on its way through one server."""

    client: httpx.Client
    token: str
    saved: dict[str, Any] = field(default_factory=dict)
    ordinals: dict[str, dict[int, str]] = field(default_factory=dict)

    def take(self, step: Step) -> Seen:
        response = self._send(step)
        if step.method == "DELETE" and step.path.startswith("/api/projects/"):
            self._forget()
        media = response.headers.get("content-type", "").split(";")[0]
        if media != "application/json":
            page = media == "text/html" and response.status_code in _PAGES
            return Seen(response.status_code, media, "<page>" if page else response.text)
        answer = response.json()
        if step.status_only:
            return Seen(response.status_code, media, None)
        if step.save:
            self.saved[step.save] = (answer[0] if isinstance(answer, list) else answer)[step.key]
        return Seen(response.status_code, media, self._masked(self._chosen(answer, step), step))

    def _forget(self) -> None:
        """Number tasks and annotations afresh: over SQLite the server gives an import the ids of deleted ones again."""
        for kind in ("tasks", "annotations"):
            self.ordinals.pop(kind, None)

    def _send(self, step: Step) -> httpx.Response:
        given = {name: value for name, value in step.headers.items() if value is not None}
        sent = {name: self._filled(value) for name, value in given.items()}
        if "Authorization" not in step.headers:
            sent["Authorization"] = f"Token {self.token}"
        path = self._filled(step.path)
        if step.content is not None:
            return self.client.request(step.method, path, content=step.content, headers=sent)
        if step.form is not None:
            filled = {name: self._filled(value) for name, value in step.form.items()}
            sending = {"files": {name: (None, value) for name, value in filled.items()}}
            return self.client.request(
                step.method, path, headers=sent, **(sending if step.multipart else {"data": filled})
            )
        if step.body is _UNSENT:
            return self.client.request(step.method, path, headers=sent)
        return self.client.request(step.method, path, json=self._filled(step.body), headers=sent)

    def _filled(self, value: Any) -> Any:
        if isinstance(value, str):
            return re.sub(r"\{(\w+)\}", lambda match: str(self.saved.get(match[1], match[0])), value)
        if isinstance(value, dict):
            return {key: self._filled(inner) for key, inner in value.items()}
        return [self._filled(inner) for inner in value] if isinstance(value, list) else value

    def _chosen(self, answer: Any, step: Step) -> Any:
        answer = answer if step.row is None else answer[step.row]
        if step.only:
            return {key: answer[key] for key in step.only}
        return {k: v for k, v in answer.items() if k not in step.masked} if isinstance(answer, dict) else answer

    def _masked(self, value: Any, step: Step, key: str = "") -> Any:
        if isinstance(value, dict):
            own = key if key in _KINDS else "id"
            step = _of_storage(step, value) if step.path.startswith("/api/storages") else step
            return {name: self._masked(inner, step, own if name == "id" else name) for name, inner in value.items()}
        if isinstance(value, list):
            return [self._masked(inner, step, key.removesuffix("_ids")) for inner in value]
        if key in _VOLATILE or (key in _SOMETIMES and value):
            return "<volatile>"
        if isinstance(value, str):
            value = _STORAGE.sub("Storage <id> is", value)
            return _UUID.sub("<uuid>", value.replace(str(self.client.base_url).rstrip("/"), "<server>"))
        return self._ordinal(value, key, step) if isinstance(value, int) and not isinstance(value, bool) else value

    def _ordinal(self, value: int, key: str, step: Step) -> Any:
        """Ids in the order in which they were first seen, per kind of object."""
        if key == "id":
            inner = next((kind for kind in ("drafts", "annotations") if kind in step.path), "")
            kind = inner or step.path.removeprefix("/api/").split("/")[0]
        elif key in _KINDS:
            kind = _SAME.get(key, key).removesuffix("s") + "s"
        else:
            return value
        known = self.ordinals.setdefault(kind, {})
        return known.setdefault(value, f"<{kind} {len(known) + 1}>")


def _of_storage(step: Step, row: Mapping[str, Any]) -> Step:
    """The step with a path that says what counts the row's ids: `/api/export s3`, `/api/redis` for both sides."""
    rest = step.path.removeprefix("/api/storages").split("?")[0].strip("/").split("/")
    side = "export " if rest[0] == "export" else ""
    name = str(row.get("type") or "".join(rest[1:2] if side else rest[:1]))
    return replace(step, path=f"/api/{'' if name in _SHARED else side}{name}")
