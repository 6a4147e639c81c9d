"""A git repository that a test makes: its own identity and time, and no configuration of the machine."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

FIXED = {
    "PATH": os.environ.get("PATH", os.defpath),
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_AUTHOR_DATE": "2026-11-21T12:00:00Z",
    "GIT_COMMITTER_DATE": "2026-11-21T12:00:00Z",
    **{f"GIT_{who}_{what}": "a@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
}


@dataclass(frozen=True)
class GitRepo:
    """A repository at a folder, on its branch `main`."""

    folder: Path

    @classmethod
    def made(cls, folder: Path, *how: str) -> GitRepo:
        """A new one; with `how`, a clone by these words of `git clone`."""
        folder.parent.mkdir(parents=True, exist_ok=True)
        words = ["clone", "-q", *how] if how else ["init", "-q", "-b", "main"]
        _git(folder.parent, *words, str(folder))
        return cls(folder)

    def git(self, *arguments: str) -> str:
        """What git says to these words."""
        return _git(self.folder, *arguments)

    def write(self, text: str, name: str = "lsops.yaml") -> Path:
        """A file, from indented text."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), "utf-8")
        return path

    def commit(self, **files: str) -> str:
        """All that there is, and these files, as a commit; its id."""
        for name, text in files.items():
            self.write(text, name)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "as it is")
        return self.git("rev-parse", "HEAD")

    def branch(self, name: str = "work") -> None:
        """Go on in a new branch."""
        self.git("checkout", "-q", "-b", name)


def _git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, env=FIXED, check=True, capture_output=True, timeout=60)
    return done.stdout.decode().strip()
