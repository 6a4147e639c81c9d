"""Every case of tests/data/bad_manifests/in_projects: webhooks, views and ML backends by their real schemas."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.manifest.support import assert_expected, cases_in, findings_of

CASES = cases_in(Path(__file__).parents[2] / "data" / "bad_manifests" / "in_projects")
SECRET = "hunter2"
"""What stands in the cases wherever something confidential would."""


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_a_bad_entry_gives_exactly_the_findings_that_are_expected(case, tmp_path):
    for text in assert_expected(case, tmp_path):
        assert SECRET not in text
        assert text.startswith("lsops.yaml:")
        assert text.partition(" ")[0].count(":") == 2


@pytest.mark.parametrize(
    "entry",
    [
        "{url: 'https://ana:hunter2@h example.com'}",
        "{url: 'https://h.example.com', headers: {X-Key: hunter2, X Key: 1}}",
        "{url: 'https://h.example.com', headers: {Authorization: 'hunter2 ${env:T}'}}",
    ],
)
def test_nothing_confidential_of_a_webhook_stands_in_a_finding(entry, tmp_path):
    found = findings_of(tmp_path, {"lsops.yaml": f"version: 1\nprojects: {{Cats: {{webhooks: {{a: {entry}}}}}}}\n"})

    assert found
    assert SECRET not in repr(found)


@pytest.mark.parametrize("entry", ["{headers: {X-Key: 1}}", "{actions: [nonsense]}", "{lifecycle: {ignore: [x]}}"])
def test_no_address_shows_the_credentials_of_a_declared_url(entry, tmp_path):
    text = (
        f"version: 1\nprojects: {{Cats: {{webhooks: {{'https://ana:hunter2@h.example.com/?t=hunter2': {entry}}}}}}}\n"
    )

    assert SECRET not in repr(findings_of(tmp_path, {"lsops.yaml": text}))


ACCEPTED = {
    "a review event, for which the server is asked": "webhooks: {'https://h.example.com': {actions: [REVIEW_CREATED]}}",
    "an event twice": "webhooks: {'https://h.example.com': {actions: [TASKS_CREATED, TASKS_CREATED]}}",
    "hosts": "webhooks: {'http://localhost:80/x': {}, 'HTTP://10.0.0.1': {}, 'https://[::1]/a#c': {}, a: {url: 'https://ana:pw@h.example.com/?t=1'}}",
    "ten headers, an empty one among them": "webhooks: {'https://h.example.com': {headers: {A: '', B: b, C: c, D: d, E: e, "
    "F: f, G: g, H: h, I: i, J: '${env:J}'}}}",
    "all tasks": "views: {All: {filters: {conjunction: and, items: []}, ordering: []}}",
    "columns": "views: {All: {filters: {conjunction: or, items: ["
    "{filter: 'filter:tasks:-id', operator: in, type: Number, value: {min: 1, max: 2}},"
    "{filter: 'filter:tasks:data.a__b', operator: equal, type: String, value: ''}]}, "
    "ordering: ['-tasks:id', 'tasks:-id', 'tasks:data.a__b']}}",
    "no second condition": "views: {All: {filters: {conjunction: or, items: ["
    "{filter: 'filter:tasks:id', operator: empty, type: Number, value: true, child_filter: ~, child_filters: ~}]}}}",
    "further keys of a tab": "views: {All: {data: {semantic_search: [], zoom: ~, type: list}}}",
    "an empty view and one that is to go": "views: {All: {}, Old: {lifecycle: {absent: true}}}",
    "a host without a dot": "ml_backends: {a: {url: 'http://ml:9090/'}}",
    "BASIC_AUTH": "ml_backends: {a: {url: http://ml, auth_method: BASIC_AUTH, basic_auth_user: ana, "
    "basic_auth_pass: '${env:P}'}}",
    "a user without a name": "ml_backends: {a: {url: http://ml, auth_method: BASIC_AUTH, basic_auth_user: ~, "
    "basic_auth_pass: '${file:p}'}}",
    "a model version": "ml_backends: {a: {url: http://ml, auto_update: false, model_version: v1}}",
    "an ML backend that is to go, without what a new one needs": "ml_backends: {a: {auth_method: BASIC_AUTH, "
    "model_version: v, lifecycle: {absent: true}}}",
}


@pytest.mark.parametrize("entries", ACCEPTED.values(), ids=ACCEPTED.keys())
def test_what_the_server_takes_is_accepted(entries, tmp_path):
    assert findings_of(tmp_path, {"lsops.yaml": f"version: 1\nprojects: {{Cats: {{{entries}}}}}\n"}) == ()


BREAKING = {
    "an empty object as a value": "filter: filter:tasks:id, operator: equal, type: Number, value: {}",
    "no number for a Number": "filter: filter:tasks:id, operator: equal, type: Number, value: ''",
    "an unknown key of one of many second conditions": "filter: filter:tasks:id, operator: equal, type: Number, value: 1,"
    " child_filters: [{filter: 'filter:tasks:id', operator: equal, type: Number, value: 1, colour: red}]",
}


@pytest.mark.parametrize("condition", BREAKING.values(), ids=BREAKING.keys())
def test_a_condition_that_breaks_the_tab_or_is_dropped_is_refused(condition, tmp_path):
    text = f"version: 1\nprojects: {{Cats: {{views: {{A: {{filters: {{conjunction: and, items: [{{{condition}}}]}}}}}}}}}}\n"

    assert findings_of(tmp_path, {"lsops.yaml": text})


def test_there_are_many_cases():
    assert len(CASES) >= 45
