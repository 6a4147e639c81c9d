"""What is published: the same bytes from every checkout, and in the wheel just the package, its schemas and its files."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LEFT = (
    "__pycache__",
    ".label-studio",
    ".lsops",
    ".hypothesis",
    "node_modules",
    ".git",
    ".venv*",
    "build",
    "dist",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
)
STRAY = ("__pycache__", ".pyc", "tests/", ".lsops", ".DS_Store")


def built(folder: Path, umask: int, epoch: str) -> dict[str, Path]:
    """Wheel and sdist of a copy whose files have that mask and are as old as the copy, by the locked hatchling."""
    copy = folder / "checkout"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*LEFT), symlinks=True, copy_function=shutil.copyfile)
    for stray in ("tests/node/node_modules/left/index.js", "lsops/__pycache__/old.pyc"):
        (copy / stray).parent.mkdir(parents=True)
        (copy / stray).write_text("", "utf-8")
    for path in copy.rglob("*"):
        path.chmod((0o777 if path.is_dir() or os.access(ROOT / path.relative_to(copy), os.X_OK) else 0o666) & ~umask)
    env = {name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"}
    env |= {"SOURCE_DATE_EPOCH": epoch} if epoch else {}
    command = [sys.executable, "-m", "hatchling", "build", "--directory", str(folder / "dist")]
    subprocess.run(command, cwd=copy, env=env, check=True, capture_output=True, timeout=60, umask=umask)
    return {path.name: path for path in sorted((folder / "dist").iterdir())}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """What this checkout becomes."""
    return built(tmp_path_factory.mktemp("one"), 0o022, "")


@pytest.fixture
def wheel(made: dict[str, Path]) -> Path:
    return next(path for name, path in made.items() if name.endswith(".whl"))


@pytest.mark.parametrize("epoch", ["", pytest.param("1700000000", marks=pytest.mark.soak)], ids=["unset", "set"])
def test_another_folder_another_mask_and_another_time_make_the_same_bytes(tmp_path: Path, epoch: str) -> None:
    twice = [built(tmp_path / str(umask), umask, epoch) for umask in (0o022, 0o077)]
    sums = [{name: sha256(path.read_bytes()).hexdigest() for name, path in files.items()} for files in twice]
    assert len(sums[0]) == 2
    assert sums[0] == sums[1]


def test_the_wheel_holds_the_package_and_its_schemas_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    held = {name for name in names if ".dist-info/" not in name}
    package = {path.relative_to(ROOT).as_posix() for path in (ROOT / "lsops").rglob("*") if path.is_file()}
    schemas = {
        f"lsops/_{path.relative_to(ROOT).as_posix()}" for path in (ROOT / "schemas").rglob("*") if path.is_file()
    }
    wanted = {name for name in package | schemas if not any(part in name for part in STRAY)}
    assert held == wanted
    assert {"lsops/py.typed", "lsops/starters/github/label-studio.yaml"} < held


def test_the_wheel_says_where_the_project_is(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    [name] = [one for one in archive.namelist() if one.endswith("/METADATA")]
    rows = archive.read(name).decode("utf-8").splitlines()
    labels = {row.partition(": ")[2].partition(",")[0] for row in rows if row.startswith("Project-URL: ")}
    assert labels == {"Homepage", "Documentation", "Source", "Changelog", "Issues", "Error codes"}


def test_the_source_holds_no_more_than_the_checkout_and_all_that_its_tests_read(made: dict[str, Path]) -> None:
    [source] = [path for name, path in made.items() if name.endswith(".tar.gz")]
    with tarfile.open(source) as archive:
        held = {name.partition("/")[2] for name in archive.getnames()}
    assert [name for name in held if any(part in name for part in ("__pycache__", "node_modules"))] == []
    assert {"changes/.template.md", "tests/conftest.py", "schemas/project.json", "CHANGELOG.md", "Makefile"} < held
