"""Importing the tasks of a file into a project, in bounded requests, each task once; this module holds no kind.

Community imports inside the request, and as a whole or not at all: an author whom nobody knows refuses all of it. A
request of 500 tasks with predictions took 1.7 s there. Enterprise answers with a job (openapi
`/api/projects/{id}/imports/{import_pk}/`) that may have made some of its tasks when it fails.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from lsops.errors import LsopsError, Malformed, NotFound, ResultUnknown, ServerError
from lsops.kinds.capabilities import Supply
from lsops.kinds.projects.seeding import Foreign, marked, numbers_there
from lsops.manifest.seed_files import seed_of
from lsops.model.task_file import TaskFile
from lsops.signs import plural

if TYPE_CHECKING:
    from lsops.server.session import Session

MOST_TASKS: Final = 500
MOST_BYTES: Final = 4 * 1024 * 1024
"""Of one request; a larger task goes alone."""
GATEWAY: Final = (502, 503, 504)
"""The answers of what stands before a server that has not answered in time, and goes on."""
FIRST, LONGEST = 0.2, 5.0
"""Seconds between two looks at a job or at what became of a request: they grow from the first to the longest."""
JOB_SECONDS: Final = 600.0
"""How long a job of the server is waited for."""

Batch = list[tuple[int, dict[str, Any]]]
"""Tasks with their numbers in the file."""


@dataclass(frozen=True, slots=True)
class Import:
    """The import of a file into the project of that id."""

    session: Session
    project: int
    file: TaskFile

    def run(self, supply: Supply) -> None:
        """Import what the project lacks of the file.

        Raises:
            LsopsError: the project has tasks of another origin, the file has changed, or it was interrupted.
            ServerError: the server refused tasks, or nobody knows whether it took them. What is there stays.
        """
        there = self._there()
        done = len(there)
        tasks = enumerate(seed_of(supply.folder, self.file), 1)
        missing = ((number, marked(task, self.file, number)) for number, task in tasks if number not in there)
        for batch in in_batches(missing):
            if supply.stopped():
                raise LsopsError.of(
                    f"interrupted: {done:,} of {plural(self.file.tasks, 'task')} are there", code="LS902"
                )
            self._send(batch)
            done += len(batch)

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
            if not (isinstance(error, (ResultUnknown, Malformed)) or error.status in GATEWAY):
                raise
            self._settle(batch, error)
            return
        if isinstance(answer, dict) and isinstance(answer.get("import"), int):
            self._await(answer["import"])
        elif not isinstance(answer, dict) or answer.get("task_count") != len(batch):
            self._settle(batch, Malformed.of(f"POST {path}: the answer does not say that it took all tasks"))

    def _settle(self, batch: Batch, cause: ServerError) -> None:
        """Raises: ServerError, the cause, where the tasks do not appear in time."""
        wanted = {number for number, _ in batch}
        if not any(self._shows(wanted) for _ in _looks(self.session.settings.settle_timeout)):
            raise cause

    def _shows(self, wanted: set[int]) -> bool:
        """Whether these tasks are there; a server that does not answer shows none."""
        try:
            return wanted <= self._there()
        except ServerError:
            return False

    def _await(self, job: int) -> None:
        """Raises: LsopsError, where a job fails; ServerError."""
        path = f"/api/projects/{self.project}/imports/{job}/"
        for _ in _looks(JOB_SECONDS):
            try:
                state = self.session.get(path)
            except NotFound:
                continue  # a replica of the database may lag behind
            status = state.get("status") if isinstance(state, dict) else None
            if status == "completed":
                return
            if status == "failed":
                raise LsopsError.of(
                    f"the server could not import them: {state.get('error') or 'no reason'}", code="LS683"
                )
        raise ResultUnknown.of(f"the import {job} is not over after {JOB_SECONDS:g} s; run again when it is")


def in_batches(tasks: Iterable[tuple[int, dict[str, Any]]]) -> Iterator[Batch]:
    """Tasks as requests take them."""
    batch: Batch = []
    size = 0
    for number, task in tasks:
        length = len(json.dumps(task, ensure_ascii=False).encode())
        if batch and (len(batch) >= MOST_TASKS or size + length > MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append((number, task))
        size += length
    if batch:
        yield batch


def _looks(seconds: float) -> Iterator[None]:
    """The moments at which to look, for so long; once in any case."""
    ends, pause = time.monotonic() + seconds, FIRST
    while True:
        yield
        left = ends - time.monotonic()
        if left <= 0:
            return
        time.sleep(min(pause, left))
        pause = min(pause * 1.5, LONGEST)
