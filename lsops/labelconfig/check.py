"""Offline answer to "would Label Studio take this label config, and should it?"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsops.labelconfig.quick import is_clean

if TYPE_CHECKING:
    from lsops.labelconfig.issue import Issue


def check(text: str) -> list[Issue]:
    """Every issue of a label config, in the order of the text; an empty list means that there is none.

    Errors: LS120 (no other issue is looked for then) and LS121. Warnings: LS122 to LS126. Never raises.
    """
    if is_clean(text):
        return []
    from lsops.labelconfig.full import full_check  # only for a config that may be wrong

    return full_check(text)
