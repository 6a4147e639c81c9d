"""Which files the globs of `include` mean, and that no glob and no link makes it take long."""

from __future__ import annotations

import errno
import fnmatch
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsops.manifest import globbing
from lsops.manifest.globbing import Globs, TooManyFiles, name_matcher
from tests.unit.manifest.support import findings_of, write_files

FILES = ["a.yaml", "p/a.yaml", "p/b.yml", "p/q/a.yaml", "p/q/r/c.yaml", ".h/a.yaml", "p/.b.yaml"]


def found(root, glob):
    return Globs(str(root.resolve())).find(glob)


@pytest.mark.parametrize(
    ("glob", "wanted"),
    [
        ("*.yaml", "a.yaml"),
        ("*/*.yaml", "p/a.yaml"),
        ("p/?.y*ml", "p/a.yaml p/b.yml"),
        ("**/*.yaml", "a.yaml p/a.yaml p/q/a.yaml p/q/r/c.yaml"),
        ("**/q/**/*.yaml", "p/q/a.yaml p/q/r/c.yaml"),
        ("**/**/**/a.yaml", "a.yaml p/a.yaml p/q/a.yaml"),
        ("p/q/**", "p/q/a.yaml p/q/r/c.yaml"),
        ("**", "a.yaml p/a.yaml p/b.yml p/q/a.yaml p/q/r/c.yaml"),
        ("p/[!a]*", "p/b.yml"),
        ("p", ""),
        ("none/*", ""),
    ],
)
def test_a_glob_finds_files_in_order_and_none_that_is_hidden(tmp_path, glob, wanted):
    write_files(tmp_path, dict.fromkeys(FILES, ""))

    assert found(tmp_path, glob) == wanted.split()


def test_many_stars_in_nested_folders_cost_one_walk(tmp_path):
    write_files(tmp_path, {"/".join("abcdefghij"[: n + 1]) + "/x.yaml": "" for n in range(10)})
    globs = Globs(str(tmp_path.resolve()))

    assert globs.find("**/*/" * 8 + "**/none") == []
    assert globbing.MOST_LOOKS - globs._left < 1_000


def test_links_that_multiply_paths_are_followed_once_for_each_part(tmp_path):
    write_files(tmp_path, {"a": {"link": "."}, "b": {"link": "."}, "c": {"link": "."}, "x.yaml": ""})
    globs = Globs(str(tmp_path.resolve()))

    assert len(globs.find("*/" * 30 + "*.yaml")) == 1
    assert globbing.MOST_LOOKS - globs._left < 2_000


def test_a_link_out_of_the_root_is_not_walked_through(tmp_path):
    write_files(tmp_path, {"lsops.yaml": "version: 1\ninclude: ['*/*/*']\n", "x": {"link": "/"}})

    (finding,) = findings_of(tmp_path, {})

    assert (finding.code, finding.message) == ("LS302", '"x": a link leads out of the manifest\'s folder')


def test_beside_a_link_to_itself_no_file_is_left_out(tmp_path):
    write_files(tmp_path, {**{f"p/{n}.yaml": "" for n in range(20)}, "p/loop": {"link": "loop"}})

    assert len(found(tmp_path, "p/*.yaml")) == 20
    assert found(tmp_path, "**/l*") == ["p/loop"]


def test_what_all_globs_look_at_is_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(globbing, "MOST_LOOKS", 50)
    write_files(tmp_path, {f"p/{n}.yaml": "" for n in range(60)})

    with pytest.raises(TooManyFiles):
        found(tmp_path, "p/*.yaml")

    (finding, *_) = findings_of(tmp_path, {"lsops.yaml": "version: 1\ninclude: ['p/*.yaml']\n"})
    assert (finding.code, str(finding.source)) == ("LS213", "lsops.yaml:2:11")


@given(st.text("ab*?[]!c", max_size=8), st.text("abc[]!", max_size=8))
def test_names_match_as_fnmatch_has_it(part, name):
    assert name_matcher(part)(name) == fnmatch.fnmatchcase(name, part)


@pytest.mark.parametrize("glob", ["*.yaml", "**", "p/../*.yaml"])
def test_a_glob_leaves_out_the_manifest_overlays_and_what_is_included_already(tmp_path, glob):
    files = {
        "lsops.yaml": f"version: 1\ninclude: [a.yaml, '{glob}', './*.yaml']\nenvironments: {{prod: {{overlays: [o.yaml]}}}}\n",
        "a.yaml": "projects: {Cats: {}}\n",
        "o.yaml": "projects: {Dogs: {}}\n",
    }

    assert findings_of(tmp_path, files) == ()


def test_a_manifest_may_be_a_link_inside_its_folder_and_the_folder_a_link_itself(tmp_path):
    root = tmp_path / "link"
    write_files(
        tmp_path, {"root/lsops.yaml": {"link": "a/b.yaml"}, "root/a/b.yaml": "version: 1\n", "link": {"link": "root"}}
    )

    assert findings_of(root, {}) == ()


def test_a_folder_that_may_not_be_listed_is_an_error_and_not_empty(tmp_path, monkeypatch):
    files = {"lsops.yaml": "version: 1\ninclude: ['p/**']\n", "p/q/a.yaml": "", "p/b.yaml": "projects: {}"}
    scandir = os.scandir

    def guarded(path):
        if str(path).endswith("/q"):
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(globbing.os, "scandir", guarded)

    (finding,) = findings_of(tmp_path, files)
    assert (finding.code, finding.message) == ("LS201", "the folder p/q cannot be listed: Permission denied")
    assert str(finding.source) == "lsops.yaml:2:11"
