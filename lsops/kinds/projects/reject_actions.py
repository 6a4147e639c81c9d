"""`requeue_rejected_tasks_mode`, in whose place `allowed_reject_actions` came; this module holds no kind.

Which of the two wins where they differ is not known (Enterprise facts 12): both are sent as they are declared, and what
the server does not keep is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from lsops.errors import Finding
from lsops.model.pairs import Pair

SETTINGS = "review_settings"
OLD, NEW = "requeue_rejected_tasks_mode", "allowed_reject_actions"
MEANT: Mapping[Any, str] = {"remove": "[remove]", "requeue": "[requeue]", "flexible": "[remove, requeue]"}


def deprecated(pairs: Iterable[Pair]) -> Iterator[Finding]:
    """Of projects that declare the old field on a server that shows the new one."""
    for item, live, _ in pairs:
        declared, held = item.values.get(SETTINGS), live.values.get(SETTINGS) if live is not None else None
        if not isinstance(declared, Mapping) or OLD not in declared or NEW in declared:
            continue
        if isinstance(held, Mapping) and NEW in held:
            hint = f"write {NEW}: {MEANT.get(declared[OLD], '[…]')}"
            message = f"{SETTINGS}.{OLD} is deprecated on this server"
            yield Finding("LS112", message, item.address, item.place(SETTINGS), hint, "warning")
