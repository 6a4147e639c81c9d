"""`plan(desired, live, facts) -> Plan`: pure. Nothing is read or asked here; what a plan needs is passed in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from difflib import get_close_matches
from itertools import chain

from lsops.engine.changes import alteration, creation, deletion, lacking, unreadable, with_desired
from lsops.engine.checks import check, unmanaged
from lsops.engine.draft import Draft, Request, finished
from lsops.engine.globs import matches
from lsops.engine.groups import collection_of, group, is_pruned, written
from lsops.engine.keys import named, not_compared, veil
from lsops.engine.match import Matches, match
from lsops.errors import Finding, ManifestError
from lsops.kinds import Kind, registry
from lsops.manifest.messages import noun_of
from lsops.manifest.secrets import secret_key
from lsops.masking import mask_urls
from lsops.model import (
    Change,
    Collection,
    Desired,
    Facts,
    FieldChange,
    Live,
    Plan,
    Resource,
    parent,
)


def plan(desired: Desired, live: Live, facts: Facts, request: Request | None = None) -> Plan:
    """The changes that make `live` as `desired` declares, parents first, deletes last and in reverse.

    Raises:
        ManifestError: the manifest cannot be carried out on this server; every reason is in it.
    """
    request = request or Request()
    findings = check(desired, live, facts, request.keys)
    if findings:
        raise ManifestError(findings)
    draft = Draft(desired, live, facts, request, groups=group(desired))
    draft.taken = frozenset(item.address for item in (*desired.resources, *draft.request.left_out))
    for item in (*desired.resources, *draft.request.left_out):
        if item.lifecycle.protect:
            _guard(draft, item.address)
    for item in draft.request.left_out:
        draft.others.setdefault(collection_of(item, registry()[item.kind]), []).append(item)
    for kind in registry().values():
        for address in written(kind, desired):
            _collection(draft, kind, address)
    scene = draft.scene
    draft.findings += chain.from_iterable(kind.contradictions(scene) for kind in registry().values())
    if draft.findings:
        raise ManifestError(draft.findings)
    return finished(draft)


def _guard(draft: Draft, address: str) -> None:
    """What is protected protects all above it, also where targets or `--skip` leave it out."""
    above = address
    while above:
        draft.guarded.setdefault(above, []).append(address)
        above = parent(above)


def _collection(draft: Draft, kind: Kind, address: str) -> None:
    collection = draft.live.at(address, kind.name)
    mine = draft.groups.get(address, ())
    if parent(address) in draft.gone:
        draft.gone.update(item.address for item in mine)
        return
    if parent(address) in draft.unknown or collection.error is not None:
        _unknown(draft, address, collection.error, mine)
        return
    others = draft.others.get(address, ())
    collection = _with_declared_names(draft, kind, collection)
    found = match((*mine, *others), collection, kind, draft.request.keys)
    draft.known[address] = frozenset(item.identity for item in collection.resources)
    for item in mine:
        if item.address in found.unknown:
            draft.unknown.add(item.address)
            draft.not_compared.append(not_compared(kind, item, draft.request.keys))
        else:
            _resource(draft, kind, item, found.found[item.address])
    if not kind.schema.singleton:
        _rest(draft, kind, address, found)


def _with_declared_names(draft: Draft, kind: Kind, collection: Collection) -> Collection:
    """The live side with the declared names of what its fields refer to: a renamed workspace is still the same."""
    refs = {n: f.ref for fields in kind.schema.variants.values() for n, f in fields.items() if f.ref}
    if not refs or not draft.called:
        return collection

    def renamed(live: Resource) -> Resource:
        keys = {(ref, number): name for name, ref in refs.items() if isinstance(number := live.raw.get(name), int)}
        changed = {name: draft.called[found] for found, name in keys.items() if found in draft.called}
        return replace(live, values={**live.values, **changed}) if changed else live

    return replace(collection, resources=tuple(map(renamed, collection.resources)))


def _unknown(draft: Draft, address: str, error: Finding | None, mine: Iterable[Resource]) -> None:
    """A read that failed is never "absent": nothing below is planned."""
    items = tuple(mine)
    draft.unknown.update(item.address for item in items)
    if error is not None:
        place = draft.desired.written.get(address) or (items[0].source if items else None)
        draft.failures.append(replace(error, address=address, source=place))


def _resource(draft: Draft, kind: Kind, item: Resource, live: Resource | None) -> None:
    key = draft.request.keys.difference(kind, item, live)
    if live is not None and secret_key(item) is not None:
        live = veil(kind, live)
    if live is not None and live.id is not None:
        draft.matched[item.address] = live
        draft.ids[item.address] = live.id
        draft.called[item.kind, live.id] = item.key
        draft.names.setdefault(item.kind, {})[kind.name_of(item.key)] = live.id
    if item.lifecycle.absent:
        draft.gone.add(item.address)
        if live is not None:
            _plan_delete(
                draft, kind, deletion(item.address, live, item.source, protected=item.lifecycle.protect, desired=item)
            )
    elif kind.pending(item, live, draft.desired, draft.live):
        _wait(draft, kind, item, live)
    elif live is None and (reason := kind.out_of_sight(item, draft.facts)) is not None:
        draft.failures.append(reason)
        draft.unknown.add(item.address)
    elif live is None:
        draft.new[item.kind, item.key] = item.address
        change = creation(kind, item, _requires(draft, kind, item), key)
        _plan_change(draft, kind, replace(change, warnings=tuple(_of_old_name(draft, kind, item))))
        draft.creating.add(item.address)
    elif item.address not in draft.request.parents:
        _compare(draft, kind, item, live, key)


def _of_old_name(draft: Draft, kind: Kind, item: Resource) -> Iterator[str]:
    """That there is nothing of the old name: the rename is a create, which may not be meant."""
    old = item.lifecycle.renamed_from
    if old is None:
        return
    names = [live.key for live in draft.live.at(collection_of(item, kind), kind.name).resources]
    near = get_close_matches(old, names, 1) if secret_key(item) is None else ()
    hint = f'; did you mean "{mask_urls(near[0])}"?' if near else ""
    yield f'renamed_from: there is no live {noun_of(kind.name)} "{named(item, old)}", so this is a create{hint}'


def _wait(draft: Draft, kind: Kind, item: Resource, live: Resource | None) -> None:
    """Nothing is planned for who has not joined yet; who was not invited yet can be."""
    draft.pending.append(item.address)
    invitation = kind.invitation(item, live)
    if invitation is not None:
        draft.invitations[item.address] = invitation


def _compare(draft: Draft, kind: Kind, item: Resource, live: Resource, key: FieldChange | None) -> None:
    """Plan what makes an existing resource as declared; note what nobody can compare."""
    asked = any(matches(glob, item.address) for glob in draft.request.resend)
    change = alteration(kind, item, live, resend=asked, key=key)
    sent = change.secrets if change is not None else {}
    draft.unreadable += [item.address + path for path in unreadable(kind, item) if path not in sent]
    if change is None:
        return
    if change.action == "update":
        draft.findings += lacking(kind, item)
    _plan_change(draft, kind, replace(change, requires=_requires(draft, kind, item)))


def _plan_change(draft: Draft, kind: Kind, change: Change) -> None:
    draft.changes[change.address] = kind.review(change, draft.facts)


def _plan_delete(draft: Draft, kind: Kind, change: Change) -> None:
    """Plan a delete; what is protected below protects it too."""
    below_it = draft.guarded.get(change.address, ())
    defaults = any(path.startswith(kind.schema.collection + "/") for path in draft.desired.protected)
    inner = tuple(f"{address} in it is protected" for address in below_it if address != change.address)
    guarded = replace(
        change, protected=change.protected or bool(below_it) or defaults, warnings=(*change.warnings, *inner)
    )
    draft.deletes[change.address] = kind.review(guarded, draft.facts)


def _requires(draft: Draft, kind: Kind, item: Resource) -> tuple[str, ...]:
    """The addresses that must exist before: the parent, and the resources that fields name, where they are created."""
    wanted = [item.parent] if item.parent in draft.creating else []
    for name, schema in kind.fields(item).items():
        named = draft.new.get((schema.ref, str(item.values.get(name, "")).strip())) if schema.ref else None
        wanted += [named] if named else []
    return tuple(wanted)


def _rest(draft: Draft, kind: Kind, address: str, found: Matches) -> None:
    """What is live and not declared: deleted where the collection is pruned, else only listed."""
    targets = draft.request.targets
    pruned = is_pruned(kind, draft.desired, address) and not found.unknown
    protected = kind.schema.collection in draft.desired.protected
    source = draft.desired.written.get(address)
    unmatched = kind.strangers(found.unmatched, address, draft.scene) if found.unmatched else ()
    if len(unmatched) <= len(found.unknown):
        return  # each may be one of those whose key is not known here
    declared = (*draft.groups.get(address, ()), *draft.others.get(address, ()))
    strangers = draft.request.keys.veiled(kind, unmatched, declared)
    for place, live in unmanaged(address, strangers, draft.taken).items():
        if targets and not any(matches(glob, place) for glob in targets):
            continue
        change = kind.pruned(deletion(place, live, source, protected=protected), draft.facts)
        if change is not None:
            draft.strangers.setdefault(address, []).append((place, live))
        if change is not None and pruned:
            _plan_delete(draft, kind, with_desired(change, live))
        elif change is not None:
            draft.unmanaged.append(place)
