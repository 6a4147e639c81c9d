"""A recorded live side: the rows that a server would answer with, for the manifests of `manifests`.

Run as a program, `python benchmarks/recorded.py MANIFEST RECORD` plans the manifest against such a record, offline.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

NAMES = {"workspace": {"Radiology": 2}}
DRIFT = 100
"""One project in so many differs from its manifest."""

Rows = list[dict[str, Any]]


def write(path: Path, projects: int, storages: int) -> Path:
    """Record the live side of so many projects; the path of the record."""
    path.write_text(json.dumps(dict(collections(projects, storages))), "utf-8")
    return path


def collections(projects: int, storages: int) -> Iterator[tuple[str, Rows]]:
    """The rows of every collection, by its address."""
    import manifests

    declared = manifests.values(range(projects), storages)
    yield "/projects", [_project(number, title, entry) for number, (title, entry) in enumerate(declared.items(), 1)]
    for number, (title, entry) in enumerate(declared.items(), 1):
        for side in ("import_storages", "export_storages") if storages else ():
            yield f"/projects/{title}/{side}", [_storage(number, *item) for item in entry[side].items()]


def _project(number: int, title: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    fields = {name: value for name, value in entry.items() if not name.endswith("_storages")}
    counters = dict.fromkeys(("task_number", "total_annotations_number", "num_tasks_with_annotations"), number % 7)
    drift = {} if number % DRIFT else {"maximum_annotations": 9}
    return {**fields, **drift, **counters, "id": number, "title": title, "workspace": 2}


def _storage(project: int, title: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    fields = {name: value for name, value in entry.items() if "${env:" not in str(value)}
    sync = {"status": "completed", "last_sync": "2026-01-01T00:00:00Z", "last_sync_count": 3, "meta": {}}
    return {**fields, **sync, "id": project, "title": title, "project": project}


# ---- the program -------------------------------------------------------------------------------


def main(manifest: Path, record: Path) -> None:
    from lsops.engine.planning import plan
    from lsops.manifest import load
    from lsops.model.live import Collection, Facts, Live
    from lsops.schema import by_collection

    loaded = load(manifest)
    rows: dict[str, Rows] = json.loads(record.read_bytes())
    kinds = by_collection()
    found = {}
    for address, entries in rows.items():
        kind = kinds["/".join(("*" if number == 1 else part) for number, part in enumerate(address[1:].split("/")))]
        found[address] = Collection(kind.kind, tuple(_live(kind.kind, row, address) for row in entries))
    facts = Facts("https://label.example.com", "enterprise", "2.31.0", "owner", 1, "owner@example.com", 1)
    made = plan(loaded.desired, Live(found, NAMES), facts)
    print(json.dumps(made.summary))


def _live(name: str, row: Mapping[str, Any], address: str) -> Any:
    from lsops.kinds import kind

    return kind(name).from_row(row, NAMES, address)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
