"""What annotations use of a label config, and whether another config may follow it.

Facts: community-api 2.5, the table of changes. Annotations that were imported are not seen. A
control in use can never go; a label in use can go by PATCH and is refused by `…/validate/`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from lsops.sandbox.envelope import Invalid
from lsops.sandbox.fields import Bad
from lsops.sandbox.labelconfig import Parsed, data_types, parse
from lsops.sandbox.resource import Call
from lsops.sandbox.store import Document

_Labels = dict[str, Counter[str]]


def controls_used(call: Call, project: int) -> Counter[str]:
    """How many results each `from|to|type` has."""
    return Counter(_control_key(result) for result in _results(call, project))


def labels_used(call: Call, project: int) -> _Labels:
    """How many results each label of each control has."""
    used: _Labels = defaultdict(Counter)
    for result in _results(call, project):
        value = result.get("value", {}).get(result["type"])
        used[result["from_name"]].update(_flat(value if isinstance(value, list) else []))
    return used


def check_follows(call: Call, project: Document, config: str, *, strict: bool) -> None:
    """Raise `Bad` if the config drops a control in use, or (`strict`) a label in use."""
    if not data_types(config) or not controls_used(call, project["id"]):
        return
    parsed = parse(config)
    if not parsed:
        return
    _check_controls(controls_used(call, project["id"]), parsed)
    if strict:
        _check_labels(labels_used(call, project["id"]), parsed)


def refuse(bad: Bad) -> Invalid:
    """The same message, not tied to a field."""
    return Invalid(list(bad.error))


def _check_controls(used: Counter[str], parsed: Parsed) -> None:
    known = {"|".join((name, ",".join(info["to_name"]), info["type"].lower())) for name, info in parsed.items()}
    lost = [key for key in used if key not in known and not key.endswith("|textarea")]
    if lost:
        lines = (f"{used[key]} with from_name={{}}, to_name={{}}, type={{}}".format(*key.split("|")) for key in lost)
        found = "\n".join(lines)
        raise Bad(f"Created annotations are incompatible with provided labeling schema, we found:\n{found}")


def _check_labels(used: _Labels, parsed: Parsed) -> None:
    for control, labels in used.items():
        info = parsed.get(control, {"labels": []})
        lost = [label for label in labels if label not in info["labels"]]
        if lost and not info.get("dynamic_labels"):
            lines = "".join(f"{label} ({_annotations(labels[label])})\n" for label in lost)
            raise Bad(
                f"These labels still exist in annotations or drafts:\n{lines}"
                f'Please add labels to tag with name="{control}".'
            )


def _annotations(count: int) -> str:
    return f"{count} annotation{'s' if count > 1 else ''}"


def _results(call: Call, project: int) -> Iterator[dict[str, Any]]:
    for annotation in call.store.find("annotation", "project = ? AND imported = 0", (project,)):
        for result in annotation["result"] or []:
            if isinstance(result, dict) and {"from_name", "to_name", "type"} <= result.keys():
                yield result


def _control_key(result: dict[str, Any]) -> str:
    return "|".join((result["from_name"], result["to_name"], result["type"].lower()))


def _flat(value: list[Any]) -> Iterator[str]:
    """Labels, also those inside the paths of a taxonomy."""
    for item in value:
        if isinstance(item, list):
            yield from _flat(item)
        elif isinstance(item, str):
            yield item
