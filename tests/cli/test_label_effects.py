"""What a change of a project does to the tasks and fields that it does not name is said before it is made."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.attempts import NAMED, TRIAGE
from tests.support.one_project import CONFIG, annotate
from tests.support.site import Site

DYNAMIC = CONFIG.replace('toName="t">', 'toName="t" value="$options">').replace('<Choice value="No"/>', "")


def with_tasks(site: Site, *tasks: dict[str, Any], **project: Any) -> None:
    """`Triage` with these tasks."""
    site.declare(project)
    site.settled()
    if tasks:
        path = f"/api/projects/{site.project()['id']}/import"
        site.api.post(path, json=[{"data": task} for task in tasks]).raise_for_status()


def of_the_plan(site: Site, key: str) -> list[str]:
    (change,) = site.changes()
    return list(change[key])


TEXT = {"text": "a"}


@pytest.mark.parametrize(
    ("change", "tasks", "effect"),
    [
        (
            {"maximum_annotations": 3},
            2,
            ["rewrites the overlap of the 2 existing tasks, and so which of them are done"],
        ),
        ({"maximum_annotations": 3}, 1, ["rewrites the overlap of the existing task, and so which of them are done"]),
        (
            {"overlap_cohort_percentage": 50},
            2,
            ["rewrites the overlap of the 2 existing tasks, and so which of them are done"],
        ),
        ({"skip_queue": "IGNORE_SKIPPED"}, 2, ["decides anew which of the 2 existing tasks are done"]),
        ({"maximum_annotations": 3}, 0, []),
        ({"skip_queue": "IGNORE_SKIPPED"}, 0, []),
        ({"show_overlap_first": True, "sampling": "Uniform sampling"}, 2, []),
    ],
)
def test_what_becomes_of_the_tasks_is_an_effect(
    site: Site, change: dict[str, Any], tasks: int, effect: list[str]
) -> None:
    with_tasks(site, *[TEXT] * tasks)
    site.declare(change)
    assert of_the_plan(site, "effects") == effect


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_every_form_shows_the_effect(site: Site, form: str) -> None:
    with_tasks(site, TEXT)
    site.declare({"maximum_annotations": 3})
    assert "rewrites the overlap of the existing task" in site.lsops("plan", "--format", form).out


CLEARS = 'clears model_version, which is "v1" and not set here: write it in the manifest to keep it'


@pytest.mark.parametrize(
    ("more", "effects"),
    [
        ({}, [CLEARS]),
        ({"model_version": "v1", "lifecycle": {"ignore": ["model_version"]}}, [CLEARS]),
        ({"model_version": "v1"}, []),
    ],
)
def test_hiding_predictions_clears_a_version_that_is_not_sent(
    site: Site, more: dict[str, Any], effects: list[str]
) -> None:
    with_tasks(site)
    task = {"data": TEXT, "predictions": [{"model_version": "v1", "result": []}]}
    site.api.post(f"/api/projects/{site.project()['id']}/import", json=[task]).raise_for_status()
    assert site.project()["model_version"] == "v1"
    site.declare({"show_collab_predictions": False, **more})
    assert of_the_plan(site, "effects") == effects
    site.settled()
    assert site.project()["model_version"] == ("" if effects else "v1")


def test_nothing_is_cleared_where_nothing_stands(site: Site) -> None:
    with_tasks(site)
    site.declare({"show_collab_predictions": False})
    assert of_the_plan(site, "effects") == []


BODY = CONFIG.replace("$text", "$body")


@pytest.mark.parametrize(
    ("tasks", "config", "warnings"),
    [
        ([TEXT], BODY, ['1 task has no field "body"']),
        ([TEXT] * 3, BODY, ['3 tasks have no field "body"']),
        ([TEXT, {"text": "a", "body": "b"}], BODY, ['1 of 2 tasks have no field "body"']),
        ([{"text": "a", "body": "b"}] * 2, BODY, []),
        ([], BODY, []),
        ([TEXT], CONFIG.replace("<Text ", '<Header value="$title.of"/><Text '), ['1 task has no field "title"']),
        ([TEXT], CONFIG.replace("<Text ", '<Header value="$5 a piece"/><Text '), []),
        ([TEXT], CONFIG.replace('"No"', '"$USD"'), []),
    ],
)
def test_a_field_that_tasks_lack_is_a_warning(
    site: Site, tasks: list[dict[str, Any]], config: str, warnings: list[str]
) -> None:
    with_tasks(site, *tasks)
    site.declare({"label_config": config})
    assert of_the_plan(site, "warnings") == warnings


@pytest.mark.parametrize(
    ("tasks", "config", "asked"),
    [
        (1, BODY, 1),
        (0, BODY, 0),
        (1, CONFIG, 0),
        (1, CONFIG.replace('"No"', '"No" hotkey="n"'), 0),
        (1, CONFIG.replace('"No"', '"Never"'), 1),
    ],
)
def test_the_summary_is_read_only_where_it_matters(site: Site, tasks: int, config: str, asked: int) -> None:
    with_tasks(site, *[TEXT] * tasks)
    site.declare({"label_config": config})
    site.watch.requests.clear()
    site.lsops("plan")
    assert len(site.watch.reads(f"/api/projects/{site.project()['id']}/summary/")) == asked


def test_a_summary_that_cannot_be_read_leaves_the_plan_without_the_warning(site: Site) -> None:
    with_tasks(site, TEXT)
    site.declare({"label_config": BODY})
    site.watch.faults = (f"GET /api/projects/{site.project()['id']}/summary/:500",)
    assert of_the_plan(site, "warnings") == []


def test_labels_that_only_tasks_may_have_now_go_by_name_alone(site: Site) -> None:
    with_tasks(site)
    annotate(site.api, imported=False)
    site.declare({"label_config": DYNAMIC})
    ran = site.apply()
    assert (ran.code, "error[LS804]" in ran.err) == (5, True)
    said = (
        'label "No" of "dx" goes away (removed, unless $options of the task has it) while the project has 1 annotation'
    )
    assert said in ran.err
    site.settled(*NAMED)


def test_many_labels_that_go_away_are_counted(site: Site) -> None:
    many = "".join(f'<Choice value="c{number}"/>' for number in range(100))
    with_tasks(site, label_config=CONFIG.replace('<Choice value="No"/>', f'<Choice value="No"/>{many}'))
    annotate(site.api, imported=False)
    site.declare({"label_config": CONFIG})
    told = site.lsops("plan").out
    assert told.count("goes away") == 20
    assert "80 more labels or controls go away" in told


def test_a_live_config_that_nobody_can_take_apart_counts_as_lost(site: Site) -> None:
    with_tasks(site)
    annotate(site.api, imported=False)
    deep = CONFIG.replace("</View>", "<Odd>" * 250 + "</Odd>" * 250 + "</View>")
    site.api.patch(f"/api/projects/{site.project()['id']}/", json={"label_config": deep}).raise_for_status()
    ran = site.apply()
    assert (ran.code, f"error[LS804]: {TRIAGE}" in ran.err) == (5, True)
    assert "elements are nested more than 200 deep" in ran.err
