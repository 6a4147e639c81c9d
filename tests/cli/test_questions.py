"""Every verb that asks before it works: how it asks, and what comes of no answer and of another one."""

from __future__ import annotations

import httpx
import pytest

from tests.cli.test_errors import FLAGS
from tests.cli.test_prompts import terminal
from tests.support.cli import Lsops

ASKING = {
    "apply": ("Type yes to make 1 change: ", "not applied: "),
    "restore": ("Type yes to restore 0 tasks: ", "not restored: "),
    "blueprint delete": ("Type yes to end 1 blueprint of /projects/One, so that links lead nowhere: ", "not ended: "),
    "snapshot delete": ("Type yes to delete 1 snapshot of /projects/One from the server: ", "not deleted: "),
}
"""Each verb that has `--yes`: its question, and how it begins to say that nobody can be asked."""
ARGUMENTS = {
    "blueprint delete": ("/projects/One", "1"),
    "snapshot delete": ("/projects/One", "1"),
    "restore": ("saved", "--as", "Two"),
}


@pytest.fixture(params=ASKING)
def verb(request: pytest.FixtureRequest, lsops: Lsops, community: httpx.Client) -> str:
    """A verb, where there is something for it to do: a change, a backup, a snapshot."""
    lsops.write("version: 1\nprojects: {One: {description: new}}\n")
    project = community.post("/api/projects/", json={"title": "One"}).raise_for_status().json()["id"]
    if request.param == "snapshot delete":
        community.post(f"/api/projects/{project}/exports/", json={}).raise_for_status()
    if request.param == "restore":
        assert lsops("backup", "/projects/One", "-o", "saved").code == 0
    return str(request.param)


def words(verb: str) -> tuple[str, ...]:
    return (*verb.split(), *ARGUMENTS.get(verb, ()))


def there(community: httpx.Client) -> list[object]:
    """All that a verb could have changed."""
    rows = community.get("/api/projects/").json()["results"]
    exports = [community.get(f"/api/projects/{row['id']}/exports/").json() for row in rows]
    return [(row["title"], row["description"]) for row in rows] + exports


def test_it_asks_with_one_colon_and_another_answer_writes_nothing(
    lsops: Lsops, community: httpx.Client, verb: str
) -> None:
    before = there(community)
    ran = terminal(lsops, *words(verb), answer="no\n")
    assert ran.code == 5, ran.text
    assert f"{ASKING[verb][0]}no" in ran.text  # the terminal shows what is typed
    assert "error[LS801]: not confirmed, nothing was written" in ran.text
    assert there(community) == before


def test_where_nobody_can_be_asked_it_says_so_and_writes_nothing(
    lsops: Lsops, community: httpx.Client, verb: str
) -> None:
    before = there(community)
    ran = lsops(*words(verb))
    assert (ran.code, f"error[LS802]: {ASKING[verb][1]}there is no terminal to ask on" in ran.err) == (5, True), ran
    assert "give --yes" in ran.err
    assert there(community) == before


def test_every_verb_that_can_be_told_not_to_ask_is_among_these() -> None:
    assert {verb.removeprefix("lsops ") for verb, flag in FLAGS if "--yes" in flag.opts} == set(ASKING)
