"""`/api/projects/{id}/export`: tasks that are exported and downloaded in one request, and the formats there are.

Facts: community-api 9, and measured. On Enterprise both are gone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timezone
from functools import partial

from lsops.sandbox import files
from lsops.sandbox.envelope import Bare, Crash
from lsops.sandbox.fields import Field, read
from lsops.sandbox.fieldtypes import flag, now, text
from lsops.sandbox.resource import Answer, Call
from lsops.sandbox.resources.exports.convert import converted, extension
from lsops.sandbox.resources.exports.data import Recipe, exported
from lsops.sandbox.resources.exports.formats import NAMES, formats
from lsops.sandbox.resources.projects import found as project_of
from lsops.sandbox.store import Document

_GONE = "This endpoint is not available in Label Studio Enterprise: use POST /api/projects/{id}/exports/ instead."
_FIELDS = {
    **dict.fromkeys(("export_type", "exportType"), Field(text(blank=False))),
    **dict.fromkeys(("download_all_tasks", "download_resources", "interpolate_key_frames"), Field(flag())),
}


def formats_of(call: Call, project_id: int) -> Answer:
    """The formats, and which of them suit the project."""
    _refuse_on_enterprise(call)
    return Answer(formats(project_of(call, project_id)["parsed_label_config"]))


def export_at_once(call: Call, project_id: int) -> Answer:
    """All in one request: annotated tasks, or all of them, with their drafts written out."""
    _refuse_on_enterprise(call)
    project = project_of(call, project_id)
    given = read(_FIELDS, call.query, partial=False)
    wanted = given.get("exportType") or given.get("export_type") or "JSON"
    if wanted not in NAMES:
        raise Crash("")
    ids = [int(key) for key in call.lists.get("ids[]", ())]
    recipe = Recipe({"only_with_annotations": not given.get("download_all_tasks")}, {}, {"drafts": {}})
    tasks = partial(exported, call, project, recipe, ids)
    pieces = _compact(tasks()) if wanted == "JSON" else converted(wanted, tasks, project["parsed_label_config"])
    name = f"{export_name(project_id, _digest(now()))}.{extension(wanted)}"
    zipped = extension(wanted) == "zip"
    media = "application/zip" if zipped else f"application/.{extension(wanted)}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "filename": name}
    size, parts = files.aside(pieces)
    return Answer(parts, headers={**headers, "Content-Length": str(size)}, media=media, stream=True)


def _digest(words: str) -> str:
    return hashlib.md5(words.encode(), usedforsecurity=False).hexdigest()


def _compact(tasks: Iterable[Document]) -> Iterator[bytes]:
    """A list of them without a space, as the export at once has it, and snapshots have not."""
    before = "["
    for task in tasks:
        yield (before + json.dumps(task, ensure_ascii=False, separators=(",", ":"))).encode()
        before = ","
    yield b"[]" if before == "[" else b"]"


def _refuse_on_enterprise(call: Call) -> None:
    if call.enterprise:
        raise Bare(404, {"detail": _GONE})


def export_name(project_id: int, md5: str) -> str:
    """The name of an export's file, without its end."""
    return f"project-{project_id}-at-{minute()}-{md5[:8]}"


def minute() -> str:
    """Now, as names of exports tell it."""
    return f"{datetime.now(timezone.utc):%Y-%m-%d-%H-%M}"
