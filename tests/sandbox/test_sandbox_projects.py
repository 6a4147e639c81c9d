from __future__ import annotations

import pytest

from lsops.sandbox.resources.projects.fields import ASSIGNMENT, BASE, ENTERPRISE, REVIEW
from tests.sandbox.conftest import CONFIG, RESULT, make

GAP = [name for name, field in ENTERPRISE.items() if not field.create]
SAMPLES = {
    "agreement_methodology": "consensus",
    "agreement_threshold": "0.5",
    "annotation_limit_percent": "20",
    "annotator_evaluation_metric": "acceptance_score",
    "annotator_evaluation_minimum_score": "90",
    "assignment_settings": {"label_stream_task_distribution": "assigned_only"},
    "comment_classification_config": "<View/>",
    "custom_script": "alert()",
    "pause_on_failed_annotator_evaluation": True,
    "require_comment_on_skip": True,
    "review_settings": {"instruction": "look"},
    "show_unused_data_columns_to_annotators": False,
    "strict_task_overlap": False,
}
DECIMALS = [("95", "95.00"), (95, "95.00"), ("0.5", "0.50"), (12.25, "12.25"), (None, None)]
BAD_ENTERPRISE = [
    ("annotation_limit_count", 0, "Ensure this value is greater than or equal to 1."),
    ("annotation_limit_percent", "1000", "Ensure that there are no more than 3 digits before the decimal point."),
    ("annotation_limit_percent", "1.234", "Ensure that there are no more than 2 decimal places."),
    ("annotation_limit_percent", "x", "A valid number is required."),
    ("agreement_threshold", "12", "Ensure that there are no more than 1 digits before the decimal point."),
    ("agreement_methodology", "guess", '"guess" is not a valid choice.'),
    ("custom_task_lock_ttl", 86401, "Ensure this value is less than or equal to 86400."),
    ("custom_script", None, "This field may not be null."),
    ("workspace", 99, 'Invalid pk "99" - object does not exist.'),
    ("workspace", None, "This field may not be null."),
]


@pytest.mark.parametrize("name", GAP)
def test_a_create_ignores_what_only_an_update_takes(enterprise, name):
    value = SAMPLES.get(name, 7)
    created = make(enterprise, **{name: value})
    before = enterprise.get(f"/api/projects/{created['id']}/").json()[name]
    after = enterprise.patch(f"/api/projects/{created['id']}/", json={name: value}).json()[name]
    assert name not in created
    assert before != after


def test_community_ignores_every_field_of_enterprise(community):
    project = make(community, **{name: SAMPLES.get(name, 7) for name in ENTERPRISE if name not in BASE})
    shown = community.patch(f"/api/projects/{project['id']}/", json={"custom_script": "x", "workspace": 1}).json()
    assert not (ENTERPRISE.keys() - BASE.keys()) & shown.keys()


@pytest.mark.parametrize(("sent", "kept"), DECIMALS)
def test_a_decimal_comes_back_as_a_text_with_two_places(enterprise, sent, kept):
    make(enterprise)
    response = enterprise.patch("/api/projects/1/", json={"annotation_limit_percent": sent})
    assert response.json()["annotation_limit_percent"] == kept


@pytest.mark.parametrize(("name", "value", "message"), BAD_ENTERPRISE)
def test_a_bad_enterprise_value_is_named_with_its_field(enterprise, name, value, message):
    make(enterprise)
    response = enterprise.patch("/api/projects/1/", json={name: value, "title": "Not kept"})
    assert (response.status_code, response.json()["validation_errors"]) == (400, {name: [message]})
    assert enterprise.get("/api/projects/1/").json()["title"] == "A project"


def test_a_partial_nested_object_resets_what_it_leaves_out(enterprise):
    make(enterprise)
    enterprise.patch("/api/projects/1/", json={"review_settings": {"review_criteria": "all", "instruction": "x"}})
    review = enterprise.patch("/api/projects/1/", json={"review_settings": {"instruction": "y"}}).json()[
        "review_settings"
    ]
    assert (review["instruction"], review["review_criteria"]) == ("y", "one")


def test_nested_settings_are_read_with_an_id_and_derived_keys(enterprise):
    make(enterprise)
    shown = enterprise.patch(
        "/api/projects/1/", json={"review_settings": {"requeue_rejected_tasks_mode": "requeue"}}
    ).json()
    assert shown["review_settings"].keys() == REVIEW.keys() | {"id", "project", "requeue_rejected_tasks_to_annotator"}
    assert shown["review_settings"]["requeue_rejected_tasks_to_annotator"] is True
    assert shown["assignment_settings"].keys() == ASSIGNMENT.keys() | {"id", "project"}


