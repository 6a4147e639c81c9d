"""A plan that targets or `--skip` narrow: it deletes nothing that the whole plan would not, and stays cheap."""

from __future__ import annotations

import sys
from collections.abc import Callable
from itertools import chain, combinations
from types import FrameType

import pytest

from lsops.engine.planning.scope import select
from lsops.model.desired import Desired
from lsops.model.live import Live
from lsops.model.plan import Plan
from lsops.model.resource import Lifecycle, Resource
from tests.engine.scenes import (
    CATS,
    HOOK,
    MODEL,
    backend,
    declared,
    live_backend,
    live_project,
    live_view,
    live_webhook,
    made,
    project,
    server,
    view,
    webhook,
)

DOGS = "/projects/Dogs"
HOOKS, BACKENDS, VIEWS = f"{CATS}/webhooks", f"{CATS}/ml_backends", f"{CATS}/views"
PRUNE = ("projects", "projects/*/webhooks", "projects/*/ml_backends", "projects/*/views")
ABSENT, PROTECTED = Lifecycle(absent=True), Lifecycle(protect=True)


def narrowed(desired: Desired, live: Live, *globs: str, skip: tuple[str, ...] = ()) -> Plan:
    """The plan of a selection, which reads nothing that it does not write."""
    chosen = select(desired, globs, skip)
    written = {place: held for place, held in live.collections.items() if place in chosen.desired.written}
    seen = Live(written, live.names)
    return made(chosen.desired, seen, targets=chosen.globs, parents=chosen.parents)


def deletes(plan: Plan) -> set[str]:
    return {change.address for change in plan.changes if change.action == "delete"}


# ---- what goes -----------------------------------------------------------------------------------

LIVE = (
    live_project(),
    live_project(8, "Dogs"),
    live_webhook(1),
    live_webhook(2, f"{MODEL}/webhook"),
    live_webhook(3, "http://new.example.com/webhook", headers={"X-Key": "k"}, send_for_all_actions=False),
    live_webhook(4, "http://gone.example.com/webhook", is_active=False),
    live_webhook(5, "http://other.example.com"),
    live_view(1),
    live_view(2, "Old"),
    live_backend(1, "moves"),
    live_backend(2, "goes", "http://gone.example.com"),
)
WANTED: dict[str, tuple[Resource, ...]] = {
    "nothing in it": (project(), project("Dogs")),
    "a backend that moves and a new one": (
        project(),
        webhook(),
        backend("moves", "http://moved.example.com"),
        backend("new", "http://new.example.com/"),
        view(),
    ),
    "a backend that moves to where a webhook is": (project(), backend("moves", "http://new.example.com"), view()),
    "one that is renamed": (project(), backend("renamed", rules=Lifecycle(renamed_from="moves")), webhook("http://n.org")),
    "one that is to be absent": (project(), backend("goes", "http://gone.example.com", rules=ABSENT), view()),
    "a webhook that is renamed": (project(), webhook("http://n.org", rules=Lifecycle(renamed_from=HOOK)), backend("new")),
    "a webhook that is to be absent": (project(), webhook(f"{MODEL}/webhook", rules=ABSENT), backend("moves")),
    "a view that is renamed": (project(), view("New", rules=Lifecycle(renamed_from="Old")), view(), webhook()),
    "a project that is to be absent": (project(rules=ABSENT), webhook(), project("Dogs")),
}  # fmt: skip
GLOBS = (HOOKS, f"{HOOKS}/*", BACKENDS, f"{BACKENDS}/new", f"{BACKENDS}/moves", VIEWS, f"{VIEWS}/To review", CATS)
SKIPS = ("webhooks", "ml_backends", "views")


