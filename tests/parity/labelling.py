"""What people leave in a project: annotations, skips and drafts, how they are counted, and what they protect."""

from __future__ import annotations

from typing import Any

from tests.parity.steps import Step

P = "/api/projects/"
HERE = f"{P}{{lab}}/"
TEXT = '<Text name="t" value="$text"/>'
CHOICES = '<Choices name="c" toName="t"><Choice value="A"/><Choice value="B"/></Choices>'
CONFIG = f"<View>{TEXT}{CHOICES}</View>"
WITHOUT_A = CONFIG.replace('<Choice value="A"/>', "")
RENAMED = CONFIG.replace('name="c"', 'name="k"')
RESULT = {"from_name": "c", "to_name": "t", "type": "choices", "value": {"choices": ["A"]}}
OTHER = {**RESULT, "value": {"choices": ["B"]}}
TASK = "/api/tasks/{lab_task}/"
IDS = ("annotations_ids",)  # ids in a text
# How often the server counts the columns of a task depends on what was deleted since it was started.
COLUMNS = ("all_data_columns",)


def fresh(config: str = CONFIG) -> list[Step]:
    """A project of its own with one task."""
    return [
        Step("a project to label in", "POST", P, {"title": "Parity labels", "label_config": config}, save="lab"),
        Step("its first task", "POST", "/api/tasks/", {"project": "{lab}", "data": {"text": "a"}}, save="lab_task"),
        Step("its second", "POST", "/api/tasks/", {"project": "{lab}", "data": {"text": "b", "x": 1}}, save="lab_two"),
    ]


def told(about: str) -> Step:
    return Step(f"the summary {about}", "GET", f"{HERE}summary/", masked=COLUMNS)


def checked(*configs: str, patch: bool = False) -> list[Step]:
    """Each config asked about, and, if told to, written."""
    steps = []
    for config in configs:
        steps.append(Step(f"may follow: {config[:60]}", "POST", f"{HERE}validate/", {"label_config": config}))
        if patch:
            steps.append(Step(f"follows: {config[:60]}", "PATCH", HERE, {"label_config": config}))
    return steps


def annotate(save: str = "", task: str = "{lab_task}", **body: Any) -> Step:
    path = f"/api/tasks/{task}/annotations/"
    return Step(f"annotate {str(body)[:50]}", "POST", path, {"result": [RESULT], **body}, save=save)


END = [Step("no more labels", "DELETE", HERE)]

DRAFTS = [
    *fresh(),
    Step("draft", "POST", "/api/tasks/{lab_task}/drafts", {"result": [RESULT]}, save="draft"),
    told("with a draft"),
    *checked(
        WITHOUT_A, RENAMED, CONFIG.replace("Choices", "Labels").replace("Choice ", "Label "), f"<View>{TEXT}</View>"
    ),
    *checked(WITHOUT_A, CONFIG, RENAMED, patch=True),
    Step("a draft is in no total", "GET", HERE),
    Step("the task with a draft", "GET", TASK),
    Step("the tasks with a draft", "GET", "/api/tasks/?project={lab}"),
    Step("change the draft", "PATCH", "/api/drafts/{draft}/", {"result": [RESULT, OTHER], "lead_time": 2}),
    told("with a changed draft"),
    *checked(WITHOUT_A),
    Step("put the draft", "PUT", "/api/drafts/{draft}/", {"lead_time": 3}),
    Step("a second draft", "POST", "/api/tasks/{lab_two}/drafts", {"result": [OTHER]}, save="second"),
    Step("drop it", "DELETE", "/api/drafts/{second}/"),
    told("with one draft again"),
    Step("the drafts of a task", "GET", "/api/tasks/{lab_task}/drafts"),
    Step("the draft without a slash", "GET", "/api/drafts/{draft}"),
    annotate(save="annotation", draft_id="{draft}"),
    *(Step(f"draft {body}", "POST", "/api/tasks/{lab_task}/drafts", body) for body in ({}, {"result": None}, [])),
    Step("a draft of nothing", "POST", "/api/tasks/999999/drafts", {"result": []}),
    Step("no drafts of nothing", "GET", "/api/tasks/999999/drafts"),
    Step("no annotation", "POST", "/api/tasks/{lab_task}/annotations/999999/drafts", {"result": []}),
    Step("drafts with a slash", "GET", "/api/tasks/{lab_task}/drafts/"),
    Step("drafts below annotations", "GET", "/api/annotations/{annotation}/drafts"),
    Step("no such draft", "GET", "/api/drafts/999999/"),
    Step(
        "a draft with everything",
        "POST",
        "/api/tasks/{lab_two}/drafts",
        {"result": [OTHER], "user": "x", "was_postponed": True, "task": "{lab_task}", "import_id": 7, "lead_time": 1.5},
        save="second",
    ),
    Step(
        "a draft of wrong things",
        "POST",
        "/api/tasks/{lab_two}/drafts",
        {"result": "x", "task": 999999, "lead_time": "x"},
    ),
    Step("drop that", "DELETE", "/api/drafts/{second}/"),
    Step("of an annotation", "POST", "/api/tasks/{lab_task}/annotations/{annotation}/drafts", {"result": [RESULT]}),
    told("with both"),
    *checked(WITHOUT_A),
    Step("save the annotation", "PATCH", "/api/annotations/{annotation}/", {"result": [OTHER]}),
    told("with the annotation alone"),
    *checked(WITHOUT_A, CONFIG, patch=True),
    *END,
]

