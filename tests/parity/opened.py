"""Views that are stored and then opened: which of them the server can show.

Compared is the status alone: the words of a crash are those of the server's libraries, and the sandbox filters nothing.
"""

from __future__ import annotations

from typing import Any

from tests.parity.steps import Step

P = "/api/projects/"
CONFIG = '<View><Text name="t" value="$text"/><Choices name="c" toName="t"><Choice value="A"/></Choices></View>'
TIME = "2025-01-01T00:00:00.000Z"
BOUNDS = {"min": 1, "max": 2}


def filtered(column: str, operator: str, kind: str, value: Any, **more: Any) -> dict[str, Any]:
    item = {"filter": f"filter:tasks:{column}", "operator": operator, "type": kind, "value": value, **more}
    return {"filters": {"conjunction": "and", "items": [item]}}


def opened(*views: dict[str, Any]) -> list[Step]:
    """Each view stored, and its tab asked for."""
    steps = []
    for data in views:
        name = str(data)[:120]
        steps.append(Step(f"store {name}", "POST", "/api/dm/views/", {"project": "{tabs}", "data": data}, save="tab"))
        path = "/api/tasks/?view={tab}&project={tabs}"
        steps.append(Step(f"open {name}", "GET", path, status_only=True))
    return steps


CHILD = {"filter": "filter:tasks:id", "operator": "equal", "type": "Number", "value": "x"}
OPENED = [
    Step("a project with tabs", "POST", P, {"title": "Parity tabs", "label_config": CONFIG}, save="tabs"),
    *opened(filtered("id", "regex", "Number", 1)),  # nothing to try it on yet
    Step("its task", "POST", "/api/tasks/", {"project": "{tabs}", "data": {"text": "a", "n": 1}}),
    *opened(*(filtered("id", "equal", "Number", value) for value in (1, "1", "x", None, {"value": 1}, BOUNDS, [1]))),
    *opened(*(filtered("id", "in", "Number", value) for value in (1, BOUNDS, {"min": "x", "max": 1}))),
    *opened(*(filtered("id", "in_list", "Number", value) for value in (1, [1], "12", "x", ["x"], BOUNDS))),
    *opened(*(filtered("id", operator, "Number", 1) for operator in ("regex", "contains", "empty", "bogus"))),
    *opened(*(filtered("id", "equal", "String", value) for value in ("1", "x"))),
    *opened(*(filtered("total_annotations", "regex", "Number", value) for value in (1, "x"))),
    *opened(*(filtered("data.n", operator, "Number", "x") for operator in ("equal", "regex"))),
    *opened(*(filtered("data.text", "regex", "String", value) for value in ("a", "(", 1))),
    *opened(*(filtered("data.text", "equal", "String", value) for value in ("a", 1, [1], BOUNDS))),
    *opened(*(filtered("data.text", operator, "String", "x") for operator in ("empty", "in", "in_list", "contains"))),
    *opened(*(filtered("created_at", "equal", kind, TIME) for kind in ("Datetime", "String"))),
    *opened(*(filtered("created_at", "equal", kind, "1 May") for kind in ("Datetime", "String"))),
    *opened(*(filtered("created_at", operator, "String", "1 May") for operator in ("less", "contains"))),
    *opened(*(filtered("created_at", "in", "Datetime", value) for value in (TIME, {"min": TIME, "max": TIME}, BOUNDS))),
    *opened(*(filtered("annotators", "contains", "List", value) for value in (1, "1", "owner@example.com", [1]))),
    *opened(*(filtered("updated_by", "not_contains", "List", value) for value in (1, "owner@example.com"))),
    *opened(*(filtered("annotators", "empty", "List", value) for value in (True, "yes", 1, "x"))),
    *opened(*(filtered("predictions_model_versions", "contains", "List", value) for value in (1, "v1", ["v1"]))),
    *opened(*(filtered("annotations_ids", operator, "String", 1) for operator in ("contains", "equal"))),
    *opened(*(filtered("is_labeled", "equal", "Boolean", value) for value in (True, 1, "no", "x"))),
    *opened(*(filtered(column, "equal", "String", "x") for column in ("nope", "reviewed", "data.nope", "state"))),
    *opened(filtered("id", "greater", "Number", 0, child_filter=CHILD)),
    *opened({"filters": {"conjunction": "xor", "items": [CHILD]}}, {"filters": {"conjunction": "and", "items": []}}),
    *opened(
        *({"ordering": value} for value in (["tasks:id"], ["-tasks:data.text"], ["tasks:nope"], [5], "x", {"a": 1}))
    ),
    *opened(
        *({"ordering": value} for value in (["tasks:id", "tasks:nope"], ["tasks:project__title"], ["tasks:state"]))
    ),
    *opened(*({"hiddenColumns": value} for value in ({}, {"explore": []}, {"labeling": []}, ["x"], "x", 5, None))),
    *opened({"hiddenColumns": {"explore": [], "labeling": []}}, {"hiddenColumns": {"explore": None, "labeling": []}}),
    Step("no such view", "GET", "/api/tasks/?view=999999"),
    Step("a view alone", "GET", "/api/tasks/?view={tab}", status_only=True),
    Step("no more tabs", "DELETE", f"{P}{{tabs}}/"),
]
