"""What a check finds, kept within bounds: a config of 1 MiB can be wrong 260,000 times."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lsops.labelconfig.issue import Issue, Severity
from lsops.labelconfig.tree import Node

MOST = 100
"""Issues of one code that are told; where there are more, the last of them says how many."""
EQUAL = 3
"""Issues with the same words that are told one by one; more of them are told once, and counted."""

Place = tuple[int, int]


@dataclass(slots=True)
class _Group:
    """Issues with the same words: how many, where the first few stand, and where the last one does."""

    places: list[Place] = field(default_factory=list)
    count: int = 0
    last: Place = (0, 0)

    def add(self, place: Place) -> None:
        self.count += 1
        self.last = max(self.last, place)
        if len(self.places) < EQUAL:
            self.places.append(place)

    def told(self, severity: Severity, code: str, message: str, hint: str) -> Iterator[tuple[Issue, int]]:
        """The issues to tell, each with how many it stands for."""
        if self.count > EQUAL:
            message += f" ({self.count} times, the last in line {self.last[0]})"
            yield Issue(severity, code, message, *min(self.places), hint), self.count
            return
        yield from ((Issue(severity, code, message, *place, hint), 1) for place in self.places)


@dataclass(slots=True)
class _Code:
    """The issues of one code by their words, and how many have words that are not kept."""

    severity: Severity
    groups: dict[tuple[str, str], _Group] = field(default_factory=dict)
    dropped: _Group = field(default_factory=_Group)


class IssueTally:
    """Collects issues; `issues` gives those that are told."""

    def __init__(self) -> None:
        self._codes: dict[str, _Code] = {}

    def add(self, severity: Severity, code: str, message: str, node: Node, hint: str = "") -> None:
        """Note an issue of an element. Costs the same however many there are."""
        found = self._codes.get(code)
        if found is None:
            found = self._codes[code] = _Code(severity)
        group = found.groups.get((message, hint))
        if group is None:
            if len(found.groups) < MOST:
                group = found.groups[message, hint] = _Group()
            else:
                group = found.dropped
        group.add((node.line, node.column))

    def issues(self) -> list[Issue]:
        """At most `MOST` issues of each code, in the order of the text."""
        told = [issue for code, found in self._codes.items() for issue in _told(code, found)]
        return sorted(told, key=lambda issue: (issue.line, issue.column, issue.code, issue.message))


def _told(code: str, found: _Code) -> list[Issue]:
    told = [pair for words, group in found.groups.items() for pair in group.told(found.severity, code, *words)]
    told.sort(key=lambda pair: (pair[0].line, pair[0].column))
    if len(told) <= MOST and not found.dropped.count:
        return [issue for issue, _ in told]
    rest = told[MOST - 1 :]
    more = found.dropped.count + sum(count for _, count in rest)
    place = (rest[0][0].line, rest[0][0].column) if rest else min(found.dropped.places)
    kept = [issue for issue, _ in told[: MOST - 1]]
    return [*kept, Issue(found.severity, code, f"and {more} more of this kind", *place)]
