"""What of a plan is more than the contract allows, as warnings. Pure, but for `within_contract`, which asks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from lsops.errors import Finding, Source
from lsops.kinds import registry
from lsops.kinds.capabilities import Counted
from lsops.model.plan import Plan

if TYPE_CHECKING:
    from lsops.server.billing import Contract
    from lsops.server.session import Session

Taker = tuple[str, Source | None]
"""Where something is declared that is counted: its address, and its place in the manifest."""


def within_contract(made: Plan, session: Session) -> Plan:
    """The plan with a warning about each limit that it would pass; nothing is asked where it makes nothing counted."""
    takers = takers_of(made) if made.facts.is_enterprise else {}
    if not takers:
        return made
    from lsops.server.billing import read_contract

    contract = read_contract(session)
    found = tuple(beyond(takers, contract)) if contract is not None else ()
    return replace(made, warnings=(*made.warnings, *found)) if found else made


def takers_of(made: Plan) -> dict[str, list[Taker]]:
    """What a plan makes, and whom it would invite, by the name under which the contract counts it."""
    counted = {name: one for name, one in registry().items() if isinstance(one, Counted)}
    found: dict[str, list[Taker]] = {}
    for change in made.changes:
        one = counted.get(change.kind)
        if one is not None and not change.part_of and one.takes_room(change):
            found.setdefault(one.counted, []).append((change.address, change.source))
    invited = made.invitations
    for name, one in counted.items() if invited else ():
        places = {item.address: item.source for item in made.pairs.desired.of(name) if item.address in invited}
        if places:
            found.setdefault(one.counted, []).extend(places.items())
    return found


def beyond(takers: dict[str, list[Taker]], contract: Contract) -> Iterator[Finding]:
    """A warning for each limit, at the first of what there is no room for; what goes away goes later, and counts."""
    address, source = next(iter(takers.values()))[0]
    if contract.is_expired or not contract.is_active:
        state = "the licence has expired" if contract.is_expired else "the organisation is not active"
        yield Finding("LS147", state, address, source, "the server may refuse what this plan makes", "warning")
    for name, mine in takers.items():
        room = contract.rooms.get(name)
        if room is None or room.count + len(mine) <= room.limit:
            continue
        address, source = mine[max(0, min(room.limit - room.count, len(mine) - 1))]
        there = "there is 1" if room.count == 1 else f"there are {room.count}"
        message = f"{room.count + len(mine)} of {room.limit} {_said(name)}: {there}, this adds {len(mine)}"
        hint = "the contract has no room for more, and the server may refuse them: free some first, or ask for more"
        yield Finding("LS146", message, address, source, hint, "warning")


def _said(name: str) -> str:
    return name.replace("_", " ")
