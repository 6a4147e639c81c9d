"""Weights of labels and controls that a label config does not have; this module holds no kind.

The server stores such weights where they come alone, and drops them with the next label config (Community facts 2.4):
a plan would find them missing again and again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from lsops.errors import Finding, Source
from lsops.kinds.projects.labels_in_use import FIELD as CONFIG
from lsops.model.address import join
from lsops.model.pairs import Pair
from lsops.model.resource import Resource

FIELD = "control_weights"
MOST = 100
"""Findings of one project; where there are more, the last says how many."""
SHOWN = 60


def unknown(projects: Iterable[Resource]) -> Iterator[Finding]:
    """Of projects that declare weights and the label config."""
    for item in projects:
        if _is_declared(item):
            yield from _findings(item, item.values[CONFIG])


def unknown_live(pairs: Iterable[Pair]) -> Iterator[Finding]:
    """Of projects that declare weights, and leave the label config to the server."""
    for item, live, _ in pairs:
        if FIELD in item.values and live is not None and not _is_declared(item):
            yield from _findings(item, live.values.get(CONFIG))


def chosen(values: Mapping[str, Any]) -> dict[str, Any]:
    """The weights of a live project that somebody chose: not 1.0, and of what its label config has."""
    held = values.get(FIELD)
    found = {name: _not_one(weight) for name, weight in held.items()} if isinstance(held, Mapping) else {}
    found = {name: weight for name, weight in found.items() if weight}
    return _of_config(found, values.get(CONFIG)) if found else {}


def _not_one(weight: Any) -> dict[str, Any]:
    if not isinstance(weight, Mapping):
        return {}
    labels = weight.get("labels")
    kept = {name: value for name, value in labels.items() if value != 1} if isinstance(labels, Mapping) else {}
    own = {"overall": weight["overall"]} if weight.get("overall", 1) != 1 else {}
    return {**own, **({"labels": kept} if kept else {})}


def _of_config(found: Mapping[str, dict[str, Any]], config: Any) -> dict[str, Any]:
    from lsops.labelconfig import LabelConfigError, label_choices

    try:
        known = label_choices(config) if isinstance(config, str) else {}
    except LabelConfigError:
        return {}
    result: dict[str, Any] = {}
    for name, weight in found.items():
        choices = known.get(name)
        labels = weight.get("labels", {})
        kept = {label: value for label, value in labels.items() if choices is None or label in choices}
        own = {**weight, "labels": kept} if kept else {"overall": weight["overall"]} if "overall" in weight else {}
        result |= {name: own} if name in known and own else {}
    return result


def _is_declared(item: Resource) -> bool:
    return CONFIG in item.values and not {CONFIG, join(CONFIG)} & set(item.lifecycle.ignore)


def _findings(item: Resource, config: Any) -> Iterator[Finding]:
    from lsops.labelconfig import LabelConfigError, label_choices

    weights = item.values.get(FIELD)
    is_left_alone = item.lifecycle.absent or {FIELD, f"/{FIELD}"} & set(item.lifecycle.ignore)
    if not isinstance(weights, Mapping) or not isinstance(config, str) or is_left_alone:
        return
    try:
        known = label_choices(config)
    except LabelConfigError:
        return
    weighted = [name for name in weights if join(FIELD, name) not in item.lifecycle.ignore]
    found = [pair for name in weighted for pair in _unknown(weights, name, known)]
    kept = found if len(found) <= MOST else found[: MOST - 1]
    for message, place in kept:
        yield _finding(item, message, place)
    if len(found) > len(kept):
        yield _finding(item, f"and {len(found) - len(kept)} more of this kind", found[len(kept)][1])


def _unknown(
    weights: Mapping[str, Any], name: str, known: Mapping[str, frozenset[str] | None]
) -> Iterator[tuple[str, Source | None]]:
    if name not in known:
        yield f'the label config has no control "{_cut(name)}"', _place(weights, name)
    value, choices = weights[name], known.get(name)
    labels = value.get("labels") if isinstance(value, Mapping) else None
    if choices is None or not isinstance(labels, Mapping):
        return
    for label in labels:
        if label not in choices:
            yield f'"{_cut(name)}" has no label "{_cut(label)}" in the label config', _place(labels, label)


def _finding(item: Resource, message: str, place: Source | None) -> Finding:
    hint = "take its weight out, too: the server drops it with the next label config"
    return Finding("LS127", f"{FIELD}: {message}", item.address, place or item.place(FIELD), hint)


def _cut(name: str) -> str:
    return name if len(name) <= SHOWN else f"{name[:SHOWN]}…"


def _place(values: Mapping[str, Any], name: str) -> Source | None:
    where = getattr(values, "key_source", None)
    found: Source | None = where(name) if where else None
    return found
