"""The hooks of this project, run by the real pre-commit on a repository that a test makes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.support.git_repo import FIXED, GitRepo
from tests.support.programs import BIN, complaints, program

ROOT = Path(__file__).parents[2]
HOOKS = ROOT / ".pre-commit-hooks.yaml"
CONFIG = """
    repos:
      - repo: {url}
        rev: {revision}
        hooks:
          - {{id: lsops-validate{how}, args: [studio]}}
          - {{id: lsops-schema{how}, args: [studio/lsops.schema.json]}}
"""
GOOD = "version: 1\nprojects:\n  Cats: {description: Tabby or not}\n"


def repository(folder: Path, hooks: GitRepo, how: str = ", language: system") -> GitRepo:
    """One whose manifest lies in a folder, with the hooks of another; `how` they are installed."""
    repo = GitRepo.made(folder)
    repo.write(
        CONFIG.format(url=hooks.folder, revision=hooks.git("rev-parse", "HEAD").strip(), how=how),
        ".pre-commit-config.yaml",
    )
    repo.write(GOOD, "studio/lsops.yaml")
    repo.git("add", "-A")
    return repo


def run(repo: GitRepo, **variables: str) -> tuple[int, str]:
    """The exit code and words of pre-commit about all files."""
    env = {**FIXED, "HOME": str(repo.folder.parent), "PATH": f"{BIN}{os.pathsep}{FIXED['PATH']}"}
    env |= {"PRE_COMMIT_HOME": str(repo.folder.parent / "cache"), "PYTHONPATH": str(ROOT), **variables}
    words = [program("pre-commit"), "run", "--all-files"]
    done = subprocess.run(words, cwd=repo.folder, env=env, check=False, capture_output=True, text=True, timeout=300)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def hooks(tmp_path: Path) -> GitRepo:
    """A repository with nothing but our hooks."""
    repo = GitRepo.made(tmp_path / "hooks")
    repo.commit(**{HOOKS.name: HOOKS.read_text("utf-8")})
    return repo


def test_pre_commit_takes_the_file_of_hooks() -> None:
    assert not complaints(program("pre-commit"), "validate-manifest", str(HOOKS))


def test_the_schema_is_written_once_and_a_mistake_stops_the_commit(tmp_path: Path, hooks: GitRepo) -> None:
    repo = repository(tmp_path / "repo", hooks)
    code, said = run(repo)
    assert code == 1
    assert "studio/lsops.schema.json is written anew; add it to the commit" in said
    assert "lsops validate...........................................................Passed" in said

    repo.git("add", "-A")
    repo.write(GOOD.replace("description", "descripton"), "studio/lsops.yaml")
    code, said = run(repo)
    assert code == 1
    assert 'studio/lsops.yaml:3:10: error[LS102]: unknown field "descripton"' in said
    assert "lsops schema.............................................................Passed" in said


def test_the_configuration_of_this_project_mends_and_refuses_by_the_tools_of_its_environment(tmp_path: Path) -> None:
    repo = GitRepo.made(tmp_path / "repo")
    for name in (".pre-commit-config.yaml", "pyproject.toml", ".yamllint.yaml"):
        shutil.copy(ROOT / name, repo.folder)
    (repo.folder / ".venv").symlink_to(BIN.parent)
    repo.write("VALUE = {'a':1}\n", "ci/one.py")
    repo.write("#!/bin/sh\necho $1\n", "ci/one.sh")
    repo.git("add", ".pre-commit-config.yaml", "ci")

    code, said = run(repo, SKIP="layers")

    assert code == 1
    assert (repo.folder / "ci" / "one.py").read_text("utf-8") == 'VALUE = {"a": 1}\n'
    assert all(word in said for word in ("files were modified by this hook", "D100", "SC2086"))


def test_neither_hook_runs_where_nothing_of_a_manifest_changed(tmp_path: Path, hooks: GitRepo) -> None:
    repo = repository(tmp_path / "repo", hooks)
    repo.git("reset", "-q")
    repo.write("print('no manifest')\n", "program.py")
    repo.git("add", "program.py")
    shutil.rmtree(repo.folder / "studio")
    code, said = run(repo)
    assert (code, said.count("(no files to check)Skipped")) == (0, 2)


@pytest.mark.soak
def test_pre_commit_installs_lsops_by_itself(tmp_path: Path) -> None:
    hooks = GitRepo.made(tmp_path / "hooks")
    for name in ("lsops", "schemas", "pyproject.toml", "README.md", "LICENSE", HOOKS.name):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, hooks.folder / name)
    hooks.commit()
    repo = repository(tmp_path / "repo", hooks, how="")
    # What lsops depends on comes from this environment: the test needs no network.
    offline = {"PIP_NO_DEPS": "1", "PIP_NO_BUILD_ISOLATION": "0", "PYTHONPATH": sysconfig.get_path("purelib")}
    code, said = run(repo, **offline, PATH=f"{Path(sys.executable).parent}{os.pathsep}{FIXED['PATH']}")
    assert code == 1, said
    assert "studio/lsops.schema.json is written anew" in said
    repo.git("add", "-A")
    assert run(repo, **offline)[0] == 0
