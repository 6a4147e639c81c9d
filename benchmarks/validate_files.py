"""`lsops validate` of a file per project against a process that only runs CSafeLoader on each."""

from __future__ import annotations

import tempfile
from pathlib import Path

from manifests import in_many_files, split
from timing import LSOPS, PYTHON, in_turns, options, report

LOAD_ALL = """
import glob, sys, yaml
for path in sorted(glob.glob(sys.argv[1] + "/projects/*.yaml")):
    with open(path) as file:
        yaml.load(file, yaml.CSafeLoader)
"""


def main() -> None:
    given = options(__doc__, resources=10_000, rounds=7)
    projects, storages = split(given.resources)
    with tempfile.TemporaryDirectory() as folder:
        in_many_files(Path(folder), projects, storages)
        ours, other = in_turns([LSOPS, "validate", folder], [PYTHON, "-c", LOAD_ALL, folder], rounds=given.rounds)
    name = f"lsops validate of {given.resources} resources in {projects} files against CSafeLoader"
    report(name, ours, other, 1.0, as_json=given.json)


if __name__ == "__main__":
    main()
