"""What a change sends: values, merged objects and what must be as declared afterwards. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any

from lsops.errors import LsopsError
from lsops.masking import mask_urls
from lsops.model.address import join, split
from lsops.model.leaves import as_plain
from lsops.model.plan import Change, FieldChange
from lsops.model.resource import UNSET, Resource, Secret
from lsops.schema import Field, carried_along, of_server

Fields = Mapping[str, Field]


def needed(change: Change) -> Resource:
    """The declared resource of a change that sends something."""
    if change.after is None:
        raise LsopsError.of(f"the change of {change.address} has nothing to send")
    return change.after


def verifiable(
    wanted: Mapping[str, Any], fields: tuple[FieldChange, ...], schema: Mapping[str, Field]
) -> dict[str, Any]:
    """Of what was sent, what was planned: a leaf that `ignore` leaves out is not verified."""
    result: dict[str, Any] = {}
    for item in fields:
        name, *rest = split(item.path)
        if name not in wanted or not (rest and name in schema and schema[name].merge_deep):
            if name in wanted:
                result[name] = wanted[name]
            continue
        _put(result.setdefault(name, {}), rest, item.after)
    return result


def leaves_of(name: str, value: Any, changes: tuple[FieldChange, ...]) -> Any:
    """The leaves that the change names; all declared ones where it names none, as in a create."""
    leaves: dict[str, Any] = {}
    for item in changes:
        first, *rest = split(item.path)
        if first == name and rest:
            _put(leaves, rest, item.after)
    return leaves or value


def _put(tree: dict[str, Any], path: list[str], value: Any) -> None:
    for part in path[:-1]:
        tree = tree.setdefault(part, {})
    if path:
        tree[path[-1]] = value


def laid_over(current: Any, leaves: Any, schema: Field) -> dict[str, Any]:
    """The value read just before, without ids and read-only keys, with the declared leaves on top."""
    drop = {name for name, leaf in schema.properties.items() if leaf.read_only} | (
        {"id"} if schema.properties else set()
    )
    base = {k: deepcopy(v) for k, v in current.items() if k not in drop} if isinstance(current, Mapping) else {}
    _merge(base, leaves)
    return base


def laid_beneath(values: Mapping[str, Any], kept: Mapping[str, Any], schema: Fields) -> dict[str, Any]:
    """The values on top of others: objects that merge deep are merged, everything else is as declared."""
    deep = {name for name in values if name in kept and name in schema and schema[name].merge_deep}
    merged = {name: laid_over(kept[name], values[name], schema[name]) for name in deep}
    return {**kept, **values, **merged}


def _merge(base: dict[str, Any], leaves: Mapping[str, Any]) -> None:
    for name, value in leaves.items():
        if isinstance(value, Mapping) and isinstance(base.get(name), dict):
            _merge(base[name], value)
        else:
            base[name] = as_plain(value)


def not_kept(item: FieldChange) -> str:
    """A field that the server holds otherwise, in words."""
    name = "/".join(split(item.path))
    if item.before is UNSET:
        return f"the server did not keep {name}: it does not return the field"
    return f"the server did not keep {name}: sent {_short(item.after)}, it holds {_short(item.before)}"


def _short(value: Any) -> str:
    text = repr(mask_urls(value))
    return text if len(text) <= 60 else text[:57] + "…"


def planned(change: Change) -> dict[str, Any]:
    """The declared fields that the change names: a field that is a change of its own is not among them."""
    values = needed(change).values
    if change.action == "replace":
        held = change.before.values if change.before is not None else {}
        ignore = [path for path in needed(change).lifecycle.ignore if split(path)[0] in held]
        return _without_ignored(values, ignore)
    names = _named(change)
    return {name: value for name, value in values.items() if name in names}


def _without_ignored(values: Mapping[str, Any], ignore: Iterable[str]) -> dict[str, Any]:
    """The declared values less what `ignore` names, which a replacement has from the old object."""
    result = dict(values)
    for pointer in ignore:
        name, *inner = split(pointer)
        held = result.get(name)
        if not inner:
            result.pop(name, None)
        elif isinstance(held, Mapping):
            kept = {key: value for key, value in held.items() if key != inner[0]}
            deeper = "".join(join(part) for part in inner[1:])
            below = _without_ignored({inner[0]: held[inner[0]]}, [join(inner[0]) + deeper]) if inner[0] in held else {}
            result[name] = {**kept, **below}
    return result


def ignored_values(change: Change) -> dict[str, Any]:
    """What the old object has in the declared fields that `ignore` names as a whole."""
    held = change.before.values if change.before is not None else {}
    names = needed(change).lifecycle.ignored_fields & set(needed(change).values)
    return {name: held[name] for name in names if name in held}


def in_post(values: Mapping[str, Any], schema: Fields) -> dict[str, Any]:
    """What a POST takes; the rest is patched after it (Enterprise facts 7.1)."""
    return {name: value for name, value in values.items() if name not in schema or schema[name].create}


def unseen_after_post(values: Mapping[str, Any], schema: Fields, posted: Mapping[str, Any]) -> set[str]:
    """Fields that were not in a POST and that no answer shows, so that they are patched in any case."""
    hidden = {name for name, value in values.items() if isinstance(value, Secret)}
    hidden |= {name for name, field in schema.items() if field.write_only and name in values}
    return {name for name in hidden if name in schema and name not in posted}


def in_patch(change: Change, schema: Fields) -> dict[str, Any]:
    """What an update sends of the declared fields: what differs, what goes along with it, what is wanted every time.

    A field that `ignore` names goes only if the change names it.
    """
    resource = needed(change)
    values = resource.values
    named = _named(change)
    more = carried_along(named, resource.values, schema)
    more |= {n for n, field in schema.items() if field.always_send or (field.unreadable and not field.on_request)}
    wanted = named | (more - resource.lifecycle.ignored_fields)
    return {
        name: _with_ignored(name, value, change) if name in schema and schema[name].confidential else value
        for name, value in values.items()
        if name in wanted
    }


def _with_ignored(name: str, value: Any, change: Change) -> Any:
    """An object that is sent whole, with what `ignore` names inside it as the server has it."""
    rules = needed(change).lifecycle.ignore
    ignored = {split(path)[1] for path in rules if path.startswith(join(name) + "/")}
    held = change.before.values.get(name) if change.before else None
    if not ignored or not isinstance(value, Mapping) or not isinstance(held, Mapping):
        return value
    own = {key: inner for key, inner in value.items() if key not in ignored}
    return {**own, **{key: inner for key, inner in held.items() if key in ignored}}


def kept_fields(change: Change, sent: Mapping[str, Any], schema: Fields) -> list[str]:
    """Fields that every update needs and that are not the manifest's to set: they go as the server has them."""
    if change.before is None:
        return []
    return [name for name, field in schema.items() if field.always_send and not field.secret and name not in sent]


def withheld(resource: Resource, sent: Mapping[str, Any], schema: Fields) -> dict[str, Any]:
    """The declared secrets that the server never returns and that were not sent."""
    ignored = resource.lifecycle.ignored_fields
    return {
        name: value
        for name, value in resource.values.items()
        if isinstance(value, Secret)
        and name not in sent
        and name not in ignored
        and name in schema
        and schema[name].write_only
    }


def unsent(resource: Resource, sent: Mapping[str, Any], held: Mapping[str, Any], schema: Fields) -> dict[str, Any]:
    """The fields that were not sent, without secrets: as they are declared, else as the server holds them."""
    ignored = resource.lifecycle.ignored_fields
    declared = {name: value for name, value in resource.values.items() if name not in ignored}
    return {
        name: value
        for name, value in {**held, **declared}.items()
        if name in of_server(schema) and name not in sent and value is not None and not isinstance(value, Secret)
    }


def _named(change: Change) -> set[str]:
    return {split(item.path)[0] for item in change.fields} | {split(path)[0] for path in change.secrets}
