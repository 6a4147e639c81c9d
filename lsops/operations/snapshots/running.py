"""One recipe carried out: a snapshot is made, have_converted, downloaded and put into its place.

Killed anywhere and run again it ends right: the index is written before the first snapshot is made, and its key stands
in the title of each. What a run that was killed left on the server is known by that, and goes away with the next one
that ends well.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace

from lsops.depot import Depot
from lsops.errors import NotFound, ServerError
from lsops.kinds.shelf import Shelf
from lsops.model.snapshot import Recipe, Snapshot
from lsops.operations.snapshots.fetching import Tell, bytes_words, fetch
from lsops.operations.snapshots.index import Index, Kept, kept, opened_index, recipe_file, save
from lsops.operations.snapshots.trouble import SnapshotError
from lsops.operations.snapshots.waiting import Patience, have_converted, is_unsure
from lsops.signs import plural


@dataclass(frozen=True, slots=True)
class Work:
    """One recipe, the shelf of its project, and the place of its files. `keep` is None where nothing old goes away."""

    recipe: Recipe
    shelf: Shelf
    depot: Depot
    server: str
    patience: Patience
    tell: Tell
    keep: int | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """What became of it: in words, and the index as it is now."""

    told: str
    index: Index
    removed: int = 0
    is_new: bool = True


def carry_out(work: Work) -> Made:
    """Raises: SnapshotError, Interruption, UsageError, ServerError, DepotError."""
    options = work.shelf.resolved(work.recipe.options)
    index = opened_index(work.depot, work.recipe, work.server)
    basis = hashlib.sha256(work.shelf.config().encode()).hexdigest()
    snapshot = made(work.shelf, index.title(work.recipe), options, work.patience)
    if index.holds(work.depot, work.recipe, snapshot, basis):
        return _unchanged(work, index, snapshot)
    index = _downloaded(work, index, snapshot, basis)
    removed, index = _tidied(work, index)
    size = sum(one.size for one in index.files.values())
    told = f"{plural(snapshot.tasks, 'task')}, {bytes_words(size)} in {work.depot.place}"
    return Made(told + _and_removed(removed), index, removed)


def made(shelf: Shelf, title: str, options: dict[str, object], patience: Patience) -> Snapshot:
    """A new snapshot of that title, whole. If no answer comes, it is looked for by its title.

    Raises: SnapshotError, Interruption, ServerError.
    """
    patience.heed()
    try:
        number = shelf.make(title, options).id
        look: Callable[[], Snapshot | None] = lambda: shelf.look(number)  # noqa: E731  # one of two ways
    except ServerError as error:
        if not is_unsure(error):
            raise
        look = lambda: next((one for one in shelf.all() if one.title == title), None)  # noqa: E731
    done = patience.until(look, lambda seen: seen.phase != "running", "the snapshot")
    if done.phase == "failed":
        raise SnapshotError.of(f"snapshot {done.id} failed on the server", hint="its log says why")
    return done


def _downloaded(work: Work, index: Index, snapshot: Snapshot, basis: str) -> Index:
    """The index of the files that are in their place now. While they are replaced it vouches for none of them."""
    save(work.depot, work.recipe, replace(index, md5="", basis=""))
    files: dict[str, Kept] = {}
    for form in work.recipe.formats:
        work.tell(f"{form}: converting")
        have_converted(work.shelf, snapshot.id, form, work.patience)
        into = (work.depot, lambda ending, form=form: recipe_file(work.recipe, form, ending))
        files[form] = kept(*fetch(work.shelf, snapshot, form, into, (work.patience, work.tell)))
    now = replace(
        index,
        snapshot=snapshot.id,
        created=snapshot.created,
        tasks=snapshot.tasks,
        md5=snapshot.md5,
        basis=basis,
        known=(*index.known, snapshot.id),
        files=files,
    )
    save(work.depot, work.recipe, now)
    names = {one.name for one in files.values()}
    for old in index.files.values():
        if old.name not in names:
            work.depot.remove(old.name)
    return now


def _unchanged(work: Work, index: Index, snapshot: Snapshot) -> Made:
    """The new snapshot is a double where that of the files is still there, and takes its place where it is not."""
    last = _there(work.shelf, index.snapshot)
    if last is not None and index.owns(last):
        work.shelf.delete(snapshot.id)
    else:
        index = replace(index, snapshot=snapshot.id, created=snapshot.created, known=(*index.known, snapshot.id))
    removed, index = _tidied(work, index)
    save(work.depot, work.recipe, index)
    told = f"unchanged since snapshot {index.snapshot}, nothing was downloaded"
    return Made(told + _and_removed(removed), index, removed, is_new=False)


def _tidied(work: Work, index: Index) -> tuple[int, Index]:
    """Take away what a killed run left, and of those that were whole all but the newest `keep`; how many went.

    Only what is this recipe's by the key in its title: the server lists the newest hundred, the index knows the others.
    """
    listed = {one.id: one for one in work.shelf.all()}
    older = [_there(work.shelf, number) for number in index.known if number not in listed]
    mine = [one for one in (*listed.values(), *older) if one is not None and index.owns(one)]
    whole = sorted((one.id for one in mine if one.id in index.known), reverse=True)
    staying = whole if work.keep is None else whole[: work.keep]
    going = [one.id for one in mine if one.id not in staying]
    for number in going:
        work.shelf.delete(number)
    if set(staying) != set(index.known):
        index = replace(index, known=tuple(sorted(staying)))
        save(work.depot, work.recipe, index)
    return len(going), index


def _there(shelf: Shelf, number: int) -> Snapshot | None:
    try:
        return shelf.look(number) if number else None
    except NotFound:
        return None


def _and_removed(number: int) -> str:
    return f"; {plural(number, 'older snapshot')} deleted" if number else ""
