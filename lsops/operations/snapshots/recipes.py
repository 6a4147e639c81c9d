"""The recipes of a manifest and those that addresses choose, where their files go, and what the server has of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import quote as quoted

from lsops.depot import Depot, depot_at, is_remote
from lsops.errors import ManifestError, UsageError
from lsops.kinds import Where, registry
from lsops.kinds.capabilities import MakesSnapshots
from lsops.kinds.shelf import Shelf
from lsops.manifest import Manifest
from lsops.manifest.findings import quote
from lsops.model.address import below
from lsops.model.live import Facts
from lsops.model.resource import Resource
from lsops.model.snapshot import PLAIN, Recipe
from lsops.operations.chosen import declared_with, first_few, is_chosen, live_ones, refuse_unmet
from lsops.operations.interaction import Interaction
from lsops.operations.plan import PlanRequest
from lsops.server.session import Session

FIELD: Final = "snapshots"
OPTIONS: Final = ("task_filter_options", "annotation_filter_options", "serialization_options")
Found = tuple[Resource, Recipe]


def chosen_recipes(manifest: Manifest, addresses: Sequence[str]) -> list[Found]:
    """The recipes that the addresses cover, all where there are none. Raises: UsageError, where one covers none."""
    there = [(item, recipe) for item in declared_with(manifest, MakesSnapshots) for recipe in _recipes(item)]
    if not there:
        raise UsageError.of("the manifest declares no snapshots", code="LS658")
    refuse_unmet(addresses, [recipe.address for _, recipe in there], "LS658", what="no declared snapshot")
    return [one for one in there if is_chosen(one[1].address, addresses)]


def holder_at(manifest: Manifest, address: str) -> Resource:
    """What has snapshots at that very address. Raises: UsageError."""
    there = declared_with(manifest, MakesSnapshots)
    for item in there:
        if item.address == address.rstrip("/"):
            return item
    hint = f"declared: {first_few([item.address for item in there])}"
    raise UsageError.of(f"{quote(address)} has no snapshots: it is not declared", code="LS658", hint=hint)


def shelves_of(
    manifest: Manifest, session: Session, items: Sequence[Resource], how: PlanRequest, interaction: Interaction
) -> tuple[Facts, dict[str, Shelf]]:
    """The snapshots of each, by its address, and what is known of the server.

    Raises: LsopsError, where not everything could be read; ManifestError, where one is not there yet.
    """
    facts, live = live_ones(manifest, session, items, how, interaction, "LS661")
    kinds = {address: cast("MakesSnapshots", registry()[one.kind]) for address, one in live.items()}
    return facts, {at: kinds[at].shelf(session, Where(one.id, one.type)) for at, one in live.items()}


def destinations(found: Sequence[Found], root: Path, to: str) -> dict[str, Depot]:
    """Where the files of each recipe go, by its address; those of `to` in a folder for each project.

    Raises: UsageError, ManifestError, where a place is missing, leads out of the manifest's folder, or is another's.
    """
    result: dict[str, Depot] = {}
    taken: dict[tuple[str, str], str] = {}
    for item, recipe in found:
        if to:
            depot = depot_at(f"{to.rstrip('/') or '/'}/{quoted(item.key, safe=' ')}")
        else:
            depot = _declared(item, recipe, root)
        other = taken.setdefault((depot.place, recipe.name), recipe.address)
        if other != recipe.address:
            raise _taken(item, recipe, other)
        result[recipe.address] = depot
    return result


def _declared(item: Resource, recipe: Recipe, root: Path) -> Depot:
    if not recipe.place:
        raise ManifestError.of(
            "it does not say where its files go",
            code="LS659",
            address=recipe.address,
            source=item.source,
            hint="write download_to, or use -o PLACE",
        )
    if not is_remote(recipe.place):
        _refuse_links(item, recipe, root)
    return depot_at(recipe.place, root)


def _refuse_links(item: Resource, recipe: Recipe, root: Path) -> None:
    folder = root
    for part in Path(recipe.place).parts:
        folder /= part
        if folder.is_symlink():
            message = f"download_to leads through a link, {folder.relative_to(root)}"
            raise ManifestError.of(message, code="LS659", address=recipe.address, source=item.source)


def _taken(item: Resource, recipe: Recipe, other: str) -> ManifestError:
    message = f"{other} puts files of the same names into the same place"
    hint = "give one of them another download_to, or another name"
    return ManifestError.of(message, code="LS659", address=recipe.address, source=item.source, hint=hint)


def _recipes(item: Resource) -> Iterator[Recipe]:
    declared: Any = item.own.get(FIELD) or {}
    for name, body in declared.items():
        given: Mapping[str, Any] = body or {}
        yield Recipe(
            address=below(item.address, FIELD, name),
            name=name,
            title=given.get("title", name),
            options={part: _plain(given[part]) for part in OPTIONS if given.get(part)},
            formats=tuple(given.get("formats", (PLAIN,))),
            place=given.get("download_to", ""),
        )


def _plain(value: Any) -> Any:
    return {name: _plain(inner) for name, inner in value.items()} if isinstance(value, Mapping) else value
