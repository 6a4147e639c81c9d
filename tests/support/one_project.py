"""A manifest with one project, and what a real server holds below it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import httpx

from tests.support.cli import Lsops, Ran

CONFIG = """
    <View><Text name="t" value="$text"/>
    <Choices name="dx" toName="t"><Choice value="Yes"/><Choice value="No"/></Choices></View>
"""
PATHS = {"webhooks": "/api/webhooks/", "views": "/api/dm/views/", "ml_backends": "/api/ml/"}
NEW = ("webhooks", "views", "ml_backends")
"""The collections that these tests go through, with the last part of their path."""


def declare(lsops: Lsops, project: Mapping[str, Any], **top: Any) -> None:
    """A manifest with the project `Triage`, a key per line; `top` stands beside `projects`."""
    declare_projects(lsops, {"Triage": {"label_config": CONFIG, **project}}, **top)


def declare_projects(lsops: Lsops, entries: Mapping[str, Any], **top: Any) -> None:
    """A manifest with these projects as they are written, a key per line."""
    lsops.write(json.dumps({"version": 1, "projects": entries, **top}, indent=2))


def line_of(lsops: Lsops, text: str) -> str:
    """Where the manifest has the first line with that text: `lsops.yaml:7`."""
    lines = (lsops.folder / "lsops.yaml").read_text("utf-8").splitlines()
    return f"lsops.yaml:{next(number for number, line in enumerate(lines, 1) if text in line)}"


def settled(lsops: Lsops, *arguments: str) -> str:
    """What an apply printed that worked and left nothing to do."""
    ran = lsops("apply", "--yes", *arguments)
    assert ran.code == 0, ran
    unchanged(lsops)
    return ran.out


def unchanged(lsops: Lsops, *arguments: str) -> Ran:
    """A plan that finds nothing to do."""
    ran = lsops("plan", "--detailed-exitcode", *arguments)
    assert (ran.code, ran.last.partition(".")[0]) == (0, "No changes"), ran
    return ran


def projects(server: httpx.Client) -> list[dict[str, Any]]:
    """Up to a hundred projects, the oldest first."""
    answer = server.get("/api/projects/", params={"page_size": 100, "ordering": "id"}).raise_for_status()
    return list(answer.json()["results"])


def rows(server: httpx.Client, collection: str) -> list[dict[str, Any]]:
    """What the oldest project holds of one collection; of ML backends reading makes the server call them."""
    number = projects(server)[0]["id"]
    return list(server.get(PATHS[collection], params={"project": number}).raise_for_status().json())


def key(collection: str, row: Mapping[str, Any]) -> str:
    """What a manifest calls that row."""
    if collection == "views":
        return str(row["data"].get("title", ""))
    return str(row["url" if collection == "webhooks" else "title"])


def keys(server: httpx.Client, collection: str) -> list[str]:
    """What a manifest calls the rows, sorted."""
    return sorted(key(collection, row) for row in rows(server, collection))


def item(collection: str, row: Mapping[str, Any]) -> str:
    """The path of one row: that of an ML backend has no slash at its end."""
    return f"{PATHS[collection]}{row['id']}" + ("" if collection == "ml_backends" else "/")


def by_hand(server: httpx.Client, collection: str, row: Mapping[str, Any], **values: Any) -> None:
    """Change a row as somebody else would, and nothing of it besides; values of a view stand in its data."""
    needed = {
        "webhooks": {"actions": row.get("actions", [])},
        "views": {"data": {**row.get("data", {}), **values}},
        "ml_backends": {name: row.get(name) for name in ("url", "project")},
    }
    body = {**needed[collection], **({} if collection == "views" else values)}
    server.patch(item(collection, row), json=body).raise_for_status()


def make(server: httpx.Client, collection: str, named: str, **values: Any) -> int:
    """A row of the oldest project that somebody else made; its id. A webhook's name is its URL."""
    body: dict[str, dict[str, Any]] = {
        "webhooks": {"url": named},
        "views": {"data": {"title": named, **values}},
        "ml_backends": {"title": named},
    }
    sent = {"project": projects(server)[0]["id"], **body[collection], **({} if collection == "views" else values)}
    return int(server.post(PATHS[collection], json=sent).raise_for_status().json()["id"])


def annotate(server: httpx.Client, *, imported: bool, choice: str = "No") -> None:
    """A task with one annotation for the oldest project: made on the labeling page, or imported with its task."""
    number = projects(server)[0]["id"]
    result = [{"from_name": "dx", "to_name": "t", "type": "choices", "value": {"choices": [choice]}}]
    brought = {"annotations": [{"result": result}]} if imported else {}
    task = {"data": {"text": "a text"}, **brought}
    server.post(f"/api/projects/{number}/import", json=[task]).raise_for_status()
    if not imported:
        last = server.get("/api/tasks/", params={"project": number}).json()["tasks"][-1]["id"]
        server.post(f"/api/tasks/{last}/annotations/", json={"result": result}).raise_for_status()
