"""What is wrong with a manifest on this very server: editions, releases, names, identity. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from lsops.engine.groups import written
from lsops.engine.match import Matches
from lsops.errors import Finding, Source
from lsops.kinds import Kind, registry
from lsops.masking import mask_key
from lsops.model import MASK, Collection, Desired, Facts, Live, Resource, join
from lsops.schema import Field, newer


def check(desired: Desired, live: Live, facts: Facts, found: Mapping[str, Matches]) -> tuple[Finding, ...]:
    """Every finding that makes the manifest unusable here; empty when it can be planned.

    `found` says which live resource each declared one is, by collection.
    """
    return tuple(_findings(desired, live, facts, found))


def _findings(desired: Desired, live: Live, facts: Facts, found: Mapping[str, Matches]) -> Iterator[Finding]:
    planned = frozenset(item.address for item in desired.resources)
    for kind in registry().values():
        mine = desired.of(kind.name)
        if mine and facts.edition not in kind.schema.editions:
            yield from (_no_such_kind(item, facts) for item in mine)
            continue
        for item in mine:
            yield from _fields(item, kind, live, facts)
        yield from kind.check(desired, live, facts)
        pairs = (found[address] for address in written(kind, desired) if address in found)
        yield from (finding for one in pairs for finding in one.findings if finding.address in planned)


def _no_such_kind(item: Resource, facts: Facts) -> Finding:
    message = f"a {item.kind.replace('_', ' ')} does not exist on Label Studio {facts.edition.title()}"
    return Finding("LS108", message, item.address, item.source)


def _fields(item: Resource, kind: Kind, live: Live, facts: Facts) -> Iterator[Finding]:
    collection = live.at(item.collection, kind.name)
    for path, field, source in _declared_fields(item, kind.fields(item)):
        if facts.edition not in field.editions:
            message = f'"{path[-1]}" does not exist on Label Studio {facts.edition.title()}'
            yield Finding("LS108", message, item.address, source, "it is a field of the other edition")
        elif _too_new(field, facts) and not _seen(path, collection):
            message = f'"{path[-1]}" needs release {field.since[facts.edition]}, the server has {facts.release}'
            yield Finding("LS108", message, item.address, source)


def _declared_fields(
    item: Resource, fields: Mapping[str, Field]
) -> Iterator[tuple[tuple[str, ...], Field, Source | None]]:
    for name, value in item.values.items():
        if name not in fields:
            continue
        yield (name,), fields[name], item.place(name)
        if isinstance(value, Mapping):
            where = getattr(value, "key_source", lambda leaf: None)
            for leaf in value:
                if leaf in fields[name].properties:
                    yield (name, leaf), fields[name].properties[leaf], where(leaf) or item.place(name)


def _too_new(field: Field, facts: Facts) -> bool:
    return facts.edition in field.since and newer(field.since[facts.edition], facts.release)


def _seen(path: Iterable[str], collection: Collection) -> bool:
    """Whether some live resource of the kind has the field after all."""
    return any(_has(resource.raw, tuple(path)) for resource in collection.resources)


def _has(row: object, path: tuple[str, ...]) -> bool:
    for part in path:
        if not isinstance(row, Mapping) or part not in row:
            return False
        row = row[part]
    return True


def unmanaged(address: str, unmatched: Iterable[Resource], taken: frozenset[str]) -> dict[str, Resource]:
    """Live resources that the manifest does not name, by addresses that are unique even among equal keys.

    A key that is a URL may hold credentials, which no address shows.
    """
    result: dict[str, Resource] = {}
    for resource in unmatched:
        shown = mask_key(resource.key)
        place = address + join(shown)
        if not shown or MASK in shown or place in taken or place in result:
            place = address + join(f"{shown} (id {resource.id})".strip())
        result[place] = resource
    return result
