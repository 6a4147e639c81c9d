"""Whatever a manifest has ten times as many of is ten times the work at most, right or wrong."""

from __future__ import annotations

import json

import pytest

from tests.support.broad import RIGHT, WRONG, Maker
from tests.support.growth import counted, outgrown

FEW, MANY = 12, 120


def too_much(lsops, make: Maker, *arguments: str, code: int, few: int = FEW, many: int = MANY) -> list[str]:
    """What a verb does with many that it does not with few; what is done but once is done by a run with three."""
    found = []
    for count in (3, few, many):
        lsops.write(json.dumps({"version": 1, **make(count)}, indent=1))
        with counted() as lines:
            ran = lsops(*arguments)
        assert ran.code == code, (ran.out, ran.err)
        found.append(lines)
    return outgrown(found[1], found[2], few=few, many=many)


@pytest.mark.thinned(8)
@pytest.mark.parametrize("name", RIGHT)
def test_what_is_right_is_validated_in_time(lsops, name):
    assert not too_much(lsops, RIGHT[name], "validate", code=0)


@pytest.mark.parametrize("name", ["misspelt templates", "misspelt parameters of one entry", "names that no tag has"])
def test_what_is_wrong_is_told_in_time(lsops, name):
    assert not too_much(lsops, WRONG[name], "validate", code=3)


@pytest.mark.soak
@pytest.mark.parametrize("name", WRONG)
def test_whatever_is_wrong_is_told_in_time(lsops, name):
    assert not too_much(lsops, WRONG[name], "validate", code=3)


@pytest.mark.parametrize("form", ["mermaid", "dot"])
@pytest.mark.parametrize("name", ["a workspace each", "projects that feed each other"])
def test_what_is_drawn_is_drawn_in_time(lsops, name, form):
    assert not too_much(lsops, RIGHT[name], "graph", "--format", form, code=0)


@pytest.mark.soak
@pytest.mark.parametrize("name", RIGHT)
def test_anything_is_drawn_in_time(lsops, name):
    assert not too_much(lsops, RIGHT[name], "graph", code=0)
