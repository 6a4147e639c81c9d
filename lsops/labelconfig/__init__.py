"""What lsops knows about Label Studio label configs (XML) without asking a server.

Everything here is pure and works on the text of one config. Positions count from 1 and are those
within that text. `LabelConfigError` is the only exception, and it means that the text is not XML that
Label Studio takes; `pretty`, `check` and `summarise` do not even raise that.

Every name is imported when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lsops.labelconfig.annotation_schema import result_schema
    from lsops.labelconfig.changes import summarise
    from lsops.labelconfig.checking import check
    from lsops.labelconfig.compact import answer_schema
    from lsops.labelconfig.interface import Control, ObjectTag, controls, default_control_weights, objects
    from lsops.labelconfig.issue import Issue
    from lsops.labelconfig.losses import Orphan, label_choices, orphans
    from lsops.labelconfig.reads import data_fields
    from lsops.labelconfig.relabelling import (
        Renaming,
        holding,
        likely_renamings,
        relabelled,
        renamings,
        unrenamable_controls,
    )
    from lsops.labelconfig.spelling import canonical, pretty
    from lsops.labelconfig.tree import LabelConfigError, Node, parse

__all__ = [
    "Control",
    "Issue",
    "LabelConfigError",
    "Node",
    "ObjectTag",
    "Orphan",
    "Renaming",
    "answer_schema",
    "canonical",
    "check",
    "controls",
    "data_fields",
    "default_control_weights",
    "holding",
    "label_choices",
    "likely_renamings",
    "objects",
    "orphans",
    "parse",
    "pretty",
    "relabelled",
    "renamings",
    "result_schema",
    "summarise",
    "unrenamable_controls",
]

# No module may have the name of something that it exports: once imported, the module would stand here in its place.
_MODULES = {
    "annotation_schema": ("result_schema",),
    "changes": ("summarise",),
    "checking": ("check",),
    "compact": ("answer_schema",),
    "interface": ("Control", "ObjectTag", "controls", "default_control_weights", "objects"),
    "issue": ("Issue",),
    "losses": ("Orphan", "label_choices", "orphans"),
    "reads": ("data_fields",),
    "relabelling": (
        "Renaming",
        "holding",
        "likely_renamings",
        "relabelled",
        "renamings",
        "unrenamable_controls",
    ),
    "spelling": ("canonical", "pretty"),
    "tree": ("LabelConfigError", "Node", "parse"),
}


def __getattr__(name: str) -> Any:
    for module, exports in _MODULES.items():
        if name in exports:
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
