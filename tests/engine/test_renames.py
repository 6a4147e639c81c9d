"""A create that looks like another name of what is live: suggested, never made."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lsops.engine.planning import renames
from lsops.engine.planning.likeness import likeness, telling_fields
from lsops.kinds import registry
from lsops.model.plan import Plan
from lsops.model.resource import Lifecycle, Resource, Secret
from tests.engine.scenes import (
    CATS,
    ENTERPRISE,
    backend,
    declared,
    live_backend,
    live_project,
    live_view,
    live_webhook,
    made,
    planned,
    project,
    server,
    view,
    webhook,
)

QUIET = {"is_active": False, "send_payload": False}
LIKE = {"maximum_annotations": 3, "description": "x", "color": "#111111"}
ABSENT = Lifecycle(absent=True)
OLD, NEW = "https://old.example.com", "https://new.example.com"


def share(desired: Resource, live: Resource) -> float:
    """The share of telling fields that are equal."""
    return likeness(desired, live, telling_fields(desired, frozenset())).share


def suggestions(found: Plan) -> dict[str, list[str]]:
    """The addresses of creates with what they may be the new name of."""
    words = {c.address: [w for w in c.warnings if "renamed_from" in w] for c in found.changes}
    return {address: [w.partition(" (id ")[0] for w in told] for address, told in words.items() if told}


def test_a_create_with_mostly_equal_fields_suggests_a_rename_and_stays_a_create() -> None:
    found = planned(project("Dogs", **LIKE), live=[live_project(**LIKE)])
    [change] = found.changes
    [words] = change.warnings
    assert words == (
        "/projects/Cats (id 7) has mostly the same fields and is live and not in the manifest; "
        'if this is its new name, write lifecycle: {renamed_from: "Cats"}'
    )
    assert change.action == "create"
    assert found.unmanaged == (CATS,)


@pytest.mark.parametrize(
    ("rules", "prune"), [([project("Cats", rules=ABSENT)], ()), ([], ("projects",))], ids=["absent", "pruned"]
)
def test_what_the_plan_deletes_is_suggested_with_what_would_be_lost(rules: list[Resource], prune: tuple[str]) -> None:
    live = live_project(**LIKE, task_number=1, total_annotations_number=None)
    create, delete = planned(project("Dogs", **LIKE), *rules, live=[live], prune=prune).changes
    assert "is deleted by this plan with 1 task, an unknown number of annotations; if" in create.warnings[0]
    assert delete.action == "delete"


CHANGED = {"sampling": "Uniform sampling", "expert_instruction": "b", "show_skip_button": False}


@pytest.mark.parametrize(
    ("equal", "different", "part"),
    [(3, 0, 1.0), (1, 0, 1.0), (2, 0, 1.0), (3, 1, 0.75), (3, 2, 0.6), (3, 3, 0.5), (1, 1, 0.5), (0, 0, 0.0)],
)
def test_three_of_five_fields_are_mostly_equal_and_one_says_nothing(equal: int, different: int, part: float) -> None:
    fields = {**dict(list(LIKE.items())[:equal]), **dict(list(CHANGED.items())[:different])}
    desired, live = project("Dogs", **fields), live_project(**LIKE)
    assert share(desired, live) == part
    assert bool(suggestions(planned(desired, live=[live]))) == (part >= renames.MOSTLY and equal > 1)


DEFAULTS = {"maximum_annotations": 1, "show_skip_button": True}
TELL_NOTHING: dict[str, tuple[Resource, Resource]] = {
    "no fields": (project("Dogs"), live_project()),
    "what a new one has anyway": (project("Dogs", **DEFAULTS), live_project(**DEFAULTS)),
    "the name of another resource": (project("Dogs", workspace="Radiology"), live_project(workspace=1)),
    "a secret": (project("Dogs", task_data_password=Secret("env", "P")), live_project(task_data_password="p")),
    "default switches": (webhook(NEW, is_active=True, headers={}, actions=[]), live_webhook(1, OLD)),
}


@pytest.mark.parametrize(("desired", "live"), TELL_NOTHING.values(), ids=TELL_NOTHING.keys())
def test_fields_that_tell_nothing_suggest_nothing(desired: Resource, live: Resource) -> None:
    assert share(desired, live) == 0.0


def test_a_normaliser_decides_whether_two_fields_are_equal() -> None:
    assert share(project("Dogs", color="#ABCDEF"), live_project(color="#abcdef")) == 1.0


def test_of_an_object_that_merges_the_declared_keys_are_compared() -> None:
    held = {"explore": ["tasks:id"], "labeling": ["tasks:x"]}
    assert share(view("a", hiddenColumns={"explore": ["tasks:id"]}), live_view(hiddenColumns=held)) == 1.0
    assert share(view("a", hiddenColumns={"explore": []}), live_view(hiddenColumns=held)) == 0.0


def test_each_candidate_is_suggested_once() -> None:
    both = [project("Dogs", **LIKE), project("Cows", **LIKE)]
    assert suggestions(planned(*both, live=[live_project(**LIKE)])) == {"/projects/Dogs": [CATS]}
    two = [live_project(**LIKE), live_project(8, "Old", **LIKE)]
    assert suggestions(planned(*both, live=two)) == {"/projects/Dogs": [CATS], "/projects/Cows": ["/projects/Old"]}


def test_of_several_candidates_the_nearest_is_suggested() -> None:
    far, near = live_project(1, "Far", **{**LIKE, "color": "#222222"}), live_project(2, "Near", **LIKE)
    assert suggestions(planned(project("Dogs", **LIKE), live=[far, near])) == {"/projects/Dogs": ["/projects/Near"]}


def test_only_what_stands_in_the_same_collection_is_suggested() -> None:
    moved = webhook(NEW, above="/projects/Dogs", **QUIET)
    live = [live_project(), live_project(8, "Dogs"), live_webhook(1, OLD, **QUIET)]
    assert suggestions(planned(project(), project("Dogs"), moved, webhook(), live=live)) == {}


def test_what_targets_leave_out_is_no_candidate() -> None:
    chosen = replace(declared(project("Dogs", **LIKE)), others=(project(),))
    found = made(chosen, server(live_project(**LIKE)))
    assert suggestions(found) == {}


SAME_KIND: dict[str, tuple[Resource, Resource]] = {
    "a webhook": (webhook(NEW, **QUIET), live_webhook(1, OLD, **QUIET)),
    "a view": (view("new", type="grid", gridWidth=4), live_view(1, "old", type="grid", gridWidth=4)),
    "an ML backend": (backend("new", description="d"), live_backend(1, "old", description="d")),
}


@pytest.mark.parametrize(("desired", "live"), SAME_KIND.values(), ids=SAME_KIND.keys())
def test_what_stands_in_projects_is_suggested_too(desired: Resource, live: Resource) -> None:
    found = planned(project(), desired, live=[live_project(), live])
    assert suggestions(found) == {desired.address: [live.address]}


def test_another_type_is_another_thing() -> None:
    desired = Resource("import_storage", f"{CATS}/import_storages/a", "a", {"bucket": "b"}, CATS, type="s3")
    live = replace(desired, id=1, type="gcs")
    assert (share(desired, live), share(desired, replace(live, type="s3"))) == (0.0, 1.0)


def test_people_are_never_renamed() -> None:
    assert {kind.name for kind in registry().values() if not kind.is_renamable} >= {
        "member",
        "workspace_member",
        "project_member",
    }


def test_too_many_pairs_are_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    live = [live_project(number, f"Old {number}", **LIKE) for number in range(3)]
    monkeypatch.setattr(renames, "MOST", 3)
    assert suggestions(planned(project("Dogs", **LIKE), live=live))
    monkeypatch.setattr(renames, "MOST", 2)
    assert suggestions(planned(project("Dogs", **LIKE), live=live)) == {}


def test_no_credential_of_a_url_stands_in_a_suggestion() -> None:
    held = live_webhook(1, "https://ana:hunter2@old.example.com/?t=hunter2", **QUIET)
    found = planned(project(), webhook(NEW, **QUIET), live=[live_project(), held])
    [change] = found.changes
    assert "https:~1~1***@old.example.com~1?***" in change.warnings[0]
    assert "hunter2" not in repr(change.warnings)


def test_an_id_is_said_once() -> None:
    held = live_webhook(1, "https://ana:hunter2@old.example.com", **QUIET)
    [change] = planned(project(), webhook(NEW, **QUIET), live=[live_project(), held]).changes
    assert change.warnings[0].count("(id 1)") == 1


def test_where_the_old_name_is_masked_its_id_is_suggested() -> None:
    held = live_webhook(1, "https://ana:hunter2@old.example.com", **QUIET)
    [change] = planned(project(), webhook(NEW, **QUIET), live=[live_project(), held]).changes
    assert '***@old.example.com"}' not in change.warnings[0]


def test_the_view_of_another_person_is_never_suggested() -> None:
    found = planned(project(), view("new", type="grid"), live=[live_project(), live_view(type="grid", user=9)])
    assert suggestions(found) == {}


def test_a_secret_header_tells_nothing() -> None:
    desired = webhook(NEW, is_active=False, headers={"X-Key": Secret("env", "KEY")})
    assert share(desired, live_webhook(1, OLD, is_active=False, headers={"X-Key": "k"})) == 1.0


def test_a_plan_on_enterprise_suggests_as_well() -> None:
    live = live_project(workspace=1, **LIKE)
    wanted = declared(project("Dogs", workspace="Radiology", **LIKE))
    assert suggestions(made(wanted, server(live), ENTERPRISE)) == {"/projects/Dogs": [CATS]}


# ---- a rename whose old name is not there -------------------------------------------------------

RENAMED = Lifecycle(renamed_from="Catz")
NOT_LIVE = 'renamed_from: there is no live project "Catz", so this is a create'


@pytest.mark.parametrize(
    ("live", "hint"),
    [([live_project()], '; did you mean "Cats"?'), ([live_project(7, "Elephants")], ""), ([], "")],
    ids=["a near one", "a far one", "none"],
)
def test_a_rename_whose_old_name_is_not_live_is_a_create_that_says_so(live: list[Resource], hint: str) -> None:
    [change] = planned(project("Dogs", rules=RENAMED), live=live).changes
    assert (change.action, change.warnings) == ("create", (NOT_LIVE + hint,))


def test_a_rename_that_is_done_or_can_be_done_does_not() -> None:
    renamed = project("Dogs", rules=Lifecycle(renamed_from="Cats"))
    assert planned(renamed, live=[live_project(7, "Dogs")]).changes == ()
    [change] = planned(renamed, live=[live_project()]).changes
    assert (change.action, change.warnings) == ("update", ())


def test_only_names_of_the_same_collection_are_near() -> None:
    wanted = view("All", above="/projects/Dogs", rules=Lifecycle(renamed_from="To revieww"))
    held = [live_project(), live_project(8, "Dogs"), live_view(1)]
    [change] = planned(project(), project("Dogs"), wanted, live=held).changes
    assert change.warnings == ('renamed_from: there is no live view "To revieww", so this is a create',)


def test_no_credential_of_an_old_url_is_said() -> None:
    wanted = webhook(NEW, rules=Lifecycle(renamed_from="https://ana:hunter2@old.example.com/?t=hunter2"))
    held = live_webhook(1, "https://ana:hunter3@old.example.com/?t=hunter3")
    [change] = planned(project(), wanted, live=[live_project(), held]).changes
    [warning] = (text for text in change.warnings if text.startswith("renamed_from: "))
    shown = '"https://***@old.example.com/?***"'
    assert warning == f"renamed_from: there is no live webhook {shown}, so this is a create; did you mean {shown}?"
