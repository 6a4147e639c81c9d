"""`lifecycle:` of one entry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lsops.errors import Finding, Source
from lsops.manifest.checks import Profile, check_document, lifecycle_document
from lsops.manifest.findings import quote
from lsops.manifest.messages import Subject
from lsops.manifest.positions import Map, Seq
from lsops.model.address import split
from lsops.model.resource import Lifecycle
from lsops.schema import KindSchema, never_gone, of_server, settable
from lsops.spelling import Near
from lsops.tally import Misspelt

RENAMED = "renamed_labels"
OF_WHICH = ("id", "renamed_from", "new")
"""The rules that say which of the live resources an entry is, or that it is none of them."""


def read_lifecycle(value: Map, address: str) -> tuple[Lifecycle, list[Finding]]:
    """What a `lifecycle` says, and what is wrong with its shape: then it says nothing."""
    findings = check_document(value, Subject("lifecycle", lifecycle_document(), address), lifecycle_document)
    if findings:
        return Lifecycle(), findings
    ignore = tuple(pointer(name) for name in value.get("ignore", ()))
    renamed = ((control, old, new) for control, names in value.get(RENAMED, {}).items() for old, new in names.items())
    place = value.key_source(RENAMED) if RENAMED in value else None
    rules = {**value, "ignore": ignore, RENAMED: tuple(sorted(renamed)), "renaming_source": place}
    return Lifecycle(**rules), []


def pointer(name: str) -> str:
    """A field, or a pointer below the entry, as a pointer."""
    return name if name.startswith("/") else f"/{name}"


def contradictions(value: Map, told: Lifecycle, kind: KindSchema, *, key: str, address: str) -> Iterator[Finding]:
    """Rules of one lifecycle that cannot hold together."""
    if told.protect and told.absent:
        yield Finding("LS505", "protect and absent contradict each other", address, value.key_source("absent"))
    if told.renamed_from is not None and told.absent and not kind.singleton:
        message = "renamed_from and absent contradict each other: write absent at the old name"
        yield Finding("LS505", message, address, value.key_source("renamed_from"))
    if told.renamed_from is not None and told.renamed_from.strip() == key:
        where = value.value_source("renamed_from")
        yield Finding("LS505", "renamed_from is the entry's own key", address, where, "remove it")
    if told.new and (told.id is not None or told.renamed_from is not None):
        named = "id" if told.id is not None else "renamed_from"
        message = f"new and {named} contradict each other: {named} names what there is already"
        yield Finding("LS505", message, address, value.key_source("new"), "keep one of them")
    if told.renamed_labels and told.absent:
        message = "renamed_labels and absent contradict each other"
        yield Finding("LS505", message, address, value.key_source(RENAMED))
    elif told.renamed_labels and not _has_labels(kind):
        message = f"renamed_labels does not apply to the {kind.noun}: it has no label config"
        yield Finding("LS505", message, address, value.key_source(RENAMED), "remove it")
    for name in value:
        if why := _never(name, kind):
            yield Finding("LS505", f"{why}: {name} does not apply to it", address, value.key_source(name))


def _never(name: str, kind: KindSchema) -> str:
    """Why a rule says nothing of any resource of a kind; empty where it may."""
    if kind.singleton and name in (*OF_WHICH, "absent"):
        return never_gone(kind)
    return kind.given if name in OF_WHICH else ""


def _has_labels(kind: KindSchema) -> bool:
    return any(field.compare == "xml" for fields in kind.variants.values() for field in fields.values())


def unknown_ignored(value: Map, item: Profile, address: str) -> Iterator[Finding]:
    """What `ignore` lists and is no field of the entry."""
    names: Any = value.get("ignore", ())
    for index, name in enumerate(names):
        known: Any = of_server(item.fields)
        for part in split(pointer(name)):
            if part not in known:
                where: Source | None = names.value_source(index) if isinstance(names, Seq) else None
                message = f"ignore names {quote(name)}, which is no field of {item.noun}"
                yield Misspelt("LS102", message, address, where, near=Near(part, known))
                break
            known = settable(known[part].properties)
            if not known:
                break
