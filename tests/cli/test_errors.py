"""Every failing exit: its code, its words on stderr, and its one JSON document on stdout."""

from __future__ import annotations

import json
import traceback

import click
import httpx
import pytest

from lsops.cli.main import VERBS
from lsops.cli.main import lsops as command_line
from lsops.errors import CODES
from tests.support.cli import Lsops, Ran
from tests.support.sandbox import served

ONE = "version: 1\nprojects: {One: {}}\n"
TOKEN = "f" * 40


def told(ran: Ran, exit_code: int) -> list[str]:
    """The codes of the errors of a run with `--format json`, once both forms are found right."""
    assert ran.code == exit_code, ran
    document = ran.json()
    assert document["format"] == "lsops.errors/1"
    assert document["errors"]
    for error in document["errors"]:
        assert set(error) <= {"code", "severity", "message", "address", "file", "line", "column", "hint"}
        assert error["code"] in CODES
        assert f"error[{error['code']}]" in ran.err
    assert "Traceback" not in ran.out + ran.err
    return [error["code"] for error in document["errors"]]


USAGE = [
    ["nonsense"],
    ["plan", "--nonsense"],
    ["plan", "--timeout", "soon"],
    ["plan", "--timeout", "0"],
    ["plan", "--concurrency", "0"],
    ["plan", "--log-format", "xml"],
    ["plan", "--var", "no sign"],
    ["plan", "one", "two"],
    ["apply", "--allow-deletes", "-1"],
    ["completion", "powershell"],
    ["completion"],
    ["show"],
    ["schema", "projct"],
    ["sandbox", "nonsense"],
    ["sandbox", "serve", "--edition", "ultimate"],
    ["sandbox", "serve", "--rate", "0"],
    ["plan", "--server"],
]


@pytest.mark.parametrize("arguments", USAGE, ids=" ".join)
def test_a_wrong_command_line_is_exit_3(lsops: Lsops, arguments: list[str]) -> None:
    ran = lsops(*arguments)
    assert (ran.code, ran.out) == (3, "")
    assert ran.err.startswith("error[LS605]: ")
    lsops.setenv(LSOPS_FORMAT="json")
    assert told(lsops(*arguments), 3) == ["LS605"]


@pytest.mark.parametrize("arguments", [["--format", "xml"], ["--format=xml"]])
def test_a_wrong_format_is_exit_3_and_text(lsops: Lsops, arguments: list[str]) -> None:
    ran = lsops("plan", *arguments)
    assert (ran.code, ran.out) == (3, "")


@pytest.mark.parametrize("arguments", [[], ["sandbox"]])
def test_without_a_command_the_help_is_shown_and_the_exit_is_3(lsops: Lsops, arguments: list[str]) -> None:
    ran = lsops(*arguments)
    assert ran.code == 3
    assert "Usage: lsops" in ran.err
    assert "\\x0a" not in ran.err


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], *([verb, "--help"] for verb in VERBS)])
def test_help_is_exit_0(lsops: Lsops, arguments: list[str]) -> None:
    ran = lsops(*arguments)
    assert (ran.code, ran.err) == (0, "")
    assert "Usage: lsops" in ran.out


MANIFESTS = {
    "no manifest": (None, "LS201"),
    "an unknown field": ("version: 1\nprojects: {One: {nonsense: 1}}\n", "LS102"),
    "no YAML": ("version: [1\n", "LS203"),
    "a bad version": ("version: 9\n", "LS211"),
    "an empty one": ("", "LS210"),
    "an Enterprise kind": ("version: 1\nprojects: {One: {workspace: W}}\n", "LS108"),
    "an unknown target": (ONE, "LS606"),
}


@pytest.mark.parametrize("verb", ["plan", "apply"])
@pytest.mark.parametrize(("manifest", "code"), MANIFESTS.values(), ids=MANIFESTS)
def test_a_wrong_manifest_is_exit_3(
    lsops: Lsops, community: httpx.Client, verb: str, manifest: str | None, code: str
) -> None:
    if manifest is not None:
        lsops.write(manifest)
    target = ["-t", "/projects/Two"] if code == "LS606" else []
    assert told(lsops(verb, "--format", "json", *target), 3) == [code]
    text = lsops(verb, *target)
    assert (text.code, text.out) == (3, "")


def test_two_live_projects_of_one_title_are_exit_3_with_both_ids(lsops: Lsops, community: httpx.Client) -> None:
    for _ in range(2):
        community.post("/api/projects/", json={"title": "One"})
    lsops.write(ONE)
    ran = lsops("plan", "--format", "json")
    assert told(ran, 3) == ["LS502"]
    assert "1" in ran.err
    assert "lifecycle.id" in ran.err


def test_a_server_that_is_not_there_is_exit_1(lsops: Lsops, unused_tcp_port: int) -> None:
    lsops.write(ONE)
    lsops.setenv(LABEL_STUDIO_API_KEY=TOKEN)
    arguments = ("--format", "json", "-s", f"http://127.0.0.1:{unused_tcp_port}")
    for verb in ("plan", "apply", "drift"):
        assert told(lsops(verb, *arguments), 1) == ["LS701"]


