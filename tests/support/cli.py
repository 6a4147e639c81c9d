"""Driving the command line from a test."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from lsops.cli.main import run
from tests.support.documents import undocumented


@dataclass(frozen=True)
class Ran:
    """What one call printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def last(self) -> str:
        """The last line of stdout."""
        return self.out.rstrip("\n").rpartition("\n")[2]

    def json(self) -> Any:
        """The one document on stdout."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Lsops:
    """`lsops ARGUMENTS` in this process; `folder` is the working directory."""

    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]
    folder: Path

    def __call__(self, *arguments: str) -> Ran:
        self.capsys.readouterr()
        code = run(list(arguments))
        out, err = self.capsys.readouterr()
        if out.startswith('{\n  "format": "lsops.'):  # whatever a test looks at, its document is one that is described
            found = undocumented(json.loads(out))
            assert not found, "\n".join(found)
        return Ran(code, out, err)

    def write(self, text: str, name: str = "lsops.yaml") -> Path:
        """A file in the working directory, from indented text."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).lstrip("\n"), "utf-8")
        return path

    def setenv(self, **values: str) -> None:
        """Environment variables for the calls that follow."""
        for name, value in values.items():
            self.monkeypatch.setenv(name, value)
