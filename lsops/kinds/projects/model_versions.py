"""A project's `model_version` as a change of its own (the design's section 5); this module holds no kind.

It names an ML backend by its title, so that it can be set only after the backend has that title; and a new backend
writes its own title there where nothing stands yet (Community facts 2.6 and 6).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from lsops.errors import Finding
from lsops.identity import live_identity
from lsops.model.address import below, join, parent
from lsops.model.desired import Desired
from lsops.model.plan import Change, FieldChange
from lsops.model.resource import Resource
from lsops.model.view import Amendment, Phased, PlanView
from lsops.normalize import strip
from lsops.schema import KindSchema

NAME = "model_version"
PATH = f"/{NAME}"
SHOWN = "show_collab_predictions"


def amended(view: PlanView, schema: KindSchema, deletes: tuple[Phased, ...]) -> Amendment:
    """The changes of projects, of which some set a `model_version` later than all else, or not at all."""
    later = tuple(of_their_own(view))
    now = tuple((schema.phase, change) for change in without(view, later))
    changes = (*now, *((schema.phases[NAME], change) for change in later))
    return Amendment(changes, deletes, tuple(left_out(view)), tuple(deleted(view)))


def without(view: PlanView, later: Iterable[Change]) -> Iterator[Change]:
    """The changes of projects, less a `model_version` that is set later or not at all: a POST takes it unchecked."""
    apart = {*(parent(address) for address in left_out(view)), *(change.part_of for change in later)}
    for change in view.of("project"):
        if change.address not in apart and change.action != "create":
            yield change
            continue
        fields = tuple(item for item in change.fields if item.path != PATH)
        if fields or change.secrets or change.action == "create":
            yield replace(change, fields=fields, after=_without_it(change.after))


def of_their_own(view: PlanView) -> Iterator[Change]:
    """The changes that set nothing but a `model_version`, each requiring its project, and the backend if one does."""
    skipped = set(left_out(view))
    for item in _concerned(view.declared("/projects")):
        backend = _backend(item, view)
        field = _field(item, backend, view)
        kept = item.address in view.parents and view.live_of(item.address) is not None
        if field is not None and not kept and below(item.address, NAME) not in skipped:
            yield _change(item, field, backend, view)


def left_out(view: PlanView) -> Iterator[str]:
    """Where a `model_version` is to be set that names a backend which is left out, and may not be there yet."""
    for item in _concerned(view.declared("/projects")) if view.pairs.desired.others else ():
        change = view.changes.get(item.address)
        differs = change is not None and any(field.path == PATH for field in change.fields)
        others = view.outside(below(item.address, "ml_backends"))
        if differs and any(one.key == _wanted(item) for one in others):
            yield below(item.address, NAME)


def deleted(view: PlanView) -> Iterator[Finding]:
    """Projects whose `model_version` is the title of a backend that the plan deletes: no server takes it after that."""
    gone = {
        (parent(parent(change.address)), change.before.key): change
        for change in view.leaving("ml_backend")
        if change.before is not None
    }
    for item in _concerned(view.declared("/projects")) if gone else ():
        backends = view.declared(below(item.address, "ml_backends"))
        name = _wanted(item)
        stays = any(one.key == name and not one.lifecycle.absent for one in backends)
        if (item.address, name) in gone and not stays:
            message = f'model_version names "{name}", an ML backend that this plan deletes'
            yield Finding("LS504", message, item.address, item.place(NAME), 'keep it, or write model_version: ""')


def _concerned(projects: Iterable[Resource]) -> Iterator[Resource]:
    """The projects whose `model_version` is the manifest's to set."""
    for item in projects:
        if NAME in item.values and not item.lifecycle.absent and PATH not in item.lifecycle.ignore:
            yield item


def renamed_away(desired: Desired) -> Iterator[Finding]:
    """Projects whose `model_version` is the old name of a backend, which the server changes with the backend."""
    old = {
        (item.parent, item.lifecycle.renamed_from.strip()): item.key
        for item in desired.declared("ml_backend")
        if item.lifecycle.renamed_from is not None
    }
    for item in _concerned(desired.of("project")) if old else ():
        name = _wanted(item)
        new = old.get((item.address, name)) if isinstance(name, str) else None
        if new is not None:
            message = f'model_version names "{name}", which is renamed to "{new}"'
            yield Finding("LS504", message, item.address, item.place(NAME), f'write model_version: "{new}"')


def _field(item: Resource, backend: Change | None, view: PlanView) -> FieldChange | None:
    """What is to be set apart from the project's other fields; None where nothing is."""
    change = view.changes.get(item.address)
    found = next((field for field in change.fields if field.path == PATH), None) if change else None
    is_new = change is not None and change.action == "create"
    if _wanted(item) == "" and (is_new or found is None):
        filled = backend.after.key if backend and backend.after else ""
        return FieldChange(PATH, filled, "", item.place(NAME)) if filled else None
    return found if is_new or backend is not None else None


def _backend(item: Resource, view: PlanView) -> Change | None:
    """The change of an ML backend on which a project's `model_version` depends.

    It makes or renames the backend of that name; or, where the name is to stay empty, makes one that fills it in.
    """
    wanted = _wanted(item)
    for change in _below(item, view):
        renamed = any(field.path == "/title" for field in change.fields)
        if wanted == "" and change.action == "create" and _is_filled_in(item, view):
            return change
        if wanted != "" and renamed and change.after and change.after.key == wanted:
            return change
    return None


def _below(item: Resource, view: PlanView) -> Iterator[Change]:
    """The changes of a project's ML backends, in the order in which they are made."""
    places = (one.address for one in view.declared(below(item.address, "ml_backends")))
    return (view.changes[place] for place in places if place in view.changes)


def _is_filled_in(item: Resource, view: PlanView) -> bool:
    """Whether a new backend writes its title where nothing is to stand: only where predictions are shown."""
    live = view.live_of(item.address)
    held = live.values if live is not None else {}
    declared = {} if join(SHOWN) in item.lifecycle.ignore else item.values
    return declared.get(SHOWN, held.get(SHOWN, True)) is not False


def _wanted(item: Resource) -> Any:
    """The declared name as the server keeps it."""
    return strip(item.values[NAME])


def _change(item: Resource, field: FieldChange, backend: Change | None, view: PlanView) -> Change:
    live = view.live_of(item.address)
    return Change(
        address=below(item.address, NAME),
        kind=item.kind,
        action="update",
        remote_id=live_identity(live, item.address) if live is not None else {},
        fields=(field,),
        requires=(item.address, *([backend.address] if backend else [])),
        source=field.source or item.source,
        after=item,
        part_of=item.address,
    )


def _without_it(item: Resource | None) -> Resource | None:
    """The declared project as if it did not say which model version it wants."""
    if item is None or NAME not in item.values:
        return item
    names = [name for name in item.values if name != NAME]
    only = getattr(item.values, "only", None)
    return replace(item, values=only(names) if only else {name: item.values[name] for name in names})
