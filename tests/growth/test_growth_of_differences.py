"""Ten times as much that differs is ten times the work at most, in each form."""

from __future__ import annotations

import json

import pytest

from lsops.engine.planning.order import _after_required, in_turn
from lsops.model.plan import Change
from tests.support.growth import counted, outgrown
from tests.support.moving import CHANGES, Changed

FORMS = ("text", "json", "markdown", "github", "gitlab", "html", "sarif")
FEW, MANY = 12, 120


def too_much(lsops, make: Changed, form: str, few: int, many: int) -> list[str]:
    found = []
    for count in (3, few, many):
        for name, tree in zip(("before/lsops.yaml", "lsops.yaml"), make(count), strict=True):
            lsops.write(json.dumps({"version": 1, **tree}, indent=1), name)
        with counted() as lines:
            ran = lsops("diff", "--base", "before", "--format", form)
        assert ran.code == 0, ran.out + ran.err
        found.append(lines)
    return outgrown(found[1], found[2], few=few, many=many)


@pytest.mark.parametrize("name", ["weights", "a map", "backends and what they bring", "names that move down"])
def test_what_differs_is_told_in_time(lsops, name):
    assert not too_much(lsops, CHANGES[name], "json", FEW, MANY)


@pytest.mark.soak
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", CHANGES)
def test_what_differs_is_told_in_time_in_each_form(lsops, name, form):
    assert not too_much(lsops, CHANGES[name], form, 30, 300)


# ---- the order ---------------------------------------------------------------------------------


def change(number: int, *requires: int) -> Change:
    return Change(f"/projects/{number}", "project", "create", requires=tuple(f"/projects/{one}" for one in requires))


def a_chain(count: int) -> list[Change]:
    """Each requires the one behind it, and the last is of a later phase than all others."""
    return [*(change(number, number + 1) for number in range(count - 1)), change(count - 1)]


def all_for_one(count: int) -> list[Change]:
    """The first requires all others."""
    return [change(0, *range(1, count)), *(change(number) for number in range(1, count))]


@pytest.mark.parametrize("make", [a_chain, all_for_one])
def test_changes_that_require_many_others_are_put_in_order_in_time(make):
    found = []
    for count in (20, 200):
        changes = make(count)
        phased = [(count if one is changes[-1] else 1, one) for one in changes]
        with counted() as lines:
            made = list(in_turn(one for _, one in _after_required(phased)))
        assert [one.address for one in made[-1:]] == ["/projects/0"]
        found.append(lines)
    assert not outgrown(*found, few=20, many=200)
