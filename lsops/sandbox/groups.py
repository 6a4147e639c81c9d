"""Groups of an identity provider: how settings map them, and what becomes of people who are in them.

Facts: enterprise-api 5.7 and 12. A group that is pushed makes the workspaces that are mapped to it; of several roles
the most elevated wins; who is in no group with a role is deactivated.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from lsops.sandbox.envelope import Forbidden
from lsops.sandbox.fields import Bad, Convert, Field
from lsops.sandbox.fieldtypes import choice, number, several, text
from lsops.sandbox.people import ROLES, admit, by_email, membership_of
from lsops.sandbox.resource import ENTERPRISE, Call
from lsops.sandbox.store import Column, Document, Store, Table

ROLE_NAMES = ("Administrator", "Manager", "Reviewer", "Annotator")
"""Those that the guides name, the most elevated first."""
INTERNAL_NAMES = ("Not Activated", "Deactivated")
SEATS = ("standard", "flex", "viewonly")
PROJECT_ROLES = ("Inherit", "Annotator", "Reviewer")

ROLES_GROUPS, WORKSPACES_GROUPS, PROJECTS_GROUPS = "roles_groups", "workspaces_groups", "projects_groups"
SEATS_GROUPS = "user_type_groups"
SEATS_SINCE = (2, 37)
LISTS = (ROLES_GROUPS, WORKSPACES_GROUPS, PROJECTS_GROUPS, SEATS_GROUPS)

EMPTY, NULL, LIST = "empty-group-lists", "null", "list"
"""Whether GET has null or an empty list where no group is mapped: the description allows both."""

CALLERS, OWNER, ADMINISTRATORS = "identity-settings-for", "owner", "administrators"
"""Who may read and write them: a guide says that the owner is needed, the API description says nothing."""

PUSHED = Table("pushed_group", (Column("organization", references="organization"), Column("name")))
"""The groups that an identity provider pushed, with the e-mails of who is in each."""

_NAME = text(shortest=1, blank=False)


def check_caller(call: Call) -> None:
    """Raises: Forbidden, for an administrator where the owner is needed."""
    if call.role != "OW" and call.unknown(CALLERS) == OWNER:
        raise Forbidden


def fields(role_names: Iterable[str], release: tuple[int, ...]) -> dict[str, Field]:
    """The four lists of mappings, less those that a release lacks."""
    first_of = {
        ROLES_GROUPS: choice(*role_names),
        WORKSPACES_GROUPS: _NAME,
        SEATS_GROUPS: choice(*SEATS),
    }
    pairs = {name: Field(several(_pair(convert)), default=[]) for name, convert in first_of.items()}
    found = {**pairs, PROJECTS_GROUPS: Field(several(_project_group), default=[])}
    return {name: found[name] for name in LISTS if name != SEATS_GROUPS or release >= SEATS_SINCE}


def _pair(first: Convert) -> Convert:
    def convert(value: Any) -> list[str]:
        if not isinstance(value, list) or len(value) != 2:
            raise Bad("Expected a list of two strings.")
        return [first(value[0]), _NAME(value[1])]

    return convert


_OF_PROJECT = {"group": _NAME, "project_id": number(), "role": choice(*PROJECT_ROLES)}


def _project_group(value: Any) -> Document:
    if not isinstance(value, dict):
        raise Bad({"non_field_errors": ["Invalid data. Expected a dictionary."]})
    if missing := {name: ["This field is required."] for name in _OF_PROJECT if name not in value}:
        raise Bad(missing)
    return {name: convert(value[name]) for name, convert in _OF_PROJECT.items()}


def shown(settings: Mapping[str, Any], answer: str) -> Document:
    """Settings as GET shows them, with the answer to `EMPTY`."""
    return {name: None if name in LISTS and not value and answer == NULL else value for name, value in settings.items()}


# ---- who is in a group ---------------------------------------------------------------------------


def push(store: Store, settings: Mapping[str, Any], group: str, emails: Iterable[str]) -> None:
    """What a provider does that pushes a group: who is in it from now on, and what that gives them.

    Whoever is not in the organisation comes into it with its default role.
    """
    organization = store.find("organization", limit="LIMIT 1")[0]
    people = [email.strip() for email in emails]
    for email in people:
        if by_email(store, email) is None:
            admit(store, ENTERPRISE, email, organization.get("default_role", ROLES["annotator"]))
    for known in store.find("pushed_group", "name = ?", (group,)):
        store.delete("pushed_group", known["id"])
    store.insert("pushed_group", {"organization": organization["id"], "name": group, "emails": people})
    evaluate(store, settings, organization["id"], [group])


def evaluate(store: Store, settings: Mapping[str, Any], organization: int, names: Iterable[str] | None = None) -> None:
    """Give everybody in pushed groups what these mean now; `names` are the groups, None for all of them."""
    pushed = {one["name"]: one["emails"] for one in store.find("pushed_group", "organization = ?", (organization,))}
    wanted = pushed if names is None else {name: pushed[name] for name in names}
    for title, group in settings.get(WORKSPACES_GROUPS) or ():
        _place(store, organization, title, wanted.get(group, ()), is_pushed=group in wanted)
    for one in settings.get(PROJECTS_GROUPS) or ():
        _add(store, "project", one["project_id"], wanted.get(one["group"], ()))
    if settings.get(ROLES_GROUPS):
        for email in dict.fromkeys(email for emails in wanted.values() for email in emails):
            groups = {name for name, emails in pushed.items() if email in emails}
            _give_role(store, email, [role for role, group in settings[ROLES_GROUPS] if group in groups])


def _place(store: Store, organization: int, title: str, emails: Iterable[str], *, is_pushed: bool) -> None:
    """People into a workspace; a group that was pushed makes it where it is not there."""
    found = store.find("workspace", "organization = ? AND is_personal = 0 AND title = ?", (organization, title))
    if not found and is_pushed:
        made = {"title": title, "description": "", "color": "#FFFFFF", "is_personal": False, "is_archived": False}
        found = [store.insert("workspace", {**made, "created_by": None, "organization": organization})]
    for workspace in found[:1]:
        _add(store, "workspace", workspace["id"], emails)


def _add(store: Store, table: str, number: int, emails: Iterable[str]) -> None:
    for email in emails:
        user = by_email(store, email)
        known = user and store.count(f"{table}_member", f'{table} = ? AND "user" = ?', (number, user["id"]))
        if user and not known:
            store.insert(f"{table}_member", {table: number, "user": user["id"]})


def _give_role(store: Store, email: str, names: Iterable[str]) -> None:
    user = by_email(store, email)
    membership = membership_of(store, user["id"]) if user else None
    if membership is None or membership["role"] == "OW":
        return
    best = next((name for name in ROLE_NAMES if name in set(names)), "Deactivated")
    store.replace("membership", {**membership, "role": ROLES[best.lower()], "role_source": "scim"})
