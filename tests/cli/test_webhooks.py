"""Webhooks through the command line: what stays when something changes, and those that ML backends bring along."""

from __future__ import annotations

from typing import Any

import pytest

from lsops.model.address import below
from tests.support.site import BASE, Site

HOOK = f"{BASE}/hook"
PLACE = "/projects/Triage/webhooks"
ADDRESS = below(PLACE, HOOK)
TOKEN = {"Authorization": "${env:HOOK_TOKEN}"}
FULL = {"send_for_all_actions": False, "actions": ["TASKS_CREATED"], "headers": {"X-Team": "radiology", **TOKEN}}


@pytest.fixture(autouse=True)
def _token(site: Site) -> None:
    site.lsops.setenv(HOOK_TOKEN="first token")


def declare(site: Site, **fields: Any) -> None:
    """A project with one webhook."""
    site.declare({"webhooks": {HOOK: fields}})


def applied(site: Site, **fields: Any) -> dict[str, Any]:
    """The row of the one webhook, once it is as declared."""
    declare(site, **fields)
    site.settled()
    return site.row("webhooks", HOOK)


# ---- what is not named ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields", [{"is_active": False}, {"headers": {"X-Other": "b"}}, {"send_payload": False}], ids=str
)
def test_actions_and_headers_survive_the_update_of_another_field(site: Site, fields: dict[str, Any]) -> None:
    before = applied(site, **FULL)
    after = applied(site, **fields)
    assert after == {**before, **fields, "updated_at": after["updated_at"]}
    assert after["actions"] == ["TASKS_CREATED"]


def test_actions_made_by_hand_after_the_plan_survive_too(site: Site) -> None:
    applied(site, is_active=True)
    declare(site, is_active=False)
    site.lsops("plan", "--out", "plan.json")
    site.by_hand("webhooks", HOOK, actions=["PROJECT_UPDATED"])
    assert site.lsops("apply", "--plan", "plan.json").code == 0
    assert site.row("webhooks", HOOK)["actions"] == ["PROJECT_UPDATED"]


def test_an_update_of_one_field_sends_that_field_and_the_actions(site: Site) -> None:
    applied(site, **FULL)
    declare(site, **{**FULL, "is_active": False})
    del site.watch.requests[:]
    site.settled()
    (patch,) = (one for one in site.watch.requests if one.method == "PATCH")
    assert patch.body == {"is_active": False, "actions": ["TASKS_CREATED"]}


def test_actions_are_a_set(site: Site) -> None:
    applied(site, send_for_all_actions=False, actions=["TASKS_DELETED", "TASKS_CREATED"])
    declare(site, actions=["TASKS_CREATED", "TASKS_DELETED", "TASKS_CREATED"])
    site.unchanged()


def test_actions_that_decide_nothing_are_warned_of(site: Site) -> None:
    declare(site, actions=["TASKS_CREATED"])
    assert "actions decides nothing while send_for_all_actions is true" in site.lsops("plan").out


def test_reviews_exist_on_enterprise_only(site: Site) -> None:
    declare(site, send_for_all_actions=False, actions=["REVIEW_CREATED"])
    if site.edition == "community":
        assert "error[LS108]: REVIEW_CREATED does not exist on Label Studio Community" in site.refused()
    else:
        site.settled()


# ---- headers --------------------------------------------------------------------------------------


def test_a_secret_header_is_sent_and_not_compared(site: Site) -> None:
    assert applied(site, headers=TOKEN)["headers"] == {"Authorization": "first token"}
    site.lsops.setenv(HOOK_TOKEN="second token")
    assert "1 field cannot be read back and was not compared" in site.unchanged().out
    site.by_hand("webhooks", HOOK, headers={"Authorization": "by hand"})
    site.unchanged()


def test_a_secret_header_is_sent_again_when_asked(site: Site) -> None:
    applied(site, **FULL)
    site.lsops.setenv(HOOK_TOKEN="second token")
    assert f"! {ADDRESS}" in site.settled("--resend-secrets", "/projects/*/webhooks/*")
    row = site.row("webhooks", HOOK)
    assert row["headers"] == {"X-Team": "radiology", "Authorization": "second token"}
    assert row["actions"] == ["TASKS_CREATED"]


@pytest.mark.parametrize(
    "by_hand",
    [
        {},
        {"X-Team": "radiology"},
        {"Authorization": "first token"},
        {"X-Team": "surgery", "Authorization": "first token"},
        {"X-Team": "radiology", "Authorization": "first token", "X-More": "c"},
        {"x-team": "radiology", "Authorization": "first token"},
    ],
    ids=str,
)
def test_headers_changed_or_removed_by_hand_are_mended(site: Site, by_hand: dict[str, str]) -> None:
    before = applied(site, **FULL)
    site.by_hand("webhooks", HOOK, headers=by_hand)
    assert site.planned() == [("update", ADDRESS)]
    site.settled()
    assert site.row("webhooks", HOOK)["headers"] == before["headers"]


