"""Which live resource a desired one is (the design's section 4): pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from lsops.engine.keys import NO_KEYS, Keys, named
from lsops.errors import Finding
from lsops.kinds import Kind
from lsops.manifest.messages import noun_of
from lsops.manifest.secrets import secret_key
from lsops.masking import mask_urls
from lsops.model import Collection, Resource
from lsops.normalize import normal


@dataclass(frozen=True, slots=True)
class Matches:
    """Live resources by the address of the desired one, None where it does not exist yet; and what is left.

    `unknown` are the addresses whose key is a secret that is not set: they have no match, and may be what is left.
    """

    found: Mapping[str, Resource | None] = field(default_factory=dict)
    unmatched: tuple[Resource, ...] = ()
    findings: tuple[Finding, ...] = ()
    unknown: frozenset[str] = frozenset()


def match(desired: Sequence[Resource], live: Collection, kind: Kind, keys: Keys = NO_KEYS) -> Matches:
    """Pair the declared resources of one collection with its live ones.

    Findings: a pinned id that is not there (LS503), several live matches (LS502), a rename whose old and new
    name both exist (LS505), two desired resources on one live object (LS501).
    """
    if kind.schema.singleton:
        one = live.resources[0] if live.resources else None
        return Matches({item.address: one for item in desired})
    by_key: dict[object, list[Resource]] = {}
    for resource in live.resources:
        by_key.setdefault(_key(kind, resource.key), []).append(resource)
    findings: list[Finding] = []
    values = {item.address: keys.value(item) for item in desired}
    candidates = _Candidates(live, by_key, values)
    found = {item.address: _find(item, candidates, kind, findings) for item in desired}
    findings += _claimed_twice(desired, found)
    findings += _equal_secrets(desired, values, found, kind)
    taken = {item.identity for item in found.values() if item is not None}
    left = tuple(item for item in live.resources if item.identity not in taken)
    unknown = frozenset(one.address for one in desired if values[one.address] is None and not _is_named_by_id(one))
    return Matches(found, left, tuple(findings), unknown)


def _is_named_by_id(item: Resource) -> bool:
    """Whether nothing but an id is needed: the resource is to be deleted."""
    return item.lifecycle.absent and item.lifecycle.id is not None


@dataclass(frozen=True, slots=True)
class _Candidates:
    """Where a declared resource is looked for, and by which key: that of its address, or None where it is not known."""

    live: Collection
    by_key: Mapping[object, list[Resource]]
    keys: Mapping[str, str | None]


def _find(item: Resource, among: _Candidates, kind: Kind, findings: list[Finding]) -> Resource | None:
    if item.lifecycle.id is not None:
        return _pinned(item, among.live, findings)
    key, by_key = among.keys[item.address], among.by_key
    if key is None:
        return None
    current = by_key.get(_key(kind, key), [])
    old = by_key.get(_key(kind, item.lifecycle.renamed_from), []) if item.lifecycle.renamed_from else []
    if current and old:
        findings.append(_both(item, current, old))
        return None
    candidates: Sequence[Resource] = current or old
    if len(candidates) > 1:
        narrowed = kind.narrow(item, candidates)
        if len(narrowed) != 1:
            findings.append(_several(item, narrowed or candidates))
            return None
        candidates = narrowed
    elif candidates and item.lifecycle.absent:
        candidates = [one for one in candidates if one.type == item.type]
    return candidates[0] if candidates else None


def _pinned(item: Resource, live: Collection, findings: list[Finding]) -> Resource | None:
    for resource in live.resources:
        if resource.identity == (item.type, item.lifecycle.id):
            return resource
    if not item.lifecycle.absent:
        what = f"{item.type} {item.lifecycle.id}" if item.type else str(item.lifecycle.id)
        message = f"lifecycle.id pins {what}, which does not exist or cannot be seen"
        findings.append(Finding("LS503", message, item.address, item.source))
    return None


def _claimed_twice(desired: Iterable[Resource], found: Mapping[str, Resource | None]) -> list[Finding]:
    first: dict[tuple[str | None, int | None], Resource] = {}
    findings = []
    for item in desired:
        live = found[item.address]
        if live is None:
            continue
        other = first.setdefault(live.identity, item)
        if other is not item:
            message = f"this and {other.address} ({other.source}) are both the live {item.kind} {live.id}"
            findings.append(Finding("LS501", message, item.address, item.source))
    return findings


def _equal_secrets(
    desired: Iterable[Resource], values: Mapping[str, str | None], found: Mapping[str, object], kind: Kind
) -> Iterator[Finding]:
    """Two entries that are one resource, which shows once their secret is known; live ones are found out above."""
    first: dict[object, Resource] = {}
    for item in desired:
        value = values[item.address]
        if value is None or found[item.address] is not None or item.lifecycle.absent:
            continue
        other = first.setdefault(_key(kind, value), item)
        if other is not item and (secret_key(item) or secret_key(other)):
            message = f"this and {other.address} ({other.source}) have the same {kind.schema.key}"
            yield Finding("LS501", message, item.address, item.source, "keep one of them")


def _several(item: Resource, candidates: Sequence[Resource]) -> Finding:
    ids = ", ".join(str(one.id) for one in candidates)
    message = f'{len(candidates)} live {noun_of(item.kind)}s are called "{mask_urls(item.key)}": ids {ids}'
    return Finding("LS502", message, item.address, item.source, "pin one with lifecycle.id")


def _both(item: Resource, current: Sequence[Resource], old: Sequence[Resource]) -> Finding:
    message = (
        f'both "{mask_urls(item.key)}" (id {current[0].id}) and its old name '
        f'"{named(item, item.lifecycle.renamed_from or "")}" (id {old[0].id}) exist'
    )
    return Finding("LS505", message, item.address, item.source, "drop renamed_from, or pin one with lifecycle.id")


def _key(kind: Kind, key: str | None) -> object:
    fields = kind.schema.fields("") or next(iter(kind.schema.variants.values()))
    field_of_key = fields.get(kind.schema.key)
    compare = field_of_key.compare if field_of_key else ""
    return normal(compare if compare == "email" else "strip", key)
