"""Views that are stored although they can never be shown."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

TIME = "2025-01-01T00:00:00.000Z"
BOUNDS = {"min": 1, "max": 2}


def opened(api: httpx.Client, data: dict[str, Any], tasks: int = 1) -> httpx.Response:
    for _ in range(tasks):
        api.post("/api/tasks/", json={"project": 1, "data": {"text": "a"}})
    view = api.post("/api/dm/views/", json={"project": 1, "data": data})
    assert view.status_code == 201, view.text
    return api.get(f"/api/tasks/?view={view.json()['id']}")


def filtered(column: str, operator: str, kind: str, value: Any) -> dict[str, Any]:
    item = {"filter": f"filter:tasks:{column}", "operator": operator, "type": kind, "value": value}
    return {"filters": {"conjunction": "and", "items": [item]}}


@pytest.mark.parametrize(
    ("column", "operator", "kind", "bad", "good"),
    [
        ("id", "equal", "Number", {"value": 1}, 1),
        ("id", "equal", "Number", "x", "1"),
        ("id", "equal", "String", "x", "1"),
        ("id", "in", "Number", 1, BOUNDS),
        ("id", "in_list", "Number", 1, [1]),
        ("id", "contains", "Number", [1], 1),
        ("total_annotations", "regex", "Number", 1, "("),
        ("data.text", "regex", "String", 1, "a"),
        ("data.text", "equal", "String", BOUNDS, "a"),
        ("data.text", "empty", "String", "x", "yes"),
        ("created_at", "equal", "String", "1 May", TIME),
        ("created_at", "equal", "Datetime", "2025-01-01", TIME),
        ("annotators", "contains", "List", "owner@example.com", 1),
        ("annotators", "empty", "List", 1, True),
        ("predictions_model_versions", "contains", "List", 1, ["v1"]),
        ("annotations_ids", "equal", "String", 1, "1"),
        ("is_labeled", "equal", "Boolean", "x", True),
    ],
)
def test_a_filter_whose_value_does_not_fit_is_a_500(api, column, operator, kind, bad, good):
    assert opened(api, filtered(column, operator, kind, bad)).status_code == 500
    assert opened(api, filtered(column, operator, kind, good)).status_code == 200


def test_an_expression_on_a_number_fails_at_the_first_task(api):
    data = filtered("id", "regex", "Number", 1)
    assert [opened(api, data, tasks).status_code for tasks in (0, 1)] == [200, 500]


@pytest.mark.parametrize("hidden", [{"explore": []}, {"labeling": []}, {"explore": None, "labeling": []}, ["x"], 5])
def test_hidden_columns_need_both_lists(api, hidden):
    assert opened(api, {"hiddenColumns": hidden}).status_code == 500


@pytest.mark.parametrize("hidden", [{}, None, {"explore": [], "labeling": ["tasks:id"]}])
def test_hidden_columns_may_be_nothing_or_two_lists(api, hidden):
    assert opened(api, {"hiddenColumns": hidden}).status_code == 200


@pytest.mark.parametrize(
    ("ordering", "status"),
    [(["tasks:id"], 200), (["-tasks:data.x", "x"], 200), ([5], 500), ("x", 500), (["tasks:project__title"], 400)],
)
def test_the_first_of_an_order_must_be_a_column(api, ordering, status):
    assert opened(api, {"ordering": ordering}).status_code == status


def test_a_column_that_community_lacks_is_a_500_there(community, enterprise):
    for api, status in ((community, 500), (enterprise, 200)):
        api.post("/api/projects/", json={"title": "Views"})
        assert opened(api, filtered("reviewed", "equal", "Boolean", True)).status_code == status
        assert opened(api, {"ordering": ["tasks:agreement"]}).status_code == status


def test_a_view_is_found_or_not(api):
    assert api.get("/api/tasks/?view=9").json()["detail"] == "No View matches the given query."
