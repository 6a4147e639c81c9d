"""Files of tasks as Label Studio imports them: JSON, JSON Lines and CSV, each task with its line."""

from __future__ import annotations

import csv
import json
import os.path
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from itertools import count
from pathlib import Path
from typing import Any

from lsops.errors import ManifestError, Source
from lsops.manifest.files import FileProblem, decoded, read_bytes

LARGEST = 512 * 1024 * 1024
"""Bytes of a file that is checked."""
_BLANK = re.compile(r"[ \t\r\n]*")
_SEPARATORS = {".csv": ",", ".tsv": "\t"}
_LINES = (".jsonl", ".ndjson")


@dataclass(frozen=True, slots=True)
class TaskInFile:
    """A task as the file has it, the how-manieth it is, and where it begins."""

    number: int
    value: Any
    source: Source


def tasks_in(path: Path, shown: str = "") -> Iterator[TaskInFile]:
    """The tasks of a file, which messages call `shown`.

    CSV and TSV have a line of names; JSON is a list of tasks, or one; else a task is a line.

    Raises:
        ManifestError: the file cannot be read (LS141), with its place.
    """
    name = shown or path.as_posix()
    return tasks_of(_text(path, name), name)


def tasks_of(text: str, name: str) -> Iterator[TaskInFile]:
    """The tasks of a file with this text and name, which says of what form it is. Raises: ManifestError, as above."""
    kind = os.path.splitext(name)[1].lower()  # noqa: PTH122  # no path, but a name
    if kind in _SEPARATORS:
        return _rows(text, name, _SEPARATORS[kind])
    if kind in _LINES or (kind != ".json" and not text.lstrip().startswith("[")):
        return _lines(text, name)
    return _listed(text, name)


def _text(path: Path, name: str) -> str:
    try:
        return decoded(read_bytes(str(path), LARGEST))
    except FileProblem as problem:
        source = Source(name, problem.line, problem.column)
        raise ManifestError.of(f"the file of tasks: {problem}", code="LS141", source=source) from problem


def _wrong(name: str, why: str, line: int, column: int = 1) -> ManifestError:
    return ManifestError.of(why, code="LS141", source=Source(name, line, column))


def _rows(text: str, name: str, separator: str) -> Iterator[TaskInFile]:
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    numbers, names, line = count(1), list[str](), 1
    try:
        for row in reader:
            if not names:
                names = row
            elif row:
                if len(row) != len(names):
                    raise _wrong(name, f"the row has {len(row)} fields, and the first line {len(names)} names", line)
                yield TaskInFile(next(numbers), dict(zip(names, row, strict=True)), Source(name, line))
            line = reader.line_num + 1
    except csv.Error as error:
        raise _wrong(name, f"not CSV: {error}", line) from error


def _lines(text: str, name: str) -> Iterator[TaskInFile]:
    numbers = count(1)
    for line, written in enumerate(text.split("\n"), 1):
        if written.strip():
            value = _value(written, name, line - 1)
            yield TaskInFile(next(numbers), value, Source(name, line))


def _value(text: str, name: str, above: int = 0) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise _not_json(name, error, above) from error
    except (ValueError, RecursionError) as error:
        raise _wrong(
            name, "not JSON that can be read: it nests too deep, or a number is too long", above + 1
        ) from error


def _not_json(name: str, error: json.JSONDecodeError, above: int = 0) -> ManifestError:
    return _wrong(name, f"not JSON: {error.msg[:1].lower()}{error.msg[1:]}", above + error.lineno, error.colno)


def _listed(text: str, name: str) -> Iterator[TaskInFile]:
    """Each item of the list with the line at which it begins; one object is a list of one."""
    whole = _value(text, name)
    if not isinstance(whole, list):
        yield TaskInFile(1, whole, Source(name, 1 + _blank_lines(text)))
        return
    decoder, at, line, counted = json.JSONDecoder(), text.index("[") + 1, 1, 0
    for number, value in enumerate(whole, 1):
        at = _BLANK.match(text, at).end()  # type: ignore[union-attr]  # it matches nothing, too
        line, counted = line + text.count("\n", counted, at), at
        yield TaskInFile(number, value, Source(name, line))
        end = decoder.raw_decode(text, at)[1]
        at = _BLANK.match(text, end).end() + 1  # type: ignore[union-attr]


def _blank_lines(text: str) -> int:
    return text[: len(text) - len(text.lstrip())].count("\n")
