"""`lsops audit`: what Enterprise keeps of what was done, as JSON Lines."""

from __future__ import annotations

import json
import stat
from typing import Any

import httpx
import pytest

from tests.cli.conftest import DATABASE
from tests.support.audit_rows import empty_log, history, log, put, review, time_of
from tests.support.cli import Lsops, Ran
from tests.support.site import Site

CATS, WHOLE = "/projects/Cats", "/organization"


@pytest.fixture
def site(lsops: Lsops, enterprise: httpx.Client) -> Site:
    """An Enterprise sandbox with a project with an annotation, and nothing in what it keeps of what was done."""
    site = Site.of(lsops, enterprise, "enterprise", lsops.folder / DATABASE)
    body = {"title": "Cats", "workspace": site.workspace}
    enterprise.post("/api/projects/", json=body).raise_for_status()
    task = {"data": {"text": "a"}, "annotations": [{"result": []}]}
    enterprise.post("/api/projects/1/import", json=[task]).raise_for_status()
    enterprise.delete("/api/annotation-history/").raise_for_status()
    empty_log(site.watch.database)
    return site


def filled(site: Site, *numbers: float) -> None:
    """A row of each sort at each of these seconds."""
    for table, make in (("activity_log", log), ("annotation_history", history), ("review", review)):
        put(site.watch.database, table, [make(number) for number in numbers])


def lines(ran: Ran) -> list[dict[str, Any]]:
    assert ran.code == 0, ran
    return [json.loads(line) for line in ran.out.splitlines()]


def kept(site: Site, name: str = "audit.jsonl") -> list[dict[str, Any]]:
    return [json.loads(line) for line in (site.lsops.folder / name).read_text("utf-8").splitlines()]


def times(found: list[dict[str, Any]], source: str) -> list[str]:
    return [one["time"] for one in found if one["source"] == source]


SOURCES = ("activity_log", "annotation_history", "annotation_review")


# ---- what is read --------------------------------------------------------------------------------


def test_everything_is_read_where_nothing_is_named_and_the_log_once(site: Site) -> None:
    filled(site, 1, 2)
    found = lines(site.lsops("audit"))
    assert sorted((one["source"], one["address"], one["time"]) for one in found) == sorted(
        (source, WHOLE if source == "activity_log" else CATS, time_of(second))
        for source in SOURCES
        for second in (1, 2)
    )
    assert found[0]["row"]["email"] == "ana@x.example"


def test_of_a_project_that_is_named_its_part_of_the_log_is_read(site: Site) -> None:
    put(site.watch.database, "activity_log", [log(1), log(2, project_id=2)])
    found = lines(site.lsops("audit", CATS))
    assert [(one["address"], one["time"]) for one in found] == [(CATS, time_of(1))]


PERIODS: dict[tuple[str, ...], list[int]] = {
    ("--since", time_of(2)): [2, 3],
    ("--until", time_of(2)): [1, 2],
    ("--since", "2026-01-01T00:00:01.5", "--until", "2026-01-01T01:00:02.5+01:00"): [2],
    ("--since", "2026-01-02"): [],
}


def test_only_a_period_is_read_with_its_ends(site: Site) -> None:
    filled(site, 1, 2, 3)
    for flags, wanted in PERIODS.items():
        assert_period(lines(site.lsops("audit", *flags)), wanted)


def assert_period(found: list[dict[str, Any]], wanted: list[int]) -> None:
    assert {source: times(found, source) for source in SOURCES} == {
        source: [time_of(second) for second in wanted] for source in SOURCES
    }


def test_a_project_has_the_address_that_the_manifest_gives_it(site: Site) -> None:
    filled(site, 1)
    site.lsops.write("version: 1\nprojects: {felines: {title: Cats, workspace: Radiology}}")
    assert {one["address"] for one in lines(site.lsops("audit", "/projects/felines"))} == {"/projects/felines"}


def test_what_cannot_be_read_stops_nothing_else(site: Site) -> None:
    filled(site, 1)
    site.watch.instead = lambda request: (
        httpx.Response(403, json={"detail": "no"}, request=request) if "reviews" in request.url.path else None
    )
    ran = site.lsops("audit")
    assert ran.code == 4
    assert [json.loads(line)["source"] for line in ran.out.splitlines()] == ["activity_log", "annotation_history"]
    assert "error[LS703]" in ran.err
    assert CATS in ran.err


def test_community_keeps_nothing(lsops: Lsops, community: httpx.Client) -> None:
    ran = lsops("audit")
    assert (ran.code, ran.out) == (3, "")
    assert "error[LS685]: this server keeps no audit trail" in ran.err


@pytest.mark.parametrize("flags", [("/projects/Dogs",), ("--since", "yesterday")])
def test_a_wrong_command_line_is_told(site: Site, flags: tuple[str, ...]) -> None:
    ran = site.lsops("audit", *flags)
    assert (ran.code, ran.out) == (3, "")
    assert f"{flags[-1]}" in ran.err


# ---- in the order of time, page by page ----------------------------------------------------------


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lsops.server.in_time.PAGE", 4)


CLOCKS: dict[str, list[float]] = {
    "many at one time": [0, 1, *[2] * 9, 3, 4, 5, 6],
    "a full page at the end": [0, 1, 2, 3, 4, 4, 4, 4],
}


