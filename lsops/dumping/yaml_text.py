"""Values as YAML that every reader takes alike: whatever YAML 1.1 or 1.2 could misread stands in quotes.

A value is escaped first where it reads as a reference; a secret and a file are references on purpose.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from lsops.dumping.values import FileText, ParamText
from lsops.manifest.reference_syntax import without_references
from lsops.model.resource import Secret
from lsops.signs import spelled_out

WIDTH = 100
"""Columns up to which a map or a list stands in one line."""
DEPTH = 3
"""How deep such a line nests."""
EXACT = 2**53
"""Below this a whole number that came with a point can stand without it."""
WORDS = frozenset("null ~ true false yes no on off y n nan inf".split())
"""What some version of YAML takes for something else than text."""

_START = re.compile(r"[^\W\d]|[/$(]")
_ENDS = re.compile(r":(?:\s|$)|\s#|\s$")
_FLOW = re.compile(r"[,\[\]{}]")


def scalar(value: Any, *, in_flow: bool = False) -> str:
    """A value that holds no other, in one line."""
    if isinstance(value, Secret):
        return _text(value.reference, in_flow)
    if isinstance(value, FileText):
        return _text(f"${{file:{value.name}}}", in_flow)
    if isinstance(value, ParamText):
        reference = f"${{param:{value.name}}}"
        return _text(f"${{env:{reference}}}" if value.is_secret else reference, in_flow)
    if isinstance(value, str):
        return _text(without_references(value), in_flow)
    if not isinstance(value, float):
        return json.dumps(value)
    return str(int(value)) if value.is_integer() and abs(value) < EXACT else _with_point(repr(value))


def _with_point(number: str) -> str:
    """A number as YAML 1.1 takes it for one, too: that has a point before an exponent."""
    before, sign, exponent = number.partition("e")
    return f"{before}.0e{exponent}" if sign and "." not in before else number


def key_text(name: str, *, in_flow: bool = False) -> str:
    """A key; keys hold no references, so that nothing in them is escaped."""
    return _text(name, in_flow)


def _text(text: str, in_flow: bool) -> str:
    return text if _is_plain(text) and not (in_flow and _FLOW.search(text)) else in_quotes(text)


def _is_plain(text: str) -> bool:
    return (
        _START.match(text) is not None
        and text.lower() not in WORDS
        and _ENDS.search(text) is None
        and spelled_out(text) == text
    )


def in_quotes(text: str) -> str:
    """A text in double quotes, with escapes for all that is not printed."""
    plain = json.dumps(text, ensure_ascii=False)
    return plain if plain.isprintable() and spelled_out(plain) == plain else "".join(map(_sign, plain))


def _sign(sign: str) -> str:
    if spelled_out(sign) == sign:
        return sign
    return f"\\u{ord(sign):04x}" if ord(sign) < 0x10000 else f"\\U{ord(sign):08x}"


# ---- maps and lists ------------------------------------------------------------------------------


def field_lines(name: str, value: Any, indent: int) -> Iterator[str]:
    """The lines of `NAME: VALUE` at an indentation."""
    yield from _lines(f"{' ' * indent}{key_text(name)}:", value, indent)


def _lines(head: str, value: Any, indent: int) -> Iterator[str]:
    if isinstance(value, str) and (block := _block(without_references(value))):
        yield f"{head} {block[0]}"
        yield from (f"{' ' * (indent + 2)}{row}" if row else "" for row in block[1:])
        return
    flow = in_one_line(value, WIDTH - len(head) - 1)
    if flow:
        yield f"{head} {flow}"
    elif isinstance(value, Mapping):
        yield head
        for name, inner in value.items():
            yield from field_lines(str(name), inner, indent + 2)
    else:
        yield head
        for item in value:
            yield from _item(item, indent + 2)


def _item(item: Any, indent: int) -> Iterator[str]:
    head = f"{' ' * indent}-"
    rows = list(field_rows(item, indent + 2)) if isinstance(item, Mapping) and not _fits(item, indent) else []
    if not rows:
        yield from _lines(head, item, indent)
        return
    yield f"{head} {rows[0].lstrip()}"
    yield from rows[1:]


def _fits(item: Any, indent: int) -> bool:
    return bool(in_one_line(item, WIDTH - indent - 2))


def field_rows(values: Mapping[str, Any], indent: int) -> Iterator[str]:
    """The lines of a map's fields, one after the other."""
    for name, value in values.items():
        yield from field_lines(str(name), value, indent)


def in_one_line(value: Any, width: int) -> str:
    """A value in one line; empty where a map or a list does not fit, or nests too deep to be read so."""
    if not isinstance(value, (Mapping, list, tuple)):
        return scalar(value)
    if not value:
        return "{}" if isinstance(value, Mapping) else "[]"
    if _depth(value, DEPTH + 1) > DEPTH or len(value) > width:
        return ""
    flow = flow_text(value)
    return flow if len(flow) <= width else ""


def flow_text(value: Any) -> str:
    """A value in one line, however long, as it stands in braces."""
    if isinstance(value, Mapping):
        inner = (f"{key_text(str(name), in_flow=True)}: {flow_text(item)}" for name, item in value.items())
        return f"{{{', '.join(inner)}}}"
    return f"[{', '.join(map(flow_text, value))}]" if isinstance(value, (list, tuple)) else scalar(value, in_flow=True)


def _depth(value: Any, most: int) -> int:
    """How deep a value nests, at most that."""
    inner: Iterable[Any] = value.values() if isinstance(value, Mapping) else value
    if not isinstance(value, (Mapping, list, tuple)) or most == 0:
        return 0
    return 1 + max((_depth(item, most - 1) for item in inner), default=0)


def _block(text: str) -> list[str]:
    """A text of several lines as a `|` block, its head first; nothing where that would not keep every sign of it."""
    body = text.rstrip("\n")
    rows = body.split("\n")
    ends = len(text) - len(body)
    if len(rows) + min(ends, 1) < 2 or not rows[0] or rows[0][0].isspace():
        return []
    if any(
        row != "" and (row.isspace() or spelled_out(row.replace("\t", " ")) != row.replace("\t", " ")) for row in rows
    ):
        return []
    return ["|" if ends == 1 else "|-" if ends == 0 else "|+", *rows, *[""] * (ends - 1)]


def comment(text: str, indent: int = 0, longest: int = 300) -> str:
    """A line that no reader takes for anything, with a text of whatever origin."""
    shown = spelled_out(text if len(text) <= longest else f"{text[:longest]}…")
    return f"{' ' * indent}# {shown}"
