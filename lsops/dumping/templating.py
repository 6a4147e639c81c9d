"""Templates for entries that differ in few places: what they have in common once, and a parameter for each place."""

from __future__ import annotations

import os.path
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lsops.dumping.alike import groups_alike
from lsops.dumping.names import slug, unique
from lsops.dumping.values import DumpedEntry, FileText, ParamText
from lsops.model.leaves import leaves
from lsops.model.resource import Secret

_NOT_WORD = re.compile(r"\W+", re.ASCII)


@dataclass(frozen=True, slots=True)
class FoundTemplate:
    """A template: its parameters, and what it lays beneath each entry, as an entry called by its kind."""

    name: str
    params: tuple[str, ...]
    body: DumpedEntry


def take_templates(entries: Iterable[DumpedEntry]) -> list[FoundTemplate]:
    """The templates of groups of entries, of which each then says its template and the values of the parameters alone.

    The variable of a secret is a parameter, too. Entries with comments that the others lack are left as they are.
    """
    taken: set[str] = set()
    found = []
    for members, places in groups_alike(entries):
        if all(_notes(entry) == _notes(members[0]) for entry in members) and not _is_odd(members[0]):
            name = unique(slug(os.path.commonprefix([one.name for one in members]), "alike"), taken)  # noqa: RUF071
            taken.add(name)
            found.append(_taken(name, members, [*places, *_secrets(members[0])]))
    return found


def _notes(entry: DumpedEntry) -> list[list[str]]:
    return [one.notes for one in entry.each()]


def _is_odd(entry: DumpedEntry) -> bool:
    """Whether something in it is found by its id, or is a comment itself."""
    return any(one.lifecycle or one.required for one in entry.each())


def _secrets(entry: DumpedEntry, above: str = "") -> Iterator[str]:
    """The places of secrets in an entry and all below it."""
    for path, value in leaves(entry.values, lists=False):
        if isinstance(value, Secret):
            yield above + path[1:]
    for name, below in entry.children.items():
        for child in below:
            yield from _secrets(child, f"{above}{name}/{child.name}/")


def _taken(name: str, members: Sequence[DumpedEntry], places: Sequence[str]) -> FoundTemplate:
    params: dict[str, str] = {}
    for place in places:
        word = _NOT_WORD.sub("_", place.rpartition("/")[2]).strip("_") or "value"
        params[place] = unique(word, set(params.values()), "_")
    body = _with_params(members[0], "", params)
    for entry in members:
        given = {params[place]: _at(entry, place) for place in places}
        shown = {param: value.name if isinstance(value, Secret) else value for param, value in given.items()}
        entry.template = {"template": name, "with": shown}
        entry.values, entry.children, entry.notes = {}, {}, []
    return FoundTemplate(name, tuple(params.values()), replace(body, name=members[0].live.kind))


def _with_params(entry: DumpedEntry, above: str, params: Mapping[str, str]) -> DumpedEntry:
    """A copy of an entry with a parameter in each of the places."""
    children = {
        name: [_with_params(child, f"{above}{name}/{child.name}/", params) for child in below]
        for name, below in entry.children.items()
    }
    values = {name: _replaced(value, above + name, params) for name, value in entry.values.items()}
    return replace(entry, values=values, children=children)


def _replaced(value: Any, place: str, params: Mapping[str, str]) -> Any:
    if place in params:
        return ParamText(params[place], isinstance(value, Secret))
    if isinstance(value, FileText):
        return replace(value, name=value.name.removeprefix("../"))
    if isinstance(value, Mapping):
        return {name: _replaced(inner, f"{place}/{name}", params) for name, inner in value.items()}
    return value


def _at(entry: DumpedEntry, place: str) -> Any:
    """What stands at a place of an entry, one of its children's included."""
    for name, below in entry.children.items():
        for child in below:
            start = f"{name}/{child.name}/"
            if place.startswith(start):
                return _at(child, place[len(start) :])
    value: Any = entry.values
    for part in place.split("/"):
        value = value[part.replace("~1", "/").replace("~0", "~")]
    return value
