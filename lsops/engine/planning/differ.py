"""What creates, alters or deletes each resource. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from lsops.difference import differences, is_all_secret, secrets_in
from lsops.engine.planning.scope import Request, matches
from lsops.errors import Finding
from lsops.identity import live_identity, veil
from lsops.kinds import Kind, registry
from lsops.model.address import join, split
from lsops.model.pairs import Pair
from lsops.model.plan import Change, FieldChange
from lsops.model.resource import MASK, UNSET, Resource, Secret
from lsops.references import scoped, scoped_names
from lsops.schema import Field, carried_along, noun_of, secret_key

PIN_ENDS = "lifecycle.id pins the old one, which goes away: after this write the new id there, or remove it"


@dataclass(frozen=True, slots=True)
class Differences:
    """The creates, updates and replaces of a plan by address; and what nobody can compare, as addresses of fields."""

    changes: Mapping[str, Change] = field(default_factory=dict)
    unreadable: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def differ(todo: Iterable[Pair], request: Request) -> Differences:
    """What makes each live resource as it is declared."""
    changes: dict[str, Change] = {}
    new: dict[tuple[str, str, str], str] = {}
    unreadable: list[str] = []
    findings: list[Finding] = []
    for item, live, _ in todo:
        kind = registry()[item.kind]
        is_secret_key = secret_key(item) is not None
        key = request.keys.difference(item, live) if is_secret_key else None
        if live is None and kind.schema.singleton and not item.values:
            continue
        if live is None:
            new[scoped(item)] = item.address
            changes[item.address] = creation(kind, item, _requires(item, changes, new), key)
        elif item.address not in request.parents:
            seen = veil(live) if is_secret_key else live
            change = alteration(kind, item, seen, resend=_is_asked(item, request), key=key)
            unreadable += _left_out(kind, item, change, live)
            if change is not None:
                findings += lacking(kind, item) if change.action == "update" else ()
                changes[item.address] = replace(change, requires=_requires(item, changes, new))
    return Differences(changes, tuple(unreadable), tuple(findings))


def _is_asked(item: Resource, request: Request) -> bool:
    """Whether what cannot be compared is to be sent again."""
    return any(matches(glob, item.address) for glob in request.resend)


def _left_out(kind: Kind, item: Resource, change: Change | None, live: Resource) -> Iterable[str]:
    """What nobody can compare, less what is sent anyway."""
    sent = change.secrets if change is not None else {}
    return (item.address + path for path in unreadable(kind, item, live) if path not in sent)


def _requires(
    item: Resource, changes: Mapping[str, Change], new: Mapping[tuple[str, str, str], str]
) -> tuple[str, ...]:
    """The addresses that must exist before: the parent, and the resources that fields name, where they are created."""
    above = changes.get(item.parent) if item.parent else None
    wanted = [item.parent] if above is not None and above.action == "create" else []
    named = (new[name] for name in scoped_names(item) if name in new) if new else ()
    return tuple(dict.fromkeys((*wanted, *named)))


def creation(kind: Kind, item: Resource, requires: tuple[str, ...], key: FieldChange | None = None) -> Change:
    """The change that makes a resource with every declared field; `key` is how it is shown where it is a secret."""
    values = item.values
    schema = kind.schema.fields(item.type)
    fields = [
        FieldChange(join(name), after=_shown(value, schema.get(name)), source=item.place(name))
        for name, value in sorted(values.items())
        if not is_all_secret(value)
    ]
    return Change(
        address=item.address,
        kind=kind.name,
        action="create",
        fields=_with_key(tuple(fields), key),
        secrets=_references(secrets_in(values)),
        requires=requires,
        warnings=_unknown(fields, schema),
        source=item.source,
        after=item,
    )


def alteration(
    kind: Kind, item: Resource, live: Resource, *, resend: bool = False, key: FieldChange | None = None
) -> Change | None:
    """The update or replace that makes a live resource as declared; None where nothing differs.

    `resend` sends again what cannot be compared: secrets, and fields that the server never returns. `key` is how the
    key differs where it is a secret.
    """
    schema = kind.schema.fields_in(live.raw, item.type)
    values = item.values
    fields = differences(values, live.values, schema, ignore=item.lifecycle.ignore)
    fields = _with_key(fields, key if kind.schema.key not in item.lifecycle.ignored_fields else None)
    mine = _own_secrets(item)
    keyed = {path: mine.pop(path) for path in (join(kind.schema.key),) if path in mine}
    secrets = mine if resend else {path: one for path, one in mine.items() if _lacks(live, path, schema)}
    fields += _again(item, schema) if resend and not secrets else ()
    if not fields and not secrets:
        return None
    replacing = _is_replaced(kind, item, fields)
    along = _along(mine, fields, item, schema)
    return Change(
        address=item.address,
        kind=kind.name,
        action="replace" if replacing else "update",
        remote_id=live_identity(live, item.address),
        fields=tuple(replace(change, source=item.place(split(change.path)[0])) for change in fields),
        secrets=_references(secrets_in(values) if replacing else {**secrets, **along, **(keyed if key else {})}),
        warnings=((PIN_ENDS,) if replacing and item.lifecycle.id is not None else ()) + _unknown(fields, schema),
        source=item.source,
        protected=replacing and item.lifecycle.protect,
        after=item,
        before=live,
    )


def _unknown(fields: Iterable[FieldChange], schema: Mapping[str, Field]) -> tuple[str, ...]:
    """What `extra` holds of a change, so that every form marks it."""
    names = dict.fromkeys(split(change.path)[0] for change in fields)
    return tuple(f"{name} is unknown to lsops: sent as it is written" for name in names if name not in schema)


def _own_secrets(item: Resource) -> dict[str, Secret]:
    """The secrets of a declared resource by their pointers, less those that `ignore` leaves to the server."""
    rules = item.lifecycle
    ignored = rules.ignored_fields
    secrets = secrets_in(item.values).items()
    return {path: one for path, one in secrets if path not in rules.ignore and split(path)[0] not in ignored}


def _along(
    secrets: Mapping[str, Secret], fields: tuple[FieldChange, ...], item: Resource, schema: Mapping[str, Field]
) -> dict[str, Secret]:
    """The secrets that are sent because of what else is."""
    together = carried_along({split(change.path)[0] for change in fields}, item.values, schema)
    return {p: one for p, one in secrets.items() if _goes_along(p, fields, schema) or split(p)[0] in together}


def unreadable(kind: Kind, item: Resource, live: Resource) -> list[str]:
    """The declared fields that nobody can compare, as pointers: secrets, and what the server does not return."""
    schema = kind.schema.fields_in(live.raw, item.type)
    hidden = dict.fromkeys(join(name) for name in item.values if name in schema and schema[name].write_only)
    return [path for path in {**hidden, **secrets_in(item.values)} if path != join(kind.schema.key)]


def lacking(kind: Kind, item: Resource) -> list[Finding]:
    """The secrets that an update needs and the manifest does not have; `password: null` says that there is none."""
    noun = " ".join(filter(None, (item.type, noun_of(item.kind))))
    return [
        Finding(
            "LS506",
            f'an update of a {noun} needs "{name}"',
            item.address,
            item.source,
            f"write {name}: ${{env:NAME}}, or {name}: null if there is none",
        )
        for name, field in kind.schema.fields(item.type).items()
        if field.secret and field.always_send and name not in item.values
    ]


def _with_key(fields: tuple[FieldChange, ...], key: FieldChange | None) -> tuple[FieldChange, ...]:
    return tuple(sorted((*fields, key), key=lambda change: change.path)) if key else fields


def _is_replaced(kind: Kind, item: Resource, fields: tuple[FieldChange, ...]) -> bool:
    schema = kind.schema.fields(item.type)
    names = {split(change.path)[0] for change in fields}
    if kind.schema.discriminator in names or any(_is_emptied(change, schema) for change in fields):
        return True
    return any(schema[name].immutable for name in names if name in schema)


def _is_emptied(change: FieldChange, schema: Mapping[str, Field]) -> bool:
    """Whether a field is to become empty that the server cannot empty."""
    field = schema.get(split(change.path)[0])
    return field is not None and field.clear_replace and change.before is not UNSET and not change.after


def _again(item: Resource, schema: Mapping[str, Field]) -> tuple[FieldChange, ...]:
    """What the server does not return, for a resource without secrets; with secrets it goes along unasked."""
    own = set(item.values) - item.lifecycle.ignored_fields
    hidden = [name for name in sorted(own) if name in schema and schema[name].unreadable]
    return tuple(FieldChange(join(name), after=item.values[name]) for name in hidden)


def _goes_along(path: str, fields: tuple[FieldChange, ...], schema: Mapping[str, Field]) -> bool:
    """Whether a secret is sent though nothing says that it differs: always, or inside an object that is sent whole."""
    name, *inner = split(path)
    field = schema.get(name)
    if field is None:
        return False
    return field.always_send if not inner else any(split(change.path)[0] == name for change in fields)


def _lacks(live: Resource, path: str, schema: Mapping[str, Field]) -> bool:
    """Whether the server shows that it holds nothing in a secret field, by its pointer; so it is sent."""
    name = path.removeprefix("/")
    flag = schema[name].is_set if name in schema else ""
    return live.raw.get(flag) is False if flag else live.raw.get(name, UNSET) in (None, "")


def _shown(value: Any, field: Field | None) -> Any:
    """A declared value as a plan holds it: of a confidential object the keys, less those that are secrets."""
    if field is None or not field.confidential or not isinstance(value, Mapping):
        return value
    return {key: MASK for key, inner in value.items() if not isinstance(inner, Secret)}


def _references(secrets: Mapping[str, Secret]) -> dict[str, str]:
    return {path: secret.reference for path, secret in sorted(secrets.items())}
