"""Whether two objects may have one name: nobody outside knows (enterprise-api 11, point 1).

So each resource has a switch. With `unique` the second one is refused with 400, as a serializer does, and with
`conflict` with 409. Community has no such rule (community-api 2.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lsops.sandbox.envelope import Conflict, Invalid
from lsops.sandbox.resource import Call

ANSWERS = ("free", "unique", "conflict")


def refuse_second(call: Call, point: str, table: str, document: Mapping[str, Any], keys: tuple[str, ...]) -> None:
    """Refuse a document that has the same in all `keys` as another one of the table, where the point says so.

    Raises: Invalid, Conflict.
    """
    if not call.enterprise or (answer := call.unknown(point)) == "free":
        return
    where = " AND ".join(f"json_extract(doc, '$.{key}') = ?" for key in keys)
    values = [document.get(key) for key in keys]
    if not call.store.count(table, f"{where} AND id != ?", (*values, document.get("id", 0))):
        return
    words = f"{table.replace('_', ' ').capitalize()} with this {keys[-1]} already exists."
    raise Invalid({keys[-1]: [words]}) if answer == "unique" else Conflict(words)
