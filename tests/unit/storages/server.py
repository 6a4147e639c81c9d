"""Label Studio's storage endpoints as an httpx transport: slash rules, own lists, and a list of all that hides errors."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx

from lsops.kinds import Reader
from lsops.model.live import Facts
from lsops.server.session import Session

COMMUNITY = ("s3", "gcs", "azure", "redis", "localfiles")
ENTERPRISE = (*COMMUNITY, "s3s", "gcswif", "azure_spi", "databricks")
PATH = re.compile(
    r"/api/storages(?P<side>/export)?(?:/(?P<type>[a-z0-9_]+?)(?:/(?P<rest>\d+|validate))?)?(?P<slash>/)?"
)
SECRETS = ("password", "aws_secret_access_key")


class StorageServer:
    """Holds rows by side and type; `faults` maps a path to the status that a GET of it answers."""

    def __init__(self, types: tuple[str, ...] = ENTERPRISE) -> None:
        self.types = types
        self.rows: dict[tuple[str, str], list[dict[str, Any]]] = {}
        self.faults: dict[str, int] = {}
        self.hidden: set[str] = set()
        self.requests: list[tuple[str, str]] = []
        self.bodies: list[dict[str, Any]] = []

    def add(self, side: str, type_: str, project: int, title: str | None, **fields: Any) -> dict[str, Any]:
        held = self.rows.setdefault((side, type_), [])
        row = {
            "id": len(held) + 1,
            "type": type_,
            "project": project,
            "title": title,
            "status": "initialized",
            **fields,
        }
        held.append(row)
        return row

    def session(self, edition: str = "enterprise") -> Session:
        session = Session("http://label.test", token="t" * 40, transport=httpx.MockTransport(self.answer))
        session.settle_edition(edition)
        return session

    def reader(self, edition: str = "enterprise", release: str = "2.34.0") -> Reader:
        return Reader(self.session(edition), Facts("http://label.test", edition, release))

    # ---- the endpoints -----------------------------------------------------------------------

    def answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        self.requests.append((request.method, str(request.url.raw_path, "ascii")))
        found = PATH.fullmatch(path)
        if found is None:
            return httpx.Response(404, text="<title>Page not found</title>")
        side = "export" if found["side"] else "import"
        if path in self.faults and request.method == "GET":
            return httpx.Response(self.faults[path], json={"detail": "as told"})
        if found["type"] is None:
            return self._all(side, int(request.url.params["project"]), slash=bool(found["slash"]))
        if found["type"] not in self.types or bool(found["slash"]) != (side == "import" and not found["rest"]):
            return httpx.Response(404, text="<title>Page not found</title>")
        body = json.loads(request.content) if request.content else {}
        if found["rest"]:
            return self._one(request.method, self.rows.get((side, found["type"]), []), int(found["rest"]), body)
        return self._type(request, side, found["type"], body)

    def _all(self, side: str, project: int, *, slash: bool) -> httpx.Response:
        if slash != (side == "import"):
            return httpx.Response(404, text="<title>Page not found</title>")
        rows = [
            row for (at, type_), held in self.rows.items() if at == side and type_ not in self.hidden for row in held
        ]
        return httpx.Response(200, json=[_shown(row) for row in rows if row["project"] == project])

    def _type(self, request: httpx.Request, side: str, type_: str, body: dict[str, Any]) -> httpx.Response:
        if request.method == "POST":
            self.bodies.append(body)
            fields = {name: value for name, value in body.items() if name not in ("project", "title")}
            return httpx.Response(201, json=_shown(self.add(side, type_, body["project"], body.get("title"), **fields)))
        project = int(request.url.params["project"])
        rows = [row for row in self.rows.get((side, type_), []) if row["project"] == project]
        return httpx.Response(200, json=[_shown(row) for row in rows])

    def _one(self, method: str, rows: list[dict[str, Any]], number: int, body: dict[str, Any]) -> httpx.Response:
        row = next((row for row in rows if row["id"] == number), None)
        if row is None:
            return httpx.Response(404, text="<title>Page not found</title>")
        if method == "DELETE":
            rows.remove(row)
            return httpx.Response(204)
        if method == "PATCH":
            self.bodies.append(body)
            row.update(body)
            return httpx.Response(200, json={name: value for name, value in _shown(row).items() if name != "type"})
        return httpx.Response(200, json=_shown(row))


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in SECRETS}
