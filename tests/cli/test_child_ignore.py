"""`lifecycle.ignore` and short forms of webhooks, views and ML backends: bodies keep what is not the manifest's."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.child_values import BY_ID, BY_TEXT, PASSWORD
from tests.support.site import BASE, Site

HOOK = f"{BASE}/hook"
MODEL = {"url": f"{BASE}/model"}
FULL_HOOK = {"send_for_all_actions": False, "actions": ["TASKS_CREATED"], "headers": {"X-Team": "a", "X-Two": "b"}}


@pytest.mark.parametrize(
    ("ignored", "by_hand"),
    [
        ("actions", {"actions": ["PROJECT_UPDATED"]}),
        ("headers", {"headers": {"X-Other": "theirs"}}),
        ("/headers/X-Team", {"headers": {"X-Team": "theirs", "X-Two": "b"}}),
        ("/headers/X-Team", {"headers": {"X-Two": "b"}}),
        ("send_for_all_actions", {"send_for_all_actions": True}),
    ],
    ids=str,
)
def test_what_a_webhook_ignores_survives_the_update_of_another_field(
    site: Site, ignored: str, by_hand: dict[str, Any]
) -> None:
    site.declare({"webhooks": {HOOK: FULL_HOOK}})
    site.settled()
    row = site.row("webhooks", HOOK)
    path = f"/api/webhooks/{row['id']}/"
    site.api.patch(path, json={"actions": row["actions"], **by_hand}).raise_for_status()
    rules = {"lifecycle": {"ignore": [ignored]}}
    site.declare({"webhooks": {HOOK: {**FULL_HOOK, **rules}}})
    site.unchanged()
    before = site.row("webhooks", HOOK)
    site.declare({"webhooks": {HOOK: {**FULL_HOOK, **rules, "is_active": False}}})
    site.settled()
    after = site.row("webhooks", HOOK)
    assert after == {**before, "is_active": False, "updated_at": after["updated_at"]}


FULL_VIEW = {
    "filters": {"conjunction": "and", "items": [BY_ID]},
    "ordering": ["tasks:id"],
    "hiddenColumns": {"explore": ["tasks:id"], "labeling": ["tasks:id"]},
    "columnsWidth": {"tasks:id": 80, "tasks:inner_id": 70},
    "data": {"next": {"a": 1, "b": 2}},
}


@pytest.mark.parametrize(
    ("ignored", "by_hand"),
    [
        ("filters", {"filters": {"conjunction": "or", "items": [BY_TEXT]}}),
        ("ordering", {"ordering": ["-tasks:id"]}),
        ("hiddenColumns", {"hiddenColumns": {"explore": [], "labeling": []}}),
        ("/hiddenColumns/explore", {"hiddenColumns": {"explore": ["tasks:x"], "labeling": ["tasks:id"]}}),
        ("/columnsWidth/tasks:id", {"columnsWidth": {"tasks:id": 5, "tasks:inner_id": 70}}),
        ("/data/next/a", {"next": {"a": 5, "b": 2}}),
        ("data", {"next": {"a": 5}}),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_what_a_view_ignores_survives_the_update_of_another_field(
    site: Site, ignored: str, by_hand: dict[str, Any]
) -> None:
    site.declare({"views": {"Tab": FULL_VIEW}})
    site.settled()
    site.by_hand("views", "Tab", **by_hand)
    before = site.row("views", "Tab")
    rules = {"lifecycle": {"ignore": [ignored]}}
    site.declare({"views": {"Tab": {**FULL_VIEW, **rules}}})
    site.unchanged()
    site.declare({"views": {"Tab": {**FULL_VIEW, **rules, "gridWidth": 3}}})
    site.settled()
    assert site.row("views", "Tab") == {**before, "data": {**before["data"], "gridWidth": 3}}


LOGIN = {"auth_method": "BASIC_AUTH", "basic_auth_user": "ana", "basic_auth_pass": PASSWORD}


@pytest.mark.parametrize(
    ("ignored", "by_hand"),
    [
        ("url", {"url": f"{BASE}/theirs"}),
        ("description", {"description": "theirs"}),
        ("basic_auth_user", {**LOGIN, "basic_auth_user": "theirs", "basic_auth_pass": "theirs"}),
        ("auth_method", {"auth_method": "NONE"}),
        ("basic_auth_pass", {**LOGIN, "basic_auth_pass": "theirs"}),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_what_a_backend_ignores_survives_the_update_of_another_field(
    site: Site, ignored: str, by_hand: dict[str, Any]
) -> None:
    entry = {**MODEL, **LOGIN, "description": "ours"}
    site.declare({"ml_backends": {"triage": entry}})
    site.settled()
    site.by_hand("ml_backends", "triage", **by_hand)
    before = site.row("ml_backends", "triage")
    rules = {"lifecycle": {"ignore": [ignored]}}
    site.declare({"ml_backends": {"triage": {**entry, **rules}}})
    site.unchanged()
    site.declare({"ml_backends": {"triage": {**entry, **rules, "timeout": 5}}})
    site.settled()
    after = site.row("ml_backends", "triage")
    assert after == {**before, "timeout": 5.0, "updated_at": after["updated_at"]}


def test_an_ignored_password_is_not_sent_again(site: Site) -> None:
    entry = {**MODEL, **LOGIN}
    site.declare({"ml_backends": {"triage": entry}})
    site.settled()
    site.by_hand("ml_backends", "triage", **{**LOGIN, "basic_auth_pass": "theirs"})
    rules = {"lifecycle": {"ignore": ["basic_auth_pass"]}}
    site.declare({"ml_backends": {"triage": {**entry, **rules, "timeout": 5}}})
    site.settled()
    assert "'basic_auth_pass': 'theirs'" in str(site.state()["ml_backend"])


# ---- spellings ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "item",
    [
        {**BY_ID, "child_filter": None},
        {**BY_ID, "child_filters": []},
        {**BY_ID, "child_filters": None},
        {**BY_ID, "filter": "filter:tasks:-id"},
        {**BY_ID, "value": 5.0},
        {**BY_TEXT, "value": " kept "},
    ],
    ids=str,
)
def test_a_condition_in_another_spelling_is_no_drift(site: Site, item: dict[str, Any]) -> None:
    site.declare({"views": {"Tab": {"filters": {"conjunction": "and", "items": [item]}}}})
    site.settled()


@pytest.mark.parametrize("title", ["a/b", "a~b", "100%", "*", "a b", "ü", "{}", "***", '"q"'])
def test_a_title_with_odd_characters_is_found_again(site: Site, title: str) -> None:
    site.declare({"views": {title: {"gridWidth": 3}}, "ml_backends": {title: MODEL}, "model_version": title})
    site.settled()
    assert (site.keys("views"), site.keys("ml_backends")) == ([title], [title])
    site.declare({"views": {title: {"gridWidth": 4}}, "ml_backends": {title: {**MODEL, "timeout": 5}}})
    site.settled()


@pytest.mark.parametrize(
    "url", [f"{BASE}/a?b=c&d=e#f", "https://user:word@hooks.example.com/", "HTTP://10.0.0.1:80/A~1"]
)
def test_a_webhook_with_an_odd_url_is_found_again(site: Site, url: str) -> None:
    site.declare({"webhooks": {"hook": {"url": url, "is_active": False}}})
    site.settled()
    site.declare({"webhooks": {"hook": {"url": url, "is_active": True}}}, prune=["projects/*/webhooks"])
    site.settled()
    assert site.keys("webhooks") == [url]
    site.declare({"webhooks": {}}, prune=["projects/*/webhooks"])
    site.settled("--allow-deletes", "1")
