"""Files of tasks that entries name: read, counted, and held against the label config of the entry."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from lsops.errors import ManifestError, Source
from lsops.labelconfig import LabelConfigError
from lsops.manifest.files import MAX_BYTES, FileProblem, Folder
from lsops.manifest.findings import Findings, quote
from lsops.manifest.references import References
from lsops.manifest.task_check import TaskCheck
from lsops.manifest.task_files import TaskInFile, tasks_of
from lsops.manifest.value_place import Unresolvable, ValuePlace
from lsops.model.task_file import TaskFile

LARGEST: Final = 64 * MAX_BYTES
"""Bytes of a file of tasks that a manifest names."""


class SeedFiles:
    """Reads files of tasks for one manifest; what is wrong with them goes to `findings`."""

    def __init__(self, references: References, findings: Findings) -> None:
        self._references = references
        self._findings = findings

    def read(self, path: str, where: ValuePlace, config: Any) -> TaskFile | None:
        """What the file holds, each task held against the label config, if that is a text; None where it is wrong."""
        found = Findings()
        try:
            name, text = self._references.files.large(path, where, LARGEST)
            counts = _counted(tasks_of(text, name), found, where.address, _check(config, where.address, found))
        except Unresolvable:
            return None
        except ManifestError as error:
            for one in error.findings:
                self._findings.add(one)
            return None
        for one in (*found.errors, *found.warnings):
            self._findings.add(one)
        if not counts[0]:
            self._findings.error("LS680", f"the file {quote(path)} holds no task", source=Source(name, 1))
        return TaskFile(name, digest_of(text), *counts) if counts[0] and not found.errors else None


def digest_of(text: str) -> str:
    """What tells two files of tasks apart."""
    return hashlib.sha256(text.encode()).hexdigest()


def seed_of(folder: Path, file: TaskFile) -> Iterator[dict[str, Any]]:
    """The tasks of a file that was read before, each as it is imported: with its data in `data`.

    Raises: ManifestError, where the file has changed since, or cannot be read any more.
    """
    try:
        text = Folder(folder).read(file.name, LARGEST)
    except FileProblem as problem:
        raise ManifestError.of(f"the file {quote(file.name)}: {problem}", code="LS405") from problem
    if digest_of(text) != file.digest:
        raise ManifestError.of(f"the file {quote(file.name)} has changed since the plan was made", code="LS681")
    return (_importable(one.value) for one in tasks_of(text, file.name))


def _importable(task: dict[str, Any]) -> dict[str, Any]:
    return task if "data" in task else {"data": task}


def _check(config: Any, address: str, found: Findings) -> TaskCheck | None:
    """What tasks are held against; None where there is no label config, or it is wrong itself, which is told there."""
    try:
        return TaskCheck(config, address, found) if isinstance(config, str) else None
    except LabelConfigError:
        return None


def _counted(
    tasks: Iterator[TaskInFile], found: Findings, address: str, check: TaskCheck | None
) -> tuple[int, int, int]:
    """How many tasks, annotations and predictions there are."""
    number = annotations = predictions = 0
    for task in tasks:
        number += 1
        wrong = _why_not(task.value)
        if wrong:
            found.error("LS143", f"task {task.number}: {wrong}", source=task.source, address=address)
            continue
        if check is not None:
            check.task(task)
        annotations += _length(task.value, "annotations")
        predictions += _length(task.value, "predictions")
    return number, annotations, predictions


def _why_not(task: Any) -> str:
    """Why a task cannot be imported, whatever the label config is."""
    if not isinstance(task, Mapping):
        return "a task is an object"
    if "data" not in task and {"annotations", "predictions"} & set(task):
        return 'what is to be labelled is missing: the task has no "data"'
    if not isinstance(task.get("data", {}), Mapping):
        return "/data must be an object"
    if "data" in task and not isinstance(task.get("meta") or {}, Mapping):
        return "/meta must be an object"
    return ""


def _length(task: Mapping[str, Any], name: str) -> int:
    held = task.get(name) if "data" in task else None
    return len(held) if isinstance(held, list) else 0
