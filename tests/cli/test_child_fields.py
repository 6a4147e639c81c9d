"""Every settable field of webhooks, views and ML backends: all at once, and each mended after a change by hand."""

from __future__ import annotations

from typing import Any

import pytest

from lsops.model.address import below
from tests.support.child_values import (
    APART,
    COLLECTIONS,
    entries,
    everything,
    holds,
    name_of,
    value_at,
    values_of,
)
from tests.support.site import BASE, Site

every_collection = pytest.mark.parametrize("collection", COLLECTIONS)


def wrong(site: Site, collection: str, step: int) -> list[tuple[str, Any]]:
    """The fields that the server does not hold as they were declared at a step, with the row."""
    rows = {field: site.row(collection, name_of(collection, field, BASE)) for field in values_of(collection, BASE)}
    values = {field: value_at(collection, field, step, BASE) for field in rows}
    return [(field, row) for field, row in rows.items() if not holds(collection, field, values[field], row)]


@every_collection
def test_all_fields_at_once_are_created_and_changed(site: Site, collection: str) -> None:
    name = name_of(collection, "all", BASE)
    site.declare({})
    site.settled()
    for step in (0, 1):
        declared = everything(collection, step, BASE)
        site.declare({collection: {name: declared}})
        assert f"{1 - step} created, {step} updated" in site.settled()
        row = site.row(collection, name)
        shown = {field: value for field, value in declared.items() if field not in APART[collection]}
        assert [field for field, value in shown.items() if not holds(collection, field, value, row)] == []


@every_collection
def test_each_field_changed_by_hand_is_found_and_mended(site: Site, collection: str) -> None:
    fields = [name for name in values_of(collection, BASE) if name not in ("auth_method", "basic_auth_user")]
    site.declare({collection: entries(collection, 0, BASE)})
    site.settled()
    for field in fields:
        other = value_at(collection, field, 1, BASE)
        by_hand = other if field == "data" else {field: other}
        site.by_hand(collection, name_of(collection, field, BASE), **by_hand)
    places = below("/projects/Triage", collection)
    assert sorted(site.planned()) == sorted(("update", below(places, name_of(collection, f, BASE))) for f in fields)
    site.settled()
    assert wrong(site, collection, 0) == []
