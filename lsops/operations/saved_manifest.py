"""The manifest of a backup, which may come from anybody: of it only what lies at its entry is taken, and no more."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from lsops.backup.index import SavedEntry, damaged
from lsops.backup.parts import part_rows
from lsops.depot import Depot
from lsops.dumping.drafting import DraftFolder
from lsops.errors import ManifestError, Source, UsageError
from lsops.manifest import Manifest, Options
from lsops.model.address import below, join, parent, split
from lsops.model.desired import Desired
from lsops.model.resource import Lifecycle, Resource
from lsops.operations.load import load_manifest
from lsops.schema import by_collection, children, kinds

MOST_FILES = 10_000
LARGEST = 64 * 1024 * 1024
_NOWHERE = Source("index.json", 1)


@dataclass(frozen=True, slots=True)
class SavedManifest:
    """What an entry of a backup declares, under the address that it gets.

    `first` is made before the data, `whole` has what was asked for besides, and `left` are the addresses of the rest.
    """

    address: str
    first: Manifest
    whole: Manifest
    left: tuple[str, ...]


@dataclass(frozen=True)
class Taking:
    """What of saved manifests is taken: under another `name`, with these `including` collections that decide who gets
    in or where data goes, and with secrets of the variables that `secret_env` names. `root` is an empty folder, and
    `people` has new e-mails by old ones.
    """

    root: Path
    name: str = ""
    including: Collection[str] = ()
    secret_env: tuple[str, ...] = ()
    people: Mapping[str, str] = field(default_factory=dict)


def exposing() -> tuple[str, ...]:
    """The collections of an entry that are made only where that is asked for."""
    tops = [schema.collection for schema in children("").values() if children(schema.collection)]
    return tuple(sorted({name for top in tops for name, one in _below(top) if one.exposes}))


def _below(top: str) -> Iterator[tuple[str, Any]]:
    return ((one.name, one) for one in children(top).values())


def take_manifest(place: Depot, number: int, entry: SavedEntry, taking: Taking) -> SavedManifest:
    """The manifest of an entry: files of the backup alone are read, and no setting, policy or rule of it counts.

    Raises: BadBackup, ManifestError, UsageError.
    """
    texts = _texts(place, number, entry)
    try:
        loaded = load_manifest(
            taking.root, Options(env={}, secret_env=taking.secret_env), DraftFolder(taking.root, texts)
        )
    except ManifestError as error:
        hint = "name the variables that may hold its secrets with --secret-env"
        found = [replace(one, source=None, hint=hint if one.code == "LS404" else one.hint) for one in error.findings]
        raise ManifestError(
            replace(one, message=f"the manifest in the backup: {one.message}") for one in found
        ) from None
    address = below(parent(entry.address), taking.name) if taking.name else entry.address
    mine = [
        _moved(_renamed(one, taking.people), entry.address, address)
        for one in loaded.desired.resources
        if (one.address == entry.address or one.address.startswith(f"{entry.address}/")) and not one.lifecycle.absent
    ]
    if not mine:
        raise damaged(f"the manifest of {entry.address} does not declare it")
    first = [one for one in mine if not _exposes(one)]
    whole = [one for one in mine if not _exposes(one) or one.collection.rpartition("/")[2] in taking.including]
    taken = {one.address for one in whole}
    left = tuple(one.address for one in mine if one.address not in taken)
    return SavedManifest(address, _only(loaded, first), _only(loaded, whole), left)


def refuse_idle_parts(saved: Collection[SavedManifest], including: Collection[str]) -> None:
    """Raises: UsageError, where something was asked for that no entry has."""
    known = exposing()
    for name in including:
        if name not in known:
            raise UsageError.of(f"--with {name}: it is one of {', '.join(known)}", code="LS671")
    there = {split(at)[2] for one in saved for at in _addresses(one) if len(split(at)) > 2}
    for name in including:
        if name not in there:
            raise UsageError.of(f"--with {name}: the backup has none", code="LS671", hint="leave it out")


def _addresses(one: SavedManifest) -> Iterator[str]:
    yield from (item.address for item in one.whole.desired.resources)
    yield from one.left


def _texts(place: Depot, number: int, entry: SavedEntry) -> Mapping[str, str]:
    found: dict[str, str] = {}
    if sum(part.bytes for part in entry.parts.get("manifest", ())) > LARGEST:
        raise damaged(f"the manifest of {entry.address} has more than {LARGEST:,} bytes")
    for row in part_rows(place, number, "manifest", entry):
        name, text = row.get("name"), row.get("text")
        if not isinstance(name, str) or not isinstance(text, str) or len(found) >= MOST_FILES:
            raise damaged(f"the manifest of {entry.address} is not what it must be")
        found[name] = text
    return found


def _exposes(one: Resource) -> bool:
    return bool(kinds()[one.kind].exposes)


def _renamed(one: Resource, people: Mapping[str, str]) -> Resource:
    """A membership as that of the person that one is now."""
    now = {old.strip().lower(): new.strip() for old, new in people.items()}.get(one.key.lower())
    schema = kinds()[one.kind]
    if now is None or schema.exposes != "access":
        return one
    return replace(one, key=now, address=below(parent(one.address), now), values={**one.values, schema.key: now})


def _moved(one: Resource, old: str, new: str) -> Resource:
    """A resource at its new address, without rules about its life and without what lsops does for it besides.

    The order of what it holds comes back with it.
    """
    fields = kinds()[one.kind].fields(one.type)
    order = {name: value for name, value in one.own.items() if fields[name].order_of}
    plain = replace(one, lifecycle=Lifecycle(), own=order, source=None, values=dict(one.values))
    if one.address != old:
        return replace(plain, address=new + one.address[len(old) :], parent=new + one.parent[len(old) :])
    values = dict(one.values)
    if new != old:
        values[by_collection()[split(old)[0]].key] = split(new)[-1]
    key = split(new)[-1] if new != old else one.key
    return replace(plain, address=new, key=key, values=values, lifecycle=Lifecycle(new=True))


def _only(manifest: Manifest, resources: list[Resource]) -> Manifest:
    places = {item.collection for item in resources}
    written = {at: source for at, source in manifest.desired.written.items() if at in places}
    top = join(split(resources[0].address)[0])
    desired = Desired(tuple(resources), {**{at: written.get(at) or _NOWHERE for at in places}, top: _NOWHERE})
    return replace(manifest, desired=desired, policies=(), warnings=(), server_url="", display_prefix="")
