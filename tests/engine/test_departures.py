"""What goes with, or only after, something else: webhooks of ML backends, and what is protected inside of a project."""

from __future__ import annotations

import pytest

from lsops.engine.consent import objections
from lsops.engine.needs import Consent
from lsops.model.desired import Desired
from lsops.model.plan import Change, Plan
from lsops.model.resource import Lifecycle, Resource
from tests.engine.scenes import (
    CATS,
    HOOK,
    MODEL,
    backend,
    declared,
    lines,
    live_backend,
    live_project,
    live_view,
    live_webhook,
    made,
    planned,
    project,
    server,
    view,
    webhook,
)
from tests.support.forms import plan_as

HOOKS, BACKENDS = f"{CATS}/webhooks", f"{CATS}/ml_backends"
BROUGHT = MODEL + "/webhook"
TRIAGE, GONE = f"{BACKENDS}/triage", f"{HOOKS}/http:~1~1ml.example.com:9090~1webhook"
ABSENT, PROTECTED = Lifecycle(absent=True), Lifecycle(protect=True)
PRUNE = ("projects/*/ml_backends", "projects/*/webhooks")

# ---- webhooks that ML backends brought along ----------------------------------------------------


def leaving(*desired: Resource, held: tuple[Resource, ...] = (), prune: tuple[str, ...] = PRUNE) -> Plan:
    """The plan for a project with a backend and its webhook, whose collections are written."""
    wanted = declared(project(), *desired, written=(HOOKS, BACKENDS), prune=prune)
    return made(wanted, server(live_project(), live_backend(), live_webhook(3, BROUGHT), *held, read=wanted.written))


AFTER: dict[str, tuple[tuple[Resource, ...], str]] = {
    "that prune deletes": ((), "-"),
    "that is to be absent": ((backend(rules=ABSENT),), "-"),
    "that moves": ((backend(url="http://moved.example.com"),), "~"),
    "that moves under another name": (
        (backend("sorter", "http://moved.example.com", rules=Lifecycle(renamed_from="triage")),),
        "~",
    ),
}


@pytest.mark.parametrize("named", [(), (webhook(BROUGHT, rules=ABSENT),)], ids=["pruned", "absent"])
@pytest.mark.parametrize(("desired", "symbol"), AFTER.values(), ids=AFTER.keys())
def test_the_webhook_goes_after_its_backend_and_only_then(
    desired: tuple[Resource, ...], symbol: str, named: tuple[Resource, ...]
) -> None:
    first, second = leaving(*desired, *named).changes
    assert (first.symbol, first.kind, second.symbol, second.address) == (symbol, "ml_backend", "-", GONE)
    assert second.requires == (first.address,)


def test_it_waits_for_every_backend_of_that_url() -> None:
    found = leaving(held=(live_backend(2, "sorter"),))
    assert found.changes[-1].address == GONE
    assert sorted(found.changes[-1].requires) == [f"{BACKENDS}/sorter", TRIAGE]


@pytest.mark.parametrize("fields", [{}, {"description": "new"}], ids=["unchanged", "changed elsewhere"])
def test_it_waits_for_nothing_where_its_backend_stays(fields: dict[str, str]) -> None:
    gone = leaving(backend(**fields), webhook(BROUGHT, rules=ABSENT)).changes[-1]
    assert (gone.address, gone.requires) == (GONE, ())


def test_other_webhooks_wait_for_no_backend() -> None:
    found = leaving(held=(live_webhook(4, HOOK), live_webhook(5, BROUGHT + "s")))
    assert lines(found)[-2:] == [f"- {TRIAGE}", f"- {GONE}"]
    assert [change.requires for change in found.changes] == [(), (), (), (TRIAGE,)]


def test_the_backend_of_another_project_is_not_waited_for() -> None:
    dogs = "/projects/Dogs"
    held = [live_project(8, "Dogs"), live_backend(2, above=dogs), live_project(), live_webhook(3, BROUGHT)]
    wanted = declared(project(), project("Dogs"), written=(HOOKS, BACKENDS, f"{dogs}/ml_backends"), prune=PRUNE)
    found = made(wanted, server(*held, read=wanted.written))
    assert {change.address: change.requires for change in found.changes} == {GONE: (), f"{dogs}/ml_backends/triage": ()}


