"""Exports in other formats. Texts are the server's own, byte for byte; what it makes of images is a stand-in here.

An archive holds the records that the format is made of, as `result.json`: a client can fetch it, check it and keep it,
and nothing can be trained with it.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
from typing import Any

from lsops.sandbox.store import Document

Tasks = Callable[[], Iterable[Document]]
"""Gives the exported tasks, again at each call: a table needs its columns before its rows."""

_ALWAYS = ("annotator", "annotation_id", "created_at", "updated_at", "lead_time")
_LEAF = {"Choices": "choices", "TextArea": "text"}


def extension(name: str) -> str:
    """The end of a file's name in that format."""
    return {"JSON": "json", "JSON_MIN": "json", "CSV": "csv", "TSV": "csv", "CONLL2003": "conll"}.get(name, "zip")


def converted(name: str, tasks: Tasks, controls: Mapping[str, Any]) -> Iterator[bytes]:
    """The tasks in a format other than plain JSON, in pieces."""

    def records() -> Iterator[Document]:
        return (record for task in tasks() for record in _records(task, controls))

    if name == "JSON_MIN":
        return _small_json(records())
    if name in ("CSV", "TSV"):
        return _table(records, "," if name == "CSV" else "\t")
    if name == "CONLL2003":
        return iter([b"-DOCSTART- -X- O\n", *(b"\n" for _ in records())])
    return _archive(records())


def _records(task: Document, controls: Mapping[str, Any]) -> Iterator[Document]:
    """One per annotation that is no skip, the newest first; one without any for a task that nobody annotated."""
    annotations = task["annotations"]
    if not annotations:
        yield _record(task, {}, {})
    kept = [item for item in annotations if not item["was_cancelled"]]
    for annotation in sorted(kept, key=lambda item: str(item["created_at"]), reverse=True):
        values: dict[str, list[Any]] = defaultdict(list)
        for region in annotation["result"] or ():
            if region.get("from_name") in controls:
                size = {name: region[name] for name in ("original_width", "original_height") if name in region}
                kind = controls[region["from_name"]]["type"]
                values[region["from_name"]].append({**deepcopy(region["value"]), "type": kind, **size})
        yield _record(task, values, annotation)


def _record(task: Document, values: Mapping[str, Any], annotation: Document) -> Document:
    shown = {name: annotation.get(name) for name in ("created_at", "updated_at", "lead_time")}
    by = annotation.get("completed_by", {})
    return {
        "input": task["data"],
        "output": {name: _pretty(regions) for name, regions in values.items()},
        "id": task["id"],
        "annotator": by.get("email") if isinstance(by, dict) else by,
        "annotation_id": annotation.get("id"),
        **shown,
    }


def _pretty(regions: Iterable[Document]) -> Any:
    """A single choice or text as itself, all else as regions without their type."""
    out, kind = [], ""
    for region in regions:
        kind = region["type"]
        value = {name: part for name, part in region.items() if name != "type"}
        leaf = value.get(_LEAF.get(kind, ""), [])
        out.append(leaf[0] if len(leaf) == 1 else value)
    return out[0] if kind in _LEAF and len(out) == 1 else out


def _small_json(records: Iterable[Document]) -> Iterator[bytes]:
    yield b"[\n"
    between = ""
    for record in records:
        rest = {name: record[name] for name in ("annotator", "annotation_id", "created_at", "updated_at", "lead_time")}
        row = {**record["input"], "id": record["id"], **record["output"], **rest}
        yield (between + json.dumps(row, indent=2, ensure_ascii=False)).encode()
        between = ",\n"
    yield b"\n]"


def _table(records: Callable[[], Iterable[Document]], separator: str) -> Iterator[bytes]:
    inputs, outputs = set[str](), set[str]()
    for record in records():
        inputs.update(record["input"])
        outputs.update(record["output"])
    names = {name: f"_data_{name}" if name in outputs else name for name in inputs}
    columns = sorted({*_ALWAYS, "id", *names.values(), *outputs})
    page = io.StringIO()
    writer = csv.DictWriter(page, columns, quoting=csv.QUOTE_NONNUMERIC, delimiter=separator)
    writer.writeheader()
    for record in records():
        writer.writerow(_row(record, names))
        yield page.getvalue().replace("\r\n", "\n").encode()
        page.seek(0)
        page.truncate()
    yield page.getvalue().replace("\r\n", "\n").encode()


def _row(record: Document, names: Mapping[str, str]) -> Document:
    out = {name: _cell(value, always=True) for name, value in record["output"].items()}
    given = {names[name]: _cell(value) for name, value in record["input"].items()}
    rest = {name: record[name] for name in ("id", *_ALWAYS)}
    return {**out, **given, **rest, "annotator": str(record["annotator"])}


def _cell(value: Any, *, always: bool = False) -> Any:
    """Lists and objects as JSON; what was labelled also if it is a number."""
    if isinstance(value, (dict, list)) or (always and not isinstance(value, str)):
        return json.dumps(value, ensure_ascii=False)
    return value


class _Pipe(io.RawIOBase):
    """A file that can only be written, and gives what was written since it was last asked."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        self._waiting += content
        return len(content)

    def taken(self) -> bytes:
        content = bytes(self._waiting)
        self._waiting.clear()
        return content


def _archive(records: Iterable[Document]) -> Iterator[bytes]:
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("images/"), b"")
        with archive.open(zipfile.ZipInfo("result.json"), "w") as file:
            for piece in _small_json(records):
                file.write(piece)
                yield pipe.taken()
    yield pipe.taken()
