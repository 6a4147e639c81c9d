"""Webhooks that ML backends bring along, and webhooks that nobody declares."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from lsops.model.plan import Plan
from lsops.model.resource import Lifecycle, Resource, Secret
from tests.engine.scenes import (
    CATS,
    ENTERPRISE,
    HOOK,
    MODEL,
    backend,
    declared,
    lines,
    live_backend,
    live_project,
    live_webhook,
    made,
    planned,
    project,
    refused,
    server,
    view,
    webhook,
)

HOOKS, BACKENDS = f"{CATS}/webhooks", f"{CATS}/ml_backends"
PRUNE = ("projects/*/webhooks",)
BROUGHT = MODEL + "/webhook"
GONE = f"- {HOOKS}/http:~1~1ml.example.com:9090~1webhook"
ABSENT = Lifecycle(absent=True)


def pruned(
    *desired: Resource,
    live: Iterable[Resource],
    written: tuple[str, ...] = (),
    prune: tuple[str, ...] = (),
    failed: tuple[str, ...] = (),
) -> Plan:
    """The plan of a manifest whose webhooks are pruned and none declared."""
    wanted = declared(project(), *desired, written=(HOOKS, *written), prune=(*PRUNE, *prune))
    return made(wanted, server(live_project(), *live, read=wanted.written, failed=failed))


KEPT: dict[str, dict[str, Any]] = {
    "as it was made": {},
    "inactive": {"is_active": False},
    "with headers, which somebody gave it": {"headers": {"X-Key": "k"}},
    "not called for everything any more": {"send_for_all_actions": False},
}
PRUNED: dict[str, dict[str, Any]] = {
    "it has another path": {"url": MODEL + "/webhooks"},
}


@pytest.mark.parametrize("fields", KEPT.values(), ids=KEPT.keys())
def test_where_the_backends_are_not_read_what_may_be_theirs_is_left_alone(fields: dict[str, Any]) -> None:
    found = pruned(live=[live_webhook(3, BROUGHT, **fields)])
    assert (lines(found), found.unmanaged) == ([], ())


@pytest.mark.parametrize("fields", PRUNED.values(), ids=PRUNED.keys())
def test_and_what_cannot_be_theirs_is_pruned(fields: dict[str, Any]) -> None:
    found = pruned(live=[live_webhook(3, **{"url": BROUGHT, **fields})])
    assert [change.action for change in found.changes] == ["delete"]


def test_a_failed_read_of_the_backends_is_as_none() -> None:
    found = pruned(backend(), live=[live_webhook(3, BROUGHT)], failed=(BACKENDS,))
    assert (lines(found), [finding.code for finding in found.failures]) == ([], ["LS703"])


READ: dict[str, tuple[list[Resource], list[Resource], list[str]]] = {
    "it belongs to a declared backend": ([backend()], [live_backend()], []),
    "slashes at the end do not count": ([backend(url=MODEL + "//")], [live_backend(url=MODEL + "//")], []),
    "it will belong to a new backend": ([backend()], [], []),
    "its backend moves away": ([backend(url="http://x")], [live_backend()], [GONE]),
    "its backend is to be deleted": ([backend(rules=ABSENT)], [live_backend()], [GONE]),
    "it belongs to no backend": ([backend("other", "http://x")], [live_backend(1, "other", "http://x")], [GONE]),
    "a backend moves here": ([backend()], [live_backend(url="http://x")], []),
}


@pytest.mark.parametrize(("desired", "held", "gone"), READ.values(), ids=READ.keys())
def test_where_the_backends_are_read_their_urls_after_the_plan_decide(
    desired: list[Resource], held: list[Resource], gone: list[str]
) -> None:
    found = pruned(*desired, live=[*held, live_webhook(3, BROUGHT, headers={"X-Key": "k"})])
    assert [line for line in lines(found) if "/webhooks/" in line] == gone


def test_a_backend_that_nobody_declares_keeps_its_webhook() -> None:
    found = pruned(live=[live_backend(), live_webhook(3, BROUGHT)], written=(BACKENDS,))
    assert (lines(found), found.unmanaged) == ([], (f"{BACKENDS}/triage",))


def test_a_backend_that_prune_deletes_does_not() -> None:
    held = [live_backend(), live_webhook(3, BROUGHT)]
    found = pruned(live=held, written=(BACKENDS,), prune=("projects/*/ml_backends",))
    assert lines(found) == [f"- {BACKENDS}/triage", GONE]
    assert found.changes[1].requires == (f"{BACKENDS}/triage",)


def test_the_backend_of_another_project_is_none_of_this_one() -> None:
    elsewhere = backend(above="/projects/Dogs")
    held = [live_project(8, "Dogs"), live_backend(2, above="/projects/Dogs"), live_webhook(3, BROUGHT)]
    found = pruned(project("Dogs"), elsewhere, live=held, written=(BACKENDS,))
    assert lines(found) == [GONE]


def test_a_backend_whose_url_is_ignored_keeps_its_webhook() -> None:
    ignoring = backend(url="http://x", rules=Lifecycle(ignore=("/url",)))
    assert lines(pruned(ignoring, live=[live_backend(), live_webhook(3, BROUGHT)])) == []


def test_other_webhooks_are_pruned_or_listed() -> None:
    held = [live_project(), live_backend(), live_webhook(3, BROUGHT), live_webhook(4)]
    address = f"{HOOKS}/https:~1~1hooks.example.com~1ls"
    assert lines(pruned(backend(), live=held[1:])) == [f"- {address}"]
    assert made(declared(project(), backend(), written=[HOOKS]), server(*held)).unmanaged == (address,)


# ---- order and matching ------------------------------------------------------------------------


def test_a_webhook_that_a_new_backend_would_bring_along_is_made_before_it() -> None:
    found = planned(project(), webhook(), webhook(BROUGHT, is_active=False), view(), backend())
    assert [change.address.rpartition("/")[2] for change in found.changes] == [
        "Cats",
        "http:~1~1ml.example.com:9090~1webhook",
        "triage",
        "To review",
        "https:~1~1hooks.example.com~1ls",
    ]


def test_one_that_is_there_is_changed_in_its_turn() -> None:
    found = planned(
        project(), webhook(BROUGHT, is_active=False), backend(), live=[live_project(), live_webhook(3, BROUGHT)]
    )
    assert [change.action for change in found.changes] == ["create", "update"]


def test_a_url_matches_exactly_but_for_blanks_at_its_ends() -> None:
    live = [live_project(), live_webhook(1, HOOK)]
    assert lines(planned(project(), webhook(f" {HOOK} "), live=live)) == []
    assert [c.action for c in planned(project(), webhook(HOOK + "/"), live=live).changes] == ["create"]


def test_two_webhooks_with_one_url_are_an_error_that_shows_no_credentials() -> None:
    url = "https://ana:hunter2@h.example.com/?t=hunter2"
    [(code, message)] = refused(
        project(), webhook(url), live=[live_project(), live_webhook(1, url), live_webhook(2, url)]
    )
    assert (code, message) == ("LS502", '2 live webhooks are called "https://***@h.example.com/?***": ids 1, 2')


def test_the_address_of_an_unmanaged_url_shows_no_credentials_and_is_still_its_own() -> None:
    urls = ["https://ana:pw@h.example.com/?t=1", "https://ben:pw@h.example.com/?t=2", "https://h.example.com/a"]
    held = [live_webhook(number, url) for number, url in enumerate(urls, 1)]
    found = made(declared(project(), written=[HOOKS]), server(live_project(), *held))
    masked = f"{HOOKS}/https:~1~1***@h.example.com~1?***"
    assert found.unmanaged == (f"{masked} (id 1)", f"{masked} (id 2)", f"{HOOKS}/https:~1~1h.example.com~1a")


# ---- actions -----------------------------------------------------------------------------------


def test_the_order_of_actions_and_repetitions_do_not_count() -> None:
    held = live_webhook(actions=["ANNOTATION_CREATED", "TASKS_CREATED"])
    wanted = webhook(actions=["TASKS_CREATED", "ANNOTATION_CREATED", "TASKS_CREATED"])
    assert lines(planned(project(), wanted, live=[live_project(), held])) == []


@pytest.mark.parametrize(
    ("fields", "held", "is_warned"),
    [
        ({}, {}, True),
        ({"send_for_all_actions": True}, {"send_for_all_actions": False}, True),
        ({"send_for_all_actions": False}, {}, False),
        ({}, {"send_for_all_actions": False}, False),
    ],
)
def test_actions_that_decide_nothing_are_a_warning(
    fields: dict[str, Any], held: dict[str, Any], *, is_warned: bool
) -> None:
    wanted = webhook(actions=["TASKS_CREATED"], **fields)
    [change] = planned(project(), wanted, live=[live_project(), live_webhook(**held)]).changes
    assert bool(change.warnings) == is_warned


@pytest.mark.parametrize(
    ("fields", "held", "is_warned"),
    [
        ({"send_for_all_actions": False}, None, True),
        ({"send_for_all_actions": False, "actions": []}, None, True),
        ({"send_for_all_actions": False}, {}, True),
        ({"is_active": False}, {"send_for_all_actions": False}, True),
        ({"actions": []}, {"send_for_all_actions": False, "actions": ["TASKS_CREATED"]}, True),
        ({"send_for_all_actions": False, "actions": ["TASKS_CREATED"]}, None, False),
        ({"send_for_all_actions": False}, {"actions": ["TASKS_CREATED"]}, False),
        ({"is_active": False}, {}, False),
        ({"actions": []}, {"actions": ["TASKS_CREATED"]}, False),
    ],
)
def test_a_url_that_nothing_calls_is_a_warning(
    fields: dict[str, Any], held: dict[str, Any] | None, *, is_warned: bool
) -> None:
    live = [live_project()] if held is None else [live_project(), live_webhook(**held)]
    [change] = planned(project(), webhook(**fields), live=live).changes
    said = ["nothing calls this URL: send_for_all_actions is false and there are no actions"]
    assert list(change.warnings) == (said if is_warned else [])


def test_review_actions_exist_on_enterprise_only() -> None:
    wanted = webhook(actions=["REVIEW_CREATED", "TASKS_CREATED", "REVIEWS_DELETED"], headers={"A": Secret("env", "A")})
    live = [live_project(workspace=1)]
    assert refused(project(), wanted, live=live) == [
        ("LS108", "REVIEWS_DELETED does not exist on Label Studio Community"),
        ("LS108", "REVIEW_CREATED does not exist on Label Studio Community"),
    ]
    assert refused(project(), wanted, live=live, facts=ENTERPRISE) == []
