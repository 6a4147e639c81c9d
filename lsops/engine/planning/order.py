"""The order in which changes are made: phases up, each after what it requires; then deletes, phases down. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from lsops.model.plan import Change
from lsops.model.view import Amendment, Phased


def ordered(amendments: Sequence[Amendment]) -> tuple[Change, ...]:
    """All changes of a plan."""
    made = in_turn(_by_phase(chain.from_iterable(one.changes for one in amendments)))
    leaving = _by_phase(chain.from_iterable(one.deletes for one in amendments))
    return (*made, *leaving[::-1])


def _by_phase(changes: Iterable[Phased]) -> list[Change]:
    return [change for _, change in sorted(changes, key=lambda pair: pair[0])]


def in_turn(changes: Iterable[Change]) -> Iterator[Change]:
    """The changes in their order, but each after those that it requires."""
    waiting = {change.address: change for change in changes}
    for address in tuple(waiting):
        path = {address: None} if address in waiting else {}
        while path:
            last = next(reversed(path))
            before = next((one for one in waiting[last].requires if one in waiting and one not in path), None)
            if before is not None:
                path[before] = None
            else:
                del path[last]
                yield waiting.pop(last)
