"""Names that are dealt anew among live resources, in every way: never are there two of one, and it ends right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import permutations

import pytest

from lsops.model.plan import Plan
from lsops.model.resource import Lifecycle
from tests.engine.scenes import COMMUNITY, ENTERPRISE, live_project, planned, project

NAMES = ("Alpha", "Beta", "Gamma", "Delta")
DEALT = list(permutations((*NAMES[:3], "Other")))


def plan_of(dealt: Sequence[str], held: Mapping[int, str]) -> Plan:
    """Each of the first live ones is to have the name that it is dealt."""
    desired = [project(name, rules=Lifecycle(id=number)) for number, name in enumerate(dealt, 1)]
    return planned(*desired, live=[live_project(n, name) for n, name in held.items()], facts=ENTERPRISE)


def carried_out(found: Plan, held: Mapping[int, str]) -> list[dict[int, str]]:
    """What all are called after each change of a plan; a server that takes no second one of a name takes each."""
    now, after = dict(held), []
    for change in found.changes:
        name = next(field.after for field in change.fields if field.path == "/title")
        assert name not in now.values(), f"{change.address}: two would be called {name}"
        now[change.remote_id["id"]] = name
        after.append(dict(now))
    return after


@pytest.mark.parametrize("dealt", DEALT, ids="-".join)
def test_names_that_are_dealt_anew_are_never_there_twice_however_often_it_ends_early(dealt: tuple[str, ...]) -> None:
    held = dict(enumerate(NAMES, 1))
    wanted = dict(enumerate(dealt, 1))
    for cut in carried_out(plan_of(dealt, held), held):
        ends = carried_out(plan_of(dealt, cut), cut)
        assert (ends[-1] if ends else cut) == wanted


def test_each_circle_has_one_step_aside_and_a_chain_has_none() -> None:
    held = dict(enumerate((*NAMES, "Epsilon", "Zeta"), 1))
    found = plan_of(("Beta", "Alpha", "Delta", "Gamma", "Eta", "Epsilon"), held)
    steps = [change.address for change in found.changes if change.part_of]
    assert steps == ["/projects/Alpha/title", "/projects/Delta/title"]
    assert found.summary["update"] == 6


def test_a_server_that_takes_two_of_one_name_gets_no_step_aside() -> None:
    desired = [project("Alpha", rules=Lifecycle(id=2)), project("Beta", rules=Lifecycle(id=1))]
    found = planned(*desired, live=[live_project(1, "Alpha"), live_project(2, "Beta")], facts=COMMUNITY)
    assert [(change.address, change.requires) for change in found.changes] == [
        ("/projects/Alpha", ()),
        ("/projects/Beta", ()),
    ]
