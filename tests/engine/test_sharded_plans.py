"""Shards: together they plan what one run plans, nothing twice, and nothing moves when something is added."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from lsops.engine.joining import as_one_plan
from lsops.engine.planfile import as_document
from lsops.engine.planning import Request, plan
from lsops.engine.planning.scope import select
from lsops.engine.planning.sharding import sharded
from lsops.errors import ManifestError
from lsops.model.address import join
from lsops.model.desired import Desired
from lsops.model.live import Live
from lsops.model.plan import Plan
from lsops.model.resource import Resource
from lsops.model.shard import Shard
from tests.engine.strategies import FACTS, TITLES, desired_sides, live_sides

COUNTS = st.integers(1, 5)


def whole(desired: Desired, live: Live, *globs: str) -> Plan:
    chosen = select(desired, globs)
    return plan(chosen.desired, live, FACTS, Request(targets=chosen.globs, parents=chosen.parents))


def part(desired: Desired, live: Live, shard: Shard, *globs: str) -> Plan:
    """The plan of a shard, which reads nothing that it does not write."""
    chosen = sharded(select(desired, globs), shard)
    seen = Live({at: rows for at, rows in live.collections.items() if at in chosen.desired.written}, live.names)
    request = Request(targets=chosen.globs, parents=chosen.parents)
    return plan(chosen.desired, seen, replace(FACTS, shard=shard), request)


def parts(desired: Desired, live: Live, count: int, *globs: str) -> Iterator[Plan]:
    return (part(desired, live, Shard(index, count), *globs) for index in range(1, count + 1))


def changes(made: Plan) -> dict[str, Any]:
    """The changes without their advice: a suggestion may know of one live project that several creates resemble."""
    told = as_document(made)["changes"]
    return {change["address"]: {**change, "warnings": []} for change in told}


def planned(desired: Desired, live: Live, *globs: str) -> Plan:
    """The whole plan, where there can be one."""
    try:
        return whole(desired, live, *globs)
    except ManifestError:
        assume(False)
        raise


@given(desired_sides(), live_sides(), COUNTS)
def test_the_union_of_all_shards_is_the_plan(desired: Desired, live: Live, count: int) -> None:
    full = planned(desired, live)

    made = list(parts(desired, live, count))

    assert Counter(chain.from_iterable(map(changes, made))) == Counter(list(changes(full)))
    assert {at: one for some in made for at, one in changes(some).items()} == changes(full)
    assert sum(one.unchanged for one in made) == full.unchanged
    assert sorted(chain.from_iterable(one.unmanaged for one in made)) == sorted(full.unmanaged)
    assert [one.left_out for one in made] == [()] * count


@given(desired_sides(), live_sides(), COUNTS)
def test_shown_together_they_are_one_plan_with_its_deletes_last(desired: Desired, live: Live, count: int) -> None:
    full = planned(desired, live)

    shown = as_one_plan([(str(one.facts.shard), one) for one in parts(desired, live, count)])

    deletes = [change.action == "delete" for change in shown.changes]
    assert shown.summary == full.summary
    assert changes(shown) == changes(full)
    assert deletes == sorted(deletes)


@given(desired_sides(), live_sides(), COUNTS, TITLES)
def test_targets_divide_alike(desired: Desired, live: Live, count: int, title: str) -> None:
    assume(any(item.key == title for item in desired.resources))
    full = planned(desired, live, join("projects", title))

    made = list(parts(desired, live, count, join("projects", title)))

    assert {at: one for some in made for at, one in changes(some).items()} == changes(full)
    assert sorted(chain.from_iterable(one.left_out for one in made)) == sorted(full.left_out)


@given(desired_sides(), live_sides(), COUNTS, st.text(min_size=1, max_size=8))
def test_nothing_moves_when_a_project_is_added(desired: Desired, live: Live, count: int, title: str) -> None:
    assume(title.strip() and all(item.key != title.strip() for item in desired.resources))
    new = Resource("project", join("projects", title), title.strip(), {"title": title, "workspace": "Radiology"})
    more = replace(desired, resources=(*desired.resources, new), written={"/projects": None})

    def homes(some: Desired) -> dict[str, int]:
        divided = {index: sharded(select(some, ()), Shard(index, count)).desired for index in range(1, count + 1)}
        return {item.address: index for index, one in divided.items() for item in one.resources}

    assert {**homes(desired), new.address: homes(more)[new.address]} == homes(more)


# ---- many ------------------------------------------------------------------------------------------


def test_five_thousand_projects_divide_into_sixteen_shards_of_about_one_size() -> None:
    titles = [f"Project {number:05}" for number in range(5000)]
    items = tuple(Resource("project", join("projects", title), title, {"title": title}) for title in titles)
    desired = Desired(items, {"/projects": None})

    made = [sharded(select(desired, ()), Shard(index, 16)).desired.resources for index in range(1, 17)]

    sizes = [len(one) for one in made]
    assert sorted(chain.from_iterable(made), key=lambda item: item.address) == list(items)
    assert max(sizes) <= 1.3 * sum(sizes) / len(sizes)
