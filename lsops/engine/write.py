"""Carrying out one change: bodies, the POST and the PATCH after it, and the check that every value was kept.

Label Studio answers 2xx to keys that it ignores, so success proves nothing: every answer is compared with what was
declared (Enterprise facts 1.3).
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from lsops.engine.diff import declared, differences
from lsops.engine.settle import Unsettled, settle
from lsops.errors import Finding, LsopsError, ResultUnknown, ServerError, ServerFault
from lsops.kinds import Kind, Where, registry
from lsops.manifest import Vault
from lsops.model import UNSET, Change, FieldChange, Plan, Resource, Secret, parent, split
from lsops.schema import Field
from lsops.server import Session


class NotKept(LsopsError):
    """The server answered well and holds something else; `id` is that of the object."""

    code = "LS709"


@dataclass
class Writer:
    """Carries out changes against one server; `ids` and `names` grow with what is created."""

    session: Session
    vault: Vault
    plan: Plan
    ids: dict[str, int] = field(default_factory=dict)
    names: dict[str, dict[str, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ids.update(self.plan.context.ids)
        self.names.update({kind: dict(ids) for kind, ids in self.plan.context.names.items()})

    def carry_out(self, change: Change) -> int | None:
        """Make one change; the id of the object, None for a singleton.

        Raises:
            ServerError: the server refused it, or cannot be reached.
            NotKept: it was made, and a declared value was not kept.
            Unsettled: nobody knows whether it was made.
        """
        kind = registry()[change.kind]
        if change.action == "create":
            return self._create(kind, change)
        if change.action == "update":
            return self._update(kind, change)
        if change.action == "replace":
            return self._replace(kind, change)
        kind.delete(self.session, self._where(change))
        return change.live.get("id")

    # ---- the four actions --------------------------------------------------------------------

    def _create(self, kind: Kind, change: Change) -> int | None:
        resource = _needed(change)
        schema = kind.fields(resource)
        where = Where(type=resource.type, parent=self.ids.get(resource.parent))
        values = {n: v for n, v in self._planned(kind, change).items() if n not in schema or schema[n].create}
        row = self._post(kind, change, self._body(kind, values, where), where)
        made = Where(row.get("id"), resource.type, where.parent)
        if made.id is not None:
            self.ids[change.address] = made.id
            self.names.setdefault(kind.name, {})[resource.key] = made.id
        wanted = self._planned(kind, change)
        missing = differences(wanted, kind.decode(row, self.names), schema)
        if missing:
            names = {split(item.path)[0] for item in missing}
            row = self._patch(kind, made, {name: wanted[name] for name in names}, schema)
            self._verify(kind, row, wanted, schema, made)
        return made.id

    def _update(self, kind: Kind, change: Change) -> int | None:
        resource = _needed(change)
        schema = kind.fields(resource)
        where = self._where(change)
        names = {split(item.path)[0] for item in change.fields}
        names |= {split(path)[0] for path in change.secrets}
        names |= kind.keeps_together(names, resource)
        names |= {
            n for n, f in schema.items() if (f.always_send or f.write_only) and n in resource.values and not f.secret
        }
        wanted = {name: value for name, value in declared(resource, kind.schema.key).items() if name in names}
        row = self._patch(kind, where, wanted, schema, changes=change.fields)
        compared = {name: value for name, value in wanted.items() if not isinstance(value, Secret)}
        self._verify(kind, row, _only(compared, change.fields, schema), schema, where)
        return where.id

    def _replace(self, kind: Kind, change: Change) -> int | None:
        """Create, then delete the old one: if the create fails, the old one stays."""
        old = self._where(change)
        made = self._create(kind, change)
        kind.delete(self.session, old)
        return made

    # ---- requests ----------------------------------------------------------------------------

    def _post(self, kind: Kind, change: Change, body: dict[str, Any], where: Where) -> Mapping[str, Any]:
        """The new row. An answer that is lost, or a 5xx, is settled by looking at what is there."""
        try:
            return kind.create(self.session, body, where)
        except (ResultUnknown, ServerFault) as error:
            known = self.plan.context.known.get(parent(change.address), frozenset())
            return settle(self.session, kind, where, key=_needed(change).key, known=known, cause=error)

    def _patch(
        self,
        kind: Kind,
        where: Where,
        values: Mapping[str, Any],
        schema: Mapping[str, Field],
        changes: tuple[FieldChange, ...] = (),
    ) -> Mapping[str, Any]:
        merged = dict(values)
        deep = [name for name, value in values.items() if name in schema and schema[name].merge_deep and value]
        if deep:
            current = kind.get(self.session, where)
            for name in deep:
                leaves = _leaves_of(name, values[name], changes)
                merged[name] = _laid_over(current.get(name), leaves, schema[name])
        return kind.update(self.session, self._body(kind, merged, where), where)

    def _verify(
        self, kind: Kind, row: Mapping[str, Any], wanted: Mapping[str, Any], schema: Mapping[str, Field], where: Where
    ) -> None:
        lost = differences(wanted, kind.decode(row, self.names), schema)
        if any(item.before is UNSET for item in lost):
            lost = differences(wanted, kind.decode(kind.get(self.session, where), self.names), schema)
        if lost:
            raise NotKept([Finding("LS709", _not_kept(item)) for item in lost])

    # ---- values ------------------------------------------------------------------------------

    def _where(self, change: Change) -> Where:
        number = change.live.get("id") or self.ids.get(change.address) or self.ids.get(parent(change.address))
        resource = change.desired or change.current
        above = self.ids.get(resource.parent) if resource else None
        return Where(number, change.live.get("type"), above)

    def _planned(self, kind: Kind, change: Change) -> dict[str, Any]:
        """The declared fields that the change names: a field that is a change of its own is not among them."""
        values = declared(_needed(change), kind.schema.key)
        if change.action == "replace":
            return dict(values)
        names = {split(item.path)[0] for item in change.fields} | {split(path)[0] for path in change.secrets}
        return {name: value for name, value in values.items() if name in names}

    def _body(self, kind: Kind, values: Mapping[str, Any], where: Where) -> dict[str, Any]:
        revealed = {
            name: self.vault.reveal(value) if isinstance(value, Secret) else _plain(value)
            for name, value in values.items()
        }
        return kind.encode(revealed, where, self.names)


def _needed(change: Change) -> Resource:
    if change.desired is None:
        raise LsopsError.of(f"the change of {change.address} has nothing to send")
    return change.desired


def _only(wanted: Mapping[str, Any], fields: tuple[FieldChange, ...], schema: Mapping[str, Field]) -> dict[str, Any]:
    """Of what was sent, what was planned: a leaf that `ignore` leaves out is not verified."""
    result: dict[str, Any] = {}
    for item in fields:
        name, *rest = split(item.path)
        if name not in wanted or not (name in schema and schema[name].merge_deep):
            if name in wanted:
                result[name] = wanted[name]
            continue
        _put(result.setdefault(name, {}), rest, item.after)
    return result


def _leaves_of(name: str, value: Any, changes: tuple[FieldChange, ...]) -> Any:
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


def _laid_over(current: Any, leaves: Any, schema: Field) -> dict[str, Any]:
    """The value read just before, without ids and read-only keys, with the declared leaves on top."""
    drop = {name for name, leaf in schema.properties.items() if leaf.read_only} | (
        {"id"} if schema.properties else set()
    )
    base = {k: deepcopy(v) for k, v in current.items() if k not in drop} if isinstance(current, Mapping) else {}
    _merge(base, leaves)
    return base


def _merge(base: dict[str, Any], leaves: Mapping[str, Any]) -> None:
    for name, value in leaves.items():
        if isinstance(value, Mapping) and isinstance(base.get(name), dict):
            _merge(base[name], value)
        else:
            base[name] = _plain(value)


def _plain(value: Any) -> Any:
    """Ordinary containers, without the positions that manifest values carry."""
    if isinstance(value, Mapping):
        return {key: _plain(sub) for key, sub in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def _not_kept(item: FieldChange) -> str:
    name = "/".join(split(item.path))
    if item.before is UNSET:
        return f"the server did not keep {name}: it does not return the field"
    return f"the server did not keep {name}: sent {_short(item.after)}, it holds {_short(item.before)}"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"


__all__ = ["NotKept", "ServerError", "Unsettled", "Writer"]
