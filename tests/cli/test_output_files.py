"""`--output FORMAT=FILE`: one run, several forms, each file whole or not there."""

from __future__ import annotations

import json
import stat

import pytest

from tests.support.cli import Lsops

MANIFEST = "version: 1\nprojects: {One: {}, Two: {description: second}}\n"
WRONG = "version: 1\nprojects: {One: {titel: x}}\n"


@pytest.fixture
def two(lsops: Lsops) -> Lsops:
    """A manifest of two projects, and a server without any."""
    lsops.write(MANIFEST)
    lsops.setenv(LSOPS_SERVER="sandbox:")
    return lsops


def test_one_run_writes_several_forms_beside_the_one_on_stdout(two: Lsops) -> None:
    ran = two("plan", "--output", "json=plan.json", "--output", "markdown=plan.md")

    assert ran.last == "Plan: 2 to create, 0 to update, 0 to replace, 0 to delete."
    assert json.loads((two.folder / "plan.json").read_text())["summary"]["create"] == 2
    assert "\n## lsops plan\n" in (two.folder / "plan.md").read_text()
    assert stat.S_IMODE((two.folder / "plan.md").stat().st_mode) == 0o666 & ~_umask(two)


def _umask(two: Lsops) -> int:
    """What the folder's files lack anyway."""
    (two.folder / "new").touch()
    return 0o666 & ~stat.S_IMODE((two.folder / "new").stat().st_mode)


@pytest.mark.parametrize("verb", ["plan", "drift", "validate", "doctor", "apply --yes"])
def test_a_file_has_what_stdout_would_have(two: Lsops, verb: str) -> None:
    two.setenv(SOURCE_DATE_EPOCH="0")
    two(*verb.split(), "--output", "json=out.json")
    if verb.startswith("apply"):
        assert json.loads((two.folder / "out.json").read_text())["counts"]["done"] == 2
        verb = "apply --yes --output json=again.json"  # where nothing is to do, the file has a report all the same
        assert two(*verb.split()).last.startswith("No changes. 2 resources match")
        assert json.loads((two.folder / "again.json").read_text())["counts"]["done"] == 0
    else:
        assert two(*verb.split(), "--format", "json").out == (two.folder / "out.json").read_text()


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("pdf=plan.pdf", "'pdf' is no format of this command"),
        ("json=-", "'json=-' names no file"),
        ("json=", "'json=' is not FORMAT=FILE"),
        ("json", "'json' is not FORMAT=FILE"),
        ("=plan.json", "'' is no format of this command"),
        ("json=.", ". is not a file"),
        ("json=/dev/null", "/dev/null is not a file"),
        ("json=nowhere/plan.json", "nowhere/plan.json cannot be written: there is no folder nowhere"),
    ],
)
def test_a_wrong_one_is_found_before_anything_is_done(two: Lsops, value: str, said: str) -> None:
    before = sorted(two.folder.iterdir())
    ran = two("apply", "--yes", "--output", value)

    assert (ran.code, ran.out) == (3, "")
    assert ran.err.startswith(f"error[LS619]: --output: {said}")
    assert sorted(two.folder.iterdir()) == before


def test_a_form_that_serves_another_command_is_none_of_this_one(two: Lsops) -> None:
    assert "error[LS619]: --output: 'markdown' is no format" in two("doctor", "--output", "markdown=a.md").err


def test_two_forms_do_not_go_to_one_file(two: Lsops) -> None:
    ran = two("plan", "--output", "json=out", "--output", "markdown=./out")
    assert "error[LS619]: --output: out is named twice" in ran.err


@pytest.mark.parametrize("verb", ["plan", "apply --yes", "drift", "validate"])
def test_a_run_that_fails_writes_its_errors_in_every_form(two: Lsops, verb: str) -> None:
    two.write(WRONG)
    ran = two(*verb.split(), "--output", "json=out.json", "--output", "text=out.txt")

    document = json.loads((two.folder / "out.json").read_text())
    assert (ran.code, document["format"], document["errors"][0]["code"]) == (3, "lsops.errors/1", "LS102")
    assert (two.folder / "out.txt").read_text() == ran.err


def test_so_does_a_wrong_command_line(two: Lsops) -> None:
    two.setenv(LSOPS_OUTPUT="json=out.json\nmarkdown=out.md")
    two("plan", "--nonsense")

    assert json.loads((two.folder / "out.json").read_text())["errors"][0]["code"] == "LS605"
    assert "**Failed: 1 error.**" in (two.folder / "out.md").read_text()


def test_a_file_that_cannot_be_written_keeps_what_it_had(two: Lsops, monkeypatch: pytest.MonkeyPatch) -> None:
    path = two.write("old", "out.json")
    monkeypatch.setattr("pathlib.Path.replace", _no_room)
    ran = two("plan", "--output", "json=out.json")

    assert (ran.code, path.read_text()) == (1, "old")
    assert "error[LS608]: out.json cannot be written: No space left on device" in ran.err
    assert not list(two.folder.glob(".lsops-*"))


def _no_room(*_: object) -> None:
    raise OSError(28, "No space left on device")


def test_a_report_that_cannot_be_written_hides_nothing_of_what_was_done(
    two: Lsops, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pathlib.Path.replace", _no_room)
    ran = two("apply", "--yes", "--output", "json=out.json")

    assert ran.code == 4
    assert "Apply complete: 2 created" in ran.err
    assert "error[LS608]: out.json cannot be written" in ran.err
