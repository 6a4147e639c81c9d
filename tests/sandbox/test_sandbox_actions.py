from __future__ import annotations

import pytest

from tests.sandbox.conftest import RESULT, make

EVERYTHING = {"all": True, "excluded": []}


@pytest.fixture
def busy(community):
    """Three tasks, each annotated; the first has a draft and a prediction."""
    make(community)
    community.post("/api/projects/1/import", json=[{"text": text} for text in "abb"])
    for task in (1, 2, 3):
        community.post(f"/api/tasks/{task}/annotations/", json={"result": [RESULT]})
    community.post("/api/tasks/1/drafts", json={"result": [RESULT]})
    community.post("/api/predictions/", json={"task": 1, "result": [RESULT], "model_version": "m"})
    return community


def act(client, name, **body):
    return client.post(f"/api/dm/actions/?id={name}&project=1", json={"selectedItems": EVERYTHING, **body})


def tasks(client):
    return client.get("/api/tasks/?project=1&fields=all").json()["tasks"]


def test_selected_tasks_are_deleted_and_with_the_last_one_the_tabs(busy):
    busy.post("/api/dm/views/", json={"project": 1, "data": {}})
    part = act(busy, "delete_tasks", selectedItems={"all": False, "included": [2]}).json()
    assert part == {"processed_items": 1, "reload": False, "detail": "Deleted 1 tasks"}
    assert act(busy, "delete_tasks").json()["reload"] is True
    assert busy.get("/api/dm/views/?project=1").json() == []


def test_filters_of_the_body_choose_the_tasks(busy):
    item = {"filter": "filter:tasks:data.text", "operator": "equal", "type": "String", "value": "b"}
    act(busy, "delete_tasks", filters={"conjunction": "and", "items": [item]})
    assert [task["id"] for task in tasks(busy)] == [1]


def test_annotations_go_with_the_drafts_and_tasks_are_no_longer_done(busy):
    assert act(busy, "delete_tasks_annotations").json()["detail"] == "Deleted 3 annotations"
    assert [(task["is_labeled"], task["drafts"]) for task in tasks(busy)] == [(False, [])] * 3


def test_predictions_become_annotations_and_are_deleted(busy):
    assert act(busy, "predictions_to_annotations", model_version="m").json() == {"detail": "Created 1 annotations"}
    assert tasks(busy)[0]["annotations"][-1]["parent_prediction"] == 1
    assert act(busy, "delete_tasks_predictions").json()["processed_items"] == 1


def test_a_label_is_renamed_in_all_annotations_and_not_in_drafts(busy):
    body = {"control_tag": "c", "old_label_name": "A", "new_label_name": "C"}
    assert act(busy, "rename_labels", **body).json() == {"detail": "Updated 3 labels in 3"}
    first = tasks(busy)[0]
    labels = [first[name][0]["result"][0]["value"]["choices"] for name in ("annotations", "drafts", "predictions")]
    assert labels == [["C"], ["A"], ["A"]]
    assert list(busy.get("/api/projects/1/summary/").json()["created_labels"]["c"]) == ["C"]


@pytest.mark.parametrize("kind", ["Taxonomy", "Pairwise"])
def test_a_label_that_is_no_item_of_a_list_stays_and_it_is_called_a_success(busy, kind):
    tag = {"Taxonomy": '<Taxonomy name="x" toName="t"><Choice value="A"/></Taxonomy>'}.get(
        kind, '<Pairwise name="x" toName="t,u"/><Text name="u" value="$text"/>'
    )
    config = f'<View><Text name="t" value="$text"/>{tag}</View>'
    project = make(busy, label_config=config)["id"]
    body = {"control_tag": "x", "old_label_name": "A", "new_label_name": "C"}
    answer = busy.post(f"/api/dm/actions/?id=rename_labels&project={project}", json=body)
    assert answer.json() == {"detail": "Updated 0 labels in 0"}


def test_duplicates_leave_their_annotations_to_the_first(busy):
    act(busy, "remove_duplicates")
    assert [len(task["annotations"]) for task in tasks(busy)] == [1, 2]


def test_an_annotation_is_copied_and_a_field_added(busy):
    assert act(busy, "propagate_annotations", source_annotation_id=1).json() == {"detail": "Created 2 annotations"}
    act(busy, "add_data_field", value_name="n", value_type="Number", value="3")
    assert [task["data"]["n"] for task in tasks(busy)] == [3.0] * 3


@pytest.mark.parametrize(
    ("query", "status"), [("project=1", 422), ("id=nope&project=1", 500), ("id=delete_tasks&project=9", 404)]
)
def test_an_action_that_is_none_is_refused(busy, query, status):
    assert busy.post(f"/api/dm/actions/?{query}", json={}).status_code == status


def test_columns_are_those_of_the_data_and_then_the_servers(busy):
    columns = busy.get("/api/dm/columns/?project=1").json()["columns"]
    assert [columns[0]["id"], columns[1]["id"], columns[-1]["children"]] == ["text", "id", ["text"]]


def test_forms_know_the_project(busy):
    form = busy.get("/api/dm/actions/rename_labels/form/?project=1").json()
    assert [field.get("options") for field in form[0]["fields"]] == [["c"], ["A", "B"], None]
    assert busy.get("/api/dm/actions/delete_tasks/form/?project=1").json() == []
    assert len(busy.get("/api/dm/actions/?project=1").json()) == 6
