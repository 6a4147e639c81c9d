"""What is known of Enterprise is told of every kind, and of every point that the sandbox leaves open."""

from __future__ import annotations

from pathlib import Path

import pytest

from docs.make.open_points import QUESTIONS
from lsops.kinds import registry
from lsops.sandbox.unknown import points
from lsops.schema import kinds

PAGE = (Path(__file__).parents[2] / "docs/enterprise/index.md").read_text("utf-8")
TABLE = PAGE.partition("## What is known of each kind")[2]
ROWS = [[cell.strip() for cell in line.split("|")[1:-1]] for line in TABLE.splitlines() if line.startswith("| [`")]
NAMES = [first.split("`")[1] for first, *_ in ROWS]


def test_every_kind_has_a_row_in_the_order_in_which_kinds_are_made():
    assert sorted(NAMES) == sorted(registry())
    phases = [kinds()[name].phase for name in NAMES]
    assert phases == sorted(phases)


@pytest.mark.parametrize("row", ROWS, ids=NAMES)
def test_a_kind_that_community_lacks_was_measured_nowhere(row: list[str]):
    _, measured, described, unknown = row
    is_lacking = kinds()[NAMES[ROWS.index(row)]].editions == ("enterprise",)
    assert measured.startswith(("nothing", "Community ")) == is_lacking
    assert all((measured, described, unknown))


def test_every_open_point_of_the_sandbox_is_told_in_words():
    assert sorted(set(points()) - set(QUESTIONS)) == [], "write it in docs/make/open_points.yaml"
