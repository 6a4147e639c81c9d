from __future__ import annotations

import pytest

from lsops.sandbox import add_user
from lsops.sandbox.resources.webhooks.fields import is_url
from tests.sandbox.conftest import make
from tests.support.sandbox import client_of

W = "/api/webhooks/"
URL = "https://example.com/hook"
COMMUNITY = {
    *("PROJECT_CREATED", "PROJECT_UPDATED", "PROJECT_DELETED", "TASKS_CREATED", "TASKS_DELETED"),
    *("ANNOTATION_CREATED", "ANNOTATIONS_CREATED", "ANNOTATION_UPDATED", "ANNOTATIONS_DELETED"),
    *("LABEL_LINK_CREATED", "LABEL_LINK_UPDATED", "LABEL_LINK_DELETED"),
}
REVIEWS = {"REVIEW_CREATED", "REVIEW_UPDATED", "REVIEWS_DELETED"}
DEFAULTS = {
    "url": URL,
    "project": 1,
    "organization": 1,
    "send_payload": True,
    "send_for_all_actions": True,
    "headers": {},
    "is_active": True,
    "actions": [],
}
GOOD = [
    *("http://localhost", "HTTP://LocalHost:9090/x", "http://127.0.0.1:1/x", "http://[::1]:8080/x"),
    *("https://a.example.com?x=1#y", "http://u:p@example.com", "ftp://example.com", "http://bücher.example"),
    *("http://example.com.", "http://xn--a.xn--p1ai/"),
]
BAD = [
    *("", "x", "example.com", "http://", "http://models", "http://models:9090/hook", "http://a_b.example.com"),
    *("http://-a.example.com", "http://a-.example.com", "http://a..b.com", "http://example.c", "http://example.123"),
    *("http://1.2.3", "http://999.1.1.1", "http://[zz]", "http://[::1", "http://example.com:123456", "http://e.com:x"),
    *("http://u:p:q@example.com", "http://@example.com", "http://example.com/a b", "file:///etc/passwd"),
    *("http://" + "a." * 130 + "com", "http://example.com/" + "x" * 2040),
]


def add(client, **fields):
    answer = client.post(W, json={"project": 1, "url": URL, **fields})
    assert answer.status_code == 201, answer.text
    return answer.json()


def wrong(answer):
    assert answer.status_code == 400, answer.text
    return answer.json()["validation_errors"]


def test_a_webhook_is_made_with_defaults_shown_listed_and_deleted(api):
    made = add(api)
    assert {name: made[name] for name in DEFAULTS} == DEFAULTS
    item = f"{W}{made['id']}/"
    assert api.get(item).json() == api.get(item.rstrip("/")).json() == made
    assert api.get(W).json() == [made]
    assert api.delete(item).status_code == 204
    assert (api.get(item).status_code, api.get(item).json()["detail"]) == (404, "No Webhook matches the given query.")
    assert api.get(W).json() == []


def test_enterprise_counts_failures(enterprise, community):
    make(enterprise)
    make(community)
    assert add(enterprise)["consecutive_failures"] == 0
    assert "consecutive_failures" not in add(community)


def test_the_same_webhook_can_be_there_twice(api):
    assert add(api)["id"] != add(api)["id"]


def test_a_list_is_of_the_organisation_or_of_one_project(api):
    make(api)
    hooks = [add(api), add(api, project=2)]
    assert api.get(W).json() == hooks
    assert api.get(W, params={"project": 2}).json() == hooks[1:]
    assert api.get(W, params={"project": "null"}).json() == []
    message = ["Select a valid choice. That choice is not one of the available choices."]
    assert {str(wrong(api.get(W, params={"project": value}))["project"]) for value in ("9", "x")} == {str(message)}


@pytest.mark.parametrize("body", [{}, {"project": None}, {"project": ""}])
@pytest.mark.parametrize("options", [{"edition": "community"}, {"unknown": {"organization-webhooks": "refused"}}])
def test_a_webhook_of_the_organisation_cannot_be_made_where_the_contract_allows_none(options, body):
    with client_of(**options) as client:
        answer = client.post(W, json={"url": URL, **body})
    assert (answer.status_code, answer.json()["detail"]) == (404, "Project not found.")


