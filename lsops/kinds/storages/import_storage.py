"""Storages that tasks are imported from (Community facts 3, Enterprise facts 6.1)."""

from __future__ import annotations

from dataclasses import replace

from lsops.kinds.capabilities import Describes
from lsops.kinds.storages.storage import Storage
from lsops.manifest.findings import quote
from lsops.model.live import Facts
from lsops.model.plan import Change
from lsops.model.resource import Resource
from lsops.model.syncing import SyncState
from lsops.signs import plural


class ImportStorage(Storage, Describes):
    """`/api/storages/{type}/`, one item without the slash.

    A PATCH of the redis type is taken by its body alone, with the password (Community facts 3.4): its schema has every
    field always sent.
    """

    name = "import_storage"
    counted = "import_storages"
    path = "/api/storages"
    ending = "/"

    def describe(self, change: Change, facts: Facts) -> Change:
        """Without a path the server looks for keys that begin with `None` (seen on 1.23.2): it finds nothing.

        Tasks of a storage that is deleted stay on Community; on Enterprise nobody knows (Enterprise facts 11.15).
        """
        change = self.with_sync(change)
        if change.action in ("delete", "replace") and facts.is_enterprise:
            change = replace(change, effects=(*change.effects, FATE_OF_TASKS))
        item = change.after
        if change.action == "delete" or item is None or item.type != "redis" or item.values.get("path") is not None:
            return change
        if change.before is not None and change.before.values.get("path") is not None and "path" not in item.values:
            return change
        warning = 'no path, so that nothing is imported; write path: "" to import every key'
        return replace(change, warnings=(*change.warnings, warning))

    def moved(self, state: SyncState, item: Resource) -> str:
        if state.count:
            before = f", {state.existed:,} were there before" if state.existed else ""
            return f"{plural(state.count, 'task')} came in{before}"
        if state.existed:
            return f"nothing new: {plural(state.existed, 'task')} of it {'is' if state.existed == 1 else 'are'} there"
        chosen = [f"{name} {quote(item.values[name])}" for name in CHOOSING if item.values.get(name)]
        return f"nothing matched {' and '.join(chosen)}" if chosen else "there is nothing to import in it"


FATE_OF_TASKS = "whether the tasks that it imported stay is not known"
CHOOSING = ("prefix", "path", "regex_filter")
"""The fields by which a storage's objects are chosen."""

KIND = ImportStorage()
