"""What an adoption is, and the files of a manifest before it and after it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from lsops.dumping.book import Book
from lsops.dumping.drafting import DraftFolder
from lsops.dumping.placing import place_files
from lsops.dumping.spans import page_of
from lsops.dumping.values import LeftOut, SecretPlace
from lsops.errors import UsageError
from lsops.manifest import Manifest, Options
from lsops.manifest.compose import compose
from lsops.manifest.files import MAX_YAML_BYTES, FileProblem, Folder, decoded, read_bytes
from lsops.manifest.findings import Findings
from lsops.manifest.reference_syntax import references_in
from lsops.model.live import Facts


@dataclass(frozen=True, slots=True)
class AdoptedFile:
    """A file of the manifest before and after; `before` is None for a new one."""

    name: str
    before: str | None
    after: str


@dataclass(frozen=True)
class Adoption:
    """What is put into a manifest. `adopted` are the addresses of the new entries, without those below them.

    `declared` are what the globs matched and the manifest has already.
    """

    root: Path
    prefix: str
    files: tuple[AdoptedFile, ...] = ()
    adopted: tuple[str, ...] = ()
    resources: int = 0
    declared: tuple[str, ...] = ()
    secrets: tuple[SecretPlace, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    facts: Facts | None = None


def write_adoption(adoption: Adoption) -> tuple[Path, ...]:
    """Write the files, all or none; their paths.

    Raises: UsageError, where one is not as it was read, is a link, or may not be written.
    """
    texts: dict[str, str] = {}
    for one in adoption.files:
        path = adoption.root.joinpath(*one.name.split("/"))
        texts[one.name] = _mark(path, one) + one.after
    return place_files(texts, adoption.root, force=True) if texts else ()


def open_book(manifest: Manifest, options: Options) -> Book:
    """The files of the base. Raises: UsageError, where one has changed since the manifest was loaded."""
    composed = compose(manifest.path, options, Findings())
    if composed is None:
        raise _changed(manifest.path.name)
    texts = {name: text for name, text in composed.reader.texts.items() if name not in composed.overlays}
    pages = {name: page_of(text) for name, text in texts.items()}
    patterns = []
    include = pages[composed.name].root.get("include")
    for _, item in include.items if include is not None and include.kind == "list" else ():
        with suppress(FileProblem):
            patterns.append(composed.reader.folder.name(composed.name, item.text))

    def found(glob: str, names: Sequence[str]) -> Sequence[str]:
        return DraftFolder(manifest.root, dict.fromkeys(names, "")).globs().find(glob)

    return Book(pages, lambda name: os.path.lexists(manifest.root.joinpath(*name.split("/"))), found, patterns)


def variables_in(book: Book) -> frozenset[str]:
    """The variables that the manifest names already."""
    texts = (page.text for page in book.pages.values() if "${env:" in page.text)
    return frozenset(found[3] for text in texts for found in references_in(text) if found[2] == "env")


def _mark(path: Path, one: AdoptedFile) -> str:
    """The byte order mark that a file begins with, if it does. Raises: UsageError, where it is not to be written."""
    folder = Folder(path.parents[one.name.count("/")])
    if path.is_symlink() or any(path.parents[level].is_symlink() for level in range(one.name.count("/"))):
        raise UsageError.of(
            f"{path} is a link, nothing was written", code="LS626", hint="adopt where the file itself is"
        )
    if one.before is None:
        if os.path.lexists(path):
            raise _changed(str(path))
        return ""
    try:
        data = read_bytes(folder.full(one.name), MAX_YAML_BYTES)
        if decoded(data) != one.before:
            raise _changed(str(path))
    except FileProblem as problem:
        raise _changed(str(path)) from problem
    if not path.stat().st_mode & 0o222 or not os.access(path, os.W_OK):
        raise UsageError.of(f"{path} is read-only, nothing was written", code="LS626", hint="let it be written")
    return "\ufeff" if data.startswith(b"\xef\xbb\xbf") else ""


def _changed(name: str) -> UsageError:
    message = f"{name} was changed meanwhile, nothing was written"
    return UsageError.of(message, code="LS626", hint="run it again")
