from __future__ import annotations

import pytest

from lsops.sandbox import add_user
from tests.sandbox.conftest import make

V = "/api/dm/views/"
ITEM = {"filter": "filter:tasks:id", "operator": "greater", "type": "Number", "value": 5}
CHILD = {"filter": "filter:tasks:data.text", "operator": "contains", "type": "String", "value": "x"}
FILTERS = {"conjunction": "and", "items": [ITEM]}
EMPTY = {"conjunction": "and", "items": []}
FREE = {"title": " My tab ", "type": "list", "hiddenColumns": {"explore": ["tasks:id"]}, "deep": [{"ä": None}]}
NO_FOREIGN_KEYS = '"__" is not generally allowed in filters.'


def add(client, data=None, **fields):
    answer = client.post(V, json={"project": 1, "data": data or {}, **fields})
    assert answer.status_code == 201, answer.text
    return answer.json()


def change(client, number, **data):
    answer = client.patch(f"{V}{number}/", json={"data": data})
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


def filtered(**parts):
    return {"filters": {"conjunction": "and", "items": [{**ITEM, **parts}]}}


def crashed(answer):
    assert answer.status_code == 500, answer.text
    return answer.json()["detail"]


def test_a_view_is_made_shown_listed_and_deleted_with_its_data_as_it_came(api):
    made = add(api, {**FREE, "filters": FILTERS, "ordering": ["-tasks:id"]})
    assert made["data"] == {**FREE, "filters": FILTERS, "ordering": ["-tasks:id"]}
    assert (made["order"], made["user"], made["project"]) == (0, 1, 1)
    assert api.get(f"{V}1/").json() == api.get(f"{V}1").json() == made
    assert api.get(V).json() == [made]
    assert api.delete(f"{V}1/").status_code == 204
    assert api.get(f"{V}1/").json()["detail"] == "No View matches the given query."
    assert api.get(f"{V}abc/").json()["detail"] == "Not found."


def test_community_shows_five_keys_and_enterprise_the_lock_as_well(community, enterprise):
    make(community)
    make(enterprise)
    assert set(add(community)) == {"id", "data", "order", "user", "project"}
    assert set(add(enterprise)) == {"id", "data", "order", "user", "project", "is_locked", "locked_at", "locked_by"}


def test_a_title_may_lack_or_be_there_twice(api):
    assert add(api)["data"] == {}
    assert api.post(V, json={"project": 1}).json()["data"] == {}
    assert add(api, {"title": "A"})["data"] == add(api, {"title": "A"})["data"]


@pytest.mark.parametrize(
    "data", [{"ordering": []}, {"ordering": None}, {"filters": {}}, {"filters": {"items": [ITEM]}}]
)
def test_what_is_empty_and_filters_without_conjunction_are_not_shown(api, data):
    assert add(api, data)["data"] == {}


@pytest.mark.parametrize("filters", [EMPTY, {"conjunction": "and"}])
def test_filters_that_were_set_to_nothing_are_shown(api, filters):
    assert add(api, {"filters": filters})["data"] == {"filters": EMPTY}


def test_selected_items_beside_the_data_win_and_an_ordering_beside_it_is_nothing(api):
    made = add(api, {"selectedItems": {"all": False}}, selected_items={"all": True}, ordering=["tasks:id"])
    assert made["data"] == {"selectedItems": {"all": True}}
    assert add(api, {"selectedItems": {"all": False}})["data"] == {"selectedItems": {"all": False}}


def test_the_user_is_the_caller_and_the_views_of_everybody_are_listed(connect, tmp_path):
    db = tmp_path / "sandbox.db"
    owner = connect(db)
    workspace = owner.post("/api/workspaces/", json={"title": "W"}).json()["id"]
    make(owner, workspace=workspace)
    other = connect(db, headers={"Authorization": f"Token {add_user(db, 'ana@example.com', 'administrator')}"})
    assert (add(owner, user=None)["user"], add(other, user=1)["user"]) == (1, 2)
    assert [view["user"] for view in owner.get(V).json()] == [1, 2] == [view["user"] for view in other.get(V).json()]
    assert owner.post(V, json={"project": 1, "user": 9}).status_code == 400


