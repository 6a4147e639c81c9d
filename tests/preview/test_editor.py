"""Where the editor is found, and what is read of it."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from lsops.errors import LsopsError, ServerError, UsageError
from lsops.preview.editor import download, sources
from lsops.preview.editor.bundle import Editor
from lsops.preview.editor.cache import cached, keep
from lsops.preview.editor.finder import find_editor, flags_of
from lsops.preview.editor.places import LARGEST, folder_files, is_wanted, release_in, root_of, served_files, zip_files
from lsops.preview.editor.sources import EditorChoice, choose_editor
from lsops.server.session import Session
from tests.support.editors import APP, SMALL, lay_out


def small(**files: bytes | None) -> dict[str, bytes]:
    changed = {**SMALL, **{APP + name.replace("_", "."): data for name, data in files.items()}}
    return {name: data for name, data in changed.items() if data is not None}


def test_the_installed_label_studio_has_an_editor_with_fonts_flags_and_licences(editor: Editor) -> None:
    assert editor.scripts[:3] == ("runtime.js", "vendor.js", "main.js")
    assert any(b"window.LabelStudio=" in editor.files[name] for name in editor.scripts[3:])
    assert {"LICENSE", "3rdpartylicenses.txt", "fonts/Figtree-Regular.ttf", "decode-audio.wasm"} <= set(editor.files)
    assert b"/static/fonts/" not in editor.files["main.css"]
    assert editor.flags["fflag_fix_leap_466_text_sanitization"]
    assert editor.release.startswith("1.")


def test_no_number_of_a_chunk_and_no_name_of_the_runtime_matters() -> None:
    found = find_editor(SMALL.get, "1.99.0")
    assert found.scripts == ("runtime.js", "vendor.js", "main.js", "31.js", "5.js", "6.js")
    assert found.styles == ("main.css", "31.css")
    assert found.files["main.css"] == b"@font-face{src:url(fonts/Fig-Bold.ttf)}"
    assert (found.files["decode.wasm"], found.files["LICENSE"]) == (b"wasm", b"Apache")
    assert found.flags == {"a_flag": False}


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        (small(runtime_js=None), "it has no runtime.js"),
        (small(main_css=None), "it has no main.css"),
        (small(main_js=b"something else"), "no chunk that main.js loads defines the editor"),
        ({**small(), APP + "31.js": b"no editor"}, "no chunk that main.js loads defines the editor"),
    ],
)
def test_files_in_which_nothing_is_found_say_so(files: dict[str, bytes], reason: str) -> None:
    with pytest.raises(LsopsError, match=reason) as raised:
        find_editor(files.get)
    assert raised.value.findings[0].code == "LS640"


@pytest.mark.parametrize(
    "text", [b"", b"[]", b'{"flags": []}', b'{"flags": {"a": {}}}', b'{"flags": {"a": {"on": 1}}}']
)
def test_flags_in_another_form_are_none(text: bytes) -> None:
    assert flags_of(text) == {}


@pytest.mark.parametrize(
    "path",
    [
        "../x.js",
        APP + "../../x.js",
        APP + "a/b.js",
        "/etc/passwd",
        APP + "x.py",
        "label_studio/core/static/fonts/..",
        "",
    ],
)
def test_a_path_that_leads_elsewhere_is_never_read(path: str) -> None:
    assert not is_wanted(path)
    assert folder_files(Path("/"))(path) is None


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.js").write_text("secret")
    root = lay_out(SMALL, tmp_path / "wheel")
    (root / APP / "5.js").unlink()
    (root / APP / "5.js").symlink_to(tmp_path / "secret.js")
    assert folder_files(root)(APP + "5.js") is None


def test_a_file_beyond_every_use_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "w.whl", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(APP + "runtime.js", bytes(LARGEST + 1))
    with zipfile.ZipFile(tmp_path / "w.whl") as archive, pytest.raises(LsopsError, match="more than 16 MiB"):
        zip_files(archive)(APP + "runtime.js")


@pytest.mark.parametrize("below", ["", "web", "web/dist/apps/labelstudio", "label_studio/core"])
def test_a_folder_at_any_level_of_a_wheel_will_do(tmp_path: Path, below: str) -> None:
    root = lay_out(SMALL, tmp_path / "lib" / "site-packages")
    assert root_of(root / below) == root
    assert root_of(tmp_path) == root
    assert choose_editor(EditorChoice(str(root / below))).release == release_in(root) == "1.99.0"


def test_what_was_fetched_is_kept_for_the_next_time_and_for_nobody_else(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    made = find_editor(SMALL.get, "1.99.0")
    keep(cache, made)
    keep(cache, made)
    assert cached(cache, "1.99.0") == made
    assert [one.name for one in cache.iterdir()] == ["label-studio-1.99.0"]
    assert cache.stat().st_mode & 0o777 == 0o700
    assert choose_editor(EditorChoice(str(cache / "label-studio-1.99.0"))) == made


def test_pip_fetches_a_release_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    made = find_editor(SMALL.get, "1.99.0")
    monkeypatch.setattr(sources, "download", lambda release, env: asked.append(release) or made)
    choice = EditorChoice(release="1.99.0", cache=tmp_path)
    assert [choose_editor(choice), choose_editor(choice)] == [made, made]
    assert asked == ["1.99.0"]


def test_where_this_python_has_no_pip_that_of_the_path_fetches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with zipfile.ZipFile(tmp_path / "made.whl", "w") as archive:
        for name, data in SMALL.items():
            archive.writestr(name, data)
    pip = tmp_path / "pip"
    pip.write_text(f'#!/bin/sh\necho "$@" "$LSOPS_TOKEN$GREETING" > {tmp_path}/told\ncp {tmp_path}/made.whl "$8"\n')
    pip.chmod(0o755)
    monkeypatch.setattr("lsops.preview.editor.download.find_spec", lambda name: None)
    env = {"PATH": f"{tmp_path}:/usr/bin:/bin", "LSOPS_TOKEN": "secret", "GREETING": "hello"}
    assert download.download("1.99.0", env) == find_editor(SMALL.get, "1.99.0")
    told = (tmp_path / "told").read_text().split()
    assert told[:3] == ["download", "--no-deps", "--only-binary=:all:"]
    assert told[-2:] == ["label-studio==1.99.0", "hello"]


@pytest.mark.parametrize(
    ("release", "words"),
    [
        ("1.16.0", "the editor of Label Studio 1.16.0"),
        ("1.9", "the editor of Label Studio 1.9"),
        ("1.23.2", "the Community editor"),
        ("2.0", "the Community editor"),
        ("", "the Community editor"),
    ],
)
def test_an_old_editor_is_named_where_it_lacks_a_tag(release: str, words: str) -> None:
    assert find_editor(SMALL.get, release).words == words


@pytest.mark.parametrize("release", ["1", "1.2.3.4.5", "latest", "1.2 --index-url=x", "-r", "1.2\n", "\uff11.2"])
def test_a_release_that_is_none_never_reaches_pip(release: str) -> None:
    with pytest.raises(UsageError, match="is no release"):
        choose_editor(EditorChoice(release=release))


def test_a_server_s_editor_is_trusted_only_where_a_wheel_has_the_same(tmp_path: Path) -> None:
    def fetch(path: str) -> bytes | None:
        return SMALL.get(path.replace("/react-app/", APP).replace("/static/", "label_studio/core/static/"))

    choice = EditorChoice("server", "1.99.0", tmp_path, fetch)
    found = choose_editor(choice)
    assert (found.is_trusted, found.scripts[3], found.files["fonts/Fig-Bold.ttf"]) == (False, "31.js", b"font")
    keep(tmp_path, find_editor(SMALL.get, "1.99.0"))
    assert choose_editor(choice).is_trusted
    assert not choose_editor(replace(choice, fetch=lambda path: (fetch(path) or b"") + b" ")).is_trusted


def test_a_server_that_has_a_page_for_every_path_has_no_editor() -> None:
    with pytest.raises(LsopsError, match=r"no runtime\.js"):
        find_editor(served_files(lambda path: b"<!DOCTYPE html>"))


@pytest.mark.parametrize(("status", "found"), [(200, b"text"), (404, None), (400, None)])
def test_a_file_that_a_server_has_not_is_none(status: int, found: bytes | None) -> None:
    transport = httpx.MockTransport(lambda request: httpx.Response(status, content=b"text"))
    with Session("http://127.0.0.1:9", transport=transport) as session:
        assert session.file("/react-app/7.js") == found


def test_a_server_that_fails_is_no_server_without_the_file() -> None:
    transport = httpx.MockTransport(lambda request: httpx.Response(403, content=b"no"))
    with Session("http://127.0.0.1:9", transport=transport) as session, pytest.raises(ServerError, match="403"):
        session.file("/react-app/7.js")
