"""What reads and moves the data of a project: lists under filters, predictions, snapshots, actions, the next task."""

from __future__ import annotations

from typing import Any

from tests.parity.steps import Step

P = "/api/projects/"
HERE = f"{P}{{data}}/"
EXPORTS = f"{HERE}exports/"
LIST = "/api/tasks/?project={data}"
PREDICTIONS = "/api/predictions/"
CONFIG = (
    '<View><Text name="t" value="$text"/>'
    '<Choices name="c" toName="t"><Choice value="A"/><Choice value="B"/></Choices></View>'
)
RESULT = {"from_name": "c", "to_name": "t", "type": "choices", "value": {"choices": ["A"]}}
OTHER = {**RESULT, "value": {"choices": ["B"]}}
ROWS = [{"text": "Anna", "n": 1}, {"text": "ben", "n": 10}, {"text": ""}]
IDS = ("parent_prediction", "parent_annotation")
# Made up anew on every server, or told by the clock.
MADE = ("id", "md5", "finished_at", "title", "converted_format")
COLUMNS = ("all_data_columns",)


def made(name: str, path: str, body: Any, save: str = "", masked: tuple[str, ...] = ()) -> Step:
    return Step(name, "POST", path, body, save=save, masked=masked)


def listed(column: str, operator: str, value: Any, kind: str = "String") -> Step:
    """The tasks that one filter lets through, each by its text alone."""
    items = [{"filter": f"filter:tasks:{column}", "operator": operator, "type": kind, "value": value}]
    body = {"project": "{data}", "filters": {"conjunction": "and", "items": items}}
    path = "/api/dm/actions/?id=retrieve_tasks_predictions&project={data}"
    return Step(f"filter {column} {operator} {str(value)[:30]}", "POST", path, body)


def act(action: str, **body: Any) -> Step:
    selected = {"selectedItems": {"all": True, "excluded": []}, **body}
    return Step(f"action {action} {str(body)[:50]}", "POST", f"/api/dm/actions/?id={action}&project={{data}}", selected)


FILTERS = (
    listed("data.text", "equal", "ben"),
    listed("data.text", "contains", "N"),
    listed("data.text", "not_contains", "n"),
    listed("data.text", "empty", "true"),
    listed("data.text", "regex", "^[A-C]"),
    listed("data.text", "in_list", ["ben"]),
    listed("data.n", "greater", 2, "Number"),
    listed("data.n", "in", {"min": 1, "max": 3}, "Number"),
    listed("data.n", "empty", "True", "Number"),
    listed("total_annotations", "equal", 1, "Number"),
    listed("total_predictions", "empty", "false", "Number"),
    listed("annotators", "contains", 1, "List"),
    listed("annotations_results", "contains", '"choices": ["A"]'),
    listed("predictions_results", "empty", "true"),
    listed("predictions_model_versions", "contains", ["m"], "List"),
    listed("predictions_score", "greater", 0.4, "Number"),
    listed("is_labeled", "equal", "true", "Boolean"),
    listed("updated_by", "contains", 1, "List"),
)

SNAPSHOTS = (
    *(
        made(f"snapshot {str(body)[:60]}", EXPORTS, body, masked=MADE)
        for body in (
            {},
            {"task_filter_options": {"finished": "only"}},
            {"task_filter_options": {"annotated": "exclude"}, "annotation_filter_options": {"usual": True}},
            {"task_filter_options": {"view": 99999}},
            {"task_filter_options": {"skipped": "x", "view": "x"}},
            {"serialization_options": {"drafts": 3}},
            {"title": None},
        )
    ),
    made("the snapshot", EXPORTS, {"title": "s"}, save="export", masked=MADE),
    Step("its conversion", "POST", f"{EXPORTS}{{export}}/convert", {"export_type": "CSV"}, masked=MADE),
    Step("it again", "POST", f"{EXPORTS}{{export}}/convert", {"export_type": "CSV"}),
    Step("no format", "POST", f"{EXPORTS}{{export}}/convert", {"export_type": "X"}),
    Step("the snapshot read", "GET", f"{EXPORTS}{{export}}", masked=(*MADE, "converted_formats")),
    Step("a download in no format", "GET", f"{EXPORTS}{{export}}/download?exportType=X"),
    Step("it deleted", "DELETE", f"{EXPORTS}{{export}}"),
    Step("it gone", "GET", f"{EXPORTS}{{export}}"),
    Step("formats", "GET", f"{HERE}export/formats"),
)

DATA = [
    made("a project of data", P, {"title": "Parity data", "label_config": CONFIG}, save="data"),
    made("its tasks", f"{HERE}import", ROWS),
    Step("the next one", "GET", f"{HERE}next", save="data_task", only=("queue", "data", "annotations")),
    made("its annotation", "/api/tasks/{data_task}/annotations/", {"result": [RESULT]}, masked=IDS),
    made("a prediction", PREDICTIONS, {"task": "{data_task}", "result": [OTHER], "score": 0.5, "model_version": "m"}),
    made("a prediction of a value", PREDICTIONS, {"task": "{data_task}", "result": {"choices": ["A"]}}),
    made("a prediction of nothing", PREDICTIONS, {}),
    Step("model versions", "GET", f"{HERE}model-versions/"),
    *FILTERS,
    *SNAPSHOTS,
    Step("columns", "GET", "/api/dm/columns/?project={data}", status_only=True),
    act("rename_labels", control_tag="c", old_label_name="A", new_label_name="B"),
    act("rename_labels", control_tag="x", old_label_name="A", new_label_name="B"),
    Step("the summary after it", "GET", f"{HERE}summary/", masked=COLUMNS),
    act("predictions_to_annotations", model_version="m"),
    act("delete_tasks_predictions"),
    act("delete_tasks_annotations"),
    act("nope"),
    Step("no action", "POST", "/api/dm/actions/?project={data}", {}),
    Step("what was given", "GET", f"{HERE}label-stream-history/", status_only=True),
    act("delete_tasks"),
    Step("no tasks", "GET", f"{HERE}tasks/"),
    Step("an empty list", "GET", LIST),
    Step("a page beyond", "GET", f"{LIST}&page=2"),
    Step("the project of data goes", "DELETE", HERE),
]
