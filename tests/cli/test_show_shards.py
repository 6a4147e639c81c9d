"""`lsops show` of several plan files: those of the shards of one manifest, and of nothing else."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.cli import Lsops

MANIFEST = "version: 1\nprojects: {Cats: {}, Dogs: {}, Birds: {}}\n"


@pytest.fixture
def shards(lsops: Lsops) -> Lsops:
    """The plan files of three shards, `1.json` to `3.json`."""
    lsops.write(MANIFEST)
    for number in "123":
        assert lsops("plan", "-s", "sandbox:", "--shard", f"{number}/3", "--out", f"{number}.json").code == 0
    return lsops


def altered(shards: Lsops, file: str, **header: dict[str, Any]) -> None:
    """Another header in a plan file."""
    path = shards.folder / file
    document = json.loads(path.read_text("utf-8"))
    for name, values in header.items():
        document[name] |= values
    path.write_text(json.dumps(document), "utf-8")


def test_one_file_says_of_which_shard_it_is(shards: Lsops) -> None:
    assert "of shard 2/3 alone" in shards("show", "2.json").out
    assert shards("show", "2.json", "--format", "json").json()["manifest"]["shard"] == "2/3"
    markdown = shards("show", "2.json", "--format", "markdown").out
    assert markdown.startswith("<!-- lsops:plan 2/3 -->\n## lsops plan, shard 2/3\n")
    assert "shard 2/3" in shards("show", "2.json", "--format", "html").out


def test_all_of_them_are_one_plan_of_the_whole(shards: Lsops) -> None:
    ran = shards("show", "1.json", "2.json", "3.json")

    assert ran.last == "Plan: 3 to create, 0 to update, 0 to replace, 0 to delete."
    assert "shard" not in ran.out + ran.err


def test_missing_ones_are_said(shards: Lsops) -> None:
    ran = shards("show", "3.json", "1.json", "--format", "json")

    (warning,) = ran.json()["warnings"]
    assert (ran.code, warning["code"]) == (0, "LS633")
    assert warning["message"] == "the plan file of shard 2 of 3 is missing"


def test_two_files_of_one_shard_are_refused(shards: Lsops) -> None:
    (shards.folder / "again.json").write_bytes((shards.folder / "2.json").read_bytes())

    ran = shards("show", "1.json", "2.json", "again.json")

    assert (ran.code, "LS632" in ran.err) == (3, True)
    assert "again.json is of shard 2/3, as 2.json is" in ran.err


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ({"server": {"url": "https://other.example.com"}}, "the server is another"),
        ({"manifest": {"environment": "prod"}}, "the environment is another"),
        ({"manifest": {"shard": "2/4"}}, "one was made for shard 1/3, the other for 2/4"),
        ({"manifest": {"shard": "1/1"}}, "one was made for shard 1/3, the other for 1/1"),
    ],
)
def test_files_of_another_plan_are_refused(shards: Lsops, header: dict[str, Any], words: str) -> None:
    altered(shards, "2.json", **header)

    ran = shards("show", "1.json", "2.json")

    assert (ran.code, "LS631" in ran.err, words in ran.err) == (3, True, True)


def test_a_plan_of_the_whole_is_shown_alone(shards: Lsops) -> None:
    shards("plan", "-s", "sandbox:", "--out", "whole.json")

    ran = shards("show", "1.json", "whole.json")

    assert (ran.code, "a plan of a whole manifest is shown alone" in ran.err) == (3, True)


@pytest.mark.parametrize("shard", ["", "0/3", "4/3", "a/b", 3, None, ["1/3"]])
def test_a_file_with_a_shard_that_cannot_be_is_damaged(shards: Lsops, shard: object) -> None:
    altered(shards, "2.json", manifest={"shard": shard})

    ran = shards("show", "2.json")

    assert (ran.code, "2.json is a damaged plan" in ran.err) == (3, True)


def test_a_kind_that_nobody_knows_stands_among_the_others(shards: Lsops) -> None:
    path = shards.folder / "2.json"
    path.write_text(path.read_text("utf-8").replace('"kind": "project"', '"kind": "spaceship"'), "utf-8")

    ran = shards("show", "1.json", "2.json", "3.json", "--format", "json")

    assert (ran.code, ran.json()["summary"]["create"]) == (0, 3)
