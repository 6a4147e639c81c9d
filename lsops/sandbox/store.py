"""The sandbox's memory: JSON documents in one SQLite file.

Each resource owns one or more tables of documents. What SQL must see (to filter, count or
cascade) is a generated column over the document, so a document is written in one place only:
moving a storage to another project is a change of its `project` key and nothing else.
"""

# ruff: noqa: S608  # table names and conditions are this package's own, values are always bound

from __future__ import annotations

import json
import sqlite3
import threading
import weakref
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lsops.sandbox.database import META, blank_database, open_database, unusable_file

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A key of the document that SQL sees; `references` names the table whose row it dies with.

    `alike` is about how many rows of a full table have one value of it. SQLite chooses between indexes by it: without
    it, it takes that of the project before that of the task, and reads a whole project for each of its tasks. One of
    few values is not `indexed`.
    """

    name: str
    references: str = ""
    unique: bool = False
    alike: int = 10
    indexed: bool = True

    def ddl(self) -> str:
        kind = " INTEGER" if self.references else ""  # an index helps where an id is compared only if both are numbers
        generated = f"\"{self.name}\"{kind} GENERATED ALWAYS AS (json_extract(doc, '$.{self.name}')) STORED"
        unique = " UNIQUE" if self.unique else ""
        cascade = f' REFERENCES "{self.references}"(id) ON DELETE CASCADE' if self.references else ""
        return generated + unique + cascade


@dataclass(frozen=True, slots=True)
class Table:
    """A table of documents; ids are never used twice, as on the real server."""

    name: str
    columns: tuple[Column, ...] = ()

    def ddl(self) -> str:
        """Small columns first: SQLite reads a row from its beginning, and documents are long."""
        columns = "".join(f"{column.ddl()}, " for column in self.columns)
        return f'CREATE TABLE "{self.name}" (id INTEGER PRIMARY KEY AUTOINCREMENT, {columns}doc TEXT NOT NULL)'

    def indexes(self) -> Iterator[str]:
        """What makes the indexes that there are, and ends those of older files."""
        for column in self.columns:
            index = f'"{self.name}_{column.name}"'
            if column.indexed:
                yield f'CREATE INDEX IF NOT EXISTS {index} ON "{self.name}" ("{column.name}")'
            else:
                yield f"DROP INDEX IF EXISTS {index}"

    def statistics(self) -> Iterator[str]:
        """What SQLite would learn of a full table by `ANALYZE`: how many rows, and how many of one value."""
        for column in self.columns:
            if column.indexed:
                found = f"'{self.name}', '{self.name}_{column.name}', '{_FULL} {column.alike}'"
                yield f"INSERT INTO sqlite_stat1 VALUES ({found})"


_FULL = 100_000


def table_statements(tables: Sequence[Table]) -> Iterator[str]:
    """What makes the tables."""
    for table in tables:
        yield table.ddl()
        yield from table.indexes()
    yield from statistics_statements(tables)


def statistics_statements(tables: Sequence[Table]) -> Iterator[str]:
    """What makes SQLite know the statistics of the tables."""
    yield "ANALYZE"
    yield "DELETE FROM sqlite_stat1"
    for table in tables:
        yield from table.statistics()
    yield "ANALYZE sqlite_schema"


class Store:
    """One connection, used by one thread at a time.

    A request is one transaction: what it did is kept when it answers and undone when it raises.
    """

    def __init__(self, path: str | Path, tables: Sequence[Table]) -> None:
        self._lock = threading.RLock()
        self._path = path
        blank = blank_database(tuple(table_statements(tables)))
        self._connection = open_database(path, blank)
        weakref.finalize(self, self._connection.close)
        try:
            if self.rows("PRAGMA user_version") != [(blank.version,)]:
                self._create(tables, blank.version)
        except sqlite3.Error as error:
            raise unusable_file(path, error) from error

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[Store]:
        """Hold the store; commit at the end, roll back on any error. Raises: LsopsError, while another holds it."""
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                raise unusable_file(self._path, error) from error
            try:
                yield self
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def keep_so_far(self) -> None:
        """Commit inside a transaction, which goes on: what follows may be undone alone."""
        with self._lock:
            self._connection.execute("COMMIT")
            self._connection.execute("BEGIN IMMEDIATE")

    def rows(self, sql: str, arguments: Sequence[Any] | Mapping[str, Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of a query, for aggregates."""
        with self._lock:
            return self._connection.execute(sql, arguments).fetchall()

    def run(self, sql: str, arguments: Sequence[Any] | Mapping[str, Any] = ()) -> None:
        """A statement over many documents at once."""
        with self._lock:
            self._connection.execute(sql, arguments)

    def insert(self, table: str, document: Mapping[str, Any]) -> Document:
        """Add a document; returns it with its new `id`."""
        with self._lock:
            cursor = self._connection.execute(f'INSERT INTO "{table}" (doc) VALUES (?)', (json.dumps(document),))
        return {**document, "id": cursor.lastrowid}

    def replace(self, table: str, document: Mapping[str, Any]) -> None:
        """Write a document over the one with its `id`."""
        body = {key: value for key, value in document.items() if key != "id"}
        with self._lock:
            self._connection.execute(
                f'UPDATE "{table}" SET doc = ? WHERE id = ?',
                (json.dumps(body), document["id"]),
            )

    def delete(self, table: str, key: int) -> None:
        """Remove a document and, by the columns that reference it, all that dies with it."""
        with self._lock:
            self._connection.execute(f'DELETE FROM "{table}" WHERE id = ?', (key,))

    def get(self, table: str, key: int) -> Document | None:
        return next(iter(self.find(table, "id = ?", (key,))), None)

    def find(
        self,
        table: str,
        where: str = "1",
        arguments: Sequence[Any] = (),
        *,
        order: str = "id",
        limit: str = "",
    ) -> list[Document]:
        """Documents in order. `where`, `order` and `limit` are SQL of this package, never a client's text."""
        if limit:  # sort ids first: a sort over whole documents is twice as slow
            where = f'id IN (SELECT id FROM "{table}" WHERE {where} ORDER BY {order} {limit})'
        sql = f'SELECT id, doc FROM "{table}" WHERE {where} ORDER BY {order}'
        return [{**json.loads(body), "id": key} for key, body in self.rows(sql, arguments)]

    def count(self, table: str, where: str = "1", arguments: Sequence[Any] = ()) -> int:
        return int(self.rows(f'SELECT COUNT(*) FROM "{table}" WHERE {where}', arguments)[0][0])

    def has(self, table: str) -> bool:
        """Whether any resource of this sandbox has the table."""
        return bool(self.rows("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)))

    def note(self, name: str) -> str | None:
        """A fact about the file itself (its edition, its signing key)."""
        return next(
            (value for (value,) in self.rows('SELECT value FROM "meta" WHERE name = ?', (name,))),
            None,
        )

    def set_note(self, name: str, value: str) -> None:
        with self._lock:
            self._connection.execute('INSERT OR REPLACE INTO "meta" VALUES (?, ?)', (name, value))

    def _create(self, tables: Sequence[Table], version: int) -> None:
        """Bring a file of another version to these tables, with all its rows: it lacks some, or has other columns."""
        self._connection.execute("PRAGMA foreign_keys = OFF")  # or a table that makes way would take its rows along
        with self.transaction():
            self._connection.execute(META)
            for table in tables:
                self._create_table(table)
            for statement in statistics_statements(tables):
                self._connection.execute(statement)
            self._connection.execute(f"PRAGMA user_version = {version}")
        self._connection.execute("PRAGMA foreign_keys = ON")

    def _create_table(self, table: Table) -> None:
        found = self.rows("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table.name,))
        if not found:
            self._connection.execute(table.ddl())
        elif found[0][0] != table.ddl():
            self._make_anew(table)
        for index in table.indexes():
            self._connection.execute(index)

    def _make_anew(self, table: Table) -> None:
        """The table with its rows and other columns, under a new name until the old one is gone."""
        draft = replace(table, name=f"new {table.name}")
        highest = self.rows("SELECT seq FROM sqlite_sequence WHERE name = ?", (table.name,))
        for statement in (
            draft.ddl(),
            f'INSERT INTO "{draft.name}" (id, doc) SELECT id, doc FROM "{table.name}"',
            f'DROP TABLE "{table.name}"',
            f'ALTER TABLE "{draft.name}" RENAME TO "{table.name}"',
        ):
            self._connection.execute(statement)
        for (number,) in highest:
            self._connection.execute("DELETE FROM sqlite_sequence WHERE name = ?", (table.name,))
            self._connection.execute("INSERT INTO sqlite_sequence VALUES (?, ?)", (table.name, number))
