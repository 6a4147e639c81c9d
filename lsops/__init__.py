"""Label Studio as code: load a manifest, plan it against a server, apply the plan.

The names below are the public API; each is imported when it is first used, so that the command line starts fast.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lsops.version import __version__

if TYPE_CHECKING:
    from lsops.api import apply, connect, diff, dump, load, plan

__all__ = ["__version__", "apply", "connect", "diff", "dump", "load", "plan"]


def __getattr__(name: str) -> Any:
    if name in {"apply", "connect", "diff", "dump", "load", "plan"}:
        from lsops import api

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
