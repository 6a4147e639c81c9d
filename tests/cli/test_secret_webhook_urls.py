"""A webhook whose URL is a secret: it is found, made and changed by it, and nobody ever sees it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.listener import AUDIT, DEBUG, Listener
from tests.support.one_project import line_of
from tests.support.site import Site
from tests.support.webhook_scenes import a_bug, echoed, made_otherwise

pytestmark = pytest.mark.parametrize("site", ["community"], indirect=True)

PATH = "canary-B0/canary-2f9a8c7d6e5b"
URL = f"https://chat.example.com/in/{PATH}"
SHOWN = "https://chat.example.com/***"
OTHER = "https://chat.example.com/in/canary-77aa66bb55cc"
SLACK = "https://hooks.slack.com/services/T0/canary-0123456789"
PLACE = "/projects/Triage/webhooks"
ADDRESS = f"{PLACE}/alerts"
PRUNE = ["projects/*/webhooks"]


def hook(**fields: Any) -> dict[str, Any]:
    """A webhook by a name of its own."""
    return {"webhooks": {"alerts": {"url": "${env:HOOK_URL}", **fields}}}


@pytest.fixture
def listener(site: Site) -> Listener:
    site.lsops.setenv(HOOK_URL=URL)
    return Listener(site)


def fields_of(change: dict[str, Any]) -> list[dict[str, Any]]:
    """The fields of a change but for their places."""
    return [{name: part for name, part in one.items() if name != "source"} for one in change["fields"]]


def unset(site: Site) -> None:
    site.lsops.monkeypatch.delenv("HOOK_URL")


def by_hand(site: Site, url: str, **fields: Any) -> int:
    """Somebody makes a webhook in the browser; its id."""
    project = site.api.get("/api/projects/").json()["results"][0]["id"]
    answer = site.api.post("/api/webhooks/", json={"project": project, "url": url, **fields})
    return int(answer.json()["id"])


def urls(site: Site) -> list[str]:
    return [row["url"] for row in site.api.get("/api/webhooks/").json()]


# ---- found, made and changed ----------------------------------------------------------------------


def test_it_is_made_and_found_again_by_the_secret(site: Site, listener: Listener) -> None:
    site.declare(hook())
    (create,) = (change for change in site.changes() if change["kind"] == "webhook")
    assert create["address"] == ADDRESS
    assert fields_of(create) == [{"path": "/url", "after": SHOWN}]
    assert create["secrets"] == {"/url": "${env:HOOK_URL}"}
    site.settled()
    assert urls(site) == [URL]


@pytest.mark.usefixtures("listener")
def test_another_field_changes_and_the_url_stays(site: Site) -> None:
    site.declare(hook())
    site.settled()
    site.declare(hook(is_active=False))
    (change,) = site.changes()
    assert (change["action"], fields_of(change), change["secrets"]) == (
        "update",
        [{"path": "/is_active", "before": True, "after": False}],
        {},
    )
    site.settled()
    assert urls(site) == [URL]


@pytest.mark.usefixtures("listener")
def test_a_secret_from_a_file_does_as_well(site: Site) -> None:
    site.lsops.write(f"{URL}\n", "hook")
    site.declare({"webhooks": {"alerts": {"url": "${file:hook}"}}})
    site.settled()
    assert urls(site) == [URL]


@pytest.mark.usefixtures("listener")
def test_one_that_is_pinned_keeps_its_id_when_the_secret_is_rotated(site: Site) -> None:
    site.declare({})
    site.settled()
    number = by_hand(site, OTHER)
    site.declare(hook(lifecycle={"id": number}))
    (change,) = site.changes()
    assert fields_of(change) == [{"path": "/url", "before": SHOWN, "after": SHOWN}]
    site.settled()
    assert [(row["id"], row["url"]) for row in site.api.get("/api/webhooks/").json()] == [(number, URL)]


@pytest.mark.usefixtures("listener")
def test_one_that_is_to_be_absent_is_found_and_deleted(site: Site) -> None:
    site.declare(hook())
    site.settled()
    site.declare(hook(lifecycle={"absent": True}))
    assert site.planned() == [("delete", ADDRESS)]
    site.settled("--allow-deletes", "1")
    assert urls(site) == []


@pytest.mark.parametrize("url", [URL, "${env:OTHER_URL}"], ids=["literal", "secret"])
@pytest.mark.parametrize("is_live", [False, True])
@pytest.mark.usefixtures("listener")
def test_two_entries_with_one_url_are_refused(site: Site, url: str, is_live: bool) -> None:
    site.lsops.setenv(OTHER_URL=f" {URL}")
    site.declare(hook() if is_live else {})
    site.settled()
    site.declare({"webhooks": {**hook()["webhooks"], "again": {"url": url}}})
    ran = site.lsops("plan")
    assert (ran.code, "error[LS501]: this and /projects/Triage/webhooks/alerts" in ran.err) == (3, True)
    assert "canary" not in ran.err


@pytest.mark.parametrize(
    "value", ["word", "ftp://a.example/canary", "https://a b.example/", "https://host/x", f"{URL}\nx"]
)
def test_a_secret_that_is_no_url_is_refused_before_the_first_write(site: Site, listener: Listener, value: str) -> None:
    site.lsops.setenv(HOOK_URL=value)
    site.declare(hook())
    ran = listener("apply", "--yes", code=3)
    assert "error[LS106]: url must be an http or https URL" in ran.err
    assert (urls(site), site.watch.writes(), "canary" in "".join(listener.said)) == ([], [], False)


# ---- where the secret is not set ------------------------------------------------------------------


def test_where_it_is_not_set_nothing_is_planned_and_every_form_names_it(site: Site, listener: Listener) -> None:
    site.declare(hook(is_active=False))
    site.settled()
    unset(site)
    site.declare(hook(is_active=True))
    for form in ("text", "json", "markdown"):
        for verb in ("plan", "drift"):
            ran = listener(verb, "--format", form)
            assert "not compared: url is ${env:HOOK_URL}, and HOOK_URL is not set" in ran.out
            assert "set HOOK_URL" in ran.out
        listener("plan", "--out", "plan.json")
        assert "HOOK_URL is not set" in listener("show", "plan.json", "--format", form).out
    document = json.loads((site.lsops.folder / "plan.json").read_text())
    assert (document["changes"], document["not_compared"]) == ([], [ADDRESS])
    assert "canary" not in "".join(listener.said)


def test_where_it_is_set_the_document_does_not_speak_of_it(site: Site, listener: Listener) -> None:
    site.declare(hook())
    assert "not_compared" not in listener("plan", "--format", "json").json()


@pytest.mark.usefixtures("listener")
def test_a_pinned_one_is_not_compared_either(site: Site) -> None:
    site.declare({})
    site.settled()
    site.declare(hook(lifecycle={"id": by_hand(site, URL)}, is_active=False))
    unset(site)
    assert site.lsops("plan", "--format", "json").json()["not_compared"] == [ADDRESS]


def test_apply_needs_it_and_names_every_secret_that_is_missing(site: Site, listener: Listener) -> None:
    unset(site)
    site.declare({**hook(headers={"X-Key": "${env:HOOK_KEY}"}), "task_data_password": "${env:TASKS_KEY}"})
    ran = listener("apply", "--yes", code=3)
    assert [name for name in ("HOOK_URL", "HOOK_KEY", "TASKS_KEY") if f"{name} is not set" in ran.err] == [
        "HOOK_URL",
        "HOOK_KEY",
        "TASKS_KEY",
    ]
    assert f"{line_of(site.lsops, 'url')}:" in ran.err
    assert site.watch.writes() == []


def test_apply_asks_for_it_only_where_it_is_about_it(site: Site, listener: Listener) -> None:
    unset(site)
    site.declare({"views": {"All": {}}, **hook()})
    listener("apply", "--yes", "-t", "/projects/Triage/views/All")
    assert urls(site) == []


@pytest.mark.parametrize("is_live", [False, True])
def test_the_reviewed_plan_makes_what_was_reviewed_as_a_reference(
    site: Site, listener: Listener, is_live: bool
) -> None:
    site.declare(hook(is_active=True) if is_live else {"description": "first"})
    site.settled()
    site.declare({**hook(is_active=False), "description": "second"})
    unset(site)
    site.lsops("plan", "--out", "plan.json")
    site.lsops.setenv(HOOK_URL=URL)
    listener("apply", "--plan", "plan.json")
    (row,) = site.api.get("/api/webhooks/").json()
    assert (row["url"], row["is_active"]) == (URL, False)
    assert "canary" not in "".join(listener.said)


@pytest.mark.usefixtures("listener")
def test_a_reviewed_plan_that_compared_it_makes_no_more_than_it_says(site: Site) -> None:
    site.declare(hook(is_active=True))
    site.settled()
    site.lsops("plan", "--out", "plan.json")
    site.declare(hook(is_active=False))
    ran = site.lsops("apply", "--plan", "plan.json")
    assert (ran.code, f"not in the saved plan, not made: {ADDRESS}" in ran.err) == (0, True)


@pytest.mark.usefixtures("listener")
def test_an_address_in_the_file_is_no_way_to_make_other_changes(site: Site) -> None:
    site.declare({"description": "first"})
    site.settled()
    site.lsops("plan", "--out", "plan.json")
    path = site.lsops.folder / "plan.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "not_compared": ["/projects/Triage"]}))
    site.declare({"description": "second"})
    ran = site.lsops("apply", "--plan", "plan.json")
    assert (ran.code, "not in the saved plan, not made: /projects/Triage" in ran.err) == (0, True)


def test_no_webhook_of_the_project_is_pruned_where_it_is_not_set(site: Site, listener: Listener) -> None:
    site.declare(hook())
    site.settled()
    by_hand(site, OTHER)
    by_hand(site, "https://canary.example.com/canary")
    site.declare(hook(), prune=PRUNE)
    assert len(site.changes()) == 2
    unset(site)
    document = listener("plan", "--format", "json").json()
    assert document["changes"] == []
    assert document["unmanaged"] == [
        f"{PLACE}/https:~1~1chat.example.com~1*** (id 1)",
        f"{PLACE}/https:~1~1chat.example.com~1*** (id 2)",
        f"{PLACE}/https:~1~1canary.example.com~1*** (id 3)",
    ]
    site.declare({"webhooks": {}}, prune=PRUNE)
    assert [action for action, _ in site.planned()] == ["delete"] * 3


def test_left_out_by_a_target_it_keeps_its_own_from_prune_all_the_same(site: Site, listener: Listener) -> None:
    site.declare(hook())
    site.settled()
    site.declare({"webhooks": {**hook()["webhooks"], "https://a.example.com/x": {}}}, prune=PRUNE)
    unset(site)
    document = listener("plan", "--format", "json", "-t", f"{PLACE}/https:~1~1*").json()
    assert [change["action"] for change in document["changes"]] == ["create"]


def test_what_may_be_the_one_that_is_not_compared_is_no_drift(site: Site, listener: Listener) -> None:
    site.declare(hook())
    site.settled()
    unset(site)
    ran = listener("drift", "--strict")
    assert "No drift." in ran.out
    by_hand(site, OTHER)
    listener("drift", "--strict", code=2)
    assert listener.leaks() == set()


# ---- nobody sees it -------------------------------------------------------------------------------


def created(listener: Listener) -> None:
    listener.looks()
    listener.applied()


def changed(listener: Listener) -> None:
    listener.applied()
    listener.site.declare(hook(is_active=False))
    listener.looks()
    listener.applied("--resend-secrets", "/**")


def rotated(listener: Listener) -> None:
    """The old one is a stranger then, of the same host."""
    listener.applied()
    listener.site.lsops.setenv(HOOK_URL=OTHER)
    listener.looks()
    listener.applied()
    listener.site.declare(hook(), prune=PRUNE)
    listener.looks()
    listener("apply", "--yes", code=5)
    listener.applied("--allow-deletes", "1", "-v")


def elsewhere(listener: Listener) -> None:
    """The same URL, and another of its host, are live in a project that does not declare it."""
    listener.site.declare_projects({"Triage": hook(), "Other": {"webhooks": {}}})
    listener.applied()
    other = next(row["id"] for row in listener.site.projects() if row["title"] == "Other")
    for url in (URL, OTHER):
        listener.site.api.post("/api/webhooks/", json={"project": other, "url": url}).raise_for_status()
    listener.looks()
    assert "/projects/Other/webhooks/https:~1~1chat.example.com~1***" in "".join(listener.said)


def removed(listener: Listener) -> None:
    listener.applied()
    listener.site.declare(hook(lifecycle={"absent": True}))
    listener.looks()
    listener.applied("--allow-deletes", "1")


def renamed(listener: Listener) -> None:
    """Its old URL was a secret, too."""
    listener.applied()
    listener.site.declare(hook(lifecycle={"renamed_from": URL}))
    listener.site.lsops.setenv(HOOK_URL=OTHER)
    listener.looks()
    by_hand(listener.site, OTHER)
    listener.refused("plan", code=3)
    listener.site.declare(hook(lifecycle={"renamed_from": "https://chat.example.com/in/canary"}))
    listener.looks()


def doubled(listener: Listener) -> None:
    listener.applied()
    by_hand(listener.site, URL)
    listener.refused("plan", code=3)
    listener.refused("apply", code=3)


def not_set(listener: Listener) -> None:
    listener.applied()
    by_hand(listener.site, OTHER)
    unset(listener.site)
    listener.looks()


def stale(listener: Listener) -> None:
    listener("plan", "--out", "plan.json")
    listener.site.declare(hook(is_active=False))
    listener.refused("apply", "--plan", "plan.json", code=5)


def complaint(body: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The URL, whole and in part."""
    url = body["url"]
    words = f"{url} failed; /in/{PATH} too, {PATH.partition('/')[2]!r} and {url.replace('/', '%2F')}"
    return words, {"url": [words]}


