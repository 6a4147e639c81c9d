"""What a runner of GitHub Actions gives a step, and what a step gives it back.

The scripts of this folder use Python's own library alone, so that the step that holds the job's token runs nothing that
was installed for the job.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Any

_IN_TEXT = {"%": "%25", "\r": "%0D", "\n": "%0A"}
LONGEST_TEXT = 2000
"""Signs of a text of an answer that is told in the log."""


class StepFailed(Exception):
    """What ends a step: the words of its annotation, and the exit code of the job."""

    def __init__(self, words: str, code: int = 3) -> None:
        super().__init__(words)
        self.code = code


def setting(name: str, default: str = "") -> str:
    """An input of the action, as a step hands it on in its environment; never pasted into a script."""
    return os.environ.get(f"INPUT_{name}", "").strip() or default


def say(kind: str, words: str) -> None:
    """An annotation (`error`, `warning`, `notice`) on the run; nothing in the words begins a command of the runner."""
    encoded = "".join(_IN_TEXT.get(sign, sign) for sign in words.replace("##[", "## [")[:LONGEST_TEXT])
    print(f"::{kind} title=lsops::{encoded}", flush=True)


def as_step(main: Callable[[], None]) -> None:
    """Run a script; what ends the step is its annotation and its exit code."""
    try:
        main()
    except StepFailed as failed:
        say("error", str(failed))
        sys.exit(failed.code)


def mask(secret: str) -> None:
    """Have the runner blot a secret out of every log from here on, each of its lines by itself."""
    for row in secret.splitlines():
        if row.strip():
            print("::add-mask::" + row.strip().replace("%", "%25"), flush=True)


def give(**values: object) -> None:
    """Outputs of the step, each behind a mark of its own that nobody can know before."""
    with Path(os.environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as file:
        for name, value in values.items():
            mark = f"lsops_{token_hex(16)}"
            file.write(f"{name.replace('_', '-')}<<{mark}\n{value}\n{mark}\n")


@dataclass(frozen=True)
class Event:
    """What started the run: its name, and of a pull request the number, its head, and whether it is a fork's."""

    name: str
    number: int = 0
    head_sha: str = ""
    is_fork: bool = False

    @property
    def is_pull_request(self) -> bool:
        return self.number > 0

    @property
    def commit(self) -> str:
        """The commit that is looked at: of a pull request its head, not the merge that GitHub makes to test it."""
        return self.head_sha or os.environ.get("GITHUB_SHA", "")


def event() -> Event:
    """The event of this run, from the file that the runner wrote; a file that says nothing clear is a fork's.

    `GITHUB_REF` and its like can be chosen by whoever opens a pull request; the payload is GitHub's own.
    """
    name = os.environ.get("GITHUB_EVENT_NAME", "")
    path = os.environ.get("GITHUB_EVENT_PATH", "")
    payload: Mapping[str, Any] = json.loads(Path(path).read_text("utf-8")) if path else {}
    pull, run = payload.get("pull_request"), payload.get("workflow_run")
    if isinstance(run, dict):
        return Event(name, is_fork=not _same(run.get("head_repository"), payload.get("repository")))
    if not isinstance(pull, dict):
        return Event(name, is_fork=name.startswith(("pull_request", "workflow_run")))
    head, base = pull["head"], pull["base"]
    return Event(name, int(pull["number"]), str(head["sha"]), not _same(head["repo"], base["repo"]))


def _same(head: Mapping[str, Any] | None, base: Mapping[str, Any] | None) -> bool:
    """Whether two repositories are one; a fork that was deleted is none."""
    return head is not None and base is not None and head["id"] == base["id"]


def run_url() -> str:
    """The page of this run."""
    server, repository, run = (os.environ.get(f"GITHUB_{one}", "") for one in ("SERVER_URL", "REPOSITORY", "RUN_ID"))
    return f"{server}/{repository}/actions/runs/{run}"
