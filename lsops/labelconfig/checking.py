"""Offline answer to "would Label Studio take this label config, and should it?".

The refusals are those of `POST /api/projects/validate/` of Community 1.23.2 (community-api.md 2.5), including
configs that it answers with a 500.
"""

from __future__ import annotations

from collections.abc import Iterator

from lsops.labelconfig import crashes, names, rules
from lsops.labelconfig.advice import advice
from lsops.labelconfig.interface import is_object
from lsops.labelconfig.issue import Issue
from lsops.labelconfig.rules import Complaint, as_tag, brief
from lsops.labelconfig.tally import IssueTally
from lsops.labelconfig.tree import LabelConfigError, Node, read_document

_SLOWEST, _FASTEST = 0.05, 10.0


def check(text: str) -> list[Issue]:
    """Every issue of a label config, in the order of the text; an empty list means that there is none.

    Errors: LS120 (no other issue is looked for then) and LS121. Warnings: LS122 to LS126. Never raises.
    """
    try:
        root = read_document(text, namespaces="xmlns" in text).children[-1]
    except LabelConfigError as error:
        return [Issue("error", "LS120", error.message, error.line, error.column, error.hint)]
    found = IssueTally()
    for node, why in _refusals(text.strip(), root):
        found.add("error", "LS121", why, node)
    for node, code, why in advice(root):
        found.add("warning", code, why, node)
    return found.issues()


def _refusals(text: str, root: Node) -> Iterator[Complaint]:
    yield from rules.complaints(root)
    yield from names.complaints(text, root)
    yield from _playback_speeds(root)
    yield from crashes.complaints(text, root)


def _playback_speeds(root: Node) -> Iterator[Complaint]:
    for node in root.iter():
        if node.tag.lower() == "video" and is_object(node):
            yield from ((node, f"{as_tag(node)}: {why}") for why in _speed_faults(node))


def _speed_faults(video: Node) -> Iterator[str]:
    """Speeds lie between 0.05 and 10, and the least is not above the default (SDK 2.0, tag `Video`)."""
    speeds: dict[str, float] = {}
    for key in ("defaultPlaybackSpeed", "minPlaybackSpeed"):
        raw = _either_case(video, key)
        if not raw.strip():
            continue
        try:
            speeds[key] = float(raw)
        except ValueError:
            yield f'{key}="{brief(raw)}" is not a number'
            continue
        if not _SLOWEST <= speeds[key] <= _FASTEST:
            yield f'{key}="{brief(raw)}" is not between {_SLOWEST} and {_FASTEST:g}'
    if speeds.get("minPlaybackSpeed", float("-inf")) > speeds.get("defaultPlaybackSpeed", float("inf")):
        yield "minPlaybackSpeed is above defaultPlaybackSpeed"


def _either_case(node: Node, key: str) -> str:
    return node.attributes.get(key, node.attributes.get(key.lower(), ""))
