"""Storages of one project that meet: what one writes, another reads. What each does says its schema (`place`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lsops.manifest.findings import Findings, quote
from lsops.manifest.messages import noun_of
from lsops.manifest.specs import NOTHING, Spec
from lsops.model import Resource

DEEPEST = 64
"""Folders above one that are looked at."""


@dataclass(frozen=True, slots=True)
class _Reader:
    """A resource that reads a folder; `deep` says whether what is below it, too."""

    resource: Resource
    deep: bool


class Places:
    """Remembers who reads and who writes; what is written into what is read is a warning."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._readers: dict[tuple[Any, ...], list[_Reader]] = {}
        self._writers: list[tuple[tuple[Any, ...], Resource, Spec]] = []

    def add(self, resource: Resource, rules: Spec) -> None:
        """Remember a resource; `rules` is the `place` of its schema, empty for what has none."""
        if not rules or resource.lifecycle.absent:
            return
        values = resource.values
        store = (resource.parent, rules["store"], *(_text(values, name) for name in rules["is"]))
        if rules["does"] == "writes":
            self._writers.append((store, resource, rules))
        elif not values.get(rules["unless"]):
            deep = "below" not in rules or values.get(rules["below"]) is True
            place = (*store, _folder(values, rules))
            self._readers.setdefault(place, []).append(_Reader(resource, deep))

    def finish(self) -> None:
        """What can be told when all resources are known."""
        for store, resource, rules in self._writers:
            found = next(self._reading(store, _folder(resource.values, rules)), None)
            if found is not None:
                message = (
                    f"writes where the {noun_of(found.kind)} {quote(found.address)} reads: "
                    "what is written becomes tasks with its next sync"
                )
                place = resource.place(rules.get("folder", ""))
                hint = "give each a folder of its own, or the one that reads a regex_filter"
                self._findings.warn("LS114", message, source=place, address=resource.address, hint=hint)

    def _reading(self, store: tuple[Any, ...], folder: str) -> Iterator[Resource]:
        """Those that read a folder itself, then those that read what is below one above it."""
        for number, above in enumerate(_upwards(folder)):
            readers = self._readers.get((*store, above), ())
            yield from (reader.resource for reader in readers if number == 0 or reader.deep)


def place_of(document: Spec) -> Spec:
    """The `place` of a kind's schema."""
    found: Spec = document.get("x-lsops", NOTHING).get("place", NOTHING)
    return found


def _text(values: Mapping[str, Any], name: str) -> str:
    return str(values.get(name) or "").strip()


def _folder(values: Mapping[str, Any], rules: Spec) -> str:
    return _text(values, rules["folder"]).strip("/") if "folder" in rules else ""


def _upwards(folder: str) -> Iterator[str]:
    """A folder and those above it, up to the root `""`."""
    for _ in range(DEEPEST):
        yield folder
        if not folder:
            return
        folder = folder.rpartition("/")[0]
