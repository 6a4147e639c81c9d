"""From the composed tree to all that it declares, in manifest order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lsops.errors import Source
from lsops.manifest.entries import PRUNE, EntryReader, WrittenEntry
from lsops.manifest.findings import Findings, quote
from lsops.manifest.positions import Map, Place, source_of
from lsops.manifest.references import References
from lsops.manifest.schema_messages import type_name
from lsops.manifest.settings import prune_patterns
from lsops.masking import has_credentials, mask_key
from lsops.model.address import below, join, parent
from lsops.model.desired import Desired
from lsops.model.resource import Resource
from lsops.schema import KindSchema, children


class Resources:
    """Walks the tree, an entry before its children; what is wrong goes to `findings`."""

    def __init__(self, references: References, findings: Findings, texts: Mapping[str, str]) -> None:
        self._references = references
        self._findings = findings
        self._entries = EntryReader(references, findings, texts)
        self._resources: list[Resource] = []
        self._written: dict[str, Source] = {}
        self._pruned: list[str] = []

    def build(self, tree: Map) -> None:
        """Read all resources of a manifest."""
        kinds = children("")
        for name, value in tree.items():
            if name in kinds:
                self._below(kinds[name], value, join(name), place=tree.places[name])
        self._entries.finish()

    def desired(self, prune: tuple[str, ...]) -> Desired:
        """What was read. `prune` are the patterns of the whole manifest; those of one entry are joined as addresses."""
        return Desired(tuple(self._resources), self._written, (*prune, *self._pruned), self._findings.warnings)

    def _collection(self, kind: KindSchema, entries: Any, address: str, *, place: Place, parent: str = "") -> None:
        if not isinstance(entries, Map):
            self._refuse_shape(kind.name, entries, address, place)
            return
        self._written[address] = source_of(place[0])
        for key, body in entries.items():
            at = entries.places[key]
            where = f"{address}/{key}" if "/" not in key and "~" not in key else below(address, key)
            if kind.key == "url" and "://" in key:
                where = self._without_credentials(kind, key, where, source_of(at[0]))
            if not self._references.refuse_in_key(key, at[0], where):
                self._entry(kind, key, body, address=where, place=at, parent=parent)

    def _without_credentials(self, kind: KindSchema, key: str, address: str, source: Source) -> str:
        """The address of an entry, which every plan and log shows: its key cannot hold what is confidential."""
        if not has_credentials(key):
            return address
        shown = mask_key(key)
        masked = below(parent(address), shown)
        message = f"the key {quote(shown)} has credentials or a query in it, and keys are shown in every plan and log"
        hint = f"give the entry a name of its own, and write {kind.key}: in it"
        self._findings.error("LS109", message, source=source, address=masked, hint=hint)
        return masked

    def _entry(self, kind: KindSchema, key: str, body: Any, *, address: str, place: Place, parent: str = "") -> None:
        if not isinstance(body, Map):
            self._refuse_shape(mask_key(key), body, address, place)
            return
        resource = self._entries.resource(WrittenEntry(kind, key, body, address, place, parent))
        if resource is not None:
            self._resources.append(resource)
        inner = children(kind.collection)
        for name in [name for name in body if name in inner] if inner else ():
            self._below(inner[name], body[name], below(address, name), place=body.places[name], parent=address)
        if PRUNE in body and inner:
            self._prune(body[PRUNE], inner, address, place=body.places[PRUNE])

    def _below(self, kind: KindSchema, value: Any, address: str, *, place: Place, parent: str = "") -> None:
        """What stands under the name of a kind: its collection, or the one that there is of it."""
        if kind.singleton:
            self._entry(kind, kind.name, value, address=address, place=place, parent=parent)
        else:
            self._collection(kind, value, address, place=place, parent=parent)

    def _refuse_shape(self, name: str, value: Any, address: str, place: Place) -> None:
        if value is None:
            message, hint = f"{quote(name)} is null", "write {} for an empty one, or remove the line"
            self._findings.error("LS305", message, source=source_of(place[0]), address=address, hint=hint)
            return
        message = f"{quote(name)} must be a map, not {type_name(value)}"
        self._findings.error("LS103", message, source=source_of(place[1]), address=address)

    def _prune(self, names: Any, kinds: Mapping[str, KindSchema], address: str, *, place: Place) -> None:
        """`prune` of one entry names collections below it by the last part of their path alone."""
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            message = "prune must be a list of strings"
            self._findings.error("LS103", message, source=source_of(place[1]), address=address)
            return
        for name in prune_patterns(names, kinds, self._findings, address=address):
            self._pruned.append(below(address, name))
