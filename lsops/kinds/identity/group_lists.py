"""The lists that say what groups mean, in the manifest's words and in the server's (Enterprise facts 1.14 and 5.7).

The server has pairs with names of roles and titles of workspaces, and objects with ids of projects. A manifest has
objects with words and titles. Their order means nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lsops.errors import NotFound
from lsops.kinds.reader import Names, Row
from lsops.normalize import role as role_word

ROLES, WORKSPACES, PROJECTS, SEATS = "roles_groups", "workspaces_groups", "projects_groups", "user_type_groups"
PAIRS: Mapping[str, str] = {ROLES: "role", SEATS: "user_type", WORKSPACES: "workspace"}
"""What the first of each pair is."""
LISTS = (*PAIRS, PROJECTS)
REFERENCES: Mapping[str, str] = {WORKSPACES: "workspace", PROJECTS: "project"}
"""The lists that name a resource of another kind, each with the kind, which is also the key in an item."""

NAMES: Mapping[str, str] = {
    "administrator": "Administrator",
    "manager": "Manager",
    "reviewer": "Reviewer",
    "annotator": "Annotator",
    "not_activated": "Not Activated",
    "deactivated": "Deactivated",
    "inherit": "Inherit",
}
"""The server's names of roles. It may hold the two that are not to be used (Enterprise facts 12), and then has them
back when all lists are sent.
"""
WORDS = {name.casefold(): word for word, name in NAMES.items()}


def as_objects(name: str, held: object, titles: Mapping[int, str]) -> list[Any]:
    """A list of a row as a manifest has it; `titles` are those of projects by id. Null is an empty list."""
    items = held if isinstance(held, list) else []
    return [_project(item, titles) if name == PROJECTS else _pair(PAIRS[name], item) for item in items]


def as_pairs(name: str, declared: list[Any], names: Names) -> list[Any]:
    """A list of a manifest as the server wants it. Raises: NotFound, where there is no project of a title."""
    if name == PROJECTS:
        return [_with_id(item, names) for item in declared]
    return [_as_pair(PAIRS[name], item) for item in declared]


def titles_of(row: Row, names: Names) -> dict[int, str]:
    """The titles of the projects that a row names, by id."""
    by_id = {number: title for title, number in names.get("project", {}).items()}
    held = row.get(PROJECTS)
    ids = [item.get("project_id") for item in held if isinstance(item, Mapping)] if isinstance(held, list) else []
    return {number: by_id.get(number, f"#{number}") for number in ids if isinstance(number, int)}


def _pair(first: str, item: object) -> Any:
    """A pair as an object; what is none stays as it is."""
    if not isinstance(item, list) or len(item) != 2:
        return item
    return {first: _worded(first, item[0]), "group": item[1]}


def _as_pair(first: str, item: Any) -> Any:
    """An object as a pair; what is none stays as it is."""
    return [_named(first, item[first]), item["group"].strip()] if isinstance(item, Mapping) else item


def _worded(first: str, value: object) -> object:
    if first == "workspace" or not isinstance(value, str):
        return value
    return WORDS.get(value.casefold(), value) if first == "role" else value.replace(" ", "").casefold()


def _named(first: str, value: str) -> str:
    return NAMES.get(str(role_word(value)), value) if first == "role" else value.strip()


def _project(item: object, titles: Mapping[int, str]) -> Any:
    if not isinstance(item, Mapping):
        return item
    number = item.get("project_id")
    title = titles.get(number, f"#{number}") if isinstance(number, int) else None
    return {"project": title, "group": item.get("group"), "role": _worded("role", item.get("role"))}


def _with_id(item: Any, names: Names) -> Any:
    if not isinstance(item, Mapping):
        return item
    title = item["project"].strip()
    number = names.get("project", {}).get(title)
    if number is None:
        raise NotFound.of(f'there is no project "{title}" now')
    return {"group": item["group"].strip(), "project_id": number, "role": _named("role", item["role"])}
