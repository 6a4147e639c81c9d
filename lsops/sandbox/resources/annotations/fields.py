"""What a body may set of an annotation."""

from __future__ import annotations

import json
from typing import Any

from lsops.sandbox.envelope import Crash
from lsops.sandbox.fields import Bad, Field, anything, read
from lsops.sandbox.fieldtypes import check_key, choice, flag, moment, number, real
from lsops.sandbox.resource import Call
from lsops.sandbox.store import Document


def _results(value: Any) -> list[Any]:
    """A list, or a text that holds one; a text that is no JSON crashes the server."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            raise Crash('annotation "result" can\'t be parse from str to JSON') from None
    if not isinstance(value, list):
        raise Bad('annotation "result" field in annotation must be list')
    return value


_ACTIONS = (
    *("prediction", "propagated_annotation", "imported", "submitted", "updated", "skipped"),
    *("accepted", "rejected", "fixed_and_accepted", "deleted_review"),
)
_LARGE = "A valid biginteger is required."


def _large(value: Any) -> int:
    try:
        return int(number()(value))
    except Bad:
        raise Bad(_LARGE) from None


FIELDS = {
    "result": Field(_results, default=None),
    "was_cancelled": Field(flag(), default=False),
    "ground_truth": Field(flag(), default=False),
    "lead_time": Field(real, null=True),
    "completed_by": Field(anything),
    "unique_id": Field(anything, null=True),
    "draft_created_at": Field(moment, null=True),
    "import_id": Field(_large, null=True),
    "last_action": Field(choice(*_ACTIONS), null=True),
    "bulk_created": Field(flag(null=True), default=False, null=True),
    "parent_prediction": Field(anything, null=True),
    "parent_annotation": Field(anything, null=True),
    "task": Field(anything, null=True, create=False),
    "project": Field(anything, null=True, create=False),
}
_REFERENCES = {
    "completed_by": "user",
    "parent_prediction": "prediction",
    "parent_annotation": "annotation",
    "task": "task",
    "project": "project",
}


def read_annotation(call: Call, *, partly: bool) -> Document:
    """The fields of a body; what it names must be there."""

    def check(table: str) -> Any:
        return lambda key: check_key(key, exists=lambda number: call.store.get(table, number))

    return read(FIELDS, call.body, partial=partly, checks={name: check(table) for name, table in _REFERENCES.items()})
