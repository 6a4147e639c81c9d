"""Uploaded files: `/api/import/file-upload/{id}`, those of a project, and their download.

Measured: the tasks of a file outlive it, and name none then.
"""

from __future__ import annotations

import json
import mimetypes
import uuid
from collections.abc import Sequence
from typing import Any

from lsops.sandbox import files
from lsops.sandbox.envelope import Crash
from lsops.sandbox.resource import Answer, Call, Resource, Route
from lsops.sandbox.resources.projects import found as project_of
from lsops.sandbox.store import Column, Document, Table

_TRUE = ("1", "true", "yes")
_NO_LIST = '"file_upload_ids" parameter must be a list of integers'


def keep_upload(call: Call, project_id: int, name: str, content: bytes) -> Document:
    """A new uploaded file of a project; its name begins with something that no other has."""
    stored = f"upload/{project_id}/{str(uuid.uuid4())[:8]}-{name}"
    kept = files.keep(call.store, project_id, stored, [content])
    upload = {
        "project": project_id,
        "user": call.user["id"],
        "file": stored,
        "size": len(content),
        "stored": kept["id"],
    }
    return call.store.insert("file_upload", upload)


def content_of(call: Call, upload: Document) -> bytes:
    """All bytes of an uploaded file."""
    return b"".join(files.read(call.store, call.found("file", upload["stored"], "FileUpload")))


def _listing(call: Call, project_id: int) -> Answer:
    """The caller's own: those that the query names, or all; a draft of a project has no others."""
    project = project_of(call, project_id)
    found = call.store.find("file_upload", "project = ?", (project_id,))
    mine = [upload for upload in found if upload["user"] == call.user["id"]]
    if not (project["is_draft"] or call.query.get("all", "").lower() in _TRUE):
        wanted = json.loads(call.query.get("ids", "[]"))
        mine = [upload for upload in mine if upload["id"] in wanted]
    return Answer([_show(upload) for upload in mine])


def _delete_many(call: Call, project_id: int) -> Answer:
    project_of(call, project_id)
    ids = call.body.get("file_upload_ids")
    if ids is not None and not isinstance(ids, list):
        raise Crash(_NO_LIST)
    found = call.store.find("file_upload", "project = ?", (project_id,))
    gone = [upload for upload in found if ids is None or upload["id"] in ids]
    _drop(call, gone)
    return Answer({"deleted": len(gone)})


def _detail(call: Call, upload_id: int) -> Answer:
    return Answer(_show(_found(call, upload_id)))


def _change(call: Call, upload_id: int) -> Answer:
    return Answer(_show(_found(call, upload_id)))


def _delete(call: Call, upload_id: int) -> Answer:
    _drop(call, [_found(call, upload_id)])
    return Answer(status=204)


def _drop(call: Call, uploads: Sequence[Document]) -> None:
    for upload in uploads:
        call.store.delete("file_upload", upload["id"])
        call.store.delete("file", upload["stored"])


def _found(call: Call, upload_id: int) -> Document:
    return call.found("file_upload", upload_id, "FileUpload")


def _download(call: Call, name: str) -> Answer:
    found = call.store.find("file", "name = ?", (f"upload/{name}",))
    if not found:
        raise Crash.of_nothing("has_permission")
    media = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return files.sent(call, found[0], media=media, headers={})


def _show(upload: Document) -> dict[str, Any]:
    return {name: upload[name] for name in ("id", "file", "size")}


RESOURCE = Resource(
    "uploads",
    tables=(Table("file_upload", (Column("project", references="project"),)),),
    routes=(
        Route("/api/projects/<int:project_id>/file-uploads", {"GET": _listing, "DELETE": _delete_many}),
        Route(
            "/api/import/file-upload/<int:upload_id>",
            {"GET": _detail, "PUT": _change, "PATCH": _change, "DELETE": _delete},
        ),
        Route("/data/upload/<path:name>", {"GET": _download}),
    ),
)
