"""What an entry claims by its lifecycle, for who reads manifests and who matches them with a server. Pure."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

from lsops.model.resource import Lifecycle

Step = TypeVar("Step", bound=Hashable)


def claims_by_name(rules: Lifecycle) -> bool:
    """Whether an entry has an old name by which it may be found; an id goes before it."""
    return rules.renamed_from is not None and rules.id is None


def yields(rules: Lifecycle) -> bool:
    """Whether an entry leaves the live resource of its key to another that claims it, by its old name or its id.

    It says by its own lifecycle that it means another one, or none.
    """
    return rules.renamed_from is not None or rules.id is not None or rules.new or rules.absent


def circles(steps: Mapping[Step, Step]) -> set[Step]:
    """Those from which the steps lead back to themselves; each is looked at once."""
    found: set[Step] = set()
    done: set[Step] = set()
    for start in steps:
        path: dict[Step, int] = {}
        step = start
        while step in steps and step not in done and step not in path:
            path[step] = len(path)
            step = steps[step]
        if step in path:
            found.update(list(path)[path[step] :])
        done.update(path)
    return found


def two_of_one_key(keys: Sequence[str]) -> str:
    """What to write for two live resources of one key; `keys` are the fields that it is made of."""
    if len(keys) != 1:
        return "keep one of them; two live ones of one key are pinned, each with lifecycle: {id: N}"
    (key,) = keys
    pinned = f"lifecycle: {{id: N, ignore: [{key}]}}"
    return f"keep one of them; two live ones of one {key} are pinned, each with {pinned} and no {key} of its own"
