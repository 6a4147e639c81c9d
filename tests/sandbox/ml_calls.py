"""What the tests of ML backends send and look for."""

from __future__ import annotations

M = "/api/ml/"
URL = "http://models.example.com:9090"
DEFAULTS = {
    "state": "CO",
    "readable_state": "Connected",
    "is_interactive": False,
    "url": URL,
    "error_message": None,
    "title": "default",
    "auth_method": "NONE",
    "basic_auth_user": "",
    "basic_auth_pass_is_set": False,
    "description": "",
    "extra_params": None,
    "model_version": "models.example.com-1",
    "timeout": 100.0,
    "auto_update": True,
    "project": 1,
}
USER = {"auth_method": "BASIC_AUTH", "basic_auth_user": "u", "basic_auth_pass": "secret"}
GUARDED = "http://denied-models:9090"
NO_ACCESS = "Able to connect to ML Server, but authentication parameters were either not provided or are incorrect."
NO_CREDENTIALS = "Authentication username and password is required for Basic Authentication."
NOT_ALLOWED = "The provided URL was not allowed."
RESERVED = "URL resolves to a reserved network address (block: 127.0.0.0/8)"


def add(client, **fields):
    answer = client.post(M, json={"project": 1, "url": URL, **fields})
    assert answer.status_code == 201, answer.text
    return answer.json()


def update(client, number=1, **fields):
    """A PATCH with what it must always carry."""
    return client.patch(f"{M}{number}", json={"project": 1, "url": URL, **fields})


def listed(client, **query):
    return client.get(M, params={"project": 1, **query}).json()


def version(client, project=1):
    return client.get(f"/api/projects/{project}/").json()["model_version"]


def hooks(client, project=1):
    return [hook["url"] for hook in client.get("/api/webhooks/", params={"project": project}).json()]


def problem(answer, field="non_field_errors"):
    assert answer.status_code == 400, answer.text
    (message,) = answer.json()["validation_errors"][field]
    return message
