"""What a snapshot may be told to hold, and how.

Enterprise filters by review too. Its description says so in a sentence and no answer of it was seen: here a task is
reviewed if one of its annotations is, and an annotation if there is a review of it.
"""

from __future__ import annotations

from lsops.sandbox.fields import Field, nested, read
from lsops.sandbox.fieldtypes import choice, flag, number, text
from lsops.sandbox.resource import Call
from lsops.sandbox.resources.exports.data import Recipe

_ONLY = Field(choice("only", "exclude"), null=True)
_IDS = Field(nested({"only_id": Field(flag(), default=False)}))
OPTIONS = {
    "task_filter_options": {
        "view": Field(number()),
        **dict.fromkeys(("skipped", "finished", "annotated"), _ONLY),
        "only_with_annotations": Field(flag(), default=False),
    },
    "annotation_filter_options": {
        "usual": Field(flag(null=True), default=True, null=True),
        **dict.fromkeys(("ground_truth", "skipped"), Field(flag(null=True), null=True)),
    },
    "serialization_options": {
        **dict.fromkeys(("drafts", "predictions", "annotations__completed_by"), _IDS),
        "include_annotation_history": Field(flag(), default=False),
        "interpolate_key_frames": Field(flag(), default=False),
    },
}
_ON_ENTERPRISE = {
    "task_filter_options": {"reviewed": _ONLY},
    "annotation_filter_options": {"reviewed": _ONLY},
    "serialization_options": {},
}


def asked_for(call: Call) -> tuple[str, Recipe]:
    """The title that a body gives a snapshot, if it does, and what is to be in it."""
    known = {name: {**own, **_ON_ENTERPRISE[name]} if call.enterprise else own for name, own in OPTIONS.items()}
    fields = {
        "title": Field(text(longest=2048)),
        **{name: Field(nested(own), null=True) for name, own in known.items()},
    }
    given = read(fields, call.body, partial=False)
    return given.get("title") or "", Recipe(*(given.get(name) or {} for name in OPTIONS))
