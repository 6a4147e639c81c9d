"""`lsops drift --who`: who changed what differs, from the activity log of Enterprise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from lsops.kinds.activity_log import read_deeds
from lsops.model.deed import Deed
from lsops.sandbox import add_user
from lsops.sandbox.resources import activity_logs
from lsops.server.session import Session
from tests.cli.conftest import DATABASE
from tests.support.cli import Lsops, Ran
from tests.support.sandbox import served

MANIFEST = """
    version: 1
    session_policy: {max_session_age: 900}
    jwt_settings: {api_tokens_enabled: true, legacy_api_tokens_enabled: true, api_token_ttl_days: 90}
    organization: {title: Clinic}
    workspaces:
      Radiology: {description: scans, members: [ana@x.example, mo@x.example]}
    members: {ana@x.example: annotator, mo@x.example: manager}
    projects:
      One:
        workspace: Radiology
        description: first
        members: {ana@x.example: annotator}
        import_storages: {raw: {type: s3, bucket: b}}
        export_storages: {out: {type: gcs, bucket: b}}
        views: {Mine: {type: list}}
        webhooks: {"https://hooks.example/a": {is_active: true}}
"""
PROJECT = "/api/projects/1/"


@pytest.fixture
def applied(lsops: Lsops, enterprise: httpx.Client) -> httpx.Client:
    """A sandbox as the manifest declares it, as the manager whose token the client has sees it."""
    add_user(lsops.folder / DATABASE, "ana@x.example", "annotator")
    token = add_user(lsops.folder / DATABASE, "mo@x.example", "manager")
    lsops.write(MANIFEST)
    assert lsops("apply", "--yes").code == 0
    enterprise.headers["Authorization"] = f"Token {token}"
    return enterprise


def who(ran: Ran) -> dict[str, list[dict[str, Any]]]:
    """What is said of each change, by its address."""
    return {change["address"]: change["who"] for change in ran.json()["changes"] if "who" in change}


def test_who_when_and_by_which_request_stands_below_what_differs(lsops: Lsops, applied: httpx.Client) -> None:
    applied.patch(f"{PROJECT}?secret=SECRET", json={"description": "by hand"}).raise_for_status()
    ran = lsops("drift", "--who")
    assert (ran.code, ran.err) == (2, "lsops adopt '/workspaces/Pathology' declares it\n")
    rows = ran.out.splitlines()
    at = rows.index('|   description: "by hand" -> "first"   lsops.yaml:11')
    assert rows[at + 1].startswith("|   who: mo@x.example, 20")
    assert rows[at + 1].endswith(f"Z, PATCH {PROJECT} (200)")
    assert "- **who:** `mo@x.example, 20" in lsops("drift", "--who", "--format", "markdown").out
    first = who(lsops("drift", "--who", "--format", "json"))["/projects/One"][0]
    assert first.pop("time").startswith("20")
    assert first == {"email": "mo@x.example", "method": "PATCH", "path": PROJECT, "status": "200", "certain": True}
    assert "SECRET" not in ran.out


def test_without_the_flag_nobody_is_looked_for(lsops: Lsops, applied: httpx.Client) -> None:
    applied.patch(PROJECT, json={"description": "by hand"}).raise_for_status()
    ran = lsops("drift", "--format", "json", "-vv")
    assert who(ran) == {}
    assert "activity-logs" not in ran.err


def test_what_a_kind_itself_sent_is_found_for_every_kind(lsops: Lsops, applied: httpx.Client) -> None:
    other = lsops.write(
        MANIFEST.replace("900", "800").replace("ttl_days: 90", "ttl_days: 80").replace("Clinic", "Other")
        .replace("scans", "none").replace("ana@x.example: annotator", "ana@x.example: reviewer")
        .replace("first", "second").replace("bucket: b", "bucket: c").replace("type: list", "type: grid")
        .replace("is_active: true", "is_active: false"), "other/lsops.yaml",
    )  # fmt: skip
    assert lsops("apply", str(other.parent), "--yes").code == 0
    found = who(lsops("drift", "--who", "--format", "json"))
    assert len(found) == 11
    newest = {address: deeds[0] for address, deeds in found.items()}
    assert {deed["email"] for deed in newest.values()} == {"owner@example.com"}
    assert {address for address, deed in newest.items() if not deed["certain"]} == {
        "/members/ana@x.example", "/projects/One/members/ana@x.example",
    }  # fmt: skip
    assert "|   perhaps: owner@example.com, " in lsops("drift", "--who").out


def test_what_is_missing_is_nobody_s_and_what_is_older_than_the_log_is_said_so(
    lsops: Lsops, applied: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(activity_logs, "KEPT", 1)
    applied.patch(PROJECT, json={"description": "by hand"}).raise_for_status()
    view = applied.get("/api/dm/views/", params={"project": 1}).json()[0]["id"]
    applied.delete(f"/api/dm/views/{view}/").raise_for_status()
    assert who(lsops("drift", "--who", "--format", "json")) == {"/projects/One": []}
    assert "|   who: nobody in the part of the activity log that was read\n" in lsops("drift", "--who").out


def test_without_the_right_to_read_the_log_there_is_one_note_and_the_same_output(
    lsops: Lsops, applied: httpx.Client
) -> None:
    applied.patch(PROJECT, json={"description": "by hand"}).raise_for_status()
    lsops.setenv(LABEL_STUDIO_API_KEY=applied.headers["Authorization"].removeprefix("Token "))
    limited = ["drift", "--skip", "organization", "--skip", "jwt_settings", "--skip", "session_policy"]
    with served(lsops.folder / DATABASE, token="f" * 40) as url:
        plain, asked = (lsops(*limited, "--server", url, *flag) for flag in ([], ["--who"]))
    assert (plain.code, asked.code, asked.out) == (2, 2, plain.out)
    assert asked.err == "--who: nothing is known of who changed what: the token may not read the activity log\n"


def test_community_has_no_log_and_is_not_asked(lsops: Lsops, community: httpx.Client) -> None:
    lsops.write("version: 1\nprojects: {One: {description: first}}\n")
    assert lsops("apply", "--yes").code == 0
    community.patch("/api/projects/1/", json={"description": "by hand"}).raise_for_status()
    plain, asked = lsops("drift"), lsops("drift", "--who", "-vv")
    assert (asked.code, asked.out) == (plain.code, plain.out)
    assert "--who: this server keeps no activity log; Label Studio Enterprise does\n" in asked.err
    assert "activity-logs" not in asked.err


def test_a_hostile_e_mail_moves_nothing(lsops: Lsops, applied: httpx.Client) -> None:
    token = add_user(lsops.folder / DATABASE, "a\x1b[2J\u202e`@x.example", "administrator")
    headers = {"Authorization": f"Token {token}"}
    applied.patch(PROJECT, json={"description": "by hand"}, headers=headers).raise_for_status()
    assert "|   who: a\\x1b[2J\\u202e`@x.example, " in lsops("drift", "--who").out
    assert "- **who:** ``a\\x1b[2J\\u202e`@x.example, " in lsops("drift", "--who", "--format", "markdown").out


@pytest.mark.parametrize("shape", [lambda rows: rows, lambda rows: {"data": rows}, lambda rows: [{"data": rows}]])
def test_the_log_is_read_in_every_shape_that_its_description_allows(shape: Callable[[Any], Any]) -> None:
    row = {
        "datetime": "2026-01-02",
        "email": "a@x.example",
        "request_method": "PUT",
        "request_url": "https://h/api/x/1?y",
    }
    rows = [{**row, "response_code": code} for code in ("200", "403", "204")]

    def answer(request: httpx.Request) -> httpx.Response:
        is_there = request.url.params["method"] == "PUT" and "page" not in request.url.params
        return (
            httpx.Response(200, json=shape(rows)) if is_there else httpx.Response(404, json={"detail": "No more logs"})
        )

    with Session("https://label.example.com", transport=httpx.MockTransport(answer)) as session:
        assert read_deeds(session, "") == [
            Deed("2026-01-02", "a@x.example", "PUT", "/api/x/1", code) for code in ("200", "204")
        ]


@pytest.mark.parametrize(("rows", "requests"), [(3, 5), (150, 5), (1_000_000, 7)])
def test_the_log_is_read_in_a_bounded_number_of_requests(rows: int, requests: int) -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        query = request.url.params
        left = rows - (int(query.get("page", 1)) - 1) * 100 if query["method"] == "PATCH" else 0
        row = {"datetime": "2026-01-01", "email": "a@x.example", "request_method": "PATCH", "request_url": "/api/x/1/"}
        if left <= 0:
            return httpx.Response(404, json={"detail": "No more logs found"})
        return httpx.Response(200, json=[{**row, "response_code": "200"}] * min(left, 100))

    with Session("https://label.example.com", transport=httpx.MockTransport(answer)) as session:
        found = read_deeds(session, "2026-01-01T00:00:00Z")
    assert len(asked) == requests
    assert len(found) == min(rows, 400)
    assert all(one.url.params["start_date"] == "2026-01-01T00:00:00Z" for one in asked)


def test_an_empty_log_and_none_are_told_alike(lsops: Lsops, applied: httpx.Client) -> None:
    applied.patch(PROJECT, json={"description": "by hand"}).raise_for_status()
    lsops.setenv(SOURCE_DATE_EPOCH="4000000000")
    ran = lsops("drift", "--who")
    assert "|   who:" not in ran.out
    assert ran.err == (
        "--who: nothing is known of who changed what: "
        "the server has no activity log, or nothing in it of the last 30 days\n"
        "lsops adopt '/workspaces/Pathology' declares it\n"
    )
