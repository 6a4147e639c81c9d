"""Schemas with more kinds than the real ones need to have: short forms, types, nested and unusual words of JSON Schema."""

from __future__ import annotations

import shutil
from pathlib import Path
from unittest.mock import patch

import pytest

from lsops import schema
from lsops.manifest.checks import profile
from lsops.validation import validator

CACHES = (schema.documents, schema.kinds, schema.by_collection, schema.children, validator, profile)


@pytest.fixture(scope="session")
def schema_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("schemas")
    for name in ("manifest", "policies", "project", "session_policy"):
        shutil.copy(schema.directory() / f"{name}.json", folder)
    for path in (Path(__file__).parent / "schemas").glob("*.json"):
        shutil.copy(path, folder)
    return folder


@pytest.fixture
def more_kinds(schema_folder):
    """Run a test on the kinds of `schemas/` beside this file."""
    with patch.object(schema, "directory", lambda: schema_folder):
        _forget()
        yield
    _forget()


def _forget():
    for cached in CACHES:
        cached.cache_clear()
