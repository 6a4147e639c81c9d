"""Rows of an audit in the database of a sandbox, as many as a test wants."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

BEGIN = datetime(2026, 1, 1, 0, 0, 0, 250_000, tzinfo=timezone.utc)
"""The time of row 0; each later one comes a second after the one before."""


def time_of(number: float) -> str:
    """The time of a row as the server writes it."""
    return (BEGIN + timedelta(seconds=number)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def log(number: float, **more: Any) -> dict[str, Any]:
    """A row of the activity log."""
    return {
        "datetime": time_of(number),
        "email": "ana@x.example",
        "organization_id": 1,
        "project_id": 1,
        "request_method": "PATCH",
        "request_url": f"/api/projects/1/?n={number}",
        "response_code": "200",
        "user_id": 1,
        **more,
    }


def history(number: float, **more: Any) -> dict[str, Any]:
    """An entry of the history of an annotation."""
    return {
        "action": "updated",
        "annotation_id": 1,
        "task_id": 1,
        "project_id": 1,
        "created_at": time_of(number),
        "result": [],
        **more,
    }


def review(number: float, **more: Any) -> dict[str, Any]:
    """A review of the annotation 1."""
    own = {"accepted": True, "last_annotation_history": None, "remove_from_queue": False, "result": None}
    return {
        **own,
        "annotation": 1,
        "project": 1,
        "created_by": 1,
        "started_at": None,
        "created_at": time_of(number),
    } | more


def put(database: Path, table: str, rows: Iterable[dict[str, Any]]) -> None:
    """Store rows."""
    with sqlite3.connect(database) as connection:
        connection.executemany(
            f'INSERT INTO "{table}" (doc) VALUES (?)',  # our own name
            ((json.dumps(row),) for row in rows),
        )
    connection.close()


def empty_log(database: Path) -> None:
    """Forget what was logged: it would stand before rows of an earlier time."""
    with sqlite3.connect(database) as connection:
        connection.execute("DELETE FROM activity_log")
    connection.close()
