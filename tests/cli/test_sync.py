"""`lsops sync`, and `sync: after_apply` of a storage."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.support.cli import Ran
from tests.support.site import Site

RAW, OUT = "/projects/Triage/import_storages/raw", "/projects/Triage/export_storages/out"
AFTER = {"sync": "after_apply"}


def declare(site: Site, raw: Mapping[str, Any], **more: Any) -> None:
    storages = {"raw": {"type": "s3", "bucket": "scans", **raw}}
    site.declare({"label_config": "<View/>", "import_storages": storages, **more})


def ends(ran: Ran) -> dict[str, tuple[str, str]]:
    """How each sync of a document ended, and why."""
    return {one["address"]: (one["outcome"], one["reason"]) for one in ran.json()["outcomes"]}


def starts(site: Site) -> list[str]:
    return [one for one in site.watch.writes() if one.endswith("/sync")]


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lsops.server.waiting.FIRST", 0.01)


def stays(site: Site, status: str, count: int) -> None:
    """From now on the sync of `raw` is under way forever."""
    (number,) = (
        row["id"] for row in site.api.get("/api/storages/s3/", params={"project": site.project()["id"]}).json()
    )
    body = {"status": status, "last_sync_count": count}
    answer = site.api.patch(f"/api/storages/s3/{number}", json=body).raise_for_status()
    assert answer.json()["status"] == status


# ---- lsops sync ----------------------------------------------------------------------------------


def test_all_declared_storages_are_synced_where_nothing_is_named(site: Site) -> None:
    declare(site, {}, export_storages={"out": {"type": "s3", "bucket": "labels"}})
    site.settled()
    ran = site.lsops("sync", "--format", "json")
    assert ran.code == 0, ran
    assert ends(ran) == {
        RAW: ("done", "there is nothing to import in it"),
        OUT: ("done", "there is nothing to write yet"),
    }
    assert ran.json()["counts"] == {"done": 2, "started": 0, "failed": 0, "skipped": 0}


def test_an_address_covers_what_lies_below_it(site: Site) -> None:
    declare(site, {}, export_storages={"out": {"type": "s3", "bucket": "labels"}})
    site.settled()
    ran = site.lsops("sync", "/projects/*/import_storages", "--format", "json")
    assert list(ends(ran)) == [RAW]
    assert len(starts(site)) == 1


def test_what_was_chosen_and_matched_nothing_is_said(site: Site) -> None:
    declare(site, {"prefix": "in/", "regex_filter": ".*jpg"})
    site.settled()
    ran = site.lsops("sync")
    assert ran.out == f'| done {RAW}: nothing matched prefix "in/" and regex_filter ".*jpg"\nSync complete: 1 done.\n'


def test_a_sync_that_fails_with_200_is_exit_4_and_its_traceback_is_one_line(site: Site) -> None:
    declare(site, {"bucket": "broken-scans"})
    site.settled()
    ran = site.lsops("sync")
    assert (ran.code, ran.last) == (4, "Sync incomplete: 0 done, 1 failed.")
    assert f"| failed {RAW}: ConnectionError: the sandbox broke this sync, as it was told to\n" in ran.out
    assert "Traceback" not in ran.out + ran.err


def test_a_failed_sync_stops_no_other(site: Site) -> None:
    declare(site, {"bucket": "broken-scans"}, export_storages={"out": {"type": "s3", "bucket": "labels"}})
    site.settled()
    assert [end for end, _ in ends(site.lsops("sync", "--format", "json")).values()] == ["failed", "done"]


def test_a_bucket_that_is_gone_is_told_with_the_server_s_words(site: Site) -> None:
    declare(site, {})
    site.settled()
    site.watch.faults = ("POST /api/storages/s3/*/sync:500",)
    ran = site.lsops("sync", "--format", "json")
    assert ran.code == 4
    assert "500 Internal Server Error: injected fault" in ends(ran)[RAW][1]


def test_a_start_without_an_answer_is_seen_by_what_the_server_does(site: Site) -> None:
    declare(site, {})
    site.settled()
    site.watch.faults = ("POST /api/storages/s3/*/sync:drop",)
    assert ends(site.lsops("sync", "--format", "json"))[RAW][0] == "done"
    assert len(starts(site)) == 1, "a sync that may run is not started again"


def test_a_start_that_never_came_is_not_taken_for_the_sync_before_it(site: Site) -> None:
    declare(site, {})
    site.settled()
    assert site.lsops("sync").code == 0
    site.watch.faults = ("POST /api/storages/s3/*/sync:502",)
    ran = site.lsops("sync", "--wait-timeout", "0.1", "--format", "json")
    assert (ran.code, ends(ran)[RAW]) == (4, ("failed", "its start had no answer, and no sync was seen to begin"))


def test_a_sync_that_is_not_over_in_time_is_exit_4_and_goes_on(site: Site) -> None:
    declare(site, {})
    site.settled()
    stays(site, "in_progress", 1200)
    ran = site.lsops("sync", "--wait-timeout", "0.05")
    assert ran.code == 4
    assert f"| failed {RAW}: not over after 0.05 s: the server goes on, 1,200 so far\n" in ran.out
    assert starts(site) == [], "what is under way is only waited for"


def test_no_wait_starts_and_goes(enterprise_site: Site) -> None:
    site = enterprise_site
    declare(site, {})
    site.settled()
    ran = site.lsops("sync", "--no-wait")
    assert (ran.code, ran.out) == (0, f"| started {RAW}: the server goes on\nSync complete: 0 done, 1 started.\n")


def test_ctrl_c_only_stops_waiting(site: Site) -> None:
    declare(site, {})
    site.settled()
    stays(site, "in_progress", 5)
    seen: list[str] = []

    def interrupt(request: str) -> None:
        seen.append(request)
        if sum(request.startswith("GET /api/storages/s3/") for request in seen) == 3:
            signal.raise_signal(signal.SIGINT)

    site.watch.meanwhile = interrupt
    ran = site.lsops("sync")
    assert ran.code == 130
    assert f"| started {RAW}: the server goes on, 5 so far\n" in ran.out


def test_a_storage_that_is_not_there_yet_is_an_error_at_its_line(site: Site) -> None:
    declare(site, {})
    ran = site.lsops("sync")
    assert (ran.code, site.watch.writes()) == (3, [])
    assert "error[LS651]: it is not there yet" in ran.err


@pytest.mark.parametrize("address", ["/projects/Dogs", "/projects/Triage/webhooks", "raw"])
def test_an_address_that_covers_no_storage_is_an_error(site: Site, address: str) -> None:
    declare(site, {})
    ran = site.lsops("sync", address)
    assert ran.code == 3
    assert f'"{address}" covers nothing that can be synced' in ran.err


# ---- sync: after_apply ---------------------------------------------------------------------------


@pytest.fixture
def enterprise_site(request: pytest.FixtureRequest, lsops: Any) -> Iterator[Site]:
    from tests.cli.conftest import DATABASE

    return Site.of(lsops, request.getfixturevalue("enterprise"), "enterprise", lsops.folder / DATABASE)


def test_what_was_made_is_synced_after_it_and_what_is_unchanged_never(site: Site) -> None:
    declare(site, AFTER)
    assert [change.get("then") for change in site.changes()] == [None, ["sync"]]
    assert site.apply().code == 0
    assert len(starts(site)) == 1
    site.unchanged()
    site.apply()
    assert len(starts(site)) == 1


def test_what_was_changed_is_synced_and_neither_sent_nor_compared_itself(site: Site) -> None:
    declare(site, {})
    site.settled()
    declare(site, AFTER)
    site.unchanged()
    declare(site, {**AFTER, "prefix": "in/"})
    ran = site.apply("--format", "json")
    assert ran.json()["then"] == [
        {"address": RAW, "outcome": "done", "reason": 'nothing matched prefix "in/"', "count": 0, "existed": 0}
    ]
    (patch,) = (one for one in site.watch.requests if one.method == "PATCH" and "/storages/" in one.path)
    assert "sync" not in patch.body


def test_a_new_export_storage_is_synced_by_the_server_itself_and_waited_for(site: Site) -> None:
    site.declare({"export_storages": {"out": {"type": "s3", "bucket": "labels", **AFTER}}})
    ran = site.apply("--format", "json")
    assert [(one["address"], one["outcome"]) for one in ran.json()["then"]] == [(OUT, "done")]
    assert starts(site) == []


def test_a_sync_that_fails_leaves_the_storage_made_and_is_exit_4(site: Site) -> None:
    declare(site, {**AFTER, "bucket": "broken-scans"})
    ran = site.apply()
    assert ran.code == 4
    assert f"| failed {RAW}: ConnectionError" in ran.out
    assert ran.last == "Apply incomplete: 2 done, 0 failed, 0 skipped; of what came then 1 not done."
    site.unchanged()


def test_a_saved_plan_says_what_comes_then_and_is_compared_with_it(site: Site) -> None:
    declare(site, AFTER)
    site.lsops("plan", "--out", "plan.json")
    assert "then: sync" in site.lsops("show", "plan.json").out
    declare(site, {})
    ran = site.lsops("apply", "--plan", "plan.json")
    assert ran.code == 5
    assert RAW in ran.err


def test_a_difference_of_manifests_tells_it(site: Site) -> None:
    declare(site, {})
    base = site.lsops.folder / "base"
    base.mkdir()
    (base / "lsops.yaml").write_text((site.lsops.folder / "lsops.yaml").read_text())
    declare(site, AFTER)
    assert 'sync: (absent) -> "after_apply"' in site.lsops("diff", "--base", "./base").out


def test_another_word_for_it_is_an_error_at_its_place(site: Site) -> None:
    declare(site, {"sync": "always"})
    assert "after_apply" in site.refused()
