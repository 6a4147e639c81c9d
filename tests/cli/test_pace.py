"""A server that takes 15 requests a second: nothing fails, with a known pace and with a learned one."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.support.cli import Lsops, Ran
from tests.support.sandbox import served

TOKEN = "f" * 40
LIMIT = 15
PROJECTS = 16
MANIFEST = "version: 1\nprojects:\n" + "".join(
    f"  Project {n}: {{workspace: W, webhooks: {{'https://hooks.example.com/{n}': {{is_active: true}}}}}}\n"
    for n in range(PROJECTS)
)


@pytest.fixture
def limited(lsops: Lsops) -> Iterator[Lsops]:
    """lsops aimed at an Enterprise sandbox over HTTP with a limit, and a manifest of 33 resources."""
    lsops.write(MANIFEST + "workspaces: {W: {}}\n")
    with served(lsops.folder / "served.db", token=TOKEN, rate=LIMIT) as url:
        lsops.setenv(LABEL_STUDIO_URL=url, LABEL_STUDIO_API_KEY=TOKEN)
        yield lsops


def refused(ran: Ran) -> int:
    return ran.err.count(": 429 in ")


def test_at_a_rate_below_the_limit_no_request_is_refused(limited: Lsops) -> None:
    applied = limited("apply", "--yes", "--rate", "14", "-vv", "--format", "json")
    planned = limited("plan", "--rate", "14", "-vv", "--detailed-exitcode")

    assert (applied.code, planned.code) == (0, 0)
    assert (refused(applied), refused(planned)) == (0, 0)
    assert applied.json()["throttled"] == {"answers": 0, "seconds": 0.0}
    assert "429" not in planned.err


def test_without_a_rate_the_first_refusal_teaches_the_pace_and_nothing_fails(limited: Lsops) -> None:
    applied = limited("apply", "--yes", "-vv", "--format", "json")

    assert applied.code == 0
    assert applied.json()["counts"] == {"done": 2 * PROJECTS + 1, "failed": 0, "skipped": 0}
    assert 1 <= applied.json()["throttled"]["answers"] == refused(applied) <= 16
    assert "the server answered 429, too many requests" in applied.err


def test_reads_at_a_learned_pace_are_complete(limited: Lsops) -> None:
    limited("apply", "--yes", "--rate", "14")

    planned = limited("plan", "--detailed-exitcode", "--format", "json", "-t", "/projects/**", "-t", "/workspaces")

    assert planned.code == 0
    assert json.loads(planned.out)["summary"]["unchanged"] == 2 * PROJECTS + 1


def test_what_is_refused_for_longer_than_the_budget_fails_with_what_to_do(lsops: Lsops) -> None:
    lsops.write("version: 1\nprojects: {One: {}}\n")
    with served(
        lsops.folder / "served.db", token=TOKEN, edition="community", faults=["GET /api/projects/:429=5"]
    ) as url:
        lsops.setenv(LABEL_STUDIO_URL=url, LABEL_STUDIO_API_KEY=TOKEN)
        ran = lsops("plan", "--throttle-budget", "1")

    assert ran.code == 1
    assert "lsops waited 0 s; --rate N" in ran.err
    assert "--throttle-budget S" in ran.out
