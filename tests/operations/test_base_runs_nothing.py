"""A repository may say by its configuration, attributes and hooks what is to be run: reading a revision runs none of it."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from subprocess import CalledProcessError

import pytest

from lsops.errors import LsopsError
from lsops.manifest import Options
from lsops.operations.base import find_base
from tests.support.git_repo import GitRepo

MANIFEST = "version: 1\nprojects:\n  Cats: {description: One}\n"
COMMANDS = (
    "alias.rev-parse",
    "alias.ls-tree",
    "core.askPass",
    "core.editor",
    "core.fsmonitor",
    "core.gitProxy",
    "core.pager",
    "core.sshCommand",
    "credential.helper",
    "diff.evil.command",
    "diff.evil.textconv",
    "diff.external",
    "filter.evil.clean",
    "filter.evil.process",
    "filter.evil.smudge",
    "gpg.program",
    "merge.evil.driver",
    "pager.cat-file",
    "pager.ls-tree",
    "pager.rev-parse",
    "remote.origin.receivepack",
    "remote.origin.uploadpack",
    "uploadpack.packObjectsHook",
)
HOOKS = (
    "fsmonitor-watchman",
    "post-checkout",
    "post-index-change",
    "pre-auto-gc",
    "query-watchman",
    "reference-transaction",
)


@pytest.fixture
def trap(tmp_path: Path) -> tuple[GitRepo, Path]:
    """A repository in which whatever can be told to run something would make a file, and that file."""
    made, ran = GitRepo.made(tmp_path / "repo"), tmp_path / "ran"
    made.write(MANIFEST)
    made.commit()
    made.git("branch", "work")
    script = made.write(f"#!/bin/sh\ntouch '{ran}'\n", ".git/evil")
    script.chmod(0o755)
    for hook in HOOKS:
        (made.folder / ".git/hooks").mkdir(exist_ok=True)
        (made.folder / ".git/hooks" / hook).symlink_to(script)
    made.write(
        "* filter=evil diff=evil merge=evil text eol=crlf working-tree-encoding=UTF-16 ident\n", ".git/info/attributes"
    )
    made.write("* filter=evil diff=evil\n", ".gitattributes")
    with (made.folder / ".git/config").open("a") as config:
        for name in COMMANDS:
            section, _, key = name.rpartition(".")
            first, _, second = section.partition(".")
            head = f'[{first} "{second}"]' if second else f"[{first}]"
            config.write(f'{head}\n\t{key} = "{"!" if first == "alias" else ""}{script}"\n')
    return made, ran


def read(repo: GitRepo) -> list[str]:
    found = find_base("work", repo.folder, Options(env={**os.environ, "GIT_EXTERNAL_DIFF": "false"}))
    return [item.key for item in found.manifest.desired.resources]


def test_the_trap_shuts_where_git_is_asked_without_care(trap: tuple[GitRepo, Path]) -> None:
    repo, ran = trap
    with suppress(CalledProcessError):
        repo.git("status")
    assert ran.exists()


def test_nothing_of_a_repository_runs_and_its_filters_change_no_file(trap: tuple[GitRepo, Path]) -> None:
    repo, ran = trap
    assert read(repo) == ["Cats"]
    assert not ran.exists()


def test_a_clone_without_files_fetches_none_by_a_program_of_its_remote(trap: tuple[GitRepo, Path]) -> None:
    repo, ran = trap
    config = repo.folder / ".git/config"
    url = f"ext::{repo.folder}/.git/evil"
    config.write_text(
        config.read_text() + f"[core]\n\trepositoryformatversion = 1\n[extensions]\n\tpartialClone = origin\n"
        f'[remote "origin"]\n\turl = {url}\n\tpromisor = true\n[protocol "ext"]\n\tallow = always\n'
    )
    blob = repo.git("-c", "core.fsmonitor=false", "rev-parse", "work:lsops.yaml")
    ran.unlink(missing_ok=True)
    (repo.folder / ".git/objects" / blob[:2] / blob[2:]).unlink()
    with pytest.raises(CalledProcessError):
        repo.git("cat-file", "blob", blob)
    assert ran.exists(), "without care the remote's program runs"
    ran.unlink()
    with pytest.raises(LsopsError, match="this clone has the revision without it"):
        read(repo)
    assert not ran.exists()


def test_the_surroundings_of_a_hook_do_not_lead_elsewhere(
    trap: tuple[GitRepo, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """git sets these for its hooks, in which lsops may run."""
    repo, ran = trap
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "core.fsmonitor")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", str(repo.folder / ".git/evil"))
    assert read(repo) == ["Cats"]
    assert not ran.exists()
