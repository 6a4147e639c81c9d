from __future__ import annotations

import pytest

from tests.sandbox.ml_calls import (
    DEFAULTS,
    GUARDED,
    NO_ACCESS,
    NO_CREDENTIALS,
    NOT_ALLOWED,
    URL,
    USER,
    M,
    add,
    hooks,
    listed,
    problem,
    update,
)


def test_a_backend_is_made_with_defaults_shown_listed_and_deleted(api):
    made = add(api)
    assert {name: made[name] for name in DEFAULTS} == DEFAULTS
    assert set(made) - set(DEFAULTS) == {"id", "created_at", "updated_at"}
    shown = api.get(f"{M}1").json()
    assert shown == {**made, "updated_at": shown["updated_at"]}
    assert [row["id"] for row in listed(api)] == [1]
    assert api.delete(f"{M}1").status_code == 204
    assert listed(api) == []


@pytest.mark.parametrize("method", ["GET", "PATCH", "PUT", "DELETE"])
def test_what_is_not_there_is_a_page(api, method):
    answer = api.request(method, f"{M}9", json={})
    assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (404, "text/html")


def test_no_path_of_a_backend_ends_with_a_slash(api):
    add(api)
    assert [api.get(f"{M}{path}").status_code for path in ("1", "1/versions", "1/", "1/versions/")] == [
        200,
        200,
        404,
        404,
    ]


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ({}, "No Project matches the given query."),
        ({"project": 9}, "No Project matches the given query."),
        ({"project": ""}, "Not found."),
        ({"project": "x"}, "Not found."),
    ],
)
def test_a_list_needs_a_project(api, query, detail):
    answer = api.get(M, params=query)
    assert (answer.status_code, answer.json()["detail"]) == (404, detail)


def test_a_list_can_be_of_interactive_backends(api):
    add(api)
    add(api, is_interactive=True)
    found = [[row["id"] for row in listed(api, is_interactive=wish)] for wish in ("true", "False", "1", "x")]
    assert found == [[2], [1], [2], [1, 2]]


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"url": None}, "url", "This field may not be null."),
        ({"url": " "}, "url", "This field may not be blank."),
        ({"project": None}, "project", "This field may not be null."),
        ({"project": 9}, "project", 'Invalid pk "9" - object does not exist.'),
        ({"auth_method": ""}, "auth_method", '"" is not a valid choice.'),
        ({"timeout": None}, "timeout", "This field may not be null."),
        ({"timeout": "x"}, "timeout", "A valid number is required."),
        ({"state": "XX"}, "state", '"XX" is not a valid choice.'),
        ({"title": []}, "title", "Not a valid string."),
    ],
)
def test_a_wrong_field_is_said_in_the_servers_words(api, fields, field, message):
    assert problem(api.post(M, json={"project": 1, "url": URL, **fields}), field) == message


def test_url_and_project_are_needed(api):
    needed = ["This field is required."]
    assert api.post(M, json={}).json()["validation_errors"] == {"url": needed, "project": needed}


def test_texts_are_trimmed_and_numbers_get_a_fraction(api):
    made = add(api, url=f" {URL}/ ", title=" a ", description=None, timeout="7", extra_params={"a": [1]})
    assert (made["url"], made["title"], made["description"]) == (f"{URL}/", "a", None)
    assert (made["timeout"], made["extra_params"]) == (7.0, {"a": [1]})
    assert add(api, title=None)["title"] is None


@pytest.mark.parametrize(
    "url", ["x", "5", "ftp://example.com", "models:9090", "http://[::1", "http://x:y", "http://x:99999"]
)
def test_only_urls_of_the_web_are_allowed(api, url):
    answer = api.post(M, json={"project": 1, "url": url})
    assert answer.status_code == 403
    assert answer.json()["detail"].startswith(NOT_ALLOWED)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://127.0.0.1:1", "health check failed. Make sure it is up"),
        ("http://127.0.0.1:1/a", "url: /a/health (Caused by NewConnectionError"),
        ("http://localhost:1", "[Errno 111] Connection refused"),
        ("https://missing-models", "HTTPSConnectionPool(host='missing-models', port=443)"),
        ("http://example.com:9090/missing-models/x", "[Errno 113] No route to host"),
        ("http://broken-models", "it doesn't look like a valid ML backend. Reason: 500 Server Error"),
        ("http://127.0.0.1:9090/broken-models", "url: http://127.0.0.1:9090/broken-models/setup.\nCheck"),
        (GUARDED, NO_ACCESS),
    ],
)
def test_a_backend_that_does_not_answer_is_refused(api, url, words):
    assert words in problem(api.post(M, json={"project": 1, "url": url}))
    add(api)
    assert words in problem(update(api, url=url))
    assert (listed(api)[0]["url"], hooks(api)) == (URL, [f"{URL}/webhook"])


@pytest.mark.parametrize(
    ("url", "detail"),
    [
        ("http://unknown-models", "Can't resolve hostname unknown-models"),
        ("http://", "gethostbyname() argument 1 must be str, bytes or bytearray, not None"),
    ],
)
def test_a_name_that_does_not_resolve_is_a_crash(api, url, detail):
    answer = api.post(M, json={"project": 1, "url": url})
    assert (answer.status_code, answer.json()["detail"]) == (500, detail)