def not_kept(listener: Listener) -> None:
    """The server answers well and has another URL."""
    made_otherwise(listener, {"url": OTHER})
    assert "the server did not keep url: it holds another than was sent" in "".join(listener.said)


def lost(listener: Listener) -> None:
    """The answer to the create is lost, and what it made is found by the secret."""
    listener.site.watch.faults = ("POST /api/webhooks/:drop",)
    listener.applied()


def made_twice(listener: Listener) -> None:
    """The answer is lost, and there are two."""

    def twice(request: str) -> None:
        if request == "POST /api/webhooks/":
            by_hand(listener.site, URL)
            by_hand(listener.site, URL)

    listener.site.watch.meanwhile = twice
    listener.site.watch.faults = ("POST /api/webhooks/:503",)
    listener("apply", "--yes", *DEBUG, *AUDIT, code=4)
    assert '"alerts" was made more than once' in "".join(listener.said)


ECHOES = [pytest.param(echoed(status, complaint), id=f"echoed-{status}") for status in (400, 403, 500)]
SCENES = [
    created,
    changed,
    rotated,
    elsewhere,
    removed,
    renamed,
    doubled,
    not_set,
    stale,
    not_kept,
    lost,
    made_twice,
    a_bug,
]


@pytest.mark.parametrize("scene", [*SCENES, *ECHOES])
def test_a_url_that_is_a_secret_is_never_shown(listener: Listener, scene: Callable[[Listener], None]) -> None:
    listener.site.declare(hook())
    scene(listener)
    assert listener.leaks() == set()


