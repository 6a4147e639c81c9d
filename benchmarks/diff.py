"""`lsops diff --base main` of projects in a file each, one of them changed, against `lsops validate` of the same."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

from manifests import in_many_files, in_one_file
from timing import LSOPS, in_turns, median, options, report, tell

GOAL = 1.0
"""Seconds of wall time for 500 projects."""
IDENTITY = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main")


def main() -> None:
    given = options(__doc__, projects=500, rounds=5)
    for name, write in (("one file", in_one_file), ("a file each", in_many_files)):
        with tempfile.TemporaryDirectory() as folder:
            path = write(Path(folder) / "manifest", given.projects, 2)
            commit(path.parent)
            change(path.parent)
            os.chdir(path.parent)
            ours, other = in_turns([LSOPS, "diff", "--base", "main"], [LSOPS, "validate"], rounds=given.rounds)
        seconds = median(ours)
        figures = {"seconds": round(seconds, 3), "goal": GOAL, "met": seconds <= GOAL}
        words = f"{seconds:.2f} s (goal {GOAL:g} s)"
        tell(f"lsops diff of {given.projects} projects in {name}", words, figures, as_json=given.json)
        report(f"the same in {name} against lsops validate", ours, other, 3, as_json=given.json)


def commit(folder: Path) -> None:
    for words in (("init", "-q"), ("add", "-A"), ("commit", "-q", "-m", "all"), ("checkout", "-q", "-b", "work")):
        subprocess.run(["git", *IDENTITY, *words], cwd=folder, check=True)


def change(folder: Path) -> None:
    """One project otherwise."""
    path = min(folder.rglob("*.yaml"), key=lambda one: (one.name == "lsops.yaml", one.name))
    text = path.read_text("utf-8")
    path.write_text(text.replace("maximum_annotations: 1", "maximum_annotations: 7", 1), "utf-8")


if __name__ == "__main__":
    main()
