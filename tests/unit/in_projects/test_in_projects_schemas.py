"""The schemas of webhooks, views and ML backends, alone and in the bundle for editors."""

from __future__ import annotations

import copy

import pytest
import yaml
from jsonschema import Draft7Validator, Draft202012Validator

from lsops.manifest import load
from lsops.normalize import NORMALISERS
from lsops.render.editor_schema import manifest_schema
from lsops.schema import Field, documents, kinds, settable
from lsops.schema_bundle import WORDS

KINDS = ("webhook", "view", "ml_backend")
every_kind = pytest.mark.parametrize("kind", KINDS)

EXAMPLE = """\
version: 1
vars: {minutes: 5}
defaults: {projects/*/webhooks: {send_payload: false}}
projects:
  Chest X-ray triage:
    model_version: triage-model
    webhooks:
      https://hooks.example.com/ls: {actions: [ANNOTATION_CREATED], send_for_all_actions: false}
      audit:
        url: https://${var:minutes}.example.com/audit
        headers: {Authorization: '${env:HOOK_TOKEN}', X-Team: radiology}
    views:
      To review: {filters: {conjunction: and, items: []}}
      Doubtful:
        ordering: ['-tasks:predictions_score']
        hiddenColumns: {explore: ['tasks:inner_id'], labeling: []}
        data: {type: list, zoom: 1}
      Low:
        data:
          filters:
            conjunction: or
            items: [{filter: 'filter:tasks:predictions_score', operator: less, type: Number, value: 0.2}]
    ml_backends:
      triage-model: {url: https://ml.example.com, timeout: '${var:minutes}'}
      second:
        url: https://second.example.com
        auth_method: BASIC_AUTH
        basic_auth_user: ana
        basic_auth_pass: ${env:ML_PASSWORD}
        auto_update: false
        model_version: '2'
        lifecycle: {protect: true, ignore: [description]}
"""


def editor() -> Draft7Validator:
    return Draft7Validator(manifest_schema())


@every_kind
def test_a_schema_is_valid_json_schema(kind):
    Draft202012Validator.check_schema(documents()[kind])


@every_kind
def test_every_field_has_a_description_and_no_unknown_normaliser(kind):
    for field in kinds()[kind].fields().values():
        assert field.description.endswith(".")
        assert field.compare in {"", *NORMALISERS}


@every_kind
def test_the_bundle_has_the_kind_below_projects(kind):
    schema = kinds()[kind]
    entry = manifest_schema()["definitions"]["entry." + schema.collection.replace("/*/", ".")]
    assert set(entry["properties"]) == {*settable(schema.fields()), *WORDS}


def test_the_bundle_is_valid_json_schema():
    Draft7Validator.check_schema(manifest_schema())


def test_an_example_of_the_three_kinds_is_right_for_editors_and_for_loading(tmp_path):
    (tmp_path / "lsops.yaml").write_text(EXAMPLE, "utf-8")
    assert [error.message for error in editor().iter_errors(yaml.safe_load(EXAMPLE))] == []
    assert len(load(tmp_path).desired.resources) == 8


BROKEN = {
    "a header that is a number": ("webhooks", "audit", {"headers": {"X-Team": 3}}),
    "an event that is none": ("webhooks", "audit", {"actions": ["NONE"]}),
    "filters without a conjunction": ("views", "To review", {"filters": {"items": []}}),
    "an operator that is none": (
        "views",
        "Low",
        {
            "filters": {
                "conjunction": "or",
                "items": [{"filter": "filter:tasks:id", "operator": "is", "type": "x", "value": 1}],
            }
        },
    ),
    "no URL": ("ml_backends", "second", {"title": "second"}),
    "a password without a method": ("ml_backends", "second", {"url": "http://ml", "basic_auth_pass": "${env:P}"}),
    "a model version that is overwritten": ("ml_backends", "second", {"url": "http://ml", "model_version": "1"}),
}


@pytest.mark.parametrize(("collection", "key", "entry"), BROKEN.values(), ids=BROKEN.keys())
def test_an_editor_shows_what_is_wrong(collection, key, entry):
    broken = copy.deepcopy(yaml.safe_load(EXAMPLE))
    broken["projects"]["Chest X-ray triage"][collection][key] = entry
    assert list(editor().iter_errors(broken))


# ---- what the words of x-lsops become ----------------------------------------------------------


def of(kind: str, name: str) -> Field:
    return kinds()[kind].fields()[name]


def test_headers_are_confidential_and_nothing_else_is():
    found = {
        (kind, name)
        for kind, schema in kinds().items()
        for fields in schema.variants.values()
        for name, field in fields.items()
        if field.confidential
    }
    assert found == {("organization_webhook", "headers"), ("webhook", "headers")}
    assert not of("webhook", "headers").secret


def test_only_the_ordering_of_a_view_cannot_be_emptied():
    found = {
        (kind, name)
        for kind, schema in kinds().items()
        for fields in schema.variants.values()
        for name, field in fields.items()
        if field.clear_replace
    }
    assert found == {("view", "ordering")}


@pytest.mark.parametrize(
    ("kind", "names"),
    [("webhook", {"actions"}), ("view", set()), ("ml_backend", {"url", "auth_method", "basic_auth_user"})],
)
def test_what_every_update_sends(kind, names):
    assert {name for name, field in kinds()[kind].fields().items() if field.always_send} == names


def test_the_only_secret_of_the_three_is_the_password_of_an_ml_backend():
    secrets = {(kind, name) for kind in KINDS for name, field in kinds()[kind].fields().items() if field.secret}
    assert secrets == {("ml_backend", "basic_auth_pass")}
    assert of("ml_backend", "basic_auth_pass").write_only


@pytest.mark.parametrize(
    ("field", "changed", "declared", "goes"),
    [
        (of("ml_backend", "basic_auth_pass"), {"url"}, {}, True),
        (of("ml_backend", "basic_auth_pass"), {"description"}, {"url": "http://new"}, False),
        (of("project", "model_version"), {"show_collab_predictions"}, {"show_collab_predictions": False}, True),
        (of("project", "model_version"), {"show_collab_predictions"}, {"show_collab_predictions": True}, False),
        (of("project", "model_version"), {"title"}, {"show_collab_predictions": False}, False),
        (of("project", "title"), {"show_collab_predictions"}, {"show_collab_predictions": False}, False),
    ],
)
def test_a_field_goes_along_with_those_that_its_schema_names_and_for_a_value_only_with_that(
    field, changed, declared, goes
):
    assert field.goes_along(changed, declared) is goes


def test_a_webhook_that_an_ml_backend_brings_along_is_made_after_it_and_a_view_in_between():
    assert kinds()["ml_backend"].phase < kinds()["view"].phase < kinds()["webhook"].phase
