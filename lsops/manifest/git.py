"""Asking git for what a revision holds: plumbing that applies no filter, in an environment that is always the same.

Nothing that a repository brings along runs: no hook, filter, alias, pager, file monitor, credential helper or remote
helper, whatever its configuration and attributes say. Nothing is checked out, fetched or written.
"""

from __future__ import annotations

import os
import shutil
import subprocess  # git has no other door
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from lsops.errors import UsageError

NOTHING_RUNS = (
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.attributesFile=/dev/null",
    "protocol.allow=never",
    "safe.bareRepository=explicit",
    # In a container the checkout seldom is its user's own. As nothing of it runs, its owner need not be known.
    "safe.directory=*",
)
FIXED = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_PAGER": "cat",
    "LC_ALL": "C",
}
PASSED_ON = ("PATH", "SYSTEMROOT")
PATIENCE = 60.0
"""Seconds for one answer; the largest repositories need one or two."""
CHUNK = 1024 * 1024
AT_ONCE = 500
"""Objects that are asked for before the first one is read: their ids fit into a pipe, or both sides would wait."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one call of git said."""

    code: int
    out: bytes

    @property
    def text(self) -> str:
        """The answer as one line."""
        return os.fsdecode(self.out).rstrip("\n")


class Repository:
    """The git repository that a folder lies in.

    `prefix` leads from its root to the folder: `""` or `label-studio/`.
    """

    def __init__(self, folder: Path, env: Mapping[str, str]) -> None:
        """Raises: UsageError, where there is no git."""
        self._folder = os.path.realpath(folder)
        path = os.pathsep.join(filter(os.path.isabs, env.get("PATH", os.defpath).split(os.pathsep)))
        self._env = {**{name: env[name] for name in PASSED_ON if name in env}, "PATH": path, **FIXED}
        self._git = shutil.which("git", path=path) or ""
        if not self._git:
            raise UsageError.of("git is not installed here", code="LS611", hint="--base DIR compares with a folder")
        told = self.ask("rev-parse", "--is-shallow-repository", "--absolute-git-dir", "--show-toplevel")
        shallow, *places = told.text.split("\n") if told.code == 0 else [""]
        self.is_shallow = shallow == "true"
        self.is_submodule = bool(places) and "/modules/" in places[0]
        self.top = places[1] if len(places) > 1 else ""
        below = os.path.relpath(self._folder, os.path.realpath(self.top)) if self.top else "."
        self.prefix = "" if below == "." else below.replace(os.sep, "/") + "/"
        # Configuration may say that the files are somewhere else than the folder in which git was asked.
        self.is_there = bool(self.top) and not self.prefix.startswith("../")

    def ask(self, *arguments: str) -> Answer:
        """The answer to one question. Raises: UsageError, where there is none."""
        try:
            done = subprocess.run(  # noqa: S603  # git by its absolute path, words as a list, no shell
                self._command(arguments),
                env=self._env,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=PATIENCE,
                check=False,
            )
        except (OSError, ValueError, subprocess.TimeoutExpired) as problem:
            raise UsageError.of(f"git does not answer: {problem}", code="LS611") from problem
        return Answer(done.returncode, done.stdout)

    def object_of(self, name: str) -> str:
        """The id of what a name of a revision, or of something in it, stands for; `""` where there is none."""
        if not self.is_there:
            return ""
        found = self.ask("rev-parse", "--verify", "--quiet", name)
        return found.text if found.code == 0 else ""

    @contextmanager
    def blobs(self) -> Iterator[Blobs]:
        """The contents of files, one after the other, by one process that ends with the block."""
        try:
            process = subprocess.Popen(  # noqa: S603  # as above
                self._command(("cat-file", "--batch")),
                env=self._env,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        except OSError as problem:
            raise UsageError.of(f"git does not answer: {problem}", code="LS611") from problem
        try:
            assert process.stdin is not None  # noqa: S101  # both are pipes
            assert process.stdout is not None  # noqa: S101
            yield Blobs(process.stdin, process.stdout)
        finally:
            process.kill()
            with suppress(OSError, ValueError):
                process.communicate()

    def _command(self, arguments: tuple[str, ...]) -> list[str]:
        settings = [word for setting in NOTHING_RUNS for word in ("-c", setting)]
        return [self._git, "-C", self._folder, "--no-pager", *settings, *arguments]


@dataclass(frozen=True, slots=True)
class Blobs:
    """A running `git cat-file --batch`."""

    asked: IO[bytes]
    told: IO[bytes]

    def read(self, number: str, limit: int) -> bytes | None:
        """The content of an object, and one byte of it more than the limit where it is larger; None where it is not
        here, as in a clone that fetches files when they are needed.
        """
        return self.read_all([number], limit)[0]

    def read_all(self, numbers: Sequence[str], limit: int) -> list[bytes | None]:
        """The same of several objects, with few turns between two processes."""
        found: list[bytes | None] = []
        for start in range(0, len(numbers), AT_ONCE):
            part = numbers[start : start + AT_ONCE]
            try:
                self.asked.write("".join(f"{number}\n" for number in part).encode("ascii"))
                self.asked.flush()
                found += [self._next(limit) for _ in part]
            except OSError:
                break
        return [*found, *[None] * (len(numbers) - len(found))]

    def _next(self, limit: int) -> bytes | None:
        head = self.told.readline().split()
        if len(head) != 3:  # id, type, size
            return None
        size = int(head[2])
        kept = self.told.read(min(size, limit + 1))
        left = size - len(kept) + 1
        while left > 0 and (chunk := self.told.read(min(left, CHUNK))):
            left -= len(chunk)
        return kept
