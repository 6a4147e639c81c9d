"""Storages of one project that meet: what one writes, another reads. What each does says its schema (`place`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from lsops.manifest.findings import Findings, quote
from lsops.manifest.specs import NOTHING, Spec
from lsops.model.resource import Resource
from lsops.schema import noun_of

DEEPEST = 64
"""Folders above one that are looked at."""

Store = tuple[Any, ...]
"""A project and a bucket, or what is one elsewhere."""


class PlaceRules(NamedTuple):
    """What a schema says of where its resources read or write.

    `names` are the fields that tell two stores of a sort apart. Who reads does so below its folder, too, where the
    field `below` is true or there is none, and is no reader of everything where the field `unless` is set.
    """

    store: str
    names: tuple[str, ...]
    folder: str
    writes: bool
    below: str
    unless: str


def place_rules(document: Spec) -> PlaceRules | None:
    """The rules of a kind's schema; None for a kind that has none."""
    found = document.get("x-lsops", NOTHING).get("place")
    if found is None:
        return None
    words = (found.get(word, "") for word in ("below", "unless"))
    return PlaceRules(found["store"], tuple(found["is"]), found.get("folder", ""), found["does"] == "writes", *words)


class Places:
    """Remembers who reads and who writes; what is written into what is read is a warning."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._readers: dict[Store, list[tuple[Resource, PlaceRules]]] = {}
        self._writers: list[tuple[Store, Resource, PlaceRules]] = []

    def add(self, resource: Resource, rules: PlaceRules) -> None:
        """Remember a resource."""
        get = resource.values.get
        if resource.lifecycle.absent:
            return
        store = (resource.parent, rules.store, *[str(get(name)) for name in rules.names])
        if rules.writes:
            self._writers.append((store, resource, rules))
        elif not get(rules.unless):
            self._readers.setdefault(store, []).append((resource, rules))

    def finish(self) -> None:
        """What can be told when all resources are known."""
        written = {store for store, _, _ in self._writers}
        read = {store: _by_folder(self._readers[store]) for store in written & self._readers.keys()}
        for store, resource, rules in self._writers if read else ():
            if store in read:
                self._warn(resource, rules, _reader_of(read[store], _folder(resource.values, rules)))

    def _warn(self, resource: Resource, rules: PlaceRules, found: Resource | None) -> None:
        if found is not None:
            message = (
                f"writes where the {noun_of(found.kind)} {quote(found.address)} reads: "
                "what is written becomes tasks with its next sync"
            )
            place = resource.place(rules.folder)
            hint = "give each a folder of its own, or the one that reads a regex_filter"
            self._findings.warn("LS114", message, source=place, address=resource.address, hint=hint)


Folders = Mapping[str, tuple[Resource | None, Resource | None]]
"""By folder the first that reads it, and the first that reads what is below it, too."""


def _by_folder(readers: Iterable[tuple[Resource, PlaceRules]]) -> Folders:
    found: dict[str, tuple[Resource | None, Resource | None]] = {}
    for resource, rules in readers:
        is_deep = not rules.below or resource.values.get(rules.below) is True
        folder = _folder(resource.values, rules)
        here, deep = found.get(folder, (None, None))
        found[folder] = (here or resource, deep or (resource if is_deep else None))
    return found


def _reader_of(folders: Folders, folder: str) -> Resource | None:
    """Who reads a folder itself, else who reads what is below one above it."""
    here, _ = folders.get(folder, (None, None))
    for _ in range(DEEPEST):
        if here is not None or not folder:
            break
        folder = folder.rpartition("/")[0]
        _, here = folders.get(folder, (None, None))
    return here


def _folder(values: Mapping[str, Any], rules: PlaceRules) -> str:
    text = values.get(rules.folder)
    return text.strip().strip("/") if isinstance(text, str) else ""
