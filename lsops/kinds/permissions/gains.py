"""Who gains and who loses by a change of a permission; this module holds no kind itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from lsops.kinds.permissions.uses import why_needed
from lsops.model.live import Facts
from lsops.model.plan import Change
from lsops.model.resource import Resource
from lsops.normalize import role as role_word

RUNS_LSOPS = ("administrator", "manager")
"""The roles, besides the owner's, whose tokens lsops may be run with."""
PEOPLE: Mapping[str, str] = {
    "owner": "the owner",
    "administrator": "administrators",
    "manager": "managers",
    "reviewer": "reviewers",
    "annotator": "annotators",
    "not_activated": "people who are not activated",
    "deactivated": "deactivated people",
    "view_only": "people who may only look",
}


def role_words(codes: Any) -> list[str]:
    """Roles of the server as words, in their order; none where it says nothing."""
    return [role_word(code) for code in codes or () if isinstance(code, str)]


def roles_moved(change: Change, live: Resource) -> tuple[list[str], list[str]]:
    """The roles that gain and those that lose a live permission by a change."""
    held, wanted = role_words(live.raw.get("roles")), role_words(_wanted(change, live))
    return [one for one in wanted if one not in held], [one for one in held if one not in wanted]


def _wanted(change: Change, live: Resource) -> Any:
    """The roles that have it after a change: the default, where an override goes."""
    if change.action == "delete" or change.after is None:
        return live.raw.get("default")
    return change.held_after().get("roles")


def said_effects(change: Change, live: Resource) -> Iterator[str]:
    """What people may from then on, as the server calls it. Where its default is not known, nothing is said of that."""
    default, title = live.raw.get("default"), str(live.raw.get("label") or live.key)
    if change.action == "delete" and not isinstance(default, list):
        yield "the default holds again"
        return
    if change.action == "delete":
        yield f"the default holds again: {', '.join(role_words(default)) or 'nobody'}"
    gained, lost = roles_moved(change, live)
    if gained:
        yield f"{_people(gained)} may from now on: {title}"
    if lost:
        yield f"{_people(lost)} may no longer: {title}"


def doubts_about(change: Change, live: Resource, facts: Facts) -> Iterator[str]:
    """Whether lsops may make the change, and whether it could still be run afterwards."""
    if facts.role not in ("", "owner"):
        yield f"only the owner changes permissions, and the role of lsops' token is {facts.role}"
    others = [role for role in roles_moved(change, live)[1] if role in RUNS_LSOPS and role != facts.role]
    if others and (why := why_needed(live.key)):
        yield f"it binds the API, too: lsops may be refused with a token of {_people(others)} ({why})"


def _people(roles: Iterable[str]) -> str:
    told = [PEOPLE.get(role, role) for role in dict.fromkeys(roles)]
    return " and ".join(filter(None, (", ".join(told[:-1]), told[-1])))
