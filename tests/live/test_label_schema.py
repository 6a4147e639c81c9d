"""What Label Studio itself says of tasks that `lsops validate --tasks` refuses."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from lsops.errors import Source
from lsops.manifest.findings import Findings
from lsops.manifest.task_check import check_tasks
from lsops.manifest.task_files import TaskInFile
from tests.support.label_studio import Running

pytestmark = pytest.mark.live

CONFIG = """<View><Image name="i" value="$image"/><Header value="$title"/>
<RectangleLabels name="r" toName="i"><Label value="Car"/></RectangleLabels>
<Choices name="c" toName="i"><Choice value="Yes"/><Choice value="No"/></Choices></View>"""
DATA = {"image": "a.png", "title": "A"}
BOX = {"from_name": "r", "to_name": "i", "type": "rectanglelabels"}
VALUE = {"x": 1, "y": 2, "width": 3, "height": 4, "rectanglelabels": ["Car"]}

TAKEN: list[dict[str, Any]] = [
    {**BOX, "value": VALUE, "from_name": "nobody"},
    {**BOX, "value": VALUE, "to_name": "nothing"},
    {**BOX, "value": VALUE, "type": "choices"},
    {**BOX, "value": {**VALUE, "rectanglelabels": ["Bus"]}},
    {**BOX, "value": {**VALUE, "x": 120}},
    {**BOX, "value": {**VALUE, "x": "1"}},
    {**BOX},
    {"from_name": "c", "to_name": "i", "type": "choices", "value": {"choices": ["Yes", "No"]}},
]
REFUSED: list[Any] = [
    {"data": {"title": "A"}},
    {"data": []},
    {"data": DATA, "annotations": {}},
    {"data": DATA, "annotations": [{}]},
    5,
]


def found(task: Any) -> list[str]:
    findings = Findings()
    check_tasks([TaskInFile(1, task, Source("tasks", 1))], CONFIG, "/projects/Cars", findings)
    return [one.code for one in findings.errors]


def test_label_studio_takes_results_that_do_not_fit_and_refuses_tasks_that_do_not(label_studio: Running) -> None:
    header = {"Authorization": f"Token {label_studio.token}"}
    with httpx.Client(base_url=label_studio.url, headers=header, timeout=60) as http:
        made = http.post("/api/projects/", json={"title": "Label schema", "label_config": CONFIG}).json()
        place = f"/api/projects/{made['id']}/import"
        for result in TAKEN:
            task = {"data": DATA, "predictions": [{"result": [result]}], "annotations": [{"result": [result]}]}
            assert (http.post(place, json=[task]).status_code, set(found(task))) == (201, {"LS144"})
        for task in REFUSED:
            assert http.post(place, json=[task]).status_code in (400, 500)
            assert set(found(task)) in ({"LS142"}, {"LS143"})
        assert http.post(place, json=[{"data": {"image": "a.png"}}]).status_code == 201
        assert found({"data": {"image": "a.png"}}) == []
        http.delete(f"/api/projects/{made['id']}/")
