"""A storage of another type, where the server does not let two have one title."""

from __future__ import annotations

import json
from collections.abc import Callable

import httpx
import pytest

from tests.cli.conftest import DATABASE
from tests.support.cli import Lsops
from tests.support.sandbox import client_of
from tests.support.site import Site

S3 = {"type": "s3", "bucket": "scans"}
GCS = {"type": "gcs", "bucket": "scans"}
SIDES = {"import_storages": "", "export_storages": "export/"}
every_side = pytest.mark.parametrize("side", SIDES)


def titles(api: httpx.Client, side: str, type_: str) -> list[str]:
    project = api.get("/api/projects/").json()["results"][0]["id"]
    path = f"/api/storages/{SIDES[side]}{type_}" + ("" if SIDES[side] else "/")
    return [row["title"] for row in api.get(path, params={"project": project}).raise_for_status().json()]


def taken(site: Site, status: int, body: object) -> Callable[[httpx.Request], httpx.Response | None]:
    """A server whose titles are unique among storages of all types of a side."""

    def instead(request: httpx.Request) -> httpx.Response | None:
        if request.method != "POST" or "/gcs" not in request.url.path:
            return None
        side = "export_storages" if "export" in request.url.path else "import_storages"
        is_taken = json.loads(request.content)["title"] in titles(site.api, side, "s3")
        return httpx.Response(status, json=body) if is_taken else None

    return instead


@every_side
@pytest.mark.parametrize("answer", ["unique", "conflict"])
def test_titles_that_are_unique_among_storages_of_a_type_do_not_stand_in_the_way(
    lsops: Lsops, side: str, answer: str
) -> None:
    with client_of(lsops.folder / DATABASE, edition="enterprise", unknown={"storage-title": answer}) as api:
        api.post("/api/workspaces/", json={"title": "Radiology"}).raise_for_status()
        lsops.setenv(LSOPS_SERVER=f"sandbox:{DATABASE}")
        site = Site.of(lsops, api, "enterprise", lsops.folder / DATABASE)
        for entry in (S3, GCS):
            site.declare({side: {"Inbox": entry}})
            site.settled("--allow-deletes", "1")
        assert (titles(api, side, "s3"), titles(api, side, "gcs")) == ([], ["Inbox"])


@every_side
@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, {"title": ["storage with this title already exists."]}),
        (400, {"non_field_errors": ["The fields project, title must make a unique set."]}),
        (409, {"detail": "Storage with this title already exists."}),
    ],
    ids=["field", "set", "conflict"],
)
def test_where_they_are_unique_among_all_the_old_one_stays_and_the_way_out_that_is_told_works(
    site: Site, side: str, status: int, body: object
) -> None:
    site.declare({side: {"Inbox": S3}})
    site.settled()
    site.watch.instead = taken(site, status, body)
    site.declare({side: {"Inbox": GCS}})
    ran = site.apply("--allow-deletes", "1")
    assert ran.code == 4
    assert "if its title is in the way, give this entry another title and lifecycle: {renamed_from: " in ran.out
    assert (titles(site.api, side, "s3"), titles(site.api, side, "gcs")) == (["Inbox"], [])

    site.declare({side: {"Inbox now": {**GCS, "lifecycle": {"renamed_from": "Inbox"}}}})
    site.settled("--allow-deletes", "1")
    site.declare({side: {"Inbox": {**GCS, "lifecycle": {"renamed_from": "Inbox now"}}}})
    site.settled()
    assert (titles(site.api, side, "s3"), titles(site.api, side, "gcs")) == ([], ["Inbox"])


def test_a_refusal_for_another_reason_has_no_such_advice(site: Site) -> None:
    site.declare({"import_storages": {"Inbox": S3}})
    site.settled()
    site.declare({"import_storages": {"Inbox": {**GCS, "bucket": "denied-scans"}}})
    ran = site.apply("--allow-deletes", "1")
    assert (ran.code, "renamed_from" in ran.out) == (4, False)
