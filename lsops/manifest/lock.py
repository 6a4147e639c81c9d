"""`lsops.lock`: which live object each declared resource is, so that a name changed by hand is still the same.

It may be deleted at any time, and loses nothing but this: it holds ids, no values and no secrets.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from lsops.errors import Finding, Source
from lsops.manifest.files import MAX_YAML_BYTES, FileProblem, decoded, read_bytes
from lsops.model.desired import Desired
from lsops.model.resource import Resource

LOCK = "lsops.lock"
FORMAT = "lsops.lock/1"

Ids = Mapping[str, int]
"""Ids of live objects, by the addresses of declared ones."""


@dataclass(frozen=True)
class Lock:
    """The lock of a manifest: ids by server and environment. `trouble` says why a file that is there counts as none."""

    path: Path
    ids: Mapping[str, Mapping[str, Ids]] = field(default_factory=dict)
    is_there: bool = False
    trouble: Finding | None = None

    def of(self, url: str, environment: str) -> Ids:
        """What is locked on one server for one environment."""
        return self.ids.get(_origin(url), {}).get(environment, {})

    def with_ids(self, url: str, environment: str, ids: Ids) -> Lock:
        """The lock with other ids for one server and environment."""
        there = {**self.ids.get(_origin(url), {}), environment: dict(ids)}
        kept = {name: block for name, block in there.items() if block}
        return replace(self, ids={**self.ids, _origin(url): kept}, is_there=True)

    def document(self) -> dict[str, Any]:
        """What stands in the file."""
        held = {url: {name: dict(ids) for name, ids in blocks.items()} for url, blocks in self.ids.items() if blocks}
        return {"format": FORMAT, "ids": held}

    def text(self) -> str:
        """The file: sorted, with one address a line, so that two branches seldom touch one line."""
        return json.dumps(self.document(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def read_lock(root: Path) -> Lock:
    """The lock beside a manifest. A file that cannot be used counts as none, and the lock says why."""
    path = root / LOCK
    if not os.path.lexists(path):
        return Lock(path)
    try:
        return Lock(path, _ids(_text(path)), True)
    except (FileProblem, _Unusable) as problem:
        message = f"{LOCK} is left out of account: {problem}"
        hint = "mend it, or delete it and run lsops pin"
        finding = Finding("LS512", message, "", Source(LOCK, problem.line, 1), hint, "warning")
        return Lock(path, is_there=True, trouble=finding)


def locked(desired: Desired, ids: Ids) -> Desired:
    """The manifest whose resources know their locked ids."""
    if not ids:
        return desired
    resources, others = (tuple(_locked(one, ids) for one in some) for some in (desired.resources, desired.others))
    return replace(desired, resources=resources, others=others)


def _locked(item: Resource, ids: Ids) -> Resource:
    number = ids.get(item.address)
    return item if number is None else replace(item, locked=number)


def _origin(url: str) -> str:
    return url.rstrip("/")


class _Unusable(Exception):
    """A file that is no lock; `line` counts from 1."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


def _text(path: Path) -> str:
    """What stands in the file. Raises: FileProblem, _Unusable."""
    if path.is_symlink():
        raise _Unusable("it is a link", 1)
    return decoded(read_bytes(str(path), MAX_YAML_BYTES))


def _ids(text: str) -> Mapping[str, Mapping[str, Ids]]:
    """What a file says. Raises: _Unusable."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith(("<<<<<<<", "=======", ">>>>>>>", "|||||||")):
            raise _Unusable("it has the marks of a merge conflict", number)
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise _Unusable("it is not JSON", getattr(problem, "lineno", 1)) from problem
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise _Unusable(f"it is not of the format {FORMAT}", 1)
    blocks = document.get("ids")
    if not isinstance(blocks, dict) or not all(_is_block(one) for one in blocks.values()):
        raise _Unusable("its ids are not by server, environment and address", 1)
    return blocks


def _is_block(value: object) -> bool:
    return isinstance(value, dict) and all(
        isinstance(ids, dict) and all(type(number) is int for number in ids.values()) for ids in value.values()
    )
