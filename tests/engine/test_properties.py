"""What holds for any desired and any live side."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from lsops.difference import differences, same
from lsops.engine.planfile import as_document, dumps, from_document
from lsops.engine.planning import plan
from lsops.engine.reviewed import agreed
from lsops.model.address import split
from lsops.model.desired import Desired
from lsops.model.live import Live
from lsops.model.plan import Plan
from tests.engine.strategies import FACTS, FIELDS, JSON, applied, desired_sides, live_sides


def made(desired: Desired, live: Live) -> Plan:
    return plan(desired, live, FACTS)


@given(desired_sides(), live_sides())
def test_a_plan_is_empty_after_its_changes(desired: Desired, live: Live) -> None:
    after = applied(made(desired, live), live)
    assert made(desired, after).changes == ()


@given(desired_sides(), live_sides())
def test_a_field_that_is_not_declared_never_appears(desired: Desired, live: Live) -> None:
    declared = {item.address: {"title", *item.values} for item in desired.resources}
    for change in made(desired, live).changes:
        for field in change.fields:
            owner = change.address if change.address in declared else change.address.rpartition("/")[0]
            assert split(field.path)[0] in declared[owner]


@given(desired_sides(), live_sides())
def test_an_update_names_only_fields_that_differ_and_are_not_ignored(desired: Desired, live: Live) -> None:
    ignored = {item.address: item.lifecycle.ignore for item in desired.resources}
    for change in made(desired, live).changes:
        if change.action == "update" and change.remote_id:
            assert change.fields
            for field in change.fields:
                assert repr(field.before) != repr(field.after)
                assert field.path not in ignored[change.address]
                assert field.path.lstrip("/") not in ignored[change.address]


@given(desired_sides(), live_sides())
def test_a_plan_survives_its_file(desired: Desired, live: Live) -> None:
    first = made(desired, live)
    document = json.loads(dumps(as_document(first)))
    second = from_document(document)
    assert json.loads(dumps(as_document(second))) == document
    assert [change.address for change in second.changes] == [change.address for change in first.changes]
    assert agreed(second, first)[0].changes == first.changes


@given(desired_sides(), live_sides())
def test_a_plan_counts_each_declared_address_once(desired: Desired, live: Live) -> None:
    summary = made(desired, live).summary
    declared = [item for item in desired.resources if not item.lifecycle.absent]
    named = summary["create"] + summary["update"] + summary["replace"] + summary["unchanged"]
    assert named == len(declared)


@given(desired_sides(), live_sides(), st.randoms())
def test_the_order_of_the_live_side_does_not_matter(desired: Desired, live: Live, random: object) -> None:
    rows = list(live.collections["/projects"].resources)
    random.shuffle(rows)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    shuffled = replace(live, collections={"/projects": replace(live.collections["/projects"], resources=tuple(rows))})
    once, again = (as_document(made(desired, side))["changes"] for side in (live, shuffled))
    key = lambda change: change["address"]  # noqa: E731  # one sort key for both
    assert sorted(once, key=key) == sorted(again, key=key)


@given(st.dictionaries(st.sampled_from(sorted(FIELDS)), JSON, max_size=5))
def test_nothing_differs_from_itself(fields: dict[str, object]) -> None:
    assert differences(fields, fields, FIELDS) == ()


@given(JSON, JSON)
@settings(max_examples=3 * settings.default.max_examples)
def test_equality_is_that_of_json(one: object, other: object) -> None:
    assert same(one, other) == (json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True))
