"""An editor for the tests: that of the Label Studio which is installed for the live tests."""

from __future__ import annotations

import pytest

from lsops.preview.editor.bundle import Editor
from lsops.preview.editor.finder import find_editor
from lsops.preview.editor.places import folder_files, release_in
from tests.support.editors import installed_wheel


@pytest.fixture(scope="session")
def editor() -> Editor:
    root = installed_wheel()
    return find_editor(folder_files(root), release_in(root))
