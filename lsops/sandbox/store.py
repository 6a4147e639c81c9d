"""The sandbox's memory: JSON documents in one SQLite file.

Each resource owns one or more tables of documents. What SQL must see (to filter, count or
cascade) is a generated column over the document, so a document is written in one place only:
moving a storage to another project is a change of its `project` key and nothing else.
"""

# ruff: noqa: S608  # table names and conditions are this package's own, values are always bound

from __future__ import annotations

import json
import os
import re
import sqlite3
import threading
import weakref
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from lsops.errors import LsopsError

Document = dict[str, Any]

_META = 'CREATE TABLE IF NOT EXISTS "meta" (name TEXT PRIMARY KEY, value TEXT NOT NULL)'
_BUSY_MS = 20_000


def _matches(pattern: str, value: Any) -> bool:
    return value is not None and re.search(pattern, str(value)) is not None


def _spaced(text: str | None) -> str | None:
    return None if text is None else json.dumps(json.loads(text))


_FUNCTIONS = (("regexp", 2, _matches), ("spaced_json", 1, _spaced))
"""What SQL asks for that SQLite has not: `value REGEXP pattern`, and JSON as Python writes it."""


@dataclass(frozen=True, slots=True)
class Column:
    """A key of the document that SQL sees; `references` names the table whose row it dies with."""

    name: str
    references: str = ""
    unique: bool = False

    def ddl(self) -> str:
        generated = f"\"{self.name}\" GENERATED ALWAYS AS (json_extract(doc, '$.{self.name}')) STORED"
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
        for column in self.columns:
            yield f'CREATE INDEX IF NOT EXISTS "{self.name}_{column.name}" ON "{self.name}" ("{column.name}")'


class Store:
    """One connection, used by one thread at a time.

    A request is one transaction: what it did is kept when it answers and undone when it raises.
    """

    def __init__(self, path: str | Path, tables: Sequence[Table]) -> None:
        self._lock = threading.RLock()
        self._path = path
        blank = _blank(tuple(tables))
        self._connection = _open(path, blank)
        weakref.finalize(self, self._connection.close)
        try:
            if self.rows("PRAGMA user_version") != [(blank.version,)]:
                self._create(tables, blank.version)
        except sqlite3.Error as error:
            raise _unusable(path, error) from error

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
                raise _unusable(self._path, error) from error
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
        """Make what a file lacks that has not all of these tables, or was made before it bore a version."""
        with self.transaction():
            self._connection.execute(_META)
            for table in tables:
                self._create_table(table)
            self._connection.execute(f"PRAGMA user_version = {version}")

    def _create_table(self, table: Table) -> None:
        found = self.rows(
            "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?",
            (table.name,),
        )
        if not found:
            self._connection.execute(table.ddl())
        elif found[0][0] != table.ddl():
            raise LsopsError.of(
                f'the sandbox file was made by another version of lsops (table "{table.name}")',
                code="LS605",
                hint="delete the file, or name another one",
            )
        for index in table.indexes():
            self._connection.execute(index)


@dataclass(frozen=True, slots=True)
class _Blank:
    """A database in memory with all tables and no rows, to be copied: to make the tables takes ten times as long.

    `version` is a positive number that stands for the text of all tables; a file that bears it has them.
    """

    connection: sqlite3.Connection
    version: int


@cache
def _blank(tables: tuple[Table, ...]) -> _Blank:
    statements = [_META, *(line for table in tables for line in (table.ddl(), *table.indexes()))]
    script = ";\n".join(statements)
    version = zlib.crc32(script.encode()) >> 1 or 1
    connection = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
    connection.executescript(f"{script};\nPRAGMA user_version = {version}")
    return _Blank(connection, version)


def _open(path: str | Path, blank: _Blank) -> sqlite3.Connection:
    in_memory = str(path) == ":memory:"
    connection: sqlite3.Connection | None = None
    try:
        if not in_memory and not Path(path).exists():
            _make_file(Path(path), blank)
        connection = sqlite3.connect(str(path), check_same_thread=False, isolation_level=None)
        if in_memory:
            blank.connection.backup(connection)
        for setting in (
            f"busy_timeout = {_BUSY_MS}",
            "journal_mode = WAL",
            "synchronous = OFF",  # a stand-in need not outlive a power cut, and waits for no disk
            "foreign_keys = ON",
        ):
            connection.execute(f"PRAGMA {setting}")
        for name, arguments, function in _FUNCTIONS:
            connection.create_function(name, arguments, function, deterministic=True)
    except sqlite3.Error as error:
        if connection is not None:
            connection.close()
        raise _unusable(path, error) from error
    return connection


def _make_file(path: Path, blank: _Blank) -> None:
    """Put a copy of the blank at the path, unless another process is faster.

    It is written under a name of its own and then linked, which never replaces a file. Where that cannot be done,
    nothing is: what opens the path makes an empty file, and the tables in it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    with suppress(OSError, sqlite3.Error):
        try:
            os.close(os.open(draft, os.O_CREAT | os.O_EXCL, 0o644))  # never through a link
            _copy(blank, draft)
            os.link(draft, path)
        finally:
            draft.unlink(missing_ok=True)


def _copy(blank: _Blank, draft: Path) -> None:
    target = sqlite3.connect(str(draft))
    try:
        target.execute("PRAGMA synchronous = OFF")
        blank.connection.backup(target)
        target.execute("PRAGMA journal_mode = WAL").fetchall()  # to change it later takes longer than the copy
    finally:
        target.close()


def _unusable(path: str | Path, error: sqlite3.Error) -> LsopsError:
    return LsopsError.of(f"{path} cannot be opened as a sandbox file: {error}", code="LS605")