def test_a_webhook_of_the_organisation_is_in_the_list_of_all_and_in_its_own_and_lives_on_its_own():
    with client_of() as client:
        made = client.post(W, json={"url": URL, "actions": ["PROJECT_CREATED"]}).json()
        assert (made["project"], made["organization"], made["actions"]) == (None, 1, ["PROJECT_CREATED"])
        assert client.get(W, params={"project": "null"}).json() == client.get(W).json() == [made]
        assert client.patch(f"{W}{made['id']}/", json={"is_active": False}).json()["is_active"] is False
        assert client.delete(f"{W}{made['id']}/").status_code == 204


@pytest.mark.parametrize(("answer", "flag"), [("allowed", True), ("refused", False), ("unsaid", None)])
def test_the_billing_information_says_whether_the_organisation_may_have_webhooks(answer, flag):
    with client_of(unknown={"organization-webhooks": answer}) as client:
        flags = client.get("/api/billing/info").json()["billing_flags"]
    assert flags.get("allow_organization_webhooks") is flag


@pytest.mark.parametrize("url", GOOD)
def test_this_is_a_url(url):
    assert is_url(url)


@pytest.mark.parametrize("url", BAD)
def test_this_is_no_url(url):
    assert not is_url(url)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"url": ""}, {"url": ["This field may not be blank."]}),
        ({"url": None}, {"url": ["This field may not be null."]}),
        ({"url": True}, {"url": ["Enter a valid URL."]}),
        ({"url": "x"}, {"url": ["Enter a valid URL."]}),
        (
            {"url": f"{URL}{'x' * 2048}"},
            {"url": ["Ensure this field has no more than 2048 characters.", "Enter a valid URL."]},
        ),
        ({"headers": None}, {"headers": ["This field may not be null."]}),
        ({"headers": []}, {"headers": ["[] failed JSON schema check"]}),
        ({"headers": {"X A": "1"}}, {"headers": ["{'X A': '1'} failed JSON schema check"]}),
        ({"headers": {"X-A": 1}}, {"headers": ["{'X-A': 1} failed JSON schema check"]}),
        ({"actions": None}, {"actions": ["This field may not be null."]}),
        ({"actions": "x"}, {"actions": ['Expected a list of items but got type "str".']}),
        (
            {"actions": ["TASKS_CREATED", "X", None]},
            {"actions": {"1": ['"X" is not a valid choice.'], "2": ["This field may not be null."]}},
        ),
        (
            {"actions": ["PROJECT_CREATED"]},
            {"non_field_errors": ["Project webhook can't contain organization-only action."]},
        ),
        (
            {"project": 9, "url": "x"},
            {"project": ['Invalid pk "9" - object does not exist.'], "url": ["Enter a valid URL."]},
        ),
        ({"is_active": "x"}, {"is_active": ["Must be a valid boolean."]}),
    ],
)
def test_what_is_wrong_is_said_in_the_servers_words(api, fields, error):
    assert wrong(api.post(W, json={"project": 1, "url": URL, **fields})) == error


@pytest.mark.parametrize(
    ("url", "status", "detail"),
    [
        ("http://ghost.example.com/ghost-x", 403, "URL resolves to a reserved network address (block: 127.0.0.0/8)"),
        ("http://unknown-x.example.com", 500, "Can't resolve hostname unknown-x.example.com"),
    ],
)
def test_a_place_that_the_server_cannot_or_must_not_call_is_refused(api, url, status, detail):
    add(api)
    for answer in (api.post(W, json={"project": 1, "url": url}), api.patch(f"{W}1/", json={"url": url})):
        assert (answer.status_code, answer.json()["detail"]) == (status, detail)
    assert [hook["url"] for hook in api.get(W).json()] == [URL]


def test_ten_headers_are_the_most(api):
    headers = {f"X-{number}": "x" for number in range(11)}
    assert (
        "failed JSON schema check"
        in wrong(api.post(W, json={"project": 1, "url": URL, "headers": headers}))["headers"][0]
    )
    headers.pop("X-10")
    assert add(api, headers=headers)["headers"] == headers