def test_a_plan_names_headers_and_shows_no_value(site: Site) -> None:
    applied(site, headers={"X-Team": "radiology", "X-Old": "old"})
    declare(site, headers={"X-Team": "surgery", **TOKEN})
    (change,) = site.changes()
    shown = {field["path"]: (field.get("before"), field.get("after")) for field in change["fields"]}
    assert shown == {
        "/headers/Authorization": (None, "***"),
        "/headers/X-Old": ("***", None),
        "/headers/X-Team": ("***", "***"),
    }
    assert change["secrets"] == {"/headers/Authorization": "${env:HOOK_TOKEN}"}


def test_a_header_that_is_ignored_stays_as_it_is(site: Site) -> None:
    applied(site, **FULL)
    site.by_hand("webhooks", HOOK, headers={"X-Team": "theirs", "Authorization": "first token"})
    rules = {"lifecycle": {"ignore": ["/headers/X-Team"]}}
    declare(site, **FULL, **rules)
    site.unchanged()
    assert applied(site, **{**FULL, "is_active": False}, **rules)["headers"]["X-Team"] == "theirs"


# ---- those that ML backends bring along -----------------------------------------------------------

MODEL = {"triage": {"url": f"{BASE}/model/"}}
BROUGHT = f"{BASE}/model/webhook"
PRUNE = {"prune": ["projects/*/webhooks"]}


def with_backend(site: Site) -> None:
    """A project with an ML backend, and so with its webhook."""
    site.declare({"ml_backends": MODEL, "webhooks": {}})
    site.settled()
    assert site.keys("webhooks") == [BROUGHT]


@pytest.mark.parametrize(
    ("children", "flags"),
    [
        ({"ml_backends": MODEL, "webhooks": {}}, ()),
        ({"webhooks": {}}, ()),
        ({"ml_backends": MODEL, "webhooks": {}}, ("--skip", "ml_backends")),
        ({"ml_backends": {}, "webhooks": {}}, ()),
    ],
    ids=["managed", "not managed", "skipped", "the backend is a stranger"],
)
def test_the_webhook_of_an_ml_backend_is_neither_listed_nor_pruned(
    site: Site, children: dict[str, Any], flags: tuple[str, ...]
) -> None:
    with_backend(site)
    for top in ({}, PRUNE):
        site.declare(children, **top)
        assert "~1webhook" not in site.unchanged(*flags).out
        assert "~1webhook" not in site.lsops("drift", "--strict", *flags).out


def test_it_is_a_stranger_once_its_backend_is_gone(site: Site) -> None:
    with_backend(site)
    site.declare({"ml_backends": {}, "webhooks": {}}, prune=["projects/*/ml_backends"])
    site.settled("--allow-deletes", "1")
    assert "~1webhook" in site.unchanged().out
    site.declare({"ml_backends": {}, "webhooks": {}}, **PRUNE)
    site.settled("--allow-deletes", "1")
    assert site.keys("webhooks") == []


def test_it_is_pruned_in_the_very_plan_that_takes_its_backend_away(site: Site) -> None:
    with_backend(site)
    site.declare({"ml_backends": {}, "webhooks": {}}, prune=["projects/*/ml_backends", "projects/*/webhooks"])
    assert [action for action, _ in site.planned()] == ["delete", "delete"]
    site.settled("--allow-deletes", "2")
    assert (site.keys("webhooks"), site.keys("ml_backends")) == ([], [])


def test_the_old_one_is_a_stranger_once_the_backend_has_moved(site: Site) -> None:
    with_backend(site)
    site.declare({"ml_backends": {"triage": {"url": f"{BASE}/moved"}}, "webhooks": {}}, **PRUNE)
    site.settled("--allow-deletes", "1")
    assert site.keys("webhooks") == []


@pytest.mark.parametrize("earlier", [{}, {"ml_backends": MODEL}], ids=["at once", "later"])
def test_a_declared_webhook_of_that_url_does_not_end_up_twice(site: Site, earlier: dict[str, Any]) -> None:
    hook = {"is_active": False, "send_for_all_actions": False, "actions": ["TASKS_CREATED"]}
    site.declare(earlier)
    site.settled()
    site.declare({"ml_backends": MODEL, "webhooks": {BROUGHT: hook}}, **PRUNE)
    site.settled()
    (row,) = site.rows("webhooks")
    assert {name: row[name] for name in ("url", *hook)} == {"url": BROUGHT, **hook}


def test_a_webhook_that_only_looks_like_one_is_listed_where_backends_are_managed(site: Site) -> None:
    with_backend(site)
    site.make("webhooks", f"{BASE}/somebody/webhook")
    site.declare({"ml_backends": MODEL, "webhooks": {}}, **PRUNE)
    assert site.planned() == [("delete", below(PLACE, f"{BASE}/somebody/webhook"))]
