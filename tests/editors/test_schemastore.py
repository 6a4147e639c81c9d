"""What SchemaStore asks of a schema and of its entry in the catalog."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft4Validator, Draft7Validator

from lsops.manifest.files import MANIFEST
from lsops.render.editor_schema import manifest_schema
from tests.support.language_server import NODE, WITH_LANGUAGE_SERVER

ROOT = Path(__file__).parents[2]
SCHEMA = manifest_schema()
CATALOG = json.loads((ROOT / "docs" / "schemastore" / "catalog.json").read_text("utf-8"))
ENTRY = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "description": {"type": "string"},
        "fileMatch": {"type": "array", "uniqueItems": True, "items": {"type": "string"}},
        "url": {"type": "string", "pattern": "^https://"},
    },
    "required": ["name", "url", "description"],
    "additionalProperties": False,
}
"""What SchemaStore's own schema says of an entry."""
MANIFESTS = sorted({*ROOT.glob("examples/**/lsops.yaml"), *ROOT.glob("examples/**/projects/*.yaml")})


def test_the_entry_of_the_catalog_is_one_and_names_the_schema_and_the_file_that_lsops_reads() -> None:
    (entry,) = CATALOG["schemas"]
    assert [error.message for error in Draft4Validator(ENTRY).iter_errors(entry)] == []
    assert entry["url"] == SCHEMA["$id"]
    assert entry["fileMatch"] == [MANIFEST]


def test_the_schema_says_draft_7_and_is_one() -> None:
    assert SCHEMA["$schema"] == Draft7Validator.META_SCHEMA["$schema"]
    Draft7Validator.check_schema(SCHEMA)


@WITH_LANGUAGE_SERVER
def test_ajv_compiles_it_in_strict_mode_and_judges_as_it_should() -> None:
    documents: list[Any] = [{"version": 1}, {"version": 2}, {"version": 1, "project": {}}, {"prune": ["projects"]}]
    given = json.dumps({"schema": SCHEMA, "documents": documents})
    ran = subprocess.run(
        ["node", "strict.mjs"], cwd=NODE, input=given, capture_output=True, text=True, check=False, timeout=60
    )
    assert (ran.stderr, json.loads(ran.stdout or "null")) == ("", [True, False, False, False])


@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_it_accepts_every_manifest_of_the_examples(path: Path) -> None:
    written = yaml.safe_load(path.read_text("utf-8"))
    assert [error.message for error in Draft7Validator(SCHEMA).iter_errors(written)] == []
