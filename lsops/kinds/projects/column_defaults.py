"""`dm_column_defaults`: which columns of the Data Manager each role sees at first; this module holds no kind.

The descriptions call the keys of `visible` public roles of the organisation, and no more (Enterprise facts 12). All
else of the API has two-letter codes for roles, so these are sent; both forms are read. A server that takes only words
refuses the request, which is told, and nothing of it is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from lsops.normalize import role, role_code

FIELD = "dm_column_defaults"
VISIBLE = "visible"


def roles_as_words(values: Mapping[str, Any]) -> dict[str, Any]:
    """The fields with the roles as words."""
    return _with_roles(values, role)


def roles_as_codes(values: Mapping[str, Any]) -> dict[str, Any]:
    """The fields with the roles as codes."""
    return _with_roles(values, role_code)


def _with_roles(values: Mapping[str, Any], spelt: Callable[[Any], Any]) -> dict[str, Any]:
    held = values.get(FIELD)
    if not isinstance(held, Mapping):
        return dict(values)
    return {**values, FIELD: {name: _surface(surface, spelt) for name, surface in held.items()}}


def _surface(surface: Any, spelt: Callable[[Any], Any]) -> Any:
    if not isinstance(surface, Mapping) or not isinstance(surface.get(VISIBLE), Mapping):
        return surface
    return {**surface, VISIBLE: {spelt(name): columns for name, columns in surface[VISIBLE].items()}}
