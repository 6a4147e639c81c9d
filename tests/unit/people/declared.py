"""Declared people and memberships, and plans of them, as short as a test wants them."""

from __future__ import annotations

from typing import Any

from lsops.engine.planning import plan
from lsops.kinds import Query, kind
from lsops.model.address import join, parent
from lsops.model.desired import Desired
from lsops.model.live import Live
from lsops.model.resource import Lifecycle, Resource

SOURCE = None
NO_RULES = Lifecycle()


def member(email: str, role: str | None = None, **rules: Any) -> Resource:
    return _resource("member", "", "members", email, role, rules)


def in_workspace(email: str, *, workspace: str = "Ward", **rules: Any) -> Resource:
    return _resource("workspace_member", join("workspaces", workspace), "members", email, None, rules)


def in_project(email: str, role: str | None = None, *, project: str = "Scans", **rules: Any) -> Resource:
    return _resource("project_member", join("projects", project), "members", email, role, rules)


def _resource(name: str, above: str, collection: str, email: str, role: str | None, rules: Any) -> Resource:
    return Resource(
        kind=name,
        address=above + join(collection, email),
        key=email,
        values={"email": email, **({"role": role} if role else {})},
        parent=above,
        lifecycle=Lifecycle(**rules) if rules else NO_RULES,
    )


PARENTS = {"workspace_member": {"/workspaces/Ward": 4}, "project_member": {"/projects/Scans": 7}, "member": {"": 0}}


def read(server, *desired: Resource, kinds: tuple[str, ...] = (), **known: Any) -> Live:
    """The live side of all kinds that occur, of workspace 4 called Ward and project 7 called Scans."""
    reader, found = server.reader(**known), {}
    for name in kinds or tuple(dict.fromkeys(item.kind for item in desired)):
        mine = tuple(item for item in desired if item.kind == name)
        found.update(kind(name).read(reader, Query(mine, PARENTS[name])))
    return Live(found, reader.names)


def planned(server, *desired: Resource, prune: tuple[str, ...] = (), **known: Any):
    """The plan of a manifest that writes the collections of the resources, and those that are pruned.

    Their parents are taken for granted.
    """
    written = {parent(item.address): SOURCE for item in desired}
    state = read(server, *desired, **known)
    return plan(Desired(desired, written, prune), state, server.facts(**known))


def lines(found):
    """What changes, as the shortest text."""
    return [f"{change.symbol} {change.address}" for change in found.changes]


def reasons(findings):
    return [(finding.code, finding.message) for finding in findings]
