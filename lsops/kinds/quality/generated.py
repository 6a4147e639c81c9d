"""Dimensions that the server makes of the label config, and what a manifest may say of them; this holds no kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lsops.difference import differences
from lsops.errors import Finding
from lsops.kinds.reader import Row
from lsops.model.address import split
from lsops.model.pairs import Pairs
from lsops.model.resource import Resource
from lsops.schema import kinds
from lsops.spelling import nearest

ADJUSTABLE = ("metric_type", "metric_params", "is_active")
"""What a manifest may set of one that the label config makes (Enterprise facts 7.7)."""


def is_generated(row: Row) -> bool:
    """Whether the server made a dimension of a control tag."""
    return row.get("is_user_defined") is False or row.get("control_tag") is not None


def control_tags(project: Row) -> frozenset[str]:
    """The names of the control tags of a project, as the server read its label config."""
    parsed = project.get("parsed_label_config")
    return frozenset(parsed) if isinstance(parsed, Mapping) else frozenset()


def misdeclared(item: Resource, live: Resource | None, pairs: Pairs) -> Iterator[Finding]:
    """Why a declared dimension cannot be as it is declared."""
    if live is not None and is_generated(live.raw):
        yield from _of_generated(item, live)
    elif live is None and not item.lifecycle.absent and "extraction_method" not in item.values:
        yield from _of_missing(item, pairs)


def _of_generated(item: Resource, live: Resource) -> Iterator[Finding]:
    if item.lifecycle.absent:
        message = f"{live.key} cannot be deleted: the label config makes it"
        yield Finding("LS540", message, item.address, item.source, "write is_active: false")
        return
    wanted = {name: value for name, value in item.values.items() if name not in ADJUSTABLE}
    for field in differences(wanted, live.values, kinds()[item.kind].fields(), ignore=item.lifecycle.ignore):
        name = split(field.path)[0]
        message = f"{name} of {live.key} is not a manifest's to set: the label config makes this dimension"
        hint = f"only {', '.join(ADJUSTABLE)} can be set: take {name} out"
        yield Finding("LS540", message, item.address, item.place(name), hint)


def _of_missing(item: Resource, pairs: Pairs) -> Iterator[Finding]:
    """One that does not say how it finds values is made by the label config, which in a new project shows later."""
    project = pairs.by_address.get(item.parent)
    held = pairs.live.collections.get(item.collection)
    if project is None or project.live is None or held is None or held.error is not None:
        return
    tags = _declared_tags(project.desired) or control_tags(project.live.raw)
    called = {str(row.raw.get("control_tag")): row.key for row in held.resources if is_generated(row.raw)}
    if item.key in called and called[item.key] != item.key:
        hint = f"the dimension of this control tag is called {called[item.key]}"
    elif item.key in tags:
        return
    else:
        near = nearest(item.key, [row.key for row in held.resources])
        hint = f'did you mean "{near}"?' if near else "one of your own needs extraction_method"
    message = f"the project has no dimension {item.key}, and no control tag of that name"
    yield Finding("LS541", message, item.address, item.source, hint)


def _declared_tags(project: Resource) -> frozenset[str]:
    text: Any = project.values.get("label_config")
    if not isinstance(text, str) or not text:
        return frozenset()
    from lsops.labelconfig import LabelConfigError, controls

    try:
        return frozenset(controls(text))
    except LabelConfigError:
        return frozenset()
