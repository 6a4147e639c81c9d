"""Putting saved tasks back: whatever is there already is found by its key first, so that nothing comes twice."""

from __future__ import annotations

import json
import time
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from mimetypes import guess_type
from tempfile import SpooledTemporaryFile
from threading import Event as Stop
from typing import IO, TYPE_CHECKING, Any, Final, cast

from lsops.backup.content import People, has_drafts, missing_drafts, number_in, sent_task, task_key
from lsops.backup.index import SavedEntry
from lsops.backup.links import mark_in, mark_of, upload_name
from lsops.backup.parts import file_pieces, part_rows, sized_rows
from lsops.depot import Depot
from lsops.errors import Finding, LsopsError, NotFound, Rejected, ResultUnknown, ServerError, ServerFault
from lsops.model.batches import in_batches
from lsops.server.waiting import at_rest, may_go_on

if TYPE_CHECKING:
    from lsops.kinds.projects.task_data import TaskData

MOST: Final = 200
"""Tasks of one import; and below it their bytes in the backup: Community works on one inside the request."""
LARGEST: Final = 1_000_000
MOST_FAILED: Final = 100
"""Tasks that a server may refuse before it is not asked any more."""
IN_MEMORY: Final = 8 * 1024 * 1024


@dataclass
class Refill:
    """One entry on its way back. `made` counts what came to be, `existed` the tasks that were there, `failed` says of
    what was refused why. `settle` is for how many seconds an import is looked for whose answer was lost. A `fresh`
    project was made a moment ago.
    """

    data: TaskData
    place: Depot
    backup: str
    number: int
    entry: SavedEntry
    people: People
    stop: Stop
    settle: float = 60.0
    fresh: bool = False
    made: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("tasks", "drafts", "comments", "files"), 0))
    existed: int = 0
    failed: list[Finding] = field(default_factory=list)
    ids: array[int] = field(init=False)
    last: int = 0

    def __post_init__(self) -> None:
        self.ids = array("q", bytes(8 * (self.entry.counts["tasks"] + 1)))

    def run(self) -> None:
        """Put back what is missing, until all is there or somebody stops it. Raises: LsopsError."""
        wanted = self.entry.counts["tasks"]
        self.existed = self._look()
        if self.existed < wanted and not self.fresh:
            self.existed = at_rest(self._look)
        links = self._files() if self.existed < wanted or not wanted else {}  # files come before the first task
        if self.existed < wanted:
            for batch in in_batches(self._missing(links), MOST, LARGEST):
                if self.stop.is_set():
                    return
                self._send(batch)
            self.made["tasks"] = self._look() - self.existed
        if self.entry.counts["drafts"]:
            self._drafts()
        if self.entry.counts["comments"]:
            self._comments()

    def _look(self) -> int:
        """Find out which tasks are there, of those that came since the last look; how many are there in all."""
        for row in self.data.rows(self.last):
            number = number_in(row.get("meta"), self.backup, self.number)
            if 0 < number < len(self.ids):
                self.ids[number] = int(row["id"])
            self.last = max(self.last, int(row["id"]))
        return sum(1 for number in self.ids if number)

    def _saved(self, sort: str) -> Iterator[dict[str, Any]]:
        return part_rows(self.place, self.number, sort, self.entry)

    # ---- files -------------------------------------------------------------------------------

    def _files(self) -> Mapping[str, str]:
        """The links of tasks to uploaded files as they are there, after those that were missing were uploaded."""
        if not self.entry.counts["files"]:
            return {}
        there = self._uploaded()
        for row in self._saved("files"):
            link = str(row.get("link"))
            if mark_of(self.backup, link) not in there and not self.stop.is_set():
                self._upload(link, row)
        there = self._uploaded()
        links = (str(row.get("link")) for row in self._saved("files"))
        return {link: there[mark] for link in links if (mark := mark_of(self.backup, link)) in there}

    def _uploaded(self) -> Mapping[str, str]:
        return {mark: link for link in self.data.upload_links() if (mark := mark_in(link))}

    def _upload(self, link: str, row: Mapping[str, Any]) -> None:
        name = upload_name(self.backup, link)
        with SpooledTemporaryFile(IN_MEMORY) as file:
            for piece in file_pieces(self.place, self.number, dict(row)):
                file.write(piece)
            file.seek(0)
            media = guess_type(name)[0] or "application/octet-stream"
            try:
                self.data.add_file(name, cast("IO[bytes]", file), media)
                self.made["files"] += 1
            except (Rejected, ServerFault) as error:
                self._fail(f"the file {link}", error)

    # ---- tasks -------------------------------------------------------------------------------

    def _missing(self, links: Mapping[str, str]) -> Iterator[tuple[tuple[int, dict[str, Any]], int]]:
        """The tasks that are not there, as they are sent, each with its number and its bytes in the backup."""
        saved = sized_rows(self.place, self.number, "tasks", self.entry)
        for number, (task, length) in enumerate(saved, 1):
            if not self.ids[number]:
                key = task_key(self.backup, self.number, number)
                yield (number, sent_task(task, key, self.people, links)), length

    def _send(self, batch: Sequence[tuple[int, dict[str, Any]]]) -> None:
        """Import tasks; of those that the server refuses together, it is asked one by one.

        Raises: ServerError, where it refuses many, or does not say what became of them.
        """
        try:
            self.data.add_tasks([task for _, task in batch])
        except (ResultUnknown, Rejected, ServerFault) as error:
            if isinstance(error, NotFound):
                raise
            lost = may_go_on(error)
            missing = self._still_missing(batch, self.settle if lost else 0.0)
            if lost and missing:
                raise
            self._apart(missing, error)

    def _still_missing(
        self, batch: Sequence[tuple[int, dict[str, Any]]], seconds: float
    ) -> list[tuple[int, dict[str, Any]]]:
        """Those of a batch that are not there, or do not come to be within so many seconds."""
        ends = time.monotonic() + seconds
        while True:
            self._look()
            missing = [one for one in batch if not self.ids[one[0]]]
            if not missing or time.monotonic() >= ends or self.stop.wait(1.0):
                return missing

    def _apart(self, batch: Sequence[tuple[int, dict[str, Any]]], error: ServerError) -> None:
        """Send the halves of what was refused as a whole."""
        if len(batch) == 1:
            self._fail(f"task {batch[0][0]:,} of the backup", error)
            return
        half = (len(batch) + 1) // 2
        for part in (batch[:half], batch[half:]):
            if part and not self.stop.is_set():
                self._send(part)

    def _fail(self, what: str, error: LsopsError) -> None:
        """Remember what was refused, and why. Raises: LsopsError, where that is too much."""
        first = error.findings[0]
        self.failed.append(Finding("LS672", f"{what}: {first.message}"))
        if len(self.failed) >= MOST_FAILED:
            raise error

    # ---- what belongs to tasks ---------------------------------------------------------------

    def _drafts(self) -> None:
        for number, task in enumerate(self._saved("tasks"), 1):
            live = self.ids[number]
            if not (live and has_drafts(task)):
                continue
            if self.stop.is_set():
                return
            for annotation, body in missing_drafts(task, self.data.task(live)):
                self._draft(number, live, annotation, body)

    def _draft(self, number: int, live: int, annotation: int | None, body: Mapping[str, Any]) -> None:
        try:
            self.data.add_draft(live, annotation, body)
            self.made["drafts"] += 1
        except (Rejected, ServerFault) as error:
            self._fail(f"a draft of task {number:,}", error)

    def _comments(self) -> None:
        """Comments on annotations; who wrote them is said in none, for each becomes the caller's."""
        numbers = {task.get("id"): number for number, task in enumerate(self._saved("tasks"), 1)}
        there = {_essence(one, one.get("annotation")) for one in self.data.comments()}
        ids: dict[Any, Any] = {}
        at = 0
        for comment in sorted(self._saved("comments"), key=lambda one: int(one.get("task") or 0)):
            live = self.ids[numbers.get(comment.get("task"), 0)]
            if self.stop.is_set():
                return
            if live and live != at:
                at, ids = live, {one.get("import_id"): one["id"] for one in self.data.task(live).get("annotations", ())}
            annotation = ids.get(comment.get("annotation")) if live else None
            if annotation is None:
                self.failed.append(Finding("LS672", "a comment: what it is on was not restored"))
            elif _essence(comment, annotation) not in there:
                self._comment(comment, annotation)

    def _comment(self, comment: Mapping[str, Any], annotation: int) -> None:
        kept = {name: comment[name] for name in _OF_COMMENT if comment.get(name) is not None}
        try:
            self.data.add_comment({**kept, "annotation": annotation})
            self.made["comments"] += 1
        except (Rejected, ServerFault) as error:
            self._fail("a comment", error)


_OF_COMMENT: Final = ("text", "is_resolved", "region_ref", "classifications")


def _essence(comment: Mapping[str, Any], annotation: Any) -> str:
    """What two comments have in common that are one."""
    return json.dumps([annotation, comment.get("text"), comment.get("region_ref"), comment.get("classifications")])
