"""Adopting: what is live and not declared, put into the manifest that is there; nothing else in it changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from lsops.dumping.book import Book
from lsops.dumping.destination import Placing, written
from lsops.dumping.entries import Maker
from lsops.dumping.newcomers import Newcomers, known_live, unsure_places
from lsops.dumping.secrets import SecretNames
from lsops.dumping.values import LeftOut
from lsops.engine.read import Inventory, take_inventory
from lsops.errors import Finding, LsopsError, UsageError, prefixed
from lsops.manifest import Manifest, Options
from lsops.model.address import parent
from lsops.model.plan import Plan
from lsops.operations.adoption import AdoptedFile, Adoption, open_book, variables_in
from lsops.operations.adoption_check import Check, Unfit
from lsops.operations.interaction import SILENT, Interaction
from lsops.operations.plan import PlanRequest, plan_manifest
from lsops.schema import referred
from lsops.server.session import Session
from lsops.spelling import nearest

ROUNDS = 50
"""How often an entry is made again with what the check asks for."""


@dataclass(frozen=True)
class AdoptRequest:
    """What to adopt: globs of addresses as a plan lists what is unmanaged. `plan` says how the manifest is planned."""

    globs: tuple[str, ...]
    plan: PlanRequest = field(default_factory=PlanRequest)


def adopt_resources(
    manifest: Manifest,
    options: Options,
    session: Session,
    request: AdoptRequest,
    interaction: Interaction = SILENT,
) -> Adoption:
    """The files of a manifest with entries for what is live and not declared; `write_adoption` writes them.

    What was loaded by these options is planned, and the result is loaded and planned again: of the new entries nothing
    is to be done, and of the others nothing else than before.

    Raises:
        UsageError: a glob covers nothing, or what it covers has no place in the manifest.
        ManifestError: the manifest cannot be carried out on this server.
        LsopsError: not everything could be read.
        ServerError: the server cannot be reached, or does not accept the token.
    """
    if "" in request.globs:
        raise UsageError.of("an empty glob", code="LS623", hint="addresses look like /projects/TITLE")
    planned = plan_manifest(manifest, session, replace(request.plan, whole=True), interaction).plan
    _refuse_failures(planned.failures)
    with prefixed(manifest.display_prefix):
        survey = Newcomers(
            planned.facts,
            request.globs,
            declared=known_live(planned.pairs),
            unsure=unsure_places(planned.pairs),
        )
        with interaction.reading(session):
            inventory = take_inventory(session, planned.facts, survey)
        _refuse_failures(replace(one.error, address=at) for at, one in inventory.live.collections.items() if one.error)
        _refuse_idle(survey, planned)
        work = _Work(manifest, options, request, survey, inventory, planned)
        return work.settled()


@dataclass
class _Work:
    """One adoption while it is made. `spelled` and `drops` are what the checks asked for so far."""

    manifest: Manifest
    options: Options
    request: AdoptRequest
    survey: Newcomers
    inventory: Inventory
    planned: Plan
    spelled: dict[str, frozenset[str]] = field(default_factory=dict)
    drops: dict[tuple[str, str], str] = field(default_factory=dict)

    def settled(self) -> Adoption:
        """The adoption with which the plan is as it was; entries stand apart where they fit nowhere else."""
        if not self.survey.roots:
            return self._adoption(None, None)
        book = open_book(self.manifest, self.options)
        try:
            return self._settled(book)
        except Unfit:
            try:
                return self._settled(replace(book, apart=True))
            except Unfit as problem:
                raise UsageError.of(
                    f"the manifest would say something else with it: {problem}; nothing was written",
                    code="LS625",
                    hint="write the entry by hand",
                ) from problem

    def _settled(self, book: Book) -> Adoption:
        for _ in range(ROUNDS):
            placing, maker = self._placed(book)
            check = Check(self.manifest, self.options, self.request.plan, self.planned, self.survey, self.inventory)
            asked = check.asks(placing, maker)
            if not asked:
                return self._adoption(placing, maker)
            self._heed(asked)
        raise Unfit("no end is in sight")

    def _heed(self, asked: Mapping[tuple[str, str], str]) -> None:
        """Write a field that was left out as default; a second time leave it out, then its whole entry."""
        is_new = False
        for (address, pointer), why in asked.items():
            name = pointer.split("/")[1] if pointer.startswith("/") else pointer
            told = self.spelled.get(address, frozenset())
            if pointer.startswith("/") and pointer not in told:
                self.spelled[address] = told | {pointer}
            elif (address, name) not in self.drops:
                self.drops[address, name] = why
            elif (address, "") not in self.drops:
                self.drops[address, ""] = why
            else:
                continue
            is_new = True
        if not is_new:
            raise Unfit(next(iter(asked.values())))

    def _placed(self, book: Book) -> tuple[Placing, Maker]:
        secrets = SecretNames(reserved=variables_in(book))
        called = {
            (one.desired.kind, one.live.id): referred(one.desired)[1]
            for one in self.planned.pairs.by_address.values()
            if one.live is not None and one.live.id is not None
        }
        maker = Maker(self.inventory, self.survey, self.drops, secrets, spelled=self.spelled, called=called)
        placing = Placing(book, frozenset(self.survey.roots))
        placing.place(maker.top())
        if placing.misfits:
            raise UsageError(
                Finding("LS624", f"{at} has no place in the manifest: {why}", hint="nothing was written")
                for at, why in sorted(placing.misfits.items())
            )
        return placing, maker

    def _adoption(self, placing: Placing | None, maker: Maker | None) -> Adoption:
        texts, pages = (placing.texts, placing.book.pages) if placing else ({}, {})
        entries = [one for some in (placing.top.values() if placing else ()) for one in written(some)]
        new = {one.address for one in entries if one.address in self.survey.chosen}
        files = [AdoptedFile(name, pages[name].text if name in pages else None, text) for name, text in texts.items()]
        return Adoption(
            self.manifest.root,
            self.manifest.display_prefix,
            tuple(sorted(files, key=lambda one: (one.before is None, one.name))),
            tuple(sorted(new.intersection(self.survey.roots))),
            len(new),
            tuple(sorted(self.survey.met)),
            tuple(sorted(maker.secrets.places, key=lambda one: (one.name, one.address))) if maker else (),
            tuple(self._left_out(maker, new)),
            self.planned.facts,
        )

    def _left_out(self, maker: Maker | None, new: set[str]) -> list[LeftOut]:
        """What the globs mean and nothing was written of, by address, and why."""
        left = [*self.survey.left_out, *(maker.left_out if maker else ())]
        left += [LeftOut(at, why) for at, why in self.inventory.hidden.items() if self.survey.covers(at)]
        told = {one.address: one for one in left}
        for address in self.survey.roots:
            if address in told and address not in new:
                told[address] = LeftOut(address, told[address].reason.replace("; it stands in a comment", ""))
            elif address not in new:
                told[address] = LeftOut(address, "it is as the server makes it: there is nothing to declare")
        return [told[address] for address in sorted(told)]


def _upwards(address: str) -> Iterator[str]:
    while address:
        yield address
        address = parent(address)


# ---- what is refused -----------------------------------------------------------------------------


def _refuse_failures(failures: Iterable[Finding]) -> None:
    found = tuple(failures)
    if found:
        raise LsopsError(found)


def _refuse_idle(survey: Newcomers, planned: Plan) -> None:
    """Raises: UsageError, for every glob that covers neither what is live and undeclared nor an entry."""
    declared = planned.pairs.by_address.keys()
    undeclared = {*planned.unmanaged, *survey.seen} - declared
    findings = [
        Finding(
            "LS623", f'"{glob}" covers nothing that is live and not declared', hint=_hint(glob, undeclared, declared)
        )
        for glob in survey.idle
        if glob not in survey.met.values()
    ]
    if findings:
        raise UsageError(findings)


def _hint(glob: str, undeclared: AbstractSet[str], declared: AbstractSet[str]) -> str:
    if glob in declared:
        return "it is declared already, and not live: lsops plan"
    above = next((at for at in _upwards(parent(glob)) if at in undeclared), "")
    if above:
        return f"{above} is not declared itself: adopt that, with all that is below it"
    near = nearest(glob, sorted(undeclared)) or nearest(glob, sorted(declared))
    return f'did you mean "{near}"?' if near else "lsops drift lists what is live and not declared"