@pytest.mark.parametrize(
    ("item", "kept"),
    [
        ({"value": None}, {**ITEM, "value": None}),
        ({"filter": " filter:tasks:id ", "operator": " any ", "type": 5}, {**ITEM, "operator": "any", "type": "5"}),
        ({"filter": "filter:tasks:-data.a__b"}, {**ITEM, "filter": "filter:tasks:-data.a__b"}),
        (
            {"filter": "filter:tasks:annotations__completed_by"},
            {**ITEM, "filter": "filter:tasks:annotations__completed_by"},
        ),
        ({"child_filter": CHILD}, {**ITEM, "child_filter": CHILD}),
        ({"child_filter": {**CHILD, "child_filter": ITEM}}, {**ITEM, "child_filter": CHILD}),
        ({"child_filter": None, "extra": 1}, ITEM),
    ],
)
def test_a_filter_is_kept_as(api, item, kept):
    assert add(api, filtered(**item))["data"]["filters"]["items"] == [kept]


def test_a_filter_without_value_gets_an_empty_object(api):
    item = {name: value for name, value in ITEM.items() if name != "value"}
    kept = add(api, {"filters": {"conjunction": "xor", "items": [item]}})["data"]["filters"]
    assert kept == {"conjunction": "xor", "items": [{**item, "value": {}}]}


def test_a_list_of_children_is_known_to_enterprise_alone(community, enterprise):
    make(community)
    make(enterprise)
    item = filtered(child_filters=[CHILD, {**CHILD, "child_filters": [ITEM]}])
    assert add(community, item)["data"]["filters"]["items"] == [ITEM]
    assert add(enterprise, item)["data"]["filters"]["items"] == [{**ITEM, "child_filters": [CHILD, CHILD]}]
    assert enterprise.post(V, json={"project": 1, "data": filtered(child_filters=[{}])}).status_code == 400


@pytest.mark.parametrize(
    ("item", "errors"),
    [
        ({"filter": ""}, {"column": ["This field may not be blank."]}),
        ({"filter": "tasks:id"}, {"column": ['Filter "tasks:id" should start with "filter:tasks:"']}),
        ({"filter": "filter:-tasks:id"}, {"column": ['Filter "filter:-tasks:id" should start with "filter:tasks:"']}),
        (
            {"operator": "", "type": None},
            {"operator": ["This field may not be blank."], "type": ["This field may not be null."]},
        ),
        ({"operator": "x" * 1025}, {"operator": ["Ensure this field has no more than 1024 characters."]}),
        (
            {"child_filter": {**CHILD, "filter": "x"}},
            {"child_filter": {"column": ['Filter "x" should start with "filter:tasks:"']}},
        ),
    ],
)
def test_a_wrong_filter_is_named_by_its_place(api, item, errors):
    body = {"project": 1, "data": {"filters": {"conjunction": "and", "items": [ITEM, {**ITEM, **item}]}}}
    answer = api.post(V, json=body)
    assert answer.json()["validation_errors"] == {"filter_group": {"filters": [{}, errors]}}


def test_a_filter_follows_no_foreign_key(api):
    answer = api.post(V, json={"project": 1, "data": filtered(filter="filter:tasks:project__title")})
    assert NO_FOREIGN_KEYS in answer.json()["validation_errors"]["filter_group"]["filters"][0]["column"][0]


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ([], "'list' object has no attribute 'get'"),
        ({"project": 1, "data": None}, "'NoneType' object has no attribute 'pop'"),
        ({"project": 1, "data": []}, "pop expected at most 1 argument, got 2"),
        ({"project": 1, "data": {"filters": None}}, "'NoneType' object has no attribute 'get'"),
        (
            {"project": 1, "data": {"filters": {"conjunction": "or", "items": None}}},
            "'NoneType' object is not iterable",
        ),
        (
            {"project": 1, "data": {"filters": {"conjunction": "or", "items": [5]}}},
            "'int' object has no attribute 'get'",
        ),
    ],
)
def test_a_body_of_another_form_crashes(api, body, detail):
    assert crashed(api.post(V, json=body)) == detail


@pytest.mark.parametrize("project", [None, "", 9, "x"])
def test_a_view_needs_a_project_that_is_there(api, project):
    assert "project" in api.post(V, json={"project": project, "data": {}}).json()["validation_errors"]
    assert api.post(V, json={"data": {}}).json()["validation_errors"] == {"project": ["This field is required."]}


def test_an_update_replaces_the_data_and_keeps_filters_and_ordering(api):
    add(api, {**FREE, "filters": FILTERS, "ordering": ["tasks:id"]})
    assert change(api, 1, title="B") == {"title": "B", "filters": FILTERS, "ordering": ["tasks:id"]}


