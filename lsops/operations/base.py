"""The manifest that another one is compared with: of a git revision, or of a folder (the design's section 5)."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from lsops.engine.offline import check_offline
from lsops.errors import Finding, ManifestError, UsageError, prefixed
from lsops.manifest import Manifest, Options, load
from lsops.manifest.files import MAX_YAML_BYTES, locate
from lsops.manifest.git import Blobs, Repository
from lsops.manifest.load import display_prefix
from lsops.manifest.tree import TreeFolder, tree_of
from lsops.model.desired import Desired
from lsops.operations.load import load_manifest

SHORT = 10
"""Digits of the id of a revision that are shown."""
REMOTE = "origin"
ENOUGH = 1000
"""Commits of history that a fetch is told to get: most branches began later."""
NUMBER = re.compile(r"[0-9a-f]{7,64}")
NO_ENVIRONMENT = "the manifest defines no environment"


@dataclass(frozen=True, slots=True)
class Base:
    """What a manifest is compared with. `name` is how it was named, `notes` are what it is not, and was named as."""

    name: str
    manifest: Manifest
    notes: tuple[Finding, ...] = ()


def base_manifest(where: str, path: Path, options: Options) -> Manifest:
    """The manifest that stands in a revision or a folder where the one at `path` stands, loaded by the same options.

    Of a revision it is the one from which the branch at hand began; an empty one where it has none. No hook, filter or
    configuration of the repository runs anything, and no server is asked.

    Raises:
        UsageError: there is no such revision or folder here.
        ManifestError: it is wrong; every finding is in it, with its file as `main:projects/cats.yaml`.
    """
    return find_base(where, path, options).manifest


def find_base(where: str, path: Path, options: Options) -> Base:
    """The same, with what is to be said of it. Raises: as `base_manifest`."""
    options = replace(options, policies=())  # a base is judged by none
    if not where or where.startswith("-") or not where.isprintable():
        hint = "--base main, --base HEAD~1, or --base ./DIR"
        raise UsageError.of("--base needs a revision or a folder", code="LS610", hint=hint)
    repository = None if _is_path(where) else Repository(locate(path)[0], options.env)
    if repository is not None and (found := repository.object_of(f"{where}^{{commit}}")):
        with _told_as(where):
            return _of_revision(_Revision(repository, where, found), path, options)
    if Path(where).exists():
        with _told_as(where):
            return Base(where, _of_folder(Path(where), path, options))
    raise _unknown(where, repository)


def with_base(where: str, path: Path, options: Options) -> tuple[Manifest, Base]:
    """The manifest at `path`, and what it is compared with.

    Raises:
        ManifestError: one of them is wrong, or both; every finding of both is in it.
    """
    findings: list[Finding] = []
    manifest, base = None, None
    try:
        manifest = load_manifest(path, options)
    except ManifestError as problem:
        findings += _placed(problem)
    try:
        base = find_base(where, path, options)
    except ManifestError as problem:
        findings += _placed(problem)
    if manifest is None or base is None:
        raise ManifestError(findings)
    return manifest, base


def _placed(problem: ManifestError) -> Iterator[Finding]:
    """Findings that name their files as the user knows them, so that those of two sides can stand together."""
    for one in problem.findings:
        place = replace(one.source, file=problem.prefix + one.source.file) if one.source else None
        yield replace(one, message=one.words(problem.prefix), source=place, second=None)


@contextmanager
def _told_as(where: str) -> Iterator[None]:
    """Inside, what is wrong with a manifest is said to be wrong with the one to compare with."""
    try:
        yield
    except UsageError:
        raise
    except ManifestError as problem:
        message = f"the manifest to compare with, that of {where}, is wrong: nothing can be said of what changes"
        hint = "name another revision with --base, or mend it first"
        error = ManifestError([Finding("LS612", message, hint=hint), *problem.findings])
        error.prefix = problem.prefix
        raise error from problem


def _is_path(where: str) -> bool:
    """Whether a name says by itself that it is a folder's."""
    return where in (".", "..") or where.startswith(("./", "../")) or Path(where).is_absolute()


# ---- folders -----------------------------------------------------------------------------------


def _of_folder(folder: Path, path: Path, options: Options) -> Manifest:
    """The manifest of another folder, by the name of the one at hand; its overlays are its own, too."""
    root, name = locate(path)
    place = folder / name if folder.is_dir() else folder
    here = os.path.realpath(root)
    overlays = tuple(_moved(one, here, locate(place)[0]) for one in options.overlays)
    with prefixed(display_prefix(locate(place)[0])):
        manifest = load(place, replace(options, overlays=overlays))
        check_offline(manifest.desired)
    return manifest


def _moved(overlay: str, here: str, there: Path) -> str:
    """An overlay of the manifest's folder as the other folder has it; one from elsewhere is the same for both."""
    below = Path(os.path.relpath(os.path.realpath(overlay), here))
    return overlay if below.parts[:1] == ("..",) or below.is_absolute() else str(there / below)


# ---- revisions ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Revision:
    """A commit, and what somebody called it."""

    repository: Repository
    name: str
    commit: str


