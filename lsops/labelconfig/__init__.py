"""What lsops knows about Label Studio label configs (XML) without asking a server.

Everything here is pure and works on the text of one config. Positions count from 1 and are those
within that text. `LabelConfigError` is the only exception, and it means that the text is not XML that
Label Studio takes; `pretty`, `check` and `summarise` do not even raise that.
"""

from __future__ import annotations

from lsops.labelconfig.canonical import canonical, pretty
from lsops.labelconfig.changes import Orphan, orphans, summarise
from lsops.labelconfig.check import check
from lsops.labelconfig.interface import Control, ObjectTag, controls, default_control_weights, objects
from lsops.labelconfig.issue import Issue
from lsops.labelconfig.tree import LabelConfigError, Node, parse

__all__ = [
    "Control",
    "Issue",
    "LabelConfigError",
    "Node",
    "ObjectTag",
    "Orphan",
    "canonical",
    "check",
    "controls",
    "default_control_weights",
    "objects",
    "orphans",
    "parse",
    "pretty",
    "summarise",
]
