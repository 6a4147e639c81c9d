"""A project's `model_version` beside its ML backends: one apply is enough, whatever is made, renamed or refused."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.site import BASE, Site

MODEL = {"url": f"{BASE}/model"}
OTHER = {"url": f"{BASE}/other"}
TRIAGE = "/projects/Triage/ml_backends/triage"
VERSION = "/projects/Triage/model_version"
every_visibility = pytest.mark.parametrize(
    "shown", [{}, {"show_collab_predictions": True}, {"show_collab_predictions": False}], ids=str
)


def with_backend(site: Site, **project: Any) -> None:
    """A project with a backend that it uses."""
    site.declare({**project, "ml_backends": {"triage": MODEL}})
    site.settled()


@every_visibility
def test_one_apply_makes_project_and_backend_and_names_it(site: Site, shown: dict[str, bool]) -> None:
    site.declare({**shown, "model_version": "triage", "ml_backends": {"triage": MODEL}})
    (project, backend, version) = site.changes()
    assert (project["action"], backend["address"], version["address"]) == ("create", TRIAGE, VERSION)
    assert (version["kind"], version["action"]) == ("project", "update")
    assert version["requires"] == ["/projects/Triage", TRIAGE]
    site.settled()
    assert site.project()["model_version"] == "triage"
    assert "model_version" not in next(one.body for one in site.watch.requests if str(one) == "POST /api/projects/")


@every_visibility
def test_a_new_backend_of_an_old_project_is_named(site: Site, shown: dict[str, bool]) -> None:
    site.declare(shown)
    site.settled()
    site.declare({**shown, "model_version": "triage", "ml_backends": {"triage": MODEL}})
    site.settled()
    assert site.project()["model_version"] == "triage"


@every_visibility
def test_a_second_backend_takes_over(site: Site, shown: dict[str, bool]) -> None:
    with_backend(site, **shown, model_version="triage")
    site.declare({**shown, "model_version": "other", "ml_backends": {"triage": MODEL, "other": OTHER}})
    assert site.planned()[-1] == ("update", VERSION)
    site.settled()
    assert site.project()["model_version"] == "other"


@every_visibility
def test_a_renamed_backend_takes_its_name_along(site: Site, shown: dict[str, bool]) -> None:
    with_backend(site, **shown, model_version="triage")
    renamed = {**MODEL, "lifecycle": {"renamed_from": "triage"}}
    site.declare({**shown, "model_version": "sorter", "ml_backends": {"sorter": renamed}})
    site.settled()
    assert (site.project()["model_version"], site.keys("ml_backends")) == ("sorter", ["sorter"])


def test_a_name_that_a_rename_takes_away_is_an_error_at_its_line(site: Site) -> None:
    with_backend(site, model_version="triage")
    renamed = {**MODEL, "lifecycle": {"renamed_from": "triage"}}
    site.declare({"model_version": "triage", "ml_backends": {"sorter": renamed}})
    said = site.refused()
    assert 'error[LS504]: model_version names "triage", which is renamed to "sorter"' in said
    assert 'write model_version: "sorter"' in said


@every_visibility
def test_an_empty_one_stays_empty_beside_a_new_backend(site: Site, shown: dict[str, bool]) -> None:
    site.declare({**shown, "model_version": "", "ml_backends": {"triage": MODEL, "other": OTHER}})
    site.settled()
    assert site.project()["model_version"] == ""


def test_one_that_is_not_declared_is_left_to_the_server(site: Site) -> None:
    with_backend(site)
    assert site.project()["model_version"] == "triage"
    site.declare({"ml_backends": {"sorter": {**MODEL, "lifecycle": {"renamed_from": "triage"}}}})
    site.settled()
    site.declare({"ml_backends": {"sorter": {"lifecycle": {"absent": True}, **MODEL}}})
    site.settled("--allow-deletes", "1")


def test_a_backend_that_goes_away_empties_it(site: Site) -> None:
    with_backend(site, model_version="triage")
    site.declare({"model_version": "", "ml_backends": {"triage": {**MODEL, "lifecycle": {"absent": True}}}})
    site.settled("--allow-deletes", "1")
    assert site.project()["model_version"] == ""


def test_a_backend_that_goes_away_hands_over_to_a_new_one(site: Site) -> None:
    with_backend(site, model_version="triage")
    site.declare({"model_version": "other", "ml_backends": {"other": OTHER}}, prune=["projects/*/ml_backends"])
    site.settled("--allow-deletes", "1")
    assert (site.project()["model_version"], site.keys("ml_backends")) == ("other", ["other"])


def test_it_is_skipped_with_the_reason_where_its_backend_cannot_be_made(site: Site) -> None:
    broken = {"url": "http://missing-models.example.com"}
    site.declare({"description": "kept", "model_version": "triage", "ml_backends": {"triage": broken}})
    ran = site.apply("--format", "json")
    assert ran.code == 4
    outcomes = {one["address"]: one for one in ran.json()["outcomes"]}
    assert {place: one["outcome"] for place, one in outcomes.items()} == {
        "/projects/Triage": "done",
        TRIAGE: "failed",
        VERSION: "skipped",
    }
    assert TRIAGE in outcomes[VERSION]["reason"]
    assert f"skipped {VERSION}" in site.apply().out
    site.declare({"description": "kept", "model_version": "triage", "ml_backends": {"triage": MODEL}})
    site.settled()


def test_one_of_no_backend_fails_alone(site: Site) -> None:
    site.declare({"model_version": "none such", "ml_backends": {"triage": MODEL}})
    ran = site.apply()
    assert (ran.code, ran.last) == (4, "Apply incomplete: 2 done, 1 failed, 0 skipped.")
    assert "Model version doesn't exist" in ran.out


def test_one_changed_by_hand_is_mended(site: Site) -> None:
    both = {"triage": MODEL, "other": OTHER}
    site.declare({"model_version": "triage", "ml_backends": both})
    site.settled()
    path = f"/api/projects/{site.project()['id']}/"
    site.api.patch(path, json={"model_version": "other"}).raise_for_status()
    assert site.planned() == [("update", "/projects/Triage")]
    site.settled()
    assert site.project()["model_version"] == "triage"


def test_predictions_hidden_in_the_same_plan_leave_it(site: Site) -> None:
    with_backend(site, model_version="triage")
    site.declare({"show_collab_predictions": False, "model_version": "triage", "ml_backends": {"triage": MODEL}})
    site.settled()
    assert site.project()["model_version"] == "triage"


def test_a_saved_plan_with_one_is_made_as_it_is(site: Site) -> None:
    site.declare({"model_version": "triage", "ml_backends": {"triage": MODEL}})
    assert site.lsops("plan", "--out", "plan.json").code == 0
    assert site.lsops("apply", "--plan", "plan.json").code == 0
    assert site.project()["model_version"] == "triage"
    site.unchanged()


def test_an_ignored_one_is_left_alone(site: Site) -> None:
    rules = {"lifecycle": {"ignore": ["model_version"]}}
    site.declare({"model_version": "none such", "ml_backends": {"triage": MODEL}, **rules})
    site.settled()
    assert site.project()["model_version"] == "triage"
