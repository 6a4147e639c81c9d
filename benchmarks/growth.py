"""How the time grows with ten times the resources: `lsops validate`, and the plan against a recorded live side."""

from __future__ import annotations

import tempfile
from pathlib import Path

import recorded
from manifests import in_one_file, split
from timing import LSOPS, PYTHON, in_turns, options, report

GOAL = 10.5


def main() -> None:
    given = options(__doc__, resources=10_000, rounds=5)
    with tempfile.TemporaryDirectory() as name:
        commands = []
        for resources in (given.resources // 10, given.resources):
            folder = Path(name) / str(resources)
            path = str(in_one_file(folder, *split(resources)))
            record = str(recorded.write(folder / "live.json", *split(resources)))
            commands += [[LSOPS, "validate", path], [PYTHON, recorded.__file__, path, record]]
        times = in_turns(*commands, rounds=given.rounds)
    sizes = f"of {given.resources} resources against {given.resources // 10}"
    report(f"growth of lsops validate {sizes}", times[2], times[0], GOAL, as_json=given.json)
    report(f"growth of the offline plan {sizes}", times[3], times[1], GOAL, as_json=given.json)


if __name__ == "__main__":
    main()
