"""The editor out of the package index: pip fetches the wheel, and only the files that are needed are read from it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from lsops.errors import LsopsError
from lsops.preview.editor.bundle import Editor
from lsops.preview.editor.finder import find_editor
from lsops.preview.editor.places import zip_files

RELEASE = re.compile(r"\d+(\.\d+){1,3}", re.ASCII)
PATIENCE = 300
"""Seconds for a wheel of 70 MB."""


def download(release: str, env: Mapping[str, str]) -> Editor:
    """The editor of a release. No code of the package runs, and nothing of it is installed.

    Raises:
        LsopsError: LS641, it cannot be fetched; LS640, the editor is not found in it.
    """
    assert RELEASE.fullmatch(release)  # noqa: S101  # who asks has looked
    with tempfile.TemporaryDirectory() as folder:
        _pip(release, Path(folder), env)
        wheels = sorted(Path(folder).glob("*.whl"))
        try:
            with zipfile.ZipFile(wheels[0]) as archive:
                return find_editor(zip_files(archive), release)
        except (IndexError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as problem:
            raise _failed(release, "what came is no wheel") from problem


def _pip(release: str, folder: Path, env: Mapping[str, str]) -> None:
    flags = "--no-deps --only-binary=:all: --no-input --disable-pip-version-check --quiet".split()
    command = [*_program(env), "download", *flags, "-d", str(folder), f"label-studio=={release}"]
    known = {name: value for name, value in env.items() if not name.startswith(("LABEL_STUDIO", "LSOPS_"))}
    try:
        done = subprocess.run(command, env=known, capture_output=True, timeout=PATIENCE, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as problem:
        raise _failed(release, f"it took more than {PATIENCE} seconds") from problem
    except OSError as problem:
        raise _failed(release, str(problem.strerror)) from problem
    if done.returncode != 0:
        told = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise _failed(release, told[-1] if told else f"pip ended with {done.returncode}")


def _program(env: Mapping[str, str]) -> list[str]:
    """This Python's pip; an environment that was made without one may find another on the PATH."""
    other = None if find_spec("pip") else shutil.which("pip", path=env.get("PATH", ""))
    return [other] if other else [sys.executable, "-m", "pip"]


def _failed(release: str, reason: str) -> LsopsError:
    message = f"the editor of Label Studio {release} could not be fetched: {reason}"
    hint = f"pip download --no-deps label-studio=={release}, unpack it, and name the folder with --editor DIR"
    return LsopsError.of(message, code="LS641", hint=hint)
