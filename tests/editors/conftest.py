"""One language server for all that is asked of it."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from lsops.render.editor_schema import manifest_schema
from tests.support.language_server import LanguageServer, language_server


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LanguageServer]:
    """A server in a folder with the schema, which the first line of a text names."""
    folder = tmp_path_factory.mktemp("manifest")
    (folder / "lsops.schema.json").write_text(json.dumps(manifest_schema()), "utf-8")
    with language_server(folder) as running:
        yield running
