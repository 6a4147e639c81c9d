"""`lsops validate` of 2,000 projects without children in one file against CSafeLoader: start-up weighs more here."""

from __future__ import annotations

import tempfile
from pathlib import Path

from manifests import in_one_file
from timing import LSOPS, PYTHON, in_turns, options, report
from validate import LOAD


def main() -> None:
    given = options(__doc__, projects=2_000, rounds=9)
    with tempfile.TemporaryDirectory() as folder:
        path = str(in_one_file(Path(folder), given.projects, 0))
        ours, other = in_turns([LSOPS, "validate", path], [PYTHON, "-c", LOAD, path], rounds=given.rounds)
    name = f"lsops validate of {given.projects} projects in one file against CSafeLoader"
    report(name, ours, other, 1.5, as_json=given.json)


if __name__ == "__main__":
    main()
