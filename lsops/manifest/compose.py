"""From files to one tree: includes, short forms, overlays, then defaults beneath, in this order."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from lsops.errors import Source
from lsops.manifest.files import MAX_YAML_BYTES, FileProblem, Folder, locate
from lsops.manifest.findings import Findings, listed, quote
from lsops.manifest.given import mentions_reuse
from lsops.manifest.include import OVERLAY_CODES, FileReader, file_name, join_includes
from lsops.manifest.options import Options
from lsops.manifest.patch import Meter, Own, PatchTooLarge, lay_beneath, merge_patch
from lsops.manifest.policies import additions
from lsops.manifest.positions import Map, Seq, source_of
from lsops.manifest.references import References
from lsops.manifest.secrets import SecretRules
from lsops.manifest.sources import Sources
from lsops.manifest.variables import variables
from lsops.schema import KindSchema, by_collection, children
from lsops.spelling import Near

if TYPE_CHECKING:  # most manifests write nothing once for many, and load nothing of it
    from lsops.manifest.expand import Beneath

NOT_IN_OVERLAYS = ("include", "environments", "version", "templates")


@dataclass(frozen=True)
class Composed:
    """A manifest's tree after composition, before references. `environment` is the chosen block, maybe empty.

    `templates` is what the tree had under that name: by now it lies beneath the entries.
    """

    tree: Map
    root: Path
    name: str
    environment: Map
    reader: FileReader
    references: References
    overlays: tuple[str, ...] = ()
    templates: Any = None


class Layer(NamedTuple):
    """A tree as it was before another was laid over it: an overlay, or, without a name, all files joined.

    `beneath` is what templates laid beneath entries of it, by their addresses.
    """

    name: str
    tree: Map
    beneath: Beneath = {}  # noqa: RUF012  # nobody changes it


def compose(
    path: Path,
    options: Options,
    findings: Findings,
    layers: list[Layer] | None = None,
    folder: Folder | None = None,
) -> Composed | None:
    """The composed tree of a manifest; None, with findings, where its own file cannot be read.

    Who wants to know what came from where gives a list for the `layers`, the lowest first.
    """
    folder_path, name = locate(path)
    reader = FileReader(folder or Folder(folder_path), findings)
    root = _root(folder_path, name, reader)
    if root is None:
        return None
    environment = _environment(root, options.environment, findings)
    tree = join_includes(root, name, reader, _all_overlay_names(root, name, options, reader.folder))
    overlays = list(_overlays(environment, name, options, reader))
    references = _references(tree, overlays, environment, options, reader)
    templates = tree.get("templates")
    beneath: Beneath = {}
    if mentions_reuse(reader.texts.values()):
        from lsops.manifest.expand import expand

        tree = expand(tree, references, findings, beneath)
    applied, own = [], Own()
    if layers is not None:
        layers.append(Layer("", tree, beneath))
    for overlay, laid in overlays:
        applied.append(overlay)
        if layers is not None:
            layers.append(Layer(overlay, laid))
        tree = merge_patch(tree, additions(tree, laid, findings), own)
    whole = _with_defaults(tree, findings)
    return Composed(whole, folder_path, name, environment, reader, references, tuple(applied), templates)


def _references(
    tree: Map, overlays: list[tuple[str, Map]], environment: Map, options: Options, reader: FileReader
) -> References:
    """What resolves references, with the variables as overlays leave them: rows are resolved before that."""
    known, own = tree.get("vars"), Own()
    for _, overlay in overlays:
        if "vars" in overlay:
            known = merge_patch(known, overlay["vars"], own)
    return References(
        reader.folder,
        variables(known, environment.get("vars"), env=options.env, given=options.variables),
        reader.findings,
        rules=SecretRules(options.secrets_dir, Sources(options.secret_env)),
        complete=reader.complete,
    )


def _root(folder: Path, name: str, reader: FileReader) -> Map | None:
    try:
        text = reader.folder.read(name, MAX_YAML_BYTES)
    except FileProblem as problem:
        place = Source(name, problem.line, problem.column) if problem.kind == "encoding" else None
        code = OVERLAY_CODES[problem.kind]
        hint = "lsops init writes a first one" if problem.kind == "missing" else ""
        reader.findings.error(code, f"{folder / name}: {problem}", source=place, hint=hint)
        return None
    return reader.tree(name, text)


def _environment(root: Map, wanted: str, findings: Findings) -> Map:
    """The block of the wanted environment; an empty one where none is wanted or, with a finding, known."""
    if not wanted:
        return Map()
    blocks = root.get("environments")
    known = list(blocks) if isinstance(blocks, Map) else []
    if wanted not in known:
        hint = Near(wanted, known, f"it defines {listed(known)}" if known else "it defines none")
        message = f"the manifest defines no environment {quote(wanted)}"
        findings.error("LS306", message, source=root.key_source("environments"), hint=hint)
    block = blocks.get(wanted) if isinstance(blocks, Map) else None
    return block if isinstance(block, Map) else Map()


def _overlays(environment: Map, base: str, options: Options, reader: FileReader) -> Iterator[tuple[str, Map]]:
    for name, tree in _all_overlays(environment, base, options, reader):
        if tree is not None:
            yield name, _allowed(tree, reader.findings)


def _all_overlays(
    environment: Map, base: str, options: Options, reader: FileReader
) -> Iterator[tuple[str, Map | None]]:
    paths = environment.get("overlays")
    seen: dict[str, Source] = {}
    if isinstance(paths, Seq):
        for path, mark in zip(paths, paths.marks, strict=True):
            source = source_of(mark)
            # An overlay is one file: a star in its name is a star.
            name = file_name(path, base, source, reader) if isinstance(path, str) else None
            if name in seen:
                reader.findings.twice("LS307", f"the overlay {quote(name)} is named twice", source, seen[name])
            elif name is not None:
                seen[name] = source
                yield name, reader.named(name, source, OVERLAY_CODES)
    for given in options.overlays:
        name = _given_name(given, reader.folder)
        yield name, reader.given(given, name)


def _given_name(path: str, folder: Folder) -> str:
    """The name, relative to the root, of an overlay that the command line names."""
    return os.path.relpath(os.path.realpath(path), folder.root).replace(os.sep, "/")


def _all_overlay_names(root: Map, base: str, options: Options, folder: Folder) -> frozenset[str]:
    """The overlays of all environments, chosen or not, and those of the command line."""
    names = {_given_name(given, folder) for given in options.overlays}
    blocks = root.get("environments")
    for block in blocks.values() if isinstance(blocks, Map) else ():
        paths = block.get("overlays") if isinstance(block, Map) else None
        for path in paths if isinstance(paths, Seq) else ():
            if isinstance(path, str):
                with suppress(FileProblem):
                    names.add(folder.name(base, path))
    return frozenset(names)


def _allowed(tree: Map, findings: Findings) -> Map:
    """The overlay without what has had its effect before overlays are laid, each of which is an error."""
    from lsops.manifest.expand import reuse_in_overlay

    barred = [(tree, key) for key in tree if key in NOT_IN_OVERLAYS]
    for owner, key in (*barred, *reuse_in_overlay(tree)):
        message = f"{quote(key)} has no effect in an overlay"
        findings.error("LS304", message, source=owner.key_source(key), hint="write it in the manifest")
        if owner is not tree:
            owner.drop(key)
    return tree.only(key for key in tree if key not in NOT_IN_OVERLAYS and not key.startswith("x-"))


# ---- defaults ----------------------------------------------------------------------------------


def _with_defaults(tree: Map, findings: Findings) -> Map:
    defaults = tree.get("defaults")
    if not isinstance(defaults, Map) or not defaults:
        return tree
    known = {path: kind for path, kind in by_collection().items() if kind.depth or not kind.singleton}
    usable: dict[str, Map] = {}
    for path, entry in defaults.items():
        source = defaults.key_source(path)
        if path not in known:
            hint = Near(path, known, f"it is one of {listed(known)}")
            findings.error("LS306", f"defaults name no collection {quote(path)}", source=source, hint=hint)
        elif not isinstance(entry, Map):
            findings.error("LS103", f"the default of {quote(path)} must be a map", source=source)
        else:
            usable[path] = entry
    try:
        return _beneath(tree, "", usable, Meter()) if usable else tree
    except PatchTooLarge:
        message = "the defaults add more than a million values to the entries"
        findings.error(
            "LS214", message, source=tree.key_source("defaults"), hint="write fewer of them, or in the entries"
        )
        return tree


def _beneath(owner: Map, above: str, defaults: Mapping[str, Map], meter: Meter) -> Map:
    """The entry, or the top, with defaults beneath the entries of its collections and all below them."""
    result = owner
    for name, kind in children(above).items():
        entries = owner.get(name)
        if isinstance(entries, Map) and _touched(kind, defaults):
            result = owner.clone() if result is owner else result
            result[name] = _all_beneath(entries, kind, defaults, meter)
    return result


def _all_beneath(entries: Map, kind: KindSchema, defaults: Mapping[str, Map], meter: Meter) -> Map:
    """A collection with defaults beneath each entry; a singleton is the one entry itself."""
    if kind.singleton:
        return _entry_beneath(entries, kind, defaults, meter)
    laid = entries.clone()
    for key, entry in entries.items():
        if isinstance(entry, Map):
            laid[key] = _entry_beneath(entry, kind, defaults, meter)
    return laid


def _entry_beneath(entry: Map, kind: KindSchema, defaults: Mapping[str, Map], meter: Meter) -> Map:
    default = defaults.get(kind.collection)
    laid = entry
    if default is not None:
        meter.spend(default)
        laid = lay_beneath(entry, default)
    return _beneath(laid, kind.collection, defaults, meter)


def _touched(kind: KindSchema, defaults: Mapping[str, Any]) -> bool:
    return any(path == kind.collection or path.startswith(kind.collection + "/") for path in defaults)
