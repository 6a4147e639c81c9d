"""Storages that tasks are imported from (Community facts 3, Enterprise facts 6.1)."""

from __future__ import annotations

from dataclasses import replace

from lsops.kinds.capabilities import Describes
from lsops.kinds.storages.storage import Storage
from lsops.model.live import Facts
from lsops.model.plan import Change


class ImportStorage(Storage, Describes):
    """`/api/storages/{type}/`, one item without the slash.

    A PATCH of the redis type is taken by its body alone, with the password (Community facts 3.4): its schema has every
    field always sent.
    """

    name = "import_storage"
    path = "/api/storages"
    ending = "/"

    def describe(self, change: Change, facts: Facts) -> Change:
        """Without a path the server looks for keys that begin with `None` (seen on 1.23.2): it finds nothing."""
        item = change.after
        if change.action == "delete" or item is None or item.type != "redis" or item.values.get("path") is not None:
            return change
        if change.before is not None and change.before.values.get("path") is not None and "path" not in item.values:
            return change
        warning = 'no path, so that nothing is imported; write path: "" to import every key'
        return replace(change, warnings=(*change.warnings, warning))


KIND = ImportStorage()
