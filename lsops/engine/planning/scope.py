"""What of a manifest is planned: targets, and collections that are left out. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain

from lsops.engine.planning.counterparts import Changed
from lsops.engine.planning.identify import in_order
from lsops.errors import Finding, UsageError
from lsops.globs import pattern
from lsops.identity import NO_KEYS, Keys
from lsops.model.address import parent, split
from lsops.model.desired import Desired
from lsops.model.resource import Resource
from lsops.model.shard import Shard
from lsops.references import scoped, scoped_names
from lsops.schema import by_collection
from lsops.spelling import nearest


def matches(glob: str, address: str) -> bool:
    """Whether a glob covers an address: it matches it, or something above it. The time is linear in the address."""
    return pattern(glob)(address)


@dataclass(frozen=True, slots=True)
class Request:
    """How to plan: globs of addresses whose secrets are sent again, and what targets did to the manifest.

    `parents` are resources that are planned only because a target lies below them: created, never changed.
    `keys` knows those keys that are secrets, as far as they are set. Where not all is planned, `gone` has by collection
    the addresses at which what is live and not declared matters; None for all of one.
    """

    resend: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    parents: frozenset[str] = frozenset()
    keys: Keys = NO_KEYS
    gone: Mapping[str, frozenset[str] | None] | None = None

    def is_targeted(self, address: str) -> bool:
        """Whether targets cover an address; all of them do where there is none."""
        return not self.targets or any(matches(glob, address) for glob in self.targets)

    def reaches(self, address: str) -> bool:
        """Whether something live that the manifest does not name is within what is planned."""
        if not self.is_targeted(address):
            return False
        if self.gone is None:
            return True
        places = self.gone.get(parent(address), frozenset())
        return places is None or address in places


@dataclass(frozen=True, slots=True)
class Selection:
    """What targets make of a manifest: what is planned, with `others` that were left out, and parents that were added.

    `parents` stand above a target, or a field of what is planned names them: the latter are `named`, too. Of the whole
    it is one `shard`; None for all of it.
    """

    desired: Desired
    globs: tuple[str, ...] = ()
    parents: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()
    shard: Shard | None = None

    @property
    def left_out(self) -> tuple[Resource, ...]:
        """What is declared and not planned."""
        return self.desired.others


def select(
    desired: Desired, globs: Iterable[str], skip: Iterable[str] = (), *, beside: Iterable[str] = ()
) -> Selection:
    """The resources that targets cover, with their parents; all of them where there is no target.

    A target may also cover a written collection, empty or not, or what is live in a pruned one and not declared; or one
    of the addresses `beside` the manifest, and then nothing of it.
    Collections that `skip` names are left out whole, with what stands below them.

    Raises:
        UsageError: a target is empty, covers nothing, or lies below a resource that is to be deleted; or there is
            no collection of a name in `skip`.
    """
    wanted, skipped = tuple(globs), _without(desired, skip)
    return _chosen(skipped.desired, wanted, tuple(beside)) if wanted else skipped


def _without(desired: Desired, names: Iterable[str]) -> Selection:
    """The manifest less some collections, each by its path or by the path's last part."""
    places = tuple(chain.from_iterable(map(_skipped, names)))
    if not places:
        return Selection(desired)
    written = {at: source for at, source in desired.written.items() if not _is_skipped(at, places)}
    kept = tuple(item for item in desired.resources if not _is_skipped(item.collection, places))
    left = tuple(item for item in desired.resources if _is_skipped(item.collection, places))
    return Selection(replace(desired, resources=kept, written=written, others=left))


def _skipped(name: str) -> Iterator[tuple[str, ...]]:
    """The collections, as split paths, that a name means. Raises: UsageError."""
    known, wanted = by_collection(), name.strip("/")
    found = [wanted] if wanted in known else [path for path, kind in known.items() if kind.name == wanted]
    if not found:
        near = nearest(name, (*known, *(kind.name for kind in known.values())))
        hint = f'did you mean "{near}"?' if near else "collections look like ml_backends or projects/*/ml_backends"
        raise UsageError.of(f'--skip: there is no collection "{name}"', code="LS606", hint=hint)
    yield from (tuple(path.split("/")) for path in found)


def _is_skipped(address: str, places: Iterable[tuple[str, ...]]) -> bool:
    """Whether a collection is one of those that are left out, or lies below one."""
    parts = split(address)
    return any(
        len(parts) >= len(place) and all(want in ("*", part) for want, part in zip(place, parts, strict=False))
        for place in places
    )


def _chosen(desired: Desired, wanted: tuple[str, ...], beside: tuple[str, ...]) -> Selection:
    _refuse_empty(wanted, "an empty target")
    places = _places(desired, wanted, beside)
    chosen = {item.address for item in desired.resources if any(matches(glob, item.address) for glob in wanted)}
    above, named = parents_of(desired, chosen, places)
    kept_desired = _kept(desired, chosen | above | named, places)
    return Selection(kept_desired, wanted, frozenset(above | named), frozenset(named - above))


