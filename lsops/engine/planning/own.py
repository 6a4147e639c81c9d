"""What is live and not declared, and what is declared to be absent: deleted, protected, or only listed. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from lsops.engine.planning.scope import Request
from lsops.engine.planning.sharding import takes_live
from lsops.engine.planning.spared import spared
from lsops.errors import Finding, Source
from lsops.identity import Keys, live_identity, veil
from lsops.kinds import Kind, registry
from lsops.kinds.capabilities import Overlooks, Prunes
from lsops.masking import mask_key
from lsops.model.address import join, parent, split
from lsops.model.live import Facts
from lsops.model.pairs import Group, Pair, Pairs
from lsops.model.plan import Change, Stranger
from lsops.model.resource import MASK, Resource
from lsops.model.view import PlanView
from lsops.schema import secret_key

Rows = Mapping[str, Resource]
"""Live resources that the manifest does not name, by the addresses under which they are shown."""


@dataclass(frozen=True, slots=True)
class Owned:
    """What becomes of live resources that are not as the manifest wants them to be at all.

    `left` has by collection what the manifest does not name, as it may be shown; `candidates` those of it that targets
    reach and a manifest may manage. `gone` are the addresses of all that is declared absent, or lies below it, `apart`
    those of what other shards delete or list. `spared` says why prune leaves something alone.
    """

    deletes: Mapping[str, Change] = field(default_factory=dict)
    left: Mapping[str, Rows] = field(default_factory=dict)
    candidates: Mapping[str, Rows] = field(default_factory=dict)
    unmanaged: tuple[Stranger, ...] = ()
    gone: frozenset[str] = frozenset()
    apart: frozenset[str] = frozenset()
    spared: tuple[Finding, ...] = ()


def own(pairs: Pairs, facts: Facts, request: Request) -> Owned:
    """The deletes that a manifest asks for, and what else is there."""
    guards = _guards(pairs)
    taken = {item.address for item in (*pairs.desired.resources, *pairs.desired.others)}
    deletes: dict[str, Change] = {}
    left: dict[str, Rows] = {}
    candidates: dict[str, Rows] = {}
    unmanaged: list[Stranger] = []
    gone: set[str] = set()
    apart: set[str] = set()
    for group in pairs.groups.values():
        if parent(group.address) in gone:
            gone.update(pair.desired.address for pair in group.pairs)
            continue
        kind = registry()[group.kind]
        for pair in group.pairs:
            if pair.desired.lifecycle.absent and pair.is_known:
                gone.add(pair.desired.address)
                deletes.update(_absent(pair, kind, pairs, guards))
        if not group.unmatched:
            continue
        left[group.address] = rows = _left(group, kind, PlanView(pairs, deletes=deletes), request.keys, taken)
        found = tuple(_pruned(rows, kind, group, pairs, facts=facts, request=request))
        candidates[group.address] = {place: live for place, live, _ in found}
        apart.update(place for place, live, _ in found if not takes_live(facts.shard, kind.schema, live))
        if _prunes(pairs, kind, group):
            for place, live, change in found:
                deletes[place] = _guarded(with_desired(change, live), kind, pairs, guards)
        else:
            unmanaged += (_stranger(at, one) for at, one, _ in found if at not in apart)
    made = spared(pairs, deletes)
    unmanaged += (_stranger(at, one) for at in made.why if (one := deletes[at].before) is not None)
    return Owned(
        made.deletes, left, candidates, tuple(unmanaged), frozenset(gone), frozenset(apart), tuple(made.why.values())
    )


def _stranger(address: str, live: Resource) -> Stranger:
    return Stranger(address, live.kind, mask_key(live.key), live.id, live.type)


def _absent(pair: Pair, kind: Kind, pairs: Pairs, guards: Mapping[str, list[str]]) -> Iterator[tuple[str, Change]]:
    """The delete of what an entry wants to be absent, by its address; nothing where nothing is there."""
    item, live = pair.desired, pair.live
    if live is not None:
        seen = veil(live) if secret_key(item) is not None else live
        change = deletion(item.address, seen, item.source, protected=item.lifecycle.protect, desired=item)
        yield item.address, _guarded(change, kind, pairs, guards)


def _left(group: Group, kind: Kind, view: PlanView, keys: Keys, taken: set[str]) -> Rows:
    """What is left of a collection, as it may be shown: nothing where each may be one whose key is not known here."""
    rows = group.unmatched
    if isinstance(kind, Overlooks):
        rows = tuple(kind.unmanaged(rows, group.address, view))
    unknown = [pair for pair in (*group.pairs, *group.outside) if not pair.is_known]
    if len(rows) <= sum(pair.live is None for pair in unknown):
        return {}
    return shown_as(group.address, keys.veiled(kind.schema, rows, group.declared), taken)


def _prunes(pairs: Pairs, kind: Kind, group: Group) -> bool:
    """Whether what is left is deleted: not beside one whose key nobody knows, for it may be that one."""
    is_pruned = pairs.desired.is_pruned(kind.schema.collection, group.address)
    return is_pruned and all(pair.is_known for pair in (*group.pairs, *group.outside))


def _pruned(
    rows: Rows, kind: Kind, group: Group, pairs: Pairs, *, facts: Facts, request: Request
) -> Iterator[tuple[str, Resource, Change]]:
    """What targets reach of the rest, with what prune would do about it."""
    protected = kind.schema.collection in pairs.desired.protected
    source = pairs.desired.written.get(group.address)
    for place, live in rows.items():
        if not request.reaches(place):
            continue
        change: Change | None = deletion(place, live, source, protected=protected)
        if isinstance(kind, Prunes) and change is not None:
            change = kind.pruned(change, facts)
        if change is not None:
            yield place, live, change


def shown_as(collection: str, rows: Iterable[Resource], taken: set[str]) -> Rows:
    """Live resources by addresses that are unique even among equal keys.

    A key that is a URL may hold credentials, which no address shows.
    """
    result: dict[str, Resource] = {}
    for live in rows:
        shown = mask_key(live.key)
        place = collection + join(shown)
        if not shown or MASK in shown or place in taken or place in result:
            place = collection + join(f"{shown} (id {live.id})".strip())
        result[place] = live
    return result


# ---- deletes -------------------------------------------------------------------------------------


def deletion(
    address: str, live: Resource, source: Source | None, *, protected: bool, desired: Resource | None = None
) -> Change:
    """The change that deletes a live resource; `desired` is the entry that says `absent`, if one does."""
    return Change(
        address=address,
        kind=live.kind,
        action="delete",
        remote_id=live_identity(live, address),
        destroys={},
        source=source,
        protected=protected,
        after=desired,
        before=live,
    )


def with_desired(change: Change, live: Resource) -> Change:
    """An update that prune made of a delete, with what it sends: there is no entry that declares it."""
    if change.action != "update" or change.after is not None:
        return change
    values = {split(item.path)[0]: item.after for item in change.fields}
    return replace(change, after=replace(live, values=values, raw={}))


# ---- protection ----------------------------------------------------------------------------------


def _guards(pairs: Pairs) -> Mapping[str, list[str]]:
    """What is protected protects all above it, also where targets or `--skip` leave it out."""
    found: dict[str, list[str]] = {}
    for item in (*pairs.desired.resources, *pairs.desired.others):
        above = item.address if item.lifecycle.protect else ""
        while above:
            found.setdefault(above, []).append(item.address)
            above = parent(above)
    return found


def _guarded(change: Change, kind: Kind, pairs: Pairs, guards: Mapping[str, list[str]]) -> Change:
    """A delete with what protects it: its entry, something below it, the defaults of a collection below it."""
    below_it = guards.get(change.address, ())
    defaults = any(path.startswith(kind.schema.collection + "/") for path in pairs.desired.protected)
    inner = tuple(f"{address} in it is protected" for address in below_it if address != change.address)
    if not (below_it or defaults):
        return change
    return replace(change, protected=True, warnings=(*change.warnings, *inner))
