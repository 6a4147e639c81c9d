"""What targets make of a manifest."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsops.engine.planning.scope import Selection, matches, refuse_idle, select
from lsops.errors import Source, UsageError
from lsops.model.address import below, join, parent
from lsops.model.desired import Desired
from lsops.model.resource import Lifecycle, Resource

PLACE = Source("lsops.yaml", 1)
ABSENT = Lifecycle(absent=True)


def resource(kind: str, *parts: str, lifecycle: Lifecycle | None = None, **values: Any) -> Resource:
    address = join(*parts)
    above = parent(parent(address))
    return Resource(kind, address, parts[-1], values, above, lifecycle=lifecycle or Lifecycle())


def storage(project: str, title: str) -> Resource:
    return Resource(
        "import_storage",
        join("projects", project, "import_storages", title),
        title,
        {},
        join("projects", project),
        type="s3",
    )


def desired(*resources: Resource, empty: Iterable[str] = (), prune: tuple[str, ...] = ()) -> Desired:
    addresses = [*(parent(item.address) for item in resources), *empty]
    return Desired(resources, dict.fromkeys(addresses, PLACE), prune)


def planned(selection: Selection) -> list[str]:
    return [item.address for item in selection.desired.resources]


def refused(wanted: Desired, glob: str) -> tuple[str, str]:
    with pytest.raises(UsageError) as caught:
        select(wanted, [glob])
    [finding] = caught.value.findings
    return finding.code, finding.message


@pytest.mark.parametrize("glob", ["/projects/P/import_storages", "/projects/*/import_storages", "/**/import_storages"])
def test_a_written_collection_without_entries_is_a_match_with_its_parent(glob: str) -> None:
    wanted = desired(resource("project", "projects", "P"), empty=["/projects/P/import_storages"])
    selection = select(wanted, [glob])
    assert planned(selection) == ["/projects/P"]
    assert selection.parents == {"/projects/P"}
    assert set(selection.desired.written) == {"/projects", "/projects/P/import_storages"}


@pytest.mark.parametrize("glob", ["/projects/Old", "/projects/O*", "/**/Old", "/pro**ld", "/projects/Ol\\*", "/**d"])
def test_a_live_resource_of_a_pruned_collection_may_be_named(glob: str) -> None:
    selection = select(desired(resource("project", "projects", "P"), prune=("projects",)), [glob])
    assert planned(selection) == []
    assert set(selection.desired.written) == {"/projects"}
    assert [item.address for item in selection.left_out] == ["/projects/P"]


@pytest.mark.parametrize("prune", [("projects/*/import_storages",), ("/projects/P/import_storages",)])
def test_below_a_project_the_project_is_read_for_it(prune: tuple[str, ...]) -> None:
    wanted = desired(resource("project", "projects", "P"), storage("P", "a"), prune=prune)
    selection = select(wanted, ["/projects/P/import_storages/old"])
    assert planned(selection) == ["/projects/P"]
    assert "/projects/P/import_storages" in selection.desired.written


@pytest.mark.parametrize(
    "glob", ["/projects/Old", "/projects/", "/", "/projects/Old/import_storages", "/projects/P/webhooks"]
)
def test_elsewhere_a_target_must_be_declared(glob: str) -> None:
    wanted = desired(resource("project", "projects", "P"), storage("P", "a"), prune=("projects/*/import_storages",))
    assert refused(wanted, glob) == ("LS606", f'the target "{glob}" matches nothing')


def test_an_empty_target_is_refused() -> None:
    wanted = desired(resource("project", "projects", "P"))
    assert refused(wanted, "") == ("LS605", "an empty target")
    with pytest.raises(UsageError, match="an empty target for --resend-secrets"):
        refuse_idle(wanted, [""], "--resend-secrets")


def test_the_workspace_that_a_target_names_is_added() -> None:
    wanted = desired(
        resource("workspace", "workspaces", "W"),
        resource("workspace", "workspaces", "Other"),
        resource("project", "projects", "P", workspace="W"),
        storage("P", "a"),
    )
    for glob, parents in {"/projects/P": {"/workspaces/W"}, "/**/a": {"/workspaces/W", "/projects/P"}}.items():
        selection = select(wanted, [glob])
        assert planned(selection) == ["/workspaces/W", "/projects/P", "/projects/P/import_storages/a"]
        assert (selection.parents, selection.named) == (parents, {"/workspaces/W"})
        assert "/workspaces" in selection.desired.written


def test_a_workspace_to_be_deleted_and_one_of_a_project_to_be_deleted_are_not_added() -> None:
    wanted = desired(
        resource("workspace", "workspaces", "W"),
        resource("workspace", "workspaces", "Gone", lifecycle=ABSENT),
        resource("project", "projects", "P", workspace="Gone"),
        resource("project", "projects", "Q", workspace="W", lifecycle=ABSENT),
    )
    assert planned(select(wanted, ["/projects/*"])) == ["/projects/P", "/projects/Q"]


@pytest.mark.parametrize("glob", ["a", "*", ""])
def test_a_target_below_what_is_to_be_deleted_is_refused(glob: str) -> None:
    wanted = desired(resource("project", "projects", "P", lifecycle=ABSENT), storage("P", "a"))
    address = below("/projects/P", "import_storages", *([glob] if glob else []))
    assert refused(wanted, address) == ("LS505", "the target lies below /projects/P, which is to be deleted")
    assert len(planned(select(wanted, ["/projects/P"]))) == 2


@pytest.mark.parametrize(
    ("glob", "address", "covered"),
    [
        ("/projects/*", "/projects/Cats/views/Old", True),
        ("/projects/*/views", "/projects/Cats", False),
        ("/**/Old", "/projects/Cats/views/Old", True),
        ("**/a*c/**", "/x/abc/d", True),
        ("**/a*c/**", "/x/ab/c/d", False),
        ("/a\\*", "/a*", True),
        ("/a\\*", "/ab", False),
        ("/a***b", "/a/x/b", True),
        ("/*a*b", "/xayb", True),
        ("/*a*b", "/xa/yb", False),
        ("/line*", "/line\nfeed", True),
        ("", "", True),
    ],
)
def test_stars_keep_to_their_part_and_two_of_them_cross(glob: str, address: str, covered: bool) -> None:
    assert matches(glob, address) == covered


@given(
    st.lists(st.sampled_from(["*", "**", "/", "a", "b", "\\*", "\\"]), max_size=7).map("".join),
    st.text("/ab*\\", max_size=9),
)
def test_a_glob_means_what_its_regular_expression_would(glob: str, address: str) -> None:
    words = {"**": ".*", "*": "[^/]*", "\\*": r"\*"}
    body = "".join(words.get(piece, re.escape(piece)) for piece in re.split(r"(\\\*|\*\*|\*)", glob))
    assert matches(glob, address) == (re.match(rf"(?:{body})(?:/|\Z)", address) is not None)
