"""`/api/scim/settings`: which groups of an identity provider mean what (enterprise-api 5.7 and 12).

POST is the update and answers 201. Workspaces that it names must exist, projects must belong to the organisation, and
groups that were pushed earlier are evaluated again. Whether it replaces or merges lists, what omitted ones mean and
whether internal roles may be named is unknown (enterprise-api 11, point 3), a switch each.
"""

from __future__ import annotations

from typing import Any

from lsops.sandbox import groups
from lsops.sandbox.fields import Bad, read
from lsops.sandbox.release import RELEASES, numbers
from lsops.sandbox.resource import Answer, Call, Resource, Route
from lsops.sandbox.store import Column, Document, Store, Table

_TABLE = "scim_settings"
LISTS, REPLACES, MERGES = "scim-lists", "replaced", "merged"
OMITTED, KEPT, EMPTIED = "scim-omitted-lists", "kept", "emptied"
NAMES, GUIDES, ALL = "scim-role-names", "of-the-guides", "all"


def _detail(call: Call) -> Answer:
    groups.check_caller(call)
    shown = groups.shown(_show(call, settings_of(call.store)), call.unknown(groups.EMPTY))
    return Answer({**shown, "user_type_capacities": {}} if groups.SEATS_GROUPS in shown else shown)


def _update(call: Call) -> Answer:
    groups.check_caller(call)
    checks = {groups.WORKSPACES_GROUPS: _checked_workspaces(call), groups.PROJECTS_GROUPS: _checked_projects(call)}
    given = read(_fields(call), call.body, partial=True, checks=checks)
    before = settings_of(call.store)
    if call.unknown(LISTS) == MERGES:
        given = {name: _together(before.get(name) or [], value) for name, value in given.items()}
    if call.unknown(OMITTED) == EMPTIED:
        given = {**{name: [] for name in groups.LISTS}, **given}
    changed = {**before, **given}
    _keep(call, changed)
    groups.evaluate(call.store, changed, call.organization or 0)
    return Answer(_show(call, changed), 201)


def settings_of(store: Store) -> Document:
    """The mappings that are kept; empty before the first save."""
    return next(iter(store.find(_TABLE, limit="LIMIT 1")), {})


def _keep(call: Call, changed: Document) -> None:
    if "id" in changed:
        call.store.replace(_TABLE, changed)
    else:
        call.store.insert(_TABLE, {**changed, "organization": call.organization})


def _fields(call: Call) -> dict[str, Any]:
    names = groups.ROLE_NAMES + (groups.INTERNAL_NAMES if call.unknown(NAMES) == ALL else ())
    return groups.fields(names, numbers(RELEASES[call.edition]))


def _show(call: Call, settings: Document) -> Document:
    return {name: settings.get(name) or [] for name in _fields(call)}


def _together(before: list[Any], given: list[Any]) -> list[Any]:
    return before + [one for one in given if one not in before]


def _checked_workspaces(call: Call) -> Any:
    def check(value: list[list[str]]) -> list[list[str]]:
        known = call.store.find("workspace", "organization = ? AND is_personal = 0", (call.organization,))
        titles = {workspace["title"] for workspace in known}
        if missing := sorted({title for title, _ in value} - titles):
            raise Bad(f"Workspaces do not exist: {', '.join(missing)}")
        return value

    return check


def _checked_projects(call: Call) -> Any:
    def check(value: list[Document]) -> list[Document]:
        wanted = {one["project_id"] for one in value}
        if missing := sorted(number for number in wanted if call.store.get("project", number) is None):
            raise Bad(f"Projects do not belong to the organization: {', '.join(map(str, missing))}")
        return value

    return check


RESOURCE = Resource(
    "scim_settings",
    tables=(Table(_TABLE, (Column("organization", references="organization"),)), groups.PUSHED),
    routes=(Route("/api/scim/settings", {"GET": _detail, "POST": _update}, enterprise=True),),
    unknowns={
        LISTS: (REPLACES, MERGES),
        OMITTED: (KEPT, EMPTIED),
        NAMES: (GUIDES, ALL),
        groups.EMPTY: (groups.NULL, groups.LIST),
        groups.CALLERS: (groups.OWNER, groups.ADMINISTRATORS),
    },
)
