"""What an operator at a terminal is asked, and what counts as a yes."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import subprocess
import sys
import termios
import time
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.support.cli import Lsops

ROOT = Path(__file__).parents[2]
ONE = "version: 1\nprojects: {One: {}}\n"
GONE = "version: 1\nprojects: {One: {lifecycle: {absent: true}}, Two: {lifecycle: {absent: true}}}\n"
ESCAPE = "\x1b"


@dataclass(frozen=True)
class Session:
    """What came out of a terminal session, both streams together, and the exit code."""

    code: int
    text: str


def terminal(lsops: Lsops, *arguments: str, answer: str | None = None, **env: str) -> Session:
    """`lsops` in a process of its own on a pseudo-terminal; `answer` is typed once it asks."""
    master, slave = pty.openpty()
    base = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "TERM")}
    variables = {**base, "TERM": "xterm", "PYTHONPATH": str(ROOT), **env}
    command = [sys.executable, "-m", "lsops", *arguments]
    streams = {"stdin": slave, "stdout": slave, "stderr": slave}
    own = {"start_new_session": True, "preexec_fn": lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0)}
    with subprocess.Popen(command, cwd=lsops.folder, env=variables, **streams, **own) as process:  # type: ignore[call-overload]  # keywords
        os.close(slave)
        text = _converse(master, answer)
        os.close(master)  # what still reads gets an end
        try:
            process.wait(10)
        finally:
            process.kill()
    return Session(process.returncode, text)


def _converse(master: int, answer: str | None) -> str:
    text, ends = "", time.monotonic() + 20
    while time.monotonic() < ends and _readable(master):
        try:
            piece = os.read(master, 65536)
        except OSError:  # Linux says so when the other side is closed
            break
        if not piece:
            break
        text += piece.decode()
        if answer is not None and "Type " in text and text.rstrip().endswith(":"):
            os.write(master, answer.encode())
            answer = None
    return text


def _readable(master: int) -> bool:
    waiting = select.poll()  # select() knows no descriptor above 1,023
    waiting.register(master, select.POLLIN)
    return bool(waiting.poll(20_000))


def titles(community: httpx.Client) -> list[str]:
    """The projects that are there."""
    return sorted(row["title"] for row in community.get("/api/projects/").json()["results"])


@pytest.mark.parametrize("answer", ["yes\n", " yes \n"])
def test_yes_applies(lsops: Lsops, community: httpx.Client, answer: str) -> None:
    lsops.write(ONE)
    ran = terminal(lsops, "apply", answer=answer)
    assert ran.code == 0, ran.text
    assert "Type yes to make 1 change: " in ran.text
    assert "Apply complete: 1 created" in ran.text
    assert titles(community) == ["One"]


@pytest.mark.parametrize("answer", ["\n", "y\n", "YES\n", "yes please\n", "no\n", "1\n", "\x04"])
def test_anything_else_is_a_no(lsops: Lsops, community: httpx.Client, answer: str) -> None:
    lsops.write(ONE)
    ran = terminal(lsops, "apply", answer=answer)
    assert ran.code == 5, ran.text
    assert "error[LS801]: not confirmed, nothing was written" in ran.text
    assert "to go on type yes" in ran.text
    assert titles(community) == []


FOLLOWED = """
    version: 1
    projects:
      One: {model_version: a, ml_backends: {a: {url: "http://models.example.com/a"}}}
      Two: {model_version: b, ml_backends: {b: {url: "http://models.example.com/b"}}, views: {Tab: {}}}
