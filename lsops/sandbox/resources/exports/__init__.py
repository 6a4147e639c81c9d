"""`/api/projects/{id}/exports/`: snapshots of a project's tasks.

Facts: community-api 9, and measured. Community makes a snapshot while the request waits; on Enterprise it goes from
status to status, one per look.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from lsops.sandbox import files
from lsops.sandbox.envelope import Crash, Invalid, Missing
from lsops.sandbox.fields import Field, read
from lsops.sandbox.fieldtypes import flag, now, text
from lsops.sandbox.resource import Answer, Call, Resource, Route
from lsops.sandbox.resources.exports.at_once import export_at_once, export_name, formats_of, minute
from lsops.sandbox.resources.exports.convert import converted, extension
from lsops.sandbox.resources.exports.data import as_json, exported
from lsops.sandbox.resources.exports.formats import NAMES
from lsops.sandbox.resources.exports.options import OPTIONS, asked_for
from lsops.sandbox.resources.exports.snapshots import stored_tasks
from lsops.sandbox.resources.projects import found as project_of
from lsops.sandbox.resources.users import show_briefly
from lsops.sandbox.store import Column, Document, Table

_LISTED = 100
_STATUS = {"created": "in_progress", "in_progress": "completed"}

_CONVERSION = {
    "export_type": Field(text(blank=False), required=True),
    "download_resources": Field(flag()),
}


def _listing(call: Call, project_id: int) -> Answer:
    """The newest hundred; more are never shown."""
    project_of(call, project_id)
    found = call.store.find("export", "project = ?", (project_id,), order="id DESC", limit=f"LIMIT {_LISTED}")
    return Answer([_show(call, _looked_at(call, "export", item)) for item in found])


def _create(call: Call, project_id: int) -> Answer:
    """The options cannot be read back: they are taken, and the answer has none."""
    title, recipe = asked_for(call)
    project = project_of(call, project_id)
    begun = now()
    counted = _Counted(exported(call, project, recipe))
    file = files.keep(call.store, project_id, "", as_json(counted))
    files.rename(call.store, file, f"export/{project_id}/{export_name(project_id, file['md5'])}.json")
    export = {
        "project": project_id,
        "title": title or _title(project),
        "created_by": call.user["id"],
        "created_at": begun,
        "finished_at": now(),
        "status": "created" if call.enterprise else "completed",
        "md5": file["md5"],
        "counters": {"task_number": counted.number},
        "file": file["id"],
    }
    shown = _show(call, call.store.insert("export", export))
    return Answer({**shown, **dict.fromkeys(OPTIONS)}, 201)


class _Counted:
    """Tasks on their way into a file, counted as they pass."""

    def __init__(self, tasks: Iterator[Document]) -> None:
        self._tasks = tasks
        self.number = 0

    def __iter__(self) -> Iterator[Document]:
        for task in self._tasks:
            self.number += 1
            yield task


def _detail(call: Call, project_id: int, export_id: int) -> Answer:
    return Answer(_show(call, _looked_at(call, "export", _found(call, project_id, export_id))))


def _delete(call: Call, project_id: int, export_id: int) -> Answer:
    export = _found(call, project_id, export_id)
    for item in (export, *_conversions(call, export)):
        call.store.delete("file", item["file"])
    call.store.delete("export", export["id"])
    return Answer(status=204)


def _download(call: Call, project_id: int, export_id: int) -> Answer:
    """The file, in any format, converted or not: without a format it is named with its folder, and else without."""
    export = _found(call, project_id, export_id)
    if export["status"] != "completed":
        return Answer("Export is not completed", 404, media="text/html; charset=utf-8")
    wanted = call.query.get("exportType")
    file = call.found("file", export["file"], "Export")
    if wanted is None:
        return _sent(call, file, file["name"])
    if wanted not in NAMES:
        raise Crash("")
    name = f"{file['name'].rpartition('/')[2].removesuffix('.json')}.{extension(wanted)}"
    if wanted == "JSON":
        return _sent(call, file, name)
    made = [item for item in _conversions(call, export) if item["export_type"] == wanted]
    key = made[0]["file"] if made else _converted(call, project_id, export, wanted)["id"]
    return _sent(call, call.found("file", key, "Export"), name)


def _convert(call: Call, project_id: int, export_id: int) -> Answer:
    export = _found(call, project_id, export_id)
    wanted = read(_CONVERSION, call.body, partial=False)["export_type"]
    if wanted not in NAMES:
        raise Invalid({"export_type": [f"{wanted} is not supported export format"]})
    if any(item["export_type"] == wanted for item in _conversions(call, export)):
        raise Invalid([f"Conversion to {wanted} already started"])
    made = {
        "export": export["id"],
        "export_type": wanted,
        "status": "created" if call.enterprise else "completed",
        "traceback": None,
        "file": _converted(call, project_id, export, wanted)["id"],
    }
    kept = call.store.insert("converted_format", made)
    return Answer({"export_type": wanted, "converted_format": kept["id"]})


def _converted(call: Call, project_id: int, export: Document, wanted: str) -> Document:
    project = call.found("project", project_id, "Project")
    file = call.found("file", export["file"], "Export")
    pieces = converted(wanted, partial(stored_tasks, call.store, file), project["parsed_label_config"])
    return files.keep(call.store, project_id, f"{wanted}.{extension(wanted)}", pieces)


def _sent(call: Call, file: Document, name: str) -> Answer:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "filename": name}
    return files.sent(call, file, media=f"application/{name.rpartition('.')[2]}", headers=headers)


def _found(call: Call, project_id: int, export_id: int) -> Document:
    project_of(call, project_id)
    export = call.found("export", export_id, "Export")
    if export["project"] != project_id:
        raise Missing.of("Export")
    return export


def _conversions(call: Call, export: Document) -> list[Document]:
    return call.store.find("converted_format", "export = ?", (export["id"],))


def _looked_at(call: Call, table: str, item: Document) -> Document:
    """What a look finds: where work is on its way, the next status, from the next look on."""
    after = _STATUS.get(item["status"])
    if after:
        call.store.replace(table, {**item, "status": after})
    return item


def _show(call: Call, export: Document) -> dict[str, Any]:
    done = export["status"] in ("completed", "failed")
    made = [_looked_at(call, "converted_format", item) for item in _conversions(call, export)]
    shown = ("id", "status", "export_type", "traceback")
    return {
        "title": export["title"],
        "id": export["id"],
        "created_by": show_briefly(call, export["created_by"]),
        "created_at": export["created_at"],
        "finished_at": export["finished_at"] if done else None,
        "status": export["status"],
        "md5": export["md5"] if done else "",
        "counters": export["counters"] if done else {"task_number": 0},
        "converted_formats": [{name: item[name] for name in shown} for item in made],
    }


def _title(project: Document) -> str:
    return f"{project['title'].replace(' ', '-')}-at-{minute()}"


_HERE = "/api/projects/<int:project_id>/export"
RESOURCE = Resource(
    "exports",
    tables=(
        *files.TABLES,
        Table("export", (Column("project", references="project"),)),
        Table("converted_format", (Column("export", references="export"),)),
    ),
    routes=(
        Route(f"{_HERE}s/", {"GET": _listing, "POST": _create}),
        Route(f"{_HERE}s/<int:export_id>", {"GET": _detail, "DELETE": _delete}),
        Route(f"{_HERE}s/<int:export_id>/download", {"GET": _download}),
        Route(f"{_HERE}s/<int:export_id>/convert", {"POST": _convert}),
        Route(f"{_HERE}/formats", {"GET": formats_of}),
        Route(_HERE, {"GET": export_at_once}),
    ),
)
