"""What the server checks in tasks that are made or imported, in its order and its words.

Facts: community-api 2.5, and measured: a task is an object with `data` (and `meta`, `annotations`, `predictions`), or
is its data itself; data has the keys that the label config shows, each of a type that its tag takes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial, reduce
from operator import getitem
from typing import Any

from lsops.sandbox.envelope import Crash, Invalid
from lsops.sandbox.fields import Bad, attempt
from lsops.sandbox.store import Document

_NO_TASK = 'Task root must be dict with "data", "meta", "annotations", "predictions" fields'
_AS_DATA = ' [assume: item["data"] = task root with values]'
_AS_ROOT = " [assume: item as is = task root with values] "
_MOST_ERRORS = 100
_LISTS: tuple[type, ...] = (str, list)
_TABLES: tuple[type, ...] = (dict, list, str)
_TAKES: dict[str, tuple[type, ...]] = {
    "Text": (str, int, float, list),
    "Header": (str, int, float),
    "HyperText": (str,),
    **dict.fromkeys(("Paragraphs", "Chat", "List", "Ranker"), (list, str)),
    **dict.fromkeys(("Table", "TimeSeries", "TimeSeriesChannel"), _TABLES),
    **dict.fromkeys(("Image", "Choices", "Labels"), _LISTS),
    **dict.fromkeys((f"{shape}Labels" for shape in ("Polygon", "Brush", "Ellipse", "HyperText", "KeyPoint")), _LISTS),
    **dict.fromkeys((f"{shape}Labels" for shape in ("Paragraph", "Rectangle", "TimeSeries")), _LISTS),
    "Taxonomy": (str, list, type(None)),
}
_OTHER: tuple[type, ...] = (str,)

UNNAMED = "$undefined$"
"""The key of data that came from a file without names."""

Find = Callable[[Any], "int | None"]


def check_tasks(project: Mapping[str, Any], items: Sequence[Any]) -> list[Document]:
    """The tasks of an import; `Invalid` has a place for each, empty for those that are right."""
    checked = [attempt(partial(check_task, project), item) for item in items]
    errors = [error and f"Error at item {at}: {error[0]} :: {items[at]}" for at, (_, error) in enumerate(checked)]
    if any(errors):
        raise Invalid(list(_cut(errors)))
    return [task for task, _ in checked]


def _cut(errors: Sequence[str | None]) -> Iterator[Any]:
    """All up to the first error that is not among the first hundred; it is not told."""
    for count, error in enumerate(errors, 1):
        if error and count >= _MOST_ERRORS:
            yield "..."
            return
        yield error or {}


def check_task(project: Mapping[str, Any], task: Any) -> Document:
    """The task, with its data below `data`; `Bad` with what is wrong first."""
    if not isinstance(task, dict):
        raise Bad(_NO_TASK)
    if "data" not in task:
        _check_data(project, task, _AS_ROOT)
        return {"data": task}
    _check_class(task, "data", dict, list)
    _check_data(project, task["data"], _AS_DATA)
    _check_class(task, "annotations", list)
    for annotation in _objects(task, "annotations"):
        if "result" not in annotation:
            raise Bad('Annotation must have "result" fields')
        if not isinstance(annotation["result"], list):
            raise Bad('"result" field in annotation must be list')
    _check_class(task, "predictions", list)
    if any("result" not in prediction for prediction in _objects(task, "predictions")):
        raise Bad('Prediction must have "result" fields')
    _check_class(task, "meta", dict, list)
    return task


def author(annotation: Any, by_email: Find, by_id: Find) -> int | None:
    """Who made an imported annotation, None for whoever imports; anybody who is no member is refused."""
    if not isinstance(annotation, dict):
        raise Crash(f"'{type(annotation).__name__}' object has no attribute 'get'")
    given = annotation.get("completed_by")
    if given is None:
        return None
    if isinstance(given, dict):
        return _by_email(given, by_email)
    found = by_id(given) if isinstance(given, int) else None
    if found is None:
        raise Invalid([f"Import data contains completed_by={given} which is not a valid annotator's email or ID"])
    return found


def _by_email(given: Document, by_email: Find) -> int:
    if "email" not in given:
        raise Invalid(["It's expected to have 'email' field in 'completed_by' data in annotations"])
    found = by_email(given["email"])
    if found is None:
        raise Invalid([f"Unknown annotator's email {given['email']}"])
    return found


def _objects(task: Document, name: str) -> Iterable[Document]:
    return (item for item in task.get(name, []) if isinstance(item, dict))


def _check_class(task: Document, name: str, *classes: type) -> None:
    if name in task and not isinstance(task[name], classes):
        raise Bad(f"Task[{name}] must be {' or '.join(one.__name__ for one in classes)}")


def named(types: Mapping[str, str], data: Any) -> Any:
    """Data where what had no name in its file goes by the first key of the label config."""
    if not isinstance(data, dict) or UNNAMED not in data:
        return data
    name = next(iter(types), UNNAMED)
    return {name if key == UNNAMED else key: value for key, value in data.items()}


def _check_data(project: Mapping[str, Any], data: Any, assumed: str) -> None:
    data = named(project["data_types"], data)
    for key, tag in project["data_types"].items():
        if problem := _problem(data, key, tag):
            raise Bad(problem + assumed)


def _problem(data: Any, key: str, tag: str) -> str:
    """What is wrong with one key of the data: `a.b` looks inside, `a[{{i}}]` needs a list."""
    name, repeated, _ = key.partition("[")
    try:
        value = _value(data, name)
    except KeyError:
        return f'"{name}" key is expected in task data'
    except TypeError as error:
        raise Crash(str(error)) from error
    takes = (list,) if repeated else _TAKES.get(tag, _OTHER)
    if isinstance(value, takes):
        return ""
    return (
        f"data['{name}']={value} is of type '{type(value).__name__}', "
        f"but the object tag {tag} expects the following types: {[one.__name__ for one in takes]}"
    )


def _value(data: Any, name: str) -> Any:
    if "." in name:
        return reduce(getitem, name.split("."), data)
    if name not in data:
        raise KeyError(name)
    return data[name]
