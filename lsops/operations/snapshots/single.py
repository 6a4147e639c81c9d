"""`lsops snapshot list`, `formats`, `convert`, `download` and `delete`: what a server has, whoever made it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from lsops.depot import depot_at
from lsops.errors import LsopsError, NotFound, UsageError
from lsops.kinds.shelf import Shelf
from lsops.manifest import Manifest
from lsops.manifest.findings import quote
from lsops.model.errand import Errand, Errands
from lsops.model.snapshot import PLAIN, Recipe, Snapshot
from lsops.operations.interaction import Interaction, Question, refuse_unasked, require_answer
from lsops.operations.plan import PlanRequest
from lsops.operations.snapshots.fetching import bytes_words, fetch
from lsops.operations.snapshots.index import recipe_file
from lsops.operations.snapshots.recipes import holder_at, shelves_of
from lsops.operations.snapshots.run import VERB, Teller, failed_errand
from lsops.operations.snapshots.waiting import Patience, have_converted
from lsops.server.session import Session
from lsops.signs import plural

PHASES = {"running": "on its way", "done": "whole", "failed": "failed"}


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ShelfRequest:
    """At which declared address to look, and how the manifest is read; each step is waited for `seconds`.

    With `ask` somebody must confirm what is taken away.
    """

    address: str
    seconds: float
    plan: PlanRequest
    ask: bool = False


@dataclass(frozen=True, slots=True)
class Desk:
    """One shelf at hand, and whoever listens."""

    address: str
    shelf: Shelf
    teller: Teller
    patience: Patience

    def each(self, items: Sequence[T], work: Callable[[T], Errand]) -> list[Errand]:
        """How the work on each ended; one that fails stops no other."""
        done = []
        for item in items:
            if self.patience.stop.is_set():
                done.append(Errand(self.address, "skipped", f"{item}: interrupted before it began"))
                continue
            try:
                done.append(work(item))
            except NotFound:
                text = f"{item}: there is no such snapshot"
                done.append(Errand(self.address, "failed", text, {"code": "LS662"}))
            except LsopsError as error:
                done.append(failed_errand(self.address, error))
        return done


def list_snapshots(manifest: Manifest, session: Session, request: ShelfRequest, interaction: Interaction) -> Errands:
    """What the server lists: the newest hundred. Raises: LsopsError."""
    return _at(manifest, session, request, interaction, lambda desk: [_shown(desk, one) for one in desk.shelf.all()])


def list_formats(manifest: Manifest, session: Session, request: ShelfRequest, interaction: Interaction) -> Errands:
    """Formats, and which suit the label config. Raises: UsageError, on Enterprise, which does not tell; LsopsError."""

    def work(desk: Desk) -> list[Errand]:
        try:
            found = desk.shelf.formats()
        except NotFound as error:
            message = "this server does not tell its formats, as Enterprise does not"
            raise UsageError.of(message, code="LS662", hint="lsops schema project lists those of formats") from error
        return [_form(desk, name, suits=suits) for name, suits in found]

    return _at(manifest, session, request, interaction, work)


def convert_snapshot(
    manifest: Manifest,
    session: Session,
    request: ShelfRequest,
    number: int,
    forms: Sequence[str],
    interaction: Interaction,
) -> Errands:
    """Have a snapshot in formats. Raises: LsopsError."""

    def one(desk: Desk, form: str) -> Errand:
        have_converted(desk.shelf, number, form, desk.patience)
        return Errand(desk.address, "done", f"{number} is there as {form}", {"snapshot": number, "format": form})

    return _at(manifest, session, request, interaction, lambda desk: desk.each(forms, partial(one, desk)))


def download_snapshot(
    manifest: Manifest,
    session: Session,
    request: ShelfRequest,
    number: int,
    how: tuple[Sequence[str], str],
    interaction: Interaction,
) -> Errands:
    """Download a snapshot in the formats to the place of `how`. Raises: UsageError, LsopsError."""
    forms, to = how
    depot = depot_at(to)

    def one(desk: Desk, form: str) -> Errand:
        snapshot = desk.shelf.look(number)
        have_converted(desk.shelf, number, form, desk.patience)
        recipe = Recipe(desk.address, f"snapshot-{number}", "")
        into = (depot, lambda ending: recipe_file(recipe, form, ending))
        name, stored = fetch(desk.shelf, snapshot, form, into, (desk.patience, desk.teller.progress))
        facts = {"name": name, "size": stored.size, "md5": stored.md5, "sha256": stored.sha256}
        told = f"{name}, {bytes_words(stored.size)} in {depot.place}"
        return Errand(desk.address, "done", told, {"snapshot": number, "format": form, **facts})

    return _at(manifest, session, request, interaction, lambda desk: desk.each(forms, partial(one, desk)))


def delete_snapshots(
    manifest: Manifest, session: Session, request: ShelfRequest, numbers: Sequence[int], interaction: Interaction
) -> Errands:
    """Delete snapshots from the server. Raises: Refused, where nobody says yes; LsopsError."""
    if request.ask:
        refuse_unasked(interaction, "deleted")
        what = f"{plural(len(numbers), 'snapshot')} of {request.address}"
        require_answer(interaction, Question(f"Type yes to delete {what} from the server", "yes"))

    def one(desk: Desk, number: int) -> Errand:
        snapshot = desk.shelf.look(number)
        desk.shelf.delete(number)
        return Errand(desk.address, "done", f"{number} {quote(snapshot.title)} is deleted", {"snapshot": number})

    return _at(manifest, session, request, interaction, lambda desk: desk.each(numbers, partial(one, desk)))


def _at(
    manifest: Manifest,
    session: Session,
    request: ShelfRequest,
    interaction: Interaction,
    work: Callable[[Desk], list[Errand]],
) -> Errands:
    item = holder_at(manifest, request.address)
    facts, shelves = shelves_of(manifest, session, [item], request.plan, interaction)
    with interaction.writing(1) as stop:
        teller = Teller(interaction, item.address, item.kind)
        done = work(Desk(item.address, shelves[item.address], teller, Patience(request.seconds, stop)))
    return Errands(VERB, facts, tuple(done), interrupted=stop.is_set())


def _shown(desk: Desk, one: Snapshot) -> Errand:
    told = f"{one.id} {quote(one.title)}, {PHASES[one.phase]}, {plural(one.tasks, 'task')}, {one.created}"
    facts = {"snapshot": one.id, "title": one.title, "tasks": one.tasks, "md5": one.md5, "created": one.created}
    formats = [PLAIN, *(name for name, made in one.conversions.items() if made.phase == "done")]
    return Errand(desk.address, "done" if one.phase == "done" else "started", told, {**facts, "formats": formats})


def _form(desk: Desk, name: str, *, suits: bool) -> Errand:
    told = name if suits else f"{name}, which does not suit the label config"
    return Errand(desk.address, "done", told, {"format": name, "suits": suits})
