"""The events that call webhooks (community-api 4): the catalogue, and which of them each edition has.

The three of Enterprise are in the public API description (enterprise-api 7.9); their names here are a guess.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lsops.sandbox.resource import Call


@dataclass(frozen=True, slots=True)
class Action:
    """An event: its name for people, and the key of what happened in the payload."""

    code: str
    name: str
    key: str
    organization_only: bool = False
    enterprise: bool = False

    def show(self) -> dict[str, Any]:
        """The entry of the catalogue."""
        return {"name": self.name, "description": "", "key": self.key, "organization-only": self.organization_only}


_ACTIONS = (
    Action("PROJECT_CREATED", "Project created", "project", organization_only=True),
    Action("PROJECT_UPDATED", "Project updated", "project"),
    Action("PROJECT_DELETED", "Project deleted", "project", organization_only=True),
    Action("TASKS_CREATED", "Task created", "tasks"),
    Action("TASKS_DELETED", "Task deleted", "tasks"),
    Action("ANNOTATION_CREATED", "Annotation created", "annotation"),
    Action("ANNOTATIONS_CREATED", "Annotations created", "annotation"),
    Action("ANNOTATION_UPDATED", "Annotation updated", "annotation"),
    Action("ANNOTATIONS_DELETED", "Annotation deleted", "annotations"),
    Action("LABEL_LINK_CREATED", "Label link created", "label_link"),
    Action("LABEL_LINK_UPDATED", "Label link updated", "label_link"),
    Action("LABEL_LINK_DELETED", "Label link deleted", "label_link"),
    Action("REVIEW_CREATED", "Review created", "review", enterprise=True),
    Action("REVIEW_UPDATED", "Review updated", "review", enterprise=True),
    Action("REVIEWS_DELETED", "Review deleted", "reviews", enterprise=True),
)


def known(call: Call) -> list[Action]:
    """What the edition has, in the catalogue's order."""
    return [action for action in _ACTIONS if call.enterprise or not action.enterprise]


def of_organizations(codes: list[str]) -> bool:
    """Whether one of them can only happen to an organisation."""
    return any(action.organization_only for action in _ACTIONS if action.code in codes)
