"""Answers that are lost, cut or wrong: nothing is made twice, nothing is claimed that is not so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.support import sandbox
from tests.support.cli import Lsops
from tests.support.sandbox import client_of

pytestmark = pytest.mark.usefixtures("short_pauses")

TOKEN = "f" * 40
MANIFEST = """
    version: 1
    projects:
      One: {description: first, label_config: <View/>}
      Two: {description: second}
"""


class Served:
    """Sandboxes over HTTP, each with its faults, on one database."""

    def __init__(self, lsops: Lsops) -> None:
        self.lsops = lsops
        self.running = ExitStack()

    def start(self, *faults: str, edition: str = "community") -> None:
        database = self.lsops.folder / "served.db"
        url = self.running.enter_context(sandbox.served(database, edition=edition, token=TOKEN, faults=faults))
        self.lsops.setenv(LABEL_STUDIO_URL=url, LABEL_STUDIO_API_KEY=TOKEN)

    def titles(self) -> list[str]:
        with client_of(self.lsops.folder / "served.db", edition="community") as client:
            return sorted(row["title"] for row in client.get("/api/projects/").json()["results"])

    def end(self) -> None:
        self.running.close()


@pytest.fixture
def served(lsops: Lsops) -> Iterator[Served]:
    lsops.write(MANIFEST)
    sandbox = Served(lsops)
    yield sandbox
    sandbox.end()


def apply(lsops: Lsops, *more: str):
    return lsops("apply", "--yes", "--settle-timeout", "3", *more)


@pytest.mark.parametrize("fault", ["drop", "502:late", "504:late"])
def test_a_create_whose_answer_is_lost_is_found_and_not_repeated(lsops: Lsops, served: Served, fault: str) -> None:
    served.start(f"POST /api/projects/:{fault}:times=1")
    ran = apply(lsops)
    assert ran.code == 0, ran
    assert served.titles() == ["One", "Two"]
    assert lsops("plan", "--detailed-exitcode").code == 0


@pytest.mark.parametrize("fault", ["drop-before", "503"])
def test_a_create_that_never_came_to_be_is_failed_and_the_next_run_makes_it(
    lsops: Lsops, served: Served, fault: str
) -> None:
    served.start(f"POST /api/projects/:{fault}:times=1")
    ran = apply(lsops)
    assert ran.code == 4
    assert "result unknown; run again" in ran.out
    assert ran.last == "Apply incomplete: 1 done, 1 failed, 0 skipped."
    assert apply(lsops).code == 0
    assert served.titles() == ["One", "Two"]


def test_a_500_with_an_envelope_ends_the_search_early_and_shows_the_server_s_words(
    lsops: Lsops, served: Served
) -> None:
    served.start("POST /api/projects/:500:times=1")
    ran = apply(lsops, "--settle-timeout", "1")
    assert ran.code == 4
    assert "POST /api/projects/: 500" in ran.out
    assert served.titles() == ["Two"]


@pytest.mark.parametrize("fault", ["502", "503", "504", "429", "drop", "drop-before"])
def test_a_read_or_an_update_is_repeated(lsops: Lsops, served: Served, fault: str) -> None:
    served.start(f"GET /api/projects/:{fault}:times=1", f"PATCH /api/projects/*:{fault}:times=1")
    assert apply(lsops).code == 0
    lsops.write(MANIFEST.replace("second", "changed"))
    assert apply(lsops).code == 0
    assert lsops("plan", "--detailed-exitcode").code == 0


@pytest.mark.parametrize(("fault", "words"), [("html", "an HTML page"), ("truncate", "cut off")])
def test_an_answer_that_makes_no_sense_is_an_error_and_nothing_is_written(
    lsops: Lsops, served: Served, fault: str, words: str
) -> None:
    served.start(f"GET /api/projects/:{fault}")
    ran = apply(lsops)
    assert ran.code == 1
    assert words in ran.err
    assert "nothing was written" in ran.err
    assert "Traceback" not in ran.err + ran.out


def test_a_plan_with_a_failed_read_is_shown_and_not_saved(lsops: Lsops, served: Served) -> None:
    served.start("GET /api/session-policy/:500")
    lsops.write(MANIFEST + "    session_policy: {max_session_age: 60}\n")
    ran = lsops("plan", "--out", "plan.json")
    assert ran.code == 1
    assert "+ /projects/One" in ran.out
    assert "error[LS706]" in ran.out
    assert not (lsops.folder / "plan.json").exists()
    assert apply(lsops, "-t", "/projects/**").code == 0


def test_a_server_that_goes_away_is_not_asked_for_each_change(lsops: Lsops, served: Served) -> None:
    served.start()
    lsops("plan", "--out", "plan.json")
    served.end()
    ran = lsops("plan")
    assert ran.code == 1
    assert "cannot be reached" in ran.err