def backwards(site: Site) -> None:
    """From now on the history comes the newest first."""
    path = "/api/projects/1/annotation-history/"

    def instead(request: httpx.Request) -> httpx.Response | None:
        if request.url.path != path:
            return None
        query = dict(request.url.params)
        size, page = int(query.pop("page_size")), int(query.pop("page"))
        rows = site.api.get(path, params={**query, "page_size": 1000}).raise_for_status().json()["results"][::-1]
        part = rows[(page - 1) * size : page * size]
        return httpx.Response(200, json={"count": len(rows), "next": None, "results": part}, request=request)

    site.watch.instead = instead


@pytest.mark.parametrize("clock", CLOCKS)
@pytest.mark.parametrize("order", ["oldest first", "newest first"])
def test_pages_have_every_row_once_and_in_order(site: Site, small_pages: None, clock: str, order: str) -> None:
    put(site.watch.database, "annotation_history", map(history, CLOCKS[clock]))
    put(site.watch.database, "activity_log", map(log, CLOCKS[clock]))
    if order == "newest first":
        backwards(site)
    found = lines(site.lsops("audit"))
    for source in SOURCES[:2]:
        rows = [one["row"]["id"] for one in found if one["source"] == source]
        assert len(set(rows)) == len(rows) == len(CLOCKS[clock])
        assert times(found, source) == [time_of(second) for second in CLOCKS[clock]]


def test_a_server_that_ignores_the_order_is_told_and_not_believed(site: Site) -> None:
    put(site.watch.database, "activity_log", [log(2), log(1)])
    ran = site.lsops("audit")
    assert ran.code == 4
    assert "error[LS687]: GET /api/activity-logs/: the rows do not come in the order of time" in ran.err


# ---- a file --------------------------------------------------------------------------------------


def test_a_file_is_continued_and_nothing_is_there_twice(site: Site) -> None:
    filled(site, 1, 2)
    assert "6 lines written to audit.jsonl" in site.lsops("audit", "-o", "audit.jsonl").err
    filled(site, 2, 3, 500)
    assert "9 lines written" in site.lsops("audit", "-o", "audit.jsonl").err
    assert "0 lines written" in site.lsops("audit", "-o", "audit.jsonl").err
    for source in SOURCES:
        assert times(kept(site), source) == [time_of(second) for second in (1, 2, 2, 3, 500)]
    assert stat.S_IMODE((site.lsops.folder / "audit.jsonl").stat().st_mode) == 0o600


def test_a_row_that_appears_later_than_its_time_says_is_no_hole(site: Site) -> None:
    filled(site, 100, 200)
    site.lsops("audit", "-o", "audit.jsonl")
    filled_late = [history(150), history(199)]
    put(site.watch.database, "annotation_history", filled_late)
    put(site.watch.database, "review", [review(150)])
    found = reordered(site)
    assert sorted(times(found, "annotation_history")) == [time_of(second) for second in (100, 150, 199, 200)]
    assert sorted(times(found, "annotation_review")) == [time_of(second) for second in (100, 150, 200)]


def reordered(site: Site) -> list[dict[str, Any]]:
    """The file after one more run, with the server's list in the order of time, as a real one has it."""
    path = "/api/projects/1/annotation-history/"

    def instead(request: httpx.Request) -> httpx.Response | None:
        if request.url.path != path:
            return None
        answer = site.api.get(path, params=request.url.params).raise_for_status().json()
        answer["results"].sort(key=lambda row: row["created_at"])
        return httpx.Response(200, json=answer, request=request)

    site.watch.instead = instead
    assert site.lsops("audit", "-o", "audit.jsonl").code == 0
    return kept(site)


def test_a_file_that_a_kill_left_anywhere_is_completed(site: Site) -> None:
    filled(site, *range(3))
    assert site.lsops("audit", "-o", "whole.jsonl").code == 0
    whole, part = ((site.lsops.folder / name) for name in ("whole.jsonl", "audit.jsonl"))
    for cut in (1, 5, 400, 900):
        part.write_bytes(whole.read_bytes()[:-cut])
        assert site.lsops("audit", "-o", "audit.jsonl").code == 0
        assert part.read_bytes() == whole.read_bytes()


def test_a_file_that_is_none_of_an_audit_stays_as_it_is(site: Site) -> None:
    for text in ("hello\n", "hello", '{"a": 1}\n', "[]\n"):
        path = site.lsops.write(text, "notes.txt")
        ran = site.lsops("audit", "-o", "notes.txt")
        assert ran.code == 3
        assert 'error[LS686]: "notes.txt" is not a file of lsops audit' in ran.err
        assert path.read_text() == text


def test_foreign_text_cannot_write_a_line_or_a_terminal_command(site: Site) -> None:
    put(site.watch.database, "activity_log", [log(1, email='a"\n{"source": "x"}\x1b[2J\u202e')])
    ran = site.lsops("audit")
    (found,) = lines(ran)
    assert found["row"]["email"] == 'a"\n{"source": "x"}\x1b[2J\u202e'
    assert "\x1b" not in ran.out
    assert "\u202e" not in ran.out
