"""Storages that annotations are exported to (Community facts 3, Enterprise facts 6.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from lsops.kinds.capabilities import Describes
from lsops.kinds.storages.storage import Storage
from lsops.model.live import Facts
from lsops.model.plan import Change
from lsops.model.resource import Resource
from lsops.model.syncing import SyncState
from lsops.signs import plural

CLOUDS = {"s3": "s3:/", "s3s": "s3:/", "gcs": "gs:/", "gcs_sa": "gs:/", "gcswif": "gs:/"}
"""The beginning of a bucket's URL, less the slash that joins it to the name."""


class ExportStorage(Storage, Describes):
    """`/api/storages/export/{type}`, never with a slash at the end."""

    name = "export_storage"
    counted = "export_storages"
    path = "/api/storages/export"

    def describe(self, change: Change, facts: Facts) -> Change:
        """The server syncs a new export storage at once (Community facts 3.3)."""
        change = self.with_sync(change)
        if change.action not in ("create", "replace") or change.after is None:
            return change
        fields = self.schema.fields(change.after.type)
        values = {name: field.default for name, field in fields.items() if field.has_default}
        place = written_place(change.after.type or "", {**values, **change.after.values})
        return replace(change, effects=(*change.effects, f"writes all annotations of the project to {place} now"))

    def moved(self, state: SyncState, item: Resource) -> str:
        return f"{plural(state.count, 'annotation')} written" if state.count else "there is nothing to write yet"


def written_place(type_: str, values: Mapping[str, Any]) -> str:
    """Where a storage of that type writes, in words: `s3://labels/out`, `azure container labels`."""
    parts = [str(values[name]).strip("/") for name in WITHIN.get(type_, ("bucket", "prefix")) if values.get(name)]
    if type_ in CLOUDS:
        return "/".join([CLOUDS[type_], *parts])
    if type_.startswith("azure"):
        return f"azure container {'/'.join(parts)}"
    if type_ == "redis":
        address = ":".join(str(values[name]) for name in ("host", "port") if values.get(name))
        return " ".join(["redis", *([address] if address else []), f"db {values.get('db')}"])
    return "/".join(["/Volumes", *parts]) if type_ == "databricks" else str(values.get("path") or "")


WITHIN = {
    "azure": ("container", "prefix"),
    "azure_spi": ("container", "prefix"),
    "databricks": ("catalog", "schema", "volume", "prefix"),
    "redis": (),
}
"""The fields that make up the place, where they are not bucket and prefix."""

KIND = ExportStorage()
