"""What `lsops init --ci` and `--cron` write does what examples/gitops does; where it does not, a reason stands here."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from lsops.starters import starter_text
from tests.support.gitlab import component
from tests.support.workflows import GITOPS, jobs

COMMENT = "the action and the component keep the plan file and the page as artifacts, which takes their own scripts"
REVIEWED = "the action and the component fetch the reviewed plan; a starter has no script that could"
CONSENT = "consent is an input of a person, and a starter has no input: the apply is made by hand"
PICTURES = "an input of the component, as of the action; a starter has no input, and needs no browser"
INPUTS = "the component and the image's configuration name the environment by LSOPS_ENVIRONMENT"
ISSUE = "the component opens an issue with it; a starter is a warning of the pipeline, without a token of GitLab"
DEPARTURES: dict[str, dict[str, str]] = {
    "github plan": {
        "- --format github": COMMENT,
        "- --output markdown": COMMENT,
        "- --detailed-exitcode": "the action says it by itself",
    },
    "github apply": {"- --yes": "the action says it by itself"},
    "github drift": {"- --format markdown": "the action makes the text of its issue by itself"},
    "gitlab plan": {
        "- -e": INPUTS,
        "+ --out": COMMENT,
        "+ --output html": COMMENT,
        "+ --preview": PICTURES,
        "+ --preview-url": PICTURES,
    },
    "gitlab apply": {
        "- -e": INPUTS,
        "+ --plan": REVIEWED,
        "+ --allow-deletes": CONSENT,
        "+ --allow-data-loss": CONSENT,
    },
    "gitlab drift": {"- -e": INPUTS, "+ --output markdown": ISSUE},
    "kubernetes drift": {"- -e": INPUTS},
}
"""By platform and verb the flags of the starter alone (`-`) and of the example alone (`+`), and why."""
OF_JOBS: dict[str, str] = {
    "plan environment": "an environment of GitHub must be made first, and holds the key; a starter takes the repository's",
    "apply environment": "the same",
    "drift environment": "the same",
    "apply permissions": REVIEWED,
    "apply if": "the example may be started by hand, for consent",
}
"""By job and key of GitHub's, where the two differ, and why."""


def flags(command: str) -> set[str]:
    """The flags of a command line of lsops; of those that say where to, with the form."""
    words, found = shlex.split(command.replace("\\\n", " ")), set()
    for word, value in zip(words, [*words[1:], ""], strict=False):
        if word in {"--output", "--format"}:
            found.add(f"{word} {value.partition('=')[0]}")
        elif re.fullmatch(r"-[a-z]|--[a-z-]+", word):
            found.add(word)
    return found


def commands(text: str) -> Iterator[tuple[str, set[str]]]:
    """Each verb that a script runs, with its flags."""
    for verb, rest in re.findall(r"\blsops (validate|plan|apply|drift) ((?:\\\n|[^\n;|>])*)", text):
        yield verb, flags(rest)


def of_workflow(read: dict[str, Any]) -> Iterator[tuple[str, set[str]]]:
    """The same of a workflow of GitHub, which runs the verb or uses the action."""
    for job in read.values():
        for step in job["steps"]:
            given = step.get("with", {})
            yield from commands(step.get("run", ""))
            if "command" in given:
                named = {"-e"} if "environment" in given else set()
                yield given["command"], named | flags(re.sub(r"\$\{\{.*?\}\}", "", given.get("args", "")))


def github(where: str) -> Iterator[tuple[str, set[str]]]:
    for file in ("label-studio.yaml", "label-studio-drift.yaml"):
        yield from of_workflow(workflow(where, file))


def workflow(where: str, file: str) -> dict[str, Any]:
    starter: dict[str, Any] = yaml.safe_load(starter_text(f"github/{file}"))["jobs"]
    return starter if where == "starter" else jobs(f"github/.github/workflows/{file}")


def gitlab(where: str) -> Iterator[tuple[str, set[str]]]:
    if where == "starter":
        yield from commands(starter_text("gitlab/label-studio.yml") + starter_text("gitlab/label-studio-drift.yml"))
        return
    for name in ("plan", "apply", "drift"):
        script = "\n".join(component()[f"lsops-{name}"]["script"])
        collected = flags(" ".join(re.findall(r"set -- (.*)", script.replace("; fi", ""))))
        yield from ((verb, found | collected) for verb, found in commands(script))


def kubernetes(where: str) -> Iterator[tuple[str, set[str]]]:
    base = (GITOPS / "kubernetes" / "base" / "drift.yaml").read_text("utf-8")
    text = starter_text("kubernetes/label-studio-drift.yaml") if where == "starter" else base
    [words] = re.findall(r"args: \[(.*)\]", text)
    yield words.partition(",")[0], flags(words.replace(",", " "))


PLATFORMS = {"github": github, "gitlab": gitlab, "kubernetes": kubernetes}


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_starter_runs_the_verbs_of_the_example_with_its_flags_but_for_what_has_a_reason(platform: str) -> None:
    starter, example = (dict(PLATFORMS[platform](where)) for where in ("starter", "example"))
    assert starter.keys() == example.keys()
    found = {
        f"{platform} {verb}": {f"- {flag}" for flag in starter[verb] - example[verb]}
        | {f"+ {flag}" for flag in example[verb] - starter[verb]}
        for verb in starter
    }
    told = {verb: set(reasons) for verb, reasons in DEPARTURES.items() if verb.startswith(platform)}
    assert {verb: flags for verb, flags in found.items() if flags} == told


def test_the_jobs_of_github_are_the_same_but_for_what_has_a_reason() -> None:
    found = set()
    for file in ("label-studio.yaml", "label-studio-drift.yaml"):
        starter, example = workflow("starter", file), workflow("example", file)
        assert list(starter) == list(example)
        for name, job in starter.items():
            keys = (job.keys() | example[name].keys()) - {"steps"}
            words = {key: [" ".join(str(one.get(key)).split()) for one in (job, example[name])] for key in keys}
            found |= {f"{name} {key}" for key, (ours, theirs) in words.items() if ours != theirs}
            assert job["steps"][0] == example[name]["steps"][0], "the checkout"
    assert found == set(OF_JOBS)
