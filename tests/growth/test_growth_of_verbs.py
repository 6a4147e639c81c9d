"""What a verb is given ten times as much of is ten times its work at most: tasks, files, labels, rows, what is live."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from tests.support.broad import CONFIG, each, named, one
from tests.support.growth import Lines, counted, outgrown
from tests.support.moving import config, numbered
from tests.support.sandbox import client_of

FEW, MANY = 12, 120
FILE = "sandbox.db"
SERVER = ("--server", f"sandbox:{FILE}")


class Stage:
    """A folder with a manifest in it; each verb is counted by its name."""

    def __init__(self, lsops, count: int) -> None:
        self.lsops, self.count = lsops, count
        self.found: dict[str, Lines] = {}
        self.folder = lsops.folder / str(count)
        self.folder.mkdir()
        lsops.monkeypatch.chdir(self.folder)

    def write(self, tree: Any, name: str = "lsops.yaml") -> None:
        version = {"version": 1} if name.endswith("lsops.yaml") else {}
        self.lsops.write(json.dumps({**version, **tree}, indent=1), f"{self.count}/{name}")

    def dump(self, value: Any, name: str) -> None:
        self.lsops.write(json.dumps(value), f"{self.count}/{name}")

    def run(self, *arguments: str, code: int = 0) -> None:
        with counted() as lines:
            ran = self.lsops(*arguments)
        assert ran.code == code, (arguments, ran.out[-500:], ran.err[-500:])
        self.found[" ".join(arguments)] = lines

    def serve(self, projects: Iterable[dict[str, Any]] = (), edition: str = "community") -> None:
        """A sandbox with these projects, each with its tasks."""
        with client_of(self.folder / FILE, edition=edition) as api:
            for body in projects:
                tasks = body.pop("tasks", [])
                made = api.post("/api/projects/", json={"label_config": CONFIG, **body}).raise_for_status().json()
                if tasks:
                    api.post(f"/api/projects/{made['id']}/import", json=tasks).raise_for_status()


def chosen(*labels: str, name: str = "dx") -> dict[str, Any]:
    """A task with an annotation that has each of these labels in a result of its own."""
    regions = [
        {"id": str(number), "from_name": name, "to_name": "t", "type": "choices", "value": {"choices": [label]}}
        for number, label in enumerate(labels)
    ]
    return {"data": {"text": "a"}, "annotations": [{"result": regions}]}


def tasks_that_are_right(stage: Stage, count: int) -> None:
    stage.write(one())
    stage.dump([chosen("Yes")] * count, "tasks.json")
    stage.run("validate", "--tasks", "tasks.json", "-t", "/projects/Alone")


def tasks_that_are_wrong(stage: Stage, count: int) -> None:
    stage.write(one(label_config=config(numbered(count, "label"))))
    stage.dump([chosen(*numbered(count, "lable"), name="Choices")], "tasks.json")
    stage.run("validate", "--tasks", "tasks.json", "-t", "/projects/Alone", code=3)


def tasks_that_seed(stage: Stage, count: int) -> None:
    stage.serve()
    stage.dump([chosen("Yes")] * count, "tasks.json")
    stage.write(one(seed_tasks="tasks.json"))
    stage.run("plan", *SERVER)
    stage.run("apply", "--yes", *SERVER)


def labels_of_a_schema(stage: Stage, count: int) -> None:
    stage.lsops.write(config(numbered(count, "label")), f"{count}/config.xml")
    stage.run("schema", "--label-config", "config.xml")


def labels_that_are_renamed(stage: Stage, count: int) -> None:
    task = chosen("old0", "old1", name="Choices")
    stage.serve([{"title": "Alone", "label_config": config(numbered(count, "old")), "tasks": [task]}])
    names = {"Choices": dict(zip(numbered(count, "old"), numbered(count, "new"), strict=True))}
    stage.write(one(label_config=config(numbered(count, "new")), lifecycle={"renamed_labels": names}))
    stage.run("plan", *SERVER)


def projects_that_look_alike(stage: Stage, count: int) -> None:
    old = {"color": "#111111", "maximum_annotations": 5, "show_skip_button": False}
    stage.serve(
        {"title": f"Old {number}", "description": f"Was {number}", "tasks": [{"text": "a"}], **old}
        for number in range(count)
    )
    new = {"color": "#222222", "maximum_annotations": 2, "show_skip_button": False}
    stage.write(each(count, lambda number: {"description": f"Is {number}", **new}))
    stage.run("plan", *SERVER)


def projects_in_workspaces(stage: Stage, count: int) -> None:
    stage.serve(edition="enterprise")
    wards = named(count, "Ward {}", {})
    rows = {"project_templates": {"Form": {"project": "Source"}}, "workspaces": {**wards, "Base": {}}}
    new = named(count, "Project {}", lambda number: {"workspace": f"Ward {number}", "from_template": "Form"})
    stage.write({**rows, "projects": {"Source": {"label_config": CONFIG, "workspace": "Base"}, **new}})
    stage.run("apply", "--yes", *SERVER)
    stage.run("plan", *SERVER)


def projects_that_stay(stage: Stage, count: int) -> None:
    stage.serve({"title": f"Project {number}"} for number in range(count))
    stage.write({**one(), "defaults": {"projects": {"lifecycle": {"protect": True}}}, "prune": ["projects"]})
    stage.run("plan", *SERVER)
    stage.run("apply", "--yes", "--allow-deletes", str(count), *SERVER, code=5)


def entries_that_are_absent(stage: Stage, count: int) -> None:
    stage.serve({"title": f"Project {number}"} for number in range(count))
    stage.write({"projects": named(count, "Projcet {}", {"lifecycle": {"absent": True}})})
    stage.run("plan", *SERVER)


def changes_in_a_saved_plan(stage: Stage, count: int) -> None:
    stage.serve()
    stage.write(each(count, lambda _: {"views": {"Tab": {}}}))
    for number in (1, 2):
        stage.run("plan", *SERVER, "--shard", f"{number}/2", "--out", f"{number}.json")
    stage.run("show", "1.json", "2.json")
    stage.run("plan", *SERVER, "--out", "plan.json")
    stage.run("apply", "--yes", *SERVER, "--plan", "plan.json", "--audit", "audit.jsonl")
    stage.run("pin", *SERVER)
    stage.run("plan", *SERVER)


def views_in_their_order(stage: Stage, count: int) -> None:
    stage.serve()
    stage.write(one(views_order="managed", views=named(count, "Tab {}", {})))
    stage.run("apply", "--yes", *SERVER)
    tabs = dict(reversed(named(count, "Tab {}", {}).items()))
    stage.write(one(views_order="managed", views=tabs))
    stage.run("apply", "--yes", *SERVER)


def pointers_to_ignore(stage: Stage, count: int) -> None:
    rules = {"ignore": [f"/columnsWidth/c{number}" for number in range(count)]}
    for name, width in (("before/lsops.yaml", 1), ("lsops.yaml", 2)):
        stage.write(one(views={"Tab": {"columnsWidth": named(count, "c{}", width), "lifecycle": rules}}), name)
    stage.run("diff", "--base", "before")


def files_of_a_manifest(stage: Stage, count: int) -> None:
    for number in range(count):
        stage.write({"projects": {f"Project {number}": {"label_config": CONFIG}}}, f"files/{number}.yaml")
        stage.write({"projects": {f"Project {number}": {"description": "x"}}}, f"overlays/{number}.yaml")
    overlays = [f"overlays/{number}.yaml" for number in range(count)]
    stage.write({"include": ["files/*.yaml"], "environments": {"prod": {"overlays": overlays}}})
    stage.run("validate", "-e", "prod")
    stage.run("explain", "-e", "prod", "/projects/Project 0")


def what_a_policy_judges(stage: Stage, count: int) -> None:
    policies = {"one": {"on": "change", "warn": 'change.kind == "project"'}}
    stage.write(one(), "before/lsops.yaml")
    stage.write({**each(count), "policies": policies})
    stage.run("diff", "--base", "before")


def rows_of_a_log(stage: Stage, count: int) -> None:
    with client_of(stage.folder / FILE, edition="enterprise") as api:
        for number in range(count):
            api.post("/api/workspaces/", json={"title": f"Ward {number}"}).raise_for_status()
    stage.write({"workspaces": named(count, "Ward {}", {"description": "x"})})
    stage.run("audit", *SERVER)
    stage.run("drift", "--who", *SERVER, code=2)


def parts_of_a_backup(stage: Stage, count: int) -> None:
    stage.serve({"title": f"Project {number}", "tasks": [chosen("Yes")]} for number in range(count))
    stage.run("backup", *SERVER, "--to", "backup", "/projects/*")


def parts_of_a_backup_that_is_restored(stage: Stage, count: int) -> None:
    parts_of_a_backup(stage, count)
    with client_of(stage.folder / "other.db", edition="community"):
        pass
    stage.run("restore", "--server", "sandbox:other.db", "--yes", "backup")


Scene = Callable[[Stage, int], None]
SCENES: list[Scene] = [
    labels_that_are_renamed,
    projects_that_look_alike,
    pointers_to_ignore,
    projects_in_workspaces,
    tasks_that_are_wrong,
    views_in_their_order,
    tasks_that_are_right,
    tasks_that_seed,
    labels_of_a_schema,
    projects_that_stay,
    entries_that_are_absent,
    changes_in_a_saved_plan,
    files_of_a_manifest,
    what_a_policy_judges,
    rows_of_a_log,
    parts_of_a_backup,
]
LEFT = pytest.mark.xfail(reason="each project is planned by itself, and a new title reads all projects", strict=True)
"""What is known to grow faster, and not mended yet."""


def too_much(lsops, scene: Callable[[Stage, int], None], few: int, many: int) -> list[str]:
    found = []
    for count in (2, few, many):
        scene(stage := Stage(lsops, count), count)
        found.append(stage.found)
    small, large = found[1].values(), found[2].items()
    return [
        f"{name}: {text}"
        for before, (name, after) in zip(small, large, strict=True)
        for text in outgrown(before, after, few=few, many=many)
    ]


@pytest.mark.parametrize("scene", SCENES[:4])
def test_a_verb_does_its_work_in_time(lsops, scene):
    assert not too_much(lsops, scene, FEW, MANY)


@pytest.mark.soak
@pytest.mark.parametrize("scene", [*SCENES, pytest.param(parts_of_a_backup_that_is_restored, marks=LEFT)])
def test_each_verb_does_its_work_in_time(lsops, scene):
    assert not too_much(lsops, scene, 20, 200)
