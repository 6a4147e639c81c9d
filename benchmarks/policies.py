"""Judging 10,000 changes, and 10,000 resources, by 20 policies each, in seconds of processor time."""

from __future__ import annotations

import gc
import time
from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import replace

from lsops.engine.planning import plan
from lsops.engine.policies import judged_resources, judgement
from lsops.model.address import join
from lsops.model.desired import Desired
from lsops.model.live import Facts, Live
from lsops.model.policy import On, Policy
from lsops.model.resource import Resource

GOAL = 3.0
"""Seconds for the changes."""
CHANGES, RULES = 10_000, 20
FACTS = Facts("https://label.example.com", "community", "1.23.2", "owner", user_id=1)
FIELDS = {"label_config": "<View/>", "maximum_annotations": 2, "description": "Chest"}
EXPRESSIONS: dict[On, str] = {
    "change": 'change.kind == "project" && change.action == "delete" && change.destroys.tasks > {}',
    "resource": "has(resource.values.maximum_annotations) && resource.values.maximum_annotations > 2 + {}",
}


def declared(count: int) -> Desired:
    titles = [f"Project {number:05}" for number in range(count)]
    items = [Resource("project", join("projects", title), title, {**FIELDS, "title": title}) for title in titles]
    return Desired(tuple(items), {"/projects": None})  # type: ignore[dict-item]  # nobody asks where it is written


def rules(on: On, count: int) -> tuple[Policy, ...]:
    return tuple(Policy(f"rule {n}", on, "deny", EXPRESSIONS[on].format(n)) for n in range(count))


def seconds(work: Callable[[], tuple[object, ...]], rounds: int) -> float:
    """The least processor time of some rounds."""
    found = []
    for _ in range(rounds):
        gc.collect()
        began = time.process_time()
        assert work() == ()
        found.append(time.process_time() - began)
    return min(found)


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    desired = declared(CHANGES)
    made = replace(plan(desired, Live(), FACTS), policies=rules("change", RULES))
    assert len(made.changes) == CHANGES
    changes = seconds(lambda: judgement(made, desired), rounds)
    resources = seconds(lambda: judged_resources(rules("resource", RULES), desired), rounds)
    size = f"{CHANGES:,} by {RULES} policies"
    print(f"judging {size}: changes in {changes:.2f} s (goal {GOAL:g} s), resources in {resources:.2f} s")


if __name__ == "__main__":
    main()
