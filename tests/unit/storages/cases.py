"""The table of `storages.yaml`, one case per side and type, and manifests with one storage."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from lsops.errors import Finding, ManifestError
from lsops.manifest import load
from lsops.model.resource import Resource

TABLE: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "storages.yaml").read_text("utf-8"))
SIDES = ("import", "export")
COMMON = TABLE["common"].split()

ENTRY_LINE = 5
"""The line of the storage's key in the manifests written here; its fields follow, one per line."""


@dataclass(frozen=True)
class Case:
    """What is known of one type on one side."""

    side: str
    type: str
    facts: Mapping[str, Any] = field(repr=False)

    @property
    def kind(self) -> str:
        return f"{self.side}_storage"

    @property
    def noun(self) -> str:
        article = "an" if self.type[0] in "aeiou" or self.type.startswith("s3") else "a"
        return f"{article} {self.type} {self.side} storage"

    @property
    def entry(self) -> dict[str, Any]:
        """The smallest entry that is right."""
        return {"type": self.type, **self.facts["minimal"]}

    @property
    def fields(self) -> set[str]:
        return {*COMMON, *self.words("both"), *self.words(self.side)}

    @property
    def bookkeeping(self) -> set[str]:
        own = {*self.words("bookkeeping"), *self.words(f"{self.side}_bookkeeping")}
        return own | set(TABLE["bookkeeping"].split())

    def words(self, name: str) -> list[str]:
        return self.facts.get(name, "").split()

    def __str__(self) -> str:
        return f"{self.side}-{self.type}"


CASES = [Case(side, name, facts) for side in SIDES for name, facts in TABLE["types"].items()]


def manifest(folder: Path, case: Case, entry: Mapping[str, Any]) -> Path:
    """A manifest in the folder with one storage, called `raw`, of the case's side."""
    lines = ["version: 1", "projects:", "  Scans:", f"    {case.side}_storages:", "      raw:"]
    lines += [f"        {name}: {json.dumps(value)}" for name, value in entry.items()]
    (folder / "lsops.yaml").write_text("\n".join(lines) + "\n", "utf-8")
    return folder


def loaded(folder: Path, case: Case, entry: Mapping[str, Any]) -> Resource:
    """The storage that such a manifest declares."""
    (resource,) = load(manifest(folder, case, entry)).desired.of(case.kind)
    return resource


def findings(folder: Path, case: Case, entry: Mapping[str, Any]) -> list[Finding]:
    """What is wrong with such a manifest."""
    try:
        load(manifest(folder, case, entry))
    except ManifestError as error:
        return list(error.findings)
    return []


def line_of(entry: Mapping[str, Any], name: str) -> int:
    """The line on which a field of the entry stands."""
    return ENTRY_LINE + 1 + list(entry).index(name)
