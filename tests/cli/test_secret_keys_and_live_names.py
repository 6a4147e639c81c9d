"""Where a message says which live webhook is meant, or may be, and its URL is a secret: nobody sees the URL."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.listener import AUDIT, LOUD, Listener
from tests.support.site import Site

pytestmark = pytest.mark.parametrize("site", ["community"], indirect=True)

URL = "https://chat.example.com/in/canary-2f9a8c7d6e5b"
OTHER = "https://chat.example.com/in/canary-77aa66bb55cc"
NEAR = "https://chat.example.com/in/canari-77aa66bb55cd"
SHOWN = "https://chat.example.com/***"
PLACE = "/projects/Triage/webhooks"
ADDRESS = f"{PLACE}/alerts"
ALIKE = {"is_active": False, "send_payload": False}
PRUNE = ["projects/*/webhooks"]


def alerts(**fields: Any) -> dict[str, Any]:
    """The entry whose URL is a secret."""
    return {"alerts": {"url": "${env:HOOK_URL}", **fields}}


@pytest.fixture
def listener(site: Site) -> Listener:
    """The entry is applied, and there is another webhook of its host."""
    site.lsops.setenv(HOOK_URL=URL)
    site.declare({"webhooks": alerts()})
    site.settled()
    site.make("webhooks", OTHER, **ALIKE)
    return Listener(site)


def number(site: Site, url: str) -> int:
    return int(site.row("webhooks", url)["id"])


# ---- the live key ---------------------------------------------------------------------------------


@pytest.mark.parametrize("fields", [{"is_active": False}, {"lifecycle": {"absent": True}}], ids=["update", "delete"])
def test_a_change_says_the_host_of_the_live_url(site: Site, listener: Listener, fields: dict[str, Any]) -> None:
    site.declare({"webhooks": alerts(**fields)})
    (change,) = site.changes()
    assert change["live"] == {"id": number(site, URL), "key": SHOWN}
    assert f'{ADDRESS} (id {number(site, URL)}, "{SHOWN}")' in listener("plan").out
    listener.looks()
    assert listener.leaks() == set()


@pytest.mark.usefixtures("listener")
def test_a_refused_delete_says_the_host_of_what_it_would_delete(site: Site) -> None:
    site.declare({"webhooks": alerts(lifecycle={"absent": True})})
    err = site.lsops("apply", "--yes").err
    assert f'among them {ADDRESS} (id {number(site, URL)}, "{SHOWN}")' in err
    assert "canary" not in err


@pytest.mark.parametrize("is_set", [True, False])
def test_what_is_undeclared_is_listed_by_host_and_id(site: Site, listener: Listener, is_set: bool) -> None:
    if not is_set:
        site.lsops.monkeypatch.delenv("HOOK_URL")
    wanted = [number(site, OTHER)] if is_set else [number(site, URL), number(site, OTHER)]
    found = listener("plan", "--format", "json").json()["unmanaged_live"]
    assert [(one["id"], one["key"]) for one in found] == [(one, SHOWN) for one in wanted]
    assert [one["address"] for one in found] == [
        f"{PLACE}/https:~1~1chat.example.com~1*** (id {one})" for one in wanted
    ]
    listener.looks()
    assert listener.leaks() == set()


# ---- what may be meant ----------------------------------------------------------------------------


@pytest.mark.parametrize("is_set", [True, False])
@pytest.mark.parametrize("rules", [{"renamed_from": NEAR}, {"absent": True}], ids=["an old name", "a delete"])
def test_no_near_name_is_a_secret(site: Site, listener: Listener, is_set: bool, rules: dict[str, Any]) -> None:
    if not is_set:
        site.lsops.monkeypatch.delenv("HOOK_URL")
    url = NEAR if "absent" in rules else "https://new.example.com/in"
    site.declare({"webhooks": {**alerts(), url: {"lifecycle": rules}}})
    listener.looks()
    assert "did you mean" not in "".join(listener.said)
    assert listener.leaks() == set()


def test_a_near_name_of_another_host_is_still_told(site: Site, listener: Listener) -> None:
    site.make("webhooks", "https://plain.example.com/hook")
    gone = {"https://plain.example.com/hok": {"lifecycle": {"absent": True}}}
    site.declare({"webhooks": {**alerts(), **gone}})
    assert 'did you mean "https://plain.example.com/hook"?' in listener("plan").out


@pytest.mark.parametrize("top", [{}, {"prune": PRUNE}], ids=["undeclared", "pruned"])
def test_a_rename_is_advised_by_the_id(site: Site, listener: Listener, top: dict[str, Any]) -> None:
    site.declare({"webhooks": {**alerts(), "https://new.example.com/in": ALIKE}}, **top)
    assert f"write lifecycle: {{id: {number(site, OTHER)}}}" in listener("plan").out
    listener.looks()
    assert listener.leaks() == set()


@pytest.mark.parametrize("is_set", [True, False])
def test_a_target_that_names_nothing_is_told_no_secret(site: Site, listener: Listener, is_set: bool) -> None:
    site.make("webhooks", "https://a.io/canary-1f")
    site.lsops.setenv(HOOK_URL="https://a.io/canary-2f")
    if not is_set:
        site.lsops.monkeypatch.delenv("HOOK_URL")
    live = f"{PLACE}/https:~1~1a.io~1*** (id {number(site, 'https://a.io/canary-1f')})"
    assert "it is live and not in the manifest" in listener("plan", "-t", live, code=3).err
    listener("plan", "-t", f"{PLACE}/https:~1~1a.io~1canari-1f", code=3)
    assert listener.leaks() == set()


def test_the_webhook_of_a_secret_is_not_told_to_be_undeclared(site: Site, listener: Listener) -> None:
    for url in ("https://a.io/canary-1f", "https://a.io/canary-2f"):
        site.make("webhooks", url)
    site.lsops.setenv(HOOK_URL="https://a.io/canary-2f")
    own = f"{PLACE}/https:~1~1a.io~1*** (id {number(site, 'https://a.io/canary-2f')})"
    assert "it is live" not in listener("plan", "-t", own, code=3).err
    assert listener.leaks() == set()


def test_entries_of_two_secrets_may_have_names_that_look_alike(site: Site, listener: Listener) -> None:
    site.lsops.setenv(OTHER_URL=OTHER)
    site.declare({"webhooks": {**alerts(), "Alerts": {"url": "${env:OTHER_URL}"}}})
    assert "LS509" not in listener("validate").err
    assert listener("plan", "--format", "json").json()["warnings"] == []


# ---- who is looked for first ----------------------------------------------------------------------


@pytest.mark.parametrize("rules", [{"renamed_from": OTHER}, {}], ids=["an old name", "an id"])
def test_who_takes_a_secret_url_waits_for_who_gives_it_up(
    site: Site, listener: Listener, rules: dict[str, Any]
) -> None:
    site.declare({"webhooks": {}})
    site.settled()
    moved = number(site, OTHER)
    site.lsops.setenv(OTHER_URL=OTHER, HOOK_URL=f"{URL}0")
    second = {"second": {"url": "${env:OTHER_URL}", "lifecycle": {"new": True}}}
    site.declare({"webhooks": {**second, **alerts(lifecycle=rules or {"id": moved})}})
    update, create = listener("plan", "--format", "json").json()["changes"]
    assert (update["address"], update["action"], update["live"]["id"]) == (ADDRESS, "update", moved)
    assert (create["address"], create["action"], create["requires"]) == (f"{PLACE}/second", "create", [ADDRESS])
    site.settled()
    assert number(site, f"{URL}0") == moved
    assert site.keys("webhooks") == sorted([URL, f"{URL}0", OTHER])


def test_where_it_is_not_set_its_old_name_is_nobody_elses(site: Site, listener: Listener) -> None:
    site.lsops.monkeypatch.delenv("HOOK_URL")
    site.make("webhooks", "https://old.example.com/in")
    site.declare({"webhooks": alerts(lifecycle={"renamed_from": "https://old.example.com/in"})})
    site.api.delete(f"/api/webhooks/{number(site, URL)}/")
    document = listener("plan", "--format", "json").json()
    assert document["not_compared"] == [ADDRESS]
    assert [one["id"] for one in document["unmanaged_live"]] == [number(site, OTHER)]
    assert listener.leaks() == set()


def test_where_the_rename_is_done_its_old_name_may_be_declared_without_the_secret(
    site: Site, listener: Listener
) -> None:
    old = "https://old.example.com/in"
    site.make("webhooks", old)
    site.declare({"webhooks": {**alerts(lifecycle={"renamed_from": old}), old: {"lifecycle": {"new": True}}}})
    site.lsops.monkeypatch.delenv("HOOK_URL")
    document = listener("plan", "--format", "json").json()
    assert (document["changes"], document["not_compared"]) == ([], [ADDRESS])


# ---- what others make meanwhile -------------------------------------------------------------------


@pytest.mark.parametrize("when", ["GET /api/webhooks/", "POST /api/webhooks/"], ids=["before", "at the same time"])
def test_what_another_run_made_meanwhile_is_told_by_its_name(site: Site, listener: Listener, when: str) -> None:
    site.lsops.setenv(HOOK_URL=f"{URL}0")
    left = [2 if when.startswith("GET") else 1]

    def meanwhile(request: str) -> None:
        left[0] -= request == when
        if not left[0] and request == when:
            site.make("webhooks", f"{URL}0")

    site.watch.meanwhile = meanwhile
    listener("apply", "--yes", *LOUD, *AUDIT, code=4)
    words = "now exists" if when.startswith("GET") else "was made twice at the same time"
    assert f'"alerts" {words}' in "".join(listener.said)
    assert listener.leaks() == set()
