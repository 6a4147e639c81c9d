"""The action that renames a label in all annotations of a project, whatever is selected (community-api 11).

It works where the results keep the labels under the lower-case name of the control: not for Taxonomy, whose labels are
paths, nor for Pairwise, whose are no list; and as on SQLite only for a label that stands in JSON as it is. Drafts of no
annotation and predictions keep the old name, those of a renamed annotation are deleted, and a merge leaves doubles.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from lsops.sandbox.envelope import Invalid
from lsops.sandbox.resource import Call
from lsops.sandbox.resources.drafts import drop as drop_draft
from lsops.sandbox.resources.projects import summary
from lsops.sandbox.store import Document

_WRONG = "Wrong old label name, it is not from labeling config: "
_BATCH = 500


def rename_labels(call: Call, project: Document, _ids: Sequence[int]) -> Document:
    """Rename, and count everything that the project has anew."""
    control, old, new = (call.body.get(name) for name in ("control_tag", "old_label_name", "new_label_name"))
    controls = project["parsed_label_config"]
    if control not in controls:
        raise Invalid([f"{_WRONG}{old}"])
    kind = controls[control]["type"].lower()
    labels = annotations = 0
    for annotation in _annotations(call, project):
        if not _is_found(annotation["result"], str(control), str(old)):
            continue
        changed, count = _renamed(annotation["result"] or [], (control, kind, old, new))
        if count:
            for draft in call.store.find("draft", "annotation = ?", (annotation["id"],)):
                drop_draft(call, draft)
            call.store.replace("annotation", {**annotation, "result": changed})
            labels, annotations = labels + count, annotations + 1
    _count_anew(call, project)
    return {"detail": f"Updated {labels} labels in {annotations}"}


def _is_found(result: Any, *texts: str) -> bool:
    """As the server looks for them in the text of a result, in which JSON escapes what it escapes."""
    text = json.dumps(result).lower()
    return all(part.lower() in text for part in texts)


def _renamed(result: Sequence[Any], wish: tuple[str, str, Any, Any]) -> tuple[list[Any], int]:
    control, kind, old, new = wish
    changed, count = [], 0
    for region in result:
        labels = region.get("value", {}).get(kind, [])
        if region.get("from_name") == control and old in labels:
            count += labels.count(old)
            renamed = [new if label == old else label for label in labels]
            changed.append({**region, "value": {**region["value"], kind: renamed}})
        else:
            changed.append(region)
    return changed, count


def _annotations(call: Call, project: Document) -> Iterator[Document]:
    last = 0
    where = "project = ? AND id > ?"
    while batch := call.store.find("annotation", where, (project["id"], last), limit=f"LIMIT {_BATCH}"):
        last = batch[-1]["id"]
        yield from batch


def _count_anew(call: Call, project: Document) -> None:
    summary.reset(call.store, project["id"], columns=True)
    rows = call.store.find("task", "project = ?", (project["id"],))
    summary.add_columns(call.store, project["id"], (task["data"] for task in rows))
    results = [region for annotation in _annotations(call, project) for region in annotation["result"] or ()]
    summary.add_annotation(call.store, project["id"], results)
