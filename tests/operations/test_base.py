"""The manifest that another one is compared with: of a revision of git, or of a folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from lsops.errors import ManifestError, UsageError
from lsops.manifest import Options
from lsops.operations.base import Base, base_manifest, find_base, with_base
from tests.support.git_repo import GitRepo

CATS = "version: 1\nprojects:\n  Cats: {description: One}\n"
DOGS = "version: 1\nprojects:\n  Dogs: {description: Two}\n"


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    """A repository whose `main` declares cats, with another branch checked out."""
    made = GitRepo.made(tmp_path / "repo")
    made.write(CATS)
    made.commit()
    made.branch()
    return made


def options(**given: object) -> Options:
    return Options(env={"PATH": os.environ["PATH"]}, **given)  # type: ignore[arg-type]  # fields by their names


def base(where: str, path: Path, **given: object) -> Base:
    return find_base(where, path, options(**given))


def titles(found: Base) -> list[str]:
    return [item.key for item in found.manifest.desired.resources]


def refusal(where: str, path: Path) -> str:
    with pytest.raises(UsageError) as caught:
        base(where, path)
    (finding,) = caught.value.findings
    assert finding.code == "LS610"
    return f"{finding.message} | {finding.hint}"


def test_a_revision_is_read_without_touching_the_working_tree(repo: GitRepo) -> None:
    repo.write(DOGS)
    assert titles(base("main", repo.folder)) == ["Cats"]
    assert (repo.folder / "lsops.yaml").read_text() == DOGS
    assert base_manifest("main", repo.folder, options()).display("lsops.yaml") == "main:lsops.yaml"


def test_what_was_committed_to_the_other_branch_meanwhile_is_no_change_of_this_one(repo: GitRepo) -> None:
    began = repo.git("rev-parse", "main")
    repo.commit()
    repo.git("checkout", "-q", "main")
    repo.write(DOGS)
    repo.commit()
    repo.git("checkout", "-q", "work")
    found = base("main", repo.folder)
    assert titles(found) == ["Cats"]
    assert found.manifest.display_prefix == f"{began[:10]}:"


@pytest.mark.parametrize("path", ["deep/er", "deep/er/lsops.yaml"])
def test_a_manifest_in_a_subfolder_is_found_with_its_files_and_links(repo: GitRepo, path: str) -> None:
    repo.write("version: 1\ninclude: ['p/**/*.yaml', linked/*.yaml]\nprojects: {}\n", "deep/er/lsops.yaml")
    repo.write("projects: {Ants: {label_config: '${file:../labels/a.xml}'}}\n", "deep/er/p/q/a.yaml")
    repo.write("projects: {Bees: {description: By a link}}\n", "deep/er/others/b.yaml")
    repo.write("<View><Text name='t' value='$t'/><TextArea name='a' toName='t'/></View>", "deep/er/p/labels/a.xml")
    (repo.folder / "deep/er/linked").symlink_to("../er/others")
    repo.commit()
    repo.git("rm", "-rqf", "deep")
    repo.write(DOGS, "deep/er/lsops.yaml")
    assert titles(base("HEAD", repo.folder / path)) == ["Ants", "Bees"]


@pytest.mark.parametrize("target", ["../secret.yaml", "/etc/hostname", ".hidden/x.yaml", "a.yaml"])
def test_a_link_of_a_revision_leads_no_further_than_one_on_disk(repo: GitRepo, target: str) -> None:
    repo.write("version: 1\ninclude: [a.yaml]\n", "m/lsops.yaml")
    (repo.folder / "m/a.yaml").symlink_to(target)
    repo.write(DOGS, "secret.yaml")
    repo.write(DOGS, "m/.hidden/x.yaml")
    repo.commit()
    with pytest.raises(ManifestError) as caught:
        base("HEAD", repo.folder / "m")
    said = [(one.code, one.message) for one in caught.value.findings]
    assert said[1][0] in ("LS302", "LS301"), said
    assert "a link leads" in said[1][1]


def test_a_folder_is_compared_with_as_it_is(repo: GitRepo, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.write(DOGS, "other/lsops.yaml")
    monkeypatch.chdir(repo.folder)
    assert [titles(base(where, Path())) for where in ("other", "./other/lsops.yaml")] == [["Dogs"], ["Dogs"]]


def test_a_name_that_is_both_is_the_revision(repo: GitRepo, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.write(DOGS, "main/lsops.yaml")
    monkeypatch.chdir(repo.folder)
    assert (titles(base("main", Path())), titles(base("./main", Path()))) == (["Cats"], ["Dogs"])


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("--output=/tmp/x", "needs a revision or a folder"),
        ("", "needs a revision or a folder"),
        ("a\nb", "needs a revision or a folder"),
        (
            "next",
            'no revision "next" here, and no folder of that name | git fetch origin next, then --base origin/next',
        ),
        ("origin/next", "| git fetch origin next"),
        ("0123456789abcdef", "| git fetch origin 0123456789abcdef"),
        ("./nowhere", "there is no folder ./nowhere"),
    ],
)
def test_what_is_not_there_is_said_with_the_fetch_to_make(repo: GitRepo, where: str, said: str) -> None:
    assert said in refusal(where, repo.folder)


def test_a_branch_that_only_the_remote_has_is_named(repo: GitRepo, tmp_path: Path) -> None:
    repo.git("branch", "next")
    clone = GitRepo.made(tmp_path / "clone", str(repo.folder))
    assert "the remote's branch is here: --base origin/next" in refusal("next", clone.folder)


def test_a_shallow_clone_says_what_it_lacks(repo: GitRepo, tmp_path: Path) -> None:
    repo.write(DOGS)
    repo.commit()
    clone = GitRepo.made(tmp_path / "clone", "--depth=1", "-b", "work", f"file://{repo.folder}")
    assert "git fetch --depth=1000 origin main, then --base origin/main" in refusal("main", clone.folder)
    assert "git fetch --deepen=1000 origin" in refusal("HEAD~1", clone.folder)
    clone.git("fetch", "-q", "--depth=1", "origin", "main:refs/remotes/origin/main")
    found = base("origin/main", clone.folder)
    assert titles(found) == ["Cats"]
    assert [note.code for note in found.notes] == ["LS613"]
    assert "so origin/main itself is compared with: git fetch --unshallow origin" in found.notes[0].message


def test_without_a_repository_only_a_folder_can_be_compared_with(tmp_path: Path) -> None:
    (tmp_path / "lsops.yaml").write_text(CATS)
    assert "no git repository" in refusal("main", tmp_path)
    assert "git is not installed" in _without_git(tmp_path)


def _without_git(path: Path) -> str:
    with pytest.raises(UsageError) as caught:
        find_base("main", path, Options(env={"PATH": "relative:" + str(path)}))
    return caught.value.findings[0].message


def test_a_working_tree_of_its_own_and_a_submodule_have_their_own_history(repo: GitRepo, tmp_path: Path) -> None:
    repo.git("worktree", "add", "-q", str(tmp_path / "tree"), "main")
    outer = GitRepo.made(tmp_path / "outer")
    outer.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(repo.folder), "inner")
    assert titles(base("work", tmp_path / "tree")) == ["Cats"]
    assert titles(base("HEAD", outer.folder / "inner")) == ["Cats"]
    assert "in the submodule that the manifest lies in" in refusal("main2", outer.folder / "inner")


def test_the_files_of_a_submodule_are_in_no_revision_and_that_is_said(repo: GitRepo, tmp_path: Path) -> None:
    outer = GitRepo.made(tmp_path / "outer")
    outer.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(repo.folder), "inner")
    outer.write("version: 1\ninclude: [inner/*.yaml]\nprojects: {Ants: {label_config: '${file:inner/a.xml}'}}\n")
    outer.commit()
    with pytest.raises(ManifestError) as caught:
        base("main", outer.folder)
    found = [one.message for one in caught.value.findings[1:]]
    assert len(found) == 2
    assert all("submodule" in one and "--base DIR" in one for one in found)


@pytest.mark.parametrize("name", ["m/lsops.yaml", "lsops.yml"])
def test_a_branch_that_adds_the_manifest_is_compared_with_nothing(repo: GitRepo, name: str) -> None:
    found = base("main", repo.write(DOGS, name))
    assert titles(found) == []
    assert found.notes[0].message == f"main has no {name}: all of it is new"


def test_an_environment_that_the_branch_adds_is_all_new(repo: GitRepo) -> None:
    repo.write(CATS + "environments: {prod: {vars: {a: b}}}\n")
    found = base("main", repo.folder, environment="prod")
    assert (titles(found), found.notes[0].message) == ([], "main has no environment prod: all of it is new")


def test_an_overlay_of_the_command_line_is_that_of_the_revision(repo: GitRepo, tmp_path: Path) -> None:
    overlay = repo.write("projects: {Birds: {}}\n", "over/lay.yaml")
    repo.commit()
    overlay.write_text("projects: {Bees: {}}\n")
    new = repo.write("projects: {Bears: {}}\n", "new.yaml")
    (tmp_path / "far.yaml").write_text("projects: {Bats: {}}\n")
    names = tuple(map(str, (overlay, new, tmp_path / "far.yaml")))
    found = base("HEAD", repo.folder, overlays=names)
    assert titles(found) == ["Cats", "Birds", "Bats"]
    assert [note.message for note in found.notes] == [f"HEAD has no {new}: no overlay is laid there"]


def test_what_is_wrong_on_both_sides_is_told_with_its_side(repo: GitRepo, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.write("version: 1\nprojects: {Ants: {titel: x}}\n", "ls/lsops.yaml")
    repo.commit()
    repo.write("version: 1\nprojects: {Ants: {colour: x}}\n", "ls/lsops.yaml")
    monkeypatch.chdir(repo.folder)
    with pytest.raises(ManifestError) as caught:
        with_base("HEAD", Path("ls"), options())
    places = [one.source.file for one in caught.value.findings if one.source]
    assert places == ["ls/lsops.yaml", "HEAD:ls/lsops.yaml"]
    assert "that of HEAD, is wrong" in caught.value.findings[1].message
