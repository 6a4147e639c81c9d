"""Tasks of a file for a new project as a change of its own; this module holds no kind.

Each task carries in its `meta` which one of which file it is. By that a project is recognised that has some of them, as
a kill leaves it, and gets the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from lsops.identity import live_identity
from lsops.kinds.projects.labels_in_use import count
from lsops.kinds.reader import Row
from lsops.model.address import below
from lsops.model.plan import Change, FieldChange
from lsops.model.resource import UNSET, Resource
from lsops.model.task_file import TaskFile
from lsops.model.view import PlanView
from lsops.signs import plural

if TYPE_CHECKING:
    from lsops.server.session import Session

NAME: Final = "seed_tasks"
PATH: Final = f"/{NAME}/tasks"
SEEDED: Final = "_seeded"
"""Where a row has whether all tasks of its project are of the file that its entry names."""
_META, _OURS, _KEY, _DIGITS = "meta", "lsops", "seed", 16


class Foreign(Exception):
    """A project has a task that is not of the file."""


def with_seed_key(task: Mapping[str, Any], file: TaskFile, number: int) -> dict[str, Any]:
    """The task with the key that tells which one of the file it is."""
    meta = task.get(_META) or {}
    ours = meta.get(_OURS)
    key = f"{file.digest[:_DIGITS]}/{number}"
    return {**task, _META: {**meta, _OURS: {**(ours if isinstance(ours, dict) else {}), _KEY: key}}}


def numbers_there(session: Session, project: int, file: TaskFile) -> set[int]:
    """Which tasks of a file a project has.

    Raises:
        Foreign: it has others, or one of them twice.
        ServerError: it cannot be read.
    """
    from lsops.kinds.projects.task_pages import marked_tasks

    found: set[int] = set()
    for task in marked_tasks(session, project):
        number = _number(task, file)
        if number is None or number in found:
            raise Foreign
        found.add(number)
    return found


def is_seeded(session: Session, project: int, file: TaskFile) -> bool:
    """Whether a project has no other tasks than some of a file. Raises: ServerError."""
    try:
        return bool(numbers_there(session, project, file))
    except Foreign:
        return False


def file_of(item: Resource) -> TaskFile | None:
    """The file that an entry names."""
    file = item.own.get(NAME)
    return file if isinstance(file, TaskFile) and not item.lifecycle.absent else None


def is_partly_filled(row: Row, file: TaskFile) -> bool:
    """Whether a project has some tasks, and fewer than the file."""
    return 0 < (count(row, "task_number") or 0) < file.tasks


def seeds_in(view: PlanView) -> Iterator[Change]:
    """The changes that import the tasks of files, each after its project."""
    for item in view.declared("/projects"):
        file = file_of(item)
        if file is None:
            continue
        live = view.live_of(item.address)
        before = _before(item, live, file, view)
        if before is not None:
            yield _change(item, live, file, before)


def _before(item: Resource, live: Resource | None, file: TaskFile, view: PlanView) -> Any:
    """How many tasks a project has that is to get those of a file; UNSET for a new one, None where it gets none."""
    if live is None:
        change = view.changes.get(item.address)
        return UNSET if change is not None and change.action == "create" else None
    number = count(live.raw, "task_number")
    if item.address in view.parents or number is None or number >= file.tasks:
        return None
    return number if number == 0 or live.raw.get(SEEDED) else None


def _change(item: Resource, live: Resource | None, file: TaskFile, before: Any) -> Change:
    place = item.place(NAME)
    return Change(
        address=below(item.address, NAME),
        kind=item.kind,
        action="update",
        remote_id=live_identity(live, item.address) if live is not None else {},
        fields=(
            FieldChange(PATH, before, file.tasks, place),
            FieldChange(f"/{NAME}/sha256", UNSET, file.digest[:_DIGITS], place),
        ),
        requires=(item.address,),
        effects=(_effect(file, 0 if before is UNSET else before),),
        source=place,
        after=item,
        part_of=item.address,
    )


def _effect(file: TaskFile, there: int) -> str:
    held = [(file.annotations, "annotation"), (file.predictions, "prediction")]
    more = " and ".join(plural(number, word) for number, word in held if number)
    if there:
        return f"goes on to import {file.name}: {plural(file.tasks - there, 'task')} of it to come"
    return f"imports {plural(file.tasks, 'task')}{' with ' + more if more else ''} from {file.name}"


def _number(task: Mapping[str, Any], file: TaskFile) -> int | None:
    """Which task of the file it is; None for another."""
    meta = task.get(_META)
    ours = meta.get(_OURS) if isinstance(meta, dict) else None
    key = ours.get(_KEY) if isinstance(ours, dict) else None
    digest, _, number = key.partition("/") if isinstance(key, str) else ("", "", "")
    return int(number) if digest == file.digest[:_DIGITS] and number.isdecimal() else None