def test_actions_are_a_set_in_alphabetical_order_and_the_url_is_trimmed(api):
    made = add(api, url=f"  {URL}\n", actions=["TASKS_DELETED", "ANNOTATION_CREATED", "TASKS_DELETED"])
    assert (made["url"], made["actions"]) == (URL, ["ANNOTATION_CREATED", "TASKS_DELETED"])


@pytest.mark.parametrize(("method", "body"), [("PATCH", {"is_active": False}), ("PATCH", {}), ("PUT", {"url": URL})])
def test_an_update_that_omits_the_actions_wipes_them_and_keeps_the_rest(api, method, body):
    before = add(api, actions=["TASKS_CREATED"], headers={"X-A": "1"}, send_payload=False)
    after = api.request(method, f"{W}1/", json=body).json()
    assert after == {**before, **body, "actions": [], "updated_at": after["updated_at"]}


def test_an_update_takes_every_field_and_lets_an_event_of_organisations_in(api):
    add(api)
    change = {
        "url": f"{URL}/2",
        "headers": {"X-A": "1"},
        "is_active": False,
        "send_payload": False,
        "send_for_all_actions": False,
        "actions": ["PROJECT_CREATED", "TASKS_CREATED"],
    }
    after = api.patch(f"{W}1/", json=change).json()
    assert {name: after[name] for name in change} == change
    assert wrong(api.put(f"{W}1/", json={})) == {"url": ["This field is required."]}


@pytest.mark.parametrize("project", [2, None, 9])
def test_the_project_of_a_webhook_never_changes(api, project):
    make(api)
    add(api)
    assert api.patch(f"{W}1/", json={"project": project}).json()["project"] == 1


def test_reviews_are_events_of_enterprise(enterprise, community):
    make(enterprise)
    make(community)
    assert add(enterprise, actions=[*REVIEWS])["actions"] == sorted(REVIEWS)
    assert set(wrong(community.post(W, json={"project": 1, "url": URL, "actions": [*REVIEWS]}))["actions"]) == {
        "0",
        "1",
        "2",
    }


def test_the_catalogue_is_open_to_everybody(connect):
    for edition, codes in (("community", COMMUNITY), ("enterprise", COMMUNITY | REVIEWS)):
        client = connect(edition=edition, token="0123456789abcdef0123456789abcdef01234567")
        entries = client.get(f"{W}info/").json()
        assert set(entries) == codes
        assert entries["TASKS_CREATED"] == {
            "name": "Task created",
            "description": "",
            "key": "tasks",
            "organization-only": False,
        }
        only = client.get(f"{W}info/", params={"organization-only": "true"}).json()
        rest = client.get(f"{W}info/", params={"organization-only": "anything"}).json()
        assert set(only) == {"PROJECT_CREATED", "PROJECT_DELETED"}
        assert set(rest) == codes - set(only)
        assert client.get(W).status_code == 401


def test_deleting_a_project_takes_its_webhooks_with_it(api):
    make(api)
    add(api)
    kept = add(api, project=2)
    api.delete("/api/projects/1/")
    assert api.get(W).json() == [kept]


def test_a_webhook_of_a_project_that_another_person_keeps_to_themselves_does_not_exist(connect, tmp_path):
    db = tmp_path / "sandbox.db"
    owner = connect(db)
    make(owner)
    add(owner)
    other = connect(db, headers={"Authorization": f"Token {add_user(db, 'ana@example.com', 'administrator')}"})
    assert other.get(f"{W}1/").status_code == 404
    assert other.get(W).json() == []
    assert wrong(other.get(W, params={"project": 1}))
    assert wrong(other.post(W, json={"project": 1, "url": URL}))


@pytest.mark.parametrize("code", ["RE", "AN"])
def test_reviewers_and_annotators_read_those_of_their_projects_and_change_none(crew, code):
    owner, worker = crew["OW"], crew[code]
    for title in ("Theirs", "Other"):
        owner.post("/api/projects/", json={"title": title})
    owner.post("/api/projects/1/members/", json={"user": crew.id(code)})
    mine, _ = add(owner), add(owner, project=2)
    assert worker.get(W).json() == [mine]
    assert worker.get(f"{W}2/").status_code == 404
    assert worker.post(W, json={"project": 1, "url": URL}).status_code == 403
    assert worker.patch(f"{W}1/", json={"is_active": False}).status_code == 403
