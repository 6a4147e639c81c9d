"""Backing up: what projects are and hold, into a place from which they can be made again."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from threading import Event as Stop

from lsops.backup.index import BackupIndex, SavedEntry
from lsops.backup.progress import begun_backup
from lsops.depot import Depot
from lsops.dumping.survey import Surveyor
from lsops.dumping.values import Dump
from lsops.engine.read import take_inventory
from lsops.errors import LsopsError, UsageError
from lsops.kinds import registry
from lsops.kinds.capabilities import HoldsTasks
from lsops.model.address import join
from lsops.model.errand import Errand, Errands
from lsops.model.live import Facts
from lsops.operations.dump import dump_of
from lsops.operations.interaction import SILENT, Interaction
from lsops.operations.saving import VERB, Holder, Saving, export_title
from lsops.operations.surveyed import Surveyed, survey_server
from lsops.server.facts import read_facts
from lsops.server.session import Session
from lsops.spelling import nearest


@dataclass(frozen=True, slots=True)
class BackupRequest:
    """What to back up: globs of addresses of what is live, and the time that the backup bears."""

    addresses: tuple[str, ...]
    created: str = ""


def back_up(session: Session, place: Depot, request: BackupRequest, interaction: Interaction = SILENT) -> Errands:
    """Write what lies at the addresses to a place; the index, which makes it a backup, comes last.

    A run that was killed is gone on with where it ended. What a run leaves on the server is deleted when it is whole.

    Raises:
        UsageError: an address covers nothing that holds tasks, or the place holds something else.
        LsopsError: something could not be read or written; another run goes on.
    """
    with interaction.reading(session):
        facts = read_facts(session)
        holders = _holders(session, facts, request.addresses)
    addresses = [one.address for one in holders]
    progress = begun_backup(place, session.shown, addresses, secrets.token_hex(8))
    lacking = [at for number, at in enumerate(addresses, 1) if progress.lacks(number, "manifest")]
    with interaction.reading(session):
        # All at once: to find one of them again, a server lists them all.
        parts = dict(survey_server(session, facts, request.addresses).parts(lacking)) if lacking else {}
    failed: list[Errand] = []
    with interaction.writing(len(holders)) as stop:
        for number, holder in enumerate(holders, 1):
            dump = partial(_dumped, parts, holder.address)
            run = Saving(dump, progress, number, holder, interaction, stop)
            run.save()
            failed += run.failed
        if not stop.is_set():
            entries = tuple(progress.entries)
            told = (facts.edition, facts.release)
            progress.finish(BackupIndex(progress.id, request.created, progress.server, *told, entries))
            for number, holder in enumerate(holders, 1):
                holder.data.drop_export(export_title(progress.id, number))
            progress.forget()
            interaction.achieved(f"{place.place} is whole")
    saved = [_errand(entry, stop) for entry in progress.entries]
    return Errands(VERB, facts, (*saved, *failed), interrupted=stop.is_set())


def _dumped(parts: dict[str, Surveyed], address: str) -> Dump:
    """The manifest of one of them, which nobody needs afterwards."""
    return dump_of(parts.pop(address))


def _errand(entry: SavedEntry, stop: Stop) -> Errand:
    if stop.is_set():
        return Errand(entry.address, "skipped", "interrupted; run it again to go on")
    return Errand(entry.address, "done", said(entry.counts), dict(entry.counts))


def said(counts: Mapping[str, int]) -> str:
    """How many of each sort there are, in words; tasks are always said."""
    shown = [(name if number != 1 else name[:-1], number) for name, number in counts.items()]
    return ", ".join(f"{number:,} {name}" for name, number in shown if number or name.startswith("task"))


# ---- what there is -------------------------------------------------------------------------------


class _Holders(Surveyor):
    """Reads nothing but what may hold tasks."""

    def wants(self, collection: str) -> bool:
        return collection in _collections() and super().wants(collection)


def _collections() -> Mapping[str, HoldsTasks]:
    found = {one.schema.collection: one for one in registry().values() if isinstance(one, HoldsTasks)}
    return {join(collection): one for collection, one in found.items()}


def _holders(session: Session, facts: Facts, addresses: tuple[str, ...]) -> list[Holder]:
    """Raises: UsageError, ServerError."""
    survey = _Holders(facts, addresses)
    inventory = take_inventory(session, facts, survey)
    kinds = _collections()
    found: list[Holder] = []
    for at, held in inventory.live.collections.items():
        if at in kinds and held.error is not None:
            raise LsopsError([replace(held.error, address=at)])
        found += [
            Holder(one.address, one.kind, kinds[at].task_data(session, one.id))
            for one in (held.resources if at in kinds else ())
            if one.id is not None and survey.is_whole(one.address)
        ]
    for glob in addresses:
        if not any(survey.is_met(glob, one.address) for one in found):
            near = nearest(glob, survey.seen)
            hint = f'did you mean "{near}"?' if near else "addresses look like /projects/TITLE"
            raise UsageError.of(f'"{glob}" covers nothing that holds tasks', code="LS668", hint=hint)
    return found
