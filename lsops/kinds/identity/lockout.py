"""Which changes may take from the caller the role or the login that somebody else would have to give back.

The server does not say who is in which group. So where an identity provider gave the caller's role, whatever takes
that role from any group is refused; where it is not known who gave it, the plan warns. What the rules rely on is of the
guides (Enterprise facts 5.7): of several roles the most elevated counts, no group makes or unmakes an owner, and who is
in no group that gives a role is deactivated unless roles may be given by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lsops.kinds.identity.caller import Caller
from lsops.kinds.identity.group_lists import PROJECTS, ROLES, SEATS, WORKSPACES
from lsops.kinds.shared_rows import MAY_SEE_ALL
from lsops.normalize import grant
from lsops.normalize import role as role_word

WHO = "the owner of the token that lsops uses"


@dataclass(frozen=True, slots=True)
class Risk:
    """What may become of the caller by a change of a field; `is_refused` says whether that is enough to refuse it."""

    field: str
    message: str
    is_refused: bool


@dataclass(frozen=True, slots=True)
class Turn:
    """Settings before and after a change, in the manifest's words; `changed` names the fields that differ."""

    before: Mapping[str, Any]
    after: Mapping[str, Any]
    changed: frozenset[str]

    def gone(self, name: str) -> list[dict[str, Any]]:
        """The items of a list that are no longer in it."""
        return _less(_items(self.before, name), _items(self.after, name))

    def new(self, name: str) -> list[dict[str, Any]]:
        """The items of a list that were not in it."""
        return _less(_items(self.after, name), _items(self.before, name))


def risks(turn: Turn, caller: Caller) -> Iterator[Risk]:
    """What a change may take from the caller."""
    if not caller.is_owner:
        yield from _of_roles(turn, caller)
        yield from _of_seats(turn, caller)
        yield from _of_places(turn, caller)
        yield from _of_hands(turn, caller)
    yield from _of_login(turn, caller)


# ---- what groups give ----------------------------------------------------------------------------


def _of_roles(turn: Turn, caller: Caller) -> Iterator[Risk]:
    if ROLES not in turn.changed or caller.is_own:
        return
    lost = [item for item in turn.gone(ROLES) if role_word(item.get("role")) == caller.role]
    if lost:
        message = f"{_groups(lost)} would no longer give the role {caller.role}, which {WHO} may have by it"
        yield Risk(ROLES, message, caller.is_given)
    elif not _items(turn.before, ROLES):
        message = f"groups give roles from now on, and whether {WHO} is in one of them is not known"
        yield Risk(ROLES, message, caller.is_given)


def _of_seats(turn: Turn, caller: Caller) -> Iterator[Risk]:
    """A seat that only looks, for a group that gives the caller's role."""
    if SEATS not in turn.changed or caller.is_own:
        return
    mine = {item.get("group") for item in _items(turn.before, ROLES) if role_word(item.get("role")) == caller.role}
    idle = [item for item in turn.new(SEATS) if item.get("user_type") == "viewonly" and item.get("group") in mine]
    if idle:
        yield Risk(SEATS, f"{_groups(idle)} would only give seats to look, and {WHO} may be in it", caller.is_given)


def _of_places(turn: Turn, caller: Caller) -> Iterator[Risk]:
    """Whoever is not shown everything sees what groups put them into."""
    if caller.role in MAY_SEE_ALL or caller.is_own:
        return
    for name, first in ((WORKSPACES, "workspace"), (PROJECTS, "project")):
        lost = turn.gone(name) if name in turn.changed else []
        if lost:
            titles = ", ".join(sorted({f'"{item.get(first)}"' for item in lost}))
            yield Risk(name, f"{WHO} may see the {first} {titles} only by what goes", caller.is_given)


def _of_hands(turn: Turn, caller: Caller) -> Iterator[Risk]:
    name = "manual_role_management"
    if name not in turn.changed or caller.is_given:
        return
    after = turn.after.get(name)
    if after is False:
        message = f"the role of {WHO} was given by hand, and would be what groups give, or nothing"
        yield Risk(name, message, caller.is_own)
    elif after is None and turn.before.get(name) is True:
        yield Risk(name, f"the contract decides then whether {WHO} keeps a role that was given by hand", False)


# ---- who can log in ------------------------------------------------------------------------------


def _of_login(turn: Turn, caller: Caller) -> Iterator[Risk]:
    was, is_now = (_covers(side, caller.domain) for side in (turn.before, turn.after))
    if is_now and not _has_metadata(turn.after) and turn.changed & {"domain", "metadata_url", "metadata_xml"}:
        field = "domain" if "domain" in turn.changed else min(turn.changed & {"metadata_url", "metadata_xml"})
        message = f"people of {caller.domain}, {WHO} among them, would log in by an identity provider without metadata"
        yield Risk(field, message, True)
        return
    if "domain" in turn.changed and was and not is_now:
        yield Risk("domain", f"people of {caller.domain}, {WHO} among them, could no longer log in", caller.is_given)
    elif "domain" in turn.changed and is_now and not was:
        message = f"people of {caller.domain}, {WHO} among them, log in by the identity provider from now on"
        yield Risk("domain", message, False)
    for name in ("metadata_url", "metadata_xml", "mapping_email"):
        if name in turn.changed and turn.before.get(name) and (was or caller.is_given):
            yield Risk(name, f"the login of {WHO} depends on it", caller.is_given)
    groups = "mapping_groups"
    if groups in turn.changed and turn.before.get(groups) and _items(turn.before, ROLES) and caller.is_given:
        yield Risk(groups, f"the role of {WHO} depends on the groups in it", not caller.is_owner)


def _covers(settings: Mapping[str, Any], domain: str) -> bool:
    names = str(settings.get("domain") or "").split(",")
    return bool(domain) and domain in {name.strip().casefold() for name in names}


def _has_metadata(settings: Mapping[str, Any]) -> bool:
    return any(str(settings.get(name) or "").strip() for name in ("metadata_url", "metadata_xml"))


def _items(settings: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    return [grant(item) for item in settings.get(name) or () if isinstance(item, Mapping)]


def _less(items: Iterable[dict[str, Any]], others: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    known = {repr(sorted(one.items())) for one in others}
    return [one for one in items if repr(sorted(one.items())) not in known]


def _groups(items: Iterable[Mapping[str, Any]]) -> str:
    names = sorted({f'"{item.get("group")}"' for item in items})
    return f"the group {names[0]}" if len(names) == 1 else f"the groups {', '.join(names)}"
