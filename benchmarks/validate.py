"""`lsops validate` of everything in one file against a process that only runs CSafeLoader on it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from manifests import in_one_file, split
from timing import LSOPS, PYTHON, in_turns, options, report

LOAD = "import sys, yaml; yaml.load(open(sys.argv[1]), yaml.CSafeLoader)"


def main() -> None:
    given = options(__doc__, resources=10_000, rounds=7)
    projects, storages = split(given.resources)
    with tempfile.TemporaryDirectory() as folder:
        path = str(in_one_file(Path(folder), projects, storages))
        ours, other = in_turns([LSOPS, "validate", path], [PYTHON, "-c", LOAD, path], rounds=given.rounds)
    name = f"lsops validate of {given.resources} resources ({projects} projects) in one file against CSafeLoader"
    report(name, ours, other, 0.4, as_json=given.json)


if __name__ == "__main__":
    main()
