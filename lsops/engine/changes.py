"""Single changes: what creates, alters or deletes one resource. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from lsops.engine.bodies import ignored_names
from lsops.engine.diff import declared, differences
from lsops.errors import Finding, Source
from lsops.kinds import Kind
from lsops.model import Change, FieldChange, Resource, Secret, join, split


def creation(kind: Kind, item: Resource, requires: tuple[str, ...]) -> Change:
    """The change that makes a resource with every declared field."""
    values = declared(item, kind.schema.key)
    fields = [
        FieldChange(join(name), after=value, source=item.place(name))
        for name, value in sorted(values.items())
        if not isinstance(value, Secret)
    ]
    return Change(
        address=item.address,
        kind=kind.name,
        action="create",
        fields=tuple(fields),
        secrets=_references(_secrets(values)),
        requires=requires,
        source=item.source,
        desired=item,
    )


def alteration(kind: Kind, item: Resource, live: Resource, *, resend: bool = False) -> Change | None:
    """The update or replace that makes a live resource as declared; None where nothing differs.

    `resend` sends again what cannot be compared: secrets, and fields that the server never returns.
    """
    schema = kind.fields(item)
    values = declared(item, kind.schema.key)
    fields = differences(values, live.values, schema, ignore=item.lifecycle.ignore)
    own = {name: value for name, value in values.items() if name not in ignored_names(item)}
    secrets = _secrets(own) if resend else _found_empty(own, live)
    fields += _again(kind, item) if resend and not secrets else ()
    if not fields and not secrets:
        return None
    replacing = _is_replaced(kind, item, fields)
    always = {n: v for n, v in _secrets(own).items() if n in schema and schema[n].always_send}
    return Change(
        address=item.address,
        kind=kind.name,
        action="replace" if replacing else "update",
        live=_identity(live),
        fields=tuple(replace(change, source=item.place(split(change.path)[0])) for change in fields),
        secrets=_references(_secrets(values) if replacing else {**secrets, **always}),
        source=item.source,
        protected=replacing and item.lifecycle.protect,
        desired=item,
        current=live,
    )


def deletion(
    address: str, live: Resource, source: Source | None, *, protected: bool, desired: Resource | None = None
) -> Change:
    """The change that deletes a live resource; `desired` is the entry that says `absent`, if one does."""
    return Change(
        address=address,
        kind=live.kind,
        action="delete",
        live=_identity(live),
        destroys={},
        source=source,
        protected=protected,
        desired=desired,
        current=live,
    )


def with_desired(change: Change, live: Resource) -> Change:
    """An update that prune made of a delete, with what it sends: there is no entry that declares it."""
    if change.action != "update" or change.desired is not None:
        return change
    values = {split(item.path)[0]: item.after for item in change.fields}
    return replace(change, desired=replace(live, values=values, raw={}))


def unreadable(kind: Kind, item: Resource) -> list[str]:
    """The declared fields that nobody can compare: secrets, and what the server never returns."""
    schema = kind.fields(item)
    return [
        name
        for name, value in declared(item, kind.schema.key).items()
        if name in schema and (schema[name].write_only or isinstance(value, Secret))
    ]


def lacking(kind: Kind, item: Resource) -> list[Finding]:
    """The secrets that an update needs and the manifest does not have."""
    noun = " ".join(filter(None, (item.type, item.kind.replace("_", " "))))
    return [
        Finding(
            "LS506",
            f'an update of a {noun} needs "{name}"',
            item.address,
            item.source,
            f"write {name}: ${{env:NAME}}, or {name}: null if there is none",
        )
        for name in kind.needs_for_update(item)
    ]


def _is_replaced(kind: Kind, item: Resource, fields: tuple[FieldChange, ...]) -> bool:
    schema = kind.fields(item)
    names = {split(change.path)[0] for change in fields}
    return kind.schema.discriminator in names or any(schema[name].immutable for name in names if name in schema)


def _again(kind: Kind, item: Resource) -> tuple[FieldChange, ...]:
    """What the server never returns, for a resource without secrets; with secrets it goes along unasked."""
    schema = kind.fields(item)
    own = set(item.values) - ignored_names(item)
    hidden = [name for name in sorted(own) if name in schema and schema[name].unreadable]
    return tuple(FieldChange(join(name), after=item.values[name]) for name in hidden)


def _found_empty(values: Mapping[str, Any], live: Resource) -> dict[str, Secret]:
    """Secrets whose field the server does return, and returns empty."""
    return {n: v for n, v in _secrets(values).items() if n in live.raw and live.raw[n] in (None, "")}


def _secrets(values: Mapping[str, Any]) -> dict[str, Secret]:
    return {name: value for name, value in values.items() if isinstance(value, Secret)}


def _references(secrets: Mapping[str, Secret]) -> dict[str, str]:
    return {join(name): secret.reference for name, secret in sorted(secrets.items())}


def _identity(live: Resource) -> dict[str, Any]:
    pairs = {"id": live.id, "type": live.type}
    return {name: value for name, value in pairs.items() if value is not None}
