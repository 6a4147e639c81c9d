"""Dumping: what is live, as a manifest whose plan is empty."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from lsops.dumping.alike import alike
from lsops.dumping.entries import Maker
from lsops.dumping.files import Heading, Layout, has_own_file, texts
from lsops.dumping.lifting import lift
from lsops.dumping.placing import files_beside, place_files, refuse_place
from lsops.dumping.survey import Surveyor, profile_of
from lsops.dumping.templating import take_templates
from lsops.dumping.values import Dump, DumpedEntry, LeftOut
from lsops.engine.planning import Request, plan
from lsops.engine.read import Inventory
from lsops.errors import Finding, LsopsError, ManifestError, UsageError
from lsops.identity import Keys
from lsops.manifest import Options, resolve_keys
from lsops.manifest.checks import key_problem
from lsops.manifest.files import MANIFEST
from lsops.model.address import split
from lsops.model.live import Facts
from lsops.model.plan import Plan
from lsops.operations.interaction import SILENT, Interaction
from lsops.operations.load import load_manifest
from lsops.operations.surveyed import Surveyed, survey_server
from lsops.schema import by_collection, children
from lsops.server.facts import read_facts
from lsops.server.session import Session
from lsops.spelling import nearest

ROUNDS = 50
"""How often what the manifest cannot have is taken out of it; each time a thousand of such are found."""


@dataclass(frozen=True)
class DumpRequest:
    """What to dump: globs of addresses (none: all), and the name under which its one project is written.

    `beside` are the files that lie where it is written to already. With `templates`, entries that differ in few places
    are written as one template and what differs.
    """

    targets: tuple[str, ...] = ()
    name: str | None = None
    beside: frozenset[str] = frozenset()
    templates: bool = False


ALL = DumpRequest()


def dump_server(session: Session, request: DumpRequest = ALL, interaction: Interaction = SILENT) -> Dump:
    """The manifest of what is live, as texts. Its plan is empty: it was loaded and planned, and what it cannot have
    is among what was left out. Failed reads are in `Dump.failures`.

    Raises:
        UsageError: a target covers nothing, or not one project is to have another name.
        ServerError: the server cannot be reached, or does not accept the token.
        LsopsError: what is live fits into no manifest, whatever is left out.
    """
    if "" in request.targets:
        raise UsageError.of("an empty target", code="LS606", hint="addresses look like /projects/TITLE")
    if request.name is not None:
        refuse_name(request.name)
    with interaction.reading(session):
        surveyed = survey_server(session, read_facts(session), request.targets, rename=request.name or "")
    return dump_of(surveyed, request)


def dump_of(surveyed: Surveyed, request: DumpRequest = ALL) -> Dump:
    """The manifest of what was read, as texts; whom it names and what it covers was said then.

    Raises: UsageError and LsopsError, as `dump_server`.
    """
    _refuse_idle(surveyed.surveyor, surveyed.inventory, request)
    return _settled(surveyed.surveyor, surveyed.inventory, request)


def _settled(surveyor: Surveyor, inventory: Inventory, request: DumpRequest) -> Dump:
    """A dump without what its own plan objects to: a field goes first, and the entry where that is not enough.

    Raises: LsopsError, where no end is in sight.
    """
    drops: dict[tuple[str, str], str] = {}
    for _ in range(ROUNDS):
        made = _made(surveyor, inventory, drops, request)
        found = dict(_objections(made, inventory, surveyor.facts, request))
        if not found:
            return made
        entries = {(address, ""): why for (address, name), why in found.items() if (address, name) in drops}
        if found.keys() | entries.keys() <= drops.keys():
            break
        drops = {**drops, **found, **entries}
    raise _unsettled(next(iter(found.values())))


def already_at(folder: Path) -> frozenset[str]:
    """The files in a folder that a dump's `include` would find: where some are not its own it must name these."""
    return files_beside(folder, [schema.name for schema in children("").values() if has_own_file(schema)])


def refuse_folder(folder: Path, *, force: bool = False) -> None:
    """Raises: UsageError, where a dump could not be written, before anything is read."""
    refuse_place(folder, MANIFEST, force=force)


def write_dump(dump: Dump, folder: Path, *, force: bool = False) -> tuple[Path, ...]:
    """Write the files of a dump, all or none; their paths. Raises: UsageError, where one is there, or cannot be."""
    return place_files(dump.files, folder, force=force)