@pytest.fixture
def unused_tcp_port(monkeypatch: pytest.MonkeyPatch):
    """A port on which nobody listens, and no patience with it."""
    import socket

    monkeypatch.setattr("lsops.server.retry.Backoff.pause", lambda *_, **__: 0.0)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("GET /api/version:html", "LS706"),
        ("GET /api/version:404", "LS707"),
        ("GET /api/current-user/whoami:403", "LS703"),
    ],
)
def test_a_read_that_fails_is_exit_1(lsops: Lsops, monkeypatch: pytest.MonkeyPatch, fault: str, code: str) -> None:
    lsops.write(ONE)
    monkeypatch.setattr("lsops.server.retry.Backoff.pause", lambda *_, **__: 0.0)
    with served(token=TOKEN, faults=[fault]) as url:
        lsops.setenv(LABEL_STUDIO_URL=url, LABEL_STUDIO_API_KEY=TOKEN)
        assert told(lsops("apply", "--yes", "--format", "json"), 1) == [code]


def test_what_is_refused_is_exit_5(lsops: Lsops, community: httpx.Client) -> None:
    lsops.write(ONE)
    assert told(lsops("apply", "--format", "json"), 5) == ["LS802"]
    assert lsops("apply", "--yes").code == 0
    lsops.write("version: 1\nprojects: {One: {lifecycle: {absent: true}}}\n")
    assert told(lsops("apply", "--yes", "--format", "json"), 5) == ["LS803"]


def test_a_bug_is_exit_1_and_one_line(lsops: Lsops, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("canary")

    monkeypatch.setattr("lsops.operations.load.load", broken)
    ran = lsops("validate", "--format", "json")
    assert told(ran, 1) == ["LS901"]
    assert "lsops met a bug: KeyError in test_errors.py" in ran.err
    assert "canary" not in ran.out + ran.err


@pytest.mark.parametrize("loud", [{"LSOPS_DEBUG": "1"}, None])
def test_debug_prints_frames_and_no_values(
    lsops: Lsops, monkeypatch: pytest.MonkeyPatch, loud: dict[str, str] | None
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("canary")

    monkeypatch.setattr("lsops.operations.load.load", broken)
    lsops.setenv(**(loud or {}))
    ran = lsops("validate", *([] if loud else ["--debug"]))
    assert "failure.py" not in ran.err
    assert "test_errors.py" in ran.err
    assert "in load_manifest" in ran.err
    assert "canary" not in ran.out + ran.err
    assert traceback.format_exc() not in ran.err


def test_without_debug_no_frame_is_printed(lsops: Lsops) -> None:
    lsops.setenv(LSOPS_DEBUG="0")
    assert " in load_manifest" not in lsops("validate").err


def flags() -> list[tuple[str, click.Option]]:
    """Every flag of every verb."""
    found: list[tuple[str, click.Option]] = []

    def walk(name: str, command: click.Command) -> None:
        if isinstance(command, click.Group):
            for verb in command.list_commands(click.Context(command)):
                inner = command.get_command(click.Context(command), verb)
                assert inner is not None
                walk(f"{name} {verb}", inner)
        found.extend(
            (name, one)
            for one in command.params
            if isinstance(one, click.Option) and one.name not in ("help", "version")
        )

    walk("lsops", command_line)
    return found


CONSENTS = {"--yes", "--invite", "--allow-deletes", "--allow-data-loss", "--force", "--dry-run"}
FLAGS = [(verb, one) for verb, one in flags() if one.opts[-1] != "--var"]


@pytest.mark.parametrize(("verb", "flag"), FLAGS, ids=[f"{verb} {one.opts[-1]}" for verb, one in FLAGS])
def test_every_flag_but_those_that_give_consent_has_its_variable(verb: str, flag: click.Option) -> None:
    long = next(name for name in flag.opts if name.startswith("--"))
    variable = "LSOPS_" + long[2:].upper().replace("-", "_")
    assert flag.envvar == (None if long in CONSENTS else variable)
    assert flag.help


def test_consent_cannot_come_from_the_environment(lsops: Lsops, community: httpx.Client) -> None:
    lsops.write(ONE)
    names = [name[2:].upper().replace("-", "_") for name in CONSENTS]
    lsops.setenv(**{f"{prefix}{name}": "1" for name in names for prefix in ("LSOPS_", "LSOPS_APPLY_")})
    assert lsops("apply").code == 5
    assert community.get("/api/projects/").json()["count"] == 0


def test_with_json_stdout_is_one_document_whatever_happens(lsops: Lsops, community: httpx.Client) -> None:
    lsops.write(ONE)
    for arguments in (["validate"], ["plan"], ["doctor"], ["apply"], ["apply", "--yes"], ["plan", "-t", "/x"]):
        json.loads(lsops(*arguments, "--format", "json", "-v").out)


def test_warnings_stand_apart_whether_there_are_errors_or_not(lsops: Lsops) -> None:
    config = '"<View><Text name=\\"t\\" value=\\"$t\\"/></View>"'
    lsops.write(f"version: 1\nprojects: {{Cats: {{label_config: {config}, color: red}}}}\n")

    wrong = lsops("validate", "--format", "json").json()
    lsops.write(f"version: 1\nprojects: {{Cats: {{label_config: {config}}}}}\n")
    doubtful = lsops("validate", "--format", "json").json()

    assert [(one["code"], one["severity"]) for one in wrong["errors"]] == [("LS106", "error")]
    assert [(one["code"], one["severity"]) for one in wrong["warnings"]] == [("LS122", "warning")]
    assert (doubtful["errors"], doubtful["warnings"]) == ([], wrong["warnings"])
