"""Which live resource each declared one of a collection is (the design's section 4). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from lsops.errors import Finding
from lsops.identity import Keys, comparable, folding, shown_key
from lsops.kinds import Kind
from lsops.masking import mask_urls
from lsops.model.claims import claims_by_name, two_of_one_key, yields
from lsops.model.live import Collection
from lsops.model.pairs import Group, Identity, Pair
from lsops.model.resource import UNSET, Resource
from lsops.schema import KindSchema, noun_of, secret_key

BY_LOCK = "lsops.lock holds this id: the live one was renamed, or the line is another's; mend one of the two"
GONE = "where it was deleted by hand, lsops pin writes the lock anew after this is applied"


def paired(
    address: str, mine: Sequence[Resource], others: Sequence[Resource], kind: Kind, live: Collection, keys: Keys
) -> Group:
    """The pairs of a collection.

    Findings: a pinned id that is not there (LS503), several live matches (LS502), a rename whose old and new
    name both exist (LS505), two desired resources on one live object (LS501).
    """
    held = frozenset(one.identity for one in live.resources)
    if kind.schema.singleton:
        one = live.resources[0] if live.resources else None
        return Group(address, kind.name, tuple(Pair(item, one) for item in mine), held=held)
    declared = (*mine, *others)
    values = {item.address: keys.value(item) for item in declared}
    pairing = _Pairing(declared, live, kind, values)
    for item in declared:
        for waiting in reversed(pairing.line(item)):
            pairing.find(waiting)
    found = {item.address: pairing.find(item) for item in declared}
    findings = (
        *pairing.findings,
        *_claimed_twice(declared, found, kind),
        *_equal_secrets(declared, values, found, kind),
    )
    taken = {one.identity for one in found.values() if one is not None}
    left = tuple(one for one in live.resources if one.identity not in taken)
    pairs = tuple(
        Pair(item, found[item.address], values[item.address] is not None or _is_named_by_id(item)) for item in declared
    )
    return Group(address, kind.name, pairs[: len(mine)], pairs[len(mine) :], left, held, findings)


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
        self._schema, self._keys, self._fold = kind.schema, keys, folding(kind.schema)
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
                result.setdefault(self._fold(key), []).append(one)
        return result

    def _of(self, table: Mapping[object, list[Resource]], key: str | None) -> list[Resource]:
        return table.get(self._fold(key), []) if key is not None else []

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
            self._found[item.address] = self._pin(item) if item.lifecycle.id is not None else self._known(item)
        return self._found[item.address]

    def _known(self, item: Resource) -> Resource | None:
        """The one that is locked, whatever it is called now; else the key decides.

        Ids of storages are counted per type, which may have changed: of those the key goes before the lock.
        """
        there = self._by_id.get((item.type, item.locked)) if item.locked is not None else None
        if self._schema.discriminator and self._current(item):
            return self._named(item)
        if there is not None:
            return there
        if item.locked is not None and not item.lifecycle.absent:
            message = f"lsops.lock has the id {item.locked}, which is gone: the {self._schema.key_words} decides"
            self.findings.append(Finding("LS513", message, item.address, item.source, GONE, "warning"))
        return self._named(item)

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
            narrowed = _narrowed(item, candidates, self._schema)
            if len(narrowed) > 1 and item.locked is not None:
                narrowed = [one for one in narrowed if one.id == item.locked] or narrowed
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
        return _narrowed(item, live, self._schema) if len(peers) > 1 else live


def _narrowed(item: Resource, candidates: Sequence[Resource], schema: KindSchema) -> Sequence[Resource]:
    """Of several live resources with one key those that are meant: of the same type, or equal in what sets apart."""
    if schema.discriminator:
        return [one for one in candidates if one.type == item.type]
    if not schema.apart:
        return candidates
    wanted = item.values.get(schema.apart, UNSET)
    return [one for one in candidates if one.values.get(schema.apart, UNSET) == wanted]


def _claimed_twice(desired: Iterable[Resource], found: Mapping[str, Resource | None], kind: Kind) -> Iterator[Finding]:
    first: dict[Identity, Resource] = {}
    for item in desired:
        live = found[item.address]
        if live is None:
            continue
        other = first.setdefault(live.identity, item)
        if other is not item:
            message = f"this and {other.address} ({other.source}) are both the live {noun_of(item.kind)} {live.id}"
            is_locked = live.id in (item.locked, other.locked)
            hint = BY_LOCK if is_locked else two_of_one_key(kind.schema.keys)
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
            message = f"this and {other.address} ({other.source}) have the same {kind.schema.key_words}"
            yield Finding("LS501", message, item.address, item.source, "keep one of them", second=other.source)


def _several(item: Resource, candidates: Sequence[Resource]) -> Finding:
    ids = ", ".join(str(one.id) for one in candidates)
    message = f'{len(candidates)} live {noun_of(item.kind)}s are called "{mask_urls(item.key)}": ids {ids}'
    return Finding("LS502", message, item.address, item.source, "pin one with lifecycle.id")


def _both(item: Resource, current: Sequence[Resource], old: Sequence[Resource]) -> Finding:
    message = (
        f'both "{mask_urls(item.key)}" (id {current[0].id}) and its old name '
        f'"{shown_key(item, item.lifecycle.renamed_from or "")}" (id {old[0].id}) exist'
    )
    return Finding("LS505", message, item.address, item.source, "drop renamed_from, or pin one with lifecycle.id")
