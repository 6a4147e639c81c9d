"""The values that travel between the layers: frozen, without I/O."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from lsops.model.address import below, is_within, join, parent, split
from lsops.model.desired import Desired
from lsops.model.resource import MASK, UNSET, Lifecycle, Resource, Secret, Unset

if TYPE_CHECKING:
    from lsops.model.live import Collection, Facts, Live
    from lsops.model.plan import ACTIONS, SYMBOLS, Action, Change, Context, FieldChange, Plan, Stranger
    from lsops.model.report import Outcome, Report, Throttled

__all__ = [
    "ACTIONS",
    "MASK",
    "SYMBOLS",
    "UNSET",
    "Action",
    "Change",
    "Collection",
    "Context",
    "Desired",
    "Facts",
    "FieldChange",
    "Lifecycle",
    "Live",
    "Outcome",
    "Plan",
    "Report",
    "Resource",
    "Secret",
    "Stranger",
    "Throttled",
    "Unset",
    "below",
    "is_within",
    "join",
    "parent",
    "split",
]


def __getattr__(name: str) -> Any:
    for module in ("live", "plan", "report") if name in __all__ else ():
        found = import_module(f"lsops.model.{module}")
        if hasattr(found, name):
            return getattr(found, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
