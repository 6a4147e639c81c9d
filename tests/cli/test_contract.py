"""What the contract allows, and who did what the manifest did not ask for, as a user reads it."""

from __future__ import annotations

import json

import pytest

from lsops.sandbox import add_user, create_app, fail_webhook, limit_contract
from tests.support.cli import Lsops

DB = "sandbox.db"
PROJECTS = "version: 1\nworkspaces: {W: {}}\nprojects:\n" + "".join(f"  Cats {n}: {{workspace: W}}\n" for n in range(3))
HOOK = "version: 1\nworkspaces: {W: {}}\nprojects: {Cats: {workspace: W, webhooks: {'https://h.example.com': {is_active: true}}}}\n"


@pytest.fixture
def enterprise(lsops: Lsops) -> Lsops:
    create_app(lsops.folder / DB, edition="enterprise")
    lsops.setenv(LSOPS_SERVER=f"sandbox:{DB}")
    return lsops


def warnings(ran) -> list[tuple[str, str, int | None]]:
    return [(one["code"], one["message"], one.get("line")) for one in ran.json()["warnings"]]


def planned(lsops: Lsops, text: str):
    lsops.write(text)
    return lsops("plan", "--format", "json")


@pytest.mark.parametrize(
    ("limits", "found"),
    [
        ({}, []),
        ({"projects": 3}, []),
        ({"projects": 2}, [("LS146", "3 of 2 projects: there are 0, this adds 3", 6)]),
        ({"import_storages": 1}, []),
        ({"is_expired": True}, [("LS147", "the licence has expired", 2)]),
    ],
)
def test_a_plan_that_passes_a_limit_warns_at_the_first_that_is_too_many(enterprise, limits, found):
    limit_contract(enterprise.folder / DB, **limits)
    got = warnings(planned(enterprise, PROJECTS))
    assert [(code, message) for code, message, _ in got] == [(code, message) for code, message, _ in found]
    assert [line for code, _, line in got if code == "LS146"] == [line for code, _, line in found if code == "LS146"]


def test_seats_are_counted_with_who_would_be_invited_and_who_comes_back(enterprise):
    limit_contract(enterprise.folder / DB, users=2)
    add_user(enterprise.folder / DB, "back@example.com", "DI")
    ran = planned(enterprise, "version: 1\nmembers: {back@example.com: annotator, new@example.com: annotator}\n")
    assert [message for code, message, _ in warnings(ran) if code == "LS146"] == [
        "3 of 2 users: there is 1, this adds 2"
    ]


def test_a_plan_that_makes_nothing_counted_asks_nothing_of_the_contract(enterprise):
    limit_contract(enterprise.folder / DB, is_expired=True)
    assert warnings(planned(enterprise, "version: 1\nworkspaces: {W: {}}\n")) == []


def test_doctor_tells_what_room_there_is_and_what_the_server_lacks(enterprise):
    limit_contract(enterprise.folder / DB, projects=5, users=1)
    found = json.loads(enterprise("doctor", "--format", "json").out)
    assert (found["room for projects"], found["room for users"]) == ("0 of 5", "1 of 1; none is left")


def test_doctor_tells_which_declared_fields_the_edition_lacks(lsops):
    lsops.write("version: 1\nprojects: {Cats: {custom_script: a}, Dogs: {custom_script: b}}\n")
    lsops.setenv(LSOPS_SERVER="sandbox:?edition=community")
    found = json.loads(lsops("doctor", "--format", "json").out)
    told = "Community does not have it; declared in /projects/Cats and 1 more"
    assert found["lacks project.custom_script"] == told


@pytest.mark.parametrize(
    ("failures", "happened"),
    [
        (50, "the server switched it off after 50 failed calls in a row: see that the URL answers first"),
        (7, "somebody switched it off: the server does so after 50 failed calls in a row, and counts 7"),
    ],
)
def test_every_form_says_who_switched_a_webhook_off(enterprise, failures, happened):
    enterprise.write(HOOK)
    enterprise("apply", "--yes")
    switched_off(enterprise, failures)
    forms = [(verb, form) for verb in ("plan", "drift") for form in ("text", "markdown", "html", "json")]
    assert [one for one in forms if happened not in enterprise(one[0], "--format", one[1]).out] == []


def switched_off(lsops: Lsops, failures: int) -> None:
    from tests.support.sandbox import client_of

    fail_webhook(lsops.folder / DB, 1, failures)
    with client_of(lsops.folder / DB, edition="enterprise") as api:
        api.patch("/api/webhooks/1/", json={"is_active": False, "actions": []}).raise_for_status()


def test_a_saved_plan_keeps_what_happened(enterprise):
    enterprise.write(HOOK)
    enterprise("apply", "--yes")
    switched_off(enterprise, 50)
    enterprise("plan", "--out", "saved.json")
    assert "the server switched it off after 50 failed calls" in enterprise("show", "saved.json").out


@pytest.mark.parametrize(("answer", "code"), [("by hand", 0), ("elsewhere", 4)])
def test_members_that_the_server_itself_refuses_are_told_with_the_switch_that_nothing_shows(enterprise, answer, code):
    create_app(enterprise.folder / DB, edition="enterprise", unknown={"project-members": answer})
    add_user(enterprise.folder / DB, "ann@example.com", "AN")
    enterprise.write(
        "version: 1\nworkspaces: {W: {}}\nprojects: {Cats: {workspace: W, members: {ann@example.com: {}}}}\n"
    )
    ran = enterprise("apply", "--yes")
    assert ran.code == code, ran
    assert ("MANUAL_PROJECT_MEMBER_MANAGEMENT=false" in ran.out + ran.err) == (code == 4)