# ---- what somebody else made, and what stands in git ----------------------------------------------


def test_of_an_undeclared_one_of_a_known_host_only_the_host_and_the_id_are_shown(
    site: Site, listener: Listener
) -> None:
    site.declare({"webhooks": {}})
    site.settled()
    number = by_hand(site, SLACK)
    address = f"{PLACE}/https:~1~1hooks.slack.com~1*** (id {number})"
    assert listener("plan", "--format", "json").json()["unmanaged"] == [address]
    listener.looks()
    site.declare({"webhooks": {}}, prune=PRUNE)
    listener.looks()
    listener.applied("--allow-deletes", "1")
    assert listener.leaks() == set()


def test_the_query_of_an_undeclared_one_is_masked_whatever_its_host(site: Site, listener: Listener) -> None:
    site.declare({"webhooks": {}})
    site.settled()
    by_hand(site, "https://any.example.com/in?token=canary")
    listener.looks()
    assert listener.leaks() == set()


@pytest.mark.parametrize("entry", [{SLACK: {}}, {"alerts": {"url": SLACK}}], ids=["key", "field"])
def test_one_of_a_known_host_that_is_written_out_is_a_warning_at_its_line(site: Site, entry: dict[str, Any]) -> None:
    listener = Listener(site, forms=("text", "markdown"))
    site.declare({"webhooks": entry})
    for ran in (listener("validate"), listener("plan"), listener("plan", "--format", "markdown")):
        text = ran.out + ran.err
        assert "LS113" in text
        assert "https://hooks.slack.com/*** is a secret" in text.replace('"', "")
        assert "write url: ${env:NAME}" in text
    listener.applied()
    assert urls(site) == [SLACK]
    assert listener.leaks() == set()


def test_the_hint_where_a_secret_is_not_allowed_leads_to_no_leak(site: Site, listener: Listener) -> None:
    site.declare({"description": "${env:HOOK_URL}"})
    ran = listener("validate", code=3)
    assert "what is no secret can be ${var:NAME}" in ran.err
    assert "it is shown in every plan" in ran.err
