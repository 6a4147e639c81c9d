"""Carrying out one change: the POST and the PATCH after it, and the check that every value was kept.

Label Studio answers 2xx to keys that it ignores, so success proves nothing: every answer is compared with what was
declared (Enterprise facts 1.3).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from lsops.difference import differences
from lsops.engine.attempt import Attempt, beside_old
from lsops.engine.bodies import (
    Fields,
    ignored_values,
    in_patch,
    in_post,
    kept_fields,
    laid_beneath,
    laid_over,
    leaves_of,
    needed,
    not_kept,
    planned,
    unseen_after_post,
    unsent,
    verifiable,
    withheld,
)
from lsops.engine.consent import Grown, still_agreed
from lsops.engine.settle import settle
from lsops.engine.twins import Twin, Twins, Verdicts
from lsops.errors import (
    Finding,
    Forbidden,
    LsopsError,
    Malformed,
    NotFound,
    Rejected,
    ResultUnknown,
    ServerError,
    ServerFault,
)
from lsops.identity import referring
from lsops.kinds import Kind, Where, registry
from lsops.kinds.capabilities import AsksForSecrets, Bulk, CarriesOver, Fills, MadeFrom, Migrates
from lsops.kinds.titles import Named
from lsops.manifest import Vault
from lsops.model.address import parent, split
from lsops.model.leaves import replaced
from lsops.model.pairs import Identity
from lsops.model.plan import Change, FieldChange, Plan
from lsops.model.resource import UNSET, Resource, Secret
from lsops.model.task_file import Supply
from lsops.schema import hidable, secret_key
from lsops.server.session import Session

AGAIN = "sent again, because the server asked for it"
AS_A_WHOLE = "sent again as a whole, because the server asked for it"


class NotKept(LsopsError):
    """The server answered well and holds something else."""

    code = "LS709"


@dataclass
class Writer:
    """Carries out changes against one server. `agreed` are the addresses whose data may be lost.

    `ids` are those of what was made, `names` those of all that can be named, and `remarks` say what else was done for a
    change than its plan shows. `is_stopped` says whether somebody wants it to end.
    """

    session: Session
    vault: Vault
    plan: Plan
    agreed: frozenset[str] = frozenset()
    ids: dict[str, int] = field(default_factory=dict)
    names: dict[str, dict[str, int]] = field(default_factory=dict)
    remarks: dict[str, tuple[str, ...]] = field(default_factory=dict)
    is_stopped: Callable[[], bool] = bool

    def __post_init__(self) -> None:
        self.twins = Twins(self.session)
        self._unseen: dict[str, tuple[Attempt, int]] = {}
        self.names.update({kind: Named(ids) for kind, ids in self.plan.pairs.names.items()})

    def carry_out(self, change: Change) -> int | None:
        """Make one change; the id of the object, None for a singleton.

        Raises:
            ServerError: the server refused it, or cannot be reached.
            NotKept: it was made, and a declared value was not kept.
            Unsettled: nobody knows whether it was made.
            Twin: another run has made the same. Whether one makes it meanwhile is looked after later (`looked_after`).
            Grown: it would lose what nobody agreed to lose; nothing was sent.
        """
        still_agreed(change, self.agreed, self.session)
        kind = registry()[change.kind]
        if bulk := bulk_of(change):
            failure = self.carry_out_many(bulk, [change])[change.address]
            if failure is not None:
                raise failure
            return self.id_of(change.address)
        if isinstance(kind, Fills) and kind.fills(change):
            where = self._where(change)
            kind.fill(self.session, change, where, Supply(self.plan.folder, self.is_stopped))
            return where.id
        if change.action == "create":
            return self._set(kind, change) if kind.schema.singleton else self._create(kind, change)
        if change.action == "update":
            return self._update(kind, change)
        if change.action == "replace":
            return self._replace(kind, change)
        kind.delete(self.session, self._where(change))
        return change.remote_id.get("id")

    def looked_after(self, change: Change) -> Verdicts:
        """What is wrong with what was made by changes whose look is over, by address; None where nothing is.

        A create waits until there are enough of its collection; `rest_looked_after` ends that.
        """
        if change.address not in self._unseen:
            return {change.address: None}
        return self._judged_alone(
            self.twins.after(parent(change.address), change.address, *self._unseen.pop(change.address))
        )

    def rest_looked_after(self) -> Verdicts:
        """The same of all that still waits."""
        return self._judged_alone(self.twins.rest())

    def _judged_alone(self, found: Verdicts) -> Verdicts:
        """What stands there twice is nothing that others may build on."""
        for address, error in found.items():
            if isinstance(error, Twin):
                self.ids.pop(address, None)
        return found

    def carry_out_many(self, bulk: Bulk, changes: Sequence[Change]) -> dict[str, LsopsError | None]:
        """Make changes of one action under one parent with one call; what went wrong with each, by address.

        `bulk` is their kind. The call says only how many it made, so that the collection is read after it.

        Raises:
            ServerError: the call was refused as a whole, or the collection cannot be read after it.
        """
        kind, where = registry()[changes[0].kind], self._where(changes[0])
        if changes[0].action == "delete":
            bulk.delete_many(self.session, [c.before for c in changes if c.before], where, self.names)
        else:
            call = bulk.create_many if changes[0].action == "create" else bulk.update_many
            named = {needed(c).key: replace(needed(c), values=planned(c)) for c in changes}
            call(self.session, named, where, self.names)
        after = {resource.key.casefold(): resource for resource in self._collection(kind, where)}
        return {change.address: self._judged(kind, change, after) for change in changes}

    def _collection(self, kind: Kind, where: Where) -> list[Resource]:
        return [kind.from_row(row, self.names, "") for row in kind.rows(self.session, where)]

    def _judged(self, kind: Kind, change: Change, after: Mapping[str, Resource]) -> LsopsError | None:
        """Whether a change of many shows in the collection."""
        resource = change.after or change.before
        found = after.get(resource.key.casefold()) if resource else None
        if change.action == "delete":
            return None if found is None else NotKept.of("the server still lists it after the call")
        if found is None:
            return NotKept.of("the server does not list it after the call")
        if found.id is not None:
            self.ids[change.address] = found.id
        lost = differences(planned(change), found.values, kind.schema.fields(needed(change).type))
        return NotKept([Finding("LS709", not_kept(item)) for item in lost]) if lost else None

    # ---- the four actions --------------------------------------------------------------------

    def _create(self, kind: Kind, change: Change, kept: Mapping[str, Any] | None = None) -> int | None:
        """`kept` is what the new object has of an old one, beneath what is declared."""
        resource = needed(change)
        schema = kind.schema.fields(resource.type)
        values = planned(change)
        where, taken = self._to_make(kind, resource, in_post(values, schema))
        whole = laid_beneath(taken, kept or {}, schema)
        known = self._held(parent(change.address))
        attempt = Attempt(kind, where, self._key(resource), resource.key, self._body(kind, whole, where), known)
        row = self._post(change, attempt)
        made = Where(row["id"], resource.type, where.parent)
        self._remember(kind, change, made)
        self._unseen[change.address] = attempt, row["id"]
        self._verify_key(kind, resource, row)
        wanted = {name: value for name, value in values.items() if name != kind.schema.discriminator}
        missing = differences(wanted, kind.decode(row, self.names), kind.schema.fields_in(row, resource.type))
        names = {split(item.path)[0] for item in missing} | unseen_after_post(wanted, schema, whole)
        if names:
            names |= {n for n, one in schema.items() if one.always_send and n in wanted}
            row = self._patch(kind, made, {name: wanted[name] for name in names}, schema)
            self._verify(kind, row, wanted, made)
        return made.id

    def _set(self, kind: Kind, change: Change) -> int | None:
        """Write what there is one of, and was not there: what it stands in is new, or it was never written."""
        schema, where, values = kind.schema.fields(needed(change).type), self._where(change), planned(change)
        row = self._patch(kind, where, values, schema)
        self._verify(kind, row, {n: v for n, v in values.items() if not isinstance(v, Secret)}, where)
        return where.id

    def _to_make(self, kind: Kind, item: Resource, values: dict[str, Any]) -> tuple[Where, dict[str, Any]]:
        """Where a resource is made and from what, and which of the values its POST takes."""
        origin = kind.origin(item, self.names) if isinstance(kind, MadeFrom) else None
        where = Where(type=item.type, parent=self._above(item), origin=origin)
        if origin is None or not isinstance(kind, MadeFrom):
            return where, values
        return where, {name: value for name, value in values.items() if name in kind.takes}

    def _update(self, kind: Kind, change: Change) -> int | None:
        schema = kind.schema.fields_in(change.before.raw if change.before else {}, needed(change).type)
        where = self._where(change)
        if isinstance(kind, Migrates):
            kind.migrate(self.session, change, self.is_stopped)
        sent = in_patch(change, schema)
        kept = kept_fields(change, sent, schema)
        if kept:
            now = kind.decode(kind.get(self.session, where), self.names)
            sent = {**{name: now[name] for name in kept if name in now}, **sent}
        try:
            row = self._patch(kind, where, sent, schema, changes=change.fields)
        except Rejected as error:
            more = self._asked_for(kind, change, sent, error)
            if not more:
                raise
            row = self._patch(kind, where, {**sent, **more}, schema, changes=change.fields)
        self._remember(kind, change, where)
        if kind.schema.key in sent:
            self._verify_key(kind, needed(change), row)
        compared = {name: value for name, value in sent.items() if not isinstance(value, Secret)}
        unplanned = {name: compared[name] for name in hidable(kind.name) & compared.keys()}
        self._verify(kind, row, {**unplanned, **verifiable(compared, change.fields, schema)}, where)
        return where.id

    def _asked_for(self, kind: Kind, change: Change, sent: Mapping[str, Any], error: Rejected) -> dict[str, Any]:
        """What the server misses in an update that it refused: secrets, or all that it holds and is declared."""
        if error.status != 400 or not isinstance(kind, AsksForSecrets):
            return {}
        schema = kind.schema.fields(needed(change).type)
        secrets = withheld(needed(change), sent, schema)
        if kind.wants_all(str(error)):
            held = kind.decode(kind.get(self.session, self._where(change)), self.names)
            self.remarks[change.address] = (AS_A_WHOLE,)
            return {**unsent(needed(change), sent, held, schema), **secrets}
        if secrets and kind.wants_secrets(str(error)):
            self.remarks[change.address] = (f"{AGAIN}: {', '.join(sorted(secrets))}",)
            return secrets
        return {}

    def _replace(self, kind: Kind, change: Change) -> int | None:
        """Create, then delete the old one: if the create fails, the old one stays."""
        old = self._where(change)
        kept = {**ignored_values(change), **self._carried_over(kind, old)}
        try:
            made = self._create(kind, change, kept)
        except Rejected as error:
            raise beside_old(error, change, kind.schema.key) from error
        for fault in (*self.looked_after(change).values(), *self.rest_looked_after().values()):
            if fault is not None:
                raise fault
        try:
            still_agreed(change, self.agreed, self.session)
            kind.delete(self.session, old)
        except (ServerError, Grown) as error:
            finding = error.findings[0]
            message = f"the new one (id {made}) is there and so is the old one (id {old.id}): {finding.message}"
            raise NotKept([replace(finding, message=message, hint=f"delete the old one, id {old.id}")]) from error
        return made

    def _carried_over(self, kind: Kind, old: Where) -> Mapping[str, Any]:
        return kind.carried_over(self.session, old) if isinstance(kind, CarriesOver) else {}

    # ---- requests ----------------------------------------------------------------------------

    def _post(self, change: Change, attempt: Attempt) -> Mapping[str, Any]:
        """The new row. An answer that is lost or makes no sense, or a 5xx, is settled by looking at what is there."""
        kind = attempt.kind
        self.twins.refuse_second(parent(change.address), attempt)
        try:
            row = kind.create(self.session, attempt.body, attempt.where)
            if isinstance(row.get("id"), int):
                return row
            raise Malformed.of("the server did not say which id the new object has")
        except ServerError as error:
            if not isinstance(error, (Malformed, ResultUnknown, ServerFault)) and not _is_doubted(kind, error):
                raise
            row = settle(self.session, attempt, error)
            if 400 <= (error.status or 0) <= 500:
                self.remarks[change.address] = (f"the server made it and answered: {error}",)
            return row

    def _patch(
        self, kind: Kind, where: Where, values: Mapping[str, Any], schema: Fields, changes: tuple[FieldChange, ...] = ()
    ) -> Mapping[str, Any]:
        """The row after a PATCH; objects that merge deep are laid over the value read just before."""
        merged = dict(values)
        deep = [name for name, value in values.items() if name in schema and schema[name].merge_deep and value]
        if deep:
            current = kind.get(self.session, where)
            for name in deep:
                merged[name] = laid_over(current.get(name), leaves_of(name, values[name], changes), schema[name])
        return kind.update(self.session, self._body(kind, merged, where), where)

    def _verify(self, kind: Kind, row: Mapping[str, Any], wanted: Mapping[str, Any], where: Where) -> None:
        """Raises: NotKept. An answer that lacks a field is read again before it counts; what may be hidden and is not
        shown then either, nobody can verify.
        """
        schema = kind.schema.fields(where.type)
        unseen = [name for name in hidable(kind.name) & wanted.keys() - row.keys() if not schema[name].write_only]
        lost = self._lost(kind, row, wanted, where)
        if unseen or any(item.before is UNSET for item in lost):
            lost = self._lost(kind, kind.get(self.session, where), wanted, where)
        if lost:
            raise NotKept([Finding("LS709", not_kept(item)) for item in lost])

    def _lost(
        self, kind: Kind, row: Mapping[str, Any], wanted: Mapping[str, Any], where: Where
    ) -> tuple[FieldChange, ...]:
        return differences(wanted, kind.decode(row, self.names), kind.schema.fields_in(row, where.type))

    def _verify_key(self, kind: Kind, item: Resource, row: Mapping[str, Any]) -> None:
        """Raises: NotKept, where the key is a secret and the row has another one; neither is told."""
        if secret_key(item) is not None and kind.schema.key_of(row) != self._key(item).strip():
            name = kind.schema.key
            raise NotKept([Finding("LS709", f"the server did not keep {name}: it holds another than was sent")])

    # ---- places and bodies -------------------------------------------------------------------

    def id_of(self, address: str) -> int | None:
        """The id of the object of a declared resource: of one that was made just now, or was there."""
        return self.ids.get(address) or self.plan.pairs.id_of(address)

    def _held(self, collection: str) -> frozenset[Identity]:
        """What told apart all that a collection held when it was read."""
        group = self.plan.pairs.group(collection)
        return group.held if group is not None and group.error is None else frozenset()

    def _where(self, change: Change) -> Where:
        number = change.remote_id.get("id") or self.id_of(change.part_of or change.address)
        resource = change.after or change.before
        key = change.before.key if change.before is not None else ""
        return Where(number, change.remote_id.get("type"), self._above(resource), key)

    def _above(self, resource: Resource | None) -> int | None:
        """The id of what a resource stands in: its parent, or the organisation."""
        return self.id_of(resource.parent) if resource and resource.parent else self.plan.facts.organization

    def _key(self, item: Resource) -> str:
        """What identifies a declared resource, revealed where it is a secret."""
        secret = secret_key(item)
        return item.key if secret is None else self.vault.reveal(secret)

    def _remember(self, kind: Kind, change: Change, made: Where) -> None:
        if made.id is not None and not change.part_of:
            self.ids[change.address] = made.id
            self.names.setdefault(kind.name, {})[referring(kind.schema)(needed(change))] = made.id

    def _body(self, kind: Kind, values: Mapping[str, Any], where: Where) -> dict[str, Any]:
        return kind.encode({name: self._revealed(value) for name, value in values.items()}, where, self.names)

    def _revealed(self, value: Any) -> Any:
        return replaced(value, lambda leaf: self.vault.reveal(leaf) if isinstance(leaf, Secret) else leaf)


def bulk_of(change: Change) -> Bulk | None:
    """The kind of a change that is made together with others by one call; None for one that is made alone."""
    kind = registry()[change.kind]
    return kind if isinstance(kind, Bulk) and kind.takes(change) else None


def _is_doubted(kind: Kind, error: ServerError) -> bool:
    """Whether the server may have made the object though it says that it refuses it."""
    return kind.doubts_refusals and isinstance(error, (Rejected, Forbidden, NotFound))
