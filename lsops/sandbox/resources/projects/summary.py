"""The summary of a project: what its tasks, annotations and drafts have in them, counted as it happens.

Whether a label config may follow another one is decided by these counters (community-api 2.5), and they drift, as on
the server: a deleted task leaves the counts of its annotations behind, an annotation counts the columns of its task
again, a changed draft counts its labels twice, and a deleted annotation that leaves a single one forgets the counts of
that. Imports count columns only, so what was annotated elsewhere is protected by nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from lsops.sandbox.envelope import Crash
from lsops.sandbox.store import Column, Document, Store, Table

Labels = dict[str, dict[str, int]]

TABLE = Table("summary", (Column("project", references="project"),))
COLUMNS: dict[str, Any] = {"all_data_columns": {}, "common_data_columns": []}
USED: dict[str, Any] = {"created_annotations": {}, "created_labels": {}, "created_labels_drafts": {}}
_UNCOUNTED = ("relation", "pairwise", None)


def counted(store: Store, project: int) -> Document:
    """The counters of a project; all empty before the first thing happens in it."""
    kept = store.find("summary", "project = ?", (project,))
    return kept[0] if kept else {"project": project, **COLUMNS, **USED}


def reset(store: Store, project: int, *, columns: bool) -> None:
    """Forget what annotations and drafts use, and the columns of tasks if told to."""
    _keep(store, {**counted(store, project), **(COLUMNS if columns else {}), **USED})


def add_columns(store: Store, project: int, tasks: Iterable[Any]) -> None:
    """Count the columns of tasks; common are those that every task of every call had."""
    known = counted(store, project)
    columns, common = dict(known["all_data_columns"]), set[str]()
    for data in tasks:
        for name in data:
            columns[name] = columns.get(name, 0) + 1
        common = common & set(data) if common else set(data)
    kept = set(known["common_data_columns"])
    both = sorted(kept & common if kept else common)
    _keep(store, {**known, "all_data_columns": columns, "common_data_columns": both})


def drop_columns(store: Store, project: int, data: Any) -> None:
    """Count the columns of a task back; one that nobody has any more is not common, either."""
    known = counted(store, project)
    columns = {name: count - (name in data) for name, count in known["all_data_columns"].items()}
    common = [name for name in known["common_data_columns"] if columns.get(name) != 0]
    left = {name: count for name, count in columns.items() if count}
    _keep(store, {**known, "all_data_columns": left, "common_data_columns": common})


def add_annotation(store: Store, project: int, results: Any) -> None:
    """Count the controls and labels of an annotation."""
    known = counted(store, project)
    controls, labels = dict(known["created_annotations"]), _copied(known["created_labels"])
    for key, result in _counted(results):
        controls[key] = controls.get(key, 0) + 1
        _count_labels(labels, result, afresh=result["from_name"] not in known["created_labels"])
    _keep(store, {**known, "created_annotations": controls, "created_labels": labels})


def drop_annotation(store: Store, project: int, results: Any) -> None:
    """Count an annotation back. Where the project has a single one, all is forgotten, whosever it was."""
    known = counted(store, project)
    controls, labels = dict(known["created_annotations"]), _copied(known["created_labels"])
    if store.count("annotation", "project = ?", (project,)) == 1:
        controls, labels = {}, {}
    for key, result in _counted(results):
        controls[key] = controls.get(key, 0) - 1
        _drop_labels(labels, result)
    left = {key: count for key, count in controls.items() if count > 0}
    _keep(store, {**known, "created_annotations": left, "created_labels": labels})


def add_draft(store: Store, project: int, results: Any) -> None:
    """Count the labels of a draft, each time that it is saved."""
    known = counted(store, project)
    labels = _copied(known["created_labels_drafts"])
    for result in _named(results):
        _count_labels(labels, result, afresh=result["from_name"] not in known["created_labels_drafts"])
    _keep(store, {**known, "created_labels_drafts": labels})


def drop_draft(store: Store, project: int, results: Any) -> None:
    """Count a draft back that is about to go; the last one of a project takes all counts along."""
    known = counted(store, project)
    labels = _copied(known["created_labels_drafts"])
    if store.count("draft", "project = ?", (project,)) == 1:
        labels = {}
    for result in _named(results):
        _drop_labels(labels, result)
    _keep(store, {**known, "created_labels_drafts": labels})


def _keep(store: Store, changed: Document) -> None:
    if "id" in changed:
        store.replace("summary", changed)
    else:
        store.insert("summary", changed)


def _copied(labels: Labels) -> Labels:
    return {control: dict(counts) for control, counts in labels.items()}


def _named(results: Any) -> Iterator[Document]:
    """The results that name a control."""
    for result in results if isinstance(results, list) else []:
        if not isinstance(result, dict):
            raise Crash(f"'{type(result).__name__}' object has no attribute 'get'")
        if "from_name" in result:
            yield result


def _counted(results: Any) -> Iterator[tuple[str, Document]]:
    """The results that count, each with its `from|to|type`."""
    for result in _named(results):
        kind = result.get("type")
        if kind not in _UNCOUNTED and "to_name" in result:
            target = result["to_name"]
            joined = ",".join(target) if isinstance(target, list) else target
            yield "|".join((result["from_name"], joined, kind.lower())), result


def _count_labels(labels: Labels, result: Document, *, afresh: bool) -> None:
    """`afresh`: the control was unknown before this call, and then each of its results starts again."""
    counts = {} if afresh else labels.setdefault(result["from_name"], {})
    labels[result["from_name"]] = counts
    for label in _labels_of(result):
        counts[label] = counts.get(label, 0) + 1


def _drop_labels(labels: Labels, result: Document) -> None:
    counts = labels.get(result["from_name"])
    if counts is None:
        return
    for label in _labels_of(result):
        if counts.get(label, 0) > 1:
            counts[label] -= 1
        else:
            counts.pop(label, None)
    if not counts:
        labels.pop(result["from_name"])


def _labels_of(result: Document) -> list[str]:
    """The labels of a result: a list below its type; of a taxonomy's paths every part."""
    kind = "labels" if result.get("type") == "videorectangle" else result.get("type")
    if "value" not in result:
        raise Crash("'value'")
    value = result["value"].get(kind)
    if not isinstance(value, list) or kind == "text":
        return []
    paths = ((label if kind == "taxonomy" and isinstance(label, list) else [label]) for label in value)
    return [str(part) for path in paths for part in path]
