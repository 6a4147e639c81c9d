"""What is installed: the checkout with its lock, or a release; once, and nothing of the working directory."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.support.composite import ROOT, python_that_installs_nothing

ALWAYS = "-I -m pip install --quiet --no-input --disable-pip-version-check"


def installed(folder: Path, version: str = "", preview: str = "false") -> list[str]:
    """What pip was told, of a working directory that has a pip and a venv of its own."""
    for name in ("pip.py", "venv.py"):
        (folder / name).write_text("raise SystemExit(9)", "utf-8")
    env = {
        "PATH": "/usr/bin:/bin",
        "INPUT_PYTHON": str(python_that_installs_nothing(folder)),
        "INPUT_INSTALLED": str(folder / "installed"),
        "INPUT_VERSION": version,
        "INPUT_PREVIEW": preview,
    }
    subprocess.run([ROOT / "ci" / "install.sh"], cwd=folder, env=env, check=True, timeout=60)
    return (folder / "pip").read_text("utf-8").splitlines()


def test_the_checkout_of_the_action_is_installed_with_what_its_lock_says(tmp_path: Path) -> None:
    assert installed(tmp_path) == [
        f"{ALWAYS} --require-hashes --requirement {ROOT}/requirements/action.txt",
        f"{ALWAYS} --no-deps --no-build-isolation {ROOT}",
    ]


def test_a_release_is_installed_with_what_judges_policies(tmp_path: Path) -> None:
    assert installed(tmp_path, "0.2.0") == [f"{ALWAYS} lsops[policy]==0.2.0"]


def test_pictures_need_more_of_either(tmp_path: Path) -> None:
    checkout, release = (tmp_path / name for name in ("checkout", "release"))
    for folder in (checkout, release):
        folder.mkdir()
    lock = f"{ALWAYS} --require-hashes --requirement {ROOT}/requirements/action-preview.txt"
    assert installed(checkout, preview="true")[1] == lock
    assert installed(release, "0.2.0", "true") == [f"{ALWAYS} lsops[policy,preview]==0.2.0"]


def test_a_second_step_of_the_job_installs_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert installed(tmp_path) == installed(tmp_path)
    assert capfd.readouterr().out == "lsops is installed already.\n"
