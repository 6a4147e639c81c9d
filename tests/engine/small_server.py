"""One project with webhooks, views and ML backends in memory, as Label Studio Community 1.23 was measured to keep them.

It stands where a session does, so that reading, planning and writing run as they are and nothing is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import count
from typing import Any

from lsops.errors import NotFound, Rejected

STATIC = "static"
"""The version of predictions that the project has, so that its `model_version` may name it."""
KEPT_APART = ("filters", "ordering")
NEW: Mapping[str, Mapping[str, Any]] = {
    "projects": {"model_version": "", "show_collab_predictions": True, "description": ""},
    "webhooks": {"headers": {}, "actions": [], "is_active": True, "send_for_all_actions": True, "send_payload": True},
    "views": {"user": 1, "order": 0, "data": {}},
    "ml": {"description": "", "auth_method": "NONE", "basic_auth_user": "", "is_interactive": False, "timeout": 100.0},
}


class SmallServer:
    """Rows by collection and id."""

    write_concurrency = 1

    def __init__(self) -> None:
        self.rows: dict[str, dict[int, dict[str, Any]]] = {name: {} for name in NEW}
        self._numbers = count(1)

    # ---- what a session has --------------------------------------------------------------------

    def array(self, path: str, params: Mapping[str, Any] | None = None, *, form: object = None) -> list[dict[str, Any]]:
        wanted = (params or {}).get("project")
        return [_copy(row) for row in self._table(path).values() if wanted is None or row["project"] == wanted]

    def pages(self, path: str, params: Mapping[str, Any] | None = None, *, form: object = None) -> list[dict[str, Any]]:
        del params
        return self.array(path)

    def map(self, call: Callable[[Any], Any], items: Iterable[Any], limit: int = 0) -> Sequence[Any]:
        del limit
        return [call(item) for item in items]

    def get(self, path: str, *, form: object = None) -> dict[str, Any]:
        table, number = self._table(path), _number(path)
        if number not in table:
            raise NotFound.of(f"{path}: 404")
        return _copy(table[number])

    def post(self, path: str, body: Mapping[str, Any], *, form: object = None) -> dict[str, Any]:
        name, number = _name(path), next(self._numbers)
        row = {"id": number, **_copy(NEW[name]), **_trimmed(body)}
        self._settle(name, row, {}, body)
        self.rows[name][number] = row
        if name == "ml":
            self._bring_along(row)
        return self.get(f"{path}{number}/")

    def patch(self, path: str, body: Mapping[str, Any], *, form: object = None) -> dict[str, Any]:
        old = self.get(path)
        row = {**old, **_trimmed(body)}
        self._settle(_name(path), row, old, body)
        self._table(path)[old["id"]] = row
        return self.get(path)

    def delete(self, path: str) -> None:
        row = self.get(path)
        del self._table(path)[row["id"]]
        if _name(path) == "ml":
            self._rename(row["project"], row["title"], "")

    # ---- what the server does of its own -------------------------------------------------------

    def _settle(self, name: str, row: dict[str, Any], old: Mapping[str, Any], body: Mapping[str, Any]) -> None:
        if name == "webhooks":
            row["actions"] = sorted(set(body.get("actions", ())))
        elif name == "views":
            row["data"] = _tab(body["data"], old.get("data", {}))
        elif name == "ml" and old:
            self._rename(row["project"], old["title"], row["title"])
        elif name == "projects":
            self._model_version(row, body)

    def _model_version(self, row: dict[str, Any], body: Mapping[str, Any]) -> None:
        """Hiding predictions clears it unless it is in the same PATCH; a POST does not take it (facts 2.3)."""
        if body.get("show_collab_predictions") is False and "model_version" not in body:
            row["model_version"] = ""
        titles = {backend["title"] for backend in self.rows["ml"].values()}
        if body.get("model_version") not in {None, "", STATIC, *titles}:
            raise Rejected.of("Model version doesn't exist either as live model or as static predictions.")

    def _bring_along(self, backend: Mapping[str, Any]) -> None:
        """A webhook where there is none, and the title where no model version stands (facts 4 and 6)."""
        url = backend["url"].rstrip("/") + "/webhook"
        if not any(row["url"] == url for row in self.rows["webhooks"].values()):
            self.post("/api/webhooks/", {"url": url, "project": backend["project"]})
        project = self.rows["projects"][backend["project"]]
        if project["show_collab_predictions"] and not project["model_version"]:
            project["model_version"] = backend["title"]

    def _rename(self, project: int, old: str, new: str) -> None:
        if self.rows["projects"][project]["model_version"] == old:
            self.rows["projects"][project]["model_version"] = new

    def _table(self, path: str) -> dict[int, dict[str, Any]]:
        return self.rows[_name(path)]


def _tab(sent: Mapping[str, Any], held: Mapping[str, Any]) -> dict[str, Any]:
    """`data` is replaced as a whole, but for filters and ordering; an empty ordering counts as none (facts 5)."""
    given = {name: value for name, value in _copy(sent).items() if name != "ordering" or value}
    return {**{name: held[name] for name in KEPT_APART if name in held}, **given}


def _trimmed(body: Mapping[str, Any]) -> dict[str, Any]:
    texts = ("url", "title", "description", "model_version")
    return {name: value.strip() if name in texts else value for name, value in _copy(body).items()}


def _name(path: str) -> str:
    return next(part for part in path.split("/") if part in NEW)


def _number(path: str) -> int:
    return int(path.rstrip("/").rpartition("/")[2])


def _copy(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _copy(inner) for key, inner in value.items()}
    return [_copy(inner) for inner in value] if isinstance(value, list) else value
