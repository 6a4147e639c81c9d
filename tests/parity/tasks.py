"""Tasks in the script: what an import takes and refuses, and bad input elsewhere."""

from __future__ import annotations

from typing import Any

from tests.parity.steps import Step

P = "/api/projects/"
HERE = f"{P}{{tasks}}/"
IMPORT = f"{P}{{tasks}}/import"
TASKS = "/api/tasks/"
CONFIG = '<View><Text name="t" value="$text"/><Choices name="c" toName="t"><Choice value="A"/></Choices></View>'
MANY = (
    '<View><Image name="i" value="$i"/><Table name="u" value="$u"/><HyperText name="h" value="$h"/>'
    '<List name="l" value="$l"/><Header value="$text"/><Audio name="o" value="$o"/><Text name="n" value="$a.b"/></View>'
)
RIGHT = {"i": "x", "u": {}, "h": "x", "l": [], "o": "x", "a": {"b": "x"}}
REPEATED = '<View><Repeater on="$r" indexFlag="{{i}}"><Text name="t_{{i}}" value="$r[{{i}}].x"/></Repeater></View>'
RESULT = {"from_name": "c", "to_name": "t", "type": "choices", "value": {"choices": ["A"]}}
DATA = {"text": "a"}
# How often the server counts the columns of a task depends on what was deleted since it was started.
COLUMNS = ("all_data_columns",)


def imports(*bodies: Any) -> list[Step]:
    return [Step(f"import {str(body)[:90]}", "POST", IMPORT, body) for body in bodies]


def alone(**values: Any) -> list[Any]:
    """One task with these keys beside good data."""
    return [{"data": DATA, **values}]


def makes(*bodies: Any) -> list[Step]:
    return [Step(f"make {str(body)[:90]}", "POST", TASKS, body) for body in bodies]


def project(config: str) -> Step:
    return Step("a project for tasks", "POST", P, {"title": "Parity tasks", "label_config": config}, save="tasks")


END = Step("no more tasks", "DELETE", HERE)
AUTHORS = (
    None,
    1,
    True,
    "1",
    1.0,
    99999,
    "x",
    [1],
    {},
    {"id": 1},
    {"email": "owner@example.com"},
    {"email": "no@x.com"},
)
ANNOTATIONS = (
    *([], None, {}, "x", 5, ["x"], [{"foo": 1}], [{"result": None}], [{"result": "x"}], [{"result": []}]),
    *([{"result": [RESULT], name: "x"}] for name in ("was_cancelled", "ground_truth", "lead_time", "unknown")),
    [{"result": [RESULT], "ground_truth": False, "was_cancelled": True, "lead_time": 3, "id": 77}],
)
PREDICTIONS = (
    *([], None, {}, "x", 5, [{"foo": 1}], [{"result": "A"}]),
    *([{"result": [RESULT], "score": score, "model_version": "v"}] for score in ("x", None, 0.5, "0.5")),
    *([{"result": [RESULT], "model_version": version}] for version in (None, "", 5)),
)
BROKEN = (["x"], [{"result": None}], [{"result": ["x"]}])
CHECKS = [
    project(CONFIG),
    *imports(*(alone(annotations=[{"result": [RESULT], "completed_by": who}]) for who in AUTHORS)),
    *imports(*(alone(annotations=value) for value in ANNOTATIONS)),
    *imports(*(alone(predictions=value) for value in PREDICTIONS)),
    *imports(*(alone(meta=value) for value in (None, [], {}, {"a": 1}, "x", 5))),
    *imports(*([{"data": value}] for value in (None, [], [1], "x", 5, {}))),
    *imports(*([{"data": {"text": value}}] for value in (None, 1, 1.5, True, [], {}, ""))),
    *imports(
        [DATA, {"no": 1}], [{"data": {}}, {"data": DATA}, {"data": {"no": 1}}], ["x", DATA], [None], [5], [[]], [{}]
    ),
    *imports(*({"data": DATA}, DATA, {}, "x", 5, [], [{"no": at} for at in range(102)], [DATA, *({"no": 1},) * 99])),
    Step("import nothing at all", "POST", IMPORT),
    Step("import a text as it is", "POST", IMPORT, content=b"text", headers={"Content-Type": "text/plain"}),
    Step("what was imported", "GET", HERE),
    Step("its summary", "GET", f"{HERE}summary/", masked=COLUMNS),
    Step("its tasks", "GET", "/api/tasks/?project={tasks}"),
    *imports(*(alone(predictions=value) for value in BROKEN)),
    Step("tasks of broken predictions", "GET", HERE),
    END,
]

TYPES = [
    project(MANY),
    *imports([RIGHT], *([{**RIGHT, name: value}] for name in RIGHT for value in (None, 5, "x", [], {}, True))),
    *imports(*([{**RIGHT, "a": value}] for value in ({"c": 1}, {"b": 1}, {"b": {}}))),
    END,
    project(REPEATED),
    *imports(*([{"r": value}] for value in ([{"x": "a"}], "x", {}, []))),
    END,
]

INPUT = [
    project(CONFIG),
    *makes(*({"project": value, "data": DATA} for value in ("abc", "{tasks}", None, "", [], {}, 99999, "-1"))),
    *makes(
        *({"project": "{tasks}", "data": value} for value in (None, "x", 5, [], [1], {}, {"text": None}, {"text": {}}))
    ),
    *makes(*({"project": "{tasks}", "data": DATA, "meta": value} for value in (None, "x", [], {"a": 1}, 5))),
    *makes(
        *({"project": "{tasks}", "data": DATA, **more} for more in ({"overlap": 5}, {"inner_id": 9}, {"overlap": "x"}))
    ),
    *makes({"project": "{tasks}", "data": DATA, "annotations": "x", "predictions": 5}),
    *makes({"project": "{tasks}"}, {"data": DATA}, {}, [], "x"),
    *(
        Step(f"tasks of {query}", "GET", f"{TASKS}?{query}")
        for query in (
            "project=abc",
            "project=",
            "project=0",
            "project=1.5",
            "project=999999",
            "view=abc",
            "view=999999",
            "",
        )
    ),
    *(Step(f"get {path}", "GET", path) for path in (f"{TASKS}abc/", f"{TASKS}0/", f"{TASKS}999999/")),
    *(
        Step(f"annotate nothing with {body}", "POST", f"{TASKS}999999/annotations/", body)
        for body in ({}, [], {"result": []})
    ),
    END,
]
TASK_CHECKS = [*CHECKS, *TYPES, *INPUT]
