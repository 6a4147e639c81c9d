"""What identifies resources: keys and when two of them are one, live objects, and keys that are secrets. Pure.

A key that is a secret is revealed to be compared, and shown to nobody. What a plan is made of holds no such value: a
live resource that is found by one, or that may be it, is veiled, so that its key is `https://host/***` from then on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from lsops.difference import same
from lsops.errors import Finding
from lsops.masking import mask_key, mask_urls
from lsops.model.address import join, split
from lsops.model.plan import FieldChange
from lsops.model.resource import Resource, Secret
from lsops.normalize import normal
from lsops.schema import Field, KindSchema, kinds, secret_key
from lsops.secret_urls import shown

if TYPE_CHECKING:
    from lsops.manifest import Vault


def folding(schema: KindSchema) -> Callable[[str | None], object]:
    """What makes of a key of that kind what its keys are compared as: no blanks at its ends, e-mails without case."""
    found = _key_field(schema)
    return partial(normal, "email" if found is not None and found.compare == "email" else "strip")


def comparable(schema: KindSchema, key: str | None) -> object:
    """A key as keys of its kind are compared."""
    return folding(schema)(key)


def naming(schema: KindSchema) -> Callable[[str], str]:
    """What makes of a key of that kind its name among the names of the kind."""
    found = _key_field(schema)
    return str if found is None else lambda key: str(normal(found.compare, key))


def referring(schema: KindSchema) -> Callable[[Resource], str]:
    """What says of a declared resource of that kind by which name fields of others name it.

    It is its key, or the name of its entry where several fields identify it.
    """
    if schema.is_composite:
        return lambda item: split(item.address)[-1].strip()
    named = naming(schema)
    return lambda item: named(item.key)


def _key_field(schema: KindSchema) -> Field | None:
    fields = schema.fields("") or next(iter(schema.variants.values()))
    return fields.get(schema.key)


def live_identity(live: Resource, address: str) -> Mapping[str, Any]:
    """The `live` of a change at an address: the object's id, a storage's type, and its key unless the address says it.

    An address says the key by its last part, which may have the id behind it, as that of a live resource has that the
    manifest does not name. What a key that is a URL hides stays hidden.
    """
    schema, seen = kinds()[live.kind], mask_key(live.key)
    pairs = {"id": live.id, "type": live.type}
    held = {name: value for name, value in pairs.items() if value is not None}
    told = {live.key, seen, f"{seen} (id {live.id})"}
    name = comparable(schema, split(address)[-1])
    is_said = schema.singleton or name in {comparable(schema, text) for text in told}
    return held if is_said else {**held, "key": seen}


# ---- keys that are secrets -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Keys:
    """The values of keys that are secrets, as far as they are set; `unknown` says why others are not."""

    vault: Vault | None = None
    unknown: Mapping[Secret, str] = field(default_factory=dict)

    def value(self, item: Resource) -> str | None:
        """What identifies a declared resource, revealed where it is a secret; None where that is not set."""
        secret = secret_key(item)
        if secret is None:
            return item.key
        return self.vault.find(secret) if self.vault is not None else None

    def difference(self, item: Resource, live: Resource | None) -> FieldChange | None:
        """How a secret key is set or changes, masked; None where it stays, or is no secret."""
        if secret_key(item) is None or (value := self.value(item)) is None:
            return None
        schema = kinds()[item.kind]
        if live is None:
            return FieldChange(join(schema.key), after=shown(value), source=item.place(schema.key))
        if same(live.key, value, schema.fields(item.type)[schema.key]):
            return None
        return FieldChange(join(schema.key), shown(live.key), shown(value), item.place(schema.key))

    def veiled(
        self, schema: KindSchema, live: Iterable[Resource], declared: Iterable[Resource]
    ) -> tuple[Resource, ...]:
        """Live resources of a collection, veiled where they may be a secret: all where one of its keys is not known,
        else those of the same hosts as the secret keys of any collection of the kind: one URL may be in many projects.
        """
        values = {self.value(item) for item in declared if secret_key(item) is not None}
        known = schema.fields().get(schema.key)
        if known is not None and known.may_be_secret and self.vault is not None:
            values |= self.vault.confidential()
        if not values:
            return tuple(live)
        hosts = {shown(value).lower() for value in values if value is not None}
        return tuple(veil(one) if None in values or shown(one.key).lower() in hosts else one for one in live)


NO_KEYS = Keys()


def shown_key(item: Resource, key: str) -> str:
    """A key of a declared resource, an old one perhaps, as messages call it."""
    return mask_urls(key) if secret_key(item) is None else shown(key)


def veil(live: Resource) -> Resource:
    """A live resource whose key is a secret, so that nobody sees it."""
    seen, name = shown(live.key), kinds()[live.kind].key
    return replace(live, key=seen, values={**live.values, name: seen}, raw={**live.raw, name: seen})


def not_compared(item: Resource, keys: Keys) -> Finding:
    """The warning that a resource was left alone because nobody knows what identifies it here."""
    name = kinds()[item.kind].key
    secret: Secret = item.values[name]
    why = keys.unknown.get(secret, f"{secret.name} is not known here")
    what = f"set {secret.name}" if secret.source == "env" else f"put the file {secret.name} there"
    hint = f"{what} where this runs; until then nothing is deleted beside it by prune, and apply needs it"
    message = f"not compared: {name} is {secret.reference}, and {why}"
    return Finding("LS420", message, item.address, item.place(name), hint, "warning")
