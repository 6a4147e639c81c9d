"""One module per kind; a module that defines a `KIND` is found by being here."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module

from lsops.kinds.base import Kind
from lsops.kinds.sight import Query, Reader, Where
from lsops.schema import kinds as schemas

__all__ = ["Kind", "Query", "Reader", "Where", "kind", "registry"]


@cache
def registry() -> Mapping[str, Kind]:
    """Every kind by name, in the order of their ranks."""
    modules = (import_module(f"{__name__}.{info.name}") for info in pkgutil.iter_modules(__path__))
    found = {module.KIND.name: module.KIND for module in modules if hasattr(module, "KIND")}
    return {name: found[name] for name in schemas() if name in found}


def kind(name: str) -> Kind:
    """The kind of that name."""
    return registry()[name]
