"""`lsops snapshot`: recipes are carried out, and single snapshots are looked after."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support import one_project
from tests.support.cli import Lsops, Ran
from tests.support.site import Site

NIGHTLY = "/projects/Triage/snapshots/nightly"
RECIPE = {"formats": ["JSON", "CSV"], "download_to": "exports"}


def declare(site: Site, tasks: int = 2, **recipe: Any) -> None:
    """A project with that many tasks, and the recipe `nightly`."""
    site.declare({"snapshots": {"nightly": {**RECIPE, **recipe}}})
    site.settled()
    more(site, tasks)


def more(site: Site, tasks: int) -> None:
    """Somebody imports tasks."""
    path = f"/api/projects/{site.project()['id']}/import"
    if tasks:
        site.api.post(path, json=[{"text": f"task {number}"} for number in range(tasks)]).raise_for_status()


def exports(site: Site) -> list[dict[str, Any]]:
    """What the server has, newest first."""
    return list(site.api.get(f"/api/projects/{site.project()['id']}/exports/").raise_for_status().json())


def folder(site: Site) -> Path:
    return site.lsops.folder / "exports"


def index(site: Site) -> dict[str, Any]:
    return dict(json.loads((folder(site) / "nightly.index.json").read_text("utf-8")))


def outcome(ran: Ran) -> Mapping[str, Any]:
    (one,) = ran.json()["outcomes"]
    return dict(one)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lsops.server.waiting.FIRST", 0.01)


def test_a_recipe_puts_each_format_into_its_place_with_the_servers_md5(site: Site) -> None:
    declare(site)
    ran = site.lsops("snapshot", "run", "--format", "json")
    assert ran.code == 0, ran
    content = (folder(site) / "nightly-JSON.json").read_bytes()
    assert hashlib.md5(content).hexdigest() == exports(site)[0]["md5"] == outcome(ran)["md5"]
    assert len(json.loads(content)) == 2
    assert {path.name: path.stat().st_mode & 0o777 for path in folder(site).iterdir()} == dict.fromkeys(
        ("nightly-JSON.json", "nightly-CSV.csv", "nightly.index.json"), 0o600
    )


def test_what_is_as_the_last_time_is_not_downloaded_and_leaves_no_double(site: Site) -> None:
    declare(site)
    site.lsops("snapshot", "run")
    before = [path.stat().st_ino for path in sorted(folder(site).glob("nightly-*"))]
    ran = site.lsops("snapshot", "run", "--format", "json")
    assert outcome(ran)["reason"].startswith("unchanged since snapshot")
    assert [path.stat().st_ino for path in sorted(folder(site).glob("nightly-*"))] == before
    assert len(exports(site)) == 1


@pytest.mark.parametrize("damage", ["removed", "cut"])
def test_a_file_that_is_not_as_it_was_left_is_downloaded_again(site: Site, damage: str) -> None:
    declare(site)
    site.lsops("snapshot", "run")
    file = folder(site) / "nightly-CSV.csv"
    whole = file.read_bytes()
    file.unlink() if damage == "removed" else file.write_bytes(whole[:-1])
    assert site.lsops("snapshot", "run").code == 0
    assert file.read_bytes() == whole


def test_keep_deletes_the_recipes_older_snapshots_and_nobody_elses(site: Site) -> None:
    declare(site)
    path = f"/api/projects/{site.project()['id']}/exports/"
    other = site.api.post(path, json={"title": "nightly"}).raise_for_status().json()["id"]
    for _ in range(3):
        assert site.lsops("snapshot", "run").code == 0
        more(site, 1)
    ran = site.lsops("snapshot", "run", "--keep", "2", "--format", "json")
    assert (outcome(ran)["deleted"], len(exports(site))) == (2, 3)
    assert other in [one["id"] for one in exports(site)]
    assert sorted(index(site)["known"]) == sorted(one["id"] for one in exports(site) if one["id"] != other)


class Killed(BaseException):
    """What no code expects."""


@pytest.mark.parametrize(
    ("at", "first"), [("convert", True), ("POST", False), ("convert", False), ("exportType", False)]
)
def test_a_run_that_was_killed_and_is_run_again_ends_right(site: Site, at: str, *, first: bool) -> None:
    declare(site)
    if not first:
        site.lsops("snapshot", "run")
        more(site, 1)
    state = {"dead": False}

    def kill(request: httpx.Request) -> httpx.Response | None:
        here = "/exports/" in request.url.path and at in f"{request.method} {request.url}"
        if not state["dead"] and here and not (at == "POST" and "convert" in request.url.path):
            state["dead"] = True
            raise Killed
        return None

    site.watch.instead = kill
    with pytest.raises(Killed):
        site.lsops("snapshot", "run")
    assert site.lsops("snapshot", "run", "--keep", "1").code == 0
    (kept,) = exports(site)
    assert index(site)["known"] == [kept["id"]]
    assert hashlib.md5((folder(site) / "nightly-JSON.json").read_bytes()).hexdigest() == kept["md5"]
    assert not list(folder(site).glob(".lsops-*"))


def test_a_download_that_is_not_the_snapshot_leaves_the_old_file(site: Site) -> None:
    declare(site)
    site.lsops("snapshot", "run")
    old = (folder(site) / "nightly-JSON.json").read_bytes()
    more(site, 1)
    wrong = httpx.Response(200, stream=httpx.ByteStream(b"[]"))
    site.watch.instead = lambda request: wrong if request.url.path.endswith("/download") else None
    ran = site.lsops("snapshot", "run", "--format", "json")
    assert (ran.code, outcome(ran)["code"]) == (4, "LS660")
    assert (folder(site) / "nightly-JSON.json").read_bytes() == old


def test_a_snapshot_whose_answer_was_lost_is_found_by_its_title(site: Site) -> None:
    declare(site)
    lost = {"left": 1}

    def lose(request: httpx.Request) -> httpx.Response | None:
        if request.method == "POST" and request.url.path.endswith("/exports/") and lost["left"]:
            lost["left"] = 0
            site.api.post(request.url.path, content=request.content, headers={"content-type": "application/json"})
            return httpx.Response(504)
        return None

    site.watch.instead = lose
    assert site.lsops("snapshot", "run").code == 0
    assert len(exports(site)) == 1


def test_a_tab_is_named_by_its_title_and_one_that_is_missing_fails(site: Site) -> None:
    declare(site, task_filter_options={"view": "Hard cases"})
    ran = site.lsops("snapshot", "run", "--format", "json")
    assert (ran.code, outcome(ran)["code"]) == (4, "LS662")
    number = site.make("views", "Hard cases")
    assert site.lsops("snapshot", "run").code == 0
    (asked,) = [one for one in site.watch.requests if str(one).startswith("POST") and str(one).endswith("/exports/")]
    assert asked.body["task_filter_options"] == {"view": number}


def test_another_recipes_index_is_not_written_over(site: Site) -> None:
    declare(site)
    site.lsops("snapshot", "run")
    changed = {**index(site), "address": "/projects/Dogs/snapshots/nightly"}
    (folder(site) / "nightly.index.json").write_text(json.dumps(changed), "utf-8")
    ran = site.lsops("snapshot", "run")
    assert ran.code == 4
    assert "is that of /projects/Dogs/snapshots/nightly" in ran.out


@pytest.mark.parametrize(
    ("recipe", "told"),
    [
        ({"download_to": "../out"}, "a folder below"),
        ({"download_to": "/out"}, "a folder below"),
        ({"download_to": "http://a/b"}, "a folder below"),
        ({"download_to": "zip::s3://a/b"}, "a folder below"),
        ({"formats": ["PDF"]}, "PDF"),
        ({"task_filter_option": {}}, "task_filter_option"),
    ],
)
def test_a_recipe_that_cannot_be_one_is_told_offline(lsops: Lsops, recipe: dict[str, Any], told: str) -> None:
    one_project.declare(lsops, {"snapshots": {"nightly": {**RECIPE, **recipe}}})
    ran = lsops("validate")
    assert ran.code == 3
    assert told in ran.err


@pytest.mark.parametrize(("address", "code"), [("/projects/Triage/views", "LS658"), ("/projects/Dogs", "LS658")])
def test_an_address_that_covers_no_recipe_is_an_error(site: Site, address: str, code: str) -> None:
    declare(site, tasks=0)
    ran = site.lsops("snapshot", "run", address)
    assert (ran.code, code in ran.err) == (3, True), ran


def test_a_folder_that_is_a_link_is_refused(site: Site) -> None:
    declare(site, tasks=0)
    folder(site).symlink_to(site.lsops.folder.parent)
    ran = site.lsops("snapshot", "run")
    assert (ran.code, "leads through a link" in ran.err) == (3, True), ran


def test_single_snapshots_are_listed_converted_downloaded_and_deleted(site: Site) -> None:
    declare(site)
    site.lsops("snapshot", "run")
    number = str(exports(site)[0]["id"])
    assert site.lsops("snapshot", "convert", "/projects/Triage", number, "TSV").code == 0
    ran = site.lsops("snapshot", "list", "/projects/Triage", "--format", "json")
    assert set(outcome(ran)["formats"]) == {"JSON", "CSV", "TSV"}
    assert site.lsops("snapshot", "download", "/projects/Triage", number, "TSV", "-o", "out").code == 0
    assert [path.name for path in (site.lsops.folder / "out").iterdir()] == [f"snapshot-{number}-TSV.csv"]
    assert site.lsops("snapshot", "delete", "/projects/Triage", number).code == 5
    assert site.lsops("snapshot", "delete", "/projects/Triage", number, "--yes").code == 0
    assert exports(site) == []


def test_a_changed_place_is_reviewed_first(site: Site) -> None:
    site.declare({"snapshots": {"nightly": {**RECIPE, "download_to": "s3://elsewhere/labels"}}})
    base = site.lsops.folder / "base"
    base.mkdir()
    (site.lsops.folder / "lsops.yaml").rename(base / "lsops.yaml")
    site.declare({"snapshots": {"nightly": RECIPE}})
    assert "Who gets in, and where data goes" in site.lsops("diff", "--base", "base", "--format", "markdown").out
