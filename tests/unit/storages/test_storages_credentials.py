"""Google's JSON credentials: what is missing is named, and nothing of the content is shown."""

from __future__ import annotations

import json
import re

import pytest

from lsops.kinds.credentials import FORMS, unfit
from lsops.schema import documents, kinds

FIELD = "google_application_credentials"
KEY = {"type": "service_account", "client_email": "ls@x.test", "token_uri": "https://t.test", "private_key": "-----"}
FEDERATED = {
    "type": "external_account",
    "audience": "//iam.googleapis.com/projects/1",
    "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
    "token_url": "https://sts.googleapis.com/v1/token",
}


@pytest.mark.parametrize(
    ("storage", "text", "problem"),
    [
        ("gcs", json.dumps(KEY), None),
        ("gcswif", json.dumps(KEY), None),
        ("gcswif", json.dumps(FEDERATED), None),
        ("gcs", json.dumps(FEDERATED), f'{FIELD} must have "type": "service_account"'),
        ("gcswif", "{}", f'{FIELD} must have "type": "service_account" or "external_account"'),
        ("gcs", "/etc/secret-key.json", f"{FIELD} is not a JSON object"),
        ("gcs", json.dumps([KEY]), f"{FIELD} is not a JSON object"),
        ("gcs", "[" * 100_000, f"{FIELD} is not a JSON object"),
        ("gcs", json.dumps({**KEY, "private_key": ""}), f"{FIELD} lacks private_key"),
        ("gcs", json.dumps({"type": "service_account"}), f"{FIELD} lacks client_email, token_uri, private_key"),
        (
            "gcswif",
            json.dumps({"type": "external_account", "audience": 1}),
            f"{FIELD} lacks audience, subject_token_type, token_url",
        ),
    ],
)
def test_what_is_wrong_is_said_in_words(storage, text, problem):
    assert unfit(FIELD, text, field_of(storage, FIELD)) == problem


@pytest.mark.parametrize(
    "content", ["secret-key", '{"type": "secret-key"}', '{"type": "service_account", "private_key_id": "secret-key"}']
)
def test_the_content_is_never_shown(content):
    assert "secret-key" not in str(unfit(FIELD, content, field_of("gcs", FIELD)))


@pytest.mark.parametrize(
    ("text", "is_right"), [("c2VjcmV0", True), ("c2VjcmV0\n", True), ("abc", False), ("canary", False)]
)
def test_an_account_key_of_azure_is_base64(text, is_right):
    problem = unfit("account_key", text, field_of("azure", "account_key"))
    assert problem == (None if is_right else "account_key is not Base64, as every account key of Azure is")


@pytest.mark.parametrize(("field", "storage"), [("password", "redis"), ("client_secret", "azure_spi"), (FIELD, "s3")])
def test_other_secrets_pass(field, storage):
    assert unfit(field, "anything", field_of(storage, field)) is None


def test_every_form_that_a_schema_names_is_known_and_every_known_form_is_named():
    named = set(re.findall(r'"credential": "([^"]+)"', json.dumps(documents())))
    assert named == set(FORMS)


@pytest.mark.parametrize(
    ("variant", "names"),
    [
        ("azure", {"account_key": "azure-account-key"}),
        ("gcs", {FIELD: "google-service-account"}),
        ("gcswif", {FIELD: "google-credentials"}),
        ("s3", {}),
    ],
)
@pytest.mark.parametrize("kind", ["import_storage", "export_storage"])
def test_both_sides_of_a_storage_ask_for_the_same_form(kind, variant, names):
    fields = kinds()[kind].fields(variant)
    assert {name: field.credential for name, field in fields.items() if field.credential} == names


def field_of(variant, name):
    return kinds()["import_storage"].fields(variant).get(name)
