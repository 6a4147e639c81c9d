"""`seed_tasks` of a project: a file of tasks for one that has none."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterable, Mapping
from typing import Any

import httpx
import pytest

from tests.cli.conftest import DATABASE
from tests.support.cli import Lsops
from tests.support.one_project import declare
from tests.support.site import Site

JSON = {"Content-Type": "application/json"}
SEED = "/projects/Triage/seed_tasks"
YES = {"from_name": "dx", "to_name": "t", "type": "choices", "value": {"choices": ["Yes"]}}


def tasks(number: int) -> list[dict[str, Any]]:
    return [{"data": {"text": f"text {one}"}} for one in range(number)]


def seed(site: Site, items: Iterable[Any], **more: Any) -> None:
    """A manifest whose project names a file of these tasks."""
    site.lsops.write(json.dumps(list(items)), "tasks.json")
    site.declare({"seed_tasks": "tasks.json", **more})


def there(site: Site) -> list[dict[str, Any]]:
    answer = site.api.get("/api/tasks/", params={"project": site.project()["id"], "page_size": 1000, "fields": "all"})
    return list(answer.raise_for_status().json()["tasks"])


def texts(site: Site) -> list[str]:
    return sorted(task["data"]["text"] for task in there(site))


def imports(site: Site) -> list[int]:
    """How many tasks each request brought."""
    return [len(one.body) for one in site.watch.requests if one.path.endswith("/import")]


@pytest.fixture
def site(lsops: Lsops, community: httpx.Client) -> Site:
    return Site.of(lsops, community, "community", lsops.folder / DATABASE)


@pytest.fixture
def big_site(lsops: Lsops, enterprise: httpx.Client) -> Site:
    return Site.of(lsops, enterprise, "enterprise", lsops.folder / DATABASE)


@pytest.fixture(params=["site", "big_site"])
def either(request: pytest.FixtureRequest) -> Site:
    found: Site = request.getfixturevalue(request.param)
    return found


@pytest.fixture(autouse=True)
def small_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lsops.kinds.projects.importing.MOST_TASKS", 3)
    monkeypatch.setattr("lsops.server.waiting.FIRST", 0.01)
    monkeypatch.setattr("lsops.server.waiting.CALM", 0.0)


# ---- the file ------------------------------------------------------------------------------------

FILES = {
    "tasks.json": '[{"data": {"text": "a"}}, {"text": "b"}]',
    "tasks.jsonl": '{"data": {"text": "a"}}\n\n{"text": "b"}\n',
    "tasks.csv": "text,more\na,1\nb,2\n",
    "sub/tasks.tsv": "text\ta\na\tx\nb\ty\n",
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_each_form_fills_a_new_project(site: Site, name: str) -> None:
    site.lsops.write(FILES[name], name)
    site.declare({"seed_tasks": name})
    site.settled()
    assert texts(site) == ["a", "b"]


WRONG = {
    '[{"data": {"text": "a"}},\n {"data": {"txt": 1}}]': ("tasks.json:2:1", "LS142", 'task 2: /data lacks "text"'),
    '[{"text": "a"},\n 7]': ("tasks.json:2:1", "LS143", "task 2: a task is an object"),
    '[{"text": "a"},\n\n {"data": 7}]': ("tasks.json:3:1", "LS143", "task 2: /data must be an object"),
    '[{"data": {"text": "a"}, "meta": [1]}]': ("tasks.json:1:1", "LS143", "task 1: /meta must be an object"),
    '[{"text": "a"},\n {"text": ]': ("tasks.json:2:11", "LS141", "not JSON"),
    "[]": ("tasks.json:1:1", "LS680", 'the file "tasks.json" holds no task'),
}


@pytest.mark.parametrize("text", WRONG)
def test_what_is_wrong_with_a_file_is_said_offline_with_line_and_task(lsops: Lsops, text: str) -> None:
    lsops.write(text, "tasks.json")
    declare(lsops, {"seed_tasks": "tasks.json"})
    ran = lsops("validate")
    place, code, message = WRONG[text]
    assert ran.code == 3
    assert f"{place}: error[{code}]: {message}" in ran.err


def test_a_result_that_the_label_config_does_not_take_is_said_offline(lsops: Lsops) -> None:
    wrong = {**YES, "value": {"choices": ["Perhaps"]}}
    lsops.write(json.dumps([{"data": {"text": "a"}, "annotations": [{"result": [wrong]}]}]), "tasks.json")
    declare(lsops, {"seed_tasks": "tasks.json"})
    ran = lsops("validate")
    assert ran.code == 3
    assert 'task 1: /annotations/0/result/0/value/choices/0: "Perhaps" is not one of Yes' in ran.err


@pytest.mark.parametrize("name", ["../tasks.json", "/tasks.json", ".git/tasks.json", "none.json"])
def test_a_file_that_a_manifest_may_not_name_is_refused(lsops: Lsops, name: str) -> None:
    declare(lsops, {"seed_tasks": name})
    assert f'error[LS405]: the file "{name}": ' in lsops("validate").err


def test_a_file_that_is_too_large_is_refused(lsops: Lsops, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lsops.manifest.seed_files.LARGEST", 10)
    lsops.write(json.dumps(tasks(1)), "tasks.json")
    declare(lsops, {"seed_tasks": "tasks.json"})
    assert 'the file "tasks.json": it is larger than 10 bytes' in lsops("validate").err


def test_explain_names_the_file(lsops: Lsops) -> None:
    lsops.write(json.dumps(tasks(1)), "tasks.json")
    declare(lsops, {"seed_tasks": "tasks.json"})
    (field,) = (
        one
        for one in lsops("explain", "/projects/Triage", "--format", "json").json()["fields"]
        if "seed" in one["path"]
    )
    assert field["value"] == "tasks.json"


# ---- the plan ------------------------------------------------------------------------------------


def test_the_plan_says_how_many_tasks_come_from_which_file(site: Site) -> None:
    both = {"data": {"text": "a"}, "annotations": [{"result": [YES]}], "predictions": [{"result": [YES]}]}
    seed(site, [both, *tasks(2)])
    (change,) = (one for one in site.changes() if one["address"] == SEED)
    assert (change["fields"][0]["path"], change["fields"][0]["after"]) == ("/seed_tasks/tasks", 3)
    assert change["effects"] == ["imports 3 tasks with 1 annotation and 1 prediction from tasks.json"]
    assert (change["part_of"], change["requires"]) == ("/projects/Triage", ["/projects/Triage"])
    assert "Plan: 1 to create, 0 to update" in site.lsops("plan").out


def test_annotations_and_predictions_come_along_and_meta_stays(site: Site) -> None:
    both = {"data": {"text": "a"}, "annotations": [{"result": [YES]}], "predictions": [{"result": [YES]}]}
    seed(site, [{**both, "meta": {"mine": 1, "lsops": {"other": 2}}}])
    site.settled()
    (task,) = there(site)
    assert (len(task["annotations"]), len(task["predictions"])) == (1, 1)
    assert task["meta"]["mine"] == 1
    assert set(task["meta"]["lsops"]) == {"other", "seed"}


def test_an_empty_project_is_filled_and_a_full_one_is_left_alone_whatever_the_file_says(either: Site) -> None:
    either.declare({})
    either.settled()
    seed(either, tasks(4))
    (change,) = either.changes()
    assert (change["action"], change["address"], change["fields"][0]["before"]) == ("update", SEED, 0)
    either.settled()
    seed(either, tasks(9))
    either.unchanged()
    assert len(there(either)) == 4


@pytest.mark.parametrize("number", [1, 5])
def test_a_project_with_tasks_of_another_origin_is_left_alone(site: Site, number: int) -> None:
    site.declare({})
    site.settled()
    site.api.post(f"/api/projects/{site.project()['id']}/import", json=tasks(number)).raise_for_status()
    seed(site, tasks(3))
    site.unchanged()


def test_a_saved_plan_is_stale_once_the_file_is_another(site: Site) -> None:
    seed(site, tasks(3))
    assert site.lsops("plan", "--out", "plan.json").code == 0
    site.lsops.write(json.dumps([{"data": {"text": "else"}}] * 3), "tasks.json")
    ran = site.lsops("apply", "--plan", "plan.json")
    assert ran.code == 5
    assert "would now be changed differently: seed_tasks/sha256" in ran.err


# ---- without doubles -----------------------------------------------------------------------------


def lost(site: Site, which: int, *, carried_out: bool) -> None:
    """The answer to that import is lost, whether the server carried it out or not."""
    seen = []

    def instead(request: httpx.Request) -> httpx.Response | None:
        if not request.url.path.endswith("/import"):
            return None
        seen.append(request)
        if len(seen) != which:
            return None
        if carried_out:
            site.api.post(request.url.path, content=request.content, headers=JSON).raise_for_status()
        message = "gone"
        raise httpx.ReadError(message)

    site.watch.instead = instead


def test_requests_are_bounded_and_an_answer_that_is_lost_doubles_nothing(either: Site) -> None:
    seed(either, tasks(8))
    lost(either, 2, carried_out=True)
    either.settled()
    assert texts(either) == sorted(f"text {one}" for one in range(8))
    assert imports(either) == [3, 3, 2]


@pytest.mark.parametrize("which", [1, 3])
def test_a_project_that_has_a_part_of_the_file_gets_the_rest(either: Site, which: int) -> None:
    seed(either, tasks(8))
    lost(either, which, carried_out=False)
    ran = either.apply()
    assert ran.code == 4, ran
    assert f"failed update {SEED}" in ran.out + ran.err
    (change,) = either.changes()
    assert change["fields"][0]["before"] == (which - 1) * 3
    either.settled()
    assert texts(either) == sorted(f"text {one}" for one in range(8))


def test_what_the_server_still_imports_for_a_run_that_was_killed_is_waited_for(site: Site) -> None:
    seed(site, tasks(8))
    lost(site, 2, carried_out=False)
    site.apply()
    body = next(one.body for one in reversed(site.watch.requests) if one.path.endswith("/import"))
    path, looks = f"/api/projects/{site.project()['id']}/import", []

    def meanwhile(request: str) -> None:
        looks.extend([request] if request == "GET /api/tasks/" else [])
        if len(looks) == 3 and not site.watch.requests[-1].body:  # the look of the plan, one of apply, and now
            looks.append("")
            site.api.post(path, json=body).raise_for_status()

    site.watch.instead = lambda request: None
    site.watch.meanwhile = meanwhile
    site.settled()
    assert texts(site) == sorted(f"text {one}" for one in range(8))


def test_two_runs_at_once_are_told(site: Site) -> None:
    seed(site, tasks(2))

    def instead(request: httpx.Request) -> httpx.Response | None:
        if request.url.path.endswith("/import"):
            site.api.post(request.url.path, content=request.content, headers=JSON).raise_for_status()
        return None

    site.watch.instead = instead
    ran = site.apply()
    assert ran.code == 4
    assert "LS684" in ran.out + ran.err


def test_tasks_that_came_meanwhile_are_told_and_nothing_is_imported(site: Site) -> None:
    site.declare({})
    site.settled()
    seed(site, tasks(2))
    path = f"/api/projects/{site.project()['id']}/import"
    asked: list[str] = []

    def meanwhile(request: str) -> None:
        if request == "GET /api/tasks/" and not asked:
            asked.append(request)
            site.api.post(path, json=tasks(1)).raise_for_status()

    site.watch.meanwhile = meanwhile
    ran = site.apply()
    assert ran.code == 4
    assert "LS682" in ran.out + ran.err
    assert len(there(site)) == 1


def test_an_interrupt_ends_it_before_the_next_request_and_the_next_run_goes_on(site: Site) -> None:
    seed(site, tasks(8))
    site.watch.meanwhile = lambda request: signal.raise_signal(signal.SIGINT) if request.endswith("/import") else None
    ran = site.apply()
    assert ran.code == 130
    assert "interrupted: 3 of 8 tasks are there" in ran.out + ran.err
    site.watch.meanwhile = lambda request: None
    site.settled()
    assert texts(site) == sorted(f"text {one}" for one in range(8))


def test_what_the_server_refuses_is_told_and_nothing_of_that_request_is_there(site: Site) -> None:
    unknown = {"result": [YES], "completed_by": {"email": "nobody@example.com"}}
    seed(site, [*tasks(3), {"data": {"text": "a"}, "annotations": [unknown]}])
    ran = site.apply()
    assert ran.code == 4
    assert "Unknown annotator's email nobody@example.com" in ran.out + ran.err
    assert texts(site) == ["text 0", "text 1", "text 2"]


def answered(site: Site, end: str, document: Mapping[str, Any]) -> None:
    """From now on the server says this of every path with that end."""

    def instead(request: httpx.Request) -> httpx.Response | None:
        return httpx.Response(200, json=document, request=request) if end in request.url.path else None

    site.watch.instead = instead


def test_a_job_of_enterprise_that_fails_says_why(big_site: Site) -> None:
    seed(big_site, tasks(1))
    answered(big_site, "/imports/", {"status": "failed", "error": "no room"})
    ran = big_site.apply()
    assert ran.code == 4
    assert "LS683" in ran.out + ran.err
    assert "the server could not import them: no room" in ran.out + ran.err


def test_a_job_that_is_not_over_is_waited_for(big_site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lsops.kinds.projects.task_pages.JOB_SECONDS", 0.05)
    seed(big_site, tasks(1))
    answered(big_site, "/imports/", {"status": "in_progress"})
    ran = big_site.apply()
    assert ran.code == 4
    assert "is not over after 0.05 s" in ran.out + ran.err
    assert sum("/imports/" in str(one) for one in big_site.watch.requests) > 1