@pytest.mark.parametrize("missing", ["basic_auth_user", "basic_auth_pass"])
def test_basic_auth_needs_both_in_one_body(api, missing):
    partial = {name: value for name, value in USER.items() if name != missing}
    assert problem(api.post(M, json={"project": 1, "url": GUARDED, **partial})) == NO_CREDENTIALS
    add(api, url=GUARDED, **USER)
    assert problem(update(api, url=GUARDED, **partial)) == NO_CREDENTIALS


def test_a_password_is_kept_by_an_empty_one_and_never_shown(api):
    made = add(api, url=GUARDED, **USER)
    assert (made["auth_method"], made["basic_auth_user"], made["basic_auth_pass_is_set"]) == ("BASIC_AUTH", "u", True)
    assert "basic_auth_pass" not in made
    kept = update(api, url=GUARDED, **USER | {"basic_auth_pass": ""})
    assert (kept.status_code, kept.json()["basic_auth_pass_is_set"]) == (200, True)
    assert problem(update(api, url=GUARDED, **USER | {"basic_auth_pass": "denied-old"})) == NO_ACCESS
    assert update(api, url=GUARDED, **USER | {"basic_auth_pass": "another"}).status_code == 200


def test_without_credentials_in_the_body_a_guarded_backend_is_not_reached(api):
    add(api, url=GUARDED, **USER)
    assert problem(update(api, url=GUARDED, title="x")) == NO_ACCESS
    assert update(api, url=GUARDED, basic_auth_user="u", basic_auth_pass="").status_code == 200


@pytest.mark.parametrize("empty", ["", None])
def test_an_empty_password_needs_one_to_keep(api, empty):
    created = api.post(M, json={"project": 1, "url": URL, **USER, "basic_auth_pass": empty})
    assert (created.status_code, created.json()["detail"]) == (
        500,
        "'NoneType' object has no attribute 'basic_auth_pass'",
    )
    add(api)
    needed = "Authentication password is required for Basic Authentication."
    assert problem(update(api, basic_auth_pass=empty), "basic_auth_pass") == needed


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ({}, "MLBackend.healthcheck_() missing 1 required positional argument: 'url'"),
        ({"project": 1, "title": "x"}, "MLBackend.healthcheck_() missing 1 required positional argument: 'url'"),
        ({"url": URL}, "MLBackend.setup_() missing 1 required positional argument: 'project'"),
    ],
)
def test_an_update_without_url_or_project_crashes(api, body, detail):
    add(api)
    answer = api.patch(f"{M}1", json=body)
    assert (answer.status_code, answer.json()["detail"]) == (500, detail)
    assert api.put(f"{M}1", json=body).status_code == 400


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_an_update_keeps_what_it_omits(api, method):
    before = add(api, title="A", timeout=7, extra_params={"a": 1}, is_interactive=True)
    after = api.request(method, f"{M}1", json={"project": 1, "url": URL, "description": " d "}).json()
    assert after == {**before, "description": "d", "updated_at": after["updated_at"]}


def test_the_model_version_follows_the_backend_unless_it_may_not(api):
    assert add(api, model_version="mine")["model_version"] == "models.example.com-1"
    assert add(api, model_version="mine", auto_update=False)["model_version"] == "mine"
    assert update(api, 2, auto_update=True).json()["model_version"] == "models.example.com-1"
    assert update(api, 2, url="http://newer").json()["model_version"] == "newer-1"


def test_state_and_error_message_are_the_backends_own(api):
    made = add(api, state="ER", error_message="x")
    assert (made["state"], made["error_message"]) == ("CO", None)
    assert (api.post(f"{M}1/train").status_code, api.post(f"{M}1/train").content) == (200, b"")
    rows = api._transport.app.extensions["sandbox"].store.find("ml_backend")
    assert [row["state"] for row in rows] == ["TR"]
    assert listed(api)[0]["state"] == "CO"


@pytest.mark.parametrize(
    ("url", "state", "message"),
    [("http://missing-models", "DI", None), ("http://broken-models", "ER", "500 Server Error"), (GUARDED, "DI", None)],
)
def test_whoever_looks_writes_down_what_the_backend_answers(api, url, state, message):
    add(api)
    store = api._transport.app.extensions["sandbox"].store
    store.replace("ml_backend", {**store.find("ml_backend")[0], "url": url})
    seen = api.get(f"{M}1").json()
    assert (seen["state"], seen["model_version"]) == (state, "models.example.com-1")
    assert (seen["error_message"] or "").startswith(message or "")
    assert api.post(f"{M}1/train").status_code == 200
    assert store.find("ml_backend")[0]["state"] == "ER"


def test_the_versions_of_a_backend_are_told(api):
    add(api)
    assert api.get(f"{M}1/versions").json() == {"versions": ["models.example.com-1"]}
    store = api._transport.app.extensions["sandbox"].store
    for url, status in ((GUARDED, 401), ("http://missing-models", 500)):
        store.replace("ml_backend", {**store.find("ml_backend")[0], "url": url})
        answer = api.get(f"{M}1/versions")
        assert (answer.status_code, list(answer.json())) == (status, ["error"])
