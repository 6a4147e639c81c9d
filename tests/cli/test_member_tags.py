"""Tags of members through the command line on the Enterprise sandbox."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from lsops.sandbox import add_user
from tests.cli.conftest import DATABASE
from tests.support.cli import Lsops
from tests.support.sandbox import client_of
from tests.support.wire import writes

ASSIGN = "/api/organizations/1/member-tags/assignments"


def join(lsops: Lsops, *names: str) -> None:
    for name in names:
        add_user(lsops.folder / DATABASE, f"{name}@example.com", "annotator")


def write(lsops: Lsops, tags: Any, **people: list[str]) -> None:
    members = {f"{name}@example.com": {"tags": held} for name, held in people.items()}
    lsops.write(json.dumps({"version": 1, "member_tags": tags, "members": members}))


def tags_of(api: httpx.Client) -> dict[str, list[str]]:
    rows = api.get("/api/organizations/1/memberships", params={"page_size": 100}).raise_for_status().json()["results"]
    found = {row["user"]["email"].partition("@")[0]: sorted(tag["label"] for tag in row["tags"]) for row in rows}
    return {name: tags for name, tags in found.items() if tags}


def test_people_who_get_the_same_tags_are_one_request_and_all_is_never_said(
    lsops: Lsops, enterprise: httpx.Client
) -> None:
    names = [f"p{number:02}" for number in range(30)]
    join(lsops, *names)
    sets = (["days"], ["days", "nights"], ["nights"])
    write(lsops, ["days", "nights"], **{name: sets[number % 3] for number, name in enumerate(names)})

    with writes() as sent:
        assert lsops("apply", "--yes").code == 0

    given = [one.body for one in sent if one.path == ASSIGN]
    assert [len(body["included"]) for body in given] == [10, 10, 10]
    assert all(body["all"] is False and body["excluded"] == [] and body["overwrite"] for body in given)
    assert tags_of(enterprise) == {name: sets[number % 3] for number, name in enumerate(names)}
    assert lsops("plan", "--detailed-exitcode").code == 0


def test_only_whose_tags_differ_are_written_and_what_is_not_in_the_list_is_taken(
    lsops: Lsops, enterprise: httpx.Client
) -> None:
    join(lsops, "ana", "ben")
    write(lsops, ["days", "nights"], ana=["days", "nights"], ben=["nights"])
    assert lsops("apply", "--yes").code == 0
    write(lsops, ["days", "nights"], ana=["days"], ben=["nights"])

    with writes() as sent:
        assert lsops("apply", "--yes").code == 0

    assert [one.body["included"] for one in sent] == [[2]]
    assert tags_of(enterprise) == {"ana": ["days"], "ben": ["nights"]}


def test_a_tag_that_does_not_exist_is_an_error_with_the_one_that_was_meant(
    lsops: Lsops, enterprise: httpx.Client
) -> None:
    join(lsops, "ana")
    write(lsops, ["night shift"], ana=["nightshift"])

    ran = lsops("plan")

    assert (ran.code, 'error[LS504]: there is no member tag "nightshift"' in ran.err) == (3, True)
    assert 'did you mean "night shift"?' in ran.err


def test_the_tags_of_who_has_not_joined_wait(lsops: Lsops, enterprise: httpx.Client) -> None:
    write(lsops, ["days"], eve=["days"])

    ran = lsops("plan", "--format", "json").json()

    assert ran["pending"] == ["/members/eve@example.com"]
    assert [change["address"] for change in ran["changes"]] == ["/member_tags/days"]


def test_a_renamed_tag_is_the_same_for_everybody_who_has_it(lsops: Lsops, enterprise: httpx.Client) -> None:
    join(lsops, "ana")
    write(lsops, ["days"], ana=["days"])
    assert lsops("apply", "--yes").code == 0
    write(lsops, {"early": {"lifecycle": {"renamed_from": "days"}}}, ana=["early"])

    with writes() as sent:
        assert lsops("apply", "--yes").code == 0

    assert [one.method for one in sent] == ["PATCH"]
    assert tags_of(enterprise) == {"ana": ["early"]}


def test_a_deleted_tag_says_how_many_lose_it_and_nobody_may_be_declared_with_it(
    lsops: Lsops, enterprise: httpx.Client
) -> None:
    join(lsops, "ana", "ben")
    write(lsops, ["days"], ana=["days"], ben=["days"])
    assert lsops("apply", "--yes").code == 0

    write(lsops, {"days": {"lifecycle": {"absent": True}}}, ana=["days"])
    refused = lsops("plan")
    write(lsops, {"days": {"lifecycle": {"absent": True}}})
    told = lsops("plan")

    assert (refused.code, 'the member tag "days" is to be deleted' in refused.err) == (3, True)
    assert "effect: 2 people lose the tag" in told.out


@pytest.mark.parametrize(("answer", "code"), [("clears", 0), ("refused", 4)])
def test_no_tags_at_all_are_set_or_the_server_is_heard(lsops: Lsops, answer: str, code: int) -> None:
    lsops.setenv(LSOPS_SERVER=f"sandbox:{DATABASE}")
    with client_of(lsops.folder / DATABASE, unknown={"member-tag-empty": answer}) as api:
        join(lsops, "ana")
        write(lsops, ["days"], ana=["days"])
        assert lsops("apply", "--yes").code == 0
        write(lsops, ["days"], ana=[])

        ran = lsops("apply", "--yes")

        assert (ran.code, tags_of(api)) == (code, {"ana": ["days"]} if code else {})
        assert ("This list may not be empty" in ran.out) == bool(code)


@pytest.mark.parametrize(("answer", "code"), [("exact", 0), ("folded", 4)])
def test_labels_that_differ_in_letter_case_are_two_or_the_server_is_heard(lsops: Lsops, answer: str, code: int) -> None:
    lsops.setenv(LSOPS_SERVER=f"sandbox:{DATABASE}")
    with client_of(lsops.folder / DATABASE, unknown={"member-tag-case": answer}) as api:
        api.post("/api/organizations/1/member-tags", json={"label": "days"}).raise_for_status()
        write(lsops, {"Days": {"lifecycle": {"new": True}}})

        ran = lsops("apply", "--yes")

    assert ran.code == code
    assert ("already exists" in ran.out) == bool(code)


def test_a_dump_has_the_tags_and_who_has_them_and_plans_empty(lsops: Lsops, enterprise: httpx.Client) -> None:
    join(lsops, "ana", "ben")
    write(lsops, ["days", "nights"], ana=["days"])
    assert lsops("apply", "--yes").code == 0

    assert lsops("dump", "-o", "dumped").code == 0

    text = (lsops.folder / "dumped" / "lsops.yaml").read_text("utf-8")
    assert "member_tags: [days, nights]\n" in text
    assert "ana@example.com: {role: annotator, tags: [days]}\n" in text
    assert lsops("plan", "dumped", "--detailed-exitcode").code == 0
