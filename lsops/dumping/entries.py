"""One entry of the manifest from one live resource: what somebody would declare who wants another like it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from lsops.difference import same
from lsops.dumping.secrets import SecretNames
from lsops.dumping.survey import KeyName, Surveyor, is_secret
from lsops.dumping.values import DumpedEntry, LeftOut
from lsops.engine.read import Inventory
from lsops.kinds import Kind, kind
from lsops.kinds.capabilities import Condenses, Overlooks
from lsops.manifest.references import has_reference
from lsops.masking import mask_key, mask_urls
from lsops.model.address import below
from lsops.model.pairs import Pairs
from lsops.model.resource import Resource
from lsops.model.view import PlanView
from lsops.normalize import normal
from lsops.schema import Field, KindSchema, children, kinds, validator

NESTED = 20
"""How deep a value may nest; what is deeper no person has written."""
LONG = 200
"""Characters of a text: every default is shorter."""
LONGEST_NAME = 200
"""Characters of a key inside a value."""

Drops = Mapping[tuple[str, str], str]
"""By address and field (the whole entry: no field), why something cannot be in the manifest."""


@dataclass
class Maker:
    """Makes entries; what it leaves out and which variables it needs stand in it afterwards."""

    inventory: Inventory
    survey: Surveyor
    drops: Drops = field(default_factory=dict)
    secrets: SecretNames = field(default_factory=SecretNames)
    left_out: list[LeftOut] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._view = PlanView(Pairs(live=self.inventory.live))
        self._declared: dict[tuple[str, int], str] = {}

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
            self._declared[schema.kind, live.id] = key.name if key.pinned else live.key
        held = one.condensed(live, self.inventory.live) if isinstance(one, Condenses) else live.values
        entry = DumpedEntry(live, key.name, {})
        for item in ordered(schema, live.type or ""):
            if item.name == schema.key:
                self._write_key(entry, key, schema)
            elif self.survey.facts.edition in item.editions and self.survey.is_whole(live.address):
                self._write(entry, item, held)
        if self.survey.is_whole(live.address):
            self._complete(entry, schema)
        if key.pinned:
            entry.lifecycle = {"id": live.id, "ignore": [schema.key]}
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
        value = essential(without_default(item, entry), self._referred(item, entry.live, held))
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
        """A value; that which names a resource by the key that its entry has."""
        value = held.get(item.name, NOTHING)
        number = live.raw.get(item.name) if item.ref else None
        return self._declared.get((item.ref, number), value) if isinstance(number, int) else value

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


# ---- values --------------------------------------------------------------------------------------


NOTHING: Any = object()
"""What need not be written."""


def essential(item: Field, value: Any) -> Any:
    """A live value as somebody would declare it: without what is default, empty or only read; or `NOTHING`."""
    if value is NOTHING or item.read_only:
        return NOTHING
    if item.compare == "switch":
        value = normal(item.compare, value)
    elif item.compare in ("strip", "xml") and isinstance(value, str):
        value = value.strip()
    if item.has_default and _may_be_default(item, value) and same(value, item.default, item):
        return NOTHING
    if not item.has_default and (value is None or value in ("", [], {})):
        return NOTHING
    if item.merge_deep and isinstance(value, Mapping):
        return _leaves(value, item.properties)
    return value


def _may_be_default(item: Field, value: Any) -> bool:
    """The cheap first look: a text that says something is no default that says nothing, and a long one no short one."""
    return not isinstance(value, str) or (bool(item.default) and len(value) < LONG) or not value.strip()


def _leaves(values: Mapping[str, Any], known: Mapping[str, Field]) -> Any:
    kept = {name: essential(known.get(name, Field(name)), value) for name, value in values.items()}
    return {name: value for name, value in kept.items() if value is not NOTHING} or NOTHING


def why_not_text(value: Any, depth: int = NESTED) -> str:
    """Why a value cannot stand in a manifest; empty where it can."""
    if depth == 0:
        return "it nests deeper than a manifest may"
    if isinstance(value, str):
        return "it holds half characters or a NUL, which no file can" if _is_broken(value) else ""
    if isinstance(value, Mapping):
        if any(not isinstance(name, str) or has_reference(name) or len(name) > LONGEST_NAME for name in value):
            return "a key in it reads as a reference, or is too long"
        return next(filter(None, (why_not_text(inner, depth - 1) for each in value.items() for inner in each)), "")
    if isinstance(value, (list, tuple)):
        return next(filter(None, (why_not_text(inner, depth - 1) for inner in value)), "")
    return ""


def _is_broken(text: str) -> bool:
    return "\0" in text or (not text.isascii() and any("\ud800" <= sign <= "\udfff" for sign in text))


_ORDERED: dict[tuple[str, str], list[Field]] = {}


def ordered(schema: KindSchema, variant: str) -> list[Field]:
    """The fields of a variant as a person writes them: type and key, what it belongs to, what it is, then the rest."""
    known = (schema.kind, variant)
    if known not in _ORDERED:
        fields = [item for item in schema.fields(variant).values() if not item.read_only]
        _ORDERED[known] = sorted(fields, key=lambda item: (_rank(item, schema), item.name))
    return _ORDERED[known]


def _rank(item: Field, schema: KindSchema) -> int:
    first = (
        item.name == schema.discriminator,
        item.name == schema.key,
        bool(item.ref),
        item.name == "description",
        item.compare == "xml",
    )
    return first.index(True) if True in first else len(first) + item.secret
