"""A create that looks like another name of what is live: pure. The plan only suggests; nobody is renamed unasked."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from lsops.engine.planning.likeness import likeness, telling_fields
from lsops.engine.words import counted
from lsops.errors import Source
from lsops.identity import comparable
from lsops.kinds import registry
from lsops.masking import mask_urls
from lsops.model.address import parent
from lsops.model.plan import Change
from lsops.model.resource import Resource
from lsops.model.view import PlanView

MOSTLY = 0.6
"""The share of telling fields that must be equal."""
LEAST = 2
"""How many must be equal: one says nothing, where all is made from one template."""
MOST = 10_000
"""Creates times candidates of a collection that are compared: beyond it, nobody renames by hand."""

Candidates = Mapping[str, Mapping[str, Resource]]


def suggested(unmanaged: Candidates, view: PlanView, shared: frozenset[Source]) -> Iterator[tuple[str, Change]]:
    """The creates, by address, for which a live resource has mostly equal fields, each with a warning that says so.

    `unmanaged` are the live resources that the manifest does not name, with their addresses, by collection; together
    with those that it wants to be absent they are the candidates. Each is suggested once, and none to who says that
    it is new. Fields at the places in `shared` tell nothing.
    """
    candidates = _candidates(view.deletes, unmanaged)
    creates: dict[str, list[Change]] = {}
    for change in view.changes.values():
        if _may_be_renamed(change) and parent(change.address) in candidates:
            creates.setdefault(parent(change.address), []).append(change)
    for collection, made in creates.items():
        if len(made) * len(candidates[collection]) <= MOST:
            yield from _pairs(made, candidates[collection], RenameAdvice.of(collection, view), shared)


def _may_be_renamed(change: Change) -> bool:
    is_open = change.after is not None and not change.after.lifecycle.new and not change.looks_like
    return change.action == "create" and is_open and registry()[change.kind].is_renamable


def _candidates(deletes: Mapping[str, Change], unmanaged: Candidates) -> dict[str, list[tuple[str, Resource]]]:
    """What a create may be the new name of, by collection: what is unmanaged, and what is declared to be absent."""
    found = {collection: list(rows.items()) for collection, rows in unmanaged.items()}
    for address, change in deletes.items():
        if change.after is not None and change.before is not None:
            found.setdefault(parent(address), []).append((address, change.before))
    return found


def _pairs(
    creates: Iterable[Change],
    candidates: Iterable[tuple[str, Resource]],
    advice: RenameAdvice,
    shared: frozenset[Source],
) -> Iterator[tuple[str, Change]]:
    left = dict(candidates)
    for change in creates:
        item = change.after
        names = telling_fields(item, shared) if item is not None else ()
        if item is None or len(names) < LEAST:
            continue
        found = {place: likeness(item, live, names) for place, live in left.items()}
        best = max(found, key=lambda place: found[place].share, default="")
        if best and found[best].share >= MOSTLY and found[best].equal >= LEAST:
            words = advice.words(best, left.pop(best))
            yield change.address, replace(change, warnings=(*change.warnings, words))


@dataclass(frozen=True, slots=True)
class RenameAdvice:
    """What an entry must say to mean a live resource of its collection, and how that is told.

    `names` are the keys by which one live resource can be named, and no other; `deletes` are those of the plan.
    """

    names: frozenset[object]
    deletes: Mapping[str, Change]

    @classmethod
    def of(cls, collection: str, view: PlanView) -> RenameAdvice:
        """For the entries of a collection."""
        live = view.collection(collection)
        rows = live.resources if live else ()
        if not rows:
            return cls(frozenset(), view.deletes)
        schema = registry()[rows[0].kind].schema
        often = Counter(comparable(schema, one.key) for one in rows)
        declared = (*view.declared(collection), *view.outside(collection))
        others = [item for item in declared if not item.lifecycle.absent]
        texts = [text for item in others for text in (item.key, item.lifecycle.renamed_from) if text]
        taken = {comparable(schema, text) for text in texts}
        return cls(frozenset(key for key, number in often.items() if number == 1) - taken, view.deletes)

    def rule(self, live: Resource) -> str:
        """`renamed_from: "Old"`, or `id: 5` where its key cannot be written, is masked, or is not its own alone."""
        schema = registry()[live.kind].schema
        is_plain = live.key.isprintable() and "##" not in live.key and mask_urls(live.key) == live.key
        if live.key and is_plain and comparable(schema, live.key) in self.names:
            return f"renamed_from: {json.dumps(live.key, ensure_ascii=False)}"
        return f"id: {live.id}"

    def words(self, address: str, live: Resource) -> str:
        """That a live resource may be this one, what becomes of it, and what to write."""
        delete = self.deletes.get(address)
        lost = ", ".join(counted(number, what) for what, number in ((delete and delete.destroys) or {}).items())
        fate = (
            f"is deleted by this plan{' with ' + lost if lost else ''}" if delete else "is live and not in the manifest"
        )
        entry = " in place of the entry that deletes it" if delete is not None and delete.after is not None else ""
        rule = self.rule(live)
        return (
            f"{with_id(address, live)} has mostly the same fields and {fate}; if this is its new name, "
            f"write lifecycle: {{{rule}}}{entry}"
        )


def with_id(address: str, live: Resource) -> str:
    """The address of a live resource with its id, said once."""
    return address if address.endswith(f"(id {live.id})") else f"{address} (id {live.id})"