def narrowed(selection: Selection, where: Changed) -> Selection:
    """Of a selection what differs from a base, with its parents; prune acts where an entry is gone alone."""
    desired = selection.desired
    chosen = {item.address for item in desired.resources if item.address in where.entries} - selection.parents
    places = {address for address in where.gone if address in desired.written}
    above, named = parents_of(desired, chosen, places)
    kept = replace(_kept(desired, chosen | above | named, places), prune=tuple(sorted(places)))
    return replace(selection, desired=kept, parents=frozenset(above | named), named=frozenset(named - above))


def _kept(desired: Desired, planned: set[str], places: set[str]) -> Desired:
    """The manifest with what is planned, and the collections that are reached or hold something of it."""
    kept = tuple(item for item in desired.resources if item.address in planned)
    left = tuple(item for item in desired.resources if item.address not in planned)
    places = places | {parent(item.address) for item in kept}
    sources = {address: source for address, source in desired.written.items() if address in places}
    return replace(desired, resources=kept, written=sources, others=(*desired.others, *left))


def refuse_idle(desired: Desired, globs: Iterable[str], what: str) -> None:
    """Raises: UsageError, for a glob that is empty or covers no declared resource."""
    wanted = tuple(globs)
    _refuse_empty(wanted, f"an empty target for {what}")
    for glob in wanted:
        if not any(matches(glob, item.address) for item in desired.resources):
            raise _idle(desired, glob, what)


def _refuse_empty(globs: Iterable[str], message: str) -> None:
    """An empty glob would cover everything: it is a variable that a script did not set."""
    if "" in globs:
        raise UsageError.of(message, hint="addresses look like /projects/TITLE")


def _places(desired: Desired, globs: Iterable[str], beside: tuple[str, ...]) -> set[str]:
    """The written collections that globs reach. Raises: UsageError, for one that reaches no resource either."""
    pruned = _pruned(desired)
    found: set[str] = set()
    for glob in globs:
        reached = {at for at in desired.written if matches(glob, at) or (at in pruned and _reaches_into(glob, at))}
        declared = (item.address for item in desired.resources)
        if not reached and not any(matches(glob, address) for address in chain(declared, beside)):
            raise _idle(desired, glob, "the target")
        found |= reached
    return found


def _pruned(desired: Desired) -> set[str]:
    """The written collections in which what is not declared is deleted."""
    return {address for kind, address in in_order(desired) if desired.is_pruned(kind.schema.collection, address)}


def _reaches_into(glob: str, collection: str) -> bool:
    """Whether a glob can cover an entry of a collection: then it covers one whose name is the glob's own last part."""
    name = glob.rpartition("/")[2].replace("\\*", "*")
    return bool(name) and matches(glob, f"{collection}/{name}")


def parents_of(desired: Desired, chosen: set[str], places: set[str]) -> tuple[set[str], set[str]]:
    """What is not chosen and must exist: the resources above what targets cover, and those that fields name."""
    items = {item.address: item for item in desired.resources}
    by_key = {scoped(item): item.address for item in desired.resources if not item.lifecycle.absent}
    above: set[str] = set()
    named: set[str] = set()
    waiting = [*chosen, *places]
    while waiting:
        address = waiting.pop()
        higher = {place for place in _ancestors(address) if place in items} - chosen - above
        for place in sorted(higher):
            _refuse_absent(items[place])
        names = scoped_names(items[address]) if address in items else ()
        others = {by_key[name] for name in names if name in by_key} - chosen - named
        above |= higher
        named |= others
        waiting += [*higher, *others]
    return above, named


def _ancestors(address: str) -> Iterator[str]:
    while address := parent(address):
        yield address


def _refuse_absent(item: Resource) -> None:
    if item.lifecycle.absent:
        message = f"the target lies below {item.address}, which is to be deleted"
        raise UsageError.of(message, code="LS505", address=item.address, source=item.source)


class Idle(UsageError):
    """A glob that covers nothing of the manifest; `declared` are the addresses that it could have meant."""

    code = "LS606"

    def __init__(self, findings: Iterable[Finding], *, glob: str = "", declared: Iterable[str] = ()) -> None:
        super().__init__(findings)
        self.glob = glob
        self.declared = tuple(declared)

    def among(self, live: Iterable[str]) -> Idle:
        """The same, with a hint of what is nearest, if it is live and the manifest does not name it."""
        undeclared = set(live) - set(self.declared)
        is_there = self.glob in undeclared
        near = self.glob if is_there else nearest(self.glob, (*self.declared, *sorted(undeclared)))
        if near not in undeclared:
            return self
        meant = "it" if near == self.glob else f'"{near}"'
        hint = f"{meant} is live and not in the manifest: to change it, declare it there"
        return Idle([replace(self.findings[0], hint=hint)], glob=self.glob, declared=self.declared)


def _idle(desired: Desired, glob: str, what: str) -> Idle:
    declared = [*(item.address for item in desired.resources), *desired.written]
    near = nearest(glob, declared)
    hint = f'did you mean "{near}"?' if near else "addresses look like /projects/TITLE"
    return Idle([Finding("LS606", f'{what} "{glob}" matches nothing', hint=hint)], glob=glob, declared=declared)
