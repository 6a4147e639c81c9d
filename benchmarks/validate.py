"""`lsops validate` against a process that only runs CSafeLoader: `python benchmarks/validate.py [PROJECTS]`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from timing import PYTHON, compare, peak_mebibytes, project, report

LOAD = "import sys, yaml; yaml.load(open(sys.argv[1]), yaml.CSafeLoader)"


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lsops.yaml"
        path.write_text("version: 1\nprojects:\n" + "".join(project(number) for number in range(count)))
        ours, other = compare([PYTHON, "-m", "lsops", "validate", str(path)], [PYTHON, "-c", LOAD, str(path)], rounds=5)
        report(f"lsops validate of {count} projects in one file against CSafeLoader", ours, other, 1.5)
    print(f"peak memory of either: {peak_mebibytes():.0f} MiB")


if __name__ == "__main__":
    main()
