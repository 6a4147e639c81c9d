"""Collections that `--skip` leaves out, by path or by its last part."""

from __future__ import annotations

from typing import Any

import pytest

from lsops.engine.planning.scope import Selection, select
from lsops.errors import UsageError
from lsops.model.desired import Desired
from tests.engine.scenes import (
    CATS,
    backend,
    declared,
    lines,
    live_backend,
    live_project,
    live_view,
    live_webhook,
    made,
    project,
    server,
    view,
    webhook,
)

DOGS = "/projects/Dogs"
HOOK_PLACE = f"{CATS}/webhooks/https:~1~1hooks.example.com~1ls"
PRUNE = ("projects/*/webhooks", "projects/*/views")


@pytest.fixture
def wanted() -> Desired:
    return declared(
        project(), webhook(), view(), backend(), project("Dogs"), view(above=DOGS), written=[f"{DOGS}/webhooks"], prune=PRUNE
    )  # fmt: skip


def planned(selection: Selection) -> list[str]:
    return [item.address for item in selection.desired.resources]


def left(selection: Selection) -> list[str]:
    return [item.address for item in selection.left_out]


@pytest.mark.parametrize("name", ["webhooks", "projects/*/webhooks", "/projects/*/webhooks", "/webhooks/"])
def test_a_collection_is_left_out_by_its_path_or_the_last_part_of_it(wanted: Desired, name: str) -> None:
    selection = select(wanted, [], [name])
    assert left(selection) == [HOOK_PLACE]
    assert HOOK_PLACE not in planned(selection)
    assert not [place for place in selection.desired.written if place.endswith("/webhooks")]
    assert selection.desired.declared("webhook") == selection.left_out


def test_several_are_left_out_in_every_project(wanted: Desired) -> None:
    selection = select(wanted, [], ["views", "webhooks"])
    assert planned(selection) == [CATS, f"{CATS}/ml_backends/triage", DOGS]
    assert len(left(selection)) == 3


def test_what_stands_below_is_left_out_too(wanted: Desired) -> None:
    selection = select(wanted, [], ["projects"])
    assert (planned(selection), dict(selection.desired.written)) == ([], {})
    assert len(left(selection)) == 6


def test_a_whole_path_is_not_taken_for_the_last_part_of_others() -> None:
    places = ["/members", f"{CATS}/members", "/workspaces/W/members"]
    wanted = declared(project(), written=places)
    assert set(wanted.written) - set(select(wanted, [], ["members"]).desired.written) == {"/members"}
    assert set(wanted.written) - set(select(wanted, [], ["projects/*/members"]).desired.written) == {f"{CATS}/members"}


@pytest.mark.parametrize("name", ["workspaces", "session_policy", "import_storages"])
def test_one_that_the_manifest_does_not_write_may_be_named(wanted: Desired, name: str) -> None:
    selection = select(wanted, [], [name])
    assert (selection.desired.resources, selection.left_out) == (wanted.resources, ())


def test_without_a_name_nothing_is_left_out(wanted: Desired) -> None:
    assert select(wanted, []) == Selection(wanted)


UNKNOWN = {
    "webhook": 'did you mean "webhooks"?',
    "ml_backend": 'did you mean "ml_backends"?',
    "projects/*/web": 'did you mean "projects/*/webhooks"?',
    "zzz": "collections look like ml_backends or projects/*/ml_backends",
    "": "collections look like ml_backends or projects/*/ml_backends",
}


@pytest.mark.parametrize(("name", "hint"), UNKNOWN.items())
def test_a_name_of_no_collection_is_an_error(wanted: Desired, name: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        select(wanted, [], ["views", name])
    [finding] = caught.value.findings
    assert (finding.code, finding.message) == ("LS606", f'--skip: there is no collection "{name}"')
    assert finding.hint == hint


# ---- together with targets ---------------------------------------------------------------------


def test_a_target_covers_what_is_not_skipped(wanted: Desired) -> None:
    selection = select(wanted, [CATS], ["webhooks", "ml_backends"])
    assert planned(selection) == [CATS, f"{CATS}/views/To review"]
    assert set(left(selection)) == {HOOK_PLACE, f"{CATS}/ml_backends/triage", DOGS, f"{DOGS}/views/To review"}
    assert [item.address for item in selection.desired.others] == left(selection)


@pytest.mark.parametrize("glob", [f"{CATS}/webhooks", f"{CATS}/webhooks/*", HOOK_PLACE])
def test_a_target_that_covers_only_what_is_skipped_matches_nothing(wanted: Desired, glob: str) -> None:
    with pytest.raises(UsageError, match="matches nothing"):
        select(wanted, [glob], ["webhooks"])


# ---- what becomes of it in a plan --------------------------------------------------------------


def plan_without(wanted: Desired, *skip: str, **request: Any) -> tuple[list[str], tuple[str, ...], tuple[str, ...]]:
    chosen = select(wanted, [], skip)
    rows = [live_project(), live_project(8, "Dogs"), live_webhook(2, "https://old.example.com"), live_view(3, "Old")]
    read = [row for row in rows if row.address.rpartition("/")[0] in chosen.desired.written]
    found = made(chosen.desired, server(*read), **request)
    return lines(found), found.unmanaged, found.left_out


def test_what_is_skipped_is_neither_made_nor_pruned_nor_listed(wanted: Desired) -> None:
    changes, unmanaged, left_out = plan_without(wanted, "webhooks")
    assert changes == [
        f"+ {CATS}/ml_backends/triage",
        f"+ {CATS}/views/To review",
        f"+ {DOGS}/views/To review",
        f"- {CATS}/views/Old",
    ]
    assert (unmanaged, left_out) == ((), (HOOK_PLACE,))


def test_a_webhook_of_a_skipped_backend_is_left_alone() -> None:
    wanted = declared(project(), backend(), written=[f"{CATS}/webhooks"], prune=PRUNE)
    chosen = select(wanted, [], ["ml_backends"])
    held = live_webhook(2, live_backend().values["url"] + "/webhook")
    assert lines(made(chosen.desired, server(live_project(), held))) == []