# ---- what a change of an ML backend says --------------------------------------------------------


def of_backend(desired: Resource, live: Resource) -> Change:
    (change,) = planned(project(), desired, live=[live_project(), live]).changes
    return change


@pytest.mark.parametrize("state", ["CO", "DI"])
def test_a_backend_that_moves_says_what_it_leaves_behind_whether_it_answered_or_not(state: str) -> None:
    change = of_backend(backend(url="http://moved.example.com", timeout=5.0), live_backend(state=state, timeout=100.0))
    assert len(change.effects) == 1
    assert "no webhook for the new URL, and the one for the old URL stays" in change.effects[0]
    assert change.warnings == ()


@pytest.mark.parametrize(
    ("state", "is_warned"), [("DI", True), ("ER", True), ("CO", False), ("TR", False), (None, False)]
)
def test_a_change_of_a_backend_that_did_not_answer_is_warned_of(state: str | None, *, is_warned: bool) -> None:
    change = of_backend(backend(description="new"), live_backend(state=state))
    assert [text.partition(":")[0] for text in change.warnings] == (
        ["the backend did not answer when it was read"] if is_warned else []
    )
    assert change.effects == ()


@pytest.mark.parametrize("rules", [ABSENT, Lifecycle()], ids=["deleted", "new"])
def test_what_is_made_or_deleted_says_neither(rules: Lifecycle) -> None:
    held = [live_backend(state="DI")] if rules.absent else []
    (change,) = planned(project(), backend(rules=rules), live=[live_project(), *held]).changes
    assert (change.effects, change.warnings) == ((), ())


# ---- what is protected in a project -------------------------------------------------------------


def protecting(*inside: Resource) -> Plan:
    """The plan for a project that is to go, with what is declared in it."""
    held = [live_project(), live_webhook(), live_view(), live_backend()]
    return planned(project(rules=ABSENT), *inside, live=held)


@pytest.mark.parametrize(
    "inside", [webhook(rules=PROTECTED), view(rules=PROTECTED), backend(rules=PROTECTED)], ids=lambda item: item.kind
)
def test_the_delete_of_a_project_names_what_is_protected_in_it(inside: Resource) -> None:
    (change,) = protecting(inside).changes
    assert (change.address, change.protected) == (CATS, True)
    assert change.warnings == (f"{inside.address} in it is protected",)


def test_each_of_them_is_named_and_the_project_is_refused_once() -> None:
    found = protecting(webhook(rules=PROTECTED), view(rules=PROTECTED), backend())
    (change,) = found.changes
    assert set(change.warnings) == {
        f"{HOOKS}/https:~1~1hooks.example.com~1ls in it is protected",
        f"{CATS}/views/To review in it is protected",
    }
    (refusal,) = (item for item in objections(found, Consent(9, frozenset({CATS})), _same) if item.code == "LS806")
    assert refusal.message == f"{CATS} is protected (lifecycle.protect) and would be deleted"


def _same(change: Change) -> Change:
    return change


def test_a_default_that_protects_what_a_project_holds_protects_it_too() -> None:
    wanted = Desired((project(rules=ABSENT),), {"/projects": None}, protected=("projects/*/views",))
    (change,) = made(wanted, server(live_project())).changes
    assert (change.protected, change.warnings) == (True, ())


def test_a_plan_that_apply_will_refuse_says_so_in_each_form() -> None:
    found = protecting(webhook(rules=PROTECTED))
    assert "\napply will refuse this plan: 1 protected\n" in plan_as("text", found)
    assert "\n**`lsops apply` will refuse this plan: 1 protected.**\n" in plan_as("markdown", found)


def test_a_plan_with_nothing_protected_does_not() -> None:
    found = protecting(webhook())
    assert found.changes
    assert "will refuse" not in plan_as("text", found) + plan_as("markdown", found)
