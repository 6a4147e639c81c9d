"""What a kind is told when it reads and writes: values, and a session that remembers what was read."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lsops.model.live import Facts
from lsops.model.resource import Resource
from lsops.server.forms import OBJECT, ROW, Form

if TYPE_CHECKING:
    from lsops.server.session import Session

Row = Mapping[str, Any]
Names = Mapping[str, Mapping[str, int]]
"""Ids by kind and key, for fields that name another resource."""


@dataclass(frozen=True, slots=True)
class Where:
    """Which object on the server: its id, its variant, and the id of its parent.

    The parent of what stands at the top of the manifest is the organisation. `key` is that of the live object, for
    kinds whose paths name it instead of an id. `origin` is the id of what a new one is made from; None where it is made
    of its fields alone.
    """

    id: int | None = None
    type: str | None = None
    parent: int | None = None
    key: str = ""
    origin: int | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """What to read of one kind: the declared resources, and under which live parents.

    `parents` maps the address of each parent whose collection is wanted to its live id; a kind at the top has
    `{"": 0}`. `whole` holds the parents whose collection is pruned or listed, so that every row matters. Where nothing
    but the declared ones matters, `among` is how many of the kind the whole manifest declares; 0 where more may.
    `wanted` are fields that matter of every row, though nothing declares them. `pruned` holds the parents below which
    what is not declared is deleted.
    """

    desired: tuple[Resource, ...]
    parents: Mapping[str, int]
    whole: frozenset[str] = frozenset()
    among: int = 0
    wanted: frozenset[str] = frozenset()
    pruned: frozenset[str] = frozenset()

    def fields(self) -> frozenset[str]:
        """The names of all fields that any of the resources declares."""
        return frozenset(name for resource in self.desired for name in resource.values)

    def needed(self) -> frozenset[str]:
        """The names of all fields that are looked at."""
        return self.fields() | self.wanted

    def maybe_new(self, keys: Mapping[int, str]) -> list[Resource]:
        """The declared resources that may be created; `keys` are those of what is live, by id.

        One whose key is there is new all the same where another entry claims that, by its old name or by an id.
        """
        going = [item for item in self.desired if not item.lifecycle.absent]
        claimed = {item.lifecycle.renamed_from for item in going}
        for item in going:
            meant = {item.lifecycle.id, item.locked} & keys.keys()
            claimed |= {keys[number] for number in meant if number is not None} - {item.key}
        free = set(keys.values()) - claimed
        lost = {item.lifecycle.id for item in going} - {None} - keys.keys()
        return [item for item in going if item.key not in free or item.lifecycle.id in lost]


class Reader:
    """A session with what reads have in common; what is read once is kept for the length of a plan.

    `hidden` says by address why something that was read is never touched nor listed, `flags` what the organisation may
    do, as far as somebody has asked for it.
    """

    def __init__(self, session: Session, facts: Facts) -> None:
        self.session = session
        self.facts = facts
        self.names: dict[str, Mapping[str, int]] = {}
        self.hidden: dict[str, str] = {}
        self.flags: dict[str, bool] = {}
        self._rows: dict[str, list[dict[str, Any]]] = {}
        self._objects: dict[str, dict[str, Any]] = {}
        self._lock = threading.Lock()

    def once(self, path: str, form: Form = ROW) -> list[dict[str, Any]]:
        """The rows of a list that several kinds need, read at most once. Raises: ServerError."""
        with self._lock:
            if path not in self._rows:
                self._rows[path] = self.session.array(path, form=form)
            return self._rows[path]

    def pages_once(
        self, path: str, form: Form = ROW, *, params: Mapping[str, str] | None = None
    ) -> list[dict[str, Any]]:
        """The rows of a paginated list that several kinds need, read at most once, whatever is asked for of them.

        Raises: ServerError.
        """
        with self._lock:
            if path not in self._rows:
                self._rows[path] = self.session.pages(path, params, form=form)
            return self._rows[path]

    def keep(self, path: str, rows: list[dict[str, Any]]) -> None:
        """Have the rows of a list for `pages_once` and `kept`, as a kind has read all of them."""
        with self._lock:
            self._rows[path] = rows

    def kept(self, path: str) -> list[dict[str, Any]] | None:
        """The rows of a list that was read by now; None where it was not."""
        with self._lock:
            return self._rows.get(path)

    def object_once(self, path: str, form: Form = OBJECT) -> dict[str, Any]:
        """An object that several kinds need, read at most once. Raises: ServerError."""
        with self._lock:
            if path not in self._objects:
                self._objects[path] = dict(self.session.get(path, form=form))
            return self._objects[path]
