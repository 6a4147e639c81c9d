"""The official SDK makes, reads, orders, changes and deletes views of the Data Manager."""

from __future__ import annotations

from typing import Any

import pytest
from label_studio_sdk import LabelStudio
from label_studio_sdk.core.api_error import ApiError

from tests.sdk.conftest import check_type

ITEM = {"filter": "filter:tasks:id", "operator": "greater", "type": "Number", "value": 5}
CHILD = {"filter": "filter:tasks:data.text", "operator": "contains", "type": "String", "value": "x"}
FIRST = {
    "title": "By the SDK",
    "type": "list",
    "hiddenColumns": {"explore": ["tasks:inner_id"], "labeling": []},
    "filters": {"conjunction": "and", "items": [ITEM]},
    "ordering": ["-tasks:id"],
}
SECOND = {
    "title": "Changed",
    "filters": {"conjunction": "or", "items": [ITEM, {**ITEM, "operator": "equal"}]},
    "ordering": ["tasks:inner_id"],
}
# What the server lifts out of `data` is shown in there, though the type knows it beside.
INSIDE = {"filter_group", "ordering", "selected_items"}
LOCK = {"is_locked", "locked_at", "locked_by"}


@pytest.fixture
def absent(edition: str) -> set[str]:
    return INSIDE | LOCK if edition == "community" else INSIDE


def check(answer: Any, data: dict[str, Any], absent: set[str]) -> None:
    check_type(answer, absent=absent)
    assert answer.data == data


def test_a_view_lives_from_create_to_delete(sdk: LabelStudio, absent: set[str]) -> None:
    made = sdk.views.create(project=1, data=FIRST)
    check(made, FIRST, absent)
    assert (made.project, made.user, made.order) == (1, 1, 0)
    check(sdk.views.get(id=str(made.id)), FIRST, absent)
    assert [view.id for view in sdk.views.list(project=1)] == [made.id]
    assert made.id in [view.id for view in sdk.views.list()]
    check(sdk.views.update(id=str(made.id), project=1, data=SECOND), SECOND, absent)
    kept = {**SECOND, "title": "Kept"}
    check(sdk.views.update(id=str(made.id), data={"title": "Kept"}), kept, absent)
    sdk.views.delete(id=str(made.id))
    with pytest.raises(ApiError) as caught:
        sdk.views.get(id=str(made.id))
    assert (caught.value.status_code, sdk.views.list(project=1)) == (404, [])


def test_views_are_ordered_and_deleted_together(sdk: LabelStudio) -> None:
    ids = [sdk.views.create(project=2, data={"title": title}).id for title in ("A", "B", "C")]
    sdk.views.update_order(project=2, ids=ids[::-1])
    assert [(view.id, view.order) for view in sdk.views.list(project=2)] == list(zip(ids[::-1], range(3), strict=True))
    sdk.views.delete_all(project=2)
    assert sdk.views.list(project=2) == []


def test_children_of_a_filter_are_kept_in_a_list_on_enterprise(sdk: LabelStudio, edition: str) -> None:
    item = {**ITEM, "child_filters": [CHILD]}
    made = sdk.views.create(project=2, data={"filters": {"conjunction": "and", "items": [item]}})
    assert made.data["filters"]["items"] == [item if edition == "enterprise" else ITEM]
    sdk.views.delete(id=str(made.id))


def test_a_wrong_filter_is_an_error_with_the_servers_words(sdk: LabelStudio) -> None:
    with pytest.raises(ApiError) as caught:
        sdk.views.create(project=1, data={"filters": {"conjunction": "and", "items": [{**ITEM, "filter": "id"}]}})
    (error,) = caught.value.body["validation_errors"]["filter_group"]["filters"]
    assert error == {"column": ['Filter "id" should start with "filter:tasks:"']}
