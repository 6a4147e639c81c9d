"""Every document that lsops prints as JSON has a schema, and a key that no schema names is noticed.

That each document fits its schema is looked at wherever a test runs a command (`tests.support.cli`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from lsops.document_schemas import described_documents, document_schema
from lsops.errors import Finding
from lsops.schema import directory
from tests.support.cli import Lsops
from tests.support.documents import undocumented

LSOPS = Path(__file__).parents[2] / "lsops"
NAMED = re.compile(r'"lsops\.(\w+)/\d+"')


def specs(spec: Any) -> Iterator[dict[str, Any]]:
    """Each schema of a value within a schema: of properties, items and parts."""
    for word, inner in spec.items() if isinstance(spec, dict) else ():
        if word in ("properties", "patternProperties", "$defs"):
            for one in inner.values():
                yield one
                yield from specs(one)
        elif word == "items":
            yield from specs(inner)


def test_each_format_that_the_code_names_has_a_schema() -> None:
    named = {name for path in LSOPS.rglob("*.py") for name in NAMED.findall(path.read_text("utf-8"))}

    assert {"plan", "drift", "report", "errors", "doctor", "explain"} <= named
    assert named <= set(described_documents())


@pytest.mark.parametrize("name", described_documents())
def test_a_schema_is_one_by_itself_and_describes_every_key(name: str) -> None:
    schema = document_schema(name)

    Draft202012Validator.check_schema(schema)
    assert "parts.json" not in json.dumps(schema)
    assert schema["properties"]["format"]["const"].startswith(f"lsops.{name}/")
    assert [one for one in specs(schema) if "description" not in one and "$ref" not in one] == []


def test_each_part_is_one_of_some_document() -> None:
    parts = json.loads((directory() / "documents" / "parts.json").read_text("utf-8"))["$defs"]

    assert set(parts) == {part for name in described_documents() for part in document_schema(name).get("$defs", {})}


@pytest.mark.parametrize(
    ("document", "found"),
    [
        ({"errors": [], "warnings": []}, []),
        (
            {"errors": [], "warnings": [], "news": 1},
            ["$: Additional properties are not allowed ('news' was unexpected)"],
        ),
        (
            {"errors": [{"code": "LS1", "message": "", "line": 0}], "warnings": []},
            [
                "$.errors[0].code: 'LS1' does not match '^LS[0-9]{3}$'",
                "$.errors[0].line: 0 is less than the minimum of 1",
            ],
        ),
        ({"errors": []}, ["$: 'warnings' is a required property"]),
    ],
)
def test_what_no_schema_says_is_noticed(document: dict[str, Any], found: list[str]) -> None:
    assert undocumented({"format": "lsops.errors/1", **document}) == found


def test_who_reads_a_document_bears_a_key_of_a_newer_release() -> None:
    document = {"format": "lsops.errors/1", "errors": [{"code": "LS101", "message": "", "news": 1}], "warnings": []}

    assert Draft202012Validator(document_schema("errors")).is_valid(document | {"news": 1})


@pytest.mark.parametrize("name", described_documents())
def test_the_schema_of_a_document_is_printed(lsops: Lsops, name: str) -> None:
    assert lsops("schema", "--document", name).json() == document_schema(name)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--document", "plann"], "did you mean plan?"),
        (
            ["--document", "parts"],
            "documents: adopt, backup, blueprint, doctor, drift, dump, errors, explain, lock, plan, preview",
        ),
        (["project", "--document", "plan"], "give a KIND or --document, not both"),
    ],
)
def test_what_is_no_document_is_told(lsops: Lsops, arguments: list[str], told: str) -> None:
    ran = lsops("schema", *arguments)

    assert (ran.code, told in ran.err) == (3, True)


def test_the_dump_document_has_the_words_that_are_agreed() -> None:
    document = {
        "format": "lsops.dump/1",
        "files": ["lsops.yaml"],
        "secrets": [{"name": "AZURE_SECRET", "address": "/projects/One/import_storages/raw", "field": "client_secret"}],
        "left_out": [{"address": "/projects/Two", "reason": "somebody's personal workspace"}],
    }

    assert undocumented(document) == []


def test_no_test_can_overlook_a_key_that_is_not_described(lsops: Lsops, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Finding, "as_document", lambda self: {"code": self.code, "message": self.message, "news": 1})

    with pytest.raises(AssertionError, match="'news' was unexpected"):
        lsops("validate", "nowhere", "--format", "json")
