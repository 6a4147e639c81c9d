"""Which projects a list shows, and in which order (community-api 2.1).

`title` is a substring without case; `search`, `organization` and unknown parameters are ignored on
Community. Enterprise has `workspaces` and, since 2025-09, `search` (enterprise-api 2.1), and shows
only what the caller belongs to.
"""

from __future__ import annotations

from typing import Any

from lsops.sandbox.access import visible_projects
from lsops.sandbox.envelope import Crash
from lsops.sandbox.resource import Call
from lsops.sandbox.resources.projects.fields import BASE

_DEFAULT = "pinned_at IS NULL, pinned_at DESC, created_at DESC"
_COLUMNS = ("id", "title", "pinned_at", "created_at", "organization")
_PINNED = {
    "pinned_only": "pinned_at IS NOT NULL",
    "exclude_pinned": "pinned_at IS NULL",
}

Condition = tuple[str, tuple[Any, ...]]


def selection(call: Call, *, only_visible: bool = False) -> Condition:
    """The SQL condition of a list; `only_visible` leaves the query's filters out."""
    parts: list[Condition] = [("organization IS ?", (call.organization,))]
    if call.enterprise:
        parts.append(visible_projects(call))
    if not only_visible:
        parts += _asked(call)
    return " AND ".join(part for part, _ in parts), tuple(value for _, values in parts for value in values)


def _asked(call: Call) -> list[Condition]:
    parts: list[Condition] = []
    if call.query.get("title"):
        parts.append(_contains(call.query["title"]))
    if call.query.get("ids"):
        parts.append(_in("id", call.query["ids"]))
    if call.query.get("filter") in _PINNED:
        parts.append((_PINNED[call.query["filter"]], ()))
    if call.enterprise and call.query.get("workspaces"):
        parts.append(_in("workspace", call.query["workspaces"]))
    if call.enterprise and call.query.get("search"):
        parts.append(_contains(call.query["search"]))
    return parts


def _contains(part: str) -> Condition:
    escaped = part.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return r"title LIKE ? ESCAPE '\'", (f"%{escaped}%",)


def _in(column: str, listed: str) -> Condition:
    """A comma list of ids; anything else crashes the server."""
    values = tuple(_as_id(column, item) for item in listed.split(","))
    return f"{column} IN ({','.join('?' * len(values))})", values


def _as_id(column: str, item: str) -> int:
    try:
        return int(item)
    except ValueError:
        raise Crash(f"Field '{column}' expected a number but got {item!r}.") from None


def order_of(wish: str) -> str:
    """The SQL order: known fields of a comma list, or pinned first, then newest."""
    terms = [_term(name.strip()) for name in wish.split(",")]
    return ", ".join(term for term in terms if term) or _DEFAULT


def _term(wish: str) -> str:
    name = wish.removeprefix("-")
    direction = "DESC" if wish.startswith("-") else "ASC"
    if name in _COLUMNS:
        return f"{name} {direction}"
    return f"json_extract(doc, '$.{name}') {direction}" if name in BASE else ""
