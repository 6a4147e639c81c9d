"""Requests that cases of a kind expect, against those that were sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from lsops.schema import Field
from tests.support.wire import Sent

SET = "<set>"
"""In place of a value: any but none, such as the time now."""


@dataclass(frozen=True)
class Expected:
    """A request that has to be sent: exactly these keys in its body, and these values of them.

    A `*` of the path stands for any id.
    """

    case: str
    field: Field
    method: str
    path: str
    values: Mapping[str, Any]
    keys: frozenset[str]

    def fits(self, sent: Sent) -> bool:
        """Whether that is it."""
        body = sent.body or {}
        is_here = sent.method == self.method and fnmatchcase(sent.path, self.path)
        return (
            is_here and body.keys() == self.keys and all(holds(body[n], v, self.field) for n, v in self.values.items())
        )

    def __str__(self) -> str:
        return f"{self.method} {self.path} with {sorted(self.keys)}, in it {dict(self.values)}"


def compared(wanted: Iterable[Expected], sent: Iterable[Sent]) -> Iterator[str]:
    """What was not sent, and what was sent besides, in words."""
    left = list(sent)
    for one in wanted:
        found = next((request for request in left if one.fits(request)), None)
        if found is None:
            yield f"{one.case}: not sent: {one}"
        else:
            left.remove(found)
    yield from (f"sent besides: {request}" for request in left)


def holds(held: Any, wanted: Any, field: Field) -> bool:
    """Whether a value is as it should be: of an object that merges, all that is declared of it."""
    if wanted == SET:
        return held not in (None, "")
    if field.merge_deep and isinstance(wanted, Mapping) and isinstance(held, Mapping):
        return all(name in held and holds(held[name], inner, field) for name, inner in wanted.items())
    if field.unordered and isinstance(held, list) and isinstance(wanted, list):
        return sorted(map(str, held)) == sorted(map(str, wanted))
    return bool(held == wanted)


def inside(value: Any, path: str) -> Any:
    """What stands at a path such as `user.email` or `0`; None where it leads nowhere."""
    for part in path.split(".") if path else ():
        if isinstance(value, list):
            value = value[int(part)] if int(part) < len(value) else None
        else:
            value = value.get(part) if isinstance(value, Mapping) else None
    return value
