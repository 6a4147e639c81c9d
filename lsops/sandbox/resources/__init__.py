"""Every kind of object of the sandbox, one module each; each defines `RESOURCE`."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from lsops.sandbox.resource import Resource


@cache
def all_resources() -> tuple[Resource, ...]:
    """What the modules of this package define, in the order of their names."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return tuple(import_module(f"{__name__}.{name}").RESOURCE for name in names)
