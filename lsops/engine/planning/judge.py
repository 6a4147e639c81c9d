"""Whether a manifest fits this very server: editions, releases, names, identity; and what in it is doubtful. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from lsops.errors import Finding, ManifestError, Source
from lsops.kinds import Kind, registry
from lsops.kinds.capabilities import ValidatesAgainst, Warns
from lsops.model.desired import Desired
from lsops.model.live import Collection, Facts
from lsops.model.pairs import Pairs
from lsops.model.resource import Resource
from lsops.schema import Field, newer, noun_of
from lsops.signs import is_several, with_article
from lsops.tally import told


def judge(pairs: Pairs, facts: Facts) -> tuple[Finding, ...]:
    """Warnings about declared values that are lawful and doubtful.

    Raises:
        ManifestError: the manifest is unusable here; every reason is in it.
    """
    doubtful = doubts(pairs.desired)  # nobody is asked before all fits
    findings = tuple(_findings(pairs, facts))
    if any(finding.is_error for finding in findings):
        raise ManifestError(told(findings))
    return (*findings, *doubtful)


def doubts(desired: Desired) -> Iterator[Finding]:
    """What the kinds find doubtful, in manifest order."""
    kinds = {name: kind for name in desired.by_kind if isinstance(kind := registry()[name], Warns)}
    asked = (item for item in desired.resources if item.kind in kinds) if kinds else ()
    return (finding for item in asked for finding in kinds[item.kind].warn(item))


def _findings(pairs: Pairs, facts: Facts) -> Iterator[Finding]:
    planned = (
        {item.address for item in pairs.desired.resources} if any(g.findings for g in pairs.groups.values()) else ()
    )
    for name, kind in registry().items():
        mine = pairs.desired.of(name)
        if mine and facts.edition not in kind.schema.editions:
            yield from (_no_such_kind(item, facts) for item in mine)
            continue
        if mine:
            yield from _of_fields(mine, kind, pairs, facts)
        if mine and not facts.is_offline and isinstance(kind, ValidatesAgainst):
            yield from kind.validate_against(pairs, facts)
        groups = (group for group in pairs.groups.values() if group.kind == name and group.findings) if planned else ()
        yield from (finding for group in groups for finding in group.findings if finding.address in planned)


def newer_than(item: Resource, facts: Facts) -> Iterator[tuple[str, str]]:
    """The declared fields that the edition or the release lacks, as dotted paths, each with why; by the schemas."""
    schema = registry()[item.kind].schema
    if facts.edition not in schema.editions_of(item.type):
        yield "", f"{facts.edition.title()} does not have it"
        return
    fields = schema.fields(item.type)
    for path, field, _ in _declared_fields(item, _doubtful(fields, facts), fields):
        if facts.edition not in field.editions:
            yield ".".join(path), f"{facts.edition.title()} does not have it"
        elif _too_new(field, facts):
            yield ".".join(path), f"it needs release {field.since[facts.edition]}"


def _no_such_kind(item: Resource, facts: Facts) -> Finding:
    noun = noun_of(item.kind)
    verb = "do" if is_several(noun) else "does"
    message = f"{with_article(noun)} {verb} not exist on Label Studio {facts.edition.title()}"
    return Finding("LS108", message, item.address, item.source)


def _of_fields(items: Iterable[Resource], kind: Kind, pairs: Pairs, facts: Facts) -> Iterator[Finding]:
    """Of fields that the edition or the release lacks; those that it has whatever it is are not looked at."""
    doubtful = {variant: _doubtful(fields, facts) for variant, fields in kind.schema.variants.items()}
    for item in items:
        if fields := doubtful.get(item.type or ""):
            yield from _fields(item, fields, kind.schema.fields(item.type), pairs, facts)


def _doubtful(fields: Mapping[str, Field], facts: Facts) -> frozenset[str]:
    """The fields that a server of this edition or release may lack, or that have such leaves."""
    return frozenset(
        name
        for name, field in fields.items()
        if any(facts.edition not in one.editions or _too_new(one, facts) for one in (field, *field.properties.values()))
    )


def _fields(
    item: Resource, doubtful: frozenset[str], fields: Mapping[str, Field], pairs: Pairs, facts: Facts
) -> Iterator[Finding]:
    for path, field, source in _declared_fields(item, doubtful, fields):
        if facts.edition not in field.editions:
            message = f'"{path[-1]}" does not exist on Label Studio {facts.edition.title()}'
            yield Finding("LS108", message, item.address, source, "it is a field of the other edition")
        elif _too_new(field, facts) and not _seen(path, pairs.live.at(item.collection, item.kind)):
            message = f'"{path[-1]}" needs release {field.since[facts.edition]}, the server has {facts.release}'
            yield Finding("LS108", message, item.address, source)


def _declared_fields(
    item: Resource, doubtful: frozenset[str], fields: Mapping[str, Field]
) -> Iterator[tuple[tuple[str, ...], Field, Source | None]]:
    for name, value in ({**item.values, **item.own} if item.own else item.values).items():
        if name not in doubtful:
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
