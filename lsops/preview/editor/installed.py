"""The editor of a Label Studio that is installed beside lsops; none of its code is imported."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from lsops.preview.editor.bundle import Editor
from lsops.preview.editor.finder import find_editor
from lsops.preview.editor.places import folder_files, root_of


def installed(release: str) -> Editor | None:
    """The installed editor, of this release where one is named."""
    try:
        found = distribution("label-studio")
    except PackageNotFoundError:
        return None
    root = Path(str(found.locate_file("")))
    if release not in ("", found.version) or root_of(root) != root:
        return None
    return find_editor(folder_files(root), found.version)
