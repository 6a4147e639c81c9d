"""Google's JSON credentials: what is missing is named, and nothing of the content is shown."""

from __future__ import annotations

import json

import pytest

from lsops.kinds.storages.credentials import check_credentials

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
    assert check_credentials(FIELD, text, storage=storage) == problem


@pytest.mark.parametrize(
    "content", ["secret-key", '{"type": "secret-key"}', '{"type": "service_account", "private_key_id": "secret-key"}']
)
def test_the_content_is_never_shown(content):
    assert "secret-key" not in str(check_credentials(FIELD, content, storage="gcs"))


@pytest.mark.parametrize(
    ("text", "is_right"), [("c2VjcmV0", True), ("c2VjcmV0\n", True), ("abc", False), ("canary", False)]
)
def test_an_account_key_of_azure_is_base64(text, is_right):
    problem = check_credentials("account_key", text, storage="azure")
    assert problem == (None if is_right else "account_key is not Base64, as every account key of Azure is")


@pytest.mark.parametrize(("field", "storage"), [("password", "redis"), ("client_secret", "azure_spi"), (FIELD, "s3")])
def test_other_secrets_pass(field, storage):
    assert check_credentials(field, "anything", storage=storage) is None
