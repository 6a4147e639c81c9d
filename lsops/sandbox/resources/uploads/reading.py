"""The tasks in an uploaded file, by the end of its name: tables and texts row by row, JSON item by item, all else one.

Measured: a table's columns are numbers where all their cells are; a semicolon separates where there are more of them in
the first line than commas; what has no name in the file is `$undefined$`.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import PurePosixPath
from typing import Any

from lsops.sandbox.envelope import Invalid
from lsops.sandbox.resource import Call, Upload
from lsops.sandbox.resources.uploads import content_of, keep_upload
from lsops.sandbox.store import Document
from lsops.sandbox.taskcheck import UNNAMED

_TABLES = (".csv", ".tsv", ".txt")
_PAGES = (".html", ".htm", ".xml")
_TAKEN = {
    *(".bmp", ".flac", ".gif", ".jpg", ".jpeg", ".json", ".m4a", ".mp3", ".ogg", ".png", ".svg", ".wav"),
    *(".mp4", ".webm", ".webp", ".pdf", *_TABLES, *_PAGES),
}
_NO_VALUE = {"", "NA", "N/A", "NaN", "nan", "null", "NULL", "None", "n/a", "<NA>", "#N/A"}
_MANY_KEYS = (
    "Your label config has more than one data key and direct file upload supports only one data key. To import data "
    "with multiple data keys, use a JSON or CSV file."
)
_INTEGER = re.compile(r"[+-]?\d+")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_CLASH = "You're trying to import inconsistent data:\n"


def keep_all(call: Call, project: Document, uploads: Sequence[Upload]) -> list[Document]:
    """Keep the files of a request, if the server takes all of them."""
    for upload in uploads:
        ending = _ending(upload.name)
        if ending not in _TAKEN:
            raise Invalid([f"{ending} extension is not supported"])
    return [keep_upload(call, project["id"], upload.name, upload.content) for upload in uploads]


def could_be_lists(uploads: Sequence[Document]) -> bool:
    """Whether any file might be a list of tasks, or one task."""
    return any(_ending(upload["file"]) in _TABLES for upload in uploads)


def tasks_in(
    call: Call, project: Document, uploads: Sequence[Document], *, rows: bool = True
) -> tuple[list[Document], dict[str, int], list[str]]:
    """The tasks of the files, how many files there are of each kind, and the keys that all of them have.

    Without `rows` a table is one task as well.
    """
    tasks: list[Document] = []
    common: set[str] = set()
    for upload in uploads:
        found = _read(call, project, upload, rows=rows)
        keys = set(found[0]["data"]) if found else set[str]()
        if common and not common & keys:
            raise Invalid([_clash(keys, common, upload["file"])])
        common = common & keys if common else keys
        tasks += [{**task, "file_upload_id": upload["id"]} for task in found]
    return tasks, dict(Counter(_ending(upload["file"]) for upload in uploads)), sorted(common)


def _clash(new: set[str], old: set[str], name: str) -> str:
    news, olds = ",".join(sorted(new)), ",".join(sorted(old))
    if news == UNNAMED:
        return f'{_CLASH}uploading a single file {name} clashes with data key(s) found from other files:\n"{olds}"'
    if olds == UNNAMED:
        return (
            f"{_CLASH}uploading tabular data from {name} with data key(s) {news}, clashes with other raw binary files "
            "(images, audios, etc.)"
        )
    return (
        f'{_CLASH}uploading tabular data from "{name}" with data key(s) "{news}", clashes with data key(s) found from '
        f'other files:\n"{olds}"'
    )


def _read(call: Call, project: Document, upload: Document, *, rows: bool) -> list[Document]:
    ending = _ending(upload["file"])
    try:
        if ending == ".json":
            return _objects(content_of(call, upload))
        if ending in _TABLES and rows:
            return _rows(content_of(call, upload).decode(), ending)
        if len(project["data_types"]) > 1:
            raise ValueError(_MANY_KEYS)  # noqa: TRY301  # the words of all that goes wrong here are the same
        text = content_of(call, upload).decode() if ending in _PAGES else f"/data/{upload['file']}"
        return [{"data": {UNNAMED: text}}]
    except (ValueError, AttributeError) as error:
        name = PurePosixPath(upload["file"]).name
        raise Invalid([f"Failed to parse input file {name}: {_words(error)}"]) from error


def _words(error: Exception) -> str:
    return "Expected object or value" if isinstance(error, json.JSONDecodeError) else str(error)


def _objects(content: bytes) -> list[Document]:
    items = json.loads(content)
    tasks = [_as_task(item) for item in (items if isinstance(items, list) else [items])]
    if not all(isinstance(task["data"], dict) for task in tasks):
        raise ValueError("Task item should be dict")
    return tasks


def _as_task(item: Any) -> Document:
    """An object that has its data below `data`, or is its data itself."""
    task: Document = item if item.get("data") else {"data": item}
    return task


def _rows(text: str, ending: str) -> list[Document]:
    if ending == ".txt":
        return [{"data": {UNNAMED: line}} for line in text.splitlines()]
    first = text.partition("\n")[0]
    semicolon = ending == ".csv" and first.count(";") > first.count(",")
    table = list(csv.reader(io.StringIO(text), delimiter="\t" if ending == ".tsv" else ";" if semicolon else ","))
    if not table:
        raise ValueError("No columns to parse from file")
    names, cells = table[0], [row for row in table[1:] if row]
    columns = [_column([row[at] if at < len(row) else "" for row in cells]) for at in range(len(names))]
    return [{"data": dict(zip(names, values, strict=True))} for values in zip(*columns, strict=True)]


def _column(cells: Sequence[str]) -> list[Any]:
    blank = [cell.strip() in _NO_VALUE for cell in cells]
    convert = _number_type([cell for cell, empty in zip(cells, blank, strict=True) if not empty], some=any(blank))
    return ["" if empty else convert(cell) for cell, empty in zip(cells, blank, strict=True)]


def _number_type(cells: Sequence[str], *, some: bool) -> Callable[[str], Any]:
    """What all cells of a column are; a column with gaps has no whole numbers."""
    if not some and all(_INTEGER.fullmatch(cell) for cell in cells):
        return int
    return float if all(_NUMBER.fullmatch(cell) for cell in cells) else str


def _ending(name: str) -> str:
    return PurePosixPath(name).suffix.lower()
