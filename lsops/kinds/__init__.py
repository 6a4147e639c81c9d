"""One module or folder per kind; what defines a `KIND` is found by being here, or in a folder here.

A folder is found by itself, a module by the name of its kind: what stands beside it is imported when it is needed.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module

from lsops.kinds.contract import Kind
from lsops.kinds.reader import Query, Reader, Where
from lsops.schema import kinds as schemas

__all__ = ["Kind", "Query", "Reader", "Where", "kind", "registry"]


@cache
def registry() -> Mapping[str, Kind]:
    """Every kind by name, in the order of their phases."""
    found = {one.name: one for one in _found()}
    return {name: found[name] for name in schemas() if name in found}


def kind(name: str) -> Kind:
    """The kind of that name."""
    return registry()[name]


def _found() -> Iterator[Kind]:
    for info in pkgutil.walk_packages(__path__, f"{__name__}."):
        if info.ispkg or info.name.rpartition(".")[2] in schemas():
            module = import_module(info.name)
            if hasattr(module, "KIND"):
                yield module.KIND
