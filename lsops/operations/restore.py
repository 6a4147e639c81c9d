"""Restoring: what a backup holds, made again on a server, without doubles however often it is done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from threading import Event as Stop
from typing import TYPE_CHECKING, cast

from lsops.backup.content import KEY, NOT_TAKEN_BACK, People, number_in
from lsops.backup.index import BackupIndex, SavedEntry
from lsops.backup.parts import check_backup, read_index
from lsops.depot import Depot
from lsops.engine.events import Event, EventName
from lsops.engine.needs import Consent
from lsops.errors import LsopsError, Refused, UsageError
from lsops.kinds import registry
from lsops.kinds.capabilities import HoldsTasks
from lsops.manifest import Manifest, resolve_secrets
from lsops.model.errand import Errand, Errands
from lsops.model.live import Facts
from lsops.model.plan import Plan
from lsops.model.report import Report
from lsops.operations.apply import ApplyRequest, apply_plan
from lsops.operations.backup import said
from lsops.operations.dump import refuse_name
from lsops.operations.interaction import SILENT, Interaction, Question, refuse_unasked, require_answer
from lsops.operations.plan import PlanRequest, plan_manifest
from lsops.operations.restoring import Refill
from lsops.operations.saved_manifest import SavedManifest, Taking, refuse_idle_parts, take_manifest
from lsops.render.lines import plural
from lsops.server.facts import read_facts
from lsops.server.session import Session

if TYPE_CHECKING:
    from lsops.kinds.projects.task_data import TaskData

VERB = "restore"
LOOKED_AT = 1000
"""Tasks of what is there already that are looked at for one of the backup."""


@dataclass(frozen=True)
class RestoreRequest:
    """How to restore: under another `name`, with people's new e-mails by their old ones, and `including` collections
    that decide who gets in or where data goes. `env` is where secrets are looked up that `secret_env` names. `root` is
    an empty folder. With `ask` somebody must confirm.
    """

    root: Path
    name: str = ""
    people: Mapping[str, str] = field(default_factory=dict)
    including: tuple[str, ...] = ()
    secret_env: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict, repr=False)
    created: str = ""
    ask: bool = False
    settle: float = 60.0


@dataclass(frozen=True, slots=True)
class PreparedEntry:
    """One entry before the first write: its number in the backup, what it declares, and what that would change."""

    number: int
    entry: SavedEntry
    saved: SavedManifest
    plan: Plan


@dataclass(frozen=True, slots=True)
class PreparedRestore:
    """All that is known before the first write; `notes` say what will not be as it was."""

    place: Depot
    index: BackupIndex
    facts: Facts
    people: People
    entries: tuple[PreparedEntry, ...]
    notes: tuple[str, ...]


# ---- before the first write ----------------------------------------------------------------------


def prepare_restore(
    session: Session, place: Depot, request: RestoreRequest, interaction: Interaction = SILENT
) -> PreparedRestore:
    """Read a backup, every byte of it against its checksums, and see what a restore would do; nothing is written.

    Raises:
        BadBackup: it is not whole, or damaged.
        ManifestError: its manifest does not fit the server, or a secret that is needed has no value.
        UsageError: the request does not fit it.
        Refused: what is there under its name is something else.
        ServerError: the server cannot be read.
    """
    index = read_index(place)
    if request.name and len(index.entries) != 1:
        message = f"--as gives one project another name, and {len(index.entries)} are in the backup"
        raise UsageError.of(message, code="LS621")
    if request.name:
        refuse_name(request.name)
    check_backup(place, index)
    taking = Taking(request.root, request.name, request.including, request.secret_env, request.people)
    saved = [take_manifest(place, number, entry, taking) for number, entry in enumerate(index.entries, 1)]
    refuse_idle_parts(saved, request.including)
    with interaction.reading(session):
        facts = read_facts(session)
    entries = tuple(
        PreparedEntry(number, entry, one, _planned(one.whole, session, request, interaction))
        for number, (entry, one) in enumerate(zip(index.entries, saved, strict=True), 1)
    )
    for one in entries:
        _refuse_other(session, index, one)
    people = _people(session, facts, entries, request)
    notes = tuple(_notes(entries, people, facts))
    return PreparedRestore(place, index, facts, people, entries, notes)


def _planned(manifest: Manifest, session: Session, request: RestoreRequest, interaction: Interaction) -> Plan:
    """Raises: LsopsError, ManifestError."""
    how = PlanRequest(env=request.env, keys_needed=True, created=request.created)
    plan = plan_manifest(manifest, session, how, interaction).plan
    if plan.failures:
        raise LsopsError(plan.failures)
    resolve_secrets(plan.pairs.desired, env=request.env, root=request.root, secrets_dir=None)
    return replace(plan, unmanaged=(), unmanaged_live=())  # what else the server has is nobody's business here


def _live(plan: Plan, address: str) -> int | None:
    pair = plan.pairs.by_address.get(address)
    return pair.live.id if pair is not None and pair.live is not None else None


def _data(session: Session, plan: Plan, address: str, number: int) -> TaskData:
    kind = next(one.kind for one in plan.pairs.desired.resources if one.address == address)
    return cast("HoldsTasks", registry()[kind]).task_data(session, number)


def _refuse_other(session: Session, index: BackupIndex, one: PreparedEntry) -> None:
    """Raises: Refused, where what is there holds tasks, and none of them came from this entry."""
    number = _live(one.plan, one.saved.address)
    if number is None:
        return
    rows = list(islice(_data(session, one.plan, one.saved.address, number).rows(), LOOKED_AT))
    if rows and not any(number_in(row.get("meta"), index.id, one.number) for row in rows):
        message = f"{one.saved.address} is there and holds tasks that are not of this backup"
        raise Refused.of(message, code="LS669", hint="restore it under another name: --as NAME")


def _people(session: Session, facts: Facts, entries: tuple[PreparedEntry, ...], request: RestoreRequest) -> People:
    """Raises: UsageError, where an e-mail of the map is not there; ServerError."""
    if not entries or not any(one.entry.people for one in entries):
        return People.of((), request.people)
    first = entries[0]
    there = _data(session, first.plan, first.saved.address, 0).people(facts)
    people = People.of((*there, facts.email), request.people)
    unknown = sorted({new for new in request.people.values() if not people.now(new)})
    if unknown:
        hint = "invite them first, or leave the line out: their work becomes yours"
        raise UsageError.of(f"--map: {', '.join(unknown[:5])} is not on this server", code="LS670", hint=hint)
    return people


def _notes(entries: tuple[PreparedEntry, ...], people: People, facts: Facts) -> Iterator[str]:
    """What will not be as it was, in sentences."""
    caller = facts.email or "the caller"
    yield f"no server takes back: {'; '.join(NOT_TAKEN_BACK)}"
    yield f"every task gets {KEY} in its meta, by which the next run knows it"
    missing = people.missing(email for one in entries for email in one.entry.people)
    if missing:
        shown = ", ".join(missing[:10]) + (f" and {len(missing) - 10:,} more" if len(missing) > 10 else "")
        yield f"not on this server, so that their annotations become those of {caller}: {shown} (--map FILE)"
    counts = {name: sum(one.entry.counts[name] for one in entries) for name in ("drafts", "comments", "files")}
    yield from _notes_of_parts(counts, caller, is_enterprise=facts.is_enterprise)
    for one in entries:
        if one.saved.left:
            names = sorted({at.split("/")[3] for at in one.saved.left})
            count = len(one.saved.left)
            yield f"{one.saved.address}: {count:,} not made, {', '.join(names)} (--with {','.join(names)})"


def _notes_of_parts(counts: Mapping[str, int], caller: str, *, is_enterprise: bool) -> Iterator[str]:
    """What becomes of drafts, comments and files, of which there are so many."""
    if counts["drafts"] and not is_enterprise:
        yield f"Community makes every draft one of {caller}, whoever's it was"
    if counts["comments"] and is_enterprise:
        yield f"comments become those of {caller}; those on drafts stay in the backup"
    elif counts["comments"]:
        yield f"Community has no comments: {plural(counts['comments'], 'comment')} stay in the backup"
    if counts["files"]:
        yield "uploaded files get new names, and the links of tasks to them are rewritten"


# ---- carrying it out -----------------------------------------------------------------------------


def restore_prepared(
    session: Session, prepared: PreparedRestore, request: RestoreRequest, interaction: Interaction = SILENT
) -> Errands:
    """Make what was prepared: each entry, then its data, then what was asked for besides.

    Raises:
        Refused: it was not confirmed, or what is there would be deleted; nothing was written.
        LsopsError: the server failed before the first write.
    """
    if request.ask:
        _confirm(prepared, interaction)
    items: list[Errand] = []
    with interaction.writing(len(prepared.entries)) as stop:
        for one in prepared.entries:
            if stop.is_set():
                items.append(Errand(one.saved.address, "skipped", "interrupted before it began"))
                continue
            work = _Restoring(session, prepared, one, request, interaction, stop)
            try:
                items += work.run()
            except LsopsError as error:
                if not (items or work.wrote):
                    raise
                items.append(_stopped(one.saved.address, error))
    return Errands(VERB, prepared.facts, tuple(items), interrupted=stop.is_set())


def _stopped(address: str, error: LsopsError) -> Errand:
    """Of an entry that ended in the middle."""
    first = error.findings[0]
    return Errand(address, "failed", f"{first.message}; run it again to go on", finding=first)


def _confirm(prepared: PreparedRestore, interaction: Interaction) -> None:
    """Raises: Refused."""
    refuse_unasked(interaction, "restored")
    tasks = sum(one.entry.counts["tasks"] for one in prepared.entries)
    require_answer(interaction, Question(f"Type yes to restore {said({'tasks': tasks})}", "yes"))


@dataclass
class _Restoring:
    """One entry on its way back; `wrote` says whether anything of it is there by now."""

    session: Session
    prepared: PreparedRestore
    one: PreparedEntry
    request: RestoreRequest
    interaction: Interaction
    stop: Stop
    wrote: bool = False

    def run(self) -> list[Errand]:
        """How it ended, and what of it did not. Raises: LsopsError."""
        address = self.one.saved.address
        self._tell("started")
        report, plan = self._made(self.one.saved.first)
        self.wrote = bool(report.outcomes)
        number = next((done.id for done in report.outcomes if done.address == address and done.id), None)
        number = number if number is not None else _live(plan, address)
        if number is None or not report.complete:
            self._tell("failed")
            return list(_outcomes(report, every=False)) or [Errand(address, "failed", "it was not made")]
        self.interaction.achieved(f"made {address}")
        fresh = any(one.address == address and one.action == "create" for one in report.outcomes)
        refill = self._refill(_data(self.session, plan, address, number), fresh=fresh)
        self.wrote = True
        refill.run()
        if self.stop.is_set():
            self._tell("skipped")
            return [Errand(address, "skipped", "interrupted; run it again to go on", self._facts(refill))]
        after, _ = self._made(self.one.saved.whole)
        self._tell("failed" if refill.failed else "done")
        return [
            self._errand(refill),
            *_failures(address, refill),
            *_outcomes(after, every=bool(self.request.including)),
        ]

    def _made(self, manifest: Manifest) -> tuple[Report, Plan]:
        """What a manifest declares, made or changed; nothing is deleted for it. Raises: LsopsError."""
        plan = _planned(manifest, self.session, self.request, _Deaf())
        how = ApplyRequest(consent=Consent(), env=self.request.env, folder=self.request.root)
        return apply_plan(plan, self.session, how).report, plan

    def _refill(self, data: TaskData, *, fresh: bool) -> Refill:
        entry = self.one.entry
        counts = entry.counts if self.prepared.facts.is_enterprise else {**entry.counts, "comments": 0}
        return Refill(
            data,
            self.prepared.place,
            self.prepared.index.id,
            self.one.number,
            replace(entry, counts=counts),
            self.prepared.people,
            self.stop,
            self.request.settle,
            fresh,
        )

    def _errand(self, refill: Refill) -> Errand:
        before = f", {refill.existed:,} of the tasks there before" if refill.existed else ""
        told = f"{said(self.one.entry.counts)}{before}; {'; '.join(self.prepared.notes)}"
        return Errand(self.one.saved.address, "done", told, self._facts(refill))

    def _facts(self, refill: Refill) -> dict[str, object]:
        return {"count": refill.made["tasks"], "existed": refill.existed, "not_restored": list(self.prepared.notes)}

    def _tell(self, name: EventName) -> None:
        address = self.one.saved.address
        self.interaction.listen(Event(name, address, VERB, VERB))


class _Deaf(Interaction):
    """Nobody: what is planned was shown before."""


def _failures(address: str, refill: Refill) -> Iterator[Errand]:
    return (Errand(address, "failed", one.message, finding=one) for one in refill.failed)


def _outcomes(report: Report, *, every: bool) -> Iterator[Errand]:
    """What became of changes: of all, or of those that were not made."""
    for one in report.outcomes:
        if every or one.outcome != "done":
            yield Errand(one.address, one.outcome, one.reason or one.action, finding=one.finding)
