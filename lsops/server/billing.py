"""How much the contract of an Enterprise organisation allows (Enterprise facts 5.11): advice, no reason to stop."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lsops.errors import ServerError
from lsops.server.forms import COUNT, OBJECT, is_whole

if TYPE_CHECKING:
    from lsops.server.session import Session

PATH = "/api/billing/info"


@dataclass(frozen=True, slots=True)
class Room:
    """How many of something there are, and how many there may be."""

    count: int
    limit: int

    def __str__(self) -> str:
        return f"{self.count} of {self.limit}"


@dataclass(frozen=True, slots=True)
class Contract:
    """Room by what is counted, without what has no limit; and whether the contract is in force, as far as is said."""

    rooms: Mapping[str, Room] = field(default_factory=dict)
    is_active: bool = True
    is_expired: bool = False


def read_contract(session: Session) -> Contract | None:
    """The contract, in one request; None where the server does not say."""
    try:
        checks = session.get(PATH, form=OBJECT).get("billing_checks")
    except ServerError:
        return None
    if not isinstance(checks, Mapping):
        return None
    rooms = {name: room for name, value in checks.items() if (room := _room(value)) is not None}
    return Contract(rooms, checks.get("organization_is_active") is not False, checks.get("is_license_expired") is True)


def _room(value: Any) -> Room | None:
    """A limit of 0 that nothing has reached is none: so the examples of the API's description have it."""
    if not isinstance(value, Mapping) or not is_whole(value.get("limit")) or COUNT.fault(value.get("count"), "count"):
        return None
    is_unlimited = value["limit"] <= 0 and value.get("reached") is not True
    return None if is_unlimited else Room(value["count"], value["limit"])
