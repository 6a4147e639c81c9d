"""A stand-in for the API of a forge: lists of texts that are read, added to and changed, and documents that are read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import Flask, Response, abort, jsonify, request

Row = dict[str, Any]
TOKEN = "token-of-the-test"


@dataclass
class Forge:
    """What lies below `base`; every request must carry `TOKEN` in the header, and `written` has each write that did.

    `by` is what a text of the token's owner says of its author. A text is found by its place in its list, which is its
    `id`, `iid` and `number`; `elsewhere` are lists whose texts are changed below another path.
    """

    base: str
    header: tuple[str, str]
    by: Row
    lists: dict[str, list[Row]] = field(default_factory=dict)
    documents: dict[str, Any] = field(default_factory=dict)
    elsewhere: dict[str, str] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)

    def app(self) -> Flask:
        """The WSGI application."""
        app = Flask("forge")
        app.add_url_rule("/<path:path>", view_func=self._answer, methods=["GET", "POST", "PUT", "PATCH"])
        return app

    def _answer(self, path: str) -> Response:
        name, value = self.header
        if request.headers.get(name) != value:
            abort(401)
        path = f"/{path}".removeprefix(self.base)
        if request.method == "GET":
            return self._read(path)
        self.written.append(f"{request.method} {path}")
        parent, _, number = path.rpartition("/")
        rows = self.lists.get(self.elsewhere.get(parent, parent))
        if request.method == "POST":
            return self._added(self.lists.setdefault(path, []), request.get_json())
        return self._changed(rows[int(number) - 1], request.get_json()) if rows is not None else abort(404)

    def _read(self, path: str) -> Response:
        if path in self.lists:
            page, size = (int(request.args.get(name, 1)) for name in ("page", "per_page"))
            size = int(request.args.get("limit", size))
            wanted = request.args.get("state")
            rows = [row for row in self.lists[path] if wanted in (None, row.get("state"))]
            return jsonify(rows[(page - 1) * size : page * size] if "page" in request.args else rows)
        found = self.documents.get(path)
        if found is None:
            abort(404)
        return Response(found) if isinstance(found, bytes) else jsonify(found)

    def _added(self, rows: list[Row], sent: Row) -> Response:
        number = len(rows) + 1
        state = "opened" if "PRIVATE" in self.header[0] else "open"
        rows.append({"id": number, "iid": number, "number": number, "state": state, **self.by, **sent})
        return jsonify(rows[-1])

    @staticmethod
    def _changed(row: Row, sent: Row) -> Response:
        if sent.pop("state_event", "") == "close":
            sent["state"] = "closed"
        row.update(sent)
        return jsonify(row)