@pytest.mark.parametrize("together", [2, pytest.param(3, marks=pytest.mark.soak)])
@pytest.mark.parametrize("desired", WANTED.values(), ids=WANTED)
def test_a_narrowed_plan_deletes_nothing_that_the_whole_plan_keeps(
    desired: tuple[Resource, ...], together: int
) -> None:
    wanted = declared(*desired, written=(HOOKS, BACKENDS, VIEWS), prune=PRUNE)
    live = server(*LIVE, read=wanted.written)
    whole = deletes(made(wanted, live))
    tried = 0
    for globs in chain.from_iterable(combinations(GLOBS, number) for number in range(together + 1)):
        for skip in chain.from_iterable(combinations(SKIPS, number) for number in range(together)):
            if not _reaches(wanted, globs, skip):
                continue
            tried += 1
            assert deletes(narrowed(wanted, live, *globs, skip=skip)) <= whole, (globs, skip)
    assert tried > 20


def _reaches(desired: Desired, globs: tuple[str, ...], skip: tuple[str, ...]) -> bool:
    from lsops.errors import UsageError

    try:
        select(desired, globs, skip)
    except UsageError:
        return False
    return True


@pytest.mark.parametrize("inside", [webhook(rules=PROTECTED), view(rules=PROTECTED), backend(rules=PROTECTED)])
@pytest.mark.parametrize("skip", [(), *((name,) for name in SKIPS), SKIPS], ids=str)
def test_what_is_left_out_protects_what_it_stands_in(inside: Resource, skip: tuple[str, ...]) -> None:
    wanted = declared(project(rules=ABSENT), inside, project("Dogs"))
    live = server(*LIVE, read=wanted.written)
    for globs in ((), (CATS,)):
        (change,) = (one for one in narrowed(wanted, live, *globs, skip=skip).changes if one.action == "delete")
        assert (change.address, change.protected) == (CATS, True)
        assert change.warnings == (f"{inside.address} in it is protected",)


# ---- what it costs -------------------------------------------------------------------------------


def many(count: int) -> tuple[Desired, Live]:
    """Projects with one of each, protected, and their prune."""
    titles = [f"Project {number:04}" for number in range(count)]
    rows = [live_project(number, title) for number, title in enumerate(titles)]
    places = [f"/projects/{title}" for title in titles]
    mine = [
        item
        for title, above in zip(titles, places, strict=True)
        for item in (
            project(title, rules=PROTECTED),
            webhook(rules=PROTECTED, above=above),
            view(rules=PROTECTED, above=above),
            backend(rules=PROTECTED, above=above),
        )
    ]
    rows += [live_webhook(number, above=above) for number, above in enumerate(places)]
    rows += [live_webhook(count + number, "http://o.org", above=above) for number, above in enumerate(places)]
    rows += [live_view(number, above=above) for number, above in enumerate(places)]
    rows += [live_backend(number, above=above) for number, above in enumerate(places)]
    return declared(*mine, prune=PRUNE), server(*rows)


@pytest.mark.parametrize(("globs", "skip"), [((), ()), ((), ("views",)), (("/projects/*/webhooks",), ())], ids=str)
def test_each_resource_is_looked_at_a_few_times_however_many_there_are(
    globs: tuple[str, ...], skip: tuple[str, ...]
) -> None:
    calls = []
    for count in (10, 40):
        desired, live = many(count)
        assert len(deletes(narrowed(desired, live, *globs, skip=skip))) == count
        calls.append(_calls(lambda: narrowed(desired, live, *globs, skip=skip)))  # noqa: B023  # called at once
    assert calls[1] <= 4 * calls[0]


@pytest.mark.parametrize("prune", [(), PRUNE], ids=["listed", "pruned"])
def test_so_is_each_one_that_is_not_declared(prune: tuple[str, ...]) -> None:
    calls = []
    for count in (50, 200):
        mine = declared(*(project(f"Mine {number}") for number in range(count)), prune=prune)
        rows = [live_project(number, f"Other {number}") for number in range(count)]
        calls.append(_calls(lambda: made(mine, server(*rows))))  # noqa: B023  # called at once
    assert calls[1] <= 4.5 * calls[0], calls


def _calls(function: Callable[[], object]) -> int:
    """How many functions are entered."""
    entered = 0

    def note(frame: FrameType, event: str, argument: object) -> None:
        nonlocal entered
        entered += event == "call"

    sys.setprofile(note)
    try:
        function()
    finally:
        sys.setprofile(None)
    return entered
