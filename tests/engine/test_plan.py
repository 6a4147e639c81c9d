"""Rules of planning, one by one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from lsops.engine.planning import Request, plan
from lsops.engine.planning.scope import select
from lsops.errors import Finding, ManifestError
from lsops.model.address import join
from lsops.model.desired import Desired
from lsops.model.live import Collection, Facts, Live
from lsops.model.plan import Plan
from lsops.model.resource import Lifecycle, Resource, Secret

COMMUNITY = Facts("https://label.example.com", "community", "1.23.2")
ENTERPRISE = Facts("https://label.example.com", "enterprise", "2.31", "owner")
WORKSPACES = {"workspace": {"Radiology": 1}}


def project(title: str, *, lifecycle: Lifecycle | None = None, **values: Any) -> Resource:
    return Resource(
        "project", join("projects", title), title, {"title": title, **values}, lifecycle=lifecycle or Lifecycle()
    )


def existing(number: int, title: str, **values: Any) -> Resource:
    row = {"id": number, "title": title, **values}
    return Resource("project", join("projects", title), title, row, id=number, raw=row)


def made(*desired: Resource, live: tuple[Resource, ...] = (), facts: Facts = COMMUNITY, **request: Any) -> Plan:
    prune = request.pop("prune", ())
    wanted = Desired(desired, {"/projects": None}, prune)
    return plan(wanted, Live({"/projects": Collection("project", live)}, WORKSPACES), facts, Request(**request))


def refused(*desired: Resource, live: tuple[Resource, ...] = (), facts: Facts = COMMUNITY) -> list[Finding]:
    with pytest.raises(ManifestError) as caught:
        made(*desired, live=live, facts=facts)
    return list(caught.value.findings)


def test_a_title_matches_exactly_but_for_blanks_at_its_ends() -> None:
    assert made(project("Cats"), live=(existing(1, "Cats"),)).changes == ()
    assert [c.action for c in made(project("Cats"), live=(existing(1, "cats"),)).changes] == ["create"]


def test_live_projects_that_are_not_declared_are_listed_and_left_alone() -> None:
    result = made(project("Cats"), live=(existing(1, "Cats"), existing(2, "Dogs/old"), existing(3, "Dogs/old")))
    assert result.changes == ()
    assert result.unmanaged == ("/projects/Dogs~1old", "/projects/Dogs~1old (id 3)")


def test_prune_deletes_what_is_not_declared_and_says_what_it_destroys() -> None:
    counted = existing(2, "Dogs", task_number=5, total_annotations_number=None)
    result = made(project("Cats"), live=(existing(1, "Cats"), counted), prune=("projects",))
    [change] = result.changes
    assert (change.action, change.address, dict(change.remote_id)) == ("delete", "/projects/Dogs", {"id": 2})
    assert change.destroys == {"tasks": 5, "annotations": None}
    assert result.consents == 1


def test_absent_deletes_what_is_there_and_nothing_else() -> None:
    gone = project("Cats", lifecycle=Lifecycle(absent=True))
    assert [c.action for c in made(gone, live=(existing(1, "Cats"),)).changes] == ["delete"]
    assert made(gone).changes == ()


def test_two_live_projects_of_one_title_are_an_error_with_both_ids() -> None:
    [finding] = refused(project("Cats"), live=(existing(1, "Cats"), existing(2, "Cats")))
    assert (finding.code, finding.hint) == ("LS502", "pin one with lifecycle.id")
    assert "ids 1, 2" in finding.message


def test_the_workspace_tells_two_of_one_title_apart() -> None:
    live = (existing(1, "Cats", workspace="Pathology"), existing(2, "Cats", workspace="Radiology"))
    result = made(project("Cats", workspace="Radiology"), live=live, facts=ENTERPRISE)
    assert (result.changes, result.pairs.id_of("/projects/Cats")) == ((), 2)


def test_one_match_in_another_workspace_is_moved() -> None:
    live = (existing(1, "Cats", workspace="Pathology"),)
    [change] = made(project("Cats", workspace="Radiology"), live=live, facts=ENTERPRISE).changes
    assert [(f.path, f.before, f.after) for f in change.fields] == [("/workspace", "Pathology", "Radiology")]


def test_a_pinned_id_that_is_not_there_is_an_error() -> None:
    [finding] = refused(project("Cats", lifecycle=Lifecycle(id=9)), live=(existing(1, "Cats"),))
    assert finding.code == "LS503"


def test_two_declared_projects_on_one_live_one_are_an_error() -> None:
    live = (existing(1, "Cats"),)
    [finding] = refused(project("Cats"), project("Dogs", lifecycle=Lifecycle(id=1)), live=live)
    assert finding.code == "LS501"


@pytest.mark.parametrize(
    ("titles", "actions"),
    [(["Old"], ["update"]), (["New"], []), ([], ["create"])],
    ids=["only the old name", "only the new name", "neither"],
)
def test_renamed_from_renames_keeps_or_creates(titles: list[str], actions: list[str]) -> None:
    renamed = project("New", lifecycle=Lifecycle(renamed_from="Old"))
    live = tuple(existing(number, title) for number, title in enumerate(titles, 1))
    assert [change.action for change in made(renamed, live=live).changes] == actions


def test_renamed_from_with_both_names_is_an_error() -> None:
    renamed = project("New", lifecycle=Lifecycle(renamed_from="Old"))
    [finding] = refused(renamed, live=(existing(1, "Old"), existing(2, "New")))
    assert finding.code == "LS505"


def test_a_field_of_the_other_edition_is_an_error() -> None:
    [finding] = refused(project("Cats", custom_script="x"))
    assert finding.message == '"custom_script" does not exist on Label Studio Community'


def test_a_field_newer_than_the_server_is_an_error_unless_a_live_project_has_it() -> None:
    wanted = project("Cats", workspace="Radiology", strict_task_overlap=False, review_settings={"sampling": "random"})
    live = existing(1, "Dogs", workspace="Radiology", strict_task_overlap=True)
    old = replace(ENTERPRISE, release="2.29.0")
    assert [f.message for f in refused(wanted, facts=old)] == [
        '"strict_task_overlap" needs release 2.34, the server has 2.29.0',
        '"sampling" needs release 2.30, the server has 2.29.0',
    ]
    assert [f.message for f in refused(wanted, live=(live,), facts=old)] == [
        '"sampling" needs release 2.30, the server has 2.29.0'
    ]


def test_on_enterprise_a_new_project_needs_a_workspace_that_exists() -> None:
    assert [f.code for f in refused(project("Cats"), facts=ENTERPRISE)] == ["LS101"]
    [finding] = refused(project("Cats", workspace="Radiologie"), facts=ENTERPRISE)
    assert (finding.code, finding.hint) == ("LS504", 'did you mean "Radiology"?')
    assert made(project("Cats"), live=(existing(1, "Cats", workspace="Radiology"),), facts=ENTERPRISE).changes == ()


def test_a_manager_is_warned_that_the_list_may_be_incomplete() -> None:
    manager = replace(ENTERPRISE, role="manager")
    [change] = made(project("Cats", workspace="Radiology"), facts=manager).changes
    assert "may not see every project" in change.warnings[0]


def test_a_model_version_is_a_change_of_its_own_after_a_create() -> None:
    result = made(project("Cats", model_version="v1", maximum_annotations=2))
    create, later = result.changes
    assert "/model_version" not in [field.path for field in create.fields]
    assert (later.address, later.kind, later.action) == ("/projects/Cats/model_version", "project", "update")
    assert later.requires == ("/projects/Cats",)
    assert result.summary == {"create": 1, "update": 0, "replace": 0, "delete": 0, "unchanged": 0}


def test_secrets_stand_by_reference_and_are_not_compared() -> None:
    password = Secret("env", "TASK_PASSWORD")
    [create] = made(project("Cats", task_data_password=password)).changes
    assert create.secrets == {"/task_data_password": "${env:TASK_PASSWORD}"}
    assert "/task_data_password" not in [field.path for field in create.fields]
    set_already = existing(1, "Cats", task_data_password="something")
    result = made(project("Cats", task_data_password=password), live=(set_already,))
    assert (result.changes, result.unreadable) == ((), ("/projects/Cats/task_data_password",))


def test_a_readable_secret_that_is_empty_is_sent() -> None:
    empty = existing(1, "Cats", task_data_password=None)
    [change] = made(project("Cats", task_data_password=Secret("env", "P")), live=(empty,)).changes
    assert (change.symbol, change.fields, change.secrets) == ("!", (), {"/task_data_password": "${env:P}"})


def test_a_secret_set_to_null_never_shows_what_was_there() -> None:
    [change] = made(
        project("Cats", task_data_password=None), live=(existing(1, "Cats", task_data_password="pw"),)
    ).changes
    assert [(field.before, field.after) for field in change.fields] == [("***", None)]


def test_a_failed_read_is_a_failure_and_never_a_create() -> None:
    error = Finding("LS703", "GET /api/projects/: 403")
    live = Live({"/projects": Collection("project", error=error)})
    result = plan(Desired((project("Cats"),), {"/projects": None}), live, COMMUNITY)
    assert result.changes == ()
    assert [(f.code, f.address) for f in result.failures] == [("LS703", "/projects")]


def test_removing_a_label_that_annotations_may_use_is_a_warning() -> None:
    config = '<View><Text name="t" value="$t"/><Choices name="c" toName="t">{}</Choices></View>'
    before = config.format('<Choice value="A"/><Choice value="B"/>')
    after = config.format('<Choice value="A"/>')
    live = (existing(1, "Cats", label_config=before, total_annotations_number=3),)
    [change] = made(project("Cats", label_config=after), live=live).changes
    assert any('label "B" of "c" goes away' in warning for warning in change.orphans)
    live = (existing(1, "Cats", label_config=before, total_annotations_number=0),)
    [change] = made(project("Cats", label_config=after), live=live).changes
    assert change.orphans == ()


def test_a_protected_default_covers_what_prune_would_delete() -> None:
    wanted = Desired((project("Cats"),), {"/projects": None}, ("projects",), protected=("projects",))
    live = Live({"/projects": Collection("project", (existing(1, "Cats"), existing(2, "Dogs")))})
    [change] = plan(wanted, live, COMMUNITY).changes
    assert (change.action, change.protected) == ("delete", True)


def test_a_target_plans_what_it_covers_and_calls_nothing_else_a_stranger() -> None:
    everything = Desired((project("Cats"), project("Dogs")), {"/projects": None}, ("projects",))
    chosen = select(everything, ["/projects/Ca*"])
    live = Live({"/projects": Collection("project", (existing(1, "Dogs"), existing(2, "Old"), existing(3, "Calves")))})
    result = plan(chosen.desired, live, COMMUNITY, Request((), chosen.globs, chosen.parents))
    assert [(c.action, c.address) for c in result.changes] == [
        ("create", "/projects/Cats"),
        ("delete", "/projects/Calves"),
    ]
    assert (result.unmanaged, result.left_out) == ((), ("/projects/Dogs",))
