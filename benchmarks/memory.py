"""The most memory that `lsops validate` holds, everything in one file and in a file per project."""

from __future__ import annotations

import tempfile
from pathlib import Path

from manifests import in_many_files, in_one_file, split
from timing import LSOPS, options, run, tell

GOAL = 80


def main() -> None:
    given = options(__doc__, resources=10_000)
    projects, storages = split(given.resources)
    with tempfile.TemporaryDirectory() as folder:
        one = in_one_file(Path(folder) / "one", projects, storages)
        many = in_many_files(Path(folder) / "many", projects, storages)
        peaks = [run([LSOPS, "validate", str(path)]).mebibytes for path in (one, many)]
    name = f"peak memory of lsops validate of {given.resources} resources"
    words = f"{peaks[0]:.0f} MiB in one file, {peaks[1]:.0f} MiB in {projects} files (goal {GOAL} MiB)"
    figures = {"one_file_mib": round(peaks[0], 1), "many_files_mib": round(peaks[1], 1), "goal": GOAL}
    tell(name, words, {**figures, "met": max(peaks) <= GOAL}, as_json=given.json)


if __name__ == "__main__":
    main()
