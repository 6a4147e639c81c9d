"""A project's `model_version` names an ML backend, which must have that name first."""

from __future__ import annotations

from typing import Any

import pytest

from lsops.engine.drift import Drift
from lsops.engine.planfile import as_document, from_document
from lsops.engine.reviewed import agreed
from lsops.model.plan import Plan
from lsops.model.resource import UNSET, Lifecycle, Resource
from tests.engine.scenes import (
    CATS,
    MODEL,
    backend,
    fields_of,
    lines,
    live_backend,
    live_project,
    planned,
    project,
    refused,
)

PLACE = f"{CATS}/model_version"
BACKEND = f"{CATS}/ml_backends/triage"
RENAMED = Lifecycle(renamed_from="triage")


def follow_up(found: Plan) -> tuple[tuple[str, Any, Any], tuple[str, ...]] | None:
    """What the change of its own sets, and what it requires."""
    changes = [change for change in found.changes if change.address == PLACE]
    for change in changes:
        assert (change.kind, change.action) == ("project", "update")
        [field] = fields_of(change)
        return field, change.requires
    return None


def test_with_a_new_project_it_comes_after_the_project() -> None:
    found = planned(project(model_version="v1", description="x"))
    assert lines(found) == [f"+ {CATS}", f"~ {PLACE}"]
    assert follow_up(found) == (("/model_version", UNSET, "v1"), (CATS,))
    assert [path for path, *_ in fields_of(found.changes[0])] == ["/description", "/title"]
    assert "model_version" not in found.changes[0].after.values  # type: ignore[union-attr]  # a create has one


def test_with_a_new_backend_too_it_comes_after_both_and_requires_both() -> None:
    found = planned(project(model_version="triage"), backend())
    assert lines(found) == [f"+ {CATS}", f"+ {BACKEND}", f"~ {PLACE}"]
    assert follow_up(found) == (("/model_version", UNSET, "triage"), (CATS, BACKEND))


@pytest.mark.parametrize("held", ["", "v0"])
def test_in_an_existing_project_it_waits_for_the_new_backend(held: str) -> None:
    found = planned(project(model_version="triage"), backend(), live=[live_project(model_version=held)])
    assert lines(found) == [f"+ {BACKEND}", f"~ {PLACE}"]
    assert follow_up(found) == (("/model_version", held, "triage"), (CATS, BACKEND))


def test_other_fields_of_the_project_do_not_wait() -> None:
    wanted = project(model_version="triage", show_collab_predictions=False)
    found = planned(wanted, backend(), live=[live_project()])
    assert lines(found) == [f"~ {CATS}", f"+ {BACKEND}", f"~ {PLACE}"]
    assert fields_of(found.changes[0]) == [("/show_collab_predictions", True, False)]


@pytest.mark.parametrize("held", ["triage", ""])
def test_it_waits_for_a_backend_that_is_renamed(held: str) -> None:
    live = [live_project(model_version=held), live_backend()]
    found = planned(project(model_version="new"), backend("new", rules=RENAMED), live=live)
    assert lines(found) == [f"~ {CATS}/ml_backends/new", f"~ {PLACE}"]
    assert follow_up(found) == (("/model_version", held, "new"), (CATS, f"{CATS}/ml_backends/new"))


IMMEDIATE: dict[str, tuple[Resource, list[Resource], list[Resource]]] = {
    "the backend is there": (project(model_version="triage"), [backend()], [live_backend()]),
    "the backend only gets another URL": (project(model_version="triage"), [backend(url="http://x")], [live_backend()]),
    "another backend is new": (project(model_version="v1"), [backend()], []),
    "it names a set of predictions": (project(model_version="v1"), [], []),
}


@pytest.mark.parametrize(("wanted", "backends", "live"), IMMEDIATE.values(), ids=IMMEDIATE.keys())
def test_elsewhere_it_is_a_field_of_the_project(
    wanted: Resource, backends: list[Resource], live: list[Resource]
) -> None:
    found = planned(wanted, *backends, live=[live_project(), *live])
    assert lines(found)[0] == f"~ {CATS}"
    assert fields_of(found.changes[0]) == [("/model_version", "", wanted.values["model_version"])]
    assert follow_up(found) is None


UNCHANGED: dict[str, tuple[Resource, list[Resource], list[Resource]]] = {
    "it is as declared": (project(model_version="triage"), [backend()], [live_backend()]),
    "it is as declared and its backend new": (project(model_version="triage"), [backend()], []),
    "the server renames it with the backend already": (
        project(model_version="triage"), [backend(rules=Lifecycle(renamed_from="old"))], [live_backend(1, "old")],
    ),
    "nothing declares it": (project(), [backend()], []),
    "it is ignored": (project(model_version="x", rules=Lifecycle(ignore=("/model_version",))), [backend()], []),
}  # fmt: skip


@pytest.mark.parametrize(("wanted", "backends", "live"), UNCHANGED.values(), ids=UNCHANGED.keys())
def test_there_is_no_change_of_it_where(wanted: Resource, backends: list[Resource], live: list[Resource]) -> None:
    found = planned(wanted, *backends, live=[live_project(model_version="triage"), *live])
    assert follow_up(found) is None
    assert CATS not in [change.address for change in found.changes]


