"""Whether another label config may follow, given what annotations and drafts use of the one that is there.

Facts: community-api 2.5, the table of changes. Annotations that were imported are not seen. A control in use can never
go; a label in use can go by PATCH and is refused by `…/validate/`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lsops.sandbox.envelope import Invalid
from lsops.sandbox.fields import Bad
from lsops.sandbox.labelconfig import Parsed, data_types, parse
from lsops.sandbox.resource import Call
from lsops.sandbox.resources.projects.summary import Labels, counted, reset
from lsops.sandbox.store import Document


def check_follows(call: Call, project: Document, config: str, *, strict: bool) -> None:
    """Raise `Bad` if the config drops a control in use, or (`strict`) a label in use.

    A look at a project without tasks, or without annotations and drafts, empties its summary.
    """
    key = project["id"]
    if not call.store.count("task", "project = ?", (key,)):
        reset(call.store, key, columns=True)
    elif not data_types(config):
        return
    elif not any(call.store.count(table, "project = ?", (key,)) for table in ("annotation", "draft")):
        reset(call.store, key, columns=False)
    elif parsed := parse(config):
        used = counted(call.store, key)
        _check_controls(used["created_annotations"], parsed)
        _check_labels(used["created_labels"], used["created_labels_drafts"], parsed, strict=strict)


def refuse(bad: Bad) -> Invalid:
    """The same message, not tied to a field."""
    return Invalid(list(bad.error))


def _check_controls(used: Mapping[str, int], parsed: Parsed) -> None:
    known = {"|".join((name, ",".join(info["to_name"]), info["type"].lower())) for name, info in parsed.items()}
    lost = [key for key in used if key not in known and _is_lost(parsed, *key.split("|"))]
    if lost:
        lines = (f"{used[key]} with from_name={{}}, to_name={{}}, type={{}}".format(*key.split("|")) for key in lost)
        found = "\n".join(lines)
        raise Bad(f"Created annotations are incompatible with provided labeling schema, we found:\n{found}")


def _is_lost(parsed: Parsed, control: str, target: str, kind: str) -> bool:
    """Whether a control, its object or its type is gone; a text area is never missed."""
    if kind == "textarea":
        return False
    kinds = {info["type"].lower() for info in parsed.values()}
    shown = any(_fits(name, info, target) for info in parsed.values() for name in info["to_name"])
    return kind not in kinds or not shown or _named(control, parsed) is None


def _check_labels(annotated: Labels, drafted: Labels, parsed: Parsed, *, strict: bool) -> None:
    for control in {**annotated, **drafted}:
        counts = (annotated.get(control, {}), drafted.get(control, {}))
        used = dict.fromkeys((*counts[0], *counts[1]))
        named = _named(control, parsed)
        if named is None and used:
            total = sum(sum(part.values()) for part in counts)
            raise Bad(f'There are {total} annotation(s) created with tag "{control}", you can\'t remove it')
        lost = [label for label in used if label not in _labels(named, parsed)]
        if lost and strict and not _is_dynamic(control, parsed):
            lines = "".join(f"{label} ({_told(label, *counts)})\n" for label in lost)
            raise Bad(
                f"These labels still exist in annotations or drafts:\n{lines}"
                f'Please add labels to tag with name="{control}".'
            )


def _told(label: str, annotated: Mapping[str, int], drafted: Mapping[str, int]) -> str:
    counts = (("annotation", annotated.get(label, 0)), ("draft", drafted.get(label, 0)))
    return ", ".join(f"{count} {what}{'s' if count > 1 else ''}" for what, count in counts if count)


def _labels(control: str | None, parsed: Parsed) -> set[str]:
    """The labels that a control has; boxes in videos have those of every control."""
    own = set(parsed[control]["labels"]) if control in parsed else set()
    boxes = any(info["type"] == "VideoRectangle" for info in parsed.values())
    return own.union(*(info["labels"] for info in parsed.values())) if boxes else own


def _is_dynamic(control: str, parsed: Parsed) -> bool:
    """Whether the labels of a control come with each task."""
    return any(info.get("dynamic_labels") and _fits(name, info, control) for name, info in parsed.items())


def _named(control: str, parsed: Parsed) -> str | None:
    """The control of the config that a control in use belongs to: its own, or one of a repeater."""
    return next(_fitting(control, parsed), None)


def _fitting(control: str, parsed: Parsed) -> Iterator[str]:
    return (name for name, info in parsed.items() if _fits(name, info, control))


def _fits(name: str, info: Mapping[str, Any], used: str) -> bool:
    """Whether a name is the one in use; the index of a repeater stands for anything."""
    for index, pattern in info.get("regex", {}).items():
        name = name.replace(index, pattern)
    try:
        return re.fullmatch(name, used) is not None
    except re.error:
        return name == used