def test_filters_are_emptied_and_never_removed(api):
    add(api, {"filters": FILTERS})
    assert change(api, 1, filters=EMPTY) == change(api, 1) == change(api, 1, filters={}) == {"filters": EMPTY}
    assert change(api, 1, filters={"conjunction": "or"}) == {"filters": {"conjunction": "or", "items": []}}


@pytest.mark.parametrize("nothing", [[], None, {}])
def test_an_ordering_is_replaced_and_never_cleared(api, nothing):
    add(api, {"ordering": ["tasks:id"]})
    assert change(api, 1, ordering=nothing) == {"ordering": ["tasks:id"]}
    assert change(api, 1, ordering=["-tasks:id"]) == {"ordering": ["-tasks:id"]}


@pytest.mark.parametrize("body", [{}, {"order": 5}, {"project": 1}])
@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_an_update_without_data_crashes(api, method, body):
    add(api)
    assert crashed(api.request(method, f"{V}1/", json={"project": 1, **body})) == "'data'"


def test_order_project_user_and_selection_are_ignored_in_an_update(api):
    make(api)
    before = add(api, order=3)
    body = {"data": {}, "order": 5, "project": 2, "user": None, "selected_items": {"all": True}, "ordering": ["x"]}
    assert api.patch(f"{V}1/", json=body).json() == before
    assert api.put(f"{V}1/", json=body).json() == before
    assert set(api.patch(f"{V}1/", json={"data": {}, "order": "x", "project": 9}).json()["validation_errors"]) == {
        "order",
        "project",
    }
    assert api.put(f"{V}1/", json={"data": {}}).json()["validation_errors"] == {"project": ["This field is required."]}


def test_filters_put_a_new_view_at_the_end(api):
    assert add(api, order=9)["order"] == 9
    assert [add(api, {"filters": EMPTY}, order=9)["order"] for _ in range(2)] == [1, 2]


def test_a_list_is_by_order_then_id_of_all_projects_or_one(api):
    make(api)
    for project, order in ((1, 5), (2, None), (1, 0), (2, 0), (1, -1)):
        add(api, project=project, order=order)
    assert [view["id"] for view in api.get(V).json()] == [2, 5, 3, 4, 1]
    assert [view["id"] for view in api.get(V, params={"project": 1}).json()] == [5, 3, 1]
    assert all(api.get(V, params={"project": value}).status_code == 400 for value in (9, "x", "null"))


def test_views_are_ordered_by_a_list_of_ids(api):
    for _ in range(3):
        add(api)
    answer = api.post(f"{V}order/", json={"project": 1, "ids": [3, 99, "1", 3]})
    assert (answer.status_code, answer.content) == (200, b"")
    assert [(view["id"], view["order"]) for view in api.get(V).json()] == [(2, 0), (1, 2), (3, 3)]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"project": 1}, 400),
        ({"project": 1, "ids": []}, 400),
        ({"project": 1, "ids": ["x"]}, 400),
        ({"project": 9, "ids": [1]}, 404),
    ],
)
def test_an_order_that_is_none_is_refused(api, body, status):
    assert api.post(f"{V}order/", json=body).status_code == status


def test_a_reset_takes_the_views_of_one_project(api):
    make(api)
    for project in (1, 2, 1):
        add(api, project=project)
    assert api.delete(f"{V}reset/").json()["validation_errors"] == {"project": ["This field may not be null."]}
    assert api.delete(f"{V}reset/", params={"project": 1}).status_code == 204
    assert [view["id"] for view in api.get(V).json()] == [2]
    assert api.request("DELETE", f"{V}reset/", json={"project": 2}).status_code == 204
    assert api.get(V).json() == []


def test_deleting_a_project_takes_its_views_with_it(api):
    make(api)
    add(api)
    kept = add(api, project=2)
    api.delete("/api/projects/1/")
    assert api.get(V).json() == [kept]


@pytest.mark.parametrize("code", ["RE", "AN"])
def test_reviewers_and_annotators_read_those_of_their_projects_and_change_none(crew, code):
    owner, worker = crew["OW"], crew[code]
    for title in ("Theirs", "Other"):
        owner.post("/api/projects/", json={"title": title})
    owner.post("/api/projects/1/members/", json={"user": crew.id(code)})
    mine, _ = add(owner), add(owner, project=2)
    assert worker.get(V).json() == [mine]
    assert worker.get(f"{V}2/").status_code == 404
    assert worker.patch(f"{V}1/", json={"data": {}}).status_code == 403
    assert worker.request("DELETE", f"{V}reset/", params={"project": 1}).status_code == 403
