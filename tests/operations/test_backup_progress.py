"""How far a backup is stands in a note for each entry: what a run after a kill reads of them."""

from __future__ import annotations

import json

import pytest

from lsops.backup.index import BadBackup, Part
from lsops.backup.progress import BackupProgress, begun_backup
from lsops.depot import depot_at

ADDRESSES = ["/projects/One", "/projects/Two"]
PART = Part(3, "0" * 64, 1)
URL = "https://label.example.com"


@pytest.fixture
def begin(tmp_path):
    return lambda identity="a" * 16: begun_backup(depot_at(str(tmp_path / "saved")), URL, ADDRESSES, identity)


def kept(progress: BackupProgress) -> list[list[str]]:
    return [list(entry.parts) for entry in progress.entries]


def test_a_run_goes_on_from_the_note_of_each_entry(begin):
    first = begin()
    first.keep(2, first.entries[1], "manifest", (PART,))
    again = begin("b" * 16)
    assert (again.id, kept(again)) == ("a" * 16, [[], ["manifest"]])


def test_what_is_written_for_a_part_is_of_its_entry_alone(begin, tmp_path):
    progress = begin()
    before = (tmp_path / "saved/progress.json").read_bytes()
    progress.keep(1, progress.entries[0], "manifest", (PART,))
    assert (tmp_path / "saved/progress.json").read_bytes() == before
    assert ADDRESSES[1] not in (tmp_path / "saved/0001/progress.json").read_text()


def test_notes_of_a_backup_that_was_begun_before_say_nothing(begin, tmp_path):
    old = begin()
    old.keep(1, old.entries[0], "manifest", (PART,))
    (tmp_path / "saved/progress.json").unlink()  # as the hint says, to begin anew
    assert kept(begin("b" * 16)) == [[], []]
    assert kept(begin()) == [[], []]


def test_a_note_of_an_older_lsops_with_all_entries_in_it_is_gone_on_with(begin, tmp_path):
    begin()
    path = tmp_path / "saved/progress.json"
    told = json.loads(path.read_text())
    told["entries"][0]["parts"] = {"manifest": [{"bytes": 3, "sha256": "0" * 64, "rows": 1}]}
    path.write_text(json.dumps(told))
    assert kept(begin()) == [["manifest"], []]


@pytest.mark.parametrize("text", ["", "[]", '{"entry": {}}', '{"id": 1, "entry": {"address": 3}}', "[" * 99_999])
def test_a_note_that_cannot_be_read_is_named(begin, tmp_path, text):
    begin()
    (tmp_path / "saved/0002").mkdir()
    (tmp_path / "saved/0002/progress.json").write_text(text)
    with pytest.raises(BadBackup, match=r"0002/progress\.json cannot be read"):
        begin()


def test_a_whole_backup_has_no_notes(begin, tmp_path):
    progress = begin()
    progress.keep(1, progress.entries[0], "manifest", (PART,))
    progress.forget()
    assert not list((tmp_path / "saved").rglob("progress.json"))