def test_an_ignored_one_is_not_set_with_a_new_project_either() -> None:
    found = planned(project(model_version="triage", rules=Lifecycle(ignore=("/model_version",))), backend())
    assert lines(found) == [f"+ {CATS}", f"+ {BACKEND}"]


# ---- a new backend fills an empty one in -------------------------------------------------------


@pytest.mark.parametrize("live", [[], [live_project()]], ids=["with its project", "alone"])
def test_what_a_new_backend_fills_in_is_emptied_again(live: list[Resource]) -> None:
    found = planned(project(model_version=""), backend(), live=live)
    assert lines(found)[-2:] == [f"+ {BACKEND}", f"~ {PLACE}"]
    assert follow_up(found) == (("/model_version", "triage", ""), (CATS, BACKEND))


SHOWN: list[tuple[dict[str, Any], dict[str, Any], bool]] = [
    ({}, {"show_collab_predictions": False}, False),
    ({"show_collab_predictions": False}, {}, False),
    ({"show_collab_predictions": True}, {"show_collab_predictions": False}, True),
    ({"show_collab_predictions": True}, {}, True),
]


@pytest.mark.parametrize(("declared", "held", "is_filled"), SHOWN)
def test_it_is_filled_in_only_where_predictions_are_shown(
    declared: dict[str, Any], held: dict[str, Any], *, is_filled: bool
) -> None:
    found = planned(project(model_version="", **declared), backend(), live=[live_project(**held)])
    assert (follow_up(found) is not None) == is_filled


def test_of_two_new_backends_the_first_fills_it_in() -> None:
    found = planned(project(model_version=""), backend("one"), backend("two"), live=[live_project()])
    assert follow_up(found) == (("/model_version", "one", ""), (CATS, f"{CATS}/ml_backends/one"))


def test_one_that_is_to_be_emptied_is_emptied_after_the_new_backend() -> None:
    found = planned(project(model_version=""), backend(), live=[live_project(model_version="static")])
    assert lines(found) == [f"+ {BACKEND}", f"~ {PLACE}"]


def test_a_name_with_blanks_waits_for_its_backend_too() -> None:
    found = planned(project(model_version=" triage "), backend(), live=[live_project()])
    assert lines(found) == [f"+ {BACKEND}", f"~ {PLACE}"]


# ---- refused -----------------------------------------------------------------------------------


def test_the_old_name_of_a_renamed_backend_is_refused() -> None:
    live = [live_project(model_version="triage"), live_backend()]
    found = refused(project(model_version="triage"), backend("new", rules=RENAMED), live=live)
    assert found == [("LS504", 'model_version names "triage", which is renamed to "new"')]


def test_the_old_name_of_another_projects_backend_is_not() -> None:
    elsewhere = backend("new", rules=RENAMED, above="/projects/Dogs")
    assert refused(project(model_version="triage"), project("Dogs"), elsewhere) == []


# ---- counting, plan files, drift ---------------------------------------------------------------

COUNTED: dict[str, tuple[list[Resource], list[Resource], dict[str, int]]] = {
    "a new project": ([project(model_version="triage"), backend()], [], {"create": 2, "update": 0, "unchanged": 0}),
    "an existing project": (
        [project(model_version="triage"), backend()], [live_project()], {"create": 1, "update": 1, "unchanged": 0},
    ),
    "an existing project that changes, too": (
        [project(model_version="triage", description="x"), backend()],
        [live_project()],
        {"create": 1, "update": 1, "unchanged": 0},
    ),
    "nothing": (
        [project(model_version="triage"), backend()],
        [live_project(model_version="triage"), live_backend()],
        {"create": 0, "update": 0, "unchanged": 2},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("wanted", "live", "counts"), COUNTED.values(), ids=COUNTED.keys())
def test_a_project_counts_once(wanted: list[Resource], live: list[Resource], counts: dict[str, int]) -> None:
    assert planned(*wanted, live=live).summary == {**counts, "replace": 0, "delete": 0}


def test_a_plan_of_the_follow_up_alone_counts_it() -> None:
    found = planned(project(model_version="triage"), backend())
    assert found.only([PLACE]).summary == {"create": 0, "update": 1, "replace": 0, "delete": 0, "unchanged": 0}


def test_the_follow_up_survives_a_plan_file() -> None:
    found = planned(project(model_version="triage"), backend(url=MODEL))
    saved = from_document(as_document(found))
    assert agreed(saved, found)[0].changes == found.changes


def test_drift_counts_a_follow_up_whose_project_does_not_differ_otherwise() -> None:
    found = Drift(planned(project(model_version="triage"), backend(), live=[live_project(model_version="v0")]))
    assert found.counts == {"changed": 1, "missing": 1, "unwanted": 0}


def test_what_apply_would_have_to_undo_is_no_drift() -> None:
    found = Drift(planned(project(model_version=""), backend(), live=[live_project()]))
    assert [change.address for change in found.differences] == [BACKEND]
