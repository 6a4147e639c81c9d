"""How an annotation is kept, and how it is shown."""

from __future__ import annotations

import uuid
from typing import Any

from lsops.sandbox.fieldtypes import now
from lsops.sandbox.resource import Call
from lsops.sandbox.resources.annotation_history import note_history
from lsops.sandbox.resources.annotations.fields import FIELDS
from lsops.sandbox.store import Document

_GIVEN = ("result", "was_cancelled", "ground_truth")
_NOTHING = ("draft_created_at", "lead_time", "import_id", "last_action")
_PARENTS = ("parent_prediction", "parent_annotation", "last_created_by")


def add_annotation(call: Call, task: Document, given: Document, *, imported: bool) -> Document:
    """A new annotation by the caller; an imported one is ground truth unless it says otherwise."""
    ours = {
        "task": task["id"],
        "project": task["project"],
        "completed_by": call.user["id"],
        "updated_by": None if imported else call.user["id"],
        "created_at": now(),
        "updated_at": now(),
        "imported": imported,
    }
    usual = {name: FIELDS[name].default for name in _GIVEN}
    made = call.store.insert(
        "annotation", {**usual, "unique_id": str(uuid.uuid4()), "ground_truth": imported, **ours, **given}
    )
    if imported:
        note_history(call, made, "imported")
    return made


def show_annotation(call: Call, annotation: Document) -> dict[str, Any]:
    """An annotation as lists and details show it."""
    author = call.store.get("user", annotation["completed_by"]) or {}
    name = " ".join(part for part in (author.get("first_name"), author.get("last_name")) if part)
    return {
        "id": annotation["id"],
        "result": annotation["result"],
        "created_username": f"{name} {author.get('email')}, {author.get('id')}",
        "created_ago": "0\xa0minutes",
        "completed_by": annotation["completed_by"],
        "was_cancelled": annotation["was_cancelled"],
        "ground_truth": annotation["ground_truth"],
        "created_at": annotation["created_at"],
        "updated_at": annotation["updated_at"],
        **{key: annotation.get(key) for key in _NOTHING},
        "bulk_created": annotation.get("bulk_created", False),
        "task": annotation["task"],
        "project": annotation["project"],
        "updated_by": annotation["updated_by"],
        **{key: annotation.get(key) for key in _PARENTS},
        **({"state": "CREATED"} if call.enterprise else {}),
    }
