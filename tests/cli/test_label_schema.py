"""`lsops schema --label-config` and `lsops validate --tasks`: what annotations may hold, and tasks held against it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lsops.labelconfig import answer_schema, result_schema
from lsops.preview.samples import sample_task
from tests.support.cli import Lsops
from tests.support.label_configs import CONFIGS

CONFIG = """<View>
  <Image name="i" value="$image"/><Header value="$title"/>
  <RectangleLabels name="r" toName="i"><Label value="Car"/><Label value="Bus"/></RectangleLabels>
  <Choices name="c" toName="i"><Choice value="Yes"/><Choice value="No"/></Choices>
</View>"""
MANIFEST = "version: 1\nprojects:\n  Cars: {label_config: '${file:cars.xml}'}\n  Other: {title: Other}\n"
BOX = {"x": 1, "y": 2, "width": 3, "height": 4, "rectanglelabels": ["Car"]}
DATA = {"image": "a.png", "title": "A"}


@pytest.fixture
def cars(lsops: Lsops) -> Lsops:
    """A manifest with one label config."""
    lsops.write(CONFIG, "cars.xml")
    lsops.write(MANIFEST)
    return lsops


def result(name: str = "r", kind: str = "rectanglelabels", **changes: Any) -> dict[str, Any]:
    return {"id": "a", "from_name": name, "to_name": "i", "type": kind, "value": BOX, **changes}


def predicted(*results: Any) -> dict[str, Any]:
    return {"data": DATA, "predictions": [{"result": list(results)}]}


def told(lsops: Lsops, text: str, name: str = "tasks.jsonl") -> tuple[int, str]:
    (lsops.folder / name).write_text(text, "utf-8")
    ran = lsops("validate", "--tasks", name)
    return ran.code, ran.out + ran.err


def test_the_schema_of_a_label_config_is_printed(cars: Lsops) -> None:
    assert cars("schema", "--label-config", "cars.xml").json() == result_schema(CONFIG)
    assert cars("schema", "--label-config", "cars.xml", "--compact").json() == answer_schema(CONFIG)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--label-config", "no.xml"], "error[LS201]: no.xml: there is no such file"),
        (["--label-config", "broken.xml"], "broken.xml:1:"),
        (["--compact"], "--compact goes with --label-config"),
        (["project", "--label-config", "cars.xml"], "--label-config goes with neither a KIND nor --document"),
    ],
)
def test_what_has_no_schema_is_told(cars: Lsops, arguments: list[str], message: str) -> None:
    cars.write("<View><Image></View>", "broken.xml")
    ran = cars("schema", *arguments)
    assert (ran.code, message in ran.err) == (3, True)


def test_tasks_that_fit_are_counted(cars: Lsops) -> None:
    lines = [json.dumps(one) for one in (DATA, {"data": DATA}, predicted(result()))]
    assert told(cars, "\n\n".join(lines)) == (0, "Valid: 2 resources, 3 tasks.\n")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("tasks.json", json.dumps([DATA, DATA], indent=1)),
        ("tasks.jsonl", f"{json.dumps(DATA)}\r\n{json.dumps(DATA)}\r\n"),
        ("tasks.csv", 'image,title\r\na.png,"A, or\nB"\r\nb.png,C\r\n'),
        ("tasks.tsv", "image\ttitle\na.png\tA\nb.png\tB\n"),
        ("tasks", json.dumps([DATA, DATA])),
    ],
)
def test_each_form_of_file_is_read(cars: Lsops, name: str, text: str) -> None:
    assert told(cars, text, name) == (0, "Valid: 2 resources, 2 tasks.\n")


@pytest.mark.parametrize(
    ("task", "message"),
    [
        (5, "[LS143]: task 1: a task is an object, not an integer"),
        ({"data": []}, "[LS143]: task 1: /data must be an object, not a list"),
        ({"data": DATA, "annotations": {}}, "[LS143]: task 1: /annotations must be a list"),
        ({"data": DATA, "annotations": [{}]}, "[LS143]: task 1: /annotations/0 must be an object with a list"),
        ({"data": {"imag": 1, "title": 2}}, '[LS142]: task 1: /data lacks "image", which the label config shows'),
        (predicted(result("q")), '[LS144]: task 1: /predictions/0/result/0/from_name: "q" is no control'),
        (predicted({"value": BOX}), "[LS144]: task 1: /predictions/0/result/0 lacks from_name"),
        (predicted(result(kind="choices")), "/result/0/type: must be one of rectanglelabels"),
        (predicted(result(), result(value={**BOX, "x": 120})), "/result/1/value/x: must be at most 100, not 120"),
        (predicted(result(value={**BOX, "x": "1"})), "/result/0/value/x: must be a number, not a string"),
        (predicted(result(value={**BOX, "rectanglelabels": ["Cra"]})), '"Cra" is not one of Car, Bus'),
        (predicted(result(colour=1)), '/result/0: "colour" is no key of a result'),
        (predicted(result("c", "choices", value={"choices": ["Yes", "No"]})), "must have at most 1 items, not 2"),
        (predicted(result("c", "choices", value={})), "/result/0/value lacks choices"),
        (predicted({"type": "relation", "from_id": "a", "to_id": "b"}, result()), "/to_id: there is no result with"),
        (predicted(7), "/result/0: a result is an object, not an integer"),
    ],
)
def test_what_does_not_fit_is_told_with_its_place(cars: Lsops, task: Any, message: str) -> None:
    code, words = told(cars, f"\n{json.dumps(task)}\n")
    assert code == 3
    assert words.startswith("tasks.jsonl:2:1: error[LS14")
    assert message in words


def test_a_field_that_only_a_heading_names_is_a_warning(cars: Lsops) -> None:
    code, words = told(cars, json.dumps({"image": "a.png"}))
    assert code == 0
    assert 'warning[LS142]: task 1: /data lacks "title"' in words
    assert "Valid: 2 resources, 1 task, 1 warning." in words


def test_a_task_of_a_list_has_its_line(cars: Lsops) -> None:
    text = '\n[\n {"image": 1,\n  "title": 2},\n\n {"data": 5}]\n'
    assert told(cars, text, "tasks.json")[1].startswith("tasks.json:6:1: error[LS143]: task 2")


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("tasks.json", '[\n{"a": }]', "tasks.json:2:7: error[LS141]: not JSON"),
        ("tasks.jsonl", '{}\n{"a"', "tasks.jsonl:2:5: error[LS141]: not JSON"),
        ("tasks.json", "[" * 200_000, "error[LS141]: not JSON that can be read"),
        ("tasks.csv", "image,title\na\n", "tasks.csv:2:1: error[LS141]: the row has 1 fields"),
        ("tasks.csv", 'image,title\n"a\n', "error[LS141]: not CSV"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_an_error(cars: Lsops, name: str, text: str, message: str) -> None:
    code, words = told(cars, text, name)
    assert (code, message in words) == (3, True)


def test_a_file_is_named_as_the_user_names_it(cars: Lsops, monkeypatch: pytest.MonkeyPatch) -> None:
    (cars.folder / "below").mkdir()
    (cars.folder / "bad.jsonl").write_text("5", "utf-8")
    monkeypatch.chdir(cars.folder / "below")
    assert cars("validate", "..", "--tasks", "../bad.jsonl").err.startswith("../bad.jsonl:1:1: error[LS143]")
    absolute = str(Path(cars.folder, "bad.jsonl"))
    assert "bad.jsonl:1:1: error[LS143]" in cars("validate", "..", "--tasks", absolute).err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--tasks", "no.json"], "error[LS141]: the file of tasks: there is no such file"),
        (["--tasks", "t.json", "-t", "/projects/Other"], "nothing that is chosen has a label config"),
        (["--tasks", "t.json", "-t", "/projects/Nobody"], 'the target "/projects/Nobody" matches nothing'),
        (["-t", "/projects/Cars"], "-t goes with --tasks"),
    ],
)
def test_tasks_need_a_label_config_and_a_file(cars: Lsops, arguments: list[str], message: str) -> None:
    cars.write("[]", "t.json")
    ran = cars("validate", *arguments)
    assert (ran.code, message in ran.err) == (3, True)


def test_of_several_label_configs_a_target_chooses(cars: Lsops) -> None:
    cars.write(MANIFEST.replace("{title: Other}", '{label_config: \'<View><Text name="t" value="$text"/></View>\'}'))
    cars.write(json.dumps([{"text": "a"}]), "t.json")
    assert "2 are chosen: /projects/Cars, /projects/Other" in cars("validate", "--tasks", "t.json").err
    assert cars("validate", "--tasks", "t.json", "-t", "/projects/Other").code == 0
    assert cars("validate", "--tasks", "t.json", "-t", "/projects/Cars").code == 3


def test_a_target_in_the_environment_does_not_stop_a_validation(cars: Lsops) -> None:
    cars.setenv(LSOPS_TARGET="/projects/Cars")
    assert cars("validate").code == 0


@pytest.mark.parametrize("name", CONFIGS)
def test_the_sample_task_of_a_config_fits_it(lsops: Lsops, name: str) -> None:
    lsops.write(CONFIGS[name], "config.xml")
    lsops.write("version: 1\nprojects:\n  One: {label_config: '${file:config.xml}'}\n")
    code, words = told(lsops, json.dumps(sample_task(CONFIGS[name])))
    assert (code, "1 task" in words) == (0, True)
