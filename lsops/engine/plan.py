"""`plan(desired, live, facts) -> Plan`: pure. Nothing is read or asked here; what a plan needs is passed in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import chain

from lsops.engine.changes import alteration, creation, deletion, lacking, unreadable, with_desired
from lsops.engine.checks import check, unmanaged
from lsops.engine.draft import Draft, Request, finished
from lsops.engine.globs import matches
from lsops.engine.groups import is_pruned, written
from lsops.engine.handover import handed_over
from lsops.engine.identify import identify
from lsops.engine.keys import not_compared, veil
from lsops.engine.lookalikes import marked
from lsops.engine.match import Matches
from lsops.engine.near_names import of_no_old_name
from lsops.engine.renames import Advice
from lsops.errors import Finding, ManifestError
from lsops.kinds import Kind, registry
from lsops.manifest.secrets import secret_key
from lsops.model import (
    Change,
    Desired,
    Facts,
    FieldChange,
    Live,
    Plan,
    Resource,
    parent,
)
from lsops.model.desired import in_collections
from lsops.tally import told


def plan(desired: Desired, live: Live, facts: Facts, request: Request | None = None) -> Plan:
    """The changes that make `live` as `desired` declares, parents first, deletes last and in reverse.

    Raises:
        ManifestError: the manifest cannot be carried out on this server; every reason is in it.
    """
    request = request or Request()
    found = identify(desired, live, request.left_out, request.keys)
    findings = check(desired, live, facts, found)
    if findings:
        raise ManifestError(told(findings))
    draft = Draft(
        desired, live, facts, request, groups=in_collections(desired.resources), others=in_collections(request.left_out)
    )
    draft.taken = frozenset(item.address for item in (*desired.resources, *draft.request.left_out))
    for item in (*desired.resources, *draft.request.left_out):
        if item.lifecycle.protect:
            _guard(draft, item.address)
    for kind in registry().values():
        for address in written(kind, desired):
            _collection(draft, kind, address, found.get(address))
    scene = draft.scene
    draft.findings += chain.from_iterable(kind.contradictions(scene) for kind in registry().values())
    if draft.findings:
        raise ManifestError(told(draft.findings))
    return finished(draft)


def _guard(draft: Draft, address: str) -> None:
    """What is protected protects all above it, also where targets or `--skip` leave it out."""
    above = address
    while above:
        draft.guarded.setdefault(above, []).append(address)
        above = parent(above)


def _collection(draft: Draft, kind: Kind, address: str, found: Matches | None) -> None:
    collection = draft.live.at(address, kind.name)
    mine = draft.groups.get(address, ())
    if parent(address) in draft.gone:
        draft.gone.update(item.address for item in mine)
        return
    if parent(address) in draft.unknown or found is None:
        _unknown(draft, address, collection.error, mine)
        return
    draft.known[address] = frozenset(item.identity for item in collection.resources)
    for item in mine:
        if item.address in found.unknown:
            draft.unknown.add(item.address)
            draft.not_compared.append(not_compared(kind, item, draft.request.keys))
        else:
            _resource(draft, kind, item, found.found[item.address])
    _take_turns(draft, kind, (*mine, *draft.others.get(address, ())), found)
    draft.left[address] = left = _left(draft, kind, address, found)
    _look_around(draft, kind, address, left)
    if not kind.schema.singleton:
        _rest(draft, kind, address, left)


def _left(draft: Draft, kind: Kind, address: str, found: Matches) -> Matches:
    """The matches with what is left as it may be shown: nothing where each may be one whose key is not known here."""
    rows = kind.strangers(found.unmatched, address, draft.scene) if found.unmatched else ()
    if len(rows) <= sum(found.found[one] is None for one in found.unknown):
        return replace(found, unmatched=())
    declared = (*draft.groups.get(address, ()), *draft.others.get(address, ()))
    return replace(found, unmatched=draft.request.keys.veiled(kind, rows, declared))


def _look_around(draft: Draft, kind: Kind, address: str, found: Matches) -> None:
    """Mark the creates beside which something is live that may be the same."""
    mine = (item.address for item in draft.groups.get(address, ()) if item.address in draft.creating)
    creates = [draft.changes[place] for place in mine]
    for one in of_no_old_name(creates, found.unmatched):
        draft.changes[one.address] = one
    creates = [draft.changes[one.address] for one in creates]
    if creates and found.unmatched and kind.is_renamable:
        rows = unmanaged(address, found.unmatched, draft.taken)
        advice = Advice.of(address, draft.scene)
        draft.changes.update({one.address: one for one in marked(creates, rows, kind, advice, draft.desired.lent)})


def _take_turns(draft: Draft, kind: Kind, items: tuple[Resource, ...], found: Matches) -> None:
    """Who takes a key waits for the one who gives it up, or two of one key would be there, and nobody could tell."""
    for address, first in handed_over(items, found.found, kind, draft.request.keys).items():
        change = draft.changes.get(address)
        if change is not None and first in draft.changes:
            draft.changes[address] = replace(change, requires=(*change.requires, first))
        elif change is not None:
            message = f"this takes the {kind.schema.key} that {first} gives up, which is left out of this plan"
            draft.findings.append(Finding("LS505", message, address, change.source, f"plan both: add -t {first}"))


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
        _plan_change(draft, kind, creation(kind, item, _requires(draft, kind, item), key))
        draft.creating.add(item.address)
    elif item.address not in draft.request.parents:
        _compare(draft, kind, item, live, key)


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
    for place, live in unmanaged(address, found.unmatched, draft.taken).items():
        if targets and not any(matches(glob, place) for glob in targets):
            continue
        change = kind.pruned(deletion(place, live, source, protected=protected), draft.facts)
        if change is not None:
            draft.strangers.setdefault(address, []).append((place, live))
        if change is not None and pruned:
            _plan_delete(draft, kind, with_desired(change, live))
        elif change is not None:
            draft.unmanaged.append(place)
