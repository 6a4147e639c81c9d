from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from lsops.errors import LsopsError
from lsops.sandbox.app import open_store
from lsops.sandbox.resource import Resource
from lsops.sandbox.resources import all_resources
from lsops.sandbox.store import Column, Store, Table

TABLES = [Table("shelf"), Table("book", (Column("shelf", references="shelf"), Column("isbn", unique=True)))]


@pytest.fixture
def store():
    return Store(":memory:", TABLES)


def test_a_document_comes_back_with_its_id(store):
    made = store.insert("shelf", {"name": "top", "tags": [1, None]})
    assert store.get("shelf", made["id"]) == {"id": 1, "name": "top", "tags": [1, None]}


def test_a_document_dies_with_what_it_references_and_follows_a_move(store):
    top, low = store.insert("shelf", {}), store.insert("shelf", {})
    book = store.insert("book", {"shelf": top["id"]})
    store.replace("book", {**book, "shelf": low["id"]})
    store.delete("shelf", top["id"])
    assert store.count("book") == 1
    store.delete("shelf", low["id"])
    assert store.count("book") == 0


def test_what_raises_is_undone(store):
    def fail():
        with store.transaction():
            store.insert("shelf", {})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert store.count("shelf") == 0


def test_a_file_of_another_layout_is_taken_over_with_its_rows(tmp_path):
    with closing(Store(tmp_path / "s.db", [Table("shelf"), Table("book", (Column("shelf"),))])) as old:
        top, low = old.insert("shelf", {"name": "top"}), old.insert("shelf", {})
        kept, other = old.insert("book", {"shelf": top["id"], "isbn": "1"}), old.insert("book", {"shelf": low["id"]})
        gone = old.insert("book", {})
        old.delete("book", gone["id"])
    for _ in range(2):
        with closing(Store(tmp_path / "s.db", TABLES)) as store:
            assert store.find("book", "shelf = ?", (top["id"],)) == [kept]
            assert store.find("book", "isbn = '1'") == [kept]
    with closing(Store(tmp_path / "s.db", TABLES)) as store:
        assert store.insert("book", {})["id"] > gone["id"], "an id is never used twice"
        store.delete("shelf", top["id"])
        assert [row["id"] for row in store.find("book")] == [other["id"], gone["id"] + 1]


def test_a_file_whose_rows_do_not_fit_is_refused_and_stays(tmp_path):
    with closing(Store(tmp_path / "s.db", [Table("book")])) as old:
        kept = [old.insert("book", {"isbn": "1"}) for _ in range(2)]
    with pytest.raises(LsopsError, match=r"s\.db cannot be opened as a sandbox file: UNIQUE"):
        Store(tmp_path / "s.db", TABLES)
    with closing(Store(tmp_path / "s.db", [Table("book")])) as old:
        assert old.find("book") == kept


def test_a_file_from_before_files_bore_a_version_is_used_as_it_is(tmp_path):
    store = Store(tmp_path / "s.db", TABLES)
    kept = store.insert(TABLES[0].name, {})
    store.run("PRAGMA user_version = 0")
    store.close()
    assert Store(tmp_path / "s.db", TABLES).get(TABLES[0].name, kept["id"]) == kept


def test_an_empty_file_gets_its_tables(tmp_path):
    (tmp_path / "s.db").touch()
    assert Store(tmp_path / "s.db", TABLES).count(TABLES[0].name) == 0


def test_a_new_file_has_nothing_beside_it_when_it_is_closed(tmp_path):
    Store(tmp_path / "s.db", TABLES).close()
    assert [path.name for path in tmp_path.iterdir()] == ["s.db"]


def test_of_many_that_make_one_file_at_once_none_loses_what_it_wrote(tmp_path):
    def write(number):
        with closing(Store(tmp_path / "s.db", TABLES)) as store, store.transaction():
            store.insert(TABLES[0].name, {"number": number})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    with closing(Store(tmp_path / "s.db", TABLES)) as store:
        assert sorted(row["number"] for row in store.find(TABLES[0].name)) == list(range(8))


def test_a_file_that_another_program_holds_is_an_error_with_its_name(tmp_path, monkeypatch):
    monkeypatch.setattr("lsops.sandbox.database._BUSY_MS", 50)
    open_store(tmp_path / "s.db").close()
    with closing(sqlite3.connect(tmp_path / "s.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LsopsError, match=r"s\.db cannot be opened as a sandbox file: database is locked"):
            open_store(tmp_path / "s.db")


def test_every_module_of_the_resources_is_found():
    assert {"projects", "session_policy", "workspaces", "version"} <= {each.name for each in all_resources()}
    assert all(isinstance(each, Resource) for each in all_resources())


def test_no_two_resources_share_a_table_or_a_path():
    tables = [table.name for each in all_resources() for table in each.tables]
    paths = [route.path for each in all_resources() for route in each.routes]
    assert len(tables) == len(set(tables))
    assert len(paths) == len(set(paths))


def test_what_references_a_project_dies_with_it():
    columns = {table.name: table.columns for each in all_resources() for table in each.tables}
    for name in ("task", "annotation", "prediction"):
        assert any(column.references == "project" for column in columns[name])
