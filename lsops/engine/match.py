"""Which live resource a desired one is (the design's section 4): pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from lsops.engine.keys import NO_KEYS, Keys, named
from lsops.errors import Finding
from lsops.kinds import Kind
from lsops.kinds.identity import comparable
from lsops.manifest.claims import claims_by_name, two_of_one_key, yields
from lsops.manifest.messages import noun_of
from lsops.manifest.secrets import secret_key
from lsops.masking import mask_urls
from lsops.model import Collection, Resource

Identity = tuple["str | None", "int | None"]


@dataclass(frozen=True, slots=True)
class Matches:
    """Live resources by the address of the desired one, None where it does not exist yet; and what is left.

    `unknown` are the addresses whose key is a secret that is not set: without a match by an old name or an id, each may
    be one of what is left.
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
    values = {item.address: keys.value(item) for item in desired}
    pairing = _Pairing(desired, live, kind, values)
    for item in desired:
        for one in reversed(pairing.line(item)):
            pairing.find(one)
    found = {item.address: pairing.find(item) for item in desired}
    findings = (*pairing.findings, *_claimed_twice(desired, found, kind), *_equal_secrets(desired, values, found, kind))
    taken = {item.identity for item in found.values() if item is not None}
    left = tuple(item for item in live.resources if item.identity not in taken)
    unknown = frozenset(one.address for one in desired if values[one.address] is None and not _is_named_by_id(one))
    return Matches(found, left, findings, unknown)


def _is_named_by_id(item: Resource) -> bool:
    """Whether nothing but an id is needed: the resource is to be deleted."""
    return item.lifecycle.absent and item.lifecycle.id is not None


class _Pairing:
    """One collection while it is matched. Who claims a live resource is looked for before who has its key.

    `keys` says by which key each entry is looked for, by its address: None where that is a secret that is not set.
    """

    def __init__(
        self, desired: Sequence[Resource], live: Collection, kind: Kind, keys: Mapping[str, str | None]
    ) -> None:
        self.kind, self._keys = kind, keys
        self.findings: list[Finding] = []
        self._live = self._by_key((one.key, one) for one in live.resources)
        self._declared = self._by_key((keys[item.address], item) for item in desired)
        self._heirs = self._by_key(
            (item.lifecycle.renamed_from, item) for item in desired if claims_by_name(item.lifecycle)
        )
        self._by_id = {one.identity: one for one in live.resources}
        self._pinned = {(item.type, item.lifecycle.id) for item in desired if item.lifecycle.id is not None}
        self._found: dict[str, Resource | None] = {}

    def _by_key(self, pairs: Iterable[tuple[str | None, Resource]]) -> dict[object, list[Resource]]:
        result: dict[object, list[Resource]] = {}
        for key, one in pairs:
            if key is not None:
                result.setdefault(comparable(self.kind.schema, key), []).append(one)
        return result

    def _of(self, table: Mapping[object, list[Resource]], key: str | None) -> list[Resource]:
        return table.get(comparable(self.kind.schema, key), []) if key is not None else []

    def line(self, item: Resource) -> list[Resource]:
        """An entry and those that must be looked for before it, one after the other: a line may be long."""
        line, seen = [item], {item.address}
        for one in line:
            heirs = self._of(self._heirs, self._keys[one.address]) if yields(one.lifecycle) else ()
            line += [heir for heir in heirs if heir.address not in seen and heir.address not in self._found]
            seen.update(heir.address for heir in heirs)
        return line

    def find(self, item: Resource) -> Resource | None:
        """The live resource of a declared one; of those that claim in a circle, nobody has one."""
        if item.address not in self._found:
            self._found[item.address] = None
            self._found[item.address] = self._pin(item) if item.lifecycle.id is not None else self._named(item)
        return self._found[item.address]

    def _pin(self, item: Resource) -> Resource | None:
        found = self._by_id.get((item.type, item.lifecycle.id))
        if found is None and not item.lifecycle.absent:
            what = f"{item.type} {item.lifecycle.id}" if item.type else str(item.lifecycle.id)
            message = f"lifecycle.id pins {what}, which does not exist or cannot be seen"
            self.findings.append(Finding("LS503", message, item.address, item.source))
        return found

    def _named(self, item: Resource) -> Resource | None:
        current = self._current(item)
        old = self._old(item, is_there=bool(current) or self._keys[item.address] is None)
        if current and old:
            self.findings.append(_both(item, current, old))
            return None
        candidates: Sequence[Resource] = current or old
        if len(candidates) > 1:
            narrowed = self.kind.narrow(item, candidates)
            if len(narrowed) != 1:
                self.findings.append(_several(item, narrowed or candidates))
                return None
            return narrowed[0]
        if item.lifecycle.absent:
            candidates = [one for one in candidates if one.type == item.type]
        return candidates[0] if candidates else None

    def _current(self, item: Resource) -> Sequence[Resource]:
        """The live ones of an entry's key, less those that another entry claims."""
        key = self._keys[item.address]
        there = self._meant(item, self._of(self._live, key), self._of(self._declared, key))
        if not there or not yields(item.lifecycle):
            return there
        heirs = map(self.find, (heir for heir in self._of(self._heirs, key) if heir is not item))
        claimed = {*self._pinned, *(heir.identity for heir in heirs if heir is not None)}
        return [one for one in there if one.identity not in claimed]

    def _old(self, item: Resource, *, is_there: bool) -> Sequence[Resource]:
        """The live ones of an entry's old key. After the rename, which may be done, that key may be another entry's."""
        if not claims_by_name(item.lifecycle):
            return ()
        old = item.lifecycle.renamed_from
        owners = [one for one in self._of(self._declared, old) if one is not item]
        if is_there and owners:
            return ()
        return self._meant(item, self._of(self._live, old), self._of(self._heirs, old))

    def _meant(self, item: Resource, live: Sequence[Resource], peers: Sequence[Resource]) -> Sequence[Resource]:
        """Where several entries have one key, more than the key tells which of its live ones each means."""
        return self.kind.narrow(item, live) if len(peers) > 1 else live


def _claimed_twice(desired: Iterable[Resource], found: Mapping[str, Resource | None], kind: Kind) -> Iterator[Finding]:
    first: dict[Identity, Resource] = {}
    for item in desired:
        live = found[item.address]
        if live is None:
            continue
        other = first.setdefault(live.identity, item)
        if other is not item:
            message = f"this and {other.address} ({other.source}) are both the live {item.kind} {live.id}"
            hint = two_of_one_key(kind.schema.key)
            yield Finding("LS501", message, item.address, item.source, hint, second=other.source)


def _equal_secrets(
    desired: Iterable[Resource], values: Mapping[str, str | None], found: Mapping[str, object], kind: Kind
) -> Iterator[Finding]:
    """Two entries that are one resource, which shows once their secret is known; live ones are found out above."""
    first: dict[object, Resource] = {}
    for item in desired:
        value = values[item.address]
        if value is None or found[item.address] is not None or item.lifecycle.absent:
            continue
        other = first.setdefault(comparable(kind.schema, value), item)
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
