"""A manifest in an editor: what the YAML language server completes, tells and finds wrong by the schema."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from lsops.cli.init import EXAMPLE, STARTER
from tests.support.language_server import WITH_LANGUAGE_SERVER, LanguageServer
from tests.unit.manifest.support import findings_of

pytestmark = WITH_LANGUAGE_SERVER
Problems = Mapping[str, Sequence[tuple[int, str]]]
ROOT = Path(__file__).parents[2]
MODELINE = "# yaml-language-server: $schema=./lsops.schema.json\n"
CATS = "version: 1\nprojects:\n  Cats:\n    "
RAW = CATS + "import_storages:\n      raw:\n        "
OUT = CATS + "export_storages:\n      out:\n        "
TAB = CATS + "views:\n      All:\n        "
CONDITION = TAB + "filters:\n          conjunction: and\n          items:\n            - "


COMPLETED = {
    "the manifest's own keys": ("|", "version server include vars environments defaults templates prune projects"),
    "roles, as the short form of an entry": ("version: 1\nmembers:\n  ana@example.com: |", "annotator reviewer owner"),
    "roles, written out": ("version: 1\nmembers:\n  ana@example.com:\n    role: |", "annotator deactivated"),
    "roles in a project": (CATS + "members:\n      ana@example.com: |", "annotator reviewer inherit"),
    "types of an import storage": (
        RAW + "type: |",
        "azure azure_spi databricks gcs gcs_sa gcswif localfiles redis s3 s3s",
    ),
    "types of an export storage": (
        OUT + "type: |",
        "azure azure_spi databricks gcs gcs_sa gcswif localfiles redis s3 s3s",
    ),
    "fields of the storage's type": (
        RAW + "type: azure_spi\n        |",
        "container tenant_id client_secret presign_ttl",
    ),
    "both forms of a secret": (RAW + "type: azure_spi\n        client_secret: |", "${env:NAME} ${file:PATH}"),
    "columns of a filter": (CONDITION + "filter: |", "filter:tasks:total_annotations filter:tasks:data.FIELD"),
    "operators": (CONDITION + "operator: |", "equal not_equal in_list starts_with exists"),
    "types of columns": (CONDITION + "type: |", "Number String Boolean Datetime"),
    "columns of an ordering": (TAB + "ordering:\n          - |", "tasks:created_at -tasks:created_at tasks:id"),
    "fields of a tab inside data": (TAB + "data:\n          |", "filters ordering gridWidth"),
    "events of a webhook": (
        CATS + "webhooks:\n      https://hooks.example.com:\n        actions:\n          - |",
        "TASKS_CREATED ANNOTATION_CREATED",
    ),
    "collections to prune": ("version: 1\nprune:\n  - |", "members projects projects/*/views workspaces/*/members"),
    "collections to prune below one entry": (CATS + "prune:\n      - |", "import_storages members views"),
    "words of lifecycle": (CATS + "lifecycle:\n      |", "id renamed_from new protect absent ignore"),
    "words of an entry": (CATS + "|", "template with for_each extra lifecycle prune views label_config"),
    "words of a template": ("version: 1\ntemplates:\n  ner:\n    |", "params template with project import_storage"),
    "collections with defaults": ("version: 1\ndefaults:\n  |", "projects projects/*/import_storages"),
    "fields in a default": (
        "version: 1\ndefaults:\n  projects/*/import_storages:\n    |",
        "type presign bucket container",
    ),
    "what a policy looks at": ("version: 1\npolicies:\n  small:\n    on: |", "resource change plan"),
    "an included file": ("projects:\n  Cats:\n    skip_queue: |", "REQUEUE_FOR_ME REQUEUE_FOR_OTHERS"),
}


@pytest.mark.parametrize(("text", "labels"), COMPLETED.values(), ids=COMPLETED.keys())
def test_an_editor_completes(server: LanguageServer, text: str, labels: str) -> None:
    assert set(labels.split()) - set(server.completions(MODELINE + text)) == set()


INSERTED = {
    "a whole condition": (CONDITION + "|", "object", "filter: $1\n  operator: $2\n  type: $3\n  value: $4"),
    "a field with its default": (RAW + "type: s3\n        |", "presign_ttl", "presign_ttl: ${1:1}"),
    "a field without one": (RAW + "type: s3\n        |", "bucket", "bucket: "),
    "a reference as it is": (RAW + "type: azure_spi\n        client_secret: |", "${env:NAME}", "\\${env:NAME\\}"),
    "a code that YAML would misread": ("version: 1\nmembers:\n  a@example.com: |", '"NO"', '"NO"'),
}


@pytest.mark.parametrize(("text", "label", "inserted"), INSERTED.values(), ids=INSERTED.keys())
def test_what_is_chosen_is_inserted(server: LanguageServer, text: str, label: str, inserted: str) -> None:
    assert server.completions(MODELINE + text)[label] == inserted


def test_the_fields_of_another_type_are_not_offered(server: LanguageServer) -> None:
    offered = server.completions(MODELINE + RAW + "type: s3\n        |")
    assert {"bucket", "region_name"} <= set(offered)
    assert not {"container", "client_secret", "role_arn"} & set(offered)


TOLD = {
    "a field of both editions": (
        CATS + "maximum|_annotations: 2",
        "Annotations per task",
        "Default: 1. Editions: both.",
    ),
    "one of Enterprise": (CATS + "custom|_script: x", "Plugin", "Editions: Enterprise."),
    "one of a newer release": (
        CATS + "agreement|_methodology: pairwise",
        'Default: "pairwise"',
        "Enterprise 2.32 or newer.",
    ),
    "one inside another": (
        CATS + "review_settings: {require|_comment_on_reject: true}",
        "Default: false",
        "Enterprise.",
    ),
    "a field of a storage": (RAW + "type: s3\n        presign|_ttl: 2", "Minutes", "Default: 1. Editions: both."),
    "a storage's type": (RAW + "ty|pe: s3s", "IAM", "Editions: Enterprise."),
    "a secret": (
        RAW + "type: azure_spi\n        client_secret|: ${env:A}",
        "Secret, written as ${env:NAME}",
        "Editions: Enterprise.",
    ),
    "a role": (
        "version: 1\nmembers:\n  a@example.com: annot|ator",
        "Role in the organisation",
        "Editions: Enterprise.",
    ),
    "a collection": (CATS + "web|hooks: {}", "URLs that the server calls", "Editions: both."),
    "what is lsops' own": (CATS + "life|cycle: {protect: true}", "How lsops treats this entry", ""),
    "a field of an included file": (
        "projects:\n  Cats:\n    col|or: '#000000'",
        "Form: a colour such as #1F77B4",
        "both",
    ),
}


@pytest.mark.parametrize(("text", "said", "facts"), TOLD.values(), ids=TOLD.keys())
def test_a_word_under_the_cursor_is_explained(server: LanguageServer, text: str, said: str, facts: str) -> None:
    told = server.hover(MODELINE + text)
    assert said in told
    assert facts in told


WRONG = {
    "an unknown key": "version: 1\nproject: {}\n",
    "an unknown field": CATS + "maximum_annotation: 2\n    color: '#000000'\n",
    "a field that the server keeps": CATS + "created_at: x\n",
    "wrong types": CATS + "maximum_annotations: two\n    show_skip_button: 1\n    description: []\n",
    "values that are not allowed": CATS + "sampling: Uniform\n    skip_queue: no\n",
    "values outside their limits": CATS
    + "maximum_annotations: 0\n    label_config: ''\n    overlap_cohort_percentage: 101\n",
    "values of the wrong form": CATS + "color: red\n    agreement_threshold: '1.5'\n",
    "null where a value is needed": CATS + "color: ~\n    expert_instruction: ~\n    description: ~\n",
    "an unknown role": "version: 1\nmembers:\n  ana@example.com: anotator\n  ben@example.com: {role: x}\n",
    "an unknown type": RAW + "type: s4\n",
    "no type": RAW + "bucket: scans\n",
    "a missing field": RAW + "type: s3\n",
    "a field of another type": RAW + "type: s3\n        bucket: scans\n        container: scans\n",
    "a secret that is written out": RAW + "type: s3\n        bucket: scans\n        aws_access_key_id: AKIA\n",
    "a condition without a value": CONDITION + "{filter: 'filter:tasks:id', operator: equal, type: Number}\n",
    "an operator that there is not": CONDITION + "{filter: 'filter:tasks:id', operator: is, type: Number, value: 1}\n",
    "no collection": "version: 1\nprune:\n  - projects/*/view\nprojects: {Cats: {}}\n",
    "a default of no collection": "version: 1\ndefaults:\n  project: {}\n",
    "a word that lifecycle has not": CATS + "lifecycle:\n      protec: true\n",
    "another version": "version: 2\n",
}


RIGHT = {
    "references": CATS + "maximum_annotations: ${var:n}\n    color: ${var:c}\nvars: {n: 2, c: '#000000'}\n",
    "what a default gives": "defaults:\n  projects/*/import_storages: {type: s3, bucket: scans}\n"
    + RAW
    + "prefix: in/\n",
    "what a template gives": "templates: {raw: {import_storage: {type: s3, bucket: scans}}}\n"
    + RAW
    + "template: raw\n",
    "rows": "version: 1\nprojects:\n  Cats ${each:n}:\n    for_each: {n: [a, b]}\n    description: ${each:n}\n",
    "short forms": "version: 1\nworkspaces: {R: {members: [ana@example.com]}}\nmembers: {ana@example.com: annotator}\n",
    "a place for anchors": "version: 1\nx-own: &own {color: '#000000'}\nprojects: {Cats: {<<: *own}}\n",
    "the starter": STARTER,
    "the quickstart": (ROOT / "examples" / "quickstart" / "lsops.yaml").read_text("utf-8"),
}


@pytest.fixture(scope="module")
def problems(server: LanguageServer) -> Problems:
    """What is found wrong in each text of the two tables."""
    texts = [*WRONG.values(), *RIGHT.values()]
    return dict(zip(texts, server.problems_of([MODELINE + text for text in texts]), strict=True))


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG.keys())
def test_an_editor_finds_wrong_what_validate_does_in_the_same_lines(
    problems: Problems, text: str, tmp_path: Path
) -> None:
    found = {finding.source.line for finding in findings_of(tmp_path, {"lsops.yaml": MODELINE + text})}
    assert {line for line, _ in problems[text]} == found != set()


@pytest.mark.parametrize("text", RIGHT.values(), ids=RIGHT.keys())
def test_an_editor_has_nothing_against_what_is_right(problems: Problems, text: str) -> None:
    assert problems[text] == []


@pytest.mark.parametrize("text", [EXAMPLE, "members: {ana@example.com: annotator}\n"])
def test_one_schema_serves_the_manifest_and_the_files_that_it_includes(server: LanguageServer, text: str) -> None:
    assert (
        server.problems("# yaml-language-server: $schema=../lsops.schema.json\n" + text, "projects/example.yaml") == []
    )


def test_what_an_included_file_must_not_hold_is_found_there(server: LanguageServer) -> None:
    assert server.problems(MODELINE + "prune: [projects]\n") == [
        (2, "Object is missing property version required by property prune.")
    ]
