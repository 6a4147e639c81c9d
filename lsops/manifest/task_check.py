"""Tasks, with their annotations and predictions, held against a label config before an import."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lsops.errors import UsageError
from lsops.labelconfig import LabelConfigError, data_fields, objects
from lsops.labelconfig.annotation_schema import RELATION, Interface, of_control, of_relation, read_interface
from lsops.manifest.findings import Findings, listed, quote
from lsops.manifest.prescreen import compiled
from lsops.manifest.schema_messages import SchemaError, error_words, type_name
from lsops.manifest.task_files import TaskInFile
from lsops.model.resource import Resource
from lsops.spelling import Near

CONFIG_FIELD = "label_config"
_WORK = ("annotations", "predictions", "drafts")


@dataclass
class TaskCheck:
    """What tasks are held against, and what was found so far."""

    config: str
    address: str
    findings: Findings
    read: Interface = field(init=False)
    shown: frozenset[str] = field(init=False)
    named: frozenset[str] = field(init=False)
    _fits: dict[str, tuple[Callable[[Any], bool], Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.read = read_interface(self.config)
        fields = data_fields(self.config)
        values = {one.value.lstrip("$").split(".")[0].split("[")[0] for one in objects(self.config).values()}
        self.shown, self.named = fields & values, fields - values

    def task(self, task: TaskInFile) -> None:
        """Check one task, adding what is wrong."""
        for code, message, hint, is_error in self._of_task(task.value):
            words = f"task {task.number}: {message}"
            if is_error:
                self.findings.error(code, words, source=task.source, address=self.address, hint=hint)
            else:
                self.findings.warn(code, words, source=task.source, address=self.address)

    def _of_task(self, task: Any) -> Iterator[tuple[str, str, str | Near, bool]]:
        if not isinstance(task, Mapping):
            yield "LS143", f"a task is an object, not {type_name(task)}", "", True
            return
        data = task.get("data", {} if set(_WORK) & set(task) else task)
        if not isinstance(data, Mapping):
            yield "LS143", f"/data must be an object, not {type_name(data)}", "", True
            return
        for name in sorted((self.shown | self.named) - set(data)):
            hint = Near(name, [*data], f"the data have {listed(list(data)[:10])}" if data else "")
            yield "LS142", f"/data lacks {quote(name)}, which the label config shows", hint, name in self.shown
        for place in _WORK if data is not task else ():
            yield from ((*one, True) for one in self._of_work(task.get(place), f"/{place}"))

    def _of_work(self, work: Any, at: str) -> Iterator[tuple[str, str, str | Near]]:
        if work is None:
            return
        if not isinstance(work, list):
            yield "LS143", f"{at} must be a list, not {type_name(work)}", ""
            return
        for number, one in enumerate(work):
            result = one.get("result") if isinstance(one, Mapping) else None
            if not isinstance(result, list):
                yield "LS143", f"{at}/{number} must be an object with a list as its result", ""
                continue
            ids = {part.get("id") for part in result if isinstance(part, Mapping) and isinstance(part.get("id"), str)}
            for index, part in enumerate(result):
                told = self._of_result(part, ids)
                yield from (("LS144", f"{at}/{number}/result/{index}{words}", hint) for words, hint in told)

    def _of_result(self, result: Any, ids: set[Any]) -> Iterator[tuple[str, str | Near]]:
        if not isinstance(result, Mapping):
            yield f": a result is an object, not {type_name(result)}", ""
            return
        name = result.get("from_name")
        if result.get("type") == RELATION and name is None:
            yield from self._misfits(result, "")
            lost = [key for key in ("from_id", "to_id") if isinstance(result.get(key), str) and result[key] not in ids]
            yield from ((f"/{key}: there is no result with the id {quote(result[key])}", "") for key in lost)
            return
        known = self._control(name)
        if known is None:
            told = f"/from_name: {quote(name)} is no control of the label config" if name else " lacks from_name"
            hint = Near(name, [*self.read.entries]) if isinstance(name, str) else ""
            yield told, hint
            return
        yield from self._misfits(result, known)

    def _control(self, name: Any) -> str | None:
        """The control of a name; in a repeater, the one whose name has the number's place."""
        if not isinstance(name, str) or name in self.read.entries:
            return name if isinstance(name, str) else None
        repeated = (one for one in self.read.entries if any(flag in one for flag in self.read.flags))
        return next((one for one in repeated if self._schema(one)[1].matches_name(name)), None)

    def _schema(self, name: str) -> tuple[Callable[[Any], bool], _Slow]:
        if name not in self._fits:
            entry = self.read.entries.get(name)
            schema = of_control(name, entry, self.read) if entry else of_relation(self.read)
            self._fits[name] = (compiled(schema), _Slow(schema))
        return self._fits[name]

    def _misfits(self, result: Mapping[str, Any], name: str) -> Iterator[tuple[str, str | Near]]:
        fits, slow = self._schema(name)
        if not fits(result):
            yield from slow.misfits(result)


