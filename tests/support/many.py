"""Many entries of one kind, from what its file of cases says of one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from lsops.sandbox import add_user
from tests.support.cli import Lsops
from tests.support.kind_bench import PARENT, SANDBOX, Bench, Sheet, sandbox
from tests.support.kind_cases import Case, Cases, cases_of, files, read

AT = {
    "member": "{field}@clinic.example",
    "project_member": "{field}@clinic.example",
    "workspace_member": "{field}@clinic.example",
    "webhook": "{hooks}/{field}",
    "organization_webhook": "{hooks}/{field}",
}
"""How an entry is called whose name must have a form."""
APART = {"model_provider": {"endpoint": "https://models.example.com/{}"}}
"""What tells many of a kind apart, where the name of the entry does not."""
FIXED = {"permission"}
"""Kinds of which there are so many as the server says."""


def kinds_of_many(place: str = "enterprise") -> list[str]:
    """Those of which there can be many at one place."""
    every = {name: cases_of(read(path), place) for name, path in files().items()}
    return [name for name, found in every.items() if found and not found[0].schema.singleton and name not in FIXED]


@dataclass(frozen=True)
class Many:
    """So many entries of a kind on a server of their own; `apart` is one in each of as many parents."""

    cases: Cases
    bench: Bench
    count: int
    apart: bool = False

    @property
    def lsops(self) -> Lsops:
        return self.bench.lsops

    @property
    def collection(self) -> str:
        return self.cases.schema.collection

    def write(self, step: int, name: str = "lsops.yaml", *, count: int | None = None) -> None:
        """A manifest with all of them at a step of their field, or with the first of them; no environment changes."""
        number = self.count if count is None else count
        self.lsops.write(json.dumps({"version": 1, **self._tree(step, number)}, indent=1), name)

    def write_pruned(self) -> None:
        """A manifest by which all go that may: a collection at the top keeps one."""
        prune = {"prune": [self.collection]}
        self.lsops.write(json.dumps({"version": 1, **prune, **self._tree(1, 0 if "/*/" in self.collection else 1)}))

    def first(self) -> str:
        """The address of one of them."""
        sheet = Sheet(self.cases, self.bench)
        at = sheet.place.replace(PARENT, f"{PARENT} 0") if self.apart else sheet.place
        return f"{at}/{self._key(0).replace('~', '~0').replace('/', '~1')}"

    def _tree(self, step: int, count: int) -> dict[str, Any]:
        top, *below = self.collection.split("/*/")
        entries = [(self._key(number), self._entry(number, step)) for number in range(count)]
        if not below:
            return {top: dict(entries)}
        around = self.bench.filled(self.cases.said.get("around", {}))
        if not self.apart:
            return {top: {PARENT: {**around, below[0]: dict(entries)}}}
        parents = range(self.count)
        return {
            top: {f"{PARENT} {number}": {**around, below[0]: dict(entries[number : number + 1])} for number in parents}
        }

    def _key(self, number: int) -> str:
        kind = self.cases.schema.kind
        return str(self.bench.filled(AT.get(kind, "{field}"), field=name_of(0 if self.apart else number)))

    def _entry(self, number: int, step: int) -> dict[str, Any]:
        case = moving(self.cases)
        gone = [one for one in case.steps if one.word in ("created", "changed")]
        own = Sheet(self.cases, self.bench).entry(case, gone[min(step, len(gone) - 1)].value)
        apart = APART.get(self.cases.schema.kind, {})
        return {**own, **{name: value.format(number) for name, value in apart.items()}}


def name_of(number: int) -> str:
    return f"entry{number}"


def moving(cases: Cases) -> Case:
    """A field that everybody sees change, of those that identify nothing; the key where a kind has no other."""
    found = [case for case in cases.cases if not (case.is_key or case.is_part or case.is_hidden)]
    change = {"created", "changed"}
    return next((case for case in found if change <= {step.word for step in case.steps}), cases.cases[0])


@contextmanager
def many(lsops: Lsops, kind: str, count: int, *, apart: bool = False, place: str = "enterprise") -> Iterator[Many]:
    """A sandbox, in a folder of its own, that has what so many entries of a kind need, and none of them yet."""
    folder = lsops.folder / f"{kind}-{count}"
    folder.mkdir()
    lsops.monkeypatch.chdir(folder)
    cases = cases_of(read(files()[kind]), place)[0]
    with sandbox(Lsops(lsops.monkeypatch, lsops.capsys, folder), cases) as bench:
        if "@" in AT.get(kind, ""):
            for number in range(count):
                add_user(folder / SANDBOX, f"{name_of(number)}@clinic.example", "annotator")
        bench.lsops.setenv(**bench.filled(_secrets(cases)))
        yield Many(cases, bench, count, apart)


def _secrets(cases: Cases) -> Mapping[str, str]:
    return dict(cases.said.get("secrets", {}))
