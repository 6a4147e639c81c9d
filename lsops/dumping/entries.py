"""One entry of the manifest from one live resource: what somebody would declare who wants another like it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from lsops.dumping.essence import NOTHING, essential, ordered, why_not_text, with_spelled
from lsops.dumping.secrets import SecretNames
from lsops.dumping.survey import KeyName, Surveyor, is_secret
from lsops.dumping.values import DumpedEntry, LeftOut
from lsops.engine.read import Inventory
from lsops.kinds import Kind, kind
from lsops.kinds.capabilities import Condenses, Overlooks
from lsops.masking import mask_key, mask_urls
from lsops.model.address import below
from lsops.model.pairs import Pairs
from lsops.model.resource import Resource
from lsops.model.view import PlanView
from lsops.references import Named, renamed_in
from lsops.schema import Field, KindSchema, children, kinds
from lsops.validation import validator

Drops = Mapping[tuple[str, str], str]
"""By address and field (the whole entry: no field), why something cannot be in the manifest."""


@dataclass
class Maker:
    """Makes entries; what it leaves out and which variables it needs stand in it afterwards.

    `spelled` has by address the fields, as pointers, that an entry must write though they are default; `called` the
    keys of resources that others declare, by kind and id.
    """

    inventory: Inventory
    survey: Surveyor
    drops: Drops = field(default_factory=dict)
    secrets: SecretNames = field(default_factory=SecretNames)
    left_out: list[LeftOut] = field(default_factory=list)
    spelled: Mapping[str, frozenset[str]] = field(default_factory=dict)
    called: Mapping[tuple[str, int], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._view = PlanView(Pairs(live=self.inventory.live))
        self._declared = dict(self.called)
        self._names: dict[Named, str] = {}

    def top(self) -> dict[str, list[DumpedEntry]]:
        """The entries at the top of the manifest with all below them, by the name of their collection."""
        return self._children("", "")

    def _children(self, above: str, address: str) -> dict[str, list[DumpedEntry]]:
        found = {}
        for name, schema in children(above).items():
            place = below(address, name)
            if place in self.inventory.places:
                made = list(self._collection(kind(schema.kind), place))
                found.update({name: made} if made else {})
        return found

    def _collection(self, one: Kind, place: str) -> Iterator[DumpedEntry]:
        held = self.inventory.live.collections[place]
        if held.error is not None:
            self.left_out.append(LeftOut(place, f"it could not be read: {held.error.message}"))
            return
        for live in self._managed(one, held.resources, place):
            reason = self.drops.get((live.address, ""))
            if reason is not None:
                self.left_out.append(LeftOut(live.address, reason))
                continue
            entry = self._entry(one, live)
            if not one.schema.singleton or entry.values:
                yield entry

    def _managed(self, one: Kind, live: tuple[Resource, ...], place: str) -> Iterable[Resource]:
        """Without what is nobody's business."""
        if not isinstance(one, Overlooks):
            return live
        told = {resource.address for resource in one.unmanaged(live, place, self._view)}
        for resource in live:
            if resource.address not in told:
                self.left_out.append(LeftOut(below(place, mask_key(resource.key)), one.because))
        return [resource for resource in live if resource.address in told]

    # ---- one entry ---------------------------------------------------------------------------

    def _entry(self, one: Kind, live: Resource) -> DumpedEntry:
        schema, key = one.schema, self.survey.names.get(live.address, KeyName(""))
        if live.id is not None and not schema.singleton:
            is_named = key.pinned or schema.is_composite
            self._declared[schema.kind, live.id] = key.name if is_named else live.key
            self._names[schema.kind, live.key.strip()] = self._declared[schema.kind, live.id]
        held = one.condensed(live, self.inventory.live) if isinstance(one, Condenses) else live.values
        entry = DumpedEntry(live, key.name, {})
        is_whole = self.survey.is_whole(live.address)
        required = schema.documents.get(live.type or "", {}).get("required", ())
        for item in ordered(schema, live.type or ""):
            if item.name == schema.key:
                self._write_key(entry, key, schema)
            elif self.survey.facts.edition in item.editions and (is_whole or item.name in required):
                self._write(entry, item, held)
        if is_whole:
            self._complete(entry, schema)
        if key.pinned:
            entry.lifecycle = {"id": live.id, **({"ignore": [schema.key]} if schema.key else {})}
        entry.children = self._children(schema.collection, live.address) if children(schema.collection) else {}
        return entry

    def _write_key(self, entry: DumpedEntry, key: KeyName, schema: KindSchema) -> None:
        live, name = entry.live, schema.key
        if key.written and schema.fields(live.type)[name].may_be_secret and is_secret(live.key):
            entry.values[name] = self.secrets.of(entry, name, known=live.key)
        elif key.written:
            entry.values[name] = live.key

    def _write(self, entry: DumpedEntry, item: Field, held: Mapping[str, Any]) -> None:
        """One field, unless it is what the server would make of nothing."""
        reason = self.drops.get((entry.address, item.name))
        if item.secret:
            self._write_secret(entry, item, held)
            return
        if item.write_only and item.name not in held:
            if not kinds()[entry.live.kind].singleton:
                entry.notes.append(f"{item.name}: write it here, for it cannot be read back")
            return
        whole = self._referred(item, entry.live, held)
        value = essential(without_default(item, entry), whole)
        value = with_spelled(value, whole, item, self.spelled.get(entry.address, frozenset()))
        if value is NOTHING:
            return
        reason = reason or why_not_text(value)
        if reason:
            self.left_out.append(LeftOut(below(entry.address, item.name), reason))
            entry.notes.append(f"{item.name} was left out: {reason}")
            return
        entry.values[item.name] = self._hidden(entry, item, value) if item.confidential else value
        if isinstance(value, str) and "://" in value and mask_urls(value) != value:
            entry.notes.append(f"{item.name} has a user or a query in it: should it stand in a repository?")

    def _write_secret(self, entry: DumpedEntry, item: Field, held: Mapping[str, Any]) -> None:
        is_read = item.name in held or item.is_set
        if is_read and not (held.get(item.name) or entry.live.raw.get(item.is_set)):
            return
        value = held.get(item.name)
        if item.seldom and not is_read:
            entry.notes.append(f"{item.name}: ${{env:NAME}} where there is one; it cannot be read back")
        else:
            entry.values[item.name] = self.secrets.of(entry, item.name, known=value if isinstance(value, str) else "")

    def _hidden(self, entry: DumpedEntry, item: Field, value: Any) -> Any:
        """An object each of whose values is a secret."""
        return {name: self.secrets.of(entry, f"{item.name}.{name}", known=str(inner)) for name, inner in value.items()}

    def _referred(self, item: Field, live: Resource, held: Mapping[str, Any]) -> Any:
        """A value; what it names of other resources by the keys that their entries have."""
        value = held.get(item.name, NOTHING)
        number = live.raw.get(item.name) if item.ref else None
        if isinstance(number, int):
            return self._declared.get((item.ref, number), value)
        named = renamed_in({item.name: value}, {item.name: item}, lambda name: self._names.get(name, name[1]))
        return named.get(item.name, value)

    def _complete(self, entry: DumpedEntry, schema: KindSchema) -> None:
        """With the secrets that the others call for; what else is called for a person must write."""
        document = schema.documents.get(entry.live.type or "", {})
        fields = schema.fields(entry.live.type)
        missing = [name for name in document.get("required", ()) if name not in entry.values]
        if "allOf" in document:
            missing += _asked_for(schema, entry)
        for name in dict.fromkeys(missing):
            if fields[name].secret:
                entry.values[name] = self.secrets.of(entry, name)
                entry.notes = [note for note in entry.notes if not note.startswith(f"{name}: ")]
            elif fields[name].has_default and fields[name].default is not None:
                entry.values[name] = fields[name].default
            else:
                entry.values[name] = "?"
                entry.required = f"{name} is needed and cannot be read back: write it, and take the # away"
        if entry.required:
            entry.notes = []
            self.secrets.forget(entry)
            self.left_out.append(LeftOut(entry.address, f"{entry.required.partition(':')[0]}; it stands in a comment"))


def without_default(item: Field, entry: DumpedEntry) -> Field:
    """A field; of what is always there and decides who gets in, as one of which nobody knows what it would be."""
    schema = kinds()[entry.live.kind]
    return replace(item, has_default=False) if schema.singleton and schema.exposes else item


def _asked_for(schema: KindSchema, entry: DumpedEntry) -> list[str]:
    """The fields that conditions of the schema call for."""
    values = {name: str(value) for name, value in entry.values.items()}
    plain = {name: value if _is_json(value) else values[name] for name, value in entry.values.items()}
    errors = validator(schema.kind, entry.live.type or "").iter_errors(plain)
    told = (error.message for error in errors if error.validator == "required")
    return [message.split("'")[1] for message in told]


def _is_json(value: Any) -> bool:
    return isinstance(value, (str, int, float, bool, list, dict)) or value is None
