"""Whether a manifest with new entries says the same as before, and of these what is live: it is loaded and planned."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from lsops.dumping.destination import Placing, written
from lsops.dumping.drafting import DraftFolder
from lsops.dumping.entries import Maker
from lsops.dumping.newcomers import Newcomers
from lsops.engine.planning import Request, plan
from lsops.engine.read import Inventory
from lsops.errors import LsopsError, ManifestError
from lsops.identity import Keys
from lsops.manifest import Manifest, Options, resolve_keys
from lsops.manifest.lock import locked, read_lock
from lsops.model.address import join, parent, split
from lsops.model.live import Collection, Live
from lsops.model.plan import Change, Plan
from lsops.model.resource import Resource
from lsops.operations.dump import what_to_drop
from lsops.operations.load import load_manifest
from lsops.operations.plan import PlanRequest


class Unfit(Exception):
    """The manifest would say something else than before, and how."""


@dataclass(frozen=True)
class Check:
    """A manifest before, its plan, and what is to come into it."""

    manifest: Manifest
    options: Options
    request: PlanRequest
    planned: Plan
    survey: Newcomers
    inventory: Inventory

    def asks(self, placing: Placing, maker: Maker) -> dict[tuple[str, str], str]:
        """By address and pointer or field, what of the new entries must be written, or cannot be, and why.

        Raises: Unfit.
        """
        folder = DraftFolder(self.manifest.root, placing.texts)
        try:
            after = load_manifest(self.manifest.path, self.options, folder)
        except ManifestError as problem:
            return dict(self._of_errors(problem))
        self._compare(after, placing)
        try:
            made = self._planned(after, maker)
        except LsopsError as problem:
            return dict(self._of_errors(problem))
        return dict(self._of_changes(made))

    def _of_errors(self, problem: LsopsError) -> Iterator[tuple[tuple[str, str], str]]:
        for one in problem.findings:
            if one.is_error:
                if not self._is_new(one.address):
                    raise Unfit(f"{one.code}: {one.message}")
                yield what_to_drop(one)

    def _is_new(self, address: str) -> bool:
        return address in self.survey.chosen

    def _compare(self, after: Manifest, placing: Placing) -> None:
        """Raises: Unfit, where another entry than the new ones is there, gone or not as it was."""
        before = {one.address: one for one in self.manifest.desired.resources}
        now = {one.address: one for one in after.desired.resources}
        wrong = next((at for at, one in before.items() if at not in now or _said(one) != _said(now[at])), "")
        if wrong:
            raise Unfit(f"{wrong} would not be as it is")
        entries = (one for some in placing.top.values() for one in written(some))
        expected = {one.address for one in entries if self._is_new(one.address)}
        odd = next(iter(sorted((now.keys() - before.keys()) ^ expected)), "")
        if odd:
            raise Unfit(f"{odd} would {'not ' if odd in expected else ''}be declared")
        left: dict[str, set[str]] = {}
        for at in set(self.survey.seen).difference(self.survey.chosen.values()):
            left.setdefault(parent(at), set()).add(at)
        for address in sorted(left.keys() & (after.desired.written.keys() - self.manifest.desired.written.keys())):
            self._refuse_pruned(address, left[address], after)

    def _refuse_pruned(self, address: str, left: Iterable[str], after: Manifest) -> None:
        """Raises: Unfit, where the manifest begins to write a collection in which what is left would be deleted."""
        pattern = "/".join("*" if number % 2 else part for number, part in enumerate(split(address)))
        if not self._is_new(parent(address)) and after.desired.is_pruned(pattern, address):
            raise Unfit(f"{min(left)} would be deleted, for prune names {pattern}: adopt it, too")

    def _planned(self, after: Manifest, maker: Maker) -> Plan:
        """The plan of the new manifest against what was read. Raises: LsopsError."""
        env = {**self.request.env, **maker.secrets.known}
        known = resolve_keys(
            after.desired.resources, env=env, root=self.manifest.root, secrets_dir=self.request.secrets_dir
        )
        facts = self.planned.facts
        desired = locked(after.desired, read_lock(self.manifest.root).of(facts.url, facts.environment))
        return plan(desired, self._live(), facts, Request(keys=Keys(known.vault, known.unknown)))

    def _live(self) -> Live:
        """What was read for the manifest, with what is adopted as that was read."""
        first, second = self.planned.pairs.live, self.inventory.live
        collections = dict(first.collections)
        for at, held in second.collections.items():
            mine = tuple(one for one in held.resources if self._is_new(one.address))
            ids = {_identity(one) for one in mine}
            rest = collections[at].resources if at in collections else ()
            rows = (*(one for one in rest if _identity(one) not in ids), *mine)
            collections[at] = Collection(held.kind, rows, held.error)
        kinds = first.names.keys() | second.names.keys()
        names = {kind: {**second.names.get(kind, {}), **first.names.get(kind, {})} for kind in kinds}
        return replace(first, collections=collections, names=names)

    def _of_changes(self, made: Plan) -> Iterator[tuple[tuple[str, str], str]]:
        known = {(change.address, change.action) for change in self.planned.changes}
        for change in made.changes:
            address = change.part_of or change.address
            if not self._is_new(address):
                if (change.address, change.action) not in known:
                    raise Unfit(f"lsops would {change.action} {change.address}")
            elif change.action != "update":
                raise Unfit(f"lsops would {change.action} {change.address}")
            else:
                yield from _pointers(address, change)


def _pointers(address: str, change: Change) -> Iterator[tuple[tuple[str, str], str]]:
    for one in change.fields:
        yield (address, join(*split(one.path)[:2])), "the server shows it otherwise than the manifest would have it"


def _identity(one: Resource) -> int | str:
    return one.key if one.id is None else one.id


def _said(one: Resource) -> tuple[object, ...]:
    return (one.kind, one.key, one.type, one.values, one.lifecycle)
