"""Reading the live side: only what the manifest manages, parents before their children."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from lsops.engine.groups import is_pruned, written
from lsops.engine.identify import names_of, with_declared_names
from lsops.engine.match import match
from lsops.kinds import Kind, Query, Reader, registry
from lsops.model import Collection, Desired, Facts, Live, Resource, parent
from lsops.model.desired import in_collections
from lsops.server import Session


@dataclass
class _Progress:
    """What has been read so far: collections by address, and live ids by the address of the desired resource.

    `others` are the declared resources outside of the targets, and `called` are declared names of live objects.
    """

    groups: Mapping[str, tuple[Resource, ...]]
    others: Mapping[str, tuple[Resource, ...]]
    collections: dict[str, Collection] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    called: dict[tuple[str, int], str] = field(default_factory=dict)


def read(desired: Desired, session: Session, facts: Facts, *, whole: bool = False) -> Live:
    """The live side of every collection that the manifest writes; a failed read stands in its collection.

    `whole` reads every row of those collections, whatever the manifest names in them, to list what it does not.
    """
    reader = Reader(session, facts)
    progress = _Progress(in_collections(desired.resources), in_collections(desired.others))
    kinds = [kind for kind in registry().values() if facts.edition in kind.schema.editions]
    for kind in sorted(kinds, key=lambda item: item.schema.collection.count("*")):
        query = _query(kind, desired, progress, whole=whole)
        if query is not None:
            _note(kind, kind.read(reader, query), progress)
    return Live(progress.collections, {name: dict(ids) for name, ids in reader.names.items()})


def _query(kind: Kind, desired: Desired, progress: _Progress, *, whole: bool) -> Query | None:
    collections = written(kind, desired)
    if not collections:
        return None
    if "*" not in kind.schema.collection:
        return Query(desired.of(kind.name), {"": 0})
    parents = {
        parent(address): progress.ids[parent(address)] for address in collections if parent(address) in progress.ids
    }
    resources = tuple(item for item in desired.of(kind.name) if item.parent in parents)
    return Query(resources, parents, frozenset(parents) if whole else _whole(kind, desired, collections))


def _whole(kind: Kind, desired: Desired, collections: Iterable[str]) -> frozenset[str]:
    """The parents in whose collection every row matters, because what is not declared is deleted."""
    return frozenset(parent(address) for address in collections if is_pruned(kind, desired, address))


def _note(kind: Kind, found: Mapping[str, Collection], progress: _Progress) -> None:
    progress.collections.update(found)
    for address, collection in found.items():
        mine, others = progress.groups.get(address, ()), progress.others.get(address, ())
        pairs = match((*mine, *others), with_declared_names(progress.called, kind, collection), kind)
        progress.called.update(names_of(mine, pairs))
        found_here = ((item.address, pairs.found[item.address]) for item in mine)
        progress.ids.update({at: live.id for at, live in found_here if live is not None and live.id is not None})
