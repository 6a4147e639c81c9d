"""Comparing two manifests: what the second one changes of what the first one made, without a server."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from lsops.engine.planning import Request, plan
from lsops.engine.planning.counterparts import follow, unmanaged_fields
from lsops.engine.planning.differ import creation
from lsops.engine.planning.identify import identify, in_order
from lsops.engine.planning.scope import matches, select
from lsops.engine.planning.sharding import Away, Division, sharded
from lsops.engine.policies import judged
from lsops.identity import Keys, referring
from lsops.kinds import registry
from lsops.kinds.capabilities import Invites
from lsops.manifest import Manifest, Vault
from lsops.manifest.positions import Map
from lsops.model.address import below
from lsops.model.desired import Desired, in_collections
from lsops.model.live import Collection, Facts, Live
from lsops.model.pairs import Identity, Pair, Pairs
from lsops.model.plan import Change, Plan
from lsops.model.resource import MASK, Resource
from lsops.model.shard import Shard
from lsops.operations.editions import edition_for
from lsops.schema import kinds, secret_key

NEWEST = "9999"
"""A release that has every field: no server is asked."""
PERHAPS_PENDING = "waits for them to join where the organisation lacks them; apply --invite mails an invitation"


@dataclass(frozen=True, slots=True)
class DiffRequest:
    """What to compare: `targets` are globs of addresses, `skip` names collections, and `shard` is the part of the rest.

    `base` is how the first manifest is called, and `created` the time that the plan bears.
    """

    targets: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    shard: Shard | None = None
    base: str = ""
    created: str = ""


ALL = DiffRequest()


def diff_manifests(base: Manifest, manifest: Manifest, request: DiffRequest = ALL) -> Plan:
    """What would change on a server that is as `base` declares, by the same passes that plan against a live one.

    The policies of `manifest` judge it. Secrets are not compared. An id that only one of them pins tells nothing, for
    no server says whose it is. What is no longer declared and stays on the server as it is stands in `unmanaged`, as
    addresses of resources and fields.

    Raises:
        UsageError: a target or a collection to skip covers nothing of either.
        ManifestError: the second manifest cannot follow the first.
    """
    wanted = _whole(manifest.desired)
    followed = select(follow(_whole(base.desired), wanted), (), request.skip).desired
    beside = (item.address for item in followed.resources)
    selection = sharded(select(wanted, request.targets, request.skip, beside=beside), request.shard)
    desired, keys = _with_known_ids(selection.desired, followed), _references(wanted, followed)
    pairs = _without_people(identify(desired, as_live(followed), keys))
    how = Request((), selection.globs, selection.parents, keys)
    facts = replace(_facts(base, manifest), shard=request.shard)
    made = _named(plan(desired, pairs, facts, how))
    left = _left(made, followed, request)
    gone = _by_name(item for item in followed.resources if item.address in left.addresses)
    told = replace(
        made,
        facts=replace(made.facts, release="", role="", created=request.created),
        changes=tuple(_moved(change, left, gone) for change in (*_perhaps_pending(made), *made.changes)),
        pending=(),
        invitations={},
        unmanaged=left.told,
        unmanaged_live=(),
        unreadable=(),
        warnings=Away(desired.elsewhere).with_found(manifest.warnings, made.warnings),
        base=request.base,
        policies=manifest.policies,
    )
    return judged(told, made.pairs.desired if request.shard else manifest.desired)


def _whole(desired: Desired) -> Desired:
    """The manifest with lsops' own fields among the others: no server has them, but who reviews wants to see them."""
    return replace(desired, resources=tuple(_with_own(item) if item.own else item for item in desired.resources))


def _with_own(item: Resource) -> Resource:
    values = Map()
    for part in (item.values, item.own):
        places = part.places if isinstance(part, Map) else {}
        for name, value in part.items():
            values.put(name, value, places.get(name))
    return replace(item, values=values, own={})


def _facts(base: Manifest, manifest: Manifest) -> Facts:
    edition = "enterprise" if "enterprise" in (edition_for(base), edition_for(manifest)) else "community"
    return Facts("", edition, NEWEST, "owner", environment=manifest.environment, prefix=manifest.display_prefix)


def _with_known_ids(desired: Desired, base: Desired) -> Desired:
    """The manifest without the ids that only it pins."""
    pinned: AbstractSet[Identity] = {
        (item.type, item.lifecycle.id) for item in base.resources if item.lifecycle.id is not None
    }
    kept = tuple(item if _is_known(item, pinned) else _without_id(item) for item in desired.resources)
    return replace(desired, resources=kept)


def _is_known(item: Resource, pinned: AbstractSet[Identity]) -> bool:
    return item.lifecycle.id is None or (item.type, item.lifecycle.id) in pinned


def _without_id(item: Resource) -> Resource:
    return replace(item, lifecycle=replace(item.lifecycle, id=None))


# ---- the first manifest as a live side -----------------------------------------------------------


