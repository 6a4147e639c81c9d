"""`/api/organizations/{id}/member-tags` and who has them (enterprise-api 5.9); no path ends with a slash.

Unknown, and switches: whether labels are unique without regard to letter case, and whether an assignment of no tags
with `overwrite` takes all of a person's tags away or is refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lsops.sandbox.envelope import Invalid
from lsops.sandbox.fields import Field, defaults, read
from lsops.sandbox.fieldtypes import flag, now, number, several, text
from lsops.sandbox.paging import Paging, page
from lsops.sandbox.resource import Answer, Call, Resource, Route
from lsops.sandbox.resources.organizations import own
from lsops.sandbox.store import Column, Document, Table

_PAGES = Paging(size=30, most=100)
_LABEL = text(longest=255, blank=False)
_FIELDS = {"label": Field(_LABEL, required=True)}
_MANY = {"labels": Field(several(_LABEL, empty=False), required=True)}
_IDS = several(number(least=1))
_ASSIGNMENT = {
    "all": Field(flag(), required=True),
    "included": Field(_IDS, default=[]),
    "excluded": Field(_IDS, default=[]),
    "tags": Field(_IDS, default=[]),
    "overwrite": Field(flag(), default=False),
}
_CASE = "member-tag-case"
_EMPTY = "member-tag-empty"
_ORDERS = ("label", "id", "created_at")


def _listing(call: Call, organization_id: int) -> Answer:
    own(call, organization_id)
    where, arguments = (
        "organization = ? AND instr(lower(label), ?)",
        (organization_id, call.query.get("search", "").lower()),
    )
    name = call.query.get("ordering", "").removeprefix("-")
    order = f"{name if name in _ORDERS else 'id'} {'DESC' if call.query.get('ordering', '').startswith('-') else 'ASC'}"

    def rows(limit: int, offset: int) -> list[dict[str, Any]]:
        found = call.store.find("member_tag", where, arguments, order=order, limit=f"LIMIT {limit} OFFSET {offset}")
        return [_show(call, tag) for tag in found]

    return Answer(page(call, _PAGES, count=call.store.count("member_tag", where, arguments), rows=rows))


def _create(call: Call, organization_id: int) -> Answer:
    own(call, organization_id)
    label = read(_FIELDS, call.body, partial=False)["label"]
    if _same_label(call, label):
        raise Invalid({"label": ["A tag with this label already exists in the organization."]})
    return Answer(_show(call, _add(call, label)), 201)


def _create_many(call: Call, organization_id: int) -> Answer:
    own(call, organization_id)
    labels = dict.fromkeys(read(_MANY, call.body, partial=False)["labels"])
    new = [label for label in labels if not _same_label(call, label)]
    for label in new:
        _add(call, label)
    return Answer({"created": len(new)}, 201)


def _add(call: Call, label: str) -> Document:
    times = {"created_at": now(), "updated_at": now()}
    ours = {"organization": call.organization, "created_by": call.user["id"]}
    return call.store.insert("member_tag", {"label": label, **ours, **times})


def _same_label(call: Call, label: str, but: int = 0) -> bool:
    column, wanted = ("lower(label)", label.lower()) if call.unknown(_CASE) == "folded" else ("label", label)
    condition = f"organization = ? AND {column} = ? AND id != ?"
    return bool(call.store.count("member_tag", condition, (call.organization, wanted, but)))


def _detail(call: Call, organization_id: int, tag_id: int) -> Answer:
    return Answer(_show(call, _tag(call, organization_id, tag_id)))


def _change(call: Call, organization_id: int, tag_id: int) -> Answer:
    tag = _tag(call, organization_id, tag_id)
    given = read(_FIELDS, call.body, partial=True)
    if "label" in given and _same_label(call, given["label"], tag_id):
        raise Invalid({"label": ["A tag with this label already exists in the organization."]})
    changed = {**tag, **given, "updated_at": now()}
    call.store.replace("member_tag", changed)
    return Answer(_show(call, changed))


def _remove(call: Call, organization_id: int, tag_id: int) -> Answer:
    call.store.delete("member_tag", _tag(call, organization_id, tag_id)["id"])
    return Answer(None, 204)


def _remove_many(call: Call, organization_id: int) -> Answer:
    own(call, organization_id)
    wish = ",".join(call.lists.get("ids", ()))
    ids = [int(part) for part in wish.split(",") if part.strip().isdecimal()]
    gone = [tag for tag in (call.store.get("member_tag", key) for key in ids) if tag is not None]
    for tag in gone:
        call.store.delete("member_tag", tag["id"])
    return Answer({"deleted": len(gone)})


def _assign(call: Call, organization_id: int) -> Answer:
    own(call, organization_id)
    given = {**defaults(_ASSIGNMENT), **read(_ASSIGNMENT, call.body, partial=False)}
    _check_tags(call, given)
    people = _chosen(call, given)
    for membership in people:
        if given["overwrite"]:
            call.store.run("DELETE FROM member_tag_assignment WHERE membership = ?", (membership["id"],))
        for tag in _missing(call, membership["id"], given["tags"]):
            call.store.insert("member_tag_assignment", {"membership": membership["id"], "member_tag": tag})
    return Answer({"assigned": len(people)})


def _check_tags(call: Call, given: dict[str, Any]) -> None:
    if not given["tags"] and (not given["overwrite"] or call.unknown(_EMPTY) == "refused"):
        raise Invalid({"tags": ["This list may not be empty."]})
    unknown = [key for key in given["tags"] if call.store.get("member_tag", key) is None]
    if unknown:
        raise Invalid({"tags": [f"Tags not found: {', '.join(map(str, unknown))}."]})


def _chosen(call: Call, given: dict[str, Any]) -> list[Document]:
    members = call.store.find("membership", "organization = ?", (call.organization,))
    present = [row for row in members if not row.get("deleted_at") and row["user"] not in given["excluded"]]
    return [row for row in present if given["all"] or row["user"] in given["included"]]


def _missing(call: Call, membership: int, tags: Iterable[int]) -> list[int]:
    held = {row["member_tag"] for row in call.store.find("member_tag_assignment", "membership = ?", (membership,))}
    return [tag for tag in dict.fromkeys(tags) if tag not in held]


def _tag(call: Call, organization_id: int, tag_id: int) -> Document:
    own(call, organization_id)
    return call.found("member_tag", tag_id, "OrganizationMemberTag")


def _show(call: Call, tag: Document) -> dict[str, Any]:
    count = call.store.count("member_tag_assignment", "member_tag = ?", (tag["id"],))
    maker = call.store.get("user", tag["created_by"]) or {}
    names = ("id", "email", "username", "first_name", "last_name", "avatar", "initials")
    by = {name: maker.get(name, None if name == "avatar" else "") for name in names}
    return {**tag, "created_by": by, "member_count": count}


def tags_of_members(call: Call) -> dict[int, list[dict[str, Any]]]:
    """The tags of everybody who has some, by their membership, as rows of members show them."""
    found = call.store.rows(
        "SELECT a.membership, t.id, t.label FROM member_tag_assignment a JOIN member_tag t ON t.id = a.member_tag"
        " ORDER BY a.id"
    )
    tags: dict[int, list[dict[str, Any]]] = {}
    for membership, key, label in found:
        tags.setdefault(membership, []).append({"id": key, "label": label})
    return tags


_BASE = "/api/organizations/<int:organization_id>/member-tags"

RESOURCE = Resource(
    "member_tags",
    tables=(
        Table("member_tag", (Column("organization", references="organization"), Column("label"))),
        Table(
            "member_tag_assignment",
            (Column("membership", references="membership"), Column("member_tag", references="member_tag")),
        ),
    ),
    routes=(
        Route(_BASE, {"GET": _listing, "POST": _create}, enterprise=True),
        Route(f"{_BASE}/bulk", {"POST": _create_many, "DELETE": _remove_many}, enterprise=True),
        Route(f"{_BASE}/assignments", {"POST": _assign}, enterprise=True),
        Route(f"{_BASE}/<int:tag_id>", {"GET": _detail, "PATCH": _change, "DELETE": _remove}, enterprise=True),
    ),
    unknowns={_CASE: ("exact", "folded"), _EMPTY: ("clears", "refused")},
)
