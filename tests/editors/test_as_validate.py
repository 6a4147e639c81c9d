"""What an editor finds wrong in the manifests that `lsops validate` refuses: the same lines, but for what is told here."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.language_server import WITH_LANGUAGE_SERVER, LanguageServer
from tests.unit.manifest.support import cases_in

pytestmark = WITH_LANGUAGE_SERVER
MODELINE = "# yaml-language-server: $schema=./lsops.schema.json\n"
CASES = cases_in(Path(__file__).parents[1] / "data" / "bad_manifests" / "in_projects")
TEXTS = {name: case["files"]["lsops.yaml"] for name, case in CASES.items() if "replace" not in case}
NOT_BY_A_SCHEMA = {
    "ml_backends: a password from elsewhere": "a schema does not know which variables are reserved",
    "ml_backends: lifecycle": "what ignore names is looked up, and what contradicts itself is weighed",
    "ml_backends: no number that JSON lacks": "a language server takes .inf for a number",
    "ml_backends: one title twice": "two entries are compared",
    "storages: filters that do not compile": "JSON Schema's regular expressions are not Python's",
    "views: a field beside data and in it": "two places are compared",
    "views: lifecycle": "what ignore names is looked up, and what contradicts itself is weighed",
    "views: no secret in a view": "a text may hold anything",
    "views: one title twice": "two entries are compared",
    "webhooks: a URL that is a secret in part, a forbidden one, one twice, and those that stand in git": "see above",
    "webhooks: a header from a variable that is no text": "references are resolved",
    "webhooks: a header with a reference that gives nothing": "references are resolved",
    "webhooks: a header with a secret inside other text": "a text may hold anything",
    "webhooks: absent beside renamed_from": "what contradicts itself is weighed",
    "webhooks: headers that no client can send": "references are resolved",
    "webhooks: keys that would show credentials": "a key may be a local name, and url stand in the entry",
    "webhooks: lifecycle": "what ignore names is looked up, and what contradicts itself is weighed",
    "webhooks: one URL twice": "two entries are compared",
}


def lines(name: str) -> set[int]:
    """Where validate finds an error, in a text that begins with the modeline."""
    return {int(found.split(":")[1]) + 1 for found in CASES[name]["expect"] if " warning" not in found}


@pytest.fixture(scope="module")
def marked(server: LanguageServer) -> dict[str, set[int]]:
    """The lines that an editor marks."""
    found = server.problems_of([MODELINE + text for text in TEXTS.values()])
    return {name: {line for line, _ in problems} for name, problems in zip(TEXTS, found, strict=True)}


def test_an_editor_marks_no_line_that_validate_does_not(marked: dict[str, set[int]]) -> None:
    assert {name: found - lines(name) for name, found in marked.items() if found - lines(name)} == {}


def test_an_editor_misses_only_what_a_schema_cannot_say(marked: dict[str, set[int]]) -> None:
    assert {name for name, found in marked.items() if found != lines(name)} == set(NOT_BY_A_SCHEMA)


def test_most_of_what_is_wrong_is_marked(marked: dict[str, set[int]]) -> None:
    assert len(marked) - len(NOT_BY_A_SCHEMA) >= 45
