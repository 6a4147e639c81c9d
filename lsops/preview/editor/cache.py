"""Editors that were fetched once, each in a folder of its own that looks like an unpacked wheel."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from lsops.preview.editor.bundle import Editor
from lsops.preview.editor.finder import find_editor
from lsops.preview.editor.places import folder_files, is_wanted, root_of


def cached(cache: Path, release: str) -> Editor | None:
    """The editor of a release, where it was kept."""
    folder = _folder(cache, release)
    if not release or root_of(folder) != folder:
        return None
    return find_editor(folder_files(folder), release)


def keep(cache: Path, editor: Editor) -> None:
    """Keep an editor for the next time, readable by nobody else; where it cannot be kept, it is fetched again."""
    with suppress(OSError):
        cache.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = Path(tempfile.mkdtemp(dir=cache, prefix=".new-"))
        try:
            (made / f"label_studio-{editor.release}.dist-info").mkdir()
            for path, data in editor.paths.items():
                assert is_wanted(path)  # noqa: S101  # finders ask for no other
                (made / path).parent.mkdir(parents=True, exist_ok=True)
                (made / path).write_bytes(data)
            made.rename(_folder(cache, editor.release))
        finally:
            shutil.rmtree(made, ignore_errors=True)


def _folder(cache: Path, release: str) -> Path:
    return cache / f"label-studio-{release}"
