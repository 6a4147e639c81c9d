"""The pure plan of Enterprise projects in which nothing differs, in seconds of processor time, by their number."""

from __future__ import annotations

import gc
import time
from argparse import ArgumentParser

from lsops.engine.planning import plan
from lsops.kinds import registry
from lsops.model.address import join
from lsops.model.desired import Desired
from lsops.model.live import Collection, Facts, Live
from lsops.model.resource import Resource

GOAL = 0.25
"""Seconds of processor time for the largest number."""
SIZES = (1_000, 2_000, 4_000, 8_000)
FACTS = Facts("https://label.example.com", "enterprise", "2.37.0", "owner", user_id=1)
NAMES = {"workspace": {"Radiology": 1}}
FIELDS = {"workspace": "Radiology", "label_config": "<View/>", "maximum_annotations": 2, "description": "Chest"}


def sides(count: int) -> tuple[Desired, Live]:
    """So many projects as they are declared, and as they are."""
    titles = [f"Project {number:05}" for number in range(count)]
    desired = tuple(Resource("project", join("projects", title), title, {**FIELDS, "title": title}) for title in titles)
    kind, row = registry()["project"], {**FIELDS, "workspace": 1, "task_number": 0}
    live = tuple(
        kind.from_row({**row, "id": number, "title": title}, NAMES, "/projects")
        for number, title in enumerate(titles, 1)
    )
    written: dict[str, None] = {"/projects": None}
    return Desired(desired, written), Live({"/projects": Collection("project", live)}, NAMES)  # type: ignore[arg-type]


def seconds(count: int, rounds: int) -> float:
    """The least processor time of some rounds."""
    desired, live = sides(count)
    found = []
    for _ in range(rounds):
        gc.collect()
        began = time.process_time()
        made = plan(desired, live, FACTS)
        found.append(time.process_time() - began)
        assert made.unchanged == count
    return min(found)


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    took = {count: seconds(count, rounds) for count in SIZES}
    told = ", ".join(f"{count:,} in {one:.3f} s" for count, one in took.items())
    print(f"pure plan of Enterprise projects in which nothing differs: {told} (goal {SIZES[-1]:,} in {GOAL} s)")


if __name__ == "__main__":
    main()
