"""Which editor draws: the one that was named, else one kept from before, an installed one, or one that pip fetches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from lsops.errors import LsopsError, UsageError
from lsops.preview.editor.bundle import Editor
from lsops.preview.editor.cache import cached, keep
from lsops.preview.editor.download import RELEASE, download
from lsops.preview.editor.finder import find_editor
from lsops.preview.editor.installed import installed
from lsops.preview.editor.places import folder_files, release_in, root_of, served_files

WHEEL, SERVER = "wheel", "server"


@dataclass(frozen=True, slots=True)
class EditorChoice:
    """What is wanted: `place` is `wheel`, `server` or a folder, `release` is named, or that of the server in use.

    `cache` is the folder of editors that were fetched. `fetch` gets a file of the server by its path there. `env` is
    what pip is run with.
    """

    place: str = WHEEL
    release: str = ""
    cache: Path = Path()
    fetch: Callable[[str], bytes | None] | None = None
    env: Mapping[str, str] = field(default_factory=dict, repr=False)


def choose_editor(choice: EditorChoice) -> Editor:
    """The editor that draws.

    Raises:
        UsageError: LS642, what was named is no release, or no folder with an editor.
        LsopsError: LS640, it is not found in the files; LS641, there is none to be had.
    """
    if choice.release and not RELEASE.fullmatch(choice.release):
        raise UsageError.of(f'"{choice.release}" is no release of Label Studio', code="LS642", hint="such as 1.23.2")
    if choice.place == SERVER:
        return _of_server(choice)
    return _of_wheel(choice) if choice.place == WHEEL else _of_folder(Path(choice.place))


def _of_wheel(choice: EditorChoice) -> Editor:
    found = cached(choice.cache, choice.release) or installed(choice.release)
    if found is not None:
        return found
    if not choice.release:
        hint = "--editor-version 1.23.2 fetches one with pip; --editor DIR takes that of an unpacked wheel"
        raise LsopsError.of("no editor is installed, and no release is named", code="LS641", hint=hint)
    made = download(choice.release, choice.env)
    keep(choice.cache, made)
    return made


def _of_folder(place: Path) -> Editor:
    root = root_of(place) if place.is_dir() else None
    if root is None:
        what = "holds no editor" if place.is_dir() else "is no folder"
        hint = "wheel, server, or a folder into which the wheel label-studio was unpacked"
        raise UsageError.of(f"--editor: {place} {what}", code="LS642", hint=hint)
    return find_editor(folder_files(root), release_in(root))


def _of_server(choice: EditorChoice) -> Editor:
    """The server's own; it is trusted where it is the same as one that came as a wheel."""
    if choice.fetch is None:
        raise UsageError.of("--editor server needs --live", code="LS642", hint="or name a release: --editor-version X")
    found = find_editor(served_files(choice.fetch), choice.release)
    known = (cached(choice.cache, choice.release), installed(choice.release))
    same = next((one for one in known if one is not None and one.digest() == found.digest()), None)
    return same or replace(found, is_trusted=False)
