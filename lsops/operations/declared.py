"""Which declared resource and which of its fields somebody means, and what may be meant where there is none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from lsops.errors import UsageError
from lsops.manifest.checks import lifecycle_document, manifest_document
from lsops.manifest.entries import LIFECYCLE, PRUNE
from lsops.manifest.findings import listed, quote
from lsops.manifest.origins import Steps
from lsops.manifest.specs import Spec, at, property_spec
from lsops.masking import mask_addresses
from lsops.model.address import join, split
from lsops.model.desired import Desired
from lsops.model.resource import Resource
from lsops.schema import children, kinds, noun_of
from lsops.signs import with_article
from lsops.spelling import nearest

UNKNOWN: Spec = {"x-lsops": {"confidential": True}}
"""Of a field that no schema knows, nobody can say what it holds."""
SOME = 3
"""Addresses that a hint names."""


def find_declared(desired: Desired, address: str) -> Resource:
    """The resource at an address, which may lack its first slash or its escapes, or be written as plans show it.

    Raises: UsageError, with what may be meant.
    """
    known = {item.address: item for item in desired.resources}
    wanted = "/" + address.strip("/")
    if wanted in known:
        return known[wanted]
    for seen in (_unescaped, _shown):
        alike = [item for item in desired.resources if seen(item.address) == seen(wanted)]
        if len(alike) == 1:
            return alike[0]
        if alike:
            hint = f"it may be {_some([_with_place(item) for item in alike])}"
            break
    else:
        hint = _near(split(wanted), known)
    raise UsageError.of(f"the manifest declares nothing at {quote(address)}", code="LS615", hint=hint)


def _with_place(item: Resource) -> str:
    """An address, with the line where it stands if what plans show of it is not all of it."""
    is_masked = mask_addresses(item.address) != item.address
    return f"{item.address} (line {item.source.line})" if is_masked and item.source else item.address


def _unescaped(address: str) -> str:
    return address.replace("~1", "/").replace("~0", "~")


def _shown(address: str) -> str:
    return _unescaped(mask_addresses(address))


def _near(wanted: Steps, known: dict[str, Resource]) -> str:
    """What may be meant: the address is right up to some part, and one of those that follow there is like the next."""
    declared = [split(address) for address in known]
    prefixes = {parts[:end] for parts in declared for end in range(len(parts) + 1)}
    depth = max((end for end in range(len(wanted) + 1) if wanted[:end] in prefixes), default=0)
    below = [parts for parts in declared if parts[:depth] == wanted[:depth] and len(parts) > depth]
    if depth == len(wanted):
        return f"it is a collection: {_some([join(*parts) for parts in below if len(parts) == depth + 1])}"
    owner = known.get(join(*wanted[:depth])) if depth else None
    if owner is not None and (field := _field_meant(wanted[depth:], owner)):
        return f"a field of {owner.address} is explained by --field {field}"
    following = list(dict.fromkeys(parts[depth] for parts in below))
    if near := nearest(wanted[depth], following):
        meant = (*wanted[:depth], near, *wanted[depth + 1 :])
        return f"did you mean {join(*(meant if meant in prefixes else meant[: depth + 1]))}?"
    there = [join(*wanted[:depth], name) for name in following]
    return f"declared there: {_some(there)}" if there else "the manifest declares nothing there"


def _field_meant(steps: Steps, owner: Resource) -> str:
    """The field of a resource that somebody took for an address; empty where none is like it."""
    if _is_known(steps, owner):
        return "/".join(steps)
    return nearest(steps[0], (*kinds()[owner.kind].fields(owner.type), LIFECYCLE, PRUNE))


def _some(addresses: Sequence[str]) -> str:
    more = f" and {len(addresses) - SOME} more" if len(addresses) > SOME else ""
    return listed(addresses[:SOME]) + more


def find_field(wanted: str, written: Iterable[Steps], item: Resource) -> tuple[Steps, ...]:
    """The written fields that a name or a pointer means, a map with all in it; else one that the kind has.

    Raises: UsageError, with what may be meant.
    """
    steps = split(wanted) if wanted.startswith("/") else tuple(wanted.split("/"))
    name = "/".join(steps)
    if found := tuple(path for path in written if f"{'/'.join(path)}/".startswith(f"{name}/")):
        return found
    if _is_known(steps, item):
        return (steps,)
    kind = kinds()[item.kind]
    collections = children(kind.collection)
    if steps[0] in collections:
        hint = f"it is a collection, whose entries have addresses of their own: {item.address}/{steps[0]}/…"
    else:
        near = nearest(steps[0], (*kind.fields(item.type), LIFECYCLE))
        hint = f"did you mean {near}?" if near and near != steps[0] else f"lsops schema {kind.kind} lists all"
    noun = f"{item.type} {noun_of(kind.kind)}" if item.type else noun_of(kind.kind)
    message = f"{with_article(noun)} has no field {quote(name)}"
    raise UsageError.of(message, code="LS616", address=item.address, hint=hint)


def _is_known(steps: Steps, item: Resource) -> bool:
    """Whether schemas name a field."""
    if steps[0] not in (*kinds()[item.kind].fields(item.type), LIFECYCLE, PRUNE):
        return False
    return all(spec_at(item, steps[:end]) for end in range(1, len(steps) + 1))


def spec_at(item: Resource, path: Steps) -> Spec:
    """The schema of a field; of one that this variant lacks, what another variant says of it."""
    if path[:1] == (LIFECYCLE,):
        return at(lifecycle_document(), path[1:])
    if path == (PRUNE,):
        return property_spec(manifest_document(), PRUNE)
    documents: Any = kinds()[item.kind].documents
    known = [documents[item.type or ""], *documents.values()]
    document = next((one for one in known if not path or path[0] in one["properties"]), None)
    return UNKNOWN if document is None else at(document, path)
