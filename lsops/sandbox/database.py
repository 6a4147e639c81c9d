"""The SQLite file of a sandbox: how it is made, opened and set up, whatever its tables are."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import threading
import zlib
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from lsops.errors import LsopsError

META = 'CREATE TABLE IF NOT EXISTS "meta" (name TEXT PRIMARY KEY, value TEXT NOT NULL)'
"""The table of facts about the file itself."""
_BUSY_MS = 20_000


def _matches(pattern: str, value: Any) -> bool:
    return value is not None and re.search(pattern, str(value)) is not None


def _spaced(text: str | None) -> str | None:
    return None if text is None else json.dumps(json.loads(text))


_FUNCTIONS = (("regexp", 2, _matches), ("spaced_json", 1, _spaced))
"""What SQL asks for that SQLite has not: `value REGEXP pattern`, and JSON as Python writes it."""


@dataclass(frozen=True, slots=True)
class BlankDatabase:
    """A database in memory with all tables and no rows, to be copied: to make the tables takes ten times as long.

    `version` is a positive number that stands for the text of all tables; a file that bears it has them.
    """

    connection: sqlite3.Connection
    version: int


@cache
def blank_database(statements: tuple[str, ...]) -> BlankDatabase:
    """One with the tables that the statements make; made once in a process."""
    script = ";\n".join([META, *statements])
    version = zlib.crc32(script.encode()) >> 1 or 1
    connection = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
    connection.executescript(f"{script};\nPRAGMA user_version = {version}")
    return BlankDatabase(connection, version)


def open_database(path: str | Path, blank: BlankDatabase) -> sqlite3.Connection:
    """The file, a copy of the blank if it is new; ":memory:" is always one. Raises: LsopsError."""
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
        raise unusable_file(path, error) from error
    return connection


def _make_file(path: Path, blank: BlankDatabase) -> None:
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


def _copy(blank: BlankDatabase, draft: Path) -> None:
    target = sqlite3.connect(str(draft))
    try:
        target.execute("PRAGMA synchronous = OFF")
        blank.connection.backup(target)
        target.execute("PRAGMA journal_mode = WAL").fetchall()  # to change it later takes longer than the copy
    finally:
        target.close()


def unusable_file(path: str | Path, error: sqlite3.Error) -> LsopsError:
    """What is said of a file that SQLite does not take."""
    return LsopsError.of(f"{path} cannot be opened as a sandbox file: {error}", code="LS605")
