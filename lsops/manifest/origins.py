"""Where values come from: each field is looked up in every tree that was composed, strongest first.

Composition itself remembers nothing of this, so that it costs only who asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

from lsops.errors import Source
from lsops.manifest.compose import Layer as Tree
from lsops.manifest.files import FileProblem, Folder
from lsops.manifest.given import Cell
from lsops.manifest.options import Options
from lsops.manifest.positions import Map, source_of
from lsops.manifest.reference_syntax import references_in
from lsops.manifest.variables import LSOPS_VAR
from lsops.model.address import join, split
from lsops.model.explanation import FieldOrigin, Layer
from lsops.model.leaves import leaves

Steps = tuple[str, ...]
"""The parts of an address, or of the pointer of a field below its resource."""


class Region(NamedTuple):
    """A part of the manifest in which overlays are merged by themselves before the parts are laid over each other."""

    path: Steps
    layer: Layer
    by: str = ""


def regions(address: str) -> Iterator[Region]:
    """The parts that make an entry, strongest first: itself, then the defaults of what it stands in and of its own."""
    parts = split(address)
    yield Region(parts, "entry")
    for end in range(2, len(parts) + 1, 2):
        collection = "/*/".join(parts[:end:2])
        yield Region(("defaults", collection, *parts[end:]), "defaults", collection)
    if len(parts) > 1 and len(parts) % 2:  # the only one of its kind in what it stands in
        collection = "/*/".join(parts[::2])
        yield Region(("defaults", collection), "defaults", collection)


class Written(NamedTuple):
    """What one tree says of a path: the value there, or the one above it that is no map; `rest` leads on from it.

    `cell` is where a row or a parameter gave it.
    """

    origin: FieldOrigin
    rest: Steps
    cell: Cell | None = None


class Spotted(NamedTuple):
    """A value, where its key stands, how deep that is, and where a row or a parameter gave it."""

    value: Any
    source: Source | None
    depth: int
    cell: Cell | None = None


def written_in(tree: Map, path: Sequence[str]) -> Spotted | None:
    """The value at a path, or the first on the way that is no map, with its key's place and how deep it stands."""
    owner, last = tree, len(path) - 1
    for depth, part in enumerate(path):
        if part not in owner:
            return None
        value = owner[part]
        if depth == last or not isinstance(value, Map):
            mark = owner.places[part][1] if part in owner.places else None
            return Spotted(value, owner.key_source(part), depth, mark if isinstance(mark, Cell) else None)
        owner = value
    return None


@dataclass(frozen=True)
class Beneath:
    """What a template lays beneath an entry, or beneath what it stands in, of which `rest` leads to it."""

    name: str
    body: Map
    rest: Steps

    @cached_property
    def places(self) -> frozenset[Source]:
        """Every place at which the template writes a field."""
        return frozenset(_places(self.body))

    def holds(self, path: Steps) -> bool:
        """Whether it says anything of a field of the entry."""
        return self._found(path) is not None

    def lent(self, path: Steps) -> Source | None:
        """Where it says that."""
        found = self._found(path)
        return found.source if found is not None else None

    def written(self, path: Steps, *, used: bool) -> Written:
        """What it says of a field."""
        found = self._found(path)
        assert found is not None  # noqa: S101  # it holds the field
        origin = FieldOrigin("template", found.value, used, found.source, self.name)
        return Written(origin, path[max(found.depth + 1 - len(self.rest), 0) :], found.cell)

    def _found(self, path: Steps) -> Spotted | None:
        return written_in(self.body, (*self.rest, *path))


