"""`lsops snapshot run`: the recipes of a manifest, one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Event as Stop

from lsops.engine.events import Event, EventName
from lsops.errors import LsopsError
from lsops.manifest import Manifest
from lsops.model.errand import Errand, Errands
from lsops.model.snapshot import Recipe
from lsops.operations.interaction import SILENT, Interaction
from lsops.operations.plan import EVERYTHING, PlanRequest
from lsops.operations.snapshots.recipes import chosen_recipes, destinations, shelves_of
from lsops.operations.snapshots.running import Made, Work, carry_out
from lsops.operations.snapshots.trouble import Interruption
from lsops.operations.snapshots.waiting import WAIT, Patience
from lsops.server.session import Session

VERB = "snapshot"


@dataclass(frozen=True, slots=True)
class SnapshotRequest:
    """Which recipes: `addresses` are globs, and none means all. `to` is a place instead of the declared ones.

    Each step on the server is waited for `seconds`. Of the snapshots of a recipe the newest `keep` stay on the server;
    None leaves them all there.
    """

    addresses: tuple[str, ...] = ()
    to: str = ""
    keep: int | None = None
    seconds: float = WAIT
    plan: PlanRequest = EVERYTHING


def run_snapshots(
    manifest: Manifest, session: Session, request: SnapshotRequest, interaction: Interaction = SILENT
) -> Errands:
    """Make and download snapshots, and say how each ended; one that fails stops no other.

    Raises:
        UsageError: an address covers no recipe, or a place cannot be one.
        ManifestError: the manifest does not fit the server, or a project is not there yet: nothing was made.
        LsopsError: not everything could be read.
    """
    found = chosen_recipes(manifest, request.addresses)
    places = destinations(found, manifest.root, request.to)
    items = list({item.address: item for item, _ in found}.values())
    facts, shelves = shelves_of(manifest, session, items, request.plan, interaction)
    with interaction.writing(len(found)) as stop:
        patience = Patience(request.seconds, stop)
        done = []
        for item, recipe in found:
            teller = Teller(interaction, recipe.address, item.kind)
            shelf, place = shelves[item.address], places[recipe.address]
            done.append(
                _errand(Work(recipe, shelf, place, session.url, patience, teller.progress, request.keep), teller, stop)
            )
    return Errands(VERB, facts, tuple(done), interrupted=stop.is_set())


@dataclass(frozen=True, slots=True)
class Teller:
    """Lets whoever listens know of the steps of one piece of work."""

    interaction: Interaction
    address: str
    kind: str

    def tell(self, name: EventName, reason: str = "") -> None:
        """A step."""
        self.interaction.listen(Event(name, self.address, self.kind, VERB, reason=reason))

    def progress(self, reason: str) -> None:
        """How far it is."""
        self.tell("progress", reason)

    def ended(self, errand: Errand) -> Errand:
        """The end."""
        self.tell("done" if errand.end == "started" else errand.end, errand.told)
        return errand


def failed_errand(address: str, error: LsopsError) -> Errand:
    """What an error makes of a piece of work."""
    finding = error.findings[0]
    if isinstance(error, Interruption):
        return Errand(address, "skipped", "interrupted")
    told = f"{finding.message} ({finding.hint})" if finding.hint else finding.message
    return Errand(address, "failed", told, {"code": finding.code}, finding)


def _errand(work: Work, teller: Teller, stop: Stop) -> Errand:
    address = work.recipe.address
    if stop.is_set():
        return teller.ended(Errand(address, "skipped", "interrupted before it began"))
    teller.tell("started")
    try:
        made = carry_out(work)
    except LsopsError as error:
        return teller.ended(failed_errand(address, error))
    return teller.ended(Errand(address, "done", made.told, _facts(made, work.recipe)))


def _facts(made: Made, recipe: Recipe) -> dict[str, object]:
    return {
        "snapshot": made.index.snapshot,
        "tasks": made.index.tasks,
        "md5": made.index.md5,
        "downloaded": made.is_new,
        "deleted": made.removed,
        "files": [
            {"format": form, "name": one.name, "size": one.size, "md5": one.md5, "sha256": one.sha256}
            for form, one in made.index.files.items()
            if form in recipe.formats
        ],
    }
