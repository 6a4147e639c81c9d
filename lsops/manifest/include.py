"""Reading the files of a manifest and joining what is included into one tree."""

from __future__ import annotations

import fnmatch
import os
import posixpath
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lsops.errors import Source
from lsops.manifest.files import FileProblem, Folder, decode, read_bytes
from lsops.manifest.findings import Findings, listed, quote
from lsops.manifest.positions import Map, Seq, source_of
from lsops.manifest.reader import read
from lsops.manifest.references import has_reference
from lsops.manifest.shorthand import Shorthand
from lsops.schema import children
from lsops.spelling import Near

INCLUDE_CODES = {"path": "LS302", "missing": "LS301", "unreadable": "LS201", "encoding": "LS202"}
OVERLAY_CODES = {"path": "LS302", "missing": "LS201", "unreadable": "LS201", "encoding": "LS202"}
MERGED = ("vars", "defaults")


class Reader:
    """Reads the files of one manifest. `complete` is False once one could not be read."""

    def __init__(self, folder: Folder, findings: Findings) -> None:
        self.folder = folder
        self.findings = findings
        self.complete = True
        self.texts: dict[str, str] = {}
        self._shorthand = Shorthand(children, findings)

    def tree(self, name: str, text: str) -> Map | None:
        """The map of one file, its short forms written out; None, with findings, where there is none."""
        self.texts[name] = text
        tree = read(text, name, self.findings)
        self.complete = self.complete and tree is not None
        return tree if tree is None else self._shorthand.tree(tree)

    def named(self, name: str, source: Source | None, codes: dict[str, str]) -> Map | None:
        """The map of a file that the manifest names; problems with the file stand where it is named."""
        try:
            return self.tree(name, self.folder.read(name))
        except FileProblem as problem:
            self.refuse(problem, name, source, codes)
            return None

    def given(self, path: str, name: str) -> Map | None:
        """The map of a file that the command line names, wherever it lies and however large it is."""
        try:
            return self.tree(name, decode(read_bytes(path, None)))
        except FileProblem as problem:
            self.refuse(problem, name, Source(name, problem.line, problem.column), OVERLAY_CODES | {"path": "LS201"})
            return None

    def refuse(self, problem: FileProblem, name: str, source: Source | None, codes: dict[str, str]) -> None:
        """A finding about a file."""
        self.complete = False
        if problem.kind == "encoding":
            source = Source(name, problem.line, problem.column)
        self.findings.error(codes[problem.kind], f"{quote(name)}: {problem}", source=source)


def join_includes(root: Map, name: str, reader: Reader) -> Map:
    """The manifest's tree with the entries of every included file joined in."""
    joined = root.only(key for key in root if not key.startswith("x-"))
    for key, value in joined.items():
        if isinstance(value, Map) and _is_merged(key):
            joined[key] = value.clone()
    seen = {name}
    for included, source in _included(root.get("include"), name, reader):
        if included not in seen:
            seen.add(included)
            tree = reader.named(included, source, INCLUDE_CODES)
            if tree is not None:
                _join(joined, tree, reader.findings)
    return joined


def _is_merged(key: str) -> bool:
    kind = children("").get(key)
    return key in MERGED or (kind is not None and not kind.singleton)


def _included(patterns: Any, name: str, reader: Reader) -> Iterator[tuple[str, Source | None]]:
    """The names of included files in order; the shape of `include` is checked with the rest of the manifest."""
    if not isinstance(patterns, Seq):
        return
    for pattern, mark in zip(patterns, patterns.marks, strict=True):
        if isinstance(pattern, str):
            source = source_of(mark)
            for found in named_files(pattern, name, source, reader):
                yield found, source


def named_files(pattern: str, base: str, source: Source, reader: Reader, *, globs: bool = True) -> list[str]:
    """The names of the files that an include or overlay means, with findings where it means none."""
    if has_reference(pattern):
        reader.findings.error("LS402", "a path named here cannot hold a reference", source=source)
        return []
    try:
        name = reader.folder.name(base, pattern)
    except FileProblem as problem:
        reader.refuse(problem, pattern, source, INCLUDE_CODES)
        return []
    if not globs or not any(mark in pattern for mark in "*?["):
        return [name]
    found = sorted(_matches(reader.folder.root, name.split("/"), ""))
    if not found:
        reader.findings.warn("LS301", f"the include {quote(pattern)} matches no file", source=source)
    return list(dict.fromkeys(found))


def _matches(root: str, parts: list[str], below: str) -> Iterator[str]:
    """Files that match a glob; `**` is any depth and follows no links, so that a circle of them ends."""
    head, rest = parts[0], parts[1:]
    if head == "**":
        parts = rest or ["*"]
        yield from _matches(root, parts, below)
        for name, entry in _entries(root, below):
            if entry.is_dir(follow_symlinks=False):
                yield from _matches(root, [head, *rest], name)
        return
    for name, entry in _entries(root, below):
        if not fnmatch.fnmatchcase(entry.name, head):
            continue
        if not rest and not entry.is_dir():
            yield name
        elif rest and entry.is_dir():
            yield from _matches(root, rest, name)


def _entries(root: str, below: str) -> list[tuple[str, os.DirEntry[str]]]:
    """What a folder holds but for names that begin with a dot; nothing where it cannot be listed."""
    try:
        with os.scandir(Path(root, below)) as entries:
            return [(posixpath.join(below, e.name), e) for e in entries if not e.name.startswith(".")]
    except OSError:
        return []


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
    message = f"{quote(key)} is given in two files; first at {first.key_source(key)}"
    findings.error("LS303", message, source=second.key_source(key))


def _refuse_key(key: str, tree: Map, findings: Findings) -> None:
    allowed = [*MERGED, *children("")]
    source = tree.key_source(key)
    if key in ("version", "server", "include", "environments", "prune"):
        message = f"{quote(key)} stands in the manifest only, not in a file that it includes"
        findings.error("LS304", message, source=source, hint="move it there")
    else:
        hint = Near(key, allowed, f"it holds {listed(allowed)}")
        findings.error("LS102", f"unknown field {quote(key)} for an included file", source=source, hint=hint)