def _made(surveyor: Surveyor, inventory: Inventory, drops: dict[tuple[str, str], str], request: DumpRequest) -> Dump:
    maker = Maker(inventory, surveyor, drops)
    top = maker.top()
    if request.name:
        for entry in (one for entries in top.values() for one in entries if one.address == surveyor.renamed[0]):
            entry.lifecycle = {"new": True}
    layout = Layout(top)
    every = [entry for entries in top.values() for one in entries for entry in one.each()]
    number = sum(not entry.required for entry in every)
    hints = () if request.templates else tuple(alike(_filed(top, layout)))
    templates = take_templates(_filed(top, layout)) if request.templates else []
    defaults = {} if templates else lift(every)  # they would lie beneath the templates, too
    hidden = (LeftOut(at, why) for at, why in inventory.hidden.items() if surveyor.covers(at))
    left_out = tuple(sorted({*surveyor.left_out, *maker.left_out, *hidden}, key=lambda one: (one.address, one.reason)))
    variables = sorted({place.name for place in maker.secrets.places})
    is_literal = bool(request.beside - set(layout.places.values()))
    heading = Heading(surveyor.facts.url, variables, hints, templates, is_literal)
    failures = tuple(
        replace(one.error, address=at)
        for at, one in inventory.live.collections.items()
        if one.error is not None and at in inventory.places
    )
    return Dump(
        texts(layout, defaults, left_out, heading),
        tuple(sorted(maker.secrets.places, key=lambda one: (one.name, one.address, one.field))),
        left_out,
        failures,
        surveyor.facts,
        number,
        maker.secrets.known,
    )


def _unsettled(why: str) -> LsopsError:
    message = f"what is live cannot be written as a manifest: {why}"
    return LsopsError.of(message, code="LS622", hint="leave it out: name with -t what is to be dumped")


def _filed(top: Mapping[str, list[DumpedEntry]], layout: Layout) -> Iterator[DumpedEntry]:
    """The entries that have files of their own."""
    return (entry for entries in top.values() for entry in entries if entry.address in layout.places)


# ---- what is refused -----------------------------------------------------------------------------


def refuse_name(name: str) -> None:
    """Raises: UsageError, where nothing that a dump renames can have that name."""
    for schema in children("").values():
        problem = key_problem(name, schema.key, profile_of(schema, "")) if has_own_file(schema) else ""
        if problem:
            raise UsageError.of(f"--as: {problem}")


def _refuse_idle(surveyor: Surveyor, inventory: Inventory, request: DumpRequest) -> None:
    """Raises: UsageError, for a target that covers nothing, and for a name that not one project can have."""
    for glob in request.targets:
        if not any(surveyor.is_met(glob, at) for at in _addresses(inventory, surveyor)):
            near = nearest(glob, surveyor.seen)
            hint = f'did you mean "{near}"?' if near else "addresses look like /projects/TITLE"
            raise UsageError.of(f'the target "{glob}" matches nothing that is live', code="LS606", hint=hint)
    if request.name and surveyor.renames != 1:
        message = f"--as gives one project another name, and {surveyor.renames} are to be dumped"
        raise UsageError.of(message, code="LS621", hint="choose one: -t /projects/TITLE")


def _addresses(inventory: Inventory, surveyor: Surveyor) -> Iterator[str]:
    """All that was looked at: entries, collections, and what was left out."""
    for at, held in inventory.live.collections.items():
        if at in inventory.places:
            yield at
            yield from (one.address for one in held.resources)
    yield from (one.address for one in surveyor.left_out)


# ---- what the manifest cannot have ---------------------------------------------------------------


def _objections(
    made: Dump, inventory: Inventory, facts: Facts, request: DumpRequest
) -> Iterator[tuple[tuple[str, str], str]]:
    """By address and field, why something in a dump would be refused, or would be a change."""
    with tempfile.TemporaryDirectory(prefix="lsops-dump-") as name:
        root = Path(name)
        place_files(made.files, root)
        try:
            planned = _planned(root, made, inventory, facts)
        except ManifestError as error:
            errors = [one for one in error.findings if one.is_error]
            if not any(one.address for one in errors):
                raise _unsettled(str(error)) from error
            yield from (what_to_drop(one) for one in errors if one.address)
            return
    for change in () if request.name else planned.changes:
        if change.action != "update":
            yield (change.address, ""), "lsops would make it again"
        for field in change.fields if change.action == "update" else ():
            yield (
                (change.part_of or change.address, split(field.path)[0]),
                "the server shows it otherwise than it takes it",
            )


def _planned(root: Path, made: Dump, inventory: Inventory, facts: Facts) -> Plan:
    """The plan of the files against what was read. Raises: ManifestError."""
    manifest = load_manifest(root, Options(env={}))
    known = resolve_keys(manifest.desired.resources, env=made.known, root=root, secrets_dir=None)
    return plan(manifest.desired, inventory.live, facts, Request(keys=Keys(known.vault, known.unknown)))


def what_to_drop(one: Finding) -> tuple[tuple[str, str], str]:
    """What to take out because of an error: the field that its message begins with, else the label config or all."""
    kind_path = "/".join("*" if number % 2 else part for number, part in enumerate(split(one.address)))
    name = one.message.split(" ", 1)[0].rstrip(":").partition(".")[0]
    known = _fields_at(kind_path)
    field = name if name in known else next((f for f in known if known[f] and one.code.startswith("LS12")), "")
    return (one.address, field), f"{one.code}: {one.message}"


def _fields_at(path: str) -> dict[str, bool]:
    """The fields of the kind whose entries stand at a path, and whether each is a label config."""
    collection = path.removesuffix("/*")
    schema = by_collection().get(collection)
    if schema is None:
        return {}
    return {
        name: item.compare == "xml"
        for fields in schema.variants.values()
        for name, item in fields.items()
        if name not in (*schema.keys, schema.discriminator)
    }
