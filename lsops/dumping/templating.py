"""Templates for entries that differ in few places: what they have in common once, and a parameter for each place."""

from __future__ import annotations

import os.path
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lsops.dumping.alike import groups_alike
from lsops.dumping.names import Unique, slug
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
    names = Unique()
    found = []
    for members, places in groups_alike(entries):
        if all(_notes(entry) == _notes(members[0]) for entry in members) and not _is_odd(members[0]):
            name = names.of(slug(os.path.commonprefix([one.name for one in members]), "alike"))  # noqa: RUF071
            secrets = [place for place, value in _told(members[0]) if isinstance(value, Secret)]
            found.append(_taken(name, members, [*places, *secrets]))
    return found


def _notes(entry: DumpedEntry) -> list[list[str]]:
    return [one.notes for one in entry.each()]


def _is_odd(entry: DumpedEntry) -> bool:
    """Whether something in it is found by its id, or is a comment itself."""
    return any(one.lifecycle or one.required for one in entry.each())


def _told(entry: DumpedEntry, above: str = "") -> Iterator[tuple[str, Any]]:
    """What stands in each place of an entry and of all below it."""
    for path, value in leaves(entry.values, lists=False):
        yield above + path[1:], value
    for name, below in entry.children.items():
        for child in below:
            yield from _told(child, f"{above}{name}/{child.name}/")


def _taken(name: str, members: Sequence[DumpedEntry], places: Sequence[str]) -> FoundTemplate:
    names = Unique(joint="_")
    words = (_NOT_WORD.sub("_", place.rpartition("/")[2]).strip("_") or "value" for place in places)
    params = {place: names.of(word) for place, word in zip(places, words, strict=True)}
    body = _with_params(members[0], "", params)
    for entry in members:
        told = dict(_told(entry))
        given = {params[place]: told[place] for place in places}
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
