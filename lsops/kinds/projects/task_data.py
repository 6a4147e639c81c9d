"""The tasks of one project and all that people made of them (Community facts 9 and 11, Enterprise facts 8.6).

Whatever sends a request raises ServerError.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import IO, TYPE_CHECKING, Any, Final

from lsops.errors import Rejected, ServerError, ServerFault
from lsops.kinds.projects.task_pages import await_import, marked_tasks
from lsops.kinds.reader import Row, Where
from lsops.kinds.shelf import Shelf
from lsops.model.live import Facts
from lsops.model.snapshot import PLAIN, Snapshot
from lsops.server.forms import ID, TEXT, Form
from lsops.server.waiting import may_go_on, pauses

if TYPE_CHECKING:
    from lsops.server.download import Download
    from lsops.server.session import Session

UPLOAD: Final = Form(needed={"id": ID, "file": TEXT})
TASK: Final = Form(needed={"id": ID})
RECIPE: Final = {
    "annotation_filter_options": {"usual": True, "ground_truth": True, "skipped": True},
    "serialization_options": {
        "drafts": {"only_id": False},
        "predictions": {"only_id": False},
        "annotations__completed_by": {"only_id": False},
    },
}
"""An export of everything: every task, every annotation with its author, drafts of everybody, predictions."""
MARKED: Final = 39
"""Characters of an uploaded file's name by which it is known again: the server may cut the rest."""


class TaskData:
    """What one project holds."""

    def __init__(self, session: Session, number: int) -> None:
        self._session = session
        self._number = number
        self._at = f"/api/projects/{number}"
        self._shelf = Shelf(session, Where(number))

    # ---- taking out --------------------------------------------------------------------------

    def export(self, title: str) -> Snapshot:
        """The finished export of that title, which is made where there is none; one of a run before is taken up.

        Community makes it inside the request and goes on where that takes too long; Enterprise makes it afterwards.
        Raises: ServerFault, too, where the server could not make it.
        """
        found = self._export_of(title)
        if found is None:
            try:
                found = self._shelf.make(title, RECIPE)
            except ServerError as error:
                found = self._export_of(title) if may_go_on(error) else None
                if found is None:
                    raise
        number, waits = found.id, pauses()
        while found.phase == "running":
            time.sleep(next(waits))
            found = self._shelf.look(number)
        if found.phase == "failed":
            raise ServerFault.of("the server could not export the tasks", hint="its log knows more; then run it again")
        return found

    def content(self, export: Snapshot) -> AbstractContextManager[Download]:
        """The file of an export: a JSON list of tasks, in the order of their ids."""
        return self._shelf.download(export.id, PLAIN)

    def drop_export(self, title: str) -> None:
        """Delete the export of that title, if there is one."""
        found = self._export_of(title)
        if found is not None:
            self._shelf.delete(found.id)

    def _export_of(self, title: str) -> Snapshot | None:
        return next((one for one in self._shelf.all() if one.title == title and one.phase != "failed"), None)

    def comments(self) -> list[dict[str, Any]]:
        """Comments on annotations and drafts, each with its author; Enterprise alone has them."""
        if self._session.edition != "enterprise":
            return []
        params = {"projects": self._number, "expand_created_by": "true", "ordering": "id"}
        return self._session.array("/api/comments/", params)

    def file(self, link: str) -> AbstractContextManager[Download]:
        """An uploaded file, by the link that tasks have to it."""
        return self._session.download(link)

    # ---- putting in --------------------------------------------------------------------------

    def people(self, facts: Facts) -> frozenset[str]:
        """The e-mails of the organisation's people: those whose annotations an import takes as theirs."""
        if facts.organization is None:
            return frozenset()
        rows = self._session.pages(f"/api/organizations/{facts.organization}/memberships")
        users = (row.get("user") for row in rows)
        return frozenset(str(user["email"]) for user in users if isinstance(user, dict) and user.get("email"))

    def rows(self, after: int = 0) -> Iterator[Row]:
        """Id and `meta` of every task with a higher id, by id, some at a time."""
        return marked_tasks(self._session, self._number, after)

    def add_tasks(self, tasks: Sequence[Mapping[str, Any]]) -> None:
        """Import tasks with annotations, predictions and drafts; Enterprise does it in a job, which is waited for."""
        answer = self._session.post(f"{self._at}/import", list(tasks))
        job = answer.get("import") if isinstance(answer, dict) else None
        if job is not None:
            await_import(self._session, self._number, job)

    def uploads(self) -> list[dict[str, Any]]:
        """The caller's uploaded files; `file` is a path to which `/data/` leads."""
        return self._session.array(f"{self._at}/file-uploads", {"all": "true"}, form=UPLOAD)

    def upload_links(self) -> list[str]:
        """The links that tasks may have to the caller's uploaded files: those of others no server lists."""
        return [f"/data/{row['file']}" for row in self.uploads()]

    def add_file(self, name: str, content: IO[bytes], media: str) -> None:
        """Upload a file that becomes no task, under a name of which no other one begins with the same 39 characters.

        Community reads it as tasks all the same, and refuses one of a project whose tasks have several values; the file
        is there by then, so that `uploads` says whether this failed.
        """
        try:
            self._session.upload(f"{self._at}/import", {"file": (name, content, media)}, {"commit_to_project": "false"})
        except Rejected:
            if not any(name[:MARKED] in row["file"] for row in self.uploads()):
                raise

    def task(self, number: int) -> dict[str, Any]:
        """One task with its annotations, and those of its drafts that are the caller's."""
        row: dict[str, Any] = self._session.get(f"/api/tasks/{number}/", form=TASK)
        return row

    def add_draft(self, task: int, annotation: int | None, body: Mapping[str, Any]) -> None:
        """A draft of the caller's, of an annotation or of none."""
        inside = f"annotations/{annotation}/" if annotation is not None else ""
        self._session.post(f"/api/tasks/{task}/{inside}drafts", dict(body))

    def add_comment(self, body: Mapping[str, Any]) -> None:
        """A comment of the caller's."""
        self._session.post("/api/comments/", dict(body))
