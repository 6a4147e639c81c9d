"""What a module of `resources/` is made of: tables, and routes whose handlers take a `Call`.

A new kind of object is one more module there that defines `RESOURCE`; nothing else changes.
A table with a column that references `project` dies with its project.

What the public material leaves open has a switch each, so that lsops can be tried under every answer: `unknowns` of the
resource that it is about names the point and its possible answers, the likeliest first, and a handler asks
`call.unknown("its name")`. The answers are chosen with `create_app`, and kept with the file.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from lsops.sandbox.envelope import Crash, Malformed, Missing, WrongMedia
from lsops.sandbox.fields import Form
from lsops.sandbox.store import Document, Store, Table

COMMUNITY = "community"
ENTERPRISE = "enterprise"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a handler returns: JSON (or text, sent as it is with `media`), a status, headers.

    Without `media` there is no body. With `stream` the body is bytes in pieces, each made as it is sent, after the
    request's transaction.
    """

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    media: str = "application/json"
    stream: bool = False


@dataclass(frozen=True, slots=True)
class Upload:
    """A file in a form: its name there, and what it has."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Payload:
    """The request's body before it is parsed: handlers look up the object first, as the server does.

    `files` are those of a form, by the name of their field.
    """

    data: bytes = b""
    media: str = ""
    form: Mapping[str, list[str]] = field(default_factory=dict)
    files: Mapping[str, Upload] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Call:
    """One request, as a handler sees it. `user` is empty on a public route without a token.

    `role` is the two-letter code of the caller's role in the organisation; `lists` has all values of a query, where
    `query` has the last one of each name; `byte_range` is the header that asks for a piece of a file.
    """

    store: Store
    edition: str
    user: Document
    query: Mapping[str, str]
    url: str
    payload: Payload = field(default_factory=Payload)
    role: str = ""
    lists: Mapping[str, Sequence[str]] = field(default_factory=dict)
    byte_range: str = ""

    @property
    def enterprise(self) -> bool:
        return self.edition == ENTERPRISE

    @property
    def organization(self) -> int | None:
        """The caller's organisation; None for somebody who was removed from it, and comes in on Community."""
        key: int | None = self.user["active_organization"]
        return key

    @property
    def homeless(self) -> bool:
        """Whether the caller is in no organisation."""
        return self.organization is None

    @property
    def body(self) -> Any:
        """The parsed body; `{}` when none was sent (community-api 1.3: forms are accepted, text is not)."""
        media = self.payload.media.split(";")[0].strip().lower()
        if media in ("application/x-www-form-urlencoded", "multipart/form-data"):
            return Form(self.payload.form)
        if not self.payload.data:
            return {}
        if media not in ("application/json", ""):
            raise WrongMedia.of(self.payload.media)
        return _parsed(self.payload.data)

    def unknown(self, point: str) -> str:
        """The answer that this sandbox gives to a point of which nobody outside knows; see the head of this module."""
        from lsops.sandbox.unknown import answer_to

        return answer_to(self.store, point)

    def own_organization(self, wanted: str) -> Document:
        """The caller's organisation; without one the server crashes over the attribute that it wants."""
        if self.organization is None:
            raise Crash.of_nothing(wanted)
        return self.found("organization", self.organization, "Organization")

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Keep what was done so far and is done inside, also if the request is refused later."""
        yield
        self.store.keep_so_far()

    def found(self, table: str, key: int, model: str) -> Document:
        """The document, or 404 with the server's words for that model."""
        document = self.store.get(table, key)
        if document is None:
            raise Missing.of(model)
        return document


def _parsed(data: bytes) -> Any:
    try:
        return json.loads(data.decode("utf-8"), parse_constant=_not_json)
    except ValueError as error:
        raise Malformed(f"JSON parse error - {error}") from error


def _not_json(name: str) -> Any:
    raise ValueError(f"Out of range float values are not JSON compliant: {name!r}")


Handler = Callable[..., Answer]


@dataclass(frozen=True, slots=True)
class Route:
    """A path in its exact form (with or without the last slash) and a handler per method.

    `public`: no token is needed. `blind`: credentials are not even looked at. `enterprise`:
    Community answers 404.
    """

    path: str
    methods: Mapping[str, Handler]
    public: bool = False
    blind: bool = False
    enterprise: bool = False

    @classmethod
    def of_one(cls, path: str, detail: Handler, change: Handler, delete: Handler, *, enterprise: bool = False) -> Route:
        """The route of one object; `change` hears whether the body is `partly` one (PATCH) or the whole (PUT)."""
        changes = {"PUT": partial(change, partly=False), "PATCH": partial(change, partly=True)}
        return cls(path, {"GET": detail, **changes, "DELETE": delete}, enterprise=enterprise)


@dataclass(frozen=True, slots=True)
class Resource:
    """One kind of object of the server; `unknowns` are its points that nobody outside knows, with their answers."""

    name: str
    routes: tuple[Route, ...]
    tables: tuple[Table, ...] = ()
    unknowns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
