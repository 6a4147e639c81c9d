"""A Label Studio that holds whatever a test puts into it, by hand: also what no server would have taken."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx

from lsops.server.session import Session
from lsops.server.settings import Settings

URL = "https://label.test"
PROJECT: Mapping[str, Any] = {
    "description": "",
    "label_config": "<View></View>",
    "color": "#FFFFFF",
    "maximum_annotations": 1,
    "show_collab_predictions": True,
    "model_version": "",
    "control_weights": {},
    "task_data_login": None,
    "task_data_password": None,
}
STORAGE: Mapping[str, Any] = {"type": "s3", "bucket": "raw", "description": None, "regex_filter": None}
WEBHOOK: Mapping[str, Any] = {"headers": {}, "actions": [], "send_for_all_actions": True, "is_active": True}
ML: Mapping[str, Any] = {"auth_method": "NONE", "basic_auth_user": "", "auto_update": True, "extra_params": None}


@dataclass
class HandMade:
    """Rows by the path of their list. `latency` is what surrounds each answer, `broken` are paths that fail."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._numbers = count(1)

    def project(self, title: str, **values: Any) -> int:
        """A project; its id."""
        return self._add("/api/projects/", PROJECT, title=title, **values)

    def storage(self, project: int, title: str | None, *, side: str = "/api/storages/", **values: Any) -> int:
        return self._add(side, STORAGE, project=project, title=title, **values)

    def webhook(self, project: int, url: str, **values: Any) -> int:
        return self._add("/api/webhooks/", WEBHOOK, project=project, url=url, **values)

    def view(self, project: int, data: Mapping[str, Any], user: int = 1) -> int:
        return self._add("/api/dm/views/", {}, project=project, data=dict(data), user=user)

    def backend(self, project: int, title: str, url: str, **values: Any) -> int:
        return self._add("/api/ml/", ML, project=project, title=title, url=url, **values)

    def _add(self, path: str, default: Mapping[str, Any], **values: Any) -> int:
        number = next(self._numbers)
        self.rows.setdefault(path, []).append({"id": number, **default, **values})
        return number

    def session(self) -> Session:
        """A session with it."""
        return Session(URL, token="0" * 40, settings=Settings(), transport=httpx.MockTransport(self.answer))

    def answer(self, request: httpx.Request) -> httpx.Response:
        path, query = request.url.path, request.url.params
        self.asked.append(path)
        if path in self.broken:
            return httpx.Response(403, json={"detail": "no"})
        known = FACTS.get(path)
        if known is not None:
            return httpx.Response(200, json=known)
        rows: Iterable[dict[str, Any]] = self.rows.get(path, self._of_type(path))
        if "project" in query:
            rows = [row for row in rows if row["project"] == int(query["project"])]
        found = list(rows)
        if path == "/api/projects/":
            start = (int(query.get("page", 1)) - 1) * 100
            following = "next" if start + 100 < len(found) else None
            body: Any = {"count": len(found), "next": following, "results": found[start : start + 100]}
            return httpx.Response(200, content=json.dumps(body), headers={"content-type": "application/json"})
        return httpx.Response(200, content=json.dumps(found), headers={"content-type": "application/json"})

    def _of_type(self, path: str) -> list[dict[str, Any]]:
        """The storages of one type, of which each side has a list."""
        side, _, name = path.rstrip("/").rpartition("/")
        rows = self.rows.get(f"{side}/", self.rows.get(side, []))
        return [row for row in rows if row.get("type") == name]


FACTS: Mapping[str, Any] = {
    "/api/version": {"release": "1.23.2", "edition": "Community"},
    "/api/current-user/whoami": {"id": 1, "email": "owner@example.com", "active_organization": 1},
    "/api/organizations/1": {"id": 1, "title": "Label Studio", "contact_info": None},
    "/api/session-policy/": {"max_session_age": 11520, "max_time_between_activity": 4320},
    "/api/jwt/settings": {"api_tokens_enabled": True, "legacy_api_tokens_enabled": False},
}
