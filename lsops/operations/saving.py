"""Saving one entry of a backup: its manifest, its tasks and what belongs to them, each sort as a whole."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from hashlib import md5
from itertools import chain
from threading import Event as Stop
from typing import TYPE_CHECKING, Any

from lsops.backup.content import TaskTotals, email_of
from lsops.backup.index import SavedEntry, saved_file_name
from lsops.backup.links import file_key, is_link, may_link
from lsops.backup.parts import PartWriter, part_lines
from lsops.backup.progress import BackupProgress
from lsops.depot.local import copied
from lsops.dumping.values import Dump
from lsops.engine.events import Event
from lsops.errors import LsopsError, Malformed, ServerError
from lsops.model.errand import Errand
from lsops.operations.interaction import Interaction
from lsops.server.json_list import objects_in

if TYPE_CHECKING:
    from typing_extensions import Self

    from lsops.kinds.projects.task_data import TaskData

VERB = "backup"


@dataclass(frozen=True, slots=True)
class Holder:
    """Something live that holds tasks."""

    address: str
    kind: str
    data: TaskData


def export_title(backup: str, number: int) -> str:
    """The title of the export of an entry, by which another run finds it."""
    return f"lsops backup {backup} {number}"


@dataclass
class Saving:
    """One entry while it is written, a sort after the other. `dump` gives its manifest."""

    dump: Callable[[], Dump]
    progress: BackupProgress
    number: int
    holder: Holder
    interaction: Interaction
    stop: Stop
    failed: list[Errand] = field(default_factory=list)
    links: Mapping[str, None] | None = None

    def save(self) -> None:
        """Write what is not written yet, unless somebody stops it. Raises: LsopsError."""
        self._tell("started")
        for sort, work in (
            ("manifest", self._manifest),
            ("tasks", self._tasks),
            ("comments", self._comments),
            ("files", self._files),
        ):
            if self.progress.lacks(self.number, sort):
                with PartWriter(self.progress.place, self.number, sort) as writer:
                    work(writer)
            if self.stop.is_set():
                return self._tell("skipped")
        return self._tell("done")

    @property
    def entry(self) -> SavedEntry:
        """What is known of it so far."""
        return self.progress.entries[self.number - 1]

    def _tell(self, name: Any, reason: str = "") -> None:
        self.interaction.listen(Event(name, self.holder.address, self.holder.kind, VERB, reason=reason))

    def _manifest(self, writer: PartWriter) -> None:
        made = self.dump()
        if made.failures:
            raise LsopsError(made.failures)
        for name, text in made.files.items():
            writer.add(json.dumps({"name": name, "text": text}))
        self.progress.keep(self.number, self.entry, "manifest", writer.done())

    def _tasks(self, writer: PartWriter) -> None:
        export = self.holder.data.export(export_title(self.progress.id, self.number))
        totals = TaskTotals()
        with self.holder.data.content(export) as download, _Checked(download.parts()) as checked:
            for task, text in objects_in(checked, "the list of tasks cannot be read"):
                writer.add(text if "\n" not in text else json.dumps(task))
                totals.add(task, text)
                if self.stop.is_set():
                    return
            checked.finish(export.md5)
        counts = {**self.entry.counts, **totals.counts}
        entry = replace(self.entry, counts=counts, people=tuple(sorted(totals.people)))
        self.progress.keep(self.number, entry, "tasks", writer.done())
        self.links = totals.links

    def _comments(self, writer: PartWriter) -> None:
        count, people = 0, set(self.entry.people)
        for comment in self.holder.data.comments():
            writer.add(json.dumps(comment))
            people.update(filter(None, [email_of(comment.get("created_by"))]))
            count += 1
        counts = {**self.entry.counts, "comments": count}
        entry = replace(self.entry, counts=counts, people=tuple(sorted(people)))
        self.progress.keep(self.number, entry, "comments", writer.done())

    def _files(self, writer: PartWriter) -> None:
        count = 0
        links = self._links()
        for link in chain(links, self._unnamed(links)):
            if self.stop.is_set():
                return
            try:
                writer.add(json.dumps(self._file(link)))
                count += 1
            except ServerError as error:
                self._fail(f"{link} is not in the backup", error)
        entry = replace(self.entry, counts={**self.entry.counts, "files": count})
        self.progress.keep(self.number, entry, "files", writer.done())

    def _links(self) -> Mapping[str, None]:
        """The links of all tasks, each once, in the order in which they come."""
        if self.links is None:  # a run before this one has written the tasks
            totals = TaskTotals()
            for line in part_lines(self.progress.place, self.number, "tasks", self.entry.parts["tasks"]):
                if may_link(text := line.decode()):
                    totals.add(json.loads(text), text)
            self.links = totals.links
        return self.links

    def _unnamed(self, links: Mapping[str, None]) -> Iterator[str]:
        """The links of the caller's uploaded files that no task has."""
        try:
            found = self.holder.data.upload_links()
        except ServerError as error:
            self._fail("uploaded files that no task names are not in the backup", error)
            return
        yield from (link for link in found if link not in links and is_link(link))

    def _fail(self, told: str, error: ServerError) -> None:
        message = f"{told}: {error.findings[0].message}"
        finding = replace(error.findings[0], message=message)
        self.failed.append(Errand(self.holder.address, "failed", message, finding=finding))

    def _file(self, link: str) -> dict[str, Any]:
        """The row of a file, which is downloaded unless a run before has done that. Raises: LsopsError."""
        place, name = self.progress.place, saved_file_name(self.number, file_key(link))
        if place.size(name) is not None:
            stored = copied(place.read(name), len)
        else:
            with self.holder.data.file(link) as download:
                stored = place.write(name, download.parts())
        return {"link": link, "bytes": stored.size, "sha256": stored.sha256}


MOST_WAITING = 16
"""Parts of an export that may wait for their checksum: they are of a MiB at most."""


class _Checked:
    """Parts of an export on their way, held against the checksum that the server gives at their end.

    The sum is made in a thread of its own, while the tasks of a part are read. It is a context: at its end nothing is
    being summed any more.
    """

    def __init__(self, parts: Iterator[bytes]) -> None:
        self._parts = parts
        self._sum = md5(usedforsecurity=False)
        self._worker = ThreadPoolExecutor(1)
        self._waiting: deque[Future[None]] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._worker.shutdown()

    def __iter__(self) -> Iterator[bytes]:
        for part in self._parts:
            self._waiting.append(self._worker.submit(self._sum.update, part))
            if len(self._waiting) > MOST_WAITING:
                self._waiting.popleft().result()
            yield part

    def finish(self, wanted: str) -> None:
        """Raises: Malformed, where what came is not what the server has."""
        for _ in self:
            pass
        for one in self._waiting:
            one.result()
        if wanted and wanted != self._sum.hexdigest():
            raise Malformed.of("the export of the tasks came otherwise than the server has it", hint="run again")
