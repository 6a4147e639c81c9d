"""Keys that change hands: who takes one waits for who gives it up, and a circle goes through another name. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import count

from lsops.engine.planning.handover import handed_over
from lsops.engine.planning.scope import Request
from lsops.errors import Finding
from lsops.identity import Keys, folding
from lsops.kinds import Kind, registry
from lsops.model.address import below, join, split
from lsops.model.pairs import Group, Pairs
from lsops.model.plan import Change, FieldChange
from lsops.model.resource import Resource
from lsops.schema import KindSchema

Changes = Mapping[str, Change]


@dataclass(frozen=True, slots=True)
class _Detour:
    """What one of a kind is called meanwhile, and the entry that takes its key and waits for that."""

    schema: KindSchema
    name: str
    heir: str


def taken_in_turn(
    pairs: Pairs, changes: Changes, request: Request, edition: str
) -> tuple[Changes, tuple[Finding, ...]]:
    """The changes, where keys change hands each with what it waits for.

    Who takes a key waits for the one who gives it up, or two of one key would be there, and nobody could tell. Of a
    circle nobody waits, unless the edition refuses a second one of a key, or may: then one of them steps aside first.
    """
    others = pairs.desired.elsewhere
    findings: list[Finding] = []
    waiting: dict[str, Change] = {}
    for group in pairs.groups.values():
        if len(group.pairs) + len(group.outside) < 2 or not group.held:
            continue
        kind = registry()[group.kind]
        found = handed_over(group, kind, request.keys)
        circles = found.circles if edition in kind.schema.unique else ()
        aside = _steps_aside(group, kind, circles, changes, request.keys)
        waiting |= {step.address: step for step in aside.values()}
        for address, first in (step for steps in (found.waiting, *circles) for step in steps.items()):
            change = changes.get(address)
            if change is not None and (first in changes or (first in others and request.is_targeted(first))):
                before = aside[first].address if first in aside else first
                waiting[address] = replace(change, requires=(*change.requires, before))
            elif change is not None:
                findings.append(_left_behind(change, first, kind))
    return {**changes, **waiting} if waiting else changes, tuple(findings)


def _left_behind(change: Change, first: str, kind: Kind) -> Finding:
    message = f"this takes the {kind.schema.key_words} that {first} gives up, which is left out of this plan"
    return Finding("LS505", message, change.address, change.source, f"plan both: add -t {first}")


def _steps_aside(
    group: Group, kind: Kind, circles: tuple[Mapping[str, str], ...], changes: Changes, keys: Keys
) -> dict[str, Change]:
    """The changes that begin a circle, by the address of the entry whose live resource gets another name for a while.

    It is one that is found by its id, so that it is found again by whoever goes on where this ends early; every shard
    and every run chooses the same.
    """
    found: dict[str, Change] = {}
    if not circles:
        return found
    declared, fold = {item.address: item for item in group.declared}, folding(kind.schema)
    taken = {fold(keys.value(item)) for item in declared.values()}
    taken |= {fold(one.key) for one in (*group.live.values(), *group.unmatched) if one is not None}
    for circle in circles:
        by_id = (at for at in circle if _is_by_id(declared[at], group.live[at]))
        first = min(by_id, key=lambda at: (at in changes and changes[at].action == "replace", at), default="")
        heir = next((at for at, giver in circle.items() if giver == first), "")
        live, change = group.live.get(first), changes.get(first)
        if live is not None and change is not None:
            name = _name(live, lambda text: fold(text) in taken)
            found[first] = _aside(change, declared[first], live, _Detour(kind.schema, name, heir))
    return found


def _is_by_id(item: Resource, live: Resource | None) -> bool:
    return live is not None and live.id is not None and live.id in (item.lifecycle.id, item.locked)


def _name(live: Resource, is_taken: Callable[[str], bool]) -> str:
    """What a resource is called meanwhile: the same in every plan, and short enough for any kind."""
    base = " ".join(("lsops swap", *filter(None, (live.type,)), str(live.id)))
    names = (base if number == 1 else f"{base} ({number})" for number in count(1))
    return next(name for name in names if not is_taken(name))


def _aside(change: Change, item: Resource, live: Resource, way: _Detour) -> Change:
    """A part of the change on its own: the other name, with the secrets that go with every update."""
    key, fields = way.schema.key, way.schema.fields(item.type)
    place = item.place(key)
    sent = {path for path in change.secrets if split(path)[0] in fields and fields[split(path)[0]].always_send}
    return Change(
        address=below(item.address, key),
        kind=change.kind,
        action="update",
        remote_id=change.remote_id,
        fields=(FieldChange(join(key), live.key, way.name, place),),
        secrets={path: reference for path, reference in change.secrets.items() if path in sent},
        effects=(f'goes by "{way.name}" until {way.heir} is done: the server may refuse a second one of a {key}',),
        source=place,
        after=replace(item, key=way.name, values={**item.values, key: way.name}),
        before=live,
        part_of=item.address,
    )