def as_live(desired: Desired) -> Live:
    """The live side that a manifest declares; names of resources have made-up ids, for only names are compared."""
    there = [item for item in desired.resources if not item.lifecycle.absent]
    collections = {address: Collection(kind.name) for kind, address in in_order(desired)}
    for address, items in in_collections(there).items():
        collections[address] = Collection(items[0].kind, tuple(map(_as_live, items)))
    names: dict[str, dict[str, int]] = {}
    for number, item in enumerate(there, 1):
        names.setdefault(item.kind, {})[referring(kinds()[item.kind])(item)] = number
    return Live(collections, names)


def _as_live(item: Resource) -> Resource:
    values, key, secret = dict(item.values), item.key, secret_key(item)
    if secret is not None:
        key = values[kinds()[item.kind].key] = secret.reference
    return Resource(item.kind, item.address, key, values, item.parent, item.lifecycle.id, item.type, raw=values)


def _references(*sides: Desired) -> Keys:
    """What stands for the keys that are secrets: their references, for equal ones are one."""
    secrets = {secret for side in sides for item in side.resources if (secret := secret_key(item)) is not None}
    return Keys(Vault({secret: secret.reference for secret in secrets}))


def _without_people(pairs: Pairs) -> Pairs:
    """The same, but nothing is known of who has joined: that no manifest says."""
    names = {name: ids for name, ids in pairs.live.names.items() if not isinstance(registry()[name], Invites)}
    return replace(pairs, live=replace(pairs.live, names=names))


# ---- what no live side has -----------------------------------------------------------------------


def _perhaps_pending(made: Plan) -> Iterator[Change]:
    """Of what waits for a person on a server that lacks them, that it is new."""
    for address in made.pending:
        item = made.pairs.by_address[address].desired
        yield replace(creation(registry()[item.kind], item, ()), effects=(PERHAPS_PENDING,))


def _named(made: Plan) -> Plan:
    """The deletes at the addresses of the base, where these are free; and no old key that is a secret."""
    taken = {change.address for change in made.changes}
    return replace(made, changes=tuple(_at_its_place(change, taken) for change in made.changes))


def _at_its_place(change: Change, taken: set[str]) -> Change:
    live = change.before
    change = replace(change, remote_id={name: value for name, value in change.remote_id.items() if value != MASK})
    if change.action != "delete" or change.after is not None or live is None or live.address in taken:
        return change
    return replace(change, address=live.address)


@dataclass(frozen=True, slots=True)
class _Left:
    """What of the first manifest the second one no longer declares: all addresses, those of what is `deleted`, and as
    `told` those of what stays and of its fields, less what lies below another one.
    """

    addresses: frozenset[str]
    deleted: frozenset[str]
    told: tuple[str, ...]


def _left(made: Plan, base: Desired, request: DiffRequest) -> _Left:
    division = Division.of(request.shard, base.resources) if request.shard is not None else None
    matched = {pair.live.address: pair.desired for pair in _all_pairs(made.pairs) if pair.live is not None}
    deleted = {change.before.address for change in made.changes if change.action == "delete" and change.before}
    fate: dict[str, bool] = {}
    told: list[str] = []
    for item in base.resources:
        if item.lifecycle.absent or not _is_wanted(item.address, request.targets):
            continue
        if division is not None and not division.has(item.address):
            continue
        if item.address in matched:
            is_kept = item.address not in deleted and matched[item.address].type == item.type
            names = unmanaged_fields(matched[item.address], item) if is_kept else ()
            told += (below(item.address, *name.split("/")) for name in names)
        else:
            fate[item.address] = item.address in deleted or fate.get(item.parent, False)
            told += [item.address] if not (fate[item.address] or item.parent in fate) else []
    return _Left(frozenset(fate), frozenset(address for address, is_deleted in fate.items() if is_deleted), tuple(told))


def _all_pairs(pairs: Pairs) -> Iterator[Pair]:
    for group in pairs.groups.values():
        yield from (*group.pairs, *group.outside)


def _is_wanted(address: str, targets: tuple[str, ...]) -> bool:
    return not targets or any(matches(glob, address) for glob in targets)


_Named = Mapping[tuple[str, str, "str | None"], Sequence[Resource]]
"""Resources by kind, key and type."""


def _by_name(items: Iterable[Resource]) -> _Named:
    found: dict[tuple[str, str, str | None], list[Resource]] = {}
    for item in items:
        found.setdefault((item.kind, item.key, item.type), []).append(item)
    return found


def _moved(change: Change, left: _Left, gone: _Named) -> Change:
    """A create below another resource that says of what it is the same, where that is no longer declared: `gone`."""
    item = change.after
    if change.action != "create" or item is None or not item.parent:
        return change
    named = gone.get((item.kind, item.key, item.type), ())
    alike = [old.address for old in named if dict(item.values) == dict(old.values)]
    if len(alike) != 1:
        return change
    fate = "is deleted" if alike[0] in left.deleted else "is no longer declared, and stays on the server"
    words = f"moved from {alike[0]}: it is made anew here, and that one {fate}"
    return replace(change, warnings=(*change.warnings, words))
