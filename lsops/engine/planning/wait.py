"""What cannot be planned now: what waits for a person, and what nobody knows enough of. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from lsops.engine.planning.own import Owned
from lsops.errors import Finding, Source
from lsops.identity import Keys, not_compared
from lsops.kinds import Kind, registry
from lsops.kinds.capabilities import Awaits, MayBeHidden
from lsops.model.address import parent
from lsops.model.live import Facts
from lsops.model.pairs import Group, Pair, Pairs


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is left alone, and what is `todo`: the pairs to compare, in their order.

    `invitations` are e-mail and role code of the pending people without an open invitation. `unknown` are addresses of
    which nothing is known; `failures` say why.
    """

    todo: tuple[Pair, ...] = ()
    pending: tuple[str, ...] = ()
    invitations: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    unknown: frozenset[str] = frozenset()
    failures: tuple[Finding, ...] = ()
    not_compared: tuple[Finding, ...] = ()


def wait(pairs: Pairs, owned: Owned, facts: Facts, keys: Keys) -> Waiting:
    """What is compared, less what is absent, waits, or is not known."""
    todo: list[Pair] = []
    pending: list[str] = []
    invitations: dict[str, tuple[str, str]] = {}
    unknown: set[str] = set()
    failures: list[Finding] = []
    secrets: list[Finding] = []
    for group in pairs.groups.values():
        above = parent(group.address)
        if above in owned.gone:
            continue
        if above in unknown or group.error is not None:
            unknown.update(pair.desired.address for pair in group.pairs)
            failures += _unread(group, pairs)
            continue
        kind = registry()[group.kind]
        for pair in group.pairs:
            item, live, is_known = pair
            if not is_known:
                unknown.add(item.address)
                secrets.append(not_compared(item, keys))
            elif item.lifecycle.absent:
                continue
            elif isinstance(kind, Awaits) and kind.pending(item, live, pairs):
                pending.append(item.address)
                invitations.update(_invitation(kind, pair))
            elif live is None and (reason := _hidden(kind, pair, facts)) is not None:
                failures.append(reason)
                unknown.add(item.address)
            else:
                todo.append(pair)
    return Waiting(tuple(todo), tuple(pending), invitations, frozenset(unknown), tuple(failures), tuple(secrets))


def _unread(group: Group, pairs: Pairs) -> Iterable[Finding]:
    """A read that failed is never "absent": nothing below is planned."""
    if group.error is not None:
        place: Source | None = pairs.desired.written.get(group.address)
        place = place or (group.pairs[0].desired.source if group.pairs else None)
        yield replace(group.error, address=group.address, source=place)


def _hidden(kind: Kind, pair: Pair, facts: Facts) -> Finding | None:
    """Why a declared resource that was not found may exist all the same (Enterprise facts 1.20)."""
    if not facts.is_enterprise or not isinstance(kind, MayBeHidden) or facts.role in kind.sighted:
        return None
    item = pair.desired
    message = f"a token of the role {facts.role or 'unknown'} is not shown every {kind.schema.noun}: this one may exist"
    return Finding("LS703", message, item.address, item.source, "use a token of an owner or administrator")


def _invitation(kind: Awaits, pair: Pair) -> Mapping[str, tuple[str, str]]:
    """Nothing is planned for who has not joined yet; who was not invited yet can be."""
    found = kind.invitation(pair.desired, pair.live)
    return {pair.desired.address: found} if found is not None else {}
