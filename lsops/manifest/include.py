"""Reading the files of a manifest and joining what is included into one tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from lsops.errors import Source
from lsops.manifest.files import MAX_YAML_BYTES, FileProblem, Folder
from lsops.manifest.findings import Findings, listed, quote
from lsops.manifest.globbing import TooManyFiles, Unlisted
from lsops.manifest.positions import Map, Seq, source_of
from lsops.manifest.reader import read_yaml
from lsops.manifest.reference_syntax import has_reference
from lsops.manifest.shorthand import Shorthand
from lsops.schema import children
from lsops.spelling import Near

INCLUDE_CODES = {"path": "LS302", "missing": "LS301", "unreadable": "LS201", "encoding": "LS202"}
OVERLAY_CODES = {"path": "LS302", "missing": "LS201", "unreadable": "LS201", "encoding": "LS202"}
MERGED = ("vars", "defaults", "templates")


class FileReader:
    """Reads the files of one manifest. `complete` is False once one could not be read."""

    def __init__(self, folder: Folder, findings: Findings) -> None:
        self.folder = folder
        self.findings = findings
        self.complete = True
        self.texts: dict[str, str] = {}
        self.globs = folder.globs()
        self._shorthand = Shorthand(children, findings)

    def tree(self, name: str, text: str) -> Map | None:
        """The map of one file, its short forms written out; None, with findings, where there is none."""
        self.texts[name] = text
        tree = read_yaml(text, name, self.findings)
        self.complete = self.complete and tree is not None
        return tree if tree is None else self._shorthand.tree(tree)

    def named(self, name: str, source: Source | None, codes: dict[str, str]) -> Map | None:
        """The map of a file that the manifest names; problems with the file stand where it is named."""
        try:
            return self.tree(name, self.folder.read(name, MAX_YAML_BYTES))
        except FileProblem as problem:
            self.refuse(problem, name, source, codes)
            return None

    def given(self, path: str, name: str) -> Map | None:
        """The map of a file that the command line names, wherever it lies."""
        try:
            return self.tree(name, self.folder.given(path))
        except FileProblem as problem:
            self.refuse(problem, name, Source(name, problem.line, problem.column), OVERLAY_CODES | {"path": "LS201"})
            return None

    def refuse(self, problem: FileProblem, name: str, source: Source | None, codes: dict[str, str]) -> None:
        """A finding about a file."""
        self.complete = False
        if problem.kind == "encoding":
            source = Source(name, problem.line, problem.column)
        self.findings.error(codes[problem.kind], f"{quote(name)}: {problem}", source=source)


class _Named(NamedTuple):
    """A file that `include` names, and where; `is_found` by a glob, which is meant for whatever else is there."""

    file: str
    source: Source
    is_found: bool


def join_includes(root: Map, name: str, reader: FileReader, overlays: frozenset[str] = frozenset()) -> Map:
    """The manifest's tree with the entries of every included file joined in.

    `overlays` are files that are laid over it and cannot be part of it as well.
    """
    joined = root.only(key for key in root if not key.startswith("x-"))
    for key, value in joined.items():
        if isinstance(value, Map) and _is_merged(key):
            joined[key] = value.clone()
    barred = {name: "is the manifest itself", **dict.fromkeys(overlays, "is an overlay")}
    for included in _once(_included(root.get("include"), name, reader), barred, reader.findings):
        tree = reader.named(included.file, included.source, INCLUDE_CODES)
        if tree is not None:
            _join(joined, tree, reader.findings)
    return joined


def _once(included: Iterator[_Named], barred: Mapping[str, str], findings: Findings) -> Iterator[_Named]:
    """Each file once. One that is named twice, or cannot be included, is an error; what a glob finds is left out."""
    seen: dict[str, _Named] = {}
    for one in included:
        first = seen.setdefault(one.file, one)
        if one.file in barred:
            if not one.is_found:
                message = f"{quote(one.file)} {barred[one.file]}, and cannot be included"
                findings.error("LS307", message, source=one.source)
        elif first is one:
            yield one
        elif not (one.is_found or first.is_found):
            findings.twice("LS307", f"{quote(one.file)} is included twice", one.source, first.source)


def _is_merged(key: str) -> bool:
    kind = children("").get(key)
    return key in MERGED or (kind is not None and not kind.singleton)


def _included(patterns: Any, name: str, reader: FileReader) -> Iterator[_Named]:
    """The included files in order; the shape of `include` is checked with the rest of the manifest."""
    if not isinstance(patterns, Seq):
        return
    for pattern, mark in zip(patterns, patterns.marks, strict=True):
        if isinstance(pattern, str):
            source = source_of(mark)
            is_glob = any(sign in pattern for sign in "*?[")
            named = file_name(pattern, name, source, reader)
            for found in () if named is None else _found(named, pattern, source, reader) if is_glob else (named,):
                yield _Named(found, source, is_glob)


def file_name(path: str, base: str, source: Source, reader: FileReader) -> str | None:
    """The name of the file or glob that an include or overlay names; None, with a finding, where it may not."""
    if has_reference(path):
        reader.findings.error("LS402", "a path named here cannot hold a reference", source=source)
        return None
    try:
        return reader.folder.name(base, path)
    except FileProblem as problem:
        reader.refuse(problem, path, source, INCLUDE_CODES)
        return None


def _found(name: str, pattern: str, source: Source, reader: FileReader) -> list[str]:
    """The files that a glob finds, with a warning where there are none."""
    try:
        found = reader.globs.find(name)
    except TooManyFiles:
        message = "the globs of include look at too many names"
        reader.findings.error("LS213", message, source=source, hint="name folders, and write ** once")
        reader.complete = False
        return []
    except Unlisted as problem:
        reader.findings.error("LS201", str(problem), source=source, hint="what it declares is unknown, not absent")
        reader.complete = False
        return []
    if not found:
        reader.findings.warn("LS301", f"the include {quote(pattern)} matches no file", source=source)
    return found


def _join(joined: Map, tree: Map, findings: Findings) -> None:
    for key, value in tree.items():
        if key.startswith("x-"):
            continue
        if key not in MERGED and key not in children(""):
            _refuse_key(key, tree, findings)
        elif key not in joined:
            joined.put(key, value.clone() if isinstance(value, Map) else value, tree.places[key])
        elif _is_merged(key) and isinstance(value, Map) and isinstance(joined[key], Map):
            _join_entries(joined[key], value, findings)
        else:
            _refuse_twice(key, joined, tree, findings)


def _join_entries(joined: Map, entries: Map, findings: Findings) -> None:
    for key, value in entries.items():
        if key in joined:
            _refuse_twice(key, joined, entries, findings)
        else:
            joined.put(key, value, entries.places[key])


def _refuse_twice(key: str, first: Map, second: Map, findings: Findings) -> None:
    findings.twice("LS303", f"{quote(key)} is given in two files", second.key_source(key), first.key_source(key))


def _refuse_key(key: str, tree: Map, findings: Findings) -> None:
    allowed = [*MERGED, *children("")]
    source = tree.key_source(key)
    if key in ("version", "server", "include", "environments", "prune", "policies"):
        message = f"{quote(key)} stands in the manifest only, not in a file that it includes"
        findings.error("LS304", message, source=source, hint="move it there")
    else:
        hint = Near(key, allowed, f"it holds {listed(allowed)}")
        findings.error("LS102", f"unknown field {quote(key)} for an included file", source=source, hint=hint)