SKIPS = [
    *fresh(),
    Step(
        "skip by query", "POST", "/api/tasks/{lab_task}/annotations/?was_cancelled=1", {"result": [RESULT]}, save="skip"
    ),
    Step("a skip in the task", "GET", TASK, masked=IDS),
    Step("a skip in the project", "GET", HERE),
    told("with a skip"),
    *checked(WITHOUT_A),
    Step("not a skip any more", "PATCH", "/api/annotations/{skip}/", {"was_cancelled": False}),
    Step("done in the task", "GET", TASK, masked=IDS),
    Step("done in the project", "GET", HERE),
    Step("a skip again", "PATCH", "/api/annotations/{skip}/", {"was_cancelled": True}),
    Step(
        "the query wins",
        "POST",
        "/api/tasks/{lab_two}/annotations/?was_cancelled=0",
        {"result": [], "was_cancelled": True},
    ),
    Step("both in the project", "GET", HERE),
    Step("ignore skips", "PATCH", HERE, {"skip_queue": "IGNORE_SKIPPED"}),
    Step("ignored in the project", "GET", HERE),
    Step("ignored in the task", "GET", TASK, masked=IDS),
    *END,
]

SUMMARIES = [
    *fresh(),
    told("with two tasks"),
    annotate(save="one", result=[RESULT, RESULT]),
    told("with two results of a new control"),
    annotate(save="two", task="{lab_two}", result=[RESULT, OTHER]),
    told("with two annotations"),
    Step("change one", "PATCH", "/api/annotations/{one}/", {"result": [OTHER]}),
    told("with a changed annotation"),
    Step("drop the second", "DELETE", "/api/annotations/{two}/"),
    told("with a single one left"),
    *checked(WITHOUT_A, RENAMED),
    annotate(save="three", task="{lab_two}"),
    Step("drop a task with its annotation", "DELETE", "/api/tasks/{lab_two}/"),
    told("without the task"),
    *checked(WITHOUT_A, RENAMED),
    Step("drop the first annotation", "DELETE", "/api/annotations/{one}/"),
    told("without annotations"),
    *checked(RENAMED),
    told("after a look at the config"),
    Step("drop the first task", "DELETE", TASK),
    told("without tasks"),
    *checked(CONFIG),
    told("after another look"),
    *END,
]

BOXES = (
    '<View><Image name="i" value="$text"/><RectangleLabels name="b" toName="i"><Label value="Car"/></RectangleLabels>'
    '<Taxonomy name="x" toName="i"><Choice value="A"><Choice value="B"/></Choice></Taxonomy><TextArea name="n" toName="i"/>'
    '<Relations><Relation value="r"/></Relations></View>'
)
KINDS = [
    *fresh(BOXES),
    annotate(
        result=[
            {
                "from_name": "b",
                "to_name": "i",
                "type": "rectanglelabels",
                "value": {"x": 1, "rectanglelabels": ["Car"]},
            },
            {"from_name": "x", "to_name": "i", "type": "taxonomy", "value": {"taxonomy": [["A", "B"]]}},
            {"from_name": "n", "to_name": "i", "type": "textarea", "value": {"text": ["words"]}},
            {"type": "relation", "from_id": "a", "to_id": "b", "direction": "right"},
        ]
    ),
    told("of several kinds"),
    *checked(
        BOXES.replace("Car", "Bus"),
        BOXES.replace('<Choice value="B"/>', ""),
        BOXES.replace('name="n"', 'name="m"'),
        BOXES.replace('<Relations><Relation value="r"/></Relations>', ""),
    ),
    annotate(result=[{"from_name": "b", "to_name": "i", "type": "rectanglelabels"}]),
    annotate(result=["x"]),
    *END,
]
LABELLING = [*DRAFTS, *SKIPS, *SUMMARIES, *KINDS]
