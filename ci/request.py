"""What the action is asked to do, held against what may be done for this event."""

from __future__ import annotations

import re
import shlex
from argparse import ArgumentError, ArgumentParser
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from runner import Event, StepFailed, setting

COMMANDS = ("validate", "plan", "apply", "drift", "diff")
OFFLINE = ("validate", "diff")
"""Commands that need no server, no token and no secret: all that a fork gets."""
OF_THE_MANIFEST = ("--environment", "--overlay", "--var", "--secrets-dir", "--secret-env", "--policy")
"""The flags of any command that `validate` has, too."""
OF_PREVIEW = (*OF_THE_MANIFEST, "--server", "--token-file", "--rate", "--ca-bundle", "--target", "--skip")
"""The flags of `plan` that say what `preview` is to draw, too."""
_SHORT = {"--environment": "-e", "--server": "-s", "--target": "-t"}
_VERSION = re.compile(r"[0-9]+(\.[0-9]+)*((a|b|rc)[0-9]+)?(\.(post|dev)[0-9]+)?")
_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9_.-]")


@dataclass(frozen=True)
class Request:
    """One call of lsops."""

    command: str
    path: str
    environment: str
    arguments: tuple[str, ...]

    def artifact(self, command: str) -> str:
        """The name of the artifact that holds the files of such a call: two calls of one run differ in it."""
        parts = ("lsops", command, self.environment, setting("NAME"))
        name = "-".join(filter(None, parts))
        safe = _NOT_IN_A_NAME.sub("_", name)
        return safe if safe == name else f"{safe}-{sha256(name.encode()).hexdigest()[:8]}"


def request(event: Event) -> Request:
    """What the inputs say, for this event: of a fork's pull request only what needs no server.

    Raises `StepFailed` where they are wrong, or where a pull request would apply.
    """
    command = setting("COMMAND")
    if command not in COMMANDS:
        raise StepFailed(f"command: {command!r} is none of {', '.join(COMMANDS)}.")
    arguments = words(setting("ARGS"))
    if command == "apply" and (event.is_fork or event.name.startswith("pull_request")):
        raise StepFailed("command: a pull request applies nothing; apply what was merged, on `push`.")
    if event.is_fork and command not in OFFLINE:
        command, arguments = "validate", flags_among(arguments, OF_THE_MANIFEST)
    return Request(command, setting("PATH", "."), setting("ENVIRONMENT"), tuple(arguments))


def words(text: str) -> list[str]:
    """The words of `args` as a shell would split them, without anything else that a shell does."""
    try:
        found = shlex.split(text)
    except ValueError as unclosed:
        raise StepFailed(f"args: {str(unclosed).lower()}.") from unclosed
    if "--" in found:
        raise StepFailed("args: `--` ends the flags; the manifest is the input `path`.")
    return found


def flags_among(arguments: Sequence[str], known: Sequence[str]) -> list[str]:
    """Those among the flags that another command has, too: a `plan --check --var a=b` is a `validate --var a=b`."""
    parser = ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    for flag in known:
        parser.add_argument(*filter(None, (_SHORT.get(flag), flag)), action="append", default=[])
    try:
        found = vars(parser.parse_known_args(list(arguments))[0])
    except ArgumentError as wrong:
        raise StepFailed(f"args: {wrong}.") from wrong
    return [f"{flag}={value}" for flag in known for value in found[flag[2:].replace("-", "_")]]


def version() -> str:
    """The release to install; empty is the action's own checkout. Nothing else that pip could be told."""
    wanted = setting("VERSION")
    if wanted and not _VERSION.fullmatch(wanted):
        raise StepFailed(f"version: {wanted!r} is no release such as 0.2.0.")
    return wanted
