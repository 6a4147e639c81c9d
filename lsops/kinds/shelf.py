"""The export snapshots of one project (Community facts 9)."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from lsops.errors import UsageError
from lsops.kinds.reader import Row, Where
from lsops.manifest.findings import quote
from lsops.model.snapshot import PLAIN, Conversion, Phase, Snapshot
from lsops.server.forms import ID, TEXT, Form, OrNull

if TYPE_CHECKING:
    from lsops.server.download import Download
    from lsops.server.session import Session

SNAPSHOT = Form(needed={"id": ID, "status": TEXT}, known={"title": OrNull(TEXT), "md5": OrNull(TEXT)})
FORMAT_ROW = Form(needed={"name": TEXT})
PHASES: Mapping[str, Phase] = {"completed": "done", "failed": "failed"}
"""Every other status is on its way to one of these."""


class Shelf:
    """Each method raises ServerError."""

    def __init__(self, session: Session, where: Where) -> None:
        self._session = session
        self._project = where.id
        self._below = f"/api/projects/{where.id}"
        self._path = f"{self._below}/exports/"

    def config(self) -> str:
        """The label config, by which tasks are converted to other formats."""
        return str(self._session.get(f"{self._below}/").get("label_config") or "")

    def resolved(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """The options as the server takes them, a tab by its id. It ignores one that is not there.

        Raises: UsageError, where the project has no such tab.
        """
        tasks = options.get("task_filter_options") or {}
        wanted = tasks.get("view")
        if wanted is None:
            return dict(options)
        rows = self._session.array("/api/dm/views/", {"project": self._project})
        found = [row["id"] for row in rows if wanted in (row["id"], (row.get("data") or {}).get("title"))]
        if len(found) != 1:
            what = "no tab" if not found else f"{len(found)} tabs"
            shown = quote(wanted) if isinstance(wanted, str) else f"of id {wanted}"
            raise UsageError.of(f"the project has {what} {shown}", code="LS662")
        return {**options, "task_filter_options": {**tasks, "view": found[0]}}

    def all(self) -> list[Snapshot]:
        """The newest hundred, newest first: the server never lists more."""
        return [_snapshot(row) for row in self._session.array(self._path, form=SNAPSHOT)]

    def make(self, title: str, options: Mapping[str, Any]) -> Snapshot:
        """Begin one. Community makes it whole before it answers; the options cannot be read back."""
        return _snapshot(self._session.post(self._path, {**options, "title": title}, form=SNAPSHOT))

    def look(self, number: int) -> Snapshot:
        """How far one is."""
        return _snapshot(self._session.get(f"{self._path}{number}", form=SNAPSHOT))

    def convert(self, number: int, name: str) -> None:
        """Begin a conversion. A second one of a format is refused with 400."""
        self._session.post(f"{self._path}{number}/convert", {"export_type": name})

    def download(self, number: int, name: str) -> AbstractContextManager[Download]:
        """The file in a format to which it is converted."""
        return self._session.download(f"{self._path}{number}/download", None if name == PLAIN else {"exportType": name})

    def delete(self, number: int) -> None:
        """Take one away with its files."""
        self._session.delete(f"{self._path}{number}")

    def formats(self) -> list[tuple[str, bool]]:
        """The names of all formats, and whether each suits the label config. Enterprise answers 404."""
        rows = self._session.array(f"{self._below}/export/formats", form=FORMAT_ROW)
        return [(row["name"], not row.get("disabled")) for row in rows]


def _snapshot(row: Row) -> Snapshot:
    counters, formats = row.get("counters"), row.get("converted_formats")
    tasks = counters.get("task_number") if isinstance(counters, dict) else 0
    return Snapshot(
        id=row["id"],
        title=row.get("title") or "",
        phase=PHASES.get(row["status"], "running"),
        md5=row.get("md5") or "",
        tasks=tasks if isinstance(tasks, int) else 0,
        created=str(row.get("created_at") or ""),
        conversions=dict(_conversions(formats if isinstance(formats, list) else ())),
    )


def _conversions(rows: Any) -> list[tuple[str, Conversion]]:
    return [
        (str(row.get("export_type")), Conversion(PHASES.get(str(row.get("status")), "running"), _reason(row)))
        for row in rows
        if isinstance(row, dict)
    ]


def _reason(row: Row) -> str:
    """What a traceback ends with, which is the error."""
    traceback = row.get("traceback")
    lines = traceback.strip().splitlines() if isinstance(traceback, str) else []
    return lines[-1].strip() if lines else ""
