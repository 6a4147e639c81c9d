"""`preview.json`: what a folder has of the run that made it, and what of it the next run takes away."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lsops.errors import UsageError
from lsops.preview.pair import ConfigPair
from lsops.preview.record import PNG, RECORD, digest, files_of, picture_bytes, pictures_in, record
from tests.support.cli import Lsops
from tests.support.documents import undocumented
from tests.support.editors import SMALL, lay_out

PAIRS = (ConfigPair("/projects/One", "<View/>", "<View><Text/></View>"), ConfigPair("/projects/Two", None, "<View/>"))


def draw(lsops: Lsops, *titles: str) -> set[str]:
    """The files of the folder after a preview of these projects."""
    lsops.write("version: 1\nprojects:\n" + "".join(f"  {one}: {{label_config: <View/>}}\n" for one in titles))
    editor = lay_out(SMALL, lsops.folder / "wheel")
    assert lsops("preview", "-o", "out", "--editor", str(editor)).code == 0
    return {one.name for one in (lsops.folder / "out").iterdir()}


def test_what_an_earlier_run_made_goes_and_nothing_else(lsops: Lsops) -> None:
    assert "3-after.html" in draw(lsops, "One", "Two", "Three")
    for name in ("4-after.html", "notes.txt"):
        (lsops.folder / "out" / name).write_text("mine")
    left = draw(lsops, "One")
    assert left == {"index.html", "1-after.html", "assets", RECORD, "4-after.html", "notes.txt"}


def test_a_record_that_names_other_files_takes_none_of_them_away(lsops: Lsops) -> None:
    draw(lsops, "One")
    names = ["../lsops.yaml", "/etc/passwd", "notes.txt", "assets/../../lsops.yaml", 7, "2-after.html"]
    (lsops.folder / "out/notes.txt").write_text("mine")
    (lsops.folder / "out" / RECORD).write_text(json.dumps({"format": "lsops.preview/1", "files": names}))
    assert list(files_of(lsops.folder / "out")) == ["2-after.html"]
    assert "notes.txt" in draw(lsops, "One")
    assert (lsops.folder / "lsops.yaml").exists()


def test_pictures_are_found_by_address_and_label_config(tmp_path: Path) -> None:
    files = ["index.html", "1-before.png", "1-after.png", "2-after.html"]
    (tmp_path / RECORD).write_bytes(record(PAIRS, files))
    assert undocumented(json.loads((tmp_path / RECORD).read_text("utf-8"))) == []
    found = {key: one.name for key, one in pictures_in(tmp_path).items()}
    assert found == {
        ("/projects/One", digest("<View/>")): "1-before.png",
        ("/projects/One", digest("<View><Text/></View>")): "1-after.png",
    }


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": "lsops.preview/2", "pairs": []}', "[" * 50_000])
def test_a_folder_without_a_record_of_ours_has_no_pictures(tmp_path: Path, text: str) -> None:
    (tmp_path / RECORD).write_text(text)
    with pytest.raises(UsageError, match=r"has no preview\.json"):
        pictures_in(tmp_path)


def test_a_file_that_is_no_picture_is_none(tmp_path: Path) -> None:
    (tmp_path / "1-after.png").write_bytes(PNG + b"...")
    (tmp_path / "2-after.png").write_text("secret")
    (tmp_path / "3-after.png").symlink_to(tmp_path / "1-after.png")
    assert [bool(picture_bytes(tmp_path, f"{number}-after.png")) for number in (1, 2, 3, 4)] == [
        True,
        False,
        False,
        False,
    ]
