"""Numbers and names in words, for what plans and refusals say."""

from __future__ import annotations

import json

from lsops.model.plan import Change

LONGEST = 120
"""Characters of a live key."""


def counted(number: int | None, what: str) -> str:
    """`1 task`, `2 tasks`, `an unknown number of tasks`; `what` is the plural."""
    if number is None:
        return f"an unknown number of {what}"
    return f"{number} {what.removesuffix('s') if number == 1 else what}"


def shown_id(change: Change) -> str:
    """The id of the live object; nothing where there is none, or the address says it and that is all."""
    number = change.remote_id.get("id")
    is_said = change.address.endswith(f"(id {number})") and "key" not in change.remote_id
    return "" if number is None or is_said else str(number)


def quoted_key(change: Change) -> str:
    """The key of the live object in quotes; nothing where it stands in the address."""
    if "key" not in change.remote_id:
        return ""
    text = json.dumps(change.remote_id["key"], ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def called(change: Change) -> str:
    """The address of a change with what tells its live object: `/projects/Old (id 35, "Production")`."""
    number, key = shown_id(change), quoted_key(change)
    parts = [*([f"id {number}"] if number else []), *([key] if key else [])]
    return f"{change.address} ({', '.join(parts)})" if parts else change.address
