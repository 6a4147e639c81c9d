"""Two entries that would be one resource: equal keys, one pinned id, one old name."""

from __future__ import annotations

from typing import Any

from lsops.errors import Finding, Source
from lsops.manifest.findings import Findings, quote
from lsops.manifest.positions import Map
from lsops.model.claims import circles, claims_by_name, two_of_one_key, yields
from lsops.model.resource import Resource, Secret
from lsops.near_keys import code_points, difference, folded_key
from lsops.normalize import normal
from lsops.schema import KindSchema

Identity = tuple[Any, ...]
OF_A_KEY = 2
"""The parts of what identifies a resource by its key: those of an id or an old name are more."""


class Duplicates:
    """Remembers what identifies each resource of a manifest; the second of two equals is a finding."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._seen: dict[Identity, list[Resource]] = {}
        self._heirs: dict[Identity, list[tuple[Resource, Source | None]]] = {}
        self._folded: dict[Identity, Resource] = {}

    def add(self, resource: Resource, kind: KindSchema, lifecycle: Map | None) -> None:
        """Remember a resource; `lifecycle` is its block as written."""
        key = kind.fields(resource.type).get(kind.key)
        compare = key.compare if key is not None else ""
        if resource.key and not (kind.is_composite and resource.lifecycle.id is not None):
            self._add_key(resource, kind, compare)
        if lifecycle is not None:
            self._add_lifecycle(resource, kind, compare, lifecycle)

    def _add_key(self, resource: Resource, kind: KindSchema, compare: str) -> None:
        collection = resource.address.rpartition("/")[0]
        own = resource.values.get(kind.key)
        identity = own if isinstance(own, Secret) else normal(compare, resource.key)
        first = self._first((collection, identity), resource, kind.apart)
        if first is not resource:
            place = resource.place(kind.keys[0])
            self._refuse(resource, first, f"its {kind.key_words}", place, two_of_one_key(kind.keys))
        elif not isinstance(own, Secret) and not yields(resource.lifecycle):
            other = self._folded.setdefault((collection, folded_key(resource.key)), resource)
            if other is not resource:
                self._look_near(resource, other, kind, compare)

    def _add_lifecycle(self, resource: Resource, kind: KindSchema, compare: str, lifecycle: Map) -> None:
        told, collection = resource.lifecycle, resource.address.rpartition("/")[0]
        if told.renamed_from is not None:
            old = normal(compare, told.renamed_from.strip())
            place = lifecycle.value_source("renamed_from")
            self._heirs.setdefault((collection, old), []).append((resource, place))
            first = self._first(("renamed", collection, old), resource, kind.apart)
            if first is not resource:
                self._refuse(resource, first, "its old name", place)
        if told.id is not None:
            first = self._first((resource.kind, resource.type, told.id), resource)
            if first is not resource:
                self._refuse(resource, first, "its id", lifecycle.value_source("id"))

    def _look_near(self, resource: Resource, other: Resource, kind: KindSchema, compare: str) -> None:
        """Warn of a key that only looks like another; who says by a lifecycle which one is meant knows."""
        if normal(compare, other.key) == normal(compare, resource.key):
            return
        here, there = code_points(resource.key, other.key)
        shown = f": {there} there, {here} here" if here else ""
        message = f"this {kind.key_words} differs from that of {quote(other.address)} ({other.source}) in "
        message += f"{difference(resource.key, other.key)} alone{shown}"
        hint = "mend one of them; if both are meant, lifecycle: {new: true} in one says so"
        place = resource.place(kind.keys[0])
        finding = Finding("LS509", message, resource.address, place, hint, "warning", second=other.source)
        self._findings.add(finding)

    def finish(self) -> None:
        """What can be told when all resources are known: an old name that is still somebody's."""
        swapped = self._swapped()
        for identity, heirs in self._heirs.items():
            for resource, place in heirs:
                others = [one for one in self._seen.get(identity, ()) if one is not resource]
                if identity in swapped and others:
                    self._refuse_swap(resource, others[0], place)
                elif any(not yields(one.lifecycle) for one in others):
                    self._refuse_owner(resource, others[0], place)

    def _swapped(self) -> set[Identity]:
        """The old names of entries that take their names from one another in a circle."""
        if not self._heirs:
            return set()
        names = {one.address: key for key, known in self._seen.items() for one in known if len(key) == OF_A_KEY}
        heirs = {old: heirs[0][0] for old, heirs in self._heirs.items() if claims_by_name(heirs[0][0].lifecycle)}
        return circles({old: names[heir.address] for old, heir in heirs.items() if heir.address in names})

    def _refuse_swap(self, resource: Resource, other: Resource, place: Source | None) -> None:
        message = f"{quote(resource.address)} and {quote(other.address)} take their names from one another"
        reason = "after the first apply nobody could tell that it is done"
        hint = "write lifecycle: {id: N} in each of them, in place of renamed_from"
        self._findings.error("LS505", f"{message}: {reason}", source=place, address=resource.address, hint=hint)

    def _refuse_owner(self, resource: Resource, other: Resource, place: Source | None) -> None:
        message = f"renamed_from names {quote(other.address)}, which is declared, too"
        hint = (
            "keep one of them; or, if that entry is to be another one, write lifecycle: {new: true} there, or say with"
            " renamed_from or id which one it is"
        )
        self._findings.error("LS505", message, source=place, address=resource.address, hint=hint)

    def _first(self, identity: Identity, resource: Resource, apart: str = "") -> Resource:
        """The first that is the same as a resource; itself where there is none."""
        known = self._seen.get(identity)
        if known is None:
            self._seen[identity] = [resource]
            return resource
        same = next((one for one in known if not _is_apart(one, resource, apart)), resource)
        if same is resource:
            known.append(resource)
        return same

    def _refuse(
        self, resource: Resource, first: Resource, same: str, place: Source | None, hint: str = "keep one of them"
    ) -> None:
        message = f"{quote(resource.address)} is the same resource as {quote(first.address)}"
        message = f"{message}: {same} is that of {first.source}"
        self._findings.add(Finding("LS501", message, resource.address, place, hint, second=first.source))


def _is_apart(one: Resource, other: Resource, field: str) -> bool:
    """Whether both entries write a field that tells two of one key apart, and it differs."""
    values = [item.values.get(field) for item in (one, other)] if field else []
    return len({value.strip() for value in values if isinstance(value, str)}) > 1
