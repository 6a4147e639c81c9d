"""`lsops pin` and `lsops.lock`: what somebody renamed on the server is still the same resource."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.cli import Lsops
from tests.support.site import Site

MANIFEST: dict[str, Any] = {
    "Alpha": {"description": "a", "webhooks": {"https://h.example.com/a": {}}},
    "Beta": {"description": "b"},
}


@pytest.fixture
def pinned(site: Site) -> Site:
    """Two projects that are live and locked."""
    site.declare_projects(MANIFEST)
    site.settled()
    assert site.lsops("pin").code == 0
    return site


def ids(site: Site) -> dict[str, int]:
    """What the lock says of the one server and environment."""
    document = json.loads((site.lsops.folder / "lsops.lock").read_text("utf-8"))
    ((blocks),) = document["ids"].values()
    return blocks[""]


def rename(site: Site, old: str, new: str) -> int:
    """Somebody changes a project's title; its id."""
    number = site.project(old)["id"]
    site.api.patch(f"/api/projects/{number}/", json={"title": new}).raise_for_status()
    return int(number)


def test_the_lock_has_the_id_of_each_resource_one_a_line_and_no_values(pinned: Site) -> None:
    text = (pinned.lsops.folder / "lsops.lock").read_text("utf-8")

    assert ids(pinned)["/projects/Alpha"] == pinned.project("Alpha")["id"]
    assert set(ids(pinned)) == {
        "/projects/Alpha",
        "/projects/Beta",
        "/projects/Alpha/webhooks/https:~1~1h.example.com~1a",
    }
    assert sum("/projects/" in line for line in text.splitlines()) == 3
    assert text.endswith("}\n")


def test_pinning_twice_writes_the_same(pinned: Site) -> None:
    before = (pinned.lsops.folder / "lsops.lock").read_bytes()

    assert pinned.lsops("pin").out == "Pinned 3 resources in lsops.lock.\n"

    assert (pinned.lsops.folder / "lsops.lock").read_bytes() == before


def test_a_title_changed_by_hand_is_an_update(pinned: Site) -> None:
    number = rename(pinned, "Alpha", "Alpha 2026")

    (change,) = pinned.changes()

    assert (change["action"], change["address"]) == ("update", "/projects/Alpha")
    assert change["live"] == {"id": number, "key": "Alpha 2026"}
    assert pinned.lsops("drift").code == 2
    pinned.settled()
    assert pinned.project("Alpha")["id"] == number


def test_two_that_swapped_their_titles_are_told_apart(pinned: Site) -> None:
    first, second = rename(pinned, "Alpha", "Aside"), rename(pinned, "Beta", "Alpha")
    rename(pinned, "Aside", "Beta")

    pinned.settled()

    assert (pinned.project("Alpha")["id"], pinned.project("Beta")["id"]) == (first, second)


def test_a_url_changed_by_hand_is_an_update(pinned: Site) -> None:
    pinned.api.patch("/api/webhooks/1/", json={"url": "https://h.example.com/b"}).raise_for_status()

    assert pinned.planned() == [("update", "/projects/Alpha/webhooks/https:~1~1h.example.com~1a")]


def test_of_two_live_projects_of_one_title_the_locked_one_is_meant(pinned: Site) -> None:
    pinned.api.post("/api/projects/", json={"title": "Alpha", "workspace": pinned.workspace}).raise_for_status()

    pinned.unchanged()


def test_an_id_that_is_gone_is_a_warning_and_the_key_decides(pinned: Site) -> None:
    number = pinned.project("Beta")["id"]
    pinned.api.delete(f"/api/projects/{number}/").raise_for_status()

    ran = pinned.lsops("plan")

    assert f"warning[LS513]: lsops.lock has the id {number}, which is gone: the title decides" in ran.err + ran.out
    pinned.settled()
    assert ids(pinned)["/projects/Beta"] == pinned.project("Beta")["id"] != number


def test_a_locked_id_that_is_another_declared_resource_is_an_error(pinned: Site) -> None:
    rename(pinned, "Alpha", "Gamma")
    pinned.declare_projects({**MANIFEST, "Gamma": {}})

    assert "are both the live project" in pinned.refused()
    assert "lsops.lock holds this id" in pinned.refused()


def test_apply_keeps_the_lock_up_to_date(pinned: Site) -> None:
    pinned.declare_projects({"Beta": MANIFEST["Beta"], "New": {}})

    pinned.settled()

    assert ids(pinned) == {"/projects/Beta": pinned.project("Beta")["id"], "/projects/New": pinned.project("New")["id"]}


def test_what_targets_leave_out_keeps_its_line(pinned: Site) -> None:
    before = ids(pinned)
    pinned.declare_projects({**MANIFEST, "New": {}})

    assert pinned.apply("-t", "/projects/New").code == 0

    assert ids(pinned) == {**before, "/projects/New": pinned.project("New")["id"]}


def test_without_a_lock_apply_makes_none(site: Site) -> None:
    site.declare_projects(MANIFEST)

    site.settled()

    assert not (site.lsops.folder / "lsops.lock").exists()


BROKEN = {
    "the marks of a merge": ("<<<<<<< HEAD\n{}\n=======\n", "lsops.lock:1:1: warning[LS512]", "a merge conflict"),
    "no JSON": ('{\n"format": "lsops.lock/1",\n', "lsops.lock:3:1: warning[LS512]", "it is not JSON"),
    "another format": (
        '{"format": "lsops.lock/2"}',
        "lsops.lock:1:1: warning[LS512]",
        "not of the format lsops.lock/1",
    ),
    "ids that are texts": (
        '{"format": "lsops.lock/1", "ids": {"a": {"": {"/projects/A": "1"}}}}',
        "LS512",
        "by server",
    ),
    "a number": ("3", "LS512", "not of the format"),
    "deep nesting": ("[" * 100_000, "LS512", "it is not JSON"),
}


@pytest.mark.parametrize(("text", "place", "words"), BROKEN.values(), ids=BROKEN)
def test_a_lock_that_cannot_be_read_counts_as_none_and_stays(
    community: Any, lsops: Lsops, text: str, place: str, words: str
) -> None:
    del community
    lsops.write("version: 1\nprojects: {Alpha: {}}\n")
    lock = lsops.folder / "lsops.lock"
    lock.write_text(text)

    ran = lsops("apply", "--yes")

    assert ran.code == 0
    assert place in ran.out + ran.err
    assert words in ran.out + ran.err
    assert lock.read_text() == text
    assert lsops("pin").code == 3


def test_a_lock_that_is_a_link_is_not_followed(community: Any, lsops: Lsops) -> None:
    del community
    lsops.write("version: 1\nprojects: {Alpha: {}}\n")
    target = lsops.folder / "elsewhere"
    target.write_text("{}")
    (lsops.folder / "lsops.lock").symlink_to(target)

    ran = lsops("apply", "--yes")

    assert ran.code == 0
    assert "it is a link" in ran.out + ran.err
    assert target.read_text() == "{}"


def test_what_is_not_there_yet_is_said(community: Any, lsops: Lsops) -> None:
    del community
    lsops.write("version: 1\nprojects: {Alpha: {}}\n")

    ran = lsops("pin")

    assert (ran.code, ran.out) == (0, "Pinned 0 resources in lsops.lock.\n")
    assert "1 resource of the manifest not there yet: apply pins them" in ran.err
