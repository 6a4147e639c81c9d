"""What belongs to projects, as far as the caller sees those: a list's `?project=`, and the reference in a body.

Facts: community-api 4 and 5: lists without `?project=` are of the whole organisation, and an unknown project is 400.
"""

from __future__ import annotations

from typing import Any

from lsops.sandbox.envelope import Invalid
from lsops.sandbox.fields import Bad, Convert
from lsops.sandbox.resource import Call
from lsops.sandbox.resources.projects.listing import Condition, selection
from lsops.sandbox.store import Document

_NO_CHOICE = "Select a valid choice. That choice is not one of the available choices."


def visible(call: Call, project: int) -> bool:
    """Whether the caller sees a project."""
    where, arguments = selection(call, only_visible=True)
    return bool(call.store.count("project", f"{where} AND id = ?", (*arguments, project)))


def may(call: Call, project: Document) -> bool:
    """Whether the caller may use a project; Community says no to those who were removed from its organisation."""
    if call.enterprise:
        return visible(call, project["id"])
    return not (project["organization"] and call.homeless)


def chosen(call: Call, project: int) -> bool:
    """Whether a call may name a project: on Community any that exists, though its caller may not see it."""
    return visible(call, project) if call.enterprise else call.store.get("project", project) is not None


def seen(call: Call) -> Condition:
    """The SQL condition over rows with a `project` for those of projects that the caller sees."""
    where, arguments = selection(call, only_visible=True)
    return f"project IN (SELECT id FROM project WHERE {where})", arguments  # noqa: S608  # no client's text


def narrowed(call: Call) -> Condition:
    """The SQL condition over rows with a `project` for those that a list shows."""
    wish = call.query.get("project", "")
    if not wish:
        return seen(call)
    if not wish.isdecimal() or not chosen(call, int(wish)):
        raise Invalid({"project": [_NO_CHOICE]})
    return ("project = ?", (int(wish),)) if visible(call, int(wish)) else ("0", ())


def reference(*, null: bool = False) -> Convert:
    """The id of another object as a body names it; an empty text is null, which it may be or not."""

    def convert(value: Any) -> Any:
        if value == "" and not null:
            raise Bad("This field may not be null.")
        return None if value == "" else value

    return convert
