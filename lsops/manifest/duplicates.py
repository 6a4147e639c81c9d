"""Two entries that would be one resource: equal keys, one pinned id, one old name."""

from __future__ import annotations

from typing import Any

from lsops.errors import Source
from lsops.manifest.findings import Findings, quote
from lsops.manifest.positions import Map
from lsops.model import Resource, Secret
from lsops.normalize import normal
from lsops.schema import Field


class Duplicates:
    """Remembers what identifies each resource of a manifest; the second of two equals is a finding."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._seen: dict[tuple[Any, ...], Resource] = {}
        self._renamed: list[tuple[tuple[Any, ...], Resource, Source | None]] = []

    def add(self, resource: Resource, key: Field | None, lifecycle: Map | None) -> None:
        """Remember a resource; `key` is the field that identifies it, `lifecycle` its block as written."""
        collection = resource.address.rpartition("/")[0]
        if key is not None and resource.key:
            own = resource.values.get(key.name)
            identity = own if isinstance(own, Secret) else normal(key.compare, resource.key)
            first = self._first((collection, identity), resource)
            if first is not resource:
                self._refuse(resource, first, f"its {key.name}", resource.place(key.name))
        if lifecycle is not None:
            self._add_lifecycle(resource, key, lifecycle, collection)

    def _add_lifecycle(self, resource: Resource, key: Field | None, lifecycle: Map, collection: str) -> None:
        told = resource.lifecycle
        if told.renamed_from is not None:
            old = normal(key.compare if key else "", told.renamed_from.strip())
            self._renamed.append(((collection, old), resource, lifecycle.value_source("renamed_from")))
            first = self._first(("renamed", collection, old), resource)
            if first is not resource:
                self._refuse(resource, first, "its old name", lifecycle.value_source("renamed_from"))
        if told.id is not None:
            first = self._first((resource.kind, resource.type, told.id), resource)
            if first is not resource:
                self._refuse(resource, first, "its id", lifecycle.value_source("id"))

    def finish(self) -> None:
        """What can be told when all resources are known: an old name that is still somebody's."""
        for identity, resource, place in self._renamed:
            other = self._seen.get(identity)
            if other is not None and other is not resource:
                message = f"renamed_from names {quote(other.address)}, which is declared, too"
                self._findings.error("LS505", message, source=place, address=resource.address, hint="keep one of them")

    def _first(self, identity: tuple[Any, ...], resource: Resource) -> Resource:
        return self._seen.setdefault(identity, resource)

    def _refuse(self, resource: Resource, first: Resource, same: str, place: Source | None) -> None:
        message = f"{quote(resource.address)} is the same resource as {quote(first.address)}"
        self._findings.error(
            "LS501",
            f"{message}: {same} is that of {first.source}",
            source=place,
            address=resource.address,
            hint="keep one of them",
        )