def _of_revision(named: _Revision, path: Path, options: Options) -> Base:
    revision, notes = _common(named)
    root, file = locate(path)
    repository = revision.repository
    prefix = f"{revision.name}:{repository.prefix}"
    tree_id = _tree_id(revision)
    with prefixed(prefix), repository.blobs() as blobs:
        tree = tree_of(repository, tree_id, blobs) if tree_id else None
        if tree is None or tree.real(file) not in tree.files:
            note = _note(f"{revision.name} has no {prefix.partition(':')[2]}{file}: all of it is new")
            return Base(named.name, _empty(path, options, prefix), (*notes, note))
        overlays, lacking = _overlays(revision, blobs, options)
        notes += tuple(_note(f"{revision.name} has no {one}: no overlay is laid there") for one in lacking)
        given = replace(options, overlays=tuple(one for one in options.overlays if one not in lacking))
        try:
            manifest = load(path, given, folder=TreeFolder(root, tree, overlays))
            check_offline(manifest.desired)
        except ManifestError as problem:
            if not any(one.message.startswith(NO_ENVIRONMENT) for one in problem.findings):
                raise
            note = _note(f"{revision.name} has no environment {options.environment}: all of it is new")
            return Base(named.name, _empty(path, options, prefix), (*notes, note))
    return Base(named.name, replace(manifest, display_prefix=prefix), notes)


def _tree_id(revision: _Revision) -> str:
    """The id of what the revision has in the manifest's folder; `""` where that was no folder then."""
    ask, below = revision.repository.object_of, revision.repository.prefix.rstrip("/")
    found = ask(f"{revision.commit}:{below}") if below else revision.commit
    return ask(f"{found}^{{tree}}") if found else ""


def _common(named: _Revision) -> tuple[_Revision, tuple[Finding, ...]]:
    """The revision from which the branch at hand began; the one that was named, said so, where there is none here."""
    repository = named.repository
    found = repository.ask("merge-base", named.commit, "HEAD")
    if found.code != 0 or not found.text:
        fetch = f": git fetch --unshallow {REMOTE} gets it" if repository.is_shallow else ""
        history = "this clone's short history" if repository.is_shallow else "the history"
        message = f"{history} has no common beginning of {named.name} and HEAD, so {named.name} itself is compared with"
        return named, (_note(message + fetch),)
    if found.text == named.commit:
        return named, ()
    return replace(named, name=found.text[:SHORT], commit=found.text), ()


def _overlays(revision: _Revision, blobs: Blobs, options: Options) -> tuple[dict[str, bytes], frozenset[str]]:
    """The overlays of the command line as a revision has them, by their paths on disk; and those that it lacks.

    What lies in no repository, or in another one, is the same for both sides.
    """
    top = os.path.realpath(revision.repository.top)
    found: dict[str, bytes] = {}
    lacking: set[str] = set()
    for overlay in options.overlays:
        real = os.path.realpath(overlay)
        below = os.path.relpath(real, top).replace(os.sep, "/")
        if below.split("/")[0] == ".." or os.path.isabs(below):  # noqa: PTH117
            continue
        number = revision.repository.object_of(f"{revision.commit}:{below}")
        data = blobs.read(number, MAX_YAML_BYTES) if number else None
        if data is None:
            lacking.add(overlay)
        else:
            found[real] = data
    return found, frozenset(lacking)


def _empty(path: Path, options: Options, prefix: str) -> Manifest:
    """A manifest that declares nothing."""
    root, name = locate(path)
    nothing = Desired(())
    return Manifest(root, root / name, "", None, options.environment, nothing, display_prefix=prefix)


def _note(message: str) -> Finding:
    return Finding("LS613", message, severity="warning")


# ---- what is not there -------------------------------------------------------------------------


def _unknown(where: str, repository: Repository | None) -> UsageError:
    """That there is neither such a revision nor such a folder, and what to do."""
    if repository is None or _is_path(where):
        return UsageError.of(f"--base: there is no folder {where}", code="LS610")
    if not repository.is_there:
        message = f"--base: there is no folder {where}, and no git repository that could have such a revision"
        return UsageError.of(message, code="LS610")
    place = " in the submodule that the manifest lies in" if repository.is_submodule else " here"
    message = f'--base: there is no revision "{where}"{place}, and no folder of that name'
    return UsageError.of(message, code="LS610", hint=_fetch(where, repository))


def _fetch(where: str, repository: Repository) -> str:
    """What makes the revision known."""
    branch = re.split(r"[~^@]", re.sub(rf"^(refs/remotes/{REMOTE}/|refs/heads/|{REMOTE}/)", "", where))[0]
    if branch != where or not repository.object_of(f"refs/remotes/{REMOTE}/{branch}^{{commit}}"):
        depth = f" --depth={ENOUGH}" if repository.is_shallow else ""
        use = "" if NUMBER.fullmatch(branch) or where != branch else f", then --base {REMOTE}/{branch}"
        why = "; this clone is shallow" if repository.is_shallow else ""
        if branch in ("HEAD", ""):
            return f"git fetch --deepen={ENOUGH} {REMOTE}{why}" if repository.is_shallow else ""
        return f"git fetch{depth} {REMOTE} {branch}{use}{why}"
    return f"the remote's branch is here: --base {REMOTE}/{branch}"
