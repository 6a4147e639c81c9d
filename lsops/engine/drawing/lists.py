"""What stands in a box as lines: the people of a collection, and how many there are of what has no box of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from lsops.engine.drawing.items import Item
from lsops.engine.drawing.style import key_of, style_of
from lsops.model.graph import TONES, Tone
from lsops.model.resource import Secret
from lsops.schema import kinds

SIGNS: Mapping[Tone, str] = {"created": "+ ", "changed": "~ ", "deleted": "- ", "undeclared": "? ", "": ""}
MOST = 6
"""Names of a list, after which the others are counted."""
WIDE = 56
"""Characters of a line, from which on names begin another one."""


def inner_lines(items: Sequence[Item]) -> Iterator[str]:
    """The lines of all that stands in one box, kind by kind."""
    by_kind: dict[str, list[Item]] = {}
    for item in items:
        by_kind.setdefault(item.resource.kind, []).append(item)
    for kind, found in by_kind.items():
        yield from _names(kind, found) if style_of(kind).role == "list" else [_count(kind, found)]


def inner_tone(own: Tone, items: Iterable[Item]) -> Tone:
    """The tone of a box: its own, or that something in it changes; that something in it is undeclared is no change."""
    return own or ("changed" if any(item.tone not in ("", "undeclared") for item in items) else "")


def _count(kind: str, items: Sequence[Item]) -> str:
    noun = kinds()[kind].noun
    told = [f"{number} {tone}" for tone in TONES if (number := sum(item.tone == tone for item in items))]
    said = f" ({', '.join(told)})" if told else ""
    return f"{len(items)} {noun}{'' if len(items) == 1 else 's'}{said}"


def _names(kind: str, items: Sequence[Item]) -> Iterator[str]:
    """A list per value of the field that it is sorted by, those that differ first."""
    by, groups = style_of(kind).by, dict[str, list[Item]]()
    for item in sorted(items, key=lambda item: not item.tone):
        groups.setdefault(_value(item, by) or kinds()[kind].name.replace("_", " "), []).append(item)
    for title, found in groups.items():
        names = [f"{SIGNS[item.tone]}{key_of(item.resource)}" for item in found]
        if len(names) > MOST:
            names = [*names[:MOST], f"and {len(names) - MOST} more"]
        yield from _wrapped(f"{title}: ", names)


def _value(item: Item, name: str) -> str:
    value = item.resource.values.get(name)
    return "" if value is None or isinstance(value, Secret) else str(value)


def _wrapped(start: str, names: Sequence[str]) -> Iterator[str]:
    line = start
    for number, name in enumerate(names):
        comma = "," if number < len(names) - 1 else ""
        if line != start and len(line) + len(name) > WIDE:
            yield line.rstrip()
            line = "    "
        line += f"{name}{comma} "
    yield line.rstrip()