def test_a_bad_nested_value_is_named_inside_its_object(enterprise):
    make(enterprise)
    response = enterprise.patch("/api/projects/1/", json={"review_settings": {"review_criteria": "some"}})
    assert response.json()["validation_errors"] == {
        "review_settings": {"review_criteria": ['"some" is not a valid choice.']}
    }


def test_a_row_of_a_list_shows_all_but_the_credentials(enterprise):
    make(enterprise, task_data_login="ana", task_data_password="secret")
    row = enterprise.get("/api/projects/").json()["results"][0]
    detail = enterprise.get("/api/projects/1/").json()
    assert detail.keys() - row.keys() == {"task_data_login", "task_data_password", "permissions"}
    assert detail["task_data_password"] == "secret"


def test_include_on_enterprise_picks_counters_and_keeps_settings(enterprise):
    make(enterprise)
    row = enterprise.get("/api/projects/?include=task_number").json()["results"][0]
    assert (row["task_number"], row["finished_task_number"], row["title"]) == (0, None, "A project")


def test_a_project_moves_to_another_workspace(enterprise):
    workspace = enterprise.post("/api/workspaces/", json={"title": "Radiology"}).json()["id"]
    make(enterprise)
    moved = enterprise.patch("/api/projects/1/", json={"workspace": workspace}).json()
    assert (moved["workspace"], moved["workspace_title"]) == (workspace, "Radiology")
    assert [row["id"] for row in enterprise.get(f"/api/projects/?workspaces={workspace}").json()["results"]] == [1]
    assert enterprise.get(f"/api/workspaces/{workspace}/").json()["projects_count"] == 1


def test_a_workspace_needs_a_title(enterprise):
    assert enterprise.post("/api/workspaces/", json={}).json()["validation_errors"] == {
        "title": ["This field is required."]
    }


def test_personal_workspaces_can_be_left_out(enterprise):
    enterprise.post("/api/workspaces/", json={"title": "Ours"})
    shared = enterprise.get("/api/workspaces/?is_personal=false").json()
    assert [workspace["title"] for workspace in shared] == ["Ours"]


def test_titles_need_not_be_unique(community):
    assert make(community)["id"] != make(community)["id"]


def test_deleting_a_project_takes_its_tasks_and_annotations_with_it(community):
    make(community)
    task = community.post("/api/tasks/", json={"data": {"text": "x"}, "project": 1}).json()["id"]
    annotation = community.post(f"/api/tasks/{task}/annotations/", json={"result": [RESULT]}).json()["id"]
    assert community.delete("/api/projects/1/").status_code == 204
    assert community.get(f"/api/tasks/{task}/").status_code == 404
    assert community.get(f"/api/annotations/{annotation}/").status_code == 404


def test_an_id_is_not_used_again(community):
    make(community)
    community.delete("/api/projects/1/")
    assert make(community)["id"] == 2


def test_a_label_in_use_may_go_by_patch_and_a_control_may_not(community):
    make(community)
    community.post("/api/projects/1/import", json=[{"text": "x"}])
    community.post("/api/tasks/1/annotations/", json={"result": [RESULT]})
    without_label = CONFIG.replace('<Choice value="A"/>', "")
    renamed = CONFIG.replace('name="c"', 'name="d"')
    assert community.post("/api/projects/1/validate/", json={"label_config": without_label}).status_code == 400
    assert community.patch("/api/projects/1/", json={"label_config": without_label}).status_code == 200
    assert "incompatible" in community.patch("/api/projects/1/", json={"label_config": renamed}).text


def test_an_import_on_enterprise_answers_with_its_job(enterprise):
    make(enterprise)
    assert enterprise.post("/api/projects/1/import", json=[{"text": "x"}]).json().keys() == {"import"}
    assert enterprise.get("/api/projects/1/").json()["task_number"] == 1


def test_a_page_of_projects_needs_few_queries(community, monkeypatch):
    for index in range(30):
        make(community, title=f"Project {index}")
    store = community._transport.app.extensions["sandbox"].store
    queries: list[str] = []
    store._connection.set_trace_callback(queries.append)
    assert len(community.get("/api/projects/").json()["results"]) == 30
    assert sum("annotation" in query for query in queries) == 2
