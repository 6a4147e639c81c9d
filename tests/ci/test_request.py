"""What the inputs of the action may say, what of it reaches lsops, and what of the runner does not."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import prepare
import pytest
import run
import runner
from request import Request, request, version
from runner import Event, StepFailed, event

from tests.ci.conftest import FORK, HEAD, of_pull_request

PUSH = Event("push")
OF_A_FORK = Event("pull_request", 7, HEAD, is_fork=True)


@pytest.fixture(autouse=True)
def _plan(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INPUT_COMMAND", "plan")


def asked(monkeypatch: pytest.MonkeyPatch, what: Event = PUSH, **inputs: str) -> Request:
    for name, value in inputs.items():
        monkeypatch.setenv(f"INPUT_{name}", value)
    return request(what)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("--check  -v\n--var 'a=b c'", ["--check", "-v", "--var", "a=b c"]),
        (
            "--var 'x=$(id)' --var x=`id`;id --var x=$HOME",
            ["--var", "x=$(id)", "--var", "x=`id`;id", "--var", "x=$HOME"],
        ),
        ("# no comment", ["#", "no", "comment"]),
        ("", []),
    ],
)
def test_arguments_are_split_as_by_a_shell_and_expanded_by_nothing(
    monkeypatch: pytest.MonkeyPatch, text: str, words: list[str]
) -> None:
    assert list(asked(monkeypatch, ARGS=text).arguments) == words


@pytest.mark.parametrize(
    ("inputs", "what", "words"),
    [
        ({"COMMAND": "dump"}, PUSH, "command: 'dump' is none of validate, plan, apply, drift, diff."),
        ({"COMMAND": ""}, PUSH, "command: '' is none of"),
        ({"ARGS": "--var 'a"}, PUSH, "args: no closing quotation."),
        ({"ARGS": "--check -- /etc"}, PUSH, "args: `--` ends the flags"),
        ({"COMMAND": "apply"}, Event("pull_request", 7), "a pull request applies nothing"),
        ({"COMMAND": "apply"}, Event("pull_request_target", 7), "a pull request applies nothing"),
        ({"COMMAND": "apply"}, OF_A_FORK, "a pull request applies nothing"),
        ({"COMMAND": "apply"}, Event("workflow_run", is_fork=True), "a pull request applies nothing"),
        ({"ARGS": "--var"}, OF_A_FORK, "args: argument --var: expected one argument."),
    ],
)
def test_what_may_not_be_asked_is_said(
    monkeypatch: pytest.MonkeyPatch, inputs: dict[str, str], what: Event, words: str
) -> None:
    with pytest.raises(StepFailed, match=re.escape(words)):
        asked(monkeypatch, what, **inputs)


def test_of_a_fork_only_the_flags_of_the_manifest_are_left(monkeypatch: pytest.MonkeyPatch) -> None:
    given = asked(monkeypatch, OF_A_FORK, ARGS="--check -e test --var=a=b --skip webhooks --policy x.yaml --out p")
    assert given.command == "validate"
    assert given.arguments == ("--environment=test", "--var=a=b", "--policy=x.yaml")
    assert asked(monkeypatch, OF_A_FORK, COMMAND="diff", ARGS="--base main").command == "diff"


@pytest.mark.parametrize("wanted", ["", "0.2.0", "1.0rc1", "2.0.post1"])
def test_a_release_may_be_asked_for(monkeypatch: pytest.MonkeyPatch, wanted: str) -> None:
    monkeypatch.setenv("INPUT_VERSION", wanted)
    assert version() == wanted


@pytest.mark.parametrize("wanted", ["--index-url=http://x", "0.2.0 evil", "0.2.0\nevil", "git+https://x", "==1", "*"])
def test_nothing_else_reaches_pip(monkeypatch: pytest.MonkeyPatch, wanted: str) -> None:
    monkeypatch.setenv("INPUT_VERSION", wanted)
    with pytest.raises(StepFailed, match="is no release"):
        version()


def test_the_path_cannot_be_a_flag_and_our_flags_have_the_last_word() -> None:
    line = run.command_line(Request("plan", "--yes", "prod", ("--format", "text")), Path("/f"), "")
    assert line[-2:] == ["--", "--yes"]
    assert line[:5] == ["plan", "--format", "text", "--environment", "prod"]
    assert line[line.index("--environment") + 2 :][:2] == ["--format", "github"]


@pytest.mark.parametrize(
    ("command", "text", "words"),
    [
        ("plan", "--check -t /projects/A --base main -e test -v", ["--environment=test", "--target=/projects/A"]),
        ("diff", "--base main", ["--base=main"]),
    ],
)
def test_what_is_drawn_is_what_the_plan_shows(command: str, text: str, words: list[str]) -> None:
    line = run.preview_line(Request(command, "-x", "prod", tuple(text.split())), Path("/f"))
    compared = ["--live"] if command == "plan" else []
    assert line == [
        *("preview", *words, "--environment", "prod", *compared),
        *("--png", "--to", "/f/preview", "--", "-x"),
    ]


def test_lsops_gets_no_token_of_github_and_a_fork_none_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INPUT_API_KEY", "from the input")
    given = {
        "PATH": "/bin",
        "LABEL_STUDIO_API_KEY": "from env",
        "GITHUB_TOKEN": "x",
        "GH_TOKEN": "x",
        "INPUT_GITHUB_TOKEN": "x",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "x",
        "GITHUB_ENV": "/env",
        "GITHUB_OUTPUT": "/output",
    }
    ours = {"PATH": "/bin", "GITHUB_OUTPUT": "/told"}
    assert run.surroundings(given, Path("/told"), is_fork=True) == ours
    with_key = {**ours, "LABEL_STUDIO_API_KEY": "from the input"}
    assert run.surroundings(given, Path("/told"), is_fork=False) == with_key


def test_what_apply_needs_is_no_output_and_a_value_cannot_be_one() -> None:
    told = "changes<<m1\n3\nm1\nneeds<<m2\n--allow-deletes 2\nm2\ndeletes<<m3\n2\nm3\nx<<m4\nchanges<<m5\nm5\nm4\n"
    assert dict(run.numbers(told)) == {"changes": "3", "deletes": "2"}


@pytest.mark.parametrize(
    ("command", "arguments", "code", "status"),
    [
        ("plan", (), 2, 0),
        ("plan", ("--detailed-exitcode",), 2, 2),
        ("diff", (), 2, 0),
        ("drift", (), 2, 2),
        ("plan", (), 5, 5),
        ("apply", (), 4, 4),
    ],
)
def test_changes_alone_are_no_failure(command: str, arguments: tuple[str, ...], code: int, status: int) -> None:
    assert run.status(Request(command, ".", "", arguments), code) == status


@pytest.mark.parametrize(
    ("payload", "name", "is_fork"),
    [
        (of_pull_request(), "pull_request", False),
        (of_pull_request(repo=FORK), "pull_request", True),
        (of_pull_request(repo=FORK), "pull_request_target", True),
        (of_pull_request(repo={}), "pull_request", True),
        ({}, "pull_request", True),
        ({}, "push", False),
        ({"workflow_run": {"head_repository": FORK}, "repository": {"id": 7}}, "workflow_run", True),
        ({"workflow_run": {"head_repository": None}, "repository": {"id": 7}}, "workflow_run", True),
        ({"workflow_run": {"head_repository": {"id": 7}}, "repository": {"id": 7}}, "workflow_run", False),
    ],
)
def test_a_pull_request_is_a_fork_s_unless_github_says_otherwise(
    step: Callable[..., Path], payload: dict[str, Any], name: str, is_fork: bool
) -> None:
    step(payload, name)
    assert event().is_fork is is_fork


def test_two_environments_with_like_names_have_artifacts_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    names = {Request("plan", ".", name, ()).artifact("plan") for name in ("a b", "a/b", "a_b", "")}
    assert len(names) == 4
    assert "lsops-plan-a_b" in names
    monkeypatch.setenv("INPUT_NAME", "vision")
    assert Request("plan", ".", "prod", ()).artifact("apply") == "lsops-apply-prod-vision"


def test_the_first_step_blots_out_each_line_of_a_token(
    step: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("INPUT_API_KEY", "one\ntwo%0Athree\n")
    step({}, "push", RUNNER_TEMP=str(tmp_path), INPUT_GITHUB_TOKEN="", LABEL_STUDIO_API_KEY="four")
    prepare.main()
    assert capsys.readouterr().out.splitlines() == ["::add-mask::one", "::add-mask::two%250Athree", "::add-mask::four"]


def test_an_output_cannot_end_itself(step: Callable[..., Path]) -> None:
    output = step({}, "push")
    runner.give(plan_file="/a\nlsops_x\nevil<<b\nc\nb")
    first, *_, last = output.read_text("utf-8").splitlines()
    assert first == f"plan-file<<{last}"
    assert re.fullmatch(r"lsops_[0-9a-f]{32}", last)


def test_words_of_a_forge_are_no_command(capsys: pytest.CaptureFixture[str]) -> None:
    runner.say("error", "100%\n::set-output name=x::y ##[error]z" + "w" * 9000)
    said = capsys.readouterr().out
    assert said.startswith("::error title=lsops::100%25%0A::set-output name=x::y ## [error]z")
    assert said.count("\n") == 1
    assert len(said) < 2100


def test_a_job_without_a_payload_is_no_pull_request(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("GITHUB_"):
            monkeypatch.delenv(name)
    assert not event().is_pull_request
