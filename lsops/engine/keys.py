"""What identifies declared resources where that is a secret: revealed to be compared, and shown to nobody. Pure.

What a plan is made of holds no such value. A live resource that is found by one, or that may be it, is veiled: its key
is `https://host/***` from then on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from lsops.engine.diff import same
from lsops.errors import Finding
from lsops.manifest.secrets import secret_key
from lsops.masking import mask_urls
from lsops.model import FieldChange, Resource, Secret, join
from lsops.secret_urls import shown

if TYPE_CHECKING:
    from lsops.kinds import Kind
    from lsops.manifest import Vault


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

    def difference(self, kind: Kind, item: Resource, live: Resource | None) -> FieldChange | None:
        """How a secret key is set or changes, masked; None where it stays, or is no secret."""
        name, value = kind.schema.key, self.value(item)
        if secret_key(item) is None or value is None:
            return None
        if live is None:
            return FieldChange(join(name), after=shown(value), source=item.place(name))
        if same(live.key, value, kind.fields(item)[name]):
            return None
        return FieldChange(join(name), shown(live.key), shown(value), item.place(name))

    def veiled(self, kind: Kind, live: Iterable[Resource], declared: Iterable[Resource]) -> tuple[Resource, ...]:
        """Live resources of a collection, veiled where they may be a secret: all where one of its keys is not known,
        else those of the same hosts as the secret keys of any collection of the kind: one URL may be in many projects.
        """
        values = {self.value(item) for item in declared if secret_key(item) is not None}
        field = kind.schema.fields().get(kind.schema.key)
        if field is not None and field.may_be_secret and self.vault is not None:
            values |= self.vault.confidential()
        hosts = {shown(value).lower() for value in values if value is not None}
        return tuple(veil(kind, one) if None in values or shown(one.key).lower() in hosts else one for one in live)


NO_KEYS = Keys()


def named(item: Resource, key: str) -> str:
    """A key of a declared resource, an old one perhaps, as messages call it."""
    return mask_urls(key) if secret_key(item) is None else shown(key)


def veil(kind: Kind, live: Resource) -> Resource:
    """A live resource whose key is a secret, so that nobody sees it."""
    seen = shown(live.key)
    name = kind.schema.key
    return replace(live, key=seen, values={**live.values, name: seen}, raw={**live.raw, name: seen})


def not_compared(kind: Kind, item: Resource, keys: Keys) -> Finding:
    """The warning that a resource was left alone because nobody knows what identifies it here."""
    name = kind.schema.key
    secret: Secret = item.values[name]
    why = keys.unknown.get(secret, f"{secret.name} is not known here")
    what = f"set {secret.name}" if secret.source == "env" else f"put the file {secret.name} there"
    hint = f"{what} where this runs; until then nothing is deleted beside it by prune, and apply needs it"
    message = f"not compared: {name} is {secret.reference}, and {why}"
    return Finding("LS420", message, item.address, item.place(name), hint, "warning")