@dataclass(frozen=True)
class Origins:
    """The trees of one manifest, the lowest first, and what else gives values: the options and the folder's files."""

    trees: Sequence[Tree]
    options: Options
    folder: Folder

    def of(self, address: str, path: Steps) -> list[Written]:
        """All that is written of a field of an entry, strongest first; `used` is what holds after composition."""
        return list(self._written(regions(address), path, tuple(self._templates(address))))

    def _templates(self, address: str) -> Iterator[Beneath]:
        """What templates lay beneath an entry: its own ones, then those of what it stands in."""
        parts, laid = split(address), self.trees[0].beneath if self.trees else {}
        for end in range(len(parts) // 2 * 2, 1, -2):
            for one in laid.get(join(*parts[:end]), ()):
                yield Beneath(one.name, one.body, tuple(parts[end:]))

    def of_key(self, address: str, place: Source | None) -> list[FieldOrigin]:
        """Where an entry's key is written, which is the entry's own place."""
        for region in regions(address):
            for tree in reversed(self.trees):
                found = written_in(tree.tree, region.path)
                if found is not None and found.source == place:
                    layer = _layer(region, tree)
                    return [FieldOrigin(layer, region.path[-1], used=True, source=place, by=region.by)]
        return []

    def _written(self, parts: Iterable[Region], path: Steps, beneath: Sequence[Beneath] = ()) -> Iterator[Written]:
        is_open = True
        laid = [one for one in beneath if one.holds(path)]
        for region in parts:
            if region.layer == "defaults":
                for one in laid:
                    yield one.written(path, used=is_open)
                    is_open = False
                laid = []
            is_seen = True
            for tree in reversed(self.trees):
                found = written_in(tree.tree, (*region.path, *path))
                layer, by = _layer(region, tree), region.by
                if found is None or any(one.lent(path) == found.source for one in laid if layer == "entry"):
                    continue
                if layer == "entry" and (lender := next((one for one in beneath if found.source in one.places), None)):
                    layer, by = "template", lender.name
                used = is_open and is_seen and not _is_drop(tree, found.value)
                origin = FieldOrigin(layer, found.value, used, found.source, by)
                yield Written(origin, path[max(found.depth + 1 - len(region.path), 0) :], found.cell)
                is_seen, is_open = False, is_open and not used

    def dropped(self, address: str) -> Iterator[Steps]:
        """Fields that an overlay takes out of an entry or of its defaults by a null, though something names them."""
        for region in regions(address):
            for tree in self.trees[1:]:
                owner = _map_at(tree.tree, region.path)
                for pointer, value in leaves(owner, lists=False):
                    path = split(pointer)
                    if value is None and any(one.origin.value is not None for one in self.of(address, path)):
                        yield path

    # ---- references --------------------------------------------------------------------------------

    def behind(self, written: Written) -> Iterator[FieldOrigin]:
        """The variables and files that a written value names, each variable with what it overrode."""
        if written.cell is not None:
            given, name = written.cell, f"${{{written.cell.by}}}"
            layer: Layer = "row" if given.by.startswith("each:") else "variable"
            yield FieldOrigin(layer, written.origin.value, used=True, source=source_of(given), by="with", name=name)
            return
        seen: set[tuple[str, str]] = set()
        for _, text in leaves(written.origin.value):
            for found in references_in(text) if isinstance(text, str) and "${" in text else ():
                if found[2] and (found[2], found[3]) not in seen:
                    seen.add((found[2], found[3]))
                    yield from self._named(found[2], found[3], written)

    def _named(self, scheme: str, argument: str, written: Written) -> Iterator[FieldOrigin]:
        if scheme == "var":
            yield from self._variable(argument, written.rest)
        elif scheme == "file" and written.origin.source is not None:
            try:
                name = self.folder.name(written.origin.source.file, argument)
                yield FieldOrigin("file", self.folder.read(name), used=True, source=Source(name, 1))
            except FileProblem:  # it was there a moment ago, when the manifest was read
                return

    def _variable(self, name: str, rest: Steps) -> Iterator[FieldOrigin]:
        """What gives a variable, later sources over earlier ones."""
        texts: Mapping[str, str | None] = {
            "--var": self.options.variables.get(name),
            LSOPS_VAR + name: self.options.env.get(LSOPS_VAR + name),
        }
        is_open = True
        for by, text in texts.items():
            if text is not None:
                yield FieldOrigin("variable", text, used=is_open, by=by, name=name)
                is_open = False
        blocks = [Region(("vars", name), "variable", "vars")]
        if chosen := self.options.environment:
            blocks.insert(0, Region(("environments", chosen, "vars", name), "variable", f"environments/{chosen}/vars"))
        for one in self._written(blocks, rest):
            yield replace(one.origin, used=one.origin.used and is_open, name=name)


def _layer(region: Region, tree: Tree) -> Layer:
    return "overlay" if region.layer == "entry" and tree.name else region.layer


def _places(body: Map) -> Iterator[Source]:
    """Every place at which a template writes a field."""
    for key, value in body.items():
        place = body.key_source(key)
        if place is not None:
            yield place
        if isinstance(value, Map):
            yield from _places(value)


def _is_drop(tree: Tree, value: Any) -> bool:
    """Whether a value is an overlay's null, which takes out what is beneath it."""
    return bool(tree.name) and value is None


def _map_at(tree: Map, path: Steps) -> Map:
    for part in path:
        found = tree.get(part)
        if not isinstance(found, Map):
            return Map()
        tree = found
    return tree