"""


def test_the_question_counts_as_the_summary_does(lsops: Lsops, community: httpx.Client) -> None:
    lsops.write(FOLLOWED)
    ran = terminal(lsops, "apply", answer="yes\n")
    assert ran.code == 0, ran.text
    assert "Plan: 5 to create, 0 to update, 0 to replace, 0 to delete." in ran.text
    assert "Type yes to make 5 changes: " in ran.text


def test_a_project_that_changes_before_and_after_its_backend_is_counted_once(
    lsops: Lsops, community: httpx.Client
) -> None:
    lsops.write("version: 1\nprojects: {One: {}, Two: {}}\n")
    assert lsops("apply", "--yes").code == 0
    lsops.write(FOLLOWED.replace("One: {", "One: {description: new, "))
    ran = terminal(lsops, "apply", answer="yes\n")
    assert "Plan: 3 to create, 2 to update, 0 to replace, 0 to delete." in ran.text
    assert "Type yes to make 5 changes: " in ran.text


def test_an_interrupt_at_the_prompt_writes_nothing(lsops: Lsops, community: httpx.Client) -> None:
    lsops.write(ONE)
    ran = terminal(lsops, "apply", answer="\x03")
    assert ran.code == 130, ran.text
    assert "nothing was written" in ran.text
    assert titles(community) == []


@pytest.mark.parametrize(("answer", "code"), [("2\n", 0), ("yes\n", 5), ("1\n", 5), ("3\n", 5), ("02\n", 5)])
def test_deletes_are_confirmed_by_their_number(lsops: Lsops, community: httpx.Client, answer: str, code: int) -> None:
    lsops.write("version: 1\nprojects: {One: {}, Two: {}}\n")
    assert lsops("apply", "--yes").code == 0
    lsops.write(GONE)
    ran = terminal(lsops, "apply", answer=answer)
    assert ran.code == code, ran.text
    assert "Type 2 to delete or replace 2: " in ran.text
    assert ("to go on type 2" in ran.text) == (code == 5)
    assert titles(community) == ([] if code == 0 else ["One", "Two"])


def test_yes_on_the_command_line_does_not_cover_deletes(lsops: Lsops, community: httpx.Client) -> None:
    lsops.write("version: 1\nprojects: {One: {}, Two: {}}\n")
    assert lsops("apply", "--yes").code == 0
    lsops.write(GONE)
    ran = terminal(lsops, "apply", "--yes")
    assert ran.code == 5, ran.text
    assert "--allow-deletes 2" in ran.text


def test_a_saved_plan_is_applied_without_a_question(lsops: Lsops, community: httpx.Client) -> None:
    lsops.write(ONE)
    assert lsops("plan", "--out", "plan.json").code == 0
    ran = terminal(lsops, "apply", "--plan", "plan.json")
    assert ran.code == 0, ran.text
    assert "Type " not in ran.text


def test_the_question_shows_the_plan_also_where_the_result_is_json(lsops: Lsops, community: httpx.Client) -> None:
    lsops.write(ONE)
    ran = terminal(lsops, "apply", "--format", "json", answer="yes\n")
    assert ran.code == 0, ran.text
    assert ran.text.index("+ /projects/One") < ran.text.index("Type yes") < ran.text.index("lsops.report/1")


def test_without_a_terminal_and_without_yes_nothing_is_written(lsops: Lsops, community: httpx.Client) -> None:
    lsops.write(ONE)
    command = [sys.executable, "-m", "lsops", "apply"]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(command, cwd=lsops.folder, env=env, input="yes\n", capture_output=True, text=True, check=False)
    assert ran.returncode == 5
    assert "error[LS802]" in ran.stderr
    assert titles(community) == []


def test_a_terminal_gets_colours_and_progress(lsops: Lsops, community: httpx.Client) -> None:
    lsops.write(ONE)
    ran = terminal(lsops, "apply", "--yes")
    assert f"{ESCAPE}[32m+ /projects/One" in ran.text
    assert "reading sandbox:sandbox.db" in ran.text
    assert "1/1" in ran.text


@pytest.mark.parametrize(
    ("arguments", "env"),
    [
        ([], {"NO_COLOR": "1"}),
        (["--no-color"], {}),
        ([], {"LSOPS_NO_COLOR": "1"}),
        ([], {"TERM": "dumb"}),
    ],
)
@pytest.mark.parametrize("manifest", [ONE, "version: 2\n"], ids=["plan", "error"])
def test_who_wants_no_colours_gets_none(
    lsops: Lsops, community: httpx.Client, arguments: list[str], env: dict[str, str], manifest: str
) -> None:
    lsops.write(manifest)
    ran = terminal(lsops, "plan", "-q", *arguments, **env)
    assert ran.text.strip()
    assert ESCAPE not in ran.text


def test_a_dumb_terminal_gets_no_escapes_during_an_apply(lsops: Lsops, community: httpx.Client) -> None:
    lsops.write(ONE)
    ran = terminal(lsops, "apply", "--yes", TERM="dumb")
    assert ran.code == 0
    assert ESCAPE not in ran.text
    assert "done create /projects/One" in ran.text
