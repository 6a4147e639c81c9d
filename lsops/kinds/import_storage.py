"""Storages that tasks are imported from (Community facts 3, Enterprise facts 6.1)."""

from __future__ import annotations

from lsops.kinds.storages import Storage


class ImportStorage(Storage):
    """`/api/storages/{type}/`, one item without the slash."""

    name = "import_storage"
    path = "/api/storages"
    ending = "/"


KIND = ImportStorage()
