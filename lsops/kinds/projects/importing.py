"""Importing the tasks of a file into a project, in bounded requests, each task once; this module holds no kind.

Community imports inside the request, and as a whole or not at all: an author whom nobody knows refuses all of it. A
request of 500 tasks with predictions took 1.7 s there. Enterprise answers with a job (openapi
`/api/projects/{id}/imports/{import_pk}/`) that may have made some of its tasks when it fails.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from lsops.errors import LsopsError, Malformed, ServerError
from lsops.kinds.projects.seeding import Foreign, numbers_there, with_seed_key
from lsops.kinds.projects.task_pages import await_import
from lsops.manifest.seed_files import seed_of
from lsops.model.batches import in_batches
from lsops.model.task_file import Supply, TaskFile
from lsops.server.waiting import at_rest, looks, may_go_on
from lsops.signs import plural

if TYPE_CHECKING:
    from lsops.server.session import Session

MOST_TASKS: Final = 500
MOST_BYTES: Final = 4 * 1024 * 1024
"""Of one request; a larger task goes alone."""

Batch = list[tuple[int, dict[str, Any]]]
"""Tasks with their numbers in the file."""


@dataclass(frozen=True, slots=True)
class Import:
    """The import of a file into the project of that id; a `fresh` one was made a moment ago."""

    session: Session
    project: int
    file: TaskFile
    fresh: bool = False

    def run(self, supply: Supply) -> None:
        """Import what the project lacks of the file.

        Raises:
            LsopsError: the project has tasks of another origin, the file has changed, or it was interrupted.
            ServerError: the server refused tasks, or nobody knows whether it took them. What is there stays.
        """
        there = self._there() if self.fresh else at_rest(self._there)
        done = len(there)
        tasks = enumerate(seed_of(supply.folder, self.file), 1)
        missing = ((number, with_seed_key(task, self.file, number)) for number, task in tasks if number not in there)
        for batch in in_batches(_sized(missing), MOST_TASKS, MOST_BYTES):
            if supply.stopped():
                raise LsopsError.of(
                    f"interrupted: {done:,} of {plural(self.file.tasks, 'task')} are there", code="LS902"
                )
            self._send(batch)
            done += len(batch)
        if done > len(there):
            self._refuse_twice()

    def _refuse_twice(self) -> None:
        """Raises: LsopsError, where another run has imported at the same time."""
        try:
            numbers_there(self.session, self.project, self.file)
        except Foreign:
            message = "the tasks are there, and some of them twice, or others beside them: somebody else imported, too"
            hint = "delete what is too much; meta.lsops.seed tells which task is which"
            raise LsopsError.of(message, code="LS684", hint=hint) from None

    def _there(self) -> set[int]:
        try:
            return numbers_there(self.session, self.project, self.file)
        except Foreign:
            message = f"the project has tasks by now that are not of {self.file.name}; nothing was imported"
            raise LsopsError.of(message, code="LS682") from None

    def _send(self, batch: Batch) -> None:
        """Import tasks. Where the answer is lost, what is there decides; they are never sent again."""
        path = f"/api/projects/{self.project}/import"
        try:
            answer = self.session.post(path, [task for _, task in batch])
        except ServerError as error:
            if not (isinstance(error, Malformed) or may_go_on(error)):
                raise
            self._settle(batch, error)
            return
        if isinstance(answer, dict) and isinstance(answer.get("import"), int):
            await_import(self.session, self.project, answer["import"])
        elif not isinstance(answer, dict) or answer.get("task_count") != len(batch):
            self._settle(batch, Malformed.of(f"POST {path}: the answer does not say that it took all tasks"))

    def _settle(self, batch: Batch, cause: ServerError) -> None:
        """Raises: ServerError, the cause, where the tasks do not appear in time."""
        wanted = {number for number, _ in batch}
        if not any(self._shows(wanted) for _ in looks(self.session.settings.settle_timeout)):
            raise cause

    def _shows(self, wanted: set[int]) -> bool:
        """Whether these tasks are there; a server that does not answer shows none."""
        try:
            return wanted <= self._there()
        except ServerError:
            return False


def _sized(tasks: Iterable[tuple[int, dict[str, Any]]]) -> Iterator[tuple[tuple[int, dict[str, Any]], int]]:
    """Tasks, each with the bytes that it takes in a request."""
    return ((one, len(json.dumps(one[1], ensure_ascii=False).encode())) for one in tasks)
