"""The parts of a Markdown text that may be shortened: a change, a finding, a list of addresses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lsops.engine.words import quoted_key, shown_id
from lsops.errors import Finding
from lsops.render.fields import Sent, Shown
from lsops.render.lines import SOME
from lsops.render.markup import Fold, Piece, code, fence, folded_block
from lsops.render.parts import Entry, EntryGroup
from lsops.render.pictures import PicturesOfChange
from lsops.render.urgent import GOING

FOLDED_FROM = 40
"""Rows of a diff from which on it is folded."""


def group_pieces(group: EntryGroup, summary: str) -> Iterator[Piece]:
    """What changes in one group, folded under its summary: first what holds the others."""
    fold = Fold(f"\n<details><summary>{summary}</summary>\n\n")
    if group.head is not None:
        yield entry_piece(group.head, fold=fold)
    yield from (entry_piece(entry, fold=fold, is_below=bool(group.address)) for entry in group.entries)


def entry_piece(entry: Entry, *, fold: Fold | None = None, is_below: bool = False) -> Piece:
    """A change: its name alone, or beneath it what is the matter where no title says it; what it destroys, causes and
    warns of; its fields; their diffs.
    """
    remark = entry.remark if entry.sort not in GOING else ""
    name = _name(entry)
    head = f"\n{'#' * (5 if is_below else 4)} {name}{_place(entry)}\n" + (f"\n**{remark}**\n" if remark else "")
    told = "".join(f"- **{item.label}** {code(item.text)}\n" for item in entry.remarks())
    fields = entry.fields()
    sent = "".join(map(_sent, entry.secrets())) + _drawn(entry.drawn)
    brief = "".join(map(_bullets, fields)) + sent
    whole = "".join(_bullets(field) + _diff(field) for field in fields) + sent
    shorter = (
        (head, "details" if told else ""),
        (head + _list(told), "fields" if brief else ""),
        (head + _list(told + brief), "diffs" if whole != brief else ""),
    )
    forms = (f"{text}\n*Its {what} are left out here.*\n" for text, what in shorter if what)
    brief_name = (f"* {name}\n",) if fold else ()
    return Piece("change", (*brief_name, *forms, head + _list(told + whole)), entry.crowd, fold)


def finding_piece(finding: Finding, prefix: str, crowd: int) -> Piece:
    """A finding in one line: severity, code, place, address, message, hint."""
    place = f" {code(str(finding.source.seen_from(prefix)))}" if finding.source else ""
    address = f" {code(finding.address)}" if finding.address else ""
    hint = f" ({code(finding.hint)})" if finding.hint else ""
    severity = "error" if finding.is_error else "warning"
    told = f"- **{severity}** {code(finding.code)}{place}{address}: {code(finding.words(prefix))}{hint}\n"
    return Piece("finding", (told,), crowd)


def list_piece(title: str, addresses: Sequence[str]) -> Piece:
    """Addresses beneath their number and a title of our own, folded where they are many."""
    title = f"{len(addresses)} {title}"
    rows = [f"- {code(address)}\n" for address in addresses]
    if len(rows) <= SOME:
        return Piece("list", (f"\n{title}\n", f"\n{title}:\n\n{''.join(rows)}"), len(rows))
    some = [*rows[:SOME], f"- and {len(rows) - SOME} more\n"]
    bodies = ("\n" + "".join(part) for part in (some, rows))
    return Piece("list", (f"\n{title}\n", *(folded_block(title, body) for body in bodies)), len(rows))


def _name(entry: Entry) -> str:
    change = entry.change
    origin = f" {entry.origin}" if entry.origin else ""
    number, key = shown_id(change), quoted_key(change)
    names = [*([f"id {code(number)}"] if number else []), *([code(key)] if key else [])]
    pinned = f" ({', '.join(names)})" if names else ""
    return f"`{change.symbol}` {code(change.address)}{pinned}{origin}"


def _place(entry: Entry) -> str:
    place, prefix = entry.change.source, entry.look.prefix
    return f" at {code(f'{prefix}{place.file}:{place.line}')}" if place else ""


def _list(bullets: str) -> str:
    return f"\n{bullets}" if bullets else ""


def _bullets(field: Shown) -> str:
    said = ": " + " → ".join(map(code, field.said)) if field.said else ""
    place = f" at {code(field.place)}" if field.place else ""
    inner = (f"- {code(path)}: {code(old)} → {code(new)}\n" for path, old, new in field.inner)
    return "".join((f"- {code(field.name)}{said}{place}\n", *inner))


def _sent(secret: Sent) -> str:
    return f"- {code(secret.name)}: {' → '.join(map(code, secret.said))} (sent, {code(secret.reference)})\n"


def _drawn(drawn: PicturesOfChange | None) -> str:
    """The pictures of a change where they have an address that a comment can show; else where to look."""
    if drawn is None:
        return ""
    shots = [shot for _, shot in drawn.sides if shot]
    if not all(shot.url for shot in shots):
        return f"- drawn {drawn.words}: pair {drawn.number} of the preview\n"
    names = " | ".join(name.lower() for name, _ in drawn.sides)
    cells = " | ".join(f"![{shot.name}]({shot.url})" if shot else "not drawn" for _, shot in drawn.sides)
    return f"\n| {names} |\n|---|---|\n| {cells} |\n"


def _diff(field: Shown) -> str:
    """The diff beneath a field's line; what comes after it is a list of its own."""
    if not field.rows:
        return ""
    block = fence(field.rows)
    return (folded_block(f"{len(field.rows)} lines", block) if len(field.rows) > FOLDED_FROM else block) + "\n"
