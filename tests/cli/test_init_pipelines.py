"""`lsops init --ci` and `--cron`: a pipeline's files, beside a manifest or with one, and nothing of it overwritten."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import httpx
import pytest
import yaml

from lsops import starters
from lsops.starters import CI, CRON, WRITTEN, pipeline_files, starter_text
from tests.support.cli import Lsops

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples" / "gitops"
UNPUBLISHED = ("OWNER/", "$CI_SERVER_FQDN/group/")
"""What readers of an example put in place of these they have to publish first: no starter can name it."""
WAYS = [*(("--ci", name) for name in CI), *(("--cron", name) for name in CRON)]
PLACES = {**{("--ci", name): places for name, places in CI.items()}, **{("--cron", n): p for n, p in CRON.items()}}
EVERY = sorted({(place, name) for places in PLACES.values() for place, name in places.items()})


def files(folder: Path) -> dict[str, str]:
    """All files below a folder with their texts."""
    found = (path for path in folder.rglob("*") if path.is_file() and "sandbox.db" not in path.name)
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in found}


def commands(text: str) -> list[str]:
    """The commands of lsops in a file, and the arguments that a container gets."""
    return [line.strip() for line in text.splitlines() if ("lsops " in line and " . " in line) or "args: [" in line]


@pytest.mark.parametrize("way", WAYS, ids=" ".join)
def test_the_files_are_written_beside_a_starter(lsops: Lsops, way: tuple[str, str]) -> None:
    assert lsops("init", *way).code == 0

    assert set(PLACES[way]) < set(files(lsops.folder))
    assert lsops("validate").code == 0


@pytest.mark.parametrize("way", WAYS, ids=" ".join)
def test_a_manifest_that_is_there_is_left_as_it_is(lsops: Lsops, way: tuple[str, str]) -> None:
    lsops.write("mine\n")

    assert lsops("init", *way).code == 0

    assert files(lsops.folder) == {"lsops.yaml": "mine\n", **pipeline_files(**{way[0][2:]: way[1]})}


@pytest.mark.parametrize("way", WAYS, ids=" ".join)
def test_nothing_is_overwritten_and_nothing_else_written(lsops: Lsops, way: tuple[str, str]) -> None:
    lsops.write("mine\n")
    taken = next(place for place in reversed(PLACES[way]))
    lsops.write("mine, too\n", taken)

    ran = lsops("init", *way)

    assert (ran.code, f"{taken} exists already, nothing was written" in ran.err) == (3, True)
    assert files(lsops.folder) == {"lsops.yaml": "mine\n", taken: "mine, too\n"}


def test_both_uses_of_one_platform_go_together_and_one_after_the_other(lsops: Lsops) -> None:
    assert lsops("init", "one", "--ci", "gitlab", "--cron", "gitlab").code == 0
    assert lsops("init", "two", "--ci", "gitlab").code == 0
    ran = lsops("init", "two", "--cron", "gitlab")

    assert (ran.code, "was there" in ran.err) == (0, False)
    assert files(lsops.folder / "one") == files(lsops.folder / "two")


def test_a_pipeline_that_is_there_is_told_the_line_that_it_needs(lsops: Lsops) -> None:
    lsops.write("stages: [mine]\n", ".gitlab-ci.yml")

    ran = lsops("init", "--ci", "gitlab")

    assert ran.code == 0
    assert "it needs this line: include: [{local: /.gitlab/label-studio*.yml}]" in ran.err
    assert files(lsops.folder)[".gitlab-ci.yml"] == "stages: [mine]\n"


# ---- environments ----------------------------------------------------------------------------------


@pytest.mark.parametrize("way", WAYS, ids=" ".join)
def test_every_command_names_the_environment_that_is_given(way: tuple[str, str]) -> None:
    texts = pipeline_files(**{way[0][2:]: way[1]}, environment="stage-2")

    told = [command for text in texts.values() for command in commands(text)]
    assert told
    assert all("-e stage-2" in one or "-e, stage-2" in one for one in told)
    assert not any(WRITTEN in text for text in texts.values())


@pytest.mark.parametrize("way", WAYS, ids=" ".join)
def test_without_one_none_is_named(way: tuple[str, str]) -> None:
    texts = pipeline_files(**{way[0][2:]: way[1]})

    assert not any("-e" in command.split() or WRITTEN in command for t in texts.values() for command in commands(t))
    assert not any("the environment" in text for text in texts.values())


@pytest.mark.parametrize("live", [[], ["--from-live"]], ids=["starter", "what is live"])
def test_a_new_manifest_has_the_environment_that_its_pipeline_names(
    lsops: Lsops, community: httpx.Client, live: list[str]
) -> None:
    assert lsops("init", *live, "--ci", "github", "-e", "prod").code == 0

    assert lsops("validate", "-e", "prod").code == 0
    assert lsops("plan", "-e", "prod", "--detailed-exitcode").code == 0


@pytest.mark.parametrize("name", ["a b", "$(id)", "a'b", "-x", "1", "ü", "a\n", "a.b", "true", "On"])
def test_a_name_that_would_need_quoting_is_refused(lsops: Lsops, name: str) -> None:
    ran = lsops("init", "--ci", "github", "-e", name)

    assert (ran.code, files(lsops.folder)) == (3, {})


@pytest.mark.parametrize("way", WAYS, ids=" ".join)
def test_they_install_the_release_that_wrote_them(way: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starters, "__version__", "12.3.4")

    texts = "".join(pipeline_files(**{way[0][2:]: way[1]}).values())

    assert set(re.findall(r"lsops==[^ \n]+", texts)) == {"lsops==12.3.4"}


# ---- what is in them -------------------------------------------------------------------------------


@pytest.mark.parametrize(("place", "name"), EVERY)
def test_a_file_that_an_example_has_is_that_one_to_the_byte(place: str, name: str) -> None:
    platform = name.partition("/")[0]
    example = EXAMPLES / platform / place
    text = example.read_text("utf-8") if example.exists() else starter_text(name)

    assert text == starter_text(name) or any(word in text for word in UNPUBLISHED)


@pytest.mark.parametrize("name", sorted({name for _, name in EVERY if name.startswith("github/")}))
def test_workflows_have_the_least_permissions_and_actions_by_their_hash(name: str) -> None:
    workflow = yaml.safe_load(starter_text(name))
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]

    assert workflow["permissions"] == {}
    assert all(job["permissions"]["contents"] == "read" for job in workflow["jobs"].values())
    assert all(len(step["uses"].partition("@")[2]) == 40 for step in steps if "uses" in step)
    assert not any("${{" in step.get("run", "") for step in steps)


def test_only_the_steps_that_need_a_secret_have_it() -> None:
    jobs = yaml.safe_load(starter_text("github/label-studio.yaml"))["jobs"]
    given = {name: [sorted(step.get("env", ())) for step in job["steps"]] for name, job in jobs.items()}

    assert given["validate"] == [[], [], []]
    assert given["plan"] == [[], [], ["LABEL_STUDIO_API_KEY"], ["GH_TOKEN", "NUMBER"]]
    assert given["apply"] == [[], [], ["AZURE_CLIENT_SECRET", "LABEL_STUDIO_API_KEY"]]


def test_the_commands_are_those_that_the_guide_shows() -> None:
    guide = (ROOT / "docs" / "ci.md").read_text("utf-8")
    told = {
        command.partition("run: ")[2] or command.lstrip("- ")
        for _, name in EVERY
        for command in commands(starter_text(name))
    }
    plain = {command.partition(" --output")[0].partition(" --format")[0] for command in told if "args:" not in command}

    assert plain
    assert [
        command
        for command in plain
        if command.removeprefix("code=0; ") not in guide.replace("validate .", "validate . -e prod")
    ] == []


@pytest.mark.parametrize(
    ("code", "known", "called"),
    [
        (0, "", []),
        (0, "7", ["issue close 7 --comment Nothing differs any more."]),
        (2, "7", ["issue edit 7 --body-file drift.md"]),
        (2, "", ["issue create --title Label Studio has drifted --body-file drift.md"]),
    ],
)
def test_one_issue_is_opened_edited_and_closed(tmp_path: Path, code: int, known: str, called: list[str]) -> None:
    steps = yaml.safe_load(starter_text("github/label-studio-drift.yaml"))["jobs"]["drift"]["steps"]
    gh = tmp_path / "gh"
    gh.write_text(f'#!/bin/sh\nif [ "$2" = list ]; then echo "{known}"; else echo "$*" >> called; fi\n', "utf-8")
    gh.chmod(0o755)

    env = {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}", "CODE": str(code)}
    done = subprocess.run(["bash", "-e", "-c", steps[-1]["run"]], cwd=tmp_path, env=env, check=False, timeout=60)

    told = tmp_path / "called"
    assert (done.returncode, told.read_text("utf-8").splitlines() if told.exists() else []) == (code, called)


# ---- with what else init does ----------------------------------------------------------------------


def test_they_come_beside_a_manifest_of_what_is_live(lsops: Lsops, community: httpx.Client) -> None:
    community.post("/api/projects/", json={"title": "Cats"}).raise_for_status()

    ran = lsops("init", "--from-live", "--ci", "github", "--format", "json")

    assert (ran.code, ran.json()["format"]) == (0, "lsops.dump/1")
    assert ".github/workflows/label-studio.yaml" in files(lsops.folder)
    assert lsops("plan", "--detailed-exitcode").code == 0
