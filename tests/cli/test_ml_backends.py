"""ML backends through the command line: what each request carries, who is asked, and the model version that follows."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from typing import Any

import pytest

from tests.support.child_values import PASSWORD
from tests.support.site import BASE, Asked, Site

MODEL = {"url": f"{BASE}/model"}
LOGIN = {"auth_method": "BASIC_AUTH", "basic_auth_user": "ana", "basic_auth_pass": PASSWORD}
GUARDED = {"url": "http://denied-models.example.com", **LOGIN}


def declare(site: Site, entry: Mapping[str, Any] = MODEL, **project: Any) -> None:
    """A project with one ML backend."""
    site.declare({**project, "ml_backends": {"triage": entry}})


def patched(site: Site, entry: Mapping[str, Any], *flags: str) -> Asked:
    """The one PATCH of a backend that makes it as declared."""
    declare(site, entry)
    del site.watch.requests[:]
    site.settled(*flags)
    (patch,) = (one for one in site.watch.requests if one.method == "PATCH")
    return patch


# ---- what requests carry --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change", [{"description": "new"}, {"url": f"{BASE}/moved"}, {"timeout": 5}, {"auto_update": False}], ids=str
)
def test_every_update_has_the_url_and_the_project(site: Site, change: dict[str, Any]) -> None:
    declare(site)
    site.settled()
    patch = patched(site, {**MODEL, **change})
    number = site.project()["id"]
    assert {**patch.body, **MODEL, **change, "project": number} == patch.body | {"auth_method": "NONE"}
    assert patch.path == f"/api/ml/{site.row('ml_backends', 'triage')['id']}"


@pytest.mark.parametrize("change", [{"description": "new"}, {"timeout": 5}], ids=str)
def test_every_update_with_a_login_has_all_of_it_and_keeps_the_password(site: Site, change: dict[str, Any]) -> None:
    declare(site, GUARDED)
    site.settled()
    body = patched(site, {**GUARDED, **change}).body
    login = {**LOGIN, "basic_auth_pass": "", **change}
    assert {name: body[name] for name in LOGIN} == {name: login[name] for name in LOGIN}
    assert site.row("ml_backends", "triage")["basic_auth_pass_is_set"]


@pytest.mark.parametrize("change", [{"basic_auth_user": "ben"}, {"url": f"{BASE}/elsewhere"}], ids=str)
def test_another_user_or_place_gets_the_password_again(site: Site, change: dict[str, Any]) -> None:
    declare(site, GUARDED)
    site.settled()
    assert patched(site, {**GUARDED, **change}).body["basic_auth_pass"] == "open sesame"


def test_a_login_that_is_not_declared_is_sent_as_it_is(site: Site) -> None:
    declare(site, GUARDED)
    site.settled()
    body = patched(site, {"url": GUARDED["url"], "description": "new"}).body
    assert {name: body[name] for name in LOGIN} == {**LOGIN, "basic_auth_pass": ""}


def test_a_password_that_the_server_lacks_is_sent(site: Site) -> None:
    declare(site)
    site.settled()
    body = patched(site, {**MODEL, **LOGIN}).body
    assert {name: body[name] for name in LOGIN} == {**LOGIN, "basic_auth_pass": "open sesame"}


def test_a_missing_password_alone_is_a_change(site: Site) -> None:
    site.declare({})
    site.settled()
    site.make("ml_backends", "triage", **MODEL, basic_auth_user="ana")
    declare(site, {**MODEL, **LOGIN, "auth_method": "NONE"})
    assert site.row("ml_backends", "triage")["basic_auth_pass_is_set"] is False
    (change,) = site.changes()
    assert (change["fields"], list(change["secrets"])) == ([], ["/basic_auth_pass"])
    site.settled()
    assert site.row("ml_backends", "triage")["basic_auth_pass_is_set"] is True


def test_a_password_is_rotated_when_asked_and_only_then(site: Site) -> None:
    declare(site, GUARDED)
    site.settled()
    site.lsops.setenv(ML_PASSWORD="second password")
    site.unchanged()
    body = patched(site, GUARDED, "--resend-secrets", "/**").body
    assert {name: body[name] for name in LOGIN} == {**LOGIN, "basic_auth_pass": "second password"}


def test_a_wrong_password_is_told_and_nothing_is_saved(site: Site) -> None:
    site.lsops.setenv(ML_PASSWORD="denied-password")
    declare(site, GUARDED)
    ran = site.apply()
    assert ran.code == 4
    assert "authentication parameters were either not provided or are incorrect" in ran.out
    assert site.keys("ml_backends") == []


def test_a_backend_that_is_down_is_no_drift_and_its_update_fails_in_the_servers_words(site: Site) -> None:
    declare(site)
    site.settled()
    with closing(sqlite3.connect(site.watch.database)) as store, store:
        store.execute("UPDATE ml_backend SET doc = json_set(doc, '$.url', 'http://missing-models.example.com')")
    down = {"url": "http://missing-models.example.com"}
    declare(site, down)
    site.unchanged()
    declare(site, {**down, "description": "new"})
    assert "warning: the backend did not answer when it was read" in site.lsops("plan").out
    ran = site.apply()
    assert ran.code == 4
    assert "health check failed" in ran.out
    declare(site, MODEL)
    site.settled()


# ---- who is asked ---------------------------------------------------------------------------------


def many(site: Site, named: int, unnamed: int) -> None:
    """Projects with a backend each, of which only the first ones say so in the manifest."""
    title = "Project {:02}".format
    site.declare_projects({title(n): {"ml_backends": {"triage": MODEL}} for n in range(named + unnamed)})
    site.settled()
    less = {title(n): {"ml_backends": {"triage": MODEL}} if n < named else {} for n in range(named + unnamed)}
    site.declare_projects(less)
    del site.watch.requests[:]


def test_only_projects_that_name_backends_are_asked_and_two_at_a_time(site: Site) -> None:
    many(site, 6, 4)
    site.watch.wait = 0.01
    site.watch.most.clear()
    site.unchanged()
    asked = sorted(int(one.query["project"]) for one in site.watch.reads("/api/ml/"))
    assert asked == sorted(site.project(f"Project {n:02}")["id"] for n in range(6))
    assert site.watch.most["/api/ml/"] == 2


@pytest.mark.parametrize("name", ["ml_backends", "projects/*/ml_backends"])
def test_a_skipped_collection_is_not_asked_and_the_plan_says_so(site: Site, name: str) -> None:
    many(site, 2, 0)
    ran = site.unchanged("--skip", name)
    assert site.watch.reads("/api/ml/") == []
    assert "2 left out by the targets or --skip" in ran.out
    assert "/projects/Project 00/ml_backends/triage" in ran.out
    document = site.lsops("plan", "--skip", name, "--format", "json").json()
    assert document["left_out"] == [f"/projects/Project {n:02}/ml_backends/triage" for n in range(2)]


def test_a_skipped_collection_is_not_written(site: Site) -> None:
    declare(site)
    assert site.apply("--skip", "ml_backends").code == 0
    assert site.keys("ml_backends") == []
    assert site.unchanged("--skip", "ml_backends").code == 0
    assert "+ /projects/Triage/ml_backends/triage" in site.lsops("plan").out


def test_a_skipped_collection_that_does_not_exist_is_exit_3(site: Site) -> None:
    declare(site)
    assert 'did you mean "ml_backends"?' in site.refused("--skip", "ml_backend")


def test_one_project_whose_backends_cannot_be_read_leaves_the_others_alone(site: Site) -> None:
    many(site, 2, 0)
    site.watch.faults = ("GET /api/ml/:500:once",)
    ran = site.lsops("plan")
    assert ran.code == 1
    assert ran.last.startswith("Plan incomplete: 1 read failed")
    assert site.apply().code == 1


# ---- ghosts ---------------------------------------------------------------------------------------

GHOST = {"url": "http://ghost-models.example.com", "description": "made all the same"}


def test_a_backend_that_was_made_though_the_server_refused_is_adopted(site: Site) -> None:
    declare(site, GHOST)
    ran = site.apply("--format", "json")
    assert ran.code == 0, ran
    assert [one for one in site.watch.writes() if "/api/ml/" in one] == ["POST /api/ml/"]
    assert site.row("ml_backends", "triage")["description"] == "made all the same"
    assert "the server made it and answered: POST /api/ml/: 403" in ran.json()["outcomes"][-1]["warnings"][0]
    site.unchanged()


def test_what_follows_a_ghost_is_made_too(site: Site) -> None:
    declare(site, GHOST, model_version="triage")
    site.settled()
    assert site.project()["model_version"] == "triage"


def test_a_backend_that_was_refused_for_good_is_failed_and_not_made(site: Site) -> None:
    declare(site, {"url": "http://broken-models.example.com"})
    ran = site.apply()
    assert ran.code == 4
    assert "doesn't look like a valid ML backend" in ran.out
    assert site.watch.writes().count("POST /api/ml/") == 1
    assert site.keys("ml_backends") == []


def test_what_was_there_before_is_no_ghost(site: Site) -> None:
    site.declare({})
    site.settled()
    site.make("ml_backends", "other", url=f"{BASE}/other")
    declare(site, {"url": "http://missing-models.example.com"})
    before = site.state()
    assert site.apply().code == 4
    assert site.state() == before