class _Slow:
    """A schema with the words of what does not fit it; jsonschema is imported when something may not."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self.schema = schema
        self._validator: Any = None

    def matches_name(self, name: str) -> bool:
        """Whether a control has such a name."""
        return compiled(self.schema["properties"]["from_name"])(name)

    def misfits(self, result: Mapping[str, Any]) -> Iterator[tuple[str, str | Near]]:
        """What does not fit, in the order of the result: its pointer with words, and what to do."""
        if self._validator is None:
            from jsonschema import Draft202012Validator

            self._validator = Draft202012Validator(self.schema)
        for error in self._validator.iter_errors(result):
            at = "".join(f"/{step}" for step in error.absolute_path)
            words, hint = _said(error)
            yield f"{at}{words}", hint


def _said(error: SchemaError) -> tuple[str, str | Near]:
    kind = str(error.validator)
    if kind == "required":
        return f" lacks {listed([key for key in error.validator_value if key not in error.instance])}", ""
    if kind == "additionalProperties":
        allowed = error.schema["properties"]
        unknown = [key for key in error.instance if key not in allowed]
        return f": {listed([quote(key) for key in unknown])} is no key of a result", Near(unknown[0], [*allowed])
    if kind == "enum" and isinstance(error.instance, str) and list(error.absolute_path)[:1] == ["value"]:
        allowed = error.validator_value
        told = f": {quote(error.instance)} is not one of {listed(allowed[:12])}{', …' if len(allowed) > 12 else ''}"
        return told, Near(error.instance, map(str, allowed))
    if kind == "anyOf":
        return " has not the form of any value that the control takes", ""
    found = error_words(error, "", error.schema)
    return f": {found.message.strip()}", found.hint


def check_tasks(tasks: Iterable[TaskInFile], config: str, address: str, findings: Findings) -> int:
    """Hold tasks against a label config, add what is wrong to the findings, and count the tasks.

    Raises:
        ManifestError: one of them cannot be read.
        UsageError: the label config cannot be.
    """
    try:
        check = TaskCheck(config, address, findings)
    except LabelConfigError as error:
        raise UsageError.of(f"the label config of {address} cannot be read: {error.message}") from error
    number = 0
    for task in tasks:
        check.task(task)
        number += 1
    return number


def configured(resources: tuple[Resource, ...]) -> Resource:
    """The one resource with a label config, against which tasks are held.

    Raises:
        UsageError: there is none, or there are several.
    """
    found = [one for one in resources if isinstance(one.values.get(CONFIG_FIELD), str)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise UsageError.of("nothing that is chosen has a label config, against which tasks are checked")
    names = listed([one.address for one in found[:5]])
    raise UsageError.of(
        f"--tasks is checked against one label config; {len(found)} are chosen: {names}", hint=f"-t {found[0].address}"
    )
