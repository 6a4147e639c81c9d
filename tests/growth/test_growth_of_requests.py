"""A plan in which nothing is to do asks once for what stands together, and no more for each entry of it."""

from __future__ import annotations

import pytest

from tests.support.many import kinds_of_many, many
from tests.support.wire import reads

PAGE = 100
"""Rows of a page, of what the server gives in pages."""
LISTS = 3
"""Lists in pages that the plan of one kind reads at most: its own, that of what it stands in, and of what it names."""
ONE_BY_ONE = {
    "dimension",
    "export_storage",
    "import_storage",
    "ml_backend",
    "project_member",
    "prompt_version",
    "workspace_member",
}
"""Kinds whose lists the server gives for one parent at a time."""


def requests_of(lsops, kind: str, count: int, *, apart: bool = False) -> int:
    with many(lsops, kind, count, apart=apart) as given:
        given.write(0)
        made = given.lsops("apply", "--yes", "-q")
        assert made.code == 0, made.out[-500:] + made.err
        with reads() as sent:
            ran = given.lsops("plan", "--detailed-exitcode")
        assert ran.code == 0, ran.out[:500] + ran.err
    return len(sent)


@pytest.mark.parametrize("kind", ["view"])
def test_ten_times_the_entries_are_as_many_requests(lsops, kind):
    assert requests_of(lsops, kind, 3) == requests_of(lsops, kind, 30)


@pytest.mark.soak
@pytest.mark.parametrize("kind", kinds_of_many())
def test_ten_times_the_entries_of_a_kind_are_a_few_pages_more(lsops, kind):
    few, lots = requests_of(lsops, kind, 20), requests_of(lsops, kind, 2 * PAGE)
    assert lots <= few + 2 * LISTS


@pytest.mark.soak
@pytest.mark.parametrize(
    "kind", [kind for kind in kinds_of_many() if "_" in kind or kind in ("view", "webhook", "dimension")]
)
def test_an_entry_in_each_of_ten_times_the_parents_is_one_request_for_each_at_most(lsops, kind):
    few, lots = (requests_of(lsops, kind, count, apart=True) for count in (10, PAGE))
    assert lots - few <= (PAGE - 10 if kind in ONE_BY_ONE else 0) + LISTS
